//! Limits of the example program.

/// What one user may do.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests in a minute.
    pub requests: u32,
    /// Bytes in one request.
    pub bytes: usize,
}

impl Limits {
    /// The limits of a user who has not asked for more.
    pub const fn standard() -> Self {
        Self { requests: 60, bytes: 1 << 20 }
    }
}

/// Whether a request of this size may pass.
pub fn allowed(limits: Limits, size: usize) -> bool {
    // ANCHOR: compare
    size <= limits.bytes
    // ANCHOR_END: compare
}
