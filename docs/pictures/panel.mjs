// The panel as a picture: panel.mjs OUT.png. See make.sh.
import { writeFileSync } from "node:fs";
import { small_png } from "./small_png.mjs";
import { Asker, Daemon, open_browser, until, work } from "../../tests/daemon/panel/stage.mjs";

/** A daemon with the bundle that ships, on its way from folk to jazz. */
class Shipped extends Daemon {
    arguments() {
        return ["--output", "jack", "--osc-port", "0", "--oscquery-port", "0", "--state", `${work}/pictures.toml`,
            "--seed", "7", "--tempo", "126", "--weight", "folk=8"];
    }
}

const daemon = new Shipped();
await daemon.start();
const asker = new Asker(daemon);
const plays_beyond = (beat) => until(`beat ${beat}`, async () => (await asker.ask("/status", "/status.reply"))[12] > beat);
for (const scene of ["verse", "bridge", "finale"]) asker.send("/fusiond/scene/save", "s", [scene]);
const browser = await open_browser();
const page = await (await browser.newContext({ viewport: { width: 1360, height: 940 }, colorScheme: "dark" })).newPage();
await page.goto(daemon.url);
await page.locator("#connection").waitFor({ state: "hidden" });
const corners = page.locator(".pad-corner");
for (const [i, genre] of ["folk", "jazz", "classical", "pop"].entries()) await corners.nth(i).selectOption(genre);
await plays_beyond(14);
asker.send("/fusiond/weight/jazz", "ff", [6, 2]);
asker.send("/fusiond/weight/classical", "ff", [3, 2]);
await plays_beyond(20);
const shot = (await page.screenshot()).toString("base64");
// The browser unpacks what it has packed. Another page, for the panel's policy lets in no text as a picture.
const empty = await browser.newPage();
const { width, pixels } = await empty.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const ctx = canvas.getContext("2d");
    ctx.drawImage(image, 0, 0);
    const { data } = ctx.getImageData(0, 0, image.width, image.height);
    let text = "";
    for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
    return { width: image.width, pixels: btoa(text) };
}, shot);
writeFileSync(process.argv[2], small_png(Buffer.from(pixels, "base64"), width));
await browser.close();
await daemon.end();
process.exit(0);
