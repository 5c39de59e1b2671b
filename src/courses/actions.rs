//! What the office does to courses.

use super::{
    pages::office::{changed_course_again, new_course_again},
    rules::{CourseEdit, CourseId, CourseStatus, Problems},
    store,
};
use crate::{
    audit::store::{Subject, audit_insert_in_txn},
    surveys::store::default_instrument_seed_in_txn,
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;
use sea_orm::{ConnectionTrait, DbErr};

fn subject(id: CourseId) -> Subject {
    Subject { kind: "course", id: id.0 }
}

fn parse(form: &FormState) -> Result<CourseEdit, Problems> {
    CourseEdit::parse(|field| form.value(field), |field| form.values(field))
}

fn with_problems(form: FormState, problems: Problems) -> FormState {
    problems.into_iter().fold(form, |form, (field, sentence)| form.with_error(&field, sentence))
}

/// POST /office/courses/new
pub async fn add_course(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let mut edit = match parse(&form) {
        Ok(edit) => edit,
        Err(problems) => return new_course_again(visit, with_problems(form, problems)).await,
    };
    let status = if form.value("status") == "live" { CourseStatus::Live } else { CourseStatus::Draft };
    let person = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    keep_known_choices_in_txn(&mut edit, &txn).await?;
    let id = store::course_insert_in_txn(&edit, status, visit.now, &txn).await?;
    audit_insert_in_txn(Some(person), subject(id), format!("Added the course “{}”", edit.title), visit.now, &txn)
        .await?;
    txn.commit().await?;
    visit.see_other(format!("/office/courses/{id}?done=course-added"))
}

/// POST /office/courses/{id}: saves, and with its second button shows the course to everyone.
pub async fn change_course(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let id = CourseId(id);
    let mut edit = match parse(&form) {
        Ok(edit) => edit,
        Err(problems) => return changed_course_again(visit, id, with_problems(form, problems)).await,
    };
    let person = visit.person()?.id;
    let version = form.value("version").parse().unwrap_or(0);
    let txn = visit.app.db.write().await?;
    keep_known_choices_in_txn(&mut edit, &txn).await?;
    if !store::course_update_in_txn(id, version, &edit, &txn).await? {
        drop(txn);
        let form = form.with_error(
            "",
            "Somebody else changed this course after you opened it. What you typed is still here: saving again replaces their changes.",
        );
        return changed_course_again(visit, id, form).await;
    }
    audit_insert_in_txn(Some(person), subject(id), format!("Changed the course “{}”", edit.title), visit.now, &txn)
        .await?;
    let is_shown =
        form.value("status") == "live" && store::course_status_put_in_txn(id, CourseStatus::Live, &txn).await?;
    if is_shown {
        let sentence = format!("Showed the course “{}” to everyone", edit.title);
        audit_insert_in_txn(Some(person), subject(id), sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    let word = if is_shown { "course-shown" } else { "course-saved" };
    visit.see_other(format!("/office/courses/{id}?done={word}"))
}

/// Leaves out choices that no longer exist, and makes the questionnaire of the topic where none was chosen.
async fn keep_known_choices_in_txn(edit: &mut CourseEdit, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let choices = store::course_choices(db).await?;
    edit.prerequisites.retain(|id| choices.courses.iter().any(|link| link.id == *id));
    edit.learning_points.retain(|id| choices.learning_points.iter().any(|point| point.id == *id));
    edit.instrument = edit.instrument.filter(|id| choices.instruments.iter().any(|row| row.id == *id));
    if edit.instrument.is_none() {
        edit.instrument = Some(default_instrument_seed_in_txn(&in_a_sentence(&edit.topic), db).await?);
    }
    Ok(())
}

/// "Neglect" as in the middle of a sentence; "LGBT awareness" stays.
fn in_a_sentence(topic: &str) -> String {
    let mut letters = topic.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => topic.to_owned(),
    }
}

/// POST /office/courses/{id}/retire. Doing it twice is doing it once.
pub async fn retire_course(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let id = CourseId(id);
    let person = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    let details = store::course_details(id, &txn).await?.ok_or(PageError::NotFound)?;
    if store::course_status_put_in_txn(id, CourseStatus::Retired, &txn).await? {
        let sentence = format!("Retired the course “{}”", details.course.title);
        audit_insert_in_txn(Some(person), subject(id), sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.see_other(format!("/office/courses/{id}?done=course-retired"))
}
