//! GET /office/policy: the version in force, its history, and the dates on which nobody is charged.

use crate::{
    calendar::rules::{day_text, london_day, short_day_text},
    charges::{
        rules::{NoticeUnit, PolicyTerms, charge_sentence, pounds_text},
        store::{policy_suspension_list, policy_version_list, policy_version_on},
    },
    entity::{policy_suspension, policy_version},
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use chrono::NaiveDate;
use leptos::prelude::*;

/// GET /office/policy
pub async fn policy_page(visit: Visit) -> PageResult {
    let today = london_day(visit.now);
    let current = policy_version_on(today, visit.db()).await?;
    let versions = policy_version_list(visit.db()).await?;
    let suspensions = policy_suspension_list(visit.db()).await?;
    let page = Page::new("Charging policy").back("/office", "Office");
    Ok(visit.page(page, move || {
        let has_policy = !versions.is_empty();
        view! {
            <Heading text="Charging policy"/>
            {match current {
                Some(version) => current_view(version).into_any(),
                None => view! {
                    <EmptyState heading="No version is in force today">
                        <p class="govuk-body">"Add a version. Until then nobody can book, because the charge could not be printed."</p>
                    </EmptyState>
                }.into_any(),
            }}
            <ButtonLink href="/office/policy/new" text="Add a new version"/>
            {has_policy.then(|| view! {
                <Heading text="All versions" level=2 size=Size::M/>
                <p class="govuk-body">"The version that was in force when somebody booked governs their booking."</p>
                {versions_view(versions, today)}
                <Heading text="When nobody is charged" level=2 size=Size::M/>
                {suspensions_view(suspensions)}
                <ButtonLink href="/office/policy/suspensions/new" text="Suspend charging" kind=ButtonKind::Secondary/>
            })}
        }
        .into_any()
    }))
}

fn notice_text(terms: &PolicyTerms) -> String {
    let unit = match terms.notice_unit {
        NoticeUnit::WorkingDays => "clear working days",
        NoticeUnit::CalendarDays => "clear days",
    };
    format!("{} {unit}", terms.notice_days)
}

fn current_view(version: policy_version::Model) -> impl IntoView {
    let from = version.effective_from;
    let terms = PolicyTerms::from(version);
    let facts = vec![
        SummaryRow::new("In force since", day_text(from)),
        SummaryRow::new("Charge", pounds_text(terms.amount_pence)),
        SummaryRow::new("Notice", notice_text(&terms)),
        SummaryRow::new("Too late to be let in", format!("{} minutes after the start", terms.late_after_minutes)),
        SummaryRow::new("Time to explain", format!("{} working days", terms.representation_days)),
        SummaryRow::new("Notify within", format!("{} working days of the session", terms.notify_within_days)),
        SummaryRow::new("Second approver", format!("Above {}", pounds_text(terms.second_approver_above_pence))),
        SummaryRow::new(
            "Bookings need approval",
            format!("After {} confirmed charges in {} months", terms.repeat_count, terms.repeat_months),
        ),
    ];
    view! { <InsetText>{charge_sentence(&terms)}</InsetText> <SummaryList rows=facts/> }
}

fn versions_view(versions: Vec<policy_version::Model>, today: NaiveDate) -> impl IntoView {
    let head = vec![Head::text("From"), Head::number("Charge"), Head::text("Notice"), Head::text("")];
    let mut current_seen = false;
    let rows = versions
        .into_iter()
        .map(|version| {
            let from = version.effective_from;
            let state = match from <= today {
                false => "Not yet in force",
                true if current_seen => "Past",
                true => {
                    current_seen = true;
                    "In force"
                }
            };
            let terms = PolicyTerms::from(version);
            vec![
                Cell::text(short_day_text(from)),
                Cell::number(pounds_text(terms.amount_pence)),
                Cell::text(notice_text(&terms)),
                Cell::text(state),
            ]
        })
        .collect();
    let head = head.into_iter().take(3).chain([Head::text("State")]).collect();
    view! { <Table caption="Versions of the policy" caption_hidden=true head rows stacked=true/> }
}

fn suspensions_view(suspensions: Vec<policy_suspension::Model>) -> AnyView {
    if suspensions.is_empty() {
        return view! {
            <EmptyState heading="Charging is not suspended on any date" level=3>
                <p class="govuk-body">"Suspend it, for example, while a pandemic or snow keeps people from coming."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = suspensions
        .into_iter()
        .map(|row| {
            let about = format!("the suspension from {}", short_day_text(row.from_date));
            let action = format!("/office/policy/suspensions/{}/remove", row.id);
            vec![
                Cell::text(short_day_text(row.from_date)),
                Cell::text(short_day_text(row.to_date)),
                Cell::text(row.reason),
                Cell::view(view! { <PostButton action text="Remove" about kind=ButtonKind::Warning asks="Places on sessions of these days can be charged again."/> }),
            ]
        })
        .collect();
    let head = vec![Head::text("First day"), Head::text("Last day"), Head::text("Why"), Head::hidden("Remove")];
    view! { <Table caption="Suspensions" caption_hidden=true head rows stacked=true/> }.into_any()
}

/// GET /office/policy/new
pub async fn new_version_page(visit: Visit) -> PageResult {
    show_new_version(visit, FormState::default()).await
}

/// The form with what was typed and what is wrong with it. It proposes what is in force.
pub async fn show_new_version(visit: Visit, form: FormState) -> PageResult {
    let current = policy_version_on(london_day(visit.now), visit.db()).await?;
    let terms = current.map_or_else(PolicyTerms::default, PolicyTerms::from);
    let page = Page::new("New version of the charging policy").back("/office/policy", "Charging policy").form(form);
    Ok(visit.page(page, move || {
        let units = vec![
            Choice::new("working_days", "Working days").hint("Without weekends and bank holidays"),
            Choice::new("calendar_days", "Calendar days"),
        ];
        let unit = match terms.notice_unit {
            NoticeUnit::WorkingDays => "working_days",
            NoticeUnit::CalendarDays => "calendar_days",
        };
        let plain = |pence: i64| pounds_text(pence).replace(['£', ','], "");
        view! {
            <Heading text="New version of the charging policy"/>
            <p class="govuk-body">"It counts for bookings from its first day on. Bookings made before keep the version that they accepted."</p>
            <PostForm action="/office/policy/new">
                <DateInput legend="First day of this version" name="effective_from"/>
                <TextInput label="Charge for a place that is not used" name="amount" prefix="£" width=Width::Chars5 value=plain(terms.amount_pence)/>
                <TextInput label="Days of notice" name="notice_days" inputmode="numeric" width=Width::Chars3 value=terms.notice_days.to_string() hint="Clear days: neither the day of cancelling nor the day of the session counts"/>
                <Radios legend="Which days count?" name="notice_unit" options=units chosen=unit/>
                <TextInput label="Minutes after the start from which nobody is let in" name="late_after_minutes" inputmode="numeric" width=Width::Chars3 value=terms.late_after_minutes.to_string()/>
                <TextInput label="Working days to explain what happened" name="representation_days" inputmode="numeric" width=Width::Chars3 value=terms.representation_days.to_string()/>
                <TextInput label="Working days after the session in which a charge must be notified" name="notify_within_days" inputmode="numeric" width=Width::Chars3 value=terms.notify_within_days.to_string() hint="After that it lapses"/>
                <TextInput label="Above which sum does a second administrator decide too?" name="second_approver_above" prefix="£" width=Width::Chars5 value=plain(terms.second_approver_above_pence)/>
                <TextInput label="After how many confirmed charges do bookings need approval?" name="repeat_count" inputmode="numeric" width=Width::Chars3 value=terms.repeat_count.to_string()/>
                <TextInput label="In how many months?" name="repeat_months" inputmode="numeric" width=Width::Chars3 value=terms.repeat_months.to_string()/>
                <Button text="Add this version"/>
            </PostForm>
        }
        .into_any()
    }))
}

/// GET /office/policy/suspensions/new
pub async fn new_suspension_page(visit: Visit) -> PageResult {
    show_new_suspension(visit, FormState::default()).await
}

/// The form with what was typed and what is wrong with it.
pub async fn show_new_suspension(visit: Visit, form: FormState) -> PageResult {
    let page = Page::new("Suspend charging").back("/office/policy", "Charging policy").form(form);
    Ok(visit.page(page, move || {
        view! {
            <Heading text="Suspend charging"/>
            <p class="govuk-body">"No charge is proposed for sessions that begin on these days. Charges that were proposed before stay: waive them."</p>
            <PostForm action="/office/policy/suspensions/new">
                <DateInput legend="First day" name="from"/>
                <DateInput legend="Last day" name="to"/>
                <TextInput label="Why nobody is charged" name="reason" hint="For example: closed by snow"/>
                <Button text="Suspend charging"/>
            </PostForm>
        }
        .into_any()
    }))
}
