#!/usr/bin/env bash
# Every relative link of README.md, CONTRIBUTING.md and docs/ leads to a file or a folder that is there, and a picture
# is no larger than a page should load.
#   links_test.sh SOURCE_FOLDER
set -euo pipefail
cd -- "$1"
bad=0 links=0
for page in README.md CONTRIBUTING.md docs/*.md; do
    while IFS= read -r link; do
        links=$((links + 1))
        [[ -e ${page%"${page##*/}"}${link%%#*} ]] && continue
        echo "$page: $link is not there"
        bad=1
    done < <(grep -oE '\]\([^)]+\)' "$page" | sed 's/^](//; s/)$//' | grep -v '^[a-z]*:')
done
((links > 20)) || { echo "only $links links were found"; bad=1; }
for picture in docs/pictures/*.{png,svg}; do
    (($(stat -c %s "$picture") < 120000)) || { echo "$picture is larger than 120 kB"; bad=1; }
done
exit "$bad"
