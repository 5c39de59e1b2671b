//! One person on the sheet.

use super::{
    sheet::{Sheet, SheetPerson},
    wire::holds,
};
use crate::attendance::rules::Mark;
use leptos::prelude::*;

/// One person: three marks in reach of a thumb, the rest under "More".
pub(super) fn person_card(person: SheetPerson, state: Sheet) -> AnyView {
    let booking = person.booking;
    let name = person.name.clone();
    let searched = name.clone();
    let group = format!("mark-{booking}");
    let minutes_id = format!("minutes-{booking}");
    let chosen = person.mark;
    let minutes = RwSignal::new(person.minutes.clone());
    let choose = {
        let name = name.clone();
        move |mark: Mark| {
            if state.may.save_each {
                state.choose(booking, &name, mark, minutes.with_untracked(|text| text.trim().parse().ok()));
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
                        disabled=!state.may.write
                        prop:checked=move || state.mark(booking) == mark
                        on:change=move |_| choose(mark)
                    />
                    <label class="register__label" for=id>{mark.text()}</label>
                </div>
            }
        }
    };
    let is_rare = !matches!(chosen, Mark::Unmarked | Mark::Present | Mark::Late | Mark::DidNotAttend);
    let opens = is_rare || !person.error.is_empty() || !person.minutes.is_empty();
    let excused = (state.may.excuse || chosen == Mark::Excused).then(|| radio(Mark::Excused));
    let more = format!(" for {name}");
    let error = (!person.error.is_empty()).then(|| {
        view! { <p class="govuk-error-message"><span class="govuk-visually-hidden">"Error: "</span>{person.error.clone()}</p> }
    });
    view! {
        <fieldset
            class="register__person"
            class:register__person--error=!person.error.is_empty()
            hidden=move || state.search.with(|search| !holds(&searched, search))
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
                        disabled=!state.may.write
                        on:change=move |event| {
                            minutes.set(event_target_value(&event));
                            let late = minutes.with_untracked(|text| text.trim().parse().ok());
                            if state.may.save_each && late.is_some() {
                                state.choose(booking, &name, Mark::Late, late);
                            }
                        }
                    />
                </div>
            </details>
        </fieldset>
    }
    .into_any()
}
