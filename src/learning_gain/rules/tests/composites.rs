//! What must hold for totals over an instrument and for the agreement of its items, bit for bit.

use proptest::prelude::*;

use super::super::{AlphaSums, CompositeHistogram, ItemVersion, MergeError, Scale};

/// Statements of the instrument.
const ITEMS: usize = 3;
type Ratings = [i32; ITEMS];

fn scale() -> Scale {
    Scale::new(1, 5).unwrap()
}

fn no_totals() -> CompositeHistogram {
    CompositeHistogram::new(ItemVersion::new("instrument", 1), 3, scale()).unwrap()
}

fn no_sums() -> AlphaSums {
    AlphaSums::new(ItemVersion::new("instrument", 1), scale(), ITEMS)
}

fn totals(learners: &[(Ratings, Ratings)]) -> CompositeHistogram {
    let mut composite = no_totals();
    for (before, after) in learners {
        composite.add_totals(before.iter().sum(), after.iter().sum(), 1).unwrap();
    }
    composite
}

fn sums<'a>(ratings: impl IntoIterator<Item = &'a Ratings>) -> AlphaSums {
    let mut sums = no_sums();
    ratings.into_iter().for_each(|ratings| assert!(sums.add(ratings)));
    sums
}

fn learners() -> impl Strategy<Value = Vec<(Ratings, Ratings)>> {
    let ratings = || prop::array::uniform3(1..=5_i32);
    prop::collection::vec((ratings(), ratings()), 0..40)
}

proptest! {
    #[test]
    fn order_and_parts_of_totals_and_sums_do_not_matter((learners, cut, turn) in (learners(), 0..40_usize, 0..40_usize)) {
        let mut turned = learners.clone();
        turned.rotate_left(turn % learners.len().max(1));
        prop_assert_eq!(totals(&turned), totals(&learners));
        let before = |learners: &[(Ratings, Ratings)]| sums(learners.iter().map(|(before, _)| before));
        prop_assert_eq!(before(&turned), before(&learners));

        let (left, right) = learners.split_at(cut.min(learners.len()));
        let (mut all_totals, mut all_sums) = (totals(right), before(right));
        all_totals.merge(&no_totals()).unwrap();
        all_totals.merge(&totals(left)).unwrap();
        all_sums.merge(&no_sums()).unwrap();
        all_sums.merge(&before(left)).unwrap();
        prop_assert_eq!(&all_totals, &totals(&learners));
        prop_assert_eq!(&all_sums, &before(&learners));
        prop_assert_eq!(all_sums.alpha(), before(&learners).alpha());
    }

    #[test]
    fn a_learner_who_comes_and_goes_leaves_no_trace((learners, passing) in (learners(), prop::array::uniform3(1..=5_i32))) {
        let (mut visited, mut agreeing) = (totals(&learners), sums(learners.iter().map(|(_, after)| after)));
        let total = passing.iter().sum();
        visited.add_totals(total, 15, 1).unwrap();
        visited.remove_totals(total, 15, 1).unwrap();
        prop_assert_eq!(&visited, &totals(&learners));
        prop_assert!(agreeing.add(&passing) && agreeing.remove(&passing));
        prop_assert_eq!(&agreeing, &sums(learners.iter().map(|(_, after)| after)));
    }

    #[test]
    fn relabelling_turns_the_totals_round_and_leaves_the_agreement(learners in learners()) {
        let relabelled = |ratings: &Ratings| ratings.map(|rating| 6 - rating);
        let turned: Vec<_> = learners.iter().map(|(before, after)| (relabelled(before), relabelled(after))).collect();
        let (straight, turned_totals) = (totals(&learners), totals(&turned));
        prop_assert_eq!(turned_totals.totals(), &straight.totals().reversed());
        let alpha = |learners: &[(Ratings, Ratings)]| sums(learners.iter().map(|(_, after)| after)).alpha();
        prop_assert_eq!(alpha(&turned), alpha(&learners));
    }

    /// Alpha by its textbook formula, from the ratings themselves.
    #[test]
    fn the_agreement_is_that_of_the_ratings(learners in learners()) {
        let variance = |values: Vec<f64>| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
        };
        let Ok(alpha) = sums(learners.iter().map(|(before, _)| before)).alpha() else { return Ok(()) };
        let of = |item: usize| variance(learners.iter().map(|(before, _)| f64::from(before[item])).collect());
        let total = variance(learners.iter().map(|(before, _)| f64::from(before.iter().sum::<i32>())).collect());
        let expected = 1.5 * (1.0 - (of(0) + of(1) + of(2)) / total);
        prop_assert!((alpha - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{alpha}, expected {expected}");
    }
}

#[test]
fn totals_and_sums_of_other_instruments_do_not_add() {
    let wider = Scale::new(1, 10).unwrap();
    let new = |version, items, scale| CompositeHistogram::new(ItemVersion::new("instrument", version), items, scale);
    for (other, is_refused) in [
        (new(2, 3, scale()).unwrap(), |error: &MergeError| matches!(error, MergeError::DifferentItem { .. })),
        (new(1, 4, scale()).unwrap(), |error: &MergeError| matches!(error, MergeError::DifferentItemCount { .. })),
        (new(1, 3, wider).unwrap(), |error: &MergeError| matches!(error, MergeError::DifferentScale { .. })),
    ] as [(CompositeHistogram, fn(&MergeError) -> bool); 3]
    {
        assert!(is_refused(&no_totals().merge(&other).unwrap_err()), "{other:?}");
    }
    let new = |version, scale, items| AlphaSums::new(ItemVersion::new("instrument", version), scale, items);
    for other in [new(2, scale(), ITEMS), new(1, wider, ITEMS), new(1, scale(), ITEMS + 1)] {
        let mut sums = sums(&[[1, 2, 3], [2, 3, 4]]);
        let untouched = sums.clone();
        assert!(sums.merge(&other).is_err(), "{other:?}");
        assert_eq!(sums, untouched);
    }
}
