import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../main/study/bytes.js';
import { readFrame } from '../../../main/study/frame.js';
import { readHeaderOf } from '../../../main/study/header.js';
import { readPixelModule } from '../../../main/study/pixels.js';
import { scanFile } from '../../../main/study/scan.js';
import { FrameHeader, Instance } from '../../../preload/values.js';
import { dataSet, file } from '../../hostile/bytes.js';
import { type HostileObject, hostileObjects, type Topic } from '../../hostile/objects.js';
import { temporaryFolder } from './objects.js';

const topics = new Map<Topic, HostileObject[]>();
for (const one of hostileObjects()) topics.set(one.topic, [...(topics.get(one.topic) ?? []), one]);

/** What reading the first frame comes to: `read`, a code, or what was thrown without one. */
async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    const { data: _, ...header } = await readFrame(readPixelModule(readHeaderOf(memorySource(bytes))), 0);
    // No NaN and no infinity leaves a reader.
    FrameHeader.parse(header);
    return 'read';
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : `not coded: ${thrown}`;
  }
}

describe.each([...topics])('%s', (_, objects) => {
  it.each(objects.map((one) => [one.name, one] as const))('%s', async (_name, { bytes, frame, list }) => {
    expect(await outcomeOf(bytes)).toMatch(frame === 'refused' ? /^(limit-exceeded|damaged-file)$/ : frame);

    const folder = temporaryFolder();
    try {
      const scanned = await scanFile(folder.write('object.dcm', bytes));
      const problem = 'problem' in scanned ? scanned.problem : undefined;
      if (scanned.kind === 'instance') Instance.parse(scanned.instance);
      if (list === 'not-dicom') expect(scanned.kind).toBe('foreign');
      else if (list === 'listed' || (!list && (frame === 'read' || frame === 'no-pixels'))) {
        expect(problem).toBeUndefined();
        expect(scanned.kind).toBe('instance');
      } else {
        expect(problem?.code).toBe(list ?? frame);
        // A sentence, about what is wrong.
        expect(problem?.message).toMatch(/^[A-Z0-9].+\.$/);
      }
    } finally {
      folder.remove();
    }
  });
});

describe('truncation', () => {
  it('at any byte is read or refused with a code', async () => {
    const whole = file(dataSet());
    for (let length = 0; length < whole.length; length++)
      expect(await outcomeOf(whole.subarray(0, length)), `${length} bytes`).toMatch(
        /^(not-dicom|damaged-file|no-pixels)$/,
      );
    expect(await outcomeOf(whole)).toBe('read');
  });
});
