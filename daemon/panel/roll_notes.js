// What the roll shows: what was played, what each genre proposed there, and the steps ahead that may
// still change. Positions in beats on the song clock's line; no DOM.

/** @typedef {{ start: number, beats: number, pitch: number, velocity: number }} Note */
/** @typedef {Note & { genre: number }} Proposal */
/** @typedef {Note & { born: number }} Ghost */
/** @typedef {Note & { died: number }} GoneGhost */

const kMostNotes = 4000;
const kFades = 600; // ms that a ghost which is no more is still seen

/** @param {Note} note */
const key_of = (note) => `${Math.round(note.start * 48)}|${note.pitch}|${Math.round(note.beats * 48)}`;

export class RollNotes {
    constructor() {
        /** @type {Note[]} */
        this.played = [];
        /** Bass and chords. @type {Note[]} */
        this.band = [];
        /** @type {Note[]} */
        this.drums = [];
        /** @type {Proposal[]} */
        this.proposals = [];
        /** @type {Ghost[]} */
        this.ghosts = [];
        /** What each genre would have there. @type {Note[][]} */
        this.ahead = [];
        /** @type {GoneGhost[]} */
        this.gone = [];
        /** @type {number[]} */
        this.bars = [];
        this.revision = -1;
    }

    /** @param {Note} note */
    play(note) {
        this.played.push(note);
    }

    /** @param {Note} note @param {boolean} is_drum */
    accompany(note, is_drum) {
        (is_drum ? this.drums : this.band).push(note);
    }

    /** @param {Proposal} proposal */
    propose(proposal) {
        if (proposal.pitch >= 0) this.proposals.push(proposal);
    }

    /** @param {number} at */
    bar(at) {
        if (this.bars.length === 0 || at > this.bars[this.bars.length - 1] + 0.25) this.bars.push(at);
    }

    /**
     * The uncommitted steps as they are now, in place of those before.
     * @param {Note[]} steps @param {number} now ms @param {number} head where the song is
     */
    plan(steps, now, head) {
        const before = new Map(this.ghosts.map((ghost) => [key_of(ghost), ghost]));
        const was_empty = this.ghosts.length === 0;
        const last = this.ghosts.length ? Math.max(...this.ghosts.map((ghost) => ghost.start)) : -Infinity;
        this.ghosts = steps.filter((step) => step.pitch >= 0).map((step) => {
            const known = before.get(key_of(step));
            before.delete(key_of(step));
            // What is merely further ahead than any before did not change.
            const is_change = !known && !was_empty && step.start <= last;
            return { ...step, born: known ? known.born : is_change ? now : -Infinity };
        });
        for (const ghost of before.values()) if (ghost.start > head + 0.02) this.gone.push({ ...ghost, died: now });
    }

    /** @param {number} before on the line @param {number} now ms */
    forget(before, now) {
        /** @template {Note} N @param {N[]} notes */
        const recent = (notes) =>
            notes.length > kMostNotes || (notes.length > 0 && notes[0].start + notes[0].beats < before)
                ? notes.filter((note) => note.start + note.beats >= before).slice(-kMostNotes) : notes;
        this.played = recent(this.played);
        this.band = recent(this.band);
        this.drums = recent(this.drums);
        this.proposals = recent(this.proposals);
        if (this.gone.length) this.gone = this.gone.filter((ghost) => now - ghost.died < kFades);
        this.ghosts = this.ghosts.filter((ghost) => ghost.start + ghost.beats >= before);
        this.ahead = this.ahead.map((steps) => (steps?.[0]?.start < before ? steps.filter((step) => step.start >= before) : steps));
        if (this.bars.length && this.bars[0] < before - 8) this.bars = this.bars.filter((bar) => bar >= before - 8);
    }

    /** The lowest and highest pitch of what there is, none where there is nothing. */
    range() {
        let low = Infinity, high = -Infinity;
        for (const notes of [this.played, this.band, this.proposals, this.ghosts])
            for (const { pitch } of notes) {
                if (pitch < low) low = pitch;
                if (pitch > high) high = pitch;
            }
        return low > high ? null : { low, high };
    }
}

/**
 * /fusiond/planned: a revision, then position, beats, pitch and velocity of each step. None where it is malformed.
 * @param {unknown[]} args @returns {{ revision: number, steps: Note[] } | null}
 */
export function planned_steps(args) {
    if (args.length % 4 !== 1 || args.some((arg) => typeof arg !== "number" || !Number.isFinite(arg))) return null;
    const numbers = /** @type {number[]} */ (args);
    const steps = [];
    for (let i = 1; i < numbers.length; i += 4)
        steps.push({ start: numbers[i], beats: numbers[i + 1], pitch: numbers[i + 2], velocity: numbers[i + 3] });
    return { revision: numbers[0], steps };
}
