//! A world that keeps private files to itself.
//!
//! A page is published, and pages come with pull requests: a directive in one of them must not copy the token that a
//! checkout keeps in `.git/config`, a key, or a file that the writer keeps out of git on purpose.

use super::{Changes, PathKind, ReadError, World};
use crate::base::{Date, RelPath};

/// Why a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Private {
    /// It lies in `.git`.
    Git,
    /// Its name is one of a file of secrets.
    Secret,
    /// git ignores it.
    Ignored,
}

/// Another world, without what is private. What is there stays known; only its content is kept.
pub struct Guarded<'w> {
    world: &'w dyn World,
    /// Whether the configuration names a file.
    allowed: Box<dyn Fn(&RelPath) -> bool + Sync + 'w>,
}

impl<'w> Guarded<'w> {
    /// Guards a world; `allowed` answers for what the configuration names.
    pub fn new(world: &'w dyn World, allowed: impl Fn(&RelPath) -> bool + Sync + 'w) -> Self {
        Self { world, allowed: Box::new(allowed) }
    }

    fn guard(&self, path: &RelPath) -> Result<(), ReadError> {
        let why = match () {
            () if path.enters_git() => Some(Private::Git),
            () if (self.allowed)(path) => None,
            () if is_secret(path) => Some(Private::Secret),
            () if self.world.is_ignored(path) => Some(Private::Ignored),
            () => None,
        };
        // A file that is not there has no secret; saying so is of more use.
        match why.filter(|_| self.world.kind(path) == Some(PathKind::File)) {
            Some(why) => Err(ReadError::Private(why)),
            None => Ok(()),
        }
    }
}

/// Whether a file's name is one of those under which passwords and keys are kept. Examples of such files are none.
pub fn is_secret(path: &RelPath) -> bool {
    const NAMES: &[&str] = &[
        "id_rsa",
        "id_dsa",
        "id_ecdsa",
        "id_ed25519",
        ".netrc",
        "_netrc",
        ".npmrc",
        ".pypirc",
        ".pgpass",
        ".my.cnf",
        ".htpasswd",
        ".git-credentials",
        ".dockercfg",
        ".envrc",
        ".vault-token",
    ];
    const ENDINGS: &[&str] =
        &["env", "pem", "key", "p12", "pfx", "jks", "keystore", "ppk", "kdbx", "asc.key", "tfstate", "gpg"];
    const FOLDERS: &[&str] = &[".ssh", ".aws", ".gnupg", ".kube", ".docker"];
    const EXAMPLES: &[&str] = &["example", "sample", "template", "dist", "defaults", "tmpl", "pub"];
    let name = path.file_name().to_ascii_lowercase();
    let mut parts = name.split('.');
    if parts.any(|part| EXAMPLES.contains(&part)) {
        return false;
    }
    let in_folder = path.parent().as_str().split('/').any(|part| FOLDERS.contains(&part));
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    NAMES.contains(&name.as_str()) || name.starts_with(".env.") || ENDINGS.contains(&ending) || in_folder
}

/// Whether a file's name says that it is a program's source. What browsers run (`.js`, `.wasm`, `.css`) is none: a book may
/// load it.
pub fn is_source_code(path: &RelPath) -> bool {
    const ENDINGS: &[&str] = &[
        "rs", "py", "go", "ts", "tsx", "mts", "cts", "jsx", "java", "kt", "kts", "scala", "c", "h", "cc",
        "cpp", "cxx", "hpp", "cs", "fs", "swift", "m", "mm", "rb", "php", "pl", "pm", "ex", "exs", "erl",
        "hs", "ml", "clj", "dart", "zig", "nim", "lua", "r", "jl", "sh", "bash", "zsh", "fish", "ps1", "bat",
        "cmd", "sql", "tf", "lock",
    ];
    const NAMES: &[&str] =
        &["Cargo.toml", "package.json", "pyproject.toml", "go.mod", "Dockerfile", "Makefile"];
    let ending = path.extension().map(str::to_ascii_lowercase);
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) || NAMES.contains(&path.file_name())
}

impl World for Guarded<'_> {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        self.world.files(folder)
    }

    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        self.world.tracked(folder)
    }

    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        self.world.kind(path)
    }

    fn is_ignored(&self, path: &RelPath) -> bool {
        self.world.is_ignored(path)
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        self.guard(path)?;
        self.world.read(path)
    }

    fn head(&self, path: &RelPath, most: usize) -> Result<Vec<u8>, ReadError> {
        self.guard(path)?;
        self.world.head(path, most)
    }

    fn text(&self, path: &RelPath) -> Result<String, ReadError> {
        self.guard(path)?;
        self.world.text(path)
    }

    fn changes(&self, folder: &RelPath, wanted: &[RelPath]) -> Changes {
        self.world.changes(folder, wanted)
    }

    fn today(&self) -> Date {
        self.world.today()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    #[test]
    fn names_of_secrets_are_told_from_examples_of_them() {
        let secret = |text: &str| is_secret(&RelPath::parse(text).unwrap());
        for name in [
            ".env",
            "a/.env.production",
            "local.env",
            "tls/server.KEY",
            "deploy/id_rsa",
            ".ssh/config",
            "a.pem",
        ] {
            assert!(secret(name), "{name}");
        }
        for name in
            [".env.example", "sample.env", "id_rsa.pub", "src/env.rs", "keys.md", "environment", "public.md"]
        {
            assert!(!secret(name), "{name}");
        }
    }

    #[test]
    fn what_is_private_is_kept_unless_the_configuration_names_it() {
        let world =
            MemoryWorld::new().with(".git/config", "token").with("local.env", "password").with("a.md", "a");
        let allow_all = |_: &RelPath| true;
        let allow_none = |_: &RelPath| false;
        let path = |text: &str| RelPath::parse(text).unwrap();
        let closed = Guarded::new(&world, allow_none);
        assert_eq!(closed.read(&path("local.env")), Err(ReadError::Private(Private::Secret)));
        assert_eq!(closed.text(&path("a.md")), Ok("a".into()));
        assert_eq!(closed.read(&path("gone.env")), Err(ReadError::Missing));
        let open = Guarded::new(&world, allow_all);
        assert_eq!(open.text(&path("local.env")), Ok("password".into()));
        assert_eq!(open.head(&path(".git/config"), 3), Err(ReadError::Private(Private::Git)));
        assert_eq!(open.text(&path(".GIT/config")), Err(ReadError::Missing));
    }
}
