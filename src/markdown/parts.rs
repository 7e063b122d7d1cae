//! What stands below each heading of level 2: paragraphs, items of lists, tables, with their places in the text.

use crate::base::Span;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A heading of level 2, and what stands below it.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Its words.
    pub heading: Words,
    /// Paragraphs that stand in no list.
    pub prose: Vec<Words>,
    /// Items of the outermost lists, with what they hold.
    pub items: Vec<Words>,
    /// Tables.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The heads of its columns.
    pub head: Vec<Words>,
    /// Its rows, each with its cells.
    pub rows: Vec<Vec<Words>>,
}

/// Words without markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Where the first link in them leads.
    pub link: Option<String>,
    /// Where they stand, in bytes.
    pub span: Span,
}

impl Part {
    /// All words below the heading, but for the heads of tables.
    pub fn all(&self) -> impl Iterator<Item = &Words> {
        let cells = self.tables.iter().flat_map(|table| table.rows.iter().flatten());
        self.prose.iter().chain(&self.items).chain(cells)
    }
}

impl Table {
    /// Which column has this head.
    pub fn column(&self, head: &str) -> Option<usize> {
        self.head.iter().position(|words| words.text.trim().eq_ignore_ascii_case(head))
    }
}

/// The parts of a text, in their order.
pub fn parts(text: &str) -> Vec<Part> {
    let mut reader = PartReader::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(tag) => reader.start(&tag, range.into()),
            Event::End(tag) => reader.end(tag),
            Event::Text(words) | Event::Code(words) => reader.words(&words),
            Event::SoftBreak | Event::HardBreak => reader.words(" "),
            _ => {}
        }
    }
    reader.out
}

#[derive(Default)]
struct PartReader {
    out: Vec<Part>,
    open: Option<Words>,
    /// Lists around the item that is open.
    depth: usize,
    in_head: bool,
}

impl PartReader {
    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        let begins = match tag {
            Tag::Heading { level, .. } => *level == HeadingLevel::H2,
            Tag::Item => {
                self.depth += 1;
                self.depth == 1
            }
            Tag::Paragraph => self.depth == 0,
            Tag::TableCell => true,
            _ => false,
        };
        if begins {
            self.open = Some(Words { span, ..Words::default() });
        }
        match tag {
            Tag::TableHead => self.in_head = true,
            Tag::Table(_) => self.last(|section| section.tables.push(Table::default())),
            Tag::TableRow => self.table(|table| table.rows.push(Vec::new())),
            Tag::Link { dest_url, .. } => {
                if let Some(open) = &mut self.open {
                    open.link.get_or_insert_with(|| dest_url.to_string());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(HeadingLevel::H2) => {
                let heading = self.open.take().unwrap_or_default();
                self.out.push(Part { heading, ..Part::default() });
            }
            TagEnd::Item => {
                self.depth = self.depth.saturating_sub(1);
                if let Some(open) = self.open.take_if(|_| self.depth == 0) {
                    self.last(|section| section.items.push(open));
                }
            }
            TagEnd::Paragraph if self.depth == 0 => {
                if let Some(open) = self.open.take() {
                    self.last(|section| section.prose.push(open));
                }
            }
            TagEnd::TableHead => self.in_head = false,
            TagEnd::TableCell => {
                let (open, in_head) = (self.open.take().unwrap_or_default(), self.in_head);
                self.table(|table| match table.rows.last_mut().filter(|_| !in_head) {
                    Some(row) => row.push(open),
                    None => table.head.push(open),
                });
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if let Some(open) = &mut self.open {
            open.text.push_str(words);
        }
    }

    fn last(&mut self, act: impl FnOnce(&mut Part)) {
        if let Some(section) = self.out.last_mut() {
            act(section);
        }
    }

    fn table(&mut self, act: impl FnOnce(&mut Table)) {
        self.last(|section| {
            if let Some(table) = section.tables.last_mut() {
                act(table);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_items_and_cells_stand_below_their_heading_with_places() {
        let text = "---\na: b\n---\n# T\n\nlead\n\n## One\n\nA *b*\n`c`.\n\n- x [y](z.md)\n  - inner\n- w\n\n| H | I |\n|---|---|\n| 1 | <!-- c --> |\n\n## Two\n";
        let all = parts(text);
        let [one, two] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((one.heading.text.as_str(), two.heading.text.as_str()), ("One", "Two"));
        let told = |list: &[Words]| list.iter().map(|words| words.text.clone()).collect::<Vec<_>>();
        assert_eq!(told(&one.prose), ["A b c."]);
        assert_eq!(told(&one.items), ["x yinner", "w"]);
        assert_eq!(one.items[0].link.as_deref(), Some("z.md"));
        let table = &one.tables[0];
        assert_eq!((table.column("i"), told(&table.rows[0])), (Some(1), vec!["1".to_owned(), String::new()]));
        assert!(text[table.rows[0][0].span.range()].contains('1'));
        assert!(two.all().next().is_none());
    }
}
