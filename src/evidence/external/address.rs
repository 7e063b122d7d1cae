//! Web addresses, as far as following links needs them: RFC 3986, with the repairs that browsers make.

use std::fmt;

/// An absolute `http` or `https` address without its fragment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    scheme: &'static str,
    /// Host and port as written, in lower case.
    authority: String,
    /// Path and query, from the first slash.
    rest: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.rest)
    }
}

impl Address {
    /// The address of a link's target and its fragment; none where it is no web address. `//host/path` is taken as
    /// `https`.
    pub fn parse(target: &str) -> Option<(Self, Option<String>)> {
        let target = target.trim();
        let (scheme, rest) = match target.strip_prefix("//") {
            Some(rest) => ("https", rest),
            None => {
                let (scheme, rest) = target.split_once("://")?;
                match () {
                    () if scheme.eq_ignore_ascii_case("https") => ("https", rest),
                    () if scheme.eq_ignore_ascii_case("http") => ("http", rest),
                    () => return None,
                }
            }
        };
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment.to_owned())),
            None => (rest, None),
        };
        let end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        // A name and a password before the host are never sent on.
        let authority = authority.rsplit('@').next().unwrap_or(authority).to_lowercase();
        let slash = if path.starts_with(['/', '\\']) { "" } else { "/" };
        let rest = encoded(&format!("{slash}{}", path.replace('\\', "/")));
        (!authority.is_empty()).then_some((Self { scheme, authority, rest }, fragment))
    }

    /// The host without its port, brackets of IPv6 included.
    pub fn host(&self) -> &str {
        let end = self.authority.rfind(':').filter(|at| !self.authority[*at..].contains(']'));
        &self.authority[..end.unwrap_or(self.authority.len())]
    }

    /// Where a redirect to `location` leads; none where that is no web address.
    pub fn join(&self, location: &str) -> Option<Self> {
        let location = location.trim();
        if let Some(rest) = location.strip_prefix("//") {
            return Self::parse(&format!("{}://{rest}", self.scheme)).map(|(address, _)| address);
        }
        let end = location.find(['/', '?', '#']).unwrap_or(location.len());
        if location[..end].contains(':') {
            return Self::parse(location).map(|(address, _)| address);
        }
        let location = location.split('#').next().unwrap_or("");
        let (own_path, _) = self.rest.split_once('?').unwrap_or((&self.rest, ""));
        let rest = match location.chars().next() {
            None => self.rest.clone(),
            Some('/') => without_dots(location),
            Some('?') => format!("{own_path}{location}"),
            Some(_) => {
                let folder = own_path.rfind('/').map_or("/", |at| &own_path[..=at]);
                without_dots(&format!("{folder}{location}"))
            }
        };
        Some(Self { rest: encoded(&rest), ..self.clone() })
    }

    /// Why no request can be made of it, if none can.
    pub fn not_asked(&self) -> Option<&'static str> {
        let host = self.host();
        // RFC 2606 and RFC 6761 keep these for examples and for the machine itself.
        let reserved = ["example", "invalid", "test", "localhost", "local"];
        let example = ["example.com", "example.org", "example.net", "example.edu"];
        let below =
            |name: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
        if example.iter().any(|name| below(name)) || reserved.iter().any(|name| below(name)) {
            return Some("the host's name is reserved for examples and tests");
        }
        if !host.is_ascii() {
            return Some("the host's name is not written in ASCII (xn--…)");
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'[' | b']' | b':');
        if !host.bytes().all(plain) {
            return Some("the host is a placeholder");
        }
        None
    }
}

/// Without `.` and `..` (RFC 3986, 5.2.4); the query stays.
fn without_dots(text: &str) -> String {
    let (path, query) = text.split_at(text.find('?').unwrap_or(text.len()));
    let mut out: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    out.pop();
                }
                if last {
                    out.push("");
                }
            }
            part => out.push(part),
        }
    }
    format!("/{}{query}", out.join("/"))
}

/// With everything escaped that a request line must not hold.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0..=31 | 127..=255 => {
                out.push_str(&format!("%{byte:02X}"));
            }
            _ => out.push(byte as char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Address {
        Address::parse(text).unwrap().0
    }

    #[test]
    fn redirects_lead_where_a_browser_goes() {
        let base = parsed("https://Host.dev:8443/a/b/c?q=1#x");
        let to = |location: &str| base.join(location).map(|address| address.to_string());
        let cases = [
            ("", "https://host.dev:8443/a/b/c?q=1"),
            ("d", "https://host.dev:8443/a/b/d"),
            ("./d#y", "https://host.dev:8443/a/b/d"),
            ("../d?z=/../", "https://host.dev:8443/a/d?z=/../"),
            ("../../../../d", "https://host.dev:8443/d"),
            ("/d/./e/..", "https://host.dev:8443/d/"),
            ("?r", "https://host.dev:8443/a/b/c?r"),
            ("//other/x y", "https://other/x%20y"),
            ("http://other", "http://other/"),
        ];
        for (location, expected) in cases {
            assert_eq!(to(location).as_deref(), Some(expected), "{location}");
        }
        assert_eq!(to("javascript:alert(1)"), None);
        assert_eq!(to("file:///etc/passwd"), None);
    }

    #[test]
    fn hosts_that_nobody_can_ask_are_known() {
        for text in ["http://example.com/", "https://a.example/", "http://localhost:80", "https://<host>/x"] {
            assert!(parsed(text).not_asked().is_some(), "{text}");
        }
        assert_eq!(parsed("https://user:secret@[2606::1]:8080/p").host(), "[2606::1]");
        assert_eq!(parsed("https://notexample.com/").not_asked(), None);
        assert!(Address::parse("mailto:a@b").is_none());
        assert!(Address::parse("https://").is_none());
    }
}
