//! Names that two types have in one document: utoipa keeps the one that comes last.

use crate::diag::{Place, Problem, code};
use crate::openapi::utoipa::mark;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::Ty;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::openapi::{RefOr, Schema};

impl Session<'_> {
    /// Notes the type that a name stands for.
    pub fn name_type(&self, name: &str, ty: &Ty, schema: &RefOr<Schema>) {
        let mut all = self.named.borrow_mut();
        let known = all.entry(name.to_owned()).or_default();
        if !known.iter().any(|(one, _)| one == ty) {
            known.push((ty.clone(), schema.clone()));
        }
    }

    /// What is noted once, however often it is seen.
    pub fn note(&self, problem: Problem) {
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&problem) {
            notes.push(problem);
        }
    }

    pub(super) fn judge_names(&self, names: &BTreeSet<String>, out: &mut Vec<Problem>) {
        for (name, types) in self.named.borrow().iter().filter(|(name, _)| names.contains(*name)) {
            let mut seen: Vec<Value> = Vec::new();
            let mut kept: Vec<&Ty> = Vec::new();
            for (ty, schema) in types {
                let plain = self.unmarked(schema);
                if !seen.contains(&plain) {
                    seen.push(plain);
                    kept.push(ty);
                }
            }
            if let [first, others @ ..] = kept.as_slice()
                && !others.is_empty()
            {
                out.extend(self.one_name(name, first, others));
            }
        }
    }

    fn unmarked(&self, schema: &RefOr<Schema>) -> Value {
        let mut value = serde_json::to_value(schema).unwrap_or(Value::Null);
        mark::take(&mut value, &self.marks.borrow());
        value
    }

    fn one_name(&self, name: &str, first: &Ty, others: &[&Ty]) -> Option<Problem> {
        let place = |ty: &Ty| match ty {
            Ty::Item(id, _) => Some(match self.derive_input(*id) {
                Some(parsed) => self.place(*id, parsed.input.ident.span()),
                None => self.item_place(*id),
            }),
            _ => None,
        };
        let at: Place = others.iter().find_map(|ty| place(ty)).or_else(|| place(first))?;
        let same_item = matches!((first, others.first()), (Ty::Item(a, _), Some(Ty::Item(b, _))) if a == b);
        let message = if same_item {
            format!("several kinds of the generic `{name}` have one name, and the document has only the last")
        } else {
            format!("{} types have the name `{name}`, and the document has only the last", others.len() + 1)
        };
        let mut problem = Problem::new(code::OPENAPI_SCHEMA_NAME, &at, name, message)
            .help("give one of them another name with `#[schema(as = …)]`");
        for ty in std::iter::once(&first).chain(others) {
            if let Some(other) = place(ty).filter(|other| *other != at) {
                problem = problem.related(&other, "this type has the name, too");
            }
        }
        Some(problem)
    }
}
