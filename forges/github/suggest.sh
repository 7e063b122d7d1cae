#!/usr/bin/env bash
# Second stage of the GitHub Action: posts the first stage's suggestions as a review. It has a token that may write and
# never looks at the pull request's code. What the first stage left behind was made from a stranger's change: it is taken
# as data, each field is held to its form, and nothing in it leaves a code block.
set -euo pipefail

artifact=$RUNNER_TEMP/oathbook-suggestions/suggestions.json
if [ ! -s "$artifact" ]; then
    echo "nothing to suggest"
    exit 0
fi
if [ "$(wc -c <"$artifact")" -gt 1000000 ]; then
    echo "::error::the suggestions are larger than 1 MB"
    exit 1
fi

# The pull request is looked up by what GitHub says of the run, never by what the artifact says.
number=$(gh api "repos/$GITHUB_REPOSITORY/pulls?state=open&head=$HEAD_OWNER:$HEAD_BRANCH" |
    jq -r --arg sha "$HEAD_SHA" '[.[] | select(.head.sha == $sha)][0].number // empty')
if [ -z "$number" ]; then
    echo "no open pull request has the commit $HEAD_SHA: there is nothing to review"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gh api --paginate "repos/$GITHUB_REPOSITORY/pulls/$number/comments" | jq -s '[.[][] | {path, line, body}]' >"$work/posted.json"

jq --slurpfile posted "$work/posted.json" --arg sha "$HEAD_SHA" '
    def fence: ([scan("`+") | length] | max // 0) as $longest | "`" * ([3, $longest + 1] | max);
    [ .[]
      | select((.path | type) == "string" and (.line | type) == "number" and (.after | type) == "string" and .in_diff == true)
      | select((.path | length) < 500 and (.after | length) < 5000 and (.after | test("[\\r\\n]") | not))
      | select((.code | type) == "string" and (.code | test("^[a-z][a-z0-9-]{0,40}$")))
      | (.after | fence) as $fence
      | { path, line: (.line | floor), side: "RIGHT",
          body: "`\(.code)`: oathbook is sure of this mend.\n\n\($fence)suggestion\n\(.after)\n\($fence)" } ]
    | map(select(. as $new | $posted[0] | any(.[]; .path == $new.path and .body == $new.body) | not))
    | .[:20]
    | { commit_id: $sha, event: "COMMENT", comments: . }' "$artifact" >"$work/review.json"

if [ "$(jq '.comments | length' "$work/review.json")" -eq 0 ]; then
    echo "everything was suggested before"
    exit 0
fi
gh api --method POST "repos/$GITHUB_REPOSITORY/pulls/$number/reviews" --input "$work/review.json" >"$work/answer.json"
echo "suggested $(jq '.comments | length' "$work/review.json") mends on pull request $number"
