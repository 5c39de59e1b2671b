//! One's own account.

use super::new_person::{PersonKindField, Under18Field};
use crate::{
    accounts::{
        guard::{self, ADDING_ADDRESS},
        rules::{AddressId, CODE_MINUTES, LoginId, is_generic_mailbox, is_personal_mailbox, own_site_path},
        store,
    },
    agencies,
    calendar::rules::{short_day_text, short_moment_text},
    entity::{address, agency, login, membership, person},
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

/// GET /account
pub async fn account_page(visit: Visit) -> PageResult {
    let me = visit.person()?.clone();
    let person = store::person_get(me.id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let addresses = store::addresses_of(me.id, visit.db()).await?;
    let memberships = agencies::store::memberships_of(me.id, visit.db()).await?;
    let logins = store::login_list_live(me.id, visit.now, visit.db()).await?;
    Ok(visit.page(Page::new("Your account"), move || {
        let rows = vec![
            SummaryRow::new("Name", person.name.clone()).change("/account/details"),
            SummaryRow::new("You are", person.kind.label()).change("/account/details"),
            SummaryRow::new("Under 18", if person.under_18 { "Yes" } else { "No" }).change("/account/details"),
        ];
        view! {
            <Heading text="Your account"/>
            <SummaryList rows/>
            <Addresses addresses/>
            <Memberships memberships/>
            <Heading text="Training" level=2 size=Size::M/>
            <p class="govuk-body"><a class="govuk-link" href="/account/training">"Training that you took elsewhere"</a></p>
            <Heading text="Charges" level=2 size=Size::M/>
            <p class="govuk-body"><a class="govuk-link" href="/account/charges">"Charges for places that you did not use"</a></p>
            <Devices logins this=me.login/>
            <Heading text="Your data" level=2 size=Size::M/>
            <p class="govuk-body"><a class="govuk-link" href="/account/data">"Download what we hold about you"</a></p>
        }
        .into_any()
    }))
}

/// GET /account/addresses/returned: asked after signing in, where mail to an address of theirs comes back.
pub async fn returned_addresses_page(visit: Visit) -> PageResult {
    let me = visit.person()?.id;
    let mut addresses = store::addresses_of(me, visit.db()).await?;
    let only_one = addresses.len() == 1;
    addresses.retain(|row| row.bounced_at.is_some());
    let next = own_site_path(&visit.parameter("return")).unwrap_or("/").to_owned();
    if addresses.is_empty() {
        return visit.see_other(next);
    }
    let title = "Do you still use this address?";
    Ok(visit.page(Page::new(title).back("/account", "Your account"), move || {
        let rows = addresses
            .into_iter()
            .map(|row| {
                let (id, address) = (row.id, row.address);
                let remove = (!only_one).then(|| {
                    let action = format!("/account/addresses/{id}/remove");
                    let about = address.clone();
                    view! { <PostButton action=action text="Remove it" kind=ButtonKind::Warning asks="You can no longer sign in with this address, and we no longer write to it." about=about/> }
                });
                let works = format!("/account/addresses/{id}/works");
                let about = address.clone();
                let buttons = view! {
                    <ButtonGroup>
                        <PostButton action=works text="It works again" about=about/>
                        {remove}
                    </ButtonGroup>
                };
                vec![Cell::text(address.clone()), Cell::view(buttons)]
            })
            .collect();
        view! {
            <Heading text=title/>
            <p class="govuk-body">
                "Our mail to it came back, so we have stopped writing to it. You may miss confirmations and changes."
            </p>
            <Table
                caption="Addresses from which mail came back"
                caption_hidden=true
                head=vec![Head::text("Address"), Head::hidden("Actions")]
                rows
                stacked=true
            />
            <p class="govuk-body">
                <a class="govuk-link" href="/account/addresses/new">"Add another address"</a>" or "
                <a class="govuk-link" href=next>"go on without changing anything"</a>
            </p>
        }
        .into_any()
    }))
}

#[component]
fn Addresses(addresses: Vec<address::Model>) -> impl IntoView {
    let only_one = addresses.len() == 1;
    let has_personal = addresses.iter().any(|row| is_personal_mailbox(&row.address));
    let generic: Vec<String> =
        addresses.iter().map(|row| row.address.clone()).filter(|address| is_generic_mailbox(address)).collect();
    let rows = addresses
        .into_iter()
        .map(|row| {
            let state = if row.bounced_at.is_some() {
                view! { <Tag text="Mail comes back" colour=Colour::Red/>" "<a class="govuk-link" href="/account/addresses/returned">"What to do"</a> }
                    .into_any()
            } else if row.main {
                view! { <Tag text="Main address" colour=Colour::Green/> }.into_any()
            } else if row.proven_at.is_none() {
                view! { <Tag text="Not proven yet" colour=Colour::Yellow/> }.into_any()
            } else {
                ().into_any()
            };
            let make_main = (!row.main && row.proven_at.is_some()).then(|| {
                view! {
                    <PostButton
                        action=format!("/account/addresses/{}/main", row.id)
                        text="Make main"
                        kind=ButtonKind::Secondary
                        about=row.address.clone()
                    />
                }
            });
            let remove = (!only_one).then(|| {
                view! {
                    <PostButton
                        action=format!("/account/addresses/{}/remove", row.id)
                        text="Remove"
                        kind=ButtonKind::Warning
                        about=row.address.clone()
                        asks="You can no longer sign in with this address, and we no longer write to it."
                    />
                }
            });
            vec![Cell::text(row.address.clone()), Cell::view(state), Cell::view(view! { {make_main} {remove} })]
        })
        .collect();
    view! {
        <Heading text="Email addresses" level=2 size=Size::M/>
        <p class="govuk-body">"We write to the main address. Any proven one signs you in."</p>
        <Table
            caption="Your email addresses"
            caption_hidden=true
            head=vec![Head::text("Address"), Head::text("State"), Head::hidden("Actions")]
            rows
            stacked=true
        />
        {(!generic.is_empty()).then(|| view! {
            <WarningText text=format!("{} looks like a mailbox that several people read. Everybody who reads it can sign in as you. Add an address of your own, make it the main one, and remove this one.", generic.join(", "))/>
        })}
        {(!has_personal).then(|| view! {
            <InsetText>
                "Changing jobs one day? Add a personal address as well, and your training record stays with you."
            </InsetText>
        })}
        <p class="govuk-body"><a class="govuk-link" href="/account/addresses/new">"Add an email address"</a></p>
    }
}

/// A membership's state in words.
pub(super) fn membership_tag(membership: &membership::Model) -> AnyView {
    match (membership.to_date, membership.confirmed_at) {
        (Some(day), _) => view! { <Tag text=format!("Until {}", short_day_text(day))/> }.into_any(),
        (None, Some(_)) => view! { <Tag text="Confirmed" colour=Colour::Green/> }.into_any(),
        (None, None) => view! { <Tag text="Waiting to be confirmed" colour=Colour::Purple/> }.into_any(),
    }
}

/// What a table of somebody's memberships says of each.
pub(super) fn membership_head() -> Vec<Head> {
    vec![
        Head::text("Agency"),
        Head::text("Job or role"),
        Head::text("Since"),
        Head::text("State"),
        Head::hidden("Actions"),
    ]
}

#[component]
fn Memberships(memberships: Vec<(membership::Model, agency::Model)>) -> impl IntoView {
    let list = if memberships.is_empty() {
        view! { <p class="govuk-body">"You have not named an agency yet."</p> }.into_any()
    } else {
        let rows = memberships
            .into_iter()
            .map(|(membership, agency)| {
                let end = membership.to_date.is_none().then(|| {
                    view! {
                        <a class="govuk-link" href=format!("/account/agencies/{}/end", membership.id)>
                            "I have left"<span class="govuk-visually-hidden">" " {agency.name.clone()}</span>
                        </a>
                    }
                });
                vec![
                    Cell::text(agency.name.clone()),
                    Cell::text(membership.job_role.clone()),
                    Cell::text(short_day_text(membership.from_date)),
                    Cell::view(membership_tag(&membership)),
                    Cell::view(end),
                ]
            })
            .collect();
        view! {
            <Table
                caption="Your agencies"
                caption_hidden=true
                head=membership_head()
                rows
                stacked=true
            />
        }
        .into_any()
    };
    view! {
        <Heading text="Agencies" level=2 size=Size::M/>
        <p class="govuk-body">
            "An agency’s training lead sees your bookings there, and charges go to it, once your link to it is confirmed: by your address, by the training lead or by us."
        </p>
        {list}
        <p class="govuk-body"><a class="govuk-link" href="/account/agencies/new">"Add an agency"</a></p>
    }
}

#[component]
fn Devices(logins: Vec<login::Model>, this: LoginId) -> impl IntoView {
    let others = logins.iter().any(|row| row.id != this);
    let rows = logins
        .into_iter()
        .map(|row| {
            let here = (row.id == this).then(|| view! { <Tag text="This device" colour=Colour::Teal/> });
            vec![
                Cell::text(short_moment_text(row.created_at)),
                Cell::text(short_moment_text(row.seen_at)),
                Cell::view(here),
            ]
        })
        .collect();
    view! {
        <Heading text="Signed-in devices" level=2 size=Size::M/>
        <Table
            caption="Signed-in devices"
            caption_hidden=true
            head=vec![Head::text("Signed in"), Head::text("Last used, within the hour"), Head::hidden("Which")]
            rows
            stacked=true
        />
        {others.then(|| view! {
            <PostButton action="/account/devices" text="Sign out all other devices" kind=ButtonKind::Secondary/>
        })}
    }
}

/// GET /account/details
pub async fn details_page(visit: Visit) -> PageResult {
    let me = visit.person()?.id;
    let person = store::person_get(me, visit.db()).await?.ok_or(PageError::NotFound)?;
    Ok(details_view(&visit, details_form(person), None))
}

/// Somebody's details as a form's values, with the version that is being changed.
pub(super) fn details_form(person: person::Model) -> FormState {
    FormState::default()
        .with_value("version", person.version.to_string())
        .with_value("name", person.name)
        .with_value("kind", person.kind.value())
        .with_value("under_18", if person.under_18 { "yes" } else { "no" })
}

/// Somebody's details in words.
pub(super) fn details_rows(person: &person::Model) -> Vec<SummaryRow> {
    vec![
        SummaryRow::new("Name", person.name.clone()),
        SummaryRow::new("Kind", person.kind.label()),
        SummaryRow::new("Under 18", if person.under_18 { "Yes" } else { "No" }),
    ]
}

/// The page with one's name and kind; `theirs` is what somebody else has saved meanwhile.
pub fn details_view(visit: &Visit, form: FormState, theirs: Option<person::Model>) -> Response {
    let version = form.value("version").to_owned();
    visit.page(Page::new("Your details").back("/account", "Your account").form(form), move || {
        view! {
            <Heading text="Your details"/>
            {theirs.map(|theirs| view! { <OtherVersion rows=details_rows(&theirs)/> })}
            <PostForm action="/account/details" hidden=vec![("version".to_owned(), version)]>
                <TextInput label="Full name" name="name" autocomplete="name" hint="As it should stand on certificates" width=Width::TwoThirds/>
                <PersonKindField/>
                <Under18Field/>
                <Button text="Save"/>
            </PostForm>
        }
        .into_any()
    })
}

/// GET /account/addresses/new
pub async fn new_address_page(visit: Visit) -> PageResult {
    visit.person()?;
    Ok(new_address_view(&visit, FormState::default()))
}

/// The page that asks for another address.
pub fn new_address_view(visit: &Visit, form: FormState) -> Response {
    visit.page(Page::new("Add an email address").back("/account", "Your account").form(form), || {
        view! {
            <Heading text="Add an email address"/>
            <p class="govuk-body">"We send a code to it, to be sure that it is yours."</p>
            <PostForm action="/account/addresses/new">
                <TextInput
                    label="Email address"
                    name="email"
                    kind="email"
                    autocomplete="email"
                    hint="One that only you read. A personal one stays yours when you change jobs."
                    width=Width::TwoThirds
                />
                <Button text="Send me a code"/>
            </PostForm>
        }
        .into_any()
    })
}

/// GET /account/addresses/code
pub async fn address_code_page(visit: Visit, jar: CookieJar) -> PageResult {
    visit.person()?;
    match guard::open_sealed(&visit.app, ADDING_ADDRESS, &jar, visit.now) {
        Some(fields) => {
            Ok(address_code_view(&visit, FormState::default(), fields.first().cloned().unwrap_or_default()))
        }
        None => visit.see_other("/account/addresses/new"),
    }
}

/// The page that asks for the code of another address.
pub fn address_code_view(visit: &Visit, form: FormState, address: String) -> Response {
    let page = Page::new("Enter the code").back("/account/addresses/new", "Use another address").form(form);
    visit.page(page, move || {
        view! {
            <Heading text="Enter the code"/>
            <p class="govuk-body">"A code is on its way to " <strong>{address}</strong> "."</p>
            <PostForm action="/account/addresses/code">
                <CodeInput
                    label="Code"
                    name="code"
                    hint=format!("6 digits. It works once, within {CODE_MINUTES} minutes.")
                />
                <Button text="Add address"/>
            </PostForm>
        }
        .into_any()
    })
}

/// The address that a path names, if it is this person's.
pub async fn own_address(visit: &Visit, id: AddressId) -> Result<address::Model, PageError> {
    let me = visit.person()?.id;
    let addresses = store::addresses_of(me, visit.db()).await?;
    addresses.into_iter().find(|row| row.id == id).ok_or(PageError::NotFound)
}
