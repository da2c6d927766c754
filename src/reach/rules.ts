import { baseName, type ImagePath, parentPath } from '../core/path.ts';
import { machineFolders } from './machine-folders.ts';
import type { Edge } from './model.ts';
import type { World } from './world.ts';

/** Data that code needs without naming it as a path that could be followed. */
export interface Rule {
  readonly id: string;
  /** Whether this file, once reached, makes the data needed. */
  readonly when: (path: ImagePath) => boolean;
  readonly edges: (world: World, path: ImagePath) => readonly Edge[] | Promise<readonly Edge[]>;
}

const libc = /^(?:libc\.so\.6|libc-2\.\d+\.so|ld-musl-[\w-]+\.so\.1|libc\.musl-.*)$/;
const glibc = /^(?:libc\.so\.6|libc-2\.\d+\.so)$/;

/** One path, or with a slash at its end all that is in the folder. */
function dataRule(id: string, pattern: RegExp, paths: readonly string[]): Rule {
  return {
    id,
    when: (path) => pattern.test(baseName(path)),
    edges: () => paths.map((path) => dataEdge(id, path)),
  };
}

function dataEdge(id: string, path: string): Edge {
  const edge: Edge = { to: path.replace(/(.)\/$/, '$1'), kind: 'data', detail: id, certain: false };
  return path.endsWith('/') ? { ...edge, whole: true } : edge;
}

/** Character sets that programs convert between without being told to; others are kept where code of Ruby names them. */
const characterSets = ['ISO8859-1', 'ISO8859-15', 'CP1252', 'UTF-7', 'UTF-16', 'UTF-32', 'UNICODE'];

const iconv: Rule = {
  id: 'gconv',
  when: (path) => glibc.test(baseName(path)),
  edges: (_world, path) => {
    const folder = `${parentPath(path)}/gconv`;
    const names = [
      'gconv-modules',
      'gconv-modules.cache',
      'gconv-modules.d/',
      ...characterSets.map((set) => `${set}.so`),
    ];
    return names.map((name) => dataEdge('gconv', `${folder}/${name}`));
  },
};

const switchFile = '/etc/nsswitch.conf';

/** The modules that nsswitch.conf names, nsswitch.conf(5); without it glibc asks files and DNS. */
const nameService: Rule = {
  id: 'nss',
  when: (path) => glibc.test(baseName(path)),
  edges: async ({ tree }, path) => {
    const text = (await tree.readText(switchFile)) ?? 'all: files dns';
    const words = text
      .split('\n')
      .flatMap((line) => (line.replace(/#.*/, '').split(':')[1] ?? '').replace(/\[[^\]]*\]/g, ' ').split(/\s+/));
    const services = [...new Set(words.filter((word) => /^[\w-]+$/.test(word)))];
    const modules = services.map((service) => `${parentPath(path)}/libnss_${service}.so.2`);
    return [dataEdge('nss', switchFile), ...modules.map((to): Edge => ({ ...dataEdge('nss', to), kind: 'dlopen' }))];
  },
};

/** Programs that ask glibc for names of hosts outside ASCII, for which it opens a library. */
const internationalNames: Rule = {
  id: 'idn',
  when: (path) => /^(?:getent|ping|arping|tracepath)$/.test(baseName(path)),
  edges: ({ tree }) =>
    [...machineFolders(tree), '/usr/lib64'].flatMap((folder) =>
      ['libidn2.so.0', 'libidn.so.11', 'libidn.so.12'].map(
        (name): Edge => ({ ...dataEdge('idn', `${folder}/${name}`), kind: 'dlopen' }),
      ),
    ),
};

const preloaded: Rule = {
  id: 'preload',
  when: (path) => glibc.test(baseName(path)),
  edges: async ({ tree, environment }) => {
    const file = '/etc/ld.so.preload';
    const text = (await tree.readText(file)) ?? '';
    const names = `${text.replace(/#.*/g, '')} ${environment.get('LD_PRELOAD') ?? ''}`.split(/[\s:]+/);
    const paths = names.filter((name) => name.startsWith('/'));
    return [dataEdge('preload', file), ...paths.map((to): Edge => ({ to, kind: 'preload', certain: false }))];
  },
};

/** `LANG=pt_BR.UTF-8` asks for that locale; C and POSIX are built in, C.UTF-8 is a folder. */
const locale: Rule = {
  id: 'locale',
  when: (path) => glibc.test(baseName(path)),
  edges: ({ tree, environment }) => {
    const wanted = ['LC_ALL', 'LANG', 'LC_CTYPE'].flatMap((name) => environment.get(name) ?? []);
    const other = wanted.some((value) => !/^(?:C|POSIX)(?:\.|$)/.test(value));
    const names = ['C.utf8/', 'C.UTF-8/', ...(other ? ['locale-archive'] : [])];
    const folders = other
      ? tree
          .list('/usr/lib/locale')
          .filter(({ type }) => type === 'directory')
          .map(({ path }) => `${path}/`)
      : [];
    return [...names.map((name) => `/usr/lib/locale/${name}`), '/usr/share/locale/locale.alias', ...folders].map(
      (path) => dataEdge('locale', path),
    );
  },
};

/** In the folder that OpenSSL was built for, which on Debian holds a link. */
const opensslSettings = ['/etc/ssl/openssl.cnf', '/usr/lib/ssl/openssl.cnf', '/etc/pki/tls/openssl.cnf'];

const openssl: Rule = {
  id: 'openssl',
  when: (path) => baseName(path).startsWith('libcrypto.so'),
  edges: (_world, path) => {
    const folder = parentPath(path);
    const plugins = ['ossl-modules/', 'engines-3/', 'engines-1.1/'].map((name) => `${folder}/${name}`);
    return [...plugins, ...opensslSettings].map((one) => dataEdge('openssl', one));
  },
};

const certificates: Rule = {
  id: 'certificates',
  // GnuTLS, NSS, OpenSSL's kin; and runtimes that bring their own.
  when: (path) => /^(?:libssl|libgnutls|libnss3|libmbedtls|libwolfssl)\.so|^(?:java|node|nodejs)$/.test(baseName(path)),
  edges: ({ environment }) => {
    const named = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];
    return [
      '/etc/ssl/certs/',
      '/etc/ssl/cert.pem',
      '/etc/pki/tls/certs/',
      '/etc/pki/ca-trust/extracted/',
      '/etc/ca-certificates/extracted/',
      '/usr/lib/ssl/cert.pem',
      '/usr/lib/ssl/certs',
      // Runtimes with an OpenSSL of their own read its configuration too.
      ...opensslSettings,
      ...named.flatMap((name) => environment.get(name)?.split(':') ?? []).filter((path) => path.startsWith('/')),
    ].map((path) => dataEdge('certificates', path));
  },
};

/** Every rule, in the order in which its data is listed. */
export const rules: readonly Rule[] = [
  dataRule('accounts', libc, ['/etc/passwd', '/etc/group']),
  dataRule('names', libc, [
    '/etc/hosts',
    '/etc/resolv.conf',
    '/etc/host.conf',
    '/etc/gai.conf',
    '/etc/hostname',
    '/etc/services',
    '/etc/protocols',
    '/etc/networks',
    '/etc/os-release',
  ]),
  dataRule('time', libc, ['/etc/localtime', '/etc/timezone', '/usr/share/zoneinfo/']),
  dataRule('loader', /^ld-linux|^ld64\.so|^ld\.so\.1$/, ['/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d/']),
  {
    id: 'loader-musl',
    when: (path) => baseName(path).startsWith('ld-musl-'),
    edges: ({ tree }) =>
      tree.list('/etc').flatMap(({ path }) => (/\/ld-musl-.*\.path$/.test(path) ? [dataEdge('loader', path)] : [])),
  },
  nameService,
  internationalNames,
  preloaded,
  iconv,
  locale,
  openssl,
  certificates,
  dataRule('terminfo', /^lib(?:ncursesw?|tinfow?|readline)\.so/, [
    ...['a/ansi', 'd/dumb', 'l/linux', 'v/vt100', 'x/xterm', 'x/xterm-256color', 's/screen'].flatMap((name) => [
      `/lib/terminfo/${name}`,
      `/usr/share/terminfo/${name}`,
      `/etc/terminfo/${name}`,
    ]),
    '/etc/inputrc',
  ]),
  {
    id: 'ssh-keys',
    when: (path) => baseName(path) === 'sshd',
    edges: ({ tree }) =>
      tree
        .list('/etc/ssh')
        .flatMap(({ path }) =>
          /\/ssh_host_\w+_key(?:\.pub|-cert\.pub)?$/.test(path) ? [dataEdge('ssh-keys', path)] : [],
        ),
  },
  dataRule('kerberos', /^libkrb5\.so/, ['/etc/krb5.conf', '/etc/krb5.conf.d/']),
  dataRule('fonts', /^libfontconfig\.so/, ['/etc/fonts/', '/usr/share/fontconfig/', '/usr/share/fonts/']),
  dataRule('magic', /^libmagic\.so/, ['/usr/share/misc/magic.mgc', '/usr/lib/file/magic.mgc', '/etc/magic']),
  // Where Python's own module looks first.
  dataRule('mime', /^mimetypes\.py$/, ['/etc/mime.types', '/usr/local/etc/mime.types']),
  dataRule('pam', /^libpam\.so/, ['/etc/pam.d/', '/etc/pam.conf', '/etc/security/', '/etc/environment']),
];
