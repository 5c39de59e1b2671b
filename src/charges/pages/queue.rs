//! GET /office/charges: the office's queue.

use super::{pages_of, state_tag};
use crate::{
    accounts::{rules::PersonId, store::person_get},
    calendar::rules::{london_day, short_day_text},
    charges::{
        rules::{ChargeState, LISTED_STATES, PayerKind, pounds_text, state_text, state_word, trigger_text},
        store::{ChargeFilter, ChargeLine, ChargeSort, charge_counts, charge_list, charge_list_to_notify},
    },
    web::{
        components::*,
        error::PageResult,
        page::Page,
        search::{FIND, Search, WORDS},
        visit::Visit,
    },
};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

const SORTS: [(&str, ChargeSort); 5] = [
    ("proposed", ChargeSort::Proposed),
    ("person", ChargeSort::Person),
    ("payer", ChargeSort::Payer),
    ("amount", ChargeSort::Amount),
    ("lapses", ChargeSort::Lapses),
];

/// What the address asks for; what it does not say, or says wrongly, is the default.
struct Asked {
    state: String,
    search: Search,
    person: Option<PersonId>,
    sort: &'static str,
    descending: bool,
    page: u64,
}

impl Asked {
    fn read(visit: &Visit, search: Search) -> Self {
        let sort = visit.parameter("sort");
        let sort = SORTS.iter().find(|(word, _)| *word == sort).map_or("lapses", |(word, _)| word);
        let state = visit.parameter("state");
        let known = LISTED_STATES.iter().any(|listed| state_word(*listed) == state) || state == "all";
        Self {
            state: if known { state } else { state_word(ChargeState::Proposed) },
            search,
            person: visit.parameter("person").parse().ok().map(PersonId),
            sort,
            descending: visit.parameter("order") == "down",
            page: visit.page_number(),
        }
    }

    fn filter(&self) -> ChargeFilter {
        ChargeFilter {
            state: LISTED_STATES.into_iter().find(|listed| state_word(*listed) == self.state),
            person: self.person,
            search: self.search.words.clone(),
            sort: SORTS.iter().find(|(word, _)| *word == self.sort).map_or(ChargeSort::Lapses, |(_, sort)| *sort),
            descending: self.descending,
        }
    }

    fn address(&self, sort: &str, descending: bool) -> String {
        let order = if descending { "down" } else { "up" };
        let person = self.person.map(|person| person.to_string()).unwrap_or_default();
        let mut parts = vec![("state", self.state.as_str()), ("sort", sort), ("order", order)];
        let chosen = [(FIND, self.search.key.as_str()), ("person", person.as_str())];
        parts.extend(chosen.into_iter().filter(|(_, value)| !value.is_empty()));
        format!("/office/charges?{}", serde_urlencoded::to_string(parts).unwrap_or_default())
    }

    fn head(&self, text: &str, sort: &str) -> Head {
        let direction = (self.sort == sort).then_some(match self.descending {
            true => Direction::Descending,
            false => Direction::Ascending,
        });
        Head::text(text).sortable(self.address(sort, self.sort == sort && !self.descending), direction)
    }
}

/// GET /office/charges
pub async fn queue_page(visit: Visit, jar: CookieJar) -> PageResult {
    let asked = Asked::read(&visit, Search::of(&visit, &jar));
    let counts = charge_counts(visit.db()).await?;
    let (lines, count) = charge_list(&asked.filter(), asked.page, visit.db()).await?;
    let whose = match asked.person {
        Some(person) => person_get(person, visit.db()).await?.map(|person| person.name),
        None => None,
    };
    let page = Page::new("Charges").back("/office", "Office").wide();
    Ok(visit.page(page, move || {
        let tabs = LISTED_STATES
            .into_iter()
            .map(|state| {
                let count = counts.get(&state).copied().unwrap_or(0);
                let word = state_word(state);
                let text = format!("{} ({})", state_text(state), thousands(count));
                NavItem::new(format!("/office/charges?state={word}"), text, asked.state == word)
            })
            .chain([NavItem::new("/office/charges?state=all", "All", asked.state == "all")])
            .collect();
        let may_notify = asked.state == "proposed" && count > 0;
        let is_searched = !asked.search.words.is_empty();
        let href = asked.address(asked.sort, asked.descending);
        let (state, search, number) = (asked.state.clone(), asked.search.words.clone(), asked.page);
        let only_person = whose.map(|name| {
            view! {
                <p class="govuk-body">
                    {format!("Only for places of {name}. ")}
                    <a class="govuk-link" href="/office/charges?state=all">"Show all"</a>
                </p>
            }
        });
        let person = asked.person.map(|person| view! { <Hidden name="person" value=person.to_string()/> });
        view! {
            <Heading text="Charges" caption="Places that were held and not used"/>
            <TabsNav label="States" items=tabs/>
            {only_person}
            <FilterPanel action="/office/charges" summary="Search charges" button="Search" active=is_searched post=true>
                <Hidden name="state" value=state/>
                {person}
                <TextInput label="Person, payer or reference" name=WORDS kind="search" value=search/>
            </FilterPanel>
            {may_notify.then(|| view! { <ButtonLink href="/office/charges/notify" text="Notify all that are ready"/> })}
            {if lines.is_empty() {
                empty_view(&asked).into_any()
            } else {
                table_view(&asked, lines).into_any()
            }}
            <Pagination href page=number pages=pages_of(count)/>
            <p class="govuk-body"><a class="govuk-link" href="/office/policy">"Charging policy and suspensions"</a></p>
        }
        .into_any()
    }))
}

fn empty_view(asked: &Asked) -> AnyView {
    let (heading, next) = match (asked.search.words.is_empty(), asked.state.as_str()) {
        (false, _) => ("No charge matches", "Try part of a name, another state, or the reference from a mail."),
        (true, "proposed") => {
            ("Nothing to do", "Charges are proposed here when a register is submitted or a place is given back late.")
        }
        _ => ("None", "Charges come here as the office decides about them."),
    };
    view! { <EmptyState heading><p class="govuk-body">{next}</p></EmptyState> }.into_any()
}

fn table_view(asked: &Asked, lines: Vec<ChargeLine>) -> AnyView {
    let head = vec![
        asked.head("Person", "person"),
        Head::text("For"),
        asked.head("Payer", "payer"),
        asked.head("Amount", "amount"),
        asked.head("Proposed", "proposed"),
        asked.head("Notify by", "lapses"),
        Head::text("State"),
    ];
    let rows = lines
        .into_iter()
        .map(|line| {
            let payer = match line.payer_kind {
                PayerKind::Undecided => format!("To be decided: {}", line.payer_name),
                _ => line.payer_name,
            };
            vec![
                Cell::link(format!("/office/charges/{}", line.reference), line.person_name),
                Cell::text(format!("{}: {}", trigger_text(line.trigger), line.course_title)),
                Cell::text(payer),
                Cell::number(pounds_text(line.amount_pence)),
                Cell::text(short_day_text(london_day(line.proposed_at))),
                Cell::text(short_day_text(london_day(line.lapses_at))),
                Cell::view(state_tag(line.state)),
            ]
        })
        .collect();
    view! { <Table caption="Charges" head rows caption_hidden=true stacked=true/> }.into_any()
}

/// GET /office/charges/notify: shows what will be sent before it is sent.
pub async fn notify_page(visit: Visit) -> PageResult {
    let lines = charge_list_to_notify(visit.now, visit.db()).await?;
    let page = Page::new("Notify charges").back("/office/charges", "Charges");
    Ok(visit.page(page, move || {
        let references: Vec<(String, String)> =
            lines.iter().map(|line| ("reference".to_owned(), line.reference.clone())).collect();
        let count = lines.len();
        let total: i64 = lines.iter().map(|line| line.amount_pence).sum();
        let rows: Vec<Vec<Cell>> = lines
            .into_iter()
            .map(|line| {
                vec![
                    Cell::link(format!("/office/charges/{}", line.reference), line.person_name),
                    Cell::text(trigger_text(line.trigger)),
                    Cell::text(line.payer_name),
                    Cell::number(pounds_text(line.amount_pence)),
                ]
            })
            .collect();
        if rows.is_empty() {
            return view! {
                <Heading text="Notify charges"/>
                <EmptyState heading="No charge is ready">
                    <p class="govuk-body">"A charge is ready when its payer is known and its time to notify has not passed."</p>
                </EmptyState>
            }
            .into_any();
        }
        let head = vec![Head::text("Person"), Head::text("For"), Head::text("Payer"), Head::number("Amount")];
        view! {
            <Heading text="Notify charges"/>
            <p class="govuk-body">
                {format!("{count} {}, {} together. ", if count == 1 { "charge" } else { "charges" }, pounds_text(total))}
                "Learners and payers are told by email, and the registers behind the charges are locked. Nothing is due before somebody confirms."
            </p>
            <Table caption="Charges that are ready" head rows stacked=true/>
            <PostForm action="/office/charges/notify" hidden=references>
                <Button text="Tell learners and payers"/>
            </PostForm>
        }
        .into_any()
    }))
}
