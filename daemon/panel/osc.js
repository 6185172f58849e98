// OSC 1.0 packets to bytes and back; no DOM, no sockets.
//
// A packet that breaks the rules throws OscError; what is read is bounded by the bytes that came.

/** @typedef {number | string | boolean | null | bigint | Uint8Array} OscArg */
/** @typedef {{ path: string, args: OscArg[] }} OscMessage */

export class OscError extends Error {}

const text_in = new TextDecoder("utf-8");
const text_out = new TextEncoder();
const kDeepest = 8; // bundles within bundles

class Reader {
    /** @param {Uint8Array} bytes */
    constructor(bytes) {
        this.bytes = bytes;
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.at = 0;
    }
    /** @param {number} size */
    take(size) {
        const from = this.at;
        if (size < 0 || from + size > this.bytes.length)
            throw new OscError(`the packet ends within what begins at byte ${from}`);
        this.at += size;
        return from;
    }
    text() {
        const end = this.bytes.indexOf(0, this.at);
        if (end < 0) throw new OscError(`a text without its end at byte ${this.at}`);
        const text = text_in.decode(this.bytes.subarray(this.at, end));
        this.take(Math.min(((end - this.at) | 3) + 1, this.bytes.length - this.at));
        return text;
    }
    blob() {
        const size = this.view.getInt32(this.take(4));
        const from = this.take(size);
        this.take(Math.min((4 - (size % 4)) % 4, this.bytes.length - this.at));
        return this.bytes.slice(from, from + size);
    }
}

/** @type {Record<string, (reader: Reader) => OscArg>} */
const readers = {
    i: (r) => r.view.getInt32(r.take(4)),
    f: (r) => r.view.getFloat32(r.take(4)),
    d: (r) => r.view.getFloat64(r.take(8)),
    h: (r) => r.view.getBigInt64(r.take(8)),
    t: (r) => r.view.getBigUint64(r.take(8)),
    s: (r) => r.text(),
    S: (r) => r.text(),
    c: (r) => String.fromCharCode(r.view.getInt32(r.take(4)) & 0x7f),
    r: (r) => r.view.getUint32(r.take(4)),
    m: (r) => r.view.getUint32(r.take(4)),
    b: (r) => r.blob(),
    T: () => true,
    F: () => false,
    N: () => null,
    I: () => Infinity,
};

/** @param {Reader} reader @returns {OscMessage} */
function read_message(reader) {
    const path = reader.text();
    if (!path.startsWith("/")) throw new OscError("a message whose path does not begin with /");
    if (reader.at >= reader.bytes.length) return { path, args: [] };
    const types = reader.text();
    if (!types.startsWith(",")) throw new OscError(`${path}: types that do not begin with a comma`);
    const args = [];
    for (const type of types.slice(1)) {
        if (type === "[" || type === "]") continue; // an array is taken as what is in it
        const read = readers[type];
        if (!read) throw new OscError(`${path}: an argument of unknown type '${type}'`);
        args.push(read(reader));
    }
    return { path, args };
}

/** @param {Uint8Array} bytes @param {number} depth @param {OscMessage[]} into */
function read_packet(bytes, depth, into) {
    const reader = new Reader(bytes);
    if (bytes[0] !== 0x23) {
        into.push(read_message(reader));
        return;
    }
    if (depth >= kDeepest) throw new OscError("bundles lie too deep within one another");
    if (reader.text() !== "#bundle") throw new OscError("this is neither message nor bundle");
    reader.take(8);
    while (reader.at < bytes.length) {
        const size = reader.view.getInt32(reader.take(4));
        const from = reader.take(size);
        if (size === 0) throw new OscError("an empty element in a bundle");
        read_packet(bytes.subarray(from, from + size), depth + 1, into);
    }
}

/**
 * The messages of a packet, those of bundles in their order.
 * @param {ArrayBuffer | Uint8Array} packet @returns {OscMessage[]}
 */
export function decode(packet) {
    const bytes = packet instanceof Uint8Array ? packet : new Uint8Array(packet);
    if (bytes.length === 0) throw new OscError("an empty packet");
    /** @type {OscMessage[]} */
    const messages = [];
    read_packet(bytes, 0, messages);
    return messages;
}

/** @param {string} text */
function padded(text) {
    const bytes = text_out.encode(text.replaceAll("\0", ""));
    const out = new Uint8Array((bytes.length | 3) + 1);
    out.set(bytes);
    return out;
}

/** @param {number} size @param {(view: DataView) => void} write */
function number_bytes(size, write) {
    const out = new Uint8Array(size);
    write(new DataView(out.buffer));
    return out;
}

/** @param {Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} */
function joined(parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        out.set(part, at);
        at += part.length;
    }
    return out;
}

/**
 * One message. `types` has one letter for each argument: i, f, s, T or F.
 * @param {string} path @param {string} [types] @param {OscArg[]} [args]
 */
export function encode(path, types = "", args = []) {
    if (types.length !== args.length)
        throw new OscError(`${path}: ${types.length} types for ${args.length} arguments`);
    /** @type {Uint8Array[]} */
    const parts = [padded(path), padded(`,${types}`)];
    [...types].forEach((type, i) => {
        const value = args[i];
        if (type === "i") parts.push(number_bytes(4, (v) => v.setInt32(0, Math.round(Number(value)))));
        else if (type === "f") parts.push(number_bytes(4, (v) => v.setFloat32(0, Number(value))));
        else if (type === "s") parts.push(padded(String(value)));
        else if (type !== "T" && type !== "F") throw new OscError(`${path}: cannot write type '${type}'`);
    });
    return joined(parts);
}

/** One bundle, to be done at once. @param {Uint8Array[]} packets */
export function bundle(packets) {
    /** @type {Uint8Array[]} */
    const parts = [padded("#bundle"), number_bytes(8, (v) => v.setUint32(4, 1))];
    for (const packet of packets) parts.push(number_bytes(4, (v) => v.setInt32(0, packet.length)), packet);
    return joined(parts);
}
