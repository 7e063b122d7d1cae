//! utoipa's attribute grammar: what is between the parentheses of `#[schema(…)]`, `#[param(…)]`, `#[utoipa::path(…)]`,
//! `#[openapi(…)]` and their relatives, as typed values that keep the spans of what was written.
//!
//! Versions 5 and 6 share one grammar; words that only one of them knows are read for both, since a service that
//! compiles uses none that its version lacks.

pub(super) mod feature;
pub(super) mod media;
pub(super) mod openapi;
pub(super) mod path;
pub(super) mod response;
pub(super) mod serde_words;
pub(super) mod value;

use proc_macro2::{Group, Span};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitBool, LitStr, Token};

/// The word at the start of `word = …`, `word(…)` or `word`; keywords such as `as` too.
pub(super) fn word(input: ParseStream<'_>) -> syn::Result<(String, Span)> {
    let ident = input.call(syn::Ident::parse_any)?;
    Ok((ident.to_string(), ident.span()))
}

/// The comma between two settings, which may be missing at the end.
pub(super) fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}

/// `= value`.
pub(super) fn equals<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// `= "text"`.
pub(super) fn equals_text(input: ParseStream<'_>) -> syn::Result<String> {
    Ok(equals::<LitStr>(input)?.value())
}

/// `= true`, `= false`, or nothing for true.
pub(super) fn flag(input: ParseStream<'_>) -> syn::Result<bool> {
    if input.peek(Token![=]) && input.peek2(LitBool) {
        return Ok(equals::<LitBool>(input)?.value);
    }
    Ok(true)
}

/// `(one, two, …)`.
pub(super) fn list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let inside;
    syn::parenthesized!(inside in input);
    Ok(Punctuated::<T, Token![,]>::parse_terminated(&inside)?.into_iter().collect())
}

/// `(group, group, …)` in which every group, whatever its brackets, holds one `T`.
pub(super) fn groups<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let inside;
    syn::parenthesized!(inside in input);
    Punctuated::<Group, Token![,]>::parse_terminated(&inside)?
        .into_iter()
        .map(|group| syn::parse2(group.stream()))
        .collect()
}

/// An unknown word.
pub(super) fn unknown<T>(span: Span, word: &str, of: &str) -> syn::Result<T> {
    Err(syn::Error::new(span, format!("`{word}` is not a word of {of}")))
}
