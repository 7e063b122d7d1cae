//! `oathbook new runbook DIR --from-rules FILE`: a page for each alert that has none, from what the rule itself says.

use super::{Context, Exit};
use crate::base::{RelPath, count, plain_line};
use crate::code::kebab;
use crate::evidence::alerts::rules::{Alert, Rules};
use crate::shell::write;
use crate::world::World as _;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// Writes the pages that are missing in a folder. A page that is there is never touched.
pub(super) fn scaffold(context: &Context, dir: &Path, file: &Path) -> Exit {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (world, root) = match context.open(folder) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let path = root.join(name).unwrap_or_else(|_| RelPath::root());
    let text = match world.text(&path) {
        Ok(text) => text,
        Err(error) => {
            context.error(&format!("{} cannot be read: {error}", file.display()));
            return Exit::Usage;
        }
    };
    let mut rules = Rules::default();
    rules.add(&path, &text);
    for problem in &rules.problems {
        context.error(&format!("{}: {}", file.display(), problem.message));
    }
    let mut seen = BTreeSet::new();
    let (mut written, mut kept) = (0, 0);
    for alert in &rules.alerts {
        let target = dir.join(format!("{}.md", stem(&alert.name)));
        if !seen.insert(target.clone()) || target.exists() {
            kept += 1;
            continue;
        }
        if let Err(error) = write::named(&target, page(alert).as_bytes()) {
            return context.refused(&error);
        }
        context.say(&format!("wrote {}", target.display()));
        written += 1;
    }
    context.say(&format!(
        "{} written, {kept} there already; list them in SUMMARY.md",
        count(written, "runbook")
    ));
    if rules.problems.is_empty() { Exit::Clean } else { Exit::Findings }
}

/// A file's name for an alert: letters, digits and dashes, whatever the rule calls it.
fn stem(name: &str) -> String {
    let plain: String =
        name.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '_' }).collect();
    let kebab = kebab(&plain);
    let kebab = kebab.trim_matches(['-', '_']);
    if kebab.is_empty() { "alert".into() } else { kebab.to_owned() }
}

/// The page: what the rule says stands there, and what only people know is asked for.
fn page(alert: &Alert) -> String {
    let name = plain_line(&alert.name);
    let quoted = serde_json::Value::from(name.as_ref()).to_string();
    let told = |text: &Option<String>| text.as_ref().map(|text| plain_line(text.trim()).into_owned());
    let [summary, description] = &alert.annotations;
    let mut meaning = told(summary).unwrap_or_default();
    if let Some(more) = told(description) {
        meaning = if meaning.is_empty() { more } else { format!("{meaning}\n\n{more}") };
    }
    let mut out = format!(
        "---\nkind: runbook\nowner: TEAM\nalerts: [{quoted}]\nsymptoms:\n  - {quoted}\n---\n\n# {name}\n\n## Meaning\n\n"
    );
    // What the rule says is shown as it is: `{{ $value }}` is filled in by Prometheus alone.
    if !meaning.is_empty() {
        let fence = "`".repeat(3.max(longest_run(&meaning) + 1));
        let _ = write!(out, "The rule says:\n\n{fence}text\n{meaning}\n{fence}\n\n");
    }
    let threshold = alert.expression.as_ref().and_then(|expression| expression.threshold.as_ref());
    if let Some(threshold) = threshold {
        let _ = write!(out, "It fires at <!-- fact: alert:{name}.threshold -->{threshold}<!-- /fact -->");
        match &alert.lasting {
            Some((lasting, _)) => {
                let _ = write!(out, ", after `{lasting}`.\n\n");
            }
            None => out.push_str(".\n\n"),
        }
    }
    out.push_str("## Impact\n\nTODO: who notices, and how badly.\n\n## Diagnosis\n\n1. Look at what the rule looks at:\n\n");
    let expression = alert.text.trim();
    let fence = "`".repeat(3.max(longest_run(expression) + 1));
    let shown: Vec<String> = expression.lines().map(|line| format!("   {}", plain_line(line))).collect();
    let _ = write!(out, "   {fence}promql\n{}\n   {fence}\n\n", shown.join("\n"));
    out.push_str(
        "2. TODO: what tells one cause from another.\n\n## Mitigation\n\n1. TODO: what to do about each.\n",
    );
    out
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|sign| sign != '`').map(str::len).max().unwrap_or(0)
}
