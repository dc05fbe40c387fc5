/** What the tests use of s3rver 3.7, which brings no types. */
declare module 's3rver' {
  interface Listed {
    objects: { key: string }[];
    commonPrefixes: string[];
    isTruncated: boolean;
  }
  interface ListOptions {
    delimiter?: string;
    prefix?: string;
    startAfter?: string;
    maxKeys?: number;
  }
  interface Context {
    method: string;
    path: string;
    status: number;
    type: string;
    body: unknown;
    get(header: string): string;
  }
  export default class S3rver {
    constructor(options: {
      port: number;
      address: string;
      silent: boolean;
      directory: string;
      configureBuckets: { name: string; configs: string[] }[];
    });
    middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[];
    store: {
      existsObject(bucket: string, key: string): Promise<boolean>;
      listObjects(bucket: string, options: ListOptions): Promise<Listed>;
    };
    run(): Promise<{ address: string; port: number }>;
    close(): Promise<void>;
  }
}
