"""The control surfaces against the daemon: each control's path exists and takes both its ends.

    layouts_check.py PORT SESSION.json LAYOUT.tosc

Exits with 1 and a line for each control that does not.
"""
import json
import sys
import xml.etree.ElementTree as xml
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[3] / "osc" / "examples"))
from fusiond import Fusiond  # noqa: E402

# (path, arguments before the value, least, greatest, type); least is None where there is no value.


def of_open_stage_control(session):
    assert session["type"] == "session" and session["content"]["type"] == "root"
    for widget in session["content"]["widgets"]:
        before = widget["preArgs"] or []
        if widget["type"] == "fader":
            ends = widget["range"]["min"], widget["range"]["max"]
        elif widget["mode"] == "momentary":
            ends = None, None
        else:
            ends = widget.get("off"), widget["on"]
        yield widget["address"], before, *ends, widget["typeTags"]


def of_touchosc(document):
    root = xml.fromstring(document)
    assert root.tag == "lexml"
    for message in root.iter("osc"):
        path = "".join(part.findtext("value") for part in message.find("path"))
        before, ends, kind = [], (None, None), ""
        for part in message.find("arguments"):
            if part.findtext("type") == "CONSTANT":
                text = part.findtext("value")
                before.append(text if part.findtext("conversion") == "STRING" else float(text))
            else:
                ends = float(part.findtext("scaleMin")), float(part.findtext("scaleMax"))
                kind = {"INTEGER": "i", "FLOAT": "f"}[part.findtext("conversion")]
        yield path, before, *ends, kind


def fault(fusiond, path, before, least, greatest, kind):
    """What is wrong with one control, or nothing."""
    as_type = int if kind == "i" else float
    if least is None:  # a scene: saved before it is recalled
        fusiond.send(path.replace("recall", "save"), before[0])
        fusiond.send(path, *before)
        return refusal(fusiond)
    for end in (least, greatest):
        fusiond.send(path, *before, as_type(end))
        trouble = refusal(fusiond)
        if trouble:
            return trouble
    return None


def refusal(fusiond):
    """What /fail has said by the time that all before is done."""
    trouble = None
    fusiond.send("/sync", 7)
    for path, values in fusiond.listen(seconds=30):
        if path == "/fail":
            trouble = values[1]
        if path == "/synced":
            return trouble
    return "no answer"


def main():
    port, session, layout = sys.argv[1:]
    fusiond = Fusiond(port=int(port))
    genres = {path.rsplit("/", 1)[1] for path in weights(fusiond)}
    faults = []
    for surface, found in (
        (session, of_open_stage_control(json.loads(Path(session).read_text()))),
        (layout, of_touchosc(zlib.decompress(Path(layout).read_bytes()))),
    ):
        tried = faders = 0
        for path, before, least, greatest, kind in found:
            family, _, member = path.removeprefix("/fusiond/").partition("/")
            if family == "weight" and (float(least), float(greatest)) != (0.0, 10.0):
                faults.append(f"{surface}: {path} goes from {least} to {greatest}")
            if family in ("weight", "part") and member not in genres:
                continue  # of another bundle
            trouble = fault(fusiond, path, before, least, greatest, kind)
            if trouble:
                faults.append(f"{surface}: {path}: {trouble}")
            tried += 1
            faders += family == "weight"
        if faders != len(genres):
            faults.append(f"{surface}: {faders} faders for {len(genres)} genres")
        print(f"{Path(surface).name}: {tried} controls, {faders} genre faders")
    sys.exit("\n".join(faults) if faults else 0)


def weights(fusiond):
    fusiond.send("/fusiond/weight/*")
    fusiond.send("/sync", 1)
    for path, _ in fusiond.listen(seconds=30):
        if path == "/synced":
            return
        yield path


if __name__ == "__main__":
    main()
