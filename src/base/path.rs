//! Paths inside the repository: UTF-8, `/` between parts, never absolute, never with `..`.
//! One spelling on every system, so that sorting, hashing and comparing mean the same everywhere.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A normalised path below the repository's root; the root itself is the empty path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(Arc<str>);

/// A path that would lead out of the repository, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaves(pub String);

impl RelPath {
    /// The root.
    pub fn root() -> Self {
        Self(Arc::from(""))
    }

    /// Reads a path as written, relative to the root; `\` counts as `/`.
    ///
    /// # Errors
    /// [`Leaves`] when `..` climbs above the root.
    pub fn parse(text: &str) -> Result<Self, Leaves> {
        Self::root().join(text)
    }

    /// Reads `text` as seen from the folder `self`.
    ///
    /// # Errors
    /// [`Leaves`] when the result lies above the root, or `text` is absolute.
    pub fn join(&self, text: &str) -> Result<Self, Leaves> {
        let text: Cow<'_, str> =
            if text.contains('\\') { text.replace('\\', "/").into() } else { text.into() };
        if text.starts_with('/') || has_drive(&text) || text.contains('\0') {
            return Err(Leaves(text.into_owned()));
        }
        let mut parts: Vec<&str> = self.0.split('/').filter(|part| !part.is_empty()).collect();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    if parts.pop().is_none() {
                        return Err(Leaves(text.into_owned()));
                    }
                }
                name => parts.push(name),
            }
        }
        // `./C:/x` is `C:/x` by now.
        if parts.first().is_some_and(|first| has_drive(first)) {
            return Err(Leaves(text.into_owned()));
        }
        Ok(Self(parts.join("/").into()))
    }

    /// The folder that holds this path; the root holds itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        match self.0.rfind('/') {
            Some(at) => Self(self.0[..at].into()),
            None => Self::root(),
        }
    }

    /// Everything after the last `/`.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The file name without its last extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        match name.rfind('.') {
            Some(at) if at > 0 => &name[..at],
            _ => name,
        }
    }

    /// What follows the file name's last dot, if anything does.
    pub fn extension(&self) -> Option<&str> {
        let name = self.file_name();
        let at = name.rfind('.').filter(|at| *at > 0)?;
        Some(&name[at + 1..])
    }

    /// This path with its extension replaced (or added).
    #[must_use]
    pub fn with_extension(&self, extension: &str) -> Self {
        let stem_end = self.0.len() - self.file_name().len() + self.stem().len();
        Self(format!("{}.{extension}", &self.0[..stem_end]).into())
    }

    /// The same path as seen from the folder `folder`, if it lies below it.
    pub fn below(&self, folder: &RelPath) -> Option<Self> {
        if folder.is_root() {
            return Some(self.clone());
        }
        let rest = self.0.strip_prefix(&*folder.0)?;
        if rest.is_empty() {
            return Some(Self::root());
        }
        rest.strip_prefix('/').map(|rest| Self(rest.into()))
    }

    /// Whether a part of it is `.git`, in whatever case: what git keeps there (configuration, tokens, hooks) is never
    /// read into a page and never written.
    pub fn enters_git(&self) -> bool {
        self.0.split('/').any(|part| part.eq_ignore_ascii_case(".git"))
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The spelling, shared with this path.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// How many folders lie between the root and this file.
    pub fn depth(&self) -> usize {
        self.0.bytes().filter(|b| *b == b'/').count()
    }
}

/// Whether a path begins with a drive, as on Windows, where such a path is absolute.
fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl std::borrow::Borrow<str> for RelPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Decodes `%41`-style escapes (RFC 3986 §2.1); what is not valid UTF-8 afterwards is left as written.
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let hex = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (bytes[at] == b'%')
            .then(|| Some((hex(*bytes.get(at + 1)?)?, hex(*bytes.get(at + 2)?)?)))
            .flatten();
        match pair {
            Some((high, low)) => {
                out.push(high * 16 + low);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_normalise_and_never_climb_out() {
        let dir = RelPath::parse("a/b").unwrap();
        assert_eq!(dir.join("../c//./d.md").unwrap().as_str(), "a/c/d.md");
        assert_eq!(dir.join(r"x\y.md").unwrap().as_str(), "a/b/x/y.md");
        assert!(dir.join("../../../etc/passwd").is_err());
        assert!(dir.join("/etc/passwd").is_err());
        assert!(dir.join(r"C:\x").is_err());
        // A drive that is hidden until the path is normalised; below another folder it is a name like others.
        assert!(RelPath::parse("./C:/x").is_err() && dir.join("../../c:x").is_err());
        assert_eq!(dir.join("./C:/x").unwrap().as_str(), "a/b/C:/x");
        assert_eq!(RelPath::parse("a/b.c.md").unwrap().with_extension("html").as_str(), "a/b.c.html");
        assert_eq!(RelPath::parse(".hidden").unwrap().extension(), None);
        assert_eq!(RelPath::parse("ab/c").unwrap().below(&RelPath::parse("a").unwrap()), None);
    }

    #[test]
    fn percent_escapes_decode_and_nonsense_stays() {
        assert_eq!(percent_decode("my%20file%2Emd"), "my file.md");
        assert_eq!(percent_decode("100%"), "100%");
        assert_eq!(percent_decode("%zz%ff"), "%zz%ff");
    }
}
