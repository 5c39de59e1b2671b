//! What the office, learners and payers see of charges.

use crate::{
    accounts::rules::PersonId,
    agencies::rules::AgencyId,
    audit::store::{Subject, TrailLine, audit_trail},
    charges::rules::{ChargeState, PayerKind, Trigger, Verdict},
    entity::{booking, charge, course, person, policy_version, session},
    server::database::{holding, rows_before},
    sessions::rules::SessionId,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func},
};
use std::collections::BTreeMap;

/// Charges on one page of a list.
pub const CHARGES_PER_PAGE: u64 = 50;

/// One line of a list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ChargeLine {
    /// The charge's reference.
    pub reference: String,
    /// Where it stands.
    pub state: ChargeState,
    /// What it is for.
    pub trigger: Trigger,
    /// How much, in pence.
    pub amount_pence: i64,
    /// Who is asked to pay.
    pub payer_name: String,
    /// Which kind of payer.
    pub payer_kind: PayerKind,
    /// The sentence that the payer reads.
    pub sentence: String,
    /// When it was proposed.
    pub proposed_at: DateTime<Utc>,
    /// When it lapses unless it was notified.
    pub lapses_at: DateTime<Utc>,
    /// When learner and payer were told.
    pub notified_at: Option<DateTime<Utc>>,
    /// Whose place it was.
    pub person_name: String,
    /// The course.
    pub course_title: String,
    /// When the session began.
    pub starts_at: DateTime<Utc>,
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChargeSort {
    /// When it was proposed.
    #[default]
    Proposed,
    /// The person's name.
    Person,
    /// The payer's name.
    Payer,
    /// The amount.
    Amount,
    /// When it lapses.
    Lapses,
}

/// Which charges to list.
#[derive(Clone, Debug, Default)]
pub struct ChargeFilter {
    /// Only in this state.
    pub state: Option<ChargeState>,
    /// Only for this person's places.
    pub person: Option<PersonId>,
    /// Part of a person's or payer's name, or a reference.
    pub search: String,
    /// By what.
    pub sort: ChargeSort,
    /// Largest or latest first.
    pub descending: bool,
}

fn lines() -> Select<charge::Entity> {
    charge::Entity::find()
        .join(
            JoinType::InnerJoin,
            charge::Entity::belongs_to(booking::Entity).from(charge::Column::BookingId).to(booking::Column::Id).into(),
        )
        .join(
            JoinType::InnerJoin,
            booking::Entity::belongs_to(person::Entity).from(booking::Column::PersonId).to(person::Column::Id).into(),
        )
        .join(
            JoinType::InnerJoin,
            charge::Entity::belongs_to(session::Entity).from(charge::Column::SessionId).to(session::Column::Id).into(),
        )
        .join(
            JoinType::InnerJoin,
            session::Entity::belongs_to(course::Entity).from(session::Column::CourseId).to(course::Column::Id).into(),
        )
        .select_only()
        .columns([
            charge::Column::Reference,
            charge::Column::State,
            charge::Column::Trigger,
            charge::Column::AmountPence,
            charge::Column::PayerName,
            charge::Column::PayerKind,
            charge::Column::Sentence,
            charge::Column::ProposedAt,
            charge::Column::LapsesAt,
            charge::Column::NotifiedAt,
        ])
        .column_as(person::Column::Name, "person_name")
        .column_as(course::Column::Title, "course_title")
        .column_as(session::Column::StartsAt, "starts_at")
}

/// One page of charges, and how many there are.
pub async fn charge_list(
    filter: &ChargeFilter,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<ChargeLine>, u64), DbErr> {
    let mut query = lines();
    if let Some(state) = filter.state {
        query = query.filter(charge::Column::State.eq(state));
    }
    if let Some(person) = filter.person {
        query = query.filter(booking::Column::PersonId.eq(person));
    }
    let search = filter.search.trim().to_lowercase();
    if !search.is_empty() {
        let like = |column: Expr| Expr::expr(Func::lower(column)).like(holding(&search));
        query = query.filter(
            Condition::any()
                .add(like(Expr::col((person::Entity, person::Column::Name))))
                .add(like(Expr::col((charge::Entity, charge::Column::PayerName))))
                .add(like(Expr::col((charge::Entity, charge::Column::Reference)))),
        );
    }
    let count = query.clone().count(db).await?;
    let order = if filter.descending { Order::Desc } else { Order::Asc };
    let query = match filter.sort {
        ChargeSort::Proposed => query.order_by(charge::Column::ProposedAt, order),
        ChargeSort::Person => query.order_by(person::Column::Name, order),
        ChargeSort::Payer => query.order_by(charge::Column::PayerName, order),
        ChargeSort::Amount => query.order_by(charge::Column::AmountPence, order),
        ChargeSort::Lapses => query.order_by(charge::Column::LapsesAt, order),
    };
    let offset = rows_before(page, count, CHARGES_PER_PAGE);
    let found =
        query.order_by_desc(charge::Column::Id).offset(offset).limit(CHARGES_PER_PAGE).into_model().all(db).await?;
    Ok((found, count))
}

/// How many charges are in each state.
pub async fn charge_counts(db: &impl ConnectionTrait) -> Result<BTreeMap<ChargeState, u64>, DbErr> {
    let rows: Vec<(ChargeState, i64)> = charge::Entity::find()
        .select_only()
        .column(charge::Column::State)
        .column_as(charge::Column::Id.count(), "count")
        .group_by(charge::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(state, count)| (state, u64::try_from(count).unwrap_or(0))).collect())
}

/// How many charges wait for the office: proposed, or notified and not decided.
pub async fn charge_count_proposed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let open = [ChargeState::Proposed, ChargeState::Notified];
    charge::Entity::find().filter(charge::Column::State.is_in(open)).count(db).await
}

/// The proposed charges that can be notified now: their payer is known and their time has not passed. The earliest to
/// lapse first.
pub async fn charge_list_to_notify(now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<Vec<ChargeLine>, DbErr> {
    lines()
        .filter(charge::Column::State.eq(ChargeState::Proposed))
        .filter(charge::Column::PayerKind.ne(PayerKind::Undecided))
        .filter(charge::Column::LapsesAt.gte(now))
        .order_by_asc(charge::Column::LapsesAt)
        .order_by_asc(charge::Column::Id)
        .limit(CHARGES_PER_PAGE)
        .into_model()
        .all(db)
        .await
}

/// A person's own charges of which they were told, newest first.
pub async fn charge_list_of_person(
    person: PersonId,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<ChargeLine>, u64), DbErr> {
    told(lines().filter(booking::Column::PersonId.eq(person)), page, db).await
}

/// The charges that agencies were told of, newest first.
pub async fn charge_list_of_agencies(
    agencies: &[AgencyId],
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<ChargeLine>, u64), DbErr> {
    told(lines().filter(charge::Column::PayerAgencyId.is_in(agencies.iter().copied())), page, db).await
}

/// A charge for a place of this person's, if they were told of it.
pub async fn charge_of_person(
    reference: &str,
    person: PersonId,
    db: &impl ConnectionTrait,
) -> Result<Option<ChargeLine>, DbErr> {
    told_one(lines().filter(booking::Column::PersonId.eq(person)), reference, db).await
}

/// A charge that one of these agencies is asked to pay, if they were told of it.
pub async fn charge_of_agencies(
    reference: &str,
    agencies: &[AgencyId],
    db: &impl ConnectionTrait,
) -> Result<Option<ChargeLine>, DbErr> {
    told_one(lines().filter(charge::Column::PayerAgencyId.is_in(agencies.iter().copied())), reference, db).await
}

async fn told_one(
    query: Select<charge::Entity>,
    reference: &str,
    db: &impl ConnectionTrait,
) -> Result<Option<ChargeLine>, DbErr> {
    let query = query.filter(charge::Column::NotifiedAt.is_not_null());
    query.filter(charge::Column::Reference.eq(reference)).into_model().one(db).await
}

async fn told(
    query: Select<charge::Entity>,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<ChargeLine>, u64), DbErr> {
    let query = query.filter(charge::Column::NotifiedAt.is_not_null());
    let count = query.clone().count(db).await?;
    let offset = rows_before(page, count, CHARGES_PER_PAGE);
    let query = query.order_by_desc(charge::Column::NotifiedAt).order_by_desc(charge::Column::Id);
    Ok((query.offset(offset).limit(CHARGES_PER_PAGE).into_model().all(db).await?, count))
}

/// One charge with everything that the office reads about it.
#[derive(Clone, Debug)]
pub struct ChargeDetails {
    /// The row.
    pub charge: charge::Model,
    /// Whose place it was.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// The booking's reference.
    pub booking_reference: String,
    /// The session.
    pub session: SessionId,
    /// The course.
    pub course_title: String,
    /// When the session began.
    pub starts_at: DateTime<Utc>,
    /// Why it was proposed; None where it was imported without a verdict.
    pub verdict: Option<Verdict>,
    /// From when the policy version counts.
    pub policy: Option<policy_version::Model>,
    /// What happened to it, newest first.
    pub trail: Vec<TrailLine>,
}

/// One charge by its reference.
pub async fn charge_details(reference: &str, db: &impl ConnectionTrait) -> Result<Option<ChargeDetails>, DbErr> {
    let found = charge::Entity::find().filter(charge::Column::Reference.eq(reference)).one(db).await?;
    let Some(charge) = found else { return Ok(None) };
    let line = lines().filter(charge::Column::Id.eq(charge.id)).into_model::<ChargeLine>().one(db).await?;
    let booking = booking::Entity::find_by_id(charge.booking_id).one(db).await?;
    let (Some(line), Some(booking)) = (line, booking) else { return Ok(None) };
    let policy = policy_version::Entity::find_by_id(charge.policy_version_id).one(db).await?;
    let trail = audit_trail(Subject { kind: "charge", id: charge.id.0 }, db).await?;
    Ok(Some(ChargeDetails {
        person: booking.person_id,
        person_name: line.person_name,
        session: booking.session_id,
        booking_reference: booking.reference,
        course_title: line.course_title,
        starts_at: line.starts_at,
        verdict: serde_json::from_str(&charge.verdict).ok(),
        policy,
        trail,
        charge,
    }))
}
