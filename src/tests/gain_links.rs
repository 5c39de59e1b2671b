//! Each figure has a sentence, its definition one click away, and its data in three forms: walked link by link.

use crate::{
    board::TestBoard,
    browser::Browser,
    gain_answers::{Given, course_of, give, questionnaire, release},
};
use learning_gain::{accounts::rules::Role, agencies::rules::AgencyType, courses::rules::LearningPointId, entity::*};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use sea_orm::{ActiveValue::Set, EntityTrait};

fn links_of(browser: &Browser) -> Vec<String> {
    let page = Html::parse_document(&browser.body);
    let links = Selector::parse("main a[href]").unwrap();
    page.select(&links).filter_map(|link| link.value().attr("href")).map(str::to_owned).collect()
}

/// The sentence of every row that has one, as JSON gives them.
fn sentences(body: &str, path: &str) -> Vec<String> {
    let rows: Vec<serde_json::Value> = serde_json::from_str(body).unwrap_or_else(|_| panic!("{path}: {body}"));
    assert!(!rows.is_empty(), "{path} has no rows");
    rows.iter().filter_map(|row| row["in_words"].as_str()).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_figure_leads_to_its_definition_and_its_data_and_is_told_in_words() {
    let board = TestBoard::new().await;
    let asked = questionnaire(&board).await;
    let days = ["2024-02-05 10:00", "2025-03-10 10:00", "2025-03-11 10:00", "2025-03-12 10:00"];
    for (place, title) in ["Neglect", "Early help"].into_iter().enumerate() {
        let (_, sessions) = course_of(&board, &asked, title, &days).await;
        let mut given = Vec::new();
        for (number, session) in sessions.iter().enumerate() {
            given.extend((0..15).map(|person| Given {
                session: *session,
                agency: if person % 2 == 0 { AgencyType::Health } else { AgencyType::School },
                door: number == 1 && person >= 10,
                before: [1 + person % 4, 1 + person % 3],
                after: [3 + (person + number as i32) % 3, 3 + (person + place as i32) % 2],
                knows: [i32::from(person % 2 == 0), i32::from(person % 3 > 0)],
                then: 1 + person % 3,
                again: (person % 4 < 2).then_some([3 + person % 3, 3 + person % 3]),
                manager: (person % 3 == 0).then_some(3 + person % 2),
            }));
        }
        give(&board, &asked, title, &given).await;
    }
    let txn = board.txn().await;
    let point = LearningPointId(1);
    let row = learning_point::ActiveModel { id: Set(point), position: Set(1), title: Set("Curiosity".into()) };
    learning_point::Entity::insert(row).exec_without_returning(&txn).await.unwrap();
    let tag = item_learning_point::ActiveModel { item_id: Set(asked.other), learning_point_id: Set(point) };
    item_learning_point::Entity::insert(tag).exec_without_returning(&txn).await.unwrap();
    let tag = item_learning_point::ActiveModel { item_id: Set(asked.question), learning_point_id: Set(point) };
    item_learning_point::Entity::insert(tag).exec_without_returning(&txn).await.unwrap();
    txn.commit().await.unwrap();
    board.set_clock("2025-09-01 09:00");
    release(&board).await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    let mut office = board.office().await;
    let session = session::Entity::find().all(board.app.db.reader()).await.unwrap()[1].id;

    let on_sessions = format!("/training/sessions/{session}/gain");
    for (view, data) in [
        ("/board?year=2024", vec!["/board/years", "/board/courses"]),
        ("/board/courses?year=2024", vec!["/board/courses"]),
        (
            "/board/courses/neglect?year=2024",
            ["items", "spread", "sessions", "beside", "years"]
                .map(|file| &*format!("/board/courses/neglect/{file}").leak())
                .to_vec(),
        ),
        (
            "/board/topics/core-safeguarding?year=2024",
            ["courses", "years", "spread"]
                .map(|file| &*format!("/board/topics/core-safeguarding/{file}").leak())
                .to_vec(),
        ),
        ("/board/learning-points?year=2024", vec!["/board/learning-points"]),
        ("/board/agency-types?year=2024", vec!["/board/agency-types"]),
        ("/board/agency-types?year=2024&topic=Core+safeguarding", vec!["/board/agency-types"]),
        (&on_sessions, vec![&on_sessions, &*format!("/training/sessions/{session}/spread").leak()]),
    ] {
        let reader = if view.starts_with("/training") { &mut office } else { &mut member };
        reader.open(view).await;
        assert_eq!(reader.status, StatusCode::OK, "{view}");
        let (page, links) = (reader.text(), links_of(reader));
        assert!(links.iter().any(|link| link == "/learning-gain/how"), "{view} does not lead to the definitions");
        for base in data {
            let link = |extension: &str| {
                let start = format!("{base}.{extension}");
                let found = links.iter().find(|link| link.split('?').next() == Some(start.as_str()));
                found.unwrap_or_else(|| panic!("{view} does not link {start}: {links:?}")).clone()
            };
            let (csv, xlsx, json) = (link("csv"), link("xlsx"), link("json"));
            reader.open(&csv).await;
            assert!(reader.headers["content-type"].to_str().unwrap().starts_with("text/csv"), "{csv}");
            let count = csv::Reader::from_reader(reader.body.as_bytes()).records().count();
            reader.open(&xlsx).await;
            assert!(reader.body.starts_with("PK"), "{xlsx}");
            reader.open(&json).await;
            let said = sentences(&reader.body, &json);
            let rows: Vec<serde_json::Value> = serde_json::from_str(&reader.body).unwrap();
            assert_eq!(rows.len(), count, "{json} and {csv}");
            let has_figures = |row: &&serde_json::Value| row["mean_gain"].is_number() || row["mean_after"].is_number();
            assert_eq!(said.len(), rows.iter().filter(has_figures).count(), "{json}: a figure without a sentence");
            assert!(base.ends_with("spread") || !said.is_empty(), "{json} tells nothing");
            // The board's page tells all courses together in the middle of a sentence.
            for sentence in said.iter().filter(|_| base != "/board/years") {
                assert!(page.contains(sentence.as_str()), "{view} does not say “{sentence}”:\n{page}");
            }
        }
    }
    // Knowledge is never counted as confidence.
    member.open("/board/learning-points?year=2024").await;
    member.must_say("Of 2 statements shown, confidence rose clearly in");
    member.must_say("Of 2 questions shown, right answers rose clearly in");
}

#[tokio::test]
async fn the_definitions_name_what_every_view_is_made_of() {
    let board = TestBoard::new().await;
    let mut reader = board.stranger();
    reader.open("/learning-gain/how").await;
    for words in [
        "95% interval",
        "Cohen’s d_av",
        "of the room that it had to rise",
        "A course with several sessions",
        "Benjamini and Hochberg",
        "DerSimonian and Laird",
        "Cronbach’s alpha",
        "Looking back",
        "Answers at the door",
        "Three months later",
        "The manager’s view",
        "Agency types",
        "Learning points",
        "above 15%",
        "Falls are shown as plainly as rises",
        "regression to the mean",
        "People like to please",
        "a step to a certificate",
        "came to several sessions has a pair of answers in each",
        "BCa bootstrap",
        "null_reasons",
    ] {
        reader.must_say(words);
    }
}
