//! Values that are found by their name alone, wherever they are declared. All names are looked for in one pass over the
//! text of the code; only files that spell one are read further.

use super::answer::Trouble;
use crate::base::{RelPath, parallel_map};
use crate::code;
use crate::rust::constant::{self, Value};
use crate::world::World;
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A repository's code, searched as it is needed.
pub(super) struct Search<'w> {
    world: &'w dyn World,
    files: OnceLock<Vec<RelPath>>,
    /// Names that pages ask for, looked for together.
    wanted: Vec<String>,
    spelled: OnceLock<BTreeMap<String, Vec<RelPath>>>,
    /// Constants that others are made of, by name.
    known: Mutex<HashMap<String, Option<Value>>>,
}

/// Folders whose code is not what pages state.
const OTHERS: &[&str] =
    &["tests", "test", "benches", "examples", "target", "vendor", "third_party", "node_modules", "fixtures"];

impl<'w> Search<'w> {
    pub fn new(world: &'w dyn World, wanted: Vec<String>) -> Self {
        Self { world, files: OnceLock::new(), wanted, spelled: OnceLock::new(), known: Mutex::default() }
    }

    /// All files of the repository.
    pub fn files(&self) -> &[RelPath] {
        self.files.get_or_init(|| self.world.tracked(&RelPath::root()))
    }

    fn code(&self) -> Vec<&RelPath> {
        let own = |file: &&RelPath| {
            let is_code = matches!(file.extension(), Some("rs" | "py" | "go" | "ts" | "tsx" | "js" | "mjs"));
            is_code && !file.parent().as_str().split('/').any(|part| OTHERS.contains(&part))
        };
        self.files().iter().filter(own).collect()
    }

    /// The files whose text spells one of some names.
    fn spelling(&self, names: &[String]) -> BTreeMap<String, Vec<RelPath>> {
        let mut out: BTreeMap<String, Vec<RelPath>> = BTreeMap::new();
        let Ok(automaton) = AhoCorasick::new(names) else { return out };
        let files = self.code();
        let found = parallel_map(&files, |file| -> Vec<usize> {
            let Ok(text) = self.world.text(file) else { return Vec::new() };
            let mut hits: Vec<usize> =
                automaton.find_overlapping_iter(&text).map(|hit| hit.pattern().as_usize()).collect();
            hits.sort_unstable();
            hits.dedup();
            hits
        });
        for (file, hits) in files.into_iter().zip(found) {
            for hit in hits {
                out.entry(names[hit].clone()).or_default().push(file.clone());
            }
        }
        out
    }

    fn files_of(&self, name: &str) -> Vec<RelPath> {
        if self.wanted.iter().any(|wanted| wanted == name) {
            let all = self.spelled.get_or_init(|| self.spelling(&self.wanted));
            return all.get(name).cloned().unwrap_or_default();
        }
        self.spelling(&[name.to_owned()]).remove(name).unwrap_or_default()
    }

    /// The constant of that name; it must be the only one, or all must have one value.
    pub fn constant(&self, name: &str) -> Result<(Value, String), Trouble> {
        let last = name.rsplit("::").next().unwrap_or(name);
        let mut found: Vec<(Value, RelPath)> = Vec::new();
        for file in self.files_of(last) {
            let value = self.world.text(&file).ok().and_then(|text| self.value_in(&file, &text, name));
            found.extend(value.map(|value| (value, file)));
        }
        let Some((value, file)) = found.first().cloned() else {
            return Err(Trouble {
                message: format!("no constant `{name}` with a value that can be read is declared"),
                help: "name its file: `src/file.rs#NAME`".into(),
            });
        };
        if let Some((_, other)) = found.iter().find(|(other, _)| *other != value) {
            return Err(Trouble {
                message: format!("`{file}` and `{other}` declare `{name}` with different values"),
                help: format!("say which: `{file}#{name}`"),
            });
        }
        Ok((value, format!("{file}#{name}")))
    }

    /// The value that a file gives a name.
    pub fn value_in(&self, file: &RelPath, text: &str, name: &str) -> Option<Value> {
        let name = name.replace('.', "::");
        if file.extension() == Some("rs") {
            return constant::constant(text, &name, &|name| self.value_of(name, file));
        }
        let found =
            code::names(file, text).into_iter().find(|one| one.text == name || one.qualified() == name)?;
        // A declaration's name may be all that is marked as its whole.
        let from = found.span.end as usize;
        let mut lines = text.get(from..)?.split('\n');
        let (_, value) = lines.next()?.split_once('=')?;
        // JavaScript goes on where a line begins with an operator.
        let goes_on =
            |next: &str| next.trim_start().starts_with(['+', '-', '*', '%', '.', '?', '&', '|', '^']);
        if file.extension() != Some("py")
            && !value.trim_end().ends_with(';')
            && lines.next().is_some_and(goes_on)
        {
            return None;
        }
        let comment = if file.extension() == Some("py") { " #" } else { " //" };
        let value = value.split(comment).next()?.trim().trim_end_matches([';', ',']).trim_end();
        let value = value.strip_suffix(" as const").unwrap_or(value).replace('\'', "\"");
        constant::foreign(&value)
    }

    /// A constant of another file that a value is made of.
    pub fn value_of(&self, name: &str, here: &RelPath) -> Option<Value> {
        if let Some(variable) = name.strip_prefix("env!CARGO_PKG_") {
            let folder = crate::rust::manifest::nearest_manifest(self.world, &here.parent())?;
            let packages = crate::rust::manifest::Packages::load(self.world, &folder);
            let package = packages.list.get(packages.at(&folder)?)?;
            let key = variable.to_lowercase().replace('_', "-");
            return package.fields.get(key.as_str()).cloned().map(Value::Text);
        }
        let known =
            |this: &Self| this.known.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(known) = known(self) {
            return known;
        }
        // Whoever leads back to itself finds nothing.
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), None);
        let found = self.constant(name).ok().map(|(value, _)| value);
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), found.clone());
        found
    }

    /// The default of a variable of the environment.
    pub fn environment(&self, name: &str) -> Result<(Value, String), Trouble> {
        let mut read = false;
        for file in self.files_of(name) {
            let Ok(text) = self.world.text(&file) else { continue };
            let quoted = text.contains(&format!("\"{name}\"")) || text.contains(&format!("'{name}'"));
            read |= quoted || text.contains(&format!("process.env.{name}"));
            let found = match file.extension() {
                Some("rs") => self.of_clap(&file, &text, name).or_else(|| self.of_call(&file, &text, name)),
                _ => of_script(&text, name),
            };
            if let Some(value) = found {
                return Ok((value, format!("{file}#{name}")));
            }
        }
        let message = if read {
            format!("the code reads `{name}`, and no default of it can be read")
        } else {
            format!("no code reads a variable `{name}`")
        };
        Err(Trouble { message, help: "defaults are read from clap's `env` beside `default_value`, and from what follows a call that reads the variable".into() })
    }

    /// `#[arg(env = "NAME", default_value = "…")]`.
    fn of_clap(&self, file: &RelPath, text: &str, name: &str) -> Option<Value> {
        let found = code::names(file, text)
            .into_iter()
            .find(|one| one.kind == code::Kind::Variable && one.text == name && !one.set.is_empty())?;
        let span = crate::rust::pin::find(text, &found.set)?;
        let item = &text[span.range()];
        let at = found.span.start.checked_sub(span.start)?;
        let member = crate::rust::members::members(item)
            .into_iter()
            .find(|member| member.span.start <= at && at < member.span.end)?;
        constant::default(text, &found.set, &member.name, &|name| self.value_of(name, file))
    }

    /// `env::var("NAME").unwrap_or_else(|_| "…".into())`, `option_env!("NAME").unwrap_or("…")`.
    fn of_call(&self, file: &RelPath, text: &str, name: &str) -> Option<Value> {
        let mut from = 0;
        let needle = format!("\"{name}\"");
        while let Some(at) = text[from..].find(&needle).map(|at| from + at) {
            from = at + needle.len();
            let rest = text.get(from..from + 400.min(text.len() - from)).unwrap_or("");
            let rest = rest.split(';').next().unwrap_or(rest);
            let Some(behind) = rest.find(".unwrap_or").map(|at| &rest[at..]) else { continue };
            let Some(open) = behind.find('(') else { continue };
            let inner = behind[open + 1..].trim_start();
            let inner = inner.strip_prefix("|_|").or_else(|| inner.strip_prefix("||")).unwrap_or(inner);
            let close = matching(inner).unwrap_or(inner.len());
            let value = constant::value(inner[..close].trim().trim_end_matches(','), &|name| {
                constant::constant(text, name, &|_| None).or_else(|| self.value_of(name, file))
            });
            if value.is_some() {
                return value;
            }
        }
        None
    }
}

/// Where the bracket closes that is open before a text.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `os.environ.get("NAME", "…")`, `os.getenv("NAME", "…")`, `process.env.NAME ?? "…"`.
fn of_script(text: &str, name: &str) -> Option<Value> {
    for quote in ['"', '\''] {
        let needle = format!("{quote}{name}{quote}");
        if let Some(at) = text.find(&needle) {
            let rest = text[at + needle.len()..].trim_start();
            if let Some(rest) = rest.strip_prefix(',') {
                return constant::foreign(&rest[..matching(rest)?].trim().replace('\'', "\""));
            }
        }
    }
    let needle = format!("process.env.{name}");
    let at = text.find(&needle)?;
    let rest = text[at + needle.len()..].trim_start();
    let rest = rest.strip_prefix("??").or_else(|| rest.strip_prefix("||"))?;
    let line = rest.split(['\n', ';', ',', ')']).next()?;
    constant::foreign(&line.trim().replace('\'', "\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    fn env(path: &str, text: &str) -> Option<String> {
        let world = MemoryWorld::new().with(path, text);
        let search = Search::new(&world, vec!["PORT".into()]);
        search.environment("PORT").ok().and_then(|(value, _)| constant::show(&value))
    }

    #[test]
    fn defaults_of_variables_are_found_in_several_languages() {
        let of = |path: &str, text: &str| env(path, text).unwrap_or_default();
        assert_eq!(
            of("src/a.rs", "fn f() { std::env::var(\"PORT\").unwrap_or_else(|_| \"80\".to_owned()); }"),
            "80"
        );
        assert_eq!(
            of(
                "src/a.rs",
                "const D: u16 = 81;\nfn f() { var(\"PORT\").ok().and_then(|p| p.parse().ok()).unwrap_or(D); }"
            ),
            "81"
        );
        assert_eq!(
            of(
                "src/a.rs",
                "#[derive(Parser)] struct A { #[arg(long, env = \"PORT\", default_value_t = 82)] port: u16 }"
            ),
            "82"
        );
        assert_eq!(of("a.py", "p = os.environ.get('PORT', '83')\n"), "83");
        assert_eq!(of("a.js", "const p = process.env.PORT ?? 84;\n"), "84");
        assert_eq!(env("a.rs", "fn f() { var(\"PORT\") }"), None);
    }

    #[test]
    fn of_other_languages_only_what_all_compute_alike_is_read() {
        let read = |file: &str, value: &str| {
            let declared = if file == "a.py" { "ROW_LIMIT" } else { "export const ROW_LIMIT" };
            let text = format!("{declared} = {value}\n");
            let world = MemoryWorld::new().with(file, text.as_str());
            let found = Search::new(&world, Vec::new()).constant("ROW_LIMIT").ok();
            found.and_then(|(value, _)| constant::show(&value))
        };
        assert_eq!(read("a.py", "60 * (60 + 1)  # an hour").as_deref(), Some("3660"));
        assert_eq!(read("a.py", "0.1").as_deref(), Some("0.1"));
        assert_eq!(read("a.ts", "[1_000, -2] as const; // two").as_deref(), Some("1000, -2"));
        // Python: 3, 1024, 3.5, a number of any size. JavaScript: 3.5, -2147483648, a big integer, eight.
        for text in ["7 // 2", "2 ** 10", "7 / 2", "1 << 31", "9007199254740991 * 3"] {
            assert_eq!(read("a.py", text), None, "{text}");
        }
        for text in ["7 / 2;", "1 << 31;", "10n;", "010;", "60\n  + 5;", "7 /* x */;"] {
            assert_eq!(read("a.ts", text), None, "{text}");
        }
    }

    #[test]
    fn a_constant_of_a_type_is_not_one_of_the_same_name_elsewhere() {
        let world = MemoryWorld::new()
            .with("src/a.rs", "pub const LIMIT: u8 = Level::MAX; pub const OTHER: u8 = level::MAX;")
            .with("src/b.rs", "pub const MAX: u8 = 7;");
        let search = Search::new(&world, Vec::new());
        assert!(search.constant("LIMIT").is_err());
        assert_eq!(search.constant("OTHER").unwrap().0, Value::whole(7));
    }

    #[test]
    fn a_constant_is_found_by_its_name_if_there_is_one() {
        let world = MemoryWorld::new()
            .with("src/a.rs", "pub const LIMIT: usize = other::BASE * 2;")
            .with("src/b.rs", "pub const BASE: usize = 10; const TWICE: u8 = 1;")
            .with("src/c.rs", "const TWICE: u8 = 2; const LOOP_A: u8 = LOOP_B;")
            .with("src/d.rs", "const LOOP_B: u8 = LOOP_A;")
            .with("app/x.py", "RETRIES = 3\n");
        let search = Search::new(&world, Vec::new());
        assert_eq!(search.constant("LIMIT").unwrap(), (Value::whole(20), "src/a.rs#LIMIT".into()));
        assert!(search.constant("TWICE").unwrap_err().message.contains("different values"));
        assert!(search.constant("LOOP_A").is_err() && search.constant("NONE").is_err());
    }
}
