#!/usr/bin/env python3
"""Two genres that a network tells apart: one climbs in quavers, one falls in crotchets.

    made_up_corpus.py FOLDER
"""
import os
import random
import sys

DIVISION = 96


def length(number):
    out = [number & 127]
    while number := number >> 7:
        out.insert(0, number & 127 | 128)
    return bytes(out)


def tune(path, dice, step, ticks):
    track, degree = b"\0\xff\x51\x03\x07\xa1\x20", dice.randrange(7)
    for _ in range(160):
        degree = (degree + step * dice.choice([1, 1, 1, 2])) % 15
        pitch = 60 + 12 * (degree // 7) + [0, 2, 4, 5, 7, 9, 11][degree % 7]
        track += b"\0" + bytes([0x90, pitch, 80]) + length(ticks) + bytes([0x80, pitch, 0])
    track += b"\0\xff\x2f\0"
    with open(path, "wb") as file:
        file.write(b"MThd" + bytes([0, 0, 0, 6, 0, 0, 0, 1, 0, DIVISION]))
        file.write(b"MTrk" + len(track).to_bytes(4, "big") + track)


for genre, step, ticks in (("climbing", 1, 48), ("falling", -1, 96)):
    os.makedirs(f"{sys.argv[1]}/{genre}")
    for piece in range(16):
        tune(f"{sys.argv[1]}/{genre}/{piece}.mid", random.Random(piece * 2 + step), step, ticks)
