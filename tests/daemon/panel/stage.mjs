// What the browser tests stand on: a daemon that can be ended and started anew at the same ports, OSC
// over UDP to ask it, what its JACK port sent, and the browser.
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { decode, encode } from "../../../daemon/panel/osc.js";

const { PANEL_PACKAGES, PANEL_BROWSER, PANEL_WORK, PANEL_BIN, PANEL_BUNDLE } = process.env;
const require = createRequire(`${PANEL_PACKAGES}/`);
export const work = PANEL_WORK;
export const axe_source = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const kPatience = 30_000; // ms: for a machine that has much else to do

export async function until(what, condition) {
    const end = Date.now() + kPatience;
    let last;
    while (Date.now() < end) {
        last = await condition();
        if (last) return last;
        await pause(25);
    }
    throw new Error(`waited in vain: ${what}`);
}

export function check(condition, what) {
    if (!condition) throw new Error(what);
}

export function check_same(got, wanted, what) {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (a !== b) throw new Error(`${what}: ${a}, not ${b}`);
}

export class Daemon {
    process = null;
    http = 0;
    osc = 0;

    arguments() {
        return ["--output", "jack", "--bundle", PANEL_BUNDLE ?? `${work}/test.bundle`,
            "--osc-port", String(this.osc), "--oscquery-port", String(this.http), "--state", `${work}/state.toml`, "--file", `${work}/session.mid`,
            "--tempo", "240"];
    }

    async start(...more) {
        this.process = spawn(`${PANEL_BIN}/fusiond`, [...this.arguments(), ...more], { stdio: ["ignore", "ignore", "pipe"] });
        this.log = "";
        this.process.stderr.on("data", (bytes) => (this.log += bytes));
        process.once("exit", () => this.process.kill("SIGKILL")); // however this test ends
        this.process.on("exit", (code) => (this.ended = code ?? "a signal"));
        this.ended = undefined;
        const said = await until("the line that says where the panel is", () => {
            if (this.ended !== undefined) throw new Error(`fusiond ended with ${this.ended}: ${this.log}`);
            return this.log.match(/OSC on [^:]*:(\d+), OSCQuery[^]*panel: http:\/\/127\.0\.0\.1:(\d+)\//);
        });
        this.osc = Number(said[1]);
        this.http = Number(said[2]);
        this.url = `http://127.0.0.1:${this.http}/`;
    }

    async end(signal = "SIGTERM") {
        this.process.kill(signal);
        await until("fusiond to end", () => this.ended !== undefined);
    }
}

/** OSC over UDP, as any other client has it. */
export class Asker {
    constructor(daemon) {
        this.daemon = daemon;
        this.socket = createSocket("udp4");
        this.socket.on("message", (bytes) => decode(bytes).forEach((message) => this.hear(message)));
        this.heard = [];
        this.waiting = [];
    }
    hear(message) {
        this.heard.push(message);
        this.waiting = this.waiting.filter(({ path, resolve }) => path !== message.path || resolve(message.args));
    }
    send(path, types, args) {
        this.socket.send(encode(path, types, args), this.daemon.osc, "127.0.0.1");
    }
    async ask(path, reply = path) {
        for (let i = 0; i < 20; ++i) {
            const answer = new Promise((resolve) => this.waiting.push({ path: reply, resolve }));
            this.send(path);
            const args = await Promise.race([answer, pause(1500)]);
            if (args) return args;
        }
        throw new Error(`no answer about ${path}`);
    }
    async value(path) {
        return (await this.ask(path))[0];
    }
    becomes(path, is) {
        return until(`${path} by OSC`, async () => is(await this.value(path)));
    }
}

/** What the daemon's JACK port sends: [status, data...] each. */
export class Ear {
    constructor() {
        this.process = spawn("stdbuf", ["-oL", "jack_midi_dump"], { stdio: ["ignore", "pipe", "ignore"] });
        this.messages = [];
        this.came_at = []; // ms, of each message
        let rest = "";
        this.process.stdout.on("data", (bytes) => {
            const lines = (rest + bytes).split("\n");
            rest = lines.pop();
            for (const line of lines) {
                const match = line.match(/:((?: +[0-9a-f]{2})+) *$/i) ?? line.match(/:((?: +[0-9a-f]{2})+)\b/i);
                if (!match) continue;
                this.messages.push(match[1].trim().split(/ +/).map((byte) => parseInt(byte, 16)));
                this.came_at.push(Date.now());
            }
        });
    }
    async connect() {
        await until("the port to be heard", () => run("jack_connect", "fusiond:out", "midi-monitor:input"));
    }
    notes(from = 0) {
        return this.messages.slice(from).filter(([status, , velocity]) => (status & 0xf0) === 0x90 && velocity > 0).map(([, pitch]) => pitch);
    }
    /** [pitch, when it came in ms] of each. */
    notes_at() {
        return this.messages.flatMap(([status, pitch, velocity], i) =>
            (status & 0xf0) === 0x90 && velocity > 0 ? [[pitch, this.came_at[i]]] : []);
    }
    end() {
        this.process.kill();
    }
}

export function run(program, ...args) {
    return new Promise((resolve) => spawn(program, args, { stdio: "ignore" }).on("exit", (code) => resolve(code === 0)));
}

export const sends = (...messages) => run(`${PANEL_BIN}/jack_midi_send`, ...messages);

export function open_browser() {
    return require("playwright-core").chromium.launch({ executablePath: PANEL_BROWSER, args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"] });
}
