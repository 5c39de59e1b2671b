//! Answering after the session by the code that the trainer shows.

use crate::web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit};
use leptos::prelude::*;

/// GET /answer
pub async fn code_page(visit: Visit) -> PageResult {
    let code = visit.parameter("code");
    let form = FormState::default().with_value("code", code.chars().take(12).collect::<String>());
    show_code_page(&visit, form)
}

/// The form, with what was typed.
pub fn show_code_page(visit: &Visit, form: FormState) -> PageResult {
    let is_signed_in = visit.viewer.person().is_some();
    let page = Page::new("Answer after the session").form(form);
    Ok(visit.page(page, move || {
        let who = (!is_signed_in).then(|| {
            view! {
                <TextInput
                    label="Your booking reference or email address"
                    name="who"
                    hint="The reference is in your booking mails. With an email address we send you a link to answer."
                    autocomplete="email"
                />
            }
        });
        view! {
            <Heading text="Answer after the session"/>
            <p class="govuk-body">
                "At the end of a session the trainer shows a code. It is for everybody who had a place or walked in."
            </p>
            <PostForm action="/answer">
                <TextInput label="Code" name="code" hint="Six letters and digits, such as K7M2PQ" width=Width::Chars10/>
                {who}
                <Button text="Continue"/>
            </PostForm>
        }
        .into_any()
    }))
}

/// What is said when a link may have been sent: the same whether or not the address is known here.
pub fn show_link_sent(visit: &Visit) -> PageResult {
    Ok(visit.page(Page::new("Check your email"), move || {
        view! {
            <Heading text="Check your email"/>
            <p class="govuk-body">
                "If this address belongs to somebody who had a place on this session, a link to answer is on its way. It can take a minute or two."
            </p>
            <p class="govuk-body">
                "Nothing arrives? Try your booking reference, or ask the trainer whether you are on the register. "
                <a class="govuk-link" href="/answer">"Try again"</a>
            </p>
        }
        .into_any()
    }))
}
