import type { Kind } from "../engine";

// What the dialogs for choosing files offer.
export const ROSTERS: Kind = {
  name: "Lists of people",
  endings: ["csv", "tsv", "txt", "xlsx", "xls", "ods"],
};
export const CSV: Kind = { name: "CSV", endings: ["csv"] };
export const XLSX: Kind = { name: "Excel workbook", endings: ["xlsx"] };
export const XLS: Kind = { name: "Excel 97-2003 workbook", endings: ["xls"] };
export const PAGE: Kind = { name: "Page to mail or print", endings: ["html"] };
export const TEMPLATES: Kind = { name: "Templates", endings: ["xlsx", "csv"] };
export const LISTS: Kind = { name: "Lists", endings: ["txt", "csv"] };
export const PROFILE: Kind = { name: "Profiles", endings: ["toml"] };
export const REPORTS: Kind = {
  name: "Reports and mails",
  endings: ["csv", "txt", "log", "json", "eml", "tsv", "xlsx", "xls", "ods"],
};
export const ACCOUNT: Kind = { name: "Accounts", endings: ["muster-account"] };
export const JSON_FILE: Kind = { name: "JSON", endings: ["json"] };
