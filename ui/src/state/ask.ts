import type { Commands } from "../bindings/commands";
import type { Failure } from "../bindings/engine";
import { asFailure, call, openAddress, pick, showChecklist, showFolder, type Pick } from "../engine";
import { frame } from "./frame.svelte";

type Request<K extends keyof Commands> = Commands[K]["request"];
type Reply<K extends keyof Commands> = Commands[K]["reply"];

/** Asks the engine while the person waits: shows progress, and a failure if there is one. Null if it failed. */
export async function ask<K extends keyof Commands>(name: K, request: Request<K>): Promise<Reply<K> | null> {
  frame.waiting += 1;
  try {
    return await call(name, request);
  } catch (cause) {
    show(asFailure(cause));
    return null;
  } finally {
    frame.waiting -= 1;
  }
}

/** Asks for something a pane shows by the way; the pane shows the failure itself. */
export async function query<K extends keyof Commands>(
  name: K,
  request: Request<K>,
): Promise<{ reply: Reply<K>; failure: null } | { reply: null; failure: Failure }> {
  try {
    return { reply: await call(name, request), failure: null };
  } catch (cause) {
    return { reply: null, failure: asFailure(cause) };
  }
}

/** Asks for a path; null if it was cancelled. */
export async function choose(options: Pick): Promise<string | null> {
  try {
    return await pick(options);
  } catch (cause) {
    show(asFailure(cause));
    return null;
  }
}

/** Opens an article in the person's own browser. */
export async function openArticle(url: string): Promise<void> {
  try {
    await openAddress(url);
  } catch (cause) {
    show(asFailure(cause));
  }
}

/** Opens the checklist of a kit to be printed; where nothing opens it, says where it is. */
export function openChecklist(folder: string): Promise<void> {
  return orSay(folder, showChecklist);
}

/** Shows a folder in the system's own program for files; where there is none, says where it is. */
export function openFolder(folder: string): Promise<void> {
  return orSay(folder, showFolder);
}

async function orSay(folder: string, open: (folder: string) => Promise<void>): Promise<void> {
  try {
    await open(folder);
  } catch (cause) {
    const { why } = asFailure(cause);
    frame.open({ kind: "folder", folder, why: why ? `${why.charAt(0).toUpperCase()}${why.slice(1)}.` : "" });
  }
}

function show(failure: Failure): void {
  // Stopping is what the person asked for, not a failure.
  if (failure.kind === "cancelled") frame.tell("Stopped. Nothing was changed.");
  else frame.failure = failure;
}
