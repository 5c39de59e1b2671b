//! What holds before any session: bank holidays, the charging policy and the venues.

use super::insert::insert_all;
use crate::{
    calendar::notice::BankHolidays,
    charges::rules::{NoticeUnit, PolicyId, PolicyVersionId},
    demo::rules::cast::ADMINISTRATOR,
    entity::{bank_holiday, policy, policy_suspension, policy_version, venue},
    sessions::rules::VenueId,
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, sea_query::OnConflict};

/// The one policy.
pub const POLICY: PolicyVersionId = PolicyVersionId(1);

/// A day such as "2021-03-31".
pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

/// Bank holidays of England and Wales as published on gov.uk.
pub(super) const HOLIDAYS: &[(&str, &str)] = &[
    ("2018-01-01", "New Year's Day"),
    ("2018-03-30", "Good Friday"),
    ("2018-04-02", "Easter Monday"),
    ("2018-05-07", "Early May bank holiday"),
    ("2018-05-28", "Spring bank holiday"),
    ("2018-08-27", "Summer bank holiday"),
    ("2018-12-25", "Christmas Day"),
    ("2018-12-26", "Boxing Day"),
    ("2019-01-01", "New Year's Day"),
    ("2019-04-19", "Good Friday"),
    ("2019-04-22", "Easter Monday"),
    ("2019-05-06", "Early May bank holiday"),
    ("2019-05-27", "Spring bank holiday"),
    ("2019-08-26", "Summer bank holiday"),
    ("2019-12-25", "Christmas Day"),
    ("2019-12-26", "Boxing Day"),
    ("2020-01-01", "New Year's Day"),
    ("2020-04-10", "Good Friday"),
    ("2020-04-13", "Easter Monday"),
    ("2020-05-08", "Early May bank holiday (VE day)"),
    ("2020-05-25", "Spring bank holiday"),
    ("2020-08-31", "Summer bank holiday"),
    ("2020-12-25", "Christmas Day"),
    ("2020-12-28", "Boxing Day (substitute day)"),
    ("2021-01-01", "New Year's Day"),
    ("2021-04-02", "Good Friday"),
    ("2021-04-05", "Easter Monday"),
    ("2021-05-03", "Early May bank holiday"),
    ("2021-05-31", "Spring bank holiday"),
    ("2021-08-30", "Summer bank holiday"),
    ("2021-12-27", "Christmas Day (substitute day)"),
    ("2021-12-28", "Boxing Day (substitute day)"),
    ("2022-01-03", "New Year's Day (substitute day)"),
    ("2022-04-15", "Good Friday"),
    ("2022-04-18", "Easter Monday"),
    ("2022-05-02", "Early May bank holiday"),
    ("2022-06-02", "Spring bank holiday"),
    ("2022-06-03", "Platinum Jubilee bank holiday"),
    ("2022-08-29", "Summer bank holiday"),
    ("2022-09-19", "State funeral of Queen Elizabeth II"),
    ("2022-12-26", "Boxing Day"),
    ("2022-12-27", "Christmas Day (substitute day)"),
];

/// The bank holidays that the demonstration knows.
pub fn holidays() -> BankHolidays {
    BankHolidays::new(HOLIDAYS.iter().map(|(date, _)| day(date)))
}

/// First and last day on which nobody was charged.
pub const SUSPENDED: (&str, &str) = ("2020-03-17", "2020-11-30");

/// Writes bank holidays, the charging policy and the venues.
pub async fn terms_insert_in_txn(made: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let known = OnConflict::column(bank_holiday::Column::Date).do_nothing().to_owned();
    let rows = HOLIDAYS
        .iter()
        .map(|(date, name)| bank_holiday::ActiveModel { date: Set(day(date)), name: Set((*name).to_owned()) });
    bank_holiday::Entity::insert_many(rows).on_conflict(known).exec_without_returning(db).await?;
    let row = policy::ActiveModel {
        id: Set(PolicyId(1)),
        name: Set("Charging policy for training".to_owned()),
        is_default: Set(true),
    };
    insert_all(vec![row], db).await?;
    let version = policy_version::ActiveModel {
        id: Set(POLICY),
        policy_id: Set(PolicyId(1)),
        effective_from: Set(day("2018-04-01")),
        notice_days: Set(6),
        notice_unit: Set(NoticeUnit::WorkingDays),
        amount_pence: Set(5_000),
        late_after_minutes: Set(20),
        representation_days: Set(10),
        notify_within_days: Set(20),
        second_approver_above_pence: Set(20_000),
        repeat_count: Set(2),
        repeat_months: Set(12),
        created_at: Set(made),
        created_by: Set(Some(ADMINISTRATOR)),
    };
    insert_all(vec![version], db).await?;
    let suspension = policy_suspension::ActiveModel {
        policy_id: Set(PolicyId(1)),
        from_date: Set(day(SUSPENDED.0)),
        to_date: Set(day(SUSPENDED.1)),
        reason: Set("Charging is suspended while services respond to the pandemic".to_owned()),
        ..Default::default()
    };
    insert_all(vec![suspension], db).await?;
    insert_all(venue_rows(), db).await
}

fn venue_rows() -> Vec<venue::ActiveModel> {
    const VENUES: [(&str, &str, &str, &str, i32); 5] = [
        (
            "Aldermere Town Hall",
            "Market Square, Aldermere",
            "LK1 1AA",
            "Step-free; lift to the first floor; hearing loop in both rooms.",
            60,
        ),
        (
            "Harrowick Fire Station",
            "Station Road, Harrowick",
            "LK4 2QD",
            "Step-free; two parking bays for disabled people.",
            30,
        ),
        (
            "Millhampton Library",
            "Mill Lane, Millhampton",
            "LK7 9BT",
            "Ramp at the side door; quiet room on request.",
            36,
        ),
        (
            "Oakenford Children's Centre",
            "Orchard Way, Oakenford",
            "LK9 3HN",
            "Step-free; changing place; hearing loop.",
            24,
        ),
        (
            "Great Tolling Village Hall",
            "The Green, Great Tolling",
            "LK12 5EW",
            "One step at the door, ramp on request.",
            40,
        ),
    ];
    let rows = VENUES.iter().zip(1..).map(|((name, address, postcode, access, capacity), id)| venue::ActiveModel {
        id: Set(VenueId(id)),
        name: Set((*name).to_owned()),
        address: Set((*address).to_owned()),
        postcode: Set((*postcode).to_owned()),
        access_notes: Set((*access).to_owned()),
        travel_notes: Set("Five minutes from the bus station. Please share cars where you can.".to_owned()),
        capacity: Set(*capacity),
        closed_at: Set(None),
        version: Set(1),
    });
    rows.collect()
}
