//! What commands do to the machine, held against their system calls and against the sandbox.

use crate::cli::{Scratch, err, program};
use clap::CommandFactory as _;
use oathbook::cli::Arguments;
use oathbook::cli::effects::{EFFECTS, Effects, Network, Place, Program};
use oathbook::shell::sandbox::{self, Limits, Wall};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

#[test]
fn every_command_says_what_it_does_to_the_machine() {
    let mut all = BTreeSet::new();
    let command = Arguments::command();
    for sub in command.get_subcommands() {
        let below: Vec<_> = sub.get_subcommands().collect();
        if below.is_empty() || sub.get_name() == "test" {
            all.insert(sub.get_name().to_owned());
        } else {
            all.extend(below.iter().map(|below| format!("{} {}", sub.get_name(), below.get_name())));
        }
    }
    let told: BTreeSet<String> =
        EFFECTS.iter().map(|one| one.command.split(" --").next().unwrap().to_owned()).collect();
    assert_eq!(all, told);
}

/// A book in a repository, with something for each command to do.
fn repository(name: &str) -> Scratch {
    let book = Scratch::new(name)
        .with("oncalls.json", "{\"oncalls\": [{\"user\": {\"summary\": \"a\"}, \"escalation_level\": 1}]}")
        .with("book.toml", "[book]\ntitle = \"T\"\n[openapi.shop]\nsources = [{ file = \"shop.yaml\" }]\n[run]\nrecovery = \"dr.yaml\"\n[oncall]\nroster = \"oncall.yaml\"\n[capacity]\nplan = \"capacity.yaml\"\n[incidents]\nplan = \"incidents.yaml\"\nrecords = \"incidents\"\n[criteria]\nfile = \"criteria.yaml\"\n")
        .with("capacity.yaml", "series:\n  disk: {metric: m, unit: GB, period: month, source: disk.csv}\nresources:\n  disk: {unit: GB, driver: disk, demand: 1, source: s, node: 100, lead-time: 1d, trigger: 80, planned: [{from: 2025-01-01, nodes: 9}]}\n")
        .with("disk.csv", "time,value\n2025-01,1\n2025-02,3\n2025-03,2\n2025-04,4\n2025-05,6\n2025-06,5\n2025-07,7\n2025-08,9\n2025-09,8\n2025-10,9\n2025-11,12\n2025-12,11\n2026-01,13\n")
        .with("answer.json", r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1769904000,"14"],[1772323200,"15"]]}]}}"#)
        .with("criteria.yaml", "criteria:\n  - {id: linked, title: Linked, proofs: [\"check:page-link\"]}\n")
        .with("incidents.yaml", "severities:\n  SEV1: {review: postmortem}\n")
        .with("incidents/2026-01-05-bcdfgh.yaml", "id: 2026-01-05-bcdfgh\ntitle: t\nlog:\n  - {at: 2026-01-05T10:00:00Z, kind: opened, severity: SEV1}\n")
        .with("issue.json", "{\"title\": \"t\", \"url\": \"https://example.org/1\", \"createdAt\": \"2026-01-05T10:00:00Z\"}\n")
        .with("oncall.yaml", "people: {a: {contact: x}}\nlayers:\n- {name: l, people: [a], every: 1w, start: 2020-01-06}\n")
        .with("dr.yaml", "drills:\n  all: {target: drill, runbooks: [src/book.md], summary: src/drill.md}\n")
        .with("shop.yaml", "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\npaths: {}\n")
        .with("src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n- [R](book.md)\n")
        .with("src/one.md", "# One\n\nSee [two](two.md#Deep).\n\n```dot\ndigraph { a -> b }\n```\n")
        .with("src/two.md", "# Two\n\n## Deep\n\n```sh,run\necho hello\n```\n")
        .with("src/book.md", "---\nkind: runbook\nowner: t\ntargets: [drill]\n---\n\n# R\n\n## Steps\n\n```sh {name=a}\n/bin/true\n```\n")
        .with("evidence.json", "{}\n")
        .with("targets/drill.toml", "size = \"synthetic\"\n")
        .with("slo.yaml", "version: prometheus/v1\nservice: shop\nslos:\n- {name: answers, objective: 99, sli: {raw: {error_ratio_query: 'e[{{.window}}]'}}, alerting: {name: Burns}}\n")
        .with("diagrams/a.dot", "digraph { a -> b }\n")
        .with("compose.yaml", "services:\n  web:\n    image: web\n")
        .with(
            "Cargo.toml",
            "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[dependencies]\nutoipa = \"6\"\n",
        )
        .with("lib.rs", "#[derive(utoipa::OpenApi)]\n#[openapi()]\npub struct Api;\n");
    book.git(&["init", "-q", "-b", "main", "."]);
    book.commit("base");
    book
}

/// How a command is called; none for one that does not end, or needs a service.
fn call(command: &str) -> Option<Vec<&'static str>> {
    Some(match command {
        "init" => vec!["init", "fresh"],
        "new" => vec!["new", "runbook", "named/run.md"],
        "new --incident" => vec!["new", "postmortem", "named/post.md", "--incident", "bcdfgh"],
        "build" => vec!["build"],
        "build --offline-bundle" => vec!["build", "--offline-bundle", "named/runbooks.html"],
        "check" => vec!["check", "--base", "HEAD", "--report", "json=named/report.json"],
        "check --fix" => vec!["check", "--fix"],
        "clean" => vec!["clean"],
        "diagram render" => vec!["diagram", "render", "diagrams/a.dot", "-o", "named/a.svg"],
        "diagram relayout" => vec!["diagram", "relayout", "diagrams/a.dot"],
        "diagram import" => vec!["diagram", "import", "compose.yaml", "-o", "named/model.dsl"],
        "claims" => vec!["claims"],
        "criteria" => vec!["criteria"],
        "mv" => vec!["mv", "src/two.md", "src/three.md"],
        "mutate" => vec!["mutate", "--unprotected"],
        "baseline" => vec!["baseline"],
        "update" => vec!["update"],
        "review" => vec!["review"],
        "openapi extract" => vec!["openapi", "extract", ".", "--provenance", "named/api.json"],
        "openapi diff" => vec!["openapi", "diff", "HEAD:shop.yaml", "shop.yaml"],
        "openapi check" => vec!["openapi", "check"],
        "openapi show" => vec!["openapi", "show", "/info/title"],
        "openapi coverage" => vec!["openapi", "coverage"],
        "openapi update" => vec!["openapi", "update"],
        "test" => vec!["test", "--only", "shell"],
        "run" => vec!["run", "src/book.md", "--target", "drill"],
        "evidence diff" => vec!["evidence", "diff", "--base", "HEAD"],
        "evidence show" => vec!["evidence", "show", "evidence.json"],
        "drill run" => vec!["drill", "run", "all"],
        "metrics" => vec!["metrics", "--pgbackrest-info", "evidence.json"],
        "evidence verify" => vec!["evidence", "verify"],
        "slo generate" => vec!["slo", "generate", "slo.yaml", "-o", "named/slo.rules.yml"],
        "oncall who" => vec!["oncall", "who"],
        "oncall shifts" => vec!["oncall", "shifts"],
        "oncall export" => vec!["oncall", "export", "--format", "ics"],
        "oncall drift" => vec!["oncall", "drift", "oncalls.json"],
        "oncall import" => vec!["oncall", "import", "oncalls.json"],
        "capacity record" => vec!["capacity", "record"],
        "capacity import" => vec!["capacity", "import", "answer.json", "--series", "disk"],
        "capacity rules" => vec!["capacity", "rules"],
        "incident open" => vec!["incident", "open", "Searches fail", "--severity", "SEV1"],
        "incident log" => vec!["incident", "log", "bcdfgh", "--acknowledged"],
        "incident resolve" => vec!["incident", "resolve", "bcdfgh"],
        "incident import" => vec!["incident", "import", "issue.json", "--severity", "SEV1"],
        "incident list" => vec!["incident", "list"],
        "incident handover" => vec!["incident", "handover"],
        "theme list" => vec!["theme", "list"],
        "theme eject" => vec!["theme", "eject", "page.html", "--into", "named"],
        "explain" => vec!["explain"],
        "completions" => vec!["completions", "bash"],
        _ => return None,
    })
}

/// What was seen of a run.
#[derive(Default, Debug)]
struct Seen {
    started: BTreeSet<String>,
    sockets: bool,
    written: BTreeSet<String>,
}

/// Reads what strace wrote with `-f -y`.
fn seen(trace: &str, own: &str) -> Seen {
    let mut seen = Seen::default();
    for line in trace.lines() {
        let call = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        if line.contains(" = -1 ") {
            continue;
        }
        let text = |at: usize| call.split('"').nth(at).unwrap_or("").to_owned();
        // `openat(5</folder>, "name", …)`: the folder that a name is looked up in.
        let folder =
            call.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(folder, _)| folder);
        let resolved = |name: String| if name.starts_with('/') { name } else { format!("{folder}/{name}") };
        match call.split('(').next().unwrap_or("") {
            "execve" if text(1) != own => {
                seen.started.insert(text(1).rsplit('/').next().unwrap().to_owned());
            }
            "socket" | "connect" | "bind" => seen.sockets = true,
            "openat" | "open" | "creat"
                if ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| call.contains(flag)) =>
            {
                seen.written.insert(resolved(text(1)));
            }
            "mkdir" | "mkdirat" | "unlink" | "unlinkat" | "rename" | "renameat" | "renameat2" | "rmdir"
            | "link" | "linkat" | "symlink" | "symlinkat" | "chmod" | "fchmodat" | "truncate" => {
                seen.written.insert(resolved(text(1)));
                let second = call.split(", ").skip(2).find(|part| part.contains('<')).unwrap_or("");
                let folder = second.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                if let (Some((folder, _)), true) = (folder, !text(3).is_empty()) {
                    seen.written.insert(if text(3).starts_with('/') {
                        text(3)
                    } else {
                        format!("{folder}/{}", text(3))
                    });
                }
            }
            _ => {}
        }
    }
    seen
}

fn may_write(effects: &Effects, root: &Path, path: &str) -> bool {
    let below = |folder: &str| Path::new(path).starts_with(root.join(folder));
    let staging = Path::new(path).iter().any(|part| part == ".oathbook-staging");
    let is_device = path.starts_with("/dev/") || path.starts_with("/proc/");
    let scratch = std::env::temp_dir();
    is_device
        || effects.writes.iter().any(|place| match place {
            Place::Site => below("book") || staging,
            Place::Named => below("named") || staging,
            Place::Sources | Place::Records => below("") && !below(".git"),
            Place::Scratch => {
                Path::new(path).starts_with(&scratch) && !path.contains("/oathbook-test-")
                    || below(".oathbook")
            }
            Place::Target => below("target"),
        })
}

fn strace() -> bool {
    let there = Command::new("strace").arg("-V").output().is_ok_and(|done| done.status.success());
    if !there {
        crate::support::skip("strace", "it is not installed, so no system call was looked at");
    }
    there
}

#[test]
fn no_command_does_more_to_the_machine_than_the_list_says() {
    if !strace() {
        return;
    }
    for effects in EFFECTS {
        let Some(arguments) = call(effects.command) else { continue };
        let book = repository(&format!("effects-{}", effects.command.replace(' ', "-")));
        std::fs::create_dir_all(book.0.join("named")).unwrap();
        if effects.command == "clean" {
            book.run(&["build"]);
        }
        let trace = book.0.with_extension("trace");
        let own = env!("CARGO_BIN_EXE_oathbook");
        let calls = "trace=execve,socket,connect,bind,openat,open,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,rmdir,link,linkat,symlink,symlinkat,chmod,fchmodat,truncate";
        let done = Command::new("strace")
            .args(["-f", "-y", "-s", "4096", "-e", calls, "-o"])
            .arg(&trace)
            .arg(own)
            .args(&arguments)
            .current_dir(&book.0)
            .output()
            .unwrap();
        let text = std::fs::read_to_string(&trace).unwrap();
        std::fs::remove_file(&trace).unwrap();
        let code = done.status.code().unwrap_or(9);
        assert!(code < 2 || code == 3, "{arguments:?} ended with {code}: {}", err(&done));
        let found = seen(&text, own);
        let own_process: &[&str] = &["exe", "oathbook"];
        for started in &found.started {
            let allowed = own_process.contains(&started.as_str())
                || effects.starts.iter().any(|program| match program {
                    Program::Git => started == "git",
                    Program::Samples => {
                        ["cargo", "rustc", "sh", "bash", "rustup"].contains(&started.as_str())
                    }
                    Program::Named => started == "sh",
                    Program::Steps => ["bash", "true"].contains(&started.as_str()),
                    Program::Signatures => started == "ssh-keygen",
                    Program::Desktop => false,
                });
            assert!(allowed, "`{}` started {started}", effects.command);
        }
        // What a shell looks up of its user, and what steps do, is theirs.
        let quiet = effects.starts.contains(&Program::Samples)
            || effects.starts.contains(&Program::Steps)
            || matches!(effects.reaches, Some(Network::Links | Network::Service));
        assert!(quiet || !found.sockets, "`{}` opened a socket", effects.command);
        let samples = effects.starts.contains(&Program::Samples);
        for path in &found.written {
            assert!(samples || may_write(effects, &book.0, path), "`{}` wrote {path}", effects.command);
        }
    }
}

/// What happens inside of the sandbox, told by a run of this test binary that tries it.
fn tried(name: &str) -> Option<String> {
    let folder = Scratch::new(&format!("sandbox-{name}"));
    std::fs::create_dir_all(folder.0.join("in")).unwrap();
    std::fs::create_dir_all(folder.0.join("out")).unwrap();
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "effects::a_process_in_the_sandbox", "--nocapture", "--test-threads", "1"])
        .env("OATHBOOK_SANDBOX_TRIES", &folder.0)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    said.contains("tried:").then_some(said)
}

/// Nothing by itself: the process that [`tried`] starts.
#[test]
fn a_process_in_the_sandbox() {
    let Some(folder) = std::env::var_os("OATHBOOK_SANDBOX_TRIES") else { return };
    let folder = Path::new(&folder);
    std::fs::write(folder.join("out/old"), "old").unwrap();
    let applied = sandbox::apply(&Limits { write: vec![folder.join("in")] });
    let inside = std::fs::write(folder.join("in/new"), "new").is_ok();
    let outside = std::fs::write(folder.join("out/new"), "new").is_ok();
    let over = std::fs::write(folder.join("out/old"), "new").is_ok();
    let removed = std::fs::remove_file(folder.join("out/old")).is_ok();
    let moved = std::fs::rename(folder.join("in/new"), folder.join("out/moved")).is_ok();
    let socket = std::net::TcpListener::bind("127.0.0.1:0").is_ok()
        || std::net::UdpSocket::bind("127.0.0.1:0").is_ok();
    let git = Command::new("git").arg("--version").output().is_ok_and(|done| done.status.success());
    let other = Command::new("/bin/sh").args(["-c", "true"]).status().is_ok();
    let copied = std::fs::copy("/bin/sh", folder.join("in/git")).is_ok()
        && Command::new(folder.join("in/git")).args(["-c", "true"]).status().is_ok();
    let thread =
        std::thread::spawn(move || std::net::TcpListener::bind("127.0.0.1:0").is_ok()).join().unwrap();
    println!("walls: {applied:?}");
    println!(
        "tried: inside {inside}, outside {outside}, over {over}, removed {removed}, moved {moved}, socket {socket}, git {git}, other {other}, copied {copied}, thread {thread}"
    );
}

#[test]
fn a_sandboxed_process_writes_where_it_may_starts_git_and_opens_no_socket() {
    let here = sandbox_of_this_machine();
    let Some(said) = tried("walls") else { panic!("the process that tries said nothing") };
    let line = said.lines().find(|line| line.contains("tried:")).unwrap();
    println!("{line}");
    if here.writes != Wall::Stands || here.sockets != Wall::Stands {
        crate::support::skip("sandbox", &format!("this kernel has no whole one: {here:?}"));
        return;
    }
    let programs = here.programs == Wall::Stands;
    for (what, right) in [
        ("inside", true),
        ("outside", false),
        ("over", false),
        ("removed", false),
        ("moved", false),
        ("socket", false),
        ("git", true),
        ("other", !programs),
        ("copied", !programs),
        ("thread", false),
    ] {
        assert!(line.contains(&format!("{what} {right}")), "{what}: {line}");
    }
}

/// What `oathbook --version --verbose` says of this machine.
fn sandbox_of_this_machine() -> sandbox::Applied {
    std::thread::spawn(|| sandbox::apply(&Limits::default())).join().unwrap()
}

#[test]
fn the_version_says_which_walls_stand() {
    let folder = Scratch::new("version");
    let said = folder.run(&["--version", "--verbose"]);
    let text = crate::cli::out(&said);
    assert_eq!(said.status.code(), Some(0));
    let here = sandbox_of_this_machine();
    for (what, wall) in [("writing", &here.writes), ("programs", &here.programs), ("sockets", &here.sockets)]
    {
        assert!(text.contains(&format!("{what}: {wall}")), "{text}");
    }
}

#[test]
fn the_preview_starts_the_editor_through_a_process_of_its_own_and_cannot_itself() {
    if !strace() {
        return;
    }
    let book = repository("preview-walls");
    let trace = book.0.with_extension("trace");
    let mut child = Command::new("strace")
        .args(["-f", "-e", "trace=seccomp,landlock_restrict_self,clone,clone3,listen", "-o"])
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_oathbook"))
        .args(["serve", "-p", "0"])
        .current_dir(&book.0)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..100 {
        std::thread::sleep(std::time::Duration::from_millis(100));
        if std::fs::read_to_string(&trace).is_ok_and(|text| text.contains("CLONE_THREAD")) {
            break;
        }
    }
    let _ = Command::new("pkill").args(["-P", &child.id().to_string()]).status();
    let _ = child.wait();
    let text = std::fs::read_to_string(&trace).unwrap();
    std::fs::remove_file(trace).unwrap();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in\n{text}"));
    if sandbox_of_this_machine().writes == Wall::Stands {
        assert!(at("listen(") < at("landlock_restrict_self"), "the listening socket is kept");
        assert!(at("landlock_restrict_self") < at("CLONE_THREAD"), "before any thread:\n{text}");
        assert!(at("SECCOMP_SET_MODE_FILTER") < at("CLONE_THREAD"), "before any thread:\n{text}");
    }
    let _ = program;
}
