//! The mail queue: what was given up, what waits, what was sent. Personal links are masked: they are not the office's.

use crate::messages::{
    bookings::mask_links,
    store::{self, CODE_KINDS, MAILS_PER_PAGE, MailState, NOBODY},
};
use crate::{
    accounts::store::address_by_text,
    calendar::rules::{moment_text, short_moment_text},
    entity::outbox,
    web::{
        components::*,
        error::{PageError, PageResult},
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;
use sea_orm::{ConnectionTrait, DbErr};

const STATES: [(MailState, &str, &str); 5] = [
    (MailState::Failed, "failed", "Not delivered"),
    (MailState::Waiting, "waiting", "Waiting"),
    (MailState::Sent, "sent", "Sent"),
    (MailState::CameBack, "came-back", "Came back"),
    (MailState::Closed, "closed", "Closed"),
];

/// GET /office/mail, with ?state=
pub async fn mail_queue_page(visit: Visit) -> PageResult {
    let word = visit.parameter("state");
    let (state, word, _) = STATES.into_iter().find(|(_, known, _)| *known == word).unwrap_or(STATES[0]);
    let number = visit.page_number();
    let (mails, total) = store::outbox_list(state, number, visit.db()).await?;
    let failed = store::outbox_count_failed(visit.db()).await?;
    Ok(visit.page(Page::new("Mail").back("/office", "Office").wide(), move || {
        let tabs = STATES
            .iter()
            .map(|(each, known, text)| {
                let text = match each {
                    MailState::Failed if failed > 0 => format!("{text} ({failed})"),
                    _ => (*text).to_owned(),
                };
                NavItem::new(format!("/office/mail?state={known}"), text, *each == state)
            })
            .collect();
        let href = format!("/office/mail?state={word}");
        view! {
            <Heading text="Mail"/>
            <TabsNav label="States" items=tabs/>
            {table(mails, state)}
            <Pagination href=href page=number pages=total.div_ceil(MAILS_PER_PAGE)/>
        }
        .into_any()
    }))
}

fn table(mails: Vec<outbox::Model>, state: MailState) -> AnyView {
    if mails.is_empty() {
        let (heading, text) = match state {
            MailState::Failed => (
                "Every mail was delivered",
                "A mail that cannot be delivered appears here, and under “Needs attention”.",
            ),
            MailState::Waiting => (
                "Nothing waits",
                "Mail is sent within seconds; what a mail server refuses for a while is tried again by itself.",
            ),
            MailState::Sent => ("Nothing was sent yet", "Mail that was sent is listed here."),
            MailState::Closed => (
                "Nothing was closed",
                "Mail that could not be delivered is listed here once somebody has seen it and closed it.",
            ),
            MailState::CameBack => (
                "No mail came back",
                "Mail that was taken by a mail server and could not be delivered afterwards is listed here, if the reports about it are read.",
            ),
        };
        return view! { <EmptyState heading=heading><p class="govuk-body">{text}</p></EmptyState> }.into_any();
    }
    let rows = mails
        .into_iter()
        .map(|mail| {
            let came_back = mail.came_back_at.filter(|_| state == MailState::CameBack);
            let closed = mail.closed_at.filter(|_| state == MailState::Closed);
            let when = came_back.or(closed).or(mail.sent_at).or(mail.failed_at).unwrap_or(mail.due_at);
            vec![
                Cell::link(format!("/office/mail/{}", mail.id), mail.subject),
                Cell::text(to_text(&mail.to_address)),
                Cell::text(short_moment_text(when)),
                Cell::number(mail.attempts),
                Cell::text(mail.last_error.unwrap_or_default()),
            ]
        })
        .collect();
    let when = match state {
        MailState::Failed => "Given up",
        MailState::Waiting => "Next try",
        MailState::Sent => "Sent",
        MailState::CameBack => "Came back",
        MailState::Closed => "Closed",
    };
    let head = vec![
        Head::text("Subject"),
        Head::text("To"),
        Head::text(when),
        Head::number("Tries"),
        Head::text("What went wrong"),
    ];
    view! { <Table caption="Mails" caption_hidden=true head rows stacked=true/> }.into_any()
}

/// GET /office/mail/{id}
pub async fn mail_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let mail = store::outbox_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let is_stopped = address_by_text(&mail.to_address, visit.db()).await?.is_some_and(|row| row.bounced_at.is_some());
    let untrue = untrue_text(&visit, &mail, visit.db()).await?;
    let page = Page::new(mail.subject.clone()).back("/office/mail", "Mail");
    Ok(visit.page(page, move || {
        let is_code = CODE_KINDS.contains(&mail.kind.as_str());
        let came_back =
            mail.came_back_at.map(|at| format!("; it came back at {}", moment_text(at))).unwrap_or_default();
        let state = match (mail.sent_at, mail.failed_at, mail.resent_at) {
            (_, _, Some(at)) => format!("Not delivered; sent again at {}", moment_text(at)),
            (Some(at), _, _) => format!("Sent at {}{came_back}", moment_text(at)),
            (_, Some(at), _) => {
                let closed = mail.closed_at.map(|at| format!("; closed at {}", moment_text(at))).unwrap_or_default();
                format!("Given up at {}{closed}", moment_text(at))
            }
            _ => format!("Waiting; the next try is at {}", moment_text(mail.due_at)),
        };
        let mut rows = vec![
            SummaryRow::new("To", to_text(&mail.to_address)),
            SummaryRow::new("State", state),
            SummaryRow::new("Tries", mail.attempts.to_string()),
        ];
        rows.extend(mail.last_error.clone().map(|error| SummaryRow::new("What went wrong", error)));
        let text = match &mail.body {
            _ if is_code => "The text holds a code for signing in, which is not shown to anybody else.".to_owned(),
            None => "The text held a personal link, so it was forgotten once it was not needed any more.".to_owned(),
            Some(body) => mask_links(body),
        };
        let lines: Vec<_> = text.lines().map(|line| view! { {line.to_owned()}<br/> }).collect();
        view! {
            <Heading text=mail.subject.clone()/>
            <SummaryList rows/>
            {actions(&mail, untrue, is_stopped)}
            <Heading text="The text" level=2 size=Size::M/>
            <p class="govuk-body">{lines}</p>
        }
        .into_any()
    }))
}

/// Where a mail goes.
fn to_text(address: &str) -> String {
    if address == NOBODY { "No address that works".to_owned() } else { address.to_owned() }
}

/// Why a mail is not sent again whose offer is over, or whose place was given up since; None where it is still true.
pub async fn untrue_text(
    visit: &Visit,
    mail: &outbox::Model,
    db: &impl ConnectionTrait,
) -> Result<Option<String>, DbErr> {
    let secrets = &visit.app.secrets;
    if let Some(now) = store::outbox_offer_over(mail, secrets, visit.now, db).await? {
        let offered = "The place that this mail offers is not theirs to take any more.";
        return Ok(Some(format!("{offered} Their booking is now: {}.", now.text())));
    }
    let gone = store::outbox_place_gone(mail, secrets, db).await?;
    Ok(gone.map(|now| format!("They no longer have the place that this mail is about: {}.", now.text())))
}

fn actions(mail: &outbox::Model, untrue: Option<String>, is_stopped: bool) -> AnyView {
    let base = format!("/office/mail/{}", mail.id);
    let needs_somebody = mail.failed_at.is_some() && mail.resent_at.is_none();
    // What is closed can still be sent again, so closing by mistake loses nothing.
    let close = (needs_somebody && mail.closed_at.is_none()).then(|| {
        view! { <PostButton action=format!("{base}/close") text="Close: nothing is left to do" kind=ButtonKind::Secondary/> }
    });
    if is_stopped {
        return view! {
            <InsetText>"Mail to this address comes back, so we have stopped writing to it. Its owner is asked at their next sign-in."</InsetText>
            <ButtonGroup>
                <PostButton action=format!("{base}/works") text="This address works again" kind=ButtonKind::Secondary/>
                {close}
            </ButtonGroup>
        }
        .into_any();
    }
    if !needs_somebody {
        return ().into_any();
    }
    let is_code = CODE_KINDS.contains(&mail.kind.as_str());
    let resend = (!is_code && untrue.is_none() && mail.body.is_some()).then(|| {
        view! { <PostButton action=format!("{base}/resend") text="Send it again"/> }
    });
    let why = match untrue {
        Some(sentence) => Some(format!("{sentence} So it is not sent again.")),
        None if is_code => Some("A code is not sent again: whoever wants to sign in asks for a new one.".to_owned()),
        None => None,
    };
    let why = why.map(|sentence| view! { <p class="govuk-body">{sentence}</p> });
    let stop = (mail.to_address != NOBODY).then(|| {
        view! { <PostButton action=format!("{base}/stop") text="Stop writing to this address" kind=ButtonKind::Secondary/> }
    });
    view! {
        {why}
        <ButtonGroup>
            {resend}
            {close}
            {stop}
        </ButtonGroup>
    }
    .into_any()
}
