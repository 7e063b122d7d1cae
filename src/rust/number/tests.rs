//! Every operation, against the machine's own.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what `as` does is asked")]

use super::{
    Fault, Float, Int, Known, Number, Primitive, Scalar, Wanted, cast, literal, method, negate, not, operate,
};
use proptest::prelude::*;

fn int(value: i128, ty: Int) -> Scalar {
    Scalar::Number(Number::of(value, ty))
}

fn of(result: Result<Scalar, Fault>) -> Option<i128> {
    match result {
        Ok(Scalar::Number(number)) => number.int(),
        _ => None,
    }
}

fn by(operator: &str, a: Scalar, b: Scalar) -> Option<i128> {
    of(operate(&syn::parse_str(operator).unwrap(), a, b))
}

/// Numbers at the ends of types, and any others.
fn any_number() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -3_i64..3,
        (0_u32..64, -2_i64..=2).prop_map(|(bits, by)| (1_i64 << bits).wrapping_add(by)),
        (0_u32..64, -2_i64..=2).prop_map(|(bits, by)| (i64::MIN >> bits).wrapping_add(by)),
    ]
}

macro_rules! as_the_machine_does {
    ($($name:ident $ty:ident $own:expr;)*) => {
        proptest! {
            $(#[test]
            fn $name(a in any_number(), b in any_number(), float in any::<f64>()) {
                let (wide, a, b) = (a, a as $ty, b as $ty);
                let held = |value: $ty| i128::try_from(value).ok();
                let (left, right) = (int(held(a).unwrap_or(0), $own), int(held(b).unwrap_or(0), $own));
                prop_assume!(held(a).is_some() && held(b).is_some());
                prop_assert_eq!(of(cast(int(wide.into(), Int::I64), Primitive::Int($own))), held(wide as $ty));
                prop_assert_eq!(of(cast(Scalar::Number(Number::double(float)), Primitive::Int($own))), held(float as $ty).filter(|value| *value < i128::MAX));
                prop_assert_eq!(by("+", left, right), a.checked_add(b).and_then(held));
                prop_assert_eq!(by("-", left, right), a.checked_sub(b).and_then(held));
                prop_assert_eq!(by("*", left, right), a.checked_mul(b).and_then(held));
                prop_assert_eq!(by("/", left, right), a.checked_div(b).and_then(held));
                prop_assert_eq!(by("%", left, right), a.checked_rem(b).and_then(held));
                prop_assert_eq!(by("&", left, right), held(a & b));
                prop_assert_eq!(by("|", left, right), held(a | b));
                prop_assert_eq!(by("^", left, right), held(a ^ b));
                let few = u32::try_from(wide & 0xFF).unwrap_or(0);
                prop_assert_eq!(by("<<", left, int(few.into(), Int::U32)), a.checked_shl(few).and_then(held));
                prop_assert_eq!(by(">>", left, int(few.into(), Int::U32)), a.checked_shr(few).and_then(held));
                prop_assert_eq!(of(not(left)), held(!a));
                let called = |name: &str, with: Scalar| method(left, name, &[with]).and_then(of);
                prop_assert_eq!(called("wrapping_add", right), held(a.wrapping_add(b)));
                prop_assert_eq!(called("wrapping_sub", right), held(a.wrapping_sub(b)));
                prop_assert_eq!(called("wrapping_mul", right), held(a.wrapping_mul(b)));
                prop_assert_eq!(called("saturating_add", right), held(a.saturating_add(b)).filter(|value| *value < i128::MAX));
                prop_assert_eq!(called("saturating_sub", right), held(a.saturating_sub(b)));
                prop_assert_eq!(called("saturating_mul", right), held(a.saturating_mul(b)).filter(|value| *value < i128::MAX));
                let few = few % 70;
                prop_assert_eq!(called("wrapping_shl", int(few.into(), Int::U32)), held(a.wrapping_shl(few)));
                prop_assert_eq!(called("wrapping_pow", int(few.into(), Int::U32)), held(a.wrapping_pow(few)));
                prop_assert_eq!(called("pow", int(few.into(), Int::U32)), a.checked_pow(few).and_then(held));
                prop_assert_eq!(called("rem_euclid", right), a.checked_rem_euclid(b).and_then(held));
                prop_assert_eq!(called("div_euclid", right), a.checked_div_euclid(b).and_then(held));
                prop_assert_eq!(called("abs_diff", right), i128::try_from(a.abs_diff(b)).ok());
            })*
        }
    };
}

as_the_machine_does! {
    i8_is_the_machines i8 Int::I8;
    i16_is_the_machines i16 Int::I16;
    i32_is_the_machines i32 Int::I32;
    i64_is_the_machines i64 Int::I64;
    isize_is_the_machines isize Int::Isize;
    u8_is_the_machines u8 Int::U8;
    u16_is_the_machines u16 Int::U16;
    u32_is_the_machines u32 Int::U32;
    u64_is_the_machines u64 Int::U64;
    usize_is_the_machines usize Int::Usize;
    u128_is_the_machines_up_to_half_of_it u128 Int::U128;
}

#[test]
fn what_i128_cannot_hold_is_not_read() {
    let most = int(i128::MAX, Int::I128);
    assert_eq!(by("+", most, int(1, Int::I128)), None);
    assert_eq!(by("-", int(i128::MIN, Int::I128), int(1, Int::I128)), None);
    assert_eq!(of(negate(int(i128::MIN, Int::I128))), None);
    assert_eq!(of(cast(int(-1, Int::I128), Primitive::Int(Int::U128))), None);
    assert_eq!(of(cast(int(-1, Int::I8), Primitive::Int(Int::U64))), Some(u64::MAX.into()));
    assert_eq!((Int::I8.min(), Int::I128.min(), Int::U64.max()), (-128, i128::MIN, u64::MAX.into()));
}

#[test]
fn literals_wait_for_their_type() {
    let read = |text: &str, wanted: Wanted| match literal(&syn::parse_str(text).unwrap(), false, wanted) {
        Some(Ok(Scalar::Number(number))) => Some(number),
        _ => None,
    };
    let byte = Wanted::Type(Primitive::Int(Int::U8));
    assert!(matches!(read("5", Wanted::Open), Some(Number::Int(5, Known::Free))));
    assert!(matches!(read("5", byte), Some(Number::Int(5, Known::Type(Int::U8)))));
    assert!(matches!(read("5", Wanted::Fallback), Some(Number::Int(5, Known::Type(Int::I32)))));
    assert!(matches!(read("5i64", byte), Some(Number::Int(5, Known::Type(Int::I64)))));
    assert!(matches!(read("5f32", byte), Some(Number::Float(_, Known::Type(Float::F32)))));
    assert!(read("256", byte).is_none() && read("3_000_000_000", Wanted::Fallback).is_none());
    // A shift of what still waits has no value yet, and one of a variable never gets one.
    let (free, hidden) = (Number::Int(1, Known::Free), Number::Int(1, Known::Free).hidden());
    let shift = |number: Number| operate(&syn::parse_quote!(<<), Scalar::Number(number), int(31, Int::I32));
    assert!(matches!(shift(free), Ok(Scalar::Number(Number::Untyped))));
    assert_eq!(shift(hidden), Err(Fault::UNTYPED));
}

#[test]
fn a_number_of_32_bits_is_rounded_once_and_shown_short() {
    let third = Number::Float(f64::from(1.0_f32 / 3.0), Known::Type(Float::F32));
    assert_eq!(third.shown(false).as_deref(), Some("0.33333334"));
    assert_eq!(Number::double(2.0).shown(true).as_deref(), Some("2.0"));
    // Of which width it is decides on what is shown, so nothing is.
    let unsure = Number::Float(1.0 / 3.0, Known::Hidden);
    assert_eq!((unsure.shown(false), unsure.float()), (None, None));
    let sure = Number::Float(0.5, Known::Hidden);
    assert_eq!((sure.shown(false).as_deref(), sure.float()), (Some("0.5"), Some(0.5)));
}
