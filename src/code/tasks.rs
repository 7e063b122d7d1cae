//! Names in `package.json`, `pyproject.toml`, `go.mod`, makefiles and justfiles.

use super::data::{Line, toml_lines};
use super::{Name, NameKind};
use crate::base::Span;

fn name(kind: NameKind, text: &str, set: &str, at: usize) -> Name {
    let span = Span::new(at, at + text.len());
    Name { kind, text: text.to_owned(), set: set.to_owned(), span, whole: span, hidden: false }
}

/// The package, its programs, scripts and dependencies. Places are where a key is first written with its quotes; one that is
/// written with escapes is nowhere, and has no letters.
pub(super) fn package_json(text: &str) -> Vec<Name> {
    let Ok(serde_json::Value::Object(root)) = serde_json::from_str(text) else { return Vec::new() };
    let find = |word: &str, from: usize| {
        let found = text.get(from..).and_then(|rest| rest.find(&format!("\"{word}\"")));
        found.map_or(Span::new(from, from), |at| Span::new(from + at + 1, from + at + 1 + word.len()))
    };
    let name = |kind: NameKind, text: &str, set: &str, span: Span| Name {
        kind,
        text: text.to_owned(),
        set: set.to_owned(),
        span,
        whole: span,
        hidden: false,
    };
    let mut out = Vec::new();
    if let Some(package) = root.get("name").and_then(serde_json::Value::as_str) {
        let span = find(package, 0);
        out.push(name(NameKind::Package, package, "", span));
        let program = package.rsplit('/').next().unwrap_or(package);
        let begin = (span.end as usize).saturating_sub(program.len()).max(span.start as usize);
        out.push(name(NameKind::Program, program, "", Span::new(begin, span.end as usize)));
    }
    for (table, kind) in [
        ("bin", NameKind::Program),
        ("scripts", NameKind::Task),
        ("dependencies", NameKind::Dependency),
        ("devDependencies", NameKind::Dependency),
        ("peerDependencies", NameKind::Dependency),
    ] {
        let start = find(table, 0).start as usize;
        if let Some(serde_json::Value::Object(entries)) = root.get(table) {
            out.extend(entries.keys().map(|key| name(kind, key, table, find(key, start))));
        }
    }
    out
}

/// The project, its programs and dependencies.
pub(super) fn pyproject(text: &str) -> Vec<Name> {
    let mut out = Vec::new();
    for Line { table, key, value, span, whole } in toml_lines(text) {
        let kind = match (table, key) {
            ("project" | "tool.poetry", "name") => {
                for kind in [NameKind::Package, NameKind::Program] {
                    out.push(Name {
                        kind,
                        text: value.to_owned(),
                        set: String::new(),
                        span,
                        whole,
                        hidden: false,
                    });
                }
                continue;
            }
            ("project.scripts" | "project.gui-scripts" | "tool.poetry.scripts", key) if !key.is_empty() => {
                NameKind::Program
            }
            ("project.optional-dependencies" | "tool.poetry.extras", key) if !key.is_empty() => {
                NameKind::Feature
            }
            _ => continue,
        };
        out.push(Name { kind, text: key.to_owned(), set: table.to_owned(), span, whole, hidden: false });
    }
    out
}

/// The module, whose last part is a program's usual name.
pub(super) fn go_mod(text: &str) -> Vec<Name> {
    const WORD: &str = "module ";
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix(WORD) {
            let module = rest.trim();
            let from = at + WORD.len() + (rest.len() - rest.trim_start().len());
            let version =
                |part: &str| part.strip_prefix('v').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
            let last = module.rsplit('/').find(|part| !version(part)).unwrap_or(module);
            let within = module.rfind(last).unwrap_or(0);
            return vec![
                name(NameKind::Package, module, "", from),
                name(NameKind::Program, last, "", from + within),
            ];
        }
        at += line.len();
    }
    Vec::new()
}

/// The targets of a makefile, the recipes of a justfile.
pub(super) fn targets(text: &str) -> Vec<Name> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let head = line.split(':').next().unwrap_or("");
        let target = head.split([' ', '\t']).next().unwrap_or("").trim_start_matches('@');
        let plain = !target.is_empty()
            && target.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            && !target.starts_with('.');
        let assigns = line[head.len()..].starts_with(":=") || head.contains('=');
        if plain && head.len() < line.trim_end().len() && !assigns {
            let from = at + line.find(target).unwrap_or(0);
            let mut task = name(NameKind::Task, target, "targets", from);
            task.whole = Span::new(at, at + line.trim_end().len());
            out.push(task);
        }
        at += line.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_of_go_is_found_where_it_stands() {
        let text = "// example.org\nmodule  example.org/tools/v2\n\ngo 1.22\n";
        let found: Vec<(String, Option<&str>)> =
            go_mod(text).into_iter().map(|name| (name.text, text.get(name.span.range()))).collect();
        let wanted = |name: &'static str| (name.to_owned(), Some(name));
        assert_eq!(found, [wanted("example.org/tools/v2"), wanted("tools")]);
        assert!(go_mod("module").is_empty());
    }

    #[test]
    fn keys_that_are_written_with_escapes_have_no_letters() {
        let text =
            r#"{"name": "@a/tool", "scripts": {"\u0062éé": "x", "é": 1}, "bin": {"\u0061éééééééééé": "éé"}}"#;
        let found: Vec<(String, Option<&str>)> =
            package_json(text).into_iter().map(|name| (name.text, text.get(name.span.range()))).collect();
        let found: Vec<(&str, Option<&str>)> = found.iter().map(|(name, at)| (name.as_str(), *at)).collect();
        assert_eq!(
            found,
            [
                ("@a/tool", Some("@a/tool")),
                ("tool", Some("tool")),
                ("aéééééééééé", Some("")),
                ("béé", Some("")),
                ("é", Some("é"))
            ]
        );
    }
}
