/**
 * Imports one folder in a process of its own, as the set `import` and the set `kill` want it: argv[2] is a Task as JSON. Says `ready`
 * when the import starts, and at its end the outcome as a line of JSON.
 */
import { embedTexts, openPack } from '../../encode/index.js';
import { importKnowledge } from '../../import/index.js';
import { type Embed, openLibrary } from '../../retrieve/index.js';
import { mostOfAChildMb, PhaseMemory } from './import-speed-memory.js';
import { type Outcome, Task } from './import-speed-task.js';
import { Random } from './scale-random.js';

const drawn: Embed = async (texts) =>
  texts.map((text) => {
    const random = new Random(...Array.from(text, (letter) => letter.charCodeAt(0)));
    const draw = (width: number) => {
      const vector = Float32Array.from({ length: width }, () => random.gaussian());
      const length = Math.hypot(...vector);
      return vector.map((value) => value / length);
    };
    return { semantic: draw(384), joint: draw(256) };
  });

async function run(task: Task): Promise<void> {
  const pack = task.vectors === 'pack' ? await openPack(task.pack) : undefined;
  const embed: Embed = async (texts, options) =>
    pack === undefined
      ? await drawn(texts, options)
      : await embedTexts(pack, texts, { ...options, states: false });
  const library = await openLibrary({
    folder: task.library,
    embed,
    embedder: task.vectors === 'pack' ? 'pack' : 'drawn',
  });
  // The encoder is loaded once and then stays: it is not what an import costs.
  if (task.vectors === 'pack') await embed(['Chest radiograph'], {});
  console.log('ready');
  const startMb = process.memoryUsage.rss() / 1e6;
  const memory = new PhaseMemory<'reading' | 'indexing'>('reading');
  const startCpu = process.cpuUsage();
  const started = performance.now();
  const { added, snippets } = await importKnowledge(
    library,
    { dataset: task.dataset, paths: [task.files], modality: 'XR', vectors: task.vectors !== 'none' },
    { embedImages: async () => [] },
    {
      onProgress: ({ label }) => {
        if (label === 'Indexing') memory.enter('indexing');
      },
    },
  );
  const peaks = memory.peaks();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(startCpu);
  const endMb = process.memoryUsage.rss() / 1e6;
  const readerMb = await mostOfAChildMb();
  await library.dispose();
  await pack?.dispose();
  const peakMb = Math.max(process.resourceUsage().maxRSS / 1e3, ...peaks.values());
  const outcome: Outcome = {
    ...{ documents: added, snippets, seconds, startMb, peakMb },
    processorSeconds: (user + system) / 1e6,
    readingMb: peaks.get('reading'),
    indexingMb: peaks.get('indexing'),
    endMb,
    ...(readerMb !== undefined && { readerMb }),
  };
  console.log(JSON.stringify(outcome));
}

await run(Task.parse(JSON.parse(process.argv[2] ?? '')));
