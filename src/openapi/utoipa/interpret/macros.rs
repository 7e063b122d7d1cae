//! Macros in expressions: texts put together at compile time, lists, JSON, and those of utoipa.

use super::eval::{Machine, Stop};
use super::value::Val;
use crate::rust::expand::Expansion;
use crate::rust::number::Wanted;
use proc_macro2::{Group, TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, Macro, Token};

/// The longest file that becomes a text of the document, in bytes.
const LONGEST: u64 = 4 << 20;

/// The longest text that a macro in an expression may make, in bytes, and its deepest nesting.
const MOST_MADE: usize = 1 << 18;
const DEEPEST_MADE: usize = 96;

impl Machine<'_, '_> {
    /// A macro's value.
    pub fn macro_call(&mut self, call: &Macro, wanted: Wanted) -> Result<Val, Stop> {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "json" => self.json(call.tokens.clone()).map(Val::Json),
            "concat" => self.concat(call),
            "format" => self.format(call),
            "vec" => self.vector(call, wanted),
            "cfg" => {
                let cfg = &self.session.code.krate(self.scope.module).cfg;
                Ok(Val::Bool(cfg.holds(&call.tokens.to_string())))
            }
            "include_str" => self.include(call),
            "env" | "option_env" => self.environment(call, name == "option_env"),
            "stringify" => Ok(Val::Text(call.tokens.to_string())),
            "routes" => self.routes(call),
            "schema" => self.schema_macro(call),
            "module_path" => {
                let module = self.session.code.module(self.scope.module);
                let mut parts = vec![self.session.code.krate(self.scope.module).name.clone()];
                parts.extend(module.path.iter().cloned());
                Ok(Val::Text(parts.join("::")))
            }
            "println" | "print" | "eprintln" | "eprint" | "info" | "debug" | "warn" | "error" | "trace"
            | "assert" | "assert_eq" | "debug_assert" => Ok(Val::Unit),
            "write" | "writeln" => self.write(call, name == "writeln"),
            _ => self.own_macro(call, &name, wanted),
        }
    }

    /// A `macro_rules!` of the repository: what it makes is evaluated where it is called.
    fn own_macro(&mut self, call: &Macro, name: &str, wanted: Wanted) -> Result<Val, Stop> {
        let unknown = || Ok(Val::opaque(&format!("the macro `{name}!`")));
        let path = crate::openapi::utoipa::types::parts(&call.path).join("::");
        let Some(definition) = self.session.code.find_macro(self.scope.module, &path) else {
            return unknown();
        };
        let made = match self.session.code.expand(definition, &call.tokens.to_string()) {
            Expansion::Made(made) => made,
            Expansion::NoRule => return unknown(),
            Expansion::GaveUp => {
                return Err(Stop::new(
                    "endless",
                    Some(call.span()),
                    "gave up here: the macro makes too much",
                ));
            }
        };
        let made = format!("{{{made}}}");
        if made.len() > MOST_MADE
            || !self.session.charge(made.len())
            || crate::rust::token::tokens(&made).depth > DEEPEST_MADE
        {
            return Err(Stop::new("endless", Some(call.span()), "gave up here: the macro makes too much"));
        }
        let Ok(tokens) = made.parse::<TokenStream>() else { return unknown() };
        let Ok(block) = syn::parse2::<syn::Block>(at(tokens, call.path.span())) else { return unknown() };
        let (item, scope) = (self.item, self.scope.clone());
        let names = self.names.clone();
        self.inside(item, scope, |machine| {
            machine.names = names;
            machine.block_as(&block, wanted)
        })
    }

    /// `write!` to a text that is a variable.
    fn write(&mut self, call: &Macro, line: bool) -> Result<Val, Stop> {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let target: Expr = input.parse()?;
            input.parse::<Option<Token![,]>>()?;
            Ok((target, input.parse::<TokenStream>()?))
        };
        let Ok((target, rest)) = parser.parse2(call.tokens.clone()) else { return Ok(Val::opaque("a text")) };
        let format = Macro { tokens: rest, ..call.clone() };
        let made = if format.tokens.is_empty() { Val::Text(String::new()) } else { self.format(&format)? };
        let target = match self.place_of(&target) {
            Some(place) => Val::Ref(place),
            None => self.eval(&target)?,
        };
        let end = if line { "\n" } else { "" };
        Ok(match (target, made) {
            (Val::Ref(place), Val::Text(text)) => self.append(&place, &format!("{text}{end}")),
            _ => Val::opaque("a text that is written"),
        })
    }

    /// Adds to a text that is a variable, such as a formatter.
    pub(super) fn append(&mut self, place: &super::place::Place, text: &str) -> Val {
        let Val::Text(before) = self.get(place) else { return Val::opaque("a text that is written") };
        if !self.session.charge(before.len() + text.len()) {
            return Val::opaque("a text that is too long");
        }
        if self.set(place, Val::Text(before + text)) {
            Val::Res(Ok(Box::new(Val::Unit)))
        } else {
            Val::opaque("a text that is written")
        }
    }

    fn arguments(&mut self, tokens: &TokenStream, wanted: Wanted) -> Result<Vec<Val>, Stop> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let list = parser
            .parse2(tokens.clone())
            .map_err(|error| Stop::new("macro", Some(error.span()), &format!("not understood: {error}")))?;
        self.list_for(list.iter(), &|_| wanted)
    }

    fn concat(&mut self, call: &Macro) -> Result<Val, Stop> {
        let mut out = String::new();
        for value in self.arguments(&call.tokens, Wanted::Fallback)? {
            let value = self.read(value);
            let Some(text) = value.display() else { return Ok(Val::opaque("a part of `concat!`")) };
            out.push_str(&text);
            if !self.session.charge(out.len() / 8) {
                return Err(Stop::new("endless", Some(call.span()), "gave up here: the text is too long"));
            }
        }
        Ok(Val::Text(out))
    }

    fn vector(&mut self, call: &Macro, wanted: Wanted) -> Result<Val, Stop> {
        match self.arguments(&call.tokens, wanted) {
            Ok(list) => Ok(Val::List(list)),
            Err(Stop::Hole { .. }) => Ok(Val::opaque("a list")),
            Err(other) => Err(other),
        }
    }

    fn include(&mut self, call: &Macro) -> Result<Val, Stop> {
        let arguments = self.arguments(&call.tokens, Wanted::Open)?;
        let Some(path) = arguments.first().and_then(Val::text) else { return Ok(Val::opaque("a file")) };
        let source = &self.session.code.item(self.item).source;
        let folder = self.session.package_folder(self.item);
        // `concat!(env!("CARGO_MANIFEST_DIR"), "/x")` begins with the package's folder.
        let file = match path.strip_prefix(super::macros::MANIFEST_FOLDER) {
            Some(rest) => folder.join(rest.trim_start_matches('/')),
            None => source.file.parent().join(&path),
        };
        let text = file.ok().and_then(|file| self.session.world.text(&file).ok());
        match text.filter(|text| text.len() as u64 <= LONGEST) {
            Some(text) => Ok(Val::Text(text)),
            None => {
                Err(Stop::new("file", Some(call.span()), &format!("the file `{path}` could not be read")))
            }
        }
    }

    fn environment(&mut self, call: &Macro, optional: bool) -> Result<Val, Stop> {
        let arguments = self.arguments(&call.tokens, Wanted::Open)?;
        let name = arguments.first().and_then(Val::text).unwrap_or_default();
        let krate = self.session.code.module(self.scope.module).krate;
        let field = name.strip_prefix("CARGO_PKG_").map(str::to_lowercase);
        let fields = &self.session.fields[krate.0 as usize];
        let version: Vec<&str> = fields.get("version").map(|v| v.split('.').collect()).unwrap_or_default();
        let value = match (name.as_str(), &field) {
            ("CARGO_MANIFEST_DIR", _) => Some(MANIFEST_FOLDER.to_owned()),
            ("CARGO_CRATE_NAME", _) => Some(self.session.code.krate(self.scope.module).name.clone()),
            (_, Some(field)) => match field.as_str() {
                "version_major" => version.first().map(|part| (*part).to_owned()),
                "version_minor" => version.get(1).map(|part| (*part).to_owned()),
                "version_patch" => version.get(2).map(|part| (*part).to_owned()),
                other => fields.get(other).cloned(),
            },
            _ => None,
        };
        Ok(match value {
            Some(text) if optional => Val::Opt(Some(Box::new(Val::Text(text)))),
            Some(text) => Val::Text(text),
            None => Val::opaque(&format!("the environment variable `{name}`")),
        })
    }

    fn format(&mut self, call: &Macro) -> Result<Val, Stop> {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let format: Expr = input.parse()?;
            let mut rest: Vec<(Option<String>, Expr)> = Vec::new();
            while !input.is_empty() {
                input.parse::<Token![,]>()?;
                if input.is_empty() {
                    break;
                }
                let named = input.peek(syn::Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
                let name = if named {
                    let name: syn::Ident = input.parse()?;
                    input.parse::<Token![=]>()?;
                    Some(name.to_string())
                } else {
                    None
                };
                rest.push((name, input.parse()?));
            }
            Ok((format, rest))
        };
        let Ok((format, rest)) = parser.parse2(call.tokens.clone()) else { return Ok(Val::opaque("a text")) };
        let format = self.eval(&format)?;
        let Some(format) = format.text() else { return Ok(Val::opaque("a text")) };
        let mut positional = Vec::new();
        let mut named = Vec::new();
        for (name, expression) in rest {
            let value = self.eval_as(&expression, Wanted::Fallback)?;
            let value = self.read(value);
            match name {
                Some(name) => named.push((name, value)),
                None => positional.push(value),
            }
        }
        Ok(self
            .formatted(&format, &positional, &named)
            .map_or_else(|| Val::opaque("a formatted text"), Val::Text))
    }

    fn formatted(&mut self, format: &str, positional: &[Val], named: &[(String, Val)]) -> Option<String> {
        let mut out = String::new();
        let mut next = 0;
        let mut rest = format;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            if tail.starts_with("{{") || tail.starts_with("}}") {
                out.push_str(&tail[..1]);
                rest = &tail[2..];
                continue;
            }
            let close = tail.find('}')?;
            let inside = &tail[1..close];
            let (inside, debug) = match inside.strip_suffix(":?") {
                Some(before) => (before, true),
                None => (inside, false),
            };
            let value = if inside.is_empty() {
                next += 1;
                positional.get(next - 1)?.clone()
            } else if let Ok(index) = inside.parse::<usize>() {
                positional.get(index)?.clone()
            } else if let Some((_, value)) = named.iter().find(|(name, _)| name == inside) {
                value.clone()
            } else {
                let expression: Expr = syn::parse_str(inside).ok()?;
                let value = self.eval(&expression).ok()?;
                self.read(value)
            };
            let text = if debug { self.debugged(&value) } else { self.shown(&value) }?;
            if !self.session.charge(text.len()) {
                return None;
            }
            out.push_str(&text);
            rest = &tail[close + 1..];
        }
        out.push_str(rest);
        Some(out)
    }
}

/// Tokens as if all of them stood at one place.
fn at(tokens: TokenStream, span: proc_macro2::Span) -> TokenStream {
    let moved = |mut tree: TokenTree| {
        if let TokenTree::Group(group) = &tree {
            tree = TokenTree::Group(Group::new(group.delimiter(), at(group.stream(), span)));
        }
        tree.set_span(span);
        tree
    };
    tokens.into_iter().map(moved).collect()
}

/// Stands for the package's folder, whose real path depends on the machine.
pub(super) const MANIFEST_FOLDER: &str = "\u{1}CARGO_MANIFEST_DIR\u{1}";
