//! `format`: those whose texts can be told from others by a look. An unknown format fits everything.

use super::keywords::compare;
use crate::base::Date;
use crate::openapi::node::Number;
use core::net::{Ipv4Addr, Ipv6Addr};
use std::cmp::Ordering;

/// Whether a number lies in the range of its format (OpenAPI's format registry).
pub(super) fn number_fits(format: &str, number: &Number) -> bool {
    let (low, high) = match format {
        "int8" => ("-128", "127"),
        "int16" => ("-32768", "32767"),
        "int32" => ("-2147483648", "2147483647"),
        "int64" => ("-9223372036854775808", "9223372036854775807"),
        "uint8" => ("0", "255"),
        "uint16" => ("0", "65535"),
        "uint32" => ("0", "4294967295"),
        "uint64" => ("0", "18446744073709551615"),
        _ => return true,
    };
    number.is_whole()
        && compare(number, &Number::new(low)) != Ordering::Less
        && compare(number, &Number::new(high)) != Ordering::Greater
}

/// Whether a text is of its format.
pub(super) fn text_fits(format: &str, text: &str) -> bool {
    match format {
        "date" => text.len() == 10 && text.parse::<Date>().is_ok(),
        "date-time" => date_time(text),
        "time" => time(text),
        "uuid" => uuid(text),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "email" => email(text),
        "hostname" => hostname(text),
        "uri" => uri(text),
        "uri-reference" => reference(text),
        "byte" => base64(text),
        _ => true,
    }
}

/// RFC 3339 §5.6: a date, `T`, a time with an offset.
fn date_time(text: &str) -> bool {
    let (Some(date), Some(rest)) = (text.get(..10), text.get(11..)) else { return false };
    let parted = matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' '));
    parted && date.parse::<Date>().is_ok() && time(rest)
}

fn two_digits(text: &str, most: u32) -> bool {
    text.len() == 2
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse::<u32>().is_ok_and(|n| n <= most)
}

fn time(text: &str) -> bool {
    let (Some(hour), Some(minute), Some(second), Some(rest)) =
        (text.get(..2), text.get(3..5), text.get(6..8), text.get(8..))
    else {
        return false;
    };
    let colons = text.as_bytes().get(2) == Some(&b':') && text.as_bytes().get(5) == Some(&b':');
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if offset.len() == fraction.len() {
                return false;
            }
            offset
        }
        None => rest,
    };
    let fits = match offset {
        "Z" | "z" => true,
        _ => offset
            .strip_prefix(['+', '-'])
            .and_then(|offset| offset.split_once(':'))
            .is_some_and(|(hours, minutes)| two_digits(hours, 23) && two_digits(minutes, 59)),
    };
    // A leap second is written as 60.
    colons && two_digits(hour, 23) && two_digits(minute, 59) && two_digits(second, 60) && fits
}

fn uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

fn email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains(char::is_whitespace)
    })
}

/// RFC 1123 §2.1.
fn hostname(text: &str) -> bool {
    let label = |label: &str| {
        let fits = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        (1..=63).contains(&label.len()) && fits && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// RFC 3986 §3: a scheme, and no character that must be escaped.
fn uri(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    let fits = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && fits && reference(text)
}

fn reference(text: &str) -> bool {
    !text.contains(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`')
    })
}

/// RFC 4648 §4, with or without line breaks.
fn base64(text: &str) -> bool {
    let bare: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let body = bare.iter().rposition(|b| *b != b'=').map_or(0, |at| at + 1);
    bare.len().is_multiple_of(4)
        && bare.len() - body <= 2
        && bare[..body].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_tell_texts_apart() {
        for (format, good, bad) in [
            ("date", "2026-02-28", "2026-02-30"),
            ("date-time", "2026-01-01T23:59:60Z", "2026-01-01T10:00:00"),
            ("date-time", "2026-01-01t10:00:00.25+01:30", "2026-01-01T10:00:00.Z"),
            ("time", "10:00:00Z", "25:00:00Z"),
            ("uuid", "67e55044-10b1-426f-9247-bb680e5fe0c8", "67e55044"),
            ("ipv4", "127.0.0.1", "127.0.0.256"),
            ("ipv6", "::1", "::g"),
            ("email", "team@example.com", "example.com"),
            ("hostname", "a-b.example", "-a.example"),
            ("uri", "https://example.com/a?b#c", "example.com"),
            ("uri-reference", "../a", "a b"),
            ("byte", "aGk=", "aGk"),
        ] {
            assert!(text_fits(format, good), "{format} {good}");
            assert!(!text_fits(format, bad), "{format} {bad}");
        }
        assert!(number_fits("int32", &Number::new("2147483647")));
        assert!(!number_fits("int32", &Number::new("2147483648")));
        assert!(!number_fits("uint8", &Number::new("1.5")));
    }
}
