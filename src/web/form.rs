//! What a person typed into a form and what is wrong with it.
//!
//! The render door puts one [`FormState`] into the context of a page; every
//! field component finds its own value and its own error there by name. So a
//! refused form shows again exactly what was typed, and an edit form is the
//! same page with its values filled in beforehand.

use std::sync::Arc;

use leptos::prelude::use_context;

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, which is also the id that the summary links to.
    pub field: String,
    /// The sentence that says what to do.
    pub message: String,
}

/// What a person typed and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    inner: Arc<Inner>,
}

#[derive(Clone, Debug, Default)]
struct Inner {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl FormState {
    /// The fields of a form as they were sent, in their order.
    pub fn new(values: Vec<(String, String)>) -> Self {
        Self { inner: Arc::new(Inner { values, errors: Vec::new() }) }
    }

    /// The form state of the page being rendered; an empty one outside a page.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// Fills a field in, as an edit form does before it is first shown. A field
    /// with several values (checkboxes) is filled by calling this repeatedly.
    pub fn with_value(mut self, field: &str, value: impl Into<String>) -> Self {
        let inner = Arc::make_mut(&mut self.inner);
        inner.values.push((field.to_owned(), value.into()));
        self
    }

    /// Puts one value in the place of all that a field has.
    pub fn replacing(mut self, field: &str, value: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.inner).values.retain(|(name, _)| name != field);
        self.with_value(field, value)
    }

    /// Adds what is wrong with a field.
    pub fn with_error(mut self, field: &str, message: impl Into<String>) -> Self {
        let inner = Arc::make_mut(&mut self.inner);
        inner.errors.push(FieldError { field: field.to_owned(), message: message.into() });
        self
    }

    /// The field's first value, or `""`.
    pub fn value(&self, field: &str) -> &str {
        self.first(field).unwrap_or_default()
    }

    /// Every value of a field that may be chosen more than once.
    pub fn values(&self, field: &str) -> Vec<&str> {
        let named = |(name, _): &&(String, String)| name == field;
        let values = self.inner.values.iter().filter(named);
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// Every field with its value, in the order in which they were sent.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.inner.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether this value is among the field's values.
    pub fn is_chosen(&self, field: &str, value: &str) -> bool {
        self.values(field).contains(&value)
    }

    /// Whether the field has a value, be it an empty one.
    pub fn holds(&self, field: &str) -> bool {
        self.first(field).is_some()
    }

    /// Whether no field at all has a value: the page is shown for the first time.
    pub fn is_untouched(&self) -> bool {
        self.inner.values.is_empty()
    }

    /// The first error of a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        self.inner.errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// All errors, in the order in which they were added.
    pub fn errors(&self) -> &[FieldError] {
        &self.inner.errors
    }

    /// Whether anything is wrong.
    pub fn has_errors(&self) -> bool {
        !self.inner.errors.is_empty()
    }

    fn first(&self, field: &str) -> Option<&str> {
        let named = |(name, _): &&(String, String)| name == field;
        self.inner.values.iter().find(named).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_still_there() {
        let form = FormState::new(vec![
            ("email".into(), "no-at-sign".into()),
            ("need".into(), "hearing".into()),
            ("need".into(), "parking".into()),
        ])
        .with_error("email", "Enter an email address in the correct format");

        assert_eq!(form.value("email"), "no-at-sign");
        assert_eq!(form.value("name"), "");
        assert_eq!(form.values("need"), ["hearing", "parking"]);
        assert!(form.is_chosen("need", "parking"));
        assert!(!form.is_chosen("need", "diet"));
        assert!(form.has_errors());
        assert_eq!(form.error("need"), None);
        assert!(form.error("email").is_some());
    }

    #[test]
    fn filling_one_copy_in_leaves_the_other_alone() {
        let empty = FormState::default();
        let filled = empty.clone().with_value("title", "Neglect");
        assert!(!empty.holds("title"));
        assert!(filled.holds("title"));
    }
}
