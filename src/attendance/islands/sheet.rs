//! The sheet: one card per person, the same radio buttons with and without JavaScript.

use super::{card::person_card, sending::Outgoing, walk_in::add_link};
use crate::attendance::rules::{Mark, counter_text};
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

/// A register as the island gets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterSheet {
    /// The session date's id.
    pub date: i64,
    /// Where the form is posted.
    pub action: String,
    /// The form's request id.
    pub request_id: String,
    /// Whether marks can be changed at all.
    pub can_write: bool,
    /// Whether people who walked in can be added.
    pub can_add: bool,
    /// Whether the office looks, who alone marks "excused".
    pub is_office: bool,
    /// Whether the register is locked, so that a change needs a reason and is not saved by itself.
    pub needs_reason: bool,
    /// The reason as typed.
    pub reason: String,
    /// Whether it was submitted before.
    pub submitted: bool,
    /// From when it can be submitted, where that is still to come: the moment in words.
    pub submit_from: String,
    /// The seconds until then, so that the button comes by itself.
    pub submit_in_seconds: u64,
    /// Everybody on it.
    pub people: Vec<SheetPerson>,
}

/// One person on the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPerson {
    /// The booking's id.
    pub booking: i64,
    /// Their name.
    pub name: String,
    /// Where they work and what they do.
    pub detail: String,
    /// Added on the day.
    pub walk_in: bool,
    /// What the register says.
    pub mark: Mark,
    /// Minutes late as typed.
    pub minutes: String,
    /// What is wrong with the minutes.
    pub error: String,
}

/// A mark that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    booking: i64,
    name: String,
    before: Mark,
    minutes: Option<i32>,
}

/// Everything that changes on the sheet.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    /// The session date's id.
    pub date: i64,
    /// What each card is: who may do what.
    pub may: May,
    /// The mark of each booking, in no order.
    pub marks: RwSignal<Vec<(i64, Mark)>>,
    /// What the server has of each: a mark that it refuses goes back to it.
    pub saved: RwSignal<Vec<(i64, Mark)>>,
    /// People who were added on this page.
    pub added: RwSignal<Vec<SheetPerson>>,
    /// What is looked for.
    pub search: RwSignal<String>,
    /// What is read out.
    pub said: RwSignal<String>,
    /// Whether the browser runs the island.
    pub live: RwSignal<bool>,
    /// Whether it can be submitted now.
    pub started: RwSignal<bool>,
    undo: RwSignal<Vec<Made>>,
    /// What is on its way or waits for it.
    pub outgoing: Outgoing,
}

/// What may be done with the marks.
#[derive(Clone, Copy)]
pub(super) struct May {
    /// Change them.
    pub write: bool,
    /// Excuse somebody.
    pub excuse: bool,
    /// Save each by itself.
    pub save_each: bool,
}

impl Sheet {
    fn of(sheet: &RegisterSheet) -> Self {
        let marks: Vec<_> = sheet.people.iter().map(|person| (person.booking, person.mark)).collect();
        Self {
            date: sheet.date,
            may: May {
                write: sheet.can_write,
                excuse: sheet.is_office,
                save_each: sheet.can_write && !sheet.needs_reason,
            },
            marks: RwSignal::new(marks.clone()),
            saved: RwSignal::new(marks),
            added: RwSignal::new(Vec::new()),
            search: RwSignal::new(String::new()),
            said: RwSignal::new(String::new()),
            live: RwSignal::new(false),
            started: RwSignal::new(sheet.submit_from.is_empty()),
            undo: RwSignal::new(Vec::new()),
            outgoing: Outgoing::new(),
        }
    }

    /// What the register says of a booking.
    pub fn mark(self, booking: i64) -> Mark {
        self.marks.with(|marks| mark_in(marks, booking))
    }

    /// Records a mark here at once, and on the server as soon as it can be reached. `minutes` as typed: they belong to
    /// somebody who is late.
    pub fn choose(self, booking: i64, name: &str, mark: Mark, minutes: Option<i32>) {
        let before = self.marks.with_untracked(|marks| mark_in(marks, booking));
        let minutes_of = |of: Mark| minutes.filter(|_| of == Mark::Late);
        if before != mark {
            let made = Made { booking, name: name.to_owned(), before, minutes: minutes_of(before) };
            self.undo.update(|undo| undo.push(made));
        }
        self.put(booking, name, mark, minutes_of(mark));
    }

    /// Shows a mark.
    pub fn show(self, booking: i64, mark: Mark) {
        self.marks.update(|marks| set_mark(marks, booking, mark));
    }

    /// Notes what the server has of somebody, who may be new here.
    pub fn note_saved(self, booking: i64, mark: Mark) {
        self.saved.update(|marks| set_mark(marks, booking, mark));
    }

    /// What begins once the browser has everything.
    #[cfg(feature = "hydrate")]
    fn wake(self, submit_in_seconds: u64) {
        spawn_local(async move {
            self.live.set(true);
            if !self.started.get_untracked() {
                set_timeout(move || self.started.set(true), std::time::Duration::from_secs(submit_in_seconds));
            }
            if self.may.save_each {
                self.send_from_now_on().await;
            }
        });
    }

    fn take_back(self) {
        if let Some(last) = self.undo.try_update(Vec::pop).flatten() {
            self.put(last.booking, &last.name, last.before, last.minutes);
        }
    }
}

/// The mark of a booking; none where nothing is known of it.
pub(super) fn mark_in(marks: &[(i64, Mark)], booking: i64) -> Mark {
    marks.iter().find(|entry| entry.0 == booking).map_or(Mark::Unmarked, |entry| entry.1)
}

fn set_mark(marks: &mut Vec<(i64, Mark)>, booking: i64, mark: Mark) {
    match marks.iter_mut().find(|entry| entry.0 == booking) {
        Some(entry) => entry.1 = mark,
        None => marks.push((booking, mark)),
    }
}

/// The register that the page gave, or, in the browser, that it brought.
fn sheet_given() -> RegisterSheet {
    #[cfg(feature = "hydrate")]
    return super::wire::sheet_of_page();
    #[cfg(not(feature = "hydrate"))]
    use_context().unwrap_or_default()
}

/// The register: a form that also saves each mark by itself where the browser runs it. The page gives it a
/// `RegisterSheet` as context and, for the browser, in the element `SHEET_ID`.
#[island]
pub fn RegisterIsland() -> impl IntoView {
    let sheet = sheet_given();
    let state = Sheet::of(&sheet);
    #[cfg(feature = "hydrate")]
    state.wake(sheet.submit_in_seconds);
    let May { write, save_each, .. } = state.may;
    let people: Vec<_> = sheet.people.into_iter().map(|person| person_card(person, state)).collect();
    let needs_reason = sheet.needs_reason;
    let submitted = sheet.submitted;
    let submit_from = sheet.submit_from;
    let sheet_view = view! {
        <input type="hidden" name="request_id" value=sheet.request_id/>
        <div class="register__bar">
            <p class="register__counter">
                {move || state.marks.with(|marks| {
                    let marked = marks.iter().filter(|entry| entry.1 != Mark::Unmarked).count();
                    counter_text(marked, marks.len())
                })}
            </p>
            {move || (state.live.get() && save_each).then(|| view! {
                <button
                    type="button"
                    class="govuk-button govuk-button--secondary register__undo"
                    disabled=move || state.undo.with(Vec::is_empty)
                    on:click=move |_| state.take_back()
                >
                    "Undo last mark"
                </button>
            })}
            <p class="register__status" role="status">{move || state.said.get()}</p>
        </div>
        <div class="register__offline" role="alert">
            {move || {
                let count = state.outgoing.waiting.get();
                (count > 0 && !state.outgoing.fresh.get()).then(|| view! {
                    <p class="register__offline-text">
                        {if count == 1 { "1 mark is".to_owned() } else { format!("{count} marks are") }}
                        " kept on this device and will be sent when there is a connection. Keep this page open."
                    </p>
                })
            }}
        </div>
        {move || state.live.get().then(|| view! {
            <div class="govuk-form-group register__search">
                <label class="govuk-label" for="register-search">"Find a person on this register"</label>
                <input
                    class="govuk-input"
                    id="register-search"
                    type="search"
                    autocomplete="off"
                    on:input=move |event| state.search.set(event_target_value(&event))
                />
            </div>
        })}
        {move || state.marks.with(Vec::is_empty).then(|| view! {
            <div class="lg-empty-state">
                <h2 class="govuk-heading-m">"Nobody has a place on this session"</h2>
                <p class="govuk-body">"Add people who have come, then submit the register."</p>
            </div>
        })}
        <div class="register__people">{people}</div>
        <div class="register__people">
            {move || state.added.get().into_iter().map(|person| person_card(person, state)).collect::<Vec<_>>()}
        </div>
        {needs_reason.then(|| view! {
            <div class="govuk-form-group">
                <label class="govuk-label govuk-label--s" for="reason">"Why is the locked register corrected?"</label>
                <input class="govuk-input" id="reason" name="reason" type="text" maxlength="300" value=sheet.reason/>
            </div>
        })}
        {write.then(|| view! {
            {move || (!submitted && !state.started.get()).then(|| view! {
                <p class="govuk-body">
                    {format!("You can submit the register from {submit_from}, when the session starts. Marks are saved before.")}
                </p>
            })}
            <div class="govuk-button-group">
                {move || (!submitted && state.started.get()).then(|| view! {
                    <button type="submit" class="govuk-button" name="action" value="submit">"Save and submit"</button>
                })}
                <button type="submit" class="govuk-button govuk-button--secondary" name="action" value="save">
                    {if submitted { "Save corrections" } else { "Save" }}
                </button>
            </div>
        })}
    };
    let walk_in = sheet.can_add.then(|| add_link(format!("{}/walk-in", sheet.action), state));
    // What nobody may change is no form.
    if write {
        view! {
            <form class="register" method="post" action=sheet.action novalidate>{sheet_view}</form>
            {walk_in}
        }
        .into_any()
    } else {
        view! { <div class="register">{sheet_view}</div> }.into_any()
    }
}
