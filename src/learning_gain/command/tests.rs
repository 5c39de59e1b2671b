//! The command as people run it: files in, files out.

use std::path::PathBuf;

use clap::Parser;
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
    assert!(table.contains("All items"), "{table}");
    assert!(table.contains("few sessions: Fewer than five sessions"));
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
    assert!(rows[3][column("undefined")].contains("hake_g: mean_before_at_max"));
}

#[test]
fn json_gives_reasons() {
    let json: serde_json::Value = serde_json::from_str(&Desk::new().text(&["--bootstrap"], "out.json")).unwrap();
    assert_eq!(json[0]["items"][2]["item"], "All items");
    assert_eq!(json[0]["items"][0]["figures"]["n"], 3);
    assert!(json[0]["items"][0]["figures"]["bca95_lo"].is_number());
    assert_eq!(json[1]["items"][0]["figures"]["hake_g"], serde_json::Value::Null);
    assert_eq!(json[1]["items"][0]["figures"]["null_reasons"]["hake_g"], "mean_before_at_max");
    assert_eq!(json[1]["null_reasons"]["all_items"], "items_lt_2");
}

#[test]
fn the_workbook_and_the_page() {
    let desk = Desk::new();
    assert!(desk.gain(ANSWERS, &[], "out.xlsx").unwrap().starts_with(b"PK"));
    let page = desk.text(&[], "out.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<svg role=\"img\""));
    assert!(page.contains("&lt;b&gt;Only&lt;/b&gt;") && !page.contains("<b>Only"));
    assert!(
        page.contains("Confidence shows no clear change: +1.33 points") || page.contains("Confidence rose by 1.33")
    );
    assert!(!page.contains("<script") && !page.contains("http"));
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
