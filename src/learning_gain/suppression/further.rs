//! The statistics that pages do not show, and when exports may hold them. Pure.
//!
//! A statistic is withheld where it would count one to four people, together with whatever else is shown:
//!
//! - What rests on everybody together stands wherever the line does.
//! - The spread of the gains needs ten people, and so does the spread of the answers, which needs a shown distribution
//!   too. Of fewer, both spreads beside the means leave one way only to give the answers, three times in four for five
//!   people.
//! - What is made of those who rose, stayed and fell stands where these numbers do.
//! - Sums of ranks tell how many moved by how much, so each size of a rise and of a fall must be nobody or enough. Two
//!   p-values that treat ties or zeros differently give the sums of ranks away, so they go with them.
//! - McNemar's test stands where all four numbers of its table may be told, and what is made of the whole table before
//!   by after where each of its cells may.
//! - The means of those who answered once only are told where they tell nobody's answer.

use super::{Audience, changes::is_split_countable, spread::decide_spread};
use crate::learning_gain::rules::{GainStatistics, JointHistogram, Undefined, Value};

/// Fewer people than this have no spread in exports: see the module.
const SPREAD_FROM: u64 = 10;

/// What a statistic is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    Everybody,
    Gains,
    Answers,
    Changes,
    Sizes,
    Threshold,
    Cells,
    BeforeOnly,
    AfterOnly,
    Counts,
}

/// The statistics by their names in exports.
const FURTHER: [(&str, Made); 47] = [
    ("df", Made::Everybody),
    ("hedges_g_av", Made::Everybody),
    ("hedges_g_av_exact", Made::Everybody),
    ("hake_g", Made::Everybody),
    ("wilcoxon_p_exact_conditional", Made::Everybody),
    ("sd_gain", Made::Gains),
    ("se_gain", Made::Gains),
    ("t", Made::Gains),
    ("p_two_sided", Made::Gains),
    ("log10_p_t", Made::Gains),
    ("cohen_dz", Made::Gains),
    ("dz_ci95_lo", Made::Gains),
    ("dz_ci95_hi", Made::Gains),
    ("hedges_gz", Made::Gains),
    ("hedges_gz_exact", Made::Gains),
    ("sd_before", Made::Answers),
    ("sd_after", Made::Answers),
    ("pearson_r", Made::Answers),
    ("cliff_delta_marginal", Made::Answers),
    ("n_nonzero", Made::Changes),
    ("n_zero", Made::Changes),
    ("prob_superiority", Made::Changes),
    ("dominance_paired", Made::Changes),
    ("sign_test_p", Made::Changes),
    ("median_gain", Made::Changes),
    ("wilcoxon_z", Made::Changes),
    ("wilcoxon_p", Made::Changes),
    ("log10_p_wilcoxon", Made::Changes),
    ("w_plus", Made::Sizes),
    ("w_minus", Made::Sizes),
    ("rank_biserial", Made::Sizes),
    ("hodges_lehmann", Made::Sizes),
    ("wilcoxon_p_continuity", Made::Sizes),
    ("wilcoxon_p_pratt", Made::Sizes),
    ("mcnemar_threshold", Made::Threshold),
    ("mcnemar_became_confident", Made::Threshold),
    ("mcnemar_lost_confidence", Made::Threshold),
    ("mcnemar_p_exact", Made::Threshold),
    ("stuart_maxwell_chi2", Made::Cells),
    ("stuart_maxwell_p", Made::Cells),
    ("bhapkar_chi2", Made::Cells),
    ("bhapkar_p", Made::Cells),
    ("marx_cummings_c", Made::Cells),
    ("unmatched_n_pre_only", Made::Counts),
    ("unmatched_n_post_only", Made::Counts),
    ("unmatched_mean_pre_only", Made::BeforeOnly),
    ("unmatched_mean_post_only", Made::AfterOnly),
];
/// Those of them that are in points of the scale.
const IN_POINTS: [&str; 7] =
    ["sd_before", "sd_after", "sd_gain", "se_gain", "median_gain", "hodges_lehmann", "mcnemar_threshold"];

/// A statistic that has a value and may be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// A count or another whole number.
    Whole(i128),
    /// Any other number; finite.
    Number(f64),
}

/// Why a statistic is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It has no value.
    Undefined(Undefined),
    /// Of so few people it would tell their answers.
    FewPeople,
    /// It would count one to four people, or tell what each person did.
    WouldTell,
}

impl Missing {
    /// The word of exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Undefined(reason) => reason.word(),
            Self::FewPeople => "few_people",
            Self::WouldTell => "would_tell_about_few",
        }
    }
}

/// The names of all further statistics, in the order of exports.
pub fn further_names() -> impl Iterator<Item = &'static str> {
    FURTHER.into_iter().map(|(name, _)| name)
}

/// Which kinds of statistics of a histogram may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    gains: bool,
    answers: bool,
    changes: bool,
    sizes: bool,
    threshold: bool,
    cells: bool,
    /// The mean of those who answered before only.
    pub(super) before_only: bool,
    after_only: bool,
}

impl Allowed {
    /// Decides. `threshold` is the lowest rating that counts as confident; `once_tell` says for those who answered
    /// before only, and after only, whether their mean tells about them.
    pub(super) fn of(
        histogram: &JointHistogram,
        threshold: i32,
        shows_changes: bool,
        once_tell: [bool; 2],
        audience: Audience,
    ) -> Self {
        let scale = histogram.scale();
        let spread =
            decide_spread(&histogram.before_margin(), &histogram.after_margin(), scale.min(), scale.max(), audience);
        let mut crossed = [0; 4];
        for cell in histogram.cells() {
            crossed[2 * usize::from(cell.before >= threshold) + usize::from(cell.after >= threshold)] += cell.count;
        }
        let sizes: Vec<u64> = histogram.differences().into_iter().map(|(_, people)| people).collect();
        let cells: Vec<u64> = histogram.cells().map(|cell| cell.count).collect();
        let gains = histogram.n() >= SPREAD_FROM.max(audience.fewest());
        let shows_sizes = shows_changes && is_split_countable(&sizes, audience);
        Self {
            gains,
            answers: gains && spread.is_some(),
            changes: shows_changes,
            sizes: shows_sizes,
            threshold: is_split_countable(&crossed, audience),
            cells: shows_sizes && is_split_countable(&cells, audience),
            before_only: !once_tell[0],
            after_only: !once_tell[1],
        }
    }

    /// The same without the means of those who answered once only.
    pub(super) fn without_those_who_answered_once(self) -> Self {
        Self { before_only: false, after_only: false, ..self }
    }

    fn refusal(self, made: Made) -> Option<Missing> {
        let unless = |shows: bool| (!shows).then_some(Missing::WouldTell);
        match made {
            Made::Everybody | Made::Counts => None,
            Made::Gains | Made::Answers if !self.gains => Some(Missing::FewPeople),
            Made::Gains => None,
            Made::Answers => unless(self.answers),
            Made::Changes => unless(self.changes),
            Made::Sizes => unless(self.sizes),
            Made::Threshold => unless(self.threshold),
            Made::Cells => unless(self.cells),
            Made::BeforeOnly => unless(self.before_only),
            Made::AfterOnly => unless(self.after_only),
        }
    }
}

/// The further statistics, each with its value or the reason why there is none. `per_item` is one over the number of
/// items of a composite, else 1.
pub(super) fn further(
    statistics: &GainStatistics,
    allowed: Allowed,
    per_item: f64,
) -> Vec<(&'static str, Result<Told, Missing>)> {
    let figures: Vec<(String, Value)> = statistics.figures().iter().flat_map(|figure| figure.flattened()).collect();
    let value_of = |name: &str| {
        // A group that has no value at all stands under its own name.
        let found = figures.iter().find(|(found, value)| {
            found == name || (matches!(value, Value::Group(Err(_))) && name.starts_with(found.as_str()))
        });
        match found.map(|(_, value)| value) {
            Some(Value::Whole(figure)) => figure.map(Told::Whole).map_err(Missing::Undefined),
            Some(Value::Number(figure)) => figure.map(Told::Number).map_err(Missing::Undefined),
            Some(Value::Group(Err(reason))) => Err(Missing::Undefined(*reason)),
            Some(Value::Group(Ok(_))) | None => Err(Missing::Undefined(Undefined::NoLearners)),
        }
    };
    let in_points = |told: Told| match told {
        Told::Whole(points) => Told::Number(points as f64 * per_item),
        Told::Number(points) => Told::Number(points * per_item),
    };
    FURTHER
        .into_iter()
        .map(|(name, made)| {
            let told = allowed.refusal(made).map_or_else(|| value_of(name), Err);
            (name, if IN_POINTS.contains(&name) { told.map(in_points) } else { told })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::{
        rules::{ItemVersion, Scale},
        suppression::line::{ShownLine, shown_line},
    };
    use std::collections::{BTreeMap, BTreeSet};

    fn line(pairs: &[(i32, i32, u64)]) -> ShownLine {
        let mut histogram = JointHistogram::new(ItemVersion::new("core", 1), Scale::ONE_TO_FIVE);
        pairs.iter().for_each(|&(before, after, people)| histogram.add_pairs(before, after, people).unwrap());
        shown_line(&histogram, None, Audience::Board).unwrap()
    }

    fn told(line: &ShownLine) -> BTreeMap<&'static str, Result<Told, Missing>> {
        line.further().into_iter().collect()
    }

    #[test]
    fn spreads_are_told_from_ten_people_on() {
        let nine = told(&line(&[(1, 2, 3), (2, 2, 2), (3, 4, 4)]));
        let ten = told(&line(&[(1, 2, 5), (3, 4, 3), (3, 5, 2)]));
        for name in ["sd_before", "sd_after", "pearson_r", "sd_gain", "t", "cohen_dz", "log10_p_t"] {
            assert_eq!(nine[name], Err(Missing::FewPeople), "{name}");
        }
        assert!(nine["hedges_g_av_exact"].is_ok() && ten["t"].is_ok() && ten["sd_gain"].is_ok());
        // Five answered 1 and five 3 before; 2, 4 and 5 after, of which 4 and 5 are told together.
        assert!(ten["sd_before"].is_ok() && ten["cliff_delta_marginal"].is_ok());
        let spread_hidden = told(&line(&[(1, 2, 4), (2, 2, 2), (3, 4, 4)]));
        assert_eq!(spread_hidden["sd_after"], Err(Missing::WouldTell), "of ten, four answered 4 after");
    }

    #[test]
    fn what_counts_sizes_of_changes_or_cells_needs_enough_people_in_each() {
        let wide = told(&line(&[(2, 3, 6), (2, 4, 5), (3, 3, 5), (4, 3, 7)]));
        for name in ["w_plus", "rank_biserial", "wilcoxon_p_pratt", "hodges_lehmann", "marx_cummings_c", "bhapkar_chi2"]
        {
            assert!(wide[name].is_ok(), "{name}: {:?}", wide[name]);
        }
        let few_by_two = told(&line(&[(2, 3, 6), (2, 4, 4), (3, 3, 5), (4, 3, 7)]));
        assert!(few_by_two["wilcoxon_p"].is_ok() && few_by_two["median_gain"].is_ok(), "ten rose");
        for name in ["w_plus", "rank_biserial", "wilcoxon_p_continuity", "marx_cummings_c", "stuart_maxwell_p"] {
            assert_eq!(few_by_two[name], Err(Missing::WouldTell), "four rose by 2, {name}");
        }
        // Sizes are enough, but four of the five who stayed at 4.
        let few_in_a_cell = told(&line(&[(2, 3, 6), (2, 4, 5), (3, 3, 1), (4, 4, 4), (4, 3, 7)]));
        assert!(few_in_a_cell["w_plus"].is_ok());
        assert_eq!(few_in_a_cell["marx_cummings_c"], Err(Missing::WouldTell));
        let nobody_rose = told(&line(&[(3, 3, 6), (4, 3, 7), (4, 4, 5)]));
        assert_eq!(nobody_rose["mcnemar_became_confident"], Ok(Told::Whole(0)));
        assert_eq!(nobody_rose["mcnemar_lost_confidence"], Ok(Told::Whole(7)));
        assert_eq!(few_by_two["mcnemar_p_exact"], Err(Missing::WouldTell), "four became confident");
    }

    #[test]
    fn an_undefined_statistic_says_why() {
        let nobody_crossed = told(&line(&[(1, 2, 5), (2, 1, 6), (5, 4, 5)]));
        let reason = Err(Missing::Undefined(Undefined::NoDiscordantPairs));
        assert_eq!(nobody_crossed["mcnemar_p_exact"], reason);
        assert_eq!(nobody_crossed["stuart_maxwell_p"], Err(Missing::Undefined(Undefined::Singular)), "two parts");
        assert_eq!(further_names().collect::<BTreeSet<_>>().len(), FURTHER.len(), "each name once");
        // Every name is one that the engine knows: only the means of nobody are missing for want of people.
        let nobody = Err(Missing::Undefined(Undefined::NoLearners));
        let missing: Vec<_> =
            nobody_crossed.iter().filter(|(_, told)| **told == nobody).map(|(name, _)| *name).collect();
        assert_eq!(missing, Vec::<&str>::new(), "those means are withheld unless a course tells them");
    }

    /// Every way in which five people can answer before and after, by what is shown of them.
    ///
    /// The line alone (means, gain with its interval, d_av) leaves one set of answers before in fewer than one way in
    /// ten; with both spreads beside it that would be more than three in four. So it is the spreads that are withheld,
    /// and that the line tells some sets of five answers is what this does not prevent.
    #[test]
    fn both_spreads_would_tell_what_five_people_answered_and_the_line_seldom_does() {
        fn ways(left: usize, from: usize, cells: &mut Vec<usize>, each: &mut dyn FnMut(&[usize])) {
            if left == 0 {
                return each(cells);
            }
            for cell in from..25 {
                cells.push(cell);
                ways(left - 1, cell, cells, each);
                cells.pop();
            }
        }
        #[derive(Default)]
        struct Found {
            ways: u32,
            before: BTreeSet<u32>,
        }
        let mut by_line: BTreeMap<[u32; 4], Found> = BTreeMap::new();
        let mut with_spreads: BTreeMap<[u32; 5], Found> = BTreeMap::new();
        let mut all = 0;
        ways(5, 0, &mut Vec::new(), &mut |cells| {
            all += 1;
            let [mut before, mut after, mut gains, mut squares, mut answers, mut squares_before] = [0_u32; 6];
            for cell in cells {
                let (b, a) = (1 + (cell / 5) as u32, 1 + (cell % 5) as u32);
                (before, after, gains) = (before + b, after + a, gains + a.abs_diff(b).pow(2));
                (squares, squares_before) = (squares + b * b + a * a, squares_before + b * b);
                answers += 10_u32.pow(b - 1);
            }
            let key = [before, after, gains, squares];
            let found = [
                by_line.entry(key).or_default(),
                with_spreads.entry([before, after, gains, squares, squares_before]).or_default(),
            ];
            for found in found {
                found.ways += 1;
                found.before.insert(answers);
            }
        });
        let told = |found: &mut dyn Iterator<Item = &Found>| -> u32 {
            found.filter(|found| found.before.len() == 1).map(|found| found.ways).sum()
        };
        let (line, spreads) = (told(&mut by_line.values()), told(&mut with_spreads.values()));
        assert_eq!(all, 118_755);
        assert!(10 * line < all, "{line} of {all}");
        assert!(4 * spreads > 3 * all, "{spreads} of {all}");
    }
}
