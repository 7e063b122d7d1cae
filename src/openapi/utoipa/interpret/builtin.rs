//! Functions and methods of the standard library that documents are made with.

use super::eval::{Machine, Stop};
use super::nodes::Node;
use super::place::Step;
use super::value::Val;
use crate::openapi::utoipa::types::Ty;
use crate::rust::tree::ItemId;
use proc_macro2::Span;
use std::collections::BTreeMap;
use syn::ExprMethodCall;
use syn::spanned::Spanned as _;

impl Machine<'_, '_> {
    /// A value as JSON, structs of the repository included where serde's derive is plain.
    pub fn as_json(&self, value: &Val) -> Option<serde_json::Value> {
        value.json()
    }

    /// What a loop goes over.
    pub fn items_of(&mut self, value: &Val) -> Option<Vec<Val>> {
        match value {
            Val::List(list) | Val::Tuple(list) => Some(list.clone()),
            Val::Opt(inner) => Some(inner.iter().map(|one| one.as_ref().clone()).collect()),
            Val::Ref(place) => match self.get(place) {
                Val::List(list) => {
                    let places = (0..list.len()).map(|at| Val::Ref(place.with(Step::Index(at))));
                    Some(places.collect())
                }
                other => self.items_of(&other),
            },
            _ => None,
        }
    }

    /// Functions from outside whose type arguments matter.
    pub(super) fn typed_call(
        &mut self,
        _path: &syn::ExprPath,
        _found: &[String],
        _arguments: &[Val],
    ) -> Result<Option<Val>, Stop> {
        Ok(None)
    }

    /// A function from outside.
    pub(super) fn call_foreign(
        &mut self,
        path: &[String],
        arguments: Vec<Val>,
        _span: Span,
    ) -> Result<Val, Stop> {
        if let Some(value) = self.call_derived(path, &arguments) {
            return Ok(value);
        }
        let last = path.last().map(String::as_str).unwrap_or_default();
        let before =
            path.len().checked_sub(2).and_then(|at| path.get(at)).map(String::as_str).unwrap_or_default();
        let mut arguments = arguments.into_iter();
        let first = arguments.next();
        Ok(match (before, last, first) {
            (_, "Some", Some(value)) => Val::Opt(Some(Box::new(value))),
            (_, "Ok", Some(value)) => Val::Res(Ok(Box::new(value))),
            (_, "Err", Some(value)) => Val::Res(Err(Box::new(value))),
            ("String" | "Cow" | "Box" | "Arc" | "Rc", "from" | "new" | "Borrowed" | "Owned", Some(value)) => {
                self.read(value)
            }
            ("String", "new", None) => Val::Text(String::new()),
            ("Vec", "new" | "with_capacity", _) => Val::List(Vec::new()),
            _ => Val::opaque(&format!("`{}`", path.join("::"))),
        })
    }

    /// What derives bring as functions of a type: `openapi()`, `schema()`, `name()`, `default()`.
    fn call_derived(&mut self, path: &[String], _arguments: &[Val]) -> Option<Val> {
        let [owner, name] = path else { return None };
        let number = owner.strip_prefix('<')?.strip_suffix('>')?.parse().ok()?;
        let id = ItemId(number);
        let ty = Ty::Item(id, Vec::new());
        let tree = self.session.tree_of_item(id);
        match name.as_str() {
            "openapi" if self.session.derives(id, "OpenApi") => {
                let document = self.session.derived_document(id)?;
                Some(Val::Node(Box::new(Node::OpenApi(Box::new(document)))))
            }
            "schema" => {
                let schema = self.session.compose(&ty, &[], &tree);
                Some(Val::Node(Box::new(Node::Schema(schema))))
            }
            "name" => Some(Val::Text(self.session.name_of(&ty, &tree))),
            _ => None,
        }
    }

    /// A struct from outside.
    pub(super) fn foreign_structure(&mut self, path: &[String], _fields: &BTreeMap<String, Val>) -> Val {
        Val::opaque(&format!("`{}`", path.join("::")))
    }

    /// `Thing { field: …, ..rest }` of utoipa.
    pub(super) fn node_structure(&mut self, _node: Node, _made: &syn::ExprStruct) -> Result<Val, Stop> {
        Ok(Val::opaque("a value of utoipa"))
    }

    /// `schema!(…)`.
    pub(super) fn schema_macro(&mut self, _call: &syn::Macro) -> Result<Val, Stop> {
        Ok(Val::opaque("`schema!`"))
    }

    /// A method call.
    pub(super) fn method_call(&mut self, call: &ExprMethodCall) -> Result<Val, Stop> {
        let receiver = match self.place_of(&call.receiver) {
            Some(place) => Val::Ref(place),
            None => self.eval(&call.receiver)?,
        };
        let arguments = self.list(call.args.iter())?;
        let name = call.method.to_string();
        self.method(receiver, &name, arguments, call)
    }

    fn method(
        &mut self,
        receiver: Val,
        name: &str,
        arguments: Vec<Val>,
        call: &ExprMethodCall,
    ) -> Result<Val, Stop> {
        let value = self.read(receiver.clone());
        if let Val::Struct(id, _) | Val::Type(Ty::Item(id, _)) = &value {
            let ty = Ty::Item(*id, Vec::new());
            if let Some(method) = self.session.method(&ty, name) {
                let mut all = vec![receiver];
                all.extend(arguments);
                return self.call_item(method, Some(ty), all, &[]);
            }
        }
        let mut arguments = arguments.into_iter();
        let first = arguments.next();
        let _ = call.span();
        Ok(match (name, &value, first) {
            (
                "to_string" | "to_owned" | "into" | "clone" | "as_str" | "into_string" | "to_str" | "as_ref"
                | "unwrap" | "expect" | "into_owned" | "as_slice" | "to_vec" | "iter" | "into_iter" | "build"
                | "cloned" | "borrow",
                Val::Text(_) | Val::Json(_) | Val::List(_),
                _,
            ) => value,
            ("to_string", _, None) => value.display().map_or_else(|| Val::opaque("a text"), Val::Text),
            ("unwrap" | "expect" | "unwrap_or_default", Val::Opt(Some(inner)) | Val::Res(Ok(inner)), _) => {
                inner.as_ref().clone()
            }
            ("unwrap_or", Val::Opt(inner), Some(other)) => {
                inner.as_ref().map_or(other, |inner| inner.as_ref().clone())
            }
            ("trim", Val::Text(text), _) => Val::Text(text.trim().to_owned()),
            ("to_uppercase" | "to_ascii_uppercase", Val::Text(text), _) => Val::Text(text.to_uppercase()),
            ("to_lowercase" | "to_ascii_lowercase", Val::Text(text), _) => Val::Text(text.to_lowercase()),
            ("is_empty", Val::Text(text), _) => Val::Bool(text.is_empty()),
            ("is_empty", Val::List(list), _) => Val::Bool(list.is_empty()),
            ("len", Val::List(list), _) => Val::Int(i128::try_from(list.len()).unwrap_or(0)),
            ("as_u16" | "as_str" | "into" | "clone", _, None) => value,
            (_, Val::Opaque(what), _) => Val::Opaque(what.clone()),
            _ => Val::opaque(&format!("the method `{name}`")),
        })
    }
}
