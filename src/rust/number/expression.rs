//! Expressions of numbers: which type each part has, and the order in which that becomes known.

use super::operate::is_comparison;
use super::{Fault, Known, Number, Primitive, Scalar, Wanted, cast, literal, negate, not, operate};
use syn::{BinOp, Expr, ExprBinary, ExprCast, ExprUnary, Lit, Stmt, Type, UnOp, token};

/// Who evaluates expressions that are made of more than numbers.
pub trait Evaluator {
    /// Its values.
    type Value;
    /// Why it ends early.
    type Stop;

    /// Counts one part of an expression.
    ///
    /// # Errors
    /// As the evaluator has them: too many were counted.
    fn step(&mut self, _: &Expr) -> Result<(), Self::Stop> {
        Ok(())
    }

    /// Is told that a part which was counted has been evaluated, or had no value.
    fn left(&mut self) {}

    /// The value of an expression that is no literal of a number, no operator (but an assignment), no `as` and no bracket
    /// around one.
    ///
    /// # Errors
    /// As the evaluator has them.
    fn other(&mut self, expression: &Expr, wanted: Wanted) -> Result<Self::Value, Self::Stop>;

    /// What operators work on, if the value is that; also behind a reference.
    fn scalar(&mut self, value: &Self::Value) -> Option<Scalar>;

    /// The value of a number, a truth value or a character.
    fn value(&mut self, scalar: Scalar) -> Self::Value;

    /// What takes the place of a value that is not known.
    ///
    /// # Errors
    /// As the evaluator has them.
    fn unknown(&mut self, fault: Fault) -> Result<Self::Value, Self::Stop>;

    /// What `-` and `!` make of other values.
    ///
    /// # Errors
    /// As the evaluator has them.
    fn unary(&mut self, operator: &UnOp, value: Self::Value) -> Result<Self::Value, Self::Stop>;

    /// What an operator makes of other values.
    ///
    /// # Errors
    /// As the evaluator has them.
    fn binary(&mut self, operator: &BinOp, a: Self::Value, b: Self::Value)
    -> Result<Self::Value, Self::Stop>;

    /// What `as` makes of other values, and of numbers where the type is none of the primitives.
    ///
    /// # Errors
    /// As the evaluator has them.
    fn cast(&mut self, value: Self::Value, ty: &Type) -> Result<Self::Value, Self::Stop>;

    /// The primitive that a type is, by its name or as an alias.
    fn primitive(&mut self, ty: &Type) -> Option<Primitive>;
}

type Evaluated<E> = Result<<E as Evaluator>::Value, <E as Evaluator>::Stop>;

/// The value of an expression.
///
/// # Errors
/// As the evaluator has them.
pub fn evaluate<E: Evaluator>(by: &mut E, expression: &Expr, wanted: Wanted) -> Evaluated<E> {
    by.step(expression)?;
    let made = part(by, expression, wanted);
    by.left();
    made
}

fn part<E: Evaluator>(by: &mut E, expression: &Expr, wanted: Wanted) -> Evaluated<E> {
    match expression {
        Expr::Paren(inner) => evaluate(by, &inner.expr, wanted),
        Expr::Group(inner) => evaluate(by, &inner.expr, wanted),
        Expr::Lit(lit) => match literal(&lit.lit, false, wanted) {
            Some(made) => finished(by, made),
            None => by.other(expression, wanted),
        },
        Expr::Unary(ExprUnary { op: op @ (UnOp::Neg(_) | UnOp::Not(_)), expr, .. }) => {
            unary(by, op, expr, wanted)
        }
        Expr::Cast(inner) => converted(by, inner),
        Expr::Binary(inner) if assigned(&inner.op).is_none() => binary(by, inner, wanted),
        other => by.other(other, wanted),
    }
}

fn finished<E: Evaluator>(by: &mut E, made: Result<Scalar, Fault>) -> Evaluated<E> {
    match made {
        Ok(scalar) => Ok(by.value(scalar)),
        Err(fault) => by.unknown(fault),
    }
}

fn unary<E: Evaluator>(by: &mut E, operator: &UnOp, inner: &Expr, wanted: Wanted) -> Evaluated<E> {
    // The minus belongs to the number: `-128i8`.
    if let (UnOp::Neg(_), Expr::Lit(lit)) = (operator, inner)
        && let Some(made) = literal(&lit.lit, true, wanted)
    {
        // `-1 as u8` does not compile, because `-` knows no unsigned numbers.
        return finished(by, made.and_then(|made| if is_unsigned(made) { negate(made) } else { Ok(made) }));
    }
    let value = evaluate(by, inner, wanted)?;
    let Some(scalar) = by.scalar(&value) else { return by.unary(operator, value) };
    let made = adopted(scalar, wanted).and_then(if matches!(operator, UnOp::Neg(_)) { negate } else { not });
    finished(by, made)
}

/// A part of an operation as one of the type that the operation must have.
fn adopted(scalar: Scalar, wanted: Wanted) -> Result<Scalar, Fault> {
    match (scalar, wanted) {
        (Scalar::Number(number @ (Number::Int(..) | Number::Float(..))), Wanted::Type(ty)) => {
            number.typed(ty).map(Scalar::Number)
        }
        _ => Ok(scalar),
    }
}

fn is_unsigned(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Number(Number::Int(_, Known::Type(ty))) if !ty.is_signed())
}

fn converted<E: Evaluator>(by: &mut E, written: &ExprCast) -> Evaluated<E> {
    let target = by.primitive(&written.ty);
    // A literal takes the type of the cast where it can have it; everything else below it is on its own.
    let wanted =
        target.and_then(|target| castable(&written.expr, target)).map_or(Wanted::Fallback, Wanted::Type);
    let value = evaluate(by, &written.expr, wanted)?;
    match (by.scalar(&value), target) {
        (Some(scalar), Some(target)) => finished(by, cast(scalar, target)),
        _ => by.cast(value, &written.ty),
    }
}

/// The type that a literal has because of the `as` behind it.
fn castable(expression: &Expr, target: Primitive) -> Option<Primitive> {
    match expression {
        Expr::Paren(inner) => castable(&inner.expr, target),
        Expr::Group(inner) => castable(&inner.expr, target),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_) | UnOp::Not(_), expr, .. }) => castable(expr, target),
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [Stmt::Expr(only, None)] => castable(only, target),
            _ => None,
        },
        Expr::Lit(lit) => match (&lit.lit, target) {
            (Lit::Int(number), _) if !number.suffix().is_empty() => None,
            (Lit::Float(number), _) if !number.suffix().is_empty() => None,
            (Lit::Int(_), Primitive::Int(_)) | (Lit::Float(_), Primitive::Float(_)) => Some(target),
            (Lit::Int(_), Primitive::Char) => Some(Primitive::Int(super::Int::U8)),
            _ => None,
        },
        _ => None,
    }
}

fn binary<E: Evaluator>(by: &mut E, written: &ExprBinary, wanted: Wanted) -> Evaluated<E> {
    let operator = &written.op;
    match operator {
        BinOp::And(_) | BinOp::Or(_) => return short_circuit(by, written),
        BinOp::Shl(_) | BinOp::Shr(_) => {
            let left = evaluate(by, &written.left, wanted)?;
            let right = evaluate(by, &written.right, Wanted::Fallback)?;
            return match (by.scalar(&left), by.scalar(&right)) {
                (Some(a), Some(b)) => finished(by, adopted(a, wanted).and_then(|a| operate(operator, a, b))),
                _ => by.binary(operator, left, right),
            };
        }
        _ => {}
    }
    let settled = if is_comparison(operator) { Wanted::Fallback } else { wanted };
    let first = if let Wanted::Type(_) = settled { settled } else { Wanted::Open };
    let left = evaluate(by, &written.left, first)?;
    let right = evaluate(by, &written.right, first)?;
    let (Some(mut a), Some(mut b)) = (by.scalar(&left), by.scalar(&right)) else {
        return by.binary(operator, left, right);
    };
    // What one side says of the type holds for the other; with nothing said, and nothing more to come, both fall back.
    // No part is evaluated more than twice for that: what has got its type here has it for all that is around it.
    let (of_left, of_right) = match (primitive(a), primitive(b), settled) {
        (_, _, Wanted::Type(_)) => (settled, settled),
        (Some(ty), None, _) => (Wanted::Open, Wanted::Type(ty)),
        (None, Some(ty), _) => (Wanted::Type(ty), Wanted::Open),
        (None, None, Wanted::Fallback) if is_free(a) && is_free(b) => (fallback(a), fallback(b)),
        _ => (Wanted::Open, Wanted::Open),
    };
    if is_free(a) && of_left != first {
        let again = evaluate(by, &written.left, of_left)?;
        a = by.scalar(&again).unwrap_or(a);
    }
    if is_free(b) && of_right != first {
        let again = evaluate(by, &written.right, of_right)?;
        b = by.scalar(&again).unwrap_or(b);
    }
    let made = adopted(a, of_left).and_then(|a| operate(operator, a, adopted(b, of_right)?));
    finished(by, made)
}

/// The type of literals on which nothing else decides.
fn fallback(scalar: Scalar) -> Wanted {
    match scalar {
        Scalar::Number(Number::Float(..)) => Wanted::Type(Primitive::Float(super::Float::F64)),
        _ => Wanted::Type(Primitive::Int(super::Int::I32)),
    }
}

/// The operator of an assignment such as `+=`.
pub fn assigned(operator: &BinOp) -> Option<BinOp> {
    Some(match operator {
        BinOp::AddAssign(_) => BinOp::Add(token::Plus::default()),
        BinOp::SubAssign(_) => BinOp::Sub(token::Minus::default()),
        BinOp::MulAssign(_) => BinOp::Mul(token::Star::default()),
        BinOp::DivAssign(_) => BinOp::Div(token::Slash::default()),
        BinOp::RemAssign(_) => BinOp::Rem(token::Percent::default()),
        BinOp::BitXorAssign(_) => BinOp::BitXor(token::Caret::default()),
        BinOp::BitAndAssign(_) => BinOp::BitAnd(token::And::default()),
        BinOp::BitOrAssign(_) => BinOp::BitOr(token::Or::default()),
        BinOp::ShlAssign(_) => BinOp::Shl(token::Shl::default()),
        BinOp::ShrAssign(_) => BinOp::Shr(token::Shr::default()),
        _ => return None,
    })
}

/// Whether a number takes whatever type it is given.
fn is_free(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Number(Number::Int(_, Known::Free) | Number::Float(_, Known::Free) | Number::Untyped)
    )
}

fn primitive(scalar: Scalar) -> Option<Primitive> {
    if let Scalar::Number(number) = scalar { number.primitive() } else { None }
}

/// The right side may not matter.
fn short_circuit<E: Evaluator>(by: &mut E, written: &ExprBinary) -> Evaluated<E> {
    let stops = matches!(written.op, BinOp::Or(_));
    let left = evaluate(by, &written.left, Wanted::Open)?;
    match by.scalar(&left) {
        Some(Scalar::Bool(flag)) if flag == stops => Ok(left),
        Some(Scalar::Bool(_)) => evaluate(by, &written.right, Wanted::Open),
        _ => {
            let right = evaluate(by, &written.right, Wanted::Open)?;
            by.binary(&written.op, left, right)
        }
    }
}
