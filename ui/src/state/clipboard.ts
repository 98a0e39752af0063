import { frame } from "./frame.svelte";

/** Puts text on the clipboard, and says so where the system does not let it; answers whether it did. */
export async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    frame.tell("Nothing was copied: this computer did not let Muster use the clipboard.");
    return false;
  }
}
