import type { RemovalKind } from '../../../preload/values.js';

/** Characters [from, to) of a text that identify somebody. */
export interface Span {
  from: number;
  to: number;
  kind: RemovalKind;
  /** What stands in its place; default: the kind in brackets. */
  instead?: string;
}

/** A pattern whose match goes: all of it, or the group `part`, which ends it. Other context stands in lookarounds. */
export interface Rule {
  kind: RemovalKind;
  /** Global. */
  pattern: RegExp;
  /** What stands in every match and is quick to look for, not global: a text without it is not searched. */
  needs?: RegExp;
  /** Refuses matches that only look like it. */
  accept?(match: RegExpExecArray, text: string): boolean;
}

/** All matches of the rules. */
export function findAll(rules: readonly Rule[], text: string): Span[] {
  const spans: Span[] = [];
  for (const { kind, pattern, needs, accept } of rules) {
    if (needs && !needs.test(text)) continue;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      if (match[0] === '') pattern.lastIndex++;
      else if (!accept || accept(match, text)) {
        const to = match.index + match[0].length;
        spans.push({ from: to - (match.groups?.part ?? match[0]).length, to, kind });
      }
    }
  }
  return spans;
}

/** Spans in order and apart: those that overlap become one, of the kind of the longest. */
export function settle(spans: readonly Span[]): Span[] {
  const ordered = [...spans].sort((a, b) => a.from - b.from || b.to - a.to);
  const settled: Span[] = [];
  for (const span of ordered) {
    const last = settled.at(-1);
    if (!last || span.from >= last.to) settled.push({ ...span });
    else if (span.to > last.to || span.to - span.from > last.to - last.from) {
      const longer = span.to - span.from > last.to - last.from ? span : last;
      settled[settled.length - 1] = {
        from: last.from,
        to: Math.max(last.to, span.to),
        kind: longer.kind,
      };
    }
  }
  return settled;
}
