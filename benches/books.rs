//! Speed, memory and weight, printed as ratios measured side by side in one run.
//!
//! `cargo bench --bench books` measures and prints; `-- --write` also records the table in
//! `content/developing/benchmarks.md`; `-- --quick` leaves the large books out. mdBook is taken from `$MDBOOK` or the
//! path, Hugo from the path; what is not there is said and left out. CPU time is the shell's `times` (user and
//! system, children included), medians of five runs.
//!
//! `-- --against PROGRAM REPOSITORY` times another oathbook, as one of an older commit, and this one in turn: on a made book, and on a
//! repository that both read, as a checkout of that older commit. Nothing is written to the repository but what `update` writes.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark starts programs and writes files")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// One program on one book.
#[derive(Clone, Copy, Debug)]
struct Cost {
    cpu: f64,
    wall: f64,
    /// Peak resident memory, in millions of bytes; 0 where it cannot be read.
    memory: u64,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, source, out] = arguments.as_slice()
        && mode == "floor"
    {
        return floor(Path::new(source), Path::new(out));
    }
    if let Some(at) = arguments.iter().position(|argument| argument == "--against") {
        let (Some(other), Some(repository)) = (arguments.get(at + 1), arguments.get(at + 2)) else {
            return Err("write --against PROGRAM REPOSITORY".into());
        };
        return against(Path::new(other), Path::new(repository));
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let scratch = std::env::temp_dir().join(format!("oathbook-bench-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let outcome = measure(&scratch, quick);
    std::fs::remove_dir_all(&scratch)?;
    let report = outcome?;
    println!("{report}");
    if arguments.iter().any(|argument| argument == "--write") {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/developing/benchmarks.md");
        // What other commands print is recorded by hand behind this heading and stays.
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        let rest = old.find(ELSEWHERE).map_or("", |at| &old[at..]);
        std::fs::write(path, format!("{report}\n{rest}"))?;
    }
    Ok(())
}

/// What both programs do, whether it is on the repository, and the most that this one may take of the other's CPU time.
const PAIRS: &[(&str, bool, &[&str], f64)] = &[
    ("check, 2,000 pages", false, &["check"], 1.1),
    ("build, 2,000 pages", false, &["build", "-d", "FRESH"], 1.1),
    ("the same over the old site", false, &["build", "-d", "OLD"], 1.1),
    ("check, the repository", true, &["check"], 1.1),
    ("check --base HEAD~1, the repository", true, &["check", "--base", "HEAD~1"], 1.1),
    ("build, the repository", true, &["build", "-d", "FRESH"], 1.1),
    ("the same over the old site", true, &["build", "-d", "OLD"], 1.1),
    ("openapi show, the repository", true, &["openapi", "show"], 0.2),
    ("update, the repository", true, &["update"], 1.0 / 3.0),
];

/// Runs of each program for one row.
const TURNS: usize = 11;

/// Two programs in turn, by the CPU time of each.
fn against(other: &Path, repository: &Path) -> Outcome<()> {
    let scratch = std::env::temp_dir().join(format!("oathbook-against-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let made = book(&scratch, 2_000)?;
    let programs = [Path::new(env!("CARGO_BIN_EXE_oathbook")), other];
    println!("| what | this | the other | ratio | bar |\n|---|---|---|---|---|");
    let mut site = 0_usize;
    for (name, on_repository, words, bar) in PAIRS {
        let folder = if *on_repository { repository } else { &made };
        let mut seconds = [Vec::new(), Vec::new()];
        // The first turn warms what is kept, and is not counted.
        for turn in 0..=TURNS {
            for (which, program) in programs.iter().enumerate() {
                let old = scratch.join(format!("old-{which}-{on_repository}"));
                site += 1;
                let fresh = scratch.join(format!("fresh-{site}"));
                let arguments: Vec<&std::ffi::OsStr> = words
                    .iter()
                    .map(|word| match *word {
                        "FRESH" => fresh.as_os_str(),
                        "OLD" => old.as_os_str(),
                        word => word.as_ref(),
                    })
                    .collect();
                let cpu = cpu_of(program, folder, &arguments)?;
                if turn > 0 {
                    seconds[which].push(cpu);
                }
            }
        }
        let [ours, theirs] = seconds.map(|mut all| {
            all.sort_by(f64::total_cmp);
            all[TURNS / 2]
        });
        let ratio = ours / theirs.max(0.000_1);
        let short = if ratio > *bar { ", missed" } else { "" };
        println!("| {name} | {ours:.3} s | {theirs:.3} s | {ratio:.2} | {bar:.2}{short} |");
    }
    std::fs::remove_dir_all(&scratch)?;
    Ok(())
}

/// CPU seconds of a program in a folder, in whole milliseconds: bash reads them of the system to the microsecond.
fn cpu_of(program: &Path, folder: &Path, arguments: &[&std::ffi::OsStr]) -> Outcome<f64> {
    let ran = Command::new("bash")
        .args(["-c", "TIMEFORMAT='%3U %3S'; time \"$0\" \"$@\" >/dev/null 2>&1"])
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .output()?;
    let printed = String::from_utf8(ran.stderr)?;
    let parts = printed.split_whitespace().map(str::parse::<f64>).collect::<Result<Vec<_>, _>>()?;
    if parts.len() == 2 { Ok(parts.iter().sum()) } else { Err(format!("bash printed {printed:?}").into()) }
}

fn measure(scratch: &Path, quick: bool) -> Outcome<String> {
    let tools = Tools::find(scratch);
    let mut out = String::from(HEAD);
    tools.say(&mut out)?;
    out.push_str("\n## Time\n\nCPU seconds and, behind them, what each is relative to oathbook. Search and highlighting are on; mdBook and Hugo highlight nothing or little at build.\n\n");
    out.push_str("| book | pages | oathbook | floor | mdBook | ratio CPU | ratio wall | Hugo |\n|---|---|---|---|---|---|---|---|\n");
    for name in ["nomicon", "rbe"] {
        if let Some(book) = corpus(name) {
            let copy = scratch.join(name);
            copy_tree(&book, &copy)?;
            let pages = count_pages(&copy.join("src"));
            row(&mut out, &tools, name, &copy, pages, 5)?;
        }
    }
    row(&mut out, &tools, "made, 250 pages", &book(scratch, 250)?, 250, 5)?;
    if !quick {
        row(&mut out, &tools, "made, 2,000 pages", &book(scratch, 2_000)?, 2_000, 3)?;
    }
    let sizes: &[usize] = if quick { &[1_000] } else { &[1_000, 8_000, 10_000] };
    growth(&mut out, &tools, scratch, sizes)?;
    memory(&mut out, &tools, scratch, if quick { &BARS[..1] } else { BARS })?;
    spike(&mut out, if quick { 1_000 } else { 10_000 })?;
    weight(&mut out)?;
    Ok(out)
}

const HEAD: &str = "\
# Benchmarks

Figures of one run on one machine, all programs side by side. They are ratios more than times: machines differ and are
shared. `cargo bench --bench books` measures them anew and `-- --write` records them here.

Each made page has 2.3 KB: headings, prose, links, a table, and code in Rust, shell and JSON.

";

const ELSEWHERE: &str = "## Printed by other commands";

struct Tools {
    oathbook: PathBuf,
    mdbook: Option<PathBuf>,
    hugo: Option<PathBuf>,
    scratch: PathBuf,
}

impl Tools {
    fn find(scratch: &Path) -> Self {
        let works = |program: PathBuf, argument: &str| {
            let ran =
                Command::new(&program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
            ran.is_ok_and(|status| status.success()).then_some(program)
        };
        let mdbook = std::env::var_os("MDBOOK").map_or_else(|| PathBuf::from("mdbook"), PathBuf::from);
        Self {
            oathbook: PathBuf::from(env!("CARGO_BIN_EXE_oathbook")),
            mdbook: works(mdbook, "--version"),
            hugo: works(PathBuf::from("hugo"), "version"),
            scratch: scratch.to_owned(),
        }
    }

    fn say(&self, out: &mut String) -> Outcome<()> {
        let version = |program: &Path, argument: &str| -> String {
            let ran = Command::new(program).arg(argument).output();
            ran.map_or_else(
                |_| String::new(),
                |out| String::from_utf8_lossy(&out.stdout).lines().next().unwrap_or("").trim().to_owned(),
            )
        };
        writeln!(out, "- {}", version(&self.oathbook, "--version"))?;
        match &self.mdbook {
            Some(mdbook) => writeln!(out, "- {}", version(mdbook, "--version"))?,
            None => writeln!(out, "- mdBook is not installed: its columns are empty")?,
        }
        match &self.hugo {
            Some(hugo) => writeln!(
                out,
                "- {}",
                version(hugo, "version")
                    .split('-')
                    .next()
                    .unwrap_or("")
                    .split(' ')
                    .take(2)
                    .collect::<Vec<_>>()
                    .join(" ")
            )?,
            None => writeln!(out, "- Hugo is not installed: its column is empty")?,
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        writeln!(out, "- {cores} cores")?;
        Ok(())
    }
}

fn row(out: &mut String, tools: &Tools, name: &str, book: &Path, pages: usize, runs: usize) -> Outcome<()> {
    let site = tools.scratch.join("site");
    let ours = median(runs, || {
        run(&site, &tools.oathbook, &["build".as_ref(), book.as_os_str(), "-d".as_ref(), site.as_os_str()])
    })?;
    let this = std::env::current_exe()?;
    let floor = median(runs, || {
        run(&site, &this, &["floor".as_ref(), book.join("src").as_os_str(), site.as_os_str()])
    })?;
    let other = tools.mdbook.as_ref().map(|mdbook| {
        median(runs, || {
            run(&site, mdbook, &["build".as_ref(), book.as_os_str(), "-d".as_ref(), site.as_os_str()])
        })
    });
    let other = other.transpose()?;
    let hugo = match &tools.hugo {
        Some(hugo) => Some(median(runs, || hugo_run(hugo, book, &site))?),
        None => None,
    };
    let ratio = |one: f64, two: f64| format!("1/{:.1}", two / one.max(0.000_1));
    let (cpu, wall) = other.map_or((String::new(), String::new()), |other| {
        (ratio(ours.cpu, other.cpu), ratio(ours.wall, other.wall))
    });
    let seconds = |cost: Option<Cost>| cost.map_or_else(String::new, |cost| format!("{:.2}", cost.cpu));
    writeln!(
        out,
        "| {name} | {pages} | {:.3} | {:.3} | {} | {cpu} | {wall} | {} |",
        ours.cpu,
        floor.cpu,
        seconds(other),
        seconds(hugo)
    )?;
    Ok(())
}

/// Runs a program on an output folder of its own, whose name stands for `site` in the arguments. Nothing is removed
/// between runs: for five seconds after a file is gone, ext4 searches around its inode whenever one is created, which
/// would be measured as the programs' time.
fn run(site: &Path, program: &Path, arguments: &[&std::ffi::OsStr]) -> Outcome<Cost> {
    static RUNS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = RUNS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let fresh = site.with_file_name(format!("site-{number}"));
    let arguments: Vec<&std::ffi::OsStr> = arguments
        .iter()
        .map(|argument| if *argument == site.as_os_str() { fresh.as_os_str() } else { argument })
        .collect();
    let begin = Instant::now();
    // The program's own exit code does not matter here: a book with findings is built all the same.
    let child = Command::new("sh")
        .args(["-c", "\"$0\" \"$@\" >/dev/null 2>&1; times"])
        .arg(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()?;
    let shell = child.id();
    let memory = std::thread::spawn(move || peak(shell));
    let printed = String::from_utf8(child.wait_with_output()?.stdout)?;
    let wall = begin.elapsed().as_secs_f64();
    let children = printed.lines().nth(1).ok_or("the shell prints no times")?;
    let cpu = children
        .split_whitespace()
        .map(minutes)
        .sum::<Option<f64>>()
        .ok_or("times are not in the form 0m0.0s")?;
    Ok(Cost { cpu, wall, memory: memory.join().unwrap_or(0) })
}

/// `0m0.123456s` in seconds.
fn minutes(text: &str) -> Option<f64> {
    let (minutes, seconds) = text.trim_end_matches('s').split_once('m')?;
    Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
}

/// The largest resident set, in millions of bytes, of the shell's child while it runs; Linux only.
fn peak(shell: u32) -> u64 {
    let mut most = 0;
    let children = format!("/proc/{shell}/task/{shell}/children");
    while let Ok(list) = std::fs::read_to_string(&children) {
        for child in list.split_whitespace() {
            let status = std::fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
            most = most.max(kilobytes.unwrap_or(0));
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    most * 1_024 / 1_000_000
}

fn median(runs: usize, mut once: impl FnMut() -> Outcome<Cost>) -> Outcome<Cost> {
    let mut costs: Vec<Cost> = (0..runs).map(|_| once()).collect::<Outcome<_>>()?;
    let memory = costs.iter().map(|cost| cost.memory).max().unwrap_or(0);
    costs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    let wall = costs[runs / 2].wall;
    costs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    Ok(Cost { cpu: costs[runs / 2].cpu, wall, memory })
}

/// The same pages with a bare template.
fn hugo_run(hugo: &Path, book: &Path, site: &Path) -> Outcome<Cost> {
    let project = book.with_extension("hugo");
    if !project.exists() {
        std::fs::create_dir_all(project.join("layouts/_default"))?;
        copy_tree(&book.join("src"), &project.join("content"))?;
        std::fs::write(
            project.join("hugo.toml"),
            "title = \"b\"\ndisableKinds = [\"RSS\", \"sitemap\", \"taxonomy\", \"term\"]\n",
        )?;
        let template = "<!doctype html><title>{{ .Title }}</title><main>{{ .Content }}</main>\n";
        for name in ["single", "list"] {
            std::fs::write(project.join(format!("layouts/_default/{name}.html")), template)?;
        }
    }
    run(
        site,
        hugo,
        &["--quiet".as_ref(), "-s".as_ref(), project.as_os_str(), "-d".as_ref(), site.as_os_str()],
    )
}

/// What cannot be left out: reading, parsing, highlighting and writing each page's body, on all cores.
fn floor(source: &Path, out: &Path) -> Outcome<()> {
    use oathbook::world::World as _;
    let (world, root) =
        oathbook::shell::disk::DiskWorld::open(source, None, oathbook::base::Date::from_days(0))
            .map_err(|error| error.to_string())?;
    std::fs::create_dir_all(out)?;
    let options = oathbook::markdown::Options::new(oathbook::markdown::Dialect::Book);
    let files: Vec<_> = world.files(&root).into_iter().filter(oathbook::model::is_markdown).collect();
    oathbook::base::parallel_map(&files, |file| {
        let Ok(text) = world.text(file) else { return };
        let input = oathbook::markdown::Input {
            file,
            text: &text,
            options: &options,
            highlighter: &oathbook::highlight::Standard,
            world: &world,
        };
        let doc = oathbook::markdown::parse(&input);
        let name = file.as_str().replace('/', "-");
        if let Err(error) = std::fs::write(out.join(name), doc.body.html.as_bytes()) {
            println!("{file}: {error}");
        }
    });
    Ok(())
}

fn growth(out: &mut String, tools: &Tools, scratch: &Path, sizes: &[usize]) -> Outcome<()> {
    out.push_str("\n## Growth\n\n| pages | CPU for a page | relative | peak memory |\n|---|---|---|---|\n");
    let mut first = None;
    for pages in sizes {
        let book = book(scratch, *pages)?;
        let site = scratch.join("site");
        let cost = median(3, || {
            run(
                &site,
                &tools.oathbook,
                &["build".as_ref(), book.as_os_str(), "-d".as_ref(), site.as_os_str()],
            )
        })?;
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let each = cost.cpu * 1_000_000.0 / *pages as f64;
        let base = *first.get_or_insert(each);
        writeln!(out, "| {pages} | {each:.0} µs | {:.2} | {} MB |", each / base, cost.memory)?;
    }
    Ok(())
}

/// Pages, and the most MB that their build may have resident.
const BARS: &[(usize, u64)] = &[(10_000, 400), (50_000, 1_200)];

/// Sections of a page of 4 KB.
const SECTIONS: usize = 6;

/// The most memory that builds of large books take.
fn memory(out: &mut String, tools: &Tools, scratch: &Path, bars: &[(usize, u64)]) -> Outcome<()> {
    out.push_str("\n## Memory\n\nThe maximum resident size of a build; each page has 4 KB of Markdown.\n\n| pages | memory | bar | for a page | CPU for a page |\n|---|---|---|---|---|\n");
    for (pages, bar) in bars {
        let root = scratch.join(format!("heavy-{pages}"));
        write_book(&root, made(*pages, SECTIONS))?;
        let site = scratch.join("site");
        let Cost { cpu, memory, .. } = run(
            &site,
            &tools.oathbook,
            &["build".as_ref(), root.as_os_str(), "-d".as_ref(), site.as_os_str()],
        )?;
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let (each, kilobytes) = (cpu * 1_000_000.0 / *pages as f64, memory as f64 * 1_000.0 / *pages as f64);
        let bar = if memory > *bar { format!("{bar} MB, **missed**") } else { format!("{bar} MB") };
        writeln!(out, "| {pages} | {memory} MB | {bar} | {kilobytes:.1} KB | {each:.0} µs |")?;
    }
    Ok(())
}

/// A page is edited in memory and asked for again: parse, swap, render.
fn spike(out: &mut String, pages: usize) -> Outcome<()> {
    use oathbook::base::RelPath;
    use oathbook::pipeline::{self, Project, Settings};
    let mut world = oathbook::world::MemoryWorld::new();
    for (name, text) in made(pages, FEW_SECTIONS) {
        world.set(&name, text);
    }
    let project = Project { root: RelPath::root(), mode: oathbook::model::Mode::Book, without: Vec::new() };
    let begin = Instant::now();
    let mut checked = pipeline::run(&world, &project, Settings { render: true, ..Settings::default() });
    let loaded = begin.elapsed();
    let theme = oathbook::render::Theme::load(&checked.config, &world).map_err(|error| error.to_string())?;
    let mut times = Vec::new();
    for round in 0..50 {
        let page = (round * 197) % pages;
        let source = checked.site.pages[page].source.clone();
        let text = oathbook::world::World::text(&world, &source).map_err(|error| error.to_string())?;
        world.set(source.as_str(), text.replace("The first", &format!("The {round}th")));
        let begin = Instant::now();
        pipeline::reread(&world, &mut checked, page).map_err(|error| error.to_string())?;
        let renderer = oathbook::render::Renderer::new(checked.subject(), &theme, &world);
        let url = checked.site.pages[page].url.clone();
        let html = renderer.render(&url, &oathbook::render::Artifact::Page(page))?;
        times.push(begin.elapsed());
        if !String::from_utf8_lossy(&html).contains(&format!("The {round}th")) {
            return Err(format!("the edit of {source} is not on its page").into());
        }
    }
    times.sort_unstable();
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    writeln!(
        out,
        "\n## A page after an edit\n\nIn memory, at {pages} pages, the book loaded in {:.2} s: parse the page, swap it in, render it.\n",
        loaded.as_secs_f64()
    )?;
    writeln!(
        out,
        "| median | 95th percentile | bar |\n|---|---|---|\n| {:.2} ms | {:.2} ms | 10 ms |",
        millis(times[25]),
        millis(times[47])
    )?;
    Ok(())
}

fn weight(out: &mut String) -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = std::fs::read_to_string(root.join("Cargo.lock"))?;
    let packages = lock.lines().filter(|line| *line == "[[package]]").count();
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_oathbook"))?.len();
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let megabytes = size as f64 / 1_000_000.0;
    writeln!(
        out,
        "\n## Weight\n\n| packages in the lock file | release binary |\n|---|---|\n| {packages} (at most 250) | {megabytes:.1} MB (at most 20) |"
    )?;
    Ok(())
}

fn corpus(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let root = std::env::var_os("OATHBOOK_CORPORA").map_or(here, PathBuf::from);
    Some(root.join("books").join(name)).filter(|path| path.is_dir())
}

fn count_pages(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            if entry.path().is_dir() {
                count_pages(&entry.path())
            } else {
                usize::from(entry.path().extension().is_some_and(|e| e == "md"))
            }
        })
        .sum()
}

fn copy_tree(from: &Path, to: &Path) -> Outcome<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn book(scratch: &Path, pages: usize) -> Outcome<PathBuf> {
    let root = scratch.join(format!("made-{pages}"));
    write_book(&root, made(pages, FEW_SECTIONS))?;
    Ok(root)
}

fn write_book(root: &Path, files: Vec<(String, String)>) -> Outcome<()> {
    for (name, text) in files {
        let path = root.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// Sections of a page where time is measured.
const FEW_SECTIONS: usize = 3;

const WORDS: &[&str] = &[
    "service", "request", "latency", "index", "shard", "replica", "document", "query", "cache", "backup",
    "restore", "primary", "deploy", "alert", "metric", "budget", "owner", "queue", "worker", "token",
    "limit", "retry", "timeout", "schema", "client", "region", "cluster", "traffic", "storage", "process",
    "the", "a", "of", "to", "and", "in", "is", "that", "for", "with", "when", "on", "are", "by", "from",
    "each", "must", "before", "after", "every",
];

/// A book of `pages` chapters of so many sections, the same each time.
fn made(pages: usize, sections: usize) -> Vec<(String, String)> {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % limit as u64).unwrap_or(0)
    };
    let mut summary = String::from("# Summary\n\n");
    let mut out = vec![("book.toml".to_owned(), "[book]\ntitle = \"Made\"\n".to_owned())];
    for page in 0..pages {
        let folder = page / 50;
        let name = format!("part-{folder}/page-{page}.md");
        let indent = if page % 50 == 0 { "" } else { "  " };
        summary.push_str(&format!("{indent}- [Chapter {page}]({name})\n"));
        let mut text = format!("# Chapter {page}\n\nThe first words. ");
        for section in 0..sections {
            text.push_str(&format!("\n\n## Section {section} of {}\n\n", WORDS[next(WORDS.len())]));
            for n in 0..90 {
                text.push_str(WORDS[next(WORDS.len())]);
                text.push_str(if n % 17 == 16 { ". " } else { " " });
            }
            let other = next(pages);
            text.push_str(
                &format!("See [chapter {other}](../part-{}/page-{other}.md#section-1-of-x).\n\n", other / 50)
                    .replace("#section-1-of-x", ""),
            );
        }
        text.push_str("| Name | Meaning |\n|---|---|\n| `limit` | how many |\n| `offset` | from where |\n\n");
        text.push_str(&format!("```rust\nuse std::collections::HashMap;\n\n/// Counts words of chapter {page}.\npub fn count(text: &str) -> HashMap<String, usize> {{\n    let mut map = HashMap::new();\n    for word in text.split_whitespace() {{\n        *map.entry(word.to_lowercase()).or_insert(0) += 1; // one more\n    }}\n    map\n}}\n```\n\n"));
        text.push_str(&format!("```sh\ncargo run --release -- --page {page} \"$HOME/in.txt\" | sort # by name\n```\n\n```json\n{{\"page\": {page}, \"ok\": true, \"tags\": [\"a\", \"b\"]}}\n```\n"));
        out.push((format!("src/{name}"), text));
    }
    out.push(("src/SUMMARY.md".to_owned(), summary));
    out
}
