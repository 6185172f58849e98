import assert from "node:assert/strict";
import { test } from "node:test";
import { Link } from "../../../../daemon/panel/link.js";
import { decode, encode } from "../../../../daemon/panel/osc.js";

class FakeSocket {
    readyState = 0;
    sent = [];
    send(what) { this.sent.push(what); }
    close() { this.readyState = 3; }
    accept() { this.readyState = 1; this.onopen(); }
    drop() { this.readyState = 3; this.onclose(); }
    hear(data) { this.onmessage({ data }); }
}

// Time by hand: what is due within so many ms is done. Not node's own mock, which is another one in each version.
function with_time(body) {
    const real = globalThis.setTimeout;
    let waiting = [];
    globalThis.setTimeout = (action, wait) => waiting.push({ action, wait });
    try {
        body((ms) => {
            const due = waiting.filter(({ wait }) => wait <= ms);
            waiting = waiting.filter(({ wait }) => wait > ms);
            for (const { action } of due) action();
        });
    } finally {
        globalThis.setTimeout = real;
    }
}

function linked() {
    const sockets = [];
    const link = new Link("ws://x/", () => {
        sockets.push(new FakeSocket());
        return sockets.at(-1);
    });
    return { link, sockets };
}

test("what is listened to is said again to each new connection", () => with_time((pass) => {
    const { link, sockets } = linked();
    link.listen("/fusiond/tempo");
    link.open();
    sockets[0].accept();
    link.listen("/fusiond/key");
    link.listen("/fusiond/key");
    const listens = sockets[0].sent.map((text) => JSON.parse(text).DATA);
    assert.deepEqual(listens, ["/fusiond/tempo", "/fusiond/key"]);
    sockets[0].drop();
    pass(250);
    sockets[1].accept();
    assert.deepEqual(sockets[1].sent.map((text) => JSON.parse(text).DATA), listens);
}));

test("a lost connection is tried again at ever longer times, and not for ever longer", () => with_time((pass) => {
    const { link, sockets } = linked();
    const waits = [];
    link.addEventListener("lost", (event) => waits.push(event.detail));
    link.open();
    for (let i = 0; i < 7; ++i) {
        sockets.at(-1).drop();
        pass(3000);
    }
    assert.deepEqual(waits, [250, 500, 1000, 2000, 3000, 3000, 3000]);
    sockets.at(-1).accept();
    sockets.at(-1).drop();
    assert.equal(waits.at(-1), 250);
}));

test("what is malformed is counted and the rest is heard", () => {
    const { link, sockets } = linked();
    const heard = [];
    link.addEventListener("osc", (event) => heard.push(event.detail.path));
    link.addEventListener("command", (event) => heard.push(event.detail.COMMAND));
    link.open();
    sockets[0].accept();
    for (const data of ["no JSON", "null", "{}", new Uint8Array([1, 2, 3]).buffer, new ArrayBuffer(0), encode("/good"), '{"COMMAND":"PATH_CHANGED"}'])
        sockets[0].hear(data);
    assert.deepEqual(heard, ["/good", "PATH_CHANGED"]);
    assert.equal(link.malformed, 5);
});

test("nothing is sent into a connection that is not open, and several go as one bundle", () => {
    const { link, sockets } = linked();
    assert.equal(link.send("/a"), false);
    link.open();
    assert.equal(link.send("/a"), false);
    sockets[0].accept();
    assert.equal(link.send("/a", "f", [1]), true);
    link.send_together([{ path: "/b", types: "f", args: [1] }, { path: "/c", types: "i", args: [2] }]);
    assert.deepEqual(sockets[0].sent.map((packet) => decode(packet).map(({ path }) => path)), [["/a"], ["/b", "/c"]]);
});
