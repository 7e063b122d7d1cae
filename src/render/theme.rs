//! The theme: templates, style and scripts; a book's own files win over the built-in ones.

use super::{Artifact, Output};
use crate::base::{Fingerprint, RelPath};
use crate::config::Config;
use crate::world::World;
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
    ("api.html", include_str!("../../themes/oathbook/api.html")),
    ("api.css", include_str!("../../themes/oathbook/api.css")),
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
    assets: Vec<(String, Cow<'static, str>)>,
    pub(super) style: String,
    pub(super) api_style: String,
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
        let folder = config.root.join(config.html.theme.as_deref().unwrap_or("theme")).ok();
        let own = |name: &str| {
            folder.as_ref().and_then(|folder| folder.join(name).ok()).and_then(|path| world.text(&path).ok())
        };
        let mut tera = Tera::new();
        tera.set_fallback_prefixes(["theme/", "oathbook/"]).map_err(|error| ThemeError(error.to_string()))?;
        let mut templates: Vec<(String, Cow<'static, str>)> = Vec::new();
        let mut assets = Vec::new();
        for (name, text) in BUILT_IN {
            let text = own(name).map_or(Cow::Borrowed(*text), Cow::Owned);
            if name.ends_with(".html") {
                // The user's template replaces the name that others extend; the built-in one stays reachable.
                if let Cow::Owned(_) = text {
                    templates.push((format!("theme/{name}"), text));
                }
            } else {
                assets.push((*name, text));
            }
        }
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
        let (style, script, api_style) = (find("style-"), find("script-"), find("api-"));
        let (theme_script, search_script) = (find("theme-"), find("search-"));
        let favicon = ["favicon.svg", "favicon.png"].into_iter().find_map(|name| {
            let path = folder.as_ref()?.join(name).ok()?;
            world.kind(&path).map(|_| (name.to_owned(), path))
        });
        Ok(Self { tera, assets: named, style, api_style, script, theme_script, search_script, favicon })
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

/// `style.css` to `style-1a2b3c4d.css`, so that a browser may keep it for ever.
fn by_content(name: &str, text: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let print = Fingerprint::of(text.as_bytes()).to_string();
    format!("{stem}-{}.{extension}", &print[..8])
}
