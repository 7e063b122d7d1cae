//! An API's pages as part of the site.

use super::ApiPage;
use crate::model::relative;
use crate::render::page::{Crumb, HeadingLine, NavLine};
use crate::render::{Artifact, Output, Renderer};

/// Sections listed below a page in the navigation.
const LISTED: usize = 200;

impl Renderer<'_> {
    /// What APIs add to the site.
    pub(in crate::render) fn apis(&self, out: &mut Output) {
        for (api, reference) in self.references.iter().enumerate() {
            let folder = &reference.folder;
            for (page, one) in reference.pages.iter().enumerate() {
                out.insert(format!("{folder}/{}", one.file), Artifact::Api(api, page));
                let twin = format!("{folder}/{}.md", one.file.trim_end_matches(".html"));
                out.insert(twin, Artifact::ApiMarkdown(api, page));
            }
            out.insert(format!("{folder}/openapi.json"), Artifact::ApiDocument(api));
        }
    }

    /// A page of an API with all that stands around it.
    pub(in crate::render) fn api_page(&self, api: usize, page: usize) -> Result<String, String> {
        let reference = &self.references[api];
        let one = &reference.pages[page];
        let url = format!("{}/{}", reference.folder, one.file);
        let title =
            if page == 0 { reference.title.clone() } else { format!("{} - {}", one.title, reference.title) };
        let mut around = self.around(&title, &url, None);
        around.description = Some(format!("{title}: operations, fields, answers and errors."));
        around.kind = Some("api".into());
        around.body.clone_from(&one.body);
        around.nav.retain(|line| line.api.is_none());
        self.api_nav(Some((api, page)), &url, &mut around.nav);
        if page > 0 {
            around.crumbs = vec![Crumb { title: reference.title.clone(), url: Some("index.html".into()) }];
        }
        around.headings = headings(one);
        around.markdown = Some(format!("{}.md", one.file.trim_end_matches(".html")));
        let turn = |at: Option<usize>| {
            let page = reference.pages.get(at?)?;
            Some(Crumb { title: page.title.clone(), url: Some(page.file.clone()) })
        };
        around.previous = turn(page.checked_sub(1));
        around.next = turn(Some(page + 1));
        self.theme.render("api.html", &self.site_value, &around)
    }

    /// The APIs in the navigation: the one that is open with its pages, and the open page with its sections.
    pub(in crate::render) fn api_nav(&self, open: Option<(usize, usize)>, url: &str, out: &mut Vec<NavLine>) {
        if self.references.is_empty() {
            return;
        }
        let line = |title: &str, depth: usize, to: String, current: bool| NavLine {
            title: title.to_owned(),
            url: Some(to),
            number: None,
            depth,
            current,
            part: false,
            separator: false,
            api: Some(()),
        };
        out.push(NavLine {
            title: "API".into(),
            url: None,
            number: None,
            depth: 0,
            current: false,
            part: true,
            separator: false,
            api: Some(()),
        });
        for (at, reference) in self.references.iter().enumerate() {
            let to = |file: &str| relative(url, &format!("{}/{file}", reference.folder));
            out.push(line(&reference.title, 0, to("index.html"), open == Some((at, 0))));
            let Some((_, page)) = open.filter(|(api, _)| *api == at) else { continue };
            // Of hundreds of pages those nearby: the overview has all.
            let count = reference.pages.len();
            let from = page.saturating_sub(AROUND).min(count.saturating_sub(2 * AROUND)).max(1);
            let to_page = (from + 2 * AROUND).min(count);
            for (number, one) in reference.pages.iter().enumerate().take(to_page).skip(from) {
                out.push(line(&one.title, 1, to(&one.file), number == page));
                if number == page {
                    for (title, id) in one.sections.iter().take(LISTED) {
                        out.push(line(title, 2, format!("#{id}"), false));
                    }
                }
            }
            if from > 1 || to_page < count {
                out.push(line("All pages", 1, to("index.html"), false));
            }
        }
    }
}

/// Pages of an API that the navigation lists before and after the open one.
const AROUND: usize = 50;

/// A page's sections, for narrow screens.
fn headings(page: &ApiPage) -> Vec<HeadingLine> {
    let line = |(title, id): &(String, String)| HeadingLine { level: 2, id: id.clone(), text: title.clone() };
    page.sections.iter().take(LISTED).map(line).collect()
}
