import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where the applications are, a folder each. */
export const appsFolder = join(import.meta.dirname, '../apps');

const stackSchema = z.strictObject({
  /** Packages of the Debian archive, with what they need. */
  packages: z.array(z.string()),
  /** What maintainer scripts would do and nobody runs: shell lines, run in the image. */
  run: z.array(z.string()).default([]),
  /** npm packages with exact versions, laid under /usr/local as the official images of Node do. */
  node: z.strictObject({ node: z.string(), npm: z.string() }).optional(),
});

const httpSchema = z.strictObject({
  http: z.string(),
  method: z.string().default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
});
const socketSchema = z.strictObject({ websocket: z.string(), send: z.array(z.string()) });
const tcpSchema = z.strictObject({ tcp: z.number(), send: z.string() });
/** The exit code of what ends by itself, and what it wrote. */
const exitSchema = z.strictObject({ exit: z.literal(true) });
const outputSchema = z.strictObject({ output: z.literal(true) });
const probeSchema = z.union([httpSchema, socketSchema, tcpSchema, exitSchema, outputSchema]);

const appSchema = z.strictObject({
  title: z.string(),
  /** The fat base image, of `stacks.yaml`. */
  stack: z.string(),
  /** Whether it is one of those that CI tries. */
  ci: z.boolean().default(false),
  /** Folder of `files/` with a package.json and a lock whose packages are installed there. */
  install: z.strictObject({ folder: z.string(), with: z.enum(['npm', 'pnpm']) }).optional(),
  /** Commands on the builder, in that folder, after the installation. */
  prepare: z.array(z.string()).default([]),
  /** Shell lines, run in the image, as a Dockerfile's RUN. */
  run: z.array(z.string()).default([]),
  /** Of the image configuration. */
  config: z.record(z.string(), z.unknown()),
  /** Commands of the same image that run beside it. */
  services: z.array(z.array(z.string())).default([]),
  probes: z.array(probeSchema),
  /** Regular expressions whose matches vary from run to run. */
  mask: z.array(z.string()).default([]),
  /** Whether it needs a shell. */
  shell: z.boolean().default(false),
});

export type Stack = z.infer<typeof stackSchema>;
export type Probe = z.infer<typeof probeSchema>;
export type App = z.infer<typeof appSchema> & { readonly name: string; readonly folder: string };

function read(file: string): unknown {
  return parse(readFileSync(file, 'utf8'), { merge: true });
}

/** The fat base images by name. */
export function readStacks(): Readonly<Record<string, Stack>> {
  return z.record(z.string(), stackSchema).parse(read(join(appsFolder, 'stacks.yaml')));
}

/** Every application of the corpus, or those that are named. */
export function readApps(names: readonly string[] = []): readonly App[] {
  const all = readdirSync(appsFolder).filter((name) => existsSync(join(appsFolder, name, 'app.yaml')));
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`No application ${unknown}; there are ${all.join(', ')}`);
  return all
    .filter((name) => names.length === 0 || names.includes(name))
    .map((name) => {
      const folder = join(appsFolder, name);
      return { ...appSchema.parse(read(join(folder, 'app.yaml'))), name, folder };
    });
}
