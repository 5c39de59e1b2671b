//! People's memberships of agencies.

use crate::{
    accounts::rules::PersonId,
    agencies::rules::{AgencyId, Confirmation, MembershipId, is_confirmed_by_mail},
    bookings::rules::BookingState,
    calendar::rules::start_of_day,
    entity::{agency, booking, membership, person, session},
    server::database::{holding, rows_before},
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, Func, Query},
};

/// A person's link to an agency as it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMembership {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub agency: AgencyId,
    /// What they do there.
    pub job_role: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, where it is known.
    pub to: Option<NaiveDate>,
    /// Who confirmed it and when; None while it is only claimed.
    pub confirmed: Option<(Confirmation, DateTime<Utc>)>,
}

/// Adds a membership.
pub async fn membership_insert_in_txn(
    membership: NewMembership,
    db: &impl ConnectionTrait,
) -> Result<MembershipId, DbErr> {
    let row = membership::ActiveModel {
        person_id: Set(membership.person),
        agency_id: Set(membership.agency),
        job_role: Set(membership.job_role),
        from_date: Set(membership.from),
        to_date: Set(membership.to),
        confirmed_at: Set(membership.confirmed.map(|(_, at)| at)),
        confirmed_by: Set(membership.confirmed.map(|(by, _)| by)),
        ..Default::default()
    };
    Ok(membership::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// Memberships that hold on a London day, each with its agency; confirmed ones first, then the latest. Only a
/// confirmed one (`confirmed_at`) counts for charges and for a training lead's view.
pub async fn memberships_current(
    person: PersonId,
    day: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Vec<(membership::Model, agency::Model)>, DbErr> {
    let open = Condition::any().add(membership::Column::ToDate.is_null()).add(membership::Column::ToDate.gte(day));
    let rows = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(person))
        .filter(membership::Column::FromDate.lte(day))
        .filter(open)
        .order_by_desc(membership::Column::FromDate)
        .all(db)
        .await?;
    let mut pairs = with_agencies(rows, db).await?;
    pairs.sort_by_key(|(membership, _)| membership.confirmed_at.is_none());
    Ok(pairs)
}

/// The agencies that somebody works for on a London day, each once with the membership that counts, in the same order.
pub async fn employers_current(
    person: PersonId,
    day: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Vec<(membership::Model, agency::Model)>, DbErr> {
    let mut employers: Vec<(membership::Model, agency::Model)> = Vec::new();
    for (membership, agency) in memberships_current(person, day, db).await? {
        if employers.iter().all(|(_, known)| known.id != agency.id) {
            employers.push((membership, agency));
        }
    }
    Ok(employers)
}

/// Whether somebody is a confirmed member of an agency on a London day.
pub async fn membership_is_confirmed(
    person: PersonId,
    agency: AgencyId,
    day: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let current = memberships_current(person, day, db).await?;
    Ok(current.iter().any(|(row, _)| row.agency_id == agency && row.confirmed_at.is_some()))
}

/// All memberships of a person, past ones too, the latest first.
pub async fn memberships_of(
    person: PersonId,
    db: &impl ConnectionTrait,
) -> Result<Vec<(membership::Model, agency::Model)>, DbErr> {
    let rows = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(person))
        .order_by_desc(membership::Column::FromDate)
        .order_by_desc(membership::Column::Id)
        .all(db)
        .await?;
    with_agencies(rows, db).await
}

/// Confirms a person's claimed memberships of agencies whose mail domain is that of one of these proven addresses.
pub async fn memberships_confirm_by_mail_in_txn(
    person: PersonId,
    proven: &[String],
    day: NaiveDate,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    for (membership, agency) in memberships_current(person, day, db).await? {
        let is_claimed = membership.confirmed_at.is_none();
        if is_claimed && is_confirmed_by_mail(agency.mail_domain.as_deref(), proven) {
            membership_confirm_in_txn(membership.id, Confirmation::MailDomain, now, db).await?;
        }
    }
    Ok(())
}

/// Confirms a membership that is only claimed, and with it that of the person's bookings for the agency which wait for a
/// place: from now on a place that is kept for it can be theirs. Returns whether anything changed.
pub async fn membership_confirm_in_txn(
    membership: MembershipId,
    by: Confirmation,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let row =
        membership::ActiveModel { confirmed_at: Set(Some(now)), confirmed_by: Set(Some(by)), ..Default::default() };
    let claimed = membership::Entity::update_many()
        .set(row)
        .filter(membership::Column::Id.eq(membership))
        .filter(membership::Column::ConfirmedAt.is_null());
    if claimed.exec(db).await?.rows_affected == 0 {
        return Ok(false);
    }
    if let Some(row) = membership::Entity::find_by_id(membership).one(db).await? {
        booking::Entity::update_many()
            .set(booking::ActiveModel { agency_confirmed: Set(true), ..Default::default() })
            .filter(booking::Column::PersonId.eq(row.person_id))
            .filter(booking::Column::AgencyId.eq(row.agency_id))
            .filter(booking::Column::State.eq(BookingState::Waitlisted))
            .exec(db)
            .await?;
    }
    Ok(true)
}

/// How many memberships wait to be confirmed.
pub async fn membership_count_claimed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    claimed().count(db).await
}

fn claimed() -> sea_orm::Select<membership::Entity> {
    membership::Entity::find()
        .filter(membership::Column::ConfirmedAt.is_null())
        .filter(membership::Column::ToDate.is_null())
}

async fn with_agencies(
    rows: Vec<membership::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<(membership::Model, agency::Model)>, DbErr> {
    let ids: Vec<AgencyId> = rows.iter().map(|row| row.agency_id).collect();
    let agencies = agency::Entity::find().filter(agency::Column::Id.is_in(ids)).all(db).await?;
    let agency_of = |id: AgencyId| agencies.iter().find(|agency| agency.id == id).cloned();
    Ok(rows.into_iter().filter_map(|row| agency_of(row.agency_id).map(|agency| (row, agency))).collect())
}

/// One membership with its agency.
pub async fn membership_get(
    membership: MembershipId,
    db: &impl ConnectionTrait,
) -> Result<Option<(membership::Model, agency::Model)>, DbErr> {
    let row = membership::Entity::find_by_id(membership).one(db).await?;
    Ok(with_agencies(row.into_iter().collect(), db).await?.into_iter().next())
}

/// The bookings that rest on a membership from the moment it is ended: what is not booked yet.
const NOT_BOOKED_YET: [BookingState; 3] = [BookingState::Requested, BookingState::Waitlisted, BookingState::Offered];

/// Ends a membership on a day, and with it what rested on it: whoever still waits or asks for a place on a later session
/// is no longer confirmed staff, so no place that is kept for the agency is offered to them, and no charge goes to it
/// unasked. What they have booked stays booked for the agency. Returns false when it had an end already.
pub async fn membership_end_in_txn(
    membership: MembershipId,
    to: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let row = membership::ActiveModel { to_date: Set(Some(to)), ..Default::default() };
    let open = membership::Entity::update_many()
        .set(row)
        .filter(membership::Column::Id.eq(membership))
        .filter(membership::Column::ToDate.is_null());
    if open.exec(db).await?.rows_affected == 0 {
        return Ok(false);
    }
    let Some(ended) = membership::Entity::find_by_id(membership).one(db).await? else { return Ok(true) };
    let next_day = to.checked_add_days(Days::new(1)).unwrap_or(to);
    if membership_is_confirmed(ended.person_id, ended.agency_id, next_day, db).await? {
        return Ok(true);
    }
    let later_sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::StartsAt.gte(start_of_day(next_day)))
        .to_owned();
    booking::Entity::update_many()
        .set(booking::ActiveModel { agency_confirmed: Set(false), ..Default::default() })
        .filter(booking::Column::PersonId.eq(ended.person_id))
        .filter(booking::Column::AgencyId.eq(ended.agency_id))
        .filter(booking::Column::State.is_in(NOT_BOOKED_YET))
        .filter(booking::Column::SessionId.in_subquery(later_sessions))
        .exec(db)
        .await?;
    Ok(true)
}

/// Memberships on one page of a list.
pub const MEMBERSHIPS_PER_PAGE: u64 = 50;

/// Memberships that wait to be confirmed, the oldest first, with person and agency: one page (from 1), and how many
/// there are.
pub async fn memberships_claimed_page(
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<(membership::Model, agency::Model, person::Model)>, u64), DbErr> {
    let total = claimed().count(db).await?;
    let skipped = rows_before(page, total, MEMBERSHIPS_PER_PAGE);
    let rows =
        claimed().order_by_asc(membership::Column::Id).offset(skipped).limit(MEMBERSHIPS_PER_PAGE).all(db).await?;
    Ok((with_people(rows, db).await?, total))
}

/// Memberships of these agencies that hold today or are claimed, by name: one page (from 1), and how many there are.
/// `search` is part of a name.
pub async fn memberships_of_agencies(
    agencies: &[AgencyId],
    confirmed: bool,
    search: &str,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<(membership::Model, agency::Model, person::Model)>, u64), DbErr> {
    let pattern = holding(&search.to_lowercase());
    let named = Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(Expr::expr(Func::lower(Expr::col(person::Column::Name))).like(pattern))
        .to_owned();
    let state = match confirmed {
        true => membership::Column::ConfirmedAt.is_not_null(),
        false => membership::Column::ConfirmedAt.is_null(),
    };
    let find = membership::Entity::find()
        .filter(membership::Column::AgencyId.is_in(agencies.iter().copied()))
        .filter(membership::Column::ToDate.is_null())
        .filter(membership::Column::PersonId.in_subquery(named))
        .filter(state);
    let total = find.clone().count(db).await?;
    let skipped = rows_before(page, total, MEMBERSHIPS_PER_PAGE);
    let by_person =
        membership::Entity::belongs_to(person::Entity).from(membership::Column::PersonId).to(person::Column::Id).into();
    let rows = find
        .join(JoinType::InnerJoin, by_person)
        .order_by_asc(person::Column::Name)
        .order_by_asc(membership::Column::Id)
        .offset(skipped)
        .limit(MEMBERSHIPS_PER_PAGE)
        .all(db)
        .await?;
    Ok((with_people(rows, db).await?, total))
}

/// Memberships that hold and that training leads have confirmed since a moment, the newest first: one page (from 1),
/// and how many there are.
pub async fn memberships_by_leads(
    since: DateTime<Utc>,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<(membership::Model, agency::Model, person::Model)>, u64), DbErr> {
    let find = membership::Entity::find()
        .filter(membership::Column::ConfirmedBy.eq(Confirmation::TrainingLead))
        .filter(membership::Column::ConfirmedAt.gte(since))
        .filter(membership::Column::ToDate.is_null());
    let total = find.clone().count(db).await?;
    let rows = find
        .order_by_desc(membership::Column::ConfirmedAt)
        .order_by_desc(membership::Column::Id)
        .offset(rows_before(page, total, MEMBERSHIPS_PER_PAGE))
        .limit(MEMBERSHIPS_PER_PAGE)
        .all(db)
        .await?;
    Ok((with_people(rows, db).await?, total))
}

async fn with_people(
    rows: Vec<membership::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<(membership::Model, agency::Model, person::Model)>, DbErr> {
    let people: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(people)).all(db).await?;
    let rows = with_agencies(rows, db).await?;
    let person_of = |id: PersonId| people.iter().find(|person| person.id == id).cloned();
    let rows = rows
        .into_iter()
        .filter_map(|(membership, agency)| person_of(membership.person_id).map(|person| (membership, agency, person)));
    Ok(rows.collect())
}

/// How many people are confirmed members of an agency, and how many only claim it; those who left do not count.
pub async fn membership_counts(agency: AgencyId, db: &impl ConnectionTrait) -> Result<(u64, u64), DbErr> {
    let open = membership::Entity::find()
        .filter(membership::Column::AgencyId.eq(agency))
        .filter(membership::Column::ToDate.is_null());
    let all = open.clone().count(db).await?;
    let confirmed = open.filter(membership::Column::ConfirmedAt.is_not_null()).count(db).await?;
    Ok((confirmed, all - confirmed))
}
