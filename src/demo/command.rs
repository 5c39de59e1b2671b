//! `learning-gain demo`, and what `serve --demo` does first.

use super::store::{DemoError, demo_clock_resume, demo_ensure};
use crate::server::{
    clock::Clock,
    database::Database,
    secrets::Secrets,
    serve::{KEY_FILE, ServeError},
};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;

/// What `learning-gain demo` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct DemoArgs {
    /// File with the key that signs links and pairs answers; serve with the same [default: learning-gain.key]
    #[arg(long, env = "LEARNING_GAIN_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// `learning-gain demo`: fills an empty database and exits. The demonstration's clock starts when it is first served.
pub async fn run(args: DemoArgs, database_url: &str) -> Result<(), ServeError> {
    let db = Database::open(database_url).await?;
    let secrets = Secrets::open(&args.key_file.unwrap_or_else(|| KEY_FILE.into()))?;
    if !fill_with_bar(&db, &secrets).await? {
        eprintln!("The demonstration board is already there; nothing was changed.");
    }
    db.close().await?;
    Ok(())
}

/// Makes sure that the database holds the demonstration, and sets the clock to where it is.
pub async fn prepare(db: &Database, clock: &Clock, secrets: &Secrets) -> Result<(), ServeError> {
    fill_with_bar(db, secrets).await?;
    Ok(demo_clock_resume(db, clock).await?)
}

async fn fill_with_bar(db: &Database, secrets: &Secrets) -> Result<bool, ServeError> {
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("Making the demonstration board {wide_bar} {msg}") {
        bar.set_style(style);
    }
    let progress = |what: &str, done: u64, parts: u64| {
        bar.set_length(parts);
        bar.set_position(done);
        bar.set_message(what.to_owned());
    };
    let filled = demo_ensure(db, secrets, &progress).await.map_err(|error| match error {
        DemoError::Database(error) => ServeError::Query(error),
        refused => ServeError::Demo(refused.to_string()),
    })?;
    bar.finish_and_clear();
    if filled {
        eprintln!("The demonstration board is ready ({:.1} seconds).", bar.elapsed().as_secs_f64());
    }
    Ok(filled)
}
