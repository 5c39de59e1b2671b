//! Means, spreads and Student's paired t-test (1908), from exact integer sums.

use std::f64::consts::LN_10;

use super::tails::{student_975, student_two_sided_ln_p};
use super::{Figure, JointHistogram, Undefined};

/// A lower and an upper end, in the unit of the figure that they enclose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Whether 0 lies inside or at an end: then the data do not tell a rise from a fall.
    pub fn contains_zero(self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }

    /// The same interval in another unit.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }
}

/// Exact sums over the matched learners: x before, y after, d = y − x. Every moment comes from these integers, so the
/// order of learners cannot matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PairSums {
    /// Matched learners.
    pub n: u64,
    /// Σx
    pub before: i128,
    /// Σx²
    pub before_squares: i128,
    /// Σy
    pub after: i128,
    /// Σy²
    pub after_squares: i128,
    /// Σxy
    pub products: i128,
}

impl PairSums {
    /// Sums over the cells of a histogram.
    pub fn of(histogram: &JointHistogram) -> Self {
        let mut sums = Self::default();
        for cell in histogram.cells() {
            let (x, y) = (i64::from(cell.before), i64::from(cell.after));
            let times = |product: i64| i128::from(cell.count) * i128::from(product);
            sums.n += cell.count;
            sums.before += times(x);
            sums.before_squares += times(x * x);
            sums.after += times(y);
            sums.after_squares += times(y * y);
            sums.products += times(x * y);
        }
        sums
    }

    /// S1 = Σd
    pub fn gain(&self) -> i128 {
        self.after - self.before
    }

    /// S2 = Σd²
    pub fn gain_squares(&self) -> i128 {
        self.after_squares - 2 * self.products + self.before_squares
    }
}

/// Student's 95% interval (1908) of the mean of single answers, (value, how many) each: mean ∓ t₀.₉₇₅·s/√n, in points.
///
/// # Errors
/// [`Undefined`] without answers, or with only one.
pub fn mean_interval(answers: &[(i32, u64)]) -> Figure<Interval> {
    let n: u64 = answers.iter().map(|(_, count)| count).sum();
    match n {
        0 => return Err(Undefined::NoLearners),
        1 => return Err(Undefined::FewerThanTwo),
        _ => {}
    }
    let weighed = |power: u32| -> i128 {
        answers.iter().map(|&(value, count)| i128::from(value).pow(power) * i128::from(count)).sum()
    };
    let count = n as f64;
    let mean = weighed(1) as f64 / count;
    let variance = scaled_variance(n, weighed(1), weighed(2)) as f64 / (count * (count - 1.0));
    let half = student_975(count - 1.0) * (variance / count).sqrt();
    Ok(Interval { low: mean - half, high: mean + half })
}

/// n·Σx² − (Σx)², an exact integer: n(n−1) times the variance.
fn scaled_variance(n: u64, sum: i128, squares: i128) -> i128 {
    i128::from(n) * squares - sum * sum
}

/// The paired moments, the t-test and its effect sizes. Points of the scale where not said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    /// Matched learners.
    pub n: u64,
    /// Mean before, of the matched.
    pub mean_before: Figure,
    /// Mean after, of the matched.
    pub mean_after: Figure,
    /// Mean of after − before.
    pub mean_gain: Figure,
    /// Standard deviation before.
    pub sd_before: Figure,
    /// Standard deviation after.
    pub sd_after: Figure,
    /// Standard deviation of after − before: √((n·S2 − S1²)/(n(n−1))).
    pub sd_gain: Figure,
    /// sd_gain/√n.
    pub se_gain: Figure,
    /// Pearson's correlation of before and after, −1 to 1.
    pub pearson_r: Figure,
    /// Student's t: mean/(sd/√n).
    pub t: Figure,
    /// n − 1.
    pub df: Figure<u64>,
    /// P(|T| ≥ |t|).
    pub p_two_sided: Figure,
    /// log₁₀ of it, which does not underflow.
    pub log10_p_t: Figure,
    /// mean ∓ t₀.₉₇₅·sd/√n. It takes learners as independent, which those of one session are not quite.
    pub ci95: Figure<Interval>,
    /// mean/sd of the gain (Lakens 2013, formula 6): for planning the size of a study, not for comparing courses.
    pub cohen_dz: Figure,
    /// d_z ∓ t₀.₉₇₅·√(1/n + d_z²/(2n)), as pingouin's `compute_esci`: an approximation.
    pub dz_ci95: Figure<Interval>,
    /// mean/√((s_before² + s_after²)/2) (Lakens 2013, formula 10): comparable between designs, the one to show.
    pub cohen_d_av: Figure,
}

impl Moments {
    /// Computes all of them. Never fails: a figure without an answer says why.
    pub fn of(histogram: &JointHistogram) -> Self {
        Self::of_sums(&PairSums::of(histogram))
    }

    /// The same from sums alone.
    pub fn of_sums(sums: &PairSums) -> Self {
        let n = sums.n;
        let count = n as f64;
        let variance_before = scaled_variance(n, sums.before, sums.before_squares) as f64;
        let variance_after = scaled_variance(n, sums.after, sums.after_squares) as f64;
        let variance_gain = scaled_variance(n, sums.gain(), sums.gain_squares()) as f64;

        let some = if n == 0 { Err(Undefined::NoLearners) } else { Ok(()) };
        let two = some.and(if n < 2 { Err(Undefined::FewerThanTwo) } else { Ok(()) });
        let gain_spread = two.and(if variance_gain == 0.0 { Err(Undefined::SdGainZero) } else { Ok(()) });
        let any_spread = two.and(if variance_before + variance_after == 0.0 {
            Err(Undefined::SdBeforeAndAfterZero)
        } else {
            Ok(())
        });
        let both_spreads = two.and(if variance_before == 0.0 || variance_after == 0.0 {
            Err(Undefined::SdBeforeOrAfterZero)
        } else {
            Ok(())
        });

        let mean = |sum: i128| sum as f64 / count;
        let sd = |scaled: f64| (scaled / (count * (count - 1.0))).sqrt();
        let mean_gain = mean(sums.gain());
        let se = sd(variance_gain) / count.sqrt();
        let t = sums.gain() as f64 * ((count - 1.0) / variance_gain).sqrt();
        let dz = mean_gain / sd(variance_gain);
        let ln_p = gain_spread.map(|()| student_two_sided_ln_p(t, count - 1.0));
        let quantile = gain_spread.map(|()| student_975(count - 1.0));
        let around = |centre: f64, half: f64| Interval { low: centre - half, high: centre + half };

        Self {
            n,
            mean_before: some.map(|()| mean(sums.before)),
            mean_after: some.map(|()| mean(sums.after)),
            mean_gain: some.map(|()| mean_gain),
            sd_before: two.map(|()| sd(variance_before)),
            sd_after: two.map(|()| sd(variance_after)),
            sd_gain: two.map(|()| sd(variance_gain)),
            se_gain: two.map(|()| se),
            pearson_r: both_spreads.map(|()| {
                let covariance = (i128::from(n) * sums.products - sums.before * sums.after) as f64;
                (covariance / (variance_before.sqrt() * variance_after.sqrt())).clamp(-1.0, 1.0)
            }),
            t: gain_spread.map(|()| t),
            df: two.map(|()| n - 1),
            p_two_sided: ln_p.map(f64::exp),
            log10_p_t: ln_p.map(|ln_p| ln_p / LN_10),
            ci95: quantile.map(|quantile| around(mean_gain, quantile * se)),
            cohen_dz: gain_spread.map(|()| dz),
            dz_ci95: quantile.map(|quantile| around(dz, quantile * (1.0 / count + dz * dz / (2.0 * count)).sqrt())),
            cohen_d_av: any_spread.map(|()| {
                let pooled = (variance_before + variance_after) / (2.0 * count * (count - 1.0));
                mean_gain / pooled.sqrt()
            }),
        }
    }
}
