//! Names of code, one source in each language; and whatever the bytes, nothing panics.

use oathbook::base::RelPath;
use oathbook::code::{self, Name};
use proptest::prelude::*;

fn names(path: &str, text: &str) -> Vec<Name> {
    code::names(&RelPath::parse(path).unwrap(), text)
}

/// `kind text` or `kind set::text`, strings left out, in the order of the text.
fn shown(path: &str, text: &str) -> Vec<String> {
    let all = names(path, text);
    let typed = all.iter().filter(|name| name.kind != code::NameKind::Literal);
    typed.map(|name| format!("{} {}", name.kind.name(), name.qualified())).collect()
}

fn has(path: &str, text: &str, wanted: &[&str], absent: &[&str]) {
    let got = shown(path, text);
    for wanted in wanted {
        assert!(got.iter().any(|name| name == wanted), "{path}: no `{wanted}` in {got:#?}");
    }
    for absent in absent {
        assert!(!got.iter().any(|name| name == absent), "{path}: `{absent}` in {got:#?}");
    }
}

const RUST: &str = r#"
use clap::{Arg, Command, Parser};
#[derive(Parser)]
struct Cli {
    /// Help
    #[arg(short, long, env = "APP_LIMIT")] max_results: Vec<Option<u8>>,
    #[clap(long = "colour")] color: bool,
    #[arg(long, hide = true)] secret_door: bool,
    positional: String,
    #[arg(long, env)] api_token: String,
}
#[derive(clap::Subcommand)]
enum Verb { BuildAll { #[arg(long)] dry_run: bool }, #[command(name = "ls")] List }
#[derive(clap::ValueEnum)]
pub enum When { Always, #[value(name = "off")] Never }
#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Config { pub max_size: u8, #[serde(rename = "NameKind")] kind: u8, #[serde(skip)] cache: u8 }
pub trait Shape { fn area_of(&self); }
impl Config { pub fn load_all() {} fn private_one() {} pub const TOP_LIMIT: u8 = 1; }
impl Shape for Config { fn area_of(&self) {} }
pub(crate) fn hidden_fn() {}
fn main() {
    Command::new("app").subcommand(Command::new("serve").about("x"))
        .arg(Arg::new("a").long("no-color").help("--not-a-flag"));
    std::process::Command::new("git").arg("status").output();
    std::env::var("APP_HOME"); let v = option_env!("APP_BUILD");
    Router::new().route("/search/{id}", get(x));
    counter!("http_requests_total").increment(1);
}
#[get("/health/ready")] async fn ready() {}
#[cfg(test)] mod tests { pub fn in_tests() { std::env::var("TEST_ONLY"); } }
    "#;

#[test]
fn rust_names_are_what_clap_serde_and_calls_make_of_them() {
    let source = RUST;
    has(
        "src/x.rs",
        source,
        &[
            "flag Cli::--max-results",
            "environment variable Cli::APP_LIMIT",
            "flag Cli::--colour",
            "flag Cli::--secret-door",
            "environment variable Cli::API_TOKEN",
            "subcommand Verb::build-all",
            "flag Verb::--dry-run",
            "subcommand Verb::ls",
            "value When::always",
            "value When::off",
            "key Config::max-size",
            "key Config::NameKind",
            "function Config::load_all",
            "function Shape::area_of",
            "constant Config::TOP_LIMIT",
            "subcommand serve",
            "flag --no-color",
            "environment variable APP_HOME",
            "environment variable APP_BUILD",
            "route /search/{id}",
            "route /health/ready",
            "metric http_requests_total",
            "type Config",
            "field Config::max_size",
        ],
        &[
            "subcommand git",
            "function hidden_fn",
            "function Config::private_one",
            "function in_tests",
            "environment variable TEST_ONLY",
            "key Config::cache",
            "flag --not-a-flag",
            "flag Cli::--positional",
        ],
    );
    let hidden: Vec<_> =
        names("x.rs", source).into_iter().filter(|name| name.hidden).map(|name| name.text).collect();
    assert_eq!(hidden, ["--secret-door"]);
}

#[test]
fn manifests_and_data_files_declare_names() {
    has(
        "Cargo.toml",
        "[package]\nname = \"tool\"\n[features]\ndefault = []\nfull-text = [\n  \"x\",\n]\n[dependencies.serde]\n[dependencies]\nclap = { version = \"4\" }\n[[bin]]\nname = \"toolctl\"\n",
        &[
            "package tool",
            "program tool",
            "program toolctl",
            "feature features::full-text",
            "dependency serde",
            "dependency clap",
        ],
        &["feature features::x"],
    );
    has(
        "package.json",
        r#"{"name": "@a/bee", "bin": {"bctl": "x.js"}, "scripts": {"lint:all": "x"}}"#,
        &["program bin::bctl", "task scripts::lint:all", "program bee"],
        &[],
    );
    has(
        "pyproject.toml",
        "[project]\nname = \"p\"\nname2 = 1\n[project]\nname = \"pip-tool\"\n[project.scripts]\nptool = \"a:b\"\n",
        &["program project.scripts::ptool", "package pip-tool"],
        &[],
    );
    has(
        "Makefile",
        "VERSION := 1\nbuild-docs: clean\n\tcmd: x\n.PHONY: all\n",
        &["task targets::build-docs"],
        &["task targets::VERSION", "task targets::cmd"],
    );
    has("go.mod", "module example.org/x/gotool/v2\n\ngo 1.22\n", &["program gotool"], &[]);
    has(
        "a.yaml",
        "on:\n  run: |\n    not_a_key: 1\n  BUILD_DIR: x\n",
        &["setting on", "environment variable BUILD_DIR"],
        &["setting not_a_key"],
    );
}

#[cfg(feature = "languages")]
#[test]
fn python_names_are_found() {
    let source = r#"
import os, argparse
from enum import Enum
MAX_RETRIES = 3
class Level(str, Enum):
    LOW = "low"
    HIGH = "high"
class Options(BaseModel):
    page_size: int = 10
    _private: int = 0
    def run_all(self): pass
def public_function(a):
    def inner_one(): pass
def _hidden(): pass
parser.add_argument("-q", "--quiet-mode", help="--not-this x")
@click.option("--dry-run/--no-dry-run")
def main(): os.environ["APP_TOKEN"]; os.getenv("APP_URL"); os.environ.get("APP_DIR")
@app.get("/items/{id}")
async def items(): pass
@app.route("/old")
def old(): pass
REQUESTS = Counter("app_requests_total", "help")
sub.add_parser("export")
"#;
    has(
        "a.py",
        source,
        &[
            "constant MAX_RETRIES",
            "type Level",
            "variant Level::LOW",
            "value Level::low",
            "field Options::page_size",
            "function Options::run_all",
            "function public_function",
            "flag --quiet-mode",
            "flag --dry-run",
            "flag --no-dry-run",
            "environment variable APP_TOKEN",
            "environment variable APP_URL",
            "environment variable APP_DIR",
            "route /items/{id}",
            "route /old",
            "metric app_requests_total",
            "subcommand export",
        ],
        &["function inner_one", "function _hidden", "field Options::_private", "flag --not-this"],
    );
}

#[cfg(feature = "languages")]
#[test]
fn go_names_are_found() {
    let source = r#"
package main
const ( LevelLow Level = iota
  LevelHigh )
type Config struct {
    MaxSize int `json:"max_size,omitempty" env:"APP_MAX"`
    Skip int `json:"-"`
    hidden int
}
func (c *Config) LoadAll() {}
func private() {}
func main() {
    cmd.Flags().StringVarP(&x, "output-dir", "o", "", "help")
    flag.Bool("verbose", false, "x")
    os.Getenv("APP_HOME")
    r.GET("/users/:id", h)
    http.HandleFunc("POST /items", h)
    c := &cobra.Command{Use: "serve [flags]", Short: "x"}
    a := &cli.StringFlag{Name: "port-range", EnvVars: []string{"APP_PORT"}}
    p := prometheus.NewCounter(prometheus.CounterOpts{Namespace: "app", Name: "requests_total"})
}
"#;
    has(
        "a.go",
        source,
        &[
            "constant Level::LevelLow",
            "constant Level::LevelHigh",
            "type Config",
            "field Config::MaxSize",
            "key Config::max_size",
            "environment variable Config::APP_MAX",
            "function Config::LoadAll",
            "flag --output-dir",
            "flag --verbose",
            "environment variable APP_HOME",
            "route /users/:id",
            "route /items",
            "subcommand serve",
            "flag --port-range",
            "environment variable APP_PORT",
            "metric app_requests_total",
        ],
        &["function private", "field Config::hidden", "key Config::-"],
    );
}

#[cfg(feature = "languages")]
#[test]
fn typescript_and_javascript_names_are_found() {
    let source = r#"
export interface Options { pageSize: number; "quoted-key"?: string; run(): void }
export type Level = "low" | "mid" | "high";
export enum Mode { Fast = "fast", Slow }
export class Client { fetchAll() {} private hush() {} #x = 1; retries = 3 }
export const createApp = () => 1;
function local() {}
program.option("-p, --port-range <n>", "x").command("serve <dir>");
yargs.option("dry-run", { type: "boolean" });
const home = process.env.APP_HOME;
app.get("/users/:id", h);
new Counter({ name: "http_requests_total", help: "x" });
"#;
    let wanted = [
        "type Options",
        "field Options::pageSize",
        "function Options::run",
        "value Level::low",
        "value Level::high",
        "variant Mode::Fast",
        "value Mode::fast",
        "variant Mode::Slow",
        "function Client::fetchAll",
        "field Client::retries",
        "function createApp",
        "flag --port-range",
        "subcommand serve",
        "flag --dry-run",
        "environment variable APP_HOME",
        "route /users/:id",
        "metric http_requests_total",
    ];
    has("a.ts", source, &wanted, &["function local", "function Client::hush"]);
    has("a.tsx", source, &wanted, &["function local"]);
    has(
        "a.js",
        "export function runAll() {}\nrouter.post('/x/y', h)\n",
        &["function runAll", "route /x/y"],
        &[],
    );
}

#[test]
fn deep_nesting_is_read_without_a_stack() {
    let deep = "(".repeat(50_000);
    for path in ["a.rs", "a.py", "a.go", "a.ts", "a.js", "a.toml", "a.yaml", "package.json", "Makefile"] {
        for text in [deep.clone(), "{".repeat(50_000), format!("mod a {}", "{ mod a ".repeat(5_000))] {
            names(path, &text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_text_names_lie_inside_it(parts in prop::collection::vec(prop::sample::select(vec![
        "pub ", "struct ", "enum ", "fn ", "X", "y_z", "{", "}", "(", ")", "<", ">", ",", ";", "#[arg(long", "#[derive(Parser)]", ")]",
        "\"", "'", "é", "=", ":", "\n", " ", "[", "]", "//", "/*", "mod ", "impl ", "class ", "def ", "export ", "\\", "|", "--a-b", "r#\"",
    ]), 0..60)) {
        let text: String = parts.concat();
        for path in ["a.rs", "a.py", "a.go", "a.ts", "a.tsx", "Cargo.toml", "a.toml", "a.yml", "package.json", "pyproject.toml", "Makefile"] {
            for name in names(path, &text) {
                prop_assert!(text.get(name.span.range()).is_some() && text.get(name.whole.range()).is_some(), "{path} {name:?}");
            }
            code::without_comments(&RelPath::parse(path).unwrap(), &text);
        }
    }
}
