#!/usr/bin/env python3
"""Control surfaces for fusiond, made for the genres of your bundle:

    python3 layouts.py touchosc > fusiond.tosc
    python3 layouts.py open-stage-control > open-stage-control.json    # the one beside this file
    open-stage-control --send 127.0.0.1:9700 --load open-stage-control.json
    python3 layouts.py touchosc --genres jazz,folk,ragtime > mine.tosc

One table of controls for both. A .tosc file is zlib-compressed XML.
"""
import argparse
import json
import sys
import uuid
import zlib
from xml.sax.saxutils import escape

GENRES = "cinematic,classical,electronic,folk,game,jazz,pop,rock"
# Path below /fusiond, least, greatest (what is handy, within what is allowed), OSC type.
SLIDERS = [
    ("tempo", 40, 240, "f"), ("temperature", 0.05, 3, "f"), ("density", -1, 1, "f"),
    ("rests", -1, 1, "f"), ("ramp", 0, 16, "f"), ("swing", 0.5, 0.75, "f"),
    ("velocity", 1, 127, "i"), ("transpose", -12, 12, "i"),
]
TOGGLES = ["playing", "mute", "hold"]
ACTIONS = ["restart", "again", "panic"]
SCENES = ["A", "B", "C", "D"]
RECALL_BEATS = 4
WIDTH, HEIGHT, GAP = 1024, 768, 8


def controls(genres):
    """Each control: kind, label, path, arguments before the value, least, greatest, type, frame."""
    def frame(column, columns, top, height):
        width = (WIDTH - GAP) / columns
        return [round(GAP + column * width), top, round(width - GAP), height]

    for n, genre in enumerate(genres):
        yield ("fader", genre, f"weight/{genre}", [], 0, 10, "f", frame(n, len(genres), 8, 300))
        yield ("toggle", "own part", f"part/{genre}", [], 0, 1, "i", frame(n, len(genres), 316, 44))
    for n, (name, least, greatest, kind) in enumerate(SLIDERS):
        at = frame(n % 4, 4, 372 + n // 4 * 92, 84)
        yield ("slider", name, name, [], least, greatest, kind, at)
    buttons = [("toggle", name, name, []) for name in TOGGLES]
    buttons += [("button", name, name, []) for name in ACTIONS]
    for n, (kind, label, path, before) in enumerate(buttons):
        yield (kind, label, path, before, 0, 1, "i", frame(n, len(buttons), 560, 60))
    for n, scene in enumerate(SCENES):
        at = frame(n, len(SCENES), 632, 60), frame(n, len(SCENES), 700, 60)
        recall = [scene, float(RECALL_BEATS)]
        yield ("shot", f"scene {scene}", "scene/recall", recall, 0, 0, "", at[0])
        yield ("shot", f"save {scene}", "scene/save", [scene], 0, 0, "", at[1])


# --- Open Stage Control: the session says what differs from the widgets' defaults ---

# Sends from the port it listens at, so that answers and changes come back to the widgets.
ON_CREATE = """\
function greet() {  // again and again: a subscriber is dropped after the time it said
    send('/fusiond/subscribe', {type: 'i', value: 60}, 'changes')
}
greet()
setInterval('fusiond', greet, 20000)
send('/fusiond/*')    // asks for every value,
send('/fusiond/*/*')  // the genres' too
"""


def open_stage_control(genres):
    widgets = []
    for kind, label, path, before, least, greatest, osc_type, (x, y, w, h) in controls(genres):
        widget = {
            "type": "fader" if kind in ("fader", "slider") else "button",
            "id": f"{path}/{before[0]}" if before else path,
            "left": f"{100 * x / WIDTH:.2f}%", "top": f"{100 * y / HEIGHT:.2f}%",
            "width": f"{100 * w / WIDTH:.2f}%", "height": f"{100 * h / HEIGHT:.2f}%",
            "address": f"/fusiond/{path}", "preArgs": before or "",
        }
        if kind in ("fader", "slider"):
            widget |= {"range": {"min": least, "max": greatest}, "typeTags": osc_type,
                       "horizontal": kind == "slider", "html": label,
                       "decimals": 0 if osc_type == "i" else 2}
        elif kind == "shot":  # no value of its own: its arguments are those before it
            widget |= {"label": label, "mode": "momentary", "typeTags": "sf"}
        else:
            widget |= {"label": label, "on": 1, "off": 0, "typeTags": "i",
                       "mode": "toggle" if kind == "toggle" else "tap"}
        widgets.append(widget)
    root = {"type": "root", "id": "root", "onCreate": ON_CREATE, "widgets": widgets}
    session = {"createdWith": "Open Stage Control", "version": "1.29.2", "type": "session",
               "content": root}
    return (json.dumps(session, indent=1) + "\n").encode()


# --- TouchOSC ---

GREET = """\
local greeted = nil
function update()
  local now = getMillis()
  if greeted == nil or now - greeted >= 20000 then
    sendOSC({ '/fusiond/subscribe',
              { { tag = 'i', value = 60 }, { tag = 's', value = 'changes' } } })
    if greeted == nil then
      sendOSC({ '/fusiond/*', {} })
      sendOSC({ '/fusiond/*/*', {} })
    end
    greeted = now
  end
end
"""


def tag(name, content):
    return f"<{name}>{content}</{name}>"


def prop(kind, key, value):
    if kind == "c":
        value = "".join(tag(k, v) for k, v in zip("rgba", value))
    elif kind == "r":
        value = "".join(tag(k, v) for k, v in zip("xywh", value))
    else:
        value = escape(str(value))
    return f"<property type='{kind}'>{tag('key', key)}{tag('value', value)}</property>"


def value(key, default):
    return tag("value", tag("key", key) + tag("locked", 0) + tag("lockedDefaultCurrent", 0) +
               tag("default", escape(str(default))) + tag("defaultPull", 0))


def partial(kind, conversion, content, least=0, greatest=1):
    return tag("partial", tag("type", kind) + tag("conversion", conversion) +
               tag("value", escape(str(content))) +
               tag("scaleMin", least) + tag("scaleMax", greatest))


def osc(path, before, least, greatest, osc_type, shot):
    arguments = "".join(
        partial("CONSTANT", "STRING" if isinstance(a, str) else "FLOAT", a) for a in before)
    if not shot:
        conversion = "INTEGER" if osc_type == "i" else "FLOAT"
        arguments += partial("VALUE", conversion, "x", least, greatest)
    return tag("osc", tag("enabled", 1) + tag("send", 1) + tag("receive", 0 if shot else 1) +
               tag("feedback", 0) + tag("connections", "00001") +
               tag("triggers", tag("trigger", tag("var", "x") +
                                   tag("condition", "RISE" if shot else "ANY"))) +
               tag("path", partial("CONSTANT", "STRING", f"/fusiond/{path}")) +
               tag("arguments", arguments))


def node(kind, name, frame, properties="", values="", messages="", children=""):
    # Made from the name: the same table makes the same file.
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"fusiond/{kind}/{name}")
    inside = tag("properties", prop("s", "name", name) + prop("r", "frame", frame) + properties)
    inside += tag("values", values) if values else ""
    inside += tag("messages", messages) if messages else ""
    inside += tag("children", children) if children else ""
    return f"<node ID='{identity}' type='{kind}'>{inside}</node>"


def touchosc(genres):
    nodes = ""
    hue = [(0.2, 0.7, 1, 1), (1, 0.7, 0.2, 1)]
    for kind, label, path, before, least, greatest, osc_type, frame in controls(genres):
        message = osc(path, before, least, greatest, osc_type, kind == "shot")
        name = "/".join([path] + before[:1])
        if kind in ("fader", "slider"):
            nodes += node("FADER", name, frame,
                          prop("c", "color", hue[kind == "slider"]) +
                          prop("i", "orientation", 1 if kind == "slider" else 0),
                          value("x", 0) + value("touch", "false"), message)
        else:
            nodes += node("BUTTON", name, frame,
                          prop("c", "color", hue[kind == "shot"]) +
                          prop("i", "buttonType", 2 if kind == "toggle" else 0),
                          value("x", 0) + value("touch", "false"), message)
        x, y, w, _ = frame
        nodes += node("LABEL", f"label {name}", [x, y, w, 24],
                      prop("b", "background", 0) + prop("b", "outline", 0) +
                      prop("b", "interactive", 0) + prop("i", "textSize", 14),
                      value("text", label))
    root = node("GROUP", "fusiond", [0, 0, WIDTH, HEIGHT],
                prop("c", "color", (0, 0, 0, 1)) + prop("s", "script", GREET),
                value("touch", "false"), children=nodes)
    document = f"<?xml version='1.0' encoding='UTF-8'?><lexml version='3'>{root}</lexml>"
    return zlib.compress(document.encode())


def main():
    makers = {"touchosc": touchosc, "open-stage-control": open_stage_control}
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("surface", choices=makers)
    parser.add_argument("--genres", default=GENRES,
                        help="with commas; default: the shipped bundle's")
    options = parser.parse_args()
    sys.stdout.buffer.write(makers[options.surface](options.genres.split(",")))


if __name__ == "__main__":
    main()
