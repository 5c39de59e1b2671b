//! Answers to another wording or on another scale stand in no comparison, and whoever reads one is told so. And every
//! empty field of the data says why it is empty.

use crate::{
    board::TestBoard,
    browser::Browser,
    gain_answers::{
        Asked, Given, course_of, course_of_long_ago, give, people, questionnaire_of, release, released, rows,
    },
};
use learning_gain::{accounts::rules::Role, agencies::rules::AgencyType, entity::item, sessions::rules::SessionId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

/// So many people of one agency type on a session, who do not all answer alike; everybody rises by `gain` or one more.
fn people_of(session: SessionId, agency: AgencyType, count: i32, gain: i32) -> Vec<Given> {
    let of = |place: i32| Given {
        session,
        agency,
        door: false,
        before: [1 + place % 2, 1 + place % 2],
        after: [1 + gain + place % 3, 2 + place % 3],
        knows: [place % 2, 1],
        then: 1 + place % 2,
        again: None,
        manager: None,
    };
    (0..count).map(of).collect()
}

async fn board_member(board: &TestBoard) -> Browser {
    board.set_clock("2025-09-01 09:00");
    release(board).await;
    board.with_role("Bea Board", Role::Board).await.1
}

/// Three wordings or scales: the first two versions of the statement, and the second on a scale to 10.
async fn wordings(board: &TestBoard) -> [Asked; 3] {
    let asked = [questionnaire_of(board, 1).await, questionnaire_of(board, 2).await, questionnaire_of(board, 3).await];
    let txn = board.txn().await;
    for id in [asked[2].core, asked[2].then] {
        let row = item::Entity::find_by_id(id).one(&txn).await.unwrap().unwrap();
        let row = item::ActiveModel { version: Set(2), scale_max: Set(10), ..row.into_active_model() };
        row.update(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
    asked
}

#[tokio::test]
async fn agency_types_stand_beside_each_other_by_the_same_statement_on_the_same_scale() {
    let board = TestBoard::new().await;
    let [first, second, ten] = wordings(&board).await;
    // Schools answered the first wording and the second, which most people answered.
    for (asked, title, groups) in [
        (&first, "Neglect", [(AgencyType::School, 18), (AgencyType::Police, 12)]),
        (&second, "Exploitation", [(AgencyType::School, 22), (AgencyType::Health, 16)]),
        (&ten, "Early help", [(AgencyType::Police, 17), (AgencyType::Health, 14)]),
    ] {
        let (_, sessions) = course_of(&board, asked, title, &["2025-03-10 10:00"]).await;
        for (agency, count) in groups {
            let name = format!("{title}-{}", agency.value());
            give(&board, asked, &name, &people_of(sessions[0], agency, count, 1)).await;
        }
    }
    let mut member = board_member(&board).await;
    let told = rows(&mut member, "/board/agency-types.json?year=2024").await;
    let told: Vec<_> = told.iter().map(|row| (row["agency_type"].as_str(), row["n_matched"].as_u64())).collect();
    let label = |agency: AgencyType| Some(agency.label());
    assert_eq!(told, [(label(AgencyType::Health), Some(16)), (label(AgencyType::School), Some(22))]);
    member.open("/board/agency-types?year=2024").await.must_say("the one that most people answered counts");
    assert!(!member.says(AgencyType::Police.label()));
}

/// On one course everybody from schools answered the same afterwards. What all courses together show by type, less what
/// the other course shows, would be just them.
#[tokio::test]
async fn agency_types_together_are_made_of_what_the_courses_show() {
    let board = TestBoard::new().await;
    let [first, ..] = wordings(&board).await;
    for (title, schools, is_alike) in [("Neglect", 12, true), ("Exploitation", 13, false)] {
        let (_, sessions) = course_of(&board, &first, title, &["2025-03-10 10:00"]).await;
        let mut given = people_of(sessions[0], AgencyType::School, schools, 1);
        given.iter_mut().filter(|_| is_alike).for_each(|person| person.after[0] = 4);
        given.extend(people_of(sessions[0], AgencyType::Health, schools + 8, 1));
        give(&board, &first, title, &given).await;
    }
    let mut member = board_member(&board).await;
    let types = async |member: &mut Browser, course: &str| {
        let mut told = rows(member, &format!("/board/courses/{course}/beside.json?year=2024")).await;
        told.retain(|row| row["what"] == "agency_type");
        told.iter()
            .map(|row| (row["n_matched"].as_u64(), row["not_shown_because"].as_str().map(str::to_owned)))
            .collect::<Vec<_>>()
    };
    let hidden = [(None, Some("protecting".to_owned())), (None, Some("all_alike".to_owned()))];
    assert_eq!(types(&mut member, "neglect").await, hidden);
    assert_eq!(types(&mut member, "exploitation").await, [(Some(21), None), (Some(13), None)]);
    for view in ["/board/agency-types.json?year=2024", "/board/agency-types.json?year=2024&topic=Core+safeguarding"] {
        let told: Vec<_> = rows(&mut member, view).await.iter().map(|row| row["n_matched"].as_u64()).collect();
        assert_eq!(told, [Some(21), Some(13)], "{view}: only of the course that shows all of its types");
    }
}

#[tokio::test]
async fn the_funnel_has_the_courses_that_ask_the_same_and_says_which_are_left_out() {
    let board = TestBoard::new().await;
    let [first, _, ten] = wordings(&board).await;
    for (asked, title, count, gain) in
        [(&first, "Neglect", 20, 1), (&first, "Exploitation", 24, 2), (&ten, "Early help", 22, 4)]
    {
        let (_, sessions) = course_of(&board, asked, title, &["2025-03-10 10:00"]).await;
        give(&board, asked, title, &people_of(sessions[0], AgencyType::Health, count, gain)).await;
    }
    let mut member = board_member(&board).await;
    member.open("/board/courses?year=2024").await;
    member.must_say("1 course asks the statement in another wording or on another scale, so it is not compared");
    // Each course has a row in the table and one in words; in the figures of the funnel, only those in it.
    let rows_of = |course: &str| member.rows_named(course).matches(course).count();
    assert_eq!([rows_of("Neglect"), rows_of("Exploitation"), rows_of("Early help")], [3, 3, 2]);
    assert!(member.rows_named("Early help").contains("Nothing to compare with"));
    let data = rows(&mut member, "/board/courses.json?year=2024").await;
    let left_out = data.iter().find(|row| row["course"] == "Early help").unwrap();
    assert_eq!(left_out["null_reasons"]["funnel_z"], "not_compared", "{left_out}");
    assert!(left_out["mean_gain"].is_number() && left_out["funnel_z"].is_null());
}

#[tokio::test]
async fn years_that_asked_differently_are_not_one_line() {
    let board = TestBoard::new().await;
    let [first, second, _] = wordings(&board).await;
    let days = ["2023-03-10 10:00", "2024-03-11 10:00", "2025-03-12 10:00"];
    let (_, sessions) = course_of(&board, &first, "Neglect", &days).await;
    for (asked, session, name) in
        [(&first, sessions[0], "2022"), (&first, sessions[1], "2023"), (&second, sessions[2], "2024")]
    {
        give(&board, asked, name, &people_of(session, AgencyType::Health, 20, 1)).await;
    }
    let mut member = board_member(&board).await;
    for page in ["/board/courses/neglect", "/board/topics/core-safeguarding"] {
        member.open(page).await.must_say(
            "In 2024/25 most people answered another wording of the statement than in 2023/24, so the line begins anew",
        );
        assert!(!member.says("than in 2022/23"), "{page}: these two years asked the same");
        assert_eq!(member.body.matches("class=\"lg-line\"").count(), 1, "{page}: one line, from 2022/23 to 2023/24");
        let years = rows(&mut member, &format!("{page}/years.json")).await;
        let wordings: Vec<_> = years.iter().map(|row| row["wording"].as_str().unwrap()).collect();
        assert_eq!(wordings, ["core (version 1)", "core (version 1)", "core (version 2)"], "{page}");
    }
}

/// A reader of the data never has to guess: a field is filled, or its row says why all of it is hidden, or
/// `null_reasons` has a word for it.
#[tokio::test]
async fn every_empty_field_of_the_data_says_why() {
    /// What is empty by its own meaning: why nothing is hidden, no reasons, no sessions behind an interval between
    /// learners and no second interval beside it.
    const MEANT: [&str; 5] =
        ["not_shown_because", "null_reasons", "sessions", "ci95_between_learners_low", "ci95_between_learners_high"];
    let board = TestBoard::new().await;
    let (asked, sessions, mut member) = course_of_long_ago(&board).await;
    released(&board, &asked, &people(sessions)).await;
    let mut filled = 0;
    for view in ["courses", "courses/neglect/items", "courses/neglect/sessions", "courses/neglect/beside", "years"] {
        for row in rows(&mut member, &format!("/board/{view}.json?year=2024")).await {
            let row = row.as_object().unwrap();
            if row["not_shown_because"].is_string() {
                continue;
            }
            for (name, value) in row {
                let is_said = row["null_reasons"].get(name).is_some_and(|word| word.is_string());
                // What belongs to other rows of the same table has no reason here.
                let is_others = ["share_answered_everything", "alpha_before", "alpha_after"].contains(&name.as_str())
                    && row["what"] != "composite"
                    || name.starts_with("mean_after_ci95") && row["what"] != "managers";
                assert!(
                    !value.is_null() || is_said || is_others || MEANT.contains(&name.as_str()),
                    "{view}: {name}: {row:?}"
                );
                filled += usize::from(!value.is_null());
            }
        }
    }
    assert!(filled > 300, "{filled}");
}
