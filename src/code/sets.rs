//! The sets that a file declares: variants, fields, flags, features, as documentation lists them.

use super::{Name, NameKind, names};
use crate::base::RelPath;
use std::collections::{BTreeSet, HashMap};

/// The kinds whose sets are worth listing, those that documentation spells first.
pub const LISTED: &[NameKind] = &[
    NameKind::Command,
    NameKind::Flag,
    NameKind::Choice,
    NameKind::Key,
    NameKind::Variable,
    NameKind::Metric,
    NameKind::Route,
    NameKind::Feature,
    NameKind::Task,
    NameKind::Variant,
    NameKind::Field,
    NameKind::Constant,
];

/// Whether sets of a kind are looked for in lists.
pub fn is_listed(kind: NameKind) -> bool {
    LISTED.contains(&kind)
}

/// The names that a file declares, for whoever asks for many of them.
#[derive(Debug, Default)]
pub struct Names {
    list: Vec<Name>,
    /// By their text, and with their set before `::` or a dot.
    by_text: HashMap<String, Vec<usize>>,
    by_set: HashMap<String, Vec<usize>>,
}

impl Names {
    /// Of a file's text.
    pub fn of(file: &RelPath, text: &str) -> Self {
        let mut names = Self { list: names(file, text), ..Self::default() };
        for (at, name) in names.list.iter().enumerate() {
            names.by_text.entry(name.text.clone()).or_default().push(at);
            if !name.set.is_empty() {
                names.by_text.entry(name.qualified()).or_default().push(at);
                names.by_text.entry(format!("{}.{}", name.set, name.text)).or_default().push(at);
            }
            names.by_set.entry(name.set.clone()).or_default().push(at);
        }
        names
    }

    /// The first name of that text, alone or with its set.
    pub fn first(&self, text: &str) -> Option<&Name> {
        self.called(text).next()
    }

    /// The names of that text, alone or with their set, in order.
    pub fn called(&self, text: &str) -> impl Iterator<Item = &Name> {
        self.by_text.get(text).into_iter().flatten().filter_map(|at| self.list.get(*at))
    }

    /// The names of a set, in order.
    pub fn of_set(&self, set: &str) -> impl Iterator<Item = &Name> {
        self.by_set.get(set).into_iter().flatten().filter_map(|at| self.list.get(*at))
    }

    /// The members of a set: of the kind that documentation spells first.
    pub fn members(&self, set: &str) -> Vec<&Name> {
        let of = |kind| -> Vec<&Name> {
            self.of_set(set).filter(|name| name.kind == kind && !name.hidden).collect()
        };
        LISTED.iter().map(|kind| of(*kind)).find(|list| !list.is_empty()).unwrap_or_default()
    }

    /// The names of the sets.
    pub fn sets(&self) -> BTreeSet<&str> {
        let listed = self.list.iter().filter(|name| LISTED.contains(&name.kind));
        listed.map(|name| name.set.as_str()).filter(|set| !set.is_empty()).collect()
    }
}
