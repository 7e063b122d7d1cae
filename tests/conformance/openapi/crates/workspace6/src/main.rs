//! Prints the documents of the cases of a workspace with several crates.
#![allow(dead_code, unused, deprecated)]

#[path = "../../../cases/print.rs"]
mod print;
#[path = "../../../cases/workspace/mod.rs"]
mod workspace;

fn main() {
    print::print(&[workspace::ALL]);
}
