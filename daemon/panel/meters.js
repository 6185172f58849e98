// How it goes: what /status says twice a second, and what about.json says now and then.

import { make } from "./elements.js";
import { panel } from "./panel.js";
import { number_text } from "./tree.js";

const kAskEach = 2000; // ms

/** @param {number} us */
const time_text = (us) => (us < 1000 ? `${us} µs` : `${number_text(us / 1000, 1)} ms`);

class FusionMeters extends HTMLElement {
    connectedCallback() {
        /** @type {Map<string, HTMLElement>} */
        this.fields = new Map();
        /** @type {Map<string, HTMLElement>} */
        this.boxes = new Map();
        const list = make("dl", { className: "meters" });
        for (const [name, doc] of [
            ["Lateness", "How long after their deadline messages are handed over; 99 of 100 are quicker"],
            ["Underruns", "How often no step was there in time"],
            ["Ready", "Steps that are composed ahead and may still change"],
            ["Rung", "Who composes: neural, ngram (the fallback), repeat of the last bar, silence"],
            ["Played", "Steps so far, and those that came too late"],
            ["Sync", "Who owns the tempo, and how well it is followed"],
            ["Clock", "Whether the clock thread runs in real time and memory is locked"],
            ["Output", "Where the music goes"],
            ["Panels", "Panels and other clients that are connected here"],
            ["CPU", "Of one core, by the whole daemon"],
        ]) {
            const value = make("dd", {}, "–");
            const box = make("div", { className: "meter", title: doc }, make("dt", {}, name), value);
            this.fields.set(name, value);
            this.boxes.set(name, box);
            list.append(box);
        }
        const more = make("button", { type: "button", className: "meters-more", "aria-expanded": "false" }, "All meters");
        more.addEventListener("click", () => more.setAttribute("aria-expanded", String(list.classList.toggle("is-all"))));
        this.replaceChildren(make("h2", { className: "visually-hidden" }, "Meters"), list, more);
        panel.watch("/status.reply", (args) => this.status(args));
        const ask = () => {
            if (!document.hidden && panel.is_connected) void this.ask();
            setTimeout(ask, kAskEach);
        };
        panel.addEventListener("connection", () => panel.is_connected && void this.ask());
        ask();
    }

    /** @param {string} name @param {string} text @param {"" | "warn" | "bad"} [state] */
    show(name, text, state = "") {
        const field = this.fields?.get(name);
        if (field && field.textContent !== text) field.textContent = field.title = text;
        const box = this.boxes?.get(name);
        if (box && box.dataset.state !== state) box.dataset.state = state;
    }

    /** @param {import("./osc.js").OscArg[]} args of /status.reply */
    status(args) {
        if (args.length < 13) return;
        const [, , rung, lateness, underruns, realtime, ready, played, late, locked, sync, state] = args;
        this.show("Lateness", time_text(Number(lateness)), Number(lateness) > 20000 ? "bad" : Number(lateness) > 5000 ? "warn" : "");
        this.show("Underruns", String(underruns), Number(underruns) > 0 ? "warn" : "");
        this.show("Ready", String(ready), Number(ready) === 0 && Number(args[0]) === 1 ? "warn" : "");
        this.show("Rung", String(rung), rung === "neural" || rung === "ngram" ? "" : "bad");
        this.show("Played", Number(late) > 0 ? `${played}, ${late} late` : String(played));
        this.show("Sync", sync === state ? String(sync) : `${sync}, ${state}`);
        this.show("Clock", `${realtime ? "real-time" : "not real-time"}${locked ? "" : ", not locked"}`, realtime ? "" : "warn");
    }

    async ask() {
        try {
            const about = await (await panel.get("/panel/about.json")).json();
            this.show("Output", String(about.output || "–"));
            this.show("Panels", `${about.panels} of ${about.most_panels}`, about.panels >= about.most_panels ? "warn" : "");
            const [cpu, up] = [Number(about.cpu_seconds), Number(about.up_seconds)];
            if (this.last && up > this.last.up)
                this.show("CPU", `${number_text((100 * (cpu - this.last.cpu)) / (up - this.last.up), 1)} %`);
            this.last = { cpu, up };
        } catch {
            // The connection's banner says it.
        }
    }
}
customElements.define("fusion-meters", FusionMeters);
