//! Finding courses, and the office's care of them.

use crate::board::TestBoard;
use learning_gain::{accounts::rules::Role, courses::rules::CourseStatus, entity::*};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

pub const NEW_COURSE: [(&str, &str); 9] = [
    ("title", "Neglect: early signs"),
    ("summary", "See neglect early and act on it."),
    ("description", "First paragraph.\n\nSecond paragraph."),
    ("topic", "Neglect"),
    ("level", "Foundation"),
    ("kind", "live"),
    ("hours", "3"),
    ("minutes", "30"),
    ("audiences", "Teacher\nHealth visitor"),
];

#[tokio::test]
async fn an_empty_board_says_what_happens_next() {
    let board = TestBoard::new().await;
    let mut visitor = board.stranger();
    visitor.open("/courses").await.must_say("No courses yet");
    assert!(!visitor.says("Add the first course"), "visitors cannot add courses");
    let mut office = board.office().await;
    office.open("/courses").await.must_say("Add the first course");
}

#[tokio::test]
async fn filters_find_courses_and_stay_in_the_address() {
    let board = TestBoard::new().await;
    let neglect = board.course("Neglect").await;
    board.session(neglect, "2025-03-17 10:00", 20).await;
    let late = board.course("Exploitation").await;
    let full = board.session(late, "2025-04-10 14:00", 1).await;
    let txn = board.txn().await;
    let mut row = board.session_row(full).await.into_active_model();
    row.held = Set(1);
    row.waiting = Set(2);
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    board.course("Without dates").await;

    let mut visitor = board.stranger();
    visitor.open("/courses").await.must_say("3 courses").must_say("20 places left").must_say("full, 2 waiting");
    visitor.must_say("No dates at present");

    visitor.open("/courses?q=EXPLOIT").await.must_say("1 course found").must_say("Exploitation");
    assert!(!visitor.says("Monday 17 March 2025"));
    assert!(visitor.body.contains("value=\"EXPLOIT\""), "the search is still in its field");

    visitor.open("/courses?free=yes").await.must_say("1 course found").must_say("Monday 17 March 2025");
    visitor.open("/courses?from-day=1&from-month=4&from-year=2025&to-day=30&to-month=4&to-year=2025").await;
    visitor.must_say("1 course found").must_say("Thursday 10 April 2025");

    visitor.open("/courses?place=room").await.must_say("No course matches").must_say("see all courses");
    visitor.open("/courses?from-day=31&from-month=2&from-year=2025").await.must_say("must be a real date");
    assert_eq!(visitor.status, StatusCode::UNPROCESSABLE_ENTITY);
    visitor.open("/courses?page=99999999999999999999&sort=nonsense&place=x").await.must_say("3 courses");
}

#[tokio::test]
async fn a_course_shows_its_dates_and_a_draft_shows_nothing() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    board.session(course, "2025-03-17 10:00", 20).await;
    let mut visitor = board.stranger();
    visitor.open("/courses/neglect").await.must_say("Monday 17 March 2025").must_say("20 places left");

    let txn = board.txn().await;
    let row = course::Entity::find_by_id(course).one(board.app.db.reader()).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    row.status = Set(CourseStatus::Draft);
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(visitor.open("/courses/neglect").await.status, StatusCode::NOT_FOUND);
    visitor.open("/courses").await.must_say("No courses yet");
    assert_eq!(visitor.open("/courses/no-such-course").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_office_adds_a_course_that_visitors_then_find() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    office.open("/office/courses/new").await.submit("Save and show to everyone", &NEW_COURSE).await;
    office.must_say("The course is added.");

    let mut visitor = board.stranger();
    visitor.open("/courses?role=Health+visitor").await.must_say("Neglect: early signs").must_say("3 hours 30 minutes");
    visitor.open("/courses/neglect-early-signs").await.must_say("Second paragraph.");

    office.open("/office/courses/new").await.submit("Save as draft", &NEW_COURSE).await;
    let drafts = course::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert_eq!(drafts[1].slug, "neglect-early-signs-2", "the same title twice gives two addresses");
    assert!(drafts[0].instrument_id.is_some(), "questions are made for the topic");
    assert_eq!(visitor.open("/courses/neglect-early-signs-2").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refused_course_keeps_what_was_typed() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    let typed = [("title", ""), ("summary", "Kept summary"), ("hours", "many")];
    office.open("/office/courses/new").await.submit("Save as draft", &typed).await;
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(office.title().starts_with("Error: "));
    office.must_say("Enter a title").must_say("whole numbers").must_say("Kept summary");
    assert!(course::Entity::find().all(board.app.db.reader()).await.unwrap().is_empty());
}

#[tokio::test]
async fn two_changes_at_once_do_not_silently_replace_each_other() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    office.open("/office/courses/new").await.submit("Save and show to everyone", &NEW_COURSE).await;
    let page = office.path.split('?').next().unwrap().to_owned();
    let (_, mut other) = board.with_role("Otto Other", Role::Administrator).await;
    other.open(&page).await;
    office.open(&page).await.submit("Save changes", &[("title", "Neglect, revised")]).await;
    other.submit("Save changes", &[("summary", "Other’s summary")]).await;
    other.must_say("Somebody else changed this course").must_say("Other’s summary");
    let row = course::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!((row.title.as_str(), row.summary.as_str()), ("Neglect, revised", "See neglect early and act on it."));
    other.submit("Save changes", &[]).await.must_say("Your changes to the course are saved.");
}

#[tokio::test]
async fn a_retired_course_leaves_the_catalogue_and_comes_back() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let mut office = board.office().await;
    office.open("/office/courses/1/retire").await.submit("Retire this course", &[]).await;
    office.must_say("The course is retired.");
    let mut visitor = board.stranger();
    visitor.open("/courses").await.must_say("No courses yet");
    visitor.open("/courses/neglect").await.must_say("no longer taught");
    office.open("/office/courses/1").await.must_say("This course is retired and not in the catalogue.");
    let typed = [("level", "Foundation"), ("summary", "Taught again since March.")];
    office.submit("Save and show to everyone again", &typed).await.must_say("the course is now shown to everyone");
    visitor.open("/courses").await.must_say("Neglect").must_say("Taught again since March.");
}

#[tokio::test]
async fn a_draft_is_saved_and_shown_in_one_step_and_nothing_that_was_typed_is_lost() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let txn = board.txn().await;
    learning_gain::courses::store::course_status_put_in_txn(course, CourseStatus::Draft, &txn).await.unwrap();
    txn.commit().await.unwrap();
    let row = async || course::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();
    let mut office = board.office().await;
    let mut visitor = board.stranger();
    let page = format!("/office/courses/{course}");
    office.open(&page).await.must_say("Visitors do not see this course yet.");
    office.submit("Save and show to everyone", &[("title", ""), ("summary", "New words")]).await;
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(office.body.contains("New words"), "what was typed is gone");
    assert_eq!(row().await.status, CourseStatus::Draft, "nothing half done");
    office.submit("Save changes", &[("title", "Neglect"), ("summary", "Words of a draft")]).await;
    assert_eq!((row().await.status, row().await.summary.as_str()), (CourseStatus::Draft, "Words of a draft"));

    // A stale page neither saves nor shows.
    let mut other = board.with_role("Otto Other", Role::Administrator).await.1;
    other.open(&page).await;
    office.open(&page).await.submit("Save changes", &[("summary", "Newer words")]).await;
    other.submit("Save and show to everyone", &[("summary", "Old words")]).await;
    other.must_say("Somebody else changed this course");
    assert_eq!((row().await.status, row().await.summary.as_str()), (CourseStatus::Draft, "Newer words"));

    office.open(&page).await.submit("Save and show to everyone", &[("summary", "See neglect early.")]).await;
    office.must_say("Your changes are saved, and the course is now shown to everyone.");
    visitor.open("/courses").await.must_say("See neglect early.");
    office.open(&page).await;
    assert!(!office.says("Save and show to everyone"), "it is shown already");
    // The button of an old page is no mistake.
    let (action, mut fields) = office.form_with_button("Save changes");
    fields.push(("status".into(), "live".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    office.post(&action, &fields).await.must_say("Your changes to the course are saved.");
}

#[tokio::test]
async fn only_the_office_cares_for_courses() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let (_, mut learner) = board.learner("Amira Khan").await;
    let (_, mut trainer) = board.with_role("Tom Trainer", Role::Trainer).await;
    for path in ["/office/courses", "/office/courses/new", "/office/courses/1", "/office/courses/1/retire"] {
        assert_eq!(learner.open(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(trainer.open(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    learner.post("/office/courses/1/retire", &[]).await;
    assert_eq!(learner.status, StatusCode::FORBIDDEN);
    learner.open("/courses").await.must_say("Neglect");
}
