//! The pages that every public body has: accessibility, privacy, cookies. Sound beginnings that are true of this
//! program; the board's own information governance may add to them.

use crate::{
    accounts::{
        guard,
        rules::{LOGIN_IDLE_DAYS, LOGIN_LONGEST_DAYS},
    },
    privacy::{rules::days_after, store::retention_get},
    settings::rules::Board,
    web::{components::*, error::PageResult, page::Page, search, visit::Visit},
};
use leptos::prelude::*;

/// GET /accessibility
pub async fn accessibility_page(visit: Visit) -> PageResult {
    let board = (*visit.app.board.current()).clone();
    Ok(visit.page(Page::new("Accessibility"), move || {
        view! {
            <Heading text="Accessibility"/>
            <p class="govuk-body">{format!("We want everybody to be able to use {}. You should be able to:", board.service_name)}</p>
            <ul class="govuk-list govuk-list--bullet">
                <li>"do everything with the keyboard alone"</li>
                <li>"do everything with JavaScript turned off"</li>
                <li>"enlarge the text to 400% without scrolling sideways, except in wide tables"</li>
                <li>"use a screen reader: every chart has its figures in a table below it"</li>
                <li>"change colours and contrast in your browser or device"</li>
            </ul>
            <p class="govuk-body">"Wording is kept as simple as we can. Nothing on these pages moves or flashes, and no page runs out of time while you fill it in, except that a sign-in code works for 10 minutes; you can ask for another at any time."</p>
            <Heading text="What you need at a session" level=2 size=Size::M/>
            <p class="govuk-body">"When you book we ask what you need to take part, for example captions, an interpreter, step-free access or breaks. We arrange it and tell you. You can also write to us."</p>
            <Heading text="If something does not work for you" level=2 size=Size::M/>
            <Contact board=board.clone() before="Tell us which page it was and what happened, or ask for information in another form: "/>
            <Heading text="Standard" level=2 size=Size::M/>
            <p class="govuk-body">"The service aims to meet the Web Content Accessibility Guidelines 2.2 at level AA. Its pages are checked against them automatically with every change of the program. Documents that other organisations provide, such as recordings and course materials, may not meet them; ask us for another form."</p>
            <Heading text="If you are not happy with our answer" level=2 size=Size::M/>
            <p class="govuk-body">
                "Contact the "
                <a class="govuk-link" href="https://www.equalityadvisoryservice.com/">"Equality Advisory and Support Service"</a>
                ". The Equality and Human Rights Commission enforces the accessibility regulations."
            </p>
        }
        .into_any()
    }))
}

/// GET /privacy
pub async fn privacy_page(visit: Visit) -> PageResult {
    let board = (*visit.app.board.current()).clone();
    let kept = retention_get(visit.db()).await?;
    Ok(visit.page(Page::new("Privacy"), move || {
        let name = if board.name.is_empty() { "The board that runs this service".to_owned() } else { board.name.clone() };
        view! {
            <Heading text="Privacy"/>
            <p class="govuk-body">{format!("{name} runs this training service, as part of its statutory duty to promote the safety and welfare of children, and decides what happens with the information in it.")}</p>
            <Heading text="What we keep, and what for" level=2 size=Size::M/>
            <ul class="govuk-list govuk-list--bullet">
                <li>"Your name, email addresses, how you work with children, agencies and job roles: to book you in, to write to you, and to know which agencies the training reaches."</li>
                <li>"Your bookings and whether you came: to run sessions, for certificates and your training record, and where the charging policy says so for charges to your agency."</li>
                <li>{format!("What you need to take part: to arrange it. Only the office and, shortly before a session, its trainers see it. It is erased {}.", days_after(kept.access_needs_days))}</li>
                <li>"Your answers before and after a course: to measure whether the training works."</li>
                <li>"Who did what in the system, without answers or needs: to put mistakes right."</li>
            </ul>
            <Heading text="Your answers are not shown under your name" level=2 size=Size::M/>
            <p class="govuk-body">"Answers are stored under a key instead of your name, so that before and after can be paired. No page, file or report shows anybody what a named person answered. Until the last questions about a session close, the key could be worked out by us with a secret that is kept apart from the answers; that secret is then deleted, and nobody can join answers to people any more. Figures are shown only where at least five people answered."</p>
            <Heading text="Who else sees it" level=2 size=Size::M/>
            <ul class="govuk-list govuk-list--bullet">
                <li>"The trainers of a session see who has a place on it."</li>
                <li>"The training lead of an agency sees its own staff’s bookings, once your link to the agency is confirmed."</li>
                <li>"The billing contact of an agency sees charges to the agency, never your reasons or your training record."</li>
            </ul>
            <p class="govuk-body">"We do not sell it, and nothing on these pages comes from, or tells anything to, another company."</p>
            <Heading text="How long" level=2 size=Size::M/>
            <p class="govuk-body">{format!("Training records are kept while you work with children here, because they show what you were trained in. Sign-in codes work for 10 minutes. The texts of mails are erased {} days after they were sent. Ask us to erase your record when you no longer need it: then your name and everything that leads to you goes, and only numbers stay. A charge that you pay yourself has to be settled first.", kept.mails_days)}</p>
            <Heading text="Your rights" level=2 size=Size::M/>
            <p class="govuk-body">
                "You can "
                <a class="govuk-link" href="/account/data">"download what we hold about you"</a>
                " and change your name, addresses and agencies yourself in your account. You can ask us to correct or erase what we keep, and object to how we use it."
            </p>
            <Contact board=board.clone() before="Write to us: "/>
            <p class="govuk-body">
                "If you are not happy with our answer, you can complain to the "
                <a class="govuk-link" href="https://ico.org.uk/make-a-complaint/">"Information Commissioner’s Office"</a> "."
            </p>
        }
        .into_any()
    }))
}

/// GET /cookies
pub async fn cookies_page(visit: Visit) -> PageResult {
    let login = guard::cookie_name(&visit.app);
    let is_secure = visit.app.config.is_secure();
    Ok(visit.page(Page::new("Cookies"), move || {
        let name = |name: &str| if is_secure { format!("__Host-{name}") } else { name.to_owned() };
        let rows = vec![
            vec![
                Cell::text(login),
                Cell::text("Keeps you signed in"),
                Cell::text(format!("Until you sign out or close the browser; on our side it ends after {LOGIN_IDLE_DAYS} days without a visit, at the latest after {LOGIN_LONGEST_DAYS} days")),
            ],
            vec![
                Cell::text(name(guard::SIGNING_IN)),
                Cell::text("Remembers which address a code was sent to, while you sign in"),
                Cell::text("Minutes; gone once you are signed in"),
            ],
            vec![
                Cell::text(name(guard::ADDING_ADDRESS)),
                Cell::text("The same while you add an address to your account"),
                Cell::text("Minutes"),
            ],
            vec![
                Cell::text(name(search::SEARCHES)),
                Cell::text("Holds what the office last searched for, so that no name stands in an address"),
                Cell::text("Until you sign out or close the browser"),
            ],
        ];
        view! {
            <Heading text="Cookies"/>
            <p class="govuk-body">
                "Cookies are small files that a website keeps on your device. We use only those without which the service could not work, so we need not ask. There are none for statistics or advertising, and none from other companies."
            </p>
            <Table
                caption="Cookies that we use"
                head=vec![Head::text("Name"), Head::text("What for"), Head::text("How long")]
                rows
                stacked=true
            />
            <p class="govuk-body">
                "On the page with a session’s register, a trainer’s browser also keeps marks that could not be sent yet, until they are sent."
            </p>
        }
        .into_any()
    }))
}

#[component]
fn Contact(board: Board, before: &'static str) -> impl IntoView {
    match board.contact {
        Some(contact) => {
            let href = format!("mailto:{contact}");
            view! { <p class="govuk-body">{before}<a class="govuk-link" href=href>{contact}</a> "."</p> }.into_any()
        }
        None => view! { <p class="govuk-body">"Write to the board’s training team."</p> }.into_any(),
    }
}
