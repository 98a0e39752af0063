import type { Failure, OrderState, PushCounts, PushPerson } from "../bindings/engine";
import { query } from "./ask";

const PAGE = 200;

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
  ask(): Promise<void> {
    return this.fill(Math.max(PAGE, this.people?.length ?? 0));
  }

  more(): Promise<void> {
    return this.fill((this.people?.length ?? 0) + PAGE);
  }

  private async fill(most: number): Promise<void> {
    const turn = ++this.asked;
    const { reply, failure } = await query("push_people", {
      id: this.id,
      outcome: this.outcome,
      search: this.search,
      first: 0,
      count: most,
    });
    if (turn !== this.asked) return;
    this.failure = failure;
    if (!reply) return;
    this.people = reply.people;
    this.total = reply.total;
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
