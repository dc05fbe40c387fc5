"""The decoder's own tokenizer: a byte-level BPE of lower-case report text, in Hugging Face `tokenizers` format."""
from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from decoder import BOS, EOS, IMPRESSION, PAD

SPECIAL = ["<pad>", "<bos>", "<eos>", "<impression>"]
VOCABULARY = 2000


def train_tokenizer(texts: list[str], path: Path) -> Tokenizer:
    """Learns the merges from training reports and writes the file."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIAL, min_frequency=3, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts, trainer)
    assert [tokenizer.token_to_id(s) for s in SPECIAL] == [PAD, BOS, EOS, IMPRESSION]
    tokenizer.save(str(path))
    return tokenizer


def encode_report(tokenizer: Tokenizer, findings: list[str], impression: list[str]) -> list[int]:
    """<bos> findings sentences <impression> impression sentences <eos>; sentences end with a full stop."""
    def section(sentences: list[str]) -> list[int]:
        return [t for s in sentences for t in tokenizer.encode(f"{s}.").ids]

    return [BOS, *section(findings), IMPRESSION, *section(impression), EOS]


def positive_places(tokenizer: Tokenizer, findings: list[str], impression: list[str], speaks) -> list[bool]:
    """For each token of `encode_report`, whether it belongs to a sentence that `speaks`."""
    places = [False]
    for part in (findings, impression):
        for s in part:
            places += [speaks(s)] * len(tokenizer.encode(f"{s}.").ids)
        places.append(False)
    return places


def decode_report(tokenizer: Tokenizer, ids: list[int]) -> tuple[list[str], list[str]]:
    """Token ids → sentences of the findings and of the impression, without full stops."""
    ids = ids[: ids.index(EOS)] if EOS in ids else ids
    split = ids.index(IMPRESSION) if IMPRESSION in ids else len(ids)
    parts = []
    for section in (ids[:split], ids[split:]):
        text = tokenizer.decode([i for i in section if i > IMPRESSION])
        parts.append([s.strip() for s in text.replace(". ", ".\n").rstrip(".").split("\n") if s.strip(" .")])
    return [s.rstrip(".") for s in parts[0]], [s.rstrip(".") for s in parts[1]]
