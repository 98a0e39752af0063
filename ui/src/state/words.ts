// Numbers and times as sentences say them.

const WHOLE = new Intl.NumberFormat("en-GB");

export function number(count: number): string {
  return WHOLE.format(count);
}

function counted(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function people(count: number): string {
  return counted(count, "person", "people");
}

export function cells(count: number): string {
  return counted(count, "cell", "cells");
}

export function times(count: number, one: string, many = `${one}s`): string {
  return counted(count, one, many);
}

/** "14:05". */
export function clock(at: string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? at : time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** "3 November 2026". */
export function day(at: string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime())
    ? at
    : time.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

/** "today 14:05", "yesterday 09:12", "3 November 2026". */
export function when(at: string, now = new Date()): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
  if (days === 0) return `today ${clock(at)}`;
  if (days === 1) return `yesterday ${clock(at)}`;
  return day(at);
}

/** "today", "1 day old", "34 days old". */
export function age(at: string, now = new Date()): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return "";
  const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
  return days <= 0 ? "from today" : `${times(days, "day")} old`;
}

function midnight(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}

/** "12 KB". */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The last part of a path, whichever system wrote it. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}

const DONE: Record<string, string> = {
  Add: "Added",
  Delete: "Deleted",
  Duplicate: "Duplicated",
  Fix: "Fixed",
  Take: "Took",
};

/** A step's sentence, which says what it does, as what has been done: "Delete `ana@example.com`" is "Deleted …". */
export function done(sentence: string): string {
  return sentence.replace(/^\w+/, (verb) => DONE[verb] ?? verb);
}
