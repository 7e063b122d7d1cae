//! A page's content as a sequence of units inside `<main>`: headings with ids, links, images, code blocks, tables,
//! lists, running text. Markup that carries no content is passed over, so that two generators with different
//! themes can be compared. The rules are those of the `book-units` tool that froze the reference books.

use html5gum::{DefaultEmitter, State, Token, Tokenizer};
use serde_json::{Value, json};

const VOID: &[&str] = &[
    "img", "br", "hr", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "track",
    "param",
];
const BLOCKS: &[&str] =
    &["p", "li", "ul", "ol", "table", "tr", "td", "th", "blockquote", "dl", "dd", "details", "summary", "hr"];

#[derive(Default)]
struct Reader {
    units: Vec<Value>,
    stack: Vec<String>,
    text: String,
    svg: usize,
}

/// The units of a page; of a fragment when it has no `<main>`.
pub fn units(html: &str) -> Vec<Value> {
    let mut reader = Reader::default();
    let whole = !html.contains("<main");
    let mut inside = whole;
    let mut tokenizer = Tokenizer::new_with_emitter(html, DefaultEmitter::<()>::new_with_span());
    while let Some(Ok(token)) = tokenizer.next() {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if name == "script" {
                    tokenizer.set_state(State::ScriptData);
                } else if name == "style" {
                    tokenizer.set_state(State::RawText);
                }
                if name == "main" {
                    inside = true;
                } else if inside {
                    let get = |key: &[u8]| {
                        tag.attributes.get(key).map(|value| String::from_utf8_lossy(value).into_owned())
                    };
                    reader.open(&name, &get);
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if name == "main" {
                    reader.flush();
                    inside = false;
                } else if inside {
                    reader.close(&name);
                }
            }
            Token::String(text) if inside => reader.data(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    reader.flush();
    reader.units
}

impl Reader {
    fn flush(&mut self) {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.units.push(json!(["text", text]));
        }
        self.text.clear();
    }

    fn open(&mut self, name: &str, get: &dyn Fn(&[u8]) -> Option<String>) {
        let class = get(b"class").unwrap_or_default();
        let classes: Vec<&str> = class.split_whitespace().collect();
        if name == "svg" {
            self.svg += 1;
            return;
        }
        if self.svg > 0 {
            return;
        }
        if matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt") {
            self.flush();
            self.units.push(json!(["open", name, get(b"id")]));
        } else if name == "a" && !classes.contains(&"header") {
            self.units.push(json!(["link", get(b"href"), get(b"title")]));
        } else if name == "img" && !self.stack.iter().any(|open| open == "img-wrapper") {
            self.units.push(json!(["img", get(b"src"), get(b"alt")]));
        } else if name == "pre" {
            self.flush();
            self.units.push(json!(["pre"]));
        } else if name == "code" {
            let mut languages: Vec<&str> =
                classes.iter().copied().filter(|class| class.starts_with("language-")).collect();
            languages.sort_unstable();
            self.units.push(json!(["code", languages.join(" ")]));
        } else if BLOCKS.contains(&name) {
            self.flush();
            let kinds: Vec<&str> =
                classes.iter().copied().filter(|class| class.starts_with("blockquote-tag-")).collect();
            self.units.push(if name == "blockquote" {
                json!([name, kinds.join(" ")])
            } else {
                json!([name])
            });
        }
        if !VOID.contains(&name) {
            self.stack.push(if classes.contains(&"img-wrapper") {
                "img-wrapper".into()
            } else {
                name.into()
            });
        }
    }

    fn close(&mut self, name: &str) {
        if name == "svg" {
            self.svg = self.svg.saturating_sub(1);
        } else if self.svg == 0 && self.stack.last().is_some_and(|open| open == name || open == "img-wrapper")
        {
            self.stack.pop();
        }
    }

    fn data(&mut self, data: &str) {
        if !self.stack.iter().any(|open| open == "pre") {
            self.text.push_str(data);
            return;
        }
        match self.units.last_mut() {
            Some(Value::Array(last)) if last[0] == "codetext" => {
                let joined = format!("{}{data}", last[1].as_str().unwrap_or(""));
                last[1] = joined.into();
            }
            _ => self.units.push(json!(["codetext", data])),
        }
    }
}
