// Learning a controller by pointing: begin, point at what it is to turn, move the controller. While
// it is on, no press does what it otherwise would.

import { make, say } from "./elements.js";
import { at, panel } from "./panel.js";

class FusionLearn extends HTMLElement {
    /** @type {"off" | "pointing" | "waiting"} */
    state = "off";
    path = "";
    has_begun = false;

    connectedCallback() {
        this.button = make("button", { type: "button", className: "learn", "aria-pressed": "false", title: "Point at a control, then move a knob or press a pad" }, "Learn");
        this.button.addEventListener("click", () => this.toggle());
        this.banner = make("div", { className: "learn-banner", role: "status", hidden: true });
        this.replaceChildren(this.button);
        document.body.append(this.banner);
        for (const name of ["pointerdown", "mousedown", "click", "change", "input"])
            document.addEventListener(name, (event) => this.catch(event), { capture: true });
        document.addEventListener("keydown", (event) => this.key(event), { capture: true });
        panel.watch(at("learned"), ([path, news]) => {
            say(String(news));
            if (this.state !== "waiting" || path !== this.path) return;
            // The first news is that learning has begun, the second what came of it.
            if (this.has_begun) this.end();
            this.has_begun = true;
        });
    }

    toggle() {
        if (this.state === "off") this.to("pointing");
        else this.cancel();
    }

    cancel() {
        if (this.state === "waiting") panel.act(at("learn"));
        this.end();
    }

    end() {
        this.to("off");
    }

    /** @param {"off" | "pointing" | "waiting"} state */
    to(state) {
        this.state = state;
        document.documentElement.classList.toggle("is-learning", state !== "off");
        this.button?.setAttribute("aria-pressed", String(state !== "off"));
        document.querySelector(".is-learned")?.classList.remove("is-learned");
        if (!this.banner) return;
        this.banner.hidden = state === "off";
        if (state === "off") return;
        const cancel = make("button", { type: "button", "data-learn": "cancel" }, "Cancel");
        cancel.addEventListener("click", () => this.cancel());
        if (state === "pointing") {
            this.banner.replaceChildren(make("span", {}, "Point at the control that is to be turned, or focus it and press Enter."), cancel);
            return;
        }
        const forget = make("button", { type: "button", "data-learn": "forget" }, "Forget what turns it");
        forget.addEventListener("click", () => {
            panel.act(at("unlearn"), "s", [this.path]);
            this.cancel();
        });
        this.banner.replaceChildren(make("span", {}, `Move the controller that is to turn ${this.path.replace("/fusiond/", "")}.`), forget, cancel);
    }

    /** @param {Event} event */
    catch(event) {
        if (this.state === "off" || !(event.target instanceof Element)) return;
        if (event.target.closest("fusion-learn, .learn-banner")) return;
        const target = /** @type {HTMLElement | null} */ (event.target.closest("[data-path]"));
        if (!target && event.target.closest("a, summary")) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (target && event.type === "pointerdown") this.choose(target);
    }

    /** @param {KeyboardEvent} event */
    key(event) {
        if (this.state === "off") return;
        if (event.key === "Escape") {
            event.preventDefault();
            event.stopImmediatePropagation();
            return this.cancel();
        }
        if (event.key === "Tab" || !(event.target instanceof HTMLElement)) return;
        if (event.target.closest("fusion-learn, .learn-banner, nav, summary")) return;
        const target = /** @type {HTMLElement | null} */ (event.target.closest("[data-path]"));
        if (!target) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (event.key === "Enter" || event.key === " ") this.choose(target);
    }

    /** @param {HTMLElement} target */
    choose(target) {
        this.path = target.dataset.path ?? "";
        this.has_begun = false;
        if (!panel.act(at("learn"), "s", [this.path])) return say("There is no connection to the daemon", "fault");
        this.to("waiting");
        target.classList.add("is-learned");
    }
}
customElements.define("fusion-learn", FusionLearn);
