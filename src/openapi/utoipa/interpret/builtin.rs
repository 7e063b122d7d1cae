//! Functions from outside, and method calls on every kind of value.

use super::arguments::Arguments;
use super::eval::{Machine, Stop};
use super::nodes::Node;
use super::place::{Place, Step};
use super::value::Val;
use crate::openapi::utoipa::grammar::response::status_code;
use crate::openapi::utoipa::types::{Tree, Ty};
use crate::rust::number::{self, Int, Number, Primitive, Scalar, Wanted};
use crate::rust::tree::ItemId;
use proc_macro2::Span;
use std::collections::BTreeMap;
use syn::ExprMethodCall;
use syn::spanned::Spanned as _;

impl Machine<'_, '_> {
    /// What a loop goes over.
    pub fn items_of(&mut self, value: &Val) -> Option<Vec<Val>> {
        match value {
            Val::List(list) | Val::Tuple(list) => Some(list.clone()),
            Val::Opt(inner) => Some(inner.iter().map(|one| one.as_ref().clone()).collect()),
            Val::Ref(place) => {
                if let Some(entries) = self.entries(place, true) {
                    return Some(entries);
                }
                match self.get(place) {
                    Val::List(list) => {
                        Some((0..list.len()).map(|at| Val::Ref(place.with(Step::Index(at)))).collect())
                    }
                    other => self.items_of(&other),
                }
            }
            _ => None,
        }
    }

    /// The entries of a map of a document, as pairs or only their values; none where the place is no such map.
    fn entries(&mut self, place: &Place, pairs: bool) -> Option<Vec<Val>> {
        let keys = self.keys(place)?;
        let entry = |key: String| {
            let value = Val::Ref(place.with(Step::Key(key.clone())));
            if pairs { Val::Tuple(vec![Val::Text(key), value]) } else { value }
        };
        Some(keys.into_iter().map(entry).collect())
    }

    /// The keys of a map of a document.
    fn keys(&mut self, place: &Place) -> Option<Vec<String>> {
        self.with_node(place, |node| node.keys())
    }

    /// Functions from outside whose type arguments matter: `T::schema()` with a type, `<T as ToSchema>::name()`.
    pub(super) fn typed_call(
        &mut self,
        path: &syn::ExprPath,
        found: &[String],
        arguments: &[Val],
    ) -> Result<Option<Val>, Stop> {
        let name = found.last().map(String::as_str).unwrap_or_default();
        if !matches!(name, "schema" | "name" | "schemas" | "compose") {
            return Ok(None);
        }
        let scope = self.scope.clone();
        let ty = match &path.qself {
            Some(qself) => qself.ty.as_ref().clone(),
            None => {
                let mut owner = path.path.clone();
                owner.segments.pop();
                owner.segments.pop_punct();
                if owner.segments.is_empty() {
                    return Ok(None);
                }
                syn::Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path: owner })
            }
        };
        let Ok(tree) = Tree::of(&ty, self.session.dialect) else { return Ok(None) };
        if matches!(self.session.resolve_type(&scope, &ty), Ty::Unknown(_)) {
            return Ok(None);
        }
        Ok(match name {
            "schema" => {
                let schema = self.session.compose(&self.session.resolve_type(&scope, &ty), &[], &tree);
                Some(Node::Schema(schema).val())
            }
            "name" => Some(Val::Text(self.session.name_of(&self.session.resolve_type(&scope, &ty), &tree))),
            "schemas" => {
                let resolved = self.session.resolve_type(&scope, &ty);
                let list = self.session.collect(&resolved);
                if let Some(Val::Ref(place)) = arguments.first().cloned() {
                    let mut all = match self.get(&place) {
                        Val::List(all) => all,
                        _ => Vec::new(),
                    };
                    for (name, schema, _) in &list.list {
                        let schema = Node::Schema(schema.as_ref().clone()).val();
                        all.push(Val::Tuple(vec![Val::Text(name.clone()), schema]));
                    }
                    self.set(&place, Val::List(all));
                }
                Some(Val::Unit)
            }
            _ => None,
        })
    }

    /// A function from outside.
    pub(super) fn call_foreign(
        &mut self,
        path: &[String],
        arguments: Vec<Val>,
        span: Span,
    ) -> Result<Val, Stop> {
        if let Some(value) = self.call_derived(path).or_else(|| self.call_of_number(path, &arguments)) {
            return Ok(value);
        }
        let last = path.last().map(String::as_str).unwrap_or_default();
        let owner =
            path.len().checked_sub(2).and_then(|at| path.get(at)).map(String::as_str).unwrap_or_default();
        if path.first().is_some_and(|krate| krate.starts_with("utoipa")) {
            let mut from = Arguments::new(arguments.clone(), span);
            if let Some(node) = self.router_function(path, &mut from)? {
                return Ok(node.val());
            }
            let mut from = Arguments::new(arguments.clone(), span);
            if let Some(node) = self.utoipa_function(owner, last, &mut from)? {
                return Ok(node.val());
            }
        }
        if let ("Display", "fmt", [value, formatter]) = (owner, last, arguments.as_slice()) {
            return self.method(value.clone(), "fmt", vec![formatter.clone()], span);
        }
        let mut arguments = arguments.into_iter();
        let first = arguments.next();
        Ok(match (owner, last, first) {
            (_, "Some", Some(value)) => Val::Opt(Some(Box::new(value))),
            (_, "Ok", Some(value)) => Val::Res(Ok(Box::new(value))),
            (_, "Err", Some(value)) => Val::Res(Err(Box::new(value))),
            ("String" | "Cow" | "Box" | "Arc" | "Rc", "from" | "new" | "Borrowed" | "Owned", Some(value)) => {
                self.read(value)
            }
            ("String", "new", None) => Val::Text(String::new()),
            (
                "Vec" | "BTreeMap" | "HashMap" | "IndexMap" | "BTreeSet" | "HashSet",
                "new" | "with_capacity" | "default",
                _,
            ) => Val::List(Vec::new()),
            ("Vec" | "BTreeMap" | "HashMap" | "IndexMap", "from" | "from_iter", Some(value)) => {
                self.read(value)
            }
            ("Value", "String" | "from" | "Bool" | "Number" | "Array", Some(value)) => {
                let value = self.read(value);
                self.as_json(&value).map_or_else(|| Val::opaque("a JSON value"), Val::Json)
            }
            (_, "to_value", Some(value)) => {
                let value = self.read(value);
                match self.as_json(&value) {
                    Some(json) => Val::Res(Ok(Box::new(Val::Json(json)))),
                    None => Val::opaque("a value that is serialised"),
                }
            }
            ("iter", "once", Some(value)) => Val::List(vec![value]),
            ("Router", "new", None) if path.first().is_some_and(|krate| krate == "axum") => Node::Plain.val(),
            (_, "default", None) => {
                super::defaults::default_of_std(owner).unwrap_or_else(|| Val::opaque("a default value"))
            }
            ("Value", "from" | "String", None) => Val::opaque("a JSON value"),
            _ => Val::opaque(&format!("`{}`", path.join("::"))),
        })
    }

    /// A function of a number type: `u64::from(…)`.
    fn call_of_number(&mut self, path: &[String], arguments: &[Val]) -> Option<Val> {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        let ["std" | "core", owner, name] = *parts.as_slice() else {
            return None;
        };
        let ty = Primitive::of(owner)?;
        let scalars = arguments.iter().map(|one| self.read(one.clone()).scalar());
        let made = number::call(ty, name, &scalars.collect::<Option<Vec<_>>>()?)?;
        Some(made.map_or_else(|fault| Val::opaque(fault.words()), Val::from))
    }

    /// A constant from outside.
    pub(super) fn foreign_constant(&self, path: &[String]) -> Option<Val> {
        let last = path.last()?;
        let owner = path.len().checked_sub(2).and_then(|at| path.get(at)).map(String::as_str)?;
        if path.first().is_some_and(|krate| krate.starts_with("utoipa"))
            && let Some(node) = self.utoipa_constant(owner, last)
        {
            return Some(node.val());
        }
        match owner {
            "StatusCode" => status_code(last).map(|code| Val::Number(Number::of(code.into(), Int::U16))),
            owner if matches!(path.first().map(String::as_str), Some("std" | "core")) => {
                number::associated(Primitive::of(owner)?, last).map(Val::Number)
            }
            "header" => header_name(last).map(Val::Text),
            "Value" if last == "Null" => Some(Val::Json(serde_json::Value::Null)),
            _ => None,
        }
    }

    /// What derives bring as functions of a type: `openapi()`, `schema()`, `name()`, `default()`.
    fn call_derived(&mut self, path: &[String]) -> Option<Val> {
        let [owner, name] = path else { return None };
        let number = owner.strip_prefix('<')?.strip_suffix('>')?.parse().ok()?;
        let id = ItemId(number);
        let ty = Ty::Item(id, Vec::new());
        let tree = self.session.tree_of_item(id);
        match name.as_str() {
            "openapi" if self.session.derives(id, "OpenApi") => {
                let document = self.session.derived_document(id)?;
                Some(Node::OpenApi(Box::new(document)).val())
            }
            "schema" => Some(Node::Schema(self.session.compose(&ty, &[], &tree)).val()),
            "name" => Some(Val::Text(self.session.name_of(&ty, &tree))),
            "default" => self.default_of(&ty, 0),
            "iter" if self.session.derives(id, "EnumIter") => self.variants(id).map(Val::List),
            "path" => Some(Val::Text(self.session.handler_of_type(id)?.path)),
            "operation" => Some(Node::Operation(self.session.handler_of_type(id)?.operation).val()),
            _ => None,
        }
    }

    /// A struct from outside.
    pub(super) fn foreign_structure(&mut self, path: &[String], fields: &BTreeMap<String, Val>) -> Val {
        let owner = path.last().map(String::as_str).unwrap_or_default();
        let mut from = Arguments::new(Vec::new(), Span::call_site());
        if let Ok(Some(mut node)) = self.utoipa_function(owner, "new", &mut from) {
            for (name, value) in fields {
                let mut from = Arguments::new(vec![value.clone()], Span::call_site());
                if !matches!(self.build(&mut node, name, &mut from), Ok(true)) {
                    return Val::opaque(&format!("`{}`", path.join("::")));
                }
            }
            return node.val();
        }
        Val::opaque(&format!("`{}`", path.join("::")))
    }

    /// `Thing { field: …, ..rest }` of utoipa.
    pub(super) fn node_structure(&mut self, mut node: Node, made: &syn::ExprStruct) -> Result<Val, Stop> {
        for field in &made.fields {
            let syn::Member::Named(name) = &field.member else { continue };
            let value = self.eval(&field.expr)?;
            let mut from = Arguments::new(vec![value], field.span());
            if !self.build(&mut node, &name.to_string(), &mut from)? {
                return Err(Stop::new(
                    "method",
                    Some(field.span()),
                    "the field of a value of utoipa is not known",
                ));
            }
        }
        Ok(node.val())
    }

    /// `schema!(…)`.
    pub(super) fn schema_macro(&mut self, call: &syn::Macro) -> Result<Val, Stop> {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let mut inline = false;
            if input.peek(syn::Token![#]) {
                input.parse::<syn::Token![#]>()?;
                let inside;
                syn::bracketed!(inside in input);
                inline = inside.parse::<syn::Ident>()? == "inline";
            }
            Ok((inline, input.parse::<syn::Type>()?))
        };
        let Ok((inline, ty)) = syn::parse::Parser::parse2(parser, call.tokens.clone()) else {
            return Ok(Val::opaque("`schema!`"));
        };
        let Ok(tree) = Tree::of(&ty, self.session.dialect) else { return Ok(Val::opaque("`schema!`")) };
        let scope = self.scope.clone();
        let at = crate::openapi::utoipa::lower::component::Use { scope: &scope, parameters: &[], given: &[] };
        let features = vec![crate::openapi::utoipa::grammar::feature::Feature::Inline(inline)];
        Ok(Node::Schema(self.session.component(&at, &tree, features, None, &mut Vec::new())).val())
    }

    /// A method call.
    pub(super) fn method_call(&mut self, call: &ExprMethodCall) -> Result<Val, Stop> {
        let receiver = match self.place_of(&call.receiver) {
            Some(place) => Val::Ref(place),
            None => self.eval_as(&call.receiver, Wanted::Fallback)?,
        };
        let name = call.method.to_string();
        let mut arguments = self.method_arguments(call, &receiver)?;
        if let Some(types) = &call.turbofish
            && matches!(
                name.as_str(),
                "schema_from" | "response_from" | "path_from" | "responses_from_into_responses"
            )
        {
            let Some(syn::GenericArgument::Type(ty)) = types.args.first() else {
                return Ok(Val::opaque("a type argument"));
            };
            let scope = self.scope.clone();
            let resolved = self.session.resolve_type(&scope, ty);
            let Ok(tree) = Tree::of(ty, self.session.dialect) else {
                return Ok(Val::opaque("a type argument"));
            };
            match name.as_str() {
                "schema_from" => {
                    let schema = self.session.compose(&resolved, &[], &tree);
                    arguments =
                        vec![Val::Text(self.session.name_of(&resolved, &tree)), Node::Schema(schema).val()];
                    return self.method(receiver, "schema", arguments, call.span());
                }
                "response_from" => {
                    let (name, response) = self.session.to_response(&resolved, ty.span());
                    arguments = vec![Val::Text(name), Node::Response(response).val()];
                    return self.method(receiver, "response", arguments, call.span());
                }
                _ => {}
            }
        }
        self.method(receiver, &name, arguments, call.span())
    }

    pub(super) fn method(
        &mut self,
        receiver: Val,
        name: &str,
        arguments: Vec<Val>,
        span: Span,
    ) -> Result<Val, Stop> {
        if let Val::Ref(place) = &receiver
            && let Some(result) = self.place_method(&place.clone(), name, &arguments, span)?
        {
            return Ok(result);
        }
        let value = super::router::put_together(self.read(receiver.clone()));
        // Lists can double with every call, as in `a.chain(a)`.
        if matches!(value, Val::List(_)) && !self.session.charge(value.weight()) {
            return Err(Stop::new("endless", Some(span), "gave up here: the evaluation makes too much"));
        }
        if let Some((method, ty)) = self.own_method(&value, name) {
            let mut all = vec![receiver];
            all.extend(arguments);
            return self.call_item(method, Some(ty), all, &[]);
        }
        match value {
            other @ Val::Variant(id, ..) if name == "as_ref" && self.session.derives(id, "AsRefStr") => {
                Ok(self.strum_text(&other).map_or_else(|| Val::opaque("a text"), Val::Text))
            }
            other if name == "fmt" => Ok(match (self.shown(&other), arguments.first()) {
                (Some(text), Some(Val::Ref(place))) => self.append(&place.clone(), &text),
                _ => Val::opaque("a text that is written"),
            }),
            other if name == "to_string" && arguments.is_empty() => {
                Ok(self.shown(&other).map_or_else(|| Val::opaque("a text"), Val::Text))
            }
            Val::Node(node) => self.node_method(*node, &receiver, name, arguments, span),
            Val::List(list) => self.list_method(list, &receiver, name, arguments, span),
            Val::Opt(inner) => self.option_method(inner, name, arguments, span),
            Val::Res(inner) => Ok(match (inner, name) {
                (Ok(inner), "unwrap" | "expect" | "unwrap_or_default") => *inner,
                (Ok(inner), "ok") => Val::Opt(Some(inner)),
                _ => Val::opaque("a result"),
            }),
            Val::Opaque(what) if name == "into_utoipa_app" => {
                let _ = what;
                Ok(Node::Router(Box::new(self.binding("utoipa-actix-web"))).val())
            }
            other => Ok(self.plain_method(other, name, arguments)),
        }
    }

    /// A method of the repository on a value: of its own types, or of its own traits on utoipa's.
    pub(super) fn own_method(&self, value: &Val, name: &str) -> Option<(ItemId, Ty)> {
        let types = match value {
            Val::Struct(id, _) | Val::Variant(id, ..) => vec![Ty::Item(*id, Vec::new())],
            Val::Type(ty) => vec![ty.clone()],
            Val::Node(node) => {
                let own = node.type_names().iter().filter(|owner| !super::router::inherent(owner, name));
                let of =
                    |owner: &&str| Ty::Foreign(vec!["utoipa".to_owned(), (*owner).to_owned()], Vec::new());
                own.map(of).collect()
            }
            _ => Vec::new(),
        };
        types.into_iter().find_map(|ty| Some((self.session.method(&ty, name)?, ty)))
    }

    /// Methods that change what a reference leads to.
    fn place_method(
        &mut self,
        place: &Place,
        name: &str,
        arguments: &[Val],
        span: Span,
    ) -> Result<Option<Val>, Stop> {
        match name {
            "write_str" | "pad" | "write_char" if matches!(self.get(place), Val::Text(_)) => {
                let given = arguments.first().map(|one| self.read(one.clone()));
                if let Some(text) = given.and_then(|one| one.text()) {
                    return Ok(Some(self.append(place, &text)));
                }
            }
            "as_mut" | "as_deref_mut" | "as_ref" | "as_deref" => match self.get(place) {
                Val::Opt(Some(_)) => {
                    let inner = Val::Ref(place.with(Step::Inside));
                    return Ok(Some(Val::Opt(Some(Box::new(inner)))));
                }
                Val::Opt(None) => return Ok(Some(Val::Opt(None))),
                _ => return Ok(Some(Val::Ref(place.clone()))),
            },
            "get_or_insert_with" | "get_or_insert_default" | "get_or_insert" => {
                if matches!(self.get(place), Val::Opt(None)) {
                    let given = arguments.first().map(|one| self.read(one.clone()));
                    let kept = match (name, given) {
                        ("get_or_insert", Some(value)) => self.set(place, Val::Opt(Some(Box::new(value)))),
                        _ => false,
                    };
                    if !kept && self.with_node(place, |at| Some(at.fill().is_some())) != Some(true) {
                        return Err(Stop::new("method", Some(span), "the part of a document is not known"));
                    }
                }
                return Ok(Some(Val::Ref(place.with(Step::Inside))));
            }
            "iter_mut" | "iter" => {
                if let Some(entries) = self.entries(place, true) {
                    return Ok(Some(Val::List(entries)));
                }
            }
            "values_mut" | "values" => {
                if let Some(entries) = self.entries(place, false) {
                    return Ok(Some(Val::List(entries)));
                }
            }
            "get_mut" | "get" | "contains_key" => {
                if let Some(keys) = self.keys(place)
                    && let Some(key) =
                        arguments.first().map(|one| self.read(one.clone())).and_then(|one| one.text())
                {
                    let there = keys.contains(&key);
                    if name == "contains_key" {
                        return Ok(Some(Val::Bool(there)));
                    }
                    let found = there.then(|| Box::new(Val::Ref(place.with(Step::Key(key)))));
                    return Ok(Some(Val::Opt(found)));
                }
            }
            _ => {}
        }
        self.place_change(place, name, arguments, span)
    }

    fn place_change(
        &mut self,
        place: &Place,
        name: &str,
        arguments: &[Val],
        span: Span,
    ) -> Result<Option<Val>, Stop> {
        let unknown = || Stop::new("method", Some(span), "what changes the document here is not known");
        let is_part = self.with_node(place, |_| Some(())).is_some();
        let values: Vec<Val> = arguments.iter().map(|one| self.read(one.clone())).collect();
        match (name, values.as_slice()) {
            ("insert", [key, value]) if self.keys(place).is_some() => {
                let key = key.text().ok_or_else(unknown)?;
                let Val::Node(node) = value.clone() else { return Err(unknown()) };
                let node = match *node {
                    Node::OpenApi(_) => return Err(unknown()),
                    node => node,
                };
                self.with_node(place, |at| at.insert(key, node)).ok_or_else(unknown)?;
                Ok(Some(Val::Unit))
            }
            ("insert" | "add", [key, value])
                if self
                    .with_node(place, |at| matches!(at, super::nodes::NodeMut::Extensions(_)).then_some(()))
                    .is_some() =>
            {
                let key = key.text().ok_or_else(unknown)?;
                let json = self.as_json(value).ok_or_else(unknown)?;
                self.with_node(place, |at| match at {
                    super::nodes::NodeMut::Extensions(extensions) => {
                        extensions.insert(key, json).map_or(Some(()), |_| Some(()))
                    }
                    _ => None,
                });
                Ok(Some(Val::Unit))
            }
            ("remove" | "shift_remove" | "swap_remove", [key]) if is_part => {
                let key = key.text().ok_or_else(unknown)?;
                self.with_node(place, |at| at.remove(&key)).ok_or_else(unknown)?;
                Ok(Some(Val::Unit))
            }
            ("push" | "push_str", [value]) if is_part => {
                let value = value.clone();
                self.with_node(place, |at| at.push(value)).ok_or_else(unknown)?;
                Ok(Some(Val::Unit))
            }
            ("extend" | "append", [value]) if is_part => {
                let list = self.items_of(value).ok_or_else(unknown)?;
                for one in list {
                    self.extend_part(place, one).ok_or_else(unknown)?;
                }
                Ok(Some(Val::Unit))
            }
            ("take", []) => {
                let value = self.get(place);
                self.set(place, Val::Opt(None));
                Ok(Some(value))
            }
            ("push" | "extend" | "insert" | "append", _) => Ok(self.local_change(place, name, values)),
            ("retain" | "clear" | "sort" | "sort_by" | "dedup" | "entry" | "drain" | "for_each_mut", _)
                if is_part =>
            {
                Err(unknown())
            }
            _ => Ok(None),
        }
    }

    fn extend_part(&mut self, place: &Place, value: Val) -> Option<()> {
        let value = self.read(value);
        match value {
            Val::Tuple(pair) => {
                let [key, value] = <[Val; 2]>::try_from(pair).ok()?;
                let key = self.read(key).text()?;
                let Val::Node(node) = self.read(value) else { return None };
                self.with_node(place, |at| at.insert(key, *node))
            }
            value => self.with_node(place, |at| at.push(value)),
        }
    }

    /// `push`, `extend` and `insert` on a list that is a variable.
    fn local_change(&mut self, place: &Place, name: &str, values: Vec<Val>) -> Option<Val> {
        let weight: usize = values.iter().map(Val::weight).sum();
        let mut list = match self.get(place) {
            _ if !self.session.charge(weight) => return None,
            Val::List(list) => list,
            Val::Text(_) if name == "push" => {
                let added = values.first()?.text()?;
                return matches!(self.append(place, &added), Val::Res(_)).then_some(Val::Unit);
            }
            _ => return None,
        };
        match (name, values.as_slice()) {
            ("push", [value]) => list.push(value.clone()),
            ("insert", [key, value]) => list.push(Val::Tuple(vec![key.clone(), value.clone()])),
            ("extend" | "append", [value]) => list.extend(self.items_of(value)?),
            _ => return None,
        }
        self.set(place, Val::List(list)).then_some(Val::Unit)
    }

    fn node_method(
        &mut self,
        mut node: Node,
        receiver: &Val,
        name: &str,
        arguments: Vec<Val>,
        span: Span,
    ) -> Result<Val, Stop> {
        let from = Arguments::new(arguments.clone(), span);
        if matches!(node, Node::Router(_) | Node::Scope(..) | Node::Routes(..) | Node::Plain) {
            if name == "get_openapi_mut"
                && let Val::Ref(place) = receiver
            {
                return Ok(Val::Ref(place.clone()));
            }
            return match self.router_method(node, name, from)? {
                Some(value) => {
                    if let (Val::Ref(place), true) = (receiver, matches!(name, "service" | "configure")) {
                        self.set(place, value);
                        return Ok(Val::Ref(place.clone()));
                    }
                    Ok(value)
                }
                None => Err(Stop::new(
                    "method",
                    Some(span),
                    &format!("the method `{name}` of a router is not known"),
                )),
            };
        }
        if name == "to_pretty_json" || name == "to_json" || name == "to_yaml" {
            return Ok(Val::opaque("a document as text"));
        }
        let mut from = from;
        if self.build(&mut node, name, &mut from)? {
            if let Val::Ref(place) = receiver {
                self.set(place, Val::Node(Box::new(node.clone())));
            }
            return Ok(node.val());
        }
        Err(Stop::new(
            "method",
            Some(span),
            &format!("the method `{name}` of a value of utoipa is not known"),
        ))
    }

    fn list_method(
        &mut self,
        list: Vec<Val>,
        receiver: &Val,
        name: &str,
        arguments: Vec<Val>,
        span: Span,
    ) -> Result<Val, Stop> {
        let first = arguments.into_iter().next();
        Ok(match (name, first) {
            ("iter_mut" | "iter" | "into_iter", None) => match receiver {
                Val::Ref(_) => self.items_of(receiver).map_or_else(|| Val::opaque("a list"), Val::List),
                _ => Val::List(list),
            },
            (
                "to_vec" | "clone" | "into" | "as_slice" | "cloned" | "copied" | "collect" | "to_owned"
                | "as_ref" | "into_boxed_slice" | "unwrap" | "build" | "by_ref",
                None,
            ) => Val::List(list),
            ("map" | "for_each" | "filter_map" | "flat_map" | "filter", Some(function)) => {
                self.list_calls(list, name, &function, span)?
            }
            ("flatten", None) => self.flattened(list),
            ("chain", Some(other)) => match self.items_of(&other) {
                Some(more) => Val::List(list.into_iter().chain(more).collect()),
                None => Val::opaque("a list"),
            },
            ("rev", None) => Val::List(list.into_iter().rev().collect()),
            ("len", None) => Val::count(list.len()),
            ("is_empty", None) => Val::Bool(list.is_empty()),
            ("join", Some(separator)) => {
                let texts: Option<Vec<String>> = list.iter().map(Val::text).collect();
                match (texts, separator.text()) {
                    (Some(texts), Some(separator)) => Val::Text(texts.join(&separator)),
                    _ => Val::opaque("a text"),
                }
            }
            ("concat", None) => {
                let texts: Option<Vec<String>> = list.iter().map(Val::text).collect();
                texts.map_or_else(|| Val::opaque("a text"), |texts| Val::Text(texts.concat()))
            }
            ("first", None) => Val::Opt(list.into_iter().next().map(Box::new)),
            ("last", None) => Val::Opt(list.into_iter().next_back().map(Box::new)),
            ("contains", Some(wanted)) => {
                let wanted = self.read(wanted).json();
                let found = list.iter().map(Val::json).collect::<Option<Vec<_>>>();
                match (wanted, found) {
                    (Some(wanted), Some(found)) => Val::Bool(found.contains(&wanted)),
                    _ => Val::opaque("a comparison"),
                }
            }
            _ => Val::opaque(&format!("the method `{name}` of a list")),
        })
    }

    /// `map`, `filter` and their like.
    fn list_calls(&mut self, list: Vec<Val>, name: &str, function: &Val, span: Span) -> Result<Val, Stop> {
        let mut out = Vec::new();
        for one in list {
            let kept = one.clone();
            let made = self.call(function.clone(), vec![one], span)?;
            match name {
                "filter_map" => match self.read(made) {
                    Val::Opt(Some(inner)) => out.push(*inner),
                    Val::Opt(None) => {}
                    _ => return Ok(Val::opaque("a list")),
                },
                "filter" => match self.read(made) {
                    Val::Bool(true) => out.push(kept),
                    Val::Bool(false) => {}
                    _ => return Ok(Val::opaque("a list")),
                },
                "flat_map" => match self.items_of(&made) {
                    Some(more) => out.extend(more),
                    None => return Ok(Val::opaque("a list")),
                },
                _ => out.push(made),
            }
        }
        Ok(if name == "for_each" { Val::Unit } else { Val::List(out) })
    }

    fn flattened(&mut self, list: Vec<Val>) -> Val {
        let mut out = Vec::new();
        for one in list {
            match &one {
                Val::Ref(place) => match self.inside_option(place) {
                    Some(inner) => out.extend(inner),
                    None => return Val::opaque("a list"),
                },
                _ => match self.items_of(&one) {
                    Some(more) => out.extend(more),
                    None => return Val::opaque("a list"),
                },
            }
        }
        Val::List(out)
    }

    fn option_method(
        &mut self,
        inner: Option<Box<Val>>,
        name: &str,
        arguments: Vec<Val>,
        span: Span,
    ) -> Result<Val, Stop> {
        let mut arguments = arguments.into_iter();
        let first = arguments.next();
        Ok(match (name, inner, first) {
            ("unwrap" | "expect" | "unwrap_or_default" | "unwrap_or" | "unwrap_or_else", Some(inner), _) => {
                *inner
            }
            ("unwrap_or", None, Some(other)) => other,
            ("unwrap_or_default", None, _) => Val::opaque("a default value"),
            ("unwrap_or_else", None, Some(function)) => self.call(function, Vec::new(), span)?,
            ("map", Some(inner), Some(function)) => {
                Val::Opt(Some(Box::new(self.call(function, vec![*inner], span)?)))
            }
            ("and_then", Some(inner), Some(function)) => self.call(function, vec![*inner], span)?,
            ("map" | "and_then", None, _) => Val::Opt(None),
            ("is_some", inner, _) => Val::Bool(inner.is_some()),
            ("is_none", inner, _) => Val::Bool(inner.is_none()),
            ("or", None, Some(other)) => other,
            (
                "clone" | "cloned" | "as_ref" | "as_mut" | "as_deref" | "as_deref_mut" | "into" | "or"
                | "to_owned" | "copied" | "take" | "iter" | "into_iter",
                inner,
                _,
            ) => Val::Opt(inner),
            ("ok_or" | "ok_or_else", Some(inner), _) => Val::Res(Ok(inner)),
            _ => Val::opaque(&format!("the method `{name}` of an option")),
        })
    }

    /// A method of a number.
    fn number_method(&mut self, value: &Val, name: &str, arguments: &[Val]) -> Option<Val> {
        let scalar = value.scalar()?;
        if let (Val::Number(number), "into") = (value, name) {
            return Some(Val::Number(number.converted()));
        }
        let scalars = arguments.iter().map(|one| self.read(one.clone()).scalar());
        let scalars: Vec<Scalar> = scalars.collect::<Option<_>>()?;
        let made = number::method(scalar, name, &scalars)?;
        Some(made.map_or_else(|fault| Val::opaque(fault.words()), Val::from))
    }

    fn plain_method(&mut self, value: Val, name: &str, arguments: Vec<Val>) -> Val {
        if let Some(made) = self.number_method(&value, name, &arguments) {
            return made;
        }
        let first = arguments.into_iter().next();
        match (name, &value, first) {
            (_, Val::Opaque(what), _) => Val::Opaque(what.clone()),
            (
                "to_owned" | "into" | "clone" | "as_str" | "into_string" | "to_str" | "as_ref" | "unwrap"
                | "expect" | "into_owned" | "borrow" | "build" | "as_u16" | "deref",
                _,
                _,
            ) => value,
            ("to_string", _, None) => value.display().map_or_else(|| Val::opaque("a text"), Val::Text),
            ("trim", Val::Text(text), _) => Val::Text(text.trim().to_owned()),
            ("trim_start", Val::Text(text), _) => Val::Text(text.trim_start().to_owned()),
            ("trim_end", Val::Text(text), _) => Val::Text(text.trim_end().to_owned()),
            ("to_uppercase" | "to_ascii_uppercase", Val::Text(text), _) => Val::Text(text.to_uppercase()),
            ("to_lowercase" | "to_ascii_lowercase", Val::Text(text), _) => Val::Text(text.to_lowercase()),
            ("is_empty", Val::Text(text), _) => Val::Bool(text.is_empty()),
            ("len", Val::Text(text), _) => Val::count(text.len()),
            ("starts_with", Val::Text(text), Some(Val::Text(start))) => Val::Bool(text.starts_with(&start)),
            ("ends_with", Val::Text(text), Some(Val::Text(end))) => Val::Bool(text.ends_with(&end)),
            ("contains", Val::Text(text), Some(Val::Text(part))) => Val::Bool(text.contains(&part)),
            _ => Val::opaque(&format!("the method `{name}`")),
        }
    }
}

/// The text of a constant of `http::header`.
fn header_name(constant: &str) -> Option<String> {
    let plain = constant.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    (plain && !constant.is_empty()).then(|| constant.to_ascii_lowercase().replace('_', "-"))
}
