//! Drills on paper: a card shows what somebody would see, and the time until they declare a disaster is what counts.

use super::evidence::STATEMENT;
use crate::base::{Date, RelPath, lasting};
use crate::config::Config;
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::time::Duration;

/// `predicateType` of a card that was played.
pub const PREDICATE: &str = "https://oathbook.dev/card/v1";

/// The folder of the records, below that of drills.
pub const FOLDER: &str = "drills/cards";

/// A card that somebody played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    #[serde(rename = "_type")]
    statement: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    /// What happened on the card: service and failure, as `search.database`.
    pub scenario: String,
    /// Who played it, by role.
    pub operator: String,
    /// When the card was shown: `2026-11-29T10:47:18Z`.
    pub shown: String,
    /// Milliseconds until a disaster was declared; none where nobody declared one.
    pub declared_ms: Option<u64>,
    /// Milliseconds that the plan allows.
    pub limit_ms: u64,
    /// Whether nobody played it: an example.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub synthetic: bool,
}

impl Card {
    /// A card that was played.
    pub fn new(
        scenario: &str,
        operator: &str,
        shown: String,
        declared_ms: Option<u64>,
        limit_ms: u64,
    ) -> Self {
        Self {
            statement: STATEMENT.into(),
            predicate_type: PREDICATE.into(),
            scenario: scenario.to_owned(),
            operator: operator.to_owned(),
            shown,
            declared_ms,
            limit_ms,
            synthetic: false,
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Why it is no record of a card.
    pub fn read(text: &str) -> Result<Self, String> {
        let card: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if card.predicate_type == PREDICATE {
            Ok(card)
        } else {
            Err(format!("it is of the type {}", card.predicate_type))
        }
    }

    /// The file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Whether a disaster was declared in time.
    pub fn met(&self) -> bool {
        self.declared_ms.is_some_and(|took| took < self.limit_ms)
    }

    /// The day on which it was played.
    pub fn day(&self) -> Option<Date> {
        self.shown.get(..10)?.parse().ok()
    }
}

/// All cards of a book that were played, by time. What is no record is none.
pub fn played(world: &dyn World, config: &Config) -> Vec<(RelPath, Card)> {
    let Some(folder) = super::store::folder_of(config, FOLDER) else { return Vec::new() };
    let paths = world.files(&folder).into_iter().filter(|path| path.extension() == Some("json"));
    let read = |path: RelPath| {
        let text = world.text(&path).ok().filter(|text| text.len() <= super::store::LONGEST)?;
        Some((path, Card::read(&text).ok()?))
    };
    let mut out: Vec<(RelPath, Card)> = paths.filter_map(read).collect();
    out.sort_by(|one, other| one.1.shown.cmp(&other.1.shown));
    out
}

/// What a card shows.
#[derive(Debug)]
pub struct Scenario<'s> {
    /// Service and failure.
    pub name: &'s str,
    /// What is seen, by the runbook's own words.
    pub symptoms: Vec<&'s str>,
    /// The page that says when a disaster is declared, from the repository's root.
    pub plan: Option<&'s str>,
    /// The runbook, which stands on the back.
    pub runbook: &'s str,
    /// Its title.
    pub title: &'s str,
    /// How long it may take to declare.
    pub limit: Duration,
}

/// The card as Markdown, front and back: the front is what the player gets.
pub fn print(scenario: &Scenario<'_>) -> String {
    let mut out = format!("# A drill on paper: {}\n\nWhat you see:\n\n", scenario.name);
    for symptom in &scenario.symptoms {
        let _ = writeln!(out, "- {symptom}");
    }
    if scenario.symptoms.is_empty() {
        out.push_str("- (the runbook names no symptoms: whoever leads the drill says what is seen)\n");
    }
    let limit = lasting::told(scenario.limit);
    let _ = write!(
        out,
        "\nDecide whether this is a disaster, and declare it to whoever leads the drill. The clock runs from now; the plan allows {limit}.\nYou may look at everything that you would have at three in the morning, and ask nobody.\n"
    );
    let _ = write!(
        out,
        "\n---\n\nOn the back, for whoever leads the drill:\n\n1. Read out what is seen, and start the clock.\n2. Stop it when somebody declares a disaster, or says for good that it is none.\n"
    );
    if let Some(plan) = scenario.plan {
        let _ = writeln!(out, "3. Hold the reasons against `{plan}`, section Declare.");
    }
    let _ = write!(
        out,
        "4. The runbook that has to be named is `{}` ({}).\n5. Write it down:\n\n       oathbook drill card {} --operator HANDLE --declared-after TIME\n\n   or `--never-declared`. Below {limit} is met.\n",
        scenario.runbook, scenario.title, scenario.name
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_met_below_its_limit_and_never_without_a_declaration() {
        let card =
            |took| Card::new("search.database", "primary-1", "2026-11-29T10:00:00Z".into(), took, 600_000);
        assert!(card(Some(599_999)).met() && !card(Some(600_000)).met() && !card(None).met());
        let text = card(Some(1)).text();
        assert_eq!(Card::read(&text).unwrap(), card(Some(1)));
        assert!(Card::read(&text.replace("card/v1", "run/v1")).unwrap_err().contains("of the type"));
        assert!(Card::read("{}").is_err() && Card::read("[").is_err());
        assert_eq!(card(None).day().unwrap().to_string(), "2026-11-29");
    }

    #[test]
    fn the_front_of_a_card_does_not_name_the_runbook() {
        let scenario = Scenario {
            name: "search.database",
            symptoms: vec!["the disk is gone"],
            plan: Some("content/plan.md"),
            runbook: "content/restore.md",
            title: "Restore",
            limit: Duration::from_secs(600),
        };
        let text = print(&scenario);
        let (front, back) = text.split_once("\n---\n").unwrap();
        assert!(front.contains("- the disk is gone") && front.contains("allows 10 min"), "{front}");
        assert!(!front.contains("restore.md") && back.contains("`content/restore.md` (Restore)"), "{text}");
    }
}
