//! A modifier with variables, shared texts, and `get_or_insert_default`.
use utoipa::Modify;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};

const COOKIE: &str = "session";
mod header {
    pub const AUTHORIZATION: &str = "authorization";
}

struct Addon;
impl Modify for Addon {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();

        let description = "The session of the web interface.";
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(COOKIE, description));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));

        let name = header::AUTHORIZATION;
        let key = ApiKeyValue::new(name.to_owned());
        components.add_security_scheme(format!("{}_{name}", "by"), SecurityScheme::ApiKey(ApiKey::Header(key)));

        let token = Http::builder().scheme(HttpAuthScheme::Digest).description(Some(description.to_uppercase())).build();
        components.add_security_scheme("digest", SecurityScheme::Http(token));
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(modifiers(&Addon))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
