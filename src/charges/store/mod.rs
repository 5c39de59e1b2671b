//! Policies and charges in the database.

mod facts;
mod lists;
mod moves;
mod policies;
mod settle;

pub use lists::{
    CHARGES_PER_PAGE, ChargeDetails, ChargeFilter, ChargeLine, ChargeSort, charge_count_proposed, charge_counts,
    charge_details, charge_list, charge_list_of_agencies, charge_list_of_person, charge_list_to_notify,
    charge_of_agencies, charge_of_person,
};
pub use moves::{
    MoveError, Mover, charge_confirm_in_txn, charge_find_payer_in_txn, charge_notify_in_txn, charge_waive_in_txn,
    charges_lapse_in_txn,
};
pub use policies::*;
pub use settle::{Settled, charge_live_of, charge_propose_for_late_cancellation_in_txn, session_charges_settle_in_txn};
