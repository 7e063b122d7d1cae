//! What commands write: never outside of what was named, never half, and nothing of the user's is lost.

use crate::cli::{Scratch, err, out, program};
use crate::support;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const BOOK: &str = "[book]\ntitle = \"T\"\n";

/// A book with a link whose anchor `check --fix` mends.
fn book(name: &str) -> Scratch {
    Scratch::new(name)
        .with("book.toml", BOOK)
        .with("src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n")
        .with("src/one.md", "# One\n\nSee [two](two.md#Deep).\n")
        .with("src/two.md", "# Two\n\n## Deep\n")
}

fn exists(folder: &Scratch, name: &str) -> bool {
    folder.0.join(name).symlink_metadata().is_ok()
}

#[test]
fn mends_keep_the_mode_of_a_page_and_the_link_that_leads_to_it() {
    let book = book("modes").with("shared/three.md", "# Three\n\n[two](two.md#Deep)\n");
    symlink("../shared/three.md", book.0.join("src/three.md")).unwrap();
    let summary = "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n- [Three](three.md)\n";
    std::fs::write(book.0.join("src/SUMMARY.md"), summary).unwrap();
    std::fs::set_permissions(book.0.join("src/one.md"), PermissionsExt::from_mode(0o600)).unwrap();
    let done = book.run(&["check", "--fix"]);
    assert!(err(&done).contains("mended 2 findings"), "{}", err(&done));
    assert_eq!(std::fs::metadata(book.0.join("src/one.md")).unwrap().mode() & 0o777, 0o600);
    assert!(book.0.join("src/three.md").is_symlink());
    assert_eq!(book.read("shared/three.md"), "# Three\n\n[two](two.md#deep)\n");
    assert!(!exists(&book, ".oathbook-staging"), "nothing is left over");
}

#[test]
fn a_link_that_leads_out_is_never_written_through() {
    let outside = Scratch::new("link-outside").with("victim.md", "# V\n\n[two](two.md#Deep)\n");
    let book = book("link-out");
    book.git(&["init", "-q", "."]);
    // The name that temporary files once had, a folder of records, and a report that a script names.
    symlink(outside.0.join("victim.md"), book.0.join("src/.one.md.oathbook-new")).unwrap();
    symlink(&outside.0, book.0.join("records")).unwrap();
    symlink(outside.0.join("report.json"), book.0.join("report.json")).unwrap();
    symlink(outside.0.join("victim.md"), book.0.join("summary.md")).unwrap();
    book.run(&["check", "--fix"]);
    let toml = format!("{BOOK}[checks]\nbaseline = \"records/b.txt\"\n");
    std::fs::write(book.0.join("book.toml"), toml).unwrap();
    std::fs::write(book.0.join("src/two.md"), "# Two\n\n[gone](gone.md)\n").unwrap();
    let refused = book.run(&["baseline"]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    assert!(err(&refused).contains("a link leads out of the repository"), "{}", err(&refused));
    for report in ["json=report.json", "markdown=summary.md"] {
        let refused = book.run(&["check", "--report", report]);
        assert_eq!(refused.status.code(), Some(2), "{report}: {}", err(&refused));
    }
    let site = book.run(&["build", "-d", "records/site"]);
    assert_eq!(site.status.code(), Some(2), "{}", err(&site));
    let names: Vec<_> =
        std::fs::read_dir(&outside.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["victim.md"]);
    assert_eq!(outside.read("victim.md"), "# V\n\n[two](two.md#Deep)\n");
}

#[test]
fn a_page_that_is_a_link_to_nothing_or_into_git_is_not_written() {
    let book = book("link-git");
    book.git(&["init", "-q", "."]);
    for target in [".git/hooks/post-checkout", "nowhere/x"] {
        let _ = std::fs::remove_file(book.0.join("docs.txt"));
        symlink(target, book.0.join("docs.txt")).unwrap();
        let toml = format!("{BOOK}[checks]\nbaseline = \"docs.txt\"\n");
        std::fs::write(book.0.join("book.toml"), toml).unwrap();
        let refused = book.run(&["baseline"]);
        assert_eq!(refused.status.code(), Some(2), "{target}: {}", err(&refused));
        assert!(!exists(&book, target), "{target}");
    }
    let refused = book.run(&["check", "--report", "json=.git/hooks/pre-commit"]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    assert!(!exists(&book, ".git/hooks/pre-commit"));
}

#[test]
fn a_book_cannot_send_its_site_over_sources_or_out_of_the_repository() {
    let away = Scratch::new("away");
    let outside = away.0.join("autostart");
    let repository =
        Scratch::new("build-dirs").with("other/book.toml", BOOK).with("other/.oathbook.json", "{}");
    let linked = repository.0.join("linked");
    std::fs::create_dir_all(repository.0.join(".git")).unwrap();
    symlink(&away.0, &linked).unwrap();
    let absolute = outside.display().to_string();
    let dirs = [
        absolute.as_str(),
        "../../away",
        "book/../src",
        "src",
        ".",
        "..",
        "../book",
        "src/..",
        "../other",
        "../.git/hooks",
        "../.GIT/x",
        "../linked/site",
        "theme",
    ];
    for dir in dirs {
        let book = &repository;
        for (name, text) in [
            ("book/src/SUMMARY.md", "# S\n\n- [A](a.md)\n"),
            ("book/src/a.md", "# A\n"),
            (
                "book/src/.oathbook.json",
                "{\"generator\":\"\",\"files\":{\"a.md\":\"0\",\"SUMMARY.md\":\"0\"}}",
            ),
            ("book/src/draft.txt", "not committed"),
            ("book/theme/x.css", ""),
        ] {
            let path = book.0.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let toml = format!("{BOOK}[build]\nbuild-dir = \"{dir}\"\n");
        std::fs::write(book.0.join("book/book.toml"), toml).unwrap();
        let refused = book.run(&["build", "book"]);
        assert_eq!(refused.status.code(), Some(2), "{dir}: {}", err(&refused));
        assert_eq!(book.read("book/src/draft.txt"), "not committed", "{dir}");
        assert_eq!(book.read("other/book.toml"), BOOK, "{dir}");
        let cleaned = book.run(&["clean", "book"]);
        assert_ne!(err(&cleaned), "", "{dir}");
        assert_eq!(book.read("book/src/a.md"), "# A\n", "{dir}");
    }
    assert!(!outside.exists());
    assert_eq!(std::fs::read_dir(&away.0).unwrap().count(), 0);
    // The user may send it anywhere.
    let built = repository.run(&["build", "book", "-d", &absolute]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    assert!(outside.join("a.html").is_file());
}

#[test]
fn what_a_build_did_not_write_is_named_and_stays() {
    let book = book("foreign");
    assert_eq!(book.run(&["build"]).status.code(), Some(1));
    for (name, held) in [("CNAME2", "CNAME2"), (".git", ".git"), ("search/mine.txt", "search/mine.txt")] {
        std::fs::write(book.0.join("book").join(name), "mine").unwrap();
        for command in ["build", "clean"] {
            let refused = book.run(&[command]);
            assert_eq!(refused.status.code(), Some(2), "{command} {name}: {}", err(&refused));
            assert!(err(&refused).contains(&format!("`{held}`")), "{}", err(&refused));
            assert_eq!(book.read(&format!("book/{name}")), "mine");
        }
        std::fs::remove_file(book.0.join("book").join(name)).unwrap();
    }
    assert_eq!(book.run(&["build"]).status.code(), Some(1));
}

#[test]
fn a_site_of_mdbook_is_taken_over_but_not_what_was_put_into_it() {
    let sentence = "This file makes sure that Github Pages doesn't process mdBook's output.\n";
    let book = book("of-mdbook").with("book/.nojekyll", sentence).with("book/index.html", "old");
    for name in ["CNAME", ".htaccess", ".well-known/security.txt"] {
        let path = book.0.join("book").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "mine").unwrap();
        let refused = book.run(&["build"]);
        assert_eq!(refused.status.code(), Some(2), "{name}: {}", err(&refused));
        assert!(err(&refused).contains(name), "{}", err(&refused));
        std::fs::remove_file(&path).unwrap();
    }
    assert_eq!(book.run(&["build"]).status.code(), Some(1));
    assert_ne!(book.read("book/index.html"), "old");
}

#[test]
fn a_damaged_site_is_told_and_mended() {
    let book = book("damaged");
    book.run(&["build"]);
    let fresh = book.read("book/two.html");
    let clean = book.run(&["build", "--check-output", "-q"]);
    assert_eq!((out(&clean), clean.status.code()), (String::new(), Some(1)), "{}", err(&clean));
    std::fs::write(book.0.join("book/two.html"), fresh.to_uppercase()).unwrap();
    std::fs::write(book.0.join("book/404.html"), "").unwrap();
    std::fs::remove_file(book.0.join("book/one.html")).unwrap();
    symlink("/etc/hostname", book.0.join("book/one.html")).unwrap();
    std::fs::remove_file(book.0.join("book/index.html")).unwrap();
    let told = book.run(&["build", "--check-output"]);
    assert_eq!(told.status.code(), Some(1));
    let lines = "404.html: empty\nindex.html: missing\none.html: not a regular file\ntwo.html: differs\n";
    assert_eq!(out(&told), lines);
    let mended = book.run(&["build"]);
    assert!(err(&mended).contains("(4 changed)"), "{}", err(&mended));
    assert_eq!(book.read("book/two.html"), fresh);
    assert!(!book.0.join("book/one.html").is_symlink());
    assert_eq!(out(&book.run(&["build", "--check-output", "-q"])), "");
    // The list of the site itself.
    let marker = book.read("book/.oathbook.json");
    let print = marker.split("two.html\":\"").nth(1).unwrap().get(..32).unwrap().to_owned();
    std::fs::write(book.0.join("book/.oathbook.json"), marker.replace(&print, &"0".repeat(32))).unwrap();
    book.run(&["build"]);
    assert_eq!(book.read("book/.oathbook.json"), marker);
    std::fs::set_permissions(book.0.join("book/two.html"), PermissionsExt::from_mode(0o0)).unwrap();
    book.run(&["build"]);
    assert_ne!(std::fs::metadata(book.0.join("book/two.html")).unwrap().mode() & 0o777, 0);
}

#[test]
fn a_build_that_changes_nothing_leaves_the_site_and_one_that_changes_a_page_keeps_the_other_files() {
    let book = book("again");
    book.run(&["build"]);
    let of = |name: &str| std::fs::metadata(book.0.join(name)).unwrap();
    let (site, one, two) = (of("book").ino(), of("book/one.html").ino(), of("book/two.html").ino());
    let again = book.run(&["build"]);
    assert!(err(&again).contains("(0 changed)"), "{}", err(&again));
    assert_eq!((of("book").ino(), of("book/two.html").ino()), (site, two));
    // What was staged for it is gone.
    let beside: Vec<_> = std::fs::read_dir(book.0.join(".oathbook-staging")).into_iter().flatten().collect();
    assert!(beside.is_empty(), "{beside:?}");
    std::fs::set_permissions(book.0.join("book"), PermissionsExt::from_mode(0o700)).unwrap();
    book.run(&["build"]);
    assert_ne!(of("book").mode() & 0o777, 0o700, "a folder nobody can look into is mended");
    let text = book.read("src/two.md");
    let book = book.with("src/two.md", format!("{text}\nMore.\n"));
    let changed = book.run(&["build"]);
    assert!(!err(&changed).contains("(0 changed)"), "{}", err(&changed));
    let of = |name: &str| std::fs::metadata(book.0.join(name)).unwrap().ino();
    assert_eq!(of("book/one.html"), one);
    assert_ne!(of("book/two.html"), two);
}

#[test]
fn pipes_and_open_files_are_written_through() {
    let book = book("pipes");
    let made = std::process::Command::new("mkfifo").arg(book.0.join("pipe")).status().unwrap();
    assert!(made.success());
    let reader =
        std::process::Command::new("cat").arg(book.0.join("pipe")).stdout(Stdio::piped()).spawn().unwrap();
    let done = book.run(&["check", "-q", "--report", "json=pipe"]);
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    let read = reader.wait_with_output().unwrap();
    assert!(out(&read).contains("\"code\":\"anchor\""), "{}", out(&read));
    let done = book.run(&["check", "-q", "--format", "markdown", "--report", "json=/dev/stdout"]);
    assert!(out(&done).contains("\"code\":\"anchor\""), "{}", out(&done));
    let done = book.run(&["check", "-q", "--report", "json=/dev/null"]);
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}

/// A book in which a move touches many files.
fn long_book(name: &str, pages: usize) -> Scratch {
    let mut book = Scratch::new(name).with("book.toml", BOOK);
    let mut summary = "# S\n\n".to_owned();
    for page in 0..pages {
        book = book.with(&format!("src/p{page}.md"), format!("# P{page}\n\n[a](p7.md#P7)\n"));
        summary += &format!("- [P{page}](p{page}.md)\n");
    }
    let book = book.with("src/SUMMARY.md", summary);
    book.git(&["init", "-q", "-b", "main", "."]);
    book.commit("base");
    book
}

/// Starts a command and kills it after a while; whether it was still running.
fn killed_after(book: &Scratch, arguments: &[&str], wait: Duration) -> bool {
    let mut child = program(&book.0, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(wait);
    let running = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    let _ = child.wait();
    running
}

/// All files and their contents, but for git's and the site.
fn sources(root: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let walk = walkdir::WalkDir::new(root).into_iter().filter_entry(|entry| entry.file_name() != ".git");
    walk.flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(root).unwrap().display().to_string();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// What a command leaves when nobody disturbs it, and how long it takes.
fn undisturbed(name: &str, arguments: &[&str]) -> (std::collections::BTreeMap<String, Vec<u8>>, Duration) {
    let whole = long_book(name, 30);
    let begin = std::time::Instant::now();
    whole.run(arguments);
    (sources(&whole.0), begin.elapsed())
}

#[test]
fn a_killed_run_leaves_nothing_half_and_the_next_one_finishes() {
    let rounds = if support::full() { 100 } else { 4 };
    let commands: &[&[&str]] =
        &[&["mv", "src/p7.md", "src/q/p7.md"], &["check", "--fix"], &["baseline"], &["update"], &["build"]];
    for arguments in commands {
        let name = arguments[0];
        let (right, time) = undisturbed(&format!("kill-{name}-whole"), arguments);
        let mut killed = 0;
        for round in 0..rounds {
            let book = long_book(&format!("kill-{name}-{round}"), 30);
            // Spread over the run, the end more densely: that is where it writes.
            let share = 1.0 - (f64::from(round) / f64::from(rounds)).powi(2) * 0.9;
            killed += usize::from(killed_after(&book, arguments, time.mul_f64(share)));
            let status = book.git(&["status", "--porcelain", "--untracked-files=all"]);
            assert!(!status.contains("staging"), "{name} {round}: {status}");
            let again = book.run(arguments);
            assert!(again.status.code().is_some_and(|code| code < 4), "{name} {round}: {}", err(&again));
            let now = sources(&book.0);
            let differ: Vec<_> =
                now.keys().chain(right.keys()).filter(|file| now.get(*file) != right.get(*file)).collect();
            // A move that had ended before it was killed is refused the second time, as it should be.
            assert!(differ.is_empty(), "{name} {round}: {differ:?}\n{}", err(&again));
        }
        println!(
            "figure: {name}: killed {killed} of {rounds} runs before their end; all finished by the next"
        );
    }
}

#[test]
fn two_builds_at_once_publish_whole_sites() {
    let pairs = if support::full() { 200 } else { 6 };
    let book = long_book("two-builds", 60);
    book.run(&["build", "-q"]);
    for pair in 0..pairs {
        std::fs::write(book.0.join("src/p1.md"), format!("# P1\n\n{pair}\n")).unwrap();
        let build = || program(&book.0, &["build", "-q"]).stderr(Stdio::piped()).spawn().unwrap();
        let first = build();
        std::thread::sleep(Duration::from_millis(pair % 9));
        let second = build();
        for done in [first.wait_with_output().unwrap(), second.wait_with_output().unwrap()] {
            assert!(done.status.code().is_some_and(|code| code < 2), "pair {pair}: {}", err(&done));
        }
        let told = book.run(&["build", "--check-output", "-q"]);
        assert_eq!(out(&told), "", "pair {pair}");
        assert!(!exists(&book, ".oathbook-staging"), "pair {pair}");
    }
    println!("figure: {pairs} pairs of builds at once: {pairs} whole sites");
}

#[test]
fn a_large_file_is_copied_by_the_piece() {
    let book = book("large");
    let film = std::fs::File::create(book.0.join("src/film.mp4")).unwrap();
    // A file with a hole takes no room on the disk, and as much memory as any when it is read whole.
    film.set_len(600 << 20).unwrap();
    let limited = |arguments: &str| {
        let line = format!("ulimit -v 900000; exec {} {arguments}", env!("CARGO_BIN_EXE_oathbook"));
        std::process::Command::new("bash").args(["-c", &line]).current_dir(&book.0).output().unwrap()
    };
    let built = limited("build");
    assert_eq!(built.status.code(), Some(1), "{}", err(&built));
    assert_eq!(std::fs::metadata(book.0.join("book/film.mp4")).unwrap().len(), 600 << 20);
    assert_eq!(out(&limited("build --check-output -q")), "");
}
