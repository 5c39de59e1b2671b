//! Tails and quantiles of the distributions, accurate in relative terms down to the smallest p-value.
//!
//! A p-value is always a survival function here, never 1 − cdf (which has no digits left below 1e-16). Logarithms are
//! kept where the p-value itself would underflow. statrs supplies the chi-squared tail; its Student t loses digits
//! above 10⁵ degrees of freedom and its quantile does not return at 2·10⁷, so t is integrated here directly.

use std::f64::consts::{FRAC_PI_2, LN_2, LN_10, PI, SQRT_2};
use std::sync::LazyLock;

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The 97.5 % point of the normal distribution (NIST Handbook 1.3.6.7.1), to all digits of an `f64`.
pub const NORMAL_975: f64 = 1.959_963_984_540_054;

/// ln(√(2π)), from Stirling's formula.
const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

/// Two-sided p-value of a standard normal `z`: erfc(|z|/√2). Between 0 and 1.
pub fn normal_two_sided_p(z: f64) -> f64 {
    libm::erfc(z.abs() / SQRT_2).min(1.0)
}

/// log₁₀ of [`normal_two_sided_p`], finite for every finite `z`.
pub fn normal_two_sided_log10_p(z: f64) -> f64 {
    /// erfc(25) is about 1e-273, still a normal number; beyond, the expansion has all digits.
    const EXPAND_FROM: f64 = 25.0;
    let x = z.abs() / SQRT_2;
    if x < EXPAND_FROM {
        return libm::erfc(x).min(1.0).log10();
    }
    // Abramowitz and Stegun 7.1.23.
    let u = 1.0 / (2.0 * x * x);
    let series = 1.0 - u * (1.0 - 3.0 * u * (1.0 - 5.0 * u * (1.0 - 7.0 * u)));
    (-x * x - (x * PI.sqrt()).ln() + series.ln()) / LN_10
}

/// The standard normal distribution function, for the bootstrap's bias correction.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// The standard normal quantile of `p`, which must lie strictly between 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    -SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p)
}

/// Upper tail of chi squared. `chi2` at least 0 and finite, `df` at least 1.
pub fn chi_squared_p(chi2: f64, df: u32) -> f64 {
    /// ln of the smallest positive number; the tail is below exp(−chi2/2 + df·ln chi2).
    const LN_SMALLEST: f64 = -745.0;
    if df == 1 {
        return normal_two_sided_p(chi2.sqrt());
    }
    let half_df = f64::from(df) / 2.0;
    if -chi2 / 2.0 + half_df * chi2.max(1.0).ln() < LN_SMALLEST {
        return 0.0;
    }
    ChiSquared::new(f64::from(df)).map_or(1.0, |chi_squared| chi_squared.sf(chi2).clamp(0.0, 1.0))
}

/// Natural logarithm of the two-sided p-value of Student's `t` with `df` degrees of freedom (at least 1, tried up to
/// 10¹²).
///
/// p = 2·f(|t|)·∫₀^∞ f(|t|+s)/f(|t|) ds, f the density. The integrand starts at 1 and falls, which keeps every digit
/// in the far tail; the double-exponential rule of Takahasi and Mori (1974) integrates it.
pub fn student_two_sided_ln_p(t: f64, df: f64) -> f64 {
    let t = t.abs();
    if t == 0.0 {
        return 0.0;
    }
    student_ln_p_of(t, df, student_tail_over_density(t, df)).min(0.0)
}

/// ln p from the tail over the density at `t`.
fn student_ln_p_of(t: f64, df: f64, tail_over_density: f64) -> f64 {
    LN_2 + student_ln_density(t, df) + tail_over_density.ln()
}

/// ln of the density: ln(Γ((v+1)/2) / (Γ(v/2)·√(vπ))) − (v+1)/2 · ln(1 + t²/v).
fn student_ln_density(t: f64, df: f64) -> f64 {
    ln_gamma_step(df / 2.0) - 0.5 * (df * PI).ln() - (df + 1.0) / 2.0 * (t / df * t).ln_1p()
}

/// With this step the rule agrees with 40-digit arithmetic to 1e-13 over the whole range.
const STEP: f64 = 1.0 / 32.0;
/// exp(π/2·sinh 4) is 4e18: what lies beyond is below the last digit even for the tail of one degree of freedom.
const STEPS: i32 = 4 * 32;

/// Where the rule looks, as (exp(π/2·sinh x), cosh x): the same 257 places for every t and every number of degrees of
/// freedom, and three quarters of the work.
pub(super) static NODES: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    let node = |step| {
        let x = f64::from(step) * STEP;
        ((FRAC_PI_2 * x.sinh()).exp(), x.cosh())
    };
    (-STEPS..=STEPS).map(node).collect()
});

/// ∫₀^∞ f(t+s)/f(t) ds by the substitution s = width·exp(π/2·sinh x).
fn student_tail_over_density(t: f64, df: f64) -> f64 {
    let shape = (df + 1.0) / 2.0;
    let spread = df + t * t;
    // How far the integrand reaches: exponential decay where t is large, a normal curve where it is small.
    let width = (spread / ((df + 1.0) * t)).min((spread / (df + 1.0)).sqrt());
    let mut sum = 0.0;
    for &(scaled, cosh) in NODES.iter() {
        let s = width * scaled;
        let ratio = (-shape * (s * (2.0 * t + s) / spread).ln_1p()).exp();
        // It only falls, and there is nothing below nought.
        if ratio == 0.0 {
            break;
        }
        sum += ratio * scaled * cosh;
    }
    sum * STEP * FRAC_PI_2 * width
}

/// The 97.5 % point of Student's t with `df` degrees of freedom (at least 1): what an interval is wide by.
pub fn student_975(df: f64) -> f64 {
    /// From here the expansion is exact to 8e-13 (measured against 50-digit arithmetic).
    const EXPANSION_SUFFICES_FROM: f64 = 1_000.0;
    /// Newton's steps from the expansion at most; the fourth no longer changes anything.
    const NEWTON_STEPS: usize = 6;
    let start = student_975_expanded(df);
    if df >= EXPANSION_SUFFICES_FROM {
        return start;
    }
    // Newton on ln p as a function of ln t, which is nearly a straight line even for one degree of freedom.
    let target = 0.05_f64.ln();
    let mut ln_t = start.ln();
    for _ in 0..NEWTON_STEPS {
        let t = ln_t.exp();
        let tail = student_tail_over_density(t, df);
        let next = ln_t + (student_ln_p_of(t, df, tail) - target) * tail / t;
        if next == ln_t {
            break;
        }
        ln_t = next;
    }
    ln_t.exp()
}

/// Cornish–Fisher expansion of the quantile in 1/df (Abramowitz and Stegun 26.7.5), three terms.
fn student_975_expanded(df: f64) -> f64 {
    let z = NORMAL_975;
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * df)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * df * df)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * df * df * df)
}

/// ln(Γ(a + ½)/Γ(a)) for a > 0, without the cancellation of two large logarithms.
///
/// Stepped up to 20 with Γ(a+1) = aΓ(a), then the asymptotic series of the ratio (Tricomi and Erdélyi 1951).
pub fn ln_gamma_step(a: f64) -> f64 {
    /// Here the series' first omitted term is below 1e-15.
    const SERIES_FROM: f64 = 20.0;
    let mut shifted = a;
    let mut product = 1.0;
    while shifted < SERIES_FROM {
        product *= shifted / (shifted + 0.5);
        shifted += 1.0;
    }
    let r = 1.0 / shifted;
    let r2 = r * r;
    let series = r * (-1.0 / 8.0 + r2 * (1.0 / 192.0 + r2 * (-1.0 / 640.0 + r2 * (17.0 / 14_336.0))));
    0.5 * shifted.ln() + series + product.ln()
}

/// Exact two-sided p-value of `smaller` against `larger` when each trial falls either way with probability ½:
/// min(1, 2·P(X ≤ smaller)), X binomial with n = smaller + larger. The sign test, and McNemar's exact test.
pub fn fair_coin_two_sided_p(smaller: u64, larger: u64) -> f64 {
    let (k, n) = (smaller as f64, (smaller + larger) as f64);
    if smaller >= larger {
        return 1.0;
    }
    let sum: f64 = tail_over_last_term(k, n).sum();
    (2.0 * fair_coin_probability(k, n) * sum).min(1.0)
}

/// The terms of P(X ≤ k)/P(X = k) = 1 + k/(n−k+1) + k(k−1)/((n−k+1)(n−k+2)) + … for n fair coins and k < n/2, the
/// largest first: all are positive, so none cancels. Their logarithms fall at least like those of a normal curve of
/// width √n/2, so that fewer than 5·√n of them matter, however many coins there are.
pub(super) fn tail_over_last_term(k: f64, n: f64) -> impl Iterator<Item = f64> {
    /// Terms this small against the first no longer change the sum.
    const NEGLIGIBLE: f64 = 1e-17;
    let next = move |&(term, i): &(f64, f64)| {
        let term = term * (k - i) / (n - k + 1.0 + i);
        (term > NEGLIGIBLE).then_some((term, i + 1.0))
    };
    std::iter::successors(Some((1.0, 0.0)), next).map(|(term, _)| term)
}

/// P(X = k) for n fair coins by Loader's saddle point (2000), which has no cancellation for large n.
fn fair_coin_probability(k: f64, n: f64) -> f64 {
    if k == 0.0 {
        return (-n * LN_2).exp();
    }
    let half = n / 2.0;
    let exponent =
        stirling_error(n) - stirling_error(k) - stirling_error(n - k) - deviance(k, half) - deviance(n - k, half);
    (n / (2.0 * PI * k * (n - k))).sqrt() * exponent.exp()
}

/// ln n! minus Stirling's formula for it.
fn stirling_error(n: f64) -> f64 {
    /// Here the series' first omitted term, 1/(1188·n⁹), is below 1e-15.
    const SERIES_FROM: f64 = 25.0;
    if n < SERIES_FROM {
        return libm::lgamma(n + 1.0) - (n + 0.5) * n.ln() + n - LN_SQRT_2PI;
    }
    let r2 = 1.0 / (n * n);
    (1.0 / 12.0 - r2 * (1.0 / 360.0 - r2 * (1.0 / 1_260.0 - r2 / 1_680.0))) / n
}

/// Loader's bd0: x·ln(x/mean) + mean − x, with a series where the two nearly cancel.
fn deviance(x: f64, mean: f64) -> f64 {
    let v = (x - mean) / (x + mean);
    if v.abs() >= 0.1 {
        return x * (x / mean).ln() + mean - x;
    }
    let mut sum = (x - mean) * v;
    let mut power = 2.0 * x * v;
    let mut odd = 3.0;
    loop {
        power *= v * v;
        let next = sum + power / odd;
        if next == sum {
            return sum;
        }
        sum = next;
        odd += 2.0;
    }
}

/// The exact correction of a standardised effect for small samples (Hedges 1981): Γ(df/2)/(√(df/2)·Γ((df−1)/2)).
/// `df` at least 2.
pub fn hedges_factor(df: f64) -> f64 {
    (ln_gamma_step((df - 1.0) / 2.0) - 0.5 * (df / 2.0).ln()).exp()
}
