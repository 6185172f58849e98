// The live piano roll: the line, behind it what each genre proposed, ahead of the play head the steps
// that may still change.

import { palette_of } from "./colours.js";
import { make } from "./elements.js";
import { heard } from "./heard.js";
import { at, panel } from "./panel.js";
import { draw_roll, pitch_name } from "./roll_view.js";

const kLeastSpan = 18; // semitones that are seen at least
const kBeatWidth = 56; // CSS pixels of a beat, about
const kSettles = 2000; // ms
const kMostDots = 2; // device pixels per CSS pixel: more is not seen in motion

class FusionRoll extends HTMLElement {
    low = 55;
    high = 79;
    frames = 0;
    size = { width: 0, height: 0 };
    /** @type {number[]} */
    shares = [];

    connectedCallback() {
        this.canvas = make("canvas", { className: "roll-canvas", role: "img", "aria-label": "Piano roll: no note yet" });
        this.context = this.canvas.getContext("2d", { alpha: false });
        this.replaceChildren(this.canvas);
        this.palette = palette_of(this);
        const repaint = () => {
            this.palette = palette_of(this);
            heard.changed_at = performance.now();
        };
        matchMedia("(prefers-color-scheme: light)").addEventListener("change", repaint);
        document.addEventListener("panel-theme", repaint);
        panel.watch(at("weights"), (args) => {
            const weights = args.map(Number);
            const sum = weights.reduce((all, weight) => all + weight, 0);
            this.shares = weights.map((weight) => (sum > 0 ? weight / sum : 0));
        });
        new ResizeObserver(([entry]) => {
            const dots = Math.min(kMostDots, devicePixelRatio || 1);
            const { width, height } = entry.contentRect;
            this.size = { width, height };
            if (!this.canvas || width < 1) return;
            this.canvas.width = Math.round(width * dots);
            this.canvas.height = Math.round(height * dots);
            this.context?.setTransform(dots, 0, 0, dots, 0, 0);
            this.draw(performance.now());
        }).observe(this);
        setInterval(() => this.describe(), 3000);
        const turn = (/** @type {number} */ now) => {
            // A song that stands still is drawn no more after what has just changed.
            if (this.size.width > 0 && (heard.clock.running || now - heard.changed_at < kSettles)) this.draw(now);
            requestAnimationFrame(turn);
        };
        requestAnimationFrame(turn);
    }

    /** For who cannot see it. */
    describe() {
        const { roll, last_pitch } = heard;
        if (last_pitch < 0) return;
        this.canvas?.setAttribute("aria-label",
            `Piano roll: the last note was ${pitch_name(last_pitch)}, ${roll.ghosts.length} notes are ahead`);
    }

    /** @param {number} now */
    draw(now) {
        const { clock, roll } = heard;
        const head = clock.at(now);
        const beats = Math.max(8, Math.min(48, this.size.width / kBeatWidth));
        const ahead = panel.tree?.entries.has(at("planned")) ? 0.4 : 0.06;
        const from = head - beats * (1 - ahead);
        const to = from + beats;
        roll.forget(from - 1, now);
        this.fit();
        this.frames += 1;
        if (!this.context) return;
        draw_roll(this.context, this.size.width, this.size.height, roll,
            { from, to, head, low: this.low, high: this.high, shares: this.shares, bars: this.bars(to), still: !clock.running },
            this.palette ?? palette_of(this), now);
    }

    /** Those that were heard, and from the last one on those to come. @param {number} to */
    bars(to) {
        const { clock, roll } = heard;
        const length = (panel.number(at("meter_numerator")) * 4) / panel.number(at("meter_denominator"));
        /** @param {number} bar */
        const number_of = (bar) => (length > 0 ? Math.round((bar - clock.offset) / length) : null);
        const all = roll.bars.map((bar) => ({ at: bar, number: number_of(bar) })).filter(({ number }) => number === null || number >= 0);
        const last = roll.bars[roll.bars.length - 1];
        if (last !== undefined && length > 0)
            for (let bar = last + length; bar < to; bar += length) all.push({ at: bar, number: number_of(bar) });
        return all;
    }

    /** Moves slowly to where the notes are. */
    fit() {
        const range = heard.roll.range();
        if (!range) return;
        const middle = (range.low + range.high) / 2;
        const half = Math.max(kLeastSpan, range.high - range.low + 4) / 2;
        this.low += (middle - half - this.low) * 0.08;
        this.high += (middle + half - this.high) * 0.08;
    }
}
customElements.define("fusion-roll", FusionRoll);
