"""Trains the LoRA adapter: first by reinforcement on sampled reports, then by preference pairs; the base stays frozen.

Reinforcement: a sample's advantage is its reward less the mean of its siblings'. Preference (DPO, after MMed-RAG): a draft
from the study's own images over one from another study's; a draft from useful context over one from misleading context,
judged where the context misleads; the best of a group of samples over the worst. Pairs count only where the reward agrees.

Each study's finding states are made as wrong as the encoder is on dev, and part of the time its images are hidden, since
the encoder knows the images it was trained on better than any other. The adapter is kept at its best on dev:
F1 less hallucination, among those that keep the base's finding F1 and hallucinate less.
"""
from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as fn

import statements
from calibrate import ABSENT, BILATERAL, LEFT, NOT_KNOWN, PRESENT, RIGHT
from decoder import EOS, IMPRESSION, PAD, Decoder, no_lora, no_past
from examples import MAX_SNIPPETS, memory_batch, snippets_from
from generate import INPUTS, generate
from knowledge import paragraphs_for
from paths import parser, prepare
from reward import Worth, report_text, reward
from tokenizer import decode_report
from train_decoder import Shelf, draft_all, score_all

# Tokens of a sampled report: eight sentences take about seventy.
LONGEST = 100
KEPT_F1 = 0.98
HIDDEN_IMAGES = 0.4
TEMPERATURE = 0.9
# Drafts of each study from misleading context, and from another study's images.
ASTRAY = 2

Lora = tuple[torch.Tensor, torch.Tensor]
Figures = dict[str, dict[str, float]]


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


@dataclass(frozen=True)
class Case:
    """A train study as the product might see it: whose images, which states, which snippets, whether images are hidden."""

    row: int
    states: np.ndarray
    snippets: list[str]
    hidden: bool


class Cases:
    """Draws train studies and what the decoder gets to see of them."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.rates = shelf, error_rates(shelf)
        self.studies, self.words, self.look = shelf.studies["train"], shelf.words["train"], shelf.plain["train"]
        self.coded = [i for i, s in enumerate(self.studies) if s.coded and self.words[i].findings and self.words[i].impression]
        self.abnormal = [i for i in self.coded if any(self.studies[i].present)]
        statements.read(report_text(s) for s in self.studies)
        vocabulary = shelf.tokenizer.get_vocab()
        self.stop = vocabulary["."]
        # Tokens that begin with a space: byte-level BPE writes it as Ġ.
        self.opening = {id_ for token, id_ in vocabulary.items() if token.startswith("\u0120")}

    def rows(self, count: int, rng: np.random.Generator) -> list[int]:
        """Three quarters abnormal studies, one quarter any."""
        some = count // 4
        return [int(i) for i in (*rng.choice(self.abnormal, count - some, replace=False), *rng.choice(self.coded, some, replace=False))]

    def states_of(self, row: int, rng: np.random.Generator) -> np.ndarray:
        """States [F] of a study with errors at the dev rates."""
        study = self.studies[row]
        states = np.full(len(self.shelf.findings), ABSENT)
        for f, finding in enumerate(self.shelf.findings):
            left, right = study.sides[f]
            present, not_known = self.rates[0 if study.present[f] else 1, :, f]
            draw = rng.random()
            if draw < present:
                side = {(1, 0): LEFT, (0, 1): RIGHT, (1, 1): BILATERAL}.get((left, right), PRESENT)
                if not study.present[f]:
                    side = (LEFT, RIGHT, BILATERAL)[rng.integers(3)]
                states[f] = side if finding.sided else PRESENT
            elif draw < present + not_known:
                states[f] = NOT_KNOWN
        return states

    def useful(self, row: int, states: np.ndarray, rng: np.random.Generator) -> list[str]:
        return self.shelf.retrieved("train", row, states, rng)

    def misleading(self, row: int, rng: np.random.Generator) -> list[str]:
        """Sentences of reports whose images are unlike the study's."""
        some = rng.choice(self.coded, 64, replace=False)
        unlike = some[np.argsort(self.look.embedding[some] @ self.look.embedding[row])[:4]]
        paragraphs = paragraphs_for(self.shelf.paragraphs, self.states_of(int(unlike[0]), rng), self.shelf.findings, rng, 2, False)
        return paragraphs + snippets_from([self.words[i] for i in unlike], rng, MAX_SNIPPETS - len(paragraphs))

    def case(self, row: int, rng: np.random.Generator) -> Case:
        states = self.states_of(row, rng)
        return Case(row, states, self.useful(row, states, rng) if rng.random() < 0.75 else [], bool(rng.random() < HIDDEN_IMAGES))

    def memory(self, cases: list[Case]) -> dict[str, torch.Tensor]:
        rows = [case.row for case in cases]
        return memory_batch([self.look.tokens[i] for i in rows], [self.look.mask[i] for i in rows], [case.states for case in cases],
                            [self.words[i].indication for i in rows], [case.snippets for case in cases], self.shelf.store, [case.hidden for case in cases])

    def worths(self, sequences: list[list[int]], cases: list[Case]) -> list[Worth]:
        """What each draft is worth for its case, as many drafts a case as there are."""
        drafts = [decode_report(self.shelf.tokenizer, ids) for ids in sequences]
        statements.read(sentence for draft in drafts for part in draft for sentence in part)
        each = len(sequences) // len(cases)
        return [reward(*draft, self.studies[case.row], self.shelf.findings, case.states, case.snippets)
                for draft, case in zip(drafts, (case for case in cases for _ in range(each)))]

    def sentence_of(self, ids: list[int]) -> list[int]:
        """Of each token the number of its sentence, as `decode_report` splits them."""
        places, at = [], 0
        for token, following in zip(ids, [*ids[1:], EOS]):
            places.append(at)
            at += token == self.stop and (following <= IMPRESSION or following in self.opening)
        return places


class Learner:
    """The frozen decoder and the adapter under training."""

    def __init__(self, decoder: Decoder, seed: int) -> None:
        self.decoder = decoder.requires_grad_(False)
        # Training mode takes the fused attention; nothing is dropped.
        for module in self.decoder.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        a, b = no_lora()
        self.a = torch.nn.Parameter(torch.randn(a.shape, generator=torch.Generator().manual_seed(seed)) * 0.05)
        self.b = torch.nn.Parameter(b)
        self.optimizer = torch.optim.Adam([self.a, self.b], lr=0.0, betas=(0.9, 0.98))
        self.average = (self.a.detach().clone(), self.b.detach().clone())

    def state(self) -> dict:
        return {"a": self.a.detach(), "b": self.b.detach(), "average": self.average, "optimizer": self.optimizer.state_dict()}

    @torch.no_grad()
    def restore(self, state: dict) -> None:
        self.a.copy_(state["a"])
        self.b.copy_(state["b"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])

    def sample(self, memory: dict[str, torch.Tensor], samples: int) -> list[list[int]]:
        return generate(self.decoder, memory, (self.a.detach(), self.b.detach()), TEMPERATURE, LONGEST, samples, torch.bfloat16)

    def compare(self, memory: dict[str, torch.Tensor], rows: list[int], ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """ids [n,T+1], `rows` their studies in the memory → log probabilities of the tokens [n,T] by adapter and by base,
        and the divergence of the two at each place; zero at padding."""
        self.decoder.train()
        lengths = (ids != PAD).sum(1)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            keys, values = self.decoder.memory(*(memory[k] for k in INPUTS))
        order = lengths.argsort()
        parts = []
        # Reports of like length together: less padding.
        for chunk in order.split(32):
            cut = ids[chunk, :int(lengths[chunk].max())]
            inputs, targets, past, places = cut[:, :-1], cut[:, 1:], no_past(len(cut)), torch.tensor(rows)[chunk]
            real = targets != PAD
            seen = (keys[:, places], values[:, places], past, past)
            with torch.autocast("cpu", torch.bfloat16):
                mine = self.decoder.predict(self.decoder.step(inputs, *seen, self.a, self.b, memory["hidden"][places])[0][real])
                with torch.no_grad():
                    base = self.decoder.predict(self.decoder.step(inputs, *seen, *no_lora(), memory["hidden"][places])[0][real])
            mine, base = mine.float().log_softmax(-1), base.float().log_softmax(-1)
            wanted = targets[real].unsqueeze(1)
            found = (mine.gather(1, wanted)[:, 0], base.gather(1, wanted)[:, 0], (mine.exp() * (mine - base)).sum(1))
            parts.append([fn.pad(torch.zeros(real.shape).masked_scatter(real, v), (0, ids.shape[1] - cut.shape[1])) for v in found])
        back = order.argsort()
        mine, base, drift = (torch.cat(part)[back] for part in zip(*parts))
        return mine, base, drift

    def learn(self, loss: torch.Tensor, rate: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([self.a, self.b], 1.0)
        self.optimizer.step()
        # Single steps are noisy: what is measured and kept is the average of the last ten or so.
        for mine, now in zip(self.average, (self.a, self.b)):
            mine.lerp_(now.detach(), 0.1)


def padded(sequences: list[list[int]]) -> torch.Tensor:
    """[n,T], cut where all are padding."""
    ids = torch.full((len(sequences), max(map(len, sequences))), PAD)
    for row, sequence in enumerate(sequences):
        ids[row, :len(sequence)] = torch.tensor(sequence)
    return ids


def reinforce(learner: Learner, cases: Cases, rng: np.random.Generator, studies: int, samples: int, drift_weight: float, rate: float) -> dict[str, float]:
    """One step of group-relative policy gradient, held near the base by their divergence. A token's advantage is that of its
    report, and that of its sentence over the sentences of all the study's samples."""
    drawn = [cases.case(row, rng) for row in cases.rows(studies, rng)]
    memory = cases.memory(drawn)
    sequences = learner.sample(memory, samples)
    worths = cases.worths(sequences, drawn)
    gain = torch.tensor([worth.total for worth in worths]).reshape(-1, samples)
    whole = ((gain - gain.mean(1, keepdim=True)) / (gain.std(1, keepdim=True) + 0.3)).flatten()
    ids = padded(sequences)
    advantage = whole.unsqueeze(1).repeat(1, ids.shape[1])
    for first in range(0, len(worths), samples):
        group = worths[first:first + samples]
        usual = float(np.mean([value for worth in group for value in worth.sentences] or [0.0]))
        for row, worth in enumerate(group, first):
            local = torch.tensor([value - usual for value in worth.sentences] + [0.0])
            advantage[row] += local[torch.tensor(cases.sentence_of(ids[row].tolist())).clamp_max(len(local) - 1)]
    real = (ids[:, 1:] != PAD).float()
    mine, _, drift = learner.compare(memory, [k // samples for k in range(len(ids))], ids)
    loss = (-(mine * advantage[:, 1:] * real).sum() + drift_weight * drift.sum()) / real.sum()
    learner.learn(loss, rate)
    return {"reward": float(gain.mean()), "drift": float(drift.sum().detach() / real.sum()), "sentences": float(np.mean([len(w.sentences) for w in worths]))}


def prefer(learner: Learner, cases: Cases, rng: np.random.Generator, studies: int, samples: int, beta: float, margin: float, rate: float) -> dict[str, float]:
    """One step of direct preference optimisation on fresh pairs of all three kinds."""
    rows = cases.rows(studies, rng)
    drawn = [cases.case(row, rng) for row in rows]
    # Another study's images and states, all else the study's own.
    others = [cases.case(row, rng) for row in cases.rows(studies, rng)]
    misled = [Case(case.row, case.states, cases.misleading(case.row, rng), case.hidden) for case in drawn]
    strange = [Case(other.row, other.states, case.snippets, False) for case, other in zip(drawn, others)]
    memory = cases.memory(drawn + misled + strange)
    own = learner.sample({k: v[:studies] for k, v in memory.items()}, samples)
    astray = learner.sample({k: v[studies:] for k, v in memory.items()}, ASTRAY)
    groups = [(own, samples), (astray[:studies * ASTRAY], ASTRAY), (astray[studies * ASTRAY:], ASTRAY)]
    worth = [np.array([w.total for w in cases.worths(group, drawn)]).reshape(studies, each) for group, each in groups]
    places, pairs, counts = [], [], {"images": 0, "context": 0, "group": 0}
    for i in range(studies):
        best = int(worth[0][i].argmax())
        for kind, place, source in (("images", i, 2), ("context", studies + i, 1), ("group", i, 0)):
            worst = int(worth[source][i].argmin())
            group, each = groups[source]
            if worth[0][i, best] - worth[source][i, worst] >= margin:
                pairs.append((own[i * samples + best], group[i * each + worst]))
                places.append(place)
                counts[kind] += 1
    if not pairs:
        return {kind: float(count) for kind, count in counts.items()}
    ids = padded([chosen for chosen, _ in pairs] + [rejected for _, rejected in pairs])
    mine, base, _ = learner.compare(memory, places * 2, ids)
    mine, base = (p.sum(1).reshape(2, -1) for p in (mine, base))
    ahead = (mine[0] - base[0]) - (mine[1] - base[1])
    # A little of the chosen draft's own likelihood keeps both from sinking together.
    length = (ids[:len(pairs), 1:] != PAD).sum(1)
    loss = -fn.logsigmoid(beta * ahead).mean() - 0.05 * (mine[0] / length).mean()
    learner.learn(loss, rate)
    return {"loss": float(loss.detach()), "right": float((ahead > 0).float().mean()), "reward": float(worth[0].mean()), **{k: float(v) for k, v in counts.items()}}


def keeps_findings(figures: Figures, base: Figures) -> bool:
    """Whether finding F1 on abnormal studies is as good as the base's, but for a fiftieth."""
    return figures["abnormal"]["f1"] >= KEPT_F1 * base["abnormal"]["f1"]


def gain(figures: Figures) -> float:
    """What an adapter is worth: finding F1 on abnormal studies less the share of hallucinated sentences. The least hallucination alone
    would choose one that hardly says anything."""
    return figures["abnormal"]["f1"] - figures["all"]["hallucinated_sentences"]


def better_than(figures: Figures, best: Figures, base: Figures) -> bool:
    """Among adapters that keep the base's findings and invent less, the one that is worth most; the base is where they start from."""
    invents_less = figures["all"]["hallucinated_sentences"] < base["all"]["hallucinated_sentences"]
    return keeps_findings(figures, base) and invents_less and gain(figures) > gain(best)


def main() -> None:
    p = parser(__doc__)
    p.add_argument("--encoder", default="encoder-best.pt")
    p.add_argument("--decoder", default="decoder.pt")
    p.add_argument("--out", default="adapter.pt")
    p.add_argument("--minutes-rl", type=float, default=9, help="time for reinforcement, measuring on dev included")
    p.add_argument("--minutes-dpo", type=float, default=6, help="time for preference pairs, measuring on dev included")
    p.add_argument("--studies", type=int, default=16, help="studies a step")
    p.add_argument("--samples", type=int, default=4, help="drafts of each")
    p.add_argument("--measure", type=int, default=25, help="steps between two measurements on dev")
    p.add_argument("--rate-rl", type=float, default=5e-3)
    p.add_argument("--rate-dpo", type=float, default=2e-3)
    p.add_argument("--drift", type=float, default=0.1, help="weight of the divergence from the base")
    p.add_argument("--beta", type=float, default=0.1)
    p.add_argument("--margin", type=float, default=0.4, help="difference in reward from which a pair counts")
    args = p.parse_args()
    places = prepare(args)
    shelf = Shelf(places, 0, args.encoder)
    decoder = Decoder(len(shelf.findings), shelf.tokenizer.get_vocab_size())
    decoder_file = places.work / args.decoder
    decoder.load_state_dict(torch.load(decoder_file, map_location="cpu", weights_only=False)["decoder"])
    learner, cases = Learner(decoder, args.seed), Cases(shelf)

    def on_dev(lora: Lora) -> Figures:
        return score_all(draft_all(decoder, shelf, "dev", lora), shelf.studies["dev"], shelf.findings)

    checkpoint: Path = places.work / f"{args.out.removesuffix('.pt')}-latest.pt"
    base_digest = hashlib.sha256(decoder_file.read_bytes()).hexdigest()
    saved = torch.load(checkpoint, weights_only=False) if checkpoint.exists() else None
    if saved is not None and saved["base_digest"] == base_digest:
        learner.restore(saved["learner"])
        base, best, kept, history, step, spent = (saved[k] for k in ("base", "best", "kept", "history", "step", "spent"))
    else:
        base = on_dev(no_lora())
        best, kept, history, step, spent = base, no_lora(), [], 0, {"rl": 0.0, "dpo": 0.0}
        print("base", base, flush=True)

    def save() -> None:
        torch.save({"learner": learner.state(), "base_digest": base_digest, "base": base, "best": best, "kept": kept, "history": history, "step": step, "spent": spent}, checkpoint)

    saved_at = time.time()
    for phase, minutes in (("rl", args.minutes_rl), ("dpo", args.minutes_dpo)):
        began = time.time() - spent[phase]
        while spent[phase] < minutes * 60:
            step += 1
            rng = np.random.default_rng((args.seed, step))
            torch.manual_seed(args.seed * 100_000 + step)
            warm = min(1.0, (spent[phase] + 1) / 20)
            left = 1 - 0.8 * spent[phase] / (minutes * 60)
            if phase == "rl":
                told = reinforce(learner, cases, rng, args.studies, args.samples, args.drift, args.rate_rl * warm * left)
            else:
                told = prefer(learner, cases, rng, args.studies, args.samples, args.beta, args.margin, args.rate_dpo * warm * left)
            spent[phase] = time.time() - began
            last = spent[phase] >= minutes * 60
            if step % 5 == 0:
                print(phase, step, {k: round(v, 3) for k, v in told.items()}, f"{spent[phase]:.0f} s", flush=True)
            if step % args.measure == 0 or last:
                figures = on_dev(learner.average)
                history.append({"phase": phase, "step": step, "seconds": spent[phase], **figures})
                taken = better_than(figures, best, base)
                if taken:
                    best, kept = figures, tuple(t.clone() for t in learner.average)
                print("dev", {k: {n: round(v, 4) for n, v in f.items()} for k, f in figures.items()}, "taken" if taken else "", flush=True)
                spent[phase] = time.time() - began
            if time.time() - saved_at > 120 or last:
                save()
                saved_at = time.time()
    better = better_than(best, base, base)
    metrics = {"dev": {"base": base, "adapter": best}}
    torch.save({"a": kept[0], "b": kept[1], "metrics": metrics, "better": better, "history": history}, places.work / args.out)
    print("better" if better else "no better", metrics, flush=True)


if __name__ == "__main__":
    main()
