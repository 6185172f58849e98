// A piano roll of what was rendered while weights were turned, with the blend above it, as SVG:
//     roll.mjs FILE.mid FILE.session GENRE=WEIGHT... > FILE.svg
// Of a session only its weights are read. Nothing of it needs a package.
import { readFileSync } from "node:fs";
import { read_smf } from "../../daemon/panel/smf.js";

const [midi, session, ...beginning] = process.argv.slice(2);
const kBeatsOfBar = 4;
const kRamp = 0.25; // beats, where a change has none of its own: the daemon's default
const kColours = { folk: "#ff86b8", jazz: "#f2e05c", classical: "#ffb347", pop: "#5fe3d0" };
const kOther = "#5ec8ff";
const kGround = "#0b0e14", kRow = "#0e121b", kLine = "#303a4c", kText = "#eef2f9", kMuted = "#a4b0c4";
const kWidth = 1200, kLeft = 64, kRight = 16, kTop = 40, kBlend = 72, kGap = 34, kPitchHeight = 7;

const song = read_smf(readFileSync(midi));
/** @type {Map<string, { at: number, to: number, beats: number }[]>} */
const turns = new Map(beginning.map((word) => [word.split("=")[0], [{ at: 0, to: Number(word.split("=")[1]), beats: 0 }]]));
let end = 0;
for (const line of readFileSync(session, "utf8").split("\n")) {
    const [bar, path, value, beats] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (path === "end") end = Number(bar) * kBeatsOfBar;
    const genre = path?.match(/^weight\/(.*)/)?.[1];
    if (!genre) continue;
    if (!turns.has(genre)) turns.set(genre, [{ at: 0, to: 0, beats: 0 }]);
    turns.get(genre).push({ at: Number(bar) * kBeatsOfBar, to: Number(value), beats: Number(beats ?? kRamp) });
}
/** @param {string} genre @param {number} beat */
function weight(genre, beat) {
    let now = 0;
    for (const turn of turns.get(genre)) {
        if (turn.at > beat) break;
        const way = turn.beats > 0 ? Math.min(1, (beat - turn.at) / turn.beats) : 1;
        now += (turn.to - now) * way;
    }
    return now;
}
const genres = [...turns.keys()];
/** @param {number} beat */
function shares(beat) {
    const all = genres.map((genre) => weight(genre, beat));
    const sum = all.reduce((a, b) => a + b, 0) || 1;
    return all.map((one) => one / sum);
}
const colour = (genre) => kColours[genre] ?? kOther;
/** @param {number[]} parts */
function mixed(parts) {
    const rgb = [1, 3, 5].map((at) => parts.reduce((sum, part, g) => sum + part * parseInt(colour(genres[g]).slice(at, at + 2), 16), 0));
    return `rgb(${rgb.map(Math.round).join(",")})`;
}

const low = Math.min(...song.notes.map(({ pitch }) => pitch)) - 1;
const high = Math.max(...song.notes.map(({ pitch }) => pitch)) + 1;
const roll_top = kTop + kBlend + kGap, roll_height = (high - low + 1) * kPitchHeight;
const height = roll_top + roll_height + 16;
const x_of = (beat) => kLeft + (kWidth - kLeft - kRight) * beat / end;
const y_of = (pitch) => roll_top + (high - pitch) * kPitchHeight;
const out = [];
const put = (text) => out.push(text);
const words = (x, y, text, { size = 15, fill = kMuted, weight = 400, anchor = "start" } = {}) =>
    put(`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${text}</text>`);

put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${kWidth} ${height}" font-family="system-ui, sans-serif">`);
put(`<title>${song.notes.length} notes of one line, coloured by the blend that was turned while it played</title>`);
put(`<rect width="${kWidth}" height="${height}" rx="12" fill="${kGround}"/>`);
put(`<rect x="${kLeft}" y="${roll_top}" width="${kWidth - kLeft - kRight}" height="${roll_height}" fill="${kRow}"/>`);

// The blend, stacked.
const steps = Array.from({ length: end * 4 + 1 }, (_, i) => i / 4);
let under = steps.map(() => 0);
genres.forEach((genre, g) => {
    const over = steps.map((beat, i) => under[i] + shares(beat)[g]);
    const y = (share) => (kTop + kBlend * (1 - share)).toFixed(1);
    const edge = [...over.map((s, i) => `${x_of(steps[i]).toFixed(1)},${y(s)}`), ...under.map((s, i) => `${x_of(steps[i]).toFixed(1)},${y(s)}`).reverse()];
    put(`<polygon points="${edge.join(" ")}" fill="${colour(genre)}" fill-opacity="0.85"/>`);
    under = over;
    // Its name where it has most.
    const best = steps.filter((beat) => shares(beat)[g] > 0.99);
    words(x_of((best[0] + best.at(-1)) / 2), kTop + kBlend / 2 + 7, genre, { size: 20, fill: kGround, weight: 700, anchor: "middle" });
});
words(8, kTop + kBlend / 2 + 5, "blend");
words(8, roll_top + roll_height / 2, "line");

for (let bar = 0; bar <= end / kBeatsOfBar; ++bar) {
    const x = x_of(bar * kBeatsOfBar);
    const thick = bar % 4 === 0;
    put(`<path d="M${x.toFixed(1)} ${roll_top}V${roll_top + roll_height}" stroke="${kLine}" stroke-width="${thick ? 1.5 : 0.6}"/>`);
    if (thick && bar < end / kBeatsOfBar) words(x + 5, roll_top - 8, `bar ${bar + 1}`, { size: 14 });
}
for (const beat of new Set([...turns.values()].flat().filter(({ at }) => at > 0).map(({ at }) => at))) {
    const turned = genres.filter((genre) => turns.get(genre).some(({ at, to }) => at === beat && to > 0));
    const ramp = Math.max(...genres.flatMap((genre) => turns.get(genre).filter(({ at }) => at === beat).map(({ beats }) => beats)));
    words(x_of(beat), kTop - 14, `${turned.join(", ")} turned up, ${ramp >= 1 ? `over ${ramp} beats` : "at once"}`, { fill: kText, size: 16 });
    put(`<path d="M${x_of(beat).toFixed(1)} ${kTop - 8}V${roll_top + roll_height}" stroke="#ffc861" stroke-width="2" stroke-dasharray="5 4"/>`);
}
words(kLeft, kTop - 14, "folk alone".replace("folk", genres[0]), { fill: kText, size: 16 });
for (const { start, beats, pitch } of song.notes) {
    const wide = Math.max(2, x_of(start + beats) - x_of(start) - 1);
    put(`<rect x="${x_of(start).toFixed(1)}" y="${y_of(pitch)}" width="${wide.toFixed(1)}" height="${kPitchHeight}" rx="2.5" fill="${mixed(shares(start))}"/>`);
}
put("</svg>");
console.log(out.join("\n"));
