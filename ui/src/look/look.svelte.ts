export type Look = "system" | "light" | "dark" | "contrast";

const KEPT = "muster.look";

function kept(): Look {
  const value = localStorage.getItem(KEPT);
  return value === "light" || value === "dark" || value === "contrast" ? value : "system";
}

/** The chosen look; "system" follows the desktop. */
class Looks {
  chosen = $state<Look>(kept());

  choose(look: Look): void {
    this.chosen = look;
    localStorage.setItem(KEPT, look);
    this.show();
  }

  /** Follows the desktop from now on, as far as "system" is chosen. */
  follow(): void {
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
      matchMedia(query).addEventListener("change", () => this.show());
    }
    this.show();
  }

  private show(): void {
    document.documentElement.dataset.look = this.chosen === "system" ? system() : this.chosen;
  }
}

function system(): Exclude<Look, "system"> {
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export const looks = new Looks();
