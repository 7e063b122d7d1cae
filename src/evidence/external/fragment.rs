//! Whether a fetched page has what a link's fragment names.

use crate::base::percent_decode;
use crate::markdown::tokenizer;
use html5gum::Token;

/// Whether the HTML of a page has an element with that id or name. Forges and sites that draw themselves with
/// scripts carry ids in data, so an id that stands between quotes anywhere counts, too.
pub fn names(html: &[u8], fragment: &str) -> bool {
    let decoded = percent_decode(fragment);
    let wanted = [fragment, &*decoded];
    let fits = |value: &[u8]| {
        let value = String::from_utf8_lossy(value);
        let plain = value.strip_prefix("user-content-").unwrap_or(&value);
        wanted.iter().any(|wanted| *wanted == value || *wanted == plain)
    };
    for token in tokenizer(html) {
        if let Ok(Token::StartTag(tag)) = token {
            let is_id = |name: &[u8]| name == b"id" || name == b"name";
            if tag.attributes.iter().any(|(name, value)| is_id(name) && fits(value)) {
                return true;
            }
        }
    }
    let text = String::from_utf8_lossy(html);
    wanted.iter().any(|wanted| {
        ["\"", "\"#", "\\\"", "\"user-content-", "\\\"user-content-"].iter().any(|before| {
            text.match_indices(&format!("{before}{wanted}"))
                .any(|(at, found)| text[at + found.len()..].starts_with(['"', '\\']))
        })
    })
}

/// Fragments that no element's id answers: line numbers of forges, searches in the text, routes of scripts.
pub fn is_shown_by_scripts(fragment: &str) -> bool {
    let line = fragment.strip_prefix('L').or_else(|| fragment.strip_prefix("lines-")).unwrap_or("");
    let lines = line.starts_with(|c: char| c.is_ascii_digit())
        && line.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'L' | b'C'));
    lines
        || fragment.eq_ignore_ascii_case("top")
        || fragment.starts_with(['/', '!', ':'])
        || fragment.contains(":~:")
        || fragment.contains('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_names_and_data_answer_a_fragment() {
        let html = br#"<h2 id="a-b">x</h2><a name='c'></a><h3 id="user-content-d">y</h3><script>{"id":"e"}</script><h2 id="&eacute;t">"#;
        for fragment in ["a-b", "c", "d", "e", "%C3%A9t"] {
            assert!(names(html, fragment), "{fragment}");
        }
        assert!(!names(html, "a-"));
        assert!(!names(html, "x"));
    }

    #[test]
    fn fragments_of_scripts_are_known() {
        for fragment in ["L10", "L10-L20", "L3C4-L5C6", ":~:text=x", "!route", "/route", "top", "page=3"] {
            assert!(is_shown_by_scripts(fragment), "{fragment}");
        }
        for fragment in ["License", "L", "usage", "lines-of-code"] {
            assert!(!is_shown_by_scripts(fragment), "{fragment}");
        }
    }
}
