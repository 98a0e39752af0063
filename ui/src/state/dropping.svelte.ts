import { comparison } from "./comparison.svelte";
import { dropMeans, type Meant } from "./drop-means";
import { frame } from "./frame.svelte";
import { sayLmsHas } from "./lms-has";
import { verifying } from "./verifying.svelte";
import { roster } from "./roster.svelte";

/** Files held over the window and let go. A place that takes one is marked by `data-drop`. */
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
    else if (what === "has") void sayLmsHas({ kind: "file", path }).then((done) => done && frame.close());
    else if (what === "proof") void verifying.read(path);
    else void roster.openFile(path);
  }
}

function meant(at: { x: number; y: number }): Meant {
  const under = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>("[data-drop]");
  return dropMeans(frame.dialog?.kind, under?.dataset.drop);
}

export const dropped = new Dropping();
