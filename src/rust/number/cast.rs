//! `as`.

use super::{Fault, Float, Int, Known, Number, Primitive, Scalar};

/// `value as to`.
///
/// # Errors
/// Rust does not allow it, or the result is not known.
pub fn cast(value: Scalar, to: Primitive) -> Result<Scalar, Fault> {
    let from = match value {
        Scalar::Number(Number::Untyped) => return Err(Fault::UNTYPED),
        Scalar::Number(Number::Float(value, known)) => {
            return from_float(value, known, to).map(Scalar::Number);
        }
        Scalar::Number(Number::Int(value, known)) => match to {
            Primitive::Char => return character(value, known),
            Primitive::Bool => return Err(Fault::MISMATCH),
            _ => value,
        },
        Scalar::Bool(flag) => match to {
            Primitive::Bool => return Ok(value),
            Primitive::Int(_) => i128::from(flag),
            _ => return Err(Fault::MISMATCH),
        },
        Scalar::Char(letter) => match to {
            Primitive::Char => return Ok(value),
            Primitive::Int(_) => i128::from(u32::from(letter)),
            _ => return Err(Fault::MISMATCH),
        },
    };
    from_int(from, to).map(Scalar::Number)
}

/// The lowest bits are kept; `f32` and `f64` take the nearest number, of two the even one.
#[expect(clippy::cast_precision_loss, reason = "that is what `as` does")]
fn from_int(value: i128, to: Primitive) -> Result<Number, Fault> {
    match to {
        Primitive::Int(to) => to.wrap(value).map(|value| Number::of(value, to)).ok_or(Fault::UNKNOWN),
        Primitive::Float(Float::F64) => Ok(Number::double(value as f64)),
        Primitive::Float(Float::F32) => Ok(Number::Float(f64::from(value as f32), Known::Type(Float::F32))),
        _ => Err(Fault::MISMATCH),
    }
}

/// Only `u8` becomes a character.
fn character(value: i128, known: Known<Int>) -> Result<Scalar, Fault> {
    match (known, u8::try_from(value)) {
        (Known::Type(Int::U8) | Known::Free | Known::Hidden, Ok(value)) => {
            Ok(Scalar::Char(char::from(value)))
        }
        _ => Err(Fault::MISMATCH),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "that is what `as` does")]
fn from_float(value: f64, known: Known<Float>, to: Primitive) -> Result<Number, Fault> {
    let rounded = f64::from(value as f32);
    match to {
        Primitive::Float(Float::F32) => Ok(Number::Float(rounded, Known::Type(Float::F32))),
        Primitive::Float(Float::F64) if known == Known::Hidden => {
            Number::Float(value, known).float().map(Number::double).ok_or(Fault::UNTYPED)
        }
        Primitive::Float(Float::F64) => Ok(Number::double(value)),
        Primitive::Int(to) => {
            // Towards zero; what does not fit becomes the nearest that does, and what is no number 0.
            let saturated = (value as i128).clamp(to.min(), to.max());
            let other = (rounded as i128).clamp(to.min(), to.max());
            if known == Known::Hidden && saturated != other {
                return Err(Fault::UNTYPED);
            }
            // Above this `u128` is never read.
            let held = to != Int::U128 || saturated < i128::MAX;
            held.then(|| Number::of(saturated, to)).ok_or(Fault::UNKNOWN)
        }
        _ => Err(Fault::MISMATCH),
    }
}
