// What was heard as a MIDI file, and one that is dropped here: seen, heard by a few oscillators, or
// sent to the daemon's port (tape.js).

import { palette_of } from "./colours.js";
import { make, say } from "./elements.js";
import { heard } from "./heard.js";
import { RollNotes } from "./roll_notes.js";
import { draw_roll } from "./roll_view.js";
import { SmfError, read_smf, seconds_at, write_smf } from "./smf.js";
import { send_tape } from "./tape.js";
import { TinySynth } from "./tiny_synth.js";

/** @typedef {import("./smf.js").Song} Song */

const kLargest = 8 * 1024 * 1024; // bytes of a file that is dropped
const kBeats = 32; // that are seen at once

/** @param {number} seconds */
const clock_text = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

class FusionSession extends HTMLElement {
    /** @type {Song | null} */
    song = null;
    notes = new RollNotes();
    /** As it is sent to the port. @type {File | null} */
    file = null;
    sent = "";

    connectedCallback() {
        this.synth = new TinySynth(() => this.show_playing());
        this.heard_text = make("p", { className: "heard" }, "Nothing was heard yet.");
        this.save = make("button", { type: "button", className: "primary", disabled: true }, "Export as MIDI file");
        this.save.addEventListener("click", () => this.export());
        this.look = make("button", { type: "button", disabled: true }, "Look at it below");
        this.look.addEventListener("click", () => {
            const song = heard.song();
            this.take(song, new File([write_smf(song, "fusiond")], "what was heard"));
        });

        const file = make("input", { type: "file", accept: ".mid,.midi,.smf,audio/midi", id: "session-file", className: "visually-hidden" });
        file.addEventListener("change", () => {
            if (file.files?.[0]) void this.open(file.files[0]);
            file.value = "";
        });
        const drop = make("label", { className: "drop", for: "session-file" },
            make("strong", {}, "Drop a MIDI file here"), make("span", {}, "or choose one"));
        this.drop_zone = drop;

        this.canvas = make("canvas", { className: "roll-canvas", role: "img", "aria-label": "Piano roll: no file yet" });
        this.context = this.canvas.getContext("2d", { alpha: false });
        this.title_text = make("p", { className: "song-title" }, "No file yet.");
        this.play = make("button", { type: "button", disabled: true }, "Play here");
        this.play.addEventListener("click", () => this.toggle());
        this.send = make("button", { type: "button", disabled: true }, "Send to the port");
        this.send.addEventListener("click", () => this.file && send_tape(this.file, this.file.name)
            .then(({ name }) => say(`${(this.sent = name)} is the tape`), (error) => say(String(error), "fault")));
        this.seek = make("input", { type: "range", min: "0", max: "1", step: "0.25", value: "0", disabled: true, "aria-label": "Position in the file" });
        this.seek.addEventListener("input", () => this.go_to(Number(this.seek?.value)));
        this.time_text = make("output", { className: "song-time" }, "0:00");

        const tape = document.createElement("fusion-tape");
        tape.className = "card";
        this.replaceChildren(
            make("h1", {}, "Session"),
            make("section", { className: "card", "aria-label": "What was heard" }, make("h2", {}, "What was heard"), this.heard_text,
                make("p", { className: "hint" }, "Since this page was opened: the fused line's notes, with the tempo as it was. fusiond's own recording, --file, has every message."),
                make("div", { className: "buttons" }, this.save, this.look)),
            make("section", { className: "card", "aria-label": "A MIDI file" }, make("h2", {}, "A MIDI file"), file, drop, this.title_text,
                make("div", { className: "roll-box" }, this.canvas),
                make("div", { className: "player" }, this.play, this.seek, this.time_text),
                make("div", { className: "buttons" }, this.send)),
            tape);
        this.listen(file);
    }

    /** @param {HTMLInputElement} file */
    listen(file) {
        document.addEventListener("panel-tape", (event) => {
            const { name, state, position } = /** @type {CustomEvent} */ (event).detail;
            if (state === "playing" && name === this.sent && !this.synth?.plays) this.go_to(position, "playing");
        });
        heard.addEventListener("note", () => this.count());
        for (const name of ["dragover", "drop"])
            this.addEventListener(name, (event) => {
                event.preventDefault();
                this.drop_zone?.classList.toggle("is-over", name === "dragover");
                const dropped = /** @type {DragEvent} */ (event).dataTransfer?.files[0];
                if (name === "drop" && dropped) void this.open(dropped);
            });
        this.addEventListener("dragleave", () => this.drop_zone?.classList.remove("is-over"));
        file.addEventListener("focus", () => this.drop_zone?.classList.add("is-focused"));
        file.addEventListener("blur", () => this.drop_zone?.classList.remove("is-focused"));
        new ResizeObserver(() => this.draw()).observe(/** @type {HTMLElement} */ (this.canvas));
        document.addEventListener("panel-theme", () => this.draw());
        matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.draw());
    }

    count() {
        const count = heard.notes.length;
        if (!this.heard_text || !this.save || !this.look) return;
        if (this.save.disabled) this.save.disabled = this.look.disabled = false;
        if (this.hidden) return;
        this.heard_text.textContent = `${count} ${count === 1 ? "note" : "notes"}.`;
    }

    export() {
        const song = heard.song();
        const now = new Date();
        const stamp = new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
        const name = `fusiond-${stamp}.mid`;
        const url = URL.createObjectURL(new Blob([write_smf(song, "fusiond")], { type: "audio/midi" }));
        make("a", { href: url, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(url), 10000);
        say(`${song.notes.length} notes are in ${name}`);
    }

    /** @param {File} file */
    async open(file) {
        try {
            if (file.size > kLargest) throw new SmfError(`it has ${Math.ceil(file.size / 1048576)} MB; 8 are taken`);
            this.take(read_smf(await file.arrayBuffer()), file);
        } catch (error) {
            const why = error instanceof SmfError ? error.message : `it could not be read (${error})`;
            if (this.title_text) this.title_text.textContent = `${file.name}: ${why}.`;
            say(`${file.name}: ${why}`, "fault");
        }
    }

    /** @param {Song} song @param {File} file */
    take(song, file) {
        this.synth?.stop();
        this.file = file;
        this.song = song;
        this.notes = new RollNotes();
        this.notes.played = song.notes;
        const length = seconds_at(song.tempos, song.beats);
        const text = `${file.name}: ${song.notes.length} notes, ${clock_text(length)}`;
        if (this.title_text) this.title_text.textContent = text;
        this.canvas?.setAttribute("aria-label", `Piano roll of ${text}`);
        for (const control of [this.play, this.seek, this.send]) if (control) control.disabled = song.notes.length === 0;
        if (this.seek) this.seek.max = String(Math.max(1, Math.ceil(song.beats)));
        this.go_to(0);
        this.show_playing();
    }

    toggle() {
        if (!this.song || !this.synth) return;
        if (this.synth.plays) this.synth.stop();
        else this.synth.play(this.song, this.at() >= this.song.beats ? 0 : this.at());
        this.show_playing();
    }

    at() {
        return Number(this.seek?.value ?? 0);
    }

    show_playing() {
        const plays = this.synth?.plays ?? false;
        if (this.play) this.play.textContent = plays ? "Stop" : "Play here";
        if (!plays) return this.draw();
        const turn = () => {
            if (!this.synth?.plays) return this.show_playing();
            this.go_to(this.synth.position(), "playing");
            requestAnimationFrame(turn);
        };
        requestAnimationFrame(turn);
    }

    /** @param {number} beat @param {"by hand" | "playing"} [why] */
    go_to(beat, why = "by hand") {
        if (!this.song || !this.seek || !this.time_text) return;
        this.seek.value = String(beat);
        this.seek.style.setProperty("--at", `${(100 * beat) / Number(this.seek.max)}%`);
        this.time_text.textContent = clock_text(seconds_at(this.song.tempos, beat));
        this.seek.setAttribute("aria-valuetext", this.time_text.textContent);
        if (why === "by hand" && this.synth?.plays) this.synth.play(this.song, beat);
        this.head = beat;
        this.draw();
    }

    draw() {
        const { canvas, context } = this;
        if (!canvas || !context || canvas.clientWidth < 1) return;
        const dots = Math.min(2, devicePixelRatio || 1);
        const [width, height] = [canvas.clientWidth, canvas.clientHeight];
        canvas.width = Math.round(width * dots);
        canvas.height = Math.round(height * dots);
        context.setTransform(dots, 0, 0, dots, 0, 0);
        const range = this.notes.range() ?? { low: 60, high: 72 };
        const spare = Math.max(0, 18 - (range.high - range.low)) / 2 + 1;
        const head = this.head ?? 0;
        const from = Math.max(0, head - kBeats / 4);
        const bars = Array.from({ length: kBeats / 4 + 2 }, (_, i) => (Math.floor(from / 4) + i) * 4).map((bar) => ({ at: bar, number: bar / 4 }));
        draw_roll(context, width, height, this.notes, { from, to: from + kBeats, head, low: range.low - spare, high: range.high + spare,
            shares: [], bars, still: !this.synth?.plays }, palette_of(this), 0);
    }
}
customElements.define("fusion-session", FusionSession);
