//! One page: its body with the slots filled, and what stands around it.

use super::Renderer;
use super::Subject;
use super::pictures::Pictures;
use super::search;
use crate::base::{Date, RelPath, refused, relative_address};
use crate::diag::{Place, Tally};
use crate::evidence::recovery::Plan;
use crate::markdown::{self, Block, Doc, Link, LinkKind, SlotKind, escape_attribute};
use crate::model::{NavKind, Page, PageId, Site, Target, is_readme, relative};
use crate::world::Changes;
use serde::Serialize;

/// What the base template needs of every page.
#[derive(Serialize, Default)]
pub(super) struct Around {
    pub head_title: String,
    pub description: Option<String>,
    pub root: String,
    pub nav: Vec<NavLine>,
    pub kind: Option<String>,
    pub body: String,
    pub crumbs: Vec<Crumb>,
    pub headings: Vec<HeadingLine>,
    pub previous: Option<Crumb>,
    pub next: Option<Crumb>,
    pub edit: Option<String>,
    /// Whether only the team sees it.
    pub internal: bool,
    /// Where it stands as Markdown, from here.
    pub markdown: Option<String>,
    /// Its public address, for link previews.
    pub address: Option<String>,
    /// The day of its last change in version control.
    pub changed: Option<String>,
    /// Why there is no such day, though it was asked for.
    pub changed_unknown: Option<String>,
    pub owner: Option<String>,
    pub reviewed: Option<String>,
    pub fragment_map: Option<String>,
    pub proof: Proof,
    pub to: Option<String>,
    /// What a runbook's last run left.
    pub runs: Option<String>,
}

#[derive(Serialize, Default)]
pub(super) struct Proof {
    pub proven: u32,
    pub contradicted: u32,
    pub not_judged: u32,
    pub total: u32,
}

impl From<Tally> for Proof {
    fn from(tally: Tally) -> Self {
        let Tally { proven, contradicted, not_judged, .. } = tally;
        Self { proven, contradicted, not_judged, total: proven + contradicted }
    }
}

#[derive(Serialize)]
pub(super) struct Crumb {
    pub title: String,
    pub url: Option<String>,
}

#[derive(Serialize)]
pub(super) struct HeadingLine {
    pub level: u8,
    pub id: String,
    pub text: String,
}

#[derive(Serialize)]
pub(super) struct NavLine {
    pub title: String,
    pub url: Option<String>,
    pub number: Option<String>,
    pub depth: usize,
    pub current: bool,
    pub part: bool,
    pub separator: bool,
    /// Of an API.
    #[serde(skip)]
    pub api: Option<()>,
}

#[derive(Serialize)]
struct SiteContext<'s> {
    title: &'s str,
    language: &'s str,
    direction: &'static str,
    repository: Option<&'s str>,
    search: bool,
    mathjax: bool,
    css: &'s [String],
    js: &'s [String],
    style: &'s str,
    script: &'s str,
    theme_script: &'s str,
    search_script: &'s str,
    favicon: Option<&'s str>,
    image: Option<String>,
    api_style: &'s str,
    runs_style: &'s str,
    oncall_script: &'s str,
    sheet_style: &'s str,
}

/// Bytes of a page's description made from its text: search engines show about 155 characters.
const DESCRIPTION: usize = 155;

/// Siblings shown on each side of the one that is open.
const WINDOW: usize = 24;

impl Renderer<'_> {
    pub(super) fn site_context(&self) -> tera::Value {
        let html = &self.config.html;
        tera::Value::from_serializable(&SiteContext {
            title: self.config.title.as_deref().unwrap_or("Documentation"),
            language: &self.config.language,
            direction: if self.config.rtl { "rtl" } else { "ltr" },
            repository: html.repository.as_deref(),
            search: html.search,
            mathjax: html.mathjax,
            css: &html.css,
            js: &html.js,
            style: &self.theme.style,
            script: &self.theme.script,
            theme_script: &self.theme.theme_script,
            search_script: &self.theme.search_script,
            image: self.preview_image(),
            api_style: &self.theme.api_style,
            runs_style: &self.theme.runs_style,
            oncall_script: &self.theme.oncall_script,
            sheet_style: &self.theme.sheet_style,
            favicon: self.theme.favicon.as_ref().map(|(name, _)| name.as_str()),
        })
    }

    /// The picture of link previews, which must have a full address.
    fn preview_image(&self) -> Option<String> {
        let (base, image) = (self.config.site.address.as_ref()?, self.config.site.image.as_ref()?);
        Some(if image.contains("://") { image.clone() } else { format!("{base}/{image}") })
    }

    /// A page as it stands at `url`.
    pub(super) fn page(&self, id: PageId, url: &str) -> Result<String, String> {
        let page = &self.site.pages[id];
        let mut around = self.around(&page.title, url, page.nav);
        let facts = &page.doc.facts;
        if let Some(title) = &facts.title {
            around.head_title.clone_from(title);
        }
        // A page that does not describe itself is described by how it begins.
        let lead = search::teaser(search::body(page, 0), DESCRIPTION);
        let own = facts.front.text("description").map(str::to_owned);
        around.description = own.or((!lead.is_empty()).then_some(lead)).or(around.description);
        around.kind.clone_from(&page.kind);
        let pictures = Pictures::new(self.diagrams, self.config, self.site, id, url);
        around.body = if self.marked {
            marked(self.site, page, &pictures)
        } else {
            fill(self.site, page, url, &pictures)
        };
        around.body = self.with_boxes(id, &around.root, std::mem::take(&mut around.body));
        if let Some(known) = self.runs.iter().find(|known| known.page == id) {
            around.runs = Some(super::runs::section(known)).filter(|section| !section.is_empty());
            around.body = super::runs::fill_holes(known, around.body);
        }
        if let (Some("recovery-plan"), Some(plan)) = (page.kind.as_deref(), self.recovery) {
            let leads = |page: PageId| Some(relative(url, &self.site.pages.get(page)?.url));
            let made = [super::recovery::CALENDAR, super::recovery::TREND_PAGE].map(|to| relative(url, to));
            around.runs = Some(super::recovery::section(self.recovery_of(plan), &leads, Some(&made)));
        }
        if let (Some("capacity-plan"), Some(capacity)) = (page.kind.as_deref(), self.capacity) {
            around.runs = Some(super::capacity::section(capacity));
        }
        if let (Some("oncall"), Some(oncall)) = (page.kind.as_deref(), self.oncall) {
            around.runs = Some(super::oncall::section(oncall, self.world.today(), url));
        }
        around.headings = headings(&page.doc);
        around.edit = self.edit(page);
        around.owner = self.owners.get(id).cloned().flatten();
        around.reviewed = facts.front.text("reviewed").map(str::to_owned);
        around.internal = self.site.is_internal(page);
        around.markdown = self.config.site.markdown.then(|| relative(url, &super::feeds::twin(&page.url)));
        around.address = self
            .config
            .site
            .address
            .as_ref()
            .map(|base| format!("{base}/{}", page.url.strip_suffix("index.html").unwrap_or(&page.url)));
        around.changed = self.changed(page).map(|date| date.to_string());
        if let (Some(Changes::Unknown(why)), None) = (&self.site.changes, &around.changed) {
            around.changed_unknown = Some((*why).to_owned());
        }
        around.fragment_map = self.moved(&page.url);
        around.proof = self.report.tally(id).into();
        around.previous = id.checked_sub(1).and_then(|at| self.turn(at, url));
        around.next = self.turn(id + 1, url);
        self.theme.render("page.html", &self.site_value, &around)
    }

    /// What a page shows of a plan of recovery.
    pub(super) fn recovery_of<'s>(&'s self, plan: &'s Plan) -> super::recovery::Shown<'s> {
        super::recovery::Shown { plan, site: self.site, runs: self.runs, today: self.world.today() }
    }

    /// The page of RTO and RPO, run by run.
    pub(super) fn recovery_trend(&self) -> Result<String, String> {
        let mut around = self.around("Trend of RTO and RPO", super::recovery::TREND_PAGE, None);
        let leads = |page: PageId| Some(relative_address(self.site.pages.get(page)?.url.clone()));
        let shown = self.recovery.map(|plan| self.recovery_of(plan));
        around.body = shown.map(|shown| super::recovery::trend_page(&shown, &leads)).unwrap_or_default();
        self.theme.render("plain.html", &self.site_value, &around)
    }

    /// The day of a page's last change.
    pub(super) fn changed(&self, page: &Page) -> Option<Date> {
        match &self.site.changes {
            Some(Changes::Known(days)) => days.get(&page.source).copied(),
            _ => None,
        }
    }

    fn turn(&self, id: PageId, from: &str) -> Option<Crumb> {
        let page = self.site.pages.get(id)?;
        Some(Crumb { title: page.title.clone(), url: Some(relative(from, &page.url)) })
    }

    fn edit(&self, page: &Page) -> Option<String> {
        let template = self.config.html.edit.as_deref()?;
        let path = page.source.below(&self.config.root).unwrap_or_else(|| page.source.clone());
        // A file's name may be more of an address than its writer meant.
        Some(template.replace("{path}", path.as_str())).filter(|address| refused(address).is_none())
    }

    /// Sections of a page that moved, as JSON for the script.
    pub(super) fn moved(&self, url: &str) -> Option<String> {
        let here = self.site.redirects.iter().filter(|redirect| redirect.from == url);
        let map: serde_json::Map<String, serde_json::Value> = here
            .filter_map(|redirect| {
                Some((format!("#{}", redirect.fragment.as_ref()?), redirect.to.clone().into()))
            })
            .collect();
        (!map.is_empty()).then(|| serde_json::Value::Object(map).to_string())
    }

    /// What stands around every page at `url`.
    pub(super) fn around(&self, title: &str, url: &str, nav: Option<usize>) -> Around {
        let head_title = match &self.config.title {
            Some(book) if book != title && !title.is_empty() => format!("{title} - {book}"),
            Some(book) => book.clone(),
            None => title.to_owned(),
        };
        let crumbs = nav.map(|at| self.crumbs(at, url)).unwrap_or_default();
        Around {
            head_title,
            description: self.config.description.clone(),
            root: "../".repeat(url.matches('/').count()),
            nav: self.nav(nav, url),
            crumbs,
            ..Around::default()
        }
    }

    fn crumbs(&self, at: usize, url: &str) -> Vec<Crumb> {
        let items = &self.site.nav.items;
        let crumb = |at: usize| {
            let to = items[at].page.map(|page| relative(url, &self.site.pages[page].url));
            Crumb { title: items[at].title.clone(), url: to }
        };
        self.site.nav.ancestors(at).into_iter().map(crumb).collect()
    }

    /// The part of the navigation that a page shows: the way down to it, its neighbours and its children.
    fn nav(&self, current: Option<usize>, url: &str) -> Vec<NavLine> {
        let mut out = Vec::new();
        let mut open = current.map(|at| self.site.nav.ancestors(at)).unwrap_or_default();
        open.extend(current);
        self.nav_level(&self.nav_roots, &open, current, url, &mut out);
        self.api_nav(None, url, &mut out);
        out
    }

    fn nav_level(
        &self,
        level: &[usize],
        open: &[usize],
        current: Option<usize>,
        url: &str,
        out: &mut Vec<NavLine>,
    ) {
        let here = level.iter().position(|at| open.first() == Some(at)).unwrap_or(0);
        let to = (here.saturating_sub(WINDOW) + 2 * WINDOW + 1).min(level.len());
        let from = to.saturating_sub(2 * WINDOW + 1);
        let depth = level.first().map_or(0, |at| self.site.nav.items[*at].depth.min(6));
        let more = NavLine {
            title: format!("… {} in all", level.len()),
            url: Some(relative(url, "contents.html")),
            number: None,
            depth,
            current: false,
            part: false,
            separator: false,
            api: None,
        };
        for at in &level[from..to] {
            let item = &self.site.nav.items[*at];
            let number = item.number.as_ref().filter(|_| !self.config.html.no_section_label);
            out.push(NavLine {
                title: item.title.clone(),
                url: item.page.map(|page| relative(url, &self.site.pages[page].url)),
                number: number.map(|number| number_text(number)),
                depth: item.depth.min(6),
                current: current == Some(*at),
                part: item.kind == NavKind::Part,
                separator: item.kind == NavKind::Separator,
                api: None,
            });
            if open.first() == Some(at) && !item.children.is_empty() {
                self.nav_level(&item.children, &open[1..], current, url, out);
            }
        }
        if to - from < level.len() {
            out.push(more);
        }
    }

    pub(super) fn symptoms(&self) -> Result<String, String> {
        self.index_of("Symptoms", "symptoms.html", self.site.symptoms())
    }

    pub(super) fn tasks(&self) -> Result<String, String> {
        self.index_of("Tasks", "tasks.html", self.site.tasks())
    }

    /// A page of words and the pages that tell of them.
    pub(super) fn index_of(
        &self,
        title: &str,
        url: &str,
        entries: Vec<(String, PageId)>,
    ) -> Result<String, String> {
        let mut around = self.around(title, url, None);
        let mut body = format!("<h1>{title}</h1>\n<dl class=\"symptoms\">\n");
        for (symptom, page) in entries {
            body.push_str("<dt>");
            markdown::escape_text(&symptom, &mut body);
            body.push_str("</dt>\n<dd><a href=\"");
            escape_attribute(&relative_address(self.site.pages[page].url.clone()), &mut body);
            body.push_str("\">");
            markdown::escape_text(&self.site.pages[page].title, &mut body);
            body.push_str("</a></dd>\n");
        }
        body.push_str("</dl>\n");
        around.body = body;
        self.theme.render("plain.html", &self.site_value, &around)
    }

    pub(super) fn contents(&self) -> Result<String, String> {
        let mut around = self.around("All pages", "contents.html", None);
        let mut body = String::from("<h1>All pages</h1>\n");
        if self.site.is_made("symptoms.html") {
            body.push_str("<p><a href=\"symptoms.html\">Symptoms</a>: what the person on call sees, and the runbook for it.</p>\n");
        }
        if self.site.is_made("tasks.html") {
            body.push_str("<p><a href=\"tasks.html\">Tasks</a>: what is done in the course of work, and the runbook for it.</p>\n");
        }
        if self.site.is_made("incidents.html") {
            body.push_str("<p><a href=\"incidents.html\">Incidents</a>, with their figures, and <a href=\"actions.html\">what is done about them</a>.</p>\n");
        }
        if self.site.is_made("criteria.html") {
            body.push_str("<p><a href=\"criteria.html\">Criteria of success</a>, each computed from what proves it.</p>\n");
        }
        if self.site.is_made("proofs.html") {
            body.push_str("<p><a href=\"proofs.html\">Proofs</a>: every check box that names what proves it, and how it stands.</p>\n");
        }
        if self.has_events() {
            body.push_str("<p><a href=\"due.html\">What is due</a>: pages to read and runbooks to run again, by their day; <a href=\"due.ics\">as a calendar</a>.</p>\n");
        }
        body.push_str("<ul class=\"contents\">\n");
        for item in &self.site.nav.items {
            let depth = item.depth.min(6);
            match (item.kind, item.page) {
                (NavKind::Separator, _) => {}
                (_, Some(page)) => {
                    body.push_str(&format!("<li class=\"d{depth}\"><a href=\""));
                    escape_attribute(&relative_address(self.site.pages[page].url.clone()), &mut body);
                    body.push_str("\">");
                    markdown::escape_text(&item.title, &mut body);
                    body.push_str("</a></li>\n");
                }
                (_, None) => {
                    body.push_str(&format!("<li class=\"d{depth}\">"));
                    markdown::escape_text(&item.title, &mut body);
                    body.push_str("</li>\n");
                }
            }
        }
        body.push_str("</ul>\n");
        around.body = body;
        self.theme.render("plain.html", &self.site_value, &around)
    }

    pub(super) fn not_found(&self) -> Result<String, String> {
        let mut around = self.around("Page not found", "404.html", None);
        // The page is shown at any address, so its own links must not be relative.
        let root = self.config.html.site_url.clone().unwrap_or_else(|| "/".into());
        around.root = if root.ends_with('/') { root } else { format!("{root}/") };
        for line in &mut around.nav {
            line.url = line.url.as_ref().map(|url| format!("{}{url}", around.root));
        }
        around.body = match &self.not_found_doc {
            Some(doc) => doc.body.html.to_string(),
            None => "<h1>Page not found</h1>\n<p>There is no page at this address. Search for it, or go to the contents.</p>\n".into(),
        };
        self.theme.render("plain.html", &self.site_value, &around)
    }

    pub(super) fn search_page(&self) -> Result<String, String> {
        let around = self.around("Search", "search.html", None);
        self.theme.render("search.html", &self.site_value, &around)
    }

    pub(super) fn redirect(&self, from: &str) -> Result<String, String> {
        let to = self.site.redirect_for(from).map(|redirect| redirect.to.clone()).unwrap_or_default();
        let root = "../".repeat(from.matches('/').count());
        let map = self.moved(from).unwrap_or_else(|| "{}".into());
        let around = Around { root, to: Some(to), fragment_map: Some(map), ..Around::default() };
        self.theme.render("redirect.html", &self.site_value, &around)
    }
}

/// `1.2.`
pub(super) fn number_text(number: &[u32]) -> String {
    number.iter().map(|n| format!("{n}.")).collect()
}

fn headings(doc: &Doc) -> Vec<HeadingLine> {
    let shown =
        doc.facts.headings.iter().filter(|heading| matches!(heading.level, 2 | 3) && !heading.id.is_empty());
    let lines: Vec<HeadingLine> = shown
        .map(|heading| HeadingLine {
            level: heading.level,
            id: heading.id.clone(),
            text: heading.text.clone(),
        })
        .collect();
    // A page of thousands of headings would be two lists of links.
    if lines.len() > 200 {
        lines.into_iter().filter(|line| line.level == 2).take(200).collect()
    } else {
        lines
    }
}

/// The body as it stands at `url`, with every link leading where the model says, and pictures drawn.
pub(super) fn fill(site: &Site, page: &Page, url: &str, pictures: &Pictures) -> String {
    let body = &page.doc.body;
    let mut out = String::with_capacity(body.html.len() + 64);
    fill_range(site, page, url, 0..body.html.len(), pictures, &mut out);
    out
}

/// Writes a range of the body; slots and pictures do not lie across its ends.
fn fill_range(
    site: &Site,
    page: &Page,
    url: &str,
    range: std::ops::Range<usize>,
    pictures: &Pictures,
    out: &mut String,
) {
    let mut done = range.start;
    for (place, html) in pictures.within(&range) {
        fill_plain(site, page, url, done..place.start, out);
        out.push_str(html);
        done = place.end;
    }
    fill_plain(site, page, url, done..range.end, out);
}

fn fill_plain(site: &Site, page: &Page, url: &str, range: std::ops::Range<usize>, out: &mut String) {
    let body = &page.doc.body;
    let mut done = range.start;
    let first = body.slots.partition_point(|slot| (slot.start as usize) < range.start);
    for slot in body.slots[first..].iter().take_while(|slot| slot.end as usize <= range.end) {
        let SlotKind::Href(index) = slot.kind else { continue };
        let size = size(site, page, index as usize);
        let href = href(site, page, index as usize, url);
        if href.is_none() && size.is_none() {
            continue;
        }
        out.push_str(&body.html[done..slot.start as usize]);
        match href {
            Some(href) => escape_attribute(&href, out),
            None => out.push_str(&body.html[slot.start as usize..slot.end as usize]),
        }
        // The attribute's own quote closes the last of them.
        if let Some((width, height)) = size {
            out.push_str(&format!("\" width=\"{width}\" height=\"{height}"));
        }
        done = slot.end as usize;
    }
    out.push_str(&body.html[done..range.end]);
}

/// The body in blocks of the top level, each as it stands at the page's own address, with its place.
pub fn blocks(subject: &Subject<'_>, id: PageId) -> Vec<(String, Place)> {
    let page = &subject.site.pages[id];
    let pictures = Pictures::new(subject.diagrams, subject.config, subject.site, id, &page.url);
    in_blocks(subject.site, page, &pictures)
}

fn in_blocks(site: &Site, page: &Page, pictures: &Pictures) -> Vec<(String, Place)> {
    let body = &page.doc.body;
    let ends = body.blocks.iter().skip(1).map(|block| block.start as usize).chain([body.html.len()]);
    let block = |(block, end): (&Block, usize)| {
        let mut html = String::new();
        fill_range(site, page, &page.url, block.start as usize..end, pictures, &mut html);
        (html, body.place(block))
    };
    body.blocks.iter().zip(ends).map(block).collect()
}

/// The body with a comment before each block, which the preview's script counts.
fn marked(site: &Site, page: &Page, pictures: &Pictures) -> String {
    in_blocks(site, page, pictures).into_iter().map(|(html, _)| format!("<!--block-->{html}")).collect()
}

/// Width and height of a picture, so that the text below does not jump once it is loaded.
pub(super) fn size(site: &Site, page: &Page, index: usize) -> Option<(u32, u32)> {
    let link = page.doc.facts.links.get(index).filter(|link| link.kind == LinkKind::Image && !link.raw)?;
    let Target::File(path) = page.targets.get(index)? else { return None };
    debug_assert!(!link.target.is_empty());
    site.image_sizes.get(path).copied()
}

/// What a link must say at `url`, where the default is not right.
fn href(site: &Site, page: &Page, index: usize, url: &str) -> Option<String> {
    let link: &Link = page.doc.facts.links.get(index)?;
    if let Some(name) = link.target.strip_prefix("api:") {
        return site.api_addresses.get(name).map(|to| relative(url, to));
    }
    let moved = url != page.url;
    let (address, suffix) = match page.targets.get(index)? {
        Target::Page { page: target, fragment, .. } => {
            let path = link.target.split(['#', '?']).next().unwrap_or("");
            let readme = RelPath::parse(path.rsplit('/').next().unwrap_or(""))
                .is_ok_and(|name| is_readme(&name))
                && path.ends_with(".md");
            if link.target.starts_with('#') || !(moved || readme) {
                return None;
            }
            let suffix = fragment.as_ref().map(|_| link.target.find('#').map_or("", |at| &link.target[at..]));
            (site.pages[*target].url.clone(), suffix.unwrap_or(""))
        }
        Target::File(path) if moved => (path.as_str().to_owned(), ""),
        Target::Made(address) | Target::Redirected(address) if moved => (address.clone(), ""),
        // Never the page that mdBook's pattern would make of it.
        Target::Missing(crate::model::Missing::Extension(_)) => return Some(link.target.clone()),
        _ => return None,
    };
    Some(format!("{}{suffix}", relative(url, &address)))
}
