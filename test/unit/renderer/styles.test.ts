import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const renderer = join(import.meta.dirname, '../../../renderer');
const base = readFileSync(join(renderer, 'styles/base.css'), 'utf8');

const colour = (name: string): string => {
  const found = new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`).exec(base)?.[1];
  if (!found) throw new Error(`no colour --${name}`);
  return found;
};

/** Contrast ratio of two colours, WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r = 0, g = 0, bl = 0] = [1, 3, 5].map((i) => {
      const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe('contrast', () => {
  const grounds = ['ground', 'panel', 'raised', 'accent-ground', 'caution-ground'];
  it.each(['text', 'quiet', 'accent', 'caution'])('of --%s is at least 4.5 on every ground', (text) => {
    for (const ground of grounds)
      expect(contrast(colour(text), colour(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });
});

describe('the window', () => {
  const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((f) =>
    /\.(css|html|tsx?)$/.test(f),
  );
  const sources = files.map((f) => [f, readFileSync(join(renderer, f), 'utf8')] as const);

  it('asks nothing of the network', () => {
    for (const [file, text] of sources) expect(/https?:\/\//.exec(text)?.[0], file).toBeUndefined();
  });
  it('imports nothing of the engine', () => {
    for (const [file, text] of sources) expect(/from '[./]+main\//.exec(text)?.[0], file).toBeUndefined();
  });
  it('has no style attribute in its page, which the content policy would block', () => {
    expect(readFileSync(join(renderer, 'index.html'), 'utf8')).not.toMatch(/style=|<style|onload=/);
  });
  it('rests for who asked for less motion', () => {
    expect(base).toContain('prefers-reduced-motion');
  });
});
