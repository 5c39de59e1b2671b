//! A database of its own for each test: an SQLite file, or, when `LEARNING_GAIN_TEST_POSTGRES` names a PostgreSQL
//! server (`build/postgres.sh` starts one), a copy of a template that was migrated once.

use learning_gain::server::{
    database::Database,
    secrets,
    tables::{EachTable, each_table},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Database as Connector, DbErr, EntityTrait, IntoActiveModel};
use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};
use tokio::sync::OnceCell;

/// Names the server, and the database on it from which others are made.
const SERVER: &str = "LEARNING_GAIN_TEST_POSTGRES";

/// Whether the tests run on PostgreSQL.
pub fn is_postgres() -> bool {
    std::env::var_os(SERVER).is_some()
}

/// The address of a database that nobody else uses. On SQLite it lies in the folder.
pub async fn fresh(folder: &Path) -> String {
    match std::env::var(SERVER) {
        Ok(server) => postgres_copy(&server).await,
        Err(_) => {
            std::fs::create_dir_all(folder).unwrap();
            sqlite_file(&folder.join("board.db"))
        }
    }
}

/// The address of an SQLite file.
pub fn sqlite_file(path: &Path) -> String {
    format!("sqlite://{}?mode=rwc", path.display())
}

/// The file behind such an address.
pub fn file_of(url: &str) -> PathBuf {
    PathBuf::from(url.strip_prefix("sqlite://").unwrap().split('?').next().unwrap())
}

/// An SQLite file that nothing can be written into until this is dropped, not even by who has it open. Permissions do
/// not do that: they are asked when a file is opened, and not by root.
pub struct Unwritable {
    files: Vec<PathBuf>,
}

impl Unwritable {
    /// The file of this address and its log. None where this machine cannot do it.
    pub fn make(url: &str) -> Option<Self> {
        let file = file_of(url);
        let log = PathBuf::from(format!("{}-wal", file.display()));
        let unwritable = Self { files: vec![file, log] };
        unwritable.attribute("+i").then_some(unwritable)
    }

    fn attribute(&self, change: &str) -> bool {
        let mut command = Command::new("chattr");
        command.arg(change).args(&self.files).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Unwritable {
    fn drop(&mut self) {
        // Where it could not be made so, there is nothing to undo.
        let _undone = self.attribute("-i");
    }
}

/// Forbids or allows writing to a PostgreSQL database; who is connected has to connect again.
pub async fn set_read_only(url: &str, is_read_only: bool) {
    let server = std::env::var(SERVER).unwrap();
    let address = url.split('?').next().unwrap();
    let name = &address[address.rfind('/').unwrap() + 1..];
    on_server(&server, &format!("ALTER DATABASE {name} SET default_transaction_read_only = {is_read_only}")).await;
    on_server(&server, &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
        .await;
}

/// A PostgreSQL server of the test's own, to be crashed and started again.
pub struct Cluster {
    script: Child,
    says: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Cluster {
    /// Starts one. None when the tests run on SQLite.
    pub fn start() -> Option<Self> {
        if !is_postgres() {
            return None;
        }
        let mut command = Command::new("build/postgres.sh");
        command.args(["--commands"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut script = command.spawn().unwrap();
        let mut says = BufReader::new(script.stdout.take().unwrap()).lines();
        let url = says.next().unwrap().unwrap();
        Some(Self { script, says, url })
    }

    /// The address of an empty database on it.
    pub async fn empty_database(&self) -> String {
        on_server(&self.url, "CREATE DATABASE board TEMPLATE template0").await;
        named(&self.url, "board")
    }

    /// "crash" or "start"; returns when that is done.
    pub fn say(&mut self, word: &str) {
        assert!(self.can(word), "{word}");
    }

    /// "full" or "space"; returns when that is done, or false where this machine cannot do it.
    pub fn can(&mut self, word: &str) -> bool {
        writeln!(self.script.stdin.as_mut().unwrap(), "{word}").unwrap();
        self.says.next().unwrap().unwrap() == "done"
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The script ends with its input, and takes the server with it.
        drop(self.script.stdin.take());
        let _gone = self.script.wait();
    }
}

async fn postgres_copy(server: &str) -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(|| async { migrated_template(server).await }).await;
    let name = next_name();
    on_server(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    named(server, &name)
}

async fn migrated_template(server: &str) -> String {
    let name = format!("template_{}", std::process::id());
    on_server(server, &format!("CREATE DATABASE {name} TEMPLATE template0")).await;
    Database::open(&named(server, &name)).await.unwrap().close().await.unwrap();
    name
}

fn next_name() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("board_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn on_server(server: &str, sql: &str) {
    let connection = Connector::connect(server).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// "postgres://…/postgres?host=…" with another database's name.
fn named(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').unwrap_or((server, ""));
    let start = address.rfind('/').unwrap();
    format!("{}/{name}?{query}", &address[..start])
}

/// Every table with the number of its rows and a hash over them: the same for the same rows on either database.
pub async fn digest(db: &Database) -> Vec<String> {
    let mut digest = Digest { db, lines: Vec::new() };
    each_table(&mut digest).await.unwrap();
    digest.lines
}

struct Digest<'a> {
    db: &'a Database,
    lines: Vec<String>,
}

impl EachTable for Digest<'_> {
    type Error = DbErr;

    async fn table<E>(&mut self) -> Result<(), DbErr>
    where
        E: EntityTrait<ActiveModel: ActiveModelTrait + Send>,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let mut rows: Vec<String> =
            E::find().all(self.db.reader()).await?.iter().map(|row| format!("{row:?}")).collect();
        rows.sort_unstable();
        let hash = secrets::sha256(&rows.join("\n"));
        self.lines.push(format!("{} {} {hash}", E::default().table_name(), rows.len()));
        Ok(())
    }
}
