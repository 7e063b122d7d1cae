//! Functions, traits and macros of the service's own around routers, and plain routers that become ones with documents.
use axum::Router;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

trait Versioned {
    fn versioned(self, version: u8, inner: OpenApiRouter) -> Self;
}

impl Versioned for OpenApiRouter {
    fn versioned(self, version: u8, inner: OpenApiRouter) -> Self {
        self.nest(&format!("/v{version}"), inner)
    }
}

trait Mount {
    fn mount() -> OpenApiRouter;
}

struct Pets;
struct Dogs;

impl Mount for Pets {
    fn mount() -> OpenApiRouter {
        OpenApiRouter::new().routes(routes!(pets))
    }
}

impl Mount for Dogs {
    fn mount() -> OpenApiRouter {
        OpenApiRouter::new().routes(routes!(dogs))
    }
}

fn with<M: Mount>(router: OpenApiRouter) -> OpenApiRouter {
    router.merge(M::mount())
}

macro_rules! all {
    ($($handler:ident),* $(,)?) => {
        OpenApiRouter::new()$(.routes(routes!($handler)))*
    };
}

#[utoipa::path(get, path = "/pets")]
async fn pets() {}
#[utoipa::path(get, path = "/dogs")]
async fn dogs() {}
#[utoipa::path(get, path = "/cats")]
async fn cats() {}
#[utoipa::path(get, path = "/birds")]
async fn birds() {}
async fn hidden() {}

fn limited(mut router: Router) -> Router {
    router = router.layer(axum::Extension(1));
    router
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let plain = limited(Router::new().route("/hidden", get(hidden)));
    let plain: OpenApiRouter = plain.into();
    let router = with::<Dogs>(with::<Pets>(OpenApiRouter::new()));
    router.versioned(2, all![cats, birds]).merge(plain).into_openapi()
}
