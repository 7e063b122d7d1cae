//! What the repository states against what is so: recorded documents, pins, facts, diagrams become claims.

pub mod against;
mod api_addresses;
pub mod api_mentions;
pub mod bindings;
pub mod changes;
pub mod code_links;
pub mod coverage;
pub mod diagrams;
pub mod external;
pub mod facts;
pub mod import;
pub mod inventory;
pub mod lock;
pub mod openapi;
pub mod owners;
pub mod probe;
pub mod samples;
mod shelf;

use crate::base::RelPath;
use crate::config::Config;
use crate::world::{Guarded, World};

/// A world in which a project's pages read no private file, but for what its book.toml names and the records of that.
pub fn guarded<'w>(world: &'w dyn World, config: &'w Config) -> Guarded<'w> {
    let is_evidence = |file: &RelPath| config.apis.iter().any(|api| api.probe_file() == *file);
    Guarded::new(world, move |file| config.names(file) || is_evidence(file))
}

/// What pages say of the code beside names and links, held against it.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// What is recorded in docs.lock.
    pub lock: lock::Lock,
    /// Values that pages state.
    pub facts: facts::Facts,
    /// Pages that say which code they tell of.
    pub bindings: bindings::Bindings,
    /// Operations that pages mention.
    pub api_mentions: Vec<api_mentions::ApiMention>,
    /// Places in code that pages point at.
    pub code_links: Vec<code_links::CodeLink>,
    /// Pages that say how often they are to be read.
    pub duties: Vec<owners::Duty>,
}
