//! What a removed name is called now.

use super::{Declared, Sides, Texts};
use crate::base::Fingerprint;
use crate::code::NameKind;
use crate::world::World;
use std::collections::HashMap;

/// What makes two declarations the same but for their names.
type Key = (NameKind, String, String, String);

/// The names that a change adds, by all that is not the name.
pub(super) struct Renames<'w> {
    base: Texts<'w>,
    added: HashMap<Key, Vec<String>>,
}

impl<'w> Renames<'w> {
    pub fn of(sides: Sides<'w>, added: &[Declared]) -> Self {
        let mut head = Texts::new(sides.head);
        let mut by_key: HashMap<Key, Vec<String>> = HashMap::new();
        for declared in added {
            if let Some(key) = key(&mut head, declared) {
                by_key.entry(key).or_default().push(declared.name.text.clone());
            }
        }
        Self { base: Texts::new(sides.base), added: by_key }
    }

    /// The new name, if exactly one added name has the same kind, file and set and the same declaration, help included,
    /// but for the name itself; for a file, the only added one of the same content. `--color` and `--no-color` are
    /// opposites, whatever else they share.
    pub fn new_name(&mut self, removed: &Declared) -> Option<String> {
        match self.added.get(&key(&mut self.base, removed)?)?.as_slice() {
            [only] => Some(only).filter(|only| !opposite(only, &removed.name.text)).cloned(),
            _ => None,
        }
    }
}

fn key(texts: &mut Texts<'_>, declared: &Declared) -> Option<Key> {
    let kind = declared.name.kind;
    if kind == NameKind::File {
        let content = content(texts.world, declared)?.to_string();
        return Some((kind, String::new(), String::new(), content));
    }
    let words = without_name(texts, declared)?;
    Some((kind, declared.file.to_string(), declared.name.set.clone(), words))
}

fn content(world: &dyn World, declared: &Declared) -> Option<Fingerprint> {
    world
        .read(&declared.file)
        .ok()
        .filter(|bytes| !bytes.is_empty())
        .map(|bytes| Fingerprint::of_parts([bytes.as_slice()]))
}

/// A declaration's words, blanks aside, with a mark where the name stood.
fn without_name(texts: &mut Texts<'_>, declared: &Declared) -> Option<String> {
    let text = texts.get(&declared.file)?;
    let (whole, span) = (declared.name.whole.range(), declared.name.span.range());
    // A table of thousands of keys, each of which is all of it, is compared by none.
    if whole.len() > LONGEST {
        return None;
    }
    let from = documented_from(&text, whole.start);
    let head = text.get(from..span.start)?;
    let tail = text.get(span.end..whole.end)?;
    let mut out: String = head.split_whitespace().collect::<Vec<_>>().join(" ");
    out.push('\u{1}');
    out.push_str(&tail.split_whitespace().collect::<Vec<_>>().join(" "));
    // Two bare declarations are alike by chance.
    (out.split_whitespace().count() > 3).then_some(out)
}

/// Bytes of the longest declaration that is compared.
const LONGEST: usize = 20_000;

/// Where the doc comment above a declaration begins, or the declaration itself.
fn documented_from(text: &str, start: usize) -> usize {
    let mut from = start;
    for _ in 0..LONGEST_HELP {
        let line_start = text[..from].rfind('\n').map_or(0, |at| at + 1);
        let before = line_start.checked_sub(1).map(|end| text[..end].rfind('\n').map_or(0, |at| at + 1)..end);
        match before {
            Some(line) if text[line.clone()].trim_start().starts_with("///") => from = line.start,
            _ => break,
        }
    }
    from
}

/// Lines of the longest help that is compared.
const LONGEST_HELP: usize = 200;

fn opposite(a: &str, b: &str) -> bool {
    let bare = |name: &str| name.trim_start_matches('-').to_lowercase().replace('_', "-");
    let (a, b) = (bare(a), bare(b));
    ["no-", "disable-", "without-", "skip-", "not-"].iter().any(|prefix| {
        a.strip_prefix(prefix).is_some_and(|rest| b.contains(rest))
            || b.strip_prefix(prefix).is_some_and(|rest| a.contains(rest))
    })
}
