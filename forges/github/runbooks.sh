#!/usr/bin/env bash
# Runs runbooks of the branch that is checked out, and brings what they leave into the repository, by a pull request or on a
# branch of evidence alone. It needs a token that may write, so it refuses to run for a pull request: what that brings is
# parsed and checked by the first stage, and never run. Of a branch of earlier evidence nothing is run either: it is merged
# after the runs, and only if it holds nothing but evidence.
set -uo pipefail

oathbook=${OATHBOOK:-$RUNNER_TEMP/oathbook/bin/oathbook}

give_up() {
    echo "::error::$1"
    exit 4
}

case ${GITHUB_EVENT_NAME:-} in
schedule | workflow_dispatch | push) ;;
*) give_up "runbooks run on a schedule, by hand or after a push, not for the event ${GITHUB_EVENT_NAME:-}" ;;
esac
target=${OATHBOOK_TARGET:-}
[ -n "$target" ] || give_up "the input target is empty: runbooks have no default target"
branch=${OATHBOOK_BRANCH:-evidence/$target}
git check-ref-format "refs/heads/$branch" || give_up "the input branch is no name of a branch"
pages=()
read -r -d '' -a pages <<<"${OATHBOOK_RUNBOOKS:-}"
[ ${#pages[@]} -gt 0 ] || give_up "the input runbooks is empty"
sign=()
[ -z "${OATHBOOK_SIGN:-}" ] || sign=(--sign "$OATHBOOK_SIGN")
git config user.name >/dev/null || git config user.name runbooks
git config user.email >/dev/null || git config user.email runbooks@users.noreply.github.com

base=$(git rev-parse --verify HEAD) || give_up "there is no commit to run"
quiet=(-c core.hooksPath=/dev/null -c advice.detachedHead=false)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Each runs on the same commit, which its evidence names.
worst=0
commits=()
for page in "${pages[@]}"; do
    git "${quiet[@]}" checkout --quiet --detach "$base" || give_up "the commit cannot be checked out again"
    echo "::group::$page on $target"
    "$oathbook" run --target "$target" --allow-destructive --commit ${sign[@]+"${sign[@]}"} -- "$page"
    code=$?
    echo "::endgroup::"
    [ "$code" -eq 0 ] || echo "::error::$page on $target ended with exit code $code"
    [ "$code" -le "$worst" ] || worst=$code
    now=$(git rev-parse HEAD)
    [ "$now" = "$base" ] || commits+=("$now")
done
if [ ${#commits[@]} -eq 0 ]; then
    echo "no run left evidence"
    exit "$worst"
fi
git "${quiet[@]}" checkout --quiet -B "$branch" "$base" && git "${quiet[@]}" cherry-pick "${commits[@]}" >/dev/null ||
    give_up "the evidence of two runs does not go together"

# Evidence of earlier runs that nobody has merged yet is kept, if the branch holds nothing else.
folder=$(git diff --name-only "$base" HEAD | head -n 1)
folder=${folder%/*/*}
old=refs/remotes/origin/$branch
if git fetch --quiet --no-tags origin "+refs/heads/$branch:$old" 2>/dev/null; then
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
        git fetch --quiet --no-tags --unshallow origin || give_up "the history cannot be fetched: check out with fetch-depth: 0"
    fi
    if ! git merge-base --is-ancestor "$old" HEAD; then
        foreign=$(git diff --name-only "$base...$old" -- ":(exclude,top)$folder") || give_up "$branch is no branch of this history"
        [ -z "$foreign" ] || give_up "the branch $branch holds more than evidence: $(head -n 1 <<<"$foreign")"
        git "${quiet[@]}" merge --quiet -m "Keep the evidence of earlier runs" "$old" >/dev/null ||
            give_up "the evidence on $branch does not go together with this"
    fi
fi
{
    printf 'Runs of runbooks on `%s`:\n\n~~~text\n' "$target"
    "$oathbook" evidence diff --base "$base" -- "${OATHBOOK_FOLDER:-.}" | sed 's/~~~~*/~~/g'
    printf '~~~\n'
} >"$work/body.md"
cat "$work/body.md" >>"$GITHUB_STEP_SUMMARY"
git "${quiet[@]}" push --quiet origin "HEAD:refs/heads/$branch" || give_up "the branch $branch cannot be pushed"
echo "pushed ${#commits[@]} runs to $branch"
if [ "${OATHBOOK_DELIVER:-pull-request}" = pull-request ]; then
    number=$(gh pr list --head "$branch" --state open --json number --jq '.[0].number // empty') || give_up "pull requests cannot be listed"
    if [ -z "$number" ]; then
        gh pr create --head "$branch" --base "${OATHBOOK_INTO:-main}" --title "Evidence of runbooks on $target" --body-file "$work/body.md" ||
            give_up "the pull request cannot be opened"
    else
        gh pr comment "$number" --body-file "$work/body.md" || give_up "pull request $number cannot be commented on"
    fi
fi
exit "$worst"
