//! oathbook: documentation under oath. A documentation toolchain and static site generator that checks what its
//! pages claim.
//!
//! The layers, lowest first; a module uses only modules of lower layers, and a test reads this list:
//!
//! ```text
//! 0 base - places, paths, globs, dates, fingerprints, memory of results, budgets of steps
//! 1 diag - problems and claims as values
//! 2 world highlight - where files come from; code to classes
//! 3 rust - Rust source to packages, modules, items, values
//! 4 code - typed names of code in any language
//! 5 config markdown openapi diagram - book.toml; text to facts and HTML; API documents; graphs to pictures
//! 6 model - pages, navigation, links
//! 7 forecast kind oncall runs - what comes of a series; what a page of a kind must hold; who is reachable when; what of a runbook runs
//! 8 capacity incident - how long what there is will do; what was logged of incidents, and what is owed for them
//! 9 evidence - what the repository states against what is so, one folder a sort
//! 10 render report - the site; findings for people and machines
//! 11 pipeline - the stages
//! 12 preview - what the live preview knows
//! 13 shell - all input and output
//! 14 cli fuzzing - arguments, commands, exit codes; what fuzz targets run
//! ```

pub mod base;

pub mod capacity;
pub mod cli;
pub mod code;
pub mod config;
pub mod diag;
pub mod diagram;
pub mod evidence;
pub mod forecast;
pub mod fuzzing;
pub mod highlight;
pub mod incident;
pub mod kind;
pub mod markdown;
pub mod model;
pub mod oncall;
pub mod openapi;
pub mod pipeline;
pub mod preview;
pub mod render;
pub mod report;
pub mod runs;
pub mod rust;
pub mod shell;
pub mod world;

#[cfg(feature = "allocator")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
