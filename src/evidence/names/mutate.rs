//! Changes made up to see what they break: a documented name renamed or removed, a member added to a listed set, and
//! edits that change no documented name.

use super::{Declared, page};
use crate::base::RelPath;
use crate::code::{self, Name, NameKind};
use crate::world::{Overlay, World};

/// The word that a made-up name is spelled with.
const WORDS: [&str; 3] = ["quince", "harbour", "lattice"];

/// All names that the code of a repository declares, files left out.
pub fn declared(world: &dyn World) -> Vec<Declared> {
    let mut files = world.tracked(&RelPath::root());
    files.retain(|file| code::is_read(file) && page::is_own_code(file));
    let names = |file: &RelPath| -> Vec<Declared> {
        let Ok(text) = world.text(file) else { return Vec::new() };
        let declare = |name| Declared { file: file.clone(), name };
        code::names(file, &text).into_iter().map(declare).collect()
    };
    crate::base::parallel_map(&files, names).concat()
}

/// A made-up name in the spelling that stands in the source: `"--max-results"` becomes `"--quince-harbour-lattice"`.
fn other_name(written: &str, kind: NameKind) -> String {
    let inner = written.trim_matches(['"', '\'', '`']);
    let quote = &written[..written.len() - written.trim_start_matches(['"', '\'', '`']).len()];
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let letters = || inner.chars().filter(|c| c.is_alphabetic());
    let name = match () {
        () if kind == NameKind::Route => format!("/{}", WORDS.join("/")),
        () if letters().all(char::is_uppercase) => WORDS.join("_").to_uppercase(),
        () if inner.starts_with(char::is_uppercase) => WORDS.iter().map(|word| capital(word)).collect(),
        () if inner.contains('-') || !quote.is_empty() => {
            let dashes = &inner[..inner.len() - inner.trim_start_matches('-').len()];
            format!("{dashes}{}", WORDS.join("-"))
        }
        () => WORDS.join("_"),
    };
    format!("{quote}{name}{quote}")
}

/// Adds a member to the set of `last`, in the way `last` is declared, right behind it.
pub fn with_another_member<'w>(world: &'w dyn World, last: &Declared) -> Option<Overlay<'w>> {
    let text = world.text(&last.file).ok()?;
    let Name { span, whole, kind, .. } = last.name;
    let (whole, span) = (whole.range(), span.range());
    let written = text.get(span.clone())?;
    let copy = format!(
        "{}{}{}",
        text.get(whole.start..span.start)?,
        other_name(written, kind),
        text.get(span.end..whole.end)?
    );
    let line = last.file.extension() != Some("rs") && !page::is_source(&last.file);
    let joint = if line { "\n" } else { ",\n" };
    let changed = format!("{}{joint}{copy}{}", &text[..whole.end], &text[whole.end..]);
    let mut overlay = Overlay::new(world);
    overlay.set(last.file.clone(), changed);
    Some(overlay)
}

/// What is done to a documented name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Another name takes its place, wherever code spells it.
    Rename,
    /// Its declaration goes, and whatever else spells it.
    Remove,
}

/// The repository after an act on a name, or nothing where the act cannot be made.
pub fn after<'w>(
    world: &'w dyn World,
    files: &[RelPath],
    declared: &Declared,
    act: Act,
) -> Option<Overlay<'w>> {
    let mut overlay = Overlay::new(world);
    if declared.name.kind == NameKind::File {
        for file in files.iter().filter(|file| file.below(&declared.file).is_some()) {
            let content = world.read(file).ok()?;
            overlay.remove(file.clone());
            if act == Act::Rename {
                let rest = file.as_str().strip_prefix(declared.file.as_str())?;
                overlay.set(RelPath::parse(&format!("{}{rest}", WORDS.join("_"))).ok()?, content);
            }
        }
        return Some(overlay);
    }
    let text = world.text(&declared.file).ok()?;
    let (span, whole) = (declared.name.span.range(), declared.name.whole.range());
    let written = text.get(span.clone())?.to_owned();
    let new = other_name(&written, declared.name.kind);
    let (head, tail) = match act {
        Act::Rename => (text.get(..span.start)?.to_owned() + &new, text.get(span.end..)?),
        Act::Remove => (text.get(..whole.start)?.to_owned(), text.get(whole.end..)?.trim_start_matches(',')),
    };
    // What else spells it follows: the word of the declaration, and the spelling of the documentation.
    let bare = |name: &str| name.trim_matches(['"', '\'', '`']).to_owned();
    let replace = |text: &str| {
        let text = with_word(text, &bare(&written), &bare(&new));
        with_word(&text, &declared.name.text, &format!("gone-{}", WORDS[0]))
    };
    for file in files.iter().filter(|file| **file != declared.file && !page::is_prose(file)) {
        let Ok(old) = world.text(file) else { continue };
        let new = replace(&old);
        if new != old {
            overlay.set(file.clone(), new);
        }
    }
    overlay.set(declared.file.clone(), replace(&head) + &replace(tail));
    Some(overlay)
}

/// A text with a word replaced wherever it stands alone.
fn with_word(text: &str, word: &str, by: &str) -> String {
    let touches = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    // A route stands behind its host: `localhost:8080/search`.
    let route = word.starts_with('/');
    let mut out = String::with_capacity(text.len());
    let mut last = 0;
    for (at, _) in text.match_indices(word) {
        let before = !route && text[..at].chars().next_back().is_some_and(touches);
        let after = text[at + word.len()..].chars().next().is_some_and(touches);
        if at >= last && !before && !after {
            out.push_str(&text[last..at]);
            out.push_str(by);
            last = at + word.len();
        }
    }
    out.push_str(&text[last..]);
    out
}

/// An edit that changes no documented name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Neutral {
    /// Blank lines, and lines broken elsewhere.
    Format,
    /// Comments that name what is documented.
    Comment,
    /// A private function has another name.
    Private,
    /// Two neighbours change places.
    Reorder,
}

impl Neutral {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Format, Self::Comment, Self::Private, Self::Reorder];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Format => "formatting",
            Self::Comment => "comments",
            Self::Private => "private renames",
            Self::Reorder => "reordering",
        }
    }
}

/// A file after a neutral edit near the declaration of a documented name; nothing where it cannot be made there.
pub fn neutral<'w>(world: &'w dyn World, declared: &Declared, edit: Neutral) -> Option<Overlay<'w>> {
    let Declared { file, name } = declared;
    if name.kind == NameKind::File || !page::is_source(file) {
        return None;
    }
    let text = world.text(file).ok()?;
    let (mark, indent) = if file.extension() == Some("py") { ("#", true) } else { ("//", false) };
    let changed = match edit {
        Neutral::Format if !indent => text.replace("\n    ", "\n\n\t    ").replace(", ", ",  "),
        Neutral::Format => text.replace("\n\n", "\n\n\n"),
        Neutral::Comment => {
            let comment = format!("{mark} `{}` was here before {}\n", name.text, name.qualified());
            format!("{comment}{text}\n{comment}")
        }
        Neutral::Private => with_word(&text, private(file, &text)?, &WORDS.join("_")),
        Neutral::Reorder => swapped(file, &text, name)?,
    };
    let mut overlay = Overlay::new(world);
    (changed != text).then(|| overlay.set(file.clone(), changed))?;
    Some(overlay)
}

/// A private function of the file that nothing declares or documents.
fn private<'t>(file: &RelPath, text: &'t str) -> Option<&'t str> {
    let known = code::names(file, text);
    let starts = text.match_indices("\nfn ").map(|(at, _)| at + 4);
    let word = |from: usize| {
        let end = text[from..].find(|c: char| !c.is_alphanumeric() && c != '_')?;
        text.get(from..from + end)
    };
    let own = |word: &&str| {
        *word != "main" && word.len() > 3 && !known.iter().any(|name| name.text.contains(*word))
    };
    starts.filter_map(word).find(own)
}

/// The text with a declaration and the next one of its set in each other's place.
fn swapped(file: &RelPath, text: &str, name: &Name) -> Option<String> {
    let all = code::names(file, text);
    let after = |other: &&Name| {
        other.set == name.set
            && other.kind == name.kind
            && other.whole.start > name.whole.end
            && !name.set.is_empty()
    };
    let other = all.iter().filter(after).min_by_key(|other| other.whole.start)?;
    let (a, b) = (name.whole.range(), other.whole.range());
    Some(
        [
            text.get(..a.start)?,
            text.get(b.clone())?,
            text.get(a.end..b.start)?,
            text.get(a)?,
            text.get(b.end..)?,
        ]
        .concat(),
    )
}
