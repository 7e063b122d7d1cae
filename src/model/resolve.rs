//! Where links lead.
//!
//! In a book, a link is read as the reader's browser will read it on the site, after `.md` became `.html`. On a forge
//! it is read as GitHub, GitLab and Forgejo do. What cannot be known from the repository (another site, an address
//! below the host's root) is not judged, and says why.

use super::{Mode, Page, PageId, Site, is_markdown, is_readme};
use crate::base::{RelPath, has_scheme, percent_decode, refused, relative_address};
use crate::config::Config;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page of the site, and whether the fragment is there.
    Page {
        /// The page.
        page: PageId,
        /// The fragment, decoded; none when there is none to find.
        fragment: Option<String>,
        /// Whether the page has it.
        found: bool,
    },
    /// A file of the site, below the source folder.
    File(RelPath),
    /// A file or folder of the repository, on a forge.
    InRepository(RelPath),
    /// An address that the renderer makes.
    Made(String),
    /// The old address of a redirect.
    Redirected(String),
    /// It leaves the site.
    External,
    /// Nobody here can know; why.
    NotJudged(&'static str),
    /// Nothing is there.
    Missing(Missing),
}

/// How a link misses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No such page; where it was looked for, from the repository's root.
    Page(RelPath),
    /// The Markdown file is there, but the summary does not list it.
    Unlisted(RelPath),
    /// The file is in the repository, but outside of the source folder, so not on the site.
    NotPublished(RelPath),
    /// No such file.
    File(RelPath),
    /// It leads out of the repository.
    Leaves,
    /// An extension that only looks like `.md`; mdBook would cut it off.
    Extension(RelPath),
}

impl Missing {
    /// The file that was looked for, from the repository's root.
    pub fn file(&self) -> Option<&RelPath> {
        match self {
            Self::Page(file)
            | Self::Unlisted(file)
            | Self::NotPublished(file)
            | Self::File(file)
            | Self::Extension(file) => Some(file),
            Self::Leaves => None,
        }
    }
}

pub(super) struct Resolver<'s> {
    pub site: &'s Site,
    pub config: &'s Config,
    pub exists: &'s (dyn Fn(&RelPath) -> bool + Sync),
}

/// A link's parts (RFC 3986 §3).
struct Parts<'l> {
    path: &'l str,
    fragment: Option<&'l str>,
}

fn parts(target: &str) -> Parts<'_> {
    let (rest, fragment) = match target.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (target, None),
    };
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    Parts { path, fragment }
}

impl Resolver<'_> {
    pub fn page(&self, id: PageId) -> Vec<Target> {
        let page = &self.site.pages[id];
        page.doc.facts.links.iter().map(|link| self.link(id, page, &link.target)).collect()
    }

    fn link(&self, id: PageId, page: &Page, target: &str) -> Target {
        let target = target.trim();
        if target.is_empty() {
            return Target::NotJudged("the link is empty");
        }
        if has_scheme(target) || target.starts_with("//") {
            return Target::External;
        }
        // Blanks and control characters in a scheme: browsers read over them.
        if refused(target).is_some() {
            return Target::NotJudged("it would run a script, and is left out");
        }
        if target.contains("{{") || target.contains("{%") || target.contains("${") {
            return Target::NotJudged("a template fills it in");
        }
        let Parts { path, fragment } = parts(target);
        if path.is_empty() {
            return self.fragment(id, fragment);
        }
        let path = percent_decode(path);
        match self.site.mode {
            Mode::Book => self.in_book(page, &path, fragment),
            Mode::Forge => self.on_forge(page, &path, fragment),
        }
    }

    fn fragment(&self, page: PageId, fragment: Option<&str>) -> Target {
        let Some(written) = fragment.filter(|fragment| !fragment.is_empty()) else {
            return Target::Page { page, fragment: None, found: true };
        };
        // `#:~:text=` is a search in the page's text (URL Fragment Text Directives), `#top` its beginning (HTML).
        let written = written.split_once(":~:").map_or(written, |(id, _)| id);
        if written.is_empty() || written.eq_ignore_ascii_case("top") {
            return Target::Page { page, fragment: None, found: true };
        }
        let decoded = percent_decode(written).into_owned();
        let here = &self.site.pages[page];
        let mut found = here.has_id(&decoded) || here.has_id(written);
        if self.site.mode == Mode::Forge && !found {
            let folded = decoded.to_lowercase();
            let folded = folded.strip_prefix("user-content-").unwrap_or(&folded);
            // GitHub's script folds case; blanks at a heading's ends become dashes there and not here.
            let bare = folded.trim_matches('-');
            found = here.has_id(folded)
                || here.bare_ids.binary_search_by(|known| known.as_str().cmp(bare)).is_ok();
        }
        let found = found || self.site.moves_fragment(&here.url, &decoded);
        Target::Page { page, fragment: Some(decoded), found }
    }

    fn in_book(&self, page: &Page, path: &str, fragment: Option<&str>) -> Target {
        let folder = match page.url.rsplit_once('/') {
            Some((folder, _)) => RelPath::parse(folder).unwrap_or_else(|_| RelPath::root()),
            None => RelPath::root(),
        };
        let joined = if path.starts_with('/') {
            let root = self.config.html.site_url.as_deref().unwrap_or("/");
            let below = path.strip_prefix(root.trim_end_matches('/')).unwrap_or(path);
            let found = RelPath::parse(below.trim_start_matches('/'))
                .ok()
                .and_then(|path| self.find(&path, below, fragment));
            return found.unwrap_or(Target::NotJudged("an absolute path: what is there depends on the host"));
        } else {
            folder.join(path)
        };
        let Ok(wanted) = joined else {
            return self.above(page, path);
        };
        self.find(&wanted, path, fragment).unwrap_or_else(|| self.miss(wanted))
    }

    /// A relative link out of the site: something else on the same host, unless it names a source file.
    fn above(&self, page: &Page, path: &str) -> Target {
        let written = self.site.src.join(page.path.parent().as_str()).and_then(|folder| folder.join(path));
        match written {
            Ok(file)
                if file.below(&self.site.src).is_some_and(|below| self.site.page_at(&below).is_some()) =>
            {
                Target::Missing(Missing::Page(file))
            }
            Ok(file) if is_diagram(&file) => Target::NotJudged("a diagram: its own checks judge it"),
            Ok(file) if (self.exists)(&file) => Target::Missing(Missing::NotPublished(file)),
            // `../other-book/page.md` is a page of a book beside this one, unless this one has a page of that name.
            Ok(file) if is_markdown(&file) && self.has_page_named(file.file_name()) => {
                Target::Missing(Missing::Page(file))
            }
            _ => Target::NotJudged("it leads out of the site, to whatever else its host serves"),
        }
    }

    fn has_page_named(&self, name: &str) -> bool {
        !name.eq_ignore_ascii_case("README.md")
            && name != "index.md"
            && !self.site.pages_named(name).is_empty()
    }

    /// What stands at an address below the site's root.
    fn find(&self, wanted: &RelPath, written: &str, fragment: Option<&str>) -> Option<Target> {
        let site = self.site;
        let folder = written.ends_with('/');
        if let Some(page) = site.page_at(wanted).filter(|_| !folder && wanted.extension() == Some("md")) {
            return Some(self.fragment(page, fragment));
        }
        let html = (!folder && wanted.extension() == Some("md")).then(|| wanted.with_extension("html"));
        let address = html.as_ref().unwrap_or(wanted);
        if let Some(page) = site.page_by_url(address.as_str()) {
            return Some(self.fragment(page, fragment));
        }
        if site.files.contains(wanted) && !folder {
            return Some(Target::File(wanted.clone()));
        }
        let index = if address.is_root() { "index.html".to_owned() } else { format!("{address}/index.html") };
        for url in [address.as_str(), &index].into_iter().skip(usize::from(folder && !address.is_root())) {
            if let Some(page) = site.page_by_url(url) {
                return Some(self.fragment(page, fragment));
            }
            if site.redirect_by_url.contains_key(url) {
                return Some(Target::Redirected(url.to_owned()));
            }
            if site.made.contains(url)
                && (url == address.as_str() || written.ends_with('/') || address.is_root())
            {
                return Some(Target::Made(url.to_owned()));
            }
            if let Ok(file) = RelPath::parse(url)
                && site.files.contains(&file)
            {
                return Some(Target::File(file));
            }
        }
        None
    }

    fn miss(&self, wanted: RelPath) -> Target {
        let site = self.site;
        let source = site.src.join(wanted.as_str()).unwrap_or_else(|_| wanted.clone());
        let as_markdown =
            if wanted.extension() == Some("html") { wanted.with_extension("md") } else { wanted.clone() };
        if site.unlisted.contains(&as_markdown) {
            let file = site.src.join(as_markdown.as_str()).unwrap_or(as_markdown);
            return Target::Missing(Missing::Unlisted(file));
        }
        let looks_like_md = wanted.extension().is_some_and(|ext| ext.starts_with("md") && ext != "md");
        if looks_like_md {
            return Target::Missing(Missing::Extension(source));
        }
        if self.config.has_unknown_preprocessors() && !matches!(wanted.extension(), Some("md" | "html")) {
            return Target::NotJudged("a preprocessor that is not run may change it");
        }
        if matches!(wanted.extension(), Some("md" | "html")) || wanted.extension().is_none() {
            return Target::Missing(Missing::Page(source));
        }
        if self.config.other_outputs {
            return Target::NotJudged("a command that is not started may make it");
        }
        Target::Missing(Missing::File(source))
    }

    fn on_forge(&self, page: &Page, path: &str, fragment: Option<&str>) -> Target {
        let folder = page.source.parent();
        let joined = match path.strip_prefix('/') {
            Some(rest) => RelPath::parse(rest),
            None => folder.join(path),
        };
        let Ok(wanted) = joined else {
            return Target::NotJudged("it leads above the repository, to the forge's own pages");
        };
        if let Some(id) = self.site.page_at(&wanted) {
            return self.fragment(id, fragment);
        }
        if (self.exists)(&wanted) {
            return self.folder_page(&wanted, fragment).unwrap_or(Target::InRepository(wanted));
        }
        self.forge_miss(page, path, wanted)
    }

    /// A folder shows its README.
    fn folder_page(&self, folder: &RelPath, fragment: Option<&str>) -> Option<Target> {
        fragment?;
        let readme = folder.join("README.md").ok()?;
        let id = self.site.page_at(&readme).filter(|_| is_readme(&readme))?;
        Some(self.fragment(id, fragment))
    }

    fn forge_miss(&self, page: &Page, path: &str, wanted: RelPath) -> Target {
        if path.starts_with('/') {
            return Target::NotJudged("an absolute path: what is there depends on the host");
        }
        // `../../issues` is the forge's own page of the repository when the file lies at `blob/main/`.
        let first = path.split('/').find(|part| !part.is_empty() && !part.starts_with('.'));
        if path.starts_with("../") && first.is_some_and(|first| FORGE_PAGES.contains(&first)) {
            return Target::NotJudged("a page of the forge");
        }
        let name = page.source.as_str().to_ascii_lowercase();
        if name.contains("pull_request_template") || name.contains("issue_template") {
            return Target::NotJudged("a template is read at another address than its own");
        }
        // `[Vec](std::vec::Vec)` in text that rustdoc reads.
        let in_crate =
            page.source.parent().as_str().split('/').any(|part| part == "src") && !is_markdown(&wanted);
        if path.contains("::") || path.starts_with('`') || in_crate {
            return Target::NotJudged("an item's name, which a documentation generator resolves");
        }
        if self.site.is_generated(page) && self.addressed_otherwise(&wanted, path) {
            return Target::NotJudged("another generator gives this page's addresses");
        }
        if is_markdown(&wanted) {
            return Target::Missing(Missing::Page(wanted));
        }
        Target::Missing(Missing::File(wanted))
    }

    /// Whether a generator may still find what a plain path does not: addresses without `.md`, generators that
    /// flatten folders, its own notation.
    fn addressed_otherwise(&self, wanted: &RelPath, path: &str) -> bool {
        let elsewhere = || !self.site.pages_named(wanted.file_name()).is_empty();
        !is_markdown(wanted) || path.starts_with('@') || elsewhere()
    }
}

/// First parts of the paths of a forge's own pages of a repository.
const FORGE_PAGES: &[&str] = &[
    "actions",
    "blob",
    "branches",
    "commit",
    "commits",
    "compare",
    "contributors",
    "discussions",
    "edit",
    "forks",
    "graphs",
    "issues",
    "labels",
    "milestones",
    "network",
    "new",
    "packages",
    "projects",
    "pull",
    "pulls",
    "raw",
    "releases",
    "security",
    "stargazers",
    "tags",
    "tree",
    "wiki",
];

/// The relative address of `to` as seen from the page at `from`; both below the site's root.
pub fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to_parts: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let shared =
        from[..folders].iter().zip(&to_parts[..to_parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let mut out = "../".repeat(folders - shared);
    out.push_str(&to_parts[shared..].join("/"));
    relative_address(out)
}

/// Whether pages draw a file of that name.
fn is_diagram(file: &RelPath) -> bool {
    file.extension().and_then(crate::diagram::language_of).is_some()
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn relative_addresses_climb_only_as_far_as_needed() {
        assert_eq!(relative("a/b.html", "a/c.html"), "c.html");
        assert_eq!(relative("a/b/c.html", "index.html"), "../../index.html");
        assert_eq!(relative("a.html", "b/c.html"), "b/c.html");
        assert_eq!(relative("a/b.html", "a/c/d.html"), "c/d.html");
        assert_eq!(relative("a/b.html", "a/javascript:c.html"), "./javascript:c.html");
    }
}
