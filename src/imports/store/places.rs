//! Bookings and marks of a history.

use super::import::Facts;
use crate::{
    accounts::rules::{PersonId, PersonKind},
    attendance::rules::{Mark, outcome_of},
    bookings::rules::{BookingId, BookingState, Outcome},
    entity::{booking, mark, mark_history, session},
    imports::rules::{History, Problem, Row, RowOutcome},
    server::{
        bulk::{insert_all, largest_id},
        secrets::{random_reference, random_token},
    },
    sessions::rules::{SessionDateId, SessionId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, HashMap};

/// Sessions looked up in one query.
const AT_ONCE: usize = 2_000;

/// What earlier imports wrote.
pub(super) struct Known {
    bookings: HashMap<(SessionId, PersonId), booking::Model>,
    marks: HashMap<(SessionDateId, BookingId), Mark>,
}

impl Known {
    /// Reads the places on the history's sessions.
    pub(super) async fn load(facts: &Facts, db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let sessions: Vec<SessionId> = facts.sessions.values().copied().collect();
        let mut known = Self { bookings: HashMap::new(), marks: HashMap::new() };
        for some in sessions.chunks(AT_ONCE) {
            let rows =
                booking::Entity::find().filter(booking::Column::SessionId.is_in(some.iter().copied())).all(db).await?;
            known.bookings.extend(rows.into_iter().map(|row| ((row.session_id, row.person_id), row)));
        }
        let dates: Vec<SessionDateId> = facts.dates.values().copied().collect();
        for some in dates.chunks(AT_ONCE) {
            let rows =
                mark::Entity::find().filter(mark::Column::SessionDateId.is_in(some.iter().copied())).all(db).await?;
            known.marks.extend(rows.into_iter().map(|row| ((row.session_date_id, row.booking_id), row.mark)));
        }
        Ok(known)
    }
}

/// What was placed.
pub(super) struct Placed {
    pub new_rows: usize,
    /// New places by session and address, and whether the person attended.
    pub attended: HashMap<(String, String), bool>,
}

#[derive(Default)]
struct ToWrite {
    bookings: Vec<booking::ActiveModel>,
    marks: Vec<mark::ActiveModel>,
    history: Vec<mark_history::ActiveModel>,
    outcomes: Vec<(BookingId, Option<Outcome>)>,
}

/// Writes bookings, marks, outcomes and the sessions' counters. Rows that are here already are left alone; where they
/// say something else, nothing is written and the rows are named.
pub(super) async fn places_insert_in_txn(
    history: &History,
    facts: &Facts,
    known: Known,
    tick: &(dyn Fn(u64) + Sync),
    db: &impl ConnectionTrait,
) -> Result<Result<Placed, Vec<Problem>>, DbErr> {
    let mut people: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in &history.rows {
        people.entry((&row.session, &row.email)).or_default().push(row);
    }
    let mut next = largest_id("bookings", db).await?;
    let mut write = ToWrite::default();
    let mut placed = Placed { new_rows: 0, attended: HashMap::new() };
    let mut problems = Vec::new();
    let mut done = 0;
    for ((name, email), rows) in people {
        let (session, person) = (facts.sessions[name], facts.people[email]);
        done += rows.len() as u64;
        if done % 1_000 < rows.len() as u64 {
            tick(done);
        }
        if let Some(booking) = known.bookings.get(&(session, person)) {
            let found = again(&rows, booking, session, facts, &known);
            problems.extend(found.problems);
            placed.new_rows += found.new.len();
            if !found.new.is_empty() {
                let marks: Vec<Mark> = found.marks;
                add_marks(&mut write, &found.new, session, booking.id, facts)?;
                write.outcomes.push((booking.id, outcome_of(&marks)));
            }
            continue;
        }
        if let Some(problem) = mixed(&rows) {
            problems.push(problem);
            continue;
        }
        next += 1;
        placed.new_rows += rows.len();
        let outcome = add_place(&mut write, BookingId(next), &rows, session, person, facts)?;
        placed.attended.insert((name.to_owned(), email.to_owned()), outcome == Some(Outcome::Attended));
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let touched = placed.new_rows > 0;
    insert_all(write.bookings, db).await?;
    insert_all(write.marks, db).await?;
    insert_all(write.history, db).await?;
    for (booking, outcome) in write.outcomes {
        let row = booking::ActiveModel { outcome: Set(outcome), ..Default::default() };
        booking::Entity::update_many().set(row).filter(booking::Column::Id.eq(booking)).exec(db).await?;
    }
    if touched {
        counters_update(facts, db).await?;
    }
    Ok(Ok(placed))
}

/// A place that was given back has no marks.
fn mixed(rows: &[&Row]) -> Option<Problem> {
    let is_marked = |row: &&&Row| matches!(row.outcome, RowOutcome::Marked(_));
    let given_back = rows.iter().find(|row| !is_marked(row))?;
    let marked = rows.iter().find(is_marked)?;
    let sentence = format!("This person gave the place back, but row {} says that they had one", marked.line);
    Some(Problem::new(given_back.line, "outcome", sentence))
}

struct Again<'a> {
    problems: Vec<Problem>,
    new: Vec<&'a Row>,
    marks: Vec<Mark>,
}

/// Compares rows with a place that is here already.
fn again<'a>(
    rows: &[&'a Row],
    booking: &booking::Model,
    session: SessionId,
    facts: &Facts,
    known: &Known,
) -> Again<'a> {
    let mut found = Again { problems: Vec::new(), new: Vec::new(), marks: Vec::new() };
    for row in rows {
        let date = facts.dates[&(session, row.day())];
        let earlier = known.marks.get(&(date, booking.id)).copied();
        let differs = |what: &str| {
            let sentence = format!("This row was imported before with another outcome ({what}); nothing was changed");
            Problem::new(row.line, "outcome", sentence)
        };
        match (row.outcome, earlier) {
            (RowOutcome::Marked(mark), Some(earlier)) if mark == earlier => found.marks.push(mark),
            (RowOutcome::Marked(_), Some(earlier)) => found.problems.push(differs(earlier.text())),
            (RowOutcome::Marked(mark), None) if booking.state == BookingState::Booked => {
                found.marks.push(mark);
                found.new.push(row);
            }
            (outcome, _) if Some(booking.state) == state_of(outcome) => {}
            _ => found.problems.push(differs(booking.state.text())),
        }
    }
    let own = |date: &SessionDateId| facts.dates.iter().any(|((of, _), id)| *of == session && id == date);
    let in_file: Vec<SessionDateId> = rows.iter().map(|row| facts.dates[&(session, row.day())]).collect();
    let others = known.marks.iter().filter(|((date, of), _)| *of == booking.id && !in_file.contains(date) && own(date));
    if !found.new.is_empty() {
        found.marks.extend(others.map(|(_, mark)| *mark));
    }
    found
}

fn state_of(outcome: RowOutcome) -> Option<BookingState> {
    match outcome {
        RowOutcome::Marked(_) => None,
        RowOutcome::CancelledInTime => Some(BookingState::CancelledInTime),
        RowOutcome::CancelledLate => Some(BookingState::CancelledLate),
    }
}

fn add_place(
    write: &mut ToWrite,
    id: BookingId,
    rows: &[&Row],
    session: SessionId,
    person: PersonId,
    facts: &Facts,
) -> Result<Option<Outcome>, DbErr> {
    let first = rows.iter().map(|row| row.starts_at).min().unwrap_or_default();
    let marks: Vec<Mark> = rows
        .iter()
        .filter_map(|row| match row.outcome {
            RowOutcome::Marked(mark) => Some(mark),
            _ => None,
        })
        .collect();
    let outcome = outcome_of(&marks);
    let state = rows.iter().find_map(|row| state_of(row.outcome)).unwrap_or(BookingState::Booked);
    let agency = rows[0].agency.as_ref().and_then(|name| facts.agencies.get(&name.to_lowercase()));
    let random = |error: crate::server::secrets::SecretsError| DbErr::Custom(error.to_string());
    write.bookings.push(booking::ActiveModel {
        id: Set(id),
        reference: Set(random_reference(10).map_err(random)?),
        request_id: Set(random_token().map_err(random)?),
        session_id: Set(session),
        person_id: Set(person),
        agency_id: Set(agency.map(|agency| agency.id)),
        agency_confirmed: Set(false),
        person_kind: Set(PersonKind::Employed),
        job_role: Set("Not stated".to_owned()),
        state: Set(state),
        policy_version_id: Set(facts.policy),
        policy_accepted: Set(false),
        cancel_by: Set(first),
        created_at: Set(first),
        changed_at: Set(first),
        booked_at: Set(Some(first)),
        walk_in: Set(false),
        outcome: Set(outcome),
        ..Default::default()
    });
    if !marks.is_empty() {
        add_marks(write, rows, session, id, facts)?;
    }
    Ok(outcome)
}

fn add_marks(
    write: &mut ToWrite,
    rows: &[&Row],
    session: SessionId,
    booking: BookingId,
    facts: &Facts,
) -> Result<(), DbErr> {
    for row in rows {
        let RowOutcome::Marked(mark) = row.outcome else { continue };
        let made = mark::ActiveModel {
            session_date_id: Set(facts.dates[&(session, row.day())]),
            booking_id: Set(booking),
            mark: Set(mark),
            minutes_late: Set(None),
            note: Set(None),
            marked_at: Set(row.starts_at),
            marked_by: Set(facts.office),
        };
        write.history.push(mark_history::ActiveModel {
            nonce: Set(random_token().map_err(|error| DbErr::Custom(error.to_string()))?),
            session_date_id: made.session_date_id.clone(),
            booking_id: Set(booking),
            mark: Set(mark),
            minutes_late: Set(None),
            note: Set(None),
            marked_at: Set(row.starts_at),
            marked_by: Set(facts.office),
            reason: Set(Some("Imported".to_owned())),
            ..Default::default()
        });
        write.marks.push(made);
    }
    Ok(())
}

/// `held` counts the places of a session, and a session holds at least as many as came.
async fn counters_update(facts: &Facts, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let sessions: Vec<i64> = facts.sessions.values().map(|id| id.0).collect();
    let counted = "(SELECT COUNT(*) FROM bookings WHERE bookings.session_id = sessions.id \
        AND state IN ('requested', 'offered', 'booked') AND walk_in = FALSE)";
    for some in sessions.chunks(AT_ONCE) {
        session::Entity::update_many()
            .col_expr(session::Column::Held, Expr::cust(counted))
            .filter(session::Column::Id.is_in(some.iter().copied()))
            .exec(db)
            .await?;
        session::Entity::update_many()
            .col_expr(session::Column::Capacity, Expr::col(session::Column::Held))
            .filter(session::Column::Id.is_in(some.iter().copied()))
            .filter(Expr::col(session::Column::Capacity).lt(Expr::col(session::Column::Held)))
            .exec(db)
            .await?;
    }
    Ok(())
}
