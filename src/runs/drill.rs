//! A drill: runbooks that run one after another, as a recovery file declares them, and the bundle that is left of them.
//!
//! The bundle is an in-toto Statement whose subjects are the evidence files of its runs; the summary is a page made from it.

use super::evidence::{Measured, Run, STATEMENT, Status, TargetRecord, sha256};
use crate::base::{RelPath, lasting, plain_line};
use crate::markdown::{Value, parse_yaml};
use crate::model::relative;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::time::Duration;

/// `predicateType` of a drill.
pub const PREDICATE: &str = "https://oathbook.dev/drill/v1";

/// A drill as it is declared, below `drills` of a recovery file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Where it runs.
    pub target: String,
    /// Its pages, from the repository's root, in their order.
    pub runbooks: Vec<String>,
    /// The page that is made of the newest drill, from the repository's root.
    pub summary: Option<String>,
    /// What such a drill never tries, in the words of those who declared it.
    pub not_tried: Vec<String>,
    /// Who takes turns to hold it, by their roles.
    pub operators: Vec<String>,
    /// Who wrote its runbooks, and so shows nothing by following them.
    pub written_by: Vec<String>,
}

impl Declared {
    /// Reads the drill of that name.
    ///
    /// # Errors
    /// What is wrong with the file, and what to do.
    pub fn read(text: &str, name: &str) -> Result<Self, String> {
        let value = parse_yaml(text).map_err(|error| format!("it is no YAML: {}", error.message))?;
        let Some(Value::Map(drills)) = field(&value, "drills") else {
            return Err(
                "it declares no drill: `drills` holds one or more, each with `target` and `runbooks`".into(),
            );
        };
        let Some((_, drill)) = drills.iter().find(|(known, _)| known == name) else {
            let known: Vec<&str> = drills.iter().map(|(known, _)| known.as_str()).collect();
            return Err(format!("it declares no drill `{name}`, but {}", known.join(", ")));
        };
        let Value::Map(fields) = drill else { return Err(format!("the drill `{name}` holds no `target`")) };
        let keys = ["target", "runbooks", "summary", "not-tried", "operators", "written-by"];
        if let Some((other, _)) = fields.iter().find(|(key, _)| !keys.contains(&key.as_str())) {
            return Err(format!("the drill `{name}` has no key `{other}`: keys are {}", keys.join(", ")));
        }
        let Some(Value::Text(target)) = field(drill, "target") else {
            return Err(format!("the drill `{name}` names no `target`"));
        };
        let runbooks = texts(drill, "runbooks")?;
        if runbooks.is_empty() {
            return Err(format!("the drill `{name}` lists no `runbooks`: paths from the repository's root"));
        }
        let summary = match field(drill, "summary") {
            None => None,
            Some(Value::Text(page)) => Some(page.clone()),
            Some(_) => return Err(format!("`summary` of the drill `{name}` is no path")),
        };
        Ok(Self {
            name: name.to_owned(),
            target: target.clone(),
            runbooks,
            summary,
            not_tried: texts(drill, "not-tried")?,
            operators: texts(drill, "operators")?,
            written_by: texts(drill, "written-by")?,
        })
    }

    /// Why somebody is not the one to hold it now, `last` being who held it last: whoever wrote the pages knows what they
    /// do not say, and whoever held it last remembers.
    pub fn refuses(&self, operator: &str, last: Option<&str>) -> Option<String> {
        if self.written_by.iter().any(|one| one == operator) {
            return Some(format!("`{operator}` wrote the runbooks of the drill `{}`", self.name));
        }
        if !self.operators.iter().any(|one| one == operator) {
            let all = self.operators.join(", ");
            return Some(format!(
                "`{operator}` is none of the operators of the drill `{}`: {all}",
                self.name
            ));
        }
        (last == Some(operator)).then(|| format!("`{operator}` held the drill `{}` last", self.name))
    }
}

fn field<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let Value::Map(fields) = value else { return None };
    fields.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

fn texts(value: &Value, key: &str) -> Result<Vec<String>, String> {
    let text = |one: &Value| if let Value::Text(text) = one { Some(text.clone()) } else { None };
    match field(value, key) {
        None => Some(Vec::new()),
        Some(Value::List(list)) => list.iter().map(text).collect::<Option<_>>(),
        Some(_) => None,
    }
    .ok_or_else(|| format!("`{key}` is no list of texts"))
}

/// What is left of a drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    #[serde(rename = "_type")]
    statement: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    /// The drill.
    pub predicate: Drill,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: Digest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Digest {
    sha256: String,
}

/// A drill that was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drill {
    /// Its name.
    pub drill: String,
    /// Passed only if each of its runbooks was tried, and passed.
    pub status: Status,
    /// When it began.
    pub started: String,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// Where.
    pub target: Option<TargetRecord>,
    /// Whose role it was.
    pub who: String,
    /// Who held it, by the role in the list of operators; none where a machine did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// What was tried, in its order.
    pub cases: Vec<Case>,
    /// What was not, and why.
    pub not_tried: Vec<NotTried>,
}

/// A runbook of a drill that ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The page.
    pub runbook: String,
    /// Its evidence.
    pub evidence: String,
    /// How it ended.
    pub status: Status,
    /// When it began, in milliseconds since the drill did.
    pub start_ms: u64,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// The step that failed, and why.
    pub failed: Option<String>,
    /// The amount of data.
    pub bytes: Option<u64>,
    /// Its objectives.
    pub objectives: Vec<Measured>,
}

/// Something that a drill did not try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotTried {
    /// What.
    pub what: String,
    /// Why not; empty where no drill of this kind tries it.
    pub why: String,
}

impl Case {
    /// A run of a page, `start_ms` after the drill began.
    pub fn new(page: &str, evidence: &RelPath, start_ms: u64, run: &Run) -> Self {
        Self {
            runbook: page.to_owned(),
            evidence: evidence.to_string(),
            status: run.status,
            start_ms,
            ms: run.ms,
            failed: run.failure().map(|(step, why)| format!("{step}: {why}")),
            bytes: run.bytes,
            objectives: run.objectives.clone(),
        }
    }
}

impl Bundle {
    /// A bundle of these files of evidence: path and text of each.
    pub fn new(drill: Drill, evidence: &[(RelPath, String)]) -> Self {
        let subject = |(path, text): &(RelPath, String)| Subject {
            name: path.to_string(),
            digest: Digest { sha256: sha256(text.as_bytes()) },
        };
        Self {
            statement: STATEMENT.into(),
            subject: evidence.iter().map(subject).collect(),
            predicate_type: PREDICATE.into(),
            predicate: drill,
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Why it is no bundle of a drill.
    pub fn read(text: &str) -> Result<Self, String> {
        let bundle: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if bundle.predicate_type == PREDICATE {
            Ok(bundle)
        } else {
            Err(format!("it is of the type {}", bundle.predicate_type))
        }
    }

    /// The file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// How a drill ended, by its cases: what was not tried has not passed.
pub fn status(cases: &[Case], planned: usize) -> Status {
    let missed = |case: &Case| case.status == Status::Passed && case.objectives.iter().any(|one| !one.met);
    if cases.iter().any(|case| case.status == Status::Failed || missed(case)) {
        return Status::Failed;
    }
    let passed = |case: &Case| case.status == Status::Passed;
    if cases.len() == planned && cases.iter().all(passed) { Status::Passed } else { Status::Interrupted }
}

/// The page of a drill, which lies at `page`; what stands before the first `/` of a bundle's paths is the repository.
pub fn summary(bundle: &Bundle, page: &str, bundle_at: &RelPath) -> String {
    let drill = &bundle.predicate;
    let mut out = String::from(
        "<!-- Made by `oathbook drill run` from the newest bundle; edit the runbooks, not this page. -->\n\n",
    );
    let took = lasting::told(Duration::from_millis(drill.ms));
    let _ = writeln!(out, "# The newest drill: {}\n", drill.drill);
    let target = drill.target.as_ref().map_or_else(
        || "no target".to_owned(),
        |target| format!("`{}`, whose data are {}", target.name, target.size),
    );
    let _ = writeln!(
        out,
        "Begun {} by {} on {target}; it took {took} and **{}**.\n",
        drill.started,
        drill.operator.as_ref().map_or_else(
            || format!("the role `{}`", drill.who),
            |operator| format!("the operator `{operator}`")
        ),
        drill.status.name()
    );
    out.push_str(
        "| runbook | began after | took | data | RTO | RPO | ended |\n|---|---|---|---|---|---|---|\n",
    );
    for case in &drill.cases {
        let of = |name: &str| {
            let found = case.objectives.iter().find(|one| one.name == name);
            found.map_or_else(|| "none is set".to_owned(), objective)
        };
        let bytes = case.bytes.map_or_else(|| "–".to_owned(), |bytes| format!("{} MB", bytes / 1_000_000));
        let stem = case.runbook.rsplit('/').next().unwrap_or(&case.runbook).trim_end_matches(".md");
        let _ = writeln!(
            out,
            "| [{stem}]({}) | {} | {} | {bytes} | {} | {} | {} |",
            relative(page, &case.runbook),
            lasting::told(Duration::from_millis(case.start_ms)),
            lasting::told(Duration::from_millis(case.ms)),
            of("rto"),
            of("rpo"),
            case.status.name()
        );
    }
    for case in drill.cases.iter().filter(|case| case.failed.is_some()) {
        let why = plain_line(case.failed.as_deref().unwrap_or_default()).replace('`', "'");
        let _ = write!(out, "\n`{}` failed at `{why}`.\n", case.runbook);
    }
    out.push_str("\n## What was not tried\n\n");
    if drill.not_tried.is_empty() {
        out.push_str("Nothing is declared that such a drill leaves out.\n");
    }
    for one in &drill.not_tried {
        let why = if one.why.is_empty() { String::new() } else { format!(": {}", one.why) };
        let _ = writeln!(out, "- {}{}", plain_line(&one.what), plain_line(&why));
    }
    let _ = write!(out, "\nThe bundle is `{bundle_at}`; it names the evidence of each run by its SHA-256.\n");
    out
}

fn objective(one: &Measured) -> String {
    let of = |ms: u64| lasting::told(Duration::from_millis(ms));
    let measured = one.measured_ms.map_or_else(|| "not measured".to_owned(), of);
    format!("{measured} (< {}), {}", of(one.limit_ms), if one.met { "met" } else { "**not met**" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "service: s\ndrills:\n  all:\n    target: drill\n    runbooks: [a/b.md]\n    not-tried: [the provider]\n";

    #[test]
    fn a_drill_is_read_and_what_is_wrong_is_told() {
        let drill = Declared::read(FILE, "all").unwrap();
        assert_eq!(
            (drill.target.as_str(), drill.runbooks.as_slice()),
            ("drill", ["a/b.md".to_owned()].as_slice())
        );
        assert_eq!((&drill.summary, drill.not_tried.len()), (&None, 1));
        let text =
            FILE.replace("target: drill", "target: drill\n    operators: [a, b, c]\n    written-by: [c]");
        let drill = Declared::read(&text, "all").unwrap();
        assert_eq!((drill.refuses("a", None), drill.refuses("a", Some("b"))), (None, None));
        for (who, why) in
            [("c", "wrote the runbooks"), ("d", "is none of the operators"), ("a", "held the drill")]
        {
            assert!(drill.refuses(who, Some("a")).unwrap().contains(why), "{who}");
        }
        let wrong = [
            ("a: [", "no YAML"),
            ("a: b", "declares no drill"),
            (FILE, "no drill `some`, but all"),
            ("drills:\n  some: {target: a}", "lists no `runbooks`"),
            ("drills:\n  some: {runbooks: [a]}", "names no `target`"),
            ("drills:\n  some: {target: a, runbooks: a}", "no list of texts"),
            ("drills:\n  some: {target: a, runbooks: [a], sumary: b}", "no key `sumary`"),
        ];
        for (text, why) in wrong {
            let told = Declared::read(text, "some").unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
    }

    fn case(status: Status, met: bool) -> Case {
        let one = Measured {
            name: "rto".into(),
            of: "a..b".into(),
            limit_ms: 3_600_000,
            measured_ms: met.then_some(12_900),
            met,
        };
        Case {
            runbook: "content/recovery/a.md".into(),
            evidence: "content/operations/evidence/a/1.json".into(),
            status,
            start_ms: 500,
            ms: 56_100,
            failed: (status == Status::Failed).then(|| "restore: it ended with exit code 26".into()),
            bytes: Some(58_646_228),
            objectives: vec![one],
        }
    }

    #[test]
    fn a_drill_has_passed_only_if_all_of_it_was_tried_and_met_its_objectives() {
        let passed = case(Status::Passed, true);
        assert_eq!(status(std::slice::from_ref(&passed), 1), Status::Passed);
        assert_eq!(status(std::slice::from_ref(&passed), 2), Status::Interrupted);
        assert_eq!(status(&[case(Status::Passed, false)], 1), Status::Failed);
        assert_eq!(status(&[case(Status::Interrupted, false)], 1), Status::Interrupted);
        assert_eq!(status(&[passed, case(Status::Failed, false)], 3), Status::Failed);
    }

    #[test]
    fn the_summary_says_what_was_met_what_failed_and_what_was_not_tried() {
        let drill = Drill {
            drill: "all".into(),
            status: Status::Failed,
            started: "2026-11-29T10:00:00Z".into(),
            ms: 60_000,
            target: Some(TargetRecord { name: "drill".into(), size: "synthetic".into(), sandbox: true }),
            who: "ci".into(),
            operator: Some("primary-2".into()),
            cases: vec![case(Status::Passed, true), case(Status::Failed, false)],
            not_tried: vec![NotTried { what: "the provider".into(), why: String::new() }],
        };
        let at = RelPath::parse("content/operations/evidence/drills/all/1.json").unwrap();
        let bundle = Bundle::new(drill, &[(at.clone(), "{}\n".into())]);
        // printf '{}\n' | sha256sum
        assert!(bundle.text().contains("ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"));
        let page = summary(&bundle, "content/recovery/newest.md", &at);
        for part in [
            "# The newest drill: all",
            "by the operator `primary-2` on",
            "`drill`, whose data are synthetic; it took 1 min and **failed**",
            "| [a](a.md) | 500 ms | 56.1 s | 58 MB | 12.9 s (< 1 h), met | none is set | passed |",
            "| not measured (< 1 h), **not met** | none is set | failed |",
            "failed at `restore: it ended with exit code 26`",
            "- the provider\n",
        ] {
            assert!(page.contains(part), "{part}:\n{page}");
        }
    }
}
