//! Who is on call: whether somebody can be reached in every minute of the weeks to come.

mod change;
mod oncall_gap;
mod tested;

use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::base::RelPath;
use crate::diag::{Group, Place, Problem, Severity, code};
use crate::oncall::{Coverage, Roster, coverage, doubled, window};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The roster of a project, and what it comes to.
#[derive(Debug, Default)]
pub struct Oncall {
    /// Its file.
    pub file: Option<RelPath>,
    /// What it says.
    pub roster: Roster,
    /// Each level over the weeks that are looked at.
    pub coverage: Vec<Coverage>,
    /// The weeks that are looked at, in minutes.
    pub window: (i64, i64),
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Evidence for Oncall {
    const NAME: &'static str = "oncall";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[
        &Check::seen::<Self>(
            code::ONCALL_ROSTER,
            Group::Broken,
            "the roster of those on call cannot be read, or contradicts itself",
            include_str!("oncall-roster.md"),
            "src/oncall/roster.rs",
        ),
        &oncall_gap::CHECK,
        &Check::seen::<Self>(
            code::ONCALL_CONTACT,
            Group::Broken,
            "somebody on call cannot be reached",
            include_str!("oncall-contact.md"),
            "src/evidence/oncall/mod.rs",
        ),
        &Check::seen::<Self>(
            code::ONCALL_ESCALATION,
            Group::Broken,
            "too few levels stand behind an alert that wakes somebody",
            include_str!("oncall-escalation.md"),
            "src/evidence/oncall/mod.rs",
        ),
        &Check::seen::<Self>(
            code::ONCALL_TWICE,
            Group::Suspect,
            "one person is on call at two levels at once",
            include_str!("oncall-twice.md"),
            "src/evidence/oncall/mod.rs",
        ),
        &Check::seen::<Self>(
            code::ONCALL_TEST,
            Group::Suspect,
            "somebody on call has not acknowledged a test page for too long",
            include_str!("oncall-test.md"),
            "src/evidence/oncall/tested.rs",
        )
        .severity(Severity::Error),
        &Check::seen::<Self>(
            code::ONCALL_CHANGE,
            Group::Suspect,
            "a change of the roster moves somebody's shift",
            include_str!("oncall-change.md"),
            "src/evidence/oncall/change.rs",
        )
        .severity(Severity::Note),
    ];

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.of::<Self>().problems.iter().collect()
    }

    fn read(cx: &Context<'_>) -> Self {
        let Some(name) = &cx.config.oncall.roster else { return Self::default() };
        let mut out = Self::default();
        let file = match cx.config.root.join(name).map(|file| (cx.world.text(&file), file)) {
            Ok((Ok(text), file)) => {
                out.roster = Roster::read(&file, &text);
                file
            }
            _ => {
                let place = Place::whole(cx.config.file.clone().unwrap_or_else(RelPath::root));
                let message = format!("`oncall.roster` names `{name}`, which cannot be read");
                out.problems.push(Problem::new(code::ONCALL_ROSTER, &place, &**name, message));
                return out;
            }
        };
        out.problems.clone_from(&out.roster.problems);
        out.window = window(cx.today, i64::from(cx.config.oncall.weeks));
        out.coverage = coverage(&out.roster, out.window);
        contacts(&mut out);
        levels(cx, &file, &mut out);
        policies(cx, &file, &mut out);
        twice(&mut out);
        tested::tested(cx, &mut out);
        change::changed(cx, &file, &mut out);
        out.file = Some(file);
        out
    }
}

/// People of layers without a contact.
fn contacts(out: &mut Oncall) {
    for (number, person) in out.roster.people.iter().enumerate() {
        let layer = out.roster.layers.iter().find(|layer| layer.people.contains(&number));
        let Some(layer) = layer.filter(|_| person.contact.is_none()) else { continue };
        let message = format!("`{}` is on call and has no contact", person.name);
        let found = Problem::new(code::ONCALL_CONTACT, &person.place, &*person.name, message);
        let found = found.related(&layer.place, "on call in this layer");
        out.problems.push(found.help("write `contact:`; on pages it stands nowhere"));
    }
}

/// Fewer levels than alerts that wake somebody need.
fn levels(cx: &Context<'_>, file: &RelPath, out: &mut Oncall) {
    let (there, wanted) = (out.roster.levels().len(), cx.config.oncall.levels as usize);
    if there >= wanted || out.roster.layers.is_empty() {
        return;
    }
    let message = format!("the roster has {there} of the {wanted} levels that `oncall.levels` asks for");
    let found = Problem::new(code::ONCALL_ESCALATION, &Place::whole(file.clone()), "levels", message);
    out.problems.push(
        found.help("whoever does not answer needs somebody behind them: add a layer of the next level"),
    );
}

/// Severities that wake somebody without a policy, and policies that end before enough levels were reached.
fn policies(cx: &Context<'_>, file: &RelPath, out: &mut Oncall) {
    if out.roster.escalation.is_empty() {
        return;
    }
    let wanted = cx.config.oncall.levels as usize;
    for severity in &cx.config.oncall.paging {
        let Some(policy) = out.roster.policy(severity) else {
            let message =
                format!("no policy of `escalation` is for the severity `{severity}`, which wakes somebody");
            let found =
                Problem::new(code::ONCALL_ESCALATION, &Place::whole(file.clone()), &**severity, message);
            out.problems.push(found.help("name it in the `severities` of a policy"));
            continue;
        };
        let there = out.roster.levels_of(policy).len();
        if there < wanted {
            let message = format!(
                "alerts of the severity `{severity}` reach {there} of the {wanted} levels that `oncall.levels` asks for"
            );
            let found = Problem::new(code::ONCALL_ESCALATION, &policy.place, &**severity, message);
            out.problems
                .push(found.help("add a step for the next level, or a policy with one as its `then`"));
        }
    }
    severities(cx, out);
}

/// Severities of policies that no alert may have.
fn severities(cx: &Context<'_>, out: &mut Oncall) {
    let known = &cx.config.alerts.severities;
    if known.is_empty() {
        return;
    }
    for policy in &out.roster.escalation {
        for severity in policy.severities.iter().filter(|severity| !known.contains(severity)) {
            let message = format!("`{severity}` is none of the severities that `alerts.severities` names");
            let found = Problem::new(code::ONCALL_ESCALATION, &policy.place, &**severity, message);
            let near = crate::diag::nearest(severity, known.iter().map(String::as_str));
            out.problems.push(
                near.map_or_else(
                    || found.clone(),
                    |near| found.clone().help(format!("did you mean `{near}`?")),
                ),
            );
        }
    }
}

/// People at two levels at once.
fn twice(out: &mut Oncall) {
    for (person, first, second, minute) in doubled(&out.roster, out.window) {
        let Some(one) = out.roster.people.get(person) else { continue };
        let message = format!(
            "`{}` is on call at the levels {first} and {second} at once, first on {}",
            one.name,
            told(minute)
        );
        let found =
            Problem::new(code::ONCALL_TWICE, &one.place, format!("{} {first} {second}", one.name), message);
        out.problems.push(found.help(
            "who does not answer at one level does not answer at the next: order the people otherwise",
        ));
    }
}

/// A minute for people, in UTC.
pub fn told(minute: i64) -> String {
    let instant = Timestamp::from_second(minute.saturating_mul(60)).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::UTC.to_datetime(instant).strftime("%Y-%m-%d %H:%M UTC").to_string()
}
