//! Numbers of Rust by type and width, as the compiler computes them: one arithmetic for all that reads values out of
//! source ([`crate::rust::constant`] and the reader of OpenAPI documents).
//!
//! A value is computed as rustc would, or not at all. What overflows in a constant does not compile, and is a [`Fault`]
//! here. Literals without a suffix take their type from what is around them, as in rustc's inference: from an
//! annotation, from the other operand, from the target of `as`; where nothing more can decide, whole numbers are `i32` and
//! others `f64` ([`Wanted`]). Where something out of sight may decide, an operation whose result depends on the type
//! (`<<`, `!`) has no value.
//!
//! <https://doc.rust-lang.org/reference/expressions/operator-expr.html>,
//! <https://doc.rust-lang.org/reference/expressions/literal-expr.html#integer-literal-expressions>.

mod cast;
mod expression;
mod method;
mod operate;

pub use cast::cast;
pub use expression::{Evaluator, assigned, evaluate};
pub use method::{argument, associated, call, method};
pub use operate::{literal, negate, not, operate};

use std::fmt;

/// Types of whole numbers; `isize` and `usize` have 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the language's own names")]
pub enum Int {
    I8,
    I16,
    I32,
    I64,
    I128,
    Isize,
    U8,
    U16,
    U32,
    U64,
    U128,
    Usize,
}

impl Int {
    /// How many bits it has.
    pub fn bits(self) -> u32 {
        match self {
            Self::I8 | Self::U8 => 8,
            Self::I16 | Self::U16 => 16,
            Self::I32 | Self::U32 => 32,
            Self::I64 | Self::U64 | Self::Isize | Self::Usize => 64,
            Self::I128 | Self::U128 => 128,
        }
    }

    /// Whether it has negative numbers.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::I128 | Self::Isize)
    }

    /// The least number.
    pub fn min(self) -> i128 {
        if self.is_signed() { i128::MIN >> (128 - self.bits()) } else { 0 }
    }

    /// The greatest number; of `u128` half of it, because values are held as `i128`. What is more is never read.
    pub fn max(self) -> i128 {
        match self {
            Self::U128 => i128::MAX,
            _ if self.is_signed() => i128::MAX >> (128 - self.bits()),
            _ => (1 << self.bits()) - 1,
        }
    }

    /// Whether a number is one of this type.
    pub fn holds(self, value: i128) -> bool {
        (self.min()..=self.max()).contains(&value)
    }

    /// The number of this type with these lowest bits; none for what is never read.
    fn wrap(self, bits: i128) -> Option<i128> {
        let unused = 128 - self.bits();
        if self.is_signed() {
            return Some((bits << unused) >> unused);
        }
        i128::try_from((bits.cast_unsigned() << unused) >> unused).ok()
    }
}

/// Types of other numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the language's own names")]
pub enum Float {
    F32,
    F64,
}

/// The types that `as` converts between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Primitive {
    /// A whole number.
    Int(Int),
    /// Another number.
    Float(Float),
    /// `bool`
    Bool,
    /// `char`
    Char,
}

impl Primitive {
    /// The type of a name.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "i8" => Self::Int(Int::I8),
            "i16" => Self::Int(Int::I16),
            "i32" => Self::Int(Int::I32),
            "i64" => Self::Int(Int::I64),
            "i128" => Self::Int(Int::I128),
            "isize" => Self::Int(Int::Isize),
            "u8" => Self::Int(Int::U8),
            "u16" => Self::Int(Int::U16),
            "u32" => Self::Int(Int::U32),
            "u64" => Self::Int(Int::U64),
            "u128" => Self::Int(Int::U128),
            "usize" => Self::Int(Int::Usize),
            "f32" => Self::Float(Float::F32),
            "f64" => Self::Float(Float::F64),
            "bool" => Self::Bool,
            "char" => Self::Char,
            _ => return None,
        })
    }
}

/// What is known of a number's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// It is this.
    Type(T),
    /// Literals without a suffix have no type of their own yet.
    Free,
    /// It has one that is not seen here.
    Hidden,
}

/// A number.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Int(i128, Known<Int>),
    /// Another number; one of `f32` is rounded to it.
    Float(f64, Known<Float>),
    /// A whole number made of literals that depends on the type which they are given.
    Untyped,
}

/// Whether they are the same number, whatever their types are.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(a, _), Self::Int(b, _)) => a == b,
            (Self::Float(a, _), Self::Float(b, _)) => a == b,
            _ => false,
        }
    }
}

/// What `as` and operators work on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// A number.
    Number(Number),
    /// A truth value.
    Bool(bool),
    /// A character.
    Char(char),
}

/// Why there is no value; what the value would depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault(&'static str);

impl Fault {
    const OVERFLOW: Self = Self("arithmetic that overflows");
    const MISMATCH: Self = Self("an operation on these types that does not compile");
    const UNKNOWN: Self = Self("an operation that is not worked out");
    const UNTYPED: Self = Self("a number whose type is not known");

    /// As a message says it: `a number whose type is not known`.
    pub fn words(self) -> &'static str {
        self.0
    }
}

/// What is known of the type that an expression must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing; more of the program may decide.
    Open,
    /// It is this, or something that holds this, such as an array of it.
    Type(Primitive),
    /// Nothing, and nothing more will come.
    Fallback,
}

impl Number {
    /// A number of a program in which nothing else decides on its type.
    pub fn of(value: i128, ty: Int) -> Self {
        Self::Int(value, Known::Type(ty))
    }

    /// A number whose type does not matter.
    pub fn whole(value: i128) -> Self {
        Self::Int(value, Known::Hidden)
    }

    /// A number of 64 bits.
    pub fn double(value: f64) -> Self {
        Self::Float(value, Known::Type(Float::F64))
    }

    /// A whole number's value.
    pub fn int(self) -> Option<i128> {
        if let Self::Int(value, _) = self { Some(value) } else { None }
    }

    /// Another number's value as 64 bits, where that is certain.
    #[expect(
        clippy::float_cmp,
        clippy::cast_possible_truncation,
        reason = "whether rounding changes it is asked"
    )]
    pub fn float(self) -> Option<f64> {
        match self {
            Self::Float(value, Known::Hidden) if f64::from(value as f32) != value => None,
            Self::Float(value, _) => Some(value),
            _ => None,
        }
    }

    /// As `{}` and `{:?}` write it.
    #[expect(clippy::cast_possible_truncation, reason = "it is a number of `f32`")]
    pub fn shown(self, debug: bool) -> Option<String> {
        let of = |number: &dyn fmt::Debug, plain: String| if debug { format!("{number:?}") } else { plain };
        Some(match self {
            Self::Int(value, _) => value.to_string(),
            Self::Float(value, Known::Type(Float::F32)) => of(&(value as f32), (value as f32).to_string()),
            Self::Float(value, Known::Hidden) => {
                let long = of(&value, value.to_string());
                let short = of(&(value as f32), (value as f32).to_string());
                (long == short).then_some(long)?
            }
            Self::Float(value, _) => of(&value, value.to_string()),
            Self::Untyped => return None,
        })
    }

    /// The number where more of the program may have decided on its type than was seen.
    #[must_use]
    pub fn hidden(self) -> Self {
        match self {
            Self::Int(value, Known::Free) => Self::Int(value, Known::Hidden),
            Self::Float(value, Known::Free) => Self::Float(value, Known::Hidden),
            other => other,
        }
    }

    /// What `into` makes of it: the same number in a type that is not seen here.
    #[must_use]
    pub fn converted(self) -> Self {
        match self {
            Self::Int(value, _) => Self::Int(value, Known::Hidden),
            Self::Float(value, _) => Self::Float(value, Known::Hidden),
            Self::Untyped => Self::Untyped,
        }
    }

    /// The number as one of the type that it must have.
    ///
    /// # Errors
    /// It does not fit, or has another type.
    #[expect(clippy::cast_possible_truncation, reason = "the number is rounded to `f32`")]
    pub fn typed(self, ty: Primitive) -> Result<Self, Fault> {
        match (self, ty) {
            (Self::Int(value, known), Primitive::Int(ty)) => match known {
                Known::Type(own) if own != ty => Err(Fault::MISMATCH),
                _ if ty.holds(value) => Ok(Self::of(value, ty)),
                _ => Err(Fault::OVERFLOW),
            },
            (Self::Float(_, Known::Type(own)), Primitive::Float(ty)) if own != ty => Err(Fault::MISMATCH),
            (Self::Float(value, _), Primitive::Float(Float::F32)) => {
                Ok(Self::Float(f64::from(value as f32), Known::Type(Float::F32)))
            }
            (Self::Float(value, _), Primitive::Float(Float::F64)) => Ok(Self::double(value)),
            (Self::Untyped, _) => Err(Fault::UNTYPED),
            _ => Err(Fault::MISMATCH),
        }
    }

    /// Its type, where that is known.
    fn primitive(self) -> Option<Primitive> {
        match self {
            Self::Int(_, Known::Type(ty)) => Some(Primitive::Int(ty)),
            Self::Float(_, Known::Type(ty)) => Some(Primitive::Float(ty)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
