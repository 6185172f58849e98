// OSCQuery's WebSocket with clients of npm: `ws` for the commands, `osc` for OSC both ways. Each is
// left out, and said to be, where it is not installed.
//   node e2e_oscquery.mjs HOST:PORT
import { createRequire } from "node:module";

const at = process.argv[2];
const require = createRequire(import.meta.url);
const of_npm = (name) => {
    try {
        return require(name);
    } catch {
        console.log(`SKIPPED: npm's ${name} is not installed (npm install ${name}; NODE_PATH)`);
        return null;
    }
};
const fail = (why) => {
    console.error(`FAILED: ${why}`);
    process.exit(1);
};
setTimeout(() => fail("waited in vain"), 60_000).unref();
const event = (from, name) => new Promise((resolve) => from.once(name, resolve));

// What comes, one after the other.
const hearing = () => {
    const heard = [], waiting = [];
    return {
        hear: (what) => (waiting.length ? waiting.shift()(what) : heard.push(what)),
        next: () => (heard.length ? Promise.resolve(heard.shift())
                                  : new Promise((resolve) => waiting.push(resolve))),
    };
};
const expect = (got, wanted) => {
    if (JSON.stringify(got) !== JSON.stringify(wanted))
        fail(`got ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
};
const value_of = async (path) => (await (await fetch(`http://${at}${path}?VALUE`)).json()).VALUE;

const osc = of_npm("osc");
if (osc) {
    const port = new osc.WebSocketPort({ url: `ws://${at}`, metadata: false });
    const { hear, next } = hearing();
    port.on("message", (message) => hear([message.address, ...message.args]));
    port.on("error", (error) => fail(error.message));
    port.open();
    await event(port, "ready");

    const ask = (address, ...args) => port.send({ address, args });
    ask("/fusiond/tempo", 93);
    ask("/fusiond/tempo");
    expect(await next(), ["/fusiond/tempo", 93]);
    ask("/fusiond/scale", "dorian");
    ask("/fusiond/scale");
    expect(await next(), ["/fusiond/scale", "dorian"]);
    ask("/fusiond/nonsense", 1);
    expect((await next()).slice(0, 2), ["/fail", "/fusiond/nonsense"]);
    expect(await value_of("/fusiond/tempo"), [93]);
    expect(await value_of("/fusiond/scale"), ["dorian"]);

    // Commands go over the same socket, as text.
    const command = (COMMAND, DATA) => port.socket.send(JSON.stringify({ COMMAND, DATA }));
    command("LISTEN", "/fusiond/tempo");
    expect(await next(), ["/fusiond/tempo", 93]);
    ask("/fusiond/tempo", 121.5);
    expect(await next(), ["/fusiond/tempo", 121.5]);
    command("IGNORE", "/fusiond/tempo");
    ask("/fusiond/tempo", 120);
    ask("/fusiond/tempo");
    expect(await next(), ["/fusiond/tempo", 120]);

    // All that a live piano roll draws. A planned step becomes the note, and is planned no more.
    const genres = Object.keys((await (await fetch(`http://${at}/fusiond/planned`)).json()).CONTENTS);
    const streams = ["note", "beat", "weights", "scene", "learned", "planned",
                     ...genres.flatMap((genre) => [`planned/${genre}`, `proposal/${genre}`])];
    for (const stream of streams) command("LISTEN", `/fusiond/${stream}`);
    const heard = new Set(), planned = new Map();  // by position: pitch and velocity
    let played = 0, last = -1, revision = 0, before = Infinity;
    while (played < 12 || heard.size < streams.length || revision <= before) {
        const [path, ...args] = await next();
        heard.add(path);
        if (path === "/fusiond/planned") {
            revision = args[0];
            if (args[1] <= last) fail(`still planned: ${args[1]}, after the note at ${last}`);
            for (let i = 1; i < args.length; i += 4) {
                planned.set(args[i], args.slice(i + 2, i + 4));
                if (i > 4 && Math.abs(args[i] - args[i - 4] - args[i - 3]) > 1e-4)
                    fail(`a hole before ${args[i]}: ${args}`);
            }
        }
        if (path !== "/fusiond/note" || planned.size === 0) continue;
        const [pitch, velocity, , , rung, position] = args;
        last = position;
        if (++played <= 6 && rung !== "repeat") expect(planned.get(position), [pitch, velocity]);
        if (played !== 6) continue;
        before = revision;  // from here on the line is another
        ask("/fusiond/scene/recall", "jazz");
        ask("/fusiond/learn", "tempo");
        ask("/fusiond/learn");
        ask("/fusiond/weights", ...genres.map((_, i) => (i === 1 ? 10 : 0)));
    }
    port.close();
    console.log("npm's osc: sets, asks, is refused, listens and ignores; hears every stream");
}

const WebSocket = of_npm("ws");
if (WebSocket) {
    const socket = new WebSocket(`ws://${at}/fusiond`);
    const { hear, next } = hearing();
    socket.on("message", (bytes, binary) => hear([binary, bytes]));
    await event(socket, "open");
    socket.send("no JSON");
    const [binary, answer] = await next();
    if (!binary || !answer.toString("latin1").startsWith("/fail\0")) fail("no /fail for no JSON");
    socket.send('{"COMMAND": "LISTEN", "DATA": "/fusiond/tempo"}');
    if (!(await next())[1].toString("latin1").startsWith("/fusiond/tempo\0")) fail("no value");
    socket.send(Buffer.alloc(65_537));
    const code = await event(socket, "close");
    expect(code, 1009);  // too big
    const open = [];
    for (let i = 0; i < 32; ++i) open.push(new WebSocket(`ws://${at}`));
    await Promise.all(open.map((one) => event(one, "open")));
    const one_more = new WebSocket(`ws://${at}`);
    const response = await new Promise((resolve) =>
        one_more.once("unexpected-response", (_, answered) => resolve(answered.statusCode)));
    expect(response, 503);
    for (const one of open) one.terminate();
    console.log("npm's ws: is answered, listens, is cut off at 64 KiB, is the 33rd");
}
process.exit(0);
