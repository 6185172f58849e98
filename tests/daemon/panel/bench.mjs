// How quick the panel is, in Chromium, over a daemon in a JACK server: its first paint, its frames while
// notes and proposals arrive, how long after JACK's receiver had a note it is drawn, and what three panels
// cost the clock. Beside each what the browser or the daemon does without it.
//   bench.mjs SECONDS
import { setTimeout as pause } from "node:timers/promises";
import { Asker, Daemon, Ear, open_browser, until, work } from "./stage.mjs";

const seconds = Number(process.argv[2] ?? 15);
const quantile = (values, q) => {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] : NaN;
};
const say = (name, text) => console.log(`${name.padEnd(34)} ${text}`);
const ms = (value) => `${value.toFixed(1)} ms`;

const daemon = new Daemon();
const asker = new Asker(daemon);
// As many notes as the line can have, and the proposals of every genre.
async function start() {
    await daemon.start("--seed", "2");
    const weights = await asker.ask("/fusiond/weights");
    asker.send("/fusiond/weights", "f".repeat(weights.length), weights.map(() => 5));
    asker.send("/fusiond/density", "f", [1]);
    asker.send("/fusiond/tempo", "f", [200]);
}
await start();
const ear = new Ear();
await ear.connect();
const browser = await open_browser();

async function page_of(url, size = { width: 1280, height: 900 }) {
    const context = await browser.newContext({ viewport: size });
    const page = await context.newPage();
    await page.goto(url);
    return page;
}
const connected = (page) => page.locator("#connection").waitFor({ state: "hidden" });

// A page of one word, as the browser's own share.
async function first_paints(url, times) {
    const paints = [];
    for (let i = 0; i < times; ++i) {
        const page = await page_of(url);
        await until("a paint", () => page.evaluate(() => performance.getEntriesByName("first-contentful-paint").length > 0));
        paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
        await page.context().close();
    }
    return paints;
}

async function frames(page, for_ms) {
    return page.evaluate((length) => new Promise((resolve) => {
        const times = [];
        const turn = (now) => {
            if (times.push(now) > 1 && now - times[0] > length) return resolve(times.slice(1).map((time, i) => time - times[i]));
            requestAnimationFrame(turn);
        };
        requestAnimationFrame(turn);
    }), for_ms);
}
const frames_in_words = (lengths) => `${(1000 / quantile(lengths, 0.5)).toFixed(0)} frames/s (median), p99 ${ms(quantile(lengths, 0.99))}`;

await page_of(daemon.url).then((page) => page.context().close()); // what the browser reads from its disk once
const words = "data:text/html,<p>word";
const [paint, floor] = [await first_paints(daemon.url, 10), await first_paints(words, 10)];
say("first paint", `median ${ms(quantile(paint, 0.5))}, worst ${ms(Math.max(...paint))}`);
say("  a page of one word", `median ${ms(quantile(floor, 0.5))}, worst ${ms(Math.max(...floor))}`);

const page = await page_of(daemon.url);
await connected(page);
await page.evaluate(async () => {
    const { heard } = await import("/panel/heard.js");
    globalThis.drawn = [];
    heard.addEventListener("note", () => {
        const pitch = heard.last_pitch;
        requestAnimationFrame(() => globalThis.drawn.push([pitch, Date.now()]));
    });
});
const lengths = await frames(page, seconds * 1000);
say("frames", frames_in_words(lengths));
const blank = await page_of(words);
say("  a page that draws nothing", frames_in_words(await frames(blank, Math.min(seconds, 5) * 1000)));
await blank.context().close();

// Each is the nearest of its pitch among those that were heard and are not yet another's; a loaded
// machine's receiver loses some.
const drawn = await page.evaluate(() => globalThis.drawn);
const sent = ear.notes_at();
const delays = [];
for (const [pitch, at] of drawn) {
    const distance = ([of, when]) => (of === pitch ? Math.abs(at - when) : Infinity);
    const nearest = sent.reduce((best, note) => (distance(note) < distance(best) ? note : best), [NaN, 0]);
    if (distance(nearest) > 1000) continue;
    sent.splice(sent.indexOf(nearest), 1);
    delays.push(at - nearest[1]);
}
say("a note is drawn after it is heard", `median ${ms(quantile(delays, 0.5))}, p99 ${ms(quantile(delays, 0.99))}, of ${delays.length} notes of ${drawn.length} (${(drawn.length / seconds).toFixed(1)} a second)`);
await page.context().close();

// By turns, so that what else the machine does falls on both. The lateness is since a daemon's start.
const late = { without: [], with: [] };
for (let round = 0; round < 2; ++round) {
    for (const kind of ["without", "with"]) {
        await daemon.end();
        await start();
        const panels = [];
        for (let i = 0; kind === "with" && i < 3; ++i) panels.push(await page_of(daemon.url));
        for (const one of panels) await connected(one);
        await pause(seconds * 1000);
        const status = await until("the status", () => {
            asker.send("/status");
            return asker.heard.findLast(({ path }) => path === "/status.reply");
        });
        asker.heard.length = 0;
        late[kind].push(Number(status.args[3]));
        for (const one of panels) await one.context().close();
    }
}
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
say("the clock's lateness, p99", `three panels ${mean(late.with).toFixed(0)} µs, none ${mean(late.without).toFixed(0)} µs: ${(mean(late.with) / mean(late.without)).toFixed(2)} of it`);

await browser.close();
ear.end();
await daemon.end();
process.exit(0);
