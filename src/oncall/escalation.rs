//! Escalation: whom an alert reaches, one level after the other, until somebody acknowledges it.

use super::roster::{MOST, Roster, RosterReader};
use crate::base::lasting;
use crate::diag::{Place, Problem, code, nearest};
use crate::openapi::node::{Node, Number};
use std::collections::BTreeSet;
use std::time::Duration;

/// Whom a step reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Whoever is on call at a level.
    Level(i64),
    /// A channel that wakes nobody, as a queue of tickets.
    Receiver(String),
}

/// One step of a policy.
#[derive(Clone, Debug)]
pub struct Step {
    /// Whom it reaches.
    pub target: Target,
    /// How long it waits for somebody to acknowledge before the next step.
    pub wait: Duration,
    /// Where it is written.
    pub place: Place,
}

/// What happens to alerts of some severities.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// Alerts with this label `severity`.
    pub severities: Vec<String>,
    /// In their order.
    pub steps: Vec<Step>,
    /// The index of the policy that goes on where nobody acknowledged.
    pub then: Option<usize>,
}

/// Keys of a policy, and of a step.
const OF_POLICIES: &[&str] = &["name", "severities", "steps", "then"];
const OF_STEPS: &[&str] = &["level", "receiver", "wait"];

/// How long a step waits that does not say: PagerDuty's own default.
const WAIT: Duration = Duration::from_secs(30 * 60);

impl Roster {
    /// The policy for a severity.
    pub fn policy(&self, severity: &str) -> Option<&Policy> {
        self.escalation.iter().find(|policy| policy.severities.iter().any(|one| one == severity))
    }

    /// All steps from a policy on, those of the policies behind it too; a circle ends where it begins anew.
    pub fn steps<'r>(&'r self, policy: &'r Policy) -> Vec<&'r Step> {
        let (mut out, mut at, mut seen) = (Vec::new(), Some(policy), BTreeSet::new());
        while let Some(policy) = at.filter(|policy| seen.insert(policy.name.as_str())) {
            out.extend(&policy.steps);
            at = policy.then.and_then(|then| self.escalation.get(then));
        }
        out
    }

    /// The levels that a policy reaches, the lowest first.
    pub fn levels_of(&self, policy: &Policy) -> BTreeSet<i64> {
        let level = |step: &&Step| match step.target {
            Target::Level(level) => Some(level),
            Target::Receiver(_) => None,
        };
        self.steps(policy).iter().filter_map(level).collect()
    }
}

impl RosterReader {
    /// Reads `escalation`. Layers are read before, for their levels.
    pub(super) fn escalation(&mut self, root: &Node) {
        let nodes: Vec<&Node> =
            root.get("escalation").map(Node::list).unwrap_or_default().iter().take(MOST).collect();
        for node in &nodes {
            self.policy(node);
        }
        for node in nodes {
            self.then(node);
        }
        self.circles();
    }

    fn wrong(&mut self, place: &Place, subject: &str, message: String, help: &str) {
        self.out.problems.push(Problem::new(code::ONCALL_ESCALATION, place, subject, message).help(help));
    }

    fn policy(&mut self, node: &Node) {
        self.keys(node, OF_POLICIES);
        let name = node.get_text("name").unwrap_or("").to_owned();
        if name.is_empty() || self.out.escalation.iter().any(|policy| policy.name == name) {
            let what = if name.is_empty() {
                "a policy of `escalation` has no name".to_owned()
            } else {
                format!("a second policy is called `{name}`")
            };
            return self.wrong(&node.place, &name, what, "give each a name of its own");
        }
        let severities = node.get("severities").map(Node::list).unwrap_or_default();
        let severities: Vec<String> = severities.iter().filter_map(Node::text).map(str::to_owned).collect();
        for severity in &severities {
            if let Some(other) = self.out.policy(severity).map(|policy| policy.name.clone()) {
                let message =
                    format!("`{severity}` has two policies, `{other}` and `{name}`; the first counts");
                self.wrong(node.place_of("severities"), severity, message, "");
            }
        }
        let listed = node.get("steps").map(Node::list).unwrap_or_default();
        let steps: Vec<Step> = listed.iter().take(MOST).filter_map(|step| self.step(step)).collect();
        if steps.is_empty() {
            let message = format!("the policy `{name}` reaches nobody");
            self.wrong(
                &node.place,
                &name,
                message,
                "write `steps: [{level: 1, wait: 5m}, {level: 2, wait: 10m}]`",
            );
        }
        let place = node.get("name").map_or_else(|| node.place.clone(), |name| name.place.clone());
        self.out.escalation.push(Policy { name, place, severities, steps, then: None });
    }

    fn step(&mut self, node: &Node) -> Option<Step> {
        self.keys(node, OF_STEPS);
        let wait = match node.get("wait") {
            None => WAIT,
            Some(wait) => match lasting::work(wait.text().unwrap_or("")) {
                Some(wait) => wait,
                None => {
                    let text = wait.text().unwrap_or("").to_owned();
                    self.wrong(
                        &wait.place,
                        &text,
                        format!("`{text}` is no length of time"),
                        "write `wait: 5m`",
                    );
                    return None;
                }
            },
        };
        let place = node.place.clone();
        if let Some(receiver) = node.get_text("receiver") {
            if !self.out.receivers.contains_key(receiver) {
                let near = nearest(receiver, self.out.receivers.keys().map(String::as_str));
                let help = near.map_or_else(
                    || "declare it: `receivers: {tickets: {contact: …}}`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("`{receiver}` is none of the roster's receivers");
                self.wrong(node.place_of("receiver"), receiver, message, &help);
            }
            return Some(Step { target: Target::Receiver(receiver.to_owned()), wait, place });
        }
        let number = node.get("level").and_then(Node::number).and_then(Number::as_i128);
        let Some(level) = number.and_then(|level| i64::try_from(level).ok()) else {
            self.wrong(
                &place,
                "step",
                "a step names neither a level nor a receiver".into(),
                "write `level: 1`",
            );
            return None;
        };
        if !self.out.levels().contains(&level) {
            let message = format!("no layer of the roster is at level {level}");
            self.wrong(node.place_of("level"), "level", message, "");
        }
        Some(Step { target: Target::Level(level), wait, place })
    }

    fn then(&mut self, node: &Node) {
        let Some(then) = node.get("then") else { return };
        let (name, next) = (node.get_text("name").unwrap_or(""), then.text().unwrap_or(""));
        let found = self.out.escalation.iter().position(|policy| policy.name == next);
        if found.is_none() {
            let near = nearest(next, self.out.escalation.iter().map(|policy| policy.name.as_str()));
            let help = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
            self.wrong(&then.place, next, format!("there is no policy `{next}`"), &help);
        }
        if let Some(policy) = self.out.escalation.iter_mut().find(|policy| policy.name == name) {
            policy.then = found;
        }
    }

    /// Policies that lead back to themselves: nobody would know when all have been tried.
    fn circles(&mut self) {
        let next: Vec<Option<usize>> = self.out.escalation.iter().map(|policy| policy.then).collect();
        let mut told = BTreeSet::new();
        for start in 0..next.len() {
            let (mut at, mut way) = (Some(start), Vec::new());
            while let Some(policy) = at.filter(|policy| !way.contains(policy)) {
                way.push(policy);
                at = next.get(policy).copied().flatten();
            }
            let closed = at == Some(start) && way.iter().all(|policy| told.insert(*policy));
            if let Some(policy) = self.out.escalation.get(start).filter(|_| closed) {
                let (place, name) = (policy.place.clone(), policy.name.clone());
                let message = format!("the policy `{name}` leads back to itself");
                self.wrong(&place, &name, message, "let the last policy name no `then`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;

    fn roster(escalation: &str) -> Roster {
        let text = format!(
            "people: {{a: {{contact: x}}, b: {{contact: y}}}}\nlayers:\n- {{name: one, people: [a], every: 1w, start: 2026-01-05}}\n- {{name: two, level: 2, people: [b], every: 1w, start: 2026-01-05}}\nreceivers: {{tickets: {{contact: x}}}}\nescalation:\n{escalation}"
        );
        Roster::read(&RelPath::parse("oncall.yaml").unwrap(), &text)
    }

    #[test]
    fn a_policy_goes_on_in_the_next_and_reaches_the_levels_of_both() {
        let roster = roster(
            "- {name: page, severities: [page], steps: [{level: 1, wait: 5m}], then: late}\n- {name: late, steps: [{level: 2, wait: 10m}, {receiver: tickets}]}\n",
        );
        assert!(roster.problems.is_empty(), "{:?}", roster.problems);
        let page = roster.policy("page").unwrap();
        let waits: Vec<u64> = roster.steps(page).iter().map(|step| step.wait.as_secs() / 60).collect();
        assert_eq!(waits, [5, 10, 30]);
        assert_eq!(roster.levels_of(page).into_iter().collect::<Vec<_>>(), [1, 2]);
        assert!(roster.policy("ticket").is_none());
    }

    #[test]
    fn circles_levels_that_are_not_there_and_unknown_names_are_said_with_their_lines() {
        let said = |escalation: &str| -> Vec<String> {
            let roster = roster(escalation);
            assert!(roster.problems.iter().all(|one| one.place.span.start > 0));
            roster.problems.iter().map(|one| one.message.clone()).collect()
        };
        let circle = said(
            "- {name: a, steps: [{level: 1}], then: b}\n- {name: b, steps: [{level: 2}], then: a}\n- {name: c, steps: [{level: 1}], then: a}\n",
        );
        assert_eq!(circle, ["the policy `a` leads back to itself"]);
        assert_eq!(
            said("- {name: a, steps: [{level: 3}], then: d}\n"),
            ["no layer of the roster is at level 3", "there is no policy `d`"]
        );
        assert_eq!(said("- {name: a, steps: [{wait: 5m}]}\n").len(), 2);
        assert_eq!(said("- {name: a, steps: [{level: 1, wait: soon}]}\n").len(), 2);
        assert_eq!(said("- {name: a, severities: [x], steps: [{level: 1}]}\n- {name: a, steps: []}\n- {name: b, severities: [x], steps: [{level: 1}]}\n").len(), 2);
        // Each names itself: ten thousand circles of one.
        let many: String =
            (0..2_000).map(|n| format!("- {{name: p{n}, steps: [{{level: 1}}], then: p{n}}}\n")).collect();
        assert_eq!(said(&many).len(), 2_000);
    }
}
