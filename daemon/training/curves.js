// What the page makes of numbers. No DOM.

/** @param {number} seconds */
export function left_text(seconds) {
    if (!(seconds > 0)) return "";
    const minutes = Math.ceil(seconds / 60);
    if (minutes < 2) return `${Math.ceil(seconds)} s left`;
    return minutes < 120 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/**
 * A loss along the epochs as the path of an SVG of 100 by 100.
 * @param {(number | null)[]} losses @param {number} epochs @param {number} low @param {number} high
 */
export function path_of(losses, epochs, low, high) {
    let path = "";
    losses.forEach((loss, i) => {
        if (loss === null) return;
        const x = epochs > 1 ? (100 * i) / (epochs - 1) : 0;
        const y = 95 - (90 * (loss - low)) / (high - low || 1);
        path += `${path === "" ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`;
    });
    return path === "" || path.includes("L") ? path : path + path.replace("M", "L") + "h1";
}
