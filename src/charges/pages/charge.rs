//! GET /office/charges/{reference}: one charge with its verdict and its history, and the question before each move.

use super::state_tag;
use crate::{
    calendar::rules::{day_text, london_day, moment_text, short_day_text, short_moment_text},
    charges::{
        rules::{ChargeState, PayerKind, Verdict, WAIVER_REASONS, pounds_text, trigger_text, waiver_text},
        store::{ChargeDetails, charge_details},
    },
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// GET /office/charges/{reference}
pub async fn charge_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    let details = charge_details(&reference, visit.db()).await?.ok_or(PageError::NotFound)?;
    let page = Page::new(format!("Charge {}", details.charge.reference)).back("/office/charges", "Charges");
    Ok(visit.page(page, move || charge_view(details)))
}

fn charge_view(details: ChargeDetails) -> AnyView {
    let charge = &details.charge;
    let reference = charge.reference.clone();
    let address = |word: &str| format!("/office/charges/{reference}/{word}");
    let undecided = charge.payer_kind == PayerKind::Undecided;
    let payer = if undecided { format!("To be decided: {}", charge.payer_name) } else { charge.payer_name.clone() };
    let mut facts = vec![
        SummaryRow::view("State", state_tag(charge.state)),
        linked("Person", format!("/office/people/{}", details.person), details.person_name.clone()),
        linked(
            "Course",
            format!("/office/sessions/{}", details.session),
            format!("{}, {}", details.course_title, day_text(london_day(details.starts_at))),
        ),
        linked("Booking", format!("/bookings/{}", details.booking_reference), details.booking_reference.clone()),
        SummaryRow::new("For", trigger_text(charge.trigger)),
        SummaryRow::new("Amount", pounds_text(charge.amount_pence)),
        SummaryRow::new("Payer", payer),
    ];
    if let Some(place) = charge.payer_address.clone() {
        facts.push(SummaryRow::new("Bill goes to", place));
    }
    if charge.state == ChargeState::Proposed {
        facts.push(SummaryRow::new("Notify by", moment_text(charge.lapses_at)));
    }
    if let Some(reason) = charge.waiver_reason {
        facts.push(SummaryRow::new("Why it was waived", waiver_text(reason)));
        if let Some(text) = charge.waiver_note.clone() {
            facts.push(SummaryRow::new("Note", text));
        }
    }
    let mut buttons: Vec<AnyView> = Vec::new();
    match charge.state {
        ChargeState::Proposed if undecided => {
            buttons.push(view! { <ButtonLink href=address("payer") text="Find the payer"/> }.into_any());
        }
        ChargeState::Proposed => {
            buttons.push(view! { <ButtonLink href=address("notify") text="Tell learner and payer"/> }.into_any());
        }
        ChargeState::Notified => {
            buttons.push(view! { <ButtonLink href=address("confirm") text="Confirm the charge"/> }.into_any());
        }
        _ => {}
    }
    if matches!(charge.state, ChargeState::Proposed | ChargeState::Notified | ChargeState::Confirmed) {
        buttons.push(
            view! { <ButtonLink href=address("waive") text="Waive the charge" kind=ButtonKind::Secondary/> }.into_any(),
        );
    }
    let policy = details.policy.map(|version| short_day_text(version.effective_from));
    let sentence = charge.sentence.clone();
    let caption = format!("Charge {}", charge.reference);
    let trail: Vec<Vec<Cell>> = details
        .trail
        .into_iter()
        .map(|line| vec![Cell::text(short_moment_text(line.at)), Cell::text(line.what), Cell::text(line.who)])
        .collect();
    view! {
        <Heading text=details.person_name.clone() caption/>
        <InsetText>{sentence}</InsetText>
        <SummaryList rows=facts/>
        <ButtonGroup>{buttons}</ButtonGroup>
        <Heading text="Why this charge was proposed" level=2 size=Size::M/>
        {match details.verdict {
            Some(verdict) => verdict_view(verdict, policy).into_any(),
            None => view! { <p class="govuk-body">"It came from an earlier system, without its reasons."</p> }.into_any(),
        }}
        <Heading text="What happened" level=2 size=Size::M/>
        <Table
            caption="History of this charge"
            caption_hidden=true
            head=vec![Head::text("When"), Head::text("What"), Head::text("Who")]
            rows=trail
            stacked=true
        />
    }
    .into_any()
}

fn linked(name: &'static str, href: String, text: String) -> SummaryRow {
    SummaryRow::view(name, view! { <a class="govuk-link" href=href>{text}</a> })
}

fn verdict_view(verdict: Verdict, policy: Option<String>) -> impl IntoView {
    let mut facts = vec![SummaryRow::new("Rule", verdict.rule)];
    if let Some(from) = policy {
        facts.push(SummaryRow::new("Policy", format!("The version from {from}, accepted at booking")));
    }
    facts.push(SummaryRow::new("Notice", verdict.notice_required));
    facts.push(SummaryRow::new("Could be given back free until", moment_text(verdict.deadline)));
    if let Some(at) = verdict.cancelled_at {
        let hours = verdict.notice_given_hours.unwrap_or(0);
        facts.push(SummaryRow::new("Given back", format!("{}, {hours} hours before the start", moment_text(at))));
    }
    let holidays: Vec<String> = verdict.bank_holidays.into_iter().map(day_text).collect();
    if !holidays.is_empty() {
        facts.push(SummaryRow::new("Bank holidays counted", holidays.join("; ")));
    }
    if let Some(year) = verdict.year_unknown {
        facts.push(SummaryRow::new(
            "Not known",
            format!("The bank holidays of {year}, so the time to notify counts weekdays only"),
        ));
    }
    facts.push(SummaryRow::new("Amount", pounds_text(verdict.amount_pence)));
    facts.push(SummaryRow::new("Payer", verdict.payer_rule));
    view! { <SummaryList rows=facts/> }
}

/// GET /office/charges/{reference}/{word}: asks before a charge is moved.
pub async fn move_page(visit: Visit, Path((reference, word)): Path<(String, String)>) -> PageResult {
    show_move(visit, &reference, &word, FormState::default()).await
}

/// The question with what was typed and what is wrong with it.
pub async fn show_move(visit: Visit, reference: &str, word: &str, form: FormState) -> PageResult {
    let details = charge_details(reference, visit.db()).await?.ok_or(PageError::NotFound)?;
    let (title, button) = match word {
        "notify" => ("Tell learner and payer of this charge?", "Tell them"),
        "confirm" => ("Confirm this charge?", "Confirm the charge"),
        "waive" => ("Waive this charge?", "Waive the charge"),
        "payer" => ("Find the payer", "Look again"),
        _ => return Err(PageError::NotFound),
    };
    let address = format!("/office/charges/{}", details.charge.reference);
    let action = format!("{address}/{word}");
    let caption = format!("Charge {}, {}", details.charge.reference, details.person_name);
    let hidden = vec![("version".to_owned(), details.charge.version.to_string())];
    let body = move_text(word, &details);
    let is_waiver = word == "waive";
    let page = Page::new(title).back(address.clone(), "The charge").form(form);
    Ok(visit.page(page, move || {
        let reasons = WAIVER_REASONS.iter().map(|(_, word, text)| Choice::new(*word, *text)).collect();
        view! {
            <Heading text=title caption/>
            <p class="govuk-body">{body}</p>
            <PostForm action hidden>
                {is_waiver.then(|| view! {
                    <Radios legend="Why is the charge let go?" name="reason" options=reasons/>
                    <TextArea label="Note for the office (optional)" name="note" hint="Do not write details of anybody’s health." rows=3/>
                })}
                <ButtonGroup>
                    <Button text=button/>
                    <a class="govuk-link" href=address>"Back without changing anything"</a>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}

fn move_text(word: &str, details: &ChargeDetails) -> String {
    let charge = &details.charge;
    let amount = pounds_text(charge.amount_pence);
    match word {
        "notify" => format!(
            "{} and {} get an email with the reason and with how to answer it. The register is locked, so that only the office can correct it.",
            details.person_name, charge.payer_name
        ),
        "confirm" => format!("{} will be asked to pay {amount}. Both are told by email.", charge.payer_name),
        "waive" => "Nobody pays. The payer and the learner read that the charge was waived, never why.".to_owned(),
        _ => "Confirm the person’s agency and its billing contact first, then look again. If nobody should pay, waive the charge.".to_owned(),
    }
}
