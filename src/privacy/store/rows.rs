//! Which rows of a table are a person's.

use crate::{
    accounts::{
        rules::PersonId,
        store::{addresses_of, former_details_of, is_anothers_too},
    },
    entity::{booking, charge},
    privacy::rules::{FoundBy, OfPeople},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr,
};

/// A person with what their rows are found by.
pub struct Whose {
    /// The person.
    pub person: PersonId,
    /// Their addresses, and those that they had before and that nobody else has or had.
    pub addresses: Vec<String>,
    /// Their bookings.
    bookings: Vec<i64>,
    /// The charges for these.
    charges: Vec<i64>,
}

impl Whose {
    /// Reads what somebody's rows are found by.
    pub async fn load(person: PersonId, db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let mut addresses: Vec<String> = addresses_of(person, db).await?.into_iter().map(|row| row.address).collect();
        for detail in former_details_of(person, db).await? {
            if detail.contains('@') && !is_anothers_too(&detail, person, db).await? {
                addresses.push(detail);
            }
        }
        let bookings: Vec<i64> = booking::Entity::find()
            .select_only()
            .column(booking::Column::Id)
            .filter(booking::Column::PersonId.eq(person))
            .into_tuple()
            .all(db)
            .await?;
        let charges = charge::Entity::find()
            .select_only()
            .column(charge::Column::Id)
            .filter(charge::Column::BookingId.is_in(bookings.clone()))
            .into_tuple()
            .all(db)
            .await?;
        Ok(Self { person, addresses, bookings, charges })
    }

    /// The person's rows of a table.
    pub fn rows_of(&self, table: &OfPeople) -> Condition {
        let is = |column: &'static str| Expr::col(column).eq(self.person.0);
        let is_address = |column: &'static str| Expr::col(column).is_in(self.addresses.clone());
        let is_booking = || Expr::col("booking_id").is_in(self.bookings.clone());
        match table.found_by {
            FoundBy::Itself => Condition::all().add(is("id")),
            FoundBy::Person(column) => Condition::all().add(is(column)),
            FoundBy::Address(column) => Condition::all().add(is_address(column)),
            FoundBy::PersonOrAddress(person, address) => Condition::any().add(is(person)).add(is_address(address)),
            FoundBy::Booking => Condition::all().add(is_booking()),
            FoundBy::BookingOrPerson(person) => Condition::any().add(is_booking()).add(is(person)),
            FoundBy::Subject => {
                let about = |kind: &'static str, ids: Vec<i64>| {
                    Condition::all().add(Expr::col("subject_kind").eq(kind)).add(Expr::col("subject_id").is_in(ids))
                };
                Condition::any()
                    .add(about("person", vec![self.person.0]))
                    .add(about("booking", self.bookings.clone()))
                    .add(about("charge", self.charges.clone()))
            }
        }
    }
}
