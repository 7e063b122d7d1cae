//! The layers, as `src/lib.rs` lists them, hold: a module uses only modules of lower layers.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// `//! 3 config markdown` lines of `src/lib.rs`: module to layer.
fn layers() -> BTreeMap<String, u32> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let mut out = BTreeMap::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("//! ")) {
        let mut words = line.split_whitespace();
        let Some(Ok(layer)) = words.next().map(str::parse) else { continue };
        out.extend(words.take_while(|word| *word != "-").map(|module| (module.to_owned(), layer)));
    }
    out
}

/// Modules named after `crate::`, with their lines.
fn used(tokens: TokenStream, out: &mut Vec<(String, usize)>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for at in 0..trees.len() {
        if let TokenTree::Group(group) = &trees[at] {
            used(group.stream(), out);
        }
        let is = |n: usize, text: &str| trees.get(n).is_some_and(|tree| tree.to_string() == text);
        if !(is(at, "crate") && is(at + 1, ":") && is(at + 2, ":")) {
            continue;
        }
        match trees.get(at + 3) {
            Some(TokenTree::Ident(name)) => out.push((name.to_string(), name.span().start().line)),
            Some(TokenTree::Group(group)) => {
                // `use crate::{a::b, c}`: the first word of each part.
                let mut first = true;
                for tree in group.stream() {
                    if let (TokenTree::Ident(name), true) = (&tree, first) {
                        out.push((name.to_string(), name.span().start().line));
                    }
                    first = tree.to_string() == ",";
                }
            }
            _ => {}
        }
    }
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn a_module_uses_only_lower_layers_and_only_the_shell_touches_the_machine() {
    let layers = layers();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    let mut wrong = Vec::new();
    for file in all {
        let below = file.strip_prefix(&src).unwrap();
        let module = below
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        let Some(own) = layers.get(&module) else { panic!("{module} has no layer in src/lib.rs") };
        let text = std::fs::read_to_string(&file).unwrap();
        let mut names = Vec::new();
        used(text.parse().unwrap(), &mut names);
        for (name, line) in names {
            match layers.get(&name) {
                Some(other) if name != module && other >= own => {
                    wrong.push(format!(
                        "src/{}:{line}: {module} (layer {own}) uses {name} (layer {other})",
                        below.display()
                    ));
                }
                _ => {}
            }
        }
        // Tests inside a module may do as they like.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in ["std::fs", "std::process", "std::env", "std::net", "SystemTime", "println!"] {
            if *own < layers["shell"] && code.contains(word) {
                wrong.push(format!("src/{}: only the shell may use {word}", below.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
