//! The whole book on one page: ids made unique, links between pages made links within it.

use super::Renderer;
use super::pictures::Pictures;
use crate::base::{UniqueNames, relative_address};
use crate::markdown::{SlotKind, default_target, escape_attribute, escape_text, slug};
use crate::model::{Page, PageId, Target, relative};
use std::collections::HashMap;

impl Renderer<'_> {
    pub(super) fn print(&self) -> Result<String, String> {
        let mut around = self.around("", "print.html", None);
        around.nav.clear();
        let ids = Ids::new(&self.site.pages);
        let mut body = String::new();
        for id in 0..self.site.pages.len() {
            body.push_str(if id == 0 { "<div>\n" } else { "<div class=\"chapter\">\n" });
            self.print_page(id, &ids, &mut body);
            body.push_str("</div>\n");
        }
        around.body = body;
        self.theme.render("plain.html", &self.site_value, &around)
    }

    fn print_page(&self, id: PageId, ids: &Ids, out: &mut String) {
        let page = &self.site.pages[id];
        if let Some(own) = ids.made.get(&id) {
            out.push_str("<h1 id=\"");
            escape_attribute(own, out);
            out.push_str("\">");
            escape_text(&page.title, out);
            out.push_str("</h1>\n");
        }
        let html = &page.doc.body.html;
        let pictures = Pictures::new(self.diagrams, self.config, self.site, id, "print.html");
        let all = 0..html.len();
        let mut pictures = pictures.within(&all).peekable();
        let mut done = 0;
        for slot in &page.doc.body.slots {
            let (start, end) = (slot.start as usize, slot.end as usize);
            while let Some((place, picture)) = pictures.next_if(|(place, _)| place.start <= start) {
                out.push_str(&html[done..place.start]);
                out.push_str(picture);
                done = place.end;
            }
            if start < done {
                continue;
            }
            let value = &html[start..end];
            let new = match slot.kind {
                SlotKind::Id => ids.renamed(id, value).map(str::to_owned),
                SlotKind::Fragment => ids.renamed(id, &value[1..]).map(|name| format!("#{name}")),
                SlotKind::Href(index) => self.print_link(page, id, index as usize, ids),
            };
            if let Some(new) = new {
                out.push_str(&html[done..start]);
                // Renamed ids are taken from escaped HTML and stay escaped.
                out.push_str(&new);
                done = end;
            }
        }
        for (place, picture) in pictures {
            out.push_str(&html[done..place.start]);
            out.push_str(picture);
            done = place.end;
        }
        out.push_str(&html[done..]);
    }

    fn print_link(&self, page: &Page, id: PageId, index: usize, ids: &Ids) -> Option<String> {
        let escaped = |text: &str| {
            let mut out = String::new();
            escape_attribute(text, &mut out);
            out
        };
        let link = page.doc.facts.links.get(index)?;
        match page.targets.get(index)? {
            Target::Page { page: target, fragment: Some(fragment), .. } => {
                let fragment = escaped(fragment);
                let name = ids.renamed(*target, &fragment).unwrap_or(&fragment);
                Some(format!("#{name}"))
            }
            Target::Page { page: target, fragment: None, .. }
                if *target != id || !link.target.starts_with('#') =>
            {
                ids.top.get(target).map(|name| format!("#{name}"))
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
                let rest = &target[path.len()..];
                (!path.is_empty() && !path.starts_with('/'))
                    .then(|| escaped(&format!("{}{rest}", from_root(&page.url, path))))
            }
            _ => None,
        }
    }
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

/// Ids on the print page; names are in their escaped form.
struct Ids {
    renamed: HashMap<PageId, HashMap<String, String>>,
    /// Where a link to a page as a whole leads.
    top: HashMap<PageId, String>,
    /// Pages without a heading of the first level get one with this id.
    made: HashMap<PageId, String>,
}

impl Ids {
    fn new(pages: &[Page]) -> Self {
        let mut ids = Self { renamed: HashMap::new(), top: HashMap::new(), made: HashMap::new() };
        let mut names = UniqueNames::default();
        for (at, page) in pages.iter().enumerate() {
            let body = &page.doc.body;
            let mut own = HashMap::new();
            for slot in body.slots.iter().filter(|slot| slot.kind == SlotKind::Id) {
                let name = &body.html[slot.start as usize..slot.end as usize];
                let new = names.take(name);
                if new != name {
                    own.insert(name.to_owned(), new);
                }
            }
            ids.renamed.insert(at, own);
        }
        for (at, page) in pages.iter().enumerate() {
            // A heading like `# ?` has an empty id and is one all the same.
            let first = page.doc.facts.headings.first().filter(|heading| heading.level == 1);
            let top = match first {
                Some(heading) => {
                    let mut escaped = String::new();
                    escape_attribute(&heading.id, &mut escaped);
                    ids.renamed(at, &escaped).map(str::to_owned).unwrap_or(escaped)
                }
                None => {
                    let mut escaped = String::new();
                    escape_attribute(&slug(&page.title), &mut escaped);
                    let made = names.take(&escaped);
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
}
