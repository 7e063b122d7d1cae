//! All tests that need more than one module. One binary: a file beside this one that is not declared fails
//! `every_test_file_is_declared`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, says what it skips, and looks at the disk"
)]

mod addresses;
mod alerts;
mod api_pages;
mod browser;
mod bundle;
mod capacity;
mod cli;
mod code_names;
mod completeness;
mod conformance;
mod constants;
mod criteria;
mod dependencies;
mod determinism;
mod diagram_languages;
mod diagram_layout;
#[cfg(target_os = "linux")]
mod drill;
#[cfg(target_os = "linux")]
mod effects;
mod example_service;
mod forecasts;
mod forges;
mod fuzz_replay;
#[cfg(unix)]
mod git;
#[cfg(target_os = "linux")]
mod growth;
mod handbook;
mod hostile;
mod incidents;
mod indexing;
mod layering;
mod linkcheck;
#[cfg(target_os = "linux")]
mod memory;
mod modules;
mod oncall;
mod openapi_diff;
mod openapi_documents;
mod openapi_source;
mod pins;
mod plain;
mod preview;
#[cfg(unix)]
mod private;
mod probe;
#[cfg(target_os = "linux")]
mod recipes;
mod recovery;
mod recovery_records;
mod runs;
mod samples;
mod structure;
mod suite;
mod support;
mod units;
#[cfg(unix)]
mod writing;

#[test]
fn every_test_file_is_declared() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = std::fs::read_to_string(here.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(here).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") else { continue };
        assert!(
            main.contains(&format!("mod {module};")),
            "tests/{name} is not declared in tests/main.rs, so its tests do not run"
        );
    }
}
