//! What all kinds share: front matter, comments, bindings, labels, styles, links.

use super::super::graph::{Binding, Facts, Line, Tone};
use super::super::{BINDINGS, colour, link_problem};
use crate::base::{RelPath, Span, Steps, beginning};
use crate::diag::{Place, Problem, code};
use std::collections::BTreeMap;
use std::ops::Range;

/// Findings of one text; further ones are not listed.
const MOST_PROBLEMS: usize = 1_000;

/// Bytes of styles and labels that may be given to elements, with what the elements count: a style or a link of groups
/// multiplies. 0.5 s.
const MOST_MADE: u64 = 32 << 20;

/// Words longer than this, in bytes, have no end; nor has what else is looked for over several lines.
pub(super) const LONGEST: usize = 10_000;

/// A text that is being read.
pub(super) struct Source<'t> {
    file: &'t RelPath,
    /// All of it.
    pub text: &'t str,
    /// Where the body begins, after the kind's own word.
    pub body: usize,
    /// From the front matter, or a `title` line.
    pub title: Option<String>,
    /// `accTitle`.
    pub acc_title: Option<String>,
    /// `accDescr`.
    pub acc_description: Option<String>,
    /// What `%% bind:` comments say, by element.
    pub bindings: BTreeMap<String, Vec<Binding>>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    made: Steps,
    gave_up: bool,
    more_problems: bool,
}

/// One line of a kind that is written line by line.
#[derive(Clone, Copy)]
pub(super) struct SourceLine<'t> {
    /// Where it begins.
    pub start: usize,
    /// Without white space at its ends, and without a comment.
    pub text: &'t str,
}

impl SourceLine<'_> {
    /// Where it stands.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

impl<'t> Source<'t> {
    pub fn new(file: &'t RelPath, text: &'t str) -> Self {
        let (title, acc_title, acc_description) = (None, None, None);
        Self {
            file,
            text,
            body: 0,
            title,
            acc_title,
            acc_description,
            bindings: BTreeMap::new(),
            problems: Vec::new(),
            made: Steps::new(MOST_MADE),
            gave_up: false,
            more_problems: false,
        }
    }

    /// Counts what is given to an element; whether more may be. Says once when not.
    pub fn make(&mut self, weight: usize, range: Range<usize>) -> bool {
        let more = self.made.take(weight as u64);
        if !more && !std::mem::replace(&mut self.gave_up, true) {
            let place = self.place(range);
            let message = "gave up here: what styles, and links between groups, make is too much";
            self.problems.push(
                Problem::new(code::DIAGRAM_REFUSED, &place, "diagram", message)
                    .help("what follows of them is left out; split the picture"),
            );
        }
        more
    }

    pub fn place(&self, range: Range<usize>) -> Place {
        Place { file: self.file.clone(), span: Span::new(range.start, range.end) }
    }

    pub fn problem(
        &mut self,
        code: &'static str,
        place: Place,
        subject: &str,
        message: impl Into<String>,
        help: &str,
    ) {
        // A text of a hundred thousand wrong lines is not mended by a hundred thousand findings.
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem::new(code, &place, subject, message).help(help));
        } else if !std::mem::replace(&mut self.more_problems, true) {
            let message =
                format!("gave up here: more than {MOST_PROBLEMS} things are wrong with the diagram");
            self.problems.push(Problem::new(code, &place, "diagram", message).help("mend those above first"));
        }
    }

    pub fn syntax(&mut self, range: Range<usize>, subject: &str, message: impl Into<String>, help: &str) {
        let place = self.place(range);
        self.problem(code::DIAGRAM_SYNTAX, place, subject, message, help);
    }

    pub fn undrawn(&mut self, range: Range<usize>, subject: &str, message: impl Into<String>, help: &str) {
        let place = self.place(range);
        self.problem(code::DIAGRAM_NOT_DRAWN, place, subject, message, help);
    }

    /// Reads up to the word that says which kind it is; the word and where it stands.
    pub fn header(&mut self) -> Option<(&'t str, Range<usize>)> {
        let mut at = self.front_matter();
        loop {
            let rest = &self.text[at..];
            at += rest.len() - rest.trim_start().len();
            let rest = &self.text[at..];
            if rest.starts_with("%%{") {
                at += rest.find("}%%").map_or(rest.len(), |end| end + 3);
                self.undrawn(
                    at.saturating_sub(3)..at,
                    "init",
                    "`%%{init}%%` is not used: pictures have the site's look",
                    "remove it",
                );
            } else if rest.starts_with("%%") {
                let end = rest.find('\n').unwrap_or(rest.len());
                self.comment(at, &rest[..end]);
                at += end;
            } else {
                let word = rest
                    .split(|c: char| c.is_whitespace() || c == ';')
                    .next()
                    .filter(|word| !word.is_empty())?;
                self.body = at + word.len();
                return Some((word, at..at + word.len()));
            }
        }
    }

    /// The part between two lines of `---`; where the text goes on.
    fn front_matter(&mut self) -> usize {
        let lead = self.text.len() - self.text.trim_start().len();
        if !self.text[lead..].starts_with("---") {
            return 0;
        }
        let mut at = lead + self.text[lead..].find('\n').map_or(self.text.len() - lead, |end| end + 1);
        let begin = at;
        while at < self.text.len() {
            let line = self.text[at..].lines().next().unwrap_or("");
            let next = (at + self.text[at..].find('\n').map_or(self.text.len() - at, |end| end + 1))
                .min(self.text.len());
            let plain = line.trim();
            if plain == "---" {
                return next;
            }
            if let Some(title) = plain.strip_prefix("title:").filter(|_| self.title.is_none()) {
                self.title = Some(title.trim().trim_matches(['"', '\'']).to_owned());
            } else if plain.starts_with("config:") {
                self.undrawn(
                    at..at + line.len(),
                    "config",
                    "Mermaid's `config` is not used: pictures have the site's look",
                    "remove it",
                );
            }
            at = next;
        }
        self.syntax(lead..lead + 3, "---", "the front matter is never closed", "end it with a line of `---`");
        begin
    }

    /// `%% bind: node src crates/gateway` binds an element to the repository.
    pub fn comment(&mut self, start: usize, comment: &str) {
        let Some(said) = comment.trim_start_matches('%').trim().strip_prefix("bind:") else { return };
        let words: Vec<&str> = said.split_whitespace().collect();
        let range = start..start + comment.trim_end().len();
        let [element, key, ref value @ ..] = words[..] else {
            self.syntax(
                range,
                "bind",
                "a binding names an element, a key and a value",
                "write `%% bind: gateway src crates/gateway`",
            );
            return;
        };
        if !BINDINGS.contains(&key) || value.is_empty() {
            let help = format!("write one of {}, then what it is bound to", BINDINGS.join(", "));
            self.syntax(range, key, format!("`{key}` is no sort of binding"), &help);
            return;
        }
        let binding = Binding { key: key.to_owned(), value: value.join(" "), place: self.place(range) };
        self.bindings.entry(element.to_owned()).or_default().push(binding);
    }

    /// The bindings of an element; each is taken once.
    pub fn bound(&mut self, id: &str) -> Vec<Binding> {
        self.bindings.remove(id).unwrap_or_default()
    }

    /// Bindings whose element is not in the picture.
    pub fn unbound(&mut self) {
        for (id, bindings) in std::mem::take(&mut self.bindings) {
            for binding in bindings {
                let message = format!("the binding is of `{id}`, which the diagram does not have");
                self.problem(
                    code::DIAGRAM_SYNTAX,
                    binding.place,
                    &id,
                    message,
                    "correct the name, or remove the comment",
                );
            }
        }
    }

    /// The lines of the body, `;` being as good as a new line where `semicolons` says so; comments are read and left out.
    pub fn lines(&mut self, semicolons: bool) -> Vec<SourceLine<'t>> {
        let mut lines = Vec::new();
        let mut at = self.body;
        let text = self.text;
        for line in text[at..].split_inclusive('\n') {
            let start = at;
            at += line.len();
            let line = line.trim_end();
            let trimmed = line.trim_start();
            if trimmed.starts_with("%%") {
                self.comment(start + line.len() - trimmed.len(), trimmed);
                continue;
            }
            let line = line.find("%%").map_or(line, |comment| &line[..comment]);
            let mut offset = 0;
            let parts: Vec<&str> = if semicolons { split_semicolons(line) } else { vec![line] };
            for part in parts {
                let trimmed = part.trim();
                if !trimmed.is_empty() {
                    let lead = part.len() - part.trim_start().len();
                    lines.push(SourceLine { start: start + offset + lead, text: trimmed });
                }
                offset += part.len() + 1;
            }
        }
        lines
    }

    /// `accTitle`, `accDescr` and `title` lines; how many lines it took, 0 if it is none of them.
    pub fn accessible(&mut self, lines: &[SourceLine<'t>]) -> usize {
        let Some(line) = lines.first() else { return 0 };
        let after = |word: &str| {
            let rest = line.text.strip_prefix(word)?.trim_start();
            rest.strip_prefix(':').map(|rest| rest.trim().to_owned())
        };
        if let Some(title) = after("accTitle") {
            self.acc_title = Some(title);
            return 1;
        }
        if let Some(description) = after("accDescr") {
            self.acc_description = Some(description);
            return 1;
        }
        if let Some(rest) =
            line.text.strip_prefix("accDescr").map(str::trim_start).and_then(|rest| rest.strip_prefix('{'))
        {
            let mut words: Vec<&str> = Vec::new();
            let mut taken = 1;
            let mut part = rest;
            loop {
                if let Some(end) = part.find('}') {
                    words.push(&part[..end]);
                    break;
                }
                words.push(part);
                let Some(next) = lines.get(taken) else {
                    self.syntax(
                        line.range(),
                        "accDescr",
                        "the description is never closed",
                        "end it with `}`",
                    );
                    break;
                };
                part = next.text;
                taken += 1;
            }
            self.acc_description = Some(words.join(" ").split_whitespace().collect::<Vec<_>>().join(" "));
            return taken;
        }
        0
    }

    /// Keeps an address, unless a click on it would run a program.
    pub fn link(&mut self, url: &str, range: Range<usize>) -> Option<String> {
        let place = self.place(range);
        match link_problem(url, &place) {
            None => Some(url.to_owned()),
            Some(problem) => {
                if self.problems.len() < MOST_PROBLEMS {
                    self.problems.push(problem);
                }
                None
            }
        }
    }

    /// What a list of CSS settings changes; what it cannot change is said.
    pub fn css(&mut self, css: &str, range: Range<usize>, facts: &mut Facts) {
        if !self.make(css.len() + 20, range.clone()) {
            return;
        }
        let mut unused = Vec::new();
        for setting in split_css(css) {
            let Some((name, value)) = setting.split_once(':') else { continue };
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
            match name.as_str() {
                "fill" | "background" | "background-color" => match colour::tone(value) {
                    Some(tone) => facts.tone = tone,
                    None => unused.push(format!("{name}:{value}")),
                },
                "stroke" => match colour::tone(value) {
                    Some(tone) if facts.tone == Tone::Neutral => facts.tone = tone,
                    Some(_) => {}
                    None => unused.push(format!("{name}:{value}")),
                },
                "stroke-dasharray" if value != "0" && value != "none" => facts.line = Line::Dashed,
                "stroke-width" if facts.line == Line::Solid => {
                    let width = value.trim_end_matches("px").trim().parse::<f64>().unwrap_or(1.0);
                    facts.line = if width > 2.5 { Line::Thick } else { Line::Solid };
                }
                // The text's colour follows from the tone, so that it can always be read.
                "color" | "stroke-dasharray" | "stroke-width" => {}
                _ => unused.push(name),
            }
        }
        if !unused.is_empty() {
            let message = format!("the style `{}` is not drawn", unused.join("`, `"));
            self.undrawn(
                range,
                &unused.join(","),
                message,
                "fill, stroke, stroke-width and stroke-dasharray choose the tone and the line",
            );
        }
    }

    /// The lines of a label: quotes and Markdown marks off, `<br>` and `\n` to new lines, entities to characters.
    pub fn label(&mut self, raw: &str, start: usize) -> Vec<String> {
        let mut text = raw.trim();
        let quoted = text.len() > 1 && text.starts_with('"') && text.ends_with('"');
        if quoted {
            text = text[1..text.len() - 1].trim();
        }
        let markdown = text.len() > 1 && text.starts_with('`') && text.ends_with('`');
        if markdown {
            text = &text[1..text.len() - 1];
        }
        let mut lines = Vec::new();
        for part in breaks(text) {
            let mut words = Vec::new();
            for word in part.split_whitespace() {
                if is_icon(word) {
                    let help = "say it in words; an icon's name is not read out either";
                    self.undrawn(
                        start..start + raw.len(),
                        word,
                        format!("the icon `{word}` is not drawn"),
                        help,
                    );
                } else {
                    words.push(word);
                }
            }
            let line = decode(&words.join(" "));
            lines.push(if markdown { unmark(&line) } else { line });
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }
}

/// Parts between `;` that do not end an entity (`#9829;`).
fn split_semicolons(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices(';') {
        let entity = line[from..at].rfind('#').is_some_and(|hash| {
            let name = &line[from + hash + 1..at];
            !name.is_empty() && name.len() < 10 && name.chars().all(|c| c.is_ascii_alphanumeric())
        });
        if !entity {
            parts.push(&line[from..at]);
            from = at + 1;
        }
    }
    parts.push(&line[from..]);
    parts
}

/// Settings between commas or semicolons, but not those within brackets: `rgb(1,2,3)`.
pub(super) fn split_css(css: &str) -> Vec<String> {
    let mut settings = vec![String::new()];
    let mut depth = 0;
    for c in css.replace("\\,", " ").chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth <= 0 && (c == ',' || c == ';') {
            settings.push(String::new());
        } else if let Some(last) = settings.last_mut() {
            last.push(c);
        }
    }
    // `stroke-dasharray: 9,5`: a part without a colon goes on with the one before it.
    let mut joined: Vec<String> = Vec::new();
    for setting in settings {
        match joined.last_mut() {
            Some(last) if !setting.contains(':') => last.push_str(&format!(" {setting}")),
            _ => joined.push(setting),
        }
    }
    joined
}

/// `fa:fa-user`, `fab:fa-github`: an icon of a font.
fn is_icon(word: &str) -> bool {
    ["fa:", "fab:", "fas:", "far:", "fal:", "fad:", "fak:", "mdi:"]
        .iter()
        .any(|prefix| word.starts_with(prefix))
}

/// A tag that is longer is text, in bytes.
const LONGEST_TAG: usize = 500;

/// Parts between `<br>` in its spellings, new lines, and `\n` as two characters.
fn breaks(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let tag = rest.strip_prefix('<').and_then(|tag| {
            let end = beginning(tag, LONGEST_TAG).find('>')?;
            Some((tag[..end].trim(), end + 2))
        });
        if let Some((tag, length)) = tag.filter(|(tag, _)| is_tag(tag)) {
            if tag.trim_end_matches('/').trim().eq_ignore_ascii_case("br") {
                parts.push(String::new());
            }
            rest = &rest[length..];
            continue;
        }
        let length = if rest.starts_with("\\n") { 2 } else { c.len_utf8() };
        if c == '\n' || length == 2 && c == '\\' {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
        rest = &rest[length..];
    }
    parts
}

/// Tags that labels use for their looks.
const TAGS: &[&str] = &[
    "br", "b", "i", "u", "em", "strong", "small", "big", "sub", "sup", "span", "div", "p", "font", "center",
    "code", "s", "pre",
];

/// Whether what stands between `<` and `>` is one of the tags that labels use for their looks.
fn is_tag(tag: &str) -> bool {
    let name =
        tag.trim_start_matches('/').split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or("");
    TAGS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// `**bold**` and `_italic_` without their marks.
fn unmark(text: &str) -> String {
    let plain = text.replace("**", "").replace("__", "");
    let word = |text: &str, mark: char| {
        let mut out = String::new();
        let chars: Vec<char> = text.chars().collect();
        for (at, c) in chars.iter().enumerate() {
            let inside = at > 0
                && at + 1 < chars.len()
                && chars[at - 1].is_alphanumeric()
                && chars[at + 1].is_alphanumeric();
            if *c != mark || inside {
                out.push(*c);
            }
        }
        out
    };
    word(&word(&plain, '*'), '_')
}

/// HTML's most used names of characters.
const ENTITIES: &[(&str, char)] = &[
    ("quot", '"'),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("infin", '∞'),
    ("hearts", '♥'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("mdash", '\u{2014}'),
    ("ndash", '–'),
    ("larr", '←'),
    ("rarr", '→'),
    ("uarr", '↑'),
    ("darr", '↓'),
    ("harr", '↔'),
    ("bull", '•'),
    ("middot", '·'),
    ("times", '×'),
    ("divide", '÷'),
    ("plusmn", '±'),
    ("ne", '≠'),
    ("le", '≤'),
    ("ge", '≥'),
    ("deg", '°'),
    ("micro", 'µ'),
    ("para", '¶'),
    ("sect", '§'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("check", '✓'),
    ("lpar", '('),
    ("rpar", ')'),
    ("lsqb", '['),
    ("rsqb", ']'),
    ("lbrace", '{'),
    ("rbrace", '}'),
    ("semi", ';'),
    ("colon", ':'),
    ("comma", ','),
    ("num", '#'),
    ("vert", '|'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("laquo", '«'),
    ("raquo", '»'),
];

/// `#quot;`, `#9829;`, `&amp;` and their kin to characters; names that are not in the list stay as they are.
fn decode(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['#', '&']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let found = beginning(tail, 10).find(';').filter(|end| *end > 0).and_then(|end| {
            let name = tail[..end].trim_start_matches('#');
            let named = ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
            let number = name
                .strip_prefix('x')
                .map_or_else(|| name.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            named.or_else(|| number.and_then(char::from_u32).filter(|c| !c.is_control())).map(|c| (end, c))
        });
        match found {
            Some((end, c)) => {
                out.push(c);
                rest = &tail[end + 1..];
            }
            None => {
                out.push_str(&rest[at..=at]);
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}
