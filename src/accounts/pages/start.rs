//! The first page of the site.

use crate::{
    accounts::rules::Role,
    agencies,
    calendar::rules::london_day,
    settings::rules::Board,
    web::{components::*, error::PageResult, page::Page, viewer::CurrentPerson, visit::Visit},
};
use leptos::prelude::*;

/// GET /
pub async fn start(visit: Visit) -> PageResult {
    let board = visit.app.board.current();
    let is_demo = visit.app.config.demo;
    if !board.is_set_up() && !visit.app.config.demo {
        return Ok(visit.page(Page::new("Set up this service"), || view! { <EmptyBoard/> }.into_any()));
    }
    match visit.viewer.person().cloned() {
        None => Ok(visit.page(Page::new(""), move || view! { <Welcome board=(*board).clone() is_demo/> }.into_any())),
        Some(person) => {
            let memberships =
                agencies::store::memberships_current(person.id, london_day(visit.now), visit.db()).await?;
            let has_membership = !memberships.is_empty();
            let waits = memberships.iter().any(|(membership, _)| membership.confirmed_at.is_none());
            Ok(visit.page(Page::new(""), move || view! { <NextSteps person has_membership waits/> }.into_any()))
        }
    }
}

#[component]
fn EmptyBoard() -> impl IntoView {
    view! {
        <Heading text="This training service is not set up yet"/>
        <p class="govuk-body">
            "It takes about five minutes: the board’s name, a contact, the first administrator and the charging policy. You need the one-time code that the program printed in its terminal when it started."
        </p>
        <ButtonLink href="/first-run" text="Set up this service"/>
    }
}

#[component]
fn Welcome(board: Board, is_demo: bool) -> impl IntoView {
    let name = if board.name.is_empty() { "the safeguarding children board".to_owned() } else { board.name };
    view! {
        <Heading text="Safeguarding training for everybody who works with children" size=Size::Xl/>
        <p class="govuk-body-l">
            {format!("Courses of {name}: for schools, health, early years, police, councils, charities, foster carers and volunteers.")}
        </p>
        {is_demo.then(|| view! {
            <InsetText>
                "This is a demonstration with invented people. "
                <a class="govuk-link" href="/demo/people">"Take the ten-minute tour"</a>
                ": be a learner, a trainer, an administrator and a board member, one after the other."
            </InsetText>
        })}
        <CourseSearch/>
        <Heading text="You have a place already?" level=2 size=Size::M/>
        <p class="govuk-body">
            <a class="govuk-link" href="/sign-in">"Sign in"</a>
            " to see your bookings, cancel or pass on a place, or take your register. There is no password: we send you a code."
        </p>
        <Heading text="In a room right now?" level=2 size=Size::M/>
        <p class="govuk-body">
            <a class="govuk-link" href="/answer">"Enter the code that your trainer shows"</a>
            " to answer the questions after a course."
        </p>
    }
}

#[component]
fn CourseSearch() -> impl IntoView {
    view! {
        <form method="get" action="/courses" role="search" class="lg-search">
            <TextInput label="Find a course" name="q" kind="search" hint="For example neglect, online safety, designated lead"/>
            <Button text="Find a course"/>
        </form>
    }
}

#[component]
fn NextSteps(person: CurrentPerson, has_membership: bool, waits: bool) -> impl IntoView {
    let mut links = vec![("/bookings", "Your bookings", "Places that you have, cancel, waiting lists")];
    if person.has_role(Role::TrainingLead) {
        links.push(("/agency/bookings", "Your staff", "Bookings of your agency’s staff, approvals, who works for you"));
    }
    if person.has_role(Role::BillingContact) {
        links.push(("/agency/charges", "Charges to your agency", "What for, how much, and where it stands"));
    }
    if person.has_role(Role::Trainer) {
        links.push(("/training", "Sessions that you give", "Who is coming, the register, how it went"));
    }
    if person.has_role(Role::Administrator) {
        links.push(("/office", "Office", "Courses, sessions, people, charges, and what needs a person"));
    }
    if person.has_role(Role::Board) || person.has_role(Role::Administrator) {
        links.push(("/board", "Board", "Learning gain, attendance and charges"));
    }
    links.push(("/account", "Your account", "Name, email addresses, agencies, signed-in devices"));
    let cards: Vec<_> = links
        .into_iter()
        .map(|(href, title, fact)| view! { <Card title=title href=href facts=vec![fact.to_owned()]/> })
        .collect();
    view! {
        <Heading text=format!("Hello, {}", person.name)/>
        {(!has_membership).then(|| view! {
            <InsetText>
                "We do not know which agency you work or volunteer for. "
                <a class="govuk-link" href="/account/agencies/new">"Add your agency"</a> "."
            </InsetText>
        })}
        {waits.then(|| view! {
            <InsetText>
                "Your link to an agency still waits to be confirmed. You can book meanwhile. "
                <a class="govuk-link" href="/account">"See your account"</a> "."
            </InsetText>
        })}
        <CourseSearch/>
        <Heading text="Where to next" level=2 size=Size::M/>
        <CardList>{cards}</CardList>
    }
}
