//! Reading a list of staff that somebody pasted or uploaded: one person per line, name and address in either order,
//! or with a heading that says which column is which.

use super::{Colleague, parse_colleague};
use std::collections::BTreeMap;

/// The longest list; a session has fewer places.
pub const LIST_ROWS_MOST: usize = 200;
/// The largest file: 200 lines with room to spare.
pub const LIST_BYTES_MOST: usize = 100 * 1024;

/// One line of the list, understood or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// The line's number in what was sent, from 1.
    pub line: usize,
    /// The line as it was written, for the page.
    pub written: String,
    /// Who is meant, or which column is wrong and why.
    pub colleague: Result<Colleague, CellProblem>,
}

/// What is wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The column's name as people read it.
    pub column: &'static str,
    /// What to do.
    pub sentence: String,
}

const NAME: &str = "Name";
const ADDRESS: &str = "Email address";

/// What stands in a file, whatever program wrote it: UTF-8, UTF-16 with its mark, or the old Windows letters of a
/// spreadsheet's CSV. Fails with the sentence that the person reads.
pub fn decode_list(bytes: &[u8]) -> Result<String, String> {
    if bytes.len() > LIST_BYTES_MOST {
        return Err(format!("The file must be {} KB or smaller", LIST_BYTES_MOST / 1024));
    }
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err("This is a spreadsheet. Save it as CSV, or copy its cells and paste them".into());
    }
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| "The file’s letters cannot be read. Save it as CSV UTF-8".to_owned())
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| windows_letter(*byte)).collect(),
        },
    };
    if text.contains('\0') {
        return Err("This is not a list of text. Save it as CSV, or copy its cells and paste them".into());
    }
    Ok(text)
}

/// The letter of a byte in Windows-1252.
fn windows_letter(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’', '“', '”', '•',
        '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Reads a list; lines that are empty are left out. Fails with the sentence that the person reads where there is
/// nothing in it, or too much.
pub fn parse_staff_list(text: &str) -> Result<Vec<ListRow>, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.len() > LIST_BYTES_MOST {
        return Err(format!("The list must be {} KB or smaller", LIST_BYTES_MOST / 1024));
    }
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let heading = lines.first().and_then(|(_, line)| heading_of(&cells(line)));
    let people = if heading.is_some() { &lines[1..] } else { &lines[..] };
    if people.is_empty() {
        return Err("Enter at least one person: a name and an email address on each line".into());
    }
    if people.len() > LIST_ROWS_MOST {
        return Err(format!("The list has {} people; {LIST_ROWS_MOST} is the most at a time", people.len()));
    }
    let mut first_line: BTreeMap<String, usize> = BTreeMap::new();
    let rows = people.iter().map(|(line, written)| {
        let mut colleague = read_line(&cells(written), heading);
        if let Ok(person) = &colleague
            && let Some(other) = first_line.get(&person.address)
        {
            let sentence = format!("The same address stands in line {other}");
            colleague = Err(CellProblem { column: ADDRESS, sentence });
        }
        if let Ok(person) = &colleague {
            first_line.insert(person.address.clone(), *line);
        }
        ListRow { line: *line, written: (*written).to_owned(), colleague }
    });
    Ok(rows.collect())
}

/// In which columns name and address stand.
fn heading_of(cells: &[String]) -> Option<(usize, usize)> {
    let find = |words: &[&str]| {
        cells.iter().position(|cell| {
            let cell = cell.to_lowercase();
            words.iter().any(|word| cell == *word)
        })
    };
    let name = find(&["name", "full name", "staff", "learner"])?;
    let address = find(&["email", "e-mail", "email address", "e-mail address", "mail", "address"])?;
    Some((name, address))
}

fn read_line(cells: &[String], heading: Option<(usize, usize)>) -> Result<Colleague, CellProblem> {
    let cell = |index: usize| cells.get(index).map(String::as_str).unwrap_or_default();
    let (name, address) = match heading {
        Some((name, address)) => (cell(name), cell(address)),
        None => {
            let at = cells.iter().position(|cell| cell.contains('@'));
            let name = cells.iter().enumerate().find(|(index, cell)| Some(*index) != at && !cell.is_empty());
            (name.map(|(_, cell)| cell.as_str()).unwrap_or_default(), at.map(cell).unwrap_or_default())
        }
    };
    // "Amira Khan <amira@school.example>", as mail programs copy it.
    let (name, address) = match address.strip_suffix('>').and_then(|rest| rest.split_once('<')) {
        Some((before, inside)) if name.is_empty() => (before.trim().trim_matches('"').trim(), inside.trim()),
        Some((_, inside)) => (name, inside.trim()),
        None => (name, address),
    };
    parse_colleague(name, address).map_err(|wrong| {
        let (field, sentence) = wrong.into_iter().next().unwrap_or(("name", "Enter a name".to_owned()));
        let column = if field == "email" { ADDRESS } else { NAME };
        CellProblem { column, sentence: sentence.replace("your colleague’s", "their") }
    })
}

/// The cells of a line: separated by tabs, else by semicolons, else by commas, each perhaps in quotation marks.
fn cells(line: &str) -> Vec<String> {
    let separator = [b'\t', b';', b','].map(char::from).into_iter().find(|mark| line.contains(*mark)).unwrap_or(',');
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() && line.matches('"').count().is_multiple_of(2) && !line.contains('<') => {
                quoted = true
            }
            letter if letter == separator && !quoted => cells.push(String::new()),
            letter => cell.push(letter),
        }
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn people(text: &str) -> Vec<(String, String)> {
        let rows = parse_staff_list(text).unwrap();
        rows.into_iter().map(|row| row.colleague.unwrap()).map(|person| (person.name, person.address)).collect()
    }

    fn amira() -> Vec<(String, String)> {
        vec![("Amira Khan".to_owned(), "amira@school.example".to_owned())]
    }

    #[test]
    fn every_way_in_which_people_write_a_list_is_read() {
        for text in [
            "Amira Khan, amira@school.example",
            "amira@school.example;Amira Khan",
            "Amira Khan\tAmira@School.example",
            "Amira Khan <amira@school.example>",
            "\"Amira Khan\" <amira@school.example>",
            "\"Amira Khan\",\"amira@school.example\"\r\n\r\n",
            "Job,Name,Email\nTeacher,Amira Khan,amira@school.example",
            "\u{feff}E-mail address;Full name;Since\namira@school.example;Amira Khan;2019",
        ] {
            assert_eq!(people(text), amira(), "{text}");
        }
        assert_eq!(people("\"Khan, Amira\",amira@school.example")[0].0, "Khan, Amira");
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_column() {
        let rows =
            parse_staff_list("Name,Email\nAmira Khan,amira\n\n,ben@school.example\nAmira,a@b.uk\nBen,A@b.uk").unwrap();
        let wrong: Vec<_> = rows
            .iter()
            .filter_map(|row| row.colleague.as_ref().err().map(|problem| (row.line, problem.column)))
            .collect();
        assert_eq!(wrong, [(2, ADDRESS), (4, NAME), (6, ADDRESS)]);
        assert_eq!(rows[3].colleague.as_ref().unwrap_err().sentence, "The same address stands in line 5");
    }

    #[test]
    fn a_list_has_an_end_and_a_beginning() {
        assert!(parse_staff_list(" \n\r\n").unwrap_err().contains("at least one person"));
        assert!(parse_staff_list("Name,Email").is_err());
        let long: String = (0..=LIST_ROWS_MOST).map(|row| format!("A,a{row}@b.uk\n")).collect();
        assert!(parse_staff_list(&long).unwrap_err().contains("201 people"));
        assert!(parse_staff_list(&"x".repeat(LIST_BYTES_MOST + 1)).unwrap_err().contains("100 KB"));
    }

    #[test]
    fn files_of_every_program_are_read_and_spreadsheets_are_named() {
        let text = "Zoë Müller,zoe@school.example";
        let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let windows: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        let marked: Vec<u8> = [0xef, 0xbb, 0xbf].into_iter().chain(text.bytes()).collect();
        for bytes in [text.as_bytes(), &little, &big, &windows, &marked] {
            assert_eq!(decode_list(bytes).unwrap(), text);
        }
        assert!(decode_list(b"PK\x03\x04").unwrap_err().contains("spreadsheet"));
        assert!(decode_list(b"a\0b").is_err());
        assert!(decode_list(&vec![b'x'; LIST_BYTES_MOST + 1]).unwrap_err().contains("100 KB"));
    }

    proptest! {
        #[test]
        fn no_list_breaks_the_reader_and_no_line_is_lost(text in "[ -~\n\t\"éß]{0,300}") {
            if let Ok(rows) = parse_staff_list(&text) {
                let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
                prop_assert!(rows.len() == lines || rows.len() + 1 == lines);
            }
        }

        #[test]
        fn no_file_breaks_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _read_or_refused = decode_list(&bytes);
        }
    }

    #[test]
    fn the_longest_list_and_the_largest_file_are_still_read() {
        let longest: String = (0..LIST_ROWS_MOST).map(|row| format!("A,a{row}@b.uk\n")).collect();
        assert_eq!(parse_staff_list(&longest).unwrap().len(), LIST_ROWS_MOST);
        let largest = "x".repeat(LIST_BYTES_MOST);
        assert_eq!(decode_list(largest.as_bytes()).unwrap().len(), LIST_BYTES_MOST);
        assert_eq!(parse_staff_list(&largest).unwrap().len(), 1);
    }

    #[test]
    fn the_letters_of_old_windows_and_the_beginning_of_old_spreadsheets_are_known() {
        assert_eq!(decode_list(&[0x80, 0x9f, 0xa0, 0xe9]).unwrap(), "€Ÿ\u{a0}é");
        assert!(decode_list(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]).unwrap_err().contains("spreadsheet"));
        assert!(decode_list(&[0xff, 0xfe, 0x00, 0xd8]).unwrap_err().contains("cannot be read"));
    }

    #[test]
    fn names_are_found_beside_empty_cells_in_quotation_marks_and_beside_a_named_address() {
        assert_eq!(people(",amira@school.example,Amira Khan"), amira());
        assert_eq!(people("Amira Khan,\"A. Khan\" <amira@school.example>"), amira());
        assert_eq!(people("\"Amira \"\"Ami\"\" Khan\",a@b.uk")[0].0, "Amira \"Ami\" Khan");
        assert_eq!(people("Amira \"Ami\" Khan,a@b.uk")[0].0, "Amira \"Ami\" Khan");
        assert_eq!(people("\"Amira,a@b.uk")[0].0, "\"Amira");
    }
}
