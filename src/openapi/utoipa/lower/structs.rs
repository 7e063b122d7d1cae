//! `derive(ToSchema)` on structs.

use super::attributes::{doc_text, is_deprecated, no_recursion, pop, set_description};
use super::component::{References, Use, anything};
use crate::openapi::utoipa::grammar::feature::{Feature, Ignore, features};
use crate::openapi::utoipa::grammar::serde_words::{self, ContainerWords, FieldWords, Rule};
use crate::openapi::utoipa::grammar::value::AnyValue;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Tree, Ty};
use crate::rust::tree::ItemId;
use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Field, Fields};
use utoipa::openapi::schema::{AdditionalProperties, SchemaType};
use utoipa::openapi::{AllOf, Array, Object, RefOr, Schema};

/// Names of type parameters.
pub(in super::super) fn parameters(generics: &syn::Generics) -> Vec<String> {
    generics.type_params().map(|parameter| parameter.ident.to_string()).collect()
}

/// A struct, or a variant that has fields: what its schema is made from.
pub(in super::super) struct Body<'b> {
    pub attributes: &'b [Attribute],
    pub span: Span,
    pub fields: &'b Fields,
    /// Settings that are left for this body.
    pub features: Vec<Feature>,
}

impl Session<'_> {
    /// The name that `derive(ToSchema)` gives: `as = …` or the type's own.
    pub fn derived_name(&self, id: ItemId) -> String {
        let own = self.code.item(id).outline.name.clone();
        let Some(parsed) = self.derive_input(id) else { return own };
        // With `r#`, as utoipa writes it.
        let own = parsed.input.ident.to_string();
        let unit = matches!(&parsed.input.data, Data::Struct(data) if matches!(data.fields, Fields::Unit));
        if unit {
            return own;
        }
        let Ok(features) = features(&parsed.input.attrs, "schema") else { return own };
        let renamed = features.iter().find_map(|feature| match feature {
            Feature::As(path) => {
                Some(path.segments.iter().map(|part| part.ident.to_string()).collect::<Vec<_>>().join("."))
            }
            _ => None,
        });
        renamed.unwrap_or(own)
    }

    /// The schema that `derive(ToSchema)` makes.
    pub fn derived_schema(&self, id: ItemId, arguments: &[Ty], given: &[RefOr<Schema>]) -> RefOr<Schema> {
        self.within(id, "ToSchema", || {
            let Some(parsed) = self.derive_input(id) else {
                let mut schema = anything();
                self.hole("syntax", self.item_place(id), "the type is not understood").schema(&mut schema);
                return schema;
            };
            let scope = self.bind(id, &parsed.input.generics, arguments);
            let parameters = parameters(&parsed.input.generics);
            let at = Use { scope: &scope, parameters: &parameters, given };
            let mut schema = self.data_schema(&at, &parsed.input, &mut References::new());
            self.origin(self.place(id, parsed.input.ident.span())).schema(&mut schema);
            schema
        })
    }

    /// The schema of a struct or enum, and what it refers to.
    pub fn data_schema(
        &self,
        at: &Use<'_>,
        input: &DeriveInput,
        references: &mut References,
    ) -> RefOr<Schema> {
        match &input.data {
            Data::Struct(data) => {
                let features = self.settings(&input.attrs, "schema");
                let body = Body {
                    attributes: &input.attrs,
                    span: input.ident.span(),
                    fields: &data.fields,
                    features,
                };
                self.body_schema(at, body, references).0
            }
            Data::Enum(data) => {
                let variants: Vec<_> = data.variants.iter().collect();
                self.enum_schema(at, &input.attrs, &variants, references)
            }
            Data::Union(_) => anything(),
        }
    }

    /// Settings of a name; an attribute that is not understood is a hole.
    pub fn settings(&self, attributes: &[Attribute], name: &str) -> Vec<Feature> {
        match features(attributes, name) {
            Ok(features) => features,
            Err(error) => {
                self.hole_here("attribute", error.span(), format!("not understood: {error}"));
                Vec::new()
            }
        }
    }

    /// The schema of a struct or of a variant with fields, and whether it is an `allOf`.
    pub fn body_schema(
        &self,
        at: &Use<'_>,
        body: Body<'_>,
        references: &mut References,
    ) -> (RefOr<Schema>, bool) {
        match body.fields {
            Fields::Named(_) => self.named(at, body, references),
            Fields::Unnamed(fields) => {
                let fields: Vec<_> = fields.unnamed.iter().collect();
                (self.unnamed(at, body, &fields, references), false)
            }
            Fields::Unit => (self.unit(at, body), false),
        }
    }

    fn unit(&self, at: &Use<'_>, mut body: Body<'_>) -> RefOr<Schema> {
        let mut object = Object::with_type(SchemaType::AnyValue);
        object.default = Some(serde_json::Value::Null);
        let mut schema = RefOr::T(Schema::Object(object));
        let description = pop!(body.features, Feature::Description(text) => text);
        let text = match &description {
            Some(text) => Some(self.text(at.scope, text)),
            None => doc_text(body.attributes, self.dialect.major),
        };
        if let Some(text) = text {
            set_description(&mut schema, text);
        }
        body.features.retain(|feature| matches!(feature, Feature::Title(_)));
        self.apply_all(at.scope, &mut schema, &body.features);
        schema
    }

    fn named(&self, at: &Use<'_>, mut body: Body<'_>, references: &mut References) -> (RefOr<Schema>, bool) {
        let rename_all = pop!(body.features, Feature::RenameAll(rule) => rule);
        let _ = pop!(body.features, Feature::As(path) => path);
        let description = pop!(body.features, Feature::Description(text) => text);
        let _ = pop!(body.features, Feature::Bound => ());
        let words = serde_words::container(body.attributes);
        let rule = words.rename_all.or(rename_all);
        let mut made = Named { object: Object::new(), flattened: Vec::new(), empty: true };
        for field in body.fields {
            self.named_field(at, &body, field, (&words, rule), references, &mut made);
        }
        let all_of = !made.flattened.is_empty();
        if !self.dialect.has("preserve_order") {
            made.object.properties.sort_keys();
        }
        if !all_of && words.deny_unknown_fields {
            made.object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
        let mut schema = if all_of {
            let mut all = AllOf::new();
            all.items = made.flattened;
            if !made.empty {
                all.items.push(RefOr::T(Schema::Object(made.object)));
            }
            RefOr::T(Schema::AllOf(all))
        } else {
            RefOr::T(Schema::Object(made.object))
        };
        let mut features = body.features;
        push_deprecated(&mut features, body.attributes);
        let _ = pop!(features, Feature::NoRecursion => ());
        self.apply_all(at.scope, &mut schema, &features);
        let text = match &description {
            Some(text) => Some(self.text(at.scope, text)),
            None => doc_text(body.attributes, self.dialect.major),
        };
        if let Some(text) = text {
            set_description(&mut schema, text);
        }
        (schema, all_of)
    }

    fn named_field(
        &self,
        at: &Use<'_>,
        body: &Body<'_>,
        field: &Field,
        (words, rule): (&ContainerWords, Option<Rule>),
        references: &mut References,
        made: &mut Named,
    ) {
        let own = serde_words::field(&field.attrs);
        let mut features = self.field_settings(body, field, words);
        if self.ignored(at, &mut features) || own.skip {
            return;
        }
        let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let ident = ident.strip_prefix("r#").unwrap_or(&ident).to_owned();
        let rename = pop!(features, Feature::Rename(name) => name);
        let required = pop!(features, Feature::Required(value) => value);
        let property = self.property(at, field, features, &own, references);
        let Property { mut schema, is_option, is_map } = property;
        if let Some(owner) = self.owner() {
            self.origin(self.place(owner, field.span())).schema(&mut schema);
        }
        if own.flatten {
            if is_map {
                made.object.additional_properties = Some(Box::new(AdditionalProperties::RefOr(schema)));
            } else {
                made.flattened.push(schema);
            }
            return;
        }
        let renamed = own.rename.clone().or(rename).filter(|name| !name.is_empty());
        let name = renamed.unwrap_or_else(|| rule.map_or(ident.clone(), |rule| rule.field(&ident)));
        let must = !is_option && is_required(&own, words);
        made.empty = false;
        if required.unwrap_or(must) {
            made.object.required.push(name.clone());
        }
        made.object.properties.insert(name, schema);
    }

    /// A field's settings, with what the container adds.
    fn field_settings(&self, body: &Body<'_>, field: &Field, words: &ContainerWords) -> Vec<Feature> {
        let mut features = self.settings(&field.attrs, "schema");
        if no_recursion(&body.features) {
            features.push(Feature::NoRecursion);
        }
        let container = body.features.iter().any(|feature| matches!(feature, Feature::Default(_)));
        let own = features.iter().any(|feature| matches!(feature, Feature::Default(_)));
        if (container || words.default) && !own {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            features.push(Feature::Default(Some(AnyValue::FieldOfDefault(name, field.span()))));
        }
        push_deprecated(&mut features, &field.attrs);
        features
    }

    fn ignored(&self, at: &Use<'_>, features: &mut Vec<Feature>) -> bool {
        match pop!(features, Feature::Ignore(ignore) => ignore) {
            Some(Ignore::Value(value)) => value,
            Some(Ignore::Call(path)) => self.truth(at.scope, &path),
            None => false,
        }
    }

    fn property(
        &self,
        at: &Use<'_>,
        field: &Field,
        mut features: Vec<Feature>,
        own: &FieldWords,
        references: &mut References,
    ) -> Property {
        let value_type = pop!(features, Feature::ValueType(ty) => ty);
        let with = pop!(features, Feature::SchemaWith(path) => path);
        let ty = value_type.as_deref().unwrap_or(&field.ty);
        let tree = match Tree::of(ty, self.dialect) {
            Ok(tree) => self.aliased(&tree),
            Err(message) => {
                let mut schema = anything();
                self.hole_here("type", ty.span(), message).schema(&mut schema);
                return Property { schema, is_option: false, is_map: false };
            }
        };
        let is_option = tree.is_option();
        if let Some(path) = with {
            return Property { schema: self.schema_with(at.scope, &path), is_option, is_map: false };
        }
        let text = doc_text(&field.attrs, self.dialect.major);
        if own.flatten && tree.is_map() {
            let schema = self.flattened_map(at, &tree, features, text.as_ref(), references);
            return Property { schema, is_option, is_map: true };
        }
        let schema = self.component(at, &tree, features, text.as_ref(), references);
        Property { schema, is_option, is_map: false }
    }

    fn flattened_map(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        mut features: Vec<Feature>,
        description: Option<&String>,
        references: &mut References,
    ) -> RefOr<Schema> {
        let deprecated = pop!(features, Feature::Deprecated(value) => value);
        let example = pop!(features, Feature::Example(value) => value);
        let _ = pop!(features, Feature::Nullable(value) => value);
        let default = pop!(features, Feature::Default(value) => value);
        let Some(value) = tree.child(1) else { return self.not_understood(tree) };
        let mut own = References::new();
        let mut schema = self.component(at, value, features, None, &mut own);
        // Version 5 forgets what the values of a flattened map refer to.
        if self.dialect.major >= 6 {
            references.extend(own);
        }
        if let Some(text) = description {
            set_description(&mut schema, text.clone());
        }
        let late = [
            deprecated.map(Feature::Deprecated),
            default.map(Feature::Default),
            example.map(Feature::Example),
        ];
        for feature in late.into_iter().flatten() {
            self.apply(at.scope, &mut schema, &feature);
        }
        schema
    }

    fn unnamed(
        &self,
        at: &Use<'_>,
        mut body: Body<'_>,
        fields: &[&Field],
        references: &mut References,
    ) -> RefOr<Schema> {
        let _ = pop!(body.features, Feature::As(path) => path);
        let description = pop!(body.features, Feature::Description(text) => text);
        let _ = pop!(body.features, Feature::Bound => ());
        push_deprecated(&mut body.features, body.attributes);
        let text = match &description {
            Some(text) => Some(self.text(at.scope, text)),
            None => doc_text(body.attributes, self.dialect.major),
        };
        let trees: Result<Vec<Tree>, _> =
            fields.iter().map(|field| Tree::of(&field.ty, self.dialect)).collect();
        let trees = match trees {
            Ok(trees) if !trees.is_empty() => trees,
            Ok(_) => return anything(),
            Err(message) => {
                let mut schema = anything();
                self.hole_here("type", body.span, message).schema(&mut schema);
                return schema;
            }
        };
        let mut schema = if trees.iter().skip(1).all(|tree| *tree == trees[0]) {
            self.one_type(at, &mut body, fields, &trees[0], text.as_ref(), references)
        } else {
            let mut schema = RefOr::T(Schema::Object(Object::new()));
            self.apply_all(at.scope, &mut schema, &body.features);
            schema
        };
        if fields.len() > 1 {
            let mut array = Array::new(schema);
            array.max_items = Some(fields.len());
            array.min_items = Some(fields.len());
            array.description = text;
            schema = RefOr::T(Schema::Array(array));
        }
        schema
    }

    fn one_type(
        &self,
        at: &Use<'_>,
        body: &mut Body<'_>,
        fields: &[&Field],
        first: &Tree,
        text: Option<&String>,
        references: &mut References,
    ) -> RefOr<Schema> {
        let value_type = pop!(body.features, Feature::ValueType(ty) => ty);
        if let [field] = fields {
            let inline = self.settings(&field.attrs, "schema");
            body.features.extend(inline.into_iter().filter(|feature| matches!(feature, Feature::Inline(_))));
            if pop!(body.features, Feature::Default(None) => ()).is_some() {
                let value = AnyValue::FieldOfDefault("0".to_owned(), body.span);
                body.features.push(Feature::Default(Some(value)));
            }
        }
        let written = value_type.and_then(|ty| Tree::of(&ty, self.dialect).ok());
        let tree = self.aliased(written.as_ref().unwrap_or(first));
        // Version 5 adds the pattern after everything else.
        let mut features = std::mem::take(&mut body.features);
        let pattern =
            (self.dialect.major < 6).then(|| pop!(features, Feature::Pattern(text) => text)).flatten();
        let mut schema = self.component(at, &tree, features, text, references);
        if let Some(pattern) = pattern {
            self.apply(at.scope, &mut schema, &Feature::Pattern(pattern));
        }
        schema
    }
}

struct Named {
    object: Object,
    flattened: Vec<RefOr<Schema>>,
    empty: bool,
}

struct Property {
    schema: RefOr<Schema>,
    is_option: bool,
    is_map: bool,
}

/// Whether serde needs a field that is no `Option`.
pub(in super::super) fn is_required(own: &FieldWords, container: &ContainerWords) -> bool {
    !own.skip_serializing_if && !own.double_option && !own.default && !container.default
}

fn push_deprecated(features: &mut Vec<Feature>, attributes: &[Attribute]) {
    let said = features.iter().any(|feature| matches!(feature, Feature::Deprecated(_)));
    if is_deprecated(attributes) && !said {
        features.push(Feature::Deprecated(true));
    }
}
