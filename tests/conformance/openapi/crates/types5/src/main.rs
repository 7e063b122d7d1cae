//! Prints the documents of the cases of types that features bring.
#![allow(dead_code, unused, deprecated)]

#[path = "../../../cases/types/mod.rs"]
mod types;
#[path = "../../../cases/print.rs"]
mod print;
#[path = "../../../cases/stub.rs"]
mod stub;

fn main() {
    print::print(&[types::ALL]);
}
