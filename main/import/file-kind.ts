import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { decodeText } from './decode-text.js';

/** What a file is, by its first bytes and, where they leave it open, its name. */
export type FileKind =
  | 'text'
  | 'Markdown'
  | 'PDF'
  | 'DOCX'
  | 'CSV'
  | 'JSON Lines'
  | 'JSON'
  | 'FHIR'
  | 'DICOM report'
  | 'DICOM image'
  | 'picture'
  | 'other';

const headBytes = 16 * 1024;
const structuredReports = /1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\.\d+/;
const textNames = new Set(['.txt', '.text', '.rpt', '.asc', '']);

/** Throws what opening the file throws. */
export async function fileKind(file: string): Promise<FileKind> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(buffer, 0, headBytes, 0);
    return kindOf(file, buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** By the name and the first bytes (16 KB are enough). */
export function kindOf(file: string, head: Buffer): FileKind {
  const extension = extname(file).toLowerCase();
  const starts = (...bytes: number[]) => bytes.every((byte, place) => head[place] === byte);
  if (head.subarray(0, 1024).includes('%PDF-')) return 'PDF';
  if (starts(0xff, 0xd8, 0xff) || starts(0x89, 0x50, 0x4e, 0x47)) return 'picture';
  if (head.toString('latin1', 128, 132) === 'DICM')
    return structuredReports.test(head.toString('latin1', 0, 2048)) ? 'DICOM report' : 'DICOM image';
  if (extension === '.dcm') return 'DICOM image';
  if (starts(0x50, 0x4b, 0x03, 0x04)) return extension === '.docx' ? 'DOCX' : 'other';
  if (extension === '.docx') return 'DOCX';
  if (extension === '.pdf') return 'PDF';

  const text = decodeText(head.subarray(0, head.length - (head.length % 2)));
  if (text.includes('\u0000')) return 'other';
  if (['.json', '.jsonl', '.ndjson'].includes(extension)) {
    if (/"resourceType"\s*:\s*"[A-Z]/.test(text.slice(0, 4000))) return 'FHIR';
    return extension === '.json' ? 'JSON' : 'JSON Lines';
  }
  if (['.csv', '.tsv', '.tab'].includes(extension)) return 'CSV';
  if (['.md', '.markdown'].includes(extension)) return 'Markdown';
  return textNames.has(extension) ? 'text' : 'other';
}
