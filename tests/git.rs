//! git on a stranger's repository: nothing that its configuration names is started, nothing is fetched, and what git cannot
//! say is never taken for "there is nothing".

use crate::cli::{Scratch, err, out, program};
use std::path::Path;

fn repository(name: &str) -> Scratch {
    let book = Scratch::new(name)
        .with("book.toml", "[book]\ntitle = \"T\"\n[site]\nlast-changed = true\n")
        .with("src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n")
        .with("src/one.md", "# One\n\nSee [two](two.md#deep).\n")
        .with("src/two.md", "# Two\n\n## Deep\n\n[old](gone.md)\n");
    book.git(&["init", "-q", "-b", "main", "."]);
    book.commit("base");
    book
}

/// Lets a repository's configuration name a program at each place where git would start one.
pub fn booby_trap(book: &Scratch, ran: &Path) {
    let trap = format!("sh -c 'touch {}; cat'", ran.display());
    for key in [
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.gitProxy",
        "gpg.program",
        "gpg.ssh.program",
        "credential.helper",
        "remote.origin.uploadpack",
        "core.alternateRefsCommand",
        "merge.x.driver",
        "uploadpack.packObjectsHook",
        "pager.log",
        "pager.diff",
        "alias.log",
        "interactive.diffFilter",
    ] {
        book.git(&["config", key, &trap]);
    }
    for (key, value) in
        [("log.showSignature", "true"), ("core.hooksPath", "hooks"), ("status.submoduleSummary", "true")]
    {
        book.git(&["config", key, value]);
    }
    for hook in ["post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        let path = book.0.join("hooks").join(hook);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("#!/bin/sh\ntouch {}\n", ran.display())).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&path, mode).unwrap();
    }
    std::fs::write(book.0.join(".gitattributes"), "* filter=x diff=x merge=x\n").unwrap();
}

#[test]
fn nothing_that_a_repositorys_configuration_names_is_started() {
    let book = repository("trap");
    let ran = book.0.with_extension("ran");
    let _ = std::fs::remove_file(&ran);
    booby_trap(&book, &ran);
    // A page as large as before and of another time: git would have to convert it to know whether it changed.
    std::fs::write(book.0.join("src/one.md"), "# One\n\nSee [two](two.md#DEEP).\n").unwrap();
    let commands: &[&[&str]] = &[
        &["check"],
        &["check", "--base", "HEAD"],
        &["check", "--base", "HEAD", "--format", "markdown"],
        &["check", "--base", "HEAD", "--head", "HEAD"],
        &["build"],
        &["claims"],
        &["review"],
        &["update"],
        &["check", "--fix"],
        &["mutate", "--unprotected"],
        &["openapi", "diff", "HEAD:a.json", "HEAD:a.json"],
    ];
    for arguments in commands {
        let done = book.run(arguments);
        assert!(!ran.exists(), "{arguments:?} started it: {}", err(&done));
        assert!(done.status.code().is_some_and(|code| code < 4), "{arguments:?}: {}", err(&done));
    }
    // The trap works: git itself falls into it.
    let _ = std::process::Command::new("git").args(["status"]).current_dir(&book.0).output();
    assert!(ran.exists());
    let _ = std::fs::remove_file(ran);
}

/// A clone without the contents of old files, whose remote is there but must not be asked.
fn partial(name: &str) -> (Scratch, Scratch) {
    let origin = repository(&format!("{name}-origin"));
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    origin.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    std::fs::write(origin.0.join("src/two.md"), "# Two\n\n## Deep\n\nMore. [old](gone.md)\n").unwrap();
    origin.commit("more");
    let clone = Scratch::new(name);
    let url = format!("file://{}", origin.0.display());
    clone.git(&["clone", "-q", "--no-local", "--filter=blob:none", &url, "."]);
    (origin, clone)
}

#[test]
fn a_base_that_a_partial_clone_left_out_is_said_with_what_brings_it() {
    let (origin, clone) = partial("partial");
    let ran = clone.0.with_extension("ran");
    clone.git(&[
        "config",
        "remote.origin.uploadpack",
        &format!("sh -c 'touch {}; git-upload-pack $0'", ran.display()),
    ]);
    let done = clone.run(&["check", "--base", "HEAD~1"]);
    assert_eq!(done.status.code(), Some(4), "{}", err(&done));
    assert!(!ran.exists(), "nothing is asked of a remote");
    assert!(err(&done).contains("git fetch --refetch --no-filter"), "{}", err(&done));
    assert_eq!(out(&done), "", "nothing is judged without the base");
    clone.git(&["config", "remote.origin.uploadpack", "git-upload-pack"]);
    clone.git(&["fetch", "-q", "--refetch", "--no-filter"]);
    let done = clone.run(&["check", "--base", "HEAD~1"]);
    let whole = origin.run(&["check", "--base", "HEAD~1"]);
    assert_eq!((out(&done), done.status.code()), (out(&whole), Some(0)), "{}", err(&done));
}

#[test]
fn a_damaged_object_of_the_base_is_said() {
    let book = repository("damaged-object");
    let object = book.git(&["rev-parse", "HEAD:src/two.md"]);
    std::fs::write(book.0.join("src/two.md"), "# Two\n\n## Deep\n").unwrap();
    book.commit("more");
    let (head, rest) = object.trim().split_at(2);
    let file = book.0.join(".git/objects").join(head).join(rest);
    std::fs::remove_file(&file).unwrap();
    for damage in [None, Some("no object")] {
        if let Some(text) = damage {
            std::fs::write(&file, text).unwrap();
        }
        let done = book.run(&["check", "--base", "HEAD~1"]);
        assert_eq!(done.status.code(), Some(4), "{damage:?}: {}", err(&done));
    }
}

#[test]
fn what_git_cannot_say_is_not_guessed() {
    let folder = Scratch::new("no-git")
        .with("README.md", "# R\n")
        .with("build/gen.md", "[x](gone.md)\n")
        .with(".gitignore", "build\n");
    folder.git(&["init", "-q", "."]);
    assert_eq!(folder.run(&["check"]).status.code(), Some(0));
    for command in [&["check"][..], &["claims"], &["update"]] {
        let without = program(&folder.0, command).env("PATH", "/nonexistent").output().unwrap();
        assert_eq!(without.status.code(), Some(4), "{command:?}: {}", err(&without));
        assert!(err(&without).contains("git cannot be started"), "{}", err(&without));
    }
    let broken = folder.0.join(".git/index");
    std::fs::write(&broken, "no index").unwrap();
    let done = folder.run(&["check"]);
    assert_eq!(done.status.code(), Some(4), "{}", err(&done));
    // A work tree whose repository is elsewhere, as a container sees it: judged, and said.
    std::fs::remove_dir_all(folder.0.join(".git")).unwrap();
    std::fs::write(folder.0.join(".git"), "gitdir: /nonexistent/worktrees/x\n").unwrap();
    let done = folder.run(&["check"]);
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    assert!(err(&done).contains("ignored files are judged, too"), "{}", err(&done));
}

#[test]
fn another_users_repository_is_read_as_ones_own() {
    let book =
        repository("ownership").with(".gitignore", "ignored.md\n").with("ignored.md", "[x](gone.md)\n");
    let owned =
        std::process::Command::new("chown").args(["-R", "12345:12345", "."]).current_dir(&book.0).status();
    if !owned.is_ok_and(|status| status.success()) {
        crate::support::skip("root", "only root can give files away");
        return;
    }
    let done = book.run(&["check", "--base", "HEAD"]);
    assert!(done.status.code().is_some_and(|code| code < 2), "{}", err(&done));
    assert!(!out(&done).contains("ignored.md"), "{}", out(&done));
}

#[test]
fn a_surrounding_hooks_variables_are_of_another_repository() {
    let (other, book) = (repository("hook-other"), repository("hook"));
    std::fs::write(book.0.join("src/one.md"), "# One\n\n[new](nowhere.md)\n").unwrap();
    let done = program(&book.0, &["check", "--base", "HEAD"])
        .env("GIT_DIR", other.0.join(".git"))
        .env("GIT_WORK_TREE", &other.0)
        .env("GIT_INDEX_FILE", other.0.join(".git/index"))
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    assert!(out(&done).contains("nowhere.md"), "{}", out(&done));
}

#[test]
fn the_files_that_differ_are_those_that_git_names() {
    let book = repository("changed")
        .with("docs/a.md", "a\n")
        .with("docs/b.md", "b\n")
        .with("docs/c.md", "c\n")
        .with("docs/d.md", "d\n");
    std::os::unix::fs::symlink("a.md", book.0.join("docs/link.md")).unwrap();
    std::os::unix::fs::symlink("a.md", book.0.join("docs/moved.md")).unwrap();
    book.commit("docs");
    let touched = |name: &str| std::fs::write(book.0.join(name), book.read(name)).unwrap();
    // Same bytes again, same size other bytes, gone, staged, staged and back, mode alone, a link elsewhere, new.
    touched("docs/a.md");
    std::fs::write(book.0.join("docs/b.md"), "B\n").unwrap();
    std::fs::remove_file(book.0.join("docs/c.md")).unwrap();
    std::fs::write(book.0.join("docs/d.md"), "staged\n").unwrap();
    book.git(&["add", "docs/d.md"]);
    std::fs::write(book.0.join("src/two.md"), "staged\n").unwrap();
    book.git(&["add", "src/two.md"]);
    std::fs::write(book.0.join("src/two.md"), "# Two\n\n## Deep\n\n[old](gone.md)\n").unwrap();
    std::fs::remove_file(book.0.join("docs/moved.md")).unwrap();
    std::os::unix::fs::symlink("b.md", book.0.join("docs/moved.md")).unwrap();
    std::fs::write(book.0.join("docs/new.md"), "new\n").unwrap();
    let day = oathbook::base::Date::from_days(20_000);
    let base = oathbook::shell::git::GitWorld::open(&book.0, "HEAD", day).unwrap();
    let found = oathbook::shell::git::changed(&book.0, &base).unwrap();
    let mut right: Vec<String> =
        book.git(&["diff", "--name-only", "HEAD"]).lines().map(str::to_owned).collect();
    right.push("docs/new.md".into());
    right.sort_unstable();
    assert_eq!(found.iter().map(|path| path.as_str().to_owned()).collect::<Vec<_>>(), right);
    assert_eq!(right, ["docs/b.md", "docs/c.md", "docs/d.md", "docs/moved.md", "docs/new.md"]);
    // Below a folder of the repository, and in a second work tree of it.
    let below = oathbook::shell::git::GitWorld::open(&book.0.join("docs"), "HEAD", day).unwrap();
    let found = oathbook::shell::git::changed(&book.0.join("docs"), &below).unwrap();
    assert_eq!(
        found.iter().map(oathbook::base::RelPath::as_str).collect::<Vec<_>>(),
        ["b.md", "c.md", "d.md", "moved.md", "new.md"]
    );
    let other = book.0.with_extension("tree");
    book.git(&["worktree", "add", "-q", "--detach", &other.display().to_string()]);
    std::fs::write(other.join("docs/a.md"), "A\n").unwrap();
    let world = oathbook::shell::git::GitWorld::open(&other, "HEAD", day).unwrap();
    let found = oathbook::shell::git::changed(&other, &world).unwrap();
    assert_eq!(found.iter().map(oathbook::base::RelPath::as_str).collect::<Vec<_>>(), ["docs/a.md"]);
    std::fs::remove_dir_all(other).unwrap();
}
