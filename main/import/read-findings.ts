import type { Polarity } from '../../preload/values.js';
import { findingsNamed, parseFindings } from '../findings/index.js';
import type { ImportRecord } from './record.js';

/** What a passage says of findings. */
export interface PassageFindings {
  /** Findings that it names. */
  findings: string[];
  /** Of these, what it states as seen on its own images. */
  present: string[];
  polarity?: Polarity;
}

const none: PassageFindings = { findings: [], present: [] };

/** The vocabulary is that of chest radiographs: elsewhere its words mean something else (an "opacity" of the lens, a "mass" of the brain). */
const chestRegions = new Set(['chest', 'cardiac', 'abdomen', 'whole-body']);
const spineFindings = new Set([
  'spine_degeneration',
  'scoliosis',
  'kyphosis',
  'vertebral_compression',
  'surgical_material',
]);

/** Sections that state what the images of this study show; what others name is history, question or technique. */
const stating = new Set(['findings', 'impression', 'diagnosis', 'caption', 'addendum']);

const mostRemembered = 4096;

/** Reads passages for findings; remembers the last few thousand, since reports say the same sentence again and again. */
export class FindingReader {
  readonly #remembered = new Map<string, ReturnType<typeof parseFindings>>();

  /**
   * @param kind of the section that the passage is of
   * @param bodyRegion of the document
   */
  read(topic: ImportRecord['topic'], kind: string, bodyRegion: string, text: string): PassageFindings {
    const known =
      bodyRegion === 'spine'
        ? (finding: string) => spineFindings.has(finding)
        : chestRegions.has(bodyRegion)
          ? () => true
          : undefined;
    if (known === undefined) return none;
    if (topic === 'article') return { findings: findingsNamed(text).filter(known), present: [] };
    const statements = this.#parse(text).filter(({ finding }) => known(finding));
    const findings = [...new Set(statements.map(({ finding }) => finding))];
    if (!stating.has(kind)) return { findings, present: [] };
    const states = new Set(statements.map(({ state }) => state));
    const [polarity] = states;
    return {
      findings,
      present: statements.filter(({ state }) => state === 'present').map(({ finding }) => finding),
      // A sentence that affirms one finding and denies another has no polarity to be found by.
      ...(states.size === 1 && polarity !== undefined && { polarity }),
    };
  }

  #parse(text: string): ReturnType<typeof parseFindings> {
    const remembered = this.#remembered.get(text);
    if (remembered !== undefined) return remembered;
    const statements = parseFindings(text);
    if (this.#remembered.size >= mostRemembered) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.set(text, statements);
    return statements;
  }
}
