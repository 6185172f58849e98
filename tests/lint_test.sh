#!/usr/bin/env bash
# lint.sh on a tree of three sources and a header, with a clang-tidy that finds the word BAD.
#   lint_test.sh LINT_SCRIPT SCRATCH_FOLDER
set -euo pipefail

lint="$1" scratch="$2"
fail() { printf 'lint: %s\n%s\n' "$1" "${said:-}"; exit 1; }

rm -rf -- "$scratch"
tree="$scratch/a tree" tools="$scratch/tools"
mkdir -p -- "$tree/engine/music" "$tree/osc" "$tree/build" "$tools"
cd -- "$tree"
echo 'Checks: all' >.clang-tidy
touch engine/music/one.hpp engine/music/one.cpp engine/music/two.cpp osc/three.cpp
# two.cpp is part of two targets; what is made at configuring is not ours to look at.
for file in engine/music/one.cpp engine/music/two.cpp engine/music/two.cpp osc/three.cpp build/made.cpp; do
    printf '{\n  "directory": "%s",\n  "file": "%s"\n},\n' "$tree/build" "$tree/$file"
done >build/compile_commands.json
cat >"$tools/clang-scan-deps-22" <<'DEPS'
#!/bin/sh
escaped="$(echo "$PWD" | sed 's/ /\\ /g')"
for source in engine/music/one engine/music/two osc/three; do
    header=; [ $source = osc/three ] || header=" $escaped/engine/music/one.hpp"
    printf '%s: \\\n  %s \\\n' "x/$source.cpp.o" "$escaped/$source.cpp"
    printf '  /usr/include/c++/12/string%s\n' "$header"
done
echo "error: no such file or directory: 'made.cpp'" >&2
exit 1
DEPS
cat >"$tools/clang-tidy-22" <<'TIDY'
#!/bin/sh
for file; do source=$file; done
[ "$source" = --version ] && { echo "version ${VERSION:-22}"; exit; }
echo "2000 warnings generated." >&2
grep -q CRASH "$source" && exit 139
headers=$(case $source in engine/*) echo engine/music/one.hpp ;; esac)
status=0
for file in "$source" $headers; do
    grep -n BAD "$file" | sed "s,^\([0-9]*\):.*,$PWD/$file:\1:1: error: it is bad [misc-bad\,-warnings-as-errors],"
    grep -q BAD "$file" && status=1
done
exit $status
TIDY
chmod +x "$tools"/*

# expect STATUS COUNT [PATTERN]: how it ends, and its last line.
expect() {
    local status=0
    said="$(PATH="$tools:$PATH" "$lint" "$tree" "$tree/build" 2 "${3:-}" 2>&1)" || status=$?
    ((status == $1)) || fail "it ends with $status, not $1"
    [[ $(tail -n 1 <<<"$said") == "lint: $2" ]] || fail "its last line is not: lint: $2"
}
expect 0 '3 sources, 3 of them looked at and 0 as they were when clean; 0 findings'
expect 0 '3 sources, 0 of them looked at and 3 as they were when clean; 0 findings'
echo '// BAD' >>engine/music/one.hpp
expect 1 '3 sources, 2 of them looked at and 1 as they were when clean; 1 findings'
expect 1 '3 sources, 2 of them looked at and 1 as they were when clean; 1 findings'
: >engine/music/one.hpp
echo '// BAD' >>osc/three.cpp
expect 1 '1 sources, 1 of them looked at and 0 as they were when clean; 1 findings' osc/
[[ $said == *"osc/three.cpp:1:1: error: it is bad"* ]] || fail "it does not say what was found"
: >osc/three.cpp
expect 0 '3 sources, 3 of them looked at and 0 as they were when clean; 0 findings'
export VERSION=23
expect 0 '3 sources, 3 of them looked at and 0 as they were when clean; 0 findings'
echo 'Checks: none' >.clang-tidy
expect 0 '3 sources, 3 of them looked at and 0 as they were when clean; 0 findings'
echo '// CRASH' >>engine/music/two.cpp
expect 1 '3 sources, 1 of them looked at and 2 as they were when clean; 1 findings'
expect 1 "no source matches 'nothing'" nothing
