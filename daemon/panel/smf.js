// Standard MIDI Files, format 0 or 1, as notes and tempos in beats; and such notes as a file. No DOM.
// Errors: SmfError says what is wrong with the file.

/** @typedef {{ start: number, beats: number, pitch: number, velocity: number, channel: number }} SmfNote */
/** @typedef {{ at: number, bpm: number }} SmfTempo */
/** @typedef {{ notes: SmfNote[], tempos: SmfTempo[], beats: number }} Song */

export class SmfError extends Error {}

const kTicks = 480; // per beat, of what is written
const kMostNotes = 200000;

class Reader {
    /** @param {Uint8Array} bytes @param {number} from @param {number} to */
    constructor(bytes, from, to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }
    byte() {
        if (this.at >= this.end) throw new SmfError("the file ends within a track");
        return this.bytes[this.at++];
    }
    /** @param {number} count */
    number(count) {
        let value = 0;
        for (let i = 0; i < count; ++i) value = value * 256 + this.byte();
        return value;
    }
    variable() {
        let value = 0;
        for (let i = 0; i < 4; ++i) {
            const byte = this.byte();
            value = value * 128 + (byte & 0x7f);
            if (byte < 0x80) return value;
        }
        throw new SmfError("a number of more than four bytes");
    }
    /** @param {number} size */
    skip(size) {
        if (this.at + size > this.end) throw new SmfError("the file ends within a track");
        this.at += size;
    }
}

/** @param {Reader} reader @param {number} division @param {Song} song */
function read_track(reader, division, song) {
    let tick = 0, status = 0;
    /** @type {Map<number, SmfNote[]>} */
    const sounding = new Map();
    /** @param {number} key */
    const end_note = (key) => {
        const note = sounding.get(key)?.shift();
        if (note) note.beats = Math.max(tick / division - note.start, 1 / 64);
    };
    while (reader.at < reader.end) {
        tick += reader.variable();
        let byte = reader.byte();
        if (byte >= 0x80) status = byte;
        else if (status >= 0x80 && status < 0xf0) reader.at -= 1;
        else throw new SmfError("a track begins with a value where a message is due");
        if (status === 0xff) {
            const type = reader.byte();
            const size = reader.variable();
            const from = reader.at;
            if (type === 0x51 && size === 3) song.tempos.push({ at: tick / division, bpm: 60e6 / Math.max(1, reader.number(3)) });
            reader.at = from;
            reader.skip(size);
            if (type === 0x2f) break;
            status = 0;
            continue;
        }
        if (status === 0xf0 || status === 0xf7) {
            reader.skip(reader.variable());
            status = 0;
            continue;
        }
        const [kind, channel] = [status & 0xf0, status & 0x0f];
        byte = reader.byte();
        const second = kind === 0xc0 || kind === 0xd0 ? 0 : reader.byte();
        const key = channel * 128 + (byte & 0x7f);
        if (kind === 0x90 && second > 0) {
            if (song.notes.length >= kMostNotes) throw new SmfError(`more than ${kMostNotes} notes`);
            const note = { start: tick / division, beats: 1 / 64, pitch: byte & 0x7f, velocity: second & 0x7f, channel };
            song.notes.push(note);
            sounding.set(key, [...(sounding.get(key) ?? []), note]);
        } else if (kind === 0x80 || kind === 0x90) {
            end_note(key);
        }
    }
    for (const key of sounding.keys()) while (sounding.get(key)?.length) end_note(key);
    song.beats = Math.max(song.beats, tick / division);
}

/** @param {ArrayBuffer | Uint8Array} file @returns {Song} */
export function read_smf(file) {
    const bytes = file instanceof Uint8Array ? file : new Uint8Array(file);
    const head = new Reader(bytes, 0, bytes.length);
    if (bytes.length < 14 || head.number(4) !== 0x4d546864) throw new SmfError("this is no MIDI file: it does not begin with MThd");
    const size = head.number(4);
    const format = head.number(2);
    const tracks = head.number(2);
    const division = head.number(2);
    if (size < 6 || format > 1) throw new SmfError(`format ${format} is not read; 0 and 1 are`);
    if (division === 0 || division >= 0x8000) throw new SmfError("times in seconds (SMPTE) are not read; those in beats are");
    head.at = 8;
    head.skip(size);
    /** @type {Song} */
    const song = { notes: [], tempos: [], beats: 0 };
    for (let track = 0; track < tracks && head.at + 8 <= bytes.length;) {
        const tag = head.number(4);
        const length = head.number(4);
        const from = head.at;
        head.skip(length);
        if (tag !== 0x4d54726b) continue;
        read_track(new Reader(bytes, from, from + length), division, song);
        track += 1;
    }
    song.notes.sort((a, b) => a.start - b.start);
    song.tempos.sort((a, b) => a.at - b.at);
    return song;
}

/** @param {number} value */
function variable_bytes(value) {
    const bytes = [value & 0x7f];
    for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
    return bytes;
}

/** @param {number} value @param {number} count */
const big_endian = (value, count) => Array.from({ length: count }, (_, i) => (value >>> (8 * (count - 1 - i))) & 0xff);

/**
 * One track: tempos and notes, a note-off before a note-on of the same tick.
 * @param {Pick<Song, "notes" | "tempos">} song @param {string} name
 */
export function write_smf(song, name) {
    /** @type {{ tick: number, rank: number, bytes: number[] }[]} */
    const events = [];
    /** @param {number} beats */
    const tick_of = (beats) => Math.max(0, Math.round(beats * kTicks));
    for (const { at, bpm } of song.tempos)
        events.push({ tick: tick_of(at), rank: 0, bytes: [0xff, 0x51, 3, ...big_endian(Math.min(0xffffff, Math.round(60e6 / bpm)), 3)] });
    for (const { start, beats, pitch, velocity, channel } of song.notes) {
        const from = tick_of(start);
        events.push({ tick: from, rank: 2, bytes: [0x90 | channel, pitch, Math.max(1, velocity)] });
        events.push({ tick: Math.max(from + 1, tick_of(start + beats)), rank: 1, bytes: [0x80 | channel, pitch, 64] });
    }
    events.sort((a, b) => a.tick - b.tick || a.rank - b.rank);
    const title = [...new TextEncoder().encode(name)];
    const track = [0, 0xff, 0x03, ...variable_bytes(title.length), ...title];
    let last = 0;
    for (const { tick, bytes } of events) {
        track.push(...variable_bytes(tick - last), ...bytes);
        last = tick;
    }
    track.push(0, 0xff, 0x2f, 0);
    return new Uint8Array([
        0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, ...big_endian(kTicks, 2),
        0x4d, 0x54, 0x72, 0x6b, ...big_endian(track.length, 4), ...track,
    ]);
}

/** Seconds from the beginning to a beat. @param {SmfTempo[]} tempos sorted @param {number} beat */
export function seconds_at(tempos, beat) {
    let seconds = 0, at = 0, bpm = 120;
    for (const tempo of tempos) {
        if (tempo.at >= beat) break;
        seconds += ((tempo.at - at) * 60) / bpm;
        at = tempo.at;
        bpm = tempo.bpm;
    }
    return seconds + ((beat - at) * 60) / bpm;
}

/** The other way round. @param {SmfTempo[]} tempos sorted @param {number} seconds */
export function beat_at(tempos, seconds) {
    let left = seconds, at = 0, bpm = 120;
    for (const tempo of tempos) {
        const span = ((tempo.at - at) * 60) / bpm;
        if (span >= left) break;
        left -= span;
        at = tempo.at;
        bpm = tempo.bpm;
    }
    return at + (left * bpm) / 60;
}
