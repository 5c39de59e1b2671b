//! The sentences, word for word.

use super::super::sentence::{
    Subject, comparison_sentence, effect_size_sentence, figure_words, flag_sentence, gain_sentence, managers_sentence,
    matching_sentence, p_sentence, p_words, room_sentence, share_words, shares_sentence, signed_figure_words,
    standing_words, thousands,
};
use super::super::{
    CourseComparison, CourseStanding, Figure, Flag, ItemLine, JointHistogram, Scale, SessionList, SessionSums,
    Undefined, mean_interval,
};
use super::{histogram, no_sessions};

fn line(joint: &[(i32, i32, u64)]) -> ItemLine {
    ItemLine::of(&histogram(Scale::ONE_TO_FIVE, joint), None, None)
}

fn gain(joint: &[(i32, i32, u64)]) -> String {
    gain_sentence(&line(joint), Subject::Confidence)
}

const RISE: &[(i32, i32, u64)] = &[(2, 3, 14), (2, 4, 6), (3, 4, 11), (3, 3, 10), (4, 4, 4), (4, 3, 3)];

#[test]
fn a_rise() {
    assert_eq!(
        gain(RISE),
        "Confidence rose by 0.71 points on the 1 to 5 scale (95% interval 0.48 to 0.93; 48 matched learners)."
    );
    assert_eq!(shares_sentence(&line(RISE)), "31 of 48 learners improved, 14 stayed the same and 3 declined.");
    assert_eq!(effect_size_sentence(&line(RISE)), "The average gain is +1.16 standard deviations (Cohen’s d_av).");
    assert_eq!(
        p_sentence(&line(RISE)),
        "A change like this would be rare if nothing had changed (p < 0.001, exact signed rank test)."
    );
    assert_eq!(
        room_sentence(&line(RISE)),
        "0% were at the top of the scale before. The group used 31% of the room it had to rise."
    );
}

#[test]
fn a_fall_is_told_as_plainly() {
    let fall: Vec<_> = RISE.iter().map(|&(before, after, count)| (6 - before, 6 - after, count)).collect();
    assert_eq!(
        gain(&fall),
        "Confidence fell by 0.71 points on the 1 to 5 scale (95% interval 0.48 to 0.93; 48 matched learners)."
    );
}

#[test]
fn what_cannot_be_told_apart_from_no_change() {
    assert_eq!(
        gain(&[(2, 3, 6), (3, 2, 5), (4, 4, 9)]),
        "Confidence shows no clear change: +0.05 points on the 1 to 5 scale (95% interval −0.31 to +0.41; 20 matched \
         learners)."
    );
    assert!(
        p_sentence(&line(&[(2, 3, 6), (3, 2, 5)])).starts_with("A change like this could well be chance (p > 0.999")
    );
}

#[test]
fn states_without_an_interval() {
    assert_eq!(gain(&[]), "No gain can be given: nobody answered both times.");
    assert_eq!(
        gain(&[(1, 2, 1)]),
        "Confidence rose by 1.00 point on the 1 to 5 scale (1 matched learner; no interval can be given: at least two \
         learners are needed)."
    );
    assert_eq!(
        gain(&[(3, 3, 6)]),
        "Confidence stayed the same (6 matched learners; no interval can be given: every learner changed by the same \
         amount)."
    );
    assert_eq!(shares_sentence(&line(&[])), "Nobody answered both before and after.");
}

#[test]
fn sessions_are_named() {
    let mut sessions = no_sessions();
    for session in 0..6_u64 {
        let s1 = i128::from(6 + session % 3);
        sessions.add(session, SessionSums { n: 8, s1, s2: s1 });
    }
    let line = ItemLine::of(&histogram(Scale::ONE_TO_FIVE, RISE), Some(&sessions), None);
    assert!(gain_sentence(&line, Subject::Knowledge).ends_with("48 matched learners in 6 sessions)."));
    assert!(gain_sentence(&line, Subject::Knowledge).starts_with("Knowledge rose by"));
}

#[test]
fn unmatched_learners_are_named() {
    let mut partly: JointHistogram = histogram(Scale::ONE_TO_FIVE, RISE);
    partly.add_answers(Some(1), None, 12).unwrap();
    let line = ItemLine::of(&partly, None, None);
    assert_eq!(
        matching_sentence(&line),
        "80% of those who answered did so both times; only they are counted. Before the course they stood at 2.73, \
         those who did not answer after it at 1.00."
    );
}

#[test]
fn the_ceiling_is_named() {
    let high = line(&[(5, 5, 20), (4, 5, 10), (5, 4, 2)]);
    assert_eq!(
        room_sentence(&high),
        "69% were at the top of the scale before, so there was little room to rise. The group used 80% of the room \
         it had to rise."
    );
    assert_eq!(
        room_sentence(&line(&[(5, 5, 3)])),
        "100% were at the top of the scale before, so there was little room to rise. The room used cannot be given: \
         everyone was at the top of the scale before, so there was no room to rise."
    );
}

#[test]
fn managers_are_told_with_their_interval() {
    let answers = [(3, 2), (4, 2), (5, 2)];
    // s² = 4/5; Student's t for five degrees of freedom is 2.570582; ± 0.938642.
    assert_eq!(
        managers_sentence(6, 4.0, mean_interval(&answers), Scale::ONE_TO_FIVE),
        "6 managers: 4.00 on the 1 to 5 scale (95% interval 3.06 to 4.94)."
    );
    assert_eq!(mean_interval(&[(4, 1)]), Err(Undefined::FewerThanTwo));
    assert_eq!(mean_interval(&[]), Err(Undefined::NoLearners));
}

#[test]
fn p_is_never_nought_and_shares_never_round_to_all() {
    assert_eq!(p_words(0.0), "p < 0.001");
    assert_eq!(p_words(0.034_4), "p = 0.034");
    assert_eq!(share_words(Ok(0.998)), "over 99%");
    assert_eq!(share_words(Ok(0.002)), "under 1%");
    assert_eq!(share_words(Ok(1.0)), "100%");
    assert_eq!(share_words(Ok(-0.37)), "−37%");
}

fn knowledge(joint: &[(i32, i32, u64)]) -> String {
    gain_sentence(&ItemLine::of(&histogram(Scale::WRONG_OR_RIGHT, joint), None, None), Subject::Knowledge)
}

const LEARNT: &[(i32, i32, u64)] = &[(0, 1, 15), (1, 1, 25), (0, 0, 8), (1, 0, 2)];

#[test]
fn questions_with_right_answers_are_told_in_per_cent() {
    assert_eq!(
        knowledge(LEARNT),
        "Right answers rose: from 54% to 80% (26 percentage points, 95% interval 11 to 41; 50 matched learners)."
    );
    let forgotten: Vec<_> = LEARNT.iter().map(|&(before, after, count)| (after, before, count)).collect();
    assert_eq!(
        knowledge(&forgotten),
        "Right answers fell: from 80% to 54% (−26 percentage points, 95% interval −41 to −11; 50 matched learners)."
    );
    assert_eq!(
        knowledge(&[(0, 1, 3), (1, 0, 2), (1, 1, 5)]),
        "Right answers show no clear change: from 70% to 80% (10 percentage points, 95% interval −43 to 63; 10 matched \
         learners)."
    );
    assert_eq!(
        knowledge(&[(1, 1, 6)]),
        "Right answers stayed the same: from 100% to 100% (0 percentage points, no interval can be given: every \
         learner changed by the same amount; 6 matched learners)."
    );
    assert_eq!(
        knowledge(&[(1, 0, 1)]),
        "Right answers fell: from 100% to 0% (−100 percentage points, no interval can be given: at least two learners \
         are needed; 1 matched learner)."
    );
    assert_eq!(knowledge(&[]), "No gain in knowledge can be given: nobody answered both times.");
}

#[test]
fn only_questions_with_right_answers_are_told_in_per_cent_and_their_sessions_are_named_too() {
    let answers = histogram(Scale::WRONG_OR_RIGHT, LEARNT);
    let confidence = gain_sentence(&ItemLine::of(&answers, None, None), Subject::Confidence);
    assert!(confidence.starts_with("Confidence rose by 0.26 points on the 0 to 1 scale"), "{confidence}");
    let mut sessions = SessionList::beside(&answers);
    sessions.add(1, SessionSums { n: 25, s1: 9, s2: 9 });
    sessions.add(2, SessionSums { n: 25, s1: 4, s2: 8 });
    let sentence = gain_sentence(&ItemLine::of(&answers, Some(&sessions), None), Subject::Knowledge);
    assert!(sentence.ends_with("50 matched learners in 2 sessions)."), "{sentence}");
}

#[test]
fn a_fall_without_an_interval_is_a_fall() {
    assert_eq!(
        gain(&[(3, 1, 1)]),
        "Confidence fell by 2.00 points on the 1 to 5 scale (1 matched learner; no interval can be given: at least two \
         learners are needed)."
    );
}

#[test]
fn a_change_too_small_for_two_digits_is_not_called_nought() {
    assert_eq!(
        gain(&[(3, 4, 4), (3, 3, 996)]),
        "Confidence rose by less than 0.01 points on the 1 to 5 scale (95% interval 0.00 to 0.01; 1,000 matched \
         learners)."
    );
    assert!(gain(&[(3, 4, 5), (3, 3, 995)]).starts_with("Confidence rose by 0.01 points"));
}

#[test]
fn one_learner_is_not_learners() {
    let one = line(&[(1, 2, 1)]);
    assert_eq!(shares_sentence(&one), "1 of 1 learner improved, 0 stayed the same and 0 declined.");
    let two = line(&[(3, 4, 1), (4, 3, 1)]);
    assert_eq!(shares_sentence(&two), "1 of 2 learners improved, 0 stayed the same and 1 declined.");
}

#[test]
fn who_answered_only_once_is_told_in_every_case() {
    assert_eq!(matching_sentence(&line(&[])), "Nobody has answered yet.");
    assert_eq!(matching_sentence(&line(RISE)), "Everyone who answered did so both before and after.");
    let mut only_after = histogram(Scale::ONE_TO_FIVE, RISE);
    only_after.add_answers(None, Some(4), 12).unwrap();
    assert_eq!(
        matching_sentence(&ItemLine::of(&only_after, None, None)),
        "80% of those who answered did so both times; only they are counted."
    );
}

#[test]
fn what_cannot_be_computed_says_why() {
    let same = line(&[(3, 3, 6)]);
    assert_eq!(
        effect_size_sentence(&same),
        "No standardised gain can be given: the answers before have no spread, nor have those after."
    );
    assert_eq!(p_sentence(&same), "No test can be made: nobody's answer changed.");
    assert_eq!(room_sentence(&line(&[])), "Nobody answered both before and after.");
}

#[test]
fn the_test_is_called_exact_only_where_it_is() {
    let many = line(&[(2, 3, 150), (3, 2, 20)]);
    assert_eq!(
        p_sentence(&many),
        "A change like this would be rare if nothing had changed (p < 0.001, signed rank test)."
    );
}

#[test]
fn a_group_that_fell_used_no_room_and_one_that_stayed_used_none_of_it() {
    let fell = room_sentence(&line(&[(4, 2, 5), (3, 3, 2)]));
    assert!(fell.ends_with("before. The group fell, so it used none of the room it had to rise."), "{fell}");
    let stayed = room_sentence(&line(&[(3, 3, 4)]));
    assert!(stayed.ends_with("before. The group used 0% of the room it had to rise."), "{stayed}");
}

fn standing(z: Figure) -> CourseStanding {
    CourseStanding {
        n: 20,
        mean: Ok(0.5),
        standard_error: Ok(0.1),
        funnel_z: z,
        outside_95: z.map(|z| z.abs() > 1.96),
        outside_998: z.map(|z| z.abs() > 3.09),
        weight: Ok(0.5),
        shrunk_mean: Ok(0.5),
    }
}

#[test]
fn a_course_stands_above_or_below_only_by_more_than_chance() {
    let words = |z| standing_words(&standing(Ok(z)));
    assert_eq!(words(4.0), "Above the average by more than chance");
    assert_eq!(words(-4.0), "Below the average by more than chance");
    assert_eq!(words(2.5), "Perhaps above the average: one average course in twenty lies this far out");
    assert_eq!(words(-2.5), "Perhaps below the average: one average course in twenty lies this far out");
    assert_eq!(words(1.0), "Cannot be told apart from the average");
    assert_eq!(standing_words(&standing(Err(Undefined::NoLearners))), "Nothing to compare with");
}

#[test]
fn a_comparison_counts_those_that_differ_and_those_that_do_not() {
    let sentence = |z_values: &[f64]| {
        comparison_sentence(&CourseComparison {
            grand_mean: Ok(0.61),
            courses_answered: z_values.len(),
            courses: z_values.iter().map(|&z| standing(Ok(z))).collect(),
            ..CourseComparison::of(&[])
        })
    };
    let caution = "courses also differ in whom they are for and where their people start.";
    assert_eq!(
        sentence(&[0.5, -1.0, 2.5, 4.0]),
        format!(
            "2 of 4 courses cannot be told apart from the average gain of +0.61 points. 1 differs from it by more than chance would explain; {caution}"
        )
    );
    assert!(sentence(&[0.5]).contains("None differs from it by more than chance would explain"));
    assert!(sentence(&[4.0, -4.0, 5.0]).contains("3 differ from it by more than chance would explain"));
    let nothing = comparison_sentence(&CourseComparison::of(&[]));
    assert_eq!(nothing, "There are not enough courses with answers to compare.");
}

#[test]
fn every_flag_has_a_sentence_of_its_own() {
    assert!(flag_sentence(Flag::Ceiling).starts_with("More than 15% were at the top"));
    assert!(flag_sentence(Flag::FewSessions).starts_with("Fewer than five sessions"));
    assert!(flag_sentence(Flag::Unmatched).starts_with("Some learners answered only once"));
    assert!(flag_sentence(Flag::NoSpread).starts_with("Every learner changed by the same amount"));
}

#[test]
fn figures_have_two_digits_a_true_minus_and_a_dash_for_nothing() {
    let none = Err(Undefined::NoLearners);
    assert_eq!(
        (figure_words(none), signed_figure_words(none), share_words(none)),
        ("–".into(), "–".into(), "–".into())
    );
    for (figure, plain, signed) in [
        (0.0, "0.00", "0.00"),
        (0.5, "0.50", "+0.50"),
        (-0.5, "−0.50", "−0.50"),
        (0.001, "0.00", "0.00"),
        (-0.001, "0.00", "0.00"),
        (-9.99, "−9.99", "−9.99"),
    ] {
        assert_eq!((figure_words(Ok(figure)).as_str(), signed_figure_words(Ok(figure)).as_str()), (plain, signed));
    }
    for (share, words) in
        [(0.0, "0%"), (0.004, "under 1%"), (0.01, "1%"), (0.5, "50%"), (0.99, "99%"), (0.996, "over 99%")]
    {
        assert_eq!(share_words(Ok(share)), words);
    }
    for (p, words) in [(0.001, "p = 0.001"), (0.000_9, "p < 0.001"), (0.999, "p = 0.999"), (0.999_1, "p > 0.999")] {
        assert_eq!(p_words(p), words);
    }
    for (count, words) in [(999, "999"), (1_000, "1,000"), (15_204, "15,204"), (1_000_004, "1,000,004")] {
        assert_eq!(thousands(count), words);
    }
}

#[test]
fn the_customary_level_itself_is_not_rare() {
    let at_the_level = ItemLine { p: Ok(0.05), ..line(RISE) };
    assert!(p_sentence(&at_the_level).starts_with("A change like this could well be chance (p = 0.050"));
}
