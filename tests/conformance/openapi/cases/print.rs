//! What every crate's `main` does: one JSON object of all its documents, each as utoipa prints it.

/// Prints `{"case": "the document's pretty JSON", …}`; the inner text is a string so that its bytes can be compared.
pub fn print(sets: &[&[(&str, fn() -> utoipa::openapi::OpenApi)]]) {
    let documents: std::collections::BTreeMap<&str, String> = sets
        .iter()
        .copied()
        .flatten()
        .map(|(name, openapi)| (*name, openapi().to_pretty_json().expect("a document is JSON")))
        .collect();
    println!("{}", serde_json::to_string(&documents).expect("strings are JSON"));
}
