import type { CallName, CallOutput, calls } from '../preload/calls.js';

/** What a call gives its handler, parsed. */
export type Input<N extends CallName> = ReturnType<(typeof calls)[N]['input']['parse']>;

/** The answers to the calls of the contract, by name. */
export type Handlers = { [N in CallName]: (input: Input<N>) => CallOutput<N> | Promise<CallOutput<N>> };
