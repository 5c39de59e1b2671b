//! Looking for people who may have walked in.

use crate::{
    accounts::{rules::PersonId, store::address_by_text},
    agencies::rules::AgencyId,
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
use std::collections::HashMap;

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
    /// Where they work now.
    pub employers: Vec<(AgencyId, String)>,
    /// Whether they have a place on this session already.
    pub on_register: bool,
    /// Whether they have to be asked for whom they have come. Whoever asked for a place said so then.
    pub asks: bool,
}

impl Candidate {
    /// Where they work, which tells two people of one name apart. Where else they do is the office's to know.
    pub fn works_for(&self, is_office: bool) -> String {
        let names: Vec<&str> = self.employers.iter().map(|(_, name)| name.as_str()).collect();
        match names[..] {
            [] => "Agency not known".to_owned(),
            [first, _, ..] if !is_office => format!("{first} and elsewhere"),
            _ => names.join(", "),
        }
    }
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
    let mut employers = employers_of(&ids, today, db).await?;
    let live: HashMap<PersonId, BookingState> = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::PersonId.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .filter(|row| row.state.is_live())
        .map(|row| (row.person_id, row.state))
        .collect();
    let candidates = people.into_iter().map(|row| {
        let employers = employers.remove(&row.id).unwrap_or_default();
        let live = live.get(&row.id);
        Candidate {
            person: row.id,
            asks: live.is_none() && employers.len() > 1,
            employers,
            on_register: live == Some(&BookingState::Booked),
            name: row.name,
        }
    });
    Ok(candidates.collect())
}

/// Where each of these people works now, each agency once: what is confirmed first, then what is newest.
async fn employers_of(
    people: &[PersonId],
    today: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<HashMap<PersonId, Vec<(AgencyId, String)>>, DbErr> {
    let mut memberships = membership::Entity::find()
        .filter(membership::Column::PersonId.is_in(people.iter().copied()))
        .filter(membership::Column::FromDate.lte(today))
        .order_by_desc(membership::Column::FromDate)
        .all(db)
        .await?;
    memberships.retain(|row| row.to_date.is_none_or(|to| to >= today));
    memberships.sort_by_key(|row| row.confirmed_at.is_none());
    let names: HashMap<AgencyId, String> = agency::Entity::find()
        .filter(agency::Column::Id.is_in(memberships.iter().map(|row| row.agency_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let mut employers: HashMap<PersonId, Vec<(AgencyId, String)>> = HashMap::new();
    for row in memberships {
        let Some(name) = names.get(&row.agency_id) else { continue };
        let theirs = employers.entry(row.person_id).or_default();
        if theirs.iter().all(|(agency, _)| *agency != row.agency_id) {
            theirs.push((row.agency_id, name.clone()));
        }
    }
    Ok(employers)
}
