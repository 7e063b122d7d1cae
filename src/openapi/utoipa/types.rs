//! Types twice: as utoipa's macros see them (text, by the last part of a path) and as the compiler does (resolved).

use super::dialect::{Dialect, Generic};
use crate::rust::resolve::{Space, Target};
use crate::rust::tree::{ItemId, ModuleId};
use proc_macro2::Span;
use std::collections::BTreeMap;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{GenericArgument, Path, PathArguments, Type, TypeParamBound};

/// What kind of value utoipa's macros take a type for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    Primitive,
    Object,
    Tuple,
    /// Anything: `serde_json::Value`.
    Value,
}

/// A type as the macros see it.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// Of tuples nothing; of arrays and slices `Array`.
    pub path: Option<Rc<Path>>,
    pub kind: ValueKind,
    pub generic: Option<Generic>,
    /// Generic arguments, or a tuple's parts.
    pub children: Option<Vec<Tree>>,
    pub span: Span,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
            && self.kind == other.kind
            && self.generic == other.generic
            && self.children == other.children
    }
}

/// Types nested deeper than this are not looked into.
const DEEPEST: usize = 48;

/// Parts of one type, aliases and defaults of parameters followed, which can double with every alias; a type of people has
/// ten.
const MOST_PARTS: usize = 2_000;

/// Stands for a type of which this is all that is known.
pub(super) const TOO_LARGE: &str = "a type that is nested too deep or made of too many parts";

impl Tree {
    /// Reads a type; an error says what utoipa does not understand either.
    pub fn of(ty: &Type, dialect: &Dialect) -> Result<Self, &'static str> {
        Self::deep(ty, dialect, 0)
    }

    fn deep(ty: &Type, dialect: &Dialect, depth: usize) -> Result<Self, &'static str> {
        if depth > DEEPEST {
            return Err("the type is nested too deep");
        }
        match ty {
            Type::Reference(inner) => Self::deep(&inner.elem, dialect, depth + 1),
            Type::Group(inner) => Self::deep(&inner.elem, dialect, depth + 1),
            Type::Path(path) => Self::of_path(&path.path, dialect, depth),
            Type::Tuple(tuple) => {
                let parts: Result<Vec<_>, _> =
                    tuple.elems.iter().map(|part| Self::deep(part, dialect, depth + 1)).collect();
                let parts = parts?;
                Ok(Self {
                    path: None,
                    kind: ValueKind::Tuple,
                    generic: None,
                    children: (!parts.is_empty()).then_some(parts),
                    span: ty.span(),
                })
            }
            Type::Slice(slice) => Self::array(&slice.elem, dialect, depth, ty.span()),
            Type::Array(array) => Self::array(&array.elem, dialect, depth, ty.span()),
            Type::TraitObject(object) => {
                let bound = object.bounds.iter().find_map(|bound| match bound {
                    TypeParamBound::Trait(bound) => Some(&bound.path),
                    _ => None,
                });
                Self::of_path(bound.ok_or("a trait object without a trait")?, dialect, depth)
            }
            _ => Err("utoipa understands paths, tuples, references, arrays, slices and trait objects"),
        }
    }

    fn array(element: &Type, dialect: &Dialect, depth: usize, span: Span) -> Result<Self, &'static str> {
        let path = Path::from(syn::Ident::new("Array", span));
        Ok(Self {
            path: Some(Rc::new(path)),
            kind: ValueKind::Object,
            generic: Some(Generic::List),
            children: Some(vec![Self::deep(element, dialect, depth + 1)?]),
            span,
        })
    }

    fn of_path(path: &Path, dialect: &Dialect, depth: usize) -> Result<Self, &'static str> {
        let last = path.segments.last().ok_or("an empty path")?;
        let name = last.ident.to_string();
        let kind = if dialect.primitive(&name).is_some() {
            ValueKind::Primitive
        } else if name == "Value" {
            ValueKind::Value
        } else {
            ValueKind::Object
        };
        let mut tree = Self {
            path: Some(Rc::new(path.clone())),
            kind,
            generic: None,
            children: None,
            span: path.span(),
        };
        match &last.arguments {
            PathArguments::None => {}
            PathArguments::Parenthesized(_) => return Err("utoipa does not understand function types"),
            PathArguments::AngleBracketed(arguments) => {
                tree.generic = dialect.generic(&name);
                let mut children = Vec::new();
                for argument in &arguments.args {
                    match argument {
                        GenericArgument::Type(ty) => children.push(Self::deep(ty, dialect, depth + 1)?),
                        GenericArgument::Lifetime(_) | GenericArgument::Const(_) => {}
                        _ => return Err("utoipa understands types and lifetimes as generic arguments"),
                    }
                }
                tree.children = (!children.is_empty()).then_some(children);
            }
        }
        Ok(tree)
    }

    /// The last part of the path.
    pub fn name(&self) -> String {
        let last = self.path.as_ref().and_then(|path| path.segments.last());
        last.map(|segment| segment.ident.to_string()).unwrap_or_default()
    }

    /// Whether it or one of its parts has this name.
    pub fn mentions(&self, name: &str) -> bool {
        let own =
            self.path.as_ref().and_then(|path| path.segments.last()).is_some_and(|last| last.ident == name);
        own || self.children.iter().flatten().any(|child| child.mentions(name))
    }

    /// `Option<…>`.
    pub fn is_option(&self) -> bool {
        self.generic == Some(Generic::Option)
    }

    /// `HashMap<…>` and its like.
    pub fn is_map(&self) -> bool {
        self.generic == Some(Generic::Map)
    }

    /// The generic argument of a number.
    pub fn child(&self, at: usize) -> Option<&Self> {
        self.children.as_ref().and_then(|children| children.get(at))
    }
}

/// A type as the compiler sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Ty {
    /// A struct or enum of the repository, and its arguments.
    Item(ItemId, Vec<Ty>),
    /// Something from outside, crate first; primitives are `std::u8`.
    Foreign(Vec<String>, Vec<Ty>),
    /// `[T]` and `[T; N]`.
    Slice(Box<Ty>),
    /// A tuple; `()` is empty.
    Tuple(Vec<Ty>),
    /// Not found, or more than types can say here; the text.
    Unknown(String),
}

impl Ty {
    /// How many types it is made of.
    fn parts(&self) -> usize {
        match self {
            Self::Item(_, list) | Self::Foreign(_, list) | Self::Tuple(list) => {
                list.iter().map(Self::parts).sum::<usize>() + 1
            }
            Self::Slice(inner) => inner.parts() + 1,
            Self::Unknown(_) => 1,
        }
    }

    /// A primitive or other type of `std`.
    pub fn std(name: &str) -> Self {
        Self::Foreign(vec!["std".to_owned(), name.to_owned()], Vec::new())
    }
}

/// Well-known aliases of other crates' types under the name of what they are.
fn canonical(path: Vec<String>) -> Vec<String> {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["sea_orm" | "sqlx" | "sea_query" | "diesel", .., "JsonValue"] | ["sea_orm", "prelude", "Json"] => {
            vec!["serde_json".to_owned(), "Value".to_owned()]
        }
        _ => path,
    }
}

/// Where a type or expression is read: the module, what generic parameters stand for, and `Self`.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub module: ModuleId,
    pub generics: Rc<BTreeMap<String, Ty>>,
    pub own: Option<Ty>,
}

impl Scope {
    pub fn new(module: ModuleId) -> Self {
        Self { module, generics: Rc::default(), own: None }
    }
}

/// A path's parts as text, `::` at the front as an empty first part.
pub(super) fn parts(path: &Path) -> Vec<String> {
    let mut parts: Vec<String> = Vec::with_capacity(path.segments.len() + 1);
    if path.leading_colon.is_some() {
        parts.push(String::new());
    }
    parts.extend(path.segments.iter().map(|segment| {
        let text = segment.ident.to_string();
        text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
    }));
    parts
}

impl super::session::Session<'_> {
    /// An item as a type that is named somewhere.
    pub fn tree_of_item(&self, id: ItemId) -> Tree {
        Tree {
            path: syn::parse_str(&self.code.item(id).outline.name).ok().map(Rc::new),
            kind: ValueKind::Object,
            generic: None,
            children: None,
            span: Span::call_site(),
        }
    }

    /// What a type means in a scope.
    pub fn resolve_type(&self, scope: &Scope, ty: &Type) -> Ty {
        self.type_deep(scope, ty, 0)
    }

    /// Whether a type may have so many more parts.
    fn grows(&self, parts: usize, depth: usize) -> bool {
        let before = if depth == 0 { 0 } else { self.type_parts.get() };
        self.type_parts.set(before.saturating_add(parts));
        before.saturating_add(parts) <= MOST_PARTS && self.charge(parts)
    }

    fn type_deep(&self, scope: &Scope, ty: &Type, depth: usize) -> Ty {
        if depth > DEEPEST || !self.grows(1, depth) {
            return Ty::Unknown(TOO_LARGE.to_owned());
        }
        match ty {
            Type::Reference(inner) => self.type_deep(scope, &inner.elem, depth + 1),
            Type::Group(inner) => self.type_deep(scope, &inner.elem, depth + 1),
            Type::Paren(inner) => self.type_deep(scope, &inner.elem, depth + 1),
            Type::Slice(inner) => Ty::Slice(Box::new(self.type_deep(scope, &inner.elem, depth + 1))),
            Type::Array(inner) => Ty::Slice(Box::new(self.type_deep(scope, &inner.elem, depth + 1))),
            Type::Tuple(tuple) => {
                Ty::Tuple(tuple.elems.iter().map(|part| self.type_deep(scope, part, depth + 1)).collect())
            }
            Type::Path(path) if path.qself.is_none() => self.path_type_deep(scope, &path.path, depth),
            _ => Ty::Unknown("a type that only the compiler knows".to_owned()),
        }
    }

    /// What a path means as a type.
    pub fn path_type(&self, scope: &Scope, path: &Path) -> Ty {
        self.grows(1, 0);
        self.path_type_deep(scope, path, 0)
    }

    fn path_type_deep(&self, scope: &Scope, path: &Path, depth: usize) -> Ty {
        let parts = parts(path);
        if let [name] = parts.as_slice() {
            let known = scope.generics.get(name).or(scope.own.as_ref().filter(|_| name == "Self"));
            if let Some(known) = known {
                // What stands for a parameter is copied to each place that names it.
                let fits = self.grows(known.parts(), depth.max(1));
                return if fits { known.clone() } else { Ty::Unknown(TOO_LARGE.to_owned()) };
            }
            if name == "Self" {
                return Ty::Unknown("Self".to_owned());
            }
        }
        let arguments = self.arguments(scope, path, depth);
        match self.code.resolve_all(scope.module, &parts, Space::Type) {
            Target::Item(id) => self.named_item(id, arguments, depth),
            Target::Foreign(path) => Ty::Foreign(canonical(path), arguments),
            _ => Ty::Unknown(parts.join("::")),
        }
    }

    fn arguments(&self, scope: &Scope, path: &Path, depth: usize) -> Vec<Ty> {
        let Some(PathArguments::AngleBracketed(list)) = path.segments.last().map(|last| &last.arguments)
        else {
            return Vec::new();
        };
        let types = list.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(self.type_deep(scope, ty, depth + 1)),
            _ => None,
        });
        types.collect()
    }

    /// An item with arguments: aliases are followed, missing arguments are the parameters' defaults.
    fn named_item(&self, id: ItemId, mut arguments: Vec<Ty>, depth: usize) -> Ty {
        use crate::rust::outline::ItemKind;
        let item = self.code.item(id);
        match item.outline.kind {
            ItemKind::Struct | ItemKind::Enum | ItemKind::Union => {
                if let Some(parsed) = self.derive_input(id) {
                    self.defaults(id, &parsed.input.generics, &mut arguments, depth);
                }
                Ty::Item(id, arguments)
            }
            ItemKind::Alias => {
                let Some(alias) = self.alias(id) else { return Ty::Unknown(item.outline.name.clone()) };
                self.defaults(id, &alias.generics, &mut arguments, depth);
                let scope = self.bind(id, &alias.generics, &arguments);
                self.type_deep(&scope, &alias.ty, depth + 1)
            }
            _ => Ty::Unknown(item.outline.name.clone()),
        }
    }

    fn defaults(&self, id: ItemId, generics: &syn::Generics, arguments: &mut Vec<Ty>, depth: usize) {
        let parameters: Vec<_> = generics.type_params().collect();
        while arguments.len() < parameters.len() {
            let scope = self.bind(id, generics, arguments);
            let parameter = parameters[arguments.len()];
            let next = match &parameter.default {
                Some((_, ty)) => self.type_deep(&scope, ty, depth + 1),
                None => Ty::Unknown(parameter.ident.to_string()),
            };
            arguments.push(next);
        }
    }

    /// The scope inside an item whose parameters stand for arguments.
    pub fn bind(&self, id: ItemId, generics: &syn::Generics, arguments: &[Ty]) -> Scope {
        let names = generics.type_params().map(|parameter| parameter.ident.to_string());
        let bound: BTreeMap<String, Ty> = names.zip(arguments.iter().cloned()).collect();
        Scope {
            module: self.code.item(id).module,
            generics: Rc::new(bound),
            own: Some(Ty::Item(id, arguments.to_vec())),
        }
    }
}
