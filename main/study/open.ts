import { type ByteSource, memorySource, openFile } from './bytes.js';
import { readMember, splitMember } from './zip.js';

/** Opens a file, or a member of a ZIP by `archive.zip!/member`. Close what it returns. */
export async function openPath(path: string): Promise<ByteSource> {
  const inside = splitMember(path);
  if (!inside) return openFile(path);
  return memorySource((await readMember(inside.archive, inside.member)).bytes);
}

/** The first bytes of a file or ZIP member, to tell what it is. */
export async function readHead(path: string, length: number): Promise<Uint8Array> {
  const inside = splitMember(path);
  if (inside) return (await readMember(inside.archive, inside.member, length)).bytes;
  const source = openFile(path);
  try {
    return source.read(0, length);
  } finally {
    source.close();
  }
}
