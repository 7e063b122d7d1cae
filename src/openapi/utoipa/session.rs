//! One reading of a package: its code, what was parsed of it, and what was marked on the way.

use super::dialect::Dialect;
use super::mark::{Mark, Marks};
use super::types::{Scope, Ty};
use crate::base::{Span, Steps};
use crate::diag::Place;
use crate::rust::cfg::Cfg;
use crate::rust::outline::ItemKind;
use crate::rust::tree::{Code, ItemId};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use syn::{Attribute, Meta};

/// A struct or enum, parsed; what `cfg` leaves out is gone, `cfg_attr` is resolved.
#[derive(Debug)]
pub(super) struct Parsed {
    pub input: syn::DeriveInput,
}

/// The alias `type Name<T> = …;`.
#[derive(Debug)]
pub(super) struct Alias {
    pub generics: syn::Generics,
    pub ty: syn::Type,
}

/// A handler or other function.
#[derive(Debug)]
pub(super) struct Function {
    pub attributes: Vec<Attribute>,
    pub signature: syn::Signature,
    /// The statements, where they were asked for.
    pub block: Option<syn::Block>,
}

/// A schema as a document has it.
type Made = utoipa::openapi::RefOr<utoipa::openapi::Schema>;

/// What was parsed already; nothing for what is not understood.
type Parses<K, V> = RefCell<HashMap<K, Option<Rc<V>>>>;

/// One reading.
pub(super) struct Session<'c> {
    pub world: &'c dyn crate::world::World,
    pub code: &'c Code,
    pub dialect: &'c Dialect,
    /// `CARGO_PKG_…` of each crate.
    pub fields: &'c [BTreeMap<&'static str, String>],
    /// The folder of each crate's package.
    pub folders: &'c [crate::base::RelPath],
    /// Versions of the bindings that the lock file pins.
    pub locked: BTreeMap<String, String>,
    pub marks: RefCell<Marks>,
    inputs: Parses<ItemId, Parsed>,
    functions: Parses<(ItemId, bool), Function>,
    aliases: Parses<ItemId, Alias>,
    pub impls: std::cell::OnceCell<super::implementations::Implementations>,
    /// Schemas that types bring, last one of a name wins.
    pub collected: RefCell<HashMap<Ty, Rc<super::lower::collect::Collected>>>,
    /// Schemas of types without given ones.
    pub composed: RefCell<HashMap<Ty, (Made, usize)>>,
    /// Parts of large schemas that may still be made.
    pub parts: Cell<usize>,
    /// The items being read, innermost last.
    owners: RefCell<Vec<ItemId>>,
    /// Items with an annotation that was read.
    pub annotations: RefCell<BTreeSet<(ItemId, &'static str)>>,
    /// Handlers that became part of a document.
    pub documented: RefCell<BTreeMap<ItemId, super::survey::Documented>>,
    /// Types by the name that they have in a document.
    pub named: RefCell<BTreeMap<String, Vec<(Ty, Made)>>>,
    /// What was seen on the way.
    pub notes: RefCell<Vec<crate::diag::Problem>>,
    /// How deep schemas are being composed.
    pub depth: Cell<usize>,
    /// Steps of evaluation.
    pub fuel: Steps,
    /// Parts of the type that is being resolved.
    pub type_parts: Cell<usize>,
    /// Documents that derives make; nothing for one that cannot be made.
    pub documents: RefCell<HashMap<ItemId, Option<utoipa::openapi::OpenApi>>>,
}

/// The longest item that is parsed, in bytes.
const LONGEST: usize = 1 << 20;

/// The deepest nesting of brackets that is parsed: syn recurses, and a thread's stack ends.
const DEEPEST: usize = 96;

/// Parts of large schemas in one reading; each takes some 700 bytes.
const PARTS: usize = 1_000_000;

/// Steps of evaluation that one reading may take.
const FUEL: u64 = 20_000_000;

impl<'c> Session<'c> {
    pub fn new(
        world: &'c dyn crate::world::World,
        code: &'c Code,
        dialect: &'c Dialect,
        fields: &'c [BTreeMap<&'static str, String>],
        folders: &'c [crate::base::RelPath],
    ) -> Self {
        Self {
            world,
            code,
            dialect,
            fields,
            folders,
            locked: BTreeMap::new(),
            marks: RefCell::default(),
            inputs: RefCell::default(),
            functions: RefCell::default(),
            aliases: RefCell::default(),
            impls: std::cell::OnceCell::new(),
            collected: RefCell::default(),
            composed: RefCell::default(),
            owners: RefCell::default(),
            annotations: RefCell::default(),
            documented: RefCell::default(),
            named: RefCell::default(),
            notes: RefCell::default(),
            depth: Cell::new(0),
            fuel: Steps::new(FUEL),
            type_parts: Cell::new(0),
            documents: RefCell::default(),
            parts: Cell::new(PARTS),
        }
    }

    /// Runs `read` with an item as the one to which holes belong.
    pub fn within<T>(&self, item: ItemId, annotation: &'static str, read: impl FnOnce() -> T) -> T {
        self.annotations.borrow_mut().insert((item, annotation));
        self.owners.borrow_mut().push(item);
        let result = read();
        self.owners.borrow_mut().pop();
        result
    }

    /// Whether an item is being read, further out.
    pub fn is_being_read(&self, item: ItemId) -> bool {
        self.owners.borrow().contains(&item)
    }

    /// How many items are being read, each for the last.
    pub fn nesting(&self) -> usize {
        self.owners.borrow().len()
    }

    /// The item being read.
    pub fn owner(&self) -> Option<ItemId> {
        self.owners.borrow().last().copied()
    }

    /// The place of a span inside an item's text.
    pub fn place(&self, item: ItemId, span: proc_macro2::Span) -> Place {
        let found = self.code.item(item);
        let range = span.byte_range();
        let base = found.outline.span.start;
        let begin = base.saturating_add(u32::try_from(range.start).unwrap_or(0));
        let end = base.saturating_add(u32::try_from(range.end).unwrap_or(0));
        // A piece that was parsed by itself, such as a name inside a format, counts from its own beginning.
        if end > found.outline.span.end {
            return found.place();
        }
        found.source.place(Span { start: begin, end: end.max(begin) })
    }

    /// Notes that a place could not be evaluated; the mark goes where the value would have been.
    pub fn hole(&self, reason: &'static str, place: Place, message: impl Into<String>) -> Mark {
        let owner = self.owner();
        self.marks.borrow_mut().hole(reason, place, message.into(), owner)
    }

    /// A hole at a span of the item being read.
    pub fn hole_here(
        &self,
        reason: &'static str,
        span: proc_macro2::Span,
        message: impl Into<String>,
    ) -> Mark {
        let place = match self.owner() {
            Some(item) => self.place(item, span),
            None => Place::whole(crate::base::RelPath::root()),
        };
        self.hole(reason, place, message)
    }

    /// Notes where a value comes from.
    pub fn origin(&self, place: Place) -> Mark {
        self.marks.borrow_mut().origin(place)
    }

    /// Where an item's name is, for provenance.
    pub fn item_place(&self, item: ItemId) -> Place {
        self.code.item(item).place()
    }

    fn cfg(&self, item: ItemId) -> &Cfg {
        &self.code.krate(self.code.item(item).module).cfg
    }

    /// Text that is safe to hand to syn.
    fn parseable(&self, item: ItemId, text: &str) -> bool {
        // The whole file says enough where it is not deep itself.
        let shallow = self.code.item(item).outline.nesting <= DEEPEST;
        let fits = text.len() <= LONGEST && (shallow || crate::rust::token::tokens(text).depth <= DEEPEST);
        if !fits {
            let place = self.item_place(item);
            self.hole("too-large", place, "the item is too large or nested too deep to be read");
        }
        fits
    }

    fn unparsed(&self, item: ItemId, error: &syn::Error) {
        let place = self.place(item, error.span());
        self.hole("syntax", place, format!("not understood: {error}"));
    }

    /// A struct or enum.
    pub fn derive_input(&self, item: ItemId) -> Option<Rc<Parsed>> {
        if let Some(known) = self.inputs.borrow().get(&item) {
            return known.clone();
        }
        let text = self.code.item(item).text();
        let parsed = if self.parseable(item, text) {
            match syn::parse_str::<syn::DeriveInput>(text) {
                Ok(mut input) => {
                    strip_input(&mut input, self.cfg(item));
                    skip_none(&mut input);
                    Some(Rc::new(Parsed { input }))
                }
                Err(error) => {
                    self.unparsed(item, &error);
                    None
                }
            }
        } else {
            None
        };
        self.inputs.borrow_mut().insert(item, parsed.clone());
        parsed
    }

    /// A function, with its statements or (cheaper) without.
    pub fn function(&self, item: ItemId, with_body: bool) -> Option<Rc<Function>> {
        if let Some(known) = self.functions.borrow().get(&(item, with_body)) {
            return known.clone();
        }
        let parsed = self.parse_function(item, with_body).map(Rc::new);
        self.functions.borrow_mut().insert((item, with_body), parsed.clone());
        parsed
    }

    fn parse_function(&self, item: ItemId, with_body: bool) -> Option<Function> {
        let found = self.code.item(item);
        let text = found.text();
        let head;
        let text = match found.outline.body {
            Some(body) if !with_body => {
                let until = (body.start - found.outline.span.start) as usize;
                head = format!("{}}}", text.get(..until)?);
                head.as_str()
            }
            _ => text,
        };
        if !self.parseable(item, text) {
            return None;
        }
        // `impl` functions may have `self`, which `ItemFn` parses as well.
        let parsed = syn::parse_str::<syn::ItemFn>(text);
        match parsed {
            Ok(mut function) => {
                strip(&mut function.attrs, self.cfg(item));
                Some(Function {
                    attributes: function.attrs,
                    signature: function.sig,
                    block: with_body.then_some(*function.block),
                })
            }
            Err(error) => {
                self.unparsed(item, &error);
                None
            }
        }
    }

    /// An alias.
    pub fn alias(&self, item: ItemId) -> Option<Rc<Alias>> {
        if let Some(known) = self.aliases.borrow().get(&item) {
            return known.clone();
        }
        let found = self.code.item(item);
        let text = found.text();
        let parsed = (found.outline.kind == ItemKind::Alias && self.parseable(item, text))
            .then(|| syn::parse_str::<syn::ItemType>(text).ok())
            .flatten()
            .map(|alias| Rc::new(Alias { generics: alias.generics, ty: *alias.ty }));
        self.aliases.borrow_mut().insert(item, parsed.clone());
        parsed
    }

    /// The scope of an item that has no parameters.
    pub fn scope_of(&self, item: ItemId) -> Scope {
        Scope::new(self.code.item(item).module)
    }

    /// One step of evaluation; false when too many were taken.
    pub fn step(&self) -> bool {
        self.charge(1)
    }

    /// As many steps at once: for values that can double with every line that makes them, such as texts and schemas.
    pub fn charge(&self, steps: usize) -> bool {
        self.fuel.take(steps as u64)
    }
}

/// Resolves `cfg_attr` and tells whether all `cfg` hold.
pub(super) fn strip(attributes: &mut Vec<Attribute>, cfg: &Cfg) -> bool {
    let mut out = Vec::with_capacity(attributes.len());
    let mut keep = true;
    for attribute in attributes.drain(..) {
        resolve(attribute, cfg, &mut out, 0);
    }
    for attribute in &out {
        if attribute.path().is_ident("cfg")
            && let Meta::List(list) = &attribute.meta
        {
            keep &= cfg.holds(&list.tokens.to_string());
        }
    }
    *attributes = out;
    keep
}

fn resolve(attribute: Attribute, cfg: &Cfg, out: &mut Vec<Attribute>, depth: usize) {
    if !attribute.path().is_ident("cfg_attr") || depth > 8 {
        out.push(attribute);
        return;
    }
    let Meta::List(list) = &attribute.meta else { return };
    let parser = syn::punctuated::Punctuated::<Predicated, syn::Token![,]>::parse_terminated;
    let Ok(parts) = syn::parse::Parser::parse2(parser, list.tokens.clone()) else { return };
    let mut parts = parts.into_iter();
    let holds = parts.next().is_some_and(|predicate| cfg.holds(&predicate.0.to_string()));
    for part in parts.filter(|_| holds) {
        if let Ok(meta) = syn::parse2::<Meta>(part.0) {
            let inner = Attribute { meta, ..attribute.clone() };
            resolve(inner, cfg, out, depth + 1);
        }
    }
}

/// Tokens up to a comma.
struct Predicated(proc_macro2::TokenStream);

impl syn::parse::Parse for Predicated {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        let mut found = Vec::new();
        while !input.is_empty() && !input.peek(syn::Token![,]) {
            found.push(input.parse::<proc_macro2::TokenTree>()?);
        }
        Ok(Self(found.into_iter().collect()))
    }
}

fn strip_input(input: &mut syn::DeriveInput, cfg: &Cfg) {
    strip(&mut input.attrs, cfg);
    match &mut input.data {
        syn::Data::Struct(data) => strip_fields(&mut data.fields, cfg),
        syn::Data::Enum(data) => {
            let variants = std::mem::take(&mut data.variants);
            for mut variant in variants {
                if strip(&mut variant.attrs, cfg) {
                    strip_fields(&mut variant.fields, cfg);
                    data.variants.push(variant);
                }
            }
        }
        syn::Data::Union(_) => {}
    }
}

/// serde_with's `#[skip_serializing_none]` above the derives adds serde's word to every `Option` that serde always writes.
fn skip_none(input: &mut syn::DeriveInput) {
    let at = |name: &str| {
        input.attrs.iter().position(|one| one.path().segments.last().is_some_and(|last| last.ident == name))
    };
    let derive = at("derive").unwrap_or(usize::MAX);
    if at("skip_serializing_none").is_none_or(|own| own > derive) {
        return;
    }
    let word: Attribute = syn::parse_quote!(#[serde(skip_serializing_if = "Option::is_none")]);
    let fields: Vec<&mut syn::Field> = match &mut input.data {
        syn::Data::Struct(data) => data.fields.iter_mut().collect(),
        syn::Data::Enum(data) => {
            data.variants.iter_mut().flat_map(|variant| variant.fields.iter_mut()).collect()
        }
        syn::Data::Union(_) => return,
    };
    for field in fields {
        let optional = matches!(&field.ty, syn::Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "Option"));
        let always = field.attrs.iter().any(|one| one.path().is_ident("serialize_always"));
        if optional && !always {
            field.attrs.push(word.clone());
        }
    }
}

fn strip_fields(fields: &mut syn::Fields, cfg: &Cfg) {
    let list = match fields {
        syn::Fields::Named(named) => &mut named.named,
        syn::Fields::Unnamed(unnamed) => &mut unnamed.unnamed,
        syn::Fields::Unit => return,
    };
    for mut field in std::mem::take(list) {
        if strip(&mut field.attrs, cfg) {
            list.push(field);
        }
    }
}
