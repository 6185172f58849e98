#!/usr/bin/env python3
"""Steers fusiond from Python, with nothing but its standard library.

    python3 fusiond.py [PORT]        # a tour: a few turns, a sweep, eight notes

or `from fusiond import Fusiond` in a program of your own. python-osc and pyliblo do as well, where
they send from the port that they listen at, for the answers come back to the sender.
"""
import socket
import struct
import sys
import time


def encode(path, *arguments):
    """One OSC message: path and type tags padded to four bytes, then the arguments."""
    def padded(text):
        raw = text.encode() + b"\0"
        return raw + b"\0" * (-len(raw) % 4)

    tags, body = ",", b""
    for value in arguments:
        if isinstance(value, str):
            tags, body = tags + "s", body + padded(value)
        elif isinstance(value, int):
            tags, body = tags + "i", body + struct.pack(">i", value)
        else:
            tags, body = tags + "f", body + struct.pack(">f", value)
    return padded(path) + padded(tags) + body


def decode(packet):
    """(path, [arguments]) of one OSC message."""
    def text(at):
        end = packet.index(b"\0", at)
        return packet[at:end].decode(), (end + 4) & ~3

    path, at = text(0)
    tags, at = text(at)
    arguments = []
    for tag in tags[1:]:
        if tag == "s":
            value, at = text(at)
        else:
            kind, size = {"i": (">i", 4), "f": (">f", 4), "h": (">q", 8), "d": (">d", 8)}[tag]
            value, at = struct.unpack_from(kind, packet, at)[0], at + size
        arguments.append(value)
    return path, arguments


class Fusiond:
    def __init__(self, host="127.0.0.1", port=9700):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((host, port))

    def send(self, path, *arguments):
        self.socket.send(encode(path, *arguments))

    def listen(self, seconds=2.0):
        """What comes, message by message, until nothing has come for so long."""
        self.socket.settimeout(seconds)
        try:
            while True:
                yield decode(self.socket.recv(65536))
        except TimeoutError:
            return

    def ask(self, path, *arguments, answer=None):
        """Sends, and returns the arguments of the answer, which has the same path if not said."""
        self.send(path, *arguments)
        for path_that_came, values in self.listen():
            if path_that_came == (answer or path):
                return values
            if path_that_came == "/fail" and values[0] == path:
                raise ValueError(f"{path}: {values[1]}")
        raise TimeoutError(f"no answer to {path}; does fusiond run?")


def tour(fusiond):
    status = fusiond.ask("/status", answer="/status.reply")
    genres = status[14:]
    print("genres:", *genres)

    fusiond.send("/fusiond/weight/*", 0.0)  # a pattern: all of them
    fusiond.send("/fusiond/weight/jazz", 8.0)
    fusiond.send("/fusiond/ramp", 4.0)  # later changes take four beats
    fusiond.send("/fusiond/tempo", 132.0)
    print("tempo:", *fusiond.ask("/fusiond/tempo"))
    fusiond.send("/fusiond/scene/save", "mostly jazz")

    for percent in range(0, 101, 5):  # a sweep from jazz to pop
        fusiond.send("/fusiond/weight/jazz", 8.0 * (1 - percent / 100))
        fusiond.send("/fusiond/weight/pop", 8.0 * percent / 100)
        time.sleep(0.05)
    print("pop:", *fusiond.ask("/fusiond/weight/pop"))
    fusiond.send("/fusiond/weight/folk", 5.0, 8.0)  # a ramp of its own: eight beats
    fusiond.send("/fusiond/scene/recall", "mostly jazz", 4.0)  # back, over four beats

    try:
        fusiond.ask("/fusiond/nonsense", 1.0)
    except ValueError as reason:  # what cannot be done is answered, and the music goes on
        print("refused:", reason)

    fusiond.send("/fusiond/subscribe", 30, "note", "beat")  # these streams, for thirty seconds
    notes = 0
    for path, values in fusiond.listen(seconds=15):
        if path == "/fusiond/note":
            pitch, velocity, channel, beats, rung = values[:5]
            print(f"note: pitch {pitch} velocity {velocity} channel {channel}"
                  f" beats {beats:.2f} {rung}")
            notes += 1
        elif path == "/fusiond/beat":
            print("beat:", *values)
        if notes == 8:
            break
    fusiond.send("/fusiond/subscribe", 0)


if __name__ == "__main__":
    tour(Fusiond(port=int(sys.argv[1]) if len(sys.argv) > 1 else 9700))
