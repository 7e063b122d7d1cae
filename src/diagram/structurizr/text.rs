//! Text to statements: lines, tokens, blocks, comments, text blocks, continued lines, constants and includes.

use crate::base::{RelPath, Span, Steps, beginning};
use crate::diag::{Place, Problem, code};
use crate::world::{PathKind, World};
use std::collections::BTreeMap;

/// Blocks deeper than this are not read: real workspaces stay below 15, and recursion must end.
const DEEPEST: usize = 100;
/// Files in files; a file that includes itself ends here at the latest.
const DEEPEST_INCLUDE: usize = 16;
/// All files of one workspace together; more is a mistake or an attack.
const MOST_STATEMENTS: usize = 200_000;
/// Bytes of all files of one workspace, each as often as it is included, with what constants put in: 0.5 s.
const MOST_BYTES: u64 = 64 << 20;
/// Names of constants that are longer are not looked for.
const LONGEST_NAME: usize = 200;

/// One word of a line, without its quotes, with constants put in.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// It was quoted, so it is no keyword.
    pub quoted: bool,
}

impl Token {
    /// Whether it is that keyword; the language ignores case.
    pub fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(keyword)
    }
}

/// One line with the block that it opens.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The words, without the opening brace.
    pub tokens: Vec<Token>,
    /// All of the line.
    pub place: Place,
    /// The block, if it opens one.
    pub body: Option<Vec<Statement>>,
}

impl Statement {
    /// The name before `=`, and the words after it.
    pub fn assigned(&self) -> (Option<&Token>, &[Token]) {
        match self.tokens.as_slice() {
            [name, equals, rest @ ..] if equals.is("=") && !rest.is_empty() => (Some(name), rest),
            all => (None, all),
        }
    }

    /// The bytes of its words.
    pub fn bytes(&self) -> usize {
        self.tokens.iter().map(|token| token.text.len() + 1).sum()
    }

    /// The block's statements, none without a block.
    pub fn body(&self) -> &[Statement] {
        self.body.as_deref().unwrap_or_default()
    }

    /// Whether the first word is that keyword.
    pub fn starts(&self, keyword: &str) -> bool {
        self.tokens.first().is_some_and(|token| token.is(keyword))
    }
}

/// A block that is still open.
struct Open {
    head: Statement,
    statements: Vec<Statement>,
}

/// Reads files into statements.
pub(super) struct DslReader<'w> {
    world: &'w dyn World,
    constants: BTreeMap<String, (String, bool)>,
    open: Vec<Open>,
    top: Vec<Statement>,
    ignored_depth: usize,
    /// Within `!script`, whose lines are another language.
    script: bool,
    count: usize,
    bytes: Steps,
    gave_up: bool,
    /// An included file was refused or missing.
    pub incomplete: bool,
    /// All files that were read, the first one first.
    pub files: Vec<RelPath>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl<'w> DslReader<'w> {
    pub fn new(world: &'w dyn World) -> Self {
        Self {
            world,
            constants: BTreeMap::new(),
            open: Vec::new(),
            top: Vec::new(),
            ignored_depth: 0,
            script: false,
            count: 0,
            bytes: Steps::new(MOST_BYTES),
            gave_up: false,
            incomplete: false,
            files: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The statements of a text; constants of earlier texts hold in it.
    pub fn read(&mut self, file: &RelPath, text: &str) -> Vec<Statement> {
        self.file(file, text, 0);
        if let Some(open) = self.open.first().filter(|_| !self.gave_up) {
            let place = open.head.place.clone();
            self.problem(
                code::DIAGRAM_SYNTAX,
                &place,
                "{",
                "this block is never closed",
                "add `}` on a line of its own",
            );
        }
        while let Some(open) = self.open.pop() {
            self.close(open);
        }
        std::mem::take(&mut self.top)
    }

    fn problem(&mut self, code: &'static str, place: &Place, subject: &str, message: &str, help: &str) {
        self.problems.push(Problem::new(code, place, subject, message).help(help));
    }

    fn file(&mut self, file: &RelPath, text: &str, depth: usize) {
        if self.full() {
            return;
        }
        self.bytes.take(text.len() as u64);
        self.files.push(file.clone());
        let mut lines = Lines { text, at: 0, comment: false };
        while let Some(line) = lines.next() {
            self.count += 1;
            if !self.full() {
                self.line(file, &line, depth);
            }
            if self.full() {
                self.give_up(Place { file: file.clone(), span: Span::new(line.start, line.start) });
                return;
            }
        }
        if lines.comment {
            let place = Place { file: file.clone(), span: Span::new(text.len(), text.len()) };
            self.problem(code::DIAGRAM_SYNTAX, &place, "/*", "a comment is never closed", "end it with `*/`");
        }
    }

    /// Whether no more is read.
    fn full(&self) -> bool {
        self.count > MOST_STATEMENTS || self.bytes.spent()
    }

    /// Says once where reading ended.
    fn give_up(&mut self, place: Place) {
        if std::mem::replace(&mut self.gave_up, true) {
            return;
        }
        let message = format!(
            "gave up here: no more than {MOST_STATEMENTS} lines, and {} MiB with all includes and constants, are read",
            MOST_BYTES >> 20
        );
        self.incomplete = true;
        self.problem(code::DIAGRAM_REFUSED, &place, "length", &message, "split it into several workspaces");
    }

    fn line(&mut self, file: &RelPath, line: &Line, depth: usize) {
        let place = |span: Span| Place { file: file.clone(), span };
        let mut tokens: Vec<Token> = Vec::new();
        for raw in &line.tokens {
            let text = self.substitute(&raw.text, 0);
            tokens.push(Token { text, place: place(raw.span), quoted: raw.quoted });
        }
        let whole = place(Span::new(line.start, line.end));
        let Some(first) = tokens.first() else { return };
        if self.script {
            self.script = !(first.is("}") && tokens.len() == 1);
            return;
        }
        if first.is("}") {
            if let Some(second) = tokens.get(1) {
                let at = second.place.clone();
                self.problem(
                    code::DIAGRAM_SYNTAX,
                    &at,
                    &second.text.clone(),
                    "what follows `}` on its line is not read",
                    "put it on a line of its own",
                );
            }
            self.end_block(&whole);
            return;
        }
        let opens = tokens.last().is_some_and(|token| token.is("{"));
        if opens {
            tokens.pop();
        }
        if self.ignored_depth > 0 {
            self.ignored_depth += usize::from(opens);
            return;
        }
        if !opens && self.directive(file, &tokens, &whole, depth) {
            return;
        }
        let statement = Statement { tokens, place: whole, body: None };
        if opens && statement.starts("!script") {
            self.script = true;
            self.push(statement);
        } else if !opens {
            self.push(statement);
        } else if self.open.len() >= DEEPEST {
            let place = statement.place.clone();
            let message = format!("blocks deeper than {DEEPEST} are not read");
            self.problem(
                code::DIAGRAM_SYNTAX,
                &place,
                "depth",
                &message,
                "flatten the model: no reader follows that many levels",
            );
            self.ignored_depth = 1;
        } else {
            self.open.push(Open { head: statement, statements: Vec::new() });
        }
    }

    fn end_block(&mut self, place: &Place) {
        if self.ignored_depth > 0 {
            self.ignored_depth -= 1;
        } else if let Some(open) = self.open.pop() {
            self.close(open);
        } else {
            self.problem(
                code::DIAGRAM_SYNTAX,
                place,
                "}",
                "`}` closes no block",
                "remove it, or look for a `{` that is missing above",
            );
        }
    }

    fn close(&mut self, open: Open) {
        self.push(Statement { body: Some(open.statements), ..open.head });
    }

    fn push(&mut self, statement: Statement) {
        match self.open.last_mut() {
            Some(open) => open.statements.push(statement),
            None => self.top.push(statement),
        }
    }

    /// `!include`, `!const` and `!var` work on text; whether it was one of them.
    fn directive(&mut self, file: &RelPath, tokens: &[Token], whole: &Place, depth: usize) -> bool {
        let Some(first) = tokens.first() else { return false };
        if first.is("!include") {
            self.include(file, tokens, whole, depth);
        } else if first.is("!const") || first.is("!var") || first.is("!constant") {
            let [_, name, value] = tokens else {
                let help = format!("write `{} NAME \"value\"`", first.text);
                self.problem(
                    code::DIAGRAM_SYNTAX,
                    whole,
                    &first.text,
                    "a constant has a name and a value",
                    &help,
                );
                return true;
            };
            let constant = !first.is("!var");
            if self.constants.get(&name.text).is_some_and(|(_, fixed)| *fixed || constant) {
                let message = format!("`{}` has a value already", name.text);
                self.problem(
                    code::DIAGRAM_SYNTAX,
                    &name.place,
                    &name.text,
                    &message,
                    "choose another name, or make both `!var`",
                );
                return true;
            }
            self.constants.insert(name.text.clone(), (value.text.clone(), constant));
        } else {
            return false;
        }
        true
    }

    /// Puts constants in for `${NAME}`; what no constant is stays (it may be a variable of another tool).
    fn substitute(&self, text: &str, depth: usize) -> String {
        if !text.contains("${") {
            return text.to_owned();
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            out.push_str(&rest[..at]);
            let tail = &rest[at + 2..];
            let name = beginning(tail, LONGEST_NAME + 1).split_once('}').map(|(name, _)| name);
            let found = name.and_then(|name| Some((name.len(), self.constants.get(name)?)));
            match found {
                Some((end, (value, _))) if self.bytes.take(value.len() as u64 + 1) => {
                    out.push_str(&if depth < 4 { self.substitute(value, depth + 1) } else { value.clone() });
                    rest = &tail[end + 1..];
                }
                _ => {
                    out.push_str("${");
                    rest = tail;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn include(&mut self, file: &RelPath, tokens: &[Token], whole: &Place, depth: usize) {
        let [_, source] = tokens else {
            let help = "write `!include model.dsl`";
            self.problem(
                code::DIAGRAM_SYNTAX,
                whole,
                "!include",
                "`!include` takes one file or folder",
                help,
            );
            return;
        };
        for path in self.included(file, source, depth) {
            if self.full() {
                break;
            }
            match self.world.text(&path) {
                Ok(text) => self.file(&path, &text, depth + 1),
                Err(error) => {
                    let message = format!("`{path}` cannot be read: {error}");
                    let help = "correct the file, or include another";
                    self.problem(code::DIAGRAM_SYNTAX, &source.place, &source.text, &message, help);
                }
            }
        }
    }

    /// The files that an `!include` names.
    fn included(&mut self, file: &RelPath, source: &Token, depth: usize) -> Vec<RelPath> {
        let name = &source.text;
        let path = file.parent().join(name);
        let (kind, message, help) = match path {
            _ if is_remote(name) => {
                let message = "a remote file is not included: no command reaches the network".to_owned();
                (code::DIAGRAM_REFUSED, message, "keep a copy of the file in the repository and include that")
            }
            Err(_) => {
                let message = "the path leads out of the repository".to_owned();
                (code::DIAGRAM_REFUSED, message, "include a file of this repository")
            }
            Ok(_) if depth >= DEEPEST_INCLUDE => {
                let message = "files include each other too deeply".to_owned();
                (code::DIAGRAM_SYNTAX, message, "look for a file that includes itself")
            }
            Ok(path) => match self.world.kind(&path) {
                Some(PathKind::File) => return vec![path],
                Some(PathKind::Folder) => return self.world.files(&path),
                None => {
                    let message = format!("there is no file or folder `{path}`");
                    (code::DIAGRAM_SYNTAX, message, "correct the path: it is relative to this file")
                }
            },
        };
        self.incomplete = true;
        self.problem(kind, &source.place, name, &message, help);
        Vec::new()
    }
}

/// Whether a path is an address of the web.
pub(super) fn is_remote(text: &str) -> bool {
    let lower = text.get(..8.min(text.len())).unwrap_or("").to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

struct RawToken {
    text: String,
    span: Span,
    quoted: bool,
}

struct Line {
    start: usize,
    end: usize,
    tokens: Vec<RawToken>,
}

/// Logical lines: continued ones joined, comments left out.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    comment: bool,
}

impl<'t> Lines<'t> {
    /// The next physical line and where it begins.
    fn physical(&mut self) -> Option<(usize, &'t str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let length = rest.find('\n').unwrap_or(rest.len());
        self.at += length + 1;
        Some((start, rest[..length].trim_end_matches('\r').trim_start_matches('\u{feff}'))).map(
            |(_, line)| {
                (start + (rest[..length].len() - rest[..length].trim_start_matches('\u{feff}').len()), line)
            },
        )
    }

    fn next(&mut self) -> Option<Line> {
        loop {
            let (start, line) = self.physical()?;
            let trimmed = line.trim();
            if self.comment {
                self.comment = !trimmed.ends_with("*/");
                continue;
            }
            if trimmed.is_empty() || trimmed.starts_with("//") || trimmed.starts_with('#') {
                continue;
            }
            if trimmed.starts_with("/*") {
                self.comment = !(trimmed.len() > 3 && trimmed.ends_with("*/"));
                continue;
            }
            return Some(self.logical(start, line));
        }
    }

    fn logical(&mut self, start: usize, line: &'t str) -> Line {
        let mut scan = Scan { tokens: Vec::new(), current: None, escaped: false };
        let mut end = start + line.len();
        let (mut start_of_line, mut line) = (start, line);
        loop {
            if let Some(head) = line.trim_end().strip_suffix("\"\"\"").filter(|_| !scan.in_quotes_after(line))
            {
                scan.feed(start_of_line, head);
                scan.finish();
                end = self.text_block(&mut scan, start_of_line + head.len());
                break;
            }
            if let Some(head) = line.strip_suffix('\\') {
                scan.feed(start_of_line, head);
                let Some((next_start, next)) = self.physical() else { break };
                let stripped = next.trim_start();
                start_of_line = next_start + next.len() - stripped.len();
                line = stripped;
                end = start_of_line + line.len();
                continue;
            }
            scan.feed(start_of_line, line);
            break;
        }
        scan.finish();
        Line { start: start + leading(&self.text[start..end]), end, tokens: scan.tokens }
    }

    /// Everything up to the line that ends with `"""`, without the indentation of its first line; where it ends.
    fn text_block(&mut self, scan: &mut Scan, start: usize) -> usize {
        let mut text = String::new();
        let mut indent = None;
        let mut end = self.at.min(self.text.len());
        while let Some((begin, line)) = self.physical() {
            end = begin + line.len();
            if line.trim_end().ends_with("\"\"\"") {
                break;
            }
            let indent = *indent.get_or_insert(line.len() - line.trim_start().len());
            let cut = line.len().min(indent).min(line.len() - line.trim_start().len());
            text.push_str(&line[cut..]);
            text.push('\n');
        }
        text.pop();
        scan.tokens.push(RawToken { text, span: Span::new(start, end), quoted: true });
        end
    }
}

fn leading(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The word that is being read.
struct Word {
    text: String,
    start: usize,
    end: usize,
    quoted: bool,
}

struct Scan {
    tokens: Vec<RawToken>,
    current: Option<Word>,
    escaped: bool,
}

impl Scan {
    /// Whether a `"""` at the end of this line would lie inside of quotes: then it closes an empty text.
    fn in_quotes_after(&self, _line: &str) -> bool {
        self.current.as_ref().is_some_and(|word| word.quoted)
    }

    fn feed(&mut self, start: usize, text: &str) {
        for (at, c) in text.char_indices() {
            let here = start + at;
            let after = here + c.len_utf8();
            match &mut self.current {
                None if c == '"' => {
                    self.current = Some(Word { text: String::new(), start: here, end: after, quoted: true });
                }
                None if c.is_whitespace() => {}
                None => self.current = Some(Word { text: c.into(), start: here, end: after, quoted: false }),
                Some(word) if c == '"' && self.escaped => {
                    word.text.push('"');
                    word.end = after;
                }
                Some(word) if (word.quoted && c == '"') || (!word.quoted && c.is_whitespace()) => {
                    word.end = if word.quoted { after } else { word.end };
                    self.finish();
                }
                Some(word) => {
                    word.text.push(c);
                    word.end = after;
                }
            }
            self.escaped = c == '\\';
        }
    }

    fn finish(&mut self) {
        if let Some(word) = self.current.take() {
            let text = word.text.replace("\\\"", "\"").replace("\\n", "\n");
            self.tokens.push(RawToken { text, span: Span::new(word.start, word.end), quoted: word.quoted });
        }
    }
}
