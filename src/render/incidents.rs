//! The pages of incidents: how many, how long, what those on call carried, what is planned; and the register of actions.

use super::Renderer;
use super::plot::{Along, Plot, Series, Shape, Unit};
use crate::base::{count, lasting};
use crate::evidence::incidents::{Incidents, Registered, Reviewed, State};
use crate::incident::{Holder, Month, Numbers, Owed, Plan, Record, Standing, local, months};
use crate::markdown::{escape_attribute, escaped_text as text};
use crate::model::PageId;
use std::fmt::Write as _;
use std::time::Duration;

/// Where the pages lie in the site.
pub(super) const INCIDENTS: &str = "incidents.html";
pub(super) const ACTIONS: &str = "actions.html";

/// Months that are shown, the newest.
const MONTHS: usize = 24;

/// Incidents and actions that are listed, the newest: a page of ten thousand rows helps nobody.
const LISTED: usize = 300;

fn time(seconds: i64) -> String {
    lasting::told(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

impl Renderer<'_> {
    /// The page of all incidents.
    pub(super) fn incidents_page(&self) -> Result<String, String> {
        let mut body = String::from("<h1>Incidents</h1>\n");
        if let Some((incidents, plan)) = self.planned() {
            body.push_str(&summary(incidents));
            body.push_str(&open(incidents, plan));
            for plot in trends(incidents, plan) {
                let _ = writeln!(body, "<h2>{}</h2>\n{}", text(&plot.title), plot.html());
            }
            body.push_str(&people(incidents, plan));
            body.push_str(&noise(incidents, plan));
            body.push_str(&self.listed(incidents, plan));
            body.push_str(&planned(plan));
        }
        let mut around = self.around("Incidents", INCIDENTS, None);
        around.body = body;
        self.theme.render("plain.html", &self.site_value, &around)
    }

    /// The page of what is done so that incidents do not happen again.
    pub(super) fn actions_page(&self) -> Result<String, String> {
        let mut body = String::from("<h1>Actions</h1>\n");
        if let Some((incidents, _)) = self.planned() {
            let open = incidents.actions.iter().filter(|one| one.state != State::Closed).count();
            let _ = writeln!(
                body,
                "<p>What reviews of <a href=\"{INCIDENTS}\">incidents</a> promised: {}, {open} of them open.</p>",
                count(incidents.actions.len(), "action")
            );
            body.push_str(&self.register(&incidents.actions));
        }
        let mut around = self.around("Actions", ACTIONS, None);
        around.body = body;
        self.theme.render("plain.html", &self.site_value, &around)
    }

    fn planned(&self) -> Option<(&Incidents, &Plan)> {
        let incidents = self.incidents?;
        Some((incidents, incidents.plan.as_ref()?))
    }

    /// A link to a page, from the root of the site.
    pub(super) fn to(&self, page: Option<PageId>, words: &str) -> String {
        let Some(page) = page.and_then(|page| self.site.pages.get(page)) else { return text(words) };
        let mut address = String::new();
        escape_attribute(&crate::base::relative_address(page.url.clone()), &mut address);
        format!("<a href=\"{address}\">{}</a>", text(words))
    }

    fn listed(&self, incidents: &Incidents, plan: &Plan) -> String {
        let mut all: Vec<(&Record, &Reviewed)> = incidents.records.iter().zip(&incidents.reviews).collect();
        all.sort_by_key(|(record, _)| std::cmp::Reverse((record.times().opened, &record.id)));
        let mut out = String::from(
            "<h2>All incidents</h2>\n<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><th>Incident</th><th>Severity</th><th>Opened</th><th>Lasted</th><th>Review</th></tr></thead><tbody>\n",
        );
        for (record, review) in all.iter().take(LISTED) {
            let times = record.times();
            let opened = times.opened.map_or_else(String::new, |opened| local(opened, &plan.zone));
            let lasted = match (&review.standing, times.resolved.zip(times.opened)) {
                (_, Some((to, from))) => time(to - from),
                (Standing::Open, None) => "goes on".into(),
                _ => String::new(),
            };
            let (class, state) = state(&review.standing);
            let marks = [(record.internal, "internal"), (record.synthetic, "invented")];
            let marks: Vec<&str> = marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
            let marks = if marks.is_empty() {
                String::new()
            } else {
                format!(" <small>({})</small>", marks.join(", "))
            };
            let _ = writeln!(
                out,
                "<tr><td>{}{marks}</td><td>{}</td><td>{opened}</td><td>{lasted}</td><td><span class=\"{class}\">{state}</span></td></tr>",
                self.to(review.page, &record.title),
                text(record.gravest(&plan.severities))
            );
        }
        out.push_str("</tbody></table></div>\n");
        if all.len() > LISTED {
            let _ = writeln!(out, "<p>The newest {LISTED} of {}.</p>", all.len());
        }
        out
    }

    fn register(&self, actions: &[Registered]) -> String {
        let mut all: Vec<&Registered> = actions.iter().collect();
        all.sort_by(|one, other| {
            let key =
                |one: &Registered| (one.state == State::Closed, one.action.day().is_none(), one.action.day());
            key(one).cmp(&key(other)).then_with(|| one.action.what.cmp(&other.action.what))
        });
        let mut out = String::from(
            "<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><th>Action</th><th>Due</th><th>State</th><th>Owner</th><th>Kind</th><th>Incident</th></tr></thead><tbody>\n",
        );
        for one in all.iter().take(LISTED) {
            let action = &one.action;
            let (class, state) = match one.state {
                State::Closed => ("good", "done"),
                State::Open => ("", "open"),
                State::Unknown => ("", "unknown"),
            };
            let is_link = action.tracker.starts_with("https://") || action.tracker.starts_with("http://");
            let state = if is_link && crate::base::refused(&action.tracker).is_none() {
                let mut address = String::new();
                escape_attribute(&action.tracker, &mut address);
                format!("<a href=\"{address}\">{state}</a>")
            } else {
                state.to_owned()
            };
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td class=\"{class}\">{state}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                text(&action.what),
                text(&action.due),
                text(&action.owner),
                text(&action.kind),
                self.to(one.page, &one.incident)
            );
        }
        out.push_str("</tbody></table></div>\n");
        if all.len() > LISTED {
            let _ = writeln!(out, "<p>{LISTED} of {}, those that are open first.</p>", all.len());
        }
        out
    }
}

/// How many there are, and what is left to do.
fn summary(incidents: &Incidents) -> String {
    let of =
        |wanted: fn(&Standing) -> bool| incidents.reviews.iter().filter(|one| wanted(&one.standing)).count();
    let going = of(|one| matches!(one, Standing::Open));
    let owed = of(|one| matches!(one, Standing::Owed(..) | Standing::Flawed(_)));
    let real = incidents.records.iter().filter(|record| record.duplicate_of().is_none()).count();
    format!(
        "<p>{}: {going} open, {owed} without a review that counts. <a href=\"{ACTIONS}\">What is done about them</a>.</p>\n",
        count(real, "incident")
    )
}

/// What goes on now.
fn open(incidents: &Incidents, plan: &Plan) -> String {
    let mut out = String::new();
    for (record, review) in incidents.records.iter().zip(&incidents.reviews).rev() {
        if let (Standing::Open, Some(opened)) = (&review.standing, record.times().opened) {
            let (severity, since) = (text(record.severity()), local(opened, &plan.zone));
            let _ = writeln!(
                out,
                "<li><strong>{severity}</strong> {}, since {since}: <code>{}</code></li>",
                text(&record.title),
                text(&record.id)
            );
        }
    }
    if out.is_empty() { out } else { format!("<h2>Open now</h2>\n<ul>\n{out}</ul>\n") }
}

fn state(standing: &Standing) -> (&'static str, String) {
    match standing {
        Standing::Open => ("", "not yet: it goes on".into()),
        Standing::Duplicate => ("", "as another".into()),
        Standing::Done => ("good", "done".into()),
        Standing::None => ("", "none, for a reason".into()),
        Standing::Owed(_, day) => ("", format!("owed by {day}")),
        Standing::Flawed(_) => ("bad", "does not count yet".into()),
    }
}

/// The plots.
fn trends(incidents: &Incidents, plan: &Plan) -> Vec<Plot> {
    let all = months(&incidents.records, plan, MONTHS);
    let mut out = Vec::new();
    if !all.is_empty() {
        out.push(plot(&all, plan, ("count", "Incidents by month", Shape::Bars, Unit::Count), |one| {
            Some(f64::from(one.count)).filter(|count| *count > 0.0)
        }));
        let of = |number: Option<i64>| number.and_then(|seconds| u32::try_from(seconds).ok()).map(f64::from);
        out.push(plot(
            &all,
            plan,
            ("ack", "Mean time to acknowledge", Shape::Lines, Unit::Seconds),
            move |one| of(one.acknowledge),
        ));
        out.push(plot(
            &all,
            plan,
            ("resolve", "Mean time to resolve", Shape::Lines, Unit::Seconds),
            move |one| of(one.resolve),
        ));
    }
    let shifts = &incidents.load.shifts;
    if !incidents.fired.is_empty() && !shifts.is_empty() {
        let series = |name: &str, of: fn(&crate::incident::ShiftLoad) -> u32| Series {
            name: name.to_owned(),
            points: (0..).zip(shifts).map(|(at, shift)| (at, Some(f64::from(of(shift))))).collect(),
            bands: Vec::new(),
        };
        let most = shifts.iter().map(|shift| shift.pages).max().unwrap_or(0);
        out.push(Plot {
            id: "load".into(),
            title: "Pages by shift".into(),
            about: format!(
                "Alerts that woke somebody, in each shift of the first level; {most} in the worst."
            ),
            shape: Shape::Bars,
            along: Along::Names(
                shifts
                    .iter()
                    .map(|shift| local(shift.from, &plan.zone).chars().skip(5).take(5).collect())
                    .collect(),
            ),
            unit: Unit::Count,
            series: vec![
                series("by day", |shift| shift.pages - shift.nights),
                series("at night", |shift| shift.nights),
            ],
            limits: vec![("limit of the plan".into(), f64::from(plan.limits.pages))],
        });
    }
    out
}

fn plot(
    all: &[Month],
    plan: &Plan,
    (id, title, shape, unit): (&'static str, &str, Shape, Unit),
    of: impl Fn(&Numbers) -> Option<f64>,
) -> Plot {
    let series: Vec<Series> = plan
        .severities
        .iter()
        .enumerate()
        .map(|(number, severity)| Series {
            name: severity.name.clone(),
            points: (0..)
                .zip(all)
                .map(|(at, month)| (at, month.rows.get(number).and_then(|(_, numbers)| of(numbers))))
                .collect(),
            bands: Vec::new(),
        })
        .collect();
    let names: Vec<String> =
        all.iter().map(|month| month.first.to_string().chars().take(7).collect()).collect();
    let about = match (names.first(), names.last()) {
        (Some(first), Some(last)) => {
            format!("{title}, by severity, from {first} to {last}. The values stand in the table below.")
        }
        _ => title.to_owned(),
    };
    Plot {
        id: id.into(),
        title: title.to_owned(),
        about,
        shape,
        along: Along::Names(names),
        unit,
        series,
        limits: Vec::new(),
    }
}

/// What those on call carried.
fn people(incidents: &Incidents, plan: &Plan) -> String {
    if incidents.fired.is_empty() || incidents.load.people.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<h2>On call, by person</h2>\n<p>Of the last {}: hours on call at any level, and how often somebody was woken at the first.</p>\n<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><th>Person</th><th>Hours</th><th>Nights</th><th>Weekends</th><th>Pages</th><th>At night</th></tr></thead><tbody>\n",
        count(plan.limits.weeks as usize, "week")
    );
    for one in &incidents.load.people {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            text(&one.person),
            one.hours,
            one.nights,
            one.weekends,
            one.pages,
            one.woken
        );
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// Alerts that woke somebody for nothing.
fn noise(incidents: &Incidents, plan: &Plan) -> String {
    if incidents.load.noise.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<h2>Alerts without an incident</h2>\n<p>Of the last {}, those that woke somebody and that no incident names.</p>\n<ul>\n",
        count(plan.limits.weeks as usize, "week")
    );
    for one in &incidents.load.noise {
        let _ = writeln!(
            out,
            "<li><code>{}</code>: {}</li>",
            text(&one.alert),
            count(one.times as usize, "time")
        );
    }
    out.push_str("</ul>\n");
    out
}

/// Severities, roles and texts.
fn planned(plan: &Plan) -> String {
    let mut out = String::from(
        "<h2>What is planned</h2>\n<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><th>Severity</th><th>It means</th><th>Where</th><th>Updates</th><th>Review</th></tr></thead><tbody>\n",
    );
    for one in &plan.severities {
        let every = one.every.map_or_else(String::new, |every| format!("every {}", time(every)));
        let review = match one.owes {
            Owed::Postmortem => "post-mortem",
            Owed::Short => "short",
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{every}</td><td>{review}, within {}</td></tr>",
            text(&one.name),
            text(&one.means),
            text(one.channel.as_deref().unwrap_or("")),
            count(one.within as usize, "business day")
        );
    }
    out.push_str("</tbody></table></div>\n");
    let holder = |holder: &Option<(Holder, crate::diag::Place)>| match holder {
        Some((Holder::Person(name), _)) => text(name),
        Some((Holder::Layer(name), _)) => format!("on call: {}", text(name)),
        None => "nobody".into(),
    };
    if !plan.roles.is_empty() {
        out.push_str("<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><th>Role</th><th>Does</th><th>Primary</th><th>Deputy</th></tr></thead><tbody>\n");
        for one in &plan.roles {
            let (primary, deputy) = (holder(&one.primary), holder(&one.deputy));
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{primary}</td><td>{deputy}</td></tr>",
                text(&one.name),
                text(&one.does)
            );
        }
        out.push_str("</tbody></table></div>\n");
    }
    if !plan.texts.is_empty() {
        out.push_str("<p>Texts for the status page:</p>\n<dl>\n");
        for (state, words) in &plan.texts {
            let _ = writeln!(out, "<dt>{}</dt>\n<dd>{}</dd>", text(state), text(words));
        }
        out.push_str("</dl>\n");
    }
    out
}
