//! The document around every page: head, header, navigation, notices, footer.

use leptos::prelude::*;

use super::components::{
    BackLink, Breadcrumbs, ErrorSummary, Link, NavItem, NoticeKind, NotificationBanner, SkipLink, classes,
};
use super::form::FormState;

/// News that the page begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// Success or important.
    pub kind: NoticeKind,
    /// The news in one sentence.
    pub text: String,
}

/// The bar that says that nothing on a demonstration is real, with its clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DemoBar {
    /// The demonstration's date and time, in words.
    pub now: String,
    /// Where the clock can be moved: the value that is sent, and what it says.
    pub moves: Vec<(String, String)>,
    /// The page to come back to.
    pub return_to: String,
    /// The page that signs a visitor in as somebody.
    pub people_href: String,
    /// The page that shows the mail that was sent.
    pub mail_href: String,
}

/// Where the islands of a page come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IslandScript {
    /// The nonce of this response's content security policy.
    pub nonce: String,
    /// The address of the module's script.
    pub js: String,
    /// The address of the module itself.
    pub wasm: String,
}

/// Everything around a page's body.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The page's title; the service's name is added.
    pub title: String,
    /// What the board calls its training service.
    pub service_name: String,
    /// The way back, for pages of a journey.
    pub back: Option<Link>,
    /// Where the page stands in the site, from the home page down.
    pub crumbs: Vec<Link>,
    /// The site's parts that this person can see.
    pub navigation: Vec<NavItem>,
    /// The name of the person who is signed in.
    pub account: Option<String>,
    /// News that the page begins with.
    pub notice: Option<Notice>,
    /// What was typed and what is wrong.
    pub form: FormState,
    /// Present on a demonstration only.
    pub demo: Option<DemoBar>,
    /// The address of the styles.
    pub stylesheet: String,
    /// The address of the icon (SVG).
    pub icon: String,
    /// Present on pages with islands only.
    pub script: Option<IslandScript>,
    /// The page's body uses the whole width, for wide tables.
    pub wide: bool,
    /// How to reach the office, in the footer.
    pub contact: Option<String>,
}

/// The whole document, from its doctype on.
pub fn document(frame: Frame, body: AnyView) -> AnyView {
    let title = document_title(&frame);
    let main = main_view(&frame, body);
    let header = header_view(&frame);
    let footer = footer_view(frame.contact);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <title>{title}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="theme-color" content="#073c43" />
                <link rel="icon" href=frame.icon type="image/svg+xml" />
                <link rel="stylesheet" href=frame.stylesheet />
                {frame.script.map(script_view)}
            </head>
            <body class="govuk-template__body">
                <SkipLink />
                {frame.demo.map(demo_view)}
                {header}
                {main}
                {footer}
            </body>
        </html>
    }
    .into_any()
}

fn document_title(frame: &Frame) -> String {
    let error = if frame.form.has_errors() { "Error: " } else { "" };
    match frame.title.as_str() {
        "" => format!("{error}{}", frame.service_name),
        title => format!("{error}{title} – {}", frame.service_name),
    }
}

/// The service's mark: a dot before, a dot after, and the rise between them.
fn mark_view() -> AnyView {
    view! {
        <svg class="lg-mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
            <rect class="lg-mark__ground" width="32" height="32" rx="7" />
            <path class="lg-mark__rise" d="M9 22 L22 10.5" />
            <circle class="lg-mark__before" cx="9" cy="22" r="3.25" />
            <circle class="lg-mark__after" cx="22.5" cy="10" r="5" />
        </svg>
    }
    .into_any()
}

fn header_view(frame: &Frame) -> AnyView {
    let account = match frame.account.clone() {
        Some(name) => view! {
            <ul class="lg-account">
                <li class="lg-account__item">
                    <a class="lg-header__link" href="/account">
                        <span class="lg-account__name">{name}</span>
                        <span class="govuk-visually-hidden">": "</span>
                        <span class="lg-account__what">"Your account"</span>
                    </a>
                </li>
                <li class="lg-account__item">
                    <form method="post" action="/sign-out">
                        <button type="submit" class="lg-header__link lg-header__button">
                            "Sign out"
                        </button>
                    </form>
                </li>
            </ul>
        }
        .into_any(),
        None => view! {
            <ul class="lg-account">
                <li class="lg-account__item">
                    <a class="lg-header__link" href="/sign-in">"Sign in"</a>
                </li>
            </ul>
        }
        .into_any(),
    };
    view! {
        <header class="lg-header">
            <div class="govuk-width-container lg-header__row">
                <a class="lg-header__home" href="/">
                    {mark_view()}
                    <span class="lg-header__name">{frame.service_name.clone()}</span>
                </a>
                {account}
            </div>
            {navigation_view(frame.navigation.clone())}
        </header>
    }
    .into_any()
}

fn navigation_view(items: Vec<NavItem>) -> Option<AnyView> {
    if items.is_empty() {
        return None;
    }
    let items: Vec<_> = items
        .into_iter()
        .map(|item| {
            let class = classes("lg-nav__link", &[("lg-nav__link--current", item.current)]);
            view! {
                <li class="lg-nav__item">
                    <a class=class href=item.href aria-current=item.current.then_some("true")>
                        {item.text}
                    </a>
                </li>
            }
        })
        .collect();
    Some(
        view! {
            <nav class="lg-nav" aria-label="Service">
                <div class="govuk-width-container">
                    <ul class="lg-nav__list">{items}</ul>
                </div>
            </nav>
        }
        .into_any(),
    )
}

fn main_view(frame: &Frame, body: AnyView) -> AnyView {
    let class = classes("govuk-main-wrapper", &[("lg-main--reading", !frame.wide)]);
    let crumbs = (!frame.crumbs.is_empty()).then(|| view! { <Breadcrumbs items=frame.crumbs.clone() /> });
    let back = frame.back.clone().map(|link| view! { <BackLink href=link.href text=link.text /> });
    let errors = frame.form.has_errors().then(|| view! { <ErrorSummary errors=frame.form.errors().to_vec() /> });
    let notice = frame.notice.clone().map(|notice| view! { <NotificationBanner kind=notice.kind text=notice.text /> });
    view! {
        <div class="govuk-width-container lg-page">
            {crumbs}
            {back}
            <main class=class id="main-content" tabindex="-1">
                {errors}
                {notice}
                {body}
            </main>
        </div>
    }
    .into_any()
}

fn demo_view(bar: DemoBar) -> AnyView {
    let return_to = bar.return_to;
    let moves: Vec<_> = bar
        .moves
        .into_iter()
        .map(|(value, label)| {
            view! {
                <button type="submit" class="lg-demo__button" name="move" value=value>
                    {label}
                </button>
            }
        })
        .collect();
    view! {
        <aside class="lg-demo" aria-label="Demonstration">
            <div class="govuk-width-container lg-demo__row">
                <p class="lg-demo__text">
                    <strong>"Demonstration"</strong>
                    " – nothing here is real. It is now "
                    <strong class="lg-demo__now">{bar.now}</strong>
                    "."
                </p>
                <a class="lg-demo__link" href=bar.people_href>"Be someone else"</a>
                <a class="lg-demo__link" href=bar.mail_href>"Mail sent"</a>
                <details class="lg-demo__clock">
                    <summary class="lg-demo__link">"Move the clock"</summary>
                    <form class="lg-demo__form" method="post" action="/demo/clock">
                        <input type="hidden" name="return_to" value=return_to />
                        {moves}
                    </form>
                </details>
            </div>
        </aside>
    }
    .into_any()
}

fn footer_view(contact: Option<String>) -> AnyView {
    let contact = contact.map(|contact| view! { <p class="lg-footer__contact">{contact}</p> });
    view! {
        <footer class="lg-footer">
            <div class="govuk-width-container">
                <h2 class="govuk-visually-hidden">"Help and information"</h2>
                <ul class="lg-footer__list">
                    <li><a class="lg-footer__link" href="/accessibility">"Accessibility"</a></li>
                    <li><a class="lg-footer__link" href="/privacy">"Privacy"</a></li>
                    <li><a class="lg-footer__link" href="/cookies">"Cookies"</a></li>
                    <li>
                        <a class="lg-footer__link" href="/learning-gain/how">
                            "How learning gain is computed"
                        </a>
                    </li>
                </ul>
                {contact}
            </div>
        </footer>
    }
    .into_any()
}

/// Loads the islands' module and wakes the islands one after the other, outer
/// ones first. Islands here never hold each other, so no more is needed.
const ISLAND_LOADER: &str = include_str!("islands.js");

fn script_view(script: IslandScript) -> AnyView {
    let loader = ISLAND_LOADER.replace("{js}", &script.js).replace("{wasm}", &script.wasm);
    view! {
        <link rel="modulepreload" href=script.js />
        <link rel="preload" href=script.wasm r#as="fetch" type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=script.nonce inner_html=loader></script>
    }
    .into_any()
}
