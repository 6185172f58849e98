// What was heard since the page was opened, for the roll and to be kept as a MIDI file. The one
// place that knows how the song's time is told.

import { at, panel } from "./panel.js";
import { RollNotes, planned_steps } from "./roll_notes.js";
import { SongClock } from "./song_clock.js";

const kMostKept = 50000; // notes: a long night
const kSame = 40; // ms within which a note and the proposals of its step come

class Heard extends EventTarget {
    constructor() {
        super();
        this.clock = new SongClock();
        this.roll = new RollNotes();
        /** @type {import("./smf.js").SmfNote[]} */
        this.notes = [];
        /** @type {import("./smf.js").SmfTempo[]} */
        this.tempos = [];
        this.step = { start: 0, at: -Infinity };
        this.last_pitch = -1;
        this.changed_at = 0; // ms
    }

    listen() {
        panel.addEventListener("tree", () => {
            this.roll.ghosts = [];
            this.roll.ahead = [];
            panel.tree?.genres.forEach((genre, g) => {
                panel.follow(at(`proposal/${genre}`), (args) => this.propose(g, args));
                panel.follow(at(`planned/${genre}`), (args) => {
                    const planned = planned_steps(args);
                    if (planned) this.roll.ahead[g] = this.on_line(planned.steps).filter(({ pitch }) => pitch >= 0);
                });
            });
        });
        for (const part of ["bass", "chords", "drums"])
            panel.watch(at(`${part}/note`), (args) => this.band(part === "drums", args));
        panel.watch(at("note"), (args) => this.note(args));
        panel.watch(at("beat"), (args) => this.beat(args));
        panel.watch(at("planned"), (args) => this.plan(args));
        panel.watch(at("playing"), ([playing]) => this.clock.run(Number(playing) === 1, performance.now()));
        panel.watch("/status.reply", (args) => {
            this.tempo(Number(args[1]));
            this.clock.run(Number(args[0]) === 1, performance.now());
            // Without beats, or before the first one.
            if (this.clock.anchor === null && typeof args[12] === "number")
                this.clock.hear(args[12] + Number(args[13] ?? 0), performance.now());
        });
        panel.addEventListener("connection", () => {
            if (!panel.is_connected) this.clock.run(false, performance.now());
        });
    }

    /** @param {number} bpm */
    tempo(bpm) {
        const now = performance.now();
        if (bpm !== this.clock.bpm) this.changed_at = now;
        this.clock.tempo(bpm, now);
        const last = this.tempos[this.tempos.length - 1];
        if (bpm > 0 && (!last || Math.abs(last.bpm - bpm) > 0.01)) this.tempos.push({ at: this.clock.at(now), bpm });
    }

    /** Pitch, velocity, channel, beats, rung, and where it begins in the song, if that is told.
     * @param {import("./osc.js").OscArg[]} args */
    note(args) {
        const [pitch, velocity, channel, beats] = args.map(Number);
        if (!(pitch >= 0 && pitch <= 127) || !(beats > 0)) return;
        const now = performance.now();
        this.changed_at = now;
        const start = this.begins(args[5], now);
        this.step = { start, at: now };
        this.last_pitch = pitch;
        const gate = panel.number(at("gate"));
        this.roll.play({ start, beats, pitch, velocity });
        this.keep({ start, beats: beats * (gate > 0 ? gate : 1), pitch, velocity, channel: Math.max(0, channel - 1) & 15 });
        this.dispatchEvent(new Event("note"));
    }

    /** @param {boolean} is_drum @param {import("./osc.js").OscArg[]} args */
    band(is_drum, args) {
        const [pitch, velocity, channel, beats, position] = args.map(Number);
        if (!(pitch >= 0 && pitch <= 127) || !(beats > 0) || !Number.isFinite(position)) return;
        const note = { start: this.clock.on_line(position), beats, pitch, velocity };
        this.roll.accompany(note, is_drum);
        this.keep({ ...note, channel: Math.max(0, channel - 1) & 15 });
    }

    /** @param {import("./smf.js").SmfNote} note */
    keep(note) {
        this.notes.push(note);
        if (this.notes.length > kMostKept) this.notes.splice(0, kMostKept / 10);
    }

    /** @param {unknown} position @param {number} now */
    begins(position, now) {
        if (typeof position !== "number" || !Number.isFinite(position)) return this.clock.at(now);
        // The beats move the clock: a note may be swung. But who went back to bar one begins with a note.
        const is_far = Math.abs(this.clock.on_line(position) - this.clock.at(now)) > 1.5;
        if (this.clock.anchor === null || is_far) this.clock.hear(position, now);
        return this.clock.on_line(position);
    }

    /** @param {import("./roll_notes.js").Note[]} steps */
    on_line(steps) {
        return steps.map((step) => ({ ...step, start: this.clock.on_line(step.start) }));
    }

    /** @param {number} genre @param {import("./osc.js").OscArg[]} args */
    propose(genre, args) {
        const [pitch, velocity, beats] = args.map(Number);
        const now = performance.now();
        const start = now - this.step.at < kSame ? this.step.start : this.clock.at(now);
        if (beats > 0) this.roll.propose({ start, beats, pitch, velocity, genre });
    }

    /** @param {import("./osc.js").OscArg[]} args */
    beat(args) {
        const [number, in_bar] = args.map(Number);
        const now = performance.now();
        this.clock.hear(number, now);
        if (in_bar === 0) this.roll.bar(this.clock.on_line(number));
        this.dispatchEvent(new CustomEvent("beat", { detail: in_bar }));
    }

    /** @param {import("./osc.js").OscArg[]} args */
    plan(args) {
        const planned = planned_steps(args);
        if (!planned) return;
        const now = performance.now();
        this.changed_at = now;
        this.roll.plan(this.on_line(planned.steps), now, this.clock.at(now));
        this.dispatchEvent(new CustomEvent("plan", { detail: planned }));
    }

    /** What was heard, from its first note on. @returns {import("./smf.js").Song} */
    song() {
        const from = this.notes.length ? Math.floor(Math.min(this.notes[0].start, this.notes[this.notes.length - 1].start)) : 0;
        const notes = this.notes.map((note) => ({ ...note, start: Math.max(0, note.start - from) }));
        const tempos = this.tempos.map((tempo) => ({ ...tempo, at: Math.max(0, tempo.at - from) }));
        return { notes, tempos, beats: notes.reduce((end, note) => Math.max(end, note.start + note.beats), 0) };
    }
}

export const heard = new Heard();
