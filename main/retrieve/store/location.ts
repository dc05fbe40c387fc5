import { isAbsolute } from 'node:path';
import { type Connection, connect } from '@lancedb/lancedb';
import { WetreadError } from '../../error.js';

/** What one attempt to reach an object store may take. LanceDB makes a few of them before it tells. */
const connectLimitS = 3;
/** What one request to an object store may take, retries included. */
const requestLimitS = 20;
/** A question to a server, which a radiologist waits for. */
export const askLimitMs = 3000;

export type Scheme = 'folder' | 's3' | 'db';

/**
 * What kind of place a location is.
 * @throws WetreadError `bad-input` where it is none of an absolute path, `s3://bucket/…` and `db://name`.
 */
export function schemeOf(location: string): Scheme {
  if (/^s3:\/\/[^/\s]+/.test(location)) return 's3';
  if (/^db:\/\/[^/\s]+$/.test(location)) return 'db';
  if (isAbsolute(location) && !location.includes('\0')) return 'folder';
  throw new WetreadError(
    'bad-input',
    'A location is an absolute path, s3://bucket/folder or db://name. Check how it is written.',
  );
}

/**
 * Connects to a location. S3 takes its credentials, region and endpoint from the environment as the AWS tools do
 * (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`), LanceDB Enterprise
 * and Cloud from `LANCEDB_API_KEY`, `LANCEDB_REGION` and `LANCEDB_HOST_OVERRIDE`.
 * @throws WetreadError `bad-input` as `schemeOf`; what cannot be reached shows with the first request.
 */
export async function connectLocation(location: string): Promise<Connection> {
  const scheme = schemeOf(location);
  return await connect(location, {
    readConsistencyInterval: 0,
    ...(scheme === 's3' ? { storageOptions: s3Options(process.env) } : {}),
    ...(scheme === 'db' ? serverOptions(process.env) : {}),
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

function serverOptions(env: Environment) {
  const seconds = askLimitMs / 1000;
  return {
    apiKey: env.LANCEDB_API_KEY ?? '',
    ...(env.LANCEDB_REGION ? { region: env.LANCEDB_REGION } : {}),
    ...(env.LANCEDB_HOST_OVERRIDE ? { hostOverride: env.LANCEDB_HOST_OVERRIDE } : {}),
    clientConfig: {
      timeoutConfig: { connectTimeout: seconds, readTimeout: seconds, timeout: seconds },
      retryConfig: { retries: 0, connectRetries: 0, readRetries: 0 },
    },
  };
}

/** The options of LanceDB's object store; unencrypted only where the endpoint itself says so. */
export function s3Options(env: Environment): Record<string, string> {
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? env.AWS_ENDPOINT;
  const options = {
    aws_access_key_id: env.AWS_ACCESS_KEY_ID,
    aws_secret_access_key: env.AWS_SECRET_ACCESS_KEY,
    aws_session_token: env.AWS_SESSION_TOKEN,
    aws_region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
    aws_endpoint: endpoint,
    allow_http: endpoint?.startsWith('http://') ? 'true' : undefined,
    connect_timeout: `${connectLimitS}s`,
    timeout: `${requestLimitS}s`,
    client_max_retries: '1',
    // Lance's own retries on top of these took away for slow: tens of seconds until a stopped server was told.
    lance_aimd_max_retries: '0',
    client_retry_timeout: String(requestLimitS),
  };
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
