//! What utoipa takes from a handler itself where the service has `axum_extras`, `actix_extras` or `rocket_extras`:
//! method and path from the framework's macro, parameters and request body from the arguments.

use super::component::Use;
use crate::openapi::utoipa::dialect::Generic;
use crate::openapi::utoipa::grammar::media::ParsedType;
use crate::openapi::utoipa::grammar::path::{Parameter, ParameterType, PathAttribute, ValueParameter};
use crate::openapi::utoipa::grammar::response::Response;
use crate::openapi::utoipa::grammar::value::Text;
use crate::openapi::utoipa::session::{Function, Session};
use crate::openapi::utoipa::types::{Scope, Tree, ValueKind};
use proc_macro2::TokenTree;
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, GenericArgument, LitStr, Pat, PathArguments, Type};
use utoipa::openapi::Required;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};

/// What a framework's macro and a handler's arguments say.
#[derive(Default)]
pub(in super::super) struct Framework {
    pub methods: Vec<String>,
    pub path: Option<String>,
    pub body: Option<ExternalBody>,
}

/// A request body seen in the arguments.
#[derive(Clone, Debug)]
pub(in super::super) struct ExternalBody(Tree);

/// An argument of a handler.
struct Argument<'f> {
    names: Names,
    ty: &'f Type,
    tree: Tree,
}

/// A pattern's names.
enum Names {
    One(String),
    Many(Vec<String>),
}

impl ExternalBody {
    /// What is inside `Json<…>` or `Form<…>`.
    pub fn actual(&self) -> Option<&Tree> {
        actual_body(&self.0, 0)
    }
}

impl Session<'_> {
    /// Reads macro and arguments; parameters are merged into the annotation's.
    pub fn framework(&self, function: &Function, attribute: &mut PathAttribute) -> Framework {
        let actix = self.dialect.has("actix_extras");
        let rocket = self.dialect.has("rocket_extras");
        let axum = self.dialect.has("axum_extras");
        let mut found = Framework::default();
        if self.dialect.has("auto_into_responses")
            && let syn::ReturnType::Type(_, ty) = &function.signature.output
            && let Type::Path(path) = ty.as_ref()
        {
            attribute.responses.push(Response::Type(path.clone()));
        }
        let mut body_name = String::new();
        let mut route = None;
        if (actix || rocket)
            && let Some(macro_route) = function.attributes.iter().find_map(|one| route_macro(one, rocket))
        {
            found.methods = macro_route.methods;
            body_name = macro_route.body;
            route = Some(macro_route.path);
        }
        if !(actix || rocket || axum) {
            return found;
        }
        let text = route.or_else(|| attribute.path.as_ref().map(path_text));
        let style = if rocket {
            Style::Rocket
        } else if actix {
            Style::Actix
        } else {
            Style::Axum
        };
        let resolved = text.map(|text| split_path(&text, style));
        let names = resolved.as_ref().map(|(_, names)| names.clone());
        let arguments = self.arguments_of(function);
        let parameters = if rocket {
            found.body = arguments
                .iter()
                .find(|one| !body_name.is_empty() && one.names.first() == body_name)
                .map(|one| ExternalBody(one.tree.clone()));
            rocket_parameters(&arguments, names.as_deref())
        } else {
            found.body = request_body(&arguments);
            typed_parameters(&arguments, names.as_deref(), actix)
        };
        merge(attribute, parameters);
        found.path = resolved.map(|(path, _)| path);
        found
    }

    fn arguments_of<'f>(&self, function: &'f Function) -> Vec<Argument<'f>> {
        let typed = function.signature.inputs.iter().filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        });
        typed
            .filter_map(|typed| {
                let names = names_of(&typed.pat)?;
                let tree = Tree::of(&typed.ty, self.dialect).ok()?;
                Some(Argument { names, ty: &typed.ty, tree })
            })
            .collect()
    }

    /// A body seen in the arguments as the document has it.
    pub fn external_body(&self, scope: &Scope, body: &ExternalBody) -> RequestBody {
        let mut builder = RequestBodyBuilder::new();
        let Some(actual) = body.actual() else { return builder.build() };
        let tree = match option_in(actual) {
            Some(option) => Tree {
                path: option.path.clone(),
                kind: ValueKind::Object,
                generic: Some(Generic::Option),
                children: Some(vec![actual.clone()]),
                span: option.span,
            },
            None => actual.clone(),
        };
        let content_type = if body.0.mentions("Bytes") {
            "application/octet-stream"
        } else if body.0.mentions("Form") {
            "application/x-www-form-urlencoded"
        } else {
            self.default_content_type(&tree)
        };
        let at = Use { scope, parameters: &[], given: &[] };
        let schema = self.component(&at, &tree, Vec::new(), None, &mut Vec::new());
        builder = builder.content(content_type, ContentBuilder::new().schema(Some(schema)).build());
        if !body.0.is_option() {
            builder = builder.required(Some(Required::True));
        }
        builder.build()
    }
}

impl Names {
    fn first(&self) -> &str {
        match self {
            Self::One(name) => name,
            Self::Many(names) => names.first().map(String::as_str).unwrap_or_default(),
        }
    }
}

fn names_of(pattern: &Pat) -> Option<Names> {
    match pattern {
        Pat::Ident(ident) => Some(Names::One(ident.ident.to_string())),
        Pat::Tuple(tuple) => {
            let names = tuple.elems.iter().filter_map(|one| match one {
                Pat::Ident(ident) => Some(ident.ident.to_string()),
                _ => None,
            });
            Some(Names::Many(names.collect()))
        }
        Pat::TupleStruct(inner) => names_of(inner.elems.first()?),
        Pat::Struct(inner) => {
            let names = inner.fields.iter().filter_map(|field| match names_of(&field.pat) {
                Some(Names::One(name)) => Some(name),
                _ => None,
            });
            Some(Names::Many(names.collect()))
        }
        _ => None,
    }
}

/// A route as a framework's macro writes it.
struct Route {
    methods: Vec<String>,
    path: String,
    body: String,
}

fn route_macro(attribute: &Attribute, rocket: bool) -> Option<Route> {
    let name = attribute.path().get_ident()?.to_string();
    let methods = ["get", "post", "put", "delete", "head", "options", "trace", "patch"];
    if !(methods.contains(&name.as_str()) || name == "route") {
        return None;
    }
    let list = attribute.meta.require_list().ok()?;
    let trees: Vec<TokenTree> = list.tokens.clone().into_iter().collect();
    let text = |at: usize| trees.get(at).map(ToString::to_string).unwrap_or_default();
    let literal = |at: usize| syn::parse_str::<LitStr>(&text(at)).ok().map(|literal| literal.value());
    let path = (0..trees.len()).find_map(literal)?;
    let after = |word: &str| -> Vec<String> {
        (0..trees.len())
            .filter(|at| text(*at) == word && text(at + 1) == "=")
            .filter_map(|at| literal(at + 2))
            .collect()
    };
    let mut found = vec![name.clone()];
    if name == "route" {
        found = after("method").iter().map(|method| method.to_lowercase()).collect();
        if rocket {
            found = vec![text(0).to_lowercase()];
        }
    }
    let body = after("data").into_iter().next().unwrap_or_default().replace(['<', '>'], "");
    Some(Route { methods: found, path, body })
}

fn path_text(text: &Text) -> String {
    match text {
        Text::Literal(literal) => literal.value(),
        // utoipa looks for parameters in the expression's own words.
        Text::Expression(_) => String::new(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Axum,
    Actix,
    Rocket,
}

/// A parameter in a path.
#[derive(Clone, Debug)]
struct PathName {
    name: String,
    query: bool,
    anonymous: bool,
}

/// A path as OpenAPI writes it, and the names of its parameters.
fn split_path(text: &str, style: Style) -> (String, Vec<PathName>) {
    if style == Style::Rocket {
        return split_rocket(text);
    }
    let mut out = String::new();
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let close = after.find(['{', '}']).filter(|at| after.as_bytes().get(*at) == Some(&b'}'));
        let starts = after
            .bytes()
            .next()
            .is_some_and(|b| b.is_ascii_alphanumeric() || (b == b'_' && style == Style::Actix));
        let (Some(close), true) = (close, starts) else {
            out.push('{');
            rest = after;
            continue;
        };
        let inside = &after[..close];
        let name = match (style, inside.find(':')) {
            (Style::Actix, _) if inside.contains("_:") => "arg0",
            (Style::Actix, Some(colon)) => &inside[..colon],
            _ => inside,
        };
        names.push(PathName { name: name.to_owned(), query: false, anonymous: false });
        out.push_str(&format!("{{{name}}}"));
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    (out, names)
}

fn split_rocket(text: &str) -> (String, Vec<PathName>) {
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let mut names = Vec::new();
    let mut anonymous = 0;
    let mut replaced = String::new();
    for (part, is_query) in [(path, false), (query, true)] {
        let mut rest = part;
        while let Some(open) = rest.find('<') {
            let Some(close) = rest[open..].find('>') else { break };
            let inside = rest[open + 1..open + close].replace("..", "");
            let blank = inside == "_";
            let name = if blank { format!("arg{anonymous}") } else { inside };
            anonymous += usize::from(blank);
            if !is_query {
                replaced.push_str(&rest[..open]);
                replaced.push_str(&format!("{{{name}}}"));
            }
            names.push(PathName { name, query: is_query, anonymous: blank });
            rest = &rest[open + close + 1..];
        }
        if !is_query {
            replaced.push_str(rest);
        }
    }
    names.sort_by(|a, b| a.name.cmp(&b.name));
    (replaced, names)
}

fn is_into_params(tree: &Tree) -> bool {
    let inner = if tree.is_option() { tree.child(0) } else { Some(tree) };
    let Some(inner) = inner else { return false };
    let plain = |child: &Tree| child.kind == ValueKind::Object && child.generic.is_none();
    (inner.mentions("Path") || inner.mentions("Query"))
        && inner.children.as_ref().is_some_and(|children| children.iter().all(plain))
}

/// Generic arguments of a type as written.
fn type_arguments(ty: &Type) -> Vec<&Type> {
    let Type::Path(path) = ty else { return Vec::new() };
    let Some(PathArguments::AngleBracketed(list)) = path.path.segments.last().map(|last| &last.arguments)
    else {
        return Vec::new();
    };
    list.args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect()
}

/// axum and actix: `Path<…>` holds what the path's names stand for, in order.
fn typed_parameters(arguments: &[Argument<'_>], names: Option<&[PathName]>, actix: bool) -> Vec<Parameter> {
    let mut found = Vec::new();
    let values = arguments.iter().filter(|one| !is_into_params(&one.tree) && one.tree.mentions("Path"));
    let mut types: Vec<&Type> = Vec::new();
    for argument in values {
        for inner in type_arguments(argument.ty) {
            match (inner, &argument.names, actix) {
                (Type::Tuple(tuple), Names::Many(own), false) => {
                    types.extend(tuple.elems.iter().take(own.len()));
                }
                (Type::Tuple(tuple), ..) => types.extend(&tuple.elems),
                (_, Names::Many(_), false) => {}
                _ => types.push(inner),
            }
        }
    }
    for (name, ty) in names.unwrap_or_default().iter().zip(types) {
        found.push(value(&name.name, "Path", Some(ty)));
    }
    for argument in arguments.iter().filter(|one| is_into_params(&one.tree)) {
        let location = if argument.tree.mentions("Path") {
            "Path"
        } else if argument.tree.mentions("Query") {
            "Query"
        } else {
            continue;
        };
        if let Some(path) = argument.tree.child(0).and_then(|child| child.path.clone()) {
            found.push(Parameter::Type(path.as_ref().clone(), Some(location)));
        }
    }
    found
}

/// rocket: arguments have the names of the path.
fn rocket_parameters(arguments: &[Argument<'_>], names: Option<&[PathName]>) -> Vec<Parameter> {
    let Some(names) = names else { return Vec::new() };
    let mut sorted: Vec<&Argument<'_>> = arguments.iter().collect();
    sorted.sort_by_key(|argument| argument.names.first().to_owned());
    let is_object = |tree: &Tree| {
        let inner = if tree.is_option() { tree.child(0) } else { Some(tree) };
        inner.is_some_and(|inner| inner.kind == ValueKind::Object && inner.generic.is_none())
    };
    let place = |name: &PathName| if name.query { "Query" } else { "Path" };
    let named = |argument: &Argument<'_>| {
        names.iter().find(|name| !name.anonymous && name.name == argument.names.first())
    };
    let mut found = Vec::new();
    for argument in sorted.iter().filter(|one| !is_object(&one.tree)) {
        if let Some(name) = named(argument) {
            found.push(value(&name.name, place(name), Some(argument.ty)));
        }
    }
    for name in names.iter().filter(|name| name.anonymous) {
        found.push(value(&name.name, place(name), None));
    }
    for argument in sorted.iter().filter(|one| is_object(&one.tree)) {
        if let (Some(name), Some(path)) = (named(argument), argument.tree.path.clone()) {
            found.push(Parameter::Type(path.as_ref().clone(), Some(place(name))));
        }
    }
    found
}

fn value(name: &str, location: &str, ty: Option<&Type>) -> Parameter {
    let span = ty.map_or_else(proc_macro2::Span::call_site, Type::span);
    Parameter::Value(Box::new(ValueParameter {
        name: name.to_owned(),
        span,
        location: location.to_owned(),
        ty: ty
            .map(|ty| ParameterType { parsed: ParsedType { ty: ty.clone(), inline: false }, external: true }),
        features: Vec::new(),
    }))
}

fn same(a: &Parameter, b: &Parameter) -> bool {
    let names = |path: &syn::Path| path.segments.iter().map(|one| one.ident.to_string()).collect::<Vec<_>>();
    match (a, b) {
        (Parameter::Value(a), Parameter::Value(b)) => a.name == b.name && a.location == b.location,
        (Parameter::Type(a, _), Parameter::Type(b, _)) => names(a) == names(b),
        _ => false,
    }
}

/// What the annotation lists is completed; what it does not list is added only where it stands alone.
fn merge(attribute: &mut PathAttribute, found: Vec<Parameter>) {
    let (known, fresh): (Vec<Parameter>, Vec<Parameter>) =
        found.into_iter().partition(|one| attribute.params.iter().any(|own| same(own, one)));
    for one in known {
        let Some(own) = attribute.params.iter_mut().find(|own| same(own, &one)) else { continue };
        match (own, one) {
            (Parameter::Value(own), Parameter::Value(other)) => {
                if own.ty.is_none() {
                    own.ty = other.ty;
                }
            }
            (own, other) => *own = other,
        }
    }
    attribute.params.extend(fresh.into_iter().filter(|one| matches!(one, Parameter::Value(_))));
}

fn request_body(arguments: &[Argument<'_>]) -> Option<ExternalBody> {
    let holds = |tree: &Tree| ["Json", "Form", "Bytes"].iter().any(|name| tree.mentions(name));
    arguments
        .iter()
        .find(|one| !is_into_params(&one.tree) && !one.tree.mentions("Path") && holds(&one.tree))
        .map(|one| ExternalBody(one.tree.clone()))
}

fn actual_body(tree: &Tree, depth: usize) -> Option<&Tree> {
    let path = tree.path.as_ref().filter(|_| depth < 16)?;
    path.segments.iter().find_map(|segment| match segment.ident.to_string().as_str() {
        "Json" | "Form" => tree.child(0),
        "Bytes" => Some(tree),
        _ => actual_body(tree.child(0)?, depth + 1),
    })
}

fn option_in(tree: &Tree) -> Option<&Tree> {
    if tree.is_option() {
        return Some(tree);
    }
    tree.children.iter().flatten().find_map(option_in)
}
