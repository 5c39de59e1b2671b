//! What stands beside a course's gains, as data.

use super::{
    line::{COLUMNS, figures, further_columns, give_reason, put_figure},
    sheet::Row,
    sheet_of, year_of,
};
use crate::{
    learning_gain::{
        pages::subject_of,
        rules::sentence::{Subject, managers_sentence},
        store::{self, CompositeGain, ManagersView, MaybeLine},
    },
    web::{
        error::{PageError, PageResult},
        visit::Visit,
    },
};
use axum::extract::Path;
use serde_json::json;

/// Who answered once only is not kept here.
const OF_BOTH_TIMES: [&str; 3] = ["match_rate", "unmatched_n_pre_only", "unmatched_n_post_only"];

/// GET /board/courses/{slug}/beside.csv?year=2020, and as .xlsx and .json: the composite, the gain without answers at
/// the door, looking back, three months later, the manager's view and agency types
pub async fn beside(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let course = store::course_by_slug(&slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let year = year_of(&visit);
    let hidden = store::hidden_courses(year, visit.db()).await?;
    let items = store::course_items(course.id, &hidden, visit.db()).await?;
    let beside = store::course_beside(course.id, year, &items, visit.db()).await?;
    let parts = store::course_parts(course.id, &hidden, visit.db()).await?;
    let mut rows: Vec<Row> = beside.composite.iter().map(composite_row).collect();
    let confidence = |what: &str, about: &str, line: &MaybeLine| line_row(what, about, line, Subject::Confidence);
    rows.extend(beside.without_door.iter().map(|(line, _)| confidence("without_the_door", "core", line)));
    for (what, list) in [("looking_back", &beside.looking_back), ("three_months_later", &beside.follow_up)] {
        rows.extend(list.iter().map(|item| line_row(what, &item.text, &item.line, subject_of(item.kind))));
    }
    rows.extend(beside.managers.iter().map(managers_row));
    rows.extend(parts.iter().map(|part| confidence("agency_type", &part.name, &part.line)));
    for row in &mut rows {
        row.insert("course".into(), course.title.clone().into());
    }
    let last =
        ["share_answered_everything", "alpha_before", "alpha_after", "mean_after_ci95_low", "mean_after_ci95_high"];
    sheet_of("learning-gain-beside", &["course", "what", "about"], &last, rows).answer(&visit.path)
}

fn named(mut row: Row, what: &str, about: &str) -> Row {
    row.insert("what".into(), what.into());
    row.insert("about".into(), about.into());
    row
}

fn line_row(what: &str, about: &str, line: &MaybeLine, subject: Subject) -> Row {
    let mut row = named(figures(line, subject), what, about);
    if line.is_ok() {
        OF_BOTH_TIMES.iter().for_each(|name| give_reason(&mut row, name, "both_times_only"));
    }
    row
}

fn composite_row(composite: &CompositeGain) -> Row {
    let about = format!("{} statements", composite.statements);
    let mut row = line_row("composite", &about, &composite.line, Subject::Confidence);
    if let Some(share) = composite.share_answered_everything() {
        row.insert("share_answered_everything".into(), json!(share));
    } else if composite.line.is_ok() {
        give_reason(&mut row, "share_answered_everything", "core_not_shown");
    }
    if let Some((before, after)) = composite.alpha {
        put_figure(&mut row, "alpha_before", before.map(|alpha| json!(alpha)));
        put_figure(&mut row, "alpha_after", after.map(|alpha| json!(alpha)));
    }
    row
}

/// Managers answer once, after the course: there is a mean and no gain.
fn managers_row(view: &ManagersView) -> Row {
    let mut row = named(Row::new(), "managers", &view.text);
    let mean = match view.mean {
        Ok(mean) => mean,
        Err(hidden) => {
            row.insert("not_shown_because".into(), json!(hidden));
            return row;
        }
    };
    row.insert("n_matched".into(), json!(view.managers));
    row.insert("mean_after".into(), json!(mean));
    put_figure(&mut row, "mean_after_ci95_low", view.ci95.map(|interval| json!(interval.low)));
    put_figure(&mut row, "mean_after_ci95_high", view.ci95.map(|interval| json!(interval.high)));
    row.insert("scale_min".into(), json!(view.scale.min()));
    row.insert("scale_max".into(), json!(view.scale.max()));
    row.insert("in_words".into(), managers_sentence(view.managers, mean, view.ci95, view.scale).into());
    let others = COLUMNS.into_iter().chain(further_columns());
    for name in others.filter(|name| !["not_shown_because", "null_reasons"].contains(name)) {
        if !row.contains_key(name) {
            give_reason(&mut row, name, "asked_once");
        }
    }
    row
}
