import { z } from 'zod';
import { architectureNames } from '../architectures.ts';
import { capabilityNames } from '../file-capabilities.ts';
import { releases } from '../releases.ts';
import { apkDistributions } from './apk-distributions.ts';
import { packagePattern } from './package-request.ts';

const text = z.string();
const distributions: readonly string[] = [...releases.map((release) => release.id), ...apkDistributions];
const portRange = '1 to 65535';
const absolutePath = z.string().regex(/^\//, 'an absolute path');
const mode = z.union([z.string().regex(/^[0-7]{3,4}$/, 'an octal mode such as "0755"'), z.int().min(0)]);
const id = z.int().min(0).max(0xffff_fffe);
const owner = z.union([id, z.string()]).describe('Name or number of a user, or USER:GROUP');
const seconds = z.union([z.int().min(1), z.string().regex(/^\d+(ms|s|m|h)$/, 'a duration such as 30s')]);

const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/, 'the name of a package');
const packageText = z.string().regex(packagePattern, 'a package as NAME, NAME=VERSION or NAME:{SLICE,…}');

const packageObject = z.strictObject({
  name: packageName,
  version: text.optional(),
  slices: z.array(text).optional().describe('Parts of the package to take; its copyright is always kept'),
  keep: z.array(absolutePath).optional().describe('Globs of paths to keep; everything else is left out'),
  drop: z.array(absolutePath).optional().describe('Globs of paths to leave out'),
});

const placed = { to: absolutePath, owner: owner.optional(), mode: mode.optional() };

const file = z.union([
  z.strictObject({
    copy: text,
    ...placed,
    umask: mode.optional().describe('Bits that files and folders are made without (default: "022")'),
    ignore: z.array(text).optional(),
  }),
  z.strictObject({ text, ...placed }),
  z.strictObject({ symlink: text, to: absolutePath, owner: owner.optional() }),
  z.strictObject({ folder: absolutePath, owner: owner.optional(), mode: mode.optional() }),
]);

const timing = {
  interval: seconds.optional(),
  timeout: seconds.optional(),
  'start-period': seconds.optional(),
  retries: z.int().min(1).optional(),
};

const source = z.strictObject({
  name: z.string().regex(/^(?!(main|security)$)[a-z0-9][a-z0-9.-]*$/, 'a name other than main and security'),
  mirror: text.describe('Address or folder of an archive laid out as Debian’s'),
  suites: z.array(text).min(1),
  components: z.array(text).min(1).optional(),
  keys: z.array(text).min(1).describe('Files of the public keys that sign it'),
});

const pin = z.strictObject({
  packages: z.array(text).min(1).describe('Names or globs; src:NAME for all of a source; * for all'),
  version: text.optional(),
  release: z
    .strictObject({
      suite: text.exactOptional(),
      codename: text.exactOptional(),
      version: text.exactOptional(),
      origin: text.exactOptional(),
      label: text.exactOptional(),
      component: text.exactOptional(),
    })
    .optional(),
  priority: z.int(),
});

const healthcheck = z.union([
  z.strictObject({ http: z.string().regex(/^https?:\/\/[^/]/, 'a URL such as http://127.0.0.1:8080/'), ...timing }),
  z.strictObject({ tcp: z.int().min(1, portRange).max(65_535, portRange), ...timing }),
  z.strictObject({
    command: z.array(text).min(1).describe('In exec form: nothing reads it as shell text'),
    ...timing,
  }),
  z.strictObject({ none: z.literal(true) }),
]);

const application = z.union([
  text.min(1),
  z.strictObject({
    path: text.min(1),
    to: absolutePath.optional().describe('Folder in the image (default: /app)'),
    main: text.optional().describe('What is started, relative to the path'),
    ignore: z.array(text).optional().describe('Globs of what is left out'),
  }),
]);

/** What a recipe may say: the keys of `cinzel.build.yaml`. */
export const recipeSchema = z
  .strictObject({
    from: text
      .describe('Another recipe, by the name of a ready one or a path; or an image, as in registry:NAME or oci:FOLDER')
      .optional(),
    include: z.array(text).optional().describe('Recipe files whose keys are merged before this one’s'),
    distribution: z.enum(distributions).optional(),
    suites: z.array(text).min(1).optional(),
    repositories: z
      .array(text)
      .optional()
      .describe('Of Alpine and Wolfi: addresses of repositories, as in /etc/apk/repositories: URL or @TAG URL'),
    world: z
      .array(text)
      .optional()
      .describe(
        'Of Alpine and Wolfi: what is asked for besides packages, as in apk-world(5): so:NAME, NAME~VERSION, !NAME',
      ),
    mirror: text.describe('Address of the Debian archive, instead of the configured one').optional(),
    keys: z.array(text).optional().describe('Files of public keys that may sign the archive, besides Debian’s'),
    sources: z.array(source).optional().describe('Archives besides Debian’s, each with its own keys'),
    pins: z.array(pin).optional().describe('Rules that prefer versions, as in apt_preferences(5)'),
    architectures: z
      .array(z.enum(architectureNames as [string, ...string[]]))
      .min(1)
      .optional(),
    packages: z
      .array(z.union([packageText, packageObject]))
      .optional()
      .describe('NAME, NAME=VERSION, NAME:{SLICE,…}, or an object'),
    dependencies: z
      .enum(['follow', 'listed'])
      .optional()
      .describe('Whether packages that the listed ones depend on are added (default) or not'),
    without: z.array(text).optional().describe('Packages that are not added although others depend on them'),
    files: z.array(file).optional(),
    node: application.optional().describe('Project for Node.js, with its node_modules'),
    python: application.optional().describe('Project in Python, with its virtual environment'),
    java: application.optional().describe('Archive of a Java application'),
    ruby: application.optional().describe('Project in Ruby, with its vendor/bundle'),
    php: application.optional().describe('Project in PHP, with its vendor folder'),
    binary: application.optional().describe('Compiled program, whose libraries are checked'),
    capabilities: z
      .record(absolutePath, z.array(z.enum(capabilityNames)).min(1))
      .optional()
      .describe('Capabilities that files give whoever starts them, by path, as in net_bind_service'),
    'merged-usr': z
      .boolean()
      .optional()
      .describe('Whether /bin, /lib and /sbin are links into /usr, where the release has it otherwise'),
    users: z
      .array(
        z.strictObject({
          name: text,
          uid: id,
          gid: id.optional(),
          home: absolutePath.optional(),
          shell: absolutePath.optional(),
          description: text.optional(),
        }),
      )
      .optional(),
    groups: z.array(z.strictObject({ name: text, gid: id, members: z.array(text).optional() })).optional(),
    user: z.union([id, text]).optional(),
    entrypoint: z.array(text).optional(),
    cmd: z.array(text).optional(),
    env: z.record(z.string().regex(/^[^=\0]+$/), z.union([text, z.number(), z.boolean()])).optional(),
    workdir: absolutePath.optional(),
    labels: z.record(text, text).optional(),
    annotations: z.record(text, text).optional(),
    ports: z
      .array(z.union([z.int().min(1, portRange).max(65_535, portRange), z.string().regex(/^\d+(\/(tcp|udp|sctp))?$/)]))
      .optional(),
    volumes: z.array(absolutePath).optional(),
    'stop-signal': z.union([z.string().regex(/^(SIG)?[A-Z0-9+]+$/), z.int().min(1).max(64)]).optional(),
    healthcheck: healthcheck.optional(),
    layering: z
      .union([
        z.enum(['packages', 'google', 'single']),
        z.strictObject({ by: z.literal('packages'), budget: z.int().min(2).max(120) }),
      ])
      .optional(),
    certificates: z.array(text).optional().describe('PEM files of further certificate authorities'),
    timezone: z
      .union([text, z.array(text)])
      .optional()
      .describe('Time zones to keep, as in America/Sao_Paulo or Europe/*'),
    locales: z.array(text).optional().describe('Locales to keep, as in C.UTF-8'),
    charsets: z.array(text).optional().describe('Character sets that iconv can convert, as in ISO-8859-1'),
    'os-release': text.optional().describe('What the image calls itself: PRETTY_NAME of os-release'),
    'ld-cache': z.boolean().optional().describe('Whether etc/ld.so.cache is written'),
  })
  .describe('Recipe of an image');

/** A recipe as it is written. */
export type RecipeDocument = Readonly<z.input<typeof recipeSchema>>;
export type WrittenFile = z.input<typeof file>;
