//! The sets that a file declares: variants, fields, flags, features, as documentation lists them.

use super::{Kind, Name, names};
use crate::base::RelPath;
use std::collections::BTreeSet;

/// The kinds whose sets are worth listing, those that documentation spells first.
pub const LISTED: &[Kind] = &[
    Kind::Command,
    Kind::Flag,
    Kind::Choice,
    Kind::Key,
    Kind::Variable,
    Kind::Metric,
    Kind::Route,
    Kind::Feature,
    Kind::Task,
    Kind::Variant,
    Kind::Field,
    Kind::Constant,
];

/// Whether sets of a kind are looked for in lists.
pub fn is_listed(kind: Kind) -> bool {
    LISTED.contains(&kind)
}

/// The members of `set` that a file declares: of the kind that documentation spells first.
pub fn members(file: &RelPath, text: &str, set: &str) -> Vec<Name> {
    let all = names(file, text);
    let of = |kind: &Kind| -> Vec<Name> {
        all.iter().filter(|name| name.kind == *kind && name.set == set && !name.hidden).cloned().collect()
    };
    LISTED.iter().map(of).find(|list| !list.is_empty()).unwrap_or_default()
}

/// The names of the sets that a file declares.
pub fn sets_of(file: &RelPath, text: &str) -> Vec<String> {
    let all = names(file, text);
    let sets = all.into_iter().filter(|name| LISTED.contains(&name.kind)).map(|name| name.set);
    sets.filter(|set| !set.is_empty()).collect::<BTreeSet<_>>().into_iter().collect()
}
