//! What hosts said of links, as it is kept: a line of JSON for each.

use crate::base::{Date, RelPath};
use crate::config::Config;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// What asking came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There; the status, and where it has moved for good.
    Good(u16, Option<String>),
    /// Not there: an error status, no host, no answer, no such fragment.
    Bad(String),
    /// The host does not say: it refuses programs, or asks to come back later.
    Unknown(String),
}

/// What is known of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The day of the last answer.
    pub day: Date,
    /// That answer.
    pub answer: Answer,
    /// On how many days in a row it failed, and the first of them.
    pub failed: Option<(u32, Date)>,
}

/// Answers by link, fragments included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    links: BTreeMap<String, Seen>,
}

/// One line of the file.
#[derive(serde::Serialize, serde::Deserialize)]
struct Line {
    url: String,
    day: String,
    answer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failed_days: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failed_since: Option<String>,
}

impl Line {
    fn read(self) -> Option<(String, Seen)> {
        let answer = match self.answer.as_str() {
            "good" => Answer::Good(self.status?, self.moved),
            "bad" => Answer::Bad(self.said?),
            "unknown" => Answer::Unknown(self.said?),
            _ => return None,
        };
        let since = self.failed_since.and_then(|day| day.parse().ok());
        let failed = self.failed_days.zip(since);
        Some((self.url, Seen { day: self.day.parse().ok()?, answer, failed }))
    }

    fn write(url: &str, seen: &Seen) -> Self {
        let (answer, status, moved, said) = match &seen.answer {
            Answer::Good(status, moved) => ("good", Some(*status), moved.clone(), None),
            Answer::Bad(said) => ("bad", None, None, Some(said.clone())),
            Answer::Unknown(said) => ("unknown", None, None, Some(said.clone())),
        };
        Self {
            url: url.to_owned(),
            day: seen.day.to_string(),
            answer: answer.to_owned(),
            status,
            moved,
            said,
            failed_days: seen.failed.map(|(days, _)| days),
            failed_since: seen.failed.map(|(_, since)| since.to_string()),
        }
    }
}

impl Record {
    /// Reads a record; a line that is none is as if it had never been asked.
    pub fn parse(text: &str) -> Self {
        let line = |line: &str| serde_json::from_str::<Line>(line).ok().and_then(Line::read);
        Self { links: text.lines().filter_map(line).collect() }
    }

    /// One line for each link, sorted.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (url, seen) in &self.links {
            out += &serde_json::to_string(&Line::write(url, seen)).unwrap_or_default();
            out.push('\n');
        }
        out
    }

    /// What is known of a link.
    pub fn get(&self, url: &str) -> Option<&Seen> {
        self.links.get(url)
    }

    /// Whether a link need not be asked: it was good, less than `days` ago.
    pub fn is_fresh(&self, url: &str, today: Date, days: u32) -> bool {
        self.links.get(url).is_some_and(|seen| {
            matches!(seen.answer, Answer::Good(..))
                && (0..i64::from(days)).contains(&(today.days() - seen.day.days()))
        })
    }

    /// Adds an answer of today. A failure counts once a day; one that nobody could judge changes no count.
    pub fn add(&mut self, url: &str, today: Date, answer: Answer) {
        let before = self.links.get(url);
        let counted = before.and_then(|seen| seen.failed);
        let failed = match &answer {
            Answer::Good(..) => None,
            Answer::Unknown(_) => counted,
            Answer::Bad(_) => match (counted, before) {
                (Some((days, since)), Some(seen)) if seen.day < today => Some((days + 1, since)),
                (Some(counted), Some(_)) => Some(counted),
                _ => Some((1, today)),
            },
        };
        self.links.insert(url.to_owned(), Seen { day: today, answer, failed });
    }

    /// Forgets links that no page has any more.
    pub fn keep(&mut self, urls: &BTreeSet<String>) {
        self.links.retain(|url, _| urls.contains(url));
    }
}

/// The record, and what a run of `linkcheck` adds to it.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// What was asked.
    pub record: Record,
    /// Links that the change under review adds.
    pub added: BTreeSet<String>,
    /// Whether this is `linkcheck`, whose findings are errors.
    pub asked_now: bool,
}

impl Links {
    /// What an earlier `linkcheck` recorded.
    pub fn recorded(world: &dyn World, config: &Config) -> Self {
        let text = file(config).and_then(|file| world.text(&file).ok()).unwrap_or_default();
        Self { record: Record::parse(&text), ..Self::default() }
    }
}

/// The file of a project's record.
pub fn file(config: &Config) -> Option<RelPath> {
    config.root.join(&config.linkcheck.record).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_count_once_a_day_and_success_ends_them() {
        let day = |n: i64| Date::from_days(20_000 + n);
        let bad = || Answer::Bad("404 Not Found".into());
        let mut record = Record::default();
        for (n, days) in [(0, 1), (0, 1), (1, 2), (4, 3)] {
            record.add("https://a/", day(n), bad());
            assert_eq!(record.get("https://a/").unwrap().failed, Some((days, day(0))));
        }
        record.add("https://a/", day(5), Answer::Unknown("429".into()));
        assert_eq!(record.get("https://a/").unwrap().failed, Some((3, day(0))));
        assert_eq!(Record::parse(&record.text()), record);
        record.add("https://a/", day(6), Answer::Good(200, None));
        assert_eq!(record.get("https://a/").unwrap().failed, None);
        assert!(record.is_fresh("https://a/", day(6), 1));
        assert!(!record.is_fresh("https://a/", day(7), 1));
        assert_eq!(
            Record::parse("{}\nnonsense\n{\"url\":\"x\",\"day\":\"y\",\"answer\":\"good\"}"),
            Record::default()
        );
    }
}
