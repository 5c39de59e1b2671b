//! Answers before and after, completions of recordings and e-learning.

use super::{
    bookings::{Bookings, DemoBooking},
    courses::{STATEMENTS, item_id, looking_back_id, looks_back, numbered, question_id, questions},
    insert::insert_all,
    people::Crowd,
    sessions::{DemoSession, Phase},
};
use crate::{
    bookings::rules::{BookingState, Outcome},
    calendar::rules::london_day,
    courses::rules::CourseId,
    demo::rules::{
        cast::ABSENT_COLLEAGUE,
        catalogue::Shape,
        clock::{START, moment},
        dice::Dice,
    },
    entity::{answer, completion, participation, response},
    server::secrets::Secrets,
    surveys::{
        links::pairing_key,
        rules::{
            InstrumentId, ItemId, Wave,
            waves::{FOLLOW_UP_DAY, SessionTimes},
        },
    },
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

/// In a thousand who have a place: how many finish the questions before.
const BEFORE: u32 = 740;
/// In a thousand who attended: how many finish the questions after.
const AFTER: u32 = 700;
/// In a thousand who answered both: how many answer again three months later.
const AGAIN: u32 = 380;
/// In a thousand of them: how many managers answer.
const MANAGERS: u32 = 160;
/// Bytes of a session's salt.
const SALT: usize = 32;

/// Everything that was answered.
#[derive(Default)]
pub struct Answers {
    responses: Vec<response::ActiveModel>,
    answers: Vec<answer::ActiveModel>,
    participations: Vec<participation::ActiveModel>,
}

/// Confidence before on the scale of 1 to 5, its spread, and the mean gain.
fn profile(shape: Shape) -> (f64, f64, f64) {
    match shape {
        Shape::Rise => (3.45, 0.75, 0.75),
        Shape::Steep => (2.85, 0.80, 1.20),
        Shape::Fall => (3.80, 0.70, -0.45),
        Shape::Ceiling => (4.80, 0.30, 0.06),
        Shape::TooSmall | Shape::Nothing => (3.30, 0.70, 0.80),
    }
}

/// Makes the answers of all sessions, and gives a salt to the sessions whose last wave is still open.
pub fn answers(crowd: &Crowd, sessions: &mut [DemoSession], bookings: &Bookings, secrets: &Secrets) -> Answers {
    let mut maker = Maker {
        dice: Dice::for_part("answers"),
        further: Dice::for_part("further answers"),
        crowd,
        secrets,
        start: moment(START),
        made: Answers::default(),
    };
    for session in sessions.iter_mut().filter(|session| session.phase != Phase::CalledOff) {
        maker.session(session, &bookings.list[bookings.of_session[&session.id].clone()]);
    }
    maker.made
}

struct Maker<'a> {
    dice: Dice,
    /// For what is asked beside the statements, so that those stay as they are.
    further: Dice,
    crowd: &'a Crowd,
    secrets: &'a Secrets,
    start: DateTime<Utc>,
    made: Answers,
}

impl Maker<'_> {
    fn session(&mut self, session: &mut DemoSession, bookings: &[DemoBooking]) {
        let times = SessionTimes { starts_at: session.starts(), ends_at: session.ends() };
        let is_open = times.last_wave_closes() > self.start;
        if is_open {
            session.survey_salt = Some((0..SALT).map(|_| self.dice.bits() as u8).collect());
        }
        // People in one session share a trainer and a room.
        let room = self.dice.bell() * 0.12;
        let in_hand = matches!(session.phase, Phase::Earlier | Phase::Delivered);
        for (place, booking) in bookings.iter().filter(|row| row.state == BookingState::Booked).enumerate() {
            let key = match &session.survey_salt {
                Some(salt) => pairing_key(&booking.reference, salt, self.secrets),
                None => self.dice.hex(64),
            };
            let (before, after) = self.who_answers(session, booking, place, in_hand);
            let (mean, spread, gain) = profile(session.plan.shape);
            let own = mean + self.dice.bell() * spread;
            let own_gain = gain + room + self.dice.bell() * 0.45;
            let since = booking.booked.unwrap_or(booking.created);
            for (wave, answers, level) in [(Wave::Before, before, own), (Wave::After, after, own + own_gain)] {
                if answers {
                    let day = match wave {
                        Wave::Before => since + Duration::days(self.dice.between(0, 3)),
                        _ => session.ends() + Duration::days(self.dice.between(0, 6)),
                    };
                    self.answer(session, booking, wave, &key, day.min(self.start), level);
                }
                let asked = times.times_asked_by(wave, since, self.start);
                if answers {
                    self.beside(session, wave, &key, level);
                }
                if answers || (is_open && asked > 0) {
                    self.made.participations.push(participation::ActiveModel {
                        booking_id: Set(booking.id),
                        wave: Set(wave),
                        finished: Set(answers),
                        asked: Set(if answers { 0 } else { asked }),
                        link_edition: Set(0),
                    });
                }
            }
            if before && after && times.follow_up_closes() <= self.start {
                self.three_months_later(session, booking, &key, own, own + own_gain);
            }
        }
    }

    /// Whether somebody finished the questions before, and those after.
    fn who_answers(
        &mut self,
        session: &DemoSession,
        booking: &DemoBooking,
        place: usize,
        in_hand: bool,
    ) -> (bool, bool) {
        let attended = booking.outcome == Some(Outcome::Attended);
        let (before, after) = (self.dice.per_mille(BEFORE), self.dice.per_mille(AFTER));
        match (session.phase, session.plan.shape) {
            (Phase::Prepared, _) => (booking.person != ABSENT_COLLEAGUE, false),
            (_, Shape::TooSmall) => (in_hand && place < 3, attended && place < 3),
            _ => (before, in_hand && attended && after),
        }
    }

    /// Questions with a right answer, and the look back.
    fn beside(&mut self, session: &DemoSession, wave: Wave, key: &str, level: f64) {
        let slug = session.plan.slug;
        // Before and after; one course raises confidence and not knowledge.
        let right = match (slug, wave) {
            ("child-exploitation", Wave::Before) => 660,
            ("child-exploitation", _) => 650,
            ("neglect-in-practice", Wave::Before) => 610,
            ("neglect-in-practice", _) => 820,
            (_, Wave::Before) => 540,
            _ => 780,
        };
        for ((_, answer), place) in questions(slug).iter().zip(0..) {
            let is_right = self.further.per_mille(right);
            let value = if is_right { *answer } else { 1 - answer };
            self.rate(key, wave, question_id(session.course, place), value);
        }
        if wave == Wave::After && looks_back(slug) {
            // After a course people see that they knew less before than they had thought.
            let value = (level - 1.15 + self.further.bell() * 0.5).round().clamp(1.0, 5.0) as i32;
            self.rate(key, wave, looking_back_id(session.course), value);
        }
    }

    /// Three months later: some answer again, and some of their managers do.
    fn three_months_later(&mut self, session: &DemoSession, booking: &DemoBooking, key: &str, before: f64, after: f64) {
        let day = (session.ends() + Duration::days(FOLLOW_UP_DAY as i64 + self.further.between(0, 18))).min(self.start);
        let level = before + (after - before) * 0.75;
        for (wave, chance) in [(Wave::FollowUp, AGAIN), (Wave::Manager, MANAGERS)] {
            if !self.further.per_mille(chance) {
                continue;
            }
            self.made.responses.push(response::ActiveModel {
                pairing_key: Set(key.to_owned()),
                wave: Set(wave),
                session_id: Set(session.id),
                instrument_id: Set(InstrumentId(session.course.0)),
                agency_type: Set(self.crowd.person(booking.person).agency_kind),
                day: Set(london_day(day)),
                finished: Set(true),
                at_the_door: Set(false),
                attended: Set(Some(true)),
            });
            self.made.participations.push(participation::ActiveModel {
                booking_id: Set(booking.id),
                wave: Set(wave),
                finished: Set(true),
                asked: Set(0),
                link_edition: Set(0),
            });
            let statements = if wave == Wave::Manager { 1 } else { STATEMENTS };
            for position in 0..statements {
                let value = (level + self.further.bell() * 0.45).round().clamp(1.0, 5.0) as i32;
                self.rate(key, wave, item_id(session.course, position), value);
            }
            if wave == Wave::FollowUp {
                self.beside(session, wave, key, level);
            }
        }
    }

    fn rate(&mut self, key: &str, wave: Wave, item: ItemId, value: i32) {
        self.made.answers.push(answer::ActiveModel {
            pairing_key: Set(key.to_owned()),
            wave: Set(wave),
            item_id: Set(item),
            value: Set(value),
            session_released: Set(false),
            course_released: Set(false),
        });
    }

    fn answer(
        &mut self,
        session: &DemoSession,
        booking: &DemoBooking,
        wave: Wave,
        key: &str,
        at: DateTime<Utc>,
        level: f64,
    ) {
        self.made.responses.push(response::ActiveModel {
            pairing_key: Set(key.to_owned()),
            wave: Set(wave),
            session_id: Set(session.id),
            instrument_id: Set(InstrumentId(session.course.0)),
            agency_type: Set(self.crowd.person(booking.person).agency_kind),
            day: Set(london_day(at)),
            finished: Set(true),
            at_the_door: Set(wave == Wave::Before && self.dice.per_mille(40) && session.is_past()),
            attended: Set(booking.outcome.map(|outcome| outcome == Outcome::Attended)),
        });
        for position in 0..STATEMENTS {
            // Some statements are harder to agree with than others.
            let harder = [0.0, 0.15, -0.05, -0.25, -0.10][position as usize % 5];
            let value = (level + harder + self.dice.bell() * 0.35).round().clamp(1.0, 5.0) as i32;
            self.rate(key, wave, item_id(session.course, position), value);
        }
    }
}

/// Writes what was answered.
pub async fn answers_insert_in_txn(made: Answers, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    insert_all(made.responses, db).await?;
    insert_all(made.answers, db).await?;
    insert_all(made.participations, db).await
}

/// Writes who took recordings and e-learning in the two years.
pub async fn completions_insert_in_txn(crowd: &Crowd, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut dice = Dice::for_part("completions");
    let mut rows = Vec::new();
    let mut next = crowd.online.start;
    for (course, plan) in numbered().filter(|(_, plan)| plan.completions > 0) {
        for index in 0..plan.completions {
            // Most are people who come to nothing else; some also come to live sessions.
            let person = if next < crowd.online.end && dice.per_mille(920) {
                next += 1;
                next - 1
            } else {
                crowd.live.start + dice.below(crowd.live.len())
            };
            rows.push(completion_row(
                course,
                plan.minutes,
                person,
                crowd,
                "2020-04-06",
                345,
                index % 25 != 0,
                &mut dice,
            ));
        }
        for _ in 0..plan.completions / 9 {
            let person = crowd.earlier.start + dice.below(crowd.earlier.len());
            rows.push(completion_row(course, plan.minutes, person, crowd, "2019-05-01", 300, true, &mut dice));
        }
    }
    insert_all(rows, db).await
}

#[expect(clippy::too_many_arguments, reason = "one row of the plan")]
fn completion_row(
    course: CourseId,
    minutes: i32,
    person: usize,
    crowd: &Crowd,
    from: &str,
    days: i64,
    completed: bool,
    dice: &mut Dice,
) -> completion::ActiveModel {
    let first = moment(&format!("{from}T08:00:00Z"));
    let started = first + Duration::days(dice.between(0, days)) + Duration::minutes(dice.between(0, 700));
    let ended = started + Duration::minutes(i64::from(minutes) + dice.between(2, 90));
    completion::ActiveModel {
        course_id: Set(course),
        person_id: Set(crowd.people[person].id),
        agency_id: Set(crowd.people[person].agency),
        started_at: Set(started),
        completed_at: Set(completed.then_some(ended)),
        ..Default::default()
    }
}
