//! Engines of backups beside the one that `backups` declares: what each promises, and what it says of itself.

use super::declared::Declared;
use super::{Cell, Worst};
use crate::base::{RelPath, lasting};
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::model::PageId;
use crate::openapi::node::Node;
use crate::runs::status::BackupStatus;
use std::time::Duration;

/// An engine of backups.
#[derive(Clone, Debug)]
pub struct Engine {
    /// Its name, as in `logical-dump`.
    pub name: String,
    /// The program; its name, where none is declared.
    pub program: String,
    /// The most that is lost by it alone: the time between two of its backups, and that of making one.
    pub worst: Duration,
    /// What it promises.
    pub rpo: Option<Duration>,
    /// The runbook that restores by it.
    pub runbook: Option<PageId>,
    /// What it said of itself last, where a file is named.
    pub status: Option<(RelPath, Result<BackupStatus, String>)>,
    /// Where it is declared.
    pub place: Place,
}

/// All of them; first, where others stand beside it or its status is named, the one that `backups` declares.
pub(super) fn read(
    cx: &Context<'_>,
    (declared, worst): (&Declared, &Result<Worst, String>),
    rows: &[(String, Vec<Option<Cell>>)],
    problems: &mut Vec<Problem>,
) -> Vec<Engine> {
    let list = declared.node("engines").map(Node::list).unwrap_or_default();
    let mut out = Vec::new();
    let own = declared.node("backups").filter(|own| !list.is_empty() || own.get("status").is_some());
    if let (Some(own), Ok(worst)) = (own, worst) {
        let status = status(cx, (declared, own, "backups"), problems);
        let service = declared.value("service").map(|service| service.text);
        let row = rows.iter().find(|(name, _)| service.as_ref().is_none_or(|service| service == name));
        let program = declared.value("database").map(|database| database.text);
        out.push(Engine {
            name: "backups".into(),
            program: status
                .as_ref()
                .and_then(|(_, read)| read.as_ref().ok().map(|status| status.engine.clone()))
                .or(program)
                .unwrap_or_else(|| "backups".into()),
            worst: worst.time,
            rpo: declared.time("objectives.rpo").and_then(Result::ok),
            // The first failure is that of the database.
            runbook: row.and_then(|(_, cells)| cells.first()?.as_ref()).map(|cell| cell.runbook),
            status,
            place: declared.place("backups"),
        });
    }
    out.extend(list.iter().filter_map(|node| engine(cx, (declared, node), problems)));
    out
}

/// What an engine said of itself last, where its declaration names a file.
fn status(
    cx: &Context<'_>,
    (declared, node, name): (&Declared, &Node, &str),
    problems: &mut Vec<Problem>,
) -> Option<(RelPath, Result<BackupStatus, String>)> {
    let path = node.get_text("status")?;
    let file = declared.beside(path);
    let read =
        file.as_ref().ok_or_else(|| format!("`{path}` leads out of the repository")).and_then(|file| {
            let text = cx.world.text(file).map_err(|error| error.to_string())?;
            BackupStatus::read(&text)
        });
    if let Err(why) = &read {
        let message = format!("`{path}` is no status of an engine: {why}");
        let found =
            Problem::new(code::RECOVERY_PLAN, node.place_of("status"), format!("{name}.status"), message);
        problems.push(found.help("a script of the engine writes it, by the schema of a backup status"));
    }
    Some((file.unwrap_or_else(RelPath::root), read))
}

fn engine(
    cx: &Context<'_>,
    (declared, node): (&Declared, &Node),
    problems: &mut Vec<Problem>,
) -> Option<Engine> {
    let name = node.get_text("name").unwrap_or("?").to_owned();
    let mut found = |code: &'static str, key: &str, message: String, help: &str| {
        let place = node.map().and_then(|map| map.entry(key)).map_or(&node.place, |entry| &entry.place);
        problems.push(Problem::new(code, place, format!("{name}.{key}"), message).help(help));
    };
    let time = |key: &str| node.get_text(key).map(|text| lasting::work(text).ok_or_else(|| text.to_owned()));
    for key in ["every", "within", "rpo"] {
        if let Some(Err(text)) = time(key) {
            let message = format!("`{key}` of the engine `{name}` is no time: `{text}`");
            found(code::RECOVERY_PLAN, key, message, "write it as `15m`, `6h` or `1d`");
        }
    }
    let time = |key: &str| time(key).and_then(Result::ok);
    let Some(every) = time("every") else {
        let message =
            format!("the engine `{name}` does not say how often it runs, so nobody knows what it loses");
        found(code::RECOVERY_OBJECTIVE, "every", message, "write `every: 6h`");
        return None;
    };
    let worst = every.saturating_add(time("within").unwrap_or_default());
    let rpo = time("rpo");
    if let Some(limit) = rpo.filter(|limit| worst >= *limit) {
        let (worst, limit) = (lasting::told(worst), lasting::told(limit));
        let message =
            format!("{worst} can be lost by the engine `{name}`, and it promises less than {limit}");
        let help =
            "what is written between two of its backups is in none: run it more often, or promise less";
        found(code::RECOVERY_OBJECTIVE, "rpo", message, help);
    }
    let runbook = node.get_text("runbook").and_then(|path| {
        let page = cx.pages().find(|(_, page)| page.source.as_str() == path);
        if page.is_none() {
            let help = "paths are those of pages, from the repository's root";
            found(code::RECOVERY_PLAN, "runbook", format!("`{path}` is no page of the book"), help);
        }
        page.map(|(id, _)| id)
    });
    let status = status(cx, (declared, node, &name), problems);
    let program = node.get_text("engine").unwrap_or(&name).to_owned();
    Some(Engine { program, worst, rpo, runbook, status, place: node.place.clone(), name })
}
