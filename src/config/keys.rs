//! Every key of `book.toml`.

/// Who defines a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// mdBook 0.5, with the same meaning here.
    MdBook,
    /// mdBook 0.5, without meaning here: accepted, so that the book stays as it is; why it has none.
    Ignored(&'static str),
    /// mdBook 0.4 only; what became of it.
    Removed(&'static str),
    /// oathbook.
    Oathbook,
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A list of texts.
    Texts,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A table whose keys are free and whose values are texts.
    TextTable,
    /// A list of tables.
    Tables,
    /// Anything.
    Any,
}

impl Kind {
    /// For messages and the reference.
    pub fn describe(self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Bool => "true or false".into(),
            Self::Integer => "a whole number".into(),
            Self::Texts => "a list of texts".into(),
            Self::Choice(choices) => {
                choices.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(" or ")
            }
            Self::TextTable => "a table of texts".into(),
            Self::Tables => "a list of tables".into(),
            Self::Any => "anything".into(),
        }
    }
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Dotted; a part `*` stands for any name.
    pub path: &'static str,
    /// What it must be.
    pub kind: Kind,
    /// What holds without it, as it would be written; empty for nothing.
    pub default: &'static str,
    /// What it does, one line.
    pub about: &'static str,
    /// Whose it is.
    pub owner: Owner,
}

const fn md(path: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Key {
    Key { path, kind, default, about, owner: Owner::MdBook }
}

const fn ignored(path: &'static str, kind: Kind, why: &'static str) -> Key {
    Key { path, kind, default: "", about: why, owner: Owner::Ignored(why) }
}

const fn removed(path: &'static str, what: &'static str) -> Key {
    Key { path, kind: Kind::Any, default: "", about: what, owner: Owner::Removed(what) }
}

const fn own(path: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Key {
    Key { path, kind, default, about, owner: Owner::Oathbook }
}

const BUILT_IN_THEME: &str = "oathbook's theme follows the reader's light or dark setting";
const NO_EDITOR: &str = "code is highlighted at build time; there is no in-page editor";
const OWN_SEARCH: &str = "oathbook's search has no such setting";

/// oathbook's own tables of `book.toml`.
pub const OWN_TABLES: &[&str] = &[
    "alerts",
    "capacity",
    "checks",
    "criteria",
    "kinds",
    "diagrams",
    "incidents",
    "linkcheck",
    "oncall",
    "openapi",
    "reviews",
    "run",
    "samples",
    "site",
];

/// All keys, in the order of the reference.
pub static KEYS: &[Key] = &[
    md("book.title", Kind::Text, "", "The book's title."),
    md("book.authors", Kind::Texts, "[]", "Who wrote it."),
    md("book.description", Kind::Text, "", "One sentence, for page metadata."),
    md("book.src", Kind::Text, "\"src\"", "The folder of the pages, from the folder of `book.toml`."),
    md("book.language", Kind::Text, "\"en\"", "The language of the text."),
    md(
        "book.text-direction",
        Kind::Choice(&["ltr", "rtl"]),
        "by language",
        "Left to right, or right to left.",
    ),
    removed("book.multilingual", "mdBook 0.5 removed it"),
    md(
        "build.build-dir",
        Kind::Text,
        "\"book\"",
        "Where the site is written, from the folder of `book.toml`.",
    ),
    Key {
        path: "build.create-missing",
        kind: Kind::Bool,
        default: "true",
        about: "A listed chapter without a file is a page with its title alone. It is a finding all the same, and the file is not created.",
        owner: Owner::MdBook,
    },
    md(
        "build.use-default-preprocessors",
        Kind::Bool,
        "true",
        "Expand `{{#…}}` directives and treat `README.md` as `index.md`.",
    ),
    md("build.extra-watch-dirs", Kind::Texts, "[]", "More folders that the preview watches."),
    md(
        "rust.edition",
        Kind::Choice(&["2015", "2018", "2021", "2024"]),
        "",
        "The edition of Rust code blocks.",
    ),
    md("output.html.theme", Kind::Text, "\"theme\"", "A folder of files that win over the theme's."),
    ignored("output.html.default-theme", Kind::Text, BUILT_IN_THEME),
    ignored("output.html.preferred-dark-theme", Kind::Text, BUILT_IN_THEME),
    md(
        "output.html.smart-punctuation",
        Kind::Bool,
        "true",
        "Curly quotes, dashes and ellipses from plain ones.",
    ),
    md("output.html.definition-lists", Kind::Bool, "true", "Terms and definitions."),
    md("output.html.admonitions", Kind::Bool, "true", "`> [!NOTE]` and its kin."),
    md(
        "output.html.mathjax-support",
        Kind::Bool,
        "false",
        "Load MathJax from its public address on every page.",
    ),
    md("output.html.additional-css", Kind::Texts, "[]", "More style sheets."),
    md("output.html.additional-js", Kind::Texts, "[]", "More scripts."),
    md("output.html.no-section-label", Kind::Bool, "false", "Leave numbers out of the navigation."),
    md("output.html.git-repository-url", Kind::Text, "", "The source repository, linked in the header."),
    ignored("output.html.git-repository-icon", Kind::Text, "the repository is linked by its name"),
    md(
        "output.html.edit-url-template",
        Kind::Text,
        "",
        "The address for editing a page; `{path}` is its file.",
    ),
    md(
        "output.html.input-404",
        Kind::Text,
        "\"404.md\"",
        "The page for addresses that do not exist; empty for none.",
    ),
    md("output.html.site-url", Kind::Text, "\"/\"", "Where the site will stand on its host."),
    md("output.html.cname", Kind::Text, "", "Written to a `CNAME` file."),
    ignored("output.html.hash-files", Kind::Bool, "the theme's files are named by content already"),
    ignored("output.html.sidebar-header-nav", Kind::Bool, "a page's headings have a column of their own"),
    ignored("output.html.live-reload-endpoint", Kind::Text, "the preview needs none"),
    ignored("output.html.fold.enable", Kind::Bool, "the navigation always folds"),
    ignored("output.html.fold.level", Kind::Integer, "the navigation always folds"),
    md(
        "output.html.playground.editable",
        Kind::Bool,
        "false",
        "Leave `editable` Rust blocks without a hidden `fn main`.",
    ),
    md("output.html.playground.runnable", Kind::Bool, "true", "Give Rust blocks a hidden `fn main`."),
    ignored("output.html.playground.copyable", Kind::Bool, "code can always be copied"),
    ignored("output.html.playground.copy-js", Kind::Bool, NO_EDITOR),
    ignored("output.html.playground.line-numbers", Kind::Bool, NO_EDITOR),
    ignored("output.html.playpen", Kind::Any, "renamed to `playground` in mdBook 0.5"),
    ignored("output.html.playpen.*", Kind::Any, "renamed to `playground` in mdBook 0.5"),
    md(
        "output.html.code.hidelines",
        Kind::TextTable,
        "{}",
        "For each language, the prefix of lines that are hidden at first.",
    ),
    md(
        "output.html.print.enable",
        Kind::Bool,
        "true",
        "Write `print.html`, the whole book on one page. It is left out, with a note, where the pages have more than 16 MiB of Markdown.",
    ),
    ignored("output.html.print.page-break", Kind::Bool, "chapters always begin on a new sheet"),
    md(
        "output.html.redirect",
        Kind::TextTable,
        "{}",
        "Old addresses, with or without a fragment, and where they lead now.",
    ),
    md("output.html.search.enable", Kind::Bool, "true", "Write the search index."),
    ignored("output.html.search.limit-results", Kind::Integer, OWN_SEARCH),
    ignored("output.html.search.teaser-word-count", Kind::Integer, OWN_SEARCH),
    ignored("output.html.search.use-boolean-and", Kind::Bool, OWN_SEARCH),
    ignored("output.html.search.boost-title", Kind::Integer, OWN_SEARCH),
    ignored("output.html.search.boost-hierarchy", Kind::Integer, OWN_SEARCH),
    ignored("output.html.search.boost-paragraph", Kind::Integer, OWN_SEARCH),
    ignored("output.html.search.expand", Kind::Bool, OWN_SEARCH),
    ignored("output.html.search.heading-split-level", Kind::Integer, OWN_SEARCH),
    ignored("output.html.search.copy-js", Kind::Bool, OWN_SEARCH),
    ignored("output.html.search.chapter", Kind::Any, OWN_SEARCH),
    removed("output.html.curly-quotes", "renamed to `smart-punctuation` in mdBook 0.5"),
    removed("output.html.copy-fonts", "mdBook 0.5 removed it; oathbook loads no fonts"),
    removed("output.html.google-analytics", "mdBook 0.5 removed it; add a script with `additional-js`"),
    removed("output.html.livereload-url", "mdBook 0.5 removed it"),
    ignored("output.markdown", Kind::Any, "oathbook writes HTML"),
    own("checks.pedantic", Kind::Bool, "false", "Turn on the checks of style and structure."),
    own(
        "checks.baseline",
        Kind::Text,
        "",
        "A file of findings that are known, written by `oathbook baseline`.",
    ),
    own(
        "checks.allow",
        Kind::Tables,
        "[]",
        "Accepted findings: `rule`, `page` (a glob), `reason`, and `until` (a date).",
    ),
    own(
        "checks.*",
        Kind::Choice(&["error", "warning", "note", "off"]),
        "by group",
        "The severity of one check, by its code.",
    ),
    own(
        "diagrams.folder",
        Kind::Text,
        "\"diagrams\"",
        "The folder of diagram sources, from the folder of `book.toml`.",
    ),
    own(
        "diagrams.inventory.*",
        Kind::Choice(&["auto", "on", "off"]),
        "\"auto\"",
        "Whether every one of `crates`, `compose` services, `kubernetes` workloads or `openapi` tags must be drawn; `auto`: once an element is bound to one.",
    ),
    own(
        "diagrams.leave-out",
        Kind::TextTable,
        "{}",
        "What need not be drawn, and why: `\"docker-compose.yml#adminer\" = \"only for developers\"`.",
    ),
    own(
        "linkcheck.exclude",
        Kind::Texts,
        "[]",
        "Regular expressions; a link whose whole address one of them matches is not asked for.",
    ),
    own(
        "linkcheck.record",
        Kind::Text,
        "\".oathbook/links.jsonl\"",
        "The file of what hosts said, and when, from the folder of `book.toml`.",
    ),
    own(
        "linkcheck.fail-after",
        Kind::Integer,
        "3",
        "On how many days in a row a link must have failed before it is a finding.",
    ),
    own(
        "linkcheck.fresh-for",
        Kind::Integer,
        "1",
        "For how many days a good answer holds; 0 asks again each time.",
    ),
    own("linkcheck.timeout", Kind::Integer, "20", "Seconds that one request may take."),
    own(
        "linkcheck.retries",
        Kind::Integer,
        "2",
        "How often a request is repeated that had no answer, or one that may pass.",
    ),
    own("linkcheck.pause", Kind::Integer, "250", "Milliseconds between two requests to one host."),
    own(
        "run.evidence",
        Kind::Text,
        "\"operations/evidence\"",
        "The folder of what `oathbook run` leaves, below the source folder.",
    ),
    own(
        "run.signers",
        Kind::Text,
        "",
        "The file of those who may sign evidence, as `ssh-keygen` reads it, from the folder of `book.toml`. With it, evidence must be signed.",
    ),
    own(
        "alerts.rules",
        Kind::Texts,
        "[]",
        "Rule files of Prometheus, as globs from the folder of book.toml.",
    ),
    own("alerts.tests", Kind::Texts, "[]", "Rule tests of promtool, as globs; each alert must be in one."),
    own(
        "alerts.runbook-url",
        Kind::Text,
        "",
        "How `runbook_url` is made of a page, as in `https://example.org/runbooks/{page}`; else of `site.address`.",
    ),
    own(
        "alerts.runbooks",
        Kind::Texts,
        "[]",
        "Pages, as globs below the source folder, to each of which an alert must lead.",
    ),
    own(
        "alerts.severities",
        Kind::Texts,
        "[]",
        "What the label `severity` of an alert may be; anything, where it is empty.",
    ),
    own(
        "alerts.metrics",
        Kind::Texts,
        "[]",
        "Where metrics come from: `code`, globs of names, files that list them. Not looked at where it is empty.",
    ),
    own(
        "alerts.objectives",
        Kind::Texts,
        "[]",
        "Service level objectives in sloth's format, as globs; each alert of severity `page` must serve one.",
    ),
    own(
        "reviews.every",
        Kind::TextTable,
        "{}",
        "How often pages of a kind are to be read, where they say nothing: `runbook = \"90 days\"`.",
    ),
    own("oncall.roster", Kind::Text, "", "The file of those on call, from the folder of book.toml."),
    own("oncall.weeks", Kind::Integer, "52", "Weeks ahead in which every minute must have somebody."),
    own("oncall.levels", Kind::Integer, "2", "Levels that must stand behind an alert."),
    own(
        "oncall.test-every",
        Kind::Text,
        "",
        "How often each person on call is to acknowledge a test page: `90 days`.",
    ),
    own(
        "oncall.paging",
        Kind::Texts,
        "[\"page\"]",
        "Severities of alerts that wake somebody; each needs a policy, if the roster has any.",
    ),
    own(
        "capacity.plan",
        Kind::Text,
        "",
        "The file of series, resources and prices that capacity is planned from, from the folder of book.toml.",
    ),
    own(
        "incidents.plan",
        Kind::Text,
        "",
        "The file of severities, roles and communication in incidents, from the folder of book.toml.",
    ),
    own("incidents.records", Kind::Text, "", "The folder of records of incidents, a file each."),
    own(
        "criteria.file",
        Kind::Text,
        "",
        "The file of criteria of success, each bound to what proves it; from the folder of book.toml.",
    ),
    own("run.required", Kind::Texts, "[]", "Tasks that runbooks must exist for: each is the `task` of one."),
    own(
        "run.bundle",
        Kind::Texts,
        "[]",
        "Pages that `build --offline-bundle` takes along beside the runbooks: globs below the source folder.",
    ),
    own(
        "run.keep",
        Kind::Integer,
        "12",
        "Runs that passed whose evidence stays, of each runbook on each target; failures stay.",
    ),
    own(
        "run.recovery",
        Kind::Text,
        "",
        "The file that declares recovery: plan, objectives, backups, schedules, drills; from the folder of `book.toml`.",
    ),
    own(
        "samples.record",
        Kind::Text,
        "\".oathbook/samples.jsonl\"",
        "The file of what `oathbook test` found, from the folder of `book.toml`.",
    ),
    own(
        "samples.dependencies",
        Kind::TextTable,
        "{}",
        "More crates that Rust blocks may use, as in Cargo: `regex = \"1\"`.",
    ),
    own("samples.timeout", Kind::Integer, "60", "Seconds that one block may run."),
    own(
        "site.address",
        Kind::Text,
        "",
        "The public address of the site, as `https://docs.example.org/book`: for `sitemap.xml`, canonical links and link previews.",
    ),
    own("site.theme", Kind::Text, "", "A theme, by the name of its folder in `themes`."),
    own("site.image", Kind::Text, "", "A picture for link previews, below `src`."),
    own(
        "site.markdown",
        Kind::Bool,
        "true",
        "Write each page as Markdown, too, and `llms.txt` that lists them.",
    ),
    own("site.last-changed", Kind::Bool, "false", "Print on each page when git last saw it change."),
    own(
        "site.internal",
        Kind::Texts,
        "[]",
        "Globs below `src` of pages and files that `build --public` leaves out, like pages with `visibility: internal`.",
    ),
    own(
        "site.allow-files",
        Kind::Texts,
        "[]",
        "Globs from the folder of `book.toml` of files that may be quoted and published although they are source code, look like secrets, or git ignores them.",
    ),
    own("kinds", Kind::TextTable, "{}", "Page kinds by folder: a glob below `src` and a kind's name."),
    own(
        "openapi.*.sources",
        Kind::Tables,
        "",
        "Where the API document of that name comes from, in order. Each source has one of `utoipa` (a folder of Rust source), `file`, `comments` (a glob), `overlay` and `command`.",
    ),
    own(
        "openapi.*.document",
        Kind::Text,
        "\"openapi/NAME.json\"",
        "The recorded document, from the folder of `book.toml`.",
    ),
    own(
        "openapi.*.rate-limits",
        Kind::TextTable,
        "{}",
        "Rate limits: an operation's id, `tag:NAME` or `default`, and `\"60 per minute\"`, `\"10 per second per key\"` or `\"none\"`.",
    ),
    own("openapi.*.error-codes", Kind::Text, "", "The name of the schema whose enum holds the error codes."),
    own(
        "openapi.*.error-catalogue",
        Kind::Text,
        "",
        "The page that explains each error code, from the folder of `book.toml`.",
    ),
    own(
        "openapi.*.coverage-page",
        Kind::Text,
        "",
        "The page that `oathbook openapi coverage --write` writes, from the folder of `book.toml`.",
    ),
];
