//! People who walked in, added without leaving the register: they are looked for first, so that nobody gets a second
//! record. What is typed stays in its fields until somebody was added.

use super::{AgencyChoice, FoundPerson, sheet::Sheet};
use leptos::prelude::*;

/// The form for a search.
const SEARCH_FORM: &str = "walk-in-search-form";
/// The form for somebody new.
const NEW_FORM: &str = "walk-in-new-form";
/// The button that opens and closes the panel.
const OPENER: &str = "walk-in-open";

/// The field in which somebody known says for whom they have come.
pub(super) fn known_agency(person: i64) -> String {
    format!("agency-{person}")
}

/// The form with that field.
fn known_form(person: i64) -> String {
    format!("walk-in-known-{person}")
}

/// What the panel shows.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser searches and adds"))]
struct Panel {
    sheet: Sheet,
    open: RwSignal<bool>,
    /// None before the first search.
    found: RwSignal<Option<Vec<FoundPerson>>>,
    /// Agencies with their ids; they come with the first answer.
    agencies: RwSignal<Vec<(String, String)>>,
    /// What is wrong, by field; without a field it is about the whole panel.
    wrong: RwSignal<Vec<(String, String)>>,
    /// Made with each wish to add somebody, and kept until the server has answered it.
    nonce: RwSignal<String>,
}

/// The way to add somebody: a page of its own, or a panel where the browser runs the island.
pub(super) fn add_link(page: String, sheet: Sheet) -> AnyView {
    let panel = Panel {
        sheet,
        open: RwSignal::new(false),
        found: RwSignal::new(None),
        agencies: RwSignal::new(Vec::new()),
        wrong: RwSignal::new(Vec::new()),
        nonce: RwSignal::new(String::new()),
    };
    let shown = move || {
        if sheet.live.get() && sheet.may.save_each {
            panel_view(panel)
        } else {
            let page = page.clone();
            view! {
                <p class="govuk-body"><a class="govuk-link" href=page>"Add somebody who is not on the list"</a></p>
            }
            .into_any()
        }
    };
    view! { <div class="register__walk-in">{shown}</div> }.into_any()
}

fn panel_view(panel: Panel) -> AnyView {
    view! {
        <button
            type="button"
            class="govuk-button govuk-button--secondary"
            id=OPENER
            aria-expanded=move || if panel.open.get() { "true" } else { "false" }
            aria-controls="walk-in-panel"
            on:click=move |_| panel.turn()
        >
            "Add somebody who is not on the list"
        </button>
        <section class="register__panel" id="walk-in-panel" aria-labelledby="walk-in-heading" hidden=move || !panel.open.get()>
            <h2 class="govuk-heading-m" id="walk-in-heading">"Add somebody who has come"</h2>
            <div role="alert">{move || wrong_view(panel, "")}</div>
            <form id=SEARCH_FORM novalidate on:submit=move |event| { event.prevent_default(); panel.search(); }>
                {text_field(
                    panel,
                    "search",
                    "Find them by name or email address",
                    "At least 3 letters of the name, or the whole address. Many people are known here already.",
                )}
                <button type="submit" class="govuk-button">"Search"</button>
            </form>
            {move || panel.found.get().map(|found| found_view(found, panel))}
            <form
                id=NEW_FORM
                novalidate
                hidden=move || panel.found.with(Option::is_none)
                on:submit=move |event| { event.prevent_default(); panel.add(None); }
            >
                <h3 class="govuk-heading-s">"Somebody else"</h3>
                {text_field(panel, "name", "Full name", "")}
                {text_field(
                    panel,
                    "email",
                    "Email address (optional)",
                    "For the survey after the session. They can also answer with the code in the room.",
                )}
                {text_field(panel, "job_role", "What they do (optional)", "For example, health visitor")}
                {field(panel, "agency", "Agency (optional)", "", view! {
                    <select class="govuk-select" id="walk-in-agency" name="agency" aria-describedby="walk-in-agency-help">
                        <option value="">"Not known or not in this list"</option>
                        {move || {
                            let options = panel.agencies.get().into_iter();
                            options.map(|(id, name)| view! { <option value=id>{name}</option> }).collect::<Vec<_>>()
                        }}
                    </select>
                }.into_any())}
                <button type="submit" class="govuk-button">"Add to the register"</button>
            </form>
            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| panel.turn()>
                "Close"
            </button>
        </section>
    }
    .into_any()
}

fn text_field(panel: Panel, name: &'static str, label: &'static str, hint: &'static str) -> AnyView {
    let kind = match name {
        "search" => "search",
        "email" => "email",
        _ => "text",
    };
    let input = view! {
        <input
            class="govuk-input"
            id=format!("walk-in-{name}")
            name=name
            type=kind
            autocomplete="off"
            maxlength="200"
            aria-describedby=format!("walk-in-{name}-help")
        />
    };
    field(panel, name, label, hint, input.into_any())
}

/// A field with its label, its hint and, in the same place, what is wrong with it.
fn field(panel: Panel, name: &'static str, label: &'static str, hint: &'static str, input: AnyView) -> AnyView {
    view! {
        <div class="govuk-form-group" class:govuk-form-group--error=move || panel.problem(name).is_some()>
            <label class="govuk-label" for=format!("walk-in-{name}")>{label}</label>
            <div id=format!("walk-in-{name}-help")>
                {(!hint.is_empty()).then(|| view! { <p class="govuk-hint">{hint}</p> })}
                {move || wrong_view(panel, name)}
            </div>
            {input}
        </div>
    }
    .into_any()
}

fn wrong_view(panel: Panel, name: &str) -> Option<AnyView> {
    panel.problem(name).map(|problem| {
        view! { <p class="govuk-error-message"><span class="govuk-visually-hidden">"Error: "</span>{problem}</p> }
            .into_any()
    })
}

fn found_view(found: Vec<FoundPerson>, panel: Panel) -> AnyView {
    if found.is_empty() {
        return view! {
            <p class="govuk-body">"Nobody found. Check the spelling, or add them below as a new person."</p>
        }
        .into_any();
    }
    let rows = found.into_iter().map(|found| found_row(found, panel)).collect::<Vec<_>>();
    view! { <ul class="govuk-list register__found">{rows}</ul> }.into_any()
}

fn found_row(found: FoundPerson, panel: Panel) -> AnyView {
    let FoundPerson { person, name, agency, on_register, asks, choices } = found;
    let about = format!(" {name}");
    let add = if on_register {
        view! { <strong class="govuk-tag">"On the register"</strong> }.into_any()
    } else if asks {
        for_whom_view(person, &name, choices, panel)
    } else {
        view! {
            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| panel.add(Some(person))>
                "Add"<span class="govuk-visually-hidden">{about}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <li class="register__found-person">
            <span><span class="register__name">{name}</span>" "<span class="register__detail">{agency}</span></span>
            {add}
        </li>
    }
    .into_any()
}

/// The question for whom somebody has come who works for several agencies, and the button that adds them.
fn for_whom_view(person: i64, name: &str, choices: Vec<AgencyChoice>, panel: Panel) -> AnyView {
    let field = known_agency(person);
    let id = format!("walk-in-{field}");
    let help = format!("{id}-help");
    let has_own = !choices.is_empty();
    let own = choices.into_iter().map(|choice| (choice.id, choice.name)).collect::<Vec<_>>();
    let options = move || {
        let listed = if has_own { own.clone() } else { panel.agencies.get() };
        listed.into_iter().map(|(id, name)| view! { <option value=id>{name}</option> }).collect::<Vec<_>>()
    };
    view! {
        <form
            id=known_form(person)
            novalidate
            on:submit=move |event| { event.prevent_default(); panel.add(Some(person)); }
        >
            <label class="govuk-label" for=id.clone()>{format!("Who has {name} come for?")}</label>
            <div id=help.clone()>{move || wrong_view(panel, &field)}</div>
            <select class="govuk-select" id=id name="agency" aria-describedby=help>
                <option value="">"Choose an agency"</option>
                {options}
                <option value="none">"None of these, or for themselves"</option>
            </select>
            <button type="submit" class="govuk-button govuk-button--secondary">
                "Add"<span class="govuk-visually-hidden">{format!(" {name}")}</span>
            </button>
        </form>
    }
    .into_any()
}

impl Panel {
    fn problem(self, field: &str) -> Option<String> {
        let of_field = |wrong: &Vec<(String, String)>| wrong.iter().find(|(name, _)| name == field).cloned();
        self.wrong.with(of_field).map(|(_, problem)| problem)
    }
}

/// What is not compiled for the browser renders no panel that could be used.
#[cfg(not(feature = "hydrate"))]
impl Panel {
    fn turn(self) {}

    fn search(self) {}

    fn add(self, _person: Option<i64>) {}
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{NEW_FORM, OPENER, Panel, SEARCH_FORM, known_form};
    use crate::attendance::{
        islands::{
            AgencyChoice, FoundPerson, queue,
            wire::{Answer, ask, focus, form, reset},
        },
        rules::Mark,
    };
    use leptos::{prelude::*, task::spawn_local};

    const UNREACHABLE: &str = "There is no connection. What you typed is kept: try again when there is one.";

    impl Panel {
        /// Opens or closes it; the focus goes in, and back.
        pub(super) fn turn(self) {
            self.put(!self.open.get_untracked());
        }

        fn put(self, opens: bool) {
            self.open.set(opens);
            // The panel can take the focus once it is shown, which is after this.
            spawn_local(async move { focus(if opens { "walk-in-search" } else { OPENER }) });
        }

        /// Looks for what is typed.
        pub(super) fn search(self) {
            spawn_local(async move {
                let date = self.sheet.date.to_string();
                let answer = ask("/api/register/people", form(SEARCH_FORM), &[("date", &date)]).await;
                let Some(answer) = self.without_problems(answer) else { return };
                if self.agencies.with_untracked(Vec::is_empty) {
                    let agencies = answer.list("agencies");
                    self.agencies.set(agencies.iter().map(|row| (row.text("id"), row.text("name"))).collect());
                }
                let found: Vec<_> = answer.list("found").iter().map(found).collect();
                self.sheet.said.set(match found.len() {
                    0 => "Nobody found".to_owned(),
                    1 => "1 person found".to_owned(),
                    count => format!("{count} people found"),
                });
                self.found.set(Some(found));
            });
        }

        /// Adds somebody who was found, or else who was typed.
        pub(super) fn add(self, person: Option<i64>) {
            if self.nonce.with_untracked(String::is_empty) {
                self.nonce.set(queue::nonce_after(None));
            }
            spawn_local(async move {
                let (date, nonce) = (self.sheet.date.to_string(), self.nonce.get_untracked());
                let chosen = person.map(|person| person.to_string());
                // Somebody known has a form only where they have to be asked for whom they have come.
                let typed = match person {
                    Some(person) => form(&known_form(person)),
                    None => form(NEW_FORM),
                };
                let mut fields = vec![("date", &*date), ("nonce", &*nonce)];
                fields.extend(chosen.as_deref().map(|person| ("person", person)));
                let answer = ask("/api/register/walk-in", typed, &fields).await;
                if answer.is_some() {
                    self.nonce.set(String::new());
                }
                let Some(added) = self.without_problems(answer).and_then(|answer| answer.part("added")) else { return };
                self.show(&added);
            });
        }

        fn show(self, added: &Answer) {
            let person = added.person();
            self.sheet.said.set(format!("{}: present, added to the register", person.name));
            let is_new = self.sheet.marks.with_untracked(|marks| marks.iter().all(|mark| mark.0 != person.booking));
            self.sheet.note_saved(person.booking, Mark::Present);
            self.sheet.show(person.booking, Mark::Present);
            if is_new {
                self.sheet.added.update(|added| added.push(person));
            }
            reset(SEARCH_FORM);
            reset(NEW_FORM);
            self.found.set(None);
            self.put(false);
        }

        /// The answer, if nothing is wrong; else the problems are shown, and the first field that has one gets the
        /// focus.
        fn without_problems(self, answer: Option<Answer>) -> Option<Answer> {
            let problems = match &answer {
                None => vec![(String::new(), UNREACHABLE.to_owned())],
                Some(answer) => {
                    answer.list("problems").iter().map(|row| (row.text("field"), row.text("sentence"))).collect()
                }
            };
            let first = problems.first().map(|(field, _)| format!("walk-in-{field}"));
            self.wrong.set(problems);
            match first {
                None => answer,
                Some(first) => {
                    focus(&first);
                    None
                }
            }
        }
    }

    fn found(row: &Answer) -> FoundPerson {
        FoundPerson {
            person: row.id("person"),
            name: row.text("name"),
            agency: row.text("agency"),
            on_register: row.is("on_register"),
            asks: row.is("asks"),
            choices: row.list("choices").iter().map(choice).collect(),
        }
    }

    fn choice(row: &Answer) -> AgencyChoice {
        AgencyChoice { id: row.text("id"), name: row.text("name") }
    }
}
