//! `due.ics`: when pages are to be read again, runbooks to run again, incidents to be reviewed and actions to be done, as a calendar of
//! RFC 5545.

use super::Renderer;
use crate::base::ics::Calendar;
use crate::base::{Date, Fingerprint};
use crate::evidence::incidents::State;
use crate::evidence::reviews::owners::Due;
use crate::evidence::runs::Known;
use crate::incident::Standing;
use crate::runs::standing;

/// A day on which something is due.
struct Event {
    day: Date,
    /// When that was settled: the last review, the last run.
    since: Date,
    page: usize,
    what: &'static str,
}

impl Renderer<'_> {
    fn events(&self) -> Vec<Event> {
        let mut out = Vec::new();
        for duty in self.duties {
            if let (Due::On(day), Some(since)) = (&duty.due, duty.reviewed) {
                out.push(Event { day: *day, since, page: duty.page, what: "Read again" });
            }
        }
        for known in self.runs {
            if let Some((since, day)) = next_run(known) {
                out.push(Event { day, since, page: known.page, what: "Run again" });
            }
        }
        out.sort_by(|a, b| (a.day, a.page, a.what).cmp(&(b.day, b.page, b.what)));
        out
    }

    /// Reviews that are owed and actions that are not done, each with its day, since when, what it is, and who sees to it.
    fn owed(&self) -> Vec<Owed> {
        let Some(incidents) = self.incidents else { return Vec::new() };
        let mut out = Vec::new();
        for (record, review) in incidents.records.iter().zip(&incidents.reviews) {
            if let (Standing::Owed(_, day), Some(resolved)) = (&review.standing, record.times().resolved) {
                let what = format!("Review: {}", record.title);
                out.push(Owed {
                    day: *day,
                    since: Date::from_unix(resolved),
                    id: record.id.clone(),
                    what,
                    who: None,
                });
            }
        }
        for one in incidents.actions.iter().filter(|one| one.state != State::Closed) {
            if let Some(day) = one.action.day() {
                let (id, what) =
                    (format!("{} {}", one.incident, one.action.what), format!("Action: {}", one.action.what));
                let who = Some(one.action.owner.clone()).filter(|owner| !owner.is_empty());
                out.push(Owed { day, since: day, id, what, who });
            }
        }
        out.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
        out
    }

    /// Whether anything of a page has a day.
    pub(super) fn has_events(&self) -> bool {
        let on = |due: &Due| matches!(due, Due::On(_));
        self.duties.iter().any(|duty| on(&duty.due)) || self.runs.iter().any(|one| next_run(one).is_some())
    }

    /// Whether anything has a day.
    pub(super) fn has_calendar(&self) -> bool {
        self.has_events() || !self.owed().is_empty()
    }

    /// The list page: each day on which something is due, what, and where; the earliest first.
    pub(super) fn due(&self) -> Result<String, String> {
        let owner = |page: usize| self.owners.get(page).and_then(Option::as_deref);
        let told = |event: Event| {
            let of = owner(event.page).map(|owner| format!(" ({owner})")).unwrap_or_default();
            (format!("{}: {}{of}", event.day, event.what.to_lowercase()), event.page)
        };
        self.index_of("What is due", "due.html", self.events().into_iter().map(told).collect())
    }

    /// The calendar. It does not tell of today, so the same book gives the same bytes on every day.
    pub(super) fn calendar(&self) -> String {
        let title = self.config.title.as_deref().unwrap_or("Documentation");
        let mut out = Calendar::new("due");
        out.text("X-WR-CALNAME", &format!("{title}: due"));
        for event in self.events() {
            let Some(page) = self.site.pages.get(event.page) else { continue };
            let id = Fingerprint::of_parts([page.path.as_str().as_bytes(), event.what.as_bytes()]);
            out.event(&format!("{id}@oathbook"), event.since, event.day);
            out.text("SUMMARY", &format!("{}: {}", event.what, page.title));
            if let Some(owner) = self.owners.get(event.page).and_then(Option::as_deref) {
                out.text("DESCRIPTION", &format!("Owner: {owner}"));
            }
            if let Some(base) = &self.config.site.address {
                out.property("URL", &format!("{}/{}", base.trim_end_matches('/'), page.url));
            }
            out.property("TRANSP", "TRANSPARENT");
            out.end();
        }
        for owed in self.owed() {
            let id = Fingerprint::of_parts([owed.id.as_bytes(), owed.what.as_bytes()]);
            out.event(&format!("{id}@oathbook"), owed.since, owed.day);
            out.text("SUMMARY", &owed.what);
            if let Some(who) = &owed.who {
                out.text("DESCRIPTION", &format!("Owner: {who}"));
            }
            out.property("TRANSP", "TRANSPARENT");
            out.end();
        }
        out.finish()
    }
}

/// What is owed for an incident.
struct Owed {
    day: Date,
    since: Date,
    id: String,
    what: String,
    who: Option<String>,
}

/// The day of the last run that passed, and the last one on which that is enough.
fn next_run(known: &Known) -> Option<(Date, Date)> {
    let standing::Standing::Passed { file, .. } = &known.standing else { return None };
    let evidence = known.files.get(*file)?.evidence.as_ref().ok()?;
    let since = evidence.run().day()?;
    Some((since, Date::from_days(since.days() + known.runbook.verify_every?)))
}
