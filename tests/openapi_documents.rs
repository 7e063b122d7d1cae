//! API documents as they are met: hostile, broken, large.

use oathbook::base::RelPath;
use oathbook::openapi::{Document, Side, Validator};
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
    document.troubles.iter().map(|trouble| trouble.message.as_str()).collect()
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
    assert!(document.troubles.len() <= 1, "{:?}", messages(&document));
}

#[test]
fn a_hundred_levels_are_read_and_a_thousand_end_in_a_finding() {
    for (open, close, name) in
        [("[", "]", "a.json"), ("{\"a\":", "}", "b.json"), ("[", "]", "a.yaml"), ("{a: ", "}", "b.yaml")]
    {
        let text = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(read(name, &text(100)).troubles.is_empty(), "{name}");
        let deep = read(name, &text(1_000));
        assert!(
            !deep.troubles.is_empty() && deep.troubles.iter().all(|trouble| trouble.code == "openapi-syntax")
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
    assert_eq!(twice.troubles[0].place.span.range(), 10..11);
    assert_eq!(twice.troubles[0].related[0].0.span.range(), 0..1);
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
        assert_eq!(document.troubles.len(), 1, "{name}: {:?}", messages(&document));
        assert_eq!(document.troubles[0].place.span.start, at, "{name}: {:?}", messages(&document));
    }
}

#[test]
fn json_is_written_as_serde_json_writes_it() {
    let text =
        r#"{"b":[],"a":{"z":1.50,"y":-0.0,"x":"\u00e9\u0007\"\\/\ud83d\ude00"},"c":[{},null,true,[1,[2]]]}"#;
    let document = read("a.json", text);
    assert!(document.troubles.is_empty());
    let line = document.root.to_line();
    assert!(line.starts_with(r#"{"b":[],"a":{"z":1.50,"y":-0.0,"x":"é\u0007\"\\/😀"}"#), "{line}");
    let plain = r#"{"a":[1,{"b":"c"},[]],"d":{},"e":"\u0007"}"#;
    let ours = read("a.json", plain).root.to_json();
    let value: serde_json::Value = serde_json::from_str(plain).unwrap();
    assert_eq!(ours, serde_json::to_string_pretty(&value).unwrap());
}

/// Where public test suites lie, for those who have them.
fn corpus(name: &str) -> Option<std::path::PathBuf> {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var_os("OATHBOOK_CORPORA").map(std::path::PathBuf::from);
    let places = named.into_iter().chain([here.join("../shared/corpora")]);
    let found = places.map(|path| path.join(name)).find(|path| path.is_dir());
    if found.is_none() {
        eprintln!("skipped: no {name} (set OATHBOOK_CORPORA)");
    }
    found
}

/// The test suite of JSON Schema itself: every judgement agrees or says that it could not judge.
#[test]
fn values_are_judged_as_the_suite_of_json_schema_says() {
    let Some(suite) = corpus("JSON-Schema-Test-Suite") else { return };
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
