//! Two second opinions that share no code with the engine, so that they can only agree with it by both being right.
//!
//! One is by others: stats-claw, which has distributions of its own (anofox-statistics, which STATISTICS.md names, takes
//! its tails from statrs as the engine does). It is given the learners one by one. The other is written here as a
//! textbook would do it: learner by learner, in floating point, by brute force.

use proptest::prelude::*;
use stats_claw::tests_stat::{
    Alternative, Mode,
    categorical::mcnemar,
    correlation::pearson,
    nonparametric::{wilcoxon_signed_rank, wilcoxon_signed_rank_mode},
    parametric::t_test_paired,
};

use super::super::{Figure, GainStatistics, Scale};
use super::histogram;
use crate::learning_gain::cases_file::read_cases;

/// Compares figures with the other library's, and counts.
#[derive(Default)]
struct Comparison {
    compared: usize,
    wrong: Vec<String>,
}

impl Comparison {
    fn compare(&mut self, name: &str, ours: Figure, theirs: Option<f64>) {
        self.compared += 1;
        // Theirs have tails from 1 − cdf: good to some 1e-10 absolutely.
        let agrees = match (ours, theirs.filter(|theirs| theirs.is_finite())) {
            (Ok(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-9 * (1.0 + theirs.abs()),
            (Err(_), None) => true,
            _ => false,
        };
        if !agrees {
            self.wrong.push(format!("{name}: {ours:?}, the library has {theirs:?}"));
        }
    }
}

#[test]
fn another_library_agrees_on_the_cases() {
    let mut comparison = Comparison::default();
    for case in read_cases(include_str!("../../fixtures/cases_public.json")).unwrap() {
        let histogram = case.histogram().unwrap();
        // It takes learners one by one, and nobody wants a thousand million of them in memory.
        if !(3..=20_000).contains(&histogram.n()) {
            continue;
        }
        let ours = GainStatistics::of(&histogram, case.threshold());
        let learners = histogram.cells().flat_map(|cell| {
            std::iter::repeat_n((f64::from(cell.before), f64::from(cell.after)), usize::try_from(cell.count).unwrap())
        });
        let (before, after): (Vec<f64>, Vec<f64>) = learners.unzip();
        let mut compare = |name: &str, ours: Figure, theirs: Option<f64>| {
            comparison.compare(&format!("{} {name}", case.id), ours, theirs);
        };
        let two_sided = Alternative::TwoSided;

        let t = t_test_paired(&after, &before, two_sided).ok();
        compare("t", ours.moments.t, t.as_ref().map(|test| test.statistic));
        compare("p of t", ours.moments.p_two_sided, t.as_ref().map(|test| test.p_value));
        let log10_p = t.as_ref().and_then(|test| test.log_p_value).map(|log| log / std::f64::consts::LN_10);
        compare("log10 p of t", ours.moments.log10_p_t, log10_p);
        let correlation = pearson(&before, &after, two_sided).ok();
        compare("r", ours.moments.pearson_r, correlation.map(|test| test.statistic));

        let ranks = &ours.signed_rank;
        let rank_test = |continuity| wilcoxon_signed_rank(&after, &before, two_sided, continuity).ok();
        compare("Wilcoxon", ranks.statistic, rank_test(false).map(|test| test.statistic));
        compare("p of Wilcoxon", ranks.p, rank_test(false).map(|test| test.p_value));
        compare("p with continuity", ranks.p_continuity, rank_test(true).map(|test| test.p_value));
        let zeros = before.iter().zip(&after).any(|(before, after)| before == after);
        if ranks.p_exact.is_ok() && !zeros {
            let exact = wilcoxon_signed_rank_mode(&after, &before, two_sided, false, Mode::Exact);
            compare("exact p", ranks.p_exact, exact.ok().map(|test| test.p_value));
        }

        let threshold = f64::from(case.threshold());
        let people = |was: bool, is: bool| {
            let moved = |(before, after): &(&f64, &f64)| (**before >= threshold) == was && (**after >= threshold) == is;
            before.iter().zip(&after).filter(moved).count() as f64
        };
        let table = [vec![people(false, false), people(false, true)], vec![people(true, false), people(true, true)]];
        if table[0][1] + table[1][0] > 0.0 {
            compare("McNemar", ours.mcnemar.chi2, mcnemar(&table, false, false).ok().map(|test| test.statistic));
            compare("p of McNemar", ours.mcnemar.p, mcnemar(&table, false, false).ok().map(|test| test.p_value));
            compare("exact McNemar", ours.mcnemar.p_exact, mcnemar(&table, true, false).ok().map(|test| test.p_value));
        }
    }
    assert!(comparison.wrong.is_empty(), "{:#?}", comparison.wrong);
    assert!(comparison.compared > 250, "{}", comparison.compared);
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0
}

/// Midranks by comparing everyone with everyone.
fn midranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: f64| {
        let below = values.iter().filter(|other| **other < value).count() as f64;
        let equal = values.iter().filter(|other| **other == value).count() as f64;
        below + (equal + 1.0) / 2.0
    };
    values.iter().map(|&value| rank(value)).collect()
}

/// Two-sided exact signed rank p by trying all 2^m sign patterns.
fn permutation_p(ranks: &[f64], w_plus: f64) -> f64 {
    let m = ranks.len();
    let mut up_to = 0.0;
    let mut from = 0.0;
    for signs in 0..1_u32 << m {
        let sum: f64 = (0..m).filter(|place| signs >> place & 1 == 1).map(|place| ranks[place]).sum();
        up_to += f64::from(sum <= w_plus);
        from += f64::from(sum >= w_plus);
    }
    (2.0 * f64::min(up_to, from) / 2_f64.powi(m as i32)).min(1.0)
}

/// vᵀM⁻¹v by Gauss–Jordan with full rows; `None` when singular.
fn solve_form(mut matrix: Vec<Vec<f64>>, vector: &[f64]) -> Option<f64> {
    let size = vector.len();
    let mut solution = vector.to_vec();
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[pivot][column].abs() < 1e-9 {
            return None;
        }
        matrix.swap(column, pivot);
        solution.swap(column, pivot);
        for row in 0..size {
            if row != column {
                let factor = matrix[row][column] / matrix[column][column];
                let taken = matrix[column].clone();
                for (left, taken) in matrix[row].iter_mut().zip(&taken) {
                    *left -= factor * taken;
                }
                solution[row] -= factor * solution[column];
            }
        }
    }
    Some((0..size).map(|place| vector[place] * solution[place] / matrix[place][place]).sum())
}

/// Stuart–Maxwell and Bhapkar by their covariance matrices over the categories in use.
fn shift_tests(pairs: &[(i32, i32)]) -> (Option<f64>, Option<f64>) {
    let mut used: Vec<i32> = pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    used.sort_unstable();
    used.dedup();
    let size = used.len() - 1;
    let count = |test: &dyn Fn(i32, i32) -> bool| pairs.iter().filter(|pair| test(pair.0, pair.1)).count() as f64;
    let shift: Vec<f64> = (0..size).map(|i| count(&|x, _| x == used[i]) - count(&|_, y| y == used[i])).collect();
    let matrix = |observed: f64| -> Vec<Vec<f64>> {
        let entry = |i: usize, j: usize| {
            let (a, b) = (used[i], used[j]);
            let covariance = if i == j {
                count(&|x, _| x == a) + count(&|_, y| y == a) - 2.0 * count(&|x, y| x == a && y == a)
            } else {
                -count(&|x, y| x == a && y == b) - count(&|x, y| x == b && y == a)
            };
            covariance - observed * shift[i] * shift[j] / pairs.len() as f64
        };
        (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
    };
    let form = |observed| {
        if size == 0 { None } else { solve_form(matrix(observed), &shift) }
    };
    (form(0.0), form(0.0).and(form(1.0)))
}

fn assert_close(name: &str, got: Result<f64, super::super::Undefined>, expected: f64) -> Result<(), TestCaseError> {
    if !expected.is_finite() {
        prop_assert!(got.is_err(), "{}: {:?}, the textbook has {}", name, got, expected);
        return Ok(());
    }
    let got = got.map_err(|reason| TestCaseError::fail(format!("{name} is undefined: {reason}, not {expected}")))?;
    prop_assert!((got - expected).abs() <= 1e-9 * (1.0 + expected.abs()), "{}: {}, textbook {}", name, got, expected);
    Ok(())
}

proptest! {
    #[test]
    fn the_engine_agrees_with_the_textbook(pairs in prop::collection::vec((1..=5_i32, 1..=5_i32), 2..14)) {
        let cells: Vec<(i32, i32, u64)> = pairs.iter().map(|&(x, y)| (x, y, 1)).collect();
        let statistics = GainStatistics::of(&histogram(Scale::ONE_TO_FIVE, &cells), 4);
        let x: Vec<f64> = pairs.iter().map(|pair| f64::from(pair.0)).collect();
        let y: Vec<f64> = pairs.iter().map(|pair| f64::from(pair.1)).collect();
        let d: Vec<f64> = x.iter().zip(&y).map(|(x, y)| y - x).collect();
        let n = d.len() as f64;

        let moments = &statistics.moments;
        assert_close("mean", moments.mean_gain, mean(&d))?;
        assert_close("sd", moments.sd_gain, variance(&d).sqrt())?;
        let t = mean(&d) / (variance(&d) / n).sqrt();
        assert_close("t", moments.t, if variance(&d) == 0.0 { f64::NAN } else { t })?;
        assert_close("d_av", moments.cohen_d_av, mean(&d) / ((variance(&x) + variance(&y)) / 2.0).sqrt())?;
        let covariance = x.iter().zip(&y).map(|(a, b)| (a - mean(&x)) * (b - mean(&y))).sum::<f64>() / (n - 1.0);
        assert_close("r", moments.pearson_r, covariance / (variance(&x) * variance(&y)).sqrt())?;

        let walsh = (0..d.len()).flat_map(|i| (i..d.len()).map(move |j| (i, j))).map(|(i, j)| (d[i] + d[j]) / 2.0);
        assert_close("Hodges–Lehmann", statistics.location.hodges_lehmann, median(walsh.collect()))?;
        assert_close("median", statistics.location.median_gain, median(d.clone()))?;
        let cliff = x.iter().flat_map(|x| y.iter().map(move |y| (y - x).signum() * f64::from(y != x))).sum::<f64>() / n / n;
        assert_close("Cliff", statistics.location.cliff_delta_marginal, cliff)?;

        let changed: Vec<f64> = d.iter().copied().filter(|d| *d != 0.0).collect();
        if !changed.is_empty() {
            let ranks = midranks(&changed.iter().map(|d| d.abs()).collect::<Vec<_>>());
            let w_plus: f64 = changed.iter().zip(&ranks).filter(|pair| *pair.0 > 0.0).map(|pair| pair.1).sum();
            assert_close("W+", statistics.signed_rank.w_plus, w_plus)?;
            assert_close("exact p", statistics.signed_rank.p_exact_conditional, permutation_p(&ranks, w_plus))?;
            // Given the ranks, W+ is a sum of independent rank·coin: variance Σ rank²/4.
            let spread = (ranks.iter().map(|rank| rank * rank).sum::<f64>() / 4.0).sqrt();
            let centre = ranks.iter().sum::<f64>() / 2.0;
            assert_close("z", statistics.signed_rank.z, (w_plus - centre) / spread)?;
            let signs = vec![1.0; changed.len()];
            let rises = changed.iter().filter(|d| **d > 0.0).count() as f64;
            assert_close("sign test", statistics.signed_rank.sign_test_p, permutation_p(&signs, rises))?;
        }

        let learner = |x: f64, y: f64| match (x, y) {
            _ if x == y && (x == 1.0 || x == 5.0) => None,
            _ if y > x => Some((y - x) / (5.0 - x)),
            _ if y < x => Some((y - x) / (x - 1.0)),
            _ => Some(0.0),
        };
        let changes: Vec<f64> = x.iter().zip(&y).filter_map(|(x, y)| learner(*x, *y)).collect();
        assert_close("Marx–Cummings", statistics.normalised.marx_cummings_c, mean(&changes))?;

        let (stuart_maxwell, bhapkar) = shift_tests(&pairs);
        let shift = &statistics.homogeneity;
        assert_close("Stuart–Maxwell", shift.stuart_maxwell.map(|test| test.chi2), stuart_maxwell.unwrap_or(f64::NAN))?;
        assert_close("Bhapkar", shift.bhapkar.map(|test| test.chi2), bhapkar.unwrap_or(f64::NAN))?;
    }
}
