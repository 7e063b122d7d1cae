//! Backups and restores as metrics, in Prometheus' text form: of the journal of executions, of what pgBackRest and
//! PostgreSQL say, and of evidence. What cannot be read is told by a metric, too.

use super::clock::unix;
use super::status::BackupStatus;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What metrics are made of. A source that nobody named is `None`.
#[derive(Debug, Default)]
pub struct Sources {
    /// The journal, a line of JSON for each execution.
    pub journal: Option<Result<String, String>>,
    /// What `pgbackrest info --output=json` printed.
    pub info: Option<Result<String, String>>,
    /// What the query of `pg_stat_archiver` printed.
    pub archiver: Option<Result<String, String>>,
    /// What engines say of themselves, a text of [`BackupStatus`] each.
    pub statuses: Vec<Result<String, String>>,
    /// What is known of restores.
    pub restores: Option<Result<Restores, String>>,
}

/// Runbooks that restore, and the times that it took each, in milliseconds.
pub type Restores = Vec<(String, Vec<u64>)>;

/// Kinds of backups, as pgBackRest names them. Others would make labels without end.
const KINDS: &[&str] = &["full", "incr", "diff"];

/// Upper bounds of the histogram, in seconds: an objective of an hour stands in the middle.
const BOUNDS: &[u64] = &[10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 14_400];

/// A line of the journal.
#[derive(Deserialize)]
struct Line {
    time: String,
    #[serde(rename = "type")]
    kind: String,
    status: String,
}

/// What PostgreSQL says of its archive, by its own clock, in seconds since 1970.
#[derive(Deserialize)]
struct Archiver {
    now: f64,
    last_archived: Option<f64>,
    last_failed: Option<f64>,
    last_archived_wal: Option<String>,
    segment_bytes: Option<u64>,
}

/// What PostgreSQL counts as archived, and what a repository holds.
#[derive(Default)]
struct Archived {
    /// The last segment that PostgreSQL handed on, and the bytes of one.
    handed: Option<(String, u64)>,
    /// The last segment of each repository; none where it holds none.
    stored: BTreeMap<u64, Option<String>>,
}

struct Writer {
    out: String,
    problems: Vec<String>,
    /// Whether each source that was named could be read.
    read: Vec<(&'static str, bool)>,
    archived: Archived,
}

/// The metrics, and what could not be read.
pub fn metrics(sources: &Sources) -> (String, Vec<String>) {
    let mut writer =
        Writer { out: String::new(), problems: Vec::new(), read: Vec::new(), archived: Archived::default() };
    writer.source("journal", sources.journal.as_ref(), Writer::journal);
    writer.source("pgbackrest", sources.info.as_ref(), Writer::info);
    writer.source("archiver", sources.archiver.as_ref(), Writer::archiver);
    writer.unstored();
    if !sources.statuses.is_empty() {
        writer.statuses(&sources.statuses);
    }
    if let Some(restores) = &sources.restores {
        writer.read.push(("evidence", restores.is_ok()));
        match restores {
            Ok(restores) => writer.restores(restores),
            Err(why) => writer.problems.push(format!("evidence: {why}")),
        }
    }
    writer.head(
        "backup_metrics_read_success",
        "gauge",
        "Whether a source of these metrics could be read: 1, or 0 where its other metrics are missing or incomplete.",
    );
    let read = std::mem::take(&mut writer.read);
    for (source, is_read) in read {
        let _ =
            writeln!(writer.out, "backup_metrics_read_success{{source=\"{source}\"}} {}", u8::from(is_read));
    }
    (writer.out, writer.problems)
}

impl Writer {
    fn source(
        &mut self,
        name: &'static str,
        text: Option<&Result<String, String>>,
        make: impl FnOnce(&mut Self, &str) -> Result<(), String>,
    ) {
        let Some(text) = text else { return };
        let done = text.as_ref().map_err(Clone::clone).and_then(|text| make(self, text));
        self.read.push((name, done.is_ok()));
        if let Err(why) = done {
            self.problems.push(format!("{name}: {why}"));
        }
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.out, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn journal(&mut self, text: &str) -> Result<(), String> {
        let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        let mut success: BTreeMap<&str, u64> = BTreeMap::new();
        let mut wrong = 0_u64;
        // What never was counts as none, so that its first increase is seen.
        for kind in ["full", "incr"] {
            success.insert(kind, 0);
            counts.extend([((kind, "failed"), 0), ((kind, "success"), 0)]);
        }
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let read = serde_json::from_str::<Line>(line).ok().and_then(|line| {
                let kind = KINDS.iter().find(|kind| **kind == line.kind)?;
                let status = ["failed", "success"].into_iter().find(|status| *status == line.status)?;
                Some((*kind, status, unix(&line.time)?))
            });
            let Some((kind, status, time)) = read else {
                wrong += 1;
                continue;
            };
            *counts.entry((kind, status)).or_default() += 1;
            if status == "success" {
                let newest = success.entry(kind).or_default();
                *newest = (*newest).max(time);
            }
        }
        self.head(
            "backup_executions_total",
            "counter",
            "Backups that were started, by type and by how they ended.",
        );
        for ((kind, status), count) in counts {
            let _ =
                writeln!(self.out, "backup_executions_total{{type=\"{kind}\",status=\"{status}\"}} {count}");
        }
        self.head(
            "backup_last_success_timestamp_seconds",
            "gauge",
            "When a backup of a type succeeded last, since 1970; 0 where none ever did.",
        );
        for (kind, time) in success {
            let _ = writeln!(self.out, "backup_last_success_timestamp_seconds{{type=\"{kind}\"}} {time}");
        }
        if wrong > 0 {
            return Err(format!("{wrong} of its lines are none of an execution, and are not counted"));
        }
        Ok(())
    }

    /// <https://pgbackrest.org/command.html#command-info>: stanzas, each with its repositories and backups.
    fn info(&mut self, text: &str) -> Result<(), String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let stanzas = value.as_array().ok_or("it is no list of stanzas")?;
        if stanzas.is_empty() {
            return Err("it knows no stanza".into());
        }
        let list =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let (mut states, mut newest) = (BTreeMap::new(), BTreeMap::<(u64, &str), u64>::new());
        for stanza in stanzas {
            for repo in list(stanza, "repo") {
                let key = repo.get("key").and_then(Value::as_u64).ok_or("a repository has no `key`")?;
                let code = repo.pointer("/status/code").and_then(Value::as_u64);
                states.insert(key, code.ok_or("a repository has no `status`")?);
                self.archived.stored.entry(key).or_default();
            }
            for archive in list(stanza, "archive") {
                let repo = archive.pointer("/database/repo-key").and_then(Value::as_u64);
                let newest = archive.get("max").and_then(Value::as_str).map(str::to_owned);
                if let Some(stored) = repo.and_then(|repo| self.archived.stored.get_mut(&repo)) {
                    *stored = stored.take().max(newest);
                }
            }
            for backup in list(stanza, "backup") {
                let repo = backup.pointer("/database/repo-key").and_then(Value::as_u64);
                let stop = backup.pointer("/timestamp/stop").and_then(Value::as_u64);
                let named = backup.get("type").and_then(Value::as_str);
                let kind = named.and_then(|named| KINDS.iter().find(|kind| **kind == named));
                let (Some(repo), Some(stop), Some(kind)) = (repo, stop, kind) else {
                    return Err("a backup lacks its repository, type or time".into());
                };
                let entry = newest.entry((repo, kind)).or_default();
                *entry = (*entry).max(stop);
            }
        }
        self.head(
            "backup_repository_status",
            "gauge",
            "What pgBackRest says of a repository: 0 is good, other codes stand in its manual.",
        );
        for (repo, code) in states {
            let _ = writeln!(self.out, "backup_repository_status{{repository=\"{repo}\"}} {code}");
        }
        self.head(
            "backup_newest_timestamp_seconds",
            "gauge",
            "When the newest backup of a type that lies in a repository ended, since 1970.",
        );
        for ((repo, kind), stop) in newest {
            let _ = writeln!(
                self.out,
                "backup_newest_timestamp_seconds{{repository=\"{repo}\",type=\"{kind}\"}} {stop}"
            );
        }
        Ok(())
    }

    fn archiver(&mut self, text: &str) -> Result<(), String> {
        let archiver: Archiver = serde_json::from_str(text.trim()).map_err(|error| error.to_string())?;
        let last = archiver.last_archived.ok_or("no segment was archived since its counters were reset")?;
        if !(archiver.now.is_finite() && last.is_finite()) {
            return Err("its times are no numbers".into());
        }
        self.head(
            "backup_wal_archive_lag_seconds",
            "gauge",
            "How long ago a segment of the write-ahead log was archived last, by the clock of the server.",
        );
        let _ = writeln!(self.out, "backup_wal_archive_lag_seconds {}", (archiver.now - last).max(0.0));
        self.head(
            "backup_wal_archive_failing",
            "gauge",
            "Whether the last try to archive a segment failed: 1, or 0.",
        );
        let failing = archiver.last_failed.is_some_and(|failed| failed > last);
        let _ = writeln!(self.out, "backup_wal_archive_failing {}", u8::from(failing));
        self.archived.handed = archiver.last_archived_wal.zip(archiver.segment_bytes);
        Ok(())
    }

    /// What PostgreSQL counts as archived and a repository lacks: a command that does nothing and succeeds is seen by
    /// nothing else. Of the file of a new timeline, which is archived between segments, nothing is known.
    fn unstored(&mut self) {
        let archived = std::mem::take(&mut self.archived);
        let Some((name, bytes)) = archived.handed else { return };
        let Some(handed) = segment(&name, bytes) else { return };
        if archived.stored.is_empty() {
            return;
        }
        self.head(
            "backup_wal_archive_unstored_segments",
            "gauge",
            "Segments that PostgreSQL counts as archived, and that lie behind the newest one of a repository.",
        );
        for (repo, stored) in archived.stored {
            let newest = stored.and_then(|name| segment(&name, bytes));
            let behind = match newest {
                // Numbers go on over timelines; one that a repository has never seen is missing from it all the same.
                Some((line, number)) if line < handed.0 => handed.1.saturating_sub(number).max(1),
                Some((_, number)) => handed.1.saturating_sub(number),
                None => handed.1,
            };
            let _ =
                writeln!(self.out, "backup_wal_archive_unstored_segments{{repository=\"{repo}\"}} {behind}");
        }
    }

    /// Of several engines each is told that can be read; one that cannot makes the source blind.
    fn statuses(&mut self, texts: &[Result<String, String>]) {
        let mut read: BTreeMap<String, BackupStatus> = BTreeMap::new();
        let mut is_read = true;
        for text in texts {
            let status = text.as_ref().map_err(Clone::clone).and_then(|text| BackupStatus::read(text));
            let twice = |status: &BackupStatus| format!("two files are of the engine `{}`", status.engine);
            let why = match status {
                Ok(status) if read.contains_key(&status.engine) => twice(&status),
                Ok(status) => {
                    read.insert(status.engine.clone(), status);
                    continue;
                }
                Err(why) => why,
            };
            self.problems.push(format!("status: {why}"));
            is_read = false;
        }
        self.read.push(("status", is_read));
        self.engines(&read);
    }

    fn engines(&mut self, read: &BTreeMap<String, BackupStatus>) {
        let (mut readable, mut until, mut newest) = (String::new(), String::new(), String::new());
        for (engine, status) in read {
            for one in &status.repositories {
                let labels = format!("engine=\"{engine}\",repository=\"{}\"", one.name);
                let _ = writeln!(
                    readable,
                    "backup_engine_repository_readable{{{labels}}} {}",
                    u8::from(one.readable)
                );
                let moment = one.recoverable_until.as_deref().and_then(unix).unwrap_or(0);
                let _ = writeln!(until, "backup_engine_recoverable_timestamp_seconds{{{labels}}} {moment}");
                let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
                for backup in &one.backups {
                    let entry = kinds.entry(&backup.kind).or_default();
                    *entry = (*entry).max(unix(&backup.at).unwrap_or(0));
                }
                for (kind, ended) in kinds {
                    let _ = writeln!(
                        newest,
                        "backup_engine_newest_timestamp_seconds{{{labels},type=\"{kind}\"}} {ended}"
                    );
                }
            }
        }
        let heads = [
            (
                "backup_engine_repository_readable",
                "Whether an engine could read a repository: 1, or 0.",
                readable,
            ),
            (
                "backup_engine_recoverable_timestamp_seconds",
                "The moment up to which all that was written can be brought back, since 1970; 0 where nothing can.",
                until,
            ),
            (
                "backup_engine_newest_timestamp_seconds",
                "When the newest backup of a type that lies in a repository was made, since 1970, by its engine.",
                newest,
            ),
        ];
        for (name, help, lines) in heads.into_iter().filter(|(_, _, lines)| !lines.is_empty()) {
            self.head(name, "gauge", help);
            self.out.push_str(&lines);
        }
    }

    fn restores(&mut self, restores: &[(String, Vec<u64>)]) {
        if restores.is_empty() {
            return;
        }
        let name = "backup_restoration_time_seconds";
        self.head(
            name,
            "histogram",
            "How long it took from the interruption until the service was back, by the evidence of runs that passed.",
        );
        // A name that two pages share would be a series twice.
        let mut seen = BTreeSet::new();
        for (runbook, times) in restores.iter().filter(|(runbook, _)| seen.insert(runbook)) {
            let runbook = runbook.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            for bound in BOUNDS {
                let within = times.iter().filter(|time| **time <= bound * 1_000).count();
                let _ = writeln!(self.out, "{name}_bucket{{runbook=\"{runbook}\",le=\"{bound}\"}} {within}");
            }
            let all = times.len();
            let sum = times.iter().fold(0_u64, |sum, time| sum.saturating_add(*time));
            let _ = writeln!(
                self.out,
                "{name}_bucket{{runbook=\"{runbook}\",le=\"+Inf\"}} {all}\n{name}_sum{{runbook=\"{runbook}\"}} {}.{:03}\n{name}_count{{runbook=\"{runbook}\"}} {all}",
                sum / 1_000,
                sum % 1_000
            );
        }
    }
}

/// Timeline and number of a segment of the write-ahead log, by its name: three times eight hexadecimal digits, timeline, upper
/// half of the position, and segment within 4 GiB (`XLogFileName` of PostgreSQL's `xlog_internal.h`). `.partial` and
/// `.backup` follow a segment's name.
fn segment(name: &str, bytes: u64) -> Option<(u64, u64)> {
    let digits = name.get(..24).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let part = |from: usize| u64::from_str_radix(digits.get(from..from + 8)?, 16).ok();
    let each = (1_u64 << 32).checked_div(bytes)?;
    Some((part(0)?, part(8)?.checked_mul(each)?.checked_add(part(16)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sources: &Sources) -> (String, Vec<String>) {
        metrics(sources)
    }

    #[test]
    fn executions_are_counted_by_type_and_status_and_a_torn_line_is_told() {
        let line = |time: &str, kind: &str, status: &str| {
            format!(
                "{{\"time\":\"{time}\",\"type\":\"{kind}\",\"status\":\"{status}\",\"result\":\"x\",\"exit\":\"0\"}}\n"
            )
        };
        let journal = line("1970-01-02T00:00:01Z", "full", "success")
            + &line("1970-01-02T01:00:00Z", "incr", "failed")
            + &line("1970-01-02T02:00:00Z", "incr", "failed");
        let (text, problems) = of(&Sources { journal: Some(Ok(journal.clone())), ..Sources::default() });
        assert!(problems.is_empty(), "{problems:?}");
        for wanted in [
            "backup_executions_total{type=\"full\",status=\"success\"} 1\n",
            "backup_executions_total{type=\"full\",status=\"failed\"} 0\n",
            "backup_executions_total{type=\"incr\",status=\"failed\"} 2\n",
            "backup_last_success_timestamp_seconds{type=\"full\"} 86401\n",
            "backup_last_success_timestamp_seconds{type=\"incr\"} 0\n",
            "backup_metrics_read_success{source=\"journal\"} 1\n",
        ] {
            assert!(text.contains(wanted), "{wanted}{text}");
        }
        for torn in [
            "{\"time\":\"1970",
            &line("today", "full", "success"),
            &line("1970-01-01T00:00:00Z", "x", "success"),
        ] {
            let (text, problems) =
                of(&Sources { journal: Some(Ok(journal.clone() + torn)), ..Sources::default() });
            assert!(text.contains("read_success{source=\"journal\"} 0\n"), "{torn}: {text}");
            assert!(text.contains("{type=\"full\",status=\"success\"} 1\n") && problems.len() == 1, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_a_metric_and_no_value_of_it_is_made_up() {
        let wrong = ["", "[]", "{}", "[{\"repo\":[{}]}]", "[{\"backup\":[{\"type\":\"full\"}]}]"];
        for info in wrong {
            let (text, problems) = of(&Sources { info: Some(Ok(info.into())), ..Sources::default() });
            assert!(
                text.contains("read_success{source=\"pgbackrest\"} 0\n") && problems.len() == 1,
                "{info}: {text}"
            );
            assert!(!text.contains("backup_repository_status"), "{text}");
        }
        let none = "{\"now\": 5, \"last_archived\": null, \"last_failed\": null}";
        for archiver in [none, "", "{\"now\": \"x\"}"] {
            let (text, _) = of(&Sources { archiver: Some(Ok(archiver.into())), ..Sources::default() });
            assert!(text.contains("source=\"archiver\"} 0\n") && !text.contains("lag_seconds"), "{text}");
        }
        let (text, _) = of(&Sources { journal: Some(Err("gone".into())), ..Sources::default() });
        assert!(text.contains("source=\"journal\"} 0\n") && !text.contains("executions"), "{text}");
    }

    #[test]
    fn segments_that_postgresql_counts_and_a_repository_lacks_are_counted() {
        let of = |handed: &str, newest: &str, bytes: u64| {
            let info = format!(
                r#"[{{"repo":[{{"key":1,"status":{{"code":0}}}}],"backup":[],
                    "archive":[{{"database":{{"repo-key":1}},"max":{newest}}}]}}]"#
            );
            let archiver = format!(
                r#"{{"now":5,"last_archived":4,"last_failed":null,"last_archived_wal":"{handed}","segment_bytes":{bytes}}}"#
            );
            let sources =
                Sources { info: Some(Ok(info)), archiver: Some(Ok(archiver)), ..Sources::default() };
            let text = metrics(&sources).0;
            let found = text.lines().find_map(|line| {
                line.strip_prefix("backup_wal_archive_unstored_segments{repository=\"1\"} ")
            });
            found.map(str::to_owned)
        };
        let (megabyte, sixteen) = (1 << 20, 16 << 20);
        let cases = [
            ("000000010000000000000009", "\"000000010000000000000009\"", megabyte, Some("0")),
            ("000000010000000000000009", "\"000000010000000000000005\"", megabyte, Some("4")),
            // What arrived meanwhile is no lag.
            ("000000010000000000000009", "\"00000001000000000000000A\"", megabyte, Some("0")),
            // 4 GiB are 256 segments of 16 MiB, 4096 of one.
            ("000000010000000100000000", "\"0000000100000000000000FF\"", sixteen, Some("1")),
            ("000000010000000100000000", "\"000000010000000000000FFF\"", megabyte, Some("1")),
            ("000000020000000000000009.partial", "\"000000010000000000000009\"", megabyte, Some("1")),
            ("000000010000000000000009", "null", megabyte, Some("9")),
            ("00000002.history", "\"000000010000000000000009\"", megabyte, None),
            ("00000001000000000000000é", "null", megabyte, None),
            ("000000010000000000000009", "null", 0, None),
        ];
        for (handed, newest, bytes, wanted) in cases {
            assert_eq!(of(handed, newest, bytes).as_deref(), wanted, "{handed} {newest}");
        }
    }

    #[test]
    fn any_engine_is_told_of_and_one_that_cannot_be_read_blinds_the_source() {
        let status = r#"{"version":1,"engine":"restic","asked":"1970-01-02T00:00:00Z","repositories":[
            {"name":"local","readable":true,"encrypted":true,"recoverable_until":"1970-01-01T00:10:00Z",
             "backups":[{"type":"dump","at":"1970-01-01T00:10:09Z"},{"type":"dump","at":"1970-01-01T00:00:09Z"}]},
            {"name":"far","readable":false,"encrypted":true,"recoverable_until":null}]}"#;
        let text = |statuses: Vec<Result<String, String>>| of(&Sources { statuses, ..Sources::default() });
        let (told, problems) = text(vec![Ok(status.into())]);
        assert!(problems.is_empty(), "{problems:?}");
        for line in [
            "backup_engine_repository_readable{engine=\"restic\",repository=\"far\"} 0\n",
            "backup_engine_recoverable_timestamp_seconds{engine=\"restic\",repository=\"local\"} 600\n",
            "backup_engine_recoverable_timestamp_seconds{engine=\"restic\",repository=\"far\"} 0\n",
            "backup_engine_newest_timestamp_seconds{engine=\"restic\",repository=\"local\",type=\"dump\"} 609\n",
            "backup_metrics_read_success{source=\"status\"} 1\n",
        ] {
            assert!(told.contains(line), "{line}{told}");
        }
        for second in [Ok(status.to_owned()), Ok("{}".into()), Err("gone".to_owned())] {
            let (told, problems) = text(vec![Ok(status.into()), second]);
            assert!(told.contains("read_success{source=\"status\"} 0\n") && problems.len() == 1, "{told}");
            assert!(told.contains("repository=\"local\"} 600\n"), "{told}");
        }
        assert!(!text(Vec::new()).0.contains("status"));
    }

    #[test]
    fn times_of_restoring_are_a_histogram_whose_buckets_hold_all_that_is_below() {
        let restores = vec![("a".to_owned(), vec![8_400, 30_000, 30_001, 20_000_000])];
        let (text, _) = of(&Sources { restores: Some(Ok(restores)), ..Sources::default() });
        for (bound, count) in [("10", 1), ("30", 2), ("60", 3), ("14400", 3), ("+Inf", 4)] {
            let wanted = format!("_bucket{{runbook=\"a\",le=\"{bound}\"}} {count}\n");
            assert!(text.contains(&wanted), "{wanted}{text}");
        }
        assert!(text.contains("_sum{runbook=\"a\"} 20068.401\n"), "{text}");
    }
}
