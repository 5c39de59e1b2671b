//! The questionnaire, and what stands there when it takes no answers.

use crate::{
    calendar::rules::{day_text, london_day, moment_text, span_text},
    surveys::{
        links::LinkToken,
        rules::{Wave, answers::Question, statements::rating_labels},
        store::{self, Invitation, Opened, Surroundings},
    },
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use axum::{extract::Path, http::StatusCode};
use leptos::prelude::*;

/// GET /answers/{token}. Opening changes nothing: mail scanners open links, too.
pub async fn answer_page(visit: Visit, Path(token): Path<String>) -> PageResult {
    let opened = match LinkToken::parse(&token) {
        Some(token) => store::open_link(&token, &visit.app.secrets, visit.now, visit.db()).await?,
        None => Opened::Unknown,
    };
    show_opened(&visit, opened, FormState::default())
}

/// The questionnaire with what was saved and sent, or the reason why there is none.
pub fn show_opened(visit: &Visit, opened: Opened, form: FormState) -> PageResult {
    match opened {
        Opened::Open(invitation) => Ok(questionnaire(visit, *invitation, form)),
        other => Ok(explanation(visit, other)),
    }
}

fn questionnaire(visit: &Visit, invitation: Invitation, form: FormState) -> axum::response::Response {
    let mut form = form;
    for (item, value) in &invitation.saved {
        let field = format!("item-{item}");
        if !form.holds(&field) {
            form = form.with_value(&field, value.to_string());
        }
    }
    let heading = heading_of(invitation.about.wave);
    let may_finish_short = form.holds("short") || form.errors().iter().any(|error| error.field.starts_with("item-"));
    let page = Page::new(format!("{heading}: {}", invitation.about.course)).form(form);
    let path = visit.path.clone();
    let contact = visit.app.board.current().contact.clone();
    visit.page(page, move || {
        let about = invitation.about;
        let when = span_text(about.session.starts_at, about.session.ends_at);
        let door = invitation.at_the_door.then(|| view! {
            <InsetText>"The session has begun. You can still answer; these answers are marked as given at the door."</InsetText>
        });
        let finish_short = may_finish_short.then(|| view! {
            <Tick name="short" label="Finish without answering the rest" hint="What you leave out is not counted"/>
        });
        let questions: Vec<_> = invitation.questions.iter().map(question_view).collect();
        view! {
            <Heading text=heading caption=about.course/>
            <p class="govuk-body">{when}</p>
            <p class="govuk-body">{introduction(about.wave)}</p>
            <Details summary="Who sees my answers?">
                <p class="govuk-body">
                    "Nobody sees what you answered. Your answers are kept under a number, without your name, and are shown only added up for five people or more."
                </p>
                <p class="govuk-body">
                    "The number pairs your answers before and after the session. Three weeks after the session what it was made from is deleted, and from then on nobody can find out whose answers they were."
                </p>
                {contact.map(|contact| view! { <p class="govuk-body">"Questions? Write to " {contact} "."</p> })}
            </Details>
            {door}
            <PostForm action=path>
                {questions}
                {finish_short}
                <ButtonGroup>
                    <Button text="Finish" name="do" value="finish"/>
                    <Button text="Save and come back later" kind=ButtonKind::Secondary name="do" value="save"/>
                </ButtonGroup>
            </PostForm>
            <p class="govuk-body">
                "You can answer until " {moment_text(invitation.until - chrono::Duration::minutes(1))}
                ". Saved answers count even if you never press Finish."
            </p>
        }
        .into_any()
    })
}

fn heading_of(wave: Wave) -> &'static str {
    match wave {
        Wave::Before => "Before the session",
        _ => "After the session",
    }
}

fn introduction(wave: Wave) -> &'static str {
    match wave {
        Wave::Before => {
            "How far do you agree today, before the session? There are no right answers, and it is not a test. It takes a minute."
        }
        _ => {
            "How far do you agree today, after the session? The statements are those from before the session, so that we can see what it changed. It takes a minute."
        }
    }
}

fn question_view(question: &Question) -> AnyView {
    let labels = rating_labels(question.min, question.max, &question.low_label, &question.high_label);
    let options: Vec<Choice> =
        labels.into_iter().map(|(rating, label)| Choice::new(rating.to_string(), label)).collect();
    view! { <Radios legend=question.text.clone() name=question.field() options/> }.into_any()
}

fn explanation(visit: &Visit, opened: Opened) -> axum::response::Response {
    let (status, heading, sentence) = match &opened {
        Opened::Finished(about) => (StatusCode::OK, "Thank you", finished_sentence(about)),
        Opened::NotYet(_, opens) => (
            StatusCode::OK,
            "A little too early",
            format!(
                "These questions open at the end of the session, at {}. Use the same link then.",
                moment_text(*opens)
            ),
        ),
        Opened::Closed(about) => (StatusCode::GONE, "These questions are closed", closed_sentence(about)),
        Opened::Over => (
            StatusCode::GONE,
            "These questions are closed",
            "They closed three weeks after the session. Answers that were saved by then are counted.".to_owned(),
        ),
        Opened::Replaced => (
            StatusCode::GONE,
            "This link was replaced by a newer one",
            "We have written to you again, and the link in that mail is the one that works now. Open it there and go on: what you had saved is still there. Before the session, the page of your booking under “My bookings” has the link too."
                .to_owned(),
        ),
        Opened::SessionCancelled(about) => (
            StatusCode::GONE,
            "The session was cancelled",
            format!("“{}” was cancelled, so there is nothing to answer.", about.course),
        ),
        Opened::NoPlace(about) => (
            StatusCode::GONE,
            "You no longer have a place",
            format!(
                "The place on “{}” that this link belongs to was given up, so there is nothing to answer.",
                about.course
            ),
        ),
        Opened::Unknown | Opened::Open(_) => (
            StatusCode::NOT_FOUND,
            "This link does not work",
            "Part of it may be missing. Open it from the mail again, or copy the whole of it, up to the last letter."
                .to_owned(),
        ),
    };
    let is_finished = matches!(opened, Opened::Finished(_));
    let about = match opened {
        Opened::Finished(about) | Opened::NotYet(about, _) | Opened::Closed(about) => Some(about),
        _ => None,
    };
    let page = Page::new(heading).status(status);
    visit.page(page, move || {
        let about = about.map(|about| {
            let day = day_text(london_day(about.session.starts_at));
            view! { <p class="govuk-body">{about.course}", "{day}</p> }
        });
        let next = if is_finished {
            view! {
                <p class="govuk-body">
                    <a class="govuk-link" href="/learning-gain/how">"How answers become a learning gain"</a>
                </p>
            }
            .into_any()
        } else {
            view! {
                <p class="govuk-body">
                    "In the room or the call you can also "
                    <a class="govuk-link" href="/answer">"answer with the code that the trainer shows"</a>"."
                </p>
            }
            .into_any()
        };
        view! {
            <Heading text=heading/>
            {about}
            <p class="govuk-body">{sentence}</p>
            {next}
        }
        .into_any()
    })
}

fn finished_sentence(about: &Surroundings) -> String {
    match about.wave {
        Wave::Before => {
            "Your answers are in. After the session we ask the same questions again, so that we can see what it changed. To keep them private this link no longer shows what you answered.".to_owned()
        }
        _ => {
            "Your answers are in. They are shown only added up with those of at least four other people. To keep them private this link no longer shows what you answered.".to_owned()
        }
    }
}

fn closed_sentence(about: &Surroundings) -> String {
    match about.wave {
        Wave::Before => {
            "Answers from before the session are taken until 30 minutes after its start. What you saved by then is counted.".to_owned()
        }
        _ => {
            "They closed three weeks after the session. What you saved by then is counted.".to_owned()
        }
    }
}
