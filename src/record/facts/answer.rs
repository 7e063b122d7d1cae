//! What the repository says to a fact's request.

use super::request::{Ask, Item, PackageField, Request};
use super::search::Search;
use crate::base::{Glob, RelPath};
use crate::code;
use crate::diag::nearest;
use crate::markdown::{TroubleKind, parse_yaml, quote};
use crate::record::openapi::Api;
use crate::rust::constant::{self, Value};
use crate::rust::manifest::{Package, Packages, nearest_manifest};
use crate::rust::members::members;
use crate::rust::pin::find;
use crate::world::World;

/// What a request comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// As a page writes it, without what surrounds it.
    pub text: String,
    /// What it was read from, as in `src/search.rs#DEFAULT_LIMIT`.
    pub by: String,
    /// For what must stand in a block: its language.
    pub language: Option<&'static str>,
}

/// Why there is no answer, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

fn trouble(message: impl Into<String>, help: impl Into<String>) -> Trouble {
    Trouble { message: message.into(), help: help.into() }
}

/// Whom requests are answered from.
pub(super) struct Sources<'w> {
    pub world: &'w dyn World,
    pub apis: &'w [Api],
    pub search: &'w Search<'w>,
}

impl Sources<'_> {
    /// Answers a request of a page.
    pub fn answer(&self, request: &Request, page: &RelPath) -> Result<Answer, Trouble> {
        let (value, by) = match &request.ask {
            Ask::Package(field, name) => return self.package(*field, name.as_deref(), page),
            Ask::Dependency(name) => return self.dependency(name, page),
            Ask::Include(path, part) => return self.include(path, part),
            Ask::Names(item) => return self.names(item),
            Ask::Output(_) => return Err(trouble("an output is recorded, not answered", "")),
            Ask::Operations(api) => self.operations(api.as_deref())?,
            Ask::Files(glob) => self.files(glob)?,
            Ask::Count(item) => self.count(item)?,
            Ask::Default(item) => self.default(item)?,
            Ask::Environment(name) => self.search.environment(name)?,
            Ask::Value(item) => self.value(item)?,
            Ask::Constant(name) => self.search.constant(name)?,
        };
        let text = match &request.unit {
            Some(unit) => in_unit(&value, unit).ok_or_else(|| {
                let shown = constant::show(&value).unwrap_or_default();
                trouble(format!("`{shown}` cannot be written in {unit}"), "choose another unit, or none")
            })?,
            None => constant::show(&value).ok_or_else(|| {
                trouble(format!("{by} has no value that a page could state"), "quote the item with `include`")
            })?,
        };
        let language = text.trim_end().contains('\n').then_some("text");
        Ok(Answer { text, by, language })
    }

    fn text(&self, path: &str) -> Result<(RelPath, String), Trouble> {
        let file = RelPath::parse(path)
            .map_err(|_| trouble(format!("`{path}` leads out of the repository"), HELP_PATH))?;
        match self.world.text(&file) {
            Ok(text) => Ok((file, text)),
            Err(error) => Err(trouble(format!("`{path}` cannot be read: {error}"), HELP_PATH)),
        }
    }

    fn manifest(&self, page: &RelPath) -> Option<Packages> {
        let folder = nearest_manifest(self.world, &page.parent())?;
        Some(Packages::load(self.world, &folder))
    }

    fn package(&self, field: PackageField, name: Option<&str>, page: &RelPath) -> Result<Answer, Trouble> {
        let packages = self.manifest(page).unwrap_or_default();
        let found = match name {
            Some(name) => packages.named(name),
            None => nearest_manifest(self.world, &page.parent()).and_then(|folder| packages.at(&folder)),
        };
        // A workspace without a package of its own says what all of its packages say.
        let agreed = || {
            let mut answers =
                packages.list.iter().map(|package| of_package(package, field).ok().map(|one| one.text));
            let first = answers.next()?;
            answers.all(|other| other == first).then_some(0)
        };
        let found =
            found.or_else(|| if name.is_none() && packages.problems.is_empty() { agreed() } else { None });
        let Some(package) = found.and_then(|at| packages.list.get(at)) else {
            if let Some(unread) = unread(&packages) {
                return Err(unread);
            }
            if field == PackageField::Version && name.is_none() {
                return self.other_version();
            }
            let known = packages.list.iter().map(|package| package.name.as_str());
            let help = match name.and_then(|name| nearest(name, known)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a package of the workspace that holds the page".to_owned(),
            };
            return Err(trouble(
                name.map_or_else(
                    || "no package is at or above the page's folder".to_owned(),
                    |name| format!("there is no package `{name}`"),
                ),
                help,
            ));
        };
        of_package(package, field).map_err(|missing| unread(&packages).unwrap_or(missing))
    }

    /// The version of a package of another language.
    fn other_version(&self) -> Result<Answer, Trouble> {
        for (path, key) in [
            ("package.json", "version"),
            ("pyproject.toml", "project.version"),
            ("pyproject.toml", "tool.poetry.version"),
        ] {
            let item = Item { path: path.into(), name: key.into() };
            if let Ok((Value::Text(text), by)) = self.value(&item) {
                return Ok(Answer { text, by, language: None });
            }
        }
        Err(trouble(
            "no manifest here states a version",
            "name it as `package.json#version`, or whatever holds it",
        ))
    }

    fn dependency(&self, name: &str, page: &RelPath) -> Result<Answer, Trouble> {
        let packages = self.manifest(page).unwrap_or_default();
        let all = || {
            packages
                .list
                .iter()
                .flat_map(|package| package.dependencies.iter().map(move |one| (package, one)))
        };
        if let Some((package, found)) = all().find(|(_, one)| one.key == name || one.package == name) {
            let by = format!("{}/Cargo.toml", package.folder);
            return Ok(Answer {
                text: found.version.clone(),
                by: by.trim_start_matches("./").to_owned(),
                language: None,
            });
        }
        if let Some(unread) = unread(&packages) {
            return Err(unread);
        }
        let near =
            nearest(name, all().map(|(_, one)| one.key.as_str()).collect::<Vec<_>>()).map(str::to_owned);
        Err(trouble(
            format!("no package of the workspace depends on `{name}`"),
            near.map_or_else(
                || "name a dependency of its manifest".into(),
                |near| format!("did you mean `{near}`?"),
            ),
        ))
    }

    fn include(&self, path: &str, part: &str) -> Result<Answer, Trouble> {
        let (file, text) = self.text(path)?;
        let quoted = quote(&file, &text, part).map_err(|kind| {
            let (what, near) = match kind {
                TroubleKind::IncludeItem { item, nearest, .. } => (format!("no item `{item}`"), nearest),
                TroubleKind::IncludeAnchor { anchor, nearest, .. } => {
                    (format!("no region `{anchor}`"), nearest)
                }
                TroubleKind::IncludeLines { count, .. } => (format!("only {count} lines"), None),
                _ => ("no such part".to_owned(), None),
            };
            trouble(
                format!("`{path}` has {what}"),
                near.map_or_else(
                    || {
                        "name an item (`#Name`), a region (`:name` for `ANCHOR: name`) or lines (`:3:9`)"
                            .into()
                    },
                    |near| format!("did you mean `{near}`?"),
                ),
            )
        })?;
        let by = if part.is_empty() {
            path.to_owned()
        } else {
            format!("{path}{}{part}", if part.starts_with('#') { "" } else { ":" })
        };
        Ok(Answer { text: undented(&quoted), by, language: Some(language_of(&file)) })
    }

    fn operations(&self, api: Option<&str>) -> Result<(Value, String), Trouble> {
        let wanted: Vec<&Api> =
            self.apis.iter().filter(|one| api.is_none_or(|api| one.config.name == api)).collect();
        if wanted.is_empty() {
            let near = api.and_then(|api| nearest(api, self.apis.iter().map(|one| one.config.name.as_str())));
            let help = near.map_or_else(
                || "declare the document as `[openapi.NAME]` in book.toml".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(trouble("there is no such API document", help));
        }
        let count: usize = wanted.iter().map(|one| one.document.operations().len()).sum();
        let by: Vec<&str> = wanted.iter().map(|one| one.config.document.as_str()).collect();
        Ok((number(count), by.join(", ")))
    }

    fn files(&self, glob: &str) -> Result<(Value, String), Trouble> {
        let wanted = Glob::new(glob);
        let count = self.search.files().iter().filter(|file| wanted.matches(file.as_str())).count();
        if count == 0 {
            return Err(trouble(
                format!("no file of the repository matches `{glob}`"),
                "`*` stands for a part of a name, `**` for any folders",
            ));
        }
        Ok((number(count), glob.to_owned()))
    }

    fn count(&self, item: &Item) -> Result<(Value, String), Trouble> {
        let (file, text) = self.text(&item.path)?;
        let by = format!("{}#{}", item.path, item.name);
        if file.extension() == Some("rs") {
            let Some(span) = find(&text, &item.name) else { return Err(no_item(&file, &text, &item.name)) };
            let counted = match members(&text[span.range()]).len() {
                0 => constant::elements(&text, &item.name),
                count => Some(count),
            };
            return counted.map(|count| (number(count), by.clone())).ok_or_else(|| {
                trouble(
                    format!("{by} has no members that could be counted"),
                    "name an enum, a struct, or a constant that is an array",
                )
            });
        }
        if let Some(found) = data(&file, &text) {
            let count = found.at(&item.name).and_then(|node| node.len());
            return count
                .map(|count| (number(count), by.clone()))
                .ok_or_else(|| trouble(format!("{by} is no table and no list"), HELP_KEY));
        }
        match code::members(&file, &text, &item.name).len() {
            0 => Err(no_set(&file, &text, &item.name)),
            count => Ok((number(count), by)),
        }
    }

    fn names(&self, item: &Item) -> Result<Answer, Trouble> {
        let (file, text) = self.text(&item.path)?;
        let mut names: Vec<String> =
            code::members(&file, &text, &item.name).into_iter().map(|name| name.text).collect();
        if names.is_empty() && file.extension() == Some("rs") {
            let span = find(&text, &item.name);
            names = span
                .map(|span| members(&text[span.range()]))
                .unwrap_or_default()
                .into_iter()
                .map(|member| member.name)
                .collect();
        }
        if names.is_empty() {
            return Err(no_set(&file, &text, &item.name));
        }
        Ok(Answer { text: listed(&names), by: format!("{}#{}", item.path, item.name), language: None })
    }

    fn default(&self, item: &Item) -> Result<(Value, String), Trouble> {
        let (file, text) = self.text(&item.path)?;
        let by = format!("{}#{}", item.path, item.name);
        let name = item.name.replace('.', "::");
        let Some((owner, field)) = name.rsplit_once("::") else {
            return Err(trouble(format!("`{by}` names no field"), "write it as `src/file.rs#Type::field`"));
        };
        if find(&text, &name).is_none() {
            return Err(no_item(&file, &text, &name));
        }
        let outside = |name: &str| self.search.value_of(name, &file);
        constant::default(&text, owner, field, &outside).map(|value| (value, by.clone())).ok_or_else(|| {
            trouble(format!("no default of `{by}` can be read"), "it is read from clap's and serde's attributes and from `impl Default`, as long as it is a value")
        })
    }

    fn value(&self, item: &Item) -> Result<(Value, String), Trouble> {
        let (file, text) = self.text(&item.path)?;
        let by = format!("{}#{}", item.path, item.name);
        if let Some(found) = data(&file, &text) {
            let value = found.at(&item.name).and_then(|node| node.value());
            return value.map(|value| (value, by)).ok_or_else(|| {
                trouble(format!("`{}` has no value at `{}`", item.path, item.name), HELP_KEY)
            });
        }
        if let Some(value) = self.search.value_in(&file, &text, &item.name) {
            return Ok((value, by));
        }
        if file.extension() == Some("rs") && find(&text, &item.name).is_some() {
            return self.default(item).map_err(|_| trouble(format!("the value of `{by}` cannot be read from the source"), "constants made of literals, arithmetic and other constants can; else count it, list its names or quote it"));
        }
        Err(no_item(&file, &text, &item.name))
    }
}

const HELP_PATH: &str = "write the path from the repository's root";
const HELP_KEY: &str = "write keys with dots between them, as in `package.metadata.name`";

/// What is said in place of an answer that a manifest would give that cannot be read.
fn unread(packages: &Packages) -> Option<Trouble> {
    packages.problems.first().map(|problem| trouble(problem.message.clone(), "correct the manifest"))
}

fn number(count: usize) -> Value {
    Value::whole(i128::try_from(count).unwrap_or(0))
}

fn no_item(file: &RelPath, text: &str, name: &str) -> Trouble {
    let items = if file.extension() == Some("rs") { crate::rust::items(text) } else { Vec::new() };
    let near = nearest(name, items.iter().flat_map(|item| [item.path.as_str(), item.name()]));
    let help = near.map_or_else(
        || "name something that the file declares".to_owned(),
        |near| format!("did you mean `{file}#{near}`?"),
    );
    trouble(format!("`{file}` declares no `{name}`"), help)
}

fn no_set(file: &RelPath, text: &str, name: &str) -> Trouble {
    let sets = code::sets_of(file, text);
    let near = nearest(name, sets.iter().map(String::as_str));
    let help = near.map_or_else(
        || "name an enum, a struct or a table of that file after `#`".to_owned(),
        |near| format!("did you mean `{file}#{near}`?"),
    );
    trouble(format!("`{file}` declares no set `{name}`"), help)
}

fn of_package(package: &Package, field: PackageField) -> Result<Answer, Trouble> {
    let by = format!("{}/Cargo.toml", package.folder).trim_start_matches("./").to_owned();
    let key = |key: &str| package.fields.get(key).filter(|text| !text.is_empty()).cloned();
    let text = match field {
        PackageField::Version => key("version"),
        PackageField::RustVersion => key("rust-version"),
        PackageField::Edition => Some(package.edition.clone()),
        PackageField::Features => Some(listed(
            &package.features.keys().filter(|name| *name != "default").cloned().collect::<Vec<_>>(),
        )),
        PackageField::DefaultFeatures => package.features.get("default").map(|names| listed(names)),
    };
    text.filter(|text| !text.is_empty())
        .map(|text| Answer { text, by: by.clone(), language: None })
        .ok_or_else(|| {
            trouble(format!("`{by}` does not state it"), "add it to the manifest, or remove the fact")
        })
}

/// `` `a`, `b` and `c` `` without the last word: the same in every language.
fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A value in a unit, if it is a whole number of it, or one with one decimal.
fn in_unit(value: &Value, unit: &str) -> Option<String> {
    let (amount, size): (u128, u128) = match (value, unit) {
        (Value::Number(number), "%") => return number.int().map(|number| number.to_string()),
        (Value::Number(number), unit) => (u128::try_from(number.int()?).ok()?, bytes_of(unit)?),
        (Value::Duration(nanos), unit) => (*nanos, nanos_of(unit)?),
        _ => return None,
    };
    if amount % size == 0 {
        return Some((amount / size).to_string());
    }
    let tenths = amount.checked_mul(10)?;
    (tenths % size == 0).then(|| format!("{}.{}", tenths / size / 10, tenths / size % 10))
}

fn bytes_of(unit: &str) -> Option<u128> {
    Some(match unit {
        "B" => 1,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    })
}

fn nanos_of(unit: &str) -> Option<u128> {
    Some(match unit {
        "ns" => 1,
        "µs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        _ => return None,
    })
}

/// A file of data, read.
enum Data {
    Toml(toml::Value),
    Json(serde_json::Value),
    Yaml(crate::markdown::Value),
}

/// Reads a file of data; none for code, and for data that cannot be read.
fn data(file: &RelPath, text: &str) -> Option<Data> {
    match file.extension()? {
        "toml" => text.parse::<toml::Table>().ok().map(|table| Data::Toml(toml::Value::Table(table))),
        "json" => serde_json::from_str(text).ok().map(Data::Json),
        "yaml" | "yml" => parse_yaml(text).ok().map(Data::Yaml),
        _ => None,
    }
}

/// A place in data.
enum Node<'d> {
    Toml(&'d toml::Value),
    Json(&'d serde_json::Value),
    Yaml(&'d crate::markdown::Value),
}

impl Data {
    fn at(&self, keys: &str) -> Option<Node<'_>> {
        let start = match self {
            Self::Toml(value) => Node::Toml(value),
            Self::Json(value) => Node::Json(value),
            Self::Yaml(value) => Node::Yaml(value),
        };
        keys.split('.').try_fold(start, Node::below)
    }
}

impl<'d> Node<'d> {
    fn below(self, key: &str) -> Option<Node<'d>> {
        use crate::markdown::Value as Yaml;
        let index = key.parse::<usize>().ok();
        match self {
            Self::Toml(value) => value.get(key).or_else(|| value.as_array()?.get(index?)).map(Node::Toml),
            Self::Json(value) => value.get(key).or_else(|| value.as_array()?.get(index?)).map(Node::Json),
            Self::Yaml(Yaml::Map(map)) => {
                map.iter().find(|(name, _)| name == key).map(|(_, value)| Node::Yaml(value))
            }
            Self::Yaml(Yaml::List(list)) => list.get(index?).map(Node::Yaml),
            Self::Yaml(_) => None,
        }
    }

    fn len(&self) -> Option<usize> {
        use crate::markdown::Value as Yaml;
        match self {
            Self::Toml(toml::Value::Table(table)) => Some(table.len()),
            Self::Toml(value) => value.as_array().map(Vec::len),
            Self::Json(value) => {
                value.as_object().map(serde_json::Map::len).or_else(|| value.as_array().map(Vec::len))
            }
            Self::Yaml(Yaml::Map(map)) => Some(map.len()),
            Self::Yaml(Yaml::List(list)) => Some(list.len()),
            Self::Yaml(_) => None,
        }
    }

    fn value(&self) -> Option<Value> {
        use crate::markdown::Value as Yaml;
        Some(match self {
            Self::Toml(toml::Value::String(text))
            | Self::Json(serde_json::Value::String(text))
            | Self::Yaml(Yaml::Text(text)) => Value::Text(text.clone()),
            Self::Toml(toml::Value::Integer(number)) | Self::Yaml(Yaml::Integer(number)) => {
                Value::whole((*number).into())
            }
            Self::Toml(toml::Value::Float(number)) | Self::Yaml(Yaml::Float(number)) => {
                Value::double(*number)
            }
            Self::Toml(toml::Value::Boolean(flag))
            | Self::Json(serde_json::Value::Bool(flag))
            | Self::Yaml(Yaml::Bool(flag)) => Value::Bool(*flag),
            Self::Toml(toml::Value::Datetime(time)) => Value::Text(time.to_string()),
            Self::Json(serde_json::Value::Number(number)) => {
                let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
                whole.map(Value::whole).or_else(|| number.as_f64().map(Value::double))?
            }
            Self::Toml(toml::Value::Array(list)) => values(list.iter().map(Node::Toml))?,
            Self::Json(serde_json::Value::Array(list)) => values(list.iter().map(Node::Json))?,
            Self::Yaml(Yaml::List(list)) => values(list.iter().map(Node::Yaml))?,
            _ => return None,
        })
    }
}

fn values<'d>(list: impl Iterator<Item = Node<'d>>) -> Option<Value> {
    list.map(|one| one.value()).collect::<Option<_>>().map(Value::List)
}

/// What a fence calls a file's language.
fn language_of(file: &RelPath) -> &'static str {
    match file.extension().unwrap_or("") {
        "rs" => "rust",
        "py" => "python",
        "ts" | "tsx" => "typescript",
        "js" | "jsx" => "javascript",
        "go" => "go",
        "toml" => "toml",
        "json" => "json",
        "yaml" | "yml" => "yaml",
        "sh" => "sh",
        "sql" => "sql",
        _ => "text",
    }
}

/// A text without the blanks that all of its lines begin with; the first line of an item has lost its own.
fn undented(text: &str) -> String {
    let rest = || text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let blank = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let first = text.lines().next().map_or(0, blank);
    let least = rest().map(blank).min().unwrap_or(0);
    let mut out = String::new();
    for (at, line) in text.lines().enumerate() {
        let cut = if at == 0 { first } else { least.min(blank(line)) };
        out.push_str(line[cut..].trim_end());
        out.push('\n');
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_units() {
        let of = |value: Value, unit: &str| in_unit(&value, unit);
        assert_eq!(of(Value::whole(64 << 20), "MiB").as_deref(), Some("64"));
        assert_eq!(of(Value::whole(1_500), "kB").as_deref(), Some("1.5"));
        assert_eq!(of(Value::whole(1_024), "MB"), None);
        assert_eq!(of(Value::Duration(90_000_000_000), "min").as_deref(), Some("1.5"));
        assert_eq!(of(Value::Text("x".into()), "s"), None);
    }

    #[test]
    fn what_is_quoted_loses_what_all_lines_begin_with() {
        assert_eq!(undented("fn a() {\n        b\n    }"), "fn a() {\n    b\n}");
        assert_eq!(undented("    x = 1\n    y = 2\n"), "x = 1\ny = 2");
    }
}
