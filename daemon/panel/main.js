// The page put together: which page is seen, the connection's banner, what is said aloud.

import "./faders.js";
import "./pad.js";
import "./roll.js";
import "./scenes.js";
import "./transport.js";
import "./meters.js";
import "./controls.js";
import "./harmony.js";
import "./learn.js";
import "./session.js";
import "./about.js";
import { make } from "./elements.js";
import { heard } from "./heard.js";
import { listen_to_keys } from "./keys.js";
import { panel } from "./panel.js";

const kPages = ["live", "session", "about"];
const kSeen = 5000; // ms that news stay

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

function look() {
    panel.look(!document.hidden && !element("live").hidden);
}

function show_page() {
    const wanted = location.hash.slice(1);
    const page = kPages.includes(wanted) ? wanted : "live";
    for (const name of kPages) {
        element(name).hidden = name !== page;
        const link = document.querySelector(`nav a[href="#${name}"]`);
        if (name === page) link?.setAttribute("aria-current", "page");
        else link?.removeAttribute("aria-current");
    }
    look();
    document.title = page === "live" ? "fusiond" : `${page[0].toUpperCase()}${page.slice(1)} – fusiond`;
    if (page === "about") void /** @type {any} */ (element("about")).ask();
    if (page === "session") /** @type {any} */ (element("session")).count();
}

let was_ever_connected = false;
function show_connection() {
    const banner = element("connection");
    if (panel.is_connected) was_ever_connected = true;
    document.documentElement.classList.toggle("is-offline", !panel.is_connected);
    banner.hidden = panel.is_connected;
    element("connection-text").textContent = panel.is_connected ? "" : panel.reason ||
        (was_ever_connected ? "The connection to fusiond is lost. Trying again…" : "Connecting to fusiond…");
}

/** @param {string} text @param {string} kind */
function say(text, kind) {
    const news = make("p", { className: `news news-${kind}` }, text);
    const all = element("news");
    all.append(news);
    while (all.childElementCount > 4) all.firstElementChild?.remove();
    setTimeout(() => news.remove(), kSeen);
}
document.addEventListener("panel-say", (event) => {
    const { text, kind } = /** @type {CustomEvent} */ (event).detail;
    say(text, kind);
});
// What was refused or clamped is told, and the value that is in force is asked for.
panel.watch("/fail", ([path, reason]) => {
    say(`${String(path).replace("/fusiond/", "")}: ${reason}`, "fault");
    if (panel.tree?.entries.get(String(path))?.value) panel.act(String(path));
});

const kThemes = ["system", "dark", "light"];
const kThemeKept = "fusiond-theme";
/** @param {string} theme */
function show_theme(theme) {
    const known = kThemes.includes(theme) ? theme : "system";
    document.documentElement.dataset.theme = known;
    /** @type {HTMLLinkElement} */ (element("light")).media = { light: "all", dark: "not all" }[known] ?? "(prefers-color-scheme: light)";
    element("theme").setAttribute("aria-label", `Colours: ${known === "system" ? "as the system has them" : known}`);
    document.dispatchEvent(new Event("panel-theme"));
}
element("theme").addEventListener("click", () => {
    const next = kThemes[(kThemes.indexOf(document.documentElement.dataset.theme ?? "system") + 1) % kThemes.length];
    show_theme(next);
    try {
        localStorage.setItem(kThemeKept, next);
    } catch {
        // Private windows may keep nothing.
    }
});
try {
    show_theme(localStorage.getItem(kThemeKept) ?? "system");
} catch {
    show_theme("system");
}

// A phone on a stand does not go dark while the music plays, where the browser allows it.
async function stay_awake() {
    if (document.hidden || !("wakeLock" in navigator)) return;
    try {
        await navigator.wakeLock.request("screen");
    } catch {
        // No battery for it, or not allowed: as any page then.
    }
}

addEventListener("hashchange", show_page);
document.addEventListener("visibilitychange", () => {
    look();
    void stay_awake();
});
panel.addEventListener("connection", show_connection);
heard.listen();
listen_to_keys();
show_page();
show_connection();
panel.begin();
void stay_awake();
