// How files are written, in words, and how one is opened again.

import type { Doubt, ReadAs, Reading } from "../bindings/engine";

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
  "IBM850",
  "IBM437",
  "IBM852",
];

export const QUOTES = [
  { id: "double", name: 'quotation marks: "Lo, Jr."' },
  { id: "single", name: "single quotation marks: 'Lo, Jr.'" },
  { id: "none", name: "nothing; quotation marks are letters" },
  { id: "lines", name: "quotation marks around whole lines" },
];

export const ESCAPES = [
  { id: "none", name: "a letter as others are" },
  { id: "backslash", name: 'before a quotation mark: \\"' },
];

/** What is asked for to read a file as a doubt says: the rest stays, but where cells end is found out anew with the lines. */
export function reopened(reading: Reading, doubt: Doubt): ReadAs {
  const { encoding, delimiter, quotes, escape } = doubt.reopen;
  return {
    encoding: encoding ?? reading.encoding,
    delimiter: delimiter ?? (quotes === "lines" ? null : reading.delimiter),
    sheet: null,
    header: null,
    quotes: quotes ?? reading.quotes,
    escape: escape ?? reading.escape,
  };
}

/** Whether a doubt says how the file reads better. */
export function offersReopening(doubt: Doubt): boolean {
  return Object.values(doubt.reopen).some((asked) => asked !== null);
}

export function delimiterName(sign: string): string {
  return DELIMITERS.find((delimiter) => delimiter.sign === sign)?.name ?? `“${sign}”`;
}
