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
    let path = format!("{}:{}", runner.join("bin").display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(["-e", "-c", &all[0].1])
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

/// A `gh` that answers from files and keeps what it is given.
fn fake_gh(runner: &Scratch, pulls: &str, comments: &str) {
    let script = "#!/bin/sh\ncase \"$*\" in\n  *reviews*) while [ $# -gt 1 ]; do shift; [ \"$1\" = --input ] && cat \"$2\" >\"$RUNNER_TEMP/review.json\"; done; echo '{}';;\n  *comments*) cat \"$RUNNER_TEMP/comments.json\";;\n  *pulls*) cat \"$RUNNER_TEMP/pulls.json\";;\nesac\n";
    for (name, text) in [("bin/gh", script), ("pulls.json", pulls), ("comments.json", comments)] {
        let path = runner.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(runner.0.join("bin/gh"), executable).unwrap();
    }
}

fn suggest(runner: &Scratch, artifact: &str) -> Output {
    std::fs::create_dir_all(runner.0.join("oathbook-suggestions")).unwrap();
    std::fs::write(runner.0.join("oathbook-suggestions/suggestions.json"), artifact).unwrap();
    let variables = [("HEAD_SHA", "abc"), ("HEAD_OWNER", "stranger"), ("HEAD_BRANCH", "main")];
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
    // Nobody's pull request: the branch went on since.
    fake_gh(&runner, r#"[{"number": 6, "head": {"sha": "old"}}]"#, "[]");
    let gone = suggest(&runner, "[{}]");
    assert!(gone.status.success() && out(&gone).contains("no open pull request"), "{}", err(&gone));
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
