//! Criteria of success, and check boxes whose state nobody types: each names what proves it, and is judged by that alone.
//!
//! What proves something must have been able to fail: a check that had nothing to judge, a runbook that never ran and a page that
//! does not exist prove nothing, and leave red what names them.

mod boxes;
mod declared;
mod judge;
pub mod proof;
mod state;
mod subjects;

use super::check::{Check, Findings};
use super::{Context, Evidence, Reads};
use crate::base::RelPath;
use crate::diag::{Claim, ClaimKind, Group, Place, Problem, Qualifier, Qualifiers, Severity, Verdict, code};
use crate::model::PageId;
use proof::Stated;

pub use judge::EVIDENCE_TO_COME;
pub use state::{Judged, Lead, Shown, State, Tally};

/// The criteria of a project, and the check boxes of its pages.
#[derive(Debug, Default)]
pub struct Criteria {
    /// The file of criteria, where book.toml names one.
    pub file: Option<RelPath>,
    /// In the order of the file.
    pub list: Vec<Criterion>,
    /// All boxes of pages that have a proof, in the order of the pages.
    pub items: Vec<Item>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// A criterion of success.
#[derive(Debug)]
pub struct Criterion {
    /// Stable, as in `rto`.
    pub id: String,
    /// What it asks.
    pub title: String,
    /// The heading that it stands below.
    pub section: String,
    /// Where it is declared.
    pub place: Place,
    /// What is said of it.
    pub stated: Stated,
    /// How it stands.
    pub judged: Judged,
}

/// A check box of a page.
#[derive(Debug)]
pub struct Item {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// The page.
    pub page: PageId,
    /// The page's file.
    pub file: RelPath,
    /// The headings above it, the outermost first.
    pub headings: Vec<String>,
    /// Its text, without comments.
    pub text: String,
    /// Its brackets.
    pub place: Place,
    /// The first comment beside it.
    pub mark: Option<Place>,
    /// Its line, from 1: only shown, and nothing is known by it.
    pub line: usize,
    /// Which box of the page it is, from 0.
    pub number: usize,
    /// Whether it is ticked.
    pub checked: bool,
    /// The byte of its file where its text ends.
    end: u32,
    /// What is said of it.
    pub stated: Stated,
    /// How it stands.
    pub judged: Judged,
}

impl Item {
    /// What it is known by where it has no id.
    pub fn name(&self) -> String {
        let headings = self.headings.iter().map(String::as_str);
        headings.chain([self.text.as_str()]).collect::<Vec<_>>().join(" > ")
    }

    /// Its id, or its name.
    pub fn key(&self) -> String {
        self.id.clone().unwrap_or_else(|| self.name())
    }
}

/// Whether a check judges proofs, and so can be none.
fn is_own(code: &str) -> bool {
    [code::PROOF, code::TICKED_BOX, code::PROOF_DUE].contains(&code)
}

static PROOF: Check = Check {
    code: code::PROOF,
    group: Group::Broken,
    severity: None,
    title: "a proof of a check box or a criterion cannot be read, or names what is not there",
    doc: include_str!("proof.md"),
    fix: None,
    seen_in: Some("src/evidence/criteria"),
    run,
};

impl Evidence for Criteria {
    const NAME: &'static str = "criteria";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[
        &PROOF,
        &Check::seen::<Self>(
            code::TICKED_BOX,
            Group::Broken,
            "a check box is ticked, and what is named for it does not prove it",
            include_str!("ticked-box.md"),
            "src/evidence/criteria/mod.rs",
        ),
        &Check::seen::<Self>(
            code::PROOF_DUE,
            Group::Suspect,
            "what proves a check box or a criterion is too old",
            include_str!("proof-due.md"),
            "src/evidence/criteria/mod.rs",
        )
        .severity(Severity::Error),
    ];

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.of::<Self>().problems.iter().collect()
    }

    fn read(cx: &Context<'_>) -> Self {
        let mut problems = Vec::new();
        let items = boxes::read(cx, &mut problems);
        let (file, list) = declared::read(cx, &mut problems);
        let mut out = Self { file, list, items, problems };
        judge::all(cx, &mut out);
        out.ticked();
        if cx.due {
            out.due();
        }
        out
    }
}

impl Criteria {
    /// A ticked box says that something is done: a false statement where no proof holds. An open one states nothing.
    fn ticked(&mut self) {
        for item in self.items.iter().filter(|item| item.checked && item.judged.state == State::Red) {
            // In a year that is yet to come for its evidence a box is not wrong: only time makes it so.
            if item.judged.is_early() {
                continue;
            }
            let why = item.judged.why.join("; ");
            let message = format!("this box is ticked, and nothing proves it: {why}");
            let found = Problem::new(code::TICKED_BOX, &item.place, item.key(), message);
            self.problems.push(found.help("write `[ ]`, or bring what proves it"));
        }
    }

    /// What time alone has made red; only a nightly run says so.
    fn due(&mut self) {
        let boxes = self.items.iter().map(|item| (&item.place, item.key(), &item.judged));
        let criteria = self.list.iter().map(|one| (&one.place, one.id.clone(), &one.judged));
        for (place, key, judged) in boxes.chain(criteria).filter(|(_, _, judged)| judged.state == State::Due)
        {
            let message = format!("what proves `{key}` is due: {}", judged.why.join("; "));
            let found = Problem::new(code::PROOF_DUE, place, key, message);
            self.problems.push(found.help("bring newer evidence"));
        }
    }

    /// The box that a word after `row:` names, as one on this page says it; or the nearest name of another.
    fn find(&self, wanted: &str, page: Option<PageId>) -> Result<usize, proof::Refusal> {
        let items = || self.items.iter().enumerate();
        let fits = |item: &Item| match &item.id {
            Some(id) if id == wanted => true,
            _ => {
                let name = item.name();
                name.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with(" > "))
            }
        };
        let here = items().filter(|(_, item)| Some(item.page) == page && fits(item));
        let found: Vec<usize> = here.map(|(at, _)| at).collect();
        let all = || items().filter(|(_, item)| fits(item)).map(|(at, _)| at).collect();
        let found: Vec<usize> = if found.is_empty() { all() } else { found };
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(self.unknown(wanted)),
            _ => {
                let message = format!("several boxes are called `{wanted}`");
                Err(proof::Refusal::new(message, "name one by its id, or by more of the headings above it"))
            }
        }
    }

    /// No box of the name: the nearest by id, by name, or by the text alone.
    fn unknown(&self, wanted: &str) -> proof::Refusal {
        let message = format!("there is no box `{wanted}`");
        let names: Vec<String> = self.items.iter().map(Item::key).collect();
        let near = crate::diag::nearest(wanted, names.iter().map(String::as_str)).map(str::to_owned);
        let last = wanted.rsplit(" > ").next().unwrap_or(wanted);
        let by_text = || {
            let text = crate::diag::nearest(last, self.items.iter().map(|item| item.text.as_str()))?;
            self.items.iter().find(|item| item.text == text).map(Item::key)
        };
        match near.or_else(by_text) {
            Some(near) => proof::Refusal::new(message, format!("did you mean `{near}`?")),
            None => proof::Refusal::new(message, "a box is named by its id, or as `Heading > Text`"),
        }
    }
}

/// Hands on what was found, and states what is proven.
fn run(cx: &Context<'_>, findings: &mut Findings) {
    let criteria = cx.of::<Criteria>();
    findings.hand_on(&criteria.problems);
    for item in &criteria.items {
        let Some(page) = cx.site().pages.get(item.page) else { continue };
        let kind = ClaimKind::Criterion;
        let verdict = verdict(&item.judged, item.checked);
        let judged = (verdict, kind.strength(), qualifiers(&item.judged));
        findings.claim_by((item.page, page), kind, &item.place, &item.key(), judged);
    }
    for one in &criteria.list {
        findings.recorded.push(Claim {
            page: one.place.file.clone(),
            place: one.place.clone(),
            kind: ClaimKind::Criterion,
            subject: one.id.as_str().into(),
            verdict: verdict(&one.judged, false),
            strength: ClaimKind::Criterion.strength(),
            qualifiers: qualifiers(&one.judged),
        });
    }
}

/// An open box claims nothing that could be wrong; a ticked one does.
fn verdict(judged: &Judged, ticked: bool) -> Verdict {
    match judged.state {
        State::Proven | State::Demonstrated => Verdict::Proven(judged.told_proofs().into()),
        State::Deviating => Verdict::NotJudged("it stays open on purpose, for a reason and until a day"),
        State::Due => Verdict::NotJudged("what proves it is too old"),
        State::Red if ticked && !judged.is_early() => Verdict::Contradicted(code::TICKED_BOX),
        State::Red => Verdict::NotJudged("nothing proves it yet"),
    }
}

fn qualifiers(judged: &Judged) -> Qualifiers {
    Qualifiers::default()
        .with_if(judged.state == State::Demonstrated, Qualifier::Synthetic)
        .with_if(judged.state == State::Due, Qualifier::Due)
}
