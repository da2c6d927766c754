/** Numbers and times as one language writes them. */
export interface ValueFormat {
  readonly number: (value: number) => string;
  /** A base score of 0 to 10, with one decimal. */
  readonly score: (value: number) => string;
  /** A share of 1, as `12%`; `<1%` when it is more than nothing and rounds to nothing. */
  readonly share: (value: number) => string;
  /** Decimal units, as container tools print sizes: `12.4 MB`. */
  readonly bytes: (value: number) => string;
  /** `2031-05-20 09:30 UTC`: the same in every language, and sortable by eye. */
  readonly time: (iso: string) => string;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function createValueFormat(language: string): ValueFormat {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const exact = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return {
    number: (value) => whole.format(value),
    score: (value) => exact.format(value),
    share: (value) => (value > 0 && value < 0.005 ? '<1%' : `${whole.format(value * 100)}%`),
    bytes: (value) => formatBytes(value, (scaled) => (scaled < 100 ? tenths : whole).format(scaled)),
    time: formatTime,
  };
}

function formatBytes(value: number, write: (scaled: number) => string): string {
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${write(scaled)} ${units[unit]}`;
}

function formatTime(iso: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(iso);
  return match === null ? iso : `${match[1]} ${match[2]} UTC`;
}
