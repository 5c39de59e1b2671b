//! Every table, parents before children: the one list for whatever goes through a whole database. A test compares it
//! with the tables that the migrations make.

use crate::entity::*;
use sea_orm::{ActiveModelTrait, EntityName, EntityTrait, IntoActiveModel};

/// Something that is done with each table in turn.
pub trait EachTable {
    /// Why it stops.
    type Error;

    /// Does it with one table.
    fn table<E>(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send
    where
        E: EntityTrait<ActiveModel: ActiveModelTrait + Send>,
        E::Model: IntoActiveModel<E::ActiveModel>;
}

macro_rules! every_table {
    ($($entity:ident),+ $(,)?) => {
        /// Goes through all tables; a row's parents were in an earlier table, or earlier in the same one.
        pub async fn each_table<V: EachTable>(visitor: &mut V) -> Result<(), V::Error> {
            $(visitor.table::<$entity::Entity>().await?;)+
            Ok(())
        }

        /// The tables' names, in the same order.
        pub fn table_names() -> Vec<&'static str> {
            vec![$($entity::Entity.table_name()),+]
        }
    };
}

every_table![
    agency,
    person,
    address,
    former_detail,
    role,
    login_code,
    login,
    attempt,
    membership,
    setting,
    bank_holiday,
    audit,
    outbox,
    mail_wording,
    job_lease,
    demo_board,
    demo_mail,
    learning_point,
    instrument,
    item,
    item_learning_point,
    course,
    course_outcome,
    course_audience,
    course_prerequisite,
    course_learning_point,
    completion,
    declared_training,
    venue,
    policy,
    policy_version,
    policy_suspension,
    session,
    session_date,
    session_trainer,
    reserved_place,
    booking,
    mark,
    mark_history,
    charge,
    participation,
    response,
    answer,
    session_cell,
    course_cell,
    course_session_sum,
    released_pair,
    composite_cell,
    composite_session_sum,
    alpha_sum,
    part_cell,
    comparison_cell,
    comparison_session_sum,
    imported_session,
];
