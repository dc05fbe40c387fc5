"""Runs the steps of making the pack, one or all, each in its own process with the same options.

    python models/training/train.py all --data ../shared/data --work .cache/training
"""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

STEPS = {
    "encoder": "train_encoder.py", "second": "train_encoder.py", "sides": "train_sides.py", "gate": "gate.py", "decoder": "train_decoder.py", "adapter": "train_adapter.py",
    "export": "export.py", "verify": "verify.py", "evaluate": "evaluate.py", "card": "card.py",
}
# Keeps freed memory in the process: giving it back to the kernel and taking it again costs half of the time.
ALLOCATION = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_TOP_PAD_": "268435456"}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in (*STEPS, "all"):
        sys.exit(f"usage: train.py {{{'|'.join([*STEPS, 'all'])}}} [--data DIR] [--work DIR] [--pack DIR] [options of the step]")
    chosen = list(STEPS) if sys.argv[1] == "all" else [sys.argv[1]]
    for step in chosen:
        print(f"== {step}", flush=True)
        script = Path(__file__).with_name(STEPS[step])
        own = ["--second"] if step == "second" else []
        subprocess.run([sys.executable, str(script), *own, *sys.argv[2:]], check=True, env={**os.environ, **ALLOCATION})


if __name__ == "__main__":
    main()
