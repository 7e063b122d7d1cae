//! Code to classes.
//!
//! Two engines behind one trait: small hand-written lexers for the languages that documentation is full of
//! (50 to 130 MB/s on one core), and syntect with two-face's grammars for the other two hundred (about 1 MB/s). Why two: the
//! decision page `highlighting`. Both produce [`Run`]s, neighbouring runs of one class merged.

#[cfg(feature = "grammars")]
mod grammars;
mod languages;
mod lexer;

/// What a run of characters is; rendered as a one-letter class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Words of the language.
    Keyword,
    /// Text between quotes.
    String,
    /// Remarks.
    Comment,
    /// Numbers, booleans, null and other literals.
    Number,
    /// Types, classes, tables, tags.
    Type,
    /// Functions at their definition or call.
    Function,
    /// Macros, attributes, decorators, directives.
    Meta,
    /// Variables, lifetimes, parameters.
    Variable,
    /// Keys of a mapping, attribute names, flags.
    Key,
    /// Lines a diff adds.
    Inserted,
    /// Lines a diff removes.
    Deleted,
    /// A prompt, which is not copied.
    Prompt,
}

impl Class {
    /// The class attribute's value, one letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Keyword => "k",
            Self::String => "s",
            Self::Comment => "c",
            Self::Number => "n",
            Self::Type => "t",
            Self::Function => "f",
            Self::Meta => "m",
            Self::Variable => "v",
            Self::Key => "y",
            Self::Inserted => "i",
            Self::Deleted => "d",
            Self::Prompt => "p",
        }
    }
}

/// From the previous run's end to `end`, all characters are of `class`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Byte offset one past the run's last character.
    pub end: usize,
    /// The class, or none for plain text.
    pub class: Option<Class>,
}

/// The runs of one piece of code, kept merged and complete.
#[derive(Debug, Default)]
pub struct Runs(Vec<Run>);

impl Runs {
    /// Marks everything up to `end` as `class`.
    pub fn push(&mut self, end: usize, class: Option<Class>) {
        match self.0.last_mut() {
            Some(last) if last.end >= end => {}
            Some(last) if last.class == class => last.end = end,
            _ if end > 0 => self.0.push(Run { end, class }),
            _ => {}
        }
    }

    /// Where the last run ends.
    pub fn end(&self) -> usize {
        self.0.last().map_or(0, |run| run.end)
    }
}

/// Finds the classes of code in one or more languages.
pub trait Highlighter: Sync {
    /// Whether `language` (lower case) is one it can read.
    fn knows(&self, language: &str) -> bool;

    /// The runs of `code`, covering all of it; `None` for a language it does not know.
    fn highlight(&self, language: &str, code: &str) -> Option<Vec<Run>>;
}

/// The engines in the order in which they are asked.
pub struct Standard;

impl Highlighter for Standard {
    fn knows(&self, language: &str) -> bool {
        languages::find(language).is_some() || self.knows_by_grammar(language)
    }

    fn highlight(&self, language: &str, code: &str) -> Option<Vec<Run>> {
        match languages::find(language) {
            Some(language) => Some(lexer::run(language, code)),
            #[cfg(feature = "grammars")]
            None => grammars::highlight(language, code),
            #[cfg(not(feature = "grammars"))]
            None => None,
        }
    }
}

impl Standard {
    #[cfg(feature = "grammars")]
    fn knows_by_grammar(&self, language: &str) -> bool {
        grammars::knows(language)
    }

    #[cfg(not(feature = "grammars"))]
    fn knows_by_grammar(&self, _language: &str) -> bool {
        false
    }
}

/// Knows all languages and colours none: for runs that show nothing.
pub struct Colourless;

impl Highlighter for Colourless {
    fn knows(&self, language: &str) -> bool {
        Standard.knows(language)
    }

    fn highlight(&self, language: &str, _code: &str) -> Option<Vec<Run>> {
        self.knows(language).then(Vec::new)
    }
}

/// Names for code that is meant to stay plain, and names of notations that no engine colours but that are no
/// mistake either.
pub fn is_plain(language: &str) -> bool {
    const NAMES: &str = "\
        abnf armasm ascii astro bicep bnf bp capnp cast cedar csv d2 data ditaa django dockerignore dot \
        ebnf eex elvish env excalidraw findings flow gdb geojson gitignore gn grammar graph handlebars \
        hbs hcl heex hex hjson jsonata jsonl jsonpath katex lalrpop latex lean liquid log logql markmap \
        math mdoc mdx mermaid mir mustache ndjson neon njk no-highlight nohighlight none npmrc nu \
        nushell output pegjs pem pest pikchr plain plaintext plantuml pre prometheus promql puml raw \
        rego ron scm screen sequence soong ssh-config sshconfig stderr stdout stl svelte svgbob \
        terminal terminfo tex text topojson traceql tree tsq tsv txt typst url vega vega-lite wasm wast \
        wavedrom wit";
    NAMES.split_whitespace().any(|name| name == language)
}

/// All names of the built-in lexers, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    languages::ALL.iter().flat_map(|language| language.names.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows runs as `class«text»`, plain text as it is.
    fn show(language: &str, code: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for run in Standard.highlight(language, code).unwrap() {
            let text = &code[at..run.end];
            at = run.end;
            match run.class {
                Some(class) => out.push_str(&format!("{}«{text}»", class.letter())),
                None => out.push_str(text),
            }
        }
        assert_eq!(at, code.len(), "runs cover all of the code");
        out
    }

    #[test]
    fn rust_is_told_apart_down_to_lifetimes_and_raw_strings() {
        assert_eq!(
            show("rust", "fn a<'x>(s: &'x str) -> char { 'y' } // z"),
            "k«fn» f«a»<v«'x»>(s: &v«'x» t«str») -> t«char» { s«'y'» } c«// z»"
        );
        assert_eq!(
            show("rust", "r#\"a\"b\"# /* /* */ */ 1_000u64"),
            "s«r#\"a\"b\"#» c«/* /* */ */» n«1_000u64»"
        );
        assert_eq!(
            show("rust", "#[derive(A)]\nprintln!(\"{}\", Vec::new())"),
            "m«#[derive(A)]»\nm«println!»(s«\"{}\"», t«Vec»::f«new»())"
        );
    }

    #[test]
    fn data_languages_tell_keys_from_values() {
        assert_eq!(
            show("json", "{\"a\": [\"b\", -1.5e3, null]}"),
            "{y«\"a\"»: [s«\"b\"», n«-1.5e3», n«null»]}"
        );
        assert_eq!(show("toml", "[a.b]\nc = true # d"), "t«[a.b]»\ny«c» = n«true» c«# d»");
        assert_eq!(show("yaml", "a: b # c\n- d: \"e#f\""), "y«a»: b c«# c»\n- y«d»: s«\"e#f\"»");
    }

    #[test]
    fn a_console_shows_prompts_and_leaves_output_alone() {
        assert_eq!(
            show("console", "$ cargo build --release\nerror: if\n"),
            "p«$ »f«cargo» build y«--release»\nerror: if\n"
        );
    }

    #[test]
    fn unterminated_text_ends_with_the_code() {
        for language in names() {
            for code in [
                "\"",
                "'",
                "/*",
                "r#\"",
                "`",
                "<!--",
                "{{",
                "$",
                "#",
                "\\",
                "\"\"\"a",
                "<a b=\"",
                "@@",
                "é'é\"é",
                "0x",
                "1.",
                "%",
                "---",
            ] {
                show(language, code);
            }
        }
        assert!(Standard.highlight("no such language", "x").is_none());
    }

    #[test]
    fn no_plain_name_is_a_language_of_an_engine() {
        assert!(is_plain("mermaid") && is_plain("text") && !is_plain("rust"));
        assert!(names().all(|name| !is_plain(name)));
    }
}
