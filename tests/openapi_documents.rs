//! API documents as they are met: hostile, broken, large.

use oathbook::base::RelPath;
use oathbook::openapi::source::Path;
use oathbook::openapi::{Document, Side, Validator};
use oathbook::world::MemoryWorld;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Longer than any hostile text may take. A debug build is ten times slower than a release build, which has 2 s.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 2 });

fn read(name: &str, text: &str) -> Document {
    let begin = Instant::now();
    let document = Document::parse(&RelPath::parse(name).unwrap(), text);
    assert!(begin.elapsed() < LONGEST, "{name}: {:?}", begin.elapsed());
    document
}

fn messages(document: &Document) -> Vec<&str> {
    document.problems.iter().map(|problem| problem.message.as_str()).collect()
}

#[test]
fn aliases_that_multiply_end_in_a_finding() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    let document = read("bomb.yaml", &bomb);
    assert_eq!(messages(&document), ["aliases stand for more than 100000 values"]);
    assert!(document.root.map().is_none());
}

#[test]
fn anchors_within_anchors_do_not_fill_the_memory() {
    let nested: String = (0..150).map(|level| format!("{}- &n{level}\n", " ".repeat(level))).collect();
    let text = format!("{nested}{}- [{}]\n", " ".repeat(150), vec!["x"; 2000].join(", "));
    assert_eq!(
        messages(&read("nested.yaml", &text)),
        ["anchors and aliases stand for more than 100000 values"]
    );
    assert_eq!(messages(&read("self.yaml", "a: &a [*a]\n")), ["this alias stands inside what it names"]);
}

#[test]
fn merge_keys_that_multiply_end_in_a_finding() {
    let mut bomb = String::from("m0: &m0 {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8}\n");
    for level in 1..40 {
        let _ =
            writeln!(bomb, "m{level}: &m{level}\n  <<: [{}]", vec![format!("*m{}", level - 1); 8].join(", "));
    }
    let document = read("merge.yaml", &bomb);
    assert!(document.problems.len() <= 1, "{:?}", messages(&document));
}

#[test]
fn a_hundred_levels_are_read_and_a_thousand_end_in_a_finding() {
    for (open, close, name) in
        [("[", "]", "a.json"), ("{\"a\":", "}", "b.json"), ("[", "]", "a.yaml"), ("{a: ", "}", "b.yaml")]
    {
        let text = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(read(name, &text(100)).problems.is_empty(), "{name}");
        let deep = read(name, &text(1_000));
        assert!(
            !deep.problems.is_empty() && deep.problems.iter().all(|problem| problem.code == "openapi-syntax")
        );
        read(name, &text(200_000));
    }
    let blocks: String = (0..3_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(messages(&read("blocks.yaml", &blocks)).len(), 1);
}

#[test]
fn more_values_than_fit_end_in_a_finding() {
    let text = format!("[{}1]", "1,".repeat(3_000_000));
    assert_eq!(messages(&read("many.json", &text)), ["more than 1500000 values"]);
}

#[test]
fn ten_thousand_keys_are_found_in_linear_time_and_repeated_ones_are_findings() {
    let keys: String = (0..10_000).map(|n| format!("k{n}: {n}\n")).collect();
    let document = read("keys.yaml", &keys);
    assert_eq!(
        document
            .root
            .get("k9999")
            .and_then(|node| node.number())
            .map(oathbook::openapi::node::Number::as_f64),
        Some(9999.0)
    );
    let twice = read("twice.yaml", "a: 1\nb: 2\na: 3\n");
    assert_eq!(messages(&twice), ["the key `a` is there twice"]);
    assert_eq!(twice.problems[0].place.span.range(), 10..11);
    assert_eq!(twice.problems[0].related[0].place.span.range(), 0..1);
    assert_eq!(messages(&read("twice.json", "{\"a\": 1, \"a\": 2}")), ["the key `a` is there twice"]);
}

#[test]
fn broken_text_has_one_finding_at_its_place() {
    for (name, text, at) in [
        ("a.json", "{\"a\": 1,}", 8),
        ("b.json", "{\"a\": 01}", 8),
        ("c.json", "{\"a\": \"\n\"}", 7),
        ("d.json", "", 0),
        ("e.json", "{} {}", 3),
        ("f.json", "{\"a\" 1}", 5),
        ("g.json", "[\"\\x\"]", 2),
        ("h.json", "\u{feff}[1 2]", 6),
        ("i.yaml", "a: [1\nb: 2\n", 7),
        ("j.yaml", "a: 1\n---\nb: 2\n", 5),
    ] {
        let document = read(name, text);
        assert_eq!(document.problems.len(), 1, "{name}: {:?}", messages(&document));
        assert_eq!(document.problems[0].place.span.start, at, "{name}: {:?}", messages(&document));
    }
}

#[test]
fn json_is_written_as_serde_json_writes_it() {
    let text =
        r#"{"b":[],"a":{"z":1.50,"y":-0.0,"x":"\u00e9\u0007\"\\/\ud83d\ude00"},"c":[{},null,true,[1,[2]]]}"#;
    let document = read("a.json", text);
    assert!(document.problems.is_empty());
    let line = document.root.to_line();
    assert!(line.starts_with(r#"{"b":[],"a":{"z":1.50,"y":-0.0,"x":"é\u0007\"\\/😀"}"#), "{line}");
    let plain = r#"{"a":[1,{"b":"c"},[]],"d":{},"e":"\u0007"}"#;
    let ours = read("a.json", plain).root.to_json();
    let value: serde_json::Value = serde_json::from_str(plain).unwrap();
    assert_eq!(ours, serde_json::to_string_pretty(&value).unwrap());
}

/// The test suite of JSON Schema itself: every judgement agrees or says that it could not judge.
#[test]
fn values_are_judged_as_the_suite_of_json_schema_says() {
    let Some(suite) = crate::support::corpus("JSON-Schema-Test-Suite") else { return };
    let (mut right, mut wrong, mut unsure) = (0, Vec::new(), 0);
    let folder = suite.join("tests/draft2020-12");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        // Vocabularies of other schemas, and schemas that are their own documents, are not what OpenAPI documents hold.
        if ["vocabulary", "refRemote", "dynamicRef", "format"].contains(&name.as_str()) {
            continue;
        }
        let cases = read("a.json", &std::fs::read_to_string(file).unwrap());
        for case in cases.root.list() {
            // The schema is the root of its document there, so `#` means it.
            let schema = Document::new(case.get("schema").unwrap().clone(), Vec::new());
            let validator = Validator::new(&schema);
            for test in case.get("tests").unwrap().list() {
                let outcome = validator.check(&schema.root, test.get("data").unwrap(), Side::Request);
                let valid = test.get("valid").and_then(oathbook::openapi::Node::bool).unwrap();
                if outcome.not_judged.is_some() {
                    unsure += 1;
                } else if outcome.violations.is_empty() == valid {
                    right += 1;
                } else {
                    let words =
                        |node: &oathbook::openapi::Node| node.get_text("description").unwrap().to_owned();
                    wrong.push(format!("{name}: {} / {}: expected {valid}", words(case), words(test)));
                }
            }
        }
    }
    println!("JSON Schema 2020-12: {right} right, {} wrong, {unsure} not judged", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(right > 1000);
}

/// What is wrong with a value by the schema `S` of a document.
fn judge(version: &str, schemas: &str, value: &str, side: Side) -> Vec<String> {
    let document = read("a.yaml", &format!("openapi: {version}\ncomponents:\n  schemas:\n{schemas}"));
    let value = read("value.json", value);
    let schema = document.at("/components/schemas/S").unwrap().node;
    let outcome = Validator::new(&document).check(schema, &value.root, side);
    let not_judged = outcome.not_judged.map(|why| format!("not judged: {why}"));
    let found = outcome.violations.into_iter().map(|found| format!("{}: {}", found.pointer, found.message));
    found.chain(not_judged).collect()
}

#[test]
fn the_dialect_of_openapi_3_0_differs() {
    let schema = "    S: {type: integer, nullable: true, minimum: 3, exclusiveMinimum: true, const: 9}\n";
    assert!(judge("3.0.3", schema, "null", Side::Either).is_empty());
    assert_eq!(judge("3.0.3", schema, "3", Side::Either), [": `3` must be more than 3"]);
    assert_eq!(judge("3.1.0", schema, "null", Side::Either).len(), 2);
    let beside = "    S: {$ref: '#/components/schemas/T', maxLength: 1}\n    T: {type: string}\n";
    assert!(judge("3.0.3", beside, "\"ab\"", Side::Either).is_empty());
    assert_eq!(
        judge("3.1.0", beside, "\"ab\"", Side::Either),
        [": `\"ab\"` has 2 characters, at most 1 are allowed"]
    );
}

#[test]
fn fields_of_one_side_are_not_required_of_the_other() {
    let schema = "    S:\n      required: [id, secret]\n      properties: {id: {readOnly: true}, secret: {writeOnly: true}}\n";
    assert_eq!(judge("3.1.0", schema, "{}", Side::Request), [": the required field `secret` is missing"]);
    assert_eq!(judge("3.1.0", schema, "{}", Side::Response), [": the required field `id` is missing"]);
    assert!(judge("3.1.0", schema, "{}", Side::Either).is_empty());
}

#[test]
fn the_alternative_that_a_discriminator_names_is_the_one_that_is_judged() {
    let schema = "    S: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {bee: B}}}\n    A: {required: [kind], properties: {kind: {type: string}}}\n    B: {required: [kind, size], properties: {size: {type: integer}}}\n";
    assert_eq!(
        judge("3.1.0", schema, r#"{"kind": "bee", "size": "x"}"#, Side::Either),
        ["/size: expected integer, found `\"x\"`"]
    );
    assert!(judge("3.1.0", schema, r#"{"kind": "A", "size": 1}"#, Side::Either).is_empty());
}

#[test]
fn what_cannot_be_judged_is_said_and_never_guessed() {
    let remote = "    S: {$ref: 'https://example.com/s.json'}\n";
    assert_eq!(
        judge("3.1.0", remote, "1", Side::Either),
        ["not judged: `https://example.com/s.json` is not part of the document"]
    );
    let pattern = "    S: {not: {pattern: '(?=a)b'}}\n";
    assert_eq!(
        judge("3.1.0", pattern, "\"b\"", Side::Either),
        ["not judged: the pattern `(?=a)b` is not understood"]
    );
    let circle = "    S: {$ref: '#/components/schemas/T'}\n    T: {$ref: '#/components/schemas/S'}\n";
    assert!(judge("3.1.0", circle, "1", Side::Either)[0].contains("leads to itself"));
    let tree = "    S: {anyOf: [{$ref: '#/components/schemas/S'}, {type: string}]}\n";
    assert!(judge("3.1.0", tree, "\"a\"", Side::Either).is_empty());
}

#[test]
fn schemas_that_multiply_end_within_their_bounds() {
    let mut schemas = String::from(
        "    S: {anyOf: [{$ref: '#/components/schemas/L0'}, {$ref: '#/components/schemas/L0'}]}\n",
    );
    for level in 0..60 {
        let next = format!("{{$ref: '#/components/schemas/L{}'}}", level + 1);
        let _ = writeln!(schemas, "    L{level}: {{anyOf: [{next}, {next}, {{allOf: [{next}, {next}]}}]}}");
    }
    schemas.push_str("    L60: {type: string}\n");
    let begin = Instant::now();
    assert!(!judge("3.1.0", &schemas, "1", Side::Either).is_empty());
    assert!(begin.elapsed() < LONGEST, "{:?}", begin.elapsed());
}

/// What is found in a book whose API document is this.
fn findings(document: &str) -> Vec<String> {
    let world = MemoryWorld::new()
        .with("book.toml", "[openapi.a]\nsources = [{ file = \"a.yaml\" }]\ndocument = \"a.yaml\"\n")
        .with("src/SUMMARY.md", "- [A](a.md)\n")
        .with("src/a.md", "# A\n")
        .with("a.yaml", document);
    let begin = Instant::now();
    let checked = crate::support::check_change(&world, None, (true, false));
    assert!(begin.elapsed() < LONGEST, "{:?}", begin.elapsed());
    let diagnostics = checked.iter().flat_map(|checked| &checked.report.diagnostics);
    diagnostics.map(|found| format!("{}: {}", found.code, found.message)).collect()
}

const PETS: &str = "openapi: 3.1.0
info: {title: Pets, version: 1.0.0, license: {name: MIT}, contact: {name: Team}}
servers: [{url: 'https://{place}.example.com', variables: {place: {default: eu}}}]
security: [{key: [read]}]
tags: [{name: pets, description: Pets.}]
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getPet
      tags: [pets]
      x-rate-limit: {requests: 60, window: 60, per: key}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, examples: {one: {value: {id: 1}}}}}}
      responses: {200: {description: Ok, headers: {X: {schema: {type: string}}}, links: {a: {operationId: getPet}}}}
      callbacks: {done: {'{$request.body#/url}': {post: {responses: {200: {description: Ok}}}}}}
components:
  securitySchemes: {key: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.example', scopes: {read: Read}}}}}
  schemas:
    Pet:
      type: object
      required: [id]
      properties: {id: {type: integer, minimum: 1, enum: [1, 2], example: 1}, kind: {$ref: '#/components/schemas/Kind'}}
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Pet'}}
      oneOf: [{$ref: '#/components/schemas/Kind'}]
    Kind: {type: string, pattern: '^[a-z]+$', xml: {name: k}, externalDocs: {url: 'https://a.example'}}
";

#[test]
fn a_wrong_type_at_any_place_is_a_finding_and_never_a_panic() {
    let document = read("a.yaml", PETS);
    assert!(document.problems.is_empty(), "{:?}", messages(&document));
    let pointers: Vec<String> = document.places().into_iter().map(|(pointer, _)| pointer).collect();
    assert!(pointers.len() > 100);
    for pointer in &pointers {
        for wrong in ["null", "true", "-1e400", "\"\"", "[[]]", "{\"\":{}}"] {
            let mut changed = document.root.clone();
            let value = read("wrong.json", wrong).root;
            changed.at_mut(pointer).unwrap().value = value.value;
            let changed = Document::new(changed, Vec::new());
            for score in oathbook::openapi::lint::lint(&changed, None) {
                assert!(score.missing <= score.total, "{pointer} {wrong} {}", score.code);
            }
            changed.all_operations();
        }
    }
}

#[test]
fn references_in_circles_and_out_of_the_document_are_findings() {
    let found = findings(&PETS.replace(
        "    Kind: {type: string,",
        "    Loop: {$ref: '#/components/schemas/Pool'}\n    Pool: {$ref: '#/components/schemas/Loop'}\n    Out: {$ref: 'file:///etc/passwd'}\n    Kind: {type: string,",
    ));
    assert!(
        found.contains(&"openapi-reference: `#/components/schemas/Pool` leads to itself".to_owned()),
        "{found:#?}"
    );
    assert!(
        found.contains(&"openapi-reference: `file:///etc/passwd` leads out of the document".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn a_reference_where_none_may_be_is_followed_all_the_same() {
    let found =
        findings("openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {/a: {get: {$ref: 'a/get.yml'}}}\n");
    assert!(
        found.contains(&"openapi-reference: `a/get.yml` leads out of the document".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn ten_thousand_fields_and_a_hundred_levels_are_judged_in_time() {
    let mut wide = String::from(
        "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n",
    );
    for n in 0..10_000 {
        let _ = writeln!(
            wide,
            "    S{n}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/S{}'}}}}, example: {{next: {{}}}}}}",
            (n + 1) % 10_000
        );
    }
    assert!(!findings(&wide).is_empty());
    let deep = format!(
        "openapi: 3.1.0\ninfo: {{title: A, version: 1.0.0}}\npaths: {{}}\ncomponents: {{schemas: {{S: {}true{}}}}}\n",
        "{properties: {a: ".repeat(70),
        "}}".repeat(70)
    );
    assert!(!findings(&deep).is_empty());
}

#[test]
fn paths_select_what_the_standard_says() {
    // RFC 9535 §1.5 and §2.3: the queries and results of its own examples.
    let store = r#"{"store": {"book": [
        {"category": "reference", "author": "A", "title": "T1", "price": 8.95},
        {"category": "fiction", "author": "B", "title": "T2", "price": 12.99},
        {"category": "fiction", "author": "C", "title": "T3", "isbn": "0-553-21311-3", "price": 8.99},
        {"category": "fiction", "author": "D", "title": "T4", "isbn": "0-395-19395-8", "price": 22.99}],
        "bicycle": {"color": "red", "price": 399}}}"#;
    let document = read("store.json", store);
    for (path, wanted) in [
        ("$.store.book[*].author", 4),
        ("$..author", 4),
        ("$.store.*", 2),
        ("$.store..price", 5),
        ("$..book[2]", 1),
        ("$..book[-1]", 1),
        ("$..book[0,1]", 2),
        ("$..book[:2]", 2),
        ("$..book[::-2]", 2),
        ("$..book[?@.isbn]", 2),
        ("$..book[?!@.isbn]", 2),
        ("$..book[?@.price<10]", 2),
        ("$..book[?@.price < 10 && @.category == 'fiction']", 1),
        ("$..book[?(@.author=='A' || @['author'] == \"D\")].title", 2),
        ("$.store.book[?@.price > $.store.book[0].price]", 3),
        ("$..*", 27),
        ("$['store']['bicycle']", 1),
        ("$.nothing", 0),
    ] {
        let found = Path::parse(path)
            .unwrap_or_else(|wrong| panic!("{path}: {wrong:?}"))
            .select(&document.root)
            .unwrap();
        assert_eq!(found.len(), wanted, "{path}");
        for selected in found {
            assert!(document.root.at(&selected.pointer).unwrap().same(selected.node), "{path}");
        }
    }
    for wrong in [
        "",
        "store",
        "$.",
        "$[",
        "$['a]",
        "$[01]",
        "$[?]",
        "$[?@.a ==]",
        "$[?(@.a]",
        "$ x",
        "$[?length(@) > 1]",
        "$[?@.* == 1]",
    ] {
        assert!(Path::parse(wrong).is_err(), "{wrong}");
    }
    let bomb = Path::parse(&format!("${}", "..*".repeat(30))).unwrap();
    let begin = Instant::now();
    let deep = read("a.json", &format!("{}1{}", "[".repeat(100), "]".repeat(100)));
    assert!(bomb.select(&deep.root).is_none(), "this path would look at more than any document has");
    assert!(begin.elapsed() < LONGEST);
    assert!(Path::parse(&format!("$[?{}@.a{}]", "(".repeat(1000), ")".repeat(1000))).is_err());
}

/// A folder on disk with a book, removed at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = std::env::temp_dir().join(format!("oathbook-openapi-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        let folder = Self(root);
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.join(path)).unwrap()
    }

    /// The exit code, and all that was printed.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_oathbook"))
            .current_dir(&self.0)
            .args(arguments)
            .args(["--as-of", "2026-11-01"])
            .output()
            .unwrap();
        let text = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (done.status.code().unwrap(), text)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_record_is_written_compared_and_brought_up_to_date() {
    let code = "// @openapi\n// openapi: 3.1.0\n// info: {title: Pets, version: 1.0.0}\n// /pets:\n//   get: {operationId: listPets, responses: {200: {description: All}}}\n";
    let book = Folder::new(
        "record",
        &[
            (
                "book.toml",
                "[openapi.pets]\nsources = [{ comments = \"code/*.js\" }]\n[openapi.pets.rate-limits]\nlistPets = \"5 per second per key\"\n",
            ),
            ("src/SUMMARY.md", "- [A](a.md)\n"),
            ("src/a.md", "# A\n"),
            ("code/a.js", code),
        ],
    );
    let (exit, text) = book.run(&["check"]);
    assert!(exit == 3 && text.contains("`openapi/pets.json` is not recorded"), "{exit} {text}");
    assert_eq!(book.run(&["update"]).0, 0);
    assert_eq!(book.run(&["check"]).0, 0);
    let record = book.read("openapi/pets.json");
    for part in ["\"x-rate-limit\"", "\"Retry-After\"", "\"per\": \"key\"", "5 requests per second per key"] {
        assert!(record.contains(part), "{part}: {record}");
    }
    book.run(&["update"]);
    assert_eq!(book.read("openapi/pets.json"), record, "the same sources give the same bytes");
    let (_, claims) = book.run(&["claims"]);
    assert!(claims.contains("proven api `GET /pets`: recorded in openapi/pets.json"), "{claims}");
    book.write("code/a.js", &code.replace("All", "Every pet"));
    let (exit, text) = book.run(&["openapi", "check"]);
    assert_eq!(exit, 3);
    for part in ["openapi/pets.json:13:13", "code/a.js:5:53", "recorded `\"All\"`, now `\"Every pet\"`"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (exit, text) = book.run(&["openapi", "show", "/paths/~1pets/get/operationId"]);
    assert!(exit == 0 && text.contains("code/a.js:5:12"), "{text}");
    assert_eq!(book.run(&["update", "--only", "nothing"]).0, 2);
}

#[test]
fn a_command_runs_only_when_it_is_told_to_and_its_inputs_are_watched() {
    if cfg!(windows) {
        return;
    }
    let book = Folder::new(
        "command",
        &[
            (
                "book.toml",
                "[openapi.pets]\nsources = [{ command = \"touch ran; cat code/api.yaml\", inputs = \"code/*\" }]\n",
            ),
            ("src/SUMMARY.md", "- [A](a.md)\n"),
            ("src/a.md", "# A\n"),
            ("code/api.yaml", "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0}\npaths: {}\n"),
        ],
    );
    for arguments in [&["check"][..], &["build", "-d", "out"], &["update"], &["openapi", "check"]] {
        book.run(arguments);
        assert!(!book.0.join("ran").exists(), "{arguments:?} ran the command");
    }
    let (exit, text) = book.run(&["update", "--exec"]);
    assert!(exit == 0 && text.contains("running `touch ran; cat code/api.yaml`"), "{text}");
    assert!(book.0.join("ran").exists() && book.read("openapi/pets.json").contains("\"1.0.0\""));
    assert_eq!(book.run(&["check"]).0, 0);
    book.write("code/api.yaml", "openapi: 3.1.0\ninfo: {title: Pets, version: 2.0.0}\npaths: {}\n");
    let (exit, text) = book.run(&["check"]);
    assert!(exit == 3 && text.contains("has changed since its output was recorded"), "{exit} {text}");
    book.write("code/api.yaml", "- 1\n");
    assert_eq!(book.run(&["update", "--exec"]).0, 1, "an output that is no document is not recorded");
    assert!(book.read("openapi/pets.json").contains("\"1.0.0\""));
}

const LIST: &str = "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0}\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses: {200: {description: All}}\n";

#[test]
fn coverage_may_only_rise() {
    let book = Folder::new(
        "coverage",
        &[
            (
                "book.toml",
                "[openapi.pets]\nsources = [{ file = \"a.yaml\" }]\ndocument = \"a.yaml\"\ncoverage-page = \"src/coverage.md\"\n",
            ),
            ("src/SUMMARY.md", "- [Coverage](coverage.md)\n"),
            ("src/coverage.md", "---\nowner: team\n---\n\n# Old\n"),
            ("a.yaml", LIST),
        ],
    );
    assert_eq!(book.run(&["check"]).0, 3, "the page states no figures yet");
    assert_eq!(book.run(&["update"]).0, 0);
    let page = book.read("src/coverage.md");
    assert!(
        page.starts_with("---\nowner: team\n---\n")
            && page.contains("| `openapi-operation-id` | 1 | 1 | 100.0 |"),
        "{page}"
    );
    assert_eq!(book.run(&["check"]).0, 0, "{}", book.run(&["check"]).1);
    book.write("a.yaml", &LIST.replace("      operationId: listPets\n", ""));
    let (exit, text) = book.run(&["check"]);
    assert!(
        exit == 1 && text.contains("`openapi-operation-id` fell from 100.0 to 0.0 percent"),
        "{exit} {text}"
    );
    book.run(&["update"]);
    assert_eq!(book.read("src/coverage.md"), page, "`update` does not lower a figure");
    assert_eq!(book.run(&["openapi", "coverage"]).0, 1);
    assert_eq!(book.run(&["openapi", "coverage", "--write", "--accept"]).0, 0);
    assert_eq!(book.run(&["check"]).0, 0);
}
