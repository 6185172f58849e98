// Where the song is now, between what the daemon says: beats on a line that only ever goes on, so
// that the roll scrolls on when the song goes back to bar one. Times in ms, as performance.now() has
// them; positions in beats.

const kJump = 1.5; // beats: more is no jitter of the network but another place in the song
const kTrust = 0.2; // of what is heard over what was expected

export class SongClock {
    constructor() {
        this.bpm = 120;
        this.running = false;
        /** What is added to a position in the song to get one on the line. */
        this.offset = 0;
        /** @type {number | null} */
        this.anchor = null;
        this.anchored_at = 0;
    }

    /** On the line. @param {number} now */
    at(now) {
        const gone = this.running ? Math.max(0, now - this.anchored_at) / 60000 : 0;
        return (this.anchor ?? 0) + gone * this.bpm;
    }

    /** @param {number} now */
    settle(now) {
        this.anchor = this.anchor === null ? null : this.at(now);
        this.anchored_at = now;
    }

    /** @param {number} bpm @param {number} now */
    tempo(bpm, now) {
        if (!(bpm > 0) || bpm === this.bpm) return;
        this.settle(now);
        this.bpm = bpm;
    }

    /** @param {boolean} running @param {number} now */
    run(running, now) {
        if (running === this.running) return;
        this.settle(now);
        this.running = running;
    }

    /** This place in the song is played now. @param {number} position @param {number} now */
    hear(position, now) {
        if (!Number.isFinite(position)) return;
        if (this.anchor === null) {
            this.anchor = position + this.offset;
            this.anchored_at = now;
            return;
        }
        const expected = this.at(now);
        const error = position + this.offset - expected;
        if (Math.abs(error) > kJump) this.offset = expected - position;
        this.anchor = Math.abs(error) > kJump ? expected : expected + error * kTrust;
        this.anchored_at = now;
    }

    /** A position in the song, on the line. @param {number} position */
    on_line(position) {
        return position + this.offset;
    }
}
