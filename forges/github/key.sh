#!/usr/bin/env bash
# Names the build of this action's source for this sort of machine: another source, another name. Neither the action's
# `ref` will do (a branch moves, and inside of a composite action it is another action's) nor `hashFiles`, which looks at
# the checkout only. ImageOS tells runners with different C libraries apart.
set -euo pipefail

cd "$GITHUB_ACTION_PATH"
source=$(find Cargo.toml Cargo.lock src themes -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32)
echo "key=oathbook-${RUNNER_OS:-}-${RUNNER_ARCH:-}-${ImageOS:-}-$source" >>"$GITHUB_OUTPUT"
