//! The board's own lines, what the first-run page asks, and what the office is shown first.

use crate::accounts::rules::{parse_address, parse_text};

/// What every page and mail says about the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// "Exampleshire Safeguarding Children Board"; empty until the first-run page was filled in.
    pub name: String,
    /// What the site calls itself.
    pub service_name: String,
    /// Whom to write to; None until the first-run page was filled in.
    pub contact: Option<String>,
}

impl Default for Board {
    fn default() -> Self {
        Self { name: String::new(), service_name: "Learning Gain".to_owned(), contact: None }
    }
}

impl Board {
    /// Whether somebody has filled in the first-run page.
    pub fn is_set_up(&self) -> bool {
        !self.name.is_empty()
    }
}

/// The keys of the settings table.
pub mod keys {
    /// The board's name.
    pub const BOARD_NAME: &str = "board.name";
    /// What the site calls itself.
    pub const SERVICE_NAME: &str = "board.service_name";
    /// An e-mail address.
    pub const CONTACT: &str = "board.contact";
    /// Counts the changes of the settings page, so that of two editors neither loses anything unseen.
    pub const VERSION: &str = "board.version";
}

/// The longest name of a board or service.
const NAME_LONGEST: usize = 120;

/// Reads the board's own lines as typed. Fails with (field, sentence) for each line that cannot be used.
pub fn parse_board(board_name: &str, service_name: &str, contact: &str) -> Result<Board, Vec<(&'static str, String)>> {
    let name = parse_text("Name of the board", board_name, NAME_LONGEST);
    let service_name = parse_text("Name of the service", service_name, NAME_LONGEST);
    let contact = parse_address(contact);
    match (name, service_name, contact) {
        (Ok(name), Ok(service_name), Ok(contact)) => Ok(Board { name, service_name, contact: Some(contact) }),
        (name, service_name, contact) => {
            let problem = |field, outcome: Result<String, String>| outcome.err().map(|problem| (field, problem));
            let problems =
                [problem("board_name", name), problem("service_name", service_name), problem("contact", contact)];
            Err(problems.into_iter().flatten().collect())
        }
    }
}

/// A whole number within bounds. `what` starts the sentence.
pub fn parse_count(what: &str, text: &str, lowest: u32, highest: u32) -> Result<u32, String> {
    match text.trim().parse() {
        Ok(number) if (lowest..=highest).contains(&number) => Ok(number),
        _ => Err(format!("{what} must be a whole number from {lowest} to {highest}")),
    }
}

/// The most that an unused place may cost, in pence: a slip of the keyboard is more.
const AMOUNT_HIGHEST: i64 = 100_000;

/// An amount such as "50", "£50" or "12.50", in pence. `what` starts the sentence.
pub fn parse_pounds(what: &str, text: &str) -> Result<i64, String> {
    let problem = || format!("{what} must be pounds and pence, like 50 or 12.50, up to 1000");
    let text = text.trim().trim_start_matches('£').trim();
    let (pounds, pence) = text.split_once('.').unwrap_or((text, "00"));
    let is_number = |digits: &str, longest: usize| {
        (1..=longest).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(pounds, 4) || !is_number(pence, 2) || pence.len() != 2 {
        return Err(problem());
    }
    let whole: i64 = pounds.parse().map_err(|_| problem())?;
    let rest: i64 = pence.parse().map_err(|_| problem())?;
    let amount = whole * 100 + rest;
    if amount > AMOUNT_HIGHEST { Err(problem()) } else { Ok(amount) }
}

/// Letters of the first-run code as typed on a telephone: spaces and hyphens do not count, nor does the case.
pub fn tidy_code(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).take(64).collect()
}

/// Something in the office that needs a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// How many.
    pub count: u64,
    /// What they are, after the number: "memberships to confirm".
    pub what: &'static str,
    /// Where they are.
    pub href: &'static str,
}

impl Attention {
    /// A row; `words` are what one is and what several are.
    pub fn new(count: u64, words: (&'static str, &'static str), href: &'static str) -> Self {
        Self { count, what: if count == 1 { words.0 } else { words.1 }, href }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(parse_pounds("Charge", "£50"), Ok(5_000));
        assert_eq!(parse_pounds("Charge", "12.50"), Ok(1_250));
        assert_eq!(parse_pounds("Charge", "0"), Ok(0));
        for wrong in ["", "-5", "5.5", "1e3", "1001", "12,50", "99999999999999999999"] {
            assert!(parse_pounds("Charge", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_line_that_cannot_be_used_is_named() {
        let problems = parse_board("", "Training", "nobody").unwrap_err();
        assert_eq!(problems.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["board_name", "contact"]);
    }

    #[test]
    fn a_code_read_out_on_the_telephone_still_fits() {
        assert_eq!(tidy_code(" ab12-cd34 "), "AB12CD34");
    }
}
