import { z } from 'zod';

const text = z.string();
const port = z.int().min(1).max(65_535);
const duration = z
  .union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, 'a duration such as 500ms, 5s or 1m')])
  .describe('Seconds, or a text such as 500ms, 5s or 1m');
const command = z.array(text).min(1).describe('In exec form: nothing reads it as shell text');
const mask = z.array(text.refine(isPattern, 'a regular expression')).describe('Regular expressions of what may differ');
const environment = z.record(z.string(), z.union([text, z.number(), z.boolean()]));
const named = {
  name: text.optional().describe('How reports call it'),
  mask: mask.optional(),
  within: duration.optional().describe('Longest wait for the answer'),
};

const httpParts = ['status', 'headers', 'body'] as const;
const processParts = ['code', 'stdout', 'stderr'] as const;

const request = {
  port: port.optional().describe('The first port that the image listens on without it'),
  tls: z.boolean().optional(),
  version: z.enum(['1.1', '2']).optional(),
  headers: z.record(z.string(), text).optional(),
};

const http = z.strictObject({
  http: text.describe('Path and query'),
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'a method such as GET')
    .optional(),
  ...request,
  body: z.union([text, z.json()]).optional().describe('A text, or a value that is sent as JSON'),
  compare: z.array(z.enum(httpParts)).min(1).optional(),
  ...named,
});
const crawl = z.strictObject({
  crawl: text.describe('Path of the first page'),
  depth: z.int().min(0).max(10).optional(),
  pages: z.int().min(1).max(1_000).optional(),
  ...request,
  compare: z.array(z.enum(httpParts)).min(1).optional(),
  ...named,
});
const openapi = z.strictObject({
  openapi: text.describe('Path on the server when it begins with a slash, else a file'),
  ...request,
  compare: z.array(z.enum(httpParts)).min(1).optional(),
  ...named,
});
const websocket = z.strictObject({
  websocket: text.describe('Path and query'),
  ...request,
  send: z.array(text).optional(),
  receive: z.int().min(0).max(1_000).optional().describe('How many messages to wait for (default: 1)'),
  ...named,
});
const tcp = z.strictObject({
  tcp: port,
  tls: z.boolean().optional(),
  send: text.optional(),
  ...named,
});
const exec = z.strictObject({
  exec: command.describe('A command that runs inside, beside the image’s own'),
  stdin: text.optional(),
  compare: z.array(z.enum(processParts)).min(1).optional(),
  ...named,
});
const run = z.strictObject({
  run: z
    .array(text)
    .describe('Arguments in place of the image’s command, in a run of its own; none: as the image starts'),
  command: command.optional().describe('In place of entrypoint and arguments'),
  stdin: text.optional(),
  environment: environment.optional(),
  compare: z.array(z.enum(processParts)).min(1).optional(),
  ...named,
});
const logs = z.strictObject({
  logs: z.array(z.enum(['stdout', 'stderr'])).min(1),
  ...named,
});
const files = z.strictObject({
  files: z.array(text).min(1).describe('Globs of files that were written'),
  ...named,
});
const up = z.strictObject({ up: duration.describe('Still runs so long after its start'), ...named });

const probe = z.union([http, crawl, openapi, websocket, tcp, exec, run, logs, files, up]);

const ready = z.strictObject({
  tcp: port.optional(),
  http: text.optional().describe('A path that answers with a status below 500'),
  port: port.optional(),
  log: text.refine(isPattern, 'a regular expression').optional(),
  exec: command.optional().describe('A command that ends with 0'),
  after: duration.optional(),
  within: duration.optional(),
});

const service = z.union([
  z.strictObject({ image: text, environment: environment.optional(), ready: ready.optional() }),
  z.strictObject({ command, environment: environment.optional(), ready: ready.optional() }),
]);

/** What a contract may say: the keys of `cinzel.contract.yaml`. */
export const contractSchema = z
  .strictObject({
    environment: environment.optional().describe('Variables besides the image’s'),
    arguments: z.array(text).optional().describe('In place of the image’s command'),
    ready: ready.optional().describe('When the probes may begin'),
    probes: z.array(probe).min(1),
    services: z
      .record(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'a host name'), service)
      .optional()
      .describe('What runs beside it, in its network'),
  })
  .describe('Behaviour of an image that another must repeat');

export type ContractDocument = z.infer<typeof contractSchema>;
export type ProbeDocument = ContractDocument['probes'][number];
export type ReadyDocument = z.infer<typeof ready>;
export type ServiceDocument = z.infer<typeof service>;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
