// A picture in 256 colours as PNG: a screenshot with gradients is three times as large in all of them.
import { deflateSync } from "node:zlib";

const kColours = 256;

/** Median cut over colours of 6 bits a channel: each picture colour to the mean of its box.
 * @param {Uint8Array} rgba @returns {{ palette: number[][], indices: Uint8Array }} */
function quantise(rgba) {
    const key = (at) => ((rgba[at] >> 2) << 12) | ((rgba[at + 1] >> 2) << 6) | (rgba[at + 2] >> 2);
    /** @type {Map<number, { count: number, sum: number[] }>} */
    const bins = new Map();
    for (let at = 0; at < rgba.length; at += 4) {
        const bin = bins.get(key(at)) ?? { count: 0, sum: [0, 0, 0] };
        bin.count += 1;
        for (let c = 0; c < 3; ++c) bin.sum[c] += rgba[at + c];
        bins.set(key(at), bin);
    }
    const colours = [...bins].map(([bin, { count, sum }]) => ({ bin, count, mean: sum.map((one) => one / count) }));
    const spread = (box) => [0, 1, 2].map((c) => {
        const all = box.map(({ mean }) => mean[c]);
        return Math.max(...all) - Math.min(...all);
    });
    const worth = (box) => Math.max(...spread(box)) * box.reduce((sum, { count }) => sum + count, 0) ** 0.33;
    const boxes = [{ box: colours, worth: worth(colours) }];
    while (boxes.length < kColours) {
        boxes.sort((a, b) => a.worth - b.worth);
        const { box } = boxes.pop();
        if (box.length < 2) break;
        const widths = spread(box);
        const channel = widths.indexOf(Math.max(...widths));
        box.sort((a, b) => a.mean[channel] - b.mean[channel]);
        const half = box.reduce((sum, { count }) => sum + count, 0) / 2;
        let cut = 0;
        for (let seen = 0; cut < box.length - 1 && seen + box[cut].count <= half; ++cut) seen += box[cut].count;
        cut = Math.max(1, cut);
        for (const part of [box.slice(0, cut), box.slice(cut)]) boxes.push({ box: part, worth: part.length > 1 ? worth(part) : 0 });
    }
    const place = new Map(boxes.flatMap(({ box }, i) => box.map(({ bin }) => [bin, i])));
    const palette = boxes.map(({ box }) => {
        const all = box.reduce((sum, { count }) => sum + count, 0);
        return [0, 1, 2].map((c) => Math.round(box.reduce((sum, { count, mean }) => sum + count * mean[c], 0) / all));
    });
    return { palette, indices: Uint8Array.from({ length: rgba.length / 4 }, (_, i) => place.get(key(i * 4))) };
}

const kTable = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let bit = 0; bit < 8; ++bit) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
});

/** @param {string} name @param {Buffer} body */
function chunk(name, body) {
    const named = Buffer.concat([Buffer.from(name), body]);
    let crc = 0xffffffff;
    for (const byte of named) crc = kTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    const length = Buffer.alloc(4), check = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    check.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
    return Buffer.concat([length, named, check]);
}

/** @param {Uint8Array} rgba @param {number} width */
export function small_png(rgba, width) {
    const { palette, indices } = quantise(rgba);
    const height = indices.length / width;
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 3, 0, 0, 0], 8); // 8 bits, a palette
    const rows = Buffer.alloc((width + 1) * height);
    for (let y = 0; y < height; ++y) rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
    return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("PLTE", Buffer.from(palette.flat())),
        chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
