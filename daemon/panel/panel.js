// What all parts of the page share: the connection, the tree, each path's newest value. A part says
// what it wants to know (watch) and what is to be (set, act); it is told of changes by anybody.
//
// Events: "tree" (another daemon, or the first: make the page anew), "words" (a choice has other
// words, the scenes say), "connection" (is_connected has changed).

import { Link } from "./link.js";
import { kRoot, shape_of, tree_of } from "./tree.js";

/** @typedef {import("./osc.js").OscArg} OscArg */
/** @typedef {import("./osc.js").OscMessage} OscMessage */
/** @typedef {import("./tree.js").Tree} Tree */
/** @typedef {(args: OscArg[], path: string) => void} Watcher */

const kAskEach = 500; // ms between questions for /status
const kAskEachHidden = 2000;
/** Listened to only while somebody looks: the daemon makes these for who listens. */
const kCostly = `${kRoot}/planned`;

export class Panel extends EventTarget {
    /** @param {Link} link @param {(path: string) => Promise<Response>} get */
    constructor(link, get) {
        super();
        this.link = link;
        this.get = get;
        /** @type {Tree | null} */
        this.tree = null;
        this.shape = "";
        this.is_connected = false;
        /** Why there is no connection, when that is known. */
        this.reason = "";
        /** @type {Map<string, OscArg[]>} */
        this.values = new Map();
        /** @type {Map<string, Set<Watcher>>} */
        this.watchers = new Map();
        /** @type {(() => void)[]} */
        this.ends_with_tree = [];
        /** @type {Set<string>} */
        this.resets = new Set();
        this.watch(`${kRoot}/help.reply`, (args) => this.reset_to(args));
        /** @type {Map<string, { path: string, types: string, args: OscArg[] }>} */
        this.waiting = new Map();
        this.is_flush_due = false;
        this.looks = true;
        link.addEventListener("open", () => void this.greet());
        link.addEventListener("lost", () => void this.lose());
        link.addEventListener("osc", (event) => this.take(/** @type {CustomEvent<OscMessage>} */ (event).detail));
        link.addEventListener("command", (event) => {
            const { COMMAND, DATA } = /** @type {CustomEvent} */ (event).detail;
            if (String(COMMAND).startsWith("PATH_")) void this.ask_again(String(DATA));
        });
    }

    begin() {
        this.link.open();
        const turn = () => {
            this.link.look_after();
            this.link.send("/status");
            setTimeout(turn, document.hidden ? kAskEachHidden : kAskEach);
        };
        turn();
    }

    async greet() {
        try {
            const response = await this.get("/");
            if (!response.ok) throw new Error(`the daemon answers ${response.status}`);
            this.adopt(await response.json());
        } catch (error) {
            this.reason = `The daemon's paths could not be read: ${error instanceof Error ? error.message : error}`;
            this.link.socket?.close();
            return;
        }
        this.reason = "";
        this.is_connected = true;
        this.link.send("/status");
        this.dispatchEvent(new Event("connection"));
    }

    /** @param {unknown} json */
    adopt(json) {
        const tree = tree_of(json);
        const shape = shape_of(tree);
        const is_new = shape !== this.shape;
        this.tree = tree;
        this.shape = shape;
        if (is_new) {
            this.values.clear();
            this.link.listen_to_nothing();
            for (const end of this.ends_with_tree.splice(0)) end();
            this.dispatchEvent(new Event("tree"));
        }
        for (const entry of tree.entries.values()) {
            if (entry.access & 1 && (this.looks || !entry.path.startsWith(kCostly))) this.link.listen(entry.path);
            if (entry.value !== null) this.tell(entry.path, /** @type {OscArg[]} */ (entry.value));
        }
        this.dispatchEvent(new Event("words"));
    }

    /** Whether what is to come is seen at all. @param {boolean} looks */
    look(looks) {
        if (looks === this.looks) return;
        this.looks = looks;
        for (const path of this.tree?.entries.keys() ?? [])
            if (path.startsWith(kCostly)) looks ? this.link.listen(path) : this.link.ignore(path);
    }

    /** @param {string} path */
    async ask_again(path) {
        try {
            const response = await this.get("/");
            if (response.ok) this.adopt(await response.json());
        } catch {
            // The connection is going; greet() asks when it is back.
            console.info(`fusiond: ${path} has changed and could not be asked for`);
        }
    }

    async lose() {
        const was_connected = this.is_connected;
        this.is_connected = false;
        this.waiting.clear();
        this.dispatchEvent(new Event("connection"));
        // A socket says not why it was refused; a page can ask.
        if (was_connected) return;
        try {
            const about = await (await this.get("/panel/about.json")).json();
            this.reason = about.panels >= about.most_panels
                ? `All ${about.most_panels} places are taken by other panels and clients. Close one of them; this one then connects by itself.`
                : "";
        } catch {
            this.reason = "";
        }
        this.dispatchEvent(new Event("connection"));
    }

    /** @param {OscMessage} message */
    take({ path, args }) {
        this.tell(path, args);
    }

    /** @param {string} path @param {OscArg[]} args */
    tell(path, args) {
        this.values.set(path, args);
        for (const watcher of this.watchers.get(path) ?? []) {
            try {
                watcher(args, path);
            } catch (error) {
                // One part's fault is not the others'.
                console.error(path, error);
            }
        }
    }

    /** Tells at once what is known. @param {string} path @param {Watcher} watcher */
    watch(path, watcher) {
        const all = this.watchers.get(path) ?? new Set();
        all.add(watcher);
        this.watchers.set(path, all);
        const known = this.values.get(path);
        if (known) watcher(known, path);
        return () => void all.delete(watcher);
    }

    /** Until the tree is another one, and the page made anew. @param {string} path @param {Watcher} watcher */
    follow(path, watcher) {
        this.ends_with_tree.push(this.watch(path, watcher));
    }

    /** To the value that it has at first. @param {string} path */
    reset(path) {
        if (this.act(`${kRoot}/help`, "s", [path])) this.resets.add(path);
    }

    /** @param {OscArg[]} args path, types, unit, range, first value, doc */
    reset_to(args) {
        const path = String(args[0]);
        if (!this.resets.delete(path)) return;
        const entry = this.tree?.entries.get(path);
        if (entry) this.set(path, entry.types === "s" ? String(args[4]) : Number(args[4]));
    }

    /** @param {string} path */
    number(path) {
        return Number(this.values.get(path)?.[0] ?? NaN);
    }

    /** Once a frame at most, the newest value; the page has it at once. @param {string} path @param {OscArg} value */
    set(path, value) {
        const entry = this.tree?.entries.get(path);
        if (!entry || !this.is_connected) return;
        this.waiting.set(path, { path, types: entry.types, args: [value] });
        this.tell(path, [value]);
        if (this.is_flush_due) return;
        this.is_flush_due = true;
        setTimeout(() => {
            this.is_flush_due = false;
            this.link.send_together([...this.waiting.values()]);
            this.waiting.clear();
        }, 16);
    }

    /** Does it now. @param {string} path @param {string} [types] @param {OscArg[]} [args] */
    act(path, types = "", args = []) {
        return this.link.send(path, types, args);
    }
}

const address = typeof location === "undefined" ? "" : location.host;
const scheme = typeof location !== "undefined" && location.protocol === "https:" ? "wss" : "ws";

/** The one of this page. */
export const panel = new Panel(new Link(`${scheme}://${address}/`), (path) =>
    fetch(path, { headers: { Accept: "application/json" }, cache: "no-store" }));

/** @param {string} tail */
export const at = (tail) => `${kRoot}/${tail}`;
