import assert from "node:assert/strict";
import { test } from "node:test";
import { number_text, shape_of, step_of, title_of, tree_of } from "../../../../daemon/panel/tree.js";

const node = (path, type, value, range = {}, access = 3) =>
    ({ FULL_PATH: path, ACCESS: access, TYPE: type, VALUE: value, RANGE: [range], DESCRIPTION: `about ${path}` });
const container = (path, contents) => ({ FULL_PATH: path, ACCESS: 0, CONTENTS: contents });
const daemon = (more = {}) => container("/", {
    fusiond: container("/fusiond", {
        weight: container("/fusiond/weight", {
            jazz: node("/fusiond/weight/jazz", "f", [5], { MIN: 0, MAX: 10 }),
            pop: node("/fusiond/weight/pop", "f", [5], { MIN: 0, MAX: 10 }),
        }),
        part: container("/fusiond/part", {
            jazz: node("/fusiond/part/jazz", "i", [0], { MIN: 0, MAX: 1 }),
            pop: node("/fusiond/part/pop", "i", [0], { MIN: 0, MAX: 1 }),
        }),
        tempo: node("/fusiond/tempo", "f", [120], { MIN: 10, MAX: 400 }),
        top_p: node("/fusiond/top_p", "f", [0.95], { MIN: 0.01, MAX: 1 }),
        temperature: node("/fusiond/temperature", "f", [1.1], { MIN: 0.05, MAX: 5 }),
        note: node("/fusiond/note", "iiifs", null, {}, 1),
        play: node("/fusiond/play", "i", null, { MIN: 0, MAX: 1 }, 2),
        ...more,
    }),
});

test("genres, parameters in their groups and families come from the tree", () => {
    const tree = tree_of(daemon());
    assert.deepEqual(tree.genres, ["jazz", "pop"]);
    assert.deepEqual(tree.groups.map(({ name, entries }) => [name, entries.map(({ tail }) => tail)]), [["Line", ["temperature", "top_p"]]]);
    assert.deepEqual([...tree.families.keys()], ["part"]);
    const synth = tree_of(daemon({ synth_volume: node("/fusiond/synth_volume", "f", [0], { MIN: -60, MAX: 12 }) }));
    assert.deepEqual(synth.groups.map(({ name }) => name), ["Line", "Synth"]);
});

test("a part of the band is a group of its own, and its weights one family more", () => {
    const tree = tree_of(daemon({
        bass: container("/fusiond/bass", {
            level: node("/fusiond/bass/level", "f", [1], { MIN: 0, MAX: 2 }),
            weight: container("/fusiond/bass/weight", {
                jazz: node("/fusiond/bass/weight/jazz", "f", [-1], { MIN: -1, MAX: 10 }),
                pop: node("/fusiond/bass/weight/pop", "f", [-1], { MIN: -1, MAX: 10 }),
            }),
        }),
    }));
    assert.deepEqual(tree.genres, ["jazz", "pop"]);
    assert.deepEqual([...tree.families.keys()], ["part", "bass/weight"]);
    assert.deepEqual(tree.groups.map(({ name, entries }) => [name, entries.map(({ tail }) => tail)]),
        [["Line", ["temperature", "top_p"]], ["Bass", ["bass/level"]]]);
});

test("a parameter that nobody has heard of appears by itself", () => {
    const tree = tree_of(daemon({
        sparkle: node("/fusiond/sparkle", "f", [0.5], { MIN: 0, MAX: 1 }),
        lamp: container("/fusiond/lamp", { colour: node("/fusiond/lamp/colour", "f", [0.2], { MIN: 0, MAX: 1 }) }),
    }));
    assert.deepEqual(tree.groups.filter(({ name }) => name !== "Line").map(({ name, entries }) => [name, entries[0].tail]),
        [["More", ["sparkle"][0]], ["Lamp", "lamp/colour"]]);
});

test("other values are the same shape, another range is another", () => {
    const shape = shape_of(tree_of(daemon()));
    const other = daemon();
    other.CONTENTS.fusiond.CONTENTS.tempo.VALUE = [90];
    assert.equal(shape_of(tree_of(other)), shape);
    other.CONTENTS.fusiond.CONTENTS.tempo.RANGE = [{ MIN: 10, MAX: 300 }];
    assert.notEqual(shape_of(tree_of(other)), shape);
});

test("what is no tree of fusiond's is refused", () => {
    for (const json of [null, 1, {}, [], container("/", {})]) assert.throws(() => tree_of(json), /no genres/);
    const loop = container("/", {});
    loop.CONTENTS.again = loop;
    assert.throws(() => tree_of(loop), /no genres/);
});

test("titles, steps and numbers are as a person reads them", () => {
    assert.equal(title_of("longest_rest"), "Longest rest");
    assert.equal(step_of({ types: "i", min: 0, max: 100 }), 1);
    assert.equal(step_of({ types: "f", min: 0, max: 10 }), 0.05);
    assert.equal(number_text(-1.5), "−1.5");
    assert.equal(number_text(NaN), "–");
});
