//! The theme: templates, style and scripts; a book's own files win over the built-in ones.

use super::{Artifact, Output};
use crate::base::{Fingerprint, RelPath};
use crate::config::Config;
use crate::world::{PathKind, World};
use std::borrow::Cow;
use std::fmt;
use tera::Tera;

/// The built-in theme's files.
pub static BUILT_IN: &[(&str, &str)] = &[
    ("base.html", include_str!("../../themes/oathbook/base.html")),
    ("page.html", include_str!("../../themes/oathbook/page.html")),
    ("plain.html", include_str!("../../themes/oathbook/plain.html")),
    ("search.html", include_str!("../../themes/oathbook/search.html")),
    ("redirect.html", include_str!("../../themes/oathbook/redirect.html")),
    ("bundle.html", include_str!("../../themes/oathbook/bundle.html")),
    ("api.html", include_str!("../../themes/oathbook/api.html")),
    ("api.css", include_str!("../../themes/oathbook/api.css")),
    ("runs.css", include_str!("../../themes/oathbook/runs.css")),
    ("oncall.js", include_str!("../../themes/oathbook/oncall.js")),
    ("sheet.css", include_str!("../../themes/oathbook/sheet.css")),
    ("style.css", include_str!("../../themes/oathbook/style.css")),
    ("script.js", include_str!("../../themes/oathbook/script.js")),
    ("theme.js", include_str!("../../themes/oathbook/theme.js")),
    ("search.js", include_str!("../../themes/oathbook/search.js")),
];

/// A template that does not compile or render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeError(pub String);

impl fmt::Display for ThemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A theme, ready to render.
pub struct Theme {
    pub(super) tera: Tera,
    pub(super) assets: Vec<(String, Cow<'static, str>)>,
    pub(super) style: String,
    pub(super) api_style: String,
    /// Of pages that tell of runs, which are few: the others need not carry it.
    pub(super) runs_style: String,
    /// Of pages that tell who is on call.
    pub(super) oncall_script: String,
    /// How a runbook is printed.
    pub(super) sheet_style: String,
    pub(super) script: String,
    pub(super) theme_script: String,
    pub(super) search_script: String,
    pub(super) favicon: Option<(String, RelPath)>,
}

impl Theme {
    /// Loads the theme of a book: each file from its theme folder if that has it, else the built-in one.
    ///
    /// # Errors
    /// [`ThemeError`] with the template engine's place and reason.
    pub fn load(config: &Config, world: &dyn World) -> Result<Self, ThemeError> {
        let folders = folders(config, world)?;
        let own = |name: &str| {
            let mut paths = folders.iter().filter_map(|(_, folder)| folder.join(name).ok());
            paths.find_map(|path| world.text(&path).ok())
        };
        let mut tera = Tera::new();
        tera.set_fallback_prefixes(["theme/", "named/", "oathbook/"])
            .map_err(|error| ThemeError(error.to_string()))?;
        // A template replaces the name that others extend; those of the layers below stay reachable.
        let mut templates = own_templates(&folders, world);
        let assets: Vec<(&str, Cow<'static, str>)> = BUILT_IN
            .iter()
            .filter(|(name, _)| !name.ends_with(".html"))
            .map(|(name, text)| (*name, own(name).map_or_else(|| lean(name, text), Cow::Owned)))
            .collect();
        for (name, text) in BUILT_IN.iter().filter(|(name, _)| name.ends_with(".html")) {
            templates.push((format!("oathbook/{name}"), Cow::Borrowed(*text)));
        }
        tera.add_raw_templates(templates).map_err(|error| ThemeError(error.to_string()))?;
        let named: Vec<(String, Cow<'static, str>)> =
            assets.into_iter().map(|(name, text)| (by_content(name, &text), text)).collect();
        let find = |part: &str| {
            named
                .iter()
                .find(|(name, _)| name.starts_with(part))
                .map(|(name, _)| name.clone())
                .unwrap_or_default()
        };
        let (style, script) = (find("style-"), find("script-"));
        let oncall_script = find("oncall-");
        let (api_style, runs_style, sheet_style) = (find("api-"), find("runs-"), find("sheet-"));
        let (theme_script, search_script) = (find("theme-"), find("search-"));
        let favicon = ["favicon.svg", "favicon.png"].into_iter().find_map(|name| {
            let mut paths = folders.iter().filter_map(|(_, folder)| folder.join(name).ok());
            paths.find(|path| world.kind(path).is_some()).map(|path| (name.to_owned(), path))
        });
        Ok(Self {
            tera,
            assets: named,
            style,
            api_style,
            runs_style,
            oncall_script,
            sheet_style,
            script,
            theme_script,
            search_script,
            favicon,
        })
    }

    /// Adds the theme's files to an output.
    pub(super) fn files(&self, out: &mut Output) {
        for (name, text) in &self.assets {
            out.insert(name.clone(), Artifact::Bytes(Cow::Owned(text.as_bytes().to_vec())));
        }
        if let Some((name, source)) = &self.favicon {
            out.insert(name.clone(), Artifact::Copy(source.clone()));
        }
    }

    /// Renders a template.
    pub(super) fn render<T: serde::Serialize>(
        &self,
        template: &str,
        site: &tera::Value,
        page: &T,
    ) -> Result<String, String> {
        let mut context = tera::Context::new();
        context.insert_value("site", site.clone());
        context.insert("page", page);
        self.tera.render(template, &context).map_err(|error| format!("template {template}: {error}"))
    }
}

/// A built-in script without its indentation and its lines of comment, which are an eighth of what a reader loads. No
/// text of our scripts goes over several lines.
fn lean(name: &str, text: &'static str) -> Cow<'static, str> {
    if !name.ends_with(".js") {
        return Cow::Borrowed(text);
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    Cow::Owned(lines.fold(String::with_capacity(text.len()), |out, line| out + line + "\n"))
}

/// Where a book's own files of the theme lie, first what wins: its theme folder, then the named theme.
fn folders(config: &Config, world: &dyn World) -> Result<Vec<(&'static str, RelPath)>, ThemeError> {
    let own = config.root.join(config.html.theme.as_deref().unwrap_or("theme")).ok();
    let mut out: Vec<(&'static str, RelPath)> = own.map(|folder| ("theme", folder)).into_iter().collect();
    if let Some(name) = &config.site.theme {
        let folder = config.root.join("themes").ok().and_then(|themes| themes.join(name).ok());
        match folder.filter(|folder| world.kind(folder) == Some(PathKind::Folder)) {
            Some(folder) => out.push(("named", folder)),
            None => {
                return Err(ThemeError(format!(
                    "`site.theme` is `{name}`, and there is no folder `themes/{name}`"
                )));
            }
        }
    }
    Ok(out)
}

/// The templates of a book's own folders, under their layer's name.
fn own_templates(folders: &[(&'static str, RelPath)], world: &dyn World) -> Vec<(String, Cow<'static, str>)> {
    let mut out = Vec::new();
    for (layer, folder) in folders {
        for file in world.files(folder) {
            let name = file.below(folder).filter(|name| name.extension() == Some("html"));
            // A book that mdBook builds as well may keep other files in its theme folder.
            let known = |name: &RelPath| BUILT_IN.iter().any(|(known, _)| *known == name.as_str());
            let name = name.filter(|name| *layer == "named" || known(name));
            if let (Some(name), Ok(text)) = (name, world.text(&file)) {
                out.push((format!("{layer}/{name}"), Cow::Owned(text)));
            }
        }
    }
    out
}

/// `style.css` to `style-1a2b3c4d.css`, so that a browser may keep it for ever.
fn by_content(name: &str, text: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let print = Fingerprint::of(text.as_bytes()).to_string();
    format!("{stem}-{}.{extension}", &print[..8])
}
