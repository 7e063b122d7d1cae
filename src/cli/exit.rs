//! The one way to say an exit.

/// How a run ended. Where several hold, the later one in this list of precedence wins: findings, recorded files,
/// usage, machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: nothing wrong.
    Clean,
    /// 1: findings of error level; `build` writes the site all the same.
    Findings,
    /// 3: nothing wrong, but recorded files that `oathbook update` would mend.
    Recorded,
    /// 2: bad usage or configuration.
    Usage,
    /// 4: the machine failed.
    Machine,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Recorded => 3,
            Self::Machine => 4,
        }
    }

    /// The graver of two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        // Recorded files that are out of date are the mildest, whatever their code.
        let weight = |exit: Self| match exit {
            Self::Clean => 0,
            Self::Recorded => 1,
            Self::Findings => 2,
            Self::Usage => 3,
            Self::Machine => 4,
        };
        if weight(other) > weight(self) { other } else { self }
    }
}
