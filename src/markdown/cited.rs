//! The code that a page shows: inline code and code blocks, with their places in the file.

use crate::base::{Span, beginning};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::sync::Arc;

/// The longest name of a language, in bytes; it is copied to every line of a block.
const LONGEST_LANGUAGE: usize = 60;

/// Inline code, or one line of a code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// As written, without the backticks.
    pub text: String,
    /// Where.
    pub span: Span,
    /// For a line of a block: which block of the page, from 0.
    pub block: Option<u32>,
    /// The block's language, in lower case; empty for none and for inline code.
    pub language: String,
    /// The text of the heading above, in lower case; shared by all code below it.
    pub section: Arc<str>,
}

/// All code on a page, in the order of the text. Directives are not expanded: what is quoted is not written here.
pub fn cited(text: &str) -> Vec<Cited> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut out: Vec<Cited> = Vec::new();
    let (mut heading, mut section, mut in_heading) = (String::new(), Arc::<str>::from(""), false);
    let (mut language, mut blocks, mut in_block) = (String::new(), 0_u32, false);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                heading.clear();
                section = Arc::from("");
            }
            Event::End(TagEnd::Heading(_)) => {
                in_heading = false;
                section = Arc::from(heading.as_str());
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                in_block = true;
                language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        let name = info.split([',', ' ', '{']).next().unwrap_or("");
                        beginning(name, LONGEST_LANGUAGE).to_ascii_lowercase()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
            }
            Event::End(TagEnd::CodeBlock) => {
                in_block = false;
                blocks += 1;
            }
            Event::Text(_) if in_block => lines(text, range, |text, span| {
                let (language, section) = (language.clone(), section.clone());
                out.push(Cited { text, span, block: Some(blocks), language, section });
            }),
            Event::Text(words) if in_heading => heading.push_str(&words.to_lowercase()),
            Event::Code(words) => {
                if in_heading {
                    heading.push_str(&words.to_lowercase());
                }
                let ticks = text[range.clone()].bytes().take_while(|b| *b == b'`').count();
                let inner = range.start + ticks..range.end.saturating_sub(ticks).max(range.start + ticks);
                if let Some(shown) = text.get(inner.clone()) {
                    out.push(Cited {
                        text: shown.to_owned(),
                        span: inner.into(),
                        block: None,
                        language: String::new(),
                        section: section.clone(),
                    });
                }
            }
            _ => {}
        }
    }
    out
}

/// The lines of a range that are not blank.
fn lines(text: &str, range: std::ops::Range<usize>, mut push: impl FnMut(String, Span)) {
    let mut at = range.start;
    for line in text[range].split_inclusive('\n') {
        let shown = line.trim_end_matches(['\n', '\r']);
        if !shown.trim().is_empty() {
            push(shown.to_owned(), Span::new(at, at + shown.len()));
        }
        at += line.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_code_and_lines_of_blocks_are_found_where_they_stand() {
        let text =
            "+++\ntitle = \"`no`\"\n+++\n# The `a` way\n\nUse ``b ` c``.\n\n> ```Sh,x\n> run --d\n> ```\n";
        let found = cited(text);
        let all: Vec<(&str, Option<u32>, &str)> =
            found.iter().map(|code| (code.text.as_str(), code.block, code.language.as_str())).collect();
        assert_eq!(all, [("a", None, ""), ("b ` c", None, ""), ("run --d", Some(0), "sh")]);
        assert!(found.iter().all(|code| text[code.span.range()] == code.text));
        assert_eq!(&*found[1].section, "the a way");
    }
}
