//! Modifiers that are values with fields, called by hand.
use utoipa::Modify;
use utoipa::openapi::Server;

struct ServerAddon {
    url: &'static str,
    more: Option<String>,
}
impl Modify for ServerAddon {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let mut servers = vec![Server::new(self.url)];
        if let Some(more) = &self.more {
            servers.push(Server::new(more.clone()));
        }
        openapi.servers = Some(servers);
    }
}
struct Title(&'static str);
impl Modify for Title {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        openapi.info.title = format!("{} and {}", openapi.info.title, self.0);
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(info(title = "One"))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut openapi = <Doc as utoipa::OpenApi>::openapi();
    ServerAddon { url: "/a", more: Some("/b".to_string()) }.modify(&mut openapi);
    Title("two").modify(&mut openapi);
    openapi
}
