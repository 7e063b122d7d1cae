//! Where evidence lies.

use super::evidence::Evidence;
use super::standing::File;
use crate::base::RelPath;
use crate::config::Config;
use crate::world::World;

/// A file of evidence that is longer, in bytes, is none.
pub const LONGEST: usize = 1 << 20;

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
