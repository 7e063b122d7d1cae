//! `#[utoipa::path(…)]`.

use super::feature::{Extension, Feature, rest};
use super::media::{ParsedType, RequestBody};
use super::openapi::{SecurityRequirement, Server};
use super::response::Response;
use super::value::Text;
use super::{comma, equals, groups, list, unknown, word};
use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, LitStr, Path, Token, TypePath};

/// The attribute of a handler.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct PathAttribute {
    pub methods: Vec<String>,
    pub request_body: Option<RequestBody>,
    pub responses: Vec<Response>,
    pub path: Option<Text>,
    pub operation_id: Option<Expr>,
    pub tag: Option<Text>,
    pub tags: Vec<Text>,
    pub params: Vec<Parameter>,
    pub security: Option<Vec<SecurityRequirement>>,
    pub context_path: Option<Text>,
    pub impl_for: Option<String>,
    pub description: Option<Text>,
    pub summary: Option<Text>,
    pub extensions: Option<Vec<Extension>>,
    pub servers: Vec<Server>,
}

/// Methods that OpenAPI knows.
pub(in super::super) const METHODS: &[&str] =
    &["get", "post", "put", "delete", "options", "head", "patch", "trace"];

impl Parse for PathAttribute {
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

impl PathAttribute {
    fn setting(&mut self, input: ParseStream<'_>, name: &str, span: Span) -> syn::Result<()> {
        match name {
            "method" => {
                self.methods = list::<syn::Ident>(input)?.iter().map(ToString::to_string).collect();
            }
            "operation_id" => self.operation_id = Some(equals(input)?),
            "path" => self.path = Some(equals(input)?),
            "request_body" => self.request_body = Some(input.parse()?),
            "responses" => self.responses = list(input)?,
            "params" => self.params = list(input)?,
            "tag" => self.tag = Some(equals(input)?),
            "tags" => {
                input.parse::<Token![=]>()?;
                let inside;
                syn::bracketed!(inside in input);
                self.tags = Punctuated::<Text, Token![,]>::parse_terminated(&inside)?.into_iter().collect();
            }
            "security" => self.security = Some(groups(input)?),
            "context_path" => self.context_path = Some(equals(input)?),
            "impl_for" => self.impl_for = Some(equals::<syn::Ident>(input)?.to_string()),
            "description" => self.description = Some(equals(input)?),
            "summary" => self.summary = Some(equals(input)?),
            "extensions" => self.extensions = Some(list(input)?),
            "servers" => self.servers = list(input)?,
            method if METHODS.contains(&method) => self.methods = vec![method.to_owned()],
            other => return unknown(span, other, "#[utoipa::path(…)]"),
        }
        Ok(())
    }
}

/// One entry of `params(…)`.
#[derive(Clone, Debug)]
pub(in super::super) enum Parameter {
    /// A type that implements `IntoParams`, and where the framework takes it from.
    Type(Path, Option<&'static str>),
    /// `("name" = Type, Path, …)`.
    Value(Box<ValueParameter>),
}

/// A parameter written out.
#[derive(Clone, Debug)]
pub(in super::super) struct ValueParameter {
    pub name: String,
    pub span: Span,
    pub location: String,
    pub ty: Option<ParameterType>,
    pub features: Vec<Feature>,
}

/// A parameter's type: written in the attribute, or seen in the handler's arguments.
#[derive(Clone, Debug)]
pub(in super::super) struct ParameterType {
    pub parsed: ParsedType,
    pub external: bool,
}

impl Parse for Parameter {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.fork().parse::<TypePath>().is_ok() {
            return Ok(Self::Type(input.parse::<TypePath>()?.path, None));
        }
        let inside;
        syn::parenthesized!(inside in input);
        let name: LitStr = inside.parse()?;
        let ty = if inside.peek(Token![=]) {
            Some(ParameterType { parsed: equals(&inside)?, external: false })
        } else {
            None
        };
        comma(&inside)?;
        let places = ["Path", "Query", "Header", "Cookie", "QueryString"];
        let fork = inside.fork();
        let placed =
            fork.parse::<syn::Ident>().is_ok_and(|ident| places.contains(&ident.to_string().as_str()));
        let location = if placed {
            let place = inside.parse::<syn::Ident>()?.to_string();
            comma(&inside)?;
            place
        } else {
            "Path".to_owned()
        };
        let features = rest(&inside)?;
        let parameter = ValueParameter { name: name.value(), span: name.span(), location, ty, features };
        Ok(Self::Value(Box::new(parameter)))
    }
}
