"""What the decoder learns from and drafts with: image tokens, finding states, text memory and target tokens.

Image tokens come from the frozen encoder, once plain and a few times augmented; sentence states from the frozen text trunk.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from calibrate import ABSENT, BILATERAL, LEFT, NOT_KNOWN, PRESENT, RIGHT, UNCERTAIN
from data import SIZE, Study
from decoder import BOS, EOS, IMPRESSION, MAX_TOKENS, PAD
from encoder import ImageEncoder
from findings import Finding
from report import clean_indication, clean_text
from statements import mentions, stated
from text import encode_texts
from train_encoder import batch_of

MAX_SNIPPETS = 5
SIDES = {"left": LEFT, "right": RIGHT, "bilateral": BILATERAL, "none": PRESENT}


@dataclass(frozen=True)
class Looks:
    """Frozen encoder outputs of n studies: tokens f16 [n,N,D'], mask [n,V], logits [n,F], sides [n,F,2], embedding [n,J]."""

    tokens: np.ndarray
    mask: np.ndarray
    logits: np.ndarray
    sides: np.ndarray
    embedding: np.ndarray


@torch.no_grad()
def look_at(load: Callable[[], ImageEncoder], studies: list[Study], images: np.ndarray, augmented: bool, seed: int, cache: Path) -> Looks:
    """Runs the encoder over studies, once; `cache` keeps the result. `load` is called only where the cache is missing."""
    if not cache.exists():
        encoder = load().eval()
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        kept: dict[str, list[np.ndarray]] = {k: [] for k in ("tokens", "mask", "logits", "sides", "embedding")}
        for start in range(0, len(studies), 16):
            batch = batch_of(studies[start:start + 16], images, augmented, rng, SIZE)
            with torch.autocast("cpu", torch.bfloat16):
                out = encoder(batch["images"], batch["views"], batch["mask"])
            kept["tokens"].append(out["tokens"].half().numpy())
            kept["mask"].append(batch["mask"].numpy())
            kept["logits"].append(out["logits"].float().numpy())
            kept["sides"].append(out["side_logits"].float().numpy())
            kept["embedding"].append(out["embedding"].float().numpy())
        np.savez(cache, **{k: np.concatenate(v) for k, v in kept.items()})
    stored = np.load(cache)
    return Looks(*(stored[k] for k in ("tokens", "mask", "logits", "sides", "embedding")))


@dataclass(frozen=True)
class Words:
    """A study's cleaned text."""

    findings: list[str]
    impression: list[str]
    indication: str


def words_of(study: Study) -> Words:
    """The cleaned sections of a report; sentences of the impression that only repeat the findings stay."""
    return Words(clean_text(study.record["findings"]), clean_text(study.record["impression"]), clean_indication(study.record["indication"]))


class TextStore:
    """MiniLM token states of every sentence that may become memory, f16, computed once and kept in `cache`."""

    def __init__(self, texts: list[str], work: Path, cache: Path) -> None:
        unique = sorted(set(texts))
        if not cache.exists():
            _, states = encode_texts(work, unique, keep_states=True)
            np.savez(cache, flat=np.concatenate(states), ends=np.cumsum([len(s) for s in states]), texts=np.array(unique))
        stored = np.load(cache)
        self.flat, self.ends = stored["flat"], stored["ends"]
        self.index = {t: i for i, t in enumerate(stored["texts"].tolist())}

    def states(self, text: str, limit: int) -> np.ndarray:
        """[T,384] with T ≤ limit."""
        i = self.index[text]
        start = 0 if i == 0 else int(self.ends[i - 1])
        return self.flat[start:min(int(self.ends[i]), start + limit)]


def true_states(study: Study, words: Words, findings: list[Finding]) -> list[int]:
    """States that the target text bears out: coded and stated → present with side; coded but lost in cleaning → not known."""
    text = stated(words.findings + words.impression)
    result = []
    for f, finding in enumerate(findings):
        state, side = text.get(finding.id, ("absent", "none"))
        coded_side = {(1, 0): "left", (0, 1): "right", (1, 1): "bilateral"}.get(study.sides[f], "none")
        if state != "absent":
            said = side if side != "none" else coded_side
            result.append((SIDES[said] if finding.sided else PRESENT) if state == "present" or study.present[f] else UNCERTAIN)
        else:
            result.append(NOT_KNOWN if study.present[f] or not study.coded else ABSENT)
    return result


def masked_states(states: list[int], rng: np.random.Generator) -> np.ndarray:
    """States as training shows them: some not known, some merely uncertain, so that the decoder also has to look."""
    shown = np.array(states)
    if rng.random() < 0.08:
        return np.full_like(shown, NOT_KNOWN)
    present = (shown != ABSENT) & (shown != NOT_KNOWN) & (shown != UNCERTAIN)
    shown[(rng.random(len(shown)) < 0.1)] = NOT_KNOWN
    shown[present & (rng.random(len(shown)) < 0.08)] = UNCERTAIN
    shown[(shown == ABSENT) & (rng.random(len(shown)) < 0.006)] = UNCERTAIN
    sided = np.isin(shown, (LEFT, RIGHT, BILATERAL)) & (rng.random(len(shown)) < 0.1)
    shown[sided] = PRESENT
    return shown


def neighbours(query: np.ndarray, bank: np.ndarray, count: int, exclude: list[int] | None = None) -> np.ndarray:
    """Indices [n,count] of the nearest bank rows by cosine; `exclude[i]` (a bank row) is left out for query i."""
    scores = query @ bank.T
    if exclude is not None:
        scores[np.arange(len(query)), exclude] = -2
    return np.argsort(-scores, 1)[:, :count]


def snippets_from(reports: list[Words], rng: np.random.Generator, count: int) -> list[str]:
    """Up to `count` sentences of some reports, those that state a finding first in line."""
    sentences = list(dict.fromkeys(s for r in reports for s in r.findings + r.impression))
    weights = np.array([3.0 if any(m[1] != "absent" for m in mentions(s)) else 1.0 for s in sentences])
    if not sentences or count < 1:
        return []
    chosen = rng.choice(len(sentences), min(count, len(sentences)), replace=False, p=weights / weights.sum())
    return [sentences[i] for i in chosen]


def memory_batch(
    tokens: list[np.ndarray], masks: list[np.ndarray], states: list[np.ndarray], indications: list[str],
    snippets: list[list[str]], store: TextStore, blank: list[bool],
) -> dict[str, torch.Tensor]:
    """Stacks a batch for `Memory`, with `hidden` [B,1,1,S] additive for padding (views, text and blanked images)."""
    b = len(tokens)
    texts = []
    for indication, lines in zip(indications, snippets):
        parts = [(store.states(indication, 48), 0)] if indication else []
        parts += [(store.states(line, 40), 1) for line in lines]
        texts.append(parts or [(np.zeros((1, 384), np.float16), 2)])
    m = max(sum(len(s) for s, _ in parts) for parts in texts)
    text, kinds = np.zeros((b, m, 384), np.float32), np.full((b, m), 2, np.int64)
    hide_text = np.ones((b, m), np.float32)
    for row, parts in enumerate(texts):
        at = 0
        for piece, kind in parts:
            text[row, at:at + len(piece)], kinds[row, at:at + len(piece)] = piece, kind
            hide_text[row, at:at + len(piece)] = 0
            at += len(piece)
    image = np.stack(tokens).astype(np.float32)
    n, f = image.shape[1], len(states[0])
    patches = n // masks[0].shape[0]
    hide_image = np.stack([np.repeat(1 - mask, patches) if not off else np.ones(n, np.float32) for mask, off in zip(masks, blank)])
    hidden = np.concatenate([hide_image, np.zeros((b, f), np.float32), hide_text], 1) * -1e9
    return {
        "tokens": torch.from_numpy(image), "finding_states": torch.from_numpy(np.stack(states)),
        "text_states": torch.from_numpy(text), "text_kinds": torch.from_numpy(kinds),
        "hidden": torch.from_numpy(hidden.astype(np.float32)).reshape(b, 1, 1, -1),
    }


def speaks(sentence: str) -> bool:
    """Whether a sentence states a finding that is there."""
    return any(m[1] != "absent" for m in mentions(sentence))


def target_batch(sequences: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token sequences → inputs [B,T] and targets [B,T], -100 where nothing is to be learned: padding, and the place
    right after <bos> or <impression> where cleaning left the section empty."""
    length = min(MAX_TOKENS, max(len(s) for s in sequences) - 1)
    inputs = torch.full((len(sequences), length), PAD)
    targets = torch.full((len(sequences), length), -100)
    for row, ids in enumerate(sequences):
        ids = ids[: length + 1]
        inputs[row, :len(ids) - 1] = torch.tensor(ids[:-1])
        wanted = torch.tensor(ids[1:])
        for at, (before, after) in enumerate(zip(ids, ids[1:])):
            if (before, after) in ((BOS, IMPRESSION), (IMPRESSION, EOS)):
                wanted[at] = -100
        targets[row, :len(ids) - 1] = wanted
    return inputs, targets
