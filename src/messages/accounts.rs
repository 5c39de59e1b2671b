//! Mails about people's accounts.

use super::{letter::one_line, store::Mail};
use crate::{
    accounts::rules::{CODE_MINUTES, PersonId},
    settings::rules::Board,
};

/// The single-use code. The same for people that we know and people that we do not.
pub fn sign_in_code(to: &str, code: &str, board: &Board) -> Mail {
    Mail {
        to: to.to_owned(),
        kind: "sign_in_code",
        subject: format!("Your code for {}", board.service_name),
        body: format!(
            "Your code is {code}\n\n\
             Type it on the page where you asked for it. It works once, within {CODE_MINUTES} minutes.\n\n\
             If you did not ask for a code, you need not do anything: without this code nobody can sign in as you. \
             Do not give the code to anybody; we never ask for it.\n\n{}",
            signature(board)
        ),
        // Nobody needs an old code: the outbox forgets the text once it is sent.
        has_personal_link: true,
        ..Default::default()
    }
}

/// Tells the other addresses of somebody that one was added, in case it was not them.
pub fn address_added(to: &str, board: &Board) -> Mail {
    Mail {
        to: to.to_owned(),
        kind: "address_added",
        subject: format!("An email address was added to your {} account", board.service_name),
        body: format!(
            "Another email address was added to your account and can now be used to sign in.\n\n\
             If this was not you, sign in, remove the address under “Your account”, sign out all other devices, and \
             tell us.\n\n{}",
            signature(board)
        ),
        ..Default::default()
    }
}

/// Tells the office that somebody's agency is not in the list.
pub fn agency_missing(to: &str, person: &str, agency: &str, board: &Board) -> Mail {
    Mail {
        to: to.to_owned(),
        kind: "agency_missing",
        subject: "An agency is missing from the list".to_owned(),
        body: format!(
            "{person} could not find their agency in the list. They typed: {agency}\n\n\
             If the agency is there under another name, or once you have added it, add the membership on the \
             person's page in the office.\n\n{}",
            signature(board)
        ),
        ..Default::default()
    }
}

/// Tells somebody that training which they declared was checked; `reason` says why it could not be confirmed.
pub fn training_checked(person: PersonId, to: &str, title: &str, reason: Option<&str>, board: &Board) -> Mail {
    let (subject, sentence) = match reason {
        None => {
            ("Your training elsewhere is confirmed", "is confirmed. It counts where a course asks for it.".to_owned())
        }
        Some(reason) => (
            "Your training elsewhere could not be confirmed",
            format!("could not be confirmed, so it does not count. The reason: {}", one_line(reason)),
        ),
    };
    Mail {
        person: Some(person),
        to: to.to_owned(),
        kind: "training_checked",
        subject: subject.to_owned(),
        body: format!("The training “{}” that you declared {sentence}\n\n{}", one_line(title), signature(board)),
        ..Default::default()
    }
}

fn signature(board: &Board) -> String {
    match &board.contact {
        Some(contact) => format!("{}\n{contact}\n", board.name),
        None => format!("{}\n", board.name),
    }
}
