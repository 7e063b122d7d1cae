//! Post-mortems against the records that they name, and what each record still owes.

use super::{Incidents, Reviewed};
use crate::diag::{Problem, code};
use crate::evidence::Context;
use crate::incident::{Flaw, Owed, Plan, Postmortem, Record, Standing, hold};
use crate::model::PageId;
use std::collections::BTreeMap;

const HELP: &str = "`oathbook explain incident-review` says what a review must hold";

pub(super) fn read(cx: &Context<'_>, plan: &Plan, out: &mut Incidents) {
    for (id, page) in cx.pages().filter(|(_, page)| page.kind.as_deref() == Some("postmortem")) {
        let Ok(text) = cx.world.text(&page.source) else { continue };
        out.postmortems.push((id, Postmortem::read(&page.source, &page.doc.facts.front, &text)));
    }
    let records: BTreeMap<&str, &Record> =
        out.records.iter().map(|record| (record.id.as_str(), record)).collect();
    let mut held: BTreeMap<&str, Vec<(PageId, Vec<Flaw>)>> = BTreeMap::new();
    for (id, postmortem) in &out.postmortems {
        let Some(page) = cx.site().pages.get(*id) else { continue };
        let front = &page.doc.facts.front;
        let Some((incident, place)) = &postmortem.incident else {
            // A page without a record stands for itself.
            tell(&postmortem.flaws, &mut out.problems);
            continue;
        };
        let Some(record) = records.get(incident.as_str()) else {
            let message = format!("there is no incident `{incident}`");
            let found = Problem::new(code::INCIDENT_REVIEW, place, incident.clone(), message);
            out.problems.push(found.help("`incident` is the name of a record's file, without `.yaml`"));
            continue;
        };
        if record.internal && !cx.site().is_internal(page) {
            let message = format!("`{incident}` is internal, and its post-mortem is not");
            let found = Problem::new(code::INCIDENT_REVIEW, place, incident.clone(), message);
            out.problems.push(found.help("write `visibility: internal` into the front matter"));
        }
        held.entry(record.id.as_str()).or_default().push((*id, hold(postmortem, front, record, plan)));
    }
    let reviews = out.records.iter().map(|record| {
        let pages = held.remove(record.id.as_str()).unwrap_or_default();
        let page = pages.iter().find(|(_, flaws)| flaws.is_empty()).or(pages.first()).map(|(id, _)| *id);
        let flaws: Vec<Vec<Flaw>> = pages.into_iter().map(|(_, flaws)| flaws).collect();
        Reviewed { standing: record.standing(plan, &flaws), page }
    });
    out.reviews = reviews.collect();
    for (record, review) in out.records.iter().zip(&out.reviews) {
        match &review.standing {
            Standing::Flawed(flaws) => tell(flaws, &mut out.problems),
            Standing::Owed(owed, day) if cx.due && *day < cx.today => {
                let severity = record.gravest(&plan.severities);
                let (what, help) = match owed {
                    Owed::Postmortem => {
                        ("a post-mortem", format!("`oathbook new postmortem FILE --incident {}`", record.id))
                    }
                    Owed::Short => {
                        let help = format!(
                            "`oathbook incident log {} --review TEXT --factor FACTOR`, or `--no-review REASON`",
                            record.id
                        );
                        ("a review", help)
                    }
                };
                let message = format!("the incident was {severity}, and owes {what} since {day}");
                let found = Problem::new(code::INCIDENT_REVIEW, &record.place, record.id.clone(), message);
                out.problems.push(found.help(help));
            }
            _ => {}
        }
    }
}

fn tell(flaws: &[Flaw], problems: &mut Vec<Problem>) {
    for flaw in flaws {
        let found =
            Problem::new(code::INCIDENT_REVIEW, &flaw.place, flaw.subject.clone(), flaw.message.clone());
        problems.push(found.help(HELP));
    }
}
