//! The list of people.

use crate::{
    accounts::{
        rules::Role,
        store::{self, PEOPLE_PER_PAGE, PeopleQuery, PersonRow},
    },
    calendar::rules::{london_day, short_day_text},
    web::{
        components::*,
        error::PageResult,
        form::FormState,
        page::Page,
        search::{FIND, Search, WORDS},
        visit::Visit,
    },
};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

/// Beyond this nobody turns pages.
const LAST_PAGE: u64 = 10_000;

fn address(query: &PeopleQuery, key: &str, sort: &str) -> String {
    let role = query.role.map(Role::value).unwrap_or_default();
    let all = [(FIND, key), ("role", role), ("sort", sort)];
    let set: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(set).unwrap_or_default() {
        query if query.is_empty() => "/office/people".to_owned(),
        query => format!("/office/people?{query}"),
    }
}

/// GET /office/people
pub async fn people_list_page(visit: Visit, jar: CookieJar) -> PageResult {
    let Search { words, key } = Search::of(&visit, &jar);
    let query = PeopleQuery {
        search: words,
        role: Role::parse(&visit.parameter("role")),
        newest_first: visit.parameter("sort") == "newest",
        page: visit.parameter("page").parse().unwrap_or(1).clamp(1, LAST_PAGE),
    };
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
            view! { <PeopleTable query=query.clone() key rows total/> }.into_any()
        };
        view! {
            <Heading text="People"/>
            <ButtonLink href="/office/people/new" text="Add a person"/>
            <FilterPanel action="/office/people" summary="Search and filter" button="Show" open=active active post=true>
                <TextInput label="Name or email address" name=WORDS kind="search"/>
                <Select label="Role" name="role" options=roles empty="Any"/>
            </FilterPanel>
            {list}
        }
        .into_any()
    }))
}

#[component]
fn PeopleTable(query: PeopleQuery, key: String, rows: Vec<PersonRow>, total: u64) -> impl IntoView {
    let (by_name, by_age) =
        if query.newest_first { (None, Some(Direction::Descending)) } else { (Some(Direction::Ascending), None) };
    let head = vec![
        Head::text("Name").sortable(address(&query, &key, ""), by_name),
        Head::text("Main address"),
        Head::text("Roles"),
        Head::text("Here since").sortable(address(&query, &key, "newest"), by_age),
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
    let href = address(&query, &key, if query.newest_first { "newest" } else { "" });
    view! {
        <p class="govuk-body">{format!("{} {}", thousands(total), if total == 1 { "person" } else { "people" })}</p>
        <Table caption="People" caption_hidden=true head rows=table stacked=true/>
        <Pagination href page=query.page pages=total.div_ceil(PEOPLE_PER_PAGE)/>
    }
}
