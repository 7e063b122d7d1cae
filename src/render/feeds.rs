//! What machines read: Markdown twins, `llms.txt`, the sitemap; and the ledger for people.

use super::{Around, Renderer, recovery};
use crate::base::relative_address;
use crate::diag::{Tally, Verdict};
use crate::markdown::{self, Flaw, FlawKind, escape_attribute, escape_text};
use crate::model::{NavKind, PageId, relative};
use crate::world::World as _;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::PoisonError;

/// Contradicted and unjudged claims that the ledger lists one by one; all of them are in `claims.json`.
const MOST_LISTED: usize = 500;

/// `guide/start.html` to `guide/start.md`.
pub(super) fn twin(url: &str) -> String {
    format!("{}.md", url.strip_suffix(".html").unwrap_or(url))
}

/// Pages as Markdown that were made once and are wanted once more.
#[derive(Default)]
pub(super) struct Twins {
    texts: BTreeMap<PageId, String>,
    bytes: usize,
}

/// Bytes of pages that are kept between their two uses: all of a book of some thousand pages. Those of a larger one are read
/// twice: at 50,000 pages they would take 200 MB.
const MOST_KEPT: usize = 16 << 20;

impl Twins {
    fn take(&mut self, id: PageId) -> Option<String> {
        let text = self.texts.remove(&id)?;
        self.bytes -= text.len();
        Some(text)
    }

    fn keep(&mut self, id: PageId, text: &str) {
        if self.bytes + text.len() <= MOST_KEPT {
            self.bytes += text.len();
            self.texts.insert(id, text.to_owned());
        }
    }
}

impl Renderer<'_> {
    /// A page as Markdown, with what it quotes in place.
    pub(super) fn markdown(&self, id: PageId) -> String {
        // Each text is wanted twice, beside its page and in `llms-full.txt`: whoever comes second takes it.
        if let Some(text) = self.twins.lock().unwrap_or_else(PoisonError::into_inner).take(id) {
            return text;
        }
        let text = self.read_markdown(id);
        self.twins.lock().unwrap_or_else(PoisonError::into_inner).keep(id, &text);
        text
    }

    fn read_markdown(&self, id: PageId) -> String {
        let page = &self.site.pages[id];
        // A chapter that is listed and has no file is its title alone.
        let world = crate::evidence::guarded(self.world, self.config);
        let text = world.text(&page.source).unwrap_or_else(|_| format!("# {}\n", page.title));
        let text = markdown::plain(&page.source, &text, self.config.directives, &world);
        let unsafe_address = |flaw: &Flaw| matches!(flaw.kind, FlawKind::UnsafeAddress { .. });
        let is_unsafe = page.doc.facts.flaws.iter().any(unsafe_address);
        let text = if is_unsafe { markdown::without_unsafe(&text) } else { text };
        if let Some(capacity) = self.capacity.filter(|_| page.kind.as_deref() == Some("capacity-plan")) {
            return recovery::in_markdown(&text, &super::capacity::markdown(capacity));
        }
        let Some(plan) = self.recovery.filter(|_| page.kind.as_deref() == Some("recovery-plan")) else {
            return text;
        };
        // Links of a source lead to sources.
        let leads = |to: PageId| Some(relative(page.path.as_str(), self.site.pages.get(to)?.path.as_str()));
        recovery::in_markdown(&text, &recovery::markdown(self.recovery_of(plan), &leads))
    }

    fn absolute(&self, address: &str) -> String {
        let address = address.strip_suffix("index.html").unwrap_or(address);
        match &self.config.site.address {
            Some(base) => format!("{base}/{address}"),
            None => relative_address(address.to_owned()),
        }
    }

    /// The list of pages for language models, in the form of <https://llmstxt.org>.
    pub(super) fn llms(&self) -> String {
        let mut out = format!("# {}\n", self.config.title.as_deref().unwrap_or("Documentation"));
        if let Some(description) = &self.config.description {
            let _ = write!(out, "\n> {description}\n");
        }
        let mut part = Some("Pages");
        for item in &self.site.nav.items {
            if item.kind == NavKind::Part {
                part = Some(&item.title);
            }
            let Some(page) = item.page.map(|page| &self.site.pages[page]) else { continue };
            if let Some(title) = part.take() {
                let _ = write!(out, "\n## {title}\n\n");
            }
            let _ = write!(out, "- [{}]({})", item.title, self.absolute(&twin(&page.url)));
            if let Some(description) = page.doc.facts.front.text("description") {
                let _ = write!(out, ": {description}");
            }
            out.push('\n');
        }
        out
    }

    /// All pages in one text, a piece for each.
    pub(super) fn llms_full(&self) -> impl Iterator<Item = String> {
        self.site.pages.iter().enumerate().map(|(id, page)| {
            let mut out = format!("<!-- {} -->\n\n", self.absolute(&page.url));
            out.push_str(self.markdown(id).trim_end());
            out.push_str("\n\n");
            out
        })
    }

    /// <https://www.sitemaps.org/protocol.html>.
    pub(super) fn sitemap(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for page in &self.site.pages {
            out.push_str("<url><loc>");
            escape_text(&self.absolute(&page.url), &mut out);
            out.push_str("</loc>");
            if let Some(date) = self.changed(page) {
                let _ = write!(out, "<lastmod>{date}</lastmod>");
            }
            out.push_str("</url>\n");
        }
        out.push_str("</urlset>\n");
        out
    }

    /// All claims: counts by page, and every one that is contradicted or not judged.
    pub(super) fn ledger(&self) -> Result<String, String> {
        let mut around = self.around("Ledger", "ledger.html", None);
        let total = self.report.total();
        let mut body = String::from("<h1>Ledger</h1>\n");
        let _ = writeln!(
            body,
            "<p>The pages make {} claims that can be checked: <span class=\"good\">{} proven{}</span>, {} contradicted, {} not judged. <a href=\"claims.json\">All of them as JSON</a>.</p>",
            total.proven + total.contradicted + total.not_judged,
            total.proven,
            total.demonstrated_words(),
            total.contradicted,
            total.not_judged,
        );
        self.open_claims(&mut body);
        body.push_str("<h2 id=\"pages\">Claims by page</h2>\n<div class=\"table-wrapper\"><table>\n<thead><tr><th scope=\"col\">Page</th><th scope=\"col\" class=\"ar\">Proven</th><th scope=\"col\" class=\"ar\">Contradicted</th><th scope=\"col\" class=\"ar\">Not judged</th></tr></thead>\n<tbody>\n");
        for (id, page) in self.site.pages.iter().enumerate() {
            let Tally { proven, contradicted, not_judged, .. } = self.report.tally(id);
            body.push_str("<tr><td><a href=\"");
            escape_attribute(&relative_address(page.url.clone()), &mut body);
            body.push_str("\">");
            escape_text(&page.title, &mut body);
            let _ = writeln!(
                body,
                "</a></td><td class=\"ar\">{proven}</td><td class=\"ar\">{contradicted}</td><td class=\"ar\">{not_judged}</td></tr>"
            );
        }
        body.push_str("</tbody></table></div>\n");
        around.body = body;
        self.theme.render::<Around>("plain.html", &self.site_value, &around)
    }

    /// What is contradicted, then what nobody judged, with the reasons.
    fn open_claims(&self, body: &mut String) {
        for (title, id, wanted) in
            [("Contradicted", "contradicted", true), ("Not judged", "not-judged", false)]
        {
            let claims = self.report.claims.iter().enumerate();
            let all: Vec<_> = claims
                .flat_map(|(page, list)| list.iter().map(move |claim| (page, claim)))
                .filter_map(|(page, claim)| match &claim.verdict {
                    Verdict::Contradicted(code) if wanted => Some((page, claim, *code)),
                    Verdict::NotJudged(reason) if !wanted => Some((page, claim, *reason)),
                    _ => None,
                })
                .collect();
            if all.is_empty() {
                continue;
            }
            let _ = write!(
                body,
                "<h2 id=\"{id}\">{title}</h2>\n<div class=\"table-wrapper\"><table>\n<thead><tr><th scope=\"col\">Page</th><th scope=\"col\">Claim</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n"
            );
            for (page, claim, why) in all.iter().take(MOST_LISTED) {
                let page = &self.site.pages[*page];
                body.push_str("<tr><td><a href=\"");
                escape_attribute(&relative_address(page.url.clone()), body);
                body.push_str("\">");
                escape_text(&page.title, body);
                let _ = write!(body, "</a></td><td>{}: ", claim.kind.name());
                escape_text(&claim.subject, body);
                body.push_str("</td><td>");
                escape_text(why, body);
                body.push_str("</td></tr>\n");
            }
            body.push_str("</tbody></table></div>\n");
            if all.len() > MOST_LISTED {
                let _ = writeln!(
                    body,
                    "<p>{} more are in <a href=\"claims.json\">claims.json</a>.</p>",
                    all.len() - MOST_LISTED
                );
            }
        }
    }
}
