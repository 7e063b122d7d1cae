//! `#[utoipa::path]`: an operation, where it is, and the schemas it brings.

use super::attributes::{doc_lines, is_deprecated};
use super::collect::{Collected, Collector};
use super::responses::Responses;
use crate::openapi::utoipa::grammar::path::PathAttribute;
use crate::openapi::utoipa::grammar::response::{Inner, Response as Written};
use crate::openapi::utoipa::grammar::value::Text;
use crate::openapi::utoipa::mark::{clean, is_clean};
use crate::openapi::utoipa::session::{Function, Session};
use crate::openapi::utoipa::survey::Documented;
use crate::openapi::utoipa::types::{Scope, parts};
use crate::rust::outline::ItemKind;
use crate::rust::resolve::{Space, Target};
use crate::rust::tree::ItemId;
use std::rc::Rc;
use syn::{Attribute, Expr};
use utoipa::openapi::path::{Operation, OperationBuilder, Parameter, ParameterIn};
use utoipa::openapi::{Deprecated, HttpMethod, RefOr};

/// A handler's operation.
#[derive(Clone)]
pub(in super::super) struct Handler {
    /// The path, with the context path before it.
    pub path: String,
    pub methods: Vec<HttpMethod>,
    pub tags: Vec<String>,
    pub operation: Operation,
    pub schemas: Rc<Collected>,
}

impl Session<'_> {
    /// `#[utoipa::path(…)]` among attributes: by its path, or imported as `path`.
    pub fn path_attribute<'a>(&self, scope: &Scope, attributes: &'a [Attribute]) -> Option<&'a Attribute> {
        attributes.iter().find(|attribute| {
            let parts = parts(attribute.path());
            match parts.as_slice() {
                [name] if name == "path" => {
                    let target = self.code.resolve_all(scope.module, &parts, Space::Macro);
                    // `#[path = "…"]` is the compiler's own.
                    matches!(target, Target::Foreign(_)) && attribute.meta.require_list().is_ok()
                }
                [.., before, last] => before == "utoipa" && last == "path",
                _ => false,
            }
        })
    }

    /// Whether an item may carry `#[utoipa::path]`, by its text alone.
    pub fn may_be_handler(&self, id: ItemId) -> bool {
        let item = self.code.item(id);
        item.outline.kind == ItemKind::Function
            && item.outline.attributes.iter().any(|attribute| match attribute.path.as_str() {
                "utoipa::path" | "path" | "::utoipa::path" => true,
                "cfg_attr" => item
                    .source
                    .text
                    .get(attribute.span.range())
                    .is_some_and(|text| text.contains("utoipa::path") || text.contains(" path(")),
                _ => false,
            })
    }

    /// The handler that says `impl_for` a type.
    pub fn handler_of_type(&self, of: ItemId) -> Option<Handler> {
        let wanted = &self.code.item(of).outline.name;
        let all = (0..self.code.items.len()).filter_map(|at| u32::try_from(at).ok().map(ItemId));
        let mut handlers =
            all.filter(|id| self.may_be_handler(*id) && self.code.item(*id).text().contains("impl_for"));
        handlers.find_map(|id| {
            let function = self.function(id, false)?;
            let attribute = self.path_attribute(&self.scope_of(id), &function.attributes)?;
            let parsed = attribute.parse_args::<PathAttribute>().ok()?;
            (parsed.impl_for.as_ref() == Some(wanted)).then(|| self.handler(id)).flatten()
        })
    }

    /// The operation of a function.
    pub fn handler(&self, id: ItemId) -> Option<Handler> {
        if !self.may_be_handler(id) {
            return None;
        }
        let function = self.function(id, false)?;
        let scope = self.scope_of(id);
        let attribute = self.path_attribute(&scope, &function.attributes)?;
        self.within(id, "path", || {
            let parsed = match &attribute.meta {
                syn::Meta::Path(_) => Ok(PathAttribute::default()),
                _ => attribute.parse_args::<PathAttribute>(),
            };
            let parsed = match parsed {
                Ok(parsed) => parsed,
                Err(error) => {
                    self.hole_here("attribute", error.span(), format!("not understood: {error}"));
                    return None;
                }
            };
            let mut handler = self.lower_handler(id, &scope, &function, parsed)?;
            self.origin(self.place(id, function.signature.ident.span()))
                .extend(&mut handler.operation.extensions);
            self.document_handler(id, &handler);
            Some(handler)
        })
    }

    fn document_handler(&self, id: ItemId, handler: &Handler) {
        let operation = &handler.operation;
        let parameters = operation.parameters.iter().flatten();
        let query = |one: &RefOr<Parameter>| match one {
            RefOr::T(one) => matches!(one.parameter_in, ParameterIn::Query),
            RefOr::Ref(_) => true,
        };
        let statuses: Vec<String> = operation.responses.responses.keys().cloned().collect();
        let documented = Documented {
            path: clean(&handler.path).0,
            methods: handler.methods.iter().map(|method| word(method).to_owned()).collect(),
            body: operation.request_body.is_some(),
            query: parameters.clone().any(query),
            unsure: statuses.iter().any(|status| !is_clean(status))
                || parameters.clone().any(|one| matches!(one, RefOr::T(one) if !is_clean(&one.name)))
                || !is_clean(&handler.path),
            statuses,
        };
        self.documented.borrow_mut().insert(id, documented);
    }

    fn lower_handler(
        &self,
        id: ItemId,
        scope: &Scope,
        function: &Function,
        mut attribute: PathAttribute,
    ) -> Option<Handler> {
        let framework = self.framework(function, &mut attribute);
        let methods =
            if attribute.methods.is_empty() { framework.methods } else { attribute.methods.clone() };
        let methods: Vec<HttpMethod> = methods.iter().filter_map(|name| method(name)).collect();
        let path = match (&attribute.path, framework.path) {
            (Some(text), _) => self.text(scope, text),
            (None, Some(path)) => path,
            (None, None) => {
                let place = self.place(id, function.signature.ident.span());
                self.hole("no-path", place, "neither the annotation nor a framework's macro says the path");
                return None;
            }
        };
        if methods.is_empty() {
            let place = self.place(id, function.signature.ident.span());
            self.hole("no-method", place, "neither the annotation nor a framework's macro says the method");
            return None;
        }
        let path = match &attribute.context_path {
            Some(context) => format!("{}{path}", self.text(scope, context)),
            None => path,
        };
        let tags: Vec<Text> = attribute.tag.iter().chain(&attribute.tags).cloned().collect();
        let tags = tags.iter().map(|tag| self.text(scope, tag)).collect();
        let schemas = self.operation_schemas(scope, &attribute, framework.body.as_ref());
        let operation = self.operation(scope, function, &attribute, framework.body.as_ref());
        Some(Handler { path, methods, tags, operation, schemas })
    }

    fn operation(
        &self,
        scope: &Scope,
        function: &Function,
        attribute: &PathAttribute,
        body: Option<&super::framework::ExternalBody>,
    ) -> Operation {
        let mut builder = OperationBuilder::new();
        if let Some(body) = &attribute.request_body {
            builder = builder.request_body(Some(self.request_body(scope, body)));
        } else if let Some(body) = body {
            builder = builder.request_body(Some(self.external_body(scope, body)));
        }
        let responses: Responses = self.responses(scope, &attribute.responses);
        let mut made = utoipa::openapi::Responses::new();
        made.responses = responses;
        builder = builder.responses(made);
        if let Some(security) = &attribute.security {
            builder = builder.securities(Some(self.security(scope, security)));
        }
        let name = match &attribute.operation_id {
            Some(expression) => self.expression_text(scope, expression),
            None => function.signature.ident.to_string(),
        };
        builder = builder.operation_id(Some(name));
        if !attribute.servers.is_empty() {
            let servers = attribute.servers.iter().map(|server| self.server(scope, server));
            builder = builder.servers(Some(servers.collect::<Vec<_>>()));
        }
        if is_deprecated(&function.attributes) {
            builder = builder.deprecated(Some(Deprecated::True));
        }
        let (summary, description) = self.operation_texts(scope, function, attribute);
        if let Some(text) = summary {
            builder = builder.summary(Some(text));
        }
        if let Some(text) = description {
            builder = builder.description(Some(text));
        }
        for parameter in &attribute.params {
            let made = self.parameters_of(scope, parameter);
            // A type without fields still makes an empty list.
            builder = builder.parameters(Some(made));
        }
        if let Some(list) = &attribute.extensions {
            builder = builder.extensions(Some(self.extensions(scope, list)));
        }
        builder.build()
    }

    /// Summary and description: as the annotation says, else the documentation's first paragraph and the rest.
    fn operation_texts(
        &self,
        scope: &Scope,
        function: &Function,
        attribute: &PathAttribute,
    ) -> (Option<String>, Option<String>) {
        let lines = doc_lines(&function.attributes, self.dialect.major);
        let mut paragraphs = lines.split(|line| line.trim().is_empty()).map(|lines| lines.join("\n"));
        let first = paragraphs.next().unwrap_or_default();
        let rest = paragraphs.collect::<Vec<_>>().join("\n\n");
        let summary = match &attribute.summary {
            Some(text) => Some(self.text(scope, text)),
            None => Some(first).filter(|text| !text.is_empty()),
        };
        let description = match &attribute.description {
            Some(text) => Some(self.text(scope, text)),
            None => Some(rest).filter(|text| !text.is_empty()),
        };
        (summary, description)
    }

    /// The schemas that an operation brings: of its request, then of its responses.
    fn operation_schemas(
        &self,
        scope: &Scope,
        attribute: &PathAttribute,
        body: Option<&super::framework::ExternalBody>,
    ) -> Rc<Collected> {
        let mut collector = Collector::default();
        if let Some(body) = &attribute.request_body {
            self.body_references(scope, &body.content, &mut collector);
        } else if let Some(tree) = body.and_then(super::framework::ExternalBody::actual) {
            self.type_references(scope, tree, false, &mut collector);
        }
        for response in &attribute.responses {
            if let Written::Tuple(tuple) = response
                && let Inner::Value(value) = &tuple.inner
            {
                self.body_references(scope, &value.content, &mut collector);
            }
        }
        Rc::new(collector.finish())
    }

    /// The function that a path in `paths(…)` or `routes!(…)` names.
    pub fn handler_item(&self, scope: &Scope, path: &syn::Path) -> Option<ItemId> {
        let parts = parts(path);
        match self.code.resolve(scope.module, &parts, Space::Value) {
            (Target::Item(id), used) if used == parts.len() => Some(id),
            _ => None,
        }
    }

    /// An expression that has to be a text.
    pub fn expression_text(&self, scope: &Scope, expression: &Expr) -> String {
        self.text(scope, &Text::Expression(Box::new(expression.clone())))
    }
}

fn word(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Head => "HEAD",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Trace => "TRACE",
    }
}

/// A method by its word.
pub(in super::super) fn method(name: &str) -> Option<HttpMethod> {
    Some(match name.to_ascii_lowercase().as_str() {
        "get" => HttpMethod::Get,
        "post" => HttpMethod::Post,
        "put" => HttpMethod::Put,
        "delete" => HttpMethod::Delete,
        "options" => HttpMethod::Options,
        "head" => HttpMethod::Head,
        "patch" => HttpMethod::Patch,
        "trace" => HttpMethod::Trace,
        _ => return None,
    })
}
