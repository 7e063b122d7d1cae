//! `derive(IntoParams)`, and parameters written out.

use super::attributes::{doc_text, is_deprecated, pop};
use super::component::{Use, anything};
use super::structs::{is_required, parameters};
use crate::openapi::utoipa::grammar::feature::{Feature, Ignore};
use crate::openapi::utoipa::grammar::path::{Parameter as Written, ValueParameter};
use crate::openapi::utoipa::grammar::serde_words::{self, ContainerWords, Rule};
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Scope, Tree, Ty};
use crate::rust::tree::ItemId;
use syn::spanned::Spanned as _;
use syn::{Data, Field, Fields};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::{Deprecated, RefOr, Required, Schema};

/// What `#[params_of_type(…)]` and serde say of all fields.
struct Container {
    style: Option<String>,
    location: Option<String>,
    names: Option<Vec<String>>,
    rule: Option<Rule>,
    words: ContainerWords,
}

impl Session<'_> {
    /// The parameters of one entry of `params(…)`.
    pub fn parameters_of(&self, scope: &Scope, written: &Written) -> Vec<Parameter> {
        match written {
            Written::Value(value) => vec![self.value_parameter(scope, value)],
            Written::Type(path, location) => {
                let ty = self.path_type(scope, path);
                self.params_of_type(&ty, *location, path.span())
            }
        }
    }

    fn value_parameter(&self, scope: &Scope, written: &ValueParameter) -> Parameter {
        let mut builder = ParameterBuilder::from(Parameter::new(written.name.clone()));
        builder = builder.parameter_in(location(&written.location));
        let (of_schema, own): (Vec<Feature>, Vec<Feature>) =
            written.features.iter().cloned().partition(is_of_schema);
        builder = self.parameter_settings(scope, builder, &own);
        if let Some(ty) = &written.ty {
            let at = Use { scope, parameters: &[], given: &[] };
            let nullable = !matches!(written.location.as_str(), "Query" | "QueryString");
            let (schema, required) = match Tree::of(&ty.parsed.ty, self.dialect) {
                Ok(tree) => {
                    let mut features = of_schema;
                    if !ty.external {
                        features.push(Feature::Inline(ty.parsed.inline));
                    }
                    (self.component_of_parameter(&at, &tree, features, nullable), !tree.is_option())
                }
                Err(message) => {
                    let mut schema = anything();
                    self.hole_here("type", ty.parsed.ty.span(), message).schema(&mut schema);
                    (schema, true)
                }
            };
            builder = builder.schema(Some(schema)).required(required_of(required));
        }
        let mut made = builder.build();
        if let Some(owner) = self.owner() {
            self.origin(self.place(owner, written.span)).extend(&mut made.extensions);
        }
        made
    }

    fn parameter_settings(
        &self,
        scope: &Scope,
        mut builder: ParameterBuilder,
        features: &[Feature],
    ) -> ParameterBuilder {
        for feature in features {
            builder = match feature {
                Feature::Style(name) => builder.style(style(name)),
                Feature::Explode(value) => builder.explode(Some(*value)),
                Feature::AllowReserved(value) => builder.allow_reserved(Some(*value)),
                Feature::Example(value) => builder.example(Some(self.any_value(scope, value))),
                Feature::Deprecated(value) => {
                    builder.deprecated(Some(if *value { Deprecated::True } else { Deprecated::False }))
                }
                Feature::Description(text) => builder.description(Some(self.text(scope, text))),
                Feature::Extensions(list) => builder.extensions(Some(self.extensions(scope, list))),
                _ => builder,
            };
        }
        builder
    }

    /// `T::params_of_type(…)`.
    pub fn params_of_type(
        &self,
        ty: &Ty,
        location: Option<&'static str>,
        span: proc_macro2::Span,
    ) -> Vec<Parameter> {
        if let Ty::Item(id, arguments) = ty {
            if self.derives(*id, "IntoParams") {
                return self.within(*id, "IntoParams", || self.derived_params(*id, arguments, location));
            }
            let written = self.implementation("IntoParams", ty);
            if let Some(method) = written.and_then(|block| self.method_of(block, "into_params")) {
                return self.params_of_call(method, ty, location);
            }
        }
        let name = self.type_text(ty);
        let mark = self.hole_here("no-params", span, format!("the parameters of `{name}` are not known"));
        let mut parameter = Parameter::new(format!("?{}", mark.text()));
        mark.extend(&mut parameter.extensions);
        vec![parameter]
    }

    fn derived_params(&self, id: ItemId, arguments: &[Ty], location: Option<&'static str>) -> Vec<Parameter> {
        let Some(parsed) = self.derive_input(id) else { return Vec::new() };
        let mut features = self.settings(&parsed.input.attrs, "into_params");
        let words = serde_words::container(&parsed.input.attrs);
        let rename_all = pop!(features, Feature::RenameAll(rule) => rule);
        let container = Container {
            names: pop!(features, Feature::Names(names) => names),
            style: pop!(features, Feature::Style(style) => style),
            location: pop!(features, Feature::ParameterIn(place) => place),
            rule: words.rename_all.or(rename_all),
            words,
        };
        let scope = self.bind(id, &parsed.input.generics, arguments);
        let names = parameters(&parsed.input.generics);
        // Version 6 composes generic parameters; in version 5 such a type does not compile.
        let given: Vec<RefOr<Schema>> = names
            .iter()
            .filter_map(|name| scope.generics.get(name))
            .map(|ty| self.compose(ty, &[], &self.tree_of_item(id)))
            .collect();
        let at = Use { scope: &scope, parameters: &names, given: &given };
        let fields = match &parsed.input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => &fields.named,
                Fields::Unnamed(fields) => &fields.unnamed,
                Fields::Unit => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        let made = fields.iter().enumerate().filter_map(|(index, field)| {
            let mut parameter = self.field_parameter(&at, field, index, &container, location)?;
            self.origin(self.place(id, field.span())).extend(&mut parameter.extensions);
            Some(parameter)
        });
        made.collect()
    }

    fn field_parameter(
        &self,
        at: &Use<'_>,
        field: &Field,
        index: usize,
        container: &Container,
        given: Option<&'static str>,
    ) -> Option<Parameter> {
        let own = serde_words::field(&field.attrs);
        if own.skip {
            return None;
        }
        let mut features = self.settings(&field.attrs, "param");
        if let Some(style) = &container.style
            && !features.iter().any(|feature| matches!(feature, Feature::Style(_)))
        {
            features.push(Feature::Style(style.clone()));
        }
        match pop!(features, Feature::Ignore(ignore) => ignore) {
            Some(Ignore::Value(true)) => return None,
            Some(Ignore::Call(path)) if self.truth(at.scope, &path) => return None,
            _ => {}
        }
        let rename = pop!(features, Feature::Rename(name) => name);
        let ident = field.ident.as_ref().map(ToString::to_string);
        let ident = ident.or_else(|| container.names.as_ref().and_then(|names| names.get(index).cloned()))?;
        let ident = ident.strip_prefix("r#").unwrap_or(&ident);
        let renamed = own.rename.clone().or(rename).filter(|name| !name.is_empty());
        let name =
            renamed.unwrap_or_else(|| container.rule.map_or(ident.to_owned(), |rule| rule.field(ident)));
        let place = container.location.as_deref().or(given).unwrap_or("Path");
        let mut builder = ParameterBuilder::new().name(name).parameter_in(location(place));
        if is_deprecated(&field.attrs) {
            builder = builder.deprecated(Some(Deprecated::True));
        }
        if let Some(path) = pop!(features, Feature::SchemaWith(path) => path) {
            return Some(builder.schema(Some(self.schema_with(at.scope, &path))).build());
        }
        if let Some(text) = doc_text(&field.attrs, self.dialect.major).filter(|text| !text.is_empty()) {
            builder = builder.description(Some(text));
        }
        let value_type = pop!(features, Feature::ValueType(ty) => ty);
        let required = pop!(features, Feature::Required(value) => value);
        let ty = value_type.as_deref().unwrap_or(&field.ty);
        let Ok(tree) = Tree::of(ty, self.dialect) else {
            let mut schema = anything();
            self.hole_here("type", ty.span(), "the type is not one that utoipa understands")
                .schema(&mut schema);
            return Some(builder.schema(Some(schema)).build());
        };
        let tree = self.aliased(&tree);
        let must = !tree.is_option() && is_required(&own, &container.words);
        builder = builder.required(required_of(required.unwrap_or(must)));
        let (of_schema, settings): (Vec<Feature>, Vec<Feature>) =
            features.into_iter().partition(is_of_schema);
        builder = self.parameter_settings(at.scope, builder, &settings);
        let nullable = container.location.as_deref() != Some("Query");
        let schema = self.component_of_parameter(at, &tree, of_schema, nullable);
        Some(builder.schema(Some(schema)).build())
    }

    /// A type's name for messages.
    pub fn type_text(&self, ty: &Ty) -> String {
        match ty {
            Ty::Item(id, _) => self.code.item(*id).outline.name.clone(),
            Ty::Foreign(path, _) => path.join("::"),
            Ty::Unknown(name) => name.clone(),
            Ty::Slice(_) => "[…]".to_owned(),
            Ty::Tuple(_) => "(…)".to_owned(),
        }
    }
}

fn is_of_schema(feature: &Feature) -> bool {
    !matches!(
        feature,
        Feature::Style(_)
            | Feature::Explode(_)
            | Feature::AllowReserved(_)
            | Feature::Example(_)
            | Feature::Deprecated(_)
            | Feature::Description(_)
            | Feature::Extensions(_)
            | Feature::Title(_)
    )
}

/// `Required` of a truth value.
pub(in super::super) fn required_of(value: bool) -> Required {
    if value { Required::True } else { Required::False }
}

/// A location by utoipa's word.
pub(in super::super) fn location(name: &str) -> ParameterIn {
    match name {
        "Query" => ParameterIn::Query,
        "Header" => ParameterIn::Header,
        "Cookie" => ParameterIn::Cookie,
        "QueryString" => ParameterIn::QueryString,
        _ => ParameterIn::Path,
    }
}

/// A style by utoipa's word.
pub(in super::super) fn style(name: &str) -> Option<ParameterStyle> {
    Some(match name {
        "Matrix" => ParameterStyle::Matrix,
        "Label" => ParameterStyle::Label,
        "Form" => ParameterStyle::Form,
        "Simple" => ParameterStyle::Simple,
        "SpaceDelimited" => ParameterStyle::SpaceDelimited,
        "PipeDelimited" => ParameterStyle::PipeDelimited,
        "DeepObject" => ParameterStyle::DeepObject,
        "Cookie" => ParameterStyle::Cookie,
        _ => return None,
    })
}
