//! Values of utoipa inside the interpreter, and how parts of them are reached and changed in place.

use super::place::Step;
use super::value::Val;
use std::collections::BTreeMap;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, ParameterStyle};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::response::{Response, Responses};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayItems, Discriminator, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Flow, Http, HttpAuthScheme, OAuth2, OpenIdConnect, Scopes, SecurityRequirement,
    SecurityScheme,
};
use utoipa::openapi::{
    Components, Contact, Content, Deprecated, ExternalDocs, Header, HttpMethod, Info, License, Object,
    OpenApi, PathItem, Paths, RefOr, Required, Schema, Server, ServerVariable, Tag, example, xml,
};

/// A value of utoipa; builders are the values that they build.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "always behind a box")]
pub(in super::super) enum Node {
    Schema(RefOr<Schema>),
    OpenApi(Box<OpenApi>),
    Info(Info),
    Contact(Contact),
    License(License),
    ExternalDocs(ExternalDocs),
    Server(Server),
    ServerVariable(ServerVariable),
    Tag(Tag),
    Components(Components),
    Paths(Paths),
    PathItem(PathItem),
    Operation(Operation),
    Parameter(Parameter),
    RequestBody(RequestBody),
    Responses(Responses),
    Response(RefOr<Response>),
    Content(Content),
    Header(Header),
    Example(example::Example),
    Extensions(Extensions),
    Security(SecurityScheme),
    Requirement(SecurityRequirement),
    ApiKey(ApiKey),
    ApiKeyValue(ApiKeyValue),
    Http(Http),
    HttpScheme(HttpAuthScheme),
    OAuth2(OAuth2),
    Flow(Flow),
    Scopes(Scopes),
    OpenIdConnect(OpenIdConnect),
    Type(Type),
    Types(SchemaType),
    Format(SchemaFormat),
    Additional(AdditionalProperties<Schema>),
    Items(ArrayItems),
    Discriminator(Discriminator),
    Xml(xml::Xml),
    Location(ParameterIn),
    Style(ParameterStyle),
    Method(HttpMethod),
    Required(Required),
    Deprecated(Deprecated),
    /// What `routes!(…)` makes.
    Routes(Vec<(String, RefOr<Schema>)>, Paths),
    /// A router or application that carries a document.
    Router(Box<OpenApi>),
    /// axum's own router, which carries none.
    Plain,
    /// actix's scope: its prefix and document.
    Scope(String, Box<OpenApi>),
}

impl Node {
    /// Names of the types that a value may be of: builders are not told apart from what they build.
    pub fn type_names(&self) -> &'static [&'static str] {
        match self {
            Self::OpenApi(_) => &["OpenApi", "OpenApiBuilder"],
            Self::Router(_) => &["OpenApiRouter", "UtoipaApp", "ServiceConfig"],
            Self::Scope(..) => &["Scope"],
            Self::Routes(..) => &["UtoipaMethodRouter"],
            Self::Paths(_) => &["Paths", "PathsBuilder"],
            Self::PathItem(_) => &["PathItem", "PathItemBuilder"],
            Self::Operation(_) => &["Operation", "OperationBuilder"],
            Self::Parameter(_) => &["Parameter", "ParameterBuilder"],
            Self::Responses(_) => &["Responses", "ResponsesBuilder"],
            Self::Response(_) => &["Response", "ResponseBuilder", "RefOr"],
            Self::Components(_) => &["Components", "ComponentsBuilder"],
            Self::Info(_) => &["Info", "InfoBuilder"],
            Self::Schema(RefOr::T(Schema::Object(_))) => &["Object", "ObjectBuilder", "Schema", "RefOr"],
            Self::Schema(RefOr::T(Schema::Array(_))) => &["Array", "ArrayBuilder", "Schema", "RefOr"],
            Self::Schema(_) => &["Schema", "RefOr", "Ref", "OneOfBuilder", "AllOfBuilder", "AnyOfBuilder"],
            _ => &[],
        }
    }

    /// How much a value holds, roughly: what can be put into itself again and again.
    pub fn weight(&self) -> usize {
        match self {
            Self::Schema(schema) => schema_weight(schema),
            Self::OpenApi(document) | Self::Router(document) | Self::Scope(_, document) => {
                let schemas = document.components.as_ref().map_or(0, |components| components.schemas.len());
                1 + schemas + 64 * document.paths.paths.len()
            }
            Self::Paths(paths) | Self::Routes(_, paths) => 1 + 64 * paths.paths.len(),
            _ => 1,
        }
    }

    /// As a value.
    pub fn val(self) -> Val {
        Val::Node(Box::new(self))
    }
}

/// The parts of a schema.
pub(in super::super) fn schema_weight(schema: &RefOr<Schema>) -> usize {
    let RefOr::T(schema) = schema else { return 1 };
    let all = |list: &[RefOr<Schema>]| 1 + list.iter().map(schema_weight).sum::<usize>();
    match schema {
        Schema::Object(object) => {
            let additional = match object.additional_properties.as_deref() {
                Some(AdditionalProperties::RefOr(inner)) => schema_weight(inner),
                _ => 0,
            };
            1 + additional + object.properties.values().map(schema_weight).sum::<usize>()
        }
        Schema::Array(array) => match &array.items {
            ArrayItems::RefOrSchema(inner) => 1 + schema_weight(inner),
            ArrayItems::False => 1 + array.prefix_items.len(),
        },
        Schema::OneOf(one) => all(&one.items),
        Schema::AllOf(each) => all(&each.items),
        Schema::AnyOf(any) => all(&any.items),
        _ => 1,
    }
}

/// A part of a value of utoipa, to be changed in place.
pub(in super::super) enum NodeMut<'n> {
    Node(&'n mut Node),
    OpenApi(&'n mut OpenApi),
    Info(&'n mut Info),
    OptContact(&'n mut Option<Contact>),
    Contact(&'n mut Contact),
    OptLicense(&'n mut Option<License>),
    OptDocs(&'n mut Option<ExternalDocs>),
    OptComponents(&'n mut Option<Components>),
    Components(&'n mut Components),
    Schemas(&'n mut BTreeMap<String, RefOr<Schema>>),
    SecuritySchemes(&'n mut BTreeMap<String, RefOr<SecurityScheme>>),
    Paths(&'n mut Paths),
    PathsMap(&'n mut utoipa::openapi::path::PathsMap<String, PathItem>),
    PathItem(&'n mut PathItem),
    OptOperation(&'n mut Option<Operation>),
    Operation(&'n mut Operation),
    Responses(&'n mut Responses),
    ResponseMap(&'n mut BTreeMap<String, RefOr<Response>>),
    Response(&'n mut RefOr<Response>),
    OptParameters(&'n mut Option<Vec<RefOr<Parameter>>>),
    Parameters(&'n mut Vec<RefOr<Parameter>>),
    OptTexts(&'n mut Option<Vec<String>>),
    Texts(&'n mut Vec<String>),
    OptText(&'n mut Option<String>),
    Text(&'n mut String),
    OptServers(&'n mut Option<Vec<Server>>),
    Servers(&'n mut Vec<Server>),
    OptTags(&'n mut Option<Vec<Tag>>),
    Tags(&'n mut Vec<Tag>),
    OptRequirements(&'n mut Option<Vec<SecurityRequirement>>),
    Requirements(&'n mut Vec<SecurityRequirement>),
    OptExtensions(&'n mut Option<Extensions>),
    Extensions(&'n mut Extensions),
    OptDeprecated(&'n mut Option<Deprecated>),
    Schema(&'n mut RefOr<Schema>),
    Server(&'n mut Server),
    Tag(&'n mut Tag),
    OptJson(&'n mut Option<serde_json::Value>),
    Jsons(&'n mut Vec<serde_json::Value>),
    Properties(&'n mut Object),
}

impl<'n> NodeMut<'n> {
    /// All of a value.
    pub fn of(node: &'n mut Node) -> Self {
        match node {
            Node::OpenApi(document) | Node::Router(document) => Self::OpenApi(document),
            Node::Info(info) => Self::Info(info),
            Node::Components(components) => Self::Components(components),
            Node::Paths(paths) => Self::Paths(paths),
            Node::PathItem(item) => Self::PathItem(item),
            Node::Operation(operation) => Self::Operation(operation),
            Node::Responses(responses) => Self::Responses(responses),
            Node::Response(response) => Self::Response(response),
            Node::Extensions(extensions) => Self::Extensions(extensions),
            Node::Schema(schema) => Self::Schema(schema),
            Node::Server(server) => Self::Server(server),
            Node::Tag(tag) => Self::Tag(tag),
            Node::Contact(contact) => Self::Contact(contact),
            other => Self::Node(other),
        }
    }

    /// A part, step by step.
    pub fn walk(self, steps: &[Step]) -> Option<Self> {
        steps.iter().try_fold(self, |at, step| match step {
            Step::Field(name) => at.field(name),
            Step::Inside => at.inside(),
            Step::Key(key) => at.key(key),
            Step::Index(index) => at.index(*index),
        })
    }

    #[expect(clippy::too_many_lines, reason = "a table of utoipa's fields")]
    fn field(self, name: &str) -> Option<Self> {
        Some(match self {
            Self::OpenApi(document) => match name {
                "info" => Self::Info(&mut document.info),
                "servers" => Self::OptServers(&mut document.servers),
                "paths" => Self::Paths(&mut document.paths),
                "components" => Self::OptComponents(&mut document.components),
                "security" => Self::OptRequirements(&mut document.security),
                "tags" => Self::OptTags(&mut document.tags),
                "external_docs" => Self::OptDocs(&mut document.external_docs),
                "extensions" => Self::OptExtensions(&mut document.extensions),
                _ => return None,
            },
            Self::Info(info) => match name {
                "title" => Self::Text(&mut info.title),
                "version" => Self::Text(&mut info.version),
                "description" => Self::OptText(&mut info.description),
                "terms_of_service" => Self::OptText(&mut info.terms_of_service),
                "contact" => Self::OptContact(&mut info.contact),
                "license" => Self::OptLicense(&mut info.license),
                "extensions" => Self::OptExtensions(&mut info.extensions),
                _ => return None,
            },
            Self::Contact(contact) => match name {
                "name" => Self::OptText(&mut contact.name),
                "email" => Self::OptText(&mut contact.email),
                "url" => Self::OptText(&mut contact.url),
                _ => return None,
            },
            Self::Components(components) => match name {
                "schemas" => Self::Schemas(&mut components.schemas),
                "responses" => Self::ResponseMap(&mut components.responses),
                "security_schemes" => Self::SecuritySchemes(&mut components.security_schemes),
                "extensions" => Self::OptExtensions(&mut components.extensions),
                _ => return None,
            },
            Self::Schema(RefOr::T(Schema::Object(object))) => match name {
                "title" => Self::OptText(&mut object.title),
                "description" => Self::OptText(&mut object.description),
                "default" => Self::OptJson(&mut object.default),
                "example" => Self::OptJson(&mut object.example),
                "examples" => Self::Jsons(&mut object.examples),
                "required" => Self::Texts(&mut object.required),
                "properties" => Self::Properties(object),
                "extensions" => Self::OptExtensions(&mut object.extensions),
                _ => return None,
            },
            Self::Paths(paths) if name == "paths" => Self::PathsMap(&mut paths.paths),
            Self::Node(Node::Routes(_, paths)) if name == "1" => Self::Paths(paths),
            Self::PathItem(item) => return Self::path_item(item, name),
            Self::Operation(operation) => return Self::operation(operation, name),
            Self::Responses(responses) if name == "responses" => Self::ResponseMap(&mut responses.responses),
            Self::Response(RefOr::T(response)) if name == "description" => {
                Self::Text(&mut response.description)
            }
            Self::Server(server) => match name {
                "url" => Self::Text(&mut server.url),
                "description" => Self::OptText(&mut server.description),
                _ => return None,
            },
            Self::Tag(tag) => match name {
                "name" => Self::Text(&mut tag.name),
                "description" => Self::OptText(&mut tag.description),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn path_item(item: &'n mut PathItem, name: &str) -> Option<Self> {
        Some(match name {
            "get" => Self::OptOperation(&mut item.get),
            "put" => Self::OptOperation(&mut item.put),
            "post" => Self::OptOperation(&mut item.post),
            "delete" => Self::OptOperation(&mut item.delete),
            "options" => Self::OptOperation(&mut item.options),
            "head" => Self::OptOperation(&mut item.head),
            "patch" => Self::OptOperation(&mut item.patch),
            "trace" => Self::OptOperation(&mut item.trace),
            "summary" => Self::OptText(&mut item.summary),
            "description" => Self::OptText(&mut item.description),
            "servers" => Self::OptServers(&mut item.servers),
            "parameters" => Self::OptParameters(&mut item.parameters),
            "extensions" => Self::OptExtensions(&mut item.extensions),
            _ => return None,
        })
    }

    fn operation(operation: &'n mut Operation, name: &str) -> Option<Self> {
        Some(match name {
            "tags" => Self::OptTexts(&mut operation.tags),
            "summary" => Self::OptText(&mut operation.summary),
            "description" => Self::OptText(&mut operation.description),
            "operation_id" => Self::OptText(&mut operation.operation_id),
            "parameters" => Self::OptParameters(&mut operation.parameters),
            "responses" => Self::Responses(&mut operation.responses),
            "security" => Self::OptRequirements(&mut operation.security),
            "servers" => Self::OptServers(&mut operation.servers),
            "deprecated" => Self::OptDeprecated(&mut operation.deprecated),
            "external_docs" => Self::OptDocs(&mut operation.external_docs),
            "extensions" => Self::OptExtensions(&mut operation.extensions),
            _ => return None,
        })
    }

    fn inside(self) -> Option<Self> {
        Some(match self {
            Self::OptComponents(inner) => Self::Components(inner.as_mut()?),
            Self::OptOperation(inner) => Self::Operation(inner.as_mut()?),
            Self::OptContact(inner) => Self::Contact(inner.as_mut()?),
            Self::OptParameters(inner) => Self::Parameters(inner.as_mut()?),
            Self::OptTexts(inner) => Self::Texts(inner.as_mut()?),
            Self::OptText(inner) => Self::Text(inner.as_mut()?),
            Self::OptServers(inner) => Self::Servers(inner.as_mut()?),
            Self::OptTags(inner) => Self::Tags(inner.as_mut()?),
            Self::OptRequirements(inner) => Self::Requirements(inner.as_mut()?),
            Self::OptExtensions(inner) => Self::Extensions(inner.as_mut()?),
            _ => return None,
        })
    }

    fn key(self, key: &str) -> Option<Self> {
        match self {
            Self::Schemas(map) => map.get_mut(key).map(Self::Schema),
            Self::PathsMap(map) => map.get_mut(key).map(Self::PathItem),
            Self::ResponseMap(map) => map.get_mut(key).map(Self::Response),
            Self::Properties(object) => object.properties.get_mut(key).map(Self::Schema),
            _ => None,
        }
    }

    fn index(self, index: usize) -> Option<Self> {
        match self {
            Self::Servers(list) => list.get_mut(index).map(Self::Server),
            Self::Tags(list) => list.get_mut(index).map(Self::Tag),
            Self::Texts(list) => list.get_mut(index).map(Self::Text),
            _ => None,
        }
    }

    /// Puts a default into an empty option.
    pub fn fill(self) -> Option<()> {
        match self {
            Self::OptComponents(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptOperation(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptContact(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptParameters(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptTexts(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptText(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptServers(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptTags(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptRequirements(inner) => {
                inner.get_or_insert_default();
            }
            Self::OptExtensions(inner) => {
                inner.get_or_insert_default();
            }
            _ => return None,
        }
        Some(())
    }

    /// Keys of a map.
    pub fn keys(&self) -> Option<Vec<String>> {
        Some(match self {
            Self::Schemas(map) => map.keys().cloned().collect(),
            Self::PathsMap(map) => map.keys().cloned().collect(),
            Self::ResponseMap(map) => map.keys().cloned().collect(),
            Self::SecuritySchemes(map) => map.keys().cloned().collect(),
            Self::Properties(object) => object.properties.keys().cloned().collect(),
            _ => return None,
        })
    }

    /// Adds an entry to a map.
    pub fn insert(self, key: String, node: Node) -> Option<()> {
        match (self, node) {
            (Self::Schemas(map), Node::Schema(schema)) => {
                map.insert(key, schema);
            }
            (Self::ResponseMap(map), Node::Response(response)) => {
                map.insert(key, response);
            }
            (Self::PathsMap(map), Node::PathItem(item)) => {
                map.insert(key, item);
            }
            (Self::Properties(object), Node::Schema(schema)) => {
                object.properties.insert(key, schema);
            }
            (Self::SecuritySchemes(map), Node::Security(scheme)) => {
                map.insert(key, RefOr::T(scheme));
            }
            _ => return None,
        }
        Some(())
    }

    /// Takes an entry out of a map.
    pub fn remove(self, key: &str) -> Option<()> {
        match self {
            Self::Schemas(map) => drop(map.remove(key)),
            Self::ResponseMap(map) => drop(map.remove(key)),
            Self::PathsMap(map) => drop(map.shift_remove(key)),
            Self::SecuritySchemes(map) => drop(map.remove(key)),
            Self::Properties(object) => drop(object.properties.shift_remove(key)),
            _ => return None,
        }
        Some(())
    }

    /// Adds an entry to a list.
    pub fn push(self, value: Val) -> Option<()> {
        match (self, value) {
            (Self::Texts(list), value) => list.push(value.text()?),
            (Self::Servers(list), Val::Node(node)) => match *node {
                Node::Server(server) => list.push(server),
                _ => return None,
            },
            (Self::Tags(list), Val::Node(node)) => match *node {
                Node::Tag(tag) => list.push(tag),
                _ => return None,
            },
            (Self::Requirements(list), Val::Node(node)) => match *node {
                Node::Requirement(requirement) => list.push(requirement),
                _ => return None,
            },
            (Self::Parameters(list), Val::Node(node)) => match *node {
                Node::Parameter(parameter) => list.push(RefOr::T(parameter)),
                _ => return None,
            },
            (Self::Text(text), value) => text.push_str(&value.text()?),
            _ => return None,
        }
        Some(())
    }

    /// A copy as a value.
    pub fn value(self) -> Val {
        fn option<T: Clone>(inner: Option<&T>, make: impl Fn(T) -> Val) -> Val {
            Val::Opt(inner.cloned().map(|inner| Box::new(make(inner))))
        }
        fn list<T: Clone>(inner: &[T], make: impl Fn(T) -> Val) -> Val {
            Val::List(inner.iter().cloned().map(make).collect())
        }
        match self {
            Self::Node(node) => node.clone().val(),
            Self::OpenApi(document) => Node::OpenApi(Box::new(document.clone())).val(),
            Self::Info(info) => Node::Info(info.clone()).val(),
            Self::OptContact(inner) => option(inner.as_ref(), |one| Node::Contact(one).val()),
            Self::Contact(contact) => Node::Contact(contact.clone()).val(),
            Self::OptLicense(inner) => option(inner.as_ref(), |one| Node::License(one).val()),
            Self::OptDocs(inner) => option(inner.as_ref(), |one| Node::ExternalDocs(one).val()),
            Self::OptComponents(inner) => option(inner.as_ref(), |one| Node::Components(one).val()),
            Self::Components(components) => Node::Components(components.clone()).val(),
            Self::Schemas(map) => pairs(map, |schema| Node::Schema(schema).val()),
            Self::SecuritySchemes(map) => pairs(map, |_| Val::opaque("a security scheme")),
            Self::Paths(paths) => Node::Paths(paths.clone()).val(),
            Self::PathsMap(map) => {
                let entry = |(key, item): (&String, &PathItem)| {
                    Val::Tuple(vec![Val::Text(key.clone()), Node::PathItem(item.clone()).val()])
                };
                Val::List(map.iter().map(entry).collect())
            }
            Self::PathItem(item) => Node::PathItem(item.clone()).val(),
            Self::OptOperation(inner) => option(inner.as_ref(), |one| Node::Operation(one).val()),
            Self::Operation(operation) => Node::Operation(operation.clone()).val(),
            Self::Responses(responses) => Node::Responses(responses.clone()).val(),
            Self::ResponseMap(map) => pairs(map, |response| Node::Response(response).val()),
            Self::Response(response) => Node::Response(response.clone()).val(),
            Self::OptParameters(inner) => option(inner.as_ref(), |_| Val::opaque("parameters")),
            Self::Parameters(inner) => list(inner, |_| Val::opaque("a parameter")),
            Self::OptTexts(inner) => option(inner.as_ref(), |texts| list(&texts, Val::Text)),
            Self::Texts(inner) => list(inner, Val::Text),
            Self::OptText(inner) => option(inner.as_ref(), Val::Text),
            Self::Text(text) => Val::Text(text.clone()),
            Self::OptServers(inner) => {
                option(inner.as_ref(), |servers| list(&servers, |one| Node::Server(one).val()))
            }
            Self::Servers(inner) => list(inner, |one| Node::Server(one).val()),
            Self::OptTags(inner) => option(inner.as_ref(), |tags| list(&tags, |one| Node::Tag(one).val())),
            Self::Tags(inner) => list(inner, |one| Node::Tag(one).val()),
            Self::OptRequirements(inner) => {
                option(inner.as_ref(), |all| list(&all, |one| Node::Requirement(one).val()))
            }
            Self::Requirements(inner) => list(inner, |one| Node::Requirement(one).val()),
            Self::OptExtensions(inner) => option(inner.as_ref(), |one| Node::Extensions(one).val()),
            Self::Extensions(inner) => Node::Extensions(inner.clone()).val(),
            Self::OptDeprecated(inner) => option(inner.as_ref(), |one| Node::Deprecated(one).val()),
            Self::Schema(schema) => Node::Schema(schema.clone()).val(),
            Self::OptJson(inner) => option(inner.as_ref(), Val::Json),
            Self::Jsons(inner) => list(inner, Val::Json),
            Self::Properties(_) => Val::opaque("the properties of a schema"),
            Self::Server(server) => Node::Server(server.clone()).val(),
            Self::Tag(tag) => Node::Tag(tag.clone()).val(),
        }
    }

    /// Replaces the part.
    pub fn set(self, value: Val) -> bool {
        self.replace(value).is_some()
    }

    #[expect(clippy::too_many_lines, reason = "a table of utoipa's fields")]
    fn replace(self, value: Val) -> Option<()> {
        let inner = match &value {
            Val::Opt(inner) => inner.as_ref().map(|inner| inner.as_ref().clone()),
            other => Some(other.clone()),
        };
        match self {
            Self::Text(text) => *text = value.text()?,
            Self::OptText(text) => *text = option_of(inner, |one| one.text())?,
            Self::OptTexts(texts) => *texts = option_of(inner, texts_of)?,
            Self::Texts(texts) => *texts = texts_of(value)?,
            Self::OptJson(json) => *json = option_of(inner, |one| one.json())?,
            Self::Jsons(all) => match value.json()? {
                serde_json::Value::Array(list) => *all = list,
                _ => return None,
            },
            Self::OptServers(servers) => *servers = option_of(inner, |one| nodes_of(one, server_of))?,
            Self::OptTags(tags) => *tags = option_of(inner, |one| nodes_of(one, tag_of))?,
            Self::OptRequirements(all) => *all = option_of(inner, |one| nodes_of(one, requirement_of))?,
            Self::OptDocs(docs) => {
                *docs = option_of(inner, |one| match node_of(one)? {
                    Node::ExternalDocs(docs) => Some(docs),
                    _ => None,
                })?;
            }
            Self::OptContact(contact) => {
                *contact = option_of(inner, |one| match node_of(one)? {
                    Node::Contact(contact) => Some(contact),
                    _ => None,
                })?;
            }
            Self::OptLicense(license) => {
                *license = option_of(inner, |one| match node_of(one)? {
                    Node::License(license) => Some(license),
                    _ => None,
                })?;
            }
            Self::OptComponents(components) => {
                *components = option_of(inner, |one| match node_of(one)? {
                    Node::Components(components) => Some(components),
                    _ => None,
                })?;
            }
            Self::OptOperation(operation) => {
                *operation = option_of(inner, |one| match node_of(one)? {
                    Node::Operation(operation) => Some(operation),
                    _ => None,
                })?;
            }
            Self::OptExtensions(extensions) => {
                *extensions = option_of(inner, |one| match node_of(one)? {
                    Node::Extensions(extensions) => Some(extensions),
                    _ => None,
                })?;
            }
            Self::OptDeprecated(deprecated) => {
                *deprecated = option_of(inner, |one| match node_of(one)? {
                    Node::Deprecated(deprecated) => Some(deprecated),
                    _ => None,
                })?;
            }
            other => return other.replace_whole(node_of(value)?),
        }
        Some(())
    }

    fn replace_whole(self, node: Node) -> Option<()> {
        match (self, node) {
            (Self::OpenApi(place), Node::OpenApi(document)) => *place = *document,
            (Self::Info(place), Node::Info(info)) => *place = info,
            (Self::Contact(place), Node::Contact(contact)) => *place = contact,
            (Self::Server(place), Node::Server(server)) => *place = server,
            (Self::Tag(place), Node::Tag(tag)) => *place = tag,
            (Self::Extensions(place), Node::Extensions(extensions)) => *place = extensions,
            (Self::Components(place), Node::Components(components)) => *place = components,
            (Self::Paths(place), Node::Paths(paths)) => *place = paths,
            (Self::PathItem(place), Node::PathItem(item)) => *place = item,
            (Self::Operation(place), Node::Operation(operation)) => *place = operation,
            (Self::Responses(place), Node::Responses(responses)) => *place = responses,
            (Self::Response(place), Node::Response(response)) => *place = response,
            (Self::Schema(place), Node::Schema(schema)) => *place = schema,
            (Self::Node(place), node) => *place = node,
            _ => return None,
        }
        Some(())
    }
}

fn pairs<T: Clone>(map: &BTreeMap<String, T>, make: impl Fn(T) -> Val) -> Val {
    let entry = |(key, value): (&String, &T)| Val::Tuple(vec![Val::Text(key.clone()), make(value.clone())]);
    Val::List(map.iter().map(entry).collect())
}

#[expect(clippy::option_option, reason = "an empty option is a value, nothing is a failure")]
fn option_of<T>(value: Option<Val>, read: impl Fn(Val) -> Option<T>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(value) => read(value).map(Some),
    }
}

fn node_of(value: Val) -> Option<Node> {
    match value {
        Val::Node(node) => Some(*node),
        _ => None,
    }
}

fn texts_of(value: Val) -> Option<Vec<String>> {
    match value {
        Val::List(list) => list.iter().map(Val::text).collect(),
        _ => None,
    }
}

fn nodes_of<T>(value: Val, pick: impl Fn(Node) -> Option<T>) -> Option<Vec<T>> {
    match value {
        Val::List(list) => list.into_iter().map(|one| node_of(one).and_then(&pick)).collect(),
        _ => None,
    }
}

fn server_of(node: Node) -> Option<Server> {
    match node {
        Node::Server(server) => Some(server),
        _ => None,
    }
}

fn tag_of(node: Node) -> Option<Tag> {
    match node {
        Node::Tag(tag) => Some(tag),
        _ => None,
    }
}

fn requirement_of(node: Node) -> Option<SecurityRequirement> {
    match node {
        Node::Requirement(requirement) => Some(requirement),
        _ => None,
    }
}
