//! What a kind of mail is: a template with placeholders that the office can change, or a text that stays as it is.

use super::{Template, Values};
use crate::messages::letter::Letter;

/// A kind of mail whose wording the office can change.
#[derive(Debug)]
pub struct Wording {
    /// As it stands in the outbox.
    pub kind: &'static str,
    /// What it is, for the office's list.
    pub title: &'static str,
    /// The default subject.
    pub subject: &'static str,
    /// The default text.
    pub body: &'static str,
    /// Everything that can stand between `{{` and `}}`.
    pub placeholders: &'static [Placeholder],
    /// Without these the mail would not say what it has to.
    pub required: &'static [&'static str],
}

/// A kind of mail that always reads the same.
#[derive(Debug)]
pub struct Fixed {
    /// As it stands in the outbox.
    pub kind: &'static str,
    /// What it is, for the office's list.
    pub title: &'static str,
    /// Why nobody changes it, for the office's list.
    pub why: &'static str,
}

/// Kinds of mail about one thing, under one heading of the office's list.
#[derive(Debug)]
pub struct Group {
    /// The heading.
    pub title: &'static str,
    /// The kinds.
    pub wordings: &'static [&'static Wording],
}

/// What can stand between `{{` and `}}`.
#[derive(Clone, Copy, Debug)]
pub struct Placeholder {
    /// The word between the braces.
    pub name: &'static str,
    /// What it stands for in the preview.
    pub example: Example,
}

/// What a placeholder stands for in the preview, and with it whether it stands within a line or on lines of its own.
#[derive(Clone, Copy, Debug)]
pub enum Example {
    /// A few words.
    Words(&'static str),
    /// Lines of their own.
    Lines(&'static str),
    /// Facts, one to a line.
    Facts(&'static [(&'static str, &'static str)]),
    /// A link with this text, on a line of its own.
    Link(&'static str),
}

impl Placeholder {
    /// One that stands for a few words.
    pub const fn words(name: &'static str, example: &'static str) -> Self {
        Self { name, example: Example::Words(example) }
    }

    /// One that stands for a link.
    pub const fn link(name: &'static str, text: &'static str) -> Self {
        Self { name, example: Example::Link(text) }
    }

    /// Whether it stands on lines of its own.
    pub fn is_block(&self) -> bool {
        !matches!(self.example, Example::Words(_))
    }
}

impl Wording {
    /// Whether a placeholder means something in this mail.
    pub fn knows(&self, name: &str) -> bool {
        self.placeholders.iter().any(|known| known.name == name)
    }

    /// Whether a placeholder stands on lines of its own.
    pub fn is_block(&self, name: &str) -> bool {
        self.placeholders.iter().any(|known| known.name == name && known.is_block())
    }

    /// The default.
    pub fn template(&self) -> Template {
        Template { subject: self.subject.to_owned(), body: self.body.to_owned() }
    }

    /// What the placeholders stand for in an invented mail.
    pub fn examples(&self) -> Values {
        self.placeholders.iter().fold(Values::default(), |values, placeholder| {
            let name = placeholder.name;
            match placeholder.example {
                Example::Words(words) => values.words(name, words),
                Example::Lines(lines) => values.block(name, Letter::default().paragraph(lines)),
                Example::Link(text) => values.block(name, Letter::default().link(text, "https://training.example/…")),
                Example::Facts(facts) => {
                    let facts = facts.iter().map(|(what, value)| (*what, (*value).to_owned())).collect();
                    values.block(name, Letter::default().facts(facts))
                }
            }
        })
    }
}
