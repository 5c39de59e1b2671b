//! Tests on the square table of before by after: did more learners become confident than stopped being so, and did
//! the answers shift as a whole?

use super::tails::{chi_squared_p, fair_coin_two_sided_p};
use super::{Figure, JointHistogram, Undefined};

/// The most categories that the test of the whole shift is computed for: every value of a 0 to 100 scale.
pub const MOST_CATEGORIES: usize = 101;

/// McNemar's test (1947) of the learners who crossed a threshold. A rating at or above it is "confident".
#[derive(Debug, Clone, PartialEq)]
pub struct McNemar {
    /// The lowest confident rating.
    pub threshold: i32,
    /// Below before, at or above after.
    pub became_confident: u64,
    /// The reverse.
    pub lost_confidence: u64,
    /// (b − c)²/(b + c), without correction, one degree of freedom.
    pub chi2: Figure,
    /// Its upper tail.
    pub p: Figure,
    /// Exact binomial p on the discordant pairs: the one to show.
    pub p_exact: Figure,
}

impl McNemar {
    /// Computes it at a threshold.
    pub fn of(histogram: &JointHistogram, threshold: i32) -> Self {
        let crossing = |before_confident: bool| {
            histogram
                .cells()
                .filter(|cell| {
                    (cell.before >= threshold) == before_confident && (cell.after >= threshold) != before_confident
                })
                .map(|cell| cell.count)
                .sum::<u64>()
        };
        let (became, lost) = (crossing(false), crossing(true));
        let discordant = match (histogram.n(), became + lost) {
            (0, _) => Err(Undefined::NoLearners),
            (_, 0) => Err(Undefined::NoDiscordantPairs),
            _ => Ok(()),
        };
        let difference = became as f64 - lost as f64;
        let chi2 = difference * difference / (became as f64 + lost as f64);
        Self {
            threshold,
            became_confident: became,
            lost_confidence: lost,
            chi2: discordant.map(|()| chi2),
            p: discordant.map(|()| chi_squared_p(chi2, 1)),
            p_exact: discordant.map(|()| fair_coin_two_sided_p(became.min(lost), became.max(lost))),
        }
    }
}

/// A chi-squared statistic with its tail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquaredTest {
    /// The statistic.
    pub chi2: f64,
    /// Degrees of freedom: categories in use, less one.
    pub df: u32,
    /// Upper tail.
    pub p: f64,
}

/// The tests of marginal homogeneity over all categories that occur.
#[derive(Debug, Clone, PartialEq)]
pub struct MarginalHomogeneity {
    /// Stuart (1955) and Maxwell (1970): dᵀS⁻¹d, S the covariance of the marginal differences if nothing shifted.
    pub stuart_maxwell: Figure<ChiSquaredTest>,
    /// Bhapkar (1966): with the covariance S − ddᵀ/n that was observed; a little more powerful.
    pub bhapkar: Figure<ChiSquaredTest>,
}

impl MarginalHomogeneity {
    /// Computes both; categories that are empty in both margins are left out.
    pub fn of(histogram: &JointHistogram) -> Self {
        if histogram.n() == 0 {
            return Self::undefined(Undefined::NoLearners);
        }
        let table = SquareTable::of(histogram);
        let categories = table.categories.len();
        if categories > MOST_CATEGORIES {
            return Self::undefined(Undefined::TooManyCategories);
        }
        if !table.shifts_are_determined() {
            return Self::undefined(Undefined::Singular);
        }
        let n = i128::from(histogram.n());
        let shifts = table.shifts();
        let test = |chi2: Option<f64>| {
            let chi2 = chi2.filter(|chi2| chi2.is_finite()).ok_or(Undefined::Singular)?.max(0.0);
            let df = u32::try_from(categories - 1).map_err(|_| Undefined::TooManyCategories)?;
            Ok(ChiSquaredTest { chi2, df, p: chi_squared_p(chi2, df) })
        };
        let covariance = table.covariance();
        let stuart_maxwell = test(quadratic_form(&covariance, &shifts, |entry, _, _| entry as f64));
        let bhapkar = if table.everyone_moved_one_step() {
            Err(Undefined::Singular)
        } else {
            // n·S − ddᵀ in integers, so that nothing cancels before the elimination.
            let form = quadratic_form(&covariance, &shifts, |entry, i, j| (n * entry - shifts[i] * shifts[j]) as f64);
            test(form.map(|form| form * n as f64))
        };
        Self { stuart_maxwell, bhapkar }
    }

    fn undefined(reason: Undefined) -> Self {
        Self { stuart_maxwell: Err(reason), bhapkar: Err(reason) }
    }
}

/// Before by after over the categories that occur in a margin.
struct SquareTable {
    categories: Vec<i32>,
    /// (row, column, learners) of occupied cells.
    cells: Vec<(usize, usize, i128)>,
}

impl SquareTable {
    fn of(histogram: &JointHistogram) -> Self {
        let mut categories: Vec<i32> = histogram.cells().flat_map(|cell| [cell.before, cell.after]).collect();
        categories.sort_unstable();
        categories.dedup();
        let place = |rating: i32| categories.partition_point(|&category| category < rating);
        let cells =
            histogram.cells().map(|cell| (place(cell.before), place(cell.after), i128::from(cell.count))).collect();
        Self { categories, cells }
    }

    /// Learners before minus learners after, for all categories but the last (which follows from the others).
    fn shifts(&self) -> Vec<i128> {
        let mut shifts = vec![0; self.categories.len()];
        for &(before, after, count) in &self.cells {
            shifts[before] += count;
            shifts[after] -= count;
        }
        shifts.pop();
        shifts
    }

    /// S: on the diagonal row + column − 2·cell, elsewhere −(cell + mirrored cell); last category left out.
    fn covariance(&self) -> Vec<Vec<i128>> {
        let size = self.categories.len() - 1;
        let mut covariance = vec![vec![0; size]; size];
        for &(before, after, count) in self.cells.iter().filter(|cell| cell.0 != cell.1) {
            for end in [before, after] {
                if end < size {
                    covariance[end][end] += count;
                }
            }
            if before < size && after < size {
                covariance[before][after] -= count;
                covariance[after][before] -= count;
            }
        }
        covariance
    }

    /// S can be inverted exactly when the movements connect all categories (Kirchhoff's matrix-tree theorem: its
    /// determinant counts the spanning trees). Decided on the table itself, so no rounding can mislead.
    fn shifts_are_determined(&self) -> bool {
        self.categories.len() >= 2 && self.heights(0).iter().all(Option::is_some)
    }

    /// S − ddᵀ/n, S invertible, is singular exactly when some scoring of the categories gives every learner the same
    /// non-zero change: then that change has no variance.
    fn everyone_moved_one_step(&self) -> bool {
        let heights = self.heights(1);
        self.cells.iter().all(|&(before, after, _)| match (heights[before], heights[after]) {
            (Some(low), Some(high)) => high == low + 1,
            _ => false,
        })
    }

    /// Heights of the categories reached from the first by movements, when each movement climbs by `step`.
    fn heights(&self, step: i64) -> Vec<Option<i64>> {
        let mut heights = vec![None; self.categories.len()];
        let mut to_visit = vec![0];
        if let Some(first) = heights.first_mut() {
            *first = Some(0);
        }
        while let Some(here) = to_visit.pop() {
            let height = heights[here].unwrap_or(0);
            for &(before, after, _) in &self.cells {
                let (there, climbed) = match here {
                    _ if here == before => (after, height + step),
                    _ if here == after => (before, height - step),
                    _ => continue,
                };
                if heights[there].is_none() {
                    heights[there] = Some(climbed);
                    to_visit.push(there);
                }
            }
        }
        heights
    }
}

/// vᵀM⁻¹v by Cholesky's decomposition of M = entry(S); `None` when M is not positive definite in floating point.
fn quadratic_form(covariance: &[Vec<i128>], vector: &[i128], entry: impl Fn(i128, usize, usize) -> f64) -> Option<f64> {
    let size = vector.len();
    let mut lower = vec![vec![0.0; size]; size];
    let mut solved = vec![0.0; size];
    let mut form = 0.0;
    for i in 0..size {
        for j in 0..=i {
            let above: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = entry(covariance[i][j], i, j) - above;
            if i == j {
                if rest <= 0.0 {
                    return None;
                }
                lower[i][i] = rest.sqrt();
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
        let above: f64 = (0..i).map(|k| lower[i][k] * solved[k]).sum();
        solved[i] = (vector[i] as f64 - above) / lower[i][i];
        form += solved[i] * solved[i];
    }
    Some(form)
}
