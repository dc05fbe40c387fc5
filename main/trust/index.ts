/** Trust: which model packs and documents may be loaded at all. */
export { knowledgeDigest, sha256 } from './digest.js';
export { withoutHidden } from './hidden-characters.js';
export { signPack } from './pack-signature.js';
export { fingerprintOf } from './signature.js';
export { openTrust, type PackTrust, type Places, type Trust, type TrustList } from './trust.js';
