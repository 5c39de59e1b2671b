//! Registers in the database.

mod candidates;
mod comes_for;
mod marks;
mod register;
mod submit;
mod walk_ins;

pub use candidates::{Candidate, candidates_find};
pub use comes_for::ComesFor;
pub use marks::{MarkWrite, Marker, mark_save_in_txn};
pub use register::{Register, RegisterPerson, register_load, session_people};
pub use submit::{Submission, register_lock_in_txn, register_submit_in_txn, session_settle_in_txn};
pub use walk_ins::{NewWalkIn, WalkInRefused, WalkedIn, Wish, walk_in_add_in_txn, walk_in_marker, walk_in_new_in_txn};

use crate::{
    accounts::rules::Role,
    attendance::rules::MarkRefused,
    entity::session_date,
    sessions::{rules::SessionDateId, store::is_accepted_trainer},
    web::viewer::CurrentPerson,
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// Why a register was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// No such register, or no such booking on it.
    #[error("this person is not on the register")]
    NotFound,
    /// The rules refuse; the sentence is for the trainer.
    #[error(transparent)]
    Refused(#[from] MarkRefused),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Who may mark a date's register: administrators, and trainers who accepted its session. None for everybody else, and
/// for a date that does not exist.
pub async fn marker_for(
    date: SessionDateId,
    person: &CurrentPerson,
    db: &impl ConnectionTrait,
) -> Result<Option<Marker>, DbErr> {
    let Some(row) = session_date::Entity::find_by_id(date).one(db).await? else { return Ok(None) };
    let is_office = person.has_role(Role::Administrator);
    if !is_office && !is_accepted_trainer(row.session_id, person.id, db).await? {
        return Ok(None);
    }
    Ok(Some(Marker { by: person.id, is_office }))
}
