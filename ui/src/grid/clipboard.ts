// Cells as spreadsheets put them on the clipboard.

/** One cell, quoted where a tab or a line break would part it. */
export function quoted(value: string): string {
  return /[\t\n\r"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** A block of cells as spreadsheets put it on the clipboard: tabs between cells, quotes around line breaks. */
export function cut(text: string): string[][] {
  const lines: string[][] = [[]];
  let cell = "";
  let inside = false;
  const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < body.length; at++) {
    const letter = body.charAt(at);
    if (inside && letter === '"' && body.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"' && (inside || cell === "")) {
      inside = !inside;
    } else if (!inside && (letter === "\t" || letter === "\n")) {
      lines.at(-1)?.push(cell);
      cell = "";
      if (letter === "\n") lines.push([]);
    } else {
      cell += letter;
    }
  }
  lines.at(-1)?.push(cell);
  return lines;
}
