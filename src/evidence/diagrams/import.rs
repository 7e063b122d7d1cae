//! A first model of a system, written from what the repository states already: a Compose file, Kubernetes manifests, a
//! Cargo workspace. Its elements are bound; what they are for is left to people.

use super::inventory;
use crate::base::{RelPath, plain};
use crate::openapi::{self, Format, Node};
use crate::rust::manifest::Package;
use crate::world::{PathKind, World};
use std::collections::{BTreeMap, BTreeSet};

/// One part of the system.
struct Part {
    name: String,
    technology: String,
    key: &'static str,
    value: String,
    /// Names of the parts it uses, and how.
    uses: Vec<(String, &'static str)>,
}

/// A Structurizr workspace made from `path`.
///
/// # Errors
/// Why there is none: nothing is there, or nothing in it can be drawn.
pub fn workspace(world: &dyn World, path: &RelPath) -> Result<String, String> {
    let folder = if world.kind(path) == Some(PathKind::Folder) { path.clone() } else { path.parent() };
    let title = if folder.is_root() { "System" } else { folder.file_name() };
    let (parts, what) = match world.kind(path) {
        None => return Err(format!("there is no file or folder `{path}`")),
        Some(PathKind::File) if path.file_name() == "Cargo.toml" => (packages(world, path)?, "package"),
        Some(PathKind::File) if inventory::services(world, path).is_some() => {
            (services(world, path), "service")
        }
        Some(PathKind::File) => (workloads(world, std::slice::from_ref(path)), "workload"),
        Some(PathKind::Folder) => (workloads(world, &world.files(path)), "workload"),
    };
    if parts.is_empty() {
        return Err(format!(
            "`{path}` holds nothing to draw: name a Compose file, Kubernetes manifests or a Cargo.toml"
        ));
    }
    Ok(write(title, &parts, what))
}

fn services(world: &dyn World, file: &RelPath) -> Vec<Part> {
    let Ok(text) = world.text(file) else { return Vec::new() };
    let tree = openapi::read(file, &text, 0, Format::Yaml);
    let entries = tree.root.get("services").map(Node::entries).into_iter().flatten();
    let part = |entry: &openapi::node::Entry| {
        let named = |node: Option<&Node>| -> Vec<String> {
            let Some(node) = node else { return Vec::new() };
            let listed = node
                .list()
                .iter()
                .filter_map(Node::text)
                .map(|name| name.split(':').next().unwrap_or(name).to_owned());
            listed.chain(node.entries().map(|entry| entry.key.to_string())).collect()
        };
        let needs = named(entry.node.get("depends_on")).into_iter().map(|name| (name, "Needs"));
        let links = named(entry.node.get("links")).into_iter().map(|name| (name, "Reaches"));
        Part {
            name: entry.key.to_string(),
            technology: entry.node.get_text("image").unwrap_or_default().to_owned(),
            key: "compose",
            value: format!("{file}#{}", entry.key),
            uses: needs.chain(links).collect(),
        }
    };
    entries.map(part).collect()
}

fn workloads(world: &dyn World, files: &[RelPath]) -> Vec<Part> {
    let mut parts: Vec<(Part, String)> = Vec::new();
    for file in files.iter().filter(|file| matches!(file.extension(), Some("yml" | "yaml"))) {
        let known = inventory::workloads(world, file).unwrap_or_default();
        let Ok(text) = world.text(file) else { continue };
        for (start, document) in inventory::documents(&text) {
            let tree = openapi::read(file, document, start, Format::Yaml);
            let Some((kind, name)) = inventory::identity(&tree.root) else { continue };
            if !known.iter().any(|(full, _)| *full == format!("{kind}/{name}")) {
                continue;
            }
            let image = [
                "/spec/template/spec/containers/0/image",
                "/spec/jobTemplate/spec/template/spec/containers/0/image",
            ];
            let image = image.iter().find_map(|pointer| tree.root.at(pointer).and_then(Node::text));
            let part = Part {
                name: name.to_owned(),
                technology: image.unwrap_or(kind).to_owned(),
                key: "k8s",
                value: format!("{file}#{kind}/{name}"),
                uses: Vec::new(),
            };
            parts.push((part, document.to_owned()));
        }
    }
    // A workload that names another, as a host or in a setting, most likely asks it.
    let names: BTreeSet<String> = parts.iter().map(|(part, _)| part.name.clone()).collect();
    for (part, text) in &mut parts {
        let others = inventory::spelled(text, &names).into_iter().filter(|name| *name != part.name);
        part.uses = others.map(|name| (name.to_owned(), "Names")).collect();
    }
    parts.into_iter().map(|(part, _)| part).collect()
}

fn packages(world: &dyn World, file: &RelPath) -> Result<Vec<Part>, String> {
    let (packages, unread) = inventory::packages(world, &file.parent());
    if let Some(problem) = unread.into_iter().next() {
        return Err(problem.message);
    }
    let names: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let part = |package: &Package| {
        let used = package.dependencies.iter().map(|one| one.package.clone());
        let folder = &package.folder;
        Part {
            name: package.name.clone(),
            technology: "Rust".into(),
            key: "src",
            value: if folder.is_root() { "src".to_owned() } else { folder.to_string() },
            uses: used.filter(|used| names.contains(used.as_str())).map(|used| (used, "Uses")).collect(),
        }
    };
    Ok(packages.iter().map(part).collect())
}

/// A name as an identifier of the language, unlike those before it.
fn identifier(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let plain = plain.trim_matches('_').to_owned();
    let plain = if plain.is_empty() { "part".to_owned() } else { plain };
    let mut name = plain.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{plain}_{number}");
        number += 1;
    }
    name
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text).replace('"', "'"))
}

fn write(title: &str, parts: &[Part], what: &str) -> String {
    let mut taken = BTreeSet::from(["system".to_owned()]);
    let ids: BTreeMap<&str, String> =
        parts.iter().map(|part| (part.name.as_str(), identifier(&part.name, &mut taken))).collect();
    let mut out = format!(
        "workspace {} {{\n    model {{\n        system = softwareSystem {} {{\n",
        quoted(title),
        quoted(title)
    );
    let mut written = BTreeSet::new();
    for part in parts.iter().filter(|part| written.insert(part.name.as_str())) {
        let id = &ids[part.name.as_str()];
        out += &format!(
            "            {id} = container {} \"\" {} {{\n",
            quoted(&part.name),
            quoted(&part.technology)
        );
        out += &format!(
            "                properties {{\n                    \"{}\" {}\n",
            part.key,
            quoted(&part.value)
        );
        out += "                }\n            }\n";
    }
    out += "\n";
    for part in parts {
        let mut told = BTreeSet::new();
        for (other, how) in &part.uses {
            if let Some(to) = ids.get(other.as_str()).filter(|_| other != &part.name && told.insert(other)) {
                out += &format!("            {} -> {to} \"{how}\"\n", ids[part.name.as_str()]);
            }
        }
    }
    out += "        }\n    }\n\n    views {\n        container system \"containers\" ";
    out += &quoted(&format!("Every {what} and what it uses"));
    out + " {\n            include *\n        }\n    }\n}\n"
}
