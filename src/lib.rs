//! oathbook: documentation under oath. A documentation toolchain and static site generator that checks what its
//! pages claim.
//!
//! The layers, lowest first; a module uses only modules of lower layers, and a test reads this list:
//!
//! ```text
//! 0 base - places, paths, dates, fingerprints, memory of results
//! 1 diag - problems and claims as values
//! 2 world highlight rust - where files come from; code to classes; Rust source to items
//! 3 config markdown - book.toml; text to facts and HTML
//! 4 model - pages, navigation, links
//! 6 kind - what a page of a kind must hold
//! 7 check - judges claims
//! 8 render report - the site; findings for people and machines
//! 9 pipeline - the stages
//! 10 preview - what the live preview knows
//! 11 shell fuzzing - all input and output; what fuzz targets run
//! 12 cli - arguments, commands, exit codes
//! ```

pub mod base;
pub mod check;
pub mod cli;
pub mod config;
pub mod diag;
pub mod fuzzing;
pub mod highlight;
pub mod kind;
pub mod markdown;
pub mod model;
pub mod pipeline;
pub mod preview;
pub mod render;
pub mod report;
pub mod rust;
pub mod shell;
pub mod world;
