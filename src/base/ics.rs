//! Calendars of RFC 5545, as bytes that are the same on every day.

use super::Date;

/// Bytes of a line, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// A calendar that is being written.
pub struct Calendar(String);

impl Calendar {
    /// An empty one, made for `what`.
    pub fn new(what: &str) -> Self {
        let mut out = String::new();
        for text in ["BEGIN:VCALENDAR", "VERSION:2.0"] {
            line(text, &mut out);
        }
        line(&format!("PRODID:-//oathbook//{what}//EN"), &mut out);
        Self(out)
    }

    /// Adds a property, whose value is a text.
    pub fn text(&mut self, name: &str, value: &str) {
        line(&format!("{name}:{}", escaped(value)), &mut self.0);
    }

    /// Begins what is on a day, settled on another.
    pub fn event(&mut self, id: &str, settled: Date, day: Date) {
        line("BEGIN:VEVENT", &mut self.0);
        self.text("UID", id);
        line(&format!("DTSTAMP:{}T000000Z", compact(settled)), &mut self.0);
        line(&format!("DTSTART;VALUE=DATE:{}", compact(day)), &mut self.0);
    }

    /// Begins what lasts from one instant to another, both in seconds since 1970 in UTC.
    pub fn span(&mut self, id: &str, from: i64, to: i64) {
        line("BEGIN:VEVENT", &mut self.0);
        self.text("UID", id);
        // When it was settled is not known; what is wanted is the same bytes for the same roster.
        line(&format!("DTSTAMP:{}", instant(from)), &mut self.0);
        line(&format!("DTSTART:{}", instant(from)), &mut self.0);
        line(&format!("DTEND:{}", instant(to)), &mut self.0);
    }

    /// Adds a property as it stands.
    pub fn property(&mut self, name: &str, value: &str) {
        line(&format!("{name}:{value}"), &mut self.0);
    }

    /// Ends an event.
    pub fn end(&mut self) {
        line("END:VEVENT", &mut self.0);
    }

    /// The file.
    pub fn finish(mut self) -> String {
        line("END:VCALENDAR", &mut self.0);
        self.0
    }
}

fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// An instant in UTC (RFC 5545, 3.3.5).
fn instant(seconds: i64) -> String {
    let rest = seconds.rem_euclid(86_400);
    let day = compact(Date::from_unix(seconds));
    format!("{day}T{:02}{:02}{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60)
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
