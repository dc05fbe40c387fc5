"""The report decoder: a small transformer that attends to image tokens, finding states and text, with LoRA as inputs.

Shapes: B sequences, S = N + F + M memory slots, T new tokens, K past tokens, D width, L layers, H heads, d = D/H.
"""
from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional as fn

from encoder import TOKEN_WIDTH

WIDTH, LAYERS, HEADS, HIDDEN = 256, 3, 8, 1024
STATES = 7
MAX_TOKENS = 192
LORA_RANK, LORA_TARGETS = 8, 4
SELF_QUERY, SELF_VALUE, CROSS_QUERY, CROSS_OUTPUT = range(LORA_TARGETS)
PAD, BOS, EOS, IMPRESSION = range(4)


def split_heads(x: torch.Tensor) -> torch.Tensor:
    """[B,T,D] → [B,H,T,d]."""
    b, t, _ = x.shape
    return x.reshape(b, t, HEADS, WIDTH // HEADS).transpose(1, 2)


def merge_heads(x: torch.Tensor) -> torch.Tensor:
    """[B,H,T,d] → [B,T,D]."""
    b, _, t, _ = x.shape
    return x.transpose(1, 2).reshape(b, t, WIDTH)


def attend(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None, fused: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """query [B,H,T,d], keys and values [B,H,S,d], additive mask → attended [B,H,T,d] and weights [B,H,T,S] (empty if fused)."""
    if fused:
        fitting = None if mask is None else mask.to(query.dtype).clamp_min(-1e4)
        return fn.scaled_dot_product_attention(query, keys.to(query.dtype), values.to(query.dtype), fitting), query.new_zeros(0)
    scores = query @ keys.transpose(2, 3) / math.sqrt(WIDTH // HEADS)
    weights = (scores if mask is None else scores + mask).softmax(-1)
    return weights @ values, weights


class Memory(nn.Module):
    """What the decoder attends to: patch tokens, finding states and text states → keys and values of each layer.

    A state is a finding's own vector (weak where absent) plus the state's, so that rare findings are said as common ones are.
    """

    def __init__(self, findings: int) -> None:
        super().__init__()
        self.findings = findings
        self.image = nn.Sequential(nn.Linear(TOKEN_WIDTH, WIDTH), nn.LayerNorm(WIDTH))
        self.finding, self.mark = nn.Embedding(findings, WIDTH), nn.Embedding(STATES, WIDTH)
        self.strength = nn.Parameter(torch.tensor([0.1] + [1.0] * (STATES - 1)))
        self.exact = nn.Parameter(torch.zeros(findings * STATES, WIDTH))
        self.text = nn.Sequential(nn.Linear(384, WIDTH), nn.LayerNorm(WIDTH))
        self.kind = nn.Embedding(3, WIDTH)
        self.keys = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(LAYERS))
        self.values = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(LAYERS))
        self.dropout = nn.Dropout(0.1)

    def forward(
        self, tokens: torch.Tensor, finding_states: torch.Tensor, text_states: torch.Tensor, text_kinds: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """tokens [B,N,D'], finding_states [B,F], text_states [B,M,384], text_kinds [B,M] → two [L,B,H,S,d]."""
        place = torch.arange(self.findings)
        said = self.finding(place) * self.strength[finding_states].unsqueeze(-1) + self.mark(finding_states)
        told = (text_kinds < 2).unsqueeze(-1).to(text_states.dtype)
        memory = torch.cat([
            self.image(tokens),
            said + self.exact[finding_states + place * STATES],
            self.text(text_states) * told + self.kind(text_kinds),
        ], 1)
        memory = self.dropout(memory)
        keys = torch.stack([split_heads(layer(memory)) for layer in self.keys])
        values = torch.stack([split_heads(layer(memory)) for layer in self.values])
        return keys, values


class Layer(nn.Module):
    """One pre-norm block: causal self-attention with cache, cross-attention to the memory, feed-forward."""

    def __init__(self) -> None:
        super().__init__()
        self.self_norm, self.cross_norm, self.feed_norm = (nn.LayerNorm(WIDTH) for _ in range(3))
        self.self_query, self.self_key, self.self_value, self.self_output = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.cross_query, self.cross_output = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.feed = nn.Sequential(nn.Linear(WIDTH, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, WIDTH))
        self.dropout = nn.Dropout(0.15)

    def forward(
        self, x: torch.Tensor, causal: torch.Tensor, past: tuple[torch.Tensor, torch.Tensor],
        cross: tuple[torch.Tensor, torch.Tensor], hidden: torch.Tensor | None, lora: tuple[torch.Tensor, torch.Tensor],
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """x [B,T,D], causal [T,K+T] additive, past and cross keys and values [B,H,·,d], hidden [B,1,1,S] additive or
        None, lora A [4,D,R] and B [4,R,D] → x, keys and values [B,H,K+T,d], cross-attention [B,H,T,S] (in training a
        fused kernel is used, which has no weights to give: they are then empty)."""
        a, b = lora
        y = self.self_norm(x)
        query = split_heads(self.self_query(y) + y @ a[SELF_QUERY] @ b[SELF_QUERY])
        keys = torch.cat([past[0], split_heads(self.self_key(y))], 2)
        values = torch.cat([past[1], split_heads(self.self_value(y) + y @ a[SELF_VALUE] @ b[SELF_VALUE])], 2)
        x = x + self.dropout(self.self_output(merge_heads(attend(query, keys, values, causal, self.training)[0])))
        y = self.cross_norm(x)
        query = split_heads(self.cross_query(y) + y @ a[CROSS_QUERY] @ b[CROSS_QUERY])
        seen, looked = attend(query, *cross, hidden, self.training)
        y = merge_heads(seen)
        x = x + self.dropout(self.cross_output(y) + y @ a[CROSS_OUTPUT] @ b[CROSS_OUTPUT])
        return x + self.dropout(self.feed(self.feed_norm(x))), keys, values, looked


class Decoder(nn.Module):
    """Token embedding, layers and tied output."""

    def __init__(self, findings: int, vocabulary: int) -> None:
        super().__init__()
        self.memory = Memory(findings)
        self.embed = nn.Embedding(vocabulary, WIDTH)
        nn.init.normal_(self.embed.weight, std=0.02)
        self.position = nn.Parameter(torch.randn(MAX_TOKENS, WIDTH) * 0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.dropout = nn.Dropout(0.15)

    def step(
        self, input_ids: torch.Tensor, cross_keys: torch.Tensor, cross_values: torch.Tensor, past_keys: torch.Tensor,
        past_values: torch.Tensor, lora_a: torch.Tensor, lora_b: torch.Tensor, hidden: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """input_ids [B,T] → states [B,T,D], present keys and values [L,B,H,K+T,d], mean cross-attention [B,T,S]."""
        t, past = input_ids.shape[1], past_keys.shape[3]
        place = torch.arange(past, past + t)
        causal = torch.where(torch.arange(past + t) <= place.unsqueeze(1), 0.0, -1e9)
        x = self.dropout(self.embed(input_ids) + self.position[place])
        keys, values, looked = [], [], []
        for i, layer in enumerate(self.layers):
            x, k, v, w = layer(x, causal, (past_keys[i], past_values[i]), (cross_keys[i], cross_values[i]), hidden, (lora_a[i], lora_b[i]))
            keys.append(k)
            values.append(v)
            looked.append(w)
        attention = looked[0] if self.training else torch.stack(looked).mean((0, 2))
        return self.norm(x), torch.stack(keys), torch.stack(values), attention

    def predict(self, states: torch.Tensor) -> torch.Tensor:
        """States [...,D] → logits [...,V']."""
        return fn.linear(states, self.embed.weight)


def no_past(batch: int) -> torch.Tensor:
    """An empty cache [L,B,H,0,d]."""
    return torch.zeros(LAYERS, batch, HEADS, 0, WIDTH // HEADS)


def no_lora() -> tuple[torch.Tensor, torch.Tensor]:
    """A and B that change nothing: [L,4,D,R], [L,4,R,D]."""
    return torch.zeros(LAYERS, LORA_TARGETS, WIDTH, LORA_RANK), torch.zeros(LAYERS, LORA_TARGETS, LORA_RANK, WIDTH)
