"""Command-line options shared by every step, and where each step keeps its work."""
from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Places:
    """`data`: the read-only data folder; `work`: caches and checkpoints (outside git); `pack`: the pack being made."""

    data: Path
    work: Path
    pack: Path


def parser(description: str) -> argparse.ArgumentParser:
    """An argument parser with the options that all steps take."""
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    p.add_argument("--work", type=Path, default=REPOSITORY / ".cache" / "training")
    p.add_argument("--pack", type=Path, default=REPOSITORY / "models" / "cxr")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--threads", type=int, default=2)
    return p


def prepare(args: argparse.Namespace) -> Places:
    """Fixes the seeds and threads and makes the folders."""
    random.seed(args.seed)
    np.random.seed(args.seed)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    args.pack.mkdir(parents=True, exist_ok=True)
    return Places(args.data, args.work, args.pack)
