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

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 3, 3).unwrap()
    }

    /// The policy form of 3 March 2025 with what the board has now; `changes` are typed instead.
    fn policy<'a>(changes: &'a [(&str, &'a str)]) -> Result<(PolicyTerms, NaiveDate), TypedErrors> {
        let filled = |field: &str| match field {
            "notice_days" => "6",
            "notice_unit" => "working_days",
            "amount" => "£50",
            "late_after_minutes" | "notify_within_days" => "20",
            "representation_days" => "10",
            "second_approver_above" => "200",
            "repeat_count" => "2",
            "repeat_months" => "12",
            "effective_from-day" | "effective_from-month" => "3",
            "effective_from-year" => "2025",
            _ => "",
        };
        let typed = |field: &str| changes.iter().find(|(name, _)| *name == field).map(|(_, typed)| *typed);
        read_policy(|field| typed(field).unwrap_or(filled(field)), today())
    }

    #[test]
    fn a_policy_is_read_as_typed_and_begins_today_or_later() {
        assert_eq!(policy(&[]), Ok((PolicyTerms::default(), today())));
        let calendar_days = PolicyTerms { notice_unit: NoticeUnit::CalendarDays, ..PolicyTerms::default() };
        let tomorrow = today().succ_opt().unwrap();
        let changed = policy(&[("notice_unit", "calendar_days"), ("effective_from-day", "4")]);
        assert_eq!(changed, Ok((calendar_days, tomorrow)));
        assert_eq!(policy(&[("effective_from-day", "2")]).unwrap_err()[0].0, "effective_from");
        assert_eq!(policy(&[("notice_unit", "weeks")]).unwrap_err()[0].0, "notice_unit");
    }

    #[rstest]
    #[case("notice_days", 0, 60)]
    #[case("late_after_minutes", 1, 240)]
    #[case("representation_days", 1, 60)]
    #[case("notify_within_days", 1, 120)]
    #[case("repeat_count", 1, 20)]
    #[case("repeat_months", 1, 60)]
    fn every_number_has_a_least_and_a_most_that_are_still_taken(
        #[case] field: &str,
        #[case] least: i32,
        #[case] most: i32,
    ) {
        for taken in [least, most] {
            assert!(policy(&[(field, &taken.to_string())]).is_ok(), "{taken}");
        }
        for refused in [least - 1, most + 1] {
            let errors = policy(&[(field, &refused.to_string())]).unwrap_err();
            assert_eq!(errors.iter().map(|(name, _)| *name).collect::<Vec<_>>(), [field], "{refused}");
        }
    }

    /// The fields of a suspension in March 2025 that are wrong.
    fn suspension(first: &str, last: &str, reason: &str) -> Result<Suspension, Vec<&'static str>> {
        let value = |field: &str| match field {
            "from-day" => first,
            "to-day" => last,
            "from-month" | "to-month" => "3",
            "from-year" | "to-year" => "2025",
            _ => reason,
        };
        read_suspension(value).map_err(|errors| errors.into_iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn a_suspension_is_at_least_a_day_and_has_a_reason() {
        let day = |day| NaiveDate::from_ymd_opt(2025, 3, day).unwrap();
        let snow = |first, last| Suspension { from: day(first), to: day(last), reason: "Snow".into() };
        assert_eq!(suspension("10", "10", " Snow "), Ok(snow(10, 10)));
        assert_eq!(suspension("10", "12", "Snow"), Ok(snow(10, 12)));
        assert_eq!(suspension("10", "9", "Snow"), Err(vec!["to"]));
        assert_eq!(suspension("32", "33", "Snow"), Err(vec!["from", "to"]));
        assert_eq!(suspension("10", "12", " "), Err(vec!["reason"]));
        assert!(suspension("10", "12", &"ä".repeat(LONGEST_REASON)).is_ok());
        assert_eq!(suspension("10", "12", &"ä".repeat(LONGEST_REASON + 1)), Err(vec!["reason"]));
    }
}
