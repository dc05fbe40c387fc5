import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readArguments } from '../../../main/window/arguments.js';

test('a packaged app takes every word that is no switch as a path', () => {
  expect(readArguments(['wetread', '--no-sandbox', 'study', '--draft'], '/home/a', true)).toEqual({
    paths: [resolve('/home/a/study')],
    draft: true,
  });
});

test('in development the first path is the app itself', () => {
  expect(readArguments(['electron', '--flag', '.', resolve('/data/1.dcm')], '/home/a', false)).toEqual({
    paths: [resolve('/data/1.dcm')],
    draft: false,
  });
});
