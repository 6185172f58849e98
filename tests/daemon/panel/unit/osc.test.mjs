import assert from "node:assert/strict";
import { test } from "node:test";
import { OscError, bundle, decode, encode } from "../../../../daemon/panel/osc.js";

const hex = (text) => Uint8Array.from(text.replaceAll(" ", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));

test("a message is the bytes that OSC's specification prints", () => {
    const oscillator = hex("2f6f7363 696c6c61 746f722f 342f6672 65717565 6e637900 2c660000 43dc0000");
    assert.deepEqual(encode("/oscillator/4/frequency", "f", [440]), oscillator);
    assert.deepEqual(decode(oscillator), [{ path: "/oscillator/4/frequency", args: [440] }]);
    const foo = hex("2f666f6f 00000000 2c696973 66660000 000003e8 ffffffff 68656c6c 6f000000 3f9df3b6 40b5b22d");
    const [message] = decode(foo);
    assert.deepEqual(message.args.slice(0, 3), [1000, -1, "hello"]);
    assert.deepEqual(encode("/foo", "iisff", message.args), foo);
});

test("every type is read", () => {
    const packet = hex("2f610000 2c686474 53635472 46624e49 5b695d6d 00000000" +
        "0000000000000005 3ff8000000000000 0000000000000001 68690000 00000041 01020304 00000003 61626300 00000007 90400000");
    assert.deepEqual(decode(packet)[0].args,
        [5n, 1.5, 1n, "hi", "A", true, 0x01020304, false, new Uint8Array([0x61, 0x62, 0x63]), null, Infinity, 7, 0x90400000]);
});

test("texts keep every letter", () => {
    const [message] = decode(encode("/fusiond/scene/save", "s", ["Strophe é 夜"]));
    assert.deepEqual(message, { path: "/fusiond/scene/save", args: ["Strophe é 夜"] });
});

test("a bundle is its messages in their order, however deep they lie", () => {
    const inner = bundle([encode("/b", "i", [2]), encode("/c")]);
    assert.deepEqual(decode(bundle([encode("/a", "i", [1]), inner])).map(({ path }) => path), ["/a", "/b", "/c"]);
});

test("every packet that is cut short is refused, and nothing else is thrown", () => {
    const whole = bundle([encode("/fusiond/note", "iiifs", [60, 96, 1, 0.5, "neural"]), encode("/x", "f", [1])]);
    for (let size = 0; size < whole.length; ++size) {
        const cut = whole.slice(0, size);
        try {
            decode(cut);
        } catch (error) {
            assert.ok(error instanceof OscError, `${size}: ${error}`);
        }
    }
    assert.throws(() => decode(whole.slice(0, whole.length - 4)), OscError);
});

test("what is no OSC is refused with the reason", () => {
    assert.throws(() => decode(new Uint8Array()), /empty/);
    assert.throws(() => decode(hex("61626300")), /does not begin with/);
    assert.throws(() => decode(hex("2f610000 2c7a0000")), /unknown type 'z'/);
    assert.throws(() => decode(hex("2f610000 2c620000 7fffffff")), OscError);
    assert.throws(() => decode(hex("2f610000 2c620000 ffffffff")), OscError);
    let deep = encode("/a");
    for (let i = 0; i < 20; ++i) deep = bundle([deep]);
    assert.throws(() => decode(deep), /too deep/);
    assert.throws(() => encode("/a", "ff", [1]), /2 types for 1/);
});

test("random bytes throw OscError or are read", () => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) & 0xff;
    for (let i = 0; i < 5000; ++i) {
        const bytes = Uint8Array.from({ length: 8 + (random() % 60) }, random);
        if (i % 2) bytes.set(encode("/a", "s", ["x"]).slice(0, 6));
        try {
            decode(bytes);
        } catch (error) {
            assert.ok(error instanceof OscError, String(error));
        }
    }
});
