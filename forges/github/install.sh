#!/usr/bin/env bash
# Builds the program from the action's own source. The checkout has no say in it: its rust-toolchain.toml could name a
# `cargo` of its own, its .cargo/config.toml a compiler. So all happens in an empty folder, with a tool chain that is named
# here unless the workflow names one, and with a target folder of its own.
set -euo pipefail

root=$RUNNER_TEMP/oathbook
if [ -x "$root/bin/oathbook" ] && "$root/bin/oathbook" --version; then
    exit 0
fi
work=$(mktemp -d "$RUNNER_TEMP/oathbook-build.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-stable} CARGO_TARGET_DIR=$work/target
cargo install --locked --force --path "$GITHUB_ACTION_PATH" --root "$root"
