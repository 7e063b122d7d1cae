//! `Cargo.lock`: Cargo writes it, so its lines have one form.

use std::collections::BTreeMap;

/// What `Cargo.lock` pins.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// Each package's versions and the names of its dependencies.
    pub packages: BTreeMap<String, Vec<(String, Vec<String>)>>,
}

impl Lock {
    /// Reads a lock file; lines that are not understood are passed over.
    pub fn parse(text: &str) -> Self {
        let mut lock = Self::default();
        let (mut name, mut version, mut needs, mut inside) =
            (String::new(), String::new(), Vec::new(), false);
        let quoted = |line: &str| line.split('"').nth(1).unwrap_or("").to_owned();
        for line in text.lines().chain(["[[package]]"]) {
            if line.starts_with("[[") {
                if !name.is_empty() {
                    let entry = (std::mem::take(&mut version), std::mem::take(&mut needs));
                    lock.packages.entry(std::mem::take(&mut name)).or_default().push(entry);
                }
                inside = false;
            } else if line.starts_with("name = ") {
                name = quoted(line);
            } else if line.starts_with("version = ") {
                version = quoted(line);
            } else if line.starts_with("dependencies = [") {
                inside = true;
            } else if line.starts_with(']') {
                inside = false;
            } else if inside {
                let dependency = quoted(line);
                needs.push(dependency.split(' ').next().unwrap_or("").to_owned());
            }
        }
        lock
    }

    /// The version of a package that fits a requirement's major version, or the only one.
    pub fn version(&self, package: &str, wanted: &str) -> Option<&str> {
        let versions = self.packages.get(package)?;
        let major = major_of(wanted);
        let fits = versions.iter().find(|(version, _)| Some(major_of(version)) == Some(major.clone()));
        fits.or_else(|| versions.first().filter(|_| major.is_empty())).map(|(version, _)| version.as_str())
    }
}

/// `5` of `^5.3`; of `0.8.1` it is `0.8`.
pub fn major_of(requirement: &str) -> String {
    let text = requirement.trim_start_matches(['^', '~', '=', '>', '<', ' ']);
    let mut parts = text.split(['.', ',', ' ', '-', '+']);
    let major = parts.next().unwrap_or("");
    if major == "0" { format!("0.{}", parts.next().unwrap_or("0")) } else { major.to_owned() }
}
