//! The board's lines in memory.

use super::{rules::Board, store};
use sea_orm::{ConnectionTrait, DbErr};
use std::sync::{Arc, PoisonError, RwLock};

/// The board's lines as last read; cloning it shares them.
#[derive(Clone, Default)]
pub struct BoardLines(Arc<RwLock<Arc<Board>>>);

impl BoardLines {
    /// What was last read.
    pub fn current(&self) -> Arc<Board> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads them again.
    pub async fn refresh(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let board = Arc::new(store::board_get(db).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = board;
        Ok(())
    }
}
