import fc from 'fast-check';
import { expect } from 'vitest';
import { isCinzelError } from '../../src/core/errors.ts';

/** One parser under fire. */
export interface FuzzTarget {
  /** Inputs that it accepts; what it is given are these with damage, and noise. */
  readonly seeds: readonly (string | Uint8Array)[];
  /** It may give anything back, or throw a CinzelError; anything else is a defect. */
  readonly parse: (input: Buffer) => unknown;
  /** How much dearer than a small text one run is; so many times fewer are made. */
  readonly cost?: number;
}

/** More of them where there is time: `CINZEL_FUZZ_RUNS=100000 npx vitest run test/fuzz`. */
const runs = Number(process.env['CINZEL_FUZZ_RUNS'] ?? 400);
const seed = Number(process.env['CINZEL_FUZZ_SEED'] ?? 20_240_229);

/** Puts the parser under fire for a bounded number of runs, the same each time. */
export async function fuzz({ seeds, parse, cost = 1 }: FuzzTarget): Promise<void> {
  for (const intact of seeds) await parse(Buffer.from(intact as string));
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  await fc.assert(
    fc.asyncProperty(inputs(seeds), async (input) => {
      try {
        await parse(input);
      } catch (error) {
        if (!isCinzelError(error)) throw error;
      }
    }),
    { numRuns: Math.ceil(runs / cost), seed },
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
}

function inputs(seeds: readonly (string | Uint8Array)[]): fc.Arbitrary<Buffer> {
  const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
  const texts = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text));
  if (seeds.length === 0) return fc.oneof(noise, texts);
  const damaged = fc
    .tuple(fc.constantFrom(...seeds), fc.array(damages, { minLength: 1, maxLength: 6 }))
    .map(([intact, list]) => list.reduce<Buffer>((bytes, damage) => damage(bytes), Buffer.from(intact as string)));
  return fc.oneof({ weight: 1, arbitrary: noise }, { weight: 1, arbitrary: texts }, { weight: 8, arbitrary: damaged });
}

type Damage = (bytes: Buffer) => Buffer;

/** Where, as a share of the input, so that it means something for each. */
const place = fc.double({ min: 0, max: 1, noNaN: true });

/** Bytes that mean something to one parser or another. */
const telling = fc.constantFrom(
  ...' " \' { } [ ] : , / ../ % \\ \\u0000 # @ ( ) -1 0 1e999 NaN null true [] {} ustar ? 99999999999999999999'.split(
    ' ',
  ),
  ...'__proto__ constructor \0 \x80 \xff\xff\xff\xff \x7f\xff\xff\xff \ud800 \u202e \ufeff \n \n\n'.split(' '),
  ' ',
  '&a *a',
  '!!binary ',
);

const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(
    ([at, value]): Damage =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        if (copy.length > 0) copy[Math.min(copy.length - 1, Math.floor(at * copy.length))] = value;
        return copy;
      },
  ),
  fc.tuple(place, telling).map(
    ([at, text]): Damage =>
      (bytes) =>
        splice(bytes, at, 0, Buffer.from(text, 'latin1')),
  ),
  fc.tuple(place, telling).map(
    ([at, text]): Damage =>
      (bytes) =>
        splice(bytes, at, text.length, Buffer.from(text)),
  ),
  fc.tuple(place, fc.nat(200)).map(
    ([at, length]): Damage =>
      (bytes) =>
        splice(bytes, at, length, Buffer.alloc(0)),
  ),
  place.map(
    (at): Damage =>
      (bytes) =>
        bytes.subarray(0, Math.floor(at * bytes.length)),
  ),
  fc.tuple(place, place, fc.nat(300)).map(
    ([from, to, length]): Damage =>
      (bytes) => {
        const start = Math.floor(from * bytes.length);
        return splice(bytes, to, 0, bytes.subarray(start, start + length));
      },
  ),
  fc.tuple(place, telling, fc.nat(2_000)).map(
    ([at, text, times]): Damage =>
      (bytes) =>
        splice(bytes, at, 0, Buffer.from(text.repeat(times))),
  ),
);

function splice(bytes: Buffer, at: number, removed: number, added: Buffer): Buffer {
  const start = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, start), added, bytes.subarray(start + removed)]);
}

/** The bytes in chunks, as a network or a disk gives them. */
export async function* chunked(bytes: Buffer, size = 700): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Reads everything of a stream, and leaves it. */
export async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}
