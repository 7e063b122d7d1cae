//! `SUMMARY.md`: prefix chapters, parts, numbered chapters, suffix chapters, drafts, separators.
//!
//! mdBook stops at the first mistake; here each is a [`Problem`], and whatever can be read is.

use crate::base::Span;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use std::iter::Peekable;
use std::ops::Range;

/// A parsed summary.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Everything in order.
    pub items: Vec<Item>,
    /// What is wrong, and where.
    pub problems: Vec<(String, Span)>,
}

/// One line of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A chapter with its sub-chapters.
    Entry(Entry),
    /// A part's title.
    Part(String),
    /// A line.
    Separator,
}

/// A chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its title.
    pub name: String,
    /// Its file as written, `%20` decoded; none for a draft.
    pub target: Option<String>,
    /// Its section number, for numbered chapters: `[1, 2]` is 1.2.
    pub number: Option<Vec<u32>>,
    /// Chapters below it.
    pub children: Vec<Entry>,
    /// The link.
    pub span: Span,
}

/// Parses a summary.
pub fn parse(text: &str) -> Summary {
    let mut parser = SummaryParser {
        events: Parser::new(text).into_offset_iter().peekable(),
        out: Summary::default(),
        root: 0,
        numbered: false,
    };
    parser.run();
    parser.out
}

struct SummaryParser<I: Iterator> {
    events: Peekable<I>,
    out: Summary,
    /// How many chapters of the first level have a number.
    root: u32,
    /// Whether numbered chapters have begun.
    numbered: bool,
}

/// Deeper lists are read as if they stood at this depth.
const DEEPEST: usize = 64;

impl<'t, I: Iterator<Item = (Event<'t>, Range<usize>)>> SummaryParser<I> {
    fn run(&mut self) {
        let mut title_allowed = true;
        let mut suffix = false;
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                    let title = self.text_until(&TagEnd::Heading(HeadingLevel::H1));
                    if title_allowed {
                        title_allowed = false;
                    } else {
                        if suffix {
                            self.problem("a part cannot follow suffix chapters", range);
                        }
                        self.out.items.push(Item::Part(title));
                        self.numbered = true;
                    }
                    continue;
                }
                Event::Start(Tag::Heading { level, .. }) => drop(self.text_until(&TagEnd::Heading(level))),
                Event::Start(Tag::List(_)) => {
                    if suffix {
                        self.problem("a list cannot follow suffix chapters: chapters without a bullet end the numbered ones", range);
                    }
                    self.numbered = true;
                    let entries = self.list(0);
                    for entry in entries {
                        self.number_root(entry);
                    }
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let entry = self.link(&dest_url, range);
                    suffix |= self.numbered;
                    self.out.items.push(Item::Entry(entry));
                }
                Event::Rule => self.out.items.push(Item::Separator),
                Event::Html(_)
                | Event::InlineHtml(_)
                | Event::Start(Tag::HtmlBlock)
                | Event::End(TagEnd::HtmlBlock) => continue,
                _ => {}
            }
            title_allowed = false;
        }
        self.duplicates();
    }

    fn problem(&mut self, message: impl Into<String>, range: Range<usize>) {
        self.out.problems.push((message.into(), range.into()));
    }

    fn number_root(&mut self, mut entry: Entry) {
        self.root += 1;
        number(&mut entry, &[self.root]);
        self.out.items.push(Item::Entry(entry));
    }

    /// The entries of a list just begun.
    fn list(&mut self, depth: usize) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::End(TagEnd::List(_)) => break,
                Event::Start(Tag::Item) => self.item(range, depth, &mut entries),
                _ => {}
            }
        }
        entries
    }

    /// One item: a link, perhaps with a list below it.
    fn item(&mut self, range: Range<usize>, depth: usize, entries: &mut Vec<Entry>) {
        let mut own: Option<usize> = None;
        let mut stray = false;
        while let Some((event, here)) = self.events.next() {
            match event {
                Event::End(TagEnd::Item) => break,
                Event::Start(Tag::Link { dest_url, .. }) if own.is_none() => {
                    entries.push(self.link(&dest_url, here));
                    own = Some(entries.len() - 1);
                }
                Event::Start(Tag::List(_)) => {
                    let below = self.list((depth + 1).min(DEEPEST));
                    match own.and_then(|at| entries.get_mut(at)) {
                        Some(entry) if depth < DEEPEST => entry.children.extend(below),
                        _ => entries.extend(below),
                    }
                }
                Event::Text(text) | Event::Code(text)
                    if own.is_none() && !text.trim().is_empty() && !stray =>
                {
                    stray = true;
                    let line = range.start..here.end;
                    self.problem(
                        format!(
                            "`{}` is no link: each item of the list must be `[title](file.md)`",
                            text.trim()
                        ),
                        line,
                    );
                }
                _ => {}
            }
        }
    }

    fn link(&mut self, target: &str, range: Range<usize>) -> Entry {
        let name = self.text_until(&TagEnd::Link);
        let target = target.replace("%20", " ");
        Entry {
            name,
            target: (!target.is_empty()).then_some(target),
            number: None,
            children: Vec::new(),
            span: range.into(),
        }
    }

    /// The plain text up to an end.
    fn text_until(&mut self, end: &TagEnd) -> String {
        let mut out = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::End(found) if found == *end => break,
                Event::Text(text) | Event::Code(text) => out.push_str(&text),
                Event::SoftBreak => out.push(' '),
                _ => {}
            }
        }
        out
    }

    fn duplicates(&mut self) {
        let mut seen = std::collections::HashSet::new();
        let mut found = Vec::new();
        let mut stack: Vec<&Entry> = Vec::new();
        for item in &self.out.items {
            let Item::Entry(entry) = item else { continue };
            stack.push(entry);
            while let Some(entry) = stack.pop() {
                let normal = |target: &String| {
                    crate::base::RelPath::parse(target)
                        .map_or_else(|_| target.clone(), |path| path.as_str().to_owned())
                };
                if let Some(target) = &entry.target
                    && !seen.insert(normal(target))
                {
                    found.push((format!("`{target}` is listed twice"), entry.span));
                }
                stack.extend(entry.children.iter().rev());
            }
        }
        self.out.problems.extend(found);
    }
}

fn number(entry: &mut Entry, own: &[u32]) {
    entry.number = Some(own.to_vec());
    for (child, at) in entry.children.iter_mut().zip(1..) {
        let mut below = own.to_vec();
        below.push(at);
        number(child, &below);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(entry: &Entry, out: &mut Vec<String>) {
        let number =
            entry.number.as_ref().map_or(String::new(), |n| n.iter().map(|n| format!("{n}.")).collect());
        out.push(format!("{number}{}={}", entry.name, entry.target.as_deref().unwrap_or("draft")));
        entry.children.iter().for_each(|child| self::entry(child, out));
    }

    fn show(items: &[Item]) -> Vec<String> {
        let mut out = Vec::new();
        for item in items {
            match item {
                Item::Entry(found) => entry(found, &mut out),
                Item::Part(title) => out.push(format!("# {title}")),
                Item::Separator => out.push("---".into()),
            }
        }
        out
    }

    #[test]
    fn the_whole_grammar_is_read() {
        let text = "# Summary\n\n[Intro](intro.md)\n\n---\n\n# One\n\n- [A](a.md)\n  - [B](b%20c.md)\n  - [Draft]()\n- [C](c.md)\n\n---\n\n- [D](d.md)\n\n# Two\n\n* [E](e.md)\n\n[End](end.md)\n";
        let summary = parse(text);
        assert_eq!(
            show(&summary.items),
            [
                "Intro=intro.md",
                "---",
                "# One",
                "1.A=a.md",
                "1.1.B=b c.md",
                "1.2.Draft=draft",
                "2.C=c.md",
                "---",
                "3.D=d.md",
                "# Two",
                "4.E=e.md",
                "End=end.md"
            ]
        );
        assert!(summary.problems.is_empty());
    }

    #[test]
    fn mistakes_are_said_and_the_rest_is_read() {
        let summary =
            parse("- [A](a.md)\n- plain\n- [A again](a.md)\n\n[End](end.md)\n\n- [Late](late.md)\n");
        let messages: Vec<&str> = summary.problems.iter().map(|(message, _)| message.as_str()).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
        assert!(messages[0].contains("`plain` is no link"));
        assert!(messages[1].contains("a list cannot follow"));
        assert!(messages[2].contains("`a.md` is listed twice"));
        assert_eq!(show(&summary.items).len(), 4);
    }
}
