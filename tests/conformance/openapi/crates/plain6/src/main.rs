//! Prints the documents of the cases without a framework.
#![allow(dead_code, unused, deprecated)]

#[path = "../../../cases/plain/mod.rs"]
mod plain;
#[path = "../../../cases/print.rs"]
mod print;

fn main() {
    print::print(&[plain::ALL]);
}
