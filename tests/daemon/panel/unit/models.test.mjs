import assert from "node:assert/strict";
import { test } from "node:test";
import { corner_shares, pad_place, pad_weights } from "../../../../daemon/panel/pad_weights.js";
import { RollNotes, planned_steps } from "../../../../daemon/panel/roll_notes.js";
import { SongClock } from "../../../../daemon/panel/song_clock.js";

const corners = ["a", "b", "c", "d"];

test("a corner of the pad is that genre alone, the middle is all alike, the strongest is always 10", () => {
    assert.deepEqual([...pad_weights(0, 0, corners).values()], [10, 0, 0, 0]);
    assert.deepEqual([...pad_weights(1, 0, corners).values()], [0, 10, 0, 0]);
    assert.deepEqual([...pad_weights(0, 1, corners).values()], [0, 0, 10, 0]);
    assert.deepEqual([...pad_weights(0.5, 0.5, corners).values()], [10, 10, 10, 10]);
    for (let x = -0.2; x <= 1.2; x += 0.1) assert.equal(Math.max(...pad_weights(x, 0.3, corners).values()), 10);
    assert.ok(Math.abs(corner_shares(0.3, 0.8).reduce((a, b) => a + b) - 1) < 1e-12);
});

test("weights lie where they were made, to a hundredth", () => {
    for (let x = 0; x <= 1; x += 0.125)
        for (let y = 0; y <= 1; y += 0.125) {
            const place = pad_place([...pad_weights(x, y, corners).values()]);
            assert.ok(place && Math.abs(place.x - x) < 0.01 && Math.abs(place.y - y) < 0.01);
        }
    assert.equal(pad_place([0, 0, 0, 0]), null);
});

test("a genre at two corners has the sum of both", () => {
    assert.deepEqual([...pad_weights(0.5, 0.5, ["a", "b", "a", "b"])], [["a", 10], ["b", 10]]);
    assert.deepEqual([...pad_weights(0.9, 0.1, ["a", "a", "a", "a"])], [["a", 10]]);
});

test("the song clock goes on between beats, and only while the transport runs", () => {
    const clock = new SongClock();
    clock.tempo(120, 0);
    clock.run(true, 0);
    clock.hear(4, 0);
    assert.equal(clock.at(500), 5);
    clock.tempo(60, 500);
    assert.equal(clock.at(1500), 6);
    clock.run(false, 1500);
    assert.equal(clock.at(9000), 6);
    clock.run(true, 9000);
    assert.equal(clock.at(10000), 7);
});

test("jitter is smoothed, another place in the song moves the offset and not the line", () => {
    const clock = new SongClock();
    clock.run(true, 0);
    clock.hear(0, 0);
    clock.hear(1, 520); // 20 ms late
    assert.ok(Math.abs(clock.at(520) - 1.032) < 0.001);
    clock.hear(0, 1020); // back to bar one
    assert.ok(Math.abs(clock.at(1020) - 2.032) < 0.001);
    assert.ok(Math.abs(clock.on_line(0) - 2.032) < 0.001);
    clock.hear(1, 1520);
    assert.ok(Math.abs(clock.at(1520) - 3.032) < 0.001);
    clock.hear(NaN, 1520);
    assert.ok(Number.isFinite(clock.at(1520)));
});

const step = (start, pitch) => ({ start, beats: 0.5, pitch, velocity: 90 });

test("of a new plan only what changed is fresh, and what it replaced is gone with a trace", () => {
    const roll = new RollNotes();
    roll.plan([step(4, 60), step(4.5, 62), step(5, 64)], 100, 3.9);
    assert.ok(roll.ghosts.every((ghost) => ghost.born === -Infinity));
    roll.plan([step(4, 60), step(4.5, 67), step(5, 64), step(5.5, 65)], 200, 3.9);
    assert.deepEqual(roll.ghosts.filter((ghost) => ghost.born === 200).map((ghost) => ghost.pitch), [67]);
    assert.deepEqual(roll.gone.map((ghost) => ghost.pitch), [62]);
    roll.plan([step(4.5, 67), step(5, 64), step(5.5, 65)], 250, 4.2);
    assert.deepEqual(roll.gone.map((ghost) => ghost.pitch), [62], "what was played is not gone");
    roll.forget(0, 5000);
    assert.equal(roll.gone.length, 0);
});

test("a roll forgets what has left it and is never longer than its limit", () => {
    const roll = new RollNotes();
    for (let i = 0; i < 10000; ++i) roll.play(step(i, 60));
    roll.propose({ ...step(0, -1), genre: 0 });
    assert.equal(roll.proposals.length, 0, "a rest is no note");
    roll.forget(9990, 0);
    assert.equal(roll.played.length, 10);
    assert.deepEqual(roll.range(), { low: 60, high: 60 });
});

test("what the band plays is in the roll, and drums do not stretch its range", () => {
    const roll = new RollNotes();
    roll.play(step(0, 60));
    roll.accompany(step(0, 40), false);
    roll.accompany(step(0, 36), true);
    assert.deepEqual(roll.range(), { low: 40, high: 60 });
    assert.equal(roll.drums.length, 1);
    roll.forget(10, 0);
    assert.equal(roll.band.length + roll.drums.length, 0);
});

test("a malformed plan is none", () => {
    assert.deepEqual(planned_steps([7, 1, 0.5, 60, 90]), { revision: 7, steps: [{ start: 1, beats: 0.5, pitch: 60, velocity: 90 }] });
    assert.deepEqual(planned_steps([7]), { revision: 7, steps: [] });
    for (const args of [[], [1, 2], [1, 2, 3, 4], [1, "a", 3, 4, 5], [1, NaN, 1, 1, 1]]) assert.equal(planned_steps(args), null);
});
