//! The honest line of an item, cut down to what may be shown.

use super::{
    FEWEST,
    clusters::{clusters, clusters_without},
    is_countable,
};
use crate::learning_gain::rules::{
    CompositeHistogram, GainStatistics, Interval, ItemLine, JointHistogram, NamedFigure, SessionList, SessionSums,
    Value, sentence::thousands,
};

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hidden {
    /// Fewer than five people answered both before and after.
    TooFew,
    /// All of them gave the same answer before, or after, so a mean would tell each person's.
    AllAlike,
    /// Of a question with two answers, one was given by one to four people, whom a share would count.
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
            Self::FewDiffer => "So few answered otherwise than the others that showing it would tell about them",
            Self::Protecting => "Not shown, because what others answered could be worked out from it",
        }
    }
}

/// How many moved which way, as far as no number is one to four people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "shown")]
pub enum Changes {
    /// All three.
    All {
        /// Rose.
        improved: u64,
        /// Stayed.
        same: u64,
        /// Fell.
        declined: u64,
    },
    /// Those who rose, and the others together.
    Improved {
        /// Rose.
        improved: u64,
        /// Stayed or fell.
        others: u64,
    },
    /// Those who fell, and the others together.
    Declined {
        /// Fell.
        declined: u64,
        /// Stayed or rose.
        others: u64,
    },
    /// Nothing: some number would be one to four people, or everybody did the same.
    Hidden,
}

/// Statistics that rest on all answers together, by their names in exports.
pub const OF_EVERYBODY: [&str; 13] = [
    "sd_before",
    "sd_after",
    "sd_gain",
    "se_gain",
    "t",
    "df",
    "p_two_sided",
    "cohen_dz",
    "hedges_gz",
    "hedges_g_av",
    "pearson_r",
    "hake_g",
    "wilcoxon_p_exact_conditional",
];
/// Those of them that are in points of the scale.
const IN_POINTS: [&str; 4] = ["sd_before", "sd_after", "sd_gain", "se_gain"];
/// Statistics that are made of how many rose, stayed and fell.
pub const OF_CHANGES: [&str; 9] = [
    "n_nonzero",
    "n_zero",
    "w_plus",
    "w_minus",
    "wilcoxon_z",
    "wilcoxon_p",
    "rank_biserial",
    "prob_superiority",
    "sign_test_p",
];

/// An item's line as views and exports get it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownLine {
    /// The engine's line. Its counts of changes and its share at the top must be taken from the fields below.
    line: ItemLine,
    /// How many moved which way.
    pub changes: Changes,
    /// Whether the share at the top of the scale before may be shown.
    pub shows_top: bool,
    /// Every statistic, for exports.
    statistics: GainStatistics,
    /// One over the number of items of a composite, whose statistics are of totals; else 1.
    per_item: f64,
}

/// The line of an item, if it may be shown. `sessions` are the sums of the sessions' own batches.
pub fn shown_line(histogram: &JointHistogram, sessions: Option<&SessionList>) -> Result<ShownLine, Hidden> {
    let clusters = sessions.and_then(|sessions| clusters(SessionSums::of(histogram), sessions));
    line_of(histogram, clusters.as_ref())
}

/// The line of some people's answers to an item, if it may be shown. `sessions` are everybody's sums by session, and
/// `left_out` those of the people who are not in the histogram.
pub fn shown_line_without(
    histogram: &JointHistogram,
    sessions: &SessionList,
    left_out: &SessionList,
) -> Result<ShownLine, Hidden> {
    line_of(histogram, clusters_without(SessionSums::of(histogram), sessions, left_out).as_ref())
}

fn line_of(histogram: &JointHistogram, clusters: Option<&SessionList>) -> Result<ShownLine, Hidden> {
    refuse_what_tells(histogram)?;
    let threshold = histogram.scale().usual_confident_threshold();
    let statistics = GainStatistics::of(histogram, threshold);
    let line = ItemLine::of_statistics(&statistics, histogram.scale(), clusters);
    Ok(cut_down(line, statistics, histogram, 1.0))
}

/// Refuses a line whose means would tell what each person answered, or count one to four people.
fn refuse_what_tells(histogram: &JointHistogram) -> Result<(), Hidden> {
    if histogram.n() < FEWEST {
        return Err(Hidden::TooFew);
    }
    let margins = [histogram.before_margin(), histogram.after_margin()];
    if margins.iter().any(|margin| margin.len() == 1) {
        return Err(Hidden::AllAlike);
    }
    // With two answers a mean is a share, and so a number of people.
    let is_share = histogram.scale().span() == 1;
    if is_share && margins.iter().flatten().any(|(_, people)| !is_countable(*people)) {
        return Err(Hidden::FewDiffer);
    }
    Ok(())
}

/// The line of a composite, on the scale of its items, if it may be shown.
pub fn shown_composite_line(
    composite: &CompositeHistogram,
    sessions: Option<&SessionList>,
) -> Result<ShownLine, Hidden> {
    let totals = composite.totals();
    refuse_what_tells(totals)?;
    let sessions = sessions.and_then(|sessions| clusters(SessionSums::of(totals), sessions));
    let line = ItemLine::of_composite(composite, sessions.as_ref(), None);
    let statistics = GainStatistics::of(totals, totals.scale().usual_confident_threshold());
    Ok(cut_down(line, statistics, totals, 1.0 / f64::from(composite.items())))
}

/// Where one part of a shown total is hidden because of what its people answered, it could be had by taking the other
/// parts from the total; hiding the smallest of the others prevents that.
pub fn hide_a_second<'a>(parts: impl Iterator<Item = &'a mut Result<ShownLine, Hidden>>) {
    let mut parts: Vec<_> = parts.collect();
    let hidden = |why: Hidden| parts.iter().filter(|part| ***part == Err(why)).count();
    if hidden(Hidden::AllAlike) + hidden(Hidden::FewDiffer) != 1 || hidden(Hidden::Protecting) > 0 {
        return;
    }
    let smallest = parts
        .iter_mut()
        .filter_map(|part| part.as_ref().ok().map(|line| line.whole().n).map(|n| (n, part)))
        .min_by_key(|(n, _)| *n);
    if let Some((_, part)) = smallest {
        **part = Err(Hidden::Protecting);
    }
}

fn cut_down(line: ItemLine, statistics: GainStatistics, histogram: &JointHistogram, per_item: f64) -> ShownLine {
    let n = histogram.n();
    let top = histogram.scale().max();
    let at_top = histogram.before_margin().iter().filter(|(rating, _)| *rating == top).map(|(_, people)| people).sum();
    ShownLine {
        changes: decide_changes(line.improved, line.same, line.declined),
        shows_top: is_split_shown(at_top, n),
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

    /// The statistics that pages do not show, as far as they say nothing about one to four people: what rests on
    /// everybody together, and, where the numbers of those who rose, stayed and fell may be shown, what is made of
    /// those.
    pub fn further(&self) -> Vec<NamedFigure> {
        let shows_ranks = matches!(self.changes, Changes::All { .. });
        self.statistics
            .figures()
            .into_iter()
            .filter(|figure| OF_EVERYBODY.contains(&figure.name) || (shows_ranks && OF_CHANGES.contains(&figure.name)))
            .map(|figure| match figure.value {
                Value::Number(number) if IN_POINTS.contains(&figure.name) => {
                    NamedFigure::number(figure.name, number.map(|points| points * self.per_item))
                }
                _ => figure,
            })
            .collect()
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

/// Whether "so many of n" may be shown: both sides nobody or at least five, and not everybody.
fn is_split_shown(part: u64, n: u64) -> bool {
    is_countable(part) && is_countable(n - part) && part < n
}

fn decide_changes(improved: u64, same: u64, declined: u64) -> Changes {
    let is_split = |parts: &[u64]| {
        parts.iter().all(|part| is_countable(*part)) && parts.iter().filter(|part| **part > 0).count() > 1
    };
    if is_split(&[improved, same, declined]) {
        Changes::All { improved, same, declined }
    } else if is_split(&[improved, same + declined]) {
        Changes::Improved { improved, others: same + declined }
    } else if is_split(&[declined, same + improved]) {
        Changes::Declined { declined, others: same + improved }
    } else {
        Changes::Hidden
    }
}

impl Changes {
    /// The numbers in a sentence.
    pub fn sentence(self) -> String {
        let told_together = "(told together, because one of the two is a small number)";
        match self {
            Self::All { improved, same, declined } => format!(
                "{} improved, {} stayed the same and {} declined.",
                thousands(improved),
                thousands(same),
                thousands(declined)
            ),
            Self::Improved { improved, others } => format!(
                "{} improved; {} stayed the same or declined {told_together}.",
                thousands(improved),
                thousands(others)
            ),
            Self::Declined { declined, others } => format!(
                "{} declined; {} stayed the same or improved {told_together}.",
                thousands(declined),
                thousands(others)
            ),
            Self::Hidden => {
                "How many improved, stayed the same or declined is not shown: it would tell about a few people."
                    .to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::rules::{ItemVersion, Scale};

    fn histogram(pairs: &[(i32, i32, u64)]) -> JointHistogram {
        let mut histogram = JointHistogram::new(ItemVersion::new("core", 1), Scale::ONE_TO_FIVE);
        for &(before, after, people) in pairs {
            histogram.add_pairs(before, after, people).unwrap();
        }
        histogram
    }

    #[test]
    fn four_people_show_nothing_and_the_fifth_makes_the_gain_appear() {
        assert_eq!(shown_line(&histogram(&[(2, 4, 2), (3, 4, 2)]), None), Err(Hidden::TooFew));
        let line = shown_line(&histogram(&[(2, 4, 2), (3, 4, 2), (3, 5, 1)]), None).unwrap();
        assert_eq!(line.whole().n, 5);
        assert_eq!(line.changes, Changes::Hidden, "all five improved, which would tell about each");
        assert_eq!(line.top_before(), Some(0.0));
    }

    #[test]
    fn answers_that_are_all_alike_are_not_shown() {
        assert_eq!(shown_line(&histogram(&[(2, 4, 9)]), None), Err(Hidden::AllAlike));
        // A mean of 4 after would tell each person's answer after.
        assert_eq!(shown_line(&histogram(&[(2, 4, 9), (3, 4, 7)]), None), Err(Hidden::AllAlike));
        assert_eq!(shown_line(&histogram(&[(2, 4, 9), (2, 5, 1)]), None), Err(Hidden::AllAlike));
    }

    #[test]
    fn a_share_counts_nobody_or_at_least_five_on_either_side() {
        let answers = |pairs: &[(i32, i32, u64)]| {
            let mut histogram = JointHistogram::new(ItemVersion::new("missed", 1), Scale::WRONG_OR_RIGHT);
            pairs.iter().for_each(|&(before, after, people)| histogram.add_pairs(before, after, people).unwrap());
            shown_line(&histogram, None).map(|line| line.whole().n)
        };
        assert_eq!(answers(&[(0, 1, 20), (1, 1, 15), (1, 0, 5)]), Ok(40));
        assert_eq!(answers(&[(0, 1, 20), (1, 1, 16), (1, 0, 4)]), Err(Hidden::FewDiffer), "four were wrong after");
        assert_eq!(answers(&[(0, 1, 4), (1, 1, 16), (1, 0, 6)]), Err(Hidden::FewDiffer), "four were wrong before");
        assert_eq!(answers(&[(0, 1, 20), (1, 1, 16)]), Err(Hidden::AllAlike), "everybody was right after");
    }

    #[test]
    fn beside_one_that_is_all_alike_a_second_is_hidden() {
        let line = |pairs: &[(i32, i32, u64)]| shown_line(&histogram(pairs), None);
        let mut parts = [line(&[(2, 4, 9)]), line(&[(2, 4, 8), (3, 5, 5)]), line(&[(2, 4, 5), (3, 5, 2)])];
        hide_a_second(parts.iter_mut());
        assert!(parts[1].is_ok());
        assert_eq!(parts[2], Err(Hidden::Protecting));
        hide_a_second(parts.iter_mut());
        assert_eq!(parts[2], Err(Hidden::Protecting));
    }

    #[test]
    fn a_small_number_of_falls_is_told_together_with_those_who_stayed() {
        assert_eq!(decide_changes(20, 6, 2), Changes::Improved { improved: 20, others: 8 });
        assert_eq!(decide_changes(2, 6, 20), Changes::Declined { declined: 20, others: 8 });
        assert_eq!(decide_changes(20, 6, 5), Changes::All { improved: 20, same: 6, declined: 5 });
        assert_eq!(decide_changes(2, 20, 2), Changes::Hidden);
        assert_eq!(decide_changes(9, 0, 0), Changes::Hidden);
    }

    #[test]
    fn one_person_at_the_top_is_not_told() {
        let line = shown_line(&histogram(&[(2, 4, 8), (5, 5, 1)]), None).unwrap();
        assert_eq!(line.top_before(), None);
    }
}
