//! What every request can reach.

use super::{clock::Clock, config::Config, database::Database, secrets::Secrets};
use crate::{settings::board::BoardLines, web::assets::Assets};
use std::sync::Arc;
use tokio::sync::Notify;

/// The running application; cloning it is cheap.
#[derive(Clone)]
pub struct App {
    /// The board's database.
    pub db: Database,
    /// The one clock.
    pub clock: Clock,
    /// What the command line, the environment and the settings file said.
    pub config: Arc<Config>,
    /// Keys outside the database.
    pub secrets: Secrets,
    /// Styles, icons and island scripts under hashed names.
    pub assets: Arc<Assets>,
    /// Wakes the mail worker after something was put into the outbox.
    pub outbox_bell: Arc<Notify>,
    /// The board's name and contact, for the frame of every page.
    pub board: BoardLines,
    /// The one-time code of the first-run page, while the board is empty.
    pub first_run_code: Arc<str>,
}

impl App {
    /// Puts an application together.
    pub fn new(db: Database, clock: Clock, config: Config, secrets: Secrets, first_run_code: &str) -> Self {
        Self {
            db,
            clock,
            config: Arc::new(config),
            secrets,
            assets: Arc::new(Assets::load()),
            outbox_bell: Arc::default(),
            board: BoardLines::default(),
            first_run_code: first_run_code.into(),
        }
    }
}
