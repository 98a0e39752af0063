import type { Failure, FixScope, ProfileImported, PushCard, ReadAs, RuleGroup, ValueGroup } from "../bindings/engine";

export type Place = "home" | "edit" | "compare" | "plan" | "history";
export type Tab = "problems" | "person" | "column" | "steps";

export type Dialog =
  | { kind: "fix"; scope: FixScope | null }
  | { kind: "stand"; rule: RuleGroup; group: ValueGroup }
  | { kind: "fill"; column: number; field?: string }
  | { kind: "convert" }
  | { kind: "explain"; rule: string }
  | { kind: "new" }
  | { kind: "paste" }
  | { kind: "template" }
  | { kind: "corrected"; path: string }
  | { kind: "reopen"; asked?: ReadAs }
  | { kind: "profile" }
  | { kind: "columns" }
  | { kind: "save-recipe" }
  | { kind: "recipes" }
  | { kind: "values"; column: number }
  | { kind: "edit-profile"; profile: string }
  | { kind: "connections"; edit: number | "new" | null; after?: () => void }
  | { kind: "fetch"; snapshot: boolean }
  | { kind: "send" }
  | { kind: "proof" }
  | { kind: "secret"; push: PushCard; again: boolean }
  | { kind: "unlock"; typed?: string | null }
  | { kind: "list"; list: string }
  | { kind: "lms-has" }
  | { kind: "account" }
  | { kind: "line" }
  | { kind: "lms-report" }
  | { kind: "location" }
  | { kind: "shortcuts" }
  | { kind: "guide" }
  | { kind: "folder"; folder: string; why: string }
  | { kind: "palette" }
  | { kind: "settings" }
  | { kind: "about" }
  | { kind: "take-over"; told: ProfileImported; file: string; then: () => void }
  | { kind: "confirm"; title: string; text: string; does: string; keeps?: string; then: () => void };

interface Toast {
  text: string;
  /** Offers to take the last step back. */
  undo: boolean;
}

/** What the frame of the window shows: the place, the pane, what lies over it. */
class Frame {
  place = $state<Place>("home");
  tab = $state<Tab>("problems");
  paneOpen = $state(true);
  dialog = $state.raw<Dialog | null>(null);
  toast = $state.raw<Toast | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What a screen reader is told next. */
  announcement = $state("");
  /** How many calls are under way that the person waits for. */
  waiting = $state(0);

  private timer: ReturnType<typeof setTimeout> | undefined;

  go(place: Place): void {
    this.place = place;
  }

  show(tab: Tab): void {
    this.place = "edit";
    this.tab = tab;
    this.paneOpen = true;
  }

  open(dialog: Dialog): void {
    this.dialog = dialog;
  }

  close(): void {
    this.dialog = null;
  }

  say(text: string): void {
    // The same sentence twice is news only if the region was empty in between.
    this.announcement = "";
    requestAnimationFrame(() => (this.announcement = text));
  }

  tell(text: string, undo = false): void {
    clearTimeout(this.timer);
    this.toast = { text, undo };
    this.say(undo ? `${text} Undo with Control Z.` : text);
    this.timer = setTimeout(() => (this.toast = null), 9000);
  }

  dismiss(): void {
    clearTimeout(this.timer);
    this.toast = null;
  }
}

export const frame = new Frame();
