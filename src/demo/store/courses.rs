//! Courses of the demonstration with what they ask before and after.

use super::insert::insert_all;
use crate::{
    courses::rules::{CourseId, CourseKind, CourseStatus, LearningPointId},
    demo::rules::catalogue::{CoursePlan, LEARNING_POINTS, courses},
    entity::{
        course, course_audience, course_learning_point, course_outcome, instrument, item, item_learning_point,
        learning_point,
    },
    surveys::rules::{InstrumentId, ItemId, ItemKind, statements},
};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

/// Statements per instrument: the core statement and one for each outcome.
pub const STATEMENTS: i64 = 5;
/// Ids set apart for each instrument: its statements, two questions, and one looking back.
const ITEMS_EACH: i64 = 8;

/// Questions with a right answer, which some courses ask: true (1) or false (0).
pub fn questions(slug: &str) -> &'static [(&'static str, i32)] {
    match slug {
        "child-exploitation" => &[
            ("A young person of 16 who agreed to it cannot have been exploited.", 0),
            ("Boys are exploited as well as girls.", 1),
        ],
        "neglect-in-practice" => &[
            ("Neglect is always a result of poverty.", 0),
            ("A missed health appointment can be a sign of neglect.", 1),
        ],
        "online-lives" => &[
            ("Most children who are groomed online tell an adult within a week.", 0),
            ("A picture that a computer made can harm a child.", 1),
        ],
        _ => &[],
    }
}

/// Whether a course asks afterwards how confident people were before.
pub fn looks_back(slug: &str) -> bool {
    ["neglect-in-practice", "online-lives", "sexual-abuse"].contains(&slug)
}

/// The question of a course by its place, counted from 0.
pub fn question_id(course: CourseId, place: i64) -> ItemId {
    item_id(course, STATEMENTS + place)
}

/// The looking-back item of a course.
pub fn looking_back_id(course: CourseId) -> ItemId {
    item_id(course, ITEMS_EACH - 1)
}

/// The item of a course in the order of its questions: 0 is the core statement.
pub fn item_id(course: CourseId, position: i64) -> ItemId {
    ItemId((course.0 - 1) * ITEMS_EACH + position + 1)
}

/// All courses with their ids.
pub fn numbered() -> impl Iterator<Item = (CourseId, &'static CoursePlan)> {
    (1..).map(CourseId).zip(courses())
}

/// Writes learning points, instruments and courses.
pub async fn courses_insert_in_txn(made: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let points = LEARNING_POINTS.iter().zip(1..).map(|(title, position)| learning_point::ActiveModel {
        id: Set(LearningPointId(position.into())),
        position: Set(position),
        title: Set((*title).to_owned()),
    });
    insert_all(points.collect(), db).await?;
    insert_all(numbered().map(instrument_row).collect(), db).await?;
    insert_all(numbered().flat_map(item_rows).collect(), db).await?;
    insert_all(numbered().map(|(id, plan)| course_row(id, plan, made)).collect(), db).await?;
    insert_all(numbered().flat_map(outcome_rows).collect(), db).await?;
    let audiences = numbered().flat_map(|(id, plan)| {
        plan.audiences.iter().map(move |audience| course_audience::ActiveModel {
            course_id: Set(id),
            audience: Set((*audience).to_owned()),
        })
    });
    insert_all(audiences.collect(), db).await?;
    let taught = numbered().flat_map(|(id, plan)| {
        plan.learning_points.iter().map(move |point| course_learning_point::ActiveModel {
            course_id: Set(id),
            learning_point_id: Set(LearningPointId(*point as i64)),
        })
    });
    insert_all(taught.collect(), db).await?;
    // The first statement after the core one measures the first learning point, and so on.
    let measured = numbered().flat_map(|(id, plan)| {
        plan.learning_points.iter().zip(1..).map(move |(point, position)| item_learning_point::ActiveModel {
            item_id: Set(item_id(id, position)),
            learning_point_id: Set(LearningPointId(*point as i64)),
        })
    });
    insert_all(measured.collect(), db).await
}

fn instrument_row((id, plan): (CourseId, &CoursePlan)) -> instrument::ActiveModel {
    instrument::ActiveModel {
        id: Set(InstrumentId(id.0)),
        key: Set(statements::instrument_key(plan.slug)),
        version: Set(1),
        title: Set(format!("Confidence: {}", plan.title)),
    }
}

fn item_rows((id, plan): (CourseId, &CoursePlan)) -> Vec<item::ActiveModel> {
    let row = |item: ItemId, key: String, kind: ItemKind, text: String| item::ActiveModel {
        id: Set(item),
        instrument_id: Set(InstrumentId(id.0)),
        key: Set(key),
        version: Set(1),
        kind: Set(kind),
        text: Set(text),
        position: Set((item.0 - item_id(id, 0).0) as i32 + 1),
        scale_min: Set(statements::SCALE_MIN),
        scale_max: Set(statements::SCALE_MAX),
        low_label: Set(statements::LOW_LABEL.to_owned()),
        high_label: Set(statements::HIGH_LABEL.to_owned()),
        right_answer: Set(None),
        looks_back_on: Set(None),
    };
    let mut rows = vec![row(item_id(id, 0), statements::CORE_KEY.to_owned(), ItemKind::Core, plan.core_statement())];
    rows.extend(plan.outcomes.iter().zip(1..).map(|(outcome, position)| {
        let text = format!("How confident are you that you can {outcome}?");
        row(item_id(id, position), format!("outcome-{position}"), ItemKind::Confidence, text)
    }));
    rows.extend(questions(plan.slug).iter().zip(0..).map(|((text, right), place)| item::ActiveModel {
        scale_min: Set(0),
        scale_max: Set(1),
        low_label: Set("False".to_owned()),
        high_label: Set("True".to_owned()),
        right_answer: Set(Some(*right)),
        ..row(question_id(id, place), format!("question-{}", place + 1), ItemKind::Knowledge, (*text).to_owned())
    }));
    if looks_back(plan.slug) {
        let core = plan.core_statement();
        let asks = core.trim_start_matches("Overall, how confident are you in ");
        let text = format!("Looking back, how confident were you before the course in {asks}");
        rows.push(item::ActiveModel {
            looks_back_on: Set(Some(item_id(id, 0))),
            ..row(looking_back_id(id), "core-looking-back".to_owned(), ItemKind::LookingBack, text)
        });
    }
    rows
}

fn course_row(id: CourseId, plan: &CoursePlan, made: DateTime<Utc>) -> course::ActiveModel {
    let address = || format!("https://learning.larkshire.example/{}", plan.slug);
    course::ActiveModel {
        id: Set(id),
        slug: Set(plan.slug.to_owned()),
        title: Set(plan.title.to_owned()),
        summary: Set(plan.summary.to_owned()),
        description: Set(plan.description.to_owned()),
        topic: Set(plan.topic.to_owned()),
        level: Set(plan.level.to_owned()),
        kind: Set(plan.kind),
        status: Set(CourseStatus::Live),
        duration_minutes: Set(plan.minutes),
        validity_months: Set(plan.validity_months),
        board_priority: Set(plan.priority.map(str::to_owned)),
        instrument_id: Set(Some(InstrumentId(id.0))),
        resource_url: Set((plan.kind != CourseKind::Live).then(address)),
        created_at: Set(made),
        version: Set(1),
    }
}

fn outcome_rows((id, plan): (CourseId, &'static CoursePlan)) -> impl Iterator<Item = course_outcome::ActiveModel> {
    plan.outcomes.iter().zip(1..).map(move |(outcome, position)| course_outcome::ActiveModel {
        course_id: Set(id),
        position: Set(position),
        text: Set(sentence_case(outcome)),
        ..Default::default()
    })
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
