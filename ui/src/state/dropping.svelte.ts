import { comparison } from "./comparison.svelte";
import { frame } from "./frame.svelte";
import { verifying } from "./verifying.svelte";
import { roster } from "./roster.svelte";

type Meant = "open" | "older" | "proof";

/** Files held over the window and let go. A place marked `data-drop="older"` takes an older file to compare with. */
class Dropping {
  /** What letting go would do just now; null while nothing is held over the window. */
  would = $state<Meant | null>(null);

  over(at: { x: number; y: number } | null): void {
    this.would = at ? meant(at) : null;
  }

  drop(paths: string[], at: { x: number; y: number }): void {
    this.would = null;
    const [path, ...others] = paths;
    if (!path) return;
    if (others.length > 0) frame.tell("One file at a time: the first one was taken.");
    const what = meant(at);
    if (what === "older") comparison.with({ kind: "file", path });
    else if (what === "proof") void verifying.read(path);
    else void roster.openFile(path);
  }
}

function meant(at: { x: number; y: number }): Meant {
  // While an export is asked for, what is let go anywhere is that export.
  if (frame.dialog?.kind === "proof") return "proof";
  const under = document.elementFromPoint(at.x, at.y);
  return under?.closest('[data-drop="older"]') ? "older" : "open";
}

export const dropped = new Dropping();
