// A training as it goes on: asked for each second, drawn anew where it has changed. The losses as
// curves, the last line as a roll, and heard by a few oscillators.

import { colour_name, palette_of } from "/panel/colours.js";
import { RollNotes } from "/panel/roll_notes.js";
import { draw_roll } from "/panel/roll_view.js";
import { TinySynth } from "/panel/tiny_synth.js";
import { left_text, path_of } from "./curves.js";

/** @typedef {{ epoch: number, training: number | null, validation: number | null }} Point */
/** @typedef {{ name: string, epochs: number, best: number | null, points: Point[] }} Curve */
/** @typedef {{ number: number, genres: string[], notes: [number, number, number, number][] }} Line */
/** @typedef {{ state: string, work: string, share: number, left_s: number, note: string, curves: Curve[], said: string[], line: Line }} Account */

const kAskEach = 1000; // ms
const kBpm = 120; // of what is heard here

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Curve} curve @param {number} place */
function draw_curve(curve, place) {
    const losses = curve.points.flatMap(({ training, validation }) => [training, validation]).filter((loss) => loss !== null);
    const [low, high] = [Math.min(...losses), Math.max(...losses)];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const best = curve.best === null ? "no loss" : curve.best.toFixed(3);
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${curve.name}: best ${best} after ${curve.points.length} of ${curve.epochs} epochs`);
    for (const [of, dash] of /** @type {[keyof Point, string][]} */ ([["training", "4 3"], ["validation", ""]])) {
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        path.setAttribute("d", path_of(curve.points.map((point) => point[of]), curve.epochs, low, high));
        path.setAttribute("stroke", `var(${colour_name(place)})`);
        if (dash) path.setAttribute("stroke-dasharray", dash);
        svg.append(path);
    }
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    figure.className = "curve";
    for (const text of [curve.name, `${best}, epoch ${curve.points.length} of ${curve.epochs}`]) {
        const span = document.createElement("span");
        span.textContent = text;
        caption.append(span);
    }
    figure.append(caption, svg);
    return figure;
}

class TrainingPage {
    shown = "";
    curves = "";
    line = 0;
    notes = new RollNotes();
    head = 0;
    /** @type {import("/panel/smf.js").Song} */
    song = { notes: [], tempos: [{ at: 0, bpm: kBpm }], beats: 0 };
    synth = new TinySynth(() => this.show_playing());

    begin() {
        element("play").addEventListener("click", () => {
            if (this.synth.plays) this.synth.stop();
            else this.synth.play(this.song, 0);
            this.show_playing();
        });
        new ResizeObserver(() => this.draw()).observe(element("roll"));
        matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.draw());
        const turn = async () => {
            await this.ask();
            setTimeout(turn, kAskEach);
        };
        void turn();
    }

    async ask() {
        try {
            const text = await (await fetch("/training.json", { cache: "no-store" })).text();
            if (text !== this.shown) this.show(JSON.parse(text));
            this.shown = text;
        } catch {
            if (!this.shown.startsWith("gone")) element("left").textContent = "fusion-train is gone; what it showed last stands here.";
            this.shown = `gone`;
        }
    }

    /** @param {Account} account */
    show(account) {
        const trains = account.state === "trains";
        element("work").textContent = trains ? account.work || "Reading the corpus…" : `The training: ${account.state}`;
        const share = /** @type {HTMLProgressElement} */ (element("share"));
        share.value = account.share;
        share.hidden = !trains;
        element("left").textContent = trains ? [left_text(account.left_s), account.note].filter(Boolean).join(" · ") : "";
        document.title = trains && account.work ? `${Math.round(100 * account.share)} % ${account.work} - fusiond` : "A training - fusiond";
        const curves = JSON.stringify(account.curves);
        if (curves !== this.curves) element("curves").replaceChildren(...account.curves.map(draw_curve));
        this.curves = curves;
        element("said").replaceChildren(...account.said.map((text) => {
            const item = document.createElement("li");
            item.textContent = text;
            return item;
        }));
        if (account.line.number !== this.line) this.take(account.line);
    }

    /** @param {Line} line */
    take(line) {
        this.line = line.number;
        this.synth.stop();
        const notes = line.notes.map(([start, beats, pitch, velocity]) => ({ start, beats, pitch, velocity, channel: 0 }));
        const last = notes.at(-1);
        this.song = { notes, tempos: [{ at: 0, bpm: kBpm }], beats: last ? last.start + last.beats : 0 };
        this.notes = new RollNotes();
        this.notes.played = notes;
        const text = `Line ${line.number}: ${notes.length} notes, all of ${line.genres.join(", ")} alike`;
        element("line").textContent = text;
        element("roll").setAttribute("aria-label", `Piano roll. ${text}`);
        /** @type {HTMLButtonElement} */ (element("play")).disabled = notes.length === 0;
        this.head = 0;
        this.show_playing();
    }

    show_playing() {
        element("play").textContent = this.synth.plays ? "Stop" : "Play";
        this.head = 0;
        this.draw();
        const turn = () => {
            if (!this.synth.plays) return;
            this.head = this.synth.position();
            this.draw();
            requestAnimationFrame(turn);
        };
        if (this.synth.plays) requestAnimationFrame(turn);
    }

    draw() {
        const canvas = /** @type {HTMLCanvasElement} */ (element("roll"));
        const context = canvas.getContext("2d", { alpha: false });
        if (!context || canvas.clientWidth < 1) return;
        const dots = Math.min(2, devicePixelRatio || 1);
        canvas.width = Math.round(canvas.clientWidth * dots);
        canvas.height = Math.round(canvas.clientHeight * dots);
        context.setTransform(dots, 0, 0, dots, 0, 0);
        const range = this.notes.range() ?? { low: 60, high: 72 };
        const to = Math.max(16, this.song.beats);
        const bars = Array.from({ length: Math.ceil(to / 4) }, (_, bar) => ({ at: 4 * bar, number: bar }));
        draw_roll(context, canvas.clientWidth, canvas.clientHeight, this.notes, { from: 0, to, head: this.head, low: range.low - 2, high: range.high + 2,
            shares: [], bars, still: !this.synth.plays }, palette_of(document.documentElement), 0);
    }
}

if (typeof document !== "undefined") new TrainingPage().begin();
