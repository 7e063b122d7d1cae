//! The words of `#[serde(…)]` that utoipa looks at, found as it finds them: by scanning tokens.

use proc_macro2::{TokenStream, TokenTree};
use syn::Attribute;

/// How serde writes an enum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Tagging {
    #[default]
    External,
    Internal(String),
    Adjacent(String, String),
    Untagged,
    /// `content` came before `tag`.
    Unfinished(String),
}

/// On a struct or enum.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct ContainerWords {
    pub rename_all: Option<Rule>,
    pub tagging: Tagging,
    pub default: bool,
    pub deny_unknown_fields: bool,
}

/// On a field or variant.
#[expect(clippy::struct_excessive_bools, reason = "each is a word that serde knows")]
#[derive(Clone, Debug, Default)]
pub(in super::super) struct FieldWords {
    pub skip: bool,
    pub rename: Option<String>,
    pub default: bool,
    pub flatten: bool,
    pub skip_serializing_if: bool,
    pub double_option: bool,
}

/// A rule of `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Rule {
    Lower,
    Upper,
    Camel,
    Snake,
    ScreamingSnake,
    Pascal,
    Kebab,
    ScreamingKebab,
}

impl Rule {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// A field's name, which is in snake case.
    pub fn field(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Snake => name.to_owned(),
            Self::Camel => camel(name),
            Self::Pascal => {
                let camel = camel(name.get(1..).unwrap_or(""));
                format!("{}{camel}", name.get(..1).unwrap_or(name).to_ascii_uppercase())
            }
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.replace('_', "-").to_ascii_uppercase(),
        }
    }

    /// A variant's name, which is in Pascal case.
    pub fn variant(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Pascal => name.to_owned(),
            Self::Camel => match (name.get(..1), name.get(1..)) {
                (Some(first), Some(rest)) => format!("{}{rest}", first.to_ascii_lowercase()),
                _ => name.to_owned(),
            },
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_ascii_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).replace('_', "-").to_ascii_uppercase(),
        }
    }
}

fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for letter in name.chars() {
        match letter {
            '_' => upper = true,
            _ if upper => {
                out.push(letter.to_ascii_uppercase());
                upper = false;
            }
            _ => out.push(letter),
        }
    }
    out
}

fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            out.push('_');
        }
        out.push(letter);
    }
    out.to_ascii_lowercase()
}

/// The literal after a word and an equals sign, without its quotes.
fn literal(rest: &[TokenTree]) -> Option<String> {
    let mut rest = rest;
    while let Some(TokenTree::Punct(mark)) = rest.first() {
        if mark.as_char() != '=' {
            return None;
        }
        rest = &rest[1..];
    }
    match rest.first() {
        Some(TokenTree::Literal(literal)) => Some(literal.to_string().replace('"', "")),
        _ => None,
    }
}

fn serde_tokens(attributes: &[Attribute]) -> impl Iterator<Item = Vec<TokenTree>> + '_ {
    attributes.iter().filter(|attribute| attribute.path().is_ident("serde")).filter_map(|attribute| {
        let list = attribute.meta.require_list().ok()?;
        Some(TokenStream::clone(&list.tokens).into_iter().collect())
    })
}

/// The words on a struct or enum.
pub(in super::super) fn container(attributes: &[Attribute]) -> ContainerWords {
    let mut all = ContainerWords::default();
    for tokens in serde_tokens(attributes) {
        let mut own = ContainerWords::default();
        for at in 0..tokens.len() {
            if let TokenTree::Ident(word) = &tokens[at] {
                container_word(&mut own, &word.to_string(), &tokens[at + 1..]);
            }
        }
        all.default |= own.default;
        all.deny_unknown_fields |= own.deny_unknown_fields;
        if own.tagging != Tagging::External {
            all.tagging = own.tagging;
        }
        all.rename_all = own.rename_all.or(all.rename_all);
    }
    all
}

fn container_word(own: &mut ContainerWords, word: &str, rest: &[TokenTree]) {
    match word {
        "rename_all" => own.rename_all = literal(rest).as_deref().and_then(Rule::named).or(own.rename_all),
        "tag" => {
            if let Some(tag) = literal(rest) {
                own.tagging = match std::mem::take(&mut own.tagging) {
                    Tagging::Unfinished(content) => Tagging::Adjacent(tag, content),
                    _ => Tagging::Internal(tag),
                };
            }
        }
        "content" => {
            if let Some(content) = literal(rest) {
                own.tagging = match std::mem::take(&mut own.tagging) {
                    Tagging::Internal(tag) => Tagging::Adjacent(tag, content),
                    _ => Tagging::Unfinished(content),
                };
            }
        }
        "untagged" => own.tagging = Tagging::Untagged,
        "default" => own.default = true,
        "deny_unknown_fields" => own.deny_unknown_fields = true,
        _ => {}
    }
}

/// The words on a field or variant.
pub(in super::super) fn field(attributes: &[Attribute]) -> FieldWords {
    let mut own = FieldWords::default();
    for tokens in serde_tokens(attributes) {
        for at in 0..tokens.len() {
            let TokenTree::Ident(word) = &tokens[at] else { continue };
            match word.to_string().as_str() {
                "skip" | "skip_serializing" | "skip_deserializing" => own.skip = true,
                "skip_serializing_if" => own.skip_serializing_if = true,
                "with" => {
                    own.double_option |= literal(&tokens[at + 1..])
                        .is_some_and(|path| path == "::serde_with::rust::double_option");
                }
                "flatten" => own.flatten = true,
                "rename" => own.rename = literal(&tokens[at + 1..]).or(own.rename),
                "default" => own.default = true,
                _ => {}
            }
        }
    }
    own
}
