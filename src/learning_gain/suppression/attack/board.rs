//! What is shown of a small board, by the functions that `store/read` uses, and what can be worked out from it.

use super::super::{
    Audience,
    composites::{AnswerSums, Statement, gives_one_away},
    inside::{Split, gives_away},
    line::{Hidden, ShownLine, shown_composite_line, shown_line, tells_by_itself},
    neighbours::{Part, hide_beside},
    totals::HiddenParts,
};
use super::{
    CORE, Course, ITEMS, KINDS, Person, WAVES,
    solver::{Known, can_have_solution},
};
use crate::learning_gain::rules::{CompositeHistogram, ItemVersion, JointHistogram, Scale, SessionList, SessionSums};
use std::collections::BTreeSet;

type Line = Result<ShownLine, Hidden>;

/// Which protections are at work; all of them but where a test shows what one is for.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) beside: bool,
    /// Of groups inside a total.
    pub(super) inside: bool,
    pub(super) composites: bool,
    /// Of kinds on courses, where kinds of a topic or the year are told.
    pub(super) kinds: bool,
}

pub(super) const ALL_RULES: Rules = Rules { beside: true, inside: true, composites: true, kinds: true };

fn histogram<'a>(people: impl Iterator<Item = &'a Person>, item: usize) -> JointHistogram {
    let mut histogram = JointHistogram::new(ItemVersion::new(format!("item-{item}"), 1), Scale::ONE_TO_FIVE);
    people.for_each(|person| histogram.add_pairs(person[item][0], person[item][1], 1).unwrap());
    histogram
}

fn composite(course: &Course) -> CompositeHistogram {
    let mut composite = CompositeHistogram::new(ItemVersion::new("all", 1), 2, Scale::ONE_TO_FIVE).unwrap();
    for person in course.sessions.iter().flatten() {
        composite.add_totals(person[0][0] + person[1][0], person[0][1] + person[1][1], 1).unwrap();
    }
    composite
}

fn protect(line: &mut Line) {
    if line.is_ok() {
        *line = Err(Hidden::Protecting);
    }
}

/// Everything that is shown of a board.
pub(super) struct Board<'a> {
    courses: &'a [Course],
    rules: Rules,
    /// Lines by course, session and item.
    sessions: Vec<Vec<[Line; ITEMS]>>,
    /// Lines by course and item.
    pub(super) lines: Vec<[Line; ITEMS]>,
    /// Lines of the core statement by course and kind, where kinds are told apart.
    kinds: Vec<Option<[Line; KINDS]>>,
    hidden: HiddenParts<usize>,
}

/// The core statement's line of each kind, over all of these courses together.
fn lines_of_kinds(courses: &[[Vec<Person>; KINDS]], rules: Rules) -> [Line; KINDS] {
    let wholes = [0, 1].map(|kind| histogram(courses.iter().flat_map(|course| &course[kind]), CORE));
    let mut lines = wholes.each_ref().map(|whole| shown_line(whole, None, Audience::Board));
    if rules.beside {
        hide_beside(wholes.iter().zip(&mut lines).map(|(whole, line)| Part::new(whole, line)));
    }
    lines
}

/// Those of the groups that tell by themselves what they answered to the core statement.
fn telling<'a>(groups: impl Iterator<Item = &'a Vec<Person>>, rules: Rules) -> Split {
    let groups = groups.map(|people| histogram(people.iter(), CORE));
    groups.filter(|group| rules.inside && tells_by_itself(group, Audience::Board)).collect()
}

impl<'a> Board<'a> {
    pub(super) fn of(courses: &'a [Course], rules: Rules) -> Self {
        let line = |people: &[Person], item| shown_line(&histogram(people.iter(), item), None, Audience::Board);
        let mut sessions: Vec<Vec<[Line; ITEMS]>> = courses
            .iter()
            .map(|course| course.sessions.iter().map(|people| [0, 1].map(|item| line(people, item))).collect())
            .collect();
        let mut lines: Vec<[Line; ITEMS]> = Vec::new();
        let mut kinds: Vec<Option<[Line; KINDS]>> = Vec::new();
        // The sessions and kinds that tell by themselves what they answered to the core statement, by course.
        let mut inside: Vec<[Split; 2]> = Vec::new();
        for (place, course) in courses.iter().enumerate() {
            let mut of_sessions = [const { Split::new() }; ITEMS];
            lines.push([0, 1].map(|item| {
                let own: Vec<_> = course.sessions.iter().map(|people| histogram(people.iter(), item)).collect();
                let parts = own.iter().zip(sessions[place].iter_mut().map(|lines| &mut lines[item]));
                if rules.beside {
                    hide_beside(parts.map(|(histogram, line)| Part::new(histogram, line)));
                }
                let tells = |session: &&JointHistogram| tells_by_itself(session, Audience::Board);
                of_sessions[item] = own.iter().filter(tells).filter(|_| rules.inside).cloned().collect();
                let whole = histogram(course.sessions.iter().flatten(), item);
                let mut sums = SessionList::beside(&whole);
                (1..).zip(&own).for_each(|(session, own)| sums.add(session, SessionSums::of(own)));
                let mut line = shown_line(&whole, Some(&sums), Audience::Board);
                if item != CORE && gives_away(&whole, &of_sessions[item..=item]) {
                    protect(&mut line);
                }
                line
            }));
            let groups = course.kinds();
            let of_kinds = groups.as_ref().map_or_else(Split::new, |groups| telling(groups.iter(), rules));
            inside.push([std::mem::take(&mut of_sessions[CORE]), of_kinds]);
            kinds.push(groups.map(|groups| lines_of_kinds(&[groups], rules)));
        }
        let own: Vec<_> = courses.iter().map(|course| histogram(course.sessions.iter().flatten(), CORE)).collect();
        let parts = own.iter().zip(lines.iter_mut().map(|lines| &mut lines[CORE]));
        let parts = parts.zip(&inside).map(|((histogram, line), inside)| Part::new(histogram, line).divided(inside));
        let suffice = !rules.beside || hide_beside(parts);
        let is_hidden =
            |line: &Line| line.as_ref().is_err_and(|why| why.is_about_answers() || *why == Hidden::Protecting);
        let parts: BTreeSet<usize> = (0..courses.len()).filter(|place| is_hidden(&lines[*place][CORE])).collect();
        for place in &parts {
            sessions[*place].iter_mut().for_each(|lines| protect(&mut lines[CORE]));
            kinds[*place].iter_mut().flatten().for_each(protect);
        }
        Self { courses, rules, sessions, lines, kinds, hidden: HiddenParts { parts, suffice } }
    }

    /// Whether the composite, and looking back, of a course are shown.
    fn shows_several(&self, place: usize) -> [bool; 2] {
        let course = &self.courses[place];
        let statements: Vec<Statement> = (0..ITEMS)
            .map(|item| {
                let own = histogram(course.sessions.iter().flatten(), item);
                let times = [own.before_margin(), own.after_margin()].map(|answers| AnswerSums::of(&answers));
                Statement {
                    is_hidden: self.lines[place][item].is_err(),
                    times: times.map(|sums| (sums, sums)).to_vec(),
                }
            })
            .collect();
        let is_kept = |statements: &[Statement]| !self.rules.composites || !gives_one_away(statements);
        // Looking back: people say 3 about before, or 2.
        let mut looking_back = JointHistogram::new(ItemVersion::new("then", 1), Scale::ONE_TO_FIVE);
        for (number, person) in course.sessions.iter().flatten().enumerate() {
            looking_back.add_pairs(if number % 2 == 0 { 3 } else { 2 }, person[CORE][1], 1).unwrap();
        }
        [
            shown_composite_line(&composite(course), None, Audience::Board).is_ok() && is_kept(&statements),
            shown_line(&looking_back, None, Audience::Board).is_ok() && is_kept(&statements[..1]),
        ]
    }

    /// The courses of each topic, and of the year.
    fn totals(&self) -> impl Iterator<Item = BTreeSet<usize>> {
        let year = 2;
        (0..=year).map(move |topic| {
            (0..self.courses.len()).filter(|place| topic == year || self.courses[*place].topic == topic).collect()
        })
    }

    /// What is known of one wave. Its numbers are the sums by course, session and item, and then those of the core
    /// statement by course and kind.
    fn known(&self, wave: usize) -> Known {
        let mut known = Known::default();
        let mut sessions: Vec<[Vec<usize>; ITEMS]> = Vec::new();
        for (place, course) in self.courses.iter().enumerate() {
            let mut own: [Vec<usize>; ITEMS] = Default::default();
            for (number, people) in course.sessions.iter().enumerate() {
                for (item, own) in own.iter_mut().enumerate() {
                    own.push(known.group(&answers(people, item, wave), &self.sessions[place][number][item]));
                }
            }
            sessions.push(own);
        }
        let kinds: Vec<Option<[usize; KINDS]>> = self
            .courses
            .iter()
            .zip(&self.kinds)
            .map(|(course, lines)| {
                let (groups, lines) = (course.kinds()?, lines.as_ref()?);
                Some([0, 1].map(|kind| known.group(&answers(&groups[kind], CORE, wave), &lines[kind])))
            })
            .collect();
        for (place, own) in sessions.iter().enumerate() {
            for item in (0..ITEMS).filter(|item| self.lines[place][*item].is_ok()) {
                known.tell(own[item].iter().copied());
            }
            if let Some(kinds) = kinds[place] {
                known.are_the_same(&own[CORE], &kinds);
            }
            let [composite, looking_back] = self.shows_several(place);
            if composite {
                known.tell(own.iter().flatten().copied());
            }
            if looking_back && wave == 1 {
                known.tell(own[CORE].iter().copied());
            }
        }
        for total in self.totals().filter(|total| !total.is_empty() && (!self.rules.beside || self.hidden.allow(total)))
        {
            let people = total.iter().flat_map(|place| self.courses[*place].sessions.iter().flatten());
            if shown_line(&histogram(people, CORE), None, Audience::Board).is_ok() {
                known.tell(total.iter().flat_map(|place| sessions[*place][CORE].clone()));
            }
        }
        let totals = self.totals().map(|total| -> BTreeSet<usize> {
            // Only courses on which every kind is shown add to the kinds of a topic or the year.
            let are_shown = |place: &usize| {
                let shown = self.kinds[*place].as_ref().is_some_and(|lines| lines.iter().all(Line::is_ok));
                shown || (!self.rules.kinds && kinds[*place].is_some())
            };
            total.into_iter().filter(are_shown).collect()
        });
        for total in totals.filter(|total| !total.is_empty()) {
            let groups: Vec<_> = total.iter().filter_map(|place| self.courses[*place].kinds()).collect();
            let lines = lines_of_kinds(&groups, self.rules);
            for kind in (0..KINDS).filter(|kind| lines[*kind].is_ok()) {
                known.tell(total.iter().filter_map(|place| Some(kinds[*place]?[kind])));
            }
        }
        known
    }

    /// The first session, kind or course of which everybody answered alike and of which that can be solved for.
    pub(super) fn leak(&self) -> Option<String> {
        for wave in 0..WAVES {
            let mut next = 0;
            let mut groups: Vec<Alike> = Vec::new();
            for (place, course) in self.courses.iter().enumerate() {
                for item in 0..ITEMS {
                    let mine = |number: usize| next + number * ITEMS + item;
                    let sizes: Vec<(usize, i64)> = course
                        .sessions
                        .iter()
                        .map(Vec::len)
                        .enumerate()
                        .map(|(n, size)| (mine(n), size as i64))
                        .collect();
                    let own = course.sessions.iter().zip(&sizes);
                    groups.extend(own.filter_map(|(people, size)| {
                        Some((format!("a session of {place}, item {item}"), vec![*size], alike(people, item, wave)?))
                    }));
                    let everybody: Vec<Person> = course.sessions.iter().flatten().copied().collect();
                    groups.extend(
                        alike(&everybody, item, wave)
                            .map(|answer| (format!("course {place}, item {item}"), sizes, answer)),
                    );
                }
                next += course.sessions.len() * ITEMS;
            }
            for (place, course) in self.courses.iter().enumerate() {
                let Some(kinds) = course.kinds().filter(|_| self.kinds[place].is_some()) else { continue };
                for people in kinds {
                    let size = vec![(next, people.len() as i64)];
                    groups
                        .extend(alike(&people, CORE, wave).map(|answer| (format!("a kind of {place}"), size, answer)));
                    next += 1;
                }
            }
            let known = self.known(wave);
            for (name, sizes, answer) in groups {
                let can_be = (1..=5).filter(|other| *other != answer).any(|other| {
                    let mut known = known.clone();
                    sizes.iter().for_each(|(place, size)| known.domains[*place].retain(|sum| *sum == other * size));
                    can_have_solution(&known)
                });
                if !can_be {
                    return Some(format!("wave {wave}, {name}"));
                }
            }
        }
        None
    }
}

/// A group that answered alike: its name, the places of its sums with how many people are in each, and the answer.
type Alike = (String, Vec<(usize, i64)>, i64);

fn answers(people: &[Person], item: usize, wave: usize) -> Vec<i64> {
    people.iter().map(|person| i64::from(person[item][wave])).collect()
}

/// What all of them answered, if all answered the same.
fn alike(people: &[Person], item: usize, wave: usize) -> Option<i64> {
    let answers = answers(people, item, wave);
    answers.iter().all(|answer| *answer == answers[0]).then_some(answers[0])
}
