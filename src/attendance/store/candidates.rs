//! Looking for people who may have walked in.

use crate::{
    accounts::{rules::PersonId, store::address_by_text},
    bookings::rules::BookingState,
    entity::{agency, booking, membership, person},
    server::database::holding,
    sessions::rules::SessionId,
};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};
use std::collections::{HashMap, HashSet};

/// A search shows at most so many people: it is for finding one, not for reading the address book.
const MOST_CANDIDATES: u64 = 10;
/// Shorter searches find nobody, except by a whole e-mail address.
const SHORTEST_SEARCH: usize = 3;

/// Somebody who may be the one who came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where they work now; tells two people of one name apart.
    pub agency: Option<String>,
    /// Whether they have a place on this session already.
    pub on_register: bool,
}

/// People by part of their name, or by a whole e-mail address. At most ten.
pub async fn candidates_find(
    search: &str,
    session: SessionId,
    today: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Vec<Candidate>, DbErr> {
    let search = search.trim().to_lowercase();
    let people = if search.contains('@') {
        match address_by_text(&search, db).await? {
            Some(address) => {
                person::Entity::find_by_id(address.person_id).filter(person::Column::ErasedAt.is_null()).all(db).await?
            }
            None => Vec::new(),
        }
    } else if search.chars().count() < SHORTEST_SEARCH {
        Vec::new()
    } else {
        let mut query = person::Entity::find().filter(person::Column::ErasedAt.is_null());
        for word in search.split_whitespace() {
            query = query.filter(Expr::expr(Func::lower(Expr::col(person::Column::Name))).like(holding(word)));
        }
        query.order_by_asc(person::Column::Name).limit(MOST_CANDIDATES).all(db).await?
    };
    let ids: Vec<PersonId> = people.iter().map(|row| row.id).collect();
    let agencies = agency_names_of(&ids, today, db).await?;
    let present: HashSet<PersonId> = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .filter(booking::Column::PersonId.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.person_id)
        .collect();
    let candidates = people.into_iter().map(|row| Candidate {
        person: row.id,
        agency: agencies.get(&row.id).cloned(),
        on_register: present.contains(&row.id),
        name: row.name,
    });
    Ok(candidates.collect())
}

async fn agency_names_of(
    people: &[PersonId],
    today: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<HashMap<PersonId, String>, DbErr> {
    let memberships = membership::Entity::find()
        .filter(membership::Column::PersonId.is_in(people.iter().copied()))
        .filter(membership::Column::FromDate.lte(today))
        .order_by_asc(membership::Column::FromDate)
        .all(db)
        .await?;
    let agencies: HashMap<_, _> = agency::Entity::find()
        .filter(agency::Column::Id.is_in(memberships.iter().map(|row| row.agency_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let current = memberships.into_iter().filter(|row| row.to_date.is_none_or(|to| to >= today));
    Ok(current.filter_map(|row| Some((row.person_id, agencies.get(&row.agency_id)?.clone()))).collect())
}
