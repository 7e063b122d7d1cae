//! Every operation, against the machine's own.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what `as` does is asked")]

use super::{
    Fault, Float, Int, Known, Number, Primitive, Scalar, Wanted, cast, literal, method, negate, not, operate,
};
use proptest::prelude::*;
use syn::BinOp;

fn int(value: i128, ty: Int) -> Scalar {
    Scalar::Number(Number::of(value, ty))
}

fn of(result: Result<Scalar, Fault>) -> Option<i128> {
    match result {
        Ok(Scalar::Number(number)) => number.int(),
        _ => None,
    }
}

fn by(operator: &'static str, a: Scalar, b: Scalar) -> Option<i128> {
    let operator: BinOp = syn::parse_str(operator).unwrap();
    of(operate(&operator, a, b))
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
    ($($name:ident $check:ident $ty:ident $own:expr;)*) => {
        $(fn $check(a: i64, b: i64, float: f64) {
            let held = |value: $ty| i128::try_from(value).ok();
            let (wide, few) = (a, u32::try_from(b & 0xFF).unwrap_or(0));
            // What is never read of `u128` is left out.
            let own = |n: i64| if held(n as $ty).is_some() { n as $ty } else { (n & i64::MAX) as $ty };
            let (a, b) = (own(a), own(b));
            let (left, right) = (int(held(a).unwrap_or(0), $own), int(held(b).unwrap_or(0), $own));
            let below_half = |value: &i128| *value < i128::MAX;
            assert_eq!(of(cast(int(wide.into(), Int::I64), Primitive::Int($own))), held(wide as $ty));
            let float_as = of(cast(Scalar::Number(Number::double(float)), Primitive::Int($own)));
            assert_eq!(float_as, held(float as $ty).filter(below_half));
            let operators = [
                ("+", a.checked_add(b)), ("-", a.checked_sub(b)), ("*", a.checked_mul(b)), ("/", a.checked_div(b)),
                ("%", a.checked_rem(b)), ("&", Some(a & b)), ("|", Some(a | b)), ("^", Some(a ^ b)),
            ];
            for (operator, expected) in operators {
                assert_eq!(by(operator, left, right), expected.and_then(held), "{a} {operator} {b}");
            }
            let count = |few: u32| int(few.into(), Int::U32);
            assert_eq!(by("<<", left, count(few)), a.checked_shl(few).and_then(held), "{a} << {few}");
            assert_eq!(by(">>", left, count(few)), a.checked_shr(few).and_then(held), "{a} >> {few}");
            assert_eq!(of(not(left)), held(!a), "!{a}");
            let called = |name: &str, with: Scalar| method(left, name, &[with]).and_then(of);
            let zero = b == 0;
            let few = few % 70;
            let methods = [
                ("wrapping_add", right, Some(a.wrapping_add(b))),
                ("wrapping_sub", right, Some(a.wrapping_sub(b))),
                ("wrapping_mul", right, Some(a.wrapping_mul(b))),
                ("wrapping_div", right, (!zero).then(|| a.wrapping_div(b))),
                ("wrapping_rem", right, (!zero).then(|| a.wrapping_rem(b))),
                ("wrapping_shl", count(few), Some(a.wrapping_shl(few))),
                ("wrapping_shr", count(few), Some(a.wrapping_shr(few))),
                ("wrapping_pow", count(few), Some(a.wrapping_pow(few))),
                ("saturating_add", right, Some(a.saturating_add(b))),
                ("saturating_sub", right, Some(a.saturating_sub(b))),
                ("saturating_mul", right, Some(a.saturating_mul(b))),
                ("saturating_div", right, (!zero).then(|| a.saturating_div(b))),
                ("saturating_pow", count(few), Some(a.saturating_pow(few))),
                ("pow", count(few), a.checked_pow(few)),
                ("rem_euclid", right, a.checked_rem_euclid(b)),
                ("div_euclid", right, a.checked_div_euclid(b)),
                ("min", right, Some(a.min(b))),
                ("max", right, Some(a.max(b))),
            ];
            for (name, with, expected) in methods {
                let expected = expected.and_then(held).filter(below_half);
                assert_eq!(called(name, with), expected, "{a}.{name}({b}), or of {few}");
            }
            assert_eq!(called("abs_diff", right), i128::try_from(a.abs_diff(b)).ok());
            assert_eq!(method(left, "wrapping_neg", &[]).and_then(of), held(a.wrapping_neg()));
        })*
        proptest! {
            $(#[test]
            fn $name(a in any_number(), b in any_number(), float in any::<f64>()) {
                $check(a, b, float);
            })*
        }
    };
}

as_the_machine_does! {
    i8_is_the_machines check_i8 i8 Int::I8;
    i16_is_the_machines check_i16 i16 Int::I16;
    i32_is_the_machines check_i32 i32 Int::I32;
    i64_is_the_machines check_i64 i64 Int::I64;
    isize_is_the_machines check_isize isize Int::Isize;
    u8_is_the_machines check_u8 u8 Int::U8;
    u16_is_the_machines check_u16 u16 Int::U16;
    u32_is_the_machines check_u32 u32 Int::U32;
    u64_is_the_machines check_u64 u64 Int::U64;
    usize_is_the_machines check_usize usize Int::Usize;
    u128_is_the_machines_up_to_half_of_it check_u128 u128 Int::U128;
}

#[test]
fn every_pair_of_numbers_of_8_bits_is_the_machines() {
    for a in 0..=255 {
        for b in 0..=255 {
            check_u8(a, b, 0.5);
            check_i8(a - 128, b - 128, 0.5);
        }
    }
}

#[test]
fn the_ends_of_all_types_are_the_machines() {
    let ends = [0, 1, -1, 2, 7, 63, 64, 127, 128, i64::MAX, i64::MIN, i64::MAX - 1, i64::MIN + 1];
    let ends = ends.into_iter().chain([i32::MAX, i32::MIN].map(i64::from)).chain([i64::from(u32::MAX)]);
    let ends: Vec<i64> = ends.collect();
    let checks = [check_i16, check_i32, check_i64, check_isize, check_u16, check_u32, check_u64, check_usize];
    for a in &ends {
        for b in &ends {
            for check in checks.iter().chain([&(check_u128 as fn(i64, i64, f64))]) {
                for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.9, 1e300, 2_147_483_648.5] {
                    check(*a, *b, float);
                }
            }
        }
    }
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
