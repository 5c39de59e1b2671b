//! What the server answers to the island about people who walked in.

use super::{AgencyChoice, FoundPerson, PeopleAnswer, Problem, SheetPerson, WalkInAnswer, walk_in::known_agency};
use crate::{
    accounts::rules::PersonId,
    agencies::{rules::AgencyId, store::agency_list_open},
    attendance::{
        actions::{field_of, read_new},
        pages::{LONGEST_SEARCH, detail_text},
        rules::Mark,
        store::{
            ComesFor, RegisterError, WalkInRefused, WalkedIn, Wish, candidates_find, session_people,
            walk_in_add_in_txn, walk_in_marker, walk_in_new_in_txn,
        },
    },
    calendar::rules::london_day,
    server::state::App,
    sessions::rules::{SessionDateId, SessionId},
    web::{form::FormState, viewer::Viewer},
};
use leptos::prelude::*;
use sea_orm::{ConnectionTrait, DbErr};

/// What a page that was open for too long is told.
pub(super) const OUT_OF_DATE: &str = "The page is out of date. Reload it.";
/// What somebody is told who is nobody any more.
pub(super) const SIGNED_OUT: &str = "You are signed out. Sign in again, then reload.";

/// Whether a nonce can be one that the island made.
pub(super) fn is_nonce(nonce: &str) -> bool {
    const LONGEST: usize = 64;
    !nonce.is_empty() && nonce.len() <= LONGEST && !nonce.contains('\0')
}

fn problem(field: &str, sentence: impl Into<String>) -> Vec<Problem> {
    vec![Problem { field: field.to_owned(), sentence: sentence.into() }]
}

/// The cause of a failed query is for the log only: it may quote values.
fn failed(_: DbErr) -> ServerFnError {
    ServerFnError::new("the register could not be read or changed")
}

/// What the trainer is told, at which field; or a failure of the database.
fn refused(refusal: WalkInRefused) -> Result<Vec<Problem>, ServerFnError> {
    match refusal {
        WalkInRefused::Register(RegisterError::Database(error)) => Err(failed(error)),
        WalkInRefused::Register(RegisterError::NotFound) => Ok(problem("", "This register is not yours.")),
        refusal => Ok(problem(field_of(&refusal), refusal.to_string())),
    }
}

/// Looks for people.
pub(super) async fn find(date: i64, search: &str) -> Result<PeopleAnswer, ServerFnError> {
    let (app, viewer) = (expect_context::<App>(), expect_context::<Viewer>());
    let refuse = |problems| Ok(PeopleAnswer { problems, ..Default::default() });
    let Some(person) = viewer.person() else { return refuse(problem("", SIGNED_OUT)) };
    let (now, db) = (app.clock.now(), app.db.reader());
    let (date, is_office) = match walk_in_marker(SessionDateId(date), person, now, db).await {
        Ok((date, marker)) => (date, marker.is_office),
        Err(refusal) => return refuse(refused(refusal)?),
    };
    let search: String = search.trim().chars().filter(|letter| *letter != '\0').take(LONGEST_SEARCH).collect();
    if search.is_empty() {
        return refuse(problem("search", "Enter a name or an email address"));
    }
    let found = candidates_find(&search, date.session_id, london_day(now), db).await.map_err(failed)?;
    let choice = |(id, name): (AgencyId, String)| AgencyChoice { id: id.to_string(), name };
    let found = found.into_iter().map(|candidate| {
        let own = if candidate.asks && is_office { candidate.employers.clone() } else { Vec::new() };
        FoundPerson {
            person: candidate.person.0,
            agency: candidate.works_for(is_office),
            name: candidate.name,
            on_register: candidate.on_register,
            asks: candidate.asks,
            choices: own.into_iter().map(choice).collect(),
        }
    });
    let agencies = agency_list_open(db).await.map_err(failed)?;
    let agencies = agencies.into_iter().map(|row| choice((row.id, row.name)));
    Ok(PeopleAnswer { found: found.collect(), agencies: agencies.collect(), problems: Vec::new() })
}

/// Adds somebody known, or somebody new.
pub(super) async fn add(
    date: i64,
    person: Option<i64>,
    typed: [(&str, String); 4],
    nonce: &str,
) -> Result<WalkInAnswer, ServerFnError> {
    let (app, viewer) = (expect_context::<App>(), expect_context::<Viewer>());
    let refuse = |problems| Ok(WalkInAnswer { problems, ..Default::default() });
    let Some(by) = viewer.person() else { return refuse(problem("", SIGNED_OUT)) };
    if !is_nonce(nonce) || typed.iter().any(|(_, text)| text.contains('\0')) {
        return refuse(problem("", OUT_OF_DATE));
    }
    let now = app.clock.now();
    let txn = app.db.write().await.map_err(failed)?;
    let (date, marker) = match walk_in_marker(SessionDateId(date), by, now, &txn).await {
        Ok(may) => may,
        Err(refusal) => return refuse(refused(refusal)?),
    };
    let wish = Wish { date: date.id, request: nonce, marker };
    let added = match person {
        Some(person) => match ComesFor::read(form_value(&typed, "agency")) {
            Ok(said) => walk_in_add_in_txn(wish, PersonId(person), said, &app.secrets, now, &txn).await,
            Err(refusal) => Err(refusal),
        },
        None => {
            let fields = typed.into_iter().map(|(field, text)| (field.to_owned(), text));
            let (new, form) = read_new(FormState::new(fields.collect()));
            if form.has_errors() {
                let problems = form.errors().iter();
                return refuse(problems.flat_map(|error| problem(&error.field, error.message.as_str())).collect());
            }
            walk_in_new_in_txn(wish, new, &app.secrets, now, &txn).await
        }
    };
    let added = match added {
        Ok(added) => added,
        // Somebody whose record is gone since the search.
        Err(WalkInRefused::Register(RegisterError::NotFound)) => {
            return refuse(problem("search", "This record is no longer here. Search again."));
        }
        // It is asked where they were found.
        Err(refusal @ WalkInRefused::ForWhom) => {
            let field = person.map_or_else(|| "agency".to_owned(), known_agency);
            return refuse(problem(&field, refusal.to_string()));
        }
        Err(refusal) => return refuse(refused(refusal)?),
    };
    let added = on_sheet(added, date.session_id, date.id, &txn).await.map_err(failed)?;
    txn.commit().await.map_err(failed)?;
    app.outbox_bell.notify_one();
    Ok(WalkInAnswer { added, problems: Vec::new() })
}

fn form_value<'a>(typed: &'a [(&str, String); 4], field: &str) -> &'a str {
    typed.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str()).unwrap_or_default()
}

/// Somebody as the sheet shows them.
async fn on_sheet(
    added: WalkedIn,
    session: SessionId,
    date: SessionDateId,
    db: &impl ConnectionTrait,
) -> Result<Option<SheetPerson>, DbErr> {
    let people = session_people(session, Some(date), db).await?;
    Ok(people.into_iter().find(|person| person.booking == added.booking).map(|person| SheetPerson {
        booking: person.booking.0,
        detail: detail_text(person.agency.as_deref(), &person.job_role),
        name: person.name,
        walk_in: person.walk_in,
        mark: Mark::Present,
        minutes: String::new(),
        error: String::new(),
    }))
}
