// What the daemon says that it has (OSCQuery's tree), as the panel wants it. No DOM: the panel is made
// from this, so that a parameter that is new in the daemon appears by itself.

/**
 * One path with its type, range and meaning.
 * @typedef {{
 *   path: string, tail: string, doc: string, types: string, access: number, value: unknown[] | null,
 *   min: number | null, max: number | null, words: string[] | null, unit: string
 * }} Entry
 */
/** @typedef {{ name: string, entries: Entry[] }} Group */
/** @typedef {{ entries: Map<string, Entry>, genres: string[], groups: Group[], families: Map<string, string> }} Tree */

export const kRoot = "/fusiond";

/** Where the parameters stand that are known; others get a group by their path, or "More".
 * @type {[string, string[]][]} */
const kGroups = [
    ["Line", ["temperature", "top_p", "decision", "guidance", "coupling", "inertia", "form", "density", "rests", "longest_rest", "ramp", "seed"]],
    ["Harmony", ["harmony", "harmony_pull", "harmony_channel"]],
    ["Register", ["transpose", "octave", "lowest", "highest"]],
    ["Touch", ["velocity", "accent", "gate", "humanise", "swing", "swing_grid"]],
    ["Loop", ["hold", "loop_bars"]],
    ["Time", ["meter_numerator", "meter_denominator", "follow_style", "sync", "clock_out", "offset", "timetags"]],
    ["Synth", ["synth_volume", "synth_reverb", "synth_programs"]],
    ["MIDI", ["channel", "program", "mute", "thru", "takeover"]],
];
/** Shown elsewhere on the page. */
const kElsewhere = new Set(["tempo", "playing", "key", "scale"]);

/** @param {string} tail */
export function title_of(tail) {
    const words = tail.replace(/^.*\//, "").replaceAll("_", " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {unknown} value @returns {any} */
const first = (value) => (Array.isArray(value) ? value[0] : undefined);
/** @param {unknown} value */
const number_or_null = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/** @param {any} node @returns {Entry} */
function entry_of(node) {
    const range = first(node.RANGE);
    const path = String(node.FULL_PATH);
    return {
        path,
        tail: path.startsWith(`${kRoot}/`) ? path.slice(kRoot.length + 1) : path.slice(1),
        doc: typeof node.DESCRIPTION === "string" ? node.DESCRIPTION : "",
        types: typeof node.TYPE === "string" ? node.TYPE : "",
        access: Number(node.ACCESS) || 0,
        value: Array.isArray(node.VALUE) ? node.VALUE : null,
        min: number_or_null(range?.MIN),
        max: number_or_null(range?.MAX),
        words: Array.isArray(range?.VALS) ? range.VALS.map(String) : null,
        unit: String(first(node.UNIT) ?? "").replace(/^time\./, ""),
    };
}

/** @param {any} node @param {Map<string, Entry>} into @param {number} depth */
function walk(node, into, depth) {
    if (depth > 16 || typeof node !== "object" || node === null) return;
    if (typeof node.FULL_PATH === "string" && node.ACCESS > 0) into.set(node.FULL_PATH, entry_of(node));
    if (typeof node.CONTENTS === "object" && node.CONTENTS !== null)
        for (const child of Object.values(node.CONTENTS)) walk(child, into, depth + 1);
}

/** Whether a value can be read and set, and there is one. @param {Entry} entry */
export const is_parameter = (entry) => entry.access === 3 && entry.types.length === 1 && entry.value !== null;

/**
 * Throws where this is no tree of fusiond's.
 * @param {unknown} json @returns {Tree}
 */
export function tree_of(json) {
    /** @type {Map<string, Entry>} */
    const entries = new Map();
    walk(json, entries, 0);
    const weights = `${kRoot}/weight/`;
    const genres = [...entries.keys()].filter((path) => path.startsWith(weights)).map((path) => path.slice(weights.length));
    if (genres.length === 0) throw new Error("the daemon names no genres; is this fusiond?");
    return { entries, genres, groups: groups_of(entries, genres), families: families_of(entries, genres) };
}

/**
 * One of these for each genre: "part" and its doc, but for the weights.
 * @param {Map<string, Entry>} entries @param {string[]} genres
 */
function families_of(entries, genres) {
    /** @type {Map<string, string>} */
    const families = new Map();
    for (const entry of entries.values()) {
        if (!is_parameter(entry)) continue;
        const slash = entry.tail.lastIndexOf("/");
        const family = entry.tail.slice(0, Math.max(slash, 0));
        if (family && family !== "weight" && entry.tail.slice(slash + 1) === genres[0]) families.set(family, entry.doc);
    }
    return families;
}

/** @param {Map<string, Entry>} entries @param {string[]} genres @returns {Group[]} */
function groups_of(entries, genres) {
    const families = families_of(entries, genres);
    /** @type {Map<string, Entry[]>} */
    const groups = new Map(kGroups.map(([name]) => [name, []]));
    const place = new Map(kGroups.flatMap(([name, tails]) => tails.map((tail) => /** @type {const} */ ([tail, name]))));
    for (const entry of entries.values()) {
        if (!is_parameter(entry) || !entry.path.startsWith(`${kRoot}/`) || kElsewhere.has(entry.tail)) continue;
        const slash = entry.tail.lastIndexOf("/");
        const folder = entry.tail.slice(0, Math.max(slash, 0));
        if (folder === "weight" || families.has(folder)) continue;
        const name = place.get(entry.tail) ?? (folder ? title_of(folder) : "More");
        const group = groups.get(name) ?? [];
        group.push(entry);
        groups.set(name, group);
    }
    for (const [name, tails] of kGroups) {
        const rank = new Map(tails.map((tail, i) => [tail, i]));
        groups.get(name)?.sort((a, b) => (rank.get(a.tail) ?? 99) - (rank.get(b.tail) ?? 99));
    }
    return [...groups].filter(([, list]) => list.length > 0).map(([name, list]) => ({ name, entries: list }));
}

/** Two trees with the same shape need no new page: types and ranges alike, values apart. @param {Tree} tree */
export function shape_of(tree) {
    return JSON.stringify([...tree.entries.values()].map(({ value: _, words, path, ...rest }) =>
        path.startsWith(`${kRoot}/scene/`) ? [path] : [path, words, rest]));
}

/** How far one press of an arrow key turns a value. @param {Entry} entry */
export function step_of(entry) {
    if (entry.types === "i") return 1;
    const span = (entry.max ?? 1) - (entry.min ?? 0);
    return span <= 1 ? 0.01 : span <= 10 ? 0.05 : span <= 100 ? 0.25 : 1;
}

/** @param {number} value @param {number} [digits] */
export function number_text(value, digits = 2) {
    if (!Number.isFinite(value)) return "–";
    return String(Number(value.toFixed(digits))).replace("-", "−");
}
