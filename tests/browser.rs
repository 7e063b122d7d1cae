//! Pages and the preview in Chromium, driven by the scripts beside the test's data, and pages in the Nu validator.
//! Skipped with a line where there is no Node.js, no Chromium, no Java, or no `npm ci` in tests/browser; `tests/run`
//! sees to all of them.

use crate::support::{corpus, skip};
use oathbook::base::{Date, RelPath};
use oathbook::diagram::arrange::{Wishes, arrange};
use oathbook::diagram::{Language, Picture, language_of, read, sequence, svg};
use oathbook::shell::disk::DiskWorld;
use oathbook::world::World as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

fn answers(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success())
}

/// The folder of the scripts, if they can run and the npm packages that they need are there.
fn scripts(packages: &[&str]) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let chromium =
        std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    let installed = packages.iter().all(|name| here.join("node_modules").join(name).is_dir());
    let ready = installed && chromium.exists() && answers("node");
    if !ready {
        skip("browser", "no Node.js, no Chromium, or no `npm ci` in tests/browser");
    }
    ready.then_some(here)
}

/// One browser at a time: they wait for each other's processor time otherwise.
static ONE_BROWSER: Mutex<()> = Mutex::new(());

fn run(package: &str, script: &str, arguments: &[&str]) {
    let Some(here) = scripts(&["playwright-core", package]) else { return };
    let _alone = ONE_BROWSER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let done = Command::new("node").arg(here.join(script)).args(arguments).output().unwrap();
    let printed = String::from_utf8_lossy(&done.stdout);
    println!("{printed}");
    assert!(done.status.success(), "{printed}{}", String::from_utf8_lossy(&done.stderr));
}

/// A built site in a folder of its own, removed at the end.
struct Site(PathBuf);

impl Site {
    /// What the program writes of the book in a folder, pictures and all.
    fn of_book(name: &str, root: &Path) -> Self {
        let site = Self(std::env::temp_dir().join(format!("oathbook-{name}-{}", std::process::id())));
        let _ = std::fs::remove_dir_all(&site.0);
        let mut program = Command::new(env!("CARGO_BIN_EXE_oathbook"));
        let done = program.arg("build").arg(root).arg("-d").arg(&site.0).arg("--quiet").output().unwrap();
        assert!(site.0.join("index.html").exists(), "{}", String::from_utf8_lossy(&done.stderr));
        site
    }

    /// The handbook, and the pages of an API that has one of everything; style and scripts have the same names.
    fn handbook(name: &str) -> Self {
        let site = Self::of_book(name, Path::new(env!("CARGO_MANIFEST_DIR")));
        site.add(
            &crate::api_pages::shop().into_iter().filter(|(name, _)| name.starts_with("api/shop")).collect(),
        );
        site
    }

    fn add(&self, files: &std::collections::BTreeMap<String, String>) {
        for (address, text) in files {
            let path = self.0.join(address);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    fn folder(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// One page of each template, and those with the most kinds of blocks.
const PAGES: &[&str] = &[
    "index.html",
    "how-to/write-blocks.html",
    "reference/checks/anchor.html",
    "reference/configuration.html",
    "contents.html",
    "ledger.html",
    "incidents.html",
    "actions.html",
    "search.html",
    "404.html",
    "tutorial.html",
    "service/architecture.html",
    "operations/recovery/plan.html",
    "recovery-trend.html",
    "developing/architecture.html",
    "api/shop/index.html",
    "api/shop/orders.html",
    "api/shop/schemas.html",
    "api/shop/webhooks.html",
    "api/shop/errors.html",
];

fn with_pages<'a>(site: &'a Site, pages: &[&'a str]) -> Vec<&'a str> {
    assert!(pages.iter().all(|page| site.0.join(page).exists()), "a page that is looked at is gone");
    std::iter::once(site.folder()).chain(pages.iter().copied()).collect()
}

#[test]
fn an_edit_is_patched_into_the_page_that_is_being_read() {
    // How fast is measured with a release build, alone on the machine.
    run("playwright-core", "preview.mjs", &[env!("CARGO_BIN_EXE_oathbook"), "200", "20", "--untimed"]);
}

#[test]
fn pages_break_no_rule_of_accessibility_and_no_content_policy_and_are_light() {
    let site = Site::handbook("pages");
    run("axe-core", "pages.mjs", &with_pages(&site, PAGES));
}

#[test]
fn the_runbooks_in_one_file_are_read_followed_and_printed_from_the_disk() {
    let folder = std::env::temp_dir().join(format!("oathbook-bundle-{}", std::process::id()));
    let file = folder.join("runbooks.html");
    let mut program = Command::new(env!("CARGO_BIN_EXE_oathbook"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    program.arg("build").arg(root).arg("--offline-bundle").arg(&file).output().unwrap();
    let bytes = std::fs::metadata(&file).unwrap().len();
    println!("figure: the handbook's runbooks in one file have {bytes} bytes");
    assert!(bytes < 2_000_000, "{bytes}");
    run("axe-core", "bundle.mjs", &[file.to_str().unwrap()]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn lighthouse_gives_every_template_full_marks() {
    let site = Site::handbook("lighthouse");
    // Lighthouse takes long: one page of each template.
    let pages = [
        "index.html",
        "how-to/write-blocks.html",
        "contents.html",
        "ledger.html",
        "search.html",
        "api/shop/index.html",
        "api/shop/orders.html",
    ];
    run("lighthouse", "lighthouse.mjs", &with_pages(&site, &pages));
}

#[test]
fn the_validator_finds_no_error_on_any_page() {
    let Some(here) = scripts(&["vnu-jar"]) else { return };
    if !answers("java") {
        return skip("java", "the validator needs it");
    }
    let site = Site::handbook("validator");
    let jar = here.join("node_modules/vnu-jar/build/dist/vnu.jar");
    // The validator's reader of style sheets knows no `@view-transition` and no `:target-current`.
    let mut java = Command::new("java");
    java.arg("-jar").arg(jar).args(["--skip-non-html", "--errors-only", "--format", "gnu"]);
    let done = java.arg(site.folder()).output().unwrap();
    let printed = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && printed.trim().is_empty(), "{printed}");
    let count = walkdir::WalkDir::new(&site.0)
        .into_iter()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "html"))
        .count();
    println!("validator: {count} pages, 0 errors");
    assert!(count > 50, "the handbook has more pages");
}

#[test]
fn search_does_not_lose_to_pagefind() {
    if scripts(&["playwright-core", "pagefind"]).is_none() {
        return;
    }
    let Some(books) = corpus("books") else { return };
    let sites: Vec<(&str, Site)> = ["nomicon", "rbe"]
        .map(|name| (name, Site::of_book(&format!("search-{name}"), &books.join(name))))
        .into();
    let queries = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/queries.tsv");
    let named: Vec<String> = sites.iter().map(|(name, site)| format!("{name}={}", site.folder())).collect();
    let arguments: Vec<&str> =
        std::iter::once(queries.to_str().unwrap()).chain(named.iter().map(String::as_str)).collect();
    run("pagefind", "search.mjs", &arguments);
}

/// Words that adding up letters gets wrong: pairs that move together, ligatures, accents.
const AWKWARD: &str = r#"digraph { node [kind="Tools, To WAVE", description="Yo. We LTd. AV VA; fj ffi – fl. Ýü ß ñ, 11.71 % of «Ty»"];
    "Tyler, P.O. LTAW" -> "AVATAR To WAVE" [label="T.V. Wo fi Te, r. y."]; "Éàô ÅÆØ Łódź Žižek" -> "iiiiiiiiiiiiiiiiiiii" -> "WWWWWWWWWWWWW" }"#;

#[test]
fn words_in_pictures_are_as_wide_as_chromium_finds_them() {
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
    run("playwright-core", "text.mjs", &arguments);
    std::fs::remove_dir_all(&out).unwrap();
}
