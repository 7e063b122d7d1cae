//! The same inputs give the same bytes, in any order of threads and files, and whether or not parses are remembered.

use crate::support::build;
use oathbook::base::RelPath;
use oathbook::pipeline::{self, Memory, Settings};
use oathbook::world::MemoryWorld;
use proptest::prelude::*;

fn world(pages: &[String]) -> MemoryWorld {
    let mut world = MemoryWorld::new();
    let mut summary = String::new();
    for (n, text) in pages.iter().enumerate() {
        summary.push_str(&format!("- [P{n}](p{n}.md)\n"));
        world.set(&format!("src/p{n}.md"), text.as_bytes());
    }
    world.set("src/SUMMARY.md", summary);
    world
}

#[test]
fn twenty_builds_are_byte_for_byte_the_same() {
    let pages: Vec<String> = (0..40)
        .map(|n| {
            format!(
                "# P{n}\n\n[next](p{}.md#p{}) text {n}\n\n```rust\nfn f{n}() {{}}\n```\n",
                (n + 1) % 40,
                (n + 1) % 40
            )
        })
        .collect();
    let world = world(&pages);
    let first = build(&world, &RelPath::root(), &[]);
    for _ in 0..20 {
        assert!(build(&world, &RelPath::root(), &[]) == first);
    }
}

/// Pieces of pages that touch each other: headings, links, quotes.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{1,3}".prop_map(|word| format!("## {word}\n\n")),
        ("[a-c]{1,3}", 0..4_usize).prop_map(|(word, page)| format!("[x](p{page}.md#{word}) ")),
        (0..4_usize).prop_map(|page| format!("{{{{#include p{page}.md:1:2}}}}\n\n")),
        "[a-z <>*`_-]{0,20}".prop_map(|text| format!("{text}\n\n")),
    ]
}

fn page() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// For random edit scripts, a run with remembered parses equals one that starts afresh, and swapping in one page
    /// equals reading it anew whenever the page says that nobody else needs to know.
    #[test]
    fn warm_equals_cold(pages in proptest::collection::vec(page(), 4), edits in proptest::collection::vec((0..4_usize, page()), 1..6)) {
        let memory = Memory::default();
        let mut world = world(&pages);
        let project = pipeline::projects(&world, &RelPath::root()).remove(0);
        let warm_settings = Settings { memory: Some(&memory), render: true, ..Settings::default() };
        let mut live = pipeline::run(&world, &project, warm_settings);
        for (at, text) in edits {
            world.set(&format!("src/p{at}.md"), text.as_bytes());
            let warm = pipeline::run(&world, &project, warm_settings);
            let cold = pipeline::run(&world, &project, Settings { render: true, ..Settings::default() });
            prop_assert_eq!(&warm.report.diagnostics, &cold.report.diagnostics);
            for (one, two) in warm.site.pages.iter().zip(&cold.site.pages) {
                prop_assert_eq!(&one.doc.body.html, &two.doc.body.html);
                prop_assert_eq!(&one.targets, &two.targets);
            }
            let outcome = pipeline::reread(&world, &mut live, at).unwrap();
            prop_assert_eq!(&live.site.pages[at].doc.body.html, &cold.site.pages[at].doc.body.html);
            if outcome == pipeline::Reread::PageOnly {
                prop_assert_eq!(&live.site.pages[at].targets, &cold.site.pages[at].targets);
            }
            if outcome == pipeline::Reread::Site {
                live = pipeline::run(&world, &project, warm_settings);
            }
        }
    }
}

/// What a writer does between two looks at the preview.
#[derive(Clone, Debug)]
enum Edit {
    Page(usize, String),
    Title(String),
    /// This page is not in the list of chapters.
    Without(usize),
    Style(String),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => (0..4_usize, page()).prop_map(|(at, text)| Edit::Page(at, text)),
        1 => "[A-Z][a-z]{0,5}".prop_map(Edit::Title),
        1 => (0..4_usize).prop_map(Edit::Without),
        1 => "[a-z]{1,6}".prop_map(Edit::Style),
    ]
}

fn apply(world: &mut MemoryWorld, edit: &Edit) -> RelPath {
    let (file, text) = match edit {
        Edit::Page(at, text) => (format!("src/p{at}.md"), text.clone()),
        Edit::Title(title) => ("book.toml".to_owned(), format!("[book]\ntitle = \"{title}\"\n")),
        Edit::Without(page) => {
            let listed = (0..4_usize).filter(|n| n != page);
            ("src/SUMMARY.md".to_owned(), listed.map(|n| format!("- [P{n}](p{n}.md)\n")).collect())
        }
        Edit::Style(name) => ("theme/style.css".to_owned(), format!(".{name}{{color:red}}\n")),
    };
    world.set(&file, text.as_bytes());
    RelPath::parse(&file).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was edited, and in whatever order: what the preview serves afterwards is what a fresh build writes,
    /// search index and all, but for the marks of blocks.
    #[test]
    fn the_preview_serves_what_a_fresh_build_writes(pages in proptest::collection::vec(page(), 4), edits in proptest::collection::vec(edit(), 1..5)) {
        use oathbook::preview::Live;
        let mut world = world(&pages);
        world.set("book.toml", "[book]\ntitle = \"T\"\n");
        let project = pipeline::projects(&world, &RelPath::root()).remove(0);
        let mut live = Live::load(&world, project, Vec::new()).unwrap();
        let _ = live.answer(&world, "search/meta.js");
        for edit in edits {
            let file = apply(&mut world, &edit);
            live.edit(&world, &file);
            let checked = Live::recheck(&world, &live.recheck_parts());
            live.replace(&world, checked);
            for (address, text) in build(&world, &RelPath::root(), &[]) {
                let served = live.answer(&world, &address).unwrap_or_else(|| panic!("{address} is not served"));
                let served = String::from_utf8(served.unwrap().into_owned()).unwrap();
                prop_assert_eq!(served.replace("<!--block-->", ""), text, "{}", address);
            }
        }
    }
}

#[test]
fn what_is_asked_for_alone_is_what_the_whole_output_holds() {
    use oathbook::render::{Renderer, Theme};
    let mut world = world(&["# A\n\n![x](pic.png)\n".to_owned(), "# B\n".to_owned()]);
    world.set("src/pic.png", "png");
    world.set("extra.css", "a{}");
    world.set("book.toml", "[output.html]\nadditional-css = [\"extra.css\"]\n[output.html.redirect]\n\"/old.html\" = \"p0.html\"\n");
    let project = pipeline::projects(&world, &RelPath::root()).remove(0);
    let checked = pipeline::run(&world, &project, Settings { render: true, ..Settings::default() });
    let theme = Theme::load(&checked.config, &world).unwrap();
    let renderer = Renderer::new(checked.subject(), &theme, &world);
    for (address, artifact) in renderer.output() {
        assert_eq!(renderer.at(&address), Some(artifact), "{address}");
    }
    assert_eq!(renderer.at("no-such.html"), None);
}
