//! The usual guard: `if let Some(components)`, `get_or_insert_with`, and a scheme of each kind.
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, AuthorizationCode, ClientCredentials, Flow, Implicit, OAuth2, OpenIdConnect, Password, Scopes,
    SecurityScheme,
};
use utoipa::{Modify, OpenApi};

struct First;
impl Modify for First {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        if let Some(components) = openapi.components.as_mut() {
            components.add_security_scheme("never", SecurityScheme::OpenIdConnect(OpenIdConnect::new("x")));
        }
    }
}
struct Second;
impl Modify for Second {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        components.add_security_scheme("query", SecurityScheme::ApiKey(ApiKey::Query(ApiKeyValue::new("k"))));
        components.add_security_scheme(
            "cookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("c", "A cookie"))),
        );
        components.add_security_scheme(
            "oauth",
            SecurityScheme::OAuth2(OAuth2::with_description(
                [
                    Flow::Password(Password::with_refresh_url(
                        "https://example.org/token",
                        Scopes::from_iter([("read", "Reads"), ("write", "Writes")]),
                        "https://example.org/refresh",
                    )),
                    Flow::AuthorizationCode(AuthorizationCode::new(
                        "https://example.org/authorize",
                        "https://example.org/token",
                        Scopes::new(),
                    )),
                    Flow::Implicit(Implicit::new("https://example.org/i", Scopes::one("one", "One"))),
                    Flow::ClientCredentials(ClientCredentials::new("https://example.org/c", Scopes::new())),
                ],
                "OAuth",
            )),
        );
        components.add_security_scheme(
            "openid",
            SecurityScheme::OpenIdConnect(OpenIdConnect::new("https://example.org/openid")),
        );
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(modifiers(&First, &Second))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
