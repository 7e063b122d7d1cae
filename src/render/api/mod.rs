//! Pages of an API, made from its document: an overview, one page for each tag, webhooks, schemas, error codes. Static
//! HTML: what a page shows it shows without scripts.
//!
//! A page that would be long is split between operations. Shared schemas are unfolded in place to a few levels and to
//! so many fields for each body; below that stands a link to the page of schemas, where each is written once.

mod catalogue;
mod html;
mod operation;
mod overview;
mod samples;
mod schema;
mod site;
mod twin;
mod words;

use crate::base::{UniqueNames, parallel_map};
use crate::diag::Place;
use crate::openapi::codes::{Code, codes};
use crate::openapi::node::Node;
use crate::openapi::{Document, Operation};
use html::{attribute, file_name, slug, text};
use operation::Section;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// Bytes of HTML on a page before the next begins. Such pages compress about eightfold, and 60 KB is what a page may
/// weigh.
const PAGE: usize = 300_000;

/// A line of a source file.
pub struct Origin {
    /// `src/a.rs:12`.
    pub name: String,
    /// Its address on a forge, if that is known.
    pub address: Option<String>,
}

/// What a place is called, if its file can be read.
type Locate<'l> = &'l (dyn Fn(&Place) -> Option<Origin> + Sync);

/// What a reference is made from.
pub struct Source<'s> {
    /// The document's name in the configuration.
    pub name: &'s str,
    /// The document.
    pub document: &'s Document,
    /// The schema whose values are the error codes.
    pub error_codes: Option<&'s str>,
    /// Runbooks by the error code they help with: title and address from the site's root.
    pub runbooks: &'s BTreeMap<String, Vec<(String, String)>>,
    /// The page that explains the error codes: title and address from an API's folder.
    pub catalogue: Option<(String, String)>,
    /// What a contract probe saw of an operation, by `GET /pets`.
    pub probed: &'s BTreeMap<String, String>,
    /// What a place is called.
    pub locate: Locate<'s>,
}

/// The pages of one API.
#[derive(Debug, Default)]
pub struct Reference {
    /// Its folder on the site, `api/NAME`.
    pub folder: String,
    /// The API's title.
    pub title: String,
    /// Its pages in reading order.
    pub pages: Vec<ApiPage>,
    /// Addresses of operations by id, of schemas by name and of error codes, from the site's root.
    pub addresses: BTreeMap<String, String>,
    /// What is searched.
    pub records: Vec<Record>,
    /// The document, as JSON.
    pub raw: String,
}

/// A page of an API.
#[derive(Debug)]
pub struct ApiPage {
    /// Below the folder.
    pub file: String,
    /// For the navigation.
    pub title: String,
    /// What `<main>` holds.
    pub body: String,
    /// Its sections: title, id, and the method if it is an operation.
    pub sections: Vec<(String, String)>,
    /// Its Markdown twin.
    pub markdown: String,
}

/// Something that is found by the search.
#[derive(Debug)]
pub struct Record {
    /// What sort of thing: `operation`, `field`, `error code`, `schema`.
    pub kind: &'static str,
    /// What is shown first.
    pub title: String,
    /// The thing itself.
    pub heading: String,
    /// From the site's root.
    pub url: String,
    /// What is said of it.
    pub text: String,
}

/// Operations of one tag.
struct Group<'d> {
    title: String,
    description: Option<String>,
    /// Its first page.
    file: String,
    operations: Vec<Placed<'d>>,
}

/// An operation and where it stands, from the folder.
struct Placed<'d> {
    operation: Operation<'d>,
    id: String,
    address: String,
}

/// What sections are written with.
struct Writer<'w> {
    document: &'w Document,
    schemas: HashMap<String, String>,
    codes: HashMap<String, String>,
    runbooks: &'w BTreeMap<String, Vec<(String, String)>>,
    catalogue: Option<&'w (String, String)>,
    probed: &'w BTreeMap<String, String>,
    source: Locate<'w>,
}

impl Writer<'_> {
    /// Where a component's schema stands, as an attribute's value.
    fn schema_link(&self, name: &str) -> Option<String> {
        self.schemas.get(name).map(|address| attribute(address))
    }
}

/// The switch of the samples' language: one for the page, so that no script is needed to keep all samples in step.
fn language_switch(html: &mut String) {
    html.push_str("<fieldset class=\"langs-all\"><legend>Samples in</legend>");
    for (number, (label, _)) in samples::LANGUAGES.iter().enumerate() {
        let checked = if number == 0 { " checked" } else { "" };
        let _ = write!(
            html,
            "<input type=\"radio\" name=\"lang\" id=\"lang-{number}\" aria-label=\"{label}\"{checked}><label for=\"lang-{number}\">{label}</label>"
        );
    }
    html.push_str("</fieldset>\n");
}

impl Reference {
    /// Makes the pages.
    pub fn build(source: &Source<'_>) -> Self {
        let document = source.document;
        let info = document.root.get("info");
        let title = info.and_then(|info| info.get_text("title")).unwrap_or(source.name).trim().to_owned();
        let mut files = UniqueNames::default();
        for taken in ["index", "schemas", "webhooks", "errors", "openapi"] {
            files.take(taken);
        }
        let codes = source.error_codes.map(|schema| codes(document, schema)).unwrap_or_default();
        let code_address =
            |code: &Code| (code.name.clone(), format!("errors.html#{}", catalogue::id(&code.name)));
        let mut writer = Writer {
            document,
            schemas: HashMap::new(),
            codes: codes.iter().map(code_address).collect(),
            runbooks: source.runbooks,
            catalogue: source.catalogue.as_ref(),
            probed: source.probed,
            source: source.locate,
        };
        let folder = format!("api/{}", source.name);
        let mut made = Made { folder: folder.clone(), ..Made::default() };
        writer.schemas = schema_addresses(document);
        let mut groups = groups(document, &mut files);
        for group in &mut groups {
            made.operations(&writer, group, &mut files);
        }
        let mut hooks = webhooks(document);
        if let Some(hooks) = &mut hooks {
            made.operations(&writer, hooks, &mut files);
        }
        made.schemas(&writer);
        made.codes(&writer, &codes, &groups);
        let others = made.others();
        let others: Vec<(&str, &str)> =
            others.iter().map(|(title, file)| (title.as_str(), file.as_str())).collect();
        let body = writer.overview(&title, &groups, &others, "openapi.json");
        let markdown = writer.overview_twin(&title, &groups);
        let mut pages = vec![ApiPage {
            file: "index.html".into(),
            title: title.clone(),
            body,
            sections: Vec::new(),
            markdown,
        }];
        pages.append(&mut made.pages);
        let addresses =
            made.addresses.into_iter().map(|(name, to)| (name, format!("{folder}/{to}"))).collect();
        Self { folder, title, pages, addresses, records: made.records, raw: document.root.to_json() + "\n" }
    }
}

/// Pages as they are made.
#[derive(Default)]
struct Made {
    folder: String,
    pages: Vec<ApiPage>,
    addresses: BTreeMap<String, String>,
    records: Vec<Record>,
}

impl Made {
    /// The pages of a group of operations.
    fn operations<'d>(&mut self, writer: &Writer<'d>, group: &mut Group<'d>, files: &mut UniqueNames) {
        let sections =
            parallel_map(&group.operations, |placed| writer.operation(&placed.operation, &placed.id));
        let packed = pack(sections);
        let several = packed.len() > 1;
        let mut at = 0;
        let mut parts = Vec::new();
        for (number, part) in packed.into_iter().enumerate() {
            let stem = group.file.trim_end_matches(".html").to_owned();
            let file = if number == 0 {
                group.file.clone()
            } else {
                files.take(&format!("{stem}-{}", number + 1)) + ".html"
            };
            let file = file.replace(".html.html", ".html");
            for section in &part {
                group.operations[at].address = format!("{file}#{}", section.id);
                at += 1;
            }
            parts.push((file, part));
        }
        let mut from = 0;
        for (number, (file, part)) in parts.into_iter().enumerate() {
            let title =
                if several { format!("{} ({})", group.title, number + 1) } else { group.title.clone() };
            let mut body = format!("<h1>{}</h1>\n", text(&title));
            if number == 0
                && let Some(said) = &group.description
            {
                html::prose(said, &mut body);
            }
            let own = &group.operations[from..from + part.len()];
            from += part.len();
            writer.index(own, &mut body);
            if part.iter().any(|section| section.html.contains("class=\"sample\"")) {
                language_switch(&mut body);
            }
            let markdown = writer.operations_twin(&title, own);
            let sections = self.record(&file, &group.title, &part, "operation");
            body.extend(part.iter().map(|section| section.html.as_str()));
            self.pages.push(ApiPage { file, title, body, sections, markdown });
        }
        for placed in &group.operations {
            if let Some(id) = placed.operation.id() {
                self.addresses.entry(id.to_owned()).or_insert_with(|| placed.address.clone());
            }
        }
    }

    /// Notes sections for the search; the lines of the navigation.
    fn record(
        &mut self,
        file: &str,
        title: &str,
        part: &[Section],
        kind: &'static str,
    ) -> Vec<(String, String)> {
        for section in part {
            let url = |id: &str| format!("{}/{file}#{id}", self.folder);
            self.records.push(Record {
                kind,
                title: section.title.clone(),
                heading: title.to_owned(),
                url: url(&section.id),
                text: section.text.clone(),
            });
            for found in &section.found {
                self.records.push(Record {
                    kind: "field",
                    title: found
                        .name
                        .rsplit(['.', '[', ']'])
                        .find(|part| !part.is_empty())
                        .unwrap_or("")
                        .to_owned(),
                    heading: section.title.clone(),
                    url: url(&found.id),
                    text: found.text.clone(),
                });
            }
        }
        part.iter().map(|section| (section.title.clone(), section.id.clone())).collect()
    }

    /// The pages of schemas.
    fn schemas(&mut self, writer: &Writer<'_>) {
        let all = writer.document.schemas();
        if all.is_empty() {
            return;
        }
        let names: Vec<(&str, &Node)> = all.iter().map(|(entry, at)| (&*entry.key, at.node)).collect();
        let sections = parallel_map(&names, |(name, node)| schema_section(writer, name, node));
        let mut by_file: BTreeMap<usize, (String, Vec<Section>)> = BTreeMap::new();
        for section in sections {
            let address = writer.schemas.get(&section.title).map_or("schemas.html", String::as_str);
            let file = address.split('#').next().unwrap_or("schemas.html").to_owned();
            let number = file.trim_start_matches("schemas-").trim_end_matches(".html").parse().unwrap_or(1);
            by_file.entry(number).or_insert_with(|| (file, Vec::new())).1.push(section);
        }
        let several = by_file.len() > 1;
        for (number, (file, part)) in by_file {
            let title = if several { format!("Schemas ({number})") } else { "Schemas".to_owned() };
            let mut body = format!("<h1>{}</h1>\n<ul class=\"names\">\n", text(&title));
            for section in &part {
                let _ = writeln!(
                    body,
                    "<li><a href=\"#{}\">{}</a></li>",
                    attribute(&section.id),
                    text(&section.title)
                );
            }
            body.push_str("</ul>\n");
            body.extend(part.iter().map(|section| section.html.as_str()));
            for section in &part {
                self.addresses
                    .entry(section.title.clone())
                    .or_insert_with(|| format!("{file}#{}", section.id));
            }
            let sections = self.record(&file, "Schemas", &part, "schema");
            let markdown = writer.schemas_twin(&title, part.iter().map(|section| section.title.as_str()));
            self.pages.push(ApiPage { file, title, body, sections, markdown });
        }
    }

    /// The page of error codes.
    fn codes(&mut self, writer: &Writer<'_>, codes: &[Code], groups: &[Group<'_>]) {
        if codes.is_empty() {
            return;
        }
        let operations: Vec<&Placed<'_>> = groups.iter().flat_map(|group| &group.operations).collect();
        let body = writer.catalogue(codes, &operations);
        for code in codes {
            let address = format!("errors.html#{}", catalogue::id(&code.name));
            self.records.push(Record {
                kind: "error code",
                title: code.name.clone(),
                heading: "Error codes".into(),
                url: format!("{}/{address}", self.folder),
                text: code.about.clone().unwrap_or_default(),
            });
            self.addresses.entry(code.name.clone()).or_insert(address);
        }
        let markdown = writer.codes_twin(codes);
        self.pages.push(ApiPage {
            file: "errors.html".into(),
            title: "Error codes".into(),
            body,
            sections: Vec::new(),
            markdown,
        });
    }

    /// Pages that the overview lists beside the operations: webhooks, schemas, error codes.
    fn others(&self) -> Vec<(String, String)> {
        let wanted = |page: &&ApiPage| {
            ["schemas", "webhooks", "errors"].iter().any(|stem| page.file.starts_with(stem))
        };
        self.pages.iter().filter(wanted).map(|page| (page.title.clone(), page.file.clone())).collect()
    }
}

/// Sections in pages, none of them cut.
fn pack(sections: Vec<Section>) -> Vec<Vec<Section>> {
    let mut out: Vec<Vec<Section>> = Vec::new();
    let mut size = 0;
    for section in sections {
        if out.is_empty() || size + section.html.len() > PAGE {
            out.push(Vec::new());
            size = 0;
        }
        size += section.html.len();
        if let Some(last) = out.last_mut() {
            last.push(section);
        }
    }
    out
}

/// Operations by their first tag, tags in the document's order.
fn groups<'d>(document: &'d Document, files: &mut UniqueNames) -> Vec<Group<'d>> {
    const REST: &str = "Operations";
    let tags = document.root.get("tags").map(Node::list).unwrap_or_default();
    let mut order: Vec<(&str, Option<&Node>)> =
        tags.iter().filter_map(|tag| Some((tag.get_text("name")?, Some(tag)))).collect();
    let mut by_tag: HashMap<&str, Vec<Operation<'d>>> = HashMap::new();
    for operation in document.operations() {
        let tag = operation.tags().next().unwrap_or(REST);
        if !by_tag.contains_key(tag) && !order.iter().any(|(known, _)| *known == tag) {
            order.push((tag, None));
        }
        by_tag.entry(tag).or_default().push(operation);
    }
    let mut ids = UniqueNames::default();
    let mut out = Vec::new();
    for (tag, said) in order {
        // A tag that is listed twice has its operations once.
        let Some(operations) = by_tag.remove(tag) else { continue };
        let title = said.and_then(|said| said.get_text("summary").or_else(|| said.get_text("x-displayName")));
        let file = file_name(tag, files) + ".html";
        let description = said.and_then(|said| said.get_text("description")).map(str::to_owned);
        let operations = place(operations, &mut ids, &file);
        out.push(Group { title: title.unwrap_or(tag).to_owned(), description, file, operations });
    }
    out
}

fn place<'d>(operations: Vec<Operation<'d>>, ids: &mut UniqueNames, file: &str) -> Vec<Placed<'d>> {
    let one = |operation: Operation<'d>| {
        let name = operation.id().map_or_else(|| slug(&operation.name()), slug);
        let id = ids.take(&name);
        Placed { address: format!("{file}#{id}"), id, operation }
    };
    operations.into_iter().map(one).collect()
}

/// Webhooks and callbacks: requests that the API sends.
fn webhooks(document: &Document) -> Option<Group<'_>> {
    let own = document.operations().len();
    let sent: Vec<Operation<'_>> = document.all_operations().into_iter().skip(own).collect();
    if sent.is_empty() {
        return None;
    }
    let file = "webhooks.html".to_owned();
    let operations = place(sent, &mut UniqueNames::default(), &file);
    let description = Some("Requests that the API sends to an address of yours.".to_owned());
    Some(Group { title: "Webhooks".into(), description, file, operations })
}

/// Where each schema will stand: pages are cut by the schemas' own size, so that links are known before pages are
/// written.
fn schema_addresses(document: &Document) -> HashMap<String, String> {
    /// Bytes of HTML for a byte of a schema on one line.
    const GROWTH: usize = 4;
    let mut ids = UniqueNames::default();
    let (mut size, mut number) = (0, 1);
    let mut out = HashMap::new();
    for (entry, at) in document.schemas() {
        let grown = at.node.to_line().len() * GROWTH + 400;
        if size > 0 && size + grown > PAGE {
            number += 1;
            size = 0;
        }
        size += grown;
        let file = if number == 1 { "schemas.html".to_owned() } else { format!("schemas-{number}.html") };
        out.insert(entry.key.to_string(), format!("{file}#{}", ids.take(&slug(&entry.key))));
    }
    out
}

fn schema_section(writer: &Writer<'_>, name: &str, node: &Node) -> Section {
    let address = writer.schemas.get(name).map_or("", String::as_str);
    let id = address.split_once('#').map_or("", |(_, id)| id).to_owned();
    let mut html = String::new();
    let id_attribute = attribute(&id);
    let _ = write!(
        html,
        "<section class=\"schema\" id=\"{id_attribute}\">\n<h2>{}<a class=\"header\" href=\"#{id_attribute}\" aria-label=\"Link to this section\"></a></h2>\n",
        text(name)
    );
    let mut searched = String::new();
    if let Some(said) = node.get_text("description") {
        html::prose(said, &mut html);
        html::plain(said, &mut searched);
    }
    let link = |name: &str| writer.schema_link(name);
    let mut ids = UniqueNames::default();
    ids.take(&id);
    let mut found = Vec::new();
    let mut fields = schema::Fields::new(&writer.document.root, None, &link, &mut ids, &mut html, &mut found);
    fields.left = 2_000;
    fields.schema(node, &id);
    html.push_str("</section>\n");
    Section { id, title: name.to_owned(), html, found, text: searched }
}
