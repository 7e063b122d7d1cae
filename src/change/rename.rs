//! What a removed name is called now.

use super::{Declared, Sides};
use crate::base::Fingerprint;
use crate::code::Kind;
use crate::world::World;

/// The new name, if exactly one added name has the same kind, file and set and the same declaration but for the
/// name itself; for a file, the only added one of the same content.
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
    let only = same.next()?;
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
    let head = text.get(whole.start..span.start)?;
    let tail = text.get(span.end..whole.end)?;
    let mut out: String = head.split_whitespace().collect::<Vec<_>>().join(" ");
    out.push('\u{1}');
    out.push_str(&tail.split_whitespace().collect::<Vec<_>>().join(" "));
    (out.len() > 1).then_some(out)
}
