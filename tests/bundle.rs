//! Runbooks in one file: what is in it, and what never is. How it looks and works in a browser, see `browser.rs`.

use crate::cli::{Scratch, err};

/// A picture of one pixel.
const PIXEL: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x2c, 0, 0, 0, 0,
    1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b,
];

fn book(name: &str) -> Scratch {
    let runbook = "---\nkind: runbook\nowner: team-data\ntask: restore\nsymptoms: [nothing answers]\ntargets: [drill]\n---\n\n# Restore & <go on>\n\nCall [them](contacts.md), see [why](../why.md#more), [the list](list.md) and [code](../data.csv).\n\n![A pixel](../pixel.gif)\n![Elsewhere](https://example.org/x.png)\n\n```dot\ndigraph { a -> b; b [URL=\"list.md\"] }\n```\n\n## Steps\n\n```sh {name=go destructive}\necho </script>\n```\n";
    Scratch::new(&format!("bundle-{name}"))
        .with("book.toml", "[book]\ntitle = \"T\"\n")
        .with("src/SUMMARY.md", "# Summary\n\n- [Why](why.md)\n- [Runbooks](ops/README.md)\n  - [Restore](ops/restore.md)\n  - [Contacts](ops/contacts.md)\n  - [List](ops/list.md)\n  - [Unlinked](ops/unlinked.md)\n")
        .with("src/why.md", "# Why\n\n## More\n\nWhy not.\n")
        .with("src/ops/README.md", "# All of them\n\n[Restore](restore.md#steps)\n")
        .with("src/ops/restore.md", runbook)
        .with("src/ops/contacts.md", "---\nvisibility: internal\n---\n\n# Contacts\n\nprimary-1: 555\n")
        .with("src/ops/list.md", "# Steps\n\nOne.\n")
        .with("src/ops/unlinked.md", "# Unlinked\n\nOther.\n")
        .with("src/data.csv", "a,b\n")
        .with("src/pixel.gif", PIXEL)
}

fn bundled(book: &Scratch, more: &[&str]) -> String {
    let words: Vec<&str> =
        ["build", "--offline-bundle", "out/runbooks.html"].into_iter().chain(more.iter().copied()).collect();
    let done = book.run(&words);
    assert!(book.0.join("out/runbooks.html").exists(), "{}", err(&done));
    assert!(!book.0.join("book").exists(), "a site was written, too");
    book.read("out/runbooks.html")
}

#[test]
fn a_bundle_holds_runbooks_and_what_they_need_and_asks_for_nothing() {
    let book = book("whole");
    let html = bundled(&book, &["--as-of", "2026-11-20"]);
    for held in [
        "A copy of 2026-11-20",
        "It holds internal pages",
        "primary-1: 555",
        "One.",
        "All of them",
        "nothing answers",
        "<svg",
        "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=",
        "<label class=\"tick\"><input type=\"checkbox\"> go</label>",
    ] {
        assert!(html.contains(held), "{held}");
    }
    // Pages that no runbook links are not in it, and links to what is not in it say so.
    assert!(!html.contains("Why not.") && !html.contains("Other."));
    assert_eq!(html.matches("href=\"#not-here\" class=\"away\"").count(), 2, "why.md and data.csv");
    // Two headings called Steps: each link leads to its own.
    assert!(html.contains("id=\"steps\"") && html.contains("id=\"steps-1\""));
    assert!(
        html.contains("<img data-src=\"https://example.org/x.png\" alt=\"Elsewhere\">"),
        "a picture from elsewhere is left out"
    );
    for asked in [" src=\"http", "<link rel=\"stylesheet\"", "src=\"search/", "@import", "url(http"] {
        assert!(!html.contains(asked), "{asked}");
    }
    // What looks like the end of a script in a page's text ends none of ours.
    assert_eq!(html.matches("<script>").count(), html.matches("</script>").count());
    assert_eq!(html, bundled(&book, &["--as-of", "2026-11-20"]), "the same inputs give the same bytes");
}

#[test]
fn a_public_bundle_holds_no_internal_page() {
    let html = bundled(&book("public"), &["--public"]);
    assert!(html.contains("Restore") && html.contains("One."));
    assert!(!html.contains("555") && !html.contains("internal"), "contacts are internal");
}

#[test]
fn book_toml_names_more_pages_and_the_sites_address() {
    let book = book("more").with(
        "book.toml",
        "[book]\ntitle = \"T\"\n[run]\nbundle = [\"ops/un*.md\"]\n[site]\naddress = \"https://docs.example.org\"\n",
    );
    let html = bundled(&book, &[]);
    assert!(html.contains("Other.") && !html.contains("Why not."));
    assert!(html.contains("href=\"https://docs.example.org/why.html\" class=\"away\""), "{html}");
}

#[test]
fn a_bundle_that_is_too_large_or_empty_is_refused() {
    let book = book("large").with("src/ops/large.gif", vec![7; 5 << 20]);
    let page = book.read("src/ops/list.md");
    book.with_changed("src/ops/list.md", &format!("{page}\n![Large](large.gif)\n"));
    let done = book.run(&["build", "--offline-bundle", "out.html"]);
    assert_eq!(done.status.code(), Some(2), "{}", err(&done));
    assert!(err(&done).contains("the heaviest pages are src/ops/list.md (6"), "{}", err(&done));
    assert!(!book.0.join("out.html").exists());

    let none = Scratch::new("bundle-none")
        .with("book.toml", "[book]\ntitle = \"T\"\n")
        .with("src/SUMMARY.md", "# Summary\n\n- [A](a.md)\n")
        .with("src/a.md", "# A\n");
    let done = none.run(&["build", "--offline-bundle", "out.html"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(err(&done).contains("there is no runbook to bundle"), "{}", err(&done));
}
