//! Responses in `#[utoipa::path(…)]` and of the derives `ToResponse` and `IntoResponses`.

use super::feature::Extension;
use super::media::{Body, Media, NamedExample, ParsedType, grouped};
use super::openapi::Server;
use super::value::{AnyValue, Text};
use super::{comma, equals, equals_text, groups, list, unknown, word};
use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, ExprPath, LitInt, LitStr, Token, TypePath};

/// One entry of `responses(…)`.
#[derive(Clone, Debug)]
pub(in super::super) enum Response {
    /// A type that implements `IntoResponses`.
    Type(TypePath),
    /// `(status = …, …)`.
    Tuple(Box<Tuple>),
}

impl Parse for Response {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.fork().parse::<ExprPath>().is_ok() {
            return input.parse().map(Self::Type);
        }
        let inside;
        syn::parenthesized!(inside in input);
        inside.parse().map(|tuple| Self::Tuple(Box::new(tuple)))
    }
}

/// A status and what comes with it.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Tuple {
    pub status: String,
    pub span: Option<Span>,
    pub inner: Inner,
}

/// Beside the status.
#[derive(Clone, Debug, Default)]
#[expect(clippy::large_enum_variant, reason = "a response is read once, and taken apart at once")]
pub(in super::super) enum Inner {
    /// Nothing.
    #[default]
    None,
    /// `response = Type`.
    Reference(ParsedType),
    /// Description, body and the rest.
    Value(Value),
}

/// A response written out.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Value {
    pub description: Text,
    pub headers: Vec<Header>,
    pub links: Vec<Link>,
    pub content: Vec<Media>,
    pub extensions: Option<Vec<Extension>>,
}

impl Parse for Tuple {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut tuple = Self { span: Some(input.span()), ..Self::default() };
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "status" => tuple.status = equals::<Status>(input)?.0,
                "response" => tuple.inner = Inner::Reference(equals(input)?),
                other => {
                    if !matches!(tuple.inner, Inner::Value(_)) {
                        let content = vec![Media::default()];
                        tuple.inner = Inner::Value(Value { content, ..Value::default() });
                    }
                    if let Inner::Value(value) = &mut tuple.inner {
                        value.setting(input, other, span)?;
                    }
                }
            }
            comma(input)?;
        }
        Ok(tuple)
    }
}

impl Value {
    fn setting(&mut self, input: ParseStream<'_>, name: &str, span: Span) -> syn::Result<()> {
        match name {
            "description" => self.description = equals(input)?,
            "body" => {
                let body: Body = equals(input)?;
                if let Some(first) = self.content.first_mut() {
                    first.body = body;
                }
            }
            "content_type" => {
                let text = equals(input)?;
                if let Some(first) = self.content.first_mut() {
                    first.content_type = Some(text);
                }
            }
            "headers" => self.headers = groups(input)?,
            "content" => self.content = grouped(input)?,
            "links" => self.links = list(input)?,
            "extensions" => self.extensions = Some(list(input)?),
            other => match self.content.first_mut() {
                Some(first) => first.setting(input, other, span)?,
                None => return unknown(span, other, "a response"),
            },
        }
        Ok(())
    }
}

/// A number, a range such as `"4XX"`, or a name of `StatusCode`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Status(pub String);

impl Parse for Status {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitInt) {
            return Ok(Self(input.parse::<LitInt>()?.base10_digits().to_owned()));
        }
        if input.peek(LitStr) {
            return Ok(Self(input.parse::<LitStr>()?.value()));
        }
        let path: ExprPath = input.parse()?;
        let name = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        match status_code(&name) {
            Some(code) => Ok(Self(code.to_string())),
            None => Err(input.error(format!("`{name}` is no status of `http::StatusCode`"))),
        }
    }
}

/// The number of a constant of `http::StatusCode`.
pub(in super::super) fn status_code(name: &str) -> Option<u16> {
    STATUS_CODES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

/// Constants of `http::StatusCode` that utoipa knows.
pub(in super::super) const STATUS_CODES: &[(&str, u16)] = &[
    ("CONTINUE", 100),
    ("SWITCHING_PROTOCOLS", 101),
    ("PROCESSING", 102),
    ("OK", 200),
    ("CREATED", 201),
    ("ACCEPTED", 202),
    ("NON_AUTHORITATIVE_INFORMATION", 203),
    ("NO_CONTENT", 204),
    ("RESET_CONTENT", 205),
    ("PARTIAL_CONTENT", 206),
    ("MULTI_STATUS", 207),
    ("ALREADY_REPORTED", 208),
    ("IM_USED", 226),
    ("MULTIPLE_CHOICES", 300),
    ("MOVED_PERMANENTLY", 301),
    ("FOUND", 302),
    ("SEE_OTHER", 303),
    ("NOT_MODIFIED", 304),
    ("USE_PROXY", 305),
    ("TEMPORARY_REDIRECT", 307),
    ("PERMANENT_REDIRECT", 308),
    ("BAD_REQUEST", 400),
    ("UNAUTHORIZED", 401),
    ("PAYMENT_REQUIRED", 402),
    ("FORBIDDEN", 403),
    ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("NOT_ACCEPTABLE", 406),
    ("PROXY_AUTHENTICATION_REQUIRED", 407),
    ("REQUEST_TIMEOUT", 408),
    ("CONFLICT", 409),
    ("GONE", 410),
    ("LENGTH_REQUIRED", 411),
    ("PRECONDITION_FAILED", 412),
    ("PAYLOAD_TOO_LARGE", 413),
    ("URI_TOO_LONG", 414),
    ("UNSUPPORTED_MEDIA_TYPE", 415),
    ("RANGE_NOT_SATISFIABLE", 416),
    ("EXPECTATION_FAILED", 417),
    ("IM_A_TEAPOT", 418),
    ("MISDIRECTED_REQUEST", 421),
    ("UNPROCESSABLE_ENTITY", 422),
    ("LOCKED", 423),
    ("FAILED_DEPENDENCY", 424),
    ("UPGRADE_REQUIRED", 426),
    ("PRECONDITION_REQUIRED", 428),
    ("TOO_MANY_REQUESTS", 429),
    ("REQUEST_HEADER_FIELDS_TOO_LARGE", 431),
    ("UNAVAILABLE_FOR_LEGAL_REASONS", 451),
    ("INTERNAL_SERVER_ERROR", 500),
    ("NOT_IMPLEMENTED", 501),
    ("BAD_GATEWAY", 502),
    ("SERVICE_UNAVAILABLE", 503),
    ("GATEWAY_TIMEOUT", 504),
    ("HTTP_VERSION_NOT_SUPPORTED", 505),
    ("VARIANT_ALSO_NEGOTIATES", 506),
    ("INSUFFICIENT_STORAGE", 507),
    ("LOOP_DETECTED", 508),
    ("NOT_EXTENDED", 510),
    ("NETWORK_AUTHENTICATION_REQUIRED", 511),
];

/// `("name" = Type, description = "…")`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Header {
    pub name: String,
    pub ty: Option<ParsedType>,
    pub description: Option<String>,
}

impl Parse for Header {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut header = Self { name: input.parse::<LitStr>()?.value(), ..Self::default() };
        if input.peek(Token![=]) {
            header.ty = Some(equals(input)?);
        }
        comma(input)?;
        if !input.is_empty() {
            word(input)?;
            header.description = Some(equals_text(input)?);
        }
        comma(input)?;
        Ok(header)
    }
}

/// `("name" = (operation_id = "…", parameters(…), …))`.
#[derive(Clone, Debug)]
pub(in super::super) struct Link {
    pub name: Text,
    pub operation_ref: Option<Text>,
    pub operation_id: Option<Text>,
    pub parameters: Vec<(Text, Text)>,
    pub request_body: Option<AnyValue>,
    pub description: Option<Text>,
    pub server: Option<Server>,
}

/// `("name" = "value")`.
struct LinkParameter(Text, Text);

impl Parse for LinkParameter {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let inside;
        syn::parenthesized!(inside in input);
        Ok(Self(inside.parse()?, equals(&inside)?))
    }
}

impl Parse for Link {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (outer, inside);
        syn::parenthesized!(outer in input);
        let mut link = Self {
            name: outer.parse()?,
            operation_ref: None,
            operation_id: None,
            parameters: Vec::new(),
            request_body: None,
            description: None,
            server: None,
        };
        outer.parse::<Token![=]>()?;
        syn::parenthesized!(inside in outer);
        while !inside.is_empty() {
            let (name, span) = word(&inside)?;
            match name.as_str() {
                "operation_ref" => link.operation_ref = Some(equals(&inside)?),
                "operation_id" => link.operation_id = Some(equals(&inside)?),
                "parameters" => {
                    let pairs: Vec<LinkParameter> = list(&inside)?;
                    link.parameters = pairs.into_iter().map(|pair| (pair.0, pair.1)).collect();
                }
                "request_body" => link.request_body = Some(equals(&inside)?),
                "description" => link.description = Some(equals(&inside)?),
                "server" => link.server = Some(inside.parse()?),
                other => return unknown(span, other, "a link"),
            }
            comma(&inside)?;
        }
        Ok(link)
    }
}

/// `#[response(…)]` of `ToResponse` and `IntoResponses`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Derived {
    pub status: String,
    pub content_type: Option<Text>,
    pub headers: Vec<Header>,
    pub description: Text,
    pub example: Option<AnyValue>,
    pub examples: Option<Vec<NamedExample>>,
}

impl Parse for Derived {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut derived = Self::default();
        while !input.is_empty() {
            let (name, span) = word(input)?;
            match name.as_str() {
                "status" => derived.status = equals::<Status>(input)?.0,
                "description" => derived.description = equals(input)?,
                "content_type" => derived.content_type = Some(equals(input)?),
                "headers" => derived.headers = groups(input)?,
                "example" => derived.example = Some(equals(input)?),
                "examples" => derived.examples = Some(list(input)?),
                other => return unknown(span, other, "#[response(…)]"),
            }
            comma(input)?;
        }
        Ok(derived)
    }
}

impl Derived {
    /// All `#[response(…)]` of an item, later ones over earlier ones.
    ///
    /// # Errors
    /// The first that does not follow the grammar.
    pub fn of(attributes: &[Attribute]) -> syn::Result<Option<Self>> {
        let mut merged: Option<Self> = None;
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("response")) {
            let next: Self = attribute.parse_args()?;
            let Some(before) = &mut merged else {
                merged = Some(next);
                continue;
            };
            before.status = next.status;
            if next.content_type.is_some() {
                before.content_type = next.content_type;
            }
            if !next.headers.is_empty() {
                before.headers = next.headers;
            }
            if !next.description.is_empty_literal() {
                before.description = next.description;
            }
            before.example = next.example.or(before.example.take());
            before.examples = next.examples.or(before.examples.take());
        }
        Ok(merged)
    }
}
