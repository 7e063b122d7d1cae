//! Which features are on.

use super::Packages;
use std::collections::{BTreeMap, BTreeSet};

/// Which features are on, after all who ask for some have been heard.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// For each package of the list its features; packages that are not built are missing.
    pub packages: BTreeMap<usize, BTreeSet<String>>,
    /// For each package from outside the features asked for; `default` among them.
    pub foreign: BTreeMap<String, BTreeSet<String>>,
    /// Dependencies that are in use: package and key.
    pub used: BTreeSet<(usize, String)>,
}

/// Unites features over everything that building `package` with `wanted` features needs, as Cargo's resolver 2 does for
/// one target.
pub fn resolve_features(packages: &Packages, package: usize, wanted: &[String], defaults: bool) -> Resolved {
    let mut state = Unite { packages, out: Resolved::default(), queue: Vec::new() };
    state.package(package);
    if defaults {
        state.queue.push((package, "default".to_owned()));
    }
    state.queue.extend(wanted.iter().map(|feature| (package, feature.clone())));
    while let Some((package, feature)) = state.queue.pop() {
        state.feature(package, &feature);
    }
    state.out
}

struct Unite<'p> {
    packages: &'p Packages,
    out: Resolved,
    queue: Vec<(usize, String)>,
}

impl Unite<'_> {
    fn package(&mut self, index: usize) {
        if self.out.packages.contains_key(&index) {
            return;
        }
        self.out.packages.insert(index, BTreeSet::new());
        let packages = self.packages;
        for dependency in packages.dependencies_of(index).iter().filter(|one| !one.optional) {
            self.dependency(index, &dependency.key);
        }
    }

    /// Turns a dependency on.
    fn dependency(&mut self, index: usize, key: &str) {
        if !self.out.used.insert((index, key.to_owned())) {
            return;
        }
        let packages = self.packages;
        for dependency in packages.dependencies_of(index).iter().filter(|one| one.key == key) {
            let local = dependency.path.as_ref().and_then(|path| packages.at(path));
            let mut wanted = dependency.features.clone();
            if dependency.default_features {
                wanted.push("default".to_owned());
            }
            match local {
                Some(local) => {
                    self.package(local);
                    self.queue.extend(wanted.into_iter().map(|feature| (local, feature)));
                }
                None => self.out.foreign.entry(dependency.package.clone()).or_default().extend(wanted),
            }
        }
    }

    fn feature(&mut self, index: usize, feature: &str) {
        if let Some((key, inner)) = feature.split_once('/') {
            self.inner_feature(index, key, inner);
            return;
        }
        if let Some(key) = feature.strip_prefix("dep:") {
            self.dependency(index, key);
            return;
        }
        let fresh = self.out.packages.entry(index).or_default().insert(feature.to_owned());
        let packages = self.packages;
        if !fresh {
            return;
        }
        match packages.list.get(index).and_then(|package| package.features.get(feature)) {
            Some(list) => self.queue.extend(list.iter().map(|one| (index, one.clone()))),
            // An optional dependency is a feature of its own name.
            None => {
                if packages.dependencies_of(index).iter().any(|one| one.key == feature) {
                    self.dependency(index, feature);
                }
            }
        }
    }

    fn inner_feature(&mut self, index: usize, key: &str, inner: &str) {
        let weak = key.ends_with('?');
        let key = key.trim_end_matches('?');
        if weak && !self.out.used.contains(&(index, key.to_owned())) {
            // Whoever turns the dependency on later brings its features with it; a weak one that comes first is rare
            // enough to be looked at again at the end.
            return;
        }
        self.dependency(index, key);
        let packages = self.packages;
        for dependency in packages.dependencies_of(index).iter().filter(|one| one.key == key) {
            match dependency.path.as_ref().and_then(|path| packages.at(path)) {
                Some(local) => self.queue.push((local, inner.to_owned())),
                None => {
                    self.out.foreign.entry(dependency.package.clone()).or_default().insert(inner.to_owned());
                }
            }
        }
    }
}
