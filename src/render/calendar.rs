//! `due.ics`: when pages are to be read again, and runbooks to run again, as a calendar of RFC 5545.

use super::Renderer;
use crate::base::{Date, Fingerprint};
use crate::evidence::reviews::owners::Due;
use crate::evidence::runs::Known;
use crate::runs::standing::Standing;

/// Bytes of a line, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

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

    /// Whether anything has a day.
    pub(super) fn has_events(&self) -> bool {
        let on = |due: &Due| matches!(due, Due::On(_));
        self.duties.iter().any(|duty| on(&duty.due)) || self.runs.iter().any(|one| next_run(one).is_some())
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
        let mut out = String::new();
        let title = self.config.title.as_deref().unwrap_or("Documentation");
        for text in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//oathbook//due//EN"] {
            line(text, &mut out);
        }
        line(&format!("X-WR-CALNAME:{}", escaped(&format!("{title}: due"))), &mut out);
        for event in self.events() {
            let Some(page) = self.site.pages.get(event.page) else { continue };
            let id = Fingerprint::of_parts([page.path.as_str().as_bytes(), event.what.as_bytes()]);
            let owner = self.owners.get(event.page).and_then(Option::as_deref);
            line("BEGIN:VEVENT", &mut out);
            line(&format!("UID:{id}@oathbook"), &mut out);
            line(&format!("DTSTAMP:{}T000000Z", compact(event.since)), &mut out);
            line(&format!("DTSTART;VALUE=DATE:{}", compact(event.day)), &mut out);
            line(&format!("SUMMARY:{}", escaped(&format!("{}: {}", event.what, page.title))), &mut out);
            if let Some(owner) = owner {
                line(&format!("DESCRIPTION:{}", escaped(&format!("Owner: {owner}"))), &mut out);
            }
            if let Some(base) = &self.config.site.address {
                line(&format!("URL:{}/{}", base.trim_end_matches('/'), page.url), &mut out);
            }
            line("TRANSP:TRANSPARENT", &mut out);
            line("END:VEVENT", &mut out);
        }
        line("END:VCALENDAR", &mut out);
        out
    }
}

/// The day of the last run that passed, and the last one on which that is enough.
fn next_run(known: &Known) -> Option<(Date, Date)> {
    let Standing::Passed { file, .. } = &known.standing else { return None };
    let evidence = known.files.get(*file)?.evidence.as_ref().ok()?;
    let since = evidence.run().day()?;
    Some((since, Date::from_days(since.days() + known.runbook.verify_every?)))
}

fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// Text as a value (RFC 5545, 3.3.11); nothing in it begins a line of its own.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        match sign {
            '\\' | ';' | ',' => out.extend(['\\', sign]),
            '\n' => out.push_str("\\n"),
            sign if sign.is_control() => {}
            sign => out.push(sign),
        }
    }
    out
}

/// Adds a line, folded where it is too long.
fn line(text: &str, out: &mut String) {
    let mut room = LINE;
    for sign in text.chars() {
        if sign.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        room -= sign.len_utf8();
        out.push(sign);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_signs_and_texts_stay_on_them() {
        let mut out = String::new();
        line(&"é".repeat(80), &mut out);
        assert!(out.split("\r\n").all(|line| line.len() <= LINE));
        assert_eq!(out.replace("\r\n ", "").trim_end(), "é".repeat(80));
        assert_eq!(escaped("a,b;c\\d\ne\rf"), "a\\,b\\;c\\\\d\\nef");
    }
}
