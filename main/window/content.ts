/** What the `wetread:` scheme answers: the built window under `app`, frames, thumbnails and images of earlier cases from the engine. */
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { toWetreadError, WetreadError } from '../error.js';

export const scheme = 'wetread';
export const origin = `${scheme}://app`;
export const page = `${origin}/index.html`;

/** Deny by default. Frames come by fetch and thumbnails by <img>, both over the scheme; codecs are WebAssembly. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  `connect-src 'self' ${scheme}:`,
  `img-src 'self' ${scheme}: data: blob:`,
  "style-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface Images {
  frame(study: string, instance: string, frame: number): Promise<Uint8Array>;
  thumbnail(study: string, instance: string): Promise<Uint8Array>;
  caseImage(dataset: string, document: string, image: number): Promise<Uint8Array>;
}

/** Answers one request; what is not there or fails is an HTTP status with the error's code and message as JSON. */
export async function respond(address: string, folder: string, images: Images): Promise<Response> {
  try {
    const url = new URL(address);
    const [one = '', two = '', three = ''] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    switch (url.host) {
      case 'app':
        return await fileResponse(url.pathname, folder);
      case 'frame':
        return imageResponse(await images.frame(one, two, numberIn(three)), 'application/octet-stream');
      case 'thumbnail':
        return imageResponse(await images.thumbnail(one, two), 'image/jpeg');
      case 'case':
        return imageResponse(await images.caseImage(one, two, numberIn(three)), 'image/jpeg');
      default:
        throw new WetreadError('not-found', 'There is nothing at this address.');
    }
  } catch (thrown) {
    const { code, message } = toWetreadError(thrown instanceof URIError ? notFound() : thrown);
    const status = code === 'not-found' ? 404 : code === 'internal' || code === 'engine-lost' ? 500 : 422;
    return Response.json({ code, message }, { status, headers: { 'access-control-allow-origin': origin } });
  }
}

/** Absolute path of a file of the window, or undefined where it would lie outside its folder or is of no known type. */
export function resolveFile(pathname: string, folder: string): string | undefined {
  const path = decodeURIComponent(pathname);
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const root = resolve(folder);
  const file = join(root, path);
  return file.startsWith(root + sep) && extname(file) in mediaTypes ? file : undefined;
}

async function fileResponse(pathname: string, folder: string): Promise<Response> {
  const file = resolveFile(pathname, folder);
  const content = file && (await readFile(file).catch(() => undefined));
  if (!content) throw notFound();
  return new Response(new Uint8Array(content), {
    headers: {
      'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}

function imageResponse(bytes: Uint8Array, type: string): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': type,
      // The window's origin is wetread://app; to it these are other hosts.
      'access-control-allow-origin': origin,
      'cache-control': 'no-store',
    },
  });
}

function numberIn(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw notFound();
  return Number(text);
}

const notFound = () => new WetreadError('not-found', 'There is nothing at this address.');
