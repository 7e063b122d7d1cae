//! Bodies, responses, and the derives `ToResponse` and `IntoResponses`.

use super::attributes::doc_text;
use super::component::{Reference, References, Use, anything};
use super::structs::Body as StructBody;
use crate::openapi::utoipa::dialect::Generic;
use crate::openapi::utoipa::grammar::feature::Feature;
use crate::openapi::utoipa::grammar::media::{Body, Media, NamedExample, ParsedType, RequestBody};
use crate::openapi::utoipa::grammar::response::{
    Derived, Header, Inner, Link, Response as Written, Tuple, Value,
};
use crate::openapi::utoipa::grammar::value::Text;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Scope, Tree, Ty, ValueKind};
use crate::rust::tree::ItemId;
use proc_macro2::Span;
use std::collections::BTreeMap;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, Fields, LitStr, Variant};
use utoipa::openapi::content::{Content, ContentBuilder};
use utoipa::openapi::encoding::EncodingBuilder;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::request_body::{RequestBody as MadeBody, RequestBodyBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Header as MadeHeader, Ref, RefOr, Required, Schema};

/// Responses by status.
pub(in super::super) type Responses = BTreeMap<String, RefOr<Response>>;

/// What a derived response holds.
enum Payload<'p> {
    /// Nothing.
    None,
    /// A type.
    Type(Box<ParsedType>),
    /// The item itself, inlined.
    Raw(Box<RefOr<Schema>>, &'p str),
}

impl Session<'_> {
    /// The schema of a body, if it says one.
    fn body(&self, scope: &Scope, body: &Body) -> Option<RefOr<Schema>> {
        match body {
            Body::None => None,
            Body::Reference(text) => Some(RefOr::Ref(Ref::new(self.text(scope, text)))),
            Body::Type(parsed) => Some(self.parsed_type(scope, parsed)),
        }
    }

    fn parsed_type(&self, scope: &Scope, parsed: &ParsedType) -> RefOr<Schema> {
        let at = Use { scope, parameters: &[], given: &[] };
        match Tree::of(&parsed.ty, self.dialect) {
            Ok(tree) => {
                self.component(&at, &tree, vec![Feature::Inline(parsed.inline)], None, &mut Vec::new())
            }
            Err(message) => {
                let mut schema = anything();
                self.hole_here("type", parsed.ty.span(), message).schema(&mut schema);
                schema
            }
        }
    }

    fn content_type(&self, scope: &Scope, media: &Media) -> String {
        match (&media.content_type, &media.body) {
            (Some(text), _) => self.text(scope, text),
            (None, Body::Type(parsed)) => match Tree::of(&parsed.ty, self.dialect) {
                Ok(tree) => self.default_content_type(&tree).to_owned(),
                Err(_) => "application/json".to_owned(),
            },
            (None, Body::Reference(_)) => "application/json".to_owned(),
            (None, Body::None) => String::new(),
        }
    }

    /// utoipa's guess at a type's content type.
    pub fn default_content_type(&self, tree: &Tree) -> &'static str {
        let bytes = tree.children.iter().flatten().any(|child| child.path.is_some() && child.name() == "u8");
        if is_array(tree) && bytes {
            "application/octet-stream"
        } else if tree.path.is_some() && self.dialect.primitive(&tree.name()).is_some() {
            "text/plain"
        } else {
            "application/json"
        }
    }

    fn content(&self, scope: &Scope, media: &Media) -> Content {
        let mut builder = ContentBuilder::new();
        if let Some(schema) = self.body(scope, &media.body) {
            builder = builder.schema(Some(schema));
        }
        if let Some(schema) = self.body(scope, &media.item) {
            builder = builder.item_schema(Some(schema));
        }
        if let Some(value) = &media.example {
            builder = builder.example(Some(self.any_value(scope, value)));
        }
        if !media.examples.is_empty() {
            let examples = media.examples.iter().map(|one| (one.name.clone(), self.example(scope, one)));
            builder = builder.examples_from_iter(examples.collect::<Vec<_>>());
        }
        for (name, encoding) in &media.encoding {
            let mut made = EncodingBuilder::new();
            if let Some(text) = &encoding.content_type {
                made = made.content_type(Some(self.text(scope, text)));
            }
            if encoding.explode.is_some() {
                made = made.explode(encoding.explode);
            }
            if encoding.allow_reserved.is_some() {
                made = made.allow_reserved(encoding.allow_reserved);
            }
            builder = builder.encoding(name.clone(), made);
        }
        if let Some(list) = &media.extensions {
            builder = builder.extensions(Some(self.extensions(scope, list)));
        }
        builder.build()
    }

    fn example(&self, scope: &Scope, from: &NamedExample) -> Example {
        let mut builder = ExampleBuilder::new();
        if let Some(text) = &from.summary {
            builder = builder.summary(text.clone());
        }
        if let Some(text) = &from.description {
            builder = builder.description(text.clone());
        }
        if let Some(value) = &from.value {
            builder = builder.value(Some(self.any_value(scope, value)));
        }
        if let Some(value) = &from.data_value {
            builder = builder.data_value(Some(self.any_value(scope, value)));
        }
        if let Some(text) = &from.serialized_value {
            builder = builder.serialized_value(Some(text.clone()));
        }
        if let Some(text) = &from.external_value {
            builder = builder.external_value(text.clone());
        }
        builder.build()
    }

    /// `request_body`.
    pub fn request_body(&self, scope: &Scope, from: &RequestBody) -> MadeBody {
        let mut builder = RequestBodyBuilder::new();
        let mut required = false;
        for media in &from.content {
            builder = builder.content(self.content_type(scope, media), self.content(scope, media));
            if let Body::Type(parsed) = &media.body {
                required |= Tree::of(&parsed.ty, self.dialect).is_ok_and(|tree| !tree.is_option());
            }
        }
        if required {
            builder = builder.required(Some(Required::True));
        }
        if let Some(text) = &from.description {
            builder = builder.description(Some(self.text(scope, text)));
        }
        if let Some(list) = &from.extensions {
            builder = builder.extensions(Some(self.extensions(scope, list)));
        }
        builder.build()
    }

    /// All entries of `responses(…)`, later ones of a status over earlier ones.
    pub fn responses(&self, scope: &Scope, written: &[Written]) -> Responses {
        let mut made = Responses::new();
        for response in written {
            match response {
                Written::Type(path) => {
                    let ty = self.path_type(scope, &path.path);
                    made.extend(self.responses_of_type(&ty, path.span()));
                }
                Written::Tuple(tuple) => {
                    let mut response = self.response(scope, tuple);
                    if let (Some(owner), Some(span)) = (self.owner(), tuple.span) {
                        mark_response(&mut response, self.origin(self.place(owner, span)));
                    }
                    made.insert(tuple.status.clone(), response);
                }
            }
        }
        made
    }

    fn response(&self, scope: &Scope, tuple: &Tuple) -> RefOr<Response> {
        match &tuple.inner {
            Inner::None => RefOr::T(ResponseBuilder::new().description("").build()),
            Inner::Reference(parsed) => {
                let ty = self.resolve_type(scope, &parsed.ty);
                let (name, response) = self.to_response(&ty, parsed.ty.span());
                if parsed.inline { response } else { RefOr::Ref(Ref::from_response_name(name)) }
            }
            Inner::Value(value) => RefOr::T(self.response_value(scope, value)),
        }
    }

    fn response_value(&self, scope: &Scope, value: &Value) -> Response {
        let mut builder = ResponseBuilder::new().description(self.text(scope, &value.description));
        for media in &value.content {
            let nothing = matches!((&media.body, &media.item), (Body::None, Body::None));
            if !(nothing && media.content_type.is_none()) {
                builder = builder.content(self.content_type(scope, media), self.content(scope, media));
            }
        }
        for header in &value.headers {
            builder = builder.header(header.name.clone(), self.header(scope, header));
        }
        for link in &value.links {
            builder = builder.link(self.text(scope, &link.name), self.link(scope, link));
        }
        if let Some(list) = &value.extensions {
            builder = builder.extensions(Some(self.extensions(scope, list)));
        }
        builder.build()
    }

    fn header(&self, scope: &Scope, from: &Header) -> MadeHeader {
        let mut builder = match &from.ty {
            Some(parsed) => HeaderBuilder::new().schema(Some(self.parsed_type(scope, parsed))),
            None => HeaderBuilder::from(MadeHeader::default()),
        };
        if let Some(text) = &from.description {
            builder = builder.description(Some(text.clone()));
        }
        builder.build()
    }

    fn link(&self, scope: &Scope, from: &Link) -> utoipa::openapi::link::Link {
        let mut builder = utoipa::openapi::link::Link::builder();
        if let Some(text) = &from.operation_ref {
            builder = builder.operation_ref(self.text(scope, text));
        }
        if let Some(text) = &from.operation_id {
            builder = builder.operation_id(self.text(scope, text));
        }
        for (name, value) in &from.parameters {
            builder = builder.parameter(self.text(scope, name), self.text_or_json(scope, value));
        }
        if let Some(value) = &from.request_body {
            builder = builder.request_body(Some(self.any_value(scope, value)));
        }
        if let Some(text) = &from.description {
            builder = builder.description(self.text(scope, text));
        }
        if let Some(server) = &from.server {
            builder = builder.server(Some(self.server(scope, server)));
        }
        builder.build()
    }

    /// What the bodies of an operation refer to, to be collected with it.
    pub fn body_references(&self, scope: &Scope, media: &[Media], collector: &mut super::collect::Collector) {
        for one in media {
            let Body::Type(parsed) = &one.body else { continue };
            let Ok(tree) = Tree::of(&parsed.ty, self.dialect) else { continue };
            self.type_references(scope, &tree, parsed.inline, collector);
        }
    }

    /// What a body's type refers to.
    pub fn type_references(
        &self,
        scope: &Scope,
        tree: &Tree,
        inline: bool,
        collector: &mut super::collect::Collector,
    ) {
        let at = Use { scope, parameters: &[], given: &[] };
        let mut references = References::new();
        self.component(&at, tree, vec![Feature::Inline(true)], None, &mut references);
        for reference in &references {
            if !inline || self.dialect.collect_all {
                self.add_reference(reference, collector);
            }
            self.add_behind(reference, collector);
        }
    }

    fn add_behind(&self, reference: &Reference, collector: &mut super::collect::Collector) {
        let ty = self.rewritten(&reference.scope, &reference.tree);
        collector.extend(&self.collect(&ty));
    }

    /// `T::responses()`.
    pub fn responses_of_type(&self, ty: &Ty, span: Span) -> Responses {
        if let Ty::Item(id, arguments) = ty {
            if self.derives(*id, "IntoResponses") {
                return self.within(*id, "IntoResponses", || self.derived_responses(*id, arguments));
            }
            let written = self.implementation("IntoResponses", ty);
            if let Some(method) = written.and_then(|block| self.method_of(block, "responses")) {
                return self.responses_of_call(method, ty);
            }
        }
        if let Ty::Foreign(path, arguments) = ty
            && path.last().is_some_and(|last| last == "Result")
            && self.dialect.has("auto_into_responses")
        {
            let mut made = Responses::new();
            for argument in arguments {
                made.extend(self.responses_of_type(argument, span));
            }
            return made;
        }
        if matches!(ty, Ty::Tuple(parts) if parts.is_empty()) {
            return Responses::new();
        }
        let name = self.type_text(ty);
        let mark = self.hole_here("no-responses", span, format!("the responses of `{name}` are not known"));
        let mut response = ResponseBuilder::new().build();
        mark.extend(&mut response.extensions);
        [(format!("?{}", mark.text()), RefOr::T(response))].into()
    }

    fn derived_responses(&self, id: ItemId, arguments: &[Ty]) -> Responses {
        let mut made = Responses::new();
        let Some(parsed) = self.derive_input(id) else { return made };
        let scope = self.bind(id, &parsed.input.generics, arguments);
        let mut add = |attributes: &[Attribute], span: Span, fields: &Fields, name: &str| {
            let (status, mut response) = self.derived_variant(&scope, attributes, span, fields, name);
            mark_response(&mut response, self.origin(self.place(id, span)));
            made.insert(status, response);
        };
        match &parsed.input.data {
            Data::Struct(data) => {
                let name = parsed.input.ident.to_string();
                add(&parsed.input.attrs, parsed.input.ident.span(), &data.fields, &name);
            }
            Data::Enum(data) => {
                for variant in &data.variants {
                    let name = variant.ident.to_string();
                    add(&variant.attrs, variant.ident.span(), &variant.fields, &name);
                }
            }
            Data::Union(_) => {}
        }
        made
    }

    fn derived_variant(
        &self,
        scope: &Scope,
        attributes: &[Attribute],
        span: Span,
        fields: &Fields,
        name: &str,
    ) -> (String, RefOr<Response>) {
        let derived = self.derived(attributes).unwrap_or_default();
        let status = derived.status.clone();
        let payload = match fields {
            Fields::Unit => Payload::None,
            Fields::Named(_) => Payload::Raw(Box::new(self.raw(scope, attributes, span, fields)), name),
            Fields::Unnamed(list) => {
                let Some(field) = list.unnamed.first() else { return (status, RefOr::T(Response::new(""))) };
                let has = |name: &str| field.attrs.iter().any(|attribute| attribute.path().is_ident(name));
                if has("ref_response") || has("to_response") {
                    let ty = self.resolve_type(scope, &field.ty);
                    let (name, response) = self.to_response(&ty, field.ty.span());
                    let reference = RefOr::Ref(Ref::from_response_name(name));
                    return (status, if has("to_response") { response } else { reference });
                }
                Payload::Type(Box::new(ParsedType { ty: field.ty.clone(), inline: has("to_schema") }))
            }
        };
        (status, RefOr::T(self.derived_value(scope, attributes, Some(derived), payload)))
    }

    fn derived(&self, attributes: &[Attribute]) -> Option<Derived> {
        match Derived::of(attributes) {
            Ok(found) => found,
            Err(error) => {
                self.hole_here("attribute", error.span(), format!("not understood: {error}"));
                None
            }
        }
    }

    /// The item's own fields as an inlined schema.
    fn raw(&self, scope: &Scope, attributes: &[Attribute], span: Span, fields: &Fields) -> RefOr<Schema> {
        let at = Use { scope, parameters: &[], given: &[] };
        let body = StructBody { attributes, span, fields, features: Vec::new() };
        self.body_schema(&at, body, &mut References::new()).0
    }

    /// A response from `#[response(…)]`, documentation and what it carries.
    fn derived_value(
        &self,
        scope: &Scope,
        attributes: &[Attribute],
        derived: Option<Derived>,
        payload: Payload<'_>,
    ) -> Response {
        let text = doc_text(attributes, self.dialect.major).unwrap_or_default();
        let written = derived.is_some();
        let derived = derived.unwrap_or_default();
        let description = if derived.description.is_empty_literal() {
            Text::literal(&text, Span::call_site())
        } else {
            derived.description
        };
        let mut value = Value { description, headers: derived.headers, ..Value::default() };
        let mut media = Media {
            content_type: derived.content_type,
            example: derived.example,
            examples: derived.examples.unwrap_or_default(),
            ..Media::default()
        };
        let mut raw = None;
        match payload {
            Payload::None if !written => return self.response_value(scope, &value),
            Payload::None => {}
            Payload::Type(parsed) => media.body = Body::Type(parsed),
            Payload::Raw(schema, name) => {
                let primitive = self.dialect.primitive(name).is_some();
                let guess = if primitive { "text/plain" } else { "application/json" };
                let text = media.content_type.take();
                media.content_type = Some(text.unwrap_or_else(|| Text::literal(guess, Span::call_site())));
                raw = Some(schema);
            }
        }
        value.content.push(media);
        let mut made = self.response_value(scope, &value);
        if let (Some(schema), Some((_, RefOr::T(content)))) = (raw, made.content.first_mut()) {
            content.schema = Some(*schema);
        }
        made
    }

    /// `T::response()`.
    pub fn to_response(&self, ty: &Ty, span: Span) -> (String, RefOr<Response>) {
        if let Ty::Item(id, arguments) = ty {
            if self.derives(*id, "ToResponse") {
                return self.within(*id, "ToResponse", || {
                    let name = self.code.item(*id).outline.name.clone();
                    let mut response = RefOr::T(self.derived_response(*id, arguments));
                    mark_response(&mut response, self.origin(self.item_place(*id)));
                    (name, response)
                });
            }
            let written = self.implementation("ToResponse", ty);
            if let Some(method) = written.and_then(|block| self.method_of(block, "response")) {
                return self.response_of_call(method, ty);
            }
        }
        let name = self.type_text(ty);
        let mark = self.hole_here("no-response", span, format!("the response of `{name}` is not known"));
        let mut response = ResponseBuilder::new().build();
        mark.extend(&mut response.extensions);
        (format!("{}{}", name.rsplit("::").next().unwrap_or(&name), mark.text()), RefOr::T(response))
    }

    fn derived_response(&self, id: ItemId, arguments: &[Ty]) -> Response {
        let Some(parsed) = self.derive_input(id) else { return Response::new("") };
        let scope = self.bind(id, &parsed.input.generics, arguments);
        let attributes = &parsed.input.attrs;
        let name = parsed.input.ident.to_string();
        let derived = self.derived(attributes);
        let payload = match &parsed.input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(_) => Payload::Raw(
                    Box::new(self.raw(&scope, attributes, parsed.input.ident.span(), &data.fields)),
                    &name,
                ),
                Fields::Unnamed(list) => match list.unnamed.first() {
                    Some(field) => Payload::Type(Box::new(ParsedType {
                        ty: field.ty.clone(),
                        inline: field.attrs.iter().any(|attribute| attribute.path().is_ident("to_schema")),
                    })),
                    None => Payload::None,
                },
                Fields::Unit => Payload::None,
            },
            Data::Enum(data) => {
                let variants: Vec<&Variant> = data.variants.iter().collect();
                return self.enum_response(&scope, attributes, &variants, derived, &name);
            }
            Data::Union(_) => Payload::None,
        };
        self.derived_value(&scope, attributes, derived, payload)
    }

    fn enum_response(
        &self,
        scope: &Scope,
        attributes: &[Attribute],
        variants: &[&Variant],
        derived: Option<Derived>,
        name: &str,
    ) -> Response {
        let mut contents = Vec::new();
        for variant in variants {
            let Some(field) = variant.fields.iter().next() else { continue };
            let Some(attribute) = field.attrs.iter().find(|one| one.path().is_ident("content")) else {
                continue;
            };
            let Ok(content_type) = attribute.parse_args::<LitStr>() else { continue };
            let own = self.derived(&variant.attrs).unwrap_or_default();
            let inline = field.attrs.iter().any(|one| one.path().is_ident("to_schema"));
            contents.push(Media {
                content_type: Some(Text::Literal(content_type)),
                body: Body::Type(Box::new(ParsedType { ty: field.ty.clone(), inline })),
                example: own.example,
                examples: own.examples.unwrap_or_default(),
                ..Media::default()
            });
        }
        if contents.is_empty() {
            let payload = if derived.is_some() {
                Payload::None
            } else {
                let at = Use { scope, parameters: &[], given: &[] };
                Payload::Raw(
                    Box::new(self.enum_schema(&at, attributes, variants, &mut References::new())),
                    name,
                )
            };
            return self.derived_value(scope, attributes, derived, payload);
        }
        let text = doc_text(attributes, self.dialect.major).unwrap_or_default();
        let derived = derived.unwrap_or_default();
        let description = if derived.description.is_empty_literal() {
            Text::literal(&text, Span::call_site())
        } else {
            derived.description
        };
        let value = Value { description, headers: derived.headers, content: contents, ..Value::default() };
        self.response_value(scope, &value)
    }
}

fn mark_response(response: &mut RefOr<Response>, mark: crate::openapi::utoipa::mark::Mark) {
    match response {
        RefOr::T(response) => mark.extend(&mut response.extensions),
        RefOr::Ref(reference) => reference.ref_location.push_str(&mark.text()),
    }
}

fn is_array(tree: &Tree) -> bool {
    match tree.generic {
        Some(Generic::List) if tree.kind != ValueKind::Tuple => true,
        Some(Generic::Set) => true,
        Some(_) => tree.children.iter().flatten().any(is_array),
        None => false,
    }
}
