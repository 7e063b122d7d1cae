//! Pages of large public API documents: CPU, memory, weight, references; and documents that are meant to hurt.
//!
//! `OATHBOOK_CORPORA=DIR cargo bench --bench api_pages` builds a book of each document in `DIR/openapi` (JSON or YAML) and
//! prints a table; `-- --write` records it in `content/developing/benchmarks.md`; `-- --keep FOLDER` leaves the sites
//! there, for `node tests/browser/pages.mjs`. CPU time is the shell's `times`, of the whole `oathbook build`: reading,
//! checking, pages, search index. Weight is gzip's, of the heaviest page with its style and scripts left out.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark starts programs and writes files")]

#[path = "../tests/hostile.rs"]
mod hostile;

use oathbook::base::RelPath;
use oathbook::openapi::lint::lint;
use oathbook::openapi::{Document, Node, Reference};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const HEADING: &str = "## API pages";

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after =
        |name: &str| arguments.iter().position(|argument| argument == name).map(|at| arguments.get(at + 1));
    let keep = after("--keep").flatten().map(PathBuf::from);
    let scratch = keep
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("oathbook-bench-api-{}", std::process::id())));
    std::fs::create_dir_all(&scratch)?;
    let outcome = measure(&scratch);
    if keep.is_none() {
        std::fs::remove_dir_all(&scratch)?;
    }
    let report = outcome?;
    println!("{report}");
    if after("--write").is_some() {
        record(&report)?;
    }
    Ok(())
}

/// Puts the report where the page has this section, or behind the last one.
fn record(report: &str) -> Outcome<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/developing/benchmarks.md");
    let page = std::fs::read_to_string(&path)?;
    let (before, after) = match page.find(HEADING) {
        Some(at) => {
            let end = page[at + 1..].find("\n## ").map_or(page.len(), |n| at + 1 + n + 1);
            (&page[..at], &page[end..])
        }
        None => (page.as_str(), ""),
    };
    let gap = if after.is_empty() { "" } else { "\n" };
    Ok(std::fs::write(&path, format!("{}\n\n{report}{gap}{after}", before.trim_end()))?)
}

/// The public documents, by name.
fn documents() -> Outcome<Vec<PathBuf>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let corpora = std::env::var_os("OATHBOOK_CORPORA").map_or(beside, PathBuf::from);
    let Ok(folder) = std::fs::read_dir(corpora.join("openapi")) else {
        println!("skipped: no documents in {}", corpora.join("openapi").display());
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for entry in folder {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "json" || kind == "yaml") {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

fn measure(scratch: &Path) -> Outcome<String> {
    let mut out = format!(
        "{HEADING}\n\n`OATHBOOK_CORPORA=DIR cargo bench --bench api_pages`, documents in `DIR/openapi`.\n\n"
    );
    out.push_str("| document | operations | `$ref` resolved | reported | CPU | CPU for 1,000 operations (3 s) | pages | heaviest page, gzip (60 KB) |\n|---|---|---|---|---|---|---|---|\n");
    for path in documents()? {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let text = std::fs::read_to_string(&path)?;
        let document = Document::parse(&RelPath::parse("api.yaml").map_err(|_| "a path")?, &text);
        let (resolved, others) = references(&document);
        let reported = lint(&document, None)
            .iter()
            .find(|score| score.code == "openapi-reference")
            .map_or(0, |score| score.missing);
        let operations = document.operations().len() + document.webhooks().len();
        let book = book(&scratch.join(&name), &text)?;
        let cpu = median(3, || run(&book, "build --quiet -d out"))?;
        let (pages, heaviest) = weigh(&book.join("out/api/a"))?;
        let note =
            if others > reported { format!(" ({} in examples)", others - reported) } else { String::new() };
        writeln!(
            out,
            "| {name} | {operations} | {resolved} | {reported}{note} | {cpu:.2} s | {:.2} s | {pages} | {:.1} KB |",
            cpu * 1000.0 / f64::from(u32::try_from(operations.max(1))?),
            f64::from(u32::try_from(heaviest)?) / 1000.0
        )?;
    }
    writeln!(
        out,
        "\nDocuments that are meant to hurt, each checked within 2 s of CPU and 500 MB (`ulimit -t 2; ulimit -v 500000`):\n"
    )?;
    out.push_str("| document | CPU |\n|---|---|\n");
    for (name, text) in hostile::documents() {
        let book = book(&scratch.join("hostile"), &text)?;
        let cpu = run(&book, "check --quiet")?;
        writeln!(out, "| {name} | {cpu:.2} s |")?;
    }
    Ok(out)
}

/// A book of one page whose API is the document.
fn book(folder: &Path, document: &str) -> Outcome<PathBuf> {
    std::fs::create_dir_all(folder.join("src"))?;
    let settings =
        "[book]\ntitle = \"Book\"\n\n[openapi.a]\nsources = [{ file = \"a.yaml\" }]\ndocument = \"a.yaml\"\n";
    std::fs::write(folder.join("book.toml"), settings)?;
    std::fs::write(folder.join("src/SUMMARY.md"), "- [Start](start.md)\n")?;
    std::fs::write(folder.join("src/start.md"), "# Start\n\nA page.\n")?;
    std::fs::write(folder.join("a.yaml"), document)?;
    Ok(folder.to_owned())
}

/// CPU seconds of one command from nothing; findings are no failure. What only checks may take 2 s and 500 MB.
fn run(book: &Path, command: &str) -> Outcome<f64> {
    let limit = if command.starts_with("check") { "ulimit -t 2; ulimit -v 500000; " } else { "" };
    let line = format!("{limit}\"$0\" {command} >found.txt 2>&1; echo $?; times");
    let _ = std::fs::remove_dir_all(book.join("out"));
    let program = env!("CARGO_BIN_EXE_oathbook");
    let ran =
        Command::new("sh").args(["-c", &line, program]).current_dir(book).stdin(Stdio::null()).output()?;
    let printed = String::from_utf8(ran.stdout)?;
    let mut lines = printed.lines();
    let code = lines.next().unwrap_or_default();
    let found = std::fs::read_to_string(book.join("found.txt")).unwrap_or_default();
    if !matches!(code, "0" | "1") || found.contains("panicked") {
        let last: String = found.chars().take(400).collect();
        return Err(format!("{}: exit code {code}: {last}", book.display()).into());
    }
    let children = lines.nth(1).ok_or("the shell prints no times")?;
    let seconds = |text: &str| -> Option<f64> {
        let (minutes, seconds) = text.trim_end_matches('s').split_once('m')?;
        Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
    };
    let all = children.split_whitespace().map(seconds).sum::<Option<f64>>();
    all.ok_or_else(|| "times are not in the form 0m0.0s".into())
}

fn median(runs: usize, mut once: impl FnMut() -> Outcome<f64>) -> Outcome<f64> {
    let mut all: Vec<f64> = (0..runs).map(|_| once()).collect::<Outcome<_>>()?;
    all.sort_by(f64::total_cmp);
    Ok(all[runs / 2])
}

/// Pages of a folder, and the bytes of the heaviest as gzip packs it.
fn weigh(folder: &Path) -> Outcome<(usize, usize)> {
    let (mut pages, mut heaviest) = (0, 0);
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "html") {
            let packed = Command::new("gzip").arg("-c").arg(&path).output()?;
            pages += 1;
            heaviest = heaviest.max(packed.stdout.len());
        }
    }
    Ok((pages, heaviest))
}

/// `$ref`s that lead somewhere in the document, and those that do not, wherever they stand.
fn references(document: &Document) -> (usize, usize) {
    fn visit(document: &Document, node: &Node, out: &mut (usize, usize)) {
        if let Some(reference) = node.get_text("$ref") {
            match document.reference(reference) {
                Reference::Found(_) => out.0 += 1,
                _ => out.1 += 1,
            }
        }
        for child in node.entries().map(|entry| &entry.node).chain(node.list()) {
            visit(document, child, out);
        }
    }
    let mut out = (0, 0);
    visit(document, &document.root, &mut out);
    out
}
