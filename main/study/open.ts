import { type ByteSource, openFile } from './bytes.js';
import { openMember, splitMember } from './zip.js';

/** Opens a file, or a member of a ZIP by `archive.zip!/member`. Close what it returns. */
export async function openPath(path: string): Promise<ByteSource> {
  const inside = splitMember(path);
  return inside ? openMember(inside.archive, inside.member) : openFile(path);
}
