//! What a fact asks for: the words of `<!-- fact: … -->`.

use crate::evidence::capacity::Stated;

/// A fact's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is asked.
    pub ask: Ask,
    /// The unit to write it in.
    pub unit: Option<String>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// `version`, `rust-version`, `edition`, `features`, `default-features` of a package: the one that is named, or the
    /// nearest to the page.
    Package(PackageField, Option<String>),
    /// `dependency NAME`: the requirement that a manifest states.
    Dependency(String),
    /// `count operations`, of an API or of all.
    Operations(Option<String>),
    /// `count src/*/mod.rs`: files.
    Files(String),
    /// `count src/cli.rs#Command`, `count Cargo.toml#features`.
    Count(Item),
    /// `names src/cli.rs#Command`.
    Names(Item),
    /// `default src/cli.rs#Arguments::limit`.
    Default(Item),
    /// `env NAME`: the default of a variable of the environment.
    Environment(String),
    /// `include src/search.rs#Limits`, `include src/search.rs:anchor`.
    Include(String, String),
    /// `output COMMAND from GLOBS`.
    Output(Output),
    /// `src/search.rs#DEFAULT_LIMIT`, `package.json#engines.node`.
    Value(Item),
    /// `alert:HighLatency.threshold`: what a rule says.
    Alert(String, AlertField),
    /// `slo:search-availability.objective`: what a file of objectives says.
    Objective(String, ObjectiveField),
    /// `capacity:disk.exhausted`: what follows from the capacity plan for a series or a resource.
    Capacity(Stated),
    /// `DEFAULT_LIMIT`, wherever it is declared.
    Constant(String),
}

/// What of an alert a page states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertField {
    /// The number on the right of the comparison.
    Threshold,
    /// How long it must hold.
    For,
    /// Its label `severity`.
    Severity,
}

/// What of an objective a page states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectiveField {
    /// How much has to be good, in percent.
    Objective,
    /// How much may be bad, in percent.
    Budget,
    /// For how long all may be bad within the thirty days that a budget lasts.
    Downtime,
}

/// A field of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageField {
    /// Its version.
    Version,
    /// The oldest Rust that compiles it.
    RustVersion,
    /// Its edition.
    Edition,
    /// Its cargo features.
    Features,
    /// Those that are on by default.
    DefaultFeatures,
}

/// Something in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The file, from the repository's root.
    pub path: String,
    /// What of it; empty for all.
    pub name: String,
}

/// A captured output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Output {
    /// The command line.
    pub command: String,
    /// The files that it is made from, as globs with blanks between them; none where it is known.
    pub from: Option<String>,
}

impl Output {
    /// What names it in the lock file.
    pub fn key(&self) -> String {
        match &self.from {
            Some(from) => format!("{} from {from}", self.command),
            None => self.command.clone(),
        }
    }
}

impl Item {
    fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('#') {
            Some((path, name)) if !path.is_empty() && !name.is_empty() => {
                Ok(Self { path: path.to_owned(), name: name.to_owned() })
            }
            _ => Err(format!("`{text}` names nothing in a file; write it as `src/file.rs#NAME`")),
        }
    }
}

/// Units that a value can be written in.
pub const UNITS: &[&str] =
    &["B", "kB", "MB", "GB", "KiB", "MiB", "GiB", "ns", "µs", "ms", "s", "min", "h", "d", "%"];

impl Request {
    /// Reads a fact's words.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, unit) = match text.rsplit_once(" as ") {
            Some((rest, unit)) if UNITS.contains(&unit.trim()) => (rest.trim(), Some(unit.trim().to_owned())),
            _ => (text.trim(), None),
        };
        Ok(Self { ask: ask(text)?, unit })
    }
}

fn alert(text: &str) -> Result<Ask, String> {
    let (name, field) = text.rsplit_once('.').unwrap_or((text, ""));
    let field = match field {
        "threshold" => AlertField::Threshold,
        "for" => AlertField::For,
        "severity" => AlertField::Severity,
        _ => {
            return Err(format!(
                "`alert:{text}` asks for nothing; write `alert:NAME.threshold`, `.for` or `.severity`"
            ));
        }
    };
    Ok(Ask::Alert(name.to_owned(), field))
}

fn objective(text: &str) -> Result<Ask, String> {
    let (name, field) = text.rsplit_once('.').unwrap_or((text, ""));
    let field = match field {
        "objective" => ObjectiveField::Objective,
        "budget" => ObjectiveField::Budget,
        "downtime" => ObjectiveField::Downtime,
        _ => {
            return Err(format!(
                "`slo:{text}` asks for nothing; write `slo:NAME.objective`, `.budget` or `.downtime`"
            ));
        }
    };
    Ok(Ask::Objective(name.to_owned(), field))
}

fn ask(text: &str) -> Result<Ask, String> {
    if let Some(rest) = text.strip_prefix("capacity:") {
        return Ok(Ask::Capacity(Stated::parse(rest)?));
    }
    if let Some(rest) = text.strip_prefix("slo:") {
        return objective(rest);
    }
    if let Some(rest) = text.strip_prefix("alert:") {
        return alert(rest);
    }
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let named = (!rest.is_empty()).then(|| rest.to_owned());
    let package = |field| Ok(Ask::Package(field, named.clone()));
    match word {
        "" => Err("the fact asks for nothing".into()),
        "version" => package(PackageField::Version),
        "rust-version" => package(PackageField::RustVersion),
        "edition" => package(PackageField::Edition),
        "features" => package(PackageField::Features),
        "default-features" => package(PackageField::DefaultFeatures),
        "dependency" if !rest.is_empty() => Ok(Ask::Dependency(rest.to_owned())),
        "count" => count(rest),
        "names" => Item::parse(rest).map(Ask::Names),
        "default" => Item::parse(rest).map(Ask::Default),
        "env" if !rest.is_empty() => Ok(Ask::Environment(rest.to_owned())),
        "include" if !rest.is_empty() => {
            let at = rest.find(['#', ':']).unwrap_or(rest.len());
            let (path, part) = rest.split_at(at);
            Ok(Ask::Include(path.to_owned(), part.strip_prefix(':').unwrap_or(part).to_owned()))
        }
        "output" if !rest.is_empty() => {
            let (command, from) = rest.rsplit_once(" from ").map_or((rest, None), |(c, f)| (c, Some(f)));
            let from = from.map(|from| from.trim().to_owned());
            Ok(Ask::Output(Output { command: command.trim().to_owned(), from }))
        }
        _ if !rest.is_empty() => {
            Err(format!("`{text}` is no fact; its first word must be one of {}", WORDS.join(", ")))
        }
        _ if word.contains('#') => Item::parse(word).map(Ask::Value),
        _ if word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':') => {
            Ok(Ask::Constant(word.to_owned()))
        }
        _ => Err(format!(
            "`{text}` is no fact; write `src/file.rs#NAME`, the name of a constant, or one of {}",
            WORDS.join(", ")
        )),
    }
}

/// The words that begin a request.
pub const WORDS: &[&str] = &[
    "version",
    "rust-version",
    "edition",
    "features",
    "default-features",
    "dependency",
    "count",
    "names",
    "default",
    "env",
    "include",
    "output",
];

fn count(rest: &str) -> Result<Ask, String> {
    if rest == "operations" {
        return Ok(Ask::Operations(None));
    }
    if let Some(api) = rest.strip_prefix("operations ") {
        return Ok(Ask::Operations(Some(api.trim().to_owned())));
    }
    if rest.contains('#') {
        return Item::parse(rest).map(Ask::Count);
    }
    if rest.contains('*') {
        return Ok(Ask::Files(rest.to_owned()));
    }
    Err(format!(
        "`count {rest}` counts nothing; write `count src/file.rs#Enum`, `count src/*.rs` or `count operations`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_from_their_words() {
        let ask = |text: &str| Request::parse(text).unwrap().ask;
        assert_eq!(ask("version"), Ask::Package(PackageField::Version, None));
        assert_eq!(ask("DEFAULT_LIMIT"), Ask::Constant("DEFAULT_LIMIT".into()));
        assert_eq!(ask("include src/a.rs:part"), Ask::Include("src/a.rs".into(), "part".into()));
        assert_eq!(ask("include src/a.rs#A::b"), Ask::Include("src/a.rs".into(), "#A::b".into()));
        let output = Output { command: "x --help".into(), from: Some("src/** Cargo.toml".into()) };
        assert_eq!(ask("output x --help from src/** Cargo.toml"), Ask::Output(output));
        let sized = Request::parse("src/a.rs#MAX as MiB").unwrap();
        assert_eq!(
            (sized.unit.as_deref(), sized.ask),
            (Some("MiB"), Ask::Value(Item { path: "src/a.rs".into(), name: "MAX".into() }))
        );
        for wrong in ["", "count", "count x", "names x", "default #", "what is this", "a-b"] {
            assert!(Request::parse(wrong).is_err(), "{wrong}");
        }
    }
}
