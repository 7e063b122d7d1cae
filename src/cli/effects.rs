//! What each command does to the machine that it runs on: the one list from which the handbook's page is made, and which a
//! test holds against the system calls of each command.

/// Where a command writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The folder of the site.
    Site,
    /// Files that an option or argument names.
    Named,
    /// Pages and other sources of the repository.
    Sources,
    /// Files of the repository that oathbook keeps: baselines, `docs.lock`, documents, positions, evidence.
    Records,
    /// A scratch folder of its own.
    Scratch,
    /// Cargo's target folder.
    Target,
}

/// What a command starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// git, without what its configuration names.
    Git,
    /// Commands that book.toml and captured outputs on pages name.
    Named,
    /// Cargo, and what blocks of pages hold.
    Samples,
    /// bash, and what steps of the named runbook hold; bubblewrap and ssh-keygen, where they are asked for.
    Steps,
    /// ssh-keygen.
    Signatures,
    /// The editor and the browser that the environment names, when the writer asks.
    Desktop,
}

/// What a command reaches over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The hosts of links on pages, if they are public.
    Links,
    /// The service at the address that an argument names.
    Service,
    /// Nothing, but it listens where an argument says, on this machine alone unless told otherwise.
    Listens,
}

/// The effects of one command.
#[derive(Clone, Copy, Debug)]
pub struct Effects {
    /// As it is typed, with the option that brings these effects.
    pub command: &'static str,
    /// Where it writes.
    pub writes: &'static [Place],
    /// What it starts.
    pub starts: &'static [Program],
    /// What it reaches.
    pub reaches: Option<Network>,
    /// Whether it gives up all other rights before it reads a page.
    pub sandboxed: bool,
}

const fn of(command: &'static str, writes: &'static [Place], starts: &'static [Program]) -> Effects {
    Effects { command, writes, starts, reaches: None, sandboxed: false }
}

const fn sandboxed(effects: Effects) -> Effects {
    Effects { sandboxed: true, ..effects }
}

const fn reaching(effects: Effects, network: Network) -> Effects {
    Effects { reaches: Some(network), ..effects }
}

use Place::{Named as File, Records, Scratch, Site, Sources, Target};
use Program::{Desktop, Git, Named, Samples, Signatures, Steps};

/// All commands.
pub const EFFECTS: &[Effects] = &[
    of("init", &[Sources], &[Git]),
    of("new", &[File], &[]),
    of("new --incident", &[File], &[Git]),
    sandboxed(of("build", &[Site], &[Git])),
    sandboxed(of("build --offline-bundle", &[File], &[Git])),
    sandboxed(of("check", &[File], &[Git])),
    sandboxed(of("check --fix", &[Sources, Records, File], &[Git])),
    sandboxed(reaching(of("serve", &[], &[Git, Desktop]), Network::Listens)),
    of("clean", &[Site], &[]),
    of("diagram render", &[File], &[]),
    of("diagram relayout", &[Records], &[Git]),
    of("diagram import", &[File], &[Git]),
    of("claims", &[], &[Git]),
    of("criteria", &[], &[Git]),
    reaching(of("linkcheck", &[Records], &[Git]), Network::Links),
    of("mv", &[Sources], &[Git]),
    of("mutate", &[], &[Git]),
    of("baseline", &[Records], &[Git]),
    of("update", &[Sources, Records], &[Git]),
    of("update --exec", &[Sources, Records], &[Git, Named]),
    of("review", &[Records], &[Git]),
    of("openapi extract", &[File], &[]),
    of("openapi diff", &[], &[Git]),
    of("openapi check", &[], &[Git]),
    of("openapi show", &[], &[Git]),
    of("openapi coverage", &[Records], &[Git]),
    of("openapi update", &[Records], &[Git]),
    of("openapi update --exec", &[Records], &[Git, Named]),
    of("test", &[Records, Scratch, Target], &[Git, Samples]),
    reaching(of("test --api", &[Records], &[Git]), Network::Service),
    of("run", &[Records, Scratch], &[Git, Steps]),
    of("evidence diff", &[], &[Git]),
    of("evidence show", &[], &[]),
    of("drill run", &[Records, Sources, Scratch], &[Git, Steps]),
    of("drill card", &[Records], &[Git]),
    of("metrics", &[], &[Git]),
    of("evidence verify", &[Scratch], &[Git, Signatures]),
    of("slo generate", &[File], &[]),
    of("oncall who", &[], &[Git]),
    of("oncall shifts", &[], &[Git]),
    of("oncall export", &[], &[Git]),
    of("oncall drift", &[], &[Git]),
    of("oncall import", &[], &[Git]),
    of("capacity record", &[Records], &[Git]),
    of("capacity import", &[Sources], &[Git]),
    of("capacity rules", &[], &[Git]),
    of("incident open", &[Records], &[Git]),
    of("incident log", &[Records], &[Git]),
    of("incident resolve", &[Records], &[Git]),
    of("incident import", &[Records], &[Git]),
    of("incident list", &[], &[Git]),
    of("incident handover", &[], &[Git]),
    of("theme list", &[], &[]),
    of("theme eject", &[File], &[]),
    of("explain", &[], &[]),
    of("completions", &[], &[]),
];

impl Place {
    /// For the page.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Site => "the site's folder",
            Self::Named => "files that you name",
            Self::Sources => "sources",
            Self::Records => "records",
            Self::Scratch => "a scratch folder",
            Self::Target => "Cargo's target folder",
        }
    }
}

impl Program {
    /// For the page.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Named => "commands that book.toml and pages name",
            Self::Samples => "Cargo and the code of pages",
            Self::Steps => "bash, the steps of the runbook",
            Self::Signatures => "ssh-keygen",
            Self::Desktop => "your editor and browser",
        }
    }
}

impl Network {
    /// For the page.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Links => "public hosts of links",
            Self::Service => "the service that you name",
            Self::Listens => "nothing; it listens",
        }
    }
}
