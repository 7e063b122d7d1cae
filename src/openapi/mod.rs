//! API documents: where they come from, what they say, and how two of them differ.
