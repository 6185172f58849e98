// Single keys for what is done most; they can be switched off, for who speaks to the computer.

import { at } from "./panel.js";
import { hand } from "./transport.js";

export const kKeys = [
    ["Space", "plays or stops"],
    ["T", "taps the tempo"],
    ["[ and ]", "move the beat 10 ms earlier or later"],
    ["P", "panic: every note off"],
    ["L", "learns a controller: point at what it is to turn"],
    ["1 to 9", "go to the fader of that genre; arrows, Page Up and Down turn it"],
    ["Escape", "ends learning"],
];

const kKept = "fusiond-keys";

export function keys_are_on() {
    try {
        return localStorage.getItem(kKept) !== "off";
    } catch {
        return true;
    }
}

/** @param {boolean} on */
export function switch_keys(on) {
    try {
        localStorage.setItem(kKept, on ? "on" : "off");
    } catch {
        // Private windows may keep nothing: on, then.
    }
}

/** @param {KeyboardEvent} event */
function take(event) {
    if (!keys_are_on() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.closest("input:not([type=range]), select, textarea, [contenteditable]")) return;
    const on_button = Boolean(target?.closest("button, a, summary"));
    const key = event.key.toLowerCase();
    if (key === " " && !on_button) hand.toggle();
    else if (key === "t" && !event.repeat) hand.tap();
    else if (key === "[") hand.nudge(-10);
    else if (key === "]") hand.nudge(10);
    else if (key === "p" && !event.repeat) hand.panic();
    else if (key === "l" && !event.repeat) /** @type {any} */ (document.querySelector("fusion-learn"))?.toggle();
    else if (/^[1-9]$/.test(key)) {
        const faders = document.querySelectorAll(`fusion-faders input[data-path^="${at("weight/")}"]`);
        const fader = /** @type {HTMLElement | undefined} */ (faders[Number(key) - 1]);
        if (!fader) return;
        fader.focus();
    } else return;
    event.preventDefault();
}

export function listen_to_keys() {
    document.addEventListener("keydown", take);
}
