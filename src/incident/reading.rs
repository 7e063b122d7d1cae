//! What plan and records have in common: instants.

pub(super) use crate::openapi::notes::Notes;

use crate::openapi::node::Node;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

impl Notes {
    /// The instant of a key, in seconds.
    pub(super) fn instant(&mut self, node: &Node, key: &str) -> Option<i64> {
        let Some(value) = node.get(key) else {
            self.say(&node.place, key, format!("this has no `{key}`"), HOW);
            return None;
        };
        let read = value.text().and_then(instant);
        if read.is_none() {
            let shown = value.text().unwrap_or_else(|| value.type_name());
            self.say(&value.place, key, format!("`{key}` is `{shown}`, which is no instant"), HOW);
        }
        read
    }
}

const HOW: &str =
    "write it with its offset or zone, as in `2026-11-03T02:14:00Z` or `\"2026-11-03T03:14[Europe/Berlin]\"`";

/// The instant that a text names with its offset (RFC 3339) or its zone (RFC 9557), in seconds.
pub fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    let stamp =
        text.parse::<Timestamp>().or_else(|_| text.parse::<ZonedDateTime>().map(|zoned| zoned.timestamp()));
    stamp.ok().map(Timestamp::as_second)
}

/// An instant as it is written into records.
pub fn told(second: i64) -> String {
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An instant as people read it, in a zone.
pub fn local(second: i64, zone: &TimeZone) -> String {
    let stamp = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    zone.to_datetime(stamp).strftime("%Y-%m-%d %H:%M").to_string()
}
