//! Settings of attributes put onto schemas, and doc comments.

use crate::openapi::utoipa::grammar::feature::{Discriminator, Extension, Feature, Number, Xml};
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::Scope;
use syn::{Attribute, Expr, Lit, Meta};
use utoipa::Number as Amount;
use utoipa::openapi::extensions::{Extensions, ExtensionsBuilder};
use utoipa::openapi::schema::{AdditionalProperties, SchemaFormat};
use utoipa::openapi::{Deprecated, RefOr, Schema, xml};

/// Takes the first setting that a pattern fits, as utoipa does (the last one moves into its place).
macro_rules! pop {
    ($features:expr, $pattern:pat => $value:expr) => {{
        let at = $features.iter().position(|one| match one {
            $pattern => {
                let _ = &$value;
                true
            }
            _ => false,
        });
        at.and_then(|at| match $features.swap_remove(at) {
            $pattern => Some($value),
            _ => None,
        })
    }};
}

pub(super) use pop;

/// Lines of documentation, without the indentation that they share.
pub(in super::super) fn doc_lines(attributes: &[Attribute], major: u8) -> Vec<String> {
    let mut lines: Vec<String> = attributes.iter().filter_map(doc_line).collect();
    let indent = |line: &String| {
        let rest = if major >= 6 { line.trim_ascii_start() } else { line.trim_start_matches(' ') };
        line.len() - rest.len()
    };
    let shared = lines.iter().filter(|line| !line.is_empty()).map(indent).min().unwrap_or(0);
    for line in lines.iter_mut().filter(|line| !line.is_empty()) {
        line.drain(..shared);
    }
    lines
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    if !attribute.path().is_ident("doc") {
        return None;
    }
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(literal) = &pair.value else { return None };
    let Lit::Str(text) = &literal.lit else { return None };
    let mut line = text.value();
    line.truncate(line.trim_end().len());
    Some(line)
}

/// Documentation as one text; nothing where there is none.
pub(in super::super) fn doc_text(attributes: &[Attribute], major: u8) -> Option<String> {
    let lines = doc_lines(attributes, major);
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Whether `#[deprecated]` is on an item.
pub(in super::super) fn is_deprecated(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"))
}

/// Whether some setting is inline.
pub(in super::super) fn is_inline(features: &[Feature]) -> bool {
    features.iter().any(|feature| matches!(feature, Feature::Inline(true)))
}

/// Whether recursion is cut off here.
pub(in super::super) fn no_recursion(features: &[Feature]) -> bool {
    features.iter().any(|feature| matches!(feature, Feature::NoRecursion))
}

impl Session<'_> {
    /// Puts settings onto a schema, in order.
    pub fn apply_all(&self, scope: &Scope, schema: &mut RefOr<Schema>, features: &[Feature]) {
        for feature in features {
            self.apply(scope, schema, feature);
        }
    }

    /// Puts one setting onto a schema; what has no meaning there is passed over.
    pub fn apply(&self, scope: &Scope, schema: &mut RefOr<Schema>, feature: &Feature) {
        match feature {
            Feature::Default(value) => {
                let value = value.as_ref().map(|value| self.any_value(scope, value));
                set_default(schema, value);
            }
            Feature::Example(value) => set_example(schema, self.any_value(scope, value)),
            Feature::Examples(values) => {
                let values = values.iter().map(|value| self.any_value(scope, value)).collect();
                set_examples(schema, values);
            }
            Feature::Title(title) => set_title(schema, title),
            Feature::Description(text) => set_description(schema, self.text(scope, text)),
            Feature::Deprecated(value) => set_deprecated(schema, *value),
            Feature::Extensions(list) => self.extend(scope, schema, list),
            Feature::Discriminator(discriminator) => self.discriminate(scope, schema, discriminator),
            other => match schema {
                RefOr::T(Schema::Object(object)) => apply_object(object, other, self.dialect.major),
                RefOr::T(Schema::Array(array)) => apply_array(array, other),
                _ => {}
            },
        }
    }

    fn extend(&self, scope: &Scope, schema: &mut RefOr<Schema>, list: &[Extension]) {
        let extensions = Some(self.extensions(scope, list));
        match schema {
            RefOr::T(Schema::Object(object)) => object.extensions = extensions,
            RefOr::T(Schema::Array(array)) => array.extensions = extensions,
            RefOr::T(Schema::OneOf(one)) => one.extensions = extensions,
            RefOr::T(Schema::AllOf(all)) => all.extensions = extensions,
            _ => {}
        }
    }

    /// `extensions(…)` as a value.
    pub fn extensions(&self, scope: &Scope, list: &[Extension]) -> Extensions {
        let builder = list.iter().fold(ExtensionsBuilder::new(), |builder, extension| {
            builder.add(self.text(scope, &extension.name), self.any_value(scope, &extension.value))
        });
        builder.build()
    }

    fn discriminate(&self, scope: &Scope, schema: &mut RefOr<Schema>, from: &Discriminator) {
        use utoipa::openapi::schema::Discriminator as Made;
        let property = self.text(scope, &from.property);
        let mapping: Vec<(String, String)> = from
            .mapping
            .iter()
            .map(|(key, value)| (self.text(scope, key), self.text(scope, value)))
            .collect();
        let made =
            if mapping.is_empty() { Made::new(property) } else { Made::with_mapping(property, mapping) };
        if let RefOr::T(Schema::OneOf(one)) = schema {
            one.discriminator = Some(made);
        }
    }
}

/// `default`.
pub(in super::super) fn set_default(schema: &mut RefOr<Schema>, value: Option<serde_json::Value>) {
    match schema {
        RefOr::Ref(reference) => reference.default = value,
        RefOr::T(Schema::Object(object)) => object.default = value,
        RefOr::T(Schema::Array(array)) => array.default = value,
        RefOr::T(Schema::OneOf(one)) => one.default = value,
        RefOr::T(Schema::AllOf(all)) => all.default = value,
        RefOr::T(Schema::AnyOf(any)) => any.default = value,
        RefOr::T(_) => {}
    }
}

fn set_example(schema: &mut RefOr<Schema>, value: serde_json::Value) {
    let value = Some(value);
    match schema {
        RefOr::T(Schema::Object(object)) => object.example = value,
        RefOr::T(Schema::Array(array)) => array.example = value,
        RefOr::T(Schema::OneOf(one)) => one.example = value,
        RefOr::T(Schema::AllOf(all)) => all.example = value,
        RefOr::T(Schema::AnyOf(any)) => any.example = value,
        _ => {}
    }
}

fn set_examples(schema: &mut RefOr<Schema>, values: Vec<serde_json::Value>) {
    match schema {
        RefOr::T(Schema::Object(object)) => object.examples = values,
        RefOr::T(Schema::Array(array)) => array.examples = values,
        RefOr::T(Schema::OneOf(one)) => one.examples = values,
        RefOr::T(Schema::AllOf(all)) => all.examples = values,
        RefOr::T(Schema::AnyOf(any)) => any.examples = values,
        _ => {}
    }
}

/// `title`.
pub(in super::super) fn set_title(schema: &mut RefOr<Schema>, title: &str) {
    let title = Some(title.to_owned());
    match schema {
        RefOr::Ref(reference) => reference.title = title,
        RefOr::T(Schema::Object(object)) => object.title = title,
        RefOr::T(Schema::Array(array)) => array.title = title,
        RefOr::T(Schema::OneOf(one)) => one.title = title,
        RefOr::T(Schema::AllOf(all)) => all.title = title,
        RefOr::T(_) => {}
    }
}

/// `description`.
pub(in super::super) fn set_description(schema: &mut RefOr<Schema>, text: String) {
    match schema {
        RefOr::Ref(reference) => reference.description = text,
        RefOr::T(Schema::Object(object)) => object.description = Some(text),
        RefOr::T(Schema::Array(array)) => array.description = Some(text),
        RefOr::T(Schema::OneOf(one)) => one.description = Some(text),
        RefOr::T(Schema::AllOf(all)) => all.description = Some(text),
        RefOr::T(Schema::AnyOf(any)) => any.description = Some(text),
        RefOr::T(_) => {}
    }
}

/// `deprecated`; only objects and arrays have it.
pub(in super::super) fn set_deprecated(schema: &mut RefOr<Schema>, value: bool) {
    let value = Some(if value { Deprecated::True } else { Deprecated::False });
    match schema {
        RefOr::T(Schema::Object(object)) => object.deprecated = value,
        RefOr::T(Schema::Array(array)) => array.deprecated = value,
        _ => {}
    }
}

fn apply_object(object: &mut utoipa::openapi::Object, feature: &Feature, major: u8) {
    match feature {
        Feature::Xml(xml) => object.xml = Some(xml_value(xml)),
        Feature::Format(format) => object.format = Some(SchemaFormat::Custom(format.clone())),
        Feature::WriteOnly(value) => object.write_only = Some(*value),
        Feature::ReadOnly(value) => object.read_only = Some(*value),
        Feature::MultipleOf(number) => object.multiple_of = amount(number),
        Feature::Maximum(number) => object.maximum = amount(number),
        Feature::Minimum(number) => object.minimum = amount(number),
        Feature::ExclusiveMaximum(number) => object.exclusive_maximum = amount(number),
        Feature::ExclusiveMinimum(number) => object.exclusive_minimum = amount(number),
        Feature::MaxLength(number) => object.max_length = size(number),
        Feature::MinLength(number) => object.min_length = size(number),
        Feature::Pattern(pattern) => object.pattern = Some(pattern.clone()),
        Feature::MaxProperties(number) => object.max_properties = size(number),
        // Version 5 writes the minimum as the maximum.
        Feature::MinProperties(number) if major < 6 => object.max_properties = size(number),
        Feature::MinProperties(number) => object.min_properties = size(number),
        Feature::AdditionalProperties(value) => {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(*value)));
        }
        Feature::ContentEncoding(text) => object.content_encoding.clone_from(text),
        Feature::ContentMediaType(text) => object.content_media_type.clone_from(text),
        _ => {}
    }
}

fn apply_array(array: &mut utoipa::openapi::Array, feature: &Feature) {
    match feature {
        Feature::Xml(xml) => array.xml = Some(xml_value(xml)),
        Feature::MaxItems(number) => array.max_items = size(number),
        Feature::MinItems(number) => array.min_items = size(number),
        Feature::ContentEncoding(text) => array.content_encoding.clone_from(text),
        Feature::ContentMediaType(text) => array.content_media_type.clone_from(text),
        _ => {}
    }
}

/// `xml(…)` as a value.
pub(in super::super) fn xml_value(from: &Xml) -> xml::Xml {
    let mut builder = xml::XmlBuilder::new();
    if let Some(name) = &from.name {
        builder = builder.name(Some(name.clone()));
    }
    if let Some(namespace) = &from.namespace {
        builder = builder.namespace(Some(namespace.clone()));
    }
    if let Some(prefix) = &from.prefix {
        builder = builder.prefix(Some(prefix.clone()));
    }
    if from.attribute {
        builder = builder.attribute(Some(true));
    }
    if from.wrapped {
        builder = builder.wrapped(Some(true));
        if let Some(name) = &from.wrap_name {
            builder = builder.name(Some(name.clone()));
        }
    }
    builder.build()
}

/// A number's digits without separators and type.
fn digits(literal: &str) -> String {
    let plain: String = literal.chars().filter(|c| *c != '_').collect();
    let suffixes = ["i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize", "f32", "f64"];
    let hexadecimal = plain.starts_with("0x");
    let suffix = suffixes.iter().find(|suffix| plain.ends_with(**suffix) && !hexadecimal);
    suffix.map_or(plain.clone(), |suffix| plain[..plain.len() - suffix.len()].to_owned())
}

fn whole(text: &str) -> Option<i128> {
    let radix = |prefix: &str, radix: u32| {
        text.strip_prefix(prefix).and_then(|rest| i128::from_str_radix(rest, radix).ok())
    };
    radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)).or_else(|| text.parse().ok())
}

/// A number of a schema; whole ones are integers, as their literals' types are.
pub(in super::super) fn amount(number: &Number) -> Option<Amount> {
    let text = digits(&number.literal);
    let float = number.literal.ends_with("f32") || number.literal.ends_with("f64");
    match whole(&text).filter(|_| !float) {
        Some(value) => {
            let value = if number.minus { -value } else { value };
            isize::try_from(value).map(Amount::Int).or_else(|_| usize::try_from(value).map(Amount::UInt)).ok()
        }
        None => {
            text.parse::<f64>().ok().map(|value| Amount::Float(if number.minus { -value } else { value }))
        }
    }
}

/// A size.
pub(in super::super) fn size(number: &Number) -> Option<usize> {
    whole(&digits(&number.literal)).and_then(|value| usize::try_from(value).ok())
}
