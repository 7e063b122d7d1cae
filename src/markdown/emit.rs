//! The page's tree to HTML, ids and slots, and the text for the search index.

use super::code;
use super::raw;
use super::source::Mapped;
use super::tree::{Element, NONE, NodeId, NodeKind, ROOT, Tree};
use super::{Block, Body, Doc, Facts, Flaw, FlawKind, Id, Input, LinkKind, Slot, SlotKind};
use crate::base::{exact, has_scheme};
use crate::diag::Place;
use std::borrow::Cow;

/// Writes the body and completes the facts.
pub(super) fn doc(tree: Tree<'_>, mapped: &Mapped<'_>, input: &Input<'_>, facts: Facts) -> Doc {
    let mut writer = Writer {
        tree: &tree,
        mapped,
        input,
        facts,
        out: String::with_capacity(mapped.text().len() * 3 / 2),
        slots: Vec::new(),
        sections: Vec::new(),
        tabs: 0,
        tab: None,
        steps: false,
        blocks: Vec::new(),
    };
    if input.options.search {
        writer.sections.push((None, String::new()));
    }
    writer.tree();
    if writer.tab.is_some() {
        writer.end_tabs();
    }
    if writer.steps {
        writer.out.push_str("</div>\n");
    }
    let Writer { mut facts, out, mut slots, sections, mut blocks, .. } = writer;
    facts.empty = out.trim().is_empty()
        || (tree.text(ROOT).trim().is_empty() && facts.links.is_empty() && !out.contains("<svg"));
    facts.settle();
    exact(&mut slots);
    exact(&mut blocks);
    let files = mapped.files().into();
    let shown = sections.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let mut sections = shown.map(|(heading, text)| (heading, Box::from(text.as_str()))).collect();
    exact(&mut sections);
    Doc { facts, body: Body { html: Box::from(out.as_str()), slots, blocks, files }, sections }
}

/// Escapes text between tags.
pub fn escape_text(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'&' => Some("&amp;"),
        _ => None,
    });
}

/// Escapes an attribute's value for double quotes.
pub fn escape_attribute(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'&' => Some("&amp;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    });
}

/// Text as it stands between tags.
pub fn escaped_text(text: &str) -> String {
    let mut out = String::new();
    escape_text(text, &mut out);
    out
}

/// Text as it stands between the double quotes of an attribute.
pub fn escaped_attribute(text: &str) -> String {
    let mut out = String::new();
    escape_attribute(text, &mut out);
    out
}

fn escape(text: &str, out: &mut String, replacement: impl Fn(u8) -> Option<&'static str>) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = replacement(byte) {
            out.push_str(&text[done..at]);
            out.push_str(entity);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
}

/// A link's target as a site needs it when no model has looked: `.md` becomes `.html`, fragments and queries stay.
pub fn default_target(target: &str) -> Cow<'_, str> {
    if has_scheme(target) || target.starts_with('#') {
        return Cow::Borrowed(target);
    }
    let end = target.find(['#', '?']).unwrap_or(target.len());
    match target[..end].strip_suffix(".md") {
        Some(stem) => Cow::Owned(format!("{stem}.html{}", &target[end..])),
        None => Cow::Borrowed(target),
    }
}

struct Writer<'t, 'i, 'm> {
    tree: &'t Tree<'t>,
    mapped: &'t Mapped<'m>,
    input: &'i Input<'i>,
    facts: Facts,
    out: String,
    slots: Vec<Slot>,
    sections: Vec<(Option<u32>, String)>,
    /// How many groups of tabs the page has.
    tabs: u32,
    /// In a group of tabs: how many it has so far.
    tab: Option<u32>,
    /// Whether the steps of a group are being written.
    steps: bool,
    blocks: Vec<Block>,
}

/// Elements that begin on a new line, so that the HTML can be read and compared line by line.
fn own_line(name: &str) -> bool {
    matches!(
        name,
        "blockquote"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "li"
            | "ol"
            | "p"
            | "pre"
            | "table"
            | "tbody"
            | "thead"
            | "tr"
            | "ul"
    )
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl<'t> Writer<'t, '_, '_> {
    fn tree(&mut self) {
        let mut at = self.tree.node(ROOT).first;
        while at != NONE {
            let node = self.tree.node(at);
            // What a group of tabs or steps holds is one block with it.
            if node.parent == ROOT && self.tab.is_none() && !self.steps {
                self.new_line();
                self.block(node.span.range());
            }
            let inside = self.open(at);
            if inside && node.first != NONE {
                at = node.first;
                continue;
            }
            if inside {
                self.close(at);
            }
            let mut up = at;
            at = loop {
                let node = self.tree.node(up);
                if node.next != NONE {
                    break node.next;
                }
                up = node.parent;
                if up == ROOT || up == NONE {
                    break NONE;
                }
                self.close(up);
            };
        }
    }

    /// Notes that a block of the top level begins here.
    fn block(&mut self, range: std::ops::Range<usize>) {
        let (file, span) = self.mapped.origin(range);
        self.blocks.push(Block { start: small(self.out.len()), file, span });
    }

    /// Writes a node's beginning; whether its children are to follow.
    fn open(&mut self, id: NodeId) -> bool {
        match &self.tree.node(id).kind {
            NodeKind::Root => true,
            NodeKind::Text(text) => {
                escape_text(text, &mut self.out);
                self.index_text(text);
                false
            }
            NodeKind::Verbatim(text) => {
                self.out.push_str(text);
                false
            }
            NodeKind::Comment(text) => {
                self.comment(text);
                false
            }
            NodeKind::Element(element) => self.element(id, element),
        }
    }

    fn index_text(&mut self, text: &str) {
        if let Some((_, section)) = self.sections.last_mut() {
            section.push_str(text);
        }
    }

    fn element(&mut self, id: NodeId, element: &'t Element<'t>) -> bool {
        let apart = matches!(&*element.name, "td" | "th");
        if own_line(&element.name) || apart {
            if !apart {
                self.new_line();
            }
            if let Some((_, section)) = self.sections.last_mut() {
                section.push(' ');
            }
        }
        if let (Some(heading), true) = (element.heading, self.input.options.search) {
            self.sections.push((Some(heading), String::new()));
        }
        if element.name == "pre"
            && let Some(block) = self.code_block(id)
        {
            self.write_code(id, &block);
            return false;
        }
        if element.name == "code"
            && self.tree.node(id).first == self.tree.node(id).last
            && self.write_inline_code(id, element)
        {
            return false;
        }
        self.tag(id, element);
        true
    }

    /// The `code` element of a fenced or indented block.
    fn code_block(&mut self, pre: NodeId) -> Option<code::Block> {
        let child = self.tree.node(pre).first;
        let inner = self.tree.element(child)?;
        if self.tree.node(child).next != NONE {
            return None;
        }
        let text = match self.tree.node(child).first {
            NONE => "",
            text => match &self.tree.node(text).kind {
                NodeKind::Text(content) if self.tree.node(text).next == NONE => content,
                _ => return None,
            },
        };
        let info = match (&inner.info, inner.raw) {
            (Some(info), _) => Cow::Borrowed(&**info),
            (None, true) => {
                let class = inner.attribute("class").unwrap_or("");
                Cow::Owned(class.strip_prefix("language-")?.replace(' ', ","))
            }
            (None, false) => return None,
        };
        Some(code::block(&info, text, self.input))
    }

    fn write_code(&mut self, pre: NodeId, block: &code::Block) {
        let range = self.tree.node(pre).span.range();
        let place = self.mapped.place(range.clone());
        let sample = block.sample.clone().map(|mut sample| {
            sample.lines = self.lines_of(&sample.text, range, &place);
            Box::new(sample)
        });
        let (language, known) = (block.language.clone(), block.known);
        self.facts.code.push(super::CodeFact { language, known, place, sample });
        block.write(&mut self.out);
        self.out.push('\n');
        let shown: String = block.text.clone();
        self.index_text(&shown);
    }

    /// Where the lines of a block's text begin in its file, if all of them are written there.
    fn lines_of(&self, text: &str, block: std::ops::Range<usize>, place: &Place) -> Vec<u32> {
        let Some(source) = self.mapped.text().get(block.clone()) else { return Vec::new() };
        let mut out = Vec::new();
        let mut at = block.start;
        let mut wanted = text.lines().peekable();
        for (number, line) in source.split_inclusive('\n').enumerate() {
            let begin = at;
            at += line.len();
            // The fence stands before the text; an indented block has none.
            if number == 0 && line.trim_start().starts_with(['`', '~']) {
                continue;
            }
            let Some(next) = wanted.peek() else { break };
            let Some(indent) = line.find(*next) else { return Vec::new() };
            let here = self.mapped.place(begin + indent..begin + indent + next.len());
            if here.file != place.file || here.span.range().len() != next.len() {
                return Vec::new();
            }
            out.push(here.span.start);
            wanted.next();
        }
        if wanted.peek().is_some() { Vec::new() } else { out }
    }

    /// Raw `<code class="language-rust">` outside of `pre` has hidden lines in mdBook, too.
    fn write_inline_code(&mut self, id: NodeId, element: &Element<'_>) -> bool {
        let rust = element.raw
            && element.attribute("class").is_some_and(|class| class.split(' ').any(|c| c == "language-rust"));
        let first = self.tree.node(id).first;
        if !rust || first == NONE {
            return false;
        }
        let NodeKind::Text(text) = &self.tree.node(first).kind else { return false };
        self.tag(id, element);
        code::block("rust", text, self.input).write_lines(&mut self.out);
        self.out.push_str("</code>");
        true
    }

    fn new_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn tag(&mut self, id: NodeId, element: &Element<'_>) {
        self.out.push('<');
        self.out.push_str(&element.name);
        for (name, value) in &element.attributes {
            self.attribute(id, element, name, value);
        }
        self.out.push_str(if element.closed { " />" } else { ">" });
    }

    fn attribute(&mut self, id: NodeId, element: &Element<'_>, name: &str, value: &str) {
        let kept = !name.is_empty()
            && !name.contains(|c: char| {
                c.is_whitespace() || matches!(c, '"' | '\'' | '>' | '/' | '=' | '<') || c.is_control()
            });
        if !kept {
            return;
        }
        if let Some(scheme) = raw::refused(&element.name, name, value) {
            return self.refuse(id, element, (scheme, value));
        }
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        let start = self.out.len();
        let target =
            element.link.is_some() && matches!(name, "href" | "src") && !self.written_before(element, name);
        if target || (element.name == "a" && name == "xlink:href") {
            escape_attribute(&default_target(value), &mut self.out);
        } else {
            escape_attribute(value, &mut self.out);
        }
        let slot = match name {
            "id" => Some(SlotKind::Id),
            "href" if value.starts_with('#') && element.link.is_none() => Some(SlotKind::Fragment),
            _ if target && (value.starts_with("api:") || !has_scheme(value)) && !value.starts_with("//") => {
                element.link.map(SlotKind::Href)
            }
            _ => None,
        };
        if let Some(kind) = slot {
            self.slots.push(Slot { start: small(start), end: small(self.out.len()), kind });
        }
        // On forges a `name` works on any element; in HTML only on `a`.
        if name == "id" || (name == "name" && (element.name == "a" || !self.input.options.book)) {
            let place = self.mapped.place(self.tree.node(id).span.range());
            let mark = element.raw && element.name == "a" && self.tree.node(id).first == NONE;
            self.facts.ids.push(Id { name: value.to_owned(), place, mark });
        }
        self.out.push('"');
    }

    /// Leaves an address out, and says so.
    fn refuse(&mut self, id: NodeId, element: &Element<'_>, (scheme, address): (&'static str, &str)) {
        let link = element.link.and_then(|index| self.facts.links.get(index as usize));
        let place = link.map(|link| link.target_place.as_ref().unwrap_or(&link.place).clone());
        let place = place.unwrap_or_else(|| self.mapped.place(self.tree.node(id).span.range()));
        let kind = FlawKind::UnsafeAddress { scheme, address: address.to_owned() };
        self.facts.flaws.push(Flaw { kind, place });
    }

    /// Whether this attribute is not the one that the link was read from.
    fn written_before(&self, element: &Element<'_>, name: &str) -> bool {
        let kind = element.link.and_then(|index| self.facts.links.get(index as usize)).map(|link| link.kind);
        match kind {
            Some(LinkKind::Link) => name != "href",
            Some(LinkKind::Image) => name != "src",
            None => true,
        }
    }

    fn close(&mut self, id: NodeId) {
        let NodeKind::Element(element) = &self.tree.node(id).kind else { return };
        if element.closed || raw::is_void(&element.name) {
            return;
        }
        if !element.raw
            && matches!(&*element.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt")
            && let Some(name) = element.attribute("id").filter(|name| !name.is_empty())
        {
            self.permalink(name);
        }
        self.out.push_str("</");
        self.out.push_str(&element.name);
        self.out.push('>');
        if own_line(&element.name) {
            self.out.push('\n');
        }
        if element.heading.is_some() && self.input.options.search {
            self.index_text("\u{1f}");
        }
    }

    /// A link beside the heading's text, not around it: headings may hold links.
    fn permalink(&mut self, id: &str) {
        self.out.push_str("<a class=\"header\" href=\"");
        let start = self.out.len();
        self.out.push('#');
        escape_attribute(id, &mut self.out);
        self.slots.push(Slot { start: small(start), end: small(self.out.len()), kind: SlotKind::Fragment });
        self.out.push_str("\" aria-label=\"Link to this section\"></a>");
    }

    /// A tab's switch, label and the beginning of its panel: radio buttons, so that no script is needed.
    fn begin_tab(&mut self, name: &str) {
        let number = self.tab.unwrap_or(0) + 1;
        if number > 1 {
            self.out.push_str("</div>\n");
        }
        self.tab = Some(number);
        let group = self.tabs;
        let checked = if number == 1 { " checked" } else { "" };
        let id = format!("tab-{group}-{number}");
        self.out.push_str(&format!(
            "<input type=\"radio\" name=\"tabs-{group}\" id=\"{id}\"{checked}><label for=\"{id}\">"
        ));
        escape_text(name, &mut self.out);
        self.out.push_str("</label><div class=\"panel\">\n");
    }

    fn end_tabs(&mut self) {
        let open = self.tab.take().is_some_and(|count| count > 0);
        self.out.push_str(if open { "</div>\n</div>\n" } else { "</div>\n" });
    }

    /// `<!-- tabs -->`, `<!-- tab: Name -->`, `<!-- /tabs -->`, `<!-- steps -->`, `<!-- /steps -->` become structure;
    /// other comments stay, but for those that speak to oathbook.
    fn comment(&mut self, text: &str) {
        let words = text.trim();
        if !self.input.options.book {
            return;
        }
        match words {
            "steps" if !self.steps => {
                self.steps = true;
                self.out.push_str("\n<div class=\"steps\">\n");
            }
            "/steps" if self.steps => {
                self.steps = false;
                self.out.push_str("\n</div>\n");
            }
            "tabs" if self.tab.is_none() => {
                self.tabs += 1;
                self.tab = Some(0);
                self.out.push_str("\n<div class=\"tabs\">\n");
            }
            "/tabs" if self.tab.is_some() => self.end_tabs(),
            _ if words.starts_with("tab:") && self.tab.is_some() => self.begin_tab(words[4..].trim()),
            _ if words.starts_with("oathbook:") => {}
            _ => {
                self.out.push_str("<!--");
                self.out.push_str(text);
                self.out.push_str("-->");
            }
        }
    }
}
