//! Pages and the preview in Chromium, driven by the scripts beside the test's data. Skipped with a line where there
//! is no Node.js, no Chromium, or no `npm ci` in tests/browser; `tests/run` sees to all three.

use crate::support::build;
use oathbook::base::{Date, RelPath};
use oathbook::diagram::arrange::{Wishes, arrange};
use oathbook::diagram::{Language, Picture, language_of, read, sequence, svg};
use oathbook::shell::disk::DiskWorld;
use oathbook::world::World as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn scripts() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let chromium =
        std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    let node = Command::new("node").arg("--version").output().is_ok_and(|out| out.status.success());
    let ready = node && chromium.exists() && here.join("node_modules/playwright-core").is_dir();
    if !ready {
        eprintln!("skipped: no Node.js, no Chromium, or no `npm ci` in tests/browser");
    }
    ready.then_some(here)
}

fn run(script: &str, arguments: &[&str]) {
    let Some(here) = scripts() else { return };
    let done = Command::new("node").arg(here.join(script)).args(arguments).output().unwrap();
    let printed = String::from_utf8_lossy(&done.stdout);
    println!("{printed}");
    assert!(done.status.success(), "{printed}{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn an_edit_is_patched_into_the_page_that_is_being_read() {
    run("preview.mjs", &[env!("CARGO_BIN_EXE_oathbook"), "200", "20"]);
}

#[test]
fn pages_break_no_rule_of_accessibility_and_no_content_policy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (world, below) = DiskWorld::open(root, Some(root), Date::from_days(20_000)).unwrap();
    let mut site = build(&world, &below, &[]);
    // The pages of an API that has one of everything; style and scripts have the same names.
    site.extend(crate::api_pages::shop().into_iter().filter(|(name, _)| name.starts_with("api")));
    let out = std::env::temp_dir().join(format!("oathbook-pages-{}", std::process::id()));
    for (address, text) in &site {
        let path = out.join(address);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    // One page of each template, and those with the most kinds of blocks.
    let pages = [
        "index.html",
        "how-to/write-blocks.html",
        "reference/checks/anchor.html",
        "reference/configuration.html",
        "contents.html",
        "search.html",
        "404.html",
        "tutorial.html",
        "service/architecture.html",
        "developing/architecture.html",
        "api/shop/index.html",
        "api/shop/orders.html",
        "api/shop/schemas.html",
        "api/shop/webhooks.html",
        "api/shop/errors.html",
    ];
    assert!(pages.iter().all(|page| site.contains_key(*page)), "a page that is looked at is gone");
    let mut arguments = vec![out.to_str().unwrap()];
    arguments.extend(pages);
    run("pages.mjs", &arguments);
    std::fs::remove_dir_all(&out).unwrap();
}

/// Words that adding up letters gets wrong: pairs that move together, ligatures, accents.
const AWKWARD: &str = r#"digraph { node [kind="Tools, To WAVE", description="Yo. We LTd. AV VA; fj ffi – fl. Ýü ß ñ, 11.71 % of «Ty»"];
    "Tyler, P.O. LTAW" -> "AVATAR To WAVE" [label="T.V. Wo fi Te, r. y."]; "Éàô ÅÆØ Łódź Žižek" -> "iiiiiiiiiiiiiiiiiiii" -> "WWWWWWWWWWWWW" }"#;

#[test]
fn words_in_pictures_are_as_wide_as_chromium_finds_them() {
    let Some(_) = scripts() else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = std::env::temp_dir().join(format!("oathbook-words-{}", std::process::id()));
    std::fs::create_dir_all(&out).unwrap();
    let (world, _) = DiskWorld::open(root, Some(root), Date::from_days(20_000)).unwrap();
    let mut sources = vec![(Language::Dot, RelPath::parse("awkward.dot").unwrap(), AWKWARD.to_owned())];
    for folder in ["diagrams", "tests/data/architecture"] {
        for file in world.files(&RelPath::parse(folder).unwrap()) {
            let Some(language) = file.extension().and_then(language_of) else { continue };
            let text = world.text(&file).unwrap();
            sources.push((language, file, text));
        }
    }
    let mut pictures = Vec::new();
    for (language, file, text) in &sources {
        for view in read(*language, &world, file, text).views {
            let style = svg::Style { prefix: "d", alone: false, link: &|_| None };
            let picture = match &view.picture {
                Picture::Graph(graph) => {
                    let placed = arrange(graph, Wishes::default()).unwrap();
                    svg::write(graph, &placed.layout, &placed.measured, &style)
                }
                Picture::Sequence(sequence) => {
                    svg::write_sequence(sequence, &sequence::place::place(sequence).unwrap(), &style)
                }
            };
            let path = out.join(format!("{}.svg", pictures.len()));
            std::fs::write(&path, picture).unwrap();
            pictures.push(path.to_str().unwrap().to_owned());
        }
    }
    let fonts = ["Regular", "Bold"].map(|name| root.join(format!("src/diagram/text/fonts/{name}.ttf")));
    let mut arguments: Vec<&str> = fonts.iter().map(|font| font.to_str().unwrap()).collect();
    arguments.extend(pictures.iter().map(String::as_str));
    run("text.mjs", &arguments);
    std::fs::remove_dir_all(&out).unwrap();
}
