"""Trains the network that finds burned-in text (main/deidentify/burned-in) and writes its weights.

    python models/training/burned_in_text.py --data ../shared/data --slices FOLDER --out main/deidentify/burned-in/weights.ts

Text is drawn by this file, in faces of the system (DejaVu, Liberation, URW base 35, Noto) and three of npm, into radiographs (split `train`), the
middle of MedPix images (split `train`, where no watermark stands), the first slices of the series, ultrasound and mammograms (the first 280 and 220). `--slices` holds
those of the series as pictures: `npx tsx test/bench/burned-in.ts --write-slices FOLDER`. Where the images may carry text of their own,
what the network already takes for text is no negative.
"""

import argparse
import base64
import glob
import io
import json
import os
import random
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from torch import nn

SIDE = 176
STRIDE = 4


# ---------------------------------------------------------------- the network


class Block(nn.Module):
    """Depthwise 3 × 3, then pointwise; residual where the shape stays. Batch norm after each, ReLU after the second."""

    def __init__(self, inputs, outputs, stride=1, dilation=1):
        super().__init__()
        self.stride, self.dilation = stride, dilation
        self.residual = stride == 1 and inputs == outputs
        self.depth = nn.Conv2d(inputs, inputs, 3, stride, dilation, dilation, groups=inputs, bias=False)
        self.depth_norm = nn.BatchNorm2d(inputs)
        self.point = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.point_norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        y = self.point_norm(self.point(self.depth_norm(self.depth(x))))
        return F.relu(x + y if self.residual else y)


class Net(nn.Module):
    """Grey image (less its middle grey, -1 to 1) to logits at a quarter of its sides; sides are multiples of 8."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 12, 3, 2, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(12)
        self.quarter = nn.ModuleList([Block(12, 24, 2), Block(24, 24)])
        self.eighth = nn.ModuleList(
            [Block(24, 32, 2), Block(32, 32), Block(32, 32, dilation=2), Block(32, 32, dilation=4), Block(32, 32)]
        )
        self.up = nn.Conv2d(32, 24, 1, bias=False)
        self.up_norm = nn.BatchNorm2d(24)
        self.merge = Block(24, 24)
        self.head = nn.Conv2d(24, 1, 1)
        nn.init.constant_(self.head.bias, -2.0)

    def forward(self, x):
        x = F.relu(self.first_norm(self.first(x)))
        for block in self.quarter:
            x = block(x)
        deep = x
        for block in self.eighth:
            deep = block(deep)
        deep = F.interpolate(self.up_norm(self.up(deep)), scale_factor=2, mode="nearest")
        return self.head(self.merge(F.relu(x + deep)))


def folded(conv, norm):
    """Weights and biases of a convolution with its batch norm in them."""
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return conv.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def parameters_of(net):
    """All numbers in the order in which the program reads them: of each convolution its weights, then its biases."""
    pairs = [folded(net.first, net.first_norm)]
    blocks = [*net.quarter, *net.eighth]

    def of_block(block):
        return [folded(block.depth, block.depth_norm), folded(block.point, block.point_norm)]

    for block in blocks:
        pairs += of_block(block)
    pairs.append(folded(net.up, net.up_norm))
    pairs += of_block(net.merge)
    pairs.append((net.head.weight, net.head.bias))
    return np.concatenate([one.detach().numpy().ravel() for pair in pairs for one in pair])


# ---------------------------------------------------------------- drawing

SURNAMES = "Doe Smith Garcia Okafor Nguyen Yamada Kowalski Rossi Hansen O'Brien Patel Meyer Dubois Silva Ivanova Larsen".split()
GIVEN = "Jane John Maria Li Anna Paul Ken Fatima Olga Tom Ada Peter Chen Ravi Sofia".split()
PLACES = ["ST MARY HOSPITAL", "City Clinic", "RADIOLOGY DEPT", "Univ. Hosp.", "Imaging Center"]
TECH = "PA AP LAT SUPINE PORTABLE UPRIGHT kVp mAs FOV TR TE SL THK WL WW IM SE ZOOM AXIAL T1 T2 FLAIR GAIN DEPTH MI TIS RT LT AXILLA SAG TRV".split()
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def digits(n):
    return "".join(random.choice("0123456789") for _ in range(n))


def words():
    kind = random.random()
    if kind < 0.2:
        # Initials, ages, sexes: two or three letters.
        text = random.choice(
            [
                "".join(random.choices(LETTERS, k=random.choice([2, 2, 3, 3]))),
                ".".join(random.choices(LETTERS, k=2)) + ".",
                digits(2) + random.choice(["Y", "y", "M", "F", ""]),
                digits(3),
                random.choice("MF") + digits(2),
                random.choice(TECH),
            ]
        )
        return text if len(text) > 1 else text + digits(1)
    forms = [
        lambda: f"{random.choice(SURNAMES)}^{random.choice(GIVEN)}",
        lambda: f"{random.choice(SURNAMES)}, {random.choice(GIVEN)}",
        lambda: f"{random.choice(GIVEN)} {random.choice(LETTERS)}. {random.choice(SURNAMES)}",
        lambda: f"ID: {digits(8)}",
        lambda: digits(random.randint(4, 10)),
        lambda: f"{digits(2)}.{digits(2)}.19{digits(2)}",
        lambda: f"20{digits(2)}-{digits(2)}-{digits(2)} {digits(2)}:{digits(2)}",
        lambda: f"DOB {digits(2)}/{digits(2)}/19{digits(2)}",
        lambda: f"ACC#{digits(7)}",
        lambda: random.choice(PLACES),
        lambda: f"{random.choice(TECH)} {digits(random.randint(1, 3))}",
        lambda: f"{random.choice(TECH)} {random.choice(TECH)}",
        lambda: f"*{''.join(random.choices(LETTERS, k=3))}",
        lambda: f"{random.choice(TECH)}: {digits(1)}.{digits(1)} mm",
    ]
    text = random.choice(forms)()
    return random.choice([text, text, text.upper(), text.upper(), text.lower()])


class Faces:
    def __init__(self, npm):
        system = [
            file
            for pattern in ["dejavu/*.ttf", "liberation/*.ttf", "noto/NotoSansMono*.ttf"]
            for file in glob.glob(f"/usr/share/fonts/truetype/{pattern}")
        ]
        urw = [
            file
            for file in glob.glob("/usr/share/fonts/opentype/urw-base35/*.otf")
            if "D050000L" not in file and "StandardSymbols" not in file
        ]
        packages = ["kalam", "patrick-hand", "press-start-2p"]
        hand = [f for name in packages for f in glob.glob(f"{npm}/@fontsource/{name}/files/{name}-latin-[0-9]*-normal.woff")]
        hand += [file for file in urw if "Z003" in file] * 2
        self.groups = [(0.45, system), (0.25, urw), (0.3, hand)]
        if not system or not urw or len(hand) < 4:
            raise SystemExit("Faces are missing: fonts-dejavu, fonts-liberation, fonts-urw-base35 and npm ci.")
        self.open = {}

    def pick(self, size):
        r = random.random()
        for share, files in self.groups:
            if r < share:
                break
            r -= share
        file = random.choice(files)
        key = (file, size)
        if key not in self.open:
            if len(self.open) > 3000:
                self.open.clear()
            self.open[key] = ImageFont.truetype(file, size)
        return self.open[key]


def stamp(faces, lines, height):
    """Ink (0 to 1) and the rectangles of the lines, of a block of text whose capitals are about `height` pixels."""
    size = max(6, round(height / 0.7))
    font = faces.pick(size)
    pixelated = random.random() < 0.3
    gap = random.uniform(1.15, 1.6) * size
    boxes, widths = [], []
    for line in lines:
        box = font.getbbox(line)
        boxes.append(box)
        widths.append(box[2])
    wide, tall = int(max(widths)) + 6, int(gap * (len(lines) - 1) + size * 1.6) + 6
    ink = Image.new("L", (wide, tall))
    area = Image.new("L", (wide, tall))
    draw, marks = ImageDraw.Draw(ink), ImageDraw.Draw(area)
    draw.fontmode = "1" if pixelated else "L"
    align = random.random()
    bold = 1 if random.random() < 0.15 and size > 12 else 0
    for at, (line, box, width) in enumerate(zip(lines, boxes, widths)):
        x = 3 if align < 0.7 else wide - 3 - width
        y = 3 + at * gap
        draw.text((x, y), line, fill=255, font=font, stroke_width=bold)
        marks.rectangle([x + box[0] - 1, y + box[1] - 1, x + box[2], y + box[3]], fill=255)
    return np.asarray(ink, np.float32) / 255, np.asarray(area, np.float32) / 255


def turned(arrays):
    turn = random.choices([0, 1, 2, 3], [0.52, 0.18, 0.12, 0.18])[0]
    lean = random.uniform(-7, 7) if random.random() < 0.25 else 0
    mirror = random.random() < 0.02
    out = []
    for one in arrays:
        if lean:
            one = np.asarray(
                Image.fromarray((one * 255).astype(np.uint8)).rotate(lean, expand=True, resample=Image.BILINEAR),
                np.float32,
            ) / 255
        if mirror:
            one = one[:, ::-1]
        out.append(np.rot90(one, turn))
    return out


def blend(image, ink, value, x, y):
    h, w = image.shape
    left, top = max(0, x), max(0, y)
    right, bottom = min(w, x + ink.shape[1]), min(h, y + ink.shape[0])
    if right <= left or bottom <= top:
        return None
    part = ink[top - y : bottom - y, left - x : right - x]
    image[top:bottom, left:right] = image[top:bottom, left:right] * (1 - part) + value * part
    return top, bottom, left, right, part


def write_text(image, area, faces, lines, height):
    ink, marks = turned(stamp(faces, lines, height))
    h, w = image.shape
    # Some of it may hang over the edge, as where overlays are cut.
    hang = 0.15 if random.random() < 0.1 else 0
    room_x, room_y = w - ink.shape[1], h - ink.shape[0]
    if room_x < 0 or room_y < 0:
        hang = 0
    x = random.randint(min(0, room_x), max(0, room_x)) if random.random() < 0.6 else random.choice([0, room_x])
    y = random.randint(min(0, room_y), max(0, room_y)) if random.random() < 0.6 else random.choice([0, room_y])
    x += int(hang * random.uniform(-1, 1) * ink.shape[1])
    y += int(hang * random.uniform(-1, 1) * ink.shape[0])
    top, left = max(0, y), max(0, x)
    ground = image[top : y + ink.shape[0], left : x + ink.shape[1]]
    if ground.size == 0:
        return
    mean, spread = float(ground.mean()), float(ground.std())
    if random.random() < 0.12:
        # On a bar of its own.
        bar = random.choice([0, 0, 20, 255, random.uniform(0, 255)])
        ground[:] = bar
        mean, spread = bar, 0
    bright = random.random() < (0.95 if mean < 90 else 0.6 if mean < 170 else 0.2)
    room = 255 - mean if bright else mean
    least = min(room, 38 + spread * 0.5)
    step = room if random.random() < 0.5 else random.uniform(least, room)
    value = mean + step if bright else mean - step
    dressed = random.random()
    if dressed < 0.12:
        dilated = np.asarray(
            Image.fromarray((ink * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(3)), np.float32
        ) / 255
        blend(image, dilated, 0 if bright else 255, x, y)
    elif dressed < 0.22:
        blend(image, ink, 0 if bright else 255, x + 1, y + 1)
    blend(image, ink * random.choice([1, 1, 1, 0.75]), value, x, y)
    ones = np.ones_like(area)
    drawn = blend(area, (marks > 0.5).astype(np.float32), 1, x, y)
    del ones, drawn


def write_side(image, known, faces):
    """A letter alone, as side markers are: wanted in the image, and neither text nor none."""
    ink, marks = turned(stamp(faces, [random.choice("LRLRLRPAHFS")], random.uniform(8, 34)))
    h, w = image.shape
    x, y = random.randint(0, max(0, w - ink.shape[1])), random.randint(0, max(0, h - ink.shape[0]))
    blend(image, ink, random.choice([255, 230, 0]), x, y)
    blend(known, np.ones_like(marks), 0, x, y)


def litter(image):
    """What is no text: rulers, wires, crosses, frames, arrows, grids, ramps, specks."""
    h, w = image.shape
    picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    value = random.choice([255, 255, 230, 200, 120, 0, 30])
    thick = random.choice([1, 1, 2, 3])
    x, y = random.randint(0, w), random.randint(0, h)
    kind = random.randrange(9)
    if kind == 0:
        step, length, count = random.randint(3, 16), random.randint(2, 12), random.randint(4, 30)
        upright = random.random() < 0.5
        for i in range(count):
            reach = length * (2 if i % random.choice([5, 10]) == 0 else 1)
            if upright:
                draw.line([x, y + i * step, x + reach, y + i * step], fill=value, width=thick)
            else:
                draw.line([x + i * step, y, x + i * step, y + reach], fill=value, width=thick)
        if random.random() < 0.5:
            draw.line([x, y, x, y + count * step] if upright else [x, y, x + count * step, y], fill=value)
    elif kind == 1:
        points, px, py, angle = [], float(x), float(y), random.uniform(0, 6.3)
        bend = random.uniform(-0.15, 0.15)
        for _ in range(random.randint(10, 40)):
            points.append((px, py))
            angle += bend + random.uniform(-0.15, 0.15)
            px, py = px + 6 * np.cos(angle), py + 6 * np.sin(angle)
        draw.line(points, fill=value, width=random.randint(1, 5))
    elif kind == 2:
        for _ in range(random.randint(1, 4)):
            cx, cy, r = random.randint(0, w), random.randint(0, h), random.randint(2, 8)
            if random.random() < 0.5:
                draw.line([cx - r, cy, cx + r, cy], fill=value)
                draw.line([cx, cy - r, cx, cy + r], fill=value)
            else:
                draw.line([cx - r, cy - r, cx + r, cy + r], fill=value)
                draw.line([cx - r, cy + r, cx + r, cy - r], fill=value)
    elif kind == 3:
        wide, tall = random.randint(4, w), random.randint(4, h)
        fill = value if random.random() < 0.35 else None
        (draw.rectangle if random.random() < 0.6 else draw.ellipse)(
            [x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2], outline=value, width=thick, fill=fill
        )
    elif kind == 4:
        dx, dy = random.randint(-50, 50), random.randint(-50, 50)
        draw.line([x, y, x + dx, y + dy], fill=value, width=thick)
        draw.polygon([(x, y), (x + dy / 4 + dx / 4, y + dy / 4 - dx / 4), (x - dy / 4 + dx / 4, y + dy / 4 + dx / 4)], fill=value)
    elif kind == 5:
        step = random.randint(5, 24)
        for i in range(0, random.randint(20, w), step):
            draw.line([i, 0, i, h] if random.random() < 0.95 else [0, i, w, i], fill=value)
    elif kind == 6:
        wide, tall = random.randint(8, 20), random.randint(60, 180)
        for i in range(tall):
            draw.line([x, y + i, x + wide, y + i], fill=round(255 * i / tall))
    elif kind == 7:
        for _ in range(random.randint(3, 40)):
            cx, cy, r = random.randint(0, w), random.randint(0, h), random.choice([0, 0, 1, 1, 2, 3])
            draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=value)
    else:
        dots, dash = random.randint(3, 8), random.randint(2, 6)
        for i in range(0, random.randint(40, w), dots + dash):
            draw.line([x + i, y, x + i + dash, y] if random.random() < 0.97 else [x + i, y, x + i, y + dash], fill=value, width=thick)
    image[:] = np.asarray(picture, np.float32)


# ---------------------------------------------------------------- images


def read_grey(file):
    with Image.open(file) as image:
        return np.asarray(image.convert("L"))


def backgrounds(data, slices):
    """Lists of (image, whether it is known to bear no text)."""
    studies = [json.loads(line) for line in open(f"{data}/iu_xray/studies.jsonl", encoding="utf8")]
    films = [image["file"] for study in studies if study["split"] == "train" for image in study["images"]]
    # Every eighth is kept back, to choose thresholds on.
    films = [file for at, file in enumerate(films) if at % 8 != 0][::2]
    cases = [json.loads(line) for line in open(f"{data}/medpix/cases.jsonl", encoding="utf8")]
    cuts = [image["file"] for case in cases if case["split"] == "train" for image in case["images"]]
    cuts = [file for at, file in enumerate(cuts) if at % 8 != 0]
    films = [(read_grey(f"{data}/iu_xray/images/{file}"), False) for file in films]
    middles = []
    for file in cuts:
        path = f"{data}/medpix/images/{file}"
        if not os.path.exists(path):
            continue
        image = read_grey(path)
        h, w = image.shape
        middles.append((image[int(0.18 * h) : int(0.8 * h), int(0.08 * w) : int(0.92 * w)], False))
    series = [(read_grey(file), True) for file in sorted(glob.glob(f"{slices}/*.png"))]
    router = f"{data}/modality_router"
    sound = [(read_grey(f), False) for f in sorted(glob.glob(f"{router}/US/*.jpg"))[:280]]
    breast = [(read_grey(f), False) for f in sorted(glob.glob(f"{router}/MG/*.jpg"))[:220]]
    print(f"{len(films)} films, {len(middles)} MedPix, {len(series)} slices, {len(sound)} US, {len(breast)} MG")
    return [(0.36, films), (0.2, middles), (0.2, series), (0.12, sound), (0.06, breast), (0.06, [])]


def resized(image, h, w):
    return np.asarray(Image.fromarray(image).resize((w, h), random.choice([Image.BILINEAR, Image.BICUBIC])))


def ground(sources, side):
    """A patch of side × side, and whether it is known to bear no text."""
    r = random.random()
    for share, images in sources:
        if r < share:
            break
        r -= share
    if not images:
        flat = np.full((side, side), random.choice([0, 0, random.uniform(0, 255)]), np.float32)
        flat += np.linspace(0, random.uniform(-60, 60), side)[None, :] * random.random()
        return flat, True
    image, known = random.choice(images)
    scale = random.choice([1, 1, random.uniform(0.8, 2), random.uniform(1.5, 4)])
    need = max(16, int(side / scale))
    h, w = image.shape
    ph, pw = min(h, need), min(w, need)
    top, left = random.randint(0, h - ph), random.randint(0, w - pw)
    patch = image[top : top + ph, left : left + pw]
    out = np.zeros((side, side), np.float32)
    th, tw = min(side, max(1, round(ph * scale))), min(side, max(1, round(pw * scale)))
    y, x = random.randint(0, side - th), random.randint(0, side - tw)
    out[y : y + th, x : x + tw] = resized(patch, th, tw)
    if random.random() < 0.5:
        out = out[:, ::-1].copy()
    turn = random.random()
    if turn < 0.3:
        out = np.rot90(out, random.randint(1, 3)).copy()
    if random.random() < 0.12:
        out = 255 - out
    if random.random() < 0.5:
        out = np.clip((out - 128) * random.uniform(0.6, 1.5) + 128 + random.uniform(-40, 40), 0, 255)
    return out, known


def coded(image):
    buffer = io.BytesIO()
    Image.fromarray(np.clip(image, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=random.randint(45, 95))
    return np.asarray(Image.open(buffer), np.float32)


def sample(sources, faces):
    """A patch, where text is drawn, where it is known what is there, and whether all else is known to be none."""
    mode = random.choices([1, 2, 0.5], [0.45, 0.4, 0.15])[0]
    side = round(SIDE / mode)
    image, known = ground(sources, side)
    area = np.zeros((side, side), np.float32)
    sure = np.ones((side, side), np.float32)
    for _ in range(random.choice([0, 0, 1, 1, 2, 3])):
        litter(image)
    if mode == 0.5 and random.random() < 0.3:
        image += np.random.normal(0, random.uniform(2, 14), image.shape).astype(np.float32)
    if random.random() < 0.2:
        write_side(image, sure, faces)
    if random.random() < 0.72:
        for _ in range(random.choice([1, 1, 2, 3])):
            low, high = {1: (6, 36), 2: (4.6, 18), 0.5: (12, 72)}[mode]
            height = low + (high - low) * random.random() ** 2
            longest = int(max(2, 0.95 * side / (height * 0.75)))
            lines = [words() for _ in range(random.choice([1, 1, 1, 2, 3, 5]))]
            lines = [line[: max(2, longest)].strip() or "AB" for line in lines]
            write_text(image, area, faces, lines, height)
    if random.random() < 0.3:
        image += np.random.normal(0, random.uniform(1, 9), image.shape).astype(np.float32)
    if random.random() < 0.55:
        image = coded(image)
    if mode != 1:
        shape = (SIDE, SIDE)
        image = np.asarray(Image.fromarray(np.clip(image, 0, 255).astype(np.float32)).resize(shape, Image.BILINEAR if mode == 2 else Image.BOX))
        area = np.asarray(Image.fromarray(area).resize(shape, Image.BOX if mode == 0.5 else Image.BILINEAR))
        sure = np.asarray(Image.fromarray(sure).resize(shape, Image.BILINEAR))
    small = lambda one: one.reshape(SIDE // STRIDE, STRIDE, SIDE // STRIDE, STRIDE).mean((1, 3))
    return np.clip(image, 0, 255).astype(np.uint8), small(area), small(sure) > 0.99, known


class Patches(torch.utils.data.IterableDataset):
    def __init__(self, sources, npm):
        self.sources, self.npm = sources, npm

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        seed = 1 + (info.id if info else 0)
        random.seed(seed)
        np.random.seed(seed)
        faces = Faces(self.npm)
        while True:
            image, area, sure, known = sample(self.sources, faces)
            yield torch.from_numpy(image), torch.from_numpy(area), torch.from_numpy(sure), known


def as_input(image):
    return (image.float() / 127.5 - 1)[:, None]


def loss_of(logits, area, sure, known):
    target = (area > 0.4).float()
    weight = sure.float() * torch.where((area > 0.1) & (area < 0.7), 0.2, 1.0)
    with torch.no_grad():
        # Text of the images' own, as far as the network knows already.
        own = (torch.sigmoid(logits) > 0.5) & (area == 0) & ~known[:, None, None]
        weight = torch.where(own, 0.0, weight)
    each = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight
    text = target * weight
    count = float(text.sum())
    other = (each * (1 - target)).flatten()
    hardest = torch.topk(other, int(min(other.numel(), max(3 * count, 2000)))).values
    return (each * target).sum() / max(1.0, count) + hardest.mean() * 1.5 + other.mean()


def write_weights(net, out):
    numbers = parameters_of(net.eval()).astype(np.float16)
    text = base64.b64encode(numbers.tobytes()).decode()
    lines = [text[at : at + 120] for at in range(0, len(text), 120)]
    quoted = "\n".join(f"  '{line}'," for line in lines)
    with open(out, "w", encoding="utf8") as file:
        file.write(
            "/* Written by models/training/burned_in_text.py. */\n\n"
            f"/** The {numbers.size} numbers of the network (IEEE 754 binary16, little endian, base64), in the order in which it reads them. */\n"
            f"export const parameters = [\n{quoted}\n].join('');\n"
        )
    print(f"{numbers.size} numbers written to {out}")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--data", default="../shared/data")
    args.add_argument("--slices", required=True)
    args.add_argument("--npm", default="node_modules")
    args.add_argument("--out", required=True)
    args.add_argument("--minutes", type=float, default=30)
    args.add_argument("--workers", type=int, default=1)
    args.add_argument("--checkpoint", default=None)
    args.add_argument("--show", default=None)
    options = args.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    sources = backgrounds(options.data, options.slices)
    if options.show:
        faces = Faces(options.npm)
        sheet = np.zeros((4 * SIDE, 6 * SIDE), np.uint8)
        for i in range(24):
            image, area, _, _ = sample(sources, faces)
            big = np.kron(area, np.ones((4, 4)))
            y, x = i // 6 * SIDE, i % 6 * SIDE
            sheet[y : y + SIDE, x : x + SIDE] = np.clip(image * 0.85 + big * 35, 0, 255)
        Image.fromarray(sheet).save(options.show)
        return
    net = Net()
    if options.checkpoint and os.path.exists(options.checkpoint):
        net.load_state_dict(torch.load(options.checkpoint))
    print(f"{sum(p.numel() for p in net.parameters())} parameters", flush=True)
    loader = iter(torch.utils.data.DataLoader(Patches(sources, options.npm), 8, num_workers=options.workers, prefetch_factor=8))
    best = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=1e-4)
    start = time.time()
    step, mean = 0, None
    net.train()
    while True:
        spent = (time.time() - start) / 60 / options.minutes
        if spent >= 1:
            break
        for group in best.param_groups:
            group["lr"] = 4e-3 * min(1, (step + 1) / 100) * max(0.005, 0.5 * (1 + np.cos(np.pi * spent)))
        image, area, sure, known = next(loader)
        loss = loss_of(net(as_input(image))[:, 0], area, sure, known)
        best.zero_grad()
        loss.backward()
        best.step()
        value = loss.item()
        mean = value if mean is None else 0.99 * mean + 0.01 * value
        step += 1
        if step % 100 == 0:
            print(f"step {step}, {60 * spent * options.minutes:.0f} s, loss {mean:.4f}", flush=True)
        if step % 500 == 0 and options.checkpoint:
            torch.save(net.state_dict(), options.checkpoint)
            write_weights(net, options.out)
            net.train()
    if options.checkpoint:
        torch.save(net.state_dict(), options.checkpoint)
    write_weights(net, options.out)


if __name__ == "__main__":
    main()
