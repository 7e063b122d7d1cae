//! Constants, functions and methods of the number types.

use super::operate::{checked, shifted};
use super::{Fault, Float, Int, Known, Number, Primitive, Scalar, Wanted, cast};

/// `u8::MAX` and the other constants of a type; none where it has no such constant that is read.
pub fn associated(ty: Primitive, name: &str) -> Option<Number> {
    match (ty, name) {
        (Primitive::Int(Int::U128), "MAX") => None,
        (Primitive::Int(ty), "MAX") => Some(Number::of(ty.max(), ty)),
        (Primitive::Int(ty), "MIN") => Some(Number::of(ty.min(), ty)),
        (Primitive::Int(ty), "BITS") => Some(Number::of(ty.bits().into(), Int::U32)),
        (Primitive::Float(ty), name) => {
            let (short, long) = match name {
                "MAX" => (f32::MAX, f64::MAX),
                "MIN" => (f32::MIN, f64::MIN),
                "MIN_POSITIVE" => (f32::MIN_POSITIVE, f64::MIN_POSITIVE),
                "EPSILON" => (f32::EPSILON, f64::EPSILON),
                "INFINITY" => (f32::INFINITY, f64::INFINITY),
                "NEG_INFINITY" => (f32::NEG_INFINITY, f64::NEG_INFINITY),
                "NAN" => (f32::NAN, f64::NAN),
                _ => return None,
            };
            let value = if ty == Float::F32 { short.into() } else { long };
            Some(Number::Float(value, Known::Type(ty)))
        }
        _ => None,
    }
}

/// A function of a type: `u64::from(1u8)`, `u8::pow(2, 3)`; none where it has no such function that is read.
pub fn call(ty: Primitive, name: &str, arguments: &[Scalar]) -> Option<Result<Scalar, Fault>> {
    match (name, arguments) {
        ("max_value", []) => associated(ty, "MAX").map(|number| Ok(Scalar::Number(number))),
        ("min_value", []) => associated(ty, "MIN").map(|number| Ok(Scalar::Number(number))),
        ("from", [one]) => Some(from(ty, *one)),
        (_, [first, rest @ ..]) => {
            let typed = match first {
                Scalar::Number(number) => number.typed(ty).map(Scalar::Number),
                other => Ok(*other),
            };
            match typed {
                Ok(first) => method(first, name, rest),
                Err(fault) => Some(Err(fault)),
            }
        }
        _ => None,
    }
}

/// `From` between primitives never loses anything.
fn from(ty: Primitive, value: Scalar) -> Result<Scalar, Fault> {
    let made = cast(value, ty)?;
    let same = match (value, made) {
        (Scalar::Number(Number::Int(before, _)), Scalar::Number(Number::Int(after, _))) => before == after,
        (Scalar::Number(Number::Float(..)), Scalar::Number(Number::Int(..))) => false,
        _ => true,
    };
    if same { Ok(made) } else { Err(Fault::MISMATCH) }
}

/// The type that the arguments of a method have.
pub fn argument(receiver: Scalar, name: &str) -> Wanted {
    let Scalar::Number(number) = receiver else { return Wanted::Open };
    if name.ends_with("pow") || name.ends_with("_shl") || name.ends_with("_shr") {
        return Wanted::Type(Primitive::Int(Int::U32));
    }
    number.primitive().map_or(Wanted::Open, Wanted::Type)
}

/// A method of a number; none where it has no such method that is read.
pub fn method(receiver: Scalar, name: &str, arguments: &[Scalar]) -> Option<Result<Scalar, Fault>> {
    let Scalar::Number(number) = receiver else { return None };
    match number {
        Number::Int(value, known) => int(value, known, name, arguments),
        Number::Float(value, known) => float(value, known, name, arguments).map(Ok),
        Number::Untyped => None,
    }
}

/// The arguments of a method as whole numbers of the receiver's type.
fn alike(known: Known<Int>, arguments: &[Scalar]) -> Result<Vec<i128>, Fault> {
    let one = |argument: &Scalar| {
        let Scalar::Number(number) = argument else { return Err(Fault::MISMATCH) };
        let number = match known {
            Known::Type(ty) => number.typed(Primitive::Int(ty))?,
            _ => *number,
        };
        number.int().ok_or(Fault::UNTYPED)
    };
    arguments.iter().map(one).collect()
}

fn int(value: i128, known: Known<Int>, name: &str, arguments: &[Scalar]) -> Option<Result<Scalar, Fault>> {
    let result = match (known, name.split_once('_')) {
        (Known::Type(ty), Some(("wrapping", inner))) => wrapping(value, ty, inner, arguments)?,
        (Known::Type(ty), Some(("saturating", inner))) => saturating(value, ty, inner, arguments)?,
        (_, Some(("wrapping" | "saturating", _))) => Err(Fault::UNTYPED),
        _ => plain(value, known, name, arguments)?,
    };
    Some(result.map(Scalar::Number))
}

/// Methods that overflow as operators do.
fn plain(value: i128, known: Known<Int>, name: &str, arguments: &[Scalar]) -> Option<Result<Number, Fault>> {
    let others = match name {
        // The exponent is a `u32`, whatever the number is.
        "pow" => alike(Known::Type(Int::U32), arguments),
        _ => alike(known, arguments),
    };
    let others = match others {
        Ok(others) => others,
        Err(fault) => return Some(Err(fault)),
    };
    let fits = |value: i128| checked(Some(value), known).is_ok();
    let result = match (name, others.as_slice()) {
        ("pow", [by]) => u32::try_from(*by).ok().and_then(|by| value.checked_pow(by)),
        ("abs", []) => value.checked_abs(),
        ("signum", []) => Some(value.signum()),
        ("min", [other]) => Some(value.min(*other)),
        ("max", [other]) => Some(value.max(*other)),
        ("clamp", [low, high]) if low <= high => Some(value.clamp(*low, *high)),
        // `MIN.rem_euclid(-1)` overflows although 0 would fit.
        ("rem_euclid", [-1]) => value.checked_neg().filter(|value| fits(*value)).map(|_| 0),
        ("rem_euclid", [by]) => value.checked_rem_euclid(*by),
        ("div_euclid", [by]) => value.checked_div_euclid(*by),
        ("div_ceil", [by]) if *by > 0 && value >= 0 => Some(value / by + i128::from(value % by != 0)),
        ("next_multiple_of", [by]) if *by > 0 && value >= 0 => {
            (value / by + i128::from(value % by != 0)).checked_mul(*by)
        }
        ("next_power_of_two", []) if value >= 0 => u128::try_from(value)
            .ok()
            .and_then(u128::checked_next_power_of_two)
            .and_then(|n| n.try_into().ok()),
        ("abs_diff", [other]) => return Some(difference(value, *other, known)),
        ("unsigned_abs", []) => return Some(difference(value, 0, known)),
        _ => return None,
    };
    Some(checked(result, known))
}

/// The distance between two numbers, in the unsigned type of the same width.
fn difference(a: i128, b: i128, known: Known<Int>) -> Result<Number, Fault> {
    let known = match known {
        Known::Type(Int::I8) => Known::Type(Int::U8),
        Known::Type(Int::I16) => Known::Type(Int::U16),
        Known::Type(Int::I32) => Known::Type(Int::U32),
        Known::Type(Int::I64) => Known::Type(Int::U64),
        Known::Type(Int::I128) => Known::Type(Int::U128),
        Known::Type(Int::Isize) => Known::Type(Int::Usize),
        Known::Free => Known::Hidden,
        other => other,
    };
    checked(i128::try_from(a.abs_diff(b)).ok(), known)
}

/// `wrapping_…`, by the name after that.
fn wrapping(value: i128, ty: Int, name: &str, arguments: &[Scalar]) -> Option<Result<Number, Fault>> {
    let of = if matches!(name, "shl" | "shr" | "pow") { Int::U32 } else { ty };
    let others = match alike(Known::Type(of), arguments) {
        Ok(others) => others,
        Err(fault) => return Some(Err(fault)),
    };
    // The lowest bits are right whatever the width is.
    let bits = match (name, others.as_slice()) {
        ("add", [by]) => value.wrapping_add(*by),
        ("sub", [by]) => value.wrapping_sub(*by),
        ("mul", [by]) => value.wrapping_mul(*by),
        ("neg", []) => value.wrapping_neg(),
        ("abs", []) => value.wrapping_abs(),
        ("div", [by]) if *by != 0 => value.wrapping_div(*by),
        ("rem", [by]) if *by != 0 => value.wrapping_rem(*by),
        ("div" | "rem", [_]) => return Some(Err(Fault::OVERFLOW)),
        ("pow", [by]) => u32::try_from(*by).map_or(0, |by| value.wrapping_pow(by)),
        ("shl" | "shr", [by]) => {
            return Some(shifted(value, Known::Type(ty), by % i128::from(ty.bits()), name == "shl"));
        }
        _ => return None,
    };
    Some(ty.wrap(bits).map(|value| Number::of(value, ty)).ok_or(Fault::UNKNOWN))
}

/// `saturating_…`, by the name after that.
fn saturating(value: i128, ty: Int, name: &str, arguments: &[Scalar]) -> Option<Result<Number, Fault>> {
    let of = if name == "pow" { Int::U32 } else { ty };
    let others = match alike(Known::Type(of), arguments) {
        Ok(others) => others,
        Err(fault) => return Some(Err(fault)),
    };
    let result = match (name, others.as_slice()) {
        ("add", [by]) => value.saturating_add(*by),
        ("sub", [by]) => value.saturating_sub(*by),
        ("mul", [by]) => value.saturating_mul(*by),
        ("div", [by]) if *by != 0 => value.saturating_div(*by),
        ("neg", []) if ty.is_signed() => value.saturating_neg(),
        ("abs", []) if ty.is_signed() => value.saturating_abs(),
        ("pow", [by]) => value.saturating_pow(u32::try_from(*by).unwrap_or(u32::MAX)),
        _ => return None,
    };
    // The greatest number of `u128` is never read.
    let held = ty != Int::U128 || result < i128::MAX;
    Some(held.then(|| Number::of(result.clamp(ty.min(), ty.max()), ty)).ok_or(Fault::UNKNOWN))
}

/// Methods of which every system makes the same.
fn float(value: f64, known: Known<Float>, name: &str, arguments: &[Scalar]) -> Option<Scalar> {
    let other = |at: usize| match arguments.get(at)? {
        Scalar::Number(number @ Number::Float(..)) => match known {
            Known::Type(ty) => number.typed(Primitive::Float(ty)).ok()?.float(),
            _ => number.float(),
        },
        _ => None,
    };
    let result = match (name, arguments.len()) {
        ("floor", 0) => value.floor(),
        ("ceil", 0) => value.ceil(),
        ("round", 0) => value.round(),
        ("trunc", 0) => value.trunc(),
        ("abs", 0) => value.abs(),
        ("min", 1) => value.min(other(0)?),
        ("max", 1) => value.max(other(0)?),
        _ => return None,
    };
    Some(Scalar::Number(Number::Float(result, known)))
}
