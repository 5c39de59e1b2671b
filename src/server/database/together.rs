//! Group commit on SQLite: transactions that wait for the one writer go one after the other into a common transaction,
//! each in a savepoint of its own, and share one write to the disk. Nobody is told "done" before that write is there.
//!
//! A group ends when nobody waits any more, when it is large enough, or when one of its members gave up: what SQLite
//! itself ended (at a full disk, say) must not be followed by a member that believes it open. It is written by a task
//! of its own, so that a browser that hangs up takes nobody's booking with it.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, oneshot},
};

/// Whoever writes alone waits for at most so many others, of about a millisecond each.
const MEMBERS_MOST: usize = 64;

/// Whose turn it is to write. The lock holds the group that is open.
#[derive(Clone, Default)]
pub(super) struct Turns {
    turn: Arc<Mutex<Option<Group>>>,
    waiting: Arc<AtomicUsize>,
}

/// A common transaction, and those who wait for it to be on the disk.
struct Group {
    whole: DatabaseTransaction,
    members: Vec<oneshot::Sender<Result<(), DbErr>>>,
}

/// A transaction that may write. Nothing of it stays unless it is committed.
pub struct Writing {
    // Dropped in this order: the savepoint is given back before the turn is.
    own: DatabaseTransaction,
    /// The turn in a group; None where transactions need no group.
    turn: Option<Turn>,
}

impl Turns {
    /// Waits for the turn, and joins the open group or opens one.
    #[expect(clippy::disallowed_methods, reason = "behind Database::write_beside_others, which is the door")]
    pub(super) async fn join(&self, writer: &DatabaseConnection) -> Result<Writing, DbErr> {
        let mut turn = self.wait().await;
        let group = turn.group.as_mut().ok_or_else(never_written)?;
        if group.is_none() {
            let immediate = TransactionOptions {
                isolation_level: None,
                access_mode: None,
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            };
            **group = Some(Group { whole: writer.begin_with_options(immediate).await?, members: Vec::new() });
        }
        let own = group.as_ref().ok_or_else(never_written)?.whole.begin().await?;
        Ok(Writing { own, turn: Some(turn) })
    }

    async fn wait(&self) -> Turn {
        let waiter = Waiter::of(self);
        let group = self.turn.clone().lock_owned().await;
        waiter.comes_in(group)
    }
}

/// Somebody who waits for the turn, and on whom the open group counts.
struct Waiter {
    turns: Turns,
    hangs_up: bool,
}

impl Waiter {
    fn of(turns: &Turns) -> Self {
        turns.waiting.fetch_add(1, Ordering::SeqCst);
        Self { turns: turns.clone(), hangs_up: true }
    }

    fn comes_in(mut self, group: OwnedMutexGuard<Option<Group>>) -> Turn {
        self.hangs_up = false;
        Turn { group: Some(group), waiting: self.turns.waiting.clone(), gives_up: true }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.turns.waiting.fetch_sub(1, Ordering::SeqCst);
        if let (true, Ok(tasks)) = (self.hangs_up, Handle::try_current()) {
            let turns = self.turns.clone();
            tasks.spawn(async move { turns.wait().await.gives_up = false });
        }
    }
}

/// The turn to write. Given up, it ends the group unless somebody waits who will join it.
struct Turn {
    group: Option<OwnedMutexGuard<Option<Group>>>,
    waiting: Arc<AtomicUsize>,
    gives_up: bool,
}

impl Turn {
    /// Whether the group that this turn wrote into has reached the disk.
    fn written(&mut self) -> oneshot::Receiver<Result<(), DbErr>> {
        let (tell, told) = oneshot::channel();
        if let Some(group) = self.group.as_mut().and_then(|group| group.as_mut()) {
            group.members.push(tell);
        }
        self.gives_up = false;
        told
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut group) = self.group.take() else { return };
        let Some(members) = group.as_ref().map(|group| group.members.len()) else { return };
        let goes_on = !self.gives_up && members < MEMBERS_MOST && self.waiting.load(Ordering::SeqCst) > 0;
        if goes_on {
            return;
        }
        match Handle::try_current() {
            Ok(tasks) => drop(tasks.spawn(write(group))),
            // The service is gone: nobody was told anything, and nothing stays.
            Err(_) => drop(group.take()),
        }
    }
}

/// Writes the group to the disk and tells its members. Only then is it the next one's turn.
async fn write(mut turn: OwnedMutexGuard<Option<Group>>) {
    let Some(group) = turn.take() else { return };
    let outcome = group.whole.commit().await;
    for member in group.members {
        let told = outcome.as_ref().copied().map_err(|error| DbErr::Custom(error.to_string()));
        // Whoever hung up needs no answer.
        drop(member.send(told));
    }
}

fn never_written() -> DbErr {
    DbErr::Custom("the common transaction ended before it was written".to_owned())
}

impl Writing {
    /// A transaction without a group.
    pub(super) fn alone(own: DatabaseTransaction) -> Self {
        Self { own, turn: None }
    }

    /// Makes it last. Returns once it is on the disk.
    pub async fn commit(self) -> Result<(), DbErr> {
        let Self { own, turn } = self;
        own.commit().await?;
        let Some(mut turn) = turn else { return Ok(()) };
        let written = turn.written();
        drop(turn);
        written.await.unwrap_or_else(|_| Err(never_written()))
    }
}

#[sea_orm::prelude::async_trait::async_trait]
impl ConnectionTrait for Writing {
    fn get_database_backend(&self) -> DbBackend {
        self.own.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.own.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.own.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.own.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.own.query_all_raw(statement).await
    }
}
