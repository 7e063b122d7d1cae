//! Values inside attributes: texts that may be expressions, and JSON.

use proc_macro2::{Group, Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprPath, Lit, LitStr, Token};

/// A literal string or an expression that makes one.
#[derive(Clone, Debug)]
pub(in super::super) enum Text {
    Literal(LitStr),
    Expression(Box<Expr>),
}

impl Text {
    pub fn literal(text: &str, span: Span) -> Self {
        Self::Literal(LitStr::new(text, span))
    }

    /// Whether it is the literal `""`, which utoipa takes for "not given" in places.
    pub fn is_empty_literal(&self) -> bool {
        matches!(self, Self::Literal(text) if text.value().is_empty())
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::literal("", Span::call_site())
    }
}

impl Parse for Text {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            input.parse().map(Self::Literal)
        } else {
            input.parse().map(Self::Expression)
        }
    }
}

/// A value that ends up as JSON.
#[derive(Clone, Debug)]
pub(in super::super) enum AnyValue {
    /// A literal, with a minus before it or not.
    Literal(bool, Lit),
    /// What is inside `json!(…)`.
    Json(TokenStream, Span),
    /// A function called without arguments.
    Call(ExprPath),
    /// The field of the type's default value.
    FieldOfDefault(String, Span),
}

impl AnyValue {
    pub fn span(&self) -> Span {
        match self {
            Self::Literal(_, literal) => literal.span(),
            Self::Json(_, span) | Self::FieldOfDefault(_, span) => *span,
            Self::Call(path) => path.span(),
        }
    }
}

impl Parse for AnyValue {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let minus = input.peek(Token![-]);
        if minus || input.peek(Lit) {
            if minus {
                input.parse::<Token![-]>()?;
            }
            return Ok(Self::Literal(minus, input.parse()?));
        }
        let span = input.span();
        let path: ExprPath = input.parse()?;
        if path.path.is_ident("json") && input.peek(Token![!]) {
            input.parse::<Token![!]>()?;
            let group: Group = input.parse()?;
            return Ok(Self::Json(group.stream(), span));
        }
        Ok(Self::Call(path))
    }
}
