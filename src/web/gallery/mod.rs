//! Every component and chart on two pages, for looking and for checking: the
//! tests write `target/gallery.html` and `target/gallery-errors.html`. Only
//! compiled for tests.

mod charts;

use leptos::prelude::*;

use super::components::*;
use super::form::FormState;
use super::shell::{DemoBar, Frame, IslandScript, Notice, document};

fn frame(title: &str) -> Frame {
    Frame {
        title: title.into(),
        service_name: "Oxmere Safeguarding Training".into(),
        navigation: vec![
            NavItem::new("/courses", "Courses", false),
            NavItem::new("/sessions", "Sessions and dates", true),
            NavItem::new("/account/bookings", "My bookings", false),
            NavItem::new("/account/record", "Training record", false),
        ],
        account: Some("Amira Khan".into()),
        stylesheet: "site/main.css".into(),
        icon: "../public/favicon.svg".into(),
        contact: Some("Training office: 01632 960 001, training@oxmere.example".into()),
        ..Frame::default()
    }
}

fn html_of(frame: Frame, page: fn() -> AnyView) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(frame.form.clone());
        let body = page();
        document(frame, body).to_html().replace("<!>", "")
    })
}

fn answers() -> [String; 5] {
    ["Not at all", "A little", "Fairly", "Mostly", "Fully confident"].map(String::from)
}

fn kit() -> AnyView {
    view! {
        <Heading text="Find a session" caption="Autumn and spring programme" />
        <p class="govuk-body-l">"Sessions for everybody who works or volunteers with children."</p>
        <Figures items=vec![
            Figure::new("People trained", thousands(15_204)).note("distinct persons, this board year"),
            Figure::new("Attendance", "93.1%").note("269 of 289 places held"),
            Figure::new("Learning gain", "+1.14").note("95% interval 0.98 to 1.30, 1,204 answered both"),
            Figure::new("Income from non-attendance", pounds_and_pence(485_000)),
        ] />
        <TabsNav label="Session" items=vec![
            NavItem::new("?tab=people", "People", true),
            NavItem::new("?tab=register", "Register", false),
            NavItem::new("?tab=gain", "Learning gain", false),
        ] />
        <Split aside=filters()>{cards()}<Pagination href="/sessions?topic=neglect" page=6 pages=12 /></Split>
        {facts()}
        {tables()}
        {words()}
    }
    .into_any()
}

fn filters() -> AnyView {
    view! {
        <FilterPanel action="/sessions" summary="Filter sessions" active=true>
            <TextInput label="Words" name="words" kind="search" />
            <Checkboxes legend="Where" name="where" small=true options=vec![
                Choice::new("online", "Online"),
                Choice::new("room", "In a room"),
            ] />
            <Tick label="Only with free places" name="free" small=true />
        </FilterPanel>
    }
    .into_any()
}

fn cards() -> AnyView {
    view! {
        <CardList>
            <Card
                title="Sexual abuse: recognising and responding"
                href="/sessions/14"
                day=Some(DayLeaf::new("Wed", 31, "Mar 2021"))
                tags=vec![("3 places left".into(), Colour::Yellow), ("Specialist".into(), Colour::Teal)]
                facts=vec!["9:30am to 12:30pm".into(), "Online".into(), "free".into()]
            />
            <Card
                title="Healthy and unhealthy sexual behaviours in children and young people with additional communication needs"
                href="/sessions/15"
                day=Some(DayLeaf::new("Thu", 1, "Apr 2021"))
                tags=vec![("Full".into(), Colour::Red), ("Waiting list open".into(), Colour::Purple)]
                facts=vec!["1:30pm to 4:30pm".into(), "Llanfairpwllgwyngyllgogerychwyrndrobwll Community Hall".into()]
            >
                <ButtonGroup>
                    <PostButton action="/waiting" text="Join the waiting list" about="for 1 April" kind=ButtonKind::Secondary />
                    <MoreLink href="/courses/3" text="Other dates" about="of this course" />
                </ButtonGroup>
            </Card>
        </CardList>
        <EmptyState heading="No sessions match these filters">
            <p class="govuk-body">"Take a filter away, or "<a class="govuk-link" href="/needs">"tell us what you need"</a>"."</p>
        </EmptyState>
    }
    .into_any()
}

fn facts() -> AnyView {
    view! {
        <Heading text="Your booking" level=2 />
        <SummaryList rows=vec![
            SummaryRow::new("Session", "Self-harm workshop, Wednesday 31 March 2021"),
            SummaryRow::view("State", view! { <Tag text="Booked" colour=Colour::Green /> }),
            SummaryRow::new("Employer", "Oxmere Hospitals").change("/bookings/1/employer"),
            SummaryRow::new("Cancel free until", "11:59pm on Sunday 21 March 2021").action("/bookings/1/cancel", "Cancel"),
        ] />
        <InsetText>"Cancel by 11:59pm on Sunday 21 March 2021 and nothing is charged."</InsetText>
        <WarningText text="A place that is not used and not given back in time costs £50." />
        <Details summary="What happens after I book"><p class="govuk-body">"We write to you."</p></Details>
    }
    .into_any()
}

fn tables() -> AnyView {
    let charges = |name: &str, amount: i64, state: &str, colour: Colour| {
        let state = state.to_owned();
        vec![
            Cell::link("/charges/1", name),
            Cell::text("Self-harm workshop"),
            Cell::view(view! { <Tag text=state colour=colour /> }),
            Cell::number(pounds_and_pence(amount)),
        ]
    };
    let head = || {
        vec![
            Head::text("Person").sortable("?sort=-person", Some(Direction::Ascending)),
            Head::text("Session").sortable("?sort=session", None),
            Head::text("State"),
            Head::number("Amount"),
        ]
    };
    let rows = || {
        vec![
            charges("Amira Khan", 5_000, "Proposed", Colour::Blue),
            charges("Bartholomew Featherstonehaugh-Cholmondeley", 485_000, "Confirmed", Colour::Orange),
        ]
    };
    let total = vec![Cell::text("Total"), Cell::text(""), Cell::text(""), Cell::number("£4,900.00")];
    view! {
        <Table caption="Charges to decide" head=head() rows=rows() foot=vec![total] />
        <Table caption="The same as cards on a phone" head=head() rows=rows() stacked=true />
    }
    .into_any()
}

fn words() -> AnyView {
    let colours = [
        ("Grey", Colour::Grey),
        ("Green", Colour::Green),
        ("Teal", Colour::Teal),
        ("Blue", Colour::Blue),
        ("Purple", Colour::Purple),
        ("Yellow", Colour::Yellow),
        ("Orange", Colour::Orange),
        ("Red", Colour::Red),
    ];
    let tags: Vec<_> =
        colours.into_iter().map(|(text, colour)| view! { <Tag text=text colour=colour /> " " }).collect();
    view! {
        <p class="govuk-body">{tags}</p>
        <ButtonGroup>
            <ButtonLink href="/book" text="Book a place" />
            <ButtonLink href="/calendar" text="Add to calendar" kind=ButtonKind::Secondary />
            <ButtonLink href="/cancel" text="Cancel the session" kind=ButtonKind::Warning />
            <a class="govuk-link" href="/sessions">"Not now"</a>
        </ButtonGroup>
        <Heading text="A section" level=2 />
        <Heading text="A part of it" level=3 />
        <ul class="govuk-list govuk-list--bullet"><li>"one"</li><li>"two"</li></ul>
    }
    .into_any()
}

fn form_page() -> AnyView {
    view! {
        <Heading text="Tell us about you" caption="Booking" />
        <PostForm action="/book" hidden=vec![("request".into(), "r1".into())]>
            <TextInput label="Email address" name="email" kind="email" autocomplete="email" hint="Best a personal one, which you keep when you change employers" />
            <TextInput label="Places" name="places" width=Width::Chars3 inputmode="numeric" suffix="people" />
            <TextInput label="Amount" name="amount" width=Width::Chars5 inputmode="decimal" prefix="£" />
            <CodeInput label="Code" name="code" hint="Six figures, from the email" />
            <Select label="Employer" name="agency" empty="Choose an agency" options=vec![
                Choice::new("1", "Oxmere Hospitals NHS Foundation Trust"),
                Choice::new("2", "St Frideswide’s Church of England Primary School"),
            ] />
            <Radios legend="Do you work with children every week?" name="weekly" inline=true options=vec![
                Choice::new("yes", "Yes"), Choice::new("no", "No"),
            ] />
            <Radios legend="I can say what worries me about a child" name="item-1" options=answers().into_iter().enumerate().map(|(index, label)| Choice::new((index + 1).to_string(), label)).collect() />
            <Checkboxes legend="What would help you to take part?" name="need" hint="Choose all that apply" options=vec![
                Choice::new("hearing", "Hearing loop").hint("In the room or captions online"),
                Choice::new("parking", "A parking space near the door"),
            ] />
            <DateInput legend="When did you last take this training?" name="taken" />
            <TimeInput label="Start" name="start" />
            <TextArea label="What do you hope to learn?" name="hope" hint="Do not name a child." />
            <FileUpload label="Certificate" name="file" accept=".pdf" hint="PDF, up to 2 MB" />
            <Fieldset legend="Where you work"><TextInput label="Postcode" name="postcode" width=Width::Chars10 autocomplete="postal-code" /></Fieldset>
            <Tick label="I accept the charging policy" name="policy" />
            <ButtonGroup>
                <Button text="Book a place" name="do" value="book" />
                <Button text="Save for later" kind=ButtonKind::Secondary name="do" value="save" />
                <Button text="Delete" kind=ButtonKind::Warning about="this booking" name="do" value="delete" />
            </ButtonGroup>
        </PostForm>
    }
    .into_any()
}

fn demo() -> DemoBar {
    DemoBar {
        now: "Monday 22 March 2021, 9:00am".into(),
        moves: [("start", "Start of my next session"), ("end", "Its end"), ("day", "One day on"), ("day21", "Day 21")]
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .to_vec(),
        return_to: "/sessions".into(),
        people_href: "/demo/people".into(),
        mail_href: "/demo/mailbox".into(),
    }
}

/// The pages, each with the name of its file.
fn pages() -> Vec<(&'static str, String)> {
    let kit_frame = Frame {
        wide: true,
        demo: Some(demo()),
        crumbs: vec![Link::new("/", "Home"), Link::new("/courses", "Courses")],
        notice: Some(Notice { kind: NoticeKind::Success, text: "Your place is booked.".into() }),
        ..frame("Find a session")
    };
    let form = FormState::new(vec![
        ("email".into(), "<b>\"no at sign\"</b>".into()),
        ("need".into(), "parking".into()),
        ("weekly".into(), "no".into()),
        ("hope".into(), "\nto know <when> to call & whom</textarea><b>".into()),
        ("taken-day".into(), "31".into()),
        ("taken-month".into(), "2".into()),
        ("taken-year".into(), "2020".into()),
    ])
    .with_error("email", "Enter an email address in the correct format, like name@example.com")
    .with_error("places", "Enter how many places you need")
    .with_error("code", "Enter the code from the email")
    .with_error("agency", "Choose your employer")
    .with_error("item-1", "Choose how far you agree")
    .with_error("need", "Choose what would help you")
    .with_error("taken", "February has no 31st: enter a real date")
    .with_error("hope", "Write what you hope to learn")
    .with_error("file", "Choose a PDF")
    .with_error("policy", "Accept the charging policy to book");
    let errors_frame =
        Frame { back: Some(Link::new("/sessions/14", "Back")), account: None, form, ..frame("Tell us about you") };
    vec![
        ("gallery.html", html_of(kit_frame, kit)),
        ("gallery-form.html", html_of(frame("Tell us about you"), form_page)),
        ("gallery-errors.html", html_of(errors_frame, form_page)),
        ("gallery-charts.html", html_of(Frame { wide: true, ..frame("Learning gain") }, charts::page)),
    ]
}

#[test]
fn pages_hold_to_the_content_security_policy() {
    for (name, html) in pages() {
        assert!(!html.contains(" style="), "{name} has an inline style");
        assert!(!html.contains("<script"), "{name} has a script");
        assert!(html.starts_with("<!DOCTYPE html>"), "{name} has no doctype");
        std::fs::write(format!("{}/target/{name}", env!("CARGO_MANIFEST_DIR")), html).expect("target/ can be written");
    }
}

/// Whoever hears a chart gets its name, what it says, and its figures.
#[test]
fn every_drawing_that_is_an_image_has_a_title_a_description_and_a_table() {
    let pages = pages();
    let (_, html) = pages.iter().find(|(name, _)| *name == "gallery-charts.html").expect("the gallery has charts");
    let figures: Vec<&str> = html.split("<figure").skip(1).filter_map(|part| part.split("</figure>").next()).collect();
    let images = |text: &str| text.matches("role=\"img\"").count();
    assert_eq!(images(html), figures.iter().map(|figure| images(figure)).sum::<usize>(), "an image outside a figure");
    assert!(images(html) >= 3, "stacked answers, a line by year and a funnel");
    for figure in figures {
        let words = |tag: &str| {
            let inside = figure.split(&format!("<{tag}")).nth(1)?.split(&format!("</{tag}>")).next()?;
            inside.split_once('>').map(|(_, words)| words.trim().to_owned()).filter(|words| !words.is_empty())
        };
        assert!(words("title").is_some() && words("desc").is_some() && words("table").is_some(), "{figure}");
    }
    // Every other drawing stands in a table's row that has its figures, and is not announced.
    for drawing in html.split("<svg").skip(1) {
        let tag = drawing.split('>').next().unwrap_or_default();
        let is_nested = tag.contains(" x=\"");
        assert!(tag.contains("role=\"img\"") || tag.contains("aria-hidden=\"true\"") || is_nested, "{tag}");
    }
}

#[test]
fn before_and_after_draws_its_interval_where_it_is_known_and_says_so() {
    let pages = pages();
    let (_, html) = pages.iter().find(|(name, _)| *name == "gallery-charts.html").expect("the gallery has charts");
    let chart = html.split("lg-chart-table--before-after").nth(1).and_then(|rest| rest.split("</table>").next());
    let chart = chart.expect("the gallery has the chart");
    assert!(chart.contains("95% interval of the gain</span>"), "the key does not say what the line is");
    let row =
        |name: &str| chart.split("<tr").find(|row| row.contains(name)).expect("a row").matches("lg-whisker").count();
    assert_eq!((row("Child exploitation"), row("Early help refresher")), (3, 0));
}

#[test]
fn a_refused_form_shows_what_was_typed_and_what_is_wrong() {
    let pages = pages();
    let (_, html) = &pages[2];
    assert!(html.contains("<title>Error: Tell us about you – Oxmere Safeguarding Training</title>"));
    assert!(html.contains("&lt;b&gt;"), "typed text is escaped");
    assert!(!html.contains("<b>"), "typed text is never markup");
    assert!(html.contains("\n\nto know &lt;when&gt; to call &amp; whom"));
    assert!(html.contains(r##"<a href="#email">Enter an email address"##));
    assert!(html.contains(r##"<a href="#taken">February"##));
    assert!(html.contains(r#"id="taken""#));
}

#[test]
fn only_a_page_with_islands_has_a_script_and_it_carries_the_nonce() {
    let script = IslandScript {
        nonce: "n0nce".into(),
        js: "/pkg/learning_gain.0a1b.js".into(),
        wasm: "/pkg/learning_gain.2c3d.wasm".into(),
    };
    let html = html_of(Frame { script: Some(script), ..frame("Register") }, form_page);
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains(r#"nonce="n0nce""#));
    assert!(html.contains(r#"from "/pkg/learning_gain.0a1b.js""#));
    assert!(html.contains(r#""/pkg/learning_gain.2c3d.wasm""#));
}
