//! Diagrams against the repository: what elements are bound to, what is in no picture, what pages show.

pub(super) mod diagram_binding;
pub(super) mod diagram_description;
pub(super) mod diagram_element;
pub(super) mod diagram_inventory;
pub(super) mod diagram_layout;
pub(super) mod diagram_relation;
pub(super) mod diagram_view;
pub mod import;
pub mod inventory;

use super::check::Check;
use super::{Context, Evidence, Reads, Update};
use crate::base::{RelPath, Span, count, percent_decode};
use crate::config::Config;
use crate::diag::{Group, Nearest, Place, Problem, Severity, code};
use crate::diagram::graph::{Binding, Facts, Graph};
use crate::diagram::sequence::Sequence;
use crate::diagram::sidecar::{self, Positions, Sidecar};
use crate::diagram::structurizr::{self, Workspace};
use crate::diagram::{self, Language, Picture, Reading, View};
use crate::markdown::{Link, LinkKind};
use crate::model::{PageId, Site};
use crate::rust::manifest::Unread;
use crate::world::{PathKind, World};
use inventory::{Inventory, Stock, Way};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// All diagrams of a project.
#[derive(Clone, Debug, Default)]
pub struct Diagrams {
    /// Files in the diagrams folder, then fences on pages.
    pub sources: Vec<Source>,
    /// What could be drawn.
    pub stocks: Vec<Stock>,
    /// What pages show, page by page.
    pub drawings: BTreeMap<PageId, Vec<Drawing>>,
    /// Views that pages ask for and no source has.
    pub unknown: Vec<Wish>,
    /// Manifests of packages that cannot be read, so that nobody knows what is missing.
    pub unread: Vec<Unread>,
}

impl Diagrams {
    /// Whether an image of a page is a view of a diagram.
    pub fn wanted(&self, page: PageId, link: &Link) -> bool {
        let path = link.target.split('#').next().unwrap_or_default();
        let language = path.rsplit_once('.').and_then(|(_, extension)| diagram::language_of(extension));
        language.is_some()
            && (self.drawings.contains_key(&page) || self.unknown.iter().any(|wish| wish.page == page))
    }
}

/// A picture on a page.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// What on the page it takes the place of.
    pub spot: Spot,
    /// What it shows.
    pub picture: Picture,
    /// The file that its links are seen from.
    pub file: RelPath,
    /// Where its elements stood when that was recorded.
    pub pinned: Option<Positions>,
}

/// What a picture takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The code block there.
    Fence(Place),
    /// The image with this index among the page's links.
    Image(usize),
}

/// A view that a page shows.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The page.
    pub page: PageId,
    /// Which of its links.
    pub link: usize,
    /// The source.
    pub file: RelPath,
    /// The view's key, empty for the only one.
    pub key: String,
    /// A key that is nearly the same.
    pub near: Option<String>,
}

/// One source of pictures.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file.
    pub file: RelPath,
    /// The page whose fence it is; else of the first page that shows one of its views.
    pub page: Option<PageId>,
    /// Whether it is a fence on a page.
    pub fence: bool,
    /// What its language says is wrong.
    pub problems: Vec<Problem>,
    /// Its elements.
    pub elements: Vec<Element>,
    /// Its views, and whether a page shows each.
    pub views: Vec<Shown>,
    /// Relations between bound elements, and whether code backs them.
    pub relations: Vec<Backed>,
    /// Where its elements stood, if that is recorded.
    pub recorded: Option<Recorded>,
}

/// The record of where the elements of a source stood.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its file.
    pub file: RelPath,
    /// What it says; nothing where it cannot be read.
    pub sidecar: Sidecar,
    /// In what it and the source disagree: what it is about, a sentence, where.
    pub disagreements: Vec<(String, String, Place)>,
}

/// A view of a source.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its key.
    pub key: String,
    /// Where it is defined.
    pub place: Place,
    /// Whether a page shows it.
    pub shown: bool,
}

/// An element of a source.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four things that checks ask, each by itself")]
pub struct Element {
    /// As people say it: `Shop / API`.
    pub name: String,
    /// Its identifier.
    pub id: String,
    /// Where it is defined.
    pub place: Place,
    /// What it is bound to, and whether that is there.
    pub bindings: Vec<(Binding, Standing)>,
    /// Whether a sentence says what it is for.
    pub described: bool,
    /// Whether a relation leads to it, from it, or to or from a part of it.
    pub related: bool,
    /// Whether a view shows it, or a part or an instance of it.
    pub drawn: bool,
    /// An element before it with the same name in the same place.
    pub twin: Option<Place>,
    /// Whether it belongs to a model, whose elements should be drawn, described and related.
    pub modelled: bool,
}

/// What became of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is there: what was found.
    There(String),
    /// It is not: what is wrong, and what to do.
    Gone(String, String),
    /// Nobody could look: why.
    NotJudged(&'static str),
}

/// A relation between two elements that are bound to code.
#[derive(Clone, Debug)]
pub struct Backed {
    /// From, as people say it.
    pub from: String,
    /// To.
    pub to: String,
    /// Where it is stated.
    pub place: Place,
    /// Whether the code of the first names the second.
    pub backed: bool,
}

/// Reads all diagrams of a project.
pub fn read(world: &dyn World, config: &Config, site: &Site) -> Diagrams {
    let mut sources = Vec::new();
    let mut drawings = BTreeMap::new();
    let mut wishes = wishes(site);
    files(world, config, &mut wishes, &mut sources, &mut drawings);
    fences(world, site, &mut sources, &mut drawings);
    if sources.is_empty() && wishes.is_empty() {
        return Diagrams::default();
    }
    let bound: Vec<&Binding> = sources
        .iter()
        .flat_map(|source| &source.elements)
        .flat_map(|element| element.bindings.iter().map(|(binding, _)| binding))
        .collect();
    let ways: BTreeSet<Way> = Way::ALL.into_iter().filter(|way| wanted(config, *way, &bound)).collect();
    let inventory = Inventory::read(world, &config.root, &ways, &bound);
    let stocks = inventory.stocks(&ways, &bound, &config.diagrams.leave_out);
    for source in &mut sources {
        for element in &mut source.elements {
            for (binding, standing) in &mut element.bindings {
                *standing = inventory.judge(binding);
            }
        }
    }
    Diagrams { sources, stocks, drawings, unknown: wishes, unread: inventory.unread }
}

/// Whether an inventory is held against the diagrams: as configured, or when an element is bound to a part of it.
fn wanted(config: &Config, way: Way, bound: &[&Binding]) -> bool {
    match config.diagrams.inventory.get(way.name()).map(String::as_str) {
        Some("on") => true,
        Some("off") => false,
        _ => bound.iter().any(|binding| way.keys().contains(&binding.key.as_str())),
    }
}

/// Which views pages show: images whose address is `model.dsl#key`, or the file alone for its only view.
fn wishes(site: &Site) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for (page, shown) in site.pages.iter().enumerate() {
        for (at, link) in
            shown.doc.facts.links.iter().enumerate().filter(|(_, link)| link.kind == LinkKind::Image)
        {
            let (path, key) = link.target.split_once('#').unwrap_or((&link.target, ""));
            let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
            if diagram::language_of(extension).is_none() {
                continue;
            }
            if let Ok(file) = shown.source.parent().join(&percent_decode(path)) {
                wishes.push(Wish { page, link: at, file, key: percent_decode(key).into_owned(), near: None });
            }
        }
    }
    wishes
}

type Drawings = BTreeMap<PageId, Vec<Drawing>>;

/// Reads the files of the diagrams folder and those that pages show; wishes that come true are taken from the list.
fn files(
    world: &dyn World,
    config: &Config,
    wishes: &mut Vec<Wish>,
    sources: &mut Vec<Source>,
    drawings: &mut Drawings,
) {
    let mut by_file: BTreeMap<RelPath, Vec<Wish>> = BTreeMap::new();
    for wish in std::mem::take(wishes) {
        by_file.entry(wish.file.clone()).or_default().push(wish);
    }
    let near = Nearest::default();
    let mut wanted: BTreeSet<RelPath> = by_file.keys().cloned().collect();
    let folder = config.root.join(&config.diagrams.folder).ok();
    wanted.extend(
        folder
            .filter(|folder| world.kind(folder) == Some(PathKind::Folder))
            .map(|folder| world.files(&folder))
            .unwrap_or_default(),
    );
    // Parts that a workspace includes are read with it.
    let mut parts = BTreeSet::new();
    let mut read = Vec::new();
    for file in wanted {
        let Some(language) = file.extension().and_then(diagram::language_of) else { continue };
        let Ok(text) = world.text(&file) else { continue };
        if language == Language::Structurizr {
            let workspace = structurizr::read(world, &file, &text);
            parts.extend(workspace.files.iter().skip(1).cloned());
            let reading = structurizr::pictures(&workspace);
            read.push((file, Some(workspace), reading));
        } else {
            let reading = diagram::read(language, world, &file, &text);
            read.push((file, None, reading));
        }
    }
    let mut code = BTreeMap::new();
    for (file, workspace, reading) in read {
        if parts.contains(&file) {
            continue;
        }
        let recorded = recorded(world, &file, &reading);
        let pins = recorded.as_ref().map(|recorded| &recorded.sidecar);
        let mut of_file = by_file.remove(&file).unwrap_or_default();
        let shown = granted(&file, &reading, pins, (&mut of_file, &near), drawings);
        wishes.append(&mut of_file);
        let mut source = match workspace {
            Some(workspace) => {
                let mut source = of_workspace(world, config, &file, &workspace, &mut code);
                source.problems.extend(diagram::too_large(&file, &reading.views));
                source
            }
            None => of_reading(&file, reading),
        };
        source.page = shown.values().min().copied();
        source.recorded = recorded;
        for view in &mut source.views {
            view.shown = shown.contains_key(&view.key);
        }
        sources.push(source);
    }
    wishes.extend(by_file.into_values().flatten());
    wishes.sort_by_key(|wish| (wish.page, wish.link));
}

/// Draws the views of a file where pages wish for them; which are shown, and where first.
fn granted(
    file: &RelPath,
    reading: &Reading,
    pins: Option<&Sidecar>,
    (wishes, near): (&mut Vec<Wish>, &Nearest),
    drawings: &mut Drawings,
) -> BTreeMap<String, PageId> {
    let mut shown = BTreeMap::new();
    let mut views: BTreeMap<&str, &View> = BTreeMap::new();
    for view in &reading.views {
        views.entry(&view.key).or_insert(view);
    }
    wishes.retain_mut(|wish| {
        let only = reading.views.first().filter(|_| wish.key.is_empty() && reading.views.len() == 1);
        let Some(view) = only.or_else(|| views.get(wish.key.as_str()).copied()) else {
            wish.near = near.find(file.as_str(), &wish.key, views.keys().copied());
            return true;
        };
        let drawing = Drawing {
            spot: Spot::Image(wish.link),
            picture: view.picture.clone(),
            file: file.clone(),
            pinned: pins.and_then(|pins| pins.views.get(&view.key)).cloned(),
        };
        drawings.entry(wish.page).or_default().push(drawing);
        shown.entry(view.key.clone()).or_insert(wish.page);
        false
    });
    shown
}

/// The record beside a source, and in what it disagrees with what the source draws.
fn recorded(world: &dyn World, source: &RelPath, reading: &Reading) -> Option<Recorded> {
    let file = sidecar::of_source(source)?;
    let text = world.text(&file).ok()?;
    let whole = Place::whole(file.clone());
    let sidecar = match Sidecar::parse(&text) {
        Ok(sidecar) => sidecar,
        Err(message) => {
            let disagreement = (file.to_string(), format!("`{file}` cannot be used: {message}"), whole);
            return Some(Recorded { file, sidecar: Sidecar::default(), disagreements: vec![disagreement] });
        }
    };
    let mut disagreements = Vec::new();
    let keys = Keys::of(&text);
    let in_record = |keys_of: &[&str]| Place { file: file.clone(), span: keys.last_of(keys_of) };
    let graphs: BTreeMap<&str, &Graph> = sidecar::graphs(&reading.views).collect();
    for key in sidecar.views.keys().filter(|key| !graphs.contains_key(key.as_str())) {
        let place = in_record(&[key]);
        disagreements.push((key.clone(), format!("`{source}` no longer has the view `{key}`"), place));
    }
    for (key, graph) in graphs {
        let of_view = if key.is_empty() { String::new() } else { format!(" of the view `{key}`") };
        let Some(positions) = sidecar.views.get(key) else {
            let message = format!("the positions{of_view} are not recorded in `{file}`");
            disagreements.push((key.to_owned(), message, Place::whole(source.clone())));
            continue;
        };
        if graph.direction.is_some_and(|direction| direction != positions.direction) {
            let message = format!("the positions{of_view} were recorded for another direction");
            disagreements.push((key.to_owned(), message, in_record(&[key])));
            continue;
        }
        let places = sidecar::places(graph);
        for difference in positions.differences(graph) {
            let id = &difference.id;
            let (message, place) = if difference.new {
                let place = places.get(id.as_str()).cloned().flatten().unwrap_or_else(|| whole.clone());
                (format!("the position of `{id}`{of_view} is not recorded in `{file}`"), place)
            } else {
                (format!("`{id}`{of_view} is no longer drawn"), in_record(&[key, id]))
            };
            disagreements.push((id.clone(), message, place));
        }
    }
    Some(Recorded { file, sidecar, disagreements })
}

/// Where the keys of a record stand, by their spelling.
struct Keys<'t>(HashMap<&'t str, Vec<usize>>);

impl<'t> Keys<'t> {
    fn of(text: &'t str) -> Self {
        let mut keys: HashMap<&str, Vec<usize>> = HashMap::new();
        let (mut open, mut escaped) = (None, false);
        for (at, byte) in text.bytes().enumerate() {
            match open {
                Some(_) if escaped => escaped = false,
                Some(_) if byte == b'\\' => escaped = true,
                Some(start) if byte == b'"' => {
                    if text.as_bytes().get(at + 1) == Some(&b':')
                        && let Some(key) = text.get(start..=at)
                    {
                        keys.entry(key).or_default().push(start);
                    }
                    open = None;
                }
                None if byte == b'"' => open = Some(at),
                _ => {}
            }
        }
        Self(keys)
    }

    /// The last of some keys, each sought behind the one before it.
    fn last_of(&self, keys: &[&str]) -> Span {
        let mut found = 0..0;
        for key in keys {
            let quoted = serde_json::Value::from(*key).to_string();
            let Some(starts) = self.0.get(quoted.as_str()) else { continue };
            let next = starts.partition_point(|start| *start < found.end);
            if let Some(start) = starts.get(next) {
                found = *start..start + quoted.len();
            }
        }
        Span::new(found.start, found.end)
    }
}

fn of_workspace(
    world: &dyn World,
    config: &Config,
    file: &RelPath,
    workspace: &Workspace,
    code: &mut BTreeMap<RelPath, inventory::Code>,
) -> Source {
    let mut drawn = BTreeSet::new();
    let mut related = BTreeSet::new();
    for view in &workspace.views {
        for at in &view.elements {
            drawn.extend(workspace.upwards(*at));
            drawn.extend(workspace.elements[*at].of.into_iter().flat_map(|of| workspace.upwards(of)));
        }
    }
    for relation in workspace.relations.iter().filter(|relation| !relation.removed) {
        related.extend(workspace.upwards(relation.source));
        related.extend(workspace.upwards(relation.destination));
    }
    let mut seen: BTreeMap<(Option<usize>, Option<usize>, _, &str), Place> = BTreeMap::new();
    let mut elements = Vec::new();
    for (at, element) in workspace.elements.iter().enumerate() {
        let key = (element.parent, element.environment, element.kind, element.name.as_str());
        let twin = if element.kind.instance() { None } else { seen.get(&key).cloned() };
        seen.entry(key).or_insert_with(|| element.place.clone());
        let bound =
            element.properties.iter().filter(|property| diagram::BINDINGS.contains(&property.name.as_str()));
        elements.push(Element {
            name: workspace.path(at),
            id: element.identifier.clone(),
            place: element.place.clone(),
            bindings: bound
                .map(|property| unjudged(&property.name, &property.value, &property.place))
                .collect(),
            described: !element.description.is_empty() || element.kind.deployed(),
            related: related.contains(&at) || element.kind.deployed(),
            drawn: drawn.contains(&at),
            twin,
            modelled: !element.kind.instance(),
        });
    }
    let views = workspace.views.iter().map(|view| Shown {
        key: view.key.clone(),
        place: view.place.clone(),
        shown: false,
    });
    let views: Vec<Shown> = views.collect();
    Source {
        file: file.clone(),
        page: None,
        fence: false,
        problems: workspace.problems.clone(),
        relations: backed(world, config, workspace, code),
        elements,
        views,
        recorded: None,
    }
}

/// Relations whose ends are both bound to code, and whether the code of the first names the second. One that says
/// by what it goes (`HTTPS`, `PostgreSQL`) needs no code in common.
fn backed(
    world: &dyn World,
    config: &Config,
    workspace: &Workspace,
    code: &mut BTreeMap<RelPath, inventory::Code>,
) -> Vec<Backed> {
    let folders: Vec<Option<RelPath>> = workspace
        .elements
        .iter()
        .map(|element| {
            let property = element.properties.iter().find(|property| property.name == "src")?;
            inventory::locate(world, &config.root, &property.value)
        })
        .collect();
    let folder = |at: usize| folders.get(at)?.as_ref();
    let mut names: BTreeMap<&RelPath, Option<String>> = BTreeMap::new();
    let mut out = Vec::new();
    for relation in &workspace.relations {
        if relation.linked.is_some()
            || !relation.technology.is_empty()
            || relation.source == relation.destination
        {
            continue;
        }
        let (Some(from), Some(to)) = (folder(relation.source), folder(relation.destination)) else {
            continue;
        };
        if from == to || from.below(to).is_some() || to.below(from).is_some() {
            continue;
        }
        let name = names.entry(to).or_insert_with(|| inventory::module_name(world, to));
        let Some(name) = name else { continue };
        let text = code.entry(from.clone()).or_insert_with(|| inventory::code_of(world, from));
        out.push(Backed {
            from: workspace.path(relation.source),
            to: workspace.path(relation.destination),
            place: relation.place.clone(),
            backed: text.is_empty() || text.has_word(name),
        });
    }
    out
}

fn unjudged(key: &str, value: &str, place: &Place) -> (Binding, Standing) {
    let binding = Binding { key: key.to_owned(), value: value.to_owned(), place: place.clone() };
    (binding, Standing::NotJudged("not looked at"))
}

fn of_reading(file: &RelPath, reading: Reading) -> Source {
    let mut elements = Vec::new();
    let mut views = Vec::new();
    for view in &reading.views {
        match &view.picture {
            Picture::Graph(graph) => of_graph(graph, &mut elements),
            Picture::Sequence(sequence) => of_sequence(sequence, &mut elements),
        }
        views.push(Shown { key: view.key.clone(), place: Place::whole(file.clone()), shown: false });
    }
    Source {
        file: file.clone(),
        page: None,
        fence: false,
        problems: reading.problems,
        elements,
        views,
        relations: Vec::new(),
        recorded: None,
    }
}

/// Elements of a picture that is no model: only their bindings are judged.
fn push(id: &str, label: &[String], facts: &Facts, elements: &mut Vec<Element>) {
    if facts.bindings.is_empty() {
        return;
    }
    let bound = facts.bindings.iter().map(|binding| unjudged(&binding.key, &binding.value, &binding.place));
    elements.push(Element {
        name: if label.is_empty() { id.to_owned() } else { label.join(" ") },
        id: id.to_owned(),
        place: facts.place.clone().unwrap_or_else(|| facts.bindings[0].place.clone()),
        bindings: bound.collect(),
        described: true,
        related: true,
        drawn: true,
        twin: None,
        modelled: false,
    });
}

fn of_graph(graph: &Graph, elements: &mut Vec<Element>) {
    for node in &graph.nodes {
        push(&node.id, &node.label, &node.facts, elements);
    }
    for cluster in &graph.clusters {
        push(&cluster.id, &cluster.label, &cluster.facts, elements);
    }
}

fn of_sequence(sequence: &Sequence, elements: &mut Vec<Element>) {
    for actor in &sequence.actors {
        push(&actor.id, &actor.label, &actor.facts, elements);
    }
}

/// Fences on pages, as their authors wrote them.
fn fences(world: &dyn World, site: &Site, sources: &mut Vec<Source>, drawings: &mut Drawings) {
    let mut known: Option<(RelPath, String)> = None;
    for (id, page) in site.pages.iter().enumerate() {
        for code in &page.doc.facts.code {
            let word = code.language.split([',', ' ', '{']).next().unwrap_or_default();
            let Some(language) = diagram::language_of(word) else { continue };
            if known.as_ref().is_none_or(|(file, _)| *file != code.place.file) {
                known = world.text(&code.place.file).ok().map(|text| (code.place.file.clone(), text));
            }
            let Some((_, text)) = &known else { continue };
            let Some(fence) = text.get(code.place.span.range()) else { continue };
            let (body, offsets) = unfenced(fence, code.place.span.start as usize);
            let mut reading = diagram::read(language, world, &code.place.file, &body);
            let file = code.place.file.clone();
            let back = |place: &mut Place| {
                if place.file == file {
                    place.span = Span::new(
                        original(&offsets, place.span.start as usize),
                        original(&offsets, place.span.end as usize),
                    );
                }
            };
            reading.problems.iter_mut().for_each(|problem| back(&mut problem.place));
            if let Some(view) = reading.views.first() {
                let spot = Spot::Fence(code.place.clone());
                let file = page.source.clone();
                let drawing = Drawing { spot, picture: view.picture.clone(), file, pinned: None };
                drawings.entry(id).or_default().push(drawing);
            }
            let mut source = of_reading(&code.place.file, reading);
            for element in &mut source.elements {
                back(&mut element.place);
                element.bindings.iter_mut().for_each(|(binding, _)| back(&mut binding.place));
            }
            source.views.clear();
            sources.push(Source { page: Some(id), fence: true, ..source });
        }
    }
}

/// The text within a fence, and where each of its lines begins: in that text, and in the file.
fn unfenced(fence: &str, start: usize) -> (String, Vec<(usize, usize)>) {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = start;
    for line in fence.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let first = lines.first().map_or("", |(_, line)| line);
    let indent = first.len() - first.trim_start_matches([' ', '>']).len();
    let closed = lines.last().is_some_and(|(_, line)| {
        let plain = line.trim_start_matches([' ', '\t', '>']).trim_end();
        plain.starts_with("```") || plain.starts_with("~~~")
    });
    let end = lines.len() - usize::from(closed && lines.len() > 1);
    let (mut body, mut offsets) = (String::new(), Vec::new());
    for (at, line) in lines.get(1..end).unwrap_or_default() {
        let white = line.len() - line.trim_start_matches([' ', '\t', '>']).len();
        let cut = white.min(indent);
        offsets.push((body.len(), at + cut));
        body.push_str(&line[cut..]);
    }
    (body, offsets)
}

/// Where a byte of a fence's text stands in its file.
fn original(offsets: &[(usize, usize)], at: usize) -> usize {
    let line = offsets.partition_point(|(begin, _)| *begin <= at).saturating_sub(1);
    offsets.get(line).map_or(at, |(begin, file)| file + at.saturating_sub(*begin))
}

fn pictures(world: &dyn World, file: &RelPath) -> Option<Reading> {
    let language = diagram::language_of(file.extension()?)?;
    Some(diagram::read(language, world, file, &world.text(file).ok()?))
}

/// Records that disagree with their sources, as they should be.
fn updates(world: &dyn World, diagrams: &Diagrams) -> Vec<Update> {
    let mut out = Vec::new();
    for source in &diagrams.sources {
        let Some(recorded) = source.recorded.as_ref().filter(|recorded| !recorded.disagreements.is_empty())
        else {
            continue;
        };
        let Some(reading) = pictures(world, &source.file) else { continue };
        let sidecar = sidecar::record(&reading.views, Some(&recorded.sidecar));
        let mended = count(recorded.disagreements.len(), "position");
        out.push(Update {
            file: recorded.file.clone(),
            text: sidecar.text(),
            about: format!("{mended} mended, from {}", source.file),
        });
    }
    out
}

/// The records of all sources that have one, as if nothing were recorded yet.
pub fn afresh(world: &dyn World, diagrams: &Diagrams) -> Vec<(RelPath, Sidecar)> {
    let one = |source: &Source| {
        let recorded = source.recorded.as_ref()?;
        Some((recorded.file.clone(), sidecar::record(&pictures(world, &source.file)?.views, None)))
    };
    diagrams.sources.iter().filter_map(one).collect()
}

impl Evidence for Diagrams {
    const NAME: &'static str = "diagrams";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const CHECKS: &'static [&'static Check] = &[
        &Check::seen::<Self>(
            code::DIAGRAM_SYNTAX,
            Group::Broken,
            "a diagram's text breaks its language's rules",
            include_str!("diagram-syntax.md"),
            "src/diagram",
        ),
        &diagram_binding::CHECK,
        &diagram_layout::CHECK,
        &Check::seen::<Self>(
            code::DIAGRAM_REFUSED,
            Group::Suspect,
            "a diagram asks for something that is never done",
            include_str!("diagram-refused.md"),
            "src/diagram",
        ),
        &diagram_inventory::CHECK,
        &diagram_element::CHECK,
        &diagram_view::CHECK,
        &Check::seen::<Self>(
            code::DIAGRAM_NOT_DRAWN,
            Group::Suspect,
            "a diagram says what the picture does not show",
            include_str!("diagram-not-drawn.md"),
            "src/diagram",
        )
        .severity(Severity::Note),
        &diagram_relation::CHECK,
        &diagram_description::CHECK,
    ];
    const RECORDS: Option<&'static str> = Some("layouts");

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.of::<Self>().sources.iter().flat_map(|source| &source.problems).collect()
    }

    fn read(cx: &Context<'_>) -> Self {
        read(cx.world, cx.config, cx.site())
    }

    fn updates(cx: &Context<'_>) -> Result<Vec<Update>, String> {
        Ok(updates(cx.world, cx.of::<Self>()))
    }
}
