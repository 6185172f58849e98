// A few oscillators, so that a MIDI file can be heard in the page. Not the sound of the daemon.

import { beat_at, seconds_at } from "./smf.js";

const kAhead = 0.3; // seconds that are scheduled ahead
const kTurn = 100; // ms
const kMostVoices = 32;

export class TinySynth {
    /** @param {() => void} ended */
    constructor(ended) {
        this.ended = ended;
        /** @type {AudioContext | null} */
        this.audio = null;
        /** @type {import("./smf.js").Song} */
        this.song = { notes: [], tempos: [], beats: 0 };
        this.next = 0;
        this.began = 0;
        /** @type {Set<OscillatorNode>} */
        this.voices = new Set();
        /** @type {ReturnType<typeof setInterval> | undefined} */
        this.timer = undefined;
        /** @type {GainNode | null} */
        this.gain = null;
    }

    get plays() {
        return this.timer !== undefined;
    }

    /** @param {import("./smf.js").Song} song @param {number} from beats */
    play(song, from) {
        this.stop();
        this.audio ??= new AudioContext();
        void this.audio.resume();
        this.gain = this.audio.createGain();
        this.gain.gain.value = 0.22;
        this.gain.connect(this.audio.destination);
        this.song = song;
        this.began = this.audio.currentTime + 0.05 - seconds_at(song.tempos, from);
        this.next = song.notes.findIndex((note) => note.start >= from);
        if (this.next < 0) this.next = song.notes.length;
        this.timer = setInterval(() => this.turn(), kTurn);
        this.turn();
    }

    stop() {
        clearInterval(this.timer);
        this.timer = undefined;
        for (const voice of this.voices) voice.stop();
        this.voices.clear();
        this.gain?.disconnect();
    }

    /** In beats. */
    position() {
        return this.audio ? Math.max(0, beat_at(this.song.tempos, this.audio.currentTime - this.began)) : 0;
    }

    turn() {
        const { audio, song } = this;
        if (!audio) return;
        const until = audio.currentTime + kAhead;
        for (; this.next < song.notes.length; ++this.next) {
            const note = song.notes[this.next];
            const from = this.began + seconds_at(song.tempos, note.start);
            if (from > until) break;
            if (note.channel !== 9 && this.voices.size < kMostVoices)
                this.sound(note, from, this.began + seconds_at(song.tempos, note.start + note.beats));
        }
        if (this.position() > song.beats + 1) {
            this.stop();
            this.ended();
        }
    }

    /** @param {import("./smf.js").SmfNote} note @param {number} from @param {number} to seconds */
    sound(note, from, to) {
        const { audio, gain } = this;
        if (!audio || !gain) return;
        const voice = audio.createOscillator();
        const shape = audio.createGain();
        voice.type = "triangle";
        voice.frequency.value = 440 * 2 ** ((note.pitch - 69) / 12);
        const loud = (note.velocity / 127) ** 1.5;
        shape.gain.setValueAtTime(0, from);
        shape.gain.linearRampToValueAtTime(loud, from + 0.008);
        shape.gain.setTargetAtTime(loud * 0.5, from + 0.008, 0.25);
        shape.gain.setTargetAtTime(0, Math.max(to, from + 0.03), 0.04);
        voice.connect(shape).connect(gain);
        voice.onended = () => {
            this.voices.delete(voice);
            shape.disconnect();
        };
        voice.start(from);
        voice.stop(Math.max(to, from + 0.03) + 0.3);
        this.voices.add(voice);
    }
}
