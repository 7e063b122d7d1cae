//! Runs code of pages: builds and runs programs of Rust, runs scripts, sends requests. Only `oathbook test` comes here.

use super::Error;
use super::http::{Client, Failure};
use super::process::{self, Ran, Start};
use super::write::Scratch;
use crate::base::{Fingerprint, RelPath, parallel_map};
use crate::evidence::samples::Outcome;
use crate::evidence::samples::rust::{self, Build, Dependencies, Form, Program};
use crate::evidence::samples::session::{self, Expected, Request, Step};
use crate::rust::manifest::{Broken, profiles};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A compilation may take this long.
const LONGEST_BUILD: Duration = Duration::from_secs(3600);
/// After so many compilations every block that is left is a program of its own.
const MOST_ROUNDS: usize = 5;

/// What Cargo says of the workspace of a folder; none where it says nothing.
///
/// # Errors
/// When Cargo cannot be started, or does not understand the workspace.
pub fn workspace(folder: &Path) -> Result<Option<Dependencies>, Error> {
    let command = ["cargo", "metadata", "--no-deps", "--format-version", "1"];
    let ran = cargo(&command, folder)?;
    if ran.code != Some(0) {
        return Err(Error::new("read the workspace of", folder, last_words(&ran.stderr)).for_the_user());
    }
    let metadata = serde_json::from_str::<serde_json::Value>(&ran.stdout).ok();
    Ok(metadata.as_ref().and_then(rust::dependencies))
}

fn cargo(command: &[&str], folder: &Path) -> Result<Ran, Error> {
    let variables = [("CARGO_TERM_COLOR", "never".to_owned())];
    process::run(Start { command, folder, variables: &variables, input: "", timeout: LONGEST_BUILD })
}

fn last_words(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// Builds the workspace's own programs, for scripts that call them.
///
/// # Errors
/// When they do not compile.
pub fn programs(dependencies: &Dependencies) -> Result<PathBuf, Error> {
    let ran = cargo(&["cargo", "build", "--bins"], Path::new(&dependencies.root))?;
    if ran.code != Some(0) {
        return Err(Error::new("build", &dependencies.root, last_words(&ran.stderr)).for_the_user());
    }
    Ok(Path::new(&dependencies.target).join("debug"))
}

/// The Cargo project of all blocks of Rust.
pub struct Project<'p> {
    /// Where it is written.
    pub folder: PathBuf,
    /// What the blocks may use.
    pub dependencies: &'p Dependencies,
    /// For one program's run.
    pub timeout: Duration,
}

impl Project<'_> {
    /// Compiles and runs all programs; what became of each, in their order.
    ///
    /// # Errors
    /// When Cargo cannot be started, or the workspace itself does not compile.
    pub fn test(&self, programs: &[Program]) -> Result<Vec<Outcome>, Error> {
        let mut outcomes: Vec<Option<Outcome>> = vec![None; programs.len()];
        let mut forms: Vec<Form> = programs.iter().map(first_form).collect();
        let build = self.compile(programs, &mut forms, &mut outcomes)?;
        if programs.iter().any(|program| program.fails.is_some()) {
            self.must_fail(programs, &forms, &mut outcomes)?;
        }
        let scratch = self.folder.join("run");
        Scratch::folder(&scratch)?;
        let all: Vec<usize> = (0..programs.len()).collect();
        Ok(parallel_map(&all, |number| {
            let (program, form) = (&programs[*number], forms[*number]);
            match &outcomes[*number] {
                Some(outcome) => outcome.clone(),
                None if program.no_run => Outcome::Passed,
                None => self.run(*number, program, form, &build, &scratch),
            }
        }))
    }

    /// Compiles what must compile, in rounds: what fails as a module is tried as a program of its own.
    fn compile(
        &self,
        programs: &[Program],
        forms: &mut [Form],
        outcomes: &mut [Option<Outcome>],
    ) -> Result<Build, Error> {
        for round in 0.. {
            let wanted: Vec<(usize, &Program, Form)> = programs
                .iter()
                .enumerate()
                .filter(|(number, _)| forms[*number] != Form::Failing && outcomes[*number].is_none())
                .map(|(number, program)| (number, program, forms[number]))
                .collect();
            if wanted.is_empty() {
                break;
            }
            let build = self.cargo("build", &wanted)?;
            let (errors, foreign) = (build.errors.len(), build.foreign.len());
            if errors == 0 && foreign == 0 {
                return Ok(build);
            }
            if errors == 0 {
                return Err(
                    Error::new("compile", &self.dependencies.root, build.foreign.join("\n")).for_the_user()
                );
            }
            for (number, said) in build.errors {
                match forms.get(number) {
                    Some(Form::Module) => forms[number] = Form::Binary,
                    Some(Form::Binary) => outcomes[number] = Some(Outcome::Failed(said.line, said.message)),
                    _ => {}
                }
            }
            if round >= MOST_ROUNDS {
                forms.iter_mut().filter(|form| **form == Form::Module).for_each(|form| *form = Form::Binary);
            }
        }
        Ok(Build::default())
    }

    fn must_fail(
        &self,
        programs: &[Program],
        forms: &[Form],
        outcomes: &mut [Option<Outcome>],
    ) -> Result<(), Error> {
        let wanted: Vec<(usize, &Program, Form)> = programs
            .iter()
            .enumerate()
            .filter(|(number, _)| forms[*number] == Form::Failing)
            .map(|(number, program)| (number, program, Form::Failing))
            .collect();
        let build = self.cargo("check", &wanted)?;
        for (number, program, _) in wanted {
            let outcome = match (build.errors.get(&number), program.fails.as_ref().and_then(Option::as_ref)) {
                (None, _) => Outcome::Failed(0, "this compiles, and the page says that it must not".into()),
                (Some(said), Some(code)) if !said.codes.contains(code) => {
                    Outcome::Failed(said.line, format!("this fails, but not with {code}: {}", said.message))
                }
                _ => Outcome::Passed,
            };
            outcomes[number] = Some(outcome);
        }
        Ok(())
    }

    /// Writes the project and builds or checks it.
    fn cargo(&self, verb: &str, wanted: &[(usize, &Program, Form)]) -> Result<Build, Error> {
        let root = Path::new(&self.dependencies.root);
        let mut files = rust::project(wanted, self.dependencies);
        let manifest = std::fs::File::open(root.join("Cargo.toml")).and_then(std::io::read_to_string);
        if let (Ok(manifest), Some(own)) =
            (manifest, RelPath::parse("Cargo.toml").ok().and_then(|path| files.get_mut(&path)))
        {
            let broken = |broken: Broken| Error::new("read", root.join("Cargo.toml"), broken.message);
            own.push_str(&profiles(&manifest).map_err(|cause| broken(cause).for_the_user())?);
        }
        self.write(&files)?;
        let manifest = self.folder.join("Cargo.toml").to_string_lossy().into_owned();
        let command = [
            "cargo",
            verb,
            "--bins",
            "--keep-going",
            "--message-format=json",
            "--manifest-path",
            &manifest,
            "--target-dir",
            &self.dependencies.target,
        ];
        let ran = cargo(&command, root)?;
        let build = rust::messages(&ran.stdout);
        let failed = ran.code != Some(0) && build.errors.is_empty() && build.foreign.is_empty();
        if failed {
            return Err(
                Error::new("build the samples in", &self.folder, last_words(&ran.stderr)).for_the_user()
            );
        }
        Ok(build)
    }

    /// Writes what differs and removes what is no longer there, so that Cargo compiles only what changed.
    fn write(&self, files: &BTreeMap<RelPath, String>) -> Result<(), Error> {
        let on_disk = |path: &RelPath| self.folder.join(path.as_str());
        for (path, text) in files {
            let old = std::fs::File::open(on_disk(path)).and_then(std::io::read_to_string);
            if old.ok().as_ref() != Some(text) {
                Scratch::file(&self.folder, path, text.as_bytes())?;
            }
        }
        let wanted: BTreeSet<PathBuf> = files.keys().map(on_disk).collect();
        for entry in walkdir::WalkDir::new(&self.folder).into_iter().flatten() {
            let is_ours = entry.path().extension().is_some_and(|extension| extension == "rs");
            if is_ours && entry.file_type().is_file() && !wanted.contains(entry.path()) {
                Scratch::remove(entry.path())?;
            }
        }
        let lock = Path::new(&self.dependencies.root).join("Cargo.lock");
        if lock.exists() {
            let own = self.folder.join("Cargo.lock");
            Scratch::copy(&lock, &own)?;
        }
        Ok(())
    }

    fn run(&self, number: usize, program: &Program, form: Form, build: &Build, scratch: &Path) -> Outcome {
        let name = rust::name(number);
        let target = if form == Form::Module { rust::package(&program.edition, form) } else { name.clone() };
        let Some(executable) = build.executables.get(&target) else {
            return Outcome::Failed(0, "Cargo built no program of it".into());
        };
        let command = [executable.as_str(), name.as_str()];
        let command = if form == Form::Module { &command[..] } else { &command[..1] };
        let variables = [("RUST_BACKTRACE", "0".to_owned())];
        let start =
            Start { command, folder: scratch, variables: &variables, input: "", timeout: self.timeout };
        match process::run(start) {
            Err(error) => Outcome::Failed(0, error.to_string()),
            Ok(ran) if ran.timed_out => {
                Outcome::Failed(0, format!("it ran longer than {} s", self.timeout.as_secs()))
            }
            Ok(ran) => match (ran.code == Some(0), program.panics) {
                (true, false) | (false, true) => Outcome::Passed,
                (true, true) => Outcome::Failed(0, "this ends well, and the page says that it panics".into()),
                (false, false) => panicked(&ran),
            },
        }
    }
}

fn first_form(program: &Program) -> Form {
    match (&program.fails, program.alone) {
        (Some(_), _) => Form::Failing,
        (None, true) => Form::Binary,
        (None, false) => Form::Module,
    }
}

/// What a program said when it failed, and where.
fn panicked(ran: &Ran) -> Outcome {
    let line = ran.stderr.lines().find_map(|line| {
        let place = line.split("panicked at ").nth(1)?;
        rust::number_of(place)?;
        place.split(':').nth(1)?.parse::<usize>().ok()
    });
    let said: Vec<&str> = ran
        .stderr
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("note: ") && !line.contains("panicked at"))
        .take(12)
        .collect();
    let first = match (said.is_empty(), ran.code) {
        (false, _) => said.join("\n"),
        (true, Some(code)) => format!("it ended with exit code {code}"),
        (true, None) => "a signal ended it".into(),
    };
    Outcome::Failed(line.unwrap_or(1).saturating_sub(1), format!("this fails when it runs: {first}"))
}

/// Where and how scripts of a page run.
pub struct Bench<'b> {
    /// The page's own folder, or one of the repository.
    pub folder: &'b Path,
    /// Folders before those of `PATH`.
    pub programs: Option<&'b Path>,
    /// The repository.
    pub root: &'b Path,
    /// For one block.
    pub timeout: Duration,
}

/// A file that a page shows, in the page's folder.
///
/// # Errors
/// When the disk refuses.
pub fn file(folder: &Path, path: &RelPath, text: &str) -> Result<(), Error> {
    Scratch::file(folder, path, text.as_bytes())
}

/// Runs the steps of one block in one shell; what became of them, and the folder in which the shell ended.
pub fn shell(steps: &[Step], language: &str, bench: &Bench<'_>) -> (Outcome, Option<PathBuf>) {
    let commands: Vec<&[u8]> = steps.iter().map(|step| step.command.as_bytes()).collect();
    let mark = format!("oathbook-step-{}", Fingerprint::of_parts(commands));
    let own = std::env::var("PATH").unwrap_or_default();
    let path = bench.programs.map_or(own.clone(), |first| format!("{}:{own}", first.display()));
    let variables = [
        ("PATH", path),
        ("OATHBOOK_ROOT", bench.root.display().to_string()),
        ("NO_COLOR", "1".into()),
        ("TERM", "dumb".into()),
        ("LC_ALL", "C.UTF-8".into()),
    ];
    let program = if language == "bash" { "bash" } else { "sh" };
    let script = session::script(steps, &mark);
    let start = Start {
        command: &[program],
        folder: bench.folder,
        variables: &variables,
        input: &script,
        timeout: bench.timeout,
    };
    let ran = match process::run(start) {
        Ok(ran) => ran,
        Err(error) => return (Outcome::Failed(0, error.to_string()), None),
    };
    let ended = session::folder(&ran.stdout, &mark).map(PathBuf::from);
    (told(steps, &ran, &mark, bench), ended)
}

/// What the first step that failed printed.
fn told(steps: &[Step], ran: &Ran, mark: &str, bench: &Bench<'_>) -> Outcome {
    let outputs = session::outputs(&ran.stdout, mark, ran.code);
    for (number, step) in steps.iter().enumerate() {
        let Some((printed, code)) = outputs.get(number) else {
            let why = if ran.timed_out {
                format!("it ran longer than {} s", bench.timeout.as_secs())
            } else {
                format!("the shell ended here\n{}", last_words(&ran.stderr))
            };
            return Outcome::Failed(step.line, why);
        };
        if let Some(failed) = judge(step, printed, *code) {
            return failed;
        }
    }
    Outcome::Passed
}

fn judge(step: &Step, printed: &str, code: i32) -> Option<Outcome> {
    let said = || last_words(printed);
    if code != step.code {
        let why = format!("this ends with exit code {code}, not {}\n{}", step.code, said());
        return Some(Outcome::Failed(step.line, why));
    }
    let (line, text) = step.expected.as_ref()?;
    let found = crate::runs::expected::compare(text, printed)?;
    // The output of a script is another block.
    let at = if *line == usize::MAX { step.line } else { line + found.line };
    Some(Outcome::Failed(at, format!("the output is another: {}\n{}", found.words(), said())))
}

/// Sends a request to a service, and holds the answer against what the page shows.
pub fn http(client: &Client, service: &str, request: &Request, expected: Option<&Expected>) -> Outcome {
    let url = format!("{}{}", service.trim_end_matches('/'), request.target);
    match client.send(&request.method, &url, &request.fields, request.body.as_bytes()) {
        Err(failure) => {
            let why = match failure {
                Failure::Timeout => "no answer in time".to_owned(),
                Failure::NoHost => "there is no such host".into(),
                Failure::Private => "the address is not public".into(),
                Failure::Other(said) => said,
            };
            Outcome::Failed(0, format!("{} {url}: {why}", request.method))
        }
        Ok(answer) => {
            let body = String::from_utf8_lossy(&answer.body);
            let unexpected = match expected {
                Some(expected) => session::differs(expected, answer.status, &answer.fields, &body),
                None => (answer.status >= 400).then(|| format!("the answer is {}", answer.status)),
            };
            unexpected.map_or(Outcome::Passed, |why| Outcome::Failed(0, why))
        }
    }
}
