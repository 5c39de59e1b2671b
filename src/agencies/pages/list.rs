//! The list of agencies, and one agency.

use crate::{
    agencies::{
        rules::{AgencyId, AgencyType},
        store::{self, AGENCIES_PER_PAGE, AgencyQuery},
    },
    audit::store::{Subject, audit_list},
    calendar::rules::{day_text, london_day, short_moment_text},
    entity::{agency, audit, person, role},
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        search::{FIND, Search, WORDS},
        visit::Visit,
    },
};
use axum::extract::Path;
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

fn read_query(visit: &Visit, words: String) -> AgencyQuery {
    let sort = visit.parameter("sort");
    AgencyQuery {
        search: words,
        agency_type: AgencyType::parse(&visit.parameter("type")),
        closed: visit.parameter("closed") == "yes",
        by_type: sort.trim_start_matches('-') == "type",
        descending: sort.starts_with('-'),
        page: visit.page_number(),
    }
}

/// The list's address with this sorting, from its first page.
fn address(query: &AgencyQuery, key: &str, sort: &str) -> String {
    let closed = if query.closed { "yes" } else { "" };
    let kind = query.agency_type.map(AgencyType::value).unwrap_or_default();
    let all = [(FIND, key), ("type", kind), ("closed", closed), ("sort", sort)];
    let set: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(set).unwrap_or_default() {
        query if query.is_empty() => "/office/agencies".to_owned(),
        query => format!("/office/agencies?{query}"),
    }
}

/// GET /office/agencies
pub async fn agency_list_page(visit: Visit, jar: CookieJar) -> PageResult {
    let Search { words, key } = Search::of(&visit, &jar);
    let query = read_query(&visit, words);
    let (rows, total) = store::agencies_page(&query, visit.db()).await?;
    let form = FormState::default()
        .with_value(WORDS, query.search.clone())
        .with_value("type", query.agency_type.map(AgencyType::value).unwrap_or_default())
        .with_value("closed", if query.closed { "yes" } else { "" });
    let page = Page::new("Agencies").back("/office", "Office").form(form).wide();
    Ok(visit.page(page, move || {
        let types = AgencyType::ALL.into_iter().map(|kind| Choice::new(kind.value(), kind.label())).collect();
        let active = !query.search.is_empty() || query.agency_type.is_some() || query.closed;
        let list = if rows.is_empty() {
            view! { <NoAgencies active/> }.into_any()
        } else {
            view! { <AgencyTable query=query.clone() key rows total/> }.into_any()
        };
        view! {
            <Heading text="Agencies"/>
            <ButtonLink href="/office/agencies/new" text="Add an agency"/>
            <p class="govuk-body">
                <a class="govuk-link" href="/office/memberships?by=leads">"Memberships that training leads have confirmed"</a>
            </p>
            <FilterPanel action="/office/agencies" summary="Search and filter" button="Show" open=active active post=true>
                <TextInput label="Name" name=WORDS kind="search"/>
                <Select label="Kind" name="type" options=types empty="Any kind"/>
                <Tick label="Closed agencies" name="closed"/>
            </FilterPanel>
            {list}
        }
        .into_any()
    }))
}

#[component]
fn NoAgencies(active: bool) -> impl IntoView {
    if active {
        view! {
            <EmptyState heading="No agency matches">
                <p class="govuk-body"><a class="govuk-link" href="/office/agencies">"Show all agencies"</a></p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <EmptyState heading="There are no agencies yet">
                <p class="govuk-body">
                    "Add the schools, health services, councils, police, charities and other employers whose staff you train. People choose theirs when they sign up; the agency’s mail domain confirms them without your doing anything."
                </p>
            </EmptyState>
        }
        .into_any()
    }
}

#[component]
fn AgencyTable(query: AgencyQuery, key: String, rows: Vec<agency::Model>, total: u64) -> impl IntoView {
    let direction = if query.descending { Direction::Descending } else { Direction::Ascending };
    let (by_name, by_type) = if query.by_type { (None, Some(direction)) } else { (Some(direction), None) };
    let next = |word: &str, now: Option<Direction>| match now {
        Some(Direction::Ascending) => address(&query, &key, &format!("-{word}")),
        _ => address(&query, &key, word),
    };
    let head = vec![
        Head::text("Name").sortable(next("name", by_name), by_name),
        Head::text("Kind").sortable(next("type", by_type), by_type),
        Head::text("Mail domain"),
        Head::text("Billing contact"),
    ];
    let table = rows
        .into_iter()
        .map(|row| {
            vec![
                Cell::link(format!("/office/agencies/{}", row.id), row.name),
                Cell::text(row.agency_type.label()),
                Cell::text(row.mail_domain.unwrap_or_default()),
                Cell::text(row.billing_name.or(row.billing_address).unwrap_or_default()),
            ]
        })
        .collect();
    let sign = if query.descending { "-" } else { "" };
    let sort = format!("{sign}{}", if query.by_type { "type" } else { "name" });
    let href = address(&query, &key, if sort == "name" { "" } else { &sort });
    view! {
        <p class="govuk-body">{format!("{} {}", thousands(total), if total == 1 { "agency" } else { "agencies" })}</p>
        <Table caption="Agencies" caption_hidden=true head rows=table stacked=true/>
        <Pagination href page=query.page pages=total.div_ceil(AGENCIES_PER_PAGE)/>
    }
}

/// GET /office/agencies/{id}
pub async fn agency_page(visit: Visit, Path(id): Path<AgencyId>) -> PageResult {
    let agency = store::agency_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let (confirmed, claimed) = store::membership_counts(id, visit.db()).await?;
    let contacts = store::agency_contacts(id, visit.db()).await?;
    let history = audit_list(Subject { kind: "agency", id: id.0 }, visit.db()).await?;
    let page = Page::new(agency.name.clone()).back("/office/agencies", "Agencies");
    Ok(visit.page(page, move || {
        let members = match claimed {
            0 => format!("{} confirmed", thousands(confirmed)),
            waiting => format!("{} confirmed, {} waiting to be confirmed", thousands(confirmed), thousands(waiting)),
        };
        let edit = format!("/office/agencies/{id}/edit");
        let given = |text: &Option<String>| text.clone().unwrap_or_else(|| "Not given".to_owned());
        let yes = |is: bool| if is { "Yes" } else { "No" };
        let rows = vec![
            SummaryRow::new("Kind", agency.agency_type.label()).change(edit.clone()),
            SummaryRow::new("Sector named beside quotes", agency.sector.clone()).change(edit.clone()),
            SummaryRow::new("Mail domain", given(&agency.mail_domain)).change(edit.clone()),
            SummaryRow::new("Invoices go to", given(&agency.billing_name)).change(edit.clone()),
            SummaryRow::new("Billing address", given(&agency.billing_address)).change(edit.clone()),
            SummaryRow::new("Cost code", given(&agency.cost_code)).change(edit.clone()),
            SummaryRow::new("Same legal body as the board", yes(agency.same_legal_body)).change(edit.clone()),
            SummaryRow::new("Its training lead approves bookings", yes(agency.needs_approval)).change(edit.clone()),
            SummaryRow::new("Its training leads get copies of mails", yes(agency.copy_leads)).change(edit),
            SummaryRow::new("Members", members),
        ];
        view! {
            <Heading text=agency.name.clone()/>
            <Closing agency=agency.clone()/>
            <SummaryList rows/>
            <Contacts contacts/>
            <History history/>
        }
        .into_any()
    }))
}

#[component]
fn Closing(agency: agency::Model) -> impl IntoView {
    match agency.closed_at {
        Some(at) => view! {
            <InsetText>
                <Tag text="Closed"/> " "
                {format!("Since {}. Nobody can choose it; everything that names it is still there.", day_text(london_day(at)))}
            </InsetText>
            <PostButton action=format!("/office/agencies/{}/reopen", agency.id) text="Open it again" kind=ButtonKind::Secondary/>
        }
        .into_any(),
        None => view! {
            <p class="govuk-body">
                <a class="govuk-link" href=format!("/office/agencies/{}/close", agency.id)>"Close this agency"</a>
            </p>
        }
        .into_any(),
    }
}

#[component]
fn Contacts(contacts: Vec<(role::Model, person::Model)>) -> impl IntoView {
    let list = if contacts.is_empty() {
        view! {
            <p class="govuk-body">
                "None yet. Open a person in " <a class="govuk-link" href="/office/people">"People"</a>
                " and give them the role for this agency."
            </p>
        }
        .into_any()
    } else {
        let items: Vec<_> = contacts
            .into_iter()
            .map(|(role, person)| {
                view! {
                    <li>
                        <a class="govuk-link" href=format!("/office/people/{}", person.id)>{person.name}</a>
                        ", " {role.role.label().to_lowercase()}
                    </li>
                }
            })
            .collect();
        view! { <ul class="govuk-list">{items}</ul> }.into_any()
    };
    view! { <Heading text="Training leads and billing contacts" level=2 size=Size::M/> {list} }
}

#[component]
fn History(history: Vec<audit::Model>) -> impl IntoView {
    let items: Vec<_> = history
        .into_iter()
        .take(50)
        .map(|row| view! { <li>{format!("{}: {}", short_moment_text(row.at), row.sentence)}</li> })
        .collect();
    (!items.is_empty()).then(|| {
        view! { <Details summary="What was changed"><ul class="govuk-list">{items}</ul></Details> }
    })
}
