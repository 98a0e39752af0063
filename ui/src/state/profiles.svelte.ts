import type { ProfileCard } from "../bindings/engine";
import { ask, choose } from "./ask";
import { frame } from "./frame.svelte";
import { PROFILE } from "./file-types";
import { fileName } from "./words";

/** Grows when a profile came, went or was changed; who lists them asks again. */
export const profiles = $state({ changes: 0 });

/** Takes in a profile file that a colleague sent. */
export async function importProfile(): Promise<void> {
  const path = await choose({ what: "file", title: "A profile file", kinds: [PROFILE] });
  if (path) await take(path, false, false);
}

async function take(path: string, replace: boolean, trust: boolean): Promise<void> {
  const reply = await ask("import_profile", { path, replace, trust });
  if (!reply) return;
  if (reply.asks.length > 0) {
    frame.open({ kind: "take-over", told: reply, file: fileName(path), then: () => void take(path, replace, true) });
    return;
  }
  if (reply.taken === null) {
    frame.tell(`${reply.profile.name} is one of your profiles now.`);
    profiles.changes += 1;
    return;
  }
  frame.open({
    kind: "confirm",
    title: `Replace \`${reply.taken}\`?`,
    text: `You have a profile with the short name \`${reply.profile.id}\` already. It would be replaced by \`${reply.profile.name}\` of ${fileName(path)}.`,
    does: "Replace it",
    then: () => void take(path, true, trust),
  });
}

/** Writes a profile to a file to hand to a colleague. */
export async function handOn(profile: ProfileCard): Promise<void> {
  const title = `Save ${profile.name} to hand on`;
  const path = await choose({ what: "save", title, suggested: `${profile.id}.toml`, kinds: [PROFILE] });
  // The system's dialog has asked already whether a file of this name may be replaced.
  const saved = path && (await ask("export_profile", { id: profile.id, path, replace: true }));
  if (saved) frame.tell(`Saved \`${fileName(saved.path)}\`: ${saved.about}.`);
}

export function remove(profile: ProfileCard): void {
  frame.open({
    kind: "confirm",
    title: `Remove \`${profile.name}\`?`,
    text: "Its file is erased from this computer. Lists that are read through it are then read as their columns suggest.",
    does: "Remove it",
    then: () => void ask("remove_profile", { id: profile.id }).then(() => (profiles.changes += 1)),
  });
}
