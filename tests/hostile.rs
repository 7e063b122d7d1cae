//! Documents that are meant to hurt: what reads them must end, soon and with a finding. Tests and the benchmark of API
//! pages use them.

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";

/// A document whose only operation takes and gives a schema.
fn body(schema: &str) -> String {
    format!(
        "{HEAD}paths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, responses: {{'200': {{description: '', content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}\n"
    )
}

/// Documents that are wrong in every way a document can be.
pub fn documents() -> Vec<(&'static str, String)> {
    let fields = |count: usize, schema: &str| -> String {
        let all: Vec<String> = (0..count).map(|n| format!("f{n}: {schema}")).collect();
        format!("{{type: object, properties: {{{}}}}}", all.join(", "))
    };
    let reference = "{$ref: '#/components/schemas/A'}";
    let deep = (0..100).fold("{type: string}".to_owned(), |inner, n| match n % 3 {
        0 => format!("{{type: object, properties: {{a: {inner}}}}}"),
        1 => format!("{{type: array, items: {inner}}}"),
        _ => format!("{{oneOf: [{inner}, {{type: integer}}]}}"),
    });
    let choices: Vec<&str> = (0..1000).map(|_| reference).collect();
    let with = |schema: &str, components: &str| {
        format!("{}components: {{schemas: {{{components}}}}}\n", body(schema))
    };
    let operations: String = (0..10_000)
        .map(|n| format!("  /p{n}: {{get: {{responses: {{'200': {{description: x}}}}}}}}\n"))
        .collect();
    vec![
        ("a circle", with(reference, &format!("A: {reference}"))),
        (
            "a circle of parts",
            with(
                reference,
                &format!("A: {{allOf: [{reference}, {reference}], properties: {{a: {reference}}}}}"),
            ),
        ),
        ("100 levels", body(&deep)),
        ("10,000 fields", with(reference, &format!("A: {}", fields(10_000, "{type: string}")))),
        ("10,000 fields in place", body(&fields(10_000, "{type: string}"))),
        ("fields of themselves", with(reference, &format!("A: {}", fields(3_000, reference)))),
        ("1,000 variants of themselves", with(reference, &format!("A: {{oneOf: [{}]}}", choices.join(", ")))),
        ("10,000 operations", format!("{HEAD}paths:\n{operations}")),
    ]
    .into_iter()
    .chain(others())
    .collect()
}

/// Documents that are wrong rather than large.
fn others() -> Vec<(&'static str, String)> {
    vec![
        (
            "wrong types",
            "openapi: [1]\ninfo: 7\ntags: {a: 1}\nservers: x\npaths: {/a: {parameters: 3, get: {tags: 4, parameters: [1, {name: 2, in: 3}], requestBody: [], responses: [1], security: 9, operationId: {}}, post: [], put: 7}, /b: 8}\ncomponents: {schemas: [1], securitySchemes: {a: 1}}\nwebhooks: 3\n".to_owned(),
        ),
        (
            "wrong schemas",
            body(
                "{type: 7, properties: [1], required: {a: 1}, enum: 3, oneOf: {a: 1}, allOf: 2, items: [3], minimum: x, maxLength: [], pattern: {}, discriminator: 4, default: {a: [1]}, additionalProperties: 5}",
            ),
        ),
        ("remote references", body("{$ref: 'https://example.com/a.json#/x'}")),
        (
            "names with everything",
            body(
                "{type: object, properties: {'<script>\"a b/..': {type: string}, '': {type: string}, 'é 😀': {type: object, properties: {'#': {type: string}}}}}",
            ),
        ),
        ("nothing", "null\n".into()),
        ("aliases that multiply", bomb("[*l, *l, *l, *l, *l, *l, *l, *l]")),
        ("merge keys that multiply", bomb("{<<: [*l, *l, *l, *l], a: *l, b: *l}")),
        ("70,000 levels", "[".repeat(70_000)),
        ("a number without an end", format!("{HEAD}paths: {{/a: {{get: {{x: 1e{}}}}}}}\n", "9".repeat(100_000))),
        ("a pattern that multiplies", body("{type: string, pattern: '(((((a{100}){100}){100}){100}){100}){100}', example: aaaa}")),
    ]
}

/// YAML whose 30 lines unfold to more than any memory holds.
fn bomb(step: &str) -> String {
    let mut out = String::from("openapi: 3.1.0\nx-l0: &l0 {a: 1, b: [2, 3]}\n");
    for level in 1..30 {
        out.push_str(&format!("x-l{level}: &l{level} {}\n", step.replace("*l", &format!("*l{}", level - 1))));
    }
    out + "info: {title: T, version: '1'}\npaths: {}\n"
}
