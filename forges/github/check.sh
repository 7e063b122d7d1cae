#!/usr/bin/env bash
# First stage of the GitHub Action: checks the change, annotates lines, writes the summary, and leaves suggestions behind
# for the second stage. Runs with a token that may only read, so it works for pull requests from forks.
set -uo pipefail

oathbook=${OATHBOOK:-$RUNNER_TEMP/oathbook/bin/oathbook}
out=$RUNNER_TEMP/oathbook-suggestions
mkdir -p "$out"
summary=$out/summary.md
suggestions=$out/suggestions.json
findings=$out/findings.json
rm -f "$summary" "$suggestions" "$findings"

arguments=()
if [ -n "${OATHBOOK_BASE:-}" ]; then
    # A checkout without `fetch-depth: 0` has one commit; where the branches parted lies further back.
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
        git fetch --quiet --no-tags --no-recurse-submodules --unshallow origin || exit 4
    fi
    if ! git cat-file -e "$OATHBOOK_BASE^{commit}" 2>/dev/null; then
        git fetch --quiet --no-tags --no-recurse-submodules origin "$OATHBOOK_BASE" || exit 4
    fi
    arguments+=(--base "$OATHBOOK_BASE")
fi
# Words of the workflow's author, split at blanks on purpose.
# shellcheck disable=SC2206
arguments+=(${OATHBOOK_ARGUMENTS:-})

"$oathbook" check --color never --format github --report "markdown=$summary" --report "suggestions=$suggestions" \
    --report "json=$findings" "${arguments[@]}" -- "${OATHBOOK_FOLDER:-.}"
code=$?

count() { if [ -s "$1" ]; then jq "${@:2}" "$1"; else echo 0; fi; }
added=$(count "$findings" -s '[.[] | select(.origin == "change")] | length')
offered=$(count "$suggestions" '[.[] | select(.in_diff)] | length')
{
    echo "findings=$added"
    echo "suggestions=$offered"
} >>"$GITHUB_OUTPUT"

if [ -s "$summary" ]; then
    cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
# Mends of lines that the change did not touch cannot be suggested in a review: they stand in the summary.
if [ -s "$suggestions" ] && jq -e 'any(.[]; .in_diff | not)' "$suggestions" >/dev/null; then
    fence='~~~~~~~~~~~~'
    {
        printf '\n### Sure mends\n\n`oathbook check --fix` applies these:\n\n%sdiff\n' "$fence"
        jq -r '.[:50][] | select(.in_diff | not) | "--- \(.path):\(.line)\n-\(.before)\n+\(.after)"' "$suggestions" |
            sed 's/~~~~*/~~/g'
        printf '%s\n' "$fence"
    } >>"$GITHUB_STEP_SUMMARY"
fi

# 1 is a finding; everything above is a mistake of the workflow's author or of the machine.
if [ "$code" -eq 1 ] || [ "$code" -eq 3 ]; then
    [ "${OATHBOOK_FAIL:-true}" = true ] && exit "$code"
    exit 0
fi
exit "$code"
