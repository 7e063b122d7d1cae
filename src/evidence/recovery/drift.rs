//! What ships (configuration, timers, the policy of the off-site store) against what is declared.

use super::declared::{Declared, Value, value_of};
use super::settings::{Setting, last, settings, time};
use crate::base::{RelPath, lasting};
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::openapi::node::Node;
use crate::openapi::{Format, read};
use std::time::Duration;

struct Holding<'h> {
    cx: &'h Context<'h>,
    declared: &'h Declared,
    problems: &'h mut Vec<Problem>,
}

/// A file that ships.
struct Shipped {
    file: RelPath,
    text: String,
    settings: Vec<Setting>,
}

/// Holds everything that ships against what is declared.
pub(super) fn hold(cx: &Context<'_>, declared: &Declared, problems: &mut Vec<Problem>) {
    // A plan of another engine has nothing here that could be read.
    if declared.node("shipped").is_none() && declared.node("stanza").is_none() {
        return;
    }
    let mut holding = Holding { cx, declared, problems };
    holding.postgresql();
    holding.pgbackrest();
    holding.timers();
    holding.words();
    holding.policy();
}

impl Holding<'_> {
    fn found(&mut self, place: &Place, subject: &str, message: String) {
        let help = "change both together: neither is right by itself";
        self.problems.push(Problem::new(code::RECOVERY_DRIFT, place, subject, message).help(help));
    }

    /// The file that `shipped` names by this key, where something declared `needs` it.
    fn shipped(&mut self, key: &str, needs: &str) -> Option<Shipped> {
        let needed = self.declared.node(needs).is_some();
        let path = format!("shipped.{key}");
        let Some(name) = self.declared.value(&path) else {
            if needed {
                let message = format!("`{needs}` is held against nothing: `{path}` names no file");
                let place = self.declared.place(needs);
                self.found(&place, &path, message);
            }
            return None;
        };
        let text = self.declared.beside(&name.text).map(|file| (self.cx.world.text(&file), file));
        let message = match text {
            Some((Ok(text), file)) => {
                return Some(Shipped { settings: settings(&file, &text), file, text });
            }
            Some((Err(error), file)) => format!("{file}, which is to ship, cannot be read: {error}"),
            None => format!("`{}` leads out of the repository", name.text),
        };
        let place = name.place.clone();
        self.found(&place, &path, message);
        None
    }

    /// A declared value against a setting of a file.
    fn equal(&mut self, value: &Value<'_>, shipped: &Shipped, key: &str, same: &dyn Fn(&str) -> bool) {
        let (name, text) = (&value.name, &value.text);
        match last(&shipped.settings, key) {
            Some(setting) if same(&setting.value) => {}
            Some(setting) => {
                let (is, file) = (&setting.value, &shipped.file);
                let message = format!("`{name}` is declared as `{text}`, and `{key}` in {file} is `{is}`");
                let help = "change both together: neither is right by itself";
                let found = Problem::new(code::RECOVERY_DRIFT, value.place, name.clone(), message);
                self.problems.push(found.help(help).related(&setting.place, "this ships"));
            }
            None => {
                let message =
                    format!("`{name}` is declared as `{text}`, and {} sets no `{key}`", shipped.file);
                self.found(value.place, name, message);
            }
        }
    }

    fn postgresql(&mut self) {
        let Some(shipped) = self.shipped("postgresql", "backups.wal") else { return };
        let declared = self.declared;
        if let Some(archive) = declared.value("backups.wal.archive") {
            let wanted = archive.text == "true";
            self.equal(&archive, &shipped, "archive_mode", &|is| (is != "off") == wanted);
            let stanza = declared.value("stanza").map(|stanza| stanza.text).unwrap_or_default();
            let pushes = |is: &str| {
                let mut words = is.split_whitespace();
                let program = words.next().unwrap_or("");
                program.rsplit('/').next() == Some("pgbackrest")
                    && words.any(|word| word == "archive-push")
                    && is.split_whitespace().any(|word| word.strip_prefix("--stanza=") == Some(&stanza))
            };
            if wanted {
                self.equal(&archive, &shipped, "archive_command", &pushes);
            }
        }
        if let Some(value) = declared.value("backups.wal.archive-timeout") {
            let wanted = lasting::work(&value.text);
            self.equal(&value, &shipped, "archive_timeout", &|is| time(is) == wanted);
        }
    }

    fn pgbackrest(&mut self) {
        let Some(shipped) = self.shipped("pgbackrest", "repositories") else { return };
        let declared = self.declared;
        if let Some(value) = declared.value("backups.wal.push-within") {
            let wanted = lasting::work(&value.text);
            self.equal(&value, &shipped, "archive-timeout", &|is| time(is) == wanted);
        }
        if let Some(stanza) = declared.value("stanza")
            && !shipped.settings.iter().any(|one| one.section == stanza.text)
        {
            let message = format!("`stanza` is `{}`, and {} has no such section", stanza.text, shipped.file);
            self.found(stanza.place, "stanza", message);
        }
        let list = declared.node("repositories").map(Node::list).unwrap_or_default();
        let mut numbers = Vec::new();
        for one in list {
            let number = one.get("number").and_then(|number| value_of(number, "number"));
            let Some(number) = number else {
                self.found(&one.place, "number", "this repository has no `number`".into());
                continue;
            };
            self.repository(one, &number.text, &shipped);
            numbers.push(number.text);
        }
        for setting in &shipped.settings {
            let number = setting.key.strip_prefix("repo").and_then(|rest| rest.split('-').next());
            let Some(number) = number.filter(|_| setting.key.ends_with("-path")) else { continue };
            if !numbers.iter().any(|known| known == number) {
                let message = format!("the repository {number} ships, and is not declared");
                self.found(&setting.place, &setting.key, message);
            }
        }
    }

    fn repository(&mut self, one: &Node, number: &str, shipped: &Shipped) {
        let name = one.get_text("name").unwrap_or(number);
        // What pgBackRest takes where nothing is set.
        let defaults = [("type", "posix"), ("cipher-type", "none")];
        let keys = [
            ("type", "type"),
            ("path", "path"),
            ("bucket", "s3-bucket"),
            ("cipher", "cipher-type"),
            ("retention-full", "retention-full"),
        ];
        for (key, set) in keys {
            let value = one.get(key).and_then(|value| value_of(value, &format!("{name}.{key}")));
            let set_key = format!("repo{number}-{set}");
            let Some(value) = value else {
                if let Some(setting) = last(&shipped.settings, &set_key) {
                    let message =
                        format!("`{set_key}` ships, and the repository `{name}` declares no `{key}`");
                    self.found(&setting.place, &set_key, message);
                }
                continue;
            };
            let default = defaults.iter().find(|(of, _)| *of == set).map(|(_, default)| *default);
            if last(&shipped.settings, &set_key).is_none() && default == Some(&value.text) {
                continue;
            }
            self.equal(&value, shipped, &set_key, &|is| is == value.text);
        }
        let flag = |key: &str| one.get(key).and_then(Node::bool) == Some(true);
        let is_remote = one.get_text("type").is_some_and(|kind| kind != "posix" && kind != "cifs");
        if flag("off-site") != is_remote {
            let place = one.place_of("off-site").clone();
            let message = format!("`{name}.off-site` does not fit its type: a folder lies on the host");
            self.found(&place, &format!("{name}.off-site"), message);
        }
        if flag("immutable") && last(&shipped.settings, "expire-auto").is_none_or(|one| one.value != "n") {
            let place = one.place_of("immutable").clone();
            let message = format!("`{name}` is immutable, and {} does not set `expire-auto=n`", shipped.file);
            self.found(&place, &format!("{name}.immutable"), message);
        }
    }

    fn timers(&mut self) {
        for kind in ["full", "incremental"] {
            let path = format!("backups.{kind}");
            let Some(shipped) = self.shipped(&format!("timers.{kind}"), &path) else { continue };
            let declared = self.declared;
            let Some(every) = declared.value(&format!("{path}.every")) else { continue };
            let at = declared.value(&format!("{path}.at")).map(|at| at.text);
            let minute = declared.value(&format!("{path}.minute")).map(|minute| minute.text);
            let wanted = match calendar(&every.text, at.as_deref(), minute.as_deref()) {
                Ok(wanted) => wanted,
                Err(why) => {
                    self.found(every.place, &every.name, format!("`{}`: {why}", every.name));
                    continue;
                }
            };
            let lines: Vec<&Setting> =
                shipped.settings.iter().filter(|one| one.key == "OnCalendar").collect();
            let is_one =
                matches!(lines.as_slice(), [one] if one.section == "Timer" && spelled(&one.value) == wanted);
            if !is_one {
                let is: Vec<&str> = lines.iter().map(|one| one.value.as_str()).collect();
                let is = if is.is_empty() { "nothing".to_owned() } else { format!("`{}`", is.join("`, `")) };
                let message = format!(
                    "`{path}` is declared so that its timer has `OnCalendar={wanted}`, and {} has {is}",
                    shipped.file
                );
                self.found(every.place, &path, message);
            }
        }
    }

    /// What scripts spell, and have no settings for.
    fn words(&mut self) {
        let declared = self.declared;
        if let Some(shipped) = self.shipped("journal", "backups.journal")
            && let Some(value) = declared.value("backups.journal")
            && !has_word(&shipped.text, &value.text)
        {
            let message =
                format!("`{}` is `{}`, which {} does not name", value.name, value.text, shipped.file);
            self.found(value.place, &value.name, message);
        }
        if let Some(shipped) = self.shipped("cluster", "backups.wal.segment-size")
            && let Some(value) = declared.value("backups.wal.segment-size")
        {
            let word = format!("--wal-segsize={}", value.text.trim_end_matches("MB").trim());
            if !has_word(&shipped.text, &word) {
                let message =
                    format!("`{}` is `{}`, and {} has no `{word}`", value.name, value.text, shipped.file);
                self.found(value.place, &value.name, message);
            }
        }
    }

    /// Who may delete in an immutable repository, by the policy of its store.
    fn policy(&mut self) {
        let declared = self.declared;
        let list = declared.node("repositories").map(Node::list).unwrap_or_default();
        let immutable = |one: &&Node| one.get("immutable").and_then(Node::bool) == Some(true);
        let Some(one) = list.iter().find(immutable) else { return };
        let Some(shipped) = self.shipped("policy", "repositories") else { return };
        let tree = read(&shipped.file, &shipped.text, 0, Format::Json);
        if let Some(problem) = tree.problems.first() {
            let message = format!("the policy cannot be read: {}", problem.message);
            self.found(&problem.place, "policy", message);
            return;
        }
        let statements = tree.root.get("Statement").map(Node::list).unwrap_or_default();
        let bucket = one.get_text("bucket").unwrap_or("");
        for (key, effect) in [("written-by", "Deny"), ("expired-by", "Allow")] {
            let place = one.place_of(key).clone();
            let Some(who) = one.get_text(key) else {
                self.found(&place, key, format!("an immutable repository says by `{key}` who that is"));
                continue;
            };
            let says = |statement: &&Node| {
                statement.get_text("Effect") == Some(effect)
                    && names(statement.get("Principal").and_then(|one| one.get("AWS")), &|name| {
                        name.rsplit('/').next() == Some(who)
                    })
                    && names(statement.get("Action"), &|action| action == "s3:DeleteObject")
            };
            let of_bucket = |statement: &&Node| {
                let resource = statement.get("Resource").or_else(|| statement.get("NotResource"));
                names(resource, &|name| {
                    name.strip_prefix("arn:aws:s3:::").and_then(|rest| rest.split('/').next()) == Some(bucket)
                })
            };
            if !statements.iter().filter(says).any(|statement| of_bucket(&statement)) {
                let verb = if effect == "Deny" { "denies" } else { "allows" };
                let message = format!("{} {verb} `{who}` no deletion in `{bucket}`", shipped.file);
                self.found(&place, key, message);
            }
        }
    }
}

/// Whether a text or a list of texts holds one that fits.
fn names(node: Option<&Node>, fits: &dyn Fn(&str) -> bool) -> bool {
    let Some(node) = node else { return false };
    node.text().is_some_and(fits) || node.list().iter().filter_map(Node::text).any(fits)
}

/// Whether a text holds a word that no letter or digit goes on.
fn has_word(text: &str, word: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '/' || c == '.';
    text.match_indices(word).any(|(at, _)| {
        let behind = text.get(at + word.len()..).and_then(|rest| rest.chars().next());
        let before = text.get(..at).and_then(|rest| rest.chars().next_back());
        !behind.is_some_and(goes_on) && !before.is_some_and(|c| c.is_alphanumeric() || c == '/')
    })
}

/// The line of a timer, by `man systemd.time`, for what is declared.
fn calendar(every: &str, at: Option<&str>, minute: Option<&str>) -> Result<String, String> {
    let none = || {
        format!("no one line of a timer says `{every}`: write `1d`, or hours or minutes that divide a day")
    };
    let time = lasting::work(every).ok_or_else(none)?;
    let hour = Duration::from_secs(3_600);
    if time == hour * 24 {
        return Ok(format!("*-*-* {}:00", at.unwrap_or("00:00")));
    }
    let minute: u64 = minute.unwrap_or("0").parse().map_err(|_| "`minute` is no number".to_owned())?;
    if time == hour {
        return Ok(format!("*-*-* *:{minute:02}:00"));
    }
    let minutes = time.as_secs() / 60;
    match minutes {
        _ if !time.as_secs().is_multiple_of(60) => Err(none()),
        1..60 if 60 % minutes == 0 => Ok(format!("*-*-* *:0/{minutes}:00")),
        60..1440 if minutes % 60 == 0 && 1440 % minutes == 0 => {
            Ok(format!("*-*-* 0/{}:{minute:02}:00", minutes / 60))
        }
        _ => Err(none()),
    }
}

/// A line of a timer as this module writes it.
fn spelled(line: &str) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.as_str() {
        "daily" => "*-*-* 00:00:00".into(),
        "hourly" => "*-*-* *:00:00".into(),
        _ if !line.contains(' ') => format!("*-*-* {line}"),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_is_a_line_of_a_timer_or_none() {
        let of = |every, at, minute| calendar(every, at, minute).ok();
        assert_eq!(of("1d", Some("02:00"), None).as_deref(), Some("*-*-* 02:00:00"));
        assert_eq!(of("1h", None, Some("30")).as_deref(), Some("*-*-* *:30:00"));
        assert_eq!(of("6h", None, Some("5")).as_deref(), Some("*-*-* 0/6:05:00"));
        assert_eq!(of("15m", None, None).as_deref(), Some("*-*-* *:0/15:00"));
        for every in ["7h", "7m", "90s", "2d", "often", "90m"] {
            assert_eq!(of(every, None, None), None, "{every}");
        }
        assert_eq!([spelled("hourly"), spelled("02:00:00")], ["*-*-* *:00:00", "*-*-* 02:00:00"]);
        assert!(
            has_word("a=${B:-/var/x.jsonl}", "/var/x.jsonl") && !has_word("/var/x.jsonl.old", "/var/x.jsonl")
        );
    }
}
