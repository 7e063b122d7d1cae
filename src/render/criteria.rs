//! The pages of proofs: how each criterion of success stands, and each check box that names what proves it. Nothing on them is
//! typed by hand.

use super::Renderer;
use crate::base::count;
use crate::evidence::criteria::{Criteria, Item, Judged, Lead, State, Tally};
use crate::markdown::escaped_text as text;
use crate::model::PageId;
use std::fmt::Write as _;

/// Where the pages lie in the site.
pub(super) const CRITERIA: &str = "criteria.html";
pub(super) const PROOFS: &str = "proofs.html";

/// The beginning of a check box as it is in every body.
const BOX: &str = "<input type=\"checkbox\" disabled";

/// How a state looks: what is met, what is not, and what is open on purpose.
fn class(state: State) -> &'static str {
    match state {
        State::Proven | State::Demonstrated => "good",
        State::Deviating => "",
        State::Due | State::Red => "bad",
    }
}

fn marked(state: State) -> String {
    format!("<span class=\"{}\">{}</span>", class(state), state.name())
}

/// The fragment of a row on the page of proofs.
fn anchor(item: &Item, at: usize) -> String {
    let plain = |id: &&String| id.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
    item.id.as_ref().filter(plain).map_or_else(|| format!("box-{at}"), |id| format!("row-{id}"))
}

const HEAD: &str = "<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr>";

impl Renderer<'_> {
    /// The page of criteria of success.
    pub(super) fn criteria_page(&self) -> Result<String, String> {
        let mut body = String::from("<h1>Criteria of success</h1>\n");
        if let Some(criteria) = self.criteria {
            let tally = Tally::of(criteria.list.iter().map(|one| one.judged.state));
            let _ = writeln!(
                body,
                "<p>{}: {}. Each is computed from what is named as its proof.{}</p>",
                count(criteria.list.len(), "criterion").replace("criterions", "criteria"),
                text(&tally.told()),
                if criteria.items.is_empty() {
                    ""
                } else {
                    " The check boxes of the book are on <a href=\"proofs.html\">the page of proofs</a>."
                }
            );
            let mut section = None;
            for one in &criteria.list {
                if section != Some(&one.section) {
                    if section.is_some() {
                        body.push_str("</tbody></table></div>\n");
                    }
                    section = Some(&one.section);
                    if !one.section.is_empty() {
                        let _ = writeln!(body, "<h2>{}</h2>", text(&one.section));
                    }
                    let _ = writeln!(
                        body,
                        "{HEAD}<th>Criterion</th><th>State</th><th>Proof</th></tr></thead><tbody>"
                    );
                }
                let _ = writeln!(
                    body,
                    "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                    text(&one.title),
                    marked(one.judged.state),
                    self.shown(criteria, &one.judged)
                );
            }
            if section.is_some() {
                body.push_str("</tbody></table></div>\n");
            }
        }
        let mut around = self.around("Criteria of success", CRITERIA, None);
        around.body = body;
        self.theme.render("plain.html", &self.site_value, &around)
    }

    /// The page of all check boxes that are judged.
    pub(super) fn proofs_page(&self) -> Result<String, String> {
        let mut body = String::from("<h1>Proofs</h1>\n");
        if let Some(criteria) = self.criteria {
            let tally = Tally::of(criteria.items.iter().map(|item| item.judged.state));
            let boxes = count(criteria.items.len(), "check box").replace("boxs", "boxes");
            let _ = writeln!(body, "<p>{boxes}: {}. A box without a proof is red.</p>", text(&tally.told()));
            let mut before: Option<PageId> = None;
            let mut headings: Option<&[String]> = None;
            for (at, item) in criteria.items.iter().enumerate() {
                if before != Some(item.page) || headings != Some(item.headings.as_slice()) {
                    if headings.is_some() {
                        body.push_str("</tbody></table></div>\n");
                    }
                    if before != Some(item.page) {
                        let title = self.site.pages.get(item.page).map_or("", |page| page.title.as_str());
                        let _ = writeln!(body, "<h2>{}</h2>", self.to(Some(item.page), title));
                    }
                    self.section(&mut body, criteria, item);
                    (before, headings) = (Some(item.page), Some(item.headings.as_slice()));
                }
                self.proof_row(&mut body, criteria, (at, item));
            }
            if headings.is_some() {
                body.push_str("</tbody></table></div>\n");
            }
        }
        let mut around = self.around("Proofs", PROOFS, None);
        around.body = body;
        self.theme.render("plain.html", &self.site_value, &around)
    }

    /// The heading of a section, with its state, which is the worst of its boxes.
    fn section(&self, body: &mut String, criteria: &Criteria, of: &Item) {
        let here = criteria.items.iter().filter(|item| item.page == of.page && item.headings == of.headings);
        let tally = Tally::of(here.map(|item| item.judged.state));
        let title = of.headings.join(", ");
        let state = tally.worst().map(marked).unwrap_or_default();
        if !title.is_empty() {
            let _ = writeln!(body, "<h3>{}</h3>", text(&title));
        }
        let _ = writeln!(body, "<p>{state} ({})</p>", text(&tally.told()));
        let _ = writeln!(
            body,
            "{HEAD}<th>Id</th><th>Box</th><th>State</th><th>Proof</th><th>Line</th></tr></thead><tbody>"
        );
    }

    fn proof_row(&self, body: &mut String, criteria: &Criteria, (at, item): (usize, &Item)) {
        let _ = writeln!(
            body,
            "<tr id=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            anchor(item, at),
            text(item.id.as_deref().unwrap_or("")),
            text(&item.text),
            marked(item.judged.state),
            self.shown(criteria, &item.judged),
            item.line
        );
    }

    /// Each proof with its state, why it is so, and where a reader sees it.
    fn shown(&self, criteria: &Criteria, judged: &Judged) -> String {
        let mut out = Vec::new();
        // What is not one proof's: that there is none, or that the box stays open on purpose.
        if judged.proofs.is_empty() || judged.state == State::Deviating {
            out.extend(judged.why.first().map(|why| text(why)));
        }
        for proof in &judged.proofs {
            let told = match &proof.lead {
                Lead::Page(page) => self.to(Some(*page), &proof.told),
                Lead::Row(at) => criteria.items.get(*at).map_or_else(String::new, |item| {
                    format!("<a href=\"{PROOFS}#{}\">{}</a>", anchor(item, *at), text(&proof.told))
                }),
                Lead::Ledger => format!("<a href=\"ledger.html\">{}</a>", text(&proof.told)),
                Lead::File(file) => format!("{} (<code>{}</code>)", text(&proof.told), text(file.as_str())),
                Lead::Nowhere => text(&proof.told),
            };
            out.push(format!("<span class=\"{}\">{told}</span>: {}", class(proof.state), text(&proof.why)));
        }
        out.join("<br>")
    }

    /// The body of a page whose check boxes show how they stand, instead of what somebody typed.
    pub(super) fn with_boxes(&self, page: PageId, root: &str, body: String) -> String {
        let Some(criteria) = self.criteria else { return body };
        let known = self.site.pages.get(page).map_or(0, |page| page.doc.facts.boxes.len());
        let own = |item: &(usize, &Item)| item.1.page == page;
        let items: Vec<(usize, &Item)> = criteria.items.iter().enumerate().filter(own).collect();
        // A box that was written as HTML would shift all others.
        if items.is_empty() || body.matches(BOX).count() != known {
            return body;
        }
        let mut out = String::with_capacity(body.len() + 80 * items.len());
        for (number, part) in body.split(BOX).enumerate() {
            let Some(at) = number.checked_sub(1) else {
                out.push_str(part);
                continue;
            };
            let found = items.iter().find(|(_, item)| item.number == at);
            match (found, part.split_once('>')) {
                (Some((place, item)), Some((_, rest))) => {
                    let state = item.judged.state;
                    let _ = write!(
                        out,
                        "<a class=\"{}\" href=\"{root}{PROOFS}#{}\">{}</a>{rest}",
                        class(state),
                        anchor(item, *place),
                        state.name()
                    );
                }
                _ => {
                    out.push_str(BOX);
                    out.push_str(part);
                }
            }
        }
        out
    }
}
