//! Parts beside their total: each part, and what is left when the shown parts are taken away, is nobody or at least
//! five people.

use super::is_countable;

/// What is shown of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// The places, in the given order, of the parts that are shown by themselves.
    pub shown: Vec<usize>,
    /// The places of the parts that are shown only together, as "Other".
    pub together: Vec<usize>,
}

/// Decides which parts are shown by themselves, given the people in each and in the total (which can have people in
/// none of the parts). Small parts go together; while the rest is still one to four people, the smallest shown part
/// joins it. None when nothing can be shown beside the total.
pub fn decide_breakdown(parts: &[u64], total: u64) -> Option<Breakdown> {
    if !is_countable(total) {
        return None;
    }
    let mut shown: Vec<usize> = (0..parts.len()).filter(|&place| is_countable(parts[place])).collect();
    let mut together: Vec<usize> = (0..parts.len()).filter(|&place| !is_countable(parts[place])).collect();
    loop {
        let people: u64 = shown.iter().map(|&place| parts[place]).sum();
        let rest = total.checked_sub(people)?;
        let in_parts: u64 = together.iter().map(|&place| parts[place]).sum();
        // "Other" is shown with its number, so what is in no part at all can be had by subtraction too.
        let in_no_part = rest.checked_sub(in_parts)?;
        if is_countable(rest) && is_countable(in_parts) && is_countable(in_no_part) {
            break;
        }
        let smallest = shown.iter().copied().filter(|&place| parts[place] > 0).min_by_key(|&place| parts[place])?;
        shown.retain(|&place| place != smallest);
        together.push(smallest);
    }
    if shown.iter().all(|&place| parts[place] == 0) {
        return None;
    }
    together.sort_unstable();
    Some(Breakdown { shown, together })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_part_takes_the_smallest_large_one_with_it() {
        let breakdown = decide_breakdown(&[20, 3, 7, 0], 30).unwrap();
        assert_eq!(breakdown, Breakdown { shown: vec![0, 3], together: vec![1, 2] });
        assert_eq!(decide_breakdown(&[20, 3, 2], 25).unwrap().together, [1, 2]);
        assert_eq!(decide_breakdown(&[3], 3), None);
        assert_eq!(decide_breakdown(&[6, 3], 9), None, "either both or none");
    }

    proptest! {
        /// Whoever knows the total and every shown number, and adds and subtracts them as they like, finds nobody
        /// or at least five: checked over every subset of what is shown.
        #[test]
        fn no_sum_or_difference_of_what_is_shown_is_one_to_four(
            parts in prop::collection::vec(0_u64..12, 1..6), outside in 0_u64..8,
        ) {
            let total = parts.iter().sum::<u64>() + outside;
            let Some(breakdown) = decide_breakdown(&parts, total) else { return Ok(()) };
            let mut cells: Vec<u64> = breakdown.shown.iter().map(|&place| parts[place]).collect();
            cells.push(breakdown.together.iter().map(|&place| parts[place]).sum());
            for choice in 0..1_u32 << cells.len() {
                let chosen: u64 =
                    (0..cells.len()).filter(|cell| choice >> cell & 1 == 1).map(|cell| cells[cell]).sum();
                prop_assert!(is_countable(chosen), "{parts:?} of {total}: {breakdown:?}");
                prop_assert!(is_countable(total - chosen), "{parts:?} of {total}: {breakdown:?}");
            }
        }
    }
}
