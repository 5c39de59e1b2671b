//! Every statistic of one item at once, and the list of them that exports write.

use super::{
    CompositeHistogram, Figure, Hedges, Interval, JointHistogram, Location, MarginalHomogeneity, McNemar, Moments,
    NamedFigure, NormalisedGain, SignedRank, Undefined, Value,
};

/// All statistics of one histogram. Pages show the few of [`ItemLine`](super::ItemLine); exports carry these.
#[derive(Debug, Clone, PartialEq)]
pub struct GainStatistics {
    /// Means, spreads, t-test, Cohen's d.
    pub moments: Moments,
    /// Hedges' corrections.
    pub hedges: Hedges,
    /// Wilcoxon's test and its kin.
    pub signed_rank: SignedRank,
    /// Shares, medians, superiority.
    pub location: Location,
    /// Gains against the room there was.
    pub normalised: NormalisedGain,
    /// Became confident, at the threshold.
    pub mcnemar: McNemar,
    /// Tests of the whole shift.
    pub homogeneity: MarginalHomogeneity,
    /// Learners who answered once only.
    pub unmatched: Unmatched,
}

/// Learners without a pair. They never enter a gain; they show whom it leaves out.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmatched {
    /// Answered only before.
    pub n_before_only: u64,
    /// Answered only after.
    pub n_after_only: u64,
    /// Left the item blank both times.
    pub n_neither: u64,
    /// Mean rating of the first, in points.
    pub mean_before_only: Figure,
    /// Mean rating of the second, in points.
    pub mean_after_only: Figure,
    /// n/(n + before only + after only), 0 to 1.
    pub match_rate: Figure,
    /// Difference of the column means, matched or not. It mixes different people and is not a gain; it stands here
    /// so that a published figure can be recognised as this mistake.
    pub naive_gain_do_not_report: Figure,
}

impl Unmatched {
    /// Computes them.
    pub fn of(histogram: &JointHistogram) -> Self {
        let weigh = |margin: &[(i32, u64)]| -> i128 {
            margin.iter().map(|&(rating, count)| i128::from(rating) * i128::from(count)).sum()
        };
        let mean = |sum: i128, count: u64| {
            if count == 0 { Err(Undefined::NoLearners) } else { Ok(sum as f64 / count as f64) }
        };
        let (n, before, after) = (histogram.n(), histogram.n_before_only(), histogram.n_after_only());
        let sum_before = weigh(histogram.before_only());
        let sum_after = weigh(histogram.after_only());
        let column_before = mean(weigh(&histogram.before_margin()) + sum_before, n + before);
        let column_after = mean(weigh(&histogram.after_margin()) + sum_after, n + after);
        Self {
            n_before_only: before,
            n_after_only: after,
            n_neither: histogram.n_neither(),
            mean_before_only: mean(sum_before, before),
            mean_after_only: mean(sum_after, after),
            match_rate: mean(i128::from(n), n + before + after),
            naive_gain_do_not_report: column_before.and_then(|before| Ok(column_after? - before)),
        }
    }
}

impl GainStatistics {
    /// Computes all statistics but the bootstrap (see [`bca_interval`](super::bca_interval)). `threshold` is the
    /// lowest rating that counts as confident. Never fails: a figure without an answer says why.
    pub fn of(histogram: &JointHistogram, threshold: i32) -> Self {
        let moments = Moments::of(histogram);
        Self {
            hedges: Hedges::of(&moments),
            moments,
            signed_rank: SignedRank::of(&histogram.differences()),
            location: Location::of(histogram),
            normalised: NormalisedGain::of(histogram),
            mcnemar: McNemar::of(histogram, threshold),
            homogeneity: MarginalHomogeneity::of(histogram),
            unmatched: Unmatched::of(histogram),
        }
    }

    /// All statistics of a composite: points and the threshold are those of its items' scale, not of the totals, and
    /// whoever left an item out counts as unmatched.
    pub fn of_composite(composite: &CompositeHistogram, threshold: i32) -> Self {
        let items = i32::try_from(composite.items()).unwrap_or(i32::MAX);
        let mut statistics = Self::of(composite.totals(), threshold.saturating_mul(items));
        let Self { moments, location, mcnemar, unmatched, .. } = &mut statistics;
        for points in [
            &mut moments.mean_before,
            &mut moments.mean_after,
            &mut moments.mean_gain,
            &mut moments.sd_before,
            &mut moments.sd_after,
            &mut moments.sd_gain,
            &mut moments.se_gain,
            &mut location.median_gain,
            &mut location.hodges_lehmann,
            &mut unmatched.mean_before_only,
            &mut unmatched.mean_after_only,
            &mut unmatched.naive_gain_do_not_report,
        ] {
            *points = points.map(|total| total / f64::from(items));
        }
        moments.ci95 = moments.ci95.map(|interval| interval.scaled(1.0 / f64::from(items)));
        mcnemar.threshold = threshold;
        unmatched.match_rate = composite.match_rate();
        statistics
    }

    /// All figures by the names that exports use, in a fixed order.
    pub fn figures(&self) -> Vec<NamedFigure> {
        let mut figures = self.core_figures();
        figures.extend(self.extended_figures());
        figures
    }

    /// The figures of every paired analysis.
    fn core_figures(&self) -> Vec<NamedFigure> {
        let (moments, ranks, location) = (&self.moments, &self.signed_rank, &self.location);
        vec![
            NamedFigure::count("n", moments.n),
            NamedFigure::number("mean_before", moments.mean_before),
            NamedFigure::number("mean_after", moments.mean_after),
            NamedFigure::number("mean_gain", moments.mean_gain),
            NamedFigure::number("sd_gain", moments.sd_gain),
            NamedFigure::number("t", moments.t),
            NamedFigure { name: "df", value: Value::Whole(moments.df.map(i128::from)) },
            NamedFigure::number("p_two_sided", moments.p_two_sided),
            NamedFigure::number("ci95_lo", low(moments.ci95)),
            NamedFigure::number("ci95_hi", high(moments.ci95)),
            NamedFigure::number("cohen_dz", moments.cohen_dz),
            NamedFigure::number("hedges_gz", self.hedges.gz),
            NamedFigure::number("cohen_d_av", moments.cohen_d_av),
            NamedFigure::number("hedges_g_av", self.hedges.g_av),
            NamedFigure::count("n_nonzero", ranks.n_nonzero),
            NamedFigure::count("n_zero", ranks.n_zero),
            NamedFigure::number("w_plus", ranks.w_plus),
            NamedFigure::number("w_minus", ranks.w_minus),
            NamedFigure::number("wilcoxon_statistic", ranks.statistic),
            NamedFigure::number("wilcoxon_z", ranks.z),
            NamedFigure::number("wilcoxon_p", ranks.p),
            NamedFigure::number("wilcoxon_p_exact", ranks.p_exact),
            NamedFigure::number("rank_biserial", ranks.rank_biserial),
            NamedFigure::number("hake_g", self.normalised.hake_g),
            NamedFigure::number("prop_improved", location.prop_improved),
            NamedFigure::number("prop_same", location.prop_same),
            NamedFigure::number("prop_declined", location.prop_declined),
        ]
    }

    /// The figures for those who want to check, plan or compare.
    fn extended_figures(&self) -> Vec<NamedFigure> {
        let (moments, ranks, location) = (&self.moments, &self.signed_rank, &self.location);
        vec![
            NamedFigure::number("sd_before", moments.sd_before),
            NamedFigure::number("sd_after", moments.sd_after),
            NamedFigure::number("se_gain", moments.se_gain),
            NamedFigure::number("pearson_r", moments.pearson_r),
            NamedFigure::number("log10_p_t", moments.log10_p_t),
            NamedFigure::number("hedges_gz_exact", self.hedges.gz_exact),
            NamedFigure::number("hedges_g_av_exact", self.hedges.g_av_exact),
            NamedFigure::number("dz_ci95_lo", low(moments.dz_ci95)),
            NamedFigure::number("dz_ci95_hi", high(moments.dz_ci95)),
            NamedFigure { name: "tie_sum", value: Value::Whole(Ok(ranks.tie_sum)) },
            NamedFigure::number("log10_p_wilcoxon", ranks.log10_p),
            NamedFigure::number("wilcoxon_p_continuity", ranks.p_continuity),
            NamedFigure::number("wilcoxon_p_pratt", ranks.p_pratt),
            NamedFigure::number("wilcoxon_p_exact_conditional", ranks.p_exact_conditional),
            NamedFigure::number("sign_test_p", ranks.sign_test_p),
            NamedFigure::number("median_gain", location.median_gain),
            NamedFigure::number("hodges_lehmann", location.hodges_lehmann),
            NamedFigure::number("prob_superiority", location.prob_superiority),
            NamedFigure::number("dominance_paired", location.dominance_paired),
            NamedFigure::number("cliff_delta_marginal", location.cliff_delta_marginal),
            NamedFigure::number("marx_cummings_c", self.normalised.marx_cummings_c),
            NamedFigure::count("marx_cummings_n", self.normalised.marx_cummings_n),
            NamedFigure::number("prop_before_at_max", location.prop_before_at_max),
            NamedFigure::number("prop_after_at_max", location.prop_after_at_max),
            NamedFigure::number("prop_before_at_min", location.prop_before_at_min),
            self.mcnemar_figures(),
            NamedFigure::chi_squared("stuart_maxwell", self.homogeneity.stuart_maxwell),
            NamedFigure::chi_squared("bhapkar", self.homogeneity.bhapkar),
            self.unmatched_figures(),
        ]
    }

    fn mcnemar_figures(&self) -> NamedFigure {
        let mcnemar = &self.mcnemar;
        NamedFigure::group(
            "mcnemar",
            vec![
                NamedFigure { name: "threshold", value: Value::Whole(Ok(i128::from(mcnemar.threshold))) },
                NamedFigure::count("became_confident", mcnemar.became_confident),
                NamedFigure::count("lost_confidence", mcnemar.lost_confidence),
                NamedFigure::number("chi2", mcnemar.chi2),
                NamedFigure::number("p", mcnemar.p),
                NamedFigure::number("p_exact", mcnemar.p_exact),
            ],
        )
    }

    fn unmatched_figures(&self) -> NamedFigure {
        let unmatched = &self.unmatched;
        NamedFigure::group(
            "unmatched",
            vec![
                NamedFigure::count("n_pre_only", unmatched.n_before_only),
                NamedFigure::count("n_post_only", unmatched.n_after_only),
                NamedFigure::count("n_neither", unmatched.n_neither),
                NamedFigure::number("mean_pre_only", unmatched.mean_before_only),
                NamedFigure::number("mean_post_only", unmatched.mean_after_only),
                NamedFigure::number("match_rate", unmatched.match_rate),
                NamedFigure::number("naive_gain_do_not_report", unmatched.naive_gain_do_not_report),
            ],
        )
    }
}

fn low(interval: Figure<Interval>) -> Figure {
    interval.map(|interval| interval.low)
}

fn high(interval: Figure<Interval>) -> Figure {
    interval.map(|interval| interval.high)
}
