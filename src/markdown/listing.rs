//! What on a page could be a list of names: lists, tables, sibling headings, runs of code in one paragraph, lines of a
//! block, paragraphs that begin with a name.

use crate::base::Span;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;

/// One list of entries.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// In the order of the text.
    pub entries: Vec<Entry>,
    /// What the page declares about it: `lists: src/cli.rs#Command`, without `lists:`.
    pub declared: Option<(String, Span)>,
}

/// One entry.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Its words without markup, those of its first line.
    pub text: String,
    /// Its inline code and strong text; for a line of a block, the line.
    pub marked: Vec<String>,
    /// Where.
    pub span: Span,
}

/// Languages whose blocks use names and do not list them.
const CODE: &[&str] = &[
    "rust",
    "rs",
    "python",
    "py",
    "go",
    "js",
    "ts",
    "javascript",
    "typescript",
    "jsx",
    "tsx",
    "java",
    "c",
    "cpp",
    "c++",
    "ruby",
    "diff",
    "html",
    "css",
    "sql",
    "mermaid",
    "dot",
];

/// All that could be a list, in the order of the text.
pub fn listings(text: &str) -> Vec<Listing> {
    let mut reader = ListingReader { text, ..ListingReader::default() };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, range);
    }
    reader.section(0);
    reader.orphan();
    reader.out.retain(|listing| !listing.entries.is_empty() || listing.declared.is_some());
    let begin = |listing: &Listing| listing.entries.first().map(|entry| entry.span);
    reader
        .out
        .sort_by_key(|listing| begin(listing).or_else(|| listing.declared.as_ref().map(|(_, span)| *span)));
    reader.out
}

#[derive(Default)]
struct ListingReader<'t> {
    text: &'t str,
    out: Vec<Listing>,
    /// Open lists; each entry's text ends where a block inside it begins.
    lists: Vec<Listing>,
    /// The entry that text belongs to, where one is open.
    item: Vec<Entry>,
    /// The columns of the open table, and the column that is open.
    table: Vec<Listing>,
    column: usize,
    /// Code of the open paragraph, item or cell.
    run: Listing,
    /// Paragraphs of this section that begin with a name.
    heads: Listing,
    /// Headings by level, until a higher one ends the group.
    headings: BTreeMap<u8, Listing>,
    block: Option<Listing>,
    strong: bool,
    /// Whether nothing of the paragraph has been seen yet.
    fresh: bool,
    declared: Option<(String, Span)>,
}

impl ListingReader<'_> {
    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(words) => self.words(&words, range, self.strong),
            Event::Code(words) => {
                self.run.entries.push(entry(&words, range.clone(), true));
                self.words(&words, range, true);
            }
            Event::SoftBreak | Event::HardBreak => self.words(" ", range, false),
            Event::Html(html) | Event::InlineHtml(html) => {
                let inner = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
                if let Some(what) = inner.and_then(|inner| inner.trim().strip_prefix("lists:")) {
                    self.orphan();
                    self.declared = Some((what.trim().to_owned(), range.into()));
                }
            }
            _ => {}
        }
    }

    /// A declaration that no list followed.
    fn orphan(&mut self) {
        if let Some(declared) = self.declared.take() {
            self.out.push(Listing { declared: Some(declared), ..Listing::default() });
        }
    }

    fn words(&mut self, words: &str, range: std::ops::Range<usize>, marked: bool) {
        if let Some(block) = &mut self.block {
            let mut at = range.start;
            for line in self.text[range].split_inclusive('\n') {
                if !line.trim().is_empty() {
                    block.entries.push(entry(line.trim(), at..at + line.trim_end().len(), true));
                }
                at += line.len();
            }
            return;
        }
        if let Some(item) = self.item.last_mut() {
            item.text.push_str(words);
            if marked {
                item.marked.push(words.to_owned());
            }
        } else if self.fresh && marked {
            self.heads.entries.push(entry(words, range, true));
        }
        self.fresh &= words.trim().is_empty();
    }

    fn start(&mut self, tag: &Tag<'_>, range: std::ops::Range<usize>) {
        match tag {
            Tag::List(_) => {
                let declared = self.declared.take();
                self.lists.push(Listing { declared, ..Listing::default() });
            }
            Tag::Item | Tag::TableCell => {
                self.item.push(Entry { span: first_line(self.text, range), ..Entry::default() })
            }
            Tag::Heading { level, .. } => {
                let level = *level as u8;
                self.section(level);
                self.item.push(Entry { span: first_line(self.text, range), ..Entry::default() });
            }
            Tag::Paragraph => self.fresh = true,
            Tag::Strong => self.strong = true,
            Tag::Table(columns) => {
                let declared = self.declared.take();
                self.table = vec![Listing { declared, ..Listing::default() }; columns.len().min(3)];
            }
            Tag::TableRow | Tag::TableHead => self.column = 0,
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([',', ' ']).next().unwrap_or("").to_ascii_lowercase()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                let mut block = Listing { declared: self.declared.take(), ..Listing::default() };
                if CODE.contains(&language.as_str()) {
                    block.declared = None;
                }
                self.block = Some(block).filter(|_| !CODE.contains(&language.as_str()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => self.out.extend(self.lists.pop()),
            TagEnd::Item => {
                self.end_run();
                if let (Some(item), Some(list)) = (self.item.pop(), self.lists.last_mut()) {
                    list.entries.push(item);
                }
            }
            TagEnd::TableCell => {
                self.end_run();
                if let (Some(cell), Some(column)) = (self.item.pop(), self.table.get_mut(self.column)) {
                    column.entries.push(cell);
                }
                self.column += 1;
            }
            TagEnd::Table => self.out.append(&mut self.table),
            TagEnd::Heading(level) => {
                if let Some(heading) = self.item.pop() {
                    self.headings.entry(level as u8).or_default().entries.push(heading);
                }
                self.run.entries.clear();
            }
            TagEnd::Paragraph => self.end_run(),
            TagEnd::Strong => self.strong = false,
            TagEnd::CodeBlock => self.out.extend(self.block.take()),
            _ => {}
        }
    }

    /// Three and more pieces of code in one paragraph may be a list.
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.entries.len() > 2 {
            let declared = self.declared.take();
            self.out.push(Listing { declared, ..run });
        }
    }

    /// A heading of this level ends the groups below it.
    fn section(&mut self, level: u8) {
        self.out.push(std::mem::take(&mut self.heads));
        let deeper = self.headings.split_off(&(level + 1));
        self.out.extend(deeper.into_values());
        if level == 0 {
            self.out.extend(std::mem::take(&mut self.headings).into_values());
        }
    }
}

fn entry(words: &str, range: std::ops::Range<usize>, marked: bool) -> Entry {
    let marked = if marked { vec![words.to_owned()] } else { Vec::new() };
    Entry { text: words.to_owned(), marked, span: range.into() }
}

fn first_line(text: &str, range: std::ops::Range<usize>) -> Span {
    let end = text[range.clone()].find('\n').map_or(range.end, |at| range.start + at);
    Span::new(range.start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_tables_headings_blocks_and_runs_are_found() {
        let text = "# A\n\n<!-- lists: x.rs#E -->\n- `one`: first\n- **two**\n  more `m`\n\n| k | v |\n|---|---|\n| `a` | 1 |\n\n## B\n\n`p` and `q` or `r`.\n\n## C\n\n```\n--flag  words\n```\n";
        let found = listings(text);
        let all: Vec<Vec<&str>> = found
            .iter()
            .map(|listing| listing.entries.iter().map(|entry| entry.text.as_str()).collect())
            .collect();
        assert!(all.contains(&vec!["one: first", "two more m"]), "{all:?}");
        assert!(all.contains(&vec!["k", "a"]), "{all:?}");
        assert!(all.contains(&vec!["p", "q", "r"]), "{all:?}");
        assert!(all.contains(&vec!["B", "C"]), "{all:?}");
        assert!(all.contains(&vec!["--flag  words"]), "{all:?}");
        let declared = found.iter().find(|listing| listing.declared.is_some()).unwrap();
        assert_eq!(declared.declared.as_ref().unwrap().0, "x.rs#E");
        assert_eq!(declared.entries.len(), 2);
    }
}
