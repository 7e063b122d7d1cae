//! Names and texts of strangers, in every form of output: none of them moves a cursor, begins a line, turns text around or
//! is obeyed by a forge.

use crate::cli::{Scratch, err, out};

/// For texts: what terminals, logs, forges and Markdown would obey.
const TEXT: &str = "x\u{1b}[31m\u{9b}2J\u{202e}dab\u{2066} ##[add-mask]y ##vso[task.setvariable]z ![i](https://evil-host.com/p) @team";
/// For file names, which may hold line breaks, too.
const NAME: &str = "a\n::add-mask::e\u{1b}[31m\u{202e}##[group]`|<b>`[l](https:evil)";

/// Whether a character acts, or hides how others are read.
fn acts(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Fails if a text does anything to who shows it. `own` says which lines may begin as a forge's command.
fn harmless(what: &str, text: &str, own: impl Fn(&str) -> bool) {
    if let Some(c) = text.chars().find(|c| acts(*c)) {
        panic!("{what} holds {c:?}: {text:?}");
    }
    for command in ["##[", "##vso["] {
        assert!(!text.contains(command), "{what} holds `{command}`: {text}");
    }
    for line in text.lines() {
        let trimmed = line.trim_start();
        assert!(!trimmed.starts_with("::") || own(trimmed), "{what}: a line is a command: {line}");
        assert!(!line.starts_with("e\u{241b}"), "{what}: a name breaks the line: {line}");
    }
}

fn none(_: &str) -> bool {
    false
}

/// Our own colours, and nothing else, may stand in a coloured text.
fn without_own_colours(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap();
        // A stranger's escape stays in the text, and is found there.
        let own = after[end..].starts_with('m') && ["0", "1"].contains(&&after[..end.min(1)]);
        rest = if own { &after[end + 1..] } else { panic!("an escape that is not ours: {after:?}") };
    }
    out + rest
}

/// A book whose files, links, headings, keys, owners, documents and diagrams are all hostile.
fn hostile(name: &str) -> Scratch {
    let quoted = serde_json::Value::from(TEXT).to_string().replace('\u{9b}', "\\u009b");
    let page = format!(
        "---\nowner: {quoted}\nkind: {quoted}\nreview-by: {quoted}\n---\n# Title {TEXT}\n\nSee [text {TEXT}](gone{}.md#{}), `{TEXT}` and [two](two.md#no{}).\n\n\
         ![{TEXT}](none.png) {{{{fact \"{TEXT}\"}}}} <{TEXT}> [{TEXT}][{TEXT}] [o](https://evil-host.com/\u{202e}x)\n\n```{TEXT} run\necho\n```\n\n## Title {TEXT}\n\n#### Deep\n",
        "%1b%5b31m%e2%80%ae%0a::error::x", "%1b\u{202e}", "\u{202e}",
    );
    let document = serde_json::json!({
        "openapi": "3.1.0", "info": { "title": TEXT, "version": "1" }, "tags": [{ "name": TEXT }],
        "paths": { format!("/{TEXT}"): { "get": { "operationId": TEXT, "tags": ["none"], "parameters": [{ "name": TEXT, "in": "query", "schema": { "type": TEXT, "$ref": format!("#/components/schemas/{TEXT}") } }], "responses": { "200": { "description": "" } } } } },
    });
    let book = format!(
        "[book]\ntitle = \"T\"\nsrc = \"src\"\n[output.html]\n{quoted} = 1\n[output.html.redirect]\n{quoted} = \"gone.html\"\n[checks]\n{quoted} = \"off\"\n[openapi.shop]\nsources = [{{ file = \"source.json\" }}]\ndocument = \"api.json\"\n"
    );
    let diagram = format!(
        "digraph {{ a [label=\"{TEXT}\" URL=\"javascript:{TEXT}\" {TEXT}=1]; \"{TEXT}\" -> b [oath=\"src:{TEXT}\"] }}\n"
    );
    Scratch::new(name)
        .with("book.toml", book)
        .with("source.json", document.to_string())
        .with("api.json", document.to_string().replace("\"1\"", "\"2\""))
        .with(
            "new.json",
            document
                .to_string()
                .replace("\"in\":\"query\"", "\"in\":\"query\",\"required\":true")
                .replace("\"200\"", "\"201\""),
        )
        .with("d.dot", &diagram)
        .with(
            "src/SUMMARY.md",
            format!(
                "# Summary\n\n- [One {TEXT}](one.md)\n- [Two](two.md)\n- [Gone {TEXT}](gone\u{202e}.md)\n"
            ),
        )
        .with("src/one.md", &page)
        .with("src/two.md", "# Two\n")
        .with(&format!("src/{NAME}.md"), &page)
        .with(&format!("plain/{NAME}.md"), &page)
        .with("plain/::error::begins.md", &page)
}

#[test]
fn no_name_or_excerpt_does_anything_in_any_form_of_findings() {
    let scratch = hostile("plain-forms");
    let forms = ["terminal", "json", "sarif", "github", "junit", "markdown", "gitlab", "suggestions"];
    for (folder, form) in [".", "plain"].into_iter().flat_map(|folder| forms.map(|form| (folder, form))) {
        let done = scratch.run(&["check", folder, "--format", form, "--pedantic", "--color", "never"]);
        let text = String::from_utf8(done.stdout.clone()).unwrap();
        assert!(
            text.contains("evil") || form == "suggestions",
            "{form} shows the names: {text} {}",
            err(&done)
        );
        let own = |line: &str| {
            form == "github"
                && ["::error file=", "::warning file=", "::notice file="]
                    .iter()
                    .any(|start| line.starts_with(start))
        };
        harmless(form, &text, own);
        harmless(form, &err(&done), none);
        match form {
            "json" => {
                text.lines().for_each(|line| drop(serde_json::from_str::<serde_json::Value>(line).unwrap()))
            }
            "sarif" | "gitlab" | "suggestions" => {
                drop(serde_json::from_str::<serde_json::Value>(&text).unwrap())
            }
            "markdown" => no_markup(&text),
            _ => {}
        }
    }
    for arguments in [
        &["check", "-q"][..],
        &["check", "plain", "--root", "plain", "-q"],
        &["claims", "plain", "--root", "plain"],
    ] {
        let text = out(&scratch.run(arguments));
        assert!(arguments.len() == 2 || text.contains("begins.md"), "{text}");
        harmless(&arguments.join(" "), &text, none);
    }
    let coloured = scratch.run(&["check", "plain", "--color", "always"]);
    harmless("coloured", &without_own_colours(&out(&coloured)), none);
    harmless("coloured", &without_own_colours(&err(&coloured)), none);
}

/// Nothing that a stranger wrote is a link, a picture, HTML or a mention in a summary.
fn no_markup(text: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis) => {
                panic!("markup: {event:?} in {text}")
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                assert!(["<code>", "</code>"].contains(&html.trim()), "{html} in {text}");
            }
            _ => {}
        }
    }
    assert!(!text.contains("@team") || !text.replace('`', "").contains(" @team fixes"), "{text}");
}

#[test]
fn no_command_prints_what_a_stranger_named_as_it_is() {
    let scratch = hostile("plain-commands");
    scratch.git(&["init", "-q", "-b", "main"]);
    let revision = "::error::x\u{1b}[31m##[group]\n::y";
    let commands: &[&[&str]] = &[
        &["claims"],
        &["claims", "plain"],
        &["claims", "--format", "json"],
        &["linkcheck", "--list"],
        &["linkcheck", "plain", "--list"],
        &["mutate", "--unprotected"],
        &["test", "--list"],
        &["test", "plain", "--list"],
        &["update"],
        &["review"],
        &["review", revision],
        &["check", "--base", revision],
        &["check", revision],
        &["explain", revision],
        &["openapi", "check"],
        &["openapi", "coverage", "--gaps"],
        &["openapi", "coverage", "--gaps", "--format", "json"],
        &["openapi", "show", "/info"],
        &["openapi", "show", "/paths"],
        &["openapi", "show", "/paths", "--format", "json"],
        &["openapi", "show", revision],
        &["openapi", "diff", "api.json", "new.json"],
        &["openapi", "diff", "api.json", "new.json", "--format", "json"],
        &["openapi", "diff", "api.json", "new.json", "--format", "markdown"],
        &["openapi", "diff", revision, "new.json"],
        &["openapi", "extract", "."],
        &["diagram", "render", "d.dot", "-o", "d.svg"],
        &["diagram", "relayout", "d.dot"],
        &["build", "-d", "out"],
        &["mv", revision, "src/x.md"],
        &["new", "guide", "src/two.md"],
        &["new", revision, "x.md"],
        &["theme", "eject", revision],
        &["baseline"],
    ];
    for command in commands {
        let done = scratch.run(command);
        let what = command.join(" ");
        harmless(&what, &out(&done), none);
        harmless(&what, &err(&done), none);
        assert!(!err(&done).contains("panicked"), "{what}: {}", err(&done));
    }
}
