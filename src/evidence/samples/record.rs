//! What became of the samples that `oathbook test` ran, as it is kept: the code that they ran on, then a line of JSON for each.

use crate::base::{Date, Fingerprint, RelPath};
use crate::config::Config;
use crate::world::World;
use std::collections::BTreeMap;

/// What became of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it says.
    Passed,
    /// It did not: which line of the block, from 0, and why.
    Failed(usize, String),
}

/// The record of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The folders whose code the samples ran on, and the fingerprint of that code.
    pub ground: Option<(Vec<RelPath>, Fingerprint)>,
    /// By page and fingerprint of the block.
    pub results: BTreeMap<(RelPath, Fingerprint), (Date, Outcome)>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Ground {
    ground: String,
    folders: Vec<String>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Line {
    page: String,
    block: String,
    day: String,
    outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<String>,
}

impl Line {
    fn read(self) -> Option<((RelPath, Fingerprint), (Date, Outcome))> {
        let outcome = match self.outcome.as_str() {
            "passed" => Outcome::Passed,
            "failed" => Outcome::Failed(self.line.unwrap_or(0), self.said?),
            _ => return None,
        };
        let key = (RelPath::parse(&self.page).ok()?, Fingerprint::parse(&self.block)?);
        Some((key, (self.day.parse().ok()?, outcome)))
    }

    fn write((page, block): &(RelPath, Fingerprint), (day, outcome): &(Date, Outcome)) -> Self {
        let (word, line, said) = match outcome {
            Outcome::Passed => ("passed", None, None),
            Outcome::Failed(line, said) => ("failed", Some(*line), Some(said.clone())),
        };
        Self {
            page: page.to_string(),
            block: block.to_string(),
            day: day.to_string(),
            outcome: word.into(),
            line,
            said,
        }
    }
}

impl Record {
    /// Reads a record; lines that are none are as if the block had never been tested.
    pub fn parse(text: &str) -> Self {
        let mut lines = text.lines();
        let ground = lines.next().and_then(|line| serde_json::from_str::<Ground>(line).ok());
        let ground = ground.and_then(|ground| {
            let folders = ground.folders.iter().filter_map(|folder| RelPath::parse(folder).ok());
            Some((folders.collect(), Fingerprint::parse(&ground.ground)?))
        });
        let line = |line: &str| serde_json::from_str::<Line>(line).ok().and_then(Line::read);
        Self { ground, results: lines.filter_map(line).collect() }
    }

    /// The code they ran on, then one line for each block, sorted.
    pub fn text(&self) -> String {
        let mut out = String::new();
        if let Some((folders, ground)) = &self.ground {
            let folders = folders.iter().map(|folder| folder.as_str().to_owned()).collect();
            out +=
                &serde_json::to_string(&Ground { ground: ground.to_string(), folders }).unwrap_or_default();
        }
        out.push('\n');
        for (key, result) in &self.results {
            out += &serde_json::to_string(&Line::write(key, result)).unwrap_or_default();
            out.push('\n');
        }
        out
    }

    /// What earlier runs recorded for a project.
    pub fn recorded(world: &dyn World, config: &Config) -> Self {
        file(config)
            .and_then(|file| world.text(&file).ok())
            .map_or_else(Self::default, |text| Self::parse(&text))
    }

    /// Whether the code is still what the samples ran on.
    pub fn holds(&self, world: &dyn World) -> bool {
        self.ground.as_ref().is_some_and(|(folders, then)| ground(world, folders) == *then)
    }
}

/// The file of a project's record.
pub fn file(config: &Config) -> Option<RelPath> {
    config.root.join(&config.samples.record).ok()
}

/// The fingerprint of the code in these folders: Rust source outside of tests, manifests, lock files. Formatting counts,
/// because telling it from the rest would cost more than testing again.
pub fn ground(world: &dyn World, folders: &[RelPath]) -> Fingerprint {
    let mut files: Vec<RelPath> = folders.iter().flat_map(|folder| world.tracked(folder)).collect();
    files.push(RelPath::parse("Cargo.lock").unwrap_or_else(|_| RelPath::root()));
    files.retain(is_ground);
    files.sort_unstable();
    files.dedup();
    let read = |file: &RelPath| Fingerprint::of(&world.read(file).unwrap_or_default()).to_string();
    let prints = crate::base::parallel_map(&files, read);
    let parts = files.iter().zip(&prints);
    Fingerprint::of_parts(parts.flat_map(|(file, print)| [file.as_str().as_bytes(), print.as_bytes()]))
}

fn is_ground(file: &RelPath) -> bool {
    let tests = ["tests", "benches", "examples", "target"];
    let code = file.extension() == Some("rs") || matches!(file.file_name(), "Cargo.toml" | "Cargo.lock");
    code && !file.as_str().split('/').any(|part| tests.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_its_file() {
        let key = |text: &str| (RelPath::parse("docs/a.md").unwrap(), Fingerprint::of(text.as_bytes()));
        let day = Date::from_days(20_000);
        let failed = Outcome::Failed(3, "error[E0425]: no `x`\nhere".into());
        let record = Record {
            ground: Some((vec![RelPath::root()], Fingerprint::of(b"code"))),
            results: BTreeMap::from([(key("a"), (day, Outcome::Passed)), (key("b"), (day, failed))]),
        };
        assert_eq!(Record::parse(&record.text()), record);
        assert_eq!(Record::parse("nonsense\n{}\n"), Record::default());
    }
}
