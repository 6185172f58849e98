// Chords and sections: those in force, and what is typed.

import { make, say, TreeElement } from "./elements.js";
import { at, panel } from "./panel.js";

class FusionHarmony extends TreeElement {
    chord = make("output", { className: "chord-now", "aria-live": "off" }, "free");
    section = make("output", { "aria-live": "off" });

    connectedCallback() {
        super.connectedCallback();
        panel.watch(at("chord"), ([chord]) => {
            this.chord.textContent = chord === "N.C." ? "free" : String(chord);
        });
        panel.watch(at("section"), ([section]) => {
            this.section.textContent = ` ${section}`;
        });
    }

    /** @param {string} action @param {string} placeholder */
    typed(action, placeholder) {
        const entry = panel.tree?.entries.get(at(action));
        const kept = /** @type {HTMLInputElement | null} */ (this.querySelector(`#${action}`))?.value ?? "";
        const text = make("input", { type: "text", id: action, maxLength: 2000, value: kept, placeholder, spellcheck: false,
            "aria-label": action, autocomplete: "off", title: entry?.doc ?? "" });
        const form = make("form", { className: "scene-save" }, text, make("button", { type: "submit" }, "Give"));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            panel.act(at(action), "s", [text.value.trim()]);
            say(text.value.trim() ? "The line obeys" : "The line goes its own way");
        });
        return form;
    }

    build() {
        if (!panel.tree?.entries.has(at("progression"))) return;
        this.replaceChildren(make("h2", {}, "Chords"), this.chord, this.typed("progression", "Dm7 G7 | C^7"),
            make("h2", {}, "Form", this.section), this.typed("sections", "A A B A'"));
    }
}
customElements.define("fusion-harmony", FusionHarmony);
