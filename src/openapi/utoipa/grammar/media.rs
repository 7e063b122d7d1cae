//! Bodies: types, references, content types, examples and encodings.

use super::feature::Extension;
use super::value::{AnyValue, Text};
use super::{comma, equals, equals_text, flag, list, unknown, word};
use proc_macro2::Span;
use std::collections::BTreeMap;
use syn::parse::{Parse, ParseStream};
use syn::token::Paren;
use syn::{LitStr, Token, Type};

/// A type, inlined or not.
#[derive(Clone, Debug)]
pub(in super::super) struct ParsedType {
    pub ty: Type,
    pub inline: bool,
}

impl Parse for ParsedType {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let fork = input.fork();
        let inline = fork.parse::<syn::Ident>().is_ok_and(|ident| ident == "inline") && fork.peek(Paren);
        if !inline {
            return Ok(Self { ty: input.parse()?, inline });
        }
        input.parse::<syn::Ident>()?;
        let inside;
        syn::parenthesized!(inside in input);
        Ok(Self { ty: inside.parse()?, inline })
    }
}

/// What a body holds.
#[derive(Clone, Debug, Default)]
pub(in super::super) enum Body {
    /// `ref("#/…")`.
    Reference(Text),
    /// A type.
    Type(Box<ParsedType>),
    /// Nothing said.
    #[default]
    None,
}

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![ref]) && input.peek2(Paren) {
            input.parse::<Token![ref]>()?;
            let inside;
            syn::parenthesized!(inside in input);
            return inside.parse().map(Self::Reference);
        }
        input.parse().map(|parsed| Self::Type(Box::new(parsed)))
    }
}

/// One content of a request or response.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Media {
    pub content_type: Option<Text>,
    pub body: Body,
    pub item: Body,
    pub example: Option<AnyValue>,
    pub examples: Vec<NamedExample>,
    pub encoding: BTreeMap<String, Encoding>,
    pub extensions: Option<Vec<Extension>>,
}

impl Parse for Media {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut media = Self::default();
        if input.fork().parse::<Body>().is_ok() {
            media.body = input.parse()?;
            if input.peek(Token![=]) {
                media.content_type = Some(equals(input)?);
            }
        } else {
            media.content_type = Some(input.parse()?);
        }
        comma(input)?;
        while !input.is_empty() {
            let (name, span) = word(input)?;
            media.setting(input, &name, span)?;
            comma(input)?;
        }
        Ok(media)
    }
}

impl Media {
    pub fn setting(&mut self, input: ParseStream<'_>, name: &str, span: Span) -> syn::Result<()> {
        match name {
            "item_schema" => self.item = equals(input)?,
            "example" => self.example = Some(equals(input)?),
            "examples" => self.examples = list(input)?,
            "encoding" => {
                let pairs: Vec<NamedEncoding> = list(input)?;
                self.encoding = pairs.into_iter().map(|pair| (pair.0, pair.1)).collect();
            }
            "extensions" => self.extensions = Some(list(input)?),
            other => return unknown(span, other, "a body"),
        }
        Ok(())
    }
}

/// `("name" = (summary = "…", value = json!(…)))`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct NamedExample {
    pub name: String,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub value: Option<AnyValue>,
    pub data_value: Option<AnyValue>,
    pub serialized_value: Option<String>,
    pub external_value: Option<String>,
}

impl Parse for NamedExample {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (outer, inside);
        syn::parenthesized!(outer in input);
        let mut example = Self { name: outer.parse::<LitStr>()?.value(), ..Self::default() };
        outer.parse::<Token![=]>()?;
        syn::parenthesized!(inside in outer);
        while !inside.is_empty() {
            let (name, span) = word(&inside)?;
            match name.as_str() {
                "summary" => example.summary = Some(equals_text(&inside)?),
                "description" => example.description = Some(equals_text(&inside)?),
                "value" => example.value = Some(equals(&inside)?),
                "data_value" => example.data_value = Some(equals(&inside)?),
                "serialized_value" => example.serialized_value = Some(equals_text(&inside)?),
                "external_value" => example.external_value = Some(equals_text(&inside)?),
                other => return unknown(span, other, "an example"),
            }
            comma(&inside)?;
        }
        Ok(example)
    }
}

/// `(content_type = "…", explode = true, allow_reserved = false)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Encoding {
    pub content_type: Option<Text>,
    pub explode: Option<bool>,
    pub allow_reserved: Option<bool>,
}

/// `("property" = (…))`.
struct NamedEncoding(String, Encoding);

impl Parse for NamedEncoding {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (outer, inside);
        syn::parenthesized!(outer in input);
        let name = outer.parse::<LitStr>()?.value();
        outer.parse::<Token![=]>()?;
        syn::parenthesized!(inside in outer);
        let mut encoding = Encoding::default();
        while !inside.is_empty() {
            let (word, span) = word(&inside)?;
            match word.as_str() {
                "content_type" => encoding.content_type = Some(equals(&inside)?),
                "explode" => encoding.explode = Some(flag(&inside)?),
                "allow_reserved" => encoding.allow_reserved = Some(flag(&inside)?),
                other => return unknown(span, other, "an encoding"),
            }
            comma(&inside)?;
        }
        comma(&outer)?;
        Ok(Self(name, encoding))
    }
}

/// `request_body = …` or `request_body(…)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct RequestBody {
    pub description: Option<Text>,
    pub content: Vec<Media>,
    pub extensions: Option<Vec<Extension>>,
}

impl Parse for RequestBody {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![=]) {
            let media = Media { body: equals(input)?, ..Media::default() };
            return Ok(Self { content: vec![media], ..Self::default() });
        }
        let inside;
        syn::parenthesized!(inside in input);
        let mut body = Self { content: vec![Media::default()], ..Self::default() };
        while !inside.is_empty() {
            let (name, span) = word(&inside)?;
            match name.as_str() {
                "content" if inside.peek(Token![=]) => {
                    let schema = equals(&inside)?;
                    if let Some(first) = body.content.first_mut() {
                        first.body = schema;
                    }
                }
                "content" => body.content = grouped(&inside)?,
                "content_type" => {
                    let text = equals(&inside)?;
                    if let Some(first) = body.content.first_mut() {
                        first.content_type = Some(text);
                    }
                }
                "description" => body.description = Some(equals(&inside)?),
                "extensions" => body.extensions = Some(list(&inside)?),
                other => match body.content.first_mut() {
                    Some(first) => first.setting(&inside, other, span)?,
                    None => return unknown(span, other, "request_body(…)"),
                },
            }
            comma(&inside)?;
        }
        Ok(body)
    }
}

/// `((one), (two), …)`.
pub(in super::super) fn grouped(input: ParseStream<'_>) -> syn::Result<Vec<Media>> {
    struct InParentheses(Media);
    impl Parse for InParentheses {
        fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
            let inside;
            syn::parenthesized!(inside in input);
            inside.parse().map(Self)
        }
    }
    Ok(list::<InParentheses>(input)?.into_iter().map(|one| one.0).collect())
}
