/** Trust: which model packs and documents may be loaded at all. */
export { knowledgeDigest, sha256 } from './digest.js';
export { withoutHidden } from './hidden-characters.js';
export { signPack } from './pack-signature.js';
export { Shipped } from './shipped.js';
export { fingerprintOf, isSignedBy, makePrivateKey, PublicKey, Signature, signWith } from './signature.js';
export { openTrust, type PackTrust, type Places, type Trust, type TrustList } from './trust.js';
