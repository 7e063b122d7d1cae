//! What the traits `ToSchema`, `PartialSchema` and `ComposeSchema` say of a type.

use super::component::{anything, null, type_of, types};
use crate::openapi::utoipa::interpret::schema_weight;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{TOO_LARGE, Tree, Ty};
use utoipa::Number;
use utoipa::openapi::schema::{AdditionalProperties, SchemaFormat};
use utoipa::openapi::{Array, Object, OneOf, RefOr, Schema};

/// Types that inline each other deeper than this do so without end.
const DEEPEST: usize = 48;

/// Schemas of fewer parts are not counted: their number is bounded by the source.
const LIGHT: usize = 64;

/// Parts of one schema, which inlined types can double with every level: real ones have some hundreds.
const HEAVIEST: usize = 20_000;

/// Steps that a schema costs: types that inline others twice double with every level.
const COMPOSED: usize = 50;

impl Session<'_> {
    /// `T::name()`.
    pub fn name_of(&self, ty: &Ty, tree: &Tree) -> String {
        match ty {
            Ty::Item(id, _) => {
                let id = *id;
                if self.derives(id, "ToSchema") {
                    return self.derived_name(id);
                }
                match self.implementation("ToSchema", ty) {
                    Some(block) => match self.method_of(block, "name") {
                        Some(method) => self.text_of_call(method, ty),
                        None => self.code.item(id).outline.name.clone(),
                    },
                    None => self.without_schema(ty, tree).1,
                }
            }
            Ty::Foreign(path, _) => {
                let last = path.last().cloned().unwrap_or_default();
                let known = is_known(path) || self.implementation("ToSchema", ty).is_some();
                if known { last } else { format!("{last}{}", self.foreign(path, tree).text()) }
            }
            Ty::Tuple(parts) if parts.is_empty() => "TupleUnit".to_owned(),
            Ty::Slice(_) | Ty::Tuple(_) => tree.name(),
            Ty::Unknown(name) => {
                if name == TOO_LARGE {
                    let mark = self.hole_here("too-large", tree.span, format!("gave up here: {name}"));
                    return format!("{}{}", tree.name(), mark.text());
                }
                let last = name.rsplit("::").next().unwrap_or(name).to_owned();
                let mark =
                    self.hole_here("unresolved-type", tree.span, format!("the type `{name}` was not found"));
                format!("{last}{}", mark.text())
            }
        }
    }

    fn foreign(&self, path: &[String], tree: &Tree) -> crate::openapi::utoipa::mark::Mark {
        let name = path.join("::");
        self.hole_here(
            "foreign-type",
            tree.span,
            format!("`{name}` comes from outside the repository, so its schema is not known"),
        )
    }

    /// A type of the repository that says nothing of its schema; its name as utoipa would take it.
    fn without_schema(&self, ty: &Ty, tree: &Tree) -> (RefOr<Schema>, String) {
        let name = match ty {
            Ty::Item(id, _) => self.code.item(*id).outline.name.clone(),
            _ => tree.name(),
        };
        let mark = self.hole_here(
            "no-schema",
            tree.span,
            format!("`{name}` has neither `derive(ToSchema)` nor an `impl` that could be read"),
        );
        let mut schema = anything();
        mark.schema(&mut schema);
        (schema, format!("{name}{}", mark.text()))
    }

    /// `T::compose(given)`, and with nothing given `T::schema()`.
    pub fn compose(&self, ty: &Ty, given: &[RefOr<Schema>], tree: &Tree) -> RefOr<Schema> {
        let depth = self.depth.get();
        if depth > DEEPEST || !self.charge(COMPOSED) {
            return self.too_often(tree);
        }
        self.depth.set(depth + 1);
        let schema = self.composed(ty, given, tree);
        self.depth.set(depth);
        schema
    }

    fn composed(&self, ty: &Ty, given: &[RefOr<Schema>], tree: &Tree) -> RefOr<Schema> {
        match ty {
            Ty::Item(id, _) => {
                if self.derives(*id, "ToSchema") {
                    return self.derived_once(ty, given, tree);
                }
                let written = ["PartialSchema", "ComposeSchema"].iter().find_map(|name| {
                    let method = if *name == "PartialSchema" { "schema" } else { "compose" };
                    self.implementation(name, ty).and_then(|block| self.method_of(block, method))
                });
                match written {
                    Some(method) => self.schema_of_call(method, ty, given),
                    None => self.without_schema(ty, tree).0,
                }
            }
            Ty::Foreign(path, arguments) => self.foreign_schema(path, arguments, given, tree),
            Ty::Slice(element) => RefOr::T(Schema::Array(Array::new(self.given_or(given, 0, element, tree)))),
            Ty::Tuple(parts) if parts.is_empty() => RefOr::T(utoipa::openapi::schema::empty()),
            _ => anything(),
        }
    }

    /// A derived schema; without given ones it is the same wherever it is asked for. One that types make too large by
    /// inlining each other is a hole.
    fn derived_once(&self, ty: &Ty, given: &[RefOr<Schema>], tree: &Tree) -> RefOr<Schema> {
        let Ty::Item(id, arguments) = ty else { return anything() };
        let known = self.composed.borrow().get(ty).filter(|_| given.is_empty()).cloned();
        let (made, weight) = match known {
            Some(known) => known,
            None => {
                let made = self.derived_schema(*id, arguments, given);
                let weight = schema_weight(&made);
                if given.is_empty() {
                    self.composed.borrow_mut().insert(ty.clone(), (made.clone(), weight));
                }
                (made, weight)
            }
        };
        if self.carries(weight) { made } else { self.too_often(tree) }
    }

    fn too_often(&self, tree: &Tree) -> RefOr<Schema> {
        let mut schema = anything();
        let message = "gave up here: the types inline each other without end, or to too much";
        self.hole_here("recursion", tree.span, message).schema(&mut schema);
        schema
    }

    /// Whether a schema of so many parts may be used once more.
    fn carries(&self, weight: usize) -> bool {
        if weight <= LIGHT {
            return true;
        }
        let left = self.parts.get();
        self.parts.set(left.saturating_sub(weight));
        weight <= HEAVIEST && weight <= left
    }

    fn given_or(&self, given: &[RefOr<Schema>], at: usize, ty: &Ty, tree: &Tree) -> RefOr<Schema> {
        given.get(at).cloned().unwrap_or_else(|| self.compose(ty, given, tree))
    }

    fn foreign_schema(
        &self,
        path: &[String],
        arguments: &[Ty],
        given: &[RefOr<Schema>],
        tree: &Tree,
    ) -> RefOr<Schema> {
        let name = path.last().map(String::as_str).unwrap_or_default();
        let written = Ty::Foreign(path.to_vec(), arguments.to_vec());
        if let Some(block) = self.implementation("PartialSchema", &written)
            && let Some(method) = self.method_of(block, "schema")
        {
            return self.schema_of_call(method, &written, given);
        }
        if let Some(primitive) = self.own_primitive(name).filter(|_| is_std(path)) {
            return primitive;
        }
        let argument = |at: usize| {
            arguments.get(at).map_or_else(
                || given.get(at).cloned().unwrap_or_else(anything),
                |ty| self.given_or(given, at, ty, tree),
            )
        };
        if !is_known(path) {
            let mut schema = anything();
            self.foreign(path, tree).schema(&mut schema);
            return schema;
        }
        match name {
            "Value" => anything(),
            "Option" => {
                let mut one = OneOf::new();
                one.items = vec![null(), argument(0)];
                RefOr::T(Schema::OneOf(one))
            }
            "Vec" | "LinkedList" => RefOr::T(Schema::Array(Array::new(argument(0)))),
            "HashSet" | "BTreeSet" | "IndexSet" => {
                let mut array = Array::new(argument(0));
                array.unique_items = true;
                RefOr::T(Schema::Array(array))
            }
            "HashMap" | "BTreeMap" | "IndexMap" => {
                let mut object = Object::new();
                if let RefOr::T(names) = argument(0) {
                    object.property_names = Some(Box::new(names));
                }
                object.additional_properties = Some(Box::new(AdditionalProperties::RefOr(argument(1))));
                RefOr::T(Schema::Object(object))
            }
            _ => argument(0),
        }
    }

    /// The schema that utoipa itself gives a primitive; features count here too, as it is compiled with them.
    fn own_primitive(&self, name: &str) -> Option<RefOr<Schema>> {
        let plain = matches!(
            name,
            "String"
                | "str"
                | "char"
                | "bool"
                | "i8"
                | "i16"
                | "i32"
                | "i64"
                | "i128"
                | "isize"
                | "u8"
                | "u16"
                | "u32"
                | "u64"
                | "u128"
                | "usize"
                | "f32"
                | "f64"
        );
        let primitive = self.dialect.primitive(name).filter(|_| plain)?;
        let mut object = Object::with_type(types(type_of(primitive.ty), false));
        object.format = primitive.format.map(|format| SchemaFormat::Custom(format.to_owned()));
        if crate::openapi::utoipa::dialect::is_unsigned(name) {
            object.minimum = Some(Number::Float(0.0));
        }
        Some(RefOr::T(Schema::Object(object)))
    }
}

fn is_std(path: &[String]) -> bool {
    matches!(path.first().map(String::as_str), Some("std" | "core" | "alloc"))
}

/// Types from outside whose schema utoipa itself gives.
fn is_known(path: &[String]) -> bool {
    let last = path.last().map(String::as_str).unwrap_or_default();
    let std = matches!(
        last,
        "Option"
            | "Vec"
            | "LinkedList"
            | "HashSet"
            | "BTreeSet"
            | "HashMap"
            | "BTreeMap"
            | "Box"
            | "Cow"
            | "RefCell"
            | "Arc"
            | "Rc"
            | "String"
            | "str"
            | "char"
            | "bool"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "f32"
            | "f64"
    );
    match path.first().map(String::as_str) {
        Some("std" | "core" | "alloc") => std,
        Some("serde_json") => last == "Value",
        Some("indexmap") => matches!(last, "IndexMap" | "IndexSet"),
        Some("utoipa") => matches!(last, "Value" | "TupleUnit"),
        _ => false,
    }
}
