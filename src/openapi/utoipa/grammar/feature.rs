//! The settings of `#[schema(…)]`, `#[param(…)]`, `#[into_params(…)]` and of parameters in `#[utoipa::path(…)]`.

use super::serde_words::Rule;
use super::value::{AnyValue, Text};
use super::{comma, equals, equals_text, flag, list, unknown, word};
use proc_macro2::{Span, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::token::Paren;
use syn::{Attribute, LitStr, Path, Token, Type, TypePath};

/// One setting.
#[derive(Clone, Debug)]
pub(in super::super) enum Feature {
    Example(AnyValue),
    Examples(Vec<AnyValue>),
    /// Without a value it means the type's own default.
    Default(Option<AnyValue>),
    Inline(bool),
    Xml(Xml),
    Format(String),
    ValueType(Box<Type>),
    WriteOnly(bool),
    ReadOnly(bool),
    Title(String),
    Nullable(bool),
    Rename(String),
    RenameAll(Rule),
    Style(String),
    AllowReserved(bool),
    Explode(bool),
    ParameterIn(String),
    Names(Vec<String>),
    SchemaWith(Box<TypePath>),
    Description(Text),
    Deprecated(bool),
    As(Path),
    AdditionalProperties(bool),
    Required(bool),
    ContentEncoding(String),
    ContentMediaType(String),
    Discriminator(Discriminator),
    Bound,
    Ignore(Ignore),
    NoRecursion,
    MultipleOf(Number),
    Maximum(Number),
    Minimum(Number),
    ExclusiveMaximum(Number),
    ExclusiveMinimum(Number),
    MaxLength(Number),
    MinLength(Number),
    Pattern(String),
    MaxItems(Number),
    MinItems(Number),
    MaxProperties(Number),
    MinProperties(Number),
    Extensions(Vec<Extension>),
}

/// `ignore`: a word, a truth value, or (version 5) a function.
#[derive(Clone, Debug)]
pub(in super::super) enum Ignore {
    Value(bool),
    Call(Path),
}

/// A number as written.
#[derive(Clone, Debug)]
pub(in super::super) struct Number {
    pub minus: bool,
    pub literal: String,
}

/// `xml(…)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Xml {
    pub name: Option<String>,
    pub namespace: Option<String>,
    pub prefix: Option<String>,
    pub attribute: bool,
    pub wrapped: bool,
    pub wrap_name: Option<String>,
}

/// `discriminator = "…"` or `discriminator(…)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Discriminator {
    pub property: Text,
    pub mapping: Vec<(Text, Text)>,
}

/// `("name" = json!(…))` inside `extensions(…)`.
#[derive(Clone, Debug)]
pub(in super::super) struct Extension {
    pub name: Text,
    pub value: AnyValue,
}

impl Parse for Extension {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let inside;
        syn::parenthesized!(inside in input);
        let name = inside.parse()?;
        Ok(Self { name, value: equals(&inside)? })
    }
}

impl Parse for Number {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut minus = false;
        input.step(|cursor| {
            let mut rest = *cursor;
            while let Some((tree, next)) = rest.token_tree() {
                match &tree {
                    TokenTree::Punct(mark) if mark.as_char() == '-' => minus = true,
                    TokenTree::Literal(literal) => {
                        let literal = literal.to_string();
                        return Ok((Self { minus, literal }, next));
                    }
                    _ => {}
                }
                rest = next;
            }
            Err(cursor.error("a number is missing"))
        })
    }
}

impl Parse for Xml {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut xml = Self::default();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "name" => xml.name = Some(equals_text(input)?),
                "namespace" => xml.namespace = Some(equals_text(input)?),
                "prefix" => xml.prefix = Some(equals_text(input)?),
                "attribute" => xml.attribute = flag(input)?,
                "wrapped" => {
                    xml.wrapped = true;
                    if input.peek(Paren) {
                        let inside;
                        syn::parenthesized!(inside in input);
                        word(&inside)?;
                        xml.wrap_name = Some(equals_text(&inside)?);
                    }
                }
                other => return unknown(span, other, "xml(…)"),
            }
            comma(input)?;
        }
        Ok(xml)
    }
}

impl Parse for Discriminator {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![=]) {
            return Ok(Self { property: equals(input)?, mapping: Vec::new() });
        }
        let inside;
        syn::parenthesized!(inside in input);
        let mut found = Self::default();
        while !inside.is_empty() {
            let (name, span) = word(&inside)?;
            match name.as_str() {
                "property_name" => found.property = equals(&inside)?,
                "mapping" => {
                    let pairs: Vec<Pair> = list(&inside)?;
                    found.mapping = pairs.into_iter().map(|pair| (pair.0, pair.1)).collect();
                }
                other => return unknown(span, other, "discriminator(…)"),
            }
            comma(&inside)?;
        }
        Ok(found)
    }
}

/// `("key" = "value")`.
struct Pair(Text, Text);

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let inside;
        syn::parenthesized!(inside in input);
        Ok(Self(inside.parse()?, equals(&inside)?))
    }
}

/// The settings of one attribute.
pub(in super::super) struct Features(pub Vec<Feature>);

impl Parse for Features {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut found = Vec::new();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            found.push(feature(input, &name, span)?);
            comma(input)?;
        }
        Ok(Self(found))
    }
}

fn feature(input: ParseStream<'_>, name: &str, span: Span) -> syn::Result<Feature> {
    if let Some(found) = number_feature(input, name)? {
        return Ok(found);
    }
    if let Some(found) = flag_feature(input, name)? {
        return Ok(found);
    }
    Ok(match name {
        "example" => Feature::Example(equals(input)?),
        "examples" => Feature::Examples(list(input)?),
        "default" if input.peek(Token![=]) => Feature::Default(Some(equals(input)?)),
        "default" => Feature::Default(None),
        "xml" => {
            let inside;
            syn::parenthesized!(inside in input);
            Feature::Xml(inside.parse()?)
        }
        "format" => Feature::Format(format(input)?),
        "value_type" => Feature::ValueType(Box::new(equals(input)?)),
        "title" => Feature::Title(equals_text(input)?),
        "rename" => Feature::Rename(equals_text(input)?),
        "rename_all" => {
            let rule: LitStr = equals(input)?;
            let known = Rule::named(&rule.value());
            Feature::RenameAll(known.ok_or_else(|| syn::Error::new(rule.span(), "no such rule"))?)
        }
        "style" => Feature::Style(equals::<syn::Ident>(input)?.to_string()),
        "parameter_in" => Feature::ParameterIn(equals::<syn::Ident>(input)?.to_string()),
        "names" => Feature::Names(list::<LitStr>(input)?.iter().map(LitStr::value).collect()),
        "schema_with" => Feature::SchemaWith(Box::new(equals::<TypePath>(input)?)),
        "description" => Feature::Description(equals(input)?),
        "as" => Feature::As(equals::<TypePath>(input)?.path),
        "content_encoding" => Feature::ContentEncoding(equals_text(input)?),
        "content_media_type" => Feature::ContentMediaType(equals_text(input)?),
        "discriminator" => Feature::Discriminator(input.parse()?),
        "bound" => {
            equals::<LitStr>(input)?;
            Feature::Bound
        }
        "ignore" => Feature::Ignore(ignore(input)?),
        "no_recursion" => Feature::NoRecursion,
        "pattern" => Feature::Pattern(equals_text(input)?),
        "extensions" => Feature::Extensions(list(input)?),
        other => return unknown(span, other, "this attribute"),
    })
}

fn number_feature(input: ParseStream<'_>, name: &str) -> syn::Result<Option<Feature>> {
    let make: fn(Number) -> Feature = match name {
        "multiple_of" => Feature::MultipleOf,
        "maximum" => Feature::Maximum,
        "minimum" => Feature::Minimum,
        "exclusive_maximum" => Feature::ExclusiveMaximum,
        "exclusive_minimum" => Feature::ExclusiveMinimum,
        "max_length" => Feature::MaxLength,
        "min_length" => Feature::MinLength,
        "max_items" => Feature::MaxItems,
        "min_items" => Feature::MinItems,
        "max_properties" => Feature::MaxProperties,
        "min_properties" => Feature::MinProperties,
        _ => return Ok(None),
    };
    equals(input).map(|number| Some(make(number)))
}

fn flag_feature(input: ParseStream<'_>, name: &str) -> syn::Result<Option<Feature>> {
    let make: fn(bool) -> Feature = match name {
        "inline" => Feature::Inline,
        "write_only" => Feature::WriteOnly,
        "read_only" => Feature::ReadOnly,
        "nullable" => Feature::Nullable,
        "allow_reserved" => Feature::AllowReserved,
        "explode" => Feature::Explode,
        "deprecated" => Feature::Deprecated,
        "additional_properties" => Feature::AdditionalProperties,
        "required" => Feature::Required,
        _ => return Ok(None),
    };
    flag(input).map(|value| Some(make(value)))
}

fn ignore(input: ParseStream<'_>) -> syn::Result<Ignore> {
    if !input.peek(Token![=]) {
        return Ok(Ignore::Value(true));
    }
    input.parse::<Token![=]>()?;
    if input.peek(syn::LitBool) {
        return Ok(Ignore::Value(input.parse::<syn::LitBool>()?.value));
    }
    Ok(Ignore::Call(input.parse()?))
}

/// A known format's word as the document spells it, or any text.
fn format(input: ParseStream<'_>) -> syn::Result<String> {
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        return Ok(input.parse::<LitStr>()?.value());
    }
    let ident: syn::Ident = input.parse()?;
    Ok(kebab(&ident.to_string()))
}

/// `DateTime` to `date-time`, as serde's rule for variants does.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// The settings of all attributes of a name, in order.
///
/// # Errors
/// The first attribute that does not follow the grammar.
pub(in super::super) fn features(attributes: &[Attribute], name: &str) -> syn::Result<Vec<Feature>> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        found.extend(attribute.parse_args::<Features>()?.0);
    }
    Ok(found)
}

/// Settings inside a longer list, until its end.
pub(in super::super) fn rest(input: ParseStream<'_>) -> syn::Result<Vec<Feature>> {
    input.parse::<Features>().map(|features| features.0)
}
