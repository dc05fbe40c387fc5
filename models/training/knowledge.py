"""The authored knowledge base as the product retrieves from it: paragraphs of the radiograph documents, by finding."""
from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from calibrate import ABSENT, NOT_KNOWN
from findings import Finding
from paths import REPOSITORY


@dataclass(frozen=True)
class Paragraph:
    text: str
    findings: frozenset[str]


def load_paragraphs() -> list[Paragraph]:
    """Paragraphs of `indices/xr/xr-chest-*.md` with the findings their document is about; none where the folder is missing."""
    result = []
    for file in sorted((REPOSITORY / "indices" / "xr").glob("xr-chest-*.md")):
        _, head, body = file.read_text(encoding="utf-8").split("---", 2)
        about = re.search(r"^findings: \[(.*)\]", head, re.M)
        ids = frozenset(i.strip() for i in (about.group(1) if about else "").split(",") if i.strip())
        result += [Paragraph(" ".join(p.split()), ids) for p in body.split("\n\n") if p.strip() and not p.strip().startswith("#")]
    return result


def paragraphs_for(paragraphs: list[Paragraph], states: np.ndarray, findings: list[Finding], rng: np.random.Generator, count: int, astray: bool) -> list[str]:
    """Up to `count` texts about the findings whose state is present; any at all when `astray` or nothing is present."""
    present = {f.id for f, state in zip(findings, states) if state not in (ABSENT, NOT_KNOWN)}
    fitting = [p.text for p in paragraphs if p.findings & present]
    pool = fitting if fitting and not astray else [p.text for p in paragraphs]
    return [pool[i] for i in rng.permutation(len(pool))[:count]]
