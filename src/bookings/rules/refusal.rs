//! Why a request or a move is refused, in the words that people read.

use super::Clash;
use crate::calendar::rules::{moment_text, short_moment_text};
use chrono::{DateTime, Utc};

/// Why a request or a move is refused. The sentence is what the person reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Never shown to the public, or taken out of the lists.
    #[error("This session cannot be booked")]
    NotPublished,
    /// The board called it off.
    #[error("This session has been cancelled. Choose another date")]
    SessionCancelled,
    /// It is too late for any change.
    #[error("This session has already started")]
    SessionStarted,
    /// Booking has not begun.
    #[error("Booking for this session opens at {}", moment_text(*.opens))]
    NotYetOpen {
        /// When it begins.
        opens: DateTime<Utc>,
    },
    /// Booking is over.
    #[error("Booking for this session has closed. Choose another date")]
    BookingClosed,
    /// They hold a place already.
    #[error("You already have a place on this session")]
    AlreadyBooked,
    /// A place is held for them until they answer.
    #[error("A place on this session is already offered to you")]
    AlreadyOffered,
    /// Their request is being looked at.
    #[error("You have already asked for a place on this session, and it waits for approval")]
    AlreadyRequested,
    /// They wait already.
    #[error("You are already on the waiting list for this session")]
    AlreadyWaiting,
    /// They hold a place elsewhere at the same time.
    #[error("You have a place on “{}” at the same time ({}). Cancel that one first, or choose another date", .clash.title, short_moment_text(.clash.starts))]
    Clash {
        /// The other place.
        clash: Clash,
    },
    /// Something has to be attended before.
    #[error("Attend “{course}” before you book this course")]
    PrerequisiteMissing {
        /// The course's title.
        course: String,
    },
    /// There is no policy or no table of bank holidays for that time.
    #[error(
        "This session cannot be booked yet, because its cancel-by date cannot be worked out. Please tell the training team"
    )]
    TermsUnknown,
    /// The offer has run out.
    #[error(
        "This offer has run out, so the place is no longer held for you. You can ask for a place again while the session can be booked"
    )]
    OfferExpired,
    /// There was no offer, or it was answered already.
    #[error("There is no offer to answer any more")]
    NoOffer,
    /// Somebody was quicker.
    #[error("Somebody else has just taken the last place. You are still on the waiting list")]
    NoPlaceLeft,
    /// The waiting list is over.
    #[error(
        "The session has started, so its waiting list has ended. No place came free for you, and nothing is charged"
    )]
    ListEnded,
    /// The place was already given up.
    #[error("This place was already given up, so nothing was changed")]
    NotLive,
    /// Nobody has to approve this any more.
    #[error("This request was already answered, so nothing was changed")]
    NotRequested,
    /// Nobody can be skipped who does not wait.
    #[error("They are no longer on the waiting list, so nothing was changed")]
    NotWaiting,
    /// The colleague holds a place of their own. Whoever names them learns nothing of their bookings.
    #[error("{}", SUBSTITUTE_CANNOT)]
    SubstituteHasPlace,
    /// The colleague has a place elsewhere at the same time. Whoever names them learns nothing of it.
    #[error("{}", SUBSTITUTE_CANNOT)]
    SubstituteClash,
    /// The colleague has to attend something before.
    #[error("Your colleague has to attend “{course}” before this course")]
    SubstituteNotReady {
        /// The course's title.
        course: String,
    },
    /// The colleague's next booking needs approval, because of earlier charges. Whoever names them learns nothing of it.
    #[error("{}", SUBSTITUTE_CANNOT)]
    SubstituteMissedOften,
    /// The office approves each place of the session, so only the office gives one to somebody.
    #[error("The training team approves who has a place here. Write to them: they can give this place to a colleague")]
    SubstituteNeedsApproval,
    /// The place is kept for an agency's staff, or the agency approves its places.
    #[error(
        "This place is for an organisation’s own staff. Name a colleague who is confirmed to work there, or ask its training lead"
    )]
    SubstituteNotStaff,
    /// The same person.
    #[error("Enter the details of a colleague, not your own")]
    SubstituteIsYou,
    /// Moving after the cut-off would be a late cancellation without its consequence.
    #[error(
        "The cancel-by time has passed, so you cannot move to another date. You can still send a colleague or cancel"
    )]
    TooLateToMove,
    /// The other date asks for approval: nobody gives up a place for a request.
    #[error("A place on that date needs approval first. Ask for one there, and cancel this one when you have it")]
    OtherDateNeedsApproval,
    /// The session was changed since the form was shown.
    #[error(
        "This session was changed while you were looking at it, so nothing was done. Read the date, the place and the rule again"
    )]
    SessionChanged,
    /// Another cancellation rule is in force than the form showed.
    #[error("The cancellation rule was changed while you were looking at it, so nothing was done. Read the rule again")]
    RuleChanged,
    /// The position on the list was changed since the form was shown.
    #[error("Their position has changed since you opened the page. Nothing was changed. Look at it again")]
    PositionChanged,
    /// The other date has no free place.
    #[error("That date is full. Choose another date, or keep this one and join the waiting list for that date")]
    OtherDateFull,
}

/// One sentence for everything that a colleague's own bookings stand in the way of.
const SUBSTITUTE_CANNOT: &str =
    "This colleague cannot take the place. Ask them, name somebody else, or write to the training team";

impl Refusal {
    /// The sentence for somebody who books for others. It says nothing of where else they have a place.
    pub fn about_them(&self) -> String {
        match self {
            Self::AlreadyBooked => "They already have a place on this session".to_owned(),
            Self::AlreadyOffered => "A place on this session is already offered to them".to_owned(),
            Self::AlreadyRequested => "They have already asked for a place, and it waits for approval".to_owned(),
            Self::AlreadyWaiting => "They are already on the waiting list for this session".to_owned(),
            Self::Clash { .. } => "They have a place on another session at the same time".to_owned(),
            Self::PrerequisiteMissing { course } => format!("They have to attend “{course}” before"),
            Self::SubstituteHasPlace => "They already have a place on this session, or are waiting for one".to_owned(),
            Self::SubstituteClash => "They have a place on another session at the same time".to_owned(),
            Self::SubstituteIsYou => "Name somebody else than the person who cannot come".to_owned(),
            refusal => refusal.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_books_for_others_reads_of_them_and_never_where_else_they_have_a_place() {
        let starts = "2025-03-17T10:00:00Z".parse().unwrap();
        let clash = Refusal::Clash { clash: Clash { title: "Neglect".into(), starts } };
        assert!(clash.to_string().contains("“Neglect” at the same time (17 Mar 2025, 10am)"), "{clash}");
        assert_eq!(clash.about_them(), "They have a place on another session at the same time");
        for refusal in [Refusal::AlreadyBooked, Refusal::AlreadyRequested, Refusal::AlreadyWaiting] {
            assert!(refusal.to_string().starts_with("You "), "{refusal}");
            assert!(refusal.about_them().starts_with("They "), "{refusal}");
        }
        let missing = Refusal::PrerequisiteMissing { course: "Core".into() };
        assert_eq!(missing.about_them(), "They have to attend “Core” before");
        assert!(Refusal::SubstituteIsYou.about_them().starts_with("Name somebody else"));
        assert_eq!(Refusal::BookingClosed.about_them(), Refusal::BookingClosed.to_string());
    }
}
