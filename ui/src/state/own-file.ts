import { query } from "./ask";
import { comparison } from "./comparison.svelte";
import { roster } from "./roster.svelte";

/** How often the open file is looked at while the window is in sight, in milliseconds. */
const EVERY = 3_000;

/** Looks now and then, and whenever the window comes forward, whether another program has changed the open file. */
export function watchOwnFile(): () => void {
  let asking = false;
  const look = async () => {
    const job = roster.job;
    if (asking || !job || job.file === "" || document.visibilityState !== "visible") return;
    asking = true;
    const { reply, failure } = await query("look_at_file", null);
    asking = false;
    if (!failure && roster.job?.id === job.id) roster.noticeFile(reply);
  };
  const timer = setInterval(() => void look(), EVERY);
  const now = () => void look();
  window.addEventListener("focus", now);
  document.addEventListener("visibilitychange", now);
  return () => {
    clearInterval(timer);
    window.removeEventListener("focus", now);
    document.removeEventListener("visibilitychange", now);
  };
}

/** Compares the list with its file as that is now. */
export function showDifference(): void {
  if (roster.job) comparison.with({ kind: "file", path: roster.job.file });
}
