// How fast something goes, from how far it was when it was looked at.
import { number, times } from "./words";

export interface Mark {
  /** Milliseconds. */
  at: number;
  done: number;
}

interface Pace {
  /** How many a second. */
  rate: number;
  /** How many seconds are left. */
  left: number;
}

/** Older looks say little about how fast it is now. */
const LONG = 15_000;

export function looked(marks: readonly Mark[], mark: Mark): Mark[] {
  return [...marks.filter((other) => mark.at - other.at <= LONG && other.done <= mark.done), mark];
}

/** Null until something has moved. */
export function pace(marks: readonly Mark[], of: number): Pace | null {
  const first = marks[0];
  const last = marks.at(-1);
  if (!first || !last || last.at - first.at < 1000 || last.done <= first.done) return null;
  const rate = ((last.done - first.done) * 1000) / (last.at - first.at);
  return { rate, left: (of - last.done) / rate };
}

/** "12 people a second", "40 people a minute". */
export function speed(rate: number): string {
  return rate >= 1
    ? `${number(Math.round(rate))} people a second`
    : `${number(Math.max(1, Math.round(rate * 60)))} people a minute`;
}

/** "about 40 seconds left". */
export function left(seconds: number): string {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} seconds left`;
  if (seconds < 90 * 60) return `about ${times(Math.round(seconds / 60), "minute")} left`;
  return `about ${times(Math.round(seconds / 3600), "hour")} left`;
}
