//! The one matcher of paths against patterns with wildcards: globs of `book.toml`, of pages and of the command line,
//! `members` of Cargo, patterns of CODEOWNERS.
//!
//! Matching walks forward with one place to come back to, on both levels (the parts of a path, the characters of a
//! part): what a wildcard took before the last one never has to be tried again, because everything between two of them
//! has a fixed length. It takes at most *parts of the pattern × parts of the path × length of a part of the pattern ×
//! length of a part of the path* steps, whatever the pattern.

/// A pattern over paths.
///
/// | Written | Stands for |
/// |---|---|
/// | `*` | any characters within one part of the path, also none |
/// | `?` | one character of a part |
/// | `**` as a whole part | any parts, also none; elsewhere it is a `*` |
/// | `[ab]`, `[a-z]`, `[!a-z]` | one character of a set, or not of it; only [with sets](Self::with_sets) |
/// | anything else | itself, capitals and small letters apart |
///
/// A leading dot is a character like others. Empty parts do not count: `a//b/` is `a/b`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// `**`
    Any,
    /// Without wildcards.
    Plain(String),
    Pieces(Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Star,
    One,
    Char(char),
    Set { not: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Reads a pattern in which `[` stands for itself, as in names of pages such as `[id].md`.
    pub fn new(text: &str) -> Self {
        Self::read(text, false)
    }

    /// Reads a pattern with sets of characters, as Cargo's `members` have them. A set that is never closed is text.
    pub fn with_sets(text: &str) -> Self {
        Self::read(text, true)
    }

    fn read(text: &str, sets: bool) -> Self {
        let part = |part: &str| {
            if part == "**" {
                return Part::Any;
            }
            let pieces = pieces(part, sets);
            if pieces.iter().all(|piece| matches!(piece, Piece::Char(_))) {
                return Part::Plain(part.to_owned());
            }
            Part::Pieces(pieces)
        };
        Self { parts: text.split('/').filter(|part| !part.is_empty()).map(part).collect() }
    }

    /// Whether it matches all of a path.
    pub fn matches(&self, path: &str) -> bool {
        let path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        walk(&self.parts, &path, |part| *part == Part::Any, |part, name| part.matches(name))
    }
}

impl Part {
    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Plain(text) => text == name,
            Self::Pieces(pieces) => {
                let name: Vec<char> = name.chars().collect();
                walk(pieces, &name, |piece| *piece == Piece::Star, |piece, c| piece.matches(*c))
            }
        }
    }
}

impl Piece {
    fn matches(&self, c: char) -> bool {
        match self {
            Self::Star | Self::One => true,
            Self::Char(own) => *own == c,
            Self::Set { not, ranges } => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *not,
        }
    }
}

/// Whether a pattern takes all of a list, where `is_star` elements take any number of its elements and all others one
/// that `fits`.
fn walk<P, T>(
    pattern: &[P],
    list: &[T],
    is_star: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut taken) = (0, 0);
    // Behind the last star, and up to where it has taken elements.
    let mut back: Option<(usize, usize)> = None;
    while let Some(next) = list.get(taken) {
        match pattern.get(at) {
            Some(star) if is_star(star) => {
                at += 1;
                back = Some((at, taken));
            }
            Some(one) if fits(one, next) => {
                at += 1;
                taken += 1;
            }
            _ => {
                let Some((behind, from)) = back else { return false };
                at = behind;
                taken = from + 1;
                back = Some((behind, taken));
            }
        }
    }
    pattern.iter().skip(at).all(is_star)
}

fn pieces(part: &str, sets: bool) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        if let Some((set, after)) = if sets && c == '[' { set(chars.as_str()) } else { None } {
            out.push(set);
            chars = after.chars();
            continue;
        }
        out.push(match c {
            '*' => Piece::Star,
            '?' => Piece::One,
            other => Piece::Char(other),
        });
    }
    out
}

/// The set whose `[` stands before a text, and what follows its `]`. A `]` that comes first belongs to the set.
fn set(text: &str) -> Option<(Piece, &str)> {
    let not = text.starts_with('!');
    let inner = text.strip_prefix('!').unwrap_or(text);
    let first = inner.chars().next()?.len_utf8();
    let close = first + inner.get(first..)?.find(']')?;
    let (within, after) = inner.split_at_checked(close)?;
    let mut chars = within.chars();
    let mut ranges = Vec::new();
    while let Some(from) = chars.next() {
        // A dash at the end is a dash.
        let mut ahead = chars.clone();
        let to = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(to)) => {
                chars = ahead;
                to
            }
            _ => from,
        };
        ranges.push((from, to));
    }
    Some((Piece::Set { not, ranges }, after.strip_prefix(']')?))
}

#[cfg(test)]
mod tests {
    use super::Glob;

    fn matches(glob: &str, path: &str) -> bool {
        Glob::new(glob).matches(path)
    }

    #[test]
    fn stars_stay_within_a_part_and_two_cross_parts() {
        assert!(matches("runbooks/**", "runbooks/a/b.md"));
        assert!(matches("runbooks/**", "runbooks"));
        assert!(matches("**/*.md", "b.md"));
        assert!(matches("a/**/b/**/c", "a/x/b/y/b/z/c"));
        assert!(matches("a/*-?.md", "a/x-é.md"));
        assert!(matches("a//b/", "a/b"));
        assert!(!matches("a/*.md", "a/b/c.md"));
        assert!(!matches("a/**/b/c", "a/b/x/c"));
        assert!(!matches("a", "ab"));
        assert!(!matches("?", ""));
        assert!(!matches("A", "a"));
        assert!(!matches("", "a"));
        assert!(matches("**x", "yx") && !matches("**x", "y/x"), "inside of a part, two stars are one");
    }

    #[test]
    fn sets_are_text_unless_asked_for() {
        assert!(matches("pages/[id].md", "pages/[id].md") && !matches("pages/[id].md", "pages/i.md"));
        let sets = |glob: &str, path: &str| Glob::with_sets(glob).matches(path);
        assert!(sets("app-[dw]?*", "app-web") && !sets("app-[dw]?*", "app-cli"));
        assert!(sets("v[0-9]", "v3") && !sets("v[0-9]", "vx"));
        assert!(sets("v[!0-9]", "vx") && !sets("v[!0-9]", "v3"));
        assert!(sets("a[]x]", "a]") && sets("a[x-]", "a-") && !sets("a[x-]", "ay"));
        assert!(sets("a[bc", "a[bc") && !sets("a[bc", "ab"));
    }

    #[test]
    fn many_wildcards_beside_long_names_end_at_once() {
        let stars = "*a".repeat(2_000) + "b";
        let parts = "**/a/".repeat(500) + "b";
        // Going back to every wildcard would take 2^2000 steps; the walk takes some millions.
        assert!(!matches(&stars, &"a".repeat(4_000)));
        assert!(!matches(&parts, &"a/".repeat(1_000)));
        assert!(matches(&stars, &("a".repeat(4_000) + "b")));
    }
}
