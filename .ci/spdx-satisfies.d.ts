declare module 'spdx-satisfies' {
  /** Whether an SPDX licence expression can be met by these licences. Throws an Error for what is no expression. */
  export default function satisfies(expression: string, approved: readonly string[]): boolean;
}
