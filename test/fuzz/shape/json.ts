/* JSON as its writers see it: a tree whose values can be of another kind, whose keys can be missing, twice or mean something else. */
import { oddNumbers } from '../mutate.js';
import type { Random } from '../random.js';

type Place = { holder: Record<string, unknown> | unknown[]; key: string | number };

const texts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\ufeff',
  '__proto__',
  'constructor',
  '../../../etc/passwd',
  '<script>alert(1)</script>',
  '<div xmlns="http://www.w3.org/1999/xhtml"><p>FINDINGS: clear</p></div>',
  '#self',
  'Patient/1',
  'urn:uuid:0',
  '2026-13-45T99:99:99Z',
  'http://terminology.hl7.org/x',
  'FINDINGS: Normal.\nIMPRESSION: None.',
  'data:text/html;base64,PHA+',
  '1e999',
  'NaN',
];

/** A value that is seldom right. */
export function oddValue(random: Random): unknown {
  switch (random.below(12)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick(oddNumbers) * random.pick([1, -1, 0.5]);
    case 3:
      return random.pick([1e308, -0, 1.5, Number.MAX_SAFE_INTEGER, -1]);
    case 4:
      return [];
    case 5:
      return {};
    case 6:
      return 'a'.repeat(random.pick([1, 100, 3000]));
    case 7: {
      let nested: unknown = 1;
      for (let depth = random.pick([3, 30, 600]); depth > 0; depth--)
        nested = random.chance(0.5) ? [nested] : { resource: nested };
      return nested;
    }
    case 8:
      return Array.from({ length: random.pick([2, 50, 1200]) }, () => random.pick(['', null, 0, {}]));
    default:
      return random.pick(texts);
  }
}

const isHolder = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null;

const mostPlaces = 500;

function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const walk = (holder: Record<string, unknown> | unknown[], depth: number) => {
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      if (places.length >= mostPlaces) return;
      places.push({ holder, key });
      const value = valueAt({ holder, key });
      if (isHolder(value) && depth < 40) walk(value, depth + 1);
    }
  };
  if (isHolder(root)) walk(root, 0);
  return places;
}

const valueAt = ({ holder, key }: Place): unknown => Reflect.get(holder, key);

/** `__proto__` as a key of its own, as JSON has it. */
const setAt = (holder: object, key: string | number, value: unknown) =>
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

/** One change of a tree, in place; a root that holds nothing is replaced. */
export function mutateTree(root: unknown, random: Random, keys: readonly string[]): unknown {
  const places = placesIn(root);
  if (places.length === 0) return random.chance(0.5) ? { [random.pick(keys)]: oddValue(random) } : [root];
  const place = random.pick(places);
  const { holder, key } = place;
  switch (random.below(7)) {
    case 0:
    case 1:
      setAt(holder, key, oddValue(random));
      break;
    case 2:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      break;
    case 3:
      setAt(holder, key, structuredClone(valueAt(random.pick(places))));
      break;
    case 4:
      if (Array.isArray(holder)) holder.push(structuredClone(valueAt(place)));
      else setAt(holder, random.pick([...keys, '__proto__', 'constructor', 'toString', '']), valueAt(place));
      break;
    case 5:
      setAt(holder, key, random.chance(0.5) ? [valueAt(place)] : { [random.pick(keys)]: valueAt(place) });
      break;
    default: {
      const value = valueAt(place);
      if (typeof value === 'string')
        setAt(holder, key, value.slice(random.below(value.length)) + random.pick(texts));
      else if (typeof value === 'number') setAt(holder, key, value + random.between(-3, 3));
      else setAt(holder, key, oddValue(random));
    }
  }
  return root;
}

/** The same for JSON in bytes; undefined where it is none. A change may make a tree too large to write. */
export function mutateJson(
  input: Uint8Array,
  random: Random,
  keys: readonly string[],
): Uint8Array | undefined {
  try {
    return Buffer.from(
      JSON.stringify(mutateTree(JSON.parse(Buffer.from(input).toString('utf8')), random, keys)),
    );
  } catch {
    return undefined;
  }
}
