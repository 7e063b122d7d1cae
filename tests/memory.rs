//! What a build holds of each page. The figures of large books are the benchmark's: `cargo bench --bench books`.

use crate::cli::{Scratch, err, program};
use std::fmt::Write as _;
use std::process::Stdio;
use std::time::Duration;

/// Bytes that a page of 4 KB of Markdown may add to the most that a build has resident: 21 to 27 KB are taken, and 64 KB were
/// before terms were packed, texts shortened and spare room given back.
const MOST_FOR_A_PAGE: u64 = 35_000;

fn page(number: usize) -> String {
    let mut text = format!("# Chapter {number}\n\n");
    for section in 0..6 {
        // Words differ from page to page, as they do in a book.
        let words: String =
            (0..75).map(|at| format!("word{} ", (number * 31 + section * 7 + at * at) % 400)).collect();
        let other = (number * 17 + section) % 500;
        let _ = write!(text, "## Section {section}\n\n{words}. See [another](page-{other}.md).\n\n");
    }
    text.push_str("| Name | Meaning |\n|---|---|\n| `limit` | how many |\n\n```rust\nfn main() {\n    let answer = 42; // one\n    println!(\"{answer}\");\n}\n```\n");
    text
}

/// The largest resident set of a build of so many pages, in bytes.
fn resident(pages: usize) -> u64 {
    let mut folder = Scratch::new(&format!("memory-{pages}"))
        .with("book.toml", "[book]\ntitle = \"T\"\n[output.html.print]\nenable = false\n");
    let mut summary = String::from("# Summary\n\n");
    for number in 0..pages {
        let _ = writeln!(summary, "- [Chapter {number}](page-{number}.md)");
        folder = folder.with(&format!("src/page-{number}.md"), page(number));
    }
    let folder = folder.with("src/SUMMARY.md", summary);
    let mut build =
        program(&folder.0, &["build", "-q"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", build.id());
    let mut most = 0;
    while build.try_wait().unwrap().is_none() {
        // Of a process that has ended and was not waited for, the line is gone.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        most = most.max(kilobytes.unwrap_or(0) * 1_024);
        std::thread::sleep(Duration::from_millis(2));
    }
    let done = build.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", err(&done));
    most
}

#[test]
fn a_build_holds_little_of_each_page() {
    let (few, many) = (500, 2_000);
    let [small, large] = [few, many].map(resident);
    let each = large.saturating_sub(small) / (many - few) as u64;
    println!(
        "figure: memory of a build for a page of 4 KB: {} KB ({})",
        each / 1_000,
        MOST_FOR_A_PAGE / 1_000
    );
    assert!(small > 10_000_000, "{small} bytes: nothing was measured");
    assert!(each <= MOST_FOR_A_PAGE, "{each} bytes for a page: {small} of {few} pages, {large} of {many}");
}

#[test]
fn a_book_too_large_for_one_page_has_none_for_printing_and_the_build_says_so() {
    let many = format!("# A\n\n{}\n", "Some words of a long page. ".repeat(40_000));
    let mut folder = Scratch::new("memory-print").with("book.toml", "[book]\ntitle = \"T\"\n");
    let mut summary = String::from("# Summary\n\n");
    for number in 0..16 {
        let _ = writeln!(summary, "- [Chapter {number}](page-{number}.md)");
        folder = folder.with(&format!("src/page-{number}.md"), &many);
    }
    let folder = folder.with("src/SUMMARY.md", summary);
    let whole = folder.run(&["build"]);
    assert!(whole.status.success(), "{}", err(&whole));
    assert!(
        err(&whole).contains("left out: `print.html`") && err(&whole).contains("have 17"),
        "{}",
        err(&whole)
    );
    assert!(!folder.0.join("book/print.html").exists());
    // A link to it leads nowhere, and is told.
    let linked = folder.with("src/page-0.md", "# A\n\n[All of it](print.html)\n");
    let smaller = linked.run(&["build"]);
    assert!(smaller.status.success() && !err(&smaller).contains("left out"), "{}", err(&smaller));
    assert!(linked.0.join("book/print.html").exists());
    let linked = linked.with("src/page-1.md", format!("{many}{many}[All of it](print.html)\n"));
    let again = linked.run(&["build"]);
    assert!(err(&again).contains("left out") && err(&again).contains("page-link"), "{}", err(&again));
}
