//! What happened to a booking, for the office.

use crate::{audit::store::TrailLine, calendar::rules::short_moment_text, web::components::*};
use leptos::prelude::*;

/// Every move, the newest first. A booking that came from an earlier system has none.
pub(super) fn trail_view(trail: &[TrailLine]) -> AnyView {
    let lines: Vec<_> = trail
        .iter()
        .map(|line| view! { <li>{format!("{}: {} ({})", short_moment_text(line.at), line.what, line.who)}</li> })
        .collect();
    let list = if lines.is_empty() {
        view! { <p class="govuk-body">"Nothing is written down: the booking came from an earlier system."</p> }
            .into_any()
    } else {
        view! { <ul class="govuk-list govuk-list--spaced">{lines}</ul> }.into_any()
    };
    view! {
        <Heading text="What happened" level=2 size=Size::M/>
        {list}
    }
    .into_any()
}
