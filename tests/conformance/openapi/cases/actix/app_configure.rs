//! Services through `configure`, of the app and of scopes.
use actix_web::{App, get, web};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

mod books {
    use actix_web::{get, post};

    #[utoipa::path]
    #[get("/one")]
    pub async fn one() -> &'static str {
        ""
    }
    #[utoipa::path]
    #[post("/two")]
    pub async fn two() -> &'static str {
        ""
    }
    pub fn configure(config: &mut super::ServiceConfig) {
        config.service(one).service(two);
    }
}
#[utoipa::path]
#[get("/three")]
async fn three() -> &'static str {
    ""
}
fn configure() -> impl FnOnce(&mut ServiceConfig<'_>) {
    |config: &mut ServiceConfig| {
        config.service(three);
    }
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, openapi) = App::new()
        .into_utoipa_app()
        .openapi(utoipa::openapi::OpenApi::default())
        .configure(books::configure)
        .service(scope::scope("/api").configure(books::configure).configure(|cfg| {
            cfg.service(three).app_data(web::Data::new(String::new()));
        }))
        .configure(configure())
        .split_for_parts();
    openapi
}
