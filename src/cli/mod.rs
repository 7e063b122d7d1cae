//! The command line: arguments, and one file for each command.

mod baseline;
mod build;
mod capacity;
mod check;
mod claims;
mod criteria;
mod diagram;
mod drill;
pub mod effects;
mod evidence;
mod exit;
mod explain;
mod fix;
mod from_rules;
mod incident;
mod init;
mod linkcheck;
mod metrics;
mod mutate;
mod mv;
mod oncall;
mod openapi;
mod review;
mod run;
mod serve;
mod session;
mod slo;
mod test;
mod theme;
mod update;

pub use exit::Exit;

use crate::base::{Date, RelPath, plain, plain_line};
#[cfg(target_os = "linux")]
use crate::shell::run::supervisor;
use crate::shell::sandbox::{self, Applied, broker};
use crate::shell::{self, disk::DiskWorld, git::Tracked, write};
use crate::world::World as _;
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
use std::cell::RefCell;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

const EXAMPLES: &str = "\
Examples:
  oathbook check                    check the book or the Markdown in this folder
  oathbook build -d site            write the site to site/
  oathbook check --format json      one finding a line, for scripts
  oathbook explain anchor           what a finding means and how to mend it

`oathbook --version --verbose` says what of the sandbox this machine has.

Exit codes: 0 clean; 1 findings of error level; 2 bad usage or configuration;
3 recorded files that `oathbook update` would mend; 4 the machine failed.";

/// Build and check documentation: every claim a page makes is proven, contradicted, or said to be neither.
#[derive(Parser, Debug)]
#[command(name = "oathbook", version, about, after_help = EXAMPLES, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// Options of every command.
#[derive(clap::Args, Debug, Clone)]
pub struct Global {
    /// When to colour the output; NO_COLOR is respected.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    color: When,
    /// Say less: one line a finding, no counts.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Read nothing outside of this folder [default: the repository that holds DIR].
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The date of the run, for reproducible results [default: today].
    #[arg(long, global = true, value_name = "DATE")]
    as_of: Option<Date>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Create a book: book.toml, SUMMARY.md and a first page.
    Init(init::InitArguments),
    /// Write a page of a kind, with all that the kind requires.
    New(init::NewArguments),
    /// Check, and write the site.
    Build(build::BuildArguments),
    /// Check, and write nothing.
    Check(check::CheckArguments),
    /// Show the site in a browser while it is written.
    Serve(serve::ServeArguments),
    /// Remove the site that `build` wrote.
    Clean(build::CleanArguments),
    /// Draw diagrams from text.
    Diagram(diagram::DiagramArguments),
    /// Print every claim and its verdict.
    Claims(claims::ClaimsArguments),
    /// Print the criteria of success, and how each stands.
    Criteria(criteria::CriteriaArguments),
    /// Ask for links that leave the site.
    Linkcheck(linkcheck::LinkcheckArguments),
    /// Move a page, with every link to it and from it, and leave a redirect.
    Mv(mv::MvArguments),
    /// Rename and remove documented names, one at a time, and see whether the checks notice.
    Mutate(mutate::MutateArguments),
    /// Record today's findings, so that a book with a past can start clean.
    Baseline(baseline::BaselineArguments),
    /// Bring everything that is recorded up to date.
    Update(update::UpdateArguments),
    /// Show what changed in the code that a page is bound to, and record the answer.
    Review(review::ReviewArguments),
    /// Work with API documents.
    #[command(name = "openapi")]
    OpenApi(openapi::OpenApiArguments),
    /// Run what pages and documents promise, and hold what comes back against them.
    Test(test::TestArguments),
    /// Run a runbook on a target, and leave evidence.
    Run(run::RunArguments),
    /// Run the runbooks of a drill one after another, and leave a bundle of their evidence.
    Drill(drill::DrillArguments),
    /// Print backups, restores, incidents and capacity as metrics, as Prometheus reads them.
    Metrics(metrics::MetricsArguments),
    /// Work with what runs of runbooks left.
    Evidence(evidence::EvidenceArguments),
    /// Work with service level objectives.
    Slo(slo::SloArguments),
    /// Say who is on call
    Oncall(oncall::OncallArguments),
    /// Record forecasts of capacity, import series, print rules of alerts.
    Capacity(capacity::CapacityArguments),
    /// Open an incident, log what happens, resolve it.
    Incident(incident::IncidentArguments),
    /// List or copy the files of the built-in theme.
    Theme(theme::ThemeArguments),
    /// Print a check's page; without a code, list all checks.
    Explain(explain::ExplainArguments),
    /// Print a script that completes commands in a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// What every command starts from.
pub struct Context {
    global: Global,
    colour: bool,
    /// What git says of the files of each folder that was opened, as far as it was asked.
    listings: RefCell<Vec<Arc<OnceLock<Tracked>>>>,
}

impl Context {
    fn open(&self, folder: &std::path::Path) -> Result<(DiskWorld, RelPath), Exit> {
        self.open_within(folder, self.global.root.as_deref())
    }

    /// Opens a folder; nothing outside of `root` is read.
    fn open_within(
        &self,
        folder: &std::path::Path,
        root: Option<&std::path::Path>,
    ) -> Result<(DiskWorld, RelPath), Exit> {
        let today = self.global.as_of.unwrap_or_else(shell::today);
        let opened = DiskWorld::open(folder, root, today).map_err(|error| self.machine(&error))?;
        self.listings.borrow_mut().push(opened.0.listing());
        Ok(opened)
    }

    /// Opens a folder whose files a command writes: what a killed run left unfinished is finished first, and told.
    fn open_to_write(
        &self,
        folder: &std::path::Path,
    ) -> Result<(DiskWorld, RelPath, Option<write::Finished>), Exit> {
        let (world, root) = self.open(folder)?;
        let finished = write::finish(world.root()).map_err(|error| self.refused(&error))?;
        world.listed();
        self.settled()?;
        if let Some(finished) = &finished {
            self.say(&format!("finished `oathbook {}`, which was interrupted", finished.title));
            for path in &finished.left {
                self.say(&format!("left as it is, because it was changed since: {path}"));
            }
        }
        Ok((world, root, finished))
    }

    /// Writes files of the repository, all or none; `title` is the command, for a run that has to finish it.
    fn write_all(&self, world: &DiskWorld, title: &str, files: Vec<(RelPath, Vec<u8>)>) -> Result<(), Exit> {
        let change = |(path, after): (RelPath, Vec<u8>)| write::Change {
            before: world.read(&path).ok(),
            path,
            after: Some(after),
            like: None,
        };
        let changes: Vec<write::Change> = files.into_iter().map(change).collect();
        write::all(world.root(), title, &changes).map_err(|error| self.refused(&error))
    }

    /// Prints an error of the machine.
    fn machine(&self, error: &shell::Error) -> Exit {
        self.error(&error.to_string());
        Exit::Machine
    }

    /// Prints why git has no answer.
    fn by_git(&self, refusal: &shell::git::Refusal) -> Exit {
        self.error(&refusal.words);
        if refusal.users { Exit::Usage } else { Exit::Machine }
    }

    /// Whether git could say which files belong to the repository, where it was asked: what was judged without it is not
    /// to be trusted. Each folder is spoken of once.
    fn settled(&self) -> Result<(), Exit> {
        let mut settled = Ok(());
        self.listings.borrow_mut().retain(|listing| {
            match listing.get() {
                Some(Tracked::Refused(refusal)) => {
                    self.error(&format!("git does not say which files are ignored: {refusal}"));
                    settled = Err(Exit::Machine);
                }
                Some(Tracked::NotARepository(words)) => self.say(&format!(
                    "note: git knows no repository here, so ignored files are judged, too ({words})"
                )),
                _ => {}
            }
            listing.get().is_none()
        });
        settled
    }

    /// Prints an error of writing: a template's or a folder's that is not ours is the user's to mend.
    fn refused(&self, error: &shell::Error) -> Exit {
        self.error(&error.to_string());
        if error.users { Exit::Usage } else { Exit::Machine }
    }

    fn error(&self, message: &str) {
        let head = if self.colour { "\x1b[1;31merror\x1b[0m" } else { "error" };
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(std::io::stderr(), "{head}: {}", plain(message));
    }

    /// A line about what was done, on standard error, so that standard output stays clean.
    fn say(&self, message: &str) {
        if !self.global.quiet {
            let _ = writeln!(std::io::stderr(), "{}", plain_line(message));
        }
    }

    /// The same, with its first words in bold.
    fn say_bold(&self, bold: &str, rest: &str) {
        if !self.global.quiet {
            let _ = writeln!(std::io::stderr(), "{}{}", self.bold(&plain_line(bold)), plain(rest));
        }
    }

    fn progress(&self) -> shell::progress::Progress {
        shell::progress::Progress::new(!self.global.quiet)
    }

    fn bold(&self, text: &str) -> String {
        if self.colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Runs the program.
pub fn main() -> Exit {
    shell::failure::guard(start).unwrap_or(Exit::Machine)
}

fn start() -> Exit {
    let mut arguments = std::env::args_os().skip(1);
    if let (Some(first), None) = (arguments.next(), arguments.next()) {
        if first == broker::COMMAND {
            return if broker::serve() { Exit::Clean } else { Exit::Machine };
        }
        #[cfg(target_os = "linux")]
        if first == supervisor::COMMAND {
            return if supervisor::serve() { Exit::Clean } else { Exit::Machine };
        }
    }
    let given: Vec<_> = std::env::args_os().skip(1).collect();
    if given.len() == 2
        && given.iter().any(|one| one == "--verbose")
        && given.iter().any(|one| one == "--version")
    {
        return version();
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Clean };
        }
    };
    let Arguments { command, global } = arguments;
    let terminal = std::io::stderr().is_terminal() && std::io::stdout().is_terminal();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let colour = match global.color {
        When::Always => true,
        When::Never => false,
        When::Auto => terminal && !plain,
    };
    let context = Context { global, colour, listings: RefCell::default() };
    let exit = run(&context, command);
    // Commands that write ask earlier; here it is for all others.
    exit.and(context.settled().err().unwrap_or(Exit::Clean))
}

/// The version, and what of the sandbox this machine has.
fn version() -> Exit {
    let Applied { writes, programs, sockets } = sandbox::apply(&sandbox::Limits::default());
    let version = env!("CARGO_PKG_VERSION");
    let text = format!(
        "oathbook {version}\nsandbox of check, build and serve:\n  writing: {writes}\n  programs: {programs}\n  sockets: {sockets}\n"
    );
    print_bytes(text.as_bytes())
}

fn run(context: &Context, command: Command) -> Exit {
    match command {
        Command::Init(arguments) => init::init(context, &arguments),
        Command::New(arguments) => init::new(context, &arguments),
        Command::Build(arguments) => build::build(context, &arguments),
        Command::Check(arguments) => check::check(context, &arguments),
        Command::Serve(arguments) => serve::serve(context, &arguments),
        Command::Clean(arguments) => build::clean(context, &arguments),
        Command::Diagram(arguments) => diagram::diagram(context, &arguments),
        Command::Claims(arguments) => claims::claims(context, &arguments),
        Command::Criteria(arguments) => criteria::criteria(context, &arguments),
        Command::Linkcheck(arguments) => linkcheck::linkcheck(context, &arguments),
        Command::Mv(arguments) => mv::mv(context, &arguments),
        Command::Mutate(arguments) => mutate::mutate(context, &arguments),
        Command::Test(arguments) => test::test(context, &arguments),
        Command::Baseline(arguments) => baseline::baseline(context, &arguments),
        Command::Update(arguments) => update::update(context, &arguments),
        Command::Review(arguments) => review::review(context, &arguments),
        Command::OpenApi(arguments) => openapi::openapi(context, &arguments),
        Command::Evidence(arguments) => evidence::evidence(context, &arguments),
        Command::Oncall(arguments) => oncall::oncall(context, &arguments),
        Command::Capacity(arguments) => capacity::capacity(context, &arguments),
        Command::Incident(arguments) => incident::incident(context, &arguments),
        Command::Run(arguments) => run::run(context, &arguments),
        Command::Drill(arguments) => drill::drill(context, &arguments),
        Command::Metrics(arguments) => metrics::run(context, &arguments),
        Command::Slo(arguments) => slo::slo(context, &arguments),
        Command::Theme(arguments) => theme::theme(context, &arguments),
        Command::Explain(arguments) => explain::explain(context, &arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "oathbook", &mut script);
            print_bytes(&script)
        }
    }
}

/// Adds a line to what is printed; names and texts of strangers in it stay on it and do nothing.
fn push_line(out: &mut String, line: &str) {
    out.push_str(&plain_line(line));
    out.push('\n');
}

/// Writes to standard output; a reader that left is no error.
fn print_bytes(bytes: &[u8]) -> Exit {
    match std::io::stdout().write_all(bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Exit::Machine,
        _ => Exit::Clean,
    }
}
