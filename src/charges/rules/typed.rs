//! What the office types on the policy pages. Everything comes as text; every refusal names its field.

use super::{NoticeUnit, PolicyTerms};
use crate::calendar::rules::parse_day;
use chrono::NaiveDate;

/// The largest charge that can be typed: £10,000.
const LARGEST_PENCE: i64 = 1_000_000;
/// The longest reason for a suspension.
const LONGEST_REASON: usize = 200;

/// What is wrong, by field.
pub type TypedErrors = Vec<(&'static str, String)>;

/// An amount as people write it: "50", "£50", "50.00", "1,250.50". Fails with the sentence; `what` starts it.
pub fn read_pounds(what: &str, text: &str) -> Result<i64, String> {
    let compact: String = text.trim().chars().filter(|letter| !letter.is_whitespace() && *letter != ',').collect();
    let compact = compact.strip_prefix('£').unwrap_or(&compact);
    if compact.is_empty() {
        return Err(format!("{what}: enter an amount, such as £50"));
    }
    if compact.starts_with('-') || compact.starts_with('−') {
        return Err(format!("{what} must be £0 or more"));
    }
    let problem = || format!("{what} must be an amount in pounds, such as £50 or £12.50");
    let (pounds, pence) = compact.split_once('.').unwrap_or((compact, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if pounds.is_empty() || pence.len() > 2 || !is_number(pounds) || !is_number(pence) {
        return Err(problem());
    }
    let too_large = || format!("{what} must be £10,000 or less");
    let pounds: i64 = pounds.parse().map_err(|_| too_large())?;
    let pence: i64 = format!("{pence:0<2}").parse().map_err(|_| problem())?;
    match pounds.checked_mul(100).map(|total| total + pence) {
        Some(total) if total <= LARGEST_PENCE => Ok(total),
        _ => Err(too_large()),
    }
}

fn read_count(what: &str, text: &str, least: u32, most: u32) -> Result<u32, String> {
    match text.trim().parse::<u32>() {
        Ok(count) if (least..=most).contains(&count) => Ok(count),
        _ => Err(format!("{what} must be a whole number between {least} and {most}")),
    }
}

/// Reads a new version of the policy. It can begin today or later: charges of the past keep the version that was
/// accepted.
pub fn read_policy<'a>(
    value: impl Fn(&str) -> &'a str,
    today: NaiveDate,
) -> Result<(PolicyTerms, NaiveDate), TypedErrors> {
    let mut errors = TypedErrors::new();
    let mut keep = |field: &'static str, found: Result<u32, String>| {
        found.unwrap_or_else(|sentence| {
            errors.push((field, sentence));
            0
        })
    };
    let notice_days = keep("notice_days", read_count("Days of notice", value("notice_days"), 0, 60));
    let late = keep("late_after_minutes", read_count("Minutes", value("late_after_minutes"), 1, 240));
    let representation =
        keep("representation_days", read_count("Days to explain", value("representation_days"), 1, 60));
    let notify = keep("notify_within_days", read_count("Days to notify", value("notify_within_days"), 1, 120));
    let repeat_count = keep("repeat_count", read_count("Number of charges", value("repeat_count"), 1, 20));
    let repeat_months = keep("repeat_months", read_count("Months", value("repeat_months"), 1, 60));
    let mut keep_pounds = |field: &'static str, what: &str| {
        read_pounds(what, value(field)).unwrap_or_else(|sentence| {
            errors.push((field, sentence));
            0
        })
    };
    let amount_pence = keep_pounds("amount", "The charge");
    let second = keep_pounds("second_approver_above", "The sum for a second approver");
    let notice_unit = match value("notice_unit") {
        "working_days" => NoticeUnit::WorkingDays,
        "calendar_days" => NoticeUnit::CalendarDays,
        _ => {
            errors.push(("notice_unit", "Choose working days or calendar days".into()));
            NoticeUnit::WorkingDays
        }
    };
    let from = read_from(&value, today).unwrap_or_else(|sentence| {
        errors.push(("effective_from", sentence));
        today
    });
    if !errors.is_empty() {
        return Err(errors);
    }
    let terms = PolicyTerms {
        notice_days,
        notice_unit,
        amount_pence,
        late_after_minutes: late,
        representation_days: representation,
        notify_within_days: notify,
        second_approver_above_pence: second,
        repeat_count,
        repeat_months,
    };
    Ok((terms, from))
}

fn read_from<'a>(value: &impl Fn(&str) -> &'a str, today: NaiveDate) -> Result<NaiveDate, String> {
    let day = read_day("the first day of this version", "effective_from", value)?;
    if day < today {
        return Err("The first day of this version must be today or later".into());
    }
    Ok(day)
}

fn read_day<'a>(what: &str, field: &str, value: &impl Fn(&str) -> &'a str) -> Result<NaiveDate, String> {
    let part = |name: &str| value(&format!("{field}-{name}"));
    parse_day(what, part("day"), part("month"), part("year"))
}

/// Dates on which nobody is charged, both included, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Why, for the office.
    pub reason: String,
}

/// Reads a suspension.
pub fn read_suspension<'a>(value: impl Fn(&str) -> &'a str) -> Result<Suspension, TypedErrors> {
    let mut errors = TypedErrors::new();
    let from = read_day("the first day", "from", &value).map_err(|sentence| errors.push(("from", sentence)));
    let to = read_day("the last day", "to", &value).map_err(|sentence| errors.push(("to", sentence)));
    let reason = value("reason").trim().to_owned();
    if reason.is_empty() {
        errors.push(("reason", "Write why nobody is charged".into()));
    }
    if reason.chars().count() > LONGEST_REASON {
        errors.push(("reason", "The reason must be 200 characters or less".into()));
    }
    match (from, to) {
        (Ok(from), Ok(to)) if to < from => {
            errors.push(("to", "The last day must be the first day or later".into()));
            Err(errors)
        }
        (Ok(from), Ok(to)) if errors.is_empty() => Ok(Suspension { from, to, reason }),
        _ => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("50", 50_00)]
    #[case("£50", 50_00)]
    #[case(" £ 50.00 ", 50_00)]
    #[case("12.5", 12_50)]
    #[case("1,250.05", 125_005)]
    #[case("0", 0)]
    fn amounts_are_read_as_people_write_them(#[case] text: &str, #[case] pence: i64) {
        assert_eq!(read_pounds("The charge", text), Ok(pence));
    }

    #[rstest]
    #[case("", "enter an amount")]
    #[case("-5", "£0 or more")]
    #[case("−5", "£0 or more")]
    #[case("fifty", "in pounds")]
    #[case("1.234", "in pounds")]
    #[case(".50", "in pounds")]
    #[case("10000.01", "£10,000 or less")]
    #[case("99999999999999999999", "£10,000 or less")]
    fn what_is_not_an_amount_is_refused_with_a_sentence(#[case] text: &str, #[case] part: &str) {
        let sentence = read_pounds("The charge", text).unwrap_err();
        assert!(sentence.starts_with("The charge") && sentence.contains(part), "{sentence}");
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let today = NaiveDate::from_ymd_opt(2025, 3, 3).unwrap();
        let errors = read_policy(|_| "", today).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|(field, _)| *field).collect();
        assert!(fields.contains(&"amount") && fields.contains(&"effective_from") && fields.contains(&"notice_unit"));
        let past = |field: &str| match field {
            "effective_from-day" => "1",
            "effective_from-month" => "3",
            "effective_from-year" => "2025",
            "notice_unit" => "working_days",
            "amount" | "second_approver_above" => "50",
            _ => "6",
        };
        let sentences: Vec<_> = read_policy(past, today).unwrap_err().into_iter().map(|(_, text)| text).collect();
        assert_eq!(sentences, ["The first day of this version must be today or later"]);
    }
}
