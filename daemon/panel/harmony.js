// Chords by hand: the one in force, and a progression that is typed.

import { make, say, TreeElement } from "./elements.js";
import { at, panel } from "./panel.js";

class FusionHarmony extends TreeElement {
    chord = make("output", { className: "chord-now", "aria-live": "off" }, "free");

    connectedCallback() {
        super.connectedCallback();
        panel.watch(at("chord"), ([chord]) => {
            this.chord.textContent = chord === "N.C." ? "free" : String(chord);
        });
    }

    build() {
        if (!panel.tree?.entries.has(at("progression"))) return;
        const kept = /** @type {HTMLInputElement | null} */ (this.querySelector("input"))?.value ?? "";
        const text = make("input", { type: "text", maxLength: 2000, value: kept, placeholder: "Dm7 G7 | C^7", spellcheck: false,
            "aria-label": "Progression", autocomplete: "off", title: panel.tree.entries.get(at("progression"))?.doc ?? "" });
        const form = make("form", { className: "scene-save" }, text, make("button", { type: "submit" }, "Give"));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            panel.act(at("progression"), "s", [text.value.trim()]);
            say(text.value.trim() ? "The line obeys this progression" : "The line goes its own way");
        });
        this.replaceChildren(make("h2", {}, "Chords"), this.chord, form);
    }
}
customElements.define("fusion-harmony", FusionHarmony);
