/** Some consecutive rows, and how many there are in all. */
export interface Window<R> {
  total: number;
  first: number;
  rows: R[];
}

/** So many rows are asked for at once. */
export const PAGE = 200;
/** So many rows beyond those that are wanted are asked for too, in the direction in which they went. */
const AHEAD = 100;
/** Pages kept at most: about 16,000 rows, whatever the roster holds. */
const KEPT = 80;

interface Page<R> {
  rows: R[];
  /** Asked before the last refresh: still shown, but asked again when wanted. */
  stale: boolean;
}

/** The rows near what is on screen. Asks for what is missing, one request at a time, the newest wish first. */
export class Pages<R> {
  total = 0;
  private readonly pages = new Map<number, Page<R>>();
  private wish: { first: number; last: number } = { first: 0, last: PAGE - 1 };
  /** 1 where the wish went down, -1 where it went up. */
  private direction = 0;
  private asking = false;
  private turn = 0;

  constructor(
    private readonly ask: (first: number, count: number) => Promise<Window<R> | null>,
    /** Rows that are not what they were before at their index. */
    private readonly arrived: (others: number[], totalChanged: boolean) => void,
    private readonly same: (one: R, other: R) => boolean,
  ) {}

  at(index: number): R | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.rows[index % PAGE];
  }

  /** Rows that are there before anybody asks for them: a page, from where one begins. */
  put(window: Window<R>): void {
    this.total = window.total;
    this.pages.set(Math.floor(window.first / PAGE), { rows: window.rows.slice(0, PAGE), stale: false });
  }

  /** These rows are about to be drawn. */
  want(first: number, last: number): void {
    const wish = { first: Math.max(0, first), last: Math.max(0, last) };
    // Nobody knows in which direction a jump goes on.
    const isNear = Math.abs(wish.first - this.wish.first) < PAGE;
    if (wish.first !== this.wish.first) this.direction = isNear ? Math.sign(wish.first - this.wish.first) : 0;
    this.wish = wish;
    void this.pump();
  }

  /** Cells may have changed: everything is asked again, and shown as it was until then. */
  refresh(): void {
    this.turn += 1;
    for (const page of this.pages.values()) page.stale = true;
    void this.pump();
  }

  /** Other people, or another order: nothing of what was there may be shown. */
  restart(): void {
    this.turn += 1;
    this.pages.clear();
    this.wish = { first: 0, last: PAGE - 1 };
    this.direction = 0;
    void this.pump();
  }

  private missing(): number | null {
    const { first, last } = this.wish;
    const isMissing = (page: number) => {
      const beyond = page > 0 && page * PAGE >= this.total;
      return !beyond && (this.pages.get(page)?.stale ?? true);
    };
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) if (isMissing(page)) return page;
    if (this.direction === 0) return null;
    const ahead = this.direction > 0 ? last + AHEAD : Math.max(0, first - AHEAD);
    return isMissing(Math.floor(ahead / PAGE)) ? Math.floor(ahead / PAGE) : null;
  }

  private async pump(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      for (let page = this.missing(); page !== null; page = this.missing()) {
        const turn = this.turn;
        const window = await this.ask(page * PAGE, PAGE);
        if (turn !== this.turn) continue;
        if (!window) return;
        this.keep(page, window);
      }
    } finally {
      this.asking = false;
    }
  }

  private keep(page: number, window: Window<R>): void {
    const totalChanged = window.total !== this.total;
    this.total = window.total;
    const before = this.pages.get(page)?.rows ?? [];
    const others = window.rows.flatMap((row, at) => {
      const old = before[at];
      return old !== undefined && this.same(old, row) ? [] : [page * PAGE + at];
    });
    this.pages.delete(page);
    this.pages.set(page, { rows: window.rows, stale: false });
    for (const old of this.pages.keys()) {
      if (this.pages.size <= KEPT) break;
      if (old !== page) this.pages.delete(old);
    }
    this.arrived(others, totalChanged);
  }
}
