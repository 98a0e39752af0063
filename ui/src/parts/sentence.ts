export interface Piece {
  text: string;
  look: "text" | "value" | "strong";
}

/** The same with a capital letter, for a sentence that stands alone; a value at its beginning stays as it is. */
export function begun(sentence: string): string {
  return sentence.charAt(0).toLocaleUpperCase("en") + sentence.slice(1);
}

/** The parts of a sentence from the engine: `values` in backticks, **stress** in stars, plain words between. */
export function pieces(sentence: string): Piece[] {
  return sentence
    .split(/(`[^`]*`|\*\*[^*]+\*\*)/)
    .filter((part) => part !== "")
    .map((part) => {
      if (part.startsWith("`") && part.endsWith("`") && part.length > 1) {
        return { text: part.slice(1, -1), look: "value" };
      }
      if (part.startsWith("**") && part.endsWith("**") && part.length > 4) {
        return { text: part.slice(2, -2), look: "strong" };
      }
      return { text: part, look: "text" };
    });
}
