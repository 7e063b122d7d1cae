//! What a page is bound to, and its fingerprints: an item, a file, or the files that a glob matches.

use crate::base::{Fingerprint, Glob, RelPath, Steps};
use crate::code::{self, NameKind};
use crate::evidence::shelf::{File, Shelf, Spelled};
use crate::rust::pin::{self, Pin};
use crate::world::{PathKind, World};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// Files that globs are held against and items that are looked for elsewhere, all bindings together.
const MOST_LOOKED: u64 = 3_000_000;

/// A repository's files, listed when the first glob asks, and what was found out about them.
pub(super) struct Files<'w> {
    pub world: &'w dyn World,
    list: OnceCell<Vec<RelPath>>,
    pub shelf: Shelf<'w>,
    /// Whole files.
    pins: RefCell<HashMap<RelPath, Option<Pin>>>,
    /// The items of a file by their fingerprints and by how deep they lie; which one, if there is one.
    by_pin: RefCell<HashMap<RelPath, Rc<ByPin>>>,
    /// The files of Rust, by their words.
    spelled: OnceCell<Spelled>,
    steps: Steps,
}

type ByPin = HashMap<(usize, String, String), Option<String>>;

impl<'w> Files<'w> {
    pub fn new(world: &'w dyn World) -> Self {
        Self {
            world,
            list: OnceCell::new(),
            shelf: Shelf::new(world),
            pins: RefCell::default(),
            by_pin: RefCell::default(),
            spelled: OnceCell::new(),
            steps: Steps::new(MOST_LOOKED),
        }
    }

    pub fn all(&self) -> &[RelPath] {
        self.list.get_or_init(|| self.world.tracked(&RelPath::root()))
    }

    /// Whether something was not found only because looking for it would have taken too much.
    pub fn gave_up(&self) -> bool {
        self.steps.spent()
    }

    /// All of a file.
    fn whole(&self, path: &RelPath) -> Option<Pin> {
        if let Some(known) = self.pins.borrow().get(path) {
            return *known;
        }
        let text = self.world.text(path).ok();
        let found = text.map(|text| match path.extension() {
            Some("rs") => pin::pin_file(&text),
            _ => of_other_file(path, &text),
        });
        self.pins.borrow_mut().insert(path.clone(), found);
        found
    }

    /// The files of Rust whose text has a name as a word.
    fn spelling(&self, name: &str) -> &[RelPath] {
        let all = self.spelled.get_or_init(|| {
            let files: Vec<&RelPath> =
                self.all().iter().filter(|file| file.extension() == Some("rs")).collect();
            Spelled::of(self.world, &files, None)
        });
        all.files(name)
    }
}

/// The file and the item of `src/search.rs#Limits`.
pub(super) fn parts(target: &str) -> (&str, &str) {
    target.split_once('#').unwrap_or((target, ""))
}

/// What a target is now; none if it is not there.
pub(super) fn pin_of(files: &Files<'_>, target: &str) -> Option<Pin> {
    let (path, item) = parts(target);
    if path.contains('*') {
        return of_glob(files, path);
    }
    let file = RelPath::parse(path).ok()?;
    if files.world.kind(&file) == Some(PathKind::Folder) {
        return of_glob(files, &format!("{}/**", path.trim_end_matches('/')));
    }
    pin_in(files, &file, item)
}

/// What an item of a file is, or all of the file.
fn pin_in(files: &Files<'_>, path: &RelPath, item: &str) -> Option<Pin> {
    if item.is_empty() {
        return files.whole(path);
    }
    let file = files.shelf.file(path).ok()?;
    if file.is_rust() {
        let span = file.items().find(file.text(), item)?;
        return pin::pin_of(file.text(), span, item);
    }
    of_other_item(&file, item)
}

fn of_glob(files: &Files<'_>, glob: &str) -> Option<Pin> {
    let (mut signatures, mut bodies) = (Vec::new(), Vec::new());
    if !files.steps.take(files.all().len() as u64) {
        return None;
    }
    let glob = Glob::new(glob);
    for file in files.all().iter().filter(|file| glob.matches(file.as_str())) {
        if let Some(pin) = files.whole(file) {
            signatures.push(pin.signature.to_string());
            bodies.push(pin.body.to_string());
        }
    }
    // Which file holds what is a matter of taste, as long as the files together say the same.
    signatures.sort_unstable();
    bodies.sort_unstable();
    let of = |list: &[String]| Fingerprint::of(list.concat().as_bytes());
    (!signatures.is_empty()).then(|| Pin { signature: of(&signatures), body: of(&bodies) })
}

/// A file that is not Rust: the names that it declares are seen, its words are the rest.
fn of_other_file(file: &RelPath, text: &str) -> Pin {
    let names = code::names(file, text).into_iter().filter(|name| name.kind != NameKind::Literal);
    let names: BTreeSet<String> =
        names.map(|name| format!("{} {}\n", name.kind.name(), name.qualified())).collect();
    let seen: String = names.into_iter().collect();
    Pin { signature: Fingerprint::of(seen.as_bytes()), body: words(&code::without_comments(file, text), "") }
}

/// An item of another language: its head and its members are seen, the rest of it is its body.
fn of_other_item(file: &File, item: &str) -> Option<Pin> {
    let (text, names) = (file.text(), file.names());
    let found = names.first(&item.replace("::", "."))?;
    let whole = text.get(found.whole.range())?;
    let own = found.text.as_str();
    let head = whole.find(['{', '\n']).map_or(whole, |at| &whole[..at]);
    let mut seen = words(head, own).to_string();
    let members = names.of_set(own).filter(|name| name.kind != NameKind::Literal);
    let mut members: Vec<String> = members
        .map(|name| {
            let text = text.get(name.whole.range()).unwrap_or("");
            format!("{} {}", name.text, words(text.find(['{', '\n']).map_or(text, |at| &text[..at]), own))
        })
        .collect();
    members.sort_unstable();
    seen.push_str(&members.concat());
    Some(Pin {
        signature: Fingerprint::of(seen.as_bytes()),
        body: words(&code::without_comments(&file.path, whole), own),
    })
}

/// The fingerprint of a text's words and marks; how they are laid out does not count, nor does the item's own name.
fn words(text: &str, own: &str) -> Fingerprint {
    let mut out = String::new();
    let mut word = String::new();
    let push = |word: &mut String, out: &mut String| {
        if !word.is_empty() {
            out.push_str(if word == own { "\u{1}" } else { word });
            out.push('\n');
            word.clear();
        }
    };
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        push(&mut word, &mut out);
        if !c.is_whitespace() {
            out.push(c);
            out.push('\n');
        }
    }
    push(&mut word, &mut out);
    Fingerprint::of(out.replace(",\n)", ")").replace(",\n}", "}").replace(",\n]", "]").as_bytes())
}

/// Where an item went that is no longer where a page says: the same one under another name in its file, or in another
/// file. `changed` are the files to look in, where that is known.
pub(super) fn follow(
    files: &Files<'_>,
    target: &str,
    was: &Pin,
    changed: Option<&[RelPath]>,
) -> Option<String> {
    let (path, item) = parts(target);
    let here = RelPath::parse(path).ok()?;
    if !path.ends_with(".rs") {
        return None;
    }
    if let Some(renamed) = renamed(files, &here, item, was) {
        return Some(renamed);
    }
    let last = item.rsplit([':', '.']).next().unwrap_or(item);
    let near: &[RelPath] = match changed {
        Some(changed) => changed,
        None if item.is_empty() => files.all(),
        None => files.spelling(last),
    };
    // Without an item, a file that moved kept its name or its folder.
    let is_near = |file: &&RelPath| {
        file.extension() == Some("rs")
            && **file != here
            && (!item.is_empty() || file.file_name() == here.file_name() || file.parent() == here.parent())
    };
    let look = |file: &RelPath| -> Option<(bool, String)> {
        let pin = pin_in(files, file, item)?;
        let target = if item.is_empty() { file.to_string() } else { format!("{file}#{item}") };
        Some((pin == *was, target))
    };
    let more = |_: &&RelPath| files.steps.take(1);
    let found: Vec<(bool, String)> = near.iter().take_while(more).filter(is_near).filter_map(look).collect();
    let exact: Vec<&String> = found.iter().filter(|(exact, _)| *exact).map(|(_, target)| target).collect();
    match (exact.as_slice(), found.as_slice()) {
        _ if files.gave_up() => None,
        ([only], _) => Some((*only).clone()),
        // Moved and changed: there is one of that name, and it is a whole item's.
        ([], [(_, only)]) if !item.is_empty() => Some(only.clone()),
        _ => None,
    }
}

/// The one item of a file that has the fingerprints of one that is gone.
fn renamed(files: &Files<'_>, path: &RelPath, item: &str, was: &Pin) -> Option<String> {
    let file = files.shelf.file(path).ok().filter(|_| !item.is_empty())?;
    let known = files.by_pin.borrow().get(path).cloned();
    let all = known.unwrap_or_else(|| {
        let mut all = ByPin::new();
        for one in file.items().list() {
            let Some(pin) = pin::pin_of(file.text(), one.span, &one.path) else { continue };
            let depth = one.path.matches("::").count();
            let key = (depth, pin.signature.to_string(), pin.body.to_string());
            all.entry(key).and_modify(|only| *only = None).or_insert_with(|| Some(one.path.clone()));
        }
        let all = Rc::new(all);
        files.by_pin.borrow_mut().insert(path.clone(), Rc::clone(&all));
        all
    });
    let key = (item.matches("::").count(), was.signature.to_string(), was.body.to_string());
    all.get(&key)?.as_ref().map(|only| format!("{path}#{only}"))
}

/// A name that may be meant.
pub(super) fn nearest(files: &Files<'_>, target: &str) -> Option<String> {
    let (path, item) = parts(target);
    let near = &files.shelf.near;
    match files.shelf.file(&RelPath::parse(path).ok()?) {
        Ok(file) => {
            let names = file.items().list().iter().flat_map(|one| [one.path.as_str(), one.name()]);
            near.find(&format!("{path}#"), item, names).map(|near| format!("{path}#{near}"))
        }
        Err(_) => near.find("", path, files.all().iter().map(RelPath::as_str)),
    }
}
