//! Which page an alert leads to.

use super::{Alerts, Led};
use crate::base::Glob;
use crate::diag::{Nearest, Place, Problem, code};
use crate::evidence::context::Context;
use crate::model::{Page, PageId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Leads alerts to pages, and says where one leads nowhere.
pub(super) fn lead(cx: &Context<'_>, alerts: &mut Alerts) {
    let mut problems = Vec::new();
    let claimed = claimed(cx, alerts, &mut problems);
    let pages = Pages::of(cx);
    let mut led = Vec::new();
    for alert in &alerts.list {
        let by_page = claimed.get(alert.name.as_str());
        let by_url = alert.runbook_url.as_ref().map(|(url, place)| (pages.find(url), url, place));
        match by_url {
            Some((Found::Page(page, fragment), _, place)) => {
                let one = cx.site().pages.get(page);
                if let (Some(fragment), Some(one)) = (fragment.filter(|name| !name.is_empty()), one)
                    && !one.has_id(&fragment)
                {
                    let message =
                        format!("`{}` leads to `#{fragment}`, which {} has not", alert.name, one.source);
                    let near = pages.near.find(one.source.as_str(), &fragment, one.ids());
                    let help = near.map_or_else(
                        || "lead to a heading that is there".to_owned(),
                        |near| format!("did you mean `#{near}`?"),
                    );
                    problems.push(Problem::new(code::ALERT_RUNBOOK, place, &*alert.name, message).help(help));
                    continue;
                }
                if let Some((other, named)) = by_page.filter(|(other, _)| *other != page) {
                    let other = cx.site().pages.get(*other).map_or("", |page| page.source.as_str());
                    let message =
                        format!("`{}` leads to another page than {other}, which names it", alert.name);
                    let found = Problem::new(code::ALERT_RUNBOOK, place, &*alert.name, message);
                    problems.push(found.related(named, "named here").help("one alert has one runbook"));
                    continue;
                }
                led.push(Led { alert: alert.name.clone(), page, place: place.clone() });
            }
            Some((Found::No(near), url, place)) => {
                let message = format!("`{}` leads to `{url}`, and there is no such page", alert.name);
                let help = near.map_or_else(
                    || format!("write the page: `oathbook new runbook DIR --from-rules {}`", place.file),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.push(Problem::new(code::ALERT_RUNBOOK, place, &*alert.name, message).help(help));
            }
            other => match by_page {
                Some((page, place)) => {
                    led.push(Led { alert: alert.name.clone(), page: *page, place: place.clone() });
                }
                // An address of another site is a runbook that nobody here can look at.
                None if other.is_some() => {}
                None => {
                    let message = format!("the alert `{}` has no runbook", alert.name);
                    let found = Problem::new(code::ALERT_RUNBOOK, &alert.place, &*alert.name, message);
                    let help =
                        "name it under `alerts` in the front matter of a runbook, or give it a `runbook_url`";
                    problems.push(found.help(help));
                }
            },
        }
    }
    orphans(cx, &led, &mut problems);
    alerts.led = led;
    alerts.problems.append(&mut problems);
}

/// Alerts by the pages that name them; a name that no rule has, or that two pages have, is said.
fn claimed(
    cx: &Context<'_>,
    alerts: &Alerts,
    problems: &mut Vec<Problem>,
) -> HashMap<String, (PageId, Place)> {
    let known: BTreeSet<&str> = alerts.list.iter().map(|alert| alert.name.as_str()).collect();
    let near = Nearest::default();
    let mut out: HashMap<String, (PageId, Place)> = HashMap::new();
    for (id, page) in cx.pages() {
        let front = &page.doc.facts.front;
        let place = front.place_of("alerts").cloned().unwrap_or_else(|| page.place());
        for name in front.texts("alerts") {
            if !known.contains(name) {
                let message = format!("this runbook is for the alert `{name}`, which no rule has");
                let near = near.find("alerts", name, known.iter().copied());
                let help = near.map_or_else(
                    || "take the name out, or bring the rule back".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.push(Problem::new(code::RUNBOOK_ALERT, &place, name, message).help(help));
                continue;
            }
            if let Some((_, first)) = out.get(name) {
                let message = format!("a second runbook is for the alert `{name}`");
                let found = Problem::new(code::RUNBOOK_ALERT, &place, name, message);
                problems.push(found.related(first, "the first").help("one alert has one runbook"));
                continue;
            }
            out.insert(name.to_owned(), (id, place.clone()));
        }
    }
    out
}

/// Pages of `alerts.runbooks` to which no alert leads.
fn orphans(cx: &Context<'_>, led: &[Led], problems: &mut Vec<Problem>) {
    let globs: Vec<Glob> = cx.config.alerts.runbooks.iter().map(|glob| Glob::new(glob)).collect();
    let reached: BTreeSet<PageId> = led.iter().map(|led| led.page).collect();
    // A page whose alerts are all wrong is told so already, and one that is for a task is for no alert.
    let said: BTreeSet<&str> = problems.iter().map(|problem| problem.place.file.as_str()).collect();
    let mut out = Vec::new();
    for (id, page) in cx.pages() {
        let stem = page.path.file_name().trim_end_matches(".md");
        let is_index = ["README", "index", "_index"].contains(&stem);
        let is_meant = globs.iter().any(|glob| glob.matches(page.path.as_str()));
        let is_task = page.doc.facts.front.get("task").is_some();
        if is_meant && !is_index && !is_task && !reached.contains(&id) && !said.contains(page.source.as_str())
        {
            let place = page.doc.facts.headings.first().map_or_else(|| page.place(), |one| one.place.clone());
            let found = Problem::new(code::RUNBOOK_ALERT, &place, stem, "no alert leads to this runbook");
            out.push(
                found.help("name the alert under `alerts`, or the work under `task`, in the front matter"),
            );
        }
    }
    problems.append(&mut out);
}

/// What an address leads to.
enum Found {
    /// A page, and the fragment.
    Page(PageId, Option<String>),
    /// It is an address of the book, and there is no such page; one that may be meant.
    No(Option<String>),
    /// It is none of the book's.
    Elsewhere,
}

/// The pages of a book by what addresses call them.
struct Pages {
    /// What stands before and behind a page's name.
    pattern: Option<(String, String)>,
    /// By path without ending, and by address.
    exact: BTreeMap<String, PageId>,
    /// The same in small letters, where only one page has that name: sites' generators write addresses so.
    small: BTreeMap<String, Option<PageId>>,
    near: Nearest,
}

impl Pages {
    fn of(cx: &Context<'_>) -> Self {
        let address = cx
            .config
            .site
            .address
            .as_ref()
            .map(|address| format!("{}/{{page}}", address.trim_end_matches('/')));
        let pattern = cx.config.alerts.runbook_url.clone().or(address);
        let pattern = pattern.map(|pattern| match pattern.split_once("{page}") {
            Some((before, behind)) => (before.to_owned(), behind.to_owned()),
            None => (pattern, String::new()),
        });
        let (mut exact, mut small) = (BTreeMap::new(), BTreeMap::<String, Option<PageId>>::new());
        for (id, page) in cx.pages() {
            for name in names(page) {
                let entry = small.entry(name.to_lowercase()).or_insert(Some(id));
                *entry = entry.filter(|other| *other == id);
                exact.insert(name, id);
            }
        }
        Self { pattern, exact, small, near: Nearest::default() }
    }

    fn find(&self, url: &str) -> Found {
        let Some((before, behind)) = &self.pattern else { return Found::Elsewhere };
        let (bare, fragment) = match url.split_once('#') {
            Some((bare, fragment)) => (bare, Some(fragment.to_owned())),
            None => (url, None),
        };
        let Some(rest) = bare.strip_prefix(before.as_str()) else { return Found::Elsewhere };
        let name = rest.strip_suffix(behind.as_str()).unwrap_or(rest).trim_matches('/');
        let page = self.exact.get(name).copied();
        if let Some(page) = page.or_else(|| self.small.get(&name.to_lowercase()).copied().flatten()) {
            return Found::Page(page, fragment);
        }
        Found::No(self.near.find("pages", name, self.exact.keys().map(String::as_str)))
    }
}

/// What an address may call a page.
fn names(page: &Page) -> Vec<String> {
    let path = page.path.as_str();
    let stem = path.strip_suffix(".md").unwrap_or(path);
    let mut out = vec![path.to_owned(), stem.to_owned(), page.url.clone()];
    out.push(page.url.trim_end_matches(".html").to_owned());
    for index in ["/README", "/index", "/_index"] {
        out.extend(stem.strip_suffix(index).map(str::to_owned));
    }
    out
}
