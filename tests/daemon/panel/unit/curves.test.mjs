import assert from "node:assert/strict";
import test from "node:test";
import { left_text, path_of } from "../../../../daemon/training/curves.js";

test("the time that is left is told as a person would", () => {
    assert.equal(left_text(0), "");
    assert.equal(left_text(NaN), "");
    assert.equal(left_text(7.2), "8 s left");
    assert.equal(left_text(60), "60 s left");
    assert.equal(left_text(61), "2 min left");
    assert.equal(left_text(3600), "60 min left");
    assert.equal(left_text(7260), "2 h 1 min left");
});

test("a curve goes from left to right over all epochs, the lowest loss at the bottom", () => {
    assert.equal(path_of([2, 1, 1.5], 5, 1, 2), "M0.00 5.00L25.00 95.00L50.00 50.00");
});

test("an epoch without a number is left out", () => {
    assert.equal(path_of([2, null, 1], 3, 1, 2), "M0.00 5.00L100.00 95.00");
});

test("one epoch is a dot, equal losses are a line, none is nothing to fail on", () => {
    assert.equal(path_of([1], 5, 1, 1), "M0.00 95.00L0.00 95.00h1");
    assert.equal(path_of([1, 1], 2, 1, 1), "M0.00 95.00L100.00 95.00");
    assert.equal(path_of([], 1, Infinity, -Infinity), "");
});
