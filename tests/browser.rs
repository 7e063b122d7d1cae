//! Pages and the preview in Chromium, driven by the scripts beside the test's data. Skipped with a line where there
//! is no Node.js, no Chromium, or no `npm ci` in tests/browser; `tests/run` sees to all three.

use crate::support::build;
use oathbook::base::Date;
use oathbook::shell::disk::DiskWorld;
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
