//! Addresses in Markdown that is not made a page of: the descriptions of API documents, and pages as plain text.

use super::raw::{self, Token};
use crate::base::refused;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A refused address of a text.
struct Refused {
    /// The link, the definition or the tag that holds it.
    range: Range<usize>,
    /// What is left of it: a link's text.
    left: String,
    scheme: &'static str,
    address: String,
}

/// The addresses of a text that no page may hold, with their schemes.
pub fn unsafe_addresses(text: &str) -> Vec<(&'static str, String)> {
    // Reading descriptions takes long, and most hold no link, no definition and no tag.
    if !["](", "]:", "<"].iter().any(|mark| text.contains(mark)) {
        return Vec::new();
    }
    found(text).into_iter().map(|found| (found.scheme, found.address)).collect()
}

/// The text without them: of a link its text stays, of a tag and a definition nothing.
pub fn without_unsafe(text: &str) -> String {
    let mut all = found(text);
    all.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for Refused { range, left, .. } in all {
        // A picture inside of a link goes with it.
        if let Some(before) = text.get(done..range.start) {
            out.push_str(before);
            out.push_str(&left);
            done = range.end;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn found(text: &str) -> Vec<Refused> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(text, options);
    let mut out: Vec<Refused> = parser
        .reference_definitions()
        .iter()
        .filter_map(|(_, definition)| {
            let (address, range) = (definition.dest.to_string(), definition.span.clone());
            Some(Refused { range, left: String::new(), scheme: refused(&address)?, address })
        })
        .collect();
    // Links that are open, and where in `out` each that is refused stands.
    let mut open: Vec<Option<usize>> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let scheme = refused(&dest_url);
                open.push(scheme.map(|_| out.len()));
                let address = dest_url.to_string();
                out.extend(scheme.map(|scheme| Refused { range, left: String::new(), scheme, address }));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => drop(open.pop()),
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => tags(text, range, &mut out),
            Event::Text(piece) | Event::Code(piece) => {
                for at in open.iter().flatten() {
                    if let Some(found) = out.get_mut(*at) {
                        found.left.push_str(&piece);
                    }
                }
            }
            _ => {}
        }
    }
    out
}

/// Tags of raw HTML with a refused address in an attribute.
fn tags(text: &str, range: Range<usize>, out: &mut Vec<Refused>) {
    for token in raw::tokens(text.get(range.clone()).unwrap_or_default()) {
        let Token::Open { name, attributes, start, end, .. } = token else { continue };
        for (attribute, value) in attributes {
            if let Some(scheme) = raw::refused(&name, &attribute, &value) {
                let range = range.start + start..range.start + end.max(start);
                out.push(Refused { range, left: String::new(), scheme, address: value });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_pictures_definitions_and_tags_are_looked_at() {
        let text = "[a `b`](javascript:1) ok [c][d] <javascript:2> ![e](java&#115;cript:3) <a\nhref='jav&#x09;ascript:4'>f</a>\n\n\
                    <div>\n<iframe\n  src=\"data:text/html,5\"></iframe></div>\n\n[d]: vbscript:6\n[g]: https://example.org\n";
        let addresses = unsafe_addresses(text);
        assert_eq!(addresses.len(), 7, "{addresses:?}");
        let left = without_unsafe(text);
        assert!(unsafe_addresses(&left).is_empty(), "{left}");
        assert!(left.starts_with("a b ok c javascript:2 e f</a>") && left.contains("example.org"), "{left}");
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in ["a: b", "[a](b.md) `javascript:x` <b>ü</b>\n", "![p](https://example.org/data:x)"] {
            assert_eq!(without_unsafe(text), text);
            assert!(unsafe_addresses(text).is_empty(), "{text}");
        }
    }
}
