//! Gains measured against the room that was there.

use std::collections::BTreeMap;

use super::{Figure, JointHistogram, PairSums, Undefined};

/// Normalised gains, without unit. The .3 and .7 thresholds known from physics teaching do not apply to confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct NormalisedGain {
    /// (mean after − mean before)/(max − mean before), of the class (Hake 1998): the share of the room that was used.
    /// May be negative, and below −1.
    pub hake_g: Figure,
    /// Mean of each learner's normalised change (Marx and Cummings 2007): gain/(max − before), loss/(before − min), 0
    /// if equal, dropped if equal at an end. −1 to 1.
    pub marx_cummings_c: Figure,
    /// Learners in that mean.
    pub marx_cummings_n: u64,
}

impl NormalisedGain {
    /// Computes them.
    pub fn of(histogram: &JointHistogram) -> Self {
        let sums = PairSums::of(histogram);
        let some = if sums.n == 0 { Err(Undefined::NoLearners) } else { Ok(()) };
        let room = i128::from(sums.n) * i128::from(histogram.scale().max()) - sums.before;
        let (changes, kept) = normalised_changes(histogram);
        Self {
            hake_g: some.and_then(|()| {
                if room == 0 { Err(Undefined::MeanBeforeAtMax) } else { Ok(sums.gain() as f64 / room as f64) }
            }),
            marx_cummings_c: some
                .and_then(|()| if kept == 0 { Err(Undefined::AllDropped) } else { Ok(changes / kept as f64) }),
            marx_cummings_n: kept,
        }
    }
}

/// The sum of the learners' normalised changes, and how many were kept. Numerators are added as integers per
/// denominator, so that large gains and losses cancel exactly.
fn normalised_changes(histogram: &JointHistogram) -> (f64, u64) {
    let (min, max) = (histogram.scale().min(), histogram.scale().max());
    let mut numerators: BTreeMap<i32, i128> = BTreeMap::new();
    let mut kept = 0;
    for cell in histogram.cells() {
        let change = cell.after - cell.before;
        let room = match change {
            0 if cell.before == min || cell.before == max => continue,
            0 => 1,
            _ if change > 0 => max - cell.before,
            _ => cell.before - min,
        };
        kept += cell.count;
        *numerators.entry(room).or_default() += i128::from(change) * i128::from(cell.count);
    }
    (numerators.iter().map(|(&room, &sum)| sum as f64 / f64::from(room)).sum(), kept)
}
