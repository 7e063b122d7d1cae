//! What a document is made of, by the specification's own tables: every object with its role, every reference, and
//! what is of a wrong type, missing or unknown on the way.
//!
//! The tables follow OpenAPI 3.0.4, 3.1.1 and 3.2.0, "Fixed Fields" of each object.

use crate::diag::{Problem, code};
use crate::openapi::node::{Node, Value};
use crate::openapi::{At, Document, Version};

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum Role {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    Paths,
    PathItem,
    Operation,
    Responses,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    SecurityRequirement,
}

/// What a field holds.
#[derive(Clone, Copy)]
enum FieldKind {
    Any,
    Text,
    Bool,
    Number,
    Texts,
    TextMap,
    Of(Role),
    List(Role),
    Map(Role),
    /// A schema, or a boolean where the version allows it.
    SchemaOrBool,
    /// `type`: a text, or from 3.1 on a list of texts.
    Type,
    /// `exclusiveMinimum`: a boolean in 3.0, a number from 3.1 on.
    Limit,
}

use FieldKind::{Any, Bool, Limit, List, Map, Number, Of, SchemaOrBool, Text, TextMap, Texts, Type};

/// Fields by name; a name that ends in `!` is required.
type Fields = &'static [(&'static str, FieldKind)];

/// The key of roles whose keys are free.
const FREE: &str = "*";

const OPERATIONS: Fields = &[
    ("get", Of(Role::Operation)),
    ("put", Of(Role::Operation)),
    ("post", Of(Role::Operation)),
    ("delete", Of(Role::Operation)),
    ("options", Of(Role::Operation)),
    ("head", Of(Role::Operation)),
    ("patch", Of(Role::Operation)),
    ("trace", Of(Role::Operation)),
    ("query", Of(Role::Operation)),
    ("additionalOperations", Map(Role::Operation)),
    ("$ref", Text),
    ("summary", Text),
    ("description", Text),
    ("servers", List(Role::Server)),
    ("parameters", List(Role::Parameter)),
];

const SCHEMA: Fields = &[
    ("$ref", Text),
    ("$dynamicRef", Text),
    ("$id", Text),
    ("$schema", Text),
    ("$anchor", Text),
    ("$dynamicAnchor", Text),
    ("$comment", Text),
    ("$vocabulary", Any),
    ("$defs", Map(Role::Schema)),
    ("title", Text),
    ("description", Text),
    ("type", Type),
    ("format", Text),
    ("enum", Any),
    ("const", Any),
    ("default", Any),
    ("example", Any),
    ("examples", Any),
    ("multipleOf", Number),
    ("maximum", Number),
    ("exclusiveMaximum", Limit),
    ("minimum", Number),
    ("exclusiveMinimum", Limit),
    ("maxLength", Number),
    ("minLength", Number),
    ("pattern", Text),
    ("maxItems", Number),
    ("minItems", Number),
    ("uniqueItems", Bool),
    ("maxContains", Number),
    ("minContains", Number),
    ("maxProperties", Number),
    ("minProperties", Number),
    ("required", Texts),
    ("dependentRequired", Any),
    ("properties", Map(Role::Schema)),
    ("patternProperties", Map(Role::Schema)),
    ("additionalProperties", SchemaOrBool),
    ("propertyNames", SchemaOrBool),
    ("unevaluatedItems", SchemaOrBool),
    ("unevaluatedProperties", SchemaOrBool),
    ("items", SchemaOrBool),
    ("prefixItems", List(Role::Schema)),
    ("contains", SchemaOrBool),
    ("allOf", List(Role::Schema)),
    ("anyOf", List(Role::Schema)),
    ("oneOf", List(Role::Schema)),
    ("not", SchemaOrBool),
    ("if", SchemaOrBool),
    ("then", SchemaOrBool),
    ("else", SchemaOrBool),
    ("dependentSchemas", Map(Role::Schema)),
    ("contentEncoding", Text),
    ("contentMediaType", Text),
    ("contentSchema", SchemaOrBool),
    ("nullable", Bool),
    ("readOnly", Bool),
    ("writeOnly", Bool),
    ("deprecated", Bool),
    ("discriminator", Of(Role::Discriminator)),
    ("xml", Of(Role::Xml)),
    ("externalDocs", Of(Role::ExternalDocs)),
];

impl Role {
    #[expect(clippy::too_many_lines, reason = "a table of the specification's objects")]
    fn fields(self) -> Fields {
        match self {
            Self::Document => &[
                ("openapi!", Text),
                ("$self", Text),
                ("info!", Of(Role::Info)),
                ("jsonSchemaDialect", Text),
                ("servers", List(Role::Server)),
                ("paths", Of(Role::Paths)),
                ("webhooks", Map(Role::PathItem)),
                ("components", Of(Role::Components)),
                ("security", List(Role::SecurityRequirement)),
                ("tags", List(Role::Tag)),
                ("externalDocs", Of(Role::ExternalDocs)),
            ],
            Self::Info => &[
                ("title!", Text),
                ("summary", Text),
                ("description", Text),
                ("termsOfService", Text),
                ("contact", Of(Role::Contact)),
                ("license", Of(Role::License)),
                ("version!", Text),
            ],
            Self::Contact => &[("name", Text), ("url", Text), ("email", Text)],
            Self::License => &[("name!", Text), ("identifier", Text), ("url", Text)],
            Self::Server => &[
                ("url!", Text),
                ("description", Text),
                ("name", Text),
                ("variables", Map(Role::ServerVariable)),
            ],
            Self::ServerVariable => &[("enum", Texts), ("default!", Text), ("description", Text)],
            Self::Components => &[
                ("schemas", Map(Role::Schema)),
                ("responses", Map(Role::Response)),
                ("parameters", Map(Role::Parameter)),
                ("examples", Map(Role::Example)),
                ("requestBodies", Map(Role::RequestBody)),
                ("headers", Map(Role::Header)),
                ("securitySchemes", Map(Role::SecurityScheme)),
                ("links", Map(Role::Link)),
                ("callbacks", Map(Role::Callback)),
                ("pathItems", Map(Role::PathItem)),
                ("mediaTypes", Map(Role::MediaType)),
            ],
            Self::Paths | Self::Callback => &[(FREE, Of(Role::PathItem))],
            Self::PathItem => OPERATIONS,
            Self::Operation => &[
                ("tags", Texts),
                ("summary", Text),
                ("description", Text),
                ("externalDocs", Of(Role::ExternalDocs)),
                ("operationId", Text),
                ("parameters", List(Role::Parameter)),
                ("requestBody", Of(Role::RequestBody)),
                ("responses", Of(Role::Responses)),
                ("callbacks", Map(Role::Callback)),
                ("deprecated", Bool),
                ("security", List(Role::SecurityRequirement)),
                ("servers", List(Role::Server)),
            ],
            Self::Responses => &[(FREE, Of(Role::Response))],
            Self::ExternalDocs => &[("description", Text), ("url!", Text)],
            Self::Parameter => &[
                ("name!", Text),
                ("in!", Text),
                ("description", Text),
                ("required", Bool),
                ("deprecated", Bool),
                ("allowEmptyValue", Bool),
                ("style", Text),
                ("explode", Bool),
                ("allowReserved", Bool),
                ("schema", SchemaOrBool),
                ("example", Any),
                ("examples", Map(Role::Example)),
                ("content", Map(Role::MediaType)),
            ],
            Self::Header => &[
                ("description", Text),
                ("required", Bool),
                ("deprecated", Bool),
                ("style", Text),
                ("explode", Bool),
                ("schema", SchemaOrBool),
                ("example", Any),
                ("examples", Map(Role::Example)),
                ("content", Map(Role::MediaType)),
            ],
            Self::RequestBody => {
                &[("description", Text), ("content!", Map(Role::MediaType)), ("required", Bool)]
            }
            Self::MediaType => &[
                ("schema", SchemaOrBool),
                ("itemSchema", SchemaOrBool),
                ("example", Any),
                ("examples", Map(Role::Example)),
                ("encoding", Map(Role::Encoding)),
                ("prefixEncoding", List(Role::Encoding)),
                ("itemEncoding", Of(Role::Encoding)),
            ],
            Self::Encoding => &[
                ("contentType", Text),
                ("headers", Map(Role::Header)),
                ("style", Text),
                ("explode", Bool),
                ("allowReserved", Bool),
                ("encoding", Map(Role::Encoding)),
                ("prefixEncoding", List(Role::Encoding)),
                ("itemEncoding", Of(Role::Encoding)),
            ],
            Self::Response => &[
                ("summary", Text),
                ("description", Text),
                ("headers", Map(Role::Header)),
                ("content", Map(Role::MediaType)),
                ("links", Map(Role::Link)),
            ],
            Self::Example => &[
                ("summary", Text),
                ("description", Text),
                ("value", Any),
                ("dataValue", Any),
                ("serializedValue", Text),
                ("externalValue", Text),
            ],
            Self::Link => &[
                ("operationRef", Text),
                ("operationId", Text),
                ("parameters", Any),
                ("requestBody", Any),
                ("description", Text),
                ("server", Of(Role::Server)),
            ],
            Self::Tag => &[
                ("name!", Text),
                ("summary", Text),
                ("description", Text),
                ("externalDocs", Of(Role::ExternalDocs)),
                ("parent", Text),
                ("kind", Text),
            ],
            Self::Schema => SCHEMA,
            Self::Discriminator => &[("propertyName!", Text), ("mapping", TextMap), ("defaultMapping", Text)],
            Self::Xml => &[
                ("name", Text),
                ("namespace", Text),
                ("prefix", Text),
                ("attribute", Bool),
                ("wrapped", Bool),
                ("nodeType", Text),
            ],
            Self::SecurityScheme => &[
                ("type!", Text),
                ("description", Text),
                ("name", Text),
                ("in", Text),
                ("scheme", Text),
                ("bearerFormat", Text),
                ("flows", Of(Role::OAuthFlows)),
                ("openIdConnectUrl", Text),
                ("oauth2MetadataUrl", Text),
                ("deprecated", Bool),
            ],
            Self::OAuthFlows => &[
                ("implicit", Of(Role::OAuthFlow)),
                ("password", Of(Role::OAuthFlow)),
                ("clientCredentials", Of(Role::OAuthFlow)),
                ("authorizationCode", Of(Role::OAuthFlow)),
                ("deviceAuthorization", Of(Role::OAuthFlow)),
            ],
            Self::OAuthFlow => &[
                ("authorizationUrl", Text),
                ("deviceAuthorizationUrl", Text),
                ("tokenUrl", Text),
                ("refreshUrl", Text),
                ("scopes!", TextMap),
            ],
            Self::SecurityRequirement => &[(FREE, Texts)],
        }
    }

    /// In words, for messages.
    fn name(self) -> &'static str {
        match self {
            Self::Document => "the document",
            Self::Info => "`info`",
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::Response => "a response",
            Self::MediaType => "a media type",
            Self::Schema => "a schema",
            Self::Header => "a header",
            Self::Example => "an example",
            Self::Tag => "a tag",
            Self::Server => "a server",
            Self::SecurityScheme => "a security scheme",
            Self::License => "a licence",
            _ => "this object",
        }
    }

    /// Whether a `$ref` may stand in its place.
    fn may_refer(self) -> bool {
        matches!(
            self,
            Self::Schema
                | Self::Response
                | Self::Parameter
                | Self::Example
                | Self::RequestBody
                | Self::Header
                | Self::SecurityScheme
                | Self::Link
                | Self::Callback
                | Self::PathItem
                | Self::MediaType
        )
    }

    /// Whether unknown keys are let pass: schemas may have keywords of other vocabularies from 3.1 on.
    fn is_open(self, version: Version) -> bool {
        self == Self::Schema && version > Version::V3_0
    }
}

/// All that a document holds.
#[derive(Debug, Default)]
pub struct Survey<'d> {
    /// Every object, before its parts.
    pub items: Vec<(Role, At<'d>)>,
    /// Every `$ref`: where it stands, and what it says.
    pub references: Vec<(Role, At<'d>, &'d str)>,
    /// What is not as the specification wants it.
    pub problems: Vec<Problem>,
    /// How much more of it there is.
    pub more: usize,
}

/// Troubles of structure that are told; a file that is no API document at all has thousands.
const MOST_TOLD: usize = 200;

/// Goes through a document.
pub fn survey(document: &Document) -> Survey<'_> {
    let mut walker = Walker { version: document.version, out: Survey::default() };
    walker.object(Role::Document, document.top(), &document.root.place);
    walker.out
}

impl<'d> Survey<'d> {
    /// Objects of a role.
    pub fn of(&self, role: Role) -> impl Iterator<Item = &At<'d>> {
        self.items.iter().filter(move |(other, _)| *other == role).map(|(_, at)| at)
    }
}

struct Walker<'d> {
    version: Version,
    out: Survey<'d>,
}

impl<'d> Walker<'d> {
    fn wrong(&mut self, at: &At<'d>, place: &crate::diag::Place, message: String) {
        if self.out.problems.len() >= MOST_TOLD {
            self.out.more += 1;
        } else {
            self.out.problems.push(Problem::new(code::OPENAPI_STRUCTURE, place, &*at.pointer, message));
        }
    }

    fn object(&mut self, role: Role, at: At<'d>, place: &'d crate::diag::Place) {
        let Some(map) = at.node.map() else {
            let message = format!("{} must be an object, not {}", role.name(), at.node.type_name());
            return self.wrong(&at, place, message);
        };
        if let Some(reference) = at.node.get_text("$ref") {
            // Documents in several files have references also where the specification knows none: they lead
            // somewhere or nowhere all the same.
            self.out.references.push((role, at.clone(), reference));
            // Beside a reference only schemas (from 3.1 on) and paths have fields of their own.
            let has_others = role == Role::Schema && self.version > Version::V3_0 || role == Role::PathItem;
            if role.may_refer() && !has_others {
                return;
            }
        }
        self.out.items.push((role, at.clone()));
        let fields = role.fields();
        for (name, _) in fields {
            if let Some(name) = name.strip_suffix('!').filter(|name| map.get(name).is_none()) {
                self.wrong(&at, place, format!("{} has no `{name}`", role.name()));
            }
        }
        for (entry, value) in at.entries() {
            if entry.key.starts_with("x-") {
                continue;
            }
            let find = |wanted: &str| fields.iter().find(|(name, _)| name.trim_end_matches('!') == wanted);
            match find(&entry.key).or_else(|| find(FREE)) {
                Some((_, kind)) => self.field(*kind, &value, &entry.place, &entry.key),
                None if role.is_open(self.version) => {}
                None => {
                    let names = fields.iter().map(|(name, _)| name.trim_end_matches('!'));
                    let near = crate::diag::nearest(&entry.key, names);
                    let message = format!("{} has no field `{}`", role.name(), entry.key);
                    self.wrong(&value, &entry.place, message);
                    if let (Some(near), Some(problem)) = (near, self.out.problems.last_mut()) {
                        problem.help = Some(format!("did you mean `{near}`?"));
                    }
                }
            }
        }
    }

    fn field(&mut self, kind: FieldKind, at: &At<'d>, place: &'d crate::diag::Place, key: &str) {
        let node = at.node;
        let old = self.version == Version::V3_0;
        let texts = |node: &Node| matches!(&node.value, Value::List(list) if list.iter().all(|item| item.text().is_some()));
        let (fits, wanted) = match kind {
            Any => (true, ""),
            Text => (node.text().is_some(), "text"),
            Bool => (node.bool().is_some(), "true or false"),
            Number => (node.number().is_some(), "a number"),
            Texts => (texts(node), "a list of texts"),
            TextMap => (
                node.map().is_some_and(|map| map.iter().all(|entry| entry.node.text().is_some())),
                "an object of texts",
            ),
            Type if old => (node.text().is_some(), "text (lists of types are allowed from 3.1 on)"),
            Type => (node.text().is_some() || texts(node), "text or a list of texts"),
            Limit if old => (node.bool().is_some(), "true or false (numbers are allowed from 3.1 on)"),
            Limit => (node.number().is_some(), "a number (from 3.1 on)"),
            SchemaOrBool if node.bool().is_some() => (!old || key == "additionalProperties", "an object"),
            SchemaOrBool => return self.object(Role::Schema, at.clone(), place),
            Of(role) => return self.object(role, at.clone(), place),
            List(role) => {
                for item in at.items() {
                    self.part(role, item.clone(), &item.node.place);
                }
                (matches!(node.value, Value::List(_)), "a list")
            }
            Map(role) => {
                for (entry, value) in at.entries() {
                    self.part(role, value, &entry.place);
                }
                (node.map().is_some(), "an object")
            }
        };
        if !fits {
            self.wrong(at, place, format!("`{key}` must be {wanted}, not {}", node.type_name()));
        }
    }

    /// From 3.1 on a schema may be a boolean.
    fn part(&mut self, role: Role, at: At<'d>, place: &'d crate::diag::Place) {
        if role == Role::Schema && at.node.bool().is_some() && self.version > Version::V3_0 {
            return;
        }
        self.object(role, at, place);
    }
}
