//! Expressions.

use super::numbers::declared;
use super::value::{Closure, Val};
use crate::diag::Place as SourcePlace;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Scope, Ty, parts};
use crate::rust::number::{self, Int, Primitive, Wanted};
use crate::rust::outline::ItemKind;
use crate::rust::resolve::{Space, Target};
use crate::rust::tree::ItemId;
use proc_macro2::Span;
use std::collections::BTreeMap;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{Block, Expr, Lit, Pat, Stmt, UnOp};

/// Why evaluation ended early.
pub(in super::super) enum Stop {
    /// Something that is not known.
    Hole { reason: &'static str, span: Option<Span>, item: Option<ItemId>, message: String },
    /// `return`.
    Return(Val),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}

impl Stop {
    pub fn new(reason: &'static str, span: Option<Span>, message: &str) -> Self {
        Self::Hole { reason, span, item: None, message: message.to_owned() }
    }
}

/// One run of the interpreter.
pub(in super::super) struct Machine<'m, 'c> {
    pub session: &'m Session<'c>,
    pub scope: Scope,
    /// The item whose text is evaluated.
    pub item: ItemId,
    pub slots: Vec<Val>,
    pub names: Vec<(String, usize)>,
    pub depth: usize,
}

/// Calls inside calls.
const DEEPEST: usize = 40;

/// Rounds of one loop.
const MOST_ROUNDS: usize = 10_000;

impl<'m, 'c> Machine<'m, 'c> {
    pub fn new(session: &'m Session<'c>, scope: &Scope, item: ItemId) -> Self {
        Self { session, scope: scope.clone(), item, slots: Vec::new(), names: Vec::new(), depth: 0 }
    }

    /// The place of a stop.
    pub fn place(&self, span: Option<Span>, item: Option<ItemId>) -> SourcePlace {
        let item = item.unwrap_or(self.item);
        match span {
            Some(span) => self.session.place(item, span),
            None => self.session.item_place(item),
        }
    }

    /// A new variable.
    pub fn declare(&mut self, name: &str, value: Val) {
        self.slots.push(value);
        self.names.push((name.to_owned(), self.slots.len() - 1));
    }

    /// The slot of a variable.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, slot)| *slot)
    }

    /// Evaluates an expression of which nothing is known.
    pub fn eval(&mut self, expression: &Expr) -> Result<Val, Stop> {
        self.eval_as(expression, Wanted::Open)
    }

    /// Evaluates an expression.
    pub fn eval_as(&mut self, expression: &Expr, wanted: Wanted) -> Result<Val, Stop> {
        number::evaluate(self, expression, wanted)
    }

    /// Evaluates what is no number, no operator and no conversion.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of expression")]
    pub(super) fn other_than_numbers(&mut self, expression: &Expr, wanted: Wanted) -> Result<Val, Stop> {
        match expression {
            Expr::Lit(literal) => Ok(lit(&literal.lit, false)),
            Expr::Path(path) => self.path(path),
            Expr::Call(call) => self.call_expression(call, wanted),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Macro(call) => self.macro_call(&call.mac, wanted),
            Expr::Field(field) => self.field(field),
            Expr::Reference(reference) => self.reference(reference, wanted),
            Expr::Unary(unary) => match unary.op {
                UnOp::Deref(_) => self.eval_as(&unary.expr, wanted),
                _ => Ok(Val::opaque("an operation")),
            },
            Expr::Block(block) => self.block_as(&block.block, wanted),
            Expr::Unsafe(block) => self.block_as(&block.block, wanted),
            Expr::If(branch) => self.branch(branch, wanted),
            Expr::Match(matched) => self.matched(matched, wanted),
            Expr::Let(bound) => {
                let value = self.eval(&bound.expr)?;
                Ok(self.bind(&bound.pat, value).map_or_else(|| Val::opaque("a pattern"), Val::Bool))
            }
            Expr::Return(returned) => {
                let value = match &returned.expr {
                    Some(value) => self.eval(value)?,
                    None => Val::Unit,
                };
                Err(Stop::Return(value))
            }
            Expr::Break(_) => Err(Stop::Break),
            Expr::Continue(_) => Err(Stop::Continue),
            Expr::Array(array) => self.list_for(array.elems.iter(), &|_| wanted).map(Val::List),
            Expr::Tuple(tuple) if tuple.elems.is_empty() => Ok(Val::Unit),
            Expr::Tuple(tuple) => self.list(tuple.elems.iter()).map(Val::Tuple),
            Expr::Struct(made) => self.structure(made),
            Expr::Closure(closure) => Ok(Val::Closure(Rc::new(Closure {
                closure: closure.clone(),
                scope: self.scope.clone(),
                item: self.item,
                variables: self.names.clone(),
            }))),
            Expr::Binary(binary) => self.assign_operator(binary),
            Expr::Assign(assign) => {
                let value = self.eval(&assign.right)?;
                self.assign(&assign.left, value)?;
                Ok(Val::Unit)
            }
            Expr::ForLoop(looped) => self.for_loop(looped),
            Expr::Try(tried) => match self.eval(&tried.expr)? {
                Val::Res(Ok(inner)) | Val::Opt(Some(inner)) => Ok(*inner),
                other => Ok(other),
            },
            Expr::Await(awaited) => self.eval(&awaited.base),
            Expr::Index(index) => {
                let list = self.eval(&index.expr)?;
                let at = self.eval_as(&index.index, Wanted::Type(Primitive::Int(Int::Usize)))?;
                Ok(match (self.read(list), self.read(at)) {
                    (Val::List(list) | Val::Tuple(list), Val::Number(at)) => at
                        .int()
                        .and_then(|at| usize::try_from(at).ok())
                        .and_then(|at| list.get(at).cloned())
                        .unwrap_or_else(|| Val::opaque("an entry of a list")),
                    _ => Val::opaque("an entry of a list"),
                })
            }
            Expr::While(_) | Expr::Loop(_) => {
                self.taint_expression(expression);
                Ok(Val::opaque("a loop that is not evaluated"))
            }
            _ => Ok(Val::opaque("an expression of a kind that is not evaluated")),
        }
    }

    /// Evaluates expressions in order.
    pub fn list<'e>(&mut self, expressions: impl Iterator<Item = &'e Expr>) -> Result<Vec<Val>, Stop> {
        self.list_for(expressions, &|_| Wanted::Open)
    }

    /// Evaluates expressions in order, of which something is known by their index.
    pub fn list_for<'e>(
        &mut self,
        expressions: impl Iterator<Item = &'e Expr>,
        wanted: &dyn Fn(usize) -> Wanted,
    ) -> Result<Vec<Val>, Stop> {
        let each = expressions.enumerate().map(|(at, one)| self.eval_as(one, wanted(at)));
        let list = each.collect::<Result<Vec<Val>, Stop>>()?;
        let weight: usize = list.iter().map(Val::weight).sum();
        if self.session.charge(8 * weight) {
            Ok(list)
        } else {
            Err(Stop::new("endless", None, "gave up here: the evaluation makes too much"))
        }
    }

    /// The statements of a block, in a scope of their own.
    pub fn block(&mut self, block: &Block) -> Result<Val, Stop> {
        self.block_as(block, Wanted::Open)
    }

    /// A block of whose value something is known.
    pub fn block_as(&mut self, block: &Block, wanted: Wanted) -> Result<Val, Stop> {
        let names = self.names.len();
        let result = self.statements(&block.stmts, wanted);
        self.names.truncate(names);
        result
    }

    fn statements(&mut self, statements: &[Stmt], wanted: Wanted) -> Result<Val, Stop> {
        let mut last = Val::Unit;
        for (at, statement) in statements.iter().enumerate() {
            last = Val::Unit;
            if !self.enabled(statement) {
                continue;
            }
            match statement {
                Stmt::Local(local) => {
                    let wanted = match &local.pat {
                        Pat::Type(typed) => self.session.wanted(&self.scope, &typed.ty),
                        _ => Wanted::Open,
                    };
                    let value = match &local.init {
                        Some(init) => self.eval_as(&init.expr, wanted)?,
                        None => Val::opaque("a variable without a value"),
                    };
                    let value = super::router::as_declared(&local.pat, value);
                    self.bind(&local.pat, value);
                }
                Stmt::Item(_) => {}
                Stmt::Expr(expression, semicolon) => {
                    let is_last = semicolon.is_none() && at + 1 == statements.len();
                    let value = self.eval_as(expression, if is_last { wanted } else { Wanted::Open })?;
                    if is_last {
                        last = value;
                    }
                }
                Stmt::Macro(call) => {
                    let value = self.macro_call(&call.mac, wanted)?;
                    if call.semi_token.is_none() && at + 1 == statements.len() {
                        last = value;
                    }
                }
            }
        }
        Ok(last)
    }

    /// Whether all `#[cfg(…)]` on a statement hold.
    fn enabled(&self, statement: &Stmt) -> bool {
        let attributes = match statement {
            Stmt::Local(local) => &local.attrs,
            Stmt::Macro(call) => &call.attrs,
            Stmt::Expr(expression, _) => match expression {
                Expr::Block(inner) => &inner.attrs,
                Expr::If(inner) => &inner.attrs,
                Expr::Call(inner) => &inner.attrs,
                Expr::MethodCall(inner) => &inner.attrs,
                Expr::Assign(inner) => &inner.attrs,
                Expr::Macro(inner) => &inner.attrs,
                Expr::Path(inner) => &inner.attrs,
                _ => return true,
            },
            Stmt::Item(_) => return true,
        };
        let cfg = &self.session.code.krate(self.scope.module).cfg;
        attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).all(|attribute| {
            attribute.meta.require_list().is_ok_and(|list| cfg.holds(&list.tokens.to_string()))
        })
    }

    /// Binds a pattern; whether it fits, or nothing where that is not known.
    pub fn bind(&mut self, pattern: &Pat, value: Val) -> Option<bool> {
        match pattern {
            Pat::Wild(_) | Pat::Rest(_) => Some(true),
            Pat::Ident(ident) if ident.subpat.is_none() => {
                let name = ident.ident.to_string();
                if name.starts_with(char::is_uppercase) {
                    return self.is_constant(&name, value);
                }
                self.declare(&name, declared(value, Wanted::Open));
                Some(true)
            }
            Pat::Guard(guarded) => match self.bind(&guarded.pat, value) {
                Some(true) => match self.eval(&guarded.guard) {
                    Ok(Val::Bool(value)) => Some(value),
                    _ => None,
                },
                other => other,
            },
            Pat::Type(typed) => {
                let value = self.declared_as(value, &typed.ty);
                self.bind(&typed.pat, value)
            }
            Pat::Reference(inner) => self.bind(&inner.pat, value),
            Pat::Paren(inner) => self.bind(&inner.pat, value),
            Pat::Tuple(tuple) => self.bind_tuple(tuple, value),
            Pat::TupleStruct(inner) => self.bind_variant(inner, value),
            Pat::Path(path) => {
                let name = path.path.segments.last().map(|last| last.ident.to_string())?;
                match self.read(value) {
                    Val::Variant(_, variant, _) => Some(variant == name),
                    Val::Opt(inner) if name == "None" => Some(inner.is_none()),
                    _ => None,
                }
            }
            Pat::Lit(literal) => {
                let wanted = lit(&literal.lit, false).json();
                let found = self.read(value).json();
                wanted.zip(found).map(|(a, b)| a == b)
            }
            Pat::Or(alternatives) => {
                let mut any = Some(false);
                for case in &alternatives.cases {
                    match self.bind(case, value.clone()) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => any = None,
                    }
                }
                any
            }
            _ => None,
        }
    }

    /// Whether a value is the variant or constant that a pattern without arguments names.
    fn is_constant(&mut self, name: &str, value: Val) -> Option<bool> {
        match self.read(value) {
            Val::Opt(inner) if name == "None" => Some(inner.is_none()),
            Val::Variant(id, variant, _) => {
                let found = self.session.code.imported_variants(self.scope.module, name);
                let own = found.iter().find(|(one, _)| *one == id)?;
                Some(own.1 == variant)
            }
            other => {
                let path: syn::Path = syn::parse_str(name).ok()?;
                let wanted =
                    self.eval(&Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path })).ok()?;
                let wanted = self.read(wanted);
                compare(&other, &wanted)
            }
        }
    }

    fn bind_tuple(&mut self, tuple: &syn::PatTuple, value: Val) -> Option<bool> {
        let value = self.read(value);
        let parts = match super::router::taken_apart(value) {
            Val::Tuple(parts) | Val::List(parts) => parts,
            other => vec![
                Val::opaque("a part of a tuple");
                tuple.elems.len().max(usize::from(matches!(other, Val::Unit)))
            ],
        };
        let mut fits = Some(true);
        for (inner, part) in tuple.elems.iter().zip(parts) {
            fits = fits.zip(self.bind(inner, part)).map(|(a, b)| a && b);
        }
        fits
    }

    fn bind_variant(&mut self, pattern: &syn::PatTupleStruct, value: Val) -> Option<bool> {
        let name = pattern.path.segments.last().map(|last| last.ident.to_string())?;
        if let Some(fits) = self.wrapped_schema(&name, &value) {
            return match (fits, pattern.elems.first()) {
                (true, Some(inner)) => self.bind(inner, value),
                (fits, _) => Some(fits),
            };
        }
        let inner = match (name.as_str(), &value) {
            ("Some", Val::Ref(place)) => self.inside_option(place)?,
            _ => match (name.as_str(), self.read(value)) {
                ("Some", Val::Opt(inner)) => inner.map(|inner| *inner),
                ("Ok", Val::Res(Ok(inner))) | ("Err", Val::Res(Err(inner))) => Some(*inner),
                ("Ok" | "Err", Val::Res(_)) => None,
                (_, Val::Variant(_, variant, fields)) => {
                    if variant != name {
                        return Some(false);
                    }
                    for (inner, field) in pattern.elems.iter().zip(fields) {
                        self.bind(inner, field)?;
                    }
                    return Some(true);
                }
                ("Ok" | "Some", opaque @ Val::Opaque(_)) => {
                    self.bind(pattern.elems.first()?, opaque);
                    return None;
                }
                _ => return None,
            },
        };
        match (inner, pattern.elems.first()) {
            (Some(inner), Some(pattern)) => self.bind(pattern, inner),
            (None, _) => Some(false),
            _ => None,
        }
    }

    /// Whether a schema or response is of the variant that a pattern names; nothing for other patterns.
    fn wrapped_schema(&mut self, name: &str, value: &Val) -> Option<bool> {
        use super::nodes::Node;
        use utoipa::openapi::{RefOr, Schema};
        if !matches!(name, "T" | "Ref" | "Object" | "Array" | "OneOf" | "AllOf" | "AnyOf") {
            return None;
        }
        let Val::Node(node) = self.read(value.clone()) else { return None };
        Some(match (*node, name) {
            (Node::Schema(RefOr::T(_)) | Node::Response(RefOr::T(_)), "T")
            | (Node::Schema(RefOr::Ref(_)) | Node::Response(RefOr::Ref(_)), "Ref")
            | (Node::Schema(RefOr::T(Schema::Object(_))), "Object")
            | (Node::Schema(RefOr::T(Schema::Array(_))), "Array")
            | (Node::Schema(RefOr::T(Schema::OneOf(_))), "OneOf")
            | (Node::Schema(RefOr::T(Schema::AllOf(_))), "AllOf")
            | (Node::Schema(RefOr::T(Schema::AnyOf(_))), "AnyOf") => true,
            (Node::Schema(_) | Node::Response(_), _) => false,
            _ => return None,
        })
    }

    /// What a path means: a variable, a constant, a function, a variant.
    fn path(&mut self, path: &syn::ExprPath) -> Result<Val, Stop> {
        let names = parts(&path.path);
        if let [name] = names.as_slice() {
            if let Some(slot) = self.slot(name) {
                return Ok(self.slots[slot].clone());
            }
            match name.as_str() {
                "None" => return Ok(Val::Opt(None)),
                "Self" => {
                    if let Some(own) = self.scope.own.clone() {
                        return Ok(Val::Type(own));
                    }
                }
                _ => {}
            }
        }
        if let Some(qself) = &path.qself
            && let Some(last) = names.last()
        {
            let ty = self.session.resolve_type(&self.scope.clone(), &qself.ty);
            return Ok(self.associated(&ty, last));
        }
        if names.first().is_some_and(|first| first == "Self" || self.scope.generics.contains_key(first))
            && let [first, name] = names.as_slice()
        {
            let ty = if first == "Self" {
                self.scope.own.clone()
            } else {
                self.scope.generics.get(first).cloned()
            };
            return Ok(ty.map_or_else(|| Val::opaque("Self"), |ty| self.associated(&ty, name)));
        }
        self.resolved_path(&names, &path.path)
    }

    fn resolved_path(&mut self, names: &[String], path: &syn::Path) -> Result<Val, Stop> {
        match self.session.code.resolve(self.scope.module, names, Space::Value) {
            (Target::Item(id), used) if used == names.len() => self.item_value(id),
            (Target::Foreign(found), used) => {
                let found: Vec<String> = found.into_iter().chain(names[used..].iter().cloned()).collect();
                Ok(self.foreign_constant(&found).unwrap_or(Val::Foreign(found)))
            }
            (Target::Item(id), used) if used + 1 == names.len() => {
                let mut without = path.clone();
                without.segments.pop();
                without.segments.pop_punct();
                let ty = self.session.path_type(&self.scope.clone(), &without);
                let ty =
                    if matches!(ty, Ty::Item(..) | Ty::Foreign(..)) { ty } else { Ty::Item(id, Vec::new()) };
                Ok(self.associated(&ty, &names[used]))
            }
            _ => Ok(self
                .imported_variant(names)
                .unwrap_or_else(|| Val::opaque(&format!("`{}`, which was not found", names.join("::"))))),
        }
    }

    /// A variant that an import lets stand alone.
    fn imported_variant(&self, names: &[String]) -> Option<Val> {
        let [name] = names else { return None };
        let found = self.session.code.imported_variants(self.scope.module, name);
        found.into_iter().find_map(|(id, variant)| {
            self.session.has_variant(id, &variant).then(|| Val::Variant(id, variant, Vec::new()))
        })
    }

    /// A constant, function or variant of a type.
    fn associated(&mut self, ty: &Ty, name: &str) -> Val {
        if let Ty::Foreign(path, _) = ty {
            if let Some(method) = self.session.method(ty, name) {
                return Val::Function(method, Some(ty.clone()));
            }
            let mut path = path.clone();
            path.push(name.to_owned());
            return Val::Foreign(path);
        }
        if let Some(method) = self.session.method(ty, name) {
            return Val::Function(method, Some(ty.clone()));
        }
        let Ty::Item(id, _) = ty else { return Val::opaque(name) };
        let is_enum = self.session.code.item(*id).outline.kind == ItemKind::Enum;
        if is_enum && self.session.has_variant(*id, name) {
            return Val::Variant(*id, name.to_owned(), Vec::new());
        }
        if let Some(value) = self.associated_const(*id, name) {
            return value;
        }
        if is_enum && let Some(value) = self.listed_variants(*id, name) {
            return value;
        }
        // What derives bring: `openapi()`, `schema()`, `name()`.
        Val::Foreign(vec![format!("<{}>", id.0), name.to_owned()])
    }

    fn associated_const(&mut self, id: ItemId, name: &str) -> Option<Val> {
        let ty = Ty::Item(id, Vec::new());
        let found = self.session.associated_const(&ty, name)?;
        self.constant(found).ok()
    }

    /// The value of an item: a constant's, or the function itself.
    pub fn item_value(&mut self, id: ItemId) -> Result<Val, Stop> {
        match self.session.code.item(id).outline.kind {
            ItemKind::Function => Ok(Val::Function(id, None)),
            ItemKind::Const | ItemKind::Static => self.constant(id),
            ItemKind::Struct => Ok(Val::Type(Ty::Item(id, Vec::new()))),
            _ => Ok(Val::opaque("an item that has no value")),
        }
    }

    /// Evaluates `const NAME: T = …;` where it stands.
    pub fn constant(&mut self, id: ItemId) -> Result<Val, Stop> {
        let Some((ty, expression)) = self.session.constant(id) else {
            return Ok(Val::opaque("a constant that is not understood"));
        };
        let scope = self.session.scope_of(id);
        let wanted = self.session.wanted(&scope, &ty);
        let value = self.inside(id, scope, |machine| machine.eval_as(&expression, wanted))?;
        Ok(declared(value, wanted))
    }

    /// Runs something as if inside another item.
    pub fn inside<T>(
        &mut self,
        item: ItemId,
        scope: Scope,
        run: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        if self.depth > DEEPEST {
            return Err(Stop::new("endless", None, "gave up here: calls are nested too deep"));
        }
        let names = std::mem::take(&mut self.names);
        let scope = std::mem::replace(&mut self.scope, scope);
        let before = std::mem::replace(&mut self.item, item);
        self.depth += 1;
        let result = run(self).map_err(|stop| match stop {
            Stop::Hole { reason, span, item: None, message } => {
                Stop::Hole { reason, span, item: Some(item), message }
            }
            other => other,
        });
        self.depth -= 1;
        self.item = before;
        self.scope = scope;
        self.names = names;
        result
    }

    fn call_expression(&mut self, call: &syn::ExprCall, wanted: Wanted) -> Result<Val, Stop> {
        let function = self.eval(&call.func)?;
        let arguments = self.arguments_for(&function, wanted, call.args.iter())?;
        if let (Expr::Path(path), Val::Foreign(found)) = (call.func.as_ref(), &function)
            && let Some(value) = self.typed_call(path, found, &arguments)?
        {
            return Ok(value);
        }
        if let (Expr::Path(path), Val::Function(id, own)) = (call.func.as_ref(), &function) {
            let types = self.type_arguments(&path.path);
            return self.call_item(*id, own.clone(), arguments, &types);
        }
        self.call(function, arguments, call.span())
    }

    /// Calls a value.
    pub fn call(&mut self, function: Val, arguments: Vec<Val>, span: Span) -> Result<Val, Stop> {
        match function {
            Val::Function(id, own) => self.call_item(id, own, arguments, &[]),
            Val::Closure(closure) => self.call_closure(&closure, arguments),
            Val::Always(value) => Ok(*value),
            Val::Foreign(path) => self.call_foreign(&path, arguments, span),
            Val::Variant(id, name, _) => Ok(Val::Variant(id, name, arguments)),
            Val::Type(ty) => Ok(self.tuple_struct(&ty, arguments)),
            Val::Ref(place) => {
                let inner = self.get(&place);
                self.call(inner, arguments, span)
            }
            other => Ok(match other {
                Val::Opaque(what) => Val::Opaque(what),
                _ => Val::opaque("a call of something that is no function"),
            }),
        }
    }

    /// The types between the angle brackets of a path's last part.
    fn type_arguments(&self, path: &syn::Path) -> Vec<Ty> {
        let Some(syn::PathArguments::AngleBracketed(list)) = path.segments.last().map(|last| &last.arguments)
        else {
            return Vec::new();
        };
        let of = |argument: &syn::GenericArgument| match argument {
            syn::GenericArgument::Type(ty) => Some(self.session.resolve_type(&self.scope, ty)),
            _ => None,
        };
        list.args.iter().filter_map(of).collect()
    }

    fn tuple_struct(&self, ty: &Ty, arguments: Vec<Val>) -> Val {
        let Ty::Item(id, _) = ty else { return Val::opaque("a value") };
        let fields: BTreeMap<String, Val> =
            arguments.into_iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect();
        Val::Struct(*id, Rc::new(fields))
    }

    /// Calls a function of the repository.
    pub fn call_item(
        &mut self,
        id: ItemId,
        own: Option<Ty>,
        arguments: Vec<Val>,
        types: &[Ty],
    ) -> Result<Val, Stop> {
        let Some(function) = self.session.function(id, true) else {
            return Ok(Val::opaque("a function that is not understood"));
        };
        let Some(block) = &function.block else { return Ok(Val::opaque("a function without a body")) };
        let mut scope = self.session.scope_of_function(id);
        let names = function.signature.generics.type_params().map(|one| one.ident.to_string());
        let mut generics: BTreeMap<String, Ty> = names.zip(types.iter().cloned()).collect();
        if let Some(own) = own {
            generics.extend(self.session.generics_of(&own));
            scope.own = Some(own);
        }
        scope.generics = Rc::new(generics);
        let wanted = self.session.wanted_of_result(&scope, &function.signature);
        let result = self.inside(id, scope, |machine| {
            let inputs = function.signature.inputs.iter();
            for (input, value) in inputs.zip(arguments) {
                match input {
                    syn::FnArg::Receiver(_) => machine.declare("self", value),
                    syn::FnArg::Typed(typed) => {
                        let value = machine.declared_as(value, &typed.ty);
                        machine.bind(&typed.pat, value);
                    }
                }
            }
            machine.block_as(block, wanted)
        });
        match result {
            Err(Stop::Return(value)) | Ok(value) => Ok(declared(value, wanted)),
            other => other,
        }
    }

    /// Calls a closure.
    pub fn call_closure(&mut self, closure: &Rc<Closure>, arguments: Vec<Val>) -> Result<Val, Stop> {
        let result = self.inside(closure.item, closure.scope.clone(), |machine| {
            machine.names.clone_from(&closure.variables);
            for (pattern, value) in closure.closure.inputs.iter().zip(arguments) {
                machine.bind(pattern, value);
            }
            machine.eval(&closure.closure.body)
        });
        match result {
            Err(Stop::Return(value)) => Ok(value),
            other => other,
        }
    }

    fn branch(&mut self, branch: &syn::ExprIf, wanted: Wanted) -> Result<Val, Stop> {
        let names = self.names.len();
        let condition = self.eval(&branch.cond)?;
        let result = match self.read(condition) {
            Val::Bool(true) => self.block_as(&branch.then_branch, wanted),
            Val::Bool(false) => match &branch.else_branch {
                Some((_, other)) => self.eval_as(other, wanted),
                None => Ok(Val::Unit),
            },
            _ => {
                self.taint(branch.then_branch.span(), &branch.then_branch);
                if let Some((_, other)) = &branch.else_branch {
                    self.taint_expression(other);
                }
                Ok(Val::opaque("a choice that is made at run time"))
            }
        };
        self.names.truncate(names);
        result
    }

    fn matched(&mut self, matched: &syn::ExprMatch, wanted: Wanted) -> Result<Val, Stop> {
        let value = self.eval(&matched.expr)?;
        for (at, arm) in matched.arms.iter().enumerate() {
            let names = self.names.len();
            let guarded = self.bind(&arm.pat, value.clone());
            let result = match guarded {
                Some(true) => Some(self.eval_as(&arm.body, wanted)),
                Some(false) => None,
                None => {
                    for arm in matched.arms.iter().skip(at) {
                        self.taint_expression(&arm.body);
                    }
                    Some(Ok(Val::opaque("a choice that is made at run time")))
                }
            };
            self.names.truncate(names);
            if let Some(result) = result {
                return result;
            }
        }
        Ok(Val::opaque("no arm of a `match`"))
    }

    fn for_loop(&mut self, looped: &syn::ExprForLoop) -> Result<Val, Stop> {
        let over = self.eval(&looped.expr)?;
        let Some(items) = self.items_of(&over) else {
            self.taint_expression(&looped.expr);
            self.taint(looped.body.span(), &looped.body);
            return Ok(Val::Unit);
        };
        if items.len() > MOST_ROUNDS {
            let message = format!("gave up here: the loop has more than {MOST_ROUNDS} rounds");
            return Err(Stop::new("endless", Some(looped.expr.span()), &message));
        }
        for item in items {
            let names = self.names.len();
            self.bind(&looped.pat, item);
            let result = self.block(&looped.body);
            self.names.truncate(names);
            match result {
                Err(Stop::Break) => break,
                Err(Stop::Continue) | Ok(_) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(Val::Unit)
    }

    fn structure(&mut self, made: &syn::ExprStruct) -> Result<Val, Stop> {
        let ty = self.session.path_type(&self.scope.clone(), &made.path);
        let mut fields = BTreeMap::new();
        if let Some(rest) = &made.rest {
            let rest = self.eval(rest)?;
            match self.read(rest) {
                Val::Struct(_, known) => fields.extend(known.as_ref().clone()),
                Val::Node(node) => {
                    return self.node_structure(*node, made);
                }
                _ => {}
            }
        }
        let types = self.session.wanted_of_fields(&ty, None);
        for field in &made.fields {
            let name = match &field.member {
                syn::Member::Named(name) => name.to_string(),
                syn::Member::Unnamed(index) => index.index.to_string(),
            };
            let wanted = types.iter().find(|(field, _)| *field == name).map_or(Wanted::Open, |(_, one)| *one);
            let value = self.eval_as(&field.expr, wanted)?;
            fields.insert(name, declared(value, wanted));
        }
        match ty {
            Ty::Item(id, _) => Ok(Val::Struct(id, Rc::new(fields))),
            Ty::Unknown(_) => Ok(self.struct_variant(&made.path, fields)),
            Ty::Foreign(path, _) => Ok(self.foreign_structure(&path, &fields)),
            _ => Ok(Val::opaque("a struct from outside")),
        }
    }

    /// `Kind::Variant { … }`: a variant whose only part is a struct of the fields.
    fn struct_variant(&self, path: &syn::Path, fields: BTreeMap<String, Val>) -> Val {
        let names = parts(path);
        let unknown = || Val::opaque("a struct from outside");
        let Some((variant, before)) = names.split_last() else { return unknown() };
        let own = self.scope.own.clone().filter(|_| before == ["Self"]);
        let found = self.session.code.resolve_all(self.scope.module, before, Space::Type);
        let ((Some(Ty::Item(id, _)), _) | (None, Target::Item(id))) = (own, found) else { return unknown() };
        if !self.session.has_variant(id, variant) {
            return unknown();
        }
        Val::Variant(id, variant.clone(), vec![Val::Struct(id, Rc::new(fields))])
    }
}

/// A literal's value, with a minus before it or not.
pub(in super::super) fn lit(literal: &Lit, minus: bool) -> Val {
    match (number::literal(literal, minus, Wanted::Open), literal) {
        (Some(made), _) => made.map_or_else(|fault| Val::opaque(fault.words()), Val::from),
        (None, Lit::Str(text)) => Val::Text(text.value()),
        _ => Val::opaque("a literal of bytes"),
    }
}

pub(super) fn compare(a: &Val, b: &Val) -> Option<bool> {
    Some(a.json()? == b.json()?)
}
