import { zoomTo } from "../engine";

const KEPT = "muster.zoom";
/** In percent, as browsers step. */
const STEPS = [50, 67, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300];
const NORMAL = 100;

/** The next step from a size, larger or smaller; the last one stays. */
export function stepped(percent: number, by: 1 | -1): number {
  const further = STEPS.filter((step) => (by > 0 ? step > percent : step < percent));
  return (by > 0 ? further.at(0) : further.at(-1)) ?? percent;
}

/** How large everything in the window is drawn; remembered. */
class Zoom {
  private percent = NORMAL;

  begin(): void {
    const kept = Number(localStorage.getItem(KEPT));
    if (STEPS.includes(kept) && kept !== NORMAL) this.show(kept);
  }

  larger(): void {
    this.show(stepped(this.percent, 1));
  }

  smaller(): void {
    this.show(stepped(this.percent, -1));
  }

  normal(): void {
    this.show(NORMAL);
  }

  private show(percent: number): void {
    this.percent = percent;
    localStorage.setItem(KEPT, String(percent));
    void zoomTo(percent / 100);
  }
}

export const zoom = new Zoom();
