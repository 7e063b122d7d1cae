//! What a page is bound to, and its fingerprints: an item, a file, or the files that a glob matches.

use crate::base::{Fingerprint, Glob, RelPath};
use crate::code::{self, Kind};
use crate::rust::pin::{self, Pin};
use crate::world::{PathKind, World};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A repository's files, listed when the first glob asks.
pub(super) struct Files<'w> {
    pub world: &'w dyn World,
    pub list: OnceLock<Vec<RelPath>>,
}

impl Files<'_> {
    pub fn all(&self) -> &[RelPath] {
        self.list.get_or_init(|| self.world.tracked(&RelPath::root()))
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
    let text = files.world.text(&file).ok()?;
    pin_in(&file, &text, item)
}

/// What an item of a file is, or all of the file.
pub(super) fn pin_in(file: &RelPath, text: &str, item: &str) -> Option<Pin> {
    match (file.extension(), item) {
        (Some("rs"), "") => Some(pin::pin_file(text)),
        (Some("rs"), item) => pin::pin(text, item),
        (_, "") => Some(of_other_file(file, text)),
        (_, item) => of_other_item(file, text, item),
    }
}

fn of_glob(files: &Files<'_>, glob: &str) -> Option<Pin> {
    let (mut signatures, mut bodies) = (Vec::new(), Vec::new());
    let glob = Glob::new(glob);
    for file in files.all().iter().filter(|file| glob.matches(file.as_str())) {
        if let Some(pin) = files.world.text(file).ok().and_then(|text| pin_in(file, &text, "")) {
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
    let names = code::names(file, text).into_iter().filter(|name| name.kind != Kind::Literal);
    let names: BTreeSet<String> =
        names.map(|name| format!("{} {}\n", name.kind.name(), name.qualified())).collect();
    let seen: String = names.into_iter().collect();
    Pin { signature: Fingerprint::of(seen.as_bytes()), body: words(&code::without_comments(file, text), "") }
}

/// An item of another language: its head and its members are seen, the rest of it is its body.
fn of_other_item(file: &RelPath, text: &str, item: &str) -> Option<Pin> {
    let item = item.replace("::", ".");
    let names = code::names(file, text);
    let is = |name: &&code::Name| name.text == item || format!("{}.{}", name.set, name.text) == item;
    let found = names.iter().find(is)?;
    let whole = text.get(found.whole.range())?;
    let own = found.text.as_str();
    let head = whole.find(['{', '\n']).map_or(whole, |at| &whole[..at]);
    let mut seen = words(head, own).to_string();
    let members = names.iter().filter(|name| name.set == own && name.kind != Kind::Literal);
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
        body: words(&code::without_comments(file, whole), own),
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
    let of_changed =
        changed.map(|changed| changed.iter().filter(|file| file.extension() == Some("rs")).collect());
    let near: Vec<&RelPath> = of_changed
        .unwrap_or_else(|| files.all().iter().filter(|file| file.extension() == Some("rs")).collect());
    let last = item.rsplit([':', '.']).next().unwrap_or(item);
    // Without an item, a file that moved kept its name or its folder.
    let is_near = |file: &&&RelPath| {
        **file != &here
            && (!item.is_empty() || file.file_name() == here.file_name() || file.parent() == here.parent())
    };
    let look = |file: &&RelPath| -> Option<(bool, String)> {
        let text = files.world.text(file).ok().filter(|text| text.contains(last))?;
        let pin = pin_in(file, &text, item)?;
        let target = if item.is_empty() { file.to_string() } else { format!("{file}#{item}") };
        Some((pin == *was, target))
    };
    let found: Vec<(bool, String)> = near.iter().filter(is_near).filter_map(look).collect();
    let exact: Vec<&String> = found.iter().filter(|(exact, _)| *exact).map(|(_, target)| target).collect();
    match (exact.as_slice(), found.as_slice()) {
        ([only], _) => Some((*only).clone()),
        // Moved and changed: there is one of that name, and it is a whole item's.
        ([], [(_, only)]) if !item.is_empty() => Some(only.clone()),
        _ => None,
    }
}

/// The one item of a file that has the fingerprints of one that is gone.
fn renamed(files: &Files<'_>, file: &RelPath, item: &str, was: &Pin) -> Option<String> {
    let text = files.world.text(file).ok().filter(|_| !item.is_empty())?;
    let depth = item.matches("::").count();
    let items = crate::rust::items(&text);
    let mut same = items.iter().filter(|one| {
        one.path.matches("::").count() == depth && pin::pin(&text, &one.path).as_ref() == Some(was)
    });
    let only = same.next()?;
    same.next().is_none().then(|| format!("{file}#{}", only.path))
}

/// A name that may be meant.
pub(super) fn nearest(files: &Files<'_>, target: &str) -> Option<String> {
    let (path, item) = parts(target);
    let file = RelPath::parse(path).ok()?;
    match files.world.text(&file) {
        Ok(text) => {
            let items = crate::rust::items(&text);
            let near =
                crate::diag::nearest(item, items.iter().flat_map(|one| [one.path.as_str(), one.name()]))?;
            Some(format!("{file}#{near}"))
        }
        Err(_) => crate::diag::nearest(path, files.all().iter().map(RelPath::as_str)).map(str::to_owned),
    }
}
