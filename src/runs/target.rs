//! `targets/NAME.toml`: where a runbook may run, and what it may do there.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The folder of targets, from that of book.toml.
pub const FOLDER: &str = "targets";

/// A target.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    /// What it is, for people.
    #[serde(default)]
    pub about: String,
    /// Whether its data are as large as production's.
    pub size: Size,
    /// What happens before a destructive step.
    #[serde(default)]
    pub destructive: Destructive,
    /// The user that steps run as; ours without it. Only root can be somebody else.
    #[serde(default)]
    pub user: Option<String>,
    /// The same where root runs oathbook, for programs that refuse root; anybody else stays themselves.
    #[serde(default)]
    pub instead_of_root: Option<String>,
    /// Whether steps run in a sandbox, made by bubblewrap: they write in the run's folder and below `write` alone.
    #[serde(default)]
    pub sandbox: bool,
    /// Which network steps see.
    #[serde(default)]
    pub network: Network,
    /// Folders that a sandbox lets them write to.
    #[serde(default)]
    pub write: Vec<String>,
    /// Variables.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Variables that are taken from the environment of `oathbook run`, and are no secrets.
    #[serde(default)]
    pub pass: Vec<String>,
}

/// How large a target's data are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Size {
    /// Production's own size: an objective that is met there is proven.
    Production,
    /// Smaller: it is demonstrated.
    #[default]
    SmallerThanProduction,
    /// Made up: it is demonstrated.
    Synthetic,
}

impl Size {
    /// As in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::SmallerThanProduction => "smaller-than-production",
            Self::Synthetic => "synthetic",
        }
    }
}

/// What happens before a destructive step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Destructive {
    /// Nothing.
    Allow,
    /// The target's name is typed, or `--allow-destructive` is given.
    #[default]
    Confirm,
    /// It does not run.
    Deny,
}

/// Which network steps see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// The machine's.
    #[default]
    Host,
    /// A loopback of their own.
    None,
}

/// Variables that the engine sets, so that no target does.
pub const SET: &[&str] = &["HOME", "TMPDIR", "OATHBOOK", "OATHBOOK_ROOT", "OATHBOOK_TARGET"];

impl Target {
    /// Reads a target.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let target: Self = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        let wrong = target.env.keys().chain(&target.pass).find(|name| !is_variable(name));
        if let Some(name) = wrong {
            return Err(format!("`{name}` is no name of a variable that a target may set"));
        }
        if target.user.is_some() && target.instead_of_root.is_some() {
            return Err("`user` says who runs steps already: leave out `instead-of-root`".into());
        }
        if target.network == Network::None && !target.sandbox {
            return Err("`network = \"none\"` needs `sandbox = true`".into());
        }
        if let Some(path) = target
            .write
            .iter()
            .find(|path| !path.starts_with('/') || path.contains("/../") || path.ends_with("/.."))
        {
            return Err(format!(
                "`write` holds paths from the root of the file system, and `{path}` is none"
            ));
        }
        if !target.write.is_empty() && !target.sandbox {
            return Err(
                "`write` needs `sandbox = true`: without one, steps write wherever their user may".into()
            );
        }
        Ok(target)
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !SET.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_and_what_is_wrong_is_told() {
        let target = Target::parse("size = \"synthetic\"\nuser = \"nobody\"\n[env]\nPORT = \"1\"\n").unwrap();
        assert_eq!(
            (target.size, target.destructive, target.sandbox),
            (Size::Synthetic, Destructive::Confirm, false)
        );
        let wrong = [
            ("", "missing field `size`"),
            ("size = \"huge\"", "unknown variant"),
            ("size = \"production\"\nsandbx = true", "unknown field"),
            ("size = \"production\"\nuser = \"a\"\ninstead-of-root = \"b\"", "leave out `instead-of-root`"),
            ("size = \"production\"\nnetwork = \"none\"", "needs `sandbox"),
            ("size = \"production\"\nsandbox = true\nwrite = [\"data\"]", "`data` is none"),
            ("size = \"production\"\nwrite = [\"/data\"]", "needs `sandbox"),
            ("size = \"production\"\n[env]\n\"A B\" = \"1\"", "`A B` is no name"),
            ("size = \"production\"\n[env]\nHOME = \"/\"", "`HOME` is no name"),
            ("size = \"production\"\npass = [\"A=B\"]", "`A=B` is no name"),
        ];
        for (text, why) in wrong {
            let told = Target::parse(text).unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
    }
}
