//! Prints the documents of the cases for axum.
#![allow(dead_code, unused, deprecated)]

#[path = "../../../cases/axum/mod.rs"]
mod axum;
#[path = "../../../cases/print.rs"]
mod print;

fn main() {
    print::print(&[axum::ALL]);
}
