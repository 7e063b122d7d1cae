//! Values that are found by their name alone, wherever they are declared. All names are looked for in one pass over the
//! text of the code; only files that spell one are read further.

use super::answer::NoAnswer;
use crate::base::{RelPath, Steps, beginning};
use crate::code;
use crate::evidence::shelf::{File, Shelf, Spelled};
use crate::rust::constant::{self, Source, Value};
use crate::world::World;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

/// A repository's code, searched as it is needed.
pub(super) struct Search<'w> {
    world: &'w dyn World,
    files: OnceCell<Vec<RelPath>>,
    /// Names that pages ask for, looked for together; sorted.
    wanted: Vec<String>,
    /// The files that spell them.
    spelled: OnceCell<Spelled>,
    /// The files that spell any word, for what those names lead to.
    words: OnceCell<Spelled>,
    /// Constants that others are made of, by name.
    known: RefCell<HashMap<String, (Option<Value>, bool)>>,
    depth: Cell<usize>,
    gave_up: Cell<bool>,
    pub shelf: Shelf<'w>,
    /// What clap makes command lines of.
    pub of_clap: OnceCell<Vec<String>>,
    /// Files that outputs are made from.
    pub captured: Steps,
}

/// Files, and pieces of them, that the outputs of all pages are made from.
const MOST_CAPTURED: u64 = 20_000_000;

/// Files that constants lead to, each from the last: reading recurses, and a thread's stack ends.
const FOLLOWED: usize = 12;

/// Folders whose code is not what pages state.
const OTHERS: &[&str] =
    &["tests", "test", "benches", "examples", "target", "vendor", "third_party", "node_modules", "fixtures"];

impl<'w> Search<'w> {
    pub fn new(world: &'w dyn World, wanted: Vec<String>) -> Self {
        Self {
            world,
            files: OnceCell::new(),
            wanted,
            spelled: OnceCell::new(),
            words: OnceCell::new(),
            known: RefCell::default(),
            depth: Cell::new(0),
            gave_up: Cell::new(false),
            shelf: Shelf::new(world),
            of_clap: OnceCell::new(),
            captured: Steps::new(MOST_CAPTURED),
        }
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

    /// The files of code whose text has a name as a whole word, and perhaps others.
    fn files_of(&self, name: &str) -> Vec<RelPath> {
        let read = |wanted| Spelled::of(self.world, &self.code(), wanted);
        let asked = self.wanted.binary_search_by(|wanted| wanted.as_str().cmp(name)).is_ok();
        let all = if asked {
            self.spelled.get_or_init(|| read(Some(&self.wanted)))
        } else {
            self.words.get_or_init(|| read(None))
        };
        all.files(name).to_vec()
    }

    /// A new question: what was given up before does not count.
    pub fn begin(&self) {
        self.gave_up.set(false);
    }

    /// Asks the constants of a file.
    pub fn with_constants<T>(&self, file: &File, ask: impl FnOnce(&Source<'_>) -> T) -> T {
        let source = file.constants();
        let answer = ask(&source);
        self.gave_up.set(self.gave_up.get() | source.gave_up());
        answer
    }

    /// What to say of a value that is not known only because reading it would have taken too much.
    pub fn gave_up(&self, what: &str) -> Option<NoAnswer> {
        self.gave_up.take().then(|| NoAnswer {
            message: format!("gave up reading `{what}`: constants lead to too many constants"),
            help: "state a constant that is nearer to its value".into(),
        })
    }

    /// The constant of that name; it must be the only one, or all must have one value.
    pub fn constant(&self, name: &str) -> Result<(Value, String), NoAnswer> {
        self.find_constant(name).map_err(|no_answer| self.gave_up(name).unwrap_or(no_answer))
    }

    fn find_constant(&self, name: &str) -> Result<(Value, String), NoAnswer> {
        let last = name.rsplit("::").next().unwrap_or(name);
        let mut found: Vec<(Value, RelPath)> = Vec::new();
        for file in self.files_of(last) {
            let value = self.shelf.file(&file).ok().and_then(|read| self.value_in(&read, name));
            found.extend(value.map(|value| (value, file)));
        }
        let Some((value, file)) = found.first().cloned() else {
            return Err(NoAnswer {
                message: format!("no constant `{name}` with a value that can be read is declared"),
                help: "name its file: `src/file.rs#NAME`".into(),
            });
        };
        if let Some((_, other)) = found.iter().find(|(other, _)| *other != value) {
            return Err(NoAnswer {
                message: format!("`{file}` and `{other}` declare `{name}` with different values"),
                help: format!("say which: `{file}#{name}`"),
            });
        }
        Ok((value, format!("{file}#{name}")))
    }

    /// The value that a file gives a name.
    pub fn value_in(&self, file: &File, name: &str) -> Option<Value> {
        let name = name.replace('.', "::");
        if file.is_rust() {
            let outside = |name: &str| self.value_of(name, &file.path);
            return self.with_constants(file, |source| source.constant(&name, &outside));
        }
        let found = file.names().first(&name)?;
        // A declaration's name may be all that is marked as its whole.
        let from = found.span.end as usize;
        let mut lines = file.text().get(from..)?.split('\n');
        let (_, value) = lines.next()?.split_once('=')?;
        let is_python = file.path.extension() == Some("py");
        // JavaScript goes on where a line begins with an operator.
        let goes_on =
            |next: &str| next.trim_start().starts_with(['+', '-', '*', '%', '.', '?', '&', '|', '^']);
        if !is_python && !value.trim_end().ends_with(';') && lines.next().is_some_and(goes_on) {
            return None;
        }
        let comment = if is_python { " #" } else { " //" };
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
        if let Some((known, gave_up)) = self.known.borrow().get(name) {
            self.gave_up.set(self.gave_up.get() || *gave_up);
            return known.clone();
        }
        if self.depth.get() >= FOLLOWED {
            self.gave_up.set(true);
            return None;
        }
        // Whoever leads back to itself finds nothing.
        self.known.borrow_mut().insert(name.to_owned(), (None, false));
        let before = self.gave_up.take();
        self.depth.set(self.depth.get() + 1);
        let found = self.find_constant(name).ok().map(|(value, _)| value);
        self.depth.set(self.depth.get() - 1);
        let gave_up = self.gave_up.get() && found.is_none();
        self.known.borrow_mut().insert(name.to_owned(), (found.clone(), gave_up));
        self.gave_up.set(before || gave_up);
        found
    }

    /// The default of a variable of the environment.
    pub fn environment(&self, name: &str) -> Result<(Value, String), NoAnswer> {
        let mut read = false;
        for path in self.files_of(name) {
            let Ok(file) = self.shelf.file(&path) else { continue };
            read |= !file.quoted(name).is_empty() || !file.process_env(name).is_empty();
            let found = match file.path.extension() {
                Some("rs") => self.of_clap(&file, name).or_else(|| self.of_call(&file, name)),
                _ => of_script(&file, name),
            };
            if let Some(value) = found {
                return Ok((value, format!("{path}#{name}")));
            }
        }
        let message = if read {
            format!("the code reads `{name}`, and no default of it can be read")
        } else {
            format!("no code reads a variable `{name}`")
        };
        Err(NoAnswer { message, help: "defaults are read from clap's `env` beside `default_value`, and from what follows a call that reads the variable".into() })
    }

    /// `#[arg(env = "NAME", default_value = "…")]`.
    fn of_clap(&self, file: &File, name: &str) -> Option<Value> {
        let found = file
            .names()
            .called(name)
            .find(|one| one.kind == code::NameKind::Variable && one.text == name && !one.set.is_empty())?;
        let (item, members) = file.items().members_of(file.text(), &found.set)?;
        let at = found.span.start.checked_sub(item.span.start)?;
        let member = members.get(members.partition_point(|member| member.span.end <= at))?;
        let member = Some(member).filter(|member| member.span.start <= at)?;
        let outside = |name: &str| self.value_of(name, &file.path);
        self.with_constants(file, |source| source.default(&found.set, &member.name, &outside))
    }

    /// `env::var("NAME").unwrap_or_else(|_| "…".into())`, `option_env!("NAME").unwrap_or("…")`.
    fn of_call(&self, file: &File, name: &str) -> Option<Value> {
        let text = file.text();
        for at in file.quoted(name).iter().filter(|at| text.as_bytes()[**at] == b'"') {
            let rest = beginning(&text[at + name.len() + 2..], 400);
            let rest = rest.split(';').next().unwrap_or(rest);
            let Some(behind) = rest.find(".unwrap_or").map(|at| &rest[at..]) else { continue };
            let Some(open) = behind.find('(') else { continue };
            let inner = behind[open + 1..].trim_start();
            let inner = inner.strip_prefix("|_|").or_else(|| inner.strip_prefix("||")).unwrap_or(inner);
            let close = matching(inner).unwrap_or(inner.len());
            let outside = |name: &str| self.value_of(name, &file.path);
            let default = inner[..close].trim().trim_end_matches(',');
            let value = self.with_constants(file, |source| source.value(default, &outside));
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
fn of_script(file: &File, name: &str) -> Option<Value> {
    let text = file.text();
    for quote in [b'"', b'\''] {
        let first = file.quoted(name).iter().find(|at| text.as_bytes()[**at] == quote);
        if let Some(at) = first {
            let rest = text[at + name.len() + 2..].trim_start();
            if let Some(rest) = rest.strip_prefix(',') {
                let rest = beginning(rest, LONGEST_DEFAULT);
                return constant::foreign(&rest[..matching(rest)?].trim().replace('\'', "\""));
            }
        }
    }
    let rest = text[*file.process_env(name).first()?..].trim_start();
    let rest = rest.strip_prefix("??").or_else(|| rest.strip_prefix("||"))?;
    let line = beginning(rest, LONGEST_DEFAULT).split(['\n', ';', ',', ')']).next()?;
    constant::foreign(&line.trim().replace('\'', "\""))
}

/// The longest default, in bytes, that is looked for behind a variable's name.
const LONGEST_DEFAULT: usize = 2_000;

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
    fn a_constant_behind_a_variable_is_read_alike_whoever_asks_first() {
        let world = MemoryWorld::new()
            .with(
                "src/a.rs",
                "pub const D: u16 = other::BASE + 1;\nfn f() { var(\"PORT\").ok().unwrap_or(D); }",
            )
            .with("src/other.rs", "pub const BASE: u16 = 80;");
        let search = Search::new(&world, vec!["PORT".into()]);
        for _ in 0..2 {
            assert_eq!(search.environment("PORT").unwrap().0, Value::whole(81));
            assert_eq!(search.constant("D").unwrap().0, Value::whole(81));
        }
    }

    #[test]
    fn constants_whose_long_expressions_lead_through_many_files_end() {
        let mut world = MemoryWorld::new();
        for file in 0..20 {
            let mut text = String::new();
            for at in 0..50 {
                let next = if at < 49 { format!("C{file}_{}", at + 1) } else { format!("C{}_0", file + 1) };
                text += &format!("pub const C{file}_{at}: u64 = {next}{};\n", " + 1".repeat(240));
            }
            world = world.with(&format!("src/f{file}.rs"), text.as_str());
        }
        let search = Search::new(&world, Vec::new());
        search.begin();
        assert!(search.constant("C0_0").unwrap_err().message.starts_with("gave up"));
    }

    #[cfg(feature = "languages")]
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
