//! What stands beside a course's gains, recomputed by hand from the answers, and withheld where few people are behind
//! it.

use crate::{
    board::TestBoard,
    gain_answers::{Given, course_of_long_ago, people, release, released, rows},
};
use learning_gain::{agencies::rules::AgencyType, entity::*, surveys::rules::Wave};
use sea_orm::{ActiveValue::Set, EntityTrait};

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

/// Cronbach's alpha from the raw ratings, by its textbook formula.
fn alpha(ratings: &[[i32; 2]]) -> f64 {
    let variance = |values: Vec<f64>| {
        let middle = mean(values.iter().copied());
        values.iter().map(|value| (value - middle).powi(2)).sum::<f64>() / (values.len() - 1) as f64
    };
    let of = |place: usize| variance(ratings.iter().map(|pair| f64::from(pair[place])).collect());
    let total = variance(ratings.iter().map(|pair| f64::from(pair[0] + pair[1])).collect());
    2.0 * (1.0 - (of(0) + of(1)) / total)
}

/// The interval between sessions by its textbook formula: t with one degree of freedom less than there are sessions.
fn interval(sessions: &[Vec<f64>], student: f64) -> (f64, f64) {
    let all: Vec<f64> = sessions.iter().flatten().copied().collect();
    let (middle, count) = (mean(all.iter().copied()), sessions.len() as f64);
    let squares: f64 = sessions.iter().map(|gains| gains.iter().map(|gain| gain - middle).sum::<f64>().powi(2)).sum();
    let half = student * (count / (count - 1.0) * squares).sqrt() / all.len() as f64;
    (middle - half, middle + half)
}

#[tokio::test]
async fn everything_beside_the_gain_is_recomputed_from_the_answers() {
    let board = TestBoard::new().await;
    let (asked, sessions, mut member) = course_of_long_ago(&board).await;
    let given = people(sessions);
    released(&board, &asked, &given).await;

    let beside = rows(&mut member, "/board/courses/neglect/beside.json?year=2024").await;
    let of = |what: &str, about: &str| {
        let found = beside.iter().find(|row| row["what"] == what && row["about"].as_str().unwrap().contains(about));
        found.unwrap_or_else(|| panic!("{what} {about} in {beside:?}")).clone()
    };
    let is = |row: &serde_json::Value, name: &str, value: f64| {
        let shown = row[name].as_f64().unwrap_or_else(|| panic!("{name} in {row}"));
        assert!((shown - value).abs() < 1e-9, "{name}: {shown} for {value}");
    };

    let composite = of("composite", "2 statements");
    is(&composite, "n_matched", 29.0);
    is(&composite, "mean_before", mean(given.iter().map(|row| f64::from(row.before[0] + row.before[1]) / 2.0)));
    is(&composite, "mean_after", mean(given.iter().map(|row| f64::from(row.after[0] + row.after[1]) / 2.0)));
    is(&composite, "alpha_before", alpha(&given.iter().map(|row| row.before).collect::<Vec<_>>()));
    is(&composite, "alpha_after", alpha(&given.iter().map(|row| row.after).collect::<Vec<_>>()));
    assert_eq!(composite["interval_between"], "sessions");
    let gains: Vec<f64> =
        given.iter().map(|row| f64::from(row.after[0] + row.after[1] - row.before[0] - row.before[1]) / 2.0).collect();
    let middle = mean(gains.iter().copied());
    let squares: f64 = gains.iter().map(|gain| (gain - middle).powi(2)).sum();
    is(&composite, "sd_gain", (squares / (gains.len() - 1) as f64).sqrt());

    let without = of("without_the_door", "core");
    let early: Vec<&Given> = given.iter().filter(|row| !row.door).collect();
    is(&without, "n_matched", 24.0);
    is(&without, "mean_gain", mean(early.iter().map(|row| f64::from(row.after[0] - row.before[0]))));
    let by_session = |people: &[&Given], gain: fn(&Given) -> i32| -> Vec<Vec<f64>> {
        let of = |session| people.iter().filter(move |row| row.session == session).map(|row| f64::from(gain(row)));
        sessions.iter().map(|session| of(*session).collect()).collect()
    };
    // Student's t for two degrees of freedom.
    let student = 4.302_652_729_749_464;
    let (low, high) = interval(&by_session(&early, |row| row.after[0] - row.before[0]), student);
    is(&without, "ci95_low", low);
    is(&without, "ci95_high", high);
    assert_eq!((&without["interval_between"], without["sessions"].as_u64()), (&"sessions".into(), Some(3)));

    let back = of("looking_back", "Looking back");
    is(&back, "n_matched", 29.0);
    is(&back, "mean_before", mean(given.iter().map(|row| f64::from(row.then))));
    is(&back, "mean_gain", mean(given.iter().map(|row| f64::from(row.after[0] - row.then))));
    let all: Vec<&Given> = given.iter().collect();
    let (low, high) = interval(&by_session(&all, |row| row.after[0] - row.then), student);
    is(&back, "ci95_low", low);
    is(&back, "ci95_high", high);
    assert_eq!((&back["interval_between"], back["sessions"].as_u64()), (&"sessions".into(), Some(3)));

    let again: Vec<&Given> = given.iter().filter(|row| row.again.is_some()).collect();
    let later = of("three_months_later", "Overall");
    is(&later, "n_matched", again.len() as f64);
    is(&later, "mean_before", mean(again.iter().map(|row| f64::from(row.before[0]))));
    is(&later, "mean_after", mean(again.iter().map(|row| f64::from(row.again.unwrap()[0]))));

    let managers: Vec<f64> = given.iter().filter_map(|row| row.manager).map(f64::from).collect();
    let view = of("managers", "Overall");
    is(&view, "n_matched", managers.len() as f64);
    is(&view, "mean_after", mean(managers.iter().copied()));
    // Each of three ratings twice: s² = 4/5. Student's t for five degrees of freedom.
    let half = 2.570_581_835_636_314 * (0.8_f64 / 6.0).sqrt();
    is(&view, "mean_after_ci95_high", mean(managers.iter().copied()) + half);

    // One police officer is told together with the schools, or the officer's answers could be worked out.
    let health = of("agency_type", "Health");
    is(&health, "n_matched", given.iter().filter(|row| row.agency == AgencyType::Health).count() as f64);
    let other = of("agency_type", "Other types");
    is(&other, "n_matched", given.iter().filter(|row| row.agency != AgencyType::Health).count() as f64);
    assert!(!beside.iter().any(|row| row["about"] == "School or college" || row["about"] == "Police and probation"));

    let items = rows(&mut member, "/board/courses/neglect/items.json?year=2024").await;
    let question = items.iter().find(|row| row["kind"] == "knowledge").unwrap();
    is(question, "mean_before", mean(given.iter().map(|row| f64::from(row.knows[0]))));
    is(question, "mean_after", mean(given.iter().map(|row| f64::from(row.knows[1]))));
    assert!(question["in_words"].as_str().unwrap().starts_with("Right answers rose: from 41% to 79%"), "{question}");
    let core = items.iter().find(|row| row["item"] == "core").unwrap();
    is(core, "n_matched", 29.0);

    member.open("/board/courses/neglect?year=2024").await;
    for words in [
        "All 2 statements of confidence together",
        "Cronbach’s alpha",
        "Right answers rose",
        "Asked afterwards, looking back",
        "5 people gave their first answers when the session had already begun",
        "Three months later",
        "6 managers:",
        "Other types, told together",
    ] {
        member.must_say(words);
    }
    let types = rows(&mut member, "/board/agency-types.json?year=2024").await;
    assert_eq!(types.len(), 2);
    member
        .open("/board/agency-types?year=2024&topic=Core+safeguarding")
        .await
        .must_say("Health")
        .must_say("Other types");
    for path in ["/board/courses/neglect/beside", "/board/agency-types"] {
        member.open(&format!("{path}.xlsx?year=2024")).await;
        assert!(member.body.starts_with("PK"), "{path}");
        member.open(&format!("{path}.csv?year=2024")).await;
        assert!(member.body.lines().count() > 2, "{path}: {}", member.body);
    }
}

#[tokio::test]
async fn what_few_people_answered_later_is_not_shown() {
    let board = TestBoard::new().await;
    let (asked, sessions, mut member) = course_of_long_ago(&board).await;
    let mut given = people(sessions);
    given.truncate(24);
    for (place, person) in given.iter_mut().enumerate() {
        person.door = place < 3;
        person.again = person.again.filter(|_| place < 8);
        person.manager = person.manager.filter(|_| place < 8);
        person.agency = AgencyType::Health;
    }
    released(&board, &asked, &given).await;
    member.open("/board/courses/neglect?year=2024").await.must_say("Looking back");
    for words in ["Three months later", "managers:", "Answers at the door", "By agency type"] {
        assert!(!member.says(words), "{words}");
    }
    // The three who answered at the door wait for others.
    let items = rows(&mut member, "/board/courses/neglect/items.json?year=2024").await;
    assert!(items.iter().all(|row| row["n_matched"] == 21), "{items:?}");
    member.open("/board/agency-types").await.must_say("Not enough answers yet");
}

#[tokio::test]
async fn the_others_are_hidden_where_they_would_tell_what_all_at_the_door_answered() {
    let board = TestBoard::new().await;
    let (asked, sessions, mut member) = course_of_long_ago(&board).await;
    let mut given = people(sessions);
    let at_the_door = given.iter_mut().filter(|person| person.door);
    at_the_door.for_each(|person| (person.before, person.after) = ([5, 4], [3, 4]));
    released(&board, &asked, &given).await;
    let beside = rows(&mut member, "/board/courses/neglect/beside.json?year=2024").await;
    let without = beside.iter().find(|row| row["what"] == "without_the_door").unwrap();
    assert_eq!(without["not_shown_because"], "protecting");
    assert!(without["mean_gain"].is_null());
}

#[tokio::test]
async fn whoever_left_something_out_counts_for_the_statement_and_not_for_the_composite() {
    let composite = composite_beside_five_who_left_something_out(|number| 1 + number % 3).await;
    assert_eq!(composite["n_matched"], 24);
    assert_eq!(composite["share_answered_everything"].as_f64(), Some(24.0 / 29.0));
    // The statement of all, less twice the composite without the other statement, would be what these five answered.
    let composite = composite_beside_five_who_left_something_out(|_| 1).await;
    assert_eq!(composite["not_shown_because"], "protecting", "{composite}");
    assert!(composite["mean_gain"].is_null() && composite["alpha_before"].is_null(), "{composite}");
}

/// The composite's data where 24 people answered everything, and five the core statement only, before as given.
async fn composite_beside_five_who_left_something_out(before: fn(i32) -> i32) -> serde_json::Value {
    let board = TestBoard::new().await;
    let (asked, sessions, mut member) = course_of_long_ago(&board).await;
    let given: Vec<Given> = people(sessions).into_iter().filter(|person| !person.door).collect();
    released(&board, &asked, &given).await;
    let txn = board.txn().await;
    for number in 0..5 {
        for wave in [Wave::Before, Wave::After] {
            let key = format!("part-{number}");
            let row = response::ActiveModel {
                pairing_key: Set(key.clone()),
                wave: Set(wave),
                session_id: Set(sessions[0]),
                instrument_id: Set(asked.instrument),
                agency_type: Set(None),
                day: Set(board.now().date_naive()),
                finished: Set(true),
                at_the_door: Set(false),
                attended: Set(Some(true)),
            };
            response::Entity::insert(row).exec_without_returning(&txn).await.unwrap();
            let row = answer::ActiveModel {
                pairing_key: Set(key),
                wave: Set(wave),
                item_id: Set(asked.core),
                value: Set(if wave == Wave::Before { before(number) } else { 2 + number % 2 }),
                session_released: Set(false),
                course_released: Set(false),
            };
            answer::Entity::insert(row).exec_without_returning(&txn).await.unwrap();
        }
    }
    txn.commit().await.unwrap();
    release(&board).await;
    let items = rows(&mut member, "/board/courses/neglect/items.json?year=2024").await;
    let core = items.iter().find(|row| row["item"] == "core").unwrap();
    assert_eq!(core["n_matched"], 29);
    let beside = rows(&mut member, "/board/courses/neglect/beside.json?year=2024").await;
    let composite = beside.iter().find(|row| row["what"] == "composite").unwrap().clone();
    let told = "They answered everything both times: 83% of the 29 people who did so with the statement about overall";
    member.open("/board/courses/neglect?year=2024").await;
    assert_eq!(member.says(told), composite["n_matched"].is_number(), "{}", member.text());
    composite
}

/// Everybody answers the other statement alike: what is made of it and the core statement would tell that.
#[tokio::test]
async fn a_hidden_statement_hides_the_composite_and_its_agreement() {
    let board = TestBoard::new().await;
    let (asked, sessions, mut member) = course_of_long_ago(&board).await;
    let mut given = people(sessions);
    given.iter_mut().for_each(|person| person.after[1] = 4);
    released(&board, &asked, &given).await;
    let items = rows(&mut member, "/board/courses/neglect/items.json?year=2024").await;
    let reason = |item: &str| items.iter().find(|row| row["item"] == item).unwrap()["not_shown_because"].clone();
    assert_eq!((reason("core"), reason("act")), (serde_json::Value::Null, "all_alike".into()));
    let beside = rows(&mut member, "/board/courses/neglect/beside.json?year=2024").await;
    let composite = beside.iter().find(|row| row["what"] == "composite").unwrap();
    assert_eq!(composite["not_shown_because"], "protecting", "{composite}");
    for name in ["mean_after", "mean_gain", "alpha_before", "alpha_after"] {
        assert!(composite[name].is_null(), "{name}: {composite}");
    }
    member.open("/board/courses/neglect?year=2024").await;
    assert!(!member.says("Cronbach"), "{}", member.text());
    let back = beside.iter().find(|row| row["what"] == "looking_back").unwrap();
    assert!(back["mean_after"].is_number(), "the core statement is shown: {back}");
}

/// The numbers of the exports beside the line, from the answers; and a word for what is not told.
#[tokio::test]
async fn data_hold_the_further_statistics_or_the_reason_why_not() {
    let board = TestBoard::new().await;
    let (asked, sessions, mut member) = course_of_long_ago(&board).await;
    // Of 48: 24 rose by 1, 12 by 2, 6 stayed and 6 fell by 1, each as a whole cell.
    let pairs = [(2, 3, 24), (2, 4, 12), (3, 3, 6), (4, 3, 6)];
    let all = pairs.iter().flat_map(|(before, after, count)| (0..*count).map(move |_| (*before, *after)));
    let like = people(sessions)[0].clone();
    let given: Vec<Given> = all
        .enumerate()
        .map(|(place, (before, after))| Given {
            session: sessions[place % 3],
            before: [before, 1 + (place % 3) as i32],
            after: [after, 2 + (place % 4) as i32],
            again: None,
            manager: None,
            ..like.clone()
        })
        .collect();
    released(&board, &asked, &given).await;
    let items = rows(&mut member, "/board/courses/neglect/items.json?year=2024").await;
    let core = items.iter().find(|row| row["item"] == "core").unwrap();
    for (name, value) in [
        ("n_nonzero", 42.0),
        ("n_zero", 6.0),
        ("median_gain", 1.0),
        ("hodges_lehmann", 1.0),
        ("dominance_paired", 30.0 / 48.0),
        // 24 thirds of the room, 12 times two thirds, 6 times a third down: (8 + 8 − 2)/48.
        ("marx_cummings_c", 14.0 / 48.0),
        ("mcnemar_threshold", 4.0),
        ("mcnemar_became_confident", 12.0),
        ("mcnemar_lost_confidence", 6.0),
        ("unmatched_n_pre_only", 0.0),
    ] {
        let told = core[name].as_f64().unwrap_or_else(|| panic!("{name} in {core}"));
        assert!((told - value).abs() < 1e-9, "{name}: {told} for {value}");
    }
    for name in
        ["bhapkar_p", "stuart_maxwell_chi2", "wilcoxon_p_pratt", "log10_p_t", "hedges_gz_exact", "mcnemar_p_exact"]
    {
        assert!(core[name].is_number(), "{name} in {core}");
    }
    assert_eq!(core["null_reasons"]["unmatched_mean_pre_only"], "n_zero", "{core}");
    // Every statistic that is empty says why.
    for row in items.iter().filter(|row| row["n_matched"].is_number()) {
        let row = row.as_object().unwrap();
        let places = ["not_shown_because", "sessions", "null_reasons"];
        let empty = row.iter().filter(|(name, value)| value.is_null() && !places.contains(&name.as_str()));
        for (name, _) in empty {
            assert!(row["null_reasons"][name].is_string(), "{name} is empty without a reason: {row:?}");
        }
    }
    let other = items.iter().find(|row| row["item"] == "act").unwrap();
    assert_eq!(other["null_reasons"]["bhapkar_p"], "would_tell_about_few", "{other}");
    member.open("/board/courses/neglect/items.csv?year=2024").await;
    assert!(member.body.contains("unmatched_mean_pre_only:n_zero"), "{}", member.body);
}

/// Three people of the first session and two of the third are counted for the course together. Were they counted by
/// session, the interval would tell what the three and the two answered.
#[tokio::test]
async fn the_interval_between_sessions_is_made_of_what_is_shown_only() {
    let board = TestBoard::new().await;
    let (asked, sessions, mut member) = course_of_long_ago(&board).await;
    let all = people(sessions);
    let mut given: Vec<Given> = all[8..16].iter().chain(&all[..3]).chain(&all[16..18]).cloned().collect();
    for person in &mut given {
        (person.agency, person.again, person.manager) = (AgencyType::Health, None, None);
    }
    given[8..11].iter_mut().for_each(|person| person.before[0] = 1);
    released(&board, &asked, &given).await;
    let gain = |person: &Given| f64::from(person.after[0] - person.before[0]);
    let groups = [&given[..8], &given[8..]].map(|group| group.iter().map(gain).collect());
    // Student's t for one degree of freedom.
    let (low, high) = interval(&groups, 12.706_204_736_174_7);
    let items = rows(&mut member, "/board/courses/neglect/items.json?year=2024").await;
    let core = items.iter().find(|row| row["item"] == "core").unwrap();
    assert_eq!((core["n_matched"].as_u64(), core["sessions"].as_u64()), (Some(13), Some(2)), "{core}");
    for (name, value) in [("ci95_low", low), ("ci95_high", high)] {
        assert!((core[name].as_f64().unwrap() - value).abs() < 1e-6, "{name}: {core} for {value}");
    }
}
