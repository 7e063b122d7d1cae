//! Code blocks: mdBook's classes, hidden lines and `fn main` wrapping; titles, marked lines; colours.
//!
//! An info string is a language and words separated by commas or blanks. Beyond mdBook: `title="src/main.rs"`,
//! `{2,5-7}` marks lines, `ins={3}` and `del={4}` show them as added and removed.

use super::{Input, escape_attribute, escape_text};
use crate::highlight::{self, Class, Run};
use std::borrow::Cow;

/// The longest info string, in bytes, that is read for more than its words.
const LONGEST_INFO: usize = 2_000;

/// Characters that fit a line on a phone of 375 px.
const WIDEST: usize = 34;

/// A code block, ready to be written.
pub(super) struct Block {
    /// As written, empty for none.
    pub language: String,
    /// Whether an engine knows it, or it is meant to be plain, or there is none.
    pub known: bool,
    /// What is shown, hidden lines included.
    pub text: String,
    classes: String,
    playground: bool,
    title: Option<String>,
    marks: Marks,
    /// For each line: whether it is hidden until asked for.
    hidden: Vec<bool>,
    runs: Option<Vec<Run>>,
    /// What tests and parsers need of it; places are filled in later.
    pub sample: Option<super::Sample>,
}

#[derive(Default)]
struct Marks {
    marked: Vec<(usize, usize)>,
    inserted: Vec<(usize, usize)>,
    deleted: Vec<(usize, usize)>,
}

impl Marks {
    fn any(&self) -> bool {
        !(self.marked.is_empty() && self.inserted.is_empty() && self.deleted.is_empty())
    }

    fn class(&self, line: usize) -> Option<&'static str> {
        let holds = |list: &[(usize, usize)]| list.iter().any(|(from, to)| (*from..=*to).contains(&line));
        match () {
            () if holds(&self.inserted) => Some("line ins"),
            () if holds(&self.deleted) => Some("line del"),
            () if holds(&self.marked) => Some("line mark"),
            () => None,
        }
    }
}

/// What an info string says.
#[derive(Default)]
struct Info {
    words: Vec<String>,
    title: Option<String>,
    marks: Marks,
}

impl Info {
    /// Reads an info string. A language that nobody knows may belong to a preprocessor, whose `title=` is its own:
    /// then all of it is words, as in mdBook.
    fn parse(text: &str, input: &Input<'_>) -> Self {
        let mut info = Self::default();
        let first = text.trim().split([' ', '\t', ',', '{']).next().unwrap_or("").to_ascii_lowercase();
        let ours = first.is_empty()
            || first.contains('=')
            || highlight::is_plain(&first)
            || input.highlighter.knows(&first);
        if !ours || text.len() > LONGEST_INFO {
            info.words =
                text.split([' ', '\t', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
            return info;
        }
        let mut rest = text.trim();
        while !rest.is_empty() {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            let quoted = ["title=\"", "title='"].into_iter().find(|open| rest.starts_with(open));
            if let Some(open) = quoted
                && let Some(close) = rest[open.len()..].find(&open[open.len() - 1..])
            {
                info.title = Some(rest[open.len()..open.len() + close].to_owned());
                rest = &rest[open.len() + close + 1..];
                continue;
            }
            let marked =
                [("{", 0), ("ins={", 1), ("del={", 2)].into_iter().find(|(open, _)| rest.starts_with(open));
            if let Some((open, which)) = marked
                && let Some(close) = rest.find('}')
                && let Some(ranges) = ranges(&rest[open.len()..close])
            {
                match which {
                    1 => info.marks.inserted = ranges,
                    2 => info.marks.deleted = ranges,
                    _ => info.marks.marked = ranges,
                }
                rest = &rest[close + 1..];
                continue;
            }
            // `js{2,4}` without a blank is VitePress's way.
            let brace =
                rest.find('{').filter(|at| *at > 0 && rest[*at..].contains('}') && info.words.is_empty());
            let end = rest.find([' ', '\t', ',']).unwrap_or(rest.len()).min(brace.unwrap_or(rest.len()));
            if end > 0 {
                info.words.push(rest[..end].to_owned());
            }
            rest = &rest[end..];
        }
        info
    }
}

/// `2,5-7`.
fn ranges(text: &str) -> Option<Vec<(usize, usize)>> {
    let range = |part: &str| {
        let part = part.trim();
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
    };
    text.split(',').map(range).collect()
}

/// Reads one code block.
pub(super) fn block(info: &str, text: &str, input: &Input<'_>) -> Block {
    let Info { mut words, title, marks } = Info::parse(info, input);
    let options = input.options;
    let language = words.first().cloned().unwrap_or_default();
    let sample = sample(&language, &words, title.as_ref(), text);
    let has = |word: &str| words.iter().skip(1).any(|known| known == word);
    let runs_nowhere = has("ignore") || has("noplayground") || has("noplaypen") || !options.runnable;
    let playground = options.book && language == "rust" && (!runs_nowhere || has("mdbook-runnable"));
    let mut text = Cow::Borrowed(text);
    if playground {
        if !(options.editable && has("editable"))
            && let Some(wrapped) = wrap_main(&text)
        {
            text = Cow::Owned(wrapped);
        }
        if let Some(edition) =
            options.edition.as_deref().filter(|_| !words.iter().any(|word| word.starts_with("edition")))
        {
            words.push(format!("edition{edition}"));
        }
    }
    let prefix = words.iter().find_map(|word| word.strip_prefix("hidelines=")).map(str::to_owned);
    let prefix = prefix.or_else(|| options.hidelines.get(&language).cloned());
    let (text, hidden) = if options.book {
        hide(&text, &language, prefix.as_deref())
    } else {
        (text.into_owned(), Vec::new())
    };
    let lower = language.to_ascii_lowercase();
    let name = lower.trim_start_matches(['{', '.']).trim_end_matches('}');
    let runs = input.highlighter.highlight(name, &text);
    let known = language.is_empty() || runs.is_some() || highlight::is_plain(name);
    let mut classes = words.join(" ");
    if !classes.is_empty() {
        classes.insert_str(0, "language-");
    }
    Block { language, known, text, classes, playground, title, marks, hidden, runs, sample }
}

/// Languages whose blocks are compiled or parsed without being marked.
const SAMPLES: &[&str] = &["rust", "rs", "json", "jsonc", "json5", "yaml", "yml", "toml", "http", "output"];

/// Keeps the text of a block that is tested, parsed, or belongs to one that is.
fn sample(language: &str, words: &[String], title: Option<&String>, text: &str) -> Option<super::Sample> {
    let words = words.get(1..).unwrap_or_default();
    let marked = words.iter().any(|word| matches!(word.as_str(), "run" | "output" | "file"));
    let step = matches!(language, "sh" | "bash") && words.iter().any(|word| word.starts_with('{'));
    (marked || step || SAMPLES.contains(&language)).then(|| super::Sample {
        words: words.to_vec(),
        title: title.cloned(),
        text: text.to_owned(),
        lines: Vec::new(),
    })
}

impl Block {
    /// Writes `<pre><code>…</code></pre>`.
    pub fn write(&self, out: &mut String) {
        if let Some(title) = &self.title {
            out.push_str("<div class=\"titled\"><div class=\"code-title\">");
            escape_text(title, out);
            out.push_str("</div>");
        }
        out.push_str("<pre");
        if self.playground {
            out.push_str(" class=\"playground\"");
        }
        out.push_str("><code");
        // Code that scrolls must be reachable by keyboard; shorter lines fit a phone.
        if self.text.lines().any(|line| line.len() > WIDEST) {
            out.push_str(" tabindex=\"0\"");
        }
        if !self.classes.is_empty() {
            out.push_str(" class=\"");
            escape_attribute(&self.classes, out);
            out.push('"');
        }
        out.push('>');
        self.write_lines(out);
        out.push_str("</code></pre>");
        if self.title.is_some() {
            out.push_str("</div>");
        }
    }

    /// Writes the lines with their colours and marks.
    pub fn write_lines(&self, out: &mut String) {
        if !self.marks.any() && !self.hidden.contains(&true) {
            return self.write_range(0..self.text.len(), &mut 0, out);
        }
        let mut start = 0;
        let mut run = 0;
        let mut open: Option<&'static str> = None;
        let mut shown = 0;
        for (number, line) in self.text.split_inclusive('\n').enumerate() {
            let hidden = self.hidden.get(number).copied().unwrap_or(false);
            // Marks count the lines that the author sees in the source.
            shown += usize::from(!hidden);
            let class = if hidden { Some("boring") } else { self.marks.class(shown) };
            if open != class {
                if open.is_some() {
                    out.push_str("</span>");
                }
                if let Some(class) = class {
                    out.push_str(&format!("<span class=\"{class}\">"));
                }
                open = class;
            }
            self.write_range(start..start + line.len(), &mut run, out);
            start += line.len();
        }
        if open.is_some() {
            out.push_str("</span>");
        }
    }

    /// Writes a range of the text; `run` is the run it begins in, moved on as runs end.
    fn write_range(&self, range: std::ops::Range<usize>, run: &mut usize, out: &mut String) {
        let Some(runs) = &self.runs else {
            return escape_text(&self.text[range], out);
        };
        let mut at = range.start;
        while at < range.end {
            let Some(Run { end, class }) = runs.get(*run).copied() else {
                return escape_text(&self.text[at..range.end], out);
            };
            let stop = end.min(range.end);
            match class {
                Some(class) => span(class, &self.text[at..stop], out),
                None => escape_text(&self.text[at..stop], out),
            }
            at = stop;
            if end <= range.end {
                *run += 1;
            }
        }
    }
}

/// Quotes are left out of the one-letter class: 17 bytes a span instead of 19, and valid HTML.
fn span(class: Class, text: &str, out: &mut String) {
    out.push_str("<span class=");
    out.push_str(class.letter());
    out.push('>');
    escape_text(text, out);
    out.push_str("</span>");
}

/// Takes hidden lines' marks away; mdBook's rules.
fn hide(text: &str, language: &str, prefix: Option<&str>) -> (String, Vec<bool>) {
    if language == "rust" {
        return hide_rust(text);
    }
    let Some(prefix) = prefix.filter(|prefix| !prefix.is_empty()) else {
        return (text.to_owned(), Vec::new());
    };
    let mut out = String::with_capacity(text.len() + 1);
    let mut hidden = Vec::new();
    for line in text.lines() {
        let bare = line.trim_start();
        hidden.push(bare.starts_with(prefix));
        match bare.strip_prefix(prefix) {
            Some(rest) => {
                out.push_str(&line[..line.len() - bare.len()]);
                out.push_str(rest);
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    (out, hidden)
}

/// `#` alone or before a blank hides a line, `##` stands for `#`; the last line's ending goes.
fn hide_rust(text: &str) -> (String, Vec<bool>) {
    let mut out = String::with_capacity(text.len());
    let mut hidden = Vec::new();
    for line in text.lines() {
        if !hidden.is_empty() {
            out.push('\n');
        }
        let bare = line.trim_start();
        let blank = &line[..line.len() - bare.len()];
        let rest = bare.strip_prefix('#');
        let hides = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        match rest {
            Some(rest) if hides => {
                out.push_str(blank);
                out.push_str(rest.strip_prefix(' ').unwrap_or(rest));
            }
            Some(rest) if rest.starts_with('#') => {
                out.push_str(blank);
                out.push_str(rest);
            }
            _ => out.push_str(line),
        }
        hidden.push(hides);
    }
    // A hidden line and the newline after it go together.
    (out, hidden)
}

/// Rust without `fn main` gets one, hidden, after its inner attributes.
fn wrap_main(text: &str) -> Option<String> {
    if text.contains("fn main") || text.contains("quick_main!") {
        return None;
    }
    let mut head = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '\t']);
        if bare.starts_with("#![") {
            at += line.len();
            head = at;
        } else if line.trim().is_empty() {
            at += line.len();
        } else {
            break;
        }
    }
    // Blank lines after the last attribute belong to the head, too.
    if head > 0 {
        head = at;
    }
    let (attributes, code) = text.split_at(head);
    let newline = if code.is_empty() || code.ends_with('\n') { "" } else { "\n" };
    Some(format!("# #![allow(unused)]\n{attributes}# fn main() {{\n{code}{newline}# }}"))
}
