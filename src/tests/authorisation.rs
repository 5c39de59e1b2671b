//! One table: every line of the route table × everybody who may come × one's own or another's object.
//!
//! An address without an object is decided by the line's access alone. An address with one is decided by `WHOSE`: for
//! everybody whose it is not, an object that exists looks as one that does not.

use crate::{board::TestBoard, browser::Browser};
use axum::http::Method;
use learning_gain::{
    accounts::rules::Role,
    web::{access::Access, routes::RouteLine},
};
use reqwest::StatusCode;

/// Whose the object in an address is, besides what the line's access says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Everybody's who gets past the line's access.
    Everybodys,
    /// Nobody's: a personal link that was forged.
    Nobodys,
    /// The learner's alone.
    Learners,
    /// The learner's, and the office may do it for them.
    LearnersAndOffices,
    /// The learner's agency's: its training lead's.
    Leads,
    /// The paying agency's: its billing contact's.
    Billings,
    /// The asked trainer's alone.
    Trainers,
    /// The accepted trainers', and the office's.
    TrainersAndOffices,
}

use Whose::*;

/// The longest beginning that fits a line counts. A line with an object that is not here fails the test.
const WHOSE: [(&str, Whose); 21] = [
    ("/account/addresses/{id}", Learners),
    ("/account/agencies/{id}", Learners),
    ("/account/training/{id}", Learners),
    ("/account/charges/{reference}", Learners),
    ("/courses/{slug}", Everybodys),
    ("/sessions/{id}", Everybodys),
    ("/bookings/link/{token}", Nobodys),
    ("/bookings/{reference}", LearnersAndOffices),
    ("/answers/{token}", Nobodys),
    ("/agency/staff/{id}", Leads),
    ("/agency/training/{id}", Leads),
    ("/agency/bookings/{reference}", Leads),
    ("/agency/sessions/{id}", Everybodys),
    ("/agency/charges/{reference}", Billings),
    ("/training/sessions/{id}", TrainersAndOffices),
    ("/training/sessions/{id}/answer", Trainers),
    ("/office/", Everybodys),
    ("/office/charges/{reference}", Everybodys),
    ("/board/courses/{slug}", Everybodys),
    ("/board/topics/{topic}", Everybodys),
    ("/demo/mailbox/{id}", Nobodys),
];

/// Everybody who may come. The first seven have nothing to do with the objects; the last four own them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Stranger,
    OtherLearner,
    OtherTrainer,
    OtherLead,
    OtherBilling,
    Board,
    Learner,
    Trainer,
    Lead,
    Billing,
    Office,
}

impl Who {
    const OTHERS: [Self; 6] =
        [Self::Stranger, Self::OtherLearner, Self::OtherTrainer, Self::OtherLead, Self::OtherBilling, Self::Board];
    const OWNERS: [Self; 4] = [Self::Learner, Self::Trainer, Self::Lead, Self::Billing];

    fn role(self) -> Option<Role> {
        match self {
            Self::Stranger | Self::OtherLearner | Self::Learner => None,
            Self::OtherTrainer | Self::Trainer => Some(Role::Trainer),
            Self::OtherLead | Self::Lead => Some(Role::TrainingLead),
            Self::OtherBilling | Self::Billing => Some(Role::BillingContact),
            Self::Board => Some(Role::Board),
            Self::Office => Some(Role::Administrator),
        }
    }

    fn owns(self, whose: Whose) -> bool {
        match whose {
            Everybodys => true,
            Nobodys => false,
            Learners => self == Self::Learner,
            LearnersAndOffices => matches!(self, Self::Learner | Self::Office),
            Leads => self == Self::Lead,
            Billings => self == Self::Billing,
            Trainers => self == Self::Trainer,
            TrainersAndOffices => matches!(self, Self::Trainer | Self::Office),
        }
    }
}

/// What becomes of somebody at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    SignInFirst,
    NotYourRole,
    NotThere,
    /// Whatever it is, it is about them: a page, a file, a refused form.
    LetIn,
}

use Answer::*;

fn expected(line: &RouteLine, who: Who) -> Answer {
    let is = |role: Role| who.role() == Some(role) || who == Who::Office;
    let passes = match line.access {
        Access::Public | Access::PersonalLink => true,
        // The board is set up, and no demonstration.
        Access::FirstRun | Access::Demo => return NotThere,
        Access::SignedIn => who != Who::Stranger,
        Access::Trainer => is(Role::Trainer),
        Access::Office => is(Role::Administrator),
        Access::Board => is(Role::Board),
        Access::TrainingLead => is(Role::TrainingLead),
        Access::BillingContact => is(Role::BillingContact),
    };
    match (passes, who) {
        (false, Who::Stranger) => SignInFirst,
        (false, _) => NotYourRole,
        // The office alone locks registers, on a page that their trainers have too.
        (true, Who::Trainer) if line.path.ends_with("/lock") => NotYourRole,
        // The office opens a lead's pages, but leads no agency for which these forms could book.
        (true, Who::Office) if line.method == Method::POST && is_booking_for_staff(line.path) => NotThere,
        (true, _) if !line.path.contains('{') || who.owns(whose(line.path)) => LetIn,
        (true, _) => NotThere,
    }
}

fn is_booking_for_staff(path: &str) -> bool {
    path.starts_with("/agency/sessions/") && (path.ends_with("/book") || path.ends_with("/list"))
}

fn whose(path: &str) -> Whose {
    let fitting = WHOSE.iter().filter(|(beginning, _)| path.starts_with(beginning));
    let longest = fitting.max_by_key(|(beginning, _)| beginning.len());
    longest.unwrap_or_else(|| panic!("{path} names an object: say in WHOSE whose it is")).1
}

async fn come(browser: &mut Browser, line: &RouteLine, address: &str) -> Result<Answer, StatusCode> {
    match line.method {
        Method::GET => browser.open(address).await,
        _ => browser.post(address, &[]).await,
    };
    let leads_to_sign_in = browser.path.starts_with("/sign-in") && !line.path.starts_with("/sign-in");
    match browser.status {
        status if status.is_server_error() => Err(status),
        StatusCode::FORBIDDEN => Ok(NotYourRole),
        StatusCode::NOT_FOUND => Ok(NotThere),
        _ if leads_to_sign_in => Ok(SignInFirst),
        _ => Ok(LetIn),
    }
}

#[tokio::test]
async fn every_line_lets_in_whom_it_names_and_shows_nobody_what_is_anothers() {
    let board = TestBoard::new().await;
    let mut browsers = vec![(Who::Stranger, board.stranger())];
    let away = board.owned(0).await;
    let (learner, trainer, lead, billing) = (away.owner, away.trainer, away.lead, away.billing);
    let others = [
        (Who::OtherLearner, learner),
        (Who::OtherTrainer, trainer),
        (Who::OtherLead, lead),
        (Who::OtherBilling, billing),
        (Who::Board, board.with_role("Bea Board", Role::Board).await.1),
    ];
    browsers.extend(others);
    assert!(browsers.iter().map(|(who, _)| *who).eq(Who::OTHERS));
    let mut office = board.office().await;

    let mut wrong = Vec::new();
    let lines: Vec<RouteLine> = board.lines.iter().filter(|line| line.path != "/sign-out").cloned().collect();
    assert!(lines.len() > 150, "{} lines", lines.len());
    for (line, number) in lines.iter().zip(1..) {
        // New objects for each line: whoever owns them may change them.
        let mut owned = match line.path.contains('{') {
            true => Some(board.owned(number).await),
            false => None,
        };
        let address = owned.as_ref().map_or(line.path.to_owned(), |owned| owned.address_of(line.path));
        let mut visitors: Vec<(Who, &mut Browser)> =
            browsers.iter_mut().map(|(who, browser)| (*who, browser)).collect();
        if let Some(owned) = &mut owned {
            let owners = [&mut owned.owner, &mut owned.trainer, &mut owned.lead, &mut owned.billing];
            visitors.extend(Who::OWNERS.into_iter().zip(owners));
        }
        visitors.push((Who::Office, &mut office));
        // Whoever is let in comes last, because the object may be gone afterwards.
        visitors.sort_by_key(|(who, _)| expected(line, *who) == LetIn);
        for (who, browser) in visitors {
            let (wanted, found) = (expected(line, who), come(browser, line, &address).await);
            // Whoever is not signed in may be led on to signing in by a page that everybody may open.
            let is_led_on = who == Who::Stranger && line.access == Access::Public && found == Ok(SignInFirst);
            if found != Ok(wanted) && !(is_led_on && wanted == LetIn) {
                wrong.push(format!("{} {} as {who:?}: {found:?} instead of {wanted:?}", line.method, line.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
