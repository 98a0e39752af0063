import { readFile } from "node:fs/promises";

/** MiB of memory that are a process's own, with its part of what it shares; null where the system does not tell. */
export async function memoryOf(process: number): Promise<number | null> {
  const told = await readFile(`/proc/${process}/smaps_rollup`, "utf8").catch(() => "");
  const kib = /^Pss:\s+(\d+)/m.exec(told)?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}

/** MiB that a process took at the most. */
export async function peakOf(process: number): Promise<number | null> {
  const told = await readFile(`/proc/${process}/status`, "utf8").catch(() => "");
  const kib = /^VmHWM:\s+(\d+)/m.exec(told)?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}
