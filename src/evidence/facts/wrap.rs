//! A value as a page holds it: bare, as inline code, or in a fenced block. What surrounds a value is the writer's and
//! stays.

/// The value inside what surrounds it.
pub(super) fn unwrap(written: &str) -> String {
    if let Some((_, inner, _)) = fence(written) {
        return inner.trim_end().to_owned();
    }
    let bare = written.trim();
    let ticks = bare.bytes().take_while(|b| *b == b'`').count();
    let mark = &bare[..ticks];
    match bare[ticks..].strip_suffix(mark) {
        Some(inner) if ticks > 0 && !inner.is_empty() && !inner.contains('`') => inner.trim().to_owned(),
        _ => bare.to_owned(),
    }
}

/// The opening line, the content and the closing line of a fenced block that is all there is.
fn fence(written: &str) -> Option<(&str, &str, &str)> {
    let from = written.len() - written.trim_start().len();
    let block = written[from..].trim_end();
    if !block.starts_with("```") && !block.starts_with("~~~") {
        return None;
    }
    let first = block.find('\n')? + 1;
    let last = block.rfind('\n')? + 1;
    let (open, close) = (&block[..first], &block[last..]);
    let mark = &open[..open.len() - open.trim_start_matches(['`', '~']).len()];
    (last >= first && close.trim() == mark).then(|| (open, &block[first..last], close))
}

/// The text between the marks that holds a value, surrounded as the old one was.
pub(super) fn wrap(old: &str, value: &str, language: Option<&str>) -> String {
    let in_block = fence(old).is_some() || language.is_some() || value.contains('\n');
    if in_block {
        let value = value.trim_end();
        let longest = value.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let mark = "`".repeat(longest.max(2) + 1);
        let open = fence(old).map_or_else(
            || format!("{}\n", language.unwrap_or("text")),
            |(open, ..)| open.trim_start_matches(['`', '~']).to_owned(),
        );
        return format!("\n{mark}{open}{value}\n{mark}\n");
    }
    let bare = old.trim();
    let (head, tail) = match old.find(bare).filter(|_| !bare.is_empty()) {
        Some(at) => (&old[..at], &old[at + bare.len()..]),
        None => ("", ""),
    };
    let value = grouped(&unwrap(old), value);
    let code = bare.starts_with('`') && bare.ends_with('`') && bare.len() > 1;
    if code && !value.contains('`') {
        format!("{head}`{value}`{tail}")
    } else {
        format!("{head}{value}{tail}")
    }
}

/// Whether a page states a value: numbers may have separators between their thousands.
pub(super) fn states(written: &str, value: &str) -> bool {
    let page = unwrap(written);
    let lines =
        |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned();
    lines(&page) == lines(value)
        || written.trim() == value
        || is_number(value) && without_groups(&page).as_deref() == Some(value)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit())
}

/// `67,108,864` without its separators; none if they stand in other places.
fn without_groups(text: &str) -> Option<String> {
    let separator = text.chars().find(|c| matches!(c, ',' | '_' | '\u{202f}' | '\u{a0}' | '\''))?;
    let mut groups = text.split(separator);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let fits =
        is_number(first) && first.len() < 5 && rest.iter().all(|group| group.len() == 3 && is_number(group));
    fits.then(|| text.replace(separator, ""))
}

/// A number with the separators that the old one had.
fn grouped(old: &str, value: &str) -> String {
    let Some(separator) =
        without_groups(old).and_then(|_| old.chars().find(|c| !c.is_ascii_digit() && *c != '-'))
    else {
        return value.to_owned();
    };
    if !is_number(value) {
        return value.to_owned();
    }
    let mut out = String::new();
    let digits = value.trim_start_matches('-');
    out.push_str(&value[..value.len() - digits.len()]);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surrounds_a_value_stays() {
        assert_eq!(wrap("20", "30", None), "30");
        assert_eq!(wrap(" `20` ", "30", None), " `30` ");
        assert_eq!(wrap("", "30", None), "30");
        assert_eq!(wrap("2,000", "30000", None), "30,000");
        assert_eq!(
            wrap("\n```console\nold\n```\n", "new\nlines\n", Some("text")),
            "\n```console\nnew\nlines\n```\n"
        );
        assert_eq!(wrap("", "a ``` b\n", Some("text")), "\n````text\na ``` b\n````\n");
    }

    #[test]
    fn a_page_states_a_value_in_several_spellings() {
        assert!(states("67,108,864", "67108864") && states("`20`", "20") && states(" 20 ", "20"));
        assert!(states("\n```text\na\nb\n```\n", "a\nb\n"));
        assert!(!states("67,10,8864", "67108864") && !states("21", "20") && !states("", "20"));
        assert!(states(" `a` ", "`a`") && states("`a`, `b`", "`a`, `b`"));
        assert!(!states("`a` and `b`", "a` and `b"));
        assert_eq!(wrap("`a`", "`a`, `b`", None), "`a`, `b`");
    }
}
