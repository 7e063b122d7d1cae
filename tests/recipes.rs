//! The recipes of CONTRIBUTING.md, walked as they stand there, in a copy of the source: each block with a title is written or
//! applied, and what comes out must compile.

use crate::cli::{Scratch, err};
use std::path::Path;
use std::process::Command;

/// A block of the page: its language, the file that its title names, its text.
struct Block {
    language: String,
    file: String,
    text: String,
}

/// The blocks with a title, without the indentation that a list gives them.
fn blocks(page: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let bare = line.trim_start();
        let fence = bare.len() - bare.trim_start_matches('`').len();
        let Some((language, title)) = bare[fence..].split_once(" title=\"").filter(|_| fence >= 3) else {
            continue;
        };
        let indent = line.len() - bare.len();
        let end = "`".repeat(fence);
        let body = lines.by_ref().take_while(|line| line.trim() != end);
        let text = body.map(|line| format!("{}\n", line.get(indent..).unwrap_or(""))).collect();
        out.push(Block { language: language.into(), file: title.trim_end_matches('"').into(), text });
    }
    out
}

/// Puts the lines with a plus behind the line above them, which stands in the file once.
fn apply(before: &str, diff: &str) -> Result<String, String> {
    let mut lines: Vec<String> = before.lines().map(str::to_owned).collect();
    let mut at = None;
    for line in diff.lines() {
        if let Some(added) = line.strip_prefix('+') {
            let behind: usize = at.ok_or_else(|| format!("`{added}` stands behind no line"))?;
            lines.insert(behind + 1, added.to_owned());
            at = Some(behind + 1);
        } else if !line.trim().is_empty() {
            let line = line.get(1..).unwrap_or("");
            let found: Vec<usize> = (0..lines.len()).filter(|at| lines[*at] == line).collect();
            let [one] = found.as_slice() else {
                return Err(format!("`{line}` stands {} times", found.len()));
            };
            at = Some(*one);
        }
    }
    Ok(lines.join("\n") + "\n")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_check_a_sort_of_evidence_and_a_page_kind_are_added_as_the_page_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = Scratch::new("recipes");
    for folder in ["src", "themes", "licenses"] {
        copy(&root.join(folder), &scratch.0.join(folder));
    }
    for file in ["Cargo.toml", "Cargo.lock", "README.md", "clippy.toml"] {
        std::fs::copy(root.join(file), scratch.0.join(file)).unwrap();
    }
    for (folder, name) in [("tests", "main.rs"), ("benches", "")] {
        std::fs::create_dir_all(scratch.0.join(folder)).unwrap();
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let file = entry.unwrap().file_name();
            let file = file.to_str().unwrap();
            if file.ends_with(if name.is_empty() { ".rs" } else { name }) {
                std::fs::write(scratch.0.join(folder).join(file), "fn main() {}\n").unwrap();
            }
        }
    }
    let blocks = blocks(&std::fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap());
    assert_eq!(blocks.iter().filter(|block| block.language == "diff").count(), 4, "what the recipes change");
    for block in &blocks {
        let file = scratch.0.join(&block.file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = if block.language == "diff" {
            let before = std::fs::read_to_string(&file).unwrap();
            apply(&before, &block.text).unwrap_or_else(|wrong| panic!("{}: {wrong}", block.file))
        } else {
            block.text.clone()
        };
        std::fs::write(file, text).unwrap();
    }
    // With the features that tests have, so that what is needed is there if `cargo clippy --all-targets` has run.
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--all-targets"])
        .env("CARGO_TARGET_DIR", target())
        .current_dir(&scratch.0)
        .output()
        .unwrap();
    let said = err(&output);
    // The recipes' own files must be clean; nobody calls the main functions that stand in for tests.
    assert!(output.status.success() && !said.contains("--> src/"), "{said}");
}

/// The folder into which these tests were compiled.
fn target() -> std::path::PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().to_owned()
}

#[test]
fn a_recipe_that_fits_no_longer_is_said() {
    assert_eq!(apply("a\nb\nc\n", " a\n+x\n+y\n \n c\n+z\n").unwrap(), "a\nx\ny\nb\nc\nz\n");
    assert_eq!(apply("a\na\n", " a\n+x\n").unwrap_err(), "`a` stands 2 times");
    assert_eq!(apply("a\n", " b\n+x\n").unwrap_err(), "`b` stands 0 times");
}
