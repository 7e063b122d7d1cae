//! utoipa's functions and constants that make values.

use super::arguments::{Arguments, Taken};
use super::eval::{Machine, Stop};
use super::nodes::Node;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, ParameterStyle};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::response::{Response, Responses};
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOf, ArrayItems, Discriminator, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, AuthorizationCode, ClientCredentials, Flow, Http, HttpAuthScheme, Implicit, OAuth2,
    OpenIdConnect, Password, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    AllOf, Array, Components, Contact, Content, Deprecated, ExternalDocs, Header, Info, License, Object,
    OneOf, OpenApi, PathItem, Paths, Ref, RefOr, Required, Schema, Server, ServerVariable, Tag, example, xml,
};

fn schema(made: impl Into<Schema>) -> Node {
    Node::Schema(RefOr::T(made.into()))
}

impl Machine<'_, '_> {
    /// A constant of utoipa, such as `Type::String`.
    pub(super) fn utoipa_constant(&self, owner: &str, name: &str) -> Option<Node> {
        Some(match owner {
            "Type" => Node::Type(type_named(name)?),
            "SchemaType" if name == "AnyValue" => Node::Types(SchemaType::AnyValue),
            "KnownFormat" => Node::Format(SchemaFormat::Custom(kebab(name))),
            "HttpMethod" | "PathItemType" => Node::Method(crate::openapi::utoipa::lower::path::method(name)?),
            "ParameterIn" => Node::Location(match name {
                "Query" => ParameterIn::Query,
                "Path" => ParameterIn::Path,
                "Header" => ParameterIn::Header,
                "Cookie" => ParameterIn::Cookie,
                "QueryString" => ParameterIn::QueryString,
                _ => return None,
            }),
            "ParameterStyle" => Node::Style(style_named(name)?),
            "Required" => Node::Required(if name == "True" { Required::True } else { Required::False }),
            "Deprecated" => {
                Node::Deprecated(if name == "True" { Deprecated::True } else { Deprecated::False })
            }
            "ArrayItems" if name == "False" => Node::Items(ArrayItems::False),
            "HttpAuthScheme" => Node::HttpScheme(match name {
                "Basic" => HttpAuthScheme::Basic,
                "Bearer" => HttpAuthScheme::Bearer,
                "Digest" => HttpAuthScheme::Digest,
                "Hoba" => HttpAuthScheme::Hoba,
                "Mutual" => HttpAuthScheme::Mutual,
                "Negotiate" => HttpAuthScheme::Negotiate,
                "OAuth" => HttpAuthScheme::OAuth,
                "ScramSha1" => HttpAuthScheme::ScramSha1,
                "ScramSha256" => HttpAuthScheme::ScramSha256,
                "Vapid" => HttpAuthScheme::Vapid,
                _ => return None,
            }),
            _ => return None,
        })
    }

    /// A function of utoipa that makes a value; nothing where it is not one that is known.
    pub(super) fn utoipa_function(
        &mut self,
        owner: &str,
        name: &str,
        arguments: &mut Arguments,
    ) -> Taken<Option<Node>> {
        let owner = owner.strip_suffix("Builder").unwrap_or(owner);
        if matches!(name, "new" | "builder" | "default")
            && let Some(made) = empty(owner, arguments.is_empty())
        {
            return Ok(Some(made));
        }
        if let Some(made) = self.schema_function(owner, name, arguments)? {
            return Ok(Some(made));
        }
        if let Some(made) = self.security_function(owner, name, arguments)? {
            return Ok(Some(made));
        }
        self.document_function(owner, name, arguments)
    }

    fn schema_function(&mut self, owner: &str, name: &str, from: &mut Arguments) -> Taken<Option<Node>> {
        Ok(Some(match (owner, name) {
            ("Object", "with_type") => schema(Object::with_type(self.types(from)?)),
            ("Array", "new") => schema(Array::new(from.schema(self)?)),
            ("Array", "new_nullable") => schema(Array::new_nullable(from.schema(self)?)),
            ("OneOf", "with_capacity") => schema(OneOf::new()),
            ("AllOf", "with_capacity") => schema(AllOf::new()),
            ("AnyOf", "with_capacity") => schema(AnyOf::new()),
            ("Ref", "new") => Node::Schema(RefOr::Ref(Ref::new(from.text(self)?))),
            ("Ref", "from_schema_name") => Node::Schema(RefOr::Ref(Ref::from_schema_name(from.text(self)?))),
            ("Ref", "from_response_name") => {
                Node::Response(RefOr::Ref(Ref::from_response_name(from.text(self)?)))
            }
            ("schema", "empty") => Node::Schema(RefOr::T(utoipa::openapi::schema::empty())),
            ("Schema", "Object" | "Array" | "OneOf" | "AllOf" | "AnyOf")
            | ("RefOr" | "Box", "T" | "Ref" | "from" | "new") => from.node(self)?,
            ("SchemaType", "new" | "Type" | "from") => Node::Types(self.types(from)?),
            ("SchemaType", "from_iter" | "Array") => {
                let list = from.list(self)?;
                let types = from.nodes(list, |node| match node {
                    Node::Type(ty) => Some(ty),
                    _ => None,
                })?;
                Node::Types(SchemaType::Array(types))
            }
            ("SchemaType", "any") => Node::Types(SchemaType::AnyValue),
            ("SchemaFormat", "KnownFormat") => from.node(self)?,
            ("SchemaFormat", "Custom") => Node::Format(SchemaFormat::Custom(from.text(self)?)),
            ("AdditionalProperties", "FreeForm") => {
                Node::Additional(AdditionalProperties::FreeForm(from.truth(self)?))
            }
            ("AdditionalProperties", "RefOr") => {
                Node::Additional(AdditionalProperties::RefOr(from.schema(self)?))
            }
            ("ArrayItems", "RefOrSchema") => {
                Node::Items(ArrayItems::RefOrSchema(Box::new(from.schema(self)?)))
            }
            ("Discriminator", "new") => Node::Discriminator(Discriminator::new(from.text(self)?)),
            ("Discriminator", "with_mapping") => {
                let property = from.text(self)?;
                let mapping = from.pairs(self)?;
                let mapping: Option<Vec<(String, String)>> =
                    mapping.into_iter().map(|(key, value)| Some((key, value.text()?))).collect();
                let mapping =
                    mapping.ok_or_else(|| Stop::new("value", Some(from.span()), "texts were expected"))?;
                Node::Discriminator(Discriminator::with_mapping(property, mapping))
            }
            _ => return Ok(None),
        }))
    }

    /// A type, or several.
    pub(super) fn types(&mut self, from: &mut Arguments) -> Taken<SchemaType> {
        match from.node(self)? {
            Node::Type(ty) => Ok(SchemaType::Type(ty)),
            Node::Types(types) => Ok(types),
            _ => Err(Stop::new("value", Some(from.span()), "a schema's type was expected")),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table of utoipa's functions")]
    fn security_function(&mut self, owner: &str, name: &str, from: &mut Arguments) -> Taken<Option<Node>> {
        Ok(Some(match (owner, name) {
            ("SecurityScheme", "Http") => match from.node(self)? {
                Node::Http(http) => Node::Security(SecurityScheme::Http(http)),
                _ => return Ok(None),
            },
            ("SecurityScheme", "ApiKey") => match from.node(self)? {
                Node::ApiKey(key) => Node::Security(SecurityScheme::ApiKey(key)),
                _ => return Ok(None),
            },
            ("SecurityScheme", "OAuth2") => match from.node(self)? {
                Node::OAuth2(oauth) => Node::Security(SecurityScheme::OAuth2(oauth)),
                _ => return Ok(None),
            },
            ("SecurityScheme", "OpenIdConnect") => match from.node(self)? {
                Node::OpenIdConnect(connect) => Node::Security(SecurityScheme::OpenIdConnect(connect)),
                _ => return Ok(None),
            },
            ("ApiKey", "Header" | "Query" | "Cookie") => match (name, from.node(self)?) {
                ("Header", Node::ApiKeyValue(value)) => Node::ApiKey(ApiKey::Header(value)),
                ("Query", Node::ApiKeyValue(value)) => Node::ApiKey(ApiKey::Query(value)),
                ("Cookie", Node::ApiKeyValue(value)) => Node::ApiKey(ApiKey::Cookie(value)),
                _ => return Ok(None),
            },
            ("ApiKeyValue", "new") => Node::ApiKeyValue(ApiKeyValue::new(from.text(self)?)),
            ("ApiKeyValue", "with_description") => {
                let (name, text) = (from.text(self)?, from.text(self)?);
                Node::ApiKeyValue(ApiKeyValue::with_description(name, text))
            }
            ("Http", "new") => match from.node(self)? {
                Node::HttpScheme(scheme) => Node::Http(Http::new(scheme)),
                _ => return Ok(None),
            },
            ("OpenIdConnect", "new") => Node::OpenIdConnect(OpenIdConnect::new(from.text(self)?)),
            ("OpenIdConnect", "with_description") => {
                let (url, text) = (from.text(self)?, from.text(self)?);
                Node::OpenIdConnect(OpenIdConnect::with_description(url, text))
            }
            ("OAuth2", "new" | "with_description") => {
                let list = from.list(self)?;
                let flows = from.nodes(list, |node| match node {
                    Node::Flow(flow) => Some(flow),
                    _ => None,
                })?;
                Node::OAuth2(if name == "new" {
                    OAuth2::new(flows)
                } else {
                    OAuth2::with_description(flows, from.text(self)?)
                })
            }
            ("Flow", _) => from.node(self)?,
            ("Scopes", "from_iter") => {
                let pairs = from.pairs(self)?;
                let pairs: Option<Vec<(String, String)>> =
                    pairs.into_iter().map(|(key, value)| Some((key, value.text()?))).collect();
                let pairs =
                    pairs.ok_or_else(|| Stop::new("value", Some(from.span()), "texts were expected"))?;
                Node::Scopes(Scopes::from_iter(pairs))
            }
            ("Scopes", "one") => {
                let (name, text) = (from.text(self)?, from.text(self)?);
                Node::Scopes(Scopes::one(name, text))
            }
            ("SecurityRequirement", "new") => {
                let (name, scopes) = (from.text(self)?, from.texts(self)?);
                Node::Requirement(SecurityRequirement::new(name, scopes))
            }
            _ => return self.flow_function(owner, name, from),
        }))
    }

    fn flow_function(&mut self, owner: &str, name: &str, from: &mut Arguments) -> Taken<Option<Node>> {
        let urls = match (owner, name) {
            ("Implicit" | "Password" | "ClientCredentials", "new") => 1,
            ("AuthorizationCode", "new") => 2,
            ("Implicit" | "Password" | "ClientCredentials" | "AuthorizationCode", "with_refresh_url") => {
                if owner == "AuthorizationCode" {
                    2
                } else {
                    1
                }
            }
            _ => return Ok(None),
        };
        let first = from.text(self)?;
        let second = if urls == 2 { from.text(self)? } else { String::new() };
        let Node::Scopes(scopes) = from.node(self)? else { return Ok(None) };
        let refresh = if name == "new" { None } else { Some(from.text(self)?) };
        Ok(Some(Node::Flow(match (owner, refresh) {
            ("Implicit", None) => Flow::Implicit(Implicit::new(first, scopes)),
            ("Implicit", Some(url)) => Flow::Implicit(Implicit::with_refresh_url(first, scopes, url)),
            ("Password", None) => Flow::Password(Password::new(first, scopes)),
            ("Password", Some(url)) => Flow::Password(Password::with_refresh_url(first, scopes, url)),
            ("ClientCredentials", None) => Flow::ClientCredentials(ClientCredentials::new(first, scopes)),
            ("ClientCredentials", Some(url)) => {
                Flow::ClientCredentials(ClientCredentials::with_refresh_url(first, scopes, url))
            }
            (_, None) => Flow::AuthorizationCode(AuthorizationCode::new(first, second, scopes)),
            (_, Some(url)) => {
                Flow::AuthorizationCode(AuthorizationCode::with_refresh_url(first, second, scopes, url))
            }
        })))
    }

    fn document_function(&mut self, owner: &str, name: &str, from: &mut Arguments) -> Taken<Option<Node>> {
        Ok(Some(match (owner, name) {
            ("OpenApi", "new") => {
                let (info, paths) = (from.node(self)?, from.node(self)?);
                match (info, paths) {
                    (Node::Info(info), Node::Paths(paths)) => {
                        Node::OpenApi(Box::new(OpenApi::new(info, paths)))
                    }
                    _ => return Ok(None),
                }
            }
            ("Info", "new") => {
                let (title, version) = (from.text(self)?, from.text(self)?);
                Node::Info(Info::new(title, version))
            }
            ("License", "new") => Node::License(License::new(from.text(self)?)),
            ("Server", "new") => Node::Server(Server::new(from.text(self)?)),
            ("Tag", "new") => Node::Tag(Tag::new(from.text(self)?)),
            ("ExternalDocs", "new") => Node::ExternalDocs(ExternalDocs::new(from.text(self)?)),
            ("Response", "new") => Node::Response(RefOr::T(Response::new(from.text(self)?))),
            ("Parameter", "new") => Node::Parameter(Parameter::new(from.text(self)?)),
            ("Content", "new") => Node::Content(Content::new(from.some_schema(self)?)),
            ("Header", "new") => Node::Header(HeaderBuilder::new().schema(Some(from.schema(self)?)).build()),
            ("PathItem", "new") => {
                let (method, operation) = (from.node(self)?, from.node(self)?);
                match (method, operation) {
                    (Node::Method(method), Node::Operation(operation)) => {
                        Node::PathItem(PathItem::new(method, operation))
                    }
                    _ => return Ok(None),
                }
            }
            ("Extensions", "from_iter") => {
                let pairs = from.pairs(self)?;
                let pairs: Option<Vec<(String, serde_json::Value)>> =
                    pairs.into_iter().map(|(key, value)| Some((key, self.as_json(&value)?))).collect();
                let pairs =
                    pairs.ok_or_else(|| Stop::new("value", Some(from.span()), "values were expected"))?;
                Node::Extensions(Extensions::from_iter(pairs))
            }
            _ => return Ok(None),
        }))
    }
}

/// A builder, or a value without arguments.
fn empty(owner: &str, bare: bool) -> Option<Node> {
    if !bare {
        return None;
    }
    Some(match owner {
        "Object" => schema(Object::new()),
        "Array" => schema(Array::default()),
        "OneOf" => schema(OneOf::new()),
        "AllOf" => schema(AllOf::new()),
        "AnyOf" => schema(AnyOf::new()),
        "Ref" => Node::Schema(RefOr::Ref(Ref::default())),
        "OpenApi" => Node::OpenApi(Box::default()),
        "Info" => Node::Info(Info::default()),
        "Contact" => Node::Contact(Contact::new()),
        "License" => Node::License(License::default()),
        "ExternalDocs" => Node::ExternalDocs(ExternalDocs::default()),
        "Server" => Node::Server(Server::default()),
        "ServerVariable" => Node::ServerVariable(ServerVariable::default()),
        "Tag" => Node::Tag(Tag::default()),
        "Components" => Node::Components(Components::new()),
        "Paths" => Node::Paths(Paths::new()),
        "PathItem" => Node::PathItem(PathItem::default()),
        "Operation" => Node::Operation(Operation::new()),
        "Parameter" => Node::Parameter(Parameter::default()),
        "RequestBody" => Node::RequestBody(RequestBody::new()),
        "Responses" => Node::Responses(Responses::new()),
        "Response" => Node::Response(RefOr::T(Response::default())),
        "Content" => Node::Content(Content::default()),
        "Header" => Node::Header(Header::default()),
        "Example" => Node::Example(example::Example::default()),
        "Extensions" => Node::Extensions(Extensions::default()),
        "SecurityRequirement" => Node::Requirement(SecurityRequirement::default()),
        "Http" => Node::Http(Http::default()),
        "Scopes" => Node::Scopes(Scopes::new()),
        "Xml" => Node::Xml(xml::Xml::new()),
        "OpenApiRouter" | "UtoipaApp" => Node::Router(Box::default()),
        _ => return None,
    })
}

fn type_named(name: &str) -> Option<Type> {
    Some(match name {
        "Object" => Type::Object,
        "String" => Type::String,
        "Integer" => Type::Integer,
        "Number" => Type::Number,
        "Boolean" => Type::Boolean,
        "Array" => Type::Array,
        "Null" => Type::Null,
        _ => return None,
    })
}

fn style_named(name: &str) -> Option<ParameterStyle> {
    crate::openapi::utoipa::lower::params::style(name)
}

fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
