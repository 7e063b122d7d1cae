//! Routers that carry documents: utoipa-axum's `OpenApiRouter`, utoipa-actix-web's applications and scopes.

use super::arguments::{Arguments, Taken};
use super::eval::{Machine, Stop};
use super::nodes::Node;
use super::value::Val;
use crate::openapi::utoipa::lower::document::set_operation;
use crate::openapi::utoipa::mark::is_clean;
use crate::openapi::utoipa::types::Scope;
use proc_macro2::Span;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Macro, Path, Token};
use utoipa::openapi::info::{ContactBuilder, InfoBuilder, LicenseBuilder};
use utoipa::openapi::{Components, OpenApi, PathItem, Paths, RefOr, Schema};

/// What a service brings: paths, and schemas by name.
type Brought = (Paths, Vec<(String, RefOr<Schema>)>);

/// The author in the manifests of utoipa-axum and utoipa-actix-web: utoipa's derive copies it into documents that start
/// from the bindings' own.
const AUTHOR: (&str, &str) = ("Juha Kukkonen", "juha7kukkonen@gmail.com");

/// Methods of axum's routers, with a document or without, that leave the document as it is.
const AXUM: &[&str] = &[
    "layer",
    "route_layer",
    "route",
    "fallback",
    "fallback_service",
    "with_state",
    "nest_service",
    "route_service",
    "method_not_allowed_fallback",
    "reset_fallback",
    "as_service",
    "into_make_service",
    "clone",
    "into",
    "without_v07_checks",
];

/// The same of actix' applications and scopes.
const ACTIX: &[&str] = &[
    "route",
    "app_data",
    "data_factory",
    "default_service",
    "guard",
    "wrap",
    "wrap_fn",
    "external_resource",
    "openapi_service",
    "map",
    "clone",
    "into",
];

/// What utoipa-axum's own trait has for what `routes!` makes.
const ON_ROUTES: &[&str] = &["layer", "route_layer", "with_state", "fallback", "map", "clone", "into"];

/// Methods that change the document.
const AXUM_CHANGING: &[&str] = &[
    "split_for_parts",
    "into_openapi",
    "to_openapi",
    "get_openapi",
    "get_openapi_mut",
    "routes",
    "merge",
    "nest",
];
const ACTIX_CHANGING: &[&str] = &["split_for_parts", "into_app", "openapi", "service", "configure"];

/// Whether a type of the bindings has a method of a name itself, which goes before any trait's.
pub(super) fn inherent(owner: &str, name: &str) -> bool {
    let any = |lists: [&[&str]; 2]| lists.iter().any(|list| list.contains(&name));
    match owner {
        "OpenApiRouter" => any([AXUM, AXUM_CHANGING]),
        "UtoipaApp" | "Scope" | "ServiceConfig" => any([ACTIX, ACTIX_CHANGING]),
        _ => false,
    }
}

/// `let router: OpenApiRouter = plain.into();` makes a router with an empty document.
pub(super) fn as_declared(pattern: &syn::Pat, value: Val) -> Val {
    let syn::Pat::Type(typed) = pattern else { return value };
    let syn::Type::Path(path) = typed.ty.as_ref() else { return value };
    let named = path.path.segments.last().is_some_and(|last| last.ident == "OpenApiRouter");
    match value {
        Val::Node(node) if named && matches!(*node, Node::Plain) => Node::Router(Box::default()).val(),
        other => other,
    }
}

/// What `routes!` makes is a tuple: schemas, paths and axum's own router.
pub(super) fn taken_apart(value: Val) -> Val {
    match value {
        Val::Node(node) => match *node {
            Node::Routes(schemas, paths) => {
                let pair = |(name, schema)| Val::Tuple(vec![Val::Text(name), Node::Schema(schema).val()]);
                let schemas = schemas.into_iter().map(pair).collect();
                Val::Tuple(vec![
                    Val::List(schemas),
                    Node::Paths(paths).val(),
                    Val::opaque("a router of axum"),
                ])
            }
            other => other.val(),
        },
        other => other,
    }
}

/// The reverse, where a tuple is of that kind.
pub(super) fn put_together(value: Val) -> Val {
    let Val::Tuple(parts) = &value else { return value };
    let [Val::List(schemas), Val::Node(paths), _] = parts.as_slice() else { return value };
    let Node::Paths(paths) = paths.as_ref() else { return value };
    let pair = |one: &Val| match one {
        Val::Tuple(pair) => match pair.as_slice() {
            [Val::Text(name), Val::Node(node)] => match node.as_ref() {
                Node::Schema(schema) => Some((name.clone(), schema.clone())),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    match schemas.iter().map(pair).collect::<Option<Vec<_>>>() {
        Some(schemas) => Node::Routes(schemas, paths.clone()).val(),
        None => value,
    }
}

impl Machine<'_, '_> {
    /// `routes!(…)`.
    pub(super) fn routes(&mut self, call: &Macro) -> Result<Val, Stop> {
        let parser = Punctuated::<Path, Token![,]>::parse_terminated;
        let handlers = parser
            .parse2(call.tokens.clone())
            .map_err(|error| Stop::new("macro", Some(error.span()), &format!("not understood: {error}")))?;
        let mut paths = Paths::new();
        let mut schemas = Vec::new();
        let scope: Scope = self.scope.clone();
        for handler in &handlers {
            use syn::spanned::Spanned as _;
            let found = self.session.handler_item(&scope, handler).and_then(|id| self.session.handler(id));
            let Some(found) = found else {
                let place = self.place(Some(handler.span()), None);
                let name = crate::openapi::utoipa::types::parts(handler).join("::");
                self.session.hole(
                    "unresolved-handler",
                    place,
                    format!("no annotated handler `{name}` was found"),
                );
                continue;
            };
            let mut operation = found.operation.clone();
            if !found.tags.is_empty() {
                operation.tags.get_or_insert_default().extend(found.tags.iter().cloned());
            }
            paths.add_path_operation(&found.path, found.methods.clone(), operation);
            let list = found.schemas.list.iter();
            schemas.extend(list.map(|(name, schema, _)| (name.clone(), schema.as_ref().clone())));
        }
        Ok(Node::Routes(schemas, paths).val())
    }

    /// A function of the bindings.
    pub(super) fn router_function(
        &mut self,
        path: &[String],
        arguments: &mut Arguments,
    ) -> Taken<Option<Node>> {
        let krate = path.first().map(String::as_str).unwrap_or_default();
        let last = path.last().map(String::as_str).unwrap_or_default();
        let owner =
            path.len().checked_sub(2).and_then(|at| path.get(at)).map(String::as_str).unwrap_or_default();
        Ok(Some(match (owner, last) {
            ("OpenApiRouter", "new") => Node::Router(Box::new(self.binding("utoipa-axum"))),
            ("OpenApiRouter", "default") => Node::Router(Box::default()),
            ("OpenApiRouter", "from") => match arguments.next(self)? {
                Val::Node(node) if !matches!(*node, Node::Plain) => *node,
                _ => Node::Router(Box::default()),
            },
            ("OpenApiRouter", "with_openapi") => match arguments.node(self)? {
                Node::OpenApi(document) => Node::Router(document),
                _ => return Ok(None),
            },
            ("UtoipaApp", "from") => Node::Router(Box::new(self.binding("utoipa-actix-web"))),
            (_, "scope") if krate == "utoipa_actix_web" => match arguments.next(self)? {
                Val::Text(prefix) => Node::Scope(prefix, Box::default()),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    /// The document that a binding starts from: utoipa's derive in the binding's own package.
    pub(super) fn binding(&self, package: &str) -> OpenApi {
        let version = self.session.locked.get(package).cloned().unwrap_or_default();
        let text = if package == "utoipa-axum" {
            "Utoipa's axum bindings for seamless integration for the two"
        } else {
            "Utoipa's actix-web bindings for seamless integration of the two"
        };
        let license =
            LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build();
        let builder = InfoBuilder::new().title(package).version(version).description(Some(text));
        let mut document = OpenApi::default();
        let contact = ContactBuilder::new().name(Some(AUTHOR.0)).email(Some(AUTHOR.1)).build();
        document.info = builder.license(Some(license)).contact(Some(contact)).build();
        document.components = Some(Components::new());
        document
    }

    /// A method of a router, application or scope; the value that it returns, or nothing where it is not known.
    #[expect(clippy::too_many_lines, reason = "a table of the bindings' methods")]
    pub(super) fn router_method(
        &mut self,
        node: Node,
        name: &str,
        mut from: Arguments,
    ) -> Taken<Option<Val>> {
        let indifferent = match node {
            Node::Plain => true,
            Node::Routes(..) => ON_ROUTES.contains(&name),
            _ => AXUM.contains(&name) || ACTIX.contains(&name),
        };
        if indifferent {
            return Ok(Some(node.val()));
        }
        let (mut document, prefix) = match node {
            Node::Router(document) => (document, None),
            Node::Scope(prefix, document) => (document, Some(prefix)),
            Node::Routes(schemas, paths) => {
                let paths = self.unsure(paths, name, from.span());
                return Ok(Some(Node::Routes(schemas, paths).val()));
            }
            _ => return Ok(None),
        };
        let again = |document: Box<OpenApi>| match &prefix {
            Some(prefix) => Node::Scope(prefix.clone(), document).val(),
            None => Node::Router(document).val(),
        };
        Ok(Some(match name {
            "split_for_parts" => Val::Tuple(vec![Val::opaque("a router"), Node::OpenApi(document).val()]),
            "into_openapi" | "to_openapi" | "get_openapi" => Node::OpenApi(document).val(),
            "into_app" => Val::opaque("an application"),
            "openapi" => match from.node(self)? {
                Node::OpenApi(other) => again(other),
                _ => return Ok(None),
            },
            "routes" => {
                let value = from.next(self)?;
                self.add_routes(&mut document, value, from.span());
                again(document)
            }
            "merge" => {
                match from.next(self)? {
                    Val::Node(node) => match *node {
                        Node::Router(other) => document.merge(*other),
                        Node::Plain => {}
                        _ => self.lost(from.span()),
                    },
                    _ => self.lost(from.span()),
                }
                again(document)
            }
            "nest" => {
                let prefix = from.text(self)?;
                if !is_clean(&prefix) {
                    self.lost(from.span());
                    return Ok(Some(again(document)));
                }
                match from.next(self)? {
                    Val::Node(node) => match *node {
                        Node::Router(other) => {
                            let base = nested(&prefix, "/");
                            document = Box::new(document.nest_with_path_composer(base, *other, nested));
                        }
                        Node::Plain => {}
                        _ => self.lost(from.span()),
                    },
                    _ => self.lost(from.span()),
                }
                again(document)
            }
            "service" => {
                let value = from.next(self)?;
                self.add_service(&mut document, value, from.span());
                again(document)
            }
            "configure" => {
                let function = from.next(self)?;
                self.configure(&mut document, function, from.span())?;
                again(document)
            }
            _ => return Ok(None),
        }))
    }

    /// A method of the repository's own on what `routes!` gives: it may change the operations, so each is a hole.
    fn unsure(&mut self, mut paths: Paths, name: &str, span: Span) -> Paths {
        for item in paths.paths.values_mut() {
            let operations = [
                &mut item.get,
                &mut item.put,
                &mut item.post,
                &mut item.delete,
                &mut item.options,
                &mut item.head,
                &mut item.patch,
                &mut item.trace,
            ];
            for operation in operations.into_iter().flatten() {
                let place = self.place(Some(span), None);
                let message =
                    format!("the method `{name}` on `routes!` is not known and may change the operation");
                let mark = self.session.hole("router", place, message);
                mark.extend(&mut operation.extensions);
            }
        }
        paths
    }

    fn lost(&mut self, span: Span) {
        let place = self.place(Some(span), None);
        self.session.hole(
            "router",
            place,
            "the router that is added here could not be read, so its operations are missing",
        );
    }

    /// A tuple of variables as what `routes!` makes.
    fn resolved_parts(&mut self, value: Val) -> Val {
        let value = match value {
            Val::Tuple(parts) => Val::Tuple(parts.into_iter().map(|part| self.read(part)).collect()),
            other => other,
        };
        put_together(value)
    }

    fn add_routes(&mut self, document: &mut OpenApi, value: Val, span: Span) {
        let value = self.resolved_parts(value);
        let Val::Node(node) = value else { return self.lost(span) };
        let Node::Routes(schemas, paths) = *node else { return self.lost(span) };
        for (path, item) in paths.paths {
            match document.paths.paths.get_mut(&path) {
                Some(existing) => existing.merge_operations(item),
                None => {
                    document.paths.paths.insert(path, item);
                }
            }
        }
        document.components.get_or_insert_default().schemas.extend(schemas);
    }

    fn add_service(&mut self, document: &mut OpenApi, value: Val, span: Span) {
        match self.brought(value) {
            Some((paths, schemas)) => {
                document.paths.merge(paths);
                document.components.get_or_insert_default().schemas.extend(schemas);
            }
            None => self.lost(span),
        }
    }

    fn brought(&mut self, value: Val) -> Option<Brought> {
        match value {
            Val::Function(id, _) => {
                let handler = self.session.handler(id)?;
                let mut paths = Paths::new();
                for method in &handler.methods {
                    let mut operation = handler.operation.clone();
                    if !handler.tags.is_empty() {
                        operation.tags.get_or_insert_default().extend(handler.tags.iter().cloned());
                    }
                    let mut item = PathItem::default();
                    set_operation(&mut item, method, operation);
                    match paths.paths.get_mut(&handler.path) {
                        Some(existing) => existing.merge_operations(item),
                        None => {
                            paths.paths.insert(handler.path.clone(), item);
                        }
                    }
                }
                let list = handler.schemas.list.iter();
                Some((paths, list.map(|(name, schema, _)| (name.clone(), schema.as_ref().clone())).collect()))
            }
            Val::Node(node) => match *node {
                Node::Scope(prefix, document) => {
                    let mut paths = Paths::new();
                    for (path, item) in document.paths.paths {
                        paths.paths.insert(format!("{prefix}{path}"), item);
                    }
                    let schemas = document.components.map(|one| one.schemas).unwrap_or_default();
                    Some((paths, schemas.into_iter().collect()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// `configure(f)`: the function gets a configuration that collects services.
    fn configure(&mut self, document: &mut OpenApi, function: Val, span: Span) -> Taken<()> {
        self.slots.push(Node::Router(Box::default()).val());
        let slot = self.slots.len() - 1;
        let place = super::place::Place { slot, steps: Vec::new() };
        self.call(function, vec![Val::Ref(place)], span)?;
        let Some(Val::Node(node)) = self.slots.get(slot).cloned() else { return Ok(()) };
        if let Node::Router(collected) = *node {
            document.paths.merge(collected.paths);
            let schemas = collected.components.map(|one| one.schemas).unwrap_or_default();
            document.components.get_or_insert_default().schemas.extend(schemas);
        }
        Ok(())
    }
}

/// How axum joins the path of a nested router.
fn nested(prefix: &str, path: &str) -> String {
    let path = if path.is_empty() { "/" } else { path };
    if prefix.ends_with('/') {
        format!("{prefix}{}", path.trim_start_matches('/'))
    } else if path == "/" {
        prefix.to_owned()
    } else {
        format!("{prefix}{path}")
    }
}
