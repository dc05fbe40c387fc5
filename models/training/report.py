"""Report text as the decoder may learn it: lower case, one sentence at a time, without what it must never say.

Dropped or rewritten: anonymised sentences (`XXXX`), comparisons with earlier studies, messages to colleagues,
recommendations, dates and numbering.
"""
from __future__ import annotations

import re

REWRITES = [
    (r"\blymph xxxx", "lymph nodes"),
    (r"\bcostophrenic xxxx", "costophrenic angle"),
    (r"\bsternotomy xxxx( and)?", r"sternotomy wires\1"),
    (r"\b(most|less|more) xxxx", r"\1 likely"),
    (r", xxxx (?=(calcified|atelectasis|scar|subsegmental|represent|reflect|related|due|fibrosis|chronic|secondary))", ", likely "),
    (r"\bxxxx (?=(sternotomy|atelectasis|opacit|infiltrate|airspace|pleural|effusion|calcif|left|right|bibasilar))", ""),
    (r"\b(chest|thorax) x-?\s*xxxx", r"\1 radiograph"),
    (r"\bpa and lateral( views)? (of the )?chest( radiographs?)?\.? ?", ""),
    (r"\b(frontal|two) (and lateral )?views? (of the )?chest( (was|were|are) obtained)?\.? ?", ""),
    (r"\b(prior|previous|remote|past) (granulomatous|trauma|infection|infectious|inflammatory|tuberculosis|healed|fractures?|rib fractures?|injury)\b", r"old \2"),
    (r"\b(prior|previous) (median |midline )?(sternotomy|cabg|surgery|cholecystectomy|coronary|bypass|thoracotomy|valve|mastectomy|fusion|resection)", r"\2\3"),
    (r"\b(grossly |relatively |essentially )?(stable|unchanged|persistent|chronic stable) (in appearance )?(?=(mild|moderate|severe|borderline|small|large|right|left|bilateral|calcified|degenerative|cardiomegaly|enlarge|elevat|postoperative|post|scar|tortuo|scolio|hyper|emphys|granulom|appearing|appearance of)\w*)", ""),
    (r"\b(is|are) again (noted|seen|demonstrated|identified|visualized)", r"\1 \2"),
    (r"\bagain (noted|seen|demonstrated|identified|visualized)( is| are)? ", ""),
    (r",? (which (is|are|appears?) )?(grossly |relatively |essentially )?(stable|unchanged)( in (size|appearance|position))?( and appearance)?$", ""),
    (r"\b(remains?|appears? stable and) (?=(normal|within|enlarged|clear|mildly|borderline|top|prominent|elevated|tortuous))", "is "),
    (r"\bstable and (?=(normal|within))", ""),
    (r"\bno (new|interval) ", "no "),
    (r"\bno evidence for ", "no evidence of "),
]
PRIORS = re.compile(
    r"\b(compar\w*|priors?|previous\w*|unchanged|stable|stability|again|interval\w*|since|redemonstrat\w*|persist\w*|remain\w*|"
    r"no longer|new|newly|worse\w*|improv\w*|decreas\w*|increased (from|since|compared|in size|size)|progress\w*|resol\w*|developed|earlier|last|"
    r"no (significant )?change|not changed|change from|changed|before|recent|old films?|old exam|similar|reported|known|continued|continues)\b"
)
MESSAGES = re.compile(
    r"\b(discuss\w*|notif\w*|telephon\w*|phone|called|dr|doctor|physician|communicat\w*|paged|dictat\w*|review\w*|critical result|"
    r"recommend\w*|follow ?-?up|suggest (ct|further|follow)\w*|consider\w*|correlat\w*|advised?|further evaluation|"
    r"exam\w* (was|is)|technique|views?|images?|films?|study|radiologist|emergency|requested|patient'?s? (name|age)|year|history|if (there|clinical))\b"
)
UNFINISHED = re.compile(r"\b(is|are|the|of|with|and|a|an|in|no|to|or|than|likely)$|^(and|or|with|of|on|demonstrates?|shows?)\b|^\w+$(?<!emphysema)(?<!copd)(?<!cardiomegaly)(?<!scoliosis)")
NUMBERS = re.compile(r"\b\d{1,2}[:/]\d{2}|\b(19|20)\d{2}\b|[ap]\.?m\.?\b$")


def sentences_of(text: str) -> list[str]:
    """Raw text → lower-case sentences without numbering and final stop, nothing filtered."""
    text = re.sub(r"\s+", " ", text.lower()).strip()
    text = re.sub(r"(^|\s)\d{1,2}[.)]\s+(?=[a-z])", r"\1. ", text)
    parts = re.split(r"[.;!?]\s+|\.(?=[a-z]{3,})|[.;!?]+$", text)
    return [p.strip(" .,;:-") for p in parts if len(p.strip(" .,;:-")) > 2]


def clean_sentence(sentence: str) -> str | None:
    """A sentence fit to be learned, or None where it must not be."""
    for pattern, replacement in REWRITES:
        sentence = re.sub(pattern, replacement, sentence)
    sentence = re.sub(r"[^a-z0-9 ,()/'%.-]+", " ", sentence)
    sentence = re.sub(r"\s+", " ", sentence).strip(" .,;:-")
    sentence = re.sub(r"^(there )?(is|are) (?=(no|noted|seen)\b)", lambda m: m.group(0) if m.group(1) else "", sentence)
    if "xxxx" in sentence or not 1 <= len(sentence.split()) <= 40 or UNFINISHED.search(sentence):
        return None
    if PRIORS.search(sentence) or MESSAGES.search(sentence) or NUMBERS.search(sentence):
        return None
    return sentence


def clean_text(text: str) -> list[str]:
    """All sentences of a section that may be learned, repeated ones once."""
    kept = (clean_sentence(s) for s in sentences_of(text))
    return list(dict.fromkeys(s for s in kept if s))


def clean_indication(text: str) -> str:
    """The indication in lower case, without anonymised words."""
    words = re.sub(r"[^a-z0-9 ,/'-]+", " ", text.lower().replace("xxxx", " "))
    words = re.sub(r"\b(year|years|month)[- ]old\b|-(?=year)", " ", words)
    return re.sub(r"\s+", " ", words).strip(" ,-")[:200]
