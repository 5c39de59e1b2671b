//! The sentences, word for word.

use super::super::sentence::{
    Subject, effect_size_sentence, gain_sentence, managers_sentence, matching_sentence, p_sentence, p_words,
    room_sentence, share_words, shares_sentence,
};
use super::super::{ItemLine, JointHistogram, Scale, SessionList, SessionSums, Undefined, mean_interval};
use super::histogram;

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
    let mut sessions = SessionList::default();
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
