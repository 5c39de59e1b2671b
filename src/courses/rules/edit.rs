//! What the office types about a course.

use super::{CourseId, CourseKind, LearningPointId};
use crate::surveys::rules::InstrumentId;
use std::collections::BTreeSet;

/// What is wrong, by field; the sentences are what the person reads.
pub type Problems = Vec<(String, String)>;

/// The longest title.
pub const TITLE_LENGTH: usize = 120;
/// The longest summary.
pub const SUMMARY_LENGTH: usize = 400;
/// The longest description, outcome list or audience list.
pub const TEXT_LENGTH: usize = 5_000;
/// The longest topic, level, audience or board priority.
pub const WORD_LENGTH: usize = 80;
/// The longest web address.
pub const ADDRESS_LENGTH: usize = 500;
/// Outcomes and audiences beyond this are not read by anybody.
const LINES: usize = 20;
/// A course of several days.
const LONGEST_MINUTES: i32 = 60 * 60;
/// Twenty years.
const LONGEST_VALIDITY: i32 = 240;

/// A course as typed and understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseEdit {
    /// Its title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// What people read before they book.
    pub description: String,
    /// What it is about.
    pub topic: String,
    /// How far it goes.
    pub level: String,
    /// How it is taken.
    pub kind: CourseKind,
    /// How long it takes, in minutes.
    pub duration_minutes: i32,
    /// After how many months it should be taken again.
    pub validity_months: Option<i32>,
    /// Which of the board's priorities it serves.
    pub board_priority: Option<String>,
    /// What is asked before and after.
    pub instrument: Option<InstrumentId>,
    /// Where a recording or e-learning is.
    pub resource_url: Option<String>,
    /// What people can do afterwards.
    pub outcomes: Vec<String>,
    /// Who needs it.
    pub audiences: Vec<String>,
    /// What must be attended before.
    pub prerequisites: Vec<CourseId>,
    /// Which lessons from case reviews it teaches.
    pub learning_points: Vec<LearningPointId>,
}

impl CourseEdit {
    /// Understands what was typed, or says what is wrong with each field.
    pub fn parse<'a>(value: impl Fn(&str) -> &'a str, values: impl Fn(&str) -> Vec<&'a str>) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let mut tell = |field: &str, sentence: String| problems.push((field.to_owned(), sentence));

        let title = line(value("title"));
        require(&mut tell, "title", &title, TITLE_LENGTH, "Enter a title", "The title");
        let summary = line(value("summary"));
        require(
            &mut tell,
            "summary",
            &summary,
            SUMMARY_LENGTH,
            "Enter a summary of one or two sentences",
            "The summary",
        );
        let description = text(value("description"));
        limit(&mut tell, "description", &description, TEXT_LENGTH, "The description");
        let topic = line(value("topic"));
        require(&mut tell, "topic", &topic, WORD_LENGTH, "Enter a topic, such as Neglect", "The topic");
        let level = line(value("level"));
        require(&mut tell, "level", &level, WORD_LENGTH, "Enter a level, such as Foundation", "The level");

        let kind = match value("kind") {
            "live" => CourseKind::Live,
            "recording" => CourseKind::Recording,
            "e_learning" => CourseKind::ELearning,
            _ => {
                tell("kind", "Choose how the course is taken".to_owned());
                CourseKind::Live
            }
        };
        let duration_minutes = match parse_duration(value("hours"), value("minutes")) {
            Ok(minutes) => minutes,
            Err(sentence) => {
                tell("hours", sentence);
                0
            }
        };
        let validity_months = match value("validity").trim() {
            "" => None,
            number => match number.parse::<i32>() {
                Ok(months) if (1..=LONGEST_VALIDITY).contains(&months) => Some(months),
                _ => {
                    tell("validity", "Refresh after must be a number of months from 1 to 240, or empty".to_owned());
                    None
                }
            },
        };
        let board_priority = filled(line(value("priority")));
        limit(&mut tell, "priority", board_priority.as_deref().unwrap_or_default(), WORD_LENGTH, "The priority");

        let resource_url = filled(value("resource").trim().to_owned());
        match (&resource_url, kind) {
            (None, CourseKind::Recording | CourseKind::ELearning) => {
                tell("resource", "Enter the web address of the recording or e-learning".to_owned());
            }
            (Some(address), _) if !is_web_address(address) => {
                tell("resource", "The web address must start with https:// and have no spaces".to_owned());
            }
            _ => {}
        }

        let outcomes = lines(value("outcomes"));
        check_lines(&mut tell, "outcomes", &outcomes, SUMMARY_LENGTH, "learning outcomes");
        let audiences = lines(value("audiences"));
        check_lines(&mut tell, "audiences", &audiences, WORD_LENGTH, "roles");

        let edit = Self {
            title,
            summary,
            description,
            topic,
            level,
            kind,
            duration_minutes,
            validity_months,
            board_priority,
            instrument: value("instrument").parse().ok().map(InstrumentId),
            resource_url,
            outcomes,
            audiences,
            prerequisites: ids(&values("prerequisites")).map(CourseId).collect(),
            learning_points: ids(&values("learning-points")).map(LearningPointId).collect(),
        };
        if problems.is_empty() { Ok(edit) } else { Err(problems) }
    }
}

/// A title as part of an address: lower case, letters and digits, dashes between; "course" when nothing is left.
pub fn slug_of(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() && letter != '\'' && letter != '’' {
            slug.push('-');
        }
        if slug.len() >= 60 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "course".to_owned() } else { slug.to_owned() }
}

/// The slug, or with the lowest number that makes it differ from those taken.
pub fn free_slug(title: &str, taken: &[String]) -> String {
    let slug = slug_of(title);
    if !taken.contains(&slug) {
        return slug;
    }
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    numbered.into_iter().find(|candidate| !taken.contains(candidate)).unwrap_or(slug)
}

fn parse_duration(hours: &str, minutes: &str) -> Result<i32, String> {
    let number = |text: &str| match text.trim() {
        "" => Some(0),
        text => text.parse::<i32>().ok().filter(|number| (0..=1_000).contains(number)),
    };
    let total = number(hours).zip(number(minutes)).map(|(hours, minutes)| hours * 60 + minutes);
    match total {
        Some(0) => Err("Enter how long the course takes".to_owned()),
        Some(total) if total <= LONGEST_MINUTES => Ok(total),
        Some(_) => Err("A course can take up to 60 hours".to_owned()),
        None => Err("Hours and minutes must be whole numbers, such as 3 and 30".to_owned()),
    }
}

fn is_web_address(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.len() > 3 && !rest.starts_with('/'))
        && address.chars().count() <= ADDRESS_LENGTH
        && !address.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

fn lines(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for entry in text.lines().map(line).filter(|entry| !entry.is_empty()) {
        if !found.contains(&entry) {
            found.push(entry);
        }
    }
    found
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn ids(values: &[&str]) -> impl Iterator<Item = i64> + use<> {
    let chosen: BTreeSet<i64> = values.iter().filter_map(|value| value.parse().ok()).collect();
    chosen.into_iter()
}

fn limit(tell: &mut impl FnMut(&str, String), field: &str, value: &str, length: usize, what: &str) {
    if value.chars().count() > length {
        tell(field, format!("{what} must be {length} characters or fewer"));
    }
}

fn require(tell: &mut impl FnMut(&str, String), field: &str, value: &str, length: usize, missing: &str, what: &str) {
    if value.is_empty() {
        tell(field, missing.to_owned());
    }
    limit(tell, field, value, length, what);
}

fn check_lines(tell: &mut impl FnMut(&str, String), field: &str, lines: &[String], length: usize, what: &str) {
    if lines.len() > LINES {
        tell(field, format!("Enter up to {LINES} {what}"));
    }
    if lines.iter().any(|line| line.chars().count() > length) {
        tell(field, format!("Each line must be {length} characters or fewer"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(changes: &[(&str, &str)]) -> Result<CourseEdit, Problems> {
        let value = |field: &str| {
            let given = changes.iter().find(|(name, _)| *name == field).map(|(_, value)| *value);
            given.unwrap_or(match field {
                "title" => "Neglect",
                "summary" => "See it early.",
                "topic" => "Neglect",
                "level" => "Foundation",
                "kind" => "live",
                "hours" => "3",
                _ => "",
            })
        };
        CourseEdit::parse(value, |_| vec!["4", "x"])
    }

    fn problem(changes: &[(&str, &str)]) -> String {
        parse(changes).unwrap_err()[0].0.clone()
    }

    #[test]
    fn a_course_is_read_as_typed() {
        let edit = parse(&[("minutes", "30"), ("audiences", "Teacher\r\n Head  teacher \n\nTeacher")]).unwrap();
        assert_eq!(edit.duration_minutes, 210);
        assert_eq!(edit.audiences, ["Teacher", "Head teacher"]);
        assert_eq!(edit.prerequisites, [CourseId(4)]);
    }

    #[test]
    fn what_is_missing_or_too_long_is_told_by_field() {
        assert_eq!(problem(&[("title", " ")]), "title");
        assert_eq!(problem(&[("title", &"x".repeat(TITLE_LENGTH + 1))]), "title");
        assert!(parse(&[("title", &"x".repeat(TITLE_LENGTH))]).is_ok());
        assert_eq!(problem(&[("kind", "by post")]), "kind");
        assert_eq!(problem(&[("hours", "")]), "hours");
        assert_eq!(problem(&[("hours", "61")]), "hours");
        assert_eq!(problem(&[("hours", "three")]), "hours");
        assert_eq!(problem(&[("validity", "0")]), "validity");
        assert_eq!(problem(&[("kind", "recording")]), "resource");
        assert_eq!(problem(&[("resource", "javascript:alert(1)")]), "resource");
        assert_eq!(problem(&[("outcomes", &"a\n".repeat(2).replace('a', &"x".repeat(401)))]), "outcomes");
    }

    #[test]
    fn a_recording_needs_its_address() {
        assert!(parse(&[("kind", "recording"), ("resource", "https://video.example/1")]).is_ok());
    }

    #[test]
    fn titles_become_addresses() {
        assert_eq!(slug_of("Children’s emotional wellbeing: part 2"), "childrens-emotional-wellbeing-part-2");
        assert_eq!(slug_of("  !? "), "course");
        let taken = ["neglect".to_owned(), "neglect-2".to_owned()];
        assert_eq!(free_slug("Neglect", &taken), "neglect-3");
        assert_eq!(free_slug("Exploitation", &taken), "exploitation");
    }
}
