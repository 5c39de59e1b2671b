//! The sessions of a course beside each other, statement by statement.

use super::*;
use crate::{
    calendar::rules::{board_year, board_year_span, london_day},
    entity::session_cell,
    learning_gain::suppression::{
        Audience,
        line::shown_line,
        neighbours::{Part, hide_beside},
    },
};
use sea_orm::{QueryOrder, QueryTrait};
use std::collections::BTreeSet;

/// One session of a course.
#[derive(Clone, Debug)]
pub struct SessionGain {
    /// Which session.
    pub session: session::Model,
    /// The line of the core statement, if it may be shown.
    pub line: MaybeLine,
}

/// A course's sessions in one board year, earliest first, and their gains by statement.
struct Sessions {
    sessions: Vec<session::Model>,
    gains: Vec<(SessionId, Vec<ItemGain>)>,
}

/// The sessions of a course in the board year of `hidden` with the gain in the core statement, earliest first.
pub async fn course_sessions(
    course: CourseId,
    hidden: &HiddenCourses,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionGain>, DbErr> {
    let found = sessions(course, hidden, Some(ItemKind::Core), db).await?;
    let mut gains: BTreeMap<SessionId, Vec<ItemGain>> = found.gains.into_iter().collect();
    let line_of = |session: session::Model| {
        let core = gains.remove(&session.id).and_then(|items| items.into_iter().max_by_key(|item| item.histogram.n()));
        SessionGain { session, line: core.map_or(Err(Hidden::TooFew), |core| core.line) }
    };
    Ok(found.sessions.into_iter().map(line_of).collect())
}

/// A session's items, in their order on the questionnaire.
pub async fn session_items(session: &session::Model, db: &impl ConnectionTrait) -> Result<Vec<ItemGain>, DbErr> {
    let year = board_year(london_day(session.starts_at));
    let found = sessions(session.course_id, &hidden_courses(year, db).await?, None, db).await?;
    Ok(found.gains.into_iter().find(|(id, _)| *id == session.id).map(|(_, items)| items).unwrap_or_default())
}

/// The answers of sessions that are noted as telling by themselves what each of their people answered.
pub(super) async fn telling_sessions<T>(
    noted: &BTreeMap<(SessionId, ItemId), T>,
    items: &BTreeMap<ItemId, item::Model>,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<(SessionId, ItemId), JointHistogram>, DbErr> {
    let mut histograms: BTreeMap<(SessionId, ItemId), JointHistogram> = BTreeMap::new();
    if noted.is_empty() {
        return Ok(histograms);
    }
    let (sessions, asked): (BTreeSet<SessionId>, BTreeSet<ItemId>) = noted.keys().copied().unzip();
    let cells = session_cell::Entity::find()
        .filter(session_cell::Column::SessionId.is_in(sessions))
        .filter(session_cell::Column::ItemId.is_in(asked))
        .all(db)
        .await?;
    for cell in cells {
        let place = (cell.session_id, cell.item_id);
        if let Some(item) = items.get(&cell.item_id).filter(|_| noted.contains_key(&place)) {
            add_cell(histograms.entry(place).or_insert_with(|| empty(item)), cell.before, cell.after, cell.people);
        }
    }
    Ok(histograms)
}

/// What is hidden in one session could be had by taking the others from the course, so they are always looked at
/// together, by whoever sees one of them.
async fn sessions(
    course: CourseId,
    hidden: &HiddenCourses,
    only: Option<ItemKind>,
    db: &impl ConnectionTrait,
) -> Result<Sessions, DbErr> {
    let Some((from, to)) = board_year_span(hidden.board_year()) else {
        return Ok(Sessions { sessions: Vec::new(), gains: Vec::new() });
    };
    let sessions = session::Entity::find()
        .filter(session::Column::CourseId.eq(course))
        .filter(session::Column::StartsAt.gte(from))
        .filter(session::Column::StartsAt.lt(to))
        .filter(session::Column::CancelledAt.is_null())
        .order_by_asc(session::Column::StartsAt)
        .order_by_asc(session::Column::Id)
        .all(db)
        .await?;
    let mut cells = session_cell::Entity::find()
        .filter(session_cell::Column::SessionId.is_in(sessions.iter().map(|session| session.id)));
    if let Some(kind) = only {
        let of_kind = item::Entity::find().select_only().column(item::Column::Id).filter(item::Column::Kind.eq(kind));
        cells = cells.filter(session_cell::Column::ItemId.in_subquery(of_kind.into_query()));
    }
    let cells = cells.all(db).await?;
    let asked: BTreeSet<ItemId> = cells.iter().map(|cell| cell.item_id).collect();
    let items = items_asked(asked.into_iter(), db).await?;
    let mut gains: Vec<(SessionId, Vec<ItemGain>)> = sessions
        .iter()
        .map(|session| {
            let own = cells.iter().filter(|cell| cell.session_id == session.id);
            let own = own.map(|cell| (cell.item_id, cell.before, cell.after, cell.people));
            (session.id, item_gains(&items, own, |histogram, _| shown_line(histogram, None, Audience::Board)))
        })
        .collect();
    for item in &items {
        let beside = gains.iter_mut().flat_map(|(_, gains)| gains).filter(|gain| gain.item == item.id);
        // Where the other sessions do not suffice, all of them are hidden, and the course's own line is too.
        hide_beside(beside.map(|gain| Part::new(&gain.histogram, &mut gain.line)));
    }
    if hidden.contain(course) {
        let core = gains.iter_mut().flat_map(|(_, gains)| gains).filter(|gain| gain.kind == ItemKind::Core);
        protect(core.map(|gain| &mut gain.line));
    }
    Ok(Sessions { sessions, gains })
}
