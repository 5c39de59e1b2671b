//! A trainer's own sessions.

use crate::{
    calendar::rules::{london_day, london_time, span_text},
    server::database::rows_before,
    sessions::{
        rules::{SessionStatus, SessionSummary, TrainerState},
        store,
    },
    web::{components::*, error::PageResult, page::Page, visit::Visit},
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// Past sessions on one page.
const PAST_PER_PAGE: u64 = 50;

/// GET /training
pub async fn training_page(visit: Visit) -> PageResult {
    let person = visit.person()?.id;
    let all = store::session_list_of_trainer(person, visit.now, visit.db()).await?;
    let (now, page) = (visit.now, visit.page_number());
    Ok(visit.page(Page::new("My sessions as a trainer"), move || body(all, page, now)))
}

fn body(all: Vec<(SessionSummary, TrainerState)>, page: u64, now: DateTime<Utc>) -> AnyView {
    if all.is_empty() {
        return view! {
            <Heading text="My sessions as a trainer"/>
            <EmptyState heading="No sessions yet">
                <p class="govuk-body">"When the office asks you to train a session, you get an e-mail and answer here."</p>
            </EmptyState>
        }
        .into_any();
    }
    let (past, mut to_come): (Vec<_>, Vec<_>) = all.into_iter().partition(|(session, _)| session.ends_at <= now);
    to_come.reverse();
    let (offered, accepted): (Vec<_>, Vec<_>) =
        to_come.into_iter().partition(|(session, state)| is_open_question(session, *state));
    let past: Vec<_> = past.into_iter().filter(|(_, state)| *state == TrainerState::Accepted).collect();
    let total = past.len() as u64;
    let before = rows_before(page, total, PAST_PER_PAGE);
    let past: Vec<_> = past.into_iter().skip(before as usize).take(PAST_PER_PAGE as usize).collect();
    let has_offered = !offered.is_empty();
    let has_past = !past.is_empty();
    let offered: Vec<_> = offered.into_iter().map(|(session, _)| offered_card(session)).collect();
    let none_accepted = accepted.is_empty();
    let accepted: Vec<_> = accepted.into_iter().map(|(session, _)| accepted_card(session)).collect();
    let past: Vec<_> = past
        .into_iter()
        .map(|(session, _)| {
            let day = london_day(session.starts_at).format("%-d %B %Y").to_string();
            let href = format!("/training/sessions/{}", session.id);
            view! { <li><a class="govuk-link" href=href>{session.course_title}</a>", "{day}</li> }
        })
        .collect();
    view! {
        <Heading text="My sessions as a trainer"/>
        {has_offered.then(|| view! {
            <Heading text="Can you train these?" level=2 size=Size::M/>
            <CardList>{offered}</CardList>
        })}
        <Heading text="To come" level=2 size=Size::M/>
        {if none_accepted {
            view! { <p class="govuk-body">"You have not agreed to train any session that is still to come."</p> }.into_any()
        } else {
            view! { <CardList>{accepted}</CardList> }.into_any()
        }}
        {has_past.then(|| view! {
            <Heading text="Past" level=2 size=Size::M/>
            <ul class="govuk-list">{past}</ul>
            <Pagination href="/training" page pages=total.div_ceil(PAST_PER_PAGE)/>
        })}
    }
    .into_any()
}

fn is_open_question(session: &SessionSummary, state: TrainerState) -> bool {
    state == TrainerState::Offered && session.status != SessionStatus::Cancelled
}

fn leaf(session: &SessionSummary) -> DayLeaf {
    let start = london_time(session.starts_at);
    DayLeaf::new(start.format("%a").to_string(), start.format("%-d"), start.format("%b %Y").to_string())
}

fn facts(session: &SessionSummary) -> Vec<String> {
    vec![span_text(session.starts_at, session.ends_at), session.place_text()]
}

fn about(session: &SessionSummary) -> String {
    format!("{}, {}", session.course_title, london_day(session.starts_at).format("%-d %B %Y"))
}

fn answer(word: &str) -> Vec<(String, String)> {
    vec![("answer".to_owned(), word.to_owned())]
}

fn offered_card(session: SessionSummary) -> impl IntoView {
    let action = format!("/training/sessions/{}/answer", session.id);
    let about = about(&session);
    view! {
        <Card title=session.course_title.clone() level=3 day=Some(leaf(&session)) facts=facts(&session)>
            <ButtonGroup>
                <PostButton action=action.clone() text="Yes, I can" hidden=answer("accept") about=about.clone()/>
                <PostButton action=action text="No, I cannot" kind=ButtonKind::Secondary hidden=answer("decline") about=about/>
            </ButtonGroup>
        </Card>
    }
}

fn accepted_card(session: SessionSummary) -> impl IntoView {
    let href = format!("/training/sessions/{}", session.id);
    let action = format!("/training/sessions/{}/answer", session.id);
    let is_cancelled = session.status == SessionStatus::Cancelled;
    let tags = match session.status {
        SessionStatus::Cancelled => vec![("Cancelled".to_owned(), Colour::Red)],
        SessionStatus::Draft => vec![("Not published yet".to_owned(), Colour::Grey)],
        _ => vec![(format!("{} of {} places taken", session.held, session.capacity), Colour::Blue)],
    };
    let about = about(&session);
    let step_back = (!is_cancelled).then(|| {
        let hidden = answer("withdraw");
        view! {
            <Details summary="I can no longer come">
                <p class="govuk-body">"The office is told at once and looks for somebody else."</p>
                <PostButton action=action text="Step back" kind=ButtonKind::Warning hidden=hidden about=about/>
            </Details>
        }
    });
    view! {
        <Card title=session.course_title.clone() href=href level=3 day=Some(leaf(&session)) tags=tags facts=facts(&session)>
            {step_back}
        </Card>
    }
}
