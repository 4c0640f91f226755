#!/bin/sh
# Installs the peers, at the versions of their lock files, in .tools/bench: once, and again when their files change.
set -eu

cd "$(dirname "$0")"
there=../../.tools/bench
python=${PEER_PYTHON:-python3.11}

# $1 is a folder; whether it was made of these files.
is_current() {
    cat "$1"/*.* | cksum | cmp -s - "$there/$1.made"
}

for tool in "$python" node npm; do
    command -v "$tool" >/dev/null 2>&1 || { echo "$tool is missing: the peers of \`make bench\` run on it" >&2 && exit 1; }
done
mkdir -p "$there"
if ! is_current python; then
    echo "Installing the Python peers into .tools/bench ..."
    rm -rf "$there/python"
    "$python" -m venv "$there/python"
    "$there/python/bin/python" -m pip install --quiet --disable-pip-version-check --requirement python/requirements.txt
    cp python/*.py "$there/python"
    cat python/*.* | cksum >"$there/python.made"
fi
if ! is_current node; then
    echo "Installing and bundling the Node peers into .tools/bench ..."
    rm -rf "$there/node"
    cp -r node "$there/node"
    cd "$there/node"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    # What is CommonJS within a module asks for `require`.
    node_modules/.bin/esbuild plain.mjs powertools.mjs --bundle --platform=node --target=node20 --format=esm --minify \
        --main-fields=module,main --outdir=bundle --out-extension:.js=.mjs --log-level=error \
        --banner:js='import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
    cd - >/dev/null
    cat node/*.* | cksum >"$there/node.made"
fi
