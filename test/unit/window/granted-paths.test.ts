import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { GrantedPaths } from '../../../main/window/granted-paths.js';

const at = (path: string) => resolve('/', path);
const refused = expect.objectContaining({ code: 'not-allowed' });

test('a folder lets in what lies inside it and nothing beside it', () => {
  const paths = new GrantedPaths();
  paths.grantReading(at('studies/one'));
  paths.assertReadable(at('studies/one'));
  paths.assertReadable(at('studies/one/a/b.dcm'));
  paths.assertReadable(at('studies/one/..hidden'));
  for (const path of ['studies', 'studies/one-more', 'studies/one/../two', 'etc/passwd'])
    expect(() => paths.assertReadable(at('.') + path)).toThrow(refused);
  expect(() => paths.assertReadable('studies/one')).toThrow(refused);
});

test('a target may be written once, and only that file', () => {
  const paths = new GrantedPaths();
  paths.grantWriting(at('out/report.txt'));
  expect(() => paths.takeWritable(at('out/other.txt'))).toThrow(refused);
  paths.takeWritable(at('out/report.txt'));
  expect(() => paths.takeWritable(at('out/report.txt'))).toThrow(refused);
});

test('a relative path grants nothing', () => {
  const paths = new GrantedPaths();
  paths.grantReading('.');
  expect(() => paths.assertReadable(resolve('package.json'))).toThrow(refused);
});
