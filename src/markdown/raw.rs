//! Raw HTML to tokens, by the WHATWG tokenizer (html5gum). Like mdBook, only `<script>` and `<style>` switch the
//! tokenizer into their raw text states.

use crate::base::{refused as refused_address, refused_media};
use html5gum::{
    DefaultEmitter, HtmlString, Readable as _, Reader, Span, State, StringReader, Token as GumToken,
    Tokenizer,
};
use std::fmt;

/// Reads that a [`Pausing`] reader answers before it pauses. Each may be a call inside a call, of less than 1 kB of stack.
const PAUSE: u32 = 500;

/// Text for html5gum, whose states call each other as long as a tag lasts: 50,000 attributes took all of the stack. An error
/// ends the calls and loses nothing, since the tokenizer remembers its state; so there is one every [`PAUSE`] reads, which
/// whoever asks for tokens passes over.
pub struct Pausing<'t> {
    inner: StringReader<'t>,
    reads: u32,
    /// Behind a carriage return no pause is made: the tokenizer would forget it, and take `\r\n` for two lines.
    carriage: bool,
}

/// No error, see [`Pausing`].
#[derive(Debug)]
pub struct Pause;

impl fmt::Display for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a pause")
    }
}

impl std::error::Error for Pause {}

impl Pausing<'_> {
    fn pause(&mut self) -> Result<(), Pause> {
        self.reads += 1;
        if self.reads < PAUSE || self.carriage {
            return Ok(());
        }
        self.reads = 0;
        Err(Pause)
    }
}

impl Reader for Pausing<'_> {
    type Error = Pause;

    fn read_byte(&mut self) -> Result<Option<u8>, Pause> {
        self.pause()?;
        let read = self.inner.read_byte().unwrap_or_else(|never| match never {});
        self.carriage = read == Some(b'\r');
        Ok(read)
    }

    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, Pause> {
        let read = self.inner.try_read_string(text, case_sensitive).unwrap_or_else(|never| match never {});
        self.carriage &= !read;
        Ok(read)
    }

    fn read_until<'b>(
        &'b mut self,
        needle: &[u8],
        buffer: &'b mut [u8; 4],
    ) -> Result<Option<&'b [u8]>, Pause> {
        self.pause()?;
        let read = self.inner.read_until(needle, buffer).unwrap_or_else(|never| match never {});
        self.carriage = read.is_some_and(|read| read.ends_with(b"\r"));
        Ok(read)
    }
}

/// A tokenizer that needs little stack; pass over its errors.
pub fn tokenizer(html: &[u8]) -> Tokenizer<Pausing<'_>, DefaultEmitter<usize>> {
    let reader = Pausing { inner: html.to_reader(), reads: 0, carriage: false };
    Tokenizer::new_with_emitter(reader, DefaultEmitter::<usize>::new_with_span())
}

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
    let mut tokenizer = tokenizer(html.as_bytes());
    let mut out = Vec::new();
    let clamp = |span: Span<usize>| (span.start.min(html.len()), span.end.min(html.len()));
    while let Some(token) = tokenizer.next() {
        let Ok(token) = token else { continue };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_change_no_token_wherever_they_fall() {
        let piece = "<a b=\"c&amp;d\" e='f'\r\ng=h i>\r\n\r<!-- x -- y -->&lt;<!DOCTYPE html><b/></b>\r\nÄ<![CDATA[x]]>";
        for before in 0..piece.len() {
            let html = format!("{}{}", " ".repeat(before), piece.repeat(40));
            let plain = Tokenizer::new_with_emitter(html.as_str(), DefaultEmitter::<usize>::new_with_span());
            let paused: Vec<GumToken<usize>> = tokenizer(html.as_bytes()).flatten().collect();
            assert_eq!(paused, plain.flatten().collect::<Vec<_>>(), "{before}");
        }
    }

    #[test]
    fn a_tag_of_any_number_of_attributes_takes_little_stack() {
        let html = format!("<a {}>", "b=\"c\" ".repeat(200_000));
        assert!(matches!(tokens(&html).as_slice(), [Token::Open { end, .. }] if *end == html.len()));
    }
}
