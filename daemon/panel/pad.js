// A square to move in between four genres (pad_weights.js).

import { colour_name } from "./colours.js";
import { make, TreeElement } from "./elements.js";
import { pad_place, pad_weights } from "./pad_weights.js";
import { at, panel } from "./panel.js";
import { title_of } from "./tree.js";

const kStep = 0.05;
const kPlaces = ["top left", "top right", "bottom left", "bottom right"];

class FusionPad extends TreeElement {
    x = 0.5;
    y = 0.5;
    is_held = false;
    is_moving = false;
    /** @type {string[]} */
    corners = [];

    build() {
        const tree = panel.tree;
        if (!tree) return;
        const { genres } = tree;
        const kept = this.corners.length === 4 && this.corners.every((genre) => genres.includes(genre));
        if (!kept) this.corners = [0, 1, 2, 3].map((i) => genres[i % genres.length]);
        this.dot = make("div", {
            className: "pad-dot", role: "slider", tabIndex: 0, "aria-label": "Place between the four genres",
            "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "50",
            title: "Arrow keys move, Home and End go to the sides, Page Up and Down to top and bottom",
        });
        this.field = make("div", { className: "pad-field" }, this.dot);
        const choices = kPlaces.map((place, i) => {
            const select = make("select", { "aria-label": `Genre at the ${place}`, className: "pad-corner" });
            for (const genre of genres) select.append(make("option", { value: genre }, title_of(genre)));
            select.value = this.corners[i];
            select.addEventListener("change", () => {
                this.corners[i] = select.value;
                this.paint();
                this.follow();
            });
            return select;
        });
        this.replaceChildren(make("h2", {}, "Pad"),
            make("div", { className: "pad" }, choices[0], choices[1], this.field, choices[2], choices[3]));
        this.field.addEventListener("pointerdown", (event) => {
            if (event.button > 0) return;
            this.is_held = true;
            this.field?.setPointerCapture(event.pointerId);
            this.dot?.focus({ preventScroll: true });
            this.point(event);
            event.preventDefault();
        });
        this.field.addEventListener("pointermove", (event) => this.is_held && this.point(event));
        for (const name of ["pointerup", "pointercancel"])
            this.field.addEventListener(name, () => {
                this.is_held = false;
                this.follow();
            });
        this.dot.addEventListener("keydown", (event) => this.key(event));
        for (const genre of genres) panel.follow(at(`weight/${genre}`), () => this.follow());
        this.paint();
    }

    /** @param {PointerEvent} event */
    point(event) {
        const box = /** @type {HTMLElement} */ (this.field).getBoundingClientRect();
        // The dot stays whole within the field: the corners are half a dot inwards.
        const inset = (this.dot?.offsetWidth ?? 0) / 2;
        this.move((event.clientX - box.left - inset) / (box.width - 2 * inset), (event.clientY - box.top - inset) / (box.height - 2 * inset));
    }

    /** @param {KeyboardEvent} event */
    key(event) {
        const to = {
            ArrowLeft: [this.x - kStep, this.y], ArrowRight: [this.x + kStep, this.y],
            ArrowUp: [this.x, this.y - kStep], ArrowDown: [this.x, this.y + kStep],
            Home: [0, this.y], End: [1, this.y], PageUp: [this.x, 0], PageDown: [this.x, 1],
        }[event.key];
        if (!to) return;
        event.preventDefault();
        this.move(to[0], to[1]);
    }

    /** @param {number} x @param {number} y */
    move(x, y) {
        this.x = Math.min(1, Math.max(0, x));
        this.y = Math.min(1, Math.max(0, y));
        this.is_moving = true;
        for (const [genre, weight] of pad_weights(this.x, this.y, this.corners)) panel.set(at(`weight/${genre}`), weight);
        this.is_moving = false;
        this.show();
    }

    /** Somebody turned a weight: the dot goes where that is. */
    follow() {
        if (this.is_held || this.is_moving || new Set(this.corners).size < 4) return;
        const place = pad_place(this.corners.map((genre) => panel.number(at(`weight/${genre}`))));
        // One that lies within a step of where the dot is came of the dot itself, rounded.
        if (!place || (Math.abs(place.x - this.x) < 0.005 && Math.abs(place.y - this.y) < 0.005)) return;
        this.x = place.x;
        this.y = place.y;
        this.show();
    }

    paint() {
        const genres = panel.tree?.genres ?? [];
        this.corners.forEach((genre, i) =>
            this.field?.style.setProperty(`--corner-${i}`, `var(${colour_name(genres.indexOf(genre))})`));
        this.show();
    }

    show() {
        if (!this.dot) return;
        this.dot.style.setProperty("--x", String(this.x));
        this.dot.style.setProperty("--y", String(this.y));
        this.dot.setAttribute("aria-valuenow", String(Math.round(this.x * 100)));
        const weights = pad_weights(this.x, this.y, this.corners);
        this.dot.setAttribute("aria-valuetext", [...weights].map(([genre, weight]) => `${genre} ${weight}`).join(", "));
    }
}
customElements.define("fusion-pad", FusionPad);
