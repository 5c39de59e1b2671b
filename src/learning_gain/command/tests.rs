//! The command as people run it: files in, files out.

use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use clap::Parser;
use indicatif::TermLike;
use tempfile::TempDir;

use super::*;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    gain: GainArgs,
}

const ANSWERS: &str = "course,session,learner,item,before,after\n\
    Neglect,s1,a,Recognise,2,4\nNeglect,s1,a,Refer,3,4\nNeglect,s1,b,Recognise,1,3\nNeglect,s1,b,Refer,2,2\n\
    Neglect,s2,c,Recognise,3,3\nNeglect,s2,c,Refer,4,5\nNeglect,s2,d,Recognise,3,\nNeglect,s2,d,Refer,4,\n\
    =1+1,s1,a,<b>Only</b>,5,5\n=1+1,s1,b,<b>Only</b>,5,4\n";

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `gain` on the text with these arguments and reads what it wrote.
    fn gain(&self, answers: &str, arguments: &[&str], output: &str) -> Result<Vec<u8>, String> {
        std::fs::write(self.path("answers.csv"), answers).unwrap();
        let (answers, output) = (self.path("answers.csv"), self.path(output));
        let mut line = vec!["gain", answers.to_str().unwrap(), "-o", output.to_str().unwrap()];
        line.extend(arguments);
        let cli = Cli::try_parse_from(line).map_err(|error| error.to_string())?;
        run(cli.gain).map_err(|error| error.to_string())?;
        Ok(std::fs::read(output).unwrap())
    }

    fn text(&self, arguments: &[&str], output: &str) -> String {
        String::from_utf8(self.gain(ANSWERS, arguments, output).unwrap()).unwrap()
    }
}

#[test]
fn the_table() {
    let table = Desk::new().text(&[], "out.txt");
    assert!(table.starts_with("Neglect\nItem"), "{table}");
    let line = table.lines().find(|line| line.starts_with("Recognise")).unwrap();
    for cell in [" 3 ", "75%", "2.00", "3.33", "+1.33", "2/1/0", "few sessions"] {
        assert!(line.contains(cell), "{cell} in {line}");
    }
    let all = table.lines().find(|line| line.starts_with("All items")).unwrap();
    for cell in [" 3 ", "75%", "2.50", "3.50", "+1.00", "unmatched"] {
        assert!(all.contains(cell), "whoever answered only before is not forgotten: {cell} in {all}");
    }
    assert!(table.contains("few sessions: Fewer than five sessions"));
    assert!(
        table.contains("Sessions (All items):\n  s1: 2 matched, gain +1.25 (95% interval −1.93 to +4.43)\n"),
        "{table}"
    );
    assert!(table.contains("  s2: 1 matched, gain +0.50 (no interval: at least two learners are needed)\n"), "{table}");
    assert!(table.contains("on the 1 to 5 scale"));
    assert!(table.contains("Cronbach's alpha"));
    assert!(!table.contains("NaN") && !table.contains("inf"));
}

#[test]
fn csv_holds_every_figure_and_no_formula() {
    let bytes = Desk::new().gain(ANSWERS, &[], "out.csv").unwrap();
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 4);
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    assert_eq!(&rows[0][column("mean_gain")], "1.3333333333333333");
    assert_eq!(&rows[0][column("mcnemar_became_confident")], "1");
    assert_eq!(&rows[3][0], "'=1+1");
    let all = &rows[2];
    for (name, value) in [
        ("item", "All items"),
        ("scale_min", "1"),
        ("scale_max", "5"),
        ("flags", "few_sessions; unmatched"),
        ("mean_before", "2.5"),
        ("unmatched_match_rate", "0.75"),
        ("mcnemar_threshold", "4"),
        ("course_q", "0.5"),
    ] {
        assert_eq!(&all[column(name)], value, "{name}");
    }
    assert_eq!(all[column("course_cronbach_alpha_before")].parse(), Ok(1.0));
    assert_eq!(all[column("course_q")], rows[0][column("course_q")]);
    assert!(rows[3][column("undefined")].contains("hake_g: mean_before_at_max"));
}

#[test]
fn json_gives_reasons() {
    let json: serde_json::Value = serde_json::from_str(&Desk::new().text(&["--bootstrap"], "out.json")).unwrap();
    assert_eq!(json[0]["items"][2]["item"], "All items");
    assert_eq!(json[0]["items"][0]["figures"]["n"], 3);
    // Points of all items together are those of one, on the scale beside them.
    let all = &json[0]["items"][2];
    assert_eq!(all["scale"], serde_json::json!({"min": 1, "max": 5}));
    assert_eq!((&all["figures"]["mean_before"], &all["figures"]["mean_gain"]), (&2.5.into(), &1.0.into()));
    assert_eq!(all["figures"]["unmatched"]["match_rate"], 0.75);
    assert_eq!(all["figures"]["unmatched"]["mean_pre_only"], 3.5);
    let error = all["figures"]["session_se"].as_f64().unwrap();
    let (low, high) =
        (all["figures"]["session_ci95_lo"].as_f64().unwrap(), all["figures"]["session_ci95_hi"].as_f64().unwrap());
    assert!((low + high - 2.0).abs() < 1e-9 && ((high - low) / error - 2.0 * 12.706_204_736_432_1).abs() < 1e-9);
    // Few sessions are shown, with intervals where there are two learners.
    let sessions = all["sessions"].as_array().unwrap();
    assert_eq!(
        (&sessions[0]["session"], &sessions[0]["n"], &sessions[0]["mean_gain"]),
        (&"s1".into(), &2.into(), &1.25.into())
    );
    assert!((sessions[0]["ci95_hi"].as_f64().unwrap() - 4.426_551_184_108_03).abs() < 1e-9, "{}", sessions[0]);
    assert_eq!(
        (&sessions[1]["ci95_hi"], &sessions[1]["null_reasons"]["ci95_hi"]),
        (&serde_json::Value::Null, &"n_lt_2".into())
    );
    assert_eq!(json[0]["items"][0]["figures"]["bca95_lo"], serde_json::Value::Null);
    assert_eq!(json[0]["items"][0]["figures"]["null_reasons"]["bca95_lo"], "n_lt_8");
    assert_eq!(json[1]["items"][0]["figures"]["hake_g"], serde_json::Value::Null);
    assert_eq!(json[1]["items"][0]["figures"]["null_reasons"]["hake_g"], "mean_before_at_max");
    assert_eq!(json[1]["null_reasons"]["all_items"], "items_lt_2");
}

/// Eight learners in five sessions.
fn eight_learners() -> String {
    let header = ANSWERS.lines().next().unwrap();
    (0..8).fold(header.to_owned(), |text, learner| {
        text + &format!("\nC,s{},{learner},Q,{},4", learner % 5, 1 + learner % 3)
    })
}

#[test]
fn one_course_has_nothing_to_correct_and_five_sessions_are_not_listed() {
    let desk = Desk::new();
    let json = desk.gain(&eight_learners(), &["--bootstrap"], "out.json").unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&json[0]["q"], &json[0]["null_reasons"]["q"]), (&serde_json::Value::Null, &"courses_lt_2".into()));
    let line = &json[0]["items"][0];
    assert!(line["figures"]["bca95_lo"].as_f64().unwrap() < line["figures"]["mean_gain"].as_f64().unwrap());
    assert!(line.get("sessions").is_none() && line["figures"]["sessions"] == 5);
    let table = String::from_utf8(desk.gain(&eight_learners(), &[], "out.txt").unwrap()).unwrap();
    assert!(!table.contains("Benjamini") && !table.contains("Sessions ("), "{table}");
}

/// A part of a workbook.
fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    archive.by_name(&format!("xl/{name}.xml")).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What stands in a cell: a number, or a text by its number in the list of texts.
fn cell(workbook: &[u8], sheet: usize, place: &str) -> Result<f64, String> {
    let cells = part(workbook, &format!("worksheets/sheet{sheet}"));
    let (_, cell) = cells.split_once(&format!("<c r=\"{place}\"")).ok_or_else(|| format!("{place} is empty"))?;
    let (attributes, rest) = cell.split_once('>').unwrap();
    let value = rest.split_once("<v>").unwrap().1.split_once("</v>").unwrap().0;
    if !attributes.contains("t=\"s\"") {
        return Ok(value.parse().unwrap());
    }
    let texts = part(workbook, "sharedStrings");
    let text = texts.split("<si>").nth(1 + value.parse::<usize>().unwrap()).unwrap();
    Err(text.split_once('>').unwrap().1.split_once("</t>").unwrap().0.to_owned())
}

#[test]
fn the_workbook_holds_numbers() {
    let workbook = Desk::new().gain(ANSWERS, &[], "out.xlsx").unwrap();
    let text = |sheet, place: &str| cell(&workbook, sheet, place).unwrap_err();
    let number = |sheet, place: &str| cell(&workbook, sheet, place).unwrap();
    assert_eq!(
        (text(1, "A2").as_str(), text(1, "B4").as_str(), text(1, "I1").as_str()),
        ("Neglect", "All items", "Gain")
    );
    // All items: the scale, matched, match rate, before, after, gain.
    let line = ["C4", "D4", "E4", "F4", "G4", "H4", "I4"].map(|place| number(1, place));
    assert_eq!(line, [1.0, 5.0, 3.0, 0.75, 2.5, 3.5, 1.0]);
    assert_eq!((text(1, "L4").as_str(), number(1, "U4")), ("sessions", 0.5));
    assert!(text(1, "U2").contains("empty"), "q is about the course, not about an item");
    // The sessions of each line, then all figures.
    let first = ["A2", "B2", "C2"].map(|place| text(2, place));
    assert_eq!(
        (first, number(2, "D2"), number(2, "E2")),
        (["Neglect", "Recognise", "s1"].map(str::to_owned), 2.0, 2.0)
    );
    assert_eq!((text(3, "A1").as_str(), number(3, "F4")), ("course", 3.0));
}

#[test]
fn the_page() {
    let desk = Desk::new();
    let page = desk.text(&[], "out.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<svg role=\"img\""));
    assert!(page.contains("&lt;b&gt;Only&lt;/b&gt;") && !page.contains("<b>Only"));
    assert!(
        page.contains("Confidence shows no clear change: +1.33 points") || page.contains("Confidence rose by 1.33")
    );
    assert!(!page.contains("<script") && !page.contains("http"));
    assert!(
        page.contains("75% of those who answered did so for every item, both times; only they are counted."),
        "{page}"
    );
    assert!(page.contains("<caption>All items: its sessions</caption>"));
    assert!(page.contains("<th scope=\"row\">s2</th><td>1</td><td>+0.50</td><td>no interval: at least two"));
}

#[test]
fn cases_are_answered_as_json() {
    let desk = Desk::new();
    let (cases, output) = (desk.path("cases.json"), desk.path("out.json"));
    std::fs::write(&cases, include_str!("../fixtures/cases_public.json")).unwrap();
    let line = ["gain", "--cases", cases.to_str().unwrap(), "-o", output.to_str().unwrap()];
    run(Cli::try_parse_from(line).unwrap().gain).unwrap();
    let answers: serde_json::Value = serde_json::from_slice(&std::fs::read(output).unwrap()).unwrap();
    assert_eq!(answers.as_object().unwrap().len(), 40);
    assert_eq!(answers["P17"]["wilcoxon_p_exact_conditional"], 0.027_343_75);
}

#[test]
fn bad_input_says_where_and_writes_nothing() {
    let desk = Desk::new();
    let refusal = |answers: &str, arguments: &[&str]| desk.gain(answers, arguments, "out.csv").unwrap_err();
    let outside = refusal(&ANSWERS.replace("3,4", "3,7"), &[]);
    assert!(outside.ends_with("answers.csv: row 3, column after: 7 is outside the scale 1 to 5"), "{outside}");
    assert!(refusal(&ANSWERS.replace("3,4", "3,4.5"), &[]).contains("row 3, column after: “4.5” is not a whole"));
    assert!(refusal(&ANSWERS.replace("c,", "a,").replace("s2", "s1"), &[]).contains("row 6, column learner"));
    assert!(refusal(&ANSWERS.replace("before", "vorher"), &[]).contains("the column “before” is missing"));
    assert!(refusal("", &[]).contains("the file has no answers"));
    assert!(refusal(ANSWERS, &["--scale", "5-1"]).contains("from a lower to a higher number"));
    assert!(refusal(ANSWERS, &["--scale", "five"]).contains("is not a scale such as 1-5"));
    assert!(refusal(ANSWERS, &["--confident", "1"]).contains("--confident 1"));
    assert!(!desk.path("out.csv").exists());
}

#[test]
fn a_form_that_cannot_be_had_is_refused() {
    let desk = Desk::new();
    let refused = desk.gain(ANSWERS, &[], "out.pdf").unwrap_err();
    assert!(refused.contains("out.pdf: this ending names no form of output: use .txt, .csv,"), "{refused}");
    assert!(desk.gain(ANSWERS, &["--format", "csv"], "out.pdf").unwrap().starts_with(b"course,item"));
    let cases = desk.path("cases.json");
    std::fs::write(&cases, r#"{"cases": []}"#).unwrap();
    let answer = |more: &[&str]| {
        let line = ["gain", "--cases", cases.to_str().unwrap()].iter().chain(more).copied().collect::<Vec<_>>();
        run(Cli::try_parse_from(line).unwrap().gain).map_err(|error| error.to_string())
    };
    let csv = desk.path("cases.csv");
    for wrong in [&["--format", "csv"][..], &["-o", csv.to_str().unwrap()]] {
        assert!(answer(wrong).unwrap_err().starts_with("cases are answered as JSON only"));
    }
    assert!(!csv.exists());
    let json = desk.path("answers.json");
    assert_eq!(answer(&["--format", "json", "-o", json.to_str().unwrap()]), Ok(Finish::Whole));
}

/// Fails as a pipe whose reader has left, or as a full disk.
struct Failing(ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_who_leaves_ends_it_quietly() {
    let format = AnswersFormat { scale: Scale::ONE_TO_FIVE, session_column: Some("session".to_owned()) };
    let report = GainReport::of(&read_answers(ANSWERS.as_bytes(), &format).unwrap(), true, None, false);
    let gone = || Failing(ErrorKind::BrokenPipe);
    let finishes = [
        write_to_reader(gone(), |out| records::write_csv(&report, out)),
        write_to_reader(gone(), |out| records::write_json(&report, out)),
        write_to_reader(gone(), |out| out.write_all(table::render(&report).as_bytes())),
    ];
    assert!(finishes.into_iter().all(|finish| matches!(finish, Ok(Finish::ReaderLeft))));
    assert!(write_to_reader(Failing(ErrorKind::StorageFull), |out| records::write_csv(&report, out)).is_err());
    assert_eq!(format!("{:?}", ExitCode::from(Finish::ReaderLeft)), format!("{:?}", ExitCode::from(141)));
}

/// A terminal that keeps what is drawn.
#[derive(Debug, Clone, Default)]
struct Screen(Arc<Mutex<String>>);

impl TermLike for Screen {
    fn width(&self) -> u16 {
        80
    }
    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_progress_of_reading_is_drawn_on_a_terminal() {
    let screen = Screen::default();
    let bar = progress(ANSWERS.len() as u64, ProgressDrawTarget::term_like(Box::new(screen.clone())));
    let mut half = bar.wrap_read(ANSWERS.as_bytes()).take(ANSWERS.len() as u64 / 2);
    half.read_to_end(&mut Vec::new()).unwrap();
    bar.tick();
    let drawn = screen.0.lock().unwrap().clone();
    assert!(drawn.contains("Reading answers") && (drawn.contains("50%") || drawn.contains("49%")), "{drawn}");
    assert!(progress(1, ProgressDrawTarget::hidden()).is_hidden());
}

#[test]
fn options_change_what_they_say() {
    let desk = Desk::new();
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_slice(&desk.gain(ANSWERS, arguments, "out.json").unwrap()).unwrap()
    };
    let strict = json(&["--confident", "5", "--scale", "0-10"]);
    assert_eq!(strict[0]["items"][0]["figures"]["mcnemar"]["threshold"], 5);
    assert_eq!(strict[0]["items"][0]["scale"]["max"], 10);
    let alone = ANSWERS.replace(",session,", ",ignored,");
    assert!(desk.gain(&alone, &[], "out.json").unwrap_err().contains("the column “session” is missing"));
    let without = serde_json::from_slice::<serde_json::Value>(
        &desk.gain(&alone.replace("=1+1,s1", "Other,s1"), &["--session", "none"], "out.json").unwrap(),
    );
    assert_eq!(without.unwrap()[0]["items"][0]["figures"]["null_reasons"]["session_se"], "sessions_lt_2");
}

#[test]
fn scales_are_read() {
    assert_eq!(parse_scale("-3-3").unwrap(), Scale::new(-3, 3).unwrap());
    assert_eq!(parse_scale("0-100").unwrap().max(), 100);
    assert!(parse_scale("-").is_err() && parse_scale("").is_err() && parse_scale("1–5").is_err());
}
