//! Hostile inputs cost a time that grows with their size: twice as much input, at most 2.5 times the instructions.
//! Instructions are counted by valgrind's callgrind, so that nothing else on the machine matters; what a run costs
//! without the hostile part is taken off.

use crate::cli::{Scratch, err};
use crate::support;
use std::process::Command;

/// One kind of input.
struct Kind {
    name: &'static str,
    /// How many there are in the smaller one.
    size: usize,
    /// What is run.
    arguments: &'static [&'static str],
    /// The file that holds it, of so many.
    file: &'static str,
    text: fn(usize) -> String,
}

const CHECK: &[&str] = &["check", "-q"];

const KINDS: &[Kind] = &[
    Kind {
        name: "keys of front matter",
        size: 1_500,
        arguments: CHECK,
        file: "src/a.md",
        text: |count| format!("---\n{}---\n# A\n", lines(count, |n| format!("k{n}: v\n"))),
    },
    Kind {
        name: "headings of one text",
        size: 1_500,
        arguments: CHECK,
        file: "src/a.md",
        text: |count| lines(count, |_| "## Same\n\n".to_owned()),
    },
    Kind {
        name: "dead anchors",
        // Suggestions are looked for within a budget, which is spent after some 1,000 of them; up to there, in less than
        // a tenth of a second, the work grows faster.
        size: 1_200,
        arguments: CHECK,
        file: "src/a.md",
        text: |count| {
            let links = lines(count, |n| format!("[y](#zzzzzz{n})\n"));
            format!("# A\n\n{links}\n{}", lines(count, |n| format!("## h {n}\n\n")))
        },
    },
    Kind {
        name: "footnotes",
        size: 800,
        arguments: CHECK,
        file: "src/a.md",
        text: |count| format!("# A\n\n{}", lines(count, |n| format!("x[^{n}]\n\n[^{n}]: note\n\n"))),
    },
    Kind {
        name: "definitions of links",
        size: 1_500,
        arguments: CHECK,
        file: "src/a.md",
        text: |count| format!("# A\n\n{}", lines(count, |n| format!("[d{n}]: https://example.org/{n}\n"))),
    },
    Kind {
        name: "one long line",
        size: 60_000,
        arguments: CHECK,
        file: "src/a.md",
        text: |count| format!("# A\n\n{}\n", "word ".repeat(count / 5)),
    },
    Kind {
        name: "a circle of references",
        size: 150,
        arguments: &["openapi", "diff", "shop.json", "shop.json"],
        file: "shop.json",
        text: circle,
    },
    Kind {
        name: "glob imports that lead nowhere",
        size: 60,
        arguments: &["openapi", "extract", "."],
        file: "src/lib.rs",
        text: |count| {
            let globs = lines(count, |n| format!("pub use m{n}::*;\n"));
            format!(
                "#[derive(utoipa::OpenApi)]\n#[openapi(components(schemas(A)))]\npub struct Doc;\n#[derive(utoipa::ToSchema)]\npub struct A {{ b: B }}\nother::modules! {{ one }}\n{globs}"
            )
        },
    },
];

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn circle(count: usize) -> String {
    let schemas: Vec<String> = (0..count.max(1))
        .map(|n| format!("\"S{n}\":{{\"$ref\":\"#/components/schemas/S{}\"}}", (n + 1) % count.max(1)))
        .collect();
    format!(
        "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"x\",\"version\":\"1\"}},\"paths\":{{\"/a\":{{\"get\":{{\"responses\":{{\"200\":{{\"description\":\"d\",\"content\":{{\"application/json\":{{\"schema\":{{\"$ref\":\"#/components/schemas/S0\"}}}}}}}}}}}}}}}},\"components\":{{\"schemas\":{{{}}}}}}}",
        schemas.join(",")
    )
}

/// Instructions of a run on an input of a size.
fn instructions(kind: &Kind, count: usize) -> u64 {
    let folder = Scratch::new(&format!("growth-{}-{count}", kind.name.replace(' ', "-")))
        .with("book.toml", "[book]\ntitle = \"T\"\n")
        .with("Cargo.toml", "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nutoipa = \"6\"\n")
        .with("src/SUMMARY.md", "# S\n\n- [A](a.md)\n")
        .with("src/a.md", "# A\n")
        .with(kind.file, (kind.text)(count));
    let done = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", env!("CARGO_BIN_EXE_oathbook")])
        .args(kind.arguments)
        .current_dir(&folder.0)
        .output()
        .unwrap();
    let said = err(&done);
    let collected = said.lines().find_map(|line| line.split("Collected : ").nth(1));
    collected.and_then(|number| number.trim().parse().ok()).unwrap_or_else(|| panic!("{}: {said}", kind.name))
}

#[test]
fn twice_the_hostile_input_costs_at_most_two_and_a_half_times_the_instructions() {
    let there = Command::new("valgrind").arg("--version").output().is_ok_and(|done| done.status.success());
    if !there {
        support::skip("valgrind", "it is not installed, so no instruction was counted");
        return;
    }
    // In CI a sample: each is run three times in a debug build under valgrind.
    let kinds = if support::full() { KINDS } else { KINDS.get(..2).unwrap() };
    for kind in kinds {
        let [none, one, two] = [0, kind.size, 2 * kind.size].map(|count| instructions(kind, count));
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let ratio = two.saturating_sub(none) as f64 / one.saturating_sub(none).max(1) as f64;
        println!("figure: twice as many {}: {ratio:.2} times the instructions (2.5)", kind.name);
        assert!(ratio <= 2.5, "{}: {ratio:.2}: {none}, {one}, {two}", kind.name);
    }
}
