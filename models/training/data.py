"""The studies: splits, decoded images and coded labels.

The dev part (every tenth study of train+extra, by a hash of its uid) is for calibration, early stopping and choosing;
val is for measuring only.
"""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from findings import is_coded, label, load_findings

SIZE = 256
FRONTAL, LATERAL, UNKNOWN = 0, 1, 2


@dataclass(frozen=True)
class Study:
    """One study. `rows` index the image cache, `views` say frontal or lateral; labels are those of `findings.label`."""

    uid: str
    part: str
    rows: tuple[int, ...]
    views: tuple[int, ...]
    coded: bool
    normal: bool
    present: tuple[int, ...]
    sides: tuple[tuple[int, int], ...]
    record: dict


def read_studies(data: Path) -> list[dict]:
    """The records of `iu_xray/studies.jsonl`."""
    with (data / "iu_xray" / "studies.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def part_of(record: dict) -> str:
    """train, dev, or the record's own split when it is a measured one (val, test)."""
    if record["split"] not in ("train", "extra"):
        return record["split"]
    digest = hashlib.sha256(record["uid"].encode()).digest()
    return "dev" if digest[0] % 10 == 0 else "train"


def load_studies(data: Path) -> list[Study]:
    """All studies with at least one image; rows follow the order of the file, as in `load_images`."""
    findings = load_findings()
    studies, row = [], 0
    for record in read_studies(data):
        rows = tuple(range(row, row + len(record["images"])))
        row += len(rows)
        if not rows:
            continue
        present, sides = label(record, findings)
        views = tuple(FRONTAL if i["projection"] == "Frontal" else LATERAL for i in record["images"])
        studies.append(
            Study(record["uid"], part_of(record), rows, views, is_coded(record), record["mesh"] == ["normal"],
                  tuple(present), tuple((s[0], s[1]) for s in sides), record)
        )
    return studies


def to_pixels(path: Path) -> np.ndarray:
    """One picture as the pack sees it: grey, squashed to SIZE×SIZE, uint8."""
    with Image.open(path) as image:
        grey = image.convert("L")
        if grey.size != (SIZE, SIZE):
            grey = grey.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        return np.asarray(grey, np.uint8)


def load_images(data: Path, work: Path) -> np.ndarray:
    """All images of all studies, uint8 [images, SIZE, SIZE], decoded once into `work`."""
    cache = work / "images.npy"
    if not cache.exists():
        files = [image["file"] for record in read_studies(data) for image in record["images"]]
        pixels = np.stack([to_pixels(data / "iu_xray" / "images" / name) for name in files])
        np.save(cache, pixels)
    return np.load(cache, mmap_mode="r")
