//! Long lists: sorted by their headings, kept while somebody pages and filters, and never empty beyond their end.

use crate::{
    attendance::place,
    board::{TestBoard, address_of},
    browser::Browser,
};
use chrono::{Duration, NaiveDate};
use learning_gain::{
    accounts::rules::{PersonId, Role},
    agencies::rules::AgencyType,
    courses::{
        rules::{CourseId, CourseKind, CourseStatus},
        store::CourseOrder,
    },
    entity::{agency, booking, course, declared_training, membership, outbox, session},
    records::rules::DeclaredState,
};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};

/// Two pages and one row: the last page of each list has one.
const ROWS: usize = 101;

/// The first words of every row of the page's table.
fn column(browser: &Browser, at: usize) -> Vec<String> {
    let page = Html::parse_document(&browser.body);
    let (rows, cells) = (Selector::parse("tbody tr").unwrap(), Selector::parse("th, td").unwrap());
    let value = Selector::parse(".lg-table__value").unwrap();
    let text = |row: scraper::ElementRef<'_>| -> String {
        let cell = row.select(&cells).nth(at).expect("a cell");
        let inside = cell.select(&value).next().unwrap_or(cell);
        inside.text().collect::<String>().trim().to_owned()
    };
    page.select(&rows).map(text).collect()
}

/// What the heading says to a screen reader about its column, and where its link leads.
fn heading(browser: &Browser, text: &str) -> (String, String) {
    let page = Html::parse_document(&browser.body);
    let (heads, links) = (Selector::parse("th[aria-sort]").unwrap(), Selector::parse("a").unwrap());
    let head = page.select(&heads).find(|head| head.text().collect::<String>().trim() == text);
    let head = head.unwrap_or_else(|| panic!("no heading {text} that sorts on {}", browser.path));
    let link = head.select(&links).next().expect("a link").value().attr("href").unwrap_or_default();
    (head.value().attr("aria-sort").unwrap_or_default().to_owned(), link.to_owned())
}

async fn several_courses(board: &TestBoard, count: usize) {
    let txn = board.txn().await;
    let rows = (0..count).map(|number| course::ActiveModel {
        slug: Set(format!("course-{number:03}")),
        title: Set(format!("Course {number:03}")),
        summary: Set("A course.".into()),
        description: Set("A course for tests.".into()),
        topic: Set(["Neglect", "Attachment", "Core safeguarding"][number % 3].into()),
        level: Set("Foundation".into()),
        kind: Set(CourseKind::Live),
        status: Set(if number % 2 == 0 { CourseStatus::Live } else { CourseStatus::Draft }),
        duration_minutes: Set(60 + (number as i32 * 37) % 400),
        created_at: Set(board.now()),
        version: Set(1),
        ..Default::default()
    });
    course::Entity::insert_many(rows).exec_without_returning(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

/// One person with this many bookings, each of a session of its own; the sessions are an hour apart.
async fn several_bookings(board: &TestBoard, course: CourseId, person: PersonId, count: usize) {
    let first = board.session(course, "2025-02-03 09:00", 20).await;
    let session = board.session_row(first).await;
    let id = place(board, first, person).await;
    let txn = board.txn().await;
    let pattern = booking::Entity::find_by_id(id).one(&txn).await.unwrap().unwrap();
    for number in 1..count {
        let later = Duration::hours(number as i64);
        let row = session::ActiveModel {
            id: Default::default(),
            starts_at: Set(session.starts_at + later),
            ends_at: Set(session.ends_at + later),
            after_code: Set(None),
            request_id: Set(None),
            ..sea_orm::IntoActiveModel::into_active_model(session.clone())
        };
        let row = row.reset_all().insert(&txn).await.unwrap();
        let row = booking::ActiveModel {
            id: Default::default(),
            session_id: Set(row.id),
            reference: Set(format!("PAST{number:04}")),
            request_id: Set(format!("past-{number}")),
            ..sea_orm::IntoActiveModel::into_active_model(pattern.clone())
        };
        row.reset_all().insert(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn bookings_are_sorted_by_their_headings_and_stay_so_while_paging_and_filtering() {
    let board = TestBoard::new().await;
    let (neglect, attachment) = (board.course("Neglect").await, board.course("Attachment").await);
    let (late, early) =
        (board.session(neglect, "2025-04-28 10:00", 80).await, board.session(attachment, "2025-03-31 10:00", 80).await);
    for (name, session) in [("Cara", late), ("Amira", early), ("Ben", late), ("Dina", early)] {
        let person = board.person(name).await;
        place(&board, session, person).await;
    }
    let mut office = board.office().await;
    office.open("/office/bookings").await;
    assert_eq!(column(&office, 1), ["Dina", "Ben", "Amira", "Cara"], "the newest first");
    assert_eq!(heading(&office, "Asked").0, "descending");
    assert_eq!(heading(&office, "Name").0, "none");

    let by_name = heading(&office, "Name").1;
    office.open(&by_name).await;
    assert_eq!(column(&office, 1), ["Amira", "Ben", "Cara", "Dina"]);
    assert_eq!((heading(&office, "Name").0.as_str(), heading(&office, "Asked").0.as_str()), ("ascending", "none"));
    let other_way = heading(&office, "Name").1;
    office.open(&other_way).await;
    assert_eq!(column(&office, 1), ["Dina", "Cara", "Ben", "Amira"]);
    assert_eq!(heading(&office, "Name").0, "descending");
    for (head, first) in [("Course", "Attachment"), ("Starts", "Attachment")] {
        let link = heading(&office, head).1;
        office.open(&link).await;
        assert_eq!(column(&office, 3)[0], first, "{head}");
        let link = heading(&office, head).1;
        office.open(&link).await;
        assert_eq!(column(&office, 3)[0], "Neglect", "{head} the other way round");
    }

    // Filtering keeps the order, sorting keeps the filter, and the form posts both.
    office.open(&by_name).await.submit("Search", &[("search", "a"), ("state", "booked")]).await;
    assert_eq!(column(&office, 1), ["Amira", "Cara", "Dina"], "{}", office.path);
    let link = heading(&office, "Starts").1;
    assert!(link.contains("state=booked") && link.contains("find=") && !link.contains("page="), "{link}");
    office.open(&format!("/office/bookings?session={late}")).await;
    let link = heading(&office, "Name").1;
    office.open(&link).await;
    assert_eq!(column(&office, 1), ["Ben", "Cara"]);
    office.must_say("Only of “Neglect” on Monday 28 April 2025.");

    // Paging keeps the order.
    for number in 0..ROWS {
        let person = board.person(&format!("Zoe {number:03}")).await;
        place(&board, if number == 0 { early } else { late }, person).await;
    }
    office.open("/office/bookings?sort=name").await;
    let next = office.link("Next page");
    office.open(&next).await;
    assert_eq!(column(&office, 1)[0], "Zoe 046");
    assert_eq!(heading(&office, "Name").0, "ascending");
    // Nonsense is the default.
    office.open("/office/bookings?sort=colour&way=sideways").await;
    assert_eq!(heading(&office, "Asked").0, "descending");
}

#[tokio::test]
async fn courses_are_sorted_by_their_headings() {
    let board = TestBoard::new().await;
    several_courses(&board, 12).await;
    let mut office = board.office().await;
    office.open("/office/courses").await;
    assert_eq!(heading(&office, "Title").0, "ascending");
    assert_eq!(column(&office, 0)[0], "Course 000");
    for (head, at, order) in
        [("Topic", 1, CourseOrder::Topic), ("Takes", 3, CourseOrder::Duration), ("State", 4, CourseOrder::State)]
    {
        for descending in [false, true] {
            let link = heading(&office, head).1;
            office.open(&link).await;
            let direction = if descending { "descending" } else { "ascending" };
            assert_eq!(heading(&office, head).0, direction, "{head}");
            // The same as the rows themselves, sorted here.
            let mut rows = course::Entity::find().all(board.app.db.reader()).await.unwrap();
            rows.sort_by(|one, other| {
                let first = match order {
                    CourseOrder::Topic => one.topic.cmp(&other.topic),
                    CourseOrder::Duration => one.duration_minutes.cmp(&other.duration_minutes),
                    _ => (one.status == CourseStatus::Live).cmp(&(other.status == CourseStatus::Live)),
                };
                first.then(one.title.cmp(&other.title))
            });
            if descending {
                rows.reverse();
            }
            let titles: Vec<_> = rows.into_iter().map(|row| row.title).collect();
            assert_eq!(column(&office, 0), titles, "{head} {direction}");
            assert_eq!(column(&office, at).len(), 12);
        }
    }
    office.open("/office/courses?sort=topic&way=down").await.submit("Apply filters", &[("status", "draft")]).await;
    assert_eq!(heading(&office, "Topic").0, "descending", "{}", office.path);
    assert_eq!(column(&office, 0).len(), 6);
}

#[tokio::test]
async fn people_are_sorted_both_ways() {
    let board = TestBoard::new().await;
    for name in ["Ben Cole", "Amira Khan"] {
        board.app.clock.set(board.now() + Duration::minutes(1));
        board.person(name).await;
    }
    let mut office = board.office().await;
    office.open("/office/people").await;
    assert_eq!(column(&office, 0), ["Amira Khan", "Ben Cole", "Olive Office"]);
    let link = heading(&office, "Name").1;
    office.open(&link).await;
    assert_eq!(column(&office, 0), ["Olive Office", "Ben Cole", "Amira Khan"]);
    let link = heading(&office, "Here since").1;
    office.open(&link).await;
    assert_eq!(heading(&office, "Here since").0, "descending");
    let newest = column(&office, 0);
    let link = heading(&office, "Here since").1;
    office.open(&link).await;
    assert_eq!(column(&office, 0), newest.into_iter().rev().collect::<Vec<_>>());
}

/// Every list that pages, with a page that it does not have.
#[tokio::test]
async fn a_page_beyond_the_end_is_the_last_page_of_every_list() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let (amira, mut learner) = board.learner("Amira Khan").await;
    several_bookings(&board, course, amira, ROWS).await;
    several_courses(&board, ROWS - 1).await;
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    for number in 1..ROWS {
        let person = board.person(&format!("Zoe {number:03}")).await;
        board.member(person, school).await;
    }
    several_claims_mails_and_trainings(&board).await;
    let trainer = board.person("Tessa Trainer").await;
    for id in session::Entity::find().order_by_asc(session::Column::Id).all(board.app.db.reader()).await.unwrap() {
        board.trains(trainer, id.id).await;
    }
    let lead = board.person("Lena Lead").await;
    board.grant(lead, Role::TrainingLead, Some(school)).await;
    board.set_clock("2025-03-03 09:00");
    let (mut trainer, mut lead) = (board.signed_in(trainer).await, board.signed_in(lead).await);
    let mut office = board.office().await;

    let lists = [
        "/office/people",
        "/office/agencies",
        "/office/courses",
        "/office/sessions",
        "/office/bookings",
        "/office/bookings?sort=name",
        "/office/bookings?sort=course&way=down",
        "/office/bookings?sort=starts",
        "/office/memberships",
        "/office/training",
        "/office/mail?state=waiting",
    ];
    let mut seen = 0;
    for list in lists {
        seen += beyond_the_end(&mut office, list).await;
    }
    seen += beyond_the_end(&mut lead, "/agency/bookings").await;
    seen += beyond_the_end(&mut lead, "/agency/staff").await;
    seen += beyond_the_end(&mut learner, "/bookings").await;
    seen += beyond_the_end(&mut trainer, "/training").await;
    assert_eq!(seen, lists.len() + 4);
}

/// Opens a list beyond its end, and its last page: they are the same, with rows, and the first is another.
async fn beyond_the_end(browser: &mut Browser, list: &str) -> usize {
    let joint = if list.contains('?') { '&' } else { '?' };
    let rows = |browser: &Browser| {
        let page = Html::parse_document(&browser.body);
        let rows = Selector::parse("tbody tr, main ul.govuk-list > li").unwrap();
        page.select(&rows).map(|row| row.text().collect::<String>()).collect::<Vec<_>>()
    };
    let current = |browser: &Browser| {
        let page = Html::parse_document(&browser.body);
        let current = Selector::parse("nav.govuk-pagination [aria-current=page]").unwrap();
        page.select(&current).next().map(|link| link.text().collect::<String>().trim().to_owned())
    };
    browser.open(list).await;
    let first = rows(browser);
    assert_eq!(current(browser).as_deref(), Some("1"), "{list} has only one page");
    let mut shown = Vec::new();
    for page in ["3", "4", "99999", "99999999999999999999"] {
        browser.open(&format!("{list}{joint}page={page}")).await;
        assert_eq!(browser.status, StatusCode::OK, "{list}");
        assert_eq!(current(browser).as_deref(), Some("3"), "{list}, page {page}");
        shown.push(rows(browser));
    }
    assert!(!shown[0].is_empty() && shown[0] != first, "{list}: the last page is like the first");
    assert!(shown.iter().all(|rows| *rows == shown[0]), "{list}: {shown:?}");
    1
}

async fn several_claims_mails_and_trainings(board: &TestBoard) {
    let txn = board.txn().await;
    let day = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    for number in 0..ROWS {
        let row = agency::ActiveModel {
            name: Set(format!("School {number:03}")),
            agency_type: Set(AgencyType::School),
            sector: Set("Education".into()),
            same_legal_body: Set(false),
            needs_approval: Set(false),
            version: Set(1),
            ..Default::default()
        };
        let agency = row.insert(&txn).await.unwrap().id;
        let person = PersonId(1);
        let row = membership::ActiveModel {
            person_id: Set(person),
            agency_id: Set(agency),
            job_role: Set("Cook".into()),
            from_date: Set(day),
            ..Default::default()
        };
        row.insert(&txn).await.unwrap();
        let row = declared_training::ActiveModel {
            person_id: Set(person),
            title: Set(format!("Training {number:03}")),
            provider: Set("A college".into()),
            trained_on: Set(day),
            state: Set(DeclaredState::Declared),
            declared_at: Set(board.now()),
            ..Default::default()
        };
        row.insert(&txn).await.unwrap();
        let row = outbox::ActiveModel {
            message_id: Set(format!("waiting-{number}@testshire.example")),
            to_address: Set(address_of("Amira Khan")),
            kind: Set("booking_confirmed".into()),
            subject: Set(format!("Mail {number:03}")),
            body: Set(Some("Booked.".into())),
            has_personal_link: Set(false),
            created_at: Set(board.now()),
            // Nobody sends them while the test looks.
            due_at: Set(board.now() + Duration::days(9)),
            attempts: Set(0),
            ..Default::default()
        };
        row.insert(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn my_bookings_page_what_is_past_and_show_what_is_to_come_on_every_page() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let (amira, mut learner) = board.learner("Amira Khan").await;
    several_bookings(&board, course, amira, ROWS).await;
    let coming = board.session(board.course("Attachment").await, "2025-03-31 10:00", 20).await;
    place(&board, coming, amira).await;
    learner.open("/bookings").await.must_say("Attachment").must_say("Past and cancelled");
    assert_eq!(column(&learner, 0).len(), 50);
    let next = learner.link("Next page");
    learner.open(&next).await.must_say("Attachment");
    let next = learner.link("Next page");
    learner.open(&next).await.must_say("Attachment");
    assert_eq!(column(&learner, 0).len(), 1, "the oldest");
    learner.must_say("3 Feb 2025");
}
