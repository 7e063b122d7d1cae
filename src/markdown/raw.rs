//! Raw HTML to tokens, by the WHATWG tokenizer (html5gum). Like mdBook, only `<script>` and `<style>` switch the
//! tokenizer into their raw text states.

use crate::base::{refused as refused_address, refused_media};
use html5gum::{DefaultEmitter, HtmlString, Span, State, Token as GumToken, Tokenizer};

/// A token with its byte range in the HTML.
#[derive(Debug)]
pub(super) enum Token {
    Open { name: String, attributes: Vec<(String, String)>, closed: bool, start: usize, end: usize },
    Close { name: String, start: usize, end: usize },
    Text(String, usize),
    Comment(String, usize, usize),
}

fn text(html: &HtmlString) -> String {
    String::from_utf8_lossy(html).into_owned()
}

/// The tokens of one piece of HTML.
pub(super) fn tokens(html: &str) -> Vec<Token> {
    let mut tokenizer = Tokenizer::new_with_emitter(html, DefaultEmitter::<usize>::new_with_span());
    let mut out = Vec::new();
    let clamp = |span: Span<usize>| (span.start.min(html.len()), span.end.min(html.len()));
    while let Some(Ok(token)) = tokenizer.next() {
        match token {
            GumToken::StartTag(tag) => {
                match &**tag.name {
                    b"script" if !tag.self_closing => {
                        tokenizer.set_state(State::ScriptData);
                    }
                    b"style" if !tag.self_closing => {
                        tokenizer.set_state(State::RawText);
                    }
                    _ => {}
                }
                let (start, end) = clamp(tag.span);
                let attributes =
                    tag.attributes.iter().map(|(name, value)| (text(name), text(value))).collect();
                out.push(Token::Open {
                    name: text(&tag.name),
                    attributes,
                    closed: tag.self_closing,
                    start,
                    end,
                });
            }
            GumToken::EndTag(tag) => {
                let (start, end) = clamp(tag.span);
                out.push(Token::Close { name: text(&tag.name), start, end });
            }
            GumToken::String(string) => out.push(Token::Text(text(&string), clamp(string.span).0)),
            GumToken::Comment(comment) => {
                let (start, end) = clamp(comment.span);
                out.push(Token::Comment(text(&comment), start, end));
            }
            GumToken::Doctype(_) | GumToken::Error(_) => {}
        }
    }
    out
}

/// The scheme for which an attribute may not be written as it is: `href="javascript:…"` and its like. Scripts themselves are
/// the author's to write; an address is where nobody looks for one.
pub(super) fn refused(element: &str, attribute: &str, value: &str) -> Option<&'static str> {
    let media = matches!(element, "img" | "source" | "video" | "audio" | "track" | "image" | "input");
    match attribute {
        "src" | "href" | "xlink:href" | "poster" if media => refused_media(value),
        "href" | "src" | "xlink:href" | "action" | "formaction" | "ping" | "poster" | "background"
        | "cite" | "longdesc" | "manifest" | "codebase" | "classid" | "lowsrc" | "dynsrc" => {
            refused_address(value)
        }
        "data" if element == "object" => refused_address(value),
        // Animations of SVG set an attribute, `href` among them.
        "values" | "to" | "from" | "by" if matches!(element, "animate" | "set") => {
            value.split(';').find_map(refused_address)
        }
        _ => None,
    }
}

/// Elements without an end tag (HTML Living Standard, void elements).
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Elements whose end tag may be left out (HTML Living Standard, optional tags): not closing them is no mistake.
pub(super) fn may_stay_open(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "thead"
            | "tbody"
            | "tfoot"
            | "option"
            | "optgroup"
            | "colgroup"
            | "caption"
            | "rt"
            | "rp"
            | "html"
            | "head"
            | "body"
    )
}
