const FOLDER = "muster.kits";
const LAST = "muster.kit";

/** Where upload kits go: the next one beside the last, and never into it. */
export const kits = {
  /** The folder that the last one was put in. */
  get folder(): string | null {
    return localStorage.getItem(FOLDER);
  },

  /** Where somebody is likely to want one: where the list lies. */
  near(file: string): string | null {
    return /^(.+)[/\\][^/\\]+$/.exec(file)?.[1] ?? kits.folder;
  },

  /** The folder that was chosen, or the one around it where a dialog still stood in the last kit. */
  beside(chosen: string): string {
    return isWithin(chosen, localStorage.getItem(LAST)) ? (kits.folder ?? chosen) : chosen;
  },

  remember(parent: string, kit: string): void {
    localStorage.setItem(FOLDER, parent);
    localStorage.setItem(LAST, kit);
  },
};

/** Whether a folder is another, or lies in it. */
export function isWithin(folder: string, other: string | null): boolean {
  const plain = (path: string) => path.replaceAll("\\", "/").replace(/\/+$/, "");
  return other !== null && `${plain(folder)}/`.startsWith(`${plain(other)}/`);
}
