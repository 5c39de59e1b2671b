//! Several courses, sessions, items: comparisons, clustered intervals, composites, alpha, rates.

use serde_json::Value;

use super::super::{
    AlphaSums, CompositeHistogram, CourseComparison, Figure, Flag, GainStatistics, IntervalKind, ItemLine, ItemVersion,
    MergeError, Moments, Scale, SessionList, SessionSums, Undefined, bca_interval, benjamini_hochberg, funnel_limits,
    shown_bca_interval, wilson_interval,
};
use super::{close, close_p, histogram, no_alpha, no_sessions};

const COURSES: &str = include_str!("../../fixtures/courses_public.json");

fn same(got: Figure, expected: &Value, compare: fn(f64, f64) -> bool) -> bool {
    match (got, expected.as_f64()) {
        (Err(_), None) => expected.is_null(),
        (Ok(got), Some(expected)) => compare(got, expected),
        _ => false,
    }
}

#[test]
fn comparisons_of_courses_agree() {
    let file: Value = serde_json::from_str(COURSES).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let scale: Scale = serde_json::from_value(case["scale"].clone()).unwrap();
        let histograms: Vec<_> = case["input"]
            .as_array()
            .unwrap()
            .iter()
            .map(|course| histogram(scale, &serde_json::from_value::<Vec<_>>(course["joint"].clone()).unwrap()))
            .collect();
        let sums: Vec<_> = histograms.iter().map(SessionSums::of).collect();
        let p_values: Vec<_> = histograms.iter().map(|course| Moments::of(course).p_two_sided).collect();
        let q_values = benjamini_hochberg(&p_values);
        let comparison = CourseComparison::of(&sums);
        let expected = &case["expected"];
        assert_eq!(comparison.n, expected["n_total"].as_u64().unwrap());
        assert_eq!(comparison.courses_answered as u64, expected["k_courses"].as_u64().unwrap());
        for (got, name) in [
            (comparison.pooled_sd, "pooled_sd"),
            (comparison.grand_mean, "grand_mean"),
            (comparison.q, "q"),
            (comparison.tau2, "tau2"),
            (comparison.mu, "mu"),
            (comparison.i2, "i2"),
        ] {
            assert!(same(got, &expected[name], close), "{} {name}: {got:?}", case["id"]);
        }
        let tested = p_values.iter().filter(|p| p.is_ok()).count();
        assert_eq!(tested as u64, expected["m_tests"].as_u64().unwrap());
        for (place, expected) in expected["courses"].as_array().unwrap().iter().enumerate() {
            let course = &comparison.courses[place];
            assert_eq!(sums[place].n, expected["n"].as_u64().unwrap());
            for (got, name) in [
                (course.mean, "mean"),
                (course.standard_error, "se"),
                (course.funnel_z, "funnel_z"),
                (course.weight, "weight"),
                (course.shrunk_mean, "shrunk"),
            ] {
                assert!(same(got, &expected[name], close), "{} {place} {name}: {got:?}", case["id"]);
            }
            assert!(same(p_values[place], &expected["p"], close_p));
            assert!(same(q_values[place], &expected["p_bh"], close_p), "{:?}", q_values[place]);
            assert_eq!(course.outside_95.ok(), expected["flag_95"].as_bool());
            assert_eq!(course.outside_998.ok(), expected["flag_998"].as_bool());
        }
    }
}

#[test]
fn a_comparison_needs_two_courses_and_spread_within() {
    let one = SessionSums { n: 5, s1: 5, s2: 9 };
    let steady = SessionSums { n: 3, s1: 6, s2: 12 };
    for courses in [vec![], vec![one], vec![steady, steady], vec![one, SessionSums::default()]] {
        let comparison = CourseComparison::of(&courses);
        assert_eq!(comparison.tau2, Err(Undefined::NeedsTwoCoursesAndWithinVariance), "{courses:?}");
        assert!(comparison.courses.iter().all(|course| course.shrunk_mean.is_err()));
    }
    let limits = funnel_limits(1.0, 2.0, 16, 1.96);
    assert!(close(limits.low, 0.02) && close(limits.high, 1.98));
}

#[test]
fn the_clustered_interval_by_hand() {
    // Three sessions with means 1, 2 and 0: d̄ = 10/9; residuals 2/−9·… worked with fractions.
    let mut list = no_sessions();
    list.add(7, SessionSums { n: 4, s1: 4, s2: 6 });
    list.add(9, SessionSums { n: 3, s1: 6, s2: 14 });
    list.add(11, SessionSums { n: 2, s1: 0, s2: 2 });
    list.add(12, SessionSums::default());
    let gain = list.clustered_gain().unwrap();
    let mean: f64 = 10.0 / 9.0;
    let squares = (4.0 - 4.0 * mean).powi(2) + (6.0 - 3.0 * mean).powi(2) + (2.0 * mean).powi(2);
    let error = (1.5 * squares).sqrt() / 9.0;
    assert!(close(gain.mean, mean) && close(gain.standard_error, error));
    assert!(close(gain.ci95.high, mean + 4.302_652_729_749_464 * error));
    assert_eq!((gain.sessions, gain.few_sessions), (3, true));
}

#[test]
fn one_session_has_an_interval_of_its_own() {
    // Gains 1, 2, 3 and 6: mean 3, variance 14/3.
    let session = SessionSums { n: 4, s1: 12, s2: 50 };
    let half = 3.182_446_305_283_710_6 * (14.0_f64 / 3.0 / 4.0).sqrt();
    let interval = session.ci95().unwrap();
    assert!(close(interval.low, 3.0 - half) && close(interval.high, 3.0 + half), "{interval:?}");
    assert_eq!(SessionSums::default().ci95(), Err(Undefined::NoLearners));
    assert_eq!(SessionSums { n: 1, s1: 2, s2: 4 }.ci95(), Err(Undefined::FewerThanTwo));
    assert_eq!(SessionSums { n: 3, s1: 6, s2: 12 }.ci95(), Err(Undefined::SdGainZero));
}

#[test]
fn a_composite_counts_whoever_left_an_item_out_and_has_points_of_one_item() {
    let mut composite = CompositeHistogram::new(ItemVersion::new("core", 1), 4, Scale::ONE_TO_FIVE).unwrap();
    for (before, after, count) in
        [(Some(8), Some(16), 2), (Some(12), Some(14), 1), (Some(20), None, 1), (None, None, 2)]
    {
        composite.add_answers(before, after, count).unwrap();
    }
    assert_eq!((composite.incomplete(), composite.match_rate()), (3, Ok(0.5)));
    let line = ItemLine::of_composite(&composite, None, None);
    assert_eq!((line.match_rate, line.mean_before_only), (Ok(0.5), Ok(5.0)));
    assert!(line.has(Flag::Unmatched));
    let statistics = GainStatistics::of_composite(&composite, 4);
    let totals = GainStatistics::of(composite.totals(), 16);
    assert_eq!((statistics.moments.mean_gain, statistics.moments.mean_before), (line.mean_gain, line.mean_before));
    assert_eq!(statistics.moments.sd_gain.map(|sd| sd * 4.0), totals.moments.sd_gain);
    assert_eq!(statistics.location.median_gain.map(|median| median * 4.0), totals.location.median_gain);
    assert_eq!((statistics.moments.t, &statistics.signed_rank), (totals.moments.t, &totals.signed_rank));
    assert_eq!((statistics.mcnemar.threshold, statistics.mcnemar.became_confident), (4, 2));
    assert_eq!(statistics.unmatched.match_rate, Ok(0.5));
}

#[test]
fn one_session_or_equal_sessions_give_no_clustered_interval() {
    let mut list = no_sessions();
    assert_eq!(list.clustered_gain().unwrap_err(), Undefined::NoLearners);
    list.add(1, SessionSums { n: 2, s1: 2, s2: 4 });
    assert_eq!(list.clustered_gain().unwrap_err(), Undefined::FewerThanTwoSessions);
    list.add(2, SessionSums { n: 4, s1: 4, s2: 6 });
    assert_eq!(list.clustered_gain().unwrap_err(), Undefined::SessionSpreadZero);
}

#[test]
fn a_line_takes_the_interval_between_sessions() {
    let course = histogram(Scale::ONE_TO_FIVE, &[(2, 4, 9), (3, 4, 6), (5, 5, 4), (4, 3, 1)]);
    let mut sessions = no_sessions();
    sessions.add(1, SessionSums { n: 12, s1: 15, s2: 27 });
    sessions.add(2, SessionSums { n: 8, s1: 8, s2: 16 });
    let line = ItemLine::of(&course, Some(&sessions), None);
    assert_eq!(line.interval_kind, IntervalKind::Sessions(2));
    assert_eq!(line.flags, [Flag::Ceiling, Flag::FewSessions]);
    assert_eq!((line.improved, line.same, line.declined), (15, 4, 1));
    let alone = ItemLine::of(&course, None, None);
    assert_eq!(alone.interval_kind, IntervalKind::Learners);
    assert_eq!(alone.flags, [Flag::Ceiling]);
    assert!(alone.p_is_exact && line.confident_from == 4);
}

#[test]
fn a_composite_is_shown_on_the_scale_of_its_items() {
    let mut composite = CompositeHistogram::new(ItemVersion::new("core", 2), 4, Scale::ONE_TO_FIVE).unwrap();
    composite.add_totals(8, 14, 3).unwrap();
    composite.add_totals(10, 14, 2).unwrap();
    composite.add_totals(20, 20, 1).unwrap();
    assert!(composite.add_totals(3, 9, 1).is_err());
    let line = ItemLine::of_composite(&composite, None, None);
    let totals = ItemLine::of(composite.totals(), None, None);
    assert!(close(line.mean_gain.unwrap(), 26.0 / 24.0));
    assert!(close(line.ci95.unwrap().low * 4.0, totals.ci95.unwrap().low));
    assert_eq!(line.d_av, totals.d_av);
    assert_eq!((line.scale, line.confident_from), (Scale::ONE_TO_FIVE, 4));
    composite.remove_totals(20, 20, 1).unwrap();
    let other = CompositeHistogram::new(ItemVersion::new("core", 2), 5, Scale::ONE_TO_FIVE).unwrap();
    assert!(matches!(composite.merge(&other), Err(MergeError::DifferentItemCount { left: 4, right: 5 })));
    assert!(CompositeHistogram::new(ItemVersion::new("core", 2), 0, Scale::ONE_TO_FIVE).is_err());
    assert!(CompositeHistogram::new(ItemVersion::new("core", 2), u32::MAX, Scale::ONE_TO_FIVE).is_err());
}

#[test]
fn alpha_by_hand_and_its_edges() {
    let mut alpha = no_alpha(3);
    assert_eq!(alpha.alpha(), Err(Undefined::NoLearners));
    for ratings in [[1, 2, 2], [3, 3, 4], [4, 5, 4], [2, 2, 3]] {
        assert!(alpha.add(&ratings));
    }
    // Item variances 5/3, 2, 11/12; totals 5, 10, 13, 7 with variance 147/12: alpha = 1.5·(1 − 55/147).
    assert!(close(alpha.alpha().unwrap(), 1.5 * (1.0 - 55.0 / 147.0)));
    let whole = alpha.clone();
    assert!(alpha.add(&[5, 1, 1]) && alpha.remove(&[5, 1, 1]));
    assert_eq!(alpha, whole);
    assert!(!alpha.add(&[1, 2]));
    let mut twice = whole.clone();
    twice.merge(&whole).unwrap();
    assert_eq!(twice.n(), 8);
    assert!(twice.merge(&no_alpha(2)).is_err());
    assert_eq!(no_alpha(1).alpha(), Err(Undefined::FewerThanTwoItems));
    let mut flat = no_alpha(2);
    assert!(flat.add(&[1, 3]) && flat.add(&[3, 1]));
    assert_eq!(flat.alpha(), Err(Undefined::SdTotalZero));
}

#[test]
fn wilson_intervals() {
    // statsmodels proportion_confint(…, method="wilson").
    let some = wilson_interval(15, 20).unwrap();
    assert!((some.low - 0.531_299_122_4).abs() < 1e-9 && (some.high - 0.888_138_298_6).abs() < 1e-9, "{some:?}");
    assert_eq!(wilson_interval(0, 9).unwrap().low, 0.0);
    assert_eq!(wilson_interval(9, 9).unwrap().high, 1.0);
    assert_eq!(wilson_interval(0, 0), Err(Undefined::NoLearners));
}

#[test]
fn the_bootstrap_is_reproducible_and_close_to_t_for_many_learners() {
    let many = histogram(Scale::ONE_TO_TEN, &[(3, 5, 400_000), (5, 5, 250_000), (6, 9, 90_000), (8, 7, 60_000)]);
    let interval = bca_interval(&many).unwrap();
    assert_eq!(bca_interval(&many).unwrap(), interval);
    let t = Moments::of(&many).ci95.unwrap();
    assert!((interval.low - t.low).abs() < 2e-4 && (interval.high - t.high).abs() < 2e-4, "{interval:?}, t {t:?}");
    assert_eq!(shown_bca_interval(&many), Ok(interval));
    let seven = histogram(Scale::ONE_TO_FIVE, &[(1, 2, 4), (2, 4, 3)]);
    assert!(bca_interval(&seven).is_ok() && shown_bca_interval(&seven) == Err(Undefined::FewerThanEight));
    assert_eq!(bca_interval(&histogram(Scale::ONE_TO_FIVE, &[])), Err(Undefined::NoLearners));
    assert_eq!(bca_interval(&histogram(Scale::ONE_TO_FIVE, &[(1, 2, 1)])), Err(Undefined::FewerThanTwo));
    assert_eq!(bca_interval(&histogram(Scale::ONE_TO_FIVE, &[(1, 2, 9)])), Err(Undefined::SdGainZero));
    // More than a thousand different gains are not resampled.
    let wide = |gains: i32| {
        let all: Vec<(i32, i32, u64)> = (0..gains).map(|gain| (0, gain, 1)).collect();
        bca_interval(&histogram(Scale::new(0, 2_000).unwrap(), &all))
    };
    assert!(wide(100).is_ok());
    assert_eq!(wide(1_001), Err(Undefined::TooManyGains));
}

#[test]
fn a_line_warns_of_a_missing_spread_and_of_a_ceiling_above_the_usual_share() {
    let flags = |joint: &[(i32, i32, u64)]| ItemLine::of(&histogram(Scale::ONE_TO_FIVE, joint), None, None).flags;
    assert_eq!(flags(&[(1, 2, 9)]), [Flag::NoSpread]);
    assert_eq!(flags(&[(1, 2, 1)]), [], "one learner alone has no spread to miss");
    assert_eq!(flags(&[(5, 5, 3), (3, 4, 17)]), [], "15% at the top are not yet a ceiling");
    assert_eq!(flags(&[(5, 5, 4), (3, 4, 16)]), [Flag::Ceiling]);
}

#[test]
fn the_threshold_of_confidence_is_three_quarters_up_the_scale() {
    assert_eq!(Scale::ONE_TO_FIVE.usual_confident_threshold(), 4);
    assert_eq!(Scale::ONE_TO_TEN.usual_confident_threshold(), 8);
    assert_eq!(Scale::new(-2, 2).unwrap().usual_confident_threshold(), 1);
    assert_eq!(ItemVersion::new("recognise-neglect", 1).key(), "recognise-neglect");
}

#[test]
fn a_part_of_a_session_is_taken_out_again_as_it_came_in() {
    let (first, second) = (SessionSums { n: 4, s1: 4, s2: 6 }, SessionSums { n: 3, s1: -6, s2: 14 });
    let mut both = first;
    both.add(second);
    assert_eq!(both, SessionSums { n: 7, s1: -2, s2: 20 });
    both.remove(second).unwrap();
    assert_eq!(both, first);
    assert!(both.remove(SessionSums { n: 5, s1: 0, s2: 0 }).is_err());
    assert_eq!(both, first);
}

#[test]
fn parts_of_one_session_are_one_session_and_five_are_enough() {
    let mut list = no_sessions();
    list.add(1, SessionSums { n: 2, s1: 1, s2: 1 });
    list.add(1, SessionSums { n: 2, s1: 2, s2: 2 });
    assert_eq!(list.iter().collect::<Vec<_>>(), [(1, SessionSums { n: 4, s1: 3, s2: 3 })]);
    for session in 2..=4 {
        list.add(session, SessionSums { n: 2, s1: 0, s2: 2 });
    }
    assert!(list.clustered_gain().unwrap().few_sessions);
    list.add(5, SessionSums { n: 2, s1: 2, s2: 2 });
    assert!(!list.clustered_gain().unwrap().few_sessions);
}

#[test]
fn alpha_needs_two_learners_and_nobody_is_taken_out_of_nothing() {
    let mut alpha = no_alpha(2);
    assert!(!alpha.remove(&[1, 2]));
    assert!(alpha.add(&[1, 2]));
    assert_eq!(alpha.alpha(), Err(Undefined::FewerThanTwo));
    assert!(alpha.add(&[3, 5]));
    let mut twice = alpha.clone();
    twice.merge(&alpha).unwrap();
    assert!(alpha.add(&[1, 2]) && alpha.add(&[3, 5]));
    assert_eq!(twice, alpha);
    let mut composite = CompositeHistogram::new(ItemVersion::new("all", 1), 2, Scale::ONE_TO_FIVE).unwrap();
    composite.add_totals(3, 8, 2).unwrap();
    composite.add_totals(8, 3, 2).unwrap();
    let totals = composite.totals().before_margin();
    assert_eq!(AlphaSums::of_totals(&composite, vec![(8, 20), (14, 58)], &totals), alpha);
}

/// Whatever is made of sums knows what was asked, like the histogram that it stands beside: two versions of a statement,
/// or two scales, add neither in an interval between sessions nor in alpha.
#[test]
fn sums_of_two_versions_or_scales_do_not_add() {
    let course = histogram(Scale::ONE_TO_FIVE, &[(2, 4, 9), (3, 4, 6), (5, 5, 4), (4, 3, 1)]);
    let list = |version: u32, scale: Scale| {
        let mut list = SessionList::new(ItemVersion::new("item", version), scale);
        list.add(1, SessionSums { n: 12, s1: 15, s2: 27 });
        list.add(2, SessionSums { n: 8, s1: 8, s2: 16 });
        list
    };
    let own = list(1, Scale::ONE_TO_FIVE);
    let (reworded, rescaled) = (list(2, Scale::ONE_TO_FIVE), list(1, Scale::ONE_TO_TEN));
    let mut both = own.clone();
    assert!(matches!(both.merge(&reworded), Err(MergeError::DifferentItem { .. })));
    assert!(matches!(both.merge(&rescaled), Err(MergeError::DifferentScale { .. })));
    assert_eq!(both, own, "a refusal changes nothing");
    both.merge(&list(1, Scale::ONE_TO_FIVE)).unwrap();
    assert_eq!(both.total(), SessionSums { n: 40, s1: 46, s2: 86 });
    let kind = |sessions| ItemLine::of(&course, Some(sessions), None).interval_kind;
    assert_eq!(kind(&own), IntervalKind::Sessions(2));
    assert_eq!([kind(&reworded), kind(&rescaled)], [IntervalKind::Learners; 2]);

    let mut alpha = no_alpha(2);
    assert!(alpha.add(&[1, 2]));
    let before = alpha.clone();
    let reworded = AlphaSums::new(ItemVersion::new("all", 2), Scale::ONE_TO_FIVE, 2);
    let rescaled = AlphaSums::new(ItemVersion::new("all", 1), Scale::ONE_TO_TEN, 2);
    assert!(matches!(alpha.merge(&reworded), Err(MergeError::DifferentItem { .. })));
    assert!(matches!(alpha.merge(&rescaled), Err(MergeError::DifferentScale { .. })));
    assert_eq!(alpha, before);
}

#[test]
fn composites_of_one_instrument_add() {
    let with = |before, after| {
        let mut composite = CompositeHistogram::new(ItemVersion::new("core", 2), 4, Scale::ONE_TO_FIVE).unwrap();
        composite.add_totals(before, after, 1).unwrap();
        composite
    };
    let mut both = with(8, 14);
    both.merge(&with(10, 12)).unwrap();
    assert_eq!((both.totals().n(), both.items(), both.item_scale()), (2, 4, Scale::ONE_TO_FIVE));
    both.remove_totals(10, 12, 1).unwrap();
    assert_eq!(both, with(8, 14));
    assert!(both.remove_totals(10, 12, 1).is_err());
}
