//! `Cargo.toml` and `Cargo.lock`: packages, their targets, dependencies and features.

use super::cfg::Cfg;
use crate::base::RelPath;
use crate::world::{PathKind, World};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// A library or program of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The crate's name in code.
    pub name: String,
    /// Its root file.
    pub root: RelPath,
    /// Whether it is the library.
    pub library: bool,
}

/// One line of `[dependencies]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependency {
    /// The name as the manifest's features write it.
    pub key: String,
    /// The package's name.
    pub package: String,
    /// Where it lies, if it is part of the repository.
    pub path: Option<RelPath>,
    /// The version asked for.
    pub version: String,
    /// Features asked for.
    pub features: Vec<String>,
    /// Whether its default features are wanted.
    pub default_features: bool,
    /// Whether a feature has to turn it on.
    pub optional: bool,
}

impl Dependency {
    /// The crate's name in code.
    pub fn extern_name(&self) -> String {
        self.key.replace('-', "_")
    }
}

/// One `Cargo.toml` with `[package]`, after inheritance from its workspace.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub folder: RelPathOrRoot,
    /// `version`, `description`, `authors` (joined by `:`), `license` and the other keys that Cargo hands to programs
    /// as `CARGO_PKG_…`, by the part of the name after that.
    pub fields: BTreeMap<&'static str, String>,
    /// The language edition, `2015` where none is given.
    pub edition: String,
    /// Library first.
    pub targets: Vec<Target>,
    /// Normal dependencies of this platform.
    pub dependencies: Vec<Dependency>,
    /// `[features]`.
    pub features: BTreeMap<String, Vec<String>>,
}

/// A folder with a default, so that [`Package`] can have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelPathOrRoot(pub RelPath);

impl Default for RelPathOrRoot {
    fn default() -> Self {
        Self(RelPath::root())
    }
}

/// The packages of a repository that have to do with each other.
#[derive(Clone, Debug, Default)]
pub struct Packages {
    /// All that were read.
    pub list: Vec<Package>,
    /// `Cargo.lock`, if there is one.
    pub lock: Lock,
    /// Manifests that could not be read, and why.
    pub problems: Vec<(RelPath, String)>,
}

/// What `Cargo.lock` pins.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// Each package's versions and the names of its dependencies.
    pub packages: BTreeMap<String, Vec<(String, Vec<String>)>>,
}

impl Lock {
    /// Reads a lock file; lines that are not understood are passed over.
    pub fn parse(text: &str) -> Self {
        let mut lock = Self::default();
        let (mut name, mut version, mut needs, mut inside) =
            (String::new(), String::new(), Vec::new(), false);
        let quoted = |line: &str| line.split('"').nth(1).unwrap_or("").to_owned();
        for line in text.lines().chain(["[[package]]"]) {
            if line.starts_with("[[") {
                if !name.is_empty() {
                    let entry = (std::mem::take(&mut version), std::mem::take(&mut needs));
                    lock.packages.entry(std::mem::take(&mut name)).or_default().push(entry);
                }
                inside = false;
            } else if line.starts_with("name = ") {
                name = quoted(line);
            } else if line.starts_with("version = ") {
                version = quoted(line);
            } else if line.starts_with("dependencies = [") {
                inside = true;
            } else if line.starts_with(']') {
                inside = false;
            } else if inside {
                let dependency = quoted(line);
                needs.push(dependency.split(' ').next().unwrap_or("").to_owned());
            }
        }
        lock
    }

    /// The version of a package that fits a requirement's major version, or the only one.
    pub fn version(&self, package: &str, wanted: &str) -> Option<&str> {
        let versions = self.packages.get(package)?;
        let major = major_of(wanted);
        let fits = versions.iter().find(|(version, _)| Some(major_of(version)) == Some(major.clone()));
        fits.or_else(|| versions.first().filter(|_| major.is_empty())).map(|(version, _)| version.as_str())
    }
}

/// `5` of `^5.3`; of `0.8.1` it is `0.8`.
pub fn major_of(requirement: &str) -> String {
    let text = requirement.trim_start_matches(['^', '~', '=', '>', '<', ' ']);
    let mut parts = text.split(['.', ',', ' ', '-', '+']);
    let major = parts.next().unwrap_or("");
    if major == "0" { format!("0.{}", parts.next().unwrap_or("0")) } else { major.to_owned() }
}

impl Packages {
    /// Reads the manifest of `folder` (or of the nearest folder above that has one), its workspace and everything they
    /// depend on inside the repository.
    pub fn load(world: &dyn World, folder: &RelPath) -> Self {
        let mut loader = Loader { world, out: Self::default(), seen: BTreeSet::new() };
        let Some(start) = nearest_manifest(world, folder) else { return loader.out };
        let root = loader.workspace_of(&start);
        let workspace = root.as_ref().and_then(|root| loader.table(root)).unwrap_or_default();
        let root = root.unwrap_or_else(|| start.clone());
        let mut queue = vec![start];
        queue.extend(members(world, &root, &workspace));
        while let Some(next) = queue.pop() {
            if !loader.seen.insert(next.clone()) {
                continue;
            }
            if let Some(package) = loader.package(&next, &root, &workspace) {
                queue.extend(package.dependencies.iter().filter_map(|one| one.path.clone()));
                loader.out.list.push(package);
            }
        }
        loader.out.list.sort_by(|a, b| a.folder.0.cmp(&b.folder.0));
        if let Some(text) = root.join("Cargo.lock").ok().and_then(|path| world.text(&path).ok()) {
            loader.out.lock = Lock::parse(&text);
        }
        loader.out
    }

    /// The index of a package by name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|package| package.name == name)
    }

    /// The index of the package that lies in a folder.
    pub fn at(&self, folder: &RelPath) -> Option<usize> {
        self.list.iter().position(|package| package.folder.0 == *folder)
    }
}

/// The nearest folder at or above `folder` with a `Cargo.toml`.
pub fn nearest_manifest(world: &dyn World, folder: &RelPath) -> Option<RelPath> {
    let mut folder = folder.clone();
    loop {
        let manifest = folder.join("Cargo.toml").ok()?;
        if world.kind(&manifest) == Some(PathKind::File) {
            return Some(folder);
        }
        if folder.is_root() {
            return None;
        }
        folder = folder.parent();
    }
}

struct Loader<'w> {
    world: &'w dyn World,
    out: Packages,
    seen: BTreeSet<RelPath>,
}

impl Loader<'_> {
    fn table(&mut self, folder: &RelPath) -> Option<Table> {
        let path = folder.join("Cargo.toml").ok()?;
        let text = match self.world.text(&path) {
            Ok(text) => text,
            Err(error) => {
                self.out.problems.push((path, error.to_string()));
                return None;
            }
        };
        match toml::from_str(&text) {
            Ok(table) => Some(table),
            Err(error) => {
                self.out.problems.push((path, error.message().to_owned()));
                None
            }
        }
    }

    /// The folder of the workspace that a package belongs to.
    fn workspace_of(&mut self, package: &RelPath) -> Option<RelPath> {
        let mut folder = package.clone();
        loop {
            let manifest = folder.join("Cargo.toml").ok()?;
            if self.world.kind(&manifest) == Some(PathKind::File) {
                let table = self.table(&folder)?;
                if table.contains_key("workspace") {
                    return Some(folder);
                }
                let named = table.get("package").and_then(|p| p.get("workspace")).and_then(Value::as_str);
                if let (Some(named), true) = (named, folder == *package) {
                    return folder.join(named).ok();
                }
            }
            if folder.is_root() {
                return None;
            }
            folder = folder.parent();
        }
    }

    fn package(&mut self, folder: &RelPath, root: &RelPath, workspace: &Table) -> Option<Package> {
        let table = self.table(folder)?;
        let own = table.get("package")?.as_table()?;
        let shared = workspace.get("workspace").and_then(|w| w.get("package")).and_then(Value::as_table);
        let field = |key: &str| match own.get(key) {
            Some(Value::Table(inherit)) if inherit.contains_key("workspace") => {
                shared.and_then(|s| s.get(key))
            }
            other => other,
        };
        let text = |key: &str| field(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let mut fields: BTreeMap<&'static str, String> = BTreeMap::new();
        for key in ["name", "version", "description", "license", "repository", "homepage", "rust-version"] {
            fields.insert(key, text(key));
        }
        let authors = field("authors").and_then(Value::as_array);
        let authors: Vec<&str> = authors.into_iter().flatten().filter_map(Value::as_str).collect();
        fields.insert("authors", authors.join(":"));
        if fields.get("version").is_some_and(String::is_empty) {
            fields.insert("version", "0.0.0".to_owned());
        }
        let name = text("name");
        let edition = match text("edition") {
            edition if edition.is_empty() => "2015".to_owned(),
            edition => edition,
        };
        Some(Package {
            targets: targets(self.world, folder, &table, &name),
            dependencies: dependencies(&table, folder, root, workspace),
            features: features(&table),
            folder: RelPathOrRoot(folder.clone()),
            name,
            fields,
            edition,
        })
    }
}

fn members(world: &dyn World, root: &RelPath, workspace: &Table) -> Vec<RelPath> {
    let list = |key: &str| -> Vec<String> {
        let array = workspace.get("workspace").and_then(|w| w.get(key)).and_then(Value::as_array);
        array.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let excluded: Vec<RelPath> = list("exclude").iter().filter_map(|path| root.join(path).ok()).collect();
    let mut found = Vec::new();
    for member in list("members") {
        if !member.contains(['*', '?', '[']) {
            found.extend(root.join(&member).ok());
            continue;
        }
        let fixed = member.split(['*', '?', '[']).next().unwrap_or("");
        let fixed = fixed.rsplit_once('/').map_or("", |(head, _)| head);
        let Ok(folder) = root.join(fixed) else { continue };
        for file in world.files(&folder) {
            if file.file_name() == "Cargo.toml"
                && let Some(below) = file.parent().below(root)
                && glob(member.trim_end_matches('/').as_bytes(), below.as_str().as_bytes())
            {
                found.push(file.parent());
            }
        }
    }
    found.retain(|path| !excluded.contains(path));
    found
}

/// `*` and `?` inside one part, `**` across parts.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([b'*', b'*', b'/', rest @ ..], _) if glob(rest, text) => true,
        ([b'*', b'*', ..], [_, tail @ ..]) => glob(pattern, tail),
        ([b'*', b'*', rest @ ..] | [b'*', rest @ ..], _) if glob(rest, text) => true,
        ([b'*', ..], [byte, tail @ ..]) => *byte != b'/' && glob(pattern, tail),
        ([b'?', rest @ ..], [byte, tail @ ..]) => *byte != b'/' && glob(rest, tail),
        ([a, rest @ ..], [b, tail @ ..]) => a == b && glob(rest, tail),
        ([], []) => true,
        _ => false,
    }
}

fn targets(world: &dyn World, folder: &RelPath, table: &Table, name: &str) -> Vec<Target> {
    let is_file = |path: &RelPath| world.kind(path) == Some(PathKind::File);
    let mut found: Vec<Target> = Vec::new();
    let lib = table.get("lib").and_then(Value::as_table);
    let text = |table: Option<&Table>, key: &str| {
        table.and_then(|t| t.get(key)).and_then(Value::as_str).map(str::to_owned)
    };
    let crate_name = name.replace('-', "_");
    if let Ok(root) = folder.join(&text(lib, "path").unwrap_or_else(|| "src/lib.rs".to_owned()))
        && is_file(&root)
    {
        let name = text(lib, "name").map_or_else(|| crate_name.clone(), |name| name.replace('-', "_"));
        found.push(Target { name, root, library: true });
    }
    let mut add = |name: String, root: Option<RelPath>| {
        if let Some(root) = root.filter(is_file)
            && !found.iter().any(|target| target.root == root)
        {
            found.push(Target { name: name.replace('-', "_"), root, library: false });
        }
    };
    for bin in table.get("bin").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table) {
        let name = text(Some(bin), "name").unwrap_or_else(|| crate_name.clone());
        let at = |path: &str| folder.join(path).ok().filter(is_file);
        let root = match text(Some(bin), "path") {
            Some(path) => at(&path),
            None => at(&format!("src/bin/{name}.rs"))
                .or_else(|| at(&format!("src/bin/{name}/main.rs")))
                .or_else(|| at("src/main.rs")),
        };
        add(name, root);
    }
    add(crate_name, folder.join("src/main.rs").ok());
    if let Ok(bins) = folder.join("src/bin") {
        for file in world.files(&bins) {
            let below = file.below(&bins).map_or(0, |path| path.depth());
            if below == 0 && file.extension() == Some("rs") {
                add(file.stem().to_owned(), Some(file.clone()));
            } else if below == 1 && file.file_name() == "main.rs" {
                add(file.parent().file_name().to_owned(), Some(file.clone()));
            }
        }
    }
    found
}

fn dependencies(table: &Table, folder: &RelPath, root: &RelPath, workspace: &Table) -> Vec<Dependency> {
    let shared = workspace.get("workspace").and_then(|w| w.get("dependencies")).and_then(Value::as_table);
    let mut found = Vec::new();
    let mut section = |table: &Table| {
        let Some(list) = table.get("dependencies").and_then(Value::as_table) else { return };
        for (key, value) in list {
            let mut one = read_dependency(key, value, folder);
            let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
            if let Some(base) = shared.and_then(|s| s.get(key)).filter(|_| inherits) {
                let base = read_dependency(key, base, root);
                one.package = base.package;
                one.path = base.path;
                one.version = base.version;
                // The workspace's word counts, but a member may turn the defaults on again.
                let own = value.get("default-features").and_then(Value::as_bool);
                one.default_features = base.default_features || own == Some(true);
                one.features.extend(base.features);
            }
            found.push(one);
        }
    };
    section(table);
    let platforms = table.get("target").and_then(Value::as_table);
    for (platform, table) in platforms.into_iter().flatten() {
        let fits = platform.strip_prefix("cfg(").and_then(|text| text.strip_suffix(')'));
        let fits = fits.map_or(platform == "x86_64-unknown-linux-gnu", |text| Cfg::default().holds(text));
        if let Some(table) = table.as_table().filter(|_| fits) {
            section(table);
        }
    }
    found
}

fn read_dependency(key: &str, value: &Value, folder: &RelPath) -> Dependency {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let flag = |name: &str| value.get(name).and_then(Value::as_bool);
    let features = value.get("features").and_then(Value::as_array);
    Dependency {
        key: key.to_owned(),
        package: text("package").unwrap_or(key).to_owned(),
        path: text("path").and_then(|path| folder.join(path).ok()),
        version: value.as_str().or_else(|| text("version")).unwrap_or("").to_owned(),
        features: features.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        default_features: flag("default-features").or_else(|| flag("default_features")).unwrap_or(true),
        optional: flag("optional").unwrap_or(false),
    }
}

fn features(table: &Table) -> BTreeMap<String, Vec<String>> {
    let list = |value: &Value| {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let features = table.get("features").and_then(Value::as_table);
    features.into_iter().flatten().map(|(name, value)| (name.clone(), list(value))).collect()
}

/// Which features are on, after all who ask for some have been heard.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// For each package of the list its features; packages that are not built are missing.
    pub packages: BTreeMap<usize, BTreeSet<String>>,
    /// For each package from outside the features asked for; `default` among them.
    pub foreign: BTreeMap<String, BTreeSet<String>>,
    /// Dependencies that are in use: package and key.
    pub used: BTreeSet<(usize, String)>,
}

/// Unites features over everything that building `package` with `wanted` features needs, as Cargo's resolver 2 does for
/// one target.
pub fn resolve_features(packages: &Packages, package: usize, wanted: &[String], defaults: bool) -> Resolved {
    let mut state = Unite { packages, out: Resolved::default(), queue: Vec::new() };
    state.package(package);
    if defaults {
        state.queue.push((package, "default".to_owned()));
    }
    state.queue.extend(wanted.iter().map(|feature| (package, feature.clone())));
    while let Some((package, feature)) = state.queue.pop() {
        state.feature(package, &feature);
    }
    state.out
}

struct Unite<'p> {
    packages: &'p Packages,
    out: Resolved,
    queue: Vec<(usize, String)>,
}

impl Unite<'_> {
    fn package(&mut self, index: usize) {
        if self.out.packages.contains_key(&index) {
            return;
        }
        self.out.packages.insert(index, BTreeSet::new());
        let packages = self.packages;
        for dependency in packages.list[index].dependencies.iter().filter(|one| !one.optional) {
            self.dependency(index, &dependency.key);
        }
    }

    /// Turns a dependency on.
    fn dependency(&mut self, index: usize, key: &str) {
        if !self.out.used.insert((index, key.to_owned())) {
            return;
        }
        let packages = self.packages;
        for dependency in packages.list[index].dependencies.iter().filter(|one| one.key == key) {
            let local = dependency.path.as_ref().and_then(|path| packages.at(path));
            let mut wanted = dependency.features.clone();
            if dependency.default_features {
                wanted.push("default".to_owned());
            }
            match local {
                Some(local) => {
                    self.package(local);
                    self.queue.extend(wanted.into_iter().map(|feature| (local, feature)));
                }
                None => self.out.foreign.entry(dependency.package.clone()).or_default().extend(wanted),
            }
        }
    }

    fn feature(&mut self, index: usize, feature: &str) {
        if let Some((key, inner)) = feature.split_once('/') {
            self.inner_feature(index, key, inner);
            return;
        }
        if let Some(key) = feature.strip_prefix("dep:") {
            self.dependency(index, key);
            return;
        }
        let fresh = self.out.packages.entry(index).or_default().insert(feature.to_owned());
        let packages = self.packages;
        if !fresh {
            return;
        }
        match packages.list[index].features.get(feature) {
            Some(list) => self.queue.extend(list.iter().map(|one| (index, one.clone()))),
            // An optional dependency is a feature of its own name.
            None => {
                if packages.list[index].dependencies.iter().any(|one| one.key == feature) {
                    self.dependency(index, feature);
                }
            }
        }
    }

    fn inner_feature(&mut self, index: usize, key: &str, inner: &str) {
        let weak = key.ends_with('?');
        let key = key.trim_end_matches('?');
        if weak && !self.out.used.contains(&(index, key.to_owned())) {
            // Whoever turns the dependency on later brings its features with it; a weak one that comes first is rare
            // enough to be looked at again at the end.
            return;
        }
        self.dependency(index, key);
        let packages = self.packages;
        for dependency in packages.list[index].dependencies.iter().filter(|one| one.key == key) {
            match dependency.path.as_ref().and_then(|path| packages.at(path)) {
                Some(local) => self.queue.push((local, inner.to_owned())),
                None => {
                    self.out.foreign.entry(dependency.package.clone()).or_default().insert(inner.to_owned());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    #[test]
    fn workspaces_hand_down_fields_versions_and_features() {
        let world = MemoryWorld::new()
            .with("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"1.2.3\"\nedition = \"2024\"\n[workspace.dependencies]\nutoipa = { version = \"5.3\", features = [\"chrono\"] }\nlib = { path = \"crates/lib\" }\n")
            .with("crates/app/Cargo.toml", "[package]\nname = \"my-app\"\nversion.workspace = true\nedition.workspace = true\n[dependencies]\nutoipa = { workspace = true, features = [\"uuid\"] }\nlib.workspace = true\nmore = { version = \"1\", optional = true }\n[features]\ndefault = [\"docs\"]\ndocs = [\"lib/time\", \"dep:more\"]\n")
            .with("crates/app/src/main.rs", "fn main() {}")
            .with("crates/lib/Cargo.toml", "[package]\nname = \"lib\"\nversion = \"0.1.0\"\n[dependencies]\nutoipa = \"5\"\n[features]\ntime = [\"utoipa/time\"]\n")
            .with("crates/lib/src/lib.rs", "")
            .with("Cargo.lock", "[[package]]\nname = \"utoipa\"\nversion = \"5.4.0\"\ndependencies = [\n \"serde\",\n]\n");
        let packages = Packages::load(&world, &RelPath::parse("crates/app").unwrap());
        let app = packages.named("my-app").unwrap();
        assert_eq!(packages.list[app].fields["version"], "1.2.3");
        assert_eq!(packages.list[app].edition, "2024");
        assert_eq!(packages.list[app].targets[0].name, "my_app");
        assert_eq!(packages.lock.version("utoipa", "5.3"), Some("5.4.0"));
        let resolved = resolve_features(&packages, app, &[], true);
        let utoipa: Vec<&str> = resolved.foreign["utoipa"].iter().map(String::as_str).collect();
        assert_eq!(utoipa, ["chrono", "default", "time", "uuid"]);
        assert!(resolved.foreign.contains_key("more"));
        let without = resolve_features(&packages, app, &[], false);
        assert!(!without.foreign["utoipa"].contains("time"));
    }
}
