//! Literals and operators.

use super::{Fault, Float, Int, Known, Number, Primitive, Scalar, Wanted};
use syn::{BinOp, Lit};

/// The value of a literal of a number, a truth value or a character, with a minus before it or not; none for others.
pub fn literal(lit: &Lit, negative: bool, wanted: Wanted) -> Option<Result<Scalar, Fault>> {
    Some(match lit {
        Lit::Bool(flag) if !negative => Ok(Scalar::Bool(flag.value)),
        Lit::Char(letter) if !negative => Ok(Scalar::Char(letter.value())),
        Lit::Byte(byte) if !negative => Ok(Scalar::Number(Number::of(byte.value().into(), Int::U8))),
        Lit::Int(number) if !is_suffix(number.suffix()) => Err(Fault::MISMATCH),
        Lit::Float(number) if !is_suffix(number.suffix()) => Err(Fault::MISMATCH),
        Lit::Int(number) => match Primitive::of(number.suffix()) {
            Some(Primitive::Float(ty)) => float(number.base10_digits(), negative, Known::Type(ty)),
            suffix => match number.base10_parse::<i128>() {
                Ok(value) => whole(if negative { -value } else { value }, suffix, wanted),
                Err(_) => Err(Fault::OVERFLOW),
            },
        },
        Lit::Float(number) => {
            let known = match (Primitive::of(number.suffix()), wanted) {
                (Some(Primitive::Float(ty)), _) | (None, Wanted::Type(Primitive::Float(ty))) => {
                    Known::Type(ty)
                }
                (_, Wanted::Fallback) => Known::Type(Float::F64),
                _ => Known::Free,
            };
            float(number.base10_digits(), negative, known)
        }
        _ => return None,
    })
}

fn is_suffix(text: &str) -> bool {
    text.is_empty() || matches!(Primitive::of(text), Some(Primitive::Int(_) | Primitive::Float(_)))
}

fn whole(value: i128, suffix: Option<Primitive>, wanted: Wanted) -> Result<Scalar, Fault> {
    let ty = match (suffix, wanted) {
        (Some(Primitive::Int(ty)), _) | (None, Wanted::Type(Primitive::Int(ty))) => ty,
        (Some(_), _) => return Err(Fault::MISMATCH),
        (None, Wanted::Fallback) => Int::I32,
        (None, _) => return Ok(Scalar::Number(Number::Int(value, Known::Free))),
    };
    Number::Int(value, Known::Free).typed(Primitive::Int(ty)).map(Scalar::Number)
}

fn float(digits: &str, negative: bool, known: Known<Float>) -> Result<Scalar, Fault> {
    // Read as what it is, because rounding twice is not rounding once.
    let value = match known {
        Known::Type(Float::F32) => digits.parse::<f32>().map(f64::from),
        _ => digits.parse::<f64>(),
    };
    match value {
        Ok(value) if value.is_finite() => {
            Ok(Scalar::Number(Number::Float(if negative { -value } else { value }, known)))
        }
        _ => Err(Fault::OVERFLOW),
    }
}

/// `-value`.
///
/// # Errors
/// It overflows, or is not allowed.
pub fn negate(value: Scalar) -> Result<Scalar, Fault> {
    let Scalar::Number(number) = value else { return Err(Fault::MISMATCH) };
    let negated = match number {
        Number::Int(_, Known::Type(ty)) if !ty.is_signed() => return Err(Fault::MISMATCH),
        Number::Int(value, known) => checked(value.checked_neg(), known)?,
        Number::Float(value, known) => Number::Float(-value, known),
        Number::Untyped => Number::Untyped,
    };
    Ok(Scalar::Number(negated))
}

/// `!value`.
///
/// # Errors
/// It is not allowed.
pub fn not(value: Scalar) -> Result<Scalar, Fault> {
    Ok(match value {
        Scalar::Bool(flag) => Scalar::Bool(!flag),
        Scalar::Number(Number::Int(value, Known::Type(ty))) => {
            Scalar::Number(Number::of(ty.wrap(!value).ok_or(Fault::UNKNOWN)?, ty))
        }
        Scalar::Number(Number::Int(_, Known::Free) | Number::Untyped) => Scalar::Number(Number::Untyped),
        Scalar::Number(Number::Int(..)) => return Err(Fault::UNTYPED),
        Scalar::Number(Number::Float(..)) | Scalar::Char(_) => return Err(Fault::MISMATCH),
    })
}

/// A result, if it is one of its type.
pub(super) fn checked(value: Option<i128>, known: Known<Int>) -> Result<Number, Fault> {
    let fits = |value: &i128| if let Known::Type(ty) = known { ty.holds(*value) } else { true };
    value.filter(fits).map(|value| Number::Int(value, known)).ok_or(Fault::OVERFLOW)
}

/// What is known of two types that must be one.
pub(super) fn united<T: PartialEq>(a: Known<T>, b: Known<T>) -> Result<Known<T>, Fault> {
    match (a, b) {
        (Known::Type(a), Known::Type(b)) if a != b => Err(Fault::MISMATCH),
        (Known::Type(ty), _) | (_, Known::Type(ty)) => Ok(Known::Type(ty)),
        (Known::Hidden, _) | (_, Known::Hidden) => Ok(Known::Hidden),
        (Known::Free, Known::Free) => Ok(Known::Free),
    }
}

/// `a operator b`, but for `&&`, `||` and assignments.
///
/// # Errors
/// It overflows, or is not allowed.
pub fn operate(operator: &BinOp, a: Scalar, b: Scalar) -> Result<Scalar, Fault> {
    use std::cmp::Ordering;
    let ordering = match (a, b) {
        (Scalar::Number(Number::Untyped), Scalar::Number(_))
        | (Scalar::Number(_), Scalar::Number(Number::Untyped)) => {
            return if is_comparison(operator) {
                Err(Fault::UNTYPED)
            } else {
                Ok(Scalar::Number(Number::Untyped))
            };
        }
        (Scalar::Number(Number::Int(a, ty)), Scalar::Number(Number::Int(b, other))) => {
            if !is_comparison(operator) {
                return int(operator, (a, ty), (b, other)).map(Scalar::Number);
            }
            united(ty, other)?;
            Some(a.cmp(&b))
        }
        (Scalar::Number(Number::Float(a, ty)), Scalar::Number(Number::Float(b, other))) => {
            let ty = united(ty, other)?;
            if !is_comparison(operator) {
                return real(operator, a, b, ty).map(Scalar::Number);
            }
            a.partial_cmp(&b)
        }
        (Scalar::Bool(a), Scalar::Bool(b)) => match operator {
            BinOp::BitAnd(_) => return Ok(Scalar::Bool(a && b)),
            BinOp::BitOr(_) => return Ok(Scalar::Bool(a || b)),
            BinOp::BitXor(_) => return Ok(Scalar::Bool(a != b)),
            _ => Some(a.cmp(&b)),
        },
        (Scalar::Char(a), Scalar::Char(b)) => Some(a.cmp(&b)),
        _ => return Err(Fault::MISMATCH),
    };
    Ok(Scalar::Bool(match operator {
        BinOp::Eq(_) => ordering == Some(Ordering::Equal),
        BinOp::Ne(_) => ordering != Some(Ordering::Equal),
        BinOp::Lt(_) => ordering == Some(Ordering::Less),
        BinOp::Le(_) => ordering.is_some_and(Ordering::is_le),
        BinOp::Gt(_) => ordering == Some(Ordering::Greater),
        BinOp::Ge(_) => ordering.is_some_and(Ordering::is_ge),
        _ => return Err(Fault::MISMATCH),
    }))
}

/// Whether an operator compares.
pub(super) fn is_comparison(operator: &BinOp) -> bool {
    matches!(
        operator,
        BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)
    )
}

fn int(operator: &BinOp, a: (i128, Known<Int>), b: (i128, Known<Int>)) -> Result<Number, Fault> {
    let ((a, ty), (b, other)) = (a, b);
    if let BinOp::Shl(_) | BinOp::Shr(_) = operator {
        return shifted(a, ty, b, matches!(operator, BinOp::Shl(_)));
    }
    let ty = united(ty, other)?;
    let value = match operator {
        BinOp::Add(_) => a.checked_add(b),
        BinOp::Sub(_) => a.checked_sub(b),
        BinOp::Mul(_) => a.checked_mul(b),
        BinOp::Div(_) => a.checked_div(b),
        // `MIN % -1` overflows although 0 would fit.
        BinOp::Rem(_) if b == -1 => {
            a.checked_neg().filter(|value| checked(Some(*value), ty).is_ok()).map(|_| 0)
        }
        BinOp::Rem(_) => a.checked_rem(b),
        BinOp::BitAnd(_) => Some(a & b),
        BinOp::BitOr(_) => Some(a | b),
        BinOp::BitXor(_) => Some(a ^ b),
        _ => return Err(Fault::MISMATCH),
    };
    checked(value, ty)
}

/// A shift: bits that leave are lost, and one by as many bits as there are overflows.
pub(super) fn shifted(value: i128, known: Known<Int>, by: i128, left: bool) -> Result<Number, Fault> {
    let Known::Type(ty) = known else {
        // To the right is the same in every type that holds the value.
        let by = u32::try_from(by).ok().filter(|by| *by < 128).ok_or(Fault::OVERFLOW)?;
        return match (left, known) {
            (false, _) => Ok(Number::Int(value >> by, known)),
            (true, Known::Hidden) => Err(Fault::UNTYPED),
            (true, _) => Ok(Number::Untyped),
        };
    };
    let by = u32::try_from(by).ok().filter(|by| *by < ty.bits()).ok_or(Fault::OVERFLOW)?;
    let value = if left { ty.wrap(value << by).ok_or(Fault::UNKNOWN)? } else { value >> by };
    Ok(Number::of(value, ty))
}

#[expect(clippy::cast_possible_truncation, clippy::float_cmp, reason = "`f32` is computed as `f32`")]
fn real(operator: &BinOp, a: f64, b: f64, ty: Known<Float>) -> Result<Number, Fault> {
    let (short_a, short_b) = (a as f32, b as f32);
    let (long, short) = match operator {
        BinOp::Add(_) => (a + b, short_a + short_b),
        BinOp::Sub(_) => (a - b, short_a - short_b),
        BinOp::Mul(_) => (a * b, short_a * short_b),
        BinOp::Div(_) => (a / b, short_a / short_b),
        BinOp::Rem(_) => (a % b, short_a % short_b),
        _ => return Err(Fault::MISMATCH),
    };
    match ty {
        Known::Type(Float::F32) => Ok(Number::Float(short.into(), ty)),
        Known::Hidden if f64::from(short) != long => Err(Fault::UNTYPED),
        _ => Ok(Number::Float(long, ty)),
    }
}
