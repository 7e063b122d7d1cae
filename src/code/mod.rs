//! Typed names of code: what a file of any language declares, for claims that name it.
