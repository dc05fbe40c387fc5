import { mkdir } from 'node:fs/promises';
import S3rver from 's3rver';

export interface S3Server {
  /** What AWS tools read from the environment. */
  environment: Record<string, string>;
  /** Refuses or takes writes. */
  setReadOnly(readOnly: boolean): void;
  stop(): Promise<void>;
}

/**
 * A real S3 server on loopback (s3rver: HTTP, signatures checked, files below `folder`) with one bucket. Two things that AWS does and s3rver does not
 * are added, since LanceDB relies on them: `If-None-Match: *` on PUT, by which a commit is refused when another came first, and common
 * prefixes of keys that lie more than one level below.
 */
export async function startS3(folder: string, bucket: string, port = 0): Promise<S3Server> {
  await mkdir(folder, { recursive: true });
  const server = new S3rver({
    ...{ port, address: '127.0.0.1', silent: true, directory: folder },
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  let readOnly = false;
  const { store } = server;
  server.middleware.unshift(async (context, next) => {
    const refuse = (status: number, code: string) => {
      context.status = status;
      context.type = 'application/xml';
      context.body = `<Error><Code>${code}</Code></Error>`;
    };
    if (readOnly && context.method !== 'GET' && context.method !== 'HEAD') {
      refuse(403, 'AccessDenied');
      return;
    }
    const key = decodeURIComponent(context.path).slice(bucket.length + 2);
    if (
      context.method === 'PUT' &&
      context.get('if-none-match') === '*' &&
      (await store.existsObject(bucket, key))
    ) {
      refuse(412, 'PreconditionFailed');
      return;
    }
    await next();
  });
  const list = store.listObjects.bind(store);
  store.listObjects = async (name, { delimiter, ...options }) => {
    const { prefix = '' } = options;
    const { objects } = await list(name, { ...options, maxKeys: Number.POSITIVE_INFINITY });
    const commonPrefixes = new Set<string>();
    const direct = objects.filter(({ key }) => {
      const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      if (end >= 0) commonPrefixes.add(key.slice(0, end + 1));
      return end < 0;
    });
    return { objects: direct, commonPrefixes: [...commonPrefixes], isTruncated: false };
  };
  const address = await server.run();
  return {
    environment: {
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    },
    setReadOnly(value) {
      readOnly = value;
    },
    stop: () => server.close(),
  };
}
