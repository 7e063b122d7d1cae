//! The values of constants and defaults, as far as they can be read without a compiler: literals, arithmetic on them,
//! other constants, durations, and what clap's and serde's attributes and `impl Default` say of a field.

use super::index::Items;
use super::members::Member;
use super::token::{TokenKind, tokens};
use crate::base::{Span, Steps};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Meta, Token};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// Text, or one character.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A time span, in nanoseconds.
    Duration(u128),
    /// An array or slice.
    List(Vec<Value>),
    /// A variant or another name that stands for itself.
    Name(String),
    /// `None`, or a type's empty default.
    Nothing,
}

/// Looks up a constant that an expression names, or `env!NAME`.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Option<Value>;

/// Longer expressions are tables, not values that a page states; the limit also keeps `syn`, which recurses, shallow.
const LONGEST: usize = 1_000;
/// Deeper nesting of brackets is refused for the same reason.
const DEEPEST: usize = 24;
/// Constants that are read on the way to one: reading recurses, and a thread's stack ends. People's lead to two or three.
const FOLLOWED: usize = 40;
/// Bytes of the values that constants of one file may come to; `concat!` of itself doubles with every line.
const MOST_MADE: u64 = 16 << 20;

/// Whether a text may be handed to `syn`.
fn is_tame(text: &str) -> bool {
    let found = tokens(text);
    let mut run = 0;
    let marks = found.list.iter().map(|token| {
        run = if matches!(token.kind, TokenKind::Mark(_)) { run + 1 } else { 0 };
        run
    });
    text.len() <= LONGEST && found.depth <= DEEPEST && marks.max().unwrap_or(0) < 16
}

/// A file whose constants are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    text: &'s str,
    items: &'s Items,
    memo: &'s Memo,
}

/// What was found out about a file's constants: each is read once, however many lead to it.
#[derive(Debug)]
pub struct Memo {
    /// While a constant is being read it has no value, which ends circles.
    known: RefCell<HashMap<String, Known>>,
    /// Where `impl Default` of a type sets its fields.
    set: RefCell<HashMap<String, HashMap<String, Span>>>,
    depth: Cell<usize>,
    made: Steps,
    gave_up: Cell<bool>,
}

#[derive(Clone, Debug)]
struct Known {
    value: Option<Value>,
    /// Whether it has no value only because reading it would have taken too much.
    gave_up: bool,
}

impl Default for Memo {
    fn default() -> Self {
        Self {
            known: RefCell::default(),
            set: RefCell::default(),
            depth: Cell::new(0),
            made: Steps::new(MOST_MADE),
            gave_up: Cell::new(false),
        }
    }
}

impl<'s> Source<'s> {
    /// A file's text, its items, and what is known of its constants.
    pub fn new(text: &'s str, items: &'s Items, memo: &'s Memo) -> Self {
        Self { text, items, memo }
    }

    /// Whether something that was asked since the last time had no value only because reading it would have taken too
    /// much.
    pub fn gave_up(&self) -> bool {
        self.memo.gave_up.take()
    }

    fn find(&self, name: &str) -> Option<&'s str> {
        self.text.get(self.items.find(self.text, name)?.range())
    }

    /// The value of the constant or static of that name; `outside` answers for what the file does not declare.
    pub fn constant(&self, name: &str, outside: Lookup<'_>) -> Option<Value> {
        let memo = self.memo;
        if let Some(known) = memo.known.borrow().get(name) {
            memo.gave_up.set(memo.gave_up.get() || known.gave_up);
            return known.value.clone();
        }
        let expression = expression_of(self.find(name)?)?;
        if let Some(value) = plain_literal(expression) {
            return Some(value);
        }
        if memo.depth.get() >= FOLLOWED || memo.made.spent() {
            memo.gave_up.set(true);
            return None;
        }
        let before = memo.gave_up.take();
        memo.known.borrow_mut().insert(name.to_owned(), Known { value: None, gave_up: false });
        memo.depth.set(memo.depth.get() + 1);
        let mut found = value(expression, &|name| self.constant(name, outside).or_else(|| outside(name)));
        memo.depth.set(memo.depth.get() - 1);
        if found.as_ref().is_some_and(|value| !memo.made.take(value.weight())) {
            memo.gave_up.set(true);
            found = None;
        }
        let gave_up = memo.gave_up.get();
        let known = Known { value: found.clone(), gave_up: gave_up && found.is_none() };
        memo.known.borrow_mut().insert(name.to_owned(), known);
        memo.gave_up.set(before || gave_up);
        found
    }

    /// How many elements a constant's array or slice has, whatever they are.
    pub fn elements(&self, name: &str) -> Option<usize> {
        elements(self.find(name)?)
    }

    /// The default of a struct's field: what clap or serde is told of it, else what `impl Default` sets, else what its type
    /// begins with where serde fills it in.
    pub fn default(&self, owner: &str, field: &str, outside: Lookup<'_>) -> Option<Value> {
        let (item, member) = self.items.member(self.text, owner, field)?;
        let item = self.text.get(item.span.range())?;
        let lookup = |name: &str| self.constant(name, outside).or_else(|| outside(name));
        let told = self.told(item, member, &lookup);
        let set = told.or_else(|| self.in_impl(owner, field, &lookup));
        set.or_else(|| begins(item, member)).filter(|value| *value != Value::Nothing)
    }
}

impl Value {
    /// About how many bytes it takes.
    fn weight(&self) -> u64 {
        match self {
            Self::Text(text) | Self::Name(text) => text.len() as u64 + 1,
            Self::List(list) => list.iter().map(Self::weight).sum::<u64>() + 1,
            _ => 1,
        }
    }
}

fn elements(text: &str) -> Option<usize> {
    let expression = expression_of(text)?;
    let inner = expression.trim_start_matches(['&', ' ']);
    let inner = inner.strip_prefix("vec!").unwrap_or(inner).trim_start();
    let found = tokens(inner);
    if found.list.first().is_none_or(|token| token.kind != TokenKind::Open(b'[')) {
        return None;
    }
    let close = found.partner[0] as usize;
    let (mut at, mut count, mut fresh) = (1, 0, true);
    while at < close {
        match found.list[at].kind {
            TokenKind::Mark(b';') => return None,
            TokenKind::Mark(b',') => fresh = true,
            _ => {
                count += usize::from(fresh);
                fresh = false;
            }
        }
        at = if let TokenKind::Open(_) = found.list[at].kind { found.partner[at] as usize } else { at } + 1;
    }
    Some(count)
}

/// What stands behind the `=` of a constant's declaration.
fn expression_of(item: &str) -> Option<&str> {
    let found = tokens(item);
    let word = |at: usize| found.list.get(at).map_or("", |token| &item[token.range()]);
    let mut at = (0..found.list.len()).find(|at| matches!(word(*at), "const" | "static"))?;
    while at < found.list.len() {
        if found.list[at].kind == TokenKind::Mark(b'=') {
            let text = item.get(found.list[at].end as usize..)?.trim();
            return Some(text.strip_suffix(';').unwrap_or(text).trim_end());
        }
        at = if let TokenKind::Open(_) = found.list[at].kind { found.partner[at] as usize } else { at } + 1;
    }
    None
}

/// A string literal of any length, which needs no parser's recursion.
fn plain_literal(text: &str) -> Option<Value> {
    let found = tokens(text);
    let [only] = found.list.as_slice() else { return None };
    (only.kind == TokenKind::Literal)
        .then(|| syn::parse_str::<Lit>(text).ok().and_then(|lit| literal(&lit)))?
}

/// The value of an expression.
pub fn value(expression: &str, lookup: Lookup<'_>) -> Option<Value> {
    if !is_tame(expression) {
        return None;
    }
    evaluate(&syn::parse_str::<Expr>(expression).ok()?, lookup)
}

fn literal(lit: &Lit) -> Option<Value> {
    Some(match lit {
        Lit::Str(text) => Value::Text(text.value()),
        Lit::Char(one) => Value::Text(one.value().to_string()),
        Lit::Bool(flag) => Value::Bool(flag.value),
        Lit::Int(number) => Value::Integer(number.base10_parse().ok()?),
        Lit::Float(number) => Value::Float(number.base10_parse().ok()?),
        Lit::Byte(byte) => Value::Integer(i128::from(byte.value())),
        Lit::ByteStr(bytes) => Value::Text(String::from_utf8(bytes.value()).ok()?),
        _ => return None,
    })
}

fn evaluate(expression: &Expr, lookup: Lookup<'_>) -> Option<Value> {
    match expression {
        Expr::Lit(lit) => literal(&lit.lit),
        Expr::Paren(inner) => evaluate(&inner.expr, lookup),
        Expr::Group(inner) => evaluate(&inner.expr, lookup),
        Expr::Reference(inner) => evaluate(&inner.expr, lookup),
        Expr::Cast(cast) => match evaluate(&cast.expr, lookup)? {
            whole @ Value::Integer(_) if !is_float(&cast.ty) => Some(whole),
            #[expect(clippy::cast_precision_loss, reason = "`as f64` loses it in the program, too")]
            Value::Integer(number) => Some(Value::Float(number as f64)),
            other => Some(other),
        },
        Expr::Unary(unary) => match (&unary.op, evaluate(&unary.expr, lookup)?) {
            (syn::UnOp::Neg(_), Value::Integer(number)) => Some(Value::Integer(number.checked_neg()?)),
            (syn::UnOp::Neg(_), Value::Float(number)) => Some(Value::Float(-number)),
            (syn::UnOp::Not(_), Value::Bool(flag)) => Some(Value::Bool(!flag)),
            (syn::UnOp::Deref(_), value) => Some(value),
            _ => None,
        },
        Expr::Binary(binary) => {
            operate(&binary.op, evaluate(&binary.left, lookup)?, evaluate(&binary.right, lookup)?)
        }
        Expr::Array(array) => {
            array.elems.iter().map(|one| evaluate(one, lookup)).collect::<Option<_>>().map(Value::List)
        }
        Expr::Path(path) => named(path, lookup),
        Expr::Call(call) => called(call, lookup),
        Expr::MethodCall(call) => method(call, lookup),
        Expr::Macro(call) => macro_call(&call.mac, lookup),
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(only, None)] => evaluate(only, lookup),
            _ => None,
        },
        _ => None,
    }
}

fn is_float(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("f64") || path.path.is_ident("f32"))
}

fn operate(operator: &syn::BinOp, left: Value, right: Value) -> Option<Value> {
    use syn::BinOp;
    match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => Some(Value::Integer(match operator {
            BinOp::Add(_) => a.checked_add(b)?,
            BinOp::Sub(_) => a.checked_sub(b)?,
            BinOp::Mul(_) => a.checked_mul(b)?,
            BinOp::Div(_) => a.checked_div(b)?,
            BinOp::Rem(_) => a.checked_rem(b)?,
            BinOp::Shl(_) => u32::try_from(b).ok().filter(|b| *b < 64).and_then(|b| a.checked_mul(1 << b))?,
            BinOp::Shr(_) => u32::try_from(b).ok().and_then(|b| a.checked_shr(b))?,
            BinOp::BitOr(_) => a | b,
            BinOp::BitAnd(_) => a & b,
            _ => return None,
        })),
        (Value::Float(a), Value::Float(b)) => Some(Value::Float(match operator {
            BinOp::Add(_) => a + b,
            BinOp::Sub(_) => a - b,
            BinOp::Mul(_) => a * b,
            BinOp::Div(_) => a / b,
            _ => return None,
        })),
        _ => None,
    }
}

fn last(path: &syn::ExprPath) -> String {
    path.path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string())
}

fn owner(path: &syn::ExprPath) -> String {
    let mut segments = path.path.segments.iter().rev();
    segments.nth(1).map_or_else(String::new, |segment| segment.ident.to_string())
}

fn named(path: &syn::ExprPath, lookup: Lookup<'_>) -> Option<Value> {
    let (name, owner) = (last(path), owner(path));
    if name == "None" {
        return Some(Value::Nothing);
    }
    let limit = match (owner.as_str(), name.as_str()) {
        ("u8", "MAX") => Some(i128::from(u8::MAX)),
        ("u16", "MAX") => Some(i128::from(u16::MAX)),
        ("u32", "MAX") => Some(i128::from(u32::MAX)),
        ("u64", "MAX") => Some(i128::from(u64::MAX)),
        ("i8", "MAX") => Some(i128::from(i8::MAX)),
        ("i16", "MAX") => Some(i128::from(i16::MAX)),
        ("i32", "MAX") => Some(i128::from(i32::MAX)),
        ("i64", "MAX") => Some(i128::from(i64::MAX)),
        ("Duration", "ZERO") => return Some(Value::Duration(0)),
        _ => None,
    };
    if let Some(limit) = limit {
        return Some(Value::Integer(limit));
    }
    let qualified =
        if owner.is_empty() || owner == "Self" { None } else { lookup(&format!("{owner}::{name}")) };
    let is_constant = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    qualified.or_else(|| {
        if is_constant { lookup(&name) } else { (!owner.is_empty()).then(|| Value::Name(name.clone())) }
    })
}

fn called(call: &syn::ExprCall, lookup: Lookup<'_>) -> Option<Value> {
    let Expr::Path(path) = &*call.func else { return None };
    let (name, owner) = (last(path), owner(path));
    if let ("Default", "default")
    | ("String" | "Vec" | "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet", "new") =
        (owner.as_str(), name.as_str())
    {
        return Some(Value::Nothing);
    }
    let arguments: Vec<Value> = call.args.iter().map(|one| evaluate(one, lookup)).collect::<Option<_>>()?;
    if owner == "Duration" {
        return duration(&name, &arguments);
    }
    match (owner.as_str(), name.as_str(), arguments.as_slice()) {
        (_, "Some" | "Ok", [one])
        | (
            "String" | "PathBuf" | "Cow" | "Arc" | "Rc" | "Box",
            "from" | "Borrowed" | "Owned" | "new",
            [one],
        )
        | ("Path" | "HeaderName" | "HeaderValue", "new" | "from_static", [one]) => Some(one.clone()),
        (kind, "new" | "new_unchecked", [one]) if kind.starts_with("NonZero") => Some(one.clone()),
        _ => None,
    }
}

/// `Duration::from_…`, in nanoseconds.
fn duration(name: &str, arguments: &[Value]) -> Option<Value> {
    let unit: u128 = match name {
        "from_nanos" => 1,
        "from_micros" => 1_000,
        "from_millis" => 1_000_000,
        "from_secs" | "new" => 1_000_000_000,
        "from_mins" => 60_000_000_000,
        "from_hours" => 3_600_000_000_000,
        "from_days" => 86_400_000_000_000,
        "from_secs_f64" | "from_secs_f32" => {
            let [Value::Float(seconds)] = arguments else { return None };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to fit just before"
            )]
            return (0.0..1e9).contains(seconds).then(|| Value::Duration((seconds * 1e9) as u128));
        }
        _ => return None,
    };
    let number = |value: &Value| if let Value::Integer(n) = value { u128::try_from(*n).ok() } else { None };
    let whole = number(arguments.first()?)?.checked_mul(unit)?;
    let rest = arguments.get(1).map_or(Some(0), number)?;
    Some(Value::Duration(whole.checked_add(rest)?))
}

fn method(call: &syn::ExprMethodCall, lookup: Lookup<'_>) -> Option<Value> {
    const SAME: &[&str] = &[
        "to_string",
        "to_owned",
        "into",
        "unwrap",
        "clone",
        "as_str",
        "to_vec",
        "as_bytes",
        "get",
        "expect",
        "parse",
    ];
    let receiver = evaluate(&call.receiver, lookup)?;
    let name = call.method.to_string();
    match (receiver, name.as_str()) {
        (value, name) if SAME.contains(&name) => Some(value),
        (Value::Integer(base), "pow") => match evaluate(call.args.first()?, lookup)? {
            Value::Integer(power) => Some(Value::Integer(base.checked_pow(u32::try_from(power).ok()?)?)),
            _ => None,
        },
        (Value::Duration(nanos), "as_secs") => i128::try_from(nanos / 1_000_000_000).ok().map(Value::Integer),
        (Value::Duration(nanos), "as_millis") => i128::try_from(nanos / 1_000_000).ok().map(Value::Integer),
        (Value::List(list), "len") => i128::try_from(list.len()).ok().map(Value::Integer),
        _ => None,
    }
}

fn macro_call(call: &syn::Macro, lookup: Lookup<'_>) -> Option<Value> {
    let name = call.path.segments.last()?.ident.to_string();
    let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
    match name.as_str() {
        "concat" => {
            let mut out = String::new();
            for one in &arguments {
                out.push_str(&show(&evaluate(one, lookup)?)?);
            }
            Some(Value::Text(out))
        }
        "env" | "option_env" => match evaluate(arguments.first()?, lookup)? {
            Value::Text(name) => lookup(&format!("env!{name}")),
            _ => None,
        },
        "vec" => arguments.iter().map(|one| evaluate(one, lookup)).collect::<Option<_>>().map(Value::List),
        "format" if arguments.len() == 1 => evaluate(arguments.first()?, lookup),
        _ => None,
    }
}

/// A value as documentation writes it; none for one that has no spelling.
pub fn show(value: &Value) -> Option<String> {
    Some(match value {
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(text) | Value::Name(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Duration(nanos) => {
            const UNITS: &[(u128, &str)] = &[
                (3_600_000_000_000, "h"),
                (60_000_000_000, "min"),
                (1_000_000_000, "s"),
                (1_000_000, "ms"),
                (1_000, "µs"),
                (1, "ns"),
            ];
            let (unit, name) =
                UNITS.iter().find(|(unit, _)| *nanos > 0 && nanos % unit == 0).unwrap_or(&(1, "s"));
            format!("{} {name}", nanos / unit)
        }
        Value::List(list) => list.iter().map(show).collect::<Option<Vec<_>>>()?.join(", "),
        Value::Nothing => return None,
    })
}

/// A variant as clap's `ValueEnum` spells it.
fn kebab(value: Value) -> Value {
    let Value::Name(name) = value else { return value };
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    Value::Name(out)
}

impl Source<'_> {
    /// What the field's attributes say.
    fn told(&self, item: &str, member: &Member, lookup: Lookup<'_>) -> Option<Value> {
        for span in &member.attributes {
            let Some(text) = item.get(span.range()).filter(|text| is_tame(text)) else { continue };
            let parsed = syn::parse::Parser::parse_str(syn::Attribute::parse_outer, text).unwrap_or_default();
            for attribute in parsed {
                let Ok(metas) = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                else {
                    continue;
                };
                for meta in &metas {
                    let Meta::NameValue(pair) = meta else { continue };
                    let key = pair.path.get_ident().map_or_else(String::new, ToString::to_string);
                    match key.as_str() {
                        "default_value" | "default_value_t" | "default_values_t" | "default_values" => {
                            return evaluate(&pair.value, lookup).map(kebab);
                        }
                        "default" if attribute.path().is_ident("serde") => {
                            let Some(Value::Text(path)) = evaluate(&pair.value, lookup) else { continue };
                            return self.of_function(&path, lookup);
                        }
                        _ => {}
                    }
                }
            }
        }
        None
    }

    /// What a function without arguments returns, if its body is one value.
    fn of_function(&self, path: &str, lookup: Lookup<'_>) -> Option<Value> {
        let name = path.rsplit("::").next()?;
        if name == "default" {
            return Some(Value::Nothing);
        }
        let text = self.find(name).filter(|text| is_tame(text))?;
        let function = syn::parse_str::<syn::ImplItemFn>(text).ok()?;
        match function.block.stmts.as_slice() {
            [syn::Stmt::Expr(only, None)] => evaluate(only, lookup),
            _ => None,
        }
    }

    /// What `impl Default for Owner` sets a field to.
    fn in_impl(&self, owner: &str, field: &str, lookup: Lookup<'_>) -> Option<Value> {
        let item = self.items.named(&format!("{owner}::default"))?;
        let text = self.text.get(item.span.range())?;
        let mut all = self.memo.set.borrow_mut();
        let span = all.entry(owner.to_owned()).or_insert_with(|| fields_set(text)).get(field).copied();
        drop(all);
        value(text.get(span?.range())?, lookup)
    }
}

/// `field: value,` in the literals of a function: found by tokens, so that one long default hides no other.
fn fields_set(text: &str) -> HashMap<String, Span> {
    let found = tokens(text);
    let word = |at: usize| found.list.get(at).map_or("", |token| &text[token.range()]);
    let mut out = HashMap::new();
    for at in 0..found.list.len() {
        let colon = word(at + 1) == ":" && word(at + 2) != ":";
        if !colon || !matches!(word(at.wrapping_sub(1)), "{" | ",") {
            continue;
        }
        let mut end = at + 2;
        while end < found.list.len()
            && !matches!(found.list[end].kind, TokenKind::Mark(b',') | TokenKind::Close(_))
        {
            end =
                if let TokenKind::Open(_) = found.list[end].kind { found.partner[end] as usize } else { end }
                    + 1;
        }
        let from = found.list.get(at + 2).map_or(0, |token| token.start as usize);
        let to = end.checked_sub(1).and_then(|at| found.list.get(at)).map_or(0, |token| token.end as usize);
        out.entry(word(at).to_owned()).or_insert(Span::new(from, to));
    }
    out
}

/// What serde, or a derived `Default`, begins a field with.
fn begins(item: &str, member: &Member) -> Option<Value> {
    let head = item.split('{').next().unwrap_or("");
    let own = member.attributes.iter().any(|span| {
        let text = item.get(span.range()).unwrap_or("");
        text.starts_with("#[serde") && text.contains("default")
    });
    let derived = head.contains("Default")
        || head.contains("serde(default")
        || head.contains("Parser")
        || head.contains("Args");
    if !own && !derived {
        return None;
    }
    let ty = item.get(member.rest.range())?.trim_start_matches([':', ' ']);
    match ty {
        "bool" => Some(Value::Bool(false)),
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize"
            if own || !head.contains("Parser") && !head.contains("Args") =>
        {
            Some(Value::Integer(0))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str, name: &str) -> Option<String> {
        let outside = |name: &str| (name == "env!CARGO_PKG_VERSION").then(|| Value::Text("1.2.3".into()));
        let items = Items::of(source);
        Source::new(source, &items, &Memo::default()).constant(name, &outside).and_then(|value| show(&value))
    }

    #[test]
    fn constants_are_read_through_arithmetic_names_and_units() {
        let source = "const A: usize = 1_000;\npub const B: u64 = (A as u64 + 24) << 10;\nconst S: &str = \"a\\n\";\nstatic D: Duration = Duration::from_secs(5 * 60);\nimpl T { pub const N: u8 = 0x1F; }\nconst V: &str = concat!(\"v\", env!(\"CARGO_PKG_VERSION\"));\nconst L: &[u8] = &[1, 2, 3,];\nconst Z: i8 = -1;\nconst LOOP: u8 = LOOP;\nconst X: Foo = make();";
        let all: Vec<Option<String>> = ["A", "B", "S", "D", "T::N", "V", "L", "Z", "LOOP", "X", "NO"]
            .iter()
            .map(|name| shown(source, name))
            .collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            all,
            [
                some("1000"),
                some("1048576"),
                some("a\n"),
                some("5 min"),
                some("31"),
                some("v1.2.3"),
                some("1, 2, 3"),
                some("-1"),
                None,
                None,
                None
            ]
        );
        let items = Items::of(source);
        let memo = Memo::default();
        let of = Source::new(source, &items, &memo);
        assert_eq!((of.elements("L"), of.elements("A")), (Some(3), None));
        assert_eq!(elements("static ALL: &[&Check] = &[&a::C, &b::C(1, 2)];"), Some(2));
    }

    #[test]
    fn defaults_come_from_clap_serde_and_impl_default() {
        let source = "#[derive(Parser)]\nstruct Args {\n #[arg(long, default_value_t = LIMIT)]\n limit: usize,\n #[arg(long, value_enum, default_value = \"terminal\")]\n format: Format,\n #[arg(long, default_value_t = When::AtOnce)]\n when: When,\n #[arg(long)]\n fix: bool,\n #[arg(long)]\n base: Option<String>,\n}\nconst LIMIT: usize = 20;\n#[derive(Deserialize)]\nstruct Conf {\n #[serde(default = \"port\")]\n port: u16,\n #[serde(default)]\n quiet: bool,\n host: String,\n}\nfn port() -> u16 { 80 + 8000 }\nimpl Default for Conf { fn default() -> Self { Self { port: 1, quiet: true, host: \"x\".to_string() } } }";
        let items = Items::of(source);
        let memo = Memo::default();
        let read = Source::new(source, &items, &memo);
        let of =
            |owner: &str, field: &str| read.default(owner, field, &|_| None).and_then(|value| show(&value));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of("Args", "limit"), some("20"));
        assert_eq!(of("Args", "format"), some("terminal"));
        assert_eq!(of("Args", "when"), some("at-once"));
        assert_eq!(of("Args", "fix"), some("false"));
        assert_eq!(of("Args", "base"), None);
        assert_eq!(of("Conf", "port"), some("8080"));
        assert_eq!(of("Conf", "host"), some("x"));
        assert_eq!(of("Conf", "nope"), None);
    }

    #[test]
    fn constants_that_lead_to_constants_are_each_read_once_and_given_up_where_they_make_too_much() {
        let read = |count: usize, of: &str| {
            let line = |n: usize| format!("const C{n}: X = {};\n", of.replace('#', &format!("C{}", n + 1)));
            let lines: String = (0..count).map(line).collect();
            let source = format!("{lines}const C{count}: X = 1;");
            let items = Items::of(&source);
            let memo = Memo::default();
            let read = Source::new(&source, &items, &memo);
            let found = read.constant("C0", &|_| None).and_then(|value| show(&value));
            (found, read.gave_up(), memo.known.borrow().len())
        };
        // Each leads twice to the next: by hand 2^30 readings.
        assert_eq!(read(30, "# + #"), (Some((1_i64 << 30).to_string()), false, 30));
        assert_eq!(read(200, "#"), (None, true, FOLLOWED));
        let (found, gave_up, _) = read(30, "concat!(#, #)");
        assert!(found.is_none() && gave_up);
    }

    #[test]
    fn hostile_expressions_end() {
        for text in ["(".repeat(5_000), "-".repeat(900), format!("{}1", "1+".repeat(400)), "[[[[".repeat(300)]
        {
            assert!(value(&text, &|_| None).is_none() || text.contains("1+"));
        }
        assert_eq!(value("1 << 200", &|_| None), None);
        assert_eq!(value("1 / 0", &|_| None), None);
    }
}
