//! References: to a variable, and to what is inside a document.

use super::eval::{Machine, Stop};
use super::nodes::NodeMut;
use super::value::Val;
use crate::rust::number::Wanted;
use std::rc::Rc;
use syn::{Expr, ExprField, ExprReference, Member};

/// One step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Step {
    /// A field, or a tuple's part.
    Field(String),
    /// A map's entry.
    Key(String),
    /// A list's entry.
    Index(usize),
    /// What is inside an option.
    Inside,
}

/// A reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Place {
    pub slot: usize,
    pub steps: Vec<Step>,
}

impl Place {
    /// One step further.
    pub fn with(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { slot: self.slot, steps }
    }
}

impl Machine<'_, '_> {
    /// A value without the reference to it.
    pub fn read(&mut self, value: Val) -> Val {
        match value {
            Val::Ref(place) => self.get(&place),
            other => other,
        }
    }

    /// The value at a place.
    pub fn get(&mut self, place: &Place) -> Val {
        let Some(root) = self.slots.get(place.slot) else { return Val::opaque("a variable") };
        if let Val::Ref(outer) = root {
            let mut outer = outer.clone();
            outer.steps.extend(place.steps.iter().cloned());
            return self.get(&outer);
        }
        let mut value = root.clone();
        for (at, step) in place.steps.iter().enumerate() {
            value = match (value, step) {
                (Val::Node(mut node), _) => {
                    return match NodeMut::of(&mut node).walk(&place.steps[at..]) {
                        Some(found) => found.value(),
                        None => Val::opaque("a part of a document"),
                    };
                }
                (Val::Struct(_, fields), Step::Field(name)) => {
                    fields.get(name).cloned().unwrap_or_else(|| Val::opaque("a field"))
                }
                (Val::Tuple(parts), Step::Field(name)) => {
                    let index: usize = name.parse().unwrap_or(usize::MAX);
                    parts.get(index).cloned().unwrap_or_else(|| Val::opaque("a part of a tuple"))
                }
                (Val::List(list), Step::Index(index)) => {
                    list.get(*index).cloned().unwrap_or_else(|| Val::opaque("an entry"))
                }
                (Val::Opt(Some(inner)), Step::Inside) => *inner,
                _ => Val::opaque("a part of a value"),
            };
        }
        value
    }

    /// Replaces the value at a place.
    pub fn set(&mut self, place: &Place, value: Val) -> bool {
        let value = self.read(value);
        if let Some(Val::Ref(outer)) = self.slots.get(place.slot) {
            let mut outer = outer.clone();
            outer.steps.extend(place.steps.iter().cloned());
            return self.set(&outer, value);
        }
        let Some(mut root) = self.slots.get_mut(place.slot) else { return false };
        for (at, step) in place.steps.iter().enumerate() {
            let next = match (root, step) {
                (Val::Node(node), _) => {
                    return NodeMut::of(node).walk(&place.steps[at..]).is_some_and(|found| found.set(value));
                }
                (Val::Struct(_, fields), Step::Field(name)) => Rc::make_mut(fields).get_mut(name),
                (Val::Tuple(parts), Step::Field(name)) => {
                    name.parse::<usize>().ok().and_then(|index| parts.get_mut(index))
                }
                (Val::List(list), Step::Index(index)) => list.get_mut(*index),
                (Val::Opt(Some(inner)), Step::Inside) => Some(inner.as_mut()),
                _ => None,
            };
            match next {
                Some(next) => root = next,
                None => return false,
            }
        }
        *root = value;
        true
    }

    /// Works on the part of a document at a place.
    pub fn with_node<T>(&mut self, place: &Place, work: impl FnOnce(NodeMut<'_>) -> Option<T>) -> Option<T> {
        if let Some(Val::Ref(outer)) = self.slots.get(place.slot) {
            let mut outer = outer.clone();
            outer.steps.extend(place.steps.iter().cloned());
            return self.with_node(&outer, work);
        }
        match self.slots.get_mut(place.slot)? {
            Val::Node(node) => NodeMut::of(node).walk(&place.steps).and_then(work),
            _ => None,
        }
    }

    /// The place that an expression names, if it names one.
    pub fn place_of(&mut self, expression: &Expr) -> Option<Place> {
        match expression {
            Expr::Path(path) => {
                let slot = self.slot(&path.path.get_ident()?.to_string())?;
                match &self.slots[slot] {
                    Val::Ref(place) => Some(place.clone()),
                    _ => Some(Place { slot, steps: Vec::new() }),
                }
            }
            Expr::Field(field) => {
                let base = self.place_of(&field.base)?;
                Some(base.with(Step::Field(member(&field.member))))
            }
            Expr::Paren(inner) => self.place_of(&inner.expr),
            Expr::Reference(inner) => self.place_of(&inner.expr),
            Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Deref(_)) => self.place_of(&inner.expr),
            _ => None,
        }
    }

    pub(super) fn reference(&mut self, reference: &ExprReference, wanted: Wanted) -> Result<Val, Stop> {
        if let Some(place) = self.place_of(&reference.expr) {
            return Ok(Val::Ref(place));
        }
        self.eval_as(&reference.expr, wanted)
    }

    pub(super) fn field(&mut self, field: &ExprField) -> Result<Val, Stop> {
        if let Some(place) = self.place_of(&Expr::Field(field.clone())) {
            let found = self.get(&place);
            return Ok(match found {
                Val::Node(_) | Val::Opt(_) | Val::List(_) => Val::Ref(place),
                other => other,
            });
        }
        let base = self.eval(&field.base)?;
        let step = Step::Field(member(&field.member));
        Ok(match base {
            Val::Ref(place) => {
                let place = place.with(step);
                match self.get(&place) {
                    Val::Node(_) | Val::Opt(_) | Val::List(_) => Val::Ref(place),
                    other => other,
                }
            }
            other => {
                self.slots.push(other);
                let place = Place { slot: self.slots.len() - 1, steps: vec![step] };
                self.get(&place)
            }
        })
    }

    pub(super) fn assign(&mut self, target: &Expr, value: Val) -> Result<(), Stop> {
        let place = match self.place_of(target) {
            Some(place) => Some(place),
            None => match target {
                Expr::Unary(inner) => match self.eval(&inner.expr)? {
                    Val::Ref(place) => Some(place),
                    _ => None,
                },
                Expr::Field(field) => match self.eval(&field.base)? {
                    Val::Ref(place) => Some(place.with(Step::Field(member(&field.member)))),
                    _ => None,
                },
                _ => None,
            },
        };
        if let (Expr::Path(path), Some(_)) = (target, &place)
            && let Some(slot) = path.path.get_ident().and_then(|name| self.slot(&name.to_string()))
            && let Some(own) = self.slots.get_mut(slot)
            && !matches!(own, Val::Ref(_))
        {
            *own = value;
            return Ok(());
        }
        let done =
            place.is_some_and(|place| self.set(&place, value.clone()) || self.set_by_builder(&place, value));
        if !done {
            use syn::spanned::Spanned as _;
            return Err(Stop::new(
                "assignment",
                Some(target.span()),
                "what is assigned here is not understood",
            ));
        }
        Ok(())
    }

    /// A field of a value of utoipa that is a variable, set as its builder's method of that name would.
    fn set_by_builder(&mut self, place: &Place, value: Val) -> bool {
        let [Step::Field(name)] = place.steps.as_slice() else { return false };
        let Some(Val::Node(node)) = self.slots.get(place.slot).cloned() else { return false };
        let mut node = *node;
        let mut from = super::arguments::Arguments::new(vec![value], proc_macro2::Span::call_site());
        if !matches!(self.build(&mut node, name, &mut from), Ok(true)) {
            return false;
        }
        self.slots[place.slot] = node.val();
        true
    }

    /// What is inside the option at a place: nothing where the option is empty, none where that is not known.
    pub(super) fn inside_option(&mut self, place: &Place) -> Option<Option<Val>> {
        match self.get(place) {
            Val::Opt(Some(_)) => Some(Some(Val::Ref(place.with(Step::Inside)))),
            Val::Opt(None) => Some(None),
            _ => None,
        }
    }
}

fn member(member: &Member) -> String {
    match member {
        Member::Named(name) => {
            let text = name.to_string();
            text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
        }
        Member::Unnamed(index) => index.index.to_string(),
    }
}
