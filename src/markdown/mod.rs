//! Markdown text to a [`Doc`]: facts with places, and the body's HTML with its final ids and slots.
//!
//! Reading is total: whatever is wrong becomes a [`Flaw`] with a place, which a check turns into a diagnostic.
//! The HTML is what mdBook 0.5.4 makes of the same text (its content, not its markup); what the model must decide
//! later (where a link leads) is a [`Slot`]. Ids are collected from the HTML that is written, never guessed.

mod addresses;
mod build;
mod cited;
mod code;
mod emit;
mod front;
mod include;
mod listing;
mod parts;
mod raw;
mod source;
mod summary;
mod tree;

pub use addresses::{unsafe_addresses, without_unsafe};
pub use build::slug;
pub use cited::{Cited, cited};
pub use emit::{default_target, escape_attribute, escape_text, escaped_attribute, escaped_text};
pub use front::{Front, Value, YamlError, parse_yaml};
pub use include::Text;
pub use listing::{Entry as ListEntry, Listing, listings};
pub use parts::{Part, Table, Words, parts};
pub use raw::tokenizer;
pub use source::Mapped;
pub use summary::{Entry, Item, Summary, parse as parse_summary};

use crate::base::{RelPath, Span, exact};
use crate::diag::Place;
use crate::highlight::Highlighter;
use crate::world::{ReadError, World};
use std::collections::BTreeMap;

/// Whose rules a text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A page of a book: mdBook's extensions and directives.
    Book,
    /// A file read on a forge: GitHub's flavour, no directives.
    Forge,
}

/// How to read pages; everything here is part of what a parse depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "mirrors mdBook's keys one to one")]
pub struct Options {
    /// Whose rules.
    pub book: bool,
    /// `output.html.smart-punctuation`.
    pub smart_punctuation: bool,
    /// `output.html.definition-lists`.
    pub definition_lists: bool,
    /// `output.html.admonitions`.
    pub admonitions: bool,
    /// `rust.edition`, as in `2021`.
    pub edition: Option<String>,
    /// `output.html.code.hidelines`.
    pub hidelines: BTreeMap<String, String>,
    /// `output.html.playground.runnable`.
    pub runnable: bool,
    /// `output.html.playground.editable`.
    pub editable: bool,
    /// `build.use-default-preprocessors` or the `links` one asked for: expand `{{#include}}` and its kin.
    pub directives: bool,
    /// Keep the text of each section for the search index.
    pub search: bool,
}

impl Options {
    /// mdBook's defaults for a book; GitHub's ways for a forge.
    pub fn new(dialect: Dialect) -> Self {
        let book = dialect == Dialect::Book;
        Self {
            book,
            smart_punctuation: book,
            definition_lists: book,
            admonitions: true,
            edition: None,
            hidelines: BTreeMap::new(),
            runnable: true,
            editable: false,
            directives: book,
            search: false,
        }
    }
}

/// A parsed page.
#[derive(Debug)]
pub struct Doc {
    /// What the page says, for the model and the checks.
    pub facts: Facts,
    /// What the reader sees.
    pub body: Body,
    /// The text of each section for the search index.
    pub sections: Vec<Section>,
}

/// A section's heading, as an index into [`Facts::headings`] (none before the first), and its text.
pub type Section = (Option<u32>, Box<str>);

/// HTML with places that are filled in later.
#[derive(Debug, Default)]
pub struct Body {
    /// The HTML, with usable defaults in the slots.
    pub html: Box<str>,
    /// In ascending order, not overlapping.
    pub slots: Vec<Slot>,
    /// Where each block of the top level begins, in ascending order; the preview replaces blocks one by one.
    pub blocks: Vec<Block>,
    /// The files that blocks were written in: the page's own, and those that it quotes.
    pub files: Box<[RelPath]>,
}

impl Body {
    /// Where a block was written.
    pub fn place(&self, block: &Block) -> Place {
        let file = self.files.get(block.file as usize).cloned().unwrap_or_else(RelPath::root);
        Place { file, span: block.span }
    }
}

/// A block of the top level.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Its first byte in the HTML.
    pub start: u32,
    /// The file that it was written in, an index into [`Body::files`].
    pub file: u32,
    /// Where it was written there.
    pub span: Span,
}

/// A range of the body's HTML that rendering may replace (it holds an attribute's value, escaped).
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What stands there.
    pub kind: SlotKind,
}

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// The target of the link with this index in [`Facts::links`].
    Href(u32),
    /// An `id`.
    Id,
    /// `#` and an id of this page.
    Fragment,
}

/// What a page says.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Default)]
pub struct Facts {
    /// Front matter.
    pub front: Front,
    /// From `{{#title}}`.
    pub title: Option<String>,
    /// All headings.
    pub headings: Vec<Heading>,
    /// All ids, in the order of the HTML.
    pub ids: Vec<Id>,
    /// All links and images.
    pub links: Vec<Link>,
    /// All code blocks.
    pub code: Vec<CodeFact>,
    /// What was quoted from other files.
    pub includes: Vec<IncludeFact>,
    /// What is wrong.
    pub flaws: Vec<Flaw>,
    /// Placeholder words and the like in running text, and other matters of style.
    pub style: Vec<StyleFact>,
    /// Bytes of the text, with what it quotes.
    pub bytes: usize,
    /// Whether nothing at all is shown.
    pub empty: bool,
    /// Whether the file holds nothing but blanks.
    pub blank: bool,
    /// Whether it holds a list by the all-contributors bot, whose links name ids that are nowhere on purpose.
    pub all_contributors: bool,
    /// Whether it says of a list what it lists: `<!-- lists: … -->`.
    pub declares_lists: bool,
    /// HTML comments that speak to oathbook: `<!-- oathbook: … -->`, without the marker.
    pub remarks: Vec<Remark>,
    /// Comments that mark facts and bindings, in the order of the text.
    pub marks: Vec<Mark>,
    /// Check boxes of lists, in the order of the text.
    pub boxes: Vec<CheckBox>,
}

/// A check box of a list, as `- [x] text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckBox {
    /// Where its brackets stand.
    pub place: Place,
    /// Whether it is ticked.
    pub checked: bool,
}

/// A comment that marks a part of a page for the checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What it says.
    pub kind: MarkKind,
    /// Where it stands.
    pub place: Place,
}

/// What a mark says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// `<!-- fact: NAME -->`: what follows is a value of the code.
    Fact(String),
    /// `<!-- /fact -->`: the value ends.
    EndFact,
    /// `<!-- source: src/a.rs#Item, src/b/** -->`: the section tells of these.
    Source(String),
    /// `<!-- proof: run:PAGE check:CODE -->`: what proves the check box before it.
    Proof(String),
}

impl MarkKind {
    /// Reads what stands between `<!--` and `-->`.
    fn parse(comment: &str) -> Option<Self> {
        let comment = comment.trim();
        if comment == "/fact" {
            return Some(Self::EndFact);
        }
        let after = |word: &str| comment.strip_prefix(word).map(|rest| rest.trim().to_owned());
        let fact = after("fact:").map(Self::Fact);
        fact.or_else(|| after("source:").map(Self::Source)).or_else(|| after("proof:").map(Self::Proof))
    }
}

/// A comment that speaks to oathbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it says, without the marker.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Where the line begins that it stands on.
    pub line: u32,
}

impl Facts {
    /// Gives back the room that nothing was pushed into: facts are kept of every page.
    fn settle(&mut self) {
        exact(&mut self.front.fields);
        exact(&mut self.headings);
        exact(&mut self.ids);
        exact(&mut self.links);
        exact(&mut self.code);
        exact(&mut self.includes);
        exact(&mut self.flaws);
        exact(&mut self.style);
        exact(&mut self.remarks);
        exact(&mut self.marks);
        exact(&mut self.boxes);
    }

    /// Whether other pages, the navigation and the checks see the same page: places may differ, words may not.
    pub fn seen_alike(&self, other: &Self) -> bool {
        let headings = |facts: &Self| {
            facts.headings.iter().map(|h| (h.level, h.id.clone(), h.text.clone())).collect::<Vec<_>>()
        };
        let ids = |facts: &Self| facts.ids.iter().map(|id| id.name.clone()).collect::<Vec<_>>();
        let links = |facts: &Self| {
            facts.links.iter().map(|link| (link.target.clone(), link.text.clone())).collect::<Vec<_>>()
        };
        let fields = |facts: &Self| {
            facts.front.fields.iter().map(|(key, value, _)| (key.clone(), value.clone())).collect::<Vec<_>>()
        };
        self.title == other.title
            && self.flaws.len() == other.flaws.len()
            && headings(self) == headings(other)
            && ids(self) == ids(other)
            && links(self) == links(other)
            && fields(self) == fields(other)
    }
}

/// A heading.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// As in the HTML; empty for a raw heading without one.
    pub id: String,
    /// Without markup.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// An id, or the `name` of an `<a>`.
#[derive(Clone, Debug)]
pub struct Id {
    /// The name.
    pub name: String,
    /// The element that carries it.
    pub place: Place,
    /// Whether it is an empty `<a>`, which only marks a place.
    pub mark: bool,
}

/// What a link is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](target)` or `<a href>`.
    Link,
    /// `![alt](target)` or `<img src>`, `<source src>`, `<video src>`.
    Image,
}

/// A link or an image.
#[derive(Clone, Debug)]
pub struct Link {
    /// Link or image.
    pub kind: LinkKind,
    /// As written.
    pub target: String,
    /// The link's text, or the image's alternative text; none for a raw `<img>` without `alt`.
    pub text: Option<String>,
    /// The whole link.
    pub place: Place,
    /// Only its target, where that stands in one piece.
    pub target_place: Option<Place>,
    /// Whether it was written as HTML.
    pub raw: bool,
}

/// A code block.
#[derive(Clone, Debug)]
pub struct CodeFact {
    /// The language as written, empty for none.
    pub language: String,
    /// Whether it can be coloured or is known to stay plain.
    pub known: bool,
    /// The block.
    pub place: Place,
    /// What a test or a parser needs of it; none where neither looks at blocks of that language.
    pub sample: Option<Box<Sample>>,
}

/// The text of a code block that is tested or parsed.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The words of the info string after the language.
    pub words: Vec<String>,
    /// `title="…"`.
    pub title: Option<String>,
    /// As written, with hidden lines as they are marked.
    pub text: String,
    /// Where each line begins, in the file of the block's place; none where it is quoted from elsewhere.
    pub lines: Vec<u32>,
}

impl CodeFact {
    /// The place of a line of the text, from 0, or of its last; where that is not known, the block.
    pub fn line(&self, number: usize) -> Place {
        let Some(sample) = &self.sample else { return self.place.clone() };
        // A compiler may give up behind the end.
        let number = number.min(sample.lines.len().saturating_sub(1));
        let text = sample.text.lines().nth(number).unwrap_or("");
        match sample.lines.get(number) {
            Some(start) => {
                let start = *start as usize;
                Place { file: self.place.file.clone(), span: Span::new(start, start + text.len()) }
            }
            None => self.place.clone(),
        }
    }
}

/// Text quoted from another file.
#[derive(Clone, Debug)]
pub struct IncludeFact {
    /// The file.
    pub target: RelPath,
    /// Lines, anchor or item as written; empty for all of it.
    pub part: String,
    /// The directive.
    pub place: Place,
}

/// Something wrong with a text.
#[derive(Clone, Debug)]
pub struct Flaw {
    /// What.
    pub kind: FlawKind,
    /// Where.
    pub place: Place,
}

/// What can be wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// A quoted file cannot be read: as written, and why.
    IncludeUnreadable(String, ReadError),
    /// A quoted file lies outside the repository.
    IncludeLeaves(String),
    /// A quoted file lies in a git submodule that was not cloned: as written, and the submodule.
    IncludeSubmodule(String, RelPath),
    /// No such anchor in the file; the nearest there is.
    IncludeAnchor {
        /// The file.
        path: RelPath,
        /// As written.
        anchor: String,
        /// A name that may be meant.
        nearest: Option<String>,
    },
    /// The lines asked for lie behind the file's end.
    IncludeLines {
        /// The file.
        path: RelPath,
        /// As written.
        lines: String,
        /// How many lines there are.
        count: usize,
    },
    /// No such item in the file; the nearest there is.
    IncludeItem {
        /// The file.
        path: RelPath,
        /// As written.
        item: String,
        /// A name that may be meant.
        nearest: Option<String>,
    },
    /// A file quotes itself.
    IncludeCycle(String),
    /// Quotes within quotes, more than ten deep.
    IncludeTooDeep(String),
    /// More than 5,000 quotes or 64 MiB on one page.
    IncludeTooMany,
    /// `[text][label]` without a definition of the label.
    UndefinedReference(String),
    /// Front matter that is no YAML mapping; the parser's words.
    FrontMatter(String),
    /// A raw tag that is never closed, by name.
    UnclosedTag(String),
    /// A raw end tag without a beginning, by name.
    StrayEndTag(String),
    /// A footnote that is referred to and not defined.
    FootnoteUndefined(String),
    /// A footnote that is defined and not referred to.
    FootnoteUnused(String),
    /// A footnote defined twice.
    FootnoteRepeated(String),
    /// An address that no page may hold; it is left out.
    UnsafeAddress {
        /// Its scheme.
        scheme: &'static str,
        /// As the reader's browser would get it.
        address: String,
    },
}

/// A matter of style in running text.
#[derive(Clone, Debug)]
pub struct StyleFact {
    /// What.
    pub kind: StyleKind,
    /// The words.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// What matter of style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StyleKind {
    /// TODO and its kin.
    Placeholder,
    /// A web address that is no link.
    BareUrl,
}

/// What a page is parsed with.
pub struct Input<'i> {
    /// Its path.
    pub file: &'i RelPath,
    /// All of its text, without a byte-order mark.
    pub text: &'i str,
    /// How to read it.
    pub options: &'i Options,
    /// Who colours its code.
    pub highlighter: &'i dyn Highlighter,
    /// Where the files are that it quotes.
    pub world: &'i dyn World,
}

/// The front matter of a page, and how many bytes of the text it takes.
pub fn front_matter(file: &RelPath, text: &str) -> (Front, usize) {
    let mut facts = Facts::default();
    let taken = front::take(text, file, &mut facts);
    (facts.front, taken)
}

/// A page's Markdown as a reader of plain text wants it: without front matter, with what it quotes in place.
pub fn plain(file: &RelPath, text: &str, directives: bool, world: &dyn World) -> String {
    let whole = Mapped::whole(file.clone(), text, front_matter(file, text).1);
    let expanded =
        directives.then(|| include::expand(&whole, file, world, &mut include::Found::default())).flatten();
    expanded.as_ref().unwrap_or(&whole).text().trim_start().to_owned()
}

/// Parses one page.
pub fn parse(input: &Input<'_>) -> Doc {
    let mut facts = Facts { blank: input.text.trim().is_empty(), ..Facts::default() };
    let begin = front::take(input.text, input.file, &mut facts);
    let whole = Mapped::whole(input.file.clone(), input.text, begin);
    let mut found = include::Found::default();
    let expanded = input
        .options
        .directives
        .then(|| include::expand(&whole, input.file, input.world, &mut found))
        .flatten();
    facts.includes = found.includes;
    facts.title = found.title;
    facts.flaws.extend(found.flaws);
    let mapped = expanded.as_ref().unwrap_or(&whole);
    facts.bytes = mapped.text().len();
    let tree = build::tree(mapped, input.options, &mut facts);
    emit::doc(tree, mapped, input, facts)
}
