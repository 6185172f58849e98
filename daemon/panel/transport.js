// What is always in reach: play and stop, tempo with tap and nudge, panic.

import { make, say } from "./elements.js";
import { heard } from "./heard.js";
import { at, panel } from "./panel.js";
import { number_text } from "./tree.js";

const kNudge = 10; // ms

export const hand = {
    toggle() {
        const plays = panel.number(at("playing")) === 1;
        // Known at once, so that a second press soon after is the other of the two.
        if (panel.act(at(plays ? "stop" : "play"))) panel.tell(at("playing"), [plays ? 0 : 1]);
    },
    tap() {
        panel.act(at("tap"));
    },
    /** @param {number} ms */
    nudge(ms) {
        panel.act(at("nudge"), "f", [ms]);
        say(`The beat moves ${Math.abs(ms)} ms ${ms < 0 ? "earlier" : "later"}`);
    },
    panic() {
        panel.act(at("panic"));
        say("Panic: every note is off");
    },
};

class FusionTransport extends HTMLElement {
    connectedCallback() {
        const play = make("button", { type: "button", className: "play", "aria-pressed": "false", "aria-label": "Play", "data-path": at("play") });
        play.addEventListener("click", () => hand.toggle());
        panel.watch(at("playing"), ([playing]) => {
            const runs = Number(playing) === 1;
            play.setAttribute("aria-pressed", String(runs));
            play.setAttribute("aria-label", runs ? "Stop" : "Play");
            play.dataset.path = at(runs ? "stop" : "play");
        });
        const bpm = make("span", { className: "tap-bpm" }, "–");
        const tap = make("button", { type: "button", className: "tap", title: "Taps the tempo: from the second tap on", "data-path": at("tap") },
            make("span", { className: "tap-word" }, "Tap"), bpm);
        tap.addEventListener("click", () => hand.tap());
        panel.watch("/status.reply", (args) => (bpm.textContent = number_text(Number(args[1]), 1)));
        heard.addEventListener("beat", (event) => {
            if (document.hidden) return;
            tap.dataset.beat = /** @type {CustomEvent} */ (event).detail === 0 ? "first" : "other";
            setTimeout(() => delete tap.dataset.beat, 90);
        });
        const panic = make("button", { type: "button", className: "panic", title: "Silence now: every note off", "data-path": at("panic") }, "Panic");
        panic.addEventListener("click", () => hand.panic());
        this.replaceChildren(play, tap, panic);
    }
}
customElements.define("fusion-transport", FusionTransport);

class FusionTempo extends HTMLElement {
    connectedCallback() {
        const tempo = make("input", { type: "number", className: "tempo", inputMode: "decimal", min: "10", max: "400", step: "any", "aria-label": "Tempo in beats a minute", "data-path": at("tempo") });
        /** @param {number} bpm */
        const show = (bpm) => {
            if (Number.isFinite(bpm)) tempo.value = number_text(bpm, 2);
        };
        tempo.addEventListener("change", () => {
            const bpm = Number(tempo.value);
            if (bpm > 0) panel.set(at("tempo"), Math.min(400, Math.max(10, bpm)));
            else show(panel.number(at("tempo")));
        });
        panel.watch(at("tempo"), ([bpm]) => show(Number(bpm)));
        // Followed from another, it is not what is set here.
        panel.watch("/status.reply", (args) => {
            const is_own = args[10] === undefined || args[10] === "internal";
            tempo.disabled = !is_own;
            if (!is_own) show(Number(args[1]));
        });
        /** @param {number} ms @param {string} sign @param {string} label */
        const nudge = (ms, sign, label) => {
            const button = make("button", { type: "button", className: "nudge", "aria-label": label, title: label, "data-path": at("nudge") }, sign);
            button.addEventListener("click", () => hand.nudge(ms));
            return button;
        };
        const restart = make("button", { type: "button", title: "Goes back to bar one with a fresh line", "data-path": at("restart") }, "Restart");
        restart.addEventListener("click", () => panel.act(at("restart")));
        const finish = make("button", { type: "button", title: "Comes to an end with the phrase, and stops there", "data-path": at("finish") }, "Finish");
        finish.addEventListener("click", () => {
            panel.act(at("finish"));
            say("The music ends with the phrase");
        });
        this.replaceChildren(make("h2", {}, "Tempo"), make("div", { className: "tempo-row" },
            nudge(-kNudge, "‹", `Beat ${kNudge} ms earlier`), tempo, make("span", { className: "hint" }, "bpm"),
            nudge(kNudge, "›", `Beat ${kNudge} ms later`), restart, finish));
    }
}
customElements.define("fusion-tempo", FusionTempo);
