//! A list of staff: what each line would lead to, and booking it line by line.

use super::*;
use crate::{
    agencies::rules::AgencyId,
    bookings::rules::{Applicant, CellProblem, Colleague, Decision, Kept, ListRow, Refusal, Seats, decide_request},
    entity::{booking, session},
    server::secrets::sha256,
    sessions::rules::SessionId,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// What a line leads to, or why to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineVerdict {
    /// A place, a request or the waiting list.
    Would(Decision),
    /// The session is full, and nobody said that they wait.
    Full,
    /// Refused; the sentence is about them.
    Refused(String),
    /// The line itself is wrong.
    Wrong(CellProblem),
}

impl LineVerdict {
    /// Whether sending the list would book something for this line.
    pub fn leads_somewhere(&self) -> bool {
        matches!(self, Self::Would(_))
    }
}

/// For whom a training lead books.
#[derive(Clone, Debug)]
pub struct StaffRequest {
    /// The form's hidden id.
    pub request_id: String,
    /// Where.
    pub session: SessionId,
    /// For which agency.
    pub agency: AgencyId,
    /// Who books.
    pub lead: PersonId,
    /// Whether they wait if the session is full.
    pub may_wait: bool,
}

/// What each line of a list would lead to if all were booked now, one after the other. Nothing is changed, and the
/// number of queries does not depend on the number of lines.
pub async fn staff_list_preview(
    rows: &[ListRow],
    request: &StaffRequest,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<LineVerdict>, DbErr> {
    let Some(session) = session::Entity::find_by_id(request.session).one(db).await? else { return Ok(Vec::new()) };
    let facts = match session_facts(&session, Some(request.agency), now, db).await? {
        Ok(facts) => facts,
        Err(refusal) => {
            let refused = |_: &Colleague| LineVerdict::Refused(refusal.about_them());
            return Ok(rows.iter().map(|row| verdict_of(row, refused)).collect());
        }
    };
    let known = KnownLines::load(rows, &session, request, &facts, now, db).await?;
    let mut taken = Taken::default();
    let mut verdict = |colleague: &Colleague| known.verdict(colleague, request, &facts, &mut taken, now);
    Ok(rows.iter().map(|row| verdict_of(row, &mut verdict)).collect())
}

fn verdict_of(row: &ListRow, mut verdict: impl FnMut(&Colleague) -> LineVerdict) -> LineVerdict {
    match &row.colleague {
        Err(problem) => LineVerdict::Wrong(problem.clone()),
        Ok(colleague) => verdict(colleague),
    }
}

/// What the lines before would have taken.
#[derive(Default)]
struct Taken {
    held: i32,
    waiting: i32,
    kept: i32,
}

/// What is known of everybody in a list.
struct KnownLines {
    people: HashMap<String, PersonId>,
    applicants: HashMap<PersonId, Applicant>,
    /// Live bookings that this very list has made, by their request's id.
    earlier: HashMap<String, String>,
}

impl KnownLines {
    async fn load(
        rows: &[ListRow],
        session: &session::Model,
        request: &StaffRequest,
        facts: &SessionFacts,
        now: DateTime<Utc>,
        db: &impl ConnectionTrait,
    ) -> Result<Self, DbErr> {
        let colleagues: Vec<&Colleague> = rows.iter().filter_map(|row| row.colleague.as_ref().ok()).collect();
        let addresses: Vec<&str> = colleagues.iter().map(|colleague| colleague.address.as_str()).collect();
        let people = people_by_address(&addresses, db).await?;
        let ids = colleagues.iter().map(|colleague| line_request_id(&request.request_id, colleague));
        let earlier = booking::Entity::find().filter(booking::Column::RequestId.is_in(ids)).all(db).await?;
        let earlier = earlier.into_iter().filter(|row| row.state.is_live());
        let applying = Applying {
            agency: None,
            instead_of: None,
            policy: &facts.policy.terms,
            has_prerequisites: !facts.terms.prerequisites.is_empty(),
        };
        let ids: Vec<PersonId> = people.values().copied().collect();
        Ok(Self {
            applicants: applicant_list(session, &ids, applying, now, db).await?,
            people,
            earlier: earlier.map(|row| (row.request_id, row.reference)).collect(),
        })
    }

    fn verdict(
        &self,
        colleague: &Colleague,
        request: &StaffRequest,
        facts: &SessionFacts,
        taken: &mut Taken,
        now: DateTime<Utc>,
    ) -> LineVerdict {
        if let Some(reference) = self.earlier.get(&line_request_id(&request.request_id, colleague)) {
            return LineVerdict::Refused(format!("Already booked by this list: {reference}"));
        }
        // Whoever is not known yet has no bookings.
        let person = self.people.get(&colleague.address);
        let applicant = person.and_then(|person| self.applicants.get(person)).cloned().unwrap_or_default();
        let seats = Seats {
            held: facts.seats.held + taken.held,
            waiting: facts.seats.waiting + taken.waiting,
            reserved: facts.seats.reserved - taken.kept,
            kept: Kept { free: facts.seats.kept.free - taken.kept, ..facts.seats.kept },
            ..facts.seats
        };
        match decide_request(&seats, &facts.terms, &applicant, now) {
            Ok(Decision::Wait { .. }) if !request.may_wait => LineVerdict::Full,
            Ok(decision) => {
                match decision {
                    Decision::Wait { .. } => taken.waiting += 1,
                    Decision::Book { .. } | Decision::Approve { .. } => {
                        taken.kept += i32::from(seats.has_kept(facts.terms.starts, now));
                        taken.held += 1;
                    }
                }
                LineVerdict::Would(decision)
            }
            Err(refusal) => LineVerdict::Refused(refusal.about_them()),
        }
    }
}

/// Each line has its own request id, made from the form's and the address, so that the list can be sent again.
fn line_request_id(form: &str, colleague: &Colleague) -> String {
    sha256(&format!("{form} {}", colleague.address))
}

/// Books one line of a list, if the session is still as the list's page showed it (`sent`). Who is refused is not taken
/// on either: the caller drops the transaction then.
pub async fn staff_line_book_in_txn(
    colleague: &Colleague,
    request: &StaffRequest,
    sent: &[&str],
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<Placed, Refusal>, DbErr> {
    let id = line_request_id(&request.request_id, colleague);
    if let Err(refusal) = made_as_shown_in_txn((request.session, &id), sent, None, change.now, db).await? {
        return Ok(Err(refusal));
    }
    let found = staff_by_address_in_txn(request.agency, colleague, request.lead, change.now, db).await?;
    let Some(staff) = found else { return Ok(Err(Refusal::NotLive)) };
    let request = StaffRequest { request_id: id, ..request.clone() };
    staff_book_in_txn(&staff, &request, change, db).await
}

/// Books one of an agency's staff.
pub async fn staff_book_in_txn(
    staff: &Staff,
    request: &StaffRequest,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<Placed, Refusal>, DbErr> {
    let place = PlaceRequest {
        request_id: request.request_id.clone(),
        session: request.session,
        person: staff.person,
        agency: Some(request.agency),
        agency_confirmed: true,
        agency_given: None,
        job_role: staff.job_role.clone(),
        person_kind: staff.kind,
        access_needs: None,
        policy_accepted: false,
        may_wait: request.may_wait,
        substitute_for: None,
        booked_by_lead: Some(request.lead),
    };
    request_place_in_txn(place, change, db).await
}

/// Writes down that somebody accepted the cancellation rule of their booking themselves. Twice is once.
pub async fn policy_accept_in_txn(
    id: BookingId,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let Some((booking, _)) = booking_locked_in_txn(id, db).await? else { return Ok(Err(Refusal::NotLive)) };
    if booking.policy_accepted {
        return Ok(Ok(booking));
    }
    if !booking.state.is_live() {
        return Ok(Err(Refusal::NotLive));
    }
    let (state, changed_at) = (booking.state, booking.changed_at);
    let booking = booking_state_in_txn(booking, state, changed_at, |row| row.policy_accepted = true, db).await?;
    let sentence = "Accepted the cancellation rule themselves";
    change.write_down_in_txn(id, sentence, db).await?;
    Ok(Ok(booking))
}
