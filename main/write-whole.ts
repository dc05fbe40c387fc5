import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a text file all or nothing: neither a full disk nor a crash leaves half of it under its name, or harms what was there.
 * @param beforeNamed - done when the text is on the disk and not yet under its name; what it throws leaves all as it was
 */
export async function writeWhole(file: string, text: string, beforeNamed?: () => void): Promise<void> {
  const part = `${file}.part`;
  try {
    const handle = await open(part, 'w');
    try {
      await handle.writeFile(text, 'utf8');
      await handle.datasync();
    } finally {
      await handle.close();
    }
    beforeNamed?.();
    await rename(part, file);
  } catch (thrown) {
    await rm(part, { force: true }).catch(() => {});
    throw thrown;
  }
}
