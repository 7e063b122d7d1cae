//! Files that pages ask for, each read and taken apart once in a run: thousands of facts may be about one file.

use crate::base::{RelPath, parallel_map};
use crate::code::Names;
use crate::diag::Nearest;
use crate::markdown::{self, Text, parse_yaml};
use crate::rust::Items;
use crate::rust::constant::{self, Value};
use crate::world::{ReadError, World};
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

/// Files by their paths, and suggestions for what is not in them.
pub(super) struct Shelf<'w> {
    world: &'w dyn World,
    files: RefCell<HashMap<RelPath, Result<Rc<File>, ReadError>>>,
    depth: constant::Depth,
    pub near: Nearest,
}

/// A file.
pub(super) struct File {
    pub path: RelPath,
    pub content: Text,
    names: OnceCell<Names>,
    data: OnceCell<Option<Data>>,
    quoted: OnceCell<HashMap<String, Vec<usize>>>,
    process_env: OnceCell<HashMap<String, Vec<usize>>>,
    constants: constant::Memo,
}

/// A file of data: TOML, JSON or YAML.
pub(super) enum Data {
    Value(Value),
    List(Vec<Data>),
    Map(HashMap<String, Data>),
    /// `null`.
    Nothing,
}

impl<'w> Shelf<'w> {
    pub fn new(world: &'w dyn World) -> Self {
        Self { world, files: RefCell::default(), depth: constant::Depth::default(), near: Nearest::default() }
    }

    /// A file, read when it is asked for first.
    pub fn file(&self, path: &RelPath) -> Result<Rc<File>, ReadError> {
        if let Some(known) = self.files.borrow().get(path) {
            return known.clone();
        }
        let made = |text| Rc::new(File::new(path.clone(), text, self.depth.clone()));
        let found = self.world.text(path).map(made);
        self.files.borrow_mut().insert(path.clone(), found.clone());
        found
    }
}

impl File {
    fn new(path: RelPath, text: String, depth: constant::Depth) -> Self {
        Self {
            path,
            content: Text::new(text),
            names: OnceCell::new(),
            data: OnceCell::new(),
            quoted: OnceCell::new(),
            process_env: OnceCell::new(),
            constants: constant::Memo::new(depth),
        }
    }

    pub fn text(&self) -> &str {
        self.content.as_str()
    }

    pub fn is_rust(&self) -> bool {
        self.path.extension() == Some("rs")
    }

    /// The items of Rust source.
    pub fn items(&self) -> &Items {
        self.content.items()
    }

    /// The text of an item or a member of Rust source.
    pub fn item(&self, name: &str) -> Option<&str> {
        self.text().get(self.items().find(self.text(), name)?.range())
    }

    /// The constants of Rust source.
    pub fn constants(&self) -> constant::Source<'_> {
        constant::Source::new(self.text(), self.items(), &self.constants)
    }

    /// The names of a language that is read.
    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(&self.path, self.text()))
    }

    /// A file of data; none for code, and for data that cannot be read.
    pub fn data(&self) -> Option<&Data> {
        self.data.get_or_init(|| Data::read(&self.path, self.text())).as_ref()
    }

    /// Where a word stands between quotes, the first quote included.
    pub fn quoted(&self, word: &str) -> &[usize] {
        let all = self.quoted.get_or_init(|| quoted(self.text()));
        all.get(word).map_or(&[], Vec::as_slice)
    }

    /// Where what follows `process.env.NAME` begins.
    pub fn process_env(&self, name: &str) -> &[usize] {
        let all = self.process_env.get_or_init(|| {
            let mut found: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, before) in self.text().match_indices("process.env.") {
                let begin = at + before.len();
                let name = self.text().get(begin..).and_then(|rest| rest.split(|c| !in_word(c)).next());
                let name = name.unwrap_or("");
                found.entry(name.to_owned()).or_default().push(begin + name.len());
            }
            found
        });
        all.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Files by the hashes of the words that they spell; a word is made of letters, digits and `_`.
#[derive(Default)]
pub(super) struct Spelled(HashMap<u64, Vec<RelPath>>);

impl Spelled {
    /// Reads files, for all words or for some.
    pub fn of(world: &dyn World, files: &[&RelPath], wanted: Option<&[String]>) -> Self {
        let wanted: Option<HashSet<u64>> =
            wanted.map(|names| names.iter().flat_map(|name| hashes(name)).collect());
        let found = parallel_map(files, |file| -> Vec<u64> {
            let Ok(text) = world.text(file) else { return Vec::new() };
            let mut hits: Vec<u64> = hashes(&text)
                .filter(|hit| wanted.as_ref().is_none_or(|wanted| wanted.contains(hit)))
                .collect();
            hits.sort_unstable();
            hits.dedup();
            hits
        });
        let mut out: HashMap<u64, Vec<RelPath>> = HashMap::new();
        for (file, hits) in files.iter().zip(found) {
            for hit in hits {
                out.entry(hit).or_default().push((*file).clone());
            }
        }
        Self(out)
    }

    /// The files whose text has a name as a whole word, and perhaps others; what is no word is looked for by its longest
    /// part.
    pub fn files(&self, name: &str) -> &[RelPath] {
        let longest = name.split(|c| !in_word(c)).max_by_key(|part| part.len());
        longest.and_then(|word| self.0.get(&hash(word))).map_or(&[], Vec::as_slice)
    }
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn hashes(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c| !in_word(c)).filter(|word| !word.is_empty()).map(hash)
}

/// A word's hash; the same in every run.
fn hash(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

/// Words of letters, digits and `_` between quotes, and where the first quote stands.
fn quoted(text: &str) -> HashMap<String, Vec<usize>> {
    let mut found: HashMap<String, Vec<usize>> = HashMap::new();
    let quotes = ['"', '\''];
    let mut places = text.match_indices(quotes).peekable();
    while let Some((at, quote)) = places.next() {
        // What stands between two neighbours.
        let Some((end, next)) = places.peek() else { break };
        let word = text.get(at + 1..*end).unwrap_or("");
        let is_word = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if quote == *next && is_word && !word.is_empty() {
            found.entry(word.to_owned()).or_default().push(at);
        }
    }
    found
}

impl Data {
    fn read(file: &RelPath, text: &str) -> Option<Self> {
        match file.extension()? {
            "toml" => text.parse::<toml::Table>().ok().map(|table| toml::Value::Table(table).into()),
            "json" => serde_json::from_str::<serde_json::Value>(text).ok().map(Self::from),
            "yaml" | "yml" => parse_yaml(text).ok().map(Self::from),
            _ => None,
        }
    }

    /// What keys with dots between them lead to; a number is an index of a list.
    pub fn at(&self, keys: &str) -> Option<&Self> {
        keys.split('.').try_fold(self, |at, key| match at {
            Self::Map(map) => map.get(key),
            Self::List(list) => list.get(key.parse::<usize>().ok()?),
            _ => None,
        })
    }

    pub fn len(&self) -> Option<usize> {
        match self {
            Self::Map(map) => Some(map.len()),
            Self::List(list) => Some(list.len()),
            _ => None,
        }
    }

    /// The value, where it can be stated.
    pub fn value(&self) -> Option<Value> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::List(list) => list.iter().map(Self::value).collect::<Option<_>>().map(Value::List),
            Self::Map(_) | Self::Nothing => None,
        }
    }
}

impl From<toml::Value> for Data {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::String(text) => Self::Value(Value::Text(text)),
            toml::Value::Integer(number) => Self::Value(Value::whole(number.into())),
            toml::Value::Float(number) => Self::Value(Value::double(number)),
            toml::Value::Boolean(flag) => Self::Value(Value::Bool(flag)),
            toml::Value::Datetime(time) => Self::Value(Value::Text(time.to_string())),
            toml::Value::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            toml::Value::Table(table) => {
                Self::Map(table.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

impl From<serde_json::Value> for Data {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match value {
            Json::Null => Self::Nothing,
            Json::Bool(flag) => Self::Value(Value::Bool(flag)),
            Json::Number(number) => {
                let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
                let value = whole.map(Value::whole).or_else(|| number.as_f64().map(Value::double));
                value.map_or(Self::Nothing, Self::Value)
            }
            Json::String(text) => Self::Value(Value::Text(text)),
            Json::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            Json::Object(map) => Self::Map(map.into_iter().map(|(key, value)| (key, value.into())).collect()),
        }
    }
}

impl From<markdown::Value> for Data {
    fn from(value: markdown::Value) -> Self {
        use markdown::Value as Yaml;
        match value {
            Yaml::Null => Self::Nothing,
            Yaml::Bool(flag) => Self::Value(Value::Bool(flag)),
            Yaml::Integer(number) => Self::Value(Value::whole(number.into())),
            Yaml::Float(number) => Self::Value(Value::double(number)),
            Yaml::Text(text) => Self::Value(Value::Text(text)),
            Yaml::List(list) => Self::List(list.into_iter().map(Self::from).collect()),
            // Of a key that is written twice the first counts.
            Yaml::Map(map) => {
                Self::Map(map.into_iter().rev().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::constant::show;
    use crate::world::MemoryWorld;

    #[test]
    fn data_of_every_format_is_asked_in_the_same_way() {
        let world = MemoryWorld::new()
            .with("a.toml", "[a]\nb = [1, 2.5, \"x\"]\nd = 2020-01-02\n")
            .with("a.json", r#"{"a": {"b": [1, 2.5, "x"], "d": "2020-01-02", "n": null}}"#)
            .with("a.yaml", "a:\n  b: [1, 2.5, x]\n  d: \"2020-01-02\"\n");
        let shelf = Shelf::new(&world);
        for name in ["a.toml", "a.json", "a.yaml"] {
            let file = shelf.file(&RelPath::parse(name).unwrap()).unwrap();
            let data = file.data().unwrap();
            let of = |keys: &str| data.at(keys).and_then(Data::value).and_then(|value| show(&value));
            assert_eq!(of("a.b").as_deref(), Some("1, 2.5, x"), "{name}");
            assert_eq!(of("a.b.1").as_deref(), Some("2.5"), "{name}");
            assert_eq!(of("a.d").as_deref(), Some("2020-01-02"), "{name}");
            assert_eq!((of("a"), of("a.n"), of("a.b.7"), of("c")), (None, None, None, None), "{name}");
            assert_eq!(data.at("a.b").and_then(Data::len), Some(3), "{name}");
        }
    }

    #[test]
    fn words_between_quotes_are_found_with_their_places() {
        let found = quoted("a \"X\" 'Y_1' \"not this\" \"X\"'");
        assert_eq!(found["X"], [2, 23]);
        assert_eq!(found["Y_1"], [6]);
        assert_eq!(found.len(), 2);
    }
}
