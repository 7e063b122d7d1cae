//! Backups and restores as metrics, in Prometheus' text form: of the journal of executions, of what pgBackRest and
//! PostgreSQL say, and of evidence. What cannot be read is told by a metric, too.

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
    /// Runbooks that restore, and the times that it took each, in milliseconds.
    pub restores: Vec<(String, Vec<u64>)>,
    /// Why that is not known, where it is not.
    pub unread: Option<String>,
}

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
}

struct Writer {
    out: String,
    problems: Vec<String>,
    /// Whether each source that was named could be read.
    read: Vec<(&'static str, bool)>,
}

/// The metrics, and what could not be read.
pub fn metrics(sources: &Sources) -> (String, Vec<String>) {
    let mut writer = Writer { out: String::new(), problems: Vec::new(), read: Vec::new() };
    writer.source("journal", sources.journal.as_ref(), Writer::journal);
    writer.source("pgbackrest", sources.info.as_ref(), Writer::info);
    writer.source("archiver", sources.archiver.as_ref(), Writer::archiver);
    let evidence = sources.unread.clone().map_or(Ok(String::new()), Err);
    writer.source("evidence", Some(&evidence), |writer, _| {
        writer.restores(&sources.restores);
        Ok(())
    });
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
        Ok(())
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

/// `2026-11-29T10:47:18Z` as seconds since 1970.
fn unix(time: &str) -> Option<u64> {
    let (day, clock) = time.strip_suffix('Z')?.split_once('T')?;
    let days = day.parse::<crate::base::Date>().ok()?.days();
    let parts: Vec<u64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours @ ..=23, minutes @ ..=59, seconds @ ..=60] = *parts.as_slice() else { return None };
    u64::try_from(days).ok()?.checked_mul(86_400)?.checked_add(hours * 3_600 + minutes * 60 + seconds)
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
    fn times_of_restoring_are_a_histogram_whose_buckets_hold_all_that_is_below() {
        let restores = vec![("a".to_owned(), vec![8_400, 30_000, 30_001, 20_000_000])];
        let (text, _) = of(&Sources { restores, ..Sources::default() });
        for (bound, count) in [("10", 1), ("30", 2), ("60", 3), ("14400", 3), ("+Inf", 4)] {
            let wanted = format!("_bucket{{runbook=\"a\",le=\"{bound}\"}} {count}\n");
            assert!(text.contains(&wanted), "{wanted}{text}");
        }
        assert!(text.contains("_sum{runbook=\"a\"} 20068.401\n"), "{text}");
    }
}
