//! Deprecation, the day after which a thing goes away (`x-sunset`), and how stable it is said to be
//! (`x-stability-level`: draft, alpha, beta, stable).

use super::engine::{At, Engine, Thing};
use super::keywords::shown;
use crate::base::Date;
use crate::openapi::node::Node;
use crate::openapi::view::View;

/// The names of rules of one sort of thing.
pub(super) struct Names {
    pub deprecated: &'static str,
    pub with_sunset: &'static str,
    pub reactivated: &'static str,
    pub missing: &'static str,
    pub invalid: &'static str,
    pub too_soon: &'static str,
}

pub(super) const OPERATION: Names = Names {
    deprecated: "endpoint-deprecated",
    with_sunset: "endpoint-deprecated-with-sunset",
    reactivated: "endpoint-reactivated",
    missing: "api-deprecated-sunset-missing",
    invalid: "api-deprecated-sunset-parse",
    too_soon: "api-sunset-date-too-small",
};

pub(super) const PARAMETER: Names = Names {
    deprecated: "request-parameter-deprecated",
    with_sunset: "request-parameter-deprecated-with-sunset",
    reactivated: "request-parameter-reactivated",
    missing: "request-parameter-deprecated-sunset-missing",
    invalid: "request-parameter-sunset-parse",
    too_soon: "request-parameter-sunset-date-too-small",
};

const PROPERTY: Names = Names {
    deprecated: "deprecated",
    with_sunset: "deprecated-with-sunset",
    reactivated: "reactivated",
    missing: "deprecated-sunset-missing",
    invalid: "deprecated-sunset-invalid",
    too_soon: "sunset-date-too-small",
};

/// Levels of stability, the lowest first.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// The level that is said, if it is one; none if nothing is said.
pub(super) fn stability(node: &Node) -> Option<Result<usize, &Node>> {
    let said = node.get("x-stability-level")?;
    let level = said.text().and_then(|text| LEVELS.iter().position(|level| *level == text));
    Some(level.ok_or(said))
}

/// Whether nothing was promised about an operation.
pub(super) fn unstable(node: &Node) -> bool {
    matches!(stability(node), Some(Ok(0 | 1)))
}

pub(super) fn is_deprecated(node: &Node) -> bool {
    node.get("deprecated").and_then(Node::bool) == Some(true)
}

/// The day a thing goes away: nothing said, a date, or something that is none.
pub(super) fn sunset(said: Option<&Node>) -> Option<Result<Date, &Node>> {
    let said = said?;
    // A date, or a date and a time (RFC 3339).
    let day = said.text().and_then(|text| text.get(..10)).and_then(|day| day.parse().ok());
    Some(day.ok_or(said))
}

impl<'d> Engine<'d> {
    /// What became of `deprecated`: the rule and its values.
    pub(super) fn deprecation(
        &self,
        names: &Names,
        before: bool,
        after: bool,
        until: Option<&Node>,
    ) -> Option<(&'static str, Vec<String>)> {
        match (before, after) {
            (true, false) => return Some((names.reactivated, Vec::new())),
            (false, true) => {}
            _ => return None,
        }
        let grace = self.options.grace_days;
        Some(match sunset(until) {
            None if grace > 0 => (names.missing, Vec::new()),
            None => (names.deprecated, Vec::new()),
            Some(Err(said)) => (names.invalid, vec![shown(said)]),
            Some(Ok(day)) if day.days() - self.options.today.days() < grace => {
                (names.too_soon, vec![day.to_string(), grace.to_string()])
            }
            Some(Ok(day)) => (names.with_sunset, vec![day.to_string()]),
        })
    }

    pub(super) fn property_lifecycle(
        &mut self,
        was: &View<'d>,
        is: &View<'d>,
        things: (Thing<'d>, Thing<'d>),
        at: &At<'d>,
    ) {
        let until = is.annotation("x-sunset");
        if let Some((aspect, values)) =
            self.deprecation(&PROPERTY, was.flag("deprecated"), is.flag("deprecated"), until)
        {
            self.aspect(at, aspect, things.0, things.1, &values);
        }
        let level = |view: &View<'d>| {
            let said = view.annotation("x-stability-level").and_then(Node::text)?;
            LEVELS.iter().position(|level| *level == said)
        };
        // What says nothing is stable.
        let (before, after) = (level(was).unwrap_or(LEVELS.len() - 1), level(is).unwrap_or(LEVELS.len() - 1));
        if before != after {
            let aspect = if after < before { "stability-decreased" } else { "stability-increased" };
            let values = [LEVELS[before].to_owned(), LEVELS[after].to_owned()];
            self.aspect(at, aspect, things.0, things.1, &values);
        }
    }

    /// Deprecation and stability of an operation.
    pub(super) fn operation_lifecycle(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        let things = (Thing::Key(base, "deprecated"), Thing::Key(head, "deprecated"));
        let until = head.get("x-sunset");
        if let Some((id, values)) =
            self.deprecation(&OPERATION, is_deprecated(base), is_deprecated(head), until)
        {
            self.found(at, id, things.0, things.1, &values);
        } else if is_deprecated(head) {
            self.sunset_moved(
                (base.get("x-sunset"), head.get("x-sunset")),
                ["sunset-deleted", "api-path-sunset-parse", "api-sunset-date-changed-too-small"],
                at,
            );
        }
        let same = match (stability(base), stability(head)) {
            (Some(Err(before)), Some(Err(after))) => before.same(after),
            _ => false,
        };
        for (node, after) in [(base, false), (head, true)] {
            if let Some(Err(said)) = stability(node).filter(|_| !same) {
                let is = (Thing::of((!after).then_some(said)), Thing::of(after.then_some(said)));
                self.found(at, "api-invalid-stability-level", is.0, is.1, &[shown(said)]);
            }
        }
        let highest = LEVELS.len() - 1;
        let level = |node| stability(node).map_or(Some(highest), Result::ok);
        let (Some(before), Some(after)) = (level(base), level(head)) else { return };
        if before != after {
            let id = if after < before { "api-stability-decreased" } else { "api-stability-increased" };
            let values = [LEVELS[before].to_owned(), LEVELS[after].to_owned()];
            let key = "x-stability-level";
            self.found(at, id, Thing::Key(base, key), Thing::Key(head, key), &values);
        }
    }

    /// What became of `x-sunset` of a thing that was deprecated and is. Ids: deleted, no date, too soon.
    pub(super) fn sunset_moved(
        &mut self,
        (base, head): (Option<&'d Node>, Option<&'d Node>),
        ids: [&'static str; 3],
        at: &At<'d>,
    ) {
        let (before, after) = (sunset(base), sunset(head));
        let things = (Thing::of(base), Thing::of(head));
        match (before, after) {
            (Some(_), None) => self.found(at, ids[0], things.0, things.1, &[]),
            // What was no date before is no change.
            (Some(Err(before)), Some(Err(after))) if before.same(after) => {}
            (_, Some(Err(said))) | (Some(Err(said)), _) => {
                self.found(at, ids[1], things.0, things.1, &[shown(said)])
            }
            (Some(Ok(before)), Some(Ok(after)))
                if after < before
                    && after.days() - self.options.today.days() < self.options.grace_days.max(1) =>
            {
                self.found(at, ids[2], things.0, things.1, &[before.to_string(), after.to_string()]);
            }
            _ => {}
        }
    }
}
