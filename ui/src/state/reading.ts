// How files are written, in words.

export const DELIMITERS = [
  { sign: ",", name: "comma" },
  { sign: ";", name: "semicolon" },
  { sign: "\t", name: "tab" },
  { sign: "|", name: "vertical bar" },
];

export const ENCODINGS = [
  "UTF-8",
  "windows-1252",
  "UTF-16LE",
  "UTF-16BE",
  "windows-1250",
  "windows-1251",
  "ISO-8859-15",
  "macintosh",
];

export function delimiterName(sign: string): string {
  return DELIMITERS.find((delimiter) => delimiter.sign === sign)?.name ?? `“${sign}”`;
}
