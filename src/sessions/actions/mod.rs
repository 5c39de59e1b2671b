//! What the office and trainers do to sessions and venues.

mod office;
mod training;
mod venues;

pub use office::{add_session, archive_session, cancel_session, change_session, publish_session};
pub use training::answer_offer;
pub use venues::{add_venue, change_venue, close_venue, reopen_venue};

use crate::{sessions::rules::Problems, web::form::FormState};

fn with_problems<F: AsRef<str>>(form: FormState, problems: impl IntoIterator<Item = (F, String)>) -> FormState {
    problems.into_iter().fold(form, |form, (field, sentence)| form.with_error(field.as_ref(), sentence))
}

/// What a stale form is told. It keeps what was typed, and saving it again is allowed.
const STALE: &str = "Somebody else changed this after you opened it. What you typed is still here: saving again replaces their changes.";

type Parsed<T> = Result<T, Problems>;
