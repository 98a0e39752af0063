import type { Action } from "../bindings/engine";

interface ActionLabel {
  sign: string;
  word: string;
  look: "added" | "removed" | "changed" | "blocked" | "quiet";
}

/** What is done to a person, in the order in which it is shown: removals first. */
export const ACTION_LABELS: Record<Action, ActionLabel> = {
  delete: { sign: "−", word: "delete", look: "removed" },
  deactivate: { sign: "−", word: "deactivate", look: "removed" },
  blocked: { sign: "!", word: "blocked", look: "blocked" },
  reactivate: { sign: "+", word: "reactivate", look: "added" },
  update: { sign: "~", word: "update", look: "changed" },
  create: { sign: "+", word: "create", look: "added" },
  ignored: { sign: "·", word: "left alone", look: "quiet" },
  same: { sign: "=", word: "same", look: "quiet" },
};

/** Whether something is sent of a person with whom this is done. */
export function isSent(action: Action): boolean {
  return !["blocked", "ignored", "same"].includes(action);
}
