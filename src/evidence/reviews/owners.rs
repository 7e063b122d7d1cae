//! Who answers for a page, and when somebody has to read it again: front matter (`owner`, `reviewed`, `review-every`),
//! and CODEOWNERS where a page names nobody.
//!
//! CODEOWNERS as GitHub and GitLab read it: patterns like those of `.gitignore`, the last one that matches wins, a pattern
//! without owners takes them away, `[Section]` lines of GitLab give default owners.
//! <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>,
//! <https://docs.gitlab.com/user/project/codeowners/reference/>.

use crate::base::{Date, Glob, RelPath, lasting};
use crate::config::Config;
use crate::diag::Place;
use crate::markdown::{Front, Value};
use crate::model::{PageId, Site};
use crate::world::World;

/// Where CODEOWNERS may lie, in the order in which forges look.
const PLACES: &[&str] =
    &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS", ".gitea/CODEOWNERS"];

/// What a page says of its reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The page.
    pub page: PageId,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it was read last.
    pub reviewed: Option<Date>,
    /// When it is to be read again.
    pub due: Due,
    /// Where the page says so.
    pub place: Place,
}

/// When a page is to be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// By this day.
    On(Date),
    /// It says how often, and not when it was last.
    Now,
    /// What it says cannot be read; why.
    Unclear(String),
}

/// The pages that say how often they are to be read, or whose kind does, by `reviews.every`.
pub fn duties(site: &Site, config: &Config, owners: &[Option<String>]) -> Vec<Duty> {
    let mut out = Vec::new();
    for (id, page) in site.pages.iter().enumerate() {
        let front = &page.doc.facts.front;
        let of_kind = page
            .kind
            .as_deref()
            .and_then(|kind| config.reviews.get(kind))
            .map(|text| Value::Text(text.clone()));
        let Some(every) = front.get("review-every").or(of_kind.as_ref()) else { continue };
        let reviewed = front.get("reviewed").map(date);
        let due = match (interval(every), &reviewed) {
            (None, _) => Due::Unclear(
                "`review-every` is no time span; write it as `90 days`, `6 months` or `1 year`".into(),
            ),
            (Some(_), Some(None)) => Due::Unclear("`reviewed` is no date; write it as `2026-11-23`".into()),
            (Some(days), Some(Some(date))) => Due::On(Date::from_days(date.days() + days)),
            (Some(_), None) => Due::Now,
        };
        let key = if matches!(&due, Due::Unclear(why) if why.starts_with("`reviewed`")) {
            "reviewed"
        } else {
            "review-every"
        };
        let place = front.place_of(key).cloned().unwrap_or_else(|| page.place());
        let owner = owners.get(id).cloned().flatten();
        out.push(Duty { page: id, owner, reviewed: reviewed.flatten(), due, place });
    }
    out
}

fn date(value: &Value) -> Option<Date> {
    if let Value::Text(text) = value { text.trim().parse().ok() } else { None }
}

/// Days of a time span, or a number of days.
fn interval(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(days) => Some(*days).filter(|days| (1..=36_500).contains(days)),
        Value::Text(text) => lasting::days(text),
        _ => None,
    }
}

/// Who answers for each page; reads CODEOWNERS only if a page names nobody.
pub fn owners(world: &dyn World, site: &Site) -> Vec<Option<String>> {
    let own = |front: &Front| {
        front.text("owner").map(str::trim).filter(|owner| !owner.is_empty()).map(str::to_owned)
    };
    let mut out: Vec<Option<String>> = site.pages.iter().map(|page| own(&page.doc.facts.front)).collect();
    if out.iter().all(Option::is_some) {
        return out;
    }
    let file =
        PLACES.iter().filter_map(|path| RelPath::parse(path).ok()).find_map(|path| world.text(&path).ok());
    let Some(text) = file else { return out };
    let rules = CodeOwners::parse(&text);
    for (owner, page) in out.iter_mut().zip(&site.pages) {
        if owner.is_none() {
            *owner = rules.of(page.source.as_str());
        }
    }
    out
}

/// `CODEOWNERS`, as forges read it.
pub struct CodeOwners {
    rules: Vec<Rule>,
}

impl CodeOwners {
    /// Reads the file's text.
    pub fn parse(text: &str) -> Self {
        Self { rules: rules(text) }
    }

    /// Who owns a file: the last rule that matches says it, and it may say nobody.
    pub fn of(&self, path: &str) -> Option<String> {
        let found = self.rules.iter().rev().find(|rule| rule.matches(path));
        found.map(|rule| rule.owners.join(", ")).filter(|owners| !owners.is_empty())
    }
}

struct Rule {
    /// The files that it owns.
    files: Vec<Glob>,
    owners: Vec<String>,
}

fn rules(text: &str) -> Vec<Rule> {
    let mut out = Vec::new();
    let mut default: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or("").trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') || line.starts_with("^[") {
            default = line.rsplit(']').next().unwrap_or("").split_whitespace().map(str::to_owned).collect();
            continue;
        }
        let mut words = split(line).into_iter();
        let Some(pattern) = words.next() else { continue };
        let owners: Vec<String> = words.collect();
        let owners = if owners.is_empty() { default.clone() } else { owners };
        out.push(Rule { files: files_of(&pattern), owners });
    }
    out
}

/// Words; a blank behind a backslash belongs to one.
fn split(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, out.last_mut()) {
            ('\\', Some(word)) => word.extend(chars.next()),
            (c, _) if c.is_whitespace() => out.push(String::new()),
            (c, Some(word)) => word.push(c),
            _ => {}
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        self.files.iter().any(|glob| glob.matches(path))
    }
}

/// The files that a pattern owns. Without a slash inside it names files and folders anywhere. Forges read no sets of
/// characters here.
fn files_of(pattern: &str) -> Vec<Glob> {
    let name = pattern.trim_end_matches('/');
    if name.is_empty() {
        return Vec::new();
    }
    let glob = if name.contains('/') { name.to_owned() } else { format!("**/{name}") };
    // `docs/*` owns the files of a folder and not those below it; a plain name owns all that is in it.
    let below = (!name.ends_with("/*")).then(|| Glob::new(&format!("{glob}/**/*")));
    let itself = (!pattern.ends_with('/')).then(|| Glob::new(&glob));
    itself.into_iter().chain(below).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rule_that_matches_says_who_owns() {
        let all = rules(
            "# c\n* @all\n/docs/ @writers # and so on\n*.rs @rust\ndocs/api/* @api @second\n/docs/free.md\napps/my\\ app @app\n[Docs] @default\nguides/\n",
        );
        let owner = |path: &str| {
            all.iter()
                .rev()
                .find(|rule| rule.matches(path))
                .map_or_else(|| "none".to_owned(), |rule| rule.owners.join(" "))
        };
        assert_eq!(owner("README.md"), "@all");
        assert_eq!(owner("docs/a/b.md"), "@writers");
        assert_eq!(owner("x/docs/a.md"), "@all");
        assert_eq!(owner("x/y.rs"), "@rust");
        assert_eq!(owner("docs/api/a.md"), "@api @second");
        assert_eq!(owner("docs/api/b/a.md"), "@writers");
        assert_eq!(owner("docs/free.md"), "");
        assert_eq!(owner("apps/my app/a.md"), "@app");
        assert_eq!(owner("a/guides/x.md"), "@default");
    }

    #[test]
    fn patterns_of_owners_reach_as_deep_as_forges_say() {
        let owned = |pattern: &str| -> Vec<&str> {
            let files = ["a.md", "x/a.md", "xx/xy/a.md", "x/[a].md"];
            let rules = rules(&format!("{pattern} @o\n"));
            files.into_iter().filter(|file| rules.iter().any(|rule| rule.matches(file))).collect()
        };
        assert_eq!(owned("*").len(), 4);
        assert_eq!(owned("/*"), ["a.md"]);
        assert_eq!(owned("/"), Vec::<&str>::new());
        assert_eq!(owned("x*/"), ["x/a.md", "xx/xy/a.md", "x/[a].md"]);
        assert_eq!(owned("**/xy"), ["xx/xy/a.md"]);
        assert_eq!(owned("x/**"), ["x/a.md", "x/[a].md"]);
        assert_eq!(owned("x/[a].md"), ["x/[a].md"]);
    }

    #[test]
    fn time_spans_are_read_as_people_write_them() {
        let of = |text: &str| interval(&Value::Text(text.into()));
        assert_eq!(
            [of("90 days"), of("90d"), of("12 weeks"), of("6 months"), of("1 year")],
            [Some(90), Some(90), Some(84), Some(180), Some(365)]
        );
        assert_eq!([of("soon"), of("0 days"), of("-1 day"), of("99999 years"), of("")], [None; 5]);
        assert_eq!(interval(&Value::Integer(30)), Some(30));
    }
}
