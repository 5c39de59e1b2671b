//! `learning-gain serve`: from settings to a listening service, and to a graceful stop.

use super::{
    clock::Clock,
    config::{Config, ConfigError},
    database::{Database, DatabaseError},
    jobs, outbox, router,
    secrets::{Secrets, SecretsError, random_reference},
    state::App,
};
use crate::web::assets::Assets;
use axum::Router;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::watch};

/// Why the service does not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The key cannot be used.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The address is taken, or the connection failed.
    #[error("listen: {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// A query failed.
    #[error("the database failed: {0}")]
    Query(#[from] sea_orm::DbErr),
    /// The demonstration refuses this database.
    #[error("{0}")]
    Demo(String),
}

/// The key's file when nobody says.
pub const KEY_FILE: &str = "learning-gain.key";
/// How long a mail under way may keep a service that was told to stop; afterwards it is sent again at the next start.
const MAIL_STOPS_WITHIN: Duration = Duration::from_secs(5);
/// Letters of the first-run code: 40 bits, tried at most a few times a minute.
const FIRST_RUN_LETTERS: usize = 8;

/// Opens what the settings name.
pub async fn open_app(config: Config, database_url: &str) -> Result<App, ServeError> {
    config.check_mail_folder()?;
    let db = Database::open(database_url).await?;
    let secrets = Secrets::open(&config.key_file)?;
    let code = random_reference(FIRST_RUN_LETTERS)?;
    let app = App::new(db, Clock::system(), config, secrets, &code);
    if app.config.demo {
        crate::app::prepare_demo(&app).await?;
    }
    app.board.refresh(app.db.reader()).await?;
    Ok(app)
}

/// Serves until the process is told to stop; requests under way are answered first.
pub async fn serve(app: App) -> Result<(), ServeError> {
    let listen = app.config.listen;
    let listener = TcpListener::bind(listen).await.map_err(|error| ServeError::Listen(listen, error))?;
    let (stop_mail, stopping) = watch::channel(false);
    let mut mail = tokio::spawn(outbox::run_outbox(app.clone(), stopping));
    let jobs = tokio::spawn(jobs::run_jobs(app.clone(), crate::app::jobs()));
    announce(&app);
    let router: Router = router::assemble(&app).0;
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    let service = axum::serve(listener, router).with_graceful_shutdown(told_to_stop());
    service.await.map_err(|error| ServeError::Listen(listen, error))?;
    jobs.abort();
    stop_mail.send_replace(true);
    if tokio::time::timeout(MAIL_STOPS_WITHIN, &mut mail).await.is_err() {
        mail.abort();
    }
    app.db.close().await?;
    eprintln!("Stopped.");
    Ok(())
}

fn announce(app: &App) {
    not_built(&app.assets).into_iter().for_each(|sentence| eprintln!("{sentence}"));
    eprintln!("\n  Learning Gain is at {}\n", app.config.public_url);
    if !app.config.demo && !app.board.current().is_set_up() {
        eprintln!("  This board is empty. Set it up at {}/first-run", app.config.public_url);
        eprintln!("  with the one-time code {}\n", app.first_run_code);
    }
}

/// What pages have to do without, in a sentence each.
fn not_built(assets: &Assets) -> Vec<&'static str> {
    let parts = [
        (assets.has_styles(), "Styles were not built: pages are plain. `make run` builds them."),
        (assets.has_islands(), "Islands are off: pages work as plain forms. `make run` builds them where it can."),
    ];
    parts.into_iter().filter(|(is_built, _)| !is_built).map(|(_, sentence)| sentence).collect()
}

/// Waits for Ctrl-C or the service manager's signal.
async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    eprintln!("Stopping: answering what is under way …");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_built_is_said_at_the_start() {
        let nothing = not_built(&Assets::of([""]));
        assert_eq!(nothing.len(), 2, "{nothing:?}");
        assert!(nothing[0].starts_with("Styles were not built") && nothing[1].starts_with("Islands are off"));
        assert_eq!(not_built(&Assets::load()).len(), {
            let built = |file: &str| std::path::Path::new("target/site").join(file).exists();
            usize::from(!built("main.css")) + usize::from(!built("pkg/learning_gain_bg.wasm"))
        });
    }
}
