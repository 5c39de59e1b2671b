//! Charges: proposed by the policy's rules, then notified, confirmed, waived or lapsed by the rules of their moves.

use super::{
    bookings::{Bookings, DemoBooking},
    insert::insert_all,
    people::{Crowd, billing_address},
    sessions::{DemoSession, Phase, SUBMITTED_AFTER},
    terms::{POLICY, SUSPENDED, holidays},
};
use crate::{
    accounts::rules::PersonId,
    audit::store::{Subject, audit_row},
    bookings::rules::{BookingState, Outcome},
    calendar::{
        notice::BankHolidays,
        rules::{board_year, london_day},
    },
    charges::rules::{
        ChargeFacts, ChargeId, ChargeStanding, ChargeState, PayingAgency, PolicyTerms, Proposal, WaiverReason, confirm,
        decide_charge, has_lapsed, notify, places_taken_again, pounds_text, waive,
    },
    demo::rules::{
        cast::{ADMINISTRATOR, BILLING_CONTACT, TRUST, cast_person},
        clock::{START, moment},
        dice::Dice,
    },
    entity::{audit, charge, demo_mail},
};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};
use std::collections::HashSet;

/// What the report says: £4,850.00 from non-attending delegates, at £50 each.
const CONFIRMED_IN_2020: usize = 97;
/// Time for representations and the office's week.
const DECIDED_AFTER_DAYS: i64 = 18;

/// A charge on its way.
struct Case {
    booking: usize,
    session: usize,
    proposal: Proposal,
    proposed_at: DateTime<Utc>,
    standing: ChargeStanding,
    notified_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    waiver: Option<WaiverReason>,
    year: i32,
}

/// What the policy made of the registers, and the office of that.
pub struct Charges {
    rows: Vec<charge::ActiveModel>,
    audit: Vec<audit::ActiveModel>,
    mails: Vec<demo_mail::ActiveModel>,
}

/// Proposes and decides all charges until the demonstration's first moment.
pub fn charges(crowd: &Crowd, sessions: &[DemoSession], bookings: &Bookings) -> Charges {
    let mut dice = Dice::for_part("charges");
    let holidays = holidays();
    let start = moment(START);
    let mut cases = Vec::new();
    for (index, session) in sessions.iter().enumerate() {
        propose(index, session, crowd, bookings, &holidays, &mut cases);
    }
    cases.retain(|case| case.proposed_at <= start);
    for case in &mut cases {
        tell(case, &sessions[case.session], start, &mut dice);
    }
    decide(&mut cases, start, &mut dice);
    write(&cases, bookings, &mut dice)
}

fn propose(
    index: usize,
    session: &DemoSession,
    crowd: &Crowd,
    bookings: &Bookings,
    holidays: &BankHolidays,
    cases: &mut Vec<Case>,
) {
    if session.phase == Phase::CalledOff {
        return;
    }
    let range = bookings.of_session[&session.id].clone();
    let own = &bookings.list[range.clone()];
    let mut late: Vec<&DemoBooking> = own.iter().filter(|row| row.state == BookingState::CancelledLate).collect();
    late.sort_by_key(|row| row.changed);
    let cancelled: Vec<DateTime<Utc>> = late.iter().map(|row| row.changed).collect();
    let came: Vec<DateTime<Utc>> = own
        .iter()
        .filter(|row| row.state == BookingState::Booked && row.outcome == Some(Outcome::Attended))
        .filter_map(|row| row.booked)
        .collect();
    let again: HashSet<_> = late
        .iter()
        .zip(places_taken_again(&cancelled, &came))
        .filter_map(|(row, taken)| taken.then_some(row.id))
        .collect();
    let suspension = suspended(london_day(session.starts()));
    for (position, booking) in range.zip(own) {
        let facts = facts(booking, session, crowd, again.contains(&booking.id), suspension, holidays);
        let Ok(proposal) = decide_charge(&facts) else { continue };
        let proposed_at = match booking.state {
            BookingState::CancelledLate => booking.changed,
            _ => session.ends() + Duration::minutes(SUBMITTED_AFTER),
        };
        let standing =
            ChargeStanding { state: ChargeState::Proposed, payer: proposal.payer.kind, lapses_at: proposal.lapses_at };
        cases.push(Case {
            booking: position,
            session: index,
            proposal,
            proposed_at,
            standing,
            notified_at: None,
            decided_at: None,
            waiver: None,
            year: board_year(london_day(session.starts())),
        });
    }
}

/// Why nobody is charged for sessions on a day.
fn suspended(day: NaiveDate) -> Option<&'static str> {
    let bound = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
    (bound(SUSPENDED.0)..=bound(SUSPENDED.1)).contains(&day).then_some("pandemic")
}

fn facts<'a>(
    booking: &'a DemoBooking,
    session: &'a DemoSession,
    crowd: &'a Crowd,
    place_taken_again: bool,
    suspension: Option<&'a str>,
    holidays: &'a BankHolidays,
) -> ChargeFacts<'a> {
    let person = crowd.person(booking.person);
    let agency = person.agency.map(|id| {
        let agency = &crowd.agencies[(id.0 - 1) as usize];
        PayingAgency {
            id,
            agency_type: agency.kind,
            name: agency.name.clone(),
            billing_address: billing_address(agency),
            confirmed: person.agency_confirmed,
        }
    });
    ChargeFacts {
        terms: PolicyTerms::default(),
        state: booking.state,
        outcome: booking.outcome,
        cancel_by: booking.cancel_by,
        cancelled_at: (booking.state == BookingState::CancelledLate).then_some(booking.changed),
        place_taken_again,
        walk_in: booking.walk_in,
        kind: person.kind,
        under_18: false,
        person: person.id,
        person_name: &person.name,
        person_address: Some(&person.address),
        policy_accepted: booking.policy_accepted,
        agency,
        course: session.plan.title,
        starts_at: session.starts(),
        ends_at: session.ends(),
        session_cancelled: false,
        session_moved: false,
        suspension,
        holidays,
    }
}

/// The office notifies a day after the register's lock, and forgets one in forty.
fn tell(case: &mut Case, session: &DemoSession, start: DateTime<Utc>, dice: &mut Dice) {
    let locked = session.ends() + Duration::minutes(SUBMITTED_AFTER) + Duration::days(7);
    let at = locked.max(case.proposed_at) + Duration::hours(20);
    let forgotten = dice.per_mille(25);
    if at <= start
        && !forgotten
        && let Ok(state) = notify(case.standing, at)
    {
        case.standing.state = state;
        case.notified_at = Some(at);
    } else if has_lapsed(case.standing.state, case.standing.lapses_at, start) {
        case.standing.state = ChargeState::Lapsed;
        case.decided_at = Some(case.standing.lapses_at);
    }
}

/// After the time for representations a person decides: 97 charges of 2020/21 stand, three in five of the year before.
fn decide(cases: &mut [Case], start: DateTime<Utc>, dice: &mut Dice) {
    let decided_at = |case: &Case| case.notified_at.map(|at| at + Duration::days(DECIDED_AFTER_DAYS));
    let ripe = |case: &Case| decided_at(case).is_some_and(|at| at <= start);
    let mut of_year: Vec<usize> =
        (0..cases.len()).filter(|index| cases[*index].year == 2020 && ripe(&cases[*index])).collect();
    dice.shuffle(&mut of_year);
    let stands: HashSet<usize> = of_year.into_iter().take(CONFIRMED_IN_2020).collect();
    for (index, case) in cases.iter_mut().enumerate().filter(|(_, case)| ripe(case)) {
        // What was still open when the lockdown began was let go.
        let too_late = case.year == 2019 && decided_at(case).is_none_or(|at| at >= moment("2020-03-23T00:00:00Z"));
        let does_stand = if case.year == 2020 { stands.contains(&index) } else { !too_late && dice.per_mille(600) };
        let decided = if does_stand { confirm(case.standing) } else { waive(case.standing) };
        let Ok(state) = decided else { continue };
        case.standing.state = state;
        case.decided_at = decided_at(case);
        case.waiver = (!does_stand).then(|| reason(dice));
    }
}

fn reason(dice: &mut Dice) -> WaiverReason {
    const REASONS: [(WaiverReason, u32); 7] = [
        (WaiverReason::HealthOrPersonal, 40),
        (WaiverReason::SafeguardingDuty, 20),
        (WaiverReason::TechnicalFailure, 16),
        (WaiverReason::DependantEmergency, 12),
        (WaiverReason::Bereavement, 5),
        (WaiverReason::OurError, 4),
        (WaiverReason::ManagerWithdrew, 3),
    ];
    REASONS[dice.weighted(&REASONS.map(|(_, weight)| weight))].0
}

fn write(cases: &[Case], bookings: &Bookings, dice: &mut Dice) -> Charges {
    let mut made = Charges { rows: Vec::new(), audit: Vec::new(), mails: Vec::new() };
    for (case, id) in cases.iter().zip(1..) {
        let booking = &bookings.list[case.booking];
        let state = case.standing.state;
        let by_person = matches!(state, ChargeState::Confirmed | ChargeState::Waived);
        made.rows.push(charge::ActiveModel {
            id: Set(ChargeId(id)),
            reference: Set(dice.reference(8)),
            booking_id: Set(booking.id),
            session_id: Set(booking.session),
            trigger: Set(case.proposal.trigger),
            state: Set(state),
            amount_pence: Set(case.proposal.amount_pence),
            policy_version_id: Set(POLICY),
            verdict: Set(serde_json::to_string(&case.proposal.verdict).unwrap_or_default()),
            sentence: Set(case.proposal.sentence.clone()),
            payer_kind: Set(case.proposal.payer.kind),
            payer_agency_id: Set(case.proposal.payer.agency),
            payer_person_id: Set(case.proposal.payer.person),
            payer_name: Set(case.proposal.payer.name.clone()),
            payer_address: Set(case.proposal.payer.address.clone()),
            proposed_at: Set(case.proposed_at),
            lapses_at: Set(case.standing.lapses_at),
            notified_at: Set(case.notified_at),
            decided_at: Set(case.decided_at),
            decided_by: Set(by_person.then_some(ADMINISTRATOR)),
            waiver_reason: Set(case.waiver),
            waiver_note: Set(None),
            version: Set(1),
        });
        let amount = pounds_text(case.proposal.amount_pence);
        made.mails.extend(mail_to_trust(case, &amount));
        let mut note = |at: Option<DateTime<Utc>>, actor: Option<PersonId>, sentence: String| {
            made.audit.extend(at.map(|at| audit_row(actor, Subject { kind: "charge", id }, sentence, at)));
        };
        note(Some(case.proposed_at), None, format!("Charge of {amount} proposed by rule"));
        note(case.notified_at, Some(ADMINISTRATOR), "Learner and payer notified".to_owned());
        match state {
            ChargeState::Confirmed => note(case.decided_at, Some(ADMINISTRATOR), "Charge confirmed".to_owned()),
            ChargeState::Waived => note(case.decided_at, Some(ADMINISTRATOR), "Charge waived".to_owned()),
            ChargeState::Lapsed => note(case.decided_at, None, "Not notified in time, so it lapsed".to_owned()),
            _ => {}
        }
    }
    made
}

/// The trust's billing contact is one of the ready-made people, so the mail that told of its charges can be read.
fn mail_to_trust(case: &Case, amount: &str) -> Option<demo_mail::ActiveModel> {
    let told = case.notified_at.filter(|_| case.proposal.payer.agency == Some(TRUST))?;
    let body = format!(
        "Hello Tom\n\n{}\n\nIf there was a reason that we should know, please write to us within 10 working days. Nothing is due yet.\n\nTraining team, Larkshire Safeguarding Children Board",
        case.proposal.sentence
    );
    Some(demo_mail::ActiveModel {
        to_address: Set(cast_person(BILLING_CONTACT)?.address.to_owned()),
        subject: Set(format!("Charge of {amount} for a place that was not used")),
        body: Set(body),
        html: Set(None),
        calendar: Set(None),
        sent_at: Set(told),
        ..Default::default()
    })
}

/// Writes charges, what was noted about them, and mail.
pub async fn charges_insert_in_txn(made: Charges, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    insert_all(made.rows, db).await?;
    insert_all(made.audit, db).await?;
    insert_all(made.mails, db).await
}
