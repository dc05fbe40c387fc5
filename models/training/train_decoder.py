"""Trains the decoder on frozen encoder tokens, finding states and retrieved sentences (the study itself left out)."""
from __future__ import annotations

import hashlib
import math
import time
from functools import cache

import numpy as np
import torch
from torch.nn import functional as fn

import statements
from calibrate import Calibration, calibrate, fit_sides, states_of
from data import Study, load_images, load_studies
from decoder import Decoder, no_lora, no_past
from encoder import ImageEncoder, load_encoder
from examples import Looks, TextStore, speaks, look_at, masked_states, memory_batch, neighbours, snippets_from, target_batch, true_states, words_of, MAX_SNIPPETS
from findings import Finding, load_findings
from generate import generate
from knowledge import load_paragraphs, paragraphs_for
from paths import Places, parser, prepare
from reward import Score, report_text, score
from tokenizer import decode_report, encode_report, positive_places, train_tokenizer

POSITIVE_WEIGHT = 2.5


class Shelf:
    """Everything the decoder steps share: studies by part, their looks, words, states, neighbours and the tokenizer."""

    def __init__(self, places: Places, sets: int, encoder_file: str, parts: tuple[str, ...] = ("train", "dev")) -> None:
        self.findings: list[Finding] = load_findings()
        studies = [s for s in load_studies(places.data) if s.part in (*parts, "train", "dev")]
        images = load_images(places.data, places.work)
        statements.keep_in(places.work)

        @cache
        def encoder() -> ImageEncoder:
            return load_encoder(places.work / encoder_file, len(self.findings))[0].to(memory_format=torch.channels_last)

        folder = places.work / f"looks-{encoder_file.removesuffix('.pt')}"
        folder.mkdir(exist_ok=True)
        self.studies = {p: [s for s in studies if s.part == p] for p in (*parts, "train", "dev")}
        self.plain = {p: look_at(encoder, group, images, False, 0, folder / f"{p}.npz") for p, group in self.studies.items()}
        self.augmented = [look_at(encoder, self.studies["train"], images, True, k, folder / f"train-{k}.npz") for k in range(1, sets + 1)]
        self.words = {p: [words_of(s) for s in group] for p, group in self.studies.items()}
        statements.read(t for group in self.words.values() for w in group for t in (*w.findings, *w.impression))
        self.states = {p: [true_states(s, w, self.findings) for s, w in zip(group, self.words[p])] for p, group in self.studies.items()}
        self.paragraphs = load_paragraphs()
        texts = [p.text for p in self.paragraphs] + [t for group in self.words.values() for w in group for t in (*w.findings, *w.impression, w.indication) if t]
        self.store = TextStore(texts, places.work, places.work / f"sentences-{hashlib.sha256(repr(sorted(set(texts))).encode()).hexdigest()[:12]}.npz")
        report_texts = [". ".join(w.findings + w.impression) + "." for w in self.words["train"]]
        self.tokenizer = train_tokenizer(report_texts, places.work / "decoder-tokenizer.json")
        dev = self.plain["dev"]
        coded = np.array([s.coded for s in self.studies["dev"]])
        truth = np.array([s.present for s in self.studies["dev"]])
        self.calibrations: list[Calibration] = calibrate(dev.logits[coded], truth[coded], self.findings)
        self.side_calibration = fit_sides(dev.sides, np.array([s.sides for s in self.studies["dev"]]))
        self.near = {p: neighbours(look.embedding, self.plain["train"].embedding, 8, list(range(len(look.embedding))) if p == "train" else None)
                     for p, look in self.plain.items()}

    def predicted(self, part: str, order: np.ndarray | None = None) -> np.ndarray:
        """Finding states [n,F] as the product would set them; `order` shuffles the studies' images."""
        look = self.plain[part]
        logits, sides = (look.logits, look.sides) if order is None else (look.logits[order], look.sides[order])
        return states_of(logits, self.side_calibration.apply(sides), self.calibrations, self.findings)

    def retrieved(self, part: str, row: int, states: np.ndarray, rng: np.random.Generator) -> list[str]:
        """Snippets as at inference: paragraphs about the findings drafted, and sentences of the nearest train reports."""
        chosen = paragraphs_for(self.paragraphs, states, self.findings, rng, 3, False)
        reports = [self.words["train"][j] for j in self.near[part][row][:4]]
        return chosen + snippets_from(reports, rng, MAX_SNIPPETS - len(chosen))

    def drafting(self, part: str, rows: list[int], states: np.ndarray, retrieval: bool, order: np.ndarray | None = None) -> dict[str, torch.Tensor]:
        """The memory of `rows` as at inference: plain tokens, predicted states, indication and retrieved sentences."""
        look: Looks = self.plain[part]
        seen = [int(order[i]) if order is not None else i for i in rows]
        snippets = [self.retrieved(part, i, states[k], np.random.default_rng(i)) if retrieval else [] for k, i in zip(rows, seen)]
        return memory_batch([look.tokens[i] for i in seen], [look.mask[i] for i in seen], [states[i] for i in rows],
                            [self.words[part][i].indication for i in rows], snippets, self.store, [False] * len(rows))


def draft_all(decoder: Decoder, shelf: Shelf, part: str, lora: tuple[torch.Tensor, torch.Tensor], retrieval: bool = True,
              order: np.ndarray | None = None, states: np.ndarray | None = None) -> list[tuple[list[str], list[str]]]:
    """Greedy drafts (findings, impression) of a part."""
    states = shelf.predicted(part, order) if states is None else states
    drafts = []
    for start in range(0, len(shelf.studies[part]), 32):
        rows = list(range(start, min(start + 32, len(shelf.studies[part]))))
        for ids in generate(decoder, shelf.drafting(part, rows, states, retrieval, order), lora):
            drafts.append(decode_report(shelf.tokenizer, ids))
    return drafts


def score_all(drafts: list[tuple[list[str], list[str]]], studies: list[Study], findings: list[Finding]) -> dict[str, dict[str, float]]:
    """Figures over all coded studies and over those not coded as normal alone."""
    statements.read(text for (a, b), study in zip(drafts, studies) for text in (*a, *b, report_text(study)))
    every, abnormal = Score(), Score()
    for (a, b), study in zip(drafts, studies):
        if not study.coded:
            continue
        one = score(a + b, study, findings)
        every += one
        if not study.normal:
            abnormal += one
    return {"all": every.summary(), "abnormal": abnormal.summary()}


def training_batch(shelf: Shelf, rows: np.ndarray, rng: np.random.Generator) -> tuple[dict[str, torch.Tensor], torch.Tensor, torch.Tensor, torch.Tensor]:
    """Memory, inputs, targets and weights of train studies, with masking, snippet dropout, misleading snippets and blanked images."""
    looks = [shelf.plain["train"], *shelf.augmented]
    words = shelf.words["train"]
    tokens, masks, states, indications, snippets, blank, sequences, positive = [], [], [], [], [], [], [], []
    for i in rows:
        look = looks[rng.integers(len(looks))]
        patches = look.tokens[i]
        tokens.append(patches * (rng.random((len(patches), 1)) > 0.25))
        masks.append(look.mask[i])
        shown = masked_states(shelf.states["train"][i], rng)
        states.append(shown)
        indications.append(words[i].indication if rng.random() < 0.8 else "")
        others = rng.integers(len(words), size=4) if rng.random() < 0.2 else rng.permutation(shelf.near["train"][i])[:4]
        count = 0 if rng.random() < 0.4 else int(rng.integers(1, MAX_SNIPPETS + 1))
        paragraphs = paragraphs_for(shelf.paragraphs, shown, shelf.findings, rng, int(rng.integers(0, count + 1)), rng.random() < 0.3)
        snippets.append(paragraphs + snippets_from([words[j] for j in others if j != i], rng, count - len(paragraphs)))
        blank.append(bool(rng.random() < 0.15))
        sections = (words[i].findings, words[i].impression)
        sequences.append(encode_report(shelf.tokenizer, *sections))
        positive.append(positive_places(shelf.tokenizer, *sections, speaks))
    inputs, targets = target_batch(sequences)
    weights = torch.ones(targets.shape)
    for row, places in enumerate(positive):
        told = torch.tensor(places[1:targets.shape[1] + 1])
        weights[row, :len(told)] += (POSITIVE_WEIGHT - 1) * told
    return memory_batch(tokens, masks, states, indications, snippets, shelf.store, blank), inputs, targets, weights


def by_length(rows: np.ndarray, shelf: Shelf, batch: int, rng: np.random.Generator) -> np.ndarray:
    """A shuffled order whose batches hold reports of like length, so that little is spent on padding."""
    words = shelf.words["train"]
    length = np.array([sum(len(s) for s in words[i].findings + words[i].impression) for i in rows])
    order = rows[np.argsort(length * rng.uniform(0.85, 1.15, len(rows)))]
    batches = [order[start:start + batch] for start in range(0, len(order), batch)]
    return np.concatenate([batches[k] for k in rng.permutation(len(batches) - 1)] + [batches[-1]])


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--epochs", type=int, default=12)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--sets", type=int, default=0, help="augmented copies of the encoder's tokens")
    p.add_argument("--encoder", default="encoder-best.pt")
    p.add_argument("--out", default="decoder.pt")
    args = p.parse_args()
    places = prepare(args)
    shelf = Shelf(places, args.sets, args.encoder)
    decoder = Decoder(len(shelf.findings), shelf.tokenizer.get_vocab_size())
    average = Decoder(len(shelf.findings), shelf.tokenizer.get_vocab_size())
    average.load_state_dict(decoder.state_dict())
    usable = np.array([i for i, w in enumerate(shelf.words["train"]) if w.findings or w.impression])
    total, step, epoch = math.ceil(len(usable) / args.batch) * args.epochs, 0, 0
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=0, weight_decay=0.05, betas=(0.9, 0.98))
    checkpoint = places.work / args.out
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location="cpu", weights_only=False)
        decoder.load_state_dict(saved["latest"])
        average.load_state_dict(saved["decoder"])
        optimizer.load_state_dict(saved["optimizer"])
        step, epoch = saved["step"], saved["epoch"]
    began, lora = time.time(), no_lora()
    while epoch < args.epochs:
        rng = np.random.default_rng(args.seed * 1000 + epoch)
        torch.manual_seed(args.seed * 1000 + epoch)
        decoder.train()
        losses, order = [], by_length(usable, shelf, args.batch, rng)
        for start in range(0, len(order), args.batch):
            for group in optimizer.param_groups:
                group["lr"] = 1e-3 * min(1.0, step / 80) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / total)))
            memory, inputs, targets, weights = training_batch(shelf, order[start:start + args.batch], rng)
            past = no_past(len(inputs))
            with torch.autocast("cpu", torch.bfloat16):
                cross = decoder.memory(*(memory[k] for k in ("tokens", "finding_states", "text_states", "text_kinds")))
                states, *_ = decoder.step(inputs, *cross, past, past, *lora, memory["hidden"])
                logits = decoder.predict(states)
            loss = fn.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=-100, label_smoothing=0.05, reduction="none")
            weights = weights.flatten() * (targets.flatten() >= 0)
            loss = (loss * weights).sum() / weights.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
            optimizer.step()
            step += 1
            keep = min(0.99, step / (step + 20))
            with torch.no_grad():
                for mine, theirs in zip(average.parameters(), decoder.parameters()):
                    mine.mul_(keep).add_(theirs, alpha=1 - keep)
            losses.append(float(loss.detach()))
        epoch += 1
        print(f"epoch {epoch}: loss {np.mean(losses):.3f}, {time.time() - began:.0f} s", flush=True)
        torch.save({"decoder": average.state_dict(), "latest": decoder.state_dict(), "optimizer": optimizer.state_dict(),
                    "step": step, "epoch": epoch, "encoder": args.encoder}, checkpoint)
        if epoch % 4 == 0 or epoch == args.epochs:
            drafts = draft_all(average, shelf, "dev", lora)
            print(score_all(drafts, shelf.studies["dev"], shelf.findings), flush=True)
            for a, b in drafts[:4]:
                print("  ", ". ".join(a), "| IMPRESSION", ". ".join(b), flush=True)


if __name__ == "__main__":
    main()
