//! The wording of mails: templates with named placeholders, one per kind of mail. Plain text and HTML come from the
//! same template. The office can change each; what it leaves alone is the default.
//!
//! A paragraph that is one placeholder on its own may stand for several lines (the details, a link) or for nothing.
//! Anywhere else a placeholder stands for a few words.

mod defaults;
mod kinds;

pub use defaults::*;
pub use kinds::{Example, Fixed, Group, Placeholder, Wording};

use super::letter::{Letter, one_line};

/// The longest subject and the longest text.
const SUBJECT_MOST: usize = 200;
const BODY_MOST: usize = 5_000;

/// What a placeholder stands for.
#[derive(Clone, Debug)]
enum Value {
    Words(String),
    Block(Letter),
}

/// What the placeholders of one mail stand for.
#[derive(Clone, Debug, Default)]
pub struct Values {
    values: Vec<(&'static str, Value)>,
}

impl Values {
    /// With a few words, on one line, so that what people typed cannot start another paragraph.
    pub fn words(self, name: &'static str, words: impl AsRef<str>) -> Self {
        self.with(name, Value::Words(one_line(words.as_ref())))
    }

    /// With lines of their own; an empty letter leaves the paragraph out.
    pub fn block(self, name: &'static str, block: Letter) -> Self {
        self.with(name, Value::Block(block))
    }

    fn with(mut self, name: &'static str, value: Value) -> Self {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value));
        self
    }

    /// Only what a kind of mail may say: what was gathered for several kinds may hold somebody else's personal link.
    pub fn only(mut self, placeholders: &[Placeholder]) -> Self {
        self.values.retain(|(name, _)| placeholders.iter().any(|placeholder| placeholder.name == *name));
        self
    }

    /// Whether something is said for this placeholder, be it nothing.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// A template as the office changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
}

impl Template {
    /// The subject with its placeholders filled in.
    pub fn subject(&self, values: &Values) -> String {
        one_line(&filled(&self.subject, values))
    }

    /// The text with its placeholders filled in.
    pub fn letter(&self, values: &Values) -> Letter {
        let mut letter = Letter::default();
        for paragraph in paragraphs(&self.body) {
            match lone_placeholder(&paragraph).map(|name| values.get(name)) {
                Some(Some(Value::Block(block))) => letter = letter.append(block.clone()),
                Some(Some(Value::Words(words))) if !words.is_empty() => letter = letter.paragraph(words.clone()),
                Some(_) => {}
                None => letter = letter.paragraph(filled(&paragraph, values)),
            }
        }
        letter
    }
}

fn paragraphs(body: &str) -> Vec<String> {
    let body = body.replace("\r\n", "\n");
    body.split("\n\n").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// "details" of "{{details}}".
fn lone_placeholder(paragraph: &str) -> Option<&str> {
    let inside = paragraph.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    (!inside.contains("{{") && !inside.contains("}}")).then_some(inside)
}

fn filled(text: &str, values: &Values) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            break;
        };
        if let Some(Value::Words(words)) = values.get(name.trim()) {
            out.push_str(words);
        }
        rest = behind;
    }
    out.push_str(rest);
    // What stood for nothing leaves no gap behind.
    out.replace("  ", " ").trim().to_owned()
}

fn names_in(text: &str) -> Vec<&str> {
    text.split("{{").skip(1).filter_map(|part| part.split_once("}}")).map(|(name, _)| name.trim()).collect()
}

/// Reads what the office typed for a kind of mail. Fails with one sentence for each field that is wrong; unknown and
/// missing placeholders are named.
pub fn parse_template(wording: &Wording, subject: &str, body: &str) -> Result<Template, Vec<(&'static str, String)>> {
    let subject = subject.trim().to_owned();
    let body = body.trim().replace("\r\n", "\n");
    let mut wrong = Vec::new();
    let braced = |names: &[&str]| names.iter().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(", ");
    for (field, what, text, most) in
        [("subject", "subject", &subject, SUBJECT_MOST), ("body", "text", &body, BODY_MOST)]
    {
        let unknown: Vec<&str> = names_in(text).into_iter().filter(|name| !wording.knows(name)).collect();
        let in_line: Vec<&str> = paragraphs(text)
            .iter()
            .filter(|paragraph| lone_placeholder(paragraph).is_none())
            .flat_map(|paragraph| names_in(paragraph).into_iter().map(str::to_owned).collect::<Vec<_>>())
            .filter_map(|name| wording.placeholders.iter().find(|known| known.name == name && known.is_block()))
            .map(|block| block.name)
            .collect();
        let is_open = text.matches("{{").count() != text.matches("}}").count();
        if text.is_empty() {
            wrong.push((field, format!("Enter the {what}")));
        } else if text.chars().count() > most {
            wrong.push((field, format!("The {what} must be {most} characters or fewer")));
        } else if is_open {
            wrong.push((field, "Every {{ needs its }}".to_owned()));
        } else if !unknown.is_empty() {
            wrong.push((field, format!("This mail does not know {}", braced(&unknown))));
        } else if field == "subject"
            && (text.contains('\n') || names_in(text).iter().any(|name| wording.is_block(name)))
        {
            wrong.push((field, "The subject is one line of words".to_owned()));
        } else if !in_line.is_empty() {
            wrong.push((field, format!("Put an empty line before and after {}", braced(&in_line))));
        }
    }
    let missing: Vec<&str> = wording.required.iter().copied().filter(|name| !names_in(&body).contains(name)).collect();
    if wrong.is_empty() && !missing.is_empty() {
        wrong.push(("body", format!("The text must have {}", braced(&missing))));
    }
    if wrong.is_empty() { Ok(Template { subject, body }) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confirmed() -> &'static Wording {
        wording_of("booking_confirmed").unwrap()
    }

    #[test]
    fn every_default_passes_its_own_check() {
        for wording in wordings() {
            let parsed = parse_template(wording, wording.subject, wording.body);
            assert_eq!(parsed, Ok(wording.template()), "{}", wording.kind);
        }
    }

    #[test]
    fn unknown_and_missing_placeholders_are_named() {
        let check = |subject: &str, body: &str| parse_template(confirmed(), subject, body).unwrap_err();
        let whole = "{{details}}\n\n{{change_or_cancel}}\n\n{{cancel_by}} {{charge_rule}}";
        assert!(parse_template(confirmed(), "Hello {{name}}", whole).is_ok());
        assert!(check("x", "{{nmae}} {{details}}")[0].1.ends_with("does not know {{nmae}}"));
        assert!(check("x", "{{details}}\n\n{{cancel_by}}")[0].1.contains("{{change_or_cancel}}"));
        assert!(check("x", &whole.replace("\n\n", " "))[0].1.starts_with("Put an empty line before and after"));
        assert!(check("x", &format!("{whole} {{{{"))[0].1.contains("needs its"));
        assert_eq!(check("", "").iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["subject", "body"]);
        assert_eq!(check("{{details}}", whole)[0].0, "subject");
        assert_eq!(check(&"x".repeat(201), whole)[0].0, "subject");
    }

    #[test]
    fn what_people_typed_cannot_become_a_placeholder_or_a_paragraph() {
        let template =
            Template { subject: "Hi {{name}}".into(), body: "Dear {{name}},\n\n{{details}}\n\n{{none}}".into() };
        let details = Letter::default().facts(vec![("Course", "{{name}}".to_owned())]);
        let values = Values::default().words("name", "{{details}}\r\nBcc: x").block("details", details);
        assert_eq!(template.subject(&values), "Hi {{details}}, Bcc: x");
        assert_eq!(template.letter(&values).text(), "Dear {{details}}, Bcc: x,\n\nCourse: {{name}}\n");
        let markup = Values::default().words("name", "<b>&");
        assert!(template.letter(&markup).html().contains("&lt;b&gt;&amp;"));
    }

    #[test]
    fn a_mail_says_only_what_its_kind_may_say_and_the_last_word_counts() {
        let values = Values::default().words("name", "Amira").words("name", "Lena").words("link", "secret");
        let values = values.only(&[Placeholder::words("name", "")]);
        let template = Template { subject: "{{name}}{{link}}".into(), body: String::new() };
        assert_eq!(template.subject(&values), "Lena");
    }
}
