//! What must hold for any answers, bit for bit.

use proptest::prelude::*;

use super::super::{
    CountError, GainStatistics, ItemVersion, JointHistogram, MergeError, Scale, SessionSums, Value, bca_interval,
};

use super::no_sessions;

type Answer = (Option<i32>, Option<i32>);

fn empty(scale: Scale) -> JointHistogram {
    JointHistogram::new(ItemVersion::new("item", 1), scale)
}

fn of(scale: Scale, answers: &[Answer]) -> JointHistogram {
    let mut histogram = empty(scale);
    for &(before, after) in answers {
        histogram.add_answers(before, after, 1).unwrap();
    }
    histogram
}

/// A scale, and answers on it.
fn answers() -> impl Strategy<Value = (Scale, Vec<Answer>)> {
    (-3..4_i32, 1..12_i32).prop_flat_map(|(min, span)| {
        let scale = Scale::new(min, min + span).unwrap();
        let rating = prop_oneof![1 => Just(None), 6 => (min..=min + span).prop_map(Some)];
        (Just(scale), prop::collection::vec((rating.clone(), rating), 0..60))
    })
}

proptest! {
    #[test]
    fn order_and_parts_do_not_matter(((scale, answers), cut, turn) in (answers(), 0..60_usize, 0..60_usize)) {
        let whole = of(scale, &answers);
        let mut turned = answers.clone();
        turned.rotate_left(turn % answers.len().max(1));
        turned.reverse();
        prop_assert_eq!(&of(scale, &turned), &whole);

        let (left, right) = answers.split_at(cut.min(answers.len()));
        let mut merged = of(scale, right);
        merged.merge(&empty(scale)).unwrap();
        merged.merge(&of(scale, left)).unwrap();
        prop_assert_eq!(&merged, &whole);
        // Equal histograms, equal figures: they are computed from nothing else.
        prop_assert_eq!(GainStatistics::of(&merged, 3), GainStatistics::of(&whole, 3));
        prop_assert_eq!(bca_interval(&merged), bca_interval(&whole));
    }

    #[test]
    fn a_learner_added_and_removed_leaves_no_trace((scale, answers) in answers()) {
        let whole = of(scale, &answers);
        for passing in [(Some(scale.min()), Some(scale.max())), (None, Some(scale.max())), (Some(scale.min()), None), (None, None)] {
            let mut visited = whole.clone();
            visited.add_answers(passing.0, passing.1, 2).unwrap();
            visited.remove_answers(passing.0, passing.1, 1).unwrap();
            visited.remove_answers(passing.0, passing.1, 1).unwrap();
            prop_assert_eq!(&visited, &whole);
        }
    }

    #[test]
    fn relabelling_flips_the_signs((scale, answers) in answers()) {
        let histogram = of(scale, &answers);
        let (forward, back) = (GainStatistics::of(&histogram, 3), GainStatistics::of(&histogram.reversed(), 3));
        let flipped = |figure: super::super::Figure| figure.map(|value| 0.0 - value);
        prop_assert_eq!(forward.moments.mean_gain, flipped(back.moments.mean_gain));
        prop_assert_eq!(forward.moments.t, flipped(back.moments.t));
        prop_assert_eq!(forward.moments.p_two_sided, back.moments.p_two_sided);
        prop_assert_eq!(forward.moments.cohen_d_av, flipped(back.moments.cohen_d_av));
        prop_assert_eq!(forward.signed_rank.z, flipped(back.signed_rank.z));
        prop_assert_eq!(forward.signed_rank.w_plus, back.signed_rank.w_minus);
        prop_assert_eq!(forward.signed_rank.p_exact_conditional, back.signed_rank.p_exact_conditional);
        prop_assert_eq!(forward.signed_rank.rank_biserial, flipped(back.signed_rank.rank_biserial));
        prop_assert_eq!(forward.location.hodges_lehmann, flipped(back.location.hodges_lehmann));
        prop_assert_eq!(forward.location.median_gain, flipped(back.location.median_gain));
        prop_assert_eq!(forward.location.cliff_delta_marginal, flipped(back.location.cliff_delta_marginal));
        prop_assert_eq!(forward.location.improved, back.location.declined);
    }

    #[test]
    fn every_figure_is_a_number_or_a_reason((scale, answers) in answers()) {
        let statistics = GainStatistics::of(&of(scale, &answers), 3);
        for (name, value) in statistics.figures().iter().flat_map(super::super::NamedFigure::flattened) {
            if let Value::Number(Ok(number)) = value {
                prop_assert!(number.is_finite(), "{} is {}", name, number);
                let is_p = name.starts_with("wilcoxon_p") || name.ends_with("_p") || name == "mcnemar_p_exact" || name == "p_two_sided";
                if is_p {
                    prop_assert!((0.0..=1.0).contains(&number), "{} is {}", name, number);
                }
            }
        }
    }

    #[test]
    fn sessions_merge_in_any_order(parts in prop::collection::vec((0..6_u64, 0..5_i128, 1..9_u64), 0..20), turn in 0..20_usize) {
        let list = |parts: &[(u64, i128, u64)]| {
            let mut list = no_sessions();
            for &(session, gain, n) in parts {
                let n_whole = i128::from(n);
                list.add(session, SessionSums { n, s1: gain * n_whole, s2: gain * gain * n_whole });
            }
            list
        };
        let mut turned = parts.clone();
        turned.rotate_left(turn % parts.len().max(1));
        let mut merged = list(&turned[..turned.len() / 2]);
        merged.merge(&list(&turned[turned.len() / 2..])).unwrap();
        prop_assert_eq!(merged.clustered_gain(), list(&parts).clustered_gain());
    }
}

/// So many learners that the squares of the residuals leave the largest integer.
#[test]
fn sessions_beyond_every_integer_give_the_same_interval_under_any_numbers() {
    let sums = |n: u64, s1: i128| SessionSums { n, s1, s2: 4 * i128::from(n) };
    let sessions = [
        sums(400_000_000_000, 90_000_000_007),
        sums(300_000_000_001, 11),
        sums(7, -13),
        sums(299_999_999_999, 1 << 36),
    ];
    let numbered = |order: [usize; 4]| {
        let mut list = no_sessions();
        (0..).zip(order).for_each(|(number, place)| list.add(number, sessions[place]));
        list.clustered_gain().unwrap()
    };
    let gain = numbered([0, 1, 2, 3]);
    assert!(gain.standard_error.is_finite() && gain.standard_error > 0.01, "{gain:?}");
    for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        assert_eq!(numbered(order), gain);
    }
}

#[test]
fn sessions_come_in_any_order() {
    let mut list = no_sessions();
    for (session, gain) in [(5, 1), (2, 2), (9, 3), (2, 4), (7, 5)] {
        list.add(session, SessionSums { n: 1, s1: gain, s2: gain * gain });
    }
    let kept: Vec<_> = list.iter().map(|(session, sums)| (session, sums.n, sums.s1)).collect();
    assert_eq!(kept, [(2, 2, 6), (5, 1, 1), (7, 1, 5), (9, 1, 3)]);
}

#[test]
fn different_versions_and_scales_do_not_add() {
    let mut first = empty(Scale::ONE_TO_FIVE);
    let reworded = JointHistogram::new(ItemVersion::new("item", 2), Scale::ONE_TO_FIVE);
    assert!(matches!(first.merge(&reworded), Err(MergeError::DifferentItem { .. })));
    assert!(matches!(first.merge(&empty(Scale::ONE_TO_TEN)), Err(MergeError::DifferentScale { .. })));
    let message = first.merge(&reworded).unwrap_err().to_string();
    assert_eq!(message, "answers to item (version 1) and to item (version 2) do not add");
}

#[test]
fn impossible_learners_are_refused_and_change_nothing() {
    let mut histogram = empty(Scale::ONE_TO_FIVE);
    assert!(matches!(histogram.add_pairs(0, 3, 1), Err(CountError::OutsideScale { rating: 0, .. })));
    assert!(matches!(histogram.add_answers(None, Some(6), 1), Err(CountError::OutsideScale { .. })));
    assert_eq!(histogram.add_pairs(1, 3, u64::MAX), Err(CountError::TooManyLearners));
    assert_eq!(histogram.remove_answers(Some(1), Some(3), 1), Err(CountError::NotCounted));
    assert_eq!(histogram, empty(Scale::ONE_TO_FIVE));
    histogram.add_pairs(1, 3, 1_000_000_000_000).unwrap();
    let full = histogram.clone();
    assert_eq!(histogram.merge(&full), Err(MergeError::TooManyLearners));
    assert_eq!(histogram, full);
}

#[test]
fn ten_million_answers_of_one_value_are_one_cell() {
    let mut histogram = empty(Scale::ONE_TO_TEN);
    for _ in 0..10_000_000 {
        histogram.add_pairs(7, 7, 1).unwrap();
    }
    assert_eq!((histogram.cells().count(), histogram.n()), (1, 10_000_000));
    assert!(GainStatistics::of(&histogram, 8).moments.t.is_err());
}
