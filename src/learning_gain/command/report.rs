//! The figures of a file, course by course: what all output formats are written from.

use crate::learning_gain::answers_file::{Answers, CourseAnswers};
use crate::learning_gain::rules::{
    AlphaSums, ClusteredGain, CompositeHistogram, Figure, Flag, GainStatistics, Interval, ItemLine, JointHistogram,
    NamedFigure, Scale, SessionList, Undefined, benjamini_hochberg, shown_bca_interval,
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
    /// Benjamini–Hochberg over the courses' composites (or only items); with one course there is nothing to correct.
    pub(super) q: Figure,
}

/// One item, or all together.
pub(super) struct ReportLine {
    pub(super) name: String,
    /// All items of the course together: points are those of one item all the same.
    pub(super) is_composite: bool,
    pub(super) line: ItemLine,
    pub(super) statistics: GainStatistics,
    pub(super) clustered: Figure<ClusteredGain>,
    pub(super) bootstrap: Option<Figure<Interval>>,
    /// Shares of each rating before and after, of the matched.
    pub(super) before: Vec<(i32, u64)>,
    pub(super) after: Vec<(i32, u64)>,
    /// The sessions, where they are so few that the interval between them is only a rough guide.
    pub(super) sessions: Vec<SessionLine>,
}

/// One session of a line.
pub(super) struct SessionLine {
    pub(super) name: String,
    pub(super) n: u64,
    pub(super) mean_gain: Figure,
    /// Of this session's learners alone.
    pub(super) ci95: Figure<Interval>,
}

/// How the composite is called.
const ALL_ITEMS: &str = "All items";

impl GainReport {
    /// Computes everything. `with_sessions` says whether the file names sessions.
    pub(super) fn of(answers: &Answers, with_sessions: bool, confident: Option<i32>, bootstrap: bool) -> Self {
        let maker = LineMaker { with_sessions, confident, bootstrap };
        let mut courses: Vec<CourseReport> = answers.courses.iter().map(|course| maker.course(course)).collect();
        let p_values: Vec<Figure> = courses.iter().map(CourseReport::overall_p).collect();
        if courses.len() > 1 {
            for (course, q) in courses.iter_mut().zip(benjamini_hochberg(&p_values)) {
                course.q = q;
            }
        }
        Self { rows_read: answers.rows, courses }
    }

    /// The scale of the file, for headings.
    pub(super) fn scale(&self) -> Option<Scale> {
        self.courses.first()?.items.first().map(|item| item.line.scale)
    }
}

/// What a line is made of beside its figures.
struct Behind<'a> {
    histogram: &'a JointHistogram,
    sessions: &'a SessionList,
    session_names: &'a [String],
    /// What a point of the histogram is on the scale of an item.
    per_item: f64,
}

struct LineMaker {
    with_sessions: bool,
    confident: Option<i32>,
    bootstrap: bool,
}

impl LineMaker {
    fn course(&self, course: &CourseAnswers) -> CourseReport {
        let behind =
            |histogram, sessions, per_item| Behind { histogram, sessions, session_names: &course.sessions, per_item };
        CourseReport {
            name: course.name.clone(),
            items: course.items.iter().map(|(item, sessions)| self.item(behind(item, sessions, 1.0))).collect(),
            composite: match &course.composite {
                Ok((composite, sessions)) => {
                    let behind = behind(composite.totals(), sessions, 1.0 / f64::from(composite.items()));
                    Ok(self.composite(composite, behind))
                }
                Err(reason) => Err(*reason),
            },
            alpha_before: course.alpha_before.as_ref().map_err(|reason| *reason).and_then(AlphaSums::alpha),
            alpha_after: course.alpha_after.as_ref().map_err(|reason| *reason).and_then(AlphaSums::alpha),
            q: Err(Undefined::FewerThanTwoCourses),
        }
    }

    fn item(&self, behind: Behind) -> ReportLine {
        let Behind { histogram, sessions, .. } = behind;
        let threshold = self.confident.unwrap_or_else(|| histogram.scale().usual_confident_threshold());
        let statistics = GainStatistics::of(histogram, threshold);
        let line = ItemLine::of_statistics(&statistics, histogram, self.with_sessions.then_some(sessions));
        self.finish(histogram.item().key().to_owned(), line, statistics, &behind)
    }

    fn composite(&self, composite: &CompositeHistogram, behind: Behind) -> ReportLine {
        let line = ItemLine::of_composite(composite, self.with_sessions.then_some(behind.sessions), self.confident);
        let statistics = GainStatistics::of_composite(composite, line.confident_from);
        ReportLine { is_composite: true, ..self.finish(ALL_ITEMS.to_owned(), line, statistics, &behind) }
    }

    fn finish(&self, name: String, line: ItemLine, statistics: GainStatistics, behind: &Behind) -> ReportLine {
        let clustered =
            if self.with_sessions { behind.sessions.clustered_gain() } else { Err(Undefined::FewerThanTwoSessions) };
        ReportLine {
            name,
            is_composite: false,
            statistics,
            clustered: clustered.map(|gain| gain.scaled(behind.per_item)),
            bootstrap: self
                .bootstrap
                .then(|| shown_bca_interval(behind.histogram).map(|interval| interval.scaled(behind.per_item))),
            before: behind.histogram.before_margin(),
            after: behind.histogram.after_margin(),
            sessions: if line.has(Flag::FewSessions) { behind.sessions() } else { Vec::new() },
            line,
        }
    }
}

impl Behind<'_> {
    /// The sessions with matched learners.
    fn sessions(&self) -> Vec<SessionLine> {
        let answered = self.sessions.iter().filter(|(_, sums)| sums.n > 0);
        answered
            .map(|(number, sums)| SessionLine {
                name: usize::try_from(number)
                    .ok()
                    .and_then(|at| self.session_names.get(at))
                    .cloned()
                    .unwrap_or_default(),
                n: sums.n,
                mean_gain: sums.mean().map(|mean| mean * self.per_item),
                ci95: sums.ci95().map(|interval| interval.scaled(self.per_item)),
            })
            .collect()
    }
}

impl CourseReport {
    /// The items, then all together.
    pub(super) fn lines(&self) -> impl Iterator<Item = &ReportLine> {
        self.items.iter().chain(self.composite.as_ref().ok())
    }

    /// The line that stands for the course: all items together, or its only item.
    pub(super) fn overall(&self) -> Figure<&ReportLine> {
        match (&self.composite, self.items.as_slice()) {
            (Ok(composite), _) => Ok(composite),
            (Err(_), [only]) => Ok(only),
            (Err(reason), _) => Err(*reason),
        }
    }

    fn overall_p(&self) -> Figure {
        self.overall().and_then(|line| line.line.p)
    }
}

impl ReportLine {
    /// Every figure by name, in points of the scale of `line`.
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
