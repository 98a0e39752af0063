export type Theme = "system" | "light" | "dark" | "contrast";

const KEPT = "muster.look";

function kept(): Theme {
  const value = localStorage.getItem(KEPT);
  return value === "light" || value === "dark" || value === "contrast" ? value : "system";
}

/** The chosen theme; "system" follows the desktop. */
class ThemeChoice {
  chosen = $state<Theme>(kept());

  choose(theme: Theme): void {
    this.chosen = theme;
    localStorage.setItem(KEPT, theme);
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

function system(): Exclude<Theme, "system"> {
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export const theme = new ThemeChoice();
