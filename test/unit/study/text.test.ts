import { describe, expect, it } from 'vitest';
import { decodeText, displayName } from '../../../main/study/text.js';

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

// The examples of PS3.5 Annex H, I and K.
describe('decodeText', () => {
  it.each([
    [
      'Japanese, kanji by escapes',
      ['', 'ISO 2022 IR 87'],
      'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B',
      'Yamada^Tarou=山田^太郎',
    ],
    [
      'Japanese, half-width katakana',
      ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
      '\xd4\xcf\xc0\xde^\xc0\xdb\xb3',
      'ﾔﾏﾀﾞ^ﾀﾛｳ',
    ],
    [
      'Korean',
      ['', 'ISO 2022 IR 149'],
      'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7',
      'Hong^Gildong=洪^吉洞',
    ],
    ['UTF-8', ['ISO_IR 192'], 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1', 'Wang^XiaoDong=王^小東'],
    ['GB18030', ['GB18030'], '\xcd\xf5^\xd0\xa1\xb6\xab', '王^小东'],
    ['Cyrillic', ['ISO_IR 144'], '\xbb\xee\xda', 'Люк'],
    ['Latin 1', ['ISO_IR 100'], 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
    ['UTF-8 that nobody declared', [], 'J\xc3\xa9r\xc3\xb4me', 'Jérôme'],
  ])('reads %s', (_, characterSets, raw, text) => {
    expect(decodeText(bytes(raw), characterSets)).toBe(text);
  });
});

describe('displayName', () => {
  it.each([
    ['Doe^Jane^Mary', 'Doe, Jane Mary'],
    ['Doe', 'Doe'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou (山田, 太郎)'],
    ['=山田^太郎', '山田, 太郎'],
    ['^^^', undefined],
    ['', undefined],
  ])('%s → %s', (name, shown) => {
    expect(displayName(name)).toBe(shown);
  });
});
