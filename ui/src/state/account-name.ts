/** Where anybody has an address: it says nothing of the company. */
const PUBLIC =
  /^(gmail|googlemail|outlook|hotmail|live|yahoo|icloud|me|gmx|web|aol|proton(mail)?|msn)\.|^mail\.(com|ru)$/;
/** What stands between the company and the country: `harbour.co.uk`. */
const SECOND = new Set(["co", "com", "org", "net", "ac", "edu", "gov"]);

/** What an account could be called: the LMS, and the company by the domain that most addresses have. */
export function proposedName(lms: string, cells: Iterable<string>, taken: string[]): string {
  const counts = new Map<string, number>();
  let all = 0;
  for (const cell of cells) {
    const domain = /^[^\s@]+@([a-z0-9.-]+\.[a-z]{2,})$/i.exec(cell.trim())?.[1]?.toLowerCase();
    if (!domain || PUBLIC.test(domain)) continue;
    all += 1;
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  const [domain, count] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? ["", 0];
  const company = count * 2 > all ? companyOf(domain) : "";
  const name = [lms, company].filter(Boolean).join(", ");
  const isTaken = (text: string) => taken.some((other) => other.toLowerCase() === text.toLowerCase());
  let free = name;
  for (let n = 2; isTaken(free); n += 1) free = `${name} ${n}`;
  return free;
}

function companyOf(domain: string): string {
  const labels = domain.split(".").slice(0, -1);
  if (labels.length > 1 && SECOND.has(labels.at(-1) ?? "")) labels.pop();
  const label = labels.at(-1) ?? "";
  return label.charAt(0).toUpperCase() + label.slice(1);
}
