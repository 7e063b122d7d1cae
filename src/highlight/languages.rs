//! The languages that documentation is full of, as tables for the lexer.
//! Word lists are from each language's own reference.

/// How a kind of quoted text begins and ends.
pub(super) struct Quote {
    pub open: &'static str,
    pub close: &'static str,
    /// Whether a backslash takes the next character with it.
    pub escapes: bool,
    /// Whether it may run over the end of the line.
    pub lines: bool,
}

/// What a language has that a table cannot say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Words, quotes, comments, numbers.
    Words,
    /// Also lifetimes, raw strings, attributes, `name!`.
    Rust,
    /// Commands, flags, `$variables`; `#` begins a comment at a word's beginning only.
    Shell,
    /// Prompts before shell lines; everything else is output.
    Console,
    /// `key = value` and `[tables]`.
    Toml,
    /// `key: value`.
    Yaml,
    /// Keys are strings followed by a colon.
    Json,
    /// Tags and attributes.
    Markup,
    /// Lines by their first character.
    Diff,
}

/// One language.
pub(super) struct Language {
    pub names: &'static [&'static str],
    pub shape: Shape,
    pub line_comments: &'static [&'static str],
    pub block_comment: Option<(&'static str, &'static str)>,
    pub quotes: &'static [Quote],
    /// Sorted.
    pub keywords: &'static [&'static str],
    /// Sorted.
    pub literals: &'static [&'static str],
    /// Sorted; beside them, words that begin with a capital count as types when `capitals` says so.
    pub types: &'static [&'static str],
    pub capitals: bool,
    /// Whether words count regardless of case.
    pub any_case: bool,
    /// Characters that belong to words beside letters, digits and `_`.
    pub word_extra: &'static [u8],
    /// Characters that begin a decorator or directive which runs to the end of its word.
    pub sigils: &'static [u8],
}

const DOUBLE: Quote = Quote { open: "\"", close: "\"", escapes: true, lines: false };
const DOUBLE_LINES: Quote = Quote { open: "\"", close: "\"", escapes: true, lines: true };
const SINGLE: Quote = Quote { open: "'", close: "'", escapes: true, lines: false };
const SINGLE_PLAIN: Quote = Quote { open: "'", close: "'", escapes: false, lines: true };
const BACKTICK: Quote = Quote { open: "`", close: "`", escapes: true, lines: true };
const TRIPLE: Quote = Quote { open: "\"\"\"", close: "\"\"\"", escapes: true, lines: true };
const TRIPLE_SINGLE: Quote = Quote { open: "'''", close: "'''", escapes: true, lines: true };

const BASE: Language = Language {
    names: &[],
    shape: Shape::Words,
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: &[DOUBLE, SINGLE],
    keywords: &[],
    literals: &["false", "null", "true"],
    types: &[],
    capitals: true,
    any_case: false,
    word_extra: b"",
    sigils: b"",
};

/// The language of that name (lower case).
pub(super) fn find(name: &str) -> Option<&'static Language> {
    ALL.iter().find(|language| language.names.contains(&name))
}

pub(super) static ALL: &[Language] = &[
    Language {
        names: &["rust", "rs", "ignore", "no_run", "should_panic", "compile_fail", "edition2015", "edition2018", "edition2021", "edition2024", "test_harness"],
        shape: Shape::Rust,
        quotes: &[],
        keywords: &[
            "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "fn", "for", "gen", "if", "impl", "in",
            "let", "loop", "macro_rules", "match", "mod", "move", "mut", "pub", "raw", "ref", "return", "self", "static", "struct", "super", "trait",
            "type", "union", "unsafe", "use", "where", "while", "yield",
        ],
        literals: &["false", "true"],
        types: &[
            "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32", "u64", "u8", "usize",
        ],
        ..BASE
    },
    Language {
        names: &["sh", "bash", "shell", "zsh", "ksh", "posix", "fish"],
        shape: Shape::Shell,
        line_comments: &["#"],
        block_comment: None,
        quotes: &[DOUBLE_LINES, SINGLE_PLAIN],
        keywords: SHELL_WORDS,
        literals: &[],
        capitals: false,
        ..BASE
    },
    Language {
        names: &["console", "shell-session", "shellsession", "sh-session", "terminal-session", "shellscript-session"],
        shape: Shape::Console,
        line_comments: &["#"],
        block_comment: None,
        quotes: &[DOUBLE_LINES, SINGLE_PLAIN],
        keywords: SHELL_WORDS,
        literals: &[],
        capitals: false,
        ..BASE
    },
    Language {
        names: &["toml"],
        shape: Shape::Toml,
        line_comments: &["#"],
        block_comment: None,
        quotes: &[TRIPLE, TRIPLE_SINGLE, DOUBLE, Quote { open: "'", close: "'", escapes: false, lines: false }],
        literals: &["false", "inf", "nan", "true"],
        capitals: false,
        word_extra: b"-",
        ..BASE
    },
    Language {
        names: &["ini", "cfg", "conf", "properties", "dotenv", "systemd", "service", "editorconfig", "desktop"],
        shape: Shape::Toml,
        line_comments: &["#", ";"],
        block_comment: None,
        quotes: &[DOUBLE],
        capitals: false,
        word_extra: b"-",
        ..BASE
    },
    Language {
        names: &["yaml", "yml"],
        shape: Shape::Yaml,
        line_comments: &["#"],
        block_comment: None,
        quotes: &[DOUBLE_LINES, SINGLE_PLAIN],
        literals: &["false", "no", "null", "off", "on", "true", "yes"],
        capitals: false,
        word_extra: b"-",
        ..BASE
    },
    Language {
        names: &["json", "jsonc", "json5", "jsonld", "webmanifest"],
        shape: Shape::Json,
        quotes: &[DOUBLE, SINGLE],
        capitals: false,
        ..BASE
    },
    Language {
        names: &["html", "xml", "svg", "xhtml", "xsd", "xsl", "xslt", "rss", "plist", "vue-html", "svelte-html"],
        shape: Shape::Markup,
        line_comments: &[],
        block_comment: Some(("<!--", "-->")),
        quotes: &[],
        literals: &[],
        capitals: false,
        ..BASE
    },
    Language { names: &["diff", "patch"], shape: Shape::Diff, line_comments: &[], block_comment: None, quotes: &[], literals: &[], ..BASE },
    Language {
        names: &["python", "py", "python3", "pycon", "pyi", "starlark", "bzl"],
        line_comments: &["#"],
        block_comment: None,
        quotes: &[TRIPLE, TRIPLE_SINGLE, DOUBLE, SINGLE],
        keywords: &[
            "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for",
            "from", "global", "if", "import", "in", "is", "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return", "try", "type", "while",
            "with", "yield",
        ],
        literals: &["False", "None", "True"],
        types: &["bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"],
        sigils: b"@",
        ..BASE
    },
    Language {
        names: &["javascript", "js", "jsx", "mjs", "cjs", "node"],
        quotes: &[DOUBLE, SINGLE, BACKTICK],
        keywords: SCRIPT_WORDS,
        literals: &["NaN", "false", "null", "true", "undefined"],
        word_extra: b"$",
        sigils: b"@",
        ..BASE
    },
    Language {
        names: &["typescript", "ts", "tsx", "mts", "cts"],
        quotes: &[DOUBLE, SINGLE, BACKTICK],
        keywords: SCRIPT_WORDS,
        literals: &["NaN", "false", "null", "true", "undefined"],
        types: &["any", "bigint", "boolean", "never", "number", "object", "string", "symbol", "unknown", "void"],
        word_extra: b"$",
        sigils: b"@",
        ..BASE
    },
    Language {
        names: &["go", "golang"],
        quotes: &[DOUBLE, SINGLE, Quote { open: "`", close: "`", escapes: false, lines: true }],
        keywords: &[
            "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go", "goto", "if", "import",
            "interface", "map", "package", "range", "return", "select", "struct", "switch", "type", "var",
        ],
        literals: &["false", "iota", "nil", "true"],
        types: &[
            "any", "bool", "byte", "complex128", "complex64", "error", "float32", "float64", "int", "int16", "int32", "int64", "int8", "rune", "string",
            "uint", "uint16", "uint32", "uint64", "uint8", "uintptr",
        ],
        ..BASE
    },
    Language {
        names: &["c", "h", "cpp", "c++", "cc", "cxx", "hpp", "cuda", "glsl", "hlsl", "wgsl", "objc"],
        keywords: &[
            "alignas", "alignof", "auto", "break", "case", "catch", "class", "concept", "const", "consteval", "constexpr", "continue", "default",
            "delete", "do", "else", "enum", "explicit", "export", "extern", "final", "for", "friend", "goto", "if", "inline", "mutable", "namespace",
            "new", "noexcept", "operator", "override", "private", "protected", "public", "register", "requires", "restrict", "return", "sizeof",
            "static", "static_assert", "struct", "switch", "template", "this", "throw", "try", "typedef", "typename", "union", "using", "virtual",
            "volatile", "while",
        ],
        literals: &["NULL", "false", "nullptr", "true"],
        types: &[
            "bool", "char", "double", "float", "int", "int16_t", "int32_t", "int64_t", "int8_t", "long", "short", "signed", "size_t", "ssize_t",
            "uint16_t", "uint32_t", "uint64_t", "uint8_t", "uintptr_t", "unsigned", "void", "wchar_t",
        ],
        sigils: b"#",
        ..BASE
    },
    Language {
        names: &["java", "kotlin", "kt", "kts", "scala", "groovy", "gradle", "csharp", "cs", "c#", "dart", "swift"],
        quotes: &[TRIPLE, DOUBLE, SINGLE],
        keywords: &[
            "abstract", "as", "assert", "async", "await", "break", "case", "catch", "class", "companion", "const", "continue", "data", "def", "default",
            "defer", "do", "else", "enum", "export", "extends", "extension", "final", "finally", "for", "foreach", "fun", "func", "get", "guard", "if",
            "implements", "import", "in", "init", "instanceof", "interface", "internal", "is", "lateinit", "let", "match", "namespace", "native", "new",
            "object", "open", "operator", "out", "override", "package", "private", "protected", "protocol", "public", "readonly", "record", "ref",
            "return", "sealed", "set", "static", "struct", "suspend", "switch", "synchronized", "this", "throw", "throws", "trait", "transient", "try",
            "typealias", "using", "val", "var", "virtual", "volatile", "when", "where", "while", "with", "yield",
        ],
        literals: &["false", "nil", "null", "self", "super", "true"],
        types: &["bool", "boolean", "byte", "char", "decimal", "double", "float", "int", "long", "short", "string", "void"],
        sigils: b"@",
        ..BASE
    },
    Language {
        names: &["ruby", "rb", "crystal", "elixir", "ex", "exs"],
        line_comments: &["#"],
        block_comment: None,
        quotes: &[TRIPLE, DOUBLE, SINGLE],
        keywords: &[
            "alias", "and", "begin", "break", "case", "class", "cond", "def", "defmodule", "defp", "do", "else", "elsif", "end", "ensure", "fn", "for",
            "if", "import", "in", "include", "module", "next", "not", "or", "raise", "receive", "redo", "require", "rescue", "return", "self", "super",
            "then", "undef", "unless", "until", "use", "when", "while", "with", "yield",
        ],
        literals: &["false", "nil", "true"],
        sigils: b"@:",
        ..BASE
    },
    Language {
        names: &["php"],
        line_comments: &["//", "#"],
        keywords: &[
            "abstract", "and", "array", "as", "break", "case", "catch", "class", "clone", "const", "continue", "declare", "default", "do", "echo",
            "else", "elseif", "enum", "extends", "final", "finally", "fn", "for", "foreach", "function", "global", "if", "implements", "include",
            "instanceof", "interface", "match", "namespace", "new", "or", "print", "private", "protected", "public", "readonly", "require",
            "require_once", "return", "static", "switch", "throw", "trait", "try", "use", "var", "while", "yield",
        ],
        types: &["bool", "float", "int", "mixed", "string", "void"],
        sigils: b"$",
        ..BASE
    },
    Language {
        names: &["sql", "postgresql", "postgres", "psql", "mysql", "sqlite", "plpgsql"],
        line_comments: &["--"],
        quotes: &[SINGLE_PLAIN, DOUBLE],
        keywords: &[
            "add", "all", "alter", "analyze", "and", "any", "as", "asc", "begin", "between", "by", "cascade", "case", "check", "column", "commit",
            "concurrently", "conflict", "constraint", "create", "cross", "database", "default", "delete", "desc", "distinct", "do", "drop", "else",
            "end", "except", "execute", "exists", "explain", "extension", "foreign", "from", "full", "function", "grant", "group", "having", "if",
            "ilike", "in", "index", "inner", "insert", "intersect", "into", "is", "join", "key", "lateral", "left", "like", "limit", "lock", "materialized",
            "not", "nothing", "offset", "on", "or", "order", "outer", "over", "partition", "primary", "references", "replace", "returning", "revoke",
            "right", "rollback", "schema", "select", "set", "show", "table", "then", "to", "transaction", "trigger", "truncate", "union", "unique",
            "update", "using", "vacuum", "values", "view", "when", "where", "with",
        ],
        types: &[
            "bigint", "bigserial", "boolean", "bytea", "char", "date", "integer", "interval", "json", "jsonb", "numeric", "real", "serial", "smallint",
            "text", "time", "timestamp", "timestamptz", "uuid", "varchar",
        ],
        capitals: false,
        any_case: true,
        ..BASE
    },
    Language {
        names: &["css", "scss", "less"],
        line_comments: &[],
        literals: &[],
        keywords: &["and", "from", "important", "not", "only", "to"],
        capitals: false,
        word_extra: b"-",
        sigils: b"@.#",
        ..BASE
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        line_comments: &["#"],
        block_comment: None,
        keywords: &[
            "add", "arg", "as", "cmd", "copy", "entrypoint", "env", "expose", "from", "healthcheck", "label", "maintainer", "onbuild", "run", "shell",
            "stopsignal", "user", "volume", "workdir",
        ],
        literals: &[],
        capitals: false,
        any_case: true,
        sigils: b"$",
        ..BASE
    },
    Language {
        names: &["makefile", "make", "mk", "just", "justfile", "cmake"],
        line_comments: &["#"],
        block_comment: None,
        quotes: &[DOUBLE, Quote { open: "'", close: "'", escapes: false, lines: false }],
        keywords: &["define", "else", "elseif", "endef", "endforeach", "endfunction", "endif", "export", "foreach", "function", "if", "ifdef", "ifeq", "ifndef", "ifneq", "include", "override", "set"],
        literals: &[],
        capitals: false,
        sigils: b"$",
        ..BASE
    },
    Language {
        names: &["lua"],
        line_comments: &["--"],
        block_comment: Some(("--[[", "]]")),
        keywords: &[
            "and", "break", "do", "else", "elseif", "end", "for", "function", "goto", "if", "in", "local", "not", "or", "repeat", "return", "then",
            "until", "while",
        ],
        literals: &["false", "nil", "true"],
        ..BASE
    },
    Language {
        names: &["proto", "protobuf", "graphql", "gql", "thrift", "terraform", "tf", "nix"],
        line_comments: &["//", "#"],
        keywords: &[
            "data", "else", "enum", "extend", "for", "fragment", "if", "implements", "import", "in", "inherit", "input", "interface", "let", "locals",
            "map", "message", "module", "mutation", "namespace", "oneof", "option", "optional", "output", "package", "provider", "query", "rec",
            "repeated", "required", "reserved", "resource", "returns", "rpc", "scalar", "schema", "service", "struct", "subscription", "syntax", "then",
            "type", "union", "variable", "with",
        ],
        types: &["bool", "bytes", "double", "fixed32", "fixed64", "float", "int32", "int64", "number", "string", "uint32", "uint64"],
        word_extra: b"-",
        sigils: b"@$",
        ..BASE
    },
];

const SHELL_WORDS: &[&str] = &[
    "alias", "break", "case", "cd", "continue", "do", "done", "echo", "elif", "else", "esac", "eval", "exec", "exit", "export", "fi", "for", "function", "if",
    "in", "local", "read", "readonly", "return", "select", "set", "shift", "source", "then", "trap", "unset", "until", "while",
];

const SCRIPT_WORDS: &[&str] = &[
    "abstract", "as", "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "declare", "default", "delete", "do", "else",
    "enum", "export", "extends", "finally", "for", "from", "function", "get", "if", "implements", "import", "in", "instanceof", "interface", "keyof", "let",
    "namespace", "new", "of", "private", "protected", "public", "readonly", "return", "satisfies", "set", "static", "super", "switch", "this", "throw", "try",
    "type", "typeof", "var", "while", "with", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_lists_are_sorted_and_names_are_unique() {
        let mut names = std::collections::BTreeSet::new();
        for language in ALL {
            for list in [language.keywords, language.literals, language.types] {
                assert!(list.is_sorted(), "{:?}: {:?}", language.names, list.windows(2).find(|w| w[0] > w[1]));
            }
            for name in language.names {
                assert!(names.insert(name), "{name} twice");
            }
        }
    }
}
