// Chords and sections: those in force, and what is typed.

import { make, say, TreeElement } from "./elements.js";
import { at, panel } from "./panel.js";

class FusionHarmony extends TreeElement {
    chord = make("output", { className: "chord-now", "aria-live": "off" }, "free");
    section = make("output", { "aria-live": "off" });
    chords = this.typed("progression", "Dm7 G7 | C^7");
    form = this.typed("sections", "A A B A'");

    connectedCallback() {
        super.connectedCallback();
        panel.watch(at("chord"), ([chord]) => {
            this.chord.textContent = chord === "N.C." ? "free" : String(chord);
        });
        panel.watch(at("section"), ([section]) => (this.section.textContent = ` ${section}`));
    }

    /** @param {string} action @param {string} placeholder */
    typed(action, placeholder) {
        const text = make("input", { type: "text", placeholder, spellcheck: false, autocomplete: "off", "aria-label": action });
        const form = make("form", { className: "scene-save" }, text, make("button", { type: "submit" }, "Give"));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            panel.act(at(action), "s", [text.value.trim()]);
            say(text.value.trim() ? "The line obeys" : "As planned");
        });
        return form;
    }

    build() {
        if (!panel.tree?.entries.has(at("progression"))) return;
        this.replaceChildren(make("h2", {}, "Chords"), this.chord, this.chords, make("h2", {}, "Form", this.section), this.form);
    }
}
customElements.define("fusion-harmony", FusionHarmony);
