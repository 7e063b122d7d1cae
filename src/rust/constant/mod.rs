//! The values of constants and defaults, as far as they can be read without a compiler: literals, arithmetic on them,
//! other constants, durations, and what clap's and serde's attributes and `impl Default` say of a field.

mod defaults;
mod reader;
mod source;

pub use source::{Depth, Memo, Source};

use super::index::Items;
use super::number::{self, Number, Scalar, Wanted};
use super::token::{Token, TokenKind, tokens};
use reader::ConstantReader;
use syn::{BinOp, Expr, Lit, UnOp};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number, with its type where that is known.
    Number(Number),
    /// Text.
    Text(String),
    /// One character.
    Char(char),
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

impl Value {
    /// A whole number whose type does not matter.
    pub fn whole(value: i128) -> Self {
        Self::Number(Number::whole(value))
    }

    /// A number of 64 bits.
    pub fn double(value: f64) -> Self {
        Self::Number(Number::double(value))
    }

    fn scalar(&self) -> Option<Scalar> {
        Some(match self {
            Self::Number(number) => Scalar::Number(*number),
            Self::Bool(flag) => Scalar::Bool(*flag),
            Self::Char(letter) => Scalar::Char(*letter),
            _ => return None,
        })
    }

    /// The value of something that is declared with a type, or without one that is known.
    fn declared(self, wanted: Wanted) -> Option<Self> {
        match (self, wanted) {
            (Self::Number(number), Wanted::Type(ty)) => number.typed(ty).ok().map(Self::Number),
            (Self::Number(Number::Untyped), _) => None,
            (Self::Number(number), _) => Some(Self::Number(number.hidden())),
            (Self::List(list), wanted) => {
                list.into_iter().map(|one| one.declared(wanted)).collect::<Option<_>>().map(Self::List)
            }
            (other, _) => Some(other),
        }
    }

    /// About how many bytes it takes.
    fn weight(&self) -> u64 {
        match self {
            Self::Text(text) | Self::Name(text) => text.len() as u64 + 1,
            Self::List(list) => list.iter().map(Self::weight).sum::<u64>() + 1,
            _ => 1,
        }
    }
}

impl From<Scalar> for Value {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Number(number) => Self::Number(number),
            Scalar::Bool(flag) => Self::Bool(flag),
            Scalar::Char(letter) => Self::Char(letter),
        }
    }
}

/// Looks up a constant that an expression names, or `env!NAME`.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Option<Value>;

/// Longer expressions are tables, not values that a page states; the limit also keeps `syn`, which recurses, shallow.
const LONGEST: usize = 1_000;
/// Deeper nesting of brackets is refused for the same reason.
const DEEPEST: usize = 24;

/// Whether a text may be handed to `syn`.
fn is_tame(text: &str) -> bool {
    // Before anything else: many constants may name one long text.
    if text.len() > LONGEST {
        return false;
    }
    let found = tokens(text);
    let mut run = 0;
    let marks = found.list.iter().map(|token| {
        run = if matches!(token.kind, TokenKind::Mark(_)) { run + 1 } else { 0 };
        run
    });
    found.depth <= DEEPEST && marks.max().unwrap_or(0) < 16
}

/// How many elements the array or slice of a constant's declaration has, whatever they are.
fn elements(text: &str) -> Option<usize> {
    let (_, expression) = parts_of(text)?;
    let inner = expression.trim_start_matches(['&', ' ']);
    let inner = inner.strip_prefix("vec!").unwrap_or(inner).trim_start();
    let found = tokens(inner);
    if found.list.first().is_none_or(|token| token.kind != TokenKind::Open(b'[')) {
        return None;
    }
    let close = found.after(0) - 1;
    let (mut at, mut count, mut fresh) = (1, 0, true);
    while let Some(token) = found.list.get(at).filter(|_| at < close) {
        match token.kind {
            TokenKind::Mark(b';') => return None,
            TokenKind::Mark(b',') => fresh = true,
            _ => {
                count += usize::from(fresh);
                fresh = false;
            }
        }
        at = found.after(at);
    }
    Some(count)
}

/// The type of a constant's declaration, and what stands behind its `=`.
fn parts_of(item: &str) -> Option<(&str, &str)> {
    let found = tokens(item);
    let declares = |token: &Token| matches!(item.get(token.range()), Some("const" | "static"));
    let mut at = found.list.iter().position(declares)?;
    let mut ty = None;
    while let Some(token) = found.list.get(at) {
        match token.kind {
            TokenKind::Mark(b':') => {
                ty.get_or_insert(token.end as usize);
            }
            TokenKind::Mark(b'=') => {
                let text = item.get(token.end as usize..)?.trim();
                let ty = ty.and_then(|from| item.get(from..token.start as usize)).unwrap_or("");
                return Some((ty, text.strip_suffix(';').unwrap_or(text).trim_end()));
            }
            _ => {}
        }
        at = found.after(at);
    }
    None
}

/// A string literal of any length, which needs no parser's recursion.
fn plain_literal(text: &str, wanted: Wanted) -> Option<Value> {
    let found = tokens(text);
    let [only] = found.list.as_slice() else { return None };
    if only.kind != TokenKind::Literal {
        return None;
    }
    match syn::parse_str::<Lit>(text).ok()? {
        Lit::Str(text) => Some(Value::Text(text.value())),
        other => Value::from(number::literal(&other, false, wanted)?.ok()?).declared(wanted),
    }
}

/// The value of an expression of another language, as far as all languages agree on it: literals, lists, and sums,
/// differences and products of whole numbers up to 2^53, which are exact in every one of them.
pub fn foreign(expression: &str) -> Option<Value> {
    fn agreed(expression: &Expr) -> bool {
        match expression {
            // `010` is eight in some of them, and `1n` is more than a number.
            Expr::Lit(lit) => match &lit.lit {
                Lit::Int(number) => {
                    let text = number.to_string();
                    !(text.len() > 1
                        && text.starts_with('0')
                        && text.as_bytes().get(1).is_some_and(|b| b.is_ascii_digit() || *b == b'_'))
                }
                _ => true,
            },
            Expr::Paren(inner) => agreed(&inner.expr),
            Expr::Unary(unary) => matches!(unary.op, UnOp::Neg(_)) && agreed(&unary.expr),
            Expr::Array(array) => array.elems.iter().all(agreed),
            Expr::Binary(binary) => {
                matches!(binary.op, BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_))
                    && agreed(&binary.left)
                    && agreed(&binary.right)
            }
            _ => false,
        }
    }
    let known = |value: Value| match value {
        Value::Number(Number::Int(value, _)) => (value.abs() <= 1 << 53).then(|| Value::whole(value)),
        Value::Number(Number::Float(value, _)) => Some(Value::double(value)),
        other => Some(other),
    };
    // What is a comment or an operator elsewhere is one in Rust, too, or no expression.
    if !is_tame(expression) || has_comment(expression) {
        return None;
    }
    let parsed = syn::parse_str::<Expr>(expression).ok().filter(agreed)?;
    let (items, memo) = (Items::default(), Memo::default());
    let mut reader = ConstantReader { source: Source::new("", &items, &memo), lookup: &|_| None };
    match reader.eval(&parsed, Wanted::Open)? {
        Value::List(list) => list.into_iter().map(known).collect::<Option<_>>().map(Value::List),
        other => known(other),
    }
}

/// Whether Rust would pass over a part of a text.
fn has_comment(text: &str) -> bool {
    let mut end = 0;
    tokens(text).list.iter().any(|token| {
        let between = text.get(end..token.start as usize).unwrap_or("");
        end = end.max(token.end as usize);
        token.kind == TokenKind::Doc || !between.trim().is_empty()
    }) || !text.get(end..).unwrap_or("").trim().is_empty()
}

/// A value as documentation writes it; none for one that has no spelling.
pub fn show(value: &Value) -> Option<String> {
    Some(match value {
        Value::Number(number) => number.shown(false)?,
        Value::Text(text) | Value::Name(text) => text.clone(),
        Value::Char(letter) => letter.to_string(),
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
    fn hostile_expressions_end() {
        let (items, memo) = (Items::default(), Memo::default());
        let read = Source::new("", &items, &memo);
        for text in ["(".repeat(5_000), "-".repeat(900), format!("{}1", "1+".repeat(400)), "[[[[".repeat(300)]
        {
            assert!(read.value(&text, &|_| None).is_none() || text.contains("1+"));
        }
        assert_eq!(read.value("1 << 200", &|_| None), None);
        assert_eq!(read.value("1 / 0", &|_| None), None);
    }
}
