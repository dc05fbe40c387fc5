import { memorySource } from '../../../main/study/bytes.js';
import { readFrame } from '../../../main/study/frame.js';
import { readHeaderOf } from '../../../main/study/header.js';
import { readPixelModule } from '../../../main/study/pixels.js';
import { scanFile } from '../../../main/study/scan.js';
import { scratchFile } from '../scratch.js';
import { dicomSeeds } from '../seeds/dicom.js';
import { dicomWords, mutateDicom } from '../shape/dicom.js';
import { failWith, type Target } from './target.js';

const file = scratchFile('parser');

/** More pixels than this are left to the targets of the codecs. */
const mostPixels = 1 << 16;

/** A DICOM file as a folder brings it: what it is, its attributes, its pixel module, and its first and last frame where they are small. */
export const parser: Target = {
  name: 'parser',
  maxBytes: 1 << 16,
  seeds: dicomSeeds,
  mutate: mutateDicom,
  dictionary: dicomWords,
  async run(input) {
    const scanned = await scanFile(file.write(input));
    if (scanned.kind === 'problem') failWith(scanned.problem);
    if (scanned.kind !== 'instance' || scanned.source !== 'dicom' || !scanned.instance.hasPixels) return;
    const module = readPixelModule(readHeaderOf(memorySource(input)));
    if (module.rows * module.columns * module.samples > mostPixels) return;
    await readFrame(module, 0);
    if (module.frames > 1) await readFrame(module, module.frames - 1);
  },
};
