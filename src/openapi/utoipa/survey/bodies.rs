//! What a handler takes and answers, against what is documented of it.

use super::Documented;
use crate::base::Span;
use crate::diag::{Problem, code};
use crate::openapi::utoipa::grammar::response::status_code;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::Ty;
use crate::rust::token::{TokenKind, Tokens, tokens};
use crate::rust::tree::ItemId;
use std::collections::BTreeMap;
use syn::spanned::Spanned as _;
use syn::{FnArg, GenericArgument, PathArguments, Type};

/// Extractors that take the request's body.
const BODIES: &[&str] = &["Json", "Form", "Multipart"];

impl Session<'_> {
    pub(super) fn judge_body(&self, id: ItemId, known: &Documented, out: &mut Vec<Problem>) {
        if known.unsure {
            return;
        }
        self.judge_statuses(id, known, out);
        self.judge_extractors(id, known, out);
    }

    fn judge_statuses(&self, id: ItemId, known: &Documented, out: &mut Vec<Problem>) {
        let item = self.code.item(id);
        let Some(body) = item.outline.body else { return };
        let text = item.source.text.get(body.range()).unwrap_or("");
        if !text.contains("StatusCode") && !text.contains("HttpResponse") {
            return;
        }
        for (code, span) in returned(text) {
            let code = code.to_string();
            let range = format!("{}XX", &code[..1]);
            let has = |wanted: &str| known.statuses.iter().any(|status| status.eq_ignore_ascii_case(wanted));
            if has(&code) || has(&range) || has("default") {
                continue;
            }
            let span = Span { start: body.start + span.start, end: body.start + span.end };
            let message =
                format!("`{}` answers {code}, and {} does not document it", item.outline.name, known.name());
            let subject = format!("{} {code}", self.code.full_name(id));
            out.push(
                Problem::new(code::OPENAPI_STATUS, &item.source.place(span), subject, message)
                    .related(&self.name_place(id), "the handler")
                    .help("add the response to the annotation"),
            );
        }
    }

    fn judge_extractors(&self, id: ItemId, known: &Documented, out: &mut Vec<Problem>) {
        let Some(function) = self.function(id, false) else { return };
        for input in &function.signature.inputs {
            let FnArg::Typed(typed) = input else { continue };
            let Some((name, inner)) = self.extractor(id, &typed.ty) else { continue };
            let (missing, what) = match name.as_str() {
                "Query" => (!known.query && !self.is_free(id, inner), "parameters of the query"),
                _ => (!known.body, "a body"),
            };
            if !missing {
                continue;
            }
            let handler = &self.code.item(id).outline.name;
            let message =
                format!("`{handler}` takes {what} as `{name}`, and {} does not document it", known.name());
            let subject = format!("{} {name}", self.code.full_name(id));
            let help = match name.as_str() {
                "Query" => "list the type in `params(…)`; it has to derive `IntoParams`",
                _ => "add `request_body = …`",
            };
            let place = self.place(id, typed.ty.span());
            out.push(Problem::new(code::OPENAPI_EXTRACTOR, &place, subject, message).help(help));
        }
    }

    /// An extractor of a framework and what it takes.
    fn extractor<'t>(&self, id: ItemId, ty: &'t Type) -> Option<(String, Option<&'t Type>)> {
        let Type::Path(path) = ty else { return None };
        let last = path.path.segments.last()?;
        let inner = match &last.arguments {
            PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            }),
            _ => None,
        };
        let name = last.ident.to_string();
        if name == "Option" {
            return self.extractor(id, inner?);
        }
        if name != "Query" && !BODIES.contains(&name.as_str()) {
            return None;
        }
        let scope = self.scope_of_function(id);
        let of_framework = |krate: &String| {
            ["axum", "axum_extra", "actix_web", "actix_multipart", "rocket"].contains(&krate.as_str())
        };
        match self.path_type(&scope, &path.path) {
            Ty::Foreign(found, _) if found.first().is_some_and(of_framework) => Some((name, inner)),
            _ => None,
        }
    }

    /// A map or JSON value: what it takes has no names to document.
    fn is_free(&self, id: ItemId, ty: Option<&Type>) -> bool {
        let Some(ty) = ty else { return true };
        match self.resolve_type(&self.scope_of_function(id), ty) {
            Ty::Item(..) => false,
            Ty::Foreign(..) | Ty::Slice(_) | Ty::Tuple(_) | Ty::Unknown(_) => true,
        }
    }
}

/// Statuses that a body returns, each once, and where: `(StatusCode::X, …)`, `Err(StatusCode::X)`, an arm, a closure or a
/// block that ends in one, `HttpResponse::X()`. What is compared or matched is left out.
fn returned(text: &str) -> BTreeMap<u16, Span> {
    let tokens = tokens(text);
    let reader = BodyReader { text, tokens: &tokens };
    let mut found = BTreeMap::new();
    for at in 0..tokens.list.len() {
        if tokens.list[at].kind != TokenKind::Word || reader.word(at + 1) != ":" || reader.word(at + 2) != ":"
        {
            continue;
        }
        let code = match reader.word(at) {
            "StatusCode" => status_code(reader.word(at + 3)).filter(|_| reader.is_returned(at, at + 4)),
            "HttpResponse" if reader.word(at + 4) == "(" => {
                actix_status(reader.word(at + 3)).filter(|_| reader.is_returned(at, at + 4))
            }
            _ => None,
        };
        if let Some(code) = code {
            let span = Span { start: tokens.list[at].start, end: tokens.list[at + 3].end };
            found.entry(code).or_insert(span);
        }
    }
    found
}

/// The status of a constructor of actix' `HttpResponse`.
fn actix_status(name: &str) -> Option<u16> {
    let mut constant = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            constant.push('_');
        }
        constant.push(letter.to_ascii_uppercase());
    }
    if constant == "OK" || name == "Ok" { Some(200) } else { status_code(&constant) }
}

struct BodyReader<'r> {
    text: &'r str,
    tokens: &'r Tokens,
}

impl BodyReader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.list.get(at).map_or("", |token| &self.text[token.range()])
    }

    /// The bracket that encloses a token.
    fn enclosing(&self, at: usize) -> Option<usize> {
        let opens = |one: usize| matches!(self.tokens.list[one].kind, TokenKind::Open(_));
        (0..at).rev().find(|one| opens(*one) && self.tokens.partner[*one] as usize > at)
    }

    /// Whether the value at a token (a path before it left out) that ends before `end` is what the function answers.
    fn is_returned(&self, mut at: usize, end: usize) -> bool {
        while at >= 3 && self.word(at - 1) == ":" && self.word(at - 2) == ":" {
            at -= 3;
        }
        let before = if at == 0 { "{" } else { self.word(at - 1) };
        // Compared, matched, or one of several patterns.
        if matches!(self.word(end), "=" | "|" | "!" | "&")
            || (before == "=" && at >= 2 && self.is_compared(at))
        {
            return false;
        }
        match before {
            "{" | ";" | "return" | "|" => true,
            ">" => at >= 2 && self.word(at - 2) == "=",
            "(" => self.in_brackets(at - 1),
            _ => false,
        }
    }

    fn is_compared(&self, at: usize) -> bool {
        matches!(self.word(at - 2), "=" | "!" | "<" | ">")
    }

    /// Of a value first in brackets: a tuple, `Err(…)`, `Ok(…)`, or a call that itself stands in `Err(…)`.
    fn in_brackets(&self, open: usize) -> bool {
        let close = self.tokens.partner[open] as usize;
        // A pattern: `Err(X) =>`, `if let (X, _) = …`.
        if self.word(close + 1) == "=" && self.word(close + 2) != "=" {
            return false;
        }
        if open == 0 {
            return true;
        }
        let caller = self.word(open - 1);
        let is_call = matches!(self.tokens.list[open - 1].kind, TokenKind::Word) && caller != "return";
        match caller {
            "Err" | "Ok" | "Some" => self.answers(open - 1),
            _ if is_call => {
                let outer = self.enclosing(open - 1);
                outer.is_some_and(|outer| {
                    outer > 0 && self.word(outer - 1) == "Err" && self.answers(outer - 1)
                })
            }
            "!" => false,
            _ => self.answers(open),
        }
    }

    /// Whether something is not inside of an assertion, a comparison or a `match`'s head.
    fn answers(&self, at: usize) -> bool {
        let mut at = at;
        while let Some(open) = self.enclosing(at) {
            if open > 1 && self.word(open - 1) == "!" && self.word(open - 2) != "try" {
                return false;
            }
            at = open;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::returned;

    fn codes(text: &str) -> Vec<u16> {
        returned(text).into_keys().collect()
    }

    #[test]
    fn statuses_that_are_answered_are_found() {
        assert_eq!(
            codes("{ if x { return Err(StatusCode::NOT_FOUND); } Ok((StatusCode::CREATED, Json(y))) }"),
            [201, 404]
        );
        assert_eq!(
            codes("{ x.map_err(|_| StatusCode::BAD_GATEWAY)?; http::StatusCode::NO_CONTENT }"),
            [204, 502]
        );
        assert_eq!(
            codes(
                "{ match x { A => StatusCode::OK.into_response(), B => (StatusCode::CONFLICT, \"x\").into_response() } }"
            ),
            [200, 409]
        );
        assert_eq!(codes("{ Err(ApiError::new(StatusCode::GONE, \"x\")) }"), [410]);
        assert_eq!(codes("{ HttpResponse::NotFound().finish() }"), [404]);
    }

    #[test]
    fn statuses_that_are_only_looked_at_are_not() {
        for text in [
            "{ if r.status() == StatusCode::NOT_FOUND { a() } }",
            "{ match r.status() { StatusCode::NOT_FOUND => a(), StatusCode::OK | StatusCode::CREATED => b(), _ => c() } }",
            "{ if let Err(StatusCode::CONFLICT) = x { a() } }",
            "{ assert_eq!(x, (StatusCode::OK, y)); client.expect(StatusCode::OK); }",
            "{ let ok = StatusCode::OK != r.status(); }",
        ] {
            assert_eq!(codes(text), [] as [u16; 0], "{text}");
        }
    }
}
