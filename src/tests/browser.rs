//! A browser without JavaScript: it keeps cookies, follows redirects, and sends forms as they stand on the page.

use reqwest::{Client, StatusCode, cookie::Jar, header, redirect::Policy};
use scraper::{ElementRef, Html, Node, Selector};
use std::sync::Arc;

/// One browser window.
pub struct Browser {
    client: Client,
    base: String,
    /// Where it is now, path and query.
    pub path: String,
    /// The last answer's status, after redirects.
    pub status: StatusCode,
    /// The last answer's headers.
    pub headers: header::HeaderMap,
    /// The last answer's text.
    pub body: String,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        Self::built(base, Jar::default())
    }

    /// A browser that has this cookie of the site.
    pub fn with_cookie(base: &str, cookie: &str) -> Self {
        let jar = Jar::default();
        jar.add_cookie_str(cookie, &base.parse().unwrap());
        Self::built(base, jar)
    }

    fn built(base: &str, jar: Jar) -> Self {
        let client = Client::builder().cookie_provider(Arc::new(jar)).redirect(Policy::limited(5)).build().unwrap();
        Self {
            client,
            base: base.to_owned(),
            path: "/".into(),
            status: StatusCode::OK,
            headers: header::HeaderMap::new(),
            body: String::new(),
        }
    }

    /// Goes on at another process that serves the same site, with the same cookies: they do not know of ports.
    pub fn go_on_at(&mut self, base: &str) -> &mut Self {
        base.clone_into(&mut self.base);
        self
    }

    /// Opens an address of the site.
    pub async fn open(&mut self, path: &str) -> &mut Self {
        let answer = self.client.get(self.absolute(path)).send().await.unwrap();
        self.keep(answer).await
    }

    /// Sends fields to an address, whatever the page says.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> &mut Self {
        let request = self.client.post(self.absolute(path)).header("sec-fetch-site", "same-origin");
        let answer = request.form(fields).send().await.unwrap();
        self.keep(answer).await
    }

    /// Sends these bytes to an address, as content of this type.
    pub async fn post_bytes(&mut self, path: &str, kind: Option<&str>, body: Vec<u8>) -> &mut Self {
        let mut request = self.client.post(self.absolute(path)).header("sec-fetch-site", "same-origin").body(body);
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let answer = request.send().await.unwrap();
        self.keep(answer).await
    }

    /// Every form of the page that posts: where it goes, and its fields as they stand, its first button's included.
    pub fn forms(&self) -> Vec<(String, Vec<(String, String)>)> {
        let page = Html::parse_document(&self.body);
        let (forms, buttons) = (Selector::parse("form[method=post]").unwrap(), Selector::parse("button").unwrap());
        let form_of = |form: ElementRef<'_>| {
            let mut fields = fields_of(form);
            let button = form.select(&buttons).next().map(|button| button.value());
            if let Some((name, value)) = button.and_then(|button| Some((button.attr("name")?, button.attr("value")?))) {
                fields.push((name.to_owned(), value.to_owned()));
            }
            (form.value().attr("action").unwrap_or_default().to_owned(), fields)
        };
        page.select(&forms).map(form_of).collect()
    }

    /// Presses the button with this text, after filling in these fields. Fields that the page has and that are not
    /// named here are sent as they stand. A field named here replaces every value of that name.
    pub async fn submit(&mut self, button: &str, fields: &[(&str, &str)]) -> &mut Self {
        let (action, mut values) = self.form_with_button(button);
        values.retain(|(name, _)| !fields.iter().any(|(named, _)| named == name));
        values.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&action, &pairs).await
    }

    /// Presses the button of a form with a file field, with this file chosen.
    pub async fn upload(&mut self, button: &str, field: &str, file_name: &str, bytes: &[u8]) -> &mut Self {
        const BOUNDARY: &str = "a-line-that-no-file-holds";
        let (action, values) = self.form_with_button(button);
        let mut body = Vec::new();
        for (name, value) in values {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let request = self.client.post(self.absolute(&action)).header("sec-fetch-site", "same-origin");
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let answer = request.header(header::CONTENT_TYPE, kind).body(body).send().await.unwrap();
        self.keep(answer).await
    }

    /// The form that holds the button: where it goes, and its fields as they stand, the button's own included.
    pub fn form_with_button(&self, button: &str) -> (String, Vec<(String, String)>) {
        let page = Html::parse_document(&self.body);
        let forms = Selector::parse("form").unwrap();
        let buttons = Selector::parse("button, input[type=submit]").unwrap();
        for form in page.select(&forms) {
            let Some(pressed) = form.select(&buttons).find(|found| text_of(*found).contains(button)) else { continue };
            let action = form.value().attr("action").unwrap_or(&self.path).to_owned();
            let mut values = fields_of(form);
            if let (Some(name), value) = (pressed.value().attr("name"), pressed.value().attr("value")) {
                values.push((name.to_owned(), value.unwrap_or_default().to_owned()));
            }
            return (if action.is_empty() { self.path.clone() } else { action }, values);
        }
        panic!("no form with the button “{button}” on {}:\n{}", self.path, self.text());
    }

    /// What a person reads in the main part of the page, white space folded.
    pub fn text(&self) -> String {
        let page = Html::parse_document(&self.body);
        let main = Selector::parse("main").unwrap();
        page.select(&main).next().map_or_else(|| self.body.clone(), text_of)
    }

    /// The page's title.
    pub fn title(&self) -> String {
        let page = Html::parse_document(&self.body);
        page.select(&Selector::parse("title").unwrap()).next().map(text_of).unwrap_or_default()
    }

    /// The target of the first link with this text.
    pub fn link(&self, text: &str) -> String {
        let page = Html::parse_document(&self.body);
        let links = Selector::parse("a[href]").unwrap();
        let found = page.select(&links).find(|link| text_of(*link).contains(text));
        let found = found.unwrap_or_else(|| panic!("no link “{text}” on {}:\n{}", self.path, self.text()));
        found.value().attr("href").unwrap_or_default().to_owned()
    }

    /// Whether the page's main part says this.
    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Stops the test, showing the page, unless it says this.
    pub fn must_say(&self, words: &str) -> &Self {
        assert!(self.says(words), "“{words}” is not on {} ({}):\n{}", self.path, self.status, self.text());
        self
    }

    /// What stands under the heading that begins so, up to the next heading of its level or a higher one.
    pub fn under(&self, heading: &str) -> String {
        let page = Html::parse_document(&self.body);
        let main = page.select(&Selector::parse("main").unwrap()).next().unwrap();
        let (mut level, mut text): (Option<String>, Vec<String>) = (None, Vec::new());
        for node in main.descendants() {
            let element = ElementRef::wrap(node);
            if let Some(found) = element.filter(|found| ["h1", "h2", "h3", "h4"].contains(&found.value().name())) {
                let name = found.value().name();
                if level.as_deref().is_some_and(|level| name <= level) {
                    break;
                }
                if level.is_none() && text_of(found).starts_with(heading) {
                    level = Some(name.to_owned());
                }
            }
            if let (Some(_), Node::Text(words)) = (&level, node.value()) {
                text.push(words.to_string());
            }
        }
        assert!(level.is_some(), "no heading “{heading}” on {}:\n{}", self.path, self.text());
        text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the rows of all tables say that begin with this name.
    pub fn rows_named(&self, name: &str) -> String {
        let page = Html::parse_document(&self.body);
        let rows = Selector::parse("main tbody tr").unwrap();
        let found: Vec<String> = page.select(&rows).map(text_of).filter(|row| row.starts_with(name)).collect();
        assert!(!found.is_empty(), "no row “{name}” on {}:\n{}", self.path, self.text());
        found.join(" ")
    }

    fn absolute(&self, path: &str) -> String {
        if path.starts_with("http://") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    async fn keep(&mut self, answer: reqwest::Response) -> &mut Self {
        self.path = match answer.url().query() {
            Some(query) => format!("{}?{query}", answer.url().path()),
            None => answer.url().path().to_owned(),
        };
        self.status = answer.status();
        self.headers = answer.headers().clone();
        self.body = answer.text().await.unwrap();
        self
    }
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A form's fields as a browser would send them, buttons left out.
fn fields_of(form: ElementRef<'_>) -> Vec<(String, String)> {
    let selector = Selector::parse("input[name], select[name], textarea[name]").unwrap();
    let options = Selector::parse("option").unwrap();
    let mut fields = Vec::new();
    for field in form.select(&selector) {
        let element = field.value();
        let name = element.attr("name").unwrap_or_default().to_owned();
        let value = element.attr("value").unwrap_or_default().to_owned();
        match (element.name(), element.attr("type").unwrap_or("text")) {
            ("input", "submit" | "button" | "file") => {}
            ("input", "radio" | "checkbox") if element.attr("checked").is_none() => {}
            ("input", "radio" | "checkbox") if value.is_empty() => fields.push((name, "on".into())),
            ("input", _) => fields.push((name, value)),
            ("textarea", _) => fields.push((name, field.text().collect())),
            _ => {
                let chosen = field.select(&options).find(|option| option.value().attr("selected").is_some());
                let chosen = chosen.or_else(|| field.select(&options).next());
                fields.push((name, chosen.and_then(|option| option.value().attr("value")).unwrap_or_default().into()));
            }
        }
    }
    fields
}
