/** Trust: which model packs and documents may be loaded at all. */
export { knowledgeDigest, sha256 } from './digest.js';
export { withoutHidden } from './hidden-characters.js';
export { signPack } from './pack-signature.js';
export { type Sign, signerIn } from './publisher-key.js';
export { fingerprintOf, isSignedBy, PublicKey, Signature } from './signature.js';
export { openTrust, type PackTrust, type Places, type Trust, type TrustList } from './trust.js';
