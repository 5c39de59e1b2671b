//! `learning-gain backup FILE`, `restore FILE` and `copy --to URL`.

use super::store::{CopyError, Figures, board_copy, row_count};
use crate::server::database::{Database, DatabaseError};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What `backup` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct BackupArgs {
    /// The file to write; there must be none of this name
    pub file: PathBuf,
}

/// What `restore` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct RestoreArgs {
    /// A file that `backup` wrote
    pub file: PathBuf,
}

/// What `copy` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct CopyArgs {
    /// An empty database: postgres://… or sqlite://FILE?mode=rwc
    #[arg(long, value_name = "URL")]
    pub to: String,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A backup is never overwritten.
    #[error("nothing was written: {0} exists already. Name another file, or move it away")]
    Exists(String),
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, io::Error),
    /// It is some other file.
    #[error("nothing was restored: {0} is not a backup of Learning Gain, or of a newer version of it: {1}")]
    NotABackup(String, DatabaseError),
    /// One of the databases cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Copying stopped.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// A query failed.
    #[error("the database failed: {0}")]
    Query(#[from] sea_orm::DbErr),
}

/// Writes a backup of the database.
pub async fn backup(args: BackupArgs, database_url: &str) -> Result<(), BackupError> {
    let (figures, seconds) = write_backup(&args.file, database_url).await?;
    println!("{} holds {} (checked; {seconds:.1} seconds).", args.file.display(), contents(&figures));
    println!("The key file is not in it: keep a copy of that one somewhere else.");
    Ok(())
}

/// Fills an empty database from a backup.
pub async fn restore(args: RestoreArgs, database_url: &str) -> Result<(), BackupError> {
    let (figures, seconds) = read_backup(&args.file, database_url).await?;
    println!("Restored {} (checked; {seconds:.1} seconds).", contents(&figures));
    println!("Start the service with the key file that belongs to it: --key-file FILE.");
    Ok(())
}

/// Copies the database into an empty one of either kind.
pub async fn copy(args: CopyArgs, database_url: &str) -> Result<(), BackupError> {
    let (figures, seconds) = copy_database(database_url, &args.to).await?;
    println!("Copied {} (checked; {seconds:.1} seconds).", contents(&figures));
    println!("Stop the service, copy once more into an empty database if people have used it meanwhile, and start it");
    println!("with the new database and the same key file.");
    Ok(())
}

fn contents(figures: &Figures) -> String {
    let rows =
        |(name, rows): (&String, &String)| name.starts_with("rows of ").then(|| rows.parse::<u64>().unwrap_or(0));
    let tables: Vec<u64> = figures.iter().filter_map(rows).collect();
    format!("{} rows in {} tables", tables.iter().sum::<u64>(), tables.len())
}

/// Writes a backup. The file has its name only once it is complete.
pub async fn write_backup(file: &Path, database_url: &str) -> Result<(Figures, f64), BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.display().to_string()));
    }
    let unfinished = Unfinished::new(beside(file, "unfinished"))?;
    let done = copy_database(database_url, &unfinished.url()).await?;
    unfinished.finish(file)?;
    Ok(done)
}

/// Restores a backup. It is brought up to date in a copy: the file itself stays as it was written.
pub async fn read_backup(file: &Path, database_url: &str) -> Result<(Figures, f64), BackupError> {
    let name = || file.display().to_string();
    let unfinished = Unfinished::new(beside(file, "restoring"))?;
    fs::copy(file, &unfinished.path).map_err(|error| BackupError::File(name(), error))?;
    let from = Database::open(&unfinished.url()).await.map_err(|error| BackupError::NotABackup(name(), error))?;
    let to = Database::open(database_url).await?;
    copy_with_bar(from, to).await
}

/// Copies one database into another.
pub async fn copy_database(from: &str, to: &str) -> Result<(Figures, f64), BackupError> {
    // A mistyped source must not come into being as an empty board.
    let from = Database::open(&from.replace("mode=rwc", "mode=rw")).await?;
    let to = Database::open(to).await?;
    copy_with_bar(from, to).await
}

async fn copy_with_bar(from: Database, to: Database) -> Result<(Figures, f64), BackupError> {
    let bar = ProgressBar::new(row_count(from.reader()).await?);
    if let Ok(style) = ProgressStyle::with_template("Copying {wide_bar} {pos} of {len} rows {msg}") {
        bar.set_style(style);
    }
    let progress = |table: &str, copied: u64| {
        bar.set_position(copied);
        bar.set_message(table.to_owned());
    };
    let outcome = board_copy(&from, &to, &progress).await;
    bar.finish_and_clear();
    from.close().await?;
    to.close().await?;
    Ok((outcome?, bar.elapsed().as_secs_f64()))
}

fn beside(file: &Path, what: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{what}"));
    file.with_file_name(name)
}

/// An SQLite file under a name of its own, readable by its owner only, and gone unless it is finished.
struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    fn new(path: PathBuf) -> Result<Self, BackupError> {
        let new = Self { path };
        new.remove();
        let made = private_file(&new.path);
        made.map_err(|error| BackupError::File(new.path.display().to_string(), error))?;
        Ok(new)
    }

    fn url(&self) -> String {
        format!("sqlite://{}?mode=rw", self.path.display())
    }

    fn finish(self, file: &Path) -> Result<(), BackupError> {
        let finish = || {
            // Closing the database has written the log into the file; a file without its log would lack rows.
            if fs::metadata(self.with_end("-wal")).is_ok_and(|log| log.len() > 0) {
                return Err(io::Error::other("the log could not be written into the file"));
            }
            fs::File::open(&self.path)?.sync_all()?;
            fs::rename(&self.path, file)?;
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            fs::File::open(folder)?.sync_all()
        };
        finish().map_err(|error| BackupError::File(file.display().to_string(), error))
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            // It is not there, or it cannot be removed: then making it anew says why.
            let _gone = fs::remove_file(self.with_end(end));
        }
    }

    fn with_end(&self, end: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(end);
        name.into()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.remove();
    }
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).open(path).map(drop)
}
