/** One line of the result. `budget` absent: told for comparison only. */
export function row(work, value, floor, { budget, unit = 's', atLeast = false } = {}) {
  const ratio = value / floor.value;
  const measured = atLeast ? value : ratio;
  const over = budget !== undefined && (atLeast ? measured < budget : measured > budget);
  return { work, value, unit, floor, ratio, budget, atLeast, over };
}

export function printTable(rows, { cores, runs }) {
  console.log(
    `Node ${process.version}, ${process.platform}/${process.arch}, ${cores} cores; the fastest of ${runs} runs each.\n`,
  );
  const lines = [
    ['work', 'measured', 'against', 'floor', 'ratio', 'budget', ''],
    ...rows.map(({ work, value, unit, floor, ratio, budget, atLeast, over }) => [
      work,
      number(value, unit),
      floor.name,
      number(floor.value, floor.unit ?? unit),
      atLeast ? '' : ratio.toFixed(2),
      budget === undefined ? '' : atLeast ? `≥ ${number(budget, unit)}` : `≤ ${budget}`,
      budget === undefined ? '' : over ? 'OVER' : 'ok',
    ]),
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

function number(value, unit) {
  if (unit === 's') return `${value.toFixed(3)} s`;
  if (unit === 'MB') return `${Math.round(value)} MB`;
  return `${Math.round(value).toLocaleString('en')} ${unit}`;
}
