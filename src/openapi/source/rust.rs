//! What the reader of Rust source makes of a service, as a source.

use super::Yield;
use crate::diag::{Place, Problem, code};
use crate::openapi::node::Node;
use crate::openapi::utoipa::{Cache, Request, extract};
use crate::world::World;

pub(super) fn extracted(world: &dyn World, request: &Request, place: &Place, cache: &Cache) -> Yield {
    let extraction = extract(world, request, cache);
    let mut problems = Vec::new();
    let mut holes = Vec::new();
    for hole in extraction.holes {
        let subject = hole.pointers.first().map_or(hole.reason, String::as_str);
        problems.push(
            Problem::new(code::OPENAPI_HOLE, &hole.place, subject, hole.message)
                .help("write it so that it can be read, set it in an overlay, or keep what is recorded"),
        );
        holes.extend(hole.pointers);
    }
    problems.extend(extraction.findings);
    let Some(document) = extraction.document else {
        let message = extraction.failure.unwrap_or_else(|| "there is no document".to_owned());
        let mut problem = Problem::new(code::OPENAPI_SOURCE, place, request.folder.as_str(), message);
        for root in &extraction.roots {
            problem = problem.related(&root.place, format!("`root = \"{}\"`", root.path));
        }
        problems.push(problem);
        return Yield::nothing(place, problems);
    };
    let mut root = Node::from_json(&document, place);
    root.replace(&|pointer| extraction.provenance.get(pointer).cloned());
    Yield { root, problems, holes }
}
