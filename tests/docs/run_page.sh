#!/usr/bin/env bash
# Does what a page of docs/ says, as it is written there: its fenced blocks, from the first to the last,
# in a JACK server without hardware and a network of their own, so that the usual ports are free.
#   run_page.sh PAGE BIN-FOLDER SOURCE-FOLDER
# What is done with a block stands above it, in a remark that a reader does not see:
#   <!-- run: shell -->              in bash, with -euo pipefail
#   <!-- run: daemon -->             begun, and waited for until the first note can play
#   <!-- run: client NAME -->        begun in bash, and left to run
#   <!-- run: sclang -->             a SuperCollider file, begun and left to run
#   <!-- file: NAME -->              written into that file
#   <!-- same: FILE -->              each of its lines stands in that file of the source tree
# and what comes of it, below it or anywhere else:
#   <!-- prints: REGEX -->           what the last block prints has such a line
#   <!-- becomes: CMD => REGEX -->   CMD prints just that, soon
#   <!-- hand: CMD -->               what a hand does in the meantime, at a controller
#   <!-- end: daemon -->             it ends in an orderly way when asked to
# A block without a remark is not run. Ends with 77 and a line where something is not on this machine.
set -euo pipefail
if [[ $1 != --inside ]]; then
    for program in jackd unshare python3; do
        command -v "$program" >/dev/null || { echo "SKIPPED: no $program"; exit 77; }
    done
    unshare --map-root-user --net true 2>/dev/null ||
        { echo "SKIPPED: this system gives no network of its own"; exit 77; }
    exec unshare --map-root-user --net "$BASH" "$0" --inside "$@"
fi
page=$(readlink -f -- "$2") bin=$(readlink -f -- "$3") source=$(readlink -f -- "$4")
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname -- "$0")/../daemon/e2e_lib.sh"

# SIOCSIFFLAGS: the loopback device of a new network is down.
python3 - <<'UP'
import fcntl, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))
UP

export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_STATE_HOME=$work/home/.local/state
export XDG_DATA_HOME=$work/home/.local/share XDG_RUNTIME_DIR=$work
export QT_QPA_PLATFORM=offscreen QTWEBENGINE_DISABLE_SANDBOX=1  # Debian's sclang is linked to a browser
export FUSIOND_BUNDLE=${FUSIOND_BUNDLE:-$source/engine/models/fusiond.bundle}
export PATH=$bin:$PATH
unset DISPLAY WAYLAND_DISPLAY
mkdir -p "$HOME"
cd "$HOME"

log=$work/block.log blocks=0 daemon=
needs() { command -v "$1" >/dev/null || { echo "SKIPPED: no $1"; exit 77; }; }
log_has() { grep -Eq -- "$1" "$log"; }
begin() { # NAME COMMAND...: in the background; its words are in $log
    log=$work/$1.log
    "${@:2}" </dev/null >"$log" 2>&1 &
    pids[$1]=$!
}
prints_just() { [[ $(eval "$1" 2>/dev/null) =~ ^($2)$ ]]; }

run_block() { # HOW FILE
    blocks=$((blocks + 1))
    echo "${page##*/}:$number: $1"
    case $1 in
        "run: shell")
            log=$work/block.log
            bash -euo pipefail "$2" </dev/null >"$log" 2>&1 || fail "it ended with $?: $(cat "$2")"
            cat "$log"
            ;;
        "run: daemon")
            # The shell becomes the daemon, so that it is the daemon that is ended.
            sed -i 's/^fusiond/exec fusiond/' "$2"
            begin daemon bash -euo pipefail "$2"
            daemon=${pids[daemon]}
            until_true "the daemon of: $(cat "$2")" log_has "to turn a weight: "
            ;;
        "run: client "*) begin "${1#run: client }" bash -euo pipefail "$2" ;;
        "run: sclang")
            needs sclang
            begin sclang sclang "$2"
            ;;
        "file: "*) cp "$2" "${1#file: }" ;;
        "same: "*)
            while IFS= read -r line; do
                grep -qF -- "$line" "$source/${1#same: }" || fail "not in ${1#same: }: $line"
            done < <(grep . "$2")
            ;;
        *) fail "$page: what is '$1'?" ;;
    esac
}

start_jack
how='' inside=no number=0
while IFS= read -r line; do
    number=$((number + 1))
    if [[ $inside == yes ]]; then
        if [[ $line == '```' ]]; then
            inside=no
            if [[ -n $how ]]; then run_block "$how" "$file"; fi
            how=''
        else
            printf '%s\n' "$line" >>"$file"
        fi
        continue
    fi
    case $line in
        '```'*)
            inside=yes
            file=$work/block-$number # bash reads on in its own while it runs
            : >"$file"
            ;;
        '<!-- run: '*' -->' | '<!-- file: '*' -->' | '<!-- same: '*' -->')
            how=${line#<!-- } how=${how% -->}
            ;;
        '<!-- prints: '*' -->')
            line=${line#*prints: }
            until_true "${page##*/}:$number: '${line% -->}' in what is printed" log_has "${line% -->}"
            ;;
        '<!-- becomes: '*' -->')
            line=${line#*becomes: } line=${line% -->}
            until_true "${page##*/}:$number: $line" prints_just "${line% => *}" "${line#* => }"
            ;;
        '<!-- hand: '*' -->')
            line=${line#*hand: }
            eval "${line% -->}" || fail "${page##*/}:$number: $line"
            ;;
        '<!-- end: daemon -->')
            kill -TERM "$daemon"
            wait "$daemon" || fail "the daemon ended with $?"
            unset 'pids[daemon]'
            ;;
        '<!--'*) fail "${page##*/}:$number: what is $line?" ;;
    esac
    if [[ -n ${pids[daemon]:-} ]]; then
        kill -0 "$daemon" 2>/dev/null || fail "${page##*/}:$number: the daemon has ended by itself"
    fi
done <"$page"
[[ $inside == no ]] || fail "a block has no end"
((blocks > 0)) || fail "no block of ${page##*/} is run"
echo "${page##*/}: $blocks blocks"
