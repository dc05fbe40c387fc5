import { z } from 'zod';
import sealed from './shipped.json' with { type: 'json' };

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What a release ships with: of each model pack the SHA-256 of its manifest, of the knowledge base that of `knowledgeDigest`. */
export const Shipped = z.object({ packs: z.record(z.string(), Digest), knowledge: Digest }).strict();
export type Shipped = z.infer<typeof Shipped>;

/** What this release ships with, written by `npm run seal`. It is part of the app's code, packs and documents lie beside it. */
export const shipped: Shipped = Shipped.parse(sealed);
