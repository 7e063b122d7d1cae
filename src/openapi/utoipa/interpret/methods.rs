//! Methods of utoipa's values: builders that take themselves and give themselves back.

use super::arguments::{Arguments, Taken};
use super::eval::{Machine, Stop};
use super::nodes::Node;
use super::value::Val;
use crate::openapi::utoipa::lower::document::set_operation;
use utoipa::openapi::path::{Operation, ParameterBuilder};
use utoipa::openapi::response::Response;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems};
use utoipa::openapi::security::{Http, HttpBuilder, SecurityRequirement};
use utoipa::openapi::{Array, Components, Info, Object, RefOr, Schema};

/// Whether a method was known.
type Known = Taken<bool>;

impl Machine<'_, '_> {
    /// Calls a builder's method on a value; whether it is one that is known.
    pub(super) fn build(&mut self, node: &mut Node, name: &str, from: &mut Arguments) -> Known {
        if matches!(name, "build" | "into" | "clone" | "to_owned") {
            return Ok(true);
        }
        match node {
            Node::Schema(schema) if name == "to_array_builder" || name == "to_array" => {
                *schema = RefOr::T(Schema::Array(Array::new(schema.clone())));
                Ok(true)
            }
            Node::Schema(RefOr::T(Schema::Object(object))) => self.object(object, name, from),
            Node::Schema(RefOr::T(Schema::Array(array))) => self.array(array, name, from),
            Node::Schema(schema) => self.combined(schema, name, from),
            Node::Info(info) => self.info(info, name, from),
            Node::Operation(operation) => self.operation(operation, name, from),
            Node::Components(components) => self.components(components, name, from),
            Node::Response(RefOr::T(response)) => self.response(response, name, from),
            Node::OpenApi(document) => self.document(document, name, from),
            Node::Http(http) => self.http(http, name, from),
            Node::Requirement(requirement) if name == "add" => {
                let (name, scopes) = (from.text(self)?, from.texts(self)?);
                *requirement = std::mem::take(requirement).add(name, scopes);
                Ok(true)
            }
            Node::Parameter(parameter) => self.parameter(parameter, name, from),
            _ => self.small(node, name, from),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table of utoipa's methods")]
    fn object(&mut self, object: &mut Object, name: &str, from: &mut Arguments) -> Known {
        match name {
            "schema_type" => object.schema_type = self.types(from)?,
            "title" => object.title = from.some_text(self)?,
            "format" => {
                object.format = from.some_node(self)?.and_then(|node| match node {
                    Node::Format(format) => Some(format),
                    _ => None,
                });
            }
            "description" => object.description = from.some_text(self)?,
            "default" => object.default = from.some_json(self)?,
            "property" => {
                let (name, schema) = (from.text(self)?, from.schema(self)?);
                object.properties.insert(name, schema);
                if !self.session.dialect.has("preserve_order") {
                    object.properties.sort_keys();
                }
            }
            "required" => object.required.push(from.text(self)?),
            "enum_values" => {
                object.enum_values = match from.some_list(self)? {
                    Some(list) => Some(self.values(&list, from)?),
                    None => None,
                };
            }
            "additional_properties" => {
                object.additional_properties = match from.some_node(self)? {
                    Some(Node::Additional(additional)) => Some(Box::new(additional)),
                    Some(Node::Schema(schema)) => Some(Box::new(AdditionalProperties::RefOr(schema))),
                    _ => None,
                };
            }
            "property_names" => {
                object.property_names = match from.some_schema(self)? {
                    Some(RefOr::T(schema)) => Some(Box::new(schema)),
                    _ => None,
                };
            }
            "deprecated" => {
                object.deprecated = from.some_node(self)?.and_then(|node| match node {
                    Node::Deprecated(value) => Some(value),
                    _ => None,
                });
            }
            "example" => object.example = from.some_json(self)?,
            "examples" => {
                let list = from.list(self)?;
                object.examples = self.values(&list, from)?;
            }
            "write_only" => object.write_only = from.some_truth(self)?,
            "read_only" => object.read_only = from.some_truth(self)?,
            "xml" => {
                object.xml = from.some_node(self)?.and_then(|node| match node {
                    Node::Xml(xml) => Some(xml),
                    _ => None,
                });
            }
            "extensions" => object.extensions = self.extensions_of(from)?,
            "content_encoding" => object.content_encoding = from.text(self)?,
            "content_media_type" => object.content_media_type = from.text(self)?,
            _ => return self.bounds(object, name, from),
        }
        Ok(true)
    }

    fn bounds(&mut self, object: &mut Object, name: &str, from: &mut Arguments) -> Known {
        match name {
            "multiple_of" => object.multiple_of = from.some_number(self)?,
            "maximum" => object.maximum = from.some_number(self)?,
            "minimum" => object.minimum = from.some_number(self)?,
            "exclusive_maximum" => object.exclusive_maximum = from.some_number(self)?,
            "exclusive_minimum" => object.exclusive_minimum = from.some_number(self)?,
            "max_length" => object.max_length = from.some_size(self)?,
            "min_length" => object.min_length = from.some_size(self)?,
            "pattern" => object.pattern = from.some_text(self)?,
            "max_properties" => object.max_properties = from.some_size(self)?,
            "min_properties" => object.min_properties = from.some_size(self)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn values(&mut self, list: &[Val], from: &Arguments) -> Taken<Vec<serde_json::Value>> {
        let values: Option<Vec<_>> = list.iter().map(|one| self.as_json(one)).collect();
        values.ok_or_else(|| Stop::new("value", Some(from.span()), "values for JSON were expected"))
    }

    fn extensions_of(
        &mut self,
        from: &mut Arguments,
    ) -> Taken<Option<utoipa::openapi::extensions::Extensions>> {
        Ok(from.some_node(self)?.and_then(|node| match node {
            Node::Extensions(extensions) => Some(extensions),
            _ => None,
        }))
    }

    fn array(&mut self, array: &mut Array, name: &str, from: &mut Arguments) -> Known {
        match name {
            "items" => {
                array.items = match from.node(self)? {
                    Node::Items(items) => items,
                    Node::Schema(schema) => ArrayItems::RefOrSchema(Box::new(schema)),
                    _ => return Ok(false),
                };
            }
            "prefix_items" => {
                let list = from.list(self)?;
                array.prefix_items = from.nodes(list, |node| match node {
                    Node::Schema(RefOr::T(schema)) => Some(schema),
                    _ => None,
                })?;
            }
            "schema_type" => array.schema_type = self.types(from)?,
            "title" => array.title = from.some_text(self)?,
            "description" => array.description = from.some_text(self)?,
            "default" => array.default = from.some_json(self)?,
            "example" => array.example = from.some_json(self)?,
            "examples" => {
                let list = from.list(self)?;
                array.examples = self.values(&list, from)?;
            }
            "max_items" => array.max_items = from.some_size(self)?,
            "min_items" => array.min_items = from.some_size(self)?,
            "unique_items" => array.unique_items = from.truth(self)?,
            "extensions" => array.extensions = self.extensions_of(from)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// `oneOf`, `allOf`, `anyOf` and references.
    fn combined(&mut self, schema: &mut RefOr<Schema>, name: &str, from: &mut Arguments) -> Known {
        use crate::openapi::utoipa::lower::attributes::{set_default, set_description, set_title};
        match (name, &mut *schema) {
            ("item", RefOr::T(Schema::OneOf(one))) => one.items.push(from.schema(self)?),
            ("item", RefOr::T(Schema::AllOf(all))) => all.items.push(from.schema(self)?),
            ("item", RefOr::T(Schema::AnyOf(any))) => any.items.push(from.schema(self)?),
            ("ref_location", RefOr::Ref(reference)) => reference.ref_location = from.text(self)?,
            ("ref_location_from_schema_name", RefOr::Ref(reference)) => {
                reference.ref_location = format!("#/components/schemas/{}", from.text(self)?);
            }
            ("summary", RefOr::Ref(reference)) => reference.summary = from.text(self)?,
            ("description", _) => {
                if let Some(text) = from.some_text(self)? {
                    set_description(schema, text);
                }
            }
            ("title", _) => {
                if let Some(text) = from.some_text(self)? {
                    set_title(schema, &text);
                }
            }
            ("default", _) => {
                let value = from.some_json(self)?;
                set_default(schema, value);
            }
            ("discriminator", RefOr::T(Schema::OneOf(one))) => {
                one.discriminator = from.some_node(self)?.and_then(|node| match node {
                    Node::Discriminator(found) => Some(found),
                    _ => None,
                });
            }
            ("example", RefOr::T(Schema::OneOf(one))) => one.example = from.some_json(self)?,
            ("example", RefOr::T(Schema::AllOf(all))) => all.example = from.some_json(self)?,
            ("schema_type", RefOr::T(Schema::OneOf(one))) => one.schema_type = self.types(from)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn info(&mut self, info: &mut Info, name: &str, from: &mut Arguments) -> Known {
        match name {
            "title" => info.title = from.text(self)?,
            "version" => info.version = from.text(self)?,
            "description" => info.description = from.some_text(self)?,
            "terms_of_service" => info.terms_of_service = from.some_text(self)?,
            "contact" => {
                info.contact = from.some_node(self)?.and_then(|node| match node {
                    Node::Contact(contact) => Some(contact),
                    _ => None,
                });
            }
            "license" => {
                info.license = from.some_node(self)?.and_then(|node| match node {
                    Node::License(license) => Some(license),
                    _ => None,
                });
            }
            "extensions" => info.extensions = self.extensions_of(from)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn operation(&mut self, operation: &mut Operation, name: &str, from: &mut Arguments) -> Known {
        match name {
            "summary" => operation.summary = from.some_text(self)?,
            "description" => operation.description = from.some_text(self)?,
            "operation_id" => operation.operation_id = from.some_text(self)?,
            "tag" => operation.tags.get_or_insert_default().push(from.text(self)?),
            "tags" => {
                operation.tags = match from.some_list(self)? {
                    Some(list) => Some(from.as_texts(&list)?),
                    None => None,
                };
            }
            "response" => {
                let (code, node) = (from.text(self)?, from.node(self)?);
                let Node::Response(response) = node else { return Ok(false) };
                operation.responses.responses.insert(code, response);
            }
            "responses" => {
                let Node::Responses(responses) = from.node(self)? else { return Ok(false) };
                operation.responses = responses;
            }
            "parameter" => {
                let Node::Parameter(parameter) = from.node(self)? else { return Ok(false) };
                operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
            }
            "request_body" => {
                operation.request_body = from.some_node(self)?.and_then(|node| match node {
                    Node::RequestBody(body) => Some(RefOr::T(body)),
                    _ => None,
                });
            }
            "security" => {
                let Node::Requirement(requirement) = from.node(self)? else { return Ok(false) };
                operation.security.get_or_insert_default().push(requirement);
            }
            "securities" => {
                operation.security = match from.some_list(self)? {
                    Some(list) => Some(requirements(from, list)?),
                    None => None,
                };
            }
            "deprecated" => {
                operation.deprecated = from.some_node(self)?.and_then(|node| match node {
                    Node::Deprecated(value) => Some(value),
                    _ => None,
                });
            }
            "extensions" => operation.extensions = self.extensions_of(from)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn parameter(
        &mut self,
        parameter: &mut utoipa::openapi::path::Parameter,
        name: &str,
        from: &mut Arguments,
    ) -> Known {
        let builder = ParameterBuilder::from(std::mem::take(parameter));
        let (builder, known) = match name {
            "name" => (builder.name(from.text(self)?), true),
            "description" => (builder.description(from.some_text(self)?), true),
            "schema" => (builder.schema(from.some_schema(self)?), true),
            "example" => (builder.example(from.some_json(self)?), true),
            "explode" => (builder.explode(from.some_truth(self)?), true),
            "allow_reserved" => (builder.allow_reserved(from.some_truth(self)?), true),
            "extensions" => (builder.extensions(self.extensions_of(from)?), true),
            "parameter_in" | "required" | "style" | "deprecated" => match (name, from.some_node(self)?) {
                ("parameter_in", Some(Node::Location(place))) => (builder.parameter_in(place), true),
                ("required", Some(Node::Required(value))) => (builder.required(value), true),
                ("style", Some(Node::Style(style))) => (builder.style(Some(style)), true),
                ("deprecated", Some(Node::Deprecated(value))) => (builder.deprecated(Some(value)), true),
                _ => (builder, false),
            },
            _ => (builder, false),
        };
        *parameter = builder.build();
        Ok(known)
    }

    fn response(&mut self, response: &mut Response, name: &str, from: &mut Arguments) -> Known {
        match name {
            "description" => response.description = from.text(self)?,
            "content" => {
                let (kind, node) = (from.text(self)?, from.node(self)?);
                let Node::Content(content) = node else { return Ok(false) };
                response.content.insert(kind, RefOr::T(content));
            }
            "header" => {
                let (name, node) = (from.text(self)?, from.node(self)?);
                let Node::Header(header) = node else { return Ok(false) };
                response.headers.insert(name, RefOr::T(header));
            }
            "extensions" => response.extensions = self.extensions_of(from)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn components(&mut self, components: &mut Components, name: &str, from: &mut Arguments) -> Known {
        match name {
            "schema" => {
                let (name, schema) = (from.text(self)?, from.schema(self)?);
                components.schemas.insert(name, schema);
            }
            "response" => {
                let (name, node) = (from.text(self)?, from.node(self)?);
                let Node::Response(response) = node else { return Ok(false) };
                components.responses.insert(name, response);
            }
            "security_scheme" | "add_security_scheme" => {
                let (name, node) = (from.text(self)?, from.node(self)?);
                let Node::Security(scheme) = node else { return Ok(false) };
                components.security_schemes.insert(name, RefOr::T(scheme));
            }
            "add_security_schemes_from_iter" => {
                for (name, value) in from.pairs(self)? {
                    let Val::Node(node) = value else { return Ok(false) };
                    let Node::Security(scheme) = *node else { return Ok(false) };
                    components.security_schemes.insert(name, RefOr::T(scheme));
                }
            }
            "schemas_from_iter" => {
                for (name, value) in from.pairs(self)? {
                    let Val::Node(node) = value else { return Ok(false) };
                    let Node::Schema(schema) = *node else { return Ok(false) };
                    components.schemas.insert(name, schema);
                }
            }
            "extensions" => components.extensions = self.extensions_of(from)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn document(
        &mut self,
        document: &mut utoipa::openapi::OpenApi,
        name: &str,
        from: &mut Arguments,
    ) -> Known {
        match name {
            "info" => match from.node(self)? {
                Node::Info(info) => document.info = info,
                _ => return Ok(false),
            },
            "paths" => match from.node(self)? {
                Node::Paths(paths) => document.paths = paths,
                _ => return Ok(false),
            },
            "components" => {
                document.components = from.some_node(self)?.and_then(|node| match node {
                    Node::Components(components) => Some(components),
                    _ => None,
                });
            }
            "servers" => {
                document.servers = match from.some_list(self)? {
                    Some(list) => Some(from.nodes(list, |node| match node {
                        Node::Server(server) => Some(server),
                        _ => None,
                    })?),
                    None => None,
                };
            }
            "tags" => {
                document.tags = match from.some_list(self)? {
                    Some(list) => Some(from.nodes(list, |node| match node {
                        Node::Tag(tag) => Some(tag),
                        _ => None,
                    })?),
                    None => None,
                };
            }
            "security" => {
                document.security = match from.some_list(self)? {
                    Some(list) => Some(requirements(from, list)?),
                    None => None,
                };
            }
            "external_docs" => {
                document.external_docs = from.some_node(self)?.and_then(|node| match node {
                    Node::ExternalDocs(docs) => Some(docs),
                    _ => None,
                });
            }
            "merge" | "merge_from" => match from.node(self)? {
                Node::OpenApi(other) => document.merge(*other),
                _ => return Ok(false),
            },
            "nest" => {
                let (prefix, node) = (from.text(self)?, from.node(self)?);
                let Node::OpenApi(other) = node else { return Ok(false) };
                *document = std::mem::take(document).nest(prefix, *other);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn http(&mut self, http: &mut Http, name: &str, from: &mut Arguments) -> Known {
        let builder = HttpBuilder::from(std::mem::take(http));
        let (builder, known) = match name {
            "scheme" => match from.node(self)? {
                Node::HttpScheme(scheme) => (builder.scheme(scheme), true),
                _ => (builder, false),
            },
            "bearer_format" => (builder.bearer_format(from.text(self)?), true),
            "description" => (builder.description(from.some_text(self)?), true),
            _ => (builder, false),
        };
        *http = builder.build();
        Ok(known)
    }

    /// Values with few settings.
    fn small(&mut self, node: &mut Node, name: &str, from: &mut Arguments) -> Known {
        match (&mut *node, name) {
            (Node::Contact(contact), "name") => contact.name = from.some_text(self)?,
            (Node::Contact(contact), "email") => contact.email = from.some_text(self)?,
            (Node::Contact(contact), "url") => contact.url = from.some_text(self)?,
            (Node::License(license), "name") => license.name = from.text(self)?,
            (Node::License(license), "url") => license.url = from.some_text(self)?,
            (Node::License(license), "identifier") => license.identifier = from.some_text(self)?,
            (Node::ExternalDocs(docs), "url") => docs.url = from.text(self)?,
            (Node::ExternalDocs(docs), "description") => docs.description = from.some_text(self)?,
            (Node::Server(server), "url") => server.url = from.text(self)?,
            (Node::Server(server), "description") => server.description = from.some_text(self)?,
            (Node::Server(server), "parameter") => {
                let (name, node) = (from.text(self)?, from.node(self)?);
                let Node::ServerVariable(variable) = node else { return Ok(false) };
                server.variables.get_or_insert_default().insert(name, variable);
            }
            (Node::ServerVariable(variable), "default_value") => {
                *variable = utoipa::openapi::server::ServerVariableBuilder::from(std::mem::take(variable))
                    .default_value(from.text(self)?)
                    .build();
            }
            (Node::ServerVariable(variable), "description") => {
                *variable = utoipa::openapi::server::ServerVariableBuilder::from(std::mem::take(variable))
                    .description(from.some_text(self)?)
                    .build();
            }
            (Node::ServerVariable(variable), "enum_values") => {
                let values = match from.some_list(self)? {
                    Some(list) => Some(from.as_texts(&list)?),
                    None => None,
                };
                *variable = utoipa::openapi::server::ServerVariableBuilder::from(std::mem::take(variable))
                    .enum_values(values)
                    .build();
            }
            (Node::Tag(tag), "name") => tag.name = from.text(self)?,
            (Node::Tag(tag), "description") => tag.description = from.some_text(self)?,
            (Node::Tag(tag), "external_docs") => {
                tag.external_docs = from.some_node(self)?.and_then(|node| match node {
                    Node::ExternalDocs(docs) => Some(docs),
                    _ => None,
                });
            }
            (Node::Extensions(extensions), "add" | "insert") => {
                let (key, value) = (from.text(self)?, from.json(self)?);
                let key = if name == "insert" || key.starts_with("x-") { key } else { format!("x-{key}") };
                extensions.insert(key, value);
            }
            _ => return self.contents(node, name, from),
        }
        Ok(true)
    }

    #[expect(clippy::too_many_lines, reason = "a table of utoipa's methods")]
    fn contents(&mut self, node: &mut Node, name: &str, from: &mut Arguments) -> Known {
        match (node, name) {
            (Node::Content(content), "schema") => content.schema = from.some_schema(self)?,
            (Node::Content(content), "example") => content.example = from.some_json(self)?,
            (Node::Content(content), "extensions") => content.extensions = self.extensions_of(from)?,
            (Node::Header(header), "schema") => {
                header.schema = Some(from.schema(self)?);
            }
            (Node::Header(header), "description") => header.description = from.some_text(self)?,
            (Node::RequestBody(body), "content") => {
                let (kind, node) = (from.text(self)?, from.node(self)?);
                let Node::Content(content) = node else { return Ok(false) };
                body.content.insert(kind, RefOr::T(content));
            }
            (Node::RequestBody(body), "description") => body.description = from.some_text(self)?,
            (Node::RequestBody(body), "required") => {
                body.required = from.some_node(self)?.and_then(|node| match node {
                    Node::Required(value) => Some(value),
                    _ => None,
                });
            }
            (Node::Responses(responses), "response") => {
                let (code, node) = (from.text(self)?, from.node(self)?);
                let Node::Response(response) = node else { return Ok(false) };
                responses.responses.insert(code, response);
            }
            (Node::Responses(responses), "responses_from_iter") => {
                for (code, value) in from.pairs(self)? {
                    let Val::Node(node) = value else { return Ok(false) };
                    let Node::Response(response) = *node else { return Ok(false) };
                    responses.responses.insert(code, response);
                }
            }
            (Node::Paths(paths), "path") => {
                let (path, node) = (from.text(self)?, from.node(self)?);
                let Node::PathItem(item) = node else { return Ok(false) };
                match paths.paths.get_mut(&path) {
                    Some(existing) => existing.merge_operations(item),
                    None => {
                        paths.paths.insert(path, item);
                    }
                }
            }
            (Node::PathItem(item), "operation") => {
                let (method, operation) = (from.node(self)?, from.node(self)?);
                let (Node::Method(method), Node::Operation(operation)) = (method, operation) else {
                    return Ok(false);
                };
                set_operation(item, &method, operation);
            }
            (Node::PathItem(item), "summary") => item.summary = from.some_text(self)?,
            (Node::PathItem(item), "description") => item.description = from.some_text(self)?,
            (Node::Scopes(scopes), "scope" | "add") => {
                let (name, text) = (from.text(self)?, from.text(self)?);
                let _ = (scopes, name, text);
                return Ok(false);
            }
            (Node::Example(example), "summary") => example.summary = from.text(self)?,
            (Node::Example(example), "description") => example.description = from.text(self)?,
            (Node::Example(example), "value") => example.value = from.some_json(self)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn requirements(from: &Arguments, list: Vec<Val>) -> Taken<Vec<SecurityRequirement>> {
    from.nodes(list, |node| match node {
        Node::Requirement(requirement) => Some(requirement),
        _ => None,
    })
}
