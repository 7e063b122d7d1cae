//! Macros in expressions: texts put together at compile time, lists, JSON, and those of utoipa.

use super::eval::{Machine, Stop};
use super::value::Val;
use proc_macro2::TokenStream;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, Macro, Token};

/// The longest file that becomes a text of the document, in bytes.
const LONGEST: u64 = 4 << 20;

impl Machine<'_, '_> {
    /// A macro's value.
    pub fn macro_call(&mut self, call: &Macro) -> Result<Val, Stop> {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "json" => self.json(call.tokens.clone()).map(Val::Json),
            "concat" => self.concat(call),
            "format" => self.format(call),
            "vec" => self.vector(call),
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
            _ => Ok(Val::opaque(&format!("the macro `{name}!`"))),
        }
    }

    fn arguments(&mut self, tokens: &TokenStream) -> Result<Vec<Val>, Stop> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let list = parser
            .parse2(tokens.clone())
            .map_err(|error| Stop::new("macro", Some(error.span()), &format!("not understood: {error}")))?;
        self.list(list.iter())
    }

    fn concat(&mut self, call: &Macro) -> Result<Val, Stop> {
        let mut out = String::new();
        for value in self.arguments(&call.tokens)? {
            let value = self.read(value);
            let Some(text) = value.display() else { return Ok(Val::opaque("a part of `concat!`")) };
            out.push_str(&text);
        }
        Ok(Val::Text(out))
    }

    fn vector(&mut self, call: &Macro) -> Result<Val, Stop> {
        match self.arguments(&call.tokens) {
            Ok(list) => Ok(Val::List(list)),
            Err(Stop::Hole { .. }) => Ok(Val::opaque("a list")),
            Err(other) => Err(other),
        }
    }

    fn include(&mut self, call: &Macro) -> Result<Val, Stop> {
        let arguments = self.arguments(&call.tokens)?;
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
        let arguments = self.arguments(&call.tokens)?;
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
            let value = self.eval(&expression)?;
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
            out.push_str(&value.display()?);
            rest = &tail[close + 1..];
        }
        out.push_str(rest);
        Some(out)
    }
}

/// Stands for the package's folder, whose real path depends on the machine.
pub(super) const MANIFEST_FOLDER: &str = "\u{1}CARGO_MANIFEST_DIR\u{1}";
