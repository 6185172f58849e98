"""Asks the daemon itself what came of a foreign client's doings.

    probe.py PORT rest                     # controls to where no example leaves them
    probe.py PORT wait PATH VALUE [VALUE]  # until the path has one of the values; 30 s
"""
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parents[3] / "osc" / "examples"))
from fusiond import Fusiond  # noqa: E402  (the shipped example is the client)

AT_REST = {
    "weight/*": 5.0, "part/*": 0, "ramp": 0.25, "tempo": 240.0, "temperature": 1.0, "gate": 0.92,
    "density": 0.0, "rests": 0.0, "scale": "off", "transpose": 0, "velocity": 96, "swing": 0.5,
    "mute": 0, "hold": 0, "playing": 1,
}


def same(value, wanted):
    try:
        return abs(float(value) - float(wanted)) < 1e-3
    except ValueError:
        return value == wanted


def wait(fusiond, path, wanted):
    values, until = [], time.monotonic() + 30
    while time.monotonic() < until:
        values = fusiond.ask(path)
        if any(same(values[0], one) for one in wanted):
            return
        time.sleep(0.05)
    sys.exit(f"{path} is {values}, not {' or '.join(wanted)}")


def main():
    fusiond = Fusiond(port=int(sys.argv[1]))
    match sys.argv[2:]:
        case ["rest"]:
            for name, value in AT_REST.items():
                fusiond.send(f"/fusiond/{name}", value)
            fusiond.ask("/sync", 1, answer="/synced")
        case ["wait", path, *wanted]:
            wait(fusiond, path, wanted)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
