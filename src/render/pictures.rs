//! Diagrams in pages: each takes the place of its fence or image, with its elements and relations in words beside it.

use crate::base::RelPath;
use crate::config::Config;
use crate::diagram::arrange::{Wishes, arrange};
use crate::diagram::graph::{Facts, Graph};
use crate::diagram::sequence::place::place;
use crate::diagram::{Picture, svg};
use crate::evidence::diagrams::{Diagrams, Drawing, Spot};
use crate::markdown::{Body, SlotKind};
use crate::model::{Page, PageId, Site, relative};
use std::ops::Range;

/// Where a link in a picture leads.
pub(super) enum Leads<'l> {
    /// To a page, and the fragment with its `#`.
    Page(PageId, &'l str),
    /// Somewhere else, as written.
    Elsewhere(&'l str),
}

/// The pictures of one page, as HTML, by what of the page's body they replace.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    ranges: Vec<(Range<usize>, String)>,
}

impl Pictures {
    /// Draws the pictures of a page as it stands at `url`. What cannot be drawn stays as it is; a check says so.
    pub fn new(diagrams: &Diagrams, config: &Config, site: &Site, id: PageId, url: &str) -> Self {
        Self::leading(diagrams, config, site, id, &|to| match to {
            Leads::Page(target, fragment) => match site.pages.get(target) {
                Some(target) => format!("{}{fragment}", relative(url, &target.url)),
                None => fragment.to_owned(),
            },
            Leads::Elsewhere(link) => link.to_owned(),
        })
    }

    /// The same, where whoever shows them says where their links lead.
    pub fn leading(
        diagrams: &Diagrams,
        config: &Config,
        site: &Site,
        id: PageId,
        to: &dyn Fn(Leads<'_>) -> String,
    ) -> Self {
        let (Some(drawings), Some(page)) = (diagrams.drawings.get(&id), site.pages.get(id)) else {
            return Self::default();
        };
        let mut ranges = Vec::new();
        for (number, drawing) in drawings.iter().enumerate() {
            let Some((range, whole)) = spot(page, &drawing.spot) else { continue };
            let alt = match drawing.spot {
                Spot::Image(index) => page.doc.facts.links.get(index).and_then(|link| link.text.clone()),
                Spot::Fence(_) => None,
            };
            let prefix = format!("{}-{number}", slug(&page.url));
            let link = |link: &str| Some(to(leads(site, drawing, link)));
            let style = svg::Style { prefix: &prefix, alone: false, link: &link };
            if let Some((picture, words)) = draw(drawing, config, alt.filter(|alt| !alt.is_empty()), &style) {
                let html = if whole {
                    format!("<figure class=\"diagram\">{picture}{words}</figure>\n")
                } else {
                    picture.trim_end().to_owned()
                };
                ranges.push((range, html));
            }
        }
        ranges.sort_by_key(|(range, _)| range.start);
        ranges.dedup_by(|later, earlier| later.0.start < earlier.0.end);
        Self { ranges }
    }

    /// Those within a range, in order.
    pub fn within(&self, range: &Range<usize>) -> impl Iterator<Item = (&Range<usize>, &str)> {
        let (from, to) = (range.start, range.end);
        let inside = self.ranges.iter().filter(move |(place, _)| place.start >= from && place.end <= to);
        inside.map(|(place, html)| (place, html.as_str()))
    }
}

/// Letters, digits and hyphens of an address, for ids.
fn slug(url: &str) -> String {
    let plain = url.trim_end_matches(".html");
    let part = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("dg-{}", plain.chars().map(part).collect::<String>())
}

/// The picture, and what it shows in words.
fn draw(
    drawing: &Drawing,
    config: &Config,
    alt: Option<String>,
    style: &svg::Style<'_>,
) -> Option<(String, String)> {
    match &drawing.picture {
        Picture::Graph(graph) => {
            let mut graph: Graph = graph.clone();
            graph.title = alt.or(graph.title);
            let facts = graph.nodes.iter_mut().map(|node| &mut node.facts);
            facts
                .chain(graph.clusters.iter_mut().map(|cluster| &mut cluster.facts))
                .for_each(|facts| to_source(facts, config));
            let wishes = Wishes { pinned: drawing.pinned.as_ref(), ..Wishes::default() };
            let placed = arrange(&graph, wishes).ok()?;
            let picture = svg::write(&graph, &placed.layout, &placed.measured, style);
            Some((picture, svg::outline(&graph, style.link)))
        }
        Picture::Sequence(sequence) => {
            let mut sequence = sequence.clone();
            sequence.title = alt.or(sequence.title);
            sequence.actors.iter_mut().for_each(|actor| to_source(&mut actor.facts, config));
            let plan = place(&sequence).ok()?;
            let picture = svg::write_sequence(&sequence, &plan, style);
            Some((picture, svg::outline_sequence(&sequence, style.link)))
        }
    }
}

/// An element that leads nowhere leads to the source that it is bound to, where the forge's addresses are known.
fn to_source(facts: &mut Facts, config: &Config) {
    if facts.link.is_some() {
        return;
    }
    let Some(repository) = config.html.repository.as_deref().map(|address| address.trim_end_matches('/'))
    else {
        return;
    };
    let way = match repository {
        address if address.contains("github.com") => "tree/HEAD",
        address if address.contains("gitlab") => "-/tree/HEAD",
        address if address.contains("codeberg.org") || address.contains("gitea") => "src/branch/main",
        _ => return,
    };
    let bound =
        facts.bindings.iter().find(|binding| matches!(binding.key.as_str(), "src" | "compose" | "k8s"));
    if let Some(path) =
        bound.and_then(|binding| binding.value.split('#').next()).filter(|path| !path.is_empty())
    {
        facts.link = Some(format!("{repository}/{way}/{}", path.trim_start_matches('/')));
    }
}

/// Where a link of a source leads: one to a page's Markdown goes to the page.
fn leads<'l>(site: &Site, drawing: &Drawing, link: &'l str) -> Leads<'l> {
    let (path, fragment) = link.find('#').map_or((link, ""), |at| link.split_at(at));
    let file: Option<RelPath> =
        drawing.file.parent().join(path).ok().filter(|_| !path.is_empty() && !path.contains(':'));
    let target = file.and_then(|file| site.pages.iter().position(|page| page.source == file));
    target.map_or(Leads::Elsewhere(link), |target| Leads::Page(target, fragment))
}

/// What of a page's body a picture replaces, and whether that is a whole block.
fn spot(page: &Page, spot: &Spot) -> Option<(Range<usize>, bool)> {
    let body: &Body = &page.doc.body;
    let block = |at: usize| {
        let index = body.blocks.partition_point(|block| block.start as usize <= at).checked_sub(1)?;
        let end = body.blocks.get(index + 1).map_or(body.html.len(), |block| block.start as usize);
        Some(body.blocks[index].start as usize..end)
    };
    match spot {
        Spot::Fence(place) => {
            let found = body.blocks.iter().find(|block| body.place(block) == *place)?;
            Some((block(found.start as usize)?, true))
        }
        Spot::Image(index) => {
            let slot = body
                .slots
                .iter()
                .find(|slot| slot.kind == SlotKind::Href(u32::try_from(*index).unwrap_or(u32::MAX)))?;
            let start = body.html[..slot.start as usize].rfind("<img")?;
            let end = slot.end as usize + body.html[slot.end as usize..].find('>')? + 1;
            let around = block(start)?;
            let alone =
                body.html[around.start..start].trim() == "<p>" && body.html[end..around.end].trim() == "</p>";
            Some(if alone { (around, true) } else { (start..end, false) })
        }
    }
}
