//! A mail's text, written once and given out as plain text and as HTML.

/// Paragraphs, facts and links, in order.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Paragraph(String),
    Facts(Vec<(String, String)>),
    Link { text: String, address: String },
}

impl Letter {
    /// Adds a paragraph.
    pub fn paragraph(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Paragraph(text.into()));
        self
    }

    /// Adds a paragraph if there is one.
    pub fn paragraph_if(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.paragraph(text),
            None => self,
        }
    }

    /// Adds everything of another letter.
    pub fn append(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// Adds facts, one per line; those without a value are left out.
    pub fn facts(mut self, facts: Vec<(&str, String)>) -> Self {
        let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
        self.parts.push(Part::Facts(facts.map(|(name, value)| (name.to_owned(), value)).collect()));
        self
    }

    /// Adds a link on a line of its own, so that no mail program breaks it.
    pub fn link(mut self, text: impl Into<String>, address: impl Into<String>) -> Self {
        self.parts.push(Part::Link { text: text.into(), address: address.into() });
        self
    }

    /// The plain text.
    pub fn text(&self) -> String {
        let parts: Vec<String> = self.parts.iter().map(part_text).collect();
        parts.join("\n\n") + "\n"
    }

    /// The same as HTML.
    pub fn html(&self) -> String {
        let parts: Vec<String> = self.parts.iter().map(part_html).collect();
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Training</title></head><body>{}</body></html>",
            parts.join("\n")
        )
    }
}

fn part_text(part: &Part) -> String {
    match part {
        Part::Paragraph(text) => text.clone(),
        Part::Facts(facts) => {
            facts.iter().map(|(name, value)| format!("{name}: {}", one_line(value))).collect::<Vec<_>>().join("\n")
        }
        Part::Link { text, address } => format!("{text}:\n{address}"),
    }
}

fn part_html(part: &Part) -> String {
    match part {
        Part::Paragraph(text) => format!("<p>{}</p>", escape(text).replace('\n', "<br>")),
        Part::Facts(facts) => {
            let rows: Vec<String> = facts
                .iter()
                .map(|(name, value)| format!("<dt><strong>{}</strong></dt><dd>{}</dd>", escape(name), escape(value)))
                .collect();
            format!("<dl>{}</dl>", rows.concat())
        }
        Part::Link { text, address } => format!("<p><a href=\"{}\">{}</a></p>", escape(address), escape(text)),
    }
}

/// A text on one line: what people typed can neither end a header nor start another fact.
pub fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_control())
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_stays_text() {
        let facts = vec![("Venue", "A\nB".into()), ("Empty", String::new())];
        let letter = Letter::default().paragraph("Dear <b>Amira</b>,").facts(facts);
        assert_eq!(letter.text(), "Dear <b>Amira</b>,\n\nVenue: A, B\n");
        assert!(letter.html().contains("&lt;b&gt;Amira"));
        assert!(!letter.html().contains("Empty"));
    }
}
