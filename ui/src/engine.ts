// The one door to what lies outside the page: the engine, the system's dialogs, the native menu. In the window it is
// Tauri; in a browser (page tests) the same calls go to the host that served the page.
import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Commands } from "./bindings/commands";
import type { Failure } from "./bindings/engine";

/** Files of one kind, as a dialog offers them. */
export interface Kind {
  name: string;
  endings: string[];
}

export interface Start {
  file: string | null;
  sample: boolean;
}

export type Pick =
  | { what: "file"; title: string; kinds: Kind[] }
  | { what: "save"; title: string; suggested: string; kinds: Kind[] }
  | { what: "folder"; title: string; begin: string | null };

declare global {
  interface Window {
    /** Answers in place of a native dialog, which no test can click. */
    __musterPick?: (what: Pick["what"], options: Pick) => Promise<string | null>;
  }
}

const inWindow = isTauri();

/** Carries out a command of the engine; throws a `Refusal`. */
export async function call<K extends keyof Commands>(
  name: K,
  request: Commands[K]["request"],
): Promise<Commands[K]["reply"]> {
  try {
    if (inWindow) return await invoke<Commands[K]["reply"]>("call", { name, request });
    const answer = await fetch("/call", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, request }),
    });
    const body: unknown = await answer.json();
    if (!answer.ok) throw new Refusal(asFailure(body));
    return body as Commands[K]["reply"];
  } catch (cause) {
    throw new Refusal(asFailure(cause));
  }
}

/** A failure of the engine, as it is thrown here. */
class Refusal extends Error {
  constructor(readonly failure: Failure) {
    super(failure.what);
  }
}

/** Whatever was thrown, in the shape that every screen shows. */
export function asFailure(cause: unknown): Failure {
  if (cause instanceof Refusal) return cause.failure;
  if (typeof cause === "object" && cause !== null && "what" in cause && "kind" in cause) {
    return cause as Failure;
  }
  return {
    kind: "internal",
    what: "Muster did not answer",
    why: cause instanceof Error ? cause.message : String(cause),
    hint: "Your work is saved. Close the window and open it again.",
  };
}

/** Asks for a path with the system's own dialog; null if it was cancelled. */
export async function pick(options: Pick): Promise<string | null> {
  if (window.__musterPick) return window.__musterPick(options.what, options);
  if (!inWindow) {
    throw new Refusal({
      kind: "state",
      what: "Files cannot be chosen here",
      why: "this page runs in a browser, which keeps paths to itself",
      hint: "Use the Muster window.",
    });
  }
  const { what, ...rest } = options;
  return invoke<string | null>(`pick_${what}`, { ...rest });
}

/** Opens an article in the person's own browser: one that a profile names. */
export async function openAddress(url: string): Promise<void> {
  try {
    if (inWindow) await invoke("open_address", { url });
    else window.open(url, "_blank", "noopener");
  } catch (cause) {
    throw new Refusal(asFailure(cause));
  }
}

/** Shows a folder in the system's own program for files. */
export async function showFolder(folder: string): Promise<void> {
  try {
    if (!inWindow) throw new Error("a browser does not show folders");
    await invoke("open_folder", { folder });
  } catch (cause) {
    throw new Refusal(asFailure(cause));
  }
}

/** Opens the checklist of a kit in the browser, from where it is printed. */
export async function showChecklist(folder: string): Promise<void> {
  try {
    if (!inWindow) throw new Error("a browser opens no files");
    await invoke("open_checklist", { folder });
  } catch (cause) {
    throw new Refusal(asFailure(cause));
  }
}

/** Draws everything larger or smaller; 1 is as it comes. */
export async function zoomTo(factor: number): Promise<void> {
  if (inWindow) await getCurrentWebview().setZoom(factor);
  else document.documentElement.style.zoom = String(factor);
}

/** What the window was asked to show. */
export async function start(): Promise<Start> {
  if (inWindow) return invoke<Start>("start");
  const query = new URLSearchParams(location.search);
  return { file: query.get("file"), sample: query.has("sample") };
}

export interface Outside {
  /** An entry of the native menu was chosen. */
  action: (id: string) => void;
  /** A file was opened from the desktop. */
  open: (path: string) => void;
  /** Files are held over the window, at a place; null when they leave. */
  over: (at: { x: number; y: number } | null) => void;
  /** Files were let go over the window. */
  drop: (paths: string[], at: { x: number; y: number }) => void;
}

/** Hears what happens outside the page, for as long as the window is open. */
export async function hear(outside: Outside): Promise<void> {
  if (!inWindow) return;
  await listen<string>("action", (event) => outside.action(event.payload));
  await listen<string>("open-file", (event) => outside.open(event.payload));
  await getCurrentWebview().onDragDropEvent(({ payload }) => {
    if (payload.type === "leave") return outside.over(null);
    const at = payload.position.toLogical(window.devicePixelRatio);
    if (payload.type === "drop") {
      outside.over(null);
      outside.drop(payload.paths, at);
    } else {
      outside.over(at);
    }
  });
}
