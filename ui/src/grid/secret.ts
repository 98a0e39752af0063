/** What is shown of a password, whatever its length. */
export const HIDDEN = "••••••";
