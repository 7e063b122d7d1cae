//! What the repository states against what is so: recorded documents, pins, facts, diagrams become claims.

pub mod against;
pub mod changes;
pub mod coverage;
pub mod diagrams;
pub mod import;
pub mod inventory;
pub mod openapi;
pub mod probe;
