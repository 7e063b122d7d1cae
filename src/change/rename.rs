//! What a removed name is called now.

use super::{Declared, Sides};
use crate::base::Fingerprint;
use crate::code::Kind;
use crate::world::World;

/// The new name, if exactly one added name has the same kind, file and set and the same declaration, help included,
/// but for the name itself; for a file, the only added one of the same content. `--color` and `--no-color` are
/// opposites, whatever else they share.
pub(super) fn of(sides: Sides<'_>, removed: &Declared, added: &[Declared]) -> Option<String> {
    let mut same = added.iter().filter(|other| {
        other.name.kind == removed.name.kind
            && if removed.name.kind == Kind::File {
                content(sides.base, removed).is_some_and(|old| content(sides.head, other) == Some(old))
            } else {
                other.file == removed.file
                    && other.name.set == removed.name.set
                    && without_name(sides.base, removed)
                        .is_some_and(|old| without_name(sides.head, other) == Some(old))
            }
    });
    let only = same.next().filter(|only| !opposite(&only.name.text, &removed.name.text))?;
    same.next().is_none().then(|| only.name.text.clone())
}

fn content(world: &dyn World, declared: &Declared) -> Option<Fingerprint> {
    world
        .read(&declared.file)
        .ok()
        .filter(|bytes| !bytes.is_empty())
        .map(|bytes| Fingerprint::of_parts([bytes.as_slice()]))
}

/// A declaration's words, blanks aside, with a mark where the name stood.
fn without_name(world: &dyn World, declared: &Declared) -> Option<String> {
    let text = world.text(&declared.file).ok()?;
    let (whole, span) = (declared.name.whole.range(), declared.name.span.range());
    let from = documented_from(&text, whole.start);
    let head = text.get(from..span.start)?;
    let tail = text.get(span.end..whole.end)?;
    let mut out: String = head.split_whitespace().collect::<Vec<_>>().join(" ");
    out.push('\u{1}');
    out.push_str(&tail.split_whitespace().collect::<Vec<_>>().join(" "));
    // Two bare declarations are alike by chance.
    (out.split_whitespace().count() > 3).then_some(out)
}

/// Where the doc comment above a declaration begins, or the declaration itself.
fn documented_from(text: &str, start: usize) -> usize {
    let mut from = start;
    loop {
        let line_start = text[..from].rfind('\n').map_or(0, |at| at + 1);
        let before = line_start.checked_sub(1).map(|end| text[..end].rfind('\n').map_or(0, |at| at + 1)..end);
        match before {
            Some(line) if text[line.clone()].trim_start().starts_with("///") => from = line.start,
            _ => return from,
        }
    }
}

fn opposite(a: &str, b: &str) -> bool {
    let bare = |name: &str| name.trim_start_matches('-').to_lowercase().replace('_', "-");
    let (a, b) = (bare(a), bare(b));
    ["no-", "disable-", "without-", "skip-", "not-"].iter().any(|prefix| {
        a.strip_prefix(prefix).is_some_and(|rest| b.contains(rest))
            || b.strip_prefix(prefix).is_some_and(|rest| a.contains(rest))
    })
}
