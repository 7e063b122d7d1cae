//! What forges are given: the GitHub Action's shell steps run here as they stand in `action.yml`, in a repository with two
//! commits and with a `gh` of the test's own; the pre-commit hooks' commands; GitLab's report.

use crate::cli::{Scratch, err, out};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Two commits: the second renames an option that a page cites, moves a page, and adds a page with a link to where it was.
fn repository(name: &str) -> Scratch {
    let code = |flag: &str| {
        format!(
            "use clap::Parser;\n\n#[derive(Parser)]\npub struct Arguments {{\n    /// How long.\n    #[arg(long)]\n    pub {flag}: u32,\n}}\n"
        )
    };
    let scratch = Scratch::new(name)
        .with("Cargo.toml", "[package]\nname = \"waiter\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
        .with("src/main.rs", code("wait_seconds"))
        .with("docs/setup.md", "# Setup\n\nInstall it.\n")
        .with("README.md", "# Waiter\n\nIt takes `--wait-seconds`, and waits.\n");
    scratch.git(&["init", "-q", "-b", "main"]);
    scratch.commit("first");
    let scratch = scratch
        .with("src/main.rs", code("pause_seconds"))
        .with("docs/guide/install.md", "# Setup\n\nInstall it.\n")
        .with("docs/new.md", "# New\n\nRead the [setup](install.md) first.\n");
    std::fs::remove_file(scratch.0.join("docs/setup.md")).unwrap();
    scratch.commit("second");
    scratch
}

/// The shell steps of a stage of the action, by id.
fn steps(stage: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let action: Value = serde_saphyr::from_str(&text).unwrap();
    let steps = action["runs"]["steps"].as_array().unwrap();
    let mine = |step: &&Value| {
        let condition = step["if"].as_str().unwrap_or("");
        // The program is there already, as with the input `oathbook`.
        condition.contains(&format!("inputs.stage == '{stage}'"))
            && !condition.contains("inputs.oathbook == ''")
    };
    let shell = |step: &Value| {
        assert!(step["run"].is_null() || step["shell"] == "bash", "a composite step names its shell");
        Some((step["id"].as_str()?.to_owned(), step["run"].as_str()?.to_owned()))
    };
    steps.iter().filter(mine).filter_map(shell).collect()
}

fn run_steps(stage: &str, folder: &Path, runner: &Path, variables: &[(&str, &str)]) -> Output {
    let all = steps(stage);
    assert_eq!(all.len(), 1, "{stage}: {all:?}");
    run_step(&all[0].1, folder, runner, variables)
}

/// A step of the action, by its id, wherever it runs.
fn step(id: &str) -> String {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let action: Value = serde_saphyr::from_str(&text).unwrap();
    let steps = action["runs"]["steps"].as_array().unwrap();
    let found = steps.iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("no step {id}"));
    assert!(found["if"].as_str().unwrap().contains("inputs.oathbook == ''"));
    found["run"].as_str().unwrap().to_owned()
}

fn run_step(script: &str, folder: &Path, runner: &Path, variables: &[(&str, &str)]) -> Output {
    let path = format!("{}:{}", runner.join("bin").display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script])
        .current_dir(folder)
        .env("PATH", path)
        .env("GITHUB_ACTION_PATH", root())
        .env("RUNNER_TEMP", runner)
        .env("GITHUB_OUTPUT", runner.join("output"))
        .env("GITHUB_STEP_SUMMARY", runner.join("summary"))
        .env("GITHUB_REPOSITORY", "waiters/waiter")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn read(path: PathBuf) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_action_checks_annotates_and_leaves_suggestions_for_the_second_stage() {
    let repository = repository("forges-check");
    let runner = Scratch::new("forges-check-runner");
    let variables =
        [("OATHBOOK", env!("CARGO_BIN_EXE_oathbook")), ("OATHBOOK_BASE", "HEAD^"), ("OATHBOOK_FOLDER", ".")];
    let done = run_steps("check", &repository.0, &runner.0, &variables);
    let said = out(&done);
    assert_eq!(done.status.code(), Some(1), "{said}{}", err(&done));
    // At the changed line of code, and at the new page's line.
    assert!(said.contains("::error file=src/main.rs,line=7,"), "{said}");
    assert!(said.contains("::error file=docs/new.md,line=3,"), "{said}");
    let summary = read(runner.0.join("summary"));
    assert!(summary.contains("## Documentation:") && summary.contains("`removed-name`"), "{summary}");
    // The README is not part of the change, so its mend stands in the summary.
    assert!(
        summary.contains("-It takes `--wait-seconds`, and waits.\n+It takes `--pause-seconds`, and waits."),
        "{summary}"
    );
    let suggestions: Value =
        serde_json::from_str(&read(runner.0.join("oathbook-suggestions/suggestions.json"))).unwrap();
    let inside: Vec<&Value> =
        suggestions.as_array().unwrap().iter().filter(|one| one["in_diff"] == true).collect();
    assert_eq!(inside.len(), 1, "{suggestions}");
    assert_eq!(inside[0]["path"], "docs/new.md");
    assert_eq!(inside[0]["after"], "Read the [setup](guide/install.md) first.");
    let output = read(runner.0.join("output"));
    assert!(output.contains("suggestions=1\n"), "{output}");

    // A workflow may leave the job green.
    let relaxed: Vec<_> = variables.into_iter().chain([("OATHBOOK_FAIL", "false")]).collect();
    assert_eq!(run_steps("check", &repository.0, &runner.0, &relaxed).status.code(), Some(0));
    let wrong: Vec<_> = relaxed.into_iter().chain([("OATHBOOK_ARGUMENTS", "--no-such")]).collect();
    assert_eq!(run_steps("check", &repository.0, &runner.0, &wrong).status.code(), Some(2));
}

#[test]
fn the_action_gets_the_history_of_a_shallow_clone() {
    let repository = repository("forges-shallow");
    let base = repository.git(&["rev-parse", "HEAD^"]).trim().to_owned();
    let runner = Scratch::new("forges-shallow-runner");
    let clone = runner.0.join("clone");
    let url = format!("file://{}", repository.0.display());
    repository.git(&["clone", "-q", "--depth", "1", &url, &clone.to_string_lossy()]);
    let variables = [("OATHBOOK", env!("CARGO_BIN_EXE_oathbook")), ("OATHBOOK_BASE", base.as_str())];
    let done = run_steps("check", &clone, &runner.0, &variables);
    assert_eq!(done.status.code(), Some(1), "{}{}", out(&done), err(&done));
    assert!(out(&done).contains("::error file=src/main.rs,line=7,"), "{}", out(&done));
}

/// A program of the test's own, first on the path.
fn stand_in(runner: &Scratch, name: &str, script: &str) {
    let path = runner.0.join("bin").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, script).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// A `gh` that answers from files and keeps what it is given: its arguments, a review, comments. With `OATHBOOK_GH_REFUSES`
/// it takes no review and no comment that holds this text.
fn fake_gh(runner: &Scratch, pulls: &str, comments: &str) {
    let script = r#"#!/bin/bash
printf '%s\n' "$@" >>"$RUNNER_TEMP/arguments"
for at in $(seq $#); do [ "${!at}" = --input ] && next=$((at + 1)) && input=${!next}; done
refuse() { echo "gh: Validation Failed (HTTP 422) ::error::x ##[group]" >&2; exit 1; }
case "$*" in
  *reviews*) [ -z "${OATHBOOK_GH_REFUSES:-}" ] || refuse; cat "$input" >"$RUNNER_TEMP/review.json"; echo '{}';;
  *POST*comments*) ! grep -q "$OATHBOOK_GH_REFUSES" "$input" || refuse; cat "$input" >>"$RUNNER_TEMP/comments-posted.json";;
  *comments*) cat "$RUNNER_TEMP/comments.json";;
  *pulls*) cat "$RUNNER_TEMP/pulls.json";;
esac
"#;
    stand_in(runner, "gh", script);
    for (name, text) in [("pulls.json", pulls), ("comments.json", comments)] {
        std::fs::write(runner.0.join(name), text).unwrap();
    }
}

fn suggest(runner: &Scratch, artifact: &str) -> Output {
    suggest_of(runner, artifact, "main", "")
}

fn suggest_of(runner: &Scratch, artifact: &str, branch: &str, refused: &str) -> Output {
    std::fs::create_dir_all(runner.0.join("oathbook-suggestions")).unwrap();
    std::fs::write(runner.0.join("oathbook-suggestions/suggestions.json"), artifact).unwrap();
    let of = [("HEAD_SHA", "abc"), ("HEAD_OWNER", "stranger"), ("HEAD_BRANCH", branch)];
    let variables: Vec<_> = of.into_iter().chain([("OATHBOOK_GH_REFUSES", refused)]).collect();
    run_steps("suggest", &runner.0, &runner.0, &variables)
}

const PULLS: &str = r#"[{"number": 6, "head": {"sha": "old"}}, {"number": 7, "head": {"sha": "abc"}}]"#;

#[test]
fn the_second_stage_suggests_each_mend_once() {
    let runner = Scratch::new("forges-suggest");
    fake_gh(&runner, PULLS, "[]");
    let artifact = r#"[{"path": "a.md", "line": 3, "code": "page-link", "before": "x", "after": "[a](b.md) ``` y", "in_diff": true},
        {"path": "b.md", "line": 9, "code": "page-link", "before": "x", "after": "y", "in_diff": false}]"#;
    let done = suggest(&runner, artifact);
    assert!(done.status.success(), "{}", err(&done));
    let review: Value = serde_json::from_str(&read(runner.0.join("review.json"))).unwrap();
    let comments = review["comments"].as_array().unwrap();
    assert_eq!(
        (comments.len(), &review["event"], &review["commit_id"]),
        (1, &"COMMENT".into(), &"abc".into())
    );
    let body = comments[0]["body"].as_str().unwrap();
    // The fence is longer than what the line holds, so the line stays inside of it.
    assert!(body.ends_with("\n\n````suggestion\n[a](b.md) ``` y\n````"), "{body}");
    assert_eq!(comments[0]["line"], 3);

    std::fs::remove_file(runner.0.join("review.json")).unwrap();
    let posted = serde_json::json!([{ "path": "a.md", "line": 5, "body": body }]).to_string();
    fake_gh(&runner, PULLS, &posted);
    let again = suggest(&runner, artifact);
    assert!(again.status.success() && out(&again).contains("suggested before"), "{}", err(&again));
    assert!(!runner.0.join("review.json").exists());
}

#[test]
fn the_second_stage_trusts_nothing_that_a_stranger_made() {
    let runner = Scratch::new("forges-hostile");
    fake_gh(&runner, PULLS, "[]");
    let artifact = serde_json::json!([
        { "path": "a.md", "line": 1, "code": "x` @everybody", "after": "y", "in_diff": true },
        { "path": "a.md", "line": 1, "code": "page-link", "after": "y\n````\n@everybody", "in_diff": true },
        { "path": ["a"], "line": 1, "code": "page-link", "after": "y", "in_diff": true },
        { "path": "a.md", "line": "1; rm -rf /", "code": "page-link", "after": "y", "in_diff": true },
        { "path": "a.md", "line": 1, "code": "page-link", "after": "y".repeat(6000), "in_diff": true },
        { "path": "a.md", "line": 1, "code": "page-link", "after": "y", "in_diff": "true" },
    ]);
    let done = suggest(&runner, &artifact.to_string());
    assert!(done.status.success(), "{}", err(&done));
    assert!(!runner.0.join("review.json").exists());
    assert!(!suggest(&runner, "[{\"path\": ").status.success());
    assert!(!suggest(&runner, "{}").status.success());
    #[cfg(unix)]
    {
        // A link in the artifact is no artifact.
        let file = runner.0.join("oathbook-suggestions/suggestions.json");
        std::fs::write(runner.0.join("secret"), "[1]").unwrap();
        std::fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink(runner.0.join("secret"), &file).unwrap();
        let done = run_steps("suggest", &runner.0, &runner.0, &[]);
        assert!(out(&done).contains("nothing to suggest"), "{}{}", out(&done), err(&done));
        std::fs::remove_file(&file).unwrap();
    }
    // Nobody's pull request: the branch went on since.
    fake_gh(&runner, r#"[{"number": 6, "head": {"sha": "old"}}]"#, "[]");
    let gone = suggest(&runner, "[{}]");
    assert!(gone.status.success() && out(&gone).contains("no open pull request"), "{}", err(&gone));
}

#[test]
fn a_branch_of_any_name_is_found_and_one_bad_record_does_not_end_the_others() {
    let runner = Scratch::new("forges-bad-record");
    fake_gh(&runner, PULLS, "[]");
    let branch = "fix/#12&x=$(touch pwned)`touch pwned`;'\"";
    let mend = |path: &str| serde_json::json!({ "path": path, "line": 3, "code": "page-link", "after": "y", "in_diff": true });
    let artifact =
        serde_json::json!([5, null, "x", [], mend("a.md"), { "line": -1 }, mend("b.md"), mend("c.md")]);
    let done = suggest_of(&runner, &artifact.to_string(), branch, "");
    assert!(done.status.success(), "{}{}", out(&done), err(&done));
    let review: Value = serde_json::from_str(&read(runner.0.join("review.json"))).unwrap();
    assert_eq!(review["comments"].as_array().unwrap().len(), 3);
    let arguments = read(runner.0.join("arguments"));
    assert!(arguments.lines().any(|line| line == format!("head=stranger:{branch}")), "{arguments}");
    assert!(!arguments.contains("pulls?"), "no field stands in an address: {arguments}");
    assert!(!runner.0.join("pwned").exists());

    // GitHub takes no review with `b.md`, whose line it does not show.
    let done = suggest_of(&runner, &artifact.to_string(), branch, "b.md");
    let said = out(&done);
    assert!(done.status.success(), "{said}{}", err(&done));
    assert!(
        said.contains("::warning::mend 2 of 3 was not taken") && said.contains("suggested 2 of 3 mends"),
        "{said}"
    );
    assert!(said.contains("gh says:") && !said.contains("##["), "{said}");
    assert!(said.lines().filter(|line| line.trim_start().starts_with("::")).count() == 1, "{said}");
    let posted = read(runner.0.join("comments-posted.json"));
    let posted: Vec<Value> =
        serde_json::Deserializer::from_str(&posted).into_iter().map(Result::unwrap).collect();
    assert_eq!(posted.iter().map(|one| &one["path"]).collect::<Vec<_>>(), ["a.md", "c.md"]);
    assert!(posted.iter().all(|one| one["commit_id"] == "abc" && one["side"] == "RIGHT"));
    let none = suggest_of(&runner, &artifact.to_string(), branch, "md");
    assert_eq!(none.status.code(), Some(1), "nothing was taken: {}", out(&none));
}

#[test]
fn the_program_is_built_where_the_checkout_has_no_say() {
    let checkout = Scratch::new("forges-install")
        .with("rust-toolchain.toml", "[toolchain]\npath = \"evil\"\n")
        .with(".cargo/config.toml", "[build]\nrustc = \"evil\"\n");
    let runner = Scratch::new("forges-install-runner");
    // What rustup and cargo do: files of the folder and of those above it choose the tool chain and the compiler.
    let cargo = r#"#!/bin/bash
folder=$PWD
while [ -n "$folder" ]; do
  for name in rust-toolchain rust-toolchain.toml .cargo/config.toml; do
    [ -e "$folder/$name" ] && echo "PWNED by $folder/$name" && exit 1
  done
  folder=${folder%/*}
done
[ -n "$RUSTUP_TOOLCHAIN" ] || exit 2
case $CARGO_TARGET_DIR in "$RUNNER_TEMP"/*) ;; *) exit 3 ;; esac
printf '%s\n' "$@" >"$RUNNER_TEMP/cargo-arguments"
mkdir -p "$RUNNER_TEMP/oathbook/bin"
printf '#!/bin/sh\necho built\n' >"$RUNNER_TEMP/oathbook/bin/oathbook"
chmod +x "$RUNNER_TEMP/oathbook/bin/oathbook"
"#;
    stand_in(&runner, "cargo", cargo);
    let variables = [("CARGO_TARGET_DIR", "target"), ("RUSTUP_TOOLCHAIN", "")];
    let install = || run_step(&step("install"), &checkout.0, &runner.0, &variables);
    let done = install();
    assert!(done.status.success(), "{}{}", out(&done), err(&done));
    let arguments = read(runner.0.join("cargo-arguments"));
    assert!(
        arguments.contains("--locked") && arguments.contains(&root().display().to_string()),
        "{arguments}"
    );
    assert_eq!(std::fs::read_dir(&runner.0).unwrap().count(), 3, "what it was built in is gone");
    // What the cache brought is used, if it runs here.
    std::fs::remove_file(runner.0.join("cargo-arguments")).unwrap();
    assert!(out(&install()).contains("built") && !runner.0.join("cargo-arguments").exists());
    std::fs::write(runner.0.join("oathbook/bin/oathbook"), "#!/bin/sh\nexit 127\n").unwrap();
    assert!(
        install().status.success() && runner.0.join("cargo-arguments").exists(),
        "a program that does not run is built anew"
    );
}

#[test]
fn the_cache_has_another_name_for_another_source_and_another_machine() {
    let action = Scratch::new("forges-key")
        .with("Cargo.toml", "a")
        .with("Cargo.lock", "b")
        .with("src/main.rs", "c")
        .with("src/with blank.rs", "c")
        .with("themes/page.html", "d")
        .with("README.md", "e")
        .with("forges/github/key.sh", std::fs::read(root().join("forges/github/key.sh")).unwrap());
    let runner = Scratch::new("forges-key-runner");
    let key = |system: &str, image: &str| {
        let _ = std::fs::remove_file(runner.0.join("output"));
        let path = action.0.display().to_string();
        let variables = [
            ("GITHUB_ACTION_PATH", path.as_str()),
            ("RUNNER_OS", system),
            ("RUNNER_ARCH", "X64"),
            ("ImageOS", image),
        ];
        let script = step("key").replace("\"$GITHUB_ACTION_PATH/", "bash \"$GITHUB_ACTION_PATH/");
        let done = run_step(&script, &runner.0, &runner.0, &variables);
        assert!(done.status.success(), "{}", err(&done));
        read(runner.0.join("output"))
    };
    let first = key("Linux", "ubuntu24");
    assert!(first.starts_with("key=oathbook-Linux-X64-ubuntu24-"), "{first}");
    assert_eq!(key("Linux", "ubuntu24"), first);
    assert_ne!(key("macOS", "ubuntu24"), first);
    assert_ne!(key("Linux", "ubuntu22"), first);
    for file in ["Cargo.toml", "Cargo.lock", "src/main.rs", "themes/page.html"] {
        let before = action.read(file);
        std::fs::write(action.0.join(file), "changed").unwrap();
        assert_ne!(key("Linux", "ubuntu24"), first, "{file}");
        std::fs::write(action.0.join(file), before).unwrap();
    }
    std::fs::rename(action.0.join("src/main.rs"), action.0.join("src/lib.rs")).unwrap();
    assert_ne!(key("Linux", "ubuntu24"), first, "a name is a part of the source");
    std::fs::rename(action.0.join("src/lib.rs"), action.0.join("src/main.rs")).unwrap();
    std::fs::write(action.0.join("README.md"), "changed").unwrap();
    assert_eq!(key("Linux", "ubuntu24"), first, "what is not built does not count");
}

#[test]
fn arguments_are_words_and_never_names_of_files_or_options_of_git() {
    let repository = repository("forges-arguments").with("a star.md", "").with("b.md", "");
    let runner = Scratch::new("forges-arguments-runner");
    stand_in(&runner, "recorder", "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$RUNNER_TEMP/recorded\"\n");
    let program = runner.0.join("bin/recorder").display().to_string();
    let check = |arguments: &str, base: &str| {
        let variables = [
            ("OATHBOOK", program.as_str()),
            ("OATHBOOK_ARGUMENTS", arguments),
            ("OATHBOOK_BASE", base),
            ("OATHBOOK_FOLDER", "-x *"),
        ];
        run_steps("check", &repository.0, &runner.0, &variables)
    };
    let done = check("--pedantic  * [a-z]*\n--due $(touch pwned) ~ {a,b}\n", "HEAD^");
    assert!(done.status.success(), "{}{}", out(&done), err(&done));
    let recorded = read(runner.0.join("recorded"));
    let own: Vec<&str> = recorded.lines().skip_while(|line| !line.starts_with("--base=")).collect();
    assert_eq!(
        own,
        [
            "--base=HEAD^",
            "--pedantic",
            "*",
            "[a-z]*",
            "--due",
            "$(touch",
            "pwned)",
            "~",
            "{a,b}",
            "--",
            "-x *"
        ]
    );
    let done = check("", "");
    assert!(done.status.success());
    assert!(read(runner.0.join("recorded")).ends_with("\n--\n-x *\n"), "no word is made of nothing");
    let done = check("", "--upload-pack=touch pwned");
    assert_eq!(done.status.code(), Some(4), "{}", out(&done));
    assert!(!repository.0.join("pwned").exists());
}

#[test]
fn the_action_gets_what_a_clone_without_files_or_trees_lacks() {
    let repository = repository("forges-partial");
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let url = format!("file://{}", repository.0.display());
    // Reads the base as the program must: without asking a server.
    let reader = "#!/bin/sh\nexport GIT_NO_LAZY_FETCH=1\ngit rev-list --objects --no-walk --missing=print HEAD HEAD^ | sed -n '/^?/p' >\"$RUNNER_TEMP/missing\"\ngit show HEAD^:src/main.rs >\"$RUNNER_TEMP/shown\"\n";
    for filter in ["blob:none", "tree:0", "blob:limit=10"] {
        let runner = Scratch::new(&format!("forges-partial-{}", filter.replace([':', '='], "-")));
        let clone = runner.0.join("clone");
        repository.git(&["clone", "-q", &format!("--filter={filter}"), &url, &clone.to_string_lossy()]);
        stand_in(&runner, "reader", reader);
        let program = runner.0.join("bin/reader").display().to_string();
        let done =
            run_steps("check", &clone, &runner.0, &[("OATHBOOK", &program), ("OATHBOOK_BASE", "HEAD^")]);
        assert!(done.status.success(), "{filter}: {}{}", out(&done), err(&done));
        assert_eq!(read(runner.0.join("missing")), "", "{filter}");
        assert!(read(runner.0.join("shown")).contains("wait_seconds"), "{filter}");
        let done = run_steps(
            "check",
            &clone,
            &runner.0,
            &[("OATHBOOK", env!("CARGO_BIN_EXE_oathbook")), ("OATHBOOK_BASE", "HEAD^")],
        );
        assert_eq!(done.status.code(), Some(1), "{filter}: {}", err(&done));
        assert!(out(&done).contains("::error file=src/main.rs,line=7,"), "{filter}: {}", out(&done));
    }
}

#[test]
fn actions_are_named_by_commit_and_no_expression_stands_in_a_script() {
    let mut files = vec![root().join("action.yml")];
    files.extend(["run-in-ci.md", "check-links.md"].map(|name| root().join("content/how-to").join(name)));
    files.extend(["runbooks.yml", "due.yml"].map(|name| root().join("forges/github").join(name)));
    for file in files {
        let text = read(file.clone());
        let uses: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "))
            .collect();
        assert!(uses.len() >= 2, "{}", file.display());
        // A reader names a commit of this action; this page cannot.
        for action in uses.iter().filter(|action| **action != "oathbook/oathbook@main") {
            let (name, version) =
                action.split_once(" # v").unwrap_or_else(|| panic!("{action} has no version"));
            let commit = name.split_once('@').unwrap().1;
            assert!(commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()), "{action}");
            assert!(version.split('.').count() == 3, "{action}");
        }
    }
    let action: Value = serde_saphyr::from_str(&read(root().join("action.yml"))).unwrap();
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert!(!step["run"].as_str().unwrap_or("").contains("${{"), "{step}");
    }
}

/// A repository with two runbooks, the second of which fails while there is a file `broken` beside it, its bare origin, and a
/// `gh` that keeps what it is told.
#[cfg(target_os = "linux")]
fn courier(name: &str) -> (Scratch, Scratch) {
    let page = |step: &str| {
        format!(
            "---\nkind: runbook\nowner: t\ntargets: [drill]\n---\n\n# R\n\n## Steps\n\n```sh {{name=go destructive}}\n{step}\n```\n"
        )
    };
    let repository = Scratch::new(name)
        .with("book.toml", "[book]\ntitle = \"T\"\n")
        .with("src/SUMMARY.md", "# Summary\n\n- [A](a.md)\n- [B](b.md)\n")
        .with("src/a.md", page("touch a"))
        .with("src/b.md", page("test ! -e \"$OATHBOOK_ROOT/broken\""))
        .with("targets/drill.toml", "size = \"synthetic\"\n")
        .with(".gitignore", "broken\n");
    repository.git(&["init", "-q", "-b", "main"]);
    repository.commit("base");
    let runner = Scratch::new(&format!("{name}-runner"));
    let origin = runner.0.join("origin.git").display().to_string();
    repository.git(&["init", "-q", "--bare", &origin]);
    repository.git(&["remote", "add", "origin", &origin]);
    repository.git(&["push", "-q", "origin", "main"]);
    let gh = "#!/bin/bash\nprintf '%s\\n' \"$*\" >>\"$RUNNER_TEMP/arguments\"\n[ \"$2\" != list ] || cat \"$RUNNER_TEMP/number\"\nfor at in $(seq $#); do [ \"${!at}\" = --body-file ] && next=$((at + 1)) && cat \"${!next}\" >\"$RUNNER_TEMP/body\"; done\nexit 0\n";
    stand_in(&runner, "gh", gh);
    std::fs::write(runner.0.join("number"), "").unwrap();
    (repository, runner)
}

#[cfg(target_os = "linux")]
fn carry(repository: &Scratch, runner: &Scratch, more: &[(&str, &str)]) -> Output {
    let variables = [
        ("OATHBOOK", env!("CARGO_BIN_EXE_oathbook")),
        ("OATHBOOK_RUNBOOKS", "src/a.md\n src/b.md"),
        ("OATHBOOK_TARGET", "drill"),
        ("GITHUB_EVENT_NAME", "schedule"),
    ];
    let variables: Vec<_> = variables.into_iter().chain(more.iter().copied()).collect();
    run_steps("run", &repository.0, &runner.0, &variables)
}

#[cfg(target_os = "linux")]
#[test]
fn the_courier_brings_evidence_of_scheduled_runs_by_one_pull_request() {
    let (repository, runner) = courier("forges-courier");
    let main = repository.git(&["rev-parse", "main"]).trim().to_owned();
    std::fs::write(repository.0.join("broken"), "").unwrap();
    let done = carry(&repository, &runner, &[]);
    // A runbook failed: its evidence comes all the same, and the job is red.
    assert_eq!(done.status.code(), Some(1), "{}{}", out(&done), err(&done));
    let files =
        || repository.git(&["ls-tree", "-r", "--name-only", "origin/evidence/drill", "src/operations"]);
    repository.git(&["fetch", "-q", "origin"]);
    assert_eq!(files().lines().count(), 2, "{}", files());
    let asked = read(runner.0.join("arguments"));
    let created =
        "pr create --head evidence/drill --base main --title Evidence of runbooks on drill --body-file";
    assert!(
        asked.contains("pr list --head evidence/drill --state open") && asked.contains(created),
        "{asked}"
    );
    let body = read(runner.0.join("body"));
    assert!(
        body.contains(": passed for the first time on drill") && body.contains(": failed at go for"),
        "{body}"
    );
    assert_eq!(repository.git(&["rev-parse", "origin/main"]).trim(), main, "main was not touched");
    // Both name the commit that ran, not that of each other's evidence.
    for file in files().lines() {
        let text = repository.git(&["show", &format!("origin/evidence/drill:{file}")]);
        assert!(text.contains(&main), "{text}");
    }

    // A week later, nobody has merged it: the pull request grows.
    std::fs::remove_file(repository.0.join("broken")).unwrap();
    std::fs::write(runner.0.join("number"), "7\n").unwrap();
    repository.git(&["checkout", "-q", "main"]);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let done = carry(&repository, &runner, &[]);
    assert_eq!(done.status.code(), Some(0), "{}{}", out(&done), err(&done));
    repository.git(&["fetch", "-q", "origin"]);
    assert_eq!(files().lines().count(), 4, "{}", files());
    let asked = read(runner.0.join("arguments"));
    assert!(asked.lines().last().unwrap().starts_with("pr comment 7 --body-file"), "{asked}");
    assert!(
        read(runner.0.join("body")).lines().any(|line| {
            // A step may be slower than before on a machine that is busy, and then says so in between.
            line.split_once(": failed at go → passed, ").is_some_and(|(_, rest)| rest.contains("in "))
        }),
        "{}",
        read(runner.0.join("body"))
    );
    assert_eq!(repository.run(&["evidence", "verify"]).status.code(), Some(0));

    // Where nobody wants pull requests, the branch alone is pushed.
    repository.git(&["checkout", "-q", "main"]);
    let alone = [("OATHBOOK_DELIVER", "branch"), ("OATHBOOK_BRANCH", "evidence/alone")];
    assert_eq!(carry(&repository, &runner, &alone).status.code(), Some(0));
    assert_eq!(read(runner.0.join("arguments")), asked, "gh was not asked");
    assert!(repository.git(&["ls-remote", "origin"]).contains("refs/heads/evidence/alone"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_courier_runs_nothing_that_a_stranger_brings() {
    let (repository, runner) = courier("forges-courier-hostile");
    for event in ["pull_request", "pull_request_target", "issue_comment", "workflow_run", ""] {
        let done = carry(&repository, &runner, &[("GITHUB_EVENT_NAME", event)]);
        assert_eq!(done.status.code(), Some(4), "{event}: {}", out(&done));
    }
    assert!(!runner.0.join("arguments").exists() && !repository.0.join("src/operations").exists());
    // Somebody put a runbook on the branch of evidence: it is not run, and its branch not merged.
    repository.git(&["checkout", "-q", "-b", "evidence/drill"]);
    let page = repository.read("src/a.md").replace("touch a", "touch \"$OATHBOOK_ROOT/pwned\"");
    repository.with_changed("src/a.md", &page);
    repository.commit("not evidence");
    repository.git(&["push", "-q", "origin", "evidence/drill"]);
    repository.git(&["checkout", "-q", "main"]);
    let done = carry(&repository, &runner, &[]);
    assert_eq!(done.status.code(), Some(4), "{}", out(&done));
    assert!(out(&done).contains("holds more than evidence: src/a.md"), "{}", out(&done));
    assert!(!repository.0.join("pwned").exists());
    for (name, value, said) in [
        ("OATHBOOK_TARGET", "", "the input target is empty"),
        ("OATHBOOK_RUNBOOKS", " ", "the input runbooks is empty"),
        ("OATHBOOK_BRANCH", "a..b", "no name of a branch"),
    ] {
        let done = carry(&repository, &runner, &[(name, value)]);
        assert!(done.status.code() == Some(4) && out(&done).contains(said), "{}", out(&done));
    }
    // An option is no page, and a page that is refused leaves nothing.
    let done = carry(&repository, &runner, &[("OATHBOOK_RUNBOOKS", "--plan src/none.md")]);
    assert_eq!(done.status.code(), Some(2), "{}{}", out(&done), err(&done));
    assert!(out(&done).contains("no run left evidence"), "{}", out(&done));
}

#[test]
fn the_hooks_of_pre_commit_run_as_they_are_written() {
    let text = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<Value> = serde_saphyr::from_str(&text).unwrap();
    let repository =
        repository("forges-hook").with("docs/more.md", "# More\n\nRead the [setup](install.md) first.\n");
    repository.git(&["add", "-A"]);
    let run = |id: &str| {
        let hook = hooks.iter().find(|hook| hook["id"] == id).unwrap();
        assert_eq!((&hook["language"], &hook["pass_filenames"]), (&"rust".into(), &false.into()));
        let words: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').collect();
        assert_eq!(words[0], "oathbook");
        repository.run(&words[1..])
    };
    // What the last commit already has is not this commit's fault; the staged page is.
    let done = run("oathbook");
    assert_eq!(done.status.code(), Some(1));
    assert!(out(&done).contains("docs/more.md:3:"), "{}", out(&done));
    assert_eq!(run("oathbook-fix").status.code(), Some(0));
    assert!(repository.read("docs/more.md").contains("(guide/install.md)"));
}

#[test]
fn gitlab_reads_one_entry_for_each_finding_of_the_change() {
    let repository = repository("forges-gitlab").with("docs/old.md", "# Old\n\n[a](no.md) [b](no.md)\n");
    let done = repository.run(&["check", "--format", "gitlab", "--report", "junit=reports/junit.xml"]);
    assert_eq!(done.status.code(), Some(1));
    let entries: Vec<Value> = serde_json::from_str(&out(&done)).unwrap();
    let prints: BTreeSet<&str> = entries.iter().filter_map(|one| one["fingerprint"].as_str()).collect();
    assert_eq!((entries.len(), prints.len()), (3, 3), "{entries:?}");
    for entry in &entries {
        assert!(entry["description"].is_string() && entry["check_name"] == "page-link", "{entry}");
        assert!(entry["location"]["lines"]["begin"].as_u64().unwrap() > 0 && entry["severity"] == "major");
    }
    assert!(repository.read("reports/junit.xml").contains("failures=\"3\""));
    let compared = repository.run(&["check", "--format", "gitlab", "--base", "HEAD"]);
    let entries: Vec<Value> = serde_json::from_str(&out(&compared)).unwrap();
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert_eq!(repository.run(&["check", "--report", "nope=x"]).status.code(), Some(2));
}

/// A `gh` that keeps issues in a file, and what it was asked to do to them.
const GH_OF_ISSUES: &str = r#"#!/bin/bash
set -e
issues=$RUNNER_TEMP/issues.json
[ -e "$issues" ] || echo '[]' >"$issues"
change() { jq "$@" "$issues" >"$issues.new" && mv "$issues.new" "$issues"; }
[ "$1" = issue ] || exit 0
verb=$2; shift 2
case $verb in
  list) jq '[.[] | select(.open)]' "$issues"; exit;;
  edit | close) number=$1; shift;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    --title) title=$2;;
    --body-file) body=$2;;
  esac
  shift 2
done
echo "$verb $title$number" >>"$RUNNER_TEMP/done"
case $verb in
  create) change --arg title "$title" --rawfile body "$body" '. + [{number: (length + 1), title: $title, body: $body, open: true}]';;
  edit) change --argjson number "$number" --rawfile body "$body" 'map(if .number == $number then .body = $body else . end)';;
  close) change --argjson number "$number" 'map(if .number == $number then .open = false else . end)';;
esac
"#;

#[test]
fn what_is_due_is_an_issue_of_its_owner_from_the_day_after_until_it_is_done() {
    let page = |title: &str, owner: &str, reviewed: &str| {
        format!(
            "---\nowner: {owner}\nreviewed: {reviewed}\nreview-every: 30 days\n---\n\n# {title}\n\nText.\n"
        )
    };
    let book = Scratch::new("forges-due")
        .with("book.toml", "[book]\ntitle = \"T\"\n")
        .with("src/SUMMARY.md", "- [A](a.md)\n- [B](b.md)\n- [C](c.md)\n")
        .with("src/a.md", page("A", "team-a", "2026-01-01"))
        .with("src/b.md", page("B", "\"@shop/docs\"", "2026-01-01"))
        .with("src/c.md", page("C", "team-a", "2026-01-02"));
    book.git(&["init", "-q", "-b", "main"]);
    book.commit("first");
    let runner = Scratch::new("forges-due-runner");
    stand_in(&runner, "gh", GH_OF_ISSUES);
    let on = |day: &str, event: &str| {
        let day = format!("--as-of {day}");
        let variables = [
            ("OATHBOOK", env!("CARGO_BIN_EXE_oathbook")),
            ("OATHBOOK_ARGUMENTS", day.as_str()),
            ("GITHUB_EVENT_NAME", event),
        ];
        run_steps("due", &book.0, &runner.0, &variables)
    };
    let done = || std::fs::read_to_string(runner.0.join("done")).unwrap_or_default();
    let run = |day: &str| {
        let ran = on(day, "schedule");
        assert!(ran.status.success(), "{}{}", out(&ran), err(&ran));
    };
    let issues = || -> Value { serde_json::from_str(&read(runner.0.join("issues.json"))).unwrap() };

    // The last day on which thirty days have not passed, and the day after, twice.
    run("2026-01-31");
    assert_eq!(done(), "");
    run("2026-02-01");
    run("2026-02-01");
    let opened = "create Documentation due: @shop/docs\ncreate Documentation due: team-a\n";
    assert_eq!(done(), opened);
    let all = issues();
    let body = |at: usize| all[at]["body"].as_str().unwrap().to_owned();
    assert!(body(0).starts_with("@shop/docs, this is due:\n\n~~~text\nsrc/b.md: "), "{}", body(0));
    assert!(body(1).starts_with("This is due:") && !body(1).contains("src/c.md"), "{}", body(1));

    // A page more is due: the same issue says so, once.
    run("2026-02-02");
    run("2026-02-03");
    assert_eq!(done(), format!("{opened}edit 2\n"));
    assert!(issues()[1]["body"].as_str().unwrap().contains("src/c.md"));

    // One owner has read: that issue is closed, once, and the other stays.
    book.with_changed("src/b.md", &page("B", "\"@shop/docs\"", "2026-02-03"));
    run("2026-02-03");
    run("2026-02-04");
    assert_eq!(done(), format!("{opened}edit 2\nclose 1\n"));

    // A day earlier nothing was due.
    run("2026-01-31");
    assert_eq!(done(), format!("{opened}edit 2\nclose 1\nclose 2\n"));
    run("2026-03-06");
    assert_eq!(done().lines().count(), 7, "both are due again: {}", done());

    // When nothing is known, nothing is closed; and no pull request has a say.
    book.with_changed("book.toml", "[book\n");
    assert_eq!(on("2026-01-31", "schedule").status.code(), Some(4));
    assert_eq!(on("2026-01-31", "pull_request").status.code(), Some(4));
    assert_eq!(done().lines().count(), 7);
}

#[test]
fn the_calendar_has_the_last_day_of_each_review_and_of_each_run() {
    let book = Scratch::new("forges-calendar")
        .with("book.toml", "[book]\ntitle = \"T\"\n")
        .with("targets/drill.toml", "size = \"synthetic\"\n")
        .with("src/SUMMARY.md", "- [A; B](a.md)\n- [R](r.md)\n- [N](n.md)\n")
        .with("src/a.md", "---\nowner: a, b\nreviewed: 2026-01-01\nreview-every: 30 days\n---\n\n# A; B\n\nText.\n")
        .with("src/n.md", "# N\n\nText.\n")
        .with("src/r.md", "---\nkind: runbook\nowner: t\ntargets: [drill]\nverify-every: 31d\n---\n\n# R\n\n## Steps\n\n```sh {name=a}\n/bin/true\n```\n");
    book.git(&["init", "-q", "-b", "main"]);
    book.commit("first");
    let build = |day: &str| {
        let built = book.run(&["build", "--as-of", day]);
        assert!(built.status.code() != Some(4), "{}", err(&built));
        book.read("book/due.ics")
    };
    let calendar = build("2026-01-15");
    assert!(
        calendar.contains(
            "\r\nDTSTART;VALUE=DATE:20260131\r\nSUMMARY:Read again: A\\; B\r\nDESCRIPTION:Owner: a\\, b\r\n"
        ),
        "{calendar}"
    );
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 1);
    assert_eq!(build("2026-05-15"), calendar, "it does not tell of today");
    if cfg!(target_os = "linux") {
        let ran = book.run(&["run", "src/r.md", "--target", "drill"]);
        assert!(ran.status.success(), "{}", err(&ran));
        let calendar = build("2026-01-15");
        let event = calendar.split("BEGIN:VEVENT").find(|event| event.contains("Run again: R")).unwrap();
        let day = |key: &str| {
            let digits = event.split(key).nth(1).unwrap().get(..8).unwrap();
            let text = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]);
            text.parse::<oathbook::base::Date>().unwrap().days()
        };
        assert_eq!(day("VALUE=DATE:") - day("DTSTAMP:"), 31);
    }
    std::fs::write(book.0.join("src/a.md"), "# A\n\nText.\n").unwrap();
    std::fs::write(book.0.join("src/r.md"), "# R\n\nText.\n").unwrap();
    book.run(&["build"]);
    assert!(!book.0.join("book/due.ics").exists());
}
