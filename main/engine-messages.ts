/** What goes between the app and the engine's process, either way. Each side parses what it gets. */
import { z } from 'zod';
import { CallError, type CallName, calls, type EventName, events } from '../preload/calls.js';

const callNames = Object.keys(calls) as [CallName, ...CallName[]];
const eventNames = Object.keys(events) as [EventName, ...EventName[]];
const id = z.number().int().nonnegative();

export const ToEngine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    options: z.object({
      dataFolder: z.string(),
      packsFolder: z.string(),
      documentsFolder: z.string(),
      key: z.string().optional(),
      user: z.string(),
      resetUsers: z.boolean().optional(),
    }),
  }),
  z.object({ kind: z.literal('call'), id, name: z.enum(callNames), input: z.unknown() }),
  z.object({
    kind: z.literal('frame'),
    id,
    study: z.string(),
    instance: z.string(),
    frame: z.number().int().nonnegative(),
  }),
  z.object({ kind: z.literal('thumbnail'), id, study: z.string(), instance: z.string() }),
  z.object({
    kind: z.literal('caseImage'),
    id,
    dataset: z.string(),
    document: z.string(),
    image: z.number().int().nonnegative(),
  }),
  /** A reader that the engine asked for; the port to it comes with this. */
  z.object({ kind: z.literal('reader'), reader: id }),
  z.object({ kind: z.literal('reader-exit'), reader: id }),
  z.object({ kind: z.literal('dispose') }),
]);
export type ToEngine = z.infer<typeof ToEngine>;

/** A message to the engine that is answered, before it has its number. */
export type Request = { [K in ToEngine['kind']]: Omit<Extract<ToEngine, { kind: K; id: number }>, 'id'> }[
  | 'call'
  | 'frame'
  | 'thumbnail'
  | 'caseImage'];

export const FromEngine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** The engine could not be opened; its process ends after this. */
  z.object({ kind: z.literal('failed'), error: CallError }),
  z.object({ kind: z.literal('value'), id, value: z.unknown() }),
  z.object({ kind: z.literal('error'), id, error: CallError }),
  z.object({ kind: z.literal('event'), name: z.enum(eventNames), value: z.unknown() }),
  /** The engine wants a process that reads foreign files, under its own number for it; or wants it ended at once. */
  z.object({ kind: z.literal('reader-start'), reader: id }),
  z.object({ kind: z.literal('reader-kill'), reader: id }),
]);
export type FromEngine = z.infer<typeof FromEngine>;

export type StartOptions = Extract<ToEngine, { kind: 'start' }>['options'];
