//! Capacity: series in order and out of it, forecasts that are rounded as their intervals allow, plans that carry them or do not, and
//! what only time turns wrong.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "numbers of tests are small"
)]

use crate::cli::{Scratch, err, out};
use oathbook::base::RelPath;
use oathbook::capacity::{Plan, outlook};
use std::fmt::Write as _;

const SERIES: &str = "series:\n  storage: {metric: size, unit: GB, period: month, source: storage.csv}\n";

const DISK: &str = "resources:\n  disk:\n    unit: GB\n    driver: storage\n    demand: 1\n    source: the size itself\n    node: 100\n    headroom: 20\n    lead-time: 14d\n";

/// Values of months from January 2023 on.
fn rows(values: impl IntoIterator<Item = f64>) -> String {
    let mut out = String::from("time,value\n");
    for (at, value) in values.into_iter().enumerate() {
        let _ = writeln!(out, "{}-{:02},{value}", 2023 + at / 12, at % 12 + 1);
    }
    out
}

/// Growth by 3 a month with a wobble, so that intervals are not empty.
fn growing(months: usize) -> String {
    let wobble = [0.0, 2.0, -1.0, 1.0, -2.0];
    rows((0..months).map(|at| 100.0 + 3.0 * at as f64 + wobble[at % 5]))
}

fn book(name: &str, plan: &str, csv: &str) -> Scratch {
    Scratch::new(name)
        .with("book.toml", "[capacity]\nplan = \"capacity.yaml\"\n")
        .with("capacity.yaml", plan)
        .with("storage.csv", csv)
        .with("src/SUMMARY.md", "- [A](a.md)\n")
        .with(
            "src/a.md",
            "---\nkind: capacity-plan\nowner: team\n---\n\n# A\n\n## Assumptions\n\nNone.\n\n## How it is scaled\n\nBy hand.\n",
        )
}

/// What `check` finds, as `code place message`.
fn found(book: &Scratch, arguments: &[&str]) -> Vec<String> {
    let run = book.run(&[&["check", "--format", "json"], arguments].concat());
    assert!(run.status.code().is_some_and(|code| code == 0 || code == 1 || code == 3), "{}", err(&run));
    let lines = out(&run);
    let values = lines.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    values
        .filter_map(|value| {
            let code = value["rule"].as_str().or(value["code"].as_str())?.to_owned();
            Some(format!("{code} {}", value.get("message")?.as_str()?))
        })
        .collect()
}

fn series(csv: &str, plan: &str) -> (Plan, Vec<String>) {
    let file = RelPath::parse("capacity.yaml").unwrap();
    let mut plan = Plan::read(&file, plan);
    let csv_file = RelPath::parse("storage.csv").unwrap();
    let problems = plan.series[0].read(&csv_file, csv);
    (plan, problems.into_iter().map(|problem| problem.message).collect())
}

#[test]
fn whatever_is_wrong_with_a_series_is_a_finding_with_its_line() {
    for (csv, wanted) in [
        ("", "has no values"),
        ("time,value\n", "has no values"),
        ("when,how much\n2026-01,1\n", "the first row is not `time,value`"),
        ("time,value\n2026-13,1\n", "`2026-13` is no day"),
        ("time,value\n2026-01\n", "`` is no number"),
        ("time,value\n2026-01,NaN\n", "`NaN` is no number"),
        ("time,value\n2026-01,inf\n", "`inf` is no number"),
        ("time,value\n2026-01,-3\n", "less than nothing"),
        ("time,value\n2026-02,1\n2026-01,1\n", "older than the one before"),
        ("time,value\n2026-02,1\n2026-02-27,1\n", "stands in the row before, too"),
        ("time,value\n2026-02,1\n2026-06,1\n", "3 months are missing before this row"),
        ("time,value,unit\n2026-02,1,MB\n", "this is in `MB`, and `storage` in `GB`"),
        (
            "time,value\n2026-01,1\n2026-02,2\n2026-03,2\n2026-04,2010\n2026-05,2020\n2026-06,2000\n",
            "about 1005 times greater",
        ),
    ] {
        let (plan, problems) = series(csv, SERIES);
        assert!(problems.iter().any(|problem| problem.contains(wanted)), "{csv}: {problems:?}");
        assert!(outlook(&plan.series[0]).is_err(), "{csv}");
    }
    let many: String = (0..50_000).map(|_| "x,y\n").collect();
    assert_eq!(series(&many, SERIES).1.len(), 20);
}

#[test]
fn there_is_no_forecast_without_ground_and_the_reason_is_told() {
    for (csv, wanted) in [
        (rows([1.0, 2.0]), "too short"),
        (rows([5.0; 40]), "never changed"),
        (rows([0.0; 12]), "never changed"),
        (growing(8), "too short"),
    ] {
        let book = book("capacity-no-ground", SERIES, &csv);
        let all = found(&book, &[]);
        assert!(
            all.len() == 1 && all[0].starts_with("capacity-forecast ") && all[0].contains(wanted),
            "{all:?}"
        );
        let run = book.run(&["build"]);
        assert_eq!(run.status.code(), Some(0), "{}", err(&run));
        let page = std::fs::read_to_string(book.0.join("book/a.html")).unwrap();
        assert!(
            page.contains("There is no ground for a forecast: ") && !page.contains("<svg role=\"img\""),
            "{page}"
        );
    }
}

#[test]
fn ten_thousand_days_and_a_season_are_forecast_without_false_precision() {
    let mut csv = String::from("time,value\n");
    for day in 0..10_000_i64 {
        let value = 1_000.0 + day as f64 + [0.0, 30.0, -20.0, 10.0, -10.0, 5.0, 40.0][(day % 7) as usize];
        let _ = writeln!(csv, "{},{value}", oathbook::base::Date::from_days(10_000 + day));
    }
    let plan = SERIES.replace("month", "day, season: 7");
    let (plan, problems) = series(&csv, &plan);
    assert_eq!(problems, Vec::<String>::new());
    let outlook = outlook(&plan.series[0]).unwrap();
    assert_eq!((outlook.months, outlook.ahead.len()), (12, 365));
    let (short, series) = (growing(48), SERIES.replace("size", "s"));
    let (plan, _) = self::series(&short, &series);
    let outlook = oathbook::capacity::outlook(&plan.series[0]).unwrap();
    let ahead = outlook.at(&plan.series[0], 12).unwrap();
    let told = ahead.grain.told(ahead.value);
    let half = (ahead.in_95.high - ahead.in_95.low) / 2.0;
    let decimals = told.split_once('.').map_or(0, |(_, rest)| rest.len());
    // Two digits of half the interval at most.
    assert!(half * 10_f64.powi(decimals as i32) < 100.0, "{told} ± {half}");
    assert!((ahead.value - (100.0 + 3.0 * 59.0)).abs() < 12.0, "{told}");
}

#[test]
fn planned_capacity_below_the_upper_forecast_is_a_finding_or_an_accepted_risk() {
    // 244 in December 2026: three nodes with 20 % headroom carry 240, four 320.
    let plan = |rest: &str| format!("{SERIES}{DISK}    planned: [{{from: 2023-01-01, nodes: 4}}]\n{rest}");
    let csv = growing(48);
    let clean = book("capacity-carries", &plan(""), &csv);
    assert_eq!(found(&clean, &["--due", "--as-of", "2027-01-02"]), Vec::<String>::new());
    let three = plan("").replace("nodes: 4", "nodes: 3");
    let all = found(&book("capacity-short", &three, &csv), &[]);
    assert!(
        all.len() == 1
            && all[0].contains("`disk` may need")
            && all[0].contains("240 with 3 nodes, less 20 % headroom"),
        "{all:?}"
    );
    // More in time is enough; too late is not.
    let later = plan("").replace("nodes: 4}", "nodes: 3}, {from: 2027-01-01, nodes: 4}");
    assert_eq!(found(&book("capacity-later", &later, &csv), &[]), Vec::<String>::new());
    // A lost node, a launch, and the quota of the provider.
    for (rest, wanted) in [
        ("    lost-nodes: 1\n", "1 that may be lost"),
        ("    events: [{from: 2027-06-01, what: launch, adds: 100, source: sales}]\n", "from 2027-06-01 on"),
        ("    quota: 3\n", "the provider's quota is 3"),
    ] {
        let all = found(&book("capacity-more", &plan(rest), &csv), &[]);
        assert!(all.len() == 1 && all[0].contains(wanted), "{rest}: {all:?}");
    }
    // An accepted risk, until its end.
    let accepted = three + "    accepted: {reason: the archive moves, until: 2027-02-01}\n";
    let book = book("capacity-accepted", &accepted, &csv);
    assert_eq!(found(&book, &[]), Vec::<String>::new());
    assert_eq!(found(&book, &["--due", "--as-of", "2027-02-01"]), Vec::<String>::new());
    let all = found(&book, &["--due", "--as-of", "2027-02-02"]);
    assert!(all.len() == 1 && all[0].contains("was accepted until 2027-02-01"), "{all:?}");
}

#[test]
fn plain_check_finds_the_same_on_every_day() {
    let plan = format!(
        "{SERIES}{DISK}    planned: [{{from: 2023-01-01, nodes: 3}}]\n    accepted: {{reason: it moves, until: 2027-02-01}}\n"
    );
    let book = book("capacity-days", &plan, &growing(48));
    for year in 2020..2030 {
        let day = format!("{year}-06-15");
        assert_eq!(found(&book, &["--as-of", &day]), Vec::<String>::new(), "{day}");
    }
    let all = found(&book, &["--due", "--as-of", "2029-06-15"]);
    assert_eq!(all.len(), 2, "{all:?}");
}

#[test]
fn fifty_series_take_little_time() {
    let began = std::time::Instant::now();
    for number in 0..50 {
        let values = (0..60)
            .map(|at| 50.0 + f64::from(number) + f64::from(at) * 1.5 + f64::from((at * 7 + number) % 11));
        let (plan, _) = series(&rows(values), &SERIES.replace("month", "month, season: 12"));
        assert!(outlook(&plan.series[0]).is_ok());
    }
    let took = began.elapsed();
    println!("50 series of 60 months: {took:?}, not optimised");
    assert!(took.as_secs() < 30, "{took:?}");
}

#[test]
fn pages_state_what_follows_from_the_plan() {
    let plan = format!("{SERIES}{DISK}    planned: [{{from: 2023-01-01, nodes: 3}}]\n");
    let book = book("capacity-facts", &plan, &growing(48)).with(
        "src/a.md",
        "# A\n\n<!-- fact: capacity:disk.exhausted -->2020-01-01<!-- /fact --> <!-- fact: capacity:storage.forecast-3m -->1<!-- /fact --> <!-- fact: capacity:storage.now -->240<!-- /fact -->\n",
    );
    let all = found(&book, &["--only", "fact"]);
    assert!(all.len() == 2 && all[0].contains("says `20"), "{all:?}");
    let wrong = book.with("src/a.md", "# A\n\n<!-- fact: capacity:disc.exhausted -->x<!-- /fact --> <!-- fact: capacity:disk.size -->x<!-- /fact -->\n");
    let all = found(&wrong, &[]);
    assert!(
        all.iter().any(|one| one.contains("no resource `disc`"))
            && all.iter().any(|one| one.contains("asks for nothing")),
        "{all:?}"
    );
}

#[test]
fn a_quarter_is_recorded_once_and_held_against_what_comes() {
    let book = book("capacity-record", SERIES, &growing(40));
    let record = |day: &str| book.run(&["capacity", "record", "--as-of", day]);
    let first = record("2026-05-04");
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let text = book.read("forecasts/2026-q2.json");
    assert!(text.contains("\"2026-05-01\"") && text.contains("\"in95\""), "{text}");
    assert_ne!(record("2026-06-30").status.code(), Some(0));
    assert_eq!(book.read("forecasts/2026-q2.json"), text);
    // What came as it was forecast says nothing, a jump does, and only when it is asked for what is due.
    let day = ["--due", "--as-of", "2026-06-15"];
    let as_forecast = book.with("storage.csv", growing(41));
    assert_eq!(found(&as_forecast, &day), Vec::<String>::new());
    let jumped = as_forecast.with("storage.csv", growing(40) + "2026-05,300\n");
    assert_eq!(found(&jumped, &[]), Vec::<String>::new());
    let all = found(&jumped, &day);
    assert!(all.len() == 1 && all[0].contains("left its 95 % interval: in 2026-05 it was 300 GB"), "{all:?}");
    let run = jumped.run(&["build"]);
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    let page = std::fs::read_to_string(jumped.0.join("book/a.html")).unwrap();
    assert!(page.contains("of 1 values that came since, 0 lie in their 80 % interval"), "{page}");
    let old = found(&jumped, &["--due", "--as-of", "2026-08-08"]);
    assert!(old.iter().any(|one| one.contains("recorded last on 2026-05-04, 96 days ago")), "{old:?}");
    let mut flat = growing(40);
    for month in 5..=12 {
        let _ = writeln!(flat, "2026-{month:02},100");
    }
    flat += "2027-01,100\n2027-02,100\n";
    let jumped = jumped.with("storage.csv", flat);
    let all = found(&jumped, &["--due", "--as-of", "2027-03-01"]);
    assert!(
        all.iter().any(|one| one.contains("of 10 values that came since forecasts were recorded, 0 lie in")),
        "{all:?}"
    );
    let broken = jumped.with("forecasts/2026-q1.json", "{\"made\": \"soon\"}");
    assert!(found(&broken, &[])[0].contains("is no record of forecasts"));
}

#[test]
fn what_prometheus_answers_is_added_and_rules_and_metrics_follow_from_the_plan() {
    let plan = format!("{SERIES}{DISK}    planned: [{{from: 2023-01-01, nodes: 5}}]\n    trigger: 80\n");
    // December 2026 in two samples a month apart, so that it is measured to its end.
    let answer = r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1796083200,"241.5"],[1798675200,"240"]]}]}}"#;
    let book = book("capacity-import", &plan, &growing(47)).with("answer.json", answer);
    let run = book.run(&["capacity", "import", "answer.json", "--series", "storage"]);
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    assert!(book.read("storage.csv").ends_with("\n2026-12,241.5\n"), "{}", book.read("storage.csv"));
    let metrics = out(&book.run(&["metrics"]));
    assert!(metrics.contains("capacity_utilization_percent{resource_type=\"disk\"} 48.3\n"), "{metrics}");
    let rules = out(&book.run(&["capacity", "rules"]));
    assert!(rules.contains("alert: CapacityDisk") && rules.contains("> 80"), "{rules}");
    assert_ne!(book.run(&["capacity", "import", "answer.json", "--series", "disc"]).status.code(), Some(0));
    // promtool, where it is there, runs the cases that come with the rules.
    let tests = out(&book.run(&["capacity", "rules", "--tests", "rules.yml"]));
    let book = book.with("rules.yml", rules).with("rules.test.yml", tests);
    match std::process::Command::new("promtool")
        .args(["test", "rules", "rules.test.yml"])
        .current_dir(&book.0)
        .output()
    {
        Ok(run) => assert!(run.status.success(), "{}{}", out(&run), err(&run)),
        Err(_) => crate::support::skip("promtool", "NO RULE OF CAPACITY WAS TESTED: promtool is not there"),
    }
}

const PRICES: &str = "currency: EUR\nprices:\n  volume: {amount: 12, unit: node, source: the list, as-of: 2026-12-01}\ncosts:\n  on-call: {amount: 300, quantity: 2, source: payroll, as-of: 2026-12-01}\n";

#[test]
fn a_budget_follows_from_prices_and_what_was_spent_is_told_apart() {
    let plan = format!(
        "{SERIES}{DISK}    planned: [{{from: 2023-01-01, nodes: 5}}]\n    price: volume\nprices: prices.yaml\nactuals: spent.csv\n"
    );
    let spent = "month,item,quantity,amount,currency\n2026-12,disk,6,90,EUR\n2026-12,on-call,2,600,EUR\n";
    let book =
        book("capacity-prices", &plan, &growing(48)).with("prices.yaml", PRICES).with("spent.csv", spent);
    // 6 × 15 against 5 × 12: 18 by price, 12 by quantity.
    let all = found(&book, &[]);
    assert!(
        all.len() == 1
            && all[0]
                .contains("`disk` cost +50 % against the budget of 2026-12: +18 by price, +12 by quantity"),
        "{all:?}"
    );
    let run = book.run(&["build"]);
    assert!(run.status.code().is_some(), "{}", err(&run));
    let page = std::fs::read_to_string(book.0.join("book/a.html")).unwrap();
    // Twelve months of five nodes and two people.
    assert!(page.contains("Budget of 12 months: 7920 EUR"), "{page}");
    let due = found(&book, &["--due", "--as-of", "2027-03-07"]);
    assert_eq!(due.iter().filter(|one| one.contains("96 days ago")).count(), 2, "{due:?}");
    for (from, to, wanted) in [
        ("source: the list, ", "", "has no `source`"),
        ("unit: node", "unit: TB", "is a price by TB, and `disk` is planned in GB"),
        ("amount: 12", "currency: USD, amount: 12", "is in USD, and the budget in EUR"),
        ("volume:", "volumes:", "no price is called `volume`"),
        ("amount: 12", "amount: .nan", "no number"),
    ] {
        let wrong = book.read("prices.yaml").replace(from, to);
        book.with_changed("prices.yaml", &wrong);
        let all = found(&book, &[]);
        assert!(all.iter().any(|one| one.contains(wanted)), "{wanted}: {all:?}");
        book.with_changed("prices.yaml", PRICES);
    }
}

#[test]
fn whatever_is_wrong_with_a_plan_is_a_finding_and_no_panic() {
    let plan = |rest: &str| format!("{SERIES}{DISK}    planned: [{{from: 2023-01-01, nodes: 9}}]\n{rest}");
    let csv = growing(48);
    for (text, wanted) in [
        (String::new(), "not a mapping"),
        ("series: [".into(), "cannot be read"),
        ("series: {}\n".into(), "names no series"),
        (plan("carry: 1\n"), "has no key `carry`"),
        (plan("carries: 90\n"), "neither 80 nor 95"),
        (plan("carries: .nan\n"), "`carries` is no number"),
        (plan("").replace("driver: storage", "driver: storages"), "no series is called `storages`"),
        (plan("").replace("month,", "month, statistic: mean,"), "tells of means"),
        (plan("").replace("period: month", "period: fortnight"), "`fortnight` is no period"),
        (plan("").replace("lead-time: 14d", "lead-time: soon"), "is no time"),
        (plan("").replace("    source: the size itself\n", ""), "has no `source`"),
        (plan("").replace("demand: 1", "demand: -1"), "`demand` is no number"),
        (plan("").replace("node: 100", "node: 0"), "`node` is no number"),
        (plan("").replace("2023-01-01", "2027-01-01"), "has no nodes in the last period"),
        (
            plan("").replace("nodes: 9}", "nodes: 9}, {from: 2022-01-01, nodes: 1}"),
            "is not after the date before it",
        ),
        (plan("    accepted: {until: 2027-01-01}\n"), "has no `reason`"),
        (plan("prices: nowhere.yaml\n"), "`nowhere.yaml`, which the plan names, cannot be read"),
        (plan("").replace("storage.csv", "../../etc/passwd"), "cannot be read"),
    ] {
        let all = found(&book("capacity-wrong-plan", &text, &csv), &[]);
        assert!(
            all.iter().any(|one| one.starts_with("capacity-") && one.contains(wanted)),
            "{wanted}: {all:?}"
        );
    }
    let missing = book("capacity-no-plan", "", "").with("book.toml", "[capacity]\nplan = \"no.yaml\"\n");
    assert!(found(&missing, &[])[0].contains("`capacity.plan` names `no.yaml`"));
}

#[test]
fn the_page_and_its_markdown_say_the_same_and_twice_the_same_bytes() {
    let plan = format!(
        "{SERIES}{DISK}    planned: [{{from: 2023-01-01, nodes: 3}}]\n    accepted: {{reason: it moves, until: 2027-02-01}}\n"
    );
    let book = book("capacity-page", &plan, &growing(48));
    let build = |to: &str, day: &str| {
        let run = book.run(&["build", "--dest-dir", to, "--as-of", day]);
        assert_eq!(run.status.code(), Some(0), "{}", err(&run));
        std::fs::read_to_string(book.0.join(to).join("a.html")).unwrap()
    };
    let page = build("one", "2027-01-02");
    assert!(
        page.contains("but for an accepted risk: <code>disk</code>") && page.contains("<svg role=\"img\"")
    );
    assert!(page.contains("accepted until 2027-02-01: it moves") && page.contains("damped trend (Holt)"));
    let section = |page: &str| {
        page.split("aria-label=\"Capacity\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned()
    };
    assert_eq!(section(&page), section(&build("two", "2029-06-01")), "the date of a run changes no forecast");
    let markdown = std::fs::read_to_string(book.0.join("one/a.md")).unwrap();
    assert!(
        markdown.contains("| `disk` | 240 GB | 240 GB | 80 % |")
            && markdown.contains("| `storage`, GB | 240 |"),
        "{markdown}"
    );
}
