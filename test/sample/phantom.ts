/*
 * A chest as a block of attenuation values, 1 mm a voxel, put together from solids: body, lungs, heart, vessels, bones. Nothing of
 * it was taken from a patient. It carries one finding: a large heart.
 *
 * Axes in mm: x to the patient's left, y to the head, z to the back. Values are relative to water.
 */

export interface Volume {
  /** Voxels along x, y, z; index = (y * nx + x) * nz + z. */
  nx: number;
  ny: number;
  nz: number;
  /** Position of voxel 0. */
  x0: number;
  y0: number;
  z0: number;
  values: Float32Array;
}

type Point = readonly [x: number, y: number, z: number];

const soft = 1.03;
const fat = 0.92;

/** Repeatable random numbers in 0…1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const mix = (a: number, b: number, t: number) => a + (b - a) * Math.min(1, Math.max(0, t));
const smooth = (t: number) => {
  const u = Math.min(1, Math.max(0, t));
  return u * u * (3 - 2 * u);
};

// The rib cage from inside: how far down from its top, 0…1, and its half width and half depth there.
const apexY = 166;
const down = (y: number) => Math.min(1.15, Math.max(0, (apexY - y) / 270));
const dome = (t: number, power: number) => (1 - Math.max(0, 1 - t) ** power) ** (1 / power);
const innerWidth = (y: number) => 134 * dome(down(y), 2.5);
const innerDepth = (y: number) => 94 * dome(down(y), 2.1);
const centreZ = (y: number) => mix(26, 2, down(y) * 1.6);
const spineZ = (y: number) => 58 + 16 * Math.cos((y - 35) / 105);
const diaphragm = (side: number, x: number, z: number) => {
  const across = (x - side * 60) / 82;
  const along = (z + 14) / 108;
  return (side > 0 ? -74 : -62) - 56 * (0.85 * across * across + (z > -14 ? 1.35 : 0.45) * along * along);
};

/** Relative distance from the axis of the rib cage, 1 at its inner wall. */
function wallDistance(x: number, y: number, z: number): number {
  const w = innerWidth(y);
  const d = innerDepth(y);
  if (w < 1 || d < 1) return 2;
  return ((Math.abs(x) / w) ** 2.25 + (Math.abs(z - centreZ(y)) / d) ** 2.25) ** (1 / 2.25);
}

/** Which lung space a point lies in: 1 left, -1 right, 0 neither. */
function lungSide(x: number, y: number, z: number): number {
  if (y > apexY - 1 || wallDistance(x, y, z) > 1) return 0;
  const side = x >= 0 ? 1 : -1;
  if (y < diaphragm(side, x, z)) return 0;
  // The mediastinum between the lungs: widest about the great vessels, narrow in front of them and beside the spine.
  const middle = 27 - 5 * smooth((y - 70) / 60) - 4 * smooth((-y - 20) / 60);
  const half =
    4 + middle * Math.exp(-(((z - 8) / 44) ** 2)) + 3 * Math.sin(y / 17 + side) + 2 * Math.sin(z / 9);
  return Math.abs(x) > half ? side : 0;
}

export type Arms = 'down' | 'raised';

/** Builds the chest without arms and shoulder girdle. */
export function buildChest(): Volume {
  const [nx, ny, nz] = [372, 420, 312];
  const volume: Volume = { nx, ny, nz, x0: -186, y0: -205, z0: -172, values: new Float32Array(nx * ny * nz) };
  paintBody(volume);
  paintLungs(volume);
  paintVessels(volume);
  paintHeart(volume);
  paintAirways(volume);
  paintAbdomen(volume);
  paintBones(volume);
  return volume;
}

/** A copy with arms: beside the body for a frontal view, lifted for a lateral one. */
export function withArms(chest: Volume, arms: Arms): Volume {
  const volume = { ...chest, values: chest.values.slice() };
  paintLimbs(volume, arms);
  for (const side of [-1, 1]) paintShoulder(volume, side, arms);
  return volume;
}

/** Visits the voxels of a box. `change` gets the value there and gives the new one. */
function each(
  volume: Volume,
  low: Point,
  high: Point,
  change: (value: number, x: number, y: number, z: number) => number,
): void {
  const { nx, ny, nz, x0, y0, z0, values } = volume;
  const from = (value: number, origin: number) => Math.max(0, Math.floor(value - origin));
  const to = (value: number, origin: number, count: number) => Math.min(count - 1, Math.ceil(value - origin));
  for (let j = from(low[1], y0); j <= to(high[1], y0, ny); j++)
    for (let i = from(low[0], x0); i <= to(high[0], x0, nx); i++) {
      const base = (j * nx + i) * nz;
      const last = to(high[2], z0, nz);
      for (let k = from(low[2], z0); k <= last; k++)
        values[base + k] = change(values[base + k] ?? 0, i + x0, j + y0, k + z0);
    }
}

const everything: readonly [Point, Point] = [
  [-400, -400, -400],
  [400, 400, 400],
];

function ellipsoid(
  volume: Volume,
  centre: Point,
  radii: Point,
  value: number,
  where: (old: number) => boolean = () => true,
): void {
  const reach = 1.1;
  each(
    volume,
    [centre[0] - radii[0] * reach, centre[1] - radii[1] * reach, centre[2] - radii[2] * reach],
    [centre[0] + radii[0] * reach, centre[1] + radii[1] * reach, centre[2] + radii[2] * reach],
    (old, x, y, z) => {
      if (!where(old)) return old;
      const r = Math.hypot(
        (x - centre[0]) / radii[0],
        (y - centre[1]) / radii[1],
        (z - centre[2]) / radii[2],
      );
      const share = smooth((1 - r) * Math.min(radii[0], radii[1], radii[2]) * 0.5 + 0.5);
      return mix(old, value, share);
    },
  );
}

interface Tube {
  radius: number;
  value: number;
  /** Hollow bone: value of the outer part of the radius. */
  shell?: number;
  /** How much higher than thick. */
  tall?: number;
  where?: (old: number) => boolean;
}

/** A tube along a line of points, its radius tapering from `radius` to `end`. */
function tube(
  volume: Volume,
  points: readonly Point[],
  { radius, value, shell, tall = 1, where = () => true }: Tube,
  end = radius,
): void {
  for (let n = 0; n + 1 < points.length; n++) {
    const a = points[n] ?? [0, 0, 0];
    const b = points[n + 1] ?? [0, 0, 0];
    const ra = mix(radius, end, n / (points.length - 1));
    const rb = mix(radius, end, (n + 1) / (points.length - 1));
    const reach = Math.max(ra, rb) + 1.5;
    const axis: Point = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const length2 = axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2 || 1;
    each(
      volume,
      [Math.min(a[0], b[0]) - reach, Math.min(a[1], b[1]) - reach * tall, Math.min(a[2], b[2]) - reach],
      [Math.max(a[0], b[0]) + reach, Math.max(a[1], b[1]) + reach * tall, Math.max(a[2], b[2]) + reach],
      (old, x, y, z) => {
        if (!where(old)) return old;
        const t = Math.min(
          1,
          Math.max(0, ((x - a[0]) * axis[0] + (y - a[1]) * axis[1] + (z - a[2]) * axis[2]) / length2),
        );
        const dy = (y - a[1] - t * axis[1]) / tall;
        const distance = Math.hypot(x - a[0] - t * axis[0], dy, z - a[2] - t * axis[2]);
        const r = mix(ra, rb, t);
        const share = Math.min(1, Math.max(0, r - distance + 0.5));
        if (share === 0) return old;
        const inside = shell !== undefined && distance > r - 1.6 ? shell : value;
        return shell !== undefined ? Math.max(old, mix(old, inside, share)) : mix(old, inside, share);
      },
    );
  }
}

function paintBody(volume: Volume): void {
  each(volume, ...everything, (_, x, y, z) => {
    const neck = smooth((y - 124) / 74);
    const waist = smooth((-y - 40) / 160);
    const chest = smooth((y - 10) / 120);
    const half = mix(mix(157, 146, waist), 54, neck);
    const depth = mix(mix(mix(116, 108, waist), 98, chest), 58, neck);
    const middle = mix(mix(4, 16, chest), 26, neck) - 4 * waist;
    const r = ((Math.abs(x) / half) ** 2.5 + (Math.abs(z - middle) / depth) ** 2.2) ** (1 / 2.35);
    const edge = (1 - r) * Math.min(half, depth);
    if (edge <= -0.5) return 0;
    return Math.min(1, edge + 0.5) * mix(fat, soft, smooth((edge - 5) / 14));
  });
  for (const side of [-1, 1]) {
    ellipsoid(volume, [side * 76, -42, -64], [64, 66, 62], 0.93, isOutside);
  }
}

function paintLimbs(volume: Volume, arms: Arms): void {
  for (const side of [-1, 1]) {
    ellipsoid(volume, [side * 124, 120, 16], [66, 50, 56], 1.0, isOutside);
    ellipsoid(volume, [side * 134, 66, 22], [40, 84, 58], 0.99, isOutside);
    const arm: Point[] =
      arms === 'down'
        ? [
            [side * 166, 118, 8],
            [side * 200, 0, 10],
            [side * 222, -120, 20],
          ]
        : [
            [side * 138, 128, -6],
            [side * 120, 190, -70],
            [side * 100, 240, -150],
          ];
    tube(volume, arm, { radius: 46, value: 0.99, where: isOutside }, 40);
  }
}

function paintLungs(volume: Volume): void {
  each(volume, [-140, -205, -110], [140, apexY, 130], (old, x, y, z) => {
    const side = lungSide(x, y, z);
    if (side === 0) return old;
    // Gravity: the lower and hinder lung holds more blood.
    return 0.24 + 0.05 * smooth((60 - y) / 160) + 0.03 * smooth((z + 20) / 90);
  });
}

/** Air around the body, and its half-filled edge. */
const isOutside = (old: number) => old < 0.2;
const isLung = (old: number) => old > 0.02 && old < 0.75;

/** Arteries and veins fan out from the hila and divide until they are too fine to be seen. */
function paintVessels(volume: Volume): void {
  const next = random(20240229);
  const branch = (from: Point, heading: Point, radius: number, length: number) => {
    if (radius < 0.55) return;
    const size = Math.hypot(...heading) || 1;
    const to: Point = [
      from[0] + (heading[0] / size) * length,
      from[1] + (heading[1] / size) * length,
      from[2] + (heading[2] / size) * length,
    ];
    tube(volume, [from, to], { radius, value: 1.05, where: isLung }, radius * 0.82);
    const spread = 0.62;
    const turn = (): Point => [
      heading[0] / size + (next() - 0.5) * 2 * spread,
      heading[1] / size + (next() - 0.5) * 2 * spread,
      heading[2] / size + (next() - 0.5) * 2 * spread,
    ];
    branch(to, turn(), radius * (0.74 + 0.08 * next()), length * (0.8 + 0.12 * next()));
    branch(to, turn(), radius * (0.62 + 0.12 * next()), length * (0.74 + 0.16 * next()));
  };
  for (const side of [-1, 1]) {
    const hilum: Point = [side * 34, side > 0 ? 36 : 26, 12];
    for (let n = 0; n < 15; n++) {
      const angle = -1.9 + (n / 14) * 3.3;
      const heading: Point = [
        side * Math.max(0.15, Math.cos(angle * 0.8)),
        Math.sin(angle),
        (next() - 0.45) * 1.5,
      ];
      branch(hilum, heading, (angle < 0 ? 4.4 : 3.1) + next(), 26 + 8 * next());
    }
    ellipsoid(volume, [side * 36, side > 0 ? 34 : 24, 10], [12, 18, 15], 1.04, isLung);
  }
}

/** The heart is enlarged to both sides: about two thirds of the chest's width. */
function paintHeart(volume: Volume): void {
  const u: Point = [0.79, -0.52, -0.32];
  const v: Point = [0.55, 0.83, 0.02];
  const w: Point = [0.26, -0.19, 0.95];
  const centre: Point = [36, -42, -30];
  each(volume, [-90, -150, -110], [150, 70, 70], (old, x, y, z) => {
    const p: Point = [x - centre[0], y - centre[1], z - centre[2]];
    const along = (axis: Point) => p[0] * axis[0] + p[1] * axis[1] + p[2] * axis[2];
    const r = Math.hypot(along(u) / 114, along(v) / 80, along(w) / 66);
    const share = smooth((1 - r) * 9 + 0.5);
    return old > 0.85 ? old : mix(old, 1.06, share);
  });
  const air = (old: number) => old < 0.85;
  ellipsoid(volume, [-12, -34, -16], [46, 62, 50], 1.06, air);
  ellipsoid(volume, [10, 22, 4], [40, 30, 34], 1.06, air);
  ellipsoid(volume, [26, 44, -14], [22, 18, 20], 1.06, air);
  const vessel = (points: readonly Point[], radius: number) =>
    tube(volume, points, { radius, value: 1.06, where: air });
  vessel(
    [
      [-8, 15, -22],
      [-18, 60, -24],
      [-8, 92, -12],
      [14, 103, 6],
      [25, 94, 28],
      [27, 60, 36],
      [22, 0, 40],
      [14, -120, 46],
    ],
    15,
  );
  vessel(
    [
      [-22, 125, 0],
      [-26, 70, -4],
      [-28, 10, -8],
    ],
    10,
  );
  vessel(
    [
      [14, 40, -18],
      [40, 38, 8],
    ],
    13,
  );
}

function paintAirways(volume: Volume): void {
  const airway = (points: readonly Point[], radius: number) => tube(volume, points, { radius, value: 0.02 });
  const carina: Point = [-2, 68, 20];
  airway([[0, 215, 6], [0, 150, 14], carina], 9.5);
  airway([carina, [-24, 44, 20], [-40, 26, 22]], 6.5);
  airway([carina, [26, 50, 20], [46, 36, 22]], 6);
}

function paintAbdomen(volume: Volume): void {
  const belly = (old: number) => old > 0.85;
  ellipsoid(volume, [62, -116, -22], [30, 15, 30], 0.1, belly);
  const next = random(7);
  for (let n = 0; n < 16; n++)
    ellipsoid(
      volume,
      [-70 + 170 * next(), -158 - 44 * next(), -70 + 60 * next()],
      [7 + 10 * next(), 6 + 7 * next(), 8 + 12 * next()],
      0.25,
      belly,
    );
}

function paintBones(volume: Volume): void {
  for (let n = -8; n <= 9; n++) paintVertebra(volume, n * 23.5 + 6);
  for (const side of [-1, 1]) for (let rib = 1; rib <= 12; rib++) paintRib(volume, side, rib);
  // Sternum.
  ellipsoid(volume, [0, 92, -76], [27, 25, 7], 1.3);
  tube(
    volume,
    [
      [0, 66, -88],
      [0, 10, -103],
      [0, -34, -106],
    ],
    { radius: 8, value: 1.22, shell: 1.45 },
  );
}

function paintVertebra(volume: Volume, y: number): void {
  const z = spineZ(y);
  each(volume, [-19, y - 11, z - 17], [19, y + 11, z + 17], (old, x, yy, zz) => {
    const r = Math.hypot(x / 17.5, (zz - z) / 15);
    const waist = 1 - 0.08 * (1 - ((yy - y) / 10) ** 2);
    if (r > waist || Math.abs(yy - y) > 9.6) return old;
    const rim = Math.abs(yy - y) > 8.2 || r > waist - 0.1;
    return rim ? 1.44 : 1.2;
  });
  for (const side of [-1, 1]) {
    tube(
      volume,
      [
        [side * 12, y + 3, z + 10],
        [side * 13, y + 3, z + 24],
      ],
      { radius: 5, value: 1.4, shell: 1.8 },
    );
    tube(
      volume,
      [
        [side * 13, y + 3, z + 24],
        [side * 33, y + 6, z + 30],
      ],
      { radius: 4.5, value: 1.25, shell: 1.5 },
    );
    tube(
      volume,
      [
        [side * 13, y + 1, z + 26],
        [0, y - 5, z + 34],
      ],
      { radius: 4, value: 1.35, shell: 1.6 },
    );
  }
  tube(
    volume,
    [
      [0, y - 4, z + 34],
      [0, y - 14, z + 46],
    ],
    { radius: 3.5, value: 1.2, shell: 1.4, tall: 1.6 },
  );
}

/** A rib leaves the spine, swings out and down around the chest, and ends in cartilage in front. */
function paintRib(volume: Volume, side: number, rib: number): void {
  const start = 152 - (rib - 1) * 22.5;
  const drop = [30, 46, 60, 72, 82, 90, 96, 98, 94, 86, 60, 36][rib - 1] ?? 60;
  const last = [152, 150, 150, 150, 148, 146, 144, 134, 126, 118, 88, 62][rib - 1] ?? 120;
  const points: Point[] = [];
  for (let angle = 16; angle <= last; angle += 6) {
    const t = angle / 150;
    const y = start + 5 * Math.sin(Math.min(1, t * 3) * Math.PI) - drop * t ** 1.25;
    const radians = (angle * Math.PI) / 180;
    const power = 2 / 2.25;
    const around = (value: number) => Math.sign(value) * Math.abs(value) ** power;
    const width = Math.max(innerWidth(y), 42) + 5;
    const depth = Math.max(innerDepth(y), 34) + 5;
    points.push([
      side * width * around(Math.sin(radians)),
      y,
      centreZ(y) + depth * around(Math.cos(radians)),
    ]);
  }
  const cut = Math.ceil(points.length * (rib <= 10 ? 0.84 : 1));
  const sturdy = rib === 1 ? 4.6 : 4.9;
  tube(
    volume,
    points.slice(0, cut),
    { radius: sturdy, value: 1.25, shell: 1.7, tall: 1.35 },
    rib > 10 ? 3 : sturdy,
  );
  tube(volume, points.slice(cut - 1), { radius: 4.5, value: 1.1, tall: 1.3 });
}

function paintShoulder(volume: Volume, side: number, arms: Arms): void {
  const lift = arms === 'raised' ? 14 : 0;
  tube(
    volume,
    [
      [side * 14, 112, -66],
      [side * 48, 122, -64],
      [side * 92, 134 + lift, -42],
      [side * 140, 146 + lift, -12],
    ],
    { radius: 6.2, value: 1.25, shell: 1.8 },
  );
  // Shoulder blade: a thin plate with its spine and a thicker outer border.
  each(volume, [side > 0 ? 70 : -170, -10, 20], [side > 0 ? 170 : -70, 150, 125], (old, x, y, z) => {
    const along = (136 - y) / 130;
    const inner = mix(92, 108, along);
    const outer = mix(160, 116, along);
    if (along < 0 || along > 1 || Math.abs(x) < inner || Math.abs(x) > outer || old < 0.8) return old;
    const plane = 100 - (Math.abs(x) - 92) * 0.85;
    return Math.abs(z - plane) < 1.7 ? Math.max(old, 1.55) : old;
  });
  tube(
    volume,
    [
      [side * 160, 128, 42],
      [side * 140, 70, 58],
      [side * 116, 6, 80],
    ],
    { radius: 4.4, value: 1.25, shell: 1.6 },
    3.4,
  );
  tube(
    volume,
    [
      [side * 94, 112, 98],
      [side * 130, 130, 74],
      [side * 158, 148 + lift, 24],
    ],
    { radius: 5, value: 1.25, shell: 1.6 },
  );
  const head: Point = [side * 164, 122 + lift, 8];
  ellipsoid(volume, head, [23, 24, 23], 1.42);
  const shaft: Point[] =
    arms === 'down'
      ? [head, [side * 182, 60, 8], [side * 204, -60, 12], [side * 215, -140, 16]]
      : [head, [side * 122, 190, -72], [side * 100, 240, -150]];
  tube(volume, shaft, { radius: 11, value: 1.25, shell: 2.1 });
}
