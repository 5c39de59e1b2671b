//! What an agency's training lead sees: the bookings of their own staff, and booking for them. Nothing that the
//! learner alone may know: no access needs, no answers, no personal link.

mod book;
mod booking;
mod list;
mod staff_list;

pub use book::*;
pub use booking::*;
pub use list::*;
pub use staff_list::*;

use crate::{
    accounts::rules::Role,
    agencies::{rules::AgencyId, store::agencies_by_id},
    bookings::store::{self, BookingDetails},
    entity::agency,
    web::{error::PageError, visit::Visit},
};

/// The agencies whose training lead is looking, by name.
pub async fn led_agencies(visit: &Visit) -> Result<Vec<agency::Model>, PageError> {
    let mut agencies = agencies_by_id(visit.person()?.agencies_as(Role::TrainingLead), visit.db()).await?;
    agencies.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(agencies)
}

/// The agency that a form or an address names, if it is the viewer's; where they lead only one, that one.
pub async fn led_agency(visit: &Visit, named: &str) -> Result<Option<agency::Model>, PageError> {
    let agencies = led_agencies(visit).await?;
    let chosen = named.parse().ok().map(AgencyId);
    if agencies.len() == 1 && chosen.is_none() {
        return Ok(agencies.into_iter().next());
    }
    Ok(agencies.into_iter().find(|agency| Some(agency.id) == chosen))
}

/// A booking of the viewer's own staff; any other does not exist.
pub async fn booking_of_lead(visit: &Visit, reference: &str) -> Result<BookingDetails, PageError> {
    let agencies = visit.person()?.agencies_as(Role::TrainingLead);
    let booking = store::booking_by_reference(reference, visit.db()).await?.ok_or(PageError::NotFound)?;
    if !store::is_in_agencys_view(&booking, &agencies, visit.db()).await? {
        return Err(PageError::NotFound);
    }
    store::booking_details(booking, visit.db()).await?.ok_or(PageError::NotFound)
}
