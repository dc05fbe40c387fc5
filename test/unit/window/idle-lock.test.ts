import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdleLock, type IdleLockOptions } from '../../../main/window/idle-lock.js';
import type { SessionState } from '../../../preload/values.js';

/** A system whose idle time is set by hand; its events are a real emitter's. */
class Power extends EventEmitter {
  idleSeconds = 0;
  getSystemIdleTime = () => this.idleSeconds;
}

const user = { name: 'ada', fullName: 'Dr. Ada Reader', roles: ['radiologist' as const] };
const state = (of: SessionState['state'], lockMinutes = 10): SessionState => ({
  state: of,
  user,
  lockMinutes,
});

let power: Power;
let locks: number;
let idle: IdleLock;
beforeEach(() => {
  vi.useFakeTimers();
  power = new Power();
  locks = 0;
  idle = new IdleLock({ power: power as unknown as IdleLockOptions['power'], lock: () => locks++ });
});
afterEach(() => {
  idle.dispose();
  vi.useRealTimers();
});

test('locks when the system has been idle for the minutes that are set, and not a second before', () => {
  idle.follow(state('signed-in', 2));
  for (let second = 1; second <= 119; second++) {
    power.idleSeconds = second;
    vi.advanceTimersByTime(1000);
  }
  expect(locks).toBe(0);
  power.idleSeconds = 120;
  vi.advanceTimersByTime(1000);
  expect(locks).toBe(1);
});

test('asks again until the engine says that it is locked', () => {
  power.idleSeconds = 600;
  idle.follow(state('signed-in'));
  vi.advanceTimersByTime(2000);
  expect(locks).toBe(3);
  idle.follow(state('locked'));
  vi.advanceTimersByTime(600_000);
  expect(locks).toBe(3);
});

test('minutes that are set shorter hold at once', () => {
  power.idleSeconds = 90;
  idle.follow(state('signed-in', 10));
  expect(locks).toBe(0);
  idle.follow(state('signed-in', 1));
  expect(locks).toBe(1);
});

test.each(['lock-screen', 'suspend', 'user-did-resign-active'])('locks on %s', (moment) => {
  idle.follow(state('signed-in'));
  power.emit(moment);
  expect(locks).toBe(1);
});

test('without users, and while it is locked already, nothing is locked', () => {
  power.idleSeconds = 100_000;
  for (const of of ['open', 'locked'] as const) {
    idle.follow(state(of));
    power.emit('suspend');
    vi.advanceTimersByTime(3_600_000);
  }
  expect(locks).toBe(0);
  expect(idle.locked).toBe(true);
});

test('hears nothing once disposed', () => {
  idle.follow(state('signed-in'));
  idle.dispose();
  power.emit('suspend');
  power.idleSeconds = 10_000;
  vi.advanceTimersByTime(3_600_000);
  expect(locks).toBe(0);
  expect(power.eventNames()).toEqual([]);
});
