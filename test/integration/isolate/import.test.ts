import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecords } from '../../../main/import/read-records.js';
import { forkReader, readers } from '../../../main/isolate/index.js';
import type { Problem } from '../../../preload/values.js';

const rows = 3000;
let folder: string;
let file: string;
const started: { kill(): void }[] = [];
beforeAll(() => {
  readers.launchBy(() => {
    const child = forkReader();
    started.push(child);
    return child;
  });
  folder = mkdtempSync(join(tmpdir(), 'wetread-table-'));
  file = join(folder, 'reports.csv');
  const lines = Array.from({ length: rows }, (_, n) => `${n},Clear lungs in case ${n}.,No acute disease.`);
  writeFileSync(file, ['id,findings,impression', ...lines].join('\n'));
});
afterAll(async () => {
  await readers.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test('a table is read on where its reader was when it was ended, nothing twice and nothing lost', async () => {
  const problems: Problem[] = [];
  const keys: string[] = [];
  const source = { file, kind: 'CSV' as const, images: [], root: folder };
  for await (const { key } of readRecords(source, { onProblem: (one) => problems.push(one) })) {
    keys.push(key);
    if (keys.length % 1000 === 500) for (const child of started) child.kill();
  }
  expect(problems).toEqual([]);
  expect(keys).toEqual(Array.from({ length: rows }, (_, n) => `${n}`));
  expect(started.length).toBeGreaterThan(3);
});

/** Its pages lie where there is something else; PDF.js lets go of promises over that, which reject when the file is done with. */
const brokenPdf = String.raw`%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>
endobj
3 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>
endobj
4 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 8421 16 Tf 0 -14 Td (Report) Tj
/F1 10 Tf 0 -14 Td (FINDINGS: Clear lungs \(both\).) Tj
/F1 10 Tf 0 -14 Td (IMPRESSION: Normal.) Tj ET
endstream
endobj
xref
0 6
0000000000<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 7 0 R >>
endobj
7 0 obj
<< /Length 43 >>
stream
BT 50 800 Td /F1 10 Tf 0 -40 Td (Two) Tj ET
endstream
endobj
xref
0 8
0000000000 65535 f 
0000000009 00000 n 
0000000058 00000 n 
0000000121 00000 n 
0000000218 00000 n 
0000000344 00000 n 
0000000437 00000 n 
0000000563 00000 n 
trailer
<< /Size 8 /Root 1 0 R >>
startxref
656
%%EOF
`;

test('a PDF whose reading leaves promises behind is damaged, and costs neither the next file nor the reader', async () => {
  await readers.dispose();
  started.length = 0;
  const broken = join(folder, 'broken.pdf');
  const next = join(folder, 'next.csv');
  writeFileSync(broken, brokenPdf);
  writeFileSync(next, 'id,findings\n1,Clear lungs.\n');
  const problems: string[] = [];
  const keys: string[] = [];
  const read = async (file: string, kind: 'PDF' | 'CSV') => {
    const source = { file, kind, images: [], root: folder };
    for await (const { key } of readRecords(source, { onProblem: ({ code }) => problems.push(code) }))
      keys.push(key);
  };
  for (let time = 0; time < 5; time++) {
    await read(broken, 'PDF');
    await read(next, 'CSV');
  }
  expect(problems).toEqual(Array(5).fill('damaged-file'));
  expect(keys).toEqual(Array(5).fill('1'));
  expect(started).toHaveLength(1);
});
