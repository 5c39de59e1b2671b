//! One's own trainings elsewhere, and the lists of those who check them.

use super::{
    rules::{DeclaredId, DeclaredState},
    store::{self, DECLARED_PER_PAGE, DeclaredLine},
};
use crate::{
    accounts::rules::Role,
    calendar::rules::{day_text, short_day_text},
    courses::store::course_links,
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

fn state_tag(state: DeclaredState) -> AnyView {
    let colour = match state {
        DeclaredState::Declared => Colour::Yellow,
        DeclaredState::Confirmed => Colour::Green,
        DeclaredState::Refused => Colour::Red,
    };
    view! { <Tag text=state.text() colour=colour/> }.into_any()
}

/// GET /account/training
pub async fn own_trainings_page(visit: Visit) -> PageResult {
    let lines = store::declared_list_of_person(visit.person()?.id, visit.db()).await?;
    let page = Page::new("Training elsewhere").back("/account", "Your account");
    Ok(visit.page(page, move || {
        view! {
            <Heading text="Training elsewhere"/>
            <p class="govuk-body">
                "If you took safeguarding training with somebody else, say so here. It counts where a course asks for another one first. It is shown as declared until the training team or your training lead has checked it."
            </p>
            <ButtonLink href="/account/training/new" text="Add a training"/>
            {own_table(lines)}
        }
        .into_any()
    }))
}

fn own_table(lines: Vec<DeclaredLine>) -> AnyView {
    if lines.is_empty() {
        return view! {
            <EmptyState heading="You have not added any training">
                <p class="govuk-body">"Courses that you attend with us need not be added."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = lines
        .into_iter()
        .map(|line| {
            let row = line.row;
            let remove = (row.state == DeclaredState::Declared).then(|| {
                let action = format!("/account/training/{}/remove", row.id);
                view! { <PostButton action=action text="Take back" kind=ButtonKind::Secondary about=row.title.clone()/> }
            });
            let reason = row.reason.clone().map(|reason| format!(" {reason}"));
            vec![
                Cell::text(row.title),
                Cell::text(row.provider),
                Cell::text(short_day_text(row.trained_on)),
                Cell::text(line.course_title.unwrap_or_default()),
                Cell::view(view! { {state_tag(row.state)} {reason} {remove} }),
            ]
        })
        .collect();
    let head = vec![
        Head::text("Training"),
        Head::text("Provider"),
        Head::text("When"),
        Head::text("Stands for"),
        Head::text("State"),
    ];
    view! { <Table caption="Your training elsewhere" caption_hidden=true head rows stacked=true/> }.into_any()
}

/// GET /account/training/new
pub async fn new_training_page(visit: Visit) -> PageResult {
    new_training_page_with(&visit, FormState::default()).await
}

/// The form with its values and errors.
pub async fn new_training_page_with(visit: &Visit, form: FormState) -> PageResult {
    let courses = course_links(visit.db()).await?;
    let title = "Add training from elsewhere";
    let page = Page::new(title).back("/account/training", "Training elsewhere").form(form);
    Ok(visit.page(page, move || {
        let options = courses.into_iter().map(|link| Choice::new(link.id.to_string(), link.title)).collect();
        view! {
            <Heading text=title/>
            <PostForm action="/account/training/new">
                <TextInput label="What was the training called?" name="title"/>
                <TextInput label="Who gave it?" name="provider" hint="For example another partnership, a college or your employer" autocomplete="off"/>
                <DateInput legend="When did you take it?" name="date" hint="The last day, if it had several"/>
                <Select label="Which of our courses does it stand for? (optional)" name="course" options=options empty="None of them"/>
                <Button text="Add this training"/>
            </PostForm>
        }
        .into_any()
    }))
}

/// GET /office/training
pub async fn office_trainings_page(visit: Visit) -> PageResult {
    let number = visit.page_number();
    let (lines, total) = store::declared_list_to_check(None, number, visit.db()).await?;
    Ok(to_check_view(&visit, ("/office/training", "/office", "Office"), lines, (number, total)))
}

/// GET /agency/training
pub async fn agency_trainings_page(visit: Visit) -> PageResult {
    let agencies = visit.person()?.agencies_as(Role::TrainingLead);
    let number = visit.page_number();
    let (lines, total) = store::declared_list_to_check(Some(&agencies), number, visit.db()).await?;
    let here = ("/agency/training", "/agency/staff", "Your staff");
    Ok(to_check_view(&visit, here, lines, (number, total)))
}

fn to_check_view(
    visit: &Visit,
    (here, back, back_text): (&'static str, &'static str, &'static str),
    lines: Vec<DeclaredLine>,
    (number, total): (u64, u64),
) -> axum::response::Response {
    visit.page(Page::new("Training elsewhere to check").back(back, back_text).wide(), move || {
        let list = if lines.is_empty() {
            view! {
                <EmptyState heading="Nothing to check">
                    <p class="govuk-body">"When people declare training that they took elsewhere, it appears here."</p>
                </EmptyState>
            }
            .into_any()
        } else {
            let rows = lines
                .into_iter()
                .map(|line| {
                    vec![
                        Cell::link(format!("{here}/{}", line.row.id), line.row.title),
                        Cell::text(line.person_name),
                        Cell::text(line.row.provider),
                        Cell::text(short_day_text(line.row.trained_on)),
                        Cell::text(line.course_title.unwrap_or_default()),
                    ]
                })
                .collect();
            let head = vec![
                Head::text("Training"),
                Head::text("Person"),
                Head::text("Provider"),
                Head::text("When"),
                Head::text("Stands for"),
            ];
            view! {
                <Table caption="To check" caption_hidden=true head rows stacked=true/>
                <Pagination href=here page=number pages=total.div_ceil(DECLARED_PER_PAGE)/>
            }
            .into_any()
        };
        view! { <Heading text="Training elsewhere to check"/> {list} }.into_any()
    })
}

/// A declaration that the viewer may check: for administrators any, for a training lead their own staff's; any other
/// does not exist.
pub async fn declared_of_checker(visit: &Visit, id: i64, as_lead: bool) -> Result<DeclaredLine, PageError> {
    let line = store::declared_get(DeclaredId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    if !as_lead {
        return Ok(line);
    }
    let today = crate::calendar::rules::london_day(visit.now);
    for agency in visit.person()?.agencies_as(Role::TrainingLead) {
        let person = line.row.person_id;
        if crate::agencies::store::membership_is_confirmed(person, agency, today, visit.db()).await? {
            return Ok(line);
        }
    }
    Err(PageError::NotFound)
}

/// GET /office/training/{id}
pub async fn office_training_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    check_page_with(&visit, id, false, FormState::default()).await
}

/// GET /agency/training/{id}
pub async fn agency_training_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    check_page_with(&visit, id, true, FormState::default()).await
}

/// The page on which a declaration is checked, with the form's values and errors.
pub async fn check_page_with(visit: &Visit, id: i64, as_lead: bool, form: FormState) -> PageResult {
    let line = declared_of_checker(visit, id, as_lead).await?;
    let list = if as_lead { "/agency/training" } else { "/office/training" };
    let page = Page::new(line.row.title.clone()).back(list, "Training elsewhere to check").form(form);
    Ok(visit.page(page, move || {
        let row = line.row;
        let mut rows = vec![
            SummaryRow::new("Person", line.person_name),
            SummaryRow::new("Provider", row.provider),
            SummaryRow::new("When", day_text(row.trained_on)),
            SummaryRow::new("Stands for", line.course_title.unwrap_or_else(|| "None of our courses".to_owned())),
            SummaryRow::view("State", state_tag(row.state)),
        ];
        rows.extend(row.reason.map(|reason| SummaryRow::new("Reason", reason)));
        let action = format!("{list}/{id}");
        let forms = (row.state == DeclaredState::Declared).then(|| {
            view! {
                <p class="govuk-body">"Confirm it when you have seen the certificate, or asked the provider."</p>
                <PostButton action=action.clone() text="Confirm" hidden=vec![("do".to_owned(), "confirm".to_owned())]/>
                <Heading text="If it cannot be confirmed" level=2 size=Size::M/>
                <PostForm action=action hidden=vec![("do".to_owned(), "refuse".to_owned())]>
                    <TextInput label="Why not?" name="reason" hint="The person reads it"/>
                    <Button text="It cannot be confirmed" kind=ButtonKind::Warning/>
                </PostForm>
            }
        });
        view! { <Heading text=row.title/> <SummaryList rows/> {forms} }.into_any()
    }))
}
