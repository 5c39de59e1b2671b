//! The invariants of charges, for any facts; and the cases that people ask about, by name.

use super::*;
use crate::{
    accounts::rules::{PersonId, PersonKind},
    agencies::rules::{AgencyId, AgencyType},
    bookings::rules::{BookingState, Outcome},
    calendar::{
        notice::BankHolidays,
        rules::{from_london, moment_text},
    },
};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    from_london(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

fn holidays() -> BankHolidays {
    let days = ["2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25"];
    BankHolidays::new(days.map(|day| day.parse().unwrap()))
}

fn school() -> PayingAgency {
    PayingAgency {
        id: AgencyId(1),
        agency_type: AgencyType::School,
        name: "Oak School".into(),
        billing_address: Some("accounts@oak.example".into()),
        confirmed: true,
    }
}

/// An employee who held a place on Monday 14 April 2025 and did not come.
fn absent(holidays: &BankHolidays) -> ChargeFacts<'_> {
    ChargeFacts {
        terms: PolicyTerms::default(),
        state: BookingState::Booked,
        outcome: Some(Outcome::DidNotAttend),
        cancel_by: at("2025-04-03 23:59"),
        cancelled_at: None,
        place_taken_again: false,
        walk_in: false,
        kind: PersonKind::Employed,
        under_18: false,
        person: PersonId(1),
        person_name: "Ben Cole",
        person_address: Some("ben@people.example"),
        policy_accepted: true,
        agency: Some(school()),
        course: "Neglect",
        starts_at: at("2025-04-14 10:00"),
        ends_at: at("2025-04-14 12:30"),
        session_cancelled: false,
        session_moved: false,
        suspension: None,
        holidays,
    }
}

fn cancelled_late(holidays: &BankHolidays) -> ChargeFacts<'_> {
    ChargeFacts {
        state: BookingState::CancelledLate,
        outcome: None,
        cancelled_at: Some(at("2025-04-04 00:00")),
        ..absent(holidays)
    }
}

#[test]
fn the_verdict_holds_deadline_holidays_and_a_sentence() {
    let holidays = holidays();
    let proposal = decide_charge(&absent(&holidays)).unwrap();
    assert_eq!((proposal.trigger, proposal.amount_pence), (Trigger::DidNotAttend, 50_00));
    assert_eq!(
        proposal.sentence,
        "The place on “Neglect” on Monday 14 April 2025 was not used and not given back by 11:59pm on Thursday 3 April 2025, so the charge is £50."
    );
    // 20 working days from 14 April 2025, over Good Friday, Easter Monday and early May.
    assert_eq!(moment_text(proposal.lapses_at), "11:59pm on Thursday 15 May 2025");
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(proposal.verdict.bank_holidays, [day("2025-04-18"), day("2025-04-21"), day("2025-05-05")]);
    assert_eq!((proposal.payer.kind, proposal.payer.agency), (PayerKind::Agency, Some(AgencyId(1))));
}

#[test]
fn the_printed_minute_is_free_and_the_next_is_not() {
    let holidays = holidays();
    let mut facts = cancelled_late(&holidays);
    assert_eq!(decide_charge(&facts).map(|charge| charge.trigger), Ok(Trigger::LateCancellation));
    facts.cancelled_at = Some(at("2025-04-03 23:59") + Duration::seconds(59));
    assert_eq!(decide_charge(&facts), Err(Spared::CancelledInTime));
}

#[test]
fn nobody_is_charged_for_what_the_board_or_a_colleague_made_good() {
    let holidays = holidays();
    for change in [
        |facts: &mut ChargeFacts| facts.session_cancelled = true,
        |facts: &mut ChargeFacts| facts.session_moved = true,
        |facts: &mut ChargeFacts| facts.suspension = Some("Pandemic"),
        |facts: &mut ChargeFacts| facts.terms.amount_pence = 0,
        |facts: &mut ChargeFacts| facts.under_18 = true,
    ] {
        for mut facts in [absent(&holidays), cancelled_late(&holidays)] {
            change(&mut facts);
            assert!(decide_charge(&facts).is_err());
        }
    }
    let used = ChargeFacts { place_taken_again: true, ..cancelled_late(&holidays) };
    assert_eq!(decide_charge(&used), Err(Spared::PlaceTakenAgain));
    let substituted = ChargeFacts { state: BookingState::Substituted, ..absent(&holidays) };
    assert_eq!(decide_charge(&substituted), Err(Spared::NothingToChargeFor));
    let open = ChargeFacts { outcome: None, ..absent(&holidays) };
    assert_eq!(decide_charge(&open), Err(Spared::RegisterOpen));
    let part = ChargeFacts { outcome: Some(Outcome::PartAttended), ..absent(&holidays) };
    assert_eq!(decide_charge(&part), Err(Spared::NothingToChargeFor));
}

#[test]
fn who_pays_follows_from_how_people_work() {
    let holidays = holidays();
    let payer = |change: &dyn Fn(&mut ChargeFacts)| {
        let mut facts = absent(&holidays);
        change(&mut facts);
        decide_charge(&facts).map(|charge| charge.payer.kind)
    };
    let charity = || PayingAgency { agency_type: AgencyType::Charity, ..school() };
    assert_eq!(payer(&|facts| facts.agency = None), Ok(PayerKind::Undecided));
    assert_eq!(
        payer(&|facts| facts.agency = Some(PayingAgency { billing_address: None, ..school() })),
        Ok(PayerKind::Undecided)
    );
    assert_eq!(
        payer(&|facts| facts.agency = Some(PayingAgency { confirmed: false, ..school() })),
        Ok(PayerKind::Undecided)
    );
    assert_eq!(payer(&|facts| facts.kind = PersonKind::FosterCarer), Ok(PayerKind::Agency));
    assert_eq!(payer(&|facts| facts.kind = PersonKind::Volunteer), Err(Spared::NobodyPays));
    assert_eq!(
        payer(&|facts| {
            facts.kind = PersonKind::Volunteer;
            facts.agency = Some(charity());
        }),
        Ok(PayerKind::Agency)
    );
    assert_eq!(payer(&|facts| facts.kind = PersonKind::Childminder), Ok(PayerKind::Person));
    assert_eq!(
        payer(&|facts| {
            facts.kind = PersonKind::SelfEmployed;
            facts.policy_accepted = false;
        }),
        Err(Spared::NobodyPays)
    );
}

#[test]
fn each_newcomer_makes_one_late_cancellation_good() {
    let (one, two, three) = (at("2025-04-04 10:00"), at("2025-04-05 10:00"), at("2025-04-06 10:00"));
    assert_eq!(places_taken_again(&[one, three], &[two]), [true, false]);
    assert_eq!(places_taken_again(&[one, two], &[three]), [true, false]);
    assert_eq!(places_taken_again(&[two], &[one]), [false]);
    assert_eq!(places_taken_again(&[one, two], &[three, three]), [true, true]);
}

#[test]
fn a_charge_moves_only_where_it_can() {
    let now = at("2025-04-20 09:00");
    let standing = |state| ChargeStanding { state, payer: PayerKind::Agency, lapses_at: now };
    assert_eq!(notify(standing(ChargeState::Proposed), now), Ok(ChargeState::Notified));
    assert_eq!(notify(standing(ChargeState::Proposed), now + Duration::seconds(1)), Err(MoveRefused::TooLate));
    let undecided = ChargeStanding { payer: PayerKind::Undecided, ..standing(ChargeState::Proposed) };
    assert_eq!(notify(undecided, now), Err(MoveRefused::PayerUndecided));
    assert_eq!(confirm(standing(ChargeState::Proposed)), Err(MoveRefused::State(ChargeState::Proposed)));
    assert_eq!(confirm(standing(ChargeState::Notified)), Ok(ChargeState::Confirmed));
    for done in [ChargeState::Waived, ChargeState::Void, ChargeState::Lapsed, ChargeState::Invoiced] {
        assert_eq!(waive(standing(done)), Err(MoveRefused::State(done)));
        assert!(!can_be_void(done));
    }
    assert_eq!(read_waiver("other", "  "), Err(("note", "Write what the reason is")));
    assert!(read_waiver("nonsense", "").is_err());
}

#[test]
fn the_verdict_of_a_late_cancellation_tells_which_notice_was_asked_for_and_given() {
    let holidays = holidays();
    let charge = decide_charge(&cancelled_late(&holidays)).unwrap();
    assert_eq!(
        charge.sentence,
        "The place on “Neglect” on Monday 14 April 2025 was given back at 12am on Friday 4 April 2025, after 11:59pm on Thursday 3 April 2025, until when it was free, so the charge is £50."
    );
    // From midnight on 4 April to 10am on 14 April: ten days and ten hours.
    assert_eq!(charge.verdict.cancelled_at, Some(at("2025-04-04 00:00")));
    assert_eq!(charge.verdict.notice_given_hours, Some(250));
    assert_eq!(charge.verdict.notice_required, "6 clear working days");
    assert_eq!(charge.verdict.rule, "A place is given back free with 6 clear working days of notice");
    let terms = PolicyTerms { notice_days: 1, notice_unit: NoticeUnit::CalendarDays, ..PolicyTerms::default() };
    let charge = decide_charge(&ChargeFacts { terms, ..cancelled_late(&holidays) }).unwrap();
    assert_eq!(charge.verdict.notice_required, "1 clear day");
}

#[test]
fn whoever_comes_too_late_to_be_let_in_reads_after_how_many_minutes_and_gave_no_notice() {
    let holidays = holidays();
    let charge = decide_charge(&ChargeFacts { outcome: Some(Outcome::RefusedLate), ..absent(&holidays) }).unwrap();
    assert_eq!(
        charge.sentence,
        "The place on “Neglect” on Monday 14 April 2025 could not be used because the person came more than 20 minutes after the start, so the charge is £50."
    );
    assert_eq!(charge.verdict.rule, "Nobody is let in later than 20 minutes after the start");
    assert_eq!((charge.verdict.cancelled_at, charge.verdict.notice_given_hours), (None, None));
}

#[test]
fn whoever_came_without_a_place_is_never_charged_for_one() {
    let holidays = holidays();
    let walked_in = ChargeFacts { walk_in: true, ..absent(&holidays) };
    assert_eq!(decide_charge(&walked_in), Err(Spared::NothingToChargeFor));
}

#[test]
fn where_next_years_bank_holidays_are_not_known_the_verdict_says_so_and_weekends_alone_are_left_out() {
    let holidays = holidays();
    let december = ChargeFacts {
        cancel_by: at("2025-12-10 23:59"),
        starts_at: at("2025-12-19 10:00"),
        ends_at: at("2025-12-19 12:30"),
        ..absent(&holidays)
    };
    let charge = decide_charge(&december).unwrap();
    assert_eq!(moment_text(charge.lapses_at), "11:59pm on Friday 16 January 2026");
    assert_eq!(charge.verdict.year_unknown, Some(2026));
    assert_eq!(decide_charge(&absent(&holidays)).unwrap().verdict.year_unknown, None);
}

#[test]
fn a_charity_pays_only_for_volunteers_whose_link_to_it_is_confirmed() {
    let holidays = holidays();
    let claimed = PayingAgency { agency_type: AgencyType::Charity, confirmed: false, ..school() };
    let facts = ChargeFacts { kind: PersonKind::Volunteer, agency: Some(claimed), ..absent(&holidays) };
    assert_eq!(decide_charge(&facts), Err(Spared::NobodyPays));
}

#[test]
fn the_payer_on_a_charge_has_a_name_and_an_address() {
    let holidays = holidays();
    let school_pays = decide_charge(&absent(&holidays)).unwrap().payer;
    assert_eq!(
        (school_pays.name.as_str(), school_pays.address.as_deref()),
        ("Oak School", Some("accounts@oak.example"))
    );
    let minder = decide_charge(&ChargeFacts { kind: PersonKind::Childminder, ..absent(&holidays) }).unwrap().payer;
    assert_eq!((minder.person, minder.agency), (Some(PersonId(1)), None));
    assert_eq!((minder.name.as_str(), minder.address.as_deref()), ("Ben Cole", Some("ben@people.example")));
    let unpaid = PayingAgency { billing_address: None, ..school() };
    let office = decide_charge(&ChargeFacts { agency: Some(unpaid), ..absent(&holidays) }).unwrap().payer;
    assert_eq!((office.agency, office.name.as_str(), office.address), (None, "Oak School", None));
}

#[test]
fn a_place_is_taken_again_from_the_very_moment_at_which_it_was_given_back() {
    let moment = at("2025-04-04 10:00");
    assert_eq!(places_taken_again(&[moment], &[moment]), [true]);
    assert_eq!(places_taken_again(&[moment], &[moment - Duration::seconds(1)]), [false]);
}

#[test]
fn numbers_stand_in_addresses_as_numbers() {
    let written = [PolicyId(7).to_string(), PolicyVersionId(8).to_string(), ChargeId(9).to_string()];
    assert_eq!(written, ["7", "8", "9"]);
}

prop_compose! {
    fn any_facts()(
        state in prop::sample::select(vec![
            BookingState::Requested, BookingState::Waitlisted, BookingState::Offered, BookingState::Left,
            BookingState::ListEnded, BookingState::Booked, BookingState::CancelledInTime, BookingState::CancelledLate,
            BookingState::Substituted, BookingState::Transferred, BookingState::SessionCancelled,
        ]),
        outcome in prop::option::of(prop::sample::select(vec![
            Outcome::Attended, Outcome::PartAttended, Outcome::RefusedLate, Outcome::DidNotAttend, Outcome::Excused,
        ])),
        kind in prop::sample::select(vec![
            PersonKind::Employed, PersonKind::FosterCarer, PersonKind::Volunteer, PersonKind::SelfEmployed,
            PersonKind::Childminder,
        ]),
        hours in prop::option::of(-400i64..400),
        (under_18, accepted, taken, walk_in) in any::<(bool, bool, bool, bool)>(),
        (cancelled, moved, suspended, has_agency, confirmed) in any::<(bool, bool, bool, bool, bool)>(),
    ) -> (BookingState, Option<Outcome>, PersonKind, Option<i64>, [bool; 9]) {
        let flags = [under_18, accepted, taken, walk_in, cancelled, moved, suspended, has_agency, confirmed];
        (state, outcome, kind, hours, flags)
    }
}

proptest! {
    /// Whatever the facts, a charge rests on a late cancellation or on a register that says so, and on none of the
    /// things that spare people; and nobody under 18, no employee and nobody who did not accept it pays themselves.
    #[test]
    fn every_charge_has_a_ground_and_a_payer_who_may_be_asked((state, outcome, kind, hours, flags) in any_facts()) {
        let [under_18, accepted, taken, walk_in, cancelled, moved, suspended, has_agency, confirmed] = flags;
        let holidays = holidays();
        let facts = ChargeFacts {
            state,
            outcome,
            kind,
            cancelled_at: hours.map(|hours| at("2025-04-03 23:59") + Duration::hours(hours)),
            under_18,
            policy_accepted: accepted,
            place_taken_again: taken,
            walk_in,
            session_cancelled: cancelled,
            session_moved: moved,
            suspension: suspended.then_some("Snow"),
            agency: has_agency.then(|| PayingAgency { confirmed, ..school() }),
            ..absent(&holidays)
        };
        let Ok(charge) = decide_charge(&facts) else { return Ok(()) };
        prop_assert!(!cancelled && !moved && !suspended && !under_18);
        match charge.trigger {
            Trigger::LateCancellation => {
                prop_assert!(state == BookingState::CancelledLate && hours > Some(0) && !taken);
            }
            Trigger::DidNotAttend => prop_assert!(state == BookingState::Booked && !walk_in && outcome == Some(Outcome::DidNotAttend)),
            Trigger::RefusedLate => prop_assert!(state == BookingState::Booked && !walk_in && outcome == Some(Outcome::RefusedLate)),
        }
        match charge.payer.kind {
            PayerKind::Person => {
                prop_assert!(accepted && matches!(kind, PersonKind::SelfEmployed | PersonKind::Childminder));
            }
            PayerKind::Agency => prop_assert!(has_agency && confirmed),
            PayerKind::Undecided => prop_assert!(matches!(kind, PersonKind::Employed | PersonKind::FosterCarer)),
            PayerKind::Nobody => prop_assert!(false, "a charge that nobody pays"),
        }
        prop_assert!(charge.sentence.ends_with("£50."));
        prop_assert!(charge.lapses_at > facts.ends_at);
    }

    /// As many places are made good as people came afterwards, and never more.
    #[test]
    fn places_are_made_good_at_most_once(mut cancelled in prop::collection::vec(0i64..50, 0..8), came in prop::collection::vec(0i64..50, 0..8)) {
        cancelled.sort_unstable();
        let moment = |hours: &i64| at("2025-04-01 00:00") + Duration::hours(*hours);
        let cancelled: Vec<_> = cancelled.iter().map(moment).collect();
        let came: Vec<_> = came.iter().map(moment).collect();
        let taken = places_taken_again(&cancelled, &came);
        prop_assert_eq!(taken.len(), cancelled.len());
        let good = taken.iter().filter(|taken| **taken).count();
        prop_assert!(good <= came.len());
        if let Some(first) = cancelled.first() {
            prop_assert!(good <= came.iter().filter(|moment| *moment >= first).count());
        }
    }

    /// What is shown of an amount reads back as the same amount.
    #[test]
    fn amounts_survive_being_shown_and_typed(pence in 0i64..=1_000_000) {
        prop_assert_eq!(read_pounds("The charge", &pounds_text(pence)), Ok(pence));
    }
}
