"""A small, conservative reader of findings in cleaned report sentences, for training targets and rewards.

The product's own reader is `main/draft/finding-parser.ts`; this one exists so that training needs no Node.
"""
from __future__ import annotations

import re
from functools import lru_cache

NOUNS = {
    "cardiomegaly": r"cardiomegaly|(?:heart|cardiac silhouette|cardiomediastinal silhouette|cardiac shadow)(?: size)? (?:is |appears |are )?(?:\w+ly |borderline |top |upper |moderate |severe ){0,2}(?:enlarge|prominent|large\b|increased)|enlarge\w*(?: of the| the)? (?:heart|cardiac|cardiomediastinal)|(?:enlarged|prominent|large) (?:heart|cardiac|cardiomediastinal)",
    "pulmonary_edema": r"(?:pulmonary|interstitial|alveolar) edema|\bedema\b|(?:vascular|pulmonary|venous) congestion|\bchf\b|heart failure|vascular(?:ity)? (?:is |are )?(?:\w+ly )?(?:engorge|prominen|congest|increased)|cephalization",
    "pleural_effusion": r"effusions?|pleural fluid|hydropneumothorax",
    "costophrenic_blunting": r"blunt\w*|costophrenic \w+ (?:is|are) (?:\w+ )?(?:blunt|obscur)",
    "pleural_thickening": r"pleural(?:-parenchymal| parenchymal)? thickening|(?:apical|pleural) (?:cap|thicken\w+)|thickening of the (?:\w+ )?pleura",
    "pneumothorax": r"pneumothora(?:x|ces)|hydropneumothorax",
    "opacity": r"opacit(?:y|ies)|opacification|densit(?:y|ies)",
    "airspace_disease": r"air ?space (?:disease|opacit\w+|consolidation|process)|airspace|infiltrates?|consolidations?|pneumonia|consolidative",
    "atelectasis": r"atelecta\w+|volume loss|collapse\b",
    "scarring": r"\bscar(?:s|ring|red)?\b|cicatri\w+",
    "interstitial_disease": r"interstitial (?:markings?|opacit\w+|disease|lung|change\w*|prominence|pattern|thickening|fibrosis)|fibrosis|fibrotic|reticular|increased interstitial",
    "bronchovascular_markings": r"(?:bronchovascular|broncho vascular|lung|vascular) (?:markings?|crowding)|crowding|(?:bronchovascular|peribronchial)",
    "nodule": r"nodul\w+|\bmass(?:es)?\b",
    "calcified_granuloma": r"granulomas?\b|calcified (?:\w+ ){0,2}nodul\w+",
    "granulomatous_disease": r"granulomatous|calcified (?:\w+ ){0,3}(?:lymph|node|adenopathy|hil)|(?:hilar|nodal|mediastinal|lymph node|node) calcification",
    "low_lung_volumes": r"low lung volumes?|(?:lung|inspiratory) volumes? (?:are|is) (?:\w+ )?(?:low|small|decreased|diminished|reduced)|hypoinflat\w+|hypoventilat\w+|(?:low|small|decreased|shallow|poor) (?:\w+ )?(?:inspirat\w+|lung volumes?|volumes?|inflation)|underinflat\w+|hypoaerat\w+",
    "hyperinflation": r"hyperinflat\w+|hyperexpan\w+|hyperaerat\w+|hyperlucen\w+|overinflat\w+|hyperdisten\w+|hyperventilat\w+|flatten\w+|large lung volumes?",
    "emphysema": r"emphysem\w+|\bcopd\b|obstructive|bulla\w*|bullous|\bblebs?\b",
    "elevated_diaphragm": r"elevat\w+ (?:of )?(?:the )?(?:\w+ ){0,2}(?:hemi ?)?diaphragm|diaphragm(?:s)? (?:is |are )?(?:\w+ )?elevat\w+|eventration",
    "hiatal_hernia": r"hiat(?:al|us) hernia|\bhernia\b",
    "aortic_tortuosity": r"tortuo\w+|ectatic|ectasia|unfold\w+|(?:dilated|prominent|enlarged) (?:\w+ )?aort\w+|aneurysm\w*",
    "aortic_calcification": r"atherosclero\w+|calcifi\w+ (?:of |in |within )?(?:the |of the )?(?:\w+ ){0,2}aort\w+|aort\w+ (?:\w+ ){0,2}calcif\w+|vascular calcif\w+|arteriosclero\w+",
    "spine_degeneration": r"degenerat\w+|spondylo\w+|osteophyt\w+|spurring|\bdish\b|disc space",
    "scoliosis": r"scolio\w+|curvature|dextroscolio\w+|levoscolio\w+",
    "kyphosis": r"kypho\w+",
    "vertebral_compression": r"compression (?:deformit\w+|fracture\w*)|(?:vertebral|thoracic|spine|vertebra|lumbar) (?:\w+ ){0,2}(?:compression|wedg\w+|fracture\w*|deformit\w+)|wedg\w+|loss of (?:\w+ )?height|(?:compression|wedge)",
    "rib_fracture": r"(?:rib|clavic\w+|humer\w+|scapul\w+) (?:\w+ ){0,2}(?:fracture\w*|deformit\w+)|fractures?(?: of)?(?: the)?(?: \w+){0,4} (?:ribs?|clavicle|humer\w+)|old fractures?|healed (?:\w+ )?fractures?|fractured",
    "catheter": r"catheter\w*|\bpicc\b|\bport\b|central (?:venous )?line|(?:endotracheal|tracheostomy|nasogastric|ng|chest|feeding|enteric|et) tubes?|tubes?\b|port-a-cath|\bline tip|svc\b",
    "surgical_material": r"sternotomy|surgical|\bclips?\b|sutures?|\bcabg\b|postsurgical|staple\w*|stents?|\bfusion\b|wires?\b|postoperative",
    "implanted_device": r"pacemaker|\baicd\b|\bicd\b|defibrillator|pacer|generator|prosthe\w+|valve replacement|valve\b|device|stimulator|\bleads?\b|arthroplasty|loop recorder",
}
PATTERNS = {id_: re.compile(rf"(?<![a-z])(?:{body})") for id_, body in NOUNS.items()}
NEGATION = re.compile(
    r"\b(no|not|without|negative for|free of|absence of|clear of|absent|nor|neither|rather than|resolved|rule out|exclude\w*|"
    r"cannot be excluded|lack of|unremarkable for)\b"
)
HEDGE = re.compile(r"\b(possib\w+|may\b|might|could|probabl\w+|suspect\w*|suspicious|question\w*|versus|vs|cannot|suggest\w*|likely|or\b)\b")
NORMAL = re.compile(r"\b(normal|unremarkable|clear|intact|within normal limits|not enlarged|upper limits of normal)\b")
BREAK = re.compile(r"\b(but|however|although|with (?=mild|moderate|small|minimal)|except)\b|;")
LEFT, RIGHT, BOTH = re.compile(r"\bleft|\blingul"), re.compile(r"\bright"), re.compile(r"\bbilateral|\bboth\b|\bbibasilar|\bbiapical|\bbases\b|\bapices\b")
PRIOR = re.compile(r"\b(unchanged|stable|interval|compared|comparison|previous\w*|prior|again|since|redemonstrat\w*|worsen\w*|improv\w*|persist\w*)\b")
CALM = {"cardiomegaly", "aortic_tortuosity", "bronchovascular_markings"}


@lru_cache(maxsize=100_000)
def mentions(sentence: str) -> tuple[tuple[str, str, str], ...]:
    """(finding id, present | absent | uncertain, left | right | bilateral | none) of each finding a sentence states."""
    found = []
    for clause in (c for c in BREAK.split(sentence) if c):
        for id_, pattern in PATTERNS.items():
            hit = pattern.search(clause)
            if not hit:
                continue
            before = clause[:hit.start()]
            absent = bool(NEGATION.search(before)) or bool(re.search(r"^.{0,25}\b(is|are|was) (not|absent|excluded)", clause[hit.end():]))
            if id_ not in CALM and id_ != "surgical_material" and not absent:
                absent = bool(NORMAL.search(before)) and id_ in {"opacity", "pulmonary_edema", "nodule", "airspace_disease"}
            state = "absent" if absent else "uncertain" if HEDGE.search(before[-40:]) else "present"
            left, right, both = bool(LEFT.search(clause)), bool(RIGHT.search(clause)), bool(BOTH.search(clause))
            side = "bilateral" if both or (left and right) else "left" if left else "right" if right else "none"
            found.append((id_, state, side))
    return tuple(found)


def stated(sentences: list[str]) -> dict[str, tuple[str, str]]:
    """What a report states of each finding it names: present beats uncertain beats absent; sides are joined."""
    rank = {"absent": 0, "uncertain": 1, "present": 2}
    result: dict[str, tuple[str, str]] = {}
    for sentence in sentences:
        for id_, state, side in mentions(sentence):
            old = result.get(id_)
            if old is None or rank[state] > rank[old[0]]:
                result[id_] = (state, side)
            elif old[0] == state and state != "absent" and side != old[1]:
                result[id_] = (state, side if old[1] == "none" else old[1] if side == "none" else "bilateral")
    return result
