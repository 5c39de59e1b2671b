//! What the frame of every page takes from the features: navigation, what was just done, and the demonstration's moves.

use crate::{
    accounts::rules::Role,
    web::{components::NavItem, viewer::Viewer},
};

/// The links in the header, by role.
pub fn navigation(viewer: &Viewer, path: &str) -> Vec<NavItem> {
    let mut items = vec![("/courses", "Courses")];
    if let Some(person) = viewer.person() {
        items.push(("/bookings", "My bookings"));
        if person.has_role(Role::TrainingLead) {
            items.push(("/agency/bookings", "My staff"));
        }
        if person.has_role(Role::BillingContact) {
            items.push(("/agency/charges", "Charges"));
        }
        if person.has_role(Role::Trainer) {
            items.push(("/training", "My sessions"));
        }
        if person.has_role(Role::Board) || person.has_role(Role::Administrator) {
            items.push(("/board", "Board"));
        }
        if person.has_role(Role::Administrator) {
            items.push(("/office", "Office"));
        }
    }
    let is_current = |href: &str| path == href || path.starts_with(&format!("{href}/"));
    items
        .into_iter()
        .map(|(href, text)| NavItem { href: href.into(), text: text.into(), current: is_current(href) })
        .collect()
}

/// The sentence for a word in `?done=`; unknown words say nothing.
pub fn done_sentence(word: &str) -> Option<&'static str> {
    let sentence = match word {
        // accounts and agencies
        "signed-out" => "You are signed out.",
        "account-created" => "Your account is ready.",
        "account-saved" => "Your account was changed.",
        "address-added" => "The address was added to your account.",
        "address-removed" => "The address was removed from your account.",
        "agency-added" => "The agency was added to your account.",
        "agency-asked" => "We have asked the training team to add your agency.",
        "devices-signed-out" => "All other devices are signed out.",
        "set-up" => "The service is set up, and you are signed in.",
        "person-added" => "The person was added.",
        "person-saved" => "The person was changed.",
        "role-changed" => "The roles were changed, and the person is signed out everywhere.",
        "agency-saved" => "The agency was saved.",
        "agency-closed" => "The agency is closed. You can open it again.",
        "agency-open" => "The agency is open again.",
        "membership-confirmed" => "The membership is confirmed.",
        "membership-added" => "The person is linked to the agency.",
        "membership-ended" => "The membership has ended.",
        "settings-saved" => "Settings saved.",
        "person-erased" => "The person’s record is erased for ever.",
        // courses and sessions
        "course-added" => "The course is added.",
        "course-saved" => "Your changes to the course are saved.",
        "course-retired" => "The course is retired. You can bring it back below.",
        "course-shown" => "Your changes are saved, and the course is now shown to everyone.",
        "session-added" => "The session is added as a draft. Publish it when it is complete.",
        "session-published" => "The session is published. People can find it now.",
        "session-saved" => "Your changes to the session are saved.",
        "places-reserved" => "The places are reserved.",
        "places-released" => "What was left of the reserved places is free for everybody.",
        "session-moved" => "Your changes are saved, and everybody with a place is told by e-mail.",
        "session-cancelled" => "The session is cancelled, and everybody is told by e-mail.",
        "session-archived" => "The session is archived.",
        "venue-added" => "The venue is added.",
        "venue-saved" => "Your changes to the venue are saved.",
        "venue-closed" => "The venue is closed. You can reopen it below.",
        "venue-reopened" => "The venue is open again.",
        "training-accepted" => "Thank you. You are down as a trainer for the session.",
        "training-declined" => "Thank you for your answer. The office asks somebody else.",
        "training-withdrawn" => "You have stepped back, and the office is told.",

        // bookings
        "cancelled-in-time" => "Your place is cancelled. Nothing is charged.",
        "cancelled-late" => "Your place is cancelled. A charge may follow.",
        "left-list" => "You have left the waiting list.",
        "request-withdrawn" => "Your request is taken back.",
        "offer-declined" => "You have declined the place.",
        "offer-waits-for-approval" => {
            "You have accepted the offer. It needs approval now, and the place is held for you."
        }
        "offer-accepted" => "The place is yours.",
        "colleague-named" => "Your colleague has the place now, and we have told them.",
        "moved" => "You have moved to this date.",
        "terms-accepted" => "You have accepted the cancellation rule.",
        "their-place-cancelled" => "The place is cancelled. Nothing is charged, and we have told them.",
        "their-place-cancelled-late" => "The place is cancelled. A charge may follow, and we have told them.",
        "their-booking-ended" => "Done. Nothing is charged, and we have told them.",
        "colleague-sent" => "The colleague has the place now, and we have told both.",
        "booked-for" => "Booked. We have told the person.",
        "waiter-skipped" => "They are at the end of the waiting list now, and we have told them why.",
        "wording-saved" => "The wording is saved. Mails from now on have it.",
        "wording-reset" => "The mail has its default wording again.",
        "mail-resent" => "The mail is sent again, with new personal links.",
        "mail-closed" => "The mail is closed. It no longer needs attention.",
        "address-stopped" => "We no longer write to this address. Its owner is asked at their next sign-in.",
        "address-works" => "We write to this address again.",
        "own-address-works" => "Thank you. We write to this address again.",
        "training-declared" => "The training is added. It is shown as declared until somebody has checked it.",
        "training-taken-back" => "The training is taken back.",
        "training-checked" => "Done. We have told them.",
        "bank-holiday-added" => "The bank holiday is added.",
        "bank-holidays-added" => "The year is added.",
        "bank-holiday-removed" => "The bank holiday is removed.",
        "request-approved" => "Approved. We have told the person.",
        "request-declined" => "Declined. We have told the person.",

        // attendance and charges
        "register-saved" => "The register is saved.",
        "register-submitted" => "The register is submitted. Thank you.",
        "register-locked" => "The register is locked.",
        "charge-notified" => "Learner and payer are told.",
        "charge-confirmed" => "The charge is confirmed.",
        "charge-waived" => "The charge is waived.",
        "charges-notified" => "Learners and payers are told.",
        "payer-found" => "The payer is found.",
        "payer-not-found" => "The payer is still not known. Confirm the person’s agency and its billing contact first.",
        "policy-added" => "The new version of the policy is added.",
        "suspension-added" => "Charging is suspended on these days.",
        "suspension-removed" => "The suspension is removed.",
        "walked-in" => "They are on the register, and present.",

        // surveys
        "answers-saved" => "Your answers are saved. You can come back with the same link.",

        // demo
        "demo-clock-moved" => "The clock has moved on.",
        "demo-clock-stayed" => "The clock stays where it is: there is no later session to go to.",
        _ => return None,
    };
    Some(sentence)
}

/// Where the demonstration's clock can be moved to: a word and its label.
pub fn demo_moves() -> Vec<(String, String)> {
    [
        ("session-start", "To the start of my next session"),
        ("session-end", "To the end of my next session"),
        ("day", "One day on"),
        ("day-21", "To day 21 after my last session"),
        ("day-90", "To day 90 after my last session"),
    ]
    .map(|(word, label)| (word.to_owned(), label.to_owned()))
    .to_vec()
}
