//! `learning-gain bounces [FILE…|-]`: reads reports about mail that came back, from files, folders or a mail server's
//! pipe, and stops the addresses to which mail will never get through.
//!
//! What is printed ends up in mail servers' logs, so it names no address. A message that says nothing about our mail is
//! done with: whoever hands it over again would hear the same. Only where the board itself cannot be reached is the
//! mail server told to try again later.

use super::{
    bounces::{MESSAGE_BYTES_MOST, read_report},
    store::{CameBack, mail_came_back_in_txn},
};
use crate::{
    accounts::store::administrator_count,
    server::{
        clock::Clock,
        database::{Database, DatabaseError},
    },
};
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What mail servers take as "try again later": EX_TEMPFAIL of sysexits.h.
const TRY_AGAIN: u8 = 75;
/// Where a folder keeps its messages, if it is a Maildir.
const MAILDIR: [&str; 2] = ["new", "cur"];

/// What `bounces` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct BouncesArgs {
    /// Messages, one to a file; folders of them, also Maildirs; "-" for one message on standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub sources: Vec<PathBuf>,
}

/// Why the mail server should try again.
#[derive(Debug, thiserror::Error)]
pub enum BouncesError {
    /// A file, a folder or standard input.
    #[error("{0} cannot be read: {1}")]
    Input(String, io::Error),
    /// The board's database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A query failed.
    #[error("the database failed: {0}")]
    Query(#[from] sea_orm::DbErr),
    /// It is somebody else's, or a new one.
    #[error("this database holds no board yet; name the board's with --database-url")]
    NoBoard,
}

/// Reads everything, says in a line each what was done with it, and returns what a mail server understands: 0, or 75
/// where it should try again.
pub async fn run(args: BouncesArgs, database_url: &str) -> ExitCode {
    match read_all(&args.sources, database_url, &mut |line| println!("{line}")).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("learning-gain: {error}; try again later");
            ExitCode::from(TRY_AGAIN)
        }
    }
}

/// Reads every message, each in a transaction of its own. What cannot be read does not keep the others from being read.
pub async fn read_all(
    sources: &[PathBuf],
    database_url: &str,
    say: &mut dyn FnMut(String),
) -> Result<(), BouncesError> {
    // A new file beside whatever folder a mail server runs programs in is not the board.
    let db = Database::open(&database_url.replace("mode=rwc", "mode=rw")).await?;
    if administrator_count(db.reader()).await? == 0 {
        return Err(BouncesError::NoBoard);
    }
    let clock = Clock::system();
    let mut unread = None;
    for source in sources {
        match files_of(source) {
            Ok(files) => {
                for file in files {
                    match message_in(&file) {
                        Ok(bytes) => say(format!("{}: {}", name_of(&file), judge(&bytes, &clock, &db).await?)),
                        Err(error) => unread = Some(BouncesError::Input(name_of(&file), error)),
                    }
                }
            }
            Err(error) => unread = Some(BouncesError::Input(name_of(source), error)),
        }
    }
    db.close().await?;
    unread.map_or(Ok(()), Err)
}

fn name_of(source: &Path) -> String {
    if source == Path::new("-") { "standard input".to_owned() } else { source.display().to_string() }
}

/// The messages of a source, in the order of their names, which in a Maildir is that of their coming.
fn files_of(source: &Path) -> io::Result<Vec<PathBuf>> {
    if source == Path::new("-") || !source.is_dir() {
        return Ok(vec![source.to_owned()]);
    }
    let is_maildir = MAILDIR.iter().all(|name| source.join(name).is_dir());
    let folders = if is_maildir { MAILDIR.map(|name| source.join(name)).to_vec() } else { vec![source.to_owned()] };
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            if entry.file_type()?.is_file() && !is_hidden {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A message, up to a byte more than is read. What comes after it on standard input is taken too, so that whoever writes
/// there does not find the pipe closed.
fn message_in(file: &Path) -> io::Result<Vec<u8>> {
    let most = MESSAGE_BYTES_MOST as u64 + 1;
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        let mut input = io::stdin().lock();
        input.by_ref().take(most).read_to_end(&mut bytes)?;
        io::copy(&mut input, &mut io::sink())?;
    } else {
        fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Does what a message asks for, or nothing, and says which.
async fn judge(bytes: &[u8], clock: &Clock, db: &Database) -> Result<String, BouncesError> {
    let report = match read_report(bytes) {
        Ok(report) => report,
        Err(why) => return Ok(format!("nothing was done: {why}")),
    };
    if report.never.is_empty() {
        let why = if report.for_now { "it tells of no failure for ever" } else { "it names no address" };
        return Ok(format!("nothing was done: {why}"));
    }
    let txn = db.write().await?;
    let came_back = mail_came_back_in_txn(&report.message_ids, &report.never, clock.now(), &txn).await?;
    txn.commit().await?;
    Ok(match came_back {
        CameBack::Stopped { mail } => {
            format!("mail {mail} came back for ever, and nobody is written to there any more")
        }
        CameBack::StoppedBefore { mail } => {
            format!("mail {mail} came back for ever from an address that was stopped before")
        }
        CameBack::Counted { mail } => format!("nothing was done: that mail {mail} came back was counted before"),
        CameBack::NotOurs => "nothing was done: it names no mail that this board sent to that address".to_owned(),
    })
}
