//! What the rest of the reader asks the interpreter for.

use super::eval::{Machine, Stop};
use super::nodes::Node;
use super::value::Val;
use crate::base::RelPath;
use crate::openapi::utoipa::grammar::value::{AnyValue, Text};
use crate::openapi::utoipa::lower::component::anything;
use crate::openapi::utoipa::lower::responses::Responses;
use crate::openapi::utoipa::mark::{Mark, is_clean};
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Scope, Ty, parts};
use crate::rust::outline::ItemKind;
use crate::rust::resolve::{Space, Target};
use crate::rust::tree::ItemId;
use serde_json::Value;
use std::collections::BTreeMap;
use syn::spanned::Spanned as _;
use syn::{Expr, Path, Type};
use utoipa::openapi::path::Parameter;
use utoipa::openapi::response::Response;
use utoipa::openapi::{OpenApi, RefOr, Schema};

impl Session<'_> {
    fn machine(&self, scope: &Scope) -> Option<Machine<'_, '_>> {
        Some(Machine::new(self, scope, self.owner()?))
    }

    /// The hole of an evaluation that ended early or with an unknown value.
    fn stopped(&self, machine: &Machine<'_, '_>, stop: Stop, span: proc_macro2::Span) -> Mark {
        match stop {
            Stop::Hole { reason, span: inner, item, message } => {
                let place = machine.place(inner.or(item.is_none().then_some(span)), item);
                self.hole(reason, place, message)
            }
            _ => self.hole_here("value", span, "the value could not be worked out without compiling"),
        }
    }

    fn unknown_value(&self, value: &Val, span: proc_macro2::Span) -> Mark {
        let what = match value {
            Val::Opaque(what) => format!("it depends on {what}"),
            _ => "it is of a kind that cannot stand here".to_owned(),
        };
        self.hole_here("value", span, format!("the value could not be worked out without compiling: {what}"))
    }

    /// A text of an attribute; where it cannot be evaluated it is empty and marked.
    pub fn text(&self, scope: &Scope, text: &Text) -> String {
        match text {
            Text::Literal(literal) => {
                let value = literal.value();
                if is_clean(&value) {
                    return value;
                }
                self.hole_here("text", literal.span(), "a text with a NUL character").text()
            }
            Text::Expression(expression) => self.expression_value(scope, expression),
        }
    }

    fn expression_value(&self, scope: &Scope, expression: &Expr) -> String {
        let Some(mut machine) = self.machine(scope) else { return String::new() };
        let result = machine.eval(expression).map(|value| machine.read(value));
        match result {
            Ok(value) => match machine.shown(&value).filter(|text| is_clean(text)) {
                Some(text) => text,
                None => self.unknown_value(&value, expression.span()).text(),
            },
            Err(stop) => self.stopped(&machine, stop, expression.span()).text(),
        }
    }

    /// A JSON value of an attribute; where it cannot be evaluated it is a marked text.
    pub fn any_value(&self, scope: &Scope, value: &AnyValue) -> Value {
        let Some(mut machine) = self.machine(scope) else { return Value::Null };
        let result = match value {
            AnyValue::Literal(minus, literal) => Ok(super::eval::lit(literal, *minus)),
            AnyValue::Json(tokens, _) => machine.json(tokens.clone()).map(Val::Json),
            AnyValue::Call(path) => machine
                .eval(&Expr::Path(path.clone()))
                .and_then(|function| machine.call(function, Vec::new(), path.span())),
            AnyValue::FieldOfDefault(field, _) => machine.field_of_default(field),
        };
        let result = result.map(|value| machine.read(value));
        match result {
            Ok(found) => match machine.as_json(&found) {
                Some(json) => json,
                None => Value::String(self.unknown_value(&found, value.span()).text()),
            },
            Err(stop) => Value::String(self.stopped(&machine, stop, value.span()).text()),
        }
    }

    /// A value that may be a text or any JSON.
    pub fn text_or_json(&self, scope: &Scope, text: &Text) -> Value {
        let Text::Expression(expression) = text else { return Value::String(self.text(scope, text)) };
        let Some(mut machine) = self.machine(scope) else { return Value::Null };
        match machine.eval(expression).map(|value| machine.read(value)) {
            Ok(value) => match machine.as_json(&value) {
                Some(json) => json,
                None => Value::String(self.unknown_value(&value, expression.span()).text()),
            },
            Err(stop) => Value::String(self.stopped(&machine, stop, expression.span()).text()),
        }
    }

    /// A discriminant of the enum that is being read.
    pub fn discriminant(&self, expression: &Expr) -> Option<i128> {
        let owner = self.owner()?;
        let scope = self.scope_of(owner);
        let mut machine = self.machine(&scope)?;
        machine.discriminant_of(owner, expression).ok()??.int()
    }

    /// `ignore = path::to::function`.
    pub fn truth(&self, scope: &Scope, path: &Path) -> bool {
        let Some(mut machine) = self.machine(scope) else { return false };
        let call = Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: path.clone() });
        let result = machine.eval(&call).and_then(|function| machine.call(function, Vec::new(), path.span()));
        match result {
            Ok(Val::Bool(value)) => value,
            Ok(other) => {
                self.unknown_value(&other, path.span());
                false
            }
            Err(stop) => {
                self.stopped(&machine, stop, path.span());
                false
            }
        }
    }

    /// `schema_with = path::to::function`.
    pub fn schema_with(&self, scope: &Scope, path: &syn::TypePath) -> RefOr<Schema> {
        let Some(mut machine) = self.machine(scope) else { return anything() };
        let call = Expr::Path(syn::ExprPath {
            attrs: Vec::new(),
            qself: path.qself.clone(),
            path: path.path.clone(),
        });
        let result = machine.eval(&call).and_then(|function| machine.call(function, Vec::new(), path.span()));
        self.schema_result(&mut machine, result, path.span())
    }

    fn schema_result(
        &self,
        machine: &mut Machine<'_, '_>,
        result: Result<Val, Stop>,
        span: proc_macro2::Span,
    ) -> RefOr<Schema> {
        let result = result.map(|value| machine.read(value));
        let mark = match result {
            Ok(Val::Node(node)) => match *node {
                Node::Schema(schema) => return schema,
                _ => self.hole_here("value", span, "the value is no schema"),
            },
            Ok(other) => self.unknown_value(&other, span),
            Err(stop) => self.stopped(machine, stop, span),
        };
        let mut schema = anything();
        mark.schema(&mut schema);
        schema
    }

    fn run<T>(
        &self,
        method: ItemId,
        own: &Ty,
        arguments: Vec<Val>,
        use_result: impl FnOnce(&mut Machine<'_, '_>, Result<Val, Stop>, proc_macro2::Span) -> T,
    ) -> T {
        self.within(method, "impl", || {
            let scope = self.scope_of(method);
            let mut machine = Machine::new(self, &scope, method);
            let span = self
                .function(method, false)
                .map_or_else(proc_macro2::Span::call_site, |function| function.signature.ident.span());
            let result = machine.call_item(method, Some(own.clone()), arguments, &[]);
            let result = result.map(|value| machine.read(value));
            use_result(&mut machine, result, span)
        })
    }

    /// A method that returns a text.
    pub fn text_of_call(&self, method: ItemId, own: &Ty) -> String {
        self.run(method, own, Vec::new(), |machine, result, span| match result {
            Ok(value) => match value.text() {
                Some(text) => text,
                None => self.unknown_value(&value, span).text(),
            },
            Err(stop) => self.stopped(machine, stop, span).text(),
        })
    }

    /// `PartialSchema::schema()` or `ComposeSchema::compose(…)` written by hand.
    pub fn schema_of_call(&self, method: ItemId, own: &Ty, given: &[RefOr<Schema>]) -> RefOr<Schema> {
        let list = given.iter().map(|one| Val::Node(Box::new(Node::Schema(one.clone())))).collect();
        let mut schema = self.run(method, own, vec![Val::List(list)], |machine, result, span| {
            self.schema_result(machine, result, span)
        });
        self.origin(self.item_place(method)).schema(&mut schema);
        schema
    }

    /// `ToSchema::schemas(…)` written by hand.
    pub fn schemas_of_call(&self, method: ItemId, own: &Ty) -> Vec<(String, RefOr<Schema>)> {
        self.within(method, "impl", || {
            let scope = self.scope_of(method);
            let mut machine = Machine::new(self, &scope, method);
            machine.slots.push(Val::List(Vec::new()));
            let place = super::place::Place { slot: 0, steps: Vec::new() };
            let result = machine.call_item(method, Some(own.clone()), vec![Val::Ref(place)], &[]);
            if let Err(stop) = result {
                self.stopped(&machine, stop, proc_macro2::Span::call_site());
            }
            let Some(Val::List(list)) = machine.slots.first().cloned() else { return Vec::new() };
            list.into_iter()
                .filter_map(|pair| match pair {
                    Val::Tuple(pair) => match <[Val; 2]>::try_from(pair) {
                        Ok([name, Val::Node(node)]) => match *node {
                            Node::Schema(schema) => Some((name.text()?, schema)),
                            _ => None,
                        },
                        _ => None,
                    },
                    _ => None,
                })
                .collect()
        })
    }

    /// `IntoParams::into_params(…)` written by hand.
    pub fn params_of_call(&self, method: ItemId, own: &Ty, location: Option<&'static str>) -> Vec<Parameter> {
        // `unwrap_or_default()` of nothing is a parameter of the path.
        let place = crate::openapi::utoipa::lower::params::location(location.unwrap_or("Path"));
        let given = Val::Opt(Some(Box::new(Node::Location(place).val())));
        self.run(method, own, vec![Val::Always(Box::new(given))], |machine, result, span| {
            let stop = match result {
                Ok(Val::List(list)) => {
                    let all: Option<Vec<Parameter>> = list
                        .into_iter()
                        .map(|one| match machine.read(one) {
                            Val::Node(node) => match *node {
                                Node::Parameter(parameter) => Some(parameter),
                                _ => None,
                            },
                            _ => None,
                        })
                        .collect();
                    match all {
                        Some(all) => return all,
                        None => {
                            Stop::new("by-hand", None, "the parameters written by hand are not understood")
                        }
                    }
                }
                Ok(_) => Stop::new("by-hand", None, "the parameters written by hand are not understood"),
                Err(stop) => stop,
            };
            let mark = self.stopped(machine, stop, span);
            let mut parameter = Parameter::new(format!("?{}", mark.text()));
            mark.extend(&mut parameter.extensions);
            vec![parameter]
        })
    }

    /// `IntoResponses::responses()` written by hand.
    pub fn responses_of_call(&self, method: ItemId, own: &Ty) -> Responses {
        self.run(method, own, Vec::new(), |machine, result, span| {
            let stop = match result {
                Ok(value) => match responses_of(machine, value) {
                    Some(responses) => return responses,
                    None => Stop::new("by-hand", None, "the responses written by hand are not understood"),
                },
                Err(stop) => stop,
            };
            let mark = self.stopped(machine, stop, span);
            let mut response = Response::new("");
            mark.extend(&mut response.extensions);
            [(format!("?{}", mark.text()), RefOr::T(response))].into()
        })
    }

    /// `ToResponse::response()` written by hand.
    pub fn response_of_call(&self, method: ItemId, own: &Ty) -> (String, RefOr<Response>) {
        self.run(method, own, Vec::new(), |machine, result, span| {
            let stop = match result {
                Ok(Val::Tuple(parts)) => match <[Val; 2]>::try_from(parts) {
                    Ok([Val::Text(name), Val::Node(node)]) => match *node {
                        Node::Response(response) => return (name, response),
                        _ => Stop::new("by-hand", None, "the response written by hand is not understood"),
                    },
                    _ => Stop::new("by-hand", None, "the response written by hand is not understood"),
                },
                Ok(_) => Stop::new("by-hand", None, "the response written by hand is not understood"),
                Err(stop) => stop,
            };
            let mark = self.stopped(machine, stop, span);
            let mut response = Response::new("");
            mark.extend(&mut response.extensions);
            (format!("?{}", mark.text()), RefOr::T(response))
        })
    }

    /// A function that returns a document or a router, or that takes a document out of a router on its way.
    pub fn document_of_call(&self, method: ItemId, own: &Ty) -> Option<OpenApi> {
        self.run(method, own, Vec::new(), |machine, result, span| {
            let on_the_way = |machine: &Machine<'_, '_>| {
                machine.slots.iter().rev().find_map(|value| match value {
                    Val::Node(node) => match node.as_ref() {
                        Node::OpenApi(document) | Node::Router(document) => Some(document.as_ref().clone()),
                        _ => None,
                    },
                    _ => None,
                })
            };
            match result {
                Ok(Val::Node(node)) => match *node {
                    Node::OpenApi(document) | Node::Router(document) => Some(*document),
                    Node::Plain => on_the_way(machine),
                    _ => None,
                },
                Ok(Val::Tuple(parts)) => {
                    let found = parts.into_iter().find_map(|part| match part {
                        Val::Node(node) => match *node {
                            Node::OpenApi(document) => Some(*document),
                            _ => None,
                        },
                        _ => None,
                    });
                    found.or_else(|| on_the_way(machine))
                }
                Ok(other) => on_the_way(machine).or_else(|| {
                    self.unknown_value(&other, span);
                    None
                }),
                Err(stop) => {
                    self.stopped(machine, stop, span);
                    on_the_way(machine)
                }
            }
        })
    }

    /// `Modify::modify(&self, document)`.
    pub fn modify(&self, scope: &Scope, modifier: &Path, document: &mut OpenApi) {
        let ty = self.path_type(scope, modifier);
        let method = self.implementation("Modify", &ty).and_then(|block| self.method_of(block, "modify"));
        let Some(method) = method else {
            let name = parts(modifier).join("::");
            self.hole_here("no-modifier", modifier.span(), format!("the modifier `{name}` was not found"));
            return;
        };
        self.within(method, "Modify", || {
            let scope = self.scope_of(method);
            let mut machine = Machine::new(self, &scope, method);
            machine.slots.push(Val::Node(Box::new(Node::OpenApi(Box::new(std::mem::take(document))))));
            let place = super::place::Place { slot: 0, steps: Vec::new() };
            let arguments = vec![Val::Type(ty.clone()), Val::Ref(place)];
            let result = machine.call_item(method, Some(ty), arguments, &[]);
            if let Err(stop) = result {
                self.stopped(&machine, stop, proc_macro2::Span::call_site());
            }
            if let Some(Val::Node(node)) = machine.slots.first()
                && let Node::OpenApi(changed) = node.as_ref()
            {
                *document = changed.as_ref().clone();
            }
        });
    }

    /// The type and the expression of a constant.
    pub fn constant(&self, id: ItemId) -> Option<(Type, Expr)> {
        let item = self.code.item(id);
        let text = item.text();
        match item.outline.kind {
            ItemKind::Const if item.parent.is_none() => {
                syn::parse_str::<syn::ItemConst>(text).ok().map(|found| (*found.ty, *found.expr))
            }
            ItemKind::Const => {
                syn::parse_str::<syn::ImplItemConst>(text).ok().map(|found| (found.ty, found.expr))
            }
            ItemKind::Static => {
                syn::parse_str::<syn::ItemStatic>(text).ok().map(|found| (*found.ty, *found.expr))
            }
            _ => None,
        }
    }

    /// `Type::NAME`.
    pub fn associated_const(&self, ty: &Ty, name: &str) -> Option<ItemId> {
        let Ty::Item(id, _) = ty else { return None };
        let of = |fits: &dyn Fn(ItemId) -> bool| {
            let found = self.code.items.iter().position(|item| {
                item.outline.kind == ItemKind::Const
                    && item.outline.name == name
                    && item.parent.is_some_and(fits)
            })?;
            u32::try_from(found).ok().map(ItemId)
        };
        of(&|parent| self.block_is_for(parent, *id)).or_else(|| {
            of(&|parent| {
                let item = self.code.item(parent);
                item.outline.kind == ItemKind::Trait && self.implementation(&item.outline.name, ty).is_some()
            })
        })
    }

    /// The scope of a function: what is declared inside its body counts as well.
    pub fn scope_of_function(&self, id: ItemId) -> Scope {
        match self.code.blocks.get(&id) {
            Some(module) => Scope::new(*module),
            None => self.scope_of(id),
        }
    }

    /// What a type's parameters stand for.
    pub fn generics_of(&self, ty: &Ty) -> BTreeMap<String, Ty> {
        let Ty::Item(id, arguments) = ty else { return BTreeMap::new() };
        match self.derive_input(*id) {
            Some(parsed) => self.bind(*id, &parsed.input.generics, arguments).generics.as_ref().clone(),
            None => BTreeMap::new(),
        }
    }

    /// The folder of the package that an item belongs to.
    pub fn package_folder(&self, id: ItemId) -> RelPath {
        let krate = self.code.module(self.code.item(id).module).krate;
        self.folders.get(krate.0 as usize).cloned().unwrap_or_else(RelPath::root)
    }

    /// The document that a path names as root: a type, or a function that returns one.
    pub fn root_by_path(&self, module: crate::rust::tree::ModuleId, path: &[String]) -> Option<ItemId> {
        let type_first = [Space::Type, Space::Value];
        type_first.iter().find_map(|space| match self.code.resolve_all(module, path, *space) {
            Target::Item(id) => Some(id),
            _ => None,
        })
    }
}

/// Responses by status, from a map or from utoipa's own type.
fn responses_of(machine: &mut Machine<'_, '_>, value: Val) -> Option<Responses> {
    match value {
        Val::Node(node) => match *node {
            Node::Responses(responses) => Some(responses.responses),
            _ => None,
        },
        Val::List(list) => list
            .into_iter()
            .map(|one| match one {
                Val::Tuple(parts) => {
                    let [status, response] = <[Val; 2]>::try_from(parts).ok()?;
                    let status = machine.read(status).display()?;
                    match machine.read(response) {
                        Val::Node(node) => match *node {
                            Node::Response(response) => Some((status, response)),
                            _ => None,
                        },
                        _ => None,
                    }
                }
                _ => None,
            })
            .collect(),
        _ => None,
    }
}
