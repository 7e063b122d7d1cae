//! The handbook: it has no finding, and what it says about keys and commands is what the program says.
//! `OATHBOOK_BLESS=1` writes the generated pages.

use clap::CommandFactory as _;
use oathbook::base::{Date, RelPath};
use oathbook::cli::Arguments;
use oathbook::config::{KEYS, Owner};
use oathbook::diag::Group;
use oathbook::evidence::SORTS;
use oathbook::evidence::check::{ALL, Check};
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

/// A file of `content/` with the lines between two marks replaced.
fn between(name: &str, (from, to): (&str, &str), lines: &str) -> String {
    let text = std::fs::read_to_string(content(name)).unwrap();
    let start = text.find(from).unwrap() + from.len();
    let end = start + text[start..].find(to).unwrap();
    format!("{}{lines}{}", &text[..start], &text[end..])
}

#[test]
fn the_pages_of_checks_are_generated_from_the_list_of_checks() {
    let (mut tables, mut chapters) = (String::new(), String::new());
    for (group, title) in
        [(Group::Broken, "Broken"), (Group::Suspect, "Suspect"), (Group::Pedantic, "Pedantic")]
    {
        tables.push_str(&format!(
            "\n## {title}\n\n| Check | It reports | Default | `--fix` |\n|---|---|---|---|\n"
        ));
        for check in ALL.iter().filter(|check| check.group == group) {
            let default = if group == Group::Pedantic { "off" } else { check.default_severity().name() };
            let Check { code, title, .. } = check;
            let fix = check.fix.unwrap_or("");
            tables.push_str(&format!("| [`{code}`]({code}.md) | {title} | {default} | {fix} |\n"));
            chapters.push_str(&format!("  - [{code}](reference/checks/{code}.md)\n"));
        }
    }
    for sort in SORTS {
        for check in sort.checks {
            // A page that shows directives must not have them carried out.
            let verbatim = if check.doc.contains("{{#") { " verbatim" } else { "" };
            let (folder, code) = (sort.name, check.code);
            let stub = format!("{{{{#include ../../../src/evidence/{folder}/{code}.md{verbatim}}}}}\n");
            is_current(&format!("reference/checks/{}.md", check.code), &stub);
        }
    }
    let text = std::fs::read_to_string(content("reference/checks/README.md")).unwrap();
    let start = text.find("\n## Broken\n").unwrap();
    is_current("reference/checks/README.md", &format!("{}{tables}", &text[..start]));
    let marks = ("- [Checks](reference/checks/README.md)\n", "\n# ");
    is_current("SUMMARY.md", &between("SUMMARY.md", marks, &chapters));
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
        for below in sub.get_subcommands_mut().filter(|below| below.get_name() != "help") {
            let help = trimmed(&below.render_long_help().to_string());
            out.push_str(&format!("\n### {name} {}\n\n```text\n{help}\n```\n", below.get_name()));
        }
    }
    is_current("reference/commands.md", &out);
}

#[test]
fn every_promise_of_the_threat_model_names_a_test_that_exists() {
    let text = std::fs::read_to_string(content("developing/threat-model.md")).unwrap();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut promises = 0;
    for promise in text.split("\n- ").skip(1) {
        let promise = promise.split("\n\n").next().unwrap();
        let named: Vec<&str> =
            promise.split("<!-- test: ").skip(1).filter_map(|rest| rest.split(" -->").next()).collect();
        assert!(!named.is_empty(), "no test holds: {promise}");
        for name in named {
            let (module, function) = name.split_once("::").unwrap();
            let source = std::fs::read_to_string(tests.join(format!("{module}.rs"))).unwrap_or_default();
            assert!(source.contains(&format!("#[test]\nfn {function}()")), "there is no test {name}");
        }
        promises += 1;
    }
    assert!(promises > 20, "{promises}");
}

#[test]
fn the_architecture_page_has_a_line_for_every_module() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = std::fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let page = std::fs::read_to_string(content("developing/architecture.md")).unwrap();
    let modules = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let missing: Vec<&str> = modules.filter(|name| !page.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_page_of_effects_is_generated_from_the_list() {
    use oathbook::cli::effects::EFFECTS;
    let mut out = String::from(EFFECTS_PAGE);
    let none = |text: String| if text.is_empty() { "nothing".to_owned() } else { text };
    for one in EFFECTS {
        let writes: Vec<&str> = one.writes.iter().map(|place| place.describe()).collect();
        let starts: Vec<&str> = one.starts.iter().map(|program| program.describe()).collect();
        let reaches = one.reaches.map_or("nothing", |network| network.describe());
        let sandbox = if one.sandboxed { "yes" } else { "" };
        let (writes, starts) = (none(writes.join(", ")), none(starts.join(", ")));
        out.push_str(&format!("| `{}` | {writes} | {starts} | {reaches} | {sandbox} |\n", one.command));
    }
    is_current("reference/effects.md", &out);
}

#[test]
fn the_page_of_verdicts_is_generated_from_the_tables() {
    use oathbook::diag::{Qualifier, Strength};
    let mut out = String::from(VERDICTS_PAGE);
    out.push_str("\n## Strengths\n\nBy what means a claim was judged, the strongest first.\n\n| Strength | It means |\n|---|---|\n");
    for one in Strength::ALL {
        out.push_str(&format!("| {} | {} |\n", one.name(), one.means()));
    }
    out.push_str("\n## Qualifiers\n\nWhat narrows a verdict.\n\n| Qualifier | It means |\n|---|---|\n");
    for one in Qualifier::ALL {
        out.push_str(&format!("| {} | {} |\n", one.name(), one.means()));
    }
    out.push_str(SORTS_OF_EVIDENCE);
    for sort in oathbook::evidence::SORTS {
        let reads: Vec<&str> = sort.reads.iter().map(|one| one.describe()).collect();
        let cell = |name: Option<&str>| name.map_or_else(String::new, |name| format!("`{name}`"));
        let runs = if sort.executes { "yes" } else { "" };
        let (checks, records, by) = (sort.checks.len(), cell(sort.records), cell(sort.brought_by));
        out.push_str(&format!(
            "| {} | {} | {checks} | {records} | {runs} | {by} |\n",
            sort.name,
            reads.join(", ")
        ));
    }
    is_current("reference/verdicts.md", &out);
}

/// What stands above the tables of strengths and qualifiers.
const VERDICTS_PAGE: &str = "# Verdicts

<!-- Generated from src/diag/strength.rs and src/evidence by the test suite. -->

Each claim has one of three verdicts: *proven*, *contradicted*, *not judged*. Beside it stand the strength, which says by what
means it was judged, and qualifiers, which say what narrows it. A claim that is proven with the qualifier synthetic or
smaller-than-production is called *demonstrated*: counts say how many of the proven ones are that.

`claims.json` has the strength of each claim that was judged as `strength`, and its qualifiers as `qualifiers`.
";

/// What stands above the table of sorts.
const SORTS_OF_EVIDENCE: &str = "
## Sorts of evidence

What each sort reads beside `book.toml` and pages, how many checks judge it, what `oathbook update --only` calls its
records, whether `update --exec` runs commands for it, and which command brings its records by running or asking something. A test
watches what each reads on this handbook. None of them writes, starts or reaches anything while it is checked.

| Sort | Reads | Checks | Records | Runs commands | Brought by |
|---|---|---|---|---|---|
";

/// What stands above the table.
const EFFECTS_PAGE: &str = "# What commands do to your machine

<!-- Generated from src/cli/effects.rs by the test suite. -->

Each command, what it writes, what it starts and what it reaches. A test runs the commands under `strace` and fails when one
does more. Commands that read pages read the repository around the folder that you name, and nothing outside of it.

`check` writes the reports that `--report` names; where it says *git*, git is started without hooks, filters, pagers and
transports. *Sandbox* says that the command gives up every other right before it reads a page, as far as the kernel can hold it
to that (Linux with Landlock and seccomp; `oathbook --version --verbose` says what this machine has).

| Command | Writes | Starts | Reaches | Sandbox |
|---|---|---|---|---|
";

#[test]
fn the_page_of_api_changes_is_generated_from_the_rules() {
    use oathbook::openapi::diff::{ASPECTS, OF_PROPERTIES, RULES, Spot};
    let mut out = String::from(API_CHANGES);
    let shown =
        |text: &str| text.replace("{}", "it").replace("{0}", "…").replace("{1}", "…").replace('|', "\\|");
    let spots: Vec<String> = Spot::ALL.iter().map(|spot| format!("`{}`", spot.name())).collect();
    let mut spots = spots;
    spots.dedup();
    out.push_str(&format!("The spots: {}.\n", spots.join(", ")));
    out.push_str(
        "\n| Change | Where callers write it | Where they read it | What is said |\n|---|---|---|---|\n",
    );
    for (aspect, request, response, text) in ASPECTS {
        out.push_str(&format!(
            "| `{aspect}` | {} | {} | {} |\n",
            request.name(),
            response.name(),
            shown(text)
        ));
    }
    out.push_str("\nOf properties alone:\n\n| Change | Where callers write it | Where they read it | What is said |\n|---|---|---|---|\n");
    for (aspect, request, response, text) in OF_PROPERTIES {
        out.push_str(&format!(
            "| `{aspect}` | {} | {} | {} |\n",
            request.name(),
            response.name(),
            shown(text)
        ));
    }
    let of_schemas = |id: &str| {
        let mut aspects = ASPECTS.iter().chain(OF_PROPERTIES);
        Spot::ALL.iter().any(|spot| {
            id.strip_prefix(spot.name())
                .and_then(|rest| rest.strip_prefix('-'))
                .is_some_and(|rest| aspects.clone().any(|(aspect, ..)| *aspect == rest))
        }) && aspects.next().is_some()
    };
    out.push_str("\n## Rules of operations and properties\n\n| Rule | Class | Side | What is said |\n|---|---|---|---|\n");
    for rule in RULES.values().filter(|rule| !of_schemas(&rule.id)) {
        let (class, side) = (rule.class.name(), rule.side.name());
        out.push_str(&format!("| `{}` | {class} | {side} | {} |\n", rule.id, shown(rule.text)));
    }
    out.push_str("\n## Rules that differ by spot\n\n");
    for (aspect, request, response, _) in ASPECTS.iter().chain(OF_PROPERTIES) {
        for spot in Spot::ALL {
            let id = format!("{}-{aspect}", spot.name());
            let usual =
                if spot.side() == oathbook::openapi::diff::Side::Request { request } else { response };
            let line = format!("- `{id}` is {}.\n", RULES.get(&id).map_or("", |rule| rule.class.name()));
            if RULES.get(&id).is_some_and(|rule| rule.class != *usual) && !out.contains(&line) {
                out.push_str(&line);
            }
        }
    }
    is_current("reference/api-changes.md", &out);
}

/// What stands above the tables.
const API_CHANGES: &str = "# API changes

<!-- Generated from src/openapi/diff/rules.rs by the test suite. -->

What `oathbook openapi diff` finds between two OpenAPI documents. Each change has a class:

- **breaking**: some callers that were right before stop working.
- **risky**: some of them may stop working.
- **compatible**: they go on working.

A schema's change means another thing where callers write it than where they read it, so both sides have rules of their
own. A shared schema is reported once for each side, at the schema, with all operations that it reaches. Rules that say
what a rule of [oasdiff](https://github.com/oasdiff/oasdiff) says have its name.

`x-sunset` is the day after which a deprecated thing goes away; `x-stability-level` is `draft`, `alpha`, `beta` or
`stable`, and nothing is promised about operations that are `draft` or `alpha`.

## Rules of schemas

A rule's name is the spot where the schema stands, then the change: `request-property-max-decreased`. ";

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
        // A binding names an item behind the file.
        let word = word.split('#').next().unwrap_or(word);
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
