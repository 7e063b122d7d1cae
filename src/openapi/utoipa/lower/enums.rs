//! `derive(ToSchema)` on enums: plain ones, and those with fields in serde's four ways of tagging.

use super::attributes::{doc_text, is_deprecated, no_recursion, pop, set_description};
use super::component::{References, Use, type_of, types};
use super::structs::Body;
use crate::openapi::utoipa::dialect::PrimitiveType;
use crate::openapi::utoipa::grammar::feature::Feature;
use crate::openapi::utoipa::grammar::serde_words::{self, ContainerWords, FieldWords, Rule, Tagging};
use crate::openapi::utoipa::grammar::value::Text;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Tree, ValueKind};
use serde_json::Value;
use syn::spanned::Spanned as _;
use syn::{Attribute, Fields, Variant};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{AllOf, Object, OneOf, RefOr, Schema};

impl Session<'_> {
    /// The schema of an enum, and what it refers to.
    pub fn enum_schema(
        &self,
        at: &Use<'_>,
        attributes: &[Attribute],
        variants: &[&Variant],
        references: &mut References,
    ) -> RefOr<Schema> {
        let mut features = self.settings(attributes, "schema");
        let _ = pop!(features, Feature::As(path) => path);
        let _ = pop!(features, Feature::Bound => ());
        if is_deprecated(attributes) {
            features.push(Feature::Deprecated(true));
        }
        let rename_all = pop!(features, Feature::RenameAll(rule) => rule);
        let description = pop!(features, Feature::Description(text) => text);
        let words = serde_words::container(attributes);
        let rule = words.rename_all.or(rename_all);
        let plain = variants.iter().all(|variant| matches!(variant.fields, Fields::Unit));
        let mut schema = if plain {
            self.plain_enum(attributes, variants, &words, rule)
        } else {
            self.mixed_enum(at, variants, &mut features, (&words, rule), references)
        };
        let _ = pop!(features, Feature::NoRecursion => ());
        self.apply_all(at.scope, &mut schema, &features);
        let text = match &description {
            Some(text) => Some(self.text(at.scope, text)),
            None => doc_text(attributes, self.dialect.major),
        };
        if let Some(text) = text {
            set_description(&mut schema, text);
        }
        schema
    }

    fn plain_enum(
        &self,
        attributes: &[Attribute],
        variants: &[&Variant],
        words: &ContainerWords,
        rule: Option<Rule>,
    ) -> RefOr<Schema> {
        let repr = attributes
            .iter()
            .find(|attribute| attribute.path().is_ident("repr"))
            .filter(|_| self.dialect.has("repr"))
            .and_then(|attribute| attribute.parse_args::<syn::Ident>().ok());
        let kept = variants.iter().filter(|variant| !serde_words::field(&variant.attrs).skip);
        let values: Vec<Value> = match &repr {
            Some(_) => self.discriminants(variants),
            None => kept.map(|variant| Value::String(self.variant_name(variant, rule))).collect(),
        };
        let kind = match &repr {
            Some(repr) => {
                self.dialect.primitive(&repr.to_string()).map_or(PrimitiveType::Object, |found| found.ty)
            }
            None => PrimitiveType::String,
        };
        let one = |value: &Value| values_schema(kind, vec![value.clone()]);
        match &words.tagging {
            Tagging::External | Tagging::Unfinished(_) => values_schema(kind, values),
            Tagging::Untagged => null_default(),
            Tagging::Internal(tag) => {
                one_of(values.iter().map(|value| property_object(tag, one(value))).collect())
            }
            Tagging::Adjacent(tag, content) => one_of(
                values
                    .iter()
                    .map(|value| {
                        let mut object = property_of(content, one(value));
                        let name = values_schema(PrimitiveType::String, vec![Value::String(content.clone())]);
                        add(&mut object, tag, name);
                        self.finished(object)
                    })
                    .collect(),
            ),
        }
    }

    /// `Variant as u8` of the variants that are kept.
    fn discriminants(&self, variants: &[&Variant]) -> Vec<Value> {
        let mut next: i128 = 0;
        let mut values = Vec::new();
        for variant in variants {
            if let Some((_, expression)) = &variant.discriminant {
                match self.discriminant(expression) {
                    Some(number) => next = number,
                    None => {
                        self.hole_here(
                            "value",
                            expression.span(),
                            "the discriminant is not a number that was read",
                        );
                    }
                }
            }
            if !serde_words::field(&variant.attrs).skip {
                let value =
                    i64::try_from(next).map(Value::from).or_else(|_| u64::try_from(next).map(Value::from));
                values.push(value.unwrap_or(Value::Null));
            }
            next += 1;
        }
        values
    }

    fn variant_name(&self, variant: &Variant, rule: Option<Rule>) -> String {
        let mut features = self.settings(&variant.attrs, "schema");
        let own = serde_words::field(&variant.attrs);
        rename(&variant.ident.to_string(), &mut features, &own, rule)
    }

    fn mixed_enum(
        &self,
        at: &Use<'_>,
        variants: &[&Variant],
        features: &mut Vec<Feature>,
        (words, rule): (&ContainerWords, Option<Rule>),
        references: &mut References,
    ) -> RefOr<Schema> {
        let discriminator = pop!(features, Feature::Discriminator(found) => found);
        let mut items = Vec::new();
        for variant in variants {
            let own = serde_words::field(&variant.attrs);
            if own.skip {
                continue;
            }
            let mut settings = self.settings(&variant.attrs, "schema");
            if no_recursion(features) {
                settings.push(Feature::NoRecursion);
            }
            if let Some(text) = doc_text(&variant.attrs, self.dialect.major).filter(|text| !text.is_empty()) {
                settings.push(Feature::Description(Text::literal(&text, variant.ident.span())));
            }
            if is_deprecated(&variant.attrs) {
                settings.push(Feature::Deprecated(true));
            }
            let name = rename(&variant.ident.to_string(), &mut settings, &own, rule);
            let mut item = self.variant(at, variant, settings, (&words.tagging, &name), references);
            if let Some(owner) = self.owner() {
                self.origin(self.place(owner, variant.ident.span())).schema(&mut item);
            }
            items.push(item);
        }
        let mut schema = one_of(items);
        if let Some(discriminator) = discriminator {
            self.apply(at.scope, &mut schema, &Feature::Discriminator(discriminator));
        }
        schema
    }

    fn variant(
        &self,
        at: &Use<'_>,
        variant: &Variant,
        mut settings: Vec<Feature>,
        (tagging, name): (&Tagging, &str),
        references: &mut References,
    ) -> RefOr<Schema> {
        if matches!(variant.fields, Fields::Unit) {
            let _ = pop!(settings, Feature::NoRecursion => ());
            let mut schema = unit(tagging, name);
            self.apply_all(at.scope, &mut schema, &settings);
            return schema;
        }
        let untagged = *tagging == Tagging::Untagged;
        let (outer, inner): (Vec<Feature>, Vec<Feature>) =
            settings.into_iter().partition(|feature| !untagged && belongs_outside(feature));
        let body = Body {
            attributes: &variant.attrs,
            span: variant.ident.span(),
            fields: &variant.fields,
            features: if untagged { inner.clone() } else { inner },
        };
        let body = Body { features: self.inner_settings(body.features), ..body };
        // The variant's documentation stands on the body as well, as in utoipa.
        let (schema, all_of) = self.body_schema(at, body, references);
        let name_schema = values_schema(PrimitiveType::String, vec![Value::String(name.to_owned())]);
        let mut schema = match tagging {
            Tagging::Untagged => return schema,
            Tagging::External | Tagging::Unfinished(_) => self.finished(property_of(name, schema)),
            Tagging::Adjacent(tag, content) => {
                let mut object = property_of(content, schema);
                add(&mut object, tag, name_schema);
                self.finished(object)
            }
            Tagging::Internal(tag) => {
                return self.internal(at, variant, (schema, all_of), (tag, name_schema), &outer);
            }
        };
        self.apply_all(at.scope, &mut schema, &outer);
        schema
    }

    /// `description` on the settings of a variant's body comes from its documentation, which the body reads itself.
    fn inner_settings(&self, mut features: Vec<Feature>) -> Vec<Feature> {
        let _ = pop!(features, Feature::Description(text) => text);
        features
    }

    fn internal(
        &self,
        at: &Use<'_>,
        variant: &Variant,
        (mut schema, all_of): (RefOr<Schema>, bool),
        (tag, name): (&str, RefOr<Schema>),
        outer: &[Feature],
    ) -> RefOr<Schema> {
        if let Fields::Unnamed(fields) = &variant.fields {
            let reference = fields.unnamed.iter().any(|field| {
                Tree::of(&field.ty, self.dialect).is_ok_and(|tree| tree.kind == ValueKind::Object)
            });
            if reference {
                let mut all = AllOf::new();
                all.items = vec![schema, property_object(tag, name)];
                schema = RefOr::T(Schema::AllOf(all));
            } else if let RefOr::T(Schema::Object(object)) = &mut schema {
                object.schema_type = types(Type::Object, false);
                add(object, tag, name);
            }
            self.apply_all(at.scope, &mut schema, outer);
            return schema;
        }
        match &mut schema {
            RefOr::T(Schema::AllOf(all)) if all_of => {
                let mut tagged = property_object(tag, name);
                self.apply_all(at.scope, &mut tagged, outer);
                all.items.push(tagged);
                return schema;
            }
            RefOr::T(Schema::Object(object)) => {
                add(object, tag, name);
                if !self.dialect.has("preserve_order") {
                    object.properties.sort_keys();
                }
            }
            _ => {}
        }
        self.apply_all(at.scope, &mut schema, outer);
        schema
    }

    /// An object whose properties are in the service's order.
    fn finished(&self, mut object: Object) -> RefOr<Schema> {
        if !self.dialect.has("preserve_order") {
            object.properties.sort_keys();
        }
        RefOr::T(Schema::Object(object))
    }
}

/// A variant's name in the document.
fn rename(own: &str, features: &mut Vec<Feature>, words: &FieldWords, rule: Option<Rule>) -> String {
    let written = pop!(features, Feature::Rename(name) => name);
    let renamed = words.rename.clone().or(written).filter(|name| !name.is_empty());
    renamed.unwrap_or_else(|| rule.map_or(own.to_owned(), |rule| rule.variant(own)))
}

fn belongs_outside(feature: &Feature) -> bool {
    matches!(
        feature,
        Feature::Title(_)
            | Feature::Example(_)
            | Feature::Examples(_)
            | Feature::Default(_)
            | Feature::Description(_)
            | Feature::Deprecated(_)
    )
}

fn unit(tagging: &Tagging, name: &str) -> RefOr<Schema> {
    let plain = values_schema(PrimitiveType::String, vec![Value::String(name.to_owned())]);
    match tagging {
        Tagging::External | Tagging::Unfinished(_) => plain,
        Tagging::Internal(tag) | Tagging::Adjacent(tag, _) => property_object(tag, plain),
        Tagging::Untagged => null_default(),
    }
}

fn values_schema(kind: PrimitiveType, values: Vec<Value>) -> RefOr<Schema> {
    let mut object = Object::with_type(types(type_of(kind), false));
    object.enum_values = Some(values);
    RefOr::T(Schema::Object(object))
}

fn null_default() -> RefOr<Schema> {
    let mut object = Object::with_type(Type::Null);
    object.default = Some(Value::Null);
    RefOr::T(Schema::Object(object))
}

fn property_of(name: &str, schema: RefOr<Schema>) -> Object {
    let mut object = Object::new();
    add(&mut object, name, schema);
    object
}

fn property_object(name: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
    RefOr::T(Schema::Object(property_of(name, schema)))
}

fn add(object: &mut Object, name: &str, schema: RefOr<Schema>) {
    object.properties.insert(name.to_owned(), schema);
    object.required.push(name.to_owned());
}

fn one_of(items: Vec<RefOr<Schema>>) -> RefOr<Schema> {
    let mut one = OneOf::with_capacity(items.len());
    one.items = items;
    RefOr::T(Schema::OneOf(one))
}
