//! What is declared about recovery, held against what ships: the example service's own files, each value of them changed
//! one at a time; what is due and when; the page, the calendar, and metrics as promtool reads them.

use crate::cli::{Scratch, err, out, program};
use crate::support::skip;
use oathbook::base::{Date, RelPath};
use oathbook::evidence::check;
use oathbook::pipeline::{Opened, Settings, projects};
use oathbook::runs::evidence::Evidence;
use oathbook::world::MemoryWorld;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

pub const FOLDER: &str = "examples/search-service/deploy/recovery";
pub const PAGES: &str = "content/operations/recovery";

/// Files by their paths.
pub type Files = BTreeMap<String, String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All texts below a folder.
fn below(folder: &str, files: &mut Files) {
    for entry in walkdir::WalkDir::new(root().join(folder)).into_iter().filter_map(Result::ok) {
        if let Ok(text) = std::fs::read_to_string(entry.path()) {
            let path = entry.path().strip_prefix(root()).unwrap().to_str().unwrap();
            files.insert(path.to_owned(), text);
        }
    }
}

/// The recovery of the example service, as it ships.
pub fn shipped() -> Files {
    let mut files = Files::new();
    for folder in [FOLDER, PAGES, "content/operations/evidence"] {
        below(folder, &mut files);
    }
    let pages =
        files.keys().filter_map(|path| path.strip_prefix("content/").filter(|one| one.ends_with(".md")));
    let chapters: String = pages.map(|page| format!("- [{page}]({page})\n")).collect();
    files.insert("content/SUMMARY.md".into(), chapters);
    let book = format!("[book]\nsrc = \"content\"\n\n[run]\nrecovery = \"{FOLDER}/dr.yaml\"\n");
    files.insert("book.toml".into(), book);
    files
}

/// What the checks of recovery find: codes and messages.
fn found(files: &Files) -> Vec<(String, String)> {
    let mut world = MemoryWorld::new();
    for (path, text) in files {
        world = world.with(path, text.clone());
    }
    let project = projects(&world, &RelPath::root()).remove(0);
    let opened = Opened::new(&world, &project, Settings::default());
    let codes = [
        "recovery-plan",
        "recovery-objective",
        "recovery-drift",
        "recovery-due",
        "recovery-lesson",
        "recovery-operator",
    ]
    .map(str::to_owned);
    let report = opened.with(|cx| check::run(cx, &codes));
    report.diagnostics.iter().map(|one| (one.code.to_owned(), one.message.clone())).collect()
}

/// As it ships, with a text of a file changed.
pub fn changed(files: &Files, file: &str, from: &str, to: &str) -> Files {
    let mut files = files.clone();
    let text = files.get_mut(file).unwrap_or_else(|| panic!("no {file}"));
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    files
}

/// Parts of the declaration that no file which ships says, and no objective depends on.
const HELD_BY_PEOPLE: &[&str] = &[
    "database",
    "engine",
    "by",
    "name",
    "first",
    "target",
    "summary",
    "holds",
    "sealed-copy",
    "opened-by",
    "refresh",
];

/// The wrong value of a right one: more of a limit that something else keeps, less of a promise.
fn wrong(key: &str, value: &str) -> String {
    match (key, value) {
        ("rto" | "rpo", _) => "1m".into(),
        ("at", _) => "\"03:00\"".into(),
        (_, "true") => "false".into(),
        (_, "false") => "true".into(),
        _ => {
            let digits = value.bytes().take_while(u8::is_ascii_digit).count();
            match value[..digits].parse::<u64>() {
                Ok(number) => format!("{}{}", number * 2 + 1, &value[digits..]),
                Err(_) => format!("{value}x"),
            }
        }
    }
}

#[test]
fn each_value_that_is_declared_and_changes_alone_is_found() {
    let files = shipped();
    assert_eq!(found(&files), [], "as it ships");
    let name = format!("{FOLDER}/dr.yaml");
    let text = files[&name].clone();
    let mut tried = 0;
    let (mut start, mut section) = (0, String::new());
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let bare = line.trim();
        if bare.starts_with('#') || bare.is_empty() {
            continue;
        }
        if !line.starts_with([' ', '-']) {
            section = bare.split(':').next().unwrap().to_owned();
        }
        // Drills are read by `drill run`, the kit by its custodians.
        if ["drills", "kit"].contains(&section.as_str()) {
            continue;
        }
        // Values of a line: `key: value`, `- value`, and those between braces.
        let flat = bare.trim_start_matches("- ").replace(['{', '}', '[', ']'], ",");
        for part in flat.split(',').map(str::trim) {
            let (key, value) = part.split_once(": ").map_or(("", part), |(key, value)| {
                value.rsplit_once(": ").map_or((key, value), |(inner, value)| (inner, value))
            });
            let value = value.trim();
            if value.is_empty() || value.ends_with(':') || HELD_BY_PEOPLE.contains(&key) {
                continue;
            }
            let offset = at + line.rfind(value).unwrap();
            let mut now = text.clone();
            now.replace_range(offset..offset + value.len(), &wrong(key, value));
            let mut files = files.clone();
            files.insert(name.clone(), now);
            let found = found(&files);
            assert!(!found.is_empty(), "`{key}: {value}` in `{bare}` changed, and nobody saw it");
            assert!(
                found.iter().all(|(_, message)| !message.contains("cannot be read: ")
                    || message.contains("which is to ship")),
                "{found:?}"
            );
            tried += 1;
        }
    }
    println!("figure: {tried} declared values changed one at a time, all found");
    assert!(tried > 45, "{tried}");
}

#[test]
fn each_setting_that_ships_and_changes_alone_is_found() {
    let files = shipped();
    let mutations = [
        ("pgbackrest.conf", "repo1-path=/var/lib/pgbackrest", "repo1-path=/tmp"),
        ("pgbackrest.conf", "repo1-cipher-type=aes-256-cbc", "repo1-cipher-type=none"),
        ("pgbackrest.conf", "repo1-cipher-type=aes-256-cbc\n", ""),
        ("pgbackrest.conf", "repo1-retention-full=7", "repo1-retention-full=6"),
        ("pgbackrest.conf", "repo2-type=s3", "repo2-type=posix"),
        ("pgbackrest.conf", "repo2-path=/search", "repo2-path=/other"),
        ("pgbackrest.conf", "repo2-s3-bucket=search-backups", "repo2-s3-bucket=search-backup"),
        ("pgbackrest.conf", "repo2-cipher-type=aes-256-cbc", "repo2-cipher-type=none"),
        ("pgbackrest.conf", "repo2-retention-full=30", "repo2-retention-full=3"),
        ("pgbackrest.conf", "expire-auto=n", "expire-auto=y"),
        ("pgbackrest.conf", "archive-timeout=60", "archive-timeout=600"),
        ("pgbackrest.conf", "[main]", "repo3-path=/x\n[main]"),
        ("pgbackrest.conf", "[main]", "[other]"),
        ("postgresql.conf", "archive_mode = on", "archive_mode = off"),
        ("postgresql.conf", "archive_mode = on", "#archive_mode = on"),
        ("postgresql.conf", "'pgbackrest --stanza=main archive-push %p'", "'true'"),
        ("postgresql.conf", "--stanza=main", "--stanza=other"),
        (
            "postgresql.conf",
            "'pgbackrest --stanza=main archive-push %p'",
            "'true # pgbackrest --stanza=main archive-push %p'",
        ),
        ("postgresql.conf", "archive_timeout = 60s", "archive_timeout = 60min"),
        ("postgresql.conf", "archive_timeout = 60s", "archive_timeout = 60s\narchive_timeout = 0"),
        ("systemd/search-backup@full.timer", "02:00:00", "03:00:00"),
        ("systemd/search-backup@full.timer", "*-*-*", "Mon *-*-*"),
        ("systemd/search-backup@incr.timer", "*:30:00", "*:45:00"),
        ("systemd/search-backup@incr.timer", "OnCalendar", "#OnCalendar"),
        ("journal", "journal.jsonl", "journal.json"),
        ("drill/scene", "--wal-segsize=1 ", "--wal-segsize=16 "),
        ("off-site-policy.json", "\"Deny\"", "\"Allow\""),
        ("off-site-policy.json", "user/retention", "user/production"),
        (
            "off-site-policy.json",
            "\"s3:PutObject\", \"s3:ListBucket\", \"s3:DeleteObject\"]",
            "\"s3:ListBucket\"]",
        ),
        ("off-site-policy.json", "{", "["),
    ];
    for (file, from, to) in mutations {
        let found = found(&changed(&files, &format!("{FOLDER}/{file}"), from, to));
        assert!(found.iter().any(|(code, _)| code == "recovery-drift"), "{file}: {from} → {to}: {found:?}");
    }
    // A file that is gone, and pages that promise less than the plan.
    let mut without = files.clone();
    without.remove(&format!("{FOLDER}/journal"));
    assert!(found(&without).iter().any(|(code, _)| code == "recovery-drift"));
    for (from, to) in [("rto: < 1h of", "rto: < 2h of"), ("rpo: < 15m of rpo_seconds\n", "")] {
        let found = found(&changed(&files, &format!("{PAGES}/restore-newest.md"), from, to));
        assert!(found.iter().any(|(code, _)| code == "recovery-objective"), "{from}: {found:?}");
    }
}

#[test]
fn the_worst_case_is_computed_from_what_is_declared() {
    let files = shipped();
    let name = format!("{FOLDER}/dr.yaml");
    let cases = [
        // Hourly backups alone promise an hour, daily ones a day.
        ("archive: true", "archive: false", "1 h can be lost, and the objective is less than 15 min"),
        ("    archive-timeout: 60s\n", "", "1 h can be lost"),
        ("    push-within: 60s\n", "", "1 h can be lost"),
        ("push-within: 60s", "push-within: 14m", "15 min can be lost"),
        ("restore: { budget: 25m", "restore: { budget: 26m", "take 1 h 1 min together, and it is 1 h"),
    ];
    for (from, to, wanted) in cases {
        let found = found(&changed(&files, &name, from, to));
        let seen =
            |(code, message): &(String, String)| code == "recovery-objective" && message.contains(wanted);
        assert!(found.iter().any(seen), "{to}: {found:?}");
    }
    let daily = changed(&files, &name, "archive: true", "archive: false");
    let daily = changed(&daily, &name, "  incremental: { every: 1h, minute: 30 }\n", "");
    assert!(
        found(&daily).iter().any(|(_, message)| message.contains("24 h can be lost")),
        "{:?}",
        found(&daily)
    );
}

/// The day of the newest evidence in a folder.
fn newest(folder: &str) -> Date {
    let all = std::fs::read_dir(root().join("content/operations/evidence").join(folder)).unwrap();
    let names = all.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let name = names.filter(|name| name.ends_with(".json")).max().unwrap();
    format!("{}-{}-{}", &name[..4], &name[4..6], &name[6..8]).parse().unwrap()
}

#[test]
fn what_is_due_is_found_on_the_day_after_and_not_on_the_day() {
    let due = |day: Date| {
        let day = day.to_string();
        let arguments = ["check", "--only", "recovery-due", "--due", "--as-of", &day];
        out(&program(root(), &arguments).output().unwrap())
    };
    for (evidence, days, message) in [
        ("restore-newest", 31, "restore-newest.md` is to be done monthly, and was due by"),
        ("drills/dr-full", 92, "`dr-full` is to be done quarterly, and was due by"),
    ] {
        let day = Date::from_days(newest(evidence).days() + days);
        let told = due(day);
        assert!(!told.contains(message), "{day}: {told}");
        let after = due(Date::from_days(day.days() + 1));
        assert!(after.contains(&format!("{message} {day}")), "{after}");
    }
    // Before its evidence was made, nothing was done.
    let before = due(Date::from_days(newest("drills/dr-full").days() - 2));
    assert!(before.contains("`dr-full` is to be done quarterly, and never was"), "{before}");
    // Without `--due`, no day makes a finding.
    let late = ["check", "--only", "recovery-due", "--as-of", "2036-01-01"];
    assert_eq!(program(root(), &late).output().unwrap().status.code(), Some(0));
}

pub fn scratch(name: &str, files: &Files) -> Scratch {
    let mut book = Scratch::new(name);
    for (path, text) in files {
        book = book.with(path, text);
    }
    book
}

#[test]
fn a_drill_that_failed_is_due_until_one_passes() {
    let mut files = shipped();
    let folder = "content/operations/evidence/drills/dr-full";
    let newest = files.keys().filter(|path| path.starts_with(folder)).max().unwrap().clone();
    let bundle = files[&newest].clone();
    let mut value: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    value["predicate"]["status"] = "failed".into();
    value["predicate"]["started"] = "2030-01-02T00:00:00Z".into();
    files.insert(format!("{folder}/20300102T000000Z.json"), value.to_string());
    let book = scratch("drill-failed", &files);
    let told = |book: &Scratch| {
        out(&book.run(&["check", "--only", "recovery-due", "--due", "--as-of", "2030-01-04"]))
    };
    assert!(
        told(&book).contains("`dr-full` failed on 2030-01-02, and has not passed since"),
        "{}",
        told(&book)
    );
    value["predicate"]["status"] = "passed".into();
    value["predicate"]["started"] = "2030-01-02T10:00:00Z".into();
    book.with_changed(&format!("{folder}/20300102T100000Z.json"), &value.to_string());
    assert!(!told(&book).contains("dr-full` failed"), "{}", told(&book));
    // A test of restoring that passed and missed what is promised does not count either.
    let runs = "content/operations/evidence/restore-newest";
    let newest = files.keys().filter(|path| path.starts_with(runs)).max().unwrap();
    let read = Evidence::read(&files[newest], "restore-newest").unwrap();
    let evidence = |met: bool| {
        let mut run = read.run().clone();
        run.started = "2030-01-03T00:00:00Z".into();
        let rto = &mut run.objectives[0];
        (rto.met, rto.measured_ms) = (met, Some(if met { 1_000 } else { rto.limit_ms }));
        Evidence::new("restore-newest", read.fingerprint().to_owned(), run).text()
    };
    for (met, failed) in [(true, false), (false, true)] {
        book.with_changed(&format!("{runs}/20300103T000000Z.json"), &evidence(met));
        let words = "restore-newest.md` failed on 2030-01-03";
        assert_eq!(told(&book).contains(words), failed, "{}", told(&book));
    }
    // A bundle that cannot be read is none.
    book.with_changed(&format!("{folder}/20300102T100000Z.json"), "{}");
    assert!(told(&book).contains("`dr-full` failed on 2030-01-02"), "{}", told(&book));
}

#[test]
fn the_page_shows_each_failure_with_what_was_proven_and_the_site_has_a_calendar() {
    let files = shipped();
    let book = scratch("recovery-page", &files);
    let built = book.run(&["build", "-d", "site"]);
    let page = book.read("site/operations/recovery/plan.html");
    for part in [
        "at most 2 min can be lost",
        "<td>search</td><td>Database</td><td><a href=\"restore-newest.html\">operations/recovery/restore-newest.md</a></td><td>&lt; 1 h, <span class=\"good\">",
        "<td>Data corruption</td>",
        "demonstrated (synthetic), 20",
        "href=\"../../recovery.ics\"",
        "<summary>What is reached</summary>",
        "<td>logical-dump (restic)</td><td>6 h 30 min</td><td>7 h</td>",
        "<summary>Trend of RTO and RPO</summary>",
    ] {
        assert!(page.contains(part), "{part}: {}{page}", err(&built));
    }
    let calendar = book.read("site/recovery.ics");
    for part in [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        "DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=MONTHLY;INTERVAL=3\r\nSUMMARY:Drill: dr-full\r\n",
        "RRULE:FREQ=MONTHLY;INTERVAL=1\r\n",
    ] {
        assert!(calendar.contains(part), "{part}: {calendar}");
    }
    // Without its evidence, a cell was not tried; with other steps, neither.
    let mut without = files.clone();
    without.retain(|path, _| !path.contains("evidence/restore-newest"));
    let book = scratch("recovery-untried", &without);
    book.run(&["build", "-d", "site"]);
    let page = book.read("site/operations/recovery/plan.html");
    assert!(
        page.contains("&lt; 1 h, not measured") && page.contains("\"run-none\">not tried</span>"),
        "{page}"
    );
}

const INFO: &str = r#"[{"name":"main","cipher":"aes-256-cbc","status":{"code":0,"message":"ok"},
"repo":[{"key":1,"cipher":"aes-256-cbc","status":{"code":0,"message":"ok"}},
        {"key":2,"cipher":"aes-256-cbc","status":{"code":2,"message":"no valid backups"}}],
"archive":[{"database":{"id":1,"repo-key":1},"id":"15-1","min":"000000010000000000000001","max":"000000010000000000000009"}],
"backup":[{"label":"20261129-020000F","type":"full","database":{"id":1,"repo-key":1},"timestamp":{"start":1,"stop":1796000000}},
          {"label":"20261129-020000F_20261129-033000I","type":"incr","database":{"id":1,"repo-key":1},"timestamp":{"start":1,"stop":1796005000}}]}]"#;

/// Standard output of `oathbook metrics`, with a text as its standard input.
fn metrics(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut all = vec!["metrics"];
    all.extend(arguments);
    let mut child = program(root(), &all)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    (done.status.code(), out(&done), err(&done))
}

#[test]
fn metrics_of_what_ships_are_accepted_by_promtool_and_say_when_they_are_blind() {
    let folder = Scratch::new("metrics")
        .with("archiver.json", "{\"now\":1000.5,\"last_archived\":990,\"last_failed\":995}");
    let journal = folder.0.join("journal.jsonl");
    // The lines are those of the script that the unit runs.
    for (kind, result) in
        [("full", "success"), ("incr", "exit-code"), ("incr", "success"), ("incr", "timeout")]
    {
        let done = Command::new("bash")
            .arg(root().join(FOLDER).join("journal"))
            .arg(kind)
            .env("SERVICE_RESULT", result)
            .env("BACKUP_JOURNAL", &journal)
            .status();
        assert!(done.unwrap().success());
    }
    let (journal, archiver) = (journal.to_str().unwrap().to_owned(), folder.0.join("archiver.json"));
    let arguments =
        ["--journal", &journal, "--pgbackrest-info", "-", "--archiver", archiver.to_str().unwrap()];
    let (code, text, errors) = metrics(&arguments, INFO);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    for line in [
        "backup_executions_total{type=\"full\",status=\"success\"} 1",
        "backup_executions_total{type=\"incr\",status=\"success\"} 1",
        "backup_executions_total{type=\"incr\",status=\"failed\"} 2",
        "backup_newest_timestamp_seconds{repository=\"1\",type=\"incr\"} 1796005000",
        "backup_repository_status{repository=\"2\"} 2",
        "backup_wal_archive_lag_seconds 10.5",
        "backup_wal_archive_failing 1",
        "backup_metrics_read_success{source=\"evidence\"} 1",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
    let restored = "backup_restoration_time_seconds_count{runbook=\"restore-newest\"} ";
    let count = text.lines().find_map(|line| line.strip_prefix(restored)).unwrap();
    assert!(count.parse::<u32>().unwrap() >= 1, "{text}");
    // The exporter is blinded: each source that is gone is told, and what it said is not made up.
    let (code, blind, errors) = metrics(&["--journal", "/nowhere", "--pgbackrest-info", "-"], "");
    assert_eq!(code, Some(0));
    assert!(
        blind.contains("read_success{source=\"journal\"} 0") && !blind.contains("executions_total"),
        "{blind}"
    );
    assert!(
        blind.contains("read_success{source=\"pgbackrest\"} 0") && errors.contains("/nowhere"),
        "{errors}"
    );
    assert_eq!(metrics(&["--archiver", "-", "--pgbackrest-info", "-"], "").0, Some(2));
    let Ok(mut child) = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    else {
        skip("promtool", "it is not on the path; Debian's package is prometheus");
        return;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success() && err(&done).is_empty(), "{}{}{text}", out(&done), err(&done));
}
