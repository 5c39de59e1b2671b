//! Files that are right, and everything that can be wrong with one.

use super::*;

fn heading(more: &[&str]) -> Vec<String> {
    COLUMNS.iter().chain(more).map(|name| (*name).to_owned()).collect()
}

fn row(line: u64, cells: &[&str]) -> RawRow {
    RawRow { line, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
}

fn now() -> DateTime<Utc> {
    "2021-03-22T09:00:00Z".parse().unwrap()
}

const AMIRA: [&str; 10] =
    ["Neglect", "S1", "2021-03-01", "09:30", "Amira Khan", "Amira@x.example", "Oak School", "attended", "2", "4"];

fn problems(heading: &[String], rows: &[RawRow]) -> Vec<String> {
    understand(heading, rows, now()).unwrap_err().iter().map(Problem::to_string).collect()
}

#[test]
fn a_good_row_is_understood() {
    let heading = heading(&["before:Core", "after:core"]);
    let history = understand(&heading, &[row(2, &AMIRA)], now()).unwrap();
    assert_eq!((history.items.as_slice(), history.core), (&["Core".to_owned()][..], 0));
    let amira = &history.rows[0];
    assert_eq!(amira.email, "amira@x.example");
    assert_eq!(amira.outcome, RowOutcome::Marked(Mark::Present));
    assert_eq!(amira.ratings, [(Wave::Before, 0, 2), (Wave::After, 0, 4)]);
}

#[test]
fn every_wrong_cell_is_named() {
    let heading = heading(&["before:Core", "after:Core"]);
    let wrong = row(7, &["", "S1", "31.02.2021", "25:00", "", "nobody", "", "maybe", "6", "x"]);
    let told = problems(&heading, &[wrong]);
    let columns: Vec<&str> =
        told.iter().map(|text| text.split(": ").next().unwrap().trim_start_matches("row 7, column ")).collect();
    let before = "before:Core";
    assert_eq!(columns, ["course", "name", "email", "date", "start", "outcome", before, "after:Core"], "{told:#?}");
}

#[test]
fn a_rating_is_a_whole_number_of_the_scale_or_nothing() {
    let heading = heading(&["before:Core", "after:Core"]);
    for wrong in ["0", "6", "-1", "3.5", "4.0", "3,5", "1e0", "five", "½", "99999999999999999999", "NaN"] {
        let mut cells = AMIRA;
        cells[9] = wrong;
        let told = problems(
            &heading,
            &[
                row(2, &AMIRA[..]),
                row(3, &{
                    cells[5] = "b@x.example";
                    cells
                }),
            ],
        );
        let sentence = "is no rating: use a whole number from 1 to 5, or leave the cell empty";
        assert_eq!(told, [format!("row 3, column after:Core: “{wrong}” {sentence}")]);
    }
    let mut blank = AMIRA;
    blank[9] = " ";
    assert_eq!(understand(&heading, &[row(2, &blank)], now()).unwrap().rows[0].ratings, [(Wave::Before, 0, 2)]);
}

#[test]
fn a_file_without_rows_is_refused() {
    assert_eq!(problems(&heading(&[]), &[]), ["row 1: The file has a heading but no rows"]);
}

#[test]
fn a_person_answers_a_session_once() {
    let heading = heading(&["before:Core", "after:Core"]);
    let mut second = AMIRA;
    (second[2], second[9]) = ("2021-03-02", "5");
    let told = problems(&heading, &[row(2, &AMIRA), row(3, &second)]);
    assert_eq!(told, ["row 3, column after:Core: This person's answer for this session is 4 in row 2"]);
    second[9] = "4";
    assert!(understand(&heading, &[row(2, &AMIRA), row(3, &second)], now()).is_ok(), "told alike on both dates");
}

#[test]
fn columns_must_be_known_there_and_single() {
    let told = problems(&["course".into(), "Course".into(), "shoe size".into()], &[row(2, &["a", "b", "c"])]);
    assert!(told.contains(&"row 1, column Course: This column is there twice".to_owned()), "{told:#?}");
    assert!(told.iter().any(|text| text.starts_with("row 1, column shoe size: Unknown column")));
    assert!(told.contains(&"row 1, column email: This column is missing".to_owned()));
}

#[test]
fn rows_that_contradict_each_other_are_named_with_the_other_row() {
    let heading = heading(&["before:Core", "after:Core"]);
    let mut other_course = AMIRA;
    (other_course[0], other_course[5]) = ("Self-harm", "b@x.example");
    let mut other_start = AMIRA;
    (other_start[3], other_start[5]) = ("10:00", "c@x.example");
    let rows = [row(2, &AMIRA), row(3, &AMIRA), row(4, &other_course), row(5, &other_start)];
    let told = problems(&heading, &rows);
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told[0].starts_with("row 3, column email: ") && told[0].contains("row 2"));
    assert!(told[1].starts_with("row 4, column course: ") && told[2].starts_with("row 5, column start: "));
}

#[test]
fn every_wave_has_its_columns() {
    let heading = heading(&["before:Core", "After:core", "later:Core", "MANAGER: Core"]);
    let mut cells = AMIRA.to_vec();
    cells.extend(["5", "3"]);
    let history = understand(&heading, &[row(2, &cells)], now()).unwrap();
    let waves = [(Wave::Before, 0, 2), (Wave::After, 0, 4), (Wave::FollowUp, 0, 5), (Wave::Manager, 0, 3)];
    assert_eq!(history.rows[0].ratings, waves);
    let (mut again, mut late) = (cells.clone(), cells.clone());
    (again[2], again[10]) = ("2021-03-02", "4");
    late[9] = "";
    let told = problems(&heading, &[row(2, &late), row(3, &again)]);
    assert_eq!(told, ["row 3, column later:Core: This person's answer for this session is 5 in row 2"]);
}

#[test]
fn the_future_and_short_rows_are_refused() {
    let heading = heading(&[]);
    let mut future = AMIRA[..8].to_vec();
    future[2] = "01/04/2021";
    let told = problems(&heading, &[row(2, &future), row(3, &AMIRA[..7])]);
    assert!(told[0].starts_with("row 2, column date: "), "{told:#?}");
    assert_eq!(told[1], "row 3: This row has 7 cells, but the heading has 8");
}

#[test]
fn dates_are_written_in_two_ways() {
    assert_eq!(parse_date("31/03/2021"), parse_date("2021-03-31"));
    for wrong in ["31/3/21", "2021-02-29", "03/31/2021", "yesterday", ""] {
        assert!(parse_date(wrong).is_err(), "{wrong}");
    }
}
