// The square between four genres: a place in it as four weights, and back. x and y go from 0 (left, top) to 1.
// The corners: top left, top right, bottom left, bottom right. The strongest weight is always the
// most there is, 10: what counts is the share, and the faders are then read as the paper's scale.

const kMost = 10;

/** @param {number} value */
const within = (value) => Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0.5));

/** The shares of the corners; their sum is 1. @param {number} x @param {number} y */
export function corner_shares(x, y) {
    const [u, v] = [within(x), within(y)];
    return [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v];
}

/**
 * The weight of each corner's genre; a genre at several corners has their sum.
 * @param {number} x @param {number} y @param {string[]} corners @returns {Map<string, number>}
 */
export function pad_weights(x, y, corners) {
    /** @type {Map<string, number>} */
    const shares = new Map();
    corner_shares(x, y).forEach((share, i) => shares.set(corners[i], (shares.get(corners[i]) ?? 0) + share));
    const most = Math.max(...shares.values());
    return new Map([...shares].map(([genre, share]) => [genre, Math.round((share / most) * kMost * 100) / 100]));
}

/**
 * Where these weights lie; none where they are all zero, or where a genre is at two corners.
 * @param {number[]} weights of the corners @returns {{ x: number, y: number } | null}
 */
export function pad_place(weights) {
    const sum = weights.reduce((all, weight) => all + weight, 0);
    if (!(sum > 0)) return null;
    return { x: within((weights[1] + weights[3]) / sum), y: within((weights[2] + weights[3]) / sum) };
}
