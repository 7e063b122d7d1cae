//! Prints the documents of the cases in the order of their source, and of those with returned responses.
#![allow(dead_code, unused, deprecated)]

#[path = "../../../cases/auto/mod.rs"]
mod auto;
#[path = "../../../cases/order/mod.rs"]
mod order;
#[path = "../../../cases/print.rs"]
mod print;

fn main() {
    print::print(&[auto::ALL, order::ALL]);
}
