//! `#[openapi(…)]` of the derive `OpenApi`, and what it shares with `#[utoipa::path(…)]`: servers and security.

use super::value::Text;
use super::{comma, equals, equals_text, groups, list, unknown, word};
use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Path, Token, TypePath};

/// The attribute of a document's root.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct OpenApiAttribute {
    pub info: Option<Info>,
    pub version: Option<String>,
    pub paths: Vec<Path>,
    pub schemas: Vec<TypePath>,
    pub responses: Vec<TypePath>,
    pub modifiers: Vec<Path>,
    pub security: Option<Vec<SecurityRequirement>>,
    pub tags: Option<Vec<Tag>>,
    pub external_docs: Option<ExternalDocs>,
    pub servers: Vec<Server>,
    pub nest: Vec<Nest>,
}

impl OpenApiAttribute {
    /// All `#[openapi(…)]` of an item. As utoipa merges them, `nest` and `modifiers` of later ones are lost.
    ///
    /// # Errors
    /// The first that does not follow the grammar.
    pub fn of(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut merged: Option<Self> = None;
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("openapi")) {
            let next: Self = attribute.parse_args()?;
            match &mut merged {
                Some(before) => before.merge(next),
                None => merged = Some(next),
            }
        }
        Ok(merged.unwrap_or_default())
    }

    fn merge(&mut self, next: Self) {
        fn replace<T>(old: &mut Vec<T>, new: Vec<T>) {
            if !new.is_empty() {
                *old = new;
            }
        }
        self.info = next.info.or(self.info.take());
        self.version = next.version.or(self.version.take());
        replace(&mut self.paths, next.paths);
        replace(&mut self.schemas, next.schemas);
        replace(&mut self.responses, next.responses);
        self.security = next.security.or(self.security.take());
        self.tags = next.tags.or(self.tags.take());
        self.external_docs = next.external_docs.or(self.external_docs.take());
        replace(&mut self.servers, next.servers);
    }

    fn setting(&mut self, input: ParseStream<'_>, name: &str, span: Span) -> syn::Result<()> {
        match name {
            "info" => self.info = Some(inside(input)?),
            "version" => self.version = Some(equals_text(input)?),
            "paths" => self.paths = list::<syn::ExprPath>(input)?.into_iter().map(|one| one.path).collect(),
            "components" => self.components(input)?,
            "modifiers" => {
                self.modifiers = list::<Modifier>(input)?.into_iter().map(|modifier| modifier.0).collect();
            }
            "security" => self.security = Some(groups(input)?),
            "tags" => self.tags = Some(groups(input)?),
            "external_docs" => self.external_docs = Some(inside(input)?),
            "servers" => self.servers = list(input)?,
            "nest" => self.nest = groups(input)?,
            other => return unknown(span, other, "#[openapi(…)]"),
        }
        Ok(())
    }

    fn components(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let inside;
        syn::parenthesized!(inside in input);
        while !inside.is_empty() {
            let (name, span) = word(&inside)?;
            match name.as_str() {
                "schemas" => self.schemas.extend(list::<TypePath>(&inside)?),
                "responses" => self.responses.extend(list::<TypePath>(&inside)?),
                other => return unknown(span, other, "components(…)"),
            }
            comma(&inside)?;
        }
        Ok(())
    }
}

impl Parse for OpenApiAttribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut found = Self::default();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            found.setting(input, &name, span)?;
            comma(input)?;
        }
        Ok(found)
    }
}

/// `(…)` around one value.
fn inside<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    let inside;
    syn::parenthesized!(inside in input);
    inside.parse()
}

/// `&Addon`.
struct Modifier(Path);

impl Parse for Modifier {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Token![&]>()?;
        input.parse().map(Self)
    }
}

/// `info(…)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Info {
    pub title: Option<Text>,
    pub version: Option<Text>,
    pub description: Option<Text>,
    pub terms_of_service: Option<Text>,
    pub license: Option<License>,
    pub contact: Option<Contact>,
}

impl Parse for Info {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut info = Self::default();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "title" => info.title = Some(equals(input)?),
                "version" => info.version = Some(equals(input)?),
                "description" => info.description = Some(equals(input)?),
                "terms_of_service" => info.terms_of_service = Some(equals(input)?),
                "license" => info.license = Some(inside(input)?),
                "contact" => info.contact = Some(inside(input)?),
                other => return unknown(span, other, "info(…)"),
            }
            comma(input)?;
        }
        Ok(info)
    }
}

/// `license(…)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct License {
    pub name: String,
    pub url: Option<String>,
    pub identifier: String,
}

impl Parse for License {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut license = Self::default();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "name" => license.name = equals_text(input)?,
                "url" => license.url = Some(equals_text(input)?),
                "identifier" => license.identifier = equals_text(input)?,
                other => return unknown(span, other, "license(…)"),
            }
            comma(input)?;
        }
        Ok(license)
    }
}

/// `contact(…)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Contact {
    pub name: Option<String>,
    pub email: Option<String>,
    pub url: Option<String>,
}

impl Parse for Contact {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut contact = Self::default();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "name" => contact.name = Some(equals_text(input)?),
                "email" => contact.email = Some(equals_text(input)?),
                "url" => contact.url = Some(equals_text(input)?),
                other => return unknown(span, other, "contact(…)"),
            }
            comma(input)?;
        }
        Ok(contact)
    }
}

/// `(name = "…", …)` inside `tags(…)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Tag {
    pub name: Text,
    pub summary: Option<Text>,
    pub description: Option<Text>,
    pub parent: Option<Text>,
    pub kind: Option<Text>,
    pub external_docs: Option<ExternalDocs>,
}

impl Parse for Tag {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut tag = Self::default();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "name" => tag.name = equals(input)?,
                "summary" => tag.summary = Some(equals(input)?),
                "description" => tag.description = Some(equals(input)?),
                "parent" => tag.parent = Some(equals(input)?),
                "kind" => tag.kind = Some(equals(input)?),
                "external_docs" => tag.external_docs = Some(inside(input)?),
                other => return unknown(span, other, "a tag"),
            }
            comma(input)?;
        }
        Ok(tag)
    }
}

/// `external_docs(…)`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct ExternalDocs {
    pub url: String,
    pub description: Option<String>,
}

impl Parse for ExternalDocs {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut docs = Self::default();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "url" => docs.url = equals_text(input)?,
                "description" => docs.description = Some(equals_text(input)?),
                other => return unknown(span, other, "external_docs(…)"),
            }
            comma(input)?;
        }
        Ok(docs)
    }
}

/// `(url = "…", description = "…", variables(…))`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Server {
    pub url: Text,
    pub description: Option<String>,
    pub variables: Vec<ServerVariable>,
}

impl Parse for Server {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let inside;
        syn::parenthesized!(inside in input);
        let mut server = Self::default();
        while !inside.is_empty() {
            let (name, span) = word(&inside)?;
            match name.as_str() {
                "url" => server.url = equals(&inside)?,
                "description" => server.description = Some(equals_text(&inside)?),
                "variables" => server.variables = list(&inside)?,
                other => return unknown(span, other, "a server"),
            }
            comma(&inside)?;
        }
        Ok(server)
    }
}

/// `("name" = (default = "…", enum_values("a", "b")))`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct ServerVariable {
    pub name: String,
    pub default: String,
    pub description: Option<String>,
    pub values: Option<Vec<String>>,
}

impl Parse for ServerVariable {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (outer, inside);
        syn::parenthesized!(outer in input);
        let mut variable = Self { name: outer.parse::<LitStr>()?.value(), ..Self::default() };
        outer.parse::<Token![=]>()?;
        syn::parenthesized!(inside in outer);
        while !inside.is_empty() {
            let (name, span) = word(&inside)?;
            match name.as_str() {
                "default" => variable.default = equals_text(&inside)?,
                "description" => variable.description = Some(equals_text(&inside)?),
                "enum_values" => {
                    variable.values = Some(list::<LitStr>(&inside)?.iter().map(LitStr::value).collect());
                }
                other => return unknown(span, other, "a server's variable"),
            }
            comma(&inside)?;
        }
        Ok(variable)
    }
}

/// `("name" = ["scope"], …)`; nothing inside means that none is needed.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct SecurityRequirement(pub Vec<(String, Vec<Text>)>);

impl Parse for SecurityRequirement {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut found = Vec::new();
        while !input.is_empty() {
            let name = input.parse::<LitStr>()?.value();
            input.parse::<Token![=]>()?;
            let inside;
            syn::bracketed!(inside in input);
            let scopes = Punctuated::<Text, Token![,]>::parse_terminated(&inside)?.into_iter().collect();
            found.push((name, scopes));
            comma(input)?;
        }
        Ok(Self(found))
    }
}

/// `(path = "/api", api = Api, tags = ["a"])`.
#[derive(Clone, Debug)]
pub(in super::super) struct Nest {
    pub path: Text,
    pub api: TypePath,
    pub tags: Vec<Text>,
}

impl Parse for Nest {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (mut path, mut api, mut tags) = (Text::default(), None, Vec::new());
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "path" => path = equals(input)?,
                "api" => api = Some(equals(input)?),
                "tags" => {
                    input.parse::<Token![=]>()?;
                    let inside;
                    syn::bracketed!(inside in input);
                    tags = Punctuated::<Text, Token![,]>::parse_terminated(&inside)?.into_iter().collect();
                }
                other => return unknown(span, other, "nest(…)"),
            }
            comma(input)?;
        }
        let api = api.ok_or_else(|| input.error("`api` is missing"))?;
        Ok(Self { path, api, tags })
    }
}
