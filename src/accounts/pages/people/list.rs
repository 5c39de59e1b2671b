//! The list of people.

use crate::{
    accounts::{
        rules::Role,
        store::{self, PEOPLE_PER_PAGE, PeopleOrder, PeopleQuery, PersonRow},
    },
    calendar::rules::{london_day, short_day_text},
    web::{
        components::*,
        error::PageResult,
        form::FormState,
        page::Page,
        search::{Search, WORDS},
        sorting::Sorting,
        visit::Visit,
    },
};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

const ORDERS: [(&str, PeopleOrder); 2] = [("name", PeopleOrder::Name), ("since", PeopleOrder::Since)];

/// GET /office/people
pub async fn people_list_page(visit: Visit, jar: CookieJar) -> PageResult {
    let sorting = Sorting::read(&visit, &ORDERS, PeopleOrder::Name, false);
    let query = PeopleQuery {
        search: Search::of(&visit, &jar).words,
        role: Role::parse(&visit.parameter("role")),
        order: sorting.by,
        descending: sorting.descending,
        page: visit.page_number(),
    };
    let href = visit.address_without(&["page"]);
    let (rows, total) = store::people_page(&query, visit.db()).await?;
    let form = FormState::default()
        .with_value(WORDS, query.search.clone())
        .with_value("role", query.role.map(Role::value).unwrap_or_default());
    Ok(visit.page(Page::new("People").back("/office", "Office").form(form).wide(), move || {
        let roles = Role::ALL.into_iter().map(|role| Choice::new(role.value(), role.label())).collect();
        let active = !query.search.is_empty() || query.role.is_some();
        let list = if rows.is_empty() {
            view! {
                <EmptyState heading="Nobody matches">
                    <p class="govuk-body">
                        "Try part of a name or of an address. "
                        <a class="govuk-link" href="/office/people">"Show everybody"</a>
                    </p>
                </EmptyState>
            }
            .into_any()
        } else {
            view! {
                <PeopleTable sorting=sorting.clone() rows total/>
                <Pagination href page=query.page pages=total.div_ceil(PEOPLE_PER_PAGE)/>
            }
            .into_any()
        };
        view! {
            <Heading text="People"/>
            <ButtonLink href="/office/people/new" text="Add a person"/>
            <FilterPanel action="/office/people" summary="Search and filter" button="Show" open=active active post=true>
                {sorting.fields()}
                <TextInput label="Name or email address" name=WORDS kind="search"/>
                <Select label="Role" name="role" options=roles empty="Any"/>
            </FilterPanel>
            {list}
        }
        .into_any()
    }))
}

#[component]
fn PeopleTable(sorting: Sorting<PeopleOrder>, rows: Vec<PersonRow>, total: u64) -> impl IntoView {
    let head = vec![
        sorting.head(Head::text("Name"), PeopleOrder::Name),
        Head::text("Main address"),
        Head::text("Roles"),
        sorting.head_latest(Head::text("Here since"), PeopleOrder::Since),
    ];
    let table = rows
        .into_iter()
        .map(|row| {
            let roles: Vec<&str> = row.roles.iter().map(|role| role.label()).collect();
            vec![
                Cell::link(format!("/office/people/{}", row.person.id), row.person.name),
                Cell::text(row.address.unwrap_or_default()),
                Cell::text(roles.join(", ")),
                Cell::text(short_day_text(london_day(row.person.created_at))),
            ]
        })
        .collect();
    view! {
        <p class="govuk-body">{format!("{} {}", thousands(total), if total == 1 { "person" } else { "people" })}</p>
        <Table caption="People" caption_hidden=true head rows=table stacked=true/>
    }
}
