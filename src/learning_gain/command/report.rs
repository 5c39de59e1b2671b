//! The figures of a file, course by course: what all output formats are written from.

use crate::learning_gain::answers_file::{Answers, CourseAnswers};
use crate::learning_gain::rules::{
    AlphaSums, ClusteredGain, CompositeHistogram, Figure, GainStatistics, Interval, ItemLine, JointHistogram,
    NamedFigure, Scale, SessionList, Undefined, bca_interval, benjamini_hochberg,
};

/// All courses of a file.
pub(super) struct GainReport {
    pub(super) rows_read: u64,
    pub(super) courses: Vec<CourseReport>,
}

/// One course.
pub(super) struct CourseReport {
    pub(super) name: String,
    pub(super) items: Vec<ReportLine>,
    /// All items together; for a single item there is none, and neither when rows are not grouped by learner.
    pub(super) composite: Figure<ReportLine>,
    pub(super) alpha_before: Figure,
    pub(super) alpha_after: Figure,
    /// Benjamini–Hochberg over the courses' composites (or only items).
    pub(super) q: Figure,
}

/// One item, or all together.
pub(super) struct ReportLine {
    pub(super) name: String,
    pub(super) line: ItemLine,
    pub(super) statistics: GainStatistics,
    pub(super) clustered: Figure<ClusteredGain>,
    pub(super) bootstrap: Option<Figure<Interval>>,
    /// Shares of each rating before and after, of the matched.
    pub(super) before: Vec<(i32, u64)>,
    pub(super) after: Vec<(i32, u64)>,
}

/// How the composite is called.
pub(super) const ALL_ITEMS: &str = "All items";

impl GainReport {
    /// Computes everything. `with_sessions` says whether the file names sessions.
    pub(super) fn of(answers: &Answers, with_sessions: bool, confident: Option<i32>, bootstrap: bool) -> Self {
        let maker = LineMaker { with_sessions, confident, bootstrap };
        let mut courses: Vec<CourseReport> = answers.courses.iter().map(|course| maker.course(course)).collect();
        let p_values: Vec<Figure> = courses.iter().map(CourseReport::overall_p).collect();
        for (course, q) in courses.iter_mut().zip(benjamini_hochberg(&p_values)) {
            course.q = q;
        }
        Self { rows_read: answers.rows, courses }
    }

    /// The scale of the file, for headings.
    pub(super) fn scale(&self) -> Option<Scale> {
        self.courses.first()?.items.first().map(|item| item.line.scale)
    }
}

struct LineMaker {
    with_sessions: bool,
    confident: Option<i32>,
    bootstrap: bool,
}

impl LineMaker {
    fn course(&self, course: &CourseAnswers) -> CourseReport {
        CourseReport {
            name: course.name.clone(),
            items: course.items.iter().map(|(histogram, sessions)| self.item(histogram, sessions)).collect(),
            composite: match &course.composite {
                Ok((composite, sessions)) => Ok(self.composite(composite, sessions)),
                Err(reason) => Err(*reason),
            },
            alpha_before: course.alpha_before.as_ref().map_err(|reason| *reason).and_then(AlphaSums::alpha),
            alpha_after: course.alpha_after.as_ref().map_err(|reason| *reason).and_then(AlphaSums::alpha),
            q: Err(Undefined::NoLearners),
        }
    }

    fn item(&self, histogram: &JointHistogram, sessions: &SessionList) -> ReportLine {
        let threshold = self.confident.unwrap_or_else(|| histogram.scale().usual_confident_threshold());
        let statistics = GainStatistics::of(histogram, threshold);
        let line = ItemLine::of_statistics(&statistics, histogram.scale(), self.with_sessions.then_some(sessions));
        self.finish(histogram.item().key().to_owned(), line, statistics, histogram, sessions)
    }

    fn composite(&self, composite: &CompositeHistogram, sessions: &SessionList) -> ReportLine {
        let line = ItemLine::of_composite(composite, self.with_sessions.then_some(sessions), self.confident);
        let totals = composite.totals();
        let items = i32::try_from(composite.items()).unwrap_or(i32::MAX);
        let statistics = GainStatistics::of(totals, line.confident_from.saturating_mul(items));
        self.finish(ALL_ITEMS.to_owned(), line, statistics, totals, sessions)
    }

    fn finish(
        &self,
        name: String,
        line: ItemLine,
        statistics: GainStatistics,
        histogram: &JointHistogram,
        sessions: &SessionList,
    ) -> ReportLine {
        ReportLine {
            name,
            line,
            statistics,
            clustered: if self.with_sessions {
                sessions.clustered_gain()
            } else {
                Err(Undefined::FewerThanTwoSessions)
            },
            bootstrap: self.bootstrap.then(|| bca_interval(histogram)),
            before: histogram.before_margin(),
            after: histogram.after_margin(),
        }
    }
}

impl CourseReport {
    /// The items, then all together.
    pub(super) fn lines(&self) -> impl Iterator<Item = &ReportLine> {
        self.items.iter().chain(self.composite.as_ref().ok())
    }

    /// The p-value that stands for the course: of all items together, or of its only item.
    fn overall_p(&self) -> Figure {
        match (&self.composite, self.items.as_slice()) {
            (Ok(composite), _) => composite.line.p,
            (Err(_), [only]) => only.line.p,
            (Err(reason), _) => Err(*reason),
        }
    }
}

impl ReportLine {
    /// Every figure by name. Those of all items together are in points of the total.
    pub(super) fn figures(&self) -> Vec<NamedFigure> {
        let mut figures = self.statistics.figures();
        let clustered = self.clustered;
        figures.push(NamedFigure::number("session_ci95_lo", clustered.map(|gain| gain.ci95.low)));
        figures.push(NamedFigure::number("session_ci95_hi", clustered.map(|gain| gain.ci95.high)));
        figures.push(NamedFigure::number("session_se", clustered.map(|gain| gain.standard_error)));
        figures.push(NamedFigure::count("sessions", clustered.map_or(0, |gain| gain.sessions as u64)));
        if let Some(bootstrap) = self.bootstrap {
            figures.push(NamedFigure::number("bca95_lo", bootstrap.map(|interval| interval.low)));
            figures.push(NamedFigure::number("bca95_hi", bootstrap.map(|interval| interval.high)));
        }
        figures
    }
}
