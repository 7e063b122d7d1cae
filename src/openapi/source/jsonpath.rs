//! JSONPath (RFC 9535) without function extensions: which values an overlay's action means.

use crate::openapi::node::{Node, Number, Value, push_token};
use crate::openapi::read::DEEPEST;

/// A path.
#[derive(Clone, Debug)]
pub struct Path {
    segments: Vec<Segment>,
}

#[derive(Clone, Debug)]
struct Segment {
    /// `..`: of the value and of everything below it.
    descend: bool,
    selectors: Vec<Selector>,
}

#[derive(Clone, Debug)]
enum Selector {
    Name(String),
    Wild,
    Index(i64),
    Slice(Option<i64>, Option<i64>, i64),
    Filter(Test),
}

#[derive(Clone, Debug)]
enum Test {
    Any(Vec<Test>),
    All(Vec<Test>),
    Not(Box<Test>),
    Exists(Query),
    Compare(Operand, &'static str, Operand),
}

#[derive(Clone, Debug)]
struct Query {
    /// `$` instead of `@`.
    absolute: bool,
    path: Path,
}

#[derive(Clone, Debug)]
enum Operand {
    Literal(Value),
    Query(Query),
}

/// A selected value.
#[derive(Clone, Debug)]
pub struct Selected<'n> {
    /// Its pointer from the root.
    pub pointer: String,
    /// The value.
    pub node: &'n Node,
}

/// Values that one path may look at.
const MOST_STEPS: usize = 2_000_000;

/// Tests within tests.
const DEEPEST_TEST: usize = 40;

struct JsonPathReader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

/// What is wrong, and at which byte.
type Wrong = (String, usize);

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it, and at which byte.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let mut reader = JsonPathReader { text, at: 0, depth: 0 };
        if !reader.take("$") {
            return Err(("a path begins with `$`".into(), 0));
        }
        let path = reader.segments(false)?;
        if reader.at < text.len() {
            return Err((format!("`{}` is not understood", &text[reader.at..]), reader.at));
        }
        Ok(path)
    }

    /// The values that the path selects, each with its pointer; none if there are too many to look at.
    pub fn select<'n>(&self, root: &'n Node) -> Option<Vec<Selected<'n>>> {
        let mut steps = 0;
        let found = self.walk(root, Selected { pointer: String::new(), node: root }, &mut steps);
        (steps <= MOST_STEPS).then_some(found)
    }

    fn walk<'n>(&self, root: &'n Node, start: Selected<'n>, steps: &mut usize) -> Vec<Selected<'n>> {
        let mut now = vec![start];
        for segment in &self.segments {
            let mut next = Vec::new();
            for selected in now {
                if segment.descend {
                    descend(&selected, steps, &mut |below, steps| {
                        segment.apply(root, below, steps, &mut next)
                    });
                } else {
                    segment.apply(root, &selected, steps, &mut next);
                }
            }
            now = next;
        }
        now
    }
}

/// The value and everything below it, each before its parts.
fn descend<'n>(selected: &Selected<'n>, steps: &mut usize, visit: &mut dyn FnMut(&Selected<'n>, &mut usize)) {
    *steps += 1;
    if *steps > MOST_STEPS {
        return;
    }
    visit(selected, steps);
    for child in children(selected) {
        descend(&child, steps, visit);
    }
}

fn children<'n>(selected: &Selected<'n>) -> Vec<Selected<'n>> {
    let below = |token: &str, node: &'n Node| {
        let mut pointer = selected.pointer.clone();
        push_token(&mut pointer, token);
        Selected { pointer, node }
    };
    let fields = selected.node.entries().map(|entry| below(&entry.key, &entry.node));
    let items = selected.node.list().iter().enumerate().map(|(at, node)| below(&at.to_string(), node));
    fields.chain(items).collect()
}

impl Segment {
    fn apply<'n>(&self, root: &'n Node, to: &Selected<'n>, steps: &mut usize, out: &mut Vec<Selected<'n>>) {
        for selector in &self.selectors {
            *steps += 1;
            if *steps > MOST_STEPS {
                return;
            }
            selector.apply(root, to, steps, out);
        }
    }
}

impl Selector {
    fn apply<'n>(&self, root: &'n Node, to: &Selected<'n>, steps: &mut usize, out: &mut Vec<Selected<'n>>) {
        let items = to.node.list();
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let mut item = |at: i64| {
            if let Some(node) = usize::try_from(at).ok().and_then(|at| items.get(at)) {
                out.push(Selected { pointer: format!("{}/{at}", to.pointer), node });
            }
        };
        match self {
            Self::Name(name) => {
                if let Some(node) = to.node.get(name) {
                    let mut pointer = to.pointer.clone();
                    push_token(&mut pointer, name);
                    out.push(Selected { pointer, node });
                }
            }
            Self::Index(at) => item(if *at < 0 { length + at } else { *at }),
            Self::Slice(start, end, step) => slice(*start, *end, *step, length).for_each(item),
            Self::Wild => {
                let all = children(to);
                *steps += all.len();
                out.extend(all);
            }
            Self::Filter(test) => {
                for child in children(to) {
                    *steps += 1;
                    if *steps <= MOST_STEPS && test.holds(root, child.node, steps) {
                        out.push(child);
                    }
                }
            }
        }
    }
}

/// RFC 9535 §2.3.4.2.2.
fn slice(start: Option<i64>, end: Option<i64>, step: i64, length: i64) -> Box<dyn Iterator<Item = i64>> {
    let normal = |at: i64| if at < 0 { length.saturating_add(at) } else { at };
    if step > 0 {
        let from = normal(start.unwrap_or(0)).clamp(0, length);
        let to = normal(end.unwrap_or(length)).clamp(0, length);
        return Box::new((from..to).step_by(usize::try_from(step).unwrap_or(usize::MAX)));
    }
    if step == 0 {
        return Box::new(std::iter::empty());
    }
    let from = start.map_or(length - 1, normal).clamp(-1, length - 1);
    let to = end.map_or(-1, normal).clamp(-1, length - 1);
    let stride = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
    Box::new((to + 1..=from).rev().step_by(stride))
}

impl Test {
    fn holds(&self, root: &Node, here: &Node, steps: &mut usize) -> bool {
        match self {
            Self::Any(tests) => tests.iter().any(|test| test.holds(root, here, steps)),
            Self::All(tests) => tests.iter().all(|test| test.holds(root, here, steps)),
            Self::Not(test) => !test.holds(root, here, steps),
            Self::Exists(query) => !query.run(root, here, steps).is_empty(),
            Self::Compare(left, operator, right) => {
                let (left, right) = (left.value(root, here, steps), right.value(root, here, steps));
                compare(left.as_ref(), operator, right.as_ref())
            }
        }
    }
}

impl Query {
    fn run<'n>(&self, root: &'n Node, here: &'n Node, steps: &mut usize) -> Vec<Selected<'n>> {
        let node = if self.absolute { root } else { here };
        self.path.walk(root, Selected { pointer: String::new(), node }, steps)
    }
}

impl Operand {
    fn value(&self, root: &Node, here: &Node, steps: &mut usize) -> Option<Node> {
        match self {
            Self::Literal(value) => Some(Node { value: value.clone(), place: here.place.clone() }),
            Self::Query(query) => match query.run(root, here, steps).as_slice() {
                [one] => Some(one.node.clone()),
                _ => None,
            },
        }
    }
}

/// RFC 9535 §2.3.5.2.2; nothing equals nothing.
fn compare(left: Option<&Node>, operator: &str, right: Option<&Node>) -> bool {
    let equal = match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => left.same(right),
        _ => false,
    };
    let less = |a: Option<&Node>, b: Option<&Node>| match (a.map(|a| &a.value), b.map(|b| &b.value)) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => a != b && a.as_f64() < b.as_f64(),
        (Some(Value::Text(a)), Some(Value::Text(b))) => a < b,
        _ => false,
    };
    match operator {
        "==" => equal,
        "!=" => !equal,
        "<" => less(left, right),
        ">" => less(right, left),
        "<=" => equal || less(left, right),
        _ => equal || less(right, left),
    }
}

impl<'t> JsonPathReader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn blank(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn wrong<T>(&self, message: &str) -> Result<T, Wrong> {
        Err((message.to_owned(), self.at))
    }

    /// `singular` is a path of a comparison, which selects one value at most.
    fn segments(&mut self, singular: bool) -> Result<Path, Wrong> {
        let mut segments = Vec::new();
        loop {
            let before = self.at;
            self.blank();
            let segment = if self.take("..") {
                let selectors = if self.take("[") { self.brackets()? } else { vec![self.shorthand()?] };
                Segment { descend: true, selectors }
            } else if self.take(".") {
                Segment { descend: false, selectors: vec![self.shorthand()?] }
            } else if self.take("[") {
                Segment { descend: false, selectors: self.brackets()? }
            } else {
                self.at = before;
                return Ok(Path { segments });
            };
            let one = !segment.descend
                && matches!(segment.selectors.as_slice(), [Selector::Name(_) | Selector::Index(_)]);
            if singular && !one {
                return self.wrong("a comparison takes a path to one value");
            }
            if segments.len() >= DEEPEST {
                return self.wrong("the path is too long");
            }
            segments.push(segment);
        }
    }

    fn shorthand(&mut self) -> Result<Selector, Wrong> {
        if self.take("*") {
            return Ok(Selector::Wild);
        }
        let name: String = self
            .rest()
            .chars()
            .enumerate()
            .take_while(|(at, c)| {
                c.is_alphabetic() || *c == '_' || !c.is_ascii() || *at > 0 && c.is_ascii_digit()
            })
            .map(|(_, c)| c)
            .collect();
        if name.is_empty() {
            return self.wrong("a name or `*` follows the point; other names are written `['x-name']`");
        }
        self.at += name.len();
        Ok(Selector::Name(name))
    }

    fn brackets(&mut self) -> Result<Vec<Selector>, Wrong> {
        let mut out = Vec::new();
        loop {
            self.blank();
            out.push(self.selector()?);
            self.blank();
            if self.take("]") {
                return Ok(out);
            }
            if !self.take(",") {
                return self.wrong("expected `,` or `]`");
            }
        }
    }

    fn selector(&mut self) -> Result<Selector, Wrong> {
        if self.take("*") {
            return Ok(Selector::Wild);
        }
        if self.take("?") {
            self.blank();
            return Ok(Selector::Filter(self.any()?));
        }
        if self.rest().starts_with(['\'', '"']) {
            return Ok(Selector::Name(self.quoted()?));
        }
        let start = self.whole()?;
        self.blank();
        if !self.take(":") {
            return start.map_or_else(
                || self.wrong("expected a name, a number, `*` or `?`"),
                |at| Ok(Selector::Index(at)),
            );
        }
        self.blank();
        let end = self.whole()?;
        self.blank();
        let step = if self.take(":") {
            self.blank();
            self.whole()?
        } else {
            None
        };
        Ok(Selector::Slice(start, end, step.unwrap_or(1)))
    }

    /// A whole number as RFC 9535 writes it, in the range of I-JSON.
    fn whole(&mut self) -> Result<Option<i64>, Wrong> {
        let digits = self.rest().strip_prefix('-').unwrap_or(self.rest());
        let length = digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let sign = usize::from(self.rest().starts_with('-'));
        if length == 0 {
            return if sign > 0 { self.wrong("a number follows the minus") } else { Ok(None) };
        }
        let text = &self.rest()[..sign + length];
        let number = text.parse::<i64>().ok().filter(|n| n.abs() < 1 << 53);
        if text.starts_with("-0") || length > 1 && digits.starts_with('0') || number.is_none() {
            return self.wrong("this is no number of an item");
        }
        self.at += sign + length;
        Ok(number)
    }

    fn quoted(&mut self) -> Result<String, Wrong> {
        let open = self.rest().chars().next().unwrap_or('\'');
        let start = self.at;
        self.at += 1;
        // The escapes are JSON's, and that of the quote itself (RFC 9535 §2.3.1.1).
        let mut json = String::from("\"");
        loop {
            let Some(c) = self.rest().chars().next() else {
                return Err(("this name has no closing quote".into(), start));
            };
            self.at += c.len_utf8();
            match c {
                c if c == open => break,
                '\\' if self.rest().starts_with(open) && open == '\'' => {
                    self.at += 1;
                    json.push('\'');
                }
                '\\' => {
                    json.push('\\');
                    if let Some(next) = self.rest().chars().next() {
                        if open == '\'' && next == '"' {
                            return Err(("there is no such escape".into(), self.at));
                        }
                        self.at += next.len_utf8();
                        json.push(next);
                    }
                }
                '"' => json.push_str("\\\""),
                c => json.push(c),
            }
        }
        json.push('"');
        serde_json::from_str(&json)
            .map_err(|_| ("this name has an escape that JSON does not know".into(), start))
    }

    fn any(&mut self) -> Result<Test, Wrong> {
        self.depth += 1;
        if self.depth > DEEPEST_TEST {
            return self.wrong("too many tests within tests");
        }
        let mut tests = vec![self.all()?];
        while self.after_blank("||") {
            tests.push(self.all()?);
        }
        self.depth -= 1;
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) })
    }

    fn after_blank(&mut self, sign: &str) -> bool {
        let before = self.at;
        self.blank();
        let found = self.take(sign);
        if found {
            self.blank();
        } else {
            self.at = before;
        }
        found
    }

    fn all(&mut self) -> Result<Test, Wrong> {
        let mut tests = vec![self.basic()?];
        while self.after_blank("&&") {
            tests.push(self.basic()?);
        }
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::All(tests) })
    }

    fn basic(&mut self) -> Result<Test, Wrong> {
        self.blank();
        if self.rest().starts_with('!') {
            self.at += 1;
            self.blank();
            let test = if self.rest().starts_with('(') { self.group()? } else { self.existence()? };
            return Ok(Test::Not(Box::new(test)));
        }
        if self.rest().starts_with('(') {
            return self.group();
        }
        let start = self.at;
        if self.rest().starts_with(['@', '$']) {
            let test = self.existence()?;
            let end = self.at;
            if self.operator().is_none() {
                self.at = end;
                return Ok(test);
            }
            self.at = start;
        }
        let left = self.operand()?;
        let Some(operator) = self.operator() else { return self.wrong("expected a comparison") };
        Ok(Test::Compare(left, operator, self.operand()?))
    }

    fn group(&mut self) -> Result<Test, Wrong> {
        self.at += 1;
        self.blank();
        let test = self.any()?;
        self.blank();
        if self.take(")") { Ok(test) } else { self.wrong("expected `)`") }
    }

    fn existence(&mut self) -> Result<Test, Wrong> {
        self.query(false).map(Test::Exists)
    }

    fn query(&mut self, singular: bool) -> Result<Query, Wrong> {
        let absolute = self.take("$");
        if !absolute && !self.take("@") {
            return self.wrong("expected `@` or `$`; functions are not understood");
        }
        Ok(Query { absolute, path: self.segments(singular)? })
    }

    fn operator(&mut self) -> Option<&'static str> {
        self.blank();
        let found = ["==", "!=", "<=", ">=", "<", ">"].into_iter().find(|sign| self.take(sign))?;
        self.blank();
        Some(found)
    }

    fn operand(&mut self) -> Result<Operand, Wrong> {
        let rest = self.rest();
        if rest.starts_with(['@', '$']) {
            return self.query(true).map(Operand::Query);
        }
        if rest.starts_with(['\'', '"']) {
            return Ok(Operand::Literal(Value::Text(self.quoted()?.into())));
        }
        for (word, value) in
            [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)]
        {
            if self.take(word) {
                return Ok(Operand::Literal(value));
            }
        }
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E')));
        let text = &rest[..end.unwrap_or(rest.len())];
        match serde_json::from_str::<serde_json::Number>(text) {
            Ok(_) => {
                let number = Number::new(text);
                self.at += text.len();
                Ok(Operand::Literal(Value::Number(number)))
            }
            Err(_) => self.wrong("expected a value or a path"),
        }
    }
}
