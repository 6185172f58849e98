// The page of a training in Chromium: training.mjs ADDRESS SCREENSHOT
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [address, shot] = process.argv.slice(2);
const { PANEL_PACKAGES, PANEL_BROWSER } = process.env;
const require = createRequire(`${PANEL_PACKAGES}/`);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const browser = await require("playwright-core").chromium.launch({ executablePath: PANEL_BROWSER, args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"] });

const check = (holds, what) => {
    if (!holds) throw new Error(what);
};
try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true })).newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await page.goto(address);
    for (const work of ["phase 1, climbing", "phase 1, falling", "phase 2"])
        await page.locator(`#curves svg[aria-label*='${work}']`).waitFor({ timeout: 90_000 });
    await page.locator("#line", { hasText: /64 notes, all of climbing, falling alike/ }).waitFor({ timeout: 90_000 });
    check((await page.locator("#work").textContent()).includes("phase 2"), "what is done now");
    check(/(min|s) left/.test(await page.locator("#left").textContent()), "the time that is left");
    check((await page.locator("#said").textContent()).includes("wrote"), "what it says");
    const drawn = await page.evaluate(() => {
        const canvas = document.getElementById("roll");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
    });
    check(drawn > 3, "the roll is empty");
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    if (shot) await page.screenshot({ path: shot, fullPage: true });
    await page.evaluate(axe);
    for (const [colorScheme, width] of [["dark", 1280], ["light", 360]]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations
            .map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
        check(found.length === 0, `axe, ${colorScheme}: ${found.join("; ")}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(wide <= 0, `${wide} px wider than ${width}`);
        console.log(`ok: ${colorScheme}, ${width} px`);
    }
    check(faults.length === 0, faults.join("; "));
} finally {
    await browser.close();
}
