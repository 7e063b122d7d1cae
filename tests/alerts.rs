//! Alerts of Prometheus and their runbooks, on the example service's own rules, on hostile ones and on those of strangers.
//!
//! Checkouts of `prometheus-operator/kube-prometheus`, `prometheus-operator/runbooks` and `samber/awesome-prometheus-alerts`
//! are looked for under `$OATHBOOK_CORPORA` and `../shared/corpora`.

use crate::cli::{Scratch, err};
use crate::support::{corpus, skip};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example service's rules and runbooks, in a repository of their own.
fn service(name: &str) -> Scratch {
    let mut book = Scratch::new(name);
    let read = |file: &str| std::fs::read_to_string(root().join(file)).unwrap();
    for file in ["alerts.yml", "alerts.test.yml", "exporters.txt"] {
        book = book.with(file, read(&format!("examples/search-service/deploy/{file}")));
    }
    book = book.with("metrics.rs", read("examples/search-service/src/metrics.rs"));
    let mut summary = String::from("# Summary\n\n");
    for entry in std::fs::read_dir(root().join("content/service/runbooks")).unwrap() {
        let file = entry.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        if text.contains("\nalerts: [") {
            let name = file.file_name().unwrap().to_str().unwrap();
            summary.push_str(&format!("- [{name}]({name})\n"));
            book = book.with(&format!("src/{name}"), text);
        }
    }
    let book = book.with("src/SUMMARY.md", summary).with(
        "book.toml",
        "[alerts]\nrules = [\"alerts.yml\"]\ntests = [\"alerts.test.yml\"]\nseverities = [\"page\", \"ticket\"]\n\
         metrics = [\"code\", \"exporters.txt\"]\n",
    );
    book.git(&["init", "-q", "-b", "main", "."]);
    book.commit("base");
    book
}

const CODES: &[&str] = &[
    "alert-rule",
    "alert-runbook",
    "runbook-alert",
    "alert-severity",
    "alert-metric",
    "alert-change",
    "alert-test",
];

/// What a change adds: code, file and line of each finding.
fn found(book: &Scratch) -> Vec<(String, String, usize)> {
    let mut arguments = vec!["check", "--base", "main", "--format", "json"];
    for code in CODES {
        arguments.extend(["--only", code]);
    }
    let output = book.run(&arguments);
    let lines = String::from_utf8(output.stdout).unwrap();
    let of = |line: &str| -> (String, String, usize) {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let line = value["line"].as_u64().or_else(|| value["start"]["line"].as_u64()).unwrap_or(0);
        (text("code"), text("file"), usize::try_from(line).unwrap())
    };
    lines.lines().map(of).collect()
}

/// The number of the first line that holds a text, from 1.
fn line_of(text: &str, needle: &str) -> usize {
    text.lines().position(|line| line.contains(needle)).unwrap() + 1
}

#[test]
fn each_threshold_name_runbook_and_metric_that_a_change_mutates_is_found_at_its_line() {
    let book = service("alert-mutations");
    assert_eq!(found(&book), [], "the service as it is");
    let rules = book.read("alerts.yml");
    let alerts: Vec<String> =
        rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).map(str::to_owned).collect();
    assert_eq!(alerts.len(), 9);
    let mut tried = 0;
    for alert in &alerts {
        let begin = rules.find(&format!("- alert: {alert}\n")).unwrap();
        let expr = begin + rules[begin..].find("expr: ").unwrap();
        let line = &rules[expr..expr + rules[expr..].find('\n').unwrap()];
        let number = line_of(&rules, line);
        let threshold = line.rsplit(' ').next().unwrap();
        let mut words = line.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
        let metric = words.find(|word| word.contains('_') && !word.contains("quantile")).unwrap();
        let mutations = [
            ("alert-change", number, line.replace(threshold, &format!("{threshold}7"))),
            ("alert-metric", number, line.replacen(metric, &format!("{metric}x"), 1)),
        ];
        for (code, at, now) in mutations {
            book.with_changed("alerts.yml", &rules.replace(line, &now));
            let found = found(&book);
            let wanted = (code.to_owned(), "alerts.yml".to_owned(), at);
            assert!(found.contains(&wanted), "{alert}: {wanted:?} in {found:?}");
            tried += 1;
        }
        book.with_changed("alerts.yml", &rules.replace(&format!("- alert: {alert}\n"), "- alert: Renamed\n"));
        let wanted = (
            "alert-runbook".to_owned(),
            "alerts.yml".to_owned(),
            line_of(&rules, &format!("- alert: {alert}")),
        );
        let renamed = found(&book);
        assert!(renamed.contains(&wanted), "{alert}: {wanted:?} in {renamed:?}");
        book.with_changed("alerts.yml", &rules);
        let page = std::fs::read_dir(book.0.join("src")).unwrap().map(|entry| entry.unwrap().path());
        let page = page
            .filter(|file| std::fs::read_to_string(file).unwrap().contains(&format!("alerts: [{alert}]")));
        let page =
            page.map(|file| format!("src/{}", file.file_name().unwrap().to_str().unwrap())).next().unwrap();
        let text = book.read(&page);
        book.with_changed(
            &page,
            &text.replace(&format!("alerts: [{alert}]"), &format!("alerts: [{alert}y]")),
        );
        let wanted = ("runbook-alert".to_owned(), page.clone(), line_of(&text, "alerts: ["));
        let mislead = found(&book);
        assert!(mislead.contains(&wanted), "{alert}: {wanted:?} in {mislead:?}");
        book.with_changed(&page, &text);
        tried += 2;
    }
    assert_eq!(tried, 36);
    println!("36 of 36 mutations of 9 alerts are found at the changed line");
}

#[test]
fn promtool_takes_the_rules_and_runs_their_tests() {
    let promtool = |arguments: &[&str]| {
        Command::new("promtool")
            .args(arguments)
            .current_dir(root().join("examples/search-service/deploy"))
            .output()
    };
    let Ok(checked) = promtool(&["check", "rules", "alerts.yml"]) else {
        return skip("promtool", "it is not on the path; Debian's package is prometheus");
    };
    assert!(checked.status.success(), "{}", err(&checked));
    let tested = promtool(&["test", "rules", "alerts.test.yml"]).unwrap();
    assert!(tested.status.success(), "{}", err(&tested));
}

#[test]
fn a_thousand_broken_rules_and_other_nonsense_are_findings_within_a_second() {
    let mut rules = String::from("groups:\n  - name: g\n    rules:\n");
    for number in 0..1_000 {
        rules.push_str(&format!("      - alert: A{number}\n        expr: sum(rate(x[5m])) > > {number}\n"));
    }
    let deep = format!("groups: [{{rules: [{{alert: D, expr: '{}up'}}]}}]\n", "(".repeat(100_000));
    let book = Scratch::new("alert-nonsense")
        .with("book.toml", "[alerts]\nrules = [\"*.yml\"]\nmetrics = [\"code\"]\ntests = [\"*.test\"]\n")
        .with("a.yml", rules)
        .with("b.yml", deep)
        .with("c.yml", "groups:\n- rules: nothing\n- 7\n- {rules: [{alert: , expr: up}, {alert: E}, 3]}\n")
        .with("d.yml", [0xff_u8, 0xfe, 0x00])
        .with("e.test", "tests: [{alert_rule_test: [{alertname: 3}]}, 4]\n")
        .with("src/SUMMARY.md", "- [A](a.md)\n")
        .with("src/a.md", "---\nalerts: [{a: b}, A1, 5]\n---\n\n# A\n");
    let begin = Instant::now();
    let output = book.run(&["check", "--only", "alert-rule", "--format", "json"]);
    let took = begin.elapsed();
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(lines.lines().count() >= 1_003, "{}", lines.lines().count());
    assert!(lines.contains("gave up here") && lines.contains("d.yml"), "{}", &lines[lines.len() - 2_000..]);
    // An unoptimised build on a busy machine is ten times as slow as the one that is promised.
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn runbooks_are_written_from_rules_and_then_nothing_is_missing() {
    let book = service("alert-scaffold");
    let rules = "groups:\n- rules:\n  - alert: Strange/../Name\n    expr: up == 0\n    for: 5m\n    annotations: {summary: '``` {{ $value }} # no heading', description: \"two\\nlines\"}\n  - alert: HighLatency\n    expr: up > 1\n";
    let book = book.with("more.yml", rules);
    let output = book.run(&["new", "runbook", "src", "--from-rules", "more.yml"]);
    assert!(output.status.success(), "{}", err(&output));
    assert!(err(&output).contains("1 runbook written, 1 there already"), "{}", err(&output));
    let page = book.read("src/strange-name.md");
    assert!(page.contains("alerts: [\"Strange/../Name\"]") && page.contains("up == 0"), "{page}");
    let names = "[alerts]\nrules = [\"more.yml\"]\n";
    book.with_changed("book.toml", names);
    book.with_changed("src/SUMMARY.md", "- [One](strange-name.md)\n- [Two](high-latency.md)\n");
    let output = book.run(&["check", "--only", "alert-runbook", "--only", "alert-rule"]);
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), err(&output));
}

/// Copies a part of a stranger's repository.
fn take(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    assert!(Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap().success());
}

#[test]
fn strangers_alerts_lead_to_their_runbooks_as_they_were_counted_by_hand() {
    let both = corpus("kube-prometheus").zip(corpus("prometheus-runbooks"));
    let Some((rules, runbooks)) = both else { return };
    let book = Scratch::new("alert-strangers").with(
        "book.toml",
        "[book]\nsrc = \"content\"\n[alerts]\nrules = [\"manifests/*rometheusRule*.yaml\"]\n\
         runbook-url = \"https://runbooks.prometheus-operator.dev/{page}\"\nrunbooks = [\"runbooks/**\"]\n",
    );
    take(&rules.join("manifests"), &book.0.join("manifests"));
    take(&runbooks.join("content"), &book.0.join("content"));
    let output =
        book.run(&["check", "--only", "alert-runbook", "--only", "runbook-alert", "--only", "alert-rule"]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let count = |code: &str| text.matches(&format!("error[{code}]")).count();
    println!(
        "{} alerts lead nowhere, {} runbooks are led to by none, {} rules cannot be read",
        count("alert-runbook"),
        count("runbook-alert"),
        count("alert-rule")
    );
    assert_eq!(count("alert-rule"), 0, "{text}");
    assert!(count("alert-runbook") > 0 && count("runbook-alert") > 0);
}
