//! Addresses in API documents that no page may hold: of contact, licence and external documentation, of authorisation, and
//! in the Markdown of descriptions.

use crate::base::{ADDRESS_HELP, refused};
use crate::diag::{Problem, code};
use crate::markdown::unsafe_addresses;
use crate::openapi::Document;
use crate::openapi::node::{Node, Value};

const CODE: &str = code::UNSAFE_ADDRESS;

/// Fields that hold an address (OpenAPI 3.1).
const ADDRESSES: &[&str] =
    &["url", "termsOfService", "authorizationUrl", "tokenUrl", "refreshUrl", "openIdConnectUrl"];

/// Fields that hold Markdown.
const MARKDOWN: &[&str] = &["description", "summary"];

/// Fields below which anything may stand as a value of somebody else's.
const VALUES: &[&str] = &["example", "examples", "default", "enum", "const", "value"];

/// What is wrong, in the order of the document.
pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let mut out = Vec::new();
    let mut left = vec![&document.root];
    while let Some(node) = left.pop() {
        match &node.value {
            Value::List(list) => left.extend(list.iter().rev()),
            Value::Map(map) => {
                let inside: Vec<&Node> = map
                    .iter()
                    .filter(|entry| !VALUES.contains(&&*entry.key))
                    .inspect(|entry| field(&entry.key, &entry.node, &mut out))
                    .map(|entry| &entry.node)
                    .collect();
                left.extend(inside.into_iter().rev());
            }
            _ => {}
        }
    }
    out
}

fn field(key: &str, node: &Node, out: &mut Vec<Problem>) {
    let Some(text) = node.text() else { return };
    let found: Vec<(&str, String)> = if ADDRESSES.contains(&key) {
        refused(text).map(|scheme| (scheme, text.to_owned())).into_iter().collect()
    } else if MARKDOWN.contains(&key) {
        unsafe_addresses(text)
    } else {
        return;
    };
    for (scheme, address) in found {
        let message = format!("`{key}` holds an address of `{scheme}:`, which stands on no page");
        out.push(Problem::new(CODE, &node.place, address, message).help(ADDRESS_HELP));
    }
}
