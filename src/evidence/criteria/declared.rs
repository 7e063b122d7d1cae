//! `criteria.yaml`: criteria of success, each with its proofs.

use super::Criterion;
use super::proof::{Refusal, Stated};
use super::state::Judged;
use crate::base::RelPath;
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::openapi::node::Node;
use crate::openapi::{Format, read as read_tree};
use std::collections::BTreeMap;

/// Keys of one criterion.
const KEYS: &[&str] = &["id", "title", "section", "proofs", "deviation"];

/// The file that book.toml names, and what stands in it.
pub(super) fn read(cx: &Context<'_>, problems: &mut Vec<Problem>) -> (Option<RelPath>, Vec<Criterion>) {
    let Some(name) = &cx.config.criteria else { return (None, Vec::new()) };
    let book = Place::whole(cx.config.file.clone().unwrap_or_else(RelPath::root));
    let read = cx.config.root.join(name).ok().and_then(|file| Some((cx.world.text(&file).ok()?, file)));
    let Some((text, file)) = read else {
        let message = format!("`criteria.file` names `{name}`, which cannot be read");
        problems.push(
            Problem::new(code::PROOF, &book, &**name, message).help("name it from the folder of book.toml"),
        );
        return (None, Vec::new());
    };
    let tree = read_tree(&file, &text, 0, Format::Yaml);
    if let Some(problem) = tree.problems.first() {
        let message = format!("it cannot be read: {}", problem.message);
        problems.push(Problem::new(code::PROOF, &problem.place, "file", message));
        return (Some(file), Vec::new());
    }
    let list = tree.root.get("criteria").map(Node::list).unwrap_or_default();
    if list.is_empty() {
        let found =
            Problem::new(code::PROOF, &Place::whole(file.clone()), "criteria", "it has no list `criteria`");
        problems.push(found.help("write `criteria:` and below it `- id: …` with `title` and `proofs`"));
    }
    let mut ids: BTreeMap<String, Place> = BTreeMap::new();
    let mut out = Vec::new();
    for (number, node) in list.iter().enumerate() {
        let one = criterion(node, number, problems);
        if let Some(first) = ids.insert(one.id.clone(), one.place.clone()) {
            let message = format!("two criteria have the id `{}`", one.id);
            let found = Problem::new(code::PROOF, &one.place, one.id.clone(), message);
            problems.push(found.related(&first, "the other").help("an id is that of one criterion"));
        }
        out.push(one);
    }
    (Some(file), out)
}

fn criterion(node: &Node, number: usize, problems: &mut Vec<Problem>) -> Criterion {
    let text = |key: &str| node.get_text(key).map(str::trim).filter(|text| !text.is_empty());
    let number_of = || node.get("id").and_then(Node::number).map(|number| number.as_str().to_owned());
    let id = text("id").map(str::to_owned).or_else(number_of);
    let key = id.clone().unwrap_or_else(|| format!("criterion {}", number + 1));
    let mut stated = Stated::default();
    let mut refuse = |place: &Place, message: String, help: &str| {
        problems.push(Problem::new(code::PROOF, place, key.clone(), message).help(help));
    };
    for entry in node.entries().filter(|entry| !KEYS.contains(&&*entry.key)) {
        let message = format!("`{}` is no key of a criterion", entry.key);
        let help = super::proof::meant(&entry.key, KEYS.iter().copied(), "keys");
        refuse(&entry.place, message, &help);
    }
    for (wanted, is) in [("id", id.is_some()), ("title", text("title").is_some())] {
        if !is {
            refuse(
                &node.place,
                format!("a criterion has no `{wanted}`"),
                "each has `id`, `title` and `proofs`",
            );
        }
    }
    for proof in node.get("proofs").map(Node::list).unwrap_or_default() {
        let before = stated.refused.len();
        match proof.text() {
            Some(text) => stated.add(text),
            None => stated.refused.push(Refusal::new("a proof is no text", "write `run:PAGE`")),
        }
        for refusal in stated.refused.iter().skip(before) {
            refuse(&proof.place, refusal.message.clone(), &refusal.help);
        }
    }
    if let Some(deviation) = node.get("deviation") {
        let before = stated.refused.len();
        stated.deviate(deviation.text().unwrap_or(""));
        for refusal in stated.refused.iter().skip(before) {
            refuse(&deviation.place, refusal.message.clone(), &refusal.help);
        }
    }
    let title = text("title").unwrap_or(&key).to_owned();
    let section = text("section").unwrap_or("").to_owned();
    Criterion { id: key, title, section, place: node.place.clone(), stated, judged: Judged::default() }
}
