//! The SQLite file behind the connections. Whoever has a file open goes on writing into it after it was moved, deleted
//! or replaced: what is confirmed then is in no file that anybody will find again. So nothing is written unless the
//! file lies where it was opened. Put back, it is used again at once; another file in its place is another database,
//! and needs a start.

use super::DatabaseError;
use sea_orm::{DbErr, RuntimeErr, sqlx::sqlite::SqliteConnectOptions};
use std::{os::unix::fs::MetadataExt, path::PathBuf, sync::OnceLock};

/// Where the file is, and which file it was when it was opened first.
pub(super) struct DatabaseFile {
    path: PathBuf,
    /// Device and inode, by which SQLite itself knows a file.
    opened: OnceLock<(u64, u64)>,
}

/// The file is not where it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FileGone {
    /// Nothing is there, or nothing that can be looked at.
    #[error("the database file is gone: put it back, or restore a backup and start again")]
    Missing,
    /// Something else is there.
    #[error("another file lies in the place of the database: put the right one back, or start again to use this one")]
    Replaced,
}

impl From<FileGone> for DbErr {
    fn from(gone: FileGone) -> Self {
        Self::Conn(RuntimeErr::Internal(gone.to_string()))
    }
}

impl DatabaseFile {
    /// The file of an `sqlite:` address. Fails when the address makes no sense.
    pub(super) fn of(url: &str) -> Result<Self, DatabaseError> {
        Ok(Self { path: options_of(url)?.get_filename().to_owned(), opened: OnceLock::new() })
    }

    /// Fails unless the file lies where it was opened. To be asked first by the connection that opened it.
    pub(super) fn check_in_place(&self) -> Result<(), FileGone> {
        let found = std::fs::metadata(&self.path).map_err(|_| FileGone::Missing)?;
        let found = (found.dev(), found.ino());
        if *self.opened.get_or_init(|| found) == found { Ok(()) } else { Err(FileGone::Replaced) }
    }
}

/// What an `sqlite:` address asks for. Fails when it makes no sense.
pub(super) fn options_of(url: &str) -> Result<SqliteConnectOptions, DatabaseError> {
    let options = url.parse().map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error))))?;
    Ok(options)
}

/// The file that an `sqlite:` address names, for people to read.
pub(super) fn place_of(url: &str) -> String {
    match options_of(url) {
        Ok(options) => options.get_filename().display().to_string(),
        Err(_) => url.split('?').next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_file_that_was_opened_is_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let (place, elsewhere) = (folder.path().join("board.db"), folder.path().join("elsewhere.db"));
        std::fs::write(&place, "the board").unwrap();
        let file = DatabaseFile::of(&format!("sqlite://{}?mode=rwc", place.display())).unwrap();
        assert_eq!(file.check_in_place(), Ok(()));
        std::fs::rename(&place, &elsewhere).unwrap();
        assert_eq!(file.check_in_place(), Err(FileGone::Missing));
        std::fs::write(&place, "the board").unwrap();
        assert_eq!(file.check_in_place(), Err(FileGone::Replaced));
        std::fs::rename(&elsewhere, &place).unwrap();
        assert_eq!(file.check_in_place(), Ok(()));
    }

    #[test]
    fn a_file_is_named_as_people_know_it() {
        assert_eq!(place_of("sqlite:///srv/board.db?mode=rwc"), "/srv/board.db");
        assert_eq!(place_of("sqlite://board.db?mode=nonsense"), "sqlite://board.db");
    }
}
