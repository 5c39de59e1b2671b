//! Mails about people's accounts and records.

use super::{
    letter::Letter,
    store::Mail,
    wording::{ADDRESS_ADDED, AGENCY_MISSING, SIGN_IN_CODE, TRAINING_CONFIRMED, TRAINING_NOT_CONFIRMED, Values},
};
use crate::{
    accounts::rules::{CODE_MINUTES, PersonId},
    settings::rules::Board,
};

/// The single-use code. The same for people that we know and people that we do not.
pub fn sign_in_code(to: &str, code: &str, board: &Board) -> Mail {
    let subject = format!("Your code for {}", board.service_name);
    let body = format!(
        "Your code is {code}\n\n\
         Type it on the page where you asked for it. It works once, within {CODE_MINUTES} minutes.\n\n\
         If you did not ask for a code, you need not do anything: without this code nobody can sign in as you. \
         Do not give the code to anybody; we never ask for it.\n\n{}\n",
        signature(board)
    );
    // Nobody needs an old code: the outbox forgets the text once it is sent.
    Mail { has_personal_link: true, ..Mail::fixed(&SIGN_IN_CODE, to, subject, body) }
}

/// Tells the other addresses of somebody that one was added, in case it was not them.
pub fn address_added(to: &str, board: &Board) -> Mail {
    let subject = format!("An email address was added to your {} account", board.service_name);
    let body = format!(
        "Another email address was added to your account and can now be used to sign in.\n\n\
         If this was not you, sign in, remove the address under “Your account”, sign out all other devices, and \
         tell us.\n\n{}\n",
        signature(board)
    );
    Mail::fixed(&ADDRESS_ADDED, to, subject, body)
}

/// Tells the office that somebody's agency is not in the list.
pub fn agency_missing(to: &str, person: &str, agency: &str, board: &Board) -> Mail {
    let values = signed(board).words("learner", person).words("agency", agency);
    Mail::worded(&AGENCY_MISSING, None, to, values)
}

/// Tells somebody that training which they declared was checked; `reason` says why it could not be confirmed.
pub fn training_checked(person: PersonId, to: &str, title: &str, reason: Option<&str>, board: &Board) -> Mail {
    let values = signed(board).words("training", title);
    match reason {
        None => Mail::worded(&TRAINING_CONFIRMED, Some(person), to, values),
        Some(reason) => Mail::worded(&TRAINING_NOT_CONFIRMED, Some(person), to, values.words("reason", reason)),
    }
}

fn signed(board: &Board) -> Values {
    Values::default().block("signature", Letter::default().paragraph(signature(board)))
}

fn signature(board: &Board) -> String {
    match &board.contact {
        Some(contact) => format!("{}\n{contact}", board.name),
        None => board.name.clone(),
    }
}
