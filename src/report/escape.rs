//! What a stranger's text becomes in each form. All go through [`crate::base::plain`] first, and then nothing in them
//! ends the element of the form that they stand in.

use crate::base::{plain, plain_json};
use serde_json::Value;

/// JSON on one line.
pub(super) fn json(value: &Value) -> String {
    plain_json(&value.to_string()).into_owned()
}

/// The message of one of GitHub's workflow commands, as the runner's own toolkit escapes it.
pub(super) fn command_data(text: &str) -> String {
    plain(text).replace('%', "%25")
}

/// A property of one of GitHub's workflow commands.
pub(super) fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text and attributes of XML 1.0, which has no place for most control characters.
pub(super) fn xml(text: &str) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// A message of SARIF, in which `[text](target)` is a link (3.11.6).
pub(super) fn sarif(text: &str) -> String {
    plain(text).replace("](", "] (")
}

/// A path as the URI reference that SARIF wants.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A name as inline code of Markdown, in a table or not. What could end the code or the cell is written as HTML, in
/// which every mark is an entity.
pub(super) fn code(name: &str) -> String {
    let name = plain(name);
    let blank = name.is_empty() || name.starts_with(' ') || name.ends_with(' ');
    if !blank && !name.contains(['`', '|', '\\']) {
        return format!("`{name}`");
    }
    format!("<code>{}</code>", entities(&name, |c| c.is_ascii_punctuation()))
}

/// A message as text of Markdown, in a table or not: what it sets between backticks is code, and nothing else in it
/// is a link, a picture, a mention, a reference or HTML.
pub(super) fn words(message: &str) -> String {
    let message = plain(message);
    let parts: Vec<&str> = message.split('`').collect();
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        // Every second part is code, if a backtick ends it.
        if at % 2 == 1 && at + 1 < parts.len() && !part.is_empty() {
            out.push_str(&code(part));
            continue;
        }
        if at % 2 == 1 {
            out.push_str("&#96;");
        }
        let text = entities(part, |c| "\\*_[]<>&|~".contains(c));
        // Bare addresses become links, names after `@` are told of it, and numbers after `#` are referred to.
        out.push_str(&text.replace("://", ":&#47;/").replace("www.", "www&#46;").replace('@', "@\u{200b}"));
        if at % 2 == 1 && at + 1 < parts.len() {
            out.push_str("&#96;");
        }
    }
    out
}

/// A text with some of its characters as entities of HTML.
fn entities(text: &str, which: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if which(c) || (before == '#' && c.is_ascii_digit()) {
            out.push_str(&format!("&#{};", u32::from(c)));
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_ends_where_the_name_does() {
        assert_eq!(code("a/b_c.md"), "`a/b_c.md`");
        assert_eq!(code("a`b|c\\.md"), "<code>a&#96;b&#124;c&#92;&#46;md</code>");
        assert_eq!(code(""), "<code></code>");
        assert_eq!(code("a\nb"), "`a␊b`");
    }

    #[test]
    fn words_hold_code_and_no_other_markup() {
        assert_eq!(words("there is no page `a.md`; see `b`"), "there is no page `a.md`; see `b`");
        // The name `x` [l](https://evil.example) `y` stands between a message's own backticks.
        assert_eq!(
            words("no page `x` [l](https://evil.example) ![p](//e) `y`"),
            "no page `x` &#91;l&#93;(https:&#47;/evil.example) !&#91;p&#93;(//e) `y`"
        );
        assert_eq!(words("odd ` <img src=x> **b**"), "odd &#96; &#60;img src=x&#62; &#42;&#42;b&#42;&#42;");
        assert_eq!(words("`a``b` ``` c"), "`a``b` &#96;&#96;&#96; c");
        assert_eq!(
            words("`a|b` | @team fixes #1"),
            "<code>a&#124;b</code> &#124; @\u{200b}team fixes #&#49;"
        );
    }

    #[test]
    fn each_form_keeps_the_text_in_its_element() {
        assert_eq!(command_data("50%\n::error::x"), "50%25␊::error::x");
        assert_eq!(command_property("a:b,c%\r"), "a%3Ab%2Cc%25␍");
        assert_eq!(xml("<a b=\"&\">\u{1}\u{fffe}"), "&lt;a b=&quot;&amp;&quot;&gt;␁�");
        assert_eq!(sarif("[x](https://evil.example)"), "[x] (https://evil.example)");
        assert_eq!(uri("a b/ü.md"), "a%20b/%C3%BC.md");
        assert_eq!(json(&serde_json::json!({ "a": "\u{202e}\n" })), "{\"a\":\"\\u202e\\n\"}");
    }
}
