//! What a page shows of a session and of the cancellation rule, and whether a form is still about that.

use super::*;
use crate::{
    bookings::rules::{BookingId, Live, Refusal, Shown, ShownRule, check_shown},
    calendar::{notice, rules::london_day, store::bank_holidays_around},
    charges::{
        rules::{SUSPENDED, charge_sentence_until},
        store::policy_suspended_on,
    },
    entity::{booking, session},
    sessions::{
        rules::SessionId,
        store::{SessionTerms, session_terms},
    },
};
use sea_orm::{ConnectionTrait, DbErr};

/// What the page of a booking that would be made now shows of a session.
pub fn shown_under(terms: &SessionTerms, session: SessionId, version: i32, starts: DateTime<Utc>) -> Shown {
    let cut_off = terms.cancel_by(starts).and_then(Result::ok);
    let rule = terms.version.zip(cut_off);
    let rule = rule.map(|(policy, cut_off)| ShownRule { policy, cut_off, is_free: terms.suspended });
    Shown { session, version, rule }
}

/// What a page shows of somebody's booking that has no place yet: the policy that was accepted governs.
async fn shown_of_booking(
    booking: &booking::Model,
    session: &session::Model,
    db: &impl ConnectionTrait,
) -> Result<Shown, DbErr> {
    let is_free = policy_suspended_on(london_day(session.starts_at), db).await?;
    let cut_off = cut_off_of(booking, session, db).await?;
    let rule = cut_off.map(|cut_off| ShownRule { policy: booking.policy_version_id, cut_off, is_free });
    Ok(Shown { session: session.id, version: session.version, rule })
}

/// Decides whether a form that makes a booking is still about what its page showed. A form that was sent before and has
/// its booking is let through to its first result. The session stays locked until the transaction ends, so that it
/// cannot change after this answer either. `terms` are those of a booking made now, where they are at hand.
pub async fn made_as_shown_in_txn(
    (id, request_id): (SessionId, &str),
    sent: &[&str],
    terms: Option<SessionTerms>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Result<(), Refusal>, DbErr> {
    if sent.is_empty() {
        return Ok(Ok(()));
    }
    let Some(session) = session_locked_in_txn(id, db).await? else { return Ok(Ok(())) };
    let terms = match terms {
        Some(terms) => terms,
        None => session_terms(session.starts_at, now, db).await?,
    };
    match check_shown(sent, &shown_under(&terms, id, session.version, session.starts_at)) {
        Err(_) if booking_of_request(request_id, db).await?.is_some() => Ok(Ok(())),
        decided => Ok(decided),
    }
}

/// Decides whether a form that takes an offered place, or a free one on the last day, is still about what its page
/// showed. What was answered before is let through to its first result.
pub async fn taken_as_shown_in_txn(
    id: BookingId,
    sent: &[&str],
    db: &impl ConnectionTrait,
) -> Result<Result<(), Refusal>, DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else { return Ok(Ok(())) };
    match live_in(&booking, &session) {
        Some(Live::Offered(_) | Live::Waiting(_)) => {
            Ok(check_shown(sent, &shown_of_booking(&booking, &session, db).await?))
        }
        _ => Ok(Ok(())),
    }
}

/// What it would mean to take a place now.
#[derive(Clone, Debug)]
pub struct IfTaken {
    /// What the page shows; its form carries it.
    pub shown: Shown,
    /// Until when the place could be given back free of charge.
    pub free_until: DateTime<Utc>,
    /// What is charged after that, in plain words.
    pub rule: String,
}

/// What it would mean if somebody took the place that is offered to them, or on the last day a free one; None for
/// those who can do neither. The inner error says why an offer cannot be accepted any more.
pub async fn if_taken(
    details: &BookingDetails,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<Result<IfTaken, Refusal>>, DbErr> {
    Ok(if_taken_list(std::slice::from_ref(details), now, db).await?.pop().flatten())
}

/// The same for bookings of one session, in their order, with two queries however many they are.
pub(super) async fn if_taken_list(
    list: &[BookingDetails],
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<Option<Result<IfTaken, Refusal>>>, DbErr> {
    let to_take = |details: &BookingDetails| match details.live() {
        live @ Some(Live::Offered(_) | Live::Waiting(_)) if now < details.session.starts_at => live,
        _ => None,
    };
    let Some(first) = list.iter().find(|details| to_take(details).is_some()) else {
        return Ok(list.iter().map(|_| None).collect());
    };
    let first_day = london_day(first.session.starts_at);
    let is_free = policy_suspended_on(first_day, db).await?;
    let holidays = bank_holidays_around([first_day], db).await?;
    let of_one = |details: &BookingDetails| {
        let live = to_take(details)?;
        let Ok(cut_off) = notice::cancel_by(first_day, notice_of(&details.policy), &holidays) else {
            return Some(Err(Refusal::TermsUnknown));
        };
        if_taken_under(details, live, (cut_off, is_free), now)
    };
    Ok(list.iter().map(of_one).collect())
}

fn if_taken_under(
    details: &BookingDetails,
    live: Live,
    (cut_off, is_free): (DateTime<Utc>, bool),
    now: DateTime<Utc>,
) -> Option<Result<IfTaken, Refusal>> {
    let moved = details.was_moved();
    let taken = match live {
        Live::Offered(offer) => offer.accept(cut_off, moved, now),
        Live::Waiting(waiting) => waiting.take(cut_off, moved, now),
        Live::Requested(_) | Live::Booked(_) => return None,
    };
    match taken {
        Ok(place) => {
            let free_until = place.free_until();
            let rule = match is_free {
                true => SUSPENDED.to_owned(),
                false => charge_sentence_until(&details.policy, free_until, details.booking.person_kind),
            };
            let shown_rule = ShownRule { policy: details.booking.policy_version_id, cut_off, is_free };
            let session = &details.session;
            let shown = Shown { session: session.id, version: session.version, rule: Some(shown_rule) };
            Some(Ok(IfTaken { shown, free_until, rule }))
        }
        // Before the last day there is nothing to take from the list.
        Err(Refusal::NoOffer) => None,
        Err(refusal) => Some(Err(refusal)),
    }
}
