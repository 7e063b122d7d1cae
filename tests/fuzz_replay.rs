//! The fuzz targets on stable: every input that once broke one, and random ones made of the pieces that parsers
//! trip over.

use oathbook::fuzzing::TARGETS;
use proptest::prelude::*;

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
    for (_, target) in TARGETS {
        for one in NASTY {
            target(one.as_bytes());
            for two in NASTY {
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
