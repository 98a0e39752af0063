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

/** The text on the clipboard; null, which it says, where the system does not hand it out. */
export async function fromClipboard(): Promise<string | null> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    frame.tell("This computer did not let Muster read the clipboard. Ctrl+V in the cell pastes all the same.");
    return null;
  }
}
