//! The board's own lines, in the office.

use super::first_run::BoardFields;
use crate::{
    bookings::store::periods_get,
    privacy::store::retention_get,
    settings::{rules::Board, store},
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use leptos::prelude::*;

/// GET /office/settings
pub async fn settings_page(visit: Visit) -> PageResult {
    let kept = retention_get(visit.db()).await?;
    let periods = periods_get(visit.db()).await?;
    let form = FormState::default()
        .with_value("version", store::settings_version_get(visit.db()).await?.to_string())
        .with_value("access_needs_days", kept.access_needs_days.to_string())
        .with_value("mails_days", kept.mails_days.to_string())
        .with_value("approval_days", periods.approval.to_string())
        .with_value("offer_days", periods.offer.to_string())
        .with_value("reminder_days", periods.reminder.to_string());
    settings_view(&visit, form, None).await
}

/// The page with the board's own lines; `theirs` is what somebody else has saved meanwhile.
pub async fn settings_view(visit: &Visit, form: FormState, theirs: Option<Board>) -> PageResult {
    let board = store::board_get(visit.db()).await?;
    let (kept, periods) = (retention_get(visit.db()).await?, periods_get(visit.db()).await?);
    let version = form.value("version").to_owned();
    Ok(visit.page(Page::new("Settings").back("/office", "Office").form(form), move || {
        let theirs = theirs.map(|theirs| {
            let rows = vec![
                SummaryRow::new("Name of the board", theirs.name),
                SummaryRow::new("Name of the service", theirs.service_name),
                SummaryRow::new("Contact email address", theirs.contact.unwrap_or_default()),
                SummaryRow::new("A request holds its place for", working_days(periods.approval)),
                SummaryRow::new("An offer stands for", working_days(periods.offer)),
                SummaryRow::new("Reminder before the cancel-by moment", working_days(periods.reminder)),
                SummaryRow::new("Access needs are erased after", format!("{} days", kept.access_needs_days)),
                SummaryRow::new("Texts of mails are erased after", format!("{} days", kept.mails_days)),
            ];
            view! { <OtherVersion rows/> }
        });
        view! {
            <Heading text="Settings"/>
            {theirs}
            <PostForm action="/office/settings" hidden=vec![("version".to_owned(), version)]>
                <BoardFields board/>
                <Fieldset legend="How long places are held">
                    <TextInput
                        label="A request that waits for approval holds its place for"
                        name="approval_days"
                        suffix="working days"
                        inputmode="numeric"
                        width=Width::Chars3
                        hint="What was already asked for keeps its printed moment, here and below"
                    />
                    <TextInput
                        label="An offer to the waiting list stands for"
                        name="offer_days"
                        suffix="working days"
                        inputmode="numeric"
                        width=Width::Chars3
                        hint="It never lasts into the last 24 hours before the session"
                    />
                    <TextInput
                        label="People are reminded of their cancel-by moment before it by"
                        name="reminder_days"
                        suffix="working days"
                        inputmode="numeric"
                        width=Width::Chars3
                    />
                </Fieldset>
                <Fieldset legend="How long data is kept">
                    <TextInput
                        label="What people need at a session is erased after"
                        name="access_needs_days"
                        suffix="days"
                        inputmode="numeric"
                        width=Width::Chars3
                        hint="Counted from the end of the session"
                    />
                    <TextInput
                        label="The text of a mail is erased after"
                        name="mails_days"
                        suffix="days"
                        inputmode="numeric"
                        width=Width::Chars3
                        hint="Counted from when it was sent"
                    />
                </Fieldset>
                <Button text="Save"/>
            </PostForm>
            <p class="govuk-body">
                "Amounts, notice and deadlines are in the "
                <a class="govuk-link" href="/office/policy">"charging policy"</a> "."
            </p>
        }
        .into_any()
    }))
}

fn working_days(days: u32) -> String {
    if days == 1 { "1 working day".to_owned() } else { format!("{days} working days") }
}
