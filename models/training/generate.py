"""Drafts in PyTorch with a self-attention cache: greedy or sampled, a batch at a time."""
from __future__ import annotations

import torch

from decoder import BOS, EOS, IMPRESSION, PAD, Decoder, no_past

LONGEST = 150


@torch.no_grad()
def generate(
    decoder: Decoder, memory: dict[str, torch.Tensor], lora: tuple[torch.Tensor, torch.Tensor],
    temperature: float = 0.0, longest: int = LONGEST,
) -> list[list[int]]:
    """memory as `examples.memory_batch` → token ids of each report, from <bos> to <eos>. Temperature 0 is greedy."""
    decoder.eval()
    cross_keys, cross_values = decoder.memory(*(memory[k] for k in ("tokens", "finding_states", "text_states", "text_kinds")))
    b = cross_keys.shape[1]
    keys = values = no_past(b)
    ids = torch.full((b, 1), BOS)
    done, split = torch.zeros(b, dtype=torch.bool), torch.zeros(b, dtype=torch.bool)
    for place in range(longest):
        states, keys, values, _ = decoder.step(ids[:, -1:], cross_keys, cross_values, keys, values, *lora, memory["hidden"])
        logits = decoder.predict(states[:, -1])
        logits[:, [PAD, BOS]] = -1e9
        logits[~split, EOS] = -1e9
        logits[split, IMPRESSION] = -1e9
        if place == 0:
            logits[:, IMPRESSION] = -1e9
        if temperature > 0:
            chosen = torch.multinomial((logits / temperature).softmax(-1), 1)[:, 0]
        else:
            chosen = logits.argmax(-1)
        chosen = torch.where(done, PAD, chosen)
        split |= chosen == IMPRESSION
        done |= chosen == EOS
        ids = torch.cat([ids, chosen.unsqueeze(1)], 1)
        if bool(done.all()):
            break
    return ids.tolist()
