//! The schema of a type where it is used: inline, as a reference, nullable or not.

use super::attributes::{
    is_inline, no_recursion, pop, set_default, set_deprecated, set_description, set_title, size, xml_value,
};
use crate::diag::{Problem, code};
use crate::openapi::utoipa::dialect::{Generic, Primitive, PrimitiveType, is_unsigned};
use crate::openapi::utoipa::grammar::feature::{Feature, Number, Xml};
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Scope, Tree, Ty, ValueKind};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, SchemaFormat, SchemaType, Type, empty};
use utoipa::openapi::{AllOf, Array, Object, OneOf, Ref, RefOr, Schema};

/// What a type is used inside of.
#[derive(Clone)]
pub(in super::super) struct Use<'u> {
    pub scope: &'u Scope,
    /// Names of the enclosing item's type parameters.
    pub parameters: &'u [String],
    /// Schemas that the item's user gave for them.
    pub given: &'u [RefOr<Schema>],
}

/// A type that a schema names or inlines, to be collected with it.
#[derive(Clone, Debug)]
pub(in super::super) struct Reference {
    pub tree: Tree,
    pub scope: Scope,
    pub inline: bool,
    /// It is a type parameter: only what it brings is collected, not itself.
    pub partial: bool,
    pub no_recursion: bool,
}

/// Lists what a schema refers to while it is made.
pub(in super::super) type References = Vec<Reference>;

impl Session<'_> {
    /// The schema of a type in a body, field or header.
    pub fn component(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        mut features: Vec<Feature>,
        description: Option<&String>,
        references: &mut References,
    ) -> RefOr<Schema> {
        if tree.is_option() {
            set_nullable(&mut features);
        }
        self.component_inner(at, tree, features, description, references)
    }

    /// The schema of a parameter's type; in a query `Option` means "may be left out" and not "may be null".
    pub fn component_of_parameter(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        mut features: Vec<Feature>,
        option_is_nullable: bool,
    ) -> RefOr<Schema> {
        if tree.is_option() && option_is_nullable {
            set_nullable(&mut features);
        }
        self.component_inner(at, tree, features, None, &mut Vec::new())
    }

    fn component_inner(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        features: Vec<Feature>,
        description: Option<&String>,
        references: &mut References,
    ) -> RefOr<Schema> {
        let Some(generic) = tree.generic else {
            return self.plain(at, tree, features, description, references);
        };
        let Some(first) = tree.child(0) else { return self.not_understood(tree) };
        match generic {
            Generic::Map => self.map(at, tree, features, description, references),
            Generic::List | Generic::LinkedList | Generic::Set => {
                self.list(at, tree, first, features, description, references)
            }
            Generic::SmallVec => match first.child(0) {
                Some(element) => self.list(at, tree, element, features, description, references),
                None => self.not_understood(tree),
            },
            Generic::Option | Generic::Transparent => {
                let first = self.aliased(first);
                self.component(at, &first, features, description, references)
            }
        }
    }

    /// The type that utoipa-config puts in place of another.
    pub fn aliased(&self, tree: &Tree) -> Tree {
        let alias = self.dialect.aliases.get(&tree.name());
        let made =
            alias.and_then(|text| syn::parse_str(text).ok()).and_then(|ty| Tree::of(&ty, self.dialect).ok());
        made.unwrap_or_else(|| tree.clone())
    }

    /// A schema that says nothing, marked as a hole.
    pub fn not_understood(&self, tree: &Tree) -> RefOr<Schema> {
        let mark = self.hole_here("type", tree.span, "the type is not one that utoipa understands");
        let mut schema = anything();
        mark.schema(&mut schema);
        schema
    }

    fn map(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        mut features: Vec<Feature>,
        description: Option<&String>,
        references: &mut References,
    ) -> RefOr<Schema> {
        let example = pop!(features, Feature::Example(value) => value);
        let additional = pop!(features, Feature::AdditionalProperties(value) => value);
        let nullable = pop!(features, Feature::Nullable(value) => value);
        let default = pop!(features, Feature::Default(value) => value);
        let deprecated = pop!(features, Feature::Deprecated(value) => value);
        let mut object = Object::new();
        if nullable == Some(true) {
            object.schema_type = types(Type::Object, true);
        }
        match (additional, tree.child(0), tree.child(1)) {
            (Some(free), ..) => {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(free)));
            }
            (None, Some(key), Some(value)) => {
                let mut inline = features.clone();
                inline.push(Feature::Inline(true));
                let names = self.component(at, &self.aliased(key), inline, None, &mut Vec::new());
                if let RefOr::T(names) = names {
                    object.property_names = Some(Box::new(names));
                }
                let values = self.component(at, &self.aliased(value), features, None, references);
                object.additional_properties = Some(Box::new(AdditionalProperties::RefOr(values)));
            }
            _ => return self.not_understood(tree),
        }
        let mut schema = RefOr::T(Schema::Object(object));
        if let Some(text) = description {
            set_description(&mut schema, text.clone());
        }
        if let Some(value) = deprecated {
            set_deprecated(&mut schema, value);
        }
        if let Some(value) = default {
            self.apply(at.scope, &mut schema, &Feature::Default(value));
        }
        if let Some(value) = example {
            self.apply(at.scope, &mut schema, &Feature::Example(value));
        }
        schema
    }

    fn list(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        element: &Tree,
        mut features: Vec<Feature>,
        description: Option<&String>,
        references: &mut References,
    ) -> RefOr<Schema> {
        let example = pop!(features, Feature::Example(value) => value);
        let xml = split_xml(&mut features, tree.generic == Some(Generic::List));
        let most = pop!(features, Feature::MaxItems(number) => number);
        let least = pop!(features, Feature::MinItems(number) => number);
        let nullable = pop!(features, Feature::Nullable(value) => value);
        let default = pop!(features, Feature::Default(value) => value);
        let title = pop!(features, Feature::Title(value) => value);
        let deprecated = pop!(features, Feature::Deprecated(value) => value);
        let encoding = pop!(features, Feature::ContentEncoding(value) => value);
        let media = pop!(features, Feature::ContentMediaType(value) => value);
        let items = self.component(at, &self.aliased(element), features, None, references);
        let mut array = Array::new(items);
        if nullable == Some(true) {
            array.schema_type = types(Type::Array, true);
        }
        array.unique_items = tree.generic == Some(Generic::Set);
        array.max_items = most.as_ref().and_then(size);
        array.min_items = least.as_ref().and_then(size);
        array.content_encoding = encoding.unwrap_or_default();
        array.content_media_type = media.unwrap_or_default();
        array.description = description.cloned();
        array.title = title;
        array.xml = xml.as_ref().map(xml_value);
        let mut schema = RefOr::T(Schema::Array(array));
        if let Some(value) = deprecated {
            set_deprecated(&mut schema, value);
        }
        if let Some(value) = default {
            self.apply(at.scope, &mut schema, &Feature::Default(value));
        }
        if let Some(value) = example {
            self.apply(at.scope, &mut schema, &Feature::Example(value));
        }
        schema
    }

    fn plain(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        mut features: Vec<Feature>,
        description: Option<&String>,
        references: &mut References,
    ) -> RefOr<Schema> {
        let nullable = pop!(features, Feature::Nullable(value) => value) == Some(true);
        let deprecated = pop!(features, Feature::Deprecated(value) => value);
        match tree.kind {
            ValueKind::Primitive => match self.dialect.primitive(&tree.name()) {
                Some(primitive) => {
                    self.primitive(at, tree, primitive, (nullable, deprecated), features, description)
                }
                None => self.not_understood(tree),
            },
            ValueKind::Value => finish(anything(), description, deprecated),
            ValueKind::Object if tree.mentions("Object") => {
                let mut object = Object::new();
                if nullable {
                    object.schema_type = types(Type::Object, true);
                }
                finish(RefOr::T(Schema::Object(object)), description, deprecated)
            }
            ValueKind::Object => self.named_type(at, tree, nullable, features, description, references),
            ValueKind::Tuple => self.tuple(at, tree, (nullable, deprecated), &features, description),
        }
    }

    fn primitive(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        primitive: Primitive,
        (nullable, deprecated): (bool, Option<bool>),
        mut features: Vec<Feature>,
        description: Option<&String>,
    ) -> RefOr<Schema> {
        let bounded = features.iter().any(|feature| matches!(feature, Feature::Minimum(_)));
        if is_unsigned(&tree.name()) && !bounded {
            let zero = Number { minus: false, literal: "0f64".to_owned() };
            features.push(Feature::Minimum(zero));
        }
        let mut object = Object::with_type(types(type_of(primitive.ty), nullable));
        object.format = primitive.format.map(|format| SchemaFormat::Custom(format.to_owned()));
        let mut schema = finish(RefOr::T(Schema::Object(object)), description, deprecated);
        self.apply_all(at.scope, &mut schema, &features);
        schema
    }

    fn tuple(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        (nullable, deprecated): (bool, Option<bool>),
        features: &[Feature],
        description: Option<&String>,
    ) -> RefOr<Schema> {
        let Some(children) = &tree.children else { return RefOr::T(empty()) };
        let mut array = Array::default();
        array.items = ArrayItems::False;
        for child in children {
            let mut own = Vec::new();
            if child.is_option() {
                own.push(Feature::Nullable(true));
            }
            own.push(Feature::Inline(true));
            match self.component(at, child, own, None, &mut Vec::new()) {
                RefOr::T(schema) => array.prefix_items.push(schema),
                RefOr::Ref(_) => return self.not_understood(tree),
            }
        }
        if nullable {
            array.schema_type = types(Type::Array, true);
        }
        let mut schema = finish(RefOr::T(Schema::Array(array)), description, deprecated);
        if !no_recursion(features) {
            self.apply_all(at.scope, &mut schema, features);
        }
        schema
    }

    /// A struct, enum or other type that has a name in the document.
    fn named_type(
        &self,
        at: &Use<'_>,
        tree: &Tree,
        nullable: bool,
        mut features: Vec<Feature>,
        description: Option<&String>,
        references: &mut References,
    ) -> RefOr<Schema> {
        let mut reference = Reference {
            tree: tree.clone(),
            scope: at.scope.clone(),
            inline: false,
            partial: false,
            no_recursion: no_recursion(&features),
        };
        let default = pop!(features, Feature::Default(value) => value);
        let default = default.map(|value| value.map(|value| self.any_value(at.scope, &value)));
        let title = pop!(features, Feature::Title(value) => value);
        let (read, write) = if self.dialect.major >= 6 {
            (
                pop!(features, Feature::ReadOnly(value) => value),
                pop!(features, Feature::WriteOnly(value) => value),
            )
        } else {
            (None, None)
        };
        let around = Around { nullable, default, title, read, write, description, major: self.dialect.major };
        let given = self.parameter_index(at, tree).and_then(|index| at.given.get(index));
        let parameter = self.parameter_index(at, tree).is_some();
        if is_inline(&features) {
            reference.inline = true;
            let item = match given {
                Some(given) if tree.children.is_some() => given.clone(),
                _ => self.compose_tree(at.scope, tree),
            };
            for child in tree.children.iter().flatten() {
                child_references(at.scope, child, references);
            }
            references.push(reference);
            return around.inline(item);
        }
        reference.partial = parameter;
        references.push(reference);
        if let Some(given) = given {
            if nullable {
                self.note_lost_null(tree);
            }
            return given.clone();
        }
        let name = self.schema_name(at.scope, tree);
        let mut made = Ref::from_schema_name(name);
        made.description = description.cloned().unwrap_or_default();
        around.reference(made)
    }

    /// utoipa puts the schema of a type parameter as it is where `Option` of it stands.
    fn note_lost_null(&self, tree: &Tree) {
        let Some(owner) = self.owner() else { return };
        let name = tree.name();
        let message = format!(
            "the schema of `Option<{name}>` does not allow null: utoipa loses it for a type parameter"
        );
        let place = self.place(owner, tree.span);
        self.note(
            Problem::new(code::OPENAPI_NULLABLE, &place, self.code.full_name(owner), message)
                .help("write the type out, or give the field a schema with `#[schema(value_type = …)]`"),
        );
    }

    /// The index of the type parameter that a type is.
    fn parameter_index(&self, at: &Use<'_>, tree: &Tree) -> Option<usize> {
        let name = tree.name();
        at.parameters.iter().position(|parameter| *parameter == name)
    }

    /// The schema of a type with what its arguments make of it.
    pub fn compose_tree(&self, scope: &Scope, tree: &Tree) -> RefOr<Schema> {
        let ty = self.rewritten(scope, tree);
        let given: Vec<RefOr<Schema>> =
            tree.children.iter().flatten().map(|child| self.compose_tree(scope, child)).collect();
        let mut schema = self.compose(&ty, &given, tree);
        if let Ty::Unknown(_) = ty {
            self.hole_here("unresolved-type", tree.span, format!("the type `{}` was not found", tree.name()))
                .schema(&mut schema);
        }
        schema
    }

    /// The resolved type of a tree, primitives replaced by what stands for them.
    pub fn rewritten(&self, scope: &Scope, tree: &Tree) -> Ty {
        let Some(path) = &tree.path else { return Ty::Tuple(Vec::new()) };
        let aliased = self.aliased(tree);
        let name = aliased.name();
        if let Some(stand_in) = self.dialect.stand_in(&name) {
            return Ty::std(&stand_in);
        }
        if tree.generic == Some(Generic::List) && tree.name() == "Array" {
            let element = tree.child(0).map(|child| self.rewritten(scope, child));
            return Ty::Slice(Box::new(element.unwrap_or_else(|| Ty::std("String"))));
        }
        let own =
            if name == tree.name() { path.clone() } else { aliased.path.clone().unwrap_or(path.clone()) };
        let arguments: Vec<Ty> =
            tree.children.iter().flatten().map(|child| self.rewritten(scope, child)).collect();
        match self.path_type(scope, &own) {
            Ty::Item(id, known) if known.len() <= arguments.len() || arguments.is_empty() => {
                Ty::Item(id, if arguments.is_empty() { known } else { arguments })
            }
            Ty::Foreign(path, known) => {
                Ty::Foreign(path, if arguments.is_empty() { known } else { arguments })
            }
            other => other,
        }
    }

    /// The name of a type in the document, with the names of its arguments.
    pub fn schema_name(&self, scope: &Scope, tree: &Tree) -> String {
        let own = self.name_of(&self.rewritten(scope, tree), tree);
        match &tree.children {
            Some(children) => {
                let names: Vec<String> =
                    children.iter().map(|child| self.schema_name(scope, child)).collect();
                format!("{own}_{}", names.join("_"))
            }
            None => own,
        }
    }
}

/// What stands around a schema that is inlined or referred to.
struct Around<'a> {
    nullable: bool,
    default: Option<Option<serde_json::Value>>,
    title: Option<String>,
    read: Option<bool>,
    write: Option<bool>,
    description: Option<&'a String>,
    major: u8,
}

impl Around<'_> {
    fn is_plain(&self) -> bool {
        self.default.is_none() && self.title.is_none() && self.read.is_none() && self.write.is_none()
    }

    fn words(&self, schema: &mut RefOr<Schema>) {
        if let Some(title) = &self.title {
            set_title(schema, title);
        }
        if let Some(default) = &self.default {
            set_default(schema, default.clone());
        }
    }

    fn inline(&self, item: RefOr<Schema>) -> RefOr<Schema> {
        let plain = self.is_plain() && self.description.is_none();
        if plain && !self.nullable {
            return item;
        }
        let mut schema = if self.nullable || self.major < 6 {
            self.one_of(item)
        } else {
            let mut words = Object::new();
            words.read_only = self.read;
            words.write_only = self.write;
            let mut words = RefOr::T(Schema::Object(words));
            self.words(&mut words);
            if let Some(text) = self.description {
                set_description(&mut words, text.clone());
            }
            let mut all = AllOf::new();
            all.items = vec![item, words];
            return RefOr::T(Schema::AllOf(all));
        };
        self.words(&mut schema);
        if let Some(text) = self.description {
            set_description(&mut schema, text.clone());
        }
        schema
    }

    /// Version 5 puts null first, version 6 last.
    fn one_of(&self, item: RefOr<Schema>) -> RefOr<Schema> {
        let mut one = OneOf::new();
        one.items.push(item);
        if self.nullable {
            let at = usize::from(self.major >= 6);
            one.items.insert(at, null());
        }
        RefOr::T(Schema::OneOf(one))
    }

    fn reference(&self, mut made: Ref) -> RefOr<Schema> {
        if self.nullable || (self.major < 6 && !self.is_plain()) {
            let mut schema = self.one_of(RefOr::Ref(made));
            self.words(&mut schema);
            if let RefOr::T(Schema::OneOf(one)) = &mut schema {
                one.read_only = self.read;
                one.write_only = self.write;
            }
            return schema;
        }
        made.read_only = self.read;
        made.write_only = self.write;
        let mut schema = RefOr::Ref(made);
        self.words(&mut schema);
        schema
    }
}

/// Types named by the arguments of an inlined type.
fn child_references(scope: &Scope, tree: &Tree, references: &mut References) {
    match &tree.children {
        Some(children) => {
            for child in children {
                child_references(scope, child, references);
            }
        }
        None if tree.kind == ValueKind::Object => references.push(Reference {
            tree: tree.clone(),
            scope: scope.clone(),
            inline: false,
            partial: false,
            no_recursion: false,
        }),
        None => {}
    }
}

fn set_nullable(features: &mut Vec<Feature>) {
    if !features.iter().any(|feature| matches!(feature, Feature::Nullable(_))) {
        features.push(Feature::Nullable(true));
    }
}

/// A list's own part of `xml(…)`; the rest stays for its elements.
fn split_xml(features: &mut [Feature], is_list: bool) -> Option<Xml> {
    let found = features.iter_mut().find_map(|feature| match feature {
        Feature::Xml(xml) => Some(xml),
        _ => None,
    })?;
    if !is_list {
        return None;
    }
    let own = Xml {
        wrapped: std::mem::take(&mut found.wrapped),
        wrap_name: found.wrap_name.take(),
        ..Xml::default()
    };
    Some(own)
}

fn finish(
    mut schema: RefOr<Schema>,
    description: Option<&String>,
    deprecated: Option<bool>,
) -> RefOr<Schema> {
    if let Some(text) = description {
        set_description(&mut schema, text.clone());
    }
    if let Some(value) = deprecated {
        set_deprecated(&mut schema, value);
    }
    schema
}

/// `{}`.
pub(in super::super) fn anything() -> RefOr<Schema> {
    RefOr::T(Schema::Object(Object::with_type(SchemaType::AnyValue)))
}

/// `{"type": "null"}`.
pub(in super::super) fn null() -> RefOr<Schema> {
    RefOr::T(Schema::Object(Object::with_type(Type::Null)))
}

/// A type, with null beside it or not.
pub(in super::super) fn types(ty: Type, nullable: bool) -> SchemaType {
    if nullable { SchemaType::from_iter([ty, Type::Null]) } else { SchemaType::new(ty) }
}

/// A primitive's type in utoipa's words.
pub(in super::super) fn type_of(kind: PrimitiveType) -> Type {
    match kind {
        PrimitiveType::String => Type::String,
        PrimitiveType::Boolean => Type::Boolean,
        PrimitiveType::Integer => Type::Integer,
        PrimitiveType::Number => Type::Number,
        PrimitiveType::Object => Type::Object,
    }
}
