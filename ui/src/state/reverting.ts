import { query } from "./ask";
import { frame } from "./frame.svelte";
import { roster } from "./roster.svelte";

/** Puts back what the snapshot has in the cell under the cursor. */
export async function revertCell(): Promise<void> {
  const at = roster.cursor;
  if (!at) return;
  const { reply, failure } = await query("cell", at);
  if (failure) frame.failure = failure;
  else if (reply.was === null) frame.tell("This cell is as the snapshot has it.");
  else await roster.edit([{ row: at.row, column: at.column, value: reply.was }]);
}
