//! Speed of the static OpenAPI reader, measured side by side with compiling a generator.
//!
//! `cargo bench --bench openapi` measures and prints; `-- --write` also records the table in
//! `content/developing/benchmarks.md`; `-- --compile` compiles the example service's generator from nothing as well,
//! which takes minutes. `OATHBOOK_CORPORA=FOLDER cargo bench --bench openapi -- services` holds the documents of real
//! services against those that their repositories record: `openapi-services.tsv` names them, and FOLDER holds their work
//! trees as `OWNER+NAME`. It fails on a difference that is not explained there, and on more holes than 2 % of operations
//! or 5 % of schemas. CPU time is the shell's `times` (user and system, children included), medians of five runs.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark starts programs and writes files")]

use oathbook::base::{Date, RelPath};
use oathbook::openapi::utoipa::{Cache, Request, extract};
use oathbook::shell::disk::DiskWorld;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Handlers of the made service, and the lines of all its files.
const HANDLERS: usize = 500;
const LINES: usize = 130_000;

/// Handlers in one module.
const TOGETHER: usize = 5;

const HEADING: &str = "## OpenAPI from source";

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if let [mode, folder] = arguments.as_slice()
        && mode == "make"
    {
        return make(Path::new(folder)).map(|_| ());
    }
    if has("services") {
        return services(has("--write"));
    }
    let scratch = std::env::temp_dir().join(format!("oathbook-bench-openapi-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let outcome = measure(&scratch, has("--compile"));
    std::fs::remove_dir_all(&scratch)?;
    let report = outcome?;
    println!("{report}");
    if has("--write") {
        record(HEADING, &report)?;
    }
    Ok(())
}

/// Shares of what may be a hole.
const OPERATION_HOLES: f64 = 0.02;
const SCHEMA_HOLES: f64 = 0.05;

/// Equal, all, different, holes.
type Counts = [usize; 4];

const SERVICES: &str = "## OpenAPI of real services";

/// One line of `openapi-services.tsv`.
struct Service<'l> {
    repository: &'l str,
    folder: &'l str,
    options: &'l str,
    document: &'l str,
    differences: usize,
    holes: usize,
    why: &'l str,
}

impl<'l> Service<'l> {
    fn of(line: &'l str) -> Outcome<Self> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [repository, folder, options, document, differences, holes, why] = columns[..] else {
            return Err(format!("seven columns were expected: {line}").into());
        };
        let (differences, holes) = (differences.parse()?, holes.parse()?);
        Ok(Self { repository, folder, options, document, differences, holes, why })
    }

    /// Why the counts are not good enough, if they are not.
    fn failure(&self, operations: Counts, schemas: Counts) -> Option<String> {
        let many = share(operations) > OPERATION_HOLES || share(schemas) > SCHEMA_HOLES;
        if operations[2] + schemas[2] > self.differences {
            return Some(format!("{}: differences that are not explained", self.repository));
        }
        let holes = operations[3] + schemas[3];
        (many && holes > self.holes).then(|| format!("{}: too many holes", self.repository))
    }
}

/// Holds the documents of real services against what they record.
fn services(write: bool) -> Outcome<()> {
    let corpora = std::env::var_os("OATHBOOK_CORPORA").map(PathBuf::from);
    let corpora = corpora.ok_or("set OATHBOOK_CORPORA to the folder that holds OWNER+NAME")?;
    let mut out = format!(
        "{SERVICES}\n\nOperations and schemas of the document that `oathbook openapi extract` reads from a service's source, against the \
         one that its repository records: `OATHBOOK_CORPORA=FOLDER cargo bench --bench openapi -- services`.\n\n\
         | service | operations equal | different | holes | schemas equal | different | holes | explained |\n\
         |---|---|---|---|---|---|---|---|\n"
    );
    let mut failures = Vec::new();
    for line in include_str!("openapi-services.tsv").lines().filter(|line| !line.starts_with('#')) {
        let service = Service::of(line)?;
        let home = corpora.join(service.repository.replace('/', "+"));
        if !home.is_dir() {
            println!("skipped: {} is not there", home.display());
            continue;
        }
        let [operations, schemas] = service_counts(&home, &service)?;
        let [one, two] = [operations, schemas]
            .map(|counts| format!("{} of {} | {} | {}", counts[0], counts[1], counts[2], counts[3]));
        writeln!(out, "| {} | {one} | {two} | {} |", service.repository, service.why)?;
        failures.extend(service.failure(operations, schemas));
    }
    println!("{out}");
    if write {
        record(SERVICES, &out)?;
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("; ").into()) }
}

#[expect(clippy::cast_precision_loss, reason = "some hundreds of operations")]
fn share(counts: Counts) -> f64 {
    counts[3] as f64 / (counts[1].max(1)) as f64
}

/// What `extract --against` counts, of operations and of schemas.
fn service_counts(home: &Path, service: &Service<'_>) -> Outcome<[Counts; 2]> {
    let Service { folder, options, document, .. } = service;
    let text = std::fs::read_to_string(home.join(document))?;
    // A snapshot of insta has a head of its own between two lines of dashes.
    let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map(|(_, body)| body);
    let scratch = std::env::temp_dir().join(format!("oathbook-bench-services-{}.json", std::process::id()));
    let recorded = match body.filter(|_| document.ends_with(".snap")) {
        Some(body) => {
            std::fs::write(&scratch, body)?;
            scratch.clone()
        }
        None => home.join(document),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_oathbook"));
    command.args(["openapi", "extract"]).arg(home.join(folder)).arg("--against").arg(&recorded);
    command.args(options.split(' ').filter(|word| !matches!(*word, "" | "-")));
    let ran = command.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    if recorded == scratch {
        std::fs::remove_file(&scratch)?;
    }
    let printed = String::from_utf8(ran.stdout)?;
    let of = |name: &str| -> Outcome<Counts> {
        let line = printed.lines().find_map(|line| line.strip_prefix(name));
        let line = line.ok_or_else(|| format!("{} {folder}: no document", home.display()))?;
        let numbers: Vec<usize> = line.split([' ', ',', ':']).filter_map(|word| word.parse().ok()).collect();
        <Counts>::try_from(numbers).map_err(|_| format!("not understood: {line}").into())
    };
    Ok([of("operations: ")?, of("schemas: ")?])
}

/// Puts the report where the page has this section, or behind the last one.
fn record(heading: &str, report: &str) -> Outcome<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/developing/benchmarks.md");
    let page = std::fs::read_to_string(&path)?;
    let (before, after) = match page.find(heading) {
        Some(at) => {
            let end = page[at + 1..].find("\n## ").map_or(page.len(), |n| at + 1 + n + 1);
            (&page[..at], &page[end..])
        }
        None => (page.as_str(), ""),
    };
    let gap = if after.is_empty() { "" } else { "\n" };
    Ok(std::fs::write(&path, format!("{}\n\n{report}{gap}{after}", before.trim_end()))?)
}

fn measure(scratch: &Path, compile: bool) -> Outcome<String> {
    let service = scratch.join("service");
    let lines = make(&service)?;
    let oathbook = Path::new(env!("CARGO_BIN_EXE_oathbook"));
    let extract = |folder: &Path| {
        median(5, || cpu(folder, oathbook, &["openapi".as_ref(), "extract".as_ref(), ".".as_ref()]))
    };
    let mut out =
        format!("{HEADING}\n\n`cargo bench --bench openapi` (`-- --compile` for the generator).\n\n");
    writeln!(out, "| what | CPU | bar |\n|---|---|---|")?;
    let cold = extract(&service)?;
    writeln!(out, "| made service, {HANDLERS} handlers, {lines} lines, from nothing | {cold:.2} s | 1 s |")?;
    let warm = after_edits(&service)?;
    writeln!(out, "| the same service after an edit of one file, read again | {warm:.3} s | 0.05 s |")?;
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/search-service");
    let ours = extract(&example)?;
    writeln!(out, "| example service, from nothing | {ours:.3} s | |")?;
    if compile {
        let target = scratch.join("target");
        let built = generator(&example, &target)?;
        writeln!(out, "| example service, its generator compiled from nothing and run | {built:.0} s | |")?;
        writeln!(out, "| ratio | 1/{:.0} | 1/100 |", built / ours.max(0.001))?;
        let main = example.join("src/main.rs");
        let now = std::fs::File::options().append(true).open(&main)?;
        now.set_modified(std::time::SystemTime::now())?;
        let again = generator(&example, &target)?;
        writeln!(out, "| the same after a touch of one file | {again:.1} s | |")?;
    }
    Ok(out)
}

fn open(service: &Path) -> Outcome<(DiskWorld, RelPath)> {
    DiskWorld::open(service, Some(service), Date::from_days(20_000)).map_err(|error| error.to_string().into())
}

/// Edits of the made service.
const EDITS: u32 = 40;

/// CPU seconds of one reading after an edit of one file, of a process that has read the service before: the mean of many
/// edits, as the kernel counts in hundredths.
fn after_edits(service: &Path) -> Outcome<f64> {
    let (disk, folder) = open(service)?;
    let (cache, request) = (Cache::default(), Request::new(folder));
    let first = extract(&disk, &request, &cache).counts;
    let before = own_cpu()?;
    for edit in 0..EDITS {
        let file = service.join(format!("src/part_{}.rs", edit as usize % (HANDLERS / TOGETHER)));
        let text = std::fs::read_to_string(&file)?;
        std::fs::write(&file, text.replace("Lists what part", "Lists all that part"))?;
        let (disk, _) = open(service)?;
        if extract(&disk, &request, &cache).counts != first {
            return Err("an edit of a text changed what was read".into());
        }
    }
    Ok((own_cpu()? - before) / f64::from(EDITS))
}

/// CPU seconds of this process: user and system, the 14th and 15th field of `/proc/self/stat`, in ticks of 1/100 s.
fn own_cpu() -> Outcome<f64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
    Ok(fields.map(|field| field.parse::<f64>().unwrap_or(0.0)).sum::<f64>() / 100.0)
}

/// CPU seconds of `cargo run -- openapi` in a target folder.
fn generator(service: &Path, target: &Path) -> Outcome<f64> {
    let words = ["run", "--offline", "--locked", "--quiet", "--target-dir"];
    let mut arguments: Vec<&std::ffi::OsStr> = words.iter().map(std::convert::AsRef::as_ref).collect();
    arguments.extend([target.as_os_str(), "--".as_ref(), "openapi".as_ref()]);
    cpu(service, Path::new("cargo"), &arguments)
}

/// CPU seconds of a program in a folder; what it prints must not be empty.
fn cpu(folder: &Path, program: &Path, arguments: &[&std::ffi::OsStr]) -> Outcome<f64> {
    let ran = Command::new("sh")
        .args(["-c", "\"$0\" \"$@\" 2>/dev/null | wc -c; times"])
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    let printed = String::from_utf8(ran.stdout)?;
    let mut lines = printed.lines();
    let bytes: usize = lines.next().unwrap_or_default().trim().parse()?;
    if bytes < 1_000 {
        return Err(format!("{} printed no document in {}", program.display(), folder.display()).into());
    }
    let children = lines.nth(1).ok_or("the shell prints no times")?;
    let seconds = children.split_whitespace().map(seconds).sum::<Option<f64>>();
    seconds.ok_or_else(|| "times are not in the form 0m0.0s".into())
}

/// `0m0.123456s` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let (minutes, seconds) = text.trim_end_matches('s').split_once('m')?;
    Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
}

fn median(runs: usize, mut once: impl FnMut() -> Outcome<f64>) -> Outcome<f64> {
    let mut all: Vec<f64> = (0..runs).map(|_| once()).collect::<Outcome<_>>()?;
    all.sort_by(f64::total_cmp);
    Ok(all[runs / 2])
}

/// Writes the made service and returns its lines.
fn make(folder: &Path) -> Outcome<usize> {
    let mut total = 0;
    for (name, text) in service() {
        let path: PathBuf = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        total += text.lines().count();
        std::fs::write(path, text)?;
    }
    Ok(total)
}

/// The files of a made service: modules of handlers and types, each followed by ordinary code.
fn service() -> Vec<(String, String)> {
    let modules = HANDLERS / TOGETHER;
    let mut files = vec![
        ("Cargo.toml".to_owned(), MANIFEST.to_owned()),
        ("Cargo.lock".to_owned(), LOCK.to_owned()),
        ("src/main.rs".to_owned(), root(modules)),
    ];
    let each = (LINES - files[2].1.lines().count()) / modules;
    files.extend((0..modules).map(|number| (format!("src/part_{number}.rs"), part(number, modules, each))));
    files
}

const MANIFEST: &str = "[package]\nname = \"made\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = \"1\"\nutoipa = { version = \"6\", features = [\"uuid\"] }\nuuid = \"1\"\n";

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"made\"\nversion = \"1.0.0\"\ndependencies = [\n \"serde\",\n \"utoipa\",\n \"uuid\",\n]\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.229\"\n\n[[package]]\nname = \"utoipa\"\nversion = \"6.0.0\"\ndependencies = [\n \"serde\",\n]\n\n[[package]]\nname = \"uuid\"\nversion = \"1.11.0\"\n";

fn root(modules: usize) -> String {
    let mut out = String::from("//! A made service.\n\nuse utoipa::OpenApi;\n\n");
    for number in 0..modules {
        out.push_str(&format!("mod part_{number};\n"));
    }
    out.push_str("\n#[derive(OpenApi)]\n#[openapi(paths(\n");
    for number in 0..modules {
        for handler in 0..TOGETHER {
            out.push_str(&format!("    part_{number}::handle_{handler},\n"));
        }
    }
    out.push_str("))]\nstruct Api;\n\nfn main() {\n    println!(\"{}\", Api::openapi().to_pretty_json().unwrap());\n}\n");
    out
}

fn part(number: usize, modules: usize, lines: usize) -> String {
    let other = (number * 7 + 3) % modules;
    let mut out = format!(
        "//! Part {number}.\n\nuse crate::part_{other}::Record{other} as Other;\nuse serde::{{Deserialize, Serialize}};\nuse utoipa::{{IntoParams, ToSchema}};\nuse uuid::Uuid;\n\n"
    );
    out.push_str(&TYPES.replace("NN", &number.to_string()));
    for handler in 0..TOGETHER {
        let text = HANDLER.replace("NN", &number.to_string()).replace("HH", &handler.to_string());
        out.push_str(&text);
    }
    let mut written = out.lines().count();
    let step = ORDINARY.lines().count();
    let mut count = 0;
    while written < lines {
        out.push_str(&ORDINARY.replace("NN", &format!("{number}_{count}")));
        written += step;
        count += 1;
    }
    out
}

const TYPES: &str = r#"/// What is kept in part NN.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordNN {
    /// Its identifier
    pub id: Uuid,
    /// Its name, at most 80 characters
    #[schema(max_length = 80, example = "a name")]
    pub display_name: String,
    pub kind: KindNN,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    pub detail: Option<DetailNN>,
}

/// The kinds of part NN.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KindNN {
    First,
    Second,
    LastOfAll,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DetailNN {
    Text { value: String },
    Number { value: f64, unit: Option<String> },
    None,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FilterNN {
    /// At most so many
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u32>,
    pub kind: Option<KindNN>,
    pub after: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PageNN {
    pub items: Vec<RecordNN>,
    pub linked: Option<Other>,
    pub next: Option<Uuid>,
}

"#;

const HANDLER: &str = r#"/// Lists what part NN has for case HH
///
/// Newest first; what was removed is left out.
#[utoipa::path(
    get,
    path = "/part/NN/{id}/case/HH",
    tag = "part NN",
    params(("id" = Uuid, Path, description = "Which one"), FilterNN),
    responses(
        (status = 200, description = "What was found", body = PageNN),
        (status = 404, description = "There is no such part", body = String),
        (status = 429, description = "Too many requests", headers(("retry-after" = u32, description = "Seconds")))
    ),
    security(("token" = ["read"]))
)]
pub async fn handle_HH(id: Uuid, filter: FilterNN) -> Result<PageNN, String> {
    let limit = filter.limit.unwrap_or(20);
    let mut items = Vec::with_capacity(limit as usize);
    for record in load(id).await.map_err(|error| format!("{error:?} at {id}"))? {
        if items.len() < limit as usize && filter.kind.as_ref().is_none_or(|kind| same(kind, &record)) {
            items.push(record);
        }
    }
    Ok(PageNN { next: items.last().map(|record| record.id), linked: None, items })
}

"#;

const ORDINARY: &str = r#"/// Weighs the words of a text, step NN.
fn weigh_NN(text: &str, limits: &[(&'static str, u64)]) -> Result<Vec<(String, f64)>, String> {
    let mut weights = std::collections::BTreeMap::<String, f64>::new();
    for (position, word) in text.split(|c: char| !c.is_alphanumeric()).enumerate() {
        if word.is_empty() || word.len() > 64 {
            continue;
        }
        let known = limits.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
        let weight = match known {
            Some((_, limit)) if *limit == 0 => return Err(format!("`{word}` at {position} has no limit")),
            Some((_, limit)) => 1.0 / (*limit as f64),
            None => 1.0 - 1.0 / ((position + 2) as f64).ln().max(1.0),
        };
        // What is seen often counts less each time.
        *weights.entry(word.to_lowercase()).or_insert(0.0) += weight * 0.5;
    }
    let mut sorted: Vec<(String, f64)> = weights.into_iter().collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(sorted)
}

impl crate::Weigher for StepNN {
    const NAME: &'static str = "step \"NN\"";

    fn run<'a>(&'a self, input: &'a [u8]) -> Box<dyn Iterator<Item = u8> + 'a> {
        let table = [b'a', b'\'', b'"', b'\\', 0x1f];
        Box::new(input.iter().copied().filter(move |byte| !table.contains(byte)).map(|byte| byte ^ 0x5a))
    }
}

#[derive(Debug, Default)]
struct StepNN {
    seen: std::collections::HashMap<String, Vec<usize>>,
    query: &'static str,
}

#[cfg(test)]
mod tests_NN {
    #[test]
    fn words_are_weighed() {
        let found = super::weigh_NN("a b c { } ( [ // no comment", &[("a", 2), ("b", 0)]);
        assert!(found.is_err(), "{found:?}");
        let query = r"SELECT * FROM words WHERE weight > 0.5 AND name = 'it''s'";
        assert_eq!(query.len(), 58);
    }
}

"#;
