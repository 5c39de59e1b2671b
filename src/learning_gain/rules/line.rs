//! The least that is honest about one course and item: what a page shows, and no more.

use super::{
    ClusteredGain, CompositeHistogram, ENOUGH_SESSIONS, Figure, GainStatistics, Interval, JointHistogram, Scale,
    SessionList, Undefined,
};

/// Above this share at the top of the scale before, a small gain may only mean that there was no room. The usual
/// criterion for ceiling effects in rating scales (McHorney and Tarlov 1995).
pub const CEILING_SHARE: f64 = 0.15;

/// What a reader must know before believing a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// More than 15% stood at the top before.
    Ceiling,
    /// The interval rests on fewer than five sessions: show the sessions.
    FewSessions,
    /// Some learners answered only once and are left out.
    Unmatched,
    /// Every learner changed by the same amount: no interval can be had.
    NoSpread,
}

/// What the interval of a line takes as independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalKind {
    /// Sessions: the honest one for a course. With the number of sessions.
    Sessions(usize),
    /// Learners: for a single session, or where sessions are not known.
    Learners,
}

/// One item (or composite) of one course. Points are those of `scale`; shares run from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemLine {
    /// The scale that the means are on; of a composite, that of its items.
    pub scale: Scale,
    /// Matched learners.
    pub n: u64,
    /// n/(n + answered once only); of a composite, n/(n + answered some items only).
    pub match_rate: Figure,
    /// Mean before, of the matched.
    pub mean_before: Figure,
    /// Mean after, of the matched.
    pub mean_after: Figure,
    /// Mean before of those who did not answer after: whom the gain leaves out.
    pub mean_before_only: Figure,
    /// Mean gain.
    pub mean_gain: Figure,
    /// Its 95% interval.
    pub ci95: Figure<Interval>,
    /// What that interval takes as independent.
    pub interval_kind: IntervalKind,
    /// Cohen's d_av, in standard deviations.
    pub d_av: Figure,
    /// Learners who rose.
    pub improved: u64,
    /// Learners who stayed.
    pub same: u64,
    /// Learners who fell.
    pub declined: u64,
    /// Share at the top before.
    pub top_before: Figure,
    /// Share of the available room that was used (Hake's g); negative for a fall.
    pub room_used: Figure,
    /// Wilcoxon's p: exact given ties up to 100 changed learners, else the normal approximation.
    pub p: Figure,
    /// Whether `p` is the exact one.
    pub p_is_exact: bool,
    /// The lowest rating that counts as confident.
    pub confident_from: i32,
    /// In order, each once.
    pub flags: Vec<Flag>,
}

impl ItemLine {
    /// The line of one item. `sessions` are the item's sums per session, when they are known: with two or more the
    /// interval respects them. Those of another version or scale are as good as unknown. `confident_from` defaults to the scale's usual threshold.
    pub fn of(histogram: &JointHistogram, sessions: Option<&SessionList>, confident_from: Option<i32>) -> Self {
        let threshold = confident_from.unwrap_or_else(|| histogram.scale().usual_confident_threshold());
        Self::of_statistics(&GainStatistics::of(histogram, threshold), histogram, sessions)
    }

    /// The same from statistics of the histogram that are at hand already.
    pub fn of_statistics(
        statistics: &GainStatistics,
        histogram: &JointHistogram,
        sessions: Option<&SessionList>,
    ) -> Self {
        let sessions = sessions.filter(|sessions| sessions.stands_beside(histogram));
        let scale = histogram.scale();
        let GainStatistics { moments, signed_rank, location, normalised, mcnemar, unmatched, .. } = statistics;
        let (ci95, interval_kind) = interval(moments.ci95, sessions);
        let exact = signed_rank.p_exact_conditional;
        let too_many = exact == Err(Undefined::TooManyForExact);
        let mut line = Self {
            scale,
            n: moments.n,
            match_rate: unmatched.match_rate,
            mean_before: moments.mean_before,
            mean_after: moments.mean_after,
            mean_before_only: unmatched.mean_before_only,
            mean_gain: moments.mean_gain,
            ci95,
            interval_kind,
            d_av: moments.cohen_d_av,
            improved: location.improved,
            same: location.same,
            declined: location.declined,
            top_before: location.prop_before_at_max,
            room_used: normalised.hake_g,
            p: if too_many { signed_rank.p } else { exact },
            p_is_exact: exact.is_ok(),
            confident_from: mcnemar.threshold,
            flags: Vec::new(),
        };
        line.flags = line.warnings(unmatched.n_before_only + unmatched.n_after_only, sessions);
        line
    }

    /// The line of a composite, with means, gain and interval per item, on the scale of the items. `sessions` are sums
    /// of gains in totals. Whoever left an item out counts as unmatched.
    pub fn of_composite(
        composite: &CompositeHistogram,
        sessions: Option<&SessionList>,
        confident_from: Option<i32>,
    ) -> Self {
        let items = i32::try_from(composite.items()).unwrap_or(i32::MAX);
        let per_item = 1.0 / f64::from(items);
        let threshold = confident_from.unwrap_or_else(|| composite.item_scale().usual_confident_threshold());
        let mut line = Self::of(composite.totals(), sessions, Some(threshold.saturating_mul(items)));
        line.scale = composite.item_scale();
        line.confident_from = threshold;
        for mean in [&mut line.mean_before, &mut line.mean_after, &mut line.mean_before_only, &mut line.mean_gain] {
            *mean = mean.map(|mean| mean * per_item);
        }
        line.ci95 = line.ci95.map(|interval| interval.scaled(per_item));
        line.match_rate = composite.match_rate();
        let sessions = sessions.filter(|sessions| sessions.stands_beside(composite.totals()));
        line.flags = line.warnings(composite.incomplete(), sessions);
        line
    }

    /// Whether the line has the flag.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    fn warnings(&self, answered_once: u64, sessions: Option<&SessionList>) -> Vec<Flag> {
        let few_sessions = sessions.is_some_and(|sessions| (1..ENOUGH_SESSIONS).contains(&sessions.answered()));
        let no_spread = self.ci95.err().is_some_and(|reason| reason == Undefined::SdGainZero);
        [
            (Flag::Ceiling, self.top_before.is_ok_and(|share| share > CEILING_SHARE)),
            (Flag::FewSessions, few_sessions),
            (Flag::Unmatched, answered_once > 0),
            (Flag::NoSpread, no_spread),
        ]
        .into_iter()
        .filter_map(|(flag, raised)| raised.then_some(flag))
        .collect()
    }
}

/// The interval between sessions where two or more are known, else the one between learners. When all sessions have
/// exactly the same mean, the one between learners stands in: sessions then show no sign of mattering.
fn interval(learners: Figure<Interval>, sessions: Option<&SessionList>) -> (Figure<Interval>, IntervalKind) {
    match sessions.map(SessionList::clustered_gain) {
        Some(Ok(ClusteredGain { ci95, sessions, .. })) => (Ok(ci95), IntervalKind::Sessions(sessions)),
        _ => (learners, IntervalKind::Learners),
    }
}
