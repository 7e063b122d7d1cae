//! Addresses that strangers write: which of them may stand on a page, and how.
//!
//! Whoever follows a `javascript:` or `vbscript:` address runs a program of its author's with the site's rights, and a
//! `data:` address is a document of its author's making. No page holds one, wherever it comes from: a link, raw HTML, a
//! diagram, an API document, the configuration. What reads such addresses asks [`refused`] and says so in a finding; what
//! writes them asks again.

use super::plain::is_unseen;

/// What to write instead of a refused address; for the help of findings.
pub const ADDRESS_HELP: &str = "link to a page, or to an address of http, https or mailto";

/// Schemes that no page holds.
const REFUSED: &[&str] = &["javascript", "vbscript", "data"];

/// The scheme of an address as the most forgiving of browsers reads it: in lower case, without the blanks, line breaks and
/// control characters that the URL Standard (§4.4, the basic URL parser) drops at its beginning and within. None if it has
/// none, as relative addresses.
pub fn forgiving_scheme(address: &str) -> Option<String> {
    let mut scheme = String::new();
    for c in address.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !is_unseen(*c)) {
        match c {
            ':' if scheme.is_empty() => return None,
            ':' => return Some(scheme),
            c if c.is_ascii_alphabetic() => scheme.push(c.to_ascii_lowercase()),
            c if (c.is_ascii_digit() || "+-.".contains(c)) && !scheme.is_empty() => scheme.push(c),
            _ => return None,
        }
    }
    None
}

/// Whether an address begins with a scheme as RFC 3986 writes them (§3.1).
pub fn has_scheme(address: &str) -> bool {
    let Some((scheme, _)) = address.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// The scheme for which an address may not stand on a page, if there is one.
pub fn refused(address: &str) -> Option<&'static str> {
    let scheme = forgiving_scheme(address)?;
    REFUSED.iter().copied().find(|refused| scheme == *refused)
}

/// The same of what is shown as a picture, film or sound: such data runs nothing.
pub fn refused_media(address: &str) -> Option<&'static str> {
    let kind = address.split_once(':').map_or("", |(_, rest)| rest).trim_start().to_ascii_lowercase();
    let inert = ["image/", "video/", "audio/"].iter().any(|start| kind.starts_with(start));
    refused(address).filter(|scheme| *scheme != "data" || !inert)
}

/// An address that needs no trust at all: of http, https or mailto, or one of this site; without the control characters
/// that browsers skip.
pub fn trusted(address: &str) -> Option<String> {
    let clean: String = address.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned();
    let other_host = ["//", "\\\\", "/\\"].iter().any(|start| clean.starts_with(start));
    let good = match forgiving_scheme(&clean).as_deref() {
        None => !other_host,
        Some(scheme) => ["http", "https", "mailto"].contains(&scheme),
    };
    (good && !clean.is_empty()).then_some(clean)
}

/// Whether an address is one of another site: of http or https, without blanks.
pub fn is_web(address: &str) -> bool {
    matches!(forgiving_scheme(address).as_deref(), Some("http" | "https"))
        && has_scheme(address)
        && !address.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// A path as a relative address: with a colon in its first part it would be read as a scheme (RFC 3986 §4.2), so that
/// the page of a file called `javascript:x.md` would run `x.html`.
pub fn relative_address(path: String) -> String {
    let first = path.split(['/', '?', '#']).next().unwrap_or("");
    if first.contains(':') { format!("./{path}") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_that_run_something_are_refused_however_they_are_written() {
        for address in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " \t\n\u{1}javascript:alert(1)",
            "java\nscript\t:alert(1)",
            "java\u{0}script:alert(1)",
            "java\u{200b}script\u{a0}:alert(1)",
            "vbscript:x",
            "VBScript :x",
            "data:text/html,<script>",
            "data:image/svg+xml,<svg onload=x>",
            "\u{feff}data:,x",
        ] {
            assert!(refused(address).is_some(), "{address:?}");
            assert!(trusted(address).is_none() && !is_web(address), "{address:?}");
        }
        for address in [
            "javascript.html",
            "./javascript:x",
            "a/javascript:x",
            "#javascript:x",
            "?data:x",
            "https://example.org/?q=javascript:x",
            "tel:+1",
            "ftp://example.org",
            "javascripts:x",
            ":x",
            "",
        ] {
            assert_eq!(refused(address), None, "{address:?}");
        }
    }

    #[test]
    fn data_of_pictures_is_shown_and_other_data_is_not() {
        assert_eq!(refused_media("data:image/png;base64,AA"), None);
        assert_eq!(refused_media("data:text/html,x"), Some("data"));
        assert_eq!(refused_media("javascript:image/png"), Some("javascript"));
    }

    #[test]
    fn only_addresses_of_the_web_and_of_this_site_are_trusted() {
        for (address, kept) in [
            (" https://example.org/a b ", Some("https://example.org/a b")),
            ("mailto:a@b", Some("mailto:a@b")),
            ("a.md#x:y", Some("a.md#x:y")),
            ("//evil.example", None),
            ("/\\evil.example", None),
            ("tel:1", None),
            ("\u{1}", None),
        ] {
            assert_eq!(trusted(address).as_deref(), kept, "{address:?}");
        }
        assert!(is_web("HTTPS://example.org") && !is_web("httpx:y") && !is_web("http ://x"));
    }

    #[test]
    fn the_path_of_a_file_is_never_a_scheme() {
        assert_eq!(relative_address("javascript:x.html".into()), "./javascript:x.html");
        assert_eq!(relative_address("a/b:c.html#d:e".into()), "a/b:c.html#d:e");
        assert_eq!(relative_address("a.html#b:c".into()), "a.html#b:c");
    }
}
