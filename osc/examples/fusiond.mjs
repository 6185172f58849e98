#!/usr/bin/env node
// Steers fusiond from Node.js with osc.js:
//     npm install --omit=optional osc@2.4.5 && node fusiond.mjs [PORT]
import osc from "osc";

const port = new osc.UDPPort({
    localAddress: "127.0.0.1",
    localPort: 0, // any; answers and streams come back to it
    remoteAddress: "127.0.0.1",
    remotePort: Number(process.argv[2] ?? 9700),
});
const send = (address, ...args) => port.send({ address, args });
const float = (value) => ({ type: "f", value }); // osc.js sends numbers as f by itself, too

let notes = 0;
port.on("message", ({ address, args }) => {
    switch (address) {
        case "/status.reply":
            console.log("genres:", ...args.slice(14));
            break;
        case "/fail":
            console.log("refused:", ...args);
            break;
        case "/fusiond/tempo":
            console.log("tempo:", args[0]);
            break;
        case "/fusiond/beat":
            console.log("beat:", ...args);
            break;
        case "/fusiond/note": {
            const [pitch, velocity, channel, beats] = args;
            console.log(
                `note: pitch ${pitch} velocity ${velocity} channel ${channel} beats ${beats}`,
            );
            if (++notes === 32) stop();
        }
    }
});

port.on("ready", () => {
    send("/status");
    send("/fusiond/subscribe", { type: "i", value: 30 }); // seconds

    send("/fusiond/weight/*", float(0)); // a pattern: all of them
    send("/fusiond/weight/jazz", float(8));
    send("/fusiond/ramp", float(2)); // changes take two beats
    send("/fusiond/tempo", float(138));
    send("/fusiond/tempo"); // without an argument a path asks
    send("/fusiond/nonsense", float(1)); // answered with /fail; the music goes on

    let step = 0; // a sweep from jazz to pop
    const sweep = setInterval(() => {
        send("/fusiond/weight/jazz", float(8 * (1 - step / 20)));
        send("/fusiond/weight/pop", float(8 * (step / 20)));
        if (++step > 20) clearInterval(sweep);
    }, 50);
});

function stop() {
    send("/fusiond/subscribe", { type: "i", value: 0 });
    port.close();
    process.exit();
}

port.open();
