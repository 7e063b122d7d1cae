//! The handbook: it has no finding, and what it says about keys and commands is what the program says.
//! `OATHBOOK_BLESS=1` writes the generated pages.

use clap::CommandFactory as _;
use oathbook::base::{Date, RelPath};
use oathbook::check::ALL;
use oathbook::cli::Arguments;
use oathbook::config::{KEYS, Owner};
use oathbook::pipeline::{self, Settings};
use oathbook::shell::disk::DiskWorld;
use std::path::{Path, PathBuf};

fn content(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content").join(name)
}

/// Whose keys a section lists.
type Wanted = fn(Owner) -> bool;

fn is_current(name: &str, wanted: &str) {
    let path = content(name);
    if std::env::var_os("OATHBOOK_BLESS").is_some() {
        std::fs::write(&path, wanted).unwrap();
    }
    let got = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        got == wanted,
        "content/{name} is not what the program says: run the tests with OATHBOOK_BLESS=1 and look at the difference"
    );
}

#[test]
fn this_repository_has_no_finding() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (world, below) = DiskWorld::open(root, Some(root), Date::from_days(20_000)).unwrap();
    for project in pipeline::projects(&world, &below) {
        let report =
            pipeline::run(&world, &project, Settings { pedantic: true, ..Settings::default() }).report;
        let found: Vec<String> =
            report.diagnostics.iter().map(|found| crate::support::show(&world, found)).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn every_check_is_mounted_in_the_handbook() {
    let summary = std::fs::read_to_string(content("SUMMARY.md")).unwrap();
    for check in ALL {
        assert!(
            summary.contains(&format!("checks/{}.md", check.code)),
            "{} is not listed in content/SUMMARY.md",
            check.code
        );
        let page = std::fs::read_to_string(content(&format!("reference/checks/{}.md", check.code))).unwrap();
        assert!(
            page.contains(&format!("src/check/{}/doc.md", check.code.replace('-', "_"))),
            "{}",
            check.code
        );
    }
}

#[test]
fn the_configuration_page_is_generated_from_the_keys() {
    let mut out = String::from(
        "# Configuration\n\n<!-- Generated from src/config/keys.rs by the test suite. -->\n\n`book.toml` in the book's folder. mdBook's keys mean what they mean in mdBook 0.5; a book needs no other. oathbook's own\ntables stand beside them or, while mdBook still builds the book, below `[preprocessor.oathbook]` with `renderers = []`,\nwhere mdBook 0.5 is silent about them. They cannot stand in both places.\n\nmdBook's environment variables win over the file: `MDBOOK_BOOK__TITLE` sets `book.title`.\n",
    );
    let sections: [(&str, Wanted); 4] = [
        ("Keys of mdBook", |owner| owner == Owner::MdBook),
        ("Keys of oathbook", |owner| owner == Owner::Oathbook),
        ("Accepted without effect", |owner| matches!(owner, Owner::Ignored(_))),
        ("Removed in mdBook 0.5", |owner| matches!(owner, Owner::Removed(_))),
    ];
    for (title, wanted) in sections {
        out.push_str(&format!("\n## {title}\n\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n"));
        for key in KEYS.iter().filter(|key| wanted(key.owner)) {
            let default = if key.default.is_empty() { String::new() } else { format!("`{}`", key.default) };
            let kind = key.kind.describe().replace('|', "\\|");
            out.push_str(&format!("| `{}` | {kind} | {default} | {} |\n", key.path, key.about));
        }
    }
    is_current("reference/configuration.md", &out);
}

#[test]
fn the_commands_page_is_generated_from_the_command_line() {
    let mut out =
        String::from("# Commands\n\n<!-- Generated from the program's own help by the test suite. -->\n\n");
    let mut command = Arguments::command().term_width(100).color(clap::ColorChoice::Never);
    command.build();
    out.push_str(&format!("```text\n{}\n```\n", trimmed(&command.render_help().to_string())));
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .filter(|name| name != "help")
        .collect();
    for name in names {
        let sub = command.find_subcommand_mut(&name).unwrap();
        out.push_str(&format!(
            "\n## {name}\n\n```text\n{}\n```\n",
            trimmed(&sub.render_long_help().to_string())
        ));
    }
    is_current("reference/commands.md", &out);
}

fn trimmed(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

#[test]
fn paths_in_the_architecture_page_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (world, _) = DiskWorld::open(root, Some(root), Date::from_days(0)).unwrap();
    let text = std::fs::read_to_string(content("developing/architecture.md")).unwrap();
    let mut checked = 0;
    for word in text
        .split(['`', ' ', '\n', ',', ')', '(', '"'])
        .filter(|word| word.starts_with("src/") || word.starts_with("tests/"))
    {
        let path = RelPath::parse(word.trim_end_matches(['.', ':', ';', '/'])).unwrap();
        if path.as_str().contains(['*', '<', 'N']) && path.as_str().contains("NAME") {
            continue;
        }
        assert!(
            oathbook::world::World::kind(&world, &path).is_some(),
            "the architecture page names {path}, which does not exist"
        );
        checked += 1;
    }
    assert!(checked > 3, "the page names hardly any path");
}
