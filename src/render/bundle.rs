//! Runbooks in one file that needs no network: what is read on a phone while the site itself is down, and what is printed.

use super::pictures::Leads;
use super::print::{Ids, escaped};
use super::search::Index;
use super::{Renderer, Theme, page, runs};
use crate::base::{Glob, RelPath};
use crate::markdown::LinkKind;
use crate::model::{Page, PageId, Target, is_readme};
use data_encoding::BASE64;
use serde::Serialize;
use std::collections::BTreeSet;

/// Bytes of the largest bundle: what a phone opens at once, and what is sent along in a message.
pub const MOST_BUNDLED: usize = 5 << 20;

/// Ids of the bundle itself, which no page may have.
const OWN_IDS: [&str; 4] = ["content", "front", "hits", "not-here"];

/// A bundle, and what of it is how large.
#[derive(Debug)]
pub struct Bundle {
    /// The file.
    pub text: String,
    /// Its runbooks.
    pub runbooks: usize,
    /// Its other pages.
    pub others: usize,
    /// Bytes of each page with its pictures, the largest first.
    pub sizes: Vec<(usize, RelPath)>,
}

/// What the template sees.
#[derive(Serialize)]
struct Whole<'b> {
    day: String,
    internal: bool,
    address: Option<&'b str>,
    styles: [&'b str; 2],
    print_style: &'b str,
    theme_script: &'b str,
    scripts: [String; 4],
    symptoms: Vec<Entry>,
    tasks: Vec<Entry>,
    sheets: Vec<Sheet>,
}

/// A line of the front.
#[derive(Serialize)]
struct Entry {
    words: String,
    title: String,
    to: String,
}

/// A page.
#[derive(Serialize)]
struct Sheet {
    title: String,
    to: String,
    runbook: bool,
    internal: bool,
    owner: Option<String>,
    runs: String,
    body: String,
}

impl Renderer<'_> {
    /// The pages of the bundle, in their reading order: runbooks, plans of recovery, the front pages of their folders, internal pages (contacts)
    /// and pages beside or below that a runbook links, and what `run.bundle` names.
    fn bundled(&self) -> Vec<PageId> {
        let is_runbook = |page: &Page| page.kind.as_deref() == Some("runbook");
        let is_plan = |page: &Page| page.kind.as_deref() == Some("recovery-plan");
        let pages = &self.site.pages;
        let runbooks: Vec<&Page> = pages.iter().filter(|page| is_runbook(page)).collect();
        let folders: BTreeSet<RelPath> = runbooks.iter().map(|page| page.path.parent()).collect();
        let globs: Vec<Glob> = self.config.run.bundle.iter().map(|glob| Glob::new(glob)).collect();
        let linked: BTreeSet<PageId> = runbooks.iter().flat_map(|page| self.linked_from(page)).collect();
        let wanted = |(id, page): &(PageId, &Page)| {
            is_runbook(page)
                || is_plan(page)
                || linked.contains(id)
                || is_readme(&page.path) && folders.contains(&page.path.parent())
                || globs.iter().any(|glob| glob.matches(page.path.as_str()))
        };
        pages.iter().enumerate().filter(wanted).map(|(id, _)| id).collect()
    }

    /// Internal pages that a runbook links, and those in its folder or below.
    fn linked_from(&self, runbook: &Page) -> Vec<PageId> {
        let folder = runbook.path.parent();
        let near = |id: &PageId| {
            let page = self.site.pages.get(*id);
            page.is_some_and(|page| self.site.is_internal(page) || page.path.below(&folder).is_some())
        };
        let target = |target: &Target| match target {
            Target::Page { page, .. } => Some(*page),
            _ => None,
        };
        runbook.targets.iter().filter_map(target).filter(near).collect()
    }

    /// The runbooks of the site in one file; none where there is no runbook.
    ///
    /// # Errors
    /// A template's own error.
    pub fn bundle(&self) -> Result<Option<Bundle>, String> {
        let pages = self.bundled();
        let chosen = || pages.iter().filter_map(|id| Some((*id, self.site.pages.get(*id)?)));
        let ids = Ids::new(chosen(), &OWN_IDS);
        let mut sizes = Vec::new();
        let mut sheets = Vec::new();
        for (id, page) in chosen() {
            let sheet = self.sheet((id, page), &ids);
            sizes.push((sheet.body.len() + sheet.runs.len(), page.source.clone()));
            sheets.push(sheet);
        }
        let runbooks = sheets.iter().filter(|sheet| sheet.runbook).count();
        if runbooks == 0 {
            return Ok(None);
        }
        sizes.sort_by(|one, other| other.cmp(one));
        let whole = self.whole(&pages, &ids, sheets);
        let others = whole.sheets.len() - runbooks;
        let text = self.theme.render("bundle.html", &self.site_value, &whole)?;
        Ok(Some(Bundle { text, runbooks, others, sizes }))
    }

    fn whole(&self, pages: &[PageId], ids: &Ids, sheets: Vec<Sheet>) -> Whole<'_> {
        let entries = |list: Vec<(String, PageId)>| {
            let entry = |(words, id): (String, PageId)| {
                let title = self.site.pages.get(id)?.title.clone();
                Some(Entry { words, title, to: ids.to(id, None)? })
            };
            list.into_iter().filter_map(entry).collect()
        };
        // The script puts a `#` before.
        let place = |(id, _): (PageId, &Page), section: Option<&str>| {
            ids.to(id, section).map_or_else(String::new, |to| to.trim_start_matches('#').to_owned())
        };
        let (first, handed) = Index::of(self.site, pages).whole(self.site, &place);
        let asset = |name: &str| self.theme.asset(name);
        let scripts = [first, asset("search").into(), handed, asset("script").into()];
        Whole {
            day: self.world.today().to_string(),
            internal: sheets.iter().any(|sheet| sheet.internal),
            address: self.config.site.address.as_deref(),
            styles: [asset("style"), asset("runs")],
            print_style: asset("sheet"),
            theme_script: asset("theme"),
            scripts: scripts.map(|script| inside(&script)),
            symptoms: entries(self.site.symptoms()),
            tasks: entries(self.site.tasks()),
            sheets,
        }
    }

    fn sheet(&self, (id, page): (PageId, &Page), ids: &Ids) -> Sheet {
        let link = |page: &Page, _: PageId, index: usize| self.bundle_link(page, index, ids);
        let to = |leads: Leads<'_>| match leads {
            Leads::Page(target, fragment) => {
                ids.to(target, fragment.strip_prefix('#')).unwrap_or_else(|| "#not-here".into())
            }
            Leads::Elsewhere(link) if link.contains("://") => link.to_owned(),
            Leads::Elsewhere(_) => "#not-here".into(),
        };
        let mut body = String::new();
        self.joined_page(id, ids, (&link, &to), &mut body);
        let known = self.runs.iter().find(|known| known.page == id);
        let runs = known.map_or_else(|| self.joined_plan(id, ids), runs::section);
        if let Some(known) = known {
            body = ticked(&runs::fill_holes(known, body));
        }
        let body = silent(&body);
        Sheet {
            title: page.title.clone(),
            to: ids.to(id, None).unwrap_or_default(),
            runbook: page.kind.as_deref() == Some("runbook"),
            internal: self.site.is_internal(page),
            owner: self.owners.get(id).cloned().flatten(),
            runs,
            body,
        }
    }

    /// What stands in the place of a link's or a picture's address.
    fn bundle_link(&self, page: &Page, index: usize, ids: &Ids) -> Option<String> {
        let link = page.doc.facts.links.get(index)?;
        let target = page.targets.get(index)?;
        if link.kind == LinkKind::Image {
            return Some(self.picture(page, index, target));
        }
        match target {
            Target::Page { page: to, fragment, .. } => {
                let known = ids.to(*to, fragment.as_deref());
                known.or_else(|| Some(self.elsewhere(&self.site.pages.get(*to)?.url)))
            }
            Target::External => {
                let name = link.target.strip_prefix("api:")?;
                Some(self.elsewhere(self.site.api_addresses.get(name).map_or("", String::as_str)))
            }
            Target::Made(address) | Target::Redirected(address) => Some(self.elsewhere(address)),
            Target::File(path) => Some(self.elsewhere(path.as_str())),
            Target::InRepository(_) | Target::Missing(_) | Target::NotJudged(_) => Some(self.elsewhere("")),
        }
    }

    /// The address on the site, where that is known; else a note that it is not in this file.
    fn elsewhere(&self, address: &str) -> String {
        match &self.config.site.address {
            Some(base) if !address.is_empty() => {
                format!("{}\" class=\"away", escaped(&format!("{base}/{address}")))
            }
            _ => "#not-here\" class=\"away".to_owned(),
        }
    }

    /// A picture of the site as its own address; of any other, nothing: the file asks nobody for anything.
    fn picture(&self, page: &Page, index: usize, target: &Target) -> String {
        let Target::File(path) = target else { return "data:,".into() };
        let source = self.site.src().join(path.as_str());
        let bytes = source.ok().and_then(|source| self.world.read(&source).ok());
        let (Some(bytes), Some(of)) = (bytes, media(path)) else { return "data:,".into() };
        let mut out = format!("data:{of};base64,{}", BASE64.encode(&bytes));
        if let Some((width, height)) = page::size(self.site, page, index) {
            out.push_str(&format!("\" width=\"{width}\" height=\"{height}"));
        }
        out
    }
}

/// The type of a picture.
fn media(path: &RelPath) -> Option<&'static str> {
    Some(match path.extension()?.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "avif" => "image/avif",
        _ => return None,
    })
}

/// A script between its tags, which no text in it may end. In ours `<` is an operator, or part of a text in JSON.
fn inside(script: &str) -> String {
    script.replace("</", "\\u003c/").replace("<!--", "\\u003c!--")
}

/// Pictures and films from elsewhere as their texts: the bundle's own policy would stop them, and a browser say so.
fn silent(body: &str) -> String {
    let mut parts = body.split('<');
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
        out.push('<');
        if tag.contains(" src=\"data:image/") {
            out.push_str(tag);
        } else {
            out.push_str(&tag.replace(" src=", " data-src=").replace(" srcset=", " data-srcset="));
        }
        if part.len() > tag.len() {
            out.push('>');
        }
        out.push_str(rest);
    }
    out
}

/// How a block of code begins.
const BLOCK: &str = "<pre><code";

/// A box to tick before each step.
fn ticked(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + 2_000);
    let mut parts = body.split(BLOCK);
    out.push_str(parts.next().unwrap_or(""));
    for part in parts {
        let tag = part.split('>').next().unwrap_or("");
        let class = tag.split_once("class=\"language-").map_or("", |(_, class)| class);
        let (language, attributes) = class.split_once('{').unwrap_or(("", ""));
        if matches!(language.trim_end_matches([' ', ',']), "sh" | "bash") {
            let mut words = attributes.split(['}', '"', ' ', ',']);
            let name = words.find_map(|word| word.strip_prefix("name=")).unwrap_or("");
            out.push_str("<label class=\"tick\"><input type=\"checkbox\"> ");
            out.push_str(if name.is_empty() { "step" } else { name });
            out.push_str("</label>\n");
        }
        out.push_str(BLOCK);
        out.push_str(part);
    }
    out
}

impl Theme {
    /// The text of a file of the theme that is no template, by what its name begins with.
    fn asset(&self, name: &str) -> &str {
        let of = |file: &&(String, std::borrow::Cow<'static, str>)| {
            file.0.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
        };
        self.assets.iter().find(of).map_or("", |(_, text)| text.as_ref())
    }
}

impl Bundle {
    /// Whether it is small enough.
    pub fn fits(&self) -> bool {
        self.text.len() <= MOST_BUNDLED
    }
}
