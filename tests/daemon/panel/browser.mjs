// The panel in Chromium, over a daemon in a JACK server. One after the other, each with a line.
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { read_smf, write_smf } from "../../../daemon/panel/smf.js";
import { Asker, Daemon, Ear, axe_source, check, check_same, open_browser, sends, until, work } from "./stage.mjs";

const daemon = new Daemon();
await daemon.start();
const asker = new Asker(daemon);
const ear = new Ear();
await ear.connect();
const browser = await open_browser();
const faults = []; // what any page complained of

const only = process.argv[2];
const steps = [];
const step = (name, body) => steps.push({ name, body });

/** A page that is connected, in a context of its own. */
async function open(where = "", options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && !message.text().includes("WebSocket") &&
        !message.text().includes("Failed to load resource") && faults.push(message.text()));
    if (options.before) await options.before(page);
    await page.goto(daemon.url + where);
    if (!options.unconnected) await connected(page);
    return page;
}
const connected = (page) => page.locator("#connection").waitFor({ state: "hidden" });
// Not waitForFunction: the page's policy lets nobody evaluate a text.
const holds = (page, body) => until(String(body), () => page.evaluate(body));
const close = (page) => page.context().close();
const control = (page, path) => page.locator(`[data-path="${path}"]`).first();
const open_groups = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((group) => (group.open = true)));
const get = async (path, headers = {}) => fetch(daemon.url.slice(0, -1) + path, { headers });

step("a browser gets the page, a client the tree, and both say what they are", async () => {
    const page = await get("/", { Accept: "text/html" });
    check_same(page.headers.get("content-type"), "text/html; charset=utf-8", "the page's type");
    check(page.headers.get("content-security-policy").includes("default-src 'none'"), "no policy");
    check((await (await get("/")).json()).CONTENTS.fusiond, "the tree has gone");
    const again = await get("/panel/main.js", { "If-None-Match": (await get("/panel/main.js")).headers.get("etag") });
    check_same(again.status, 304, "the same file again");
    check_same((await get("/panel/../../etc/passwd", { Accept: "text/html" })).status, 404, "outside of the panel");
    check((await (await get("/panel/nothing", { Accept: "text/html" })).text()).includes("There is no such page"), "no clear page");
});

step("the page asks nobody but the daemon, and is small", async () => {
    let bytes = 0;
    const asked = [];
    const page = await open("", { before: (page) => {
        page.on("request", (request) => asked.push(request.url()));
        page.on("response", async (response) => (bytes += Number(response.url().includes(".json") || response.request().resourceType() === "fetch" ? 0 : response.headers()["content-length"] ?? 0)));
    } });
    await pause(500);
    check_same(asked.filter((url) => !url.startsWith(daemon.url) && !url.startsWith("data:")), [], "asked elsewhere");
    check(bytes > 10_000 && bytes <= 150_000, `${bytes} bytes in all`);
    const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
    console.log(`    ${bytes} bytes, first paint after ${Math.round(paint)} ms`);
    await close(page);
});

step("each control in the page changes the value that OSC reads back", async () => {
    const page = await open();
    await open_groups(page);
    const paths = await page.evaluate(() => [...new Set([...document.querySelectorAll("main [data-path]")].map((element) => element.dataset.path))]);
    const tree = (await (await get("/")).json()).CONTENTS.fusiond;
    let count = 0;
    for (const path of paths) {
        const node = path.split("/").slice(2).reduce((at, name) => at?.CONTENTS?.[name], tree);
        if (!node?.VALUE || node.ACCESS !== 3) continue;
        const before = await asker.value(path);
        const element = control(page, path);
        const kind = await element.evaluate((e) => e.tagName === "INPUT" ? e.type : e.tagName);
        if (kind === "range") {
            const up = Number(await element.inputValue()) < Number(await element.getAttribute("max"));
            await element.focus();
            await page.keyboard.press(up ? "ArrowRight" : "ArrowLeft");
        } else if (kind === "SELECT") {
            await element.selectOption(await element.evaluate((e) => [...e.options].map((o) => o.value).find((value) => value !== e.value)));
        } else if (kind === "number") {
            await element.fill(String(Number(await element.inputValue()) + 1));
            await page.keyboard.press("Enter");
        } else {
            await element.click();
        }
        await asker.becomes(path, (value) => value !== before).catch((error) => { throw new Error(`${path} (${kind}): ${error.message}`); });
        asker.send(path, typeof before === "string" ? "s" : "f", [before]);
        await asker.becomes(path, (value) => value === before);
        count += 1;
    }
    check(count >= 40, `only ${count} controls`);
    const missing = Object.values(tree.CONTENTS).flatMap((node) => node.CONTENTS ? Object.values(node.CONTENTS) : [node])
        .filter((node) => node.ACCESS === 3 && node.VALUE?.length === 1 && !paths.includes(node.FULL_PATH)).map((node) => node.FULL_PATH);
    check_same(missing.filter((path) => path !== "/fusiond/playing"), [], "parameters without a control");
    console.log(`    ${count} controls`);
    await close(page);
});

step("an OSC change moves the fader, the choice and the switch", async () => {
    const page = await open();
    await open_groups(page);
    const sent = [["/fusiond/weight/jazz", "f", 7.5], ["/fusiond/weight/pop", "f", 0], ["/fusiond/temperature", "f", 2],
        ["/fusiond/transpose", "i", -7], ["/fusiond/scale", "s", "dorian"], ["/fusiond/key", "s", "Eb"], ["/fusiond/tempo", "f", 200]];
    for (const [path, type, value] of sent) {
        asker.send(path, type, [value]);
        await until(`${path} in the page`, async () => String(await control(page, path).inputValue()) === String(value));
    }
    asker.send("/fusiond/mute", "i", [1]);
    await until("the switch", async () => (await control(page, "/fusiond/mute").getAttribute("aria-checked")) === "true");
    asker.send("/fusiond/mute", "i", [0]);
    await until("the shares", async () => (await page.locator(".fader-share").allTextContents()).includes("0 %"));
    check((await control(page, "/fusiond/weight/jazz").getAttribute("aria-valuetext")) === "7.5", "the value in words");
    for (const [path, type, value] of [["/fusiond/transpose", "i", 0], ["/fusiond/scale", "s", "off"], ["/fusiond/key", "s", "C"], ["/fusiond/tempo", "f", 240], ["/fusiond/weight/pop", "f", 5], ["/fusiond/temperature", "f", 1]])
        asker.send(path, type, [value]);
    await close(page);
});

step("the pad goes between four genres, by pointer and by keys, and follows the weights", async () => {
    const page = await open();
    await page.locator("fusion-pad").scrollIntoViewIfNeeded();
    const box = await page.locator(".pad-field").boundingBox();
    const corners = await page.locator(".pad-corner").evaluateAll((all) => all.map((select) => select.value));
    check_same(corners, ["jazz", "pop", "folk", "jazz"], "the corners of three genres");
    await page.mouse.click(box.x + box.width - 4, box.y + 4);
    await asker.becomes("/fusiond/weight/pop", (value) => value === 10);
    await asker.becomes("/fusiond/weight/jazz", (value) => value === 0);
    await page.mouse.click(box.x + 4, box.y + box.height - 4);
    await asker.becomes("/fusiond/weight/folk", (value) => value === 10);
    await page.locator(".pad-dot").focus();
    await page.keyboard.press("PageUp");
    await page.keyboard.press("Home");
    await asker.becomes("/fusiond/weight/jazz", (value) => value === 10);
    await asker.becomes("/fusiond/weight/folk", (value) => value === 0);
    check((await page.locator(".pad-dot").getAttribute("aria-valuetext")).includes("jazz 10"), "the place in words");
    await close(page);
});

step("transport, tap, nudge and panic do what they say", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Stop" }).click();
    await asker.becomes("/fusiond/playing", (value) => value === 0);
    await page.getByRole("button", { name: "Play" }).click();
    await asker.becomes("/fusiond/playing", (value) => value === 1);
    for (let i = 0; i < 3; ++i) {
        await page.locator(".tap").click();
        await pause(450);
    }
    await asker.becomes("/fusiond/tempo", (value) => value < 200);
    asker.send("/fusiond/tempo", "f", [240]);
    await page.getByRole("button", { name: "Beat 10 ms later" }).click();
    const before = ear.messages.length;
    await page.locator(".panic").click();
    await until("all notes off", () => ear.messages.slice(before).some(([status, controller]) => (status & 0xf0) === 0xb0 && controller === 123));
    await page.getByRole("button", { name: "Restart" }).click();
    await close(page);
});

step("a scene is saved, recalled with its progress, and forgotten", async () => {
    const page = await open();
    asker.send("/fusiond/weight/folk", "f", [9]);
    await until("folk at 9", async () => (await control(page, "/fusiond/weight/folk").inputValue()) === "9");
    await page.getByLabel("Name of the scene").fill("verse 1");
    await page.keyboard.press("Enter");
    const scene = page.locator('[data-scene="verse 1"]');
    await scene.waitFor();
    asker.send("/fusiond/weight/folk", "f", [1]);
    await asker.becomes("/fusiond/weight/folk", (value) => value === 1);
    await page.getByLabel("Morph over").selectOption("8");
    await scene.click();
    await page.locator("fusion-scenes progress").waitFor({ state: "visible" });
    await until("the morph to be whole", async () => (await page.locator(".scene-now").textContent()) === "In verse 1");
    await asker.becomes("/fusiond/weight/folk", (value) => value === 9);
    check_same(await scene.getAttribute("aria-current"), "true", "the scene that is in force");
    const forget = page.getByLabel("Forget scene verse 1");
    await forget.click();
    check(await scene.isVisible(), "one press forgets");
    await forget.click();
    await scene.waitFor({ state: "detached" });
    await close(page);
});

step("a controller is learned by pointing, and no press does anything else meanwhile", async () => {
    const page = await open();
    const before = await asker.value("/fusiond/playing");
    await page.getByRole("button", { name: "Learn" }).click();
    await page.locator(".play").click();
    check_same(await asker.value("/fusiond/playing"), before, "playing, while learning");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Learn" }).click();
    await control(page, "/fusiond/weight/pop").click();
    await page.locator(".learn-banner", { hasText: "weight/pop" }).waitFor();
    check(await sends("fusiond:in", "b05610", "b05620"), "jack_midi_send");
    await page.locator(".learn-banner").waitFor({ state: "hidden" });
    await page.locator(".news", { hasText: "learned: CC 86" }).waitFor();
    await sends("fusiond:in", "b05600", "b0567f");
    await asker.becomes("/fusiond/weight/pop", (value) => value === 10);
    await page.getByRole("button", { name: "Learn" }).click();
    await control(page, "/fusiond/weight/pop").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Forget what turns it" }).click();
    await page.locator(".learn-banner").waitFor({ state: "hidden" });
    await close(page);
});

step("the roll has the notes that the port sent, and draws them", async () => {
    for (const [genre, weight] of [["jazz", 5], ["pop", 5], ["folk", 5]]) asker.send(`/fusiond/weight/${genre}`, "f", [weight]);
    const page = await open();
    await page.evaluate(() => import("/panel/heard.js").then(({ heard }) => (window.heard = heard)));
    await holds(page, () => window.heard.notes.length >= 12);
    const seen = await page.evaluate(() => window.heard.notes.slice(0, 12).map(({ pitch }) => pitch));
    await until("the same notes at the port", () => ear.notes().join().includes(seen.join()));
    const proposed = await page.evaluate(() => new Set(window.heard.roll.proposals.map(({ genre }) => genre)).size);
    check_same(proposed, 3, "genres whose proposals are seen");
    // Pixels as bright as a note, and as coloured as a proposal.
    const drawn = await page.evaluate(() => {
        const canvas = document.querySelector("fusion-roll canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let bright = 0, coloured = 0;
        for (let i = 0; i < data.length; i += 4) {
            const [low, high] = [Math.min(data[i], data[i + 1], data[i + 2]), Math.max(data[i], data[i + 1], data[i + 2])];
            if (low > 120) bright += 1;
            if (high - low > 45) coloured += 1;
        }
        return { bright, coloured, frames: document.querySelector("fusion-roll").frames };
    });
    check(drawn.bright > 200 && drawn.coloured > 200, `drawn: ${JSON.stringify(drawn)}`);
    await until("another frame", () => page.evaluate((before) => document.querySelector("fusion-roll").frames > before, drawn.frames));
    await close(page);
});

step("ghosts are the steps to come, and change when a weight turns", async () => {
    const tree = (await (await get("/")).json()).CONTENTS.fusiond.CONTENTS;
    if (!tree.planned) return console.log("    left out: this daemon does not tell its plan");
    const page = await open();
    await page.evaluate(() => import("/panel/heard.js").then(({ heard }) => (window.heard = heard)));
    await holds(page, () => window.heard.roll.ghosts.length >= 4);
    await page.evaluate(() => window.heard.addEventListener("plan", () => (window.has_changed ||= window.heard.roll.ghosts.some(({ born }) => born > 0))));
    let turns = 0;
    await until("a ghost to change when the weights turn", async () => {
        asker.send("/fusiond/weights", "fff", ++turns % 2 ? [0, 0, 10] : [0, 10, 0]);
        await pause(100);
        return page.evaluate(() => window.has_changed);
    });
    const ahead = await page.evaluate(() => window.heard.roll.ghosts.slice(0, 3).map(({ pitch }) => pitch));
    await until("the ghosts to be played", () => ear.notes().join().includes(ahead.join()));
    asker.send("/fusiond/weights", "fff", [5, 5, 5]);
    await close(page);
});

step("three tabs are in step, and a reload finds all as it was", async () => {
    const pages = await Promise.all([open(), open(), open("#session")]);
    await control(pages[0], "/fusiond/weight/jazz").fill("2.5");
    for (const page of pages) await until("the same fader in each", async () => (await control(page, "/fusiond/weight/jazz").inputValue()) === "2.5");
    await pages[1].reload();
    await connected(pages[1]);
    await until("the fader after the reload", async () => (await control(pages[1], "/fusiond/weight/jazz").inputValue()) === "2.5");
    await Promise.all(pages.map(close));
});

step("a lost connection comes back by itself, with what has changed meanwhile", async () => {
    const page = await open();
    await page.evaluate(async () => (await import("/panel/panel.js")).panel.link.socket.close());
    await connected(page);
    asker.send("/fusiond/weight/jazz", "f", [6]);
    await until("the fader", async () => (await control(page, "/fusiond/weight/jazz").inputValue()) === "6");
    await daemon.end();
    await page.locator("#connection", { hasText: "lost" }).waitFor();
    await daemon.start("--weight", "jazz=1", "--weight", "pop=8");
    await connected(page);
    await until("the new daemon's value", async () => (await control(page, "/fusiond/weight/pop").inputValue()) === "8");
    await control(page, "/fusiond/weight/pop").fill("3");
    await asker.becomes("/fusiond/weight/pop", (value) => value === 3);
    await ear.connect();
    await close(page);
});

step("the thirty-third panel says that there is no place, and connects when there is", async () => {
    const page = await open();
    await page.evaluate(async () => {
        window.others = Array.from({ length: 31 }, () => new WebSocket(`ws://${location.host}/`));
        await Promise.all(window.others.map((socket) => new Promise((resolve) => (socket.onopen = resolve))));
    });
    const late = await open("", { unconnected: true });
    await late.locator("#connection", { hasText: "All 32 places are taken" }).waitFor();
    await page.evaluate(() => window.others[0].close());
    await connected(late);
    await close(late);
    await close(page);
});

step("malformed messages break nothing", async () => {
    const page = await open("", { before: (page) => page.routeWebSocket(/.*/, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((message) => server.send(message));
        let count = 0;
        server.onMessage((message) => {
            socket.send(message);
            if (++count > 90) return;
            const garbage = [Buffer.from([1, 2, 3]), Buffer.alloc(0), "no JSON", "null", '{"COMMAND":7}', '{"COMMAND":"PATH_CHANGED"}',
                Buffer.from("/fusiond/note\0\0\0,iiifs\0\0"), Buffer.from("/fusiond/weights\0\0\0\0,s\0\0x\0\0\0"), Buffer.from("/fusiond/planned\0\0\0\0,s\0\0x\0\0\0"),
                Buffer.from("/fusiond/note\0\0\0,sssss\0\0a\0\0\0b\0\0\0c\0\0\0d\0\0\0e\0\0\0"), Buffer.from("/fusiond/beat\0\0\0,N\0\0"), Buffer.from("/status.reply\0\0\0,\0\0\0"),
                Buffer.from("/fail\0\0\0,\0\0\0"), Buffer.from("/fusiond/scene\0\0,\0\0\0"), Buffer.from("/fusiond/proposal/jazz\0\0,sss\0\0\0\0a\0\0\0b\0\0\0c\0\0\0")];
            socket.send(garbage[count % garbage.length]);
        });
    }) });
    await until("some of it", () => page.evaluate(async () => (await import("/panel/panel.js")).panel.link.malformed > 20));
    await control(page, "/fusiond/weight/jazz").fill("4");
    await asker.becomes("/fusiond/weight/jazz", (value) => value === 4);
    await close(page);
});

step("everything can be done by keys, and the single ones be switched off", async () => {
    const page = await open();
    await page.locator("body").click({ position: { x: 2, y: 300 } });
    await page.keyboard.press("Space");
    await asker.becomes("/fusiond/playing", (value) => value === 0);
    await page.keyboard.press("Space");
    await asker.becomes("/fusiond/playing", (value) => value === 1);
    await page.keyboard.press("2");
    await page.keyboard.press("End");
    await asker.becomes("/fusiond/weight/pop", (value) => value === 10);
    await page.getByLabel("Name of the scene").fill("p t 1");
    check_same(await page.getByLabel("Name of the scene").inputValue(), "p t 1", "letters in a field");
    await page.goto(`${daemon.url}#about`);
    await page.getByRole("switch", { name: "Single keys" }).click();
    await page.locator("body").click({ position: { x: 2, y: 300 } });
    await page.keyboard.press("Space");
    await pause(300);
    check_same(await asker.value("/fusiond/playing"), 1, "playing, with the keys off");
    // Whatever can be used is reached by Tab, in a ring that has an end.
    await page.goto(daemon.url);
    await page.reload();
    await connected(page);
    const reached = new Set();
    for (let i = 0; i < 400; ++i) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
            const element = document.activeElement;
            window.all_elements ??= [...document.querySelectorAll("*")];
            return element === document.body ? -1 : window.all_elements.indexOf(element);
        });
        if (at === -1 || reached.has(at)) break;
        reached.add(at);
    }
    const expected = await page.evaluate(() => [...document.querySelectorAll("#live button, #live input, #live select, .transport button, .pad-dot")]
        .filter((element) => element.checkVisibility() && !element.disabled).map((element) => window.all_elements.indexOf(element)));
    check_same(expected.filter((element) => !reached.has(element)).length, 0, "controls that Tab does not reach");
    await close(page);
});

step("the session is exported, a file is dropped and seen, a broken one is refused with the reason", async () => {
    const page = await open("#session");
    await until("notes", () => page.getByRole("button", { name: "Export" }).isEnabled());
    await pause(1500);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export" }).click()]);
    check(/^fusiond-\d{8}-\d{6}\.mid$/.test(download.suggestedFilename()), download.suggestedFilename());
    const song = read_smf(readFileSync(await download.path()));
    check(song.notes.length >= 3 && ear.notes().join().includes(song.notes.slice(0, 3).map(({ pitch }) => pitch).join()), "what was exported was not played");
    check(Math.abs((song.tempos.at(-1)?.bpm ?? 0) - 240) < 1, "the tempo");
    const notes = Array.from({ length: 40 }, (_, i) => ({ start: i / 2, beats: 0.5, pitch: 50 + i, velocity: 90, channel: 0 }));
    writeFileSync(`${work}/scale.mid`, write_smf({ notes, tempos: [{ at: 0, bpm: 240 }] }, "scale"));
    await page.locator("#session-file").setInputFiles(`${work}/scale.mid`);
    await page.locator(".song-title", { hasText: "scale.mid: 40 notes, 0:05" }).waitFor();
    await page.getByRole("button", { name: "Play here" }).click();
    await until("the position to move", async () => Number(await page.getByLabel("Position in the file").inputValue()) > 1);
    await page.getByLabel("Position in the file").fill("15");
    await page.locator("fusion-session").getByRole("button", { name: "Stop" }).click();
    check(Number(await page.getByLabel("Position in the file").inputValue()) >= 15, "seeking");
    writeFileSync(`${work}/broken.mid`, "MThd and then nothing of the kind");
    await page.locator("#session-file").setInputFiles(`${work}/broken.mid`);
    await page.locator(".song-title", { hasText: "broken.mid:" }).waitFor();
    const dropped = await page.evaluateHandle((bytes) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], "dropped.mid"));
        return transfer;
    }, [...readFileSync(`${work}/scale.mid`)]);
    await page.dispatchEvent(".drop", "drop", { dataTransfer: dropped });
    await page.locator(".song-title", { hasText: "dropped.mid: 40 notes" }).waitFor();
    await close(page);
});

step("a file is played through the port, in every panel, and sought; the line pauses and comes back", async () => {
    const notes = Array.from({ length: 60 }, (_, i) => ({ start: i, beats: 0.5, pitch: 30 + i, velocity: 90, channel: 5 }));
    writeFileSync(`${work}/stairs.mid`, write_smf({ notes, tempos: [{ at: 0, bpm: 240 }] }, "stairs"));
    const page = await open("#session");
    const other = await open("#session");
    const tape = (of) => of.locator("fusion-tape");
    const position = async (of) => Number(await of.getByLabel("Position on the tape").inputValue());
    check(await tape(page).getByRole("button", { name: "Play through the port" }).isDisabled(), "a tape that nobody has sent");
    await page.locator("#session-file").setInputFiles(`${work}/stairs.mid`);
    await page.getByRole("button", { name: "Send to the port" }).click();
    for (const of of [page, other]) await tape(of).locator("p", { hasText: "stairs.mid, 60 beats" }).waitFor();
    const from = ear.messages.length;
    await tape(other).getByRole("button", { name: "Play through the port" }).click();
    await asker.becomes("/fusiond/playing", (value) => value === 0);
    await until("its notes at the port", () => ear.notes(from).join().includes("30,31,32"));
    for (const of of [page, other]) {
        await until("the position to move", async () => await position(of) > 1);
        await tape(of).getByRole("button", { name: "Stop the tape" }).waitFor();
    }
    await until("the roll to follow", async () => Number(await page.getByLabel("Position in the file").inputValue()) > 1);
    await page.getByLabel("Position on the tape").fill("40");
    await until("the notes of there", () => ear.notes(from).join().includes("70,71,72"));
    await until("the other panel", async () => await position(other) >= 40);
    await page.getByLabel("Position on the tape").focus();
    await page.keyboard.press("Home");
    await until("the beginning once more", () => ear.notes(from).slice(3).join().includes("30,31,32"));
    await tape(page).getByRole("button", { name: "Stop the tape" }).click();
    await tape(other).getByRole("button", { name: "Play through the port" }).click();
    await page.locator("fusion-transport").getByRole("button", { name: "Play" }).click();
    await asker.becomes("/fusiond/playing", (value) => value === 1);
    await tape(page).getByRole("button", { name: "Play through the port" }).waitFor();
    const line = ear.messages.length;
    await until("the line", () => ear.messages.slice(line).some(([status]) => status === 0x90));
    // What the page cannot read it does not send; what it can and the daemon cannot is told.
    const answer = await page.evaluate(async () => {
        const { send_tape } = await import("/panel/tape.js");
        return send_tape(new File(["no MIDI file"], "x"), "x.mid").catch((error) => error.message);
    });
    check(answer.includes("x.mid"), answer);
    for (const of of [page, other]) await tape(of).locator("p", { hasText: "x.mid" }).waitFor();
    asker.send("/fusiond/tape/load", "s", ["scale.mid"]);
    await tape(other).locator("p", { hasText: "scale.mid, 20 beats" }).waitFor();
    await close(other);
    await close(page);
});

step("about says what the daemon tells", async () => {
    const page = await open("#about");
    await page.locator("fusion-about", { hasText: "test.bundle" }).waitFor();
    await page.locator("fusion-about", { hasText: "playing into" }).waitFor();
    check_same(await page.locator("fusion-about [aria-label=Genres] tbody th").allTextContents(), ["Jazz", "Pop", "Folk"], "the genres");
    await page.locator("summary", { hasText: "Every path" }).click();
    check((await page.locator("fusion-about tbody code").count()) > 60, "paths");
    await close(page);
});

step("axe finds nothing, on every page, in light and dark, small and large; nothing is wider than a phone", async () => {
    for (const colorScheme of ["dark", "light"])
        for (const viewport of [{ width: 360, height: 780 }, { width: 1440, height: 900 }]) {
            const page = await open("", { colorScheme, viewport, bypassCSP: true });
            for (const where of ["live", "session", "about"]) {
                await page.goto(`${daemon.url}#${where}`);
                await open_groups(page);
                if (where === "about") await page.locator("fusion-about", { hasText: "test.bundle" }).waitFor();
                await page.evaluate(axe_source);
                const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations
                    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, any }) => `${html} ${any[0]?.message ?? ""}`).join("; ")}`));
                check_same(found, [], `axe, ${where}, ${colorScheme}, ${viewport.width}`);
                const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                check(wide <= 0, `${where} is ${wide} px wider than ${viewport.width}`);
            }
            await close(page);
        }
});

let failed = 0;
for (const { name, body } of steps) {
    if (only && !new RegExp(only).test(name)) continue;
    const began = Date.now();
    try {
        await body();
        check_same(faults.splice(0), [], "the page complained");
        console.log(`ok: ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
        failed += 1;
        console.error(`FAILED: ${name}: ${error instanceof Error ? error.stack : error}`);
        faults.splice(0);
        for (const context of browser.contexts()) await context.close();
    }
}
await browser.close();
ear.end();
if (daemon.ended === undefined) await daemon.end();
process.exit(failed ? 1 : 0);
