//! The forty cases that were computed with exact integers and 50-digit arithmetic: every field, core and extended.

use serde_json::Value;

use super::super::bca_interval;
use super::{close, close_p};
use crate::learning_gain::cases_file::{answer_cases, read_cases};

const CASES: &str = include_str!("../../fixtures/cases_public.json");
const BOOTSTRAP: &str = include_str!("../../fixtures/bootstrap_soft_public.json");

const P_VALUES: &[&str] = &[
    "p_two_sided",
    "wilcoxon_p",
    "wilcoxon_p_exact",
    "wilcoxon_p_continuity",
    "wilcoxon_p_pratt",
    "wilcoxon_p_exact_conditional",
    "sign_test_p",
    "p",
    "p_exact",
];
const COUNTS: &[&str] = &[
    "n",
    "df",
    "n_nonzero",
    "n_zero",
    "marx_cummings_n",
    "tie_sum",
    "threshold",
    "became_confident",
    "lost_confidence",
    "n_pre_only",
    "n_post_only",
    "n_neither",
];

/// Whether an answer agrees with the reference: null with null, counts exactly, the rest to tolerance.
fn agrees(name: &str, got: &Value, expected: &Value) -> bool {
    match (got, expected) {
        (Value::Null, Value::Null) => true,
        (Value::Object(got), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| got.get(name).is_some_and(|got| agrees(name, got, value)))
        }
        (Value::Number(got), Value::Number(expected)) if COUNTS.contains(&name) => got == expected,
        (Value::Number(got), Value::Number(expected)) => {
            let (got, expected) = (got.as_f64().unwrap(), expected.as_f64().unwrap());
            if name.starts_with("log10_p") {
                (got - expected).abs() <= (1e-9 * expected.abs()).max(1e-7)
            } else if P_VALUES.contains(&name) {
                close_p(got, expected)
            } else {
                close(got, expected)
            }
        }
        _ => false,
    }
}

#[test]
fn every_field_of_every_case_agrees() {
    let answers = serde_json::to_value(answer_cases(CASES).unwrap()).unwrap();
    let file: Value = serde_json::from_str(CASES).unwrap();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for case in file["cases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        for section in ["expected", "expected_extended"] {
            for (name, expected) in case[section].as_object().unwrap() {
                compared += 1;
                let got = &answers[id][name];
                if answers[id].get(name).is_none() || !agrees(name, got, expected) {
                    wrong.push(format!("{id} {name}: {got}, expected {expected}"));
                }
            }
        }
        for (name, reason) in case["null_reasons"].as_object().unwrap() {
            compared += 1;
            if &answers[id]["null_reasons"][name] != reason {
                wrong.push(format!("{id} {name}: because {}, expected {reason}", answers[id]["null_reasons"][name]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 2_200, "only {compared} fields were compared");
}

#[test]
fn no_reason_is_given_for_a_figure_that_is_there() {
    let answers = serde_json::to_value(answer_cases(CASES).unwrap()).unwrap();
    for (id, answer) in answers.as_object().unwrap() {
        for name in answer["null_reasons"].as_object().unwrap().keys() {
            assert!(answer[name].is_null() || answer[name].is_object(), "{id} {name}");
        }
    }
}

#[test]
fn bootstrap_intervals_agree_within_the_printed_tolerance() {
    let cases = read_cases(CASES).unwrap();
    let expected: Value = serde_json::from_str(BOOTSTRAP).unwrap();
    for reference in expected["cases"].as_array().unwrap() {
        let case = cases.iter().find(|case| reference["id"] == case.id.as_str()).unwrap();
        let interval = bca_interval(&case.histogram().unwrap()).unwrap();
        let tolerance = reference["tolerance"].as_f64().unwrap();
        for (got, place) in [(interval.low, 0), (interval.high, 1)] {
            let wanted = reference["bca95"][place].as_f64().unwrap();
            assert!((got - wanted).abs() <= tolerance, "{}: {got}, expected {wanted} ± {tolerance}", case.id);
        }
    }
}

#[test]
fn counts_beyond_32_bits_stay_exact() {
    let json = r#"{"cases": [{"id": "huge", "scale": {"min": 1, "max": 10}, "confident_threshold": 8, "input":
        {"form": "joint", "joint": [[5, 6, 6000000000], [6, 5, 5000000000], [4, 8, 10], [1, 1, 0]]}}]}"#;
    let answers = serde_json::to_string(&answer_cases(json).unwrap()).unwrap();
    let ties = 11_000_000_000_i128.pow(3) - 11_000_000_000 + 990;
    assert!(answers.contains("\"n\":11000000010,"), "{answers}");
    assert!(answers.contains(&format!("\"tie_sum\":{ties},")), "{answers}");
}

#[test]
fn bad_cases_are_refused_with_their_place() {
    let refusal = |input: &str| {
        let json = format!(r#"{{"cases": [{{"id": "B", "scale": {{"min": 1, "max": 5}}, "input": {input}}}]}}"#);
        answer_cases(&json).unwrap_err().to_string()
    };
    let outside = refusal(r#"{"form": "joint", "joint": [[1, 2, 3], [1, 6, 1]]}"#);
    assert_eq!(outside, "case B, joint, entry 2: the rating 6 is outside the scale 1 to 5");
    let unequal = refusal(r#"{"form": "arrays", "before": [1, 2], "after": [1]}"#);
    assert_eq!(unequal, "case B: 2 answers before do not pair up with 1 after");
    assert!(refusal(r#"{"form": "joint", "joint": [[1.5, 2, 3]]}"#).starts_with("this is not a file of cases"));
    assert!(refusal(r#"{"form": "joint", "joint": [[1, 2, -3]]}"#).starts_with("this is not a file of cases"));
    let too_many = refusal(r#"{"form": "joint", "joint": [[1, 2, 18446744073709551615]]}"#);
    assert_eq!(too_many, "case B, joint, entry 1: more learners than can be counted");
    let scale = answer_cases(r#"{"cases": [{"id": "B", "scale": {"min": 5, "max": 5}, "input": {}}]}"#);
    assert!(scale.unwrap_err().to_string().contains("a scale runs from a lower to a higher number"));
    assert!(answer_cases("").is_err());
}
