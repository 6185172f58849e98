// What this is: the bundle, its genres and limits, the licence, keys, and every path there is.

import { colour_name } from "./colours.js";
import { make } from "./elements.js";
import { kKeys, keys_are_on, switch_keys } from "./keys.js";
import { panel } from "./panel.js";
import { number_text, title_of } from "./tree.js";

const kFew = 200; // training pieces: fewer, and a genre is less itself

class FusionAbout extends HTMLElement {
    connectedCallback() {
        this.bundle = make("div", {});
        this.paths = make("div", { className: "table-box", tabIndex: 0, role: "region", "aria-label": "Every path" });
        this.program = make("p", {}, "Asking the daemon…");
        const keys = make("dl", { className: "keys" });
        for (const [key, does] of kKeys) keys.append(make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, does)));
        const on = make("button", { type: "button", className: "switch", role: "switch", "aria-checked": String(keys_are_on()), "aria-label": "Single keys" });
        on.addEventListener("click", () => {
            switch_keys(!keys_are_on());
            on.setAttribute("aria-checked", String(keys_are_on()));
        });
        this.replaceChildren(
            make("h1", {}, "About"),
            make("section", { className: "card", "aria-label": "Program" }, make("h2", {}, "fusiond"), this.program,
                make("p", {}, "Neural networks compose one melody line without end and fuse several genres in the proportions that are turned here; what is turned is heard in the next note. After M. Lee, “Supervised Fusion Music Composition Through Long Short-Term Memory and Stochastic Modelling”."),
                make("p", {}, "GPL-3.0-or-later, without any warranty.")),
            make("section", { className: "card", "aria-label": "Bundle" }, make("h2", {}, "Bundle"), this.bundle),
            make("section", { className: "card", "aria-label": "Keys" }, make("h2", {}, "Keys"), keys,
                make("div", { className: "control" }, make("span", { className: "control-name" }, "Single keys"), on)),
            make("details", { className: "card group" }, make("summary", {}, "Every path"), this.paths));
        panel.addEventListener("tree", () => this.list_paths());
        this.list_paths();
    }

    /** Each time that the page is looked at. */
    async ask() {
        try {
            this.show(await (await panel.get("/panel/about.json")).json());
        } catch {
            if (this.program) this.program.textContent = "The daemon does not answer.";
        }
    }

    /** @param {any} about */
    show(about) {
        if (this.program)
            this.program.textContent = `Version ${about.version}, ${about.name}; OSC on ${about.osc}; playing into ${about.output || "nothing"}.`;
        const bundle = about.bundle ?? {};
        // Not the tree's: this may be the first that is known.
        const rows = (Array.isArray(about.genres) ? about.genres.map(String) : []).map((/** @type {string} */ genre, /** @type {number} */ g) => {
            const pieces = bundle.pieces?.[genre]?.training;
            const nats = bundle.cross_entropy?.[genre];
            const name = make("th", { scope: "row" }, make("span", { className: "dot" }), title_of(genre));
            name.style.setProperty("--colour", `var(${colour_name(g)})`);
            return make("tr", {}, name, make("td", {}, pieces === undefined ? "not told" : `${pieces}${pieces < kFew ? ", few" : ""}`),
                make("td", {}, nats === undefined ? "not told" : number_text(nats)));
        });
        const facts = [
            ["File", bundle.file], ["Made", bundle.made?.slice(0, 10)], ["Corpus", bundle.corpus_digest?.slice(0, 16)],
            ["Licence", bundle.licence],
        ].filter(([, value]) => value);
        this.bundle?.replaceChildren(
            make("dl", { className: "facts" }, ...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
            make("div", { className: "table-box", tabIndex: 0, role: "region", "aria-label": "Genres" }, make("table", {},
                make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Genre"), make("th", { scope: "col" }, "Learned from, lines"),
                    make("th", { scope: "col", title: "Cross-entropy on pieces kept aside: lower is more certain" }, "Nats an event"))),
                make("tbody", {}, ...rows))),
            make("h3", {}, "Limits"),
            make("ul", {},
                make("li", {}, "One melody line, on a grid of twelfths of a beat, composed in C major or A minor and moved to the key."),
                make("li", {}, `A genre that was learned from fewer than ${kFew} lines sounds less like itself.`),
                make("li", {}, "4/4, 3/4 and 6/8 were learned well, other metres hardly."),
                make("li", {}, "What it plays is new, but may come near to what it has learned from; the pieces keep their own terms.")));
    }

    list_paths() {
        const rows = [...(panel.tree?.entries.values() ?? [])].map((entry) => make("tr", {},
            make("th", { scope: "row" }, make("code", {}, entry.path)), make("td", {}, entry.types), make("td", {}, entry.doc)));
        this.paths?.replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Path"),
            make("th", { scope: "col" }, "Types"), make("th", { scope: "col" }, "What it is"))), make("tbody", {}, ...rows)));
    }
}
customElements.define("fusion-about", FusionAbout);
