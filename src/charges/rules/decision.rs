//! Whether a place that was not used is charged, to whom, and the verdict that says why. Decided as data: nothing
//! here reads a clock or a database.

use super::{PayerKind, PolicyTerms, Trigger, pounds_text};
use crate::{
    accounts::rules::{PersonId, PersonKind},
    agencies::rules::{AgencyId, AgencyType},
    bookings::rules::{BookingState, Outcome},
    calendar::{
        notice::{BankHolidays, is_in_time, working_days_after},
        rules::{day_text, last_minute_of, london_day, moment_text},
    },
};
use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// The agency of a booking as a payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayingAgency {
    /// Which one.
    pub id: AgencyId,
    /// Its kind: a volunteer's agency pays only if it is a charity.
    pub agency_type: AgencyType,
    /// Its name.
    pub name: String,
    /// Where the bill goes; None where the office knows no billing contact.
    pub billing_address: Option<String>,
    /// Whether the person's membership is confirmed: nobody pays for a claim.
    pub confirmed: bool,
}

/// Everything that decides about a charge, read in the transaction that writes it.
#[derive(Clone, Debug)]
pub struct ChargeFacts<'a> {
    /// The policy version that was accepted at booking.
    pub terms: PolicyTerms,
    /// Where the booking stands.
    pub state: BookingState,
    /// What the registers say; None until all of the session's are submitted and mark the person.
    pub outcome: Option<Outcome>,
    /// The printed moment until which the place could be given back free.
    pub cancel_by: DateTime<Utc>,
    /// When the place was given back, where it was.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Whether somebody who took a place after that came in theirs.
    pub place_taken_again: bool,
    /// Added on the day, never promised a place.
    pub walk_in: bool,
    /// How the person works with children.
    pub kind: PersonKind,
    /// Nobody under 18 is charged, nor anybody for them.
    pub under_18: bool,
    /// The person who answers for the place where nobody else does.
    pub person: PersonId,
    /// Their name, for a bill that goes to them.
    pub person_name: &'a str,
    /// Where their mail goes.
    pub person_address: Option<&'a str>,
    /// Whether they accepted the policy themselves.
    pub policy_accepted: bool,
    /// The agency under which they booked.
    pub agency: Option<PayingAgency>,
    /// The course's title.
    pub course: &'a str,
    /// The start of the session's first date.
    pub starts_at: DateTime<Utc>,
    /// The end of its last date.
    pub ends_at: DateTime<Utc>,
    /// Whether the board called it off.
    pub session_cancelled: bool,
    /// Whether the board moved it after the place was asked for, by whoever had it first.
    pub session_moved: bool,
    /// Why nobody is charged for sessions on that day, where that is so.
    pub suspension: Option<&'a str>,
    /// The bank holidays that are known.
    pub holidays: &'a BankHolidays,
}

/// Why nothing is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Spared {
    /// Present, part of the time present, excused, or not known yet.
    #[error("nothing to charge for")]
    NothingToChargeFor,
    /// A register has not been submitted or leaves the person unmarked.
    #[error("the register does not say yet")]
    RegisterOpen,
    /// Given back by the printed moment.
    #[error("the place was given back in time")]
    CancelledInTime,
    /// The board called the session off.
    #[error("the session was cancelled by the board")]
    SessionCancelled,
    /// The board moved the session after the booking.
    #[error("the session was moved by the board")]
    SessionMoved,
    /// Charging was suspended on that day.
    #[error("charging was suspended")]
    Suspended,
    /// Somebody else used the place.
    #[error("the place was taken again and used")]
    PlaceTakenAgain,
    /// The policy charges nothing.
    #[error("the policy charges nothing")]
    FreeOfCharge,
    /// A volunteer without a charity, somebody under 18, or somebody who never accepted the policy.
    #[error("nobody can be asked to pay")]
    NobodyPays,
}

/// Who is asked to pay; copied onto the charge, so that a later change of agency does not move it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Which kind of payer.
    pub kind: PayerKind,
    /// The agency, for `PayerKind::Agency`.
    pub agency: Option<AgencyId>,
    /// The person, for `PayerKind::Person`.
    pub person: Option<PersonId>,
    /// Their name on the charge.
    pub name: String,
    /// Where the bill goes.
    pub address: Option<String>,
}

/// How a charge came about, kept with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What the charge is for.
    pub trigger: Trigger,
    /// The rule that was hit, in one line.
    pub rule: String,
    /// How much notice the policy asks for.
    pub notice_required: String,
    /// The printed moment until which cancelling was free.
    pub deadline: DateTime<Utc>,
    /// When the place was given back, for a late cancellation.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// How long before the start that was, in whole hours.
    pub notice_given_hours: Option<i64>,
    /// The bank holidays between the deadline and the end of the time to notify, which moved one or the other.
    pub bank_holidays: Vec<NaiveDate>,
    /// A year whose bank holidays were not known when the time to notify was counted.
    pub year_unknown: Option<i32>,
    /// The amount, in pence.
    pub amount_pence: i64,
    /// How the payer was found.
    pub payer_rule: String,
}

/// A charge as the rules propose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What it is for.
    pub trigger: Trigger,
    /// How much, in pence.
    pub amount_pence: i64,
    /// Who is asked to pay.
    pub payer: Payer,
    /// When it lapses unless it is notified before.
    pub lapses_at: DateTime<Utc>,
    /// Why.
    pub verdict: Verdict,
    /// The same in one plain sentence that the payer reads.
    pub sentence: String,
}

/// Decides whether a booking is charged. Fails with the reason why it is not.
pub fn decide_charge(facts: &ChargeFacts) -> Result<Proposal, Spared> {
    if facts.session_cancelled {
        return Err(Spared::SessionCancelled);
    }
    let trigger = trigger_of(facts)?;
    if facts.session_moved {
        return Err(Spared::SessionMoved);
    }
    if facts.suspension.is_some() {
        return Err(Spared::Suspended);
    }
    if facts.terms.amount_pence <= 0 {
        return Err(Spared::FreeOfCharge);
    }
    let (payer, payer_rule) = decide_payer(facts)?;
    let (lapse_day, year_unknown) =
        days_to_notify(london_day(facts.ends_at), facts.terms.notify_within_days, facts.holidays);
    let cancelled_at = facts.cancelled_at.filter(|_| trigger == Trigger::LateCancellation);
    let verdict = Verdict {
        trigger,
        rule: rule_text(trigger, &facts.terms),
        notice_required: notice_text(&facts.terms),
        deadline: facts.cancel_by,
        cancelled_at,
        notice_given_hours: cancelled_at.map(|at| (facts.starts_at - at).num_hours()),
        bank_holidays: facts.holidays.between(london_day(facts.cancel_by), lapse_day),
        year_unknown,
        amount_pence: facts.terms.amount_pence,
        payer_rule: payer_rule.to_owned(),
    };
    Ok(Proposal {
        trigger,
        amount_pence: facts.terms.amount_pence,
        payer,
        lapses_at: last_minute_of(lapse_day),
        sentence: sentence(trigger, facts),
        verdict,
    })
}

fn trigger_of(facts: &ChargeFacts) -> Result<Trigger, Spared> {
    match facts.state {
        BookingState::CancelledLate => match facts.cancelled_at {
            Some(at) if is_in_time(facts.cancel_by, at) => Err(Spared::CancelledInTime),
            Some(_) if facts.place_taken_again => Err(Spared::PlaceTakenAgain),
            Some(_) => Ok(Trigger::LateCancellation),
            None => Err(Spared::NothingToChargeFor),
        },
        BookingState::Booked if facts.walk_in => Err(Spared::NothingToChargeFor),
        BookingState::Booked => match facts.outcome {
            None => Err(Spared::RegisterOpen),
            Some(Outcome::DidNotAttend) => Ok(Trigger::DidNotAttend),
            Some(Outcome::RefusedLate) => Ok(Trigger::RefusedLate),
            Some(Outcome::Attended | Outcome::PartAttended | Outcome::Excused) => Err(Spared::NothingToChargeFor),
        },
        BookingState::CancelledInTime => Err(Spared::CancelledInTime),
        BookingState::SessionCancelled => Err(Spared::SessionCancelled),
        // Waiting is never charged; a substitute answers for the place with a booking of their own.
        BookingState::Requested
        | BookingState::Declined
        | BookingState::Lapsed
        | BookingState::Withdrawn
        | BookingState::Waitlisted
        | BookingState::Offered
        | BookingState::OfferExpired
        | BookingState::OfferDeclined
        | BookingState::Left
        | BookingState::ListEnded
        | BookingState::Substituted
        | BookingState::Transferred => Err(Spared::NothingToChargeFor),
    }
}

/// Decides who pays, by kind of person, and says how. An employee never pays: where no billing contact is known the
/// office decides.
pub fn decide_payer(facts: &ChargeFacts) -> Result<(Payer, &'static str), Spared> {
    if facts.under_18 {
        return Err(Spared::NobodyPays);
    }
    let agency = facts.agency.as_ref();
    match facts.kind {
        PersonKind::Employed => Ok(agency_or_office(agency, "The employer pays for its staff")),
        PersonKind::FosterCarer => Ok(agency_or_office(agency, "The fostering service pays for its carers")),
        PersonKind::Volunteer => match agency {
            Some(charity) if charity.agency_type == AgencyType::Charity && charity.confirmed => {
                Ok(agency_or_office(agency, "The charity pays for its volunteers"))
            }
            _ => Err(Spared::NobodyPays),
        },
        PersonKind::Childminder | PersonKind::SelfEmployed if facts.policy_accepted => Ok((
            Payer {
                kind: PayerKind::Person,
                agency: None,
                person: Some(facts.person),
                name: facts.person_name.to_owned(),
                address: facts.person_address.map(str::to_owned),
            },
            "People who work for themselves pay, because they accepted the policy",
        )),
        PersonKind::Childminder | PersonKind::SelfEmployed => Err(Spared::NobodyPays),
    }
}

fn agency_or_office(agency: Option<&PayingAgency>, rule: &'static str) -> (Payer, &'static str) {
    let undecided =
        |name: &str| Payer { kind: PayerKind::Undecided, agency: None, person: None, name: name.into(), address: None };
    match agency {
        None => (undecided("To be found by the office"), "No agency is known, so the office finds the payer"),
        Some(agency) if !agency.confirmed => {
            (undecided(&agency.name), "The person's link to the agency is not confirmed, so the office decides")
        }
        Some(agency) if agency.billing_address.is_none() => {
            (undecided(&agency.name), "The agency has no billing contact, so the office decides")
        }
        Some(agency) => (
            Payer {
                kind: PayerKind::Agency,
                agency: Some(agency.id),
                person: None,
                name: agency.name.clone(),
                address: agency.billing_address.clone(),
            },
            rule,
        ),
    }
}

/// The last day on which a charge can be notified. Where a year's bank holidays are not known, weekends alone are left
/// out: the charge then lapses earlier rather than later, and the verdict says so.
fn days_to_notify(session_day: NaiveDate, days: u32, holidays: &BankHolidays) -> (NaiveDate, Option<i32>) {
    match working_days_after(session_day, days, holidays) {
        Ok(day) => (day, None),
        Err(missing) => {
            let weekdays = session_day
                .iter_days()
                .skip(1)
                .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
                .take(days as usize);
            (weekdays.last().unwrap_or(session_day), Some(missing.0))
        }
    }
}

fn notice_text(terms: &PolicyTerms) -> String {
    let unit = match terms.notice_unit {
        super::NoticeUnit::WorkingDays => "clear working",
        super::NoticeUnit::CalendarDays => "clear",
    };
    format!("{} {unit} {}", terms.notice_days, if terms.notice_days == 1 { "day" } else { "days" })
}

fn rule_text(trigger: Trigger, terms: &PolicyTerms) -> String {
    match trigger {
        Trigger::DidNotAttend => "A place that is held and not used is charged".to_owned(),
        Trigger::LateCancellation => format!("A place is given back free with {} of notice", notice_text(terms)),
        Trigger::RefusedLate => {
            format!("Nobody is let in later than {} minutes after the start", terms.late_after_minutes)
        }
    }
}

fn sentence(trigger: Trigger, facts: &ChargeFacts) -> String {
    let course = facts.course;
    let day = day_text(london_day(facts.starts_at));
    let amount = pounds_text(facts.terms.amount_pence);
    let cancel_by = moment_text(facts.cancel_by);
    match (trigger, facts.cancelled_at) {
        (Trigger::LateCancellation, Some(at)) => format!(
            "The place on “{course}” on {day} was given back at {}, after {cancel_by}, until when it was free, so the charge is {amount}.",
            moment_text(at),
        ),
        (Trigger::RefusedLate, _) => format!(
            "The place on “{course}” on {day} could not be used because the person came more than {} minutes after the start, so the charge is {amount}.",
            facts.terms.late_after_minutes,
        ),
        _ => format!(
            "The place on “{course}” on {day} was not used and not given back by {cancel_by}, so the charge is {amount}.",
        ),
    }
}

/// Which late cancellations were taken again: each person who took a place afterwards and came makes one good, the
/// earliest first. Both lists hold moments; the answer is in the order of the first, which must be sorted.
pub fn places_taken_again(cancelled: &[DateTime<Utc>], taken_and_came: &[DateTime<Utc>]) -> Vec<bool> {
    let mut later: Vec<_> = taken_and_came.to_vec();
    later.sort_unstable();
    let mut later = later.into_iter().peekable();
    cancelled
        .iter()
        .map(|cancelled_at| {
            while later.next_if(|taken| taken < cancelled_at).is_some() {}
            later.next().is_some()
        })
        .collect()
}
