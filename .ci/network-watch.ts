/**
 * Watches a program and everything it starts for network traffic, by the system calls themselves (strace, Linux): a connection that is
 * tried and fails counts like one that succeeds.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** The variable that names the folder for the traces; where it is set, every app that `driveApp` starts is watched. */
export const watchVariable = 'WETREAD_NETWORK_WATCH';

const calls = ['connect', 'bind', 'listen', 'sendto', 'sendmsg', 'sendmmsg'];

/** Whether this machine can watch: strace is there and may trace. */
export function canWatch(): boolean {
  return process.platform === 'linux' && spawnSync('strace', ['-qq', 'true']).status === 0;
}

/**
 * Writes a script that runs `executable` with whatever arguments it is given behind strace, which writes what it sees to `trace`;
 * returns the script's path. A script, since Playwright puts arguments of its own before all others.
 */
export function watchedExecutable(executable: string, trace: string): string {
  const options = `--seccomp-bpf -s 200 -f -qq -e trace=${calls.join(',')} -e signal=none`;
  const script = `${trace}.sh`;
  writeFileSync(script, `#!/bin/sh\nexec strace ${options} -o '${trace}' '${executable}' "$@"\n`, {
    mode: 0o755,
  });
  return script;
}

/** What a trace holds: how many calls were seen at all, and those that reach for the network. */
export interface Traffic {
  calls: number;
  /** Connections tried and datagrams sent to an IPv4 or IPv6 address, this machine's own included. */
  connections: string[];
  /** Addresses that something outside this machine could connect to. */
  openListeners: string[];
}

/** Reads one trace. Sockets of the file system (X11, D-Bus) and of the kernel (netlink) are no network. */
export function trafficIn(trace: string): Traffic {
  const lines = readFileSync(trace, 'utf8').split('\n').filter(Boolean);
  const internet = lines.filter((line) => /sa_family=AF_INET6?\b/.test(line));
  const loopback = /inet_addr\("127\.|inet_pton\(AF_INET6, "::1"|"::ffff:127\./;
  return {
    calls: lines.length,
    connections: internet.filter((line) => !/\bbind\(/.test(line)),
    openListeners: internet.filter((line) => /\bbind\(/.test(line) && !loopback.test(line)),
  };
}
