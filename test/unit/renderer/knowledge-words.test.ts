import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import vocabulary from '../../../models/training/findings.json' with { type: 'json' };
import { Dataset, RemovalKind } from '../../../preload/values.js';
import { findingName, findingWords } from '../../../renderer/session/finding-words.js';
import {
  bodyRegions,
  fileName,
  kindOfDataset,
  removalsText,
  removalWords,
  stateOfDataset,
  totalsOf,
} from '../../../renderer/session/knowledge-words.js';
import { dataset } from './knowledge-sample.js';

const indices = join(import.meta.dirname, '../../../indices');

describe('the words of the window', () => {
  it('know every finding of the packs, and no other', () => {
    expect(Object.keys(findingWords).sort()).toEqual(vocabulary.map(({ id }) => id).sort());
  });
  it('read an unknown finding as words', () => {
    expect(findingName('free_air')).toBe('free air');
  });
  it('know every body region of the knowledge base', () => {
    const used = readdirSync(indices, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^[a-z]{2}[\\/].*\.md$/.test(file))
      .map((file) => /^bodyRegion: *"?([a-z-]+)/m.exec(readFileSync(join(indices, file), 'utf8'))?.[1]);
    expect(used.length).toBeGreaterThan(100);
    expect([...new Set(used)].filter((region) => !bodyRegions.includes(region ?? ''))).toEqual([]);
  });
  it('have one for every state and kind of a dataset, and every kind of detail', () => {
    expect(Object.keys(stateOfDataset)).toEqual(Dataset.shape.state.options);
    expect(Object.keys(kindOfDataset)).toEqual(Dataset.shape.kind.options);
    expect(Object.keys(removalWords)).toEqual(RemovalKind.options);
  });
});

it('what was removed is told by kind, the most often first', () => {
  expect(removalsText({ date: 1, name: 3, institution: 2 })).toBe('3 names, 2 institutions, 1 date');
  expect(removalsText({})).toBe('');
});

it('a dataset is summed over its modalities', () => {
  expect(totalsOf(dataset('a'))).toEqual({ documents: 1203, snippets: 9030, images: 40, bytes: 2_620_000 });
});

it('a path is called by its last part', () => {
  expect(['/a/b.txt', 'C:\\a\\b.txt', '/a/folder/', 's3://bucket/chest'].map(fileName)).toEqual([
    'b.txt',
    'b.txt',
    'folder',
    'chest',
  ]);
});
