//! Twelve textbook and published examples: the printed numbers, and those recomputed with 50 digits.

use serde_json::Value;

use super::super::tails::{student_975, student_two_sided_ln_p};
use super::super::{GainStatistics, JointHistogram, MarginalHomogeneity, Scale};
use super::{close, close_p, histogram};

const PUBLISHED: &str = include_str!("../../fixtures/published.json");

fn example(id: &str) -> Value {
    let file: Value = serde_json::from_str(PUBLISHED).unwrap();
    file["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// The example's learners with decimals shifted into whole numbers, by `factor`.
fn paired(case: &Value, factor: f64) -> JointHistogram {
    let whole = |value: &Value| (number(value) * factor).round() as i32;
    let pairs: Vec<(i32, i32, u64)> = case["before"]
        .as_array()
        .unwrap()
        .iter()
        .zip(case["after"].as_array().unwrap())
        .map(|(before, after)| (whole(before), whole(after), 1))
        .collect();
    histogram(Scale::new(-10_000, 10_000).unwrap(), &pairs)
}

#[test]
fn every_paired_example_agrees() {
    let file: Value = serde_json::from_str(PUBLISHED).unwrap();
    let mut examples = 0;
    for case in file["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == "paired") {
        examples += 1;
        let factor = match case["id"].as_str().unwrap() {
            "pub-sleep" => 10.0,
            "pub-depression" => 1_000.0,
            _ => 1.0,
        };
        let statistics = GainStatistics::of(&paired(case, factor), 4);
        let (moments, ranks) = (&statistics.moments, &statistics.signed_rank);
        let expected = &case["computed"];
        let figures = [
            (moments.mean_before.unwrap() / factor, &expected["mean_before"]),
            (moments.mean_after.unwrap() / factor, &expected["mean_after"]),
            (moments.mean_gain.unwrap() / factor, &expected["mean_gain"]),
            (moments.sd_gain.unwrap() / factor, &expected["sd_gain"]),
            (moments.t.unwrap(), &expected["t"]),
            (moments.ci95.unwrap().low / factor, &expected["ci95"][0]),
            (moments.ci95.unwrap().high / factor, &expected["ci95"][1]),
            (moments.cohen_dz.unwrap(), &expected["cohen_dz"]),
            (moments.cohen_d_av.unwrap(), &expected["cohen_d_av"]),
            (ranks.w_plus.unwrap(), &expected["w_plus"]),
            (ranks.w_minus.unwrap(), &expected["w_minus"]),
            (ranks.rank_biserial.unwrap(), &expected["rank_biserial"]),
        ];
        for (place, (got, expected)) in figures.into_iter().enumerate() {
            assert!(close(got, number(expected)), "{}, figure {place}: {got}, expected {expected}", case["id"]);
        }
        let p_values = [
            (moments.p_two_sided, "p_two_sided"),
            (ranks.p, "wilcoxon_p_asymptotic"),
            (ranks.p_continuity, "wilcoxon_p_continuity"),
            (ranks.p_exact_conditional, "wilcoxon_p_exact_conditional"),
        ];
        for (got, name) in p_values {
            assert!(close_p(got.unwrap(), number(&expected[name])), "{} {name}: {got:?}", case["id"]);
        }
        assert_eq!(moments.df, Ok(expected["df"].as_u64().unwrap()));
        assert_eq!(moments.n, expected["n"].as_u64().unwrap());
    }
    assert_eq!(examples, 8);
}

#[test]
fn the_printed_numbers_of_the_books() {
    let statistics = |id: &str, factor: f64| GainStatistics::of(&paired(&example(id), factor), 4);
    let rounded = |value: f64, digits: i32| (value * 10_f64.powi(digits)).round() / 10_f64.powi(digits);

    let bortz = statistics("pub-bortz", 1.0).signed_rank;
    assert_eq!(bortz.w_plus, Ok(13.0));
    assert_eq!(rounded(bortz.p_exact_conditional.unwrap(), 4), 0.1367);
    assert_eq!(rounded(bortz.p_continuity.unwrap(), 4), 0.1436);

    let sleep = statistics("pub-sleep", 10.0).moments;
    assert_eq!(rounded(sleep.t.unwrap(), 4), 4.0621);
    assert_eq!(rounded(sleep.p_two_sided.unwrap(), 6), 0.002_833);
    assert_eq!(rounded(sleep.ci95.unwrap().low / 10.0, 7), 0.700_114_2);

    let depression = statistics("pub-depression", 1_000.0).signed_rank;
    assert_eq!(depression.w_plus, Ok(40.0));
    assert_eq!(rounded(depression.p_exact.unwrap() / 2.0, 5), 0.019_53);

    let zeamays = statistics("pub-zeamays", 1.0).signed_rank;
    assert_eq!(zeamays.statistic, Ok(24.0));
    assert_eq!(zeamays.p_exact, Ok(0.041_259_765_625));

    let pingouin = statistics("pub-pingouin", 1.0);
    assert_eq!(pingouin.signed_rank.statistic, Ok(20.5));
    assert_eq!(rounded(pingouin.signed_rank.p_exact_conditional.unwrap(), 6), 0.288_086);
    assert_eq!(rounded(pingouin.signed_rank.rank_biserial.unwrap(), 6), -0.378_788);

    let students = statistics("pub-students", 1.0);
    assert_eq!(rounded(students.signed_rank.p.unwrap(), 3), 0.003);
    // The article prints 4.27, from means of different learners: who answered once only lowers the mean before.
    assert_eq!(rounded(students.moments.mean_gain.unwrap(), 2), 4.23);
    let printed = |name: &str| number(&example("pub-students")["published"][name]);
    assert_eq!(rounded(students.moments.mean_after.unwrap(), 2), printed("mean_post"));
    assert_eq!(rounded(printed("mean_post") - printed("mean_pre"), 2), printed("difference"));
    assert!(printed("mean_pre") < students.moments.mean_before.unwrap());
}

#[test]
fn the_trainers_course_printed_by_a_spreadsheet() {
    let case = example("pub-cbt");
    let input = |name: &str| number(&case["input"][name]);
    let (before, after) = (input("var_before"), input("var_after"));
    let variance = before + after - 2.0 * input("pearson_r") * (before * after).sqrt();
    let gain = input("mean_after") - input("mean_before");
    let t = gain / (variance / input("n")).sqrt();
    assert!(close(t, number(&case["computed"]["t"])), "{t}");
    let p = student_two_sided_ln_p(t, 18.0).exp();
    assert!(close_p(p, number(&case["computed"]["p_two_sided"])), "{p}");
    assert!((p - number(&case["published"]["p_two_sided"])).abs() < 5e-9);
    assert!(close(student_975(18.0), number(&case["computed"]["t_crit"])));
    assert!(close(variance.sqrt(), number(&case["computed"]["sd_gain"])));
    assert!(close(gain / variance.sqrt(), number(&case["computed"]["cohen_dz"])));
    assert!(close(gain / ((before + after) / 2.0).sqrt(), number(&case["computed"]["cohen_d_av"])));
}

#[test]
fn the_reporting_course_is_consistent_with_its_interval() {
    let case = example("pub-ilookout");
    let (low, high) = (number(&case["input"]["ci95"][0]), number(&case["input"]["ci95"][1]));
    let n = number(&case["input"]["n"]);
    let sd = (high - low) / 2.0 / student_975(n - 1.0) * n.sqrt();
    assert!(close(sd, number(&case["computed"]["sd_gain_implied"])), "{sd}");
    assert!(close(number(&case["input"]["gain"]) / sd, number(&case["computed"]["dz_implied"])));
    let t = number(&case["input"]["gain"]) / (sd / n.sqrt());
    assert!(close(t, number(&case["computed"]["t_implied"])), "{t}");
    // The article prints p < 0.001, and an effect that its own interval, rounded, allows.
    assert!(student_two_sided_ln_p(t, n - 1.0) < 0.001_f64.ln());
    let range = &case["computed"]["dz_implied_range_from_rounding"];
    let printed = number(&case["published"]["effect_size"]);
    assert!(number(&range[0]) < printed && printed < number(&range[1]));
}

#[test]
fn distance_vision_of_7_477_women() {
    let case = example("pub-vision");
    let joint: Vec<(i32, i32, u64)> = serde_json::from_value(case["joint"].clone()).unwrap();
    let vision = histogram(Scale::new(1, 4).unwrap(), &joint);
    let shift = MarginalHomogeneity::of(&vision);
    for (got, name) in [(shift.stuart_maxwell.unwrap(), "stuart_maxwell"), (shift.bhapkar.unwrap(), "bhapkar")] {
        let expected = &case["computed"][name];
        assert!(close(got.chi2, number(&expected["chi2"])), "{name}: {got:?}");
        assert_eq!(u64::from(got.df), expected["df"].as_u64().unwrap());
        assert!(close_p(got.p, number(&expected["p"])), "{name}: {got:?}");
    }
    let figures = GainStatistics::of(&vision, 3).figures();
    for (name, expected) in case["computed"]["core"].as_object().unwrap() {
        let figure = figures.iter().find(|figure| figure.name == name).unwrap();
        let got = serde_json::to_value(&figure.value).unwrap();
        match expected.as_f64() {
            None => assert!(got.is_null(), "{name}"),
            Some(expected) if name.contains("_p") && !name.starts_with("cohen") && !name.starts_with("w_") => {
                assert!(close_p(number(&got), expected), "{name}: {got}");
            }
            Some(expected) => assert!(close(number(&got), expected), "{name}: {got}, expected {expected}"),
        }
    }
}

#[test]
fn approval_of_the_prime_minister() {
    let case = example("pub-approval");
    let joint: Vec<(i32, i32, u64)> = serde_json::from_value(case["joint"].clone()).unwrap();
    let mcnemar = GainStatistics::of(&histogram(Scale::new(0, 1).unwrap(), &joint), 1).mcnemar;
    assert_eq!((mcnemar.became_confident, mcnemar.lost_confidence), (86, 150));
    assert!(close(mcnemar.chi2.unwrap(), number(&case["computed"]["chi2_no_correction"])));
    assert!(close_p(mcnemar.p_exact.unwrap(), number(&case["computed"]["p_exact"])));
}

/// Numbers of the fixture that the engine does not compute, and why.
const NOT_OURS: [(&str, &[&str], &str); 3] = [
    ("pub-vision", &["bowker_chi2", "bowker_df"], "symmetry of single cells; ours is the shift as a whole"),
    ("pub-approval", &["chi2_continuity", "p_continuity"], "a correction; ours is the exact test"),
    ("pub-pingouin", &["CLES"], "all before against all after; ours is of pairs"),
];

/// What the tests above compare, by the kind of example or by its id.
const COMPARED: [(&str, &[&str]); 6] = [
    (
        "paired",
        &[
            "n",
            "mean_before",
            "mean_after",
            "mean_gain",
            "sd_gain",
            "t",
            "df",
            "p_two_sided",
            "ci95",
            "cohen_dz",
            "cohen_d_av",
            "w_plus",
            "w_minus",
            "wilcoxon_p_asymptotic",
            "wilcoxon_p_continuity",
            "wilcoxon_p_exact_conditional",
            "rank_biserial",
        ],
    ),
    ("pub-cbt", &["t", "p_two_sided", "sd_gain", "cohen_dz", "cohen_d_av", "t_crit"]),
    ("pub-ilookout", &["sd_gain_implied", "dz_implied", "dz_implied_range_from_rounding", "t_implied"]),
    ("pub-vision", &["core", "stuart_maxwell", "bhapkar"]),
    ("pub-approval", &["chi2_no_correction", "p_exact"]),
    ("pub-students", &["mean_pre", "mean_post", "difference", "wilcoxon_p"]),
];

/// A number that comes into the fixture comes into a test, or into the list of what is not ours.
#[test]
fn every_number_of_the_fixture_is_compared_or_said_not_to_be_ours() {
    let file: Value = serde_json::from_str(PUBLISHED).unwrap();
    let known = |case: &Value, field: &str| {
        let names = [case["id"].as_str().unwrap(), case["kind"].as_str().unwrap()];
        let is_compared = COMPARED.iter().any(|(of, fields)| names.contains(of) && fields.contains(&field));
        is_compared || NOT_OURS.iter().any(|(of, fields, _)| names.contains(of) && fields.contains(&field))
    };
    for case in file["cases"].as_array().unwrap() {
        for field in case["computed"].as_object().unwrap().keys() {
            assert!(known(case, field), "{}: {field} is compared nowhere", case["id"]);
        }
    }
    for (id, fields, _) in NOT_OURS {
        let case = example(id);
        for field in fields {
            assert!(!case["computed"][field].is_null() || !case["published"][field].is_null(), "{id} has no {field}");
        }
    }
}
