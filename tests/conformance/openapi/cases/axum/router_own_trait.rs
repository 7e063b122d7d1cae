//! A trait of the service's own on what `routes!` makes, that changes operations.
use std::fmt;
use utoipa::openapi::path::{Operation, Paths};
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

#[derive(Clone, Copy)]
pub enum Role {
    Reader,
    Writer,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Role::Reader => "reader",
            Self::Writer => "writer",
        };
        write!(f, "role:{name}")
    }
}

pub trait Guarded<S>: Sized {
    fn guard(self, roles: &[Role]) -> UtoipaMethodRouter<S>;
    fn open(self) -> UtoipaMethodRouter<S>;
    /// What the trait has for every type.
    fn readers(self) -> UtoipaMethodRouter<S> {
        self.guard(&[Role::Reader])
    }
}

impl<S: Send + Sync + Clone + 'static> Guarded<S> for UtoipaMethodRouter<S> {
    fn guard(self, roles: &[Role]) -> UtoipaMethodRouter<S> {
        guarded(self, roles, " needs ")
    }

    fn open(self) -> UtoipaMethodRouter<S> {
        let (schemas, mut paths, router) = self;
        each(&mut paths, |operation| {
            operation.tags = Some(match &operation.tags {
                Some(tags) => {
                    let mut tags = tags.clone();
                    tags.push("open".to_string());
                    tags
                }
                None => vec!["open".to_string()],
            });
        });
        (schemas, paths, router)
    }
}

fn guarded<S: Send + Sync + Clone + 'static>(
    router: UtoipaMethodRouter<S>,
    roles: &[Role],
    between: &str,
) -> UtoipaMethodRouter<S> {
    let (schemas, mut paths, router) = router;
    let names: Vec<String> = roles.iter().map(|role| role.to_string()).collect();
    let requirement = SecurityRequirement::new("session", names.clone());
    each(&mut paths, |operation| {
        operation.security = Some(vec![requirement.clone()]);
        operation.summary = Some(match &operation.summary {
            Some(text) => format!("{text}{between}{}", names.join(", ")),
            None => names.join(", "),
        });
    });
    (schemas, paths, router)
}

fn each(paths: &mut Paths, change: impl Fn(&mut Operation)) {
    for item in paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.put].into_iter().flatten() {
            change(operation);
        }
    }
}

/// Lists
#[utoipa::path(get, path = "/a", tag = "first")]
async fn list() {}
#[utoipa::path(post, path = "/a")]
async fn add() {}
#[utoipa::path(get, path = "/b")]
async fn open() {}
#[utoipa::path(get, path = "/c")]
async fn read() {}

fn router() -> OpenApiRouter {
    use Role::*;
    const BOTH: &[Role] = &[Reader, Writer];
    OpenApiRouter::default()
        .routes(routes!(list, add).guard(BOTH))
        .routes(routes!(open).open())
        .routes(routes!(read).readers())
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    router().into_openapi()
}
