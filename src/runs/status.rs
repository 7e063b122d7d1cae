//! What any backup engine says of itself, as JSON: a file that a script of any language writes. Its schema is
//! `backup-status.schema.json`, beside this file.

use super::clock::unix;
use serde::Deserialize;
use std::time::Duration;

/// The schema, for editors and scripts.
pub const SCHEMA: &str = include_str!("backup-status.schema.json");

/// Repositories and backups of a file that are read: more would be labels without end.
const MOST: usize = 100;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupStatus {
    version: u64,
    /// The program, as `restic`.
    pub engine: String,
    /// When the engine was asked.
    pub asked: String,
    /// Where its backups lie.
    pub repositories: Vec<Repository>,
}

/// A place where backups lie.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// Its name.
    pub name: String,
    /// Whether it could be read.
    pub readable: bool,
    /// Whether what lies in it is encrypted.
    pub encrypted: bool,
    /// The moment up to which all that was written can be brought back; none where nothing can.
    pub recoverable_until: Option<String>,
    /// What lies in it.
    #[serde(default)]
    pub backups: Vec<Backup>,
}

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Its type, as `full` or `dump`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was made: its end, or its begin, where the engine keeps only that.
    pub at: String,
    /// How large it is, where the engine says so.
    pub bytes: Option<u64>,
}

impl BackupStatus {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let status: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if status.version != 1 {
            return Err(format!("it is of the version {}, and 1 is known", status.version));
        }
        let all = || status.repositories.iter();
        let backups = || all().flat_map(|one| &one.backups);
        let names = all().map(|one| &one.name).chain(backups().map(|one| &one.kind));
        if let Some(name) = names.chain([&status.engine]).find(|name| !is_name(name)) {
            return Err(format!("`{name}` is no name: small letters, digits and `-`, 40 at most"));
        }
        if status.repositories.is_empty() {
            return Err("it names no repository".into());
        }
        if status.repositories.len() > MOST || backups().count() > MOST * MOST {
            return Err(format!("it names more than {MOST} repositories, or too many backups"));
        }
        let until = all().filter_map(|one| one.recoverable_until.as_ref());
        let times = until.chain(backups().map(|one| &one.at)).chain([&status.asked]);
        let wrong = { times }.find(|time| unix(time).is_none());
        if let Some(time) = wrong {
            return Err(format!("`{time}` is no time: write it as `2026-11-29T10:47:18Z`"));
        }
        let mut named: Vec<&str> = all().map(|one| one.name.as_str()).collect();
        named.sort_unstable();
        if let Some(pair) = named.windows(2).find(|pair| pair.first() == pair.get(1)) {
            return Err(format!("it names the repository `{}` twice", pair.first().unwrap_or(&"")));
        }
        Ok(status)
    }

    /// What would have been lost when it was asked, with all but the best repository gone; none where nothing can be brought
    /// back.
    pub fn lag(&self) -> Option<Duration> {
        let until = self.repositories.iter().filter(|one| one.readable);
        let newest = until.filter_map(|one| unix(one.recoverable_until.as_deref()?)).max()?;
        Some(Duration::from_secs(unix(&self.asked)?.saturating_sub(newest)))
    }
}

fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"version": 1, "engine": "restic", "asked": "2026-11-29T10:47:18Z", "repositories": [
        {"name": "local", "readable": true, "encrypted": true, "recoverable_until": "2026-11-29T10:40:00Z",
         "backups": [{"type": "dump", "at": "2026-11-29T10:40:05Z", "bytes": 7}]},
        {"name": "far", "readable": false, "encrypted": true, "recoverable_until": null}]}"#;

    #[test]
    fn a_status_is_read_and_what_is_wrong_is_told() {
        let status = BackupStatus::read(FILE).unwrap();
        assert_eq!(status.lag(), Some(Duration::from_secs(438)));
        let none = BackupStatus::read(&FILE.replace("\"readable\": true", "\"readable\": false")).unwrap();
        assert_eq!(none.lag(), None, "a repository that cannot be read brings nothing back");
        let wrong = [
            ("\"version\": 1", "\"version\": 2", "of the version 2"),
            ("\"restic\"", "\"Restic 0.14\"", "is no name"),
            ("\"far\"", "\"local\"", "`local` twice"),
            ("T10:40:05Z", "T10:40:05+01:00", "is no time"),
            ("T10:47:18Z", "", "is no time"),
            ("\"encrypted\": true, \"rec", "\"encrypte\": true, \"rec", "unknown field"),
            ("[", "", "expected"),
        ];
        for (from, to, why) in wrong {
            let told = BackupStatus::read(&FILE.replace(from, to)).unwrap_err();
            assert!(told.contains(why), "{to}: {told}");
        }
        let none = r#"{"version": 1, "engine": "x", "asked": "2026-11-29T10:47:18Z", "repositories": []}"#;
        assert!(BackupStatus::read(none).unwrap_err().contains("no repository"));
    }
}
