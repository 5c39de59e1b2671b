//! A training lead's own staff: who is confirmed, and who says that they work here.

use crate::{
    accounts::rules::Role,
    agencies::store::{self, MEMBERSHIPS_PER_PAGE},
    calendar::rules::short_day_text,
    entity::{agency, membership, person},
    web::{
        components::*,
        error::PageResult,
        form::FormState,
        page::Page,
        search::{Search, WORDS},
        visit::Visit,
    },
};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

/// GET /agency/staff
pub async fn staff_page(visit: Visit, jar: CookieJar) -> PageResult {
    let agencies = visit.person()?.agencies_as(Role::TrainingLead);
    let search = Search::of(&visit, &jar).words;
    let claims = store::memberships_of_agencies(&agencies, false, "", 1, visit.db()).await?.0;
    let number = visit.page_number();
    let (staff, total) = store::memberships_of_agencies(&agencies, true, &search, number, visit.db()).await?;
    let href = visit.address_without(&["page"]);
    let form = FormState::default().with_value(WORDS, search.clone());
    let page = Page::new("Your staff").back("/agency/bookings", "Bookings of your staff").form(form).wide();
    Ok(visit.page(page, move || {
        view! {
            <Heading text="Your staff"/>
            {claims_view(claims)}
            <p class="govuk-body"><a class="govuk-link" href="/agency/training">"Training elsewhere to check"</a></p>
            <Heading text="Confirmed" level=2 size=Size::M/>
            <FilterPanel action="/agency/staff" button="Search" active=!search.is_empty() post=true>
                <TextInput label="Part of a name" name=WORDS kind="search" width=Width::Chars20/>
            </FilterPanel>
            {staff_view(staff, !search.is_empty())}
            <Pagination href=href page=number pages=total.div_ceil(MEMBERSHIPS_PER_PAGE)/>
        }
        .into_any()
    }))
}

type Row = (membership::Model, agency::Model, person::Model);

fn head() -> Vec<Head> {
    vec![
        Head::text("Name"),
        Head::text("Job or role"),
        Head::text("Agency"),
        Head::text("Since"),
        Head::hidden("Actions"),
    ]
}

fn cells((membership, agency, person): Row, actions: AnyView) -> Vec<Cell> {
    vec![
        Cell::text(person.name),
        Cell::text(membership.job_role),
        Cell::text(agency.name),
        Cell::text(short_day_text(membership.from_date)),
        Cell::view(actions),
    ]
}

fn claims_view(claims: Vec<Row>) -> Option<AnyView> {
    if claims.is_empty() {
        return None;
    }
    let rows = claims
        .into_iter()
        .map(|row| {
            let name = row.2.name.clone();
            let base = format!("/agency/staff/{}", row.0.id);
            let actions = view! {
                <ButtonGroup>
                    <PostButton action=format!("{base}/confirm") text="Works here" about=name.clone()/>
                    <PostButton action=format!("{base}/end") text="Does not work here" kind=ButtonKind::Warning asks="Their link to your agency ends, and you no longer see their bookings. They can name your agency again." about=name/>
                </ButtonGroup>
            };
            cells(row, actions.into_any())
        })
        .collect();
    let view = view! {
        <Heading text="They say that they work for you" level=2 size=Size::M/>
        <p class="govuk-body">
            "Confirm only whom you know: your agency pays for their unused places, and you see their bookings."
        </p>
        <Table caption="To confirm" caption_hidden=true head=head() rows=rows stacked=true/>
    };
    Some(view.into_any())
}

fn staff_view(staff: Vec<Row>, is_searched: bool) -> AnyView {
    if staff.is_empty() {
        let text = if is_searched {
            "Nobody of your staff has this name."
        } else {
            "People appear here when they prove an address at your mail domain, when you confirm them, or when you book for them."
        };
        return view! {
            <EmptyState heading="Nobody here yet" level=3><p class="govuk-body">{text}</p></EmptyState>
        }
        .into_any();
    }
    let rows = staff
        .into_iter()
        .map(|row| {
            let action = format!("/agency/staff/{}/end", row.0.id);
            let name = row.2.name.clone();
            let leave = view! { <PostButton action=action text="Has left" kind=ButtonKind::Warning asks="From today they no longer count as your staff, and you no longer see what they book." about=name/> };
            cells(row, leave.into_any())
        })
        .collect();
    view! { <Table caption="Confirmed staff" caption_hidden=true head=head() rows=rows stacked=true/> }.into_any()
}
