//! `learning-gain gain` on a million answer pairs, beside pandas with scipy and beside pingouin on the same file.

use super::row;
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Answer pairs, as the goal is stated.
const PAIRS: u64 = 1_000_000;
/// Statements of a course: DOMAIN's five.
const ITEMS: u64 = 5;
/// People of a session.
const PEOPLE: u64 = 25;
/// Sessions of a course.
const SESSIONS: u64 = 80;
/// The fastest of so many runs counts: a shared machine only ever makes a run slower.
const RUNS: usize = 3;

/// What one whole process took.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    megabytes: f64,
}

/// Prints the three of them for three orders of the rows.
pub fn run(folder: &Path) {
    let python = python();
    for (name, order) in
        [("grouped by learner", Order::Learner), ("of one item", Order::OneItem), ("shuffled", Order::Shuffled)]
    {
        let file = folder.join("answers.csv");
        fs::write(&file, answers(order)).unwrap();
        let ours = fastest(|| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_learning-gain"));
            command.args(["gain", "--format", "json", "-o"]).arg(folder.join("gain.json")).arg(&file);
            command
        });
        let beside = format!("{:.0} MB of at most 64", ours.megabytes);
        row(&format!("gain, a million pairs {name}"), ours.seconds, "s", &beside);
        let Some(python) = &python else { continue };
        for (word, goal) in [("pandas", 10.0), ("pingouin", 40.0)] {
            let theirs = fastest(|| {
                let mut command = Command::new(python);
                command.arg("src/bench/gain.py").arg(word).arg(&file);
                command
            });
            let times = theirs.seconds / ours.seconds;
            row(
                &format!("  {word} on the same file"),
                theirs.seconds,
                "s",
                &format!("{:.0} MB; ours is {times:.1} times faster, goal {goal}", theirs.megabytes),
            );
        }
    }
}

/// How the rows of the file follow each other.
#[derive(Clone, Copy)]
enum Order {
    /// A learner's five rows stand together.
    Learner,
    /// Each learner has one row.
    OneItem,
    /// A learner's five rows are far apart.
    Shuffled,
}

/// The six columns: course, session, learner, item, before, after.
fn answers(order: Order) -> String {
    let items = if matches!(order, Order::OneItem) { 1 } else { ITEMS };
    let row_of = |place: u64| match order {
        Order::Learner | Order::OneItem => place,
        // A step that shares no factor with a million visits every row once, far from the last one.
        Order::Shuffled => place * 618_033 % PAIRS,
    };
    let mut text = String::from("course,session,learner,item,before,after\n");
    for pair in (0..PAIRS).map(row_of) {
        let (learner, item) = (pair / items, pair % items);
        let session = learner / PEOPLE;
        let course = session / SESSIONS;
        let before = 1 + (learner * 7 + item * 3) % 4;
        let after = (before + (learner * 5 + item) % 3).min(5);
        writeln!(text, "Course {course},S{session:05},L{learner:07},statement {item},{before},{after}").unwrap();
    }
    text
}

fn fastest(command: impl Fn() -> Command) -> Cost {
    let costs: Vec<Cost> = (0..RUNS).map(|_| run_once(command())).collect();
    let seconds = costs.iter().map(|cost| cost.seconds).fold(f64::INFINITY, f64::min);
    let megabytes = costs.iter().map(|cost| cost.megabytes).fold(0.0, f64::max);
    Cost { seconds, megabytes }
}

/// Runs a process to its end and watches the most memory that it held.
fn run_once(mut command: Command) -> Cost {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0.0_f64;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        most = most.max(peak_megabytes(child.id()));
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(status.success(), "{command:?} failed");
    Cost { seconds: started.elapsed().as_secs_f64(), megabytes: most }
}

/// The high-water mark of a process's resident memory; 0 where the system does not say.
fn peak_megabytes(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// A Python with the pinned packages in a virtual environment under target/; `None`, with a word, where there is none.
fn python() -> Option<PathBuf> {
    let folder = Path::new("target/bench-python");
    let python = folder.join("bin/python");
    let ready = folder.join("ready");
    if !ready.exists() {
        println!("· pandas, scipy and pingouin, once, into {}", folder.display());
        let made = Command::new("python3").args(["-m", "venv"]).arg(folder).status();
        let packages = ["-m", "pip", "install", "--quiet", "--requirement", "src/bench/requirements.txt"];
        let filled = made.and_then(|_| Command::new(&python).args(packages).status());
        if !filled.is_ok_and(|status| status.success()) {
            println!("· no Python 3 with venv and pip here: gain is measured without its comparison");
            return None;
        }
        fs::write(ready, "").unwrap();
    }
    Some(python)
}
