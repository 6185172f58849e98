// Key and scale, and the rest of the parameter table in groups: made from the tree.

import { colour_name } from "./colours.js";
import { is_switch, make, make_control, make_number, make_switch, TreeElement } from "./elements.js";
import { at, panel } from "./panel.js";
import { is_parameter, title_of } from "./tree.js";

class FusionTonality extends TreeElement {
    build() {
        const rows = ["key", "scale"].flatMap((tail) => {
            const entry = panel.tree?.entries.get(at(tail));
            return entry && is_parameter(entry) ? [make_control(entry)] : [];
        });
        this.replaceChildren(make("h2", {}, "Key"), ...rows);
    }
}
customElements.define("fusion-tonality", FusionTonality);

/** Actions without an argument that stand beside a group's controls. @type {Record<string, [string, string][]>} */
const kActions = { Loop: [["again", "Again"]] };

/** Of "bass/weight" "Bass weight". @param {string} family */
const family_title = (family) => title_of(family.replace(/^part_/, "").replaceAll("/", " "));

class FusionControls extends TreeElement {
    build() {
        const tree = panel.tree;
        if (!tree) return;
        const groups = tree.groups.map(({ name, entries }) => {
            const rows = entries.map((entry) => make_control(entry));
            for (const [tail, label] of kActions[name] ?? []) {
                const button = make("button", { type: "button", title: tree.entries.get(at(tail))?.doc ?? "", "data-path": at(tail) }, label);
                button.addEventListener("click", () => panel.act(at(tail)));
                rows.push(make("div", { className: "control" }, make("span", {}), button));
            }
            return this.group(name, rows);
        });
        if (tree.families.size) groups.push(this.parts());
        this.replaceChildren(make("h2", {}, "Controls"), make("div", { className: "groups" }, ...groups));
    }

    /** @param {string} name @param {HTMLElement[]} rows */
    group(name, rows) {
        const group = make("details", { className: "group" }, make("summary", {}, name), ...rows);
        group.open = matchMedia("(min-width: 60rem)").matches;
        return group;
    }

    /** What there is once for each genre, as a table. */
    parts() {
        const tree = panel.tree;
        const families = [...(tree?.families ?? [])];
        const head = make("tr", {}, make("th", { scope: "col" }, "Genre"),
            ...families.map(([family, doc]) => make("th", { scope: "col", title: doc }, family_title(family))));
        const rows = (tree?.genres ?? []).map((genre, g) => {
            const cells = families.map(([family]) => {
                const entry = tree?.entries.get(at(`${family}/${genre}`));
                if (!entry) return make("td", {});
                const label = `${title_of(genre)}, ${family_title(family).toLowerCase()}`;
                return make("td", {}, is_switch(entry) ? make_switch(entry, label)
                    : entry.words ? make_control(entry, label) : make_number(entry, label));
            });
            const name = make("th", { scope: "row" }, make("span", { className: "dot" }), title_of(genre));
            name.style.setProperty("--colour", `var(${colour_name(g)})`);
            return make("tr", {}, name, ...cells);
        });
        return this.group("Parts", [make("div", { className: "table-box", tabIndex: 0, role: "region", "aria-label": "Parts" },
            make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)))]);
    }
}
customElements.define("fusion-controls", FusionControls);
