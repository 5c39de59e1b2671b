//! The office's pages of sessions and venues.

mod cancel;
mod form;
mod list;
mod session;
mod venues;

pub use cancel::{cancel_page, cancel_page_again};
pub use form::{change_session_page, changed_session_again, new_session_again, new_session_page};
pub use list::session_list_page;
pub use session::{office_session_again, office_session_page};
pub use venues::{
    change_venue_page, changed_venue_again, close_venue_page, new_venue_again, new_venue_page, venue_list_page,
};

use crate::{sessions::rules::SessionState, web::components::Colour};

/// A session's state in a word.
pub(crate) fn state_tag(state: SessionState) -> (&'static str, Colour) {
    match state {
        SessionState::Draft => ("Draft", Colour::Grey),
        SessionState::Published => ("Published", Colour::Green),
        SessionState::Closed => ("Booking closed", Colour::Yellow),
        SessionState::Delivered => ("Delivered", Colour::Blue),
        SessionState::Cancelled => ("Cancelled", Colour::Red),
        SessionState::Archived => ("Archived", Colour::Grey),
    }
}
