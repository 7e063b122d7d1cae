//! Runbooks that run: each promise of the reference page, and what tries to break it.

use crate::cli::{Scratch, err, out, program};
use crate::support::skip;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

const TARGET: &str = "size = \"synthetic\"\ndestructive = \"confirm\"\n";

/// A book with one runbook of these sections.
fn book(name: &str, front: &str, sections: &str) -> Scratch {
    Scratch::new(&format!("runs-{name}"))
        .with("book.toml", "[book]\ntitle = \"T\"\n[checks]\nrequired-heading = \"off\"\n")
        .with("src/SUMMARY.md", "# Summary\n\n- [R](r.md)\n")
        .with("targets/drill.toml", TARGET)
        .with("src/r.md", page(front, sections))
}

fn page(front: &str, sections: &str) -> String {
    format!(
        "---\nkind: runbook\nowner: team\ntargets: [drill]\n{front}---\n\n# R\n\n## Preconditions\n\n{sections}\n"
    )
}

fn run(book: &Scratch, more: &[&str]) -> Output {
    let mut arguments = vec!["run", "src/r.md", "--target", "drill"];
    arguments.extend(more);
    // A folder of its own, so that runs of other tests are not seen.
    program(&book.0, &arguments).env("TMPDIR", temporary(book)).env("KEY", SECRET).output().unwrap()
}

fn temporary(book: &Scratch) -> std::path::PathBuf {
    let folder = book.0.join("tmp");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

const SECRET: &str = "hunter2/correct horse+battery";

/// The newest evidence, as JSON and as text.
fn evidence(book: &Scratch) -> Option<(serde_json::Value, String)> {
    let folder = book.0.join("src/operations/evidence/r");
    let mut files: Vec<_> = std::fs::read_dir(folder).ok()?.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    let text = std::fs::read_to_string(files.last()?).unwrap();
    Some((serde_json::from_str::<serde_json::Value>(&text).unwrap()["predicate"].clone(), text))
}

fn names(run: &serde_json::Value) -> Vec<String> {
    run["steps"].as_array().unwrap().iter().map(|step| step["name"].as_str().unwrap().to_owned()).collect()
}

fn step(attributes: &str, code: &str) -> String {
    format!("```sh {{{attributes}}}\n{code}\n```\n\n")
}

fn output(text: &str) -> String {
    format!("```output\n{text}\n```\n\n")
}

/// Processes whose command line holds a word.
fn with_word(word: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&line).contains(word) {
            found.push(number);
        }
    }
    found
}

fn until(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < limit {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    holds()
}

#[test]
fn an_objective_that_is_missed_fails_the_run_and_one_that_nobody_measured_by_reading_alone_does_not() {
    let slow = format!("{}## Steps\n\n{}", step("name=look", "true"), step("name=slow", "sleep 0.05"));
    let missed = book("missed", "rto: < 5ms of slow..slow\n", &slow);
    let done = run(&missed, &[]);
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    let (told, _) = evidence(&missed).unwrap();
    assert_eq!(
        (told["status"].as_str(), told["objectives"][0]["met"].as_bool()),
        (Some("passed"), Some(false))
    );
    assert_eq!(run(&missed, &["--diagnose"]).status.code(), Some(0));
    let kept = book("kept", "rto: < 1h of slow..slow\n", &slow);
    assert_eq!(run(&kept, &[]).status.code(), Some(0));
}

#[test]
fn the_example_of_the_reference_page_runs_as_it_stands_there() {
    let reference =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("content/reference/runbooks.md"))
            .unwrap();
    let between = |open: &str, close: &str| {
        let (_, rest) = reference.split_once(open).unwrap();
        rest.split_once(close).unwrap().0.to_owned()
    };
    let example = between("````markdown title=\"restart.md\"\n", "````\n");
    let target = between("```toml title=\"targets/drill.toml\"\n", "```\n");
    let book = book("reference", "", "").with("src/r.md", &example).with("targets/drill.toml", target);
    let done = run(&book, &["--plan"]);
    assert_eq!((done.status.code(), err(&done).as_str()), (Some(0), ""));
    assert!(out(&done).contains("stop, at most 10 min, DESTRUCTIVE: asks first"), "{}", out(&done));
    let call = |more: &[&str]| {
        let mut arguments = vec!["run", "src/r.md", "--target", "drill"];
        arguments.extend(more);
        program(&book.0, &arguments).env("API_KEY", "not-a-real-key").output().unwrap()
    };
    assert_eq!(call(&[]).status.code(), Some(2), "nobody confirmed");
    assert!(evidence(&book).is_none());
    let done = call(&["--allow-destructive"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let (run, _) = evidence(&book).unwrap();
    assert_eq!(names(&run), ["room", "start", "stop", "broken", "answers", "compare", "tidy"]);
    assert_eq!(
        (run["captures"]["count"].as_str(), run["captures"]["lost"].as_str()),
        (Some("5"), Some("0.5"))
    );
    assert_eq!(run["objectives"][1]["measured_ms"].as_u64(), Some(500));
    assert!(run["left"][0]["program"].as_str().unwrap().contains("sleep 60"));
    // Every attribute is in the example.
    for (form, _) in oathbook::runs::convention::ATTRIBUTES {
        let name = form.split('=').next().unwrap();
        assert!(example.lines().any(|line| line.starts_with("```sh {") && line.contains(name)), "{name}");
        assert!(reference.contains(&format!("| `{form}` |")), "{form}");
    }
    for one in oathbook::runs::holes::TYPES {
        assert!(reference.contains(&format!("`{}`", one.name)), "{}", one.name);
    }
}

#[test]
fn a_failure_is_followed_by_rollback_and_cleanup_and_said_with_its_reason() {
    let sections = format!(
        "{}## Steps\n\n{}{}{}## Verify\n\n{}## Rollback\n\n{}## Cleanup\n\n{}{}",
        step("name=look", "true"),
        step("name=make", "echo made 3 files"),
        output("made {{n:int}} files"),
        step("name=bad", "echo \"made $n files\"; echo oops >&2; echo made 4 files")
            + &output("made {{n:int}} files\nmade {{n:int}} files"),
        step("name=never", "true"),
        step("name=back", "true"),
        step("name=tidy-1", "false"),
        step("name=tidy-2", "true"),
    );
    let book = book("failure", "rto: < 1h of make..never\n", &sections);
    let done = run(&book, &[]);
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    let (run, text) = evidence(&book).unwrap();
    assert_eq!(run["status"], "failed");
    assert_eq!(names(&run), ["look", "make", "bad", "back", "tidy-1", "tidy-2"]);
    let why = run["steps"][2]["failed"].as_str().unwrap();
    assert_eq!(
        why,
        "the output is another: expected `made {{n:int}} files`, got `made 4 files`; `n` was `3` before"
    );
    assert_eq!(run["steps"][2]["stderr"]["text"], "oops\n");
    assert!(run["objectives"][0]["measured_ms"].is_null() && run["objectives"][0]["met"] == false, "{text}");
    // The page's claim is contradicted, and a run that passes makes it good again.
    let done = book.run(&["check"]);
    assert!(
        out(&done).contains("error[run-evidence]") && out(&done).contains("step `bad`"),
        "{}",
        out(&done)
    );
    assert_eq!(done.status.code(), Some(1));
}

#[test]
fn what_does_not_follow_the_convention_is_refused_before_anything_runs() {
    let good = step("name=a", "touch \"$OATHBOOK_ROOT/ran\"");
    let cases: [(&str, &str, String, &str); 8] = [
        ("", "size = \"huge\"\n", good.clone(), "unknown variant"),
        ("", TARGET, step("nam=a", "true"), "src/r.md:11:1: a step has no attribute `nam=a`"),
        ("secrets: [GONE]\n", TARGET, good.clone(), "the secret GONE is not in the environment"),
        ("secrets: [TERM]\n", "size = \"synthetic\"\n", good.clone(), "shorter than 8 bytes"),
        (
            "",
            "size = \"synthetic\"\n[env]\nn = \"1\"\n",
            good.clone() + &output("{{n:int}}"),
            "captures `n`, which the target sets",
        ),
        (
            "",
            "size = \"synthetic\"\ndestructive = \"deny\"\n",
            format!("## Steps\n\n{}", step("name=a destructive", "true")),
            "allows no destructive step",
        ),
        ("", TARGET, String::new(), "has no step"),
        ("", "size = \"synthetic\"\nuser = \"nobody-at-all\"\n", good.clone(), "there is no such user"),
    ];
    for (front, target, sections, why) in cases {
        let book = book("refused", front, &sections).with("targets/drill.toml", target);
        let done = program(&book.0, &["run", "src/r.md", "--target", "drill", "--allow-destructive"])
            .env("TERM", "dumb")
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(2), "{why}: {}", err(&done));
        assert!(err(&done).contains(why), "{why}: {}", err(&done));
        assert!(evidence(&book).is_none() && !book.0.join("ran").exists());
    }
    let book = book("refused-target", "", &good);
    for target in ["prod", "../drill", "drill.toml", ""] {
        let done = program(&book.0, &["run", "src/r.md", "--target", target]).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{target}");
    }
    assert_eq!(program(&book.0, &["run", "src/r.md"]).output().unwrap().status.code(), Some(2), "no default");
    book.with_changed("src/r.md", "# R\n\n## Steps\n\n```sh {name=a}\ntouch x\n```\n");
    let done = run(&book, &[]);
    assert!(err(&done).contains("is no runbook"), "{}", err(&done));
}

#[test]
fn diagnosis_alone_changes_nothing_and_leaves_no_evidence() {
    let sections = step("name=look", "echo looked > \"$OATHBOOK_ROOT/looked\"")
        + "## Steps\n\n"
        + &step("name=act", "touch \"$OATHBOOK_ROOT/acted\"");
    let book = book("diagnose", "", &sections);
    let done = run(&book, &["--diagnose"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert!(book.0.join("looked").exists() && !book.0.join("acted").exists() && evidence(&book).is_none());
}

#[test]
fn a_step_sees_what_it_is_given_and_nothing_else() {
    let sections = step("name=a", "env | cut -d= -f1 | sort | tr '\\n' ' '; echo; cat; umask; id -u; ls -A")
        + &output(
            "HOME KEY LANG NO_COLOR OATHBOOK OATHBOOK_ROOT OATHBOOK_TARGET PATH PORT PWD SHLVL TERM TMPDIR _\n...",
        );
    let book = book("environment", "secrets: [KEY]\n", &sections)
        .with("targets/drill.toml", "size = \"synthetic\"\n[env]\nPORT = \"1\"\n");
    let done = run(&book, &[]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
}

#[test]
fn secrets_stand_in_no_output_whatever_their_form() {
    let code = "echo \"$KEY\"; printf %s \"$KEY\" | base64; printf 'x%s' \"$KEY\" | base64 -w 7\nprintf %s \"$KEY\" | od -An -tx1; for (( i = 0; i < ${#KEY}; i++ )); do printf %s \"${KEY:$i:1}\"; sleep 0.01; done\necho; echo \"$KEY\" >&2; echo hunter2%2Fcorrect%20horse%2Bbattery";
    let sections = step("name=a", code)
        + "## Steps\n\n"
        + &step("name=b", "(exec -a \"server-$KEY\" sleep 30) & sleep 0.2; echo \"$KEY\"; exit 3");
    let book = book("secrets", "secrets: [KEY]\n", &sections);
    let done = run(&book, &[]);
    assert_eq!(done.status.code(), Some(1));
    let (run, text) = evidence(&book).unwrap();
    assert_eq!(run["status"], "failed");
    let hex = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>();
    let all = format!("{text}{}", err(&done));
    for form in [SECRET, "hunter2", "aHVudGVyMi9", "h1bnRlcj", &hex[..6].join(" "), "correct%20horse"] {
        assert!(!all.contains(form), "{form}: {all}");
    }
    assert!(text.matches("[redacted KEY]").count() >= 8, "{text}");
}

#[test]
fn a_capture_that_holds_a_secret_fails_its_step() {
    let book = book(
        "captured-secret",
        "secrets: [KEY]\n",
        &(step("name=a", "echo ${KEY// /}") + &output("{{all:word}}")),
    );
    let done = run(&book, &[]);
    assert_eq!(done.status.code(), Some(1));
    assert!(evidence(&book).unwrap().1.contains("the capture `all` holds the secret KEY"), "{}", err(&done));
}

#[test]
fn steps_that_do_not_end_well_are_ended_with_all_they_started() {
    let word = format!("9{}", std::process::id());
    let cases = [
        (
            "ignores",
            format!("trap '' TERM; sleep {word}.1 & while :; do sleep 1; done"),
            1,
            "ran longer than 500 ms",
        ),
        (
            "session",
            format!("setsid sleep {word}.2 & setsid -f sleep {word}.3; sleep {word}.4"),
            1,
            "ran longer than 500 ms",
        ),
        ("closes", format!("exec >&- 2>&-; sleep {word}.5"), 1, "ran longer than 500 ms"),
        ("forks", format!("(sleep {word}.6 &) ; sleep {word}.7 & disown; true"), 0, ""),
        ("signal", "kill -SEGV $$".to_owned(), 1, "signal 11 ended it"),
    ];
    for (name, code, exit, why) in cases {
        let book = book(name, "", &step("name=a timeout=500ms", &code));
        let done = run(&book, &[]);
        assert_eq!(done.status.code(), Some(exit), "{name}: {}", err(&done));
        let (run, text) = evidence(&book).unwrap();
        assert!(run["steps"][0]["failed"].as_str().unwrap_or("").contains(why), "{text}");
        assert_eq!(with_word(&format!("sleep {word}")), [] as [u32; 0], "{name}");
        if name == "forks" {
            assert_eq!(run["left"].as_array().unwrap().len(), 2, "{text}");
        }
    }
}

#[test]
fn what_a_step_leaves_running_lives_until_cleanup_has_ended() {
    let alive = "kill -0 $(cat pid)";
    let sections = step("name=serve", "while :; do echo hello; sleep 0.01; done & echo $! > pid")
        + "## Verify\n\n"
        + &step("name=probe", alive)
        + "## Cleanup\n\n"
        + &step("name=last", &format!("{alive}; cp pid \"$OATHBOOK_ROOT/pid\""));
    let book = book("server", "", &sections);
    let done = run(&book, &[]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let pid = book.read("pid");
    assert!(!Path::new("/proc").join(pid.trim()).exists());
}

/// Starts a run whose step of that phase says that it runs, and waits; the processes of that step have a word.
fn waiting(book: &Scratch) -> Child {
    let child = program(&book.0, &["run", "src/r.md", "--target", "drill"])
        .env("TMPDIR", temporary(book))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert!(until(Duration::from_secs(30), || book.0.join("here").exists()), "it never came there");
    child
}

fn phased(name: &str, phase: &str, word: &str) -> Scratch {
    let here = format!(
        "mkdir -p a/b; echo secret > a/b/c; echo more > d; setsid -f sleep {word}; sleep {word} & touch \"$OATHBOOK_ROOT/here\"; sleep {word}"
    );
    let of = |this: &str, otherwise: &str| {
        format!(
            "## {this}\n\n{}",
            step(&format!("name={}", this.to_lowercase()), if this == phase { &here } else { otherwise })
        )
    };
    let fails = if phase == "Rollback" { "false" } else { "true" };
    let sections = format!(
        "{}{}{}{}{}",
        of("Diagnosis", "true"),
        of("Steps", "true"),
        of("Verify", fails),
        of("Rollback", "true"),
        of("Cleanup", "touch \"$OATHBOOK_ROOT/clean\"")
    );
    book(name, "", &sections)
}

#[test]
fn a_run_that_is_killed_leaves_no_process_and_no_evidence_and_the_next_takes_its_folder_away() {
    let full = std::env::var_os("OATHBOOK_FULL").is_some();
    let phases = ["Diagnosis", "Steps", "Verify", "Rollback", "Cleanup"];
    for round in 0..if full { 30 } else { 5 } {
        let word = format!("8{}{round:02}", std::process::id());
        let book = phased(&format!("killed-{round}"), phases[round % phases.len()], &word);
        let mut child = waiting(&book);
        assert!(with_word(&word).len() >= 3);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(
            until(Duration::from_secs(2), || with_word(&word).is_empty()),
            "round {round}: {:?}",
            with_word(&word)
        );
        assert!(evidence(&book).is_none());
        let left = || std::fs::read_dir(book.0.join("tmp")).unwrap().count();
        assert_eq!(left(), 1);
        let work = || walk(&book.0.join("tmp")).into_iter().filter(|file| file.contains("/work/")).count();
        assert!(until(Duration::from_secs(2), || work() == 0), "what steps wrote is gone");
        book.with_changed("src/r.md", &page("", &step("name=a", "true")));
        assert_eq!(run(&book, &[]).status.code(), Some(0));
        assert_eq!(left(), 0, "the next run takes it away");
    }
}

#[test]
fn a_supervisor_that_is_killed_leaves_no_process_either() {
    let word = format!("7{}", std::process::id());
    let book = phased("supervisor", "Steps", &word);
    let mut child = waiting(&book);
    let of_run = format!("/proc/{0}/task/{0}/children", child.id());
    let supervisor = std::fs::read_to_string(of_run).unwrap();
    for pid in supervisor.split_whitespace() {
        std::process::Command::new("kill").args(["-9", pid]).status().unwrap();
    }
    assert_eq!(child.wait().unwrap().code(), Some(4));
    assert!(until(Duration::from_secs(2), || with_word(&word).is_empty()));
    assert!(evidence(&book).is_none());
}

#[test]
fn ctrl_c_ends_the_step_and_runs_cleanup_and_leaves_evidence_that_says_interrupted() {
    for (round, signal) in ["-INT", "-TERM", "-HUP"].into_iter().enumerate() {
        let word = format!("6{}{round}", std::process::id());
        let book = phased(&format!("interrupted{signal}"), "Steps", &word);
        let mut child = waiting(&book);
        std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1));
        assert!(book.0.join("clean").exists() && with_word(&word).is_empty());
        let (run, text) = evidence(&book).unwrap();
        assert_eq!(
            (run["status"].as_str(), names(&run).join(" ").as_str()),
            (Some("interrupted"), "diagnosis steps cleanup"),
            "{text}"
        );
        let done = book.run(&["claims"]);
        assert!(out(&done).contains("not judged run `r`"), "{}", out(&done));
    }
}

#[test]
fn a_gigabyte_of_output_takes_no_memory_and_evidence_stays_small() {
    let sections = step("name=a", "head -c 1G /dev/zero | tr '\\0' x; echo; echo the end")
        + "## Steps\n\n"
        + &step("name=b", "head -c 2M /dev/zero | tr '\\0' '\\n'")
        + &output("...");
    let book = book("gigabyte", "", &sections);
    let script = format!(
        "\"{}\" run src/r.md --target drill & pid=$!\nmost=0\nwhile kill -0 $pid 2>/dev/null; do\nfor p in $pid $(cat /proc/$pid/task/*/children 2>/dev/null); do\nm=$(awk '/VmHWM/{{print $2}}' /proc/$p/status 2>/dev/null); [ \"${{m:-0}}\" -gt $most ] && most=$m\ndone; sleep 0.02; done\nwait $pid; echo $? $most",
        env!("CARGO_BIN_EXE_oathbook")
    );
    let done =
        std::process::Command::new("bash").args(["-c", &script]).current_dir(&book.0).output().unwrap();
    let said = out(&done);
    let (code, kilobytes) = said.trim().split_once(' ').unwrap();
    assert_eq!(code, "1", "two megabytes are not compared: {}", err(&done));
    println!("figure: most memory of a run with 1 GB of output: {kilobytes} KiB");
    assert!(kilobytes.parse::<u64>().unwrap() < 100_000, "{kilobytes} KiB");
    let (run, text) = evidence(&book).unwrap();
    assert_eq!(run["steps"][0]["stdout"]["bytes"].as_u64(), Some((1 << 30) + 9));
    assert!(run["steps"][0]["stdout"]["text"].as_str().unwrap().ends_with("\nthe end\n"));
    assert!(run["steps"][1]["failed"].as_str().unwrap().contains("only 1048576 are compared"), "{text}");
    assert!(text.len() < 30_000, "{}", text.len());
}

#[test]
fn evidence_that_was_edited_or_copied_is_an_error_of_check_and_of_verify() {
    let book = book("edited", "", &step("name=a", "true"));
    assert_eq!(run(&book, &[]).status.code(), Some(0));
    assert_eq!(book.run(&["check"]).status.code(), Some(0), "{}", out(&book.run(&["check"])));
    assert_eq!(book.run(&["evidence", "verify"]).status.code(), Some(0));
    let folder = book.0.join("src/operations/evidence");
    let file = std::fs::read_dir(folder.join("r")).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\"synthetic\"", "\"production\"")).unwrap();
    for command in [&["check"][..], &["evidence", "verify"]] {
        let done = book.run(command);
        assert_eq!(done.status.code(), Some(1));
        assert!(out(&done).contains("edited after the run: its sum is another"), "{}", out(&done));
    }
    std::fs::write(&file, &text).unwrap();
    let other = book
        .with("src/SUMMARY.md", "# Summary\n\n- [R](r.md)\n- [O](o.md)\n")
        .with("src/o.md", page("", &step("name=a", "true")));
    std::fs::create_dir_all(folder.join("o")).unwrap();
    std::fs::copy(&file, folder.join("o").join(file.file_name().unwrap())).unwrap();
    let done = other.run(&["check"]);
    assert!(out(&done).contains("this is evidence of another runbook, `r`"), "{}", out(&done));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn page_and_ledger_and_the_nightly_check_turn_with_the_evidence() {
    let sections = step("name=a measure", "echo lost 5 seconds; echo '<b>'")
        + &output("lost {{lost:int}} seconds\n[..]");
    let book = book("turns", "verify-every: 31d\nrpo: < 15m of lost\n", &sections);
    let seen = |book: &Scratch, day: &str| {
        let check = book.run(&["check", "--due", "--as-of", day]);
        let claims = out(&book.run(&["claims", "--as-of", day]));
        book.run(&["build", "--as-of", day]);
        let claim = claims.lines().find(|line| line.contains(" run `r`")).unwrap().to_owned();
        (check.status.code().unwrap(), claim, book.read("book/r.html"), out(&check))
    };
    let (code, claim, html, _) = seen(&book, "2030-01-01");
    assert_eq!(code, 1, "it says how often it runs, and never did");
    assert!(claim.contains("not judged") && html.contains("Never run."), "{claim}");
    assert_eq!(run(&book, &[]).status.code(), Some(0));
    let (predicate, _) = evidence(&book).unwrap();
    let day = predicate["started"].as_str().unwrap()[..10].to_owned();
    let (code, claim, html, said) = seen(&book, &day);
    assert_eq!(code, 0, "{said}");
    assert!(claim.contains("proven run `r`") && claim.contains("demonstrated: synthetic"), "{claim}");
    for part in [
        "Last verified on",
        "class=\"timeline\"",
        "RPO <span class=\"good\">5.0 s (&lt; 15 min), demonstrated",
        "<mark title=\"{{lost:int}}\">5</mark>",
        "How RPO is measured",
        "echo lost 5 seconds",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!book.0.join("book/operations").exists(), "evidence is no part of a site");
    // Time passes.
    let (code, _, html, said) = seen(&book, "2999-01-01");
    assert!(
        code == 1
            && said.contains("longer ago than `verify-every: 31d` allows")
            && html.contains("too long ago"),
        "{said}"
    );
    assert_eq!(
        book.run(&["check", "--as-of", "2999-01-01"]).status.code(),
        Some(0),
        "no pull request fails because a day has passed"
    );
    // The objective becomes harder than what was measured.
    book.with_changed("src/r.md", &page("rpo: < 4s of lost\n", &sections));
    let (code, claim, html, said) = seen(&book, &day);
    assert!(
        code == 1
            && said.contains("did not meet `rpo`")
            && claim.contains("contradicted")
            && html.contains("not &lt; 4.0 s"),
        "{said}"
    );
    // The steps change: a warning, and an error at night alone.
    book.with_changed("src/r.md", &page("", &step("name=a", "echo another")));
    let done = book.run(&["check"]);
    assert!(done.status.code() == Some(0) && out(&done).contains("warning[run-evidence]"), "{}", out(&done));
    let (code, claim, html, _) = seen(&book, &day);
    assert!(code == 1 && claim.contains("not judged") && html.contains("Its steps have changed"), "{claim}");
    // Prose does not count.
    book.with_changed(
        "src/r.md",
        &page("verify-every: 31d\nrpo: < 15m of lost\n", &format!("More words.\n\n{sections}")),
    );
    assert_eq!(seen(&book, &day).0, 0);
    std::fs::remove_dir_all(book.0.join("src/operations")).unwrap();
    assert!(seen(&book, &day).1.contains("not judged"));
}

#[test]
fn signers_are_read_from_the_base_and_verified_offline() {
    let book = book("signed", "", &step("name=a", "true"))
        .with("book.toml", "[book]\ntitle = \"T\"\n[run]\nsigners = \"signers\"\n");
    let key = |name: &str| {
        let file = book.0.join(name);
        let made = std::process::Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
            .arg(&file)
            .status();
        assert!(made.unwrap().success());
        let public = std::fs::read_to_string(file.with_extension("pub")).unwrap();
        format!("{name} namespaces=\"oathbook-evidence\" {public}")
    };
    let (drill, stranger) = (key("drill"), key("stranger"));
    std::fs::write(book.0.join("signers"), &drill).unwrap();
    std::fs::write(book.0.join(".gitignore"), "drill*\nstranger*\ntmp\n!targets/\n").unwrap();
    book.git(&["init", "-q", "-b", "main", "."]);
    book.commit("base");
    assert_eq!(run(&book, &[]).status.code(), Some(2), "it must be signed");
    assert_eq!(run(&book, &["--sign", "drill"]).status.code(), Some(0));
    let done = book.run(&["evidence", "verify", "--base", "main"]);
    assert!(
        done.status.code() == Some(0) && out(&done).contains("signed by drill"),
        "{}{}",
        out(&done),
        err(&done)
    );
    // A branch that names its own signer is not believed.
    std::thread::sleep(Duration::from_millis(1100));
    std::fs::write(book.0.join("signers"), format!("{drill}{stranger}")).unwrap();
    assert_eq!(run(&book, &["--sign", "stranger"]).status.code(), Some(0));
    assert_eq!(book.run(&["evidence", "verify"]).status.code(), Some(0));
    let done = book.run(&["evidence", "verify", "--base", "main"]);
    assert!(
        done.status.code() == Some(1) && out(&done).contains("signed by nobody who may"),
        "{}",
        out(&done)
    );
    // The signature of other bytes, and none at all.
    let folder = book.0.join("src/operations/evidence/r");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    std::fs::copy(&files[1], &files[3]).unwrap();
    let done = book.run(&["evidence", "verify", "--base", "main"]);
    assert!(out(&done).contains("does not fit"), "{}", out(&done));
    std::fs::remove_file(&files[3]).unwrap();
    assert!(out(&book.run(&["check"])).contains("this evidence is not signed"));
}

#[test]
fn evidence_is_committed_alone_and_old_runs_that_passed_are_retired() {
    let book = book("courier", "", &step("name=a", "test ! -e \"$OATHBOOK_ROOT/broken\""))
        .with("book.toml", "[book]\ntitle = \"T\"\n[run]\nkeep = 2\n")
        .with(".gitignore", "tmp\nbroken\n");
    book.git(&["init", "-q", "-b", "main", "."]);
    book.git(&["config", "user.name", "t"]);
    book.git(&["config", "user.email", "t@example.org"]);
    book.commit("base");
    std::fs::write(book.0.join("other.txt"), "mine").unwrap();
    book.git(&["add", "other.txt"]);
    for round in 0..5 {
        if round == 1 {
            std::fs::write(book.0.join("broken"), "").unwrap();
        }
        let done = run(&book, &["--commit"]);
        assert_eq!(done.status.code(), Some(i32::from(round == 1)), "{}", err(&done));
        let _ = std::fs::remove_file(book.0.join("broken"));
    }
    assert_eq!(book.git(&["log", "-1", "--format=%s"]).trim(), "Record the run of r on drill: passed");
    assert_eq!(book.git(&["status", "--porcelain"]).trim(), "A  other.txt", "nothing else was committed");
    let kept = book.git(&["ls-files", "src/operations"]);
    assert_eq!(kept.lines().count(), 3, "two that passed and the failure: {kept}");
    assert_eq!(book.run(&["evidence", "verify"]).status.code(), Some(0));
}

#[test]
fn of_a_run_that_is_retired_its_figures_stay() {
    let book = book("retired", "rto: < 1h of a..a\n", &step("name=a", "true"))
        .with("book.toml", "[book]\ntitle = \"T\"\n[run]\nkeep = 2\n");
    for _ in 0..5 {
        let done = run(&book, &[]);
        assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    }
    let lines = book.read("src/operations/evidence/retired.jsonl");
    let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let lines: Vec<serde_json::Value> = lines.lines().map(read).collect();
    assert_eq!(lines.len(), 3, "five ran, and two are kept: {lines:?}");
    for line in &lines {
        assert!(line["runbook"] == "r" && line["rto_ms"].is_u64() && line["rpo_ms"].is_null(), "{line}");
    }
    assert_eq!(book.run(&["evidence", "verify"]).status.code(), Some(0));
}

#[test]
fn a_commit_of_evidence_starts_nothing_that_the_repositorys_configuration_names() {
    let book = book("trapped", "", &step("name=a", "true"));
    book.git(&["init", "-q", "-b", "main", "."]);
    book.git(&["config", "user.name", "t"]);
    book.git(&["config", "user.email", "t@example.org"]);
    book.commit("base");
    book.git(&["config", "commit.gpgSign", "true"]);
    let ran = book.0.with_extension("ran");
    let _ = std::fs::remove_file(&ran);
    crate::git::booby_trap(&book, &ran);
    let done = run(&book, &["--commit"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert!(!ran.exists(), "the commit started what the configuration names");
    // The trap works: git itself falls into it.
    std::fs::write(book.0.join("more.txt"), "more").unwrap();
    let _ = std::process::Command::new("git").args(["add", "more.txt"]).current_dir(&book.0).output();
    assert!(ran.exists());
    assert!(book.git(&["cat-file", "-p", "HEAD"]).contains("Record the run of r on drill: passed"));
    let _ = std::fs::remove_file(ran);
}

/// A library that is loaded before the system's, and lets the time of day jump two hours to and fro whenever it is asked.
const JUMPING: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *), asked;
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(id, now);
    if (id == CLOCK_REALTIME) now->tv_sec += asked++ % 2 ? 7200 : -7200;
    return done;
}
"#;

#[test]
fn a_clock_that_jumps_makes_no_time_negative_and_meets_no_objective() {
    let sections = step("name=a", "sleep 0.3") + &step("name=b", "sleep 0.2");
    let book = book("clock", "rto: < 400ms of a..b\n", &sections).with("tmp/jump.c", JUMPING);
    let (source, library) = (book.0.join("tmp/jump.c"), book.0.join("tmp/jump.so"));
    let mut compiler = std::process::Command::new("cc");
    let built = compiler.args(["-shared", "-fPIC", "-o"]).args([&library, &source]).arg("-ldl").status();
    assert!(built.unwrap().success());
    let days = |preload: &str| {
        let done = std::process::Command::new("sh")
            .args(["-c", "date +%s; date +%s"])
            .env("LD_PRELOAD", preload)
            .output()
            .unwrap();
        out(&done).lines().map(|line| line.parse().unwrap()).collect::<Vec<i64>>()
    };
    let now = days("");
    assert!(
        (now[0] - days(&library.display().to_string())[0]).abs() > 3_600,
        "the library does what it says"
    );
    for _ in 0..3 {
        let mut command = program(&book.0, &["run", "src/r.md", "--target", "drill"]);
        let done = command.env("TMPDIR", temporary(&book)).env("LD_PRELOAD", &library).output().unwrap();
        let (predicate, text) = evidence(&book).unwrap();
        assert!(err(&done).contains("rto: ") && err(&done).contains("NOT met"), "{}", err(&done));
        let ms: Vec<u64> =
            predicate["steps"].as_array().unwrap().iter().map(|step| step["ms"].as_u64().unwrap()).collect();
        assert!(ms[0] >= 300 && ms[1] >= 200 && ms.iter().all(|ms| *ms < 60_000), "{text}");
        let rto = &predicate["objectives"][0];
        assert!(rto["measured_ms"].as_u64().unwrap() >= 500 && rto["met"] == false, "{text}");
    }
}

#[test]
fn a_page_projects_from_sizes_a_factor_of_ten_apart_and_from_no_less() {
    let code = "read -r size pause < \"$OATHBOOK_ROOT/size\"\nsleep \"$pause\"\necho $size";
    let sections = step("name=move", code) + &output("{{bytes:int}}");
    let book = book("projected", "rto: < 1h of move..move\nproject-to: 2 GB\n", &sections);
    let told = |size: &str| {
        std::fs::write(book.0.join("size"), format!("{size}\n")).unwrap();
        assert_eq!(run(&book, &[]).status.code(), Some(0));
        assert!(book.run(&["build", "-q"]).status.success());
        let page = book.read("book/r.html");
        let (_, rest) = page.split_once("demonstrated</span>").unwrap();
        rest.split_once("</p>").unwrap().0.rsplit_once("; ").unwrap_or(("", rest)).1.to_owned()
            + if page.contains("projected to 2 GB") { " PROJECTED" } else { "" }
    };
    assert!(told("10000000 0.1").contains("not projected: all runs moved 10 MB"));
    assert!(told("90000000 0.2").contains("not projected: runs moved 10 MB to 90 MB"));
    // 0.1 s for 10 MB and 0.6 s for 1 GB: about half a second for 1 GB.
    let last = told("1000000000 0.6");
    assert!(last.ends_with("PROJECTED"), "{last}");
    let page = book.read("book/r.html");
    assert!(page.contains("from 3 runs of 10 MB to 1 GB: ") && page.contains(" fixed, "), "{page}");
    // It is a figure, and meets nothing: no colour, no word of being met.
    let line = page.lines().find(|line| line.contains("projected to 2 GB")).unwrap();
    assert!(!line.split_once("projected to").unwrap().1.contains("class="), "{line}");
    // Runs of other steps count for nothing.
    let changed = book.read("src/r.md").replace("sleep \"$pause\"", "sleep \"$pause\" # slowly");
    book.with_changed("src/r.md", &changed);
    assert!(told("1000000000 0.1").contains("not projected: all runs moved 1 GB"));
}

#[test]
fn what_changed_between_runs_stands_on_one_line_for_reviewers() {
    let book = book(
        "diff",
        "rto: < 1m of a..b\n",
        &(step("name=a", "true") + &step("name=b", "test ! -e \"$OATHBOOK_ROOT/broken\"")),
    )
    .with(".gitignore", "tmp\nbroken\n");
    book.git(&["init", "-q", "-b", "main", "."]);
    book.commit("base");
    assert_eq!(run(&book, &[]).status.code(), Some(0));
    let (_, first) = evidence(&book).unwrap();
    std::fs::write(book.0.join("tmp/first.json"), &first).unwrap();
    let since = |base: &str| out(&book.run(&["evidence", "diff", "--base", base]));
    assert!(since("main").contains(": passed for the first time on drill, rto "), "{}", since("main"));
    book.git(&["checkout", "-q", "-b", "more"]);
    book.commit("first run");
    book.git(&["branch", "-f", "main"]);
    std::fs::write(book.0.join("broken"), "").unwrap();
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(run(&book, &[]).status.code(), Some(1));
    let (_, second) = evidence(&book).unwrap();
    std::fs::write(book.0.join("tmp/second.json"), &second).unwrap();
    let line = out(&book.run(&["evidence", "diff", "tmp/first.json", "tmp/second.json"]));
    assert!(
        line.starts_with("passed → failed at b, rto ") && line.contains("→ not measured (< 1 min, NOT met)"),
        "{line}"
    );
    assert_eq!(line.lines().count(), 1);
    let told = since("main");
    assert!(told.starts_with("r 20") && told.ends_with(&line) && told.lines().count() == 1, "{told}");
    // The summary on a pull request says it, too.
    let done = book.run(&["check", "--base", "main", "--format", "markdown"]);
    assert!(
        out(&done).contains("### Runs of runbooks") && out(&done).contains("- `r`: passed → failed at b"),
        "{}",
        out(&done)
    );
    // What git shows in place of the JSON.
    std::fs::write(book.0.join(".gitattributes"), "*.json diff=oathbook\n").unwrap();
    let program = format!("{} evidence show", env!("CARGO_BIN_EXE_oathbook"));
    book.git(&["config", "diff.oathbook.textconv", &program]);
    book.commit("second run");
    let shown = book.git(&["show", "--textconv", "HEAD"]);
    assert!(shown.contains("+r on drill (synthetic): failed at b\n"), "{shown}");
    assert!(shown.contains("+Preconditions b ") && shown.contains(": FAILED: "), "{shown}");
    // What was edited is no evidence.
    std::fs::write(book.0.join("tmp/edited.json"), first.replace("\"drill\"", "\"other\"")).unwrap();
    let done = book.run(&["evidence", "diff", "tmp/first.json", "tmp/edited.json"]);
    assert!(
        done.status.code() == Some(1) && err(&done).contains("this evidence was edited"),
        "{}",
        err(&done)
    );
    assert_eq!(book.run(&["evidence", "diff", "tmp/first.json"]).status.code(), Some(2));
}

#[test]
fn a_full_disk_leaves_no_evidence_and_says_so() {
    if !is_root() {
        return skip("root", "only root can mount a small disk");
    }
    let book = book("full", "", &step("name=a", "true"));
    let small = book.0.join("src/operations");
    std::fs::create_dir_all(&small).unwrap();
    let mount = |words: &[&str]| {
        std::process::Command::new("mount").args(words).arg(&small).status().is_ok_and(|done| done.success())
    };
    if !mount(&["-t", "tmpfs", "-o", "size=8k", "tmpfs"]) {
        return skip("root", "no file system may be mounted here");
    }
    std::fs::write(small.join("ballast"), vec![0; 8 << 10]).ok();
    let done = run(&book, &[]);
    let listed = walk(&small);
    let unmounted = std::process::Command::new("umount").arg(&small).status().unwrap().success();
    assert!(unmounted && done.status.code() == Some(4), "{}", err(&done));
    assert!(!listed.iter().any(|file| file.ends_with(".json")), "{listed:?}");
}

fn walk(folder: &Path) -> Vec<String> {
    let mut out = Vec::new();
    // One that has just gone holds nothing.
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            out.extend(walk(&entry.path()));
        } else {
            out.push(entry.path().display().to_string());
        }
    }
    out
}

fn is_root() -> bool {
    rustix_uid() == 0
}

fn rustix_uid() -> u32 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("Uid:")).unwrap();
    line.split_whitespace().nth(2).unwrap().parse().unwrap()
}

#[test]
fn a_sandbox_has_no_network_and_writes_nowhere_else() {
    let code = "ls /sys/class/net > /dev/null; cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d ' '\ntouch \"$OATHBOOK_ROOT/x\" /usr/x 2>/dev/null && echo written; touch here && ls here\ntest -e \"$OATHBOOK_ROOT/src/r.md\" && echo sees";
    let book = book("sandbox", "", &(step("name=a", code) + &output("lo\nhere\nsees")))
        .with("targets/drill.toml", "size = \"synthetic\"\nsandbox = true\nnetwork = \"none\"\n");
    let done = run(&book, &[]);
    if err(&done).contains("bwrap") {
        return skip("sandbox", err(&done).trim());
    }
    assert_eq!(done.status.code(), Some(0), "{}{}", err(&done), evidence(&book).unwrap().1);
    assert_eq!(evidence(&book).unwrap().0["target"]["sandbox"], true);
    // In it, too, nothing is left.
    let word = format!("5{}", std::process::id());
    let book = phased("sandbox-killed", "Steps", &word).with(
        "targets/drill.toml",
        format!("size = \"synthetic\"\nsandbox = true\nwrite = [\"{}\"]\n", book.0.display()),
    );
    let code = format!("setsid -f sleep {word}; sleep {word}");
    book.with_changed("src/r.md", &page("", &step("name=a", &code)));
    let mut child = program(&book.0, &["run", "src/r.md", "--target", "drill"])
        .env("TMPDIR", temporary(&book))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert!(until(Duration::from_secs(20), || with_word(&word).len() >= 2));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(until(Duration::from_secs(2), || with_word(&word).is_empty()), "{:?}", with_word(&word));
}

#[test]
fn a_step_costs_little_over_its_script() {
    let count = 40;
    let sections: String = (0..count).map(|n| step(&format!("name=s{n}"), "echo x") + &output("x")).collect();
    let book = book("overhead", "", &sections);
    let round = || {
        run(&book, &[]);
        let (predicate, _) = evidence(&book).unwrap();
        let begin = Instant::now();
        for _ in 0..count {
            std::process::Command::new("bash").args(["-euo", "pipefail", "-c", "echo x"]).output().unwrap();
        }
        let by_hand = begin.elapsed().as_secs_f64() * 1_000.0 / f64::from(count);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a run")]
        let by_run = predicate["ms"].as_u64().unwrap() as f64 / f64::from(count);
        std::fs::remove_dir_all(book.0.join("src/operations")).unwrap();
        (by_run - by_hand, by_run, by_hand)
    };
    // Whatever else the machine does makes one of the two dearer: the figure is the least of some rounds.
    let rounds = (0..5).map(|_| round());
    let (over, by_run, by_hand) = rounds.min_by(|one, other| one.0.total_cmp(&other.0)).unwrap();
    println!(
        "figure: a step of a runbook costs {over:.1} ms over its script ({by_run:.1} to {by_hand:.1} ms)"
    );
    assert!(over < 20.0, "{by_run} {by_hand}");
}

/// The shipped runbooks with all they need, in a folder of their own; none where the service cannot be built.
fn shipped(name: &str) -> Option<Scratch> {
    let service = crate::example_service::program()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut book = Scratch::new(&format!("runs-shipped-{name}"))
        .with("book.toml", "[book]\ntitle = \"T\"\nsrc = \"content\"\n");
    for folder in ["content/service/runbooks", "targets", "examples/search-service/deploy"] {
        for entry in
            std::fs::read_dir(root.join(folder)).unwrap().flatten().filter(|entry| entry.path().is_file())
        {
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            book = book.with(&name, std::fs::read(entry.path()).unwrap());
        }
    }
    std::fs::create_dir_all(book.0.join("target/search-service/debug")).unwrap();
    std::os::unix::fs::symlink(service, book.0.join("target/search-service/debug/search-service")).unwrap();
    Some(book)
}

/// What of the machine the shipped runbooks need beside the service.
fn has_tools(tools: &[&str]) -> bool {
    let missing = tools.iter().find(|tool| {
        let found = std::process::Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
        !found.unwrap().status.success()
    });
    if let Some(missing) = missing {
        skip("runbook-tools", &format!("{missing} is not installed"));
    }
    missing.is_none()
}

fn shipped_run(book: &Scratch, name: &str, target: &str, more: &[(&str, &str)]) {
    let file = format!("content/service/runbooks/{name}.md");
    let done = program(&book.0, &["run", &file, "--target", target])
        .env("OLD_KEY", "0123456789abcdefold")
        .env("NEW_KEY", "fedcba9876543210new")
        .envs(more.iter().copied())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(0), "{name}: {}", err(&done));
}

#[test]
fn the_shipped_runbooks_do_what_they_say_on_real_processes() {
    if !has_tools(&["curl", "sqlite3", "jq"]) {
        return;
    }
    let Some(book) = shipped("all") else { return };
    let full = std::env::var_os("OATHBOOK_FULL").is_some();
    let all = ["deploy", "roll-back", "restart", "scale", "rotate-key"];
    for name in &all[..if full { all.len() } else { 2 }] {
        shipped_run(&book, name, "local", &[]);
    }
    if full && has_tools(&["prometheus", "promtool"]) {
        shipped_run(&book, "monitor", "local", &[]);
    }
}

/// The example service's README as a runbook: each command that it gives is a step, as it stands there. What runs in a first
/// terminal runs in the background; what the README says of its output is what it must print.
fn readme() -> (String, usize) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/search-service/README.md");
    let text = std::fs::read_to_string(file).unwrap();
    let mut out = String::from(
        "---\nkind: runbook\nowner: t\ntargets: [local]\n---\n\n# README\n\n## Preconditions\n\n",
    );
    // An answer of 400 and above is a failure.
    out.push_str(&step("name=curl", "echo fail-with-body > .curlrc"));
    out.push_str("## Steps\n\n");
    let mut count = 0;
    let background = |command: &str, log: &str| {
        format!("{command} > {log} 2>&1 &\nuntil grep '^listening' {log}; do kill -0 $!; sleep 0.05; done")
    };
    for (number, part) in text.split("\n```").enumerate().filter(|(number, _)| number % 2 == 1) {
        let (language, code) = part.split_once('\n').unwrap();
        match (language, code) {
            // `tests/run` does it, with the same tests.
            ("sh", "cargo test") => {
                let run =
                    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run")).unwrap();
                assert!(
                    run.contains("cargo test --locked --manifest-path examples/search-service/Cargo.toml")
                );
                continue;
            }
            ("sh", "cargo run") => {
                out.push_str(&step("name=start timeout=1m", &background(code, "service.log")))
            }
            ("sh", code) => out.push_str(&step(&format!("name=block-{number}"), code)),
            ("text", said) => {
                out.push_str(&output(said));
                continue;
            }
            other => panic!("what is {other:?}?"),
        }
        count += 1;
    }
    let commands = text.lines().filter_map(|line| line.strip_prefix("| `search-service"));
    for (number, line) in commands.enumerate() {
        let cell = format!("`search-service{line}").split(" |").next().unwrap().to_owned();
        for (at, command) in cell.split('`').skip(1).step_by(2).enumerate() {
            let name = format!("name=command-{number}-{at} timeout=1m");
            let serves = matches!(command, "search-service" | "search-service serve");
            let code = if serves {
                let command =
                    format!("SEARCH_ADDRESS=127.0.0.1:0 SEARCH_DATABASE_URL=sqlite:{at}.db {command}");
                background(&command, &format!("{at}.log"))
            } else {
                command.to_owned()
            };
            out.push_str(&step(&name, &code));
            count += 1;
        }
    }
    (out, count)
}

#[test]
fn every_command_of_the_example_services_readme_runs_in_an_empty_folder() {
    if !has_tools(&["curl"]) {
        return;
    }
    let Some(service) = crate::example_service::program() else { return };
    if std::net::TcpListener::bind("127.0.0.1:8080").is_err() {
        return skip("port-8080", "something listens there, where the README's service does");
    }
    let (page, count) = readme();
    assert_eq!(count, 9, "four blocks and five commands:\n{page}");
    let book =
        Scratch::new("runs-readme").with("book.toml", "[book]\ntitle = \"T\"\n").with("src/readme.md", page);
    // `tests/run` has built it, so `cargo run` only has to start it.
    let cargo = format!("#!/bin/sh\n[ \"$*\" = run ] && exec {}\nexit 1\n", service.display());
    let bin = book.0.join("bin");
    let book = book.with("bin/cargo", cargo).with(
        "targets/local.toml",
        format!("size = \"synthetic\"\n[env]\nPATH = \"{}:/usr/local/bin:/usr/bin:/bin\"\n", bin.display()),
    );
    std::os::unix::fs::symlink(service, bin.join("search-service")).unwrap();
    std::fs::set_permissions(bin.join("cargo"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let done = book.run(&["run", "src/readme.md", "--target", "local"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let file =
        std::fs::read_dir(book.0.join("src/operations/evidence/readme")).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    for said in
        ["\\\"total\\\":", "\\\"id\\\":\\\"hello\\\"", "\\\"answer\\\":", "openapi", "search-service 1."]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    println!("figure: {count} of {count} commands of the example service's README run in an empty folder");
}

#[test]
fn the_shipped_diagnosis_finds_a_seeded_fault_and_changes_nothing() {
    if !has_tools(&["curl", "jq"]) {
        return;
    }
    let Some(book) = shipped("faulty") else { return };
    // Nobody listens on port 9 of the loopback.
    let fault = [("SEARCH_LLM_URL", "http://127.0.0.1:9"), ("SEARCH_LLM_TIMEOUT_MS", "500")];
    let Some(service) = crate::example_service::Service::start(&fault) else { return };
    let body = "{\"question\": \"Why does a pool need a limit?\"}";
    let fields = "Authorization: Bearer demo-app-token\r\nContent-Type: application/json\r\n";
    let answer = service.send("POST", "/v1/answers", fields, body);
    assert!(answer.starts_with("HTTP/1.1 50"), "{answer}");
    let url = format!("http://{}", service.address);
    shipped_run(&book, "language-model", "faulty", &[("SERVICE_URL", &url)]);
    // Without the fault there is nothing to be found.
    let Some(healthy) = crate::example_service::Service::start(&[]) else { return };
    let url = format!("http://{}", healthy.address);
    let file = "content/service/runbooks/language-model.md";
    let done = program(&book.0, &["run", file, "--target", "faulty", "--diagnose"])
        .env("SERVICE_URL", url)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
}

#[test]
fn runbooks_of_strangers_are_read_and_nothing_in_them_runs() {
    let Some(corpus) = crate::support::corpus("runbooks") else { return };
    let (mut pages, mut phases) = (0, 0);
    for file in markdown(&corpus) {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        let runbook = oathbook::fuzzing::read_runbook(&text);
        pages += 1;
        phases += usize::from(
            text.lines().any(|line| line.trim() == "## Diagnosis" || line.trim() == "## Mitigation"),
        );
        assert!(runbook.steps.is_empty(), "{}: nothing is marked as a step", file.display());
        assert!(runbook.problems.is_empty(), "{}: {:?}", file.display(), runbook.problems);
    }
    println!(
        "figure: {pages} pages of strangers' runbooks were read, {phases} of them with Diagnosis or Mitigation"
    );
    assert!(pages > 300 && phases > 200);
}

fn markdown(folder: &Path) -> Vec<std::path::PathBuf> {
    walk(folder).into_iter().filter(|file| file.ends_with(".md")).map(Into::into).collect()
}
