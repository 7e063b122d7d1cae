//! The recovery drill: the runbooks below content/operations/recovery on a real PostgreSQL, and what they must not pass.
//!
//! A part runs always; `OATHBOOK_FULL=1` runs all of it.

use crate::cli::{Scratch, err, out, program};
use crate::support::skip;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const RECOVERY: &str = "examples/search-service/deploy/recovery";
const RULES: &str = "examples/search-service/deploy/backup.rules.yml";
const PAGES: &str = "content/operations/recovery";

/// All runbooks, in the order in which a drill runs them.
const ALL: [&str; 8] = [
    "backup",
    "restore-newest",
    "point-in-time",
    "incremental-chain",
    "application-failure",
    "rebuild-off-site",
    "logical-dump",
    "faults-that-must-show",
];

fn full() -> bool {
    std::env::var_os("OATHBOOK_FULL").is_some()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What of the machine a drill needs; says what is missing.
fn possible() -> bool {
    let missing = [
        "pgbackrest",
        "psql",
        "node",
        "jq",
        "openssl",
        "curl",
        "prometheus",
        "prometheus-node-exporter",
        "restic",
    ]
    .into_iter()
    .find(|tool| {
        let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
        !found.unwrap().status.success()
    });
    let postgres = Path::new("/usr/lib/postgresql/15/bin/postgres");
    let store = root().join(RECOVERY).join("drill/node_modules/s3rver");
    let why = match missing {
        Some(tool) => format!("{tool} is not installed"),
        None if !postgres.exists() => "postgresql-15 is not installed".to_owned(),
        None if !store.exists() => format!("(cd {RECOVERY}/drill && npm ci --ignore-scripts)"),
        None => return true,
    };
    skip("drill", &format!("NO RESTORE WAS TRIED: {why}"));
    false
}

/// Whether steps can have a sandbox here, as the user who runs PostgreSQL.
fn sandbox() -> bool {
    let words = ["--ro-bind", "/", "/", "--unshare-net", "--unshare-pid", "--unshare-ipc", "true"];
    let mut command = Command::new("bwrap");
    if is_root() {
        command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "bwrap"]);
    }
    command.args(words).output().is_ok_and(|done| done.status.success())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    out(&id).trim() == "0"
}

/// A book, and a short folder for its runs: the path of a socket has at most 107 bytes.
struct Book {
    book: Scratch,
    runs: PathBuf,
    /// Shared memory that somebody else had before.
    segments: Vec<String>,
}

/// The numbers of all shared memory of the machine.
fn segments() -> Vec<String> {
    let text = std::fs::read_to_string("/proc/sysvipc/shm").unwrap_or_default();
    text.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)).map(str::to_owned).collect()
}

impl std::ops::Deref for Book {
    type Target = Scratch;

    fn deref(&self) -> &Scratch {
        &self.book
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.runs);
    }
}

/// The runbooks and all they need, in a folder of their own.
fn book(name: &str) -> Option<Book> {
    let service = crate::example_service::program()?;
    if !possible() {
        return None;
    }
    let book = Scratch::new(&format!("dr-{name}"))
        .with("book.toml", "[book]\ntitle = \"T\"\nsrc = \"content\"\n[run]\nrecovery = \"examples/search-service/deploy/recovery/dr.yaml\"\n")
        .with("targets/drill.toml", std::fs::read(root().join("targets/drill.toml")).unwrap());
    // Links would lead out of the sandbox; hard links cost nothing where they can be made.
    let copy = |from: &Path, to: &str| {
        let to = book.0.join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let linked = Command::new("cp").arg("-al").arg(from).arg(&to).output().unwrap().status.success();
        if !linked {
            let _ = std::fs::remove_dir_all(&to);
            assert!(Command::new("cp").arg("-a").arg(from).arg(&to).status().unwrap().success());
        }
    };
    copy(&root().join(RECOVERY), RECOVERY);
    copy(&root().join(RULES), RULES);
    copy(service, "target/search-service/debug/search-service");
    for entry in std::fs::read_dir(root().join(PAGES)).unwrap().flatten() {
        let text = std::fs::read(entry.path()).unwrap();
        let page = format!("{PAGES}/{}", entry.file_name().to_str().unwrap());
        std::fs::create_dir_all(book.0.join(PAGES)).unwrap();
        std::fs::write(book.0.join(page), text).unwrap();
    }
    if !sandbox() {
        skip("sandbox", "bubblewrap makes none here: the drill runs without one");
        let target = book.read("targets/drill.toml").replace("sandbox = true\nnetwork = \"none\"\n", "");
        book.with_changed("targets/drill.toml", &target);
    }
    let runs = std::env::temp_dir().join(format!("d{}-{name}", std::process::id()));
    std::fs::create_dir_all(&runs).unwrap();
    Some(Book { book, runs, segments: segments() })
}

/// Changes a page; what is replaced must be there.
fn change(book: &Book, page: &str, from: &str, to: &str) {
    let page = format!("{PAGES}/{page}.md");
    let text = book.read(&page);
    assert!(text.contains(from), "{page} holds no `{from}`");
    book.with_changed(&page, &text.replace(from, to));
}

fn start(book: &Book, page: &str) -> Command {
    let mut command = program(&book.0, &["run", &format!("{PAGES}/{page}.md"), "--target", "drill"]);
    command.env("TMPDIR", &book.runs);
    command
}

fn run(book: &Book, page: &str) -> Output {
    start(book, page).output().unwrap()
}

/// The newest evidence.
fn evidence(book: &Book, page: &str) -> Option<serde_json::Value> {
    let folder = book.0.join("content/operations/evidence").join(page);
    let mut files: Vec<_> = std::fs::read_dir(folder).ok()?.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let text = std::fs::read_to_string(files.last()?).unwrap();
    Some(serde_json::from_str::<serde_json::Value>(&text).unwrap()["predicate"].clone())
}

/// The step that failed, and why.
fn failed(run: &serde_json::Value) -> (String, String) {
    let of = |step: &serde_json::Value| {
        Some((step["name"].as_str()?.to_owned(), step["failed"].as_str()?.to_owned()))
    };
    run["steps"].as_array().unwrap().iter().find_map(of).unwrap_or_default()
}

/// Nothing of a drill is left: processes of this folder, shared memory, sockets, clusters.
fn nothing_left(book: &Book) -> Result<(), String> {
    let folder = book.runs.display().to_string();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let place = std::fs::read_link(entry.path().join("cwd")).unwrap_or_default();
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if place.starts_with(&folder) || line.contains(&folder) {
            return Err(format!("{} still runs: {line}", entry.path().display()));
        }
    }
    let files = Command::new("find").arg(&folder).args(["-path", "*/work/*"]).output().unwrap();
    if !files.stdout.is_empty() {
        return Err(out(&files));
    }
    let more: Vec<String> = segments().into_iter().filter(|one| !book.segments.contains(one)).collect();
    // Without a sandbox, the 56 bytes that tell a second server of the first stay when that is killed.
    if sandbox() && !more.is_empty() {
        return Err(format!("shared memory is left: {more:?}"));
    }
    Ok(())
}

fn soon(book: &Book) {
    let begin = Instant::now();
    while let Err(left) = nothing_left(book) {
        assert!(begin.elapsed() < Duration::from_secs(5), "{left}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A page for the shortened drill: a smaller database and fewer writes.
fn shortened(book: &Book, page: &str) {
    let name = format!("{PAGES}/{page}.md");
    let text = book.read(&name).replace("drill/scene\" up", "drill/scene\" up 500");
    // One repository is enough, and one full backup at the end.
    let text = text.replace("pgbackrest --stanza=main --repo=1 --type=full backup\n", "");
    let text = text.replace("2 full backups on", "1 full backups on");
    let text =
        text.replace("acknowledged 150", "acknowledged 40").replace("restore\n", "--job-retry=0 restore\n");
    book.with_changed(&name, &text);
}

/// Flips a byte in the middle of the largest file that the off-site store keeps of a backup.
const FLIP: &str = r#"
file=$(find offsite/data -path '*/bundle/*' -name '*_object' -printf '%s %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
at=$(($(stat -c %s "$file") / 2))
byte=$(od -An -tu1 -j "$at" -N 1 "$file")
printf "\\x$(printf %02x $((byte ^ 255)))" | dd of="$file" bs=1 seek="$at" conv=notrunc status=none
```

```output
lost at {{failed:int}}
```

### Restore"#;

const LOST: &str = "
```

```output
lost at {{failed:int}}
```

### Restore";

#[test]
fn a_database_comes_back_within_its_objectives_and_a_damaged_backup_does_not_pass() {
    let Some(book) = book("short") else { return };
    shortened(&book, "restore-newest");
    let done = run(&book, "restore-newest");
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let passed = evidence(&book, "restore-newest").unwrap();
    let met = |name: &str| {
        let objectives = passed["objectives"].as_array().unwrap();
        let one = objectives.iter().find(|one| one["name"] == name).unwrap();
        assert_eq!(one["met"], true, "{one}");
        one["measured_ms"].as_u64().unwrap()
    };
    println!("figure: shortened drill: RTO {} ms, RPO {} ms", met("rto"), met("rpo"));
    let number = |name: &str| passed["captures"][name].as_str().unwrap().parse::<u64>().unwrap();
    assert!(number("acknowledged") >= 60 && number("lost") < number("acknowledged"), "{passed}");
    assert!(number("bytes") > 20_000_000, "the database is real: {passed}");
    soon(&book);
    for step in passed["steps"].as_array().unwrap() {
        println!("{} {} ms", step["name"], step["ms"]);
    }
    change(&book, "restore-newest", "acknowledged 40", "acknowledged 1");
    change(&book, "restore-newest", LOST, FLIP);
    let done = run(&book, "restore-newest");
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    let broken = evidence(&book, "restore-newest").unwrap();
    let (step, why) = failed(&broken);
    // By its place the byte is seen by the checksum of the file, or before that by who unpacks it.
    let by_checksum = why.contains("exit code 26") && why.contains("checksum");
    let by_unpacking = why.contains("exit code 29") && why.contains("corruption");
    assert!(step == "restore" && (by_checksum || by_unpacking), "{step}: {why}");
    for one in broken["objectives"].as_array().unwrap() {
        assert!(one["met"] == false && one["measured_ms"].is_null(), "{one}");
    }
    soon(&book);
}

/// The newest bundle.
fn bundle(book: &Book) -> serde_json::Value {
    let folder = book.0.join("content/operations/evidence/drills/dr-full");
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn the_whole_drill_passes_within_ten_minutes() {
    if !full() {
        return;
    }
    let Some(book) = book("all") else { return };
    let begin = Instant::now();
    let held = ["drill", "run", "dr-full", "--operator", "primary-1"];
    let done = program(&book.0, &held).env("TMPDIR", &book.runs).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    soon(&book);
    let bundle = bundle(&book);
    let drill = &bundle["predicate"];
    let cases = drill["cases"].as_array().unwrap();
    assert_eq!((drill["status"].as_str(), cases.len()), (Some("passed"), ALL.len()));
    assert_eq!((drill["operator"].as_str(), drill["who"].as_str()), (Some("primary-1"), Some("primary-1")));
    for (case, page) in cases.iter().zip(ALL) {
        assert_eq!(case["runbook"], format!("{PAGES}/{page}.md"));
        let bytes = case["bytes"].as_u64().unwrap();
        assert!(bytes > 50_000_000, "{page}: {bytes}");
        let times: Vec<String> = case["objectives"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {} ms", one["name"].as_str().unwrap(), one["measured_ms"]))
            .collect();
        println!("figure: drill {page}: {} ms, {bytes} bytes, {}", case["ms"], times.join(", "));
    }
    // The bundle names each file of evidence by its sum.
    for subject in bundle["subject"].as_array().unwrap() {
        let file = book.0.join(subject["name"].as_str().unwrap());
        let sum = out(&Command::new("sha256sum").arg(file).output().unwrap());
        assert!(sum.starts_with(subject["digest"]["sha256"].as_str().unwrap()), "{subject}");
    }
    let page = book.read(&format!("{PAGES}/newest-drill.md"));
    assert!(page.contains("and **passed**.") && page.contains("- systemd itself"), "{page}");
    println!("figure: the whole drill took {} s", begin.elapsed().as_secs());
    assert!(begin.elapsed() < Duration::from_secs(600), "{:?}", begin.elapsed());
}

/// Keeps of a page's Steps only the sections of these headings.
fn only(book: &Book, page: &str, kept: &[&str]) {
    let name = format!("{PAGES}/{page}.md");
    let text = book.read(&name);
    let (head, rest) = text.split_once("## Steps\n").unwrap();
    let (steps, tail) = rest.split_once("## Rollback\n").unwrap();
    let mut out = format!("{head}## Steps\n");
    for section in
        steps.split("\n### ").filter(|section| kept.iter().any(|heading| section.starts_with(heading)))
    {
        out.push_str("\n### ");
        out.push_str(section);
    }
    book.with_changed(&name, &format!("{out}\n## Rollback\n{tail}"));
}

#[test]
fn a_fault_that_is_not_there_is_not_seen_and_one_that_is_stops_a_restore() {
    if !full() {
        return;
    }
    let faults = "faults-that-must-show";
    // Each check of the page, without its fault: the step must fail.
    let without: [(&str, &str, &str, &str); 9] = [
        ("One byte", "$((byte ^ 255))", "$byte", "flip"),
        ("The cipher key", "PGBACKREST_REPO2_CIPHER_PASS=not-the-key ", "", "wrong-key"),
        (
            "Archiving is off",
            "'true # pgbackrest archive-push %p'",
            "'pgbackrest --stanza=main archive-push %p'",
            "archive-off-seen",
        ),
        ("A restore ends", "--target-action=pause", "--target-action=promote", "read-only-seen"),
        // An alert fires because of its fault, and of nothing else.
        (
            "Archiving is off",
            "pgbackrest --stanza=main --archive-timeout=5 check\n```\n",
            "psql -qAt -c \"ALTER SYSTEM RESET archive_command\" -c \"SELECT pg_reload_conf()\"; sleep 1; pgbackrest --stanza=main check; exit 82\n```\n",
            "archive-off-alert",
        ),
        (
            "A backup is killed",
            "jq -r '\"\\(.type) \\(.status) \\(.result)\"'",
            "cat > /dev/null; sed -i '$d' host/journal.jsonl; echo full failed signal",
            "killed-alert",
        ),
        ("A timer stopped", "fromdate - 2 * 86400", "fromdate", "stopped"),
        ("What tells of", "chmod 000", "chmod 600", "blind"),
        ("What tells of", "kill -9 \"$(cat watch/exporter.pid)\"", "true", "unheard"),
    ];
    for (section, from, to, step) in without {
        let Some(book) = book("without") else { return };
        shortened(&book, faults);
        only(&book, faults, &["The scene", "Who watches", section]);
        change(&book, faults, from, to);
        let done = run(&book, faults);
        let (found, why) = failed(&evidence(&book, faults).unwrap());
        assert!(done.status.code() == Some(1) && found == step, "{section}: {found}: {why}\n{}", err(&done));
    }
    // The policy: without its refusal, the deletion goes through, and the page says so.
    let Some(book) = book("policy") else { return };
    shortened(&book, faults);
    only(&book, faults, &["The scene", "Whoever writes"]);
    let policy = format!("{RECOVERY}/off-site-policy.json");
    let text = book
        .read(&policy)
        .replace("\"Deny\"", "\"Allow\"")
        .replace("\"NotResource\": [", "\"Resource\": [\"arn:aws:s3:::search-backups/*\", ");
    // It is a hard link to the shipped file.
    std::fs::remove_file(book.0.join(&policy)).unwrap();
    book.with_changed(&policy, &text);
    let done = run(&book, faults);
    let (found, why) = failed(&evidence(&book, faults).unwrap());
    assert!(found == "delete" && why.contains("production deletes 204"), "{found}: {why}\n{}", err(&done));
    // The runbooks themselves, with a fault in their way.
    let stops: [(&str, &str, &str, &str); 3] = [
        ("restore-newest", "```output\nlost at", "rm -r offsite/data/search-backups/search\n", "look"),
        ("restore-newest", "pgbackrest --stanza=main --repo=2 --job-retry=0 restore", "", "restore"),
        ("rebuild-off-site", "-inkey custodian/key.pem", "-inkey offsite/server.key", "open-kit"),
    ];
    for (page, from, to, step) in stops {
        let Some(book) = crate::drill::book("stops") else { return };
        shortened(&book, page);
        match step {
            "look" => {
                let text = format!("scene\" lose data\n{to}");
                change(&book, page, "scene\" lose data\n", &text);
            }
            "restore" => {
                let wrong = format!("PGBACKREST_REPO2_CIPHER_PASS=not-the-key {from}");
                change(&book, page, from, &wrong);
            }
            _ => change(&book, page, from, to),
        }
        let done = run(&book, page);
        let run = evidence(&book, page).unwrap();
        let (found, why) = failed(&run);
        assert!(done.status.code() == Some(1) && found == step, "{page}: {found}: {why}");
        assert!(run["objectives"].as_array().unwrap().iter().all(|one| one["met"] == false), "{run}");
    }
}

#[test]
fn a_drill_that_is_killed_leaves_nothing() {
    if !full() {
        return;
    }
    let page = "restore-newest";
    // While it is set up, under load, while it restores, while it is verified, while it is tidied up.
    for step in ["scene", "backups", "restore", "sound", "down"] {
        let Some(book) = book(&format!("kill-{step}")) else { return };
        shortened(&book, page);
        let mut child = start(&book, page).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let errors = child.stderr.take().unwrap();
        let lines = std::io::BufRead::lines(std::io::BufReader::new(errors));
        let begins = format!(": {step}");
        let mut seen = false;
        for line in lines.map_while(Result::ok) {
            if line.ends_with(&begins) {
                seen = true;
                std::thread::sleep(Duration::from_millis(if step == "down" { 50 } else { 700 }));
                child.kill().unwrap();
                break;
            }
        }
        child.wait().unwrap();
        assert!(seen, "{step} never began");
        soon(&book);
        assert!(evidence(&book, page).is_none(), "{step}");
    }
}

#[test]
fn the_drill_holds_every_page_and_systemd_understands_the_timers() {
    let folder = root().join(RECOVERY);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let data: serde_json::Value = serde_saphyr::from_str(&read("dr.yaml")).unwrap();
    let known: Vec<&str> = data["drills"]["dr-full"]["runbooks"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one.as_str())
        .collect();
    let pages: Vec<String> = ALL.iter().map(|page| format!("{PAGES}/{page}.md")).collect();
    assert_eq!(known, pages);
    // That timers and configuration are what is declared is a check, `recovery-drift`. systemd itself understands the
    // lines, where it is there.
    for timer in ["full", "incr"] {
        let text = read(&format!("systemd/search-backup@{timer}.timer"));
        let calendar = text.lines().find_map(|line| line.strip_prefix("OnCalendar=")).unwrap();
        if let Ok(done) = Command::new("systemd-analyze").args(["calendar", calendar]).output() {
            assert!(done.status.success(), "{}", err(&done));
        }
    }
}
