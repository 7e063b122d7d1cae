//! `oathbook linkcheck`: the one command that asks other hosts.

use super::check::{self, Format, Outcome};
use super::{Context, Exit, print_bytes, push_line};
use crate::base::RelPath;
use crate::diag::{code, settle};
use crate::evidence::external::{self, Answer, Links, Record};
use crate::pipeline::{self, Checked, Project, Settings};
use crate::report::{Listing, count};
use crate::shell::links::{self, Answers, Pace, Wanted};
use crate::shell::{self, disk::DiskWorld, git, http, write};
use crate::world::{PathKind, World};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  oathbook linkcheck                  ask for every link that leaves the site, and record the answers
  oathbook linkcheck --base main      ask only for links that this branch adds; each has to answer now
  oathbook linkcheck --list           print the links and ask nobody";

/// Arguments of `linkcheck`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(super) struct LinkcheckArguments {
    /// The folder of the book, or any folder with Markdown.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// How findings are printed.
    #[arg(long, value_enum, default_value = "terminal")]
    format: Format,
    /// Ask only for links that are not in this revision, and fail if one of them does not answer.
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Ask again for what is recorded as good.
    #[arg(long)]
    fresh: bool,
    /// Print the links that would be asked for, and ask nobody.
    #[arg(long)]
    list: bool,
    /// Print where links have moved for good.
    #[arg(long)]
    moved: bool,
    /// Ask addresses of this machine and its network, too. Pages of strangers could misuse that.
    #[arg(long)]
    allow_private: bool,
}

/// A project and what is known of its links.
struct Part {
    project: Project,
    checked: Checked,
    links: Links,
    /// All its links.
    urls: BTreeSet<String>,
}

pub(super) fn linkcheck(context: &Context, arguments: &LinkcheckArguments) -> Exit {
    let (disk, root) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, ..Settings::default() };
    let before = match &arguments.base {
        None => None,
        Some(base) => match at_base(&disk, &root, base, settings) {
            Ok(urls) => Some(urls),
            Err(refusal) => return context.by_git(&refusal),
        },
    };
    let mut parts = parts(&disk, &root, settings, before.as_ref());
    let wanted = wanted(&parts, arguments, &disk);
    if arguments.list {
        return list(&wanted);
    }
    let answers = match ask(context, arguments, &parts, &wanted) {
        Ok(answers) => answers,
        Err(exit) => return exit,
    };
    let mut exit = Exit::Clean;
    for part in &mut parts {
        if let Err(error) = record(part, &answers, &disk, before.is_none()) {
            exit = exit.and(context.refused(&error));
        }
    }
    say(context, arguments, &parts, &answers);
    let mut outcome = Outcome::default();
    for part in &parts {
        let settings = Settings { links: Some(&part.links), ..settings };
        let mut checked = pipeline::run(&disk, &part.project, settings);
        checked
            .report
            .diagnostics
            .retain(|found| matches!(found.code, code::EXTERNAL_LINK | "configuration"));
        outcome.add(&checked);
    }
    settle(&mut outcome.diagnostics);
    let listing = Listing { diagnostics: &outcome.diagnostics, compared: false };
    let printed = check::print(context, arguments.format, &outcome, listing, (&disk, None));
    exit.and(outcome.exit()).and(printed)
}

/// The links of all projects at a revision.
fn at_base(
    disk: &DiskWorld,
    root: &RelPath,
    base: &str,
    settings: Settings<'_>,
) -> Result<BTreeSet<String>, git::Refusal> {
    let parted = git::merge_base(disk.root(), base, "HEAD")?;
    let world = git::GitWorld::open(disk.root(), &parted, disk.today())?;
    let urls = parts(&world, root, settings, None).into_iter().flat_map(|part| part.urls).collect();
    world.trouble().map_or(Ok(urls), |refusal| Err(refusal.clone()))
}

fn parts(
    world: &dyn World,
    root: &RelPath,
    settings: Settings<'_>,
    before: Option<&BTreeSet<String>>,
) -> Vec<Part> {
    let part = |project: Project| {
        let checked = pipeline::run(world, &project, settings);
        let all = external::on_pages(&checked.site, &checked.config);
        let urls: BTreeSet<String> =
            all.into_iter().filter(|link| link.not_asked.is_none()).map(|link| link.url).collect();
        let added = before.map(|before| urls.difference(before).cloned().collect()).unwrap_or_default();
        let record = Links::recorded(world, &checked.config).record;
        Part { project, checked, links: Links { record, added, asked_now: true }, urls }
    };
    pipeline::projects(world, root).into_iter().map(part).collect()
}

/// What is to be asked: added links, or all that have no fresh answer.
fn wanted(parts: &[Part], arguments: &LinkcheckArguments, disk: &DiskWorld) -> Wanted {
    let mut out = Wanted::new();
    for part in parts {
        let days = if arguments.fresh { 0 } else { part.checked.config.linkcheck.fresh_for };
        for link in external::on_pages(&part.checked.site, &part.checked.config) {
            let asked = arguments.base.is_none() || part.links.added.contains(&link.url);
            if asked && link.not_asked.is_none() && !part.links.record.is_fresh(&link.url, disk.today(), days)
            {
                out.entry(link.address).or_default().insert(link.fragment);
            }
        }
    }
    out
}

fn list(wanted: &Wanted) -> Exit {
    let mut out = String::new();
    for (address, fragment) in wanted.iter().flat_map(|(address, all)| all.iter().map(move |f| (address, f)))
    {
        push_line(&mut out, &url((address, fragment)));
    }
    print_bytes(out.as_bytes())
}

fn url((address, fragment): (&external::Address, &Option<String>)) -> String {
    fragment.as_ref().map_or_else(|| address.to_string(), |fragment| format!("{address}#{fragment}"))
}

fn ask(
    context: &Context,
    arguments: &LinkcheckArguments,
    parts: &[Part],
    wanted: &Wanted,
) -> Result<Answers, Exit> {
    let Some(first) = parts.first().filter(|_| !wanted.is_empty()) else { return Ok(Answers::new()) };
    let config = &first.checked.config.linkcheck;
    let timeout = Duration::from_secs(u64::from(config.timeout));
    let manners = http::Manners { timeout, private: arguments.allow_private };
    let client = http::Client::new(manners).map_err(|error| context.refused(&error))?;
    let pace = Pace { pause: Duration::from_millis(u64::from(config.pause)), retries: config.retries };
    let progress = context.progress();
    let answers = links::ask(&client, wanted, pace, &|total| progress.step("asking for links", total));
    progress.clear();
    let silent = |answer: &Answer| matches!(answer, Answer::Bad(said) if said.starts_with("there is no such host") || said.starts_with("no answer"));
    let hosts: BTreeSet<&str> = wanted.keys().map(external::Address::host).collect();
    if hosts.len() > 2 && answers.values().all(silent) {
        context.error(&format!(
            "none of {} answers, so nothing is recorded: is this machine connected?",
            count(hosts.len(), "host")
        ));
        return Err(Exit::Machine);
    }
    Ok(answers)
}

/// Adds the answers to a project's record, and writes it.
fn record(part: &mut Part, answers: &Answers, disk: &DiskWorld, all: bool) -> Result<(), shell::Error> {
    let today = disk.today();
    let before = part.links.record.clone();
    for ((address, fragment), answer) in answers {
        let url = url((address, fragment));
        if part.urls.contains(&url) {
            part.links.record.add(&url, today, answer.clone());
        }
    }
    if all {
        part.links.record.keep(&part.urls);
    }
    let Some(file) = external::file(&part.checked.config).filter(|_| part.links.record != before) else {
        return Ok(());
    };
    let path = disk.on_disk(&file);
    let folder = file.parent();
    // The name comes from the repository: nothing else is replaced, and nothing outside of it.
    let there = disk.text(&file).unwrap_or_default();
    let is_record = there.lines().all(|line| line.starts_with("{\"url\":"));
    let stranger = disk.on_disk(&folder).exists() && disk.kind(&folder) != Some(PathKind::Folder);
    if !is_record || stranger || file.extension() != Some("jsonl") || file.enters_git() {
        let cause = "`linkcheck.record` names something else than a record of links (`.jsonl`)";
        return Err(shell::Error::new("replace", &path, cause).for_the_user());
    }
    if folder.file_name() == ".oathbook" && disk.kind(&folder).is_none() {
        // A cache of this machine, like Cargo's: nobody commits it by mistake.
        write::below(disk.root(), &folder.join(".gitignore").unwrap_or_else(|_| folder.clone()), b"*\n")?;
    }
    write::below(disk.root(), &file, part.links.record.text().as_bytes())
}

/// How many answered what; on request, where links have moved.
fn say(context: &Context, arguments: &LinkcheckArguments, parts: &[Part], answers: &Answers) {
    let mut sorts: BTreeMap<&str, usize> = BTreeMap::new();
    for answer in answers.values() {
        let sort = match answer {
            Answer::Good(..) => "good",
            Answer::Bad(_) => "bad",
            Answer::Unknown(_) => "not judged",
        };
        *sorts.entry(sort).or_default() += 1;
    }
    let number = |sort| sorts.get(sort).copied().unwrap_or(0);
    context.say(&format!(
        "asked for {}: {} good, {} bad, {} not judged",
        count(answers.len(), "link"),
        number("good"),
        number("bad"),
        number("not judged")
    ));
    let reported = |record: &Record, url: &str, after: u32, added: &BTreeSet<String>| {
        added.contains(url)
            || record.get(url).and_then(|seen| seen.failed).is_some_and(|(days, _)| days >= after)
    };
    for ((address, fragment), answer) in answers {
        let url = url((address, fragment));
        match answer {
            Answer::Good(_, Some(moved)) if arguments.moved => {
                context.say(&format!("moved: {url} is now {moved}"));
            }
            Answer::Unknown(said) => context.say(&format!("not judged: {url}: {said}")),
            Answer::Bad(said) => {
                let finding = |part: &Part| {
                    reported(
                        &part.links.record,
                        &url,
                        part.checked.config.linkcheck.fail_after,
                        &part.links.added,
                    )
                };
                if !parts.iter().any(finding) {
                    context.say(&format!("failing, not yet a finding: {url}: {said}"));
                }
            }
            Answer::Good(..) => {}
        }
    }
}
