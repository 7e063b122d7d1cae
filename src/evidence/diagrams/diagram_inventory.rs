//! Parts of the system that no diagram shows.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_INVENTORY,
    group: Group::Suspect,
    severity: None,
    title: "a part of the system is in no diagram",
    doc: include_str!("diagram-inventory.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for problem in &cx.of::<Diagrams>().unread {
        let diagnostic =
            findings.found(&problem.place, problem.place.file.to_string(), problem.message.clone());
        findings.push(
            diagnostic
                .help("correct it: which packages there are is not known, and none is missed in diagrams"),
        );
    }
    for stock in cx.of::<Diagrams>().stocks.iter().filter(|stock| !stock.drawn && stock.left_out.is_none()) {
        let (what, name) = (stock.way.said(), &stock.name);
        let message = format!("the {what} `{name}` is in no diagram");
        let help = format!(
            "draw it and bind the element to it, or give a reason: `\"{name}\" = \"...\"` below [diagrams.leave-out]"
        );
        let diagnostic = findings.found(&stock.place, format!("{} {name}", stock.way.name()), message);
        findings.push(diagnostic.help(help));
    }
}
