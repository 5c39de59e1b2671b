//! The first page of an empty board.

use crate::{
    charges::rules::PolicyTerms,
    settings::rules::Board,
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::response::Response;
use leptos::prelude::*;

/// GET /first-run
pub async fn first_run_page(visit: Visit) -> PageResult {
    if visit.app.config.demo || visit.app.board.current().is_set_up() {
        return Err(PageError::NotFound);
    }
    Ok(first_run_view(&visit, FormState::default()))
}

/// The page that asks all that a board needs to begin.
pub fn first_run_view(visit: &Visit, form: FormState) -> Response {
    let terms = PolicyTerms::default();
    visit.page(Page::new("Set up this service").form(form), move || {
        let units = vec![
            Choice::new("working_days", "Working days").hint("without weekends and the bank holidays of England and Wales"),
            Choice::new("calendar_days", "Calendar days"),
        ];
        view! {
            <Heading text="Set up this service"/>
            <p class="govuk-body">"Everything here can be changed later in the office."</p>
            <PostForm action="/first-run">
                <TextInput
                    label="One-time code"
                    name="code"
                    hint="8 letters and digits that the program printed in its terminal when it started"
                    width=Width::Chars20
                />
                <Fieldset legend="The board">
                    <BoardFields board=Board::default()/>
                </Fieldset>
                <Fieldset legend="The first administrator">
                    <p class="govuk-body">"Somebody of the board’s business unit. They are signed in at once, and later by a code sent to this address."</p>
                    <TextInput label="Full name" name="name" autocomplete="name" width=Width::TwoThirds/>
                    <TextInput label="Email address" name="email" kind="email" autocomplete="email" width=Width::TwoThirds/>
                </Fieldset>
                <Fieldset legend="The charging policy">
                    <p class="govuk-body">
                        "What holds for people who do not come or cancel late. Filled in is what most published policies say. Put 0 as the charge if the board does not charge."
                    </p>
                    <TextInput
                        label="Charge for a place that was not used"
                        name="amount"
                        prefix="£"
                        inputmode="decimal"
                        width=Width::Chars5
                        value=(terms.amount_pence / 100).to_string()
                    />
                    <TextInput
                        label="Notice for cancelling free of charge"
                        name="notice_days"
                        suffix="clear days"
                        inputmode="numeric"
                        width=Width::Chars3
                        hint="Neither the day of cancelling nor the day of the session counts"
                        value=terms.notice_days.to_string()
                    />
                    <Radios legend="Notice is counted in" name="notice_unit" options=units chosen="working_days"/>
                    <TextInput
                        label="Nobody is let in any more after"
                        name="late_after_minutes"
                        suffix="minutes"
                        inputmode="numeric"
                        width=Width::Chars3
                        value=terms.late_after_minutes.to_string()
                    />
                    <TextInput
                        label="Time to explain what happened"
                        name="representation_days"
                        suffix="working days"
                        inputmode="numeric"
                        width=Width::Chars3
                        hint="After somebody was told of a charge"
                        value=terms.representation_days.to_string()
                    />
                    <TextInput
                        label="A charge lapses unless people are told of it within"
                        name="notify_within_days"
                        suffix="working days"
                        inputmode="numeric"
                        width=Width::Chars3
                        hint="Counted from the session"
                        value=terms.notify_within_days.to_string()
                    />
                </Fieldset>
                <Button text="Set up and sign in"/>
            </PostForm>
        }
        .into_any()
    })
}

/// The board's own lines as fields.
#[component]
pub fn BoardFields(
    /// What they are now.
    board: Board,
) -> impl IntoView {
    view! {
        <TextInput
            label="Name of the board"
            name="board_name"
            hint="For example, Exampleshire Safeguarding Children Board"
            value=board.name
        />
        <TextInput
            label="Name of the service"
            name="service_name"
            hint="It stands at the top of every page and in mails. For example, Exampleshire safeguarding training"
            value=board.service_name
        />
        <TextInput
            label="Contact email address"
            name="contact"
            kind="email"
            hint="Where people write when they need the training team. Everybody sees it"
            width=Width::TwoThirds
            value=board.contact.unwrap_or_default()
        />
    }
}
