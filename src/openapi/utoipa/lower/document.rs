//! `derive(OpenApi)`: the document's root.

use super::collect::Collector;
use super::component::{References, Use};
use crate::openapi::utoipa::grammar::feature::Feature;
use crate::openapi::utoipa::grammar::openapi::{
    Contact, ExternalDocs, Info, License, OpenApiAttribute, SecurityRequirement, Server, Tag,
};
use crate::openapi::utoipa::session::{Parsed, Session};
use crate::openapi::utoipa::types::{Scope, Tree, Ty, parts};
use crate::rust::tree::ItemId;
use syn::TypePath;
use syn::spanned::Spanned as _;
use utoipa::openapi::external_docs::ExternalDocs as MadeDocs;
use utoipa::openapi::info::{ContactBuilder, InfoBuilder, LicenseBuilder};
use utoipa::openapi::path::{HttpMethod, Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement as MadeRequirement;
use utoipa::openapi::server::{ServerBuilder, ServerVariableBuilder};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, OpenApi, OpenApiVersion, Paths, RefOr, Schema};

/// Documents inside of documents.
const DEEPEST: usize = 100;

/// Steps that a path of a nested document costs: it is copied, and documents that nest others twice double with every
/// level.
const NESTED: usize = 1_000;

impl Session<'_> {
    /// The document of a type with `derive(OpenApi)`.
    pub fn derived_document(&self, id: ItemId) -> Option<OpenApi> {
        let parsed = self.derive_input(id)?;
        if self.is_being_read(id) {
            let place = self.item_place(id);
            self.hole("cycle", place, "the document nests itself");
            return None;
        }
        if let Some(known) = self.documents.borrow().get(&id) {
            return known.clone();
        }
        if self.nesting() > DEEPEST {
            let message = format!("gave up here: documents nest each other deeper than {DEEPEST}");
            self.hole("endless", self.item_place(id), message);
            return None;
        }
        let made = self.make_document(id, &parsed);
        self.documents.borrow_mut().insert(id, made.clone());
        made
    }

    fn make_document(&self, id: ItemId, parsed: &Parsed) -> Option<OpenApi> {
        self.within(id, "OpenApi", || {
            let mut attribute = match OpenApiAttribute::of(&parsed.input.attrs) {
                Ok(attribute) => attribute,
                Err(error) => {
                    self.hole_here("attribute", error.span(), format!("not understood: {error}"));
                    return None;
                }
            };
            self.list_automatically(id, &mut attribute);
            Some(self.lower_document(id, &attribute))
        })
    }

    fn lower_document(&self, id: ItemId, attribute: &OpenApiAttribute) -> OpenApi {
        let scope = self.scope_of(id);
        let mut document = OpenApi::default();
        if attribute.version.as_deref().is_some_and(|version| version.starts_with("3.2.")) {
            document.openapi = OpenApiVersion::Version32;
        }
        document.info = self.info(id, &scope, attribute.info.as_ref());
        let mut components = self.components(&scope, attribute);
        let mut collector = Collector::default();
        for path in &attribute.paths {
            self.add_path(&scope, path, &mut document.paths, &mut collector);
        }
        for (name, schema, _) in collector.finish().list {
            components.schemas.insert(name, schema.as_ref().clone());
        }
        document.components = Some(components);
        document.security = attribute.security.as_ref().map(|list| self.security(&scope, list));
        document.tags =
            attribute.tags.as_ref().map(|tags| tags.iter().map(|tag| self.tag(&scope, tag)).collect());
        if !attribute.servers.is_empty() {
            document.servers = Some(attribute.servers.iter().map(|one| self.server(&scope, one)).collect());
        }
        document.external_docs = attribute.external_docs.as_ref().map(external_docs);
        for nest in &attribute.nest {
            let prefix = self.text(&scope, &nest.path);
            let tags: Vec<String> = nest.tags.iter().map(|tag| self.text(&scope, tag)).collect();
            let Some(mut inner) = self.document_of_type(&scope, &nest.api) else { continue };
            let mut module = parts(&nest.api.path);
            module.pop();
            if !self.charge(NESTED * (inner.paths.paths.len() + 1)) {
                let message = "gave up here: the nested documents make too much";
                self.hole_here("endless", nest.api.span(), message);
                break;
            }
            tag_nested(&mut inner, &tags, &module.join("::"));
            document = document.nest(prefix, inner);
        }
        for modifier in &attribute.modifiers {
            self.modify(&scope, modifier, &mut document);
        }
        document
    }

    /// `<T as OpenApi>::openapi()`.
    pub fn document_of_type(&self, scope: &Scope, ty: &TypePath) -> Option<OpenApi> {
        let found = self.path_type(scope, &ty.path);
        let made = match &found {
            Ty::Item(id, _) if self.derives(*id, "OpenApi") => self.derived_document(*id),
            Ty::Item(..) => self
                .implementation("OpenApi", &found)
                .and_then(|block| self.method_of(block, "openapi"))
                .and_then(|method| self.document_of_call(method, &found)),
            _ => None,
        };
        if made.is_none() {
            let name = parts(&ty.path).join("::");
            self.hole_here("no-document", ty.span(), format!("the document `{name}` was not found"));
        }
        made
    }

    fn add_path(&self, scope: &Scope, path: &syn::Path, paths: &mut Paths, collector: &mut Collector) {
        let handler = self.handler_item(scope, path).and_then(|id| self.handler(id));
        let Some(handler) = handler else {
            let name = parts(path).join("::");
            self.hole_here(
                "unresolved-handler",
                path.span(),
                format!("no annotated handler `{name}` was found"),
            );
            return;
        };
        let mut tags = handler.tags;
        if tags.is_empty() {
            let mut module: Vec<String> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            module.pop();
            if !module.is_empty() {
                tags.push(module.join("::"));
            }
        }
        let mut operation: Operation = handler.operation;
        operation.tags.get_or_insert_default().extend(tags);
        let mut item = PathItem::default();
        for method in &handler.methods {
            set_operation(&mut item, method, operation.clone());
        }
        match paths.paths.get_mut(&handler.path) {
            Some(existing) => existing.merge_operations(item),
            None => {
                paths.paths.insert(handler.path, item);
            }
        }
        collector.extend(&handler.schemas);
    }

    fn components(&self, scope: &Scope, attribute: &OpenApiAttribute) -> Components {
        let mut components = Components::new();
        for ty in &attribute.schemas {
            let Ok(tree) = Tree::of(&syn::Type::Path(ty.clone()), self.dialect) else { continue };
            let found = self.rewritten(scope, &tree);
            for (name, schema, _) in &self.collect(&found).list {
                components.schemas.insert(name.clone(), schema.as_ref().clone());
            }
            let at = Use { scope, parameters: &[], given: &[] };
            let schema: RefOr<Schema> =
                self.component(&at, &tree, vec![Feature::Inline(true)], None, &mut References::new());
            let name = self.schema_name(scope, &tree);
            self.name_type(&name, &found, &schema);
            components.schemas.insert(name, schema);
        }
        for ty in &attribute.responses {
            let found = self.path_type(scope, &ty.path);
            let (name, response) = self.to_response(&found, ty.span());
            components.responses.insert(name, response);
        }
        components
    }

    /// `info`: what is written, and the package's fields for the rest.
    fn info(&self, id: ItemId, scope: &Scope, written: Option<&Info>) -> utoipa::openapi::Info {
        let krate = self.code.module(self.code.item(id).module).krate;
        let field = |name: &str| self.fields[krate.0 as usize].get(name).cloned().unwrap_or_default();
        let text = |text: Option<&crate::openapi::utoipa::grammar::value::Text>| {
            text.map(|text| self.text(scope, text))
        };
        let title = text(written.and_then(|info| info.title.as_ref())).unwrap_or_else(|| field("name"));
        let version =
            text(written.and_then(|info| info.version.as_ref())).unwrap_or_else(|| field("version"));
        let description =
            text(written.and_then(|info| info.description.as_ref())).unwrap_or_else(|| field("description"));
        let mut builder = InfoBuilder::new().title(title).version(version).description(Some(description));
        if let Some(terms) = text(written.and_then(|info| info.terms_of_service.as_ref())) {
            builder = builder.terms_of_service(Some(terms));
        }
        let license = match written.and_then(|info| info.license.clone()) {
            Some(license) => license,
            None => License { name: field("license"), url: None, identifier: field("license") },
        };
        builder = builder.license(Some(made_license(&license)));
        let contact =
            written.and_then(|info| info.contact.clone()).or_else(|| first_author(&field("authors")));
        if let Some(contact) = contact {
            builder = builder.contact(Some(made_contact(&contact)));
        }
        let mut info = builder.build();
        self.origin(self.item_place(id)).extend(&mut info.extensions);
        info
    }

    /// A server as the document has it.
    pub fn server(&self, scope: &Scope, from: &Server) -> utoipa::openapi::Server {
        let mut builder = ServerBuilder::new().url(self.text(scope, &from.url));
        if let Some(text) = &from.description {
            builder = builder.description(Some(text.clone()));
        }
        for variable in &from.variables {
            let mut made = ServerVariableBuilder::new().default_value(variable.default.clone());
            if let Some(text) = &variable.description {
                made = made.description(Some(text.clone()));
            }
            if let Some(values) = &variable.values {
                made = made.enum_values(Some(values.clone()));
            }
            builder = builder.parameter(variable.name.clone(), made);
        }
        builder.build()
    }

    /// Security requirements as the document has them.
    pub fn security(&self, scope: &Scope, list: &[SecurityRequirement]) -> Vec<MadeRequirement> {
        list.iter()
            .map(|one| {
                one.0.iter().fold(MadeRequirement::default(), |made, (name, scopes)| {
                    let scopes: Vec<String> = scopes.iter().map(|text| self.text(scope, text)).collect();
                    made.add(name.clone(), scopes)
                })
            })
            .collect()
    }

    fn tag(&self, scope: &Scope, from: &Tag) -> utoipa::openapi::Tag {
        let mut builder = TagBuilder::new().name(self.text(scope, &from.name));
        if let Some(text) = &from.description {
            builder = builder.description(Some(self.text(scope, text)));
        }
        if let Some(text) = &from.summary {
            builder = builder.summary(Some(self.text(scope, text)));
        }
        if let Some(text) = &from.parent {
            builder = builder.parent(Some(self.text(scope, text)));
        }
        if let Some(text) = &from.kind {
            builder = builder.kind(Some(self.text(scope, text)));
        }
        if let Some(docs) = &from.external_docs {
            builder = builder.external_docs(Some(external_docs(docs)));
        }
        builder.build()
    }
}

/// Puts an operation at its method.
pub(in super::super) fn set_operation(item: &mut PathItem, method: &HttpMethod, operation: Operation) {
    let place = match method {
        HttpMethod::Get => &mut item.get,
        HttpMethod::Put => &mut item.put,
        HttpMethod::Post => &mut item.post,
        HttpMethod::Delete => &mut item.delete,
        HttpMethod::Options => &mut item.options,
        HttpMethod::Head => &mut item.head,
        HttpMethod::Patch => &mut item.patch,
        HttpMethod::Trace => &mut item.trace,
    };
    *place = Some(operation);
}

/// The operations of a path, in utoipa's order.
pub(in super::super) fn operations(item: &mut PathItem) -> Vec<&mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.options,
        &mut item.head,
        &mut item.patch,
        &mut item.trace,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Operations of a nested document get its tags, or its module where they have none.
fn tag_nested(document: &mut OpenApi, tags: &[String], module: &str) {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let own = operation.tags.get_or_insert_default();
            own.extend(tags.iter().cloned());
            if own.is_empty() && !module.is_empty() {
                own.push(module.to_owned());
            }
        }
    }
}

fn external_docs(from: &ExternalDocs) -> MadeDocs {
    let mut made = MadeDocs::new(from.url.clone());
    made.description.clone_from(&from.description);
    made
}

fn made_license(from: &License) -> utoipa::openapi::License {
    let mut builder = LicenseBuilder::new().name(from.name.clone());
    if let Some(url) = &from.url {
        builder = builder.url(Some(url.clone()));
    }
    if !from.identifier.is_empty() {
        builder = builder.identifier(Some(from.identifier.clone()));
    }
    builder.build()
}

fn made_contact(from: &Contact) -> utoipa::openapi::Contact {
    let mut builder = ContactBuilder::new();
    if let Some(name) = &from.name {
        builder = builder.name(Some(name.clone()));
    }
    if let Some(email) = &from.email {
        builder = builder.email(Some(email.clone()));
    }
    if let Some(url) = &from.url {
        builder = builder.url(Some(url.clone()));
    }
    builder.build()
}

/// `Name <address>` of the first author.
fn first_author(authors: &str) -> Option<Contact> {
    let first = authors.split(':').next().unwrap_or("");
    let mut parts = first.split('<');
    let name = parts.next().unwrap_or("").trim_end().to_owned();
    let email = parts.next().unwrap_or("");
    let email = email.get(..email.len().saturating_sub(1)).unwrap_or("").to_owned();
    let some = |text: String| (!text.is_empty()).then_some(text);
    let contact = Contact { name: some(name), email: some(email), url: None };
    (contact.name.is_some() || contact.email.is_some()).then_some(contact)
}
