"""Trains the LoRA adapter by self-critical reinforcement on sampled reports; the base stays frozen.

Each study's finding states are made as wrong as the encoder is on dev (misses and false alarms drawn at the dev rates),
so that the adapter learns to draft from predictions. A sample's advantage is its reward less the mean of its siblings'.
The adapter is kept at its best on dev, and is the default only if it invents less there at no lower F1.
"""
from __future__ import annotations

import time

import numpy as np
import torch

from calibrate import ABSENT, BILATERAL, LEFT, NOT_KNOWN, PRESENT, RIGHT
from decoder import EOS, PAD, Decoder, no_lora, no_past
from examples import memory_batch
from generate import generate
from paths import parser, prepare
from reward import reward
from tokenizer import decode_report
from train_decoder import Shelf, draft_all, score_all


def error_rates(shelf: Shelf) -> np.ndarray:
    """[2,2,F]: how often a finding that is there (0) or is not (1) counts as present (0) or not known (1) on dev, smoothed."""
    coded = np.array([s.coded for s in shelf.studies["dev"]])
    truth = np.array([s.present for s in shelf.studies["dev"]])[coded]
    states = shelf.predicted("dev")[coded]
    rates = []
    for group in (truth > 0, truth == 0):
        for chosen in ((states != ABSENT) & (states != NOT_KNOWN), states == NOT_KNOWN):
            rates.append(((chosen & group).sum(0) + 0.2) / (group.sum(0) + 1))
    return np.array(rates).reshape(2, 2, -1)


def predicted_like(shelf: Shelf, row: int, rates: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """States [F] of a train study with errors at the dev rates."""
    study = shelf.studies["train"][row]
    states = np.full(len(shelf.findings), ABSENT)
    for f, finding in enumerate(shelf.findings):
        left, right = study.sides[f]
        present, not_known = rates[0 if study.present[f] else 1, :, f]
        draw = rng.random()
        if draw < present:
            side = {(1, 0): LEFT, (0, 1): RIGHT, (1, 1): BILATERAL}.get((left, right), PRESENT)
            if not study.present[f]:
                side = (LEFT, RIGHT, BILATERAL)[rng.integers(3)]
            states[f] = side if finding.sided else PRESENT
        elif draw < present + not_known:
            states[f] = NOT_KNOWN
    return states


def repeat(memory: dict[str, torch.Tensor], times: int) -> dict[str, torch.Tensor]:
    """Each study `times` in a row."""
    return {name: value.repeat_interleave(times, 0) for name, value in memory.items()}


def goodness(figures: dict[str, dict[str, float]]) -> float:
    """What dev is judged by: finding F1 on abnormal studies, less hallucination, priors and side errors."""
    f = figures["abnormal"]
    return f["f1"] - 1.5 * figures["all"]["hallucinated_sentences"] - figures["all"]["prior_sentences"] - 0.2 * f["side_errors"]


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--encoder", default="encoder-best.pt")
    p.add_argument("--decoder", default="decoder.pt")
    p.add_argument("--steps", type=int, default=120)
    p.add_argument("--studies", type=int, default=16)
    p.add_argument("--samples", type=int, default=4)
    p.add_argument("--minutes", type=float, default=15)
    p.add_argument("--out", default="adapter.pt")
    args = p.parse_args()
    places = prepare(args)
    shelf = Shelf(places, 0, args.encoder)
    decoder = Decoder(len(shelf.findings), shelf.tokenizer.get_vocab_size())
    decoder.load_state_dict(torch.load(places.work / args.decoder, map_location="cpu", weights_only=False)["decoder"])
    decoder.eval().requires_grad_(False)
    a, b = no_lora()
    a = torch.nn.Parameter(torch.randn_like(a) * 0.05)
    b = torch.nn.Parameter(b)
    optimizer = torch.optim.Adam([a, b], lr=3e-3)
    rates = error_rates(shelf)
    words = shelf.words["train"]
    coded = [i for i, s in enumerate(shelf.studies["train"]) if s.coded and words[i].findings and words[i].impression]
    abnormal = [i for i in coded if any(shelf.studies["train"][i].present)]

    def on_dev(lora: tuple[torch.Tensor, torch.Tensor]) -> dict[str, dict[str, float]]:
        return score_all(draft_all(decoder, shelf, "dev", lora), shelf.studies["dev"], shelf.words["dev"], shelf.findings)

    base = on_dev(no_lora())
    print("base", base, flush=True)
    best, best_figures, kept = goodness(base), base, tuple(t.clone() for t in no_lora())
    rng, began = np.random.default_rng(args.seed), time.time()
    for step in range(1, args.steps + 1):
        half = args.studies // 4
        rows = [*rng.choice(abnormal, args.studies - half, replace=False), *rng.choice(coded, half, replace=False)]
        look = shelf.plain["train"]
        states = [predicted_like(shelf, i, rates, rng) for i in rows]
        snippets = [shelf.retrieved("train", i, s, rng) if rng.random() < 0.7 else [] for i, s in zip(rows, states)]
        memory = repeat(memory_batch([look.tokens[i] for i in rows], [look.mask[i] for i in rows],
                                     states, [words[i].indication for i in rows],
                                     snippets, shelf.store, [False] * len(rows)), args.samples)
        sequences = generate(decoder, memory, (a.detach(), b.detach()), temperature=0.9, longest=110)
        gains = []
        for k, ids in enumerate(sequences):
            i = rows[k // args.samples]
            findings, impression = decode_report(shelf.tokenizer, ids)
            gains.append(reward(findings, impression, shelf.studies["train"][i], words[i].findings + words[i].impression, shelf.findings))
        gain = torch.tensor(gains).reshape(-1, args.samples)
        advantage = ((gain - gain.mean(1, keepdim=True)) / (gain.std(1, keepdim=True) + 0.2)).flatten()
        ids = torch.tensor(sequences)
        inputs, targets = ids[:, :-1], ids[:, 1:]
        real = (targets != PAD).float()
        past = no_past(len(ids))
        with torch.autocast("cpu", torch.bfloat16):
            cross = decoder.memory(*(memory[k] for k in ("tokens", "finding_states", "text_states", "text_kinds")))
            states, *_ = decoder.step(inputs, *cross, past, past, a, b, memory["hidden"])
            logits = decoder.predict(states).float()
            with torch.no_grad():
                frozen, *_ = decoder.step(inputs, *cross, past, past, *no_lora(), memory["hidden"])
                reference = decoder.predict(frozen).float().log_softmax(-1)
        log_probability = logits.log_softmax(-1)
        chosen = log_probability.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
        drift = (log_probability.exp() * (log_probability - reference)).sum(-1)
        loss = (-(chosen * advantage.unsqueeze(1) * real).sum() + 0.15 * (drift * real).sum()) / real.sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([a, b], 1.0)
        optimizer.step()
        late = time.time() - began > args.minutes * 60
        if step % 5 == 0:
            print(f"step {step}: reward {gain.mean():.3f}, finished {float((ids == EOS).any(1).float().mean()):.2f}, {time.time() - began:.0f} s", flush=True)
        if step % 25 == 0 or late:
            figures = on_dev((a.detach(), b.detach()))
            print("dev", figures, flush=True)
            if goodness(figures) > best:
                best, best_figures, kept = goodness(figures), figures, (a.detach().clone(), b.detach().clone())
        if late:
            break
    better = best > goodness(base) and best_figures["abnormal"]["f1"] >= 0.97 * base["abnormal"]["f1"]
    metrics = {"dev": {"base": base, "adapter": best_figures}}
    torch.save({"a": kept[0], "b": kept[1], "metrics": metrics, "better": better}, places.work / args.out)
    print("better" if better else "no better", metrics, flush=True)


if __name__ == "__main__":
    main()
