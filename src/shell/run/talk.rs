//! What a run and its supervisor say to each other.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A step.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Script {
    pub code: String,
    /// All variables; nothing else is handed on.
    pub variables: Vec<(String, String)>,
    pub folder: PathBuf,
    pub timeout_ms: u64,
}

/// What a run asks.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// Run a step.
    Run(Script),
    /// End the step that runs.
    Stop,
    /// End what is left, and the supervisor.
    End,
}

/// What its supervisor answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// It stands.
    Ready,
    /// It cannot do it, and why.
    Refused(String),
    /// A line that a step has just written.
    Line(String),
    /// How a step ended.
    Ended(Box<Ended>),
    /// Nothing is left.
    Gone,
}

/// How a step ended.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Ended {
    pub exit: Option<i32>,
    pub signal: Option<i32>,
    pub timed_out: bool,
    pub stopped: bool,
    pub stdout: Piece,
    pub stderr: Piece,
    /// Command lines of what it left running.
    pub left: Vec<String>,
}

/// What is kept of an output: its beginning, and the end of what came behind that.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Piece {
    pub bytes: u64,
    pub head: String,
    pub tail: String,
}
