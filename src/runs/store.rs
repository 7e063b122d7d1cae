//! Where evidence lies.

use super::drill::{Bundle, Drill};
use super::evidence::{Evidence, Run};
use super::standing::File;
use crate::base::RelPath;
use crate::config::Config;
use crate::world::World;
use serde::{Deserialize, Serialize};

/// A file of evidence that is longer, in bytes, is none.
pub const LONGEST: usize = 1 << 20;

/// The file, in the folder of all evidence, of runs whose own is not kept: a line of JSON for each.
pub const JOURNAL: &str = "retired.jsonl";

/// A run that passed, and whose evidence is not kept: what counters and trends need of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retired {
    /// The runbook's stem.
    pub runbook: String,
    /// When it began.
    pub started: String,
    /// Its RTO, in milliseconds.
    pub rto_ms: Option<u64>,
    /// Its RPO, in milliseconds.
    pub rpo_ms: Option<u64>,
}

impl Retired {
    /// What is kept of a run.
    pub fn of(stem: &str, run: &Run) -> Self {
        let measured =
            |name: &str| run.objectives.iter().find(|one| one.name == name).and_then(|one| one.measured_ms);
        Self {
            runbook: stem.to_owned(),
            started: run.started.clone(),
            rto_ms: measured("rto"),
            rpo_ms: measured("rpo"),
        }
    }

    /// Its line.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }
}

/// Runs whose evidence is not kept, in the order of the file. What is no line of one is none.
pub fn retired(world: &dyn World, config: &Config) -> Vec<Retired> {
    let file = folder(config).and_then(|folder| folder.join(JOURNAL).ok());
    let text = file.and_then(|file| world.text(&file).ok()).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The folder of all evidence of a book.
pub fn folder(config: &Config) -> Option<RelPath> {
    // On a forge pages lie where they lie.
    let base = if config.file.is_some() { &config.src } else { &config.root };
    base.join(&config.run.evidence).ok().filter(|path| path != base && path.below(base).is_some())
}

/// The folder of the evidence of one runbook.
pub fn folder_of(config: &Config, stem: &str) -> Option<RelPath> {
    folder(config)?.join(stem).ok()
}

/// The evidence of a runbook, by time.
pub fn files(world: &dyn World, config: &Config, stem: &str) -> Vec<File> {
    let Some(folder) = folder_of(config, stem) else { return Vec::new() };
    let all = world.files(&folder);
    let mut out: Vec<File> = Vec::new();
    for path in &all {
        if path.extension() != Some("json") || path.parent() != folder {
            continue;
        }
        let signed = path.parent().join(&format!("{}.sig", path.file_name()));
        let signed = signed.is_ok_and(|signature| all.contains(&signature));
        out.push(File { evidence: read(world, path, stem), path: path.clone(), signed });
    }
    out.sort_by(|one, other| one.path.cmp(&other.path));
    out
}

fn read(world: &dyn World, path: &RelPath, stem: &str) -> Result<Evidence, super::evidence::Refusal> {
    use super::evidence::Refusal::Unreadable;
    let text = world.text(path).map_err(|error| Unreadable(error.to_string()))?;
    if text.len() > LONGEST {
        return Err(Unreadable(format!("it is longer than {LONGEST} bytes")));
    }
    Evidence::read(&text, stem)
}

/// The drills of a name whose bundles lie in a folder, by time, each with its file. What is no bundle is none.
pub fn drills(world: &dyn World, folder: &RelPath, name: &str) -> Vec<(RelPath, Drill)> {
    let paths = world.files(folder).into_iter().filter(|path| path.extension() == Some("json"));
    let read = |path: RelPath| {
        let text = world.text(&path).ok().filter(|text| text.len() <= LONGEST)?;
        let drill = Bundle::read(&text).ok()?.predicate;
        (drill.drill == name).then_some((path, drill))
    };
    let mut out: Vec<(RelPath, Drill)> = paths.filter_map(read).collect();
    out.sort_by(|one, other| one.1.started.cmp(&other.1.started));
    out
}
