"""Measures the pack with the product's own command, `wetread eval`, and keeps the figures in the pack's `metrics.json`."""
from __future__ import annotations

import json
import subprocess

from paths import REPOSITORY, parser, prepare

# Of one machine or one run, not of the pack.
LEFT_OUT = ("command", "dataset", "corpus", "problems")


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--split", default="val")
    p.add_argument("--done", action="store_true", help="take the figures of a run that is there already")
    args = p.parse_args()
    places = prepare(args)
    out = places.work / f"evaluation-{args.split}"
    if not args.done:
        subprocess.run(["npx", "tsx", "main/cli.ts", "eval", "--dataset", str((places.data / "iu_xray").resolve()), "--split", args.split,
                        "--shuffled", "--out", str(out.resolve())], cwd=REPOSITORY, check=True)
    metrics = json.loads((out / "metrics.json").read_text())
    kept = {name: value for name, value in metrics.items() if name not in LEFT_OUT}
    kept["gate"] = json.loads((places.work / "gate.json").read_text())
    (places.pack / "metrics.json").write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
