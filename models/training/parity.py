"""What PyTorch makes of a drawn study, written into the pack, so that a test can ask the same of onnxruntime-node.

The pictures are a formula, not radiographs: both sides can compute them, and nothing of the training data ships.
"""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from data import FRONTAL, LATERAL, SIZE
from decoder import BOS, EOS, Decoder, no_past

TEXT = "no pleural effusion or pneumothorax"
TOKENS = 60


def drawing() -> np.ndarray:
    """images f32 [2,1,S,S] in 0…1."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float64)
    return np.stack([0.5 + 0.5 * np.sin(0.05 * (v + 1) * x) * np.cos(0.04 * y) for v in range(2)])[:, None].astype(np.float32)


@torch.no_grad()
def greedy_tokens(decoder: Decoder, tokens: torch.Tensor, states: torch.Tensor, lora: tuple[torch.Tensor, torch.Tensor]) -> list[int]:
    """The likeliest token each time, with nothing forbidden, until <eos> or TOKENS."""
    cross = decoder.memory(tokens, states, torch.zeros(1, 1, 384), torch.full((1, 1), 2))
    keys = values = no_past(1)
    ids = [BOS]
    while len(ids) <= TOKENS and ids[-1] != EOS:
        hidden, keys, values, _ = decoder.step(torch.tensor([ids[-1:]]), *cross, keys, values, *lora)
        ids.append(int(decoder.predict(hidden[:, -1]).argmax()))
    return ids


@torch.no_grad()
def write_parity(path: Path, encoder: torch.nn.Module, text: tuple[np.ndarray, np.ndarray], decoder: Decoder,
                 adapters: dict[str, tuple[torch.Tensor, torch.Tensor]]) -> None:
    """`encoder` is the exported one; `text` its ids and the joint vector of TEXT; `adapters` by id, the base as `none`."""
    out = encoder(torch.from_numpy(drawing()), torch.tensor([FRONTAL, LATERAL]))
    tokens, logits, sides = out[0], out[2], out[7]
    states = torch.zeros(1, logits.shape[1], dtype=torch.long)
    states[0, 0] = 1
    rounded = lambda values: [round(float(v), 5) for v in values.flatten()]
    path.write_text(json.dumps({
        "logits": rounded(logits), "sides": rounded(sides), "text": TEXT, "joint": rounded(text[1]),
        "state": 1, "reports": {name: greedy_tokens(decoder, tokens, states, lora) for name, lora in adapters.items()},
    }) + "\n")
