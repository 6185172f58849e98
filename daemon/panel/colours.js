// A colour for each genre, the same wherever it is meant. The colours themselves are panel.css's
// (--genre-0 and on), one set for the light and one for the dark; after eight they come again.

export const kColours = 8;

/** @param {number} genre its place */
export const colour_name = (genre) => `--genre-${genre % kColours}`;

/** What the canvas draws with, as the style sheet has it now. @param {Element} element */
export function palette_of(element) {
    const style = getComputedStyle(element);
    /** @param {string} name */
    const colour = (name) => style.getPropertyValue(name).trim();
    return {
        genres: Array.from({ length: kColours }, (_, i) => colour(`--genre-${i}`)),
        ground: colour("--roll"),
        row: colour("--roll-row"),
        line: colour("--line"),
        text: colour("--muted"),
        note: colour("--text"),
        head: colour("--head"),
        fresh: colour("--fresh"),
    };
}
/** @typedef {ReturnType<typeof palette_of>} Palette */
