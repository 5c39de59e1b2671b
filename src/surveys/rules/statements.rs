//! The statements that every board starts with, and how an answer's number reads.

/// The key of the fixed core statement: the same in every instrument, so that courses, years and the board's one
/// number can be compared by it.
pub const CORE_KEY: &str = "core";
/// The lowest rating of the statements that every board starts with.
pub const SCALE_MIN: i32 = 1;
/// The highest.
pub const SCALE_MAX: i32 = 5;
/// What the lowest rating says.
pub const LOW_LABEL: &str = "Not at all";
/// What the highest says.
pub const HIGH_LABEL: &str = "Completely";

/// One statement of a new instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Stable between versions and waves.
    pub key: &'static str,
    /// What is rated.
    pub text: String,
}

/// The key of a topic's instrument: lower case letters and digits with hyphens.
pub fn instrument_key(topic: &str) -> String {
    let words = topic.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "confidence".to_owned() } else { format!("confidence-{slug}") }
}

/// The core statement and four statements of confidence about a topic. The topic is written as in the middle of a
/// sentence: "neglect", "child exploitation".
pub fn default_statements(topic: &str) -> Vec<Statement> {
    let statement = |key, text: String| Statement { key, text };
    vec![
        statement(CORE_KEY, format!("Overall, I am confident in keeping children safe where {topic} is a concern")),
        statement("recognise", format!("I can recognise the signs of {topic}")),
        statement("act", format!("I know what to do, and whom to tell, when I am worried about {topic}")),
        statement("talk", format!("I am confident to talk with a child or a family about {topic}")),
        statement("others", format!("I am confident to challenge a decision about {topic} that I do not agree with")),
    ]
}

/// What each rating says, lowest first: "1 – Not at all", "2 – A little", … Ratings between the ends have words only
/// on the usual scale.
pub fn rating_labels(min: i32, max: i32, low: &str, high: &str) -> Vec<(i32, String)> {
    let usual = ["", "A little", "Partly", "Mostly", ""];
    let is_usual = (min, max) == (SCALE_MIN, SCALE_MAX) && low == LOW_LABEL && high == HIGH_LABEL;
    (min..=max)
        .map(|rating| {
            let words = match rating {
                rating if rating == min => low,
                rating if rating == max => high,
                rating if is_usual => usual[(rating - min) as usize],
                _ => "",
            };
            let text = match words {
                "" => rating.to_string(),
                // Two answers to choose from are no scale, so they need no numbers.
                words if max - min == 1 => words.to_owned(),
                words => format!("{rating} – {words}"),
            };
            (rating, text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_the_core_statement_and_four_others() {
        let statements = default_statements("neglect");
        assert_eq!(statements.len(), 5);
        assert_eq!(statements[0].key, CORE_KEY);
        assert!(statements.iter().all(|statement| statement.text.contains("neglect")));
        assert_eq!(instrument_key("Healthy & unhealthy"), "confidence-healthy-unhealthy");
        assert_eq!(instrument_key("…"), "confidence");
    }

    #[test]
    fn every_rating_of_the_usual_scale_has_words_and_foreign_scales_only_at_their_ends() {
        let labels = rating_labels(1, 5, LOW_LABEL, HIGH_LABEL);
        assert_eq!(labels[0], (1, "1 – Not at all".into()));
        assert_eq!(labels[2], (3, "3 – Partly".into()));
        assert_eq!(labels[4], (5, "5 – Completely".into()));
        assert_eq!(rating_labels(0, 2, "never", "always")[1], (1, "1".into()));
        assert_eq!(rating_labels(0, 1, "False", "True"), [(0, "False".into()), (1, "True".into())]);
    }
}
