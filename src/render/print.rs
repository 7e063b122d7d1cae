//! The whole book on one page: ids made unique, links between pages made links within it.

use super::pictures::{Leads, Pictures};
use super::{Renderer, recovery};
use crate::base::{UniqueNames, relative_address};
use crate::markdown::{SlotKind, default_target, escape_attribute, escape_text, slug};
use crate::model::{Page, PageId, Target, relative};
use std::collections::HashMap;

impl Renderer<'_> {
    pub(super) fn print(&self) -> Result<String, String> {
        let mut around = self.around("", "print.html", None);
        around.nav.clear();
        let ids = Ids::new(self.site.pages.iter().enumerate(), &[]);
        let link = |page: &Page, id: PageId, index: usize| self.print_link(page, id, index, &ids);
        let to = |leads: Leads<'_>| match leads {
            Leads::Page(target, fragment) => ids.to(target, fragment.strip_prefix('#')).unwrap_or_default(),
            Leads::Elsewhere(link) => link.to_owned(),
        };
        let mut body = String::new();
        for id in 0..self.site.pages.len() {
            body.push_str(if id == 0 { "<div>\n" } else { "<div class=\"chapter\">\n" });
            body.push_str(&self.joined_plan(id, &ids));
            self.joined_page(id, &ids, (&link, &to), &mut body);
            body.push_str("</div>\n");
        }
        around.body = body;
        self.theme.render("plain.html", &self.site_value, &around)
    }

    /// What a plan of recovery shows, among other pages in one document; nothing for other pages.
    pub(super) fn joined_plan(&self, id: PageId, ids: &Ids) -> String {
        let is_plan = |page: &&Page| page.kind.as_deref() == Some("recovery-plan");
        let plan = self.site.pages.get(id).filter(is_plan).and(self.recovery);
        let leads = |page: PageId| ids.to(page, None);
        plan.map(|plan| recovery::section(self.recovery_of(plan), &leads, None)).unwrap_or_default()
    }

    /// A page among others in one document: its ids are unique there, and its links lead where `link` says, the value of an
    /// attribute; those of its pictures where `to` says.
    pub(super) fn joined_page(&self, id: PageId, ids: &Ids, (link, to): Leading<'_>, out: &mut String) {
        let Some(page) = self.site.pages.get(id) else { return };
        if let Some(own) = ids.made.get(&id) {
            out.push_str("<h1 id=\"");
            out.push_str(own);
            out.push_str("\">");
            escape_text(&page.title, out);
            out.push_str("</h1>\n");
        }
        let html = &page.doc.body.html;
        let piece = |from: usize, to: usize| html.get(from..to).unwrap_or("");
        let pictures = Pictures::leading(self.diagrams, self.config, self.site, id, to);
        let all = 0..html.len();
        let mut pictures = pictures.within(&all).peekable();
        let mut done = 0;
        for slot in &page.doc.body.slots {
            let (start, end) = (slot.start as usize, slot.end as usize);
            while let Some((place, picture)) = pictures.next_if(|(place, _)| place.start <= start) {
                out.push_str(piece(done, place.start));
                out.push_str(picture);
                done = place.end;
            }
            if start < done {
                continue;
            }
            let value = piece(start, end);
            let new = match slot.kind {
                SlotKind::Id => ids.renamed(id, value).map(str::to_owned),
                SlotKind::Fragment => {
                    ids.renamed(id, value.trim_start_matches('#')).map(|name| format!("#{name}"))
                }
                SlotKind::Href(index) => link(page, id, index as usize),
            };
            if let Some(new) = new {
                out.push_str(piece(done, start));
                // Renamed ids are taken from escaped HTML and stay escaped.
                out.push_str(&new);
                done = end;
            }
        }
        for (place, picture) in pictures {
            out.push_str(piece(done, place.start));
            out.push_str(picture);
            done = place.end;
        }
        out.push_str(piece(done, html.len()));
    }

    fn print_link(&self, page: &Page, id: PageId, index: usize, ids: &Ids) -> Option<String> {
        let link = page.doc.facts.links.get(index)?;
        match page.targets.get(index)? {
            Target::Page { page: target, fragment, .. } => {
                let own = fragment.is_none() && *target == id && link.target.starts_with('#');
                ids.to(*target, fragment.as_deref()).filter(|_| !own)
            }
            Target::File(path) => Some(escaped(&relative("print.html", path.as_str()))),
            Target::External => {
                let to =
                    link.target.strip_prefix("api:").and_then(|name| self.site.api_addresses.get(name))?;
                Some(escaped(&relative("print.html", to)))
            }
            Target::Made(address) | Target::Redirected(address) => {
                Some(escaped(&relative("print.html", address)))
            }
            Target::Missing(_) | Target::NotJudged(_) => {
                let target = default_target(&link.target);
                let path = target.split(['#', '?']).next().unwrap_or("");
                let rest = target.get(path.len()..).unwrap_or("");
                (!path.is_empty() && !path.starts_with('/'))
                    .then(|| escaped(&format!("{}{rest}", from_root(&page.url, path))))
            }
            Target::InRepository(_) => None,
        }
    }
}

/// Where the links of a page and those of its pictures lead.
pub(super) type Leading<'l> =
    (&'l dyn Fn(&Page, PageId, usize) -> Option<String>, &'l dyn Fn(Leads<'_>) -> String);

/// An attribute's value.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape_attribute(text, &mut out);
    out
}

/// A relative link of the page at `url`, as seen from the site's root; it may lead above it.
fn from_root(url: &str, path: &str) -> String {
    let mut parts: Vec<&str> = url.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    relative_address(parts.join("/"))
}

/// Ids where several pages stand in one document; names are in their escaped form.
pub(super) struct Ids {
    renamed: HashMap<PageId, HashMap<String, String>>,
    /// Where a link to a page as a whole leads.
    top: HashMap<PageId, String>,
    /// Pages without a heading of the first level get one with this id.
    made: HashMap<PageId, String>,
}

impl Ids {
    /// Ids of these pages, none of which is one of `taken`.
    pub fn new<'p>(pages: impl Iterator<Item = (PageId, &'p Page)> + Clone, taken: &[&str]) -> Self {
        let mut ids = Self { renamed: HashMap::new(), top: HashMap::new(), made: HashMap::new() };
        let mut names = UniqueNames::default();
        for name in taken {
            names.take(name);
        }
        for (at, page) in pages.clone() {
            let body = &page.doc.body;
            let mut own = HashMap::new();
            for slot in body.slots.iter().filter(|slot| slot.kind == SlotKind::Id) {
                let Some(name) = body.html.get(slot.start as usize..slot.end as usize) else { continue };
                let new = names.take(name);
                if new != name {
                    own.insert(name.to_owned(), new);
                }
            }
            ids.renamed.insert(at, own);
        }
        for (at, page) in pages {
            // A heading like `# ?` has an empty id and is one all the same.
            let first = page.doc.facts.headings.first().filter(|heading| heading.level == 1);
            let top = match first {
                Some(heading) => {
                    let id = escaped(&heading.id);
                    ids.renamed(at, &id).map(str::to_owned).unwrap_or(id)
                }
                None => {
                    let made = names.take(&escaped(&slug(&page.title)));
                    ids.made.insert(at, made.clone());
                    made
                }
            };
            ids.top.insert(at, top);
        }
        ids
    }

    fn renamed(&self, page: PageId, id: &str) -> Option<&str> {
        self.renamed.get(&page)?.get(id).map(String::as_str)
    }

    /// The id at the top of a page, if the page is among these.
    pub fn top(&self, page: PageId) -> Option<&str> {
        self.top.get(&page).map(String::as_str)
    }

    /// The link to a page or to a section of it; none to a page that is not among these.
    pub fn to(&self, page: PageId, fragment: Option<&str>) -> Option<String> {
        let top = self.top(page)?;
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) else {
            return Some(format!("#{top}"));
        };
        let fragment = escaped(fragment);
        Some(format!("#{}", self.renamed(page, &fragment).unwrap_or(&fragment)))
    }
}
