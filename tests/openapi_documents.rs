//! API documents as they are met: hostile, broken, large.

use oathbook::base::RelPath;
use oathbook::openapi::Document;
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
