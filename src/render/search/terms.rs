//! Text to terms: names whole and in parts, English words without their endings, CJK in pairs.

/// Characters that join the parts of a name: `snake_case`, `--flag`, `a::b`, `src/main.rs`.
fn joins(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | '/' | ':')
}

/// Whether text of this script has no blanks between words.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff)
}

/// Each term of a text, lower case: names whole and in parts, CJK in pairs; and whether it is a word of its own.
pub(super) fn terms(text: &str, mut each: impl FnMut(&str, bool)) {
    let word = |c: char| c.is_alphanumeric() || joins(c);
    for piece in text.split(|c: char| !word(c)).filter(|piece| !piece.is_empty()) {
        let bare = piece.trim_matches(|c| joins(c) && c != '-').trim_end_matches('-');
        if bare.is_empty() {
            continue;
        }
        let folded;
        let lower = if bare.bytes().any(|b| b.is_ascii_uppercase() || b >= 0x80) {
            folded = bare.to_lowercase();
            folded.as_str()
        } else {
            bare
        };
        if lower.chars().any(is_cjk) {
            pairs(lower, &mut each);
            continue;
        }
        let name = lower.trim_start_matches('-');
        each(stem(name), true);
        if name.contains(joins) {
            name.split(joins).filter(|part| part.len() > 1).for_each(|part| each(stem(part), false));
        }
    }
}

/// The part of an English word that its forms share: `closures`, `closure`; `capturing`, `capture`, `captured`. Only
/// endings are cut, so that prefixes still match; the script in the browser does the same to a query. Names and words
/// in other scripts stay whole.
fn stem(word: &str) -> &str {
    if word.len() < 4 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word;
    }
    let cut = |text: &'static str, word: &'_ str| word.strip_suffix(text).map(str::len);
    let mut end = word.len();
    if let Some(at) = cut("ies", word) {
        end = at;
    } else if let Some(at) = cut("sses", word) {
        end = at + 2;
    } else if ["xes", "ches", "shes", "zes"].iter().any(|ending| word.ends_with(ending)) {
        end -= 2;
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        end -= 1;
    }
    let base = &word[..end];
    let shorter = base.strip_suffix("ing").or_else(|| base.strip_suffix("ed"));
    if let Some(rest) =
        shorter.filter(|rest| rest.len() >= 3 && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']))
    {
        end = rest.len();
        let bytes = rest.as_bytes();
        let twice = bytes[end - 1] == bytes[end - 2] && !matches!(bytes[end - 1], b'l' | b's' | b'z' | b'e');
        end -= usize::from(twice);
    }
    if end > 4 && word[..end].ends_with('y') || end > 3 && word[..end].ends_with('e') {
        end -= 1;
    }
    &word[..end]
}

fn pairs(text: &str, each: &mut impl FnMut(&str, bool)) {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if ends.len() == 2 {
        return each(text, true);
    }
    for window in ends.windows(3) {
        each(&text[window[0]..window[2]], true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whole_and_in_parts() {
        let mut found = Vec::new();
        terms("Use --dry-run with max_pool_size, src/main.rs: OK.", |term, _| found.push(term.to_owned()));
        assert_eq!(
            found,
            [
                "use",
                "dry-run",
                "dry",
                "run",
                "with",
                "max_pool_size",
                "max",
                "pool",
                "siz",
                "src/main.rs",
                "src",
                "main",
                "rs",
                "ok"
            ]
        );
        found.clear();
        terms("検索する", |term, _| found.push(term.to_owned()));
        assert_eq!(found, ["検索", "索す", "する"]);
        for forms in [
            &["closures", "closure"][..],
            &["capturing", "capture", "captured", "captures"],
            &["queries", "query"],
            &["boxes", "boxing"],
            &["structs", "struct"],
            &["mapped", "map"],
        ] {
            assert!(forms.iter().all(|form| stem(form) == stem(forms[0])), "{forms:?}");
        }
        assert_eq!(
            (stem("class"), stem("this"), stem("string"), stem("max_sizes")),
            ("class", "this", "string", "max_sizes")
        );
    }
}
