//! Prints the documents of the cases without a framework.
#![allow(dead_code, unused, deprecated)]

#[path = "../../../cases/plain/mod.rs"]
mod plain;
#[path = "../../../cases/six/mod.rs"]
mod six;
#[path = "../../../cases/print.rs"]
mod print;

fn main() {
    print::print(&[plain::ALL, six::ALL]);
}
