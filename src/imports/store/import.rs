//! The steps of an import, in one transaction of the caller.

use super::{
    answers::answers_insert_in_txn,
    courses::{courses_add, items_check},
    places::{Known, places_insert_in_txn},
};
use crate::{
    accounts::rules::{AddressId, PersonId, PersonKind, Role},
    agencies::rules::{AgencyId, AgencyType, MembershipId},
    charges::{rules::PolicyVersionId, store::policy_default},
    courses::rules::CourseId,
    entity::{
        address, agency, course, imported_session, item, membership, person, policy_version, role, session,
        session_date,
    },
    imports::rules::{History, Problem, Row, by_session},
    learning_gain::store::everything_release_in_txn,
    server::bulk::{insert_all, largest_id, numbering_goes_on},
    sessions::rules::{Mode, SessionDateId, SessionId, SessionStatus},
    surveys::rules::{InstrumentId, ItemKind},
};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How long a session of an unknown course is taken to have lasted, in minutes.
pub(super) const USUAL_MINUTES: i32 = 180;
/// Addresses looked up in one query.
const AT_ONCE: usize = 5_000;

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows in the file.
    pub rows: usize,
    /// Rows that were not here before.
    pub new_rows: usize,
    /// People who were not known.
    pub people: usize,
    /// Agencies that were not known.
    pub agencies: usize,
    /// Courses that were not known.
    pub courses: usize,
    /// Sessions that were not known.
    pub sessions: usize,
    /// Single answers.
    pub answers: usize,
}

/// What the steps share.
pub(super) struct Facts {
    pub courses: HashMap<String, course::Model>,
    pub items: HashMap<InstrumentId, Vec<item::Model>>,
    pub sessions: HashMap<String, SessionId>,
    pub dates: HashMap<(SessionId, NaiveDate), SessionDateId>,
    pub people: HashMap<String, PersonId>,
    pub agencies: HashMap<String, agency::Model>,
    pub policy: PolicyVersionId,
    pub office: PersonId,
}

/// Writes a history. Returns what was wrong instead where it does not fit what is here already; then the caller must
/// drop the transaction. `tick` is told how many rows are done.
pub async fn history_import_in_txn(
    history: &History,
    now: DateTime<Utc>,
    tick: &(dyn Fn(u64) + Sync),
    db: &impl ConnectionTrait,
) -> Result<Result<Imported, Vec<Problem>>, DbErr> {
    let mut done = Imported { rows: history.rows.len(), ..Imported::default() };
    let Some(mut facts) = facts_load(history, db).await? else {
        let sentence = "Set the board up first: an import needs a charging policy and an administrator";
        return Ok(Err(vec![Problem::new(1, "", sentence)]));
    };
    done.courses = courses_add(history, &mut facts, now, db).await?;
    let problems = items_check(history, &facts);
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    done.agencies = agencies_add(history, &mut facts, db).await?;
    done.people = people_add(history, &mut facts, now, db).await?;
    match sessions_add(history, &mut facts, now, db).await? {
        Ok(count) => done.sessions = count,
        Err(problems) => return Ok(Err(problems)),
    }
    let known = Known::load(&facts, db).await?;
    let placed = match places_insert_in_txn(history, &facts, known, tick, db).await? {
        Ok(placed) => placed,
        Err(problems) => return Ok(Err(problems)),
    };
    done.new_rows = placed.new_rows;
    done.answers = answers_insert_in_txn(history, &facts, &placed.attended, db).await?;
    let tables = [
        "agencies",
        "people",
        "addresses",
        "memberships",
        "courses",
        "instruments",
        "items",
        "sessions",
        "session_dates",
        "bookings",
    ];
    numbering_goes_on(&tables, db).await?;
    if done.answers > 0 {
        everything_release_in_txn(now, db).await?;
    }
    Ok(Ok(done))
}

async fn facts_load(history: &History, db: &impl ConnectionTrait) -> Result<Option<Facts>, DbErr> {
    let Some(policy) = policy_default(db).await? else { return Ok(None) };
    let version = policy_version::Entity::find()
        .filter(policy_version::Column::PolicyId.eq(policy.id))
        .order_by_asc(policy_version::Column::EffectiveFrom)
        .one(db)
        .await?;
    let office = role::Entity::find()
        .filter(role::Column::Role.eq(Role::Administrator))
        .order_by_asc(role::Column::Id)
        .one(db)
        .await?;
    let Some((version, office)) = version.zip(office) else { return Ok(None) };
    let mut people = HashMap::new();
    let emails: BTreeSet<&str> = history.rows.iter().map(|row| row.email.as_str()).collect();
    let emails: Vec<&str> = emails.into_iter().collect();
    for some in emails.chunks(AT_ONCE) {
        let found =
            address::Entity::find().filter(address::Column::Address.is_in(some.iter().copied())).all(db).await?;
        people.extend(found.into_iter().map(|row| (row.address, row.person_id)));
    }
    let agencies = agency::Entity::find().order_by_desc(agency::Column::Id).all(db).await?;
    let items = item::Entity::find().order_by_asc(item::Column::Position).all(db).await?;
    let mut by_instrument: HashMap<InstrumentId, Vec<item::Model>> = HashMap::new();
    for item in items {
        by_instrument.entry(item.instrument_id).or_default().push(item);
    }
    let courses = course::Entity::find().order_by_desc(course::Column::Id).all(db).await?;
    Ok(Some(Facts {
        courses: courses.into_iter().map(|row| (row.title.to_lowercase(), row)).collect(),
        items: by_instrument,
        sessions: HashMap::new(),
        dates: HashMap::new(),
        people,
        agencies: agencies.into_iter().map(|row| (row.name.to_lowercase(), row)).collect(),
        policy: version.id,
        office: office.person_id,
    }))
}

impl Facts {
    /// The item of a course behind a name in the file: its key, its words, or, for the file's core item, the core.
    pub(super) fn item(&self, course: &str, item: usize, history: &History) -> Option<&item::Model> {
        let instrument = self.courses.get(&course.to_lowercase())?.instrument_id?;
        let name = history.items[item].to_lowercase();
        let items = self.items.get(&instrument)?;
        let named = items.iter().find(|row| row.key.to_lowercase() == name || row.text.to_lowercase() == name);
        named.or_else(|| items.iter().find(|row| row.kind == ItemKind::Core && item == history.core))
    }
}

async fn agencies_add(history: &History, facts: &mut Facts, db: &impl ConnectionTrait) -> Result<usize, DbErr> {
    let mut next = largest_id("agencies", db).await?;
    let mut rows = Vec::new();
    for name in history.rows.iter().filter_map(|row| row.agency.as_deref()) {
        if facts.agencies.contains_key(&name.to_lowercase()) {
            continue;
        }
        next += 1;
        let row = agency::Model {
            id: AgencyId(next),
            name: name.to_owned(),
            agency_type: AgencyType::Other,
            sector: "Not stated".to_owned(),
            mail_domain: None,
            billing_name: None,
            billing_address: None,
            cost_code: None,
            same_legal_body: false,
            needs_approval: false,
            copy_leads: false,
            closed_at: None,
            version: 1,
        };
        rows.push(agency::ActiveModel::from(row.clone()));
        facts.agencies.insert(name.to_lowercase(), row);
    }
    let count = rows.len();
    insert_all(rows, db).await?;
    Ok(count)
}

async fn people_add(
    history: &History,
    facts: &mut Facts,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<usize, DbErr> {
    let mut person_id = largest_id("people", db).await?;
    let mut address_id = largest_id("addresses", db).await?;
    let mut membership_id = largest_id("memberships", db).await?;
    let (mut people, mut addresses, mut memberships) = (Vec::new(), Vec::new(), Vec::new());
    for row in &history.rows {
        if facts.people.contains_key(&row.email) {
            continue;
        }
        (person_id, address_id) = (person_id + 1, address_id + 1);
        let id = PersonId(person_id);
        facts.people.insert(row.email.clone(), id);
        people.push(person::ActiveModel {
            id: Set(id),
            name: Set(row.name.clone()),
            kind: Set(PersonKind::Employed),
            under_18: Set(false),
            created_at: Set(now),
            erased_at: Set(None),
            version: Set(1),
        });
        addresses.push(address::ActiveModel {
            id: Set(AddressId(address_id)),
            person_id: Set(id),
            address: Set(row.email.clone()),
            // Its owner proves it by signing in for the first time.
            proven_at: Set(None),
            main: Set(true),
            bounced_at: Set(None),
        });
        if let Some(agency) = row.agency.as_ref().and_then(|name| facts.agencies.get(&name.to_lowercase())) {
            membership_id += 1;
            memberships.push(membership::ActiveModel {
                id: Set(MembershipId(membership_id)),
                person_id: Set(id),
                agency_id: Set(agency.id),
                job_role: Set("Not stated".to_owned()),
                from_date: Set(row.day()),
                to_date: Set(None),
                confirmed_at: Set(None),
                confirmed_by: Set(None),
            });
        }
    }
    let count = people.len();
    insert_all(people, db).await?;
    insert_all(addresses, db).await?;
    insert_all(memberships, db).await?;
    Ok(count)
}

/// Adds sessions and dates that are not known. A known session on another course is a problem.
async fn sessions_add(
    history: &History,
    facts: &mut Facts,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Result<usize, Vec<Problem>>, DbErr> {
    let known = imported_session::Entity::find().all(db).await?;
    let known: HashMap<String, SessionId> = known.into_iter().map(|row| (row.name, row.session_id)).collect();
    let rows = session::Entity::find().filter(session::Column::Id.is_in(known.values().copied())).all(db).await?;
    let courses: HashMap<SessionId, CourseId> = rows.into_iter().map(|row| (row.id, row.course_id)).collect();
    let mut next = largest_id("sessions", db).await?;
    let mut next_date = largest_id("session_dates", db).await?;
    let mut problems = Vec::new();
    let (mut sessions, mut dates, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let mut existing_dates = dates_of(known.values().copied().collect(), db).await?;
    for (name, rows) in by_session(&history.rows) {
        let course = &facts.courses[&rows[0].course.to_lowercase()];
        let length = Duration::minutes(i64::from(course.duration_minutes.max(30)));
        let starts: BTreeMap<NaiveDate, &Row> = rows.iter().map(|row| (row.day(), *row)).collect();
        let id = match known.get(name) {
            Some(id) if courses.get(id) != Some(&course.id) => {
                let sentence = format!("Session “{name}” was imported before for another course");
                problems.push(Problem::new(rows[0].line, "session", sentence));
                continue;
            }
            Some(id) => *id,
            None => {
                next += 1;
                sessions.push(session_row(SessionId(next), course.id, &starts, &rows, length, now));
                names.push(imported_session::ActiveModel {
                    name: Set(name.to_owned()),
                    session_id: Set(SessionId(next)),
                    ..Default::default()
                });
                SessionId(next)
            }
        };
        facts.sessions.insert(name.to_owned(), id);
        let mut position = existing_dates.iter().filter(|((session, _), _)| *session == id).count() as i32;
        for (day, row) in starts {
            if existing_dates.contains_key(&(id, day)) {
                continue;
            }
            next_date += 1;
            position += 1;
            existing_dates.insert((id, day), SessionDateId(next_date));
            let ends = row.starts_at + length;
            dates.push(session_date::ActiveModel {
                id: Set(SessionDateId(next_date)),
                session_id: Set(id),
                position: Set(position),
                starts_at: Set(row.starts_at),
                ends_at: Set(ends),
                submitted_at: Set(Some(ends.min(now))),
                submitted_by: Set(Some(facts.office)),
                locked_at: Set(Some(now)),
            });
        }
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    facts.dates = existing_dates;
    let count = sessions.len();
    insert_all(sessions, db).await?;
    insert_all(dates, db).await?;
    insert_all(names, db).await?;
    Ok(Ok(count))
}

async fn dates_of(
    sessions: Vec<SessionId>,
    db: &impl ConnectionTrait,
) -> Result<HashMap<(SessionId, NaiveDate), SessionDateId>, DbErr> {
    let mut dates = HashMap::new();
    for some in sessions.chunks(AT_ONCE) {
        let rows = session_date::Entity::find()
            .filter(session_date::Column::SessionId.is_in(some.iter().copied()))
            .all(db)
            .await?;
        let day = |at| crate::calendar::rules::london_day(at);
        dates.extend(rows.into_iter().map(|row| ((row.session_id, day(row.starts_at)), row.id)));
    }
    Ok(dates)
}

fn session_row(
    id: SessionId,
    course: CourseId,
    starts: &BTreeMap<NaiveDate, &Row>,
    rows: &[&Row],
    length: Duration,
    now: DateTime<Utc>,
) -> session::ActiveModel {
    let people: BTreeSet<&str> = rows.iter().map(|row| row.email.as_str()).collect();
    let first = starts.values().next().map_or(now, |row| row.starts_at);
    let last = starts.values().next_back().map_or(now, |row| row.starts_at);
    session::ActiveModel {
        id: Set(id),
        course_id: Set(course),
        status: Set(SessionStatus::Published),
        mode: Set(Mode::Venue),
        venue_id: Set(None),
        online_link: Set(None),
        joining_instructions: Set(String::new()),
        capacity: Set(people.len() as i32),
        held: Set(0),
        waiting: Set(0),
        minimum: Set(None),
        go_no_go_at: Set(None),
        booking_opens_at: Set(first - Duration::days(60)),
        booking_closes_at: Set(first),
        starts_at: Set(first),
        ends_at: Set(last + length),
        needs_approval: Set(false),
        version: Set(1),
        created_at: Set(now),
        ..Default::default()
    }
}
