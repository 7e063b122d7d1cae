//! Which schemas a type brings into `components`: `T::schemas()`, followed through everything it refers to.

use super::component::{Reference, References, Use};
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::Ty;
use std::collections::HashMap;
use std::rc::Rc;
use utoipa::openapi::{RefOr, Schema};

/// A name, its schema, and the type that it is of.
pub(in super::super) type Entry = (String, Rc<RefOr<Schema>>, Option<Ty>);

/// Names and schemas in the order in which the last of each name comes.
#[derive(Default)]
pub(in super::super) struct Collected {
    pub list: Vec<Entry>,
}

/// Builds a [`Collected`] so that a later entry of a name replaces an earlier one.
#[derive(Default)]
pub(in super::super) struct Collector {
    entries: Vec<Option<Entry>>,
    last: HashMap<String, usize>,
}

impl Collector {
    /// Adds a schema; one of the same name goes.
    pub fn add(&mut self, name: String, schema: Rc<RefOr<Schema>>, ty: Option<Ty>) {
        if let Some(before) = self.last.insert(name.clone(), self.entries.len())
            && let Some(entry) = self.entries.get_mut(before)
        {
            *entry = None;
        }
        self.entries.push(Some((name, schema, ty)));
    }

    /// Adds all of another.
    pub fn extend(&mut self, other: &Collected) {
        for (name, schema, ty) in &other.list {
            self.add(name.clone(), Rc::clone(schema), ty.clone());
        }
    }

    /// What is left.
    pub fn finish(self) -> Collected {
        Collected { list: self.entries.into_iter().flatten().collect() }
    }
}

impl Session<'_> {
    /// What a type brings, itself not included.
    pub fn collect(&self, ty: &Ty) -> Rc<Collected> {
        if let Some(known) = self.collected.borrow().get(ty) {
            return Rc::clone(known);
        }
        // Types that refer to each other in a circle end here; utoipa would not come back from them.
        self.collected.borrow_mut().insert(ty.clone(), Rc::default());
        let mut collector = Collector::default();
        match ty {
            Ty::Item(id, arguments) if self.derives(*id, "ToSchema") => {
                let references = self.within(*id, "ToSchema", || self.derived_references(*id, arguments));
                self.follow(&references, &mut collector);
            }
            Ty::Item(..) => self.collect_by_hand(ty, &mut collector),
            Ty::Foreign(_, arguments) => {
                for argument in arguments {
                    collector.extend(&self.collect(argument));
                }
            }
            Ty::Slice(element) => collector.extend(&self.collect(element)),
            _ => {}
        }
        let collected = Rc::new(collector.finish());
        self.collected.borrow_mut().insert(ty.clone(), Rc::clone(&collected));
        collected
    }

    fn collect_by_hand(&self, ty: &Ty, collector: &mut Collector) {
        let method = self.implementation("ToSchema", ty).and_then(|block| self.method_of(block, "schemas"));
        if let Some(method) = method {
            for (name, schema) in self.schemas_of_call(method, ty) {
                collector.add(name, Rc::new(schema), None);
            }
        }
    }

    /// What a type's references bring: first they themselves, then what is behind them.
    pub fn follow(&self, references: &References, collector: &mut Collector) {
        let used: Vec<&Reference> = references.iter().filter(|one| !one.no_recursion).collect();
        for reference in used.iter().filter(|one| !one.partial) {
            if !reference.inline || self.dialect.collect_all {
                self.add_reference(reference, collector);
            }
        }
        for partial in [false, true] {
            for reference in used.iter().filter(|one| one.partial == partial) {
                let ty = self.rewritten(&reference.scope, &reference.tree);
                collector.extend(&self.collect(&ty));
            }
        }
    }

    /// Adds the schema of a referred type under its name.
    pub fn add_reference(&self, reference: &Reference, collector: &mut Collector) {
        let name = self.schema_name(&reference.scope, &reference.tree);
        let schema = self.compose_tree(&reference.scope, &reference.tree);
        let ty = self.rewritten(&reference.scope, &reference.tree);
        self.name_type(&name, &ty, &schema);
        collector.add(name, Rc::new(schema), Some(ty));
    }

    fn derived_references(&self, id: crate::rust::tree::ItemId, arguments: &[Ty]) -> References {
        let mut references = References::new();
        let Some(parsed) = self.derive_input(id) else { return references };
        let scope = self.bind(id, &parsed.input.generics, arguments);
        let parameters = super::structs::parameters(&parsed.input.generics);
        let at = Use { scope: &scope, parameters: &parameters, given: &[] };
        self.data_schema(&at, &parsed.input, &mut references);
        references
    }
}
