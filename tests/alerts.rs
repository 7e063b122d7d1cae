//! Alerts of Prometheus and their runbooks, on the example service's own rules, on hostile ones and on those of strangers.
//!
//! Checkouts of `prometheus-operator/kube-prometheus`, `prometheus-operator/runbooks` and `samber/awesome-prometheus-alerts`
//! are looked for under `$OATHBOOK_CORPORA` and `../shared/corpora`.

use crate::cli::{Scratch, err};
use crate::support::{corpus, skip};
use std::collections::BTreeSet;
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
    for file in [
        "alerts.yml",
        "alerts.test.yml",
        "backup.rules.yml",
        "backup.rules.test.yml",
        "slo.yaml",
        "slo.rules.yml",
        "slo.rules.test.yml",
        "exporters.txt",
    ] {
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
        "[alerts]\nrules = [\"alerts.yml\", \"slo.rules.yml\", \"backup.rules.yml\"]\ntests = [\"*.test.yml\"]\nobjectives = [\"slo.yaml\"]\nseverities = [\"page\", \"ticket\"]\n\
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
    "alert-objective",
    "slo-spec",
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
    println!("figure: 36 of 36 mutations of 9 alerts are found at the changed line");
}

#[test]
fn promtool_takes_the_rules_and_runs_their_tests() {
    let promtool = |arguments: &[&str]| {
        Command::new("promtool")
            .args(arguments)
            .current_dir(root().join("examples/search-service/deploy"))
            .output()
    };
    let Ok(checked) = promtool(&["check", "rules", "alerts.yml", "slo.rules.yml", "backup.rules.yml"]) else {
        return skip("promtool", "it is not on the path; Debian's package is prometheus");
    };
    assert!(checked.status.success(), "{}", err(&checked));
    let tested = promtool(&[
        "test",
        "rules",
        "alerts.test.yml",
        "slo.rules.test.yml",
        "slo.test.yml",
        "backup.rules.test.yml",
    ])
    .unwrap();
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
    println!(
        "figure: 1,000 broken rules and other nonsense are checked in {} ms, unoptimised",
        took.as_millis()
    );
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
fn strangers_alerts_lead_to_their_runbooks_as_another_way_counts_them() {
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
    // The same by another way: addresses as words of the files, pages as names of files.
    let (mut addresses, mut pages) = (Vec::new(), BTreeSet::new());
    let files = |folder: &str| files_below(&book.0.join(folder));
    for file in files("manifests").into_iter().filter(|file| file.ends_with("rometheusRule.yaml")) {
        let rules = std::fs::read_to_string(file).unwrap();
        let site = "https://runbooks.prometheus-operator.dev/";
        addresses.extend(
            rules.split_whitespace().filter_map(|word| word.strip_prefix(site)).map(str::to_lowercase),
        );
    }
    for file in files("content/runbooks") {
        let below = file.split_once("/content/").unwrap().1.to_lowercase();
        pages.extend(below.strip_suffix(".md").filter(|page| !page.ends_with("_index")).map(str::to_owned));
    }
    let dangling = addresses.iter().filter(|address| !pages.contains(*address)).count();
    let orphans = pages.iter().filter(|page| !addresses.contains(page)).count();
    println!(
        "figure: of {} alerts {dangling} lead nowhere, {orphans} of {} runbooks are led to by none",
        addresses.len(),
        pages.len()
    );
    let told = (count("alert-rule"), count("alert-runbook"), count("runbook-alert"));
    assert_eq!(told, (0, dangling, orphans), "{text}");
    assert!(addresses.len() > 100 && pages.len() > 100);
}

/// All files below a folder, by their paths.
fn files_below(folder: &Path) -> Vec<String> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files_below(&path));
        } else {
            out.push(path.display().to_string());
        }
    }
    out
}

#[test]
fn every_expression_of_a_large_collection_parses() {
    let Some(collection) = corpus("awesome-prometheus-alerts") else { return };
    let book = Scratch::new("alert-collection")
        .with("book.toml", "[alerts]\nrules = [\"rules/**/*.yml\"]\n")
        .with("src/SUMMARY.md", "- [A](a.md)\n")
        .with("src/a.md", "# A\n");
    take(&collection.join("dist/rules"), &book.0.join("rules"));
    let texts =
        files_below(&book.0.join("rules")).into_iter().map(|file| std::fs::read_to_string(file).unwrap());
    let all: usize = texts.map(|text| text.matches("- alert: ").count()).sum();
    let output =
        book.run(&["check", "--only", "alert-rule", "--only", "alert-template", "--only", "alert-runbook"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let count = |code: &str| text.matches(&format!("[{code}]")).count();
    println!("figure: {} of {all} rules are read", count("alert-runbook"));
    // None has a runbook, so each that is read is told once.
    assert_eq!((count("alert-rule"), count("alert-template"), count("alert-runbook")), (0, 0, all));
    assert!(all > 900, "{all}");
}

/// Rules of a file, without what differs from tool to tool: what sloth calls itself, blanks, the order of labels.
fn rules_of(text: &str) -> Vec<serde_json::Value> {
    let mut out = Vec::new();
    for part in text.split("\n---\n") {
        let file: serde_json::Value = serde_saphyr::from_str(part).unwrap();
        for group in file["groups"].as_array().into_iter().flatten() {
            for rule in group["rules"].as_array().unwrap() {
                let mut rule = rule.clone();
                let expression: String = rule["expr"].as_str().unwrap().split_whitespace().collect();
                rule["expr"] = expression.into();
                if let Some(labels) = rule["labels"].as_object_mut() {
                    for own in ["cmd", "sloth_mode", "sloth_version"] {
                        labels.remove(own);
                    }
                }
                out.push(rule);
            }
        }
    }
    out
}

#[test]
fn objectives_of_sloth_give_the_rules_that_sloth_gives() {
    let Some(sloth) = corpus("sloth") else { return };
    let book = Scratch::new("slo-sloth");
    let (mut same, mut objectives, mut left) = (0, 0, Vec::new());
    for entry in std::fs::read_dir(sloth.join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if !text.contains("prometheus/v1") || name == "plugins" {
            continue;
        }
        std::fs::write(book.0.join("slo.yaml"), &text).unwrap();
        let output = book.run(&["slo", "generate", "slo.yaml", "-o", "r.yml", "--tests", "t.yml"]);
        if err(&output).contains("plugins of sloth") {
            left.push(name);
            continue;
        }
        assert!(output.status.success(), "{name}: {}", err(&output));
        let theirs = std::fs::read_to_string(sloth.join("examples/_gen").join(&name)).unwrap();
        let (ours, theirs) = (rules_of(&book.read("r.yml")), rules_of(&theirs));
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{name}");
            same += 1;
        }
        objectives += text.matches("objective:").count();
        for arguments in [["check", "rules", "r.yml"], ["test", "rules", "t.yml"]] {
            let Ok(ran) = Command::new("promtool").args(arguments).current_dir(&book.0).output() else {
                skip("promtool", "it is not on the path; Debian's package is prometheus");
                continue;
            };
            assert!(ran.status.success(), "{name} {arguments:?}: {}", err(&ran));
        }
    }
    left.sort();
    assert!(objectives >= 9 && same >= 151, "{objectives} objectives, {same} rules");
    println!(
        "figure: {same} rules of {objectives} objectives are sloth's; left to plugins: {}",
        left.join(", ")
    );
}

#[test]
fn the_rules_of_the_service_are_what_its_objectives_give_and_a_change_of_one_is_found() {
    let book = service("slo-service");
    let output = book.run(&[
        "slo",
        "generate",
        "slo.yaml",
        "-o",
        "again.rules.yml",
        "--tests",
        "again.rules.test.yml",
    ]);
    assert!(output.status.success(), "{}", err(&output));
    assert_eq!(book.read("again.rules.yml"), book.read("slo.rules.yml"));
    let tests = book.read("again.rules.test.yml").replace("again.rules.yml", "slo.rules.yml");
    assert_eq!(tests, book.read("slo.rules.test.yml"));
    for file in ["again.rules.yml", "again.rules.test.yml"] {
        std::fs::remove_file(book.0.join(file)).unwrap();
    }
    let objectives = book.read("slo.yaml");
    let rules = book.read("slo.rules.yml");
    let alert =
        |name: &str| ("alert-objective".to_owned(), "slo.rules.yml".to_owned(), line_of(&rules, name) + 1);
    for (from, to, name) in [
        ("objective: 99.9", "objective: 99.5", "- alert: \"AvailabilityBudgetBurns\""),
        ("objective: 99\n", "objective: 95\n", "- alert: \"LatencyBudgetBurns\""),
        ("name: latency", "name: speed", "- alert: \"LatencyBudgetBurns\""),
    ] {
        book.with_changed("slo.yaml", &objectives.replacen(from, to, 1));
        let found = found(&book);
        let near = |one: &&(String, String, usize)| one.0 == alert(name).0 && one.1 == alert(name).1;
        let lines: Vec<usize> = found.iter().filter(near).map(|one| one.2).collect();
        assert!(lines.iter().any(|line| line.abs_diff(alert(name).2) <= 1), "{to}: {found:?}");
    }
    book.with_changed("slo.yaml", &objectives);
    let page = book.read("src/disk.md");
    let without: String = page
        .lines()
        .filter(|line| !line.starts_with("no-objective"))
        .map(|line| format!("{line}\n"))
        .collect();
    book.with_changed("src/disk.md", &without);
    let alerts = book.read("alerts.yml");
    let wanted =
        ("alert-objective".to_owned(), "alerts.yml".to_owned(), line_of(&alerts, "- alert: DiskAlmostFull"));
    let told = found(&book);
    assert!(told.contains(&wanted), "{told:?}");
}

#[test]
fn no_rules_are_written_of_objectives_that_cannot_be_read() {
    let book = Scratch::new("slo-nonsense")
        .with("slo.yaml", "version: prometheus/v1\nservice: a\nslos:\n- {name: b, objective: 200}\n- 7\n");
    let output = book.run(&["slo", "generate", "slo.yaml", "-o", "r.yml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("slo.yaml:4:24: "), "{}", err(&output));
    assert!(!book.0.join("r.yml").exists());
    let output = book.run(&["slo", "generate", "gone.yaml"]);
    assert_eq!(output.status.code(), Some(2));
}
