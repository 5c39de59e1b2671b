//! Single-item cases from a JSON file to every figure of each: the form in which engines are compared.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rules::{CountError, FigureSheet, GainStatistics, ItemVersion, JointHistogram, Scale};

#[derive(Deserialize)]
struct CasesFile {
    cases: Vec<Case>,
}

/// One case: a scale, and answers in one of three forms.
#[derive(Debug, Deserialize)]
pub struct Case {
    /// Names the case in the output.
    pub id: String,
    scale: Scale,
    confident_threshold: Option<i32>,
    input: Input,
}

#[derive(Debug, Deserialize)]
struct Input {
    #[serde(flatten)]
    pairs: Pairs,
    #[serde(default)]
    pre_only: Vec<(i32, u64)>,
    #[serde(default)]
    post_only: Vec<(i32, u64)>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "form", rename_all = "lowercase")]
enum Pairs {
    /// `[before, after, count]`, in any order, cells may repeat.
    Joint { joint: Vec<(i32, i32, u64)> },
    /// Sessions, whose sum is meant.
    Parts { parts: Vec<Vec<(i32, i32, u64)>> },
    /// One entry per learner, null where not answered.
    Arrays { before: Vec<Option<i32>>, after: Vec<Option<i32>> },
}

/// Why a file of cases gives no figures.
#[derive(Debug, thiserror::Error)]
pub enum CasesError {
    /// Not the expected JSON; the message names line and column.
    #[error("this is not a file of cases: {0}")]
    Form(#[from] serde_json::Error),
    /// Two arrays that should pair up do not.
    #[error("case {id}: {before} answers before do not pair up with {after} after")]
    Lengths {
        /// The case.
        id: String,
        /// Length of the first array.
        before: usize,
        /// Length of the second.
        after: usize,
    },
    /// A rating that its scale does not have, or too many learners.
    #[error("case {id}, {list}, entry {entry}: {cause}")]
    Count {
        /// The case.
        id: String,
        /// The list that is at fault, by its name in the file.
        list: String,
        /// Counts from 1 within that list.
        entry: usize,
        /// What is wrong with it.
        cause: CountError,
    },
    /// The same id twice.
    #[error("case {id} occurs twice")]
    Twice {
        /// The case.
        id: String,
    },
}

/// Reads a file of cases.
///
/// # Errors
/// [`CasesError`] when it is not one.
pub fn read_cases(json: &str) -> Result<Vec<Case>, CasesError> {
    Ok(serde_json::from_str::<CasesFile>(json)?.cases)
}

/// Every figure of every case, by id.
///
/// # Errors
/// [`CasesError`] for the first case that is at fault.
pub fn answer_cases(json: &str) -> Result<BTreeMap<String, FigureSheet>, CasesError> {
    let mut answers = BTreeMap::new();
    for case in read_cases(json)? {
        let statistics = GainStatistics::of(&case.histogram()?, case.threshold());
        if answers.insert(case.id.clone(), FigureSheet(statistics.figures())).is_some() {
            return Err(CasesError::Twice { id: case.id });
        }
    }
    Ok(answers)
}

impl Case {
    /// The lowest confident rating: the case's own, or the usual one of its scale.
    pub fn threshold(&self) -> i32 {
        self.confident_threshold.unwrap_or_else(|| self.scale.usual_confident_threshold())
    }

    /// The answers as a histogram.
    ///
    /// # Errors
    /// [`CasesError`] when a rating is off the scale, or arrays do not pair up.
    pub fn histogram(&self) -> Result<JointHistogram, CasesError> {
        let mut histogram = JointHistogram::new(ItemVersion::new(self.id.as_str(), 1), self.scale);
        let mut add = |list: &str, entry: usize, before: Option<i32>, after: Option<i32>, count: u64| {
            histogram.add_answers(before, after, count).map_err(|cause| CasesError::Count {
                id: self.id.clone(),
                list: list.to_owned(),
                entry: entry + 1,
                cause,
            })
        };
        let mut add_joint = |list: &str, joint: &[(i32, i32, u64)]| {
            joint
                .iter()
                .enumerate()
                .try_for_each(|(entry, &(before, after, count))| add(list, entry, Some(before), Some(after), count))
        };
        match &self.input.pairs {
            Pairs::Joint { joint } => add_joint("joint", joint)?,
            Pairs::Parts { parts } => {
                for (part, joint) in (1..).zip(parts) {
                    add_joint(&format!("part {part}"), joint)?;
                }
            }
            Pairs::Arrays { before, after } if before.len() != after.len() => {
                return Err(CasesError::Lengths { id: self.id.clone(), before: before.len(), after: after.len() });
            }
            Pairs::Arrays { before, after } => {
                for (entry, (&before, &after)) in before.iter().zip(after).enumerate() {
                    add("before and after", entry, before, after, 1)?;
                }
            }
        }
        for (entry, &(rating, count)) in self.input.pre_only.iter().enumerate() {
            add("pre_only", entry, Some(rating), None, count)?;
        }
        for (entry, &(rating, count)) in self.input.post_only.iter().enumerate() {
            add("post_only", entry, None, Some(rating), count)?;
        }
        Ok(histogram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::mutation::mutated;
    use proptest::prelude::*;

    const GOOD: &[u8] = br#"{"cases": [
        {"id": "A", "title": "joint", "scale": {"min": 1, "max": 5}, "confident_threshold": 4, "input": {"form": "joint",
            "joint": [[2, 4, 3], [3, 3, 2], [5, 4, 10]], "pre_only": [[2, 1]], "post_only": [[5, 1]]}},
        {"id": "B", "scale": {"min": -10, "max": 10}, "input": {"form": "parts", "parts": [[[1, 2, 3]], [], [[1, -2, 1]]]}},
        {"id": "C", "scale": {"min": 0, "max": 100}, "input": {"form": "arrays", "before": [1, null, 40], "after": [7, 2, 99]}}
    ]}"#;

    #[test]
    fn the_file_that_is_changed_below_is_good() {
        assert_eq!(answer_cases(std::str::from_utf8(GOOD).unwrap()).unwrap().len(), 3);
    }

    #[test]
    fn a_rating_off_the_scale_is_named_by_case_list_and_entry() {
        let good = std::str::from_utf8(GOOD).unwrap();
        for (from, to, refusal) in [
            ("[3, 3, 2]", "[3, 7, 2]", "case A, joint, entry 2: the rating 7 is outside the scale 1 to 5"),
            ("[1, -2, 1]", "[1, -20, 1]", "case B, part 3, entry 1: the rating -20 is outside the scale -10 to 10"),
            ("[2, 1]]", "[0, 1]]", "case A, pre_only, entry 1: the rating 0 is outside the scale 1 to 5"),
            ("[5, 1]]", "[6, 1]]", "case A, post_only, entry 1: the rating 6 is outside the scale 1 to 5"),
            ("99]", "101]", "case C, before and after, entry 3: the rating 101 is outside the scale 0 to 100"),
        ] {
            let wrong = good.replacen(from, to, 1);
            assert_eq!(answer_cases(&wrong).unwrap_err().to_string(), refusal);
        }
    }

    proptest! {
        #[test]
        fn a_changed_file_gives_figures_or_a_sentence(file in mutated(GOOD)) {
            match answer_cases(&String::from_utf8_lossy(&file)) {
                Err(error) => prop_assert!(!error.to_string().is_empty()),
                Ok(answers) => {
                    // JSON has no word for infinity: it would be null without a reason.
                    for answer in answers.values() {
                        let answer = serde_json::to_value(answer).unwrap();
                        for (name, value) in answer.as_object().unwrap() {
                            prop_assert!(!value.is_null() || answer["null_reasons"][name].is_string(), "{}", name);
                        }
                    }
                }
            }
        }
    }
}
