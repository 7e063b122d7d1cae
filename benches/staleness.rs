//! What the checks on a pull request find and miss, over public histories.
//!
//! `cargo bench --bench staleness -- names` holds removed names against labelled alerts; `-- history` counts alarms over
//! all first-parent commits; `-- lists` adds members to documented lists; `-- mutate` runs `oathbook mutate`; `-- speed`
//! checks a change in a made repository of 500,000 lines and 1,000 pages, with ripgrep and a plain read of the same tree
//! beside it. Repositories are looked for below `$OATHBOOK_REPOSITORIES`, as `OWNER+NAME/repo`,
//! `OWNER/NAME` or `NAME`; the labels below `$OATHBOOK_CORPORA` or `../shared/corpora`. What is not there is said and
//! left out.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark starts programs and reads files")]

use oathbook::base::{Date, RelPath};
use oathbook::diag::{Diagnostic, Severity};
use oathbook::evidence::Report;
use oathbook::pipeline::{self, Settings};
use oathbook::shell::git::{self, GitWorld};
use oathbook::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const REPOSITORIES: &[&str] =
    &["rust-lang/mdBook", "getzola/zola", "sharkdp/bat", "sharkdp/fd", "lycheeverse/lychee"];

fn main() -> Outcome<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let wanted = |part: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == part);
    let verbose = std::env::args().any(|argument| argument == "--verbose");
    if wanted("names") {
        names(verbose)?;
    }
    if wanted("history") {
        history(verbose)?;
    }
    if wanted("lists") {
        lists(verbose)?;
    }
    if wanted("mutate") {
        mutations(verbose)?;
    }
    if wanted("speed") {
        speed()?;
    }
    Ok(())
}

/// Where a public repository lies.
fn repository(name: &str) -> Option<PathBuf> {
    let root = PathBuf::from(std::env::var_os("OATHBOOK_REPOSITORIES")?);
    let plus = name.replace('/', "+");
    let short = name.rsplit('/').next().unwrap_or(name);
    let candidates = [format!("{plus}/repo"), plus, name.to_owned(), short.to_owned()];
    candidates.iter().map(|path| root.join(path)).find(|path| path.exists())
}

fn corpora() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var_os("OATHBOOK_CORPORA").map(PathBuf::from);
    named.into_iter().chain([here.join("../shared/corpora")]).find(|path| path.is_dir())
}

fn today() -> Date {
    Date::from_days(20_000)
}

/// What `oathbook check --base PARENT --head COMMIT` finds of one check.
fn found(base: &GitWorld, head: &GitWorld, codes: &[&str]) -> Vec<Diagnostic> {
    let changed = base.changed(head);
    let settings = Settings { base: Some((base as &dyn World, &changed)), ..Settings::default() };
    let mut out = Vec::new();
    for project in pipeline::projects(head, &RelPath::root()) {
        let Report { diagnostics, .. } = pipeline::run(head, &project, settings).report;
        out.extend(diagnostics.into_iter().filter(|found| codes.contains(&found.code)));
    }
    out
}

/// The pages that a finding is about.
fn pages(found: &Diagnostic) -> BTreeSet<String> {
    found.related.iter().map(|related| related.place.file.as_str().to_owned()).collect()
}

/// A 95 % interval for a share (Wilson, 1927).
fn interval(hits: usize, all: usize) -> (f64, f64) {
    if all == 0 {
        return (0.0, 1.0);
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let (hits, all, z) = (hits as f64, all as f64, 1.96_f64);
    let share = hits / all;
    let middle = share + z * z / (2.0 * all);
    let spread = z * (share * (1.0 - share) / all + z * z / (4.0 * all * all)).sqrt();
    let whole = 1.0 + z * z / all;
    ((middle - spread) / whole, (middle + spread) / whole)
}

fn share(hits: usize, all: usize) -> String {
    let (low, high) = interval(hits, all);
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let percent = if all == 0 { 0.0 } else { 100.0 * hits as f64 / all as f64 };
    format!("{hits} of {all} = {percent:.0} % (95 % interval {:.0} to {:.0} %)", 100.0 * low, 100.0 * high)
}

#[derive(serde::Deserialize)]
struct Alert {
    repository: String,
    commit: String,
    page: String,
    names: Vec<String>,
    label: String,
}

/// Labelled alerts: of the stale pages how many are reported, of the reported how many are stale.
fn names(verbose: bool) -> Outcome<()> {
    println!("## Removed names against labelled alerts\n");
    let Some(path) =
        corpora().map(|path| path.join("staleness/removed-names.jsonl")).filter(|path| path.exists())
    else {
        println!("skipped: no labels (set OATHBOOK_CORPORA)\n");
        return Ok(());
    };
    let text = std::fs::read_to_string(path)?;
    let alerts = text.lines().map(serde_json::from_str).collect::<Result<Vec<Alert>, _>>()?;
    let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for alert in &alerts {
        let Some(root) = repository(&alert.repository) else {
            println!("skipped: {} is not below $OATHBOOK_REPOSITORIES", alert.repository);
            continue;
        };
        let base = GitWorld::open(&root, &format!("{}^", alert.commit), today())?;
        let head = base.at(&alert.commit)?;
        let all = found(&base, &head, &["removed-name"]);
        let about: Vec<&Diagnostic> = all.iter().filter(|found| pages(found).contains(&alert.page)).collect();
        let outcome = match about.iter().map(|found| found.severity).min() {
            Some(Severity::Error) => "error",
            Some(_) => "warning",
            None => "silent",
        };
        *counts.entry((alert.label.clone(), outcome)).or_default() += 1;
        if verbose {
            println!(
                "{} {} {} {} {:?}: {outcome}",
                alert.label,
                alert.repository,
                &alert.commit[..8],
                alert.page,
                alert.names
            );
            for found in about {
                println!("    {}", found.message);
            }
        }
    }
    let count = |label: &str, outcomes: &[&str]| -> usize {
        outcomes.iter().filter_map(|outcome| counts.get(&(label.to_owned(), *outcome))).sum()
    };
    println!("| label | error | warning | silent |\n|---|---|---|---|");
    for label in ["stale", "sample", "fine"] {
        println!(
            "| {label} | {} | {} | {} |",
            count(label, &["error"]),
            count(label, &["warning"]),
            count(label, &["silent"])
        );
    }
    let reported = ["error", "warning"];
    let (stale, fine) = (count("stale", &reported), count("fine", &reported));
    println!(
        "\nOf the stale pages that the naive detector alerted on, reported: {}.",
        share(stale, stale + count("stale", &["silent"]))
    );
    println!("Of the reported pages with a label, stale: {}.\n", share(stale, stale + fine));
    Ok(())
}

/// Checks that judge a change.
const CODES: [&str; 3] = ["removed-name", "incomplete-list", "dead-name"];

/// Commits, and for each check those with an error and those with any finding.
#[derive(Clone, Copy, Default)]
struct Alarms {
    commits: usize,
    errors: [usize; 3],
    any: [usize; 3],
}

/// Alarms over whole histories.
fn history(verbose: bool) -> Outcome<()> {
    let mut rows: Vec<(&str, Alarms)> = Vec::new();
    let mut all = Alarms::default();
    for name in REPOSITORIES {
        let Some(root) = repository(name) else {
            println!("skipped: {name} is not below $OATHBOOK_REPOSITORIES");
            continue;
        };
        let one = replay(&root, verbose)?;
        all.commits += one.commits;
        for at in 0..CODES.len() {
            all.errors[at] += one.errors[at];
            all.any[at] += one.any[at];
        }
        rows.push((name, one));
    }
    rows.push(("all", all));
    for (at, code) in CODES.iter().enumerate() {
        println!("## {code} over all first-parent commits\n");
        println!(
            "| repository | commits | with an error | share | with a finding | share |\n|---|---|---|---|---|---|"
        );
        for (name, one) in &rows {
            row(name, [one.commits, one.errors[at], one.any[at]]);
        }
        println!();
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn row(name: &str, [commits, errors, any]: [usize; 3]) {
    let percent = |count: usize| 100.0 * count as f64 / commits.max(1) as f64;
    println!("| {name} | {commits} | {errors} | {:.2} % | {any} | {:.2} % |", percent(errors), percent(any));
}

fn replay(root: &Path, verbose: bool) -> Outcome<Alarms> {
    let commits = git::first_parents(root, "HEAD")?;
    let mut out = Alarms { commits: commits.len(), ..Alarms::default() };
    let Some((newest, _)) = commits.first() else { return Ok(out) };
    let mut head = GitWorld::open_many(root, newest, today())?;
    for (commit, parent) in &commits {
        let base = head.at(parent)?;
        let changed = base.changed(&head);
        let pages: Vec<RelPath> =
            head.tracked(&RelPath::root()).into_iter().filter(oathbook::model::is_markdown).collect();
        let sides = oathbook::evidence::names::Sides { base: &base, head: &head, changed: &changed };
        let change = oathbook::evidence::names::read(sides, &pages);
        // All Markdown first, which is quick; what `check` itself says decides.
        if !(change.removed.is_empty() && change.gaps.is_empty() && change.dead.is_empty()) {
            let found = found(&base, &head, &CODES);
            for (at, code) in CODES.iter().enumerate() {
                let mine = || found.iter().filter(|found| found.code == *code);
                out.any[at] += usize::from(mine().next().is_some());
                out.errors[at] += usize::from(mine().any(|found| found.severity == Severity::Error));
            }
            for found in found.iter().filter(|_| verbose) {
                println!("  {} {}[{}]: {}", &commit[..10], found.severity.name(), found.code, found.message);
            }
        }
        head = base;
    }
    Ok(out)
}

/// More repositories with documented lists, beside those of the histories.
const LISTS: &[&str] = &[
    "starship/starship",
    "casey/just",
    "BurntSushi/ripgrep",
    "helix-editor/helix",
    "EmbarkStudios/cargo-deny",
    "tamasfe/taplo",
    "PyO3/maturin",
    "PyO3/pyo3",
    "cross-rs/cross",
    "rust-lang/rustup",
    "rust-lang/cargo",
    "jj-vcs/jj",
    "tokio-rs/axum",
    "rust-lang/rust-clippy",
    "rust-lang/rust-bindgen",
    "rust-lang/crates.io",
    "LemmyNet/lemmy-docs",
    "rust-analyzer/rust-analyzer",
    "async-graphql/async-graphql",
    "foundry-rs/book",
    "sigp/lighthouse",
    "paradigmxyz/reth",
];

/// Lists that the author of a page keeps by hand: of a set of at least four members the page names every one as code or
/// strong text, wherever on the page. That is another measure than the check's own, which looks at one list and asks for
/// most members. To each such set one member is added in the code.
fn lists(verbose: bool) -> Outcome<()> {
    println!("## Members added to documented lists\n\n| repository | lists | found |\n|---|---|---|");
    let (mut all, mut hits) = (0, 0);
    for name in REPOSITORIES.iter().chain(LISTS) {
        let Some(root) = repository(name) else { continue };
        let head = GitWorld::open_many(&root, "HEAD", today())?;
        let (count, found) = documented_lists(&head, verbose);
        if count > 0 {
            println!("| {name} | {count} | {found} |");
        }
        (all, hits) = (all + count, hits + found);
    }
    println!("\nFound without a declaration: {}.\n", share(hits, all));
    Ok(())
}

/// At most this many lists of one repository, so that none decides alone.
const LISTS_EACH: usize = 30;

fn documented_lists(head: &GitWorld, verbose: bool) -> (usize, usize) {
    use oathbook::evidence::names::{self, Sides, mutate};
    let mut sets: BTreeMap<_, Vec<names::Declared>> = BTreeMap::new();
    for declared in mutate::declared(head) {
        if oathbook::code::is_listed(declared.name.kind) && !declared.name.hidden {
            let key = (declared.file.clone(), declared.name.kind, declared.name.set.clone());
            sets.entry(key).or_default().push(declared);
        }
    }
    let pages: Vec<RelPath> =
        head.tracked(&RelPath::root()).into_iter().filter(oathbook::model::is_markdown).collect();
    let marked: Vec<(RelPath, String)> = pages
        .iter()
        .filter(|page| !names::is_record(page))
        .filter_map(|page| Some((page.clone(), marked(&head.text(page).ok()?))))
        .collect();
    let (mut all, mut found) = (0, 0);
    let mut taken = BTreeSet::new();
    for ((file, kind, set), members) in &sets {
        let named =
            |text: &str| members.iter().all(|member| text.contains(&format!("\n{}\n", member.name.text)));
        let Some((page, _)) = marked.iter().find(|(_, text)| members.len() > 3 && named(text)) else {
            continue;
        };
        // A struct's flags, fields and keys are one list.
        if all >= LISTS_EACH || !taken.insert((file.clone(), set.clone())) {
            continue;
        }
        let Some(overlay) = members.last().and_then(|last| mutate::with_another_member(head, last)) else {
            continue;
        };
        let changed = overlay.changed();
        let gaps = names::read(Sides { base: head, head: &overlay, changed: &changed }, &pages).gaps;
        let hit = gaps.iter().any(|gap| gap.list.file == *page);
        all += 1;
        found += usize::from(hit);
        if verbose {
            println!(
                "  {} {file} {} {set} ({}) on {page}",
                if hit { "found" } else { "MISSED" },
                kind.name(),
                members.len()
            );
        }
    }
    (all, found)
}

/// The code and strong text of a page, each on a line of its own, words of code apart.
fn marked(text: &str) -> String {
    let mut out = String::from("\n");
    for piece in oathbook::markdown::cited(text).iter().filter(|piece| piece.block.is_none()) {
        out.push_str(&piece.text);
        out.push('\n');
        for word in piece.text.split([' ', '=', ',', '"', ':']).filter(|word| !word.is_empty()) {
            out.push_str(word);
            out.push('\n');
        }
    }
    let mut parts = text.split("**");
    parts.next();
    while let (Some(strong), _) = (parts.next(), parts.next()) {
        out.push_str(strong.trim_end_matches(':'));
        out.push('\n');
    }
    out
}

/// Repositories whose documented names are renamed and removed: those of the histories, and others in Python, Go and
/// TypeScript.
const MUTATED: &[&str] = &[
    "rust-lang/mdBook",
    "getzola/zola",
    "sharkdp/bat",
    "sharkdp/fd",
    "lycheeverse/lychee",
    "casey/just",
    "pallets/click",
    "golangci/golangci-lint",
    "vitest-dev/vitest",
];

/// Documented names renamed or removed one at a time, and edits that change none, as `oathbook mutate` makes them.
fn mutations(verbose: bool) -> Outcome<()> {
    println!("## Documented names renamed or removed, and harmless edits\n");
    println!("| repository | names | found | harmless edits | findings |\n|---|---|---|---|---|");
    for name in MUTATED {
        let Some(root) = repository(name) else {
            println!("| {name} | skipped: not below $OATHBOOK_REPOSITORIES | | | |");
            continue;
        };
        let tree = std::env::temp_dir().join(format!("oathbook-mutate-{}", std::process::id()));
        let clone = ["clone", "-q", "--shared", &root.to_string_lossy(), &tree.to_string_lossy()];
        // A snapshot may lack its largest files: what is there will do.
        let _ = std::process::Command::new("git").args(clone).output()?;
        let _ = std::process::Command::new("git")
            .args(["checkout", "-qf", "HEAD", "--", "."])
            .current_dir(&tree)
            .output()?;
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_oathbook"))
            .arg("mutate")
            .current_dir(&tree)
            .output()?;
        std::fs::remove_dir_all(&tree)?;
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let cells = |line: &str| -> Vec<usize> {
            line.split('|').filter_map(|cell| cell.trim().parse().ok()).collect()
        };
        let all = text.lines().find(|line| line.starts_with("| all |")).map(cells).unwrap_or_default();
        let harmless =
            text.lines().skip_while(|line| !line.starts_with("| edits that change no name")).skip(2);
        let harmless = harmless.map(cells).fold((0, 0), |(made, found), row| match row[..] {
            [a, b] => (made + a, found + b),
            _ => (made, found),
        });
        if let [made, found] = all[..] {
            println!("| {name} | {made} | {found} | {} | {} |", harmless.0, harmless.1);
        }
        for line in
            text.lines().filter(|line| verbose && (line.starts_with("missed") || line.starts_with("false")))
        {
            println!("  {line}");
        }
    }
    println!();
    Ok(())
}

/// A change in a large repository: CPU seconds of the whole command, cold, and of ripgrep over the same tree.
fn speed() -> Outcome<()> {
    println!("## A pull request in a repository of 500,000 lines and 1,000 pages\n");
    let root = std::env::temp_dir().join(format!("oathbook-stale-{}", std::process::id()));
    let outcome = made(&root).and_then(|()| measured(&root));
    std::fs::remove_dir_all(&root)?;
    outcome
}

fn run(root: &Path, program: &str, arguments: &[&str]) -> Outcome<()> {
    let done = std::process::Command::new(program).args(arguments).current_dir(root).output()?;
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into()) }
}

fn made(root: &Path) -> Outcome<()> {
    std::fs::create_dir_all(root)?;
    std::fs::write(root.join("Cargo.toml"), "[package]\nname = \"made\"\nversion = \"0.1.0\"\n")?;
    for file in 0..2_500 {
        let mut text = String::from("use clap::Parser;\n\n");
        for item in 0..18 {
            text.push_str(&format!(
                "/// Options of part {file} {item}.\n#[derive(Parser)]\npub struct Options{file}x{item} {{\n    /// Help.\n    #[arg(long)]\n    pub part_{file}_{item}_limit: u32,\n}}\n\nimpl Options{file}x{item} {{\n    pub fn load_{file}_{item}() -> u32 {{ {file} + {item} }}\n}}\n"
            ));
        }
        let folder = root.join(format!("src/part{}", file / 50));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("m{file}.rs")), text)?;
    }
    std::fs::create_dir_all(root.join("docs"))?;
    for page in 0..1_000 {
        let mut text = format!("# Page {page}\n\n");
        for part in 0..20 {
            let file = (page * 7 + part) % 2_500;
            text.push_str(&format!(
                "Part {file} reads `Options{file}x{part}` and takes `--part-{file}-{}-limit`. Some more words follow here, as they do on pages.\n\n",
                part % 18
            ));
        }
        std::fs::write(root.join(format!("docs/p{page}.md")), text)?;
    }
    run(root, "git", &["init", "-q"])?;
    run(root, "git", &["add", "-A"])?;
    let commit = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-qam", "made"];
    run(root, "git", &commit)?;
    for file in 0..20 {
        let path = root.join(format!("src/part0/m{file}.rs"));
        let text = std::fs::read_to_string(&path)?;
        std::fs::write(&path, text.replace(&format!("part_{file}_0_limit"), &format!("part_{file}_0_most")))?;
    }
    run(root, "git", &commit)
}

fn measured(root: &Path) -> Outcome<()> {
    println!("| command | CPU seconds (user and system, children included; median of 5) |\n|---|---|");
    let tool = env!("CARGO_BIN_EXE_oathbook");
    let check = format!("{tool} check --base HEAD^ --format json .");
    let both = format!("{tool} check --base HEAD^ --head HEAD --format json .");
    println!("| `oathbook check --base HEAD^` | {:.2} |", cpu(root, &check)?);
    println!("| `oathbook check --base HEAD^ --head HEAD` | {:.2} |", cpu(root, &both)?);
    let plain = cpu(root, "find . -type f -not -path './.git/*' -print0 | xargs -0 cat")?;
    println!("| a plain read of all files | {plain:.2} |");
    match cpu(root, "rg -c part_7_0_limit .") {
        Ok(floor) if floor > 0.0 => println!("| `rg` over the same tree | {floor:.2} |\n"),
        _ => println!("| `rg` | not installed; `grep -r` {:.2} |\n", cpu(root, "grep -rc part_7_0_limit .")?),
    }
    Ok(())
}

/// What the shell's `times` says of one command: its fourth and last line, minutes and seconds.
fn cpu(root: &Path, command: &str) -> Outcome<f64> {
    let mut all = Vec::new();
    for _ in 0..5 {
        let script = format!("{command} >/dev/null 2>&1; times");
        let done = std::process::Command::new("bash").args(["-c", &script]).current_dir(root).output()?;
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let children = text.lines().last().unwrap_or("");
        let seconds = |part: &str| -> f64 {
            let (minutes, rest) = part.split_once('m').unwrap_or(("0", part));
            minutes.parse::<f64>().unwrap_or(0.0) * 60.0
                + rest.trim_end_matches('s').parse::<f64>().unwrap_or(0.0)
        };
        all.push(children.split_whitespace().map(seconds).sum());
    }
    all.sort_by(f64::total_cmp);
    Ok(all[2])
}
