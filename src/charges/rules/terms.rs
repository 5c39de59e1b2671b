//! One version of the charging policy, and the rule in plain words.

use super::NoticeUnit;
use crate::{accounts::rules::PersonKind, calendar::rules::moment_text};
use chrono::{DateTime, Utc};

/// What a version of the charging policy says. The version that was accepted at booking governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyTerms {
    /// Clear days of notice.
    pub notice_days: u32,
    /// What the notice is counted in.
    pub notice_unit: NoticeUnit,
    /// The charge, in pence.
    pub amount_pence: i64,
    /// From so many minutes after the start nobody is let in any more.
    pub late_after_minutes: u32,
    /// Working days in which learner or payer may explain what happened.
    pub representation_days: u32,
    /// Working days after the session in which a charge must be notified, or it lapses.
    pub notify_within_days: u32,
    /// Above this sum per payer and decision, in pence, a second administrator approves.
    pub second_approver_above_pence: i64,
    /// After so many confirmed charges for not attending …
    pub repeat_count: u32,
    /// … in so many months, bookings need approval.
    pub repeat_months: u32,
}

impl Default for PolicyTerms {
    /// What published policies of English boards have in common.
    fn default() -> Self {
        Self {
            notice_days: 6,
            notice_unit: NoticeUnit::WorkingDays,
            amount_pence: 50_00,
            late_after_minutes: 20,
            representation_days: 10,
            notify_within_days: 20,
            second_approver_above_pence: 20_000,
            repeat_count: 2,
            repeat_months: 12,
        }
    }
}

/// "£50" or "£12.50".
pub fn pounds_text(pence: i64) -> String {
    let sign = if pence < 0 { "−" } else { "" };
    let (pounds, rest) = (pence.unsigned_abs() / 100, pence.unsigned_abs() % 100);
    let digits = pounds.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest == 0 { format!("{sign}£{grouped}") } else { format!("{sign}£{grouped}.{rest:02}") }
}

/// The charge rule in plain words, for a session whose cancel-by moment is not known yet.
pub fn charge_sentence(terms: &PolicyTerms) -> String {
    if terms.amount_pence == 0 {
        return "There is no charge if you do not come.".to_owned();
    }
    let unit = match terms.notice_unit {
        NoticeUnit::WorkingDays => "working",
        NoticeUnit::CalendarDays => "calendar",
    };
    let days = if terms.notice_days == 1 { "day" } else { "days" };
    format!(
        "If you do not come, or cancel less than {} clear {unit} {days} before the session, your employer is charged {}.",
        terms.notice_days,
        pounds_text(terms.amount_pence),
    )
}

/// What is said instead of the charge rule where nobody is charged.
pub const SUSPENDED: &str = "Charging is suspended for sessions on this day.";

/// The charge rule in plain words, with the moment and the payer of one booking: "If you do not come, or cancel after
/// 11:59pm on Thursday 6 March 2025, your employer is charged £50."
pub fn charge_sentence_until(terms: &PolicyTerms, cancel_by: DateTime<Utc>, kind: PersonKind) -> String {
    if terms.amount_pence == 0 {
        return "There is no charge if you do not come.".to_owned();
    }
    let payer = match kind {
        PersonKind::Employed => "your employer is",
        PersonKind::FosterCarer => "your fostering service is",
        PersonKind::Volunteer => "your charity is",
        PersonKind::SelfEmployed | PersonKind::Childminder => "you are",
    };
    format!(
        "If you do not come, or cancel after {}, {payer} charged {}.",
        moment_text(cancel_by),
        pounds_text(terms.amount_pence),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::rules::last_minute_of;
    use chrono::NaiveDate;

    #[test]
    fn the_rule_reads_as_a_sentence_with_moment_payer_and_amount() {
        let cancel_by = last_minute_of(NaiveDate::from_ymd_opt(2025, 3, 6).unwrap());
        let terms = PolicyTerms::default();
        assert_eq!(
            charge_sentence_until(&terms, cancel_by, PersonKind::Employed),
            "If you do not come, or cancel after 11:59pm on Thursday 6 March 2025, your employer is charged £50."
        );
        assert!(charge_sentence(&terms).contains("less than 6 clear working days before"));
        let free = PolicyTerms { amount_pence: 0, ..terms };
        assert_eq!(charge_sentence(&free), "There is no charge if you do not come.");
    }

    #[test]
    fn pence_are_shown_only_where_there_are_some() {
        assert_eq!(pounds_text(50_00), "£50");
        assert_eq!(pounds_text(12_50), "£12.50");
        assert_eq!(pounds_text(123_456_700), "£1,234,567");
        assert_eq!(pounds_text(5), "£0.05");
    }

    #[test]
    fn everybody_reads_who_is_asked_to_pay_and_nobody_where_it_is_free() {
        let cancel_by = last_minute_of(NaiveDate::from_ymd_opt(2025, 3, 6).unwrap());
        let terms = PolicyTerms::default();
        for (kind, payer) in [
            (PersonKind::FosterCarer, "your fostering service is charged £50."),
            (PersonKind::Volunteer, "your charity is charged £50."),
            (PersonKind::SelfEmployed, "you are charged £50."),
            (PersonKind::Childminder, "you are charged £50."),
        ] {
            let sentence = charge_sentence_until(&terms, cancel_by, kind);
            assert!(sentence.ends_with(payer), "{sentence}");
        }
        let free = PolicyTerms { amount_pence: 0, ..terms };
        let sentence = charge_sentence_until(&free, cancel_by, PersonKind::Employed);
        assert_eq!(sentence, "There is no charge if you do not come.");
    }

    #[test]
    fn one_day_of_notice_is_not_days() {
        let terms = PolicyTerms { notice_days: 1, notice_unit: NoticeUnit::CalendarDays, ..PolicyTerms::default() };
        assert_eq!(
            charge_sentence(&terms),
            "If you do not come, or cancel less than 1 clear calendar day before the session, your employer is charged £50."
        );
    }

    #[test]
    fn thousands_are_set_off_and_what_is_owed_to_others_has_a_minus() {
        assert_eq!(pounds_text(99_900), "£999");
        assert_eq!(pounds_text(100_000), "£1,000");
        assert_eq!(pounds_text(0), "£0");
        assert_eq!(pounds_text(-12_50), "−£12.50");
    }
}
