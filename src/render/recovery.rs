//! What the page of a recovery plan shows: services, failures, runbooks, objectives, and what was proven of each; and the
//! calendar of what has to be done again and again.

use crate::base::ics::Calendar;
use crate::base::lasting;
use crate::evidence::recovery::{Cell, FAILURES, Plan};
use crate::evidence::runs::Known;
use crate::markdown::{escape_attribute, escape_text};
use crate::model::{Site, relative};
use crate::runs::evidence::{Evidence, Run};
use crate::runs::standing::Standing;
use std::fmt::Write as _;
use std::time::Duration;

/// Where the calendar lies in the site.
pub(super) const CALENDAR: &str = "recovery.ics";

fn text(text: &str) -> String {
    let mut out = String::new();
    escape_text(text, &mut out);
    out
}

/// The section at the head of the page at `url`.
pub(super) fn section(plan: &Plan, (site, runs): (&Site, &[Known]), url: &str) -> String {
    let mut out = String::from("<section class=\"runs\" aria-label=\"Plan\">\n");
    match &plan.worst {
        Ok(worst) => {
            let _ = writeln!(
                out,
                "<p>With the host of the database at most {} can be lost: {}.</p>",
                lasting::told(worst.time),
                text(worst.by.describe())
                    .replace("`archive-timeout`", "<code>archive-timeout</code>")
                    .replace("`push-within`", "<code>push-within</code>")
            );
        }
        Err(why) => {
            let _ = writeln!(out, "<p class=\"bad\">How much can be lost is unknown: {}.</p>", text(why));
        }
    }
    out.push_str("<div class=\"table-wrapper\"><table><thead><tr><th>Service</th><th>Failure</th><th>Runbook</th><th>RTO</th><th>RPO</th><th>Last run</th></tr></thead><tbody>\n");
    for (service, cells) in &plan.rows {
        for ((_, failure), cell) in FAILURES.iter().zip(cells) {
            let _ = write!(out, "<tr><td>{}</td><td>{failure}</td>", text(service));
            out.push_str(&row(cell.as_ref(), (site, runs), url));
            out.push_str("</tr>\n");
        }
    }
    out.push_str("</tbody></table></div>\n");
    out.push_str(&schedules(plan, url));
    out.push_str("</section>\n");
    out
}

fn row(cell: Option<&Cell>, (site, runs): (&Site, &[Known]), url: &str) -> String {
    let missing = "<td class=\"bad\" colspan=\"4\">none</td>".to_owned();
    let Some(cell) = cell else { return missing };
    let Some(page) = site.pages.get(cell.runbook) else { return missing };
    let mut address = String::new();
    escape_attribute(&relative(url, &page.url), &mut address);
    let known = runs.iter().find(|known| known.page == cell.runbook);
    let of = |name: &str, limit: Option<Duration>| {
        let Some(limit) = limit else { return "<td>none is set</td>".to_owned() };
        let measured = known.and_then(shown).and_then(|run| {
            run.objectives.iter().find(|one| one.name == name).and_then(|one| one.measured_ms)
        });
        let told = lasting::told(limit);
        match measured.map(Duration::from_millis) {
            None => format!("<td>&lt; {told}, not measured</td>"),
            Some(is) => {
                let class = if is < limit { "good" } else { "bad" };
                format!("<td>&lt; {told}, <span class=\"{class}\">{}</span></td>", lasting::told(is))
            }
        }
    };
    let (class, state) = state(known);
    format!(
        "<td><a href=\"{address}\">{}</a></td>{}{}<td><span class=\"{class}\">{state}</span></td>",
        text(&page.title),
        of("rto", cell.rto),
        of("rpo", cell.rpo)
    )
}

/// The run that counts, of the steps as they are now.
fn shown(known: &Known) -> Option<&Run> {
    match &known.standing {
        Standing::Failed { file } | Standing::Passed { file, .. } => {
            known.files.get(*file).and_then(|file| file.evidence.as_ref().ok()).map(Evidence::run)
        }
        Standing::Never | Standing::Changed(_) => None,
    }
}

fn state(known: Option<&Known>) -> (&'static str, String) {
    let Some(known) = known else { return ("run-none", "not tried: it does not run".into()) };
    let day = shown(known).and_then(Run::day).map_or_else(String::new, |day| day.to_string());
    match &known.standing {
        Standing::Never => ("run-none", "not tried".into()),
        Standing::Changed(day) => ("run-none", format!("not tried since its steps changed; before, {day}")),
        Standing::Failed { .. } => ("bad", format!("failed, {day}")),
        Standing::Passed { missed: Some(name), .. } => {
            ("bad", format!("missed its {}, {day}", text(&name.to_uppercase())))
        }
        Standing::Passed { late: Some(_), .. } => ("bad", format!("too long ago, {day}")),
        Standing::Passed { .. } => {
            let size = shown(known).map_or("", |run| run.target.size.as_str());
            match size {
                "production" => ("good", format!("proven, {day}")),
                size => ("good", format!("demonstrated ({}), {day}", text(&size.replace('-', " ")))),
            }
        }
    }
}

fn schedules(plan: &Plan, url: &str) -> String {
    if plan.schedules.is_empty() {
        return String::new();
    }
    let mut out = String::from("<details><summary>Schedules</summary>\n<ul>\n");
    for one in &plan.schedules {
        let last = match (one.failed, one.last) {
            (Some(day), _) => format!("<span class=\"bad\">failed, {day}</span>"),
            (None, Some(day)) => format!("passed, {day}"),
            (None, None) => "never passed".into(),
        };
        let until = one.until().map_or_else(String::new, |day| format!("; again by {day}"));
        let _ = writeln!(
            out,
            "<li>{}, {}: <code>{}</code>: {last}{until}</li>",
            text(&one.name),
            one.every(),
            text(&one.subject)
        );
    }
    out.push_str("</ul>\n");
    if calendar(plan).is_some() {
        let mut address = String::new();
        escape_attribute(&relative(url, CALENDAR), &mut address);
        let _ = writeln!(out, "<p><a href=\"{address}\">As a calendar</a></p>");
    }
    out.push_str("</details>\n");
    out
}

/// The schedules whose first day is given, by RFC 5545; none where there are none. The same plan gives the same bytes.
pub(super) fn calendar(plan: &Plan) -> Option<String> {
    let dated: Vec<_> = plan.schedules.iter().filter_map(|one| Some((one, one.first?))).collect();
    if dated.is_empty() {
        return None;
    }
    let mut out = Calendar::new("recovery");
    for (one, first) in dated {
        let what = if one.name == "drill" { "Drill" } else { "Test of restoring" };
        out.event(&format!("{}.{}@oathbook", one.name, one.subject), first, first);
        out.property("RRULE", &format!("FREQ=MONTHLY;INTERVAL={}", one.months));
        out.text("SUMMARY", &format!("{what}: {}", one.subject));
        out.end();
    }
    Some(out.finish())
}
