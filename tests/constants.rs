//! Constants of Rust have the values that rustc gives them, in facts and in documents, or none.

use oathbook::base::RelPath;
use oathbook::openapi::utoipa::{Cache, Extraction, Request, extract};
use oathbook::rust::Items;
use oathbook::rust::constant::{Memo, Source, Value, show};
use oathbook::world::MemoryWorld;
use std::collections::BTreeSet;
use std::process::Command;

/// What is read of a file on its own.
fn asked(source: &str, ask: impl FnOnce(&Source<'_>) -> Option<Value>) -> Option<String> {
    let (items, memo) = (Items::of(source), Memo::default());
    ask(&Source::new(source, &items, &memo)).and_then(|value| show(&value))
}

/// Constants that other expressions name.
const NAMED: &str = "pub const WIDE: u32 = 300;\npub const BYTE: u8 = 200;\npub const LOW: i16 = -2;\n\
    pub const RATIO: f64 = 2.75;\npub const SINGLE: f32 = 0.1;\npub const YES: bool = true;\npub const LETTER: char = 'z';\n\
    pub const PORTS: Port = 0x1F90;\npub type Port = u16;\npub const BIG: u64 = u64::MAX;\n";

/// Types, expressions and their values. All compile, and the values are what rustc 1.95 prints for them.
const VALUES: &[(&str, &str, &str)] = &[
    // Whole numbers become others by their lowest bits.
    ("u8", "300u32 as u8", "44"),
    ("u8", "WIDE as u8", "44"),
    ("i8", "0xFFu8 as i8", "-1"),
    ("i8", "BYTE as i8", "-56"),
    ("u32", "-1i32 as u32", "4294967295"),
    ("u64", "-1i32 as u64", "18446744073709551615"),
    ("u64", "-1i32 as u32 as u64", "4294967295"),
    ("u16", "LOW as u16", "65534"),
    ("i64", "LOW as i64", "-2"),
    ("u8", "i64::MIN as u8", "0"),
    ("i32", "BIG as i32", "-1"),
    ("i32", "0x8000_0000u32 as i32", "-2147483648"),
    ("usize", "-1isize as usize", "18446744073709551615"),
    ("i128", "u64::MAX as i128", "18446744073709551615"),
    ("i64", "(1i128 << 100) as i64", "0"),
    ("u8", "WIDE as u16 as u8 as i8 as u8", "44"),
    // Others lose what is behind the point, and stop at the ends.
    ("u32", "3.7 as u32", "3"),
    ("i32", "-3.7 as i32", "-3"),
    ("u8", "-1.5 as u8", "0"),
    ("u8", "256.0 as u8", "255"),
    ("u8", "f64::NAN as u8", "0"),
    ("i8", "f64::INFINITY as i8", "127"),
    ("i64", "f64::NEG_INFINITY as i64", "-9223372036854775808"),
    ("u64", "1e20 as u64", "18446744073709551615"),
    ("u32", "RATIO as u32", "2"),
    ("i16", "1e9f32 as i16", "32767"),
    // Whole numbers become the nearest others.
    ("f32", "16_777_217 as f32", "16777216"),
    ("f64", "u64::MAX as f64", "18446744073709552000"),
    ("f64", "9_007_199_254_740_993i64 as f64", "9007199254740992"),
    ("f64", "WIDE as f64 / 7.0", "42.857142857142854"),
    ("f32", "0.1f64 as f32", "0.1"),
    ("f64", "SINGLE as f64", "0.10000000149011612"),
    ("f32", "SINGLE + 0.2", "0.3"),
    ("f64", "0.1 + 0.2", "0.30000000000000004"),
    ("f32", "0.1 + 0.2", "0.3"),
    ("f32", "1.0 / 3.0", "0.33333334"),
    ("f64", "5.5 % 2.0", "1.5"),
    ("f64", "3 as f64", "3"),
    // Truth values, characters, bytes.
    ("u8", "true as u8", "1"),
    ("i64", "YES as i64 + false as i64", "1"),
    ("u32", "'a' as u32", "97"),
    ("u8", "'é' as u8", "233"),
    ("u8", "'€' as u8", "172"),
    ("u32", "LETTER as u32 - 'a' as u32", "25"),
    ("char", "97u8 as char", "a"),
    ("char", "0x61 as char", "a"),
    ("char", "(b'a' + 2) as char", "c"),
    ("char", "BYTE as char", "È"),
    ("u32", "b'0' as u32", "48"),
    ("bool", "LETTER > 'b' && WIDE as u8 == 44", "true"),
    ("bool", "-1i8 as u8 == u8::MAX", "true"),
    ("bool", "1 << 31 < 0", "true"),
    // Shifts lose bits.
    ("i32", "1i32 << 31", "-2147483648"),
    ("i32", "1 << 31", "-2147483648"),
    ("u8", "0x80u8 << 1", "0"),
    ("u8", "0x81 << 1", "2"),
    ("u64", "1 << 40", "1099511627776"),
    ("u64", "(1 << 31) as u64", "18446744071562067968"),
    ("u64", "(1 << 31 | BIG) as u64", "18446744073709551615"),
    ("i8", "-128i8 >> 3", "-16"),
    ("u8", "0xF0u8 >> 4u64", "15"),
    ("i64", "-1 >> 63", "-1"),
    ("u32", "1 << 2 + 3", "32"),
    ("u32", "(WIDE << 24) >> 24", "44"),
    ("i128", "1 << 126", "85070591730234615865843651857942052864"),
    // Turned bits and signs.
    ("u8", "!0", "255"),
    ("i32", "!0", "-1"),
    ("u16", "!0x00FF", "65280"),
    ("u32", "!0 as u32", "4294967295"),
    ("u64", "!0u32 as u64", "4294967295"),
    ("i8", "!BYTE as i8", "55"),
    ("i64", "-(LOW as i64)", "2"),
    ("i8", "-128", "-128"),
    ("i64", "-9223372036854775808", "-9223372036854775808"),
    // Types come from the other side.
    ("u64", "((BIG >> 1) + (1 << 5)) as u64", "9223372036854775839"),
    ("u64", "(200 + 100) as u8 as u64", "44"),
    ("i64", "(1 - 2) as i64", "-1"),
    ("u32", "7 / 2 * 2", "6"),
    ("i32", "-7 / 2", "-3"),
    ("i32", "-7 % 3", "-1"),
    ("u8", "0b1010 ^ 0b0110 & 0xF | 1", "13"),
    ("Port", "PORTS << 4", "63744"),
    ("u32", "PORTS as Port as u32", "8080"),
    ("usize", "64 << 20", "67108864"),
    // Methods.
    ("u8", "200u8.wrapping_add(100)", "44"),
    ("u8", "BYTE.wrapping_mul(3)", "88"),
    ("u8", "5u8.wrapping_sub(6)", "255"),
    ("i8", "i8::MIN.wrapping_neg()", "-128"),
    ("i8", "i8::MIN.wrapping_abs()", "-128"),
    ("u32", "1u32.wrapping_shl(33)", "2"),
    ("u64", "BIG.wrapping_mul(BIG)", "1"),
    ("i32", "i32::MIN.wrapping_div(-1)", "-2147483648"),
    ("u16", "3u16.wrapping_pow(11)", "46075"),
    ("u8", "BYTE.saturating_add(100)", "255"),
    ("u8", "5u8.saturating_sub(6)", "0"),
    ("i8", "i8::MIN.saturating_sub(1)", "-128"),
    ("i16", "300i16.saturating_mul(-300)", "-32768"),
    ("i32", "2i32.saturating_pow(40)", "2147483647"),
    ("u32", "2u32.pow(10)", "1024"),
    ("u64", "(WIDE as u64).pow(3)", "27000000"),
    ("i32", "(-7i32).rem_euclid(3)", "2"),
    ("i32", "(-7i32).div_euclid(3)", "-3"),
    ("u32", "7u32.div_ceil(2)", "4"),
    ("u32", "WIDE.next_power_of_two()", "512"),
    ("i32", "(-5i32).abs()", "5"),
    ("u8", "i8::MIN.unsigned_abs()", "128"),
    ("u8", "100i8.abs_diff(-100)", "200"),
    ("u32", "u32::pow(2, 5)", "32"),
    ("u8", "u8::wrapping_add(200, 100)", "44"),
    ("u8", "u8::max_value()", "255"),
    ("u32", "u64::BITS", "64"),
    ("f64", "RATIO.floor()", "2"),
];

/// Types and expressions of which no value is stated: they do not compile, or something that is not read decides.
const HOLES: &[(&str, &str)] = &[
    ("u8", "BYTE + 100"),
    ("u8", "200 + 100"),
    ("u8", "256"),
    ("i8", "128"),
    ("i32", "i32::MIN.abs()"),
    ("i8", "-(-128)"),
    ("i32", "i32::MIN / -1"),
    ("i32", "i32::MIN % -1"),
    ("u32", "WIDE - 301"),
    ("u32", "-1 as u32"),
    ("u8", "300 as u8"),
    ("u32", "1u32 << 32"),
    ("u64", "(1 << 40) as u64"),
    ("i32", "1i32 >> -1"),
    ("u32", "WIDE / 0"),
    ("u32", "2u32.pow(32)"),
    ("char", "300u32 as char"),
    ("bool", "1 as bool"),
    ("u32", "BYTE + WIDE"),
    ("u32", "3.5 + 1"),
    ("u128", "u128::MAX"),
    ("u32", "BYTE.checked_add(100)"),
    ("u32", "10n"),
];

/// Every case as a declaration of `CASE_n`, and its value.
fn declared() -> (String, Vec<Option<&'static str>>) {
    let values = VALUES.iter().map(|(ty, expression, value)| (*ty, *expression, Some(*value)));
    let all = values.chain(HOLES.iter().map(|(ty, expression)| (*ty, *expression, None)));
    let mut source = NAMED.to_owned();
    let mut expected = Vec::new();
    for (at, (ty, expression, value)) in all.enumerate() {
        source += &format!("pub const CASE_{at}: {ty} = {expression};\n");
        expected.push(value);
    }
    (source, expected)
}

#[test]
fn the_values_are_those_that_rustc_prints() {
    let mut program = format!("#![allow(warnings)]\n{NAMED}fn main() {{\n");
    for (at, (ty, expression, _)) in VALUES.iter().enumerate() {
        program += &format!("const CASE_{at}: {ty} = {expression};\nprintln!(\"{{}}\", CASE_{at});\n");
    }
    program += "}\n";
    let folder = std::env::temp_dir().join(format!("oathbook-constants-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("main.rs"), program).unwrap();
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let made =
        Command::new(rustc).args(["--edition", "2024", "main.rs"]).current_dir(&folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let ran = Command::new(folder.join("main")).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let printed = String::from_utf8(ran.stdout).unwrap();
    let expected: Vec<&str> = VALUES.iter().map(|(_, _, value)| *value).collect();
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn facts_state_the_values_of_rustc_or_none() {
    let (source, expected) = declared();
    for (at, expected) in expected.iter().enumerate() {
        let name = format!("CASE_{at}");
        let found = asked(&source, |source| source.constant(&name, &|_| None));
        assert_eq!(
            found.as_deref(),
            *expected,
            "{}",
            source.lines().find(|line| line.contains(&name)).unwrap()
        );
    }
}

fn read(source: &str) -> Extraction {
    let manifest = "[package]\nname = \"pets\"\nedition = \"2024\"\n[dependencies]\nutoipa = \"6\"\n";
    let world = MemoryWorld::new().with("Cargo.toml", manifest).with("src/lib.rs", source);
    let found = extract(&world, &Request::new(RelPath::root()), &Cache::default());
    assert_eq!(found.failure, None);
    found
}

/// The values of examples: JSON, or nothing for a hole.
fn examples(source: &str, expressions: &[String]) -> Vec<Option<serde_json::Value>> {
    let fields: String = expressions
        .iter()
        .enumerate()
        .map(|(at, expression)| format!("#[schema(example = json!({expression}))]\npub f{at}: u64,\n"))
        .collect();
    let found = read(&format!(
        "{source}#[derive(utoipa::ToSchema)]\npub struct Made {{\n{fields}}}\n#[derive(utoipa::OpenApi)]\n#[openapi(components(schemas(Made)))]\npub struct Api;\n"
    ));
    let holes: BTreeSet<&String> = found.holes.iter().flat_map(|hole| &hole.pointers).collect();
    let of = |at: usize| {
        let pointer = format!("/components/schemas/Made/properties/f{at}/example");
        let value = found.document.as_ref().unwrap().pointer(&pointer).cloned();
        if holes.contains(&pointer) { None } else { Some(value.unwrap()) }
    };
    (0..expressions.len()).map(of).collect()
}

/// A printed value as serde writes it to JSON; none for what JSON cannot hold.
fn json(ty: &str, printed: &str) -> Option<serde_json::Value> {
    Some(match ty {
        "char" => printed.into(),
        "bool" => (printed == "true").into(),
        "f32" => f64::from(printed.parse::<f32>().unwrap()).into(),
        "f64" => printed.parse::<f64>().unwrap().into(),
        _ => match (printed.parse::<u64>(), printed.parse::<i64>()) {
            (Ok(value), _) => value.into(),
            (_, Ok(value)) => value.into(),
            _ => return None,
        },
    })
}

#[test]
fn documents_hold_the_values_of_rustc_or_holes() {
    let (source, expected) = declared();
    let names: Vec<String> = (0..expected.len()).map(|at| format!("CASE_{at}")).collect();
    let found = examples(&source, &names);
    for (at, (found, expected)) in found.into_iter().zip(expected).enumerate() {
        let ty = VALUES.get(at).map_or("", |(ty, ..)| *ty);
        let line = source.lines().find(|line| line.contains(&format!("CASE_{at}:"))).unwrap();
        assert_eq!(found, expected.and_then(|printed| json(ty, printed)), "{line}");
    }
}

/// What functions, variables, fields and variants say of types. The values are those of rustc 1.95 and serde_json.
#[test]
fn types_are_followed_through_functions_variables_fields_and_variants() {
    let source = format!(
        "{NAMED}
        fn twice(value: u8) -> u32 {{ value as u32 * 2 }}
        fn high() -> u64 {{ 1 << 40 }}
        fn early(yes: bool) -> i8 {{ if yes {{ return -1; }} 1 << 6 }}
        fn counted() -> u8 {{ let mut all: u8 = 250; all += 3; all <<= 1; all ^= 0x0F; all }}
        fn hidden() -> u64 {{ let one = 1; takes(one); (one << 31) as u64 }}
        fn takes(_: u64) {{}}
        fn looped() -> u32 {{ let mut n = 1; while n < 9 {{ n += 1; }} n }}
        fn maybe() -> u32 {{ let mut n = 1; if std::env::var(\"X\").is_ok() {{ n = 2; }} n }}
        fn summed() -> u32 {{ let mut n = 1; for one in [2, 3] {{ n *= one; }} n }}
        fn sized(size: usize) -> usize {{ size }}
        #[derive(serde::Serialize)]
        struct Limits {{ size: u64, rate: f32, small: Option<u8> }}
        fn limits() -> Limits {{ Limits {{ size: 3 << 33, rate: 0.1, small: Some(1 << 7) }} }}
        #[repr(u8)]
        enum Level {{ Low = 1 << 2, Middle, High = !0 }}
        struct Own;
        impl Own {{
            const MASK: u16 = !0xFF;
            fn shifted(&self, by: u16) -> u16 {{ by >> 4 }}
        }}
        fn shift() -> u16 {{ Own.shifted(!0 << 8) }}
        "
    );
    let cases: &[(&str, Option<serde_json::Value>)] = &[
        ("twice(200)", Some(400.into())),
        ("high()", Some((1_u64 << 40).into())),
        ("early(true)", Some((-1).into())),
        ("early(false)", Some(64.into())),
        // 250 + 3 is 253; one to the left 250; 250 ^ 15 is 245.
        ("counted()", Some(245.into())),
        ("hidden()", None),
        ("looped()", None),
        ("maybe()", None),
        ("summed()", Some(6.into())),
        ("sized(1 << 35)", Some((1_u64 << 35).into())),
        ("limits()", Some(serde_json::json!({"size": 3_u64 << 33, "rate": 0.1_f32, "small": 128}))),
        ("Level::Low as u8", Some(4.into())),
        ("Level::Middle as u32", Some(5.into())),
        ("Level::High as i32", Some(255.into())),
        ("Level::High as u8 as i8", Some((-1).into())),
        ("Own::MASK", Some(65280.into())),
        ("shift()", Some(4080.into())),
        ("WIDE as u8", Some(44.into())),
        ("-1i32 as u32", Some(4_294_967_295_u32.into())),
        ("1 << 31", Some((-2_147_483_648_i64).into())),
        ("(1 << 4 | 1) as u64", Some(17.into())),
        ("300 as Unknown", None),
        ("u32::MAX", Some(u32::MAX.into())),
        ("u64::from(BYTE) << 8", Some(51_200.into())),
        ("[1 << 2, 3]", Some(serde_json::json!([4, 3]))),
        ("format!(\"{} {}\", WIDE as u8, SINGLE)", Some("44 0.1".into())),
    ];
    let expressions: Vec<String> = cases.iter().map(|(expression, _)| (*expression).to_owned()).collect();
    for (found, (expression, expected)) in examples(&source, &expressions).into_iter().zip(cases) {
        assert_eq!(found, *expected, "{expression}");
    }
}

#[test]
fn defaults_have_the_type_of_their_field() {
    let source = "#[derive(Parser)]\nstruct Args {\n #[arg(long, default_value_t = 1 << 33)]\n size: Option<u64>,\n #[arg(long, default_value_t = !0)]\n mask: u8,\n #[arg(long, default_value_t = (1 << 3) as u8)]\n low: u8,\n}\n#[derive(Deserialize)]\nstruct Conf {\n #[serde(default = \"port\")]\n port: u16,\n big: u64,\n}\nfn port() -> u16 { 0xFFFF << 4 }\nimpl Default for Conf { fn default() -> Self { Self { port: 1, big: 1 << 40 } } }";
    let of = |owner: &str, field: &str| asked(source, |source| source.default(owner, field, &|_| None));
    assert_eq!(of("Args", "size").as_deref(), Some("8589934592"));
    assert_eq!(of("Args", "mask").as_deref(), Some("255"));
    assert_eq!(of("Args", "low").as_deref(), Some("8"));
    assert_eq!(of("Conf", "port").as_deref(), Some("65520"));
    assert_eq!(of("Conf", "big").as_deref(), Some("1099511627776"));
}
