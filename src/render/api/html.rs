//! Pieces of HTML: text of documents, code, ids.

use crate::base::{UniqueNames, has_scheme, trusted};
use crate::highlight::{Highlighter, Standard};
use crate::markdown::{escape_attribute, escape_text};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Text escaped.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_text(text, &mut out);
    out
}

/// An attribute's value escaped.
pub(super) fn attribute(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    escape_attribute(value, &mut out);
    out
}

/// `<code>` of a value.
pub(super) fn code(value: &str) -> String {
    format!("<code>{}</code>", text(value))
}

/// A code block with its language's colours.
pub(super) fn block(language: &str, code: &str, out: &mut String) {
    out.push_str("<pre><code class=\"language-");
    out.push_str(language);
    out.push_str("\" tabindex=\"0\">");
    let code = code.trim_end_matches('\n');
    match Standard.highlight(language, code) {
        Some(runs) => {
            let mut at = 0;
            for run in runs {
                let piece = code.get(at..run.end).unwrap_or("");
                at = run.end;
                match run.class {
                    Some(class) => {
                        out.push_str("<span class=\"");
                        out.push_str(class.letter());
                        out.push_str("\">");
                        escape_text(piece, out);
                        out.push_str("</span>");
                    }
                    None => escape_text(piece, out),
                }
            }
        }
        None => escape_text(code, out),
    }
    out.push_str("\n</code></pre>\n");
}

/// A description, which is CommonMark (OpenAPI 3.1, §4.5). Raw HTML is shown as it is written, pictures become links,
/// and headings bold lines, so that a description cannot break the page's outline or its content policy.
pub(super) fn prose(markdown: &str, out: &mut String) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut code: Option<(String, String)> = None;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split_whitespace().next().unwrap_or("").to_lowercase()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                let (language, body) = code.take().unwrap_or_default();
                block(&plain_name(&language), &body, out);
            }
            Event::Text(piece) => match &mut code {
                Some((_, body)) => body.push_str(&piece),
                None => escape_text(&piece, out),
            },
            Event::Html(html) | Event::InlineHtml(html) => match &*html.trim().to_lowercase() {
                "<br>" | "<br/>" | "<br />" => out.push_str("<br>"),
                _ => escape_text(&html, out),
            },
            Event::Code(piece) => {
                out.push_str("<code>");
                escape_text(&piece, out);
                out.push_str("</code>");
            }
            Event::SoftBreak => out.push('\n'),
            Event::HardBreak => out.push_str("<br>\n"),
            Event::Rule => out.push_str("<hr>\n"),
            Event::Start(tag) => begin(&tag, out),
            Event::End(tag) => end(tag, out),
            _ => {}
        }
    }
}

fn begin(tag: &Tag<'_>, out: &mut String) {
    match tag {
        Tag::Paragraph => out.push_str("<p>"),
        Tag::Heading { .. } => out.push_str("<p><strong>"),
        Tag::BlockQuote(_) => out.push_str("<blockquote>"),
        Tag::List(Some(1)) => out.push_str("<ol>\n"),
        Tag::List(Some(start)) => out.push_str(&format!("<ol start=\"{start}\">\n")),
        Tag::List(None) => out.push_str("<ul>\n"),
        Tag::Item => out.push_str("<li>"),
        Tag::Emphasis => out.push_str("<em>"),
        Tag::Strong => out.push_str("<strong>"),
        Tag::Strikethrough => out.push_str("<s>"),
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
            out.push_str("<a href=\"");
            escape_attribute(safe(dest_url), out);
            out.push_str("\">");
        }
        Tag::Table(_) => out.push_str("<div class=\"table-wrapper\" tabindex=\"0\"><table>"),
        Tag::TableHead => out.push_str("<thead><tr>"),
        Tag::TableRow => out.push_str("<tr>"),
        Tag::TableCell => out.push_str("<td>"),
        _ => {}
    }
}

fn end(tag: TagEnd, out: &mut String) {
    out.push_str(match tag {
        TagEnd::Paragraph => "</p>\n",
        TagEnd::Heading(_) => "</strong></p>\n",
        TagEnd::BlockQuote(_) => "</blockquote>\n",
        TagEnd::List(true) => "</ol>\n",
        TagEnd::List(false) => "</ul>\n",
        TagEnd::Item => "</li>\n",
        TagEnd::Emphasis => "</em>",
        TagEnd::Strong => "</strong>",
        TagEnd::Strikethrough => "</s>",
        TagEnd::Link | TagEnd::Image => "</a>",
        TagEnd::Table => "</tbody></table></div>\n",
        TagEnd::TableHead => "</tr></thead><tbody>",
        TagEnd::TableRow => "</tr>\n",
        TagEnd::TableCell => "</td>",
        _ => "",
    });
}

/// A description on one line, for tables and lists: its first paragraph without blocks.
pub(super) fn brief(markdown: &str) -> String {
    let mut out = String::new();
    prose(markdown.split("\n\n").next().unwrap_or(markdown), &mut out);
    let out = out.trim();
    let inner = out.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    match inner {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => text(markdown.split("\n\n").next().unwrap_or(markdown)),
    }
}

/// A language's name as a class may hold it.
fn plain_name(name: &str) -> String {
    let kept: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '#')).collect();
    if kept.is_empty() { "text".into() } else { kept }
}

/// An address that a link may have; a relative one of the document's would lead elsewhere from here.
fn safe(address: &str) -> &str {
    let good = address.starts_with('#') || has_scheme(address) && trusted(address).is_some();
    // The validator of pages wants addresses without blanks and braces (URL Standard, §4.3).
    let valid = !address.contains(|c: char| {
        c.is_whitespace() || matches!(c, '{' | '}' | '|' | '\\' | '^' | '`' | '"' | '<' | '>')
    });
    if good && valid { address } else { "#" }
}

/// A name as an id or a file's name: letters, digits, `.`, `_` and `-`.
pub(super) fn slug(name: &str) -> String {
    let mut out = String::new();
    // A list's items and a map's values have no name of their own.
    for c in name.trim().replace("[]", "").replace(".*", "").chars() {
        if c.is_alphanumeric() || matches!(c, '_' | '.') {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let out = out.trim_matches(['-', '.']).to_owned();
    if out.is_empty() { "x".into() } else { out }
}

/// A name for a file, lower case so that two names that differ in case alone are not one file on some systems.
pub(super) fn file_name(name: &str, taken: &mut UniqueNames) -> String {
    taken.take(&slug(name).to_lowercase())
}

/// Adds text without markup to what is searched.
pub(super) fn plain(markdown: &str, out: &mut String) {
    for event in Parser::new(markdown) {
        match event {
            Event::Text(piece) | Event::Code(piece) => out.push_str(&piece),
            Event::SoftBreak | Event::HardBreak | Event::End(_) if !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_cannot_leave_their_place() {
        let mut out = String::new();
        prose("# Big\n\nText <script>x</script> ![p](https://a.b/c.png) [j](javascript:x) **b**", &mut out);
        assert!(!out.contains("<script") && !out.contains("<img") && !out.contains("javascript"), "{out}");
        assert!(
            !out.contains("<h1")
                && out.contains("<strong>Big</strong>")
                && out.contains("<strong>b</strong>"),
            "{out}"
        );
        assert_eq!(slug("GET /a/{id}"), "GET-a-id");
        assert_eq!(brief("a *b*\n\nc"), "a <em>b</em>");
    }
}
