//! The component kit: GOV.UK patterns as Leptos components, rendered on the
//! server. `use crate::web::components::*` brings all of them.
//!
//! Texts that may be missing are `String` props; an empty one means "none".
//! Field components take their value and their error from the page's
//! [`FormState`](crate::web::form::FormState) by name.

mod buttons;
mod cards;
mod choices;
mod dates;
mod feedback;
mod field;
mod fields;
mod headings;
mod money;
mod navigation;
mod panels;
mod summary;
mod tables;

pub use buttons::*;
pub use cards::*;
pub use choices::*;
pub use dates::*;
pub use feedback::*;
pub use fields::*;
pub use headings::*;
pub use money::*;
pub use navigation::*;
pub use panels::*;
pub use summary::*;
pub use tables::*;

/// A text as an optional attribute or child: nothing when it is empty.
fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A class list: the first class always, the others when their condition holds.
pub(super) fn classes(always: &str, sometimes: &[(&str, bool)]) -> String {
    let mut list = always.to_owned();
    for (class, wanted) in sometimes {
        if *wanted {
            list.push(' ');
            list.push_str(class);
        }
    }
    list
}

/// A text as an id: lower-case letters, digits and single hyphens.
pub(crate) fn slug(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            id.push(letter.to_ascii_lowercase());
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_matches('-').to_owned()
}
