//! What the office looks after besides bookings: training declared by people, and a mail that was not delivered.

use super::{courses::numbered, insert::insert_all, people::Crowd};
use crate::{
    accounts::store::address_bounce_in_txn,
    courses::rules::CourseId,
    demo::rules::{
        cast::{ABSENT_COLLEAGUE, FOUR_OTHERS},
        clock::moment,
    },
    entity::{declared_training, outbox},
    messages::wording::SESSION_MOVED,
    records::rules::DeclaredState,
};
use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};

/// Writes them.
pub async fn extras_insert_in_txn(crowd: &Crowd, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let course: Option<CourseId> = numbered().next().map(|(course, _)| course);
    let declared = [
        (ABSENT_COLLEAGUE, "Safeguarding children, level 3", "Larkshire hospitals' academy", course),
        (FOUR_OTHERS[0], "Online safety for schools", "A national charity", None),
    ];
    let rows = declared.map(|(person, title, provider, course)| declared_training::ActiveModel {
        person_id: Set(person),
        course_id: Set(course),
        title: Set(title.to_owned()),
        provider: Set(provider.to_owned()),
        trained_on: Set(NaiveDate::from_ymd_opt(2020, 11, 12).unwrap_or_default()),
        state: Set(DeclaredState::Declared),
        declared_at: Set(moment("2021-03-17T15:20:00Z")),
        ..Default::default()
    });
    insert_all(rows.to_vec(), db).await?;
    let gone = &crowd.people[crowd.live.start + 3];
    let failed = moment("2021-03-19T10:02:00Z");
    let mail = outbox::ActiveModel {
        message_id: Set("<not-delivered@larkshire.example>".to_owned()),
        person_id: Set(Some(gone.id)),
        to_address: Set(gone.address.clone()),
        kind: Set(SESSION_MOVED.kind.to_owned()),
        subject: Set("Your training session has a new online link".to_owned()),
        body: Set(Some(format!(
            "Dear {},\n\nthe online link of your session has changed. You find the new one on the page of your booking.\n",
            gone.name
        ))),
        has_personal_link: Set(false),
        created_at: Set(failed),
        due_at: Set(failed),
        attempts: Set(1),
        failed_at: Set(Some(failed)),
        last_error: Set(Some("the mail server does not know the address".to_owned())),
        ..Default::default()
    };
    outbox::Entity::insert(mail).exec_without_returning(db).await?;
    address_bounce_in_txn(&gone.address, failed, db).await?;
    Ok(())
}
