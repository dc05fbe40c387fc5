"""What report sentences state, as the product reads them: asks `wetread parse`, the parser of `main/draft`.

There is one reader for training targets, reward, grounding and evaluation. It is started once, at the first sentence that
is not yet known; answers are kept, and in a file beside the checkpoints where `keep_in` names a folder.
"""
from __future__ import annotations

import atexit
import hashlib
import json
import os
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = ["node", "--import", "tsx", "main/cli.ts", "parse"]
# What an answer depends on.
SOURCES = [*(REPOSITORY / "main" / "draft" / f"{name}.ts" for name in ("finding-parser", "lexicon", "sentences", "priors")),
           REPOSITORY / "models" / "training" / "findings.json"]
RANK = {"absent": 0, "uncertain": 1, "present": 2}

Mention = tuple[str, str, str]
"""(finding id, present | absent | uncertain, left | right | bilateral | none)."""


class Reader:
    """The parser as a process that lives until this one ends, and every answer it has given."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[tuple[Mention, ...], str | None]] = {}
        self.process: subprocess.Popen[str] | None = None
        self.file: Path | None = None
        self.fresh = 0
        atexit.register(self.close)

    def keep_in(self, work: Path) -> None:
        """Takes up the answers kept in `work`, if the parser is still the one that gave them, and keeps new ones there."""
        digest = hashlib.sha256(b"\0".join(source.read_bytes() for source in SOURCES)).hexdigest()[:12]
        self.file = work / f"statements-{digest}.json"
        if self.file.exists():
            for text, (mentions_, words) in json.loads(self.file.read_text(encoding="utf-8")).items():
                self.known.setdefault(text, (tuple((m[0], m[1], m[2]) for m in mentions_), words))

    def ask(self, texts: Iterable[str]) -> None:
        """Reads all texts that are not yet known. Raises RuntimeError where the parser ends early."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self.known]
        if not unknown:
            return
        if self.process is None:
            self.process = subprocess.Popen(COMMAND, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        process = self.process
        assert process.stdin and process.stdout
        # Questions go out beside the reading of answers: with both pipes full, each end would wait for the other.
        writer = threading.Thread(target=self.send, args=(process, unknown), daemon=True)
        writer.start()
        for text in unknown:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"the parser ended with code {process.wait()}: {' '.join(COMMAND)}")
            answer = json.loads(line)
            self.known[text] = (tuple((s["finding"], s["state"], s.get("side", "none")) for s in answer["findings"]), answer["comparison"])
        writer.join()
        self.fresh += len(unknown)
        if self.fresh > 5000:
            self.save()

    @staticmethod
    def send(process: subprocess.Popen[str], texts: list[str]) -> None:
        try:
            process.stdin.writelines(json.dumps({"text": text}) + "\n" for text in texts)
            process.stdin.flush()
        except BrokenPipeError:
            pass  # The end of the answers is what is reported.

    def save(self) -> None:
        """Writes the answers as a whole, so that another step never reads half a file."""
        if self.file is None or not self.fresh:
            return
        partial = self.file.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(self.known), encoding="utf-8")
        partial.replace(self.file)
        self.fresh = 0

    def close(self) -> None:
        self.save()
        if self.process is not None and self.process.poll() is None:
            self.process.communicate()
        self.process = None


READER = Reader()


def keep_in(work: Path) -> None:
    """Keeps what is read in `work`, so that later steps start with it."""
    READER.keep_in(work)


def read(texts: Iterable[str]) -> None:
    """Reads many texts at once, which is much faster than one at a time; they are then known."""
    READER.ask(texts)


def mentions(sentence: str) -> tuple[Mention, ...]:
    """What a sentence states of each finding it names; of a longer text, one after the other."""
    READER.ask([sentence])
    return READER.known[sentence][0]


def compares(sentence: str) -> bool:
    """Whether a sentence compares with an earlier examination."""
    READER.ask([sentence])
    return READER.known[sentence][1] is not None


def stated(sentences: list[str]) -> dict[str, tuple[str, str]]:
    """What a report states of each finding it names: present beats uncertain beats absent; sides are joined."""
    READER.ask(sentences)
    result: dict[str, tuple[str, str]] = {}
    for sentence in sentences:
        for id_, state, side in mentions(sentence):
            old = result.get(id_)
            if old is None or RANK[state] > RANK[old[0]]:
                result[id_] = (state, side)
            elif old[0] == state and state != "absent" and side != old[1]:
                result[id_] = (state, side if old[1] == "none" else old[1] if side == "none" else "bilateral")
    return result
