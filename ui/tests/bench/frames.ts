import type { Page } from "playwright-core";

/** Milliseconds. */
export interface Frame {
  /** From the beginning of this frame to the beginning of the next. */
  long: number;
  /** From its beginning until the page had done its part of it. */
  work: number;
}

interface Recording {
  frames: { began: number; work: number }[];
  going: boolean;
}

type Recorded = typeof globalThis & { recording: Recording };

/** The frames that a page draws while something is done to it. */
export async function framesOf(page: Page, during: () => Promise<void>): Promise<Frame[]> {
  await page.evaluate(() => {
    const recording: Recording = { frames: [], going: true };
    (window as unknown as Recorded).recording = recording;
    // A message comes after what was drawn; what is asked for in the frame itself comes before.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data: began }: MessageEvent<number>) =>
      recording.frames.push({ began, work: performance.now() - began });
    const frame = (at: number) => {
      if (!recording.going) return port1.close();
      port2.postMessage(at);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await during();
  const frames = await page.evaluate(() => {
    const { recording } = window as unknown as Recorded;
    recording.going = false;
    return recording.frames;
  });
  return frames.slice(1).map(({ began, work }, at) => ({ long: began - (frames[at]?.began ?? began), work }));
}

/** The value below which this part of all lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
