//! The calendar file of a booking.

use super::{pages::booking_of_viewer, rules::BookingState};
use crate::{
    messages::{bookings::Letters, calendar::Method},
    web::{
        error::{PageError, PageResult},
        visit::Visit,
    },
};
use axum::{extract::Path, http::header, response::IntoResponse};

/// GET /bookings/{reference}/calendar.ics
pub async fn calendar_download(visit: Visit, Path(reference): Path<String>) -> PageResult {
    let details = booking_of_viewer(&visit, &reference).await?;
    let method = match details.booking.state {
        BookingState::Booked => Method::Publish,
        // Somebody who had a place may still have it in their calendar.
        _ if details.booking.booked_at.is_some() => Method::Cancel,
        _ => return Err(PageError::NotFound),
    };
    let file = Letters::of(&visit.app).calendar(&details, method, visit.now);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"training-{}.ics\"", details.booking.reference)),
    ];
    Ok((headers, file).into_response())
}
