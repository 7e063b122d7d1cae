//! What the repository says to a fact's request.

use super::request::{AlertField, Ask, Item, ObjectiveField, PackageField, Request};
use super::search::Search;
use crate::base::{Glob, RelPath, Steps, lasting};
use crate::evidence::alerts::{Alerts, burn_rate, objectives};
use crate::evidence::api::Api;
use crate::evidence::capacity::Capacity;
use crate::evidence::shelf::{Data, File, Shelf};
use crate::markdown::FlawKind;
use crate::rust::constant::{self, Value};
use crate::rust::manifest::{Package, Packages, nearest_manifest};
use crate::world::World;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

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
pub struct NoAnswer {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

fn no_answer(message: impl Into<String>, help: impl Into<String>) -> NoAnswer {
    NoAnswer { message: message.into(), help: help.into() }
}

/// A part of one as a percentage, without the digits that only binary numbers have.
fn percent(number: &str, by: String) -> Result<Answer, NoAnswer> {
    let Ok(part) = number.parse::<f64>() else {
        return Err(no_answer(format!("`{number}` cannot be written in %"), "choose another unit, or none"));
    };
    let text = format!("{:.6}", part * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    Ok(Answer { text, by, language: None })
}

/// Files that globs of facts are held against, all together; facts count a few hundred.
const MOST_MATCHED: u64 = 5_000_000;

/// Bytes of all answers together: a page states values, and quotes items.
const MOST_ANSWERED: u64 = 64 << 20;

/// The words of a fact, and the page's folder where it matters.
type Asked = (String, Option<RelPath>);

/// What is found for a folder's packages.
struct Manifest {
    /// The folder of the nearest manifest.
    folder: RelPath,
    packages: Packages,
    by_name: HashMap<String, usize>,
    /// Dependencies by their keys and by their packages: which package asks, and for which of its dependencies.
    dependencies: HashMap<String, (usize, usize)>,
}

/// Whom requests are answered from.
pub(super) struct Sources<'w> {
    world: &'w dyn World,
    apis: &'w [Api],
    alerts: &'w Alerts,
    capacity: &'w Capacity,
    search: &'w Search<'w>,
    shelf: &'w Shelf<'w>,
    /// By the folder that a page lies in.
    manifests: RefCell<HashMap<RelPath, Option<Rc<Manifest>>>>,
    /// By the folder of the manifest.
    loaded: RefCell<HashMap<RelPath, Rc<Manifest>>>,
    known: RefCell<HashMap<Asked, Result<Answer, NoAnswer>>>,
    matched: Steps,
    answered: Steps,
}

impl<'w> Sources<'w> {
    pub fn new(
        world: &'w dyn World,
        (apis, alerts, capacity): super::Answers<'w>,
        search: &'w Search<'w>,
    ) -> Self {
        Self {
            world,
            apis,
            alerts,
            capacity,
            search,
            shelf: &search.shelf,
            manifests: RefCell::default(),
            loaded: RefCell::default(),
            known: RefCell::default(),
            matched: Steps::new(MOST_MATCHED),
            answered: Steps::new(MOST_ANSWERED),
        }
    }

    /// Answers a request of a page, which is written as `name`.
    pub fn answer(&self, request: &Request, name: &str, page: &RelPath) -> Result<Answer, NoAnswer> {
        let near = matches!(request.ask, Ask::Package(..) | Ask::Dependency(_));
        let key = (name.to_owned(), near.then(|| page.parent()));
        let known = self.known.borrow().get(&key).cloned();
        let answer = known.unwrap_or_else(|| {
            let answer = self.find(request, page);
            self.known.borrow_mut().insert(key, answer.clone());
            answer
        });
        let length = answer.as_ref().map_or(0, |answer| answer.text.len());
        if self.answered.take(length as u64) {
            return answer;
        }
        Err(no_answer("gave up here: what the facts of all pages quote is more than 64 MiB", "quote less"))
    }

    /// What the rule of an alert says.
    fn alert(&self, name: &str, field: AlertField) -> Result<(Value, String), NoAnswer> {
        let Some(alert) = self.alerts.get(name) else {
            let near =
                self.shelf.near.find("alerts", name, self.alerts.list.iter().map(|one| one.name.as_str()));
            let help = near.map_or_else(
                || "`alerts.rules` in book.toml names the files of rules".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(no_answer(format!("no rule is called `{name}`"), help));
        };
        let by = format!("the rule `{name}` in {}", alert.place.file);
        let nothing = |what: &str| no_answer(format!("{by} has no {what}"), "state what it has");
        let value = match field {
            AlertField::Threshold => {
                let text = alert.expression.as_ref().and_then(|expression| expression.threshold.as_deref());
                Value::Name(text.ok_or_else(|| nothing("number at the right of a comparison"))?.to_owned())
            }
            AlertField::For => {
                let (text, _) = alert.lasting.as_ref().ok_or_else(|| nothing("`for`"))?;
                let span = lasting::work(text).map(|span| Value::Duration(span.as_nanos()));
                span.unwrap_or_else(|| Value::Name(text.clone()))
            }
            AlertField::Severity => {
                let (text, _) = alert.severity.as_ref().ok_or_else(|| nothing("label `severity`"))?;
                Value::Name(text.clone())
            }
        };
        Ok((value, by))
    }

    /// What a file of objectives says.
    fn objective(&self, name: &str, field: ObjectiveField) -> Result<(Value, String), NoAnswer> {
        let Some(objective) = self.alerts.objective(name) else {
            let known = objectives::names(&self.alerts.objectives);
            let near = self.shelf.near.find("objectives", name, known.iter().map(String::as_str));
            let help = near.map_or_else(
                || "`alerts.objectives` in book.toml names the files of objectives".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(no_answer(format!("no objective is called `{name}`"), help));
        };
        let by = format!("the objective `{}` in {}", objective.id(), objective.place.file);
        let value = match field {
            ObjectiveField::Objective => Value::Name(objective.written.clone()),
            ObjectiveField::Budget => Value::Name(objective.budget()),
            ObjectiveField::Downtime => Value::Duration(burn_rate::downtime(objective).as_nanos()),
        };
        Ok((value, by))
    }

    fn find(&self, request: &Request, page: &RelPath) -> Result<Answer, NoAnswer> {
        self.search.begin();
        let (value, by) = match &request.ask {
            Ask::Package(field, name) => return self.package(*field, name.as_deref(), page),
            Ask::Dependency(name) => return self.dependency(name, page),
            Ask::Include(path, part) => return self.include(path, part),
            Ask::Names(item) => return self.names(item),
            Ask::Output(_) => return Err(no_answer("an output is recorded, not answered", "")),
            Ask::Alert(name, field) => {
                let (value, by) = self.alert(name, *field)?;
                if let (Value::Name(number), Some("%")) = (&value, request.unit.as_deref()) {
                    return percent(number, by);
                }
                (value, by)
            }
            Ask::Objective(name, field) => self.objective(name, *field)?,
            Ask::Capacity(stated) => {
                let answer =
                    self.capacity.answer(stated).map_err(|(message, help)| no_answer(message, help))?;
                (Value::Name(answer.0), answer.1)
            }
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
                no_answer(format!("`{shown}` cannot be written in {unit}"), "choose another unit, or none")
            })?,
            None => constant::show(&value).ok_or_else(|| {
                no_answer(
                    format!("{by} has no value that a page could state"),
                    "quote the item with `include`",
                )
            })?,
        };
        let language = text.trim_end().contains('\n').then_some("text");
        Ok(Answer { text, by, language })
    }

    fn file(&self, path: &str) -> Result<Rc<File>, NoAnswer> {
        let file = RelPath::parse(path)
            .map_err(|_| no_answer(format!("`{path}` leads out of the repository"), HELP_PATH))?;
        let read = self.shelf.file(&file);
        read.map_err(|error| no_answer(format!("`{path}` cannot be read: {error}"), HELP_PATH))
    }

    fn near<'n>(&self, list: &str, wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
        self.shelf.near.find(list, wanted, names)
    }

    fn manifest(&self, page: &RelPath) -> Option<Rc<Manifest>> {
        if let Some(known) = self.manifests.borrow().get(&page.parent()) {
            return known.clone();
        }
        let found = nearest_manifest(self.world, &page.parent()).map(|folder| {
            let known = self.loaded.borrow().get(&folder).cloned();
            known.unwrap_or_else(|| {
                let manifest = Rc::new(Manifest::load(self.world, folder.clone()));
                self.loaded.borrow_mut().insert(folder, Rc::clone(&manifest));
                manifest
            })
        });
        self.manifests.borrow_mut().insert(page.parent(), found.clone());
        found
    }

    fn package(&self, field: PackageField, name: Option<&str>, page: &RelPath) -> Result<Answer, NoAnswer> {
        let manifest = self.manifest(page);
        let packages =
            manifest.as_ref().map(|manifest| manifest.packages.list.as_slice()).unwrap_or_default();
        let found = manifest.as_ref().and_then(|manifest| match name {
            Some(name) => manifest.by_name.get(name).copied(),
            None => manifest.packages.at(&manifest.folder),
        });
        // A workspace without a package of its own says what all of its packages say.
        let agreed = || {
            let mut answers =
                packages.iter().map(|package| of_package(package, field).ok().map(|one| one.text));
            let first = answers.next()?;
            answers.all(|other| other == first).then_some(0)
        };
        let unread = manifest.as_ref().and_then(|manifest| unread(&manifest.packages));
        let found = found.or_else(|| if name.is_none() && unread.is_none() { agreed() } else { None });
        let Some(package) = found.and_then(|at| packages.get(at)) else {
            if let Some(unread) = unread {
                return Err(unread);
            }
            if field == PackageField::Version && name.is_none() {
                return self.other_version();
            }
            let known = packages.iter().map(|package| package.name.as_str());
            let list = manifest.as_ref().map_or("", |manifest| manifest.folder.as_str());
            let help = match name.and_then(|name| self.near(&format!("packages {list}"), name, known)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a package of the workspace that holds the page".to_owned(),
            };
            return Err(no_answer(
                name.map_or_else(
                    || "no package is at or above the page's folder".to_owned(),
                    |name| format!("there is no package `{name}`"),
                ),
                help,
            ));
        };
        of_package(package, field).map_err(|missing| unread.unwrap_or(missing))
    }

    /// The version of a package of another language.
    fn other_version(&self) -> Result<Answer, NoAnswer> {
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
        Err(no_answer(
            "no manifest here states a version",
            "name it as `package.json#version`, or whatever holds it",
        ))
    }

    fn dependency(&self, name: &str, page: &RelPath) -> Result<Answer, NoAnswer> {
        let manifest = self.manifest(page);
        let found = manifest.as_ref().and_then(|manifest| {
            let (package, at) = manifest.dependencies.get(name)?;
            let package = &manifest.packages.list[*package];
            Some((package, &package.dependencies[*at]))
        });
        if let Some((package, found)) = found {
            let by = format!("{}/Cargo.toml", package.folder);
            return Ok(Answer {
                text: found.version.clone(),
                by: by.trim_start_matches("./").to_owned(),
                language: None,
            });
        }
        if let Some(unread) = manifest.as_ref().and_then(|manifest| unread(&manifest.packages)) {
            return Err(unread);
        }
        let near = manifest.as_ref().and_then(|manifest| {
            let all = manifest.packages.list.iter().flat_map(|package| &package.dependencies);
            let list = format!("dependencies {}", manifest.folder);
            self.near(&list, name, all.map(|one| one.key.as_str()))
        });
        Err(no_answer(
            format!("no package of the workspace depends on `{name}`"),
            near.map_or_else(
                || "name a dependency of its manifest".into(),
                |near| format!("did you mean `{near}`?"),
            ),
        ))
    }

    fn include(&self, path: &str, part: &str) -> Result<Answer, NoAnswer> {
        let file = self.file(path)?;
        let quoted = file.content.quote(&file.path, part, &self.shelf.near).map_err(|kind| {
            let (what, near) = match kind {
                FlawKind::IncludeItem { item, nearest, .. } => (format!("no item `{item}`"), nearest),
                FlawKind::IncludeAnchor { anchor, nearest, .. } => (format!("no region `{anchor}`"), nearest),
                FlawKind::IncludeLines { count, .. } => (format!("only {count} lines"), None),
                _ => ("no such part".to_owned(), None),
            };
            no_answer(
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
        Ok(Answer { text: undented(&quoted), by, language: Some(language_of(&file.path)) })
    }

    fn operations(&self, api: Option<&str>) -> Result<(Value, String), NoAnswer> {
        let wanted: Vec<&Api> =
            self.apis.iter().filter(|one| api.is_none_or(|api| one.config.name == api)).collect();
        if wanted.is_empty() {
            let names = self.apis.iter().map(|one| one.config.name.as_str());
            let near = api.and_then(|api| self.near("apis", api, names));
            let help = near.map_or_else(
                || "declare the document as `[openapi.NAME]` in book.toml".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(no_answer("there is no such API document", help));
        }
        let count: usize = wanted.iter().map(|one| one.document.operations().len()).sum();
        let by: Vec<&str> = wanted.iter().map(|one| one.config.document.as_str()).collect();
        Ok((number(count), by.join(", ")))
    }

    fn files(&self, glob: &str) -> Result<(Value, String), NoAnswer> {
        let files = self.search.files();
        if !self.matched.take(files.len() as u64) {
            return Err(no_answer(
                "gave up here: the facts of all pages hold too many globs against the repository's files",
                "count fewer files, or name an item",
            ));
        }
        let wanted = Glob::new(glob);
        let count = files.iter().filter(|file| wanted.matches(file.as_str())).count();
        if count == 0 {
            return Err(no_answer(
                format!("no file of the repository matches `{glob}`"),
                "`*` stands for a part of a name, `**` for any folders",
            ));
        }
        Ok((number(count), glob.to_owned()))
    }

    fn count(&self, item: &Item) -> Result<(Value, String), NoAnswer> {
        let file = self.file(&item.path)?;
        let by = format!("{}#{}", item.path, item.name);
        if file.is_rust() {
            if file.item(&item.name).is_none() {
                return Err(self.no_item(&file, &item.name));
            }
            let members = file.items().members_of(file.text(), &item.name);
            let counted = match members.map_or(0, |(_, members)| members.len()) {
                0 => self.search.with_constants(&file, |source| source.elements(&item.name)),
                count => Some(count),
            };
            return counted.map(|count| (number(count), by.clone())).ok_or_else(|| {
                no_answer(
                    format!("{by} has no members that could be counted"),
                    "name an enum, a struct, or a constant that is an array",
                )
            });
        }
        if let Some(found) = file.data() {
            let count = found.at(&item.name).and_then(Data::len);
            return count
                .map(|count| (number(count), by.clone()))
                .ok_or_else(|| no_answer(format!("{by} is no table and no list"), HELP_KEY));
        }
        match file.names().members(&item.name).len() {
            0 => Err(self.no_set(&file, &item.name)),
            count => Ok((number(count), by)),
        }
    }

    fn names(&self, item: &Item) -> Result<Answer, NoAnswer> {
        let file = self.file(&item.path)?;
        let mut names: Vec<&str> =
            file.names().members(&item.name).into_iter().map(|name| name.text.as_str()).collect();
        if names.is_empty() && file.is_rust() {
            let members = file.items().members_of(file.text(), &item.name);
            names =
                members.map(|(_, all)| all.iter().map(|one| one.name.as_str()).collect()).unwrap_or_default();
        }
        if names.is_empty() {
            return Err(self.no_set(&file, &item.name));
        }
        Ok(Answer { text: listed(&names), by: format!("{}#{}", item.path, item.name), language: None })
    }

    fn default(&self, item: &Item) -> Result<(Value, String), NoAnswer> {
        let file = self.file(&item.path)?;
        let by = format!("{}#{}", item.path, item.name);
        let name = item.name.replace('.', "::");
        let Some((owner, field)) = name.rsplit_once("::") else {
            return Err(no_answer(format!("`{by}` names no field"), "write it as `src/file.rs#Type::field`"));
        };
        if file.item(&name).is_none() {
            return Err(self.no_item(&file, &name));
        }
        let outside = |name: &str| self.search.value_of(name, &file.path);
        let found = self.search.with_constants(&file, |source| source.default(owner, field, &outside));
        found.map(|value| (value, by.clone())).ok_or_else(|| {
            self.search.gave_up(&by).unwrap_or_else(|| no_answer(format!("no default of `{by}` can be read"), "it is read from clap's and serde's attributes and from `impl Default`, as long as it is a value"))
        })
    }

    fn value(&self, item: &Item) -> Result<(Value, String), NoAnswer> {
        let file = self.file(&item.path)?;
        let by = format!("{}#{}", item.path, item.name);
        if let Some(found) = file.data() {
            let value = found.at(&item.name).and_then(Data::value);
            return value.map(|value| (value, by)).ok_or_else(|| {
                no_answer(format!("`{}` has no value at `{}`", item.path, item.name), HELP_KEY)
            });
        }
        if let Some(value) = self.search.value_in(&file, &item.name) {
            return Ok((value, by));
        }
        if file.is_rust() && file.item(&item.name).is_some() {
            return self.default(item).map_err(|_| {
                self.search.gave_up(&by).unwrap_or_else(|| no_answer(format!("the value of `{by}` cannot be read from the source"), "constants made of literals, arithmetic and other constants can; else count it, list its names or quote it"))
            });
        }
        Err(self.no_item(&file, &item.name))
    }

    fn no_item(&self, file: &File, name: &str) -> NoAnswer {
        let File { path, .. } = file;
        let items = if file.is_rust() { file.items().list() } else { &[] };
        let known = items.iter().flat_map(|item| [item.path.as_str(), item.name()]);
        let help = self.near(&format!("{path}#"), name, known).map_or_else(
            || "name something that the file declares".to_owned(),
            |near| format!("did you mean `{path}#{near}`?"),
        );
        no_answer(format!("`{path}` declares no `{name}`"), help)
    }

    fn no_set(&self, file: &File, name: &str) -> NoAnswer {
        let File { path, .. } = file;
        let help = self.near(&format!("{path} sets"), name, file.names().sets()).map_or_else(
            || "name an enum, a struct or a table of that file after `#`".to_owned(),
            |near| format!("did you mean `{path}#{near}`?"),
        );
        no_answer(format!("`{path}` declares no set `{name}`"), help)
    }
}

impl Manifest {
    fn load(world: &dyn World, folder: RelPath) -> Self {
        let packages = Packages::load(world, &folder);
        let (mut by_name, mut dependencies) = (HashMap::new(), HashMap::new());
        for (at, package) in packages.list.iter().enumerate() {
            by_name.entry(package.name.clone()).or_insert(at);
            for (number, one) in package.dependencies.iter().enumerate() {
                for name in [&one.key, &one.package] {
                    dependencies.entry(name.clone()).or_insert((at, number));
                }
            }
        }
        Self { folder, packages, by_name, dependencies }
    }
}

const HELP_PATH: &str = "write the path from the repository's root";
const HELP_KEY: &str = "write keys with dots between them, as in `package.metadata.name`";

/// What is said in place of an answer that a manifest would give that cannot be read.
fn unread(packages: &Packages) -> Option<NoAnswer> {
    packages.problems.first().map(|problem| no_answer(problem.message.clone(), "correct the manifest"))
}

fn number(count: usize) -> Value {
    Value::whole(i128::try_from(count).unwrap_or(0))
}

fn of_package(package: &Package, field: PackageField) -> Result<Answer, NoAnswer> {
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
            no_answer(format!("`{by}` does not state it"), "add it to the manifest, or remove the fact")
        })
}

/// `` `a`, `b` and `c` `` without the last word: the same in every language.
fn listed(names: &[impl std::fmt::Display]) -> String {
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
