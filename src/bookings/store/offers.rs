//! Freed places: offers to the waiting list, their answers, and the last day.

use super::{
    approve::tell_approvers_in_txn,
    request::{send_all_in_txn, send_in_txn, survey_link_in_txn},
    shown::if_taken_list,
    *,
};
use crate::{
    audit::store::{audit_insert_all_in_txn, audit_insert_in_txn},
    bookings::rules::{Booked, BookingState, Live, Refusal, decide_acceptance, first_come_from, offer_until},
    calendar::{notice, rules::moment_text, store::bank_holidays_load},
    entity::{booking, session},
    messages::store::Mail,
    sessions::rules::{SessionId, SessionStatus},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// Offers the free places of a session to the first on its list; in the last 24 hours tells everybody on it once that
/// the first to book has the place. Doing it twice equals doing it once.
pub async fn offer_places_in_txn(id: SessionId, change: &Change, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let Some(session) = session_current_in_txn(id, change, db).await? else { return Ok(()) };
    let free = session.capacity - session.held;
    let runs = session.status == SessionStatus::Published && change.now < session.starts_at;
    if free <= 0 || session.waiting == 0 || !runs {
        return Ok(());
    }
    if change.now >= first_come_from(session.starts_at) {
        return tell_last_day_in_txn(&session, change, db).await;
    }
    let holidays = bank_holidays_load(db).await?;
    // Without the year's bank holidays nobody's time is cut short: the offer stands until the last day.
    let days = periods_get(db).await?.offer;
    let last_day =
        notice::end_of_working_day_after(change.now, days, &holidays).unwrap_or(first_come_from(session.starts_at));
    let Some(until) = offer_until(last_day, session.starts_at, change.now) else { return Ok(()) };
    // Where places are kept, somebody further down the list may be the first who can have one.
    let open = reserved_open(&session, db).await?;
    let looked_at = if open.is_empty() { free } else { session.waiting };
    let waiters = waiting_first(id, u64::try_from(looked_at).unwrap_or(0), db).await?;
    let kept = kept_for_waiters(&open, &waiters, db).await?;
    let mut offered = Vec::new();
    for (waiter, kept) in waiters.into_iter().zip(kept) {
        let Some(reserved) = place_take_in_txn(id, &kept, db).await? else { continue };
        let offer = |row: &mut booking::Model| {
            row.offer_expires_at = Some(until);
            row.held_since = Some(change.now);
            row.reserved_place_id = reserved;
        };
        offered.push(booking_state_in_txn(waiter, BookingState::Offered, change.now, offer, db).await?);
    }
    if offered.is_empty() {
        return Ok(());
    }
    session_waiting_add_in_txn(id, -i32::try_from(offered.len()).unwrap_or(i32::MAX), db).await?;
    let sentence = format!("Offered a place until {}", moment_text(until));
    audit_insert_all_in_txn(None, offered.iter().map(|row| subject(row.id)), &sentence, change.now, db).await?;
    let letter = |details: &BookingDetails, taken| change.letters.offered(details, until, taken);
    tell_if_taken_in_txn(offered, letter, change, db).await
}

/// Tells people who have an offer or wait what it means to take a place, with a few statements however many they are.
async fn tell_if_taken_in_txn(
    bookings: Vec<booking::Model>,
    letter: impl Fn(&BookingDetails, Option<IfTaken>) -> Option<Mail>,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let details = booking_details_list(bookings, db).await?;
    let taken = if_taken_list(&details, change.now, db).await?;
    let told = details.iter().zip(taken);
    let mails = told.filter_map(|(details, taken)| letter(details, taken.and_then(Result::ok))).collect();
    send_all_in_txn(mails, change, db).await
}

async fn tell_last_day_in_txn(
    session: &session::Model,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let waiters = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session.id))
        .filter(booking::Column::State.eq(BookingState::Waitlisted))
        .filter(booking::Column::LastDayToldAt.is_null())
        .all(db)
        .await?;
    if waiters.is_empty() {
        return Ok(());
    }
    let told = booking::ActiveModel {
        last_day_told_at: Set(Some(change.now)),
        changed_at: Set(change.now),
        ..Default::default()
    };
    booking::Entity::update_many()
        .set(told)
        .filter(booking::Column::Id.is_in(waiters.iter().map(|waiter| waiter.id)))
        .exec(db)
        .await?;
    tell_if_taken_in_txn(waiters, |details, taken| change.letters.last_day(details, taken), change, db).await
}

/// Takes an offered place, or on the last day a free one from the waiting list. Somebody who has the place already
/// gets the first result.
pub async fn accept_offer_in_txn(
    id: BookingId,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else { return Ok(Err(Refusal::NoOffer)) };
    match session.status {
        SessionStatus::Published => {}
        SessionStatus::Cancelled => return Ok(Err(Refusal::SessionCancelled)),
        SessionStatus::Draft | SessionStatus::Archived => return Ok(Err(Refusal::NotPublished)),
    }
    let Some(cut_off) = cut_off_of(&booking, &session, db).await? else { return Ok(Err(Refusal::TermsUnknown)) };
    let moved = was_moved(&booking, session.moved_at);
    let live = live_in(&booking, &session);
    if matches!(live, Some(Live::Offered(_) | Live::Waiting(_)))
        && let Some(refusal) = refused_meanwhile(&booking, &session, change, db).await?
    {
        return Ok(Err(refusal));
    }
    match live {
        Some(Live::Offered(offer)) => match offer.accept(cut_off, moved, change.now) {
            Ok(_) if needs_approval(&booking, &session, change, db).await? => {
                ask_approval_in_txn(booking, &session, change, db).await
            }
            Ok(place) => book_in_txn(booking, place, change, db).await.map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        },
        Some(Live::Waiting(waiting)) => match waiting.take(cut_off, moved, change.now) {
            Ok(place) => {
                // In the last 24 hours nothing is kept any more.
                session_current_in_txn(session.id, change, db).await?;
                if place_take_in_txn(session.id, &[], db).await?.is_none() {
                    return Ok(Err(Refusal::NoPlaceLeft));
                }
                session_waiting_add_in_txn(session.id, -1, db).await?;
                if needs_approval(&booking, &session, change, db).await? {
                    return ask_approval_in_txn(booking, &session, change, db).await;
                }
                book_in_txn(booking, place, change, db).await.map(Ok)
            }
            Err(refusal) => Ok(Err(refusal)),
        },
        // Sent again: the first result stands.
        Some(Live::Booked(_) | Live::Requested(_)) => Ok(Ok(booking)),
        None if booking.state == BookingState::OfferExpired => Ok(Err(Refusal::OfferExpired)),
        None if booking.state == BookingState::ListEnded => Ok(Err(Refusal::ListEnded)),
        None => Ok(Err(Refusal::NoOffer)),
    }
}

/// What speaks against a place by now: somebody may have booked another session at the same time while they waited.
/// Two places of one person are decided one after the other.
async fn refused_meanwhile(
    booking: &booking::Model,
    session: &session::Model,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Option<Refusal>, DbErr> {
    person_lock_in_txn(booking.person_id, db).await?;
    let asking = Asking {
        person: booking.person_id,
        agency: booking.agency_id,
        agency_confirmed: booking.agency_confirmed,
        instead_of: Some(booking.id),
        is_agencys: booking.booked_by_lead.is_some(),
    };
    Ok(match request_facts(session, asking, change.now, db).await? {
        Ok(facts) => decide_acceptance(&facts.terms, &facts.applicant).err(),
        Err(refusal) => Some(refusal),
    })
}

async fn needs_approval(
    booking: &booking::Model,
    session: &session::Model,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    Ok(booking_approver(booking, session, change.now, db).await? != ApprovedBy::Nobody)
}

async fn ask_approval_in_txn(
    booking: booking::Model,
    session: &session::Model,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let holidays = bank_holidays_load(db).await?;
    let days = periods_get(db).await?.approval;
    let Ok(until) = notice::end_of_working_day_after(change.now, days, &holidays) else {
        return Ok(Err(Refusal::TermsUnknown));
    };
    let until = std::cmp::min(until, session.starts_at);
    let ask = |row: &mut booking::Model| {
        row.approval_until = Some(until);
        row.held_since = row.held_since.or(Some(change.now));
    };
    let booking = booking_state_in_txn(booking, BookingState::Requested, change.now, ask, db).await?;
    let sentence = format!("Accepted the offer; waits for approval until {}", moment_text(until));
    change.write_down_in_txn(booking.id, sentence, db).await?;
    if let Some(details) = booking_details(booking.clone(), db).await? {
        tell_approvers_in_txn(&details, change, db).await?;
        send_in_txn(change.letters.requested(&details), change, db).await?;
    }
    Ok(Ok(booking))
}

/// Makes a booking whose place is already counted a booked one, and tells its person.
pub(super) async fn book_in_txn(
    booking: booking::Model,
    place: Booked,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<booking::Model, DbErr> {
    let book = |row: &mut booking::Model| {
        row.cancel_by = place.cancel_by;
        row.booked_at = Some(change.now);
        // Whoever takes a place from the waiting list on the last day was held none before.
        row.held_since = row.held_since.or(Some(change.now));
    };
    let booking = booking_state_in_txn(booking, BookingState::Booked, change.now, book, db).await?;
    let sentence = format!("Booked; can be cancelled free until {}", moment_text(place.free_until()));
    change.write_down_in_txn(booking.id, sentence, db).await?;
    if let Some(details) = booking_details(booking.clone(), db).await? {
        let survey = survey_link_in_txn(&booking, change, db).await?;
        send_in_txn(change.letters.confirmed(&details, survey, change.now), change, db).await?;
    }
    Ok(booking)
}

/// Bookings whose offer or request time may have taken back by now.
pub async fn bookings_overdue(now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<Vec<BookingId>, DbErr> {
    let offers = booking::Column::State.eq(BookingState::Offered).and(booking::Column::OfferExpiresAt.lte(now));
    let requests = booking::Column::State.eq(BookingState::Requested).and(booking::Column::ApprovalUntil.lte(now));
    booking::Entity::find()
        .select_only()
        .column(booking::Column::Id)
        .filter(offers.or(requests))
        .into_tuple()
        .all(db)
        .await
}

/// Sessions with free places and people who wait for them.
pub async fn sessions_with_free_places_awaited(
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionId>, DbErr> {
    session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::Status.eq(SessionStatus::Published))
        .filter(session::Column::StartsAt.gt(now))
        .filter(session::Column::Waiting.gt(0))
        .filter(Expr::col(session::Column::Held).lt(Expr::col(session::Column::Capacity)))
        .into_tuple()
        .all(db)
        .await
}

/// Takes an offer back that has run out, or ends a request that nobody approved in time, and offers the place to the
/// next. Does nothing where neither is so.
pub async fn expire_in_txn(id: BookingId, change: &Change, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else { return Ok(()) };
    let (state, sentence) = match live_in(&booking, &session) {
        Some(Live::Offered(offer)) if offer.has_expired(change.now) => {
            (BookingState::OfferExpired, "The offer ran out")
        }
        Some(Live::Requested(request)) if request.has_lapsed(change.now) => {
            (BookingState::Lapsed, "Nobody approved the request in time")
        }
        _ => return Ok(()),
    };
    let booking = booking_state_in_txn(booking, state, change.now, |_| {}, db).await?;
    audit_insert_in_txn(None, subject(id), sentence, change.now, db).await?;
    place_give_back_in_txn(&booking, db).await?;
    if let Some(details) = booking_details(booking, db).await? {
        let mail = match state {
            BookingState::OfferExpired => change.letters.offer_expired(&details),
            _ => change.letters.lapsed(&details, change.now),
        };
        send_in_txn(mail, change, db).await?;
    }
    offer_places_in_txn(session.id, change, db).await
}
