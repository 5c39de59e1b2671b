//! The commands of the README on machines that have less than this one: `make` with tools that only write down what they
//! were asked for, so nothing is fetched or compiled; and the site as such a machine serves it.

use crate::{
    attendance::place,
    board::{TestBoard, served},
};
use learning_gain::{
    server::{router, state::App},
    web::assets::Assets,
};
use reqwest::StatusCode;
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};
use tempfile::TempDir;

/// Programs of every machine that `make` and the scripts behind it call.
const PLAIN_TOOLS: [&str; 19] = [
    "bash",
    "cat",
    "chmod",
    "cp",
    "cut",
    "dirname",
    "du",
    "env",
    "grep",
    "ln",
    "make",
    "mkdir",
    "rm",
    "sed",
    "sh",
    "sha256sum",
    "sort",
    "timeout",
    "touch",
];
/// What `make` reads before it calls anything.
const FILES: [&str; 4] = ["Makefile", "Cargo.lock", "package.json", "package-lock.json"];
/// The beginning of each stand-in: it writes down how it was called.
const WRITES_DOWN: &str = "#!/usr/bin/env bash\nset -e\necho \"$(basename_of \"$0\") $*\" >>\"$CALLS\"\n";

/// A copy of the project's commands beside stand-ins for Rust, Node and the browser.
struct Machine {
    folder: TempDir,
}

impl Machine {
    /// A machine on which nothing of the project was built. `has_target`: its Rust can compile for browsers.
    fn new(has_target: bool) -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        let project = machine.project();
        for name in FILES {
            fs::create_dir_all(&project).unwrap();
            fs::copy(name, project.join(name)).unwrap();
        }
        for folder in ["build", "style", "public"] {
            copy_folder(Path::new(folder), &project.join(folder));
        }
        let tools = machine.path("tools");
        fs::create_dir_all(&tools).unwrap();
        for tool in PLAIN_TOOLS {
            symlink(found(tool), tools.join(tool)).unwrap();
        }
        if has_target {
            fs::create_dir_all(machine.path("sysroot/lib/rustlib/wasm32-unknown-unknown/lib")).unwrap();
        }
        // Nobody's machine is changed here, not even root's.
        machine.tool("id", "echo 1000");
        machine.tool("rustup", "exit 1");
        machine.tool("rustc", "case \"$*\" in *sysroot*) echo \"$SYSROOT\" ;; *) echo 'rustc 1.94.0' ;; esac");
        machine.tool("node", "");
        machine.tool(
            "npm",
            "case \"$*\" in\n\
             ci*) mkdir -p node_modules/.bin; cp \"$(command -v wasm-opt)\" node_modules/.bin/wasm-opt; touch node_modules/.package-lock.json ;;\n\
             *styles*) echo 'a{}' >target/site/main.css ;;\nesac",
        );
        machine.tool(
            "cargo",
            "case \"$*\" in\n\
             install*) all=$*; root=${all#*--root }; root=${root%% *}; mkdir -p \"$root/bin\"; cp \"$(command -v wasm-bindgen-made)\" \"$root/bin/wasm-bindgen\" ;;\n\
             *wasm32-unknown-unknown*) mkdir -p target/wasm32-unknown-unknown/wasm-release; echo module >target/wasm32-unknown-unknown/wasm-release/learning_gain.wasm ;;\n\
             *'--bin learning-gain'*) mkdir -p target/debug; cp \"$(command -v served)\" target/debug/learning-gain ;;\nesac",
        );
        machine.tool("wasm-bindgen-made", "echo packed >target/site/pkg/learning_gain_bg.wasm");
        machine.tool("wasm-opt", "");
        machine.tool("served", "echo 'Learning Gain is at http://127.0.0.1:3000'");
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn project(&self) -> PathBuf {
        self.path("project")
    }

    /// A program that writes down that it was called, and then does this.
    fn tool(&self, name: &str, script: &str) {
        let path = self.path("tools").join(name);
        let text = format!("{}{script}\n", WRITES_DOWN.replace("$(basename_of \"$0\")", name));
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Types a command of the README. Returns what it showed and what it called, in order.
    fn make(&self, goal: &str) -> (Output, Vec<String>) {
        let calls = self.path("calls");
        fs::write(&calls, "").unwrap();
        let mut make = Command::new(self.path("tools/make"));
        make.arg(goal).current_dir(self.project()).env_clear();
        make.env("PATH", self.path("tools")).env("HOME", self.path("home")).env("CALLS", &calls);
        make.env("SYSROOT", self.path("sysroot")).env("XDG_CACHE_HOME", self.path("cache"));
        let output = make.output().unwrap();
        let called = fs::read_to_string(&calls).unwrap();
        (output, called.lines().map(str::to_owned).collect())
    }

    /// `make run`, which must get as far as the address.
    fn run(&self) -> (String, Vec<String>) {
        let (output, called) = self.make("run");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("Learning Gain is at http://127.0.0.1:3000"), "{said}");
        (said, called)
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Where this machine has a program.
fn found(tool: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let places = std::env::split_paths(&path).map(|folder| folder.join(tool));
    places.into_iter().find(|place| place.is_file()).unwrap_or_else(|| panic!("{tool} is on no path"))
}

fn has_call(called: &[String], words: &str) -> bool {
    called.iter().any(|call| call.contains(words))
}

#[test]
fn the_first_run_gets_what_is_pinned_and_says_so_and_the_second_gets_nothing() {
    let machine = Machine::new(true);
    let (said, called) = machine.run();
    let lock = fs::read_to_string("Cargo.lock").unwrap();
    let (_, after) = lock.split_once("name = \"wasm-bindgen\"\nversion = \"").unwrap();
    let version = &after[..after.find('"').unwrap()];
    for words in ["npm ci ", "npm run --silent styles", &format!("cargo install wasm-bindgen-cli --version {version} ")]
    {
        assert!(has_call(&called, words), "{words}: {called:?}");
    }
    for sentence in ["npm packages, as pinned", "styles and icons", "islands: compiling", "server: compiling"] {
        assert!(said.contains(sentence), "{sentence}: {said}");
    }
    assert!(!said.contains("islands are off"), "{said}");

    // What is left to a second run: cargo looks whether a source has changed, and the server starts.
    let (said, called) = machine.run();
    let of = |tool: &str| called.iter().filter(|call| call.starts_with(tool)).cloned().collect::<Vec<_>>();
    assert_eq!(of("npm").len() + of("rustup").len() + of("wasm").len(), 0, "{called:?}");
    assert!(of("cargo").iter().all(|call| call.starts_with("cargo build ")), "{called:?}");
    assert!(matches!(&of("served")[..], [call] if call.starts_with("served serve --demo ")), "{called:?}");
    assert!(!said.contains("npm packages") && !said.contains("styles and icons"), "{said}");

    // A style that was changed is compiled again, and nothing is fetched for it.
    let style = machine.project().join("style/main.scss");
    let changed = fs::File::open(&style).unwrap();
    changed.set_modified(std::time::SystemTime::now() + std::time::Duration::from_secs(60)).unwrap();
    let (_, called) = machine.run();
    assert!(has_call(&called, "npm run --silent styles") && !has_call(&called, "npm ci"), "{called:?}");
}

#[test]
fn a_machine_that_cannot_build_the_islands_runs_without_them_and_says_so() {
    let machine = Machine::new(false);
    for time in ["first", "second"] {
        let (said, called) = machine.run();
        assert!(said.contains("islands are off") && said.contains("The site works without them"), "{time}: {said}");
        assert!(!has_call(&called, "--target wasm32") && !has_call(&called, "cargo install"), "{time}: {called:?}");
        assert_eq!(has_call(&called, "rustup target add"), time == "first", "asking takes a while: once is enough");
    }
    // A newer Rust may have what this one lacks.
    machine.tool("rustc", "case \"$*\" in *sysroot*) echo \"$SYSROOT\" ;; *) echo 'rustc 1.95.0' ;; esac");
    assert!(has_call(&machine.run().1, "rustup target add"));
}

#[test]
fn what_runs_in_browsers_is_linted_too_where_this_machine_can() {
    for has_target in [true, false] {
        let (output, called) = Machine::new(has_target).make("check");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
        assert!(
            has_call(&called, "cargo clippy --workspace --all-targets --features ssr -- -D warnings"),
            "{called:?}"
        );
        let of_browsers = "cargo clippy --lib --target wasm32-unknown-unknown --no-default-features --features hydrate";
        assert_eq!(has_call(&called, of_browsers), has_target, "{called:?}");
        assert_eq!(said.contains("the islands' code not linted"), !has_target, "{said}");
    }
}

#[test]
fn whoever_lacks_a_browser_learns_it_in_a_line_before_anything_is_compiled() {
    let machine = Machine::new(true);
    let (output, called) = machine.make("test");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("make")).collect();
    assert!(matches!(lines[..], [line] if line.contains("apt install chromium")), "{said}");
    assert!(!has_call(&called, "cargo"), "{called:?}");
}

#[tokio::test]
async fn without_islands_the_register_is_a_plain_form_that_works() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (tessa, mut trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    let amira = board.learner("Amira Khan").await.0;
    let booking = place(&board, session, amira).await;
    board.set_clock("2025-03-17 12:30");

    let files = Assets::of(["main.css", "favicon.svg"]);
    let app = App { assets: Arc::new(files), ..board.app.clone() };
    let base = served(router::assemble(&app).0).await;

    let register = format!("/training/sessions/{session}/register/1");
    trainer.go_on_at(&base).open(&register).await;
    assert_eq!(trainer.status, StatusCode::OK);
    assert!(!trainer.body.contains("<script"), "{}", trainer.body);
    let mark = (format!("mark-{booking}"), "present");
    trainer.submit("Save and submit", &[(&mark.0, mark.1)]).await.must_say("The register is submitted");
}
