// Small words for making the page: an element with its properties and children, and the parts that
// more than one component has.

import { panel } from "./panel.js";
import { pitch_name } from "./roll_view.js";
import { number_text, step_of, title_of } from "./tree.js";

/** @typedef {import("./tree.js").Entry} Entry */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, unknown>} [properties] names with "-" or "role" are attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name.includes("-") || name === "role" || name === "for" || name === "list") element.setAttribute(name, String(value));
        else Object.assign(element, { [name]: value });
    }
    element.append(...children);
    return element;
}

/** What a person hears of and does not ask for: once in a live region. @param {string} text @param {"news" | "fault"} [kind] */
export function say(text, kind = "news") {
    document.dispatchEvent(new CustomEvent("panel-say", { detail: { text, kind } }));
}

/** A value in words. @param {Entry} entry @param {unknown} value */
export function value_text(entry, value) {
    if (entry.words) return String(value);
    if (entry.unit === "share") return `${Math.round(Number(value) * 100)} %`;
    if (entry.unit === "midinote") return pitch_name(Number(value));
    const text = number_text(Number(value));
    return entry.unit && entry.unit !== "weight" ? `${text} ${entry.unit}` : text;
}

/** @param {Entry} entry */
export const is_switch = (entry) => entry.types === "i" && entry.min === 0 && entry.max === 1;

/**
 * The fader of a path: it says and shows its value, and is not moved under the hand that moves it.
 * @param {Entry} entry @param {string} label @param {(text: string, value: number) => void} [shown]
 */
export function make_range(entry, label, shown = () => {}) {
    const input = make("input", {
        type: "range", min: String(entry.min ?? 0), max: String(entry.max ?? 1), step: String(step_of(entry)),
        "aria-label": label, title: entry.doc, "data-path": entry.path,
    });
    let is_held = false;
    let newest = NaN;
    /** @param {number} value */
    const show = (value) => {
        input.value = String(value);
        const span = Number(input.max) - Number(input.min);
        input.style.setProperty("--at", `${((value - Number(input.min)) / (span || 1)) * 100}%`);
        const text = value_text(entry, value);
        input.setAttribute("aria-valuetext", text);
        shown(text, value);
    };
    input.addEventListener("pointerdown", () => (is_held = true));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
        input.addEventListener(name, () => {
            is_held = false;
            if (Number.isFinite(newest)) show(newest);
        });
    input.addEventListener("input", () => {
        newest = Number(input.value);
        show(newest);
        panel.set(entry.path, newest);
    });
    panel.follow(entry.path, ([value]) => {
        newest = Number(value);
        if (!is_held) show(newest);
    });
    return input;
}

/** @param {Entry} entry @param {string} label */
export function make_switch(entry, label) {
    const button = make("button", {
        type: "button", className: "switch", role: "switch", "aria-checked": "false", "aria-label": label,
        title: entry.doc, "data-path": entry.path,
    });
    button.addEventListener("click", () => panel.set(entry.path, button.getAttribute("aria-checked") === "true" ? 0 : 1));
    panel.follow(entry.path, ([value]) => button.setAttribute("aria-checked", String(Number(value) === 1)));
    return button;
}

/** @param {Entry} entry @param {string} label */
export function make_choice(entry, label) {
    const select = make("select", { "aria-label": label, title: entry.doc, "data-path": entry.path });
    for (const word of entry.words ?? []) select.append(make("option", { value: word }, word.replaceAll("_", " ")));
    select.addEventListener("change", () => panel.set(entry.path, select.value));
    panel.follow(entry.path, ([value]) => (select.value = String(value)));
    return select;
}

/** @param {Entry} entry @param {string} label */
export function make_number(entry, label) {
    const input = make("input", {
        type: "number", min: String(entry.min ?? ""), max: String(entry.max ?? ""), step: entry.types === "i" ? "1" : "any",
        inputMode: entry.types === "i" ? "numeric" : "decimal", "aria-label": label, title: entry.doc, "data-path": entry.path,
    });
    input.addEventListener("change", () => {
        const value = Number(input.value);
        if (input.value.trim() === "" || !Number.isFinite(value)) {
            input.value = number_text(panel.number(entry.path)).replace("−", "-");
            say(`${label} takes a number`, "fault");
            return;
        }
        panel.set(entry.path, Math.min(entry.max ?? value, Math.max(entry.min ?? value, value)));
    });
    panel.follow(entry.path, ([value]) => {
        if (document.activeElement !== input || Number(input.value) !== Number(value))
            input.value = number_text(Number(value), 3).replace("−", "-");
    });
    return input;
}

/** Numbers of which only some are taken. @type {Record<string, string[]>} */
const kOnly = { meter_denominator: ["1", "2", "4", "8", "16"] };
/** Fewer steps than this are turned by hand, more are written. */
const kMostTurned = 200;

/** The row of a parameter, by what it is. @param {Entry} entry @param {string} [label] */
export function make_control(entry, label = title_of(entry.tail)) {
    const name = make("span", { className: "control-name", title: entry.doc }, label);
    const words = entry.words ?? kOnly[entry.tail] ?? null;
    if (words) return make("div", { className: "control" }, name, make_choice({ ...entry, words }, label));
    if (is_switch(entry)) return make("div", { className: "control" }, name, make_switch(entry, label));
    const span = (entry.max ?? Infinity) - (entry.min ?? 0);
    if (!Number.isFinite(span) || (entry.types === "i" && span > kMostTurned))
        return make("div", { className: "control" }, name, make_number(entry, label));
    const value = make("output", { className: "control-value" });
    const range = make_range(entry, label, (text) => (value.textContent = text));
    range.title += " A double click sets it as it is at first.";
    range.addEventListener("dblclick", () => panel.reset(entry.path));
    return make("div", { className: "control control-range" }, name, value, range);
}

/** An element that is made from the tree, and again when another daemon brings another one. */
export class TreeElement extends HTMLElement {
    connectedCallback() {
        panel.addEventListener("tree", () => this.build());
        this.build();
    }

    /** What it is made of now. */
    build() {}
}
