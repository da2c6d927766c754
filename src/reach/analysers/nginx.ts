import { type ImagePath, joinPath, normalizePath, parentPath } from '../../core/path.ts';
import { matchingPaths } from '../matching-paths.ts';
import type { Edge } from '../model.ts';
import { servedEdges } from '../php/php-edges.ts';
import type { Analyser, World } from '../world.ts';

/** Directives whose first argument is a file. */
const files = new Set(
  `ssl_certificate ssl_certificate_key ssl_trusted_certificate ssl_client_certificate ssl_dhparam ssl_crl
  ssl_password_file ssl_session_ticket_key proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_trusted_certificate
  auth_basic_user_file geoip_country geoip_city js_import js_include load_module xslt_stylesheet perl_modules
  perl_require`.split(/\s+/),
);
/** Directives whose first argument is a folder that is served, and others that nginx writes to. */
const served = new Set(['root', 'alias']);
const written = new Set(
  `client_body_temp_path proxy_temp_path fastcgi_temp_path uwsgi_temp_path scgi_temp_path proxy_cache_path
  fastcgi_cache_path error_log access_log pid lock_file`.split(/\s+/),
);

/** Configuration of nginx (nginx.org/en/docs, "Alphabetical index of directives"): what it includes, serves and reads. */
export const nginx: Analyser = {
  id: 'nginx',
  version: 1,
  takes: ({ languages }) => languages.has('nginx'),
  analyse: async (file, world) => {
    const text = Buffer.from(await file.bytes()).toString('utf8');
    // Relative names count from the folder of the main file, which as a rule is this one's or one above it.
    const bases = [parentPath(file.path), parentPath(parentPath(file.path))];
    return { edges: directives(text).flatMap(([name, ...words]) => edgesOf(name ?? '', words, bases, world)) };
  },
};

/** Directives as lists of words; blocks are opened by them and hold more. */
function directives(text: string): readonly (readonly string[])[] {
  const tokens = text.replace(/#[^\n]*/g, '').match(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[;{}]|[^\s;{}"']+/g) ?? [];
  const list: string[][] = [];
  let words: string[] = [];
  for (const token of tokens) {
    if (!/^[;{}]$/.test(token)) words.push(token.replace(/^(["'])(.*)\1$/s, '$2'));
    else {
      if (words.length > 0) list.push(words);
      words = [];
    }
  }
  return list;
}

function edgesOf(
  name: string,
  [first = '']: readonly string[],
  bases: readonly ImagePath[],
  world: World,
): readonly Edge[] {
  const known = name === 'include' || files.has(name) || served.has(name) || written.has(name);
  if (!known || first === '' || first.includes('$')) return [];
  const paths = (first.startsWith('/') ? [first] : bases.map((base) => joinPath(base, first))).flatMap(
    (path) => normalizePath(path) ?? [],
  );
  const edge = { kind: 'config', detail: `${name} ${first}`, certain: false } as const;
  if (name === 'include') {
    return paths
      .flatMap((path) => matchingPaths(path, world.tree))
      .map((to): Edge => ({ ...edge, to, language: 'nginx' }));
  }
  if (served.has(name))
    return paths.flatMap((to): readonly Edge[] => [{ ...edge, to, whole: true }, ...servedEdges(to, world)]);
  return paths.flatMap((to): readonly Edge[] => [
    { ...edge, to },
    ...(written.has(name) ? [{ ...edge, to: parentPath(to) }] : []),
  ]);
}
