#!/usr/bin/env bash
# clang-tidy over the sources, as `./dev lint` runs it once they are configured; nothing has to be built.
#   lint.sh ROOT BUILD_FOLDER JOBS [PATTERN]
# Looks at each source of the compilation database once, and through it at the headers that it includes; a
# header's finding is told and counted once, however many sources see it. A source that was clean is not
# looked at again until it, a header of this tree that it includes, .clang-tidy or clang-tidy itself is other
# than it was (BUILD_FOLDER/lint has a fingerprint of each): the first time takes some three seconds a source,
# the next only those that changed. Fails where there are findings; its last line is the count.
#
# clang-tidy 22, which leaves the headers of libraries alone, and not the suite's own: 14 runs every check over
# all of them, which is five sixths of its time (a test: 19 s against 3).
set -euo pipefail

# --one "SOURCE	HEADER...": what is found there, in one piece, and the fingerprint where it is clean.
if [[ $1 == --one ]]; then
    IFS=$'\t' read -ra files <<<"$2"
    source="${files[0]}"
    stamp="$BUILD/lint/$source.clean"
    rules=(.clang-tidy)
    if [[ $source == tests/* ]]; then rules+=(tests/.clang-tidy); fi
    print="$( (printf '%s\n' "$TIDY" "${files[@]}"; cat -- "${rules[@]}" "${files[@]}") | sha256sum || true)"
    if [[ -f $stamp && $(<"$stamp") == "$print" ]]; then exit; fi
    rm -f -- "$stamp"
    status=0
    said="$(clang-tidy-22 -quiet -p "$BUILD" -extra-arg={-Wno-unknown-warning-option,-ferror-limit=0} \
        -header-filter="^$PWD/(engine|osc|config|daemon|tests)/" "$source" 2>&1)" || status=$?
    # What clang finds in the headers of libraries is not ours: LibTorch 1.13's are no C++20 to clang.
    # Each finding ends where the next begins.
    said="$(awk -v root="$PWD/" '
        /^[0-9]+ warnings?( and [0-9]+ errors?)? generated\.$|^Suppressed |^Use -header-filter=|^Error while proc/ { next }
        /^[^ ].*:[0-9]+:[0-9]+: (warning|error): / { ours = index($0, root) == 1 }
        /^(warning|error): / { ours = 1 }
        ours' <<<"$said")"
    if ((status > 1)); then said+="error: clang-tidy ended with status $status on $source [lint]"; fi
    if [[ -z $said ]]; then
        mkdir -p -- "$(dirname -- "$stamp")"
        printf '%s\n' "$print" >"$stamp"
    else
        printf '%s\n' "$said"
    fi
    echo "looked at $source"
    exit
fi

self="$(readlink -f -- "${BASH_SOURCE[0]}")"
cd -- "$1"
export BUILD="$2" TIDY
TIDY="$(clang-tidy-22 --version)"
jobs="$3" pattern="${4:-}"
mkdir -p -- "$BUILD/lint"

# The names of this tree among those that CMake or the scanner wrote.
tree='function of_tree(name) {
    while (sub(/^\.\.\//, "", name)) {}
    if (index(name, root) == 1) name = substr(name, length(root) + 1)
    return name ~ /^(engine|osc|config|daemon|tests)\// ? name : ""
}'
awk -v root="$PWD/" -v pattern="$pattern" "$tree"'
    sub(/^ *"file": "/, "") && sub(/",?$/, "") && (name = of_tree($0)) != "" && name ~ pattern { print name }' \
    "$BUILD/compile_commands.json" | sort -u >"$BUILD/lint/sources"
count="$(wc -l <"$BUILD/lint/sources")"
((count > 0)) || { echo "lint: no source matches '$pattern'" >&2; exit 1; }

# Each line that it reads, at once and once. (mawk waits for 4,096 bytes.)
once() {
    local -A seen
    local line
    while IFS= read -r line; do
        if [[ -z ${seen["=$line"]:-} ]]; then printf '%s\n' "$line"; fi
        seen["=$line"]=1
    done
}

# A line for each source: itself and the headers of this tree, as `make` would be told. What a build makes
# is not there yet and is nothing to look at.
{ clang-scan-deps-22 -compilation-database "$BUILD/compile_commands.json" -j "$jobs" 2>"$BUILD/lint/scan" || true; } |
    awk -v root="$PWD/" "$tree"'
    function finish() { split(line, names, "\t"); if (wanted[names[1]]) print line; delete wanted[names[1]] }
    NR == FNR { wanted[$0] = 1; next }
    /^[^ ]/ { finish(); line = ""; next }
    {
        gsub(/\\ /, "\001")
        for (i = 1; i <= NF; ++i) {
            gsub("\001", " ", $i)
            if ((name = of_tree($i)) != "") line = line (line == "" ? "" : "\t") name
        }
    }
    END { finish(); for (source in wanted) if (source != "") print source }' "$BUILD/lint/sources" - |
    tr '\n' '\0' | xargs -0 -P "$jobs" -n 1 "$self" --one | once | tee "$BUILD/lint/said" |
    { grep --line-buffered -v '^looked at ' || true; }

looked="$(grep -c '^looked at ' "$BUILD/lint/said" || true)"
found="$(grep -cE '(warning|error): .*\[[a-z0-9.,-]+\]$' "$BUILD/lint/said" || true)"
printf 'lint: %d sources, %d of them looked at and %d as they were when clean; %d findings\n' \
    "$count" "$looked" "$((count - looked))" "$found"
((found == 0))
