//! A file that is asked for its constants and defaults, and what is remembered of it.

use super::reader::ConstantReader;
use super::{Lookup, Value, elements, is_tame, parts_of, plain_literal};
use crate::base::{Span, Steps};
use crate::rust::index::Items;
use crate::rust::number::{Primitive, Wanted};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use syn::{GenericArgument, PathArguments, Type};

/// Parts of expressions that may be read inside of each other, through all constants of all files on the way: reading
/// recurses, and a thread's stack ends. Without optimisation a part takes 2.5 KiB, of the 2 MiB that a thread has. The longest
/// sum that is read at all has 500; of people's constants one leads to two or three others.
const DEEPEST_PARTS: usize = 520;
/// The parts that a constant counts for besides those of its expression; of plain names 40 may lead from one to the next.
const OF_CONSTANT: usize = 12;
/// Types inside of types, and other names for them.
const TYPES_FOLLOWED: usize = 8;
/// Bytes of the values that constants of one file may be made of; `concat!` of itself doubles with every line.
const MOST_MADE: u64 = 16 << 20;

/// A file whose constants are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    pub(super) text: &'s str,
    pub(super) items: &'s Items,
    pub(super) memo: &'s Memo,
}

/// What was found out about a file's constants: each is read once, however many lead to it.
#[derive(Debug)]
pub struct Memo {
    /// While a constant is being read it has no value, which ends circles.
    pub(super) known: RefCell<HashMap<String, Known>>,
    /// Where `impl Default` of a type sets its fields.
    pub(super) set: RefCell<HashMap<String, HashMap<String, Span>>>,
    depth: Depth,
    made: Steps,
    gave_up: Cell<bool>,
}

/// How deep in constants of constants reading is: one for all files whose constants may lead to each other.
#[derive(Clone, Debug, Default)]
pub struct Depth(Rc<Cell<usize>>);

#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    value: Option<Value>,
    /// Whether it has no value only because reading it would have taken too much.
    gave_up: bool,
}

impl Default for Memo {
    fn default() -> Self {
        Self::new(Depth::default())
    }
}

impl Memo {
    /// Of a file of which nothing is known yet.
    pub fn new(depth: Depth) -> Self {
        Self {
            known: RefCell::default(),
            set: RefCell::default(),
            depth,
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

    pub(super) fn find(&self, name: &str) -> Option<&'s str> {
        self.text.get(self.items.find(self.text, name)?.range())
    }

    /// The value of the constant or static of that name; `outside` answers for what the file does not declare, and must
    /// do so alike in all questions to one [`Memo`].
    pub fn constant(&self, name: &str, outside: Lookup<'_>) -> Option<Value> {
        let memo = self.memo;
        if let Some(known) = memo.known.borrow().get(name) {
            memo.gave_up.set(memo.gave_up.get() || known.gave_up);
            return known.value.clone();
        }
        let keep = |known: Known| memo.known.borrow_mut().insert(name.to_owned(), known);
        let Some((ty, expression)) = self.find(name).and_then(parts_of) else {
            keep(Known::default());
            return None;
        };
        let wanted = self.wanted_by(ty);
        if let Some(value) = plain_literal(expression, wanted) {
            keep(Known { value: Some(value.clone()), gave_up: false });
            return Some(value);
        }
        if memo.made.spent() {
            memo.gave_up.set(true);
            return None;
        }
        if !self.enter(OF_CONSTANT) {
            return None;
        }
        let before = memo.gave_up.take();
        keep(Known::default());
        let lookup = |name: &str| self.part(name, outside);
        let value = ConstantReader { source: *self, lookup: &lookup }.read(expression, wanted);
        self.leave(OF_CONSTANT);
        let gave_up = memo.gave_up.get();
        keep(Known { value: value.clone(), gave_up: gave_up && value.is_none() });
        memo.gave_up.set(before || gave_up);
        value
    }

    /// The value of an expression that stands in the file.
    pub fn value(&self, expression: &str, outside: Lookup<'_>) -> Option<Value> {
        let lookup = |name: &str| self.part(name, outside);
        ConstantReader { source: *self, lookup: &lookup }.read(expression, Wanted::Open)
    }

    /// Begins to read that many parts inside of others; whether it is not too deep. Whoever begins also [leaves](Self::leave).
    pub(super) fn enter(&self, parts: usize) -> bool {
        let depth = self.memo.depth.0.get() + parts;
        if depth > DEEPEST_PARTS {
            self.memo.gave_up.set(true);
            return false;
        }
        self.memo.depth.0.set(depth);
        true
    }

    pub(super) fn leave(&self, parts: usize) {
        self.memo.depth.0.set(self.memo.depth.0.get().saturating_sub(parts));
    }

    /// The constant that another value is made of, as long as all parts of values are not too much together.
    pub(super) fn part(&self, name: &str, outside: Lookup<'_>) -> Option<Value> {
        let found = self.constant(name, outside).or_else(|| outside(name))?;
        if self.memo.made.take(found.weight()) {
            return Some(found);
        }
        self.memo.gave_up.set(true);
        None
    }

    /// How many elements a constant's array or slice has, whatever they are.
    pub fn elements(&self, name: &str) -> Option<usize> {
        elements(self.find(name)?)
    }

    /// What a declared type says of the numbers in a value.
    pub(super) fn wanted_by(&self, ty: &str) -> Wanted {
        let parsed = if is_tame(ty) { syn::parse_str::<Type>(ty).ok() } else { None };
        parsed.and_then(|ty| self.primitive(&ty)).map_or(Wanted::Open, Wanted::Type)
    }

    /// The primitive that a type is, holds or is another name for.
    pub(super) fn primitive(&self, ty: &Type) -> Option<Primitive> {
        self.primitive_in(ty, TYPES_FOLLOWED)
    }

    fn primitive_in(&self, ty: &Type, left: usize) -> Option<Primitive> {
        let left = left.checked_sub(1)?;
        match ty {
            Type::Reference(inner) => self.primitive_in(&inner.elem, left),
            Type::Paren(inner) => self.primitive_in(&inner.elem, left),
            Type::Group(inner) => self.primitive_in(&inner.elem, left),
            Type::Array(inner) => self.primitive_in(&inner.elem, left),
            Type::Slice(inner) => self.primitive_in(&inner.elem, left),
            Type::Path(path) if path.qself.is_none() => {
                let last = path.path.segments.last()?;
                let name = last.ident.to_string();
                let bare = name.strip_prefix("NonZero").map_or(name.clone(), str::to_lowercase);
                if let Some(found) = Primitive::of(&bare) {
                    return Some(found);
                }
                if let PathArguments::AngleBracketed(list) = &last.arguments {
                    let holds =
                        matches!(name.as_str(), "Option" | "Vec" | "Box" | "Arc" | "Rc" | "Cow" | "NonZero");
                    let mut types = list.args.iter().filter_map(|argument| match argument {
                        GenericArgument::Type(ty) => Some(ty),
                        _ => None,
                    });
                    return types.next().filter(|_| holds).and_then(|ty| self.primitive_in(ty, left));
                }
                let item = self.find(&name).filter(|text| is_tame(text))?;
                self.primitive_in(&syn::parse_str::<syn::ItemType>(item).ok()?.ty, left)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::constant::show;

    #[test]
    fn constants_that_lead_to_constants_are_each_read_once_and_given_up_where_they_make_too_much() {
        let read = |count: usize, ty: &str, of: &str| {
            let line =
                |n: usize| format!("const C{n}: {ty} = {};\n", of.replace('#', &format!("C{}", n + 1)));
            let lines: String = (0..count).map(line).collect();
            let last = if ty == "u64" { "1" } else { "\"1\"" };
            let source = format!("{lines}const C{count}: {ty} = {last};");
            let items = Items::of(&source);
            let memo = Memo::default();
            let read = Source::new(&source, &items, &memo);
            let found = read.constant("C0", &|_| None).and_then(|value| show(&value));
            (found, read.gave_up(), memo.known.borrow().len())
        };
        // Each leads twice to the next: by hand 2^30 readings.
        assert_eq!(read(30, "u64", "# + #"), (Some((1_u64 << 30).to_string()), false, 31));
        assert_eq!(read(200, "u64", "#"), (None, true, DEEPEST_PARTS / (OF_CONSTANT + 1)));
        let (found, gave_up, _) = read(30, "&str", "concat!(#, #)");
        assert!(found.is_none() && gave_up);
    }
}
