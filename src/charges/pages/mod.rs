//! The office's queue of charges and its policy; a learner's and a payer's own view.

mod charge;
mod own;
mod policy;
mod queue;

pub use charge::{charge_page, move_page, show_move};
pub use own::{agency_charge_page, agency_page, own_charge_page, own_page};
pub use policy::{new_suspension_page, new_version_page, policy_page, show_new_suspension, show_new_version};
pub use queue::{notify_page, queue_page};

use super::rules::{ChargeState, state_text};
use crate::web::components::*;

/// How many pages a list has.
fn pages_of(count: u64) -> u64 {
    count.div_ceil(super::store::CHARGES_PER_PAGE).max(1)
}

fn colour(state: ChargeState) -> Colour {
    match state {
        ChargeState::Proposed => Colour::Yellow,
        ChargeState::Notified | ChargeState::Disputed => Colour::Blue,
        ChargeState::Confirmed | ChargeState::Invoiced | ChargeState::Recharged | ChargeState::PartPaid => {
            Colour::Purple
        }
        ChargeState::Paid | ChargeState::Credited => Colour::Green,
        ChargeState::Waived | ChargeState::Void | ChargeState::Lapsed | ChargeState::WrittenOff => Colour::Grey,
    }
}

fn state_tag(state: ChargeState) -> leptos::prelude::AnyView {
    use leptos::prelude::*;
    view! { <Tag text=state_text(state) colour=colour(state)/> }.into_any()
}
