//! Who may call what.

use super::Score;
use crate::diag::{Nearest, Problem, code};
use crate::openapi::node::Node;
use crate::openapi::{Belongs, Document};

/// Whether a list of requirements lets nobody in without credentials: no alternative is empty.
fn demands(requirements: &Node) -> bool {
    let list = requirements.list();
    !list.is_empty() && list.iter().all(|one| one.map().is_some_and(|map| !map.is_empty()))
}

/// Schemes that are named and not declared.
pub(super) fn schemes(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_SECURITY_SCHEME;
    let mut score = Score::new(CODE, "security schemes that are declared");
    let declared = document.root.get("components").and_then(|components| components.get("securitySchemes"));
    let near = Nearest::default();
    let mut lists = vec![document.top().get("security")];
    let operations = document.all_operations();
    lists.extend(operations.iter().map(|operation| operation.at.get("security")));
    for entry in lists.into_iter().flatten().flat_map(|list| list.node.list().iter().flat_map(Node::entries))
    {
        let known = declared.is_some_and(|declared| declared.get(&entry.key).is_some());
        let gap = (!known).then(|| {
            let message = format!("there is no security scheme `{}`", entry.key);
            let names = declared.map(Node::entries).into_iter().flatten().map(|scheme| &*scheme.key);
            let near = near.find("", &entry.key, names);
            let help = near.map_or_else(
                || "declare it below `components/securitySchemes`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Problem::new(CODE, &entry.place, &*entry.key, message).help(help)
        });
        score.count(gap);
    }
    score
}

/// Operations that say who may call them, and what those who may not are answered.
pub(super) fn security(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_SECURITY;
    let mut score = Score::new(CODE, "operations that say who may call them");
    for operation in document.operations() {
        debug_assert_eq!(operation.belongs, Belongs::Path);
        let name = operation.name();
        let Some(requirements) = operation.security(document) else {
            let message = format!("{name} does not say who may call it");
            score.count([Problem::new(CODE, operation.place, &*name, message).help(
                "declare `security`; for a public operation, `security: []` or an alternative that is empty",
            )]);
            continue;
        };
        if !demands(requirements.node) {
            score.count([]);
            continue;
        }
        let responses = operation.responses(document);
        let documented = |status: &str| {
            responses.iter().any(|r| r.status == status || r.status.eq_ignore_ascii_case("4xx"))
        };
        let missing: Vec<&str> = ["401", "403"].into_iter().filter(|status| !documented(status)).collect();
        // An API with one sort of caller has nobody whom it knows and refuses.
        let gap = (missing.contains(&"401")).then(|| {
            let message = format!("{name} needs credentials and documents no answer 401");
            Problem::new(CODE, operation.place, &*name, message)
                .help("say what a caller without credentials is answered")
        });
        let scoped = requirements
            .node
            .list()
            .iter()
            .flat_map(Node::entries)
            .any(|entry| !entry.node.list().is_empty());
        let forbidden = (scoped && missing.contains(&"403")).then(|| {
            let message = format!("{name} needs scopes and documents no answer 403");
            Problem::new(CODE, operation.place, format!("{name} 403"), message)
                .help("say what a caller without the scope is answered")
        });
        score.count(gap.into_iter().chain(forbidden));
    }
    score
}
