#!/bin/sh
# Makes .venv with Python 3.11 and everything of requirements/dev.txt, and inside it an environment with an older line of
# the hub's client library, for tests; does nothing when nothing changed.
set -eu
cd "$(dirname "$0")/.."

stop() {
    printf '\n%s\n--> %s\n' "$1" "$2" >&2
    exit 1
}

is_311() {
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1
}

# Built with its own profile, as distributions and installers do it, Python takes a quarter less processor time than built
# without. Packages may have to be compiled for it, so its headers have to be there.
is_fast() {
    "$1" -c '
import ensurepip, pathlib, sys, sysconfig, venv
fast = "--enable-optimizations" in sysconfig.get_config_var("CONFIG_ARGS") or sys.base_prefix == "/usr"
sys.exit(not (fast and pathlib.Path(sysconfig.get_path("include"), "Python.h").exists()))' >/dev/null 2>&1
}

# Prints the first fast Python 3.11 on the PATH, or else the first.
choose() (
    set -f  # a folder of the PATH is no pattern
    first=
    IFS=:
    for folder in $PATH; do
        for name in python3.11 python3 python; do
            candidate=${folder:-.}/$name
            is_311 "$candidate" || continue
            first=${first:-$candidate}
            if is_fast "$candidate"; then
                echo "$candidate"
                exit
            fi
        done
    done
    echo "$first"
)

# What is installed is known by the content of the pins, not by their dates: a checkout changes dates.
here=$(pwd -P)
wanted="$(cat requirements/*.txt | cksum) in $here"
stamp=.venv/.installed
client=.venv/clients/huggingface_hub-0.36.2
if [ -x "$client/bin/hf" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && is_311 .venv/bin/python; then
    exit 0
fi

# The programs of an environment carry its path inside: after a move of the checkout they must be made again.
if [ -f "$stamp" ] && [ "$(sed 's/^.* in //' "$stamp")" != "$here" ]; then
    echo "The checkout moved; its environment is made again."
    rm -rf .venv
fi

if ! is_311 .venv/bin/python; then
    found=${PYTHON:-}
    if [ -n "$found" ]; then
        is_311 "$found" || stop "PYTHON names $found, which is no Python 3.11." "Name another, or leave PYTHON away."
    else
        found=$(choose)
    fi
    [ -n "$found" ] || stop "Ombud needs Python 3.11, and there is none on your PATH." \
        "Install it (Debian: apt-get install python3.11 python3.11-venv), or name it: make setup PYTHON=/path/to/python3.11"
    is_fast "$found" || echo "Note: this Python was built without optimizations, or has no headers; Ombud runs slower on it."
    echo "Making the environment .venv with $("$found" --version), $found ..."
    rm -rf .venv
    "$found" -m venv .venv || stop "Python could not make the environment .venv." \
        "On Debian its module venv is a package of its own: apt-get install python3.11-venv"
fi

echo "Installing the packages into .venv (the first time takes some minutes and about 2.5 GB) ..."
constraints=
[ ! -f requirements/constraints.txt ] || constraints="-c requirements/constraints.txt"
# shellcheck disable=SC2086
.venv/bin/python -m pip install --disable-pip-version-check --no-input \
    -r requirements/dev.txt $constraints || stop "The packages could not be installed." \
    "The lines above say why (no network? a full disk?). What is there is kept: run make setup again."

rm -rf "$client"
.venv/bin/python -m venv "$client" && "$client/bin/python" -m pip install --disable-pip-version-check --no-input --quiet \
    --no-deps -r requirements/client-0.36.txt || stop "The older client library could not be installed." \
    "The lines above say why. What is there is kept: run make setup again."
echo "$wanted" > "$stamp"
echo "The environment is ready."
