//! The pages of the demonstration: whom to be, and which mail was sent.

use super::{
    rules::{
        cast::{PARTS, Part, cast_person},
        clock::prepared,
    },
    store,
};
use crate::{
    accounts::store::addresses_of,
    calendar::rules::{moment_text, short_moment_text, span_text},
    entity::demo_mail,
    web::{
        components::*,
        error::{PageError, PageResult},
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// Mails on one page of the mailbox.
const PER_PAGE: u64 = 50;

/// GET /demo/people
pub async fn people(visit: Visit) -> PageResult {
    let own_name = visit.viewer.person().map(|person| person.name.clone());
    let times = span_text(prepared().starts, prepared().ends);
    Ok(visit.page(Page::new("Be someone else"), move || {
        view! {
            <Heading text="Be someone else"/>
            <p class="govuk-body-l">
                "Every person here is invented. Step into them one after the other and you have seen the whole service in ten minutes."
            </p>
            <Details summary="What is prepared for you">
                <p class="govuk-body">
                    {format!("“Listening to children: a first course” is a new course. Its first session is on {times}, online, with free places. ")}
                    "Four people who booked have answered the questions before it and will answer those after it. You are the fifth, "
                    "and five people are the fewest whose answers are ever shown. Daniel Webb, the nurse's colleague, has a place and will not come: "
                    "leave him as absent in the register and his agency is proposed a charge."
                </p>
                <p class="govuk-body">
                    "The bar at the top of each page moves the clock: to the start of the session, to its end, to the next day, and to the days when surveys close. "
                    "Mail is not sent to anybody. You find it under "<a class="govuk-link" href="/demo/mailbox">"Mail sent"</a>"."
                </p>
            </Details>
            {own_name.map(|name| view! { <InsetText>{format!("You are {name}.")}</InsetText> })}
            <CardList>{PARTS.iter().enumerate().map(part_card).collect::<Vec<_>>()}</CardList>
        }
        .into_any()
    }))
}

fn part_card((index, part): (usize, &'static Part)) -> AnyView {
    let name = cast_person(part.person).map_or("", |person| person.name);
    view! {
        <Card title=format!("{}. {name}", index + 1) facts=vec![part.title.to_owned()]>
            <p class="govuk-body">{part.invitation}</p>
            <PostButton
                action="/demo/people"
                text="Be this person"
                about=name
                hidden=vec![("part".to_owned(), part.word.to_owned())]
            />
        </Card>
    }
    .into_any()
}

/// GET /demo/mailbox
pub async fn mailbox(visit: Visit) -> PageResult {
    let everybody = visit.viewer.person().is_none() || visit.parameter("for") == "everybody";
    let own = match visit.viewer.person() {
        Some(person) if !everybody => {
            let addresses = addresses_of(person.id, visit.db()).await?;
            Some(addresses.into_iter().map(|row| row.address).collect::<Vec<_>>())
        }
        _ => None,
    };
    let page = visit.page_number();
    let (mails, count) = store::demo_mail_list(own.as_deref(), page, PER_PAGE, visit.db()).await?;
    let pages = count.div_ceil(PER_PAGE).max(1);
    let name = visit.viewer.person().map(|person| person.name.clone());
    let href = if everybody && name.is_some() { "/demo/mailbox?for=everybody" } else { "/demo/mailbox" };
    Ok(visit.page(Page::new("Mail sent"), move || {
        view! {
            <Heading text="Mail sent"/>
            <p class="govuk-body">
                "In the demonstration no mail leaves this machine. Here is what would have been sent, the newest first."
            </p>
            {name.map(|name| whose_view(name, everybody))}
            {if mails.is_empty() { empty_view() } else { list_view(mails) }}
            <Pagination href=href page=page pages=pages/>
        }
        .into_any()
    }))
}

fn whose_view(name: String, everybody: bool) -> AnyView {
    let items = vec![
        NavItem { href: "/demo/mailbox".into(), text: format!("Mail for {name}"), current: !everybody },
        NavItem { href: "/demo/mailbox?for=everybody".into(), text: "Mail for everybody".into(), current: everybody },
    ];
    view! { <TabsNav label="Whose mail" items=items/> }.into_any()
}

fn empty_view() -> AnyView {
    view! {
        <EmptyState heading="No mail yet">
            <p class="govuk-body">
                "Book a place, or "<a class="govuk-link" href="/demo/people">"be someone else"</a>", and what is sent appears here within seconds."
            </p>
        </EmptyState>
    }
    .into_any()
}

fn list_view(mails: Vec<demo_mail::Model>) -> AnyView {
    let head = vec![Head::text("Subject"), Head::text("To"), Head::text("Sent")];
    let rows = mails
        .into_iter()
        .map(|mail| {
            vec![
                Cell::link(format!("/demo/mailbox/{}", mail.id), mail.subject),
                Cell::text(mail.to_address),
                Cell::text(short_moment_text(mail.sent_at)),
            ]
        })
        .collect::<Vec<_>>();
    view! { <Table caption="Mail" caption_hidden=true head=head rows=rows stacked=true/> }.into_any()
}

/// GET /demo/mailbox/{id}
pub async fn mail(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let mail = store::demo_mail_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let page = Page::new(mail.subject.clone()).back("/demo/mailbox", "All mail");
    Ok(visit.page(page, move || {
        let rows = vec![
            SummaryRow::new("To", mail.to_address.clone()),
            SummaryRow::new("Sent", moment_text(mail.sent_at)),
        ];
        let has_calendar = mail.calendar.is_some();
        view! {
            <Heading text=mail.subject.clone() caption="Mail"/>
            <SummaryList rows=rows/>
            {paragraphs(&mail.body)}
            {has_calendar.then(|| view! {
                <InsetText>"With this mail came a calendar entry, training.ics, which mail programs offer to add to the calendar."</InsetText>
            })}
        }
        .into_any()
    }))
}

/// The plain text of a mail as paragraphs, its addresses as links.
fn paragraphs(body: &str) -> Vec<AnyView> {
    let normal = body.replace("\r\n", "\n");
    let blocks = normal.split("\n\n").filter(|block| !block.trim().is_empty());
    blocks
        .map(|block| {
            let lines: Vec<_> = block
                .lines()
                .enumerate()
                .map(|(index, line)| {
                    let line_break = (index > 0).then(|| view! { <br/> });
                    view! { {line_break}{linked(line)} }.into_any()
                })
                .collect();
            view! { <p class="govuk-body">{lines}</p> }.into_any()
        })
        .collect()
}

fn linked(line: &str) -> Vec<AnyView> {
    line.split_inclusive(' ')
        .map(|word| {
            let address = word.trim_end();
            if !(address.starts_with("http://") || address.starts_with("https://")) {
                return word.to_owned().into_any();
            }
            let address = address.trim_end_matches(['.', ',', ')']).to_owned();
            let rest = word[address.len()..].to_owned();
            view! { <a class="govuk-link lg-break" href=address.clone()>{address.clone()}</a>{rest} }.into_any()
        })
        .collect()
}
