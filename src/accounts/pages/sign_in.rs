//! Signing in: the address, then the code.

use crate::{
    accounts::{
        guard::{self, SIGNING_IN},
        rules::{CODE_MINUTES, own_site_path},
    },
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

/// GET /sign-in
pub async fn sign_in_page(visit: Visit, jar: CookieJar) -> PageResult {
    let return_to = visit.parameter("return");
    if visit.viewer.person().is_some() {
        return visit.see_other(own_site_path(&return_to).unwrap_or("/"));
    }
    let was_signed_in = jar.get(guard::cookie_name(&visit.app)).is_some();
    let explanation = if visit.parameter("again") == "code" {
        "That took too long, or it was begun in another browser. Enter your email address again."
    } else if was_signed_in {
        "You were signed out: because you asked for it, because you were away for a long time, or because what you may do here has changed. Sign in again to go on."
    } else if own_site_path(&return_to).is_some() {
        "Sign in to go on to the page that you asked for."
    } else {
        ""
    };
    let form = FormState::default().with_value("return", own_site_path(&return_to).unwrap_or_default());
    Ok(sign_in_view(&visit, form, explanation))
}

/// The page that asks for an address.
pub fn sign_in_view(visit: &Visit, form: FormState, explanation: &'static str) -> Response {
    let return_to = form.value("return").to_owned();
    visit.page(Page::new("Sign in or create an account").form(form), move || {
        view! {
            <Heading text="Sign in or create an account"/>
            {(!explanation.is_empty()).then(|| view! { <InsetText>{explanation}</InsetText> })}
            <p class="govuk-body">
                "There is no password. We send a code to your email address, and you type it on the next page. If you are new here, your account begins with the same code."
            </p>
            <PostForm action="/sign-in" hidden=vec![("return".into(), return_to)]>
                <TextInput
                    label="Email address"
                    name="email"
                    kind="email"
                    autocomplete="email"
                    hint="One that only you read. If you have used this service before, any address that you proved here will do."
                    width=Width::TwoThirds
                />
                <Button text="Send me a code"/>
            </PostForm>
        }
        .into_any()
    })
}

/// GET /sign-in/code
pub async fn code_page(visit: Visit, jar: CookieJar) -> PageResult {
    match guard::open_sealed(&visit.app, SIGNING_IN, &jar, visit.now) {
        Some(fields) => Ok(code_view(&visit, FormState::default(), fields.first().cloned().unwrap_or_default())),
        None => visit.see_other("/sign-in?again=code"),
    }
}

/// The page that asks for the code.
pub fn code_view(visit: &Visit, form: FormState, address: String) -> Response {
    let page = Page::new("Enter the code").back("/sign-in", "Use another address").form(form);
    visit.page(page, move || {
        view! {
            <Heading text="Enter the code"/>
            <p class="govuk-body">"If mail can reach it, a code is on its way to " <strong>{address}</strong> "."</p>
            <PostForm action="/sign-in/code">
                <CodeInput
                    label="Code"
                    name="code"
                    hint=format!("6 digits. It works once, within {CODE_MINUTES} minutes.")
                />
                <Button text="Continue"/>
            </PostForm>
            <Details summary="The email has not come">
                <p class="govuk-body">
                    "It can take a few minutes. Look among unwanted mail, and check the address above. You can "
                    <a class="govuk-link" href="/sign-in">"ask for another code"</a>
                    "; then only the newest one works."
                </p>
            </Details>
        }
        .into_any()
    })
}
