// The genres: a fader each, 0 to 10, what is in force as a bar, and each genre's share of it.

import { colour_name } from "./colours.js";
import { make, make_range, TreeElement } from "./elements.js";
import { at, panel } from "./panel.js";
import { title_of } from "./tree.js";

class FusionFaders extends TreeElement {
    build() {
        const tree = panel.tree;
        if (!tree) return;
        /** @type {HTMLElement[]} */
        const shares = [];
        /** @type {HTMLElement[]} */
        const slices = [];
        const rows = tree.genres.map((genre, g) => {
            const entry = tree.entries.get(at(`weight/${genre}`));
            if (!entry) return "";
            const value = make("output", { className: "fader-value" });
            const share = make("span", { className: "fader-share", "aria-hidden": "true" });
            const range = make_range({ ...entry }, `${title_of(genre)}, weight`, (text) => (value.textContent = text));
            shares.push(share);
            slices.push(make("span", { className: "slice", title: title_of(genre) }));
            const row = make("div", { className: "fader" },
                make("span", { className: "fader-name" }, title_of(genre)), range, value, share);
            for (const element of [row, slices[g]]) element.style.setProperty("--colour", `var(${colour_name(g)})`);
            return row;
        });
        const bar = make("div", { className: "blend", role: "img", "aria-label": "The blend" }, ...slices);
        this.replaceChildren(make("h2", {}, "Blend"), bar, ...rows);
        /** @param {number[]} weights */
        const show = (weights) => {
            const sum = weights.reduce((all, weight) => all + weight, 0);
            bar.classList.toggle("is-empty", sum <= 0);
            const said = tree.genres.map((genre, g) => {
                const part = sum > 0 ? weights[g] / sum : 0;
                slices[g].style.flexGrow = String(part);
                const percent = `${Math.round(part * 100)} %`;
                shares[g].textContent = percent;
                return `${genre} ${percent}`;
            });
            bar.setAttribute("aria-label", sum > 0 ? `The blend: ${said.join(", ")}` : "The blend: all zero, a rest");
        };
        // What is in force moves along the ramp; before the first step it is what is set.
        panel.follow(at("weights"), (args) => {
            if (args.length === tree.genres.length) show(args.map(Number));
        });
    }
}
customElements.define("fusion-faders", FusionFaders);
