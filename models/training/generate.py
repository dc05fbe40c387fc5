"""Drafts in PyTorch with a self-attention cache: greedy or sampled, a batch at a time.

The layers are those of `decoder.py`, in the form that is fastest for one token at a time: LoRA is merged into the weights,
the cache is laid out once, and the samples of a study share its memory, so that their queries are one matrix product.
"""
from __future__ import annotations

import math

import torch
from torch.nn import functional as fn

from decoder import BOS, CROSS_OUTPUT, CROSS_QUERY, EOS, HEADS, IMPRESSION, LAYERS, PAD, SELF_QUERY, SELF_VALUE, WIDTH, Decoder, Layer

LONGEST = 150
INPUTS = ("tokens", "finding_states", "text_states", "text_kinds")
HEAD = WIDTH // HEADS


class MergedLayer:
    """One layer for inference: queries, keys and values in one product, the adapter in the weights."""

    def __init__(self, layer: Layer, a: torch.Tensor, b: torch.Tensor, kind: torch.dtype) -> None:
        def adapted(linear: torch.nn.Linear, target: int) -> torch.Tensor:
            return linear.weight + (a[target] @ b[target]).T

        def pair(weight: torch.Tensor, bias: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return weight.to(kind), bias.to(kind)

        self.norms = [pair(norm.weight, norm.bias) for norm in (layer.self_norm, layer.cross_norm, layer.feed_norm)]
        self.own = pair(torch.cat([adapted(layer.self_query, SELF_QUERY), layer.self_key.weight, adapted(layer.self_value, SELF_VALUE)]),
                        torch.cat([layer.self_query.bias, layer.self_key.bias, layer.self_value.bias]))
        self.own_output = pair(layer.self_output.weight, layer.self_output.bias)
        self.cross = pair(adapted(layer.cross_query, CROSS_QUERY), layer.cross_query.bias)
        self.cross_output = pair(adapted(layer.cross_output, CROSS_OUTPUT), layer.cross_output.bias)
        self.widen, self.narrow = (pair(linear.weight, linear.bias) for linear in (layer.feed[0], layer.feed[2]))

    def __call__(self, x: torch.Tensor, cache: torch.Tensor, place: int, keys: torch.Tensor, values: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        """x [n,D], cache [2,n,H,T,d] (written at `place`), the memory's keys transposed [B,H,d,S], values [B,H,S,d],
        hidden [B,1,1,S] additive → [n,D], n = B times the samples of each."""
        n, studies = len(x), len(keys)
        query, key, value = fn.linear(fn.layer_norm(x, (WIDTH,), *self.norms[0]), *self.own).reshape(n, 3, HEADS, HEAD).unbind(1)
        cache[0, :, :, place], cache[1, :, :, place] = key, value
        weights = (cache[0, :, :, :place + 1] @ query.unsqueeze(-1)).transpose(2, 3) / math.sqrt(HEAD)
        x = x + fn.linear((weights.softmax(-1) @ cache[1, :, :, :place + 1]).reshape(n, WIDTH), *self.own_output)
        query = fn.linear(fn.layer_norm(x, (WIDTH,), *self.norms[1]), *self.cross)
        query = query.reshape(studies, n // studies, HEADS, HEAD).transpose(1, 2) / math.sqrt(HEAD)
        seen = ((query @ keys + hidden).softmax(-1) @ values).transpose(1, 2).reshape(n, WIDTH)
        x = x + fn.linear(seen, *self.cross_output)
        return x + fn.linear(fn.gelu(fn.linear(fn.layer_norm(x, (WIDTH,), *self.norms[2]), *self.widen)), *self.narrow)


@torch.inference_mode()
def generate(
    decoder: Decoder, memory: dict[str, torch.Tensor], lora: tuple[torch.Tensor, torch.Tensor], temperature: float = 0.0,
    longest: int = LONGEST, samples: int = 1, kind: torch.dtype = torch.float32,
) -> list[list[int]]:
    """memory as `examples.memory_batch` → token ids of each report, from <bos> to <eos>, then padding; the `samples` of a
    study one after the other. Temperature 0 is greedy. `kind`: bfloat16 is faster, near enough to sample with."""
    decoder.eval()
    layers = [MergedLayer(layer, a, b, kind) for layer, a, b in zip(decoder.layers, *lora)]
    with torch.autocast("cpu", torch.bfloat16, enabled=kind != torch.float32):
        keys, values = decoder.memory(*(memory[k] for k in INPUTS))
    keys, values, hidden = keys.to(kind).transpose(3, 4).contiguous(), values.to(kind), memory["hidden"].to(kind)
    embed, position, norm = decoder.embed.weight.to(kind), decoder.position.to(kind), [p.to(kind) for p in (decoder.norm.weight, decoder.norm.bias)]
    n = len(hidden) * samples
    cache = torch.zeros(LAYERS, 2, n, HEADS, longest, HEAD, dtype=kind)
    result = torch.full((n, longest + 1), PAD)
    result[:, 0] = BOS
    # Of the rows still being written: which they are, and whether the impression has begun and the report has ended.
    rows, split, done = torch.arange(n), torch.zeros(n, dtype=torch.bool), torch.zeros(n, dtype=torch.bool)
    for place in range(longest):
        x = embed[result[rows, place]] + position[place]
        for i, layer in enumerate(layers):
            x = layer(x, cache[i], place, keys[i], values[i], hidden)
        logits = fn.linear(fn.layer_norm(x, (WIDTH,), *norm), embed).float()
        logits[:, [PAD, BOS]] = -1e9
        logits[~split, EOS] = -1e9
        logits[split, IMPRESSION] = -1e9
        if place == 0:
            logits[:, IMPRESSION] = -1e9
        if temperature > 0:
            # The largest of logits with Gumbel noise is a draw from their softmax.
            logits = logits / temperature - torch.rand_like(logits).clamp_min(1e-30).log().neg().log()
        chosen = torch.where(done, PAD, logits.argmax(-1))
        result[rows, place + 1] = chosen
        split |= chosen == IMPRESSION
        done |= chosen == EOS
        if place % 8 == 7:
            busy = ~done.reshape(-1, samples).all(1)
            if not busy.any():
                break
            if busy.float().mean() < 0.8:
                kept = busy.repeat_interleave(samples)
                rows, split, done, cache = rows[kept], split[kept], done[kept], cache[:, :, kept]
                keys, values, hidden = keys[:, busy], values[:, busy], hidden[busy]
    return result[:, :int((result != PAD).any(0).sum())].tolist()
