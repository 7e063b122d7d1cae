//! Prints the documents of the cases for actix.
#![allow(dead_code, unused, deprecated)]

#[path = "../../../cases/actix/mod.rs"]
mod actix;
#[path = "../../../cases/print.rs"]
mod print;

fn main() {
    print::print(&[actix::ALL]);
}
