// The one connection to the daemon: a WebSocket that is opened again whenever it is lost. What is
// listened to is said again each time.
//
// Events: "open", "lost" (detail: when it is tried again, in ms), "osc" (a message), "command"
// (a command of OSCQuery), "malformed" (why). Nothing that comes in throws out of here.

import { bundle, decode, encode } from "./osc.js";

/** @typedef {import("./osc.js").OscMessage} OscMessage */
/** @typedef {import("./osc.js").OscArg} OscArg */
/** @typedef {Pick<WebSocket, "send" | "close" | "readyState" | "binaryType" | "onopen" | "onclose" | "onmessage">} Socket */

const kSoonest = 250;
const kLatest = 3000;
const kSilence = 6000; // ms without a word, when an answer each half second is due

export class Link extends EventTarget {
    /** @param {string} url @param {(url: string) => Socket} [open_socket] */
    constructor(url, open_socket = (to) => new WebSocket(to)) {
        super();
        this.url = url;
        this.open_socket = open_socket;
        /** @type {Socket | null} */
        this.socket = null;
        /** @type {Set<string>} */
        this.listened = new Set();
        this.attempts = 0;
        this.malformed = 0;
        this.heard_at = 0;
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        this.timer = undefined;
    }

    get is_open() {
        return this.socket !== null && this.socket.readyState === 1;
    }

    open() {
        clearTimeout(this.timer);
        const socket = this.open_socket(this.url);
        this.socket = socket;
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
            this.attempts = 0;
            this.heard_at = performance.now();
            for (const path of this.listened) this.command("LISTEN", path);
            this.dispatchEvent(new Event("open"));
        };
        socket.onclose = () => this.lose(socket);
        socket.onmessage = (event) => {
            this.heard_at = performance.now();
            this.take(event.data);
        };
    }

    /** @param {Socket} socket */
    lose(socket) {
        if (socket !== this.socket) return;
        this.socket = null;
        const wait = Math.min(kSoonest * 2 ** this.attempts++, kLatest);
        this.timer = setTimeout(() => this.open(), wait);
        this.dispatchEvent(new CustomEvent("lost", { detail: wait }));
    }

    /** Gives a connection up that has gone without saying so: a laptop that slept, a cable. */
    look_after() {
        if (!this.is_open || performance.now() - this.heard_at < kSilence) return;
        const socket = /** @type {Socket} */ (this.socket);
        socket.onmessage = null;
        socket.close();
        this.lose(socket);
    }

    /** @param {unknown} data */
    take(data) {
        try {
            if (data instanceof ArrayBuffer || data instanceof Uint8Array) {
                for (const message of decode(data)) this.dispatchEvent(new CustomEvent("osc", { detail: message }));
                return;
            }
            const command = JSON.parse(String(data));
            if (typeof command?.COMMAND !== "string") throw new Error("a command without its name");
            this.dispatchEvent(new CustomEvent("command", { detail: command }));
        } catch (error) {
            this.malformed += 1;
            this.dispatchEvent(new CustomEvent("malformed", { detail: String(error) }));
        }
    }

    /** @param {string} name @param {string} path */
    command(name, path) {
        if (this.is_open) this.socket?.send(JSON.stringify({ COMMAND: name, DATA: path }));
    }

    /** @param {string} path */
    listen(path) {
        if (this.listened.has(path)) return;
        this.listened.add(path);
        this.command("LISTEN", path);
    }

    /** @param {string} path */
    ignore(path) {
        if (this.listened.delete(path)) this.command("IGNORE", path);
    }

    /** Forgets what was listened to: the daemon's paths are others now. */
    listen_to_nothing() {
        this.listened.clear();
    }

    /** False: there is no connection. @param {string} path @param {string} [types] @param {OscArg[]} [args] */
    send(path, types = "", args = []) {
        if (!this.is_open) return false;
        this.socket?.send(encode(path, types, args));
        return true;
    }

    /** All at once. @param {{ path: string, types: string, args: OscArg[] }[]} messages */
    send_together(messages) {
        if (!this.is_open || messages.length === 0) return false;
        const packets = messages.map(({ path, types, args }) => encode(path, types, args));
        this.socket?.send(packets.length === 1 ? packets[0] : bundle(packets));
        return true;
    }
}
