//! Settings as pgBackRest, PostgreSQL and systemd write them: sections, and a key and a value on a line.

use crate::base::{RelPath, Span};
use crate::diag::Place;
use std::time::Duration;

/// A setting.
#[derive(Debug)]
pub(super) struct Setting {
    /// The section that it stands in; empty before the first.
    pub(super) section: String,
    pub(super) key: String,
    /// Without quotes and, where `#` begins one behind a blank, without the comment.
    pub(super) value: String,
    pub(super) place: Place,
}

/// All settings of a file, in their order; of PostgreSQL's the sign `=` may be a blank.
pub(super) fn settings(file: &RelPath, text: &str) -> Vec<Setting> {
    let (mut out, mut section, mut at) = (Vec::new(), String::new(), 0);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
            continue;
        }
        let Some((key, value)) = bare.split_once('=').or_else(|| bare.split_once([' ', '\t'])) else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let span = Span::new(start + indent, start + indent + bare.len());
        out.push(Setting {
            section: section.clone(),
            key: key.trim().to_owned(),
            value: unquoted(value.trim()),
            place: Place { file: file.clone(), span },
        });
    }
    out
}

fn unquoted(value: &str) -> String {
    if let Some(rest) = value.strip_prefix('\'') {
        // Two quotes are one quote within.
        let joined = rest.replace("''", "\u{0}");
        return joined.split('\'').next().unwrap_or("").replace('\u{0}', "'");
    }
    value.split(" #").next().unwrap_or("").trim_end().to_owned()
}

/// The newest setting of a key: it wins.
pub(super) fn last<'s>(all: &'s [Setting], key: &str) -> Option<&'s Setting> {
    all.iter().rev().find(|one| one.key == key)
}

/// A time as PostgreSQL and pgBackRest write it; seconds without a unit.
pub(super) fn time(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let factor = match unit.trim() {
        "ms" => 1,
        "" | "s" => 1_000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_with_sections_quotes_comments_and_places() {
        let text = "a = 1\n[main]\n# no = 1\n  b = 'it''s = x' # why\nc 60s # a minute\nc=2\nnothing\n";
        let all = settings(&RelPath::parse("x.conf").unwrap(), text);
        let told: Vec<(&str, &str, &str)> =
            all.iter().map(|one| (one.section.as_str(), one.key.as_str(), one.value.as_str())).collect();
        assert_eq!(
            told,
            [("", "a", "1"), ("main", "b", "it's = x"), ("main", "c", "60s"), ("main", "c", "2")]
        );
        assert_eq!(&text[all[1].place.span.range()], "b = 'it''s = x' # why");
        assert_eq!(last(&all, "c").unwrap().value, "2");
        let seconds = |text| time(text).map(|time| time.as_secs());
        assert_eq!(
            [
                seconds("60"),
                seconds("60s"),
                seconds("1min"),
                seconds("soon"),
                seconds("99999999999999999999")
            ],
            [Some(60), Some(60), Some(60), None, None]
        );
    }
}
