import type { Failure, OrderState, PushCounts, PushPerson } from "../bindings/engine";
import { query } from "./ask";

const PAGE = 200;

/** Who needs a look comes first. */
const ORDER: readonly OrderState[] = [
  "refused",
  "unknown",
  "sending",
  "waiting",
  "done",
  "left-out",
  "by-hand",
  "ignored",
  "not-chosen",
];

/** What became of each person of one push. */
export class Receipt {
  outcome = $state<OrderState | null>(null);
  search = $state("");
  people = $state.raw<PushPerson[] | null>(null);
  total = $state(0);
  failure = $state.raw<Failure | null>(null);
  private asked = 0;

  constructor(private readonly id: number) {}

  /** Asks anew for as many as are shown; whoever is shown stays until the answer is there. */
  ask(counts: PushCounts): Promise<void> {
    return this.fill(counts, Math.max(PAGE, this.people?.length ?? 0));
  }

  more(counts: PushCounts): Promise<void> {
    return this.fill(counts, (this.people?.length ?? 0) + PAGE);
  }

  private async fill(counts: PushCounts, most: number): Promise<void> {
    const turn = ++this.asked;
    const found: PushPerson[] = [];
    let total = 0;
    for (const outcome of ORDER.filter((one) => (this.outcome ?? one) === one && countOf(counts, one) > 0)) {
      const { reply, failure } = await query("push_people", {
        id: this.id,
        outcome,
        search: this.search,
        first: 0,
        count: Math.max(0, most - found.length),
      });
      if (turn !== this.asked) return;
      this.failure = failure;
      if (!reply) return;
      found.push(...reply.people);
      total += reply.total;
    }
    this.people = found;
    this.total = total;
  }
}

export function countOf(counts: PushCounts, outcome: OrderState): number {
  switch (outcome) {
    case "left-out":
      return counts.left_out;
    case "by-hand":
      return counts.by_hand;
    case "not-chosen":
      return counts.not_chosen;
    case "sending":
      return counts.waiting;
    default:
      return counts[outcome];
  }
}
