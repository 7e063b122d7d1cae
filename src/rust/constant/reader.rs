//! The evaluator of constants.

use super::{Lookup, Source, Value, is_tame, show};
use crate::rust::number::{self, Fault, Float, Int, Number, Primitive, Scalar, Wanted};
use std::time::Duration;
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, Lit, Token, Type, UnOp};

/// Evaluates what stands in a file.
pub(super) struct ConstantReader<'r> {
    /// The file, for its aliases of types.
    pub source: Source<'r>,
    pub lookup: Lookup<'r>,
}

impl number::Evaluator for ConstantReader<'_> {
    type Value = Value;
    type Stop = ();

    fn step(&mut self, _: &Expr) -> Result<(), ()> {
        if self.source.enter(1) { Ok(()) } else { Err(()) }
    }

    fn left(&mut self) {
        self.source.leave(1);
    }

    fn other(&mut self, expression: &Expr, wanted: Wanted) -> Result<Value, ()> {
        self.other_than_numbers(expression, wanted).ok_or(())
    }

    fn scalar(&mut self, value: &Value) -> Option<Scalar> {
        value.scalar()
    }

    fn value(&mut self, scalar: Scalar) -> Value {
        scalar.into()
    }

    fn unknown(&mut self, _: Fault) -> Result<Value, ()> {
        Err(())
    }

    fn unary(&mut self, _: &UnOp, _: Value) -> Result<Value, ()> {
        Err(())
    }

    fn binary(&mut self, _: &BinOp, _: Value, _: Value) -> Result<Value, ()> {
        Err(())
    }

    fn cast(&mut self, _: Value, _: &Type) -> Result<Value, ()> {
        Err(())
    }

    fn primitive(&mut self, ty: &Type) -> Option<Primitive> {
        self.source.primitive(ty)
    }
}

impl ConstantReader<'_> {
    /// The value of a text that is an expression of something with a type.
    pub fn read(&mut self, expression: &str, wanted: Wanted) -> Option<Value> {
        if !is_tame(expression) {
            return None;
        }
        self.eval(&syn::parse_str::<Expr>(expression).ok()?, wanted)?.declared(wanted)
    }

    pub fn eval(&mut self, expression: &Expr, wanted: Wanted) -> Option<Value> {
        number::evaluate(self, expression, wanted).ok()
    }

    fn list<'e>(&mut self, list: impl Iterator<Item = &'e Expr>, wanted: Wanted) -> Option<Vec<Value>> {
        list.map(|one| self.eval(one, wanted)).collect()
    }

    fn other_than_numbers(&mut self, expression: &Expr, wanted: Wanted) -> Option<Value> {
        match expression {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(Value::Text(text.value())),
                Lit::ByteStr(bytes) => String::from_utf8(bytes.value()).ok().map(Value::Text),
                _ => None,
            },
            Expr::Reference(inner) => self.eval(&inner.expr, wanted),
            Expr::Unary(inner) => match inner.op {
                UnOp::Deref(_) => self.eval(&inner.expr, wanted),
                _ => None,
            },
            Expr::Array(array) => self.list(array.elems.iter(), wanted).map(Value::List),
            Expr::Path(path) => self.named(path),
            Expr::Call(call) => self.called(call, wanted),
            Expr::MethodCall(call) => self.method(call),
            Expr::Macro(call) => self.macro_call(&call.mac, wanted),
            Expr::Block(block) => match block.block.stmts.as_slice() {
                [syn::Stmt::Expr(only, None)] => self.eval(only, wanted),
                _ => None,
            },
            _ => None,
        }
    }

    fn named(&mut self, path: &syn::ExprPath) -> Option<Value> {
        let (name, owner) = (last(path), owner(path));
        if name == "None" {
            return Some(Value::Nothing);
        }
        if let Some(ty) = Primitive::of(&owner) {
            return number::associated(ty, &name).map(Value::Number);
        }
        if (owner.as_str(), name.as_str()) == ("Duration", "ZERO") {
            return Some(Value::Duration(0));
        }
        let is_constant = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        let of_type = owner.starts_with(char::is_uppercase) && owner != "Self";
        let qualified = if owner.is_empty() || owner == "Self" {
            None
        } else {
            (self.lookup)(&format!("{owner}::{name}"))
        };
        // A constant of a type is none of another type, nor one of a module.
        qualified.or_else(|| match (is_constant, of_type) {
            (true, false) => (self.lookup)(&name),
            (true, true) => None,
            (false, _) => (!owner.is_empty()).then(|| Value::Name(name.clone())),
        })
    }

    fn called(&mut self, call: &syn::ExprCall, wanted: Wanted) -> Option<Value> {
        let Expr::Path(path) = &*call.func else { return None };
        let (name, owner) = (last(path), owner(path));
        if let ("Default", "default")
        | ("String" | "Vec" | "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet", "new") =
            (owner.as_str(), name.as_str())
        {
            return Some(Value::Nothing);
        }
        if let Some(ty) = Primitive::of(&owner) {
            let wanted = if name == "from" { Wanted::Fallback } else { Wanted::Type(ty) };
            let arguments = self.list(call.args.iter(), wanted)?;
            let scalars: Vec<Scalar> = arguments.iter().map(Value::scalar).collect::<Option<_>>()?;
            return number::call(ty, &name, &scalars)?.ok().map(Value::from);
        }
        if owner == "Duration" {
            return self.duration(call, &name);
        }
        let inner = match owner.strip_prefix("NonZero").and_then(|name| Primitive::of(&name.to_lowercase())) {
            Some(ty) => Wanted::Type(ty),
            None => wanted,
        };
        let arguments = self.list(call.args.iter(), inner)?;
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
    fn duration(&mut self, call: &syn::ExprCall, name: &str) -> Option<Value> {
        let unit: u128 = match name {
            "from_nanos" => 1,
            "from_micros" => 1_000,
            "from_millis" => 1_000_000,
            "from_secs" | "new" => 1_000_000_000,
            "from_mins" => 60_000_000_000,
            "from_hours" => 3_600_000_000_000,
            "from_days" => 86_400_000_000_000,
            "from_secs_f64" | "from_secs_f32" => {
                let ty = Primitive::of(name.trim_start_matches("from_secs_"))?;
                let Value::Number(seconds) = self.eval(call.args.first()?, Wanted::Type(ty))? else {
                    return None;
                };
                let seconds = seconds.typed(ty).ok()?.float()?;
                #[expect(clippy::cast_possible_truncation, reason = "it is a number of `f32`")]
                let made = match ty {
                    Primitive::Float(Float::F32) => Duration::try_from_secs_f32(seconds as f32),
                    _ => Duration::try_from_secs_f64(seconds),
                };
                return made.ok().map(|made| Value::Duration(made.as_nanos()));
            }
            _ => return None,
        };
        let mut number = |at: usize, ty: Int| {
            let ty = Primitive::Int(ty);
            let Value::Number(number) = self.eval(call.args.get(at)?, Wanted::Type(ty))? else { return None };
            u128::try_from(number.typed(ty).ok()?.int()?).ok()
        };
        let whole = number(0, Int::U64)?.checked_mul(unit)?;
        let rest = if call.args.len() > 1 { number(1, Int::U32)? } else { 0 };
        Some(Value::Duration(whole.checked_add(rest)?))
    }

    fn method(&mut self, call: &syn::ExprMethodCall) -> Option<Value> {
        const SAME: &[&str] = &[
            "to_string",
            "to_owned",
            "unwrap",
            "clone",
            "as_str",
            "to_vec",
            "as_bytes",
            "get",
            "expect",
            "parse",
        ];
        let receiver = self.eval(&call.receiver, Wanted::Fallback)?;
        let name = call.method.to_string();
        let of_64 = |nanos: u128, ty: Int| Some(Value::Number(Number::of(i128::try_from(nanos).ok()?, ty)));
        match (receiver, name.as_str()) {
            (Value::Number(number), "into") => Some(Value::Number(number.converted())),
            (value, "into") => Some(value),
            (value, name) if SAME.contains(&name) => Some(value),
            (Value::Duration(nanos), "as_secs") => of_64(nanos / 1_000_000_000, Int::U64),
            (Value::Duration(nanos), "as_millis") => of_64(nanos / 1_000_000, Int::U128),
            (Value::List(list), "len") => of_64(list.len().try_into().ok()?, Int::Usize),
            (value, name) => {
                let scalar = value.scalar()?;
                let arguments = self.list(call.args.iter(), number::argument(scalar, name))?;
                let scalars: Vec<Scalar> = arguments.iter().map(Value::scalar).collect::<Option<_>>()?;
                number::method(scalar, name, &scalars)?.ok().map(Value::from)
            }
        }
    }

    fn macro_call(&mut self, call: &syn::Macro, wanted: Wanted) -> Option<Value> {
        let name = call.path.segments.last()?.ident.to_string();
        let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
        match name.as_str() {
            "concat" => {
                let mut out = String::new();
                for one in &arguments {
                    out.push_str(&show(&self.eval(one, Wanted::Fallback)?)?);
                }
                Some(Value::Text(out))
            }
            "env" | "option_env" => match self.eval(arguments.first()?, wanted)? {
                Value::Text(name) => (self.lookup)(&format!("env!{name}")),
                _ => None,
            },
            "vec" => self.list(arguments.iter(), wanted).map(Value::List),
            "format" if arguments.len() == 1 => self.eval(arguments.first()?, wanted),
            _ => None,
        }
    }
}

fn last(path: &syn::ExprPath) -> String {
    path.path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string())
}

fn owner(path: &syn::ExprPath) -> String {
    let mut segments = path.path.segments.iter().rev();
    segments.nth(1).map_or_else(String::new, |segment| segment.ident.to_string())
}
