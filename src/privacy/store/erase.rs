//! Takes a person out of the database for ever, and leaves every count what it was.

use super::rows::Whose;
use crate::{
    accounts::{
        rules::{PersonId, Role},
        store::{administrator_count, former_details_of, is_anothers_too},
    },
    audit::store::{Subject, audit_insert_in_txn},
    bookings::rules::BookingState,
    charges::rules::ChargeState,
    entity::{agency, booking, charge, person, role, session, session_trainer},
    privacy::rules::{
        Blank, Erased, Erasing, ErasureFacts, Holds, NAME_AFTER, TABLES, Table, forms_of, redact, still_open,
    },
    server::database::holding,
    sessions::rules::{SessionStatus, TrainerState},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    sea_query::{Expr, Func, Query, SelectStatement},
};

/// Charges in these states wait for money or for a decision.
const NOT_SETTLED: [ChargeState; 7] = [
    ChargeState::Proposed,
    ChargeState::Notified,
    ChargeState::Confirmed,
    ChargeState::Invoiced,
    ChargeState::Recharged,
    ChargeState::PartPaid,
    ChargeState::Disputed,
];

/// What of a person is still open.
pub async fn erasure_facts(
    person: PersonId,
    asked_by: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<ErasureFacts, DbErr> {
    let is_administrator = role::Entity::find()
        .filter(role::Column::PersonId.eq(person))
        .filter(role::Column::Role.eq(Role::Administrator))
        .one(db)
        .await?
        .is_some();
    let places = booking::Entity::find()
        .filter(booking::Column::PersonId.eq(person))
        .filter(booking::Column::State.is_in(BookingState::LIVE))
        .filter(booking::Column::SessionId.in_subquery(sessions_to_come(now)));
    let trains = session_trainer::Entity::find()
        .filter(session_trainer::Column::PersonId.eq(person))
        .filter(session_trainer::Column::State.is_in([TrainerState::Offered, TrainerState::Accepted]))
        .filter(session_trainer::Column::SessionId.in_subquery(sessions_to_come(now)));
    let charges = charge::Entity::find()
        .filter(charge::Column::PayerPersonId.eq(person))
        .filter(charge::Column::State.is_in(NOT_SETTLED));
    let addresses = Whose::load(person, db).await?.addresses;
    let invoiced = agency::Entity::find()
        .filter(Expr::expr(Func::lower(Expr::col(agency::Column::BillingAddress))).is_in(addresses));
    Ok(ErasureFacts {
        is_own: person == asked_by,
        is_last_administrator: is_administrator && administrator_count(db).await? <= 1,
        places_to_come: places.count(db).await?,
        sessions_to_train: trains.count(db).await?,
        charges_to_pay: charges.count(db).await?,
        invoices_for: invoiced.all(db).await?.into_iter().map(|row| row.name).collect(),
    })
}

fn sessions_to_come(now: DateTime<Utc>) -> SelectStatement {
    Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::EndsAt.gt(now))
        .and_where(session::Column::Status.ne(SessionStatus::Cancelled))
        .to_owned()
}

/// Erases a person for ever: their rows as the list of tables says, and their name and addresses from every text.
/// Refused, with nothing changed, while something of theirs is open. Twice is the same as once.
pub async fn person_erase_in_txn(
    person: PersonId,
    by: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Erased, DbErr> {
    let not_erased = person::Entity::find_by_id(person).filter(person::Column::ErasedAt.is_null());
    let Some(row) = not_erased.one(db).await? else { return Ok(Erased::Done) };
    let open = still_open(&erasure_facts(person, by, now, db).await?);
    if !open.is_empty() {
        return Ok(Erased::Refused(open));
    }
    let whose = Whose::load(person, db).await?;
    let identifying = identifying_values(&row, &whose.addresses, db).await?;
    for table in TABLES {
        erase_rows(table, &whose, db).await?;
        take_out_of_texts(table, &identifying, db).await?;
    }
    charge::Entity::update_many()
        .set(charge::ActiveModel {
            payer_name: Set(NAME_AFTER.to_owned()),
            payer_address: Set(None),
            ..Default::default()
        })
        .filter(charge::Column::PayerPersonId.eq(person))
        .exec(db)
        .await?;
    person::Entity::update_many()
        .set(person::ActiveModel { erased_at: Set(Some(now)), ..Default::default() })
        .filter(person::Column::Id.eq(person))
        .exec(db)
        .await?;
    let subject = Subject { kind: "person", id: person.0 };
    audit_insert_in_txn(Some(by), subject, "Erased for ever by the office.", now, db).await?;
    Ok(Erased::Done)
}

/// Whether anybody was erased after a moment.
pub async fn somebody_erased_since(since: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(person::Entity::find().filter(person::Column::ErasedAt.gt(since)).count(db).await? > 0)
}

/// What texts are searched for: names and addresses of now and of before. A name that somebody else has or had too is
/// taken only out of the person's own rows: another one's history must stay readable.
async fn identifying_values(
    row: &person::Model,
    addresses: &[String],
    db: &impl ConnectionTrait,
) -> Result<Vec<String>, DbErr> {
    let mut values: Vec<String> = addresses.iter().flat_map(|address| forms_of(address)).collect();
    let mut names = former_details_of(row.id, db).await?;
    names.push(row.name.clone());
    for name in names {
        if !is_anothers_too(&name, row.id, db).await? {
            values.extend(forms_of(&name));
        }
    }
    values.sort();
    values.dedup();
    Ok(values)
}

async fn take_out_of_texts(table: &Table, identifying: &[String], db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for column in table.mentions {
        let holds_one =
            identifying.iter().fold(Condition::any(), |any, value| any.add(Expr::col(*column).like(holding(value))));
        if identifying.is_empty() {
            continue;
        }
        let texts = Query::select().distinct().column(*column).from(table.name).cond_where(holds_one).to_owned();
        for found in db.query_all(&texts).await? {
            let text: String = found.try_get("", column)?;
            let left = redact(&text, identifying);
            if left == text {
                continue;
            }
            let change = Query::update()
                .table(table.name)
                .value(*column, left)
                .and_where(Expr::col(*column).eq(text))
                .to_owned();
            db.execute(&change).await?;
        }
    }
    Ok(())
}

async fn erase_rows(table: &Table, whose: &Whose, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let Holds::PeoplesData(of_people) = table.holds else { return Ok(()) };
    match of_people.erasing {
        Erasing::Stay(_) => {}
        Erasing::Delete => {
            let delete = Query::delete().from_table(table.name).cond_where(whose.rows_of(&of_people)).to_owned();
            db.execute(&delete).await?;
        }
        Erasing::Blank(columns) => {
            let mut update = Query::update().table(table.name).cond_where(whose.rows_of(&of_people)).to_owned();
            for (column, blank) in columns {
                match blank {
                    Blank::Null => update.value(*column, Option::<String>::None),
                    Blank::Empty => update.value(*column, String::new()),
                    Blank::Text => update.value(*column, NAME_AFTER),
                };
            }
            db.execute(&update).await?;
        }
    }
    Ok(())
}
