//! What `oathbook update` does for API documents.

use super::{Api, Apis, coverage, sources};
use crate::base::count;
use crate::evidence::{Context, Run, Update};
use crate::openapi::source::{Source, recording};
use crate::world::World;

/// The commands that book.toml names as sources.
pub(super) fn runs(cx: &Context<'_>) -> Vec<Run> {
    let mut out = Vec::new();
    let files = cx.world.tracked(&cx.config.root);
    for api in &cx.config.apis {
        for (source, _) in sources(cx.config, api, &|| files.as_slice(), &mut Vec::new()) {
            let Source::Command { command, record, inputs } = source else { continue };
            let make = {
                let (command, record) = (command.clone(), record.clone());
                move |world: &dyn World, output: &str| {
                    let recording = recording(world, &command, &record, &inputs, output);
                    recording.map(|recording| vec![(record.clone(), recording.text)]).map_err(|problems| {
                        problems.into_iter().next().map_or_else(String::new, |problem| problem.message)
                    })
                }
            };
            out.push(Run { command, record: record.to_string(), make: Box::new(make) });
        }
    }
    out
}

/// Recorded documents and coverage pages that are out of date.
pub(super) fn updates(cx: &Context<'_>) -> Result<Vec<Update>, String> {
    let mut out = Vec::new();
    for api in &cx.of::<Apis>().list {
        if let Some(problem) = &api.obstacle {
            return Err(format!(
                "`{}` is not written: {}; `oathbook openapi check` shows where",
                api.config.document, problem.message
            ));
        }
        if api.is_stale() {
            refuse_to_empty(api)?;
            let operations = count(api.document.operations().len(), "operation");
            let schemas = count(api.document.schemas().len(), "schema");
            let holes = match api.holes.len() {
                0 => String::new(),
                holes => format!("; {} could not be read", count(holes, "part")),
            };
            let about = format!("{operations}, {schemas}{holes}");
            out.push(Update { file: api.config.document.clone(), text: api.text(), about });
        }
        out.extend(coverage_page(cx.world, api));
    }
    Ok(out)
}

/// A document that had operations and would have none is a source that was not understood, more likely than a service
/// that was taken away.
fn refuse_to_empty(api: &Api) -> Result<(), String> {
    let had = api.recorded.as_ref().map_or(0, |recorded| recorded.document.operations().len());
    if had == 0 || !api.document.operations().is_empty() {
        return Ok(());
    }
    let (document, had) = (&api.config.document, count(had, "operation"));
    Err(format!(
        "`{document}` is not written: it has {had}, and nothing of them is found in the sources now ({} could not be read); \
         if the service has none any more, remove `{document}` first",
        count(api.holes.len(), "part")
    ))
}

/// The coverage page, if it states other figures and none has fallen.
fn coverage_page(world: &dyn World, api: &Api) -> Option<Update> {
    let file = api.config.coverage_page.as_ref().filter(|_| !api.scores.is_empty())?;
    let old = world.text(file).ok();
    let fallen = old.as_ref().is_some_and(|text| !coverage::fallen(api, text).is_empty());
    let text = coverage::page(api, old.as_deref());
    let changed = !fallen && old.as_ref() != Some(&text);
    changed.then(|| Update { file: file.clone(), text, about: format!("coverage of {}", api.config.name) })
}
