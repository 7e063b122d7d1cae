//! Landlock and seccomp.

use super::{Applied, Limits, Wall};
use landlock::{
    ABI, AccessFs, BitFlags, CompatLevel, Compatible as _, PathBeneath, PathFd, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetStatus,
};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The version of Landlock whose rights are asked for (Linux 6.2); of what an older kernel lacks, nothing is limited.
const VERSION: ABI = ABI::V3;

pub(super) fn apply(limits: &Limits) -> Applied {
    let programs = programs();
    let written = landlock(limits, programs.as_deref().ok());
    let sockets = seccomp().map_or_else(Wall::Missing, |()| Wall::Stands);
    match written {
        Ok(()) => Applied {
            writes: Wall::Stands,
            programs: programs.map_or_else(Wall::Missing, |_| Wall::Stands),
            sockets,
        },
        Err(why) => Applied { writes: Wall::Missing(why.clone()), programs: Wall::Missing(why), sockets },
    }
}

fn landlock(limits: &Limits, programs: Option<&[PathBuf]>) -> Result<(), String> {
    let words = |error: landlock::RulesetError| error.to_string();
    let write = AccessFs::from_write(VERSION);
    let handled: BitFlags<AccessFs> = if programs.is_some() { write | AccessFs::Execute } else { write };
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(handled)
        .and_then(Ruleset::create)
        .map_err(words)?;
    let devices = [PathBuf::from("/dev/null")];
    for path in limits.write.iter().chain(&devices) {
        // What is not there needs no right.
        let Ok(open) = PathFd::new(path) else { continue };
        let rights = if path.is_dir() { write } else { write & AccessFs::from_file(VERSION) };
        rules = rules.add_rule(PathBeneath::new(open, rights)).map_err(words)?;
    }
    for program in programs.into_iter().flatten() {
        let Ok(open) = PathFd::new(program) else { continue };
        rules = rules.add_rule(PathBeneath::new(open, AccessFs::Execute)).map_err(words)?;
    }
    match rules.restrict_self().map_err(words)?.ruleset {
        RulesetStatus::NotEnforced => Err("the kernel has no Landlock".into()),
        RulesetStatus::PartiallyEnforced | RulesetStatus::FullyEnforced => Ok(()),
    }
}

/// git and the loader that starts it; why not where git is a script, whose interpreter could start anything.
fn programs() -> Result<Vec<PathBuf>, String> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).map(|folder| folder.join("git")).find(|path| path.is_file());
    // Without git nothing has to be started.
    let Some(git) = found.and_then(|git| std::fs::canonicalize(git).ok()) else { return Ok(Vec::new()) };
    let mut head = [0; 4];
    let read = std::fs::File::open(&git).and_then(|mut file| file.read_exact(&mut head));
    if read.is_err() || head != *b"\x7fELF" {
        return Err(format!("{} is a script", git.display()));
    }
    let mut out = vec![git];
    // The dynamic loaders of glibc and musl: `ld-linux-x86-64.so.2`, `ld-musl-aarch64.so.1`.
    for folder in ["/lib", "/lib64", "/usr/lib", "/usr/lib64"] {
        let entries = std::fs::read_dir(Path::new(folder)).into_iter().flatten().flatten();
        let loaders = entries.filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("ld-linux") || name.starts_with("ld-musl") || name.starts_with("ld64.so")
        });
        out.extend(loaders.filter_map(|entry| std::fs::canonicalize(entry.path()).ok()));
    }
    Ok(out)
}

/// Refuses new sockets, and the ways around: `io_uring` opens them without the call, and another process's memory could be
/// asked to.
fn seccomp() -> Result<(), String> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|error| error.to_string())?;
    let calls = refused(arch).ok_or("this processor's system calls are not known here")?;
    let rules: BTreeMap<i64, Vec<seccompiler::SeccompRule>> =
        calls.into_iter().map(|call| (call, Vec::new())).collect();
    // 13 is EACCES, which programs take for "not allowed".
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(13), arch)
        .map_err(|error| error.to_string())?;
    let program: BpfProgram =
        filter.try_into().map_err(|error: seccompiler::BackendError| error.to_string())?;
    seccompiler::apply_filter(&program).map_err(|error| error.to_string())
}

/// `socket`, `io_uring_setup`, `ptrace`, `process_vm_writev`, by the tables of the kernel
/// (`arch/x86/entry/syscalls/syscall_64.tbl`, `include/uapi/asm-generic/unistd.h`).
fn refused(arch: TargetArch) -> Option<[i64; 4]> {
    match arch {
        TargetArch::x86_64 => Some([41, 425, 101, 311]),
        TargetArch::aarch64 | TargetArch::riscv64 => Some([198, 425, 117, 271]),
        #[expect(unreachable_patterns, reason = "the library may learn of more processors")]
        _ => None,
    }
}
