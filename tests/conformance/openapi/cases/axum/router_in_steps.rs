//! A router in variables, conditions of configuration and helpers with arguments.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[utoipa::path(get, path = "/a")]
async fn a() {}
#[utoipa::path(get, path = "/b")]
async fn b() {}
#[utoipa::path(get, path = "/c")]
async fn c() {}

const PREFIX: &str = "/v1";

fn under(prefix: &str, router: OpenApiRouter) -> OpenApiRouter {
    OpenApiRouter::new().nest(prefix, router)
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut router = OpenApiRouter::default().routes(routes!(a));
    #[cfg(feature = "absent")]
    {
        router = router.routes(routes!(c));
    }
    #[cfg(not(feature = "absent"))]
    {
        router = router.routes(routes!(b));
    }
    let router = router.merge(under(PREFIX, OpenApiRouter::new().routes(routes!(c))));
    let (_, openapi) = router.split_for_parts();
    openapi
}
