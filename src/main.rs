//! The command line.

use clap::{Parser, Subcommand};
use learning_gain::{
    audit::command as audit,
    backups::command::{self as backups, BackupArgs, CopyArgs, RestoreArgs},
    demo::command::{self as demo, DemoArgs},
    imports::command::{self as imports, ImportArgs},
    learning_gain::command::{self as gain, GainArgs},
    messages::command::{self as messages, BouncesArgs},
    server::{config::ServeArgs, log, serve},
};
use std::{path::PathBuf, process::ExitCode};

/// A page is made of thousands of small strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The training service of a safeguarding children board.
#[derive(Parser)]
#[command(name = "learning-gain", version)]
struct CommandLine {
    /// The database: sqlite://FILE?mode=rwc or postgres://… [default: sqlite://learning-gain.db?mode=rwc]
    #[arg(long, env = "LEARNING_GAIN_DATABASE_URL", global = true, value_name = "URL")]
    database_url: Option<String>,
    /// A TOML file with the same settings as the flags
    #[arg(long, env = "LEARNING_GAIN_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site
    Serve(ServeArgs),
    /// Fill an empty database with the demonstration board, and exit
    Demo(DemoArgs),
    /// Take over a history from a CSV file
    Import(ImportArgs),
    /// Write the whole database into one file, also while the service runs
    Backup(BackupArgs),
    /// Fill an empty database from a backup
    Restore(RestoreArgs),
    /// Copy the whole database into an empty one, from SQLite to PostgreSQL or back
    Copy(CopyArgs),
    /// Read reports about mail that came back, from files, folders or a mail server's pipe
    Bounces(BouncesArgs),
    /// Check that the records agree with one another
    Verify,
    /// Compute learning gain from a file of answers; needs no server and no database
    Gain(GainArgs),
}

/// Where the database lies when nobody says.
const DEFAULT_DATABASE: &str = "sqlite://learning-gain.db?mode=rwc";

#[tokio::main]
async fn main() -> ExitCode {
    match run(CommandLine::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("learning-gain: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(line: CommandLine) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let file = ServeArgs::from_file(line.config.as_deref())?;
    let url = line.database_url.or_else(|| file.database_url.clone()).unwrap_or_else(|| DEFAULT_DATABASE.to_owned());
    match line.command {
        Command::Serve(args) => {
            let config = args.or(file).check()?;
            log::start(config.log_json);
            let app = serve::open_app(config, &url).await?;
            serve::serve(app).await?;
        }
        Command::Gain(args) => return Ok(gain::run(args)?.into()),
        Command::Demo(mut args) => {
            args.key_file = args.key_file.or(file.key_file);
            demo::run(args, &url).await?;
        }
        Command::Import(args) => imports::run(args, &url).await?,
        Command::Backup(args) => backups::backup(args, &url).await?,
        Command::Restore(args) => backups::restore(args, &url).await?,
        Command::Copy(args) => backups::copy(args, &url).await?,
        Command::Bounces(args) => return Ok(messages::run(args, &url).await),
        Command::Verify => {
            if !audit::run(&url).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
