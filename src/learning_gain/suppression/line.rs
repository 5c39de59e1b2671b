//! The honest line of an item, cut down to what may be shown.

use super::{
    Audience,
    changes::{Changes, decide_changes, is_split_countable},
    clusters::{clusters, clusters_without},
    further::{Allowed, Missing, Told, further},
    neighbours::are_all_alike,
};
use crate::learning_gain::rules::{
    CompositeHistogram, Flag, GainStatistics, Interval, ItemLine, JointHistogram, Scale, SessionList, SessionSums,
    Undefined,
};

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hidden {
    /// Too few people answered both before and after: fewer than five inside the board.
    TooFew,
    /// All of them gave the same answer before, or after, so a mean would tell each person's.
    AllAlike,
    /// All of them moved by the same amount, so the gain would tell how far each person did.
    ChangedAlike,
    /// So few answered otherwise than the others that a mean would count them: of a question with two answers one to
    /// four people, on a longer scale one person who stands one point from an end where everybody else stands.
    FewDiffer,
    /// With it, what is hidden for another reason could be worked out.
    Protecting,
}

impl Hidden {
    /// What a page says instead.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TooFew => "Not enough answers yet",
            Self::AllAlike => "Everybody gave the same answer, so showing it would tell what each person answered",
            Self::ChangedAlike => {
                "Everybody moved by the same amount, so showing it would tell how far each person did"
            }
            Self::FewDiffer => "So few answered otherwise than the others that showing it would tell about them",
            Self::Protecting => "Not shown, because what others answered could be worked out from it",
        }
    }

    /// Whether it is hidden because of what its people answered, so that others must not give it away.
    pub fn is_about_answers(self) -> bool {
        matches!(self, Self::AllAlike | Self::ChangedAlike | Self::FewDiffer)
    }
}

/// An item's line as views and exports get it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownLine {
    /// The engine's line. Its counts of changes and its share at the top must be taken from the fields below.
    line: ItemLine,
    /// How many moved which way.
    pub changes: Changes,
    shows_top: bool,
    allowed: Allowed,
    tells_once: bool,
    /// Every statistic, for exports.
    statistics: GainStatistics,
    /// One over the number of items of a composite, whose statistics are of totals; else 1.
    per_item: f64,
}

/// The line of an item, if it may be shown. `sessions` are the sums of the sessions' own batches.
pub fn shown_line(
    histogram: &JointHistogram,
    sessions: Option<&SessionList>,
    audience: Audience,
) -> Result<ShownLine, Hidden> {
    decide_line(histogram, sessions, audience)?;
    let clusters = sessions.and_then(|sessions| clusters(histogram, sessions));
    Ok(line_of(histogram, clusters.as_ref(), audience))
}

/// Whether [`shown_line`] shows a line, without computing it.
///
/// # Errors
/// Why it does not.
pub fn decide_line(
    histogram: &JointHistogram,
    sessions: Option<&SessionList>,
    audience: Audience,
) -> Result<(), Hidden> {
    refuse_what_tells(histogram, audience)?;
    let is_made_of_few =
        |sessions: &SessionList| are_all_alike(SessionSums::of(histogram), sessions.iter().map(|(_, sums)| sums));
    if sessions.is_some_and(is_made_of_few) { Err(Hidden::Protecting) } else { Ok(()) }
}

/// The line of some people's answers to an item, if it may be shown. `sessions` are everybody's sums by session, and
/// `left_out` those of the people who are not in the histogram.
pub fn shown_line_without(
    histogram: &JointHistogram,
    sessions: &SessionList,
    left_out: &SessionList,
    audience: Audience,
) -> Result<ShownLine, Hidden> {
    refuse_what_tells(histogram, audience)?;
    let clusters = clusters_without(histogram, sessions, left_out);
    Ok(line_of(histogram, clusters.as_ref(), audience))
}

fn line_of(histogram: &JointHistogram, clusters: Option<&SessionList>, audience: Audience) -> ShownLine {
    let threshold = histogram.scale().usual_confident_threshold();
    let statistics = GainStatistics::of(histogram, threshold);
    let line = ItemLine::of_statistics(&statistics, histogram, clusters);
    cut_down(line, statistics, histogram, 1.0, audience)
}

/// Whether a line is hidden because of what its people answered.
pub fn tells_by_itself(histogram: &JointHistogram, audience: Audience) -> bool {
    refuse_what_tells(histogram, audience).is_err_and(Hidden::is_about_answers)
}

/// Refuses a line whose means would tell what each person answered, or count one to four people.
fn refuse_what_tells(histogram: &JointHistogram, audience: Audience) -> Result<(), Hidden> {
    let scale = histogram.scale();
    refuse_mean(&histogram.before_margin(), scale, audience)?;
    refuse_mean(&histogram.after_margin(), scale, audience)?;
    if histogram.differences().len() == 1 { Err(Hidden::ChangedAlike) } else { Ok(()) }
}

/// Refuses a mean of these answers, each with the people who gave it.
///
/// # Errors
/// [`Hidden::TooFew`], [`Hidden::AllAlike`] or [`Hidden::FewDiffer`].
pub fn refuse_mean(answers: &[(i32, u64)], scale: Scale, audience: Audience) -> Result<(), Hidden> {
    let people: u64 = answers.iter().map(|(_, people)| people).sum();
    if people < audience.fewest() {
        return Err(Hidden::TooFew);
    }
    if answers.len() == 1 {
        return Err(Hidden::AllAlike);
    }
    // With two answers a mean is a share, and so a number of people.
    let is_share = scale.span() == 1 && answers.iter().any(|(_, people)| !audience.is_countable(*people));
    let away_from =
        |end: i32| -> u64 { answers.iter().map(|(answer, people)| u64::from(answer.abs_diff(end)) * people).sum() };
    if is_share || away_from(scale.min()) == 1 || away_from(scale.max()) == 1 {
        return Err(Hidden::FewDiffer);
    }
    Ok(())
}

/// The line of a composite, on the scale of its items, if it may be shown.
pub fn shown_composite_line(
    composite: &CompositeHistogram,
    sessions: Option<&SessionList>,
    audience: Audience,
) -> Result<ShownLine, Hidden> {
    let totals = composite.totals();
    refuse_what_tells(totals, audience)?;
    let everybody = SessionSums::of(totals);
    if sessions.is_some_and(|sessions| are_all_alike(everybody, sessions.iter().map(|(_, sums)| sums))) {
        return Err(Hidden::Protecting);
    }
    let sessions = sessions.and_then(|sessions| clusters(totals, sessions));
    let line = ItemLine::of_composite(composite, sessions.as_ref(), None);
    let items = i32::try_from(composite.items()).unwrap_or(i32::MAX);
    let statistics = GainStatistics::of(totals, line.confident_from.saturating_mul(items));
    Ok(cut_down(line, statistics, totals, 1.0 / f64::from(composite.items()), audience))
}

fn cut_down(
    mut line: ItemLine,
    statistics: GainStatistics,
    histogram: &JointHistogram,
    per_item: f64,
    audience: Audience,
) -> ShownLine {
    let n = histogram.n();
    let scale = histogram.scale();
    let at_top =
        histogram.before_margin().iter().filter(|(rating, _)| *rating == scale.max()).map(|(_, people)| people).sum();
    let shows_top = is_countable_share(at_top, n, audience);
    if !shows_top {
        // The flag says on which side of a share that number lies, and with the number of people often which it is.
        line.flags.retain(|flag| *flag != Flag::Ceiling);
    }
    // Told by `with_those_who_answered_once` only.
    line.mean_before_only = Err(Undefined::SdBeforeOrAfterZero);
    let changes = decide_changes(line.improved, line.same, line.declined, audience);
    let shows_changes = matches!(changes, Changes::All { .. });
    let once_tell = [histogram.before_only(), histogram.after_only()]
        .map(|answers| !answers.is_empty() && refuse_mean(answers, scale, audience).is_err());
    ShownLine {
        changes,
        shows_top,
        allowed: Allowed::of(histogram, statistics.mcnemar.threshold, shows_changes, once_tell, audience),
        tells_once: false,
        statistics,
        per_item,
        line,
    }
}

impl ShownLine {
    /// Means, gain, interval, effect size, p and matching: what rests on everybody together.
    pub fn whole(&self) -> &ItemLine {
        &self.line
    }

    /// Tells the means of those who answered once only too, where they tell nobody's answer. For the statements of a
    /// course in one board year and for nothing else: told of its sessions or of several courses together as well, one
    /// that is withheld could be had by subtraction.
    #[must_use]
    pub fn with_those_who_answered_once(mut self) -> Self {
        self.tells_once = true;
        if self.allowed.before_only {
            self.line.mean_before_only = self.statistics.unmatched.mean_before_only;
        }
        self
    }

    /// The statistics that pages do not show, each with its value or why there is none: see
    /// [`further`](super::further).
    pub fn further(&self) -> Vec<(&'static str, Result<Told, Missing>)> {
        let allowed = if self.tells_once { self.allowed } else { self.allowed.without_those_who_answered_once() };
        further(&self.statistics, allowed, self.per_item)
    }

    /// The interval that takes learners as independent: too narrow for a course, so exports only. In points of the
    /// line's scale.
    pub fn interval_between_learners(&self) -> Option<Interval> {
        self.statistics.moments.ci95.ok().map(|interval| interval.scaled(self.per_item))
    }

    /// The share at the top of the scale before, where it may be shown.
    pub fn top_before(&self) -> Option<f64> {
        self.shows_top.then(|| self.line.top_before.ok()).flatten()
    }
}

/// Whether "so many of n" may be shown: both sides nobody or enough, and not everybody.
fn is_countable_share(part: u64, n: u64, audience: Audience) -> bool {
    part == 0 || is_split_countable(&[part, n - part], audience)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::rules::ItemVersion;
    use std::collections::BTreeMap;

    fn histogram(pairs: &[(i32, i32, u64)]) -> JointHistogram {
        let mut histogram = JointHistogram::new(ItemVersion::new("core", 1), Scale::ONE_TO_FIVE);
        for &(before, after, people) in pairs {
            histogram.add_pairs(before, after, people).unwrap();
        }
        histogram
    }

    fn inside(pairs: &[(i32, i32, u64)]) -> Result<ShownLine, Hidden> {
        shown_line(&histogram(pairs), None, Audience::Board)
    }

    #[test]
    fn four_people_show_nothing_and_the_fifth_makes_the_gain_appear() {
        assert_eq!(inside(&[(2, 4, 2), (3, 4, 2)]), Err(Hidden::TooFew));
        let line = inside(&[(2, 4, 2), (3, 4, 2), (3, 5, 1)]).unwrap();
        assert_eq!(line.whole().n, 5);
        assert_eq!(line.changes, Changes::Hidden, "all five improved, which would tell about each");
        assert_eq!(line.top_before(), Some(0.0));
    }

    #[test]
    fn nine_people_show_nothing_in_what_is_published() {
        let people = [(2, 4, 5), (3, 5, 2), (3, 3, 2)];
        assert!(inside(&people).is_ok());
        assert_eq!(shown_line(&histogram(&people), None, Audience::Published), Err(Hidden::TooFew));
        let twenty = histogram(&[(2, 4, 10), (3, 5, 3), (3, 3, 7)]);
        let line = |audience| shown_line(&twenty, None, audience).unwrap();
        assert_eq!(line(Audience::Board).changes, Changes::All { improved: 13, same: 7, declined: 0 });
        assert_eq!(line(Audience::Published).changes, Changes::Hidden, "seven stayed");
    }

    #[test]
    fn answers_that_are_all_alike_are_not_shown() {
        assert_eq!(inside(&[(2, 4, 9)]), Err(Hidden::AllAlike));
        // A mean of 4 after would tell each person's answer after.
        assert_eq!(inside(&[(2, 4, 9), (3, 4, 7)]), Err(Hidden::AllAlike));
        assert_eq!(inside(&[(2, 4, 9), (2, 5, 1)]), Err(Hidden::AllAlike));
        // A gain of exactly 2 without any spread would tell that each person rose by 2.
        assert_eq!(inside(&[(2, 4, 9), (3, 5, 7)]), Err(Hidden::ChangedAlike));
    }

    #[test]
    fn a_mean_one_point_from_an_end_is_one_person() {
        assert_eq!(inside(&[(2, 5, 8), (3, 4, 1)]), Err(Hidden::FewDiffer));
        assert_eq!(inside(&[(1, 3, 8), (2, 4, 1)]), Err(Hidden::FewDiffer));
        assert!(inside(&[(2, 5, 8), (3, 3, 1)]).is_ok(), "one person who answered 3, or two who answered 4");
    }

    /// Of five to nine people: whatever the mean before, and the mean after, there are two ways to answer so.
    #[test]
    fn no_shown_mean_alone_tells_how_few_people_answered() {
        for people in 5..10_usize {
            let mut ways: BTreeMap<i32, usize> = BTreeMap::new();
            let mut answers = vec![1; people];
            'all: loop {
                *ways.entry(answers.iter().sum()).or_default() += 1;
                // The next in rising order: the last that can grow does, and everybody after it with it.
                let Some(place) = answers.iter().rposition(|answer| *answer < 5) else { break 'all };
                let grown = answers[place] + 1;
                answers[place..].fill(grown);
            }
            let least = i32::try_from(people).unwrap();
            for (sum, count) in ways {
                let told = [least, least + 1, 5 * least - 1, 5 * least].contains(&sum);
                assert_eq!(count == 1, told, "{sum} by {people}: these are refused and no others are told");
            }
        }
    }

    #[test]
    fn a_share_counts_nobody_or_at_least_five_on_either_side() {
        let answers = |pairs: &[(i32, i32, u64)]| {
            let mut histogram = JointHistogram::new(ItemVersion::new("missed", 1), Scale::WRONG_OR_RIGHT);
            pairs.iter().for_each(|&(before, after, people)| histogram.add_pairs(before, after, people).unwrap());
            shown_line(&histogram, None, Audience::Board).map(|line| line.whole().n)
        };
        assert_eq!(answers(&[(0, 1, 20), (1, 1, 15), (1, 0, 5)]), Ok(40));
        assert_eq!(answers(&[(0, 1, 20), (1, 1, 16), (1, 0, 4)]), Err(Hidden::FewDiffer), "four were wrong after");
        assert_eq!(answers(&[(0, 1, 4), (1, 1, 16), (1, 0, 6)]), Err(Hidden::FewDiffer), "four were wrong before");
        assert_eq!(answers(&[(0, 1, 20), (1, 1, 16)]), Err(Hidden::AllAlike), "everybody was right after");
    }

    #[test]
    fn one_person_at_the_top_is_not_told() {
        let line = inside(&[(2, 4, 8), (5, 5, 1)]).unwrap();
        assert_eq!(line.top_before(), None);
    }

    /// What is shown of the share at the top, and the warning that it is high, leave at least two numbers of people
    /// possible wherever the number is one to four, or all but one to four.
    #[test]
    fn neither_a_share_nor_a_warning_counts_a_few_at_the_top() {
        for people in 5..=40_u64 {
            let mut by_shown: BTreeMap<String, Vec<u64>> = BTreeMap::new();
            for at_top in 0..people {
                let (low, rest) = ((people - at_top) / 2, (people - at_top).div_ceil(2));
                let pairs: Vec<_> =
                    [(5, 5, at_top), (2, 4, low), (3, 3, rest)].into_iter().filter(|pair| pair.2 > 0).collect();
                let Ok(line) = inside(&pairs) else { continue };
                let shown = format!("{:?} {}", line.top_before(), line.whole().has(Flag::Ceiling));
                by_shown.entry(shown).or_default().push(at_top);
            }
            for (shown, counts) in by_shown {
                let is_few = |count: &u64| (1..5).contains(count) || (1..5).contains(&(people - count));
                assert!(counts.len() > 1 || !counts.iter().any(is_few), "{shown} of {people} tells {counts:?}");
            }
        }
    }

    #[test]
    fn what_those_answered_who_answered_once_is_told_of_a_courses_statements_and_not_if_it_is_one_answer() {
        let with = |once: &[(i32, u64)]| {
            let mut histogram = histogram(&[(2, 4, 5), (3, 4, 4), (3, 5, 3)]);
            for &(before, people) in once {
                histogram.add_answers(Some(before), None, people).unwrap();
            }
            shown_line(&histogram, None, Audience::Board).unwrap()
        };
        let mixed = with(&[(2, 3), (3, 2)]);
        assert!(mixed.whole().mean_before_only.is_err());
        assert_eq!(mixed.clone().with_those_who_answered_once().whole().mean_before_only, Ok(2.4));
        let told = |line: &ShownLine, name: &str| {
            line.further().into_iter().find(|(found, _)| *found == name).map(|(_, told)| told).unwrap()
        };
        assert_eq!(told(&mixed, "unmatched_n_pre_only"), Ok(Told::Whole(5)));
        assert_eq!(told(&mixed, "unmatched_mean_pre_only"), Err(Missing::WouldTell));
        assert_eq!(told(&mixed.with_those_who_answered_once(), "unmatched_mean_pre_only"), Ok(Told::Number(2.4)));
        for telling in [vec![(2, 6)], vec![(1, 7), (2, 1)], vec![(2, 1), (4, 2)]] {
            let line = with(&telling).with_those_who_answered_once();
            assert!(line.whole().mean_before_only.is_err(), "{telling:?}");
            assert_eq!(told(&line, "unmatched_mean_pre_only"), Err(Missing::WouldTell), "{telling:?}");
        }
    }
}
