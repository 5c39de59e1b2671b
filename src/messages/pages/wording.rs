//! The wording of mails: which there are, and changing one with a preview.

use crate::{
    audit::store::{Subject, audit_list},
    calendar::rules::short_moment_text,
    messages::{
        letter::Letter,
        store,
        wording::{Template, Values, WORDINGS, Wording, parse_template, wording_of},
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

/// GET /office/messages
pub async fn wording_list_page(visit: Visit) -> PageResult {
    let changed = store::wording_list(visit.db()).await?;
    let history = audit_list(Subject { kind: "mail_wording", id: 0 }, visit.db()).await?;
    Ok(visit.page(Page::new("Wording of mails").back("/office", "Office"), move || {
        let rows = WORDINGS
            .iter()
            .map(|wording| {
                let state = match changed.iter().find(|row| row.kind == wording.kind) {
                    Some(row) => {
                        let when = short_moment_text(row.changed_at);
                        view! { <Tag text="Changed" colour=Colour::Blue/>" "{when} }.into_any()
                    }
                    None => "Default".into_any(),
                };
                vec![Cell::link(format!("/office/messages/{}", wording.kind), wording.title), Cell::view(state)]
            })
            .collect();
        let history: Vec<_> = history
            .into_iter()
            .take(50)
            .map(|row| view! { <li>{format!("{}: {}", short_moment_text(row.at), row.sentence)}</li> })
            .collect();
        view! {
            <Heading text="Wording of mails"/>
            <p class="govuk-body">
                "These mails go out in your own words if you like. Mails that were written already stay as they are. "
                <a class="govuk-link" href="/office/mail">"Sent, waiting and undelivered mail"</a>
            </p>
            <Table
                caption="Mails"
                caption_hidden=true
                head=vec![Head::text("Mail"), Head::text("Wording")]
                rows
                stacked=true
            />
            {(!history.is_empty()).then(|| view! {
                <Details summary="What was changed"><ul class="govuk-list">{history}</ul></Details>
            })}
        }
        .into_any()
    }))
}

/// GET /office/messages/{kind}
pub async fn wording_page(visit: Visit, Path(kind): Path<String>) -> PageResult {
    let wording = wording_of(&kind).ok_or(PageError::NotFound)?;
    let template = store::wording_get(&kind, visit.db()).await?.unwrap_or_else(|| wording.template());
    let form = FormState::default().with_value("subject", template.subject).with_value("body", template.body);
    wording_page_with(&visit, wording, form).await
}

/// The form with its values and errors, and what a mail would look like.
pub async fn wording_page_with(visit: &Visit, wording: &'static Wording, form: FormState) -> PageResult {
    let is_changed = store::wording_get(wording.kind, visit.db()).await?.is_some();
    let preview = parse_template(wording, form.value("subject"), form.value("body")).ok();
    let page = Page::new(wording.title).back("/office/messages", "Wording of mails").form(form);
    Ok(visit.page(page, move || {
        let action = format!("/office/messages/{}", wording.kind);
        let names = |names: Vec<&str>| names.iter().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(", ");
        let words: Vec<&str> = ["name", "course", "day", "contact"].into_iter().chain(wording.words.iter().copied()).collect();
        view! {
            <Heading text=wording.title caption="Wording of mails"/>
            <PostForm action=action.clone()>
                <TextInput label="Subject" name="subject"/>
                <TextArea label="Text" name="body" rows=18 hint="An empty line starts a new paragraph."/>
                <Details summary="Placeholders">
                    <p class="govuk-body">{format!("For a few words: {}.", names(words))}</p>
                    <p class="govuk-body">{format!("On a line of their own, with an empty line before and after: {}.", names(wording.blocks.to_vec()))}</p>
                    <p class="govuk-body">{format!("The text must have: {}.", names(wording.required.to_vec()))}</p>
                </Details>
                <ButtonGroup>
                    <Button text="Save" name="do" value="save"/>
                    <Button text="Preview" kind=ButtonKind::Secondary name="do" value="preview"/>
                    {is_changed.then(|| view! {
                        <Button text="Back to the default" kind=ButtonKind::Secondary name="do" value="reset"/>
                    })}
                </ButtonGroup>
            </PostForm>
            {preview.map(|template| preview_view(&template))}
        }
        .into_any()
    }))
}

fn preview_view(template: &Template) -> AnyView {
    let values = sample();
    let subject = template.subject(&values);
    let text = template.letter(&values).text();
    let paragraphs: Vec<_> = text
        .trim()
        .split("\n\n")
        .map(|paragraph| {
            let lines: Vec<_> = paragraph.lines().map(|line| view! { {line.to_owned()}<br/> }).collect();
            view! { <p class="govuk-body">{lines}</p> }
        })
        .collect();
    view! {
        <Heading text="Preview" level=2 size=Size::M/>
        <p class="govuk-body"><strong>{subject}</strong></p>
        <InsetText>{paragraphs}</InsetText>
    }
    .into_any()
}

/// An invented booking.
fn sample() -> Values {
    let link = |text: &str| Letter::default().link(text, "https://training.example/…");
    let details = Letter::default().facts(vec![
        ("Course", "Neglect: noticing and acting".to_owned()),
        ("When", "Monday 17 March 2025, 10am to 12:30pm".to_owned()),
        ("Where", "Town Hall, AB1 2CD".to_owned()),
        ("Booking reference", "K7M2PQ4X".to_owned()),
    ]);
    Values::default()
        .words("name", "Amira Khan")
        .words("course", "Neglect: noticing and acting")
        .words("day", "Monday 17 March 2025")
        .words("contact", "Questions? Write to training@example.org.")
        .words("booked_by", "")
        .words("cancel_by", "11:59pm on Thursday 6 March 2025")
        .words("until", "11:59pm on Wednesday 5 March 2025")
        .words("charge_rule", "After that your employer is charged £50 if you do not come.")
        .words("position", "2")
        .words("reason", "The reason: the trainer is ill")
        .block("details", details)
        .block("questions", link("Before you come: five short questions about how confident you feel"))
        .block("how_to_join", link("Map"))
        .block("change_or_cancel", link("Change or cancel your booking, without signing in"))
        .block("link", link("Accept or decline the place, without signing in"))
        .block("other_dates", link("Choose another date"))
}
