//! Markdown events to the page's tree. The tree is the one mdBook 0.5.4 builds (its renderer is the specification
//! that books are written against), so the same quirks hold: which raw tags nest, which headings get ids.

use super::raw::{self, Token};
use super::source::Mapped;
use super::tree::{Element, LONGEST_TEXT, NONE, NodeId, NodeKind, ROOT, Tree};
use super::{
    CheckBox, Facts, Flaw, FlawKind, Heading, Link, LinkKind, Mark, MarkKind, Options, Remark, StyleFact,
    StyleKind,
};
use crate::base::{Span, UniqueNames, beginning, refused};
use crate::diag::Place;
use pulldown_cmark::{
    Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options as Extensions,
    Parser, Tag, TagEnd,
};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Builds the tree and writes down what it meets.
pub(super) fn tree<'t>(mapped: &'t Mapped<'_>, options: &Options, facts: &mut Facts) -> Tree<'t> {
    let text = mapped.text();
    let mut undefined = Vec::new();
    let callback = |link: BrokenLink<'t>| {
        let full = matches!(
            link.link_type,
            LinkType::ReferenceUnknown
                | LinkType::CollapsedUnknown
                | LinkType::Reference
                | LinkType::Collapsed
        );
        if full || link.reference.starts_with('^') {
            undefined.push((link.reference.to_string(), link.span));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(text, extensions(options), Some(callback));
    let defined: Vec<(String, Range<usize>)> = parser
        .reference_definitions()
        .iter()
        .filter(|(_, definition)| refused(&definition.dest).is_some())
        .map(|(_, definition)| (definition.dest.to_string(), definition.span.clone()))
        .collect();
    let mut builder = Builder {
        mapped,
        facts,
        tree: Tree::new(text.len() / 24 + 8),
        stack: vec![ROOT],
        current: ROOT,
        head: true,
        alignments: Vec::new(),
        column: 0,
        footnotes: Footnotes::default(),
        in_link: 0,
        in_code: false,
        line: (0, 0),
    };
    builder.run(&mut parser.into_offset_iter());
    builder.footnotes();
    builder.heading_ids(options.book);
    let tree = builder.tree;
    unsafe_definitions(defined, mapped, facts);
    undefined_references(undefined, mapped, facts);
    tree
}

/// Definitions that no link uses; one that does says so itself.
fn unsafe_definitions(defined: Vec<(String, Range<usize>)>, mapped: &Mapped<'_>, facts: &mut Facts) {
    if defined.is_empty() {
        return;
    }
    let used: HashSet<&str> = facts.links.iter().map(|link| link.target.as_str()).collect();
    for (address, span) in defined {
        if let Some(scheme) = refused(&address).filter(|_| !used.contains(address.as_str())) {
            let kind = FlawKind::UnsafeAddress { scheme, address };
            facts.flaws.push(Flaw { kind, place: mapped.place(span) });
        }
    }
}

/// Labels in square brackets that nothing defines.
fn undefined_references(mut undefined: Vec<(String, Range<usize>)>, mapped: &Mapped<'_>, facts: &mut Facts) {
    let text = mapped.text();
    undefined.sort_by_key(|(_, span)| span.start);
    undefined.dedup();
    for (label, span) in undefined {
        // `grid[x][y]` in prose is an index, `[tab][tab]` two keys: no references.
        let index = text[..span.start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ']');
        let twice = text[span.clone()]
            .trim_matches(['[', ']'])
            .split_once("][")
            .is_some_and(|(text, label)| text == label);
        let escaped = text[span.clone()].contains("\\[");
        if let Some(name) = label.strip_prefix('^') {
            facts
                .flaws
                .push(Flaw { kind: FlawKind::FootnoteUndefined(name.to_owned()), place: mapped.place(span) });
        } else if !(index || twice || escaped) {
            facts.flaws.push(Flaw { kind: FlawKind::UndefinedReference(label), place: mapped.place(span) });
        }
    }
}

fn extensions(options: &Options) -> Extensions {
    let mut set = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS;
    set.set(Extensions::ENABLE_HEADING_ATTRIBUTES, options.book);
    set.set(Extensions::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    set.set(Extensions::ENABLE_DEFINITION_LIST, options.definition_lists);
    set.set(Extensions::ENABLE_GFM, options.admonitions);
    set
}

#[derive(Default)]
struct Footnotes<'t> {
    /// Name to number and count of references, in the order of first reference.
    numbers: HashMap<CowStr<'t>, (usize, u32)>,
    defined: HashMap<CowStr<'t>, NodeId>,
    /// First reference of each name.
    places: HashMap<CowStr<'t>, Range<usize>>,
}

struct Builder<'t, 'f, 'm> {
    mapped: &'t Mapped<'m>,
    facts: &'f mut Facts,
    tree: Tree<'t>,
    stack: Vec<NodeId>,
    current: NodeId,
    /// In a table's head.
    head: bool,
    alignments: Vec<Alignment>,
    column: usize,
    footnotes: Footnotes<'t>,
    in_link: u32,
    in_code: bool,
    /// The last place whose line was asked for, and where that line begins.
    line: (usize, usize),
}

/// Bytes of the longest address that is noticed in running text; browsers take some thousands.
const LONGEST_ADDRESS: usize = 4_000;

/// Elements whose end tag may be left out that an end tag further out closes with its own.
const MOST_LEFT_OPEN: usize = 200;

fn cow(text: CowStr<'_>) -> Cow<'_, str> {
    match text {
        CowStr::Borrowed(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.into_string()),
    }
}

impl<'t> Builder<'t, '_, '_> {
    fn run(&mut self, events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>) {
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(Tag::HtmlBlock) => self.html_block(events),
                Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                    self.image(link_type, dest_url, title, range, events)
                }
                Event::Start(Tag::MetadataBlock(_)) => skip(events),
                Event::Start(Tag::FootnoteDefinition(name)) => self.footnote_definition(name, range, events),
                Event::Start(tag) => self.start(tag, range),
                Event::End(end) => self.end(end),
                Event::Text(text) => self.text_event(text, range),
                Event::Code(code) => {
                    let node = self.append(Element::new("code"), range.clone());
                    self.tree.append(node, NodeKind::Text(cow(code)), range.into());
                }
                Event::InlineMath(text) => self.math("math math-inline", text, range),
                Event::DisplayMath(text) => self.math("math math-display", text, range),
                Event::Html(html) | Event::InlineHtml(html) => self.html(&html, &[(0, range.start)]),
                Event::FootnoteReference(name) => self.footnote_reference(name, range),
                Event::SoftBreak => self.text(Cow::Borrowed("\n"), range),
                Event::HardBreak => drop(self.append(Element::new("br"), range)),
                Event::Rule => drop(self.append(Element::new("hr"), range)),
                Event::TaskListMarker(checked) => self.task(checked, range),
            }
        }
        while self.stack.len() > 1 {
            self.close_raw("");
            self.pop();
        }
    }

    fn append(&mut self, element: Element<'t>, range: Range<usize>) -> NodeId {
        self.tree.append(self.current, NodeKind::Element(element), range.into())
    }

    fn push(&mut self, element: Element<'t>, range: Range<usize>) {
        let id = self.append(element, range);
        self.stack.push(id);
        self.current = id;
    }

    /// Enters an element that ends together with the one entered next.
    fn enter(&mut self, element: Element<'t>, range: Range<usize>) {
        self.current = self.append(element, range);
    }

    fn pop(&mut self) {
        if self.stack.len() > 1 {
            self.stack.pop();
        }
        self.current = self.stack.last().copied().unwrap_or(ROOT);
    }

    /// Text joins the text before it, so that code blocks hold one text node.
    fn text(&mut self, text: Cow<'t, str>, range: Range<usize>) {
        let last = self.tree.node(self.current).last;
        if last != NONE
            && let NodeKind::Text(before) = &mut self.tree.node_mut(last).kind
        {
            before.to_mut().push_str(&text);
            self.tree.node_mut(last).span.end = Span::from(range).end;
            return;
        }
        self.tree.append(self.current, NodeKind::Text(text), range.into());
    }

    fn text_event(&mut self, text: CowStr<'t>, range: Range<usize>) {
        if !self.in_code {
            self.style(&text, &range);
        }
        self.text(cow(text), range);
    }

    /// Placeholders and bare addresses in running text.
    fn style(&mut self, text: &str, range: &Range<usize>) {
        let mut note = |kind, at: usize, len: usize| {
            let place = self
                .mapped
                .place(range.start + at..(range.start + at + len).min(range.end.max(range.start + at)));
            self.facts.style.push(StyleFact { kind, text: text[at..at + len].to_owned(), place });
        };
        if text.len() >= 3 && text.bytes().any(|b| b.is_ascii_uppercase()) {
            for word in ["TODO", "FIXME", "TBD", "XXX"] {
                for (at, _) in text.match_indices(word) {
                    let letter =
                        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
                    if !letter(text[..at].chars().next_back())
                        && !letter(text[at + word.len()..].chars().next())
                    {
                        note(StyleKind::Placeholder, at, word.len());
                    }
                }
            }
        }
        for words in ["lorem ipsum", "Lorem ipsum"] {
            if let Some(at) = text.find(words) {
                note(StyleKind::Placeholder, at, words.len());
            }
        }
        if self.in_link == 0 && text.contains("://") {
            self.bare_urls(range);
        }
    }

    /// Addresses in the source of a text event. The parser cuts text at every character that might mean something,
    /// so an address is read from the source, over the event's end.
    fn bare_urls(&mut self, range: &Range<usize>) {
        let source = &self.mapped.text()[range.start..];
        let event = range.end - range.start;
        for scheme in ["https://", "http://"] {
            for (at, _) in source[..event].match_indices(scheme) {
                let rest = &source[at..];
                let rest = beginning(rest, LONGEST_ADDRESS);
                let end = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|'))
                    .unwrap_or(rest.len());
                let mut address =
                    rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', ']', '\\']);
                let opened = address.matches('(').count();
                let mut closed = address.matches(')').count();
                while address.ends_with(')') && closed > opened {
                    address = address[..address.len() - 1].trim_end_matches(['.', ',', ';', ':']);
                    closed -= 1;
                }
                if address.len() > scheme.len() {
                    let place = self.mapped.place(range.start + at..range.start + at + address.len());
                    self.facts.style.push(StyleFact {
                        kind: StyleKind::BareUrl,
                        text: address.to_owned(),
                        place,
                    });
                }
            }
        }
    }

    fn math(&mut self, class: &'static str, text: CowStr<'t>, range: Range<usize>) {
        let node = self.append(Element::new("span").with("class", class), range.clone());
        self.tree.append(node, NodeKind::Text(cow(text)), range.into());
    }

    fn task(&mut self, checked: bool, range: Range<usize>) {
        let mut input = Element::new("input").with("type", "checkbox").with("disabled", "");
        input.set("aria-label", if checked { "done" } else { "to do" });
        if checked {
            input.set("checked", "");
        }
        self.facts.boxes.push(CheckBox { place: self.mapped.place(range.clone()), checked });
        self.append(input, range.clone());
        self.text(Cow::Borrowed(" "), range);
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        let element = match tag {
            Tag::Paragraph => Element::new("p"),
            Tag::Heading { level, id, classes, attrs } => {
                self.heading(level as u8, id, &classes, attrs, &range)
            }
            Tag::BlockQuote(None) => Element::new("blockquote"),
            Tag::BlockQuote(Some(kind)) => return self.alert(kind, range),
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                self.enter(Element::new("pre"), range.clone());
                code_element(kind)
            }
            Tag::List(Some(1)) => Element::new("ol"),
            Tag::List(Some(start)) => Element::new("ol").with("start", start.to_string()),
            Tag::List(None) => Element::new("ul"),
            Tag::Item => Element::new("li"),
            Tag::DefinitionList => Element::new("dl"),
            Tag::DefinitionListTitle => Element::new("dt"),
            Tag::DefinitionListDefinition => Element::new("dd"),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.enter(
                    Element::new("div").with("class", "table-wrapper").with("tabindex", "0"),
                    range.clone(),
                );
                Element::new("table")
            }
            Tag::TableHead => {
                (self.head, self.column) = (true, 0);
                self.enter(Element::new("thead"), range.clone());
                Element::new("tr")
            }
            Tag::TableRow => {
                self.column = 0;
                Element::new("tr")
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => Element::new("em"),
            Tag::Strong => Element::new("strong"),
            Tag::Strikethrough => Element::new("del"),
            Tag::Superscript => Element::new("sup"),
            Tag::Subscript => Element::new("sub"),
            Tag::Link { link_type, dest_url, title, .. } => self.link(link_type, dest_url, title, &range),
            Tag::Image { .. } | Tag::HtmlBlock | Tag::MetadataBlock(_) | Tag::FootnoteDefinition(_) => return,
        };
        self.push(element, range);
    }

    fn end(&mut self, end: TagEnd) {
        if matches!(end, TagEnd::HtmlBlock) {
            return;
        }
        self.close_raw("");
        let closed = self.current;
        self.pop();
        match end {
            TagEnd::TableHead => {
                self.head = false;
                self.push(Element::new("tbody"), 0..0);
            }
            TagEnd::TableCell => self.column += 1,
            TagEnd::Table => self.pop(),
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::Link => {
                self.in_link = self.in_link.saturating_sub(1);
                self.finish_link(closed);
            }
            _ => {}
        }
    }

    /// Leaves raw elements that are still open; mdBook closes them with the Markdown element around them.
    fn close_raw(&mut self, keep: &str) {
        while let Some(element) =
            self.tree.element(self.current).filter(|element| element.raw && element.name != keep)
        {
            if !raw::may_stay_open(&element.name) {
                // As the author wrote it: `MaybeUninit<T>` is told better by `<T>` than by `<t>`.
                let source = &self.mapped.text()[self.tree.node(self.current).span.range()];
                let name: String =
                    source.trim_start_matches('<').chars().take(element.name.chars().count()).collect();
                let name = if name.eq_ignore_ascii_case(&element.name) {
                    name
                } else {
                    element.name.clone().into_owned()
                };
                let place = self.place_of(self.current);
                self.facts.flaws.push(Flaw { kind: FlawKind::UnclosedTag(name), place });
            }
            self.leave_raw(self.current);
            self.pop();
        }
    }

    fn place_of(&self, id: NodeId) -> Place {
        self.mapped.place(self.tree.node(id).span.range())
    }

    fn heading(
        &mut self,
        level: u8,
        id: Option<CowStr<'t>>,
        classes: &[CowStr<'t>],
        attributes: Vec<(CowStr<'t>, Option<CowStr<'t>>)>,
        range: &Range<usize>,
    ) -> Element<'t> {
        let name = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level.clamp(1, 6)) - 1];
        let mut element = Element::new(name);
        for (key, value) in attributes {
            element.attributes.push((cow(key), value.map_or(Cow::Borrowed(""), cow)));
        }
        if let Some(id) = id {
            element.set("id", cow(id));
        }
        if !classes.is_empty() {
            element.set("class", classes.join(" "));
        }
        let trimmed = range.start..range.start + self.mapped.text()[range.clone()].trim_end().len();
        let place = self.mapped.place(trimmed);
        element.heading = u32::try_from(self.facts.headings.len()).ok();
        self.facts.headings.push(Heading { level, id: String::new(), text: String::new(), place });
        element
    }

    fn alert(&mut self, kind: BlockQuoteKind, range: Range<usize>) {
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("blockquote-tag blockquote-tag-note", "Note"),
            BlockQuoteKind::Tip => ("blockquote-tag blockquote-tag-tip", "Tip"),
            BlockQuoteKind::Important => ("blockquote-tag blockquote-tag-important", "Important"),
            BlockQuoteKind::Warning => ("blockquote-tag blockquote-tag-warning", "Warning"),
            BlockQuoteKind::Caution => ("blockquote-tag blockquote-tag-caution", "Caution"),
        };
        self.push(Element::new("blockquote").with("class", class), range.clone());
        let head = self.append(Element::new("p").with("class", "blockquote-tag-title"), range.clone());
        self.tree.append(head, NodeKind::Text(Cow::Borrowed(title)), range.into());
    }

    fn cell(&mut self) -> Element<'t> {
        let cell = Element::new(if self.head { "th" } else { "td" });
        match self.alignments.get(self.column) {
            Some(Alignment::Left) => cell.with("class", "al"),
            Some(Alignment::Center) => cell.with("class", "ac"),
            Some(Alignment::Right) => cell.with("class", "ar"),
            _ => cell,
        }
    }

    fn note_link(
        &mut self,
        kind: LinkKind,
        target: &str,
        text: Option<String>,
        range: &Range<usize>,
        form: Form,
    ) -> Option<u32> {
        let source = &self.mapped.text()[range.clone()];
        let at = if target.is_empty() { None } else { target_offset(source, target, form) };
        let target_place = at.map(|at| self.mapped.place(range.start + at..range.start + at + target.len()));
        let place = self.mapped.place(range.clone());
        let raw = matches!(form, Form::Raw(_));
        let index = u32::try_from(self.facts.links.len()).ok();
        self.facts.links.push(Link { kind, target: target.to_owned(), text, place, target_place, raw });
        index
    }

    fn link(
        &mut self,
        link_type: LinkType,
        target: CowStr<'t>,
        title: CowStr<'t>,
        range: &Range<usize>,
    ) -> Element<'t> {
        self.in_link += 1;
        let target = if link_type == LinkType::Email { format!("mailto:{target}").into() } else { target };
        let mut element = Element::new("a");
        element.link = self.note_link(LinkKind::Link, &target, None, range, Form::of(link_type));
        element.set("href", cow(target));
        if !title.is_empty() {
            element.set("title", cow(title));
        }
        element
    }

    /// Fills in a link's text once it is complete.
    fn finish_link(&mut self, id: NodeId) {
        let Some(index) = self.tree.element(id).and_then(|element| element.link) else { return };
        // Links of Markdown do not nest.
        let raw = self.tree.element(id).is_some_and(|element| element.raw);
        let (mut text, whole) = if raw { self.tree.beginning(id) } else { (self.tree.text(id), true) };
        let has_image = self
            .tree
            .children(id)
            .take(if raw { LONGEST_TEXT } else { usize::MAX })
            .any(|child| self.tree.element(child).is_some_and(|inner| inner.name == "img"));
        if has_image || !whole {
            text.push('\u{fffc}');
        }
        if let Some(link) = self.facts.links.get_mut(index as usize) {
            link.text = Some(text);
        }
    }

    fn image(
        &mut self,
        link_type: LinkType,
        target: CowStr<'t>,
        title: CowStr<'t>,
        range: Range<usize>,
        events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>,
    ) {
        let alt = alternative_text(events);
        let mut element = Element::new("img");
        element.link =
            self.note_link(LinkKind::Image, &target, Some(alt.clone()), &range, Form::of(link_type));
        element.set("src", cow(target));
        if !title.is_empty() {
            element.set("title", cow(title));
        }
        element.set("alt", alt);
        self.append(element, range);
    }

    fn html_block(&mut self, events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>) {
        let mut html = String::new();
        let mut pieces = Vec::new();
        for (event, range) in events.by_ref() {
            match event {
                Event::Html(text) | Event::Text(text) => {
                    pieces.push((html.len(), range.start));
                    html.push_str(&text);
                }
                Event::End(TagEnd::HtmlBlock) => break,
                _ => {}
            }
        }
        self.html(&html, &pieces);
    }

    /// Adds raw HTML; `pieces` says where in the text its parts begin.
    fn html(&mut self, html: &str, pieces: &[(usize, usize)]) {
        let at = |offset: usize| {
            let found = pieces.partition_point(|(begin, _)| *begin <= offset).max(1) - 1;
            pieces.get(found).map_or(0, |(begin, source)| source + offset - begin)
        };
        let range = |start: usize, end: usize| at(start)..at(start) + (end - start);
        let mut verbatim = false;
        for token in raw::tokens(html) {
            match token {
                Token::Open { name, attributes, closed, start, end } => {
                    verbatim = matches!(&*name, "script" | "style");
                    self.open_raw(name, attributes, closed, range(start, end.max(start)));
                }
                Token::Close { name, start, end } => {
                    verbatim = false;
                    self.end_raw(&name, range(start, end.max(start)));
                }
                Token::Text(text, start) => {
                    let here = range(start, start);
                    if verbatim {
                        self.tree.append(self.current, NodeKind::Verbatim(text), here.into());
                    } else {
                        self.text(Cow::Owned(text), here);
                    }
                }
                Token::Comment(text, start, end) => {
                    let here = range(start, end.max(start));
                    self.facts.all_contributors |=
                        text.trim_start().starts_with("ALL-CONTRIBUTORS-LIST:START");
                    self.facts.declares_lists |= text.trim().starts_with("lists:");
                    if let Some(kind) = MarkKind::parse(&text) {
                        let place = self.mapped.place(here.clone());
                        self.facts.marks.push(Mark { kind, place });
                    }
                    if let Some(remark) = text.trim().strip_prefix("oathbook:") {
                        let line = self.line_start(here.start);
                        let line = self.mapped.place(line..here.start).span.start;
                        self.facts.remarks.push(Remark {
                            text: remark.trim().to_owned(),
                            place: self.mapped.place(here.clone()),
                            line,
                        });
                    }
                    self.tree.append(self.current, NodeKind::Comment(text), here.into());
                }
            }
        }
    }

    /// Where the line begins that holds a place. Places come in the order of the text, mostly.
    fn line_start(&mut self, at: usize) -> usize {
        let (before, known) = if self.line.0 <= at { self.line } else { (0, 0) };
        let found = self.mapped.text()[before..at].rfind('\n').map_or(known, |found| before + found + 1);
        self.line = (at, found);
        found
    }

    fn open_raw(
        &mut self,
        name: String,
        attributes: Vec<(String, String)>,
        closed: bool,
        range: Range<usize>,
    ) {
        let mut element = Element::new(name);
        element.raw = true;
        element.closed = closed;
        element.attributes =
            attributes.into_iter().map(|(key, value)| (Cow::Owned(key), Cow::Owned(value))).collect();
        let target = match &*element.name {
            "a" => element.attribute("href").map(|target| (LinkKind::Link, target.to_owned())),
            "img" | "source" | "video" | "audio" | "embed" => {
                element.attribute("src").map(|target| (LinkKind::Image, target.to_owned()))
            }
            _ => None,
        };
        if let Some((kind, target)) = target {
            let alt = if &*element.name == "img" {
                element.attribute("alt").map(str::to_owned)
            } else {
                Some(String::from("media"))
            };
            let text = if kind == LinkKind::Image { alt } else { None };
            let attribute = if kind == LinkKind::Link { "href" } else { "src" };
            element.link = self.note_link(kind, &target, text, &range, Form::Raw(attribute));
        }
        let ends = raw::is_void(&element.name) || closed;
        self.in_link += u32::from(&*element.name == "a" && !ends);
        self.push(element, range);
        if ends {
            self.pop();
        }
    }

    fn end_raw(&mut self, name: &str, range: Range<usize>) {
        // `</tr>` ends an open `<td>`: its end tag may be left out.
        let mut depth = self.stack.len();
        let lowest = depth.saturating_sub(MOST_LEFT_OPEN);
        while let Some(element) = depth.checked_sub(1).and_then(|at| self.tree.element(*self.stack.get(at)?))
        {
            if !element.raw || element.name == name || !raw::may_stay_open(&element.name) || depth <= lowest {
                break;
            }
            depth -= 1;
        }
        let matches = depth
            .checked_sub(1)
            .and_then(|at| self.tree.element(*self.stack.get(at)?))
            .is_some_and(|e| e.name == name);
        if matches {
            while self.stack.len() > depth {
                self.leave_raw(self.current);
                self.pop();
            }
            self.leave_raw(self.current);
            self.pop();
        } else if name != "br" && name != "p" && !raw::is_void(name) {
            let kind = FlawKind::StrayEndTag(name.to_owned());
            self.facts.flaws.push(Flaw { kind, place: self.mapped.place(range) });
        }
    }

    fn leave_raw(&mut self, id: NodeId) {
        if self.tree.element(id).is_some_and(|element| element.name == "a") {
            self.in_link = self.in_link.saturating_sub(1);
            self.finish_link(id);
        }
    }

    fn footnote_definition(
        &mut self,
        name: CowStr<'t>,
        range: Range<usize>,
        events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>,
    ) {
        if self.footnotes.defined.contains_key(&name) {
            let line = self.mapped.text()[range.clone()].lines().next().map_or(0, str::len);
            let place = self.mapped.place(range.start..range.start + line);
            self.facts.flaws.push(Flaw { kind: FlawKind::FootnoteRepeated(name.to_string()), place });
            return skip(events);
        }
        let item = Element::new("li").with("id", format!("footnote-{name}"));
        let id = self.tree.detached(NodeKind::Element(item), range.into());
        self.footnotes.defined.insert(name, id);
        self.stack.push(id);
        self.current = id;
    }

    fn footnote_reference(&mut self, name: CowStr<'t>, range: Range<usize>) {
        let next = self.footnotes.numbers.len() + 1;
        let (number, count) = self.footnotes.numbers.entry(name.clone()).or_insert((next, 0));
        *count += 1;
        let (number, count) = (*number, *count);
        self.footnotes.places.entry(name.clone()).or_insert(range.clone());
        let last = self.tree.node(self.current).last;
        if self
            .tree
            .element(last)
            .is_some_and(|before| before.attribute("class") == Some("footnote-reference"))
        {
            self.text(Cow::Borrowed(" "), range.clone());
        }
        let mark =
            Element::new("sup").with("class", "footnote-reference").with("id", format!("fr-{name}-{count}"));
        let mark = self.append(mark, range.clone());
        let link = Element::new("a").with("href", format!("#footnote-{name}"));
        let link = self.tree.append(mark, NodeKind::Element(link), range.clone().into());
        self.tree.append(link, NodeKind::Text(Cow::Owned(number.to_string())), range.into());
    }

    /// Moves the definitions to the end, in the order of their first reference, each with links back.
    fn footnotes(&mut self) {
        let Footnotes { numbers, defined, places } = std::mem::take(&mut self.footnotes);
        let mut missing: Vec<_> =
            places.into_iter().filter(|(name, _)| !defined.contains_key(name)).collect();
        missing.sort_by_key(|(_, range)| range.start);
        for (name, range) in missing {
            let place = self.mapped.place(range);
            self.facts.flaws.push(Flaw { kind: FlawKind::FootnoteUndefined(name.to_string()), place });
        }
        if defined.is_empty() {
            return;
        }
        let mut used = Vec::new();
        let mut defined: Vec<_> = defined.into_iter().collect();
        defined.sort_by_key(|(_, id)| *id);
        for (name, id) in defined {
            match numbers.get(&name) {
                Some((number, count)) => used.push((*number, *count, name, id)),
                None => {
                    let span = self.tree.node(id).span.range();
                    let line = self.mapped.text()[span.clone()].lines().next().map_or(0, str::len);
                    let place = self.mapped.place(span.start..span.start + line);
                    self.facts.flaws.push(Flaw { kind: FlawKind::FootnoteUnused(name.to_string()), place });
                }
            }
        }
        used.sort_by_key(|(number, ..)| *number);
        self.current = ROOT;
        self.append(Element::new("hr"), 0..0);
        let list = self.append(Element::new("ol").with("class", "footnote-definition"), 0..0);
        for (_, count, name, id) in used {
            self.tree.attach(list, id);
            let last = self.tree.node(id).last;
            let inside =
                if self.tree.element(last).is_some_and(|element| element.name == "p") { last } else { id };
            for usage in 1..=count {
                self.tree.append(inside, NodeKind::Text(Cow::Borrowed(" ")), Span::default());
                let link = Element::new("a").with("href", format!("#fr-{name}-{usage}"));
                let link = self.tree.append(inside, NodeKind::Element(link), Span::default());
                let mark = if usage == 1 { Cow::Borrowed("↩") } else { Cow::Owned(format!("↩{usage}")) };
                self.tree.append(link, NodeKind::Text(mark), Span::default());
            }
        }
    }

    /// Gives ids to headings and terms that have none, as mdBook does: chosen ids do not count as taken.
    fn heading_ids(&mut self, book: bool) {
        let mut names = UniqueNames::default();
        for id in 0..u32::try_from(self.tree.nodes.len()).unwrap_or(NONE) {
            let Some(element) = self.tree.element(id) else { continue };
            let wanted = matches!(&*element.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt");
            if !wanted {
                continue;
            }
            if element.raw && (book || element.name == "dt") {
                self.raw_heading(id);
                continue;
            }
            // A forge gives raw headings ids, too.
            if element.raw {
                self.raw_heading(id);
            }
            let text = self.tree.text(id);
            let name = match self.tree.element(id).and_then(|element| element.attribute("id")) {
                Some(chosen) => chosen.to_owned(),
                None => names.take(&slug(&text)),
            };
            let Some(element) = self.tree.element_mut(id) else { continue };
            element.set("id", name.clone());
            if let Some(heading) =
                element.heading.and_then(|index| self.facts.headings.get_mut(index as usize))
            {
                heading.id = name;
                heading.text = text;
            }
        }
    }

    fn raw_heading(&mut self, id: NodeId) {
        let place = self.place_of(id);
        let text = self.tree.beginning(id).0;
        let Some(element) = self.tree.element_mut(id) else { return };
        let Some(level) = element.name.strip_prefix('h').and_then(|level| level.parse().ok()) else { return };
        let name = element.attribute("id").unwrap_or("").to_owned();
        element.heading = u32::try_from(self.facts.headings.len()).ok();
        self.facts.headings.push(Heading { level, id: name, text, place });
    }
}

/// How a link is written, which says where its target stands.
#[derive(Clone, Copy)]
enum Form {
    /// `[text](target)`.
    Inline,
    /// `[text][label]` and `<target>`: the target stands elsewhere or is the whole.
    Elsewhere,
    /// An attribute of this name.
    Raw(&'static str),
}

impl Form {
    fn of(link_type: LinkType) -> Self {
        if link_type == LinkType::Inline { Self::Inline } else { Self::Elsewhere }
    }
}

/// Where the target stands in a link's source; none where it is not written as it reads (escapes, entities).
fn target_offset(source: &str, target: &str, form: Form) -> Option<usize> {
    let (mark, skipped): (&str, &[char]) = match form {
        Form::Inline => ("](", &[' ', '\n', '\r', '\t', '<']),
        Form::Elsewhere => return None,
        Form::Raw(name) => (name, &[' ', '\n', '\r', '\t', '=', '"', '\'']),
    };
    // The first mark whose rest begins with the target: titles and other attributes come later or look different.
    source.match_indices(mark).find_map(|(at, _)| {
        let rest = source[at + mark.len()..].trim_start_matches(skipped);
        rest.starts_with(target).then(|| source.len() - rest.len())
    })
}

fn code_element(kind: CodeBlockKind<'_>) -> Element<'_> {
    let mut code = Element::new("code");
    code.info = Some(match kind {
        CodeBlockKind::Fenced(info) => cow(info),
        CodeBlockKind::Indented => Cow::Borrowed(""),
    });
    code
}

/// Skips to the end of the element just begun.
fn skip<'t>(events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>) {
    let mut depth = 0_u32;
    for (event, _) in events {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => return,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
}

/// The text of an image's description.
fn alternative_text<'t>(events: &mut impl Iterator<Item = (Event<'t>, Range<usize>)>) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for (event, _) in events {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => break,
            Event::End(_) => depth -= 1,
            Event::InlineHtml(text) | Event::Code(text) | Event::Text(text) => out.push_str(&text),
            Event::InlineMath(text) => out.push_str(&format!("${text}$")),
            Event::DisplayMath(text) => out.push_str(&format!("$${text}$$")),
            Event::SoftBreak | Event::HardBreak | Event::Rule => out.push(' '),
            _ => {}
        }
    }
    out
}

/// A heading's id from its text, by mdBook's rule: lower case; letters, digits, `_` and `-` stay; blanks become `-`.
pub fn slug(text: &str) -> String {
    let keep = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    };
    text.trim().to_lowercase().chars().filter_map(keep).collect()
}
