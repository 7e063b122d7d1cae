//! What `oathbook update` does for facts and captured outputs.

use super::update::{Run, Update, Updater};
use crate::pipeline::Checked;
use crate::record::facts::{self, Outcome};
use crate::record::lock;
use crate::report::count;
use crate::world::World;
use std::collections::BTreeSet;

/// Values that pages state.
pub(super) const UPDATER: Updater = Updater { name: "facts", runs, updates };

fn runs(_: &dyn World, checked: &Checked) -> Vec<Run> {
    let captured = checked.held.facts.list.iter().filter_map(|fact| match &fact.outcome {
        Outcome::Captured(capture) => Some(capture.output.clone()),
        _ => None,
    });
    let outputs: BTreeSet<_> = captured.collect();
    let run = |output: facts::Output| {
        let (all, lock) = (checked.held.facts.clone(), lock::path(&checked.config));
        let (command, record) = (output.command.clone(), output.key());
        let make = move |world: &dyn World, wrote: &str| facts::record(world, &all, &lock, &output, wrote);
        Run { command, record, make: Box::new(make) }
    };
    outputs.into_iter().map(run).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "an updater may refuse")]
fn updates(world: &dyn World, checked: &Checked) -> Result<Vec<Update>, String> {
    let mended = facts::mended(world, &checked.held.facts).into_iter();
    Ok(mended.map(|(file, text, facts)| Update { file, text, about: count(facts, "fact") }).collect())
}
