const NO_TEXT = new Set(["checkbox", "radio", "button", "submit", "range"]);

/** Whether somebody wants all of something selected. */
export function selectsAll(event: KeyboardEvent, mac: boolean): boolean {
  const main = mac ? event.metaKey : event.ctrlKey;
  return main && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "a";
}

/** Selects the text that is written in or was clicked into, and never the page around and behind it. */
export function selectHere(event: KeyboardEvent): void {
  const at = event.target;
  if (at instanceof HTMLTextAreaElement || (at instanceof HTMLInputElement && !NO_TEXT.has(at.type))) return;
  event.preventDefault();
  const selection = getSelection();
  const from = selection?.anchorNode;
  const text = (from instanceof Element ? from : from?.parentElement)?.closest(".selectable");
  // What lies behind a dialog is not meant.
  const dialog = document.querySelector("[data-overlay]");
  if (text && (!dialog || dialog.contains(text))) selection?.selectAllChildren(text);
}
