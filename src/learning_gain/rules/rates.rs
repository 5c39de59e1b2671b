//! Shares with their intervals.

use super::tails::NORMAL_975;
use super::{Figure, Interval, Undefined};

/// Wilson's 95% score interval (1927) of a share, 0 to 1: stays inside it, and holds for few learners too.
///
/// # Errors
/// [`Undefined::NoLearners`] when `of` is 0. `count` above `of` is read as all of them.
pub fn wilson_interval(count: u64, of: u64) -> Figure<Interval> {
    if of == 0 {
        return Err(Undefined::NoLearners);
    }
    let n = of as f64;
    let share = count.min(of) as f64 / n;
    let z2 = NORMAL_975 * NORMAL_975;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = NORMAL_975 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    Ok(Interval {
        low: if count == 0 { 0.0 } else { (centre - half).max(0.0) },
        high: if count >= of { 1.0 } else { (centre + half).min(1.0) },
    })
}
