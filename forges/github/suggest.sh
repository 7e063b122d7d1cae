#!/usr/bin/env bash
# Second stage of the GitHub Action: posts the first stage's suggestions as a review. It has a token that may write and
# never looks at the pull request's code. What the first stage left behind was made from a stranger's change: it is taken
# as data, each field is held to its form, and nothing in it leaves a code block.
set -euo pipefail

artifact=$RUNNER_TEMP/oathbook-suggestions/suggestions.json
if [ -L "$artifact" ] || [ ! -f "$artifact" ] || [ ! -s "$artifact" ]; then
    echo "nothing to suggest"
    exit 0
fi
if [ "$(wc -c <"$artifact")" -gt 1000000 ]; then
    echo "::error::the suggestions are larger than 1 MB"
    exit 1
fi
if ! jq -e 'type == "array"' "$artifact" >/dev/null; then
    echo "::error::the suggestions are no list"
    exit 1
fi

# The pull request is looked up by what GitHub says of the run, never by what the artifact says. The fields are sent as
# fields: a branch may be called `fix/#12` or `a&b`.
number=$(gh api --method GET "repos/$GITHUB_REPOSITORY/pulls" -f state=open -f per_page=100 -f "head=$HEAD_OWNER:$HEAD_BRANCH" |
    jq -r --arg sha "$HEAD_SHA" '[.[] | select(.head.sha == $sha)][0].number // empty')
if [ -z "$number" ]; then
    echo "no open pull request has the commit of this run: there is nothing to review"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gh api --paginate "repos/$GITHUB_REPOSITORY/pulls/$number/comments" | jq -s '[.[][] | {path, line, body}]' >"$work/posted.json"

jq --slurpfile posted "$work/posted.json" --arg sha "$HEAD_SHA" '
    def fence: ([scan("`+") | length] | max // 0) as $longest | "`" * ([3, $longest + 1] | max);
    [ .[]
      | select(type == "object")
      | select((.path | type) == "string" and (.line | type) == "number" and (.after | type) == "string" and .in_diff == true)
      | select(.line >= 1 and .line < 10000000 and .line == (.line | floor))
      | select((.path | length) < 500 and (.after | length) < 5000 and (.after | test("[\\r\\n]") | not))
      | select((.code | type) == "string" and (.code | test("^[a-z][a-z0-9-]{0,40}$")))
      | (.after | fence) as $fence
      | { path, line, side: "RIGHT",
          body: "`\(.code)`: oathbook is sure of this mend.\n\n\($fence)suggestion\n\(.after)\n\($fence)" } ]
    | map(select(. as $new | $posted[0] | any(.[]; .path == $new.path and .body == $new.body) | not))
    | .[:20]
    | { commit_id: $sha, event: "COMMENT", comments: . }' "$artifact" >"$work/review.json"

all=$(jq '.comments | length' "$work/review.json")
if [ "$all" -eq 0 ]; then
    echo "everything was suggested before"
    exit 0
fi
if gh api --method POST "repos/$GITHUB_REPOSITORY/pulls/$number/reviews" --input "$work/review.json" >"$work/answer.json" 2>"$work/said"; then
    echo "suggested $all mends on pull request $number"
    exit 0
fi

# GitHub takes a review as a whole or not at all. One mend that it does not take, on a line that it does not show, must not
# take the others with it: each is posted on its own.
echo "the review was not taken as a whole, so each mend is posted on its own"
taken=0
for at in $(seq 0 $((all - 1))); do
    jq --argjson at "$at" '.comments[$at] + { commit_id: .commit_id }' "$work/review.json" >"$work/comment.json"
    if gh api --method POST "repos/$GITHUB_REPOSITORY/pulls/$number/comments" --input "$work/comment.json" >"$work/answer.json" 2>"$work/said"; then
        taken=$((taken + 1))
    else
        echo "::warning::mend $((at + 1)) of $all was not taken"
        # Whatever the answer quotes, no line of it is a command of the runner's.
        tr -cd '[:print:]\n' <"$work/said" | sed 's/##/# #/g; s/^/  gh says: /' | head -n 5
    fi
done
echo "suggested $taken of $all mends on pull request $number"
[ "$taken" -gt 0 ]
