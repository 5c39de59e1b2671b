//! Booking a whole list of staff: paste or upload, look at what each line leads to, book.

use super::{
    book::{StaffScreen, choose_agency_view, load_staff_screen},
    led_agency,
    list::no_agency_view,
};
use crate::{
    bookings::{
        pages::shown_field,
        rules::{Decision, LIST_BYTES_MOST, LIST_ROWS_MOST, ListRow},
        store::LineVerdict,
    },
    calendar::rules::moment_text,
    entity::agency,
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use axum::{extract::Path, response::Response};
use leptos::prelude::*;

/// GET /agency/sessions/{id}/list
pub async fn staff_list_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let form = FormState::default()
        .with_value("request_id", visit.new_request_id()?)
        .with_value("agency", visit.parameter("agency"));
    staff_list_page_with(&visit, id, form).await
}

/// The form with its values and errors.
pub async fn staff_list_page_with(visit: &Visit, id: i64, form: FormState) -> PageResult {
    let screen = load_staff_screen(visit, id).await?;
    let agency = led_agency(visit, form.value("agency")).await?;
    let title = "Book a list of staff";
    let back = format!("/agency/sessions/{id}/book?agency={}", form.value("agency"));
    let page = Page::new(title).back(back, "One by one").form(form.clone());
    Ok(visit.page(page, move || {
        if screen.agencies.is_empty() {
            return no_agency_view();
        }
        let here = format!("/agency/sessions/{id}/list");
        let Some(agency) = agency else { return choose_agency_view(&screen, here) };
        let hidden = vec![
            ("request_id".to_owned(), form.value("request_id").to_owned()),
            ("agency".to_owned(), agency.id.to_string()),
        ];
        let file = format!(
            "CSV or text, at most {} KB. From a spreadsheet: save as CSV. A first line with “Name” and “Email” says which column is which.",
            LIST_BYTES_MOST / 1024
        );
        view! {
            <Heading text=title caption=screen.session.course_title.clone()/>
            <SummaryList rows=screen.summary()/>
            <PostForm action=here.clone() hidden=hidden.clone()>
                <TextArea
                    label="Your staff, one person per line"
                    name="list"
                    hint=format!("A name and an email address, separated by a comma, a semicolon or a tab; at most {LIST_ROWS_MOST} people. Cells copied from a spreadsheet work too.")
                    rows=10
                />
                <Tick name="wait" label="Put those who get no place on the waiting list"/>
                <Button text="Check the list"/>
            </PostForm>
            <Heading text="Or upload a file" level=2 size=Size::M/>
            <PostForm action=format!("{here}/file") hidden=hidden multipart=true>
                <FileUpload label="The file" name="file" hint=file accept=".csv,.txt,text/csv,text/plain"/>
                <Button text="Upload and check" kind=ButtonKind::Secondary/>
            </PostForm>
        }
        .into_any()
    }))
}

/// What each line would lead to. Nothing is booked yet.
pub fn staff_list_check_page(
    visit: &Visit,
    screen: StaffScreen,
    agency: agency::Model,
    lines: Vec<(ListRow, LineVerdict)>,
    form: FormState,
) -> Response {
    let title = "Check the list";
    let here = format!("/agency/sessions/{}/list", screen.session.id);
    let page = Page::new(title).form(form.clone()).wide();
    visit.page(page, move || {
        let count = lines.iter().filter(|(_, verdict)| verdict.leads_somewhere()).count();
        let mut hidden = vec![
            ("request_id".to_owned(), form.value("request_id").to_owned()),
            ("agency".to_owned(), agency.id.to_string()),
            ("list".to_owned(), form.value("list").to_owned()),
            shown_field(&screen.shown),
        ];
        if form.value("wait") == "yes" {
            hidden.push(("wait".to_owned(), "yes".to_owned()));
        }
        let mut change = hidden.clone();
        change.push(("do".to_owned(), "change".to_owned()));
        let left_out = lines.len() - count;
        let sentence = match (count, left_out) {
            (0, _) => "Nobody of this list can be booked.".to_owned(),
            (count, 0) => format!("All {count} can be booked."),
            (count, left_out) => format!("{count} can be booked, {left_out} are left out."),
        };
        let rows = lines
            .into_iter()
            .map(|(row, verdict)| {
                let who = match &row.colleague {
                    Ok(person) => format!("{}, {}", person.name, person.address),
                    Err(_) => row.written.chars().take(120).collect(),
                };
                vec![Cell::number(row.line), Cell::text(who), Cell::view(verdict_view(&verdict))]
            })
            .collect();
        let head = vec![Head::number("Line"), Head::text("Who"), Head::text("What happens")];
        view! {
            <Heading text=title caption=format!("{}, {}", screen.session.course_title, agency.name)/>
            <p class="govuk-body">{format!("{sentence} Nothing is booked yet.")}</p>
            <Table caption="The list, line by line" caption_hidden=true head rows stacked=true/>
            <SummaryList rows=screen.summary()/>
            <ButtonGroup>
                {(count > 0).then(|| view! {
                    <PostButton
                        action=format!("{here}/book")
                        text=if count == 1 { "Book this person".to_owned() } else { format!("Book these {count} people") }
                        hidden=hidden
                    />
                })}
                <PostButton action=here.clone() text="Change the list" kind=ButtonKind::Secondary hidden=change/>
            </ButtonGroup>
        }
        .into_any()
    })
}

fn verdict_view(verdict: &LineVerdict) -> AnyView {
    let (colour, tag, text) = match verdict {
        LineVerdict::Would(Decision::Book { cancel_by }) => (
            Colour::Green,
            "Will be booked",
            format!("Can be cancelled free of charge until {}.", moment_text(*cancel_by)),
        ),
        LineVerdict::Would(Decision::Approve { until }) => {
            (Colour::Purple, "Needs approval", format!("The training team answers by {}.", moment_text(*until)))
        }
        LineVerdict::Would(Decision::Wait { position }) => {
            (Colour::Purple, "Waiting list", format!("Number {position}. Waiting is never charged."))
        }
        LineVerdict::Full => {
            (Colour::Red, "Refused", "The session is full, and the list does not ask to wait.".to_owned())
        }
        LineVerdict::Refused(sentence) => (Colour::Red, "Refused", format!("{sentence}.")),
        LineVerdict::Wrong(problem) => (Colour::Red, "Refused", format!("{}: {}.", problem.column, problem.sentence)),
    };
    view! { <Tag text=tag colour=colour/>" "{text} }.into_any()
}

/// One line of the list after booking: the booking's reference and state, or why there is none.
pub struct BookedLine {
    /// The line.
    pub row: ListRow,
    /// What became of it.
    pub outcome: Result<(String, crate::bookings::rules::BookingState), String>,
}

/// What was booked, line by line. Sending the form again shows the same.
pub fn staff_list_done_page(visit: &Visit, screen: &StaffScreen, lines: Vec<BookedLine>) -> Response {
    let title = "The list is booked";
    let course = screen.session.course_title.clone();
    let back = format!("/agency/bookings?session={}", screen.session.id);
    visit.page(Page::new(title).back("/agency/bookings", "Bookings of your staff").wide(), move || {
        let count = lines.iter().filter(|line| line.outcome.is_ok()).count();
        let left_out = lines.len() - count;
        let rows = lines
            .into_iter()
            .map(|line| {
                let who = match &line.row.colleague {
                    Ok(person) => format!("{}, {}", person.name, person.address),
                    Err(_) => line.row.written.chars().take(120).collect(),
                };
                let what = match line.outcome {
                    Ok((reference, state)) => {
                        let href = format!("/agency/bookings/{reference}");
                        view! {
                            {crate::bookings::pages::state_tag(state)}" "
                            <a class="govuk-link" href=href>{reference}</a>
                        }
                        .into_any()
                    }
                    Err(sentence) => {
                        view! { <Tag text="Left out" colour=Colour::Red/>" "{format!("{sentence}.")} }.into_any()
                    }
                };
                vec![Cell::number(line.row.line), Cell::text(who), Cell::view(what)]
            })
            .collect();
        let head = vec![Head::number("Line"), Head::text("Who"), Head::text("What happened")];
        let text = match (count, left_out) {
            (0, _) => "Nobody was booked.".to_owned(),
            (1, 0) => "1 person, and we have written to them.".to_owned(),
            (count, 0) => format!("{count} people, and we have written to each of them."),
            (count, left_out) => {
                format!("{count} people, and we have written to each of them. {left_out} were left out.")
            }
        };
        view! {
            <Heading text=title caption=course/>
            <p class="govuk-body">{text}</p>
            <Table caption="What happened, line by line" caption_hidden=true head rows stacked=true/>
            <p class="govuk-body"><a class="govuk-link" href=back>"Your staff’s bookings on this session"</a></p>
        }
        .into_any()
    })
}
