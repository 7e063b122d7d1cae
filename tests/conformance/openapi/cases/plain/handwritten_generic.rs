//! A schema by hand for a generic type.
use std::borrow::Cow;
use std::marker::PhantomData;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

struct Few<T>(PhantomData<T>);
impl<T: PartialSchema> PartialSchema for Few<T> {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(T::schema()).max_items(Some(3)).into()
    }
}
impl<T: ToSchema> ToSchema for Few<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Few_{}", T::name()))
    }
}
struct Id<const N: usize>;
impl<const N: usize> PartialSchema for Id<N> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(4)).into()
    }
}
impl<const N: usize> ToSchema for Id<N> {}

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct Holder {
    #[schema(schema_with = Few::<i32>::schema)]
    numbers: Few<i32>,
    #[schema(schema_with = <Few<String> as PartialSchema>::schema)]
    texts: Few<String>,
    #[schema(schema_with = Id::<3>::schema)]
    id: Id<3>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder, Part)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
