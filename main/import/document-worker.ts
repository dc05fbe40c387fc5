/* Entry of the worker thread that parses PDF and DOCX files; `document-thread.ts` starts and stops it. */
import { readFile, stat } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { toWetreadError, WetreadError } from '../error.js';
import type { DocumentReply, DocumentTask } from './document-thread.js';
import { limits } from './limits.js';
import { docxBlocks } from './read-docx.js';
import { pdfBlocks } from './read-pdf.js';

const port = parentPort;
if (!port) throw new Error('document-worker runs as a worker thread only');

port.on('message', async ({ file, kind }: DocumentTask) => {
  try {
    const { size } = await stat(file);
    if (size > limits.documentFileBytes)
      throw new WetreadError(
        'limit-exceeded',
        `The file is larger than ${limits.documentFileBytes / 2 ** 20} MB: split it.`,
      );
    const bytes = new Uint8Array(await readFile(file));
    const blocks = kind === 'PDF' ? await pdfBlocks(bytes) : await docxBlocks(bytes);
    port.postMessage({ ok: true, blocks } satisfies DocumentReply);
  } catch (thrown) {
    const { code, message } = toWetreadError(thrown);
    port.postMessage({ ok: false, code, message } satisfies DocumentReply);
  }
});
port.postMessage('ready');
