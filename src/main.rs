//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(oathbook::cli::main().code())
}
