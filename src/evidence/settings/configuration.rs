//! Mistakes in oathbook's own tables.

use super::Settings;
use crate::base::RelPath;
use crate::diag::{Group, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::{Context, Evidence as _};
use crate::kind;

pub(super) static CHECK: Check = Check {
    code: code::CONFIGURATION,
    group: Group::Broken,
    severity: None,
    title: "book.toml cannot be read, or oathbook's tables hold a mistake",
    doc: include_str!("configuration.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    findings.hand_on(Settings::problems(cx));
    for code in cx.config.checks.levels.keys() {
        let known = crate::evidence::check::find(code).is_some()
            || ["broken", "suspect", "pedantic"].contains(&code.as_str());
        if known {
            continue;
        }
        let near = crate::diag::nearest(code, crate::evidence::check::ALL.iter().map(|check| check.code));
        let help = near.map_or_else(
            || "`oathbook explain` lists the checks".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let nowhere = || Place::whole(cx.config.file.clone().unwrap_or_else(RelPath::root));
        let place = cx.config.checks.level_places.get(code).cloned().unwrap_or_else(nowhere);
        findings.push(findings.found(&place, code.clone(), format!("there is no check `{code}`")).help(help));
    }
    for (_, name, place) in &cx.config.kinds {
        let Some(place) = place.as_ref().filter(|_| kind::find(name).is_none()) else { continue };
        let near = crate::diag::nearest(name, kind::ALL.iter().map(|kind| kind.name));
        let help = near.map_or_else(
            || "`oathbook new --help` lists the kinds".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        findings
            .push(findings.found(place, name.clone(), format!("there is no page kind `{name}`")).help(help));
    }
}
