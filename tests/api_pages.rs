//! Pages of APIs: what a caller finds on them, and what hostile documents do to them.

use crate::hostile;
use crate::support::build;
use oathbook::base::RelPath;
use oathbook::world::MemoryWorld;
use std::collections::{BTreeMap, BTreeSet};

const BOOK: &str = "[book]\ntitle = \"Handbook\"\n\n[openapi.shop]\nsources = [{ file = \"shop.yaml\" }]\ndocument = \"shop.yaml\"\nerror-codes = \"Code\"\n\n[output.html]\ngit-repository-url = \"https://github.com/example/shop\"\n";

fn world(document: &str) -> MemoryWorld {
    MemoryWorld::new()
        .with("book.toml", BOOK)
        .with("shop.yaml", document)
        .with("src/SUMMARY.md", "# Summary\n\n- [Start](start.md)\n- [Stock](stock.md)\n")
        .with("src/start.md", "# Start\n\nFirst [order](api:createOrder) an [Order](api:shop/Order), see [code](api:out_of_stock).\n")
        .with("src/stock.md", "---\nkind: runbook\nerror-codes: [out_of_stock]\n---\n# Stock is empty\n")
}

/// A site whose only API is the shop.
pub fn shop() -> BTreeMap<String, String> {
    build(&world(include_str!("data/api-pages/shop.yaml")), &RelPath::root(), &[])
}

/// The part of a page from an id on to the next section.
fn section<'p>(page: &'p str, id: &str) -> &'p str {
    let from = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("there is no id {id}"));
    let rest = &page[from..];
    rest.find("</section>").map_or(rest, |to| &rest[..to])
}

/// A field's term and description.
fn field<'p>(page: &'p str, id: &str) -> &'p str {
    let section = section(page, id);
    section[1..].find("<div id=").map_or(section, |to| &section[..to])
}

#[test]
fn every_thing_of_an_api_has_a_page_and_an_id() {
    let site = shop();
    let pages: Vec<&str> = site.keys().filter_map(|name| name.strip_prefix("api/shop/")).collect();
    assert_eq!(
        pages,
        [
            "errors.html",
            "errors.md",
            "index.html",
            "index.md",
            "openapi.json",
            "operations.html",
            "operations.md",
            "orders.html",
            "orders.md",
            "schemas.html",
            "schemas.md",
            "webhooks.html",
            "webhooks.md"
        ]
    );
    let orders = &site["api/shop/orders.html"];
    for id in [
        "listOrders",
        "listOrders.query.limit",
        "listOrders.header.X-Trace",
        "listOrders.200",
        "listOrders.200.X-Total",
        "listOrders.429",
        "createOrder.body",
        "createOrder.body.items",
        "createOrder.body.items.sku",
        "createOrder.body.payment.Card.number",
        "createOrder.422",
    ] {
        assert!(orders.contains(&format!("id=\"{id}\"")), "there is no id {id}");
    }
    assert!(site["api/shop/schemas.html"].contains("id=\"Order.status\""));
    assert!(site["api/shop/webhooks.html"].contains("Stock has changed"));
    assert!(site["api/shop/webhooks.html"].contains("The order is paid"));
    assert!(site["api/shop/errors.html"].contains("id=\"error-out_of_stock\""));
}

#[test]
fn links_and_ids_of_api_pages_hold() {
    let site = shop();
    let quoted = |text: &str, mark: &str| -> Vec<String> {
        text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let ids: BTreeMap<&str, Vec<String>> =
        site.iter().map(|(name, text)| (name.as_str(), quoted(text, " id=\""))).collect();
    let mut followed = 0;
    for (name, text) in site.iter().filter(|(name, _)| name.starts_with("api/") && name.ends_with(".html")) {
        let unique: BTreeSet<&String> = ids[name.as_str()].iter().collect();
        assert_eq!(unique.len(), ids[name.as_str()].len(), "{name} has an id twice");
        for href in quoted(text, "href=\"").into_iter().filter(|href| !href.contains("://")) {
            let (path, id) = href.split_once('#').unwrap_or((&href, ""));
            let mut folder: Vec<&str> = name.split('/').collect();
            if !path.is_empty() {
                folder.pop();
                for part in path.split('/') {
                    if part == ".." {
                        folder.pop();
                    } else {
                        folder.push(part);
                    }
                }
            }
            let target = folder.join("/");
            assert!(site.contains_key(&target), "{name}: {href} leads nowhere");
            if !id.is_empty() {
                assert!(ids[target.as_str()].iter().any(|known| known == id), "{name}: no id for {href}");
                followed += 1;
            }
        }
    }
    assert!(followed > 60, "only {followed} links were followed");
}

#[test]
fn a_caller_reads_what_the_document_says() {
    let site = shop();
    let orders = &site["api/shop/orders.html"];
    let limit = field(orders, "listOrders.query.limit");
    assert!(limit.contains("1 to 100") && limit.contains("<code>20</code> if not given"), "{limit}");
    let list = section(orders, "listOrders");
    assert!(list.contains(">List orders<") && list.contains("deprecated, goes away on 2027-01-31"), "{list}");
    assert!(list.contains("60 requests per minute per key"));
    assert!(field(orders, "listOrders.query.status").contains("given once for each item"));
    let create = section(orders, "createOrder");
    assert!(
        create.contains("<a href=\"index.html#auth-oauth\">oauth</a> with <code>orders.write</code>, or"),
        "{create}"
    );
    assert!(create.contains("<code>kind: card</code> <small>Card</small>"), "{create}");
    assert!(!create.contains("id=\"createOrder.body.id\""), "what the server makes is not sent");
    let count = field(orders, "createOrder.body.items.count");
    assert!(count.contains("more than 0"), "{count}");
    let limits = field(orders, "createOrder.body.limits");
    assert!(limits.contains("map of number"), "{limits}");
    let schemas = &site["api/shop/schemas.html"];
    let id = field(schemas, "Order.id");
    assert!(
        id.contains("from <a href=\"schemas.html#Base\">Base</a>") && id.contains("only received"),
        "{id}"
    );
    assert!(field(schemas, "Order.note").contains("string or null"));
    assert!(field(schemas, "Order.parent").contains("<a href=\"schemas.html#Order\">Order</a> or null"));
    assert!(section(schemas, "Status").contains("<td><code>open</code></td><td>Waits for payment</td>"));
    assert!(
        orders.contains("href=\"https://github.com/example/shop/blob/HEAD/shop.yaml#L19\""),
        "the source's line"
    );
}

#[test]
fn an_error_code_leads_to_its_runbook_and_to_the_operations_that_answer_it() {
    let site = shop();
    let code = field(&site["api/shop/errors.html"], "error-out_of_stock");
    assert!(code.contains("There is not enough of it."), "{code}");
    assert!(code.contains("<a href=\"../../stock.html\">"), "{code}");
    assert!(
        code.contains("<b class=\"status bad\">422</b>") && code.contains("orders.html#createOrder"),
        "{code}"
    );
    let create = section(&site["api/shop/orders.html"], "createOrder");
    assert!(create.contains("<a href=\"errors.html#error-out_of_stock\">"), "{create}");
}

#[test]
fn samples_and_examples_are_what_the_document_gives() {
    let site = shop();
    let text = |page: &str| {
        let mut out = String::new();
        let mut inside = false;
        for c in page.chars() {
            inside = (inside || c == '<') && c != '>';
            if !inside && c != '>' {
                out.push(c);
            }
        }
        out.replace("&quot;", "\"").replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")
    };
    let list = text(section(&site["api/shop/orders.html"], "listOrders"));
    assert!(list.contains("https://eu.shop.example/v2/orders?q=red%20shoes"), "{list}");
    assert!(list.contains("-H \"X-Api-Key: $API_KEY\""), "{list}");
    assert!(list.contains("os.environ['API_KEY']") && list.contains("process.env.API_KEY"), "{list}");
    assert!(list.contains("reqwest::Client::new()") && list.contains(".get("), "{list}");
    let create = text(section(&site["api/shop/orders.html"], "createOrder"));
    assert!(create.contains("\"number\": \"4111\"") && create.contains("By invoice"), "{create}");
    assert!(create.contains("Bearer $TOKEN"), "{create}");
    let delete = text(section(&site["api/shop/operations.html"], "deleteOrder"));
    assert!(delete.contains("-X DELETE") && !delete.contains("API_KEY"), "{delete}");
}

#[test]
fn a_description_brings_no_markup_of_its_own() {
    let page = &shop()["api/shop/index.html"];
    let main = &page[page.find("<main>").unwrap()..page.find("</main>").unwrap()];
    assert!(!main.contains("<script") && !main.contains("<img"), "{main}");
    assert_eq!(main.matches("<h1").count(), 1);
    assert!(!page.contains(" style=") && !page.contains("<style"));
}

#[test]
fn guides_link_operations_by_id_and_the_search_finds_them() {
    let site = shop();
    let start = &site["start.html"];
    for to in [
        "api/shop/orders.html#createOrder",
        "api/shop/schemas.html#Order",
        "api/shop/errors.html#error-out_of_stock",
    ] {
        assert!(start.contains(&format!("href=\"{to}\"")), "{start}");
    }
    let found =
        |wanted: &str| site.iter().any(|(name, text)| name.starts_with("search/d-") && text.contains(wanted));
    assert!(found("api/shop/orders.html#createOrder") && found("api/shop/errors.html#error-rate_limited"));
    assert!(found("api/shop/orders.html#listOrders.query.limit"));
}

#[test]
fn the_twin_and_the_raw_document_say_the_same() {
    let site = shop();
    assert!(
        site["api/shop/orders.md"].contains("- `limit` (query, integer): How many."),
        "{}",
        site["api/shop/orders.md"]
    );
    let raw: serde_json::Value = serde_json::from_str(&site["api/shop/openapi.json"]).unwrap();
    assert_eq!(raw["info"]["version"], "2.3.0");
}

#[test]
fn hostile_documents_end_soon_as_pages_and_as_changes() {
    use oathbook::base::Date;
    use oathbook::openapi::Document;
    use oathbook::openapi::diff::{Options, compare};
    let file = RelPath::parse("shop.yaml").unwrap();
    let mut last: Option<Document> = None;
    for (name, text) in hostile::documents() {
        let began = std::time::Instant::now();
        let site = build(&world(&text), &RelPath::root(), &[]);
        let pages = site.iter().filter(|(name, _)| name.starts_with("api/") && name.ends_with(".html"));
        let largest = pages.map(|(_, text)| text.len()).max().unwrap_or(0);
        assert!(largest < 900_000, "{name}: a page of {largest} bytes");
        let document = Document::parse(&file, &text);
        let options = Options { today: Date::from_days(20_000), grace_days: 0 };
        compare(&document.root, &document.root, options);
        if let Some(last) = &last {
            compare(&last.root, &document.root, options);
            compare(&document.root, &last.root, options);
        }
        last = Some(document);
        println!("{name}: {:.2} s, largest page {largest} bytes", began.elapsed().as_secs_f32());
        // By the clock, unoptimised; the test below counts CPU time.
        assert!(began.elapsed().as_secs() < 20, "{name} takes {:?}", began.elapsed());
    }
}

/// The shell lets the program have so many seconds of CPU and so much memory: the bars are 2 s and 500 MB for a release
/// build; an unoptimised one takes about eight times as long.
#[test]
fn hostile_documents_are_findings_within_two_seconds_and_500_megabytes() {
    let seconds = if cfg!(debug_assertions) { 16 } else { 2 };
    let folder = std::env::temp_dir().join(format!("oathbook-hostile-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::write(folder.join("book.toml"), BOOK).unwrap();
    std::fs::write(folder.join("src/SUMMARY.md"), "- [Start](start.md)\n").unwrap();
    std::fs::write(folder.join("src/start.md"), "# Start\n").unwrap();
    for (name, text) in hostile::documents() {
        std::fs::write(folder.join("shop.yaml"), text).unwrap();
        let limited = format!(
            "ulimit -t {seconds}; ulimit -v 500000; exec \"$0\" check --quiet --pedantic --color never"
        );
        let done = std::process::Command::new("sh")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_oathbook")])
            .current_dir(&folder)
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&done.stdout);
        let err = String::from_utf8_lossy(&done.stderr);
        assert!(matches!(done.status.code(), Some(0 | 1)), "{name}: {:?} {out}{err}", done.status);
        assert!(out.contains("[openapi-") && !err.contains("panicked"), "{name}: no finding: {out}{err}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
