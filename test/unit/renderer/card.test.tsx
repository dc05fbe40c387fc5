import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { blocksOf, Card } from '../../../renderer/models/card.js';

const card = `# Chest (\`cxr\`)

Drafts a report. **Not a
device.**

## Measured
- one
- two, over
  two lines

| finding | AUROC |
|---|---|
| effusion | 0.97 |
| nodule | 0.81 |
`;

test('reads headings, paragraphs, lists and tables', () => {
  expect(blocksOf(card)).toEqual([
    { kind: 'heading', level: 1, text: 'Chest (`cxr`)' },
    { kind: 'paragraph', text: 'Drafts a report. **Not a device.**' },
    { kind: 'heading', level: 2, text: 'Measured' },
    { kind: 'list', items: ['one', 'two, over two lines'] },
    {
      kind: 'table',
      head: ['finding', 'AUROC'],
      rows: [
        ['effusion', '0.97'],
        ['nodule', '0.81'],
      ],
    },
  ]);
});

test('shows them without marks, and nothing of a card becomes a tag', () => {
  const shown = renderToStaticMarkup(
    <Card text={`${card}\n<img src=x onerror=alert(1)> | [a](javascript:b)\n`} />,
  );
  expect(shown).toContain('<strong>Not a device.</strong>');
  expect(shown).toContain('<td><span>0.97</span></td>');
  expect(shown).not.toMatch(/\*\*|\|---|<img|<a /);
  expect(shown).toContain('&lt;img');
});
