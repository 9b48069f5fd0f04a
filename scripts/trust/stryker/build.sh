#!/usr/bin/env bash
# build.sh FOLDER: builds the package of the sources that Stryker has put mutants into, which are in ./src, and installs it in FOLDER/app.
# Types are not checked: Stryker's changes are not typed.
exec bash "$(dirname "${BASH_SOURCE[0]}")/../package-again.sh" "$1" --noCheck "$PWD/src"
