// What cannot be seen in a value and still makes it another value: blanks at its ends, doubled blanks, no-break spaces,
// zero-width and control characters.

export interface Run {
  text: string;
  /** The name of what is drawn in its place; none for what can be read as it stands. */
  name: string | null;
}

const NAMES: Record<string, [string, string]> = {
  " ": ["·", "space"],
  "\u00a0": ["⍽", "no-break space"],
  "\u202f": ["⍽", "narrow no-break space"],
  "\u3000": ["⍽", "wide space"],
  "\t": ["→", "tab"],
  "\n": ["↵", "line break"],
  "\r": ["↵", "line break"],
  "\u00ad": ["¬", "soft hyphen"],
  "\u200b": ["∅", "zero-width space"],
  "\u200c": ["∅", "zero-width non-joiner"],
  "\u200d": ["∅", "zero-width joiner"],
  "\u2060": ["∅", "word joiner"],
  "\ufeff": ["∅", "zero-width no-break space"],
  "\u200e": ["⇥", "left-to-right mark"],
  "\u200f": ["⇤", "right-to-left mark"],
};

const TELLING =
  /^ +| +$| {2,}|[\u00a0\u202f\u3000\t\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]|\r\n|[\u0000-\u001f\u007f]/g;

/**
 * A value cut into what reads as it stands and what has to be drawn. The blank of a separator such as `; ` at the end of
 * a cell of several values is as it should be.
 */
export function runs(text: string, separator: string | null = null): Run[] {
  if (separator && separator.endsWith(" ") && text.endsWith(separator)) {
    return [...runs(text.slice(0, -1)), { text: " ", name: null }];
  }
  const found: Run[] = [];
  let from = 0;
  for (const hit of text.matchAll(TELLING)) {
    if (hit.index > from) found.push({ text: text.slice(from, hit.index), name: null });
    found.push(drawn(hit[0]));
    from = hit.index + hit[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), name: null });
  return found;
}

function drawn(hidden: string): Run {
  const first = hidden.charAt(0);
  const known = NAMES[first];
  if (!known) {
    const code = first.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return { text: "¤", name: `invisible character U+${code}` };
  }
  const [sign, name] = known;
  if (first !== " ") return { text: sign, name };
  return { text: sign.repeat(hidden.length), name: hidden.length > 1 ? `${hidden.length} spaces` : name };
}
