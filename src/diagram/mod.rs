//! Diagrams: text to graph to layout to picture.
