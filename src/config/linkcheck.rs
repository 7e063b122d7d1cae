//! `[linkcheck]`: how `oathbook linkcheck` asks for links that leave the site.

use super::read::Reader;

/// `linkcheck`.
#[derive(Clone, Debug)]
pub struct Linkcheck {
    /// `exclude`: regular expressions over whole addresses.
    pub exclude: Vec<String>,
    /// `record`: the file of answers, from the folder of `book.toml`.
    pub record: String,
    /// `fail-after`: days in a row on which a link must have failed.
    pub fail_after: u32,
    /// `fresh-for`: days for which a good answer holds.
    pub fresh_for: u32,
    /// `timeout`: seconds for one request.
    pub timeout: u32,
    /// `retries`: how often a request is repeated that had no answer, or one that may pass.
    pub retries: u32,
    /// `pause`: milliseconds between two requests to one host.
    pub pause: u32,
}

impl Reader<'_> {
    pub(super) fn linkcheck(&mut self) -> Linkcheck {
        for pattern in self.texts("linkcheck.exclude") {
            if let Err(error) = regex_lite::Regex::new(&pattern) {
                let span = self.span("linkcheck.exclude");
                let help = Some("the pattern is a regular expression: write `\\\\.` for a dot".to_owned());
                self.fatal("linkcheck.exclude", format!("`{pattern}` is no pattern: {error}"), help, span);
            }
        }
        Linkcheck {
            exclude: self.texts("linkcheck.exclude"),
            record: self.text("linkcheck.record").unwrap_or_else(|| ".oathbook/links.jsonl".into()),
            fail_after: self.number("linkcheck.fail-after", 3, 1..=365),
            fresh_for: self.number("linkcheck.fresh-for", 1, 0..=365),
            timeout: self.number("linkcheck.timeout", 20, 1..=600),
            retries: self.number("linkcheck.retries", 2, 0..=10),
            pause: self.number("linkcheck.pause", 250, 0..=60_000),
        }
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, path: &str, default: u32, bounds: std::ops::RangeInclusive<u32>) -> u32 {
        let Some(written) = self.integer(path) else { return default };
        match u32::try_from(written).ok().filter(|number| bounds.contains(number)) {
            Some(number) => number,
            None => {
                let span = self.span(path);
                let message =
                    format!("`{path}` is {written}; it is between {} and {}", bounds.start(), bounds.end());
                self.fatal(path, message, None, span);
                default
            }
        }
    }
}
