//! Files as people save them, good and bad.

use proptest::prelude::*;

use super::*;
use crate::learning_gain::{
    mutation::mutated,
    rules::{Flag, ItemLine, ItemVersion, Undefined},
};

fn format() -> AnswersFormat {
    AnswersFormat { scale: Scale::ONE_TO_FIVE, session_column: Some("session".to_owned()) }
}

fn read(text: &str) -> Result<Answers, AnswersError> {
    read_answers(text.as_bytes(), &format())
}

fn refusal(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

const HEADER: &str = "course,session,learner,item,before,after\n";

#[test]
fn rows_become_histograms_composite_and_alpha() {
    let text = "\u{feff}Course,session,learner,item,before,after,comment\r\n\
        Neglect,1,a,Q1,2,4,\r\nNeglect,1,a,Q2,3,4,\"said, \"\"good\"\"\"\r\n\
        Neglect,1,b,Q1,1,,\r\nNeglect,1,b,Q2,2,3,\r\nNeglect,2,a,Q2,4.0,5,\r\nNeglect,2,a,Q1,3, 3 ,\r\n\
        Other,1,a,Q1,,,\r\n";
    let answers = read(text).unwrap();
    assert_eq!((answers.rows, answers.courses.len()), (7, 2));
    let course = &answers.courses[0];
    assert_eq!((course.name.as_str(), course.sessions.len()), ("Neglect", 2));
    let (first, sessions) = &course.items[0];
    assert_eq!((first.item(), first.n(), first.n_before_only()), (&ItemVersion::new("Q1", 1), 2, 1));
    assert_eq!(sessions.total().s1, 2);
    let (composite, sessions) = course.composite.as_ref().unwrap();
    assert_eq!((composite.totals().n(), composite.items(), sessions.answered()), (2, 2, 2));
    assert_eq!(ItemLine::of_composite(composite, None, None).mean_gain, Ok(1.0));
    assert_eq!(course.alpha_before.as_ref().unwrap().n(), 3);
    assert_eq!(course.alpha_after.as_ref().unwrap().n(), 2);
    assert_eq!(answers.courses[1].items[0].0.n_neither(), 1);
    assert_eq!(answers.courses[1].composite.as_ref().unwrap_err(), &Undefined::FewerThanTwoItems);
}

#[test]
fn rows_that_are_not_grouped_give_no_composite() {
    let answers = read(&format!("{HEADER}C,1,a,Q1,2,4\nC,1,b,Q1,2,3\nC,1,a,Q2,3,3\nC,1,b,Q2,1,1\n")).unwrap();
    let course = &answers.courses[0];
    assert_eq!(course.items[1].0.n(), 2);
    assert_eq!(course.composite.as_ref().unwrap_err(), &Undefined::NotGrouped);
    assert_eq!(course.alpha_before.as_ref().unwrap_err(), &Undefined::NotGrouped);
}

#[test]
fn the_same_learner_twice_is_noticed_wherever_it_is() {
    let beside = refusal(&format!("{HEADER}C,1,a,Q1,2,4\nC,1,a,Q1,2,4\n"));
    assert_eq!(beside, "row 3, column learner: this learner has already answered “Q1” in this session");
    let apart = refusal(&format!("{HEADER}C,1,a,Q1,2,4\nC,1,b,Q1,2,4\nC,1,b,Q2,2,4\nC,1,a,Q1,,\n"));
    assert!(apart.starts_with("row 5, column learner"), "{apart}");
    assert!(read(&format!("{HEADER}C,1,a,Q1,2,4\nC,2,a,Q1,2,4\nD,1,a,Q1,2,4\n")).is_ok());
    // Beyond the 32 items of a page too.
    let mut many: String = HEADER.to_owned();
    (0..70).for_each(|item| many += &format!("C,1,a,Q{item},2,3\n"));
    assert_eq!(read(&many).unwrap().courses[0].composite.as_ref().unwrap().0.totals().n(), 1);
    many += "C,1,b,Q1,2,3\nC,1,a,Q69,2,3\n";
    assert!(refusal(&many).starts_with("row 73, column learner"));
}

#[test]
fn without_sessions_a_learner_answers_once_a_course() {
    let format = AnswersFormat { scale: Scale::ONE_TO_FIVE, session_column: None };
    let read = |text: &str| read_answers(text.as_bytes(), &format);
    assert!(read("course,learner,item,before,after\nC,a,Q,1,2\nC,b,Q,1,2\n").is_ok());
    assert!(read("course,learner,item,before,after\nC,a,Q,1,2\nC,b,Q,1,2\nC,a,Q,1,2\n").is_err());
}

#[test]
fn bad_files_are_refused_with_row_and_column() {
    assert_eq!(refusal(""), "the file has no answers");
    assert_eq!(refusal(HEADER), "the file has no answers");
    assert_eq!(refusal("course,session,learner,item,before\n"), "row 1: the column “after” is missing");
    assert_eq!(refusal("course,item,Item\nx,y,z\n"), "row 1: the column “session” is missing");
    let with = |row: &str| refusal(&format!("{HEADER}C,1,x,Q1,1,1\n{row}\n"));
    assert_eq!(with("C,1,a,Q1,6,2"), "row 3, column before: 6 is outside the scale 1 to 5");
    assert_eq!(with("C,1,a,Q1,2,10"), "row 3, column after: 10 is outside the scale 1 to 5");
    assert_eq!(with("C,1,a,Q1,2,-1"), "row 3, column after: -1 is outside the scale 1 to 5");
    assert_eq!(with("C,1,a,Q1,3.5,2"), "row 3, column before: “3.5” is not a whole number");
    assert_eq!(with("C,1,a,Q1,,good"), "row 3, column after: “good” is not a whole number");
    assert_eq!(
        with("C,1,a,Q1,99999999999999999999,1"),
        "row 3, column before: “99999999999999999999” is not a whole number"
    );
    assert_eq!(with("C,1,,Q1,1,1"), "row 3, column learner: this must not be blank");
    assert_eq!(with("C,1,   ,Q1,1,1"), "row 3, column learner: this must not be blank");
    assert_eq!(with("C,1,\u{a0},Q1,1,1"), "row 3, column learner: this must not be blank");
    assert_eq!(with(" ,1,a,Q1,1,1"), "row 3, column course: this must not be blank");
    assert_eq!(with("C,1,a,Q1,1"), "row 3: 5 fields, but the header has 6");
    let latin1 = read_answers(&b"course,session,learner,item,before,after\nC,1,a,Qu\xe9,1,1\n"[..], &format());
    assert_eq!(
        latin1.unwrap_err().to_string(),
        "row 2, column item: this is not UTF-8 text (save the file as “CSV UTF-8”)"
    );
    let learner = read_answers(&b"course,session,learner,item,before,after\nC,1,\xe9,Q,1,1\n"[..], &format());
    assert!(learner.unwrap_err().to_string().starts_with("row 2, column learner: this is not UTF-8"));
}

#[test]
fn the_row_is_the_spreadsheets_row() {
    for end in ["\n", "\r\n"] {
        let wrong = |rows: &[&str]| {
            refusal(
                &[HEADER.trim_end(), "C,1,a,Q1,1,1"]
                    .iter()
                    .chain(rows)
                    .fold(String::new(), |text, row| text + row + end),
            )
        };
        assert!(wrong(&["C,1,b,Q1,9,1"]).starts_with("row 3, column before"));
        assert!(wrong(&["", "", "C,1,b,Q1,9,1"]).starts_with("row 5, column before"), "blank lines are rows");
        assert!(wrong(&["\"C\n2\",1,b,Q1,1,1", "", "C,1,b,Q1,9,1"]).starts_with("row 5, column before"), "quoted");
        assert!(wrong(&["", "C,1,b,Q1,1,1", "", "C,1,b,Q1,1,1"]).starts_with("row 6, column learner"), "twice");
        // Blank lines above the header, and no line end after the last row.
        let text = format!("{end}{end}{}{end}{end}C,1,b,Q1,9,1", HEADER.trim_end());
        assert!(refusal(&text).starts_with("row 5, column before"), "{}", refusal(&text));
    }
}

#[test]
fn files_in_other_forms_are_named() {
    let english = format!("{HEADER}C,1,a,Q1,1,1\n");
    assert_eq!(
        refusal(&english.replace(',', ";")),
        "row 1: the columns are separated by semicolons, and must be by commas: save the file as “CSV UTF-8”"
    );
    assert!(refusal(&english.replace(',', "\t")).contains("separated by tabs"));
    let letters = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { english.encode_utf16().flat_map(bytes).collect() };
    let (little, big) = (letters(u16::to_le_bytes), letters(u16::to_be_bytes));
    let marked = [&b"\xff\xfe"[..], &little].concat();
    for bytes in [little, big, marked] {
        assert!(matches!(read_answers(&bytes[..], &format()), Err(AnswersError::Utf16)));
    }
    assert!(matches!(read_answers(&b"PK\x03\x04\x14"[..], &format()), Err(AnswersError::Workbook)));
}

#[test]
fn a_new_item_in_every_row_is_refused_with_the_row() {
    let mut text = HEADER.to_owned();
    (0..12_000).for_each(|row| text += &format!("C,{row},{row},{row},2,3\n"));
    let told = "row 1002, column item: more than 1000 different names; is “item” the right column?";
    assert_eq!(refusal(&text), told);
    let mut text = HEADER.to_owned();
    (0..12_000).for_each(|row| text += &format!("C,{row},a,Q,2,{}\n", 3 + row % 2));
    let answers = read(&text).unwrap();
    let (histogram, sessions) = &answers.courses[0].items[0];
    assert_eq!((histogram.n(), sessions.answered()), (12_000, 12_000), "sessions may be as many as rows");
    let mut text = HEADER.to_owned();
    (0..=MOST_LINES).for_each(|row| text += &format!("{row},1,a,Q,2,3\n"));
    assert!(refusal(&text).ends_with("more than 100000 different names; is “course” the right column?"));
}

#[test]
fn learners_who_left_an_item_out_count_as_unmatched_in_the_total() {
    // a is complete, b only before, c left Q2 out both times, d only after, e answered nothing at all.
    let rows = "C,1,a,Q1,2,4\nC,1,a,Q2,2,3\nC,1,b,Q1,5,\nC,1,b,Q2,5,\nC,1,c,Q1,1,5\nC,1,d,Q1,,3\nC,1,d,Q2,,3\n\
        C,1,e,Q1,,\nC,1,e,Q2,,\n";
    let answers = read(&format!("{HEADER}{rows}")).unwrap();
    let (composite, _) = answers.courses[0].composite.as_ref().unwrap();
    let totals = composite.totals();
    assert_eq!((totals.n(), totals.n_before_only(), totals.n_after_only(), totals.n_neither()), (1, 1, 1, 1));
    let line = ItemLine::of_composite(composite, None, None);
    assert_eq!((line.match_rate, line.mean_before_only), (Ok(0.25), Ok(5.0)));
    assert!(line.has(Flag::Unmatched));
    // An item that only comes later makes those before incomplete.
    let answers = read(&format!("{HEADER}{rows}C,1,f,Q1,2,4\nC,1,f,Q2,2,3\nC,1,f,Q3,2,3\n")).unwrap();
    let (composite, _) = answers.courses[0].composite.as_ref().unwrap();
    assert_eq!((composite.totals().n(), composite.incomplete()), (1, 4));
}

#[test]
fn wide_scales_and_many_rows_of_one_value() {
    let format = AnswersFormat { scale: Scale::new(0, 100).unwrap(), session_column: Some("session".to_owned()) };
    let mut text = HEADER.to_owned();
    (0..50_000).for_each(|learner| text += &format!("C,1,{learner},Q,70,70\n"));
    let answers = read_answers(text.as_bytes(), &format).unwrap();
    let histogram = &answers.courses[0].items[0].0;
    assert_eq!((histogram.n(), histogram.cells().count()), (50_000, 1));
    assert_eq!(ItemLine::of(histogram, None, None).p, Err(Undefined::NoNonzeroDifferences));
}

/// Ten million learners who all answered 70 both times, written as they are read.
struct TenMillion {
    learner: u64,
    waiting: std::collections::VecDeque<u8>,
}

impl std::io::Read for TenMillion {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.waiting.len() < buffer.len() && self.learner < 10_000_000 {
            self.learner += 1;
            self.waiting.extend(format!("C,1,{},Q,70,70\n", self.learner).bytes());
        }
        self.waiting.read(buffer)
    }
}

#[test]
#[ignore = "long: make soak"]
fn soak_ten_million_rows_of_one_value() {
    let format = AnswersFormat { scale: Scale::new(0, 100).unwrap(), session_column: Some("session".to_owned()) };
    let rows = TenMillion { learner: 0, waiting: HEADER.bytes().collect() };
    let answers = read_answers(rows, &format).unwrap();
    let histogram = &answers.courses[0].items[0].0;
    assert_eq!((answers.rows, histogram.n(), histogram.cells().count()), (10_000_000, 10_000_000, 1));
    assert_eq!(ItemLine::of(histogram, None, None).ci95, Err(Undefined::SdGainZero));
}

/// What spreadsheets write: a mark at the start, Windows line ends, quotes, blanks, and a learner on two sessions.
const GOOD: &[u8] = "\u{feff}Course,session,learner,item,before,after\r\n\
    Neglect,1,a,Q1,2,4\r\nNeglect,1,a,\"Q2, in \"\"quotes\"\"\",3,4\r\nNeglect,1,b,Q1,1,\r\n\
    Neglect,2,a,Q1,4.0,5\r\nOther,1,a,Q1,,\r\n"
    .as_bytes();

#[test]
fn the_file_that_is_changed_below_is_good() {
    assert_eq!(read_answers(GOOD, &format()).unwrap().rows, 5);
}

proptest! {
    #[test]
    fn a_changed_file_gives_figures_or_a_sentence(file in mutated(GOOD)) {
        match read_answers(&file[..], &format()) {
            Err(error) => prop_assert!(!error.to_string().is_empty()),
            Ok(answers) => {
                for (histogram, sessions) in answers.courses.iter().flat_map(|course| &course.items) {
                    let line = ItemLine::of(histogram, Some(sessions), None);
                    prop_assert!(line.mean_gain.is_ok_and(f64::is_finite) || histogram.n() == 0);
                    prop_assert_eq!(sessions.total().n, histogram.n());
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_answers(&bytes[..], &format());
        let mut after_header = HEADER.as_bytes().to_vec();
        after_header.extend(&bytes);
        let _ = read_answers(&after_header[..], &format());
    }

    #[test]
    fn no_fields_make_it_panic(rows in prop::collection::vec("[a-b]{0,1},[1-2]?,[x-z]?,[Q-S]?,-?[0-9.]{0,3},[0-9 ]{0,2}", 0..12)) {
        let _ = read(&format!("{HEADER}{}", rows.join("\n")));
    }
}
