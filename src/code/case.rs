//! How a name is spelled in another case, as serde and clap do it.

/// A convention for joining words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// As written.
    Same,
    /// `lowercase`
    Lower,
    /// `UPPERCASE`
    Upper,
    /// `PascalCase`
    Pascal,
    /// `camelCase`
    Camel,
    /// `snake_case`
    Snake,
    /// `SCREAMING_SNAKE_CASE`
    Screaming,
    /// `kebab-case`
    Kebab,
    /// `SCREAMING-KEBAB-CASE`
    ScreamingKebab,
}

impl Case {
    /// As `rename_all` spells it; clap ignores case and separators in its own.
    pub fn parse(text: &str) -> Option<Self> {
        let folded: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        Some(match (text, folded.to_ascii_lowercase().as_str()) {
            ("lowercase", _) | (_, "lower") => Self::Lower,
            ("UPPERCASE", _) | (_, "upper") => Self::Upper,
            ("camelCase", _) | (_, "camel" | "camelcase") => Self::Camel,
            ("SCREAMING-KEBAB-CASE", _) => Self::ScreamingKebab,
            (_, "pascal" | "pascalcase") => Self::Pascal,
            (_, "snake" | "snakecase") => Self::Snake,
            (_, "screamingsnake" | "screamingsnakecase") => Self::Screaming,
            (_, "kebab" | "kebabcase") => Self::Kebab,
            (_, "verbatim" | "verbatimcase" | "none") => Self::Same,
            _ => return None,
        })
    }

    /// Joins the words of a Rust name.
    pub fn apply(self, name: &str) -> String {
        let name = name.strip_prefix("r#").unwrap_or(name);
        let words = words(name);
        let lower = |separator: &str| words.join(separator);
        match self {
            Self::Same => name.to_owned(),
            Self::Lower => lower(""),
            Self::Upper => lower("").to_uppercase(),
            Self::Snake => lower("_"),
            Self::Kebab => lower("-"),
            Self::Screaming => lower("_").to_uppercase(),
            Self::ScreamingKebab => lower("-").to_uppercase(),
            Self::Pascal => words.iter().map(|word| capital(word)).collect(),
            Self::Camel => words
                .iter()
                .enumerate()
                .map(|(at, word)| if at == 0 { word.clone() } else { capital(word) })
                .collect(),
        }
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The words of a name in lower case: `HTTPServer2`, `http_server2` and `http-server2` are `http`, `server2`.
pub(super) fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, c) in chars.iter().enumerate() {
        if matches!(c, '_' | '-' | '.' | ' ') {
            if !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            continue;
        }
        let before = at.checked_sub(1).map(|at| chars[at]);
        let humps = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit())
                || before.is_some_and(char::is_uppercase)
                    && chars.get(at + 1).is_some_and(|n| n.is_lowercase()));
        if humps && !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_serde_and_clap_spell_them() {
        for (case, name, wanted) in [
            ("kebab-case", "NoColor", "no-color"),
            ("kebab-case", "max_results", "max-results"),
            ("camelCase", "max_results", "maxResults"),
            ("SCREAMING_SNAKE_CASE", "maxResults", "MAX_RESULTS"),
            ("snake_case", "HTTPServer2", "http_server2"),
            ("PascalCase", "max_results", "MaxResults"),
            ("lowercase", "VeryTasty", "verytasty"),
            ("verbatim", "r#type", "type"),
        ] {
            assert_eq!(Case::parse(case).map(|case| case.apply(name)).as_deref(), Some(wanted), "{case}");
        }
        assert_eq!(Case::parse("sideways"), None);
    }
}
