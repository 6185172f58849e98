// Scenes: recalled at once or over beats, with how far that is; saved under a name; forgotten.

import { make, say } from "./elements.js";
import { at, panel } from "./panel.js";

const kBeats = [0, 4, 8, 16, 32, 64];
const kSure = 3000; // ms within which a second press forgets a scene

class FusionScenes extends HTMLElement {
    shown = "";

    connectedCallback() {
        this.over = make("select", { "aria-label": "Morph over" });
        for (const beats of kBeats) this.over.append(make("option", { value: String(beats) }, beats ? `over ${beats} beats` : "at once"));
        this.list = make("ul", { className: "scene-list" });
        this.progress = make("progress", { max: 1, value: 0, "aria-label": "Morph to a scene", hidden: true });
        this.now = make("p", { className: "scene-now", hidden: true });
        const name = make("input", { type: "text", maxLength: 60, placeholder: "Name", "aria-label": "Name of the scene", autocomplete: "off" });
        const form = make("form", { className: "scene-save" }, name, make("button", { type: "submit" }, "Save"));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const text = name.value.trim();
            if (text === "") {
                name.focus();
                return say("A scene is saved under a name", "fault");
            }
            panel.act(at("scene/save"), "s", [text]);
            say(`Scene ${text} is saved`);
            name.value = "";
        });
        this.replaceChildren(make("h2", {}, "Scenes"), this.over, this.list, this.now, this.progress, form);
        panel.addEventListener("words", () => this.show());
        panel.watch(at("scene"), ([scene, progress]) => this.follow(String(scene), Number(progress)));
        this.show();
    }

    /** @param {string} tail */
    words(tail) {
        return panel.tree?.entries.get(at(tail))?.words ?? [];
    }

    show() {
        const saved = new Set(this.words("scene/delete"));
        const all = this.words("scene/recall");
        const shown = JSON.stringify([all, [...saved]]);
        if (shown === this.shown) return;
        this.shown = shown;
        this.list?.replaceChildren(...all.map((scene) => {
            const recall = make("button", { type: "button", className: "scene", "data-path": at(`scene/${scene}`), "data-scene": scene }, scene);
            recall.addEventListener("click", () => {
                const beats = Number(this.over?.value ?? 0);
                panel.act(at("scene/recall"), "sf", [scene, beats]);
            });
            const item = make("li", {}, recall);
            if (saved.has(scene)) item.append(this.forget_button(scene));
            return item;
        }));
    }

    /** @param {string} scene */
    forget_button(scene) {
        const button = make("button", { type: "button", className: "scene-forget", "aria-label": `Forget scene ${scene}` }, "×");
        let sure_until = 0;
        button.addEventListener("click", () => {
            if (performance.now() < sure_until) {
                panel.act(at("scene/delete"), "s", [scene]);
                return;
            }
            sure_until = performance.now() + kSure;
            button.classList.add("is-sure");
            say(`Press again to forget scene ${scene}`);
            setTimeout(() => button.classList.remove("is-sure"), kSure);
        });
        return button;
    }

    /** @param {string} scene @param {number} progress */
    follow(scene, progress) {
        if (!this.progress || !this.now) return;
        const moves = progress < 1;
        this.progress.hidden = !moves;
        this.progress.value = progress;
        this.now.hidden = false;
        this.now.textContent = moves ? `To ${scene}: ${Math.round(progress * 100)} %` : `In ${scene}`;
        for (const button of this.list?.querySelectorAll("button[data-scene]") ?? [])
            button.setAttribute("aria-current", String(/** @type {HTMLElement} */ (button).dataset.scene === scene));
    }
}
customElements.define("fusion-scenes", FusionScenes);
