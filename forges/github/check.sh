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

fetch() { git fetch --quiet --no-tags --no-recurse-submodules "$@"; }

give_up() {
    echo "::error::$1"
    exit 4
}

# Objects that a clone promised to fetch when they are needed, of the commits that are compared: the base of the change and
# what is checked out. Nothing fetches them later, for reading a repository never asks a server.
fetch_promised() {
    local parted missing round
    git config --get-regexp '^remote\..*\.promisor$' true >/dev/null || return 0
    parted=$(git merge-base "$base" HEAD) || return 0
    # A clone without trees learns of a tree's parts when it has the tree; no path is that deep.
    for round in $(seq 100); do
        missing=$(git rev-list --objects --no-walk --missing=print "$parted" HEAD | sed -n 's/^?//p') || return 1
        [ -n "$missing" ] || return 0
        git -c fetch.negotiationAlgorithm=noop fetch --quiet --no-tags --no-write-fetch-head --no-recurse-submodules \
            --filter=blob:none --stdin origin <<<"$missing" || return 1
    done
    return 1
}

arguments=()
base=${OATHBOOK_BASE:-}
if [ -n "$base" ]; then
    case $base in
    -*) give_up "the input base is no revision" ;;
    esac
    # A checkout without `fetch-depth: 0` has one commit; where the branches parted lies further back.
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
        fetch --unshallow origin || give_up "the history cannot be fetched: check out with fetch-depth: 0"
    fi
    if ! git cat-file -e "$base^{commit}" 2>/dev/null; then
        fetch origin "$base" || give_up "the base cannot be fetched: check out with fetch-depth: 0"
        # A branch of the server's is none here.
        base=$(git rev-parse --verify --quiet FETCH_HEAD) || give_up "the base cannot be fetched"
    fi
    fetch_promised || give_up "the files of the base cannot be fetched: check out without a filter"
    arguments+=("--base=$base")
fi
# Words of the workflow's author, split at blanks and line ends; a `*` in them is a star, not the files here.
words=()
read -r -d '' -a words <<<"${OATHBOOK_ARGUMENTS:-}"
arguments+=(${words[@]+"${words[@]}"})

"$oathbook" check --color never --format github --report "markdown=$summary" --report "suggestions=$suggestions" \
    --report "json=$findings" ${arguments[@]+"${arguments[@]}"} -- "${OATHBOOK_FOLDER:-.}"
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
# Mends of lines that the change did not touch cannot be suggested in a review: they stand in the summary. Nothing in them
# ends the block of code or turns it around.
if [ -s "$suggestions" ] && jq -e 'any(.[]; .in_diff | not)' "$suggestions" >/dev/null; then
    fence='~~~~~~~~~~~~'
    {
        printf '\n### Sure mends\n\n`oathbook check --fix` applies these:\n\n%sdiff\n' "$fence"
        jq -r 'def shown: gsub("\t"; "    ") | gsub("[\\p{Cc}\\p{Zl}\\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"; "\ufffd");
            [.[] | select(.in_diff | not)] | .[:50][] |
            "--- \(.path | shown):\(.line)\n-\(.before | shown)\n+\(.after | shown)"' "$suggestions" |
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
