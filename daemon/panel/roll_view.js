// How a roll is drawn: time from left to right, pitch from below. Draws on a 2D context and knows
// nothing of where the notes come from.

/** @typedef {import("./roll_notes.js").RollNotes} RollNotes */
/** @typedef {import("./colours.js").Palette} Palette */
/**
 * from, to: beats at the left and right edge; head: the play head; low, high: pitches; shares: of each genre.
 * @typedef {{ from: number, to: number, head: number, low: number, high: number, shares: number[],
 *   bars: { at: number, number: number | null }[], still: boolean }} RollFrame
 */

const kNames = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
const kBlack = new Set([1, 3, 6, 8, 10]);
const kFlash = 700; // ms that a changed ghost glows

/** @param {number} pitch */
export const pitch_name = (pitch) => `${kNames[((pitch % 12) + 12) % 12]}${Math.floor(pitch / 12) - 1}`;

/**
 * @param {CanvasRenderingContext2D} ctx @param {number} width @param {number} height in CSS pixels
 * @param {RollNotes} notes @param {RollFrame} frame @param {Palette} palette @param {number} now ms
 */
export function draw_roll(ctx, width, height, notes, frame, palette, now) {
    const beat = width / (frame.to - frame.from);
    const row = height / (frame.high - frame.low + 1);
    /** @param {number} at */
    const x_of = (at) => (at - frame.from) * beat;
    /** @param {number} pitch */
    const y_of = (pitch) => (frame.high - pitch) * row;

    ctx.globalAlpha = 1;
    ctx.fillStyle = palette.ground;
    ctx.fillRect(0, 0, width, height);
    ctx.fillStyle = palette.row;
    for (let pitch = Math.floor(frame.low); pitch <= frame.high + 1; ++pitch)
        if (kBlack.has(((pitch % 12) + 12) % 12)) ctx.fillRect(0, y_of(pitch), width, row);

    ctx.font = `600 ${Math.max(11, Math.min(20, Math.round(height / 26)))}px system-ui, sans-serif`;
    ctx.textBaseline = "top";
    for (const bar of frame.bars) {
        const x = Math.round(x_of(bar.at));
        if (x < -40 || x > width) continue;
        ctx.fillStyle = palette.line;
        ctx.fillRect(x, 0, 1, height);
        if (bar.number === null) continue;
        ctx.fillStyle = palette.text;
        ctx.fillText(String(bar.number), x + 4, 4);
    }
    ctx.fillStyle = palette.text;
    ctx.textBaseline = "middle";
    for (let pitch = Math.ceil(frame.low / 12) * 12; pitch <= frame.high; pitch += 12)
        ctx.fillText(pitch_name(pitch), 4, y_of(pitch) + row / 2);

    /** @param {import("./roll_notes.js").Note} note @param {number} thick of a row */
    const box = (note, thick) => {
        const h = Math.max(3, Math.min(row * thick, 18));
        const x = x_of(note.start);
        ctx.beginPath();
        ctx.roundRect(x, y_of(note.pitch) + (row - h) / 2, Math.max(3, note.beats * beat - 1.5), h, Math.min(4, h / 2));
    };
    /** @param {import("./roll_notes.js").Note} note */
    const is_seen = (note) => note.start < frame.to && note.start + note.beats > frame.from;

    // What each genre would have played: behind, as strong as its share.
    for (const proposal of notes.proposals) {
        if (!is_seen(proposal)) continue;
        const share = frame.shares[proposal.genre] ?? 0;
        ctx.globalAlpha = 0.22 + 0.6 * Math.sqrt(share);
        ctx.fillStyle = palette.genres[proposal.genre % palette.genres.length];
        box(proposal, 0.62);
        ctx.fill();
    }
    notes.ahead.forEach((steps, genre) => {
        ctx.globalAlpha = 0.12 + 0.4 * Math.sqrt(frame.shares[genre] ?? 0);
        ctx.fillStyle = palette.genres[genre % palette.genres.length];
        for (const step of steps ?? []) {
            if (!is_seen(step) || step.start < frame.head) continue;
            box(step, 0.5);
            ctx.fill();
        }
    });
    // The band: behind the line; drums along the lower edge.
    ctx.fillStyle = palette.text;
    for (const note of notes.band) {
        if (!is_seen(note)) continue;
        ctx.globalAlpha = 0.16 + 0.3 * (note.velocity / 127);
        box(note, 0.7);
        ctx.fill();
    }
    for (const note of notes.drums) {
        if (!is_seen(note)) continue;
        const reach = (note.velocity / 127) * Math.min(22, height / 12);
        ctx.globalAlpha = 0.55;
        ctx.fillRect(x_of(note.start), height - reach, 2, reach);
    }
    ctx.lineWidth = 3;
    // What was played: bright at the head, a little darker behind it.
    for (const note of notes.played) {
        if (!is_seen(note)) continue;
        const sounds = note.start <= frame.head && note.start + note.beats > frame.head;
        box(note, 0.85);
        ctx.globalAlpha = 1;
        ctx.strokeStyle = palette.ground;
        ctx.stroke();
        ctx.globalAlpha = sounds ? 1 : 0.6 + 0.4 * (note.velocity / 127);
        ctx.fillStyle = sounds && !frame.still ? palette.head : palette.note;
        ctx.fill();
    }
    // What may still change: outlined; what has just changed glows, what it was before fades.
    ctx.lineWidth = 1.5;
    for (const ghost of notes.ghosts) {
        if (!is_seen(ghost) || ghost.start + ghost.beats <= frame.head) continue;
        const glow = Math.max(0, 1 - (now - ghost.born) / kFlash);
        box(ghost, 0.85);
        ctx.globalAlpha = 0.14 + 0.6 * glow;
        ctx.fillStyle = glow > 0 ? palette.fresh : palette.note;
        ctx.fill();
        ctx.globalAlpha = 0.85;
        ctx.strokeStyle = glow > 0 ? palette.fresh : palette.note;
        ctx.stroke();
    }
    ctx.setLineDash([3, 3]);
    for (const ghost of notes.gone) {
        if (!is_seen(ghost)) continue;
        ctx.globalAlpha = Math.max(0, 0.7 * (1 - (now - ghost.died) / 600));
        ctx.strokeStyle = palette.fresh;
        box(ghost, 0.85);
        ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    if (frame.head < frame.from || frame.head > frame.to) return;
    ctx.fillStyle = palette.head;
    ctx.fillRect(Math.round(x_of(frame.head)) - 1, 0, 2, height);
}
