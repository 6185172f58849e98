#!/usr/bin/env bash
# `fusiond render` into sound: of each genre of the shipped bundle alone and of a blend, also in layers,
# a file that is heard, never reaches full scale, and is as long as the music and its last tail.
#   e2e_render_sound.sh BIN-FOLDER BUNDLE
set -euo pipefail
bin=$1 bundle=$2
command -v sox >/dev/null || { echo "skipped: no sox"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; cat "$work/log" >&2; exit 1; }

render() {
    "$bin/fusiond" render --state off --bundle "$bundle" --bars 4 --tempo 120 "$@" 2>"$work/log" ||
        fail "render $* ended with $?"
}
if ! "$bin/fusiond" render --state off --bundle "$bundle" --bars 1 --wav "$work/a.wav" 2>"$work/log"; then
    grep -q "no sound font" "$work/log" && { cat "$work/log"; exit 77; }
    fail "the first render"
fi

# figure NAME FILE: one of `sox stat`'s.
figure() { sox "$2" -n stat 2>&1 | awk -F: -v name="$1" '$1 ~ name { print $2 + 0; exit }'; }
holds() { awk "BEGIN { exit !($1) }"; }

# sound_is_sound NAME FILE SECONDS: heard, whole, and so long, with at most 3 s of tail.
sound_is_sound() {
    local name=$1 file=$2 seconds=$3 rms top bottom length
    rms=$(figure '^RMS +amplitude' "$file") top=$(figure '^Maximum amplitude' "$file")
    bottom=$(figure '^Minimum amplitude' "$file") length=$(soxi -D "$file")
    echo "$name: rms $rms, from $bottom to $top, $length s"
    holds "$rms > 0.01" || fail "$name is silent"
    holds "$top < 0.99 && $bottom > -0.99" || fail "$name reaches full scale"
    holds "$top > 0.1" || fail "$name can hardly be heard"
    holds "$length >= $seconds && $length <= $seconds + 3" || fail "$name is $length s long"
}

for genre in $("$bin/fusiond" render --state off --bundle "$bundle" --bars 1 --out "$work/x.mid" \
    --weight nobody=1 2>&1 | sed -n 's/.*this bundle has //p' | sed 's/ (did.*//' | tr -d ','); do
    render --weight "$genre=10" --wav "$work/$genre.wav"
    sound_is_sound "$genre" "$work/$genre.wav" 8
done
[[ -s $work/jazz.wav ]] || fail "the bundle's genres were not found"
blend=(--weight jazz=10 --weight pop=5 --weight folk=1)
render "${blend[@]}" --flac "$work/blend.flac" --ogg "$work/blend.ogg" --out "$work/blend.mid"
sound_is_sound "10:5:1" "$work/blend.flac" 8
sound_is_sound "10:5:1 as Vorbis" "$work/blend.ogg" 8
[[ $(head -c 4 "$work/blend.mid") == MThd ]] || fail "no MIDI file beside the sound"
render "${blend[@]}" --at 0 synth_programs layered --wav "$work/layers.wav"
sound_is_sound "10:5:1 in layers" "$work/layers.wav" 8
cmp -s "$work/layers.wav" "$work/blend.flac" && fail "layers sound like one genre"

# The same arguments give the same sound, and the volume is obeyed from its place on.
render "${blend[@]}" --at 0 synth_programs layered --wav "$work/again.wav"
cmp -s "$work/layers.wav" "$work/again.wav" || fail "the same arguments gave another sound"
render --weight jazz=10 --at 2 synth_volume -60 --wav "$work/half.wav"
sox "$work/half.wav" "$work/end.wav" trim 4.5 3
holds "$(figure '^RMS +amplitude' "$work/end.wav") == 0" || fail "-60 dB is not silence"

# What cannot be is told before the music is made.
refused() {
    local code=$1 what=$2 got=0
    shift 2
    "$bin/fusiond" render --state off --bundle "$bundle" --bars 4 "$@" >"$work/log" 2>&1 || got=$?
    [[ $got -eq $code ]] || fail "ended with $got, not $code: $*"
    grep -q "$what" "$work/log" || fail "does not say '$what'"
}
refused 73 /nonexistent/x.wav --wav /nonexistent/x.wav
printf '[synth]\nfont = "/nonexistent.sf2"\n' >"$work/config.toml"
refused 66 /nonexistent.sf2 --config "$work/config.toml" --wav "$work/x.wav"
head -c 5000 "$work/jazz.wav" >"$work/broken.sf2"
printf '[synth]\nfont = "%s"\n' "$work/broken.sf2" >"$work/config.toml"
refused 69 "broken.sf2 cannot be read" --config "$work/config.toml" --wav "$work/x.wav"
echo "passed"
