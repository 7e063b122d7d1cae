//! A generic router with a state, and `impl` functions.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Clone)]
struct State(i32);

struct Books;
impl Books {
    fn routes() -> OpenApiRouter<State> {
        OpenApiRouter::new().routes(routes!(list))
    }
}
#[utoipa::path(get, path = "/list")]
async fn list(axum::extract::State(state): axum::extract::State<State>) {}

fn all<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(other))
}
#[utoipa::path(get, path = "/other")]
async fn other() {}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let state = State(1);
    let router: OpenApiRouter =
        OpenApiRouter::default().nest("/books", Books::routes()).merge(all::<State>()).with_state(state);
    router.into_openapi()
}
