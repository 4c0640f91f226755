#!/bin/sh
# Does every dependency have the same features, whichever of these packages is tested? Where one hasn't, each selection
# builds the AWS SDK anew: what is printed belongs into tests/features/Cargo.toml. And has a release nothing of the tests'
# own, nor of the command line's? And is the core, which servers use that aren't Landfall's, built as it says?
set -eu

cd "$(dirname "$0")/.."
wanted=$(mktemp)
found=$(mktemp)
trap 'rm -f "$wanted" "$found"' EXIT

# The dependencies with their features, one a line.
features() {
    cargo tree --locked --prefix none --no-dedupe --format '{p} {f}' "$@" |
        sed 's/ (\*)$//' | grep -v " (/" | sort -u
}

features --workspace --edges normal,build,dev >"$wanted"
differ=
for package in ingest consumer sweeper landfall; do
    features --package "$package" --edges normal,build,dev >"$found"
    lines=$(comm -13 "$wanted" "$found")
    if [ -n "$lines" ]; then
        differ=1
        printf 'cargo test -p %s has other features than the workspace:\n%s\n' "$package" "$lines"
        printf '%s\n' "$lines" | cut -d ' ' -f 1 | sort -u | while read -r name; do grep "^$name v" "$wanted"; done
    fi
done

# A release names the functions' packages, and must not get a clock that a test can stop, nor what only an operator calls.
features --package ingest --package consumer --package sweeper --edges normal >"$found"
if grep -e '^tokio v.*test-util' -e '^aws-config ' -e '^aws-sdk-s\(so\|sooidc\|ignin\) ' "$found"; then
    differ=1
    echo "The functions would be deployed with it."
fi

# The core as a library: no runtime, and without public keys no C.
features --package landfall-webhook --edges normal,build >"$wanted"
features --package landfall-webhook --no-default-features --edges normal,build >"$found"
if grep -e '^tokio ' "$wanted" || grep -e '^aws-lc-' -e '^cc ' "$found"; then
    differ=1
    echo "The core would be built with it."
fi
[ -z "$differ" ]
