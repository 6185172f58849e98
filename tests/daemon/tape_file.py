#!/usr/bin/env python3
"""MIDI files for e2e_tape.sh, and whether what was heard is one of them. Knows nothing of fusiond's reader.

    tape_file.py scale FILE BEATS   a note a beat on channel 4, from 60 up, its length half a beat; the
                                    tempo 300 and from the middle on 600
    tape_file.py stuck FILE         notes that nobody ends, and one that ends twice
    tape_file.py same BEATS DUMP RATE  the last notes of jack_midi_dump -a are that scale's: pitches, and
                                       distances to two frames
"""
import re
import sys

DIVISION = 96


def length(number):
    out = [number & 127]
    while number := number >> 7:
        out.insert(0, number & 127 | 128)
    return bytes(out)


def write(path, events):
    """events: (tick, bytes)"""
    track, at = b"", 0
    for tick, what in sorted(events, key=lambda event: event[0]):
        track += length(tick - at) + what
        at = tick
    track += b"\0\xff\x2f\0"
    with open(path, "wb") as file:
        file.write(b"MThd" + bytes([0, 0, 0, 6, 0, 0, 0, 1, 0, DIVISION]))
        file.write(b"MTrk" + len(track).to_bytes(4, "big") + track)


def tempo(bpm):
    return b"\xff\x51\x03" + round(60e6 / bpm).to_bytes(3, "big")


def scale(path, beats):
    middle = beats // 2 * DIVISION
    events = [(0, tempo(300)), (middle, tempo(600)), (0, b"\xc3\x05")]
    for beat in range(beats):
        pitch = 60 + beat % 60
        events.append((beat * DIVISION, bytes([0x93, pitch, 90])))
        events.append((beat * DIVISION + DIVISION // 2, bytes([0x83, pitch, 64])))
    write(path, events)


def stuck(path):
    write(path, [(0, tempo(300)), (0, bytes([0x93, 60, 90])), (10, bytes([0x93, 62, 90])),
                 (20, bytes([0x93, 62, 90])), (96, bytes([0x83, 64, 0])), (96, bytes([0x83, 62, 0])),
                 (97, bytes([0x83, 62, 0])), (192, bytes([0x93, 65, 90]))])


def scale_times(beats):
    """(seconds, pitch) of the notes that scale() writes."""
    middle = beats // 2
    return [(min(beat, middle) * 0.2 + max(0, beat - middle) * 0.1, 60 + beat % 60) for beat in range(beats)]


def same(beats, dump, rate):
    wanted = scale_times(beats)
    heard = []
    with open(dump, encoding="ascii", errors="replace") as file:
        for line in file:
            match = re.match(r" *(\d+): +93 ([0-9a-f]{2}) ([0-9a-f]{2})", line)
            if match and int(match[3], 16) > 0:
                heard.append((int(match[1]), int(match[2], 16)))
    heard = heard[-beats:]
    if [pitch for _, pitch in heard] != [pitch for _, pitch in wanted]:
        sys.exit(f"heard {[pitch for _, pitch in heard]}, not {[pitch for _, pitch in wanted]}")
    worst = max(abs((frame - heard[0][0]) - round(at * rate)) for (frame, _), (at, _) in zip(heard, wanted))
    print(f"{beats} notes, at worst {worst} frames from their place")
    if worst > 2:
        sys.exit("the distances are not the file's")


match sys.argv[1:]:
    case ["scale", path, beats]:
        scale(path, int(beats))
    case ["stuck", path]:
        stuck(path)
    case ["same", beats, dump, rate]:
        same(int(beats), dump, int(rate))
    case _:
        sys.exit(__doc__)
