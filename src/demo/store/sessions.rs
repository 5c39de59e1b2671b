//! The sessions of two years.

use super::{
    courses::numbered,
    insert::insert_all,
    people::Crowd,
    terms::{HOLIDAYS, day, holidays},
};
use crate::{
    accounts::rules::PersonId,
    calendar::{
        notice::BankHolidays,
        rules::{from_london, london_day, start_of_day},
    },
    courses::rules::CourseId,
    demo::rules::{
        cast::{SECOND_TRAINER, TRAINER, TRUST},
        catalogue::{CoursePlan, PREPARED_COURSE},
        clock::{PREPARED_STARTS, START, Span, moment, prepared},
        dice::Dice,
    },
    entity::{reserved_place, session, session_date, session_trainer},
    sessions::rules::{Mode, SessionDateId, SessionId, SessionStatus, TrainerState, VenueId},
};
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveTime, Utc, Weekday};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};
use std::collections::HashSet;

/// When a session lies, seen from the demonstration's first moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Delivered in 2019/20.
    Earlier,
    /// Called off when the first lockdown began.
    CalledOff,
    /// Delivered in 2020/21.
    Delivered,
    /// Held on the last working day; its register is not in yet.
    RegisterMissing,
    /// Still to come.
    Upcoming,
    /// The session of 31 March.
    Prepared,
}

/// A session as the rest of the generator needs it.
pub struct DemoSession {
    pub id: SessionId,
    pub course: CourseId,
    pub plan: &'static CoursePlan,
    pub phase: Phase,
    pub dates: Vec<(SessionDateId, Span)>,
    pub mode: Mode,
    pub capacity: i32,
    pub trainers: Vec<(PersonId, TrainerState)>,
    pub held: i32,
    pub waiting: i32,
    pub survey_salt: Option<Vec<u8>>,
}

impl DemoSession {
    /// The start of the first date.
    pub fn starts(&self) -> DateTime<Utc> {
        self.dates[0].1.starts
    }

    /// The end of the last date.
    pub fn ends(&self) -> DateTime<Utc> {
        self.dates[self.dates.len() - 1].1.ends
    }

    /// From when people could book.
    pub fn opens(&self) -> DateTime<Utc> {
        self.starts() - Duration::days(if self.phase == Phase::Upcoming { 110 } else { 75 })
    }

    /// Until when people could book.
    pub fn closes(&self) -> DateTime<Utc> {
        self.starts() - Duration::hours(2)
    }

    /// Whether it took place before the demonstration's first moment.
    pub fn is_past(&self) -> bool {
        matches!(self.phase, Phase::Earlier | Phase::Delivered | Phase::RegisterMissing)
    }

    /// Somebody who trains it.
    pub fn trainer(&self) -> PersonId {
        self.trainers.first().map_or(TRAINER, |(person, _)| *person)
    }
}

/// From so many minutes on a course is taught on two dates.
const LONG: i32 = 300;
/// Teaching days between the two, and some to spare.
const LONG_LATER: usize = 11;

/// Plans all sessions, earliest first.
pub fn sessions(crowd: &Crowd) -> Vec<DemoSession> {
    let mut dice = Dice::for_part("sessions");
    let holidays = holidays();
    let mut plans: Vec<(NaiveDate, NaiveTime, Phase, CourseId, &'static CoursePlan)> = Vec::new();
    let earlier = teaching_days("2019-04-24", "2020-03-12", &holidays);
    let delivered = teaching_days("2020-04-24", "2021-03-17", &holidays);
    let upcoming = teaching_days("2021-03-26", "2021-06-18", &holidays);
    for (course, plan) in numbered() {
        let (before, during, after) = plan.sessions;
        let mut add = |days: &[NaiveDate], count: usize, phase: Phase, dice: &mut Dice| {
            // The second date of a long course is over by then, too.
            let days = if plan.minutes >= LONG { &days[..days.len().saturating_sub(LONG_LATER)] } else { days };
            for index in 0..count {
                // Spread over the window, the first at its very beginning for the volunteers' course.
                let slice = days.len() / count;
                let offset = if plan.slug == "volunteers-start-here" && index == 0 { 0 } else { dice.below(slice) };
                plans.push((days[index * slice + offset], start_time(plan, dice), phase, course, plan));
            }
        };
        add(&earlier, before, Phase::Earlier, &mut dice);
        add(&delivered, during, Phase::Delivered, &mut dice);
        let is_prepared_course = plan.slug == PREPARED_COURSE;
        add(&upcoming, after - usize::from(is_prepared_course), Phase::Upcoming, &mut dice);
        if is_prepared_course {
            let starts = crate::calendar::rules::london_time(moment(PREPARED_STARTS));
            plans.push((starts.date(), starts.time(), Phase::Prepared, course, plan));
        }
    }
    for (course, plan) in numbered().filter(|(_, plan)| plan.sessions.0 > 2).take(7) {
        let called_off = day("2020-03-18") + Days::new(course.0 as u64 % 2 + 7 * (course.0 as u64 % 2));
        plans.push((called_off, start_time(plan, &mut dice), Phase::CalledOff, course, plan));
    }
    for (course, plan) in numbered().take(1) {
        plans.push((day("2021-03-19"), start_time(plan, &mut dice), Phase::RegisterMissing, course, plan));
    }
    plans.sort_by_key(|(day, time, _, course, _)| (*day, *time, course.0));
    build(plans, crowd, &mut dice)
}

/// Working days on which boards teach: no weekends, bank holidays, high summer or Christmas weeks.
fn teaching_days(first: &str, last: &str, holidays: &BankHolidays) -> Vec<NaiveDate> {
    let is_break = |day: NaiveDate| {
        let (month, date) = (day.month(), day.day());
        month == 8 || (month == 12 && date > 18) || (month == 1 && date < 5)
    };
    day(first)
        .iter_days()
        .take_while(|date| *date <= day(last))
        .filter(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
        .filter(|date| holidays.is_working_day(*date).unwrap_or(false) && !is_break(*date))
        .collect()
}

fn start_time(plan: &CoursePlan, dice: &mut Dice) -> NaiveTime {
    let starts: &[(u32, u32)] = match plan.minutes {
        ..=90 => &[(12, 0), (12, 30), (16, 0), (18, 30)],
        91..=180 => &[(9, 30), (10, 0), (13, 0), (13, 30)],
        _ => &[(9, 15), (9, 30)],
    };
    let (hour, minute) = *dice.pick(starts);
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
}

fn build(
    plans: Vec<(NaiveDate, NaiveTime, Phase, CourseId, &'static CoursePlan)>,
    crowd: &Crowd,
    dice: &mut Dice,
) -> Vec<DemoSession> {
    let mut busy: HashSet<(PersonId, NaiveDate)> = HashSet::new();
    let mut next_date = 0;
    let mut list = Vec::with_capacity(plans.len());
    for ((date, time, phase, course, plan), id) in plans.into_iter().zip(1..) {
        let mode = if date < day("2020-03-24") { Mode::Venue } else { Mode::Online };
        let mut dates = Vec::new();
        for span in spans(plan, date, time, phase) {
            next_date += 1;
            dates.push((SessionDateId(next_date), span));
        }
        let capacity = if mode == Mode::Venue { plan.places.min(24) } else { plan.places };
        let trainers = trainers(phase, date, crowd, &mut busy, dice);
        list.push(DemoSession {
            id: SessionId(id),
            course,
            plan,
            phase,
            dates,
            mode,
            capacity,
            trainers,
            held: 0,
            waiting: 0,
            survey_salt: None,
        });
    }
    list
}

/// A long course is taught in two parts, a week apart.
fn spans(plan: &CoursePlan, date: NaiveDate, time: NaiveTime, phase: Phase) -> Vec<Span> {
    if phase == Phase::Prepared {
        return vec![prepared()];
    }
    let span = |date: NaiveDate, minutes: i32| {
        let starts = from_london(date.and_time(time));
        Span { starts, ends: starts + Duration::minutes(minutes.into()) }
    };
    if plan.minutes < LONG {
        return vec![span(date, plan.minutes)];
    }
    let a_week_on = date + Days::new(7);
    let second =
        if HOLIDAYS.iter().any(|(holiday, _)| day(holiday) == a_week_on) { date + Days::new(14) } else { a_week_on };
    vec![span(date, plan.minutes / 2), span(second, plan.minutes / 2)]
}

fn trainers(
    phase: Phase,
    date: NaiveDate,
    crowd: &Crowd,
    busy: &mut HashSet<(PersonId, NaiveDate)>,
    dice: &mut Dice,
) -> Vec<(PersonId, TrainerState)> {
    if phase == Phase::Prepared {
        return vec![(TRAINER, TrainerState::Accepted), (SECOND_TRAINER, TrainerState::Accepted)];
    }
    let reserved = date == prepared().starts.date_naive();
    let mut list: Vec<(PersonId, TrainerState)> = Vec::new();
    while list.len() < 2 {
        let trainer = *dice.pick(&crowd.trainers);
        let is_cast = trainer == TRAINER || trainer == SECOND_TRAINER;
        if (reserved && is_cast) || !busy.insert((trainer, date)) {
            continue;
        }
        let state = match phase {
            Phase::Upcoming if dice.per_mille(300) => TrainerState::Offered,
            _ => TrainerState::Accepted,
        };
        list.push((trainer, state));
    }
    if phase == Phase::Upcoming && dice.per_mille(200) && busy.insert((TRAINER, date)) {
        list.push((TRAINER, TrainerState::Offered));
    }
    list
}

/// Writes sessions, their dates and their trainers.
pub async fn sessions_insert_in_txn(list: &[DemoSession], db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut dice = Dice::for_part("session rows");
    insert_all(list.iter().map(|session| session_row(session, &mut dice)).collect(), db).await?;
    insert_all(list.iter().flat_map(date_rows).collect(), db).await?;
    insert_all(list.iter().flat_map(trainer_rows).collect(), db).await?;
    insert_all(list.iter().filter_map(kept_row).collect(), db).await
}

/// How many places are kept for the trust's staff: three on some sessions to come that have room.
fn kept_places(session: &DemoSession) -> i32 {
    let is_far = session.starts() > moment(START) + Duration::days(10);
    let has_room = is_far && session.waiting == 0 && session.capacity - session.held >= 8;
    if session.phase == Phase::Upcoming && has_room && session.id.0 % 4 == 0 { 3 } else { 0 }
}

fn kept_row(session: &DemoSession) -> Option<reserved_place::ActiveModel> {
    let places = kept_places(session);
    (places > 0).then(|| reserved_place::ActiveModel {
        session_id: Set(session.id),
        agency_id: Set(Some(TRUST)),
        sector: Set(None),
        places: Set(places),
        taken: Set(0),
        release_at: Set(start_of_day(london_day(session.starts() - Duration::days(7)))),
        released_at: Set(None),
        ..Default::default()
    })
}

fn session_row(from: &DemoSession, dice: &mut Dice) -> session::ActiveModel {
    let online = from.mode == Mode::Online;
    let called_off = (from.phase == Phase::CalledOff).then(|| moment(CALLED_OFF_AT));
    let instructions = if online {
        "Join five minutes early to test your sound. Keep your camera on if you can, and find a place where nobody can listen."
    } else {
        "Tea and coffee from 15 minutes before the start. Bring your own lunch."
    };
    session::ActiveModel {
        id: Set(from.id),
        course_id: Set(from.course),
        status: Set(if called_off.is_some() { SessionStatus::Cancelled } else { SessionStatus::Published }),
        mode: Set(from.mode),
        venue_id: Set((!online).then(|| VenueId(dice.between(1, 5)))),
        online_link: Set(online.then(|| format!("https://meet.larkshire.example/{}", dice.reference(10)))),
        joining_instructions: Set(instructions.to_owned()),
        capacity: Set(from.capacity),
        held: Set(from.held),
        reserved: Set(kept_places(from)),
        waiting: Set(from.waiting),
        minimum: Set(Some((from.capacity / 4).max(4))),
        go_no_go_at: Set(Some(from.starts() - Duration::days(7))),
        booking_opens_at: Set(from.opens()),
        booking_closes_at: Set(from.closes()),
        starts_at: Set(from.starts()),
        ends_at: Set(from.ends()),
        needs_approval: Set(false),
        cancelled_at: Set(called_off),
        cancelled_reason: Set(called_off.map(|_| CALLED_OFF_BECAUSE.to_owned())),
        moved_at: Set(None),
        survey_salt: Set(from.survey_salt.clone()),
        after_code: Set(None),
        version: Set(1),
        request_id: Set(None),
        created_at: Set(from.opens() - Duration::days(20)),
    }
}

/// When the office called off what could not take place in the first lockdown.
pub const CALLED_OFF_AT: &str = "2020-03-16T17:30:00Z";
/// What it told everybody.
pub const CALLED_OFF_BECAUSE: &str = "All training in rooms stops because of the pandemic";
/// How long after the end of a date its register was submitted.
pub const SUBMITTED_AFTER: i64 = 35;

fn date_rows(from: &DemoSession) -> Vec<session_date::ActiveModel> {
    let in_hand = matches!(from.phase, Phase::Earlier | Phase::Delivered);
    let start = moment(crate::demo::rules::clock::START);
    let rows = from.dates.iter().zip(1..).map(|((id, span), position)| {
        let submitted = in_hand.then(|| span.ends + Duration::minutes(SUBMITTED_AFTER));
        let locked = submitted.map(|at| at + Duration::days(7)).filter(|at| *at <= start);
        session_date::ActiveModel {
            id: Set(*id),
            session_id: Set(from.id),
            position: Set(position),
            starts_at: Set(span.starts),
            ends_at: Set(span.ends),
            submitted_at: Set(submitted),
            submitted_by: Set(submitted.map(|_| from.trainer())),
            locked_at: Set(locked),
        }
    });
    rows.collect()
}

fn trainer_rows(from: &DemoSession) -> Vec<session_trainer::ActiveModel> {
    let asked = from.opens() - Duration::days(18);
    let rows = from.trainers.iter().map(|(person, state)| session_trainer::ActiveModel {
        session_id: Set(from.id),
        person_id: Set(*person),
        state: Set(*state),
        asked_at: Set(asked),
        answered_at: Set((*state != TrainerState::Offered).then(|| asked + Duration::days(2))),
        ..Default::default()
    });
    rows.collect()
}
