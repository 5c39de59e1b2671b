//! What the island asks of its browser and, through it, of the server: a form is sent, JSON comes back.
//!
//! The browser reads JSON, sends forms and folds letters itself. The codecs that the server functions' own callers would
//! bring (`server_fn`, `serde_json`) made the module half as large again, on telephones in rooms with a bad signal.
//! What is not compiled for the browser has the same functions, which do nothing there.

#[cfg(feature = "hydrate")]
mod browser {
    use crate::attendance::{
        islands::{RegisterSheet, SheetPerson},
        rules::Mark,
    };
    use js_sys::{Array, JSON, JsString, Reflect};
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{AbortSignal, Element, HtmlElement, HtmlFormElement, RequestInit, Response, UrlSearchParams};

    /// In milliseconds. What is sent and answered are a few hundred bytes: where that takes longer than a few seconds, the
    /// network has swallowed it, as telephones' networks do without a word, and nothing else would be tried meanwhile.
    const LONGEST_WAIT: u32 = 10_000;

    /// One object of the server's answer.
    pub struct Answer(JsValue);

    impl Answer {
        fn get(&self, name: &str) -> JsValue {
            Reflect::get(&self.0, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
        }

        /// A text; nothing where there is none.
        pub fn text(&self, name: &str) -> String {
            self.get(name).as_string().unwrap_or_default()
        }

        /// A yes or no; no where there is none.
        pub fn is(&self, name: &str) -> bool {
            self.get(name).is_truthy()
        }

        /// An id. Ids are far below 2^53, up to which the browser's numbers are exact.
        pub fn id(&self, name: &str) -> i64 {
            self.get(name).as_f64().unwrap_or_default() as i64
        }

        /// An object inside this one.
        pub fn part(&self, name: &str) -> Option<Self> {
            let part = self.get(name);
            part.is_object().then(|| Self(part))
        }

        /// A list of objects.
        pub fn list(&self, name: &str) -> Vec<Self> {
            let list = self.get(name);
            list.dyn_ref::<Array>().map(|list| list.iter().map(Self).collect()).unwrap_or_default()
        }

        /// Somebody on the register.
        pub fn person(&self) -> SheetPerson {
            SheetPerson {
                booking: self.id("booking"),
                name: self.text("name"),
                detail: self.text("detail"),
                walk_in: self.is("walk_in"),
                mark: Mark::from_word(&self.text("mark")).unwrap_or(Mark::Unmarked),
                minutes: self.text("minutes"),
                error: self.text("error"),
            }
        }
    }

    /// The register as the page brought it.
    pub fn sheet_of_page() -> RegisterSheet {
        let sheet = by_id(super::SHEET_ID).and_then(|element| element.get_attribute("data-sheet"));
        let Some(Ok(sheet)) = sheet.map(|text| JSON::parse(&text)) else { return RegisterSheet::default() };
        let sheet = Answer(sheet);
        RegisterSheet {
            date: sheet.id("date"),
            action: sheet.text("action"),
            request_id: sheet.text("request_id"),
            can_write: sheet.is("can_write"),
            can_add: sheet.is("can_add"),
            is_office: sheet.is("is_office"),
            needs_reason: sheet.is("needs_reason"),
            reason: sheet.text("reason"),
            submitted: sheet.is("submitted"),
            submit_from: sheet.text("submit_from"),
            submit_in_seconds: u64::try_from(sheet.id("submit_in_seconds")).unwrap_or(0),
            people: sheet.list("people").iter().map(Answer::person).collect(),
        }
    }

    /// Sends what a form holds, and these fields. None when the server could not be reached, had a problem or did not
    /// answer in time; it may have done what it was asked all the same.
    pub async fn ask(endpoint: &str, form: Option<HtmlFormElement>, fields: &[(&str, &str)]) -> Option<Answer> {
        let body = match form {
            Some(form) => {
                let typed = web_sys::FormData::new_with_form(&form).ok()?;
                UrlSearchParams::new_with_str_sequence_sequence(&typed).ok()?
            }
            None => UrlSearchParams::new().ok()?,
        };
        for (name, value) in fields {
            body.append(name, value);
        }
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_body(&body);
        request.set_signal(Some(&AbortSignal::timeout_with_u32(LONGEST_WAIT)));
        let answer = web_sys::window()?.fetch_with_str_and_init(endpoint, &request).await.ok()?;
        let answer: Response = answer.dyn_into().ok()?;
        if !answer.ok() {
            return None;
        }
        Some(Answer(answer.json().ok()?.await.ok()?))
    }

    /// Whether a text holds another one, whatever the case of their letters.
    pub fn holds(text: &str, part: &str) -> bool {
        let lower = |text: &str| JsString::from(text).to_lower_case();
        lower(text).includes(&String::from(lower(part.trim())), 0)
    }

    fn by_id(id: &str) -> Option<Element> {
        web_sys::window()?.document()?.get_element_by_id(id)
    }

    /// Puts the focus on an element.
    pub fn focus(id: &str) {
        if let Some(element) = by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // An element that cannot have it is left alone: nothing depends on it.
            let _ = element.focus();
        }
    }

    /// Empties a form.
    pub fn reset(id: &str) {
        if let Some(form) = form(id) {
            form.reset();
        }
    }

    /// A form of the page.
    pub fn form(id: &str) -> Option<HtmlFormElement> {
        by_id(id)?.dyn_into().ok()
    }
}

#[cfg(feature = "hydrate")]
pub use browser::{Answer, ask, focus, form, holds, reset, sheet_of_page};

/// Whether a text holds another one; on the server nobody searches.
#[cfg(not(feature = "hydrate"))]
pub fn holds(_text: &str, _part: &str) -> bool {
    true
}

/// The element that brings the register to the island.
pub const SHEET_ID: &str = "register-sheet";
