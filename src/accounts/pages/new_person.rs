//! The questions to somebody new.

use crate::{
    accounts::{
        guard::{self, SIGNING_IN},
        rules::{PersonKind, domain_of, is_generic_mailbox},
    },
    agencies,
    entity::agency,
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

/// GET /account/new
pub async fn new_person_page(visit: Visit, jar: CookieJar) -> PageResult {
    if visit.viewer.person().is_some() {
        return visit.see_other("/account");
    }
    let fields = guard::open_sealed(&visit.app, SIGNING_IN, &jar, visit.now);
    match fields.as_deref() {
        Some([address, _, proven]) if proven == "proven" => {
            Ok(new_person_view(&visit, FormState::default(), address).await?)
        }
        _ => visit.see_other("/sign-in?again=code"),
    }
}

/// The page that asks who somebody new is.
pub async fn new_person_view(visit: &Visit, form: FormState, address: &str) -> Result<Response, PageError> {
    let agencies = agencies::store::agency_list_open(visit.db()).await?;
    let likely = agencies
        .iter()
        .find(|agency| agencies::rules::is_confirmed_by_mail(agency.mail_domain.as_deref(), &[address.to_owned()]))
        .map(|agency| agency.id.to_string())
        .unwrap_or_default();
    let is_generic = is_generic_mailbox(address);
    let domain = domain_of(address).to_owned();
    Ok(visit.page(Page::new("Create your account").form(form), move || {
        view! {
            <Heading text="Create your account"/>
            <p class="govuk-body">"You are new here. Tell us who you are; this is asked once."</p>
            {is_generic.then(|| view! {
                <WarningText text="This looks like a mailbox that several people read. Everybody who reads it could sign in as you, so use an address of your own."/>
            })}
            <PostForm action="/account/new">
                <TextInput
                    label="Full name"
                    name="name"
                    autocomplete="name"
                    hint="As it should stand on certificates"
                    width=Width::TwoThirds
                />
                <PersonKindField/>
                <Under18Field/>
                <AgencyField agencies likely domain/>
                <TextInput label="Your job or role there" name="job_role" autocomplete="organization-title" width=Width::TwoThirds/>
                <Button text="Create account"/>
            </PostForm>
        }
        .into_any()
    }))
}

/// How somebody works with children.
#[component]
pub fn PersonKindField() -> impl IntoView {
    let options =
        PersonKind::ALL.into_iter().map(|kind| Choice::new(kind.value(), kind.label()).hint(kind.hint())).collect();
    view! { <Radios legend="How do you work or volunteer with children and families?" name="kind" options/> }
}

/// Whether somebody is under 18.
#[component]
pub fn Under18Field() -> impl IntoView {
    let options = vec![Choice::new("no", "No"), Choice::new("yes", "Yes")];
    view! {
        <Radios
            legend="Are you under 18?"
            name="under_18"
            hint="Nobody under 18 is ever charged."
            inline=true
            options
        />
    }
}

/// The value of the choice for an agency that is not in the list.
pub const NOT_LISTED: &str = "not-listed";

/// One of the open agencies, or the name of one that is missing.
#[component]
pub fn AgencyField(
    /// What can be chosen.
    agencies: Vec<agency::Model>,
    /// The id of the one that the address speaks for, or "".
    likely: String,
    /// The address's domain, for the hint.
    domain: String,
) -> impl IntoView {
    let hint = if likely.is_empty() {
        "The organisation that you work or volunteer for. Leave it empty if there is none.".to_owned()
    } else {
        format!("We have chosen the one whose addresses end in {domain}. Change it if that is wrong.")
    };
    let mut options: Vec<Choice> =
        agencies.into_iter().map(|agency| Choice::new(agency.id.to_string(), agency.name)).collect();
    options.push(Choice::new(NOT_LISTED, "My agency is not in this list"));
    view! {
        <Select label="Agency" name="agency" hint options empty="Choose an agency" chosen=likely/>
        <TextInput
            label="Name of your agency, if it is not in the list"
            name="agency_name"
            hint="We ask the training team to add it. You can book meanwhile."
            width=Width::TwoThirds
        />
    }
}
