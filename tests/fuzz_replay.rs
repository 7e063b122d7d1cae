//! The fuzz targets on stable: every input that once broke one, the seeds, and random ones made of the pieces that parsers
//! trip over. `fuzz/run` runs them led by coverage.

use oathbook::fuzzing::{TARGETS, Target};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Inputs by hand: what parsers of this sort have broken on.
const NASTY: &[&str] = &[
    "",
    "\u{feff}",
    "---\n",
    "---\n---\n",
    "---\n? [\n---\n",
    "<!-- oathbook: -->",
    "<!-- oathbook: allow( -->",
    "{{#include p.md}}",
    "{{#include p.md:9999999999999999999:1}}",
    "{{#include p.md#x}}",
    "\\{{#include }}{{# }}",
    "{{#playground other.md a b}}{{#title }}{{#title x}}",
    "[a][b][c](d)[^e]\n\n[^e]: x\n[^e]: y",
    "<a><b></a></b></p></td><td><script>x<style>",
    "<svg><path d='",
    "# \n# \n## {#a}\n## {#a}\n",
    "```rust,editable{1,x\n# #\n",
    "```js{1-\nx\n```",
    "| a |\n|-|\n| b | c |",
    ": x\n\na\n: b",
    "<!-- tabs --><!-- tab: a --><!-- tabs --><!-- /tabs --><!-- /tabs -->",
    "- [a](a.md)\n  - x\n- [b](../b.md)\n---\n# P\n[c](c.md)\n- [d]()",
    "---\ntargets: [a, ../b, 1]\nrto: < 1h of a..b\nrpo: < of\nsecrets: x\nverify-every: []\n---\n## Steps\n```sh {name=.. exit=999 timeout=0s} {\n{{a:int}}{{\n```\n```output\n{{a:int}}{{LD_PRELOAD:word}}{{a:x}}{{\n...\n[..]\n```\n## Steps\n```bash{name=a}\n```\n```bash {name=a}\n```\n",
    "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[]}",
    "[book]\ntitle = \n[book]\n",
    "[checks]\nallow = [{rule = 1}]\n[[checks.allow]]\n",
    "[preprocessor]\noathbook = 1\n",
    "[output.html.redirect]\n\"#x\" = \"\"\n\"a.html\" = \"a.html\"\n",
    "\u{0}\u{1}\u{202e}é\u{1f600}",
    "workspace {\n!include a.dsl\nmodel {\na = softwareSystem a {\nb = container b\n}\na.b -> a\n",
    "workspace extends b.dsl {\nviews {\nsystemLandscape k {\ninclude \"->*->\" *? element.tag==\nexclude \"* -> *\"\n}\n}\n}",
    "model {\ngroup g {\ngroup h {\nx = person x\n!elements \"element==* && element!=x\" {\n-> this\n",
    "a --> b & c -- \"x\" --o d{{e}} ==> f@{ shape: \"\nsubgraph a\nb --> a\nend\nclick a \"javascript:x\"",
    "[*] --> a:::b\nstate a {\n--\n[*] --> [*]\nnote left of a\n}\n}",
    "A->>+B: x\nB-->>-A\nalt\nelse é\nNote over A,C: <script>\ncreate participant A\ndestroy A\nA-xA: y\nbox\nend\nend",
    "digraph \"\" { a:p:n -> {b c; subgraph cluster_x { d [label=<<table><tr><td port=\"p\">&lt;script></td></tr></table>> URL=\"javascript:x\"] } } [label=\"</svg><script>\"]",
    "strict graph { a -- a -- b [constraint=false lhead=cluster_x penwidth=-.5 headport=zz]; {rank=same a b} node [shape=record label=\"{<f>|{}|<|}\"]; é + \"x\" }",
    "{\"version\": 1, \"views\": {\"\": {\"direction\": \"down\", \"nodes\": {\"a\": [1e5, -0.0, 1, 2]}, \"edges\": {\"a -> a\": {\"line\": []}}}}}",
    "path = \"/a\", get, responses((status = 200, body = Vec<Option<Box<A>>>, example = json!({\"a\": [",
    "status = \"4XX\", content((A = \"a/b\"), (B)), headers((\"x\" = [u8; 3])), links((\"l\" = (operation_id = XX)))",
    "schema_with = one, default = A::default, value_type = XX<XX>, rename_all = \"nope\", bound = \"T: \", minimum = -9e999",
    "nest((path = \"/\", api = ApiDoc)), modifiers(&G, &ApiDoc), tags((name = concat!(\"a\", env!(\"X\")))), security((), (\"a\" = [\"b\"]))",
    "tag = \"t\", content = \"c\", untagged, flatten, skip_serializing_if = \"\", rename(serialize = \"a\"), as = a::b::<c>",
    "($($x)* $($x)*) => { m! { $($x)* $($x)* } }; ($a:tt $(, $b:expr)+ $(;)?) => { $crate::m!($a $($b)*); }",
    "loop { while one() { return A { ..B } } }; |x| match x { A => 1 / 0, B | C if d => [0; 9999999999][1], _ => -i128::MIN }",
    "Boundary(a, \"b\") {\nPerson(a)\nRel(a, a, $link=\"javascript:x\")\nRelIndex(",
];

#[test]
fn nasty_inputs_break_no_parser() {
    // One pair of so many; another for each target.
    let every = if crate::support::full() { 1 } else { 11 };
    for (number, (_, target)) in TARGETS.iter().enumerate() {
        for (first, one) in NASTY.iter().enumerate() {
            target(one.as_bytes());
            for (_, two) in NASTY.iter().enumerate().filter(|(at, _)| (at + first + number) % every == 0) {
                target(format!("{one}\n{two}").as_bytes());
                target(format!("{one}\0{two}").as_bytes());
            }
        }
        target(b"\xff\xfe\x00");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_pieces_break_no_parser(pieces in proptest::collection::vec((0..NASTY.len(), "[ -~\\n\\t\"'`<>\\[\\]{}#|:é]{0,6}"), 1..12)) {
        let text: String = pieces.iter().map(|(at, extra)| format!("{}{extra}", NASTY[*at])).collect();
        for (_, target) in TARGETS {
            target(text.as_bytes());
        }
    }
}

/// What one input may take, unoptimised and beside all other tests. A second is the promise; a budget that does not hold takes
/// minutes.
const LONGEST: Duration = Duration::from_secs(10);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The seeds of a target, by name.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder().join("seeds").join(target)) else { return Vec::new() };
    let mut out: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    out.sort();
    out
}

/// Runs a target on an input; the input is told if it takes long or panics.
fn run((name, target): &Target, origin: &str, input: &[u8]) -> Duration {
    let begin = Instant::now();
    let done = std::panic::catch_unwind(|| target(input));
    let took = begin.elapsed();
    let shown = String::from_utf8_lossy(input);
    assert!(done.is_ok(), "{name} breaks on an input made of {origin}:\n{shown}");
    assert!(took < LONGEST, "{name} takes {took:?} for an input made of {origin}:\n{shown}");
    took
}

/// Numbers that are the same in every run (xorshift64, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % most.max(1)
    }

    /// A place in a text, at a character's border where the bytes are a text.
    fn place(&mut self, bytes: &[u8]) -> usize {
        let mut at = self.below(bytes.len() + 1);
        while bytes.get(at).is_some_and(|byte| (0x80..0xc0).contains(byte)) {
            at += 1;
        }
        at
    }

    /// Leaves out, repeats, moves and mixes in.
    fn mutated(&mut self, seed: &[u8], other: &[u8]) -> Vec<u8> {
        let mut out = seed.to_vec();
        for _ in 0..=self.below(4) {
            let (from, to) = (self.place(&out), self.place(&out));
            let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 200));
            let to = (to..=out.len()).find(|to| out.get(*to).is_none_or(|b| !(0x80..0xc0).contains(b)));
            let range = from..to.unwrap_or(out.len());
            let piece = out[range.clone()].to_vec();
            let at = self.place(&out);
            match self.below(5) {
                0 => drop(out.drain(range)),
                1 => drop(out.splice(at..at, piece)),
                2 => {
                    let (a, b) = (self.place(other), self.place(other));
                    let other = &other[a.min(b)..a.max(b)];
                    drop(out.splice(range, other.iter().copied()));
                }
                3 => {
                    let nasty = NASTY[self.below(NASTY.len())];
                    drop(out.splice(at..at, nasty.bytes()));
                }
                _ => {
                    let signs = b"\0\n\t \"'{}[]()<>#:,=-.*/\\&|09azAZ$@!?%^~`_;+";
                    drop(out.splice(range.start..range.start, [signs[self.below(signs.len())]]));
                }
            }
        }
        out.truncate(4_096);
        out
    }
}

#[test]
fn every_target_has_a_program_and_seeds_are_of_targets() {
    let names = |sub: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(folder().join(sub)).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz_targets"), targets);
    assert!(names("seeds").is_subset(&targets));
    let manifest = std::fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for target in &targets {
        let program = std::fs::read_to_string(folder().join(format!("fuzz_targets/{target}.rs"))).unwrap();
        assert!(program.contains(&format!("oathbook::fuzzing::{target}(bytes)")), "{target}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
    }
}

#[test]
fn seeds_and_what_is_made_of_them_break_no_parser() {
    let rounds = if crate::support::full() { 2_000 } else { 60 };
    let mut slowest = (Duration::ZERO, "");
    for target in TARGETS {
        let all = seeds(target.0);
        for (name, seed) in &all {
            assert!(seed.len() <= 4_096, "{}/{name} is no small seed", target.0);
            slowest = slowest.max((run(target, name, seed), target.0));
        }
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        for _ in 0..if all.is_empty() { 0 } else { rounds } {
            let ((name, seed), (_, other)) = (&all[numbers.below(all.len())], &all[numbers.below(all.len())]);
            slowest = slowest.max((run(target, name, &numbers.mutated(seed, other)), target.0));
        }
    }
    println!("figure: slowest input of {rounds} made of seeds: {} ms ({})", slowest.0.as_millis(), slowest.1);
}
