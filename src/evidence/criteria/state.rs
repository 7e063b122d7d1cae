//! How a check box or a criterion stands.

use super::judge::EVIDENCE_TO_COME;
use crate::base::RelPath;
use crate::model::PageId;

/// How something stands, from the best to the worst; of several, the worst counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// All that is named for it holds.
    Proven,
    /// It holds, by data that are made up or smaller than production's.
    Demonstrated,
    /// It does not hold, for a reason, by somebody's decision, until a day.
    Deviating,
    /// It held, too long ago.
    Due,
    /// Nothing proves it, or what is named for it does not hold.
    #[default]
    Red,
}

impl State {
    /// All, from the best.
    pub const ALL: &[Self] = &[Self::Proven, Self::Demonstrated, Self::Deviating, Self::Due, Self::Red];

    /// For people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Demonstrated => "demonstrated",
            Self::Deviating => "deviation",
            Self::Due => "due",
            Self::Red => "red",
        }
    }
}

/// Where a proof leads a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// A page.
    Page(PageId),
    /// A file of the repository.
    File(RelPath),
    /// Another box, by its place in the list.
    Row(usize),
    /// The ledger of all claims.
    Ledger,
    /// Nowhere: there is no such thing.
    Nowhere,
}

/// One proof, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// As it is written.
    pub told: String,
    /// How it stands.
    pub state: State,
    /// Why, in words without a stop at their end: what was seen, or what is missing.
    pub why: String,
    /// Where it leads.
    pub lead: Lead,
}

/// How something stands, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The worst of its proofs, or what a deviation makes of it.
    pub state: State,
    /// What decides that.
    pub why: Vec<String>,
    /// Each proof.
    pub proofs: Vec<Shown>,
}

impl Judged {
    /// What a set of proofs comes to. Without any, nothing is proven.
    pub(super) fn of(proofs: Vec<Shown>, refused: usize) -> Self {
        if refused > 0 {
            let why = vec!["a proof cannot be read".to_owned()];
            return Self { state: State::Red, why, proofs };
        }
        let Some(state) = proofs.iter().map(|proof| proof.state).max() else {
            return Self { state: State::Red, why: vec!["no proof is named".to_owned()], proofs };
        };
        let mut why: Vec<String> = Vec::new();
        for proof in proofs.iter().filter(|proof| proof.state == state) {
            let told = format!("{}: {}", proof.told, proof.why);
            if !why.contains(&told) {
                why.push(told);
            }
        }
        Self { state, why, proofs }
    }

    /// Whether all that makes it red is evidence of a day that is yet to come.
    pub fn is_early(&self) -> bool {
        let mut red = self.proofs.iter().filter(|proof| proof.state == State::Red).peekable();
        red.peek().is_some() && red.all(|proof| proof.why.contains(EVIDENCE_TO_COME))
    }

    /// What it is proven by.
    pub fn told_proofs(&self) -> String {
        self.proofs.iter().map(|proof| proof.told.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// How many stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally([usize; 5]);

impl Tally {
    /// Counts states.
    pub fn of(states: impl IntoIterator<Item = State>) -> Self {
        let mut out = Self::default();
        for state in states {
            out.0.get_mut(state as usize).into_iter().for_each(|count| *count += 1);
        }
        out
    }

    /// How many are of a state.
    pub fn get(&self, state: State) -> usize {
        self.0.get(state as usize).copied().unwrap_or(0)
    }

    /// The worst that there is; none where nothing was counted.
    pub fn worst(&self) -> Option<State> {
        State::ALL.iter().rev().copied().find(|state| self.get(*state) > 0)
    }

    /// As in `3 proven, 1 red`.
    pub fn told(&self) -> String {
        let some = State::ALL.iter().filter(|state| self.get(**state) > 0);
        some.map(|state| format!("{} {}", self.get(*state), state.name())).collect::<Vec<_>>().join(", ")
    }
}
