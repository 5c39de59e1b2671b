//! How a sent questionnaire is read.

use super::{ItemId, ItemKind};

/// A statement or question as it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which item.
    pub item: ItemId,
    /// What kind.
    pub kind: ItemKind,
    /// Its words.
    pub text: String,
    /// The lowest rating.
    pub min: i32,
    /// The highest rating.
    pub max: i32,
    /// What the lowest says.
    pub low_label: String,
    /// What the highest says.
    pub high_label: String,
}

impl Question {
    /// The name of its field.
    pub fn field(&self) -> String {
        format!("item-{}", self.item)
    }
}

/// What pressing a button asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Keep what is there; come back later.
    Save,
    /// That is all.
    Finish,
}

/// What a sent questionnaire says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The ratings given, in the order of the questions.
    pub ratings: Vec<(ItemId, i32)>,
    /// Fields whose value is no rating of their question.
    pub refused: Vec<String>,
}

/// Reads the fields of a sent questionnaire. Fields that belong to no question are ignored; a value that is not on
/// its question's scale is refused, the others are kept.
pub fn read_sheet(questions: &[Question], value_of: impl Fn(&str) -> String) -> Sheet {
    let mut sheet = Sheet { ratings: Vec::new(), refused: Vec::new() };
    for question in questions {
        let field = question.field();
        let value = value_of(&field);
        match value.trim() {
            "" => {}
            text => match text.parse::<i32>() {
                Ok(rating) if (question.min..=question.max).contains(&rating) => {
                    sheet.ratings.push((question.item, rating));
                }
                _ => sheet.refused.push(field),
            },
        }
    }
    sheet
}

/// The questions that have no rating, neither saved before nor sent now.
pub fn unanswered<'a>(questions: &'a [Question], rated: &[(ItemId, i32)]) -> Vec<&'a Question> {
    questions.iter().filter(|question| !rated.iter().any(|(item, _)| *item == question.item)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: i64) -> Question {
        Question {
            item: ItemId(id),
            kind: ItemKind::Confidence,
            text: "…".into(),
            min: 1,
            max: 5,
            low_label: String::new(),
            high_label: String::new(),
        }
    }

    #[test]
    fn ratings_outside_the_scale_are_refused_and_the_others_kept() {
        let questions = [question(1), question(2), question(3), question(4)];
        let sent = |field: &str| {
            match field {
                "item-1" => "4",
                "item-2" => "6",
                "item-3" => "<b>",
                _ => "",
            }
            .to_owned()
        };
        let sheet = read_sheet(&questions, sent);
        assert_eq!(sheet.ratings, [(ItemId(1), 4)]);
        assert_eq!(sheet.refused, ["item-2", "item-3"]);
        let missing: Vec<i64> = unanswered(&questions, &sheet.ratings).iter().map(|question| question.item.0).collect();
        assert_eq!(missing, [2, 3, 4]);
    }
}
