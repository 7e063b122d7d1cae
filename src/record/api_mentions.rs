//! Operations that pages mention as inline code, `GET /orders/{id}`, held against the API documents. Only paths below the
//! first segment of a documented one are judged: others belong to somebody else's API.

use super::openapi::Api;
use crate::diag::Place;
use crate::markdown::cited;
use crate::model::{PageId, Site};
use crate::world::World;

/// A mentioned operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiMention {
    /// The page.
    pub page: PageId,
    /// The code that mentions it.
    pub place: Place,
    /// `GET /orders/{id}`.
    pub subject: String,
    /// The document that has it; or what there is instead, in words.
    pub found: Result<String, String>,
}

const METHODS: &[&str] = &["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// An operation of a document.
struct Known<'d> {
    method: String,
    path: &'d str,
    document: &'d str,
}

/// All mentions that can be judged.
pub fn read(world: &dyn World, site: &Site, apis: &[Api]) -> Vec<ApiMention> {
    let mut known = Vec::new();
    for api in apis {
        known.extend(api.document.operations().into_iter().map(|operation| Known {
            method: operation.method.to_uppercase(),
            path: operation.path,
            document: api.config.document.as_str(),
        }));
    }
    let mut out = Vec::new();
    if known.is_empty() {
        return out;
    }
    for (id, page) in site.pages.iter().enumerate() {
        let Ok(text) = world.text(&page.source) else { continue };
        if !METHODS.iter().any(|method| text.contains(&format!("{method} /"))) {
            continue;
        }
        for piece in cited(&text).into_iter().filter(|piece| piece.block.is_none()) {
            let Some((method, path)) = piece.text.split_once(' ') else { continue };
            let path = path.trim();
            if !METHODS.contains(&method) || !path.starts_with('/') || path.contains([' ', '…', '*']) {
                continue;
            }
            let place = Place { file: page.source.clone(), span: piece.span };
            if let Some(found) = judge(&known, method, path.split(['?', '#']).next().unwrap_or(path)) {
                out.push(ApiMention { page: id, place, subject: piece.text.clone(), found });
            }
        }
    }
    out
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// Whether a mentioned path is that of an operation; names of parameters are the writer's.
fn is_same(mentioned: &[&str], documented: &[&str]) -> bool {
    let any = |part: &str| part.starts_with(['{', ':', '<']);
    mentioned.len() == documented.len() && mentioned.iter().zip(documented).all(|(a, b)| a == b || any(b))
}

/// None where nobody here can know.
fn judge(known: &[Known<'_>], method: &str, path: &str) -> Option<Result<String, String>> {
    let mentioned = segments(path);
    let same: Vec<&Known<'_>> = known.iter().filter(|one| is_same(&mentioned, &segments(one.path))).collect();
    if let Some(found) = same.iter().find(|one| one.method == method) {
        return Some(Ok(found.document.to_owned()));
    }
    if !same.is_empty() {
        let mut methods: Vec<&str> = same.iter().map(|one| one.method.as_str()).collect();
        methods.dedup();
        return Some(Err(format!("`{path}` answers {}", methods.join(", "))));
    }
    let first = mentioned.first().filter(|first| !first.starts_with(['{', ':', '<']))?;
    if !known.iter().any(|one| segments(one.path).first() == Some(first)) {
        return None;
    }
    let near = crate::diag::nearest(path, known.iter().map(|one| one.path));
    Some(Err(near.map_or_else(
        || "name an operation that is documented".to_owned(),
        |near| format!("did you mean `{near}`?"),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_told_from_those_of_other_services() {
        let one = |method: &str, path: &'static str| Known {
            method: method.to_owned(),
            path,
            document: "api.json",
        };
        let known = [one("GET", "/orders/{id}"), one("POST", "/orders")];
        assert_eq!(judge(&known, "GET", "/orders/{order}"), Some(Ok("api.json".into())));
        assert_eq!(judge(&known, "GET", "/orders/17"), Some(Ok("api.json".into())));
        assert_eq!(judge(&known, "DELETE", "/orders"), Some(Err("`/orders` answers POST".into())));
        assert_eq!(
            judge(&known, "GET", "/orders/{id}/item"),
            Some(Err("did you mean `/orders/{id}`?".into()))
        );
        assert_eq!(judge(&known, "GET", "/repos/{owner}"), None);
    }
}
