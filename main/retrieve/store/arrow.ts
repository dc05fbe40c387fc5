import { createRequire } from 'node:module';

/**
 * The copy of apache-arrow that LanceDB itself uses, the CommonJS one: its tables are stored as they are, while those of an
 * `import` are taken apart and not put together again (lancedb 0.31, `sanitizeTable`).
 */
export const arrow: typeof import('apache-arrow') = createRequire(import.meta.url)('apache-arrow');
