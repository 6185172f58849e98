import assert from "node:assert/strict";
import { test } from "node:test";
import { SmfError, beat_at, read_smf, seconds_at, write_smf } from "../../../../daemon/panel/smf.js";

const song = {
    notes: [
        { start: 0, beats: 0.5, pitch: 60, velocity: 96, channel: 0 },
        { start: 0.5, beats: 0.25, pitch: 60, velocity: 80, channel: 0 },
        { start: 1, beats: 300, pitch: 72, velocity: 1, channel: 15 },
    ],
    tempos: [{ at: 0, bpm: 120 }, { at: 2, bpm: 60 }],
};

test("what is written is read again as it was", () => {
    const read = read_smf(write_smf(song, "fusiond"));
    assert.deepEqual(read.notes, song.notes);
    assert.deepEqual(read.tempos.map(({ at, bpm }) => [at, Math.round(bpm * 1000) / 1000]), [[0, 120], [2, 60]]);
    assert.equal(read.beats, 301);
});

test("a file by hand, with running status and a note-on of velocity 0 as its end, is read", () => {
    const track = [0, 0x90, 60, 100, 96, 60, 0, 0, 64, 100, 0x83, 0x00, 64, 0, 0, 0xff, 0x2f, 0];
    const bytes = Uint8Array.from([0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0, 96, 0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, track.length, ...track]);
    assert.deepEqual(read_smf(bytes).notes.map(({ start, beats, pitch }) => [start, beats, pitch]), [[0, 1, 60], [1, 4, 64]]);
});

test("each kind of broken file is refused with what is wrong", () => {
    const good = write_smf(song, "x");
    const with_bytes = (at, ...bytes) => {
        const copy = good.slice();
        copy.set(bytes, at);
        return copy;
    };
    assert.throws(() => read_smf(new Uint8Array()), /no MIDI file/);
    assert.throws(() => read_smf(new TextEncoder().encode("no MIDI at all, but long enough")), /MThd/);
    assert.throws(() => read_smf(with_bytes(8, 0, 2)), /format 2/);
    assert.throws(() => read_smf(with_bytes(12, 0xe7, 0x28)), /SMPTE/);
    assert.throws(() => read_smf(with_bytes(12, 0, 0)), SmfError);
    assert.throws(() => read_smf(good.slice(0, good.length - 6)), /ends within a track/);
});

test("however a file is cut or bent, it is read or refused", () => {
    const good = write_smf(song, "x");
    for (let i = 0; i < good.length; ++i)
        for (const bytes of [good.slice(0, i), Object.assign(good.slice(), { [i]: good[i] ^ 0xff })])
            try {
                read_smf(bytes);
            } catch (error) {
                assert.ok(error instanceof SmfError, `${i}: ${error}`);
            }
});

test("beats and seconds are each other's inverse over changes of tempo", () => {
    assert.equal(seconds_at(song.tempos, 2), 1);
    assert.equal(seconds_at(song.tempos, 4), 3);
    for (const beat of [0, 0.3, 1.99, 2, 5, 100]) assert.ok(Math.abs(beat_at(song.tempos, seconds_at(song.tempos, beat)) - beat) < 1e-9);
});
