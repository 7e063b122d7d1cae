//! Shifts as a calendar that a phone subscribes to.

use super::roster::Roster;
use super::shifts::Shift;
use crate::base::{Fingerprint, ics};

/// A calendar of shifts, named `name`. Its instants are in UTC, so that it needs no rules of time zones (RFC 5545, 3.3.5).
pub fn calendar(roster: &Roster, shifts: &[Shift], name: &str) -> String {
    let mut out = ics::Calendar::new("oncall");
    out.text("X-WR-CALNAME", name);
    for shift in shifts {
        let (Some(layer), Some(person)) = (roster.layers.get(shift.layer), roster.people.get(shift.person))
        else {
            continue;
        };
        let begin = shift.from.to_le_bytes();
        let id = Fingerprint::of_parts([layer.name.as_bytes(), person.name.as_bytes(), begin.as_slice()]);
        out.span(&format!("{id}@oathbook"), shift.from * 60, shift.to * 60);
        out.text("SUMMARY", &format!("{}: on call, {}", person.name, layer.name));
        out.text("DESCRIPTION", &format!("Level {}", layer.level));
        // Whoever is on call still has time for meetings.
        out.property("TRANSP", "TRANSPARENT");
        out.end();
    }
    out.finish()
}
