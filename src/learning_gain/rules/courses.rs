//! Several courses side by side, without ever ranking them: which gains survive testing many at once, which courses
//! cannot be told apart from the average, and what is left of a lucky mean from few learners.

use super::tails::NORMAL_975;
use super::{Figure, SessionSums, Undefined};

/// The funnel's inner limit: 95% of courses that are average stay inside (Spiegelhalter 2005).
pub const FUNNEL_95: f64 = NORMAL_975;
/// The funnel's outer limit: 99.8% of them do. The 99.9% point of the normal distribution.
pub const FUNNEL_998: f64 = 3.090_232_306_167_813;

/// Benjamini and Hochberg (1995): q-values that control the share of false findings over the defined p-values.
/// Undefined ones stay as they are and do not count as tests.
pub fn benjamini_hochberg(p_values: &[Figure]) -> Vec<Figure> {
    let mut tests: Vec<(usize, f64)> =
        p_values.iter().enumerate().filter_map(|(place, p)| p.ok().map(|p| (place, p))).collect();
    tests.sort_by(|left, right| right.1.total_cmp(&left.1));
    let mut adjusted = p_values.to_vec();
    let m = tests.len();
    let mut smallest = 1.0_f64;
    for (from_largest, &(place, p)) in tests.iter().enumerate() {
        let rank = m - from_largest;
        smallest = smallest.min(p * m as f64 / rank as f64);
        adjusted[place] = Ok(smallest);
    }
    adjusted
}

/// How a course stands in the funnel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CourseStanding {
    /// Matched learners.
    pub n: u64,
    /// Mean gain, in points.
    pub mean: Figure,
    /// √v, v = pooled within-course variance / n (Spiegelhalter 2005).
    pub standard_error: Figure,
    /// (mean − grand mean)/standard error.
    pub funnel_z: Figure,
    /// Outside the 95% limits.
    pub outside_95: Figure<bool>,
    /// Outside the 99.8% limits.
    pub outside_998: Figure<bool>,
    /// B = τ²/(τ² + v), 0 to 1: how much of the course's own mean is believed.
    pub weight: Figure,
    /// μ + B·(mean − μ), in points: the best guess of the course's true gain.
    pub shrunk_mean: Figure,
}

/// The comparison of all courses.
#[derive(Debug, Clone, PartialEq)]
pub struct CourseComparison {
    /// Matched learners in all courses.
    pub n: u64,
    /// Courses with at least one matched learner.
    pub courses_answered: usize,
    /// Pooled standard deviation within courses, in points.
    pub pooled_sd: Figure,
    /// Mean over all learners, in points.
    pub grand_mean: Figure,
    /// Cochran's Q (1954): Σ wᵢ·(meanᵢ − fixed-effects mean)².
    pub q: Figure,
    /// Variance between courses, in points squared, at least 0 (DerSimonian and Laird 1986).
    pub tau2: Figure,
    /// Random-effects mean, in points.
    pub mu: Figure,
    /// Share of the variation that lies between courses, 0 to 1 (Higgins and Thompson 2002).
    pub i2: Figure,
    /// One standing per course, in the order given.
    pub courses: Vec<CourseStanding>,
}

impl CourseComparison {
    /// Compares courses by their sums of gains. The order of courses does not matter to any figure beyond the last
    /// rounding.
    pub fn of(courses: &[SessionSums]) -> Self {
        let answered: Vec<SessionSums> = courses.iter().copied().filter(|course| course.n > 0).collect();
        let mut total = SessionSums::default();
        answered.iter().for_each(|&course| total.add(course));
        let pooled = pooled_variance(&answered, total.n);
        let between = pooled.map(|variance| Between::of(&answered, variance));
        let grand_mean = pooled.and(total.mean());
        let standing = |&course: &SessionSums| standing(course, pooled, grand_mean, between);
        Self {
            n: total.n,
            courses_answered: answered.len(),
            pooled_sd: pooled.map(f64::sqrt),
            grand_mean,
            q: between.map(|between| between.q),
            tau2: between.map(|between| between.tau2),
            mu: between.map(|between| between.mu),
            i2: between.map(|between| between.i2),
            courses: courses.iter().map(standing).collect(),
        }
    }
}

/// Variance of the gains within courses, N − K degrees of freedom.
fn pooled_variance(answered: &[SessionSums], n: u64) -> Figure {
    let freedom = n - answered.len() as u64;
    let squares: f64 = answered
        .iter()
        .map(|course| (i128::from(course.n) * course.s2 - course.s1 * course.s1) as f64 / course.n as f64)
        .sum();
    if answered.len() < 2 || freedom == 0 || squares == 0.0 {
        return Err(Undefined::NeedsTwoCoursesAndWithinVariance);
    }
    Ok(squares / freedom as f64)
}

#[derive(Clone, Copy)]
struct Between {
    q: f64,
    tau2: f64,
    mu: f64,
    i2: f64,
}

impl Between {
    /// DerSimonian and Laird's moment estimate, with vᵢ = s²/nᵢ and weights 1/vᵢ.
    fn of(answered: &[SessionSums], variance: f64) -> Self {
        let mean = |course: &SessionSums| course.s1 as f64 / course.n as f64;
        let weights: Vec<f64> = answered.iter().map(|course| course.n as f64 / variance).collect();
        let sum: f64 = weights.iter().sum();
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        let fixed_mean = weights.iter().zip(answered).map(|(weight, course)| weight * mean(course)).sum::<f64>() / sum;
        let q: f64 =
            weights.iter().zip(answered).map(|(weight, course)| weight * (mean(course) - fixed_mean).powi(2)).sum();
        let freedom = (answered.len() - 1) as f64;
        let tau2 = ((q - freedom) / (sum - squares / sum)).max(0.0);
        let random: Vec<f64> = answered.iter().map(|course| 1.0 / (tau2 + variance / course.n as f64)).collect();
        let mu = random.iter().zip(answered).map(|(weight, course)| weight * mean(course)).sum::<f64>()
            / random.iter().sum::<f64>();
        let i2 = if q > freedom { (q - freedom) / q } else { 0.0 };
        Self { q, tau2, mu, i2 }
    }
}

fn standing(course: SessionSums, pooled: Figure, grand_mean: Figure, between: Figure<Between>) -> CourseStanding {
    let mean = course.mean();
    let variance = mean.and(pooled).map(|variance| variance / course.n as f64);
    let funnel_z = variance.and_then(|variance| Ok((mean? - grand_mean?) / variance.sqrt()));
    let weight = variance.and_then(|variance| between.map(|between| between.tau2 / (between.tau2 + variance)));
    CourseStanding {
        n: course.n,
        mean,
        standard_error: variance.map(f64::sqrt),
        funnel_z,
        outside_95: funnel_z.map(|z| z.abs() > FUNNEL_95),
        outside_998: funnel_z.map(|z| z.abs() > FUNNEL_998),
        weight,
        shrunk_mean: weight.and_then(|weight| Ok(between?.mu + weight * (mean? - between?.mu))),
    }
}

/// The funnel's limits for a course of `n` learners around `grand_mean`, in points: for drawing.
pub fn funnel_limits(grand_mean: f64, pooled_sd: f64, n: u64, limit: f64) -> super::Interval {
    let half = limit * pooled_sd / (n.max(1) as f64).sqrt();
    super::Interval { low: grand_mean - half, high: grand_mean + half }
}
