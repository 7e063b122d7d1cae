//! Names in `Cargo.toml`: packages, programs, features, dependencies.

use super::{Name, NameKind};
use crate::base::Span;
use crate::rust::manifest::Manifest;

/// The names of a manifest, or of as much of it as can be read.
pub(super) fn cargo(text: &str) -> Vec<Name> {
    let manifest = Manifest::recover(text);
    let mut out = Vec::new();
    let mut push = |kind, name: &str, set: &str, span: Span| {
        let whole = line_around(text, span);
        out.push(Name { kind, text: name.to_owned(), set: set.to_owned(), span, whole, hidden: false });
    };
    if let Some(package) = &manifest.package {
        push(NameKind::Package, &package.name.text, "", package.key);
        push(NameKind::Program, &package.name.text, "", package.key);
    }
    for (key, name) in manifest.programs.iter().filter_map(|bin| bin.name.as_ref()) {
        push(NameKind::Program, name, "", *key);
    }
    for (feature, _) in &manifest.features {
        push(NameKind::Feature, &feature.text, "features", feature.span);
    }
    for dependency in manifest.all_dependencies() {
        push(NameKind::Dependency, &dependency.key.text, "", dependency.key.span);
    }
    out
}

/// The line that a place begins on, without the blanks at its end.
fn line_around(text: &str, span: Span) -> Span {
    let range = span.range();
    let start = text.get(..range.start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    Span::new(start, start + line.trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_manifest_have_the_places_of_their_keys() {
        let text = "[[bin]]\nname = 'tool'\n[package] # x\n  name = \"pets\"  \nversion = \"1\"\n[dependencies]\nserde.workspace = true\n\"toml\" = { version = \"1\", features = [\n \"parse\",\n] }\n[target.'cfg(unix)'.build-dependencies.cc]\nversion = \"1\"\n[features]\nfast = [\n \"dep:cc\",\n]\n[workspace.dependencies]\nrand = \"0.9\"\n[package.metadata.x]\nname = \"no\"\n";
        let told = |name: Name| {
            let at = |span: Span| text[span.range()].to_owned();
            (name.kind, name.text, at(name.span), at(name.whole))
        };
        let all: Vec<_> = cargo(text).into_iter().map(told).collect();
        let expected = [
            (NameKind::Package, "pets", "name", "  name = \"pets\""),
            (NameKind::Program, "pets", "name", "  name = \"pets\""),
            (NameKind::Program, "tool", "name", "name = 'tool'"),
            (NameKind::Feature, "fast", "fast", "fast = ["),
            (NameKind::Dependency, "serde", "serde", "serde.workspace = true"),
            (NameKind::Dependency, "toml", "\"toml\"", "\"toml\" = { version = \"1\", features = ["),
            (NameKind::Dependency, "cc", "cc", "[target.'cfg(unix)'.build-dependencies.cc]"),
            (NameKind::Dependency, "rand", "rand", "rand = \"0.9\""),
        ];
        let expected = expected
            .map(|(kind, name, span, whole)| (kind, name.to_owned(), span.to_owned(), whole.to_owned()));
        assert_eq!(all, expected);
    }
}
