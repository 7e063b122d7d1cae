//! Names in `Cargo.toml`: packages, programs, features, dependencies.

use super::data::{Line, toml_lines};
use super::{Kind, Name};

/// The names of a manifest.
pub(super) fn cargo(text: &str) -> Vec<Name> {
    let mut out = Vec::new();
    for line in toml_lines(text) {
        let Line { table, key, value, span, whole } = line;
        let mut push = |kind, text: &str, set: &str| {
            out.push(Name { kind, text: text.to_owned(), set: set.to_owned(), span, whole, hidden: false });
        };
        match (table, key) {
            ("package", "name") => {
                push(Kind::Package, value, "");
                push(Kind::Program, value, "");
            }
            ("bin", "name") => push(Kind::Program, value, ""),
            ("features", feature) => push(Kind::Feature, feature, "features"),
            (table, key) if is_dependencies(table) && !key.is_empty() => {
                push(Kind::Dependency, key.split('.').next().unwrap_or(key), "");
            }
            // `[dependencies.serde]`
            (table, "") => {
                if let Some((head, name)) = table.rsplit_once('.')
                    && is_dependencies(head)
                {
                    push(Kind::Dependency, name, "");
                }
            }
            _ => {}
        }
    }
    out
}

fn is_dependencies(table: &str) -> bool {
    let last = table.rsplit('.').next().unwrap_or(table);
    matches!(last, "dependencies" | "dev-dependencies" | "build-dependencies")
}
