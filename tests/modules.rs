//! Every source file is a module that `mod` declares where everybody sees it: a file that only a macro declares is
//! compiled, but `cargo fmt` and readers do not find it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use syn::Item;

/// The files that `mod` items of a file lead to, and so on; a module of `x/y.rs` lies in `x/y/`, one of `x/mod.rs` in
/// `x/`.
fn declared(file: &Path, found: &mut BTreeSet<PathBuf>) {
    assert!(found.insert(file.to_owned()), "{} is declared twice", file.display());
    let stem = file.file_stem().unwrap().to_str().unwrap();
    let folder = file.parent().unwrap();
    let folder = if ["mod", "lib", "main"].contains(&stem) { folder.to_owned() } else { folder.join(stem) };
    let text = std::fs::read_to_string(file).unwrap();
    inside(&syn::parse_file(&text).unwrap().items, &folder, found);
}

fn inside(items: &[Item], folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for item in items {
        let Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        assert!(
            !module.attrs.iter().any(|attr| attr.path().is_ident("path")),
            "{name} stands where its name says"
        );
        if let Some((_, items)) = &module.content {
            inside(items, &folder.join(name), found);
            continue;
        }
        let [flat, deep] = [folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs")];
        declared(if flat.exists() { &flat } else { &deep }, found);
    }
}

#[test]
fn every_source_file_is_declared_where_the_formatter_sees_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for begin in ["src/lib.rs", "src/main.rs", "tests/main.rs"] {
        declared(&root.join(begin), &mut found);
    }
    let all: BTreeSet<PathBuf> = crate::support::rust_files(&root.join("src")).into_iter().collect();
    let unseen: Vec<&PathBuf> = all.difference(&found).collect();
    assert!(
        all.len() > 300 && unseen.is_empty(),
        "declared by no `mod`, or only inside of a macro: {unseen:#?}"
    );
    let skipped: Vec<&PathBuf> = all
        .iter()
        .filter(|file| {
            let text = std::fs::read_to_string(file).unwrap();
            text.lines().any(|line| {
                line.trim_start().starts_with("#[rustfmt::skip")
                    || line.trim_start().starts_with("#![rustfmt::skip")
            })
        })
        .collect();
    assert!(skipped.is_empty(), "left out by the formatter: {skipped:#?}");
}
