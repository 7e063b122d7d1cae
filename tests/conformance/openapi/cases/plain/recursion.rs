//! Types that hold themselves, directly and in a circle.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Tree {
    #[schema(no_recursion)]
    children: Vec<Tree>,
    #[schema(no_recursion)]
    parent: Option<Box<Tree>>,
}
#[derive(ToSchema)]
struct Pet {
    owner: Owner,
}
#[derive(ToSchema)]
struct Owner {
    name: String,
    #[schema(no_recursion)]
    pets: Vec<Pet>,
}
#[derive(ToSchema)]
#[schema(no_recursion)]
enum Expression {
    Number(f64),
    Add(Vec<Expression>),
    Negate(Box<Expression>),
    Named { left: Box<Expression> },
}
#[derive(ToSchema)]
#[schema(no_recursion)]
struct Loop {
    next: Option<Box<Loop>>,
}
#[derive(ToSchema)]
#[schema(no_recursion)]
struct Chain(Vec<Chain>);

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Tree, Pet, Expression, Loop, Chain)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
