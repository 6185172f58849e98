#!/usr/bin/env bash
# The Debian package: made of this build, unpacked into a scratch folder, and what it holds run from there.
#   package_test.sh CPACK BUILD_FOLDER VERSION
# Exits with 77 where the machine lacks what it needs.
set -euo pipefail

cpack="$1" build="$2" version="$3"
scratch="$build/package_test"
fail() { printf 'package: %s\n' "$*"; exit 1; }
for program in dpkg-deb dpkg-shlibdeps file gzip; do
    command -v "$program" >/dev/null || { echo "skipped: no $program here"; exit 77; }
done

rm -rf -- "$scratch"
mkdir -p -- "$scratch"
"$cpack" --config "$build/CPackConfig.cmake" -B "$scratch" \
    -D "CPACK_DEBIAN_PACKAGE_MAINTAINER=A Tester <tester@fusiond.invalid>" >"$scratch/cpack.log" 2>&1 ||
    fail "$(cat -- "$scratch/cpack.log")"
deb="$(echo "$scratch"/fusiond_*.deb)"
field() { dpkg-deb --field "$deb" "$1"; }

# --- What it says of itself ---
[[ $(field Version) == "$version-"* ]] || fail "its version is $(field Version)"
[[ $(field Maintainer) == "A Tester <tester@fusiond.invalid>" ]] || fail "made by $(field Maintainer)"
[[ $(field Depends) == *libopenblas0-pthread* && $(field Depends) == *libjack* ]] ||
    fail "it depends on $(field Depends)"
dpkg-deb --info "$deb" conffiles | grep -qx /etc/fusiond/fusiond.toml ||
    fail "dpkg would overwrite an edited configuration"
if command -v lintian >/dev/null; then
    lintian --fail-on error --allow-root "$deb" || fail "lintian finds errors"
else
    echo "not looked at by lintian, which is not here"
fi

# --- What is in it, and runs from wherever it lies ---
dpkg-deb -x "$deb" "$scratch/root"
for name in copyright changelog.gz changelog.Debian.gz README.md; do
    [[ -s $scratch/root/usr/share/doc/fusiond/$name ]] || fail "no $name"
done
unit="$scratch/root/usr/lib/systemd/system/fusiond.service"
grep -qF 'ExecStart="/usr/bin/fusiond" --config "/etc/fusiond/fusiond.toml"' "$unit" ||
    fail "the unit starts $(grep ExecStart "$unit")"
for program in fusiond fusionctl; do
    said="$("$scratch/root/usr/bin/$program" --version)"
    [[ $said == "$program $version" ]] || fail "$program --version says '$said'"
    gzip -dc "$scratch/root/usr/share/man/man1/$program.1.gz" | grep -q '\\-\\-version' ||
        fail "$program has no manual page"
done
fusiond="$scratch/root/usr/bin/fusiond"
"$fusiond" --check-config "$scratch/root/etc/fusiond/fusiond.toml" >/dev/null ||
    fail "it refuses its own configuration"

# Its bundle is its own: it plays, and a bundle that is cut short is told by that very name.
unset FUSIOND_BUNDLE
cd /
bundle="$scratch/root/usr/share/fusiond/fusiond.bundle"
if grep -q '^FUSION_WITH_TORCH:BOOL=ON' "$build/CMakeCache.txt"; then
    "$fusiond" render --bars 4 --out "$scratch/four.mid" || fail "it does not render"
    LC_ALL=C grep -qaP '\x90' "$scratch/four.mid" || fail "it rendered no note"
fi
truncate --size 1000 "$bundle"
status=0
said="$("$fusiond" render --bars 4 --out "$scratch/none.mid" 2>&1)" || status=$?
((status == 65)) || fail "with its bundle cut short it ended with $status: $said"
[[ $said == *"$bundle"* ]] || fail "it does not name its own bundle: $said"
rm -rf -- "$scratch/root" "$scratch/_CPack_Packages"
