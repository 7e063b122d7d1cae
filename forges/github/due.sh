#!/usr/bin/env bash
# Keeps one issue for each owner of what is due: pages to be read again, runbooks to be run again. It is opened, brought up to
# date and closed as things become due and are done. Issues are found by their label, which only people who may sort issues
# can give, and by their title.
set -euo pipefail

oathbook=${OATHBOOK:-$RUNNER_TEMP/oathbook/bin/oathbook}
label=documentation-due

give_up() {
    echo "::error::$1"
    exit 4
}

case ${GITHUB_EVENT_NAME:-} in
schedule | workflow_dispatch) ;;
*) give_up "what is due is told of on a schedule or by hand, not for the event ${GITHUB_EVENT_NAME:-}" ;;
esac
words=()
read -r -d '' -a words <<<"${OATHBOOK_ARGUMENTS:-}" || true

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
code=0
"$oathbook" check --color never --due --only review-due --only run-evidence --format json ${words[@]+"${words[@]}"} \
    -- "${OATHBOOK_FOLDER:-.}" >"$work/findings" || code=$?
# 1 says that something is due. After any other failure nothing is known of what is due, and nothing is closed.
[ "$code" -le 1 ] || give_up "what is due could not be told: oathbook ended with exit code $code"

# What pages say stands in a block of text, which nothing in it ends; an owner is called by name where it is one of GitHub's.
# The text holds nothing that changes from day to day, so that an issue changes only when what is due does.
jq -s '
    def shown: gsub("[\\p{Cc}]"; " ") | gsub("~~~~*"; "~~") | .[:500];
    [ .[] | select(.severity == "error") ]
    | group_by(.owner // "")
    | map({
        title: ("Documentation due: " + ((.[0].owner // "nobody answers for it") | shown)),
        body: (
            ( if (.[0].owner // "") | test("^@[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9_.-]+)?(, @[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9_.-]+)?)*$")
              then .[0].owner + ", this is due:" else "This is due:" end )
            + "\n\n~~~text\n"
            + (.[:200] | map("\(.file | shown): \(.message | sub(", [0-9]+ days longer ago"; ", longer ago") | shown)") | join("\n"))
            + (if length > 200 then "\nand \(length - 200) more" else "" end)
            + "\n~~~\n\n`oathbook check --due` says what to do about each. This issue is closed when nothing is left.\n" )
      })' "$work/findings" >"$work/due.json"

gh label create "$label" --force --color FBCA04 --description "Kept by oathbook: what is due" >/dev/null ||
    give_up "the label $label cannot be made"
gh issue list --state open --label "$label" --limit 1000 --json number,title,body >"$work/open.json" ||
    give_up "issues cannot be listed"

opened=0 changed=0 closed=0
for at in $(jq 'keys[]' "$work/due.json"); do
    title=$(jq -r --argjson at "$at" '.[$at].title' "$work/due.json")
    jq -j --argjson at "$at" '.[$at].body' "$work/due.json" >"$work/body.md"
    number=$(jq -r --arg title "$title" '[.[] | select(.title == $title) | .number] | min // empty' "$work/open.json")
    if [ -z "$number" ]; then
        gh issue create --title "$title" --label "$label" --body-file "$work/body.md" >/dev/null ||
            give_up "the issue of an owner cannot be opened"
        opened=$((opened + 1))
    elif ! jq -e --argjson number "$number" --rawfile body "$work/body.md" \
        'any(.[]; .number == $number and (.body | gsub("\r"; "") | sub("\n*$"; "")) == ($body | sub("\n*$"; "")))' \
        "$work/open.json" >/dev/null; then
        gh issue edit "$number" --body-file "$work/body.md" >/dev/null || give_up "issue $number cannot be changed"
        changed=$((changed + 1))
    fi
done
for number in $(jq -r --slurpfile due "$work/due.json" '
    [$due[0][].title] as $titles | group_by(.title)[] | min_by(.number).number as $kept
    | .[] | select((.title | IN($titles[]) | not) or .number != $kept) | .number' "$work/open.json"); do
    gh issue close "$number" --comment "Nothing of this is due any more." >/dev/null || give_up "issue $number cannot be closed"
    closed=$((closed + 1))
done
echo "due: $(jq 'length' "$work/due.json") owners; issues: $opened opened, $changed changed, $closed closed"
