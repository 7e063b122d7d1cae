//! One scanner for all tables in `languages`: looks at a character, takes a token, goes on. Linear in the code's
//! length; every branch takes at least one character, so nothing can make it stand still.

use super::languages::{Language, Quote, Shape};
use super::{Class, Run, Runs};

/// The runs of `code` in `language`.
pub(super) fn run(language: &Language, code: &str) -> Vec<Run> {
    let mut lexer =
        Lexer { language, code, bytes: code.as_bytes(), at: 0, runs: Runs::default(), command: true };
    match language.shape {
        Shape::Diff => lexer.diff(),
        Shape::Markup => lexer.markup(),
        Shape::Console => lexer.console(),
        _ => lexer.words(code.len()),
    }
    lexer.runs.push(code.len(), None);
    lexer.runs.0
}

struct Lexer<'c> {
    language: &'c Language,
    code: &'c str,
    bytes: &'c [u8],
    at: usize,
    runs: Runs,
    /// In a shell: the next word is a command.
    command: bool,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn starts(&self, text: &str) -> bool {
        self.bytes[self.at..].starts_with(text.as_bytes())
    }

    /// Takes everything up to `end` as `class`.
    fn take(&mut self, end: usize, class: Option<Class>) {
        let mut end = end.clamp(self.at + 1, self.bytes.len().max(self.at + 1)).min(self.bytes.len());
        while !self.code.is_char_boundary(end) {
            end += 1;
        }
        self.runs.push(end, class);
        self.at = end;
    }

    fn line_end(&self, from: usize) -> usize {
        self.bytes[from..].iter().position(|b| *b == b'\n').map_or(self.bytes.len(), |n| from + n)
    }

    fn find(&self, text: &str, from: usize) -> Option<usize> {
        self.code.get(from..)?.find(text).map(|n| from + n)
    }

    /// Scans to `stop` with the language's table.
    fn words(&mut self, stop: usize) {
        while self.at < stop {
            let byte = self.bytes[self.at];
            let class_taken = match byte {
                b'\n' => {
                    self.command = true;
                    false
                }
                b' ' | b'\t' | b'\r' => false,
                _ => {
                    self.comment()
                        || self.shaped(byte)
                        || self.quoted()
                        || self.number(byte)
                        || self.sigil(byte)
                        || self.word(byte)
                }
            };
            if !class_taken {
                self.punctuation(byte);
            }
        }
    }

    fn punctuation(&mut self, byte: u8) {
        if matches!(byte, b'|' | b';' | b'&' | b'(') {
            self.command = true;
        }
        self.take(self.at + 1, None);
    }

    fn comment(&mut self) -> bool {
        let shell_like =
            matches!(self.language.shape, Shape::Shell | Shape::Console | Shape::Yaml | Shape::Toml);
        let inside_word = shell_like && self.at > 0 && !self.bytes[self.at - 1].is_ascii_whitespace();
        if let Some((open, close)) = self.language.block_comment
            && self.starts(open)
        {
            self.block_comment(open, close);
            return true;
        }
        if !inside_word && self.language.line_comments.iter().any(|mark| self.starts(mark)) {
            self.take(self.line_end(self.at), Some(Class::Comment));
            return true;
        }
        false
    }

    fn block_comment(&mut self, open: &str, close: &str) {
        let nests = self.language.shape == Shape::Rust;
        let mut depth = 1;
        let mut at = self.at + open.len();
        while depth > 0 && at < self.bytes.len() {
            if self.bytes[at..].starts_with(close.as_bytes()) {
                depth -= 1;
                at += close.len();
            } else if nests && self.bytes[at..].starts_with(open.as_bytes()) {
                depth += 1;
                at += open.len();
            } else {
                at += 1;
            }
        }
        self.take(at, Some(Class::Comment));
    }

    /// What only this shape of language has.
    fn shaped(&mut self, byte: u8) -> bool {
        match self.language.shape {
            Shape::Rust => self.rust(byte),
            Shape::Shell | Shape::Console => self.shell(byte),
            Shape::Toml => self.toml(byte),
            Shape::Yaml => self.yaml(byte),
            Shape::Json => self.json(byte),
            _ => false,
        }
    }

    fn rust(&mut self, byte: u8) -> bool {
        match byte {
            b'#' if self.peek(1) == b'[' || (self.peek(1) == b'!' && self.peek(2) == b'[') => {
                self.take(self.bracketed(self.at), Some(Class::Meta));
            }
            b'\'' => self.quote_or_lifetime(),
            b'"' => self.take(self.quote_end(self.at + 1, "\"", true, true), Some(Class::String)),
            b'r' | b'b' | b'c' => return self.rust_string_prefix(),
            _ => return false,
        }
        true
    }

    /// The end of `#[…]`, brackets balanced; at most to the end of the code.
    fn bracketed(&self, from: usize) -> usize {
        let mut depth = 0_u32;
        for (n, byte) in self.bytes[from..].iter().enumerate() {
            match byte {
                b'[' => depth += 1,
                b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return from + n + 1;
                    }
                }
                _ => {}
            }
        }
        self.bytes.len()
    }

    fn quote_or_lifetime(&mut self) {
        let rest = &self.code[self.at + 1..];
        let mut chars = rest.chars();
        let (first, second) = (chars.next(), chars.next());
        match (first, second) {
            (Some('\\'), _) => self.take(self.quote_end(self.at + 1, "'", true, false), Some(Class::String)),
            (Some(c), Some('\'')) => self.take(self.at + 2 + c.len_utf8(), Some(Class::String)),
            (Some(c), _) if c.is_alphabetic() || c == '_' => {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .map_or(self.bytes.len(), |n| self.at + 1 + n);
                self.take(end, Some(Class::Variable));
            }
            _ => self.take(self.at + 1, None),
        }
    }

    /// `r"…"`, `r#"…"#`, `b"…"`, `b'…'`, `br"…"`, `c"…"`.
    fn rust_string_prefix(&mut self) -> bool {
        let mut at = self.at;
        let raw = loop {
            match self.bytes.get(at) {
                Some(b'b' | b'c') if at == self.at => at += 1,
                Some(b'r') => {
                    at += 1;
                    break true;
                }
                _ => break false,
            }
        };
        let hashes = if raw { self.bytes[at..].iter().take_while(|b| **b == b'#').count() } else { 0 };
        match self.bytes.get(at + hashes) {
            Some(b'"') if raw => {
                let close = format!("\"{}", "#".repeat(hashes));
                let end = self.find(&close, at + hashes + 1).map_or(self.bytes.len(), |n| n + close.len());
                self.take(end, Some(Class::String));
            }
            Some(quote @ (b'"' | b'\'')) if at > self.at => {
                let close = if *quote == b'"' { "\"" } else { "'" };
                self.take(self.quote_end(at + 1, close, true, *quote == b'"'), Some(Class::String));
            }
            _ => return false,
        }
        true
    }

    fn shell(&mut self, byte: u8) -> bool {
        match byte {
            b'$' => {
                let end = match self.peek(1) {
                    b'{' => self.find("}", self.at).map_or(self.bytes.len(), |n| n + 1),
                    b'(' => self.at + 1,
                    _ => self.word_end(self.at + 1).max(self.at + 2),
                };
                self.take(end, Some(Class::Variable));
            }
            b'-' if self.at > 0
                && self.bytes[self.at - 1].is_ascii_whitespace()
                && !self.peek(1).is_ascii_whitespace() =>
            {
                let flag = |b: &u8| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
                let end =
                    self.bytes[self.at..].iter().position(flag).map_or(self.bytes.len(), |n| self.at + n);
                self.take(end, Some(Class::Key));
            }
            b'\\' => self.take(self.at + 2, None),
            _ if self.command
                && !matches!(
                    byte,
                    b'"' | b'\'' | b'(' | b')' | b'{' | b'}' | b'|' | b'&' | b';' | b'<' | b'>'
                ) =>
            {
                self.shell_command();
            }
            _ => return false,
        }
        true
    }

    fn shell_command(&mut self) {
        let stop = |b: &u8| {
            b.is_ascii_whitespace()
                || matches!(b, b';' | b'|' | b'&' | b'(' | b')' | b'"' | b'\'' | b'=' | b'$')
        };
        let end = self.bytes[self.at..]
            .iter()
            .position(stop)
            .map_or(self.bytes.len(), |n| self.at + n)
            .max(self.at + 1);
        let word = self.code.get(self.at..end).unwrap_or("");
        if self.bytes.get(end) == Some(&b'=') {
            self.take(end, Some(Class::Variable));
        } else if self.language.keywords.binary_search(&word).is_ok() {
            self.take(end, Some(Class::Keyword));
            self.command =
                matches!(word, "if" | "then" | "else" | "elif" | "do" | "while" | "until" | "exec" | "eval");
            return;
        } else {
            self.take(end, Some(Class::Function));
        }
        self.command = word == "sudo";
    }

    fn at_line_start(&self) -> bool {
        self.bytes[..self.at].iter().rev().take_while(|b| **b != b'\n').all(|b| matches!(b, b' ' | b'\t'))
    }

    fn toml(&mut self, byte: u8) -> bool {
        if byte == b'[' && self.at_line_start() {
            let end = self.line_end(self.at);
            let close = self.code[self.at..end].rfind(']').map_or(end, |n| self.at + n + 1);
            let table = !self.code[self.at..close].contains([',', '"', '\'']) && self.peek(1) != b']';
            if table {
                self.take(close, Some(Class::Type));
                return true;
            }
        }
        let keyish = byte.is_ascii_alphabetic() || byte == b'_' || byte == b'"';
        if !keyish || !(self.at_line_start() || self.after(b"{,")) {
            return false;
        }
        let end = self.line_end(self.at);
        let line = &self.code[self.at..end];
        let Some(equals) = line.find('=') else { return false };
        let key = line[..equals].trim_end();
        if key.bytes().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'"' | b'\'' | b'/' | b' ')
        }) && !key.is_empty()
        {
            self.take(self.at + key.len(), Some(Class::Key));
            return true;
        }
        false
    }

    /// Whether the last character before here that is not a blank is one of `bytes`.
    fn after(&self, bytes: &[u8]) -> bool {
        self.bytes[..self.at]
            .iter()
            .rev()
            .find(|b| !matches!(b, b' ' | b'\t'))
            .is_some_and(|b| bytes.contains(b))
    }

    fn yaml(&mut self, byte: u8) -> bool {
        if matches!(byte, b'&' | b'*' | b'!')
            && (self.peek(1).is_ascii_alphanumeric() || self.peek(1) == b'!')
        {
            self.take(self.word_end(self.at + 1), Some(Class::Variable));
            return true;
        }
        if matches!(byte, b'-' | b'{' | b'[' | b',' | b'?' | b'|' | b'>' | b':')
            || !(self.at_line_start() || self.after(b"-{,?"))
        {
            return false;
        }
        let line = &self.code[self.at..self.line_end(self.at)];
        let colon = line
            .match_indices(':')
            .map(|(n, _)| n)
            .find(|n| line[n + 1..].chars().next().is_none_or(|c| c == ' ' || c == '\r'));
        let Some(colon) = colon else { return false };
        if colon == 0 || line[..colon].contains([' ', '#']) && !line.starts_with(['"', '\'']) {
            return false;
        }
        self.take(self.at + colon, Some(Class::Key));
        true
    }

    fn json(&mut self, byte: u8) -> bool {
        if byte != b'"' {
            return false;
        }
        let end = self.quote_end(self.at + 1, "\"", true, false);
        let key = self.bytes[end..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
        self.take(end, Some(if key { Class::Key } else { Class::String }));
        true
    }

    fn quoted(&mut self) -> bool {
        let language = self.language;
        let Some(Quote { open, close, escapes, lines }) =
            language.quotes.iter().find(|quote| self.starts(quote.open))
        else {
            return false;
        };
        self.command = false;
        self.take(self.quote_end(self.at + open.len(), close, *escapes, *lines), Some(Class::String));
        true
    }

    /// One past the closing quote, or where the text must end without one.
    fn quote_end(&self, from: usize, close: &str, escapes: bool, lines: bool) -> usize {
        let mut at = from;
        while at < self.bytes.len() {
            match self.bytes[at] {
                b'\\' if escapes => at += 2,
                b'\n' if !lines => return at,
                _ if self.bytes[at..].starts_with(close.as_bytes()) => return at + close.len(),
                _ => at += 1,
            }
        }
        self.bytes.len()
    }

    fn number(&mut self, byte: u8) -> bool {
        let signed = byte == b'-' && self.language.shape == Shape::Json;
        if !(byte.is_ascii_digit() || signed && self.peek(1).is_ascii_digit()) {
            return false;
        }
        let mut end = self.at + 1;
        while let Some(next) = self.bytes.get(end) {
            let exponent = matches!(next, b'+' | b'-')
                && matches!(self.bytes[end - 1], b'e' | b'E')
                && !self.starts("0x");
            let point = *next == b'.' && self.bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
            if !(next.is_ascii_alphanumeric() || *next == b'_' || exponent || point) {
                break;
            }
            end += 1;
        }
        self.take(end, Some(Class::Number));
        true
    }

    fn sigil(&mut self, byte: u8) -> bool {
        if !self.language.sigils.contains(&byte) {
            return false;
        }
        let end = self.word_end(self.at + 1);
        if end == self.at + 1 {
            return false;
        }
        let class = if matches!(byte, b'$' | b':') { Class::Variable } else { Class::Meta };
        self.take(end, Some(class));
        true
    }

    fn word_end(&self, from: usize) -> usize {
        let extra = self.language.word_extra;
        let outside = |b: &u8| !(b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80 || extra.contains(b));
        self.bytes
            .get(from..)
            .and_then(|rest| rest.iter().position(outside))
            .map_or(self.bytes.len(), |n| from + n)
    }

    fn word(&mut self, byte: u8) -> bool {
        let end = self.word_end(self.at);
        if end == self.at || byte.is_ascii_digit() {
            return false;
        }
        let class = self.word_class(self.at, end);
        let end = if class == Some(Class::Meta) { end + 1 } else { end };
        self.take(end, class);
        true
    }

    fn word_class(&self, start: usize, end: usize) -> Option<Class> {
        let language = self.language;
        let folded;
        let mut word = self.code.get(start..end)?;
        if language.any_case {
            folded = word.to_ascii_lowercase();
            word = &folded;
        }
        let next = self.bytes.get(end).copied().unwrap_or(0);
        if language.literals.binary_search(&word).is_ok() {
            return Some(Class::Number);
        }
        if language.keywords.binary_search(&word).is_ok() && self.is_keyword(word, end) {
            return Some(Class::Keyword);
        }
        if language.types.binary_search(&word).is_ok() {
            return Some(Class::Type);
        }
        if language.shape == Shape::Rust && next == b'!' && self.bytes.get(end + 1) != Some(&b'=') {
            return Some(Class::Meta);
        }
        let first = word.as_bytes().first().copied().unwrap_or(0);
        if language.capitals && first.is_ascii_uppercase() {
            let constant = word.len() > 1
                && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
            return if constant { Some(Class::Number) } else { Some(Class::Type) };
        }
        let defined = language.shape == Shape::Rust && self.code[..start].ends_with("fn ");
        let calls = matches!(language.shape, Shape::Words | Shape::Rust) && !language.any_case;
        (defined || calls && next == b'(').then_some(Class::Function)
    }

    /// Rust's weak keywords count only where they are ones.
    fn is_keyword(&self, word: &str, end: usize) -> bool {
        if self.language.shape != Shape::Rust {
            return true;
        }
        match word {
            "union" | "gen" | "yield" | "macro_rules" | "raw" => {
                let rest = self.code[end..].trim_start_matches(' ');
                match word {
                    "union" => rest.starts_with(|c: char| c.is_alphabetic()),
                    "macro_rules" => rest.starts_with('!'),
                    "raw" => rest.starts_with("const ") || rest.starts_with("mut "),
                    _ => rest.starts_with('{') || rest.starts_with("move"),
                }
            }
            _ => true,
        }
    }

    fn diff(&mut self) {
        while self.at < self.bytes.len() {
            let end = (self.line_end(self.at) + 1).min(self.bytes.len());
            let class = match self.bytes[self.at] {
                b'+' => Some(Class::Inserted),
                b'-' => Some(Class::Deleted),
                b'@' => Some(Class::Meta),
                _ if self.starts("diff ") || self.starts("index ") => Some(Class::Comment),
                _ => None,
            };
            self.take(end, class);
        }
    }

    fn console(&mut self) {
        let mut continued = false;
        while self.at < self.bytes.len() {
            let end = (self.line_end(self.at) + 1).min(self.bytes.len());
            let line = &self.code[self.at..end];
            let prompt = ["$ ", "# ", "% ", "> ", "PS> "].into_iter().find(|mark| line.starts_with(mark));
            match prompt {
                Some(mark) if *mark != *"> " || continued => {
                    self.take(self.at + mark.len(), Some(Class::Prompt));
                    self.command = !continued;
                    self.words(end);
                }
                _ if continued => self.words(end),
                _ => self.take(end, None),
            }
            continued = (prompt.is_some() || continued)
                && self.code[..self.at].trim_end_matches(['\n', '\r']).ends_with('\\');
        }
    }

    fn markup(&mut self) {
        while self.at < self.bytes.len() {
            if self.comment() {
                continue;
            }
            let name_follows =
                self.peek(1).is_ascii_alphabetic() || matches!(self.peek(1), b'/' | b'!' | b'?');
            if self.peek(0) == b'<' && name_follows {
                self.tag();
            } else if self.peek(0) == b'&' {
                let end = self.find(";", self.at).filter(|n| n - self.at < 12).map_or(self.at + 1, |n| n + 1);
                self.take(end, if end > self.at + 1 { Some(Class::Number) } else { None });
            } else {
                let next = self.bytes[self.at + 1..].iter().position(|b| matches!(b, b'<' | b'&'));
                self.take(next.map_or(self.bytes.len(), |n| self.at + 1 + n), None);
            }
        }
    }

    fn tag(&mut self) {
        let stop = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
        let end =
            self.bytes[self.at + 1..].iter().position(stop).map_or(self.bytes.len(), |n| self.at + 1 + n);
        self.take(end, Some(Class::Type));
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'>' => return self.take(self.at + 1, Some(Class::Type)),
                b'/' | b'?' if self.peek(1) == b'>' => return self.take(self.at + 2, Some(Class::Type)),
                quote @ (b'"' | b'\'') => {
                    let close = if quote == b'"' { "\"" } else { "'" };
                    self.take(self.quote_end(self.at + 1, close, false, true), Some(Class::String));
                }
                b if b.is_ascii_whitespace() || matches!(b, b'=' | b'/' | b'<' | b'?') => {
                    self.take(self.at + 1, None)
                }
                _ => {
                    let stop =
                        |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/' | b'"' | b'\'');
                    let end =
                        self.bytes[self.at..].iter().position(stop).map_or(self.bytes.len(), |n| self.at + n);
                    self.take(end, Some(Class::Key));
                }
            }
        }
    }
}
