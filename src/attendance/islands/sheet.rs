//! The sheet: one card per person, the same radio buttons with and without JavaScript.

use super::{
    mark_send,
    queue::{self, Waiting},
};
use crate::attendance::rules::{Mark, counter_text};
use leptos::{ev, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A register as the island gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterSheet {
    /// The session date's id.
    pub date: i64,
    /// Where the form is posted.
    pub action: String,
    /// The form's request id.
    pub request_id: String,
    /// Whether marks can be changed at all.
    pub can_write: bool,
    /// Whether the office looks, who alone marks "excused".
    pub is_office: bool,
    /// Whether the register is locked, so that a change needs a reason and is not saved by itself.
    pub needs_reason: bool,
    /// The reason as typed.
    pub reason: String,
    /// Whether it was submitted before.
    pub submitted: bool,
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

/// What the trainer sees of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Saving {
    #[default]
    Idle,
    Sending,
    Saved(String),
    Refused(String),
}

/// Everything that changes on the sheet.
#[derive(Clone, Copy)]
struct Sheet {
    date: i64,
    marks: RwSignal<BTreeMap<i64, Mark>>,
    undo: RwSignal<Vec<(i64, Mark)>>,
    waiting: RwSignal<usize>,
    saving: RwSignal<Saving>,
    search: RwSignal<String>,
    live: RwSignal<bool>,
}

impl Sheet {
    /// Records a mark here at once, and on the server as soon as it can be reached.
    fn choose(self, booking: i64, name: &str, mark: Mark, minutes: Option<i32>) {
        let before = self.marks.with_untracked(|marks| marks.get(&booking).copied().unwrap_or(Mark::Unmarked));
        if before != mark {
            self.undo.update(|undo| undo.push((booking, before)));
        }
        self.put(booking, name, mark, minutes);
    }

    fn put(self, booking: i64, name: &str, mark: Mark, minutes: Option<i32>) {
        let before = self.marks.with_untracked(|marks| marks.get(&booking).copied().unwrap_or(Mark::Unmarked));
        self.show(booking, mark);
        // What waited for this person is overtaken, and must not arrive after this mark.
        for overtaken in queue::all(self.date).into_iter().filter(|waiting| waiting.booking == booking) {
            queue::forget(self.date, &overtaken);
        }
        let waiting = Waiting { nonce: queue::new_nonce(), booking, mark };
        queue::keep(self.date, &waiting);
        self.count();
        self.saving.set(Saving::Sending);
        let done = format!("{name}: {}, saved", mark.text().to_lowercase());
        spawn_local(async move {
            if self.send(waiting, minutes, done, Some(before)).await {
                self.send_waiting();
            }
        });
    }

    fn show(self, booking: i64, mark: Mark) {
        self.marks.update(|marks| {
            marks.insert(booking, mark);
        });
    }

    /// Sends one mark. Returns whether the server could be reached. A mark that it refuses goes back to `before`.
    async fn send(self, waiting: Waiting, minutes: Option<i32>, done: String, before: Option<Mark>) -> bool {
        let answer = mark_send(self.date, waiting.booking, waiting.mark, minutes, waiting.nonce.clone()).await;
        let reached = answer.is_ok();
        match answer {
            Ok(answer) if answer.saved => self.saving.set(Saving::Saved(done)),
            Ok(answer) => {
                if let Some(before) = before {
                    self.show(waiting.booking, before);
                }
                self.saving.set(Saving::Refused(answer.message));
            }
            // It stays in the queue; the banner says so.
            Err(_) => self.saving.set(Saving::Idle),
        }
        if reached {
            queue::forget(self.date, &waiting);
        }
        self.count();
        reached
    }

    /// Sends what waits, the oldest first. Stops at the first that cannot be sent.
    fn send_waiting(self) {
        spawn_local(async move {
            for waiting in queue::all(self.date) {
                self.show(waiting.booking, waiting.mark);
                if !self.send(waiting, None, "Marks that waited are saved now".to_owned(), None).await {
                    break;
                }
            }
        });
    }

    fn count(self) {
        self.waiting.set(queue::all(self.date).len());
    }

    fn take_back(self, names: &BTreeMap<i64, String>) {
        let last = self.undo.try_update(Vec::pop).flatten();
        if let Some((booking, before)) = last {
            self.put(booking, names.get(&booking).map_or("", String::as_str), before, None);
        }
    }
}

/// The register: a form that also saves each mark by itself where the browser runs it.
#[island]
pub fn RegisterIsland(
    /// Everybody on it, and what may be done.
    sheet: RegisterSheet,
) -> impl IntoView {
    let state = Sheet {
        date: sheet.date,
        marks: RwSignal::new(sheet.people.iter().map(|person| (person.booking, person.mark)).collect()),
        undo: RwSignal::new(Vec::new()),
        waiting: RwSignal::new(0),
        saving: RwSignal::new(Saving::Idle),
        search: RwSignal::new(String::new()),
        live: RwSignal::new(false),
    };
    let saves_by_itself = sheet.can_write && !sheet.needs_reason;
    Effect::new(move |_| {
        state.live.set(true);
        if saves_by_itself {
            state.count();
            state.send_waiting();
            let online = window_event_listener(ev::online, move |_| state.send_waiting());
            on_cleanup(move || online.remove());
        }
    });
    let names: BTreeMap<i64, String> =
        sheet.people.iter().map(|person| (person.booking, person.name.clone())).collect();
    let total = sheet.people.len();
    let is_office = sheet.is_office;
    let can_write = sheet.can_write;
    let people: Vec<_> = sheet
        .people
        .into_iter()
        .map(|person| person_card(person, state, can_write, is_office, saves_by_itself))
        .collect();
    let needs_reason = sheet.needs_reason;
    let submitted = sheet.submitted;
    let sheet_view = view! {
        <input type="hidden" name="request_id" value=sheet.request_id/>
        <div class="register__bar">
            <p class="register__counter">
                {move || {
                    let marked = state.marks.with(|marks| marks.values().filter(|mark| **mark != Mark::Unmarked).count());
                    counter_text(marked, total)
                }}
            </p>
            {move || (state.live.get() && saves_by_itself).then(|| {
                let names = names.clone();
                view! {
                    <button
                        type="button"
                        class="govuk-button govuk-button--secondary register__undo"
                        disabled=move || state.undo.with(Vec::is_empty)
                        on:click=move |_| state.take_back(&names)
                    >
                        "Undo last mark"
                    </button>
                }
            })}
            <p class="register__status" role="status">
                {move || match state.saving.get() {
                    Saving::Idle => String::new(),
                    Saving::Sending => "Saving…".to_owned(),
                    Saving::Saved(text) => text,
                    Saving::Refused(text) => format!("Not saved: {text}"),
                }}
            </p>
        </div>
        <div class="register__offline" role="alert">
            {move || {
                let count = state.waiting.get();
                let is_late = !matches!(state.saving.get(), Saving::Sending);
                (count > 0 && is_late).then(|| view! {
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
                    on:input=move |event| state.search.set(event_target_value(&event).to_lowercase())
                />
            </div>
        })}
        <div class="register__people">{people}</div>
        {needs_reason.then(|| view! {
            <div class="govuk-form-group">
                <label class="govuk-label govuk-label--s" for="reason">"Why is the locked register corrected?"</label>
                <input class="govuk-input" id="reason" name="reason" type="text" maxlength="300" value=sheet.reason/>
            </div>
        })}
        {can_write.then(|| view! {
            <div class="govuk-button-group">
                {(!submitted).then(|| view! {
                    <button type="submit" class="govuk-button" name="action" value="submit">"Save and submit"</button>
                })}
                <button type="submit" class="govuk-button govuk-button--secondary" name="action" value="save">
                    {if submitted { "Save corrections" } else { "Save" }}
                </button>
            </div>
        })}
    };
    // What nobody may change is no form.
    if can_write {
        view! { <form class="register" method="post" action=sheet.action novalidate>{sheet_view}</form> }.into_any()
    } else {
        view! { <div class="register">{sheet_view}</div> }.into_any()
    }
}

/// One person: three marks in reach of a thumb, the rest under "More".
fn person_card(
    person: SheetPerson,
    state: Sheet,
    can_write: bool,
    is_office: bool,
    saves_by_itself: bool,
) -> impl IntoView {
    let booking = person.booking;
    let name = person.name.clone();
    let lower = name.to_lowercase();
    let group = format!("mark-{booking}");
    let minutes_id = format!("minutes-{booking}");
    let chosen = person.mark;
    let minutes = RwSignal::new(person.minutes.clone());
    let choose = {
        let name = name.clone();
        move |mark: Mark| {
            if saves_by_itself {
                let late = minutes.with_untracked(|text| text.trim().parse().ok()).filter(|_| mark == Mark::Late);
                state.choose(booking, &name, mark, late);
            }
        }
    };
    let radio = {
        let group = group.clone();
        move |mark: Mark| {
            let id = format!("{group}-{}", mark.word());
            let choose = choose.clone();
            view! {
                <div class="register__choice">
                    <input
                        class="register__input"
                        type="radio"
                        id=id.clone()
                        name=group.clone()
                        value=mark.word()
                        checked=chosen == mark
                        disabled=!can_write
                        prop:checked=move || state.marks.with(|marks| marks.get(&booking) == Some(&mark))
                        on:change=move |_| choose(mark)
                    />
                    <label class="register__label" for=id>{mark.text()}</label>
                </div>
            }
        }
    };
    let is_rare = !matches!(chosen, Mark::Unmarked | Mark::Present | Mark::Late | Mark::DidNotAttend);
    let opens = is_rare || !person.error.is_empty() || !person.minutes.is_empty();
    let excused = (is_office || chosen == Mark::Excused).then(|| radio(Mark::Excused));
    let more = format!(" for {name}");
    let error = (!person.error.is_empty()).then(|| {
        view! { <p class="govuk-error-message"><span class="govuk-visually-hidden">"Error: "</span>{person.error.clone()}</p> }
    });
    view! {
        <fieldset
            class="register__person"
            class:register__person--error=!person.error.is_empty()
            hidden=move || state.search.with(|search| !search.is_empty() && !lower.contains(search.trim()))
        >
            <legend class="register__legend">
                <span class="register__name">{name.clone()}</span>
                " "
                {person.walk_in.then(|| view! { <strong class="govuk-tag govuk-tag--blue">"Walked in"</strong> })}
                <span class="register__detail">{person.detail}</span>
            </legend>
            <div class="register__choices">
                {radio(Mark::Present)}
                {radio(Mark::Late)}
                {radio(Mark::DidNotAttend)}
            </div>
            <details class="register__more" open=opens>
                <summary class="register__summary">
                    "More"<span class="govuk-visually-hidden">{more}</span>
                </summary>
                <div class="register__choices">
                    {radio(Mark::LeftEarly)}
                    {radio(Mark::RefusedLate)}
                    {excused}
                    {radio(Mark::Unmarked)}
                </div>
                <div class="govuk-form-group register__minutes">
                    <label class="govuk-label" for=minutes_id.clone()>"Minutes late, if late"</label>
                    {error}
                    <input
                        class="govuk-input govuk-input--width-4"
                        id=minutes_id.clone()
                        name=minutes_id
                        type="text"
                        inputmode="numeric"
                        value=person.minutes
                        disabled=!can_write
                        on:change=move |event| {
                            minutes.set(event_target_value(&event));
                            let late = minutes.with_untracked(|text| text.trim().parse().ok());
                            if saves_by_itself && late.is_some() {
                                state.choose(booking, &name, Mark::Late, late);
                            }
                        }
                    />
                </div>
            </details>
        </fieldset>
    }
}
