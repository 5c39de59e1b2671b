//! The wording of mails: which there are, and changing one with a preview.

use crate::{
    audit::store::{Subject, audit_list},
    calendar::rules::short_moment_text,
    entity::mail_wording,
    messages::{
        store,
        wording::{FIXED, GROUPS, Group, Placeholder, Template, Wording, parse_template, wording_of},
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
        let groups: Vec<_> = GROUPS.iter().map(|group| group_view(group, &changed)).collect();
        let fixed: Vec<_> = FIXED.iter().map(|fixed| view! { <li>{fixed.title} ". " {fixed.why}</li> }).collect();
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
            {groups}
            <Heading text="Always the same" level=2 size=Size::M/>
            <ul class="govuk-list govuk-list--bullet">{fixed}</ul>
            {(!history.is_empty()).then(|| view! {
                <Details summary="What was changed"><ul class="govuk-list">{history}</ul></Details>
            })}
        }
        .into_any()
    }))
}

fn group_view(group: &'static Group, changed: &[mail_wording::Model]) -> AnyView {
    let rows = group
        .wordings
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
    let head = vec![Head::text("Mail"), Head::text("Wording")];
    view! {
        <Heading text=group.title level=2 size=Size::M/>
        <Table caption=group.title caption_hidden=true head rows stacked=true/>
    }
    .into_any()
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
        let placeholders = |is_block: bool| {
            let known = wording.placeholders.iter().filter(|placeholder| placeholder.is_block() == is_block);
            braced(known.map(|placeholder: &Placeholder| placeholder.name))
        };
        let (words, blocks) = (placeholders(false), placeholders(true));
        let words = (!words.is_empty()).then(|| format!("For a few words: {words}."));
        let blocks = (!blocks.is_empty())
            .then(|| format!("On a line of their own, with an empty line before and after: {blocks}."));
        view! {
            <Heading text=wording.title caption="Wording of mails"/>
            <PostForm action=action.clone()>
                <TextInput label="Subject" name="subject"/>
                <TextArea label="Text" name="body" rows=18 hint="An empty line starts a new paragraph."/>
                <Details summary="Placeholders">
                    {words.map(|words| view! { <p class="govuk-body">{words}</p> })}
                    {blocks.map(|blocks| view! { <p class="govuk-body">{blocks}</p> })}
                    <p class="govuk-body">{format!("The text must have: {}.", braced(wording.required.iter().copied()))}</p>
                </Details>
                <ButtonGroup>
                    <Button text="Save" name="do" value="save"/>
                    <Button text="Preview" kind=ButtonKind::Secondary name="do" value="preview"/>
                    {is_changed.then(|| view! {
                        <Button text="Back to the default" kind=ButtonKind::Secondary name="do" value="reset"/>
                    })}
                </ButtonGroup>
            </PostForm>
            {preview.map(|template| preview_view(wording, &template))}
        }
        .into_any()
    }))
}

fn braced(names: impl Iterator<Item = &'static str>) -> String {
    names.map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(", ")
}

fn preview_view(wording: &Wording, template: &Template) -> AnyView {
    let values = wording.examples();
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
