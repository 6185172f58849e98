// The tape: a MIDI file that the daemon plays through its port in the line's place. What is shown is
// what the daemon says of it, so several panels are in step.

import { make } from "./elements.js";
import { at, panel } from "./panel.js";
import { number_text } from "./tree.js";

const kNone = "No tape yet: send a file from above.";

/** To the daemon, as its next tape. @param {Blob} body @param {string} name */
export async function send_tape(body, name) {
    const answer = await fetch(`/tape?${encodeURIComponent(name)}`, { method: "POST", headers: { "Content-Type": "audio/midi" }, body });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
}

class FusionTape extends HTMLElement {
    connectedCallback() {
        let now = "";
        const title = make("p", {}, kNone);
        const play = make("button", { type: "button", className: "primary" });
        const seek = make("input", { type: "range", min: "0", step: "0.25", "aria-label": "Position on the tape" });
        const time = make("output", { className: "song-time" });
        this.replaceChildren(make("h2", {}, "Through the port"), title, make("div", { className: "player" }, play, seek, time),
            make("p", { className: "hint" }, "While it plays the line pauses; Play, at the top, brings it back."));

        const show_place = () => {
            time.textContent = number_text(Number(seek.value), 0);
            seek.style.setProperty("--at", `${(100 * Number(seek.value)) / Number(seek.max)}%`);
            seek.setAttribute("aria-valuetext", `Beat ${time.textContent}`);
        };
        /** @param {unknown[]} args */
        const show = ([name, state, position, length, news]) => {
            now = String(state);
            title.textContent = String(news || (name ? `${name}, ${number_text(Number(length), 0)} beats` : kNone));
            play.textContent = now === "playing" ? "Stop the tape" : "Play through the port";
            play.disabled = seek.disabled = !name;
            seek.max = String(Math.ceil(Number(length)) || 1);
            // Not under the hand that moves it.
            if (!seek.matches(":active")) seek.value = String(Number(position) || 0);
            show_place();
            document.dispatchEvent(new CustomEvent("panel-tape", { detail: { name, state, position } }));
        };
        show([]);
        play.addEventListener("click", () => panel.act(at(now === "playing" ? "tape/stop" : "tape/play")));
        seek.addEventListener("input", show_place);
        // Not at each place that a hand comes past: notes begin there.
        seek.addEventListener("change", () => panel.act(at("tape/seek"), "f", [Number(seek.value)]));
        panel.addEventListener("connection", () => panel.act(at("tape")));
        panel.watch(at("tape"), show);
    }
}
customElements.define("fusion-tape", FusionTape);
