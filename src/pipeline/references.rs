//! The pages of APIs.

use crate::base::{LineIndex, RelPath};
use crate::diag::Place;
use crate::evidence::Context;
use crate::evidence::api::probe::{Standing, Stood};
use crate::evidence::api::{Api, Apis};
use crate::markdown::Value;
use crate::model::Site;
use crate::render::{ApiReferenceSource, Origin, Reference};
use crate::world::World;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// A file's text with the beginnings of its lines, if it can be read.
type Indexed = Option<Arc<(String, LineIndex)>>;

/// Lines of the files that documents come from.
struct Lines<'w> {
    world: &'w dyn World,
    files: Mutex<HashMap<RelPath, Indexed>>,
}

impl Lines<'_> {
    fn line(&self, place: &Place) -> Option<u32> {
        let read = || {
            let text = self.world.text(&place.file).ok()?;
            let index = LineIndex::new(&text);
            Some(Arc::new((text, index)))
        };
        let mut files = self.files.lock().ok()?;
        let file = files.entry(place.file.clone()).or_insert_with(read).clone()?;
        drop(files);
        Some(file.1.position(&file.0, place.span.start).line)
    }
}

/// Makes the pages of all APIs.
pub(super) fn references(cx: &Context<'_>) -> Vec<Reference> {
    let apis = cx.of::<Apis>().list.as_slice();
    if apis.is_empty() {
        return Vec::new();
    }
    let (world, site) = (cx.world, cx.site());
    let runbooks = runbooks(site);
    let lines = Lines { world, files: Mutex::default() };
    let repository = cx.config.html.repository.as_deref().map(|address| address.trim_end_matches('/'));
    let locate = |place: &Place| {
        let line = lines.line(place)?;
        let address = repository.and_then(|repository| {
            // The two forges whose addresses are known by their host.
            let below = match () {
                () if repository.contains("://github.com/") => "blob/HEAD",
                () if repository.contains("://gitlab.") => "-/blob/HEAD",
                () => return None,
            };
            Some(format!("{repository}/{below}/{}#L{line}", place.file))
        });
        Some(Origin { name: format!("{}:{line}", place.file), address })
    };
    let one = |api: &Api| {
        Reference::build(&ApiReferenceSource {
            catalogue: catalogue(site, api),
            probed: &probed(api),
            name: &api.config.name,
            document: &api.document,
            error_codes: api.config.error_codes.as_deref(),
            runbooks: &runbooks,
            locate: &locate,
        })
    };
    apis.iter().filter(|api| api.document.root.map().is_some()).map(one).collect()
}

/// Where `api:` links lead: a name alone, or after its API's.
pub(super) fn addresses(references: &[Reference], site: &mut Site) {
    for reference in references {
        let api = reference.folder.rsplit('/').next().unwrap_or_default();
        for (name, to) in &reference.addresses {
            site.api_addresses.entry(format!("{api}/{name}")).or_insert_with(|| to.clone());
            site.api_addresses.entry(name.clone()).or_insert_with(|| to.clone());
        }
    }
}

/// The page that explains an API's error codes; addresses are from an API's folder.
fn catalogue(site: &Site, api: &Api) -> Option<(String, String)> {
    let file = api.config.error_catalogue.as_ref()?;
    let page = site.pages.iter().find(|page| page.source == *file)?;
    Some((page.title.clone(), format!("../../{}", page.url)))
}

/// What the record of a contract probe says of each operation today.
fn probed(api: &Api) -> BTreeMap<String, String> {
    let Some(probe) = &api.probe else { return BTreeMap::new() };
    let Some(date) = probe.evidence.as_ref().map(|evidence| evidence.date) else { return BTreeMap::new() };
    let say = |stood: &Stood| match stood.standing.as_ref()? {
        Standing::Changed => Some(format!("changed since a running service was asked on {date}")),
        Standing::Holds(probed) if probed.contradictions > 0 => {
            Some(format!("a running service answered otherwise on {date}"))
        }
        Standing::Holds(probed) => Some(format!(
            "a running service answered {} as documented on {date}",
            probed.responses.join(", ")
        )),
    };
    let told = probe.standing.iter().filter_map(|stood| Some((stood.operation.clone(), say(stood)?)));
    told.collect()
}

/// Runbooks by the error codes that their front matter names; addresses are from an API's folder.
fn runbooks(site: &Site) -> BTreeMap<String, Vec<(String, String)>> {
    let mut out: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for page in site.pages.iter().filter(|page| page.kind.as_deref() == Some("runbook")) {
        let codes = match page.doc.facts.front.get("error-codes") {
            Some(Value::List(list)) => list.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        for code in codes {
            let Value::Text(code) = code else { continue };
            let to = format!("../../{}", page.url);
            out.entry(code.to_owned()).or_default().push((page.title.clone(), to));
        }
    }
    out
}
