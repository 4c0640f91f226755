#!/bin/sh
# Sets up what Landfall's Makefile uses, in .tools/, and says what it can't install itself: what every target uses, and
# what is named, `lint`, `moto`, `browser`, `checkov` or `release`. `check` alone only says what is missing.
# MiniStack, moto and checkov have Python environments of their own, because they want other versions than SAM does.
set -eu

cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
missing=

lacks() {
    missing="$missing
  $1"
}

has() {
    command -v "$1" >/dev/null 2>&1
}

check() {
    [ "$(uname -s)" = Linux ] ||
        lacks "Linux: the local stack runs the functions as plain Linux processes. Use a Linux machine, a virtual one, or WSL."

    if ! has cargo || ! has rustc; then
        lacks "Rust, from https://rustup.rs"
    else
        wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
        found=$(rustc --version | cut -d ' ' -f 2)
        oldest=$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1)
        [ "$oldest" = "$wanted" ] || lacks "Rust $wanted or newer (this is $found): rustup update"
        { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1 ||
            lacks "rustfmt and clippy: rustup component add rustfmt clippy"
    fi

    if ! has "$python" || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        lacks "Python 3.10 or newer, from https://www.python.org or your system; PYTHON=... names another than python3"
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        lacks "Python's venv module: on Debian and Ubuntu, apt install python3-venv"
    fi

    has git || lacks "git: on Debian and Ubuntu, apt install git"
    has "${CC:-cc}" || lacks "a C compiler: on Debian and Ubuntu, apt install build-essential"
}

# Makes the environment .tools/$1 what local/requirements-$1.txt says, unless it is that already.
environment() {
    wanted=local/requirements-$1.txt
    made=.tools/$1/requirements.txt
    if cmp -s "$wanted" "$made" && ".tools/$1/bin/python" -c '' 2>/dev/null; then
        return
    fi
    printf 'Installing %s into .tools/%s (a minute or two) ...\n' "$2" "$1"
    rm -rf ".tools/$1"
    mkdir -p .tools
    "$python" -m venv ".tools/$1"
    ".tools/$1/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"
    # Written last, so that an installation which broke off is made again.
    cp "$wanted" "$made"
}

# Chromium with its chromedriver, of this system, and axe, which is one file. Only the console's tests need a browser, so
# that its absence fails them and nothing else.
browser() {
    if { ! has chromium || ! has chromedriver; } && has apt-get; then
        as=
        [ "$(id -u)" = 0 ] || as="sudo -n"
        if [ -z "$as" ] || sudo -n true 2>/dev/null; then
            echo "Installing Chromium by apt-get ..."
            # An older list of packages will do where there is no newer one.
            $as apt-get update -qq >/dev/null 2>&1 || true
            $as env DEBIAN_FRONTEND=noninteractive \
                apt-get install -qq --no-install-recommends chromium chromium-driver >/dev/null || true
        fi
    fi
    has chromedriver ||
        echo "The console's tests will fail without Chromium: on Debian, apt install chromium chromium-driver" >&2
    wanted=local/requirements-browser.txt
    made=.tools/browser/requirements.txt
    cmp -s "$wanted" "$made" && return
    rm -rf .tools/browser
    .tools/sam/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        --target .tools/browser --requirement "$wanted"
    cp "$wanted" "$made"
}

check
if [ -n "$missing" ]; then
    printf 'Landfall needs what it cannot install itself:%s\n' "$missing" >&2
    exit 1
fi
[ "$*" = check ] && exit

environment sam "SAM, cargo-lambda, cfn-lint and pytest"
environment ministack "MiniStack"
for further in "$@"; do
    case $further in
    lint) environment lint "ruff, shellcheck, typos and zizmor" ;;
    moto) environment moto "moto, the second engine of the tests" ;;
    browser) browser ;;
    checkov) environment checkov "checkov" ;;
    release) environment release "what makes bills of materials of a release" ;;
    *) printf 'There is no set of tools called %s.\n' "$further" >&2 && exit 2 ;;
    esac
done

# Only these join the Makefile's PATH: the environments hold a python3 and more, which would hide this machine's own.
mkdir -p .tools/bin
for tool in sam cargo-lambda cfn-lint pytest; do
    ln -sf "../sam/bin/$tool" ".tools/bin/$tool"
done
ln -sf ../checkov/bin/checkov .tools/bin/checkov
for tool in ruff shellcheck typos zizmor check-jsonschema; do
    ln -sf "../lint/bin/$tool" ".tools/bin/$tool"
done
for zig in .tools/sam/lib/python3*/site-packages/ziglang/zig; do
    ln -sf "../../$zig" .tools/bin/zig
done
