//! Whether HTML is whole: each element that begins ends, inside of the element in which it began.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Elements without an end (HTML Standard, §13.1.2).
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements that may not be inside of their own kind: browsers end the outer one.
const ALONE: &[&str] = &["a", "button", "form", "label", "p"];

/// Ends the run if HTML is not whole, or holds a script.
pub fn assert_whole(html: &str) {
    if let Some(wrong) = wrong(html) {
        assert!(wrong.is_empty(), "{wrong}: {html}");
    }
}

fn wrong(html: &str) -> Option<String> {
    let mut open: Vec<String> = Vec::new();
    let mut ids = std::collections::HashSet::new();
    for token in Tokenizer::new_with_emitter(html, DefaultEmitter::<()>::new_with_span()) {
        match token {
            Ok(Token::StartTag(tag)) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if name == "script" || tag.attributes.keys().any(|key| key.starts_with(b"on")) {
                    return Some(format!("<{name}> with a script"));
                }
                if ALONE.contains(&name.as_str()) && open.contains(&name) {
                    return Some(format!("<{name}> inside of <{name}>"));
                }
                if let Some(id) = tag.attributes.get(b"id".as_slice())
                    && !ids.insert(String::from_utf8_lossy(id).into_owned())
                {
                    return Some(format!("two ids {:?}", String::from_utf8_lossy(id)));
                }
                if !VOID.contains(&name.as_str()) && !tag.self_closing {
                    open.push(name);
                }
            }
            Ok(Token::EndTag(tag)) => {
                let name = String::from_utf8_lossy(&tag.name);
                match open.pop() {
                    Some(inner) if inner == name => {}
                    inner => return Some(format!("</{name}> ends {inner:?}")),
                }
            }
            Ok(Token::Error(error)) => return Some(error.value.to_string()),
            Ok(_) => {}
        }
    }
    (!open.is_empty()).then(|| format!("{open:?} has no end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_is_told() {
        for good in ["", "a<br>b", "<p>a <b>b</b></p><p id=\"x\">c</p>", "<svg><path d=\"M0\"/></svg>"] {
            assert_eq!(wrong(good), None, "{good}");
        }
        let bad = [
            "<p>",
            "</p>",
            "<p><b></p></b>",
            "<a href=\"x\"><a href=\"y\"></a></a>",
            "<p id=\"x\"></p><p id=\"x\"></p>",
            "<script></script>",
            "<p onclick=\"x\"></p>",
        ];
        for bad in bad {
            assert!(wrong(bad).is_some(), "{bad}");
        }
    }
}
